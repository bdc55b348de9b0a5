/* The engine PostgreSQL: start sends everything, step takes the answers as they come. */
#include "driver/postgres.h"

#ifdef IGNIS_HAVE_POSTGRES

#include <libpq-fe.h>
#include <poll.h>
#include <stdatomic.h>

static postgres_connection *connection_of(ignis_connection *connection)
{
    return (postgres_connection *)connection;
}

/* ---- the life of a run ---- */

static void result_end(postgres_connection *self)
{
    PQclear(self->result);
    self->result = NULL;
}

static void call_end(postgres_connection *self)
{
    result_end(self);
    self->calls_index++;
    self->is_parsed = false;
}

static void run_begin(postgres_connection *self, const ignis_execution *executions)
{
    self->executions = executions;
    self->calls_index = 0;
    self->is_parsed = false;
    self->nulls_count = 0;
    self->ends_count = 0;
    self->is_repeated = false;
    self->is_final = false;
    self->was_cancelled = false;
    atomic_store(&self->run, POSTGRES_RUN_ON);
}

void postgres_run_end(postgres_connection *self)
{
    result_end(self);
    postgres_cache_settle(&self->cache);
    arena_reset(&self->bound);
    self->executions = NULL;
    self->calls = NULL;
    self->calls_count = 0;
    self->calls_index = 0;
    self->state = POSTGRES_IDLE;
    /* A cancel that did not arrive yet would stop whatever comes next. */
    int run = atomic_exchange(&self->run, POSTGRES_RUN_NONE);
    if (run == POSTGRES_RUN_CANCELLED && !self->was_cancelled) self->is_broken = true;
}

/* Ends with the error that was reported last; no answer is waited for. */
static ignis_code run_break(postgres_connection *self, ignis_code code)
{
    self->is_broken = true;
    postgres_run_end(self);
    return code;
}

/* Keeps the error that was reported last until the server is done with the rest. */
static void run_fail(ignis_context *ctx, postgres_connection *self)
{
    context_save(ctx, &self->failure);
    if (self->result) call_end(self);
    self->state = POSTGRES_FAILING;
}

static bool is_late(const ignis_context *ctx)
{
    return ctx->deadline_ms != 0 && clock_monotonic_ms() >= ctx->deadline_ms;
}

/* Whether the server has closed its end of the socket. */
static bool is_cut(const postgres_connection *self)
{
    struct pollfd look = {.fd = PQsocket(self->handle), .events = POLLIN | POLLRDHUP};
    if (look.fd < 0) return true;
    int ready = poll(&look, 1, 0);
    return ready > 0 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL));
}

/* A COMMIT that is not sent is one whose outcome is known: it is not sent to a server that has gone. */
static ignis_code commit_check(ignis_context *ctx, postgres_connection *self)
{
    if (!self->began_in_transaction || self->calls[0].verb != DRIVER_VERB_COMMIT) return IGNIS_OK;
    if (!is_cut(self)) return IGNIS_OK;
    /* What the server may have said last goes to the receiver of notices. */
    (void)PQconsumeInput(self->handle);
    (void)PQisBusy(self->handle);
    self->is_broken = true;
    (void)context_fail(ctx, IGNIS_E_CONNECTION, "the connection to the server is lost");
    memcpy(ctx->sqlstate, self->last_state, sizeof(self->last_state));
    return IGNIS_E_CONNECTION;
}

ignis_code postgres_calls_start(ignis_context *ctx, postgres_connection *self)
{
    ignis_code code = commit_check(ctx, self);
    if (code == IGNIS_OK) code = postgres_calls_send(ctx, self);
    if (code != IGNIS_OK) postgres_run_end(self);
    return code;
}

