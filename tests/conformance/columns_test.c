/* Operators on whole columns on every engine: operands of default filters and of the context, lists of
   any length, and what an index can serve. */
#include "ignis.h"
#include "support/engine.h"
#include "support/fixture.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char models[] = J({
    "models" : [
        {
            "name" : "Page",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "title", "type" : "text"},
                {"name" : "labels", "type" : "varchar", "array" : true},
                {"name" : "days", "type" : "date", "array" : true}
            ]
        },
        {
            "name" : "Shared",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "title", "type" : "text"},
                {"name" : "days", "type" : "date", "array" : true},
                {"name" : "labels", "type" : "varchar", "array" : true}
            ],
            "settings" : {
                "defaultFilter" : {
                    "where" : {"labels" : {"overlaps" : {"$context" : "labels"}}},
                    "order" : ["id"]
                }
            }
        },
        {
            "name" : "Chosen",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "title", "type" : "text"},
                {"name" : "labels", "type" : "varchar", "array" : true},
                {"name" : "days", "type" : "date", "array" : true}
            ],
            "settings" : {
                "defaultFilter" : {
                    "where" : {
                        "or" : [
                            {"labels" : {"contains" : [ "it's", "b" ]}},
                            {"labels" : {"in" : [ [], ["a\"b"] ]}}, {
                                "days" : {"gt" : ["2024-03-10"]},
                                "title" : {"regexp" : "^[st]"},
                                "not" : {"title" : {"startsWith" : "S"}}
                            },
                            {"title" : {"endsWith" : "'x"}}
                        ]
                    },
                    "fields" : ["id"],
                    "order" : ["id"]
                }
            }
        }
    ]
});

/* clang-format off */
#define ROWS \
    [ {"id" : 1, "title" : "one", "labels" : [ "a", "b", "it's" ]}, \
      {"id" : 2, "title" : "two", "labels" : [], "days" : [ "2024-03-10", "2024-01-01" ]}, \
      {"id" : 3, "title" : "three", "labels" : [ "a", null ], "days" : [null]}, \
      {"id" : 4, "title" : "four'x"}, \
      {"id" : 5, "title" : "Six", "labels" : ["a\"b"], "days" : ["2024-03-11"]} ]
#define EXPANDED(...) J(__VA_ARGS__)
static const char rows[] = EXPANDED({"Page" : ROWS, "Chosen" : ROWS, "Shared" : ROWS});
/* clang-format on */

typedef struct opened {
    ignis_context *ctx;
    ignis_data_source *source;
} opened;

static void open_at(opened *self, const char *url)
{
    fixture_class class_ = {.models_text = models, .data_text = rows, .url = url};
    *self = (opened){.ctx = ignis_context_create()};
    assert_non_null(self->ctx);
    if (fixture_open(self->ctx, &class_, &self->source) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(self->ctx)->message);
}

static ignis_repository *repository_of(const opened *self, const char *model)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    ignis_repository *made = NULL;
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &class_, &made), IGNIS_OK);
    return made;
}

static void expect(const opened *self, const char *model, const char *filter, const char *expected)
{
    const char *found = NULL;
    if (ignis_find_json(self->ctx, repository_of(self, model), &ignis_policy_trusted, filter,
                        &found) != IGNIS_OK)
        fail_msg("%s: %s", filter, ignis_context_error(self->ctx)->message);
    assert_string_equal(found, expected);
}

static const char *shared_ids(const opened *self, const char *labels)
{
    const char *found = NULL;
    assert_int_equal(ignis_context_value_set(self->ctx, "labels", labels), IGNIS_OK);
    if (ignis_find_json(self->ctx, repository_of(self, "Shared"), NULL, J({"fields" : ["id"]}),
                        &found) != IGNIS_OK)
        fail_msg("%s: %s", labels, ignis_context_error(self->ctx)->message);
    return found;
}

static void default_filters_check(const opened *self)
{
    const char *found = NULL;
    expect(self, "Chosen", NULL, "[{\"id\":1},{\"id\":2},{\"id\":3},{\"id\":4},{\"id\":5}]");
    expect(self, "Chosen", J({"where" : {"id" : {"gt" : 2}, "labels" : {"isNull" : false}}}),
           "[{\"id\":3},{\"id\":5}]");
    assert_string_equal(shared_ids(self, "[\"b\",\"c\"]"), "[{\"id\":1}]");
    assert_string_equal(shared_ids(self, "\"a\""), "[{\"id\":1},{\"id\":3}]");
    assert_string_equal(shared_ids(self, "[]"), "[]");
    assert_string_equal(shared_ids(self, "null"), "[]");
    assert_int_equal(ignis_context_value_set(self->ctx, "labels", "{\"a\":1}"), IGNIS_OK);
    assert_int_equal(ignis_find_json(self->ctx, repository_of(self, "Shared"), NULL, NULL, &found),
                     IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->path, "$context.labels");
}

/* 0 … 99,999 with the ids among them, as texts where quote is a quotation mark. */
static const char *long_list(arena *memory, const char *before, const char *quote,
                             const char *after)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, before);
    for (int i = 0; i < 100000; i++)
        text_format(&out, "%s%s%d%s", i > 0 ? "," : "", quote, i * 2, quote);
    text_string(&out, after);
    return text_finish(&out);
}

