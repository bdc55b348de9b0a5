#include "property/naive.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const naive_type_names[NAIVE_TYPES_COUNT] = {
    "boolean",   "smallint",    "integer", "bigint", "real",  "double precision",
    "numeric",   "text",        "varchar", "uuid",   "bytea", "date",
    "timestamp", "timestamptz", "other",   "json",   "jsonb"};

naive_column naive_element(const naive_column *column)
{
    naive_column element = *column;
    element.is_array = false;
    return element;
}

const naive_json *naive_scalar_text(naive_memory *memory, const naive_json *json)
{
    if (json->kind == NAIVE_TEXT) return json;
    if (json->kind == NAIVE_BOOLEAN) return naive_text(memory, json->truth ? "true" : "false");
    if (json->kind != NAIVE_NUMBER || !isfinite(strtod(json->text, NULL))) return NULL;
    return naive_text(memory, naive_decimal_short(memory, json->text));
}

/* ---- reading ---- */

static const char *trimmed(naive_memory *memory, const char *text)
{
    static const char space[] = " \t\n\r\f\v";
    text += strspn(text, space);
    size_t size = strlen(text);
    while (size > 0 && strchr(space, text[size - 1]))
        size--;
    return naive_bytes(memory, text, size);
}

/* Any beginning of a word that stands for one of both alone. */
static bool boolean_read(const char *text, int64_t *out)
{
    static const struct {
        const char *word;
        size_t least;
        int64_t truth;
    } words[] = {{"true", 1, 1}, {"false", 1, 0}, {"yes", 1, 1}, {"no", 1, 0},
                 {"on", 2, 1},   {"off", 2, 0},   {"1", 1, 1},   {"0", 1, 0}};
    size_t size = strlen(text);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        bool is_word = size >= words[i].least && size <= strlen(words[i].word);
        for (size_t k = 0; is_word && k < size; k++)
            is_word = (text[k] | 0x20) == (words[i].word[k] | 0x20);
        if (!is_word) continue;
        *out = words[i].truth;
        return true;
    }
    return false;
}

static bool integer_read(naive_type type, const char *text, int64_t *out)
{
    const char *digits = text + (*text == '-' || *text == '+');
    size_t count = strspn(digits, "0123456789");
    if (count == 0 || digits[count] != 0) return false;
    errno = 0;
    *out = strtoll(text, NULL, 10);
    if (errno == ERANGE) return false;
    if (type == NAIVE_TYPE_SMALLINT) return *out >= INT16_MIN && *out <= INT16_MAX;
    if (type == NAIVE_TYPE_INTEGER) return *out >= INT32_MIN && *out <= INT32_MAX;
    return true;
}

static bool real_read(naive_type type, const char *text, double *out)
{
    if (!naive_decimal_read(text, strlen(text))) return false;
    errno = 0;
    *out = type == NAIVE_TYPE_REAL ? (double)strtof(text, NULL) : strtod(text, NULL);
    bool is_zero = fpclassify(*out) == FP_ZERO;
    return isfinite(*out) && !(errno == ERANGE && is_zero);
}

static bool numeric_read(naive_memory *memory, const naive_column *column, const char *text,
                         bool is_written, naive_value *out)
{
    if (!naive_decimal_read(text, strlen(text))) return false;
    out->text = is_written && column->has_scale ? naive_decimal_round(memory, text, column->scale)
                                                : naive_decimal_plain(memory, text);
    out->size = strlen(out->text);
    return true;
}

static bool hex_digit(char c, unsigned *out)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *found = c ? strchr(digits, c) : NULL;
    if (!found) return false;
    *out = (unsigned)(found - digits);
    if (*out > 15) *out -= 6;
    return true;
}

static bool uuid_read(naive_memory *memory, const char *text, naive_value *out)
{
    char made[37] = {0};
    size_t size = 0;
    bool has_braces = *text == '{';
    if (has_braces) text++;
    for (int i = 0; i < 32; i++) {
        unsigned digit;
        if (i > 0 && i % 4 == 0 && *text == '-') text++;
        if (!hex_digit(*text++, &digit)) return false;
        if (i == 8 || i == 12 || i == 16 || i == 20) made[size++] = '-';
        made[size++] = "0123456789abcdef"[digit];
    }
    if (has_braces && *text++ != '}') return false;
    out->text = naive_bytes(memory, made, size);
    out->size = size;
    return *text == 0;
}

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool hex_read(naive_memory *memory, const char *text, naive_value *out)
{
    char *bytes = naive_alloc(memory, strlen(text) + 1);
    for (; *text; text += 2) {
        unsigned high;
        unsigned low;
        if (!hex_digit(text[0], &high) || !hex_digit(text[1], &low)) return false;
        bytes[out->size++] = (char)(high * 16 + low);
    }
    out->text = bytes;
    return true;
}

