#include "run/run.h"

#include <math.h>
#include <stdio.h>

/* One statement of the caller's. */
typedef struct raw_work {
    run_work work;
    const run_raw_request *request;
    const ignis_driver *driver;
    bool is_inside;
    ignis_statement statement;
    ignis_execution executions[2]; /* BEGIN where is_undone, the statement */
    ignis_execution commit;
    bool is_undone; /* where its rows are refused: it has a transaction of its own */
    bool was_given;
    bool was_committed;
    run_raw_column *columns; /* NULL: no rows came yet */
    size_t columns_count;
    int64_t affected;
} raw_work;

/* ---- parameters -------------------------------------------------------------------------------- */

static ignis_code value_fail(ignis_context *ctx, const ignis_value_type *type, const char *got)
{
    char expected[64];
    return context_fail(ctx, IGNIS_E_INVALID, "expected %s, got %s",
                        model_type_expected(type, expected), got);
}

/* Text as the JSON value that a filter would hold. */
static ignis_code text_json(ignis_context *ctx, ignis_type type, const ignis_cell *cell,
                            const json **value)
{
    if (type == IGNIS_TYPE_JSON || type == IGNIS_TYPE_JSONB)
        return json_read_context(ctx, &ctx->scratch, cell->as.text, cell->size, NULL, value);
    if (!utf8_is_valid(cell->as.text, cell->size))
        return context_fail(ctx, IGNIS_E_INVALID, "expected UTF-8 without NUL");
    json *made = arena_array(&ctx->scratch, 1, sizeof(*made));
    char *copy = arena_copy(&ctx->scratch, cell->as.text, cell->size);
    if (!made || !copy) return context_fail_memory(ctx, &ctx->scratch);
    made->kind = JSON_STRING;
    made->count = cell->size;
    made->as.text = copy;
    *value = made;
    return IGNIS_OK;
}

static ignis_code number_json(ignis_context *ctx, const ignis_cell *cell, const json **value)
{
    text out;
    json *made = arena_array(&ctx->scratch, 1, sizeof(*made));
    text_init(&out, &ctx->scratch, 0);
    bool is_integer = cell->kind == IGNIS_CELL_INTEGER;
    if (is_integer) {
        text_integer(&out, cell->as.integer);
    } else {
        json_write_double(&out, cell->as.real);
    }
    size_t size = out.size;
    const char *written = text_finish(&out);
    if (!made || !written) return context_fail_memory(ctx, &ctx->scratch);
    *made = (json){.kind = is_integer ? JSON_INTEGER : JSON_NUMBER, .count = size};
    if (is_integer) made->integer = cell->as.integer;
    made->as.text = written;
    *value = made;
    return IGNIS_OK;
}

static bool is_time(ignis_type type)
{
    return type == IGNIS_TYPE_DATE || type == IGNIS_TYPE_TIMESTAMP ||
           type == IGNIS_TYPE_TIMESTAMPTZ;
}

/* Whether the cell is already what a driver takes for the type. */
static bool is_ready(ignis_type type, const ignis_cell *cell)
{
    switch (cell->kind) {
    case IGNIS_CELL_NULL: return true;
    case IGNIS_CELL_INTEGER: return is_time(type);
    case IGNIS_CELL_BYTES: return type == IGNIS_TYPE_BYTEA;
    default: return false;
    }
}

static ignis_code scalar_read(ignis_context *ctx, const ignis_value_type *type,
                              const ignis_cell *given, ignis_cell *cell)
{
    const model_column column = {.name = "", .type = {.type = type->type, .cast = type->cast}};
    const json *value = NULL;
    *cell = *given;
    if (is_ready(type->type, given)) return IGNIS_OK;
    switch (given->kind) {
    case IGNIS_CELL_TEXT: IGNIS_TRY(text_json(ctx, type->type, given, &value)); break;
    case IGNIS_CELL_REAL:
        if (!isfinite(given->as.real)) return value_fail(ctx, &column.type, "no finite number");
        IGNIS_TRY(number_json(ctx, given, &value));
        break;
    case IGNIS_CELL_INTEGER: IGNIS_TRY(number_json(ctx, given, &value)); break;
    case IGNIS_CELL_BYTES: return value_fail(ctx, &column.type, "bytes");
    default: return value_fail(ctx, &column.type, "a list");
    }
    return model_element_read(ctx, &ctx->scratch, &column, value, MODEL_VALUE_FILTER, cell);
}

