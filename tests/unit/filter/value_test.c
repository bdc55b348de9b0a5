/* value: the values of conditions, converted to the column and refused at their place. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

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

/* ---- what converts ---- */

typedef struct choice {
    const char *where;
    const char *rows; /* users with their id alone */
} choice;

static void values_convert_as_the_text_of_the_column_would(void **state)
{
    static const choice choices[] = {
        {J({"age" : "36"}), "[{\"id\":1}]"},
        {J({"age" : 36.0}), "[{\"id\":1}]"},
        {J({"age" : 3.6e1}), "[{\"id\":1}]"},
        {J({"code" : 5}), "[{\"id\":2}]"},
        {J({"code" : 5.0}), "[{\"id\":2}]"},
        {J({"name" : "Δοκιμή"}), "[{\"id\":4}]"},
        {J({"isActive" : "yes", "id" : 1}), "[{\"id\":1}]"},
        {J({"isActive" : 1, "id" : 1}), "[{\"id\":1}]"},
        {J({"isActive" : "off"}), "[{\"id\":2}]"},
        {J({"isActive" : false}), "[{\"id\":2}]"},
        {J({"score" : 1.5}), "[{\"id\":1}]"},
        {J({"score" : "1.500"}), "[{\"id\":1}]"},
        {J({"score" : 10}), "[{\"id\":2}]"},
        {J({"score" : {"gt" : "9.99"}}), "[{\"id\":2}]"},
        {J({"score" : {"in" : [ "1.5", 7 ]}}), "[{\"id\":1}]"},
        {J({"score" : {"nin" : [10.0]}}), "[{\"id\":1}]"},
        {J({"score" : {"between" : [ 1.4999, 1.5 ]}}), "[{\"id\":1}]"},
        {J({"score" : 1.504}), "[]"},
        {J({"big" : 9007199254740993}), "[{\"id\":1}]"},
        {J({"big" : "9007199254740993"}), "[{\"id\":1}]"},
        {J({"big" : 9007199254740992}), "[]"},
        {J({"ratio" : 0.5}), "[{\"id\":1}]"},
        {J({"ratio" : "-2.25"}), "[{\"id\":2}]"},
        {J({"ratio" : {"in" : [ 0.5, 3 ]}}), "[{\"id\":1}]"},
        {J({"joinedAt" : "2024-03-10T10:20:30.123Z"}), "[{\"id\":1}]"},
        {J({"joinedAt" : "2024-03-10 12:20:30.123+02"}), "[{\"id\":1}]"},
        {J({"joinedAt" : "2024-03-10T10:20:30.1234559"}), "[{\"id\":2}]"},
        {J({"joinedAt" : {"lt" : "2024-03-10T10:20:30.123456Z"}}), "[{\"id\":1}]"},
        {J({"joinedAt" : {"gt" : "infinity"}}), "[]"},
        {J({"joinedAt" : {"gt" : "-infinity"}, "id" : 2}), "[{\"id\":2}]"},
        {J({"joinedAt" : {"in" : ["2024-03-10T10:20:30.123Z"]}}), "[{\"id\":1}]"},
        {J({"born" : "1815-12-10T23:59:59"}), "[{\"id\":1}]"},
        {J({"born" : {"gt" : "1999-12-31"}}), "[{\"id\":2}]"},
        {J({"token" : "{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}"}), "[{\"id\":1}]"},
        {J({"token" : {"in" : ["a0eebc999c0b4ef8bb6d6bb9bd380a11"]}}), "[{\"id\":1}]"},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(choices); i++) {
        text filter;
        text_init(&filter, &blog->ctx->results, 0);
        text_format(&filter, "{\"fields\":[\"id\"],\"where\":%s}", choices[i].where);
        const char *rows = engine_find(blog, "User", text_finish(&filter));
        if (strcmp(rows, choices[i].rows) != 0) fail_msg("%s: %s", choices[i].where, rows);
    }
}

/* ---- what does not ---- */

typedef struct refusal {
    const char *where;
    engine_error error;
} refusal;

