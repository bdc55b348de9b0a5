#include "run/run.h"

/* Rows go to the engine in steps, each of them bound, sent and forgotten before the next: a step is as
   many executions as there are rows, or on PostgreSQL one for each run of rows that give the same
   columns, whose values are one list for each column. From the second step on rows of which nothing
   comes back go by COPY: the first has locked the table and asked whether COPY does the same. One COPY
   lasts for many steps, so that the engine works while the next rows are bound. */
enum {
    STEP_ROWS_MAX = 4096,
    STEP_SIZE_MAX = 8 * 1024 * 1024, /* bytes of the rows' JSON text, but for the last row's */
    STEP_CELLS_MAX = 32768,          /* but for a single row */
    FIRST_ROWS_MAX = 512,            /* of the step before those by COPY */
    COPY_CALL_MIN = 1024,            /* more rows than that are worth asking for COPY */
    COPY_ROWS_MIN = 256,
    COPY_ROWS_MAX = 2048 /* of a step by COPY */
};

/* The rows of one execution. */
typedef struct insert_group {
    run_plan *plan;
    bool owns_plan;
    const bool *given;
    size_t row; /* the first */
    size_t rows_count;
    size_t taken_count; /* rows that came back */
} insert_group;

typedef struct insert_work {
    run_work work;
    const run_source *source;
    const run_insert_request *requests;
    size_t requests_count;
    size_t request; /* the running one */
    size_t row;     /* the next one of it */
    size_t column;  /* the next one that may be an identity to continue */
    bool is_inside; /* a transaction of the caller's: no BEGIN, no COMMIT */
    bool is_single; /* a row is an execution of its own, so that an error tells which it is */
    bool has_begun;
    bool is_done;
    bool has_failed;   /* in the engine */
    bool can_copy;     /* the running request's table takes COPY */
    bool has_asked;    /* whether it does */
    bool is_copying;   /* the step is one group that goes by COPY */
    bool copy_goes_on; /* that of the step before, of columns_copied; errors of it may come now */
    bool *columns_copied;
    size_t rows_count;
    size_t rows_total;
    run_answer *answer; /* NULL: no rows are asked for */
    /* of the running step */
    ignis_mark mark; /* of scratch, before it */
    insert_group *groups;
    size_t groups_count;
    const ignis_cell **values; /* by row of the step */
    ignis_execution *executions;
    size_t executions_count;
    size_t before_count; /* executions that are no group: BEGIN */
    size_t ended_count;
} insert_work;

/* The condition that rows of this model must meet when they are created. */
static const filter_condition *insert_check(const run_insert_request *request)
{
    const filter_default *defaults = filter_default_of(request->entity);
    bool is_checked = request->entity->check_writes && !request->is_load && defaults;
    return is_checked ? defaults->where : NULL;
}

static ignis_code insert_plan_get(ignis_context *ctx, const insert_work *insert,
                                  const insert_group *group, run_plan **plan)
{
    const run_insert_request *request = &insert->requests[insert->request];
    const run_insert_shape shape = {.entity = request->entity,
                                    .given = group->given,
                                    .check = insert_check(request),
                                    .is_returning = insert->answer && request->should_return,
                                    .is_load = request->is_load,
                                    .is_bulk = group->rows_count > 1,
                                    .is_copy = insert->is_copying};
    return run_insert_plan_get(ctx, insert->source->cache, &shape, plan);
}

/* ---- groups --------------------------------------------------------------------------------------- */

/* Whether rows of these columns go together: PostgreSQL takes no list of arrays. */
static bool is_bulk(const insert_work *insert, const bool *given)
{
    const model_entity *entity = insert->requests[insert->request].entity;
    bool is_postgres = run_cache_dialect(insert->source->cache) == IGNIS_DIALECT_POSTGRES;
    if (!is_postgres || insert->is_single) return false;
    for (size_t i = 0; i < entity->columns_count; i++) {
        if (given[i] && entity->columns[i].type.array) return false;
    }
    return sql_chosen_count(entity, given) > 0;
}

