/* The order of numeric, jsonb and array columns, which SQLite keeps as text. */
#include "driver/driver.h"

#include <sqlite3.h>

/* ---- elements of an array in its stored text ---- */

typedef enum element_kind {
    ELEMENT_STRING,
    ELEMENT_NUMBER,
    ELEMENT_BOOLEAN,
    ELEMENT_ARRAY,
    ELEMENT_OBJECT,
    ELEMENT_NULL /* last */
} element_kind;

typedef struct element {
    element_kind kind;
    const char *text;
    size_t size;
} element;

static int bytes_compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t size = a_size < b_size ? a_size : b_size;
    int order = size ? memcmp(a, b, size) : 0;
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

/* The place behind the string that begins here, or NULL. */
static const char *string_end(const char *at, const char *end)
{
    for (at++; at < end; at++) {
        if (*at == '"') return at + 1;
        if (*at == '\\') at++;
    }
    return NULL;
}

/* The place behind the array or object that begins here, or NULL. */
static const char *container_end(const char *at, const char *end)
{
    size_t depth = 0;
    while (at && at < end) {
        if (*at == '"') {
            at = string_end(at, end);
            continue;
        }
        if (*at == '[' || *at == '{') depth++;
        if (*at == ']' || *at == '}') depth--;
        at++;
        if (depth == 0) return at;
    }
    return NULL;
}

static const char *bare_end(const char *at, const char *end)
{
    while (at < end && *at != ',' && *at != ']') {
        at++;
    }
    return at;
}

static bool is_number(const char *at, size_t size)
{
    size_t digits = 0;
    for (size_t i = 0; i < size; i++) {
        char c = at[i];
        if (c >= '0' && c <= '9') {
            digits++;
        } else if (!(c == '-' && i == 0) && (c == '\0' || !strchr("+-.eE", c))) {
            return false;
        }
    }
    return digits > 0;
}

static bool word_is(const element *item, const char *word)
{
    return item->size == strlen(word) && memcmp(item->text, word, item->size) == 0;
}

static bool bare_classify(element *item)
{
    if (word_is(item, "null")) {
        item->kind = ELEMENT_NULL;
    } else if (word_is(item, "true") || word_is(item, "false")) {
        item->kind = ELEMENT_BOOLEAN;
    } else {
        item->kind = ELEMENT_NUMBER;
        return is_number(item->text, item->size);
    }
    return true;
}

/* The element at *at, which moves behind it and its comma. false: the end, *at being behind the
   bracket, or text that no array has, *at being NULL. */
static bool element_next(const char **at, const char *end, element *item)
{
    const char *begin = *at;
    *at = NULL;
    if (begin >= end) return false;
    if (*begin == ']') {
        *at = begin + 1;
        return false;
    }
    const char *behind;
    item->text = begin;
    if (*begin == '"') {
        item->kind = ELEMENT_STRING;
        behind = string_end(begin, end);
    } else if (*begin == '[' || *begin == '{') {
        item->kind = *begin == '[' ? ELEMENT_ARRAY : ELEMENT_OBJECT;
        behind = container_end(begin, end);
    } else {
        behind = bare_end(begin, end);
        item->size = (size_t)(behind - begin);
        if (!bare_classify(item)) return false;
    }
    if (!behind || behind >= end) return false;
    item->size = (size_t)(behind - begin);
    if (*behind == ',' && behind + 1 < end && behind[1] != ']') {
        *at = behind + 1;
    } else if (*behind == ']') {
        *at = behind;
    }
    return *at != NULL;
}

static bool is_array(const char *data, size_t size)
{
    const char *end = data + size;
    element item;
    if (size < 2 || *data != '[') return false;
    const char *at = data + 1;
    while (element_next(&at, end, &item)) {
    }
    return at == end;
}

/* ---- strings ---- */

typedef struct characters {
    const char *at;
    const char *end;
} characters;

static uint32_t hex_read(const char *at, const char *end)
{
    uint32_t value = 0;
    for (int i = 0; i < 4 && at + i < end; i++) {
        char c = at[i];
        uint32_t digit = 0;
        if (c >= '0' && c <= '9') digit = (uint32_t)(c - '0');
        if (c >= 'a' && c <= 'f') digit = (uint32_t)(c - 'a' + 10);
        if (c >= 'A' && c <= 'F') digit = (uint32_t)(c - 'A' + 10);
        value = value << 4 | digit;
    }
    return value;
}

/* The next byte of the string's value. The writer escapes nothing but control characters, quotes
   and backslashes, so that an escape is one byte. */
static uint32_t character_next(characters *string)
{
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    unsigned char byte = (unsigned char)*string->at++;
    if (byte != '\\' || string->at >= string->end) return byte;
    byte = (unsigned char)*string->at++;
    if (byte == 'u') {
        uint32_t value = hex_read(string->at, string->end);
        string->at += string->end - string->at < 4 ? string->end - string->at : 4;
        return value;
    }
    const char *name = byte ? strchr(names, byte) : NULL;
    return name ? (unsigned char)values[name - names] : byte;
}

