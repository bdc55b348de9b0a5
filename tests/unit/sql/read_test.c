/* read: the statements of each level, their parameters, and that SQLite takes them. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

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

typedef struct statements {
    filter_tree tree;
    plan_read *plan;
    sql_statement items[8];
} statements;

static const statements *statements_of(engine *blog, const char *model, const char *filter)
{
    statements *made = arena_array(&blog->ctx->results, 1, sizeof(*made));
    assert_non_null(made);
    made->tree = engine_tree(blog, model, filter);
    arena *memory = &blog->ctx->results;
    assert_int_equal(plan_read_build(blog->ctx, memory, &made->tree, &made->plan), IGNIS_OK);
    assert_true(made->plan->nodes_count <= ARRAY_COUNT(made->items));
    for (size_t i = 0; i < made->plan->nodes_count; i++)
        assert_int_equal(sql_read(blog->ctx, memory, IGNIS_DIALECT_SQLITE, made->plan,
                                  made->plan->nodes[i], &made->items[i]),
                         IGNIS_OK);
    return made;
}

typedef struct statement_case {
    const char *model;
    const char *filter;
    size_t level;
    const char *sql;
} statement_case;

static void each_level_has_its_statement(void **state)
{
    static const statement_case cases[] = {
        {"Post", J({}), 0,
         "SELECT t.\"id\", t.\"title\", t.\"views\", t.\"author_id\" FROM \"Post\" AS t"},
        {"Post",
         J({"fields" : ["id"], "where" : {"views" : {"gte" : 3, "lt" : 9}, "title" : null}}), 0,
         "SELECT t.\"id\" FROM \"Post\" AS t WHERE (t.\"views\" >= ? AND t.\"views\" < ? AND "
         "t.\"title\" IS NULL)"},
        {"Post", J({
             "fields" : ["id"],
             "where" : {"not" : {"or" : [ {"id" : [1]}, {"id" : {"nin" : [2]}} ]}}
         }),
         0,
         "SELECT t.\"id\" FROM \"Post\" AS t WHERE NOT ((t.\"id\" IN (SELECT k0 FROM "
         "ignis_list(?)) OR t.\"id\" NOT IN (SELECT k0 FROM ignis_list(?))))"},
        {"Post", J({"fields" : ["id"], "where" : {"title" : {"ilike" : "a", "nlike" : "b"}}}), 0,
         "SELECT t.\"id\" FROM \"Post\" AS t WHERE (ignis_ilike(t.\"title\", ?) AND "
         "NOT ignis_like(t.\"title\", ?))"},
        {"Post", J({"fields" : ["id"], "where" : {"views" : {"notBetween" : [ 1, 2 ]}}}), 0,
         "SELECT t.\"id\" FROM \"Post\" AS t WHERE t.\"views\" NOT BETWEEN ? AND ?"},
        {"Post", J({"fields" : ["id"], "order" : ["views DESC"], "limit" : 2, "skip" : 1}), 0,
         "SELECT t.\"id\" FROM \"Post\" AS t ORDER BY t.\"views\" DESC NULLS FIRST, t.\"id\" "
         "LIMIT ? OFFSET ?"},
        {"Post", J({"fields" : ["id"], "skip" : 1}), 0,
         "SELECT t.\"id\" FROM \"Post\" AS t LIMIT -1 OFFSET ?"},
        {"User", J({
             "include" :
                 [ {"relation" : "posts", "scope" : {"fields" : ["id"], "where" : {"views" : 1}}} ]
         }),
         1,
         "SELECT t.\"id\", t.\"author_id\" FROM ignis_list(?) AS k CROSS JOIN \"Post\" AS t ON "
         "t.\"author_id\" = k.k0 WHERE t.\"views\" = ?"},
        {"User", J({
             "include" : [ {
                 "relation" : "posts",
                 "scope" : {
                     "fields" : ["id"],
                     "limit" : 2,
                     "skip" : 1,
                     "order" : ["id DESC"],
                     "where" : {"views" : 1}
                 }
             } ]
         }),
         1,
         "SELECT t.\"id\", t.\"author_id\" FROM ignis_list(?) AS k CROSS JOIN \"Post\" AS t ON "
         "t.rowid IN (SELECT s.rowid FROM \"Post\" AS s WHERE s.\"author_id\" = k.k0 AND "
         "s.\"views\" = ? ORDER BY s.\"id\" DESC LIMIT ? OFFSET ?) ORDER BY t.\"id\" DESC"},
        {"Post", J({"include" : [ {"relation" : "comments", "scope" : {"fields" : ["id"]}} ]}), 1,
         "SELECT t.\"id\", t.\"post_id\" FROM \"Comment\" AS t WHERE (t.\"post_id\") IN "
         "(SELECT k0 FROM ignis_list(?))"},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const statements *made = statements_of(blog, cases[i].model, cases[i].filter);
        const char *sql = made->items[cases[i].level].statement.sql;
        if (strcmp(sql, cases[i].sql) != 0) fail_msg("%s: %s", cases[i].filter, sql);
    }
}

static void aggregates_use_the_conditions_alone(void **state)
{
    engine *blog = *state;
    sql_statement made;
    const statements *read =
        statements_of(blog, "Post", J({"where" : {"id" : 1}, "limit" : 1, "order" : ["views"]}));
    assert_int_equal(sql_count(blog->ctx, &blog->ctx->results, IGNIS_DIALECT_SQLITE,
                               read->plan->nodes[0], &made),
                     IGNIS_OK);
    assert_string_equal(made.statement.sql,
                        "SELECT count(*) FROM \"Post\" AS t WHERE t.\"id\" = ?");
    assert_int_equal(made.statement.columns_count, 1);
    assert_int_equal(sql_exists(blog->ctx, &blog->ctx->results, IGNIS_DIALECT_SQLITE,
                                read->plan->nodes[0], &made),
                     IGNIS_OK);
    assert_string_equal(made.statement.sql,
                        "SELECT EXISTS (SELECT 1 FROM \"Post\" AS t WHERE t.\"id\" = ?)");
}

/* A '?' is the next number; one with a number is an earlier one again. */
static size_t placeholders_count(const char *sql)
{
    size_t count = 0;
    for (const char *at = strchr(sql, '?'); at; at = strchr(at + 1, '?')) {
        size_t number = strtoul(at + 1, NULL, 10);
        if (number > count) fail_msg("%s: ?%zu behind ?%zu", sql, number, count);
        if (number == 0) count++;
    }
    return count;
}

