/* PostgreSQL's numeric on the wire: the number of digits, the weight of the first, sign and scale, two
   bytes each, then digits to the base 10,000: src/backend/utils/adt/numeric.c, numeric_send. */
#include "driver/postgres.h"

enum {
    HEADER_SIZE = 8,
    SIGN_PLUS = 0,
    SIGN_MINUS = 0x4000,
    SIGN_NAN = 0xC000,
    SIGN_INFINITY = 0xD000,
    SIGN_MINUS_INFINITY = 0xF000,
    SCALE_MAX = 0x3FFF,
    BASE = 10000,
    BASE_DIGITS = 4
};

/* ---- reading ---- */

typedef struct wire_numeric {
    const char *digits;
    int count;
    int weight; /* of the first digit: 0 stands right before the point */
    int scale;  /* decimal digits after the point */
} wire_numeric;

static ignis_code word_give(ignis_cell *cell, const char *word)
{
    *cell = (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = strlen(word), .as.text = word};
    return IGNIS_OK;
}

/* The four decimal digits at a place; zeros beyond the ends. */
static void digit_write(char out[BASE_DIGITS], const wire_numeric *number, int place)
{
    int i = number->weight - place;
    int digit = i >= 0 && i < number->count ? postgres_get16(number->digits + 2 * i) : 0;
    for (int k = BASE_DIGITS - 1; k >= 0; k--) {
        out[k] = (char)('0' + digit % 10);
        digit /= 10;
    }
}

static char *whole_write(char *out, const wire_numeric *number)
{
    if (number->weight < 0) {
        *out++ = '0';
        return out;
    }
    char *start = out;
    for (int place = number->weight; place >= 0; place--) {
        digit_write(out, number, place);
        out += BASE_DIGITS;
    }
    size_t zeros = 0;
    while (start + zeros + 1 < out && start[zeros] == '0') {
        zeros++;
    }
    memmove(start, start + zeros, (size_t)(out - start) - zeros);
    return out - zeros;
}

static char *fraction_write(char *out, const wire_numeric *number)
{
    if (number->scale == 0) return out;
    *out++ = '.';
    char *end = out + number->scale;
    for (int place = -1; out < end; place--) {
        char digits[BASE_DIGITS];
        digit_write(digits, number, place);
        for (int k = 0; k < BASE_DIGITS && out < end; k++) {
            *out++ = digits[k];
        }
    }
    return out;
}

static bool digits_are_valid(const wire_numeric *number)
{
    for (int i = 0; i < number->count; i++) {
        if (postgres_get16(number->digits + 2 * i) >= BASE) return false;
    }
    return true;
}

ignis_code postgres_numeric_decode(arena *memory, const char *data, size_t size, ignis_cell *cell)
{
    if (size < HEADER_SIZE) return IGNIS_E_DATABASE;
    uint16_t sign = postgres_get16(data + 4);
    if (sign == SIGN_NAN) return word_give(cell, "NaN");
    if (sign == SIGN_INFINITY) return word_give(cell, "Infinity");
    if (sign == SIGN_MINUS_INFINITY) return word_give(cell, "-Infinity");
    const wire_numeric number = {.digits = data + HEADER_SIZE,
                                 .count = postgres_get16(data),
                                 .weight = (int16_t)postgres_get16(data + 2),
                                 .scale = postgres_get16(data + 6)};
    bool is_valid = (sign == SIGN_PLUS || sign == SIGN_MINUS) && number.scale <= SCALE_MAX &&
                    size == HEADER_SIZE + 2 * (size_t)number.count && digits_are_valid(&number);
    if (!is_valid) return IGNIS_E_DATABASE;
    size_t whole_size = number.weight < 0 ? 1 : ((size_t)number.weight + 1) * BASE_DIGITS;
    char *out = arena_alloc(memory, whole_size + (size_t)number.scale + 2); /* sign, point */
    if (!out) return IGNIS_E_MEMORY;
    char *end = out;
    if (sign == SIGN_MINUS) *end++ = '-';
    end = whole_write(end, &number);
    end = fraction_write(end, &number);
    *cell = (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = (size_t)(end - out), .as.text = out};
    return IGNIS_OK;
}

