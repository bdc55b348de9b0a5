/* bind: a row in JSON to the values of an insert. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char models[] = J({
    "models" : [
        {
            "name" : "T",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true, "identity" : "always"},
                {"name" : "name", "type" : "varchar", "length" : 3, "notNull" : true},
                {"name" : "price", "type" : "numeric", "precision" : 5, "scale" : 2},
                {"name" : "level", "type" : "integer", "notNull" : true, "default" : 3},
                {"name" : "made", "type" : "timestamptz", "defaultFn" : "now"},
                {"name" : "day", "type" : "date", "defaultFn" : "now"},
                {"name" : "token", "type" : "uuid", "defaultFn" : "uuid"},
                {"name" : "by", "type" : "text", "defaultFn" : "currentUserIdOrNull"},
                {"name" : "pin", "type" : "integer", "hidden" : true}
            ]
        },
        {
            "name" : "S",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "by", "type" : "text", "defaultFn" : "currentUserId"}
            ]
        }
    ]
});

static int open_table(void **state)
{
    static engine table;
    engine_open(&table, models, NULL);
    *state = &table;
    return 0;
}

static int close_table(void **state)
{
    if (*state) engine_close(*state);
    return 0;
}

typedef struct bound {
    bool given[16];
    ignis_cell values[16];
} bound;

static ignis_code bind(engine *table, const char *model, const char *row, row_purpose purpose,
                       bound *made)
{
    const json *value = NULL;
    arena *memory = &table->ctx->results;
    context_error_clear(table->ctx);
    assert_int_equal(json_read_context(table->ctx, memory, row, strlen(row), NULL, &value),
                     IGNIS_OK);
    row_values values = {.given = made->given, .cells = made->values};
    return row_bind(table->ctx, memory, engine_entity(table, model), value, purpose, &values);
}

static void a_created_row_gives_values_and_generators(void **state)
{
    engine *table = *state;
    bound made;
    static const bool expected[] = {false, true, false, false, true, true, true, true, false};
    int64_t before = time_now();
    assert_int_equal(bind(table, "T", J({"name" : "ab"}), ROW_CREATE, &made), IGNIS_OK);
    assert_memory_equal(made.given, expected, sizeof(expected));
    assert_int_equal(made.values[0].kind, IGNIS_CELL_TEXT);
    assert_true(made.values[1].as.integer >= before && made.values[1].as.integer <= time_now());
    int64_t days = made.values[2].as.integer;
    assert_true(days == before / INT64_C(86400000000) || days == time_now() / INT64_C(86400000000));
    assert_int_equal(made.values[3].size, UUID_TEXT_SIZE);
    assert_int_equal(made.values[4].kind, IGNIS_CELL_NULL);
}

static void generators_never_overwrite_a_given_value(void **state)
{
    engine *table = *state;
    bound made;
    assert_int_equal(ignis_context_user_set(table->ctx, "u7"), IGNIS_OK);
    assert_int_equal(bind(table, "T", J({
                              "name" : "ab",
                              "made" : null,
                              "day" : "2024-03-10",
                              "token" : "A0EEBC999C0B4EF8BB6D6BB9BD380A11",
                              "by" : "me"
                          }),
                          ROW_CREATE, &made),
                     IGNIS_OK);
    assert_int_equal(made.values[1].kind, IGNIS_CELL_NULL);
    assert_int_equal(made.values[2].as.integer, 8835);
    assert_memory_equal(made.values[3].as.text, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", 36);
    assert_memory_equal(made.values[4].as.text, "me", 2);
    assert_int_equal(bind(table, "S", J({"id" : 1}), ROW_CREATE, &made), IGNIS_OK);
    assert_memory_equal(made.values[1].as.text, "u7", 2);
    assert_int_equal(ignis_context_user_set(table->ctx, NULL), IGNIS_OK);
}

static void a_loaded_row_is_taken_as_it_is(void **state)
{
    engine *table = *state;
    bound made;
    assert_int_equal(bind(table, "T", J({"id" : 7, "name" : "ab", "level" : 1}), ROW_LOAD, &made),
                     IGNIS_OK);
    for (size_t i = 0; i < 9; i++)
        assert_true(made.given[i]);
    assert_int_equal(made.values[0].as.integer, 7);
    static const size_t missing[] = {2, 4, 5, 6, 7, 8};
    for (size_t i = 0; i < ARRAY_COUNT(missing); i++)
        assert_int_equal(made.values[missing[i]].kind, IGNIS_CELL_NULL);
}

typedef struct refusal {
    const char *model;
    const char *row;
    row_purpose purpose;
    engine_error error;
} refusal;

static void wrong_rows_are_refused_at_their_place(void **state)
{
    static const refusal refusals[] = {
        {"T", J([]), ROW_CREATE, {IGNIS_E_INVALID, "", "", "a row of T is an object, not a list"}},
        {"T", J(null), ROW_LOAD, {IGNIS_E_INVALID, "", "", "an object, not null"}},
        {"T",
         J({"name" : "a", "pric" : 1}),
         ROW_CREATE,
         {IGNIS_E_INVALID, "pric", "price", "unknown property 'pric' of T"}},
        {"T", J({"name" : "a", "pric" : 1}), ROW_LOAD, {IGNIS_E_INVALID, "pric", "price", NULL}},
        {"T", J({"name" : "a", "name.x" : 1}), ROW_CREATE, {IGNIS_E_INVALID, NULL, NULL, NULL}},
        {"T",
         J({}),
         ROW_CREATE,
         {IGNIS_E_NOT_NULL, "name", "", "'name' of T is required and missing"}},
        {"T",
         J({"name" : null}),
         ROW_CREATE,
         {IGNIS_E_NOT_NULL, "name", "", "'name' of T is required and null"}},
        {"T", J({"name" : "a", "level" : null}), ROW_CREATE, {IGNIS_E_NOT_NULL, "level", "", NULL}},
        {"T", J({"id" : 1, "name" : "a"}), ROW_LOAD, {IGNIS_E_NOT_NULL, "level", "", "missing"}},
        {"T",
         J({"id" : 1, "name" : "a"}),
         ROW_CREATE,
         {IGNIS_E_INVALID, "id", "", "'id' of T is always made by the database"}},
        {"T", J({"id" : null, "name" : "a"}), ROW_CREATE, {IGNIS_E_INVALID, "id", "", NULL}},
        {"T", J({"name" : "abcd"}), ROW_CREATE, {IGNIS_E_INVALID, "name", "", NULL}},
        {"T", J({"name" : ["a"]}), ROW_CREATE, {IGNIS_E_INVALID, "name", "", "got a list"}},
        {"T", J({"name" : "a", "price" : 1000}), ROW_CREATE, {IGNIS_E_INVALID, "price", "", NULL}},
        {"T",
         J({"name" : "a", "price" : 999.995}),
         ROW_CREATE,
         {IGNIS_E_INVALID, "price", "", NULL}},
        {"T",
         J({"id" : 1, "name" : "a", "price" : "NaN"}),
         ROW_LOAD,
         {IGNIS_E_INVALID, "price", "", NULL}},
        {"T",
         J({"name" : "a", "level" : 2147483648}),
         ROW_CREATE,
         {IGNIS_E_INVALID, "level", "", NULL}},
        {"T",
         J({"name" : "a", "pin" : "s3cret"}),
         ROW_CREATE,
         {IGNIS_E_INVALID, "pin", "", "expected an integer, got a string"}},
        {"S", J({"id" : 1}), ROW_CREATE, {IGNIS_E_INVALID, "by", "", "needs the context's user"}},
    };
    engine *table = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        const refusal *item = &refusals[i];
        bound made;
        ignis_code code = bind(table, item->model, item->row, item->purpose, &made);
        engine_expect_error(table, code, &item->error, item->row);
    }
}

static void numeric_rounds_half_away_from_zero(void **state)
{
    static const char *const cases[][2] = {
        {J({"name" : "a", "price" : 1.005}), "1.01"},
        {J({"name" : "a", "price" : "-1.005"}), "-1.01"},
        {J({"name" : "a", "price" : 1.0049}), "1.00"},
        {J({"name" : "a", "price" : 999.994}), "999.99"},
        {J({"name" : "a", "price" : 7}), "7.00"},
    };
    engine *table = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        bound made;
        assert_int_equal(bind(table, "T", cases[i][0], ROW_CREATE, &made), IGNIS_OK);
        assert_int_equal(made.values[1].size, strlen(cases[i][1]));
        assert_memory_equal(made.values[1].as.text, cases[i][1], made.values[1].size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_created_row_gives_values_and_generators),
        cmocka_unit_test(generators_never_overwrite_a_given_value),
        cmocka_unit_test(a_loaded_row_is_taken_as_it_is),
        cmocka_unit_test(wrong_rows_are_refused_at_their_place),
        cmocka_unit_test(numeric_rounds_half_away_from_zero),
    };
    return cmocka_run_group_tests(tests, open_table, close_table);
}
