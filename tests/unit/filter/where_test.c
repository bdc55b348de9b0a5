/* where: which rows its conditions choose, and what is refused at which place. */
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

/* ---- rows ---- */

typedef struct choice {
    const char *where;
    const char *ids; /* of users, "1 2" */
} choice;

static const char *users_of(engine *blog, const char *where)
{
    const json *rows = NULL;
    text filter;
    text ids;
    text_init(&filter, &blog->ctx->results, 0);
    text_format(&filter, "{\"fields\":[\"id\"],\"order\":[\"id\"],\"where\":%s}", where);
    const char *found = engine_find(blog, "User", text_finish(&filter));
    assert_int_equal(
        json_read_context(blog->ctx, &blog->ctx->results, found, strlen(found), NULL, &rows),
        IGNIS_OK);
    text_init(&ids, &blog->ctx->results, 0);
    for (size_t i = 0; i < rows->count; i++) {
        if (i > 0) text_char(&ids, ' ');
        text_integer(&ids, json_get(&rows->as.items[i], "id")->integer);
    }
    return text_finish(&ids);
}

static void choices_check(engine *blog, const choice *choices, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *ids = users_of(blog, choices[i].where);
        if (strcmp(ids, choices[i].ids) != 0) {
            fail_msg("%s: users \"%s\" instead of \"%s\"", choices[i].where, ids, choices[i].ids);
        }
        ignis_context_reset(blog->ctx);
    }
}

static void operators_choose_rows(void **state)
{
    static const choice choices[] = {
        {J({}), "1 2 3 4"},
        {J({"age" : 20}), "2 3"},
        {J({"age" : {"eq" : 20}}), "2 3"},
        {J({"age" : {"is" : 20}}), "2 3"},
        {J({"age" : {"ne" : 20}}), "1"},
        {J({"age" : {"neq" : 20}}), "1"},
        {J({"age" : {"isn" : 20}}), "1"},
        {J({"age" : {"gt" : 20}}), "1"},
        {J({"age" : {"gte" : 20}}), "1 2 3"},
        {J({"age" : {"lt" : 36}}), "2 3"},
        {J({"age" : {"lte" : 36}}), "1 2 3"},
        {J({"age" : {"gt" : 19, "lt" : 21}}), "2 3"},
        {J({"age" : {"in" : [ 20, 36 ]}}), "1 2 3"},
        {J({"age" : {"inq" : [36]}}), "1"},
        {J({"age" : {"nin" : [36]}}), "2 3"},
        {J({"age" : {"notIn" : [ 20, 36 ]}}), ""},
        {J({"age" : [ 20, 99 ]}), "2 3"},
        {J({"age" : {"between" : [ 21, 36 ]}}), "1"},
        {J({"age" : {"between" : [ 36, 20 ]}}), ""},
        {J({"age" : {"notBetween" : [ 21, 36 ]}}), "2 3"},
        {J({"name" : {"like" : "%o%"}}), "2"},
        {J({"name" : {"like" : "b%"}}), ""},
        {J({"name" : {"ilike" : "b%"}}), "2"},
        {J({"name" : {"like" : "Cy\\%d"}}), "3"},
        {J({"name" : {"like" : "___"}}), "1 2"},
        {J({"name" : {"ilike" : "δΟΚΙΜΉ"}}), "4"},
        {J({"name" : {"nlike" : "%o%"}}), "1 3 4"},
        {J({"name" : {"notLike" : "%"}}), ""},
        {J({"name" : {"nilike" : "B%"}}), "1 3 4"},
        {J({"name" : {"notILike" : "b%"}}), "1 3 4"},
        {J({"code" : {"like" : "_\\__"}}), "3"},
        {J({"code" : {"like" : 5}}), "2"},
    };
    choices_check(*state, choices, ARRAY_COUNT(choices));
}