static ignis_code parameter_read(ignis_context *ctx, const ignis_parameter *parameter,
                                 ignis_value_type *type, ignis_cell *cell)
{
    const ignis_cell *given = &parameter->value;
    *type = (ignis_value_type){.type = parameter->type.type, .array = parameter->type.array};
    if (type->type <= IGNIS_TYPE_NONE || type->type > IGNIS_TYPE_OTHER) {
        return context_fail(ctx, IGNIS_E_INVALID, "no such type: %d", (int)type->type);
    }
    if (!type->array || given->kind == IGNIS_CELL_NULL) return scalar_read(ctx, type, given, cell);
    if (given->kind != IGNIS_CELL_LIST) return value_fail(ctx, type, "no list");
    ignis_cell *items = arena_array(&ctx->scratch, given->size, sizeof(*items));
    if (!items) return context_fail_memory(ctx, &ctx->scratch);
    for (size_t i = 0; i < given->size; i++) {
        if (scalar_read(ctx, type, &given->as.items[i], &items[i]) != IGNIS_OK)
            return context_path(ctx, "[%zu]", i);
    }
    *cell = (ignis_cell){.kind = IGNIS_CELL_LIST, .size = given->size, .as.items = items};
    return IGNIS_OK;
}

static ignis_code parameters_read(ignis_context *ctx, raw_work *raw)
{
    size_t count = raw->request->parameters_count;
    ignis_value_type *types = arena_array(&ctx->scratch, count, sizeof(*types));
    ignis_cell *cells = arena_array(&ctx->scratch, count, sizeof(*cells));
    if (!types || !cells) return context_fail_memory(ctx, &ctx->scratch);
    for (size_t i = 0; i < count; i++) {
        if (parameter_read(ctx, &raw->request->parameters[i], &types[i], &cells[i]) != IGNIS_OK)
            return context_path(ctx, "parameters[%zu]", i);
    }
    raw->statement.parameters = types;
    raw->statement.parameters_count = count;
    raw->executions[1] = (ignis_execution){.statement = &raw->statement, .parameters = cells};
    return IGNIS_OK;
}

/* ---- rows -------------------------------------------------------------------------------------- */

static ignis_code column_read(ignis_context *ctx, raw_work *raw, map *names, size_t index)
{
    text key;
    run_raw_column *column = &raw->columns[index];
    const char *name = raw->driver->column(raw->work.connection, index, &column->type);
    column->name = arena_copy(&ctx->scratch, name, strlen(name));
    if (!column->name) return context_fail_memory(ctx, &ctx->scratch);
    text_init(&key, &ctx->scratch, 0);
    json_write_string(&key, name, strlen(name));
    text_char(&key, ':');
    column->key_size = key.size;
    column->key = text_finish(&key);
    if (!column->key) return context_fail_memory(ctx, &ctx->scratch);
    if (map_get(names, column->key, column->key_size)) {
        context_fail(ctx, IGNIS_E_INVALID, "two columns have one name: give each its own by AS");
        return context_path(ctx, "columns[%zu]", index);
    }
    bool is_put = map_put(names, &ctx->scratch, column->key, column->key_size, column);
    return is_put ? IGNIS_OK : context_fail_memory(ctx, &ctx->scratch);
}

static ignis_code columns_read(ignis_context *ctx, raw_work *raw, size_t count)
{
    map names = {0};
    if (!raw->driver->column)
        return context_fail(ctx, IGNIS_E_UNSUPPORTED, "the driver gives no rows of statements");
    raw->columns = arena_array(&ctx->scratch, count, sizeof(*raw->columns));
    if (!raw->columns) return context_fail_memory(ctx, &ctx->scratch);
    raw->columns_count = count;
    for (size_t i = 0; i < count; i++)
        IGNIS_TRY(column_read(ctx, raw, &names, i));
    return IGNIS_OK;
}

static ignis_code raw_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    raw_work *raw = (raw_work *)work;
    if (raw->was_committed || (raw->is_undone && batch->execution == 0)) return IGNIS_OK;
    if (batch->state == IGNIS_BATCH_END) raw->affected = batch->affected;
    if (batch->state == IGNIS_BATCH_END || !raw->request->take) return IGNIS_OK;
    if (!raw->columns) IGNIS_TRY(columns_read(ctx, raw, batch->columns_count));
    const run_raw_rows rows = {raw->columns, raw->columns_count, batch};
    return raw->request->take(ctx, raw->request->data, &rows);
}

