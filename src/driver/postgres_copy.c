/* Rows by COPY, which libpq does not take in a pipeline: the connection leaves pipeline mode for it. A COPY
   may last for several starts, so that the server works while the next rows are bound. */
#include "driver/postgres.h"

#ifdef IGNIS_HAVE_POSTGRES

#include <libpq-fe.h>
#include <poll.h>
#include <stdatomic.h>

enum { COPY_CHUNK_SIZE = 64 * 1024 };

/* What the server is told of rows that are not to be kept. */
static const char given_up[] = "the rows are given up";

typedef enum progress { PROGRESS_DONE, PROGRESS_WAIT, PROGRESS_LOST } progress;

/* ---- making ---- */

static const ignis_execution *execution_of(const postgres_connection *self)
{
    return self->calls[0].execution;
}

bool postgres_copy_is_sending(const postgres_connection *self)
{
    postgres_copy_state state = self->copy.state;
    return self->state == POSTGRES_COPYING &&
           (state == POSTGRES_COPY_SENDING || state == POSTGRES_COPY_CLOSING);
}

/* Whether these rows are for the COPY that is paused. */
static bool is_continued(const postgres_connection *self, const ignis_execution *execution)
{
    const ignis_statement *statement = execution->statement;
    const postgres_copy *copy = &self->copy;
    bool is_open = copy->state == POSTGRES_COPY_PAUSED && !copy->is_dropped;
    return is_open && statement->copies && statement->id != 0 && statement->id == copy->id;
}

ignis_code postgres_copy_make(ignis_context *ctx, postgres_connection *self,
                              const ignis_execution *execution)
{
    static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* and its own NUL */
    const ignis_statement *statement = execution->statement;
    postgres_call *call = arena_array(&self->bound, 1, sizeof(*call));
    if (!call) return context_fail_memory(ctx, &self->bound);
    call->execution = execution;
    call->verb = DRIVER_VERB_OTHER;
    call->sql = arena_copy(&self->bound, statement->sql, statement->sql_size);
    if (!call->sql) return context_fail_memory(ctx, &self->bound);
    text_init(&self->copy.rows, &self->bound, POSTGRES_MESSAGE_SIZE_MAX);
    if (!is_continued(self, execution)) text_append(&self->copy.rows, head, sizeof(head));
    IGNIS_TRY(postgres_copy_bind(ctx, execution, &self->copy.rows));
    self->copy.sent_size = 0;
    self->calls = call;
    self->calls_count = 1;
    return IGNIS_OK;
}

/* ---- errors ---- */

static void failure_note(ignis_context *ctx, postgres_connection *self, PGresult *result)
{
    if (postgres_error_is_fatal(result)) self->is_broken = true;
    /* What was given up ends as a cancel, which nobody asked for. */
    if (self->copy.has_failed || (self->copy.is_dropped && !self->is_broken)) return;
    if (postgres_error_is_cancel(result)) self->was_cancelled = true;
    (void)postgres_error_report(ctx, self, result);
    context_save(ctx, &self->failure);
    self->copy.has_failed = true;
}

static void result_note(ignis_context *ctx, postgres_connection *self, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COPY_IN) {
        self->copy.state = POSTGRES_COPY_SENDING;
    } else if (status == PGRES_COMMAND_OK) {
        const char *count = PQcmdTuples(result);
        (void)number_integer(count, strlen(count), &self->copy.affected);
    } else {
        failure_note(ctx, self, result);
    }
}

static ignis_code failure_give(ignis_context *ctx, postgres_connection *self)
{
    context_restore(ctx, &self->failure);
    postgres_run_end(self);
    return context_error_code(ctx);
}

/* Why the server left libpq shows only where the rows have ended. */
static void farewell_take(ignis_context *ctx, postgres_connection *self)
{
    if (!postgres_copy_is_sending(self) || PQputCopyEnd(self->handle, given_up) != 1) return;
    PGresult *result = PQisBusy(self->handle) ? NULL : PQgetResult(self->handle);
    if (!result) return;
    result_note(ctx, self, result);
    PQclear(result);
}

