/* JSON documents in the text form and the order of PostgreSQL's jsonb. */
#include "base/base.h"

#include <stdlib.h>

enum {
    DEPTH_MAX = 1024,  /* what json_read can give at most */
    MEMBERS_LOCAL = 16 /* members that are sorted without memory of their own */
};

/* ---- writing ---- */

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* By size, then by bytes. */
static int compare_names(const json_member *left, const json_member *right)
{
    int order = compare_sizes(left->name_size, right->name_size);
    return order != 0 ? order : memcmp(left->name, right->name, left->name_size);
}

/* Equal names in the order in which they were written. */
static int compare_members(const void *a, const void *b)
{
    const json_member *left = *(const json_member *const *)a;
    const json_member *right = *(const json_member *const *)b;
    int order = compare_names(left, right);
    return order != 0 ? order : compare_sizes(left->value.position, right->value.position);
}

static bool write_members(text *out, const json_member *const *members, size_t count)
{
    bool is_first = true;
    text_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && compare_names(members[i], members[i + 1]) == 0) continue;
        if (!is_first) text_append(out, ", ", 2);
        is_first = false;
        json_write_string(out, members[i]->name, members[i]->name_size);
        text_append(out, ": ", 2);
        if (!document_write(out, &members[i]->value)) return false;
    }
    text_char(out, '}');
    return true;
}

static bool write_sorted(text *out, const json *value, const json_member **members)
{
    bool is_sorted = true;
    for (size_t i = 0; i < value->count; i++) {
        members[i] = &value->as.members[i];
        if (i > 0 && compare_members(&members[i - 1], &members[i]) > 0) is_sorted = false;
    }
    if (!is_sorted) qsort(members, value->count, sizeof(members[0]), compare_members);
    return write_members(out, members, value->count);
}

static bool write_object(text *out, const json *value)
{
    const json_member *local[MEMBERS_LOCAL];
    if (value->count <= MEMBERS_LOCAL) return write_sorted(out, value, local);
    /* Not in the arena of out, whose newest item is the growing text. */
    arena scratch = {0};
    const json_member **members = arena_array(&scratch, value->count, sizeof(members[0]));
    if (members == NULL) {
        out->code = arena_code(&scratch);
        return true;
    }
    bool is_written = write_sorted(out, value, members);
    arena_free(&scratch);
    return is_written;
}

static bool write_array(text *out, const json *value)
{
    text_char(out, '[');
    for (size_t i = 0; i < value->count; i++) {
        if (i > 0) text_append(out, ", ", 2);
        if (!document_write(out, &value->as.items[i])) return false;
    }
    text_char(out, ']');
    return true;
}

static bool write_number(text *out, const json *value)
{
    ignis_code code = number_numeric(out, value->as.text, value->count, 0, 0);
    return code == IGNIS_OK || code == out->code;
}

bool document_write(text *out, const json *value)
{
    switch (value->kind) {
    case JSON_INTEGER:
    case JSON_NUMBER: return write_number(out, value);
    case JSON_ARRAY: return write_array(out, value);
    case JSON_OBJECT: return write_object(out, value);
    case JSON_NULL:
    case JSON_BOOLEAN:
    case JSON_STRING:
    case JSON_RAW:
    case JSON_BYTES:
    case JSON_DATE:
    case JSON_TIME: json_write_value(out, value);
    }
    return true;
}

/* ---- reading the text form ---- */

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static bool skip_value(cursor *in, unsigned depth);

/* Whether in is at this text; then it is skipped. */
static bool skip(cursor *in, const char *expected, size_t size)
{
    if ((size_t)(in->end - in->at) < size || memcmp(in->at, expected, size) != 0) return false;
    in->at += size;
    return true;
}

