#include "driver/driver.h"

#include <pthread.h>

typedef struct recording_rows {
    const ignis_cell *cells;
    size_t rows_count;
    size_t columns_count;
    struct recording_rows *next;
} recording_rows;

typedef struct recording_database {
    arena *memory;         /* owns this struct */
    ignis_database *inner; /* SQLite's, or NULL */
    arena recorded;        /* entries and answers */
    pthread_mutex_t mutex; /* of all below and recorded */
    recording_entry *entries;
    size_t entries_count;
    size_t entries_capacity;
    recording_rows *answer_first;
    recording_rows *answer_last;
} recording_database;

typedef struct recording_connection {
    arena *memory; /* owns this struct */
    recording_database *database;
    ignis_connection *inner; /* SQLite's, or NULL */
    const ignis_execution *executions;
    size_t executions_count;
    size_t executions_index;
    bool has_answered; /* the rows of the running execution were handed out */
    bool in_transaction;
    _Atomic bool cancelled;
} recording_connection;

static const ignis_driver *const inner_driver = &ignis_sqlite_driver;

/* ---- what is recorded ---- */

static bool entry_fill(arena *memory, const ignis_execution *execution, recording_entry *entry)
{
    const ignis_statement *statement = execution->statement;
    text out;
    text_init(&out, memory, 0);
    driver_values_write(&out, execution);
    entry->parameters = text_finish(&out);
    entry->sql = arena_copy(memory, statement->sql, statement->sql_size);
    return entry->parameters && entry->sql;
}

static bool execution_record(recording_database *self, const ignis_execution *execution)
{
    if (self->entries_count == self->entries_capacity) {
        size_t capacity = self->entries_capacity ? 2 * self->entries_capacity : 16;
        recording_entry *entries = arena_array(&self->recorded, capacity, sizeof(*entries));
        if (!entries) return false;
        for (size_t i = 0; i < self->entries_count; i++) {
            entries[i] = self->entries[i];
        }
        self->entries = entries;
        self->entries_capacity = capacity;
    }
    if (!entry_fill(&self->recorded, execution, &self->entries[self->entries_count])) return false;
    self->entries_count++;
    return true;
}

size_t recording_count(const ignis_database *database)
{
    recording_database *self = (recording_database *)(uintptr_t)database;
    pthread_mutex_lock(&self->mutex);
    size_t count = self->entries_count;
    pthread_mutex_unlock(&self->mutex);
    return count;
}

const recording_entry *recording_at(const ignis_database *database, size_t index)
{
    recording_database *self = (recording_database *)(uintptr_t)database;
    pthread_mutex_lock(&self->mutex);
    const recording_entry *entry = index < self->entries_count ? &self->entries[index] : NULL;
    pthread_mutex_unlock(&self->mutex);
    return entry;
}

void recording_clear(ignis_database *database)
{
    recording_database *self = (recording_database *)database;
    pthread_mutex_lock(&self->mutex);
    self->entries = NULL;
    self->entries_count = 0;
    self->entries_capacity = 0;
    self->answer_first = NULL;
    self->answer_last = NULL;
    arena_reset(&self->recorded);
    pthread_mutex_unlock(&self->mutex);
}

/* ---- answers ---- */

static bool cell_copy(arena *memory, const ignis_cell *cell, ignis_cell *copy)
{
    *copy = *cell;
    if (cell->kind != IGNIS_CELL_TEXT && cell->kind != IGNIS_CELL_BYTES) return true;
    copy->as.text = arena_copy(memory, cell->as.text, cell->size);
    return copy->as.text != NULL;
}

static recording_rows *rows_copy(arena *memory, const ignis_cell *cells, size_t rows_count,
                                 size_t columns_count)
{
    if (columns_count != 0 && rows_count > SIZE_MAX / columns_count) return NULL;
    size_t count = rows_count * columns_count;
    recording_rows *rows = arena_array(memory, 1, sizeof(*rows));
    ignis_cell *copies = arena_array(memory, count, sizeof(*copies));
    if (!rows || !copies) return NULL;
    for (size_t i = 0; i < count; i++) {
        if (!cell_copy(memory, &cells[i], &copies[i])) return NULL;
    }
    *rows = (recording_rows){copies, rows_count, columns_count, NULL};
    return rows;
}

