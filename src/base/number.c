/* Numbers as decimal text: integers, PostgreSQL's numeric, and the nearest double or float. */
#include "base/base.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    WHOLE_MAX = 131072,        /* digits of a numeric before the point */
    SCALE_MAX = 16383,         /* digits of a numeric after the point */
    EXPONENT_MAX = 1000000000, /* a larger one counts as this; no text has so many digits */
    /* Digits that can decide how a double is rounded: the middle between two of them has at most
       768. A further digit stands for all that follow. */
    ROUNDING_DIGITS = 770
};

/* A number in text. Its digits are counted from 0, with the point left out. */
typedef struct decimal {
    bool negative;
    const char *text; /* at the first digit or the point */
    int64_t whole;    /* digits before the point as written */
    int64_t count;    /* all digits */
    int64_t exponent;
} decimal;

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && char_is_digit(*at))
        at++;
    return at;
}

/* Reads what follows "e". false: no integer. */
static bool read_exponent(const char *at, const char *end, int64_t *exponent)
{
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (at == end) return false;
    int64_t value = 0;
    for (; at < end; at++) {
        if (!char_is_digit(*at)) return false;
        if (value < EXPONENT_MAX) value = value * 10 + (*at - '0');
    }
    if (value > EXPONENT_MAX) value = EXPONENT_MAX;
    *exponent = negative ? -value : value;
    return true;
}

static bool decimal_read(const char *data, size_t size, decimal *number)
{
    if (size == 0 || size > INT64_MAX / 2) return false;
    const char *at = data;
    const char *end = data + size;
    *number = (decimal){.negative = *at == '-'};
    if (*at == '-' || *at == '+') at++;
    number->text = at;
    at = skip_digits(at, end);
    number->whole = at - number->text;
    number->count = number->whole;
    if (at < end && *at == '.') {
        const char *fraction = at + 1;
        at = skip_digits(fraction, end);
        number->count += at - fraction;
    }
    if (number->count == 0) return false;
    if (at == end) return true;
    return (*at == 'e' || *at == 'E') && read_exponent(at + 1, end, &number->exponent);
}

/* Digits beyond either end are zeros. */
static char decimal_digit(const decimal *number, int64_t i)
{
    if (i < 0 || i >= number->count) return '0';
    return number->text[i < number->whole ? i : i + 1];
}

/* The index of the first digit that is not zero; count where there is none. */
static int64_t decimal_first(const decimal *number)
{
    int64_t i = 0;
    while (i < number->count && decimal_digit(number, i) == '0')
        i++;
    return i;
}

/* ---- integers ---- */

bool number_integer(const char *data, size_t size, int64_t *value)
{
    bool negative = size > 0 && data[0] == '-';
    size_t i = negative;
    if (i == size) return false;
    uint64_t limit = (uint64_t)INT64_MAX + negative;
    uint64_t magnitude = 0;
    for (; i < size; i++) {
        if (!char_is_digit(data[i])) return false;
        uint64_t digit = (uint64_t)(data[i] - '0');
        if (magnitude > (limit - digit) / 10) return false;
        magnitude = magnitude * 10 + digit;
    }
    *value = (int64_t)(negative ? 0 - magnitude : magnitude);
    return true;
}

/* ---- numeric ---- */

/* How a decimal is printed: digits [first, point) before and [point, end) after the point. */
typedef struct numeric_form {
    int64_t first; /* the first digit that is not zero; end: the number is zero */
    int64_t point;
    int64_t end;
    int64_t kept;    /* digits from here on are zeros */
    int64_t carried; /* this digit is one more than in the text, those behind it are zeros */
} numeric_form;

static numeric_form form_exact(const decimal *number)
{
    numeric_form form = {.first = decimal_first(number),
                         .point = number->whole + number->exponent,
                         .kept = INT64_MAX,
                         .carried = INT64_MAX};
    form.end = number->count > form.point ? number->count : form.point;
    if (form.first == number->count) form.first = form.end;
    return form;
}

