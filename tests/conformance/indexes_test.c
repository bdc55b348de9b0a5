/* Which index of PostgreSQL serves which filter: where a statement written by hand would be served by
   an index, ours is, by the planner's own choice among real rows. */
#include "support/engine.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <libpq-fe.h>

#define J IGNIS_JSON

static const char models[] = J({
    "models" : [ {
        "name" : "Item",
        "columns" : [
            {"name" : "id", "type" : "integer", "primaryKey" : true, "notNull" : true},
            {"name" : "code", "type" : "text"}, {"name" : "name", "type" : "text"},
            {"name" : "status", "type" : "text"}, {"name" : "kind", "type" : "text"},
            {"name" : "quantity", "type" : "integer"}, {"name" : "big", "type" : "bigint"},
            {"name" : "cost", "type" : "numeric"}, {"name" : "weight", "type" : "double precision"},
            {"name" : "at", "type" : "timestamptz"}, {"name" : "day", "type" : "date"},
            {"name" : "ref", "type" : "uuid"}, {"name" : "tags", "type" : "text", "array" : true},
            {"name" : "counts", "type" : "integer", "array" : true},
            {"name" : "doc", "type" : "jsonb"}, {"name" : "raw", "type" : "json"},
            {"name" : "parentId", "type" : "integer"}
        ],
        "indexes" : [ {"name" : "item_parent", "columns" : ["parentId"]} ],
        "relations" : [
            {
                "name" : "parent",
                "type" : "one",
                "model" : "Item",
                "fields" : ["parentId"],
                "references" : ["id"]
            },
            {"name" : "children", "type" : "many", "model" : "Item"}
        ]
    } ]
});

#define NUMBER(place)                                                                              \
    "(CASE WHEN length(" place ") < 16384 AND (" place ") ~ '^-?[0-9]+([.][0-9]+)?$' THEN (" place \
    ")::numeric END)"

/* Every value is rare, so that an index is worth its while; status is not. */
static const char rows[] =
    "CREATE TABLE \"Item\" (id integer PRIMARY KEY, code text, name text, status text, kind text,"
    " quantity integer, big bigint, cost numeric, weight double precision, at timestamptz, day "
    "date,"
    " ref uuid, tags text[], counts integer[], doc jsonb, raw json, \"parentId\" integer);"
    "INSERT INTO \"Item\" SELECT i, CASE WHEN i % 500 = 0 THEN NULL ELSE 'c' || i END,"
    " 'name ' || md5(i::text), (ARRAY['open', 'closed', 'late'])[i % 3 + 1], 'k' || i % 50, i % "
    "5000,"
    " i * 1000000007::bigint, i * 0.25, i * 0.5, timestamptz '2024-01-01Z' + i * interval '1 "
    "minute',"
    " date '2000-01-01' + i % 8000, md5(i::text)::uuid, ARRAY['t' || i % 2000, 'u' || i % 3000],"
    " ARRAY[i % 2000, i % 3000], jsonb_build_object('user', jsonb_build_object('id', 'u' || i),"
    " 'level', 'l' || md5(i::text), 'score', i, 'labels', jsonb_build_array('x' || i % 2000, i)),"
    " json_build_object('a', 'r' || i), i / 10 FROM generate_series(1, 20000) AS i;"
    "CREATE INDEX item_code ON \"Item\" (code);"
    "CREATE INDEX item_name ON \"Item\" (name text_pattern_ops);"
    "CREATE INDEX item_kind_at ON \"Item\" (kind, at, id);"
    "CREATE INDEX item_quantity ON \"Item\" (quantity);"
    "CREATE INDEX item_big ON \"Item\" (big);"
    "CREATE INDEX item_cost ON \"Item\" (cost);"
    "CREATE INDEX item_weight ON \"Item\" (weight);"
    "CREATE INDEX item_at ON \"Item\" (at);"
    "CREATE INDEX item_day ON \"Item\" (day);"
    "CREATE INDEX item_ref ON \"Item\" (ref);"
    "CREATE INDEX item_tags ON \"Item\" USING gin (tags);"
    "CREATE INDEX item_counts ON \"Item\" USING gin (counts);"
    "CREATE INDEX item_doc ON \"Item\" (doc);"
    "CREATE INDEX item_user ON \"Item\" ((doc #>> '{user,id}'));"
    "CREATE INDEX item_level ON \"Item\" ((doc #>> '{level}') text_pattern_ops);"
    "CREATE INDEX item_score ON \"Item\" (" NUMBER(
        "doc #>> '{score}'") ");"
                             "CREATE INDEX item_score_order ON \"Item\" ((doc #> '{score}'), id);"
                             "CREATE INDEX item_labels ON \"Item\" USING gin ((doc #> '{labels}') "
                             "jsonb_path_ops);"
                             "CREATE INDEX item_raw ON \"Item\" ((raw::jsonb #>> '{a}'));"
                             "CREATE INDEX item_parent ON \"Item\" (\"parentId\");"
                             "ANALYZE \"Item\"";

