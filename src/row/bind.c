#include "row/row.h"

ignis_code row_name_fail(ignis_context *ctx, const model_entity *entity, const json_member *member,
                         bool is_public)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    context_quote(quoted, member->name, member->name_size);
    context_fail(ctx, IGNIS_E_INVALID, "unknown property '%s' of %s", quoted, entity->name);
    size_t size = strcspn(member->name, ".[");
    context_hint(ctx, model_column_nearest(entity, member->name, size, is_public));
    return context_path(ctx, "%s", quoted);
}

/* The column of a member; rows mostly name their columns in the model's order, so the one that follows
   the last is tried first. */
static const model_column *member_column(const model_entity *entity, const json_member *member,
                                         size_t next)
{
    const model_column *guess = next < entity->columns_count ? &entity->columns[next] : NULL;
    bool is_guessed = guess && guess->name_size == member->name_size &&
                      memcmp(guess->name, member->name, member->name_size) == 0;
    return is_guessed ? guess : model_column_get(entity, member->name, member->name_size);
}

static ignis_code member_refuse(ignis_context *ctx, const model_entity *entity,
                                const json_member *member, bool is_public)
{
    if (!row_is_operator(member->name)) return row_name_fail(ctx, entity, member, is_public);
    context_fail(ctx, IGNIS_E_INVALID, "%s is of updates, and a new row takes values",
                 member->name);
    return context_path(ctx, "%s", member->name);
}

/* Only C can say a property twice: JSON with two equal keys is none. */
static ignis_code twice_fail(ignis_context *ctx, const model_column *column)
{
    context_fail(ctx, IGNIS_E_INVALID, "'%s' is given twice", column->name);
    return context_path(ctx, "%s", column->name);
}

/* The row's values by column. Every name that the model lacks is a problem of its own. */
static ignis_code members_find(ignis_context *ctx, const model_entity *entity, const json *row,
                               bool is_public, const json **found)
{
    size_t next = 0;
    for (size_t i = 0; i < row->count; i++) {
        const json_member *member = &row->as.members[i];
        const model_column *column = member_column(entity, member, next);
        if (column && !found[column->index]) {
            found[column->index] = &member->value;
            next = column->index + 1;
            continue;
        }
        ignis_code code =
            column ? twice_fail(ctx, column) : member_refuse(ctx, entity, member, is_public);
        if (!context_problem_keep(ctx)) return code;
    }
    return IGNIS_OK;
}

static ignis_code required_fail(ignis_context *ctx, const model_entity *entity,
                                const model_column *column, const char *what)
{
    context_fail(ctx, IGNIS_E_NOT_NULL, "'%s' of %s is required and %s", column->name, entity->name,
                 what);
    context_columns(ctx, entity->name, &column->name, &column->column, 1);
    return context_path(ctx, "%s", column->name);
}

static ignis_code value_bind(ignis_context *ctx, arena *memory, const model_entity *entity,
                             const model_column *column, const json *given, ignis_cell *value)
{
    if (model_value_read(ctx, memory, column, given, MODEL_VALUE_WRITE, value) != IGNIS_OK) {
        return context_path(ctx, "%s", column->name);
    }
    bool is_null = value->kind == IGNIS_CELL_NULL;
    return column->not_null && is_null ? required_fail(ctx, entity, column, "null") : IGNIS_OK;
}

ignis_code row_value_read(ignis_context *ctx, arena *memory, const model_entity *entity,
                          const model_column *column, const json *given, ignis_cell *value)
{
    if (column->identity != IGNIS_IDENTITY_ALWAYS) {
        return value_bind(ctx, memory, entity, column, given, value);
    }
    context_fail(ctx, IGNIS_E_INVALID, "'%s' of %s is always made by the database", column->name,
                 entity->name);
    return context_path(ctx, "%s", column->name);
}

/* ---- a row ---------------------------------------------------------------------------------------- */

typedef struct binding {
    ignis_context *ctx;
    arena *memory;
    const model_entity *entity;
    row_purpose purpose;
    row_values *values;
} binding;

/* A property that the row does not name. */
static ignis_code missing_bind(const binding *in, const model_column *column)
{
    bool *is_given = &in->values->given[column->index];
    ignis_cell *value = &in->values->cells[in->values->count];
    *is_given = in->purpose == ROW_LOAD;
    *value = (ignis_cell){.kind = IGNIS_CELL_NULL};
    if (in->purpose != ROW_LOAD) {
        IGNIS_TRY(row_generate(in->ctx, in->memory, column, ROW_ON_CREATE, is_given, value));
    }
    bool has_default = column->default_literal || column->default_sql || column->identity;
    bool is_filled = *is_given ? value->kind != IGNIS_CELL_NULL : has_default;
    if (column->not_null && !is_filled)
        return required_fail(in->ctx, in->entity, column, "missing");
    return IGNIS_OK;
}

static ignis_code given_bind(const binding *in, const model_column *column, const json *given)
{
    ignis_cell *value = &in->values->cells[in->values->count];
    in->values->given[column->index] = true;
    return in->purpose == ROW_LOAD
               ? value_bind(in->ctx, in->memory, in->entity, column, given, value)
               : row_value_read(in->ctx, in->memory, in->entity, column, given, value);
}

/* Most values are cells as they are; the others are read as their JSON would be. */
static ignis_code member_bind(const binding *in, const model_column *column, const void *row)
{
    const ignis_value value = model_native_member(column, row);
    json read;
    in->values->given[column->index] = true;
    if (model_native_cell(column, &value, &in->values->cells[in->values->count])) return IGNIS_OK;
    if (model_native_read(in->ctx, in->memory, &value, true, &read) != IGNIS_OK) {
        return context_path(in->ctx, "%s", column->name);
    }
    return given_bind(in, column, &read);
}

ignis_code row_bind(ignis_context *ctx, arena *memory, const model_entity *entity, const json *row,
                    row_purpose purpose, row_values *values)
{
    const binding in = {ctx, memory, entity, purpose, values};
    values->count = 0;
    context_problems_clear(ctx);
    if (row->kind != JSON_OBJECT) {
        return context_fail(ctx, IGNIS_E_INVALID, "a row of %s is an object, not %s", entity->name,
                            json_kind_name(row));
    }
    const json **found = arena_array(memory, entity->columns_count, sizeof(*found));
    if (!found) return context_fail_memory(ctx, memory);
    IGNIS_TRY(members_find(ctx, entity, row, purpose == ROW_CREATE_PUBLIC, found));
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        ignis_code code = found[i] ? given_bind(&in, column, found[i]) : missing_bind(&in, column);
        if (code != IGNIS_OK && !context_problem_keep(ctx)) return code;
        if (values->given[i]) values->count++;
    }
    return context_problems_end(ctx);
}

ignis_code row_native_bind(ignis_context *ctx, arena *memory, const row_native *rows, size_t row,
                           row_values *values)
{
    const model_entity *entity = rows->entity;
    const binding in = {ctx, memory, entity, ROW_CREATE, values};
    const void *at = (const char *)rows->items + row * entity->row_size;
    values->count = 0;
    context_problems_clear(ctx);
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        ignis_code code =
            rows->is_member[i] ? member_bind(&in, column, at) : missing_bind(&in, column);
        if (code != IGNIS_OK && !context_problem_keep(ctx)) return code;
        if (values->given[i]) values->count++;
    }
    return context_problems_end(ctx);
}
