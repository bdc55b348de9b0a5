#include "run/run.h"

typedef struct script_work {
    run_work work;
    const sql_script *script;
    ignis_dialect dialect;
    bool is_inside; /* a transaction of the caller's: no BEGIN, no COMMIT */
    size_t next;    /* 0: BEGIN; count + 1: COMMIT */
    size_t failed;  /* the same; 0: no statement failed, or BEGIN */
    ignis_statement statement;
    ignis_execution execution;
} script_work;

static ignis_code script_next(ignis_context *ctx, run_work *work, run_step *step)
{
    (void)ctx;
    script_work *script = (script_work *)work;
    if (script->is_inside && script->next == 0) script->next = 1;
    size_t at = script->next++;
    if (at > script->script->count + (script->is_inside ? 0 : 1)) return IGNIS_OK;
    if (at == 0) {
        script->statement = *sql_begin_write(script->dialect);
    } else if (at <= script->script->count) {
        const char *sql = script->script->statements[at - 1];
        script->statement = (ignis_statement){.sql = sql, .sql_size = strlen(sql)};
    } else {
        script->statement = sql_commit;
    }
    script->execution = (ignis_execution){.statement = &script->statement};
    *step = (run_step){&script->execution, 1};
    return IGNIS_OK;
}

static ignis_code script_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    (void)ctx;
    (void)work;
    (void)batch;
    return IGNIS_OK;
}

static void script_explain(ignis_context *ctx, run_work *work)
{
    (void)ctx;
    script_work *script = (script_work *)work;
    script->failed = script->next - 1;
}

/* A table fails as a whole; what its expressions answer one by one tells of which it was. */
static const char *place_find(ignis_context *ctx, const run_source *source,
                              const sql_script *script, size_t at)
{
    context_saved saved;
    const char *place = script->places[at];
    bool is_found = false;
    if (ctx->transaction) return place; /* it takes no further statement */
    context_save(ctx, &saved);
    for (size_t i = 0; i < script->probes_count && !is_found; i++) {
        const sql_probe *probe = &script->probes[i];
        if (probe->statement != at) continue;
        const sql_script alone = {.statements = &probe->sql, .count = 1};
        is_found = run_script(ctx, source, &alone) == IGNIS_E_DATABASE;
        if (is_found) place = probe->place;
    }
    context_restore(ctx, &saved);
    return place;
}

ignis_code run_script(ignis_context *ctx, const run_source *source, const sql_script *script)
{
    script_work work = {
        .work = {.next = script_next, .take = script_take, .explain = script_explain},
        .script = script,
        .dialect = run_cache_dialect(source->cache),
        .is_inside = ctx->transaction != NULL};
    IGNIS_TRY(run_write_check(ctx));
    ignis_code code = run_call_finish(ctx, source->connections, &work.work);
    bool is_refused = code == IGNIS_E_DATABASE || code == IGNIS_E_LIMIT;
    bool has_place = script->places && work.failed > 0 && work.failed <= script->count;
    if (!is_refused || !has_place) return code;
    return context_path(ctx, "%s", place_find(ctx, source, script, work.failed - 1));
}