/* ---- writing ---- */

static bool word_is(const char *data, size_t size, const char *word)
{
    return size == strlen(word) && memcmp(data, word, size) == 0;
}

/* The sign of what is no number. 0: it is one, or nothing. */
static uint16_t special_sign(const char *data, size_t size)
{
    if (word_is(data, size, "NaN")) return SIGN_NAN;
    if (word_is(data, size, "Infinity")) return SIGN_INFINITY;
    return word_is(data, size, "-Infinity") ? SIGN_MINUS_INFINITY : SIGN_PLUS;
}

static void header_write(text *out, int count, int weight, uint16_t sign, int scale)
{
    postgres_put16(out, (uint16_t)count);
    postgres_put16(out, (uint16_t)weight);
    postgres_put16(out, sign);
    postgres_put16(out, (uint16_t)scale);
}

/* A plain decimal: digits around a point. */
typedef struct plain_numeric {
    const char *whole;
    int whole_size;
    const char *fraction;
    int fraction_size;
} plain_numeric;

/* The digit to the base 10,000 at a place. */
static int digit_read(const plain_numeric *number, int place)
{
    int digit = 0;
    for (int k = 0; k < BASE_DIGITS; k++) {
        char c = '0';
        if (place >= 0) {
            int i = number->whole_size - (place + 1) * BASE_DIGITS + k;
            if (i >= 0) c = number->whole[i];
        } else {
            int i = (-place - 1) * BASE_DIGITS + k;
            if (i < number->fraction_size) c = number->fraction[i];
        }
        digit = digit * 10 + (c - '0');
    }
    return digit;
}

static void plain_write(text *out, const plain_numeric *number, bool negative)
{
    int first = (number->whole_size + BASE_DIGITS - 1) / BASE_DIGITS - 1;
    int last = -((number->fraction_size + BASE_DIGITS - 1) / BASE_DIGITS);
    while (first >= last && digit_read(number, first) == 0) {
        first--;
    }
    while (last <= first && digit_read(number, last) == 0) {
        last++;
    }
    int count = first - last + 1;
    if (count <= 0) {
        header_write(out, 0, 0, SIGN_PLUS, number->fraction_size);
        return;
    }
    header_write(out, count, first, negative ? SIGN_MINUS : SIGN_PLUS, number->fraction_size);
    for (int place = first; place >= last; place--) {
        postgres_put16(out, (uint16_t)digit_read(number, place));
    }
}

/* A text that number_numeric has written, or would. */
static void decimal_write(text *out, const char *data, size_t size)
{
    bool negative = size > 0 && data[0] == '-';
    const char *whole = data + negative;
    const char *end = data + size;
    const char *point = memchr(whole, '.', (size_t)(end - whole));
    const char *fraction = point ? point + 1 : end;
    const plain_numeric number = {.whole = whole,
                                  .whole_size = (int)((point ? point : end) - whole),
                                  .fraction = fraction,
                                  .fraction_size = (int)(end - fraction)};
    plain_write(out, &number, negative);
}

ignis_code postgres_numeric_encode(text *out, arena *scratch, const char *data, size_t size)
{
    uint16_t special = special_sign(data, size);
    if (special != SIGN_PLUS) {
        header_write(out, 0, 0, special, 0);
        return out->code;
    }
    if (number_is_written(data, size, 0, 0)) {
        decimal_write(out, data, size);
        return out->code;
    }
    ignis_mark mark = arena_mark(scratch);
    text plain;
    text_init(&plain, scratch, 0);
    ignis_code code = number_numeric(&plain, data, size, 0, 0);
    if (code == IGNIS_OK) {
        decimal_write(out, plain.data, plain.size);
        code = out->code;
    }
    arena_release(scratch, mark);
    return code;
}