static void null_is_a_value_for_eq_and_ne_and_unknown_elsewhere(void **state)
{
    static const choice choices[] = {
        {J({"age" : null}), "4"},
        {J({"age" : {"eq" : null}}), "4"},
        {J({"age" : {"is" : null}}), "4"},
        {J({"age" : {"ne" : null}}), "1 2 3"},
        {J({"age" : {"isn" : null}}), "1 2 3"},
        {J({"meta" : null}), "2 3 4"},
        {J({"meta" : {"ne" : null}}), "1"},
        {J({"tags" : {"eq" : null}}), "3 4"},
        {J({"age" : {"gt" : null}}), ""},
        {J({"not" : {"age" : {"gt" : null}}}), ""},
        {J({"not" : {"age" : {"lte" : null}}}), ""},
        {J({"not" : {"name" : {"like" : null}}}), ""},
        {J({"not" : {"name" : {"nilike" : null}}}), ""},
        {J({"age" : {"between" : [ null, 99 ]}}), ""},
        {J({"not" : {"age" : {"between" : [ 0, null ]}}}), ""},
        {J({"age" : {"notBetween" : [ null, null ]}}), ""},
        {J({"age" : {"in" : null}}), ""},
        {J({"not" : {"age" : {"in" : null}}}), ""},
        {J({"age" : {"nin" : null}}), ""},
        {J({"age" : {"in" : []}}), ""},
        {J({"age" : []}), ""},
        {J({"not" : {"age" : {"in" : []}}}), "1 2 3 4"},
        {J({"age" : {"nin" : []}}), "1 2 3 4"},
        {J({"age" : {"in" : [null]}}), ""},
        {J({"age" : {"nin" : [null]}}), "1 2 3 4"},
        {J({"age" : {"in" : [ null, 36, null ]}}), "1"},
        {J({"age" : {"nin" : [ null, 36 ]}}), "2 3"},
        {J({"age" : {"in" : 36}}), "1"},
        {J({"age" : {"nin" : 36}}), "2 3"},
        {J({"not" : {"age" : 20}}), "1"},
        {J({"or" : [ {"age" : {"gt" : null}}, {"id" : 2} ]}), "2"},
    };
    choices_check(*state, choices, ARRAY_COUNT(choices));
}

static void groups_combine_conditions(void **state)
{
    static const choice choices[] = {
        {J({"and" : []}), "1 2 3 4"},
        {J({"or" : []}), ""},
        {J({"not" : {"or" : []}}), "1 2 3 4"},
        {J({"not" : {"and" : []}}), ""},
        {J({"not" : {}}), ""},
        {J({"or" : [ {} ]}), "1 2 3 4"},
        {J({"and" : [ {"age" : 20}, {"id" : 3} ]}), "3"},
        {J({"or" : [ {"id" : 1}, {"id" : 3} ]}), "1 3"},
        {J({"or" : {"id" : 1, "age" : 36}}), "1"},
        {J({"and" : {"id" : 1}}), "1"},
        {J({"or" : [ {"id" : 1}, {"and" : [ {"age" : 20}, {"not" : {"id" : 2}} ]} ]}), "1 3"},
        {J({"id" : [ 1, 2, 3 ], "or" : [ {"age" : 36}, {"age" : 20} ], "not" : {"id" : 2}}), "1 3"},
        {J({"not" : {"or" : [ {"id" : 1}, {"name" : {"nlike" : "B%"}} ]}}), "2"},
    };
    choices_check(*state, choices, ARRAY_COUNT(choices));
}

static void a_pattern_that_ends_in_a_lone_backslash_matches_nothing(void **state)
{
    static const choice choices[] = {
        {J({"name" : {"like" : "Ada\\"}}), ""},
        {J({"name" : {"ilike" : "\\"}}), ""},
        {J({"name" : {"nlike" : "Ada\\"}}), "1 2 3 4"},
        {J({"code" : {"nilike" : "\\"}}), "1 2 3"},
    };
    choices_check(*state, choices, ARRAY_COUNT(choices));
}

static void a_long_list_of_alternatives_is_taken_from_program_code(void **state)
{
    engine *blog = *state;
    text where;
    text_init(&where, &blog->ctx->results, 0);
    text_string(&where, "{\"or\":[");
    for (int i = 0; i < 3000; i++)
        text_format(&where, "%s{\"id\":%d}", i > 0 ? "," : "", i + 2);
    text_string(&where, "]}");
    assert_string_equal(users_of(blog, text_finish(&where)), "2 3 4");
}