/* The values of a group as lists, one for each column. */
static ignis_code lists_make(ignis_context *ctx, const insert_group *group,
                             const ignis_cell *const *rows, size_t columns_count,
                             const ignis_cell **values)
{
    ignis_cell *lists = arena_array(&ctx->scratch, columns_count, sizeof(*lists));
    if (!lists) return context_fail_memory(ctx, &ctx->scratch);
    for (size_t i = 0; i < columns_count; i++) {
        ignis_cell *items = arena_array(&ctx->scratch, group->rows_count, sizeof(*items));
        if (!items) return context_fail_memory(ctx, &ctx->scratch);
        for (size_t row = 0; row < group->rows_count; row++)
            items[row] = rows[row][i];
        lists[i] =
            (ignis_cell){.kind = IGNIS_CELL_LIST, .size = group->rows_count, .as.items = items};
    }
    *values = lists;
    return IGNIS_OK;
}

/* The values of a group, which lie side by side. */
static ignis_code copy_bind(ignis_context *ctx, const insert_work *insert,
                            const insert_group *group, const ignis_cell *const *rows,
                            ignis_execution *execution)
{
    const run_insert_request *request = &insert->requests[insert->request];
    size_t width = group->plan->statements->statement.parameters_count;
    ignis_cell *parameters = arena_array(&ctx->scratch, width, sizeof(*parameters));
    if (!parameters) return context_fail_memory(ctx, &ctx->scratch);
    parameters[0] = (ignis_cell){
        .kind = IGNIS_CELL_LIST, .size = group->rows_count * width, .as.items = rows[0]};
    *execution = (ignis_execution){.statement = &group->plan->statements->statement,
                                   .parameters = parameters,
                                   .goes_on = insert->row < run_rows_count(&request->rows)};
    return IGNIS_OK;
}

/* The execution of the last group, whose rows are complete; rows are their values. */
static ignis_code group_end(ignis_context *ctx, insert_work *insert, const ignis_cell *const *rows)
{
    if (insert->groups_count == 0) return IGNIS_OK;
    insert_group *group = &insert->groups[insert->groups_count - 1];
    const model_entity *entity = insert->requests[insert->request].entity;
    const insert_group *before = insert->groups_count > 1 ? group - 1 : NULL;
    bool is_shared = before && before->rows_count == 1 && group->rows_count == 1 &&
                     before->given == group->given;
    if (is_shared) {
        group->plan = before->plan;
    } else {
        IGNIS_TRY(insert_plan_get(ctx, insert, group, &group->plan));
        group->owns_plan = true;
    }
    ignis_execution *execution = &insert->executions[insert->executions_count++];
    if (insert->is_copying) return copy_bind(ctx, insert, group, rows, execution);
    const ignis_cell *values = rows[0];
    if (group->rows_count > 1) {
        IGNIS_TRY(lists_make(ctx, group, rows, sql_chosen_count(entity, group->given), &values));
    }
    return run_bind(ctx, &ctx->scratch, group->plan->statements, values, NULL, execution);
}

/* Begins a group at a row of the step, or adds the row to the last one. given is kept where it differs
   from that of the row before. */
static ignis_code group_add(ignis_context *ctx, insert_work *insert, size_t step_row,
                            const bool *given)
{
    const model_entity *entity = insert->requests[insert->request].entity;
    insert_group *last =
        insert->groups_count > 0 ? &insert->groups[insert->groups_count - 1] : NULL;
    bool is_same = last && memcmp(last->given, given, entity->columns_count) == 0;
    if (is_same && is_bulk(insert, given)) {
        last->rows_count++;
        return IGNIS_OK;
    }
    const bool *kept = is_same ? last->given : NULL;
    if (!kept) {
        bool *copy = arena_array(&ctx->scratch, entity->columns_count, sizeof(*copy));
        if (!copy) return context_fail_memory(ctx, &ctx->scratch);
        memcpy(copy, given, entity->columns_count);
        kept = copy;
    }
    if (last) IGNIS_TRY(group_end(ctx, insert, insert->values + step_row - last->rows_count));
    insert->groups[insert->groups_count++] =
        (insert_group){.given = kept, .row = insert->row, .rows_count = 1};
    return IGNIS_OK;
}

