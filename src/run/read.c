#include "run/run.h"

#include <inttypes.h>
#include <stdatomic.h>

/* The statements of a read, in order: BEGIN, a check of each regular expression, one for each level,
   the count of a range, COMMIT; the first and the last only where more than one reads tables. */
typedef struct read_work {
    run_work work;
    const filter_request *request;
    const filter_tree *tree;
    const run_plan *plan;
    ignis_dialect dialect;
    arena *memory;
    row_result result;
    run_tagged tagged; /* PLAN_TAGGED */
    bool in_transaction;
    size_t before;               /* statements before the first that reads a table */
    size_t checked;              /* regular expressions that the engine took */
    size_t next;                 /* statements handed over */
    size_t first;                /* of the running step */
    ignis_execution *executions; /* of the running step */
    int64_t number;              /* of count and exists */
} read_work;

static bool is_number(filter_method method)
{
    return method == FILTER_COUNT || method == FILTER_EXISTS;
}

/* ---- plans -------------------------------------------------------------------------------------- */

static ignis_code aggregate_make(ignis_context *ctx, run_cache *cache, const run_plan *plan,
                                 bool is_exists, const sql_statement **made)
{
    ignis_dialect dialect = run_cache_dialect(cache);
    const plan_node *root = plan->read->nodes[0];
    sql_statement *statement = arena_array(plan->memory, 1, sizeof(*statement));
    if (!statement) return context_fail_memory(ctx, plan->memory);
    *made = statement;
    if (is_exists) {
        IGNIS_TRY(sql_exists(ctx, plan->memory, dialect, root, statement));
    } else {
        IGNIS_TRY(sql_count(ctx, plan->memory, dialect, root, statement));
    }
    statement->statement.id = run_cache_id(cache);
    return IGNIS_OK;
}

static ignis_code levels_make(ignis_context *ctx, run_cache *cache, run_plan *plan)
{
    const plan_read *read = plan->read;
    sql_statement *statements = arena_array(plan->memory, read->nodes_count, sizeof(*statements));
    if (!statements) return context_fail_memory(ctx, plan->memory);
    plan->statements = statements;
    for (size_t i = 0; i < read->nodes_count; i++) {
        IGNIS_TRY(sql_read(ctx, plan->memory, run_cache_dialect(cache), read, read->nodes[i],
                           &statements[i]));
        statements[i].statement.id = run_cache_id(cache);
    }
    if (!read->with_range) return IGNIS_OK;
    return aggregate_make(ctx, cache, plan, false, &plan->count);
}

/* All levels in one statement, where they can find their parents themselves. */
static ignis_code tagged_make(ignis_context *ctx, run_cache *cache, run_plan *plan, plan_read *read)
{
    sql_statement *statement = arena_array(plan->memory, 1, sizeof(*statement));
    if (!statement) return context_fail_memory(ctx, plan->memory);
    plan->statements = statement;
    read->strategy = PLAN_TAGGED;
    IGNIS_TRY(sql_tagged(ctx, plan->memory, read, statement));
    statement->statement.id = run_cache_id(cache);
    return IGNIS_OK;
}

static ignis_code read_plan_make(ignis_context *ctx, run_cache *cache, void *data, run_plan *plan)
{
    const filter_tree *tree = data;
    plan_read *read;
    IGNIS_TRY(plan_read_build(ctx, plan->memory, tree, &read));
    plan->read = read;
    bool is_locked = tree->lock.strength != FILTER_LOCK_NONE;
    if (run_cache_dialect(cache) == IGNIS_DIALECT_POSTGRES && !tree->is_wide && !is_locked) {
        IGNIS_TRY(plan_pipeline(ctx, plan->memory, read));
    }
    if (is_number(tree->method)) {
        IGNIS_TRY(
            aggregate_make(ctx, cache, plan, tree->method == FILTER_EXISTS, &plan->statements));
    } else if (tree->in_one_statement && read->strategy == PLAN_PIPELINE) {
        IGNIS_TRY(tagged_make(ctx, cache, plan, read));
    } else {
        IGNIS_TRY(levels_make(ctx, cache, plan));
    }
    for (size_t i = 0; i < read->nodes_count; i++) {
        read->nodes[i]->filter = NULL;
        read->nodes[i]->known = NULL;
    }
    return IGNIS_OK;
}

/* ---- steps -------------------------------------------------------------------------------------- */

