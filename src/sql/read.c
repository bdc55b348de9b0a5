#include "sql/sql.h"

#include <stdio.h>

/* The keys below the root are those of the rows that were locked, whatever they were before. */
static void lock_emit(sql_emitter *emitter, const filter_lock *lock)
{
    static const char *const strengths[] = {
        [FILTER_LOCK_UPDATE] = " FOR UPDATE OF t0",
        [FILTER_LOCK_NO_KEY_UPDATE] = " FOR NO KEY UPDATE OF t0",
        [FILTER_LOCK_SHARE] = " FOR SHARE OF t0",
        [FILTER_LOCK_KEY_SHARE] = " FOR KEY SHARE OF t0",
    };
    static const char *const waits[] = {
        [FILTER_WAIT] = "", [FILTER_WAIT_NOT] = " NOWAIT", [FILTER_WAIT_SKIPPING] = " SKIP LOCKED"};
    if (lock->strength == FILTER_LOCK_NONE) return;
    text_string(&emitter->out, strengths[lock->strength]);
    text_string(&emitter->out, waits[lock->wait]);
}

ignis_code sql_read(ignis_context *ctx, arena *memory, ignis_dialect dialect, const plan_read *plan,
                    const plan_node *node, sql_statement *statement)
{
    sql_emitter emitter;
    char alias[24] = "t";
    bool is_sqlite = dialect == IGNIS_DIALECT_SQLITE;
    if (!is_sqlite) snprintf(alias, sizeof(alias), "t%zu", node->index);
    sql_emitter_start(&emitter, ctx, memory, dialect);
    text_string(&emitter.out, "SELECT ");
    sql_emit_columns(&emitter, alias, node->columns, node->columns_count, true);
    text_string(&emitter.out, " FROM ");
    if (is_sqlite) {
        sql_sqlite_level(&emitter, node);
    } else {
        sql_postgres_level(&emitter, plan, node);
        if (node->depth == 0) lock_emit(&emitter, &plan->lock);
    }
    return sql_emitter_finish(&emitter, node->columns, node->columns_count, statement);
}

static ignis_code aggregate_emit(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                                 const plan_node *root, const char *before, const char *after,
                                 sql_statement *statement)
{
    sql_emitter emitter;
    sql_emitter_start(&emitter, ctx, memory, dialect);
    text_string(&emitter.out, before);
    sql_emit_table(&emitter, root->entity, "t");
    sql_emit_where(&emitter, "t", root->filter, true);
    text_string(&emitter.out, after);
    return sql_emitter_finish(&emitter, NULL, 1, statement);
}

ignis_code sql_count(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                     const plan_node *root, sql_statement *statement)
{
    return aggregate_emit(ctx, memory, dialect, root, "SELECT count(*) FROM ", "", statement);
}

ignis_code sql_exists(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                      const plan_node *root, sql_statement *statement)
{
    return aggregate_emit(ctx, memory, dialect, root, "SELECT EXISTS (SELECT 1 FROM ", ")",
                          statement);
}
