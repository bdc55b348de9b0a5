/* cell_json: the JSON form of every type, from either form that a driver may give. */
#include "row/row.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

static ignis_cell integer(int64_t value)
{
    return (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = value};
}

static ignis_cell real(double value)
{
    return (ignis_cell){.kind = IGNIS_CELL_REAL, .as.real = value};
}

static ignis_cell string(const char *value)
{
    return (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = strlen(value), .as.text = value};
}

static ignis_cell bytes(const char *value, size_t size)
{
    return (ignis_cell){.kind = IGNIS_CELL_BYTES, .size = size, .as.text = value};
}

static ignis_cell list(const ignis_cell *items, size_t count)
{
    return (ignis_cell){.kind = IGNIS_CELL_LIST, .size = count, .as.items = items};
}

static void expect(ignis_type type, bool array, ignis_cell cell, const char *expected)
{
    arena memory = {0};
    text out;
    const ignis_value_type of = {.type = type, .array = array};
    text_init(&out, &memory, 0);
    row_cell_write(&out, &of, &cell);
    const char *written = text_finish(&out);
    assert_non_null(written);
    if (strcmp(written, expected) != 0) fail_msg("%s instead of %s", written, expected);
    const json *value = NULL;
    json_fault fault = {0};
    if (json_read(&memory, written, strlen(written), NULL, &value, &fault) != IGNIS_OK)
        fail_msg("%s: %s", written, fault.message);
    arena_free(&memory);
}

static void null_is_null_of_every_type(void **state)
{
    (void)state;
    for (int type = IGNIS_TYPE_BOOLEAN; type <= IGNIS_TYPE_OTHER; type++) {
        expect((ignis_type)type, false, (ignis_cell){.kind = IGNIS_CELL_NULL}, "null");
        expect((ignis_type)type, true, (ignis_cell){.kind = IGNIS_CELL_NULL}, "null");
        expect((ignis_type)type, true, string("[]"), "[]");
        expect((ignis_type)type, true, list(NULL, 0), "[]");
        expect((ignis_type)type, true, string("[null,null]"), "[null,null]");
    }
}

static void booleans_and_integers(void **state)
{
    (void)state;
    expect(IGNIS_TYPE_BOOLEAN, false, integer(1), "true");
    expect(IGNIS_TYPE_BOOLEAN, false, integer(0), "false");
    expect(IGNIS_TYPE_SMALLINT, false, integer(-32768), "-32768");
    expect(IGNIS_TYPE_INTEGER, false, integer(INT32_MIN), "-2147483648");
    expect(IGNIS_TYPE_BIGINT, false, integer(INT64_MIN), "-9223372036854775808");
    expect(IGNIS_TYPE_BIGINT, false, integer(INT64_MAX), "9223372036854775807");
    expect(IGNIS_TYPE_BIGINT, false, integer(9007199254740993), "9007199254740993");
}

static void floating_numbers_are_shortest_and_nan_is_null(void **state)
{
    (void)state;
    expect(IGNIS_TYPE_DOUBLE, false, real(0.1), "0.1");
    expect(IGNIS_TYPE_DOUBLE, false, real(5e-324), "5e-324");
    expect(IGNIS_TYPE_DOUBLE, false, real(1.7976931348623157e308), "1.7976931348623157e+308");
    expect(IGNIS_TYPE_DOUBLE, false, real((double)NAN), "null");
    expect(IGNIS_TYPE_DOUBLE, false, real((double)INFINITY), "null");
    expect(IGNIS_TYPE_DOUBLE, false, real(-(double)INFINITY), "null");
    expect(IGNIS_TYPE_DOUBLE, false, real(3), "3");
    expect(IGNIS_TYPE_REAL, false, real((double)0.1f), "0.1");
    expect(IGNIS_TYPE_REAL, false, real(100000), "100000");
    expect(IGNIS_TYPE_REAL, false, real((double)INFINITY), "null");
    expect(IGNIS_TYPE_REAL, false, real((double)NAN), "null");
    expect(IGNIS_TYPE_REAL, false, integer(3), "3");
}

static void numeric_is_text_with_its_scale(void **state)
{
    (void)state;
    expect(IGNIS_TYPE_NUMERIC, false, string("1.50"), "\"1.50\"");
    expect(IGNIS_TYPE_NUMERIC, false, string("12345678901234567890.123"),
           "\"12345678901234567890.123\"");
    expect(IGNIS_TYPE_NUMERIC, false, integer(7), "\"7\"");
    expect(IGNIS_TYPE_NUMERIC, false, real(0.5), "\"0.5\"");
    expect(IGNIS_TYPE_NUMERIC, true, string("[1.50,null,-3]"), "[\"1.50\",null,\"-3\"]");
    const ignis_cell items[] = {string("1.50"), {.kind = IGNIS_CELL_NULL}, string("-3")};
    expect(IGNIS_TYPE_NUMERIC, true, list(items, 3), "[\"1.50\",null,\"-3\"]");
}

