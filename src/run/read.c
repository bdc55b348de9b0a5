#include "run/run.h"

#include <inttypes.h>

typedef enum read_step {
    READ_BEGIN,
    READ_NODES, /* the statements of the levels, one after another */
    READ_COUNT,
    READ_COMMIT,
    READ_DONE
} read_step;

typedef struct read_work {
    run_work work;
    const filter_tree *tree;
    const run_plan *plan;
    row_result result;
    arena *memory;
    read_step step;
    size_t node_next;
    size_t node_running;
    bool in_transaction;
    bool count_is_running;
    int64_t number; /* of count and exists */
} read_work;

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
        IGNIS_TRY(
            sql_read(ctx, plan->memory, run_cache_dialect(cache), read->nodes[i], &statements[i]));
        statements[i].statement.id = run_cache_id(cache);
    }
    if (!read->with_range) return IGNIS_OK;
    return aggregate_make(ctx, cache, plan, false, &plan->count);
}

static ignis_code read_plan_make(ignis_context *ctx, run_cache *cache, void *data, run_plan *plan)
{
    const filter_tree *tree = data;
    plan_read *read;
    IGNIS_TRY(plan_read_build(ctx, plan->memory, tree, &read));
    plan->read = read;
    if (tree->method == FILTER_COUNT || tree->method == FILTER_EXISTS) {
        IGNIS_TRY(
            aggregate_make(ctx, cache, plan, tree->method == FILTER_EXISTS, &plan->statements));
    } else {
        IGNIS_TRY(levels_make(ctx, cache, plan));
    }
    for (size_t i = 0; i < read->nodes_count; i++)
        read->nodes[i]->filter = NULL;
    return IGNIS_OK;
}

/* ---- parameters ----------------------------------------------------------------------------------- */

static ignis_code context_value_read(ignis_context *ctx, arena *memory,
                                     const sql_parameter *parameter, bool is_list, ignis_cell *cell)
{
    const char *given = context_value(ctx, parameter->name);
    if (!given) {
        context_fail(ctx, IGNIS_E_INVALID,
                     "the default filter needs the context's value '%s', which is not set",
                     parameter->name);
        return context_path(ctx, "$context.%s", parameter->name);
    }
    const json *value;
    IGNIS_TRY(json_read_context(ctx, memory, given, strlen(given), NULL, &value));
    const json *items = value->kind == JSON_ARRAY ? value->as.items : value;
    size_t count = value->kind == JSON_ARRAY ? value->count : 1;
    if (!is_list) {
        if (model_value_read(ctx, memory, parameter->column, value, MODEL_VALUE_FILTER, cell) ==
            IGNIS_OK) {
            return IGNIS_OK;
        }
        return context_path(ctx, "$context.%s", parameter->name);
    }
    ignis_cell *cells = arena_array(memory, count, sizeof(*cells));
    if (!cells) return context_fail_memory(ctx, memory);
    for (size_t i = 0; i < count; i++) {
        if (model_value_read(ctx, memory, parameter->column, &items[i], MODEL_VALUE_FILTER,
                             &cells[i]) != IGNIS_OK) {
            context_path(ctx, "[%zu]", i);
            return context_path(ctx, "$context.%s", parameter->name);
        }
    }
    *cell = (ignis_cell){.kind = IGNIS_CELL_LIST, .size = count, .as.items = cells};
    return IGNIS_OK;
}

static ignis_code parameters_bind(ignis_context *ctx, read_work *read, size_t node,
                                  const sql_statement *statement, ignis_execution *execution)
{
    size_t count = statement->statement.parameters_count;
    ignis_cell *cells = arena_array(read->memory, count, sizeof(*cells));
    if (!cells) return context_fail_memory(ctx, read->memory);
    for (size_t i = 0; i < count; i++) {
        const sql_parameter *parameter = &statement->parameters[i];
        switch (parameter->source) {
        case SQL_SLOT: cells[i] = read->tree->values[parameter->slot]; break;
        case SQL_KEYS: cells[i] = row_level_keys(&read->result, node); break;
        case SQL_KEYS_REST: break;
        case SQL_CONTEXT:
            IGNIS_TRY(context_value_read(ctx, read->memory, parameter,
                                         statement->statement.parameters[i].list, &cells[i]));
            break;
        }
    }
    *execution = (ignis_execution){.statement = &statement->statement, .parameters = cells};
    return IGNIS_OK;
}