ignis_code postgres_start(ignis_context *ctx, ignis_connection *connection,
                          const ignis_execution *executions, size_t executions_count)
{
    postgres_connection *self = connection_of(connection);
    if (self->state != POSTGRES_IDLE)
        return context_fail(ctx, IGNIS_E_STATE, "the connection is busy");
    if (self->is_broken) return context_fail(ctx, IGNIS_E_CONNECTION, "the connection is lost");
    if (executions_count == 0) return IGNIS_OK;
    /* Nothing is sent, and the connection stays as it is. */
    if (is_late(ctx)) return context_fail(ctx, IGNIS_E_TIMEOUT, "the deadline passed");
    arena_reset(&self->bound);
    bool is_copying = self->copy.state == POSTGRES_COPY_PAUSED;
    bool copies = executions->statement->copies;
    if (!is_copying) self->began_in_transaction = PQtransactionStatus(self->handle) != PQTRANS_IDLE;
    if (!self->began_in_transaction) self->reads_only = false;
    run_begin(self, executions);
    ignis_code code = copies ? postgres_copy_make(ctx, self, executions)
                             : postgres_calls_make(ctx, self, executions, executions_count);
    if (code == IGNIS_OK) {
        return copies || is_copying ? postgres_copy_start(ctx, self)
                                    : postgres_calls_start(ctx, self);
    }
    postgres_run_end(self);
    return code;
}

/* ---- answers ---- */

typedef enum answer {
    ANSWER_NONE,  /* nothing yet */
    ANSWER_GIVEN, /* of the call at calls_index */
    ANSWER_ERROR,
    ANSWER_SYNC, /* the server is done with everything */
    ANSWER_LOST  /* nothing will come */
} answer;

bool postgres_network_move(postgres_connection *self)
{
    bool is_sent = PQflush(self->handle) >= 0;
    return PQconsumeInput(self->handle) == 1 && is_sent;
}

static bool is_skipping(const postgres_connection *self)
{
    return self->state == POSTGRES_FAILING || self->state == POSTGRES_REPEATING;
}

/* Whether the answer is the execution's, not that to the preparation before it. */
static bool answer_note(postgres_connection *self)
{
    if (self->calls_index >= self->calls_count) return false;
    const postgres_call *call = &self->calls[self->calls_index];
    if (!call->prepares || self->is_parsed) return true;
    self->is_parsed = true;
    call->prepared->is_pending = false;
    return false;
}

/* Sorts out one result. ANSWER_NONE: it says nothing to the caller and is gone. */
static answer result_sort(postgres_connection *self, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    bool is_success = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    bool is_error = status == PGRES_FATAL_ERROR;
    answer found = ANSWER_NONE;
    if (is_error && postgres_error_is_cancel(result)) self->was_cancelled = true;
    if (status == PGRES_PIPELINE_SYNC) {
        if (self->state != POSTGRES_CLEANING) found = ANSWER_SYNC;
        if (self->state == POSTGRES_CLEANING) self->state = POSTGRES_RUNNING;
    } else if (self->state == POSTGRES_CLEANING) {
        if (!is_success) self->cache.closes_all = true;
        if (!is_success && postgres_error_is_fatal(result)) found = ANSWER_ERROR;
    } else if (is_success) {
        if (answer_note(self)) found = ANSWER_GIVEN;
        if (found == ANSWER_GIVEN && is_skipping(self)) {
            call_end(self);
            found = ANSWER_NONE;
        }
    } else if (status != PGRES_PIPELINE_ABORTED) {
        if (!is_skipping(self)) found = ANSWER_ERROR;
        /* COPY would go on for ever. */
        if (is_skipping(self) && !is_error && status != PGRES_EMPTY_QUERY) found = ANSWER_LOST;
    }
    if (found == ANSWER_GIVEN || found == ANSWER_ERROR) {
        self->result = result;
        self->rows_index = 0;
    } else {
        PQclear(result);
    }
    return found;
}

/* The next thing that the server says, with its result in self->result. */
static answer answer_next(postgres_connection *self)
{
    for (;;) {
        if (PQisBusy(self->handle)) {
            bool is_alive = postgres_network_move(self);
            /* What came before the end is still to be read. */
            if (PQisBusy(self->handle))
                return is_alive && PQstatus(self->handle) == CONNECTION_OK ? ANSWER_NONE
                                                                           : ANSWER_LOST;
        }
        PGresult *result = PQgetResult(self->handle);
        if (!result) {
            /* One ends the answer to a command, two come when there is nothing to answer. */
            if (++self->nulls_count > 1) return ANSWER_LOST;
            continue;
        }
        self->nulls_count = 0;
        answer found = result_sort(self, result);
        if (found != ANSWER_NONE) return found;
    }
}

/* ---- rows ---- */

static bool cells_reserve(postgres_connection *self, size_t count)
{
    if (count <= self->cells_capacity) return true;
    arena_reset(&self->rows);
    self->cells_capacity = 0;
    self->cells = arena_array(&self->rows, count, sizeof(*self->cells));
    if (self->cells) self->cells_capacity = count;
    return self->cells != NULL;
}

