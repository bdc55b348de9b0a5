/* Open, create the tables, load, read and create while the n-th allocation fails, for every n. */
#include "support/engine.h"
#include "support/fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char rows[] = J({
    "User" : [
        {"id" : 1, "name" : "Ada", "score" : "1.50", "meta" : {"a" : [1]}, "tags" : ["x"]},
        {"id" : 2, "name" : "Bob", "managerId" : 1}
    ],
    "Post" : [
        {"id" : 1, "title" : "one", "authorId" : 1}, {"id" : 2, "title" : "two", "authorId" : 2}
    ],
    "Comment" : [ {"id" : 1, "body" : "c", "postId" : 1} ]
});

static const char filter[] = J({
    "where" : {"id" : [ 1, 2 ], "or" : [ {"name" : {"ilike" : "a%"}}, {"score" : null} ]},
    "order" : ["name"],
    "limit" : 5,
    "include" : [
        {"relation" : "posts", "scope" : {"limit" : 1, "order" : ["id"], "include" : ["comments"]}},
        "manager"
    ]
});

static ignis_code repository_open(ignis_context *ctx, ignis_data_source *source, const char *model,
                                  ignis_repository **repository)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    return ignis_repository_open(ctx, source, &class_, repository);
}

static ignis_code use(ignis_context *ctx, ignis_data_source *source)
{
    ignis_repository *users = NULL;
    ignis_repository *posts = NULL;
    const char *result = NULL;
    int64_t count = 0;
    IGNIS_TRY(ignis_schema_create(ctx, source));
    IGNIS_TRY(ignis_load(ctx, source, rows, 0, NULL));
    IGNIS_TRY(repository_open(ctx, source, "User", &users));
    IGNIS_TRY(repository_open(ctx, source, "Post", &posts));
    IGNIS_TRY(ignis_find_json(ctx, users, NULL, filter, &result));
    IGNIS_TRY(ignis_call_json(ctx, posts, NULL, "find",
                              J({"options" : {"shouldQueryRange" : true}}), 0, &result, NULL));
    IGNIS_TRY(ignis_create_all_json(ctx, posts, J([ {"id" : 8}, {"id" : 9, "title" : "nine"} ]),
                                    &result));
    IGNIS_TRY(ignis_count_json(ctx, posts, NULL, J({"id" : {"gte" : 8}}), &count));
    assert_int_equal(count, 2);
    return IGNIS_OK;
}

static ignis_code body(ignis_context *ctx, void *data)
{
    (void)data;
    ignis_data_source *source = NULL;
    IGNIS_TRY(engine_try(ctx, engine_blog, &source));
    ignis_code code = use(ctx, source);
    ignis_data_source_close(source);
    return code;
}

static void every_failing_allocation_is_told_and_leaves_nothing(void **state)
{
    (void)state;
    size_t failures = fault_run(body, NULL);
    print_message("%zu allocations failed in turn\n", failures);
    assert_true(failures > 100);
}

/* ---- one source that lives on ---- */

static ignis_code find_and_create(ignis_context *ctx, engine *blog, ignis_repository *posts)
{
    const char *result = NULL;
    ignis_repository *users = NULL;
    IGNIS_TRY(repository_open(ctx, blog->source, "User", &users));
    IGNIS_TRY(ignis_find_json(ctx, users, NULL, filter, &result));
    return ignis_create_all_json(ctx, posts, J([ {"id" : 100}, {"id" : 101} ]), &result);
}

static void a_source_serves_on_after_each_failure(void **state)
{
    (void)state;
    engine blog;
    engine_open(&blog, engine_blog, engine_blog_rows);
    ignis_repository *posts = engine_repository(&blog, "Post");
    bool is_met = true;
    for (uint64_t n = 1; is_met; n++) {
        int64_t count = 0;
        ignis_context *ctx = ignis_context_create();
        assert_non_null(ctx);
        arena_fault_at(n);
        ignis_code code = find_and_create(ctx, &blog, posts);
        is_met = arena_fault_count() >= n;
        arena_fault_at(0);
        assert_true(code == IGNIS_OK || (is_met && code == IGNIS_E_MEMORY));
        assert_int_equal(ignis_context_error(ctx)->code, code);
        assert_int_equal(ignis_count_json(ctx, posts, NULL, J({"id" : [ 100, 101 ]}), &count),
                         IGNIS_OK);
        assert_int_equal(count, code == IGNIS_OK ? 2 : 0);
        ignis_context_free(ctx);
        if (code == IGNIS_OK) engine_execute(&blog, "DELETE FROM \"Post\" WHERE id >= 100");
    }
    engine_close(&blog);
}

/* Two rows to change, two to create, by two shapes of statement. */
static ignis_code rows_upsert(ignis_context *ctx, ignis_repository *posts)
{
    const char *result = NULL;
    return ignis_upsert_all_json(ctx, posts, NULL, J([
                                     {"id" : 1, "title" : "changed"}, {"id" : 100, "title" : "new"},
                                     {"id" : 2, "title" : "changed", "authorId" : 1}, {"id" : 101}
                                 ]),
                                 &result);
}

static int64_t count_of(ignis_context *ctx, ignis_repository *posts, const char *where)
{
    int64_t count = -1;
    assert_int_equal(ignis_count_json(ctx, posts, NULL, where, &count), IGNIS_OK);
    return count;
}

static void an_upsert_of_rows_keeps_all_or_none_after_each_failure(void **state)
{
    (void)state;
    engine blog;
    engine_open(&blog, engine_blog, engine_blog_rows);
    ignis_repository *posts = engine_repository(&blog, "Post");
    bool is_met = true;
    uint64_t n = 1;
    for (; is_met; n++) {
        ignis_context *ctx = ignis_context_create();
        assert_non_null(ctx);
        arena_fault_at(n);
        ignis_code code = rows_upsert(ctx, posts);
        is_met = arena_fault_count() >= n;
        arena_fault_at(0);
        assert_true(code == IGNIS_OK || (is_met && code == IGNIS_E_MEMORY));
        assert_int_equal(ignis_context_error(ctx)->code, code);
        int64_t kept = code == IGNIS_OK ? 2 : 0;
        assert_int_equal(count_of(ctx, posts, J({"id" : {"gte" : 100}})), kept);
        assert_int_equal(count_of(ctx, posts, J({"title" : "changed"})), kept);
        ignis_context_free(ctx);
        engine_execute(&blog, "DELETE FROM \"Post\" WHERE id >= 100");
        engine_execute(&blog, "UPDATE \"Post\" SET title = 'old' WHERE id < 3");
    }
    assert_true(n > 20);
    engine_close(&blog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_allocation_is_told_and_leaves_nothing),
        cmocka_unit_test(a_source_serves_on_after_each_failure),
        cmocka_unit_test(an_upsert_of_rows_keeps_all_or_none_after_each_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