/* ---- steps -------------------------------------------------------------------------------------- */

static size_t nodes_to_run(const read_work *read)
{
    return read->result.levels_count;
}

static ignis_code node_next(ignis_context *ctx, read_work *read, ignis_execution *execution)
{
    size_t node = read->node_next++;
    read->node_running = node;
    if (read->result.levels) IGNIS_TRY(row_level_start(&read->result, node));
    return parameters_bind(ctx, read, node, &read->plan->statements[node], execution);
}

static ignis_code read_next(ignis_context *ctx, run_work *work, ignis_execution *execution,
                            bool *is_done)
{
    read_work *read = (read_work *)work;
    switch (read->step) {
    case READ_BEGIN:
        read->step = READ_NODES;
        if (read->in_transaction) {
            *execution = (ignis_execution){.statement = &sql_begin_read};
            return IGNIS_OK;
        }
        /* fall through */
    case READ_NODES:
        if (read->node_next < nodes_to_run(read)) return node_next(ctx, read, execution);
        read->step = READ_COUNT;
        /* fall through */
    case READ_COUNT:
        read->step = READ_COMMIT;
        if (read->plan->count) {
            read->count_is_running = true;
            return parameters_bind(ctx, read, 0, read->plan->count, execution);
        }
        /* fall through */
    case READ_COMMIT:
        read->step = READ_DONE;
        if (read->in_transaction) {
            *execution = (ignis_execution){.statement = &sql_commit};
            return IGNIS_OK;
        }
        /* fall through */
    case READ_DONE: break;
    }
    *is_done = true;
    return IGNIS_OK;
}

static ignis_code read_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    (void)ctx;
    read_work *read = (read_work *)work;
    bool is_number = read->count_is_running || read->tree->method == FILTER_COUNT ||
                     read->tree->method == FILTER_EXISTS;
    for (size_t i = 0; i < batch->rows_count; i++) {
        const ignis_cell *cells = batch->cells + i * batch->columns_count;
        if (is_number) {
            read->number = cells[0].as.integer;
        } else {
            IGNIS_TRY(row_level_add(&read->result, read->node_running, cells));
        }
    }
    return IGNIS_OK;
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
    if (method == FILTER_COUNT || method == FILTER_EXISTS) return IGNIS_OK;
    if (read->tree->with_range) text_string(out, "{\"data\":");
    IGNIS_TRY(row_result_write(&read->result, is_single, out));
    if (read->tree->with_range) range_write(read, out);
    return out->code == IGNIS_OK ? IGNIS_OK : context_fail_memory(ctx, out->memory);
}

static ignis_code read_run(ignis_context *ctx, const run_source *source, filter_tree *tree,
                           const run_plan *plan, text *out, int64_t *number)
{
    read_work read = {.work = {.next = read_next, .take = read_take},
                      .tree = tree,
                      .plan = plan,
                      .memory = &ctx->scratch};
    size_t statements = plan->read->nodes_count + (plan->count ? 1 : 0);
    read.in_transaction = statements > 1;
    IGNIS_TRY(row_result_start(ctx, read.memory, plan->read, tree->rows_max, &read.result));
    IGNIS_TRY(run_call_finish(ctx, source->connections, &read.work));
    *number = read.number;
    return read_write(ctx, &read, out);
}

ignis_code run_read(ignis_context *ctx, const run_source *source, const filter_request *request,
                    text *out, int64_t *number)
{
    filter_tree tree;
    run_plan *plan;
    IGNIS_TRY(filter_read(ctx, &ctx->scratch, request, &tree));
    IGNIS_TRY(run_cache_get(ctx, source->cache, tree.shape.data, tree.shape.size, read_plan_make,
                            &tree, &plan));
    ignis_code code = read_run(ctx, source, &tree, plan, out, number);
    run_cache_release(source->cache, plan);
    return code;
}