static void a_long_list_of_conditions_is_taken_from_program_code(void **state)
{
    engine *blog = *state;
    text where;
    text_init(&where, &blog->ctx->results, 0);
    text_string(&where, "{\"and\":[");
    for (int i = 0; i < 3000; i++)
        text_format(&where, "%s{\"id\":{\"ne\":%d}}", i > 0 ? "," : "", i + 2);
    text_string(&where, "]}");
    assert_string_equal(users_of(blog, text_finish(&where)), "1");
}

static void texts_are_compared_by_what_they_begin_and_end_with(void **state)
{
    static const choice choices[] = {
        {J({"name" : {"startsWith" : "A"}}), "1"},
        {J({"name" : {"startsWith" : "a"}}), ""},
        {J({"name" : {"startsWith" : ""}}), "1 2 3 4"},
        {J({"name" : {"startsWith" : "Cy%"}}), "3"},
        {J({"name" : {"startsWith" : "%"}}), ""},
        {J({"name" : {"startsWith" : "Δοκ"}}), "4"},
        {J({"name" : {"startsWith" : "Cy%d "}}), ""},
        {J({"code" : {"startsWith" : 5}}), "2"},
        {J({"name" : {"endsWith" : "b"}}), "2"},
        {J({"name" : {"endsWith" : "B"}}), ""},
        {J({"name" : {"endsWith" : ""}}), "1 2 3 4"},
        {J({"name" : {"endsWith" : "%d"}}), "3"},
        {J({"name" : {"endsWith" : "ή"}}), "4"},
        {J({"name" : {"endsWith" : "a longer text"}}), ""},
        {J({"code" : {"endsWith" : "_b"}}), "3"},
        {J({"not" : {"code" : {"endsWith" : "b"}}}), "1 2"},
        {J({"not" : {"code" : {"startsWith" : "5"}}}), "1 3"},
        {J({"name" : {"startsWith" : null}}), ""},
        {J({"not" : {"name" : {"endsWith" : null}}}), ""},
    };
    choices_check(*state, choices, ARRAY_COUNT(choices));
}

static void regular_expressions_choose_rows(void **state)
{
    static const choice choices[] = {
        {J({"name" : {"regexp" : "^[AB]"}}), "1 2"},
        {J({"name" : {"regexp" : "^[ab]"}}), ""},
        {J({"name" : {"iregexp" : "^[ab]"}}), "1 2"},
        {J({"name" : {"iregexp" : "^δΟκ"}}), "4"},
        {J({"name" : {"regexp" : "^.{6}$"}}), "4"},
        {J({"name" : {"regexp" : "^\\w+$"}}), "1 2 4"},
        {J({"name" : {"regexp" : ""}}), "1 2 3 4"},
        {J({"code" : {"regexp" : "^\\d$"}}), "2"},
        {J({"code" : {"regexp" : 5}}), "2"},
        {J({"not" : {"code" : {"regexp" : "5"}}}), "1 3"},
        {J({"name" : {"regexp" : null}}), ""},
        {J({"not" : {"name" : {"iregexp" : null}}}), ""},
    };
    choices_check(*state, choices, ARRAY_COUNT(choices));
}

static void a_value_is_there_or_not(void **state)
{
    static const choice choices[] = {
        {J({"age" : {"isNull" : true}}), "4"},
        {J({"age" : {"isNull" : false}}), "1 2 3"},
        {J({"age" : {"isNotNull" : true}}), "1 2 3"},
        {J({"age" : {"isNotNull" : false}}), "4"},
        {J({"age" : {"exists" : true}}), "1 2 3"},
        {J({"age" : {"exists" : false}}), "4"},
        {J({"age" : {"notExists" : true}}), "4"},
        {J({"age" : {"notExists" : false}}), "1 2 3"},
        {J({"tags" : {"isNull" : true}}), "3 4"},
        {J({"tags" : {"exists" : true}}), "1 2"},
        {J({"not" : {"age" : {"isNull" : true}}}), "1 2 3"},
    };
    choices_check(*state, choices, ARRAY_COUNT(choices));
}

