/* Every statement of the cases that read is one that PostgreSQL's own parser takes, in each strategy, and
   its placeholders are its parameters. */
#include "app/app.h"
#include "run/run.h"
#include "support/cases.h"
#include "support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pg_query.h>

enum { FIXTURES_MAX = 16 };

typedef struct opened {
    const char *name;
    ignis_data_source *source;
} opened;

typedef struct parsing {
    ignis_context *ctx;
    arena memory;
    opened fixtures[FIXTURES_MAX];
    size_t fixtures_count;
    const char *name; /* of the case */
    size_t statements_count;
} parsing;

static const model_registry *registry_of(parsing *self, const char *fixture)
{
    for (size_t i = 0; i < self->fixtures_count; i++) {
        if (strcmp(self->fixtures[i].name, fixture) == 0)
            return self->fixtures[i].source->run.registry;
    }
    text path;
    text_init(&path, &self->memory, 0);
    text_format(&path, "conformance/fixtures/%s.models.json", fixture);
    fixture_class class_ = {.models_path = fixture_shared(&self->memory, text_finish(&path))};
    assert_true(self->fixtures_count < FIXTURES_MAX);
    opened *made = &self->fixtures[self->fixtures_count++];
    made->name = fixture;
    if (fixture_open(self->ctx, &class_, &made->source) != IGNIS_OK)
        fail_msg("%s: %s", fixture, ignis_context_error(self->ctx)->message);
    return made->source->run.registry;
}

/* ---- statements --------------------------------------------------------------------------------- */

/* The greatest placeholder outside of quotes; one without a number is the next. used tells of each. */
static size_t placeholders_read(const char *sql, char mark, bool *used, size_t used_count)
{
    size_t greatest = 0;
    char quote = 0;
    for (const char *at = sql; *at; at++) {
        if (quote) {
            if (*at == quote) quote = 0;
        } else if (*at == '\'' || *at == '"') {
            quote = *at;
        } else if (*at == mark) {
            size_t number = strtoul(at + 1, NULL, 10);
            if (number == 0) number = greatest + 1;
            if (number > greatest) greatest = number;
            if (number <= used_count) used[number - 1] = true;
        }
    }
    return greatest;
}

static void placeholders_check(parsing *self, const sql_statement *statement, char mark)
{
    size_t count = statement->statement.parameters_count;
    bool *used = arena_array(&self->memory, count, sizeof(*used));
    assert_non_null(used);
    size_t greatest = placeholders_read(statement->statement.sql, mark, used, count);
    if (greatest > count)
        fail_msg("%s: $%zu of %zu: %s", self->name, greatest, count, statement->statement.sql);
    for (size_t i = 0; i < count; i++) {
        bool is_rest = statement->parameters[i].source == SQL_KEYS_REST && mark == '?';
        if (used[i] == is_rest)
            fail_msg("%s: parameter %zu: %s", self->name, i + 1, statement->statement.sql);
    }
}

static void statement_check(parsing *self, ignis_dialect dialect, const sql_statement *statement)
{
    bool is_postgres = dialect == IGNIS_DIALECT_POSTGRES;
    placeholders_check(self, statement, is_postgres ? '$' : '?');
    self->statements_count++;
    if (!is_postgres) return;
    PgQueryParseResult result = pg_query_parse(statement->statement.sql);
    if (result.error)
        fail_msg("%s: %s: %s", self->name, result.error->message, statement->statement.sql);
    pg_query_free_parse_result(result);
}

static void levels_check(parsing *self, ignis_dialect dialect, const plan_read *plan)
{
    sql_statement statement;
    for (size_t i = 0; i < plan->nodes_count; i++) {
        assert_int_equal(
            sql_read(self->ctx, &self->memory, dialect, plan, plan->nodes[i], &statement),
            IGNIS_OK);
        statement_check(self, dialect, &statement);
    }
    assert_int_equal(sql_count(self->ctx, &self->memory, dialect, plan->nodes[0], &statement),
                     IGNIS_OK);
    statement_check(self, dialect, &statement);
    assert_int_equal(sql_exists(self->ctx, &self->memory, dialect, plan->nodes[0], &statement),
                     IGNIS_OK);
    statement_check(self, dialect, &statement);
}