/* ---- COPY ----------------------------------------------------------------------------------------- */

static bool columns_can_copy(const model_entity *entity, const bool *given)
{
    size_t count = 0;
    for (size_t i = 0; i < entity->columns_count; i++) {
        if (!given[i]) continue;
        if (!sql_can_copy(&entity->columns[i].type)) return false;
        count++;
    }
    return count > 0;
}

/* Whether the group, the step's only one so far, is to be all of it. */
static bool copies_group(const insert_work *insert)
{
    const insert_group *group = &insert->groups[0];
    const model_entity *entity = insert->requests[insert->request].entity;
    bool is_continued = insert->copy_goes_on &&
                        memcmp(group->given, insert->columns_copied, entity->columns_count) == 0;
    bool is_worth_it = is_continued || group->rows_count >= COPY_ROWS_MIN;
    return insert->can_copy && insert->groups_count == 1 && is_worth_it &&
           columns_can_copy(entity, group->given);
}

/* Whether COPY is worth asking for, and nothing comes back. */
static bool may_copy(const insert_work *insert)
{
    const run_insert_request *request = &insert->requests[insert->request];
    const ignis_driver *driver = pool_driver(insert->source->connections);
    bool copies = driver->struct_size > offsetof(ignis_driver, copies) && driver->copies;
    bool is_plain = !request->is_load && !insert_check(request) && !insert->is_single &&
                    !(insert->answer && request->should_return);
    return copies && is_plain && run_rows_count(&request->rows) > COPY_CALL_MIN;
}

static size_t step_rows_max(const insert_work *insert)
{
    if (insert->can_copy && insert->groups_count <= 1) return COPY_ROWS_MAX;
    return may_copy(insert) && !insert->has_asked ? FIRST_ROWS_MAX : STEP_ROWS_MAX;
}

/* Behind the rows of a first step that more will follow. */
static ignis_code copy_ask(ignis_context *ctx, insert_work *insert)
{
    if (insert->has_asked || !may_copy(insert)) return IGNIS_OK;
    sql_statement *check = arena_array(&ctx->scratch, 1, sizeof(*check));
    if (!check) return context_fail_memory(ctx, &ctx->scratch);
    IGNIS_TRY(sql_copy_check(ctx, &ctx->scratch, insert->requests[insert->request].entity, check));
    insert->has_asked = true;
    insert->executions[insert->executions_count++] =
        (ignis_execution){.statement = &check->statement};
    return IGNIS_OK;
}

/* Room for the values of a step's rows, which lie side by side. */
typedef struct value_room {
    ignis_cell *next;
    size_t left;
} value_room;

static ignis_code room_make(ignis_context *ctx, const insert_work *insert, value_room *room)
{
    const run_insert_request *request = &insert->requests[insert->request];
    size_t width = request->entity->columns_count;
    size_t rows = run_rows_count(&request->rows) - insert->row;
    size_t rows_max = step_rows_max(insert);
    if (rows > rows_max) rows = rows_max;
    if (rows > STEP_CELLS_MAX / width) rows = STEP_CELLS_MAX / width;
    if (rows == 0) rows = 1;
    room->left = rows * width;
    room->next = arena_alloc(&ctx->scratch, room->left * sizeof(*room->next));
    return room->next ? IGNIS_OK : context_fail_memory(ctx, &ctx->scratch);
}

