#include "run/run.h"

typedef enum insert_step { INSERT_BEGIN, INSERT_ROWS, INSERT_DONE } insert_step;

typedef struct insert_work {
    run_work work;
    const run_source *source;
    const run_insert_request *requests;
    size_t requests_count;
    size_t request; /* the running one */
    size_t row;     /* the next one of it */
    size_t column;  /* the next one that may be an identity to continue */
    insert_step step;
    run_plan *plan;  /* of the running row */
    ignis_mark mark; /* of scratch, before the running row */
    bool *given;
    ignis_cell *values;
    size_t columns_max;
    bool is_inside; /* a transaction of the caller's: no BEGIN, no COMMIT */
    size_t rows_count;
    ignis_execution execution; /* the running one */
    text *out;                 /* NULL: no rows are asked for */
} insert_work;

/* What a plan is made from. */
typedef struct insert_shape {
    const model_entity *entity;
    const bool *given;
    const filter_condition *check; /* of a default filter, or NULL */
    bool is_returning;
    bool is_load;
} insert_shape;

static ignis_code insert_plan_make(ignis_context *ctx, run_cache *cache, void *data, run_plan *plan)
{
    const insert_shape *shape = data;
    const model_entity *entity = shape->entity;
    bool *visible = arena_array(plan->memory, entity->columns_count, sizeof(*visible));
    const model_column **columns =
        arena_array(plan->memory, entity->columns_count, sizeof(*columns));
    sql_statement *statement = arena_array(plan->memory, 1, sizeof(*statement));
    if (!visible || !columns || !statement) return context_fail_memory(ctx, plan->memory);
    for (size_t i = 0; i < entity->columns_count; i++) {
        visible[i] = !entity->columns[i].hidden;
        if (visible[i]) columns[plan->columns_count++] = &entity->columns[i];
    }
    const sql_insert_parts parts = {.entity = entity,
                                    .given = shape->given,
                                    .returning = shape->is_returning ? visible : NULL,
                                    .check = shape->check,
                                    .is_load = shape->is_load};
    IGNIS_TRY(sql_insert(ctx, plan->memory, run_cache_dialect(cache), &parts, statement));
    statement->statement.id = run_cache_id(cache);
    plan->statements = statement;
    plan->columns = columns;
    if (!shape->is_returning) plan->columns_count = 0;
    plan->is_checked = shape->check != NULL;
    return IGNIS_OK;
}

/* The condition that rows of this model must meet when they are created. */
static const filter_condition *insert_check(const run_insert_request *request)
{
    const filter_default *defaults = filter_default_of(request->entity);
    bool is_checked = request->entity->check_writes && !request->is_load && defaults;
    return is_checked ? defaults->where : NULL;
}

/* A shape of its own kind: 0 begins no filter's. */
static ignis_code insert_plan_get(ignis_context *ctx, insert_work *insert, insert_shape *shape)
{
    text key;
    text_init(&key, &ctx->scratch, 0);
    text_char(&key, 0);
    text_char(&key, (char)(shape->is_returning | shape->is_load << 1));
    text_append(&key, (const char *)&shape->entity->index, sizeof(shape->entity->index));
    for (size_t i = 0; i < shape->entity->columns_count; i++)
        text_char(&key, shape->given[i]);
    if (key.code != IGNIS_OK) return context_fail_memory(ctx, &ctx->scratch);
    return run_cache_get(ctx, insert->source->cache, key.data, key.size, insert_plan_make, shape,
                         &insert->plan);
}

static size_t request_rows(const run_insert_request *request)
{
    return request->rows->kind == JSON_ARRAY ? request->rows->count : 1;
}

static const json *request_row(const run_insert_request *request, size_t row)
{
    return request->rows->kind == JSON_ARRAY ? &request->rows->as.items[row] : request->rows;
}

/* Puts the row's place before the path: "data[3].price", "Post[3].price" of a load. */
static ignis_code row_path(ignis_context *ctx, const run_insert_request *request, size_t row)
{
    const char *list = request->is_load ? request->entity->name : "data";
    if (request->rows->kind != JSON_ARRAY) return context_path(ctx, "%s", list);
    return context_path(ctx, "%s[%zu]", list, row);
}

