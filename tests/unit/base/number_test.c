/* Numbers in decimal text: integers, numeric, and the nearest double and float. */
#include "base/base.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

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

/* A copy of exactly its size, so that a read past the end is seen. */
static char *exact(const char *string)
{
    size_t size = strlen(string);
    char *copy = test_malloc(size + 1);
    memcpy(copy + 1, string, size);
    return copy;
}

static void integers_are_read_whole_and_within_64_bits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_integer;
        int64_t value;
    } rows[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"007", true, 7},
        {"-12", true, -12},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"000000000000000000000000000001", true, 1},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"92233720368547758070", false, 0},
        {"18446744073709551616", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"1e2", false, 0},
        {"0x1", false, 0},
        {"--1", false, 0},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        int64_t value = 0;
        char *copy = exact(rows[i].text);
        assert_int_equal(number_integer(copy + 1, strlen(rows[i].text), &value),
                         rows[i].is_integer);
        assert_true(value == rows[i].value);
        test_free(copy);
    }
}

/* Expectations are what PostgreSQL 15 answers to 'text'::numeric(precision, scale). */
static void numeric_prints_as_postgres_does(void **state)
{
    static const struct {
        const char *text;
        const char *expected;
        int precision;
        int scale;
    } rows[] = {
        {"1.50", "1.50", 0, 0},
        {"1e-3", "0.001", 0, 0},
        {"1e2", "100", 0, 0},
        {"1.50E1", "15.0", 0, 0},
        {"1.5e+3", "1500", 0, 0},
        {"-0.0", "0.0", 0, 0},
        {"-0", "0", 0, 0},
        {"0e-3", "0.000", 0, 0},
        {"0e5", "0", 0, 0},
        {"007", "7", 0, 0},
        {".5", "0.5", 0, 0},
        {"5.", "5", 0, 0},
        {"+5", "5", 0, 0},
        {"-.5e1", "-5", 0, 0},
        {"123e-5", "0.00123", 0, 0},
        {"12345678901234567890.1230", "12345678901234567890.1230", 0, 0},
        {"5", "5.00", 10, 2},
        {"0", "0.00", 10, 2},
        {"1.005", "1.01", 10, 2},
        {"-1.005", "-1.01", 10, 2},
        {"1.00499999", "1.00", 10, 2},
        {"-0.001", "0.00", 5, 2},
        {"-0.005", "-0.01", 5, 2},
        {"0.995", "1.00", 3, 2},
        {"9.994", "9.99", 3, 2},
        {"99.5", "100", 3, 0},
        {"0.5", "1", 1, 0},
        {"0.4999", "0", 1, 0},
        {"1e-20", "0.00", 5, 2},
        {"999e-3", "1.0", 3, 1},
        {"12345", "12300", 5, -2},
        {"12350", "12400", 5, -2},
        {"49.5", "0", 3, -2},
        {"50", "100", 3, -2},
        {"0.00994", "0.0099", 2, 4},
        {"0.000049", "0.0000", 2, 4},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        text out;
        text_init(&out, *state, 0);
        char *copy = exact(rows[i].text);
        ignis_code code =
            number_numeric(&out, copy + 1, strlen(rows[i].text), rows[i].precision, rows[i].scale);
        assert_int_equal(code, IGNIS_OK);
        assert_string_equal(text_finish(&out), rows[i].expected);
        /* What is said to be written that way is. */
        if (number_is_written(copy + 1, strlen(rows[i].text), rows[i].precision, rows[i].scale))
            assert_string_equal(rows[i].text, rows[i].expected);
        test_free(copy);
    }
    assert_true(number_is_written("123.25", 6, 10, 2));
    assert_true(number_is_written("-7", 2, 0, 0));
    assert_false(number_is_written("0.5", 3, 1, 1));
    assert_false(number_is_written("1234.5", 6, 4, 1));
}

static void numeric_refuses_other_texts(void **state)
{
    static const char *const rows[] = {
        "",    "-",        "+",     ".",    "-.",    "e5",  ".e5",  "1e",
        "1e+", "1e1.5",    "1.2.3", "--1",  "1 ",    " 1",  "1,5",  "NaN",
        "nan", "Infinity", "inf",   "0x10", "1_000", "abc", "1e5x",
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        text out;
        text_init(&out, *state, 0);
        double value;
        float real;
        char *copy = exact(rows[i]);
        size_t size = strlen(rows[i]);
        assert_int_equal(number_numeric(&out, copy + 1, size, 0, 0), IGNIS_E_INVALID);
        assert_int_equal(out.size, 0);
        assert_false(number_double(copy + 1, size, &value));
        assert_false(number_real(copy + 1, size, &real));
        test_free(copy);
    }
}