static void values_that_do_not_convert_are_refused_at_their_place(void **state)
{
    static const refusal refusals[] = {
        {J({"age" : "abc"}),
         {IGNIS_E_INVALID, "where.age", "", "expected an integer, got \"abc\""}},
        {J({"age" : {"gt" : "abc"}}),
         {IGNIS_E_INVALID, "where.age.gt", "", "expected an integer, got \"abc\""}},
        {J({"age" : 1.5}), {IGNIS_E_INVALID, "where.age", "", "got 1.5"}},
        {J({"age" : 2147483648}), {IGNIS_E_INVALID, "where.age", "", "between"}},
        {J({"age" : -2147483649}), {IGNIS_E_INVALID, "where.age", "", "between"}},
        {J({"big" : 9223372036854775808}), {IGNIS_E_INVALID, "where.big", "", "between"}},
        {J({"age" : true}), {IGNIS_E_INVALID, "where.age", "", "got true"}},
        {J({"age" : ""}), {IGNIS_E_INVALID, "where.age", "", NULL}},
        {J({"age" : [ 1, "x" ]}), {IGNIS_E_INVALID, "where.age[1]", "", "got \"x\""}},
        {J({"age" : [ 1, [2] ]}), {IGNIS_E_INVALID, "where.age[1]", "", "got a list"}},
        {J({"age" : {"in" : [ 1, null, {"gt" : 2} ]}}),
         {IGNIS_E_INVALID, "where.age.in[2]", "", "got an object"}},
        {J({"age" : {"nin" : [true]}}), {IGNIS_E_INVALID, "where.age.nin[0]", "", NULL}},
        {J({"age" : {"in" : "x"}}), {IGNIS_E_INVALID, "where.age.in", "", NULL}},
        {J({"age" : {"in" : {"gt" : 1}}}), {IGNIS_E_INVALID, "where.age.in", "", "an object"}},
        {J({"age" : {"eq" : [1]}}), {IGNIS_E_INVALID, "where.age.eq", "", "a list"}},
        {J({"age" : {"ne" : {}}}), {IGNIS_E_INVALID, "where.age.ne", "", "an object"}},
        {J({"age" : {"gt" : [1]}}), {IGNIS_E_INVALID, "where.age.gt", "", "a list"}},
        {J({"age" : {"between" : 5}}), {IGNIS_E_INVALID, "where.age.between", "", "exactly two"}},
        {J({"age" : {"between" : null}}),
         {IGNIS_E_INVALID, "where.age.between", "", "exactly two"}},
        {J({"age" : {"between" : []}}), {IGNIS_E_INVALID, "where.age.between", "", "exactly two"}},
        {J({"age" : {"between" : [1]}}), {IGNIS_E_INVALID, "where.age.between", "", "exactly two"}},
        {J({"age" : {"notBetween" : [ 1, 2, 3 ]}}),
         {IGNIS_E_INVALID, "where.age.notBetween", "", "notBetween takes a list of exactly two"}},
        {J({"age" : {"between" : [ 1, "x" ]}}),
         {IGNIS_E_INVALID, "where.age.between[1]", "", "got \"x\""}},
        {J({"age" : {"between" : [ null, "x" ]}}),
         {IGNIS_E_INVALID, "where.age.between[1]", "", "got \"x\""}},
        {J({"name" : {"like" : ["x"]}}), {IGNIS_E_INVALID, "where.name.like", "", "a list"}},
        {J({"name" : {"x" : 1}}), {IGNIS_E_INVALID, "where.name.x", "", "unknown operator"}},
        {J({"score" : "NaN"}), {IGNIS_E_INVALID, "where.score", "", "a number"}},
        {J({"score" : "Infinity"}), {IGNIS_E_INVALID, "where.score", "", "a number"}},
        {J({"ratio" : "NaN"}), {IGNIS_E_INVALID, "where.ratio", "", "a number"}},
        {J({"ratio" : "-inf"}), {IGNIS_E_INVALID, "where.ratio", "", "a number"}},
        {J({"ratio" : 1e400}), {IGNIS_E_INVALID, "where.ratio", "", NULL}},
        {J({"joinedAt" : "yesterday"}), {IGNIS_E_INVALID, "where.joinedAt", "", "a timestamp"}},
        {J({"joinedAt" : "2024-02-30"}), {IGNIS_E_INVALID, "where.joinedAt", "", NULL}},
        {J({"joinedAt" : 0}), {IGNIS_E_INVALID, "where.joinedAt", "", NULL}},
        {J({"born" : "2024-13-01"}), {IGNIS_E_INVALID, "where.born", "", "a date"}},
        {J({"token" : "a0eebc99"}), {IGNIS_E_INVALID, "where.token", "", "a UUID"}},
        {J({"isActive" : "maybe"}), {IGNIS_E_INVALID, "where.isActive", "", "a boolean"}},
        {J({"isActive" : 2}), {IGNIS_E_INVALID, "where.isActive", "", "a boolean"}},
        {J({"name" : {"like" : {"a" : 1}}}), {IGNIS_E_INVALID, "where.name.like", "", NULL}},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        filter_tree tree;
        filter_request request = {.method = FILTER_COUNT, .entity = engine_entity(blog, "User")};
        ignis_code code = engine_read(blog, request, refusals[i].where, &tree);
        engine_expect_error(blog, code, &refusals[i].error, refusals[i].where);
    }
}

static void the_value_of_a_hidden_column_is_never_shown(void **state)
{
    static const char models[] = J({
        "models" : [ {
            "name" : "Vault",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "pin", "type" : "integer", "hidden" : true}
            ]
        } ]
    });
    (void)state;
    engine vault;
    filter_tree tree;
    engine_open(&vault, models, NULL);
    filter_request request = {.method = FILTER_COUNT, .entity = engine_entity(&vault, "Vault")};
    assert_int_equal(engine_read(&vault, request, J({"pin" : {"in" : ["s3cret"]}}), &tree),
                     IGNIS_E_INVALID);
    const ignis_error *error = ignis_context_error(vault.ctx);
    assert_string_equal(error->path, "where.pin.in[0]");
    assert_null(strstr(error->message, "s3cret"));
    engine_close(&vault);
}

static void an_offending_text_is_cut_at_64_bytes(void **state)
{
    engine *blog = *state;
    filter_tree tree;
    char where[400];
    filter_request request = {.method = FILTER_COUNT, .entity = engine_entity(blog, "User")};
    char given[301];
    memset(given, 'z', 300);
    given[300] = '\0';
    snprintf(where, sizeof(where), "{\"age\":\"%s\"}", given);
    assert_int_equal(engine_read(blog, request, where, &tree), IGNIS_E_INVALID);
    const char *shown = strchr(ignis_context_error(blog->ctx)->message, 'z');
    assert_non_null(shown);
    assert_int_equal(strspn(shown, "z"), 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_convert_as_the_text_of_the_column_would),
        cmocka_unit_test(values_that_do_not_convert_are_refused_at_their_place),
        cmocka_unit_test(the_value_of_a_hidden_column_is_never_shown),
        cmocka_unit_test(an_offending_text_is_cut_at_64_bytes),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
