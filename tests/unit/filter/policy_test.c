/* policy: what a public filter may not do, and its bounds from both sides. */
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

static ignis_code read_public(engine *blog, const char *filter, filter_tree *tree)
{
    filter_request request = {.method = FILTER_FIND,
                              .entity = engine_entity(blog, "User"),
                              .policy = &ignis_policy_public};
    return engine_read(blog, request, filter, tree);
}

static void expect_limit(engine *blog, const char *filter, const char *message)
{
    filter_tree tree;
    engine_error error = {IGNIS_E_LIMIT, NULL, "", message};
    engine_expect_error(blog, read_public(blog, filter, &tree), &error, message);
}

static void expect_taken(engine *blog, const char *filter)
{
    filter_tree tree;
    if (read_public(blog, filter, &tree) != IGNIS_OK)
        fail_msg("%.200s: %s", filter, blog->ctx->error.message);
}

/* before, count times item with commas between, after. */
static const char *repeated(engine *blog, const char *before, const char *item, size_t count,
                            const char *after)
{
    text out;
    text_init(&out, &blog->ctx->results, 0);
    text_string(&out, before);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_char(&out, ',');
        text_string(&out, item);
    }
    text_string(&out, after);
    return text_finish(&out);
}

static const char *nested(engine *blog, const char *open, size_t count, const char *middle,
                          const char *close)
{
    text out;
    text_init(&out, &blog->ctx->results, 0);
    for (size_t i = 0; i < count; i++)
        text_string(&out, open);
    text_string(&out, middle);
    for (size_t i = 0; i < count; i++)
        text_string(&out, close);
    return text_finish(&out);
}

static const char *in_where(engine *blog, const char *where)
{
    text out;
    text_init(&out, &blog->ctx->results, 0);
    text_format(&out, "{\"where\":%s}", where);
    return text_finish(&out);
}

static void groups_nest_sixteen_levels(void **state)
{
    engine *blog = *state;
    static const char *const groups[] = {"{\"not\":", "{\"and\":", "{\"or\":"};
    for (size_t i = 0; i < ARRAY_COUNT(groups); i++) {
        expect_taken(blog, in_where(blog, nested(blog, groups[i], 16, "{\"id\":1}", "}")));
        expect_limit(blog, in_where(blog, nested(blog, groups[i], 17, "{\"id\":1}", "}")),
                     "nested more than 16 deep");
    }
    expect_taken(blog, in_where(blog, nested(blog, "{\"and\":[", 16, "{\"id\":1}", "]}")));
    expect_limit(blog, in_where(blog, nested(blog, "{\"and\":[", 17, "{\"id\":1}", "]}")),
                 "nested more than 16 deep");
}

/* A group is a condition too. */
static void a_filter_has_a_hundred_conditions(void **state)
{
    engine *blog = *state;
    expect_taken(blog, repeated(blog, "{\"where\":{\"or\":[", "{\"id\":1}", 99, "]}}"));
    expect_limit(blog, repeated(blog, "{\"where\":{\"or\":[", "{\"id\":1}", 100, "]}}"),
                 "more than 100 conditions");
    expect_taken(
        blog, repeated(blog, "{\"where\":{\"or\":[", "{\"age\":{\"gt\":1,\"lt\":2}}", 49, "]}}"));
    expect_limit(blog,
                 repeated(blog, "{\"where\":{\"or\":[", "{\"age\":{\"gt\":1,\"lt\":2}}", 50, "]}}"),
                 "more than 100 conditions");
}

static void conditions_count_over_all_levels(void **state)
{
    engine *blog = *state;
    expect_taken(blog, repeated(blog,
                                "{\"where\":{\"id\":1},\"include\":[{\"relation\":\"posts\","
                                "\"scope\":{\"where\":{\"or\":[",
                                "{\"id\":1}", 98, "]}}}]}"));
    expect_limit(blog,
                 repeated(blog,
                          "{\"where\":{\"id\":1},\"include\":[{\"relation\":\"posts\","
                          "\"scope\":{\"where\":{\"or\":[",
                          "{\"id\":1}", 99, "]}}}]}"),
                 "more than 100 conditions");
}

static void a_list_has_a_thousand_elements(void **state)
{
    engine *blog = *state;
    static const char *const starts[] = {"{\"where\":{\"id\":[", "{\"where\":{\"id\":{\"nin\":[",
                                         "{\"where\":{\"tags\":[",
                                         "{\"where\":{\"tags\":{\"overlaps\":["};
    static const char *const ends[] = {"]}}", "]}}}", "]}}", "]}}}"};
    for (size_t i = 0; i < ARRAY_COUNT(starts); i++) {
        expect_taken(blog, repeated(blog, starts[i], "7", 1000, ends[i]));
        expect_limit(blog, repeated(blog, starts[i], "7", 1001, ends[i]), "more than 1000");
        expect_limit(blog, repeated(blog, starts[i], "null", 1001, ends[i]), "more than 1000");
    }
}

