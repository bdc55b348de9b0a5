/* JSON paths in statements of PostgreSQL: how they are written, and that indexes serve them. */
#include "support/engine.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <libpq-fe.h>

#define J IGNIS_JSON

static const char models[] = J({
    "models" : [ {
        "name" : "D",
        "columns" : [
            {"name" : "id", "type" : "integer", "primaryKey" : true},
            {"name" : "doc", "type" : "jsonb"}, {"name" : "raw", "type" : "json"}
        ]
    } ]
});

#define NUMBER(place)                                                                         \
    "(CASE WHEN length" place " < 16384 AND " place " ~ '^-?[0-9]+([.][0-9]+)?$' THEN " place \
    "::numeric END)"
#define TEXT_A   "(t0.\"doc\" #>> '{a}')"
#define NUMBER_A NUMBER(TEXT_A)

typedef struct written {
    const char *filter;
    const char *after; /* what follows the table */
    const char *index; /* on the table d; NULL: none is meant to serve */
    const char *values;
} written;

static const written cases[] = {
    {J({"where" : {"doc.user.id" : "x"}}), " WHERE (t0.\"doc\" #>> '{user,id}') = $1",
     "((doc #>> '{user,id}'))", "'x'"},
    {J({"where" : {"raw[0].null" : "x"}}), " WHERE (t0.\"raw\"::jsonb #>> '{0,\"null\"}') = $1",
     "((raw::jsonb #>> '{0,\"null\"}'))", "'x'"},
    {J({"where" : {"doc.a" : ["x"]}}), " WHERE " TEXT_A " = ANY ($1)", "((doc #>> '{a}'))",
     "'{x,y}'"},
    {J({"where" : {"doc.a" : {"startsWith" : "x"}}}),
     " WHERE (" TEXT_A " ~>=~ $1 AND " TEXT_A " ~<~ $2 AND " TEXT_A " ^@ $1)",
     "((doc #>> '{a}') text_pattern_ops)", "'x', 'y'"},
    {J({"where" : {"doc.a" : {"gt" : 1}}}), " WHERE " NUMBER_A " > $1",
     "((CASE WHEN length(doc #>> '{a}') < 16384 AND (doc #>> '{a}') ~ '^-?[0-9]+([.][0-9]+)?$' "
     "THEN (doc #>> '{a}')::numeric END))",
     "1"},
    {J({"where" : {"doc.a" : 1}}),
     " WHERE ((" NUMBER_A " IS NOT NULL OR " TEXT_A " IS NULL) AND " NUMBER_A " = $1)",
     "((CASE WHEN length(doc #>> '{a}') < 16384 AND (doc #>> '{a}') ~ '^-?[0-9]+([.][0-9]+)?$' "
     "THEN (doc #>> '{a}')::numeric END))",
     "1"},
    {J({"where" : {"doc.a" : {"eq" : [1]}}}), " WHERE (t0.\"doc\" #> '{a}') = $1",
     "((doc #> '{a}'))", "'[1]'"},
    {J({"where" : {"doc.a" : {"contains" : "x"}}}), " WHERE (t0.\"doc\" #> '{a}') @> $1",
     "USING gin ((doc #> '{a}') jsonb_path_ops)", "'[\"x\"]'"},
    {J({"where" : {"doc.a" : {"containedBy" : []}}}),
     " WHERE (jsonb_typeof(t0.\"doc\" #> '{a}') = 'array' AND (t0.\"doc\" #> '{a}') <@ $1)", NULL,
     NULL},
    {J({"where" : {"doc" : {"x" : 1}}}), " WHERE t0.\"doc\" = $1", "(doc)", "'{\"x\": 1}'"},
    {J({"where" : {"raw" : {"ne" : 1}}}), " WHERE t0.\"raw\"::jsonb <> $1", NULL, NULL},
    {J({"where" : {"doc" : null}}), " WHERE t0.\"doc\" IS NULL", "(doc)", NULL},
    {J({"where" : {"doc.a" : null}}), " WHERE " TEXT_A " IS NULL", "((doc #>> '{a}'))", NULL},
    {J({"where" : {"doc.a" : {"exists" : true}}}), " WHERE (t0.\"doc\" #> '{a}') IS NOT NULL", NULL,
     NULL},
    {J({"order" : ["doc.a DESC"], "limit" : 3}),
     " ORDER BY (t0.\"doc\" #> '{a}') DESC NULLS FIRST, t0.\"id\" LIMIT 3",
     "((doc #> '{a}') DESC, id)", NULL},
};

