/* JSON text from strings, numbers, trees and calls. */
#include "base/base.h"

#include <math.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ---- strings ---- */

#ifdef __SSE2__
/* Copies 16 bytes. A bit for each quote, backslash and control character. */
static unsigned copy_chunk(const char *at, char *out)
{
    __m128i chunk = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i special = _mm_cmpeq_epi8(_mm_min_epu8(chunk, _mm_set1_epi8(0x1f)), chunk);
    special = _mm_or_si128(special, _mm_cmpeq_epi8(chunk, _mm_set1_epi8('"')));
    special = _mm_or_si128(special, _mm_cmpeq_epi8(chunk, _mm_set1_epi8('\\')));
    _mm_storeu_si128((__m128i *)(void *)out, chunk);
    return (unsigned)_mm_movemask_epi8(special);
}
#endif

/* Copies the bytes before the next quote, backslash or control character and returns where that is.
   There is room for all bytes up to end. */
static const char *copy_plain(const char *at, const char *end, char **out_end)
{
    char *out = *out_end;
#ifdef __SSE2__
    const char *start = at;
    for (; end - at >= 16; at += 16, out += 16) {
        unsigned mask = copy_chunk(at, out);
        if (mask == 0) continue;
        *out_end = out + __builtin_ctz(mask);
        return at + __builtin_ctz(mask);
    }
    /* The rest with bytes before it, which are copied again. */
    if (at > start && at < end) {
        ptrdiff_t again = 16 - (end - at);
        unsigned mask = copy_chunk(at - again, out - again);
        ptrdiff_t plain = (mask != 0 ? __builtin_ctz(mask) : 16) - again;
        *out_end = out + plain;
        return at + plain;
    }
#endif
    while (at < end && (unsigned char)*at >= ' ' && *at != '"' && *at != '\\')
        *out++ = *at++;
    *out_end = out;
    return at;
}

static void write_escape(text *out, char c)
{
    static const char digits[] = "0123456789abcdef";
    char escape[6] = {'\\', c, '0', '0', '0', '0'};
    size_t size = 2;
    switch (c) {
    case '"':
    case '\\': break;
    case '\b': escape[1] = 'b'; break;
    case '\f': escape[1] = 'f'; break;
    case '\n': escape[1] = 'n'; break;
    case '\r': escape[1] = 'r'; break;
    case '\t': escape[1] = 't'; break;
    default:
        escape[1] = 'u';
        escape[4] = digits[(unsigned char)c >> 4];
        escape[5] = digits[(unsigned char)c & 15];
        size = 6;
    }
    text_append(out, escape, size);
}

void json_write_string(text *out, const char *data, size_t size)
{
    const char *at = size > 0 ? data : "";
    const char *end = at + size;
    text_char(out, '"');
    while (at < end) {
        /* One more for the closing quote: most strings ask for room once. */
        if (!text_reserve(out, (size_t)(end - at) + 1)) return;
        char *to = out->data + out->size;
        at = copy_plain(at, end, &to);
        out->size = (size_t)(to - out->data);
        if (at < end) write_escape(out, *at++);
    }
    text_char(out, '"');
}

/* ---- doubles ---- */

/* The shortest decimal of a double or float is found as in R. Giulietti, "The Schubfach way to
   render doubles" (2020): the ends of the interval that reads back as the value are scaled by a
   power of ten with 128 bits, rounded so that comparisons with integers stay right. */

typedef struct power {
    uint64_t high;
    uint64_t low;
} power;

/* value = significand * 10^exponent */
typedef struct shortest {
    uint64_t significand;
    int exponent;
} shortest;

__extension__ typedef unsigned __int128 wide;

enum { COARSE_STEP = 28, COARSE_FIRST = -11 };

/* floor(log10(2^e)), floor(log10(3/4 * 2^e)) and floor(log2(10^e)) for the exponents of doubles. */
static int log10_pow2(int e)
{
    return (e * 1262611) >> 22;
}

