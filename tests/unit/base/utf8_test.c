#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <utf8proc.h>

static void every_code_point_is_as_utf8proc_says(void **state)
{
    (void)state;
    for (utf8proc_int32_t point = 1; point < 0x110000; point++) {
        utf8proc_uint8_t bytes[4];
        size_t size = (size_t)utf8proc_encode_char(point, bytes);
        const char *data = (const char *)bytes;
        bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
        if (utf8_is_valid(data, size) == is_surrogate) fail_msg("U+%04X", (unsigned)point);
        if (is_surrogate) continue;
        const char *at = data;
        if (utf8_next(&at) != (uint32_t)point || at != data + size) {
            fail_msg("U+%04X", (unsigned)point);
        }
        if (utf8_count(data, size) != 1) fail_msg("U+%04X", (unsigned)point);
        for (size_t cut = 1; cut < size; cut++) {
            if (utf8_is_valid(data, cut)) fail_msg("U+%04X cut", (unsigned)point);
        }
    }
}

/* Every sequence of up to three bytes, and every four with a last byte from the edges. */
static void short_sequences_are_judged_as_by_utf8proc(void **state)
{
    (void)state;
    static const unsigned char lasts[] = {0x00, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};
    for (uint32_t i = 0; i < 0x1000000; i += (i & 0xFF) == 0xFF || i % 3 ? 1 : 2) {
        for (size_t j = 0; j < (i >> 16 >= 0xEF ? ARRAY_COUNT(lasts) : 1); j++) {
            utf8proc_uint8_t bytes[4] = {(utf8proc_uint8_t)(i >> 16), (utf8proc_uint8_t)(i >> 8),
                                         (utf8proc_uint8_t)i, lasts[j]};
            if (bytes[0] < 0xC0) continue;
            bool expected = true;
            for (utf8proc_ssize_t at = 0; at < 4 && expected;) {
                utf8proc_int32_t point;
                utf8proc_ssize_t size = utf8proc_iterate(bytes + at, 4 - at, &point);
                expected = size > 0 && point != 0;
                at += size;
            }
            if (utf8_is_valid((const char *)bytes, 4) != expected) {
                fail_msg("%02X %02X %02X %02X", bytes[0], bytes[1], bytes[2], bytes[3]);
            }
        }
    }
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
        cmocka_unit_test(every_code_point_is_as_utf8proc_says),
        cmocka_unit_test(short_sequences_are_judged_as_by_utf8proc),
        cmocka_unit_test(a_bad_byte_is_found_wherever_it_stands),
        cmocka_unit_test(characters_are_counted),
        cmocka_unit_test(a_cut_is_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
