#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

/* As PostgreSQL 15 reads them (time zone UTC), in the JSON form. NULL: it refuses them. */
typedef struct reading {
    const char *given;
    const char *timestamptz;
    const char *timestamp;
    const char *date;
} reading;

#define BOTH(clock) clock "Z", clock
#define REFUSED     NULL, NULL, NULL

static const reading readings[] = {
    /* forms */
    {"2024-03-10", BOTH("2024-03-10T00:00:00.000"), "2024-03-10"},
    {"2024-03-10T10:20", BOTH("2024-03-10T10:20:00.000"), "2024-03-10"},
    {"2024-03-10 10:20:30", BOTH("2024-03-10T10:20:30.000"), "2024-03-10"},
    {"2024-03-10t10:20z", BOTH("2024-03-10T10:20:00.000"), "2024-03-10"},
    {"2024-03-10T10:20:30.", BOTH("2024-03-10T10:20:30.000"), "2024-03-10"},
    {"2024-3-1", BOTH("2024-03-01T00:00:00.000"), "2024-03-01"},
    {"2024-03-10T1:2:3", BOTH("2024-03-10T01:02:03.000"), "2024-03-10"},
    {"2024-03-10  10:20", BOTH("2024-03-10T10:20:00.000"), "2024-03-10"},
    {"2024-03-10 T10:20", BOTH("2024-03-10T10:20:00.000"), "2024-03-10"},
    {" 2024-03-10T10:20:30Z\t", BOTH("2024-03-10T10:20:30.000"), "2024-03-10"},
    {"20240310", BOTH("2024-03-10T00:00:00.000"), "2024-03-10"},
    {"20240310T102030", BOTH("2024-03-10T10:20:30.000"), "2024-03-10"},
    {"20240310T1020", BOTH("2024-03-10T10:20:00.000"), "2024-03-10"},
    {"20240310T102030.5Z", BOTH("2024-03-10T10:20:30.500"), "2024-03-10"},
    {"2024-03-10 102030", BOTH("2024-03-10T10:20:30.000"), "2024-03-10"},
    {"20240310 10:20", BOTH("2024-03-10T10:20:00.000"), "2024-03-10"},
    {"2024-03-10T10", REFUSED},
    {"2024-03-10 10", REFUSED},
    {"2024-03-10T", REFUSED},
    {"2024-03-10T102", REFUSED},
    {"2024-03-10T10203", REFUSED},
    {"2024-03-10T10:20:30,5", REFUSED},
    {"2024-03-10T10:20:30.5.5", REFUSED},
    {"2024-03-10T10:20:30Zz", REFUSED},
    {"2024-003-10", REFUSED},
    {"2024-03", REFUSED},
    {"2024", REFUSED},
    {"", REFUSED},
    {" ", REFUSED},
    {"abc", REFUSED},
    {"+2024-03-10", REFUSED},
    {"-2024-03-10", REFUSED},
    {"2024-W10-7", REFUSED},
    /* zones */
    {"2024-03-10 10:20:30.5+02", "2024-03-10T08:20:30.500Z", "2024-03-10T10:20:30.500",
     "2024-03-10"},
    {"2024-03-10T10:20 +02", "2024-03-10T08:20:00.000Z", "2024-03-10T10:20:00.000", "2024-03-10"},
    {"2024-03-10T10:20 Z", BOTH("2024-03-10T10:20:00.000"), "2024-03-10"},
    {"2024-03-10T10:20+2", "2024-03-10T08:20:00.000Z", "2024-03-10T10:20:00.000", "2024-03-10"},
    {"2024-03-10T10:20+0230", "2024-03-10T07:50:00.000Z", "2024-03-10T10:20:00.000", "2024-03-10"},
    {"2024-03-10T10:20+230", "2024-03-10T07:50:00.000Z", "2024-03-10T10:20:00.000", "2024-03-10"},
    {"2024-03-10T10:20+02:30:15", "2024-03-10T07:49:45.000Z", "2024-03-10T10:20:00.000",
     "2024-03-10"},
    {"2024-03-10T10:20-00:30", "2024-03-10T10:50:00.000Z", "2024-03-10T10:20:00.000", "2024-03-10"},
    {"2024-03-10T10:20-15:59:59", "2024-03-11T02:19:59.000Z", "2024-03-10T10:20:00.000",
     "2024-03-10"},
    {"2024-03-10T10:20+15:59:59", "2024-03-09T18:20:01.000Z", "2024-03-10T10:20:00.000",
     "2024-03-10"},
    {"2024-03-10T10:20+1559", "2024-03-09T18:21:00.000Z", "2024-03-10T10:20:00.000", "2024-03-10"},
    {"2024-03-10Z", BOTH("2024-03-10T00:00:00.000"), "2024-03-10"},
    {"2024-03-10+02", "2024-03-09T22:00:00.000Z", "2024-03-10T00:00:00.000", "2024-03-10"},
    {"2024-03-10 -02", "2024-03-10T02:00:00.000Z", "2024-03-10T00:00:00.000", "2024-03-10"},
    {"2024-03-10-02", REFUSED},
    {"2024-03-10T10:20+16", REFUSED},
    {"2024-03-10T10:20+1600", REFUSED},
    {"2024-03-10T10:20+02:60", REFUSED},
    {"2024-03-10T10:20+02:30:60", REFUSED},
    {"2024-03-10T10:20+023015", REFUSED},
    {"2024-03-10T10:20+", REFUSED},
    /* clocks */
    {"2024-03-10T24:00:00", BOTH("2024-03-11T00:00:00.000"), "2024-03-10"},
    {"2024-12-31T24:00", BOTH("2025-01-01T00:00:00.000"), "2024-12-31"},
    {"2024-03-10T24:00:00.0000001", BOTH("2024-03-11T00:00:00.000"), "2024-03-10"},
    {"2024-03-10T23:59:60", BOTH("2024-03-11T00:00:00.000"), "2024-03-10"},
    {"2024-02-29T23:59:60Z", BOTH("2024-03-01T00:00:00.000"), "2024-02-29"},
    {"2024-03-10T10:20:60.5", BOTH("2024-03-10T10:21:00.500"), "2024-03-10"},
    {"2024-03-10T23:59:59.9999999", BOTH("2024-03-11T00:00:00.000"), "2024-03-10"},
    {"2024-03-10T24:00:01", REFUSED},
    {"2024-03-10T24:00:00.5", REFUSED},
    {"2024-03-10T23:59:60.5", REFUSED},
    {"2024-03-10T23:59:60.0000006", REFUSED},
    {"2024-03-10T10:60:00", REFUSED},
    {"2024-03-10T10:20:61", REFUSED},
    {"2024-03-10T25:00:00", REFUSED},
    /* rounding */
    {"2024-03-10T10:20:30.123", BOTH("2024-03-10T10:20:30.123"), "2024-03-10"},
    {"2024-03-10T10:20:30.123456", BOTH("2024-03-10T10:20:30.123456"), "2024-03-10"},
    {"2024-03-10T10:20:30.000001", BOTH("2024-03-10T10:20:30.000001"), "2024-03-10"},
    {"2024-03-10T10:20:30.0000005", BOTH("2024-03-10T10:20:30.000"), "2024-03-10"},
    {"2024-03-10T10:20:30.0000015", BOTH("2024-03-10T10:20:30.000002"), "2024-03-10"},
    {"2024-03-10T10:20:30.0000025", BOTH("2024-03-10T10:20:30.000002"), "2024-03-10"},
    {"2024-03-10T10:20:30.1234565", BOTH("2024-03-10T10:20:30.123456"), "2024-03-10"},
    {"2024-03-10T10:20:30.1234575", BOTH("2024-03-10T10:20:30.123458"), "2024-03-10"},
    {"2024-03-10T10:20:30.1234564999999999999999", BOTH("2024-03-10T10:20:30.123456"),
     "2024-03-10"},
    {"2024-03-10T10:20:30.9999995", BOTH("2024-03-10T10:20:31.000"), "2024-03-10"},
    {"2024-03-10T10:20:30.9999994", BOTH("2024-03-10T10:20:30.999999"), "2024-03-10"},
    {"2024-03-10T10:20:30.12345678912345678912345678912345678912345678912345678912345678912345678",
     BOTH("2024-03-10T10:20:30.123457"), "2024-03-10"},
    {"1999-12-31T23:59:59.9999996", BOTH("2000-01-01T00:00:00.000"), "1999-12-31"},
    /* dates */
    {"2024-02-29", BOTH("2024-02-29T00:00:00.000"), "2024-02-29"},
    {"2000-02-29", BOTH("2000-02-29T00:00:00.000"), "2000-02-29"},
    {"0001-01-01", BOTH("0001-01-01T00:00:00.000"), "0001-01-01"},
    {"010000-01-01", BOTH("10000-01-01T00:00:00.000"), "10000-01-01"},
    {"2023-02-29", REFUSED},
    {"1900-02-29", REFUSED},
    {"2024-02-30", REFUSED},
    {"20240230", REFUSED},
    {"2024-04-31", REFUSED},
    {"2024-00-10", REFUSED},
    {"2024-13-10", REFUSED},
    {"2024-01-00", REFUSED},
    {"2024-01-32", REFUSED},
    {"0000-01-01", REFUSED},
    {"0000-01-01 BC", REFUSED},
    /* before the year 1 */
    {"0001-01-01 BC", "0001-01-01T00:00:00.000Z BC", "0001-01-01T00:00:00.000 BC", "0001-01-01 BC"},
    {"0044-03-15T10:20:30.5 bc", "0044-03-15T10:20:30.500Z BC", "0044-03-15T10:20:30.500 BC",
     "0044-03-15 BC"},
    {"0044-03-15 00:00:00+00 BC", "0044-03-15T00:00:00.000Z BC", "0044-03-15T00:00:00.000 BC",
     "0044-03-15 BC"},
    {"0044-03-15T00:00:00.000Z  BC ", "0044-03-15T00:00:00.000Z BC", "0044-03-15T00:00:00.000 BC",
     "0044-03-15 BC"},
    {"0005-02-29 BC", "0005-02-29T00:00:00.000Z BC", "0005-02-29T00:00:00.000 BC", "0005-02-29 BC"},
    {"0004-02-29 BC", REFUSED},
    {"0044-03-15 B", REFUSED},
    {"0044-03-15 BCE", REFUSED},
    /* the ends of the ranges */
    {"4714-11-24 BC", "4714-11-24T00:00:00.000Z BC", "4714-11-24T00:00:00.000 BC", "4714-11-24 BC"},
    {"4714-11-23T23:59:59 BC", REFUSED},
    {"4714-11-24T00:00:00+01 BC", NULL, "4714-11-24T00:00:00.000 BC", "4714-11-24 BC"},
    {"4714-11-23T23:00:00-01 BC", "4714-11-24T00:00:00.000Z BC", NULL, NULL},
    {"294276-12-31T23:59:59.999999", BOTH("294276-12-31T23:59:59.999999"), "294276-12-31"},
    {"294276-12-31T24:00:00", NULL, NULL, "294276-12-31"},
    {"294276-12-31T23:59:59.9999999", NULL, NULL, "294276-12-31"},
    {"294276-12-31T23:59:59.999999-01", NULL, "294276-12-31T23:59:59.999999", "294276-12-31"},
    {"294277-01-01T15:00:00+15:30", "294276-12-31T23:30:00.000Z", NULL, "294277-01-01"},
    {"294277-01-01", NULL, NULL, "294277-01-01"},
    {"5874897-12-31", NULL, NULL, "5874897-12-31"},
    {"5874898-01-01", REFUSED},
    {"9999999-12-31T24:00:00", REFUSED},
    /* infinity */
    {"infinity", "infinity", "infinity", "infinity"},
    {"-infinity", "-infinity", "-infinity", "-infinity"},
    {" Infinity ", "infinity", "infinity", "infinity"},
    {"-INFINITY", "-infinity", "-infinity", "-infinity"},
    {"+infinity", REFUSED},
    {"inf", REFUSED},
    {"infinityx", REFUSED},
};