static size_t statements_count(const read_work *read)
{
    const run_plan *plan = read->plan;
    if (plan->read->strategy == PLAN_TAGGED) return read->before + 1;
    return read->before + plan->read->nodes_count + (plan->count ? 1 : 0) +
           (read->in_transaction ? 1 : 0);
}

/* The level of a statement; nodes_count is the count of a range. */
static size_t statement_level(const read_work *read, size_t at)
{
    return at - read->before;
}

static ignis_code check_bind(ignis_context *ctx, const read_work *read, size_t index,
                             ignis_execution *execution)
{
    ignis_cell *pattern = arena_array(read->memory, 1, sizeof(*pattern));
    if (!pattern) return context_fail_memory(ctx, read->memory);
    *pattern = read->tree->values[read->tree->patterns[index]];
    *execution =
        (ignis_execution){.statement = sql_pattern_check(read->dialect), .parameters = pattern};
    return IGNIS_OK;
}

static ignis_code statement_bind(ignis_context *ctx, read_work *read, size_t at,
                                 ignis_execution *execution)
{
    const run_plan *plan = read->plan;
    if (read->in_transaction && at == 0) {
        *execution = (ignis_execution){.statement = sql_begin_read(read->dialect)};
        return IGNIS_OK;
    }
    if (read->in_transaction && at == statements_count(read) - 1) {
        *execution = (ignis_execution){.statement = &sql_commit};
        return IGNIS_OK;
    }
    if (at < read->before) {
        return check_bind(ctx, read, at - (read->in_transaction ? 1 : 0), execution);
    }
    size_t level = statement_level(read, at);
    const ignis_cell *values = read->tree->values;
    if (level == plan->read->nodes_count) {
        return run_bind(ctx, read->memory, plan->count, values, NULL, execution);
    }
    ignis_cell keys = {.kind = IGNIS_CELL_NULL};
    bool needs_keys = plan->read->strategy == PLAN_SEQUENTIAL && level > 0;
    if (needs_keys) keys = row_level_keys(&read->result, level);
    return run_bind(ctx, read->memory, &plan->statements[level], values, &keys, execution);
}

/* How many statements go together: all where no level waits for the one before; else those before
   the root with it, then the levels of one depth, the last of them with what follows. */
static size_t step_count(const read_work *read)
{
    const plan_read *plan = read->plan->read;
    size_t left = statements_count(read) - read->next;
    if (plan->strategy != PLAN_SEQUENTIAL || left == 0) return left;
    size_t before = read->next == 0 ? read->before : 0;
    size_t level = statement_level(read, read->next + before);
    size_t count = 1;
    while (level + count < plan->nodes_count &&
           plan->nodes[level + count]->depth == plan->nodes[level]->depth)
        count++;
    return level + count == plan->nodes_count ? left : before + count;
}

static ignis_code read_next(ignis_context *ctx, run_work *work, run_step *step)
{
    read_work *read = (read_work *)work;
    size_t count = step_count(read);
    read->first = read->next;
    for (size_t i = 0; i < count; i++)
        IGNIS_TRY(statement_bind(ctx, read, read->first + i, &read->executions[i]));
    read->next += count;
    *step = (run_step){read->executions, count};
    return IGNIS_OK;
}

static ignis_code row_take(read_work *read, size_t level, const ignis_cell *cells)
{
    filter_method method = read->tree->method;
    bool has_rows = !is_number(method) && level < read->plan->read->nodes_count;
    if (has_rows) return row_level_add(&read->result, level, cells);
    read->number = cells[0].as.integer;
    return IGNIS_OK;
}

static ignis_code read_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    read_work *read = (read_work *)work;
    bool is_tagged = read->plan->read->strategy == PLAN_TAGGED;
    if (read->first + batch->execution < read->before) {
        read->checked += batch->rows_count;
        return IGNIS_OK;
    }
    for (size_t i = 0; i < batch->rows_count; i++) {
        const ignis_cell *cells = batch->cells + i * batch->columns_count;
        if (is_tagged) {
            IGNIS_TRY(run_tagged_take(ctx, &read->tagged, cells));
        } else {
            size_t level = statement_level(read, read->first + batch->execution);
            IGNIS_TRY(row_take(read, level, cells));
        }
    }
    return IGNIS_OK;
}