/* Alternatives without a condition are elements of a list, too. */
static void a_group_has_a_thousand_elements(void **state)
{
    engine *blog = *state;
    expect_limit(blog, repeated(blog, "{\"where\":{\"or\":[", "{}", 1001, "]}}"), "more than");
}

static void includes_nest_five_levels(void **state)
{
    engine *blog = *state;
    static const char open[] = "{\"include\":[{\"relation\":\"manager\",\"scope\":";
    expect_taken(blog, nested(blog, open, 5, "{}", "}]}"));
    expect_limit(blog, nested(blog, open, 6, "{}", "}]}"), "includes nested more than 5 deep");
}

typedef struct paging {
    const char *filter;
    int64_t limit;
} paging;

static void the_limit_of_every_level_is_lowered_to_a_thousand(void **state)
{
    static const paging pagings[] = {{J({}), 1000},
                                     {J({"limit" : 999}), 999},
                                     {J({"limit" : 1000}), 1000},
                                     {J({"limit" : 1001}), 1000},
                                     {J({"limit" : 0}), 0},
                                     {J({"limit" : 9223372036854775807}), 1000}};
    engine *blog = *state;
    filter_tree tree;
    for (size_t i = 0; i < ARRAY_COUNT(pagings); i++) {
        assert_int_equal(read_public(blog, pagings[i].filter, &tree), IGNIS_OK);
        assert_true(tree.root->has_limit);
        assert_int_equal(tree.values[tree.root->limit_slot].as.integer, pagings[i].limit);
    }
    assert_int_equal(read_public(blog, J({"include" : [ "posts", "manager" ]}), &tree), IGNIS_OK);
    const filter_node *posts = tree.root->includes;
    assert_true(posts->has_limit);
    assert_int_equal(tree.values[posts->limit_slot].as.integer, 1000);
    assert_false(posts->next->has_limit);
}

typedef struct refusal {
    const char *filter;
    engine_error error;
} refusal;

static void a_public_filter_never_names_hidden_properties(void **state)
{
    static const refusal refusals[] = {
        {J({"where" : {"secret" : "s1"}}),
         {IGNIS_E_INVALID, "where.secret", "", "unknown property 'secret' of User"}},
        {J({"where" : {"secre" : "s1"}}), {IGNIS_E_INVALID, "where.secre", "", NULL}},
        {J({"where" : {"secret" : {"like" : "s%"}}}), {IGNIS_E_INVALID, "where.secret", "", NULL}},
        {J({"where" : {"or" : [ {"not" : {"secret" : null}} ]}}),
         {IGNIS_E_INVALID, "where.or[0].not.secret", "", "unknown property"}},
        {J({"where" : {"vault" : null}}), {IGNIS_E_INVALID, "where.vault", "", "unknown property"}},
        {J({"where" : {"vault.a" : 1}}),
         {IGNIS_E_INVALID, "where.vault.a", "", "unknown property"}},
        {J({"order" : ["secret"]}), {IGNIS_E_INVALID, "order[0]", "", "unknown property"}},
        {J({"order" : ["vault.a"]}), {IGNIS_E_INVALID, "order[0]", "", "unknown property"}},
        {J({"fields" : [ "id", "secret" ]}), {IGNIS_E_INVALID, "fields[1]", "", "unknown field"}},
        {J({"fields" : {"secret" : false}}), {IGNIS_E_INVALID, "fields.secret", "", NULL}},
        {J({"fields" : {"vaul" : true}}), {IGNIS_E_INVALID, "fields.vaul", "", "unknown field"}},
        {J({"include" : [ {"relation" : "manager", "scope" : {"where" : {"secret" : "s1"}}} ]}),
         {IGNIS_E_INVALID, "include[0].scope.where.secret", "", "unknown property"}},
        {J({"include" : [ {"relation" : "manager", "scope" : {"order" : ["secret"]}} ]}),
         {IGNIS_E_INVALID, "include[0].scope.order[0]", "", "unknown property"}},
        {J({"include" : [ {"relation" : "manager", "shouldSkipDefaultFilter" : true} ]}),
         {IGNIS_E_INVALID, "include[0].shouldSkipDefaultFilter", "", "cannot skip"}},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        filter_tree tree;
        ignis_code code = read_public(blog, refusals[i].filter, &tree);
        engine_expect_error(blog, code, &refusals[i].error, refusals[i].filter);
    }
    filter_tree tree;
    assert_int_equal(
        read_public(
            blog, J({"include" : [ {"relation" : "manager", "shouldSkipDefaultFilter" : false} ]}),
            &tree),
        IGNIS_OK);
}

