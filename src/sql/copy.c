/* COPY, which takes many rows with the least work of the server. */
#include "sql/sql.h"

ignis_code sql_copy(ignis_context *ctx, arena *memory, const model_entity *entity,
                    const bool *given, sql_statement *statement)
{
    sql_emitter emitter;
    sql_emitter_start(&emitter, ctx, memory, IGNIS_DIALECT_POSTGRES);
    text_string(&emitter.out, "COPY ");
    sql_table(&emitter.out, IGNIS_DIALECT_POSTGRES, entity);
    text_string(&emitter.out, " (");
    sql_emit_names(&emitter, entity, given, false);
    text_string(&emitter.out, ") FROM STDIN (FORMAT binary)");
    for (size_t i = 0, slot = 0; i < entity->columns_count; i++) {
        if (!given[i]) continue;
        const sql_parameter parameter = {.source = SQL_SLOT, .slot = slot++};
        ignis_value_type type = entity->columns[i].type;
        type.list = true;
        sql_parameter_add(&emitter, &parameter, &type);
    }
    IGNIS_TRY(sql_emitter_finish(&emitter, NULL, 0, statement));
    statement->statement.copies = true;
    return IGNIS_OK;
}

bool sql_can_copy(const ignis_value_type *type)
{
    return type->type != IGNIS_TYPE_OTHER && !type->array;
}

/* ('id', 'integer'::regtype), ... of the columns that rows may give; returns their number. */
static size_t types_emit(sql_emitter *emitter, const model_entity *entity)
{
    static const ignis_value_type plain = {.type = IGNIS_TYPE_TEXT};
    size_t count = 0;
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        const ignis_cell name = {
            .kind = IGNIS_CELL_TEXT, .size = strlen(column->column), .as.text = column->column};
        bool is_given = column->identity != IGNIS_IDENTITY_ALWAYS;
        if (!is_given || !sql_can_copy(&column->type)) continue;
        text_string(&emitter->out, count++ > 0 ? ", (" : "(");
        sql_literal(&emitter->out, IGNIS_DIALECT_POSTGRES, &plain, &name);
        text_format(&emitter->out, ", '%s'::regtype)", model_type_name(column->type.type));
    }
    return count;
}

ignis_code sql_copy_check(ignis_context *ctx, arena *memory, const model_entity *entity,
                          sql_statement *statement)
{
    sql_emitter emitter;
    sql_emitter_start(&emitter, ctx, memory, IGNIS_DIALECT_POSTGRES);
    text_string(&emitter.out,
                "SELECT c.relkind IN ('r', 'p') AND NOT c.relhasrules"
                " AND NOT pg_catalog.row_security_active(c.oid) AND (SELECT pg_catalog.count(*)"
                " FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0"
                " AND a.attidentity <> 'a' AND a.attgenerated = ''"
                " AND (a.attname, a.atttypid) IN (");
    size_t count = types_emit(&emitter, entity);
    text_format(&emitter.out,
                ")) = %zu FROM pg_catalog.pg_class AS c WHERE c.oid = "
                "pg_catalog.to_regclass(",
                count);
    sql_emit_table_text(&emitter, entity);
    text_char(&emitter.out, ')');
    return sql_emitter_finish(&emitter, NULL, 1, statement);
}