/* What PostgreSQL reads and we refuse: no ISO 8601, and its meaning is a guess. */
static const char *const refused[] = {
    "now",
    "2024/03/10",
    "24-03-10",
    "202-03-10",
    "2024-070",
    "March 10, 2024",
    "2024-03-10T10:20.5",
    "2024-03-10T1060",
    "10:20",
    "2024-03-10T-10:20",
    "0044-03-15 AD",
    "2024-03-10T10:20:30.5e1",
    "2024-03-10 BC 10:20",
    "2024-03-10T10:20 UTC",
    "2024-03-10T10:20+02:",
    "00002024-03-10",
};

static void reading_assert(const char *given, const char *expected, bool is_read, const char *out,
                           size_t size)
{
    if (is_read != (expected != NULL)) fail_msg("\"%s\"", given);
    if (!is_read) return;
    if (size != strlen(expected) || memcmp(out, expected, size) != 0) {
        fail_msg("\"%s\" is %.*s, not %s", given, (int)size, out, expected);
    }
}

static void texts_are_read_as_postgresql_reads_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(readings); i++) {
        const reading *row = &readings[i];
        size_t size = strlen(row->given);
        char out[TIME_TEXT_MAX];
        int64_t value = 0;
        bool is_read = time_read(row->given, size, true, &value);
        reading_assert(row->given, row->timestamptz, is_read, out, time_write(out, value, true));
        is_read = time_read(row->given, size, false, &value);
        reading_assert(row->given, row->timestamp, is_read, out, time_write(out, value, false));
        is_read = time_read_date(row->given, size, &value);
        reading_assert(row->given, row->date, is_read, out, time_write_date(out, value));
    }
}

