#include "sql/sql.h"

static void names_emit(sql_emitter *emitter, const model_entity *entity, const bool *chosen,
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

/* RETURNING knows the table by its own name only. */
static void check_emit(sql_emitter *emitter, const sql_insert_parts *parts)
{
    text name;
    text_init(&name, emitter->memory, 0);
    if (emitter->dialect == IGNIS_DIALECT_SQLITE) {
        sql_table(&name, emitter->dialect, parts->entity);
    } else {
        sql_identifier(&name, parts->entity->table);
    }
    const char *alias = text_finish(&name);
    text_char(&emitter->out, '(');
    if (alias) {
        sql_emit_condition(emitter, alias, parts->check);
    } else {
        emitter->out.code = name.code;
    }
    text_char(&emitter->out, ')');
}

static void returning_emit(sql_emitter *emitter, const sql_insert_parts *parts, size_t returned)
{
    if (!parts->returning && !parts->check) return;
    text_string(&emitter->out, " RETURNING ");
    if (returned > 0) names_emit(emitter, parts->entity, parts->returning, true);
    if (parts->check) {
        if (returned > 0) text_string(&emitter->out, ", ");
        check_emit(emitter, parts);
    } else if (returned == 0) {
        text_char(&emitter->out, '1');
    }
}

ignis_code sql_insert(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                      const sql_insert_parts *parts, sql_statement *statement)
{
    sql_emitter emitter;
    const model_entity *entity = parts->entity;
    size_t returned = chosen_count(entity, parts->returning);
    const model_column **columns = arena_array(memory, returned, sizeof(*columns));
    if (!columns) return context_fail_memory(ctx, memory);
    sql_emitter_start(&emitter, ctx, memory, dialect);
    text_string(&emitter.out, "INSERT INTO ");
    sql_table(&emitter.out, dialect, entity);
    if (chosen_count(entity, parts->given) == 0) {
        text_string(&emitter.out, " DEFAULT VALUES");
    } else {
        text_string(&emitter.out, " (");
        names_emit(&emitter, entity, parts->given, false);
        bool is_overriding = parts->is_load && dialect == IGNIS_DIALECT_POSTGRES;
        text_string(&emitter.out, is_overriding ? ") OVERRIDING SYSTEM VALUE" : ")");
        text_string(&emitter.out, " VALUES (");
        values_emit(&emitter, entity, parts->given);
        text_char(&emitter.out, ')');
    }
    returning_emit(&emitter, parts, returned);
    for (size_t i = 0, at = 0; at < returned; i++) {
        if (parts->returning[i]) columns[at++] = &entity->columns[i];
    }
    return sql_emitter_finish(&emitter, columns, returned, statement);
}

ignis_code sql_identity_continue(ignis_context *ctx, arena *memory, const model_column *column,
                                 const model_entity *entity, sql_statement *statement)
{
    static const ignis_value_type plain = {.type = IGNIS_TYPE_TEXT};
    sql_emitter emitter;
    text table;
    sql_emitter_start(&emitter, ctx, memory, IGNIS_DIALECT_POSTGRES);
    text_init(&table, memory, 0);
    sql_table(&table, IGNIS_DIALECT_POSTGRES, entity);
    if (table.code != IGNIS_OK) return context_fail_memory(ctx, memory);
    const ignis_cell names[] = {
        {.kind = IGNIS_CELL_TEXT, .size = table.size, .as.text = table.data},
        {.kind = IGNIS_CELL_TEXT, .size = strlen(column->column), .as.text = column->column}};
    text_string(&emitter.out, "SELECT setval(pg_get_serial_sequence(");
    sql_literal(&emitter.out, IGNIS_DIALECT_POSTGRES, &plain, &names[0]);
    text_string(&emitter.out, ", ");
    sql_literal(&emitter.out, IGNIS_DIALECT_POSTGRES, &plain, &names[1]);
    text_string(&emitter.out, "), max(");
    sql_identifier(&emitter.out, column->column);
    text_string(&emitter.out, ")) FROM ");
    sql_table(&emitter.out, IGNIS_DIALECT_POSTGRES, entity);
    return sql_emitter_finish(&emitter, NULL, 1, statement);
}