static const char *statement_of(engine *documents, const char *filter)
{
    filter_tree *tree = arena_array(&documents->ctx->results, 1, sizeof(*tree));
    filter_request request = {.method = FILTER_FIND,
                              .entity = engine_entity(documents, "D"),
                              .policy = &ignis_policy_trusted,
                              .limits_in_shape = true};
    plan_read *plan;
    sql_statement statement;
    arena *memory = &documents->ctx->results;
    assert_int_equal(engine_read(documents, request, filter, tree), IGNIS_OK);
    assert_int_equal(plan_read_build(documents->ctx, memory, tree, &plan), IGNIS_OK);
    assert_int_equal(
        sql_read(documents->ctx, memory, IGNIS_DIALECT_POSTGRES, plan, plan->nodes[0], &statement),
        IGNIS_OK);
    return statement.statement.sql;
}

static const char *after_table(const char *sql)
{
    static const char table[] = "FROM \"D\" AS t0";
    const char *at = strstr(sql, table);
    assert_non_null(at);
    return at + sizeof(table) - 1;
}

static void paths_are_written_so_that_an_index_can_be_the_same(void **state)
{
    (void)state;
    engine documents;
    engine_open(&documents, models, NULL);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *sql = after_table(statement_of(&documents, cases[i].filter));
        if (strcmp(sql, cases[i].after) != 0)
            fail_msg("%s:\n%s\nexpected\n%s", cases[i].filter, sql, cases[i].after);
    }
    engine_close(&documents);
}

/* ---- indexes ---- */

static void run(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK) fail_msg("%s: %s", sql, PQerrorMessage(connection));
    PQclear(result);
}

/* Whether the plan of a prepared statement uses the index. */
static bool is_served(PGconn *connection, const char *sql)
{
    bool is_used = false;
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        fail_msg("%s: %s", sql, PQerrorMessage(connection));
    }
    for (int i = 0; i < PQntuples(result); i++)
        is_used = is_used || strstr(PQgetvalue(result, i, 0), "d_index");
    PQclear(result);
    return is_used;
}

static void index_check(engine *documents, PGconn *connection, const written *one)
{
    text sql;
    arena *memory = &documents->ctx->results;
    text_init(&sql, memory, 0);
    text_format(&sql, "CREATE INDEX d_index ON \"D\" %s", one->index);
    run(connection, text_finish(&sql));
    text_init(&sql, memory, 0);
    text_format(&sql, "PREPARE p AS %s", statement_of(documents, one->filter));
    run(connection, text_finish(&sql));
    text_init(&sql, memory, 0);
    text_string(&sql, "EXPLAIN EXECUTE p");
    if (one->values) text_format(&sql, "(%s)", one->values);
    if (!is_served(connection, text_finish(&sql))) {
        fail_msg("%s is not served by %s", one->filter, one->index);
    }
    run(connection, "DEALLOCATE p");
    run(connection, "DROP INDEX d_index");
}

static void an_index_on_the_same_expression_serves(void **state)
{
    (void)state;
    engine documents;
    engine_open(&documents, models, NULL);
    server_execute("CREATE TABLE \"D\" (id integer PRIMARY KEY, doc jsonb, raw json)");
    PGconn *connection = PQconnectdb(server_url());
    assert_int_equal(PQstatus(connection), CONNECTION_OK);
    run(connection, "SET enable_seqscan = off");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        if (cases[i].index) index_check(&documents, connection, &cases[i]);
    }
    PQfinish(connection);
    engine_close(&documents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_written_so_that_an_index_can_be_the_same),
        cmocka_unit_test(an_index_on_the_same_expression_serves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
