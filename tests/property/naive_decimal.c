#include "property/naive.h"

#include <stdlib.h>
#include <string.h>

/* 0.DIGITS * 10^point, the digits without zeros in front or at the end. */
typedef struct decimal {
    bool is_negative;
    const char *digits;
    size_t count;
    int64_t point;
    int64_t scale; /* digits after the point as written; below 0 by an exponent */
} decimal;

enum { EXPONENT_MAX = 100000 };

static size_t digits_span(const char *text)
{
    return strspn(text, "0123456789");
}

bool naive_decimal_read(const char *text, size_t size)
{
    const char *at = text;
    if (*at == '-' || *at == '+') at++;
    size_t whole = digits_span(at);
    size_t fraction = 0;
    at += whole;
    if (*at == '.') {
        fraction = digits_span(at + 1);
        at += 1 + fraction;
    }
    if (whole + fraction == 0) return false;
    if (*at == 'e' || *at == 'E') {
        at++;
        if (*at == '-' || *at == '+') at++;
        size_t exponent = digits_span(at);
        if (exponent == 0) return false;
        at += exponent;
    }
    return at == text + size;
}

static decimal decimal_split(naive_memory *memory, const char *text)
{
    decimal made = {0};
    if (*text == '-' || *text == '+') made.is_negative = *text++ == '-';
    size_t whole = digits_span(text);
    size_t fraction = text[whole] == '.' ? digits_span(text + whole + 1) : 0;
    char *digits = naive_alloc(memory, whole + fraction + 1);
    memcpy(digits, text, whole);
    if (fraction > 0) memcpy(digits + whole, text + whole + 1, fraction);
    const char *after = text + whole + (text[whole] == '.' ? 1 + fraction : 0);
    int64_t exponent = *after == 'e' || *after == 'E' ? strtoll(after + 1, NULL, 10) : 0;
    if (exponent > EXPONENT_MAX) exponent = EXPONENT_MAX;
    if (exponent < -EXPONENT_MAX) exponent = -EXPONENT_MAX;
    made.scale = (int64_t)fraction - exponent;
    made.point = (int64_t)whole + exponent;
    made.count = whole + fraction;
    while (made.count > 0 && *digits == '0') {
        digits++;
        made.count--;
        made.point--;
    }
    while (made.count > 0 && digits[made.count - 1] == '0')
        made.count--;
    if (made.count == 0) made.point = 0;
    if (made.count == 0) made.is_negative = false;
    made.digits = digits;
    return made;
}

static int magnitude_compare(const decimal *a, const decimal *b)
{
    if (a->count == 0 || b->count == 0) return (a->count > 0) - (b->count > 0);
    if (a->point != b->point) return a->point < b->point ? -1 : 1;
    return naive_bytes_compare(a->digits, a->count, b->digits, b->count);
}

int naive_decimal_compare(const char *a, const char *b)
{
    naive_memory scratch = {0};
    decimal left = decimal_split(&scratch, a);
    decimal right = decimal_split(&scratch, b);
    int order = 0;
    if (left.is_negative != right.is_negative)
        order = left.is_negative ? -1 : 1;
    else
        order =
            left.is_negative ? magnitude_compare(&right, &left) : magnitude_compare(&left, &right);
    naive_free(&scratch);
    return order;
}

/* The digit at a power of ten: 0 the ones, -1 the tenths. */
static char digit_at(const decimal *d, int64_t power)
{
    int64_t index = d->point - 1 - power;
    return index < 0 || index >= (int64_t)d->count ? '0' : d->digits[index];
}

static const char *decimal_write(naive_memory *memory, const decimal *d, int64_t scale)
{
    if (scale < 0) scale = 0;
    int64_t whole = d->point > 1 ? d->point : 1;
    char *out = naive_alloc(memory, (size_t)(whole + scale) + 3);
    char *at = out;
    if (d->is_negative) *at++ = '-';
    for (int64_t power = whole - 1; power >= -scale; power--) {
        if (power == -1) *at++ = '.';
        *at++ = digit_at(d, power);
    }
    return out;
}

const char *naive_decimal_plain(naive_memory *memory, const char *text)
{
    decimal d = decimal_split(memory, text);
    return decimal_write(memory, &d, d.scale);
}

const char *naive_decimal_short(naive_memory *memory, const char *text)
{
    decimal d = decimal_split(memory, text);
    return decimal_write(memory, &d, d.count == 0 ? 0 : (int64_t)d.count - d.point);
}

const char *naive_decimal_round(naive_memory *memory, const char *text, size_t scale)
{
    decimal d = decimal_split(memory, text);
    bool is_up = digit_at(&d, -(int64_t)scale - 1) >= '5';
    char *cut = naive_bytes(memory, decimal_write(memory, &d, (int64_t)scale),
                            strlen(decimal_write(memory, &d, (int64_t)scale)));
    size_t size = strlen(cut);
    size_t first = *cut == '-';
    for (size_t i = size; is_up && i-- > first;) {
        if (cut[i] == '.') continue;
        is_up = cut[i] == '9';
        cut[i] = is_up ? '0' : (char)(cut[i] + 1);
    }
    if (is_up) {
        char *longer = naive_alloc(memory, size + 2);
        memcpy(longer, cut, first);
        longer[first] = '1';
        memcpy(longer + first + 1, cut + first, size - first);
        cut = longer;
    }
    decimal rounded = decimal_split(memory, cut);
    return decimal_write(memory, &rounded, (int64_t)scale);
}
