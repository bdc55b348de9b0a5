/* insert: all or nothing, and what violated constraints are called. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char models[] = J({
    "models" : [
        {
            "name" : "Shop",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "city", "type" : "text"}, {"name" : "street", "type" : "text"},
                {"name" : "stars", "type" : "integer"}
            ],
            "uniques" : [
                {"name" : "shop_place", "columns" : [ "city", "street" ]},
                {"columns" : ["stars"]}
            ],
            "checks" : [ {"name" : "shop_stars", "sql" : "stars < 6"} ]
        },
        {
            "name" : "Sale",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "shopId", "type" : "integer"}, {"name" : "otherId", "type" : "integer"}
            ],
            "foreignKeys" : [
                {
                    "name" : "sale_shop",
                    "columns" : ["shopId"],
                    "references" : {"model" : "Shop", "columns" : ["id"]}
                },
                {
                    "name" : "sale_other",
                    "columns" : ["otherId"],
                    "references" : {"model" : "Shop", "columns" : ["id"]}
                }
            ]
        },
        {
            "name" : "Late",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "shopId", "type" : "integer"}
            ],
            "foreignKeys" : [ {
                "name" : "late_shop",
                "columns" : ["shopId"],
                "deferrable" : "deferred",
                "references" : {"model" : "Shop", "columns" : ["id"]}
            } ]
        },
        {
            "name" : "Long",
            "table" : "a_table_with_a_name_as_long_as_names_may_be_on_postgres",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true}, {
                    "name" : "a",
                    "column" : "the_first_column_of_a_long_unique_key",
                    "type" : "integer"
                },
                {
                    "name" : "b",
                    "column" : "the_second_column_of_a_long_unique_key",
                    "type" : "integer"
                }
            ],
            "uniques" : [ {"name" : "long_key", "columns" : [ "a", "b" ]} ]
        }
    ]
});

static int open_shops(void **state)
{
    static engine shops;
    engine_open(&shops, models, J({
        "Shop" : [ {"id" : 1, "city" : "a", "street" : "b", "stars" : 1} ],
        "Long" : [ {"id" : 1, "a" : 1, "b" : 2} ]
    }));
    *state = &shops;
    return 0;
}

static int close_shops(void **state)
{
    if (*state) engine_close(*state);
    return 0;
}

static ignis_code create_all(engine *shops, const char *model, const char *rows, const char **json_)
{
    return ignis_create_all_json(shops->ctx, engine_repository(shops, model), rows, json_);
}

static int64_t rows_of(engine *shops, const char *model)
{
    int64_t count = 0;
    assert_int_equal(
        ignis_count_json(shops->ctx, engine_repository(shops, model), NULL, NULL, &count),
        IGNIS_OK);
    return count;
}

typedef struct violation {
    const char *model;
    const char *rows;
    const char *constraint;
    engine_error error;
} violation;

static void violations_are_named_and_leave_nothing_behind(void **state)
{
    static const violation violations[] = {
        {"Shop",
         J([ {"id" : 2}, {"id" : 3}, {"id" : 2} ]),
         "Shop_pkey",
         {IGNIS_E_UNIQUE, "data[2].id", "", "another Shop has the same id"}},
        {"Shop",
         J([ {"id" : 2, "city" : "a", "street" : "b"} ]),
         "shop_place",
         {IGNIS_E_UNIQUE, "data[0].city", "", "another Shop has the same city"}},
        {"Shop",
         J([ {"id" : 2}, {"id" : 3, "stars" : 1} ]),
         "Shop_stars_key",
         {IGNIS_E_UNIQUE, "data[1].stars", "", NULL}},
        {"Shop",
         J([ {"id" : 2}, {"id" : 3, "stars" : 6} ]),
         "shop_stars",
         {IGNIS_E_CHECK, NULL, "", NULL}},
        {"Shop", J([ {"id" : 2}, {"id" : null} ]), "", {IGNIS_E_NOT_NULL, "data[1].id", "", NULL}},
        {"Shop",
         J([ {"id" : 2}, {"id" : 3, "nope" : 1} ]),
         "",
         {IGNIS_E_INVALID, "data[1].nope", "", NULL}},
        {"Shop", J([ {"id" : 2}, 7 ]), "", {IGNIS_E_INVALID, "data[1]", "", "not a number"}},
        {"Shop", J({"id" : 1}), "Shop_pkey", {IGNIS_E_UNIQUE, "data.id", "", NULL}},
        {"Late",
         J([ {"id" : 1, "shopId" : 99} ]),
         "late_shop",
         {IGNIS_E_FOREIGN_KEY, NULL, "", NULL}},
    };
    engine *shops = *state;
    for (size_t i = 0; i < ARRAY_COUNT(violations); i++) {
        const violation *item = &violations[i];
        const char *result = NULL;
        int64_t before = rows_of(shops, item->model);
        ignis_code code = create_all(shops, item->model, item->rows, &result);
        engine_expect_error(shops, code, &item->error, item->rows);
        assert_string_equal(ignis_context_error(shops->ctx)->constraint, item->constraint);
        assert_null(result);
        assert_int_equal(rows_of(shops, item->model), before);
    }
}

/* Not null, unique, foreign key, check. */
static void a_constraint_with_long_names_is_named(void **state)
{
    engine *shops = *state;
    const char *result = NULL;
    assert_int_equal(create_all(shops, "Long", J([ {"id" : 2, "a" : 1, "b" : 2} ]), &result),
                     IGNIS_E_UNIQUE);
    assert_string_equal(ignis_context_error(shops->ctx)->constraint, "long_key");
    assert_string_equal(ignis_context_error(shops->ctx)->path, "data[0].a");
}

