/* number_add: the exact sum of two decimals. */
#include "base/base.h"

/* A numeric text in parts: digits before and behind the point. */
typedef struct decimal {
    bool is_negative;
    const char *whole;
    size_t whole_size;
    const char *fraction;
    size_t fraction_size;
} decimal;

static void decimal_read(const char *data, size_t size, decimal *parts)
{
    const char *end = data + size;
    *parts = (decimal){.is_negative = size > 0 && data[0] == '-'};
    if (parts->is_negative) data++;
    const char *point = memchr(data, '.', (size_t)(end - data));
    parts->whole = data;
    parts->whole_size = (size_t)((point ? point : end) - data);
    parts->fraction = point ? point + 1 : end;
    parts->fraction_size = (size_t)(end - parts->fraction);
}

/* The digit at a place: 0 is the last before the point, -1 the first behind it. */
static int digit_at(const decimal *parts, int64_t place)
{
    if (place >= 0) {
        bool is_there = (uint64_t)place < parts->whole_size;
        return is_there ? parts->whole[parts->whole_size - 1 - (size_t)place] - '0' : 0;
    }
    size_t index = (size_t)(-place) - 1;
    return index < parts->fraction_size ? parts->fraction[index] - '0' : 0;
}

static int magnitude_compare(const decimal *a, const decimal *b, int64_t high, int64_t low)
{
    for (int64_t place = high; place >= low; place--) {
        int difference = digit_at(a, place) - digit_at(b, place);
        if (difference != 0) return difference;
    }
    return 0;
}

/* The digits of |a| + |b| or |a| - |b|, a being the greater, the last place first. */
static void digits_write(text *out, const decimal *a, const decimal *b, bool is_sum, int64_t high,
                         int64_t low)
{
    int carry = 0;
    for (int64_t place = low; place <= high; place++) {
        int digit = digit_at(a, place) + (is_sum ? 1 : -1) * digit_at(b, place) + carry;
        carry = digit > 9 ? 1 : digit < 0 ? -1 : 0;
        text_char(out, (char)('0' + digit - 10 * carry));
        if (place == -1) text_char(out, '.');
    }
}

static void reverse(char *data, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        char c = data[i];
        data[i] = data[size - 1 - i];
        data[size - 1 - i] = c;
    }
}

void number_add(text *out, const char *a, size_t a_size, const char *b, size_t b_size)
{
    decimal left;
    decimal right;
    decimal_read(a, a_size, &left);
    decimal_read(b, b_size, &right);
    size_t whole = left.whole_size > right.whole_size ? left.whole_size : right.whole_size;
    size_t fraction =
        left.fraction_size > right.fraction_size ? left.fraction_size : right.fraction_size;
    int64_t high = (int64_t)whole; /* one more, for the carry */
    int64_t low = -(int64_t)fraction;
    bool is_sum = left.is_negative == right.is_negative;
    int order = magnitude_compare(&left, &right, high, low);
    const decimal *greater = order >= 0 ? &left : &right;
    const decimal *less = order >= 0 ? &right : &left;
    bool is_zero = !is_sum && order == 0;
    size_t start = out->size;
    digits_write(out, greater, less, is_sum, high, low);
    if (out->code != IGNIS_OK) return;
    /* No zeros before the first digit, one before the point. */
    size_t least = fraction > 0 ? fraction + 2 : 1;
    while (out->size - start > least && out->data[out->size - 1] == '0')
        out->size--;
    if (greater->is_negative && !is_zero) text_char(out, '-');
    if (out->code == IGNIS_OK) reverse(out->data + start, out->size - start);
}
