/* What lies at a JSON path: as text and as a document by PostgreSQL's #>> and #>, which an index on the
   same expression serves; by functions of the driver on SQLite. */
#include "sql/sql.h"

static void steps_emit(sql_emitter *emitter, const model_column *column)
{
    static const ignis_value_type plain = {.type = IGNIS_TYPE_TEXT};
    const ignis_cell steps = {
        .kind = IGNIS_CELL_TEXT, .size = strlen(column->path), .as.text = column->path};
    sql_literal(&emitter->out, emitter->dialect, &plain, &steps);
}

static bool is_whole(const model_column *column)
{
    return column->type.type == IGNIS_TYPE_JSONB && filter_place_is_whole(column);
}

/* ---- SQLite ------------------------------------------------------------------------------------- */

/* function(t."column", '{a,b}' */
static void sqlite_call_emit(sql_emitter *emitter, const char *alias, const model_column *column,
                             const char *function)
{
    text_string(&emitter->out, function);
    text_char(&emitter->out, '(');
    sql_emit_column(emitter, alias, column->base);
    text_string(&emitter->out, ", ");
    steps_emit(emitter, column);
}

static void sqlite_emit(sql_emitter *emitter, const char *alias, const model_column *column)
{
    switch (column->type.type) {
    case IGNIS_TYPE_TEXT:
        sqlite_call_emit(emitter, alias, column, "ignis_json_text");
        text_char(&emitter->out, ')');
        break;
    case IGNIS_TYPE_NUMERIC:
        sqlite_call_emit(emitter, alias, column, "ignis_json_number");
        text_string(&emitter->out, ") COLLATE IGNIS_NUMERIC");
        break;
    default:
        sqlite_call_emit(emitter, alias, column, "ignis_json_document");
        text_string(&emitter->out, ") COLLATE IGNIS_JSONB");
        break;
    }
}

static void sqlite_set_emit(sql_emitter *emitter, const char *alias,
                            const filter_condition *condition)
{
    const char *function = condition->op == FILTER_CONTAINS       ? "ignis_json_contains"
                           : condition->op == FILTER_CONTAINED_BY ? "ignis_json_contained"
                                                                  : "ignis_json_overlaps";
    sqlite_call_emit(emitter, alias, condition->column, function);
    text_string(&emitter->out, ", ");
    sql_emit_operand(emitter, &condition->operands[0], condition->column, false);
    text_char(&emitter->out, ')');
}

/* ---- PostgreSQL --------------------------------------------------------------------------------- */

/* (t."column" #>> '{a,b}'); a json column is read as jsonb. */
static void postgres_place_emit(sql_emitter *emitter, const char *alias, const model_column *column,
                                const char *sign)
{
    text_char(&emitter->out, '(');
    sql_emit_column(emitter, alias, column->base);
    if (column->base->type.type == IGNIS_TYPE_JSON) text_string(&emitter->out, "::jsonb");
    text_string(&emitter->out, sign);
    steps_emit(emitter, column);
    text_char(&emitter->out, ')');
}

/* Text is cast only where it reads as a number that numeric can hold for certain. */
static void postgres_number_emit(sql_emitter *emitter, const char *alias,
                                 const model_column *column)
{
    text_string(&emitter->out, "(CASE WHEN length");
    postgres_place_emit(emitter, alias, column, " #>> ");
    text_format(&emitter->out, " < %d AND ", DOCUMENT_NUMBER_SIZE_MAX);
    postgres_place_emit(emitter, alias, column, " #>> ");
    text_string(&emitter->out, " ~ '^-?[0-9]+([.][0-9]+)?$' THEN ");
    postgres_place_emit(emitter, alias, column, " #>> ");
    text_string(&emitter->out, "::numeric END)");
}

static void postgres_emit(sql_emitter *emitter, const char *alias, const model_column *column)
{
    if (is_whole(column)) {
        sql_emit_compared(emitter, alias, column->base);
        return;
    }
    switch (column->type.type) {
    case IGNIS_TYPE_TEXT: postgres_place_emit(emitter, alias, column, " #>> "); break;
    case IGNIS_TYPE_NUMERIC: postgres_number_emit(emitter, alias, column); break;
    default: postgres_place_emit(emitter, alias, column, " #> "); break;
    }
}

/* A list contains a scalar, too, and a scalar is contained in a list: both sides are kept lists. */
static void postgres_relation_emit(sql_emitter *emitter, const char *alias,
                                   const filter_condition *condition)
{
    const filter_operand *operand = &condition->operands[0];
    const model_column *column = condition->column;
    switch (condition->op) {
    case FILTER_CONTAINS:
        sql_emit_column(emitter, alias, column);
        text_string(&emitter->out, " @> ");
        sql_emit_operand(emitter, operand, column, false);
        break;
    case FILTER_CONTAINED_BY:
        text_string(&emitter->out, "(jsonb_typeof");
        sql_emit_column(emitter, alias, column);
        text_string(&emitter->out, " = 'array' AND ");
        sql_emit_column(emitter, alias, column);
        text_string(&emitter->out, " <@ ");
        sql_emit_operand(emitter, operand, column, false);
        text_char(&emitter->out, ')');
        break;
    default:
        sql_emit_column(emitter, alias, column);
        text_string(&emitter->out, " @> ANY (ARRAY(SELECT jsonb_build_array(e.value) FROM "
                                   "jsonb_array_elements(");
        sql_emit_operand(emitter, operand, column, false);
        text_string(&emitter->out, ") AS e))");
        break;
    }
}

/* A list of the context may be null, or empty where nothing lies at the path. */
static void postgres_set_emit(sql_emitter *emitter, const char *alias,
                              const filter_condition *condition)
{
    const filter_operand *operand = &condition->operands[0];
    bool is_open = operand->source == FILTER_CONTEXT;
    if (is_open) {
        text_string(&emitter->out, "CASE WHEN ");
        sql_emit_operand(emitter, operand, condition->column, false);
        text_string(&emitter->out, " IS NOT NULL AND ");
        sql_emit_column(emitter, alias, condition->column);
        text_string(&emitter->out, " IS NOT NULL THEN ");
    }
    postgres_relation_emit(emitter, alias, condition);
    if (is_open) text_string(&emitter->out, " END");
}

/* ---- both --------------------------------------------------------------------------------------- */

void sql_emit_path(sql_emitter *emitter, const char *alias, const model_column *column)
{
    if (emitter->dialect == IGNIS_DIALECT_SQLITE) {
        sqlite_emit(emitter, alias, column);
    } else {
        postgres_emit(emitter, alias, column);
    }
}

void sql_emit_path_set(sql_emitter *emitter, const char *alias, const filter_condition *condition)
{
    if (emitter->dialect == IGNIS_DIALECT_SQLITE) {
        sqlite_set_emit(emitter, alias, condition);
    } else {
        postgres_set_emit(emitter, alias, condition);
    }
}