static void what_is_no_iso_8601_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
        int64_t value = 0;
        reading_assert(refused[i], NULL, time_read(refused[i], strlen(refused[i]), true, &value),
                       "", 0);
        reading_assert(refused[i], NULL, time_read_date(refused[i], strlen(refused[i]), &value), "",
                       0);
    }
    int64_t value;
    assert_false(time_read("2024-03-10\0", 11, true, &value));
    char digits[500] = "2024-03-10T10:20:30.";
    memset(digits + 20, '1', sizeof digits - 20);
    assert_false(time_read(digits, sizeof digits, true, &value));
}

/* Every beginning of a valid text is read or refused, within its bytes. */
static void a_text_ends_where_its_size_says(void **state)
{
    (void)state;
    static const char given[] = "2024-03-10T10:20:30.123456+02:30:15 BC";
    arena memory = {0};
    for (size_t size = 0; size < sizeof given; size++) {
        char *exact = arena_alloc(&memory, size);
        assert_non_null(exact);
        memcpy(exact, given, size);
        int64_t value = 0;
        bool is_expected = size == 10 || size == 15 || size == 16 || (size >= 18 && size <= 26) ||
                           (size >= 28 && size <= 29) || size == 31 || size == 32 || size == 34 ||
                           size == 35 || size == 36 || size == 38 || size == 9;
        if (time_read(exact, size, true, &value) != is_expected) fail_msg("%zu", size);
    }
    arena_free(&memory);
}

