/* Conditions in great number. SQLite plans a statement in time that grows with the square of the terms of
   its WHERE and of its constants: both stay few, however long the filter is, and the answer is the
   same. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define J IGNIS_JSON

enum { CONDITIONS = 5000, TERMS_MAX = 129, CONSTANTS_MAX = 256 };

static const char models[] = J({
    "models" : [ {
        "name" : "Row",
        "columns" : [
            {"name" : "id", "type" : "integer", "primaryKey" : true, "notNull" : true},
            {"name" : "value", "type" : "integer"}
        ],
        "indexes" : [ {"name" : "row_value", "columns" : ["value"]} ]
    } ]
});

static const char rows[] = J({
    "Row" : [
        {"id" : 1, "value" : 10}, {"id" : 2, "value" : 20}, {"id" : 3, "value" : 30},
        {"id" : 4, "value" : null}
    ]
});

static int rows_open(void **state)
{
    static engine all;
    engine_open(&all, models, rows);
    *state = &all;
    return 0;
}

static int rows_close(void **state)
{
    if (*state) engine_close(*state);
    return 0;
}

/* Each @ of the pattern is the list of the part with 0, -1, -2, ... */
static const char *grown(engine *all, const char *pattern, const char *part, int count)
{
    text out;
    text_init(&out, &all->ctx->results, 0);
    text_string(&out, "{\"fields\":[\"id\"],\"order\":[\"id\"],\"where\":");
    for (; *pattern; pattern++) {
        if (*pattern != '@') text_char(&out, *pattern);
        for (int i = 0; *pattern == '@' && i < count; i++) {
            text_string(&out, i > 0 ? ",{" : "{");
            text_format(&out, part, -i);
            text_char(&out, '}');
        }
    }
    text_char(&out, '}');
    const char *made = text_finish(&out);
    assert_non_null(made);
    return made;
}

static sql_statement statement_of(engine *all, const char *filter)
{
    plan_read *plan;
    sql_statement made;
    filter_tree tree = engine_tree(all, "Row", filter);
    arena *memory = &all->ctx->results;
    assert_int_equal(plan_read_build(all->ctx, memory, &tree, &plan), IGNIS_OK);
    assert_int_equal(sql_read(all->ctx, memory, IGNIS_DIALECT_SQLITE, plan, plan->nodes[0], &made),
                     IGNIS_OK);
    return made;
}

/* The conditions that are outside of what IS TRUE closes. */
static size_t terms_count(const char *sql)
{
    const char *where = strstr(sql, " WHERE ");
    const char *group = strstr(sql, "((t.");
    const char *end = group ? group : sql + strlen(sql);
    size_t count = 1;
    assert_non_null(where);
    for (const char *at = where; at < end; at++)
        count += strncmp(at, " AND ", 5) == 0;
    return count;
}

/* What SQLite sets aside before it looks for rows, each after a look through those before: the Variable
   opcodes of the part that Init jumps to, but for those of functions that are called for each row. */
static size_t constants_count(engine *all, const sql_statement *made)
{
    size_t count = made->statement.parameters_count;
    ignis_parameter *parameters = arena_array(&all->ctx->results, count, sizeof(*parameters));
    text sql;
    assert_non_null(parameters);
    for (size_t i = 0; i < count; i++)
        parameters[i] = ignis_parameter_integer(0);
    text_init(&sql, &all->ctx->results, 0);
    text_format(&sql, "EXPLAIN %s", made->statement.sql);
    const ignis_sql explained = {.struct_size = sizeof(explained),
                                 .text = text_finish(&sql),
                                 .parameters = parameters,
                                 .parameters_count = count};
    const char *program = NULL;
    const json *list;
    assert_int_equal(ignis_query(all->ctx, all->source, &explained, &program), IGNIS_OK);
    assert_int_equal(
        json_read_context(all->ctx, &all->ctx->results, program, strlen(program), NULL, &list),
        IGNIS_OK);
    int64_t start = json_get(&list->as.items[0], "p2")->integer;
    size_t set_aside = 0;
    size_t called = 0;
    for (size_t i = 0; i < list->count; i++) {
        const json *step = &list->as.items[i];
        const json *name = json_get(step, "p4");
        bool is_late = json_get(step, "addr")->integer >= start;
        bool is_variable = strcmp(json_get(step, "opcode")->as.text, "Variable") == 0;
        bool is_function =
            name->kind == JSON_STRING && strncmp(name->as.text, "ignis_value(", 12) == 0;
        set_aside += is_variable && is_late;
        called += is_function && !is_late;
    }
    return set_aside - called;
}

