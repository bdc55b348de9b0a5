#include "run/run.h"

#include <inttypes.h>
#include <stdio.h>

void run_log_start(run_call *call)
{
    const log_sink *sink = pool_log(call->connections);
    if (!sink) return;
    ignis_log_level level = context_log_level(call->ctx);
    if (level == IGNIS_LOG_OFF) return;
    call->log.level = level == IGNIS_LOG_DEFAULT ? IGNIS_LOG_DEBUG : level;
    call->log.sink = sink;
}

void run_log_step(run_call *call)
{
    call->log.at = 0;
    call->log.rows_count = 0;
    if (call->log.sink) call->log.started_us = clock_monotonic_us();
}

/* "statement in 0.120 ms", "statement failed after 3.000 ms: unique". */
static void statement_tell(run_call *call, ignis_log_entry *entry, const char *what)
{
    char message[128];
    const run_log *log = &call->log;
    const ignis_execution *execution = &call->step.executions[log->at];
    ignis_context *ctx = call->ctx;
    ignis_mark mark = arena_mark(&ctx->scratch);
    if (log->sink->to.with_values) {
        text values;
        text_init(&values, &ctx->scratch, 0);
        driver_values_write(&values, execution);
        entry->values = text_finish(&values);
    }
    bool is_failure = entry->code != IGNIS_OK;
    (void)snprintf(message, sizeof(message), "%s %" PRId64 ".%03d ms%s%s", what,
                   entry->elapsed_us / 1000, (int)(entry->elapsed_us % 1000),
                   is_failure ? ": " : "", is_failure ? ignis_code_name(entry->code) : "");
    entry->message = message;
    entry->scope = ctx->scope;
    entry->statement = execution->statement->sql;
    entry->statement_size = execution->statement->sql_size;
    entry->rows_count = log->rows_count;
    log_entry_write(log->sink, entry);
    arena_release(&ctx->scratch, mark);
}

static void end_tell(run_call *call, const ignis_batch *batch)
{
    run_log *log = &call->log;
    const ignis_log *to = &log->sink->to;
    ignis_log_entry entry = {.level = log->level,
                             .elapsed_us = clock_monotonic_us() - log->started_us};
    bool is_slow = to->slow_ms > 0 && entry.elapsed_us / 1000 >= to->slow_ms;
    if (is_slow && entry.level > IGNIS_LOG_WARN) entry.level = IGNIS_LOG_WARN;
    log->at = batch->execution;
    if (batch->affected > 0) log->rows_count = batch->affected;
    if (log_wants(log->sink, entry.level)) {
        statement_tell(call, &entry, is_slow ? "slow statement in" : "statement in");
    }
    log->at = batch->execution + 1;
    log->rows_count = 0;
}

void run_log_batch(run_call *call, const ignis_batch *batch)
{
    if (!call->log.sink) return;
    if (batch->state == IGNIS_BATCH_ROWS) call->log.rows_count += (int64_t)batch->rows_count;
    if (batch->state == IGNIS_BATCH_END) end_tell(call, batch);
    if (batch->state == IGNIS_BATCH_IDLE) call->log.started_us = 0;
}

void run_log_end(run_call *call)
{
    run_log *log = &call->log;
    ignis_code code = context_error_code(call->ctx);
    bool is_failure = log->sink && log->started_us != 0 && log->at < call->step.count;
    /* What a replica does not answer another may. */
    ignis_log_level level = call->work->wait_ms ? IGNIS_LOG_WARN : IGNIS_LOG_ERROR;
    if (!is_failure || code == IGNIS_OK || !log_wants(log->sink, level)) return;
    ignis_log_entry entry = {
        .level = level, .code = code, .elapsed_us = clock_monotonic_us() - log->started_us};
    statement_tell(call, &entry, "statement failed after");
    log->started_us = 0;
}