typedef enum level { ROOT, CHILD, COUNT, EXISTS } level;

typedef struct index_case {
    const char *filter;
    const char *values; /* of the parameters */
    const char *index;
    level level;
} index_case;

static const index_case cases[] = {
    {J({"where" : {"id" : 7}}), "7", "Item_pkey", ROOT},
    {J({"where" : {"id" : {"in" : [ 1, 2, 3 ]}}}), "'{1,2,3}'", "Item_pkey", ROOT},
    {J({"where" : {"id" : {"between" : [ 10, 20 ]}}}), "10, 20", "Item_pkey", ROOT},
    {J({"order" : ["id DESC"], "limit" : 10}), "", "Item_pkey", ROOT},
    {J({"where" : {"id" : {"gt" : 100}}, "order" : ["id"], "limit" : 10}), "100", "Item_pkey",
     ROOT},
    {J({"where" : {"code" : "c7"}}), "'c7'", "item_code", ROOT},
    {J({"where" : {"code" : [ "c1", "c2" ]}}), "'{c1,c2}'", "item_code", ROOT},
    {J({"where" : {"code" : null}}), "", "item_code", ROOT},
    {J({"where" : {"code" : {"gte" : "c70", "lt" : "c71"}}}), "'c70', 'c71'", "item_code", ROOT},
    {J({"where" : {"code" : {"startsWith" : "c123"}}}), "'c123', 'c124'", "item_code", ROOT},
    {J({"where" : {"code" : {"like" : "c123%"}}}), "'c123%', 'c123', 'c124'", "item_code", ROOT},
    {J({"where" : {"name" : "name x"}}), "'name x'", "item_name", ROOT},
    {J({"where" : {"name" : {"startsWith" : "name abc"}}}), "'name abc', 'name abd'", "item_name",
     ROOT},
    {J({"where" : {"name" : {"like" : "name abc%"}}}), "'name abc%', 'name abc', 'name abd'",
     "item_name", ROOT},
    {J({"where" : {"name" : {"like" : "name abc%f_"}}}), "'name abc%f_', 'name abc', 'name abd'",
     "item_name", ROOT},
    {J({"where" : {"kind" : "k7", "at" : {"gte" : "2024-01-10", "lt" : "2024-01-11"}}}),
     "'k7', '2024-01-10', '2024-01-11'", "item_kind_at", ROOT},
    {J({"where" : {"kind" : "k7"}, "order" : ["at ASC"], "limit" : 10}), "'k7'", "item_kind_at",
     ROOT},
    {J({"where" : {"quantity" : 5}}), "5", "item_quantity", ROOT},
    {J({"where" : {"quantity" : {"gt" : 4990}}}), "4990", "item_quantity", ROOT},
    {J({"where" : {"quantity" : {"in" : [ 1, 2 ]}, "status" : {"ne" : "open"}}}), "'{1,2}', 'open'",
     "item_quantity", ROOT},
    {J({"where" : {"or" : [ {"quantity" : 5}, {"code" : "c7"} ]}}), "5, 'c7'", "item_quantity",
     ROOT},
    {J({"where" : {"or" : [ {"quantity" : 5}, {"code" : "c7"} ]}}), "5, 'c7'", "item_code", ROOT},
    {J({"where" : {"and" : [ {"status" : "open"}, {"or" : [ {"big" : 7}, {"big" : 8} ]} ]}}),
     "7, 8, 'open'", "item_big", ROOT},
    {J({"where" : {"big" : 1000000007}}), "1000000007", "item_big", ROOT},
    {J({"where" : {"cost" : "10.25"}}), "10.25", "item_cost", ROOT},
    {J({"where" : {"cost" : {"between" : [ "1", "1.5" ]}}}), "1, 1.5", "item_cost", ROOT},
    {J({"where" : {"weight" : {"lt" : 2}}}), "2", "item_weight", ROOT},
    {J({"where" : {"at" : {"gte" : "2024-01-14T21:00:00Z"}}}), "'2024-01-14T21:00:00Z'", "item_at",
     ROOT},
    {J({"order" : ["at DESC"], "limit" : 10}), "", "item_at", ROOT},
    {J({"where" : {"day" : "2001-02-03"}}), "'2001-02-03'", "item_day", ROOT},
    {J({"where" : {"ref" : "c4ca4238-a0b9-2382-0dcc-509a6f75849b"}}),
     "'c4ca4238-a0b9-2382-0dcc-509a6f75849b'", "item_ref", ROOT},
    {J({"where" : {"tags" : {"contains" : ["t7"]}}}), "'{t7}'", "item_tags", ROOT},
    {J({"where" : {"tags" : {"contains" : [ "t7", "u7" ]}, "status" : "open"}}),
     "'{t7,u7}', 'open'", "item_tags", ROOT},
    {J({"where" : {"tags" : {"overlaps" : [ "t7", "t8" ]}}}), "'{t7,t8}'", "item_tags", ROOT},
    {J({"where" : {"tags" : [ "t7", "u7" ]}}), "'{t7,u7}'", "item_tags", ROOT},
    {J({"where" : {"counts" : {"contains" : 7}}}), "'{7}'", "item_counts", ROOT},
    {J({"where" : {"counts" : {"overlaps" : [ 7, 8 ]}}}), "'{7,8}'", "item_counts", ROOT},
    {J({"where" : {"doc" : {"user" : {"id" : "u1"}}}}), "'{\"user\": {\"id\": \"u1\"}}'",
     "item_doc", ROOT},
    {J({"where" : {"doc.user.id" : "u7"}}), "'u7'", "item_user", ROOT},
    {J({"where" : {"doc[user][id]" : {"in" : [ "u7", "u8" ]}}}), "'{u7,u8}'", "item_user", ROOT},
    {J({"where" : {"doc.level" : {"startsWith" : "labc"}}}), "'labc', 'labd'", "item_level", ROOT},
    {J({"where" : {"doc.level" : {"like" : "labc%"}}}), "'labc%', 'labc', 'labd'", "item_level",
     ROOT},
    {J({"where" : {"doc.score" : 7}}), "7", "item_score", ROOT},
    {J({"where" : {"doc.score" : {"gt" : 19990}}}), "19990", "item_score", ROOT},
    {J({"where" : {"doc.score" : {"between" : [ 5, 9 ]}}}), "5, 9", "item_score", ROOT},
    {J({"where" : {"doc.score" : {"in" : [ 5, 9 ]}}}), "'{5,9}'", "item_score", ROOT},
    {J({"order" : ["doc.score"], "limit" : 10}), "", "item_score_order", ROOT},
    {J({"where" : {"doc.labels" : {"contains" : ["x7"]}}}), "'[\"x7\"]'", "item_labels", ROOT},
    {J({"where" : {"raw.a" : "r7"}}), "'r7'", "item_raw", ROOT},
    {J({"where" : {"id" : 7}, "include" : ["children"]}), "'{7,8}'", "item_parent", CHILD},
    {J({"where" : {"id" : 7}, "include" : ["parent"]}), "'{7,8}'", "Item_pkey", CHILD},
    {J({"quantity" : 5}), "5", "item_quantity", COUNT},
    {J({"tags" : {"overlaps" : ["t7"]}}), "'{t7}'", "item_tags", COUNT},
    {J({"doc.user.id" : "u7"}), "'u7'", "item_user", EXISTS},
};