bool recording_answer(ignis_database *database, const ignis_cell *cells, size_t rows_count,
                      size_t columns_count)
{
    recording_database *self = (recording_database *)database;
    pthread_mutex_lock(&self->mutex);
    recording_rows *rows = rows_copy(&self->recorded, cells, rows_count, columns_count);
    if (rows && self->answer_last) {
        self->answer_last->next = rows;
    } else if (rows) {
        self->answer_first = rows;
    }
    if (rows) self->answer_last = rows;
    pthread_mutex_unlock(&self->mutex);
    return rows != NULL;
}

/* The next answer, or NULL. It lives until recording_clear. */
static const recording_rows *answer_take(recording_database *self)
{
    pthread_mutex_lock(&self->mutex);
    const recording_rows *rows = self->answer_first;
    if (rows) self->answer_first = rows->next;
    if (!self->answer_first) self->answer_last = NULL;
    pthread_mutex_unlock(&self->mutex);
    return rows;
}

/* ---- the database ---- */

static ignis_code recording_open(ignis_context *ctx, const ignis_driver_settings *settings,
                                 ignis_database **database)
{
    static const char scheme[] = "recording:";
    const char *url = settings->url ? settings->url : "";
    if (strncmp(url, scheme, sizeof(scheme) - 1) != 0)
        return context_fail(ctx, IGNIS_E_INVALID, "expected recording:");
    url += sizeof(scheme) - 1;
    arena *memory = arena_create();
    recording_database *self = memory ? arena_array(memory, 1, sizeof(*self)) : NULL;
    if (!self || pthread_mutex_init(&self->mutex, NULL) != 0) {
        if (memory) arena_destroy(memory);
        return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    }
    self->memory = memory;
    ignis_driver_settings inner = *settings;
    inner.url = url;
    ignis_code code = *url ? inner_driver->open(ctx, &inner, &self->inner) : IGNIS_OK;
    if (code != IGNIS_OK) {
        pthread_mutex_destroy(&self->mutex);
        arena_destroy(memory);
        return code;
    }
    *database = (ignis_database *)self;
    return IGNIS_OK;
}

static void recording_close(ignis_database *database)
{
    recording_database *self = (recording_database *)database;
    if (!self) return;
    if (self->inner) inner_driver->close(self->inner);
    pthread_mutex_destroy(&self->mutex);
    arena_free(&self->recorded);
    arena_destroy(self->memory);
}

static size_t recording_connections_max(const ignis_database *database)
{
    const recording_database *self = (const recording_database *)database;
    return self->inner ? inner_driver->connections_max(self->inner) : 0;
}

/* ---- connections ---- */

static recording_connection *connection_of(ignis_connection *connection)
{
    return (recording_connection *)connection;
}

static ignis_code recording_connect(ignis_context *ctx, ignis_database *database,
                                    ignis_connection **connection)
{
    recording_database *owner = (recording_database *)database;
    arena *memory = arena_create();
    recording_connection *self = memory ? arena_array(memory, 1, sizeof(*self)) : NULL;
    if (!self) {
        if (memory) arena_destroy(memory);
        return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    }
    self->memory = memory;
    self->database = owner;
    ignis_code code =
        owner->inner ? inner_driver->connect(ctx, owner->inner, &self->inner) : IGNIS_OK;
    if (code != IGNIS_OK) {
        arena_destroy(memory);
        return code;
    }
    *connection = (ignis_connection *)self;
    return IGNIS_OK;
}

static void recording_drop(ignis_database *database)
{
    const recording_database *self = (recording_database *)database;
    if (self->inner) inner_driver->drop(self->inner);
}

static void recording_disconnect(ignis_connection *connection)
{
    recording_connection *self = connection_of(connection);
    if (self->inner) inner_driver->disconnect(self->inner);
    arena_destroy(self->memory);
}

static ignis_code recording_start(ignis_context *ctx, ignis_connection *connection,
                                  const ignis_execution *executions, size_t executions_count)
{
    recording_connection *self = connection_of(connection);
    if (self->executions) return context_fail(ctx, IGNIS_E_STATE, "the connection is busy");
    bool is_recorded = true;
    pthread_mutex_lock(&self->database->mutex);
    for (size_t i = 0; i < executions_count && is_recorded; i++) {
        is_recorded = execution_record(self->database, &executions[i]);
    }
    pthread_mutex_unlock(&self->database->mutex);
    if (!is_recorded) return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    if (self->inner) return inner_driver->start(ctx, self->inner, executions, executions_count);
    self->executions = executions;
    self->executions_count = executions_count;
    self->executions_index = 0;
    self->has_answered = false;
    self->cancelled = false;
    return IGNIS_OK;
}

