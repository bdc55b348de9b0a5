/* The JSON writer: strings, shortest numbers, trees and the streaming calls. */
#include "base/base.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RANDOM_COUNT = 1000000, RANDOM_CHECKED = 50000 };

static int setup(void **state)
{
    static arena memory;
    memory = (arena){0};
    *state = &memory;
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *double_text(text *out, double value)
{
    out->size = 0;
    json_write_double(out, value);
    return text_finish(out);
}

static const char *real_text(text *out, float value)
{
    out->size = 0;
    json_write_real(out, value);
    return text_finish(out);
}

static uint64_t random_bits(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void escapes_what_must_be_escaped(void **state)
{
    static const struct {
        const char *string;
        const char *expected;
    } rows[] = {
        {"", "\"\""},
        {"a", "\"a\""},
        {"\"", "\"\\\"\""},
        {"\\", "\"\\\\\""},
        {"/", "\"/\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x1f", "\"\\u0001\\u001f\""},
        {"\x7f\xc3\xa9", "\"\x7f\xc3\xa9\""},
        {"0123456789abcdef\"0123456789abcdef\x02",
         "\"0123456789abcdef\\\"0123456789abcdef\\u0002\""},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        text out;
        text_init(&out, *state, 0);
        json_write_string(&out, rows[i].string, strlen(rows[i].string));
        assert_string_equal(text_finish(&out), rows[i].expected);
    }
}

static void a_nul_within_a_string_is_escaped(void **state)
{
    text out;
    text_init(&out, *state, 0);
    json_write_string(&out, "a\0b", 3);
    assert_string_equal(text_finish(&out), "\"a\\u0000b\"");
}

/* Each byte at each place of strings around the width that is handled at once. */
static void every_string_reads_back(void **state)
{
    char data[40];
    for (int byte = 1; byte < 0x80; byte++) {
        for (size_t size = 1; size < sizeof(data); size += 6) {
            for (size_t at = 0; at < size; at++) {
                memset(data, 'x', size);
                data[at] = (char)byte;
                text out;
                text_init(&out, *state, 0);
                json_write_string(&out, data, size);
                const json *value;
                json_fault fault;
                ignis_code code = json_read(*state, out.data, out.size, NULL, &value, &fault);
                assert_int_equal(code, IGNIS_OK);
                assert_int_equal(value->count, size);
                assert_memory_equal(value->as.text, data, size);
            }
        }
        arena_reset(*state);
    }
}

static void doubles_have_the_shortest_text(void **state)
{
    static const struct {
        double value;
        const char *expected;
    } rows[] = {
        {0, "0"},
        {-0.0, "-0"},
        {1, "1"},
        {-3, "-3"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.5, "1.5"},
        {100000, "100000"},
        {1e14, "100000000000000"},
        {123456789012345, "123456789012345"},
        {1e15, "1e+15"},
        {1234567890123456, "1.234567890123456e+15"},
        {9007199254740992, "9.007199254740992e+15"},
        {1e21, "1e+21"},
        {1e22, "1e+22"},
        {1e23, "1e+23"},
        {1e100, "1e+100"},
        {0.0001, "0.0001"},
        {0.00012345, "0.00012345"},
        {1e-5, "1e-05"},
        {1.5e-7, "1.5e-07"},
        {5e-324, "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {2.225073858507201e-308, "2.225073858507201e-308"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {-1.7976931348623157e308, "-1.7976931348623157e+308"},
        {2.98023223876953125e-8, "2.9802322387695312e-08"},
        {9.5367431640625e-07, "9.5367431640625e-07"},
        {4.35, "4.35"},
        {123456.789, "123456.789"},
        {99999999999999.9, "99999999999999.9"},
        {(double)NAN, "null"},
        {(double)INFINITY, "null"},
        {-(double)INFINITY, "null"},
    };
    text out;
    text_init(&out, *state, 0);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        assert_string_equal(double_text(&out, rows[i].value), rows[i].expected);
}

static void floats_have_the_shortest_text(void **state)
{
    static const struct {
        float value;
        const char *expected;
    } rows[] = {
        {0.0F, "0"},
        {-0.0F, "-0"},
        {0.1F, "0.1"},
        {16777216.0F, "1.6777216e+07"},
        {123456.0F, "123456"},
        {1e6F, "1e+06"},
        {999999.9F, "999999.9"},
        {1e-45F, "1e-45"},
        {1e-5F, "1e-05"},
        {3.4028235e38F, "3.4028235e+38"},
        {1.1754944e-38F, "1.1754944e-38"},
        {-1.5F, "-1.5"},
        {INFINITY, "null"},
        {NAN, "null"},
        {8388608.5F, "8.388608e+06"},
    };
    text out;
    text_init(&out, *state, 0);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        assert_string_equal(real_text(&out, rows[i].value), rows[i].expected);
}

/* Digits of a number's text without leading and trailing zeros. */
static int digits_of(const char *number)
{
    int count = 0;
    int zeros = 0;
    for (const char *c = number; *c != '\0' && *c != 'e'; c++) {
        if (*c < '0' || *c > '9' || (*c == '0' && count == 0)) continue;
        count++;
        zeros = *c == '0' ? zeros + 1 : 0;
    }
    return count - zeros;
}

/* printf gives the nearest text of so many digits; that one reads back if any does, but for the
   values next to a power of two, whose neighbours are not equally far away. */
static void check_shorter_double(double value, const char *written)
{
    char shorter[40];
    int digits = digits_of(written);
    snprintf(shorter, sizeof(shorter), "%.*e", digits - 1, value);
    /* Of the shortest ones the nearest: the same value as printf's where that reads back. */
    if (strtod(shorter, NULL) == value) {
        char again[40];
        snprintf(again, sizeof(again), "%.*e", digits - 1, strtod(written, NULL));
        assert_string_equal(again, shorter);
    }
    if (digits == 1) return;
    snprintf(shorter, sizeof(shorter), "%.*e", digits - 2, value);
    if (strtod(shorter, NULL) == value) fail_msg("%s is longer than %s", written, shorter);
}

static void random_doubles_read_back_and_are_shortest(void **state)
{
    text out;
    text_init(&out, *state, 0);
    uint64_t seed = 88172645463325252U;
    for (int i = 0; i < RANDOM_COUNT; i++) {
        uint64_t bits = random_bits(&seed);
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (!isfinite(value)) continue;
        const char *written = double_text(&out, value);
        if (strtod(written, NULL) != value) fail_msg("%.17g as %s", value, written);
        if (i < RANDOM_CHECKED) check_shorter_double(value, written);
    }
}

static void doubles_around_powers_of_two_and_ten_read_back(void **state)
{
    text out;
    text_init(&out, *state, 0);
    for (int exponent = -1074; exponent < 1024; exponent++) {
        double power = ldexp(1, exponent);
        double values[] = {power, nextafter(power, 0), nextafter(power, (double)INFINITY)};
        for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
            const char *written = double_text(&out, values[i]);
            assert_true(strtod(written, NULL) == values[i]);
            if (values[i] != 0) check_shorter_double(values[i], written);
        }
    }
    for (int exponent = -323; exponent < 309; exponent++) {
        char expected[16];
        snprintf(expected, sizeof(expected), "1e%d", exponent);
        double power = strtod(expected, NULL);
        assert_int_equal(digits_of(double_text(&out, power)), 1);
        assert_true(strtod(out.data, NULL) == power);
    }
}

static void decimals_of_few_digits_come_back_as_they_were(void **state)
{
    text out;
    text_init(&out, *state, 0);
    for (int i = 0; i < 200000; i++) {
        char expected[32];
        int value = i * 37 + 1;
        snprintf(expected, sizeof(expected), "%d.%03d", value / 1000, value % 1000);
        size_t size = strlen(expected);
        while (expected[size - 1] == '0')
            size--;
        if (expected[size - 1] == '.') size--;
        expected[size] = '\0';
        assert_string_equal(double_text(&out, value / 1000.0), expected);
    }
}

static void random_floats_read_back_and_are_shortest(void **state)
{
    text out;
    text_init(&out, *state, 0);
    uint64_t seed = 2463534242U;
    for (int i = 0; i < RANDOM_COUNT; i++) {
        uint32_t bits = (uint32_t)random_bits(&seed);
        float value;
        memcpy(&value, &bits, sizeof(value));
        if (!isfinite(value)) continue;
        const char *written = real_text(&out, value);
        if (strtof(written, NULL) != value) fail_msg("%.9g as %s", (double)value, written);
        int digits = digits_of(written);
        if (i > RANDOM_CHECKED || digits == 1) continue;
        char shorter[40];
        snprintf(shorter, sizeof(shorter), "%.*e", digits - 2, (double)value);
        if (strtof(shorter, NULL) == value) fail_msg("%s is longer than %s", written, shorter);
    }
}

static void the_streaming_writer_sets_commas(void **state)
{
    text out;
    text_init(&out, *state, 0);
    json_writer writer = {.out = &out};
    json_begin_object(&writer);
    json_key(&writer, "a\"b");
    json_put_integer(&writer, INT64_MIN);
    json_key(&writer, "list");
    json_begin_array(&writer);
    json_put_boolean(&writer, true);
    json_put_boolean(&writer, false);
    json_put_null(&writer);
    json_put_string(&writer, NULL);
    json_put_string(&writer, "s");
    json_begin_array(&writer);
    json_end_array(&writer);
    json_begin_object(&writer);
    json_end_object(&writer);
    json_put_raw(&writer, "1e5", 3);
    json_end_array(&writer);
    json_key(&writer, "z");
    json_put_null(&writer);
    json_end_object(&writer);
    assert_string_equal(text_finish(&out), "{\"a\\\"b\":-9223372036854775808,\"list\":[true,false,"
                                           "null,null,\"s\",[],{},1e5],\"z\":null}");
}

static void a_refused_allocation_sticks(void **state)
{
    static const char long_string[] = "a string that is longer than what a first block may hold, "
                                      "so that more than one piece of memory is asked for \n\n";
    ignis_code code = IGNIS_E_MEMORY;
    uint64_t failed = 0;
    for (uint64_t n = 1; code != IGNIS_OK; n++) {
        text out;
        text_init(&out, *state, 0);
        arena_fault_at(n);
        for (int i = 0; i < 100; i++) {
            json_write_string(&out, long_string, sizeof(long_string) - 1);
            json_write_double(&out, 1.5 * i);
        }
        const char *data = text_finish(&out);
        arena_fault_at(0);
        code = out.code;
        assert_int_equal(data == NULL, code != IGNIS_OK);
        failed += code == IGNIS_E_MEMORY;
    }
    assert_true(failed > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(escapes_what_must_be_escaped),
        TEST(a_nul_within_a_string_is_escaped),
        TEST(every_string_reads_back),
        TEST(doubles_have_the_shortest_text),
        TEST(floats_have_the_shortest_text),
        TEST(random_doubles_read_back_and_are_shortest),
        TEST(doubles_around_powers_of_two_and_ten_read_back),
        TEST(decimals_of_few_digits_come_back_as_they_were),
        TEST(random_floats_read_back_and_are_shortest),
        TEST(the_streaming_writer_sets_commas),
        TEST(a_refused_allocation_sticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