typedef struct served {
    engine items;
    PGconn *connection;
    size_t wrong;
} served;

static sql_statement statement_of(engine *items, const index_case *row)
{
    filter_tree *tree = arena_array(&items->ctx->results, 1, sizeof(*tree));
    filter_request request = {.method = FILTER_FIND,
                              .entity = engine_entity(items, "Item"),
                              .policy = &ignis_policy_trusted,
                              .limits_in_shape = true};
    if (row->level == COUNT) request.method = FILTER_COUNT;
    if (row->level == EXISTS) request.method = FILTER_EXISTS;
    plan_read *plan = NULL;
    sql_statement statement = {0};
    arena *memory = &items->ctx->results;
    assert_non_null(tree);
    if (engine_read(items, request, row->filter, tree) != IGNIS_OK)
        fail_msg("%s: %s", row->filter, ignis_context_error(items->ctx)->message);
    assert_int_equal(plan_read_build(items->ctx, memory, tree, &plan), IGNIS_OK);
    ignis_code code = IGNIS_OK;
    const plan_node *node = plan->nodes[row->level == CHILD ? 1 : 0];
    if (row->level == COUNT) {
        code = sql_count(items->ctx, memory, IGNIS_DIALECT_POSTGRES, node, &statement);
    } else if (row->level == EXISTS) {
        code = sql_exists(items->ctx, memory, IGNIS_DIALECT_POSTGRES, node, &statement);
    } else {
        code = sql_read(items->ctx, memory, IGNIS_DIALECT_POSTGRES, plan, node, &statement);
    }
    assert_int_equal(code, IGNIS_OK);
    return statement;
}