/* Where a regular expression was refused, its place in the filter is found by reading it again. */
static void read_explain(ignis_context *ctx, run_work *work)
{
    const read_work *read = (const read_work *)work;
    if (read->checked == read->tree->patterns_count) return;
    if (context_error_code(ctx) != IGNIS_E_INVALID) return;
    filter_pattern_refuse(ctx, read->request, read->checked);
}

/* ---- results -------------------------------------------------------------------------------------- */

static void range_write(const read_work *read, text *out)
{
    int64_t start = read->tree->root->skip;
    int64_t count = (int64_t)read->result.levels[0].rows_count;
    int64_t end = count > 0 ? start + count - 1 : start;
    text_format(out,
                ",\"range\":{\"start\":%" PRId64 ",\"end\":%" PRId64 ",\"total\":%" PRId64 "}}",
                start, end, read->number);
}

static ignis_code read_write(ignis_context *ctx, read_work *read, text *out)
{
    filter_method method = read->tree->method;
    bool is_single = method == FILTER_FIND_ONE || method == FILTER_FIND_BY_ID;
    if (read->tree->with_range) text_string(out, "{\"data\":");
    IGNIS_TRY(row_result_write(&read->result, is_single, out));
    if (read->tree->with_range) range_write(read, out);
    return out->code == IGNIS_OK ? IGNIS_OK : context_fail_memory(ctx, out->memory);
}

/* Whether a level between the root and the last was so wide that deriving its rows again for the levels
   below costs more than another round trip (measured: 6-25 % of the server's CPU at some 1,000 rows). */
static bool result_is_wide(const plan_read *plan, const row_result *result)
{
    enum { WIDE_ROWS = 500 };
    for (size_t i = 1; i < plan->nodes_count; i++) {
        if (plan->nodes[i]->children && result->levels[i].rows_count >= WIDE_ROWS) return true;
    }
    return false;
}

static ignis_code read_answer(ignis_context *ctx, read_work *read, run_answer *answer)
{
    answer->number = read->number;
    answer->start = read->tree->root->skip;
    if (is_number(read->tree->method)) return IGNIS_OK;
    if (answer->out) return read_write(ctx, read, answer->out);
    return row_result_structs(&read->result, &answer->rows, &answer->rows_count);
}

static ignis_code result_start(ignis_context *ctx, read_work *read, const run_answer *answer)
{
    const plan_read *plan = read->plan->read;
    IGNIS_TRY(row_result_start(ctx, read->memory, plan, read->tree->rows_max, &read->result));
    if (answer->out || is_number(read->tree->method)) return IGNIS_OK;
    return row_result_as_structs(&read->result, &ctx->results);
}

static ignis_code read_run(ignis_context *ctx, const run_route *route, read_work *read,
                           run_answer *answer, bool *is_wide)
{
    const run_plan *plan = read->plan;
    size_t statements = plan->read->nodes_count + (plan->count ? 1 : 0);
    read->in_transaction = statements > 1 && !ctx->transaction;
    read->before = read->tree->patterns_count + (read->in_transaction ? 1 : 0);
    read->executions =
        arena_array(read->memory, read->before + statements + 1, sizeof(*read->executions));
    if (!read->executions) return context_fail_memory(ctx, read->memory);
    IGNIS_TRY(result_start(ctx, read, answer));
    bool is_tagged = plan->read->strategy == PLAN_TAGGED;
    if (is_tagged) IGNIS_TRY(run_tagged_start(ctx, read->memory, plan->read, &read->tagged));
    IGNIS_TRY(run_call_finish(ctx, route->connections, &read->work));
    if (is_tagged) {
        IGNIS_TRY(run_tagged_stitch(&read->tagged, &read->result));
        read->number = read->tagged.total;
    }
    *is_wide = result_is_wide(plan->read, &read->result);
    return read_answer(ctx, read, answer);
}

/* A table changed, and a connection noticed only after the rows of another level had come. It has
   prepared anew by the next call; other connections may not have. */
static bool read_is_stale(const ignis_context *ctx)
{
    return !ctx->transaction && context_error_code(ctx) == IGNIS_E_DATABASE &&
           strcmp(ctx->sqlstate, "0A000") == 0;
}

