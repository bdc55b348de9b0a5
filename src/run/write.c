#include "run/run.h"

#include <inttypes.h>

/* BEGIN, the write, COMMIT, together unless what comes back can still refuse it. */
typedef struct write_work {
    run_work work;
    const run_write_request *request;
    const run_plan *plan;
    ignis_execution *executions; /* BEGIN, checks of regular expressions, the write, COMMIT */
    size_t checks_count;
    size_t checked;       /* regular expressions that the engine took */
    size_t first;         /* of the running step */
    filter_request asked; /* for the rows */
    bool is_inside;       /* a transaction of the caller's */
    bool can_refuse;      /* COMMIT waits for the rows */
    bool is_done;         /* the write was handed over */
    bool is_committed;    /* the COMMIT was */
    int64_t rows_max;     /* of the result; 0: no bound */
    int64_t affected;
    int64_t rows_count;
    text rows;
    run_answer returned; /* the rows, in the form that is asked for */
    const run_source *source;
    const ignis_cell *values; /* the filter's and behind them those of the changes */
    bool has_failed;          /* in the engine */
} write_work;

/* What a plan is made from. */
typedef struct write_shape {
    const filter_tree *tree;
    const row_changes *changes; /* NULL: the rows are deleted */
    const filter_condition *check;
    bool is_returning;
} write_shape;

/* ---- plans ---------------------------------------------------------------------------------------- */

static ignis_code write_plan_make(ignis_context *ctx, run_cache *cache, void *data, run_plan *plan)
{
    const write_shape *shape = data;
    const model_entity *entity = shape->tree->root->entity;
    sql_statement *statement = arena_array(plan->memory, 1, sizeof(*statement));
    const bool *visible;
    if (!statement) return context_fail_memory(ctx, plan->memory);
    IGNIS_TRY(run_returning_make(ctx, entity, shape->is_returning, plan, &visible));
    const plan_write write = {.entity = entity,
                              .filter = shape->tree->root,
                              .changes = shape->changes ? shape->changes->items : NULL,
                              .changes_count = shape->changes ? shape->changes->count : 0,
                              .expected = shape->changes ? shape->changes->expected : NULL,
                              .expected_slot = shape->changes ? shape->changes->expected_slot : 0,
                              .returning = visible,
                              .check = shape->check};
    IGNIS_TRY(sql_write(ctx, plan->memory, run_cache_dialect(cache), &write, statement));
    statement->statement.id = run_cache_id(cache);
    plan->statements = statement;
    plan->is_checked = shape->check != NULL;
    return IGNIS_OK;
}

/* The filter's shape, then that of the changes. */
static void changes_shape_write(text *out, const write_shape *shape)
{
    text_char(out, (char)(shape->is_returning | (shape->check != NULL) << 1));
    const model_column *expected = shape->changes ? shape->changes->expected : NULL;
    text_char(out, expected != NULL);
    if (expected) {
        text_append(out, (const char *)&expected->index, sizeof(expected->index));
        text_append(out, (const char *)&shape->changes->expected_slot,
                    sizeof(shape->changes->expected_slot));
    }
    for (size_t i = 0; shape->changes && i < shape->changes->count; i++) {
        const plan_change *change = &shape->changes->items[i];
        text_char(out, (char)change->kind);
        text_append(out, (const char *)&change->column->index, sizeof(change->column->index));
        text_append(out, (const char *)&change->slot, sizeof(change->slot));
        if (!change->path_kinds) continue;
        text_append(out, (const char *)&change->path_slot, sizeof(change->path_slot));
        text_string(out, change->path_kinds);
        text_char(out, 0);
    }
}

/* Rows must stay within the default filter, unless the caller left it out. */
static const filter_condition *write_check(const run_write_request *request)
{
    const filter_default *defaults = filter_default_of(request->entity);
    bool is_checked = request->entity->check_writes && request->data && defaults &&
                      !request->should_skip_default_filter;
    return is_checked ? defaults->where : NULL;
}

static ignis_code write_plan_get(ignis_context *ctx, const run_source *source,
                                 const run_write_request *request, filter_tree *tree,
                                 const row_changes *changes, run_plan **plan)
{
    write_shape shape = {.tree = tree,
                         .changes = changes,
                         .check = write_check(request),
                         .is_returning = request->should_return};
    changes_shape_write(&tree->shape, &shape);
    if (tree->shape.code != IGNIS_OK) return context_fail_memory(ctx, &ctx->scratch);
    return run_cache_get(ctx, source->cache, tree->shape.data, tree->shape.size, write_plan_make,
                         &shape, plan);
}

