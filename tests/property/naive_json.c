#include "property/naive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 65536, ALIGNMENT = 16, DEPTH_MAX = 200 };

struct naive_block {
    struct naive_block *next;
    size_t used;
    size_t size;
    max_align_t bytes[];
};

void *naive_alloc(naive_memory *memory, size_t size)
{
    struct naive_block *block = memory->blocks;
    size_t needed = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!block || block->size - block->used < needed) {
        size_t room = needed > BLOCK_SIZE ? needed : BLOCK_SIZE;
        block = calloc(1, sizeof(*block) + room);
        if (!block) abort();
        block->size = room;
        block->next = memory->blocks;
        memory->blocks = block;
    }
    void *place = (char *)block->bytes + block->used;
    block->used += needed;
    return place;
}

void naive_free(naive_memory *memory)
{
    while (memory->blocks) {
        struct naive_block *next = memory->blocks->next;
        free(memory->blocks);
        memory->blocks = next;
    }
}

char *naive_bytes(naive_memory *memory, const char *text, size_t size)
{
    char *copy = naive_alloc(memory, size + 1);
    if (size > 0) memcpy(copy, text, size);
    return copy;
}

int naive_bytes_compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    if (order != 0) return order;
    return a_size < b_size ? -1 : a_size > b_size;
}

/* ---- making ---- */

naive_json *naive_make(naive_memory *memory, naive_kind kind)
{
    naive_json *json = naive_alloc(memory, sizeof(*json));
    json->kind = kind;
    json->text = "";
    return json;
}

naive_json *naive_boolean(naive_memory *memory, bool truth)
{
    naive_json *json = naive_make(memory, NAIVE_BOOLEAN);
    json->truth = truth;
    return json;
}

naive_json *naive_number(naive_memory *memory, const char *text)
{
    naive_json *json = naive_text(memory, text);
    json->kind = NAIVE_NUMBER;
    return json;
}

naive_json *naive_integer(naive_memory *memory, int64_t integer)
{
    char text[32];
    (void)snprintf(text, sizeof(text), "%lld", (long long)integer);
    return naive_number(memory, text);
}

naive_json *naive_text(naive_memory *memory, const char *text)
{
    return naive_text_sized(memory, text, strlen(text));
}

naive_json *naive_text_sized(naive_memory *memory, const char *text, size_t size)
{
    naive_json *json = naive_make(memory, NAIVE_TEXT);
    json->text = naive_bytes(memory, text, size);
    json->size = size;
    return json;
}

naive_json *naive_copy(naive_memory *memory, const naive_json *json)
{
    naive_json *copy = naive_make(memory, json->kind);
    *copy = *json;
    copy->text = naive_bytes(memory, json->text, json->size);
    copy->items = NULL;
    copy->names = NULL;
    copy->count = copy->capacity = 0;
    for (size_t i = 0; i < json->count; i++) {
        naive_json *item = naive_copy(memory, json->items[i]);
        if (json->kind == NAIVE_LIST)
            naive_add(memory, copy, item);
        else
            naive_set(memory, copy, json->names[i], item);
    }
    return copy;
}

static void item_add(naive_memory *memory, naive_json *json, const char *name, naive_json *item)
{
    if (json->count == json->capacity) {
        size_t capacity = json->capacity ? json->capacity * 2 : 4;
        naive_json **items = naive_alloc(memory, capacity * sizeof(*items));
        const char **names = naive_alloc(memory, capacity * sizeof(*names));
        if (json->count > 0) {
            memcpy(items, json->items, json->count * sizeof(*items));
            memcpy(names, json->names, json->count * sizeof(*names));
        }
        json->items = items;
        json->names = names;
        json->capacity = capacity;
    }
    json->items[json->count] = item;
    json->names[json->count++] = name;
}

void naive_add(naive_memory *memory, naive_json *list, naive_json *item)
{
    item_add(memory, list, NULL, item);
}

void naive_set(naive_memory *memory, naive_json *object, const char *name, naive_json *item)
{
    for (size_t i = 0; i < object->count; i++) {
        if (strcmp(object->names[i], name) == 0) {
            object->items[i] = item;
            return;
        }
    }
    item_add(memory, object, naive_bytes(memory, name, strlen(name)), item);
}

void naive_remove(naive_json *json, size_t index)
{
    for (size_t i = index; i + 1 < json->count; i++) {
        json->items[i] = json->items[i + 1];
        json->names[i] = json->names[i + 1];
    }
    json->count--;
}