/* PREPARE with the types of the parameters, as the driver does. */
static const char *prepare_write(arena *memory, const sql_statement *statement)
{
    text sql;
    const ignis_statement *own = &statement->statement;
    text_init(&sql, memory, 0);
    text_string(&sql, "PREPARE q");
    for (size_t i = 0; i < own->parameters_count; i++) {
        text_string(&sql, i == 0 ? " (" : ", ");
        ignis_value_type type = own->parameters[i];
        type.array = type.array || type.list;
        sql_postgres_type(&sql, &type);
    }
    text_format(&sql, "%s AS %s", own->parameters_count > 0 ? ")" : "", own->sql);
    const char *made = text_finish(&sql);
    assert_non_null(made);
    return made;
}

static void run(served *self, const char *sql)
{
    PGresult *result = PQexec(self->connection, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(self->connection));
    PQclear(result);
}

/* Whether the plan scans the index; otherwise it is shown. */
static bool plan_uses(served *self, const char *explain, const char *index)
{
    bool is_used = false;
    PGresult *result = PQexec(self->connection, explain);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", explain, PQerrorMessage(self->connection));
    for (int i = 0; i < PQntuples(result); i++) {
        const char *found = strstr(PQgetvalue(result, i, 0), index);
        is_used =
            is_used || (found && !strchr("_abcdefghijklmnopqrstuvwxyz", found[strlen(index)]));
        is_used = is_used || (found && found[strlen(index)] == '\0');
    }
    for (int i = 0; !is_used && i < PQntuples(result); i++)
        print_error("  %s\n", PQgetvalue(result, i, 0));
    PQclear(result);
    return is_used;
}

static void case_check(served *self, const index_case *row)
{
    text explain;
    arena *memory = &self->items.ctx->results;
    sql_statement statement = statement_of(&self->items, row);
    text_init(&explain, memory, 0);
    text_string(&explain, "EXPLAIN (COSTS OFF) EXECUTE q");
    if (statement.statement.parameters_count > 0) text_format(&explain, "(%s)", row->values);
    run(self, prepare_write(memory, &statement));
    if (!plan_uses(self, text_finish(&explain), row->index)) {
        print_error("%s is not served by %s: %s\n", row->filter, row->index,
                    statement.statement.sql);
        self->wrong++;
    }
    run(self, "DEALLOCATE q");
    ignis_context_reset(self->items.ctx);
}

static void filters_are_served_by_the_index_of_a_hand_written_statement(void **state)
{
    (void)state;
    served self = {0};
    server_execute(rows);
    engine_open(&self.items, models, NULL);
    self.connection = PQconnectdb(server_url());
    assert_int_equal(PQstatus(self.connection), CONNECTION_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
        case_check(&self, &cases[i]);
    PQfinish(self.connection);
    engine_close(&self.items);
    assert_int_equal(self.wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_are_served_by_the_index_of_a_hand_written_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
