/* include: relations, their scopes, their refusals. */
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

typedef struct reading {
    const char *model;
    const char *filter;
    const char *rows;
} reading;

static void includes_nest_the_rows_of_relations(void **state)
{
    static const reading readings[] = {
        {"Post", J({"where" : {"id" : 4}, "include" : [ "author", "comments" ], "fields" : ["id"]}),
         "[{\"id\":4,\"author\":null,\"comments\":[]}]"},
        {"User", J({
             "where" : {"id" : [ 1, 2 ]},
             "order" : ["id"],
             "fields" : ["id"],
             "include" : [ {
                 "relation" : "posts",
                 "scope" : {"fields" : ["id"], "order" : ["id DESC"], "limit" : 2}
             } ]
         }),
         "[{\"id\":1,\"posts\":[{\"id\":5},{\"id\":2}]},{\"id\":2,\"posts\":[{\"id\":3}]}]"},
        {"User", J({
             "where" : {"id" : [ 1, 2 ]},
             "order" : ["id"],
             "fields" : ["id"],
             "include" : [
                 {"relation" : "posts", "scope" : {"fields" : ["id"], "order" : ["id"], "skip" : 1}}
             ]
         }),
         "[{\"id\":1,\"posts\":[{\"id\":2},{\"id\":5}]},{\"id\":2,\"posts\":[]}]"},
        {"Post", J({
             "where" : {"id" : [ 1, 3 ]},
             "order" : ["id"],
             "fields" : ["id"],
             "include" : [ {
                 "relation" : "comments",
                 "scope" : {"fields" : ["id"], "order" : ["id"], "limit" : 1, "skip" : 1}
             } ]
         }),
         "[{\"id\":1,\"comments\":[{\"id\":2}]},{\"id\":3,\"comments\":[]}]"},
        {"Post", J({
             "where" : {"id" : 1},
             "fields" : ["id"],
             "include" : [ {"relation" : "comments", "scope" : {"limit" : 0}} ]
         }),
         "[{\"id\":1,\"comments\":[]}]"},
        {"Post", J({
             "where" : {"id" : [ 1, 3 ]},
             "order" : ["id"],
             "fields" : ["id"],
             "include" : [ {
                 "relation" : "author",
                 "scope" : {"fields" : ["id"], "limit" : 0, "skip" : 9, "order" : ["name"]}
             } ]
         }),
         "[{\"id\":1,\"author\":{\"id\":1}},{\"id\":3,\"author\":{\"id\":2}}]"},
        {"Post", J({
             "where" : {"id" : [ 1, 3 ]},
             "order" : ["id"],
             "fields" : ["id"],
             "include" :
                 [ {"relation" : "author", "scope" : {"fields" : ["id"], "where" : {"age" : 20}}} ]
         }),
         "[{\"id\":1,\"author\":null},{\"id\":3,\"author\":{\"id\":2}}]"},
        {"User", J({
             "where" : {"id" : 1},
             "fields" : ["id"],
             "include" : [ {
                 "relation" : "reports",
                 "scope" : {
                     "fields" : ["id"],
                     "order" : ["id"],
                     "include" :
                         [ {"relation" : "manager", "scope" : {"fields" : ["name"]}} ]
                 }
             } ]
         }),
         "[{\"id\":1,\"reports\":[{\"id\":2,\"manager\":{\"name\":\"Ada\"}},"
         "{\"id\":3,\"manager\":{\"name\":\"Ada\"}}]}]"},
        {"Post", J({"where" : {"id" : 1}, "fields" : ["id"], "include" : null}), "[{\"id\":1}]"},
        {"Post", J({"where" : {"id" : 1}, "fields" : ["id"], "include" : []}), "[{\"id\":1}]"},
        {"Post", J({
             "where" : {"id" : 1},
             "fields" : ["id"],
             "include" :
                 [ {"relation" : "comments", "scope" : null, "shouldSkipDefaultFilter" : null} ]
         }),
         "[{\"id\":1,\"comments\":[{\"id\":1,\"body\":\"c1\",\"postId\":1},"
         "{\"id\":2,\"body\":\"c2\",\"postId\":1}]}]"},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(readings); i++) {
        const char *rows = engine_find(blog, readings[i].model, readings[i].filter);
        if (strcmp(rows, readings[i].rows) != 0) fail_msg("%s: %s", readings[i].filter, rows);
    }
}

