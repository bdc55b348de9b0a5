/* upsertAll: the rows of a list, each by a statement of its own, so that every one is told apart: what
   became of it, which is wrong, which lies outside the default filter. */
#include "run/run.h"

enum {
    STEP_ROWS_MAX = 1024,
    STEP_SIZE_MAX = 8 * 1024 * 1024 /* bytes of the rows' JSON text, but for the last row's */
};

typedef struct upsert_all {
    run_work work;
    const run_source *source;
    const run_upsert_request *request;
    run_answer *answer;
    size_t rows_count;
    size_t row;      /* the next one */
    arena keys;      /* of the rows so far */
    map rows_by_key; /* to their numbers, from 1 on */
    bool are_known;  /* all rows have been looked at: they are right */
    bool is_inside;  /* a transaction of the caller's: no BEGIN, no COMMIT */
    bool has_begun;
    bool is_done;
    /* of the running step */
    ignis_mark mark; /* of scratch, before it */
    run_plan **plans;
    ignis_execution *executions;
    size_t executions_count;
    size_t before_count; /* executions that are no row: BEGIN */
    size_t plans_count;
    size_t first; /* row */
    size_t ended_count;
    size_t taken_count; /* rows that came back of the running execution */
} upsert_all;

/* ---- rows ---- */

static ignis_code row_data(ignis_context *ctx, const upsert_all *self, size_t row,
                           const json **data)
{
    const run_rows *rows = &self->request->rows;
    if (rows->structs) return row_native_read(ctx, &ctx->scratch, rows->structs, row, data);
    *data = run_rows_json(rows, row);
    return IGNIS_OK;
}

/* Texts of a numeric that are equal as numbers are written as one. */
static void number_key_write(text *out, const ignis_cell *cell)
{
    size_t size = cell->size;
    if (memchr(cell->as.text, '.', size)) {
        while (cell->as.text[size - 1] == '0')
            size--;
        if (cell->as.text[size - 1] == '.') size--;
    }
    text_append(out, cell->as.text, size);
}

/* The key of a row, equal for equal keys; false: part of it is NULL, which equals nothing. */
static bool key_write(text *out, const model_keys *keys, const bool *given, const ignis_cell *cells)
{
    for (size_t i = 0; i < keys->count; i++) {
        const model_column *column = keys->items[i];
        const ignis_cell *cell = cells;
        for (size_t at = 0; at < column->index; at++)
            cell += given[at];
        bool has_text = cell->kind == IGNIS_CELL_TEXT || cell->kind == IGNIS_CELL_BYTES;
        if (cell->kind == IGNIS_CELL_NULL) return false;
        if (has_text && column->type.type == IGNIS_TYPE_NUMERIC) {
            number_key_write(out, cell);
        } else if (has_text) {
            text_append(out, cell->as.text, cell->size);
        } else if (cell->kind == IGNIS_CELL_LIST) {
            storage_write_array(out, column->type.type, cell->as.items, cell->size);
        } else {
            text_integer(out, cell->as.integer);
        }
        text_append(out, (const char *)&out->size, sizeof(out->size)); /* where it ends */
    }
    return true;
}

/* Two rows with one key would be two changes of one row: the caller meant something else. */
static ignis_code key_note(ignis_context *ctx, upsert_all *self, size_t row,
                           const run_upsert *prepared)
{
    const model_keys *keys = self->request->write.conflict;
    text key;
    text_init(&key, &self->keys, 0);
    if (!key_write(&key, keys, prepared->given, prepared->values)) return IGNIS_OK;
    if (key.code != IGNIS_OK) return context_fail_memory(ctx, &self->keys);
    const size_t *before = map_get(&self->rows_by_key, key.data, key.size);
    if (before) {
        context_fail(ctx, IGNIS_E_INVALID, "the row has the same key as row %zu of the list",
                     *before);
        context_path(ctx, "%s", keys->items[0]->name);
        return run_rows_path(ctx, &self->request->rows, row);
    }
    size_t *number = arena_array(&self->keys, 1, sizeof(*number));
    if (!number) return context_fail_memory(ctx, &self->keys);
    *number = row;
    bool is_kept = map_put(&self->rows_by_key, &self->keys, key.data, key.size, number);
    return is_kept ? IGNIS_OK : context_fail_memory(ctx, &self->keys);
}

/* The plan is the caller's to release. *size grows by about what the row takes. */
static ignis_code row_prepare(ignis_context *ctx, upsert_all *self, size_t row,
                              run_upsert *prepared, size_t *size)
{
    run_write_request request = self->request->write;
    ignis_code code = row_data(ctx, self, row, &request.data);
    if (code == IGNIS_OK) code = run_upsert_prepare(ctx, self->source, &request, prepared);
    if (code != IGNIS_OK) return run_rows_path(ctx, &self->request->rows, row);
    *size += request.data->raw_size;
    if (self->are_known) return IGNIS_OK;
    code = key_note(ctx, self, row, prepared);
    if (code != IGNIS_OK) run_cache_release(self->source->cache, prepared->plan);
    return code;
}

/* Within a transaction of the caller's nothing may be written before the last row is known to be
   right: a refusal leaves the transaction as it was. */
static ignis_code rows_check(ignis_context *ctx, upsert_all *self)
{
    size_t size = 0;
    for (size_t row = 0; row < self->rows_count; row++) {
        ignis_mark mark = arena_mark(&ctx->scratch);
        run_upsert prepared;
        IGNIS_TRY(row_prepare(ctx, self, row, &prepared, &size));
        run_cache_release(self->source->cache, prepared.plan);
        arena_release(&ctx->scratch, mark);
    }
    self->are_known = true;
    return IGNIS_OK;
}