static void text_is_escaped(void **state)
{
    (void)state;
    expect(IGNIS_TYPE_TEXT, false, string(""), "\"\"");
    expect(IGNIS_TYPE_TEXT, false, string("a\"b\\c\n\x01"), "\"a\\\"b\\\\c\\n\\u0001\"");
    expect(IGNIS_TYPE_VARCHAR, false, string("ä€😀"), "\"ä€😀\"");
    expect(IGNIS_TYPE_TEXT, false, integer(5), "\"5\"");
    expect(IGNIS_TYPE_UUID, false, string("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
           "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"");
    expect(IGNIS_TYPE_OTHER, false, string("(1,2)"), "\"(1,2)\"");
    const ignis_cell items[] = {string("a,b"), string("]\""), string("\\")};
    expect(IGNIS_TYPE_TEXT, true, list(items, 3), "[\"a,b\",\"]\\\"\",\"\\\\\"]");
    expect(IGNIS_TYPE_TEXT, true, string("[\"a,b\",\"]\\\"\",\"\\\\\"]"),
           "[\"a,b\",\"]\\\"\",\"\\\\\"]");
}

typedef struct moment {
    ignis_type type;
    int64_t value;
    const char *stored;
    const char *shown;
} moment;

#define SECOND INT64_C(1000000)
#define DAY    (86400 * SECOND)

/* 2024-03-10 is 8835 days after 2000-01-01: 24 years with 7 leap days, then 31 + 29 + 9. */
static void times_are_the_same_from_numbers_and_from_text(void **state)
{
    (void)state;
    static const int64_t at = 8835 * DAY + (10 * 3600 + 20 * 60 + 30) * SECOND;
    const moment moments[] = {
        {IGNIS_TYPE_TIMESTAMPTZ, at + 123000, "2024-03-10T10:20:30.123000Z",
         "\"2024-03-10T10:20:30.123Z\""},
        {IGNIS_TYPE_TIMESTAMPTZ, at, "2024-03-10T10:20:30.000000Z", "\"2024-03-10T10:20:30.000Z\""},
        {IGNIS_TYPE_TIMESTAMPTZ, at + 123456, "2024-03-10T10:20:30.123456Z",
         "\"2024-03-10T10:20:30.123456Z\""},
        {IGNIS_TYPE_TIMESTAMPTZ, at + 100, "2024-03-10T10:20:30.000100Z",
         "\"2024-03-10T10:20:30.000100Z\""},
        {IGNIS_TYPE_TIMESTAMP, at + 123000, "2024-03-10T10:20:30.123000",
         "\"2024-03-10T10:20:30.123\""},
        {IGNIS_TYPE_TIMESTAMP, at + 1, "2024-03-10T10:20:30.000001",
         "\"2024-03-10T10:20:30.000001\""},
        {IGNIS_TYPE_TIMESTAMP, -1, "1999-12-31T23:59:59.999999", "\"1999-12-31T23:59:59.999999\""},
        {IGNIS_TYPE_DATE, 8835, "2024-03-10", "\"2024-03-10\""},
        {IGNIS_TYPE_DATE, -730119, "0001-01-01", "\"0001-01-01\""},
        {IGNIS_TYPE_DATE, INT64_MAX, "infinity", "\"infinity\""},
        {IGNIS_TYPE_DATE, INT64_MIN, "-infinity", "\"-infinity\""},
        {IGNIS_TYPE_TIMESTAMP, INT64_MAX, "infinity", "\"infinity\""},
        {IGNIS_TYPE_TIMESTAMPTZ, INT64_MIN, "-infinity", "\"-infinity\""},
    };
    for (size_t i = 0; i < ARRAY_COUNT(moments); i++) {
        const moment *it = &moments[i];
        char stored[64];
        char shown[64];
        ignis_cell item = integer(it->value);
        expect(it->type, false, item, it->shown);
        expect(it->type, false, string(it->stored), it->shown);
        assert_true((size_t)snprintf(stored, sizeof(stored), "[\"%s\"]", it->stored) < 64);
        assert_true((size_t)snprintf(shown, sizeof(shown), "[%s]", it->shown) < 64);
        expect(it->type, true, list(&item, 1), shown);
        expect(it->type, true, string(stored), shown);
    }
}

static void bytes_are_base64(void **state)
{
    (void)state;
    static const char all[] = "\x00\xff\x10\x80";
    expect(IGNIS_TYPE_BYTEA, false, bytes("", 0), "\"\"");
    expect(IGNIS_TYPE_BYTEA, false, bytes(all, 1), "\"AA==\"");
    expect(IGNIS_TYPE_BYTEA, false, bytes(all, 4), "\"AP8QgA==\"");
    expect(IGNIS_TYPE_BYTEA, true, string("[\"\",\"00ff1080\",null,\"00ff10\"]"),
           "[\"\",\"AP8QgA==\",null,\"AP8Q\"]");
    const ignis_cell items[] = {bytes(all, 4), {.kind = IGNIS_CELL_NULL}};
    expect(IGNIS_TYPE_BYTEA, true, list(items, 2), "[\"AP8QgA==\",null]");
}

static void documents_are_themselves(void **state)
{
    (void)state;
    static const char document[] = "{\"a\": [1, 2.50, \"x\"], \"b\": null}";
    expect(IGNIS_TYPE_JSONB, false, string(document), document);
    expect(IGNIS_TYPE_JSON, false, string("null"), "null");
    expect(IGNIS_TYPE_JSONB, true, string("[{\"a\": \"],\"},[1],\"s\"]"),
           "[{\"a\": \"],\"},[1],\"s\"]");
    const ignis_cell items[] = {string("{\"a\": 1}"), string("5")};
    expect(IGNIS_TYPE_JSONB, true, list(items, 2), "[{\"a\": 1},5]");
}

static void lists_of_scalars(void **state)
{
    (void)state;
    const ignis_cell numbers[] = {integer(1), {.kind = IGNIS_CELL_NULL}, integer(INT64_MIN)};
    expect(IGNIS_TYPE_BIGINT, true, list(numbers, 3), "[1,null,-9223372036854775808]");
    expect(IGNIS_TYPE_BIGINT, true, string("[1,null,-9223372036854775808]"),
           "[1,null,-9223372036854775808]");
    const ignis_cell flags[] = {integer(1), integer(0)};
    expect(IGNIS_TYPE_BOOLEAN, true, list(flags, 2), "[true,false]");
    expect(IGNIS_TYPE_BOOLEAN, true, string("[true,false]"), "[true,false]");
    const ignis_cell reals[] = {real(0.5), real((double)INFINITY)};
    expect(IGNIS_TYPE_DOUBLE, true, list(reals, 2), "[0.5,null]");
}

/* Tables that others wrote: whatever a column holds, the result stays JSON. */
static void times_of_other_writers_are_escaped(void **state)
{
    (void)state;
    expect(IGNIS_TYPE_TIMESTAMPTZ, false, string("a\"b\\c"), "\"a\\\"b\\\\c\"");
    expect(IGNIS_TYPE_TIMESTAMP, false, string("\"}]"), "\"\\\"}]\"");
    expect(IGNIS_TYPE_TIMESTAMP, false, string(""), "\"\"");
    expect(IGNIS_TYPE_DATE, false, string("\n"), "\"\\n\"");
}

static void an_array_of_another_class_is_shown_as_what_it_is(void **state)
{
    (void)state;
    static const ignis_cell zeros[4] = {{.kind = IGNIS_CELL_NULL}};
    expect(IGNIS_TYPE_TEXT, true, bytes((const char *)zeros, 3), "\"AAAA\"");
    expect(IGNIS_TYPE_INTEGER, true, integer(5), "5");
    expect(IGNIS_TYPE_INTEGER, true, real(0.5), "0.5");
}

static void other_classes_are_shown_as_what_they_are(void **state)
{
    (void)state;
    expect(IGNIS_TYPE_INTEGER, false, string("x\"y"), "\"x\\\"y\"");
    expect(IGNIS_TYPE_INTEGER, false, real(0.5), "0.5");
    expect(IGNIS_TYPE_BOOLEAN, false, string("yes"), "\"yes\"");
    expect(IGNIS_TYPE_DATE, false, real(2.5), "2.5");
    expect(IGNIS_TYPE_BYTEA, false, string("x"), "\"x\"");
    expect(IGNIS_TYPE_TEXT, false, bytes("\x00", 1), "\"AA==\"");
    expect(IGNIS_TYPE_JSONB, false, integer(5), "5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_is_null_of_every_type),
        cmocka_unit_test(booleans_and_integers),
        cmocka_unit_test(floating_numbers_are_shortest_and_nan_is_null),
        cmocka_unit_test(numeric_is_text_with_its_scale),
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(times_are_the_same_from_numbers_and_from_text),
        cmocka_unit_test(bytes_are_base64),
        cmocka_unit_test(documents_are_themselves),
        cmocka_unit_test(lists_of_scalars),
        cmocka_unit_test(times_of_other_writers_are_escaped),
        cmocka_unit_test(an_array_of_another_class_is_shown_as_what_it_is),
        cmocka_unit_test(other_classes_are_shown_as_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
