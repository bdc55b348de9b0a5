#include "run/run.h"

typedef struct ping_work {
    run_work work;
    ignis_execution execution;
    bool was_given;
    bool has_answered;
} ping_work;

static ignis_code ping_next(ignis_context *ctx, run_work *work, run_step *step)
{
    (void)ctx;
    ping_work *ping = (ping_work *)work;
    if (!ping->was_given) *step = (run_step){&ping->execution, 1};
    ping->was_given = true;
    return IGNIS_OK;
}

static ignis_code ping_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    (void)ctx;
    ping_work *ping = (ping_work *)work;
    const ignis_cell *cell = batch->cells;
    bool is_one = cell->kind == IGNIS_CELL_INTEGER && cell->as.integer == 1;
    ping->has_answered = batch->rows_count == 1 && is_one;
    return IGNIS_OK;
}

ignis_code run_ping(ignis_context *ctx, pool *connections, int64_t wait_ms, bool *was_asked)
{
    ping_work ping = {.work = {.next = ping_next, .take = ping_take, .wait_ms = wait_ms},
                      .execution = {.statement = &sql_ping}};
    ignis_code code = run_call_finish(ctx, connections, &ping.work);
    *was_asked = ping.was_given;
    if (code != IGNIS_OK || ping.has_answered) return code;
    return context_fail(ctx, IGNIS_E_DATABASE, "the database answers something else than 1");
}