naive_json *naive_get(const naive_json *object, const char *name)
{
    if (!object || object->kind != NAIVE_OBJECT) return NULL;
    for (size_t i = 0; i < object->count; i++)
        if (strcmp(object->names[i], name) == 0) return object->items[i];
    return NULL;
}

naive_json *naive_given(const naive_json *object, const char *name)
{
    naive_json *json = naive_get(object, name);
    return json && json->kind != NAIVE_NULL ? json : NULL;
}

/* ---- reading ---- */

typedef struct reader {
    naive_memory *memory;
    const char *at;
    size_t depth;
} reader;

static void spaces_skip(reader *r)
{
    r->at += strspn(r->at, " \t\r\n");
}

static bool take(reader *r, char c)
{
    spaces_skip(r);
    if (*r->at != c) return false;
    r->at++;
    return true;
}

static size_t utf8_write(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(leads[size] | c);
    return size;
}

static bool unit_read(reader *r, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const char *digit = *r->at ? strchr(digits, *r->at) : NULL;
        if (!digit) return false;
        uint32_t value = (uint32_t)(digit - digits);
        *unit = *unit * 16 + (value > 15 ? value - 6 : value);
    }
    return true;
}

static bool escape_read(reader *r, char *out, size_t *size)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    uint32_t c;
    uint32_t low;
    char escape = *r->at++;
    const char *found = escape ? strchr(from, escape) : NULL;
    if (found) {
        out[(*size)++] = to[found - from];
        return true;
    }
    if (escape != 'u' || !unit_read(r, &c)) return false;
    if (c >= 0xD800 && c < 0xDC00) {
        if (strncmp(r->at, "\\u", 2) != 0) return false;
        r->at += 2;
        if (!unit_read(r, &low) || low < 0xDC00 || low > 0xDFFF) return false;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    *size += utf8_write(out + *size, c);
    return true;
}

static naive_json *text_read(reader *r)
{
    char *out = naive_alloc(r->memory, strlen(r->at) + 8);
    size_t size = 0;
    while (*r->at != '"') {
        if (*r->at == 0) return NULL;
        if (*r->at != '\\') {
            out[size++] = *r->at++;
            continue;
        }
        r->at++;
        if (!escape_read(r, out, &size)) return NULL;
    }
    r->at++;
    return naive_text_sized(r->memory, out, size);
}

static naive_json *value_read(reader *r);

static naive_json *items_read(reader *r, naive_json *json, char end)
{
    if (take(r, end)) return json;
    do {
        const char *name = NULL;
        if (json->kind == NAIVE_OBJECT) {
            if (!take(r, '"')) return NULL;
            naive_json *text = text_read(r);
            if (!text || !take(r, ':')) return NULL;
            name = text->text;
        }
        naive_json *item = value_read(r);
        if (!item) return NULL;
        if (name)
            naive_set(r->memory, json, name, item);
        else
            naive_add(r->memory, json, item);
    } while (take(r, ','));
    return take(r, end) ? json : NULL;
}

static naive_json *word_read(reader *r, const char *word, naive_json *json)
{
    size_t size = strlen(word);
    if (strncmp(r->at, word, size) != 0) return NULL;
    r->at += size;
    return json;
}

static naive_json *value_read(reader *r)
{
    spaces_skip(r);
    if (r->depth == DEPTH_MAX) return NULL;
    naive_json *json = NULL;
    r->depth++;
    if (take(r, '{')) {
        json = items_read(r, naive_make(r->memory, NAIVE_OBJECT), '}');
    } else if (take(r, '[')) {
        json = items_read(r, naive_make(r->memory, NAIVE_LIST), ']');
    } else if (take(r, '"')) {
        json = text_read(r);
    } else if (*r->at == 't') {
        json = word_read(r, "true", naive_boolean(r->memory, true));
    } else if (*r->at == 'f') {
        json = word_read(r, "false", naive_boolean(r->memory, false));
    } else if (*r->at == 'n') {
        json = word_read(r, "null", naive_make(r->memory, NAIVE_NULL));
    } else {
        size_t size = strspn(r->at, "+-.0123456789eE");
        const char *text = naive_bytes(r->memory, r->at, size);
        if (naive_decimal_read(text, size)) json = naive_number(r->memory, text);
        r->at += size;
    }
    r->depth--;
    return json;
}

naive_json *naive_parse(naive_memory *memory, const char *text)
{
    reader r = {.memory = memory, .at = text};
    naive_json *json = value_read(&r);
    spaces_skip(&r);
    return *r.at == 0 ? json : NULL;
}