static void program_code_filters_and_orders_by_hidden_properties(void **state)
{
    assert_string_equal(engine_find(*state, "User", J({
                            "where" : {"secret" : {"like" : "s%"}},
                            "order" : ["secret DESC"],
                            "fields" : ["id"]
                        })),
                        "[{\"id\":2},{\"id\":1}]");
}

static void relations_and_operators_are_restricted_per_model(void **state)
{
    static const char *const relations[] = {"posts"};
    static const char *const operators[] = {"is", "inq"};
    static const ignis_model_policy models[] = {
        {.model = "User", .relations = {relations, 1}, .operators = {operators, 2}},
        {.model = "Post", .relations = {relations, 0}},
    };
    static const refusal cases[] = {
        {J({"where" : {"id" : 1}, "include" : ["posts"]}), {.code = IGNIS_OK}},
        {J({
             "where" :
                 {"id" : {"eq" : 1}, "age" : {"in" : [1]}, "name" : ["x"], "not" : {"id" : null}}
         }),
         {.code = IGNIS_OK}},
        {J({"include" : [ {"relation" : "posts", "scope" : {"where" : {"id" : {"gt" : 1}}}} ]}),
         {.code = IGNIS_OK}},
        {J({"where" : {"id" : {"gt" : 1}}}), {IGNIS_E_INVALID, "where.id.gt", NULL, "not allowed"}},
        {J({"where" : {"id" : {"neq" : 1}}}),
         {IGNIS_E_INVALID, "where.id.neq", NULL, "the operator 'ne' is not allowed on User"}},
        {J({"where" : {"name" : {"ilike" : "x"}}}), {IGNIS_E_INVALID, NULL, NULL, "not allowed"}},
        {J({"include" : ["manager"]}),
         {IGNIS_E_INVALID, "include[0]", NULL, "the relation 'manager' is not allowed on User"}},
        {J({"include" : [ {"relation" : "posts", "scope" : {"include" : ["comments"]}} ]}),
         {IGNIS_E_INVALID, "include[0].scope.include[0]", NULL, "not allowed on Post"}},
    };
    engine *blog = *state;
    ignis_policy policy = ignis_policy_public;
    policy.models = models;
    policy.models_count = ARRAY_COUNT(models);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        filter_tree tree;
        filter_request request = {
            .method = FILTER_FIND, .entity = engine_entity(blog, "User"), .policy = &policy};
        ignis_code code = engine_read(blog, request, cases[i].filter, &tree);
        engine_expect_error(blog, code, &cases[i].error, cases[i].filter);
    }
}

static void regular_expressions_of_the_outside_have_to_be_allowed(void **state)
{
    static const refusal refusals[] = {
        {J({"where" : {"name" : {"regexp" : "^A"}}}),
         {IGNIS_E_INVALID, "where.name.regexp", "", "the operator 'regexp' is not allowed"}},
        {J({"where" : {"not" : {"name" : {"iregexp" : null}}}}),
         {IGNIS_E_INVALID, "where.not.name.iregexp", "", "'iregexp' is not allowed"}},
        {J({
             "include" :
                 [ {"relation" : "manager", "scope" : {"where" : {"code" : {"regexp" : "1"}}}} ]
         }),
         {IGNIS_E_INVALID, "include[0].scope.where.code.regexp", "", "not allowed"}},
    };
    engine *blog = *state;
    ignis_policy policy = ignis_policy_public;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        filter_tree tree;
        filter_request request = {.method = FILTER_FIND, .entity = engine_entity(blog, "User")};
        request.policy = &ignis_policy_public;
        ignis_code code = engine_read(blog, request, refusals[i].filter, &tree);
        engine_expect_error(blog, code, &refusals[i].error, refusals[i].filter);
        policy.allow_regexp = true;
        request.policy = &policy;
        assert_int_equal(engine_read(blog, request, refusals[i].filter, &tree), IGNIS_OK);
        request.policy = &ignis_policy_trusted;
        assert_int_equal(engine_read(blog, request, refusals[i].filter, &tree), IGNIS_OK);
    }
}

