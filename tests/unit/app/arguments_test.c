/* arguments: the calls by name, their arguments and options. */
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

typedef struct answer {
    const char *method;
    const char *arguments;
    const char *result;
} answer;

static void methods_answer_in_their_own_form(void **state)
{
    static const answer answers[] = {
        {"find", J({"filter" : {"where" : {"id" : 1}, "fields" : ["id"]}}), "[{\"id\":1}]"},
        {"find", J({"filter" : {"or" : null}}), NULL},
        {"findOne", J({"filter" : {"fields" : ["id"], "order" : ["id DESC"]}}), "{\"id\":5}"},
        {"findOne", J({"filter" : {"where" : {"id" : 0}}, "options" : null}), "null"},
        {"findById", J({"id" : 2, "filter" : {"fields" : ["title"]}}), "{\"title\":\"two\"}"},
        {"findById", J({"id" : null}), "null"},
        {"count", J({"where" : {"views" : 10}}), "{\"count\":2}"},
        {"count", J({"where" : null, "options" : {}}), "{\"count\":5}"},
        {"existsWith", J({"where" : {"id" : 1}}), "true"},
        {"existsWith", J({"where" : {"id" : 0}}), "false"},
        {"count", NULL, "{\"count\":5}"},
        {"find", J({
             "filter" : {"where" : {"id" : 1}, "fields" : ["id"]},
             "options" : {
                 "shouldSkipDefaultFilter" : false,
                 "shouldQueryRange" : null,
                 "withHidden" : false
             }
         }),
         "[{\"id\":1}]"},
    };
    engine *blog = *state;
    ignis_repository *posts = engine_repository(blog, "Post");
    for (size_t i = 0; i < ARRAY_COUNT(answers); i++) {
        const char *result = NULL;
        ignis_code code = ignis_call_json(blog->ctx, posts, NULL, answers[i].method,
                                          answers[i].arguments, 0, &result, NULL);
        if (!answers[i].result) {
            assert_int_equal(code, IGNIS_E_INVALID);
            continue;
        }
        if (code != IGNIS_OK) fail_msg("%s: %s", answers[i].arguments, blog->ctx->error.message);
        assert_string_equal(result, answers[i].result);
    }
}

typedef struct refusal {
    const char *method;
    const char *arguments;
    engine_error error;
} refusal;

static void wrong_arguments_are_refused_at_their_place(void **state)
{
    static const refusal refusals[] = {
        {"fnd", "{}", {IGNIS_E_UNSUPPORTED, "", "find", "no such method: 'fnd'"}},
        {"Find", "{}", {IGNIS_E_UNSUPPORTED, "", NULL, NULL}},
        {"", "{}", {IGNIS_E_UNSUPPORTED, "", NULL, NULL}},
        {"find", "[]", {IGNIS_E_INVALID, "", "", "arguments are an object, not a list"}},
        {"find", "{", {IGNIS_E_INVALID, "", "", NULL}},
        {"find",
         J({"filtr" : {}}),
         {IGNIS_E_INVALID, "filtr", "filter", "unknown argument 'filtr'"}},
        {"find", J({"id" : 1}), {IGNIS_E_INVALID, "id", NULL, "unknown argument 'id' of find"}},
        {"count", J({"filter" : {}}), {IGNIS_E_INVALID, "filter", NULL, NULL}},
        {"create", J({"where" : {}}), {IGNIS_E_INVALID, "where", NULL, NULL}},
        {"find", J({"options" : []}), {IGNIS_E_INVALID, "options", "", "options is an object"}},
        {"find",
         J({"options" : {"shouldQueryRang" : true}}),
         {IGNIS_E_INVALID, "options.shouldQueryRang", "shouldQueryRange", "unknown option"}},
        {"find",
         J({"options" : {"shouldQueryRange" : 1}}),
         {IGNIS_E_INVALID, "options.shouldQueryRange", "", "true or false, not a number"}},
        {"find",
         J({"options" : {"shouldReturn" : true}}),
         {IGNIS_E_INVALID, "options.shouldReturn", NULL, "of find"}},
        {"findOne",
         J({"options" : {"shouldQueryRange" : true}}),
         {IGNIS_E_INVALID, "options.shouldQueryRange", NULL, NULL}},
        {"count", J({"options" : {"withHidden" : true}}), {IGNIS_E_INVALID, NULL, NULL, NULL}},
        {"find",
         J({"options" : {"shouldSkipDefaultFilter" : true}}),
         {IGNIS_E_INVALID, "options.shouldSkipDefaultFilter", "", "a public filter cannot skip"}},
        {"findById",
         J({"id" : 1, "options" : {"withHidden" : true}}),
         {IGNIS_E_INVALID, "options.withHidden", "", "hidden"}},
        {"findById", J({}), {IGNIS_E_INVALID, NULL, "", "an id is missing"}},
        {"findById", J({"id" : [1]}), {IGNIS_E_INVALID, "id", "", "not a list"}},
        {"find", J({"filter" : 5}), {IGNIS_E_INVALID, NULL, "", "a filter is an object"}},
        {"count", J({"where" : {"idd" : 5}}), {IGNIS_E_INVALID, "where.idd", "id", NULL}},
        {"create", J({}), {IGNIS_E_INVALID, "data", "", NULL}},
        {"createAll", J({"data" : null}), {IGNIS_E_INVALID, "data", "", NULL}},
    };
    engine *blog = *state;
    ignis_repository *posts = engine_repository(blog, "Post");
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        const char *result = NULL;
        ignis_code code = ignis_call_json(blog->ctx, posts, NULL, refusals[i].method,
                                          refusals[i].arguments, 0, &result, NULL);
        engine_expect_error(blog, code, &refusals[i].error, refusals[i].arguments);
        assert_null(result);
    }
}

