/* postgres: the statements of each level, parsed by PostgreSQL's own parser. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pg_query.h>

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

static void assert_parses(const char *sql)
{
    PgQueryParseResult result = pg_query_parse(sql);
    if (result.error) print_error("%s\n%s\n", sql, result.error->message);
    assert_null(result.error);
    pg_query_free_parse_result(result);
}

/* The greatest $n, which is the number of parameters; they begin at 1. */
static size_t placeholders_count(const char *sql)
{
    size_t count = 0;
    for (const char *at = strchr(sql, '$'); at; at = strchr(at + 1, '$')) {
        size_t number = strtoul(at + 1, NULL, 10);
        if (number > count) count = number;
    }
    return count;
}

/* The plan of a filter, its levels finding their parents themselves where asked. */
static plan_read *plan_of(engine *blog, const char *model, const char *filter, bool is_pipeline)
{
    filter_tree *tree = arena_array(&blog->ctx->results, 1, sizeof(*tree));
    filter_request request = {.method = FILTER_FIND,
                              .entity = engine_entity(blog, model),
                              .policy = &ignis_policy_trusted,
                              .limits_in_shape = true};
    plan_read *plan;
    assert_int_equal(engine_read(blog, request, filter, tree), IGNIS_OK);
    assert_int_equal(plan_read_build(blog->ctx, &blog->ctx->results, tree, &plan), IGNIS_OK);
    if (is_pipeline) {
        assert_int_equal(plan_pipeline(blog->ctx, &blog->ctx->results, plan), IGNIS_OK);
    }
    return plan;
}

static const char *statement_of(engine *blog, const plan_read *plan, size_t level)
{
    sql_statement statement;
    assert_int_equal(sql_read(blog->ctx, &blog->ctx->results, IGNIS_DIALECT_POSTGRES, plan,
                              plan->nodes[level], &statement),
                     IGNIS_OK);
    assert_parses(statement.statement.sql);
    assert_int_equal(placeholders_count(statement.statement.sql),
                     statement.statement.parameters_count);
    return statement.statement.sql;
}

typedef struct statement_case {
    const char *model;
    const char *filter;
    size_t level;
    bool is_pipeline;
    plan_access access;
    const char *sql;
} statement_case;