/* Rounds half away from zero; scale may be negative. */
static numeric_form form_rounded(const decimal *number, int scale)
{
    numeric_form form = form_exact(number);
    bool is_zero = form.first == form.end;
    form.kept = form.point + scale;
    form.end = form.point + (scale > 0 ? scale : 0);
    if (is_zero || form.kept < form.first) {
        form.first = form.end;
    } else if (decimal_digit(number, form.kept) >= '5') {
        form.carried = form.kept - 1;
        while (form.carried >= form.first && decimal_digit(number, form.carried) == '9')
            form.carried--;
        if (form.carried < form.first) form.first = form.carried;
    } else if (form.kept == form.first) {
        form.first = form.end;
    }
    return form;
}

static char form_digit(const decimal *number, const numeric_form *form, int64_t i)
{
    if (i < form->first || i >= form->kept || i > form->carried) return '0';
    char digit = decimal_digit(number, i);
    return i == form->carried ? (char)(digit + 1) : digit;
}

static void form_write(text *out, const decimal *number, const numeric_form *form)
{
    int64_t start = form->first < form->point ? form->first : form->point - 1;
    /* The digits, a sign and a point. */
    if (!text_reserve(out, (size_t)(form->end - start) + 2)) return;
    char *to = out->data + out->size;
    if (number->negative && form->first < form->end) *to++ = '-';
    for (int64_t i = start; i < form->end; i++) {
        if (i == form->point) *to++ = '.';
        *to++ = form_digit(number, form, i);
    }
    out->size = (size_t)(to - out->data);
}

ignis_code number_numeric(text *out, const char *data, size_t size, int precision, int scale)
{
    decimal number;
    if (!decimal_read(data, size, &number)) return IGNIS_E_INVALID;
    bool bounded = precision > 0;
    numeric_form form = bounded ? form_rounded(&number, scale) : form_exact(&number);
    int64_t whole_max = bounded ? (int64_t)precision - scale : WHOLE_MAX;
    bool is_zero = form.first == form.end;
    if (!is_zero && form.point - form.first > whole_max) return IGNIS_E_LIMIT;
    if (form.point - form.first > WHOLE_MAX || form.end - form.point > SCALE_MAX) {
        return IGNIS_E_LIMIT;
    }
    form_write(out, &number, &form);
    return out->code;
}

bool number_is_written(const char *data, size_t size, int precision, int scale)
{
    const char *end = data + size;
    const char *whole = data < end && *data == '-' ? data + 1 : data;
    const char *point = skip_digits(whole, end);
    if (point == whole || (*whole == '0' && (point - whole > 1 || whole > data))) return false;
    if (point - whole > (precision > 0 ? precision - scale : WHOLE_MAX)) return false;
    if (point == end) return precision == 0 || scale == 0;
    if (*point != '.' || point + 1 == end || skip_digits(point + 1, end) != end) return false;
    ptrdiff_t fraction_size = end - point - 1;
    return precision == 0 ? fraction_size <= SCALE_MAX : fraction_size == scale;
}

/* ---- comparison ---- */

/* A text that number_numeric can have made, without zeros at either end. */
typedef struct numeric_parts {
    const char *whole;
    size_t whole_size;
    const char *fraction;
    size_t fraction_size;
    int sign; /* -1, 0, 1 */
} numeric_parts;

/* false: not such a text. */
static bool numeric_split(const char *data, size_t size, numeric_parts *parts)
{
    if (size == 0) return false;
    const char *end = data + size;
    bool negative = *data == '-';
    const char *whole = data + negative;
    const char *whole_end = skip_digits(whole, end);
    if (whole_end == whole) return false;
    const char *fraction = whole_end;
    if (whole_end < end) {
        if (*whole_end != '.') return false;
        fraction++;
        if (fraction == end || skip_digits(fraction, end) != end) return false;
    }
    while (whole < whole_end && *whole == '0')
        whole++;
    while (end > fraction && end[-1] == '0')
        end--;
    *parts = (numeric_parts){.whole = whole,
                             .whole_size = (size_t)(whole_end - whole),
                             .fraction = fraction,
                             .fraction_size = (size_t)(end - fraction)};
    bool is_zero = parts->whole_size == 0 && parts->fraction_size == 0;
    parts->sign = is_zero ? 0 : negative ? -1 : 1;
    return true;
}