static const char marked[] = J({
    "where" : {
        "name" : "MARKER",
        "email" : {"ilike" : "MARKER%"},
        "code" : [ "MARKER", "MARK;ER" ],
        "age" : {"between" : [ 77001, 77002 ]},
        "not" : {"email" : {"nin" : ["MARKER"]}},
        "joinedAt" : "1977-01-01",
        "or" : [ {"name" : {"gt" : "MARKER"}}, {"big" : 77003} ]
    },
    "order" : ["name DESC"],
    "limit" : 77004,
    "skip" : 77005,
    "include" : [
        {
            "relation" : "posts",
            "scope" : {
                "where" : {"title" : "MARKER"},
                "limit" : 77006,
                "skip" : 77007,
                "order" : ["views"],
                "include" : [ {
                    "relation" : "comments",
                    "scope" :
                        {"where" : {"body" : {"ilike" : "MARKER"}}, "limit" : 77008, "skip" : 77009}
                } ]
            }
        },
        {"relation" : "manager", "scope" : {"where" : {"name" : {"ne" : "MARKER"}}}}
    ]
});

static void values_of_the_caller_are_parameters(void **state)
{
    engine *blog = *state;
    const statements *made = statements_of(blog, "User", marked);
    for (size_t i = 0; i < made->plan->nodes_count; i++) {
        const ignis_statement *statement = &made->items[i].statement;
        assert_int_equal(statement->sql_size, strlen(statement->sql));
        assert_null(strstr(statement->sql, "MARK"));
        assert_null(strstr(statement->sql, "77"));
        assert_int_equal(placeholders_count(statement->sql), statement->parameters_count);
        assert_int_equal(statement->columns_count, made->plan->nodes[i]->columns_count);
    }
}