static ignis_wants recording_wants(const ignis_connection *connection)
{
    const recording_connection *self = (const recording_connection *)connection;
    return self->inner ? inner_driver->wants(self->inner) : (ignis_wants){.descriptor = -1};
}

static void recording_abandon(ignis_connection *connection)
{
    recording_connection *self = connection_of(connection);
    if (self->inner) inner_driver->abandon(self->inner);
    self->executions = NULL;
    self->executions_count = 0;
    self->executions_index = 0;
}

/* The rows of the execution where it has any that were not handed out yet. */
static bool rows_answer(recording_connection *self, ignis_batch *batch)
{
    if (self->has_answered) return false;
    self->has_answered = true;
    if (self->executions[self->executions_index].statement->columns_count == 0) return false;
    const recording_rows *rows = answer_take(self->database);
    if (!rows || rows->rows_count == 0) return false;
    batch->state = IGNIS_BATCH_ROWS;
    batch->cells = rows->cells;
    batch->rows_count = rows->rows_count;
    batch->columns_count = rows->columns_count;
    return true;
}

static ignis_code answer_step(ignis_context *ctx, recording_connection *self, ignis_batch *batch)
{
    *batch = (ignis_batch){.state = IGNIS_BATCH_IDLE, .execution = self->executions_index};
    if (self->cancelled) {
        recording_abandon((ignis_connection *)self);
        return context_fail(ctx, IGNIS_E_CANCELLED, "the call was cancelled");
    }
    if (self->executions_index == self->executions_count) {
        recording_abandon((ignis_connection *)self);
        return IGNIS_OK;
    }
    if (rows_answer(self, batch)) return IGNIS_OK;
    driver_verb verb = driver_verb_of(self->executions[self->executions_index].statement);
    if (verb == DRIVER_VERB_BEGIN) self->in_transaction = true;
    if (verb == DRIVER_VERB_COMMIT || verb == DRIVER_VERB_ROLLBACK) self->in_transaction = false;
    batch->state = IGNIS_BATCH_END;
    self->has_answered = false;
    self->executions_index++;
    return IGNIS_OK;
}

static ignis_code recording_step(ignis_context *ctx, ignis_connection *connection,
                                 ignis_batch *batch)
{
    recording_connection *self = connection_of(connection);
    return self->inner ? inner_driver->step(ctx, self->inner, batch)
                       : answer_step(ctx, self, batch);
}

static void recording_cancel(ignis_connection *connection)
{
    recording_connection *self = connection_of(connection);
    if (self->inner) inner_driver->cancel(self->inner);
    self->cancelled = true;
}

static bool recording_is_broken(const ignis_connection *connection)
{
    const recording_connection *self = (const recording_connection *)connection;
    return self->inner && inner_driver->is_broken(self->inner);
}

static bool recording_in_transaction(const ignis_connection *connection)
{
    const recording_connection *self = (const recording_connection *)connection;
    return self->inner ? inner_driver->in_transaction(self->inner) : self->in_transaction;
}

static const char *recording_column(const ignis_connection *connection, size_t index,
                                    ignis_value_type *type)
{
    const recording_connection *self = (const recording_connection *)connection;
    *type = (ignis_value_type){.type = IGNIS_TYPE_NONE};
    return self->inner ? inner_driver->column(self->inner, index, type) : "";
}

const ignis_driver recording_driver = {
    .struct_size = sizeof(ignis_driver),
    .name = "recording",
    .dialect = IGNIS_DIALECT_SQLITE,
    .open = recording_open,
    .close = recording_close,
    .connections_max = recording_connections_max,
    .connect = recording_connect,
    .disconnect = recording_disconnect,
    .start = recording_start,
    .wants = recording_wants,
    .step = recording_step,
    .abandon = recording_abandon,
    .cancel = recording_cancel,
    .is_broken = recording_is_broken,
    .in_transaction = recording_in_transaction,
    .column = recording_column,
    .drop = recording_drop,
};
