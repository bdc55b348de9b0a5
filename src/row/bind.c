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

/* The row's values by column. Every name that the model lacks is a problem of its own. */
static ignis_code members_find(ignis_context *ctx, const model_entity *entity, const json *row,
                               bool is_public, const json **found)
{
    size_t next = 0;
    for (size_t i = 0; i < row->count; i++) {
        const json_member *member = &row->as.members[i];
        const model_column *column = member_column(entity, member, next);
        if (column) {
            found[column->index] = &member->value;
            next = column->index + 1;
            continue;
        }
        ignis_code code = row_name_fail(ctx, entity, member, is_public);
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

/* A property that the row does not name. */
static ignis_code missing_bind(ignis_context *ctx, arena *memory, const model_entity *entity,
                               const model_column *column, row_purpose purpose, bool *is_given,
                               ignis_cell *value)
{
    *is_given = purpose == ROW_LOAD;
    *value = (ignis_cell){.kind = IGNIS_CELL_NULL};
    if (purpose != ROW_LOAD) {
        IGNIS_TRY(row_generate(ctx, memory, column, ROW_ON_CREATE, is_given, value));
    }
    bool has_default = column->default_literal || column->default_sql || column->identity;
    bool is_filled = *is_given ? value->kind != IGNIS_CELL_NULL : has_default;
    if (column->not_null && !is_filled) return required_fail(ctx, entity, column, "missing");
    return IGNIS_OK;
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

ignis_code row_bind(ignis_context *ctx, arena *memory, const model_entity *entity, const json *row,
                    row_purpose purpose, bool *given, ignis_cell *values)
{
    size_t count = 0;
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
        const json *value = found[i];
        ignis_code code;
        given[i] = value != NULL;
        if (!value) {
            code = missing_bind(ctx, memory, entity, column, purpose, &given[i], &values[count]);
        } else if (purpose == ROW_LOAD) {
            code = value_bind(ctx, memory, entity, column, value, &values[count]);
        } else {
            code = row_value_read(ctx, memory, entity, column, value, &values[count]);
        }
        if (code != IGNIS_OK && !context_problem_keep(ctx)) return code;
        if (given[i]) count++;
    }
    return context_problems_end(ctx);
}

/* Most values are cells as they are; the others are read as their JSON would be. */
static ignis_code member_bind(ignis_context *ctx, arena *memory, const model_entity *entity,
                              const model_column *column, const void *row, ignis_cell *cell)
{
    const ignis_value value = model_native_member(column, row);
    json read;
    if (model_native_cell(column, &value, cell)) return IGNIS_OK;
    if (model_native_read(ctx, memory, &value, true, &read) != IGNIS_OK) {
        return context_path(ctx, "%s", column->name);
    }
    return row_value_read(ctx, memory, entity, column, &read, cell);
}

ignis_code row_native_bind(ignis_context *ctx, arena *memory, const row_native *rows, size_t row,
                           bool *given, ignis_cell *values)
{
    const model_entity *entity = rows->entity;
    const void *at = (const char *)rows->items + row * entity->row_size;
    size_t count = 0;
    context_problems_clear(ctx);
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        given[i] = rows->is_member[i];
        ignis_code code = given[i] ? member_bind(ctx, memory, entity, column, at, &values[count])
                                   : missing_bind(ctx, memory, entity, column, ROW_CREATE,
                                                  &given[i], &values[count]);
        if (code != IGNIS_OK && !context_problem_keep(ctx)) return code;
        if (given[i]) count++;
    }
    return context_problems_end(ctx);
}