/* ---- writing ---- */

typedef struct writer {
    naive_memory *memory;
    char *text;
    size_t size;
    size_t capacity;
} writer;

static void bytes_put(writer *w, const char *bytes, size_t size)
{
    if (w->size + size + 1 > w->capacity) {
        size_t capacity = (w->size + size + 64) * 2;
        char *grown = naive_alloc(w->memory, capacity);
        if (w->size > 0) memcpy(grown, w->text, w->size);
        w->text = grown;
        w->capacity = capacity;
    }
    memcpy(w->text + w->size, bytes, size);
    w->size += size;
    w->text[w->size] = 0;
}

static void text_put(writer *w, const char *text, size_t size)
{
    bytes_put(w, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        char escaped[8];
        if (c == '"' || c == '\\')
            (void)snprintf(escaped, sizeof(escaped), "\\%c", c);
        else if (c < 0x20)
            (void)snprintf(escaped, sizeof(escaped), "\\u%04x", c);
        else
            (void)snprintf(escaped, sizeof(escaped), "%c", c);
        bytes_put(w, escaped, strlen(escaped));
    }
    bytes_put(w, "\"", 1);
}

static void value_put(writer *w, const naive_json *json)
{
    switch (json->kind) {
    case NAIVE_NULL: bytes_put(w, "null", 4); break;
    case NAIVE_BOOLEAN: bytes_put(w, json->truth ? "true" : "false", json->truth ? 4 : 5); break;
    case NAIVE_NUMBER: bytes_put(w, json->text, json->size); break;
    case NAIVE_TEXT: text_put(w, json->text, json->size); break;
    case NAIVE_LIST:
    case NAIVE_OBJECT: {
        bool is_list = json->kind == NAIVE_LIST;
        bytes_put(w, is_list ? "[" : "{", 1);
        for (size_t i = 0; i < json->count; i++) {
            if (i > 0) bytes_put(w, ",", 1);
            if (!is_list) {
                text_put(w, json->names[i], strlen(json->names[i]));
                bytes_put(w, ":", 1);
            }
            value_put(w, json->items[i]);
        }
        bytes_put(w, is_list ? "]" : "}", 1);
    }
    }
}

const char *naive_write(naive_memory *memory, const naive_json *json)
{
    writer w = {.memory = memory};
    value_put(&w, json);
    return w.text;
}

/* ---- comparing answers ---- */

static bool numbers_equal(const naive_json *expected, const naive_json *got)
{
    if (naive_decimal_compare(expected->text, got->text) == 0) return true;
    if (expected->exactness == NAIVE_EXACT || got->size > expected->size) return false;
    if (expected->exactness == NAIVE_SINGLE)
        return !(strtof(expected->text, NULL) < strtof(got->text, NULL)) &&
               !(strtof(expected->text, NULL) > strtof(got->text, NULL));
    return !(strtod(expected->text, NULL) < strtod(got->text, NULL)) &&
           !(strtod(expected->text, NULL) > strtod(got->text, NULL));
}

static bool sets_equal(const naive_json *expected, const naive_json *got)
{
    bool *taken = calloc(got->count + 1, sizeof(*taken));
    if (!taken) abort();
    bool same = true;
    for (size_t i = 0; same && i < expected->count; i++) {
        size_t k = 0;
        while (k < got->count && (taken[k] || !naive_equal(expected->items[i], got->items[k])))
            k++;
        same = k < got->count;
        taken[k] = true;
    }
    free(taken);
    return same;
}

bool naive_equal(const naive_json *expected, const naive_json *got)
{
    if (!got || expected->kind != got->kind || expected->count != got->count) return false;
    switch (expected->kind) {
    case NAIVE_NULL: return true;
    case NAIVE_BOOLEAN: return expected->truth == got->truth;
    case NAIVE_NUMBER: return numbers_equal(expected, got);
    case NAIVE_TEXT:
        return naive_bytes_compare(expected->text, expected->size, got->text, got->size) == 0;
    case NAIVE_LIST:
        if (expected->unordered) return sets_equal(expected, got);
        for (size_t i = 0; i < expected->count; i++)
            if (!naive_equal(expected->items[i], got->items[i])) return false;
        return true;
    case NAIVE_OBJECT:
        for (size_t i = 0; i < expected->count; i++)
            if (!naive_equal(expected->items[i], naive_get(got, expected->names[i]))) return false;
        return true;
    }
    return false;
}