/* Users have the tags x and y, none, and (twice) no list at all. */
static void arrays_choose_rows(void **state)
{
    static const choice choices[] = {
        {J({"tags" : {"contains" : ["x"]}}), "1"},
        {J({"tags" : {"contains" : "x"}}), "1"},
        {J({"tags" : {"contains" : [ "y", "x", "x" ]}}), "1"},
        {J({"tags" : {"contains" : ["X"]}}), ""},
        {J({"tags" : {"contains" : []}}), "1 2"},
        {J({"tags" : {"contains" : [null]}}), ""},
        {J({"tags" : {"contains" : [ "x", null ]}}), ""},
        {J({"not" : {"tags" : {"contains" : ["x"]}}}), "2"},
        {J({"tags" : {"containedBy" : [ "x", "y", "z" ]}}), "1 2"},
        {J({"tags" : {"containedBy" : "x"}}), "2"},
        {J({"tags" : {"containedBy" : []}}), "2"},
        {J({"tags" : {"containedBy" : [null]}}), "2"},
        {J({"tags" : {"overlaps" : [ "z", "y" ]}}), "1"},
        {J({"tags" : {"overlaps" : "y"}}), "1"},
        {J({"tags" : {"overlaps" : []}}), ""},
        {J({"tags" : {"overlaps" : [null]}}), ""},
        {J({"not" : {"tags" : {"overlaps" : []}}}), "1 2"},
        {J({"tags" : {"overlaps" : null}}), ""},
        {J({"not" : {"tags" : {"contains" : null}}}), ""},
        {J({"tags" : [ "x", "y" ]}), "1"},
        {J({"tags" : {"eq" : [ "y", "x" ]}}), ""},
        {J({"tags" : []}), "2"},
        {J({"tags" : {"ne" : []}}), "1"},
        {J({"tags" : {"in" : [ [], ["z"], [ "x", "y" ] ]}}), "1 2"},
        {J({"tags" : {"in" : [ null, [] ]}}), "2"},
        {J({"tags" : {"nin" : [[]]}}), "1"},
        {J({"tags" : {"nin" : []}}), "1 2 3 4"},
        {J({"tags" : {"gt" : []}}), "1"},
        {J({"tags" : {"gte" : [ "x", "y" ]}}), "1"},
        {J({"tags" : {"lt" : ["y"]}}), "1 2"},
        {J({"tags" : {"lt" : [ "x", null ]}}), "1 2"},
        {J({"tags" : {"gt" : [ "x", null ]}}), ""},
        {J({"tags" : {"between" : [ [], ["x"] ]}}), "2"},
    };
    choices_check(*state, choices, ARRAY_COUNT(choices));
}

/* A plan is shared by filters of equal shape: the values of the second filter have to be its own. */
static void a_filter_never_takes_values_of_another_place(void **state)
{
    static const choice choices[] = {
        {J({"age" : {"between" : [ null, null ]}, "id" : {"eq" : 1}}), ""},
        {J({"or" : [ {"age" : {"between" : [ null, null ]}}, {"id" : 1} ]}), "1"},
        {J({"or" : [ {"age" : {"between" : [ 3, null ]}}, {"id" : 1} ]}), "1"},
        {J({"or" : [ {"age" : {"between" : [ null, 2 ]}}, {"id" : 4} ]}), "4"},
        {J({"or" : [ {"age" : {"gt" : null}}, {"id" : 1} ]}), "1"},
        {J({"or" : [ {"age" : {"in" : [null]}}, {"id" : 2} ]}), "2"},
        {J({"or" : [ {"age" : {"in" : []}}, {"id" : 3} ]}), "3"},
    };
    choices_check(*state, choices, ARRAY_COUNT(choices));
}

/* ---- refusals ---- */

typedef struct refusal {
    const char *where;
    engine_error error;
} refusal;

static void refusals_check(engine *blog, const refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        filter_tree tree;
        filter_request request = {.method = FILTER_COUNT, .entity = engine_entity(blog, "User")};
        ignis_code code = engine_read(blog, request, refusals[i].where, &tree);
        engine_expect_error(blog, code, &refusals[i].error, refusals[i].where);
    }
}

