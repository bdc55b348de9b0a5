#include "sql/sql.h"

size_t sql_chosen_count(const model_entity *entity, const bool *chosen)
{
    size_t count = 0;
    for (size_t i = 0; chosen && i < entity->columns_count; i++)
        count += chosen[i];
    return count;
}

void sql_emit_names(sql_emitter *emitter, const model_entity *entity, const bool *chosen,
                    bool is_result)
{
    const char *between = "";
    for (size_t i = 0; i < entity->columns_count; i++) {
        if (!chosen[i]) continue;
        text_string(&emitter->out, between);
        sql_identifier(&emitter->out, entity->columns[i].column);
        if (is_result) sql_emit_result_cast(emitter, &entity->columns[i]);
        between = ", ";
    }
}

const char *sql_own_name(sql_emitter *emitter, const model_entity *entity)
{
    text name;
    text_init(&name, emitter->memory, 0);
    if (emitter->dialect == IGNIS_DIALECT_SQLITE) {
        sql_table(&name, emitter->dialect, entity);
    } else {
        sql_identifier(&name, entity->table);
    }
    const char *finished = text_finish(&name);
    if (!finished) emitter->out.code = name.code;
    return finished;
}

/* RETURNING knows the table by its own name only. */
static void check_emit(sql_emitter *emitter, const sql_returning *returning)
{
    const char *name = sql_own_name(emitter, returning->entity);
    text_char(&emitter->out, '(');
    if (name) sql_emit_condition(emitter, name, returning->check);
    text_char(&emitter->out, ')');
}

static void returning_emit(sql_emitter *emitter, const sql_returning *returning, size_t count)
{
    if (!returning->chosen && !returning->check) return;
    text_string(&emitter->out, " RETURNING ");
    if (count > 0) sql_emit_names(emitter, returning->entity, returning->chosen, true);
    if (returning->check) {
        if (count > 0) text_string(&emitter->out, ", ");
        check_emit(emitter, returning);
    } else if (count == 0) {
        text_char(&emitter->out, '1');
    }
}

ignis_code sql_returning_finish(sql_emitter *emitter, const sql_returning *returning,
                                sql_statement *statement)
{
    const model_entity *entity = returning->entity;
    size_t count = sql_chosen_count(entity, returning->chosen);
    const model_column **columns = arena_array(emitter->memory, count, sizeof(*columns));
    if (!columns) return context_fail_memory(emitter->ctx, emitter->memory);
    returning_emit(emitter, returning, count);
    for (size_t i = 0, at = 0; at < count; i++) {
        if (returning->chosen[i]) columns[at++] = &entity->columns[i];
    }
    return sql_emitter_finish(emitter, columns, count, statement);
}
