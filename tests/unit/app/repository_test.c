/* repository: the public calls, their results and whose memory these are. */
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

static void a_null_argument_is_as_if_absent(void **state)
{
    engine *blog = *state;
    ignis_repository *posts = engine_repository(blog, "Post");
    const char *a = NULL;
    const char *b = NULL;
    int64_t count = 0;
    bool exists = false;
    assert_int_equal(ignis_find_json(blog->ctx, posts, NULL, NULL, &a), IGNIS_OK);
    assert_int_equal(ignis_find_json(blog->ctx, posts, NULL, "null", &b), IGNIS_OK);
    assert_string_equal(a, b);
    assert_int_equal(ignis_find_json(blog->ctx, posts, NULL, " {} ", &b), IGNIS_OK);
    assert_string_equal(a, b);
    assert_int_equal(ignis_count_json(blog->ctx, posts, NULL, NULL, &count), IGNIS_OK);
    assert_int_equal(count, 5);
    assert_int_equal(ignis_exists_json(blog->ctx, posts, NULL, NULL, &exists), IGNIS_OK);
    assert_true(exists);
    assert_int_equal(ignis_exists_json(blog->ctx, posts, NULL, J({"id" : 99}), &exists), IGNIS_OK);
    assert_false(exists);
}

static void no_policy_is_the_public_one(void **state)
{
    engine *blog = *state;
    ignis_repository *users = engine_repository(blog, "User");
    const char *rows = NULL;
    int64_t count = 7;
    engine_error error = {IGNIS_E_INVALID, "where.secret", "", NULL};
    engine_expect_error(blog,
                        ignis_count_json(blog->ctx, users, NULL, J({"secret" : "s1"}), &count),
                        &error, "count");
    assert_int_equal(count, 7);
    engine_expect_error(
        blog, ignis_find_json(blog->ctx, users, NULL, J({"where" : {"secret" : "s1"}}), &rows),
        &error, "find");
    assert_null(rows);
    assert_int_equal(
        ignis_count_json(blog->ctx, users, &ignis_policy_trusted, J({"secret" : "s1"}), &count),
        IGNIS_OK);
    assert_int_equal(count, 1);
}

static void hidden_properties_never_come(void **state)
{
    engine *blog = *state;
    ignis_repository *users = engine_repository(blog, "User");
    const char *json_ = NULL;
    assert_int_equal(
        ignis_find_json(blog->ctx, users, NULL, J({"include" : [ "manager", "reports" ]}), &json_),
        IGNIS_OK);
    assert_null(strstr(json_, "secret"));
    assert_null(strstr(json_, "vault"));
    assert_int_equal(
        ignis_create_json(blog->ctx, users, J({"id" : 50, "name" : "N", "secret" : "s50"}), &json_),
        IGNIS_OK);
    assert_null(strstr(json_, "secret"));
    assert_int_equal(
        ignis_call_json(
            blog->ctx, users, &ignis_policy_trusted, "findById",
            J({"id" : 50, "filter" : {"fields" : ["secret"]}, "options" : {"withHidden" : true}}),
            0, &json_, NULL),
        IGNIS_OK);
    assert_string_equal(json_, "{\"secret\":\"s50\"}");
    engine_execute(blog, "DELETE FROM \"User\" WHERE id = 50");
}

/* 64 KiB of text for the public, of any form. */
static void the_text_of_a_filter_is_bounded(void **state)
{
    enum { SIZE_MAX_ = 64 * 1024 };
    engine *blog = *state;
    ignis_repository *posts = engine_repository(blog, "Post");
    const char *rows = NULL;
    char *filter = arena_alloc(&blog->ctx->kept, SIZE_MAX_ + 2);
    assert_non_null(filter);
    memset(filter, ' ', SIZE_MAX_ + 1);
    memcpy(filter, "{}", 2);
    filter[SIZE_MAX_ + 1] = '\0';
    assert_int_equal(ignis_find_json(blog->ctx, posts, NULL, filter, &rows), IGNIS_E_LIMIT);
    assert_int_equal(ignis_find_json(blog->ctx, posts, &ignis_policy_trusted, filter, &rows),
                     IGNIS_OK);
    filter[SIZE_MAX_] = '\0';
    assert_int_equal(ignis_find_json(blog->ctx, posts, NULL, filter, &rows), IGNIS_OK);
}

typedef struct lookup {
    const char *id;
    const char *filter;
    const char *row;
} lookup;

