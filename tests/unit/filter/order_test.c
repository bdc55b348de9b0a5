/* order: sort keys, NULLs, the key that makes an order complete. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define J IGNIS_JSON

static int open_blog(void **state)
{
    static engine blog;
    engine_open(&blog, engine_blog, engine_blog_rows);
    *state = &blog;
    return 0;
}

static int close_blog(void **state)
{
    if (*state) engine_close(*state);
    return 0;
}

typedef struct sorting {
    const char *order;
    const char *ids;
} sorting;

static const char *ids_of(engine *blog, const char *order)
{
    const json *rows = NULL;
    text filter;
    text ids;
    text_init(&filter, &blog->ctx->results, 0);
    text_format(&filter, "{\"fields\":[\"id\"],\"order\":%s}", order);
    const char *found = engine_find(blog, "User", text_finish(&filter));
    assert_int_equal(
        json_read_context(blog->ctx, &blog->ctx->results, found, strlen(found), NULL, &rows),
        IGNIS_OK);
    text_init(&ids, &blog->ctx->results, 0);
    for (size_t i = 0; i < rows->count; i++)
        text_integer(&ids, json_get(&rows->as.items[i], "id")->integer);
    return text_finish(&ids);
}

static void rows_come_in_the_order_that_is_asked_for(void **state)
{
    static const sorting sortings[] = {
        {J(["id"]), "1234"},
        {J(["id DESC"]), "4321"},
        {J(["id asc"]), "1234"},
        {J(["  id\tDeSc  "]), "4321"},
        {J(["age"]), "2314"},
        {J(["age DESC"]), "4123"},
        {J(["age NULLS FIRST"]), "4231"},
        {J(["age asc nulls first"]), "4231"},
        {J(["age DESC NULLS LAST"]), "1234"},
        {J(["age desc Nulls First"]), "4123"},
        {J(["age NULLS LAST"]), "2314"},
        {J([ "age", "id DESC" ]), "3214"},
        {J([ "age", "age DESC", "id DESC" ]), "3214"},
        {J(["score"]), "1234"},
        {J(["score DESC NULLS LAST"]), "2134"},
        {J(["big"]), "2134"},
        {J(["name DESC"]), "4321"},
        {J(["joinedAt DESC NULLS LAST"]), "2134"},
        {J([ "isActive", "id" ]), "2134"},
        {J(["meta NULLS FIRST"]), "2341"},
        {J(["tags"]), "2134"},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(sortings); i++) {
        const char *ids = ids_of(blog, sortings[i].order);
        if (strcmp(ids, sortings[i].ids) != 0)
            fail_msg("%s: %s instead of %s", sortings[i].order, ids, sortings[i].ids);
    }
}

/* [] < null < text < number < boolean < array < object, and numbers by value. */
static void documents_sort_in_the_order_of_jsonb(void **state)
{
    (void)state;
    static const char models[] = J({
        "models" : [ {
            "name" : "D",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "d", "type" : "jsonb"}
            ]
        } ]
    });
    static const char rows[] = J({
        "D" : [
            {"id" : 1, "d" : {"a" : 1}}, {"id" : 2, "d" : [1]}, {"id" : 3, "d" : true},
            {"id" : 4, "d" : 10}, {"id" : 5, "d" : 9.5}, {"id" : 6, "d" : "z"},
            {"id" : 7, "d" : []}, {"id" : 8, "d" : {}}, {"id" : 9, "d" : {"a" : 1, "b" : 1}}
        ]
    });
    engine documents;
    engine_open(&documents, models, rows);
    assert_string_equal(engine_find(&documents, "D", J({"fields" : ["id"], "order" : ["d"]})),
                        "[{\"id\":7},{\"id\":6},{\"id\":5},{\"id\":4},{\"id\":3},{\"id\":2},"
                        "{\"id\":8},{\"id\":1},{\"id\":9}]");
    engine_close(&documents);
}

typedef struct refusal {
    const char *filter;
    engine_error error;
} refusal;

