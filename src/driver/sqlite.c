/* The engine SQLite: everything happens within step. */
#include "driver/sqlite.h"

#include <sqlite3.h>
#include <stdatomic.h>

static sqlite_connection *connection_of(ignis_connection *connection)
{
    return (sqlite_connection *)connection;
}

sqlite_interrupt sqlite_connection_interrupt(sqlite_connection *self)
{
    if (self->uninterruptible) return SQLITE_INTERRUPT_NONE;
    if (atomic_load_explicit(&self->cancelled, memory_order_relaxed)) {
        self->interrupt = SQLITE_INTERRUPT_CANCEL;
    } else if (self->deadline_ms != 0 && clock_monotonic_ms() >= self->deadline_ms) {
        self->interrupt = SQLITE_INTERRUPT_DEADLINE;
    }
    return self->interrupt;
}

/* ---- the life of an execution ---- */

static void execution_end(sqlite_connection *self)
{
    if (self->again) sqlite3_clear_bindings(self->again);
    self->again = NULL;
    if (!self->handle) return;
    if (self->handle_is_kept) {
        /* The parameters point into memory of the caller. */
        sqlite3_reset(self->handle);
        sqlite3_clear_bindings(self->handle);
    } else {
        sqlite3_finalize(self->handle);
    }
    self->handle = NULL;
}

void sqlite_connection_idle(sqlite_connection *self)
{
    execution_end(self);
    arena_reset(&self->bound);
    self->executions = NULL;
    self->executions_count = 0;
    self->executions_index = 0;
    self->uninterruptible = false;
}

/* Whether the next execution is of the same statement, whose parameters are all bound anew. */
static bool is_again(const sqlite_connection *self)
{
    size_t next = self->executions_index + 1;
    const ignis_execution *executions = self->executions;
    return self->handle_is_kept && next < self->executions_count &&
           executions[next].statement == executions[next - 1].statement;
}