static void find_by_id_converts_the_id_and_takes_part_of_the_filter(void **state)
{
    static const lookup lookups[] = {
        {"3", J({"fields" : ["id"]}), "{\"id\":3}"},
        {"\"3\"", J({"fields" : ["id"], "limit" : 0, "skip" : 5, "order" : ["views"]}),
         "{\"id\":3}"},
        {"3.0", J({"fields" : ["id"]}), "{\"id\":3}"},
        {"null", NULL, "null"},
        {"99", NULL, "null"},
        {"3", J({"where" : {"views" : 1}}), "null"},
        {"3", J({"where" : {"or" : [ {"id" : 1}, {"id" : 2} ]}}), "null"},
        {"3", J({
             "fields" : ["id"],
             "include" : [ {"relation" : "comments", "scope" : {"fields" : ["id"]}} ]
         }),
         "{\"id\":3,\"comments\":[{\"id\":3}]}"},
    };
    engine *blog = *state;
    ignis_repository *posts = engine_repository(blog, "Post");
    for (size_t i = 0; i < ARRAY_COUNT(lookups); i++) {
        const char *row = NULL;
        if (ignis_find_by_id_json(blog->ctx, posts, NULL, lookups[i].id, lookups[i].filter, &row) !=
            IGNIS_OK)
            fail_msg("%s: %s", lookups[i].id, blog->ctx->error.message);
        assert_string_equal(row, lookups[i].row);
    }
    static const char *const wrong[] = {NULL, "[3]", "{\"id\":3}", "{}", "\"x\"", "3.5", "", "x"};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        const char *row = NULL;
        if (ignis_find_by_id_json(blog->ctx, posts, NULL, wrong[i], NULL, &row) != IGNIS_E_INVALID)
            fail_msg("id %s", wrong[i]);
        assert_null(row);
    }
}

static void results_survive_later_calls_and_end_with_their_mark(void **state)
{
    engine *blog = *state;
    ignis_repository *posts = engine_repository(blog, "Post");
    const char *kept = NULL;
    const char *later = NULL;
    ignis_context_reset(blog->ctx);
    assert_int_equal(ignis_find_json(blog->ctx, posts, NULL,
                                     J({"where" : {"id" : 3}, "fields" : ["title"]}), &kept),
                     IGNIS_OK);
    size_t used = blog->ctx->results.total;
    for (int i = 0; i < 50; i++) {
        ignis_mark mark = ignis_context_mark(blog->ctx);
        assert_int_equal(ignis_find_json(blog->ctx, posts, NULL, NULL, &later), IGNIS_OK);
        assert_int_equal(ignis_find_json(blog->ctx, posts, NULL, "{", &later), IGNIS_E_INVALID);
        ignis_context_release(blog->ctx, mark);
    }
    assert_string_equal(kept, "[{\"title\":\"three\"}]");
    assert_true(blog->ctx->results.total <= used + 1024 * 1024);
}

static void a_good_call_clears_the_error_and_a_bad_one_leaves_the_result(void **state)
{
    engine *blog = *state;
    ignis_repository *posts = engine_repository(blog, "Post");
    const char *rows = "untouched";
    assert_int_equal(ignis_find_json(blog->ctx, posts, NULL, "{\"limit\":}", &rows),
                     IGNIS_E_INVALID);
    assert_string_equal(rows, "untouched");
    assert_int_equal(ignis_context_error(blog->ctx)->position, 9);
    assert_int_equal(ignis_find_json(blog->ctx, posts, NULL, "", &rows), IGNIS_E_INVALID);
    assert_int_equal(ignis_find_json(blog->ctx, posts, NULL, NULL, &rows), IGNIS_OK);
    assert_int_equal(ignis_context_error(blog->ctx)->code, IGNIS_OK);
}

static void find_with_a_range_counts_all_rows(void **state)
{
    static const char *const cases[][2] = {
        {J({"fields" : ["id"], "order" : ["id"], "limit" : 2, "skip" : 1}),
         "{\"data\":[{\"id\":2},{\"id\":3}],\"range\":{\"start\":1,\"end\":2,\"total\":5}}"},
        {J({"where" : {"views" : 10}, "fields" : ["id"], "order" : ["id"], "limit" : 1}),
         "{\"data\":[{\"id\":1}],\"range\":{\"start\":0,\"end\":0,\"total\":2}}"},
        {J({"skip" : 9}), "{\"data\":[],\"range\":{\"start\":9,\"end\":9,\"total\":5}}"},
        {J({"where" : {"or" : []}}), "{\"data\":[],\"range\":{\"start\":0,\"end\":0,\"total\":0}}"},
        {J({"limit" : 0}), "{\"data\":[],\"range\":{\"start\":0,\"end\":0,\"total\":5}}"},
    };
    engine *blog = *state;
    ignis_repository *posts = engine_repository(blog, "Post");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        text arguments;
        const char *found = NULL;
        size_t size = 0;
        text_init(&arguments, &blog->ctx->results, 0);
        text_format(&arguments, "{\"filter\":%s,\"options\":{\"shouldQueryRange\":true}}",
                    cases[i][0]);
        assert_int_equal(ignis_call_json(blog->ctx, posts, NULL, "find", text_finish(&arguments), 0,
                                         &found, &size),
                         IGNIS_OK);
        assert_string_equal(found, cases[i][1]);
        assert_int_equal(size, strlen(found));
    }
}