static void row_end(ignis_context *ctx, insert_work *insert)
{
    run_cache_release(insert->source->cache, insert->plan);
    insert->plan = NULL;
    arena_release(&ctx->scratch, insert->mark);
}

static ignis_code row_read(ignis_context *ctx, insert_work *insert,
                           const run_insert_request *request, size_t row)
{
    row_purpose purpose = request->is_public ? ROW_CREATE_PUBLIC : ROW_CREATE;
    if (request->is_load) purpose = ROW_LOAD;
    if (row_bind(ctx, &ctx->scratch, request->entity, request_row(request, row), purpose,
                 insert->given, insert->values) == IGNIS_OK) {
        return IGNIS_OK;
    }
    return row_path(ctx, request, row);
}

static ignis_code row_start(ignis_context *ctx, insert_work *insert,
                            const run_insert_request *request)
{
    size_t row = insert->row++;
    insert->mark = arena_mark(&ctx->scratch);
    IGNIS_TRY(row_read(ctx, insert, request, row));
    insert_shape shape = {.entity = request->entity,
                          .given = insert->given,
                          .check = insert_check(request),
                          .is_returning = insert->out && request->should_return,
                          .is_load = request->is_load};
    IGNIS_TRY(insert_plan_get(ctx, insert, &shape));
    insert->rows_count++;
    return run_bind(ctx, &ctx->scratch, insert->plan->statements, insert->values, NULL,
                    &insert->execution);
}

/* After the rows of a load on PostgreSQL the identity columns are set, one statement for each.
   *is_made: there was one. */
static ignis_code identity_next(ignis_context *ctx, insert_work *insert,
                                const run_insert_request *request, bool *is_made)
{
    const model_entity *entity = request->entity;
    bool is_postgres = run_cache_dialect(insert->source->cache) == IGNIS_DIALECT_POSTGRES;
    *is_made = false;
    while (is_postgres && request->is_load && insert->column < entity->columns_count) {
        const model_column *column = &entity->columns[insert->column++];
        if (column->identity == IGNIS_IDENTITY_NONE) continue;
        sql_statement *made = arena_array(&ctx->scratch, 1, sizeof(*made));
        if (!made) return context_fail_memory(ctx, &ctx->scratch);
        *is_made = true;
        IGNIS_TRY(sql_identity_continue(ctx, &ctx->scratch, column, entity, made));
        insert->execution = (ignis_execution){.statement = &made->statement};
        return IGNIS_OK;
    }
    return IGNIS_OK;
}

/* Prepares the next row; none is left: COMMIT. */
static ignis_code row_next(ignis_context *ctx, insert_work *insert, bool *is_done)
{
    if (insert->plan) row_end(ctx, insert);
    while (insert->request < insert->requests_count) {
        const run_insert_request *request = &insert->requests[insert->request];
        bool is_made;
        if (insert->row < request_rows(request)) return row_start(ctx, insert, request);
        IGNIS_TRY(identity_next(ctx, insert, request, &is_made));
        if (is_made) return IGNIS_OK;
        insert->request++;
        insert->row = 0;
        insert->column = 0;
    }
    insert->step = INSERT_DONE;
    *is_done = insert->is_inside;
    insert->execution = (ignis_execution){.statement = &sql_commit};
    return IGNIS_OK;
}

static ignis_code insert_next(ignis_context *ctx, run_work *work, run_step *step)
{
    insert_work *insert = (insert_work *)work;
    if (insert->step == INSERT_DONE) return IGNIS_OK;
    *step = (run_step){&insert->execution, 1};
    if (insert->step == INSERT_ROWS || insert->is_inside) {
        bool is_done = false;
        insert->step = INSERT_ROWS;
        ignis_code code = row_next(ctx, insert, &is_done);
        if (is_done) step->count = 0;
        return code;
    }
    insert->step = INSERT_ROWS;
    ignis_dialect dialect = run_cache_dialect(insert->source->cache);
    insert->execution = (ignis_execution){.statement = sql_begin_write(dialect)};
    return IGNIS_OK;
}