static bool command_run(sqlite_connection *self, const char *sql)
{
    self->uninterruptible = true;
    return sqlite3_exec(self->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* After an error a transaction takes only a rollback, as on PostgreSQL; a COMMIT ends it. Where
   SQLite has rolled back by itself an empty transaction takes its place, so that no later statement
   of the caller runs outside of one. */
static void transaction_fail(sqlite_connection *self, driver_verb verb)
{
    bool is_open = !sqlite3_get_autocommit(self->db);
    if (!self->began_in_transaction) {
        /* BEGIN alone opens one, and has not. */
        if (is_open && !command_run(self, "ROLLBACK")) self->is_broken = true;
        self->failed = false;
    } else if (verb == DRIVER_VERB_COMMIT) {
        if (is_open && !command_run(self, "ROLLBACK")) self->is_broken = true;
        self->failed = false;
    } else {
        if (!is_open && !command_run(self, "BEGIN")) self->is_broken = true;
        self->failed = true;
    }
}

/* Ends everything after a reported failure. */
static ignis_code connection_fail(sqlite_connection *self, ignis_code code)
{
    driver_verb verb = driver_verb_of(self->executions[self->executions_index].statement);
    execution_end(self);
    transaction_fail(self, verb);
    sqlite_connection_idle(self);
    return code;
}

static ignis_code result_report(ignis_context *ctx, sqlite_connection *self, int result)
{
    int primary = result & 0xff;
    if (primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB ||
        primary == SQLITE_CANTOPEN)
        self->is_broken = true;
    return sqlite_error_report(ctx, self, result);
}

static ignis_code execution_begin(ignis_context *ctx, sqlite_connection *self)
{
    const ignis_execution *execution = &self->executions[self->executions_index];
    driver_verb verb = driver_verb_of(execution->statement);
    bool is_rollback = verb == DRIVER_VERB_ROLLBACK || verb == DRIVER_VERB_ROLLBACK_TO;
    self->began_in_transaction = !sqlite3_get_autocommit(self->db);
    self->waited = false;
    self->uninterruptible = is_rollback;
    if (self->failed && verb == DRIVER_VERB_COMMIT)
        return context_fail(ctx, IGNIS_E_STATE, "the transaction had an error and is rolled back");
    if (self->failed && !is_rollback && !execution->statement->diagnoses)
        return context_fail(ctx, IGNIS_E_STATE, DRIVER_FAILED_TEXT);
    sqlite_interrupt cause = sqlite_connection_interrupt(self);
    if (cause != SQLITE_INTERRUPT_NONE) return sqlite_error_interrupted(ctx, cause);
    self->handle = self->again;
    self->again = NULL;
    if (!self->handle) IGNIS_TRY(sqlite_cache_get(ctx, self, execution->statement, &self->handle));
    self->handle_is_kept = execution->statement->id != 0;
    if (!self->began_in_transaction) {
        self->reads_only =
            verb == DRIVER_VERB_BEGIN && driver_begins_read_only(execution->statement);
    } else if (self->reads_only && !sqlite3_stmt_readonly(self->handle)) {
        return context_fail(ctx, IGNIS_E_STATE, DRIVER_READ_ONLY_TEXT);
    }
    self->changes_before = sqlite3_total_changes64(self->db);
    return sqlite_bind(ctx, self, execution, self->handle);
}

static void execution_complete(sqlite_connection *self, ignis_batch *batch)
{
    driver_verb verb = driver_verb_of(self->executions[self->executions_index].statement);
    if (verb == DRIVER_VERB_ROLLBACK || verb == DRIVER_VERB_ROLLBACK_TO) self->failed = false;
    batch->state = IGNIS_BATCH_END;
    /* Statements that change no row leave sqlite3_changes64 as it was. */
    if (sqlite3_total_changes64(self->db) != self->changes_before)
        batch->affected = sqlite3_changes64(self->db);
    if (is_again(self)) {
        sqlite3_reset(self->handle);
        self->again = self->handle;
        self->handle = NULL;
    } else {
        execution_end(self);
    }
    self->uninterruptible = false;
    self->executions_index++;
}

/* ---- rows ---- */

static bool cells_reserve(sqlite_connection *self, size_t count)
{
    if (count <= self->cells_capacity) return true;
    size_t capacity = count + self->cells_capacity;
    ignis_cell *cells = arena_array(self->memory, capacity, sizeof(*cells));
    if (!cells) return false;
    self->cells = cells;
    self->cells_capacity = capacity;
    return true;
}

/* false: no memory for the text. */
static bool cell_read(struct sqlite3_stmt *handle, int column, ignis_cell *cell)
{
    *cell = (ignis_cell){.kind = IGNIS_CELL_NULL};
    switch (sqlite3_column_type(handle, column)) {
    case SQLITE_INTEGER:
        cell->kind = IGNIS_CELL_INTEGER;
        cell->as.integer = sqlite3_column_int64(handle, column);
        return true;
    case SQLITE_FLOAT:
        cell->kind = IGNIS_CELL_REAL;
        cell->as.real = sqlite3_column_double(handle, column);
        return true;
    case SQLITE_TEXT:
        cell->kind = IGNIS_CELL_TEXT;
        cell->as.text = (const char *)sqlite3_column_text(handle, column);
        break;
    case SQLITE_BLOB:
        cell->kind = IGNIS_CELL_BYTES;
        cell->as.text = sqlite3_column_blob(handle, column);
        break;
    default: return true;
    }
    cell->size = (size_t)sqlite3_column_bytes(handle, column);
    if (cell->as.text) return true;
    cell->as.text = "";
    return cell->kind == IGNIS_CELL_BYTES && cell->size == 0;
}

/* SQLite hands whole numbers of a REAL column to RETURNING as integers. */
static void reals_restore(sqlite_connection *self, size_t count)
{
    const ignis_statement *statement = self->executions[self->executions_index].statement;
    for (size_t i = 0; i < count && i < statement->columns_count; i++) {
        ignis_type type = statement->columns[i].type;
        bool is_real = type == IGNIS_TYPE_REAL || type == IGNIS_TYPE_DOUBLE;
        ignis_cell *cell = &self->cells[i];
        if (!is_real || statement->columns[i].array || cell->kind != IGNIS_CELL_INTEGER) continue;
        *cell = (ignis_cell){.kind = IGNIS_CELL_REAL, .as.real = (double)cell->as.integer};
    }
}

static ignis_code row_read(ignis_context *ctx, sqlite_connection *self, ignis_batch *batch)
{
    int count = sqlite3_data_count(self->handle);
    if (!cells_reserve(self, (size_t)count))
        return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    for (int i = 0; i < count; i++) {
        if (!cell_read(self->handle, i, &self->cells[i]))
            return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    }
    reals_restore(self, (size_t)count);
    batch->state = IGNIS_BATCH_ROWS;
    batch->cells = self->cells;
    batch->rows_count = 1;
    batch->columns_count = (size_t)count;
    return IGNIS_OK;
}

/* ---- as the interface names them ---- */

static ignis_code start(ignis_context *ctx, ignis_connection *connection,
                        const ignis_execution *executions, size_t executions_count)
{
    sqlite_connection *self = connection_of(connection);
    if (self->executions) return context_fail(ctx, IGNIS_E_STATE, "the connection is busy");
    self->executions = executions;
    self->executions_count = executions_count;
    self->executions_index = 0;
    atomic_store(&self->cancelled, false);
    return IGNIS_OK;
}

static ignis_code execution_step(ignis_context *ctx, sqlite_connection *self, ignis_batch *batch)
{
    if (!self->handle) IGNIS_TRY(execution_begin(ctx, self));
    sqlite_interrupt cause = SQLITE_INTERRUPT_NONE;
    if (!self->uninterruptible && atomic_load(&self->cancelled)) cause = SQLITE_INTERRUPT_CANCEL;
    if (cause != SQLITE_INTERRUPT_NONE) return sqlite_error_interrupted(ctx, cause);
    int result = sqlite3_step(self->handle);
    if (result == SQLITE_ROW) return row_read(ctx, self, batch);
    if (result != SQLITE_DONE) return result_report(ctx, self, result);
    execution_complete(self, batch);
    return IGNIS_OK;
}

static ignis_code step(ignis_context *ctx, ignis_connection *connection, ignis_batch *batch)
{
    sqlite_connection *self = connection_of(connection);
    *batch = (ignis_batch){.state = IGNIS_BATCH_IDLE};
    if (self->executions_index == self->executions_count) {
        sqlite_connection_idle(self);
        return IGNIS_OK;
    }
    batch->execution = self->executions_index;
    self->deadline_ms = ctx->deadline_ms;
    self->interrupt = SQLITE_INTERRUPT_NONE;
    ignis_code code = execution_step(ctx, self, batch);
    return code == IGNIS_OK ? IGNIS_OK : connection_fail(self, code);
}

static ignis_wants wants(const ignis_connection *connection)
{
    (void)connection;
    return (ignis_wants){.descriptor = -1};
}

static void abandon(ignis_connection *connection)
{
    sqlite_connection_idle(connection_of(connection));
}

static void cancel(ignis_connection *connection)
{
    atomic_store(&connection_of(connection)->cancelled, true);
}

static bool is_broken(const ignis_connection *connection)
{
    return ((const sqlite_connection *)connection)->is_broken;
}

static bool in_transaction(const ignis_connection *connection)
{
    return !sqlite3_get_autocommit(((const sqlite_connection *)connection)->db);
}

/* Values come as they are stored: the declared type does not tell what an expression gives. */
static const char *column(const ignis_connection *connection, size_t index, ignis_value_type *type)
{
    const char *name =
        sqlite3_column_name(((const sqlite_connection *)connection)->handle, (int)index);
    *type = (ignis_value_type){.type = IGNIS_TYPE_NONE};
    return name ? name : "";
}

const ignis_driver ignis_sqlite_driver = {
    .struct_size = sizeof(ignis_driver),
    .name = "sqlite",
    .dialect = IGNIS_DIALECT_SQLITE,
    .open = sqlite_database_open,
    .close = sqlite_database_close,
    .connections_max = sqlite_database_connections_max,
    .connect = sqlite_database_connect,
    .disconnect = sqlite_database_disconnect,
    .start = start,
    .wants = wants,
    .step = step,
    .abandon = abandon,
    .cancel = cancel,
    .is_broken = is_broken,
    .in_transaction = in_transaction,
    .column = column,
    .drop = sqlite_database_drop,
};
