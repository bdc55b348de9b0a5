/* to_json: the text of whole results, and the bound on the rows written. */
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

static void an_empty_result_is_an_empty_list_or_null(void **state)
{
    engine *blog = *state;
    const char *row = NULL;
    assert_string_equal(
        engine_find(blog, "Post", J({"where" : {"id" : 0}, "include" : ["comments"]})), "[]");
    assert_int_equal(ignis_find_one_json(blog->ctx, engine_repository(blog, "Post"), NULL,
                                         J({"where" : {"id" : 0}, "include" : ["author"]}), &row),
                     IGNIS_OK);
    assert_string_equal(row, "null");
}

static void levels_come_in_the_order_of_the_include(void **state)
{
    engine *blog = *state;
    assert_string_equal(
        engine_find(blog, "Post", J({
                        "where" : {"id" : 3},
                        "fields" : ["id"],
                        "include" : [
                            {"relation" : "comments", "scope" : {"fields" : ["id"]}},
                            {"relation" : "author", "scope" : {"fields" : ["id"]}}
                        ]
                    })),
        "[{\"id\":3,\"comments\":[{\"id\":3}],\"author\":{\"id\":2}}]");
    assert_string_equal(
        engine_find(blog, "Post", J({
                        "where" : {"id" : 3},
                        "fields" : ["id"],
                        "include" : [
                            {"relation" : "author", "scope" : {"fields" : ["id"]}},
                            {"relation" : "comments", "scope" : {"fields" : ["id"]}}
                        ]
                    })),
        "[{\"id\":3,\"author\":{\"id\":2},\"comments\":[{\"id\":3}]}]");
}

static void properties_come_in_the_order_of_the_model(void **state)
{
    assert_string_equal(
        engine_find(*state, "Post",
                    J({"where" : {"id" : 3}, "fields" : [ "authorId", "title", "id" ]})),
        "[{\"id\":3,\"title\":\"three\",\"authorId\":2}]");
}

static void a_row_of_two_parents_is_written_under_both(void **state)
{
    assert_string_equal(engine_find(*state, "Post", J({
                            "where" : {"id" : [ 1, 2 ]},
                            "order" : ["id"],
                            "fields" : ["id"],
                            "include" : [ {
                                "relation" : "author",
                                "scope" : {
                                    "fields" : ["id"],
                                    "include" : [ {
                                        "relation" : "posts",
                                        "scope" : {"fields" : ["id"], "order" : ["id"], "limit" : 1}
                                    } ]
                                }
                            } ]
                        })),
                        "[{\"id\":1,\"author\":{\"id\":1,\"posts\":[{\"id\":1}]}},"
                        "{\"id\":2,\"author\":{\"id\":1,\"posts\":[{\"id\":1}]}}]");
}

typedef struct bounded {
    const char *filter;
    int64_t rows; /* written, rows of two parents twice */
} bounded;

static void rows_of_the_whole_result_are_bounded(void **state)
{
    static const bounded cases[] = {
        {J({}), 5},
        {J({"include" : ["comments"]}), 8},
        {J({"include" : ["author"]}), 9},
        {J({"include" : [ {"relation" : "author", "scope" : {"include" : ["posts"]}} ]}), 19},
        {J({"where" : {"id" : 0}}), 0},
    };
    engine *blog = *state;
    ignis_repository *posts = engine_repository(blog, "Post");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *rows = NULL;
        ignis_policy policy = ignis_policy_trusted;
        policy.rows_max = cases[i].rows ? cases[i].rows : 1;
        if (ignis_find_json(blog->ctx, posts, &policy, cases[i].filter, &rows) != IGNIS_OK)
            fail_msg("%s: %s", cases[i].filter, blog->ctx->error.message);
        if (cases[i].rows < 2) continue;
        rows = NULL;
        policy.rows_max--;
        engine_error error = {IGNIS_E_LIMIT, "", "", "rows in the result"};
        engine_expect_error(blog,
                            ignis_find_json(blog->ctx, posts, &policy, cases[i].filter, &rows),
                            &error, cases[i].filter);
        assert_null(rows);
    }
}

static void the_memory_of_results_is_bounded(void **state)
{
    engine *blog = *state;
    const char *rows = NULL;
    ignis_repository *posts = engine_repository(blog, "Post");
    ignis_context *ctx = ignis_context_create();
    assert_non_null(ctx);
    ignis_context_limit_set(ctx, 64);
    assert_int_equal(ignis_find_json(ctx, posts, NULL, NULL, &rows), IGNIS_E_LIMIT);
    assert_int_equal(ignis_context_error(ctx)->code, IGNIS_E_LIMIT);
    assert_null(rows);
    ignis_context_limit_set(ctx, 0);
    assert_int_equal(ignis_find_json(ctx, posts, NULL, NULL, &rows), IGNIS_OK);
    ignis_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_result_is_an_empty_list_or_null),
        cmocka_unit_test(levels_come_in_the_order_of_the_include),
        cmocka_unit_test(properties_come_in_the_order_of_the_model),
        cmocka_unit_test(a_row_of_two_parents_is_written_under_both),
        cmocka_unit_test(rows_of_the_whole_result_are_bounded),
        cmocka_unit_test(the_memory_of_results_is_bounded),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