/* ---- the calendar, by the C library ------------------------------------------------------------ */

static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static const int64_t seconds_to_2000 = 946684800;

static void random_times_are_as_gmtime_and_timegm_say(void **state)
{
    (void)state;
    uint64_t seed = 1234567890123456789u;
    const int64_t first = -INT64_C(211813488000);
    const uint64_t range = UINT64_C(9223371331200) + 211813488000u;
    for (int i = 0; i < 20000; i++) {
        int64_t seconds = first + (int64_t)(random_next(&seed) % range);
        int64_t fraction = (int64_t)(random_next(&seed) % 1000000);
        time_t unix_seconds = (time_t)(seconds + seconds_to_2000);
        struct tm parts;
        assert_non_null(gmtime_r(&unix_seconds, &parts));
        int64_t year = (int64_t)parts.tm_year + 1900;
        char expected[80];
        snprintf(expected, sizeof expected, "%04lld-%02d-%02dT%02d:%02d:%02d.%06lldZ%s",
                 (long long)(year > 0 ? year : 1 - year), parts.tm_mon + 1, parts.tm_mday,
                 parts.tm_hour, parts.tm_min, parts.tm_sec, (long long)fraction,
                 year > 0 ? "" : " BC");
        char out[TIME_TEXT_MAX];
        int64_t value = seconds * 1000000 + fraction;
        size_t size = time_write_fixed(out, value, true);
        reading_assert("fixed", expected, true, out, size);
        int64_t back;
        assert_true(time_read(out, size, true, &back));
        assert_true(back == value);
        assert_true((int64_t)timegm(&parts) == unix_seconds);
        int64_t days;
        assert_true(time_read_date(out, size, &days));
        int64_t day_seconds = parts.tm_hour * 3600 + parts.tm_min * 60 + parts.tm_sec;
        assert_true(days * 86400 == seconds - day_seconds);
        size = time_write(out, value, true);
        assert_true(time_read(out, size, true, &back));
        assert_true(back == value);
    }
}

static void every_day_of_a_cycle_comes_back(void **state)
{
    (void)state;
    for (int64_t days = -146097; days <= 146097; days++) {
        char out[TIME_TEXT_MAX];
        size_t size = time_write_date(out, days);
        int64_t back;
        if (!time_read_date(out, size, &back) || back != days) fail_msg("%lld", (long long)days);
    }
}

