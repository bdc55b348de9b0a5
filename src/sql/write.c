#include "sql/sql.h"

/* PostgreSQL adds by itself and refuses what is out of range; SQLite would make it a real. */
void sql_emit_sum(sql_emitter *emitter, const char *table, const plan_change *change)
{
    const model_column *column = change->column;
    bool is_sqlite = emitter->dialect == IGNIS_DIALECT_SQLITE;
    text_string(&emitter->out, is_sqlite ? "ignis_add(" : "COALESCE(");
    sql_emit_column(emitter, table, column);
    text_string(&emitter->out, is_sqlite ? ", " : ", 0) + ");
    sql_emit_slot(emitter, change->slot, &column->type);
    if (!is_sqlite) return;
    text_format(&emitter->out, ", '%s', %d, %d)", model_type_name(column->type.type),
                (int)column->precision, (int)column->scale);
}

/* The steps of the column that begins at changes; returns their number. */
static size_t column_emit(sql_emitter *emitter, const char *table, const plan_change *changes,
                          size_t count)
{
    const model_column *column = changes->column;
    size_t steps = 1;
    sql_identifier(&emitter->out, column->column);
    text_string(&emitter->out, " = ");
    switch (changes->kind) {
    case PLAN_SET: sql_emit_slot(emitter, changes->slot, &column->type); break;
    case PLAN_ADD: sql_emit_sum(emitter, table, changes); break;
    default:
        while (steps < count && changes[steps].column == column)
            steps++;
        sql_emit_document(emitter, table, changes, steps);
        break;
    }
    return steps;
}

static void update_emit(sql_emitter *emitter, const char *table, const plan_write *plan)
{
    text_string(&emitter->out, "UPDATE ");
    sql_table(&emitter->out, emitter->dialect, plan->entity);
    text_string(&emitter->out, " SET ");
    for (size_t i = 0; i < plan->changes_count;) {
        if (i > 0) text_string(&emitter->out, ", ");
        i += column_emit(emitter, table, &plan->changes[i], plan->changes_count - i);
    }
}

ignis_code sql_write(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                     const plan_write *plan, sql_statement *statement)
{
    sql_emitter emitter;
    sql_emitter_start(&emitter, ctx, memory, dialect);
    const char *table = sql_own_name(&emitter, plan->entity);
    if (!table) return context_fail_memory(ctx, memory);
    if (plan->changes_count > 0) {
        update_emit(&emitter, table, plan);
    } else {
        text_string(&emitter.out, "DELETE FROM ");
        sql_table(&emitter.out, dialect, plan->entity);
    }
    if (plan->expected) {
        text_string(&emitter.out, " WHERE ");
        sql_emit_column(&emitter, table, plan->expected);
        text_string(&emitter.out, " = ");
        sql_emit_slot(&emitter, plan->expected_slot, &plan->expected->type);
    }
    sql_emit_where(&emitter, table, plan->filter, !plan->expected);
    const sql_returning returning = {plan->entity, plan->returning, plan->check};
    return sql_returning_finish(&emitter, &returning, statement);
}