static ignis_code read_attempt(ignis_context *ctx, run_route *route, const read_work *begun,
                               run_answer *answer, bool *is_wide)
{
    enum { ATTEMPTS_MAX = 4 };
    ignis_mark mark = arena_mark(&ctx->scratch);
    ignis_mark results = arena_mark(&ctx->results);
    run_route_next(ctx, route);
    for (int attempt = 1;; attempt++) {
        read_work read = *begun;
        read.work.wait_ms = route->wait_ms;
        ignis_code code = read_run(ctx, route, &read, answer, is_wide);
        bool goes_on = run_route_note(ctx, route, code);
        bool is_again = code != IGNIS_OK && attempt < ATTEMPTS_MAX && read_is_stale(ctx);
        if (!goes_on && !is_again) return code;
        context_error_clear(ctx);
        arena_release(&ctx->scratch, mark);
        if (!answer->out) arena_release(&ctx->results, results);
        if (goes_on) {
            run_route_next(ctx, route);
            attempt = 0;
        }
    }
}

ignis_code run_plan_get(ignis_context *ctx, const run_source *source, const filter_request *request,
                        filter_tree *tree, run_plan **plan)
{
    filter_request asked = *request;
    const run_transaction *transaction = ctx->transaction;
    asked.limits_in_shape = run_cache_dialect(source->cache) == IGNIS_DIALECT_POSTGRES;
    asked.in_one_statement =
        asked.limits_in_shape && transaction && transaction->isolation == IGNIS_READ_COMMITTED;
    IGNIS_TRY(filter_read(ctx, &ctx->scratch, &asked, tree));
    return run_cache_get(ctx, source->cache, tree->shape.data, tree->shape.size, read_plan_make,
                         tree, plan);
}

ignis_code run_plan_widen(ignis_context *ctx, const run_source *source, filter_tree *tree,
                          const run_plan *plan, run_plan **wide)
{
    *wide = NULL;
    if (plan->read->strategy != PLAN_PIPELINE || !atomic_load(&plan->is_wide)) return IGNIS_OK;
    tree->is_wide = true;
    text_char(&tree->shape, 'w');
    if (tree->shape.code != IGNIS_OK) return context_fail_memory(ctx, &ctx->scratch);
    return run_cache_get(ctx, source->cache, tree->shape.data, tree->shape.size, read_plan_make,
                         tree, wide);
}

static ignis_code lock_check(ignis_context *ctx, const run_source *source,
                             const filter_request *request)
{
    if (request->lock.strength == FILTER_LOCK_NONE) return IGNIS_OK;
    if (run_cache_dialect(source->cache) == IGNIS_DIALECT_SQLITE) {
        return context_fail(ctx, IGNIS_E_UNSUPPORTED,
                            "SQLite locks no rows: a transaction that writes locks out the others");
    }
    if (!ctx->parent) {
        return context_fail(ctx, IGNIS_E_STATE, "rows can be locked within a transaction only");
    }
    IGNIS_TRY(run_context_check(ctx, source->connections));
    IGNIS_TRY(run_write_check(ctx));
    if (request->entity->type == IGNIS_VIEW) {
        return context_fail(ctx, IGNIS_E_UNSUPPORTED, "%s is a view: its rows cannot be locked",
                            request->entity->name);
    }
    if (!request->with_range) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_UNSUPPORTED, "a lock does not go with a range");
}

ignis_code run_read(ignis_context *ctx, const run_source *source, const filter_request *request,
                    run_answer *answer)
{
    filter_tree tree;
    run_plan *plan;
    run_plan *wide;
    bool is_wide = false;
    read_work read = {.work = {.next = read_next, .take = read_take, .explain = read_explain},
                      .request = request,
                      .tree = &tree,
                      .dialect = run_cache_dialect(source->cache),
                      .memory = &ctx->scratch};
    if (lock_check(ctx, source, request) != IGNIS_OK) return context_path(ctx, "options.lock");
    IGNIS_TRY(run_plan_get(ctx, source, request, &tree, &plan));
    ignis_code code = run_plan_widen(ctx, source, &tree, plan, &wide);
    if (code == IGNIS_OK) {
        read.plan = wide ? wide : plan;
        run_route route = {.primary = source->connections};
        bool is_free = !ctx->transaction && request->lock.strength == FILTER_LOCK_NONE;
        if (is_free) route.replicas = source->replicas;
        code = read_attempt(ctx, &route, &read, answer, &is_wide);
    }
    if (code == IGNIS_OK) atomic_store(&plan->is_wide, is_wide);
    run_cache_release(source->cache, wide);
    run_cache_release(source->cache, plan);
    return code;
}