static ignis_code lost_give(ignis_context *ctx, postgres_connection *self)
{
    self->is_broken = true;
    farewell_take(ctx, self);
    self->copy.state = POSTGRES_COPY_NONE;
    if (self->copy.has_failed) return failure_give(ctx, self);
    ignis_code code = postgres_error_lost(ctx, self);
    postgres_run_end(self);
    return code;
}

/* ---- start ---- */

static ignis_code copy_begin(ignis_context *ctx, postgres_connection *self)
{
    self->copy = (postgres_copy){.state = POSTGRES_COPY_ASKED,
                                 .id = execution_of(self)->statement->id,
                                 .rows = self->copy.rows};
    bool is_sent = PQexitPipelineMode(self->handle) == 1 &&
                   PQsendQuery(self->handle, self->calls[0].sql) == 1 && PQflush(self->handle) >= 0;
    return is_sent ? IGNIS_OK : lost_give(ctx, self);
}

ignis_code postgres_copy_start(ignis_context *ctx, postgres_connection *self)
{
    bool is_paused = self->copy.state == POSTGRES_COPY_PAUSED;
    self->state = POSTGRES_COPYING;
    if (!is_paused) return copy_begin(ctx, self);
    self->copy.is_followed = !is_continued(self, execution_of(self));
    self->copy.state = self->copy.is_followed ? POSTGRES_COPY_CLOSING : POSTGRES_COPY_SENDING;
    return IGNIS_OK;
}

void postgres_copy_drop(postgres_connection *self)
{
    self->copy.is_dropped = true;
    if (!self->began_in_transaction) self->is_broken = true;
}

/* ---- sending ---- */

/* Of what the server says meanwhile libpq shows nothing before the rows have ended, so it is to be told
   from the socket that it speaks. It reads and drops what follows its error. */
static bool is_spoken(const postgres_connection *self)
{
    struct pollfd look = {.fd = PQsocket(self->handle), .events = POLLIN};
    return poll(&look, 1, 0) > 0;
}

static bool input_take(postgres_connection *self)
{
    bool is_cancelled = atomic_load(&self->run) == POSTGRES_RUN_CANCELLED;
    if (is_cancelled || is_spoken(self)) self->copy.is_heard = true;
    return PQconsumeInput(self->handle) == 1;
}

/* data counts as sent where PQputCopyData takes it. */
static progress chunk_send(postgres_connection *self, const char *data, size_t size)
{
    int taken = PQputCopyData(self->handle, data, (int)size);
    if (taken < 0) return PROGRESS_LOST;
    if (taken == 0) return PQflush(self->handle) < 0 ? PROGRESS_LOST : PROGRESS_WAIT;
    return PROGRESS_DONE;
}

static progress rows_send(postgres_connection *self)
{
    postgres_copy *copy = &self->copy;
    if (!input_take(self)) return PROGRESS_LOST;
    while (copy->sent_size < copy->rows.size) {
        size_t size = copy->rows.size - copy->sent_size;
        if (size > COPY_CHUNK_SIZE) size = COPY_CHUNK_SIZE;
        progress sent = chunk_send(self, copy->rows.data + copy->sent_size, size);
        if (sent != PROGRESS_DONE) return sent;
        copy->sent_size += size;
        int left = PQflush(self->handle);
        if (left < 0) return PROGRESS_LOST;
        if (left > 0) return PROGRESS_WAIT;
    }
    bool goes_on = execution_of(self)->goes_on && copy->id != 0;
    copy->state = goes_on && !copy->is_heard ? POSTGRES_COPY_PAUSED : POSTGRES_COPY_CLOSING;
    return PROGRESS_DONE;
}