/* Binds the next rows of the running request. */
static ignis_code rows_bind(ignis_context *ctx, insert_work *insert)
{
    const run_insert_request *request = &insert->requests[insert->request];
    const model_entity *entity = request->entity;
    row_values made = {.given =
                           arena_array(&ctx->scratch, entity->columns_count, sizeof(*made.given))};
    value_room room;
    size_t size = 0;
    size_t count = 0;
    if (!made.given) return context_fail_memory(ctx, &ctx->scratch);
    IGNIS_TRY(room_make(ctx, insert, &room));
    while (insert->row < run_rows_count(&request->rows) && count < step_rows_max(insert) &&
           size < STEP_SIZE_MAX && room.left >= entity->columns_count) {
        made.cells = room.next;
        IGNIS_TRY(run_insert_read(ctx, request, insert->row, &made, &size));
        bool is_other = insert->groups_count == 1 &&
                        memcmp(insert->groups[0].given, made.given, entity->columns_count) != 0;
        if (is_other && copies_group(insert)) break;
        IGNIS_TRY(group_add(ctx, insert, count, made.given));
        insert->values[count++] = made.cells;
        room.next += made.count;
        room.left -= made.count;
        insert->row++;
    }
    insert->rows_count += count;
    insert->is_copying = copies_group(insert);
    size_t last = insert->groups[insert->groups_count - 1].rows_count;
    IGNIS_TRY(group_end(ctx, insert, insert->values + count - last));
    return copy_ask(ctx, insert);
}

/* ---- steps ---------------------------------------------------------------------------------------- */

/* After the rows of a load on PostgreSQL the identity columns are set, one statement for each. */
static const model_column *identity_next(const insert_work *insert, size_t *at)
{
    const run_insert_request *request = &insert->requests[insert->request];
    const model_entity *entity = request->entity;
    bool is_postgres = run_cache_dialect(insert->source->cache) == IGNIS_DIALECT_POSTGRES;
    while (is_postgres && request->is_load && *at < entity->columns_count) {
        const model_column *column = &entity->columns[(*at)++];
        if (column->identity != IGNIS_IDENTITY_NONE) return column;
    }
    return NULL;
}

static ignis_code identities_bind(ignis_context *ctx, insert_work *insert)
{
    const model_column *column = identity_next(insert, &insert->column);
    if (!column) return IGNIS_OK;
    sql_statement *made = arena_array(&ctx->scratch, 1, sizeof(*made));
    if (!made) return context_fail_memory(ctx, &ctx->scratch);
    IGNIS_TRY(sql_identity_continue(ctx, &ctx->scratch, column,
                                    insert->requests[insert->request].entity, made));
    insert->executions[insert->executions_count++] =
        (ignis_execution){.statement = &made->statement};
    return IGNIS_OK;
}

/* Keeps of which columns a COPY is that goes on. */
static void copied_note(insert_work *insert)
{
    const run_insert_request *request = &insert->requests[0];
    insert->copy_goes_on = insert->is_copying && insert->row < run_rows_count(&request->rows);
    if (!insert->copy_goes_on) return;
    memcpy(insert->columns_copied, insert->groups[0].given, request->entity->columns_count);
}

static void step_end(ignis_context *ctx, insert_work *insert)
{
    copied_note(insert);
    for (size_t i = 0; i < insert->groups_count; i++) {
        if (insert->groups[i].owns_plan)
            run_cache_release(insert->source->cache, insert->groups[i].plan);
    }
    insert->groups_count = 0;
    insert->executions_count = 0;
    insert->before_count = 0;
    insert->ended_count = 0;
    insert->is_copying = false;
    arena_release(&ctx->scratch, insert->mark);
}

/* A list of structs has no place for a row that does not come back. */
static bool needs_all(const insert_work *insert)
{
    const run_insert_request *request = &insert->requests[insert->request];
    return request->rows.structs && insert->answer && request->should_return;
}