/* The last column tells whether the row is within the default filter. */
static ignis_code row_check(ignis_context *ctx, const insert_work *insert, const ignis_cell *cells)
{
    const run_insert_request *request = &insert->requests[insert->request];
    const ignis_cell *answer = &cells[insert->plan->columns_count];
    if (!insert->plan->is_checked) return IGNIS_OK;
    if (answer->kind == IGNIS_CELL_INTEGER && answer->as.integer) return IGNIS_OK;
    context_fail(ctx, IGNIS_E_CHECK, "the row lies outside the default filter of %s",
                 request->entity->name);
    return row_path(ctx, request, insert->row - 1);
}

static ignis_code insert_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    insert_work *insert = (insert_work *)work;
    const run_plan *plan = insert->plan;
    if (!plan) return IGNIS_OK; /* an identity was set */
    text *out = insert->requests[insert->request].should_return ? insert->out : NULL;
    for (size_t i = 0; i < batch->rows_count; i++) {
        const ignis_cell *cells = batch->cells + i * batch->columns_count;
        IGNIS_TRY(row_check(ctx, insert, cells));
        if (!out) continue;
        if (out->size > 0 && out->data[out->size - 1] == '}') text_char(out, ',');
        text_char(out, '{');
        row_cells_write(out, plan->columns, plan->columns_count, cells);
        text_char(out, '}');
    }
    if (out && out->code != IGNIS_OK) return context_fail_memory(ctx, out->memory);
    return IGNIS_OK;
}

/* A failed COMMIT is no row's: where several models were loaded, nobody knows whose. */
static void insert_explain(ignis_context *ctx, run_work *work)
{
    insert_work *insert = (insert_work *)work;
    if (insert->plan) {
        run_constraint_explain(ctx, insert->requests[insert->request].entity);
        row_path(ctx, &insert->requests[insert->request], insert->row - 1);
    } else if (insert->requests_count == 1) {
        run_constraint_explain(ctx, insert->requests[0].entity);
    }
}

static ignis_code requests_check(ignis_context *ctx, insert_work *insert)
{
    for (size_t i = 0; i < insert->requests_count; i++) {
        const model_entity *entity = insert->requests[i].entity;
        if (entity->type == IGNIS_VIEW) {
            return context_fail(ctx, IGNIS_E_UNSUPPORTED, "%s is a view and takes no rows",
                                entity->name);
        }
        if (entity->columns_count > insert->columns_max) {
            insert->columns_max = entity->columns_count;
        }
    }
    insert->given = arena_array(&ctx->scratch, insert->columns_max, sizeof(bool));
    insert->values = arena_array(&ctx->scratch, insert->columns_max, sizeof(ignis_cell));
    if (!insert->given || !insert->values) return context_fail_memory(ctx, &ctx->scratch);
    return IGNIS_OK;
}

/* Within a transaction of the caller's nothing may be written before the last row is known to be
   right: a refusal leaves the transaction as it was. */
static ignis_code rows_check(ignis_context *ctx, insert_work *insert)
{
    for (size_t i = 0; i < insert->requests_count; i++) {
        const run_insert_request *request = &insert->requests[i];
        for (size_t row = 0; row < request_rows(request); row++) {
            ignis_mark mark = arena_mark(&ctx->scratch);
            IGNIS_TRY(row_read(ctx, insert, request, row));
            arena_release(&ctx->scratch, mark);
        }
    }
    return IGNIS_OK;
}

ignis_code run_insert(ignis_context *ctx, const run_source *source,
                      const run_insert_request *requests, size_t requests_count, text *out,
                      size_t *rows_count)
{
    insert_work insert = {
        .work = {.next = insert_next, .take = insert_take, .explain = insert_explain},
        .source = source,
        .requests = requests,
        .requests_count = requests_count,
        .out = out};
    *rows_count = 0;
    if (requests_count == 0) return IGNIS_OK;
    IGNIS_TRY(requests_check(ctx, &insert));
    if (ctx->transaction) IGNIS_TRY(rows_check(ctx, &insert));
    insert.is_inside = ctx->transaction != NULL;
    ignis_code code = run_call_finish(ctx, source->connections, &insert.work);
    if (insert.plan) row_end(ctx, &insert);
    if (code == IGNIS_OK) *rows_count = insert.rows_count;
    return code;
}