static bool bytes_read(naive_memory *memory, const char *text, naive_value *out)
{
    if (strncmp(text, "\\x", 2) == 0) return hex_read(memory, text + 2, out);
    size_t size = strlen(text);
    char *bytes = naive_alloc(memory, size + 1);
    out->text = bytes;
    if (size % 4 != 0) return false;
    for (size_t i = 0; i < size; i += 4) {
        unsigned group = 0;
        size_t count = 3;
        for (size_t k = 0; k < 4; k++) {
            const char *found = text[i + k] ? strchr(base64, text[i + k]) : NULL;
            bool is_padding = text[i + k] == '=' && i + 4 == size && k >= 2;
            if (!found && !is_padding) return false;
            if (is_padding && k == 2 && text[i + 3] != '=') return false;
            if (is_padding) count--;
            group = group << 6 | (found ? (unsigned)(found - base64) : 0);
        }
        for (size_t k = 0; k < count; k++)
            bytes[out->size++] = (char)(group >> (16 - 8 * k));
    }
    return true;
}

static bool scalar_read(naive_memory *memory, const naive_column *column, const naive_json *text,
                        bool is_written, naive_value *out)
{
    if (strlen(text->text) != text->size) return false;
    const char *bare = trimmed(memory, text->text);
    switch (column->type) {
    case NAIVE_TYPE_BOOLEAN: return boolean_read(bare, &out->integer);
    case NAIVE_TYPE_SMALLINT:
    case NAIVE_TYPE_INTEGER:
    case NAIVE_TYPE_BIGINT: return integer_read(column->type, bare, &out->integer);
    case NAIVE_TYPE_REAL:
    case NAIVE_TYPE_DOUBLE: return real_read(column->type, bare, &out->real);
    case NAIVE_TYPE_NUMERIC: return numeric_read(memory, column, bare, is_written, out);
    case NAIVE_TYPE_UUID: return uuid_read(memory, text->text, out);
    case NAIVE_TYPE_BYTEA: return bytes_read(memory, text->text, out);
    case NAIVE_TYPE_DATE:
    case NAIVE_TYPE_TIMESTAMP:
    case NAIVE_TYPE_TIMESTAMPTZ: return naive_time_read(column->type, text->text, &out->integer);
    default:
        out->text = text->text;
        out->size = text->size;
        return true;
    }
}

/* A number keeps the zeros of its fraction where the column shows them. */
static const naive_json *text_of(naive_memory *memory, const naive_column *column,
                                 const naive_json *json)
{
    bool keeps = column->type == NAIVE_TYPE_NUMERIC || column->type == NAIVE_TYPE_REAL ||
                 column->type == NAIVE_TYPE_DOUBLE;
    if (keeps && json->kind == NAIVE_NUMBER) return naive_text(memory, json->text);
    return naive_scalar_text(memory, json);
}

static bool has_nul(const naive_json *json)
{
    if (strlen(json->text) != json->size) return true;
    for (size_t i = 0; i < json->count; i++)
        if (has_nul(json->items[i])) return true;
    return false;
}

bool naive_value_read(naive_memory *memory, const naive_column *column, const naive_json *json,
                      bool is_written, naive_value *out)
{
    *out = (naive_value){.is_null = json->kind == NAIVE_NULL};
    if (out->is_null) return true;
    if (column->is_array) {
        naive_column element = naive_element(column);
        naive_value *items = naive_alloc(memory, (json->count + 1) * sizeof(*items));
        if (json->kind != NAIVE_LIST) return false;
        for (size_t i = 0; i < json->count; i++)
            if (!naive_value_read(memory, &element, json->items[i], is_written, &items[i]))
                return false;
        out->items = items;
        out->count = json->count;
        return true;
    }
    if (column->type >= NAIVE_TYPE_JSON) {
        out->document = json;
        return !has_nul(json);
    }
    const naive_json *text = text_of(memory, column, json);
    return text && scalar_read(memory, column, text, is_written, out);
}

