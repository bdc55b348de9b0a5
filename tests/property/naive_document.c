#include "property/naive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Members as jsonb keeps them: shorter names first, then by bytes. */
static int member_compare(const char *a, const char *b)
{
    size_t a_size = strlen(a);
    size_t b_size = strlen(b);
    return a_size != b_size ? (a_size < b_size ? -1 : 1) : strcmp(a, b);
}

static const size_t *members_sorted(naive_memory *memory, const naive_json *object)
{
    size_t *order = naive_alloc(memory, (object->count + 1) * sizeof(*order));
    for (size_t i = 0; i < object->count; i++) {
        size_t k = i;
        for (; k > 0 && member_compare(object->names[i], object->names[order[k - 1]]) < 0; k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
    return order;
}

static int objects_compare(naive_memory *memory, const naive_json *a, const naive_json *b);

static int values_compare(naive_memory *memory, const naive_json *a, const naive_json *b)
{
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    switch (a->kind) {
    case NAIVE_NULL: return 0;
    case NAIVE_TEXT: return naive_bytes_compare(a->text, a->size, b->text, b->size);
    case NAIVE_NUMBER: return naive_decimal_compare(a->text, b->text);
    case NAIVE_BOOLEAN: return (int)a->truth - (int)b->truth;
    case NAIVE_LIST:
        if (a->count != b->count) return a->count < b->count ? -1 : 1;
        for (size_t i = 0; i < a->count; i++) {
            int order = values_compare(memory, a->items[i], b->items[i]);
            if (order != 0) return order;
        }
        return 0;
    case NAIVE_OBJECT: return objects_compare(memory, a, b);
    }
    return 0;
}

static int objects_compare(naive_memory *memory, const naive_json *a, const naive_json *b)
{
    if (a->count != b->count) return a->count < b->count ? -1 : 1;
    const size_t *ours = members_sorted(memory, a);
    const size_t *theirs = members_sorted(memory, b);
    for (size_t i = 0; i < a->count; i++) {
        int order = strcmp(a->names[ours[i]], b->names[theirs[i]]);
        if (order == 0) order = values_compare(memory, a->items[ours[i]], b->items[theirs[i]]);
        if (order != 0) return order;
    }
    return 0;
}

int naive_document_compare(naive_memory *memory, const naive_json *a, const naive_json *b)
{
    bool a_empty = a->kind == NAIVE_LIST && a->count == 0;
    bool b_empty = b->kind == NAIVE_LIST && b->count == 0;
    if (a_empty || b_empty) return (int)b_empty - (int)a_empty;
    return values_compare(memory, a, b);
}

/* ---- printing ---- */

typedef struct printer {
    naive_memory *memory;
    char *text;
    size_t size;
    size_t capacity;
} printer;

static void put(printer *p, const char *bytes, size_t size)
{
    if (p->size + size + 1 > p->capacity) {
        p->capacity = (p->size + size + 32) * 2;
        char *grown = naive_alloc(p->memory, p->capacity);
        if (p->size > 0) memcpy(grown, p->text, p->size);
        p->text = grown;
    }
    memcpy(p->text + p->size, bytes, size);
    p->size += size;
}

static void text_print(printer *p, const char *text, size_t size)
{
    static const char from[] = "\"\\\b\f\n\r\t";
    static const char to[] = "\"\\bfnrt";
    put(p, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        const char *found = text[i] ? strchr(from, text[i]) : NULL;
        char escaped[8] = {'\\', found ? to[found - from] : 0, 0};
        if (found) {
            put(p, escaped, 2);
        } else if ((unsigned char)text[i] < 0x20) {
            (void)snprintf(escaped, sizeof(escaped), "\\u%04x", (unsigned)text[i]);
            put(p, escaped, 6);
        } else {
            put(p, text + i, 1);
        }
    }
    put(p, "\"", 1);
}

static void value_print(printer *p, const naive_json *json)
{
    if (json->kind == NAIVE_NULL) put(p, "null", 4);
    if (json->kind == NAIVE_BOOLEAN) put(p, json->truth ? "true" : "false", json->truth ? 4 : 5);
    if (json->kind == NAIVE_TEXT) text_print(p, json->text, json->size);
    if (json->kind == NAIVE_NUMBER) {
        const char *plain = naive_decimal_plain(p->memory, json->text);
        put(p, plain, strlen(plain));
    }
    if (json->kind == NAIVE_LIST) put(p, "[", 1);
    for (size_t i = 0; json->kind == NAIVE_LIST && i < json->count; i++) {
        if (i > 0) put(p, ", ", 2);
        value_print(p, json->items[i]);
    }
    if (json->kind == NAIVE_LIST) put(p, "]", 1);
    if (json->kind != NAIVE_OBJECT) return;
    const size_t *order = members_sorted(p->memory, json);
    put(p, "{", 1);
    for (size_t i = 0; i < json->count; i++) {
        if (i > 0) put(p, ", ", 2);
        text_print(p, json->names[order[i]], strlen(json->names[order[i]]));
        put(p, ": ", 2);
        value_print(p, json->items[order[i]]);
    }
    put(p, "}", 1);
}

const char *naive_document_print(naive_memory *memory, const naive_json *document)
{
    printer p = {.memory = memory};
    value_print(&p, document);
    return naive_bytes(memory, p.text, p.size);
}
