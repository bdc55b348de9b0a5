#include "run/run.h"

#include <errno.h>
#include <poll.h>

/* The longest sleep in poll. A cancelled call gives its engine that long to answer the cancel, so that
   the connection stays usable; it needs no descriptor of its own to be woken by. */
enum { CALL_SLICE_MS = 50 };

static void call_cancel(void *data)
{
    const run_call *call = data;
    call->driver->cancel(call->connection);
}

ignis_code run_call_start(ignis_context *ctx, pool *connections, run_work *work, run_call *call)
{
    *call = (run_call){
        .ctx = ctx, .connections = connections, .driver = pool_driver(connections), .work = work};
    IGNIS_TRY(run_context_check(ctx, connections));
    const run_transaction *transaction = ctx->transaction;
    call->is_inside = transaction != NULL;
    if (transaction) {
        call->is_read = transaction->read_only;
        call->connection = transaction->connection;
    } else {
        IGNIS_TRY(work->wait_ms ? pool_try(ctx, connections, work->wait_ms, &call->connection)
                                : pool_acquire(ctx, connections, &call->connection));
    }
    work->connection = call->connection;
    context_cancel_hook(ctx, call_cancel, call);
    run_log_start(call);
    return IGNIS_OK;
}

static ignis_code call_fail(run_call *call)
{
    call->is_running = false;
    if (call->work->explain) call->work->explain(call->ctx, call->work);
    return context_error_code(call->ctx);
}

static bool step_has(const run_call *call, driver_verb verb)
{
    for (size_t i = 0; i < call->step.count; i++) {
        if (driver_verb_of(call->step.executions[i].statement) == verb) return true;
    }
    return false;
}

static bool step_commits_itself(const run_call *call)
{
    const ignis_statement *statement = call->step.executions[0].statement;
    return statement->raw && !statement->reads && !call->is_inside;
}

static bool call_is_cancelled(const run_call *call)
{
    return !call->work->is_cleanup && context_is_cancelled(call->ctx);
}

/* Hands the next statements to the driver. */
static ignis_code call_next(run_call *call, bool *is_done)
{
    call->step = (run_step){0};
    IGNIS_TRY(call->work->next(call->ctx, call->work, &call->step));
    call->is_done = call->step.count == 0;
    *is_done = call->is_done;
    if (*is_done) return IGNIS_OK;
    if (call_is_cancelled(call)) return context_fail_cancelled(call->ctx);
    call->is_running = true;
    const ignis_statement *first = call->step.executions[0].statement;
    if (first == sql_begin_read(call->driver->dialect)) call->is_read = true;
    run_log_step(call);
    if (call->driver->start(call->ctx, call->connection, call->step.executions, call->step.count) !=
        IGNIS_OK) {
        return call_fail(call);
    }
    call->has_started = true;
    /* A cancel just before start may be forgotten by the driver. */
    if (call_is_cancelled(call)) call->driver->cancel(call->connection);
    return IGNIS_OK;
}

/* Gives up the running step. Nobody knows what becomes of the COMMIT of writes then, nor of a statement
   that is a transaction by itself. */
static ignis_code call_give_up(const run_call *call)
{
    const char *reason =
        call->late == IGNIS_E_CANCELLED ? "the call was cancelled" : "the deadline passed";
    bool is_open = step_has(call, DRIVER_VERB_COMMIT) || step_commits_itself(call);
    if (is_open && !call->is_read)
        return context_fail(call->ctx, IGNIS_E_COMMIT_UNKNOWN, "%s during COMMIT", reason);
    return context_fail(call->ctx, call->late, "%s", reason);
}

static ignis_code batch_take(run_call *call, const ignis_batch *batch)
{
    bool is_end = batch->state == IGNIS_BATCH_END;
    const ignis_statement *statement = call->step.executions[batch->execution].statement;
    if (is_end && driver_verb_of(statement) == DRIVER_VERB_COMMIT) call->is_committed = true;
    if (is_end && !call->work->takes_ends) return IGNIS_OK;
    return call->work->take(call->ctx, call->work, batch);
}

static ignis_code call_advance(run_call *call, bool *is_done)
{
    for (;;) {
        if (!call->is_running) {
            IGNIS_TRY(call_next(call, is_done));
            if (*is_done) return IGNIS_OK;
        }
        ignis_batch batch;
        if (call->driver->step(call->ctx, call->connection, &batch) != IGNIS_OK) {
            return call->is_committed ? context_error_code(call->ctx) : call_fail(call);
        }
        run_log_batch(call, &batch);
        switch (batch.state) {
        case IGNIS_BATCH_WAIT: return call->late ? call_give_up(call) : IGNIS_OK;
        case IGNIS_BATCH_ROWS:
        case IGNIS_BATCH_END: IGNIS_TRY(batch_take(call, &batch)); break;
        case IGNIS_BATCH_IDLE: call->is_running = false; break;
        }
    }
}