/* ---- steps ---- */

static void step_end(ignis_context *ctx, upsert_all *self)
{
    for (size_t i = 0; i < self->plans_count; i++)
        run_cache_release(self->source->cache, self->plans[i]);
    self->plans_count = 0;
    self->executions_count = 0;
    self->before_count = 0;
    self->ended_count = 0;
    self->taken_count = 0;
    arena_release(&ctx->scratch, self->mark);
}

static ignis_code rows_bind(ignis_context *ctx, upsert_all *self)
{
    size_t size = 0;
    self->first = self->row;
    while (self->row < self->rows_count && self->plans_count < STEP_ROWS_MAX &&
           size < STEP_SIZE_MAX) {
        run_upsert prepared;
        IGNIS_TRY(row_prepare(ctx, self, self->row, &prepared, &size));
        self->plans[self->plans_count++] = prepared.plan;
        self->row++;
        IGNIS_TRY(run_bind(ctx, &ctx->scratch, prepared.plan->statements, prepared.values, NULL,
                           &self->executions[self->executions_count++]));
    }
    return IGNIS_OK;
}

static ignis_code upsert_next(ignis_context *ctx, run_work *work, run_step *step)
{
    upsert_all *self = (upsert_all *)work;
    if (self->plans_count > 0) IGNIS_TRY(run_progress_tell(ctx, self->row, self->rows_count));
    step_end(ctx, self);
    if (self->is_done) return IGNIS_OK;
    if (!self->has_begun && !self->is_inside) {
        self->executions[self->executions_count++] =
            (ignis_execution){.statement = sql_begin_write(run_cache_dialect(self->source->cache))};
        self->before_count = 1;
    }
    self->has_begun = true;
    IGNIS_TRY(rows_bind(ctx, self));
    /* COMMIT waits for what became of the rows. */
    self->is_done = self->row == self->rows_count && (self->is_inside || self->plans_count == 0);
    if (self->is_done && !self->is_inside) {
        self->executions[self->executions_count++] = (ignis_execution){.statement = &sql_commit};
    }
    *step = (run_step){self->executions, self->executions_count};
    return IGNIS_OK;
}

/* ---- answers ---- */

/* The row with the key is outside the default filter, or a trigger left it out. */
static ignis_code missing_fail(ignis_context *ctx, const upsert_all *self, size_t row)
{
    const run_write_request *request = &self->request->write;
    (void)(run_upsert_is_bound(request) ? run_upsert_outside(ctx, request)
                                        : run_rows_dropped(ctx, 0, 1));
    return run_rows_path(ctx, &self->request->rows, row);
}

static ignis_code upsert_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    upsert_all *self = (upsert_all *)work;
    const run_write_request *request = &self->request->write;
    size_t index = batch->execution - self->before_count;
    bool is_row = batch->execution >= self->before_count && index < self->plans_count;
    if (batch->state == IGNIS_BATCH_END) {
        bool is_there = self->taken_count > 0 || batch->affected > 0;
        self->ended_count++;
        self->taken_count = 0;
        return !is_row || is_there ? IGNIS_OK : missing_fail(ctx, self, self->first + index);
    }
    const run_plan *plan = self->plans[index];
    for (size_t i = 0; i < batch->rows_count; i++) {
        const ignis_cell *cells = batch->cells + i * batch->columns_count;
        self->taken_count++;
        if (plan->is_checked &&
            run_check_read(ctx, request->entity, &cells[plan->columns_count]) != IGNIS_OK) {
            return run_rows_path(ctx, &self->request->rows, self->first + index);
        }
        if (request->should_return) {
            IGNIS_TRY(run_row_take(ctx, request->entity, plan, cells, self->answer));
        }
    }
    return IGNIS_OK;
}

static void upsert_explain(ignis_context *ctx, run_work *work)
{
    upsert_all *self = (upsert_all *)work;
    size_t index = self->ended_count - self->before_count;
    bool is_row = self->ended_count >= self->before_count && index < self->plans_count;
    run_insert_explain(ctx, self->source->registry, self->request->write.entity);
    if (is_row) run_rows_path(ctx, &self->request->rows, self->first + index);
}

/* ---- the call ---- */

static ignis_code upsert_run(ignis_context *ctx, upsert_all *self)
{
    size_t rows = self->rows_count < STEP_ROWS_MAX ? self->rows_count : STEP_ROWS_MAX;
    self->plans = arena_array(&ctx->scratch, rows, sizeof(*self->plans));
    self->executions = arena_array(&ctx->scratch, rows + 2, sizeof(*self->executions));
    if (!self->plans || !self->executions) return context_fail_memory(ctx, &ctx->scratch);
    self->mark = arena_mark(&ctx->scratch);
    if (self->is_inside) IGNIS_TRY(rows_check(ctx, self));
    ignis_code code = run_call_finish(ctx, self->source->connections, &self->work);
    step_end(ctx, self);
    return code;
}

ignis_code run_upsert_all(ignis_context *ctx, const run_source *source,
                          const run_upsert_request *request, run_answer *answer)
{
    upsert_all self = {
        .work = {.next = upsert_next,
                 .take = upsert_take,
                 .explain = upsert_explain,
                 .takes_ends = true},
        .source = source,
        .request = request,
        .answer = answer,
        .rows_count = run_rows_count(&request->rows),
        .is_inside = ctx->transaction != NULL,
    };
    IGNIS_TRY(run_entity_check(ctx, request->write.entity));
    answer->number = (int64_t)self.rows_count;
    if (self.rows_count == 0) return IGNIS_OK;
    ignis_code code = upsert_run(ctx, &self);
    arena_free(&self.keys);
    return code;
}