/* ---- steps ---------------------------------------------------------------------------------------- */

static ignis_code write_next(ignis_context *ctx, run_work *work, run_step *step)
{
    (void)ctx;
    write_work *write = (write_work *)work;
    if (write->is_committed) return IGNIS_OK;
    size_t commit = write->checks_count + 2;
    write->first = write->is_done ? commit : write->is_inside ? 1 : 0;
    bool waits = write->is_inside || (write->can_refuse && !write->is_done);
    size_t end = waits ? commit : commit + 1;
    write->is_committed = !waits || write->is_inside;
    write->is_done = true;
    *step = (run_step){&write->executions[write->first], end - write->first};
    return IGNIS_OK;
}

static ignis_code write_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    write_work *write = (write_work *)work;
    const run_plan *plan = write->plan;
    size_t index = write->first + batch->execution;
    if (index >= 1 && index <= write->checks_count) write->checked += batch->rows_count;
    if (index != write->checks_count + 1) return IGNIS_OK;
    if (batch->state == IGNIS_BATCH_END) {
        write->affected = batch->affected;
        return IGNIS_OK;
    }
    write->rows_count += (int64_t)batch->rows_count;
    if (write->rows_max && write->rows_count > write->rows_max) {
        return context_fail(ctx, IGNIS_E_LIMIT, "more than %" PRId64 " rows", write->rows_max);
    }
    for (size_t i = 0; i < batch->rows_count; i++) {
        const ignis_cell *cells = batch->cells + i * batch->columns_count;
        if (plan->is_checked) {
            IGNIS_TRY(run_check_read(ctx, write->request->entity, &cells[plan->columns_count]));
        }
        if (!write->request->should_return) continue;
        IGNIS_TRY(run_row_take(ctx, write->request->entity, plan, cells, &write->returned));
    }
    return IGNIS_OK;
}

/* A property of the row that was written is one of data. */
static void data_path(ignis_context *ctx, const run_write_request *request)
{
    if (request->data && *ctx->path) context_path(ctx, "data");
}

/* Members of data that name steps into documents; *only is one of them, or those of $append. */
static size_t steps_count(const json *data, const json_member **only)
{
    size_t count = 0;
    for (size_t i = 0; i < data->count; i++) {
        const json_member *member = &data->as.members[i];
        bool is_append = strcmp(member->name, "$append") == 0;
        bool is_path = member->name[0] != '$' && strpbrk(member->name, ".[") != NULL;
        if (!is_append && !is_path) continue;
        count += is_append ? member->value.count : 1;
        *only = member;
    }
    return count;
}

/* What the database refuses of the data itself: a path that leads nowhere, a sum out of range. */
static void data_explain(ignis_context *ctx, const json *data)
{
    const json_member *only = NULL;
    size_t steps = steps_count(data, &only);
    /* PostgreSQL: "cannot set path in scalar", "path element is not an integer". */
    bool is_path = strcmp(ctx->sqlstate, "22023") == 0 || strcmp(ctx->sqlstate, "22P02") == 0;
    if (is_path && steps > 0) context_fail(ctx, IGNIS_E_INVALID, "%s", DOCUMENT_PATH_REFUSED);
    is_path = strcmp(ctx->message, DOCUMENT_PATH_REFUSED) == 0;
    if (is_path && steps == 1) {
        if (only->name[0] == '$') {
            const json_member *inner = &only->value.as.members[0];
            context_path_name(ctx, inner->name, inner->name_size);
        }
        context_path_name(ctx, only->name, only->name_size);
    }
    context_path(ctx, "data");
}

static void write_explain(ignis_context *ctx, run_work *work)
{
    write_work *write = (write_work *)work;
    write->has_failed = true;
    if (write->checked < write->checks_count) {
        if (context_error_code(ctx) == IGNIS_E_INVALID)
            filter_pattern_refuse(ctx, &write->asked, write->checked);
        return;
    }
    if (context_error_code(ctx) == IGNIS_E_INVALID && write->request->data) {
        data_explain(ctx, write->request->data);
        return;
    }
    if (write->request->conflict) {
        run_insert_explain(ctx, write->source->registry, write->request->entity);
    } else {
        run_constraint_explain(ctx, write->source->registry, write->request->entity);
    }
    data_path(ctx, write->request);
}

