/* Arrays, which SQLite keeps as JSON text: their order, and sets of their elements. */
#include "driver/sqlite.h"

#include <sqlite3.h>
#include <stdlib.h>

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

/* Kinds differ among documents only, of which the empty array is the first (document_compare). */
static int kinds_compare(const element *a, const element *b)
{
    bool a_is_empty = a->kind == ELEMENT_ARRAY && a->size == 2;
    bool b_is_empty = b->kind == ELEMENT_ARRAY && b->size == 2;
    if (a->kind == ELEMENT_NULL || b->kind == ELEMENT_NULL || a_is_empty == b_is_empty)
        return a->kind < b->kind ? -1 : 1;
    return a_is_empty ? -1 : 1;
}

static int elements_compare(const element *a, const element *b)
{
    if (a->kind != b->kind) return kinds_compare(a, b);
    switch (a->kind) {
    case ELEMENT_STRING: return strings_compare(a, b);
    case ELEMENT_NUMBER: return numbers_compare(a, b);
    case ELEMENT_BOOLEAN: return bytes_compare(a->text, a->size, b->text, b->size);
    case ELEMENT_ARRAY:
    case ELEMENT_OBJECT: return document_compare(a->text, a->size, b->text, b->size);
    default: return 0;
    }
}

int sqlite_arrays_compare(const char *a, size_t a_size, const char *b, size_t b_size)
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

/* ---- sets of elements ---- */

/* The elements of an operand, sorted, each once, without NULLs. */
typedef struct element_set {
    arena *memory; /* owns this struct */
    element *items;
    uint64_t *found_at; /* by item: the row in which it was found last */
    size_t count;
    uint64_t row;
    bool is_array;
    bool has_null;
} element_set;

static int elements_sort(const void *a, const void *b)
{
    return elements_compare(a, b);
}

static bool set_fill(element_set *set, const char *data, size_t size)
{
    size_t count = 0;
    element item;
    set->is_array = is_array(data, size);
    if (!set->is_array) return true;
    for (const char *at = data + 1; element_next(&at, data + size, &item);)
        count++;
    set->items = arena_array(set->memory, count, sizeof(*set->items));
    set->found_at = arena_array(set->memory, count, sizeof(*set->found_at));
    if (!set->items || !set->found_at) return false;
    for (const char *at = data + 1; element_next(&at, data + size, &item);) {
        if (item.kind == ELEMENT_NULL) {
            set->has_null = true;
        } else {
            set->items[set->count++] = item;
        }
    }
    if (set->count == 0) return true;
    qsort(set->items, set->count, sizeof(*set->items), elements_sort);
    count = 1;
    for (size_t i = 1; i < set->count; i++) {
        if (elements_compare(&set->items[i], &set->items[count - 1]) != 0)
            set->items[count++] = set->items[i];
    }
    set->count = count;
    return true;
}

static void set_destroy(void *data)
{
    arena_destroy(((element_set *)data)->memory);
}

/* NULL: no memory. */
static element_set *set_make(const char *data, size_t size)
{
    arena *memory = arena_create();
    if (!memory) return NULL;
    element_set *set = arena_array(memory, 1, sizeof(*set));
    const char *copy = set ? arena_copy(memory, data, size) : NULL;
    if (copy) {
        set->memory = memory;
        if (set_fill(set, copy, size)) return set;
    }
    arena_destroy(memory);
    return NULL;
}

/* The place of an element in the set, or set->count. */
static size_t set_find(const element_set *set, const element *item)
{
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = elements_compare(&set->items[middle], item);
        if (order == 0) return middle;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return set->count;
}

typedef bool (*set_test)(element_set *set, const char *at, const char *end);

/* Whether every element of the set is in the array whose elements begin at at. NULL equals nothing. */
static bool array_contains(element_set *set, const char *at, const char *end)
{
    size_t found = 0;
    element item;
    if (set->has_null) return false;
    set->row++;
    while (found < set->count && element_next(&at, end, &item)) {
        size_t place = set_find(set, &item);
        if (place == set->count || set->found_at[place] == set->row) continue;
        set->found_at[place] = set->row;
        found++;
    }
    return found == set->count;
}

static bool array_is_contained(element_set *set, const char *at, const char *end)
{
    element item;
    while (element_next(&at, end, &item)) {
        if (set_find(set, &item) == set->count) return false;
    }
    return true;
}

static bool array_overlaps(element_set *set, const char *at, const char *end)
{
    element item;
    while (element_next(&at, end, &item)) {
        if (set_find(set, &item) != set->count) return true;
    }
    return false;
}

/* The set of the second argument is made once for all rows. A value that is no array matches none. */
static void set_call(sqlite3_context *out, sqlite3_value **arguments, set_test test)
{
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL ||
        sqlite3_value_type(arguments[1]) == SQLITE_NULL)
        return;
    const char *data = (const char *)sqlite3_value_text(arguments[0]);
    const char *operand = (const char *)sqlite3_value_text(arguments[1]);
    if (!data || !operand) {
        sqlite3_result_error_nomem(out);
        return;
    }
    size_t size = (size_t)sqlite3_value_bytes(arguments[0]);
    element_set *kept = sqlite3_get_auxdata(out, 1);
    element_set *set = kept ? kept : set_make(operand, (size_t)sqlite3_value_bytes(arguments[1]));
    if (!set) {
        sqlite3_result_error_nomem(out);
        return;
    }
    bool is_match = set->is_array && is_array(data, size) && test(set, data + 1, data + size);
    sqlite3_result_int(out, is_match);
    if (!kept) sqlite3_set_auxdata(out, 1, set, set_destroy);
}

static void contains(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    set_call(out, arguments, array_contains);
}

static void contained_by(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    set_call(out, arguments, array_is_contained);
}

static void overlaps(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    set_call(out, arguments, array_overlaps);
}

int sqlite_arrays_register(struct sqlite3 *db)
{
    static const struct {
        const char *name;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {
        {"ignis_contains", contains},
        {"ignis_contained_by", contained_by},
        {"ignis_overlaps", overlaps},
    };
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    for (size_t i = 0; i < ARRAY_COUNT(functions); i++) {
        int result = sqlite3_create_function_v2(db, functions[i].name, 2, flags, NULL,
                                                functions[i].call, NULL, NULL, NULL);
        if (result != SQLITE_OK) return result;
    }
    return SQLITE_OK;
}