/* The byte that the escape at in stands for. -1: document_write makes no such escape. */
static int next_escaped(cursor *in)
{
    static const char escapes[] = "\"\\bfnrt";
    static const char meanings[] = "\"\\\b\f\n\r\t";
    if (in->end - in->at < 2) return -1;
    const char *escape = memchr(escapes, in->at[1], sizeof(escapes) - 1);
    if (escape != NULL) {
        in->at += 2;
        return meanings[escape - escapes];
    }
    if (in->end - in->at < 6 || memcmp(in->at, "\\u00", 4) != 0) return -1;
    int high = char_hex(in->at[4]);
    int low = char_hex(in->at[5]);
    int byte = high * 16 + low;
    /* Others are written as themselves or by a letter; NUL is never written. */
    if (high < 0 || high > 1 || low < 0 || byte == 0) return -1;
    if (memchr(meanings, byte, sizeof(meanings) - 1) != NULL) return -1;
    in->at += 6;
    return byte;
}

/* The byte that the next one or more bytes within a string stand for. -1: there is none, the string
   or the text ends here or is not of this form. */
static inline int next_byte(cursor *in)
{
    if (in->at == in->end) return -1;
    unsigned char c = (unsigned char)*in->at;
    if (c == '\\') return next_escaped(in);
    if (c < ' ' || c == '"') return -1;
    in->at++;
    return c;
}

/* *size is that of the bytes the string stands for. */
static bool skip_string(cursor *in, size_t *size)
{
    if (!skip(in, "\"", 1)) return false;
    for (*size = 0; next_byte(in) >= 0; ++*size) {
    }
    return skip(in, "\"", 1);
}

static bool skip_digits(cursor *in)
{
    const char *start = in->at;
    while (in->at < in->end && *in->at >= '0' && *in->at <= '9')
        in->at++;
    return in->at > start;
}

static bool is_zero(const char *at, const char *end)
{
    while (at < end && (*at == '0' || *at == '.'))
        at++;
    return at == end;
}

/* Zero has no sign. */
static bool skip_number(cursor *in)
{
    bool is_negative = skip(in, "-", 1);
    const char *whole = in->at;
    if (!skip_digits(in) || (*whole == '0' && in->at - whole > 1)) return false;
    if (skip(in, ".", 1) && !skip_digits(in)) return false;
    return !is_negative || !is_zero(whole, in->at);
}

/* The order of the strings at a and b, by the bytes they stand for. */
static int compare_strings(cursor a, cursor b)
{
    a.at++;
    b.at++;
    for (;;) {
        int left = next_byte(&a);
        int right = next_byte(&b);
        if (left != right) return left < right ? -1 : 1;
        if (left < 0) return 0;
    }
}

static bool skip_array(cursor *in, unsigned depth)
{
    in->at++;
    if (skip(in, "]", 1)) return true;
    do {
        if (!skip_value(in, depth + 1)) return false;
    } while (skip(in, ", ", 2));
    return skip(in, "]", 1);
}

/* Each key is longer than the one before it, or as long and greater. */
static bool skip_object(cursor *in, unsigned depth)
{
    in->at++;
    if (skip(in, "}", 1)) return true;
    cursor before = {0};
    size_t before_size = 0;
    do {
        cursor key = *in;
        size_t size;
        if (!skip_string(in, &size) || !skip(in, ": ", 2)) return false;
        if (before.at != NULL) {
            if (size < before_size) return false;
            if (size == before_size && compare_strings(before, key) >= 0) return false;
        }
        if (!skip_value(in, depth + 1)) return false;
        before = key;
        before_size = size;
    } while (skip(in, ", ", 2));
    return skip(in, "}", 1);
}

/* Skips one value that document_write can have written. */
static bool skip_value(cursor *in, unsigned depth)
{
    size_t size;
    if (in->at == in->end) return false;
    switch (*in->at) {
    case '{': return depth < DEPTH_MAX && skip_object(in, depth);
    case '[': return depth < DEPTH_MAX && skip_array(in, depth);
    case '"': return skip_string(in, &size);
    case 'n': return skip(in, "null", 4);
    case 't': return skip(in, "true", 4);
    case 'f': return skip(in, "false", 5);
    default: return skip_number(in);
    }
}

bool document_is_valid(const char *data, size_t size)
{
    if (size == 0) return false;
    cursor in = {data, data + size};
    return skip_value(&in, 0) && in.at == in.end;
}