/* A deferred key is checked at COMMIT, when the rows of another model are the last that were read. */
static void a_load_is_one_transaction(void **state)
{
    engine *shops = *state;
    size_t count = 7;
    int64_t before = rows_of(shops, "Long");
    engine_error error = {IGNIS_E_UNIQUE, "Shop[1].id", "", NULL};
    engine_expect_error(
        shops,
        ignis_load(shops->ctx, shops->source,
                   J({"Long" : [ {"id" : 50} ], "Shop" : [ {"id" : 60}, {"id" : 1} ]}), 0, &count),
        &error, "a load");
    assert_int_equal(rows_of(shops, "Long"), before);
    assert_int_equal(rows_of(shops, "Shop"), 1);
    assert_int_equal(count, 7);
}

static void rows_come_back_in_the_order_given(void **state)
{
    engine *shops = *state;
    const char *result = NULL;
    assert_int_equal(create_all(shops, "Sale", J([ {"id" : 9}, {"id" : 3}, {"id" : 5} ]), &result),
                     IGNIS_OK);
    assert_string_equal(result,
                        "{\"count\":3,\"data\":[{\"id\":9,\"shopId\":null,\"otherId\":null},"
                        "{\"id\":3,\"shopId\":null,\"otherId\":null},"
                        "{\"id\":5,\"shopId\":null,\"otherId\":null}]}");
    assert_int_equal(rows_of(shops, "Sale"), 3);
}

static void rows_of_one_form_share_a_plan(void **state)
{
    engine *shops = *state;
    const char *result = NULL;
    run_cache *cache = shops->source->run.cache;
    assert_int_equal(create_all(shops, "Sale", J([ {"id" : 20, "shopId" : 1} ]), &result),
                     IGNIS_OK);
    uint64_t made = run_cache_made(cache);
    assert_int_equal(create_all(shops, "Sale",
                                J([ {"id" : 21, "shopId" : null}, {"shopId" : 1, "id" : 22} ]),
                                &result),
                     IGNIS_OK);
    assert_int_equal(run_cache_made(cache), made);
    assert_int_equal(create_all(shops, "Sale", J([ {"id" : 23, "otherId" : 1} ]), &result),
                     IGNIS_OK);
    assert_int_equal(run_cache_made(cache), made + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(violations_are_named_and_leave_nothing_behind),
        cmocka_unit_test(a_constraint_with_long_names_is_named),
        cmocka_unit_test(a_load_is_one_transaction),
        cmocka_unit_test(rows_come_back_in_the_order_given),
        cmocka_unit_test(rows_of_one_form_share_a_plan),
    };
    return cmocka_run_group_tests(tests, open_shops, close_shops);
}