/* By bytes, then by size. */
static int compare_bytes(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t common = a_size < b_size ? a_size : b_size;
    int order = common == 0 ? 0 : memcmp(a, b, common);
    if (order == 0) order = (a_size > b_size) - (a_size < b_size);
    return (order > 0) - (order < 0);
}

static int compare_magnitudes(const numeric_parts *a, const numeric_parts *b)
{
    if (a->whole_size != b->whole_size) return a->whole_size < b->whole_size ? -1 : 1;
    int order = compare_bytes(a->whole, a->whole_size, b->whole, b->whole_size);
    if (order != 0) return order;
    return compare_bytes(a->fraction, a->fraction_size, b->fraction, b->fraction_size);
}

/* Any other text follows all numbers, by its bytes, so that the order is total. */
int number_compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
    numeric_parts left, right;
    bool a_is_number = numeric_split(a, a_size, &left);
    bool b_is_number = numeric_split(b, b_size, &right);
    if (a_is_number != b_is_number) return a_is_number ? -1 : 1;
    if (!a_is_number) return compare_bytes(a, a_size, b, b_size);
    if (left.sign != right.sign) return left.sign < right.sign ? -1 : 1;
    if (left.sign == 0) return 0;
    return left.sign * compare_magnitudes(&left, &right);
}

/* ---- double and float ---- */

/* A text for strtod without a point, whose look depends on the locale: digits, "e", exponent. */
typedef struct floating_text {
    char data[ROUNDING_DIGITS + 32];
    bool is_zero;
} floating_text;

static void floating_write(const decimal *number, floating_text *out)
{
    int64_t first = decimal_first(number);
    int64_t end = number->count;
    while (end > first && decimal_digit(number, end - 1) == '0')
        end--;
    out->is_zero = first == end;
    int64_t written_end = end - first > ROUNDING_DIGITS ? first + ROUNDING_DIGITS : end;
    char *to = out->data;
    if (number->negative) *to++ = '-';
    for (int64_t i = first; i < written_end; i++)
        *to++ = decimal_digit(number, i);
    if (written_end < end) {
        *to++ = '1';
        written_end++;
    }
    if (out->is_zero) *to++ = '0';
    long long exponent = number->whole + number->exponent - written_end;
    snprintf(to, (size_t)(out->data + sizeof(out->data) - to), "e%lld", exponent);
}

/* Digits and power of ten that are both exact as doubles: their product or quotient is rounded only
   once. false: the number is not of that kind. */
static bool double_from_few_digits(const decimal *number, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int64_t exponent = number->whole - number->count + number->exponent;
    if (number->count > 15 || exponent < -22 || exponent > 22) return false;
    int64_t digits = 0;
    for (int64_t i = 0; i < number->count; i++)
        digits = digits * 10 + (decimal_digit(number, i) - '0');
    double magnitude = (double)digits;
    magnitude = exponent < 0 ? magnitude / powers[-exponent] : magnitude * powers[exponent];
    *value = number->negative ? -magnitude : magnitude;
    return true;
}

bool number_double(const char *data, size_t size, double *value)
{
    decimal number;
    if (!decimal_read(data, size, &number)) return false;
    if (double_from_few_digits(&number, value)) return true;
    floating_text digits;
    floating_write(&number, &digits);
    *value = strtod(digits.data, NULL);
    return isfinite(*value) && (*value != 0 || digits.is_zero);
}

bool number_real(const char *data, size_t size, float *value)
{
    decimal number;
    if (!decimal_read(data, size, &number)) return false;
    floating_text digits;
    floating_write(&number, &digits);
    *value = strtof(digits.data, NULL);
    return isfinite(*value) && (*value != 0 || digits.is_zero);
}