/* Whether rows that come back can still be refused, so that COMMIT has to wait for them. */
static bool can_refuse(const ignis_context *ctx, const insert_work *insert)
{
    const run_insert_request *request = &insert->requests[insert->request];
    bool is_bounded = insert->answer && request->should_return && ctx->results.total_max;
    return is_bounded || needs_all(insert) || insert_check(request);
}

static void request_advance(insert_work *insert)
{
    insert->request++;
    insert->row = 0;
    insert->column = 0;
    insert->can_copy = false;
    insert->has_asked = false;
}

/* Fills a step: rows, else identities; nothing where all requests are done. */
static ignis_code step_fill(ignis_context *ctx, insert_work *insert)
{
    size_t first = insert->executions_count;
    while (insert->request < insert->requests_count && insert->executions_count == first) {
        const run_insert_request *request = &insert->requests[insert->request];
        if (insert->row < run_rows_count(&request->rows)) return rows_bind(ctx, insert);
        IGNIS_TRY(identities_bind(ctx, insert));
        if (insert->executions_count == first) request_advance(insert);
    }
    return IGNIS_OK;
}

/* Whether nothing follows the rows and identities handed over so far. */
static bool is_last_step(const insert_work *insert)
{
    if (insert->request >= insert->requests_count) return true;
    size_t at = insert->column;
    return insert->request + 1 == insert->requests_count &&
           insert->row == run_rows_count(&insert->requests[insert->request].rows) &&
           !identity_next(insert, &at);
}

static ignis_code progress_tell(ignis_context *ctx, const insert_work *insert)
{
    if (insert->rows_count == 0 || insert->groups_count == 0) return IGNIS_OK;
    return run_progress_tell(ctx, insert->rows_count, insert->rows_total);
}

static ignis_code insert_next(ignis_context *ctx, run_work *work, run_step *step)
{
    insert_work *insert = (insert_work *)work;
    if (!insert->is_done || insert->groups_count > 0) IGNIS_TRY(progress_tell(ctx, insert));
    step_end(ctx, insert);
    if (insert->is_done) return IGNIS_OK;
    ignis_dialect dialect = run_cache_dialect(insert->source->cache);
    if (!insert->has_begun && !insert->is_inside) {
        insert->executions[insert->executions_count++] =
            (ignis_execution){.statement = sql_begin_write(dialect)};
        insert->before_count = 1;
    }
    insert->has_begun = true;
    IGNIS_TRY(step_fill(ctx, insert));
    insert->is_done = is_last_step(insert);
    bool waits = insert->groups_count > 0 && (can_refuse(ctx, insert) || ctx->progress ||
                                              insert->is_copying || insert->copy_goes_on);
    if (insert->is_done && waits) insert->is_done = insert->is_inside;
    if (insert->is_done && !insert->is_inside) {
        insert->executions[insert->executions_count++] =
            (ignis_execution){.statement = &sql_commit};
    }
    *step = (run_step){insert->executions, insert->executions_count};
    return IGNIS_OK;
}

/* The group of an execution of the step, or NULL. */
static insert_group *group_of(insert_work *insert, size_t execution)
{
    size_t index = execution - insert->before_count;
    bool is_group = execution >= insert->before_count && index < insert->groups_count;
    return is_group ? &insert->groups[index] : NULL;
}

static ignis_code insert_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    insert_work *insert = (insert_work *)work;
    insert_group *group = group_of(insert, batch->execution);
    if (batch->state == IGNIS_BATCH_END) {
        insert->ended_count++;
        bool is_short = group && needs_all(insert) && group->taken_count < group->rows_count;
        if (!is_short) return IGNIS_OK;
        (void)run_rows_dropped(ctx, group->taken_count, group->rows_count);
        if (group->rows_count > 1) return context_path(ctx, "data");
        return run_rows_path(ctx, &insert->requests[insert->request].rows, group->row);
    }
    if (!group) {
        /* An identity was set, or the table takes COPY. */
        if (insert->has_asked) insert->can_copy = batch->cells[0].as.integer != 0;
        return IGNIS_OK;
    }
    const run_insert_request *request = &insert->requests[insert->request];
    run_answer *answer = request->should_return ? insert->answer : NULL;
    for (size_t i = 0; i < batch->rows_count; i++) {
        const ignis_cell *cells = batch->cells + i * batch->columns_count;
        size_t row = group->row + group->taken_count++;
        if (group->plan->is_checked &&
            run_check_read(ctx, request->entity, &cells[group->plan->columns_count]) != IGNIS_OK) {
            return run_rows_path(ctx, &request->rows, row);
        }
        if (answer) IGNIS_TRY(run_row_take(ctx, request->entity, group->plan, cells, answer));
    }
    return IGNIS_OK;
}