static int log10_three_quarters_pow2(int e)
{
    return (e * 1262611 - 524031) >> 22;
}

static int log2_pow10(int e)
{
    return (e * 1741647) >> 19;
}

/* 10^n, scaled by a power of two into [2^127, 2^128): above the exact value, by at most 3. */
static power power_of_ten(int n)
{
    /* 10^(28 * i), i from COARSE_FIRST, cut to 128 bits. */
    static const power coarse[] = {
        {0xe61acf033d1a45df, 0x6fb92487298e33bd}, {0xe858ad248f5c22c9, 0xd1b3400f8f9cff68},
        {0xea9c227723ee8bcb, 0x465e15a979c1cadc}, {0xece53cec4a314ebd, 0xa4f8bf5635246428},
        {0xef340a98172aace4, 0x86fb897116c87c34}, {0xf18899b1bc3f8ca1, 0xdc44e6c3cb279ac1},
        {0xf3e2f893dec3f126, 0x5a89dba3c3efccfa}, {0xf64335bcf065d37d, 0x4d4617b5ff4a16d5},
        {0xf8a95fcf88747d94, 0x75a44c6397ce912a}, {0xfb158592be068d2e, 0xeed6e2f0f0d56712},
        {0xfd87b5f28300ca0d, 0x8bca9d6e188853fc}, {0x8000000000000000, 0x0000000000000000},
        {0x813f3978f8940984, 0x4000000000000000}, {0x82818f1281ed449f, 0xbff8f10e7a8921a4},
        {0x83c7088e1aab65db, 0x792667c6da79e0fa}, {0x850fadc09923329e, 0x03e2cf6bc604ddb0},
        {0x865b86925b9bc5c2, 0x0b8a2392ba45a9b2}, {0x87aa9aff79042286, 0x90fb44d2f05d0842},
        {0x88fcf317f22241e2, 0x441fece3bdf81f03}, {0x8a5296ffe33cc92f, 0x82bd6b70d99aaa6f},
        {0x8bab8eefb6409c1a, 0x1ad089b6c2f7548e}, {0x8d07e33455637eb2, 0xdb0b487b6423e1e8},
        {0x8e679c2f5e44ff8f, 0x570f09eaa7ea7648},
    };
    static const uint64_t fives[COARSE_STEP] = {
        1u,
        5u,
        25u,
        125u,
        625u,
        3125u,
        15625u,
        78125u,
        390625u,
        1953125u,
        9765625u,
        48828125u,
        244140625u,
        1220703125u,
        6103515625u,
        30517578125u,
        152587890625u,
        762939453125u,
        3814697265625u,
        19073486328125u,
        95367431640625u,
        476837158203125u,
        2384185791015625u,
        11920928955078125u,
        59604644775390625u,
        298023223876953125u,
        1490116119384765625u,
        7450580596923828125u,
    };
    int rest = n - COARSE_FIRST * COARSE_STEP;
    power base = coarse[rest / COARSE_STEP];
    uint64_t fine = fives[rest % COARSE_STEP];
    fine <<= __builtin_clzll(fine);
    wide low = (wide)base.low * fine;
    wide product = (wide)base.high * fine + (uint64_t)(low >> 64);
    if (product >> 127 == 0) product = product << 1 | (uint64_t)low >> 63;
    product += 3;
    return (power){.high = (uint64_t)(product >> 64), .low = (uint64_t)product};
}

/* The whole part of g * factor / 2^128; odd where the quotient is no integer. */
static uint64_t scale_to_odd(power g, uint64_t factor)
{
    wide low = (wide)g.low * factor;
    wide product = (wide)g.high * factor + (uint64_t)(low >> 64);
    return (uint64_t)(product >> 64) | ((uint64_t)product > 1);
}

/* The shortest decimal that reads back as c * 2^q, and of these the nearest. at_edge: the next
   smaller value is only half as far away as the next greater one. */
