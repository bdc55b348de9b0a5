#include "run/run.h"

typedef struct script_work {
    run_work work;
    const sql_script *script;
    ignis_dialect dialect;
    size_t next; /* 0: BEGIN; count + 1: COMMIT */
    ignis_statement statement;
} script_work;

static ignis_code script_next(ignis_context *ctx, run_work *work, ignis_execution *execution,
                              bool *is_done)
{
    (void)ctx;
    script_work *script = (script_work *)work;
    size_t at = script->next++;
    *is_done = at > script->script->count + 1;
    if (at == 0) {
        script->statement = *sql_begin_write(script->dialect);
    } else if (at <= script->script->count) {
        const char *sql = script->script->statements[at - 1];
        script->statement = (ignis_statement){.sql = sql, .sql_size = strlen(sql)};
    } else {
        script->statement = sql_commit;
    }
    *execution = (ignis_execution){.statement = &script->statement};
    return IGNIS_OK;
}

static ignis_code script_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    (void)ctx;
    (void)work;
    (void)batch;
    return IGNIS_OK;
}

ignis_code run_script(ignis_context *ctx, const run_source *source, const sql_script *script)
{
    script_work work = {.work = {.next = script_next, .take = script_take},
                        .script = script,
                        .dialect = run_cache_dialect(source->cache)};
    return run_call_finish(ctx, source->connections, &work.work);
}