/* Looks for the constraint behind an error. */
static void violation_find(ignis_context *ctx, const write_work *write, const filter_tree *tree,
                           const row_changes *changes)
{
    const run_write_request *request = write->request;
    size_t *slots = NULL;
    if (request->data) {
        slots = arena_array(&ctx->scratch, request->entity->columns_count, sizeof(*slots));
        if (!slots) return;
        for (size_t i = 0; i < request->entity->columns_count; i++)
            slots[i] = SQL_VALUE_KEPT;
        for (size_t i = 0; i < changes->count; i++) {
            const plan_change *change = &changes->items[i];
            slots[change->column->index] =
                change->kind == PLAN_SET ? change->slot : SQL_VALUE_UNKNOWN;
        }
    }
    const sql_violation_parts parts = {.registry = write->source->registry,
                                       .entity = request->entity,
                                       .filter = tree->root,
                                       .slots = slots};
    if (run_violation_find(ctx, write->source, &parts, write->values)) data_path(ctx, request);
}

/* ---- the call ------------------------------------------------------------------------------------- */

static ignis_code write_read(ignis_context *ctx, write_work *write, filter_tree *tree,
                             row_changes *changes)
{
    const run_write_request *request = write->request;
    write->asked =
        (filter_request){.method = request->is_by_id ? FILTER_WRITE_BY_ID : FILTER_WRITE,
                         .entity = request->entity,
                         .policy = request->policy,
                         .where = request->where,
                         .id = request->id,
                         .should_skip_default_filter = request->should_skip_default_filter};
    IGNIS_TRY(filter_read(ctx, &ctx->scratch, &write->asked, tree));
    if (!request->is_by_id && !request->force && !filter_restricts(tree->root->where)) {
        context_fail(ctx, IGNIS_E_INVALID,
                     "the condition leaves out no row of %s; the option force allows it",
                     request->entity->name);
        return context_path(ctx, "where");
    }
    if (!request->data) return IGNIS_OK;
    const row_changes_options options = {.slot_first = tree->values_count,
                                         .is_public = !request->policy->trusted};
    if (row_changes_read(ctx, &ctx->scratch, request->entity, request->data, &options, changes) ==
        IGNIS_OK) {
        return IGNIS_OK;
    }
    return context_path(ctx, "data");
}

static ignis_code executions_make(ignis_context *ctx, write_work *write)
{
    write->executions =
        arena_array(&ctx->scratch, write->checks_count + 3, sizeof(*write->executions));
    return write->executions ? IGNIS_OK : context_fail_memory(ctx, &ctx->scratch);
}

static ignis_code write_bind(ignis_context *ctx, const filter_tree *tree,
                             const row_changes *changes, write_work *write)
{
    size_t count = tree->values_count + changes->values_count;
    ignis_cell *values = arena_array(&ctx->scratch, count, sizeof(*values));
    write->checks_count = tree->patterns_count;
    IGNIS_TRY(executions_make(ctx, write));
    if (!values) return context_fail_memory(ctx, &ctx->scratch);
    for (size_t i = 0; i < tree->values_count; i++)
        values[i] = tree->values[i];
    for (size_t i = 0; i < changes->values_count; i++)
        values[tree->values_count + i] = changes->values[i];
    write->values = values;
    for (size_t i = 0; i < write->checks_count; i++) {
        write->executions[i + 1] = (ignis_execution){
            .statement = sql_pattern_check(run_cache_dialect(write->source->cache)),
            .parameters = &values[tree->patterns[i]]};
    }
    return run_bind(ctx, &ctx->scratch, write->plan->statements, values, NULL,
                    &write->executions[write->checks_count + 1]);
}

static ignis_code write_run(ignis_context *ctx, const run_source *source, write_work *write)
{
    const run_write_request *request = write->request;
    ignis_dialect dialect = run_cache_dialect(source->cache);
    write->can_refuse = write->plan->is_checked || write->rows_max ||
                        (request->should_return && ctx->results.total_max);
    write->is_inside = ctx->transaction != NULL;
    write->executions[0] = (ignis_execution){.statement = sql_begin_write(dialect)};
    write->executions[write->checks_count + 2] = (ignis_execution){.statement = &sql_commit};
    return run_call_finish(ctx, source->connections, &write->work);
}

/* No row had the expected version. Where there is one with this id, another writer was first. */
static ignis_code conflict_check(ignis_context *ctx, const write_work *write,
                                 const row_changes *changes)
{
    const run_write_request *request = write->request;
    const filter_request asked = {.method = FILTER_FIND_BY_ID,
                                  .entity = request->entity,
                                  .policy = request->policy,
                                  .id = request->id,
                                  .should_skip_default_filter =
                                      request->should_skip_default_filter};
    text found;
    run_answer answer = {.out = &found};
    const run_source primary = run_source_primary(write->source);
    text_init(&found, &ctx->scratch, 0);
    IGNIS_TRY(run_read(ctx, &primary, &asked, &answer));
    if (found.size == 4 && memcmp(found.data, "null", 4) == 0) return IGNIS_OK;
    context_fail(ctx, IGNIS_E_CONFLICT, "another writer has changed this %s",
                 request->entity->name);
    context_path(ctx, "%s", changes->expected->name);
    return context_path(ctx, "data");
}

