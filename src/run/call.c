#include "run/run.h"

#include <errno.h>
#include <poll.h>

ignis_code run_call_start(ignis_context *ctx, pool *connections, run_work *work, run_call *call)
{
    *call = (run_call){
        .ctx = ctx, .connections = connections, .driver = pool_driver(connections), .work = work};
    return pool_acquire(ctx, connections, &call->connection);
}

static ignis_code call_fail(run_call *call)
{
    call->is_running = false;
    if (call->work->explain) call->work->explain(call->ctx, call->work);
    return context_error_code(call->ctx);
}

/* Hands the next statement to the driver. */
static ignis_code call_next(run_call *call, bool *is_done)
{
    IGNIS_TRY(call->work->next(call->ctx, call->work, &call->execution, is_done));
    if (*is_done) return IGNIS_OK;
    call->is_running = true;
    if (call->driver->start(call->ctx, call->connection, &call->execution, 1) == IGNIS_OK) {
        return IGNIS_OK;
    }
    return call_fail(call);
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

static ignis_code call_wait(const run_call *call)
{
    ignis_wants wants = run_call_wants(call);
    if (wants.descriptor < 0) return IGNIS_OK;
    struct pollfd descriptor = {.fd = wants.descriptor};
    if (wants.events & IGNIS_WANTS_READ) descriptor.events |= POLLIN;
    if (wants.events & IGNIS_WANTS_WRITE) descriptor.events |= POLLOUT;
    int timeout = -1;
    if (call->ctx->deadline_ms) {
        int64_t left = call->ctx->deadline_ms - clock_monotonic_ms();
        timeout = left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left;
    }
    int ready = poll(&descriptor, 1, timeout);
    if (ready == 0) return context_fail(call->ctx, IGNIS_E_TIMEOUT, "the deadline passed");
    if (ready < 0 && errno != EINTR) {
        return context_fail(call->ctx, IGNIS_E_CONNECTION, "poll: error %d", errno);
    }
    return IGNIS_OK;
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