ignis_code run_call_step(run_call *call, bool *is_done)
{
    *is_done = false;
    ignis_code code = call_advance(call, is_done);
    if (code == IGNIS_OK || !call->is_committed) return code;
    /* The connection was lost, or the time was over, between the answer to COMMIT and its end. */
    context_error_clear(call->ctx);
    call->is_done = true;
    *is_done = true;
    return IGNIS_OK;
}

ignis_wants run_call_wants(const run_call *call)
{
    return call->driver->wants(call->connection);
}

/* Milliseconds to sleep; 0: the deadline has passed. */
static int call_slice_ms(const ignis_context *ctx)
{
    if (!ctx->deadline_ms) return CALL_SLICE_MS;
    int64_t left_ms = ctx->deadline_ms - clock_monotonic_ms();
    return left_ms < 0 ? 0 : left_ms < CALL_SLICE_MS ? (int)left_ms : CALL_SLICE_MS;
}

/* Waits for the driver's descriptor. The time that is over is noted for the next step: the driver may
   know what became of its statements. */
static ignis_code call_wait(run_call *call)
{
    ignis_wants wants = run_call_wants(call);
    if (wants.descriptor < 0) return IGNIS_OK;
    struct pollfd descriptor = {.fd = wants.descriptor};
    if (wants.events & IGNIS_WANTS_READ) descriptor.events |= POLLIN;
    if (wants.events & IGNIS_WANTS_WRITE) descriptor.events |= POLLOUT;
    for (;;) {
        int slice_ms = call_slice_ms(call->ctx);
        bool was_cancelled = call_is_cancelled(call);
        int ready = poll(&descriptor, 1, slice_ms);
        if (ready > 0) return IGNIS_OK;
        if (ready < 0 && errno != EINTR) {
            return context_fail(call->ctx, IGNIS_E_CONNECTION, "poll: error %d", errno);
        }
        if (ready < 0) continue;
        if (slice_ms == 0) call->late = IGNIS_E_TIMEOUT;
        if (slice_ms > 0 && was_cancelled) call->late = IGNIS_E_CANCELLED;
        if (call->late) return IGNIS_OK;
    }
}

/* Steps until nothing runs any more; what comes is dropped. */
static void call_drain(run_call *call)
{
    for (;;) {
        ignis_batch batch;
        if (call->driver->step(call->ctx, call->connection, &batch) != IGNIS_OK) return;
        if (batch.state == IGNIS_BATCH_IDLE) return;
        if (batch.state != IGNIS_BATCH_WAIT) continue;
        if (call->late || call_wait(call) != IGNIS_OK) return;
    }
}

/* A transaction left open by an error. Whatever happens here, the first error is the one to tell. */
static void call_rollback(run_call *call)
{
    const ignis_execution rollback = {.statement = &sql_rollback};
    call->late = IGNIS_OK;
    if (call->driver->start(call->ctx, call->connection, &rollback, 1) == IGNIS_OK)
        call_drain(call);
}

/* The caller's transaction goes on, or back to a savepoint: its connection is worth the rest of the
   answer. An embedded engine has none. */
static void inside_end(run_call *call)
{
    run_transaction *transaction = call->ctx->transaction;
    context_saved saved;
    context_save(call->ctx, &saved);
    if (call->is_running && call->driver->dialect != IGNIS_DIALECT_SQLITE) call_drain(call);
    context_restore(call->ctx, &saved);
    call->driver->abandon(call->connection);
    call->connection = NULL;
    if (!call->has_started || call->is_done) return;
    ignis_code code = context_error_code(call->ctx);
    transaction->failure = code == IGNIS_OK ? IGNIS_E_CANCELLED : code;
}

void run_call_end(run_call *call)
{
    if (!call->connection) return;
    /* From here on a cancel could only hit the rollback, or whoever gets the connection next. */
    context_cancel_hook(call->ctx, NULL, NULL);
    run_log_end(call);
    if (call->is_inside) {
        inside_end(call);
        return;
    }
    call->is_running = false;
    call->driver->abandon(call->connection);
    if (!call->driver->is_broken(call->connection) &&
        call->driver->in_transaction(call->connection)) {
        context_saved saved;
        context_save(call->ctx, &saved);
        call_rollback(call);
        context_restore(call->ctx, &saved);
    }
    pool_release(call->connections, call->connection);
    call->connection = NULL;
}

ignis_code run_call_finish(ignis_context *ctx, pool *connections, run_work *work)
{
    run_call call;
    bool is_done = false;
    ignis_code code = run_call_start(ctx, connections, work, &call);
    while (code == IGNIS_OK && !is_done) {
        code = run_call_step(&call, &is_done);
        if (code == IGNIS_OK && !is_done) code = call_wait(&call);
    }
    run_call_end(&call);
    return code;
}