static progress end_send(postgres_connection *self)
{
    static const char mark[] = {'\377', '\377'};
    postgres_copy *copy = &self->copy;
    if (!input_take(self)) return PROGRESS_LOST;
    if (!copy->is_dropped && !copy->is_trailed) {
        progress sent = chunk_send(self, mark, sizeof(mark));
        if (sent != PROGRESS_DONE) return sent;
        copy->is_trailed = true;
    }
    int ended = PQputCopyEnd(self->handle, copy->is_dropped ? given_up : NULL);
    if (ended < 0 || PQflush(self->handle) < 0) return PROGRESS_LOST;
    if (ended == 0) return PROGRESS_WAIT;
    copy->state = POSTGRES_COPY_ENDING;
    return PROGRESS_DONE;
}

/* ---- answers ---- */

static void end_give(const postgres_connection *self, ignis_batch *batch, bool *is_done)
{
    *batch = (ignis_batch){.state = IGNIS_BATCH_END, .affected = self->copy.affected};
    *is_done = true;
}

/* The server is done with the rows: now what this start is for, where it is something else. */
static ignis_code copy_end(ignis_context *ctx, postgres_connection *self, ignis_batch *batch,
                           bool *is_done)
{
    bool is_followed = self->copy.is_followed && !self->copy.has_failed;
    self->copy.state = POSTGRES_COPY_NONE;
    if (is_followed && execution_of(self)->statement->copies) return copy_begin(ctx, self);
    if (PQstatus(self->handle) != CONNECTION_OK || PQenterPipelineMode(self->handle) != 1) {
        return lost_give(ctx, self);
    }
    if (self->copy.has_failed) return failure_give(ctx, self);
    if (is_followed) return postgres_calls_start(ctx, self);
    end_give(self, batch, is_done);
    return IGNIS_OK;
}

/* Takes what the server says next. is_done: *batch is filled. */
static ignis_code answer_take(ignis_context *ctx, postgres_connection *self, ignis_batch *batch,
                              bool *is_done)
{
    bool is_alive = !PQisBusy(self->handle) || postgres_network_move(self);
    if (PQisBusy(self->handle)) {
        *is_done = true;
        return is_alive ? postgres_wait_give(ctx, self, batch) : lost_give(ctx, self);
    }
    PGresult *result = PQgetResult(self->handle);
    if (!result) return copy_end(ctx, self, batch, is_done);
    result_note(ctx, self, result);
    PQclear(result);
    return self->is_broken ? lost_give(ctx, self) : IGNIS_OK;
}

/* Sends what is to be sent. is_done: *batch is filled. */
static ignis_code sending_step(ignis_context *ctx, postgres_connection *self, ignis_batch *batch,
                               bool *is_done)
{
    bool is_closing = self->copy.state == POSTGRES_COPY_CLOSING;
    progress sent = is_closing ? end_send(self) : rows_send(self);
    if (sent == PROGRESS_LOST) return lost_give(ctx, self);
    if (sent == PROGRESS_WAIT) {
        *is_done = true;
        return postgres_wait_give(ctx, self, batch);
    }
    if (self->copy.state == POSTGRES_COPY_PAUSED) end_give(self, batch, is_done);
    return IGNIS_OK;
}

ignis_code postgres_copy_step(ignis_context *ctx, postgres_connection *self, ignis_batch *batch,
                              bool *is_done)
{
    ignis_code code = IGNIS_OK;
    *is_done = false;
    while (code == IGNIS_OK && !*is_done && self->state == POSTGRES_COPYING) {
        switch (self->copy.state) {
        case POSTGRES_COPY_NONE:
        case POSTGRES_COPY_PAUSED: /* the end was handed over */ postgres_run_end(self); break;
        case POSTGRES_COPY_SENDING:
        case POSTGRES_COPY_CLOSING: code = sending_step(ctx, self, batch, is_done); break;
        case POSTGRES_COPY_ASKED:
        case POSTGRES_COPY_ENDING: code = answer_take(ctx, self, batch, is_done); break;
        }
    }
    if (self->state == POSTGRES_IDLE) *is_done = true;
    return code;
}

#endif