static const statement_case cases[] = {
    {"Post", J({"fields" : ["id"], "where" : {"title" : {"like" : "a%"}}, "limit" : 5}), 0, true,
     PLAN_ROOT,
     "SELECT t0.\"id\" FROM \"Post\" AS t0 WHERE (t0.\"title\" ~>=~ $1 AND t0.\"title\" ~<~ $2 "
     "AND "
     "t0.\"title\" LIKE $3) LIMIT 5"},
    {"Post",
     J({"fields" : ["id"], "where" : {"id" : [ 1, 2 ], "views" : {"nin" : [3]}}, "limit" : 5000}),
     0, true, PLAN_ROOT,
     "SELECT t0.\"id\" FROM \"Post\" AS t0 WHERE (t0.\"id\" = ANY ($1) AND t0.\"views\" <> ALL "
     "($2)) "
     "LIMIT $3"},
    {"User", J({
         "fields" : ["id"],
         "where" : {"id" : 1},
         "include" : [ {"relation" : "posts", "scope" : {"fields" : ["id"]}} ]
     }),
     1, true, PLAN_KNOWN,
     "SELECT t1.\"id\", t1.\"author_id\" FROM \"Post\" AS t1 WHERE t1.\"author_id\" = $1"},
    {"User", J({
         "fields" : ["id"],
         "where" : {"name" : "x"},
         "include" : [ {"relation" : "posts", "scope" : {"fields" : ["id"]}} ]
     }),
     1, true, PLAN_ANY,
     "SELECT t1.\"id\", t1.\"author_id\" FROM \"Post\" AS t1 WHERE t1.\"author_id\" = ANY "
     "(ARRAY(SELECT "
     "t0.\"id\" AS k0 FROM \"User\" AS t0 WHERE t0.\"name\" = $1))"},
    {"User", J({
         "fields" : ["id"],
         "limit" : 2,
         "include" : [ {
             "relation" : "posts",
             "scope" : {"fields" : ["id"], "order" : ["views"], "limit" : 3, "skip" : 1}
         } ]
     }),
     1, true, PLAN_LATERAL,
     "SELECT t1.\"id\", t1.\"author_id\" FROM (SELECT t0.\"id\" AS k0 FROM \"User\" AS t0 ORDER BY "
     "t0.\"id\" LIMIT 2) AS k1 CROSS JOIN LATERAL (SELECT s1.* FROM \"Post\" AS s1 WHERE "
     "s1.\"author_id\" = k1.k0 ORDER BY s1.\"views\" NULLS LAST, s1.\"id\" LIMIT 3 OFFSET 1) AS "
     "t1"},
    /* OFFSET 0: the rows of each key stay together, in their order. */
    {"User", J({
         "fields" : ["id"],
         "include" : [ {"relation" : "posts", "scope" : {"fields" : ["id"], "limit" : 3}} ]
     }),
     1, true, PLAN_LATERAL,
     "SELECT t1.\"id\", t1.\"author_id\" FROM (SELECT t0.\"id\" AS k0 FROM \"User\" AS t0 OFFSET "
     "0) "
     "AS k1 CROSS JOIN LATERAL (SELECT s1.* FROM \"Post\" AS s1 WHERE s1.\"author_id\" = k1.k0 "
     "LIMIT 3) AS t1"},
    {"User", J({
         "fields" : ["id"],
         "include" : [ {"relation" : "posts", "scope" : {"fields" : ["id"], "limit" : 3}} ]
     }),
     1, false, PLAN_KEYS_LIMITED,
     "SELECT t1.\"id\", t1.\"author_id\" FROM unnest($1) AS k1(k0) CROSS JOIN LATERAL (SELECT s1.* "
     "FROM \"Post\" AS s1 WHERE s1.\"author_id\" = k1.k0 LIMIT 3) AS t1"},
    {"User",
     J({"fields" : ["id"], "include" : [ {"relation" : "posts", "scope" : {"fields" : ["id"]}} ]}),
     1, false, PLAN_KEYS,
     "SELECT t1.\"id\", t1.\"author_id\" FROM \"Post\" AS t1 WHERE t1.\"author_id\" = ANY ($1)"},
    /* A long list is selected, so that it is hashed; so are the keys of a one relation. */
    {"Post", J({
         "fields" : ["id"],
         "where" : {
             "views" : {
                 "in" : [
                     1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17,
                     18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33
                 ],
                 "nin" : [
                     1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16,
                     17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32
                 ]
             }
         }
     }),
     0, true, PLAN_ROOT,
     "SELECT t0.\"id\" FROM \"Post\" AS t0 WHERE (t0.\"views\" IN (SELECT unnest($1)) AND "
     "t0.\"views\" <> ALL ($2))"},
    {"Post", J({
         "fields" : ["id"],
         "include" : [ {"relation" : "author", "scope" : {"fields" : ["name"]}} ]
     }),
     1, false, PLAN_KEYS,
     "SELECT t1.\"name\", t1.\"id\" FROM \"User\" AS t1 WHERE (t1.\"id\") IN (SELECT k.* FROM "
     "unnest($1) AS k(k0))"},
    {"Post", J({
         "fields" : ["id"],
         "include" : [ {"relation" : "comments", "scope" : {"fields" : ["id"]}} ]
     }),
     1, true, PLAN_IN, NULL},
};

static void each_access_has_its_statement(void **state)
{
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const statement_case *row = &cases[i];
        plan_read *plan = plan_of(blog, row->model, row->filter, row->is_pipeline);
        const char *sql = statement_of(blog, plan, row->level);
        assert_int_equal(plan->nodes[row->level]->access, row->access);
        if (row->sql) assert_string_equal(sql, row->sql);
    }
}

static void deep_levels_hold_those_above_them(void **state)
{
    engine *blog = *state;
    const char *filter = J({
        "limit" : 3,
        "include" : [ {
            "relation" : "posts",
            "scope" : {
                "limit" : 2,
                "order" : ["views DESC"],
                "include" : [
                    {
                        "relation" : "comments",
                        "scope" : {"where" : {"or" : [ {"id" : 1}, {"id" : 2} ]}}
                    },
                    {"relation" : "author",
                     "scope" : {"include" : [ "manager", "reports" ]}}
                ]
            }
        } ]
    });
    for (int is_pipeline = 0; is_pipeline < 2; is_pipeline++) {
        plan_read *plan = plan_of(blog, "User", filter, is_pipeline);
        assert_int_equal(plan->strategy, is_pipeline ? PLAN_PIPELINE : PLAN_SEQUENTIAL);
        assert_int_equal(plan->nodes_count, 6);
        for (size_t i = 0; i < plan->nodes_count; i++)
            statement_of(blog, plan, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_access_has_its_statement),
        cmocka_unit_test(deep_levels_hold_those_above_them),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