static void parameters_follow_the_values_of_the_filter(void **state)
{
    engine *blog = *state;
    const statements *made = statements_of(blog, "User", marked);
    const sql_statement *root = &made->items[0];
    static const ignis_cell_kind kinds[] = {
        IGNIS_CELL_LIST,    IGNIS_CELL_TEXT,    IGNIS_CELL_TEXT,    IGNIS_CELL_LIST,
        IGNIS_CELL_INTEGER, IGNIS_CELL_INTEGER, IGNIS_CELL_INTEGER, IGNIS_CELL_TEXT,
        IGNIS_CELL_INTEGER, IGNIS_CELL_INTEGER, IGNIS_CELL_INTEGER};
    assert_int_equal(root->statement.parameters_count, ARRAY_COUNT(kinds));
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        assert_int_equal(root->parameters[i].source, SQL_SLOT);
        const ignis_cell *value = &made->tree.values[root->parameters[i].slot];
        assert_int_equal(value->kind, kinds[i]);
        assert_int_equal(root->statement.parameters[i].list, kinds[i] == IGNIS_CELL_LIST);
    }
    assert_int_equal(made->tree.values[root->parameters[9].slot].as.integer, 77004);
    assert_int_equal(made->tree.values[root->parameters[10].slot].as.integer, 77005);
    const sql_statement *posts = &made->items[1];
    assert_int_equal(posts->parameters[0].source, SQL_KEYS);
    assert_true(posts->statement.parameters[0].list);
}

static void composite_keys_are_one_placeholder(void **state)
{
    (void)state;
    static const char models[] = J({
        "models" : [
            {
                "name" : "A",
                "columns" : [
                    {"name" : "x", "type" : "integer", "primaryKey" : true},
                    {"name" : "y", "type" : "text", "primaryKey" : true}
                ],
                "relations" : [ {"name" : "bs", "type" : "many", "model" : "B"} ]
            },
            {
                "name" : "B",
                "columns" : [
                    {"name" : "id", "type" : "integer", "primaryKey" : true},
                    {"name" : "ax", "type" : "integer"}, {"name" : "ay", "type" : "text"}
                ],
                "relations" : [ {
                    "name" : "a",
                    "type" : "one",
                    "model" : "A",
                    "fields" : [ "ax", "ay" ],
                    "references" : [ "x", "y" ]
                } ]
            }
        ]
    });
    engine pairs;
    engine_open(&pairs, models, NULL);
    const statements *made = statements_of(&pairs, "B", J({"include" : ["a"]}));
    assert_string_equal(made->items[1].statement.sql,
                        "SELECT t.\"x\", t.\"y\" FROM ignis_list(?) AS k CROSS JOIN \"A\" AS t "
                        "ON t.\"x\" = k.k0 AND t.\"y\" = k.k1");
    assert_int_equal(made->items[1].statement.parameters_count, 2);
    assert_int_equal(made->items[1].parameters[0].source, SQL_KEYS);
    assert_int_equal(made->items[1].parameters[1].source, SQL_KEYS_REST);
    assert_int_equal(made->items[1].statement.parameters[1].type, IGNIS_TYPE_TEXT);
    made = statements_of(&pairs, "A", J({"include" : ["bs"]}));
    assert_string_equal(made->items[1].statement.sql,
                        "SELECT t.\"id\", t.\"ax\", t.\"ay\" FROM \"B\" AS t WHERE (t.\"ax\", "
                        "t.\"ay\") IN (SELECT k0, k1 FROM ignis_list(?))");
    engine_close(&pairs);
}