typedef struct refusal {
    const char *filter;
    engine_error error;
} refusal;

static void wrong_includes_are_refused_at_their_place(void **state)
{
    static const refusal refusals[] = {
        {J({"include" : "posts"}), {IGNIS_E_INVALID, "include", "", "include is a list"}},
        {J({"include" : {"relation" : "posts"}}), {IGNIS_E_INVALID, "include", "", "an object"}},
        {J({"include" : ["nonExistent"]}),
         {IGNIS_E_INVALID, "include[0]", "",
          "[FilterBuilder][toInclude] Relation NOT FOUND | relation: 'nonExistent'"}},
        {J({"include" : [ "manager", {"relation" : "post"} ]}),
         {IGNIS_E_INVALID, "include[1]", "posts", "Relation NOT FOUND | relation: 'post'"}},
        {J({"include" : ["name"]}), {IGNIS_E_INVALID, "include[0]", NULL, "Relation NOT FOUND"}},
        {J({"include" : ["posts.comments"]}),
         {IGNIS_E_INVALID, "include[0]", NULL, "Relation NOT FOUND"}},
        {"{\"include\":[5]}",
         {IGNIS_E_INVALID, "include[0]", "",
          "[FilterBuilder][toInclude] Invalid include format | include: 5"}},
        {"{\"include\":[null]}", {IGNIS_E_INVALID, "include[0]", "", "include: null"}},
        {"{\"include\":[[\"posts\"]]}",
         {IGNIS_E_INVALID, "include[0]", "", "include: [\"posts\"]"}},
        {"{\"include\":[\"\"]}", {IGNIS_E_INVALID, "include[0]", "", "Invalid include format"}},
        {"{\"include\":[{}]}", {IGNIS_E_INVALID, "include[0]", "", "include: {}"}},
        {"{\"include\":[{ \"relation\" : 7 }]}",
         {IGNIS_E_INVALID, "include[0]", "", "include: {\"relation\":7}"}},
        {"{\"include\":[{\"scope\":{}}]}",
         {IGNIS_E_INVALID, "include[0]", "", "include: {\"scope\":{}}"}},
        {J({"include" : [ {"relation" : "posts", "scop" : {}} ]}),
         {IGNIS_E_INVALID, "include[0].scop", "scope", "unknown key 'scop'"}},
        {J({"include" : [ {"relation" : "posts", "where" : {}} ]}),
         {IGNIS_E_INVALID, "include[0].where", NULL, "unknown key 'where'"}},
        {J({"include" : [ {"relation" : "posts", "scope" : []} ]}),
         {IGNIS_E_INVALID, "include[0].scope", "", "a scope is an object, not a list"}},
        {J({"include" : [ {"relation" : "posts", "scope" : true} ]}),
         {IGNIS_E_INVALID, "include[0].scope", "", "not a boolean"}},
        {J({"include" : [ {"relation" : "posts", "shouldSkipDefaultFilter" : 1} ]}),
         {IGNIS_E_INVALID, "include[0].shouldSkipDefaultFilter", "", "true or false"}},
        {J({"include" : [ "posts", {"relation" : "posts"} ]}),
         {IGNIS_E_INVALID, "include[1]", "", "'posts' is included twice"}},
        {J({"include" : [ {"relation" : "posts", "scope" : {"where" : {"titel" : 1}}} ]}),
         {IGNIS_E_INVALID, "include[0].scope.where.titel", "title", NULL}},
        {J({
             "include" : [ {
                 "relation" : "posts",
                 "scope" : {"include" : [ {"relation" : "comments", "scope" : {"limit" : -1}} ]}
             } ]
         }),
         {IGNIS_E_INVALID, "include[0].scope.include[0].scope.limit", "", "limit is an integer"}},
        {J({"include" : [ {"relation" : "posts", "scope" : {"wher" : {}}} ]}),
         {IGNIS_E_INVALID, "include[0].scope.wher", "where", "unknown key"}},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        filter_tree tree;
        filter_request request = {.method = FILTER_FIND, .entity = engine_entity(blog, "User")};
        ignis_code code = engine_read(blog, request, refusals[i].filter, &tree);
        engine_expect_error(blog, code, &refusals[i].error, refusals[i].filter);
    }
}