static void known_numbers_hold(void **state)
{
    (void)state;
    int64_t value;
    assert_true(time_read("2000-01-01T00:00:00Z", 20, true, &value));
    assert_true(value == 0);
    assert_true(time_read("1970-01-01", 10, true, &value));
    assert_true(value == -seconds_to_2000 * 1000000);
    assert_true(time_read_date("1999-12-31", 10, &value));
    assert_true(value == -1);
    assert_true(time_read_date("5874897-12-31", 13, &value));
    assert_true(value == 2145031948);
    assert_true(time_read_date("4714-11-24 BC", 13, &value));
    assert_true(value == -2451545);
    assert_true(time_read("infinity", 8, true, &value));
    assert_true(value == TIME_INFINITY);
    assert_true(time_read_date("-infinity", 9, &value));
    assert_true(value == TIME_MINUS_INFINITY);
}

static void milliseconds_or_all_six_digits_are_written(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *json;
        const char *fixed;
    } rows[] = {
        {0, "2000-01-01T00:00:00.000", "2000-01-01T00:00:00.000000"},
        {1, "2000-01-01T00:00:00.000001", "2000-01-01T00:00:00.000001"},
        {-1, "1999-12-31T23:59:59.999999", "1999-12-31T23:59:59.999999"},
        {-1000, "1999-12-31T23:59:59.999", "1999-12-31T23:59:59.999000"},
        {120000, "2000-01-01T00:00:00.120", "2000-01-01T00:00:00.120000"},
        {TIME_INFINITY, "infinity", "infinity"},
        {TIME_MINUS_INFINITY, "-infinity", "-infinity"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        char out[TIME_TEXT_MAX];
        reading_assert("json", rows[i].json, true, out, time_write(out, rows[i].value, false));
        size_t size = time_write_fixed(out, rows[i].value, false);
        reading_assert("fixed", rows[i].fixed, true, out, size);
    }
}

/* Numbers that no database should hold are written too, within the buffer. */
static void the_longest_texts_fit(void **state)
{
    (void)state;
    static const int64_t values[] = {INT64_MIN + 1, INT64_MAX - 1};
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        char out[TIME_TEXT_MAX];
        assert_in_range(time_write(out, values[i], true), 28, TIME_TEXT_MAX);
        assert_in_range(time_write_fixed(out, values[i], true), 28, TIME_TEXT_MAX);
        assert_in_range(time_write_date(out, values[i]), 20, TIME_TEXT_MAX);
    }
}

static void the_clocks_go(void **state)
{
    (void)state;
    int64_t before = ((int64_t)time(NULL) - seconds_to_2000) * 1000000;
    int64_t now = time_now();
    int64_t after = ((int64_t)time(NULL) - seconds_to_2000 + 1) * 1000000;
    /* time() may lag behind by a tick of the kernel. */
    assert_true(now >= before - 1000000 && now <= after + 1000000);
    int64_t first_ms = clock_monotonic_ms();
    assert_true(clock_monotonic_ms() >= first_ms);
    struct timespec reference;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &reference), 0);
    assert_in_range((int64_t)reference.tv_sec * 1000 - first_ms + 2000, 0, 60000);
}

static void the_public_calls_read_and_write_the_same_times(void **state)
{
    (void)state;
    char out[IGNIS_TIME_TEXT_SIZE];
    ignis_timestamp moment = {7};
    ignis_date day = {7};
    assert_false(ignis_timestamp_read(NULL, &moment));
    assert_false(ignis_timestamp_read("today", &moment));
    assert_false(ignis_date_read(NULL, &day));
    assert_false(ignis_date_read("2024-02-30", &day));
    assert_true(moment.microseconds == 7 && day.days == 7);
    assert_true(ignis_timestamp_read("2024-03-10T11:20:30.5+01:00", &moment));
    assert_string_equal(ignis_timestamp_write(moment, out), "2024-03-10T10:20:30.500Z");
    assert_true(ignis_date_read("-infinity", &day) && day.days == INT64_MIN);
    assert_string_equal(ignis_date_write(day, out), "-infinity");
    assert_true(ignis_timestamp_to_unix(moment) == 1710066030);
    int64_t before = time_now();
    int64_t now = ignis_timestamp_now().microseconds;
    assert_true(before <= now && now <= time_now());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read_as_postgresql_reads_them),
        cmocka_unit_test(what_is_no_iso_8601_is_refused),
        cmocka_unit_test(a_text_ends_where_its_size_says),
        cmocka_unit_test(random_times_are_as_gmtime_and_timegm_say),
        cmocka_unit_test(every_day_of_a_cycle_comes_back),
        cmocka_unit_test(known_numbers_hold),
        cmocka_unit_test(milliseconds_or_all_six_digits_are_written),
        cmocka_unit_test(the_longest_texts_fit),
        cmocka_unit_test(the_clocks_go),
        cmocka_unit_test(the_public_calls_read_and_write_the_same_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