/* ---- on a database ---- */

/* What SQLite answers to a statement behind prefix; parameters are left NULL. */
static const char *answer_of(engine *blog, const char *prefix, const ignis_statement *statement)
{
    text sql;
    text rows;
    pool *connections = blog->source->run.connections;
    const ignis_driver *driver = pool_driver(connections);
    ignis_connection *connection = NULL;
    ignis_batch batch = {.state = IGNIS_BATCH_WAIT};
    ignis_execution execution = {0};
    text_init(&sql, &blog->ctx->results, 0);
    text_init(&rows, &blog->ctx->results, 0);
    text_format(&sql, "%s%s", prefix, statement->sql);
    ignis_statement prepared = *statement;
    prepared.id = 0;
    prepared.sql_size = sql.size;
    prepared.sql = text_finish(&sql);
    prepared.columns = NULL;
    prepared.columns_count = 0;
    execution.statement = &prepared;
    execution.parameters =
        arena_array(&blog->ctx->results, statement->parameters_count, sizeof(ignis_cell));
    assert_int_equal(pool_acquire(blog->ctx, connections, &connection), IGNIS_OK);
    ignis_code code = driver->start(blog->ctx, connection, &execution, 1);
    while (code == IGNIS_OK && batch.state != IGNIS_BATCH_IDLE) {
        code = driver->step(blog->ctx, connection, &batch);
        for (size_t i = 0; code == IGNIS_OK && i < batch.rows_count * batch.columns_count; i++) {
            const ignis_cell *cell = &batch.cells[i];
            if (cell->kind == IGNIS_CELL_TEXT) text_append(&rows, cell->as.text, cell->size);
            text_char(&rows, '\n');
        }
    }
    if (code != IGNIS_OK) fail_msg("%s: %s", prepared.sql, blog->ctx->error.message);
    pool_release(connections, connection);
    return text_finish(&rows);
}

static void every_statement_prepares_on_sqlite(void **state)
{
    static const statement_case cases[] = {
        {"User", marked, 0, NULL},
        {"User", J({"include" : [ "posts", "manager", "reports" ], "limit" : 1}), 0, NULL},
        {"Post", J({"include" : [ {"relation" : "comments", "scope" : {"limit" : 1}} ]}), 0, NULL},
        {"Post", J({"include" : [ {"relation" : "comments", "scope" : {"skip" : 1}} ]}), 0, NULL},
        {"Comment", J({"include" : [ {"relation" : "post", "scope" : {"include" : ["author"]}} ]}),
         0, NULL},
        {"User", J({"where" : {"or" : [], "and" : [], "not" : {}, "age" : {"gt" : null}}}), 0,
         NULL},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const statements *made = statements_of(blog, cases[i].model, cases[i].filter);
        for (size_t k = 0; k < made->plan->nodes_count; k++)
            assert_non_null(answer_of(blog, "EXPLAIN QUERY PLAN ", &made->items[k].statement));
    }
}

static void child_levels_search_the_declared_index(void **state)
{
    engine *blog = *state;
    static const char *const filters[] = {
        J({"include" : ["posts"]}),
        J({"include" : [ {"relation" : "posts", "scope" : {"limit" : 2}} ]}),
        J({
            "include" :
                [ {"relation" : "posts", "scope" : {"limit" : 2, "skip" : 1, "order" : ["views"]}} ]
        }),
    };
    for (size_t i = 0; i < ARRAY_COUNT(filters); i++) {
        const statements *made = statements_of(blog, "User", filters[i]);
        const char *plan = answer_of(blog, "EXPLAIN QUERY PLAN ", &made->items[1].statement);
        if (!strstr(plan, "USING INDEX post_author") &&
            !strstr(plan, "USING COVERING INDEX post_author"))
            fail_msg("%s: %s", filters[i], plan);
        if (strstr(plan, "SCAN t") || strstr(plan, "SCAN s")) fail_msg("%s: %s", filters[i], plan);
    }
    const statements *made = statements_of(blog, "Post", J({"include" : ["author"]}));
    const char *plan = answer_of(blog, "EXPLAIN QUERY PLAN ", &made->items[1].statement);
    if (!strstr(plan, "SEARCH t USING INTEGER PRIMARY KEY")) fail_msg("%s", plan);
}

