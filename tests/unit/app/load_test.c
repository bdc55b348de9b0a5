/* load: rows exactly as they are given. */
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
                {"name" : "name", "type" : "text", "default" : "none", "defaultFn" : "uuid"},
                {"name" : "at", "type" : "timestamptz", "default" : {"sql" : "now()"}},
                {"name" : "price", "type" : "numeric", "precision" : 6, "scale" : 2},
                {"name" : "flag", "type" : "boolean", "notNull" : true, "default" : true}
            ]
        },
        {
            "name" : "U",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "tId", "type" : "integer"}
            ],
            "foreignKeys" :
                [ {"columns" : ["tId"], "references" : {"model" : "T", "columns" : ["id"]}} ]
        },
        {
            "name" : "V",
            "type" : "view",
            "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ]
        }
    ]
});

static int open_tables(void **state)
{
    static engine tables;
    engine_open(&tables, models, NULL);
    *state = &tables;
    return 0;
}

static int close_tables(void **state)
{
    if (*state) engine_close(*state);
    return 0;
}

static void rows_are_loaded_as_given(void **state)
{
    engine *tables = *state;
    size_t count = 0;
    static const char rows[] = J(
        {"T" : [ {"id" : 41, "flag" : false, "price" : 1.005} ], "U" : [ {"id" : 1, "tId" : 41} ]});
    assert_int_equal(ignis_load(tables->ctx, tables->source, rows, 0, &count), IGNIS_OK);
    assert_int_equal(count, 2);
    assert_string_equal(engine_find(tables, "T", NULL), "[{\"id\":41,\"name\":null,\"at\":null,"
                                                        "\"price\":\"1.01\",\"flag\":false}]");
}

static void an_identity_continues_after_the_greatest_value(void **state)
{
    engine *tables = *state;
    const char *made = NULL;
    assert_int_equal(
        ignis_load(tables->ctx, tables->source,
                   J({"T" : [ {"id" : 90, "flag" : true}, {"id" : 7, "flag" : true} ]}), 0, NULL),
        IGNIS_OK);
    assert_int_equal(ignis_call_json(tables->ctx, engine_repository(tables, "T"), NULL, "create",
                                     J({"data" : {"name" : "x", "at" : null}}), 0, &made, NULL),
                     IGNIS_OK);
    assert_string_equal(made, "{\"count\":1,\"data\":{\"id\":91,\"name\":\"x\",\"at\":null,"
                              "\"price\":null,\"flag\":true}}");
}

static void the_size_of_the_text_counts(void **state)
{
    engine *tables = *state;
    size_t count = 9;
    assert_int_equal(ignis_load(tables->ctx, tables->source, "{}rest", 2, &count), IGNIS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(ignis_load(tables->ctx, tables->source, J({"T" : [], "U" : []}), 0, &count),
                     IGNIS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(ignis_load(tables->ctx, tables->source, "{}rest", 0, &count), IGNIS_E_INVALID);
}

typedef struct refusal {
    const char *rows;
    engine_error error;
} refusal;

static void wrong_rows_are_refused_and_nothing_is_loaded(void **state)
{
    static const refusal refusals[] = {
        {J([]), {IGNIS_E_INVALID, "", "", "an object of lists by model"}},
        {J({"T" : {}}), {IGNIS_E_INVALID, "T", "", "the rows of T are a list, not an object"}},
        {J({"Tt" : []}), {IGNIS_E_INVALID, "Tt", NULL, "unknown model 'Tt'"}},
        {J({"U" : [ {"id" : 500} ], "T" : [ {"id" : 501} ]}),
         {IGNIS_E_NOT_NULL, "T[0].flag", "", "required and missing"}},
        {J({"U" : [ {"id" : 500}, {"id" : 501, "nam" : 1} ]}),
         {IGNIS_E_INVALID, "U[1].nam", NULL, NULL}},
        {J({"U" : [ {"id" : 500}, [] ]}), {IGNIS_E_INVALID, "U[1]", NULL, "a list"}},
        {J({"U" : [ {"id" : 500}, {"id" : "x"} ]}), {IGNIS_E_INVALID, "U[1].id", "", NULL}},
        {J({"U" : [ {"id" : 500}, {"id" : 501, "tId" : 12345} ]}),
         {IGNIS_E_FOREIGN_KEY, "U[1].tId", "", "a foreign key of U"}},
        {J({"U" : [ {"id" : 500} ], "V" : [ {"id" : 1} ]}),
         {IGNIS_E_UNSUPPORTED, NULL, "", "V is a view"}},
    };
    engine *tables = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        ignis_code code = ignis_load(tables->ctx, tables->source, refusals[i].rows, 0, NULL);
        engine_expect_error(tables, code, &refusals[i].error, refusals[i].rows);
        assert_string_equal(engine_find(tables, "U", J({"where" : {"id" : {"gte" : 500}}})), "[]");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_loaded_as_given),
        cmocka_unit_test(an_identity_continues_after_the_greatest_value),
        cmocka_unit_test(the_size_of_the_text_counts),
        cmocka_unit_test(wrong_rows_are_refused_and_nothing_is_loaded),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