static ignis_code cell_read(ignis_context *ctx, postgres_connection *self, int row, int column,
                            ignis_cell *cell)
{
    const PGresult *result = self->result;
    int size = PQgetlength(result, row, column);
    if (size == 0 && PQgetisnull(result, row, column)) {
        *cell = (ignis_cell){.kind = IGNIS_CELL_NULL};
        return IGNIS_OK;
    }
    return postgres_decode(ctx, &self->decoded, PQftype(result, column),
                           PQgetvalue(result, row, column), (size_t)size, cell);
}

static ignis_code rows_read(ignis_context *ctx, postgres_connection *self, ignis_batch *batch)
{
    size_t columns_count = (size_t)PQnfields(self->result);
    size_t count = (size_t)PQntuples(self->result) - self->rows_index;
    size_t rows_max = columns_count > 0 ? POSTGRES_CELLS_MAX / columns_count : POSTGRES_ROWS_MAX;
    if (rows_max > POSTGRES_ROWS_MAX) rows_max = POSTGRES_ROWS_MAX;
    if (rows_max == 0) rows_max = 1;
    if (count > rows_max) count = rows_max;
    if (!cells_reserve(self, count * columns_count)) return context_fail_memory(ctx, &self->rows);
    ignis_cell *cell = self->cells;
    for (size_t row = 0; row < count; row++) {
        for (size_t i = 0; i < columns_count; i++, cell++) {
            IGNIS_TRY(cell_read(ctx, self, (int)(self->rows_index + row), (int)i, cell));
        }
    }
    self->rows_index += count;
    self->is_final = true;
    batch->state = IGNIS_BATCH_ROWS;
    batch->cells = self->cells;
    batch->rows_count = count;
    batch->columns_count = columns_count;
    return IGNIS_OK;
}

/* The rows that a write changed; a SELECT counts its rows too. */
static int64_t affected_read(PGresult *result)
{
    static const char *const writes[] = {"INSERT", "UPDATE", "DELETE", "MERGE"};
    const char *status = PQcmdStatus(result);
    const char *count = PQcmdTuples(result);
    int64_t affected = 0;
    for (size_t i = 0; i < ARRAY_COUNT(writes); i++) {
        if (strncmp(status, writes[i], strlen(writes[i])) != 0) continue;
        return number_integer(count, strlen(count), &affected) ? affected : 0;
    }
    return 0;
}

static ignis_code end_read(ignis_context *ctx, postgres_connection *self, ignis_batch *batch)
{
    const postgres_call *call = &self->calls[self->calls_index];
    bool is_rolled_back = strcmp(PQcmdStatus(self->result), "ROLLBACK") == 0;
    if (call->verb == DRIVER_VERB_COMMIT && is_rolled_back)
        return context_fail(ctx, IGNIS_E_STATE, "the transaction had an error and is rolled back");
    batch->affected = affected_read(self->result);
    if (call->verb == DRIVER_VERB_COMMIT || batch->affected > 0) self->is_final = true;
    postgres_error_note(self, call);
    /* After a repetition some ends are known already. */
    bool is_known = self->calls_index < self->ends_count;
    batch->state = is_known ? IGNIS_BATCH_WAIT : IGNIS_BATCH_END;
    call_end(self);
    if (self->calls_index > self->ends_count) self->ends_count = self->calls_index;
    return IGNIS_OK;
}

/* ---- errors ---- */

/* Whether all that was sent can be sent again without being done twice. */
static bool can_repeat(const postgres_connection *self)
{
    return !self->is_repeated && !self->is_final && !self->began_in_transaction;
}

/* What is no rows, no success and no error of the server. */
static ignis_code status_report(ignis_context *ctx, postgres_connection *self)
{
    if (PQresultStatus(self->result) == PGRES_EMPTY_QUERY)
        return context_fail(ctx, IGNIS_E_INVALID, "the statement is empty");
    self->is_broken = true;
    return context_fail(ctx, IGNIS_E_UNSUPPORTED, "COPY is not supported");
}

