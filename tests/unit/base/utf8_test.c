#include "base/base.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* What iconv of the C library makes of the bytes: the number of code points, or -1. */
static int oracle(iconv_t converter, char *bytes, size_t size, uint32_t points[4])
{
    char *in = bytes;
    char *out = (char *)points;
    size_t room = 4 * sizeof *points;
    (void)iconv(converter, NULL, NULL, NULL, NULL);
    if (iconv(converter, &in, &size, &out, &room) == (size_t)-1) return -1;
    return (int)(4 - room / sizeof *points);
}

static iconv_t oracle_open(void)
{
    const uint16_t one = 1;
    bool is_little = *(const unsigned char *)&one == 1;
    iconv_t converter = iconv_open(is_little ? "UTF-32LE" : "UTF-32BE", "UTF-8");
    assert_true(converter != (iconv_t)-1);
    return converter;
}

static size_t encode(uint32_t point, char bytes[4])
{
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    bytes[0] = (char)(leads[size] | point);
    return size;
}

static void every_code_point_is_as_iconv_says(void **state)
{
    (void)state;
    iconv_t converter = oracle_open();
    for (uint32_t point = 1; point < 0x120000; point++) {
        char bytes[4];
        uint32_t points[4];
        size_t size = encode(point, bytes);
        bool is_valid = oracle(converter, bytes, size, points) == 1;
        if (utf8_is_valid(bytes, size) != is_valid) fail_msg("U+%04X", (unsigned)point);
        if (!is_valid) continue;
        const char *at = bytes;
        if (utf8_next(&at) != points[0] || at != bytes + size) {
            fail_msg("U+%04X", (unsigned)point);
        }
        if (utf8_count(bytes, size) != 1) fail_msg("U+%04X", (unsigned)point);
        for (size_t cut = 1; cut < size; cut++) {
            if (utf8_is_valid(bytes, cut)) fail_msg("U+%04X cut", (unsigned)point);
        }
    }
    assert_int_equal(iconv_close(converter), 0);
}

/* All sequences of four bytes from the edges of every class of byte. */
static void sequences_are_judged_as_by_iconv(void **state)
{
    (void)state;
    static const unsigned char edges[] = {0x01, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                          0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                          0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFE, 0xFF};
    enum { EDGES_COUNT = ARRAY_COUNT(edges) };
    iconv_t converter = oracle_open();
    for (size_t i = 0; i < EDGES_COUNT * EDGES_COUNT * EDGES_COUNT * EDGES_COUNT; i++) {
        char bytes[4];
        size_t rest = i;
        for (size_t at = 0; at < 4; at++) {
            bytes[at] = (char)edges[rest % EDGES_COUNT];
            rest /= EDGES_COUNT;
        }
        uint32_t points[4];
        int count = oracle(converter, bytes, 4, points);
        if (utf8_is_valid(bytes, 4) != (count >= 0) ||
            (count >= 0 && utf8_count(bytes, 4) != (size_t)count)) {
            fail_msg("%02X %02X %02X %02X", (unsigned char)bytes[0], (unsigned char)bytes[1],
                     (unsigned char)bytes[2], (unsigned char)bytes[3]);
        }
    }
    assert_int_equal(iconv_close(converter), 0);
}

static void a_bad_byte_is_found_wherever_it_stands(void **state)
{
    (void)state;
    static const char bad[] = {'\0', '\x80', '\xC0', '\xFF', '\xE9'};
    char data[40];
    for (size_t size = 1; size <= sizeof data; size++) {
        memset(data, 'a', sizeof data);
        assert_true(utf8_is_valid(data, size));
        for (size_t at = 0; at < size; at++) {
            for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
                data[at] = bad[i];
                assert_false(utf8_is_valid(data, size));
            }
            data[at] = 'a';
        }
    }
    assert_true(utf8_is_valid("", 0));
}

static void characters_are_counted(void **state)
{
    (void)state;
    assert_int_equal(utf8_count("", 0), 0);
    assert_int_equal(utf8_count("abc", 3), 3);
    assert_int_equal(utf8_count("äöü", 6), 3);
    assert_int_equal(utf8_count("a€😀", 8), 3);
}

static void a_cut_is_at_a_character(void **state)
{
    (void)state;
    static const char data[] = "aé€😀z"; /* begin at 0, 1, 3, 6, 10; 11 bytes */
    static const size_t cuts[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11, 11};
    for (size_t i = 0; i < ARRAY_COUNT(cuts); i++) {
        assert_int_equal(utf8_cut(data, sizeof data - 1, i), cuts[i]);
    }
    assert_int_equal(utf8_cut(data, 3, 2), 1);
    assert_int_equal(utf8_cut(data, 3, 100), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_is_as_iconv_says),
        cmocka_unit_test(sequences_are_judged_as_by_iconv),
        cmocka_unit_test(a_bad_byte_is_found_wherever_it_stands),
        cmocka_unit_test(characters_are_counted),
        cmocka_unit_test(a_cut_is_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
