/* number_script: doubles as JavaScript prints them. */
#include "base/base.h"

/* The significant digits of a double: 0.DIGITS * 10^point. */
typedef struct decimal {
    char digits[32];
    int count;
    int point;
    bool negative;
} decimal;

/* Takes the text of json_write_double apart. */
static void decimal_read(decimal *out, const char *number)
{
    bool after_point = false;
    *out = (decimal){0};
    if (*number == '-') {
        out->negative = true;
        number++;
    }
    for (; char_is_digit(*number) || *number == '.'; number++) {
        if (*number == '.') {
            after_point = true;
            continue;
        }
        bool leading = out->count == 0 && *number == '0';
        if (!after_point && !leading) out->point++;
        if (after_point && leading) out->point--;
        if (!leading && out->count < (int)sizeof(out->digits)) {
            out->digits[out->count++] = *number;
        }
    }
    if (*number == 'e') {
        bool minus = number[1] == '-';
        int exponent = 0;
        for (number += 1 + (number[1] == '-' || number[1] == '+'); char_is_digit(*number);
             number++) {
            exponent = exponent * 10 + (*number - '0');
        }
        out->point += minus ? -exponent : exponent;
    }
    while (out->count > 0 && out->digits[out->count - 1] == '0') {
        out->count--;
    }
}

static void write_zeros(text *out, int count)
{
    for (int i = 0; i < count; i++) {
        text_char(out, '0');
    }
}

/* ECMA-262, Number::toString. */
static void decimal_write(text *out, const decimal *in)
{
    size_t count = (size_t)in->count;
    if (count == 0) {
        text_char(out, '0');
        return;
    }
    if (in->negative) text_char(out, '-');
    if (in->point > 21 || in->point <= -6) {
        text_char(out, in->digits[0]);
        if (count > 1) text_char(out, '.');
        text_append(out, in->digits + 1, count - 1);
        text_format(out, "e%+d", in->point - 1);
    } else if (in->point <= 0) {
        text_string(out, "0.");
        write_zeros(out, -in->point);
        text_append(out, in->digits, count);
    } else if (in->point >= in->count) {
        text_append(out, in->digits, count);
        write_zeros(out, in->point - in->count);
    } else {
        text_append(out, in->digits, (size_t)in->point);
        text_char(out, '.');
        text_append(out, in->digits + in->point, count - (size_t)in->point);
    }
}

void number_script(text *out, double number)
{
    decimal parts;
    size_t start = out->size;
    json_write_double(out, number);
    const char *shortest = text_finish(out);
    if (!shortest) return;
    decimal_read(&parts, shortest + start);
    out->size = start;
    decimal_write(out, &parts);
}