/* false: the connection is lost with the error. */
static bool error_take(ignis_context *ctx, postgres_connection *self)
{
    bool is_stale = postgres_error_is_stale(self, self->result);
    bool is_fatal = postgres_error_is_fatal(self->result);
    if (is_stale && can_repeat(self)) {
        result_end(self);
        self->state = POSTGRES_REPEATING;
        return true;
    }
    if (PQresultStatus(self->result) == PGRES_FATAL_ERROR) {
        (void)postgres_error_report(ctx, self, self->result);
    } else {
        (void)status_report(ctx, self);
    }
    if (is_fatal || PQstatus(self->handle) != CONNECTION_OK) self->is_broken = true;
    if (is_stale) postgres_cache_forget(&self->cache);
    result_end(self);
    run_fail(ctx, self);
    return !self->is_broken;
}

static ignis_code repeat(ignis_context *ctx, postgres_connection *self)
{
    self->is_repeated = true;
    self->calls_index = 0;
    self->is_parsed = false;
    postgres_cache_forget(&self->cache);
    ignis_code code = postgres_calls_send(ctx, self);
    if (code != IGNIS_OK) postgres_run_end(self);
    return code;
}

/* ---- steps ---- */

/* Ends with the kept error. */
static ignis_code failure_give(ignis_context *ctx, postgres_connection *self)
{
    context_restore(ctx, &self->failure);
    postgres_run_end(self);
    return context_error_code(ctx);
}

ignis_code postgres_wait_give(ignis_context *ctx, postgres_connection *self, ignis_batch *batch)
{
    batch->state = IGNIS_BATCH_WAIT;
    if (!is_late(ctx)) return IGNIS_OK;
    bool is_copying = self->state == POSTGRES_COPYING;
    if (self->state == POSTGRES_FAILING || (is_copying && self->copy.has_failed)) {
        self->is_broken = true;
        return failure_give(ctx, self);
    }
    ignis_code code = postgres_error_late(ctx, self);
    postgres_canceller_send(self->canceller);
    return run_break(self, code);
}

static ignis_code sync_take(ignis_context *ctx, postgres_connection *self, bool *is_done)
{
    *is_done = self->state != POSTGRES_REPEATING;
    if (self->state == POSTGRES_REPEATING) return repeat(ctx, self);
    if (self->state == POSTGRES_FAILING) return failure_give(ctx, self);
    postgres_run_end(self);
    return IGNIS_OK;
}

/* Hands over what is there of the running execution. is_done: *batch is filled. */
static ignis_code result_take(ignis_context *ctx, postgres_connection *self, ignis_batch *batch,
                              bool *is_done)
{
    *batch = (ignis_batch){.execution = self->calls_index};
    bool has_rows = self->rows_index < (size_t)PQntuples(self->result);
    ignis_code code = has_rows ? rows_read(ctx, self, batch) : end_read(ctx, self, batch);
    if (code != IGNIS_OK) run_fail(ctx, self);
    *is_done = code == IGNIS_OK && batch->state != IGNIS_BATCH_WAIT;
    return IGNIS_OK;
}

/* Takes what comes next. is_done: *batch, or the error, is for the caller. */
static ignis_code answer_take(ignis_context *ctx, postgres_connection *self, ignis_batch *batch,
                              bool *is_done)
{
    *is_done = true;
    switch (answer_next(self)) {
    case ANSWER_NONE: return postgres_wait_give(ctx, self, batch);
    case ANSWER_GIVEN: *is_done = false; return IGNIS_OK;
    case ANSWER_ERROR:
        *is_done = !error_take(ctx, self);
        return *is_done ? failure_give(ctx, self) : IGNIS_OK;
    case ANSWER_SYNC: return sync_take(ctx, self, is_done);
    case ANSWER_LOST: break;
    }
    self->is_broken = true;
    if (self->state == POSTGRES_FAILING) return failure_give(ctx, self);
    return run_break(self, postgres_error_lost(ctx, self));
}

ignis_code postgres_step(ignis_context *ctx, ignis_connection *connection, ignis_batch *batch)
{
    postgres_connection *self = connection_of(connection);
    bool is_done = false;
    *batch = (ignis_batch){.state = IGNIS_BATCH_IDLE};
    arena_reset(&self->decoded);
    if (self->state == POSTGRES_IDLE) return IGNIS_OK;
    ignis_code code = IGNIS_OK;
    if (self->state == POSTGRES_COPYING) code = postgres_copy_step(ctx, self, batch, &is_done);
    while (code == IGNIS_OK && !is_done) {
        code = self->result ? result_take(ctx, self, batch, &is_done)
                            : answer_take(ctx, self, batch, &is_done);
    }
    if (code != IGNIS_OK || self->state == POSTGRES_IDLE) {
        *batch = (ignis_batch){.state = IGNIS_BATCH_IDLE};
    }
    return code;
}