static int64_t write_count(const write_work *write)
{
    return write->plan->columns_count > 0 ? write->rows_count : write->affected;
}

static void json_write(const write_work *write, text *out)
{
    const run_write_request *request = write->request;
    text_format(out, "{\"count\":%" PRId64 ",\"data\":", write_count(write));
    bool is_list = request->should_return && !request->is_by_id;
    if (is_list) text_char(out, '[');
    if (request->should_return) text_append(out, write->rows.data, write->rows.size);
    if (is_list) text_char(out, ']');
    if (!is_list && (!request->should_return || write->rows_count == 0)) text_string(out, "null");
    text_char(out, '}');
}

static ignis_code result_write(ignis_context *ctx, write_work *write, run_answer *answer)
{
    answer->number = write_count(write);
    if (answer->out) {
        json_write(write, answer->out);
        return IGNIS_OK;
    }
    write->returned.structs.entity = write->request->entity;
    answer->rows_count = write->returned.structs.count;
    return row_structs_finish(ctx, &ctx->results, &write->returned.structs, &answer->rows);
}

/* The row with the key is outside the default filter. Without one it is a trigger's doing that there is
   none. */
static ignis_code upsert_check(ignis_context *ctx, const write_work *write)
{
    const run_write_request *request = write->request;
    if (write_count(write) > 0 || !run_upsert_is_bound(request)) return IGNIS_OK;
    (void)run_upsert_outside(ctx, request);
    return context_path(ctx, "data");
}

static ignis_code upsert_run(ignis_context *ctx, const run_source *source, write_work *write,
                             run_answer *answer)
{
    run_upsert prepared;
    if (run_upsert_prepare(ctx, source, write->request, &prepared) != IGNIS_OK) {
        return context_path(ctx, "data");
    }
    run_plan *plan = prepared.plan;
    write->values = prepared.values;
    write->plan = plan;
    ignis_code code = executions_make(ctx, write);
    if (code == IGNIS_OK) {
        code = run_bind(ctx, &ctx->scratch, plan->statements, write->values, NULL,
                        &write->executions[1]);
    }
    if (code == IGNIS_OK) code = write_run(ctx, source, write);
    if (code == IGNIS_OK) code = upsert_check(ctx, write);
    if (code == IGNIS_OK) code = result_write(ctx, write, answer);
    run_cache_release(source->cache, plan);
    return code;
}

static ignis_code change_run(ignis_context *ctx, const run_source *source, write_work *write,
                             run_answer *answer)
{
    const run_write_request *request = write->request;
    filter_tree tree;
    row_changes changes = {0};
    run_plan *plan;
    IGNIS_TRY(write_read(ctx, write, &tree, &changes));
    IGNIS_TRY(write_plan_get(ctx, source, request, &tree, request->data ? &changes : NULL, &plan));
    write->plan = plan;
    write->rows_max = request->should_return && !request->is_by_id ? request->policy->rows_max : 0;
    ignis_code code = write_bind(ctx, &tree, &changes, write);
    if (code == IGNIS_OK) code = write_run(ctx, source, write);
    bool may_conflict = request->is_by_id && changes.expected && write_count(write) == 0;
    if (code == IGNIS_OK && may_conflict) code = conflict_check(ctx, write, &changes);
    if (code == IGNIS_OK) code = result_write(ctx, write, answer);
    if (write->has_failed) {
        violation_find(ctx, write, &tree, &changes);
        code = context_error_code(ctx);
    }
    run_cache_release(source->cache, plan);
    return code;
}

ignis_code run_write(ignis_context *ctx, const run_source *source, const run_write_request *request,
                     run_answer *answer)
{
    write_work write = {.work = {.next = write_next,
                                 .take = write_take,
                                 .explain = write_explain,
                                 .takes_ends = true},
                        .request = request,
                        .source = source};
    text_init(&write.rows, &ctx->scratch, 0);
    if (answer->out) write.returned.out = &write.rows;
    IGNIS_TRY(run_entity_check(ctx, request->entity));
    return request->conflict ? upsert_run(ctx, source, &write, answer)
                             : change_run(ctx, source, &write, answer);
}