const char *document_value_end(const char *at, const char *end)
{
    cursor in = {at, end};
    skip_value(&in, 0);
    return in.at;
}

/* ---- order ---- */

/* Both are at values of documents and afterwards behind them. */
static int compare_values(cursor *a, cursor *b);

static int rank(char first)
{
    switch (first) {
    case 'n': return 0;
    case '"': return 1;
    case 't':
    case 'f': return 3;
    case '[': return 4;
    case '{': return 5;
    default: return 2;
    }
}

static int compare_numbers(cursor *a, cursor *b)
{
    const char *left = a->at;
    const char *right = b->at;
    skip_number(a);
    skip_number(b);
    return number_compare(left, (size_t)(a->at - left), right, (size_t)(b->at - right));
}

static void skip_key(cursor *in)
{
    size_t size;
    skip_string(in, &size);
    in->at += 2;
}

/* order is that of what came before: once it is decided, elements are only skipped. */
static int compare_elements(cursor *a, cursor *b, bool is_object, int order)
{
    if (is_object) {
        if (order == 0) order = compare_strings(*a, *b);
        skip_key(a);
        skip_key(b);
    }
    if (order == 0) return compare_values(a, b);
    skip_value(a, 0);
    skip_value(b, 0);
    return order;
}

/* Takes the opening bracket. false: nothing is in it, and it is skipped. */
static bool enter(cursor *in, const char *close)
{
    in->at++;
    return !skip(in, close, 1);
}

/* Takes what follows an element. false: the closing bracket. */
static bool next(cursor *in)
{
    if (skip(in, ", ", 2)) return true;
    in->at++;
    return false;
}

static bool skip_next(cursor *in, bool is_object)
{
    if (is_object) skip_key(in);
    skip_value(in, 0);
    return next(in);
}

/* The number of elements counts more than any of them; it is known when both are read. */
static int compare_containers(cursor *a, cursor *b, bool is_object)
{
    const char *close = is_object ? "}" : "]";
    int order = 0;
    bool a_more = enter(a, close);
    bool b_more = enter(b, close);
    while (a_more && b_more) {
        order = compare_elements(a, b, is_object, order);
        a_more = next(a);
        b_more = next(b);
    }
    if (a_more != b_more) order = a_more ? 1 : -1;
    while (a_more)
        a_more = skip_next(a, is_object);
    while (b_more)
        b_more = skip_next(b, is_object);
    return order;
}

static int compare_values(cursor *a, cursor *b)
{
    char a_first = *a->at;
    char b_first = *b->at;
    int order = rank(a_first) - rank(b_first);
    if (order == 0) {
        switch (a_first) {
        case '{': return compare_containers(a, b, true);
        case '[': return compare_containers(a, b, false);
        case '"': order = compare_strings(*a, *b); break;
        case 't':
        case 'f': order = (a_first == 't') - (b_first == 't'); break;
        case 'n': break;
        default: return compare_numbers(a, b);
        }
    }
    skip_value(a, 0);
    skip_value(b, 0);
    return order;
}

int document_compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t common = a_size < b_size ? a_size : b_size;
    int bytes = common == 0 ? 0 : memcmp(a, b, common);
    if (bytes == 0) bytes = compare_sizes(a_size, b_size);
    if (bytes == 0) return 0;
    bytes = bytes < 0 ? -1 : 1;

    bool a_is_document = document_is_valid(a, a_size);
    bool b_is_document = document_is_valid(b, b_size);
    if (a_is_document != b_is_document) return a_is_document ? -1 : 1;
    if (!a_is_document) return bytes;

    /* PostgreSQL compares a lone scalar as an array of one element, which is more than none. */
    bool a_is_empty_array = a_size == 2 && a[0] == '[';
    bool b_is_empty_array = b_size == 2 && b[0] == '[';
    if (a_is_empty_array != b_is_empty_array) return a_is_empty_array ? -1 : 1;
    cursor left = {a, a + a_size};
    cursor right = {b, b + b_size};
    int order = compare_values(&left, &right);
    return (order > 0) - (order < 0);
}