typedef struct long_case {
    const char *where; /* @ are the conditions */
    const char *part;
    const char *answer;
    bool is_terms; /* all must hold, so that each would be a term of the WHERE */
    bool is_list;  /* SQLite looks through a list instead */
} long_case;

static const long_case cases[] = {
    {"{\"and\":[@]}", "\"value\":{\"gt\":%d}", "[{\"id\":1},{\"id\":2},{\"id\":3}]", true, false},
    {"{\"value\":{\"gt\":10},\"and\":[@]}", "\"value\":{\"ne\":%d}", "[{\"id\":2},{\"id\":3}]",
     true, false},
    {"{\"and\":[{\"id\":{\"lt\":3}},{\"and\":[@]}]}", "\"value\":{\"gte\":%d}",
     "[{\"id\":1},{\"id\":2}]", true, false},
    {"{\"and\":[@,{\"value\":20}]}", "\"value\":{\"ne\":%d}", "[{\"id\":2}]", true, false},
    {"{\"and\":[@,{\"or\":[]}]}", "\"value\":{\"ne\":%d}", "[]", true, false},
    {"{\"not\":{\"and\":[@]}}", "\"value\":{\"lt\":%d}", "[{\"id\":1},{\"id\":2},{\"id\":3}]",
     false, false},
    {"{\"not\":{\"and\":[@]}}", "\"value\":{\"gt\":%d}", "[]", false, false},
    {"{\"or\":[@,{\"value\":30}]}", "\"value\":{\"lt\":%d}", "[{\"id\":3}]", false, false},
    {"{\"or\":[@,{\"value\":30}]}", "\"value\":%d", "[{\"id\":3}]", false, true},
    {"{\"or\":[{\"and\":[@]},{\"value\":null}]}", "\"value\":{\"gt\":%d}",
     "[{\"id\":1},{\"id\":2},{\"id\":3},{\"id\":4}]", false, false},
};

static void terms_and_constants_stay_few(void **state)
{
    engine *all = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *filter = grown(all, cases[i].where, cases[i].part, CONDITIONS);
        sql_statement made = statement_of(all, filter);
        assert_true(made.statement.parameters_count >= CONDITIONS);
        if (cases[i].is_terms) assert_in_range(terms_count(made.statement.sql), 1, TERMS_MAX);
        size_t constants = constants_count(all, &made);
        if (!cases[i].is_list && constants > CONSTANTS_MAX)
            fail_msg("%s: %zu constants", cases[i].where, constants);
        ignis_context_reset(all->ctx);
    }
}

static void long_filters_answer_as_short_ones(void **state)
{
    static const int counts[] = {1, 127, 128, 129, 255, 256, 257, 300, 2000};
    engine *all = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        for (size_t k = 0; k < ARRAY_COUNT(counts); k++) {
            const char *filter = grown(all, cases[i].where, cases[i].part, counts[k]);
            const char *got = engine_find(all, "Row", filter);
            if (strcmp(got, cases[i].answer) != 0)
                fail_msg("%s with %d: %s", cases[i].where, counts[k], got);
            ignis_context_reset(all->ctx);
        }
    }
}

/* An index serves what comes first, whatever follows. */
static void the_first_terms_are_for_indexes(void **state)
{
    engine *all = *state;
    sql_statement made = statement_of(
        all, grown(all, "{\"id\":3,\"and\":[@]}", "\"value\":{\"gt\":%d}", CONDITIONS));
    assert_non_null(strstr(made.statement.sql, " WHERE t.\"id\" = ? AND t.\"value\" > ? AND "));
    ignis_context_reset(all->ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_and_constants_stay_few),
        cmocka_unit_test(long_filters_answer_as_short_ones),
        cmocka_unit_test(the_first_terms_are_for_indexes),
    };
    return cmocka_run_group_tests(tests, rows_open, rows_close);
}