static shortest shortest_of(uint64_t c, int q, bool at_edge)
{
    bool is_odd = c & 1; /* the ends of its interval read back as its neighbours */
    int k = at_edge ? log10_three_quarters_pow2(q) : log10_pow2(q);
    int h = q + log2_pow10(-k) + 1;
    power g = power_of_ten(-k);
    uint64_t lower = scale_to_odd(g, (4 * c - (at_edge ? 1 : 2)) << h) + is_odd;
    uint64_t value = scale_to_odd(g, (4 * c) << h);
    uint64_t upper = scale_to_odd(g, (4 * c + 2) << h) - is_odd;

    uint64_t s = value / 4;
    if (s >= 10) {
        uint64_t tens = s / 10;
        bool down = lower <= 40 * tens;
        bool up = 40 * tens + 40 <= upper;
        if (down != up) return (shortest){.significand = tens + up, .exponent = k + 1};
    }
    bool down = lower <= 4 * s;
    bool up = 4 * s + 4 <= upper;
    if (down == up) {
        uint64_t middle = 4 * s + 2;
        up = value > middle || (value == middle && (s & 1));
    }
    return (shortest){.significand = s + up, .exponent = k};
}

/* As PostgreSQL prints a float: the point moves within -4 <= exponent < exponent_max, beyond it
   the form is 1.5e-07. */
static void write_decimal(text *out, shortest decimal, int exponent_max)
{
    char digits[20];
    int size = 0;
    while (decimal.significand % 10 == 0) {
        decimal.significand /= 10;
        decimal.exponent++;
    }
    for (uint64_t rest = decimal.significand; rest > 0; rest /= 10)
        digits[sizeof(digits) - (size_t)++size] = (char)('0' + rest % 10);
    const char *first = digits + sizeof(digits) - size;
    int exponent = decimal.exponent + size - 1;

    char buffer[40];
    char *to = buffer;
    if (exponent < -4 || exponent >= exponent_max) {
        *to++ = *first;
        if (size > 1) *to++ = '.';
        for (int i = 1; i < size; i++)
            *to++ = first[i];
        *to++ = 'e';
        *to++ = exponent < 0 ? '-' : '+';
        int magnitude = exponent < 0 ? -exponent : exponent;
        if (magnitude >= 100) *to++ = (char)('0' + magnitude / 100);
        *to++ = (char)('0' + magnitude / 10 % 10);
        *to++ = (char)('0' + magnitude % 10);
    } else {
        int start = exponent < 0 ? exponent : 0;
        int end = exponent >= size ? exponent + 1 : size;
        for (int i = start; i < end; i++) {
            if (i == exponent + 1) *to++ = '.';
            *to++ = i < 0 || i >= size ? '0' : first[i];
        }
    }
    text_append(out, buffer, (size_t)(to - buffer));
}

/* Whether it was written: zero, or nothing that has digits. */
static bool write_special(text *out, double value)
{
    if (!isfinite(value)) {
        text_append(out, "null", 4);
    } else if (value == 0) {
        text_string(out, signbit(value) ? "-0" : "0");
    } else {
        return false;
    }
    return true;
}

void json_write_double(text *out, double value)
{
    if (write_special(out, value)) return;
    if (value > -1e15 && value < 1e15 && value == (double)(int64_t)value) {
        text_integer(out, (int64_t)value);
        return;
    }
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    uint64_t c = bits & 0xfffffffffffff;
    int biased = (int)(bits >> 52 & 0x7ff);
    bool at_edge = c == 0 && biased > 1;
    if (biased > 0) c |= (uint64_t)1 << 52;
    if (value < 0) text_char(out, '-');
    write_decimal(out, shortest_of(c, (biased > 0 ? biased : 1) - 1075, at_edge), 15);
}