static void wrong_conditions_are_refused_at_their_place(void **state)
{
    static const refusal refusals[] = {
        {J([]), {IGNIS_E_INVALID, "where", "", "an object, not a list"}},
        {J("id = 1"), {IGNIS_E_INVALID, "where", "", "an object, not a string"}},
        {J({"agee" : 1}),
         {IGNIS_E_INVALID, "where.agee", "age", "unknown property 'agee' of User"}},
        {J({"zzzzzz" : 1}), {IGNIS_E_INVALID, "where.zzzzzz", "", "unknown property"}},
        {J({"age" : {"gtt" : 1}}),
         {IGNIS_E_INVALID, "where.age.gtt", "gt", "unknown operator 'gtt'"}},
        {J({"age" : {"GT" : 1}}), {IGNIS_E_INVALID, "where.age.GT", NULL, "unknown operator 'GT'"}},
        {J({"age" : {}}), {IGNIS_E_INVALID, "where.age", "", "without an operator"}},
        {J({"tags" : {}}), {IGNIS_E_INVALID, "where.tags", "", "without an operator"}},
        {J({"posts" : {"id" : 1}}), {IGNIS_E_INVALID, "where.posts", "", "'posts' is a relation"}},
        {J({"posts" : null}), {IGNIS_E_INVALID, "where.posts", "", "'posts' is a relation"}},
        {J({"and" : 5}), {IGNIS_E_INVALID, "where.and", "", "an object, not a number"}},
        {J({"or" : [ {"id" : 1}, null ]}), {IGNIS_E_INVALID, "where.or[1]", "", "not null"}},
        {J({"or" : {"agee" : 1}}), {IGNIS_E_INVALID, "where.or.agee", "age", NULL}},
        {J({"not" : [ {"id" : 1} ]}), {IGNIS_E_INVALID, "where.not", "", "an object, not a list"}},
        {J({"and" : [ {"not" : {"or" : [ {}, {"agee" : 1} ]}} ]}),
         {IGNIS_E_INVALID, "where.and[0].not.or[1].agee", "age", NULL}},
        {J({"tenantId" : {"$context" : "t"}}), {IGNIS_E_INVALID, "where.tenantId", NULL, NULL}},
        {J({"age" : {"$context" : "t"}}),
         {IGNIS_E_INVALID, "where.age.$context", "", "unknown operator '$context'"}},
        {J({"age" : {"like" : "1%"}}),
         {IGNIS_E_INVALID, "where.age.like", "", "like needs a text column"}},
        {J({"tags" : {"ilike" : "1%"}}), {IGNIS_E_INVALID, "where.tags.ilike", "", "needs a text"}},
        {J({"meta" : {"nlike" : "1%"}}), {IGNIS_E_INVALID, "where.meta.nlike", "", "needs a text"}},
        {J({"token" : {"like" : "a%"}}), {IGNIS_E_INVALID, "where.token.like", "", "needs a text"}},
        {J({"age.b" : 1}), {IGNIS_E_INVALID, "where.age.b", "", "holds no JSON"}},
        {J({"mets.b" : 1}), {IGNIS_E_INVALID, "where.mets.b", "meta", "unknown property"}},
        {J({"meta." : 1}), {IGNIS_E_INVALID, "where.meta.", "", "no JSON path"}},
        {J({"meta[" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"meta[0" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"meta[-1]" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"meta.a-" : 1, "meta.-a" : 1}), {IGNIS_E_INVALID, "where.meta.-a", "", "no JSON path"}},
        {J({"meta.-a" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"meta.a b" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"meta.1a" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"meta.a..b" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"meta.a'" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"age" : {"startsWith" : "1"}}),
         {IGNIS_E_INVALID, "where.age.startsWith", "", "startsWith needs a text column"}},
        {J({"tags" : {"endsWith" : "x"}}),
         {IGNIS_E_INVALID, "where.tags.endsWith", "", "holds a list of texts"}},
        {J({"age" : {"regexp" : "1"}}),
         {IGNIS_E_INVALID, "where.age.regexp", "", "regexp needs a text column"}},
        {J({"token" : {"iregexp" : "1"}}), {IGNIS_E_INVALID, NULL, "", "iregexp needs a text"}},
        {J({"name" : {"startsWith" : ["A"]}}),
         {IGNIS_E_INVALID, "where.name.startsWith", "", "expected text, got a list"}},
        {J({"name" : {"regexp" : {}}}),
         {IGNIS_E_INVALID, "where.name.regexp", "", "expected text, got an object"}},
        {J({"age" : {"isNull" : null}}),
         {IGNIS_E_INVALID, "where.age.isNull", "", "isNull takes true or false, not null"}},
        {J({"age" : {"isNotNull" : 1}}), {IGNIS_E_INVALID, NULL, "", "not a number"}},
        {J({"age" : {"exists" : "true"}}), {IGNIS_E_INVALID, NULL, "", "not a string"}},
        {J({"age" : {"notExists" : [true]}}), {IGNIS_E_INVALID, NULL, "", "not a list"}},
        {J({"name" : {"contains" : ["A"]}}),
         {IGNIS_E_INVALID, "where.name.contains", "", "contains needs an array column"}},
        {J({"meta" : {"overlaps" : ["A"]}}),
         {IGNIS_E_INVALID, "where.meta.overlaps", "", "overlaps needs an array column"}},
        {J({"age" : {"containedBy" : 1}}), {IGNIS_E_INVALID, NULL, "", "needs an array column"}},
        {J({"tags" : "x"}),
         {IGNIS_E_INVALID, "where.tags", "", "expected a list of texts, got \"x\""}},
        {J({"tags" : {"eq" : {}}}), {IGNIS_E_INVALID, "where.tags.eq", "", "got an object"}},
        {J({"tags" : {"in" : [ [], "x" ]}}),
         {IGNIS_E_INVALID, "where.tags.in[1]", "", "expected a list of texts"}},
        {J({"tags" : {"in" : "x"}}), {IGNIS_E_INVALID, "where.tags.in", "", "a list of texts"}},
        {J({"tags" : {"contains" : [ "x", ["y"] ]}}),
         {IGNIS_E_INVALID, "where.tags.contains[1]", "", "expected text, got a list"}},
        {J({"tags" : {"contains" : {"a" : 1}}}),
         {IGNIS_E_INVALID, "where.tags.contains", "", "expected text, got an object"}},
        {J({"meta" : {"eq" : 1, "x" : 2}}), {IGNIS_E_INVALID, "where.meta", "", "a mixture"}},
        {J({"meta" : {"exists" : true, "x" : 2}}),
         {IGNIS_E_INVALID, "where.meta", "", "a mixture"}},
    };
    refusals_check(*state, refusals, ARRAY_COUNT(refusals));
}