/* ---- errors --------------------------------------------------------------------------------------- */

/* Whether it may be the rows of the steps before that failed: nothing of this one has ended. */
static bool has_copied(const insert_work *insert)
{
    return insert->copy_goes_on && insert->ended_count == 0;
}

/* Whether what failed is the one row of a group. */
static bool is_of_one(const insert_work *insert, const insert_group *group)
{
    return group && group->rows_count == 1 && !has_copied(insert);
}

/* A failed COMMIT is no row's: where several models were loaded, nobody knows whose. */
static void insert_explain(ignis_context *ctx, run_work *work)
{
    insert_work *insert = (insert_work *)work;
    const insert_group *group = group_of(insert, insert->ended_count);
    insert->has_failed = true;
    if (!group && insert->requests_count > 1) return;
    const run_insert_request *request =
        group ? &insert->requests[insert->request] : &insert->requests[0];
    run_insert_explain(ctx, insert->source->registry, request->entity);
    bool is_row = is_of_one(insert, group);
    if (is_row) run_rows_path(ctx, &request->rows, group->row);
    if (group && !is_row) context_path(ctx, "data");
}

/* Whether the error is of one of several rows sent together, and nothing tells which. */
static bool is_anonymous(insert_work *insert, ignis_code code)
{
    const insert_group *group = group_of(insert, insert->ended_count);
    bool is_of_row = code == IGNIS_E_UNIQUE || code == IGNIS_E_FOREIGN_KEY ||
                     code == IGNIS_E_NOT_NULL || code == IGNIS_E_CHECK || code == IGNIS_E_INVALID;
    bool is_of_many = has_copied(insert) || (group && group->rows_count > 1);
    return insert->has_failed && is_of_row && is_of_many;
}

/* Looks for the constraint behind the error of the row that ran. Rows of other models may be gone that
   it points at: those of a load. */
static void violation_find(ignis_context *ctx, insert_work *insert)
{
    const run_insert_request *request = &insert->requests[0];
    const model_entity *entity = request->entity;
    const insert_group *group = group_of(insert, insert->ended_count);
    if (!is_of_one(insert, group) || insert->requests_count > 1) return;
    size_t *slots = arena_array(&ctx->scratch, entity->columns_count, sizeof(*slots));
    if (!slots) return;
    for (size_t i = 0, slot = 0; i < entity->columns_count; i++)
        slots[i] = group->given[i] ? slot++ : SQL_VALUE_UNKNOWN;
    const sql_violation_parts parts = {.registry = insert->source->registry,
                                       .entity = entity,
                                       .slots = slots,
                                       .is_one_of_many = run_rows_count(&request->rows) > 1};
    const ignis_cell *values = insert->values[group->row - insert->groups[0].row];
    if (run_violation_find(ctx, insert->source, &parts, values))
        run_rows_path(ctx, &request->rows, group->row);
}

/* ---- the call ------------------------------------------------------------------------------------- */

