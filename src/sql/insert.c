#include "sql/sql.h"

static void names_emit(sql_emitter *emitter, const model_entity *entity, const bool *chosen)
{
    const char *between = "";
    for (size_t i = 0; i < entity->columns_count; i++) {
        if (!chosen[i]) continue;
        text_string(&emitter->out, between);
        sql_identifier(&emitter->out, entity->columns[i].column);
        between = ", ";
    }
}

static void values_emit(sql_emitter *emitter, const model_entity *entity, const bool *given)
{
    size_t slot = 0;
    for (size_t i = 0; i < entity->columns_count; i++) {
        if (!given[i]) continue;
        if (slot > 0) text_string(&emitter->out, ", ");
        sql_emit_slot(emitter, slot++, &entity->columns[i].type);
    }
}

static size_t chosen_count(const model_entity *entity, const bool *chosen)
{
    size_t count = 0;
    for (size_t i = 0; chosen && i < entity->columns_count; i++)
        count += chosen[i];
    return count;
}

ignis_code sql_insert(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                      const model_entity *entity, const bool *given, const bool *returning,
                      sql_statement *statement)
{
    sql_emitter emitter;
    size_t returned = chosen_count(entity, returning);
    const model_column **columns = arena_array(memory, returned, sizeof(*columns));
    if (!columns) return context_fail_memory(ctx, memory);
    sql_emitter_start(&emitter, ctx, memory, dialect);
    text_string(&emitter.out, "INSERT INTO ");
    sql_table(&emitter.out, dialect, entity);
    if (chosen_count(entity, given) == 0) {
        text_string(&emitter.out, " DEFAULT VALUES");
    } else {
        text_string(&emitter.out, " (");
        names_emit(&emitter, entity, given);
        text_string(&emitter.out, ") VALUES (");
        values_emit(&emitter, entity, given);
        text_char(&emitter.out, ')');
    }
    if (returned > 0) {
        text_string(&emitter.out, " RETURNING ");
        names_emit(&emitter, entity, returning);
    }
    for (size_t i = 0, at = 0; at < returned; i++) {
        if (returning[i]) columns[at++] = &entity->columns[i];
    }
    return sql_emitter_finish(&emitter, columns, returned, statement);
}