/* The caller's names reach paths and messages as one short line. */
static void hostile_names_stay_on_one_line(void **state)
{
    static const char *const wheres[] = {
        J({"age" : {"a\nb" : 1}}), J({"a\nb" : 1}), J({"meta.\n" : 1}), NULL, /* a long one */
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(wheres); i++) {
        filter_tree tree;
        filter_request request = {.method = FILTER_COUNT, .entity = engine_entity(blog, "User")};
        const char *where = wheres[i];
        text made;
        text_init(&made, &blog->ctx->results, 0);
        if (!where) {
            text_string(&made, "{\"age\":{\"");
            for (int k = 0; k < 300; k++)
                text_char(&made, 'a');
            text_string(&made, "\":1}}");
            where = text_finish(&made);
        }
        assert_int_equal(engine_read(blog, request, where, &tree), IGNIS_E_INVALID);
        const ignis_error *error = ignis_context_error(blog->ctx);
        if (strpbrk(error->path, "\n\r") || strpbrk(error->message, "\n\r"))
            fail_msg("%s: more than one line", where);
        if (strlen(error->path) > 128)
            fail_msg("%s: a path of %zu bytes", where, strlen(error->path));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_choose_rows),
        cmocka_unit_test(null_is_a_value_for_eq_and_ne_and_unknown_elsewhere),
        cmocka_unit_test(groups_combine_conditions),
        cmocka_unit_test(a_pattern_that_ends_in_a_lone_backslash_matches_nothing),
        cmocka_unit_test(a_long_list_of_alternatives_is_taken_from_program_code),
        cmocka_unit_test(a_long_list_of_conditions_is_taken_from_program_code),
        cmocka_unit_test(texts_are_compared_by_what_they_begin_and_end_with),
        cmocka_unit_test(regular_expressions_choose_rows),
        cmocka_unit_test(a_value_is_there_or_not),
        cmocka_unit_test(arrays_choose_rows),
        cmocka_unit_test(a_filter_never_takes_values_of_another_place),
        cmocka_unit_test(wrong_conditions_are_refused_at_their_place),
        cmocka_unit_test(hostile_names_stay_on_one_line),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