/* ---- comparing ---- */

static int arrays_compare(naive_memory *memory, const naive_column *column, const naive_value *a,
                          const naive_value *b)
{
    naive_column element = naive_element(column);
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        const naive_value *x = &a->items[i];
        const naive_value *y = &b->items[i];
        int order = 0;
        if (x->is_null || y->is_null)
            order = (int)x->is_null - (int)y->is_null;
        else
            order = naive_value_compare(memory, &element, x, y);
        if (order != 0) return order;
    }
    return a->count < b->count ? -1 : a->count > b->count;
}

int naive_value_compare(naive_memory *memory, const naive_column *column, const naive_value *a,
                        const naive_value *b)
{
    if (column->is_array) return arrays_compare(memory, column, a, b);
    switch (column->type) {
    case NAIVE_TYPE_REAL:
    case NAIVE_TYPE_DOUBLE: return a->real < b->real ? -1 : a->real > b->real;
    case NAIVE_TYPE_NUMERIC: return naive_decimal_compare(a->text, b->text);
    case NAIVE_TYPE_TEXT:
    case NAIVE_TYPE_VARCHAR:
    case NAIVE_TYPE_UUID:
    case NAIVE_TYPE_OTHER:
    case NAIVE_TYPE_BYTEA: return naive_bytes_compare(a->text, a->size, b->text, b->size);
    case NAIVE_TYPE_JSON:
    case NAIVE_TYPE_JSONB: return naive_document_compare(memory, a->document, b->document);
    default: return a->integer < b->integer ? -1 : a->integer > b->integer;
    }
}

/* ---- showing ---- */

static naive_json *real_show(naive_memory *memory, const naive_column *column, double real)
{
    char text[64];
    bool is_single = column->type == NAIVE_TYPE_REAL;
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(text, sizeof(text), "%.*g", digits, real);
        double back = is_single ? (double)strtof(text, NULL) : strtod(text, NULL);
        if (!(back < real) && !(back > real)) break;
    }
    naive_json *json = naive_number(memory, text);
    json->exactness = is_single ? NAIVE_SINGLE : NAIVE_DOUBLE;
    return json;
}

static naive_json *base64_show(naive_memory *memory, const naive_value *value)
{
    char *out = naive_alloc(memory, value->size * 2 + 8);
    char *at = out;
    for (size_t i = 0; i < value->size; i += 3) {
        unsigned group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (i + k < value->size ? (unsigned char)value->text[i + k] : 0U);
        for (size_t k = 0; k < 4; k++)
            *at++ = i + k > value->size ? '=' : base64[group >> (18 - 6 * k) & 0x3F];
    }
    return naive_text(memory, out);
}

naive_json *naive_value_show(naive_memory *memory, const naive_column *column,
                             const naive_value *value)
{
    if (value->is_null) return naive_make(memory, NAIVE_NULL);
    if (column->is_array) {
        naive_column element = naive_element(column);
        naive_json *list = naive_make(memory, NAIVE_LIST);
        for (size_t i = 0; i < value->count; i++)
            naive_add(memory, list, naive_value_show(memory, &element, &value->items[i]));
        return list;
    }
    switch (column->type) {
    case NAIVE_TYPE_BOOLEAN: return naive_boolean(memory, value->integer != 0);
    case NAIVE_TYPE_REAL:
    case NAIVE_TYPE_DOUBLE: return real_show(memory, column, value->real);
    case NAIVE_TYPE_BYTEA: return base64_show(memory, value);
    case NAIVE_TYPE_DATE:
    case NAIVE_TYPE_TIMESTAMP:
    case NAIVE_TYPE_TIMESTAMPTZ:
        return naive_text(memory, naive_time_write(memory, column->type, value->integer));
    case NAIVE_TYPE_JSON:
    case NAIVE_TYPE_JSONB: return naive_copy(memory, value->document);
    case NAIVE_TYPE_NUMERIC:
    case NAIVE_TYPE_TEXT:
    case NAIVE_TYPE_VARCHAR:
    case NAIVE_TYPE_OTHER:
    case NAIVE_TYPE_UUID: return naive_text_sized(memory, value->text, value->size);
    default: return naive_integer(memory, value->integer);
    }
}
