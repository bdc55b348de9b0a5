/* document: steps into a JSON document as one expression. */
#include "sql/sql.h"

#include <stdio.h>

static const ignis_value_type path_type = {.type = IGNIS_TYPE_TEXT, .array = true};
static const ignis_value_type document_type = {.type = IGNIS_TYPE_JSONB};

/* ---- PostgreSQL ---------------------------------------------------------------------------------- */

/* What the steps before made: a column, or a column of a subquery. */
typedef struct step_base {
    const char *text;
    const plan_change *change;
} step_base;

static void slice_emit(sql_emitter *emitter, const step_base *base, size_t first, size_t last)
{
    text_char(&emitter->out, '(');
    sql_emit_slot(emitter, base->change->path_slot, &path_type);
    text_format(&emitter->out, ")[%zu:%zu]", first, last);
}

/* What is at the first depth components of the path. */
static void part_emit(sql_emitter *emitter, const step_base *base, size_t depth)
{
    text_string(&emitter->out, base->text);
    if (depth == 0) return;
    text_string(&emitter->out, " #> ");
    slice_emit(emitter, base, 1, depth);
}

/* The same with what is made where nothing is. */
static void container_emit(sql_emitter *emitter, const step_base *base, size_t depth)
{
    char kind = base->change->path_kinds[depth];
    bool is_array = kind == 'a' || kind == 'A';
    text_string(&emitter->out, "COALESCE(NULLIF(");
    part_emit(emitter, base, depth);
    text_format(&emitter->out, ", 'null'::jsonb), '%s'::jsonb)", is_array ? "[]" : "{}");
}

/* An index that is no int is an index past the end. */
static void component_emit(sql_emitter *emitter, const step_base *base, size_t depth)
{
    char kind = base->change->path_kinds[depth];
    bool is_huge = kind == 'A' || kind == 'O';
    if (is_huge) {
        text_string(&emitter->out, "CASE jsonb_typeof(");
        container_emit(emitter, base, depth);
        text_string(&emitter->out, ") WHEN 'array' THEN '{2147483647}'::text[] ELSE ");
    }
    slice_emit(emitter, base, depth + 1, depth + 1);
    if (is_huge) text_string(&emitter->out, " END");
}

/* The list at the path with the value at its end. Of an object or a scalar jsonb_set makes an error. */
static void append_emit(sql_emitter *emitter, const step_base *base, size_t depth)
{
    text_string(&emitter->out, "jsonb_set(CASE jsonb_typeof(");
    part_emit(emitter, base, depth);
    text_string(&emitter->out, ") WHEN 'object' THEN to_jsonb(jsonb_typeof(");
    part_emit(emitter, base, depth);
    text_string(&emitter->out, ")) ELSE COALESCE(NULLIF(");
    part_emit(emitter, base, depth);
    text_string(&emitter->out, ", 'null'::jsonb), '[]'::jsonb) END, '{2147483647}'::text[], ");
    sql_emit_slot(emitter, base->change->slot, &document_type);
    text_char(&emitter->out, ')');
}

/* jsonb_set makes no parents: each level puts the level below it into what is there or made. It adds a
   missing key, appends past the end, and refuses a scalar, and a name where a list is. */
static void set_emit(sql_emitter *emitter, const step_base *base)
{
    size_t count = strlen(base->change->path_kinds);
    for (size_t i = 0; i < count; i++) {
        text_string(&emitter->out, "jsonb_set(");
        container_emit(emitter, base, i);
        text_string(&emitter->out, ", ");
        component_emit(emitter, base, i);
        text_string(&emitter->out, ", ");
    }
    if (base->change->kind == PLAN_PATH_APPEND) {
        append_emit(emitter, base, count);
    } else {
        sql_emit_slot(emitter, base->change->slot, &document_type);
    }
    for (size_t i = 0; i < count; i++)
        text_char(&emitter->out, ')');
}

static void remove_emit(sql_emitter *emitter, const step_base *base)
{
    text_string(&emitter->out, "CASE WHEN ");
    part_emit(emitter, base, strlen(base->change->path_kinds));
    text_format(&emitter->out, " IS NULL THEN %s ELSE %s #- ", base->text, base->text);
    sql_emit_slot(emitter, base->change->path_slot, &path_type);
    text_string(&emitter->out, " END");
}

static void step_emit(sql_emitter *emitter, const step_base *base)
{
    if (base->change->kind == PLAN_PATH_REMOVE) {
        remove_emit(emitter, base);
    } else {
        set_emit(emitter, base);
    }
}

/* Each step names the one before it often: OFFSET 0 keeps the planner from writing it out each time. */
static void steps_emit(sql_emitter *emitter, const char *first, const plan_change *changes,
                       size_t count)
{
    char before[32];
    if (count == 1) {
        step_emit(emitter, &(step_base){first, changes});
        return;
    }
    text_format(&emitter->out, "(SELECT d%zu.d FROM ", count);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_string(&emitter->out, ", LATERAL ");
        text_string(&emitter->out, "(SELECT ");
        (void)snprintf(before, sizeof(before), "d%zu.d", i);
        step_emit(emitter, &(step_base){i > 0 ? before : first, &changes[i]});
        text_format(&emitter->out, " AS d OFFSET 0) AS d%zu", i + 1);
    }
    text_char(&emitter->out, ')');
}

static void postgres_emit(sql_emitter *emitter, const char *table, const plan_change *changes,
                          size_t count)
{
    const model_column *column = changes->column;
    bool is_json = column->type.type == IGNIS_TYPE_JSON;
    text first;
    text_init(&first, emitter->memory, 0);
    text_string(&first, table);
    text_char(&first, '.');
    sql_identifier(&first, column->column);
    if (is_json) text_string(&first, "::jsonb");
    const char *base = text_finish(&first);
    if (!base) {
        emitter->out.code = first.code;
        return;
    }
    if (is_json) text_char(&emitter->out, '(');
    steps_emit(emitter, base, changes, count);
    if (is_json) text_string(&emitter->out, ")::json");
}

/* ---- SQLite -------------------------------------------------------------------------------------- */

static const char *step_name(plan_change_kind kind)
{
    return kind == PLAN_PATH_REMOVE ? "remove" : kind == PLAN_PATH_APPEND ? "append" : "set";
}

/* ignis_document(document, step, path, kinds, value, ...): as many steps as a function takes, then it is
   asked again. */
static void sqlite_emit(sql_emitter *emitter, const plan_change *changes, size_t count)
{
    enum { STEPS_OF_CALL = 24 };
    for (size_t i = 0; i < count; i += STEPS_OF_CALL)
        text_string(&emitter->out, "ignis_document(");
    sql_identifier(&emitter->out, changes->column->column);
    for (size_t i = 0; i < count; i++) {
        const plan_change *change = &changes[i];
        text_format(&emitter->out, ", '%s', ", step_name(change->kind));
        sql_emit_slot(emitter, change->path_slot, &path_type);
        text_format(&emitter->out, ", '%s', ", change->path_kinds);
        if (change->kind == PLAN_PATH_REMOVE) {
            text_string(&emitter->out, "NULL");
        } else {
            sql_emit_slot(emitter, change->slot, &document_type);
        }
        if ((i + 1) % STEPS_OF_CALL == 0 || i + 1 == count) text_char(&emitter->out, ')');
    }
}

void sql_emit_document(sql_emitter *emitter, const char *table, const plan_change *changes,
                       size_t count)
{
    if (emitter->dialect == IGNIS_DIALECT_SQLITE) {
        sqlite_emit(emitter, changes, count);
    } else {
        postgres_emit(emitter, table, changes, count);
    }
}
