#include "sql/sql.h"

static void values_emit(sql_emitter *emitter, const model_entity *entity, const bool *given)
{
    size_t slot = 0;
    for (size_t i = 0; i < entity->columns_count; i++) {
        if (!given[i]) continue;
        if (slot > 0) text_string(&emitter->out, ", ");
        sql_emit_slot(emitter, slot++, &entity->columns[i].type);
    }
}

/* SELECT * FROM ROWS FROM (unnest($1), unnest($2), ...): the rows come in the order of the lists. */
static void lists_emit(sql_emitter *emitter, const model_entity *entity, const bool *given)
{
    size_t slot = 0;
    text_string(&emitter->out, " SELECT * FROM ROWS FROM (");
    for (size_t i = 0; i < entity->columns_count; i++) {
        if (!given[i]) continue;
        ignis_value_type type = entity->columns[i].type;
        type.list = true;
        text_string(&emitter->out, slot > 0 ? ", unnest(" : "unnest(");
        sql_emit_slot(emitter, slot++, &type);
        text_char(&emitter->out, ')');
    }
    text_char(&emitter->out, ')');
}

/* ON CONFLICT (key) DO UPDATE SET column = excluded.column, ... */
static void upsert_emit(sql_emitter *emitter, const model_entity *entity, const plan_upsert *upsert)
{
    const char *table = sql_own_name(emitter, entity);
    text *out = &emitter->out;
    const char *between = "";
    if (!table) return;
    text_string(out, " ON CONFLICT (");
    for (size_t i = 0; i < upsert->conflict->count; i++) {
        if (i > 0) text_string(out, ", ");
        sql_identifier(out, upsert->conflict->items[i]->column);
    }
    text_string(out, ") DO UPDATE SET ");
    /* A row of the key alone changes nothing, but comes back. */
    bool is_idle = upsert->changes_count == 0 && sql_chosen_count(entity, upsert->updated) == 0;
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        if (!upsert->updated[i] && !(is_idle && column == upsert->conflict->items[0])) continue;
        text_string(out, between);
        sql_identifier(out, column->column);
        text_string(out, " = ");
        sql_emit_column(emitter, "excluded", column);
        between = ", ";
    }
    for (size_t i = 0; i < upsert->changes_count; i++) {
        const plan_change *change = &upsert->changes[i];
        text_string(out, between);
        sql_identifier(out, change->column->column);
        text_string(out, " = ");
        if (change->kind == PLAN_ADD) {
            sql_emit_sum(emitter, table, change);
        } else {
            sql_emit_slot(emitter, change->slot, &change->column->type);
        }
        between = ", ";
    }
    if (!upsert->where) return;
    text_string(out, " WHERE ");
    sql_emit_condition(emitter, table, upsert->where);
}

ignis_code sql_insert(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                      const sql_insert_parts *parts, sql_statement *statement)
{
    sql_emitter emitter;
    const model_entity *entity = parts->entity;
    sql_emitter_start(&emitter, ctx, memory, dialect);
    text_string(&emitter.out, "INSERT INTO ");
    sql_table(&emitter.out, dialect, entity);
    if (sql_chosen_count(entity, parts->given) == 0) {
        text_string(&emitter.out, " DEFAULT VALUES");
    } else {
        text_string(&emitter.out, " (");
        sql_emit_names(&emitter, entity, parts->given, false);
        bool is_overriding = parts->is_load && dialect == IGNIS_DIALECT_POSTGRES;
        text_string(&emitter.out, is_overriding ? ") OVERRIDING SYSTEM VALUE" : ")");
        if (parts->is_bulk) {
            lists_emit(&emitter, entity, parts->given);
        } else {
            text_string(&emitter.out, " VALUES (");
            values_emit(&emitter, entity, parts->given);
            text_char(&emitter.out, ')');
        }
    }
    if (parts->upsert) upsert_emit(&emitter, entity, parts->upsert);
    const sql_returning returning = {entity, parts->returning, parts->check};
    return sql_returning_finish(&emitter, &returning, statement);
}

void sql_emit_table_text(sql_emitter *emitter, const model_entity *entity)
{
    static const ignis_value_type plain = {.type = IGNIS_TYPE_TEXT};
    text table;
    text_init(&table, emitter->memory, 0);
    sql_table(&table, IGNIS_DIALECT_POSTGRES, entity);
    if (table.code != IGNIS_OK) emitter->out.code = table.code;
    const ignis_cell name = {.kind = IGNIS_CELL_TEXT, .size = table.size, .as.text = table.data};
    if (table.code == IGNIS_OK) sql_literal(&emitter->out, IGNIS_DIALECT_POSTGRES, &plain, &name);
}

ignis_code sql_identity_continue(ignis_context *ctx, arena *memory, const model_column *column,
                                 const model_entity *entity, sql_statement *statement)
{
    static const ignis_value_type plain = {.type = IGNIS_TYPE_TEXT};
    sql_emitter emitter;
    sql_emitter_start(&emitter, ctx, memory, IGNIS_DIALECT_POSTGRES);
    const ignis_cell name = {
        .kind = IGNIS_CELL_TEXT, .size = strlen(column->column), .as.text = column->column};
    text_string(&emitter.out, "SELECT setval(pg_get_serial_sequence(");
    sql_emit_table_text(&emitter, entity);
    text_string(&emitter.out, ", ");
    sql_literal(&emitter.out, IGNIS_DIALECT_POSTGRES, &plain, &name);
    text_string(&emitter.out, "), max(");
    sql_identifier(&emitter.out, column->column);
    text_string(&emitter.out, ")) FROM ");
    sql_table(&emitter.out, IGNIS_DIALECT_POSTGRES, entity);
    return sql_emitter_finish(&emitter, NULL, 1, statement);
}