void json_write_real(text *out, float value)
{
    if (write_special(out, (double)value)) return;
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    uint32_t c = bits & 0x7fffff;
    int biased = (int)(bits >> 23 & 0xff);
    bool at_edge = c == 0 && biased > 1;
    if (biased > 0) c |= (uint32_t)1 << 23;
    if (value < 0) text_char(out, '-');
    write_decimal(out, shortest_of(c, (biased > 0 ? biased : 1) - 150, at_edge), 6);
}

/* ---- trees ---- */

static void write_array(text *out, const json *value)
{
    text_char(out, '[');
    for (size_t i = 0; i < value->count; i++) {
        if (i > 0) text_char(out, ',');
        json_write_value(out, &value->as.items[i]);
    }
    text_char(out, ']');
}

static void write_object(text *out, const json *value)
{
    text_char(out, '{');
    for (size_t i = 0; i < value->count; i++) {
        const json_member *member = &value->as.members[i];
        if (i > 0) text_char(out, ',');
        json_write_string(out, member->name, member->name_size);
        text_char(out, ':');
        json_write_value(out, &member->value);
    }
    text_char(out, '}');
}

/* As results show them. */
static void write_native(text *out, const json *value)
{
    char shown[TIME_TEXT_MAX];
    size_t size;
    text_char(out, '"');
    if (value->kind == JSON_BYTES) {
        base64_write(out, value->as.text, value->count);
    } else {
        size = value->kind == JSON_DATE ? time_write_date(shown, value->integer)
                                        : time_write(shown, value->integer, true);
        text_append(out, shown, size);
    }
    text_char(out, '"');
}

void json_write_value(text *out, const json *value)
{
    switch (value->kind) {
    case JSON_NULL: text_append(out, "null", 4); break;
    case JSON_BOOLEAN: text_string(out, value->boolean ? "true" : "false"); break;
    case JSON_INTEGER:
    case JSON_NUMBER:
    case JSON_RAW: text_append(out, value->as.text, value->count); break;
    case JSON_STRING: json_write_string(out, value->as.text, value->count); break;
    case JSON_ARRAY: write_array(out, value); break;
    case JSON_OBJECT: write_object(out, value); break;
    case JSON_BYTES:
    case JSON_DATE:
    case JSON_TIME: write_native(out, value); break;
    }
}

/* ---- the streaming writer ---- */

/* Before each value and name; what comes next is separated from it. */
static void separate(json_writer *writer)
{
    if (writer->comma) text_char(writer->out, ',');
    writer->comma = true;
}

static void begin(json_writer *writer, char bracket)
{
    separate(writer);
    text_char(writer->out, bracket);
    writer->comma = false;
}

static void end(json_writer *writer, char bracket)
{
    text_char(writer->out, bracket);
    writer->comma = true;
}

void json_begin_object(json_writer *writer)
{
    begin(writer, '{');
}

void json_end_object(json_writer *writer)
{
    end(writer, '}');
}

void json_begin_array(json_writer *writer)
{
    begin(writer, '[');
}

void json_end_array(json_writer *writer)
{
    end(writer, ']');
}

void json_key(json_writer *writer, const char *name)
{
    separate(writer);
    json_write_string(writer->out, name, strlen(name));
    text_char(writer->out, ':');
    writer->comma = false;
}

void json_put_string(json_writer *writer, const char *string)
{
    if (string == NULL) {
        json_put_null(writer);
        return;
    }
    separate(writer);
    json_write_string(writer->out, string, strlen(string));
}

void json_put_integer(json_writer *writer, int64_t value)
{
    separate(writer);
    text_integer(writer->out, value);
}

void json_put_boolean(json_writer *writer, bool value)
{
    separate(writer);
    text_string(writer->out, value ? "true" : "false");
}

void json_put_null(json_writer *writer)
{
    separate(writer);
    text_append(writer->out, "null", 4);
}

void json_put_raw(json_writer *writer, const char *data, size_t size)
{
    separate(writer);
    text_append(writer->out, data, size);
}
