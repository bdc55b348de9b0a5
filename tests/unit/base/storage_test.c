/* storage: arrays and times in the text that SQLite keeps. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sqlite3.h>

static arena memory;

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

#define TEXT(string)                                                             \
    {                                                                            \
        .kind = IGNIS_CELL_TEXT, .size = sizeof(string) - 1, .as.text = (string) \
    }
#define INTEGER(value)                                    \
    {                                                     \
        .kind = IGNIS_CELL_INTEGER, .as.integer = (value) \
    }
#define REAL(value)                                 \
    {                                               \
        .kind = IGNIS_CELL_REAL, .as.real = (value) \
    }

static const ignis_cell cell_null = {.kind = IGNIS_CELL_NULL};

typedef struct array_case {
    ignis_type type;
    ignis_cell items[3];
    size_t count;
    const char *output;
} array_case;

static const array_case cases[] = {
    {IGNIS_TYPE_TEXT, {{0}}, 0, "[]"},
    {IGNIS_TYPE_BOOLEAN, {INTEGER(1), INTEGER(0), {0}}, 3, "[true,false,null]"},
    {IGNIS_TYPE_BIGINT, {INTEGER(INT64_MIN), INTEGER(7)}, 2, "[-9223372036854775808,7]"},
    {IGNIS_TYPE_DOUBLE, {REAL(0.1), REAL(-2)}, 2, "[0.1,-2]"},
    {IGNIS_TYPE_REAL, {REAL((double)0.1f)}, 1, "[0.1]"},
    {IGNIS_TYPE_NUMERIC, {TEXT("12345678901234567890.10")}, 1, "[12345678901234567890.10]"},
    {IGNIS_TYPE_TEXT,
     {TEXT("a\"b"), TEXT("c\\d"), TEXT("\n\xC3\xA4")},
     3,
     "[\"a\\\"b\",\"c\\\\d\",\"\\n\xC3\xA4\"]"},
    {IGNIS_TYPE_UUID,
     {TEXT("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")},
     1,
     "[\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"]"},
    {IGNIS_TYPE_JSONB, {TEXT("{\"a\": 1}"), TEXT("null"), {0}}, 3, "[{\"a\": 1},null,null]"},
    {IGNIS_TYPE_BYTEA,
     {{.kind = IGNIS_CELL_BYTES, .size = 3, .as.text = "\x00\xFF\x1a"}},
     1,
     "[\"00ff1a\"]"},
    {IGNIS_TYPE_DATE,
     {INTEGER(0), INTEGER(INT64_MAX), TEXT("2024-03-10")},
     3,
     "[\"2000-01-01\",\"infinity\",\"2024-03-10\"]"},
    {IGNIS_TYPE_TIMESTAMP, {INTEGER(1)}, 1, "[\"2000-01-01T00:00:00.000001\"]"},
    {IGNIS_TYPE_TIMESTAMPTZ,
     {INTEGER(-1000000), INTEGER(INT64_MIN)},
     2,
     "[\"1999-12-31T23:59:59.000000Z\",\"-infinity\"]"},
    {IGNIS_TYPE_OTHER, {TEXT("(1,2)")}, 1, "[\"(1,2)\"]"},
};

static const char *write_array(const array_case *given)
{
    text out;
    text_init(&out, &memory, 0);
    storage_write_array(&out, given->type, given->items, given->count);
    return text_finish(&out);
}

static void arrays_are_canonical_json(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_string_equal(write_array(&cases[i]), cases[i].output);
    }
}

static void arrays_are_json_for_sqlite_itself(void **state)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(database, "SELECT json_array_length(?)", -1, &statement, NULL),
        SQLITE_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        sqlite3_bind_text(statement, 1, write_array(&cases[i]), -1, SQLITE_STATIC);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        assert_int_equal(sqlite3_column_type(statement, 0), SQLITE_INTEGER);
        assert_int_equal(sqlite3_column_int64(statement, 0), cases[i].count);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

static void times_have_one_width(void **state)
{
    text out;
    (void)state;
    text_init(&out, &memory, 0);
    storage_write_time(&out, IGNIS_TYPE_DATE, 31);
    text_char(&out, ' ');
    storage_write_time(&out, IGNIS_TYPE_TIMESTAMP, 500000);
    text_char(&out, ' ');
    storage_write_time(&out, IGNIS_TYPE_TIMESTAMPTZ, 0);
    assert_string_equal(text_finish(&out), "2000-02-01 2000-01-01T00:00:00.500000 "
                                           "2000-01-01T00:00:00.000000Z");
}

static void no_memory_sticks_to_the_text(void **state)
{
    arena small = {.total_max = 1};
    text out;
    (void)state;
    text_init(&out, &small, 0);
    storage_write_array(&out, IGNIS_TYPE_TEXT, &cell_null, 1);
    assert_null(text_finish(&out));
    assert_int_equal(out.code, IGNIS_E_LIMIT);
    arena_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_are_canonical_json),
        cmocka_unit_test(arrays_are_json_for_sqlite_itself),
        cmocka_unit_test(times_have_one_width),
        cmocka_unit_test(no_memory_sticks_to_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