static void the_size_of_the_arguments_may_be_given(void **state)
{
    engine *blog = *state;
    const char *result = NULL;
    size_t size = 0;
    ignis_repository *posts = engine_repository(blog, "Post");
    assert_int_equal(
        ignis_call_json(blog->ctx, posts, NULL, "count", "{}garbage", 2, &result, &size), IGNIS_OK);
    assert_int_equal(size, strlen("{\"count\":5}"));
    assert_int_equal(
        ignis_call_json(blog->ctx, posts, NULL, "count", "{}garbage", 0, &result, NULL),
        IGNIS_E_INVALID);
}

static void composite_ids_are_objects_of_their_columns(void **state)
{
    (void)state;
    static const char models[] = J({
        "models" : [ {
            "name" : "Pair",
            "columns" : [
                {"name" : "a", "type" : "integer", "primaryKey" : true},
                {"name" : "b", "type" : "text", "primaryKey" : true},
                {"name" : "c", "type" : "text"}
            ]
        } ]
    });
    static const refusal cases[] = {
        {NULL, J({"id" : {"a" : 1, "b" : "x"}}), {.code = IGNIS_OK}},
        {NULL, J({"id" : {"b" : "x", "a" : "1"}}), {.code = IGNIS_OK}},
        {NULL, J({"id" : {"a" : 1}}), {IGNIS_E_INVALID, "id", "", "needs 'b' too"}},
        {NULL, J({"id" : {}}), {IGNIS_E_INVALID, "id", "", "needs 'a' too"}},
        {NULL,
         J({"id" : {"a" : 1, "b" : "x", "c" : "y"}}),
         {IGNIS_E_INVALID, "id", "", "'c' is no part"}},
        {NULL, J({"id" : {"a" : "z", "b" : "x"}}), {IGNIS_E_INVALID, "id.a", "", "an integer"}},
        {NULL, J({"id" : {"a" : [1], "b" : "x"}}), {IGNIS_E_INVALID, "id.a", "", "a list"}},
        {NULL, J({"id" : 1}), {IGNIS_E_INVALID, "id", "", "an object of its key columns"}},
        {NULL, J({"id" : [ 1, "x" ]}), {IGNIS_E_INVALID, "id", "", "not a list"}},
    };
    engine pairs;
    engine_open(&pairs, models, J({"Pair" : [ {"a" : 1, "b" : "x"}, {"a" : 1, "b" : "y"} ]}));
    ignis_repository *repository = engine_repository(&pairs, "Pair");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *row = NULL;
        ignis_code code = ignis_call_json(pairs.ctx, repository, NULL, "findById",
                                          cases[i].arguments, 0, &row, NULL);
        engine_expect_error(&pairs, code, &cases[i].error, cases[i].arguments);
        if (code == IGNIS_OK) assert_string_equal(row, "{\"a\":1,\"b\":\"x\",\"c\":null}");
    }
    const char *row = NULL;
    assert_int_equal(
        ignis_find_by_id_json(pairs.ctx, repository, NULL, J({"a" : null, "b" : "x"}), NULL, &row),
        IGNIS_OK);
    assert_string_equal(row, "null");
    engine_close(&pairs);
}

/* 64 KiB of filter text at most by the public policy, wherever it stands; data are no filter. */
static void great_texts_of_filters_are_refused(void **state)
{
    static const struct {
        const char *method;
        const char *before;
        const char *after;
        ignis_code code;
    } rows[] = {
        {"find", "{\"filter\":{\"where\":{\"title\":\"", "\"}}}", IGNIS_E_LIMIT},
        {"count", "{\"where\":{\"title\":\"", "\"}}", IGNIS_E_LIMIT},
        {"deleteAll", "{\"where\":{\"title\":\"", "\"}}", IGNIS_E_LIMIT},
        {"updateAll", "{\"data\":{\"views\":1},\"where\":{\"title\":\"", "\"}}", IGNIS_E_LIMIT},
        {"updateById", "{\"id\":1,\"data\":{\"title\":\"", "\"}}", IGNIS_OK},
    };
    engine *blog = *state;
    ignis_repository *posts = engine_repository(blog, "Post");
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        text given;
        const char *result = NULL;
        text_init(&given, &blog->ctx->results, 0);
        text_string(&given, rows[i].before);
        for (size_t size = 0; size < 64 * 1024; size++)
            text_char(&given, 'a');
        text_string(&given, rows[i].after);
        const char *arguments = text_finish(&given);
        assert_non_null(arguments);
        assert_int_equal(ignis_call_json(blog->ctx, posts, &ignis_policy_public, rows[i].method,
                                         arguments, given.size, &result, NULL),
                         rows[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_answer_in_their_own_form),
        cmocka_unit_test(wrong_arguments_are_refused_at_their_place),
        cmocka_unit_test(the_size_of_the_arguments_may_be_given),
        cmocka_unit_test(composite_ids_are_objects_of_their_columns),
        cmocka_unit_test(great_texts_of_filters_are_refused),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