/* ---- the call ---------------------------------------------------------------------------------- */

static ignis_code control_fail(ignis_context *ctx)
{
    return context_fail(ctx, IGNIS_E_INVALID,
                        "transactions are begun, set and ended by calls, not by statements");
}

static ignis_code raw_next(ignis_context *ctx, run_work *work, run_step *step)
{
    raw_work *raw = (raw_work *)work;
    size_t first = raw->is_undone ? 0 : 1;
    if (!raw->was_given) {
        raw->was_given = true;
        *step = (run_step){&raw->executions[first], 2 - first};
        return IGNIS_OK;
    }
    /* However it was written: the transaction is as it was. */
    bool is_open = raw->driver->in_transaction(work->connection);
    bool should_be_open = raw->is_inside || (raw->is_undone && !raw->was_committed);
    if (is_open != should_be_open) return control_fail(ctx);
    if (!raw->is_undone || raw->was_committed) return IGNIS_OK;
    raw->was_committed = true;
    *step = (run_step){&raw->commit, 1};
    return IGNIS_OK;
}

/* PostgreSQL takes values that no placeholder asks for. Wherever $2 stands, it has to stand somewhere. */
static bool has_placeholder(const run_raw_request *request, size_t number)
{
    char placeholder[32];
    int size = snprintf(placeholder, sizeof(placeholder), "$%zu", number);
    const char *end = request->sql + request->sql_size;
    const char *at = request->sql;
    while ((at = memmem(at, (size_t)(end - at), placeholder, (size_t)size)) != NULL) {
        at += size;
        if (at == end || *at < '0' || *at > '9') return true;
    }
    return false;
}

static ignis_code raw_check(ignis_context *ctx, raw_work *raw)
{
    const run_raw_request *request = raw->request;
    switch (driver_raw_of(raw->driver->dialect, request->sql, request->sql_size)) {
    case DRIVER_RAW_CONTROL: return control_fail(ctx);
    case DRIVER_RAW_EMPTY: return context_fail(ctx, IGNIS_E_INVALID, "the statement is empty");
    case DRIVER_RAW_COPY: return context_fail(ctx, IGNIS_E_UNSUPPORTED, "COPY is not supported");
    case DRIVER_RAW_READS: raw->statement.reads = true; break;
    case DRIVER_RAW_WRITES: raw->is_undone = request->take && !raw->is_inside; break;
    default: break;
    }
    if (!utf8_is_valid(request->sql, request->sql_size))
        return context_fail(ctx, IGNIS_E_INVALID, "the statement is no UTF-8 without NUL");
    size_t count = request->parameters_count;
    bool is_counted = raw->driver->dialect != IGNIS_DIALECT_POSTGRES || count == 0 ||
                      has_placeholder(request, count);
    if (is_counted) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_INVALID, "the statement takes fewer than %zu parameters",
                        count);
}

/* What WITH begins may only read: SQLite's write lock is left to the statement. */
static const ignis_statement *raw_begin(ignis_dialect dialect)
{
    return dialect == IGNIS_DIALECT_SQLITE ? sql_begin(dialect, IGNIS_READ_COMMITTED, false)
                                           : sql_begin_write(dialect);
}

ignis_code run_raw(ignis_context *ctx, const run_source *source, const run_raw_request *request,
                   int64_t *affected)
{
    raw_work raw = {.work = {.next = raw_next, .take = raw_take, .takes_ends = true},
                    .request = request,
                    .driver = pool_driver(source->connections),
                    .is_inside = ctx->transaction != NULL,
                    .statement = {.sql = request->sql, .sql_size = request->sql_size, .raw = true}};
    IGNIS_TRY(run_context_check(ctx, source->connections));
    IGNIS_TRY(raw_check(ctx, &raw));
    IGNIS_TRY(parameters_read(ctx, &raw));
    raw.executions[0] = (ignis_execution){.statement = raw_begin(raw.driver->dialect)};
    raw.commit = (ignis_execution){.statement = &sql_commit};
    IGNIS_TRY(run_call_finish(ctx, source->connections, &raw.work));
    *affected = raw.affected;
    return IGNIS_OK;
}