static void numeric_is_bounded(void **state)
{
    static const struct {
        const char *text;
        int precision;
        int scale;
        ignis_code code;
    } rows[] = {
        {"1e131071", 0, 0, IGNIS_OK},
        {"1e131072", 0, 0, IGNIS_E_LIMIT},
        {"0.001e131074", 0, 0, IGNIS_OK},
        {"1e-16383", 0, 0, IGNIS_OK},
        {"1e-16384", 0, 0, IGNIS_E_LIMIT},
        {"1e-16384", 5, 2, IGNIS_OK},
        {"0e-16384", 0, 0, IGNIS_E_LIMIT},
        {"1e99999999999999999999999", 0, 0, IGNIS_E_LIMIT},
        {"1e-99999999999999999999999", 0, 0, IGNIS_E_LIMIT},
        {"1e99999999999999999999999", 5, 2, IGNIS_E_LIMIT},
        {"1000", 5, 2, IGNIS_E_LIMIT},
        {"999.99", 5, 2, IGNIS_OK},
        {"999.995", 5, 2, IGNIS_E_LIMIT},
        {"10", 1, 0, IGNIS_E_LIMIT},
        {"9.5", 1, 0, IGNIS_E_LIMIT},
        {"0.01", 2, 4, IGNIS_E_LIMIT},
        {"0.00995", 2, 4, IGNIS_E_LIMIT},
        {"99949", 3, -2, IGNIS_OK},
        {"99950", 3, -2, IGNIS_E_LIMIT},
        {"100000", 3, -2, IGNIS_E_LIMIT},
        {"0", 1, 1, IGNIS_OK},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        text out;
        text_init(&out, *state, 0);
        ignis_code code = number_numeric(&out, rows[i].text, strlen(rows[i].text),
                                         rows[i].precision, rows[i].scale);
        if (code != rows[i].code) fail_msg("%s: %d", rows[i].text, code);
    }
}

static void numeric_reports_refused_memory(void **state)
{
    text out;
    text_init(&out, *state, 0);
    arena_fault_at(1);
    assert_int_equal(number_numeric(&out, "1e1000", 6, 0, 0), IGNIS_E_MEMORY);
    arena_fault_at(0);
}

static void numbers_compare_by_value(void **state)
{
    (void)state;
    /* Ascending, equal ones in one row; then what is no number, by its bytes. */
    static const char *const rows[][3] = {
        {"-100000000000000000000", "-100000000000000000000.0"},
        {"-10", "-10.00"},
        {"-9.5"},
        {"-1", "-1.0"},
        {"-0.01"},
        {"0", "0.00", "-0"},
        {"0.001", "0.0010"},
        {"0.01"},
        {"0.1", "0.100"},
        {"0.11"},
        {"1", "1.0", "01"},
        {"1.5"},
        {"9"},
        {"10", "010.0"},
        {"10.000000000000000000000001"},
        {"123456789012345678901234567890"},
        {""},
        {"-"},
        {"-."},
        {".5"},
        {"1."},
        {"1.5x"},
        {"1e5"},
        {"NaN"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows) * 3; i++) {
        for (size_t j = 0; j < ARRAY_COUNT(rows) * 3; j++) {
            const char *left = rows[i / 3][i % 3];
            const char *right = rows[j / 3][j % 3];
            if (left == NULL || right == NULL) continue;
            char *a = exact(left);
            char *b = exact(right);
            int expected = i / 3 < j / 3 ? -1 : i / 3 > j / 3;
            int order = number_compare(a + 1, strlen(left), b + 1, strlen(right));
            if (order != expected) fail_msg("%s and %s: %d", left, right, order);
            test_free(a);
            test_free(b);
        }
    }
    assert_int_equal(number_compare(NULL, 0, NULL, 0), 0);
    assert_int_equal(number_compare(NULL, 0, "1", 1), 1);
}

static uint64_t random_bits(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void numbers_compare_like_integers(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252U;
    for (int i = 0; i < 100000; i++) {
        int64_t left = (int64_t)random_bits(&seed) >> (random_bits(&seed) % 63);
        int64_t right = i % 4 == 0 ? left + 1 - i % 3 : (int64_t)random_bits(&seed) >> (i % 63);
        char a[32];
        char b[32];
        snprintf(a, sizeof(a), "%lld.%s", (long long)left, i % 2 == 0 ? "0" : "000");
        snprintf(b, sizeof(b), "%lld", (long long)right);
        assert_int_equal(number_compare(a, strlen(a), b, strlen(b)),
                         (left > right) - (left < right));
    }
}

static void doubles_are_read_exactly_rounded(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "0",
        "-0.0",
        "1",
        "+1.5",
        ".5",
        "5.",
        "0.1",
        "-123.456e7",
        "1e22",
        "1e23",
        "8.5e-5",
        "9007199254740993",
        "9007199254740992.99999999999999",
        "5e-324",
        "2.4703282292062328e-324",
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "0.000000000000000000001e21",
        "123456789012345678901234567890e-20",
        "1e-400e",
        "0e999999999999999",
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        size_t size = strlen(rows[i]);
        char *end;
        double expected = strtod(rows[i], &end);
        double value = -1;
        char *copy = exact(rows[i]);
        assert_int_equal(number_double(copy + 1, size, &value), *end == '\0');
        if (*end == '\0') assert_memory_equal(&value, &expected, sizeof(value));
        test_free(copy);
    }
}