/* Names of columns never meet names that the statements make. */
static void columns_may_bear_any_name(void **state)
{
    (void)state;
    static const char models[] = J({
        "models" : [
            {
                "name" : "P",
                "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
                "relations" : [ {"name" : "rows", "type" : "many", "model" : "C"} ]
            },
            {
                "name" : "C",
                "table" : "t",
                "columns" : [
                    {"name" : "id", "column" : "k\"0", "type" : "integer", "primaryKey" : true},
                    {"name" : "rowid", "type" : "text"}, {"name" : "oid", "type" : "text"},
                    {"name" : "k", "type" : "integer"},
                    {"name" : "ignis_number", "type" : "integer"},
                    {"name" : "pId", "column" : "k0", "type" : "integer"}
                ],
                "indexes" : [ {"columns" : ["pId"]} ],
                "relations" : [ {
                    "name" : "p",
                    "type" : "one",
                    "model" : "P",
                    "fields" : ["pId"],
                    "references" : ["id"]
                } ]
            },
            {
                "name" : "Q",
                "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
                "relations" : [ {"name" : "rows", "type" : "many", "model" : "D"} ]
            },
            {
                "name" : "D",
                "table" : "s",
                "columns" : [
                    {"name" : "id", "type" : "integer", "primaryKey" : true},
                    {"name" : "rowid", "type" : "text"}, {"name" : "_rowid_", "type" : "text"},
                    {"name" : "OID", "type" : "text"},
                    {"name" : "Ignis_Number", "type" : "integer"},
                    {"name" : "qId", "type" : "integer"}
                ],
                "indexes" : [ {"columns" : ["qId"]} ],
                "relations" : [ {
                    "name" : "q",
                    "type" : "one",
                    "model" : "Q",
                    "fields" : ["qId"],
                    "references" : ["id"]
                } ]
            }
        ]
    });
    static const char rows[] = J({
        "P" : [ {"id" : 1} ],
        "Q" : [ {"id" : 1} ],
        "C" : [
            {"id" : 1, "rowid" : "b", "ignis_number" : 9, "k" : 1, "pId" : 1},
            {"id" : 2, "rowid" : "a", "ignis_number" : 9, "k" : 1, "pId" : 1}
        ],
        "D" : [
            {"id" : 1, "rowid" : "b", "Ignis_Number" : 9, "qId" : 1},
            {"id" : 2, "rowid" : "a", "Ignis_Number" : 9, "qId" : 1}
        ]
    });
    static const char filter[] = J({
        "include" : [
            {"relation" : "rows", "scope" : {"fields" : ["id"], "order" : ["rowid"], "limit" : 1}}
        ]
    });
    engine names;
    engine_open(&names, models, rows);
    assert_string_equal(engine_find(&names, "P", filter), "[{\"id\":1,\"rows\":[{\"id\":2}]}]");
    assert_string_equal(engine_find(&names, "Q", filter), "[{\"id\":1,\"rows\":[{\"id\":2}]}]");
    engine_close(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_level_has_its_statement),
        cmocka_unit_test(aggregates_use_the_conditions_alone),
        cmocka_unit_test(values_of_the_caller_are_parameters),
        cmocka_unit_test(parameters_follow_the_values_of_the_filter),
        cmocka_unit_test(composite_keys_are_one_placeholder),
        cmocka_unit_test(every_statement_prepares_on_sqlite),
        cmocka_unit_test(child_levels_search_the_declared_index),
        cmocka_unit_test(columns_may_bear_any_name),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