static void every_operator_can_be_left_out(void **state)
{
    static const char *const operators[] = {"exists", "overlaps", "startsWith"};
    static const ignis_model_policy models[] = {{.model = "User", .operators = {operators, 3}}};
    static const refusal cases[] = {
        {J({
             "where" : {
                 "age" : {"exists" : true},
                 "tags" : {"overlaps" : "x"},
                 "name" : {"startsWith" : ""}
             }
         }),
         {.code = IGNIS_OK}},
        {J({"where" : {"age" : {"isNotNull" : true}}}),
         {IGNIS_E_INVALID, "where.age.isNotNull", NULL, "'isNotNull' is not allowed on User"}},
        {J({"where" : {"age" : {"notExists" : false}}}), {IGNIS_E_INVALID, NULL, NULL, NULL}},
        {J({"where" : {"tags" : {"contains" : "x"}}}),
         {IGNIS_E_INVALID, "where.tags.contains", NULL, "'contains' is not allowed on User"}},
        {J({"where" : {"tags" : ["x"]}}),
         {IGNIS_E_INVALID, "where.tags", NULL, "'eq' is not allowed on User"}},
        {J({"where" : {"name" : {"endsWith" : "x"}}}), {IGNIS_E_INVALID, NULL, NULL, NULL}},
        {J({"where" : {"name" : {"regexp" : "x"}}}), {IGNIS_E_INVALID, NULL, NULL, NULL}},
    };
    engine *blog = *state;
    ignis_policy policy = ignis_policy_trusted;
    policy.models = models;
    policy.models_count = ARRAY_COUNT(models);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        filter_tree tree;
        filter_request request = {
            .method = FILTER_FIND, .entity = engine_entity(blog, "User"), .policy = &policy};
        ignis_code code = engine_read(blog, request, cases[i].filter, &tree);
        engine_expect_error(blog, code, &cases[i].error, cases[i].filter);
    }
}

static void bounds_of_zero_are_none(void **state)
{
    engine *blog = *state;
    filter_tree tree;
    const ignis_policy open = {.struct_size = sizeof(open)};
    filter_request request = {
        .method = FILTER_FIND, .entity = engine_entity(blog, "User"), .policy = &open};
    assert_int_equal(engine_read(blog, request,
                                 repeated(blog, "{\"where\":{\"or\":[", "{\"id\":1}", 500, "]}}"),
                                 &tree),
                     IGNIS_OK);
    assert_int_equal(
        engine_read(blog, request, in_where(blog, nested(blog, "{\"not\":", 40, "{}", "}")), &tree),
        IGNIS_OK);
    assert_false(tree.root->has_limit);
    assert_int_equal(tree.rows_max, 0);
}

static void bounds_are_settings(void **state)
{
    engine *blog = *state;
    filter_tree tree;
    const ignis_policy narrow = {.struct_size = sizeof(narrow),
                                 .include_depth_max = 1,
                                 .where_depth_max = 1,
                                 .conditions_max = 2,
                                 .list_max = 3,
                                 .limit_max = 4,
                                 .rows_max = 5};
    filter_request request = {
        .method = FILTER_FIND, .entity = engine_entity(blog, "User"), .policy = &narrow};
    assert_int_equal(
        engine_read(blog, request,
                    J({"where" : {"not" : {"id" : [ 1, 2, 3 ]}}, "include" : ["posts"]}), &tree),
        IGNIS_OK);
    assert_int_equal(tree.values[tree.root->limit_slot].as.integer, 4);
    assert_int_equal(tree.rows_max, 5);
    static const char *const beyond[] = {
        J({"where" : {"not" : {"not" : {}}}}),
        J({"where" : {"id" : 1, "age" : 2, "name" : "x"}}),
        J({"where" : {"id" : [ 1, 2, 3, 4 ]}}),
        J({"include" : [ {"relation" : "posts", "scope" : {"include" : ["author"]}} ]}),
        J({"order" : [ "id", "name", "age", "big" ]}),
    };
    for (size_t i = 0; i < ARRAY_COUNT(beyond); i++)
        assert_int_equal(engine_read(blog, request, beyond[i], &tree), IGNIS_E_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_nest_sixteen_levels),
        cmocka_unit_test(a_filter_has_a_hundred_conditions),
        cmocka_unit_test(conditions_count_over_all_levels),
        cmocka_unit_test(a_list_has_a_thousand_elements),
        cmocka_unit_test(a_group_has_a_thousand_elements),
        cmocka_unit_test(includes_nest_five_levels),
        cmocka_unit_test(the_limit_of_every_level_is_lowered_to_a_thousand),
        cmocka_unit_test(a_public_filter_never_names_hidden_properties),
        cmocka_unit_test(program_code_filters_and_orders_by_hidden_properties),
        cmocka_unit_test(relations_and_operators_are_restricted_per_model),
        cmocka_unit_test(regular_expressions_of_the_outside_have_to_be_allowed),
        cmocka_unit_test(every_operator_can_be_left_out),
        cmocka_unit_test(bounds_of_zero_are_none),
        cmocka_unit_test(bounds_are_settings),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