static ignis_code requests_check(ignis_context *ctx, insert_work *insert)
{
    for (size_t i = 0; i < insert->requests_count; i++) {
        IGNIS_TRY(run_entity_check(ctx, insert->requests[i].entity));
        insert->rows_total += run_rows_count(&insert->requests[i].rows);
    }
    size_t rows = insert->rows_total < STEP_ROWS_MAX ? insert->rows_total : STEP_ROWS_MAX;
    size_t columns_count = insert->requests[0].entity->columns_count;
    insert->groups = arena_array(&ctx->scratch, rows, sizeof(*insert->groups));
    insert->values = arena_array(&ctx->scratch, rows, sizeof(*insert->values));
    insert->columns_copied = arena_array(&ctx->scratch, columns_count, sizeof(bool));
    /* BEGIN, COMMIT, and a step of identities needs one. */
    insert->executions = arena_array(&ctx->scratch, rows + 3, sizeof(*insert->executions));
    bool is_ready =
        insert->groups && insert->values && insert->columns_copied && insert->executions;
    insert->mark = arena_mark(&ctx->scratch);
    return is_ready ? IGNIS_OK : context_fail_memory(ctx, &ctx->scratch);
}

/* Within a transaction of the caller's nothing may be written before the last row is known to be
   right: a refusal leaves the transaction as it was. */
static ignis_code rows_check(ignis_context *ctx, const insert_work *insert)
{
    for (size_t i = 0; i < insert->requests_count; i++) {
        const run_insert_request *request = &insert->requests[i];
        const model_entity *entity = request->entity;
        ignis_mark all = arena_mark(&ctx->scratch);
        row_values values = {
            .given = arena_array(&ctx->scratch, entity->columns_count, sizeof(*values.given)),
            .cells = arena_array(&ctx->scratch, entity->columns_count, sizeof(*values.cells))};
        if (!values.given || !values.cells) return context_fail_memory(ctx, &ctx->scratch);
        for (size_t row = 0; row < run_rows_count(&request->rows); row++) {
            ignis_mark mark = arena_mark(&ctx->scratch);
            size_t size = 0;
            IGNIS_TRY(run_insert_read(ctx, request, row, &values, &size));
            arena_release(&ctx->scratch, mark);
        }
        arena_release(&ctx->scratch, all);
    }
    return IGNIS_OK;
}

static ignis_code insert_run(ignis_context *ctx, insert_work *insert)
{
    ignis_code code = run_call_finish(ctx, insert->source->connections, &insert->work);
    if (insert->has_failed && !is_anonymous(insert, code)) {
        violation_find(ctx, insert);
        code = context_error_code(ctx);
    }
    return code;
}

ignis_code run_insert(ignis_context *ctx, const run_source *source,
                      const run_insert_request *requests, size_t requests_count, run_answer *answer,
                      size_t *rows_count)
{
    const insert_work fresh = {.work = {.next = insert_next,
                                        .take = insert_take,
                                        .explain = insert_explain,
                                        .takes_ends = true},
                               .source = source,
                               .requests = requests,
                               .requests_count = requests_count,
                               .is_inside = ctx->transaction != NULL,
                               .answer = answer};
    insert_work insert = fresh;
    size_t out_size = answer && answer->out ? answer->out->size : 0;
    *rows_count = 0;
    if (requests_count == 0) return IGNIS_OK;
    IGNIS_TRY(requests_check(ctx, &insert));
    if (insert.is_inside) IGNIS_TRY(rows_check(ctx, &insert));
    ignis_code code = insert_run(ctx, &insert);
    if (is_anonymous(&insert, code) && !insert.is_inside) {
        /* Once more, row by row, to learn which it is. */
        step_end(ctx, &insert);
        insert = fresh;
        insert.is_single = true;
        if (answer && answer->out) answer->out->size = out_size;
        if (answer) answer->structs.count = answer->rows_count = 0;
        context_error_clear(ctx);
        IGNIS_TRY(requests_check(ctx, &insert));
        code = insert_run(ctx, &insert);
    }
    if (code == IGNIS_OK) *rows_count = insert.rows_count;
    step_end(ctx, &insert);
    return code;
}