static void doubles_out_of_range_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"1e309",
                                       "-1e309",
                                       "1.8e308",
                                       "1e-400",
                                       "2.4703282292062327e-324",
                                       "1e99999999999999999999"};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        double value;
        float real;
        assert_false(number_double(rows[i], strlen(rows[i]), &value));
        assert_false(number_real(rows[i], strlen(rows[i]), &real));
    }
}

/* The middle between two doubles has hundreds of digits, and the last of them decides. */
static void the_last_of_many_digits_decides(void **state)
{
    (void)state;
    char digits[1200];
    uint64_t seed = 2463534242U;
    for (int i = 0; i < 2000; i++) {
        uint64_t bits = random_bits(&seed) & 0x7fffffffffffffff;
        double low;
        memcpy(&low, &bits, sizeof(low));
        if (!isfinite(low) || !isfinite(nextafter(low, (double)INFINITY))) continue;
        /* The middle as a long double is exact. */
        long double middle = ((long double)low + (long double)nextafter(low, (double)INFINITY)) / 2;
        int size = snprintf(digits, sizeof(digits), "%.780Le", middle);
        char *exponent = strchr(digits, 'e');
        static const char tails[][4] = {"", "1", "00", "001"};
        for (size_t j = 0; j < ARRAY_COUNT(tails); j++) {
            char with_tail[1300];
            size = snprintf(with_tail, sizeof(with_tail), "%.*s%s%s", (int)(exponent - digits),
                            digits, tails[j], exponent);
            double value = 0;
            assert_true(number_double(with_tail, (size_t)size, &value));
            assert_true(value == strtod(with_tail, NULL));
        }
    }
}

static void random_doubles_and_floats_read_back(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252U;
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = random_bits(&seed);
        uint32_t half = (uint32_t)bits;
        double value;
        float real;
        memcpy(&value, &bits, sizeof(value));
        memcpy(&real, &half, sizeof(real));
        char digits[64];
        double value_read;
        float real_read;
        if (isfinite(value)) {
            int size = snprintf(digits, sizeof(digits), "%.*g", 17, value);
            assert_true(number_double(digits, (size_t)size, &value_read));
            assert_true(value_read == value);
        }
        if (isfinite(real)) {
            int size = snprintf(digits, sizeof(digits), "%.*g", 9, (double)real);
            assert_true(number_real(digits, (size_t)size, &real_read));
            assert_true(real_read == real);
        }
    }
}

/* By way of a double it would be rounded twice. */
static void floats_are_rounded_once(void **state)
{
    (void)state;
    static const char middle[] = "1.00000017881393432617187499";
    float value;
    assert_true(number_real(middle, sizeof(middle) - 1, &value));
    assert_true(value == 1.00000011920928955078125F);
    assert_false(number_real("1e39", 4, &value));
    assert_false(number_real("1e-46", 5, &value));
    assert_true(number_real("1e-45", 5, &value));
}

static void the_locale_changes_nothing(void **state)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    const char *set = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(names) && set == NULL; i++)
        set = setlocale(LC_ALL, names[i]);
    double value = 0;
    bool is_read = number_double("0.12345678901234567", 19, &value);
    text out;
    text_init(&out, *state, 0);
    json_write_double(&out, 0.12345678901234567);
    setlocale(LC_ALL, "C");
    assert_true(is_read);
    assert_true(value == 0.12345678901234567);
    assert_string_equal(text_finish(&out), "0.12345678901234566");
}

/* Expected values by ECMA-262, Number::toString, and node's String(number). */
static void doubles_print_as_javascript_prints_them(void **state)
{
    static const struct {
        double number;
        const char *text;
    } rows[] = {
        {0.0, "0"},
        {-0.0, "0"},
        {1.0, "1"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {100.25, "100.25"},
        {1e20, "100000000000000000000"},
        {123456789012345680000.0, "123456789012345680000"},
        {1e21, "1e+21"},
        {1.5e300, "1.5e+300"},
        {-1.25e-7, "-1.25e-7"},
        {0.000001, "0.000001"},
        {1e-7, "1e-7"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        text out;
        text_init(&out, *state, 0);
        text_string(&out, "n: ");
        number_script(&out, rows[i].number);
        const char *whole = text_finish(&out);
        assert_non_null(whole);
        assert_string_equal(whole + 3, rows[i].text);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(integers_are_read_whole_and_within_64_bits),
        TEST(numeric_prints_as_postgres_does),
        TEST(numeric_refuses_other_texts),
        TEST(numeric_is_bounded),
        TEST(numeric_reports_refused_memory),
        TEST(numbers_compare_by_value),
        TEST(numbers_compare_like_integers),
        TEST(doubles_are_read_exactly_rounded),
        TEST(doubles_out_of_range_are_refused),
        TEST(the_last_of_many_digits_decides),
        TEST(random_doubles_and_floats_read_back),
        TEST(floats_are_rounded_once),
        TEST(the_locale_changes_nothing),
        TEST(doubles_print_as_javascript_prints_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
