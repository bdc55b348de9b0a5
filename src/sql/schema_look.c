/* schema_look: which tables are there already. */
#include "sql/sql.h"

/* The table as a constant: as PostgreSQL reads a name, or as SQLite keeps it. */
static ignis_code write_name(ignis_context *ctx, arena *memory, text *out, ignis_dialect dialect,
                             const model_entity *entity)
{
    static const ignis_value_type type = {.type = IGNIS_TYPE_TEXT};
    text name;
    text_init(&name, memory, 0);
    if (dialect == IGNIS_DIALECT_POSTGRES) {
        sql_table(&name, dialect, entity);
    } else {
        if (entity->schema) text_format(&name, "%s.", entity->schema);
        text_string(&name, entity->table);
    }
    const char *data = text_finish(&name);
    if (!data) return context_fail_memory(ctx, memory);
    const ignis_cell cell = {.kind = IGNIS_CELL_TEXT, .size = name.size, .as.text = data};
    sql_literal(out, dialect, &type, &cell);
    return IGNIS_OK;
}

ignis_code sql_schema_look(ignis_context *ctx, arena *memory, const model_registry *registry,
                           ignis_dialect dialect, ignis_statement *look)
{
    static const ignis_value_type column = {.type = IGNIS_TYPE_INTEGER};
    schema_order order;
    text out;
    IGNIS_TRY(schema_order_build(ctx, memory, registry, &order));
    *look = (ignis_statement){0};
    if (order.count == 0) return IGNIS_OK;
    text_init(&out, memory, 0);
    text_string(&out, "SELECT t.column1 FROM (VALUES ");
    for (size_t i = 0; i < order.count; i++) {
        text_format(&out, i > 0 ? ", (%zu, " : "(%zu, ", i);
        IGNIS_TRY(write_name(ctx, memory, &out, dialect, order.items[i]));
        text_char(&out, ')');
    }
    /* PostgreSQL: reading pg_class makes the server see what others have just made.
       https://www.sqlite.org/schematab.html; names in any case, as schema_names_check has them. */
    text_string(&out,
                dialect == IGNIS_DIALECT_POSTGRES
                    ? ") AS t WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_class AS c WHERE c.oid = "
                      "pg_catalog.to_regclass(t.column2))"
                    : ") AS t WHERE EXISTS (SELECT 1 FROM sqlite_schema AS s WHERE s.type IN "
                      "('table', 'view') AND s.name = t.column2 COLLATE NOCASE)");
    const char *sql = text_finish(&out);
    if (!sql) return context_fail_memory(ctx, memory);
    *look =
        (ignis_statement){.sql = sql, .sql_size = out.size, .columns = &column, .columns_count = 1};
    return IGNIS_OK;
}

const ignis_statement *sql_schema_lock(ignis_dialect dialect)
{
    /* The bytes of "ignis", so that few others have the number. */
    static const char sql[] =
        "SELECT 1 WHERE pg_catalog.pg_advisory_xact_lock(452706855283) IS NULL";
    static const ignis_value_type column = {.type = IGNIS_TYPE_INTEGER};
    static const ignis_statement lock = {
        .sql = sql, .sql_size = sizeof(sql) - 1, .columns = &column, .columns_count = 1};
    return dialect == IGNIS_DIALECT_POSTGRES ? &lock : NULL;
}