/* ---- create ---- */

static const char shop[] = J({
    "models" : [
        {
            "name" : "Item",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true, "identity" : "always"},
                {"name" : "name", "type" : "text", "notNull" : true},
                {"name" : "level", "type" : "integer", "default" : 3},
                {"name" : "stamp", "type" : "text", "default" : {"sql" : "'now ' || 1"}},
                {"name" : "by", "type" : "text", "defaultFn" : "currentUserIdOrNull"}
            ]
        },
        {
            "name" : "Mute",
            "columns" :
                [ {"name" : "id", "type" : "integer", "primaryKey" : true, "hidden" : true} ]
        },
        {
            "name" : "Guarded",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "tenant", "type" : "text"}
            ],
            "settings" : {
                "checkWrites" : true,
                "defaultFilter" : {"where" : {"tenant" : {"$context" : "tenant"}}}
            }
        },
        {
            "name" : "Seen",
            "type" : "view",
            "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ]
        }
    ]
});

static int open_shop(void **state)
{
    engine *self = *state;
    engine_close(self);
    engine_open(self, shop, NULL);
    return 0;
}

static int open_blog_again(void **state)
{
    engine *self = *state;
    engine_close(self);
    engine_open(self, engine_blog, engine_blog_rows);
    return 0;
}

static void create_fills_what_is_missing(void **state)
{
    engine *self = *state;
    ignis_repository *items = engine_repository(self, "Item");
    const char *made = NULL;
    assert_int_equal(ignis_create_json(self->ctx, items, J({"name" : "a"}), &made), IGNIS_OK);
    assert_string_equal(made, "{\"count\":1,\"data\":{\"id\":1,\"name\":\"a\",\"level\":3,"
                              "\"stamp\":\"now 1\",\"by\":null}}");
    assert_int_equal(ignis_context_user_set(self->ctx, "u1"), IGNIS_OK);
    assert_int_equal(ignis_create_json(self->ctx, items,
                                       J({"name" : "b", "level" : null, "stamp" : "x"}), &made),
                     IGNIS_OK);
    assert_string_equal(made, "{\"count\":1,\"data\":{\"id\":2,\"name\":\"b\",\"level\":null,"
                              "\"stamp\":\"x\",\"by\":\"u1\"}}");
    assert_int_equal(ignis_context_user_set(self->ctx, NULL), IGNIS_OK);
    assert_int_equal(ignis_create_all_json(self->ctx, items, "[]", &made), IGNIS_OK);
    assert_string_equal(made, "{\"count\":0,\"data\":[]}");
    assert_int_equal(ignis_create_all_json(self->ctx, items, J({"name" : "c", "level" : 1}), &made),
                     IGNIS_OK);
    assert_string_equal(made, "{\"count\":1,\"data\":[{\"id\":3,\"name\":\"c\",\"level\":1,"
                              "\"stamp\":\"now 1\",\"by\":null}]}");
    assert_int_equal(
        ignis_call_json(
            self->ctx, items, NULL, "createAll",
            J({"data" : [ {"name" : "d"}, {"name" : "e"} ], "options" : {"shouldReturn" : false}}),
            0, &made, NULL),
        IGNIS_OK);
    assert_string_equal(made, "{\"count\":2,\"data\":null}");
}

static void create_refuses_what_is_no_row(void **state)
{
    static const engine_error missing = {IGNIS_E_INVALID, "data", "", NULL};
    engine *self = *state;
    ignis_repository *items = engine_repository(self, "Item");
    const char *made = NULL;
    static const char *const wrong[] = {NULL, "null", "[]", "5", "[{\"name\":\"a\"}]"};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
        engine_expect_error(self, ignis_create_json(self->ctx, items, wrong[i], &made), &missing,
                            wrong[i] ? wrong[i] : "NULL");
    engine_error id = {IGNIS_E_INVALID, "data.id", "", "always made"};
    engine_expect_error(self,
                        ignis_create_json(self->ctx, items, J({"id" : 9, "name" : "x"}), &made),
                        &id, "an identity");
    engine_error name = {IGNIS_E_NOT_NULL, "data[1].name", "", NULL};
    engine_expect_error(self,
                        ignis_create_all_json(self->ctx, items, J([ {"name" : "x"}, {} ]), &made),
                        &name, "a missing name");
}

