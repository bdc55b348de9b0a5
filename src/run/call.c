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
        call->connection = transaction->connection;
    } else {
        IGNIS_TRY(pool_acquire(ctx, connections, &call->connection));
    }
    context_cancel_hook(ctx, call_cancel, call);
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

/* Hands the next statements to the driver. */
static ignis_code call_next(run_call *call, bool *is_done)
{
    call->step = (run_step){0};
    IGNIS_TRY(call->work->next(call->ctx, call->work, &call->step));
    *is_done = call->step.count == 0;
    if (*is_done) return IGNIS_OK;
    if (context_is_cancelled(call->ctx)) return context_fail_cancelled(call->ctx);
    call->is_running = true;
    const ignis_statement *first = call->step.executions[0].statement;
    if (first == sql_begin_read(call->driver->dialect)) call->is_read = true;
    if (call->driver->start(call->ctx, call->connection, call->step.executions, call->step.count) !=
        IGNIS_OK) {
        return call_fail(call);
    }
    /* A cancel just before start may be forgotten by the driver. */
    if (context_is_cancelled(call->ctx)) call->driver->cancel(call->connection);
    return IGNIS_OK;
}

ignis_code run_call_step(run_call *call, bool *is_done)
{
    *is_done = false;
    for (;;) {
        if (!call->is_running) {
            IGNIS_TRY(call_next(call, is_done));
            if (*is_done) return IGNIS_OK;
        }
        ignis_batch batch;
        if (call->driver->step(call->ctx, call->connection, &batch) != IGNIS_OK) {
            return call_fail(call);
        }
        switch (batch.state) {
        case IGNIS_BATCH_WAIT: return IGNIS_OK;
        case IGNIS_BATCH_ROWS: IGNIS_TRY(call->work->take(call->ctx, call->work, &batch)); break;
        case IGNIS_BATCH_END: break;
        case IGNIS_BATCH_IDLE: call->is_running = false; break;
        }
    }
}

ignis_wants run_call_wants(const run_call *call)
{
    return call->driver->wants(call->connection);
}

/* Gives up the running step. Nobody knows what becomes of the COMMIT of writes then. */
static ignis_code call_give_up(const run_call *call, ignis_code code)
{
    const char *reason =
        code == IGNIS_E_CANCELLED ? "the call was cancelled" : "the deadline passed";
    bool is_commit = call->is_running && step_has(call, DRIVER_VERB_COMMIT);
    if (is_commit && !call->is_read) {
        return context_fail(call->ctx, IGNIS_E_COMMIT_UNKNOWN, "%s during COMMIT", reason);
    }
    return context_fail(call->ctx, code, "%s", reason);
}

/* Milliseconds to sleep; 0: the deadline has passed. */
static int call_slice_ms(const ignis_context *ctx)
{
    if (!ctx->deadline_ms) return CALL_SLICE_MS;
    int64_t left_ms = ctx->deadline_ms - clock_monotonic_ms();
    return left_ms < 0 ? 0 : left_ms < CALL_SLICE_MS ? (int)left_ms : CALL_SLICE_MS;
}

static ignis_code call_wait(const run_call *call)
{
    ignis_wants wants = run_call_wants(call);
    if (wants.descriptor < 0) return IGNIS_OK;
    struct pollfd descriptor = {.fd = wants.descriptor};
    if (wants.events & IGNIS_WANTS_READ) descriptor.events |= POLLIN;
    if (wants.events & IGNIS_WANTS_WRITE) descriptor.events |= POLLOUT;
    for (;;) {
        int slice_ms = call_slice_ms(call->ctx);
        bool was_cancelled = context_is_cancelled(call->ctx);
        int ready = poll(&descriptor, 1, slice_ms);
        if (ready > 0) return IGNIS_OK;
        if (ready < 0 && errno != EINTR) {
            return context_fail(call->ctx, IGNIS_E_CONNECTION, "poll: error %d", errno);
        }
        if (ready < 0) continue;
        if (slice_ms == 0) return call_give_up(call, IGNIS_E_TIMEOUT);
        if (was_cancelled) return call_give_up(call, IGNIS_E_CANCELLED);
    }
}

/* A transaction left open by an error. Whatever happens here, the first error is the one to tell. */
static void call_rollback(run_call *call)
{
    const ignis_execution rollback = {.statement = &sql_rollback};
    if (call->driver->start(call->ctx, call->connection, &rollback, 1) != IGNIS_OK) return;
    for (;;) {
        ignis_batch batch;
        if (call->driver->step(call->ctx, call->connection, &batch) != IGNIS_OK) return;
        if (batch.state == IGNIS_BATCH_IDLE) return;
        if (batch.state == IGNIS_BATCH_WAIT && call_wait(call) != IGNIS_OK) return;
    }
}

void run_call_end(run_call *call)
{
    if (!call->connection) return;
    /* From here on a cancel could only hit the rollback, or whoever gets the connection next. */
    context_cancel_hook(call->ctx, NULL, NULL);
    call->is_running = false;
    call->driver->abandon(call->connection);
    if (call->is_inside) {
        call->connection = NULL;
        return;
    }
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
