/* Rows by COPY, which libpq does not take in a pipeline: the connection leaves pipeline mode for it. */
#include "driver/driver.h"

#ifdef IGNIS_HAVE_POSTGRES

#include <libpq-fe.h>

enum { COPY_CHUNK_SIZE = 64 * 1024 };

typedef enum progress { PROGRESS_DONE, PROGRESS_WAIT, PROGRESS_LOST } progress;

/* ---- start ---- */

static ignis_code rows_encode(ignis_context *ctx, postgres_connection *self,
                              const ignis_execution *execution)
{
    const ignis_statement *statement = execution->statement;
    postgres_call *call = arena_array(&self->bound, 1, sizeof(*call));
    if (!call) return context_fail_memory(ctx, &self->bound);
    call->execution = execution;
    call->verb = DRIVER_VERB_OTHER;
    call->sql = arena_copy(&self->bound, statement->sql, statement->sql_size);
    if (!call->sql) return context_fail_memory(ctx, &self->bound);
    self->calls = call;
    self->calls_count = 1;
    text_init(&self->copied, &self->bound, POSTGRES_MESSAGE_SIZE_MAX);
    return postgres_copy_bind(ctx, execution, &self->copied);
}

ignis_code postgres_copy_start(ignis_context *ctx, postgres_connection *self,
                               const ignis_execution *execution)
{
    self->copy = POSTGRES_COPY_ASKED;
    self->copied_at = 0;
    self->copied_count = 0;
    self->copy_failed = false;
    ignis_code code = rows_encode(ctx, self, execution);
    if (code == IGNIS_OK) {
        bool is_sent = PQexitPipelineMode(self->handle) == 1 &&
                       PQsendQuery(self->handle, self->calls[0].sql) == 1 &&
                       PQflush(self->handle) >= 0;
        self->state = POSTGRES_COPYING;
        if (is_sent) return IGNIS_OK;
        code = postgres_error_lost(ctx, self);
        self->is_broken = true;
    }
    postgres_run_end(self);
    return code;
}

/* ---- steps ---- */

/* What the server says meanwhile, such as an error, waits until all rows are sent: it reads and drops
   them. */
static progress rows_send(postgres_connection *self)
{
    if (PQconsumeInput(self->handle) != 1) return PROGRESS_LOST;
    while (self->copied_at < self->copied.size) {
        size_t rest = self->copied.size - self->copied_at;
        int size = rest < COPY_CHUNK_SIZE ? (int)rest : COPY_CHUNK_SIZE;
        int taken = PQputCopyData(self->handle, self->copied.data + self->copied_at, size);
        if (taken < 0) return PROGRESS_LOST;
        if (taken > 0) self->copied_at += (size_t)size;
        int left = PQflush(self->handle);
        if (left < 0) return PROGRESS_LOST;
        if (left > 0 || taken == 0) return PROGRESS_WAIT;
    }
    int ended = PQputCopyEnd(self->handle, NULL);
    if (ended < 0 || PQflush(self->handle) < 0) return PROGRESS_LOST;
    return ended > 0 ? PROGRESS_DONE : PROGRESS_WAIT;
}

static void result_note(ignis_context *ctx, postgres_connection *self, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COPY_IN) {
        self->copy = POSTGRES_COPY_SENDING;
    } else if (status == PGRES_COMMAND_OK) {
        const char *count = PQcmdTuples(result);
        (void)number_integer(count, strlen(count), &self->copied_count);
    } else if (!self->copy_failed) {
        if (postgres_error_is_cancel(result)) self->was_cancelled = true;
        if (postgres_error_is_fatal(result)) self->is_broken = true;
        (void)postgres_error_report(ctx, self, result);
        context_save(ctx, &self->failure);
        self->copy_failed = true;
    }
}

static ignis_code failure_give(ignis_context *ctx, postgres_connection *self)
{
    context_restore(ctx, &self->failure);
    postgres_run_end(self);
    return context_error_code(ctx);
}

static ignis_code lost_give(ignis_context *ctx, postgres_connection *self)
{
    self->is_broken = true;
    if (self->copy_failed) return failure_give(ctx, self);
    ignis_code code = postgres_error_lost(ctx, self);
    postgres_run_end(self);
    return code;
}

/* The server is done. */
static ignis_code copy_end(ignis_context *ctx, postgres_connection *self, ignis_batch *batch)
{
    if (PQstatus(self->handle) != CONNECTION_OK || PQenterPipelineMode(self->handle) != 1) {
        return lost_give(ctx, self);
    }
    if (self->copy_failed) return failure_give(ctx, self);
    self->copy = POSTGRES_COPY_ENDED;
    *batch = (ignis_batch){.state = IGNIS_BATCH_END, .affected = self->copied_count};
    return IGNIS_OK;
}

ignis_code postgres_copy_step(ignis_context *ctx, postgres_connection *self, ignis_batch *batch)
{
    if (self->copy == POSTGRES_COPY_ENDED) {
        postgres_run_end(self);
        return IGNIS_OK;
    }
    for (;;) {
        if (self->copy == POSTGRES_COPY_SENDING) {
            progress sent = rows_send(self);
            if (sent == PROGRESS_WAIT) return postgres_wait_give(ctx, self, batch);
            if (sent == PROGRESS_LOST) return lost_give(ctx, self);
            self->copy = POSTGRES_COPY_ENDING;
        }
        bool is_alive = !PQisBusy(self->handle) || postgres_network_move(self);
        if (PQisBusy(self->handle)) {
            return is_alive ? postgres_wait_give(ctx, self, batch) : lost_give(ctx, self);
        }
        PGresult *result = PQgetResult(self->handle);
        if (!result) return copy_end(ctx, self, batch);
        result_note(ctx, self, result);
        PQclear(result);
        if (self->is_broken) return lost_give(ctx, self);
    }
}

#endif