static void a_row_that_shows_nothing_is_still_json(void **state)
{
    engine *self = *state;
    const char *made = NULL;
    ignis_repository *mutes = engine_repository(self, "Mute");
    assert_int_equal(ignis_create_json(self->ctx, mutes, J({"id" : 1}), &made), IGNIS_OK);
    assert_string_equal(made, "{\"count\":1,\"data\":{}}");
    assert_int_equal(ignis_create_all_json(self->ctx, mutes, J([ {"id" : 2}, {"id" : 3} ]), &made),
                     IGNIS_OK);
    assert_string_equal(made, "{\"count\":2,\"data\":[{},{}]}");
}

static void check_writes_refuses_rows_outside_the_default_filter(void **state)
{
    engine *self = *state;
    const char *made = NULL;
    ignis_repository *guarded = engine_repository(self, "Guarded");
    assert_int_equal(ignis_context_value_set(self->ctx, "tenant", "\"a\""), IGNIS_OK);
    assert_int_equal(ignis_create_json(self->ctx, guarded, J({"id" : 1, "tenant" : "a"}), &made),
                     IGNIS_OK);
    assert_int_not_equal(
        ignis_create_json(self->ctx, guarded, J({"id" : 2, "tenant" : "b"}), &made), IGNIS_OK);
}

static void views_and_readable_repositories_refuse_writes(void **state)
{
    engine *self = *state;
    const char *made = NULL;
    engine_error view = {IGNIS_E_UNSUPPORTED, NULL, NULL, "Seen is a view"};
    engine_expect_error(
        self, ignis_create_json(self->ctx, engine_repository(self, "Seen"), J({"id" : 1}), &made),
        &view, "a view");
    ignis_repository_class class_ = {
        .struct_size = sizeof(class_), .model = "Item", .readable = true};
    ignis_repository *readable = NULL;
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &class_, &readable), IGNIS_OK);
    engine_error create = {IGNIS_E_UNSUPPORTED, NULL, NULL,
                           "[create] Repository operation is NOT ALLOWED | scope: READ_ONLY"};
    engine_expect_error(self, ignis_create_json(self->ctx, readable, J({"name" : "x"}), &made),
                        &create, "create");
    engine_error update = {IGNIS_E_UNSUPPORTED, NULL, NULL,
                           "[updateById] Repository operation is NOT ALLOWED | scope: READ_ONLY"};
    engine_expect_error(
        self, ignis_call_json(self->ctx, readable, NULL, "updateById", NULL, 0, &made, NULL),
        &update, "updateById");
    assert_int_equal(ignis_find_json(self->ctx, readable, NULL, NULL, &made), IGNIS_OK);
}

static void a_repository_without_its_model_answers_so_at_every_call(void **state)
{
    engine *self = *state;
    int64_t count = 0;
    const char *made = NULL;
    ignis_repository *users = engine_repository(self, "User");
    engine_error error = {
        IGNIS_E_INVALID, NULL, NULL,
        "[UserRepository] Schema key mismatch | Entity name 'User' not found in connector.query | "
        "Available keys: [Item, Mute, Guarded, Seen] | Ensure the model's TABLE_NAME matches the "
        "schema registration key"};
    engine_expect_error(self, ignis_find_json(self->ctx, users, NULL, NULL, &made), &error, "find");
    engine_expect_error(self, ignis_count_json(self->ctx, users, NULL, NULL, &count), &error, "");
    engine_expect_error(self, ignis_create_json(self->ctx, users, "{}", &made), &error, "create");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_null_argument_is_as_if_absent),
        cmocka_unit_test(no_policy_is_the_public_one),
        cmocka_unit_test(hidden_properties_never_come),
        cmocka_unit_test(the_text_of_a_filter_is_bounded),
        cmocka_unit_test(find_by_id_converts_the_id_and_takes_part_of_the_filter),
        cmocka_unit_test(results_survive_later_calls_and_end_with_their_mark),
        cmocka_unit_test(a_good_call_clears_the_error_and_a_bad_one_leaves_the_result),
        cmocka_unit_test(find_with_a_range_counts_all_rows),
        cmocka_unit_test_setup(create_fills_what_is_missing, open_shop),
        cmocka_unit_test_setup(create_refuses_what_is_no_row, open_shop),
        cmocka_unit_test_setup(a_row_that_shows_nothing_is_still_json, open_shop),
        cmocka_unit_test_setup(check_writes_refuses_rows_outside_the_default_filter, open_shop),
        cmocka_unit_test_setup(views_and_readable_repositories_refuse_writes, open_shop),
        cmocka_unit_test_setup_teardown(a_repository_without_its_model_answers_so_at_every_call,
                                        open_shop, open_blog_again),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