static int strings_compare(const element *a, const element *b)
{
    characters left = {a->text + 1, a->text + a->size - 1};
    characters right = {b->text + 1, b->text + b->size - 1};
    while (left.at < left.end && right.at < right.end) {
        uint32_t l = character_next(&left);
        uint32_t r = character_next(&right);
        if (l != r) return l < r ? -1 : 1;
    }
    return (left.at < left.end) - (right.at < right.end);
}

/* ---- numbers, with or without an exponent ---- */

typedef struct decimal {
    bool negative;
    int64_t point;      /* value: 0.digits * 10^point */
    const char *digits; /* from the first that is not 0; NULL: zero */
    const char *end;    /* of the digits and the point among them */
} decimal;

static int64_t exponent_read(const char *at, const char *end)
{
    int64_t value = 0;
    bool negative = at < end && *at == '-';
    for (; at < end; at++) {
        if (*at >= '0' && *at <= '9' && value < 100000000) value = value * 10 + (*at - '0');
    }
    return negative ? -value : value;
}

static decimal decimal_read(const char *at, size_t size)
{
    decimal number = {0};
    const char *end = at + size;
    if (at < end && *at == '-') {
        number.negative = true;
        at++;
    }
    bool behind_point = false;
    for (; at < end && *at != 'e' && *at != 'E'; at++) {
        if (*at == '.') {
            behind_point = true;
            continue;
        }
        if (!number.digits && *at != '0') number.digits = at;
        if (number.digits && !behind_point) number.point++;
        if (!number.digits && behind_point) number.point--;
    }
    number.end = at;
    if (at < end) number.point += exponent_read(at + 1, end);
    if (!number.digits) number = (decimal){0};
    return number;
}

/* The next digit; beyond the last there are zeros. */
static char digit_next(const char **at, const char *end)
{
    while (*at < end && (**at < '0' || **at > '9')) {
        *at += 1;
    }
    return *at < end ? *(*at)++ : '0';
}

static int digits_compare(const decimal *a, const decimal *b)
{
    const char *left = a->digits;
    const char *right = b->digits;
    while (left < a->end || right < b->end) {
        char l = digit_next(&left, a->end);
        char r = digit_next(&right, b->end);
        if (l != r) return l < r ? -1 : 1;
    }
    return 0;
}

static int numbers_compare(const element *a, const element *b)
{
    decimal left = decimal_read(a->text, a->size);
    decimal right = decimal_read(b->text, b->size);
    int left_sign = left.digits ? (left.negative ? -1 : 1) : 0;
    int right_sign = right.digits ? (right.negative ? -1 : 1) : 0;
    if (left_sign != right_sign) return left_sign < right_sign ? -1 : 1;
    if (left_sign == 0) return 0;
    int order = (left.point > right.point) - (left.point < right.point);
    if (order == 0) order = digits_compare(&left, &right);
    return left_sign < 0 ? -order : order;
}

/* ---- arrays ---- */

static int elements_compare(const element *a, const element *b)
{
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    switch (a->kind) {
    case ELEMENT_STRING: return strings_compare(a, b);
    case ELEMENT_NUMBER: return numbers_compare(a, b);
    case ELEMENT_BOOLEAN: return bytes_compare(a->text, a->size, b->text, b->size);
    case ELEMENT_ARRAY:
    case ELEMENT_OBJECT: return document_compare(a->text, a->size, b->text, b->size);
    default: return 0;
    }
}

/* Element by element, then by length. Text that is no array comes after all arrays, by its bytes. */
static int arrays_compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
    bool a_is_array = is_array(a, a_size);
    bool b_is_array = is_array(b, b_size);
    if (!a_is_array && !b_is_array) return bytes_compare(a, a_size, b, b_size);
    if (a_is_array != b_is_array) return a_is_array ? -1 : 1;
    const char *left = a + 1;
    const char *right = b + 1;
    while (true) {
        element l, r;
        bool left_has = element_next(&left, a + a_size, &l);
        bool right_has = element_next(&right, b + b_size, &r);
        if (!left_has || !right_has) return left_has - right_has;
        int order = elements_compare(&l, &r);
        if (order) return order;
    }
}

/* ---- as SQLite calls them ---- */

static int numeric_collate(void *data, int a_size, const void *a, int b_size, const void *b)
{
    (void)data;
    return number_compare(a, (size_t)a_size, b, (size_t)b_size);
}

static int jsonb_collate(void *data, int a_size, const void *a, int b_size, const void *b)
{
    (void)data;
    return document_compare(a, (size_t)a_size, b, (size_t)b_size);
}

static int array_collate(void *data, int a_size, const void *a, int b_size, const void *b)
{
    (void)data;
    return arrays_compare(a, (size_t)a_size, b, (size_t)b_size);
}

int sqlite_collations_register(struct sqlite3 *db)
{
    static const struct {
        const char *name;
        int (*compare)(void *, int, const void *, int, const void *);
    } collations[] = {
        {"IGNIS_NUMERIC", numeric_collate},
        {"IGNIS_JSONB", jsonb_collate},
        {"IGNIS_ARRAY", array_collate},
    };
    for (size_t i = 0; i < ARRAY_COUNT(collations); i++) {
        int result = sqlite3_create_collation_v2(db, collations[i].name, SQLITE_UTF8, NULL,
                                                 collations[i].compare, NULL);
        if (result != SQLITE_OK) return result;
    }
    return SQLITE_OK;
}
