#include "support/parsed.h"

#include "app/app.h"
#include "run/run.h"

#include <stdlib.h>

#ifdef IGNIS_TEST_PG_QUERY
#include <pg_query.h>
#endif

typedef struct parsing {
    ignis_context *ctx;
    arena *memory;
    const parsed_call *call;
    ignis_dialect dialect;
    size_t statements_count;
    text problem; /* the first */
} parsing;

/* ---- one statement ------------------------------------------------------------------------------ */

static void problem_add(parsing *self, const sql_statement *statement, const char *what)
{
    if (self->problem.size > 0) return;
    text_format(&self->problem, "%s: %s", what, statement->statement.sql);
}

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

static void placeholders_check(parsing *self, const sql_statement *statement)
{
    char mark = self->dialect == IGNIS_DIALECT_POSTGRES ? '$' : '?';
    size_t count = statement->statement.parameters_count;
    bool *used = arena_array(self->memory, count, sizeof(*used));
    if (!used) {
        problem_add(self, statement, "no memory");
        return;
    }
    if (placeholders_read(statement->statement.sql, mark, used, count) > count)
        problem_add(self, statement, "a placeholder without a parameter");
    for (size_t i = 0; i < count; i++) {
        bool is_rest = statement->parameters[i].source == SQL_KEYS_REST && mark == '?';
        if (used[i] == is_rest) problem_add(self, statement, "a parameter without a placeholder");
    }
}

static void foreign_check(parsing *self, const sql_statement *statement)
{
    for (const char *const *at = self->call->foreign; at && *at; at++)
        if (strstr(statement->statement.sql, *at))
            problem_add(self, statement, "the caller's text in a statement");
}

static void parser_check(parsing *self, const sql_statement *statement)
{
#ifdef IGNIS_TEST_PG_QUERY
    if (self->dialect != IGNIS_DIALECT_POSTGRES) return;
    PgQueryProtobufParseResult result = pg_query_parse_protobuf(statement->statement.sql);
    if (result.error) problem_add(self, statement, result.error->message);
    pg_query_free_protobuf_parse_result(result);
#else
    (void)self;
    (void)statement;
#endif
}

bool parsed_is_parsing(void)
{
#ifdef IGNIS_TEST_PG_QUERY
    return true;
#else
    return false;
#endif
}

void parsed_end(void)
{
#ifdef IGNIS_TEST_PG_QUERY
    pg_query_exit();
#endif
}

static ignis_code statement_check(parsing *self, ignis_code code, const sql_statement *statement)
{
    if (code != IGNIS_OK) return code;
    self->statements_count++;
    placeholders_check(self, statement);
    foreign_check(self, statement);
    parser_check(self, statement);
    return IGNIS_OK;
}

/* ---- all of a call ------------------------------------------------------------------------------ */

static ignis_code levels_check(parsing *self, ignis_dialect dialect, const plan_read *plan)
{
    sql_statement made;
    self->dialect = dialect;
    for (size_t i = 0; i < plan->nodes_count; i++)
        IGNIS_TRY(statement_check(
            self, sql_read(self->ctx, self->memory, dialect, plan, plan->nodes[i], &made), &made));
    IGNIS_TRY(statement_check(
        self, sql_count(self->ctx, self->memory, dialect, plan->nodes[0], &made), &made));
    return statement_check(
        self, sql_exists(self->ctx, self->memory, dialect, plan->nodes[0], &made), &made);
}

static ignis_code tree_check(parsing *self, const filter_tree *tree)
{
    plan_read *plan;
    sql_statement made;
    IGNIS_TRY(plan_read_build(self->ctx, self->memory, tree, &plan));
    IGNIS_TRY(levels_check(self, IGNIS_DIALECT_SQLITE, plan));
    IGNIS_TRY(levels_check(self, IGNIS_DIALECT_POSTGRES, plan));
    IGNIS_TRY(plan_pipeline(self->ctx, self->memory, plan));
    IGNIS_TRY(levels_check(self, IGNIS_DIALECT_POSTGRES, plan));
    if (plan->strategy != PLAN_PIPELINE) return IGNIS_OK;
    plan->strategy = PLAN_TAGGED;
    return statement_check(self, sql_tagged(self->ctx, self->memory, plan, &made), &made);
}

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

const char *parsed_check(ignis_context *ctx, arena *memory, const parsed_call *call,
                         size_t *statements_count)
{
    filter_tree tree;
    parsing self = {.ctx = ctx, .memory = memory, .call = call};
    const model_entity *entity =
        model_entity_get(call->source->run.registry, call->model, strlen(call->model));
    if (!entity) return NULL;
    filter_request request = {.method = method_of(call->method),
                              .entity = entity,
                              .policy = call->policy ? call->policy : &ignis_policy_public,
                              .filter = part_of(call->arguments, "filter"),
                              .where = part_of(call->arguments, "where"),
                              .id = part_of(call->arguments, "id"),
                              .limits_in_shape = true};
    request.should_skip_default_filter = option_of(call->arguments, "shouldSkipDefaultFilter");
    request.with_range = option_of(call->arguments, "shouldQueryRange");
    text_init(&self.problem, memory, 0);
    if (filter_read(ctx, memory, &request, &tree) != IGNIS_OK) return NULL;
    ignis_code code = tree_check(&self, &tree);
    *statements_count += self.statements_count;
    if (code != IGNIS_OK) return ignis_context_error(ctx)->message;
    return self.problem.size > 0 ? text_finish(&self.problem) : NULL;
}
