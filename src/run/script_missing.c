#include "run/run.h"

/* One statement whose rows are numbers of tables. */
typedef struct look_work {
    run_work work;
    ignis_execution execution;
    bool was_given;
    bool *is_there; /* by table */
    size_t tables_count;
    size_t there_count;
} look_work;

static ignis_code look_next(ignis_context *ctx, run_work *work, run_step *step)
{
    (void)ctx;
    look_work *look = (look_work *)work;
    if (!look->was_given) *step = (run_step){&look->execution, 1};
    look->was_given = true;
    return IGNIS_OK;
}

static ignis_code look_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    look_work *look = (look_work *)work;
    for (size_t i = 0; i < batch->rows_count; i++) {
        int64_t table = batch->cells[i].as.integer;
        if (table < 0 || (uint64_t)table >= look->tables_count)
            return context_fail(ctx, IGNIS_E_DATABASE,
                                "the database names no table that is asked for");
        look->there_count += look->is_there[table] ? 0 : 1;
        look->is_there[table] = true;
    }
    return IGNIS_OK;
}

/* is_there begins as all false. */
static ignis_code look_run(ignis_context *ctx, const run_source *source,
                           const ignis_statement *statement, look_work *look)
{
    look->work = (run_work){.next = look_next, .take = look_take};
    look->execution = (ignis_execution){.statement = statement};
    return run_call_finish(ctx, source->connections, &look->work);
}

static ignis_code lock_run(ignis_context *ctx, const run_source *source)
{
    look_work nothing = {0};
    const ignis_statement *lock = sql_schema_lock(run_cache_dialect(source->cache));
    return lock ? look_run(ctx, source, lock, &nothing) : IGNIS_OK;
}

static ignis_code tables_look(ignis_context *ctx, const run_source *source,
                              const sql_script *script, const ignis_statement *statement,
                              look_work *look)
{
    *look = (look_work){.tables_count = script->tables_count};
    look->is_there = arena_array(&ctx->scratch, script->tables_count, sizeof(*look->is_there));
    if (!look->is_there) return context_fail_memory(ctx, &ctx->scratch);
    return look_run(ctx, source, statement, look);
}

/* The statements of tables that are not there. */
static ignis_code missing_choose(ignis_context *ctx, const sql_script *script,
                                 const look_work *look, sql_script *missing)
{
    const char **statements = arena_array(&ctx->scratch, script->count, sizeof(*statements));
    const char **places = arena_array(&ctx->scratch, script->count, sizeof(*places));
    if (!statements || !places) return context_fail_memory(ctx, &ctx->scratch);
    *missing = (sql_script){.statements = statements, .places = places};
    for (size_t i = 0; i < script->count; i++) {
        if (look->is_there[script->tables[i]]) continue;
        statements[missing->count] = script->statements[i];
        places[missing->count++] = script->places[i];
    }
    return IGNIS_OK;
}

typedef struct missing_work {
    const run_source *source;
    const sql_script *script;
    const ignis_statement *look;
} missing_work;

static ignis_code missing_create(ignis_context *tx, void *data)
{
    const missing_work *work = data;
    look_work look;
    sql_script missing;
    IGNIS_TRY(lock_run(tx, work->source));
    IGNIS_TRY(tables_look(tx, work->source, work->script, work->look, &look));
    IGNIS_TRY(missing_choose(tx, work->script, &look, &missing));
    return missing.count > 0 ? run_script(tx, work->source, &missing) : IGNIS_OK;
}

static ignis_code missing_start(ignis_context *tx, void *data)
{
    ignis_code code = missing_create(tx, data);
    arena_reset(&tx->scratch);
    return code;
}

ignis_code run_script_missing(ignis_context *ctx, const run_source *source,
                              const sql_script *script, const ignis_statement *statement)
{
    look_work look;
    missing_work work = {source, script, statement};
    IGNIS_TRY(tables_look(ctx, source, script, statement, &look));
    if (look.there_count == script->tables_count) return IGNIS_OK;
    const run_replay replay = {.begin = {.isolation = IGNIS_READ_COMMITTED, .takes_lock = true},
                               .function = missing_start,
                               .data = &work};
    return run_transaction_replay(ctx, source, &replay);
}