/* More elements than either engine takes parameters. */
static void long_lists_check(const opened *self)
{
    arena memory = {0};
    int64_t count = 0;
    static const struct {
        const char *before;
        const char *quote;
        const char *after;
        int64_t count;
    } cases[] = {
        {"{\"id\":[", "", "]}", 2},
        {"{\"id\":{\"nin\":[", "", "]}}", 3},
        {"{\"title\":{\"nin\":[", "\"", "]}}", 5},
        {"{\"labels\":{\"containedBy\":[\"a\",\"b\",\"it's\",", "\"", "]}}", 2},
        {"{\"labels\":{\"overlaps\":[\"b\",", "\"", "]}}", 1},
        {"{\"labels\":{\"in\":[[],[\"a\\\"b\"],[\"", "", "\"]]}}", 2},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *where = long_list(&memory, cases[i].before, cases[i].quote, cases[i].after);
        if (ignis_count_json(self->ctx, repository_of(self, "Page"), &ignis_policy_trusted, where,
                             &count) != IGNIS_OK)
            fail_msg("%.60s: %s", where, ignis_context_error(self->ctx)->message);
        if (count != cases[i].count) fail_msg("%.60s: %d", where, (int)count);
        ignis_context_reset(self->ctx);
    }
    arena_free(&memory);
}

static void engine_check(const char *url, bool is_server)
{
    opened o;
    open_at(&o, url);
    default_filters_check(&o);
    long_lists_check(&o);
    ignis_data_source_close(o.source);
    ignis_context_free(o.ctx);
    if (is_server) server_execute("DROP TABLE \"Page\", \"Shared\", \"Chosen\"");
}

static void operands_of_every_source_choose_rows_on_sqlite(void **state)
{
    (void)state;
    engine_check("sqlite::memory:", false);
}

static void operands_of_every_source_choose_rows_on_postgresql(void **state)
{
    (void)state;
    if (server_is_there("IGNIS_TEST_POSTGRES_URL")) engine_check(server_url(), true);
}

static void operands_of_every_source_choose_rows_behind_a_pooler(void **state)
{
    (void)state;
    if (server_is_there("IGNIS_TEST_PGBOUNCER_URL")) engine_check(server_pgbouncer_url(), true);
}

/* The statement of a filter on pages, for PostgreSQL. */
static sql_statement statement_of(engine *pages, const char *filter)
{
    filter_tree *tree = arena_array(&pages->ctx->results, 1, sizeof(*tree));
    plan_read *plan = NULL;
    sql_statement statement = {0};
    assert_non_null(tree);
    *tree = engine_tree(pages, "Page", filter);
    assert_int_equal(plan_read_build(pages->ctx, &pages->ctx->results, tree, &plan), IGNIS_OK);
    assert_int_equal(sql_read(pages->ctx, &pages->ctx->results, IGNIS_DIALECT_POSTGRES, plan,
                              plan->nodes[0], &statement),
                     IGNIS_OK);
    return statement;
}

static void a_list_is_one_parameter(void **state)
{
    (void)state;
    engine pages;
    arena memory = {0};
    engine_open(&pages, models, NULL);
    sql_statement statement =
        statement_of(&pages, long_list(&memory, "{\"where\":{\"id\":[", "", "]}}"));
    assert_int_equal(statement.statement.parameters_count, 1);
    assert_true(statement.statement.sql_size < 400);
    statement = statement_of(
        &pages,
        long_list(&memory, "{\"where\":{\"labels\":{\"in\":[[\"a\"],[\"b\"],[\"", "", "\"]]}}}"));
    assert_int_equal(statement.statement.parameters_count, 1);
    assert_true(statement.statement.sql_size < 400);
    arena_free(&memory);
    engine_close(&pages);
}

typedef struct index_case {
    const char *filter;
    const char *types; /* of the parameters, to PREPARE */
    const char *values;
    const char *node; /* of the plan, which the index serves */
} index_case;

static const index_case index_cases[] = {
    {J({"where" : {"labels" : {"contains" : ["a"]}}}), "varchar[]", "'{a}'", "Bitmap Heap Scan"},
    {J({"where" : {"labels" : {"containedBy" : ["a"]}}}), "varchar[]", "'{a}'", "Bitmap Heap Scan"},
    {J({"where" : {"labels" : {"overlaps" : "a"}}}), "varchar[]", "'{a}'", "Bitmap Heap Scan"},
    {J({"where" : {"title" : {"startsWith" : "a"}}}), "text, text", "'a', 'b'", "Index Scan"},
};

/* Without the cost of a whole scan the planner takes an index wherever it can. */
static void an_index_serves_arrays_and_prefixes(void **state)
{
    (void)state;
    if (!server_is_there("IGNIS_TEST_POSTGRES_URL")) return;
    engine pages;
    opened o;
    engine_open(&pages, models, NULL);
    open_at(&o, server_url());
    server_execute("CREATE INDEX page_labels ON \"Page\" USING gin (labels);"
                   "CREATE INDEX page_title ON \"Page\" (title text_pattern_ops)");
    for (size_t i = 0; i < ARRAY_COUNT(index_cases); i++) {
        const index_case *row = &index_cases[i];
        text sql;
        text_init(&sql, &pages.ctx->results, 0);
        text_format(&sql,
                    "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;"
                    "PREPARE q(%s) AS %s; EXPLAIN EXECUTE q(%s)",
                    row->types, statement_of(&pages, row->filter).statement.sql, row->values);
        const char *plan = server_value(text_finish(&sql));
        if (strncmp(plan, row->node, strlen(row->node)) != 0) fail_msg("%s: %s", row->filter, plan);
    }
    ignis_data_source_close(o.source);
    ignis_context_free(o.ctx);
    engine_close(&pages);
    server_execute("DROP TABLE \"Page\", \"Shared\", \"Chosen\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operands_of_every_source_choose_rows_on_sqlite),
        cmocka_unit_test(operands_of_every_source_choose_rows_on_postgresql),
        cmocka_unit_test(operands_of_every_source_choose_rows_behind_a_pooler),
        cmocka_unit_test(a_list_is_one_parameter),
        cmocka_unit_test(an_index_serves_arrays_and_prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