ignis_wants postgres_wants(const ignis_connection *connection)
{
    const postgres_connection *self = (const postgres_connection *)connection;
    bool is_moving = self->state != POSTGRES_IDLE && !self->result;
    if (!is_moving) return (ignis_wants){.descriptor = -1};
    int events = IGNIS_WANTS_READ;
    bool is_sending = postgres_copy_is_sending(self) || PQflush(self->handle) == 1;
    if (is_sending) events |= IGNIS_WANTS_WRITE;
    return (ignis_wants){.descriptor = PQsocket(self->handle), .events = events};
}

/* ---- as the interface names them ---- */

/* Takes what has arrived already. true: that was all, and the connection is free. */
static bool rest_take(postgres_connection *self)
{
    if (self->state == POSTGRES_CLEANING || self->state == POSTGRES_COPYING) return false;
    if (self->result) call_end(self);
    self->state = POSTGRES_FAILING;
    answer found = answer_next(self);
    return found == ANSWER_SYNC;
}

static void abandon(ignis_connection *connection)
{
    postgres_connection *self = connection_of(connection);
    if (self->copy.state == POSTGRES_COPY_PAUSED) postgres_copy_drop(self);
    if (self->state == POSTGRES_IDLE) return;
    if (!rest_take(self)) {
        postgres_canceller_send(self->canceller);
        self->is_broken = true;
    }
    postgres_run_end(self);
}

static void cancel(ignis_connection *connection)
{
    postgres_connection *self = connection_of(connection);
    int expected = POSTGRES_RUN_ON;
    if (atomic_compare_exchange_strong(&self->run, &expected, POSTGRES_RUN_CANCELLED))
        postgres_canceller_send(self->canceller);
}

static bool is_broken(const ignis_connection *connection)
{
    const postgres_connection *self = (const postgres_connection *)connection;
    return self->is_broken || PQstatus(self->handle) != CONNECTION_OK;
}

static bool in_transaction(const ignis_connection *connection)
{
    const postgres_connection *self = (const postgres_connection *)connection;
    bool is_known = self->state == POSTGRES_IDLE && self->copy.state == POSTGRES_COPY_NONE;
    if (!is_known) return self->began_in_transaction;
    PGTransactionStatusType status = PQtransactionStatus(self->handle);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

static bool check(ignis_connection *connection)
{
    postgres_connection *self = connection_of(connection);
    if (is_broken(connection) || is_cut(self)) return false;
    /* Notices and changed settings. */
    return PQconsumeInput(self->handle) == 1;
}

static const char *column(const ignis_connection *connection, size_t index, ignis_value_type *type)
{
    const postgres_connection *self = (const postgres_connection *)connection;
    *type = postgres_type_of(PQftype(self->result, (int)index));
    return PQfname(self->result, (int)index);
}

static void disconnect(ignis_connection *connection)
{
    postgres_connection_close(connection_of(connection));
}

static size_t connections_max(const ignis_database *database)
{
    (void)database;
    return 0;
}

const ignis_driver ignis_postgres_driver = {
    .struct_size = sizeof(ignis_driver),
    .name = "postgres",
    .dialect = IGNIS_DIALECT_POSTGRES,
    .open = postgres_database_open,
    .close = postgres_database_close,
    .connections_max = connections_max,
    .connect = postgres_database_connect,
    .disconnect = disconnect,
    .start = postgres_start,
    .wants = postgres_wants,
    .step = postgres_step,
    .abandon = abandon,
    .cancel = cancel,
    .is_broken = is_broken,
    .in_transaction = in_transaction,
    .check = check,
    .column = column,
    .drop = postgres_database_drop,
    .copies = true,
};

#else

static ignis_code open_none(ignis_context *ctx, const ignis_driver_settings *settings,
                            ignis_database **database)
{
    (void)settings, (void)database;
    return context_fail(ctx, IGNIS_E_UNSUPPORTED, "built without libpq");
}

const ignis_driver ignis_postgres_driver = {
    .struct_size = sizeof(ignis_driver),
    .name = "postgres",
    .dialect = IGNIS_DIALECT_POSTGRES,
    .open = open_none,
};

#endif