static void a_wrong_order_is_refused_at_its_place(void **state)
{
    static const refusal refusals[] = {
        {J({"order" : "id"}), {IGNIS_E_INVALID, "order", "", "order is a list, not a string"}},
        {J({"order" : {"id" : "ASC"}}), {IGNIS_E_INVALID, "order", "", "a list, not an object"}},
        {J({"order" : [1]}), {IGNIS_E_INVALID, "order[0]", "", "an order is text, not a number"}},
        {J({"order" : [ "id", null ]}), {IGNIS_E_INVALID, "order[1]", "", "not null"}},
        {J({"order" : [""]}), {IGNIS_E_INVALID, "order[0]", "", "invalid order ''"}},
        {J({"order" : ["   "]}), {IGNIS_E_INVALID, "order[0]", "", "invalid order"}},
        {J({"order" : ["id up"]}), {IGNIS_E_INVALID, "order[0]", "", "invalid order 'id up'"}},
        {J({"order" : ["id ASC DESC"]}), {IGNIS_E_INVALID, "order[0]", "", "invalid order"}},
        {J({"order" : ["id NULLS"]}), {IGNIS_E_INVALID, "order[0]", "", "invalid order"}},
        {J({"order" : ["id FIRST"]}), {IGNIS_E_INVALID, "order[0]", "", "invalid order"}},
        {J({"order" : ["id NULLS FIRST DESC"]}), {IGNIS_E_INVALID, "order[0]", "", "invalid"}},
        {J({"order" : ["id ASC NULLS FIRST x"]}), {IGNIS_E_INVALID, "order[0]", "", "invalid"}},
        {J({"order" : ["id NULLS MIDDLE"]}), {IGNIS_E_INVALID, "order[0]", "", "invalid order"}},
        {J({"order" : ["id; DROP"]}), {IGNIS_E_INVALID, "order[0]", NULL, NULL}},
        {J({"order" : ["agee"]}),
         {IGNIS_E_INVALID, "order[0]", "age", "unknown property 'agee' of User"}},
        {J({"order" : ["ID"]}), {IGNIS_E_INVALID, "order[0]", NULL, "unknown property 'ID'"}},
        {J({"order" : ["is_active"]}), {IGNIS_E_INVALID, "order[0]", "isActive", NULL}},
        {J({"order" : ["posts"]}), {IGNIS_E_INVALID, "order[0]", "", "is a relation"}},
        {J({"order" : ["age.b"]}), {IGNIS_E_INVALID, "order[0]", "", "holds no JSON"}},
        {J({"order" : ["meta.-a"]}), {IGNIS_E_INVALID, "order[0]", "", "no JSON path"}},
        {J({"order" : ["meta[x DESC"]}), {IGNIS_E_INVALID, "order[0]", "", "no JSON path"}},
        {J({"order" : [ "meta.a DESC", "meta.. DESC" ]}),
         {IGNIS_E_INVALID, "order[1]", "", "no JSON path"}},
        {J({"include" : [ {"relation" : "posts", "scope" : {"order" : ["x"]}} ]}),
         {IGNIS_E_INVALID, "include[0].scope.order[0]", "", "unknown property 'x' of Post"}},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        filter_tree tree;
        filter_request request = {.method = FILTER_FIND, .entity = engine_entity(blog, "User")};
        ignis_code code = engine_read(blog, request, refusals[i].filter, &tree);
        engine_expect_error(blog, code, &refusals[i].error, refusals[i].filter);
    }
}

static void an_empty_or_null_order_orders_nothing(void **state)
{
    assert_int_equal(engine_tree(*state, "User", J({"order" : []})).root->order_count, 0);
    assert_int_equal(engine_tree(*state, "User", J({"order" : null})).root->order_count, 0);
    assert_int_equal(engine_tree(*state, "User", J({})).root->order_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_the_order_that_is_asked_for),
        cmocka_unit_test(documents_sort_in_the_order_of_jsonb),
        cmocka_unit_test(a_wrong_order_is_refused_at_its_place),
        cmocka_unit_test(an_empty_or_null_order_orders_nothing),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