static void tree_check(parsing *self, const filter_tree *tree)
{
    plan_read *plan;
    sql_statement statement;
    assert_int_equal(plan_read_build(self->ctx, &self->memory, tree, &plan), IGNIS_OK);
    levels_check(self, IGNIS_DIALECT_SQLITE, plan);
    levels_check(self, IGNIS_DIALECT_POSTGRES, plan);
    assert_int_equal(plan_pipeline(self->ctx, &self->memory, plan), IGNIS_OK);
    levels_check(self, IGNIS_DIALECT_POSTGRES, plan);
    if (plan->strategy != PLAN_PIPELINE) return;
    plan->strategy = PLAN_TAGGED;
    assert_int_equal(sql_tagged(self->ctx, &self->memory, plan, &statement), IGNIS_OK);
    statement_check(self, IGNIS_DIALECT_POSTGRES, &statement);
}

/* ---- cases -------------------------------------------------------------------------------------- */

static const json *part_of(const json *arguments, const char *name)
{
    const json *value = json_get(arguments, name);
    return value && value->kind != JSON_NULL ? value : NULL;
}

static bool option_of(const json *arguments, const char *name)
{
    const json *options = part_of(arguments, "options");
    const json *value = options ? json_get(options, name) : NULL;
    return value && value->kind == JSON_BOOLEAN && value->boolean;
}

static filter_method method_of(const char *method)
{
    if (strcmp(method, "findOne") == 0) return FILTER_FIND_ONE;
    if (strcmp(method, "findById") == 0) return FILTER_FIND_BY_ID;
    if (strcmp(method, "count") == 0) return FILTER_COUNT;
    if (strcmp(method, "existsWith") == 0) return FILTER_EXISTS;
    return FILTER_FIND;
}

/* Cases of mistakes have no statements. */
static void case_check(parsing *self, const cases_case *given)
{
    const json *arguments;
    filter_tree tree;
    const cases_check *check = &given->check;
    self->name = given->name;
    if (!cases_method_reads(check->method) || strchr(check->repository, ':')) return;
    const model_entity *entity = model_entity_get(registry_of(self, given->fixture),
                                                  check->repository, strlen(check->repository));
    if (!entity || json_read(&self->memory, check->arguments, check->arguments_size, NULL,
                             &arguments, &(json_fault){0}) != IGNIS_OK)
        return;
    filter_request request = {.method = method_of(check->method),
                              .entity = entity,
                              .policy = &ignis_policy_trusted,
                              .filter = part_of(arguments, "filter"),
                              .where = part_of(arguments, "where"),
                              .id = part_of(arguments, "id"),
                              .limits_in_shape = true};
    request.should_skip_default_filter = option_of(arguments, "shouldSkipDefaultFilter");
    request.with_range = option_of(arguments, "shouldQueryRange");
    if (filter_read(self->ctx, &self->memory, &request, &tree) == IGNIS_OK) tree_check(self, &tree);
}

static void folder_check(parsing *self, const char *folder)
{
    const cases_file *files;
    size_t files_count = 0;
    const char *problem = NULL;
    size_t before = self->statements_count;
    if (!cases_read_folder(&self->memory, folder, &files, &files_count, &problem))
        fail_msg("%s", problem);
    for (size_t i = 0; i < files_count; i++) {
        for (size_t k = 0; k < files[i].cases_count; k++)
            case_check(self, &files[i].cases[k]);
    }
    assert_true(self->statements_count - before > files_count);
}

static void statements_are_taken_by_the_parser(void **state)
{
    (void)state;
    parsing self = {.ctx = ignis_context_create()};
    assert_non_null(self.ctx);
    folder_check(&self, fixture_shared(&self.memory, "conformance/cases"));
    folder_check(&self, fixture_source(&self.memory, "tests/conformance/cases"));
    print_message("%zu statements\n", self.statements_count);
    for (size_t i = 0; i < self.fixtures_count; i++)
        ignis_data_source_close(self.fixtures[i].source);
    ignis_context_free(self.ctx);
    arena_free(&self.memory);
    pg_query_exit();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_taken_by_the_parser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