/* manager.manager..., levels of it. */
static const char *managers(engine *blog, size_t levels)
{
    text filter;
    text_init(&filter, &blog->ctx->results, 0);
    for (size_t i = 0; i < levels; i++)
        text_format(&filter, "%s{\"include\":[{\"relation\":\"manager\"",
                    i > 0 ? ",\"scope\":" : "");
    for (size_t i = 0; i < levels; i++)
        text_string(&filter, "}]}");
    return text_finish(&filter);
}

static void program_code_includes_eight_levels(void **state)
{
    engine *blog = *state;
    filter_tree tree;
    filter_request request = {.method = FILTER_FIND, .entity = engine_entity(blog, "User")};
    assert_int_equal(engine_read(blog, request, managers(blog, 8), &tree), IGNIS_OK);
    assert_int_equal(tree.nodes_count, 9);
    engine_error error = {IGNIS_E_LIMIT, NULL, "", "includes nested more than 8 deep"};
    engine_expect_error(blog, engine_read(blog, request, managers(blog, 9), &tree), &error,
                        "nine levels");
    assert_int_equal(
        strncmp(ignis_context_error(blog->ctx)->path, "include[0].scope.include[0].scope", 33), 0);
}

/* A has-one with several rows gives the first by order, then key. */
static void a_has_one_gives_its_first_row(void **state)
{
    (void)state;
    static const char models[] = J({
        "models" : [
            {
                "name" : "Owner",
                "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
                "relations" : [ {
                    "name" : "car",
                    "type" : "one",
                    "model" : "Car",
                    "fields" : ["id"],
                    "references" : ["ownerId"]
                } ]
            },
            {
                "name" : "Car",
                "columns" : [
                    {"name" : "id", "type" : "integer", "primaryKey" : true},
                    {"name" : "make", "type" : "text"}, {"name" : "ownerId", "type" : "integer"}
                ]
            }
        ]
    });
    static const char rows[] = J({
        "Owner" : [ {"id" : 1}, {"id" : 2} ],
        "Car" : [
            {"id" : 9, "make" : "b", "ownerId" : 1}, {"id" : 3, "make" : "b", "ownerId" : 1},
            {"id" : 5, "make" : "a", "ownerId" : 1}
        ]
    });
    engine garage;
    engine_open(&garage, models, rows);
    assert_string_equal(engine_find(&garage, "Owner", J({
                            "order" : ["id"],
                            "include" : [ {"relation" : "car", "scope" : {"fields" : ["id"]}} ]
                        })),
                        "[{\"id\":1,\"car\":{\"id\":3}},{\"id\":2,\"car\":null}]");
    assert_string_equal(
        engine_find(&garage, "Owner", J({
            "where" : {"id" : 1},
            "include" :
                [ {"relation" : "car", "scope" : {"fields" : ["id"], "order" : ["make DESC"]}} ]
        })),
        "[{\"id\":1,\"car\":{\"id\":3}}]");
    assert_string_equal(
        engine_find(&garage, "Owner", J({
            "where" : {"id" : 1},
            "include" : [ {
                "relation" : "car",
                "scope" : {"fields" : ["id"], "order" : ["make"], "skip" : 1, "limit" : 0}
            } ]
        })),
        "[{\"id\":1,\"car\":{\"id\":5}}]");
    engine_close(&garage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(includes_nest_the_rows_of_relations),
        cmocka_unit_test(wrong_includes_are_refused_at_their_place),
        cmocka_unit_test(program_code_includes_eight_levels),
        cmocka_unit_test(a_has_one_gives_its_first_row),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
