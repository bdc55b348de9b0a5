#include "row/row.h"

static ignis_code names_check(ignis_context *ctx, const model_entity *entity, const json *row,
                              bool is_public)
{
    for (size_t i = 0; i < row->count; i++) {
        const json_member *member = &row->as.members[i];
        if (model_column_get(entity, member->name, member->name_size)) continue;
        char quoted[CONTEXT_QUOTE_SIZE];
        context_quote(quoted, member->name, member->name_size);
        context_fail(ctx, IGNIS_E_INVALID, "unknown property '%s' of %s", quoted, entity->name);
        context_hint(ctx, model_column_nearest(entity, member->name, member->name_size, is_public));
        return context_path(ctx, "%s", quoted);
    }
    return IGNIS_OK;
}

static ignis_code required_fail(ignis_context *ctx, const model_entity *entity,
                                const model_column *column, const char *what)
{
    context_fail(ctx, IGNIS_E_NOT_NULL, "'%s' of %s is required and %s", column->name, entity->name,
                 what);
    return context_path(ctx, "%s", column->name);
}

/* A text made by the library, read as a value of the column would be. */
static ignis_code text_bind(ignis_context *ctx, arena *memory, const model_column *column,
                            const char *made, ignis_cell *value)
{
    const char *kept = arena_copy(memory, made, strlen(made));
    if (!kept) return context_fail_memory(ctx, memory);
    const json wrapped = {.kind = JSON_STRING, .count = strlen(kept), .as.text = kept};
    if (model_value_read(ctx, memory, column, &wrapped, MODEL_VALUE_WRITE, value) == IGNIS_OK) {
        return IGNIS_OK;
    }
    return context_path(ctx, "%s", column->name);
}

static ignis_code uuid_bind(ignis_context *ctx, arena *memory, const model_column *column,
                            ignis_cell *value)
{
    char made[UUID_TEXT_SIZE + 1];
    bool is_made = column->default_fn == IGNIS_GENERATE_UUID ? uuid_v4(made) : uuid_v7(made);
    if (is_made) return text_bind(ctx, memory, column, made, value);
    return context_fail(ctx, IGNIS_E_STATE, "the system gives no random bytes for a UUID");
}

static ignis_cell now_cell(const model_column *column)
{
    const int64_t day = INT64_C(86400) * 1000000;
    int64_t now = time_now();
    if (column->type.type == IGNIS_TYPE_DATE) now = (now - ((now % day) + day) % day) / day;
    return (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = now};
}

/* Fills *value where the column has a generator; *is_made tells. */
static ignis_code generate(ignis_context *ctx, arena *memory, const model_column *column,
                           bool *is_made, ignis_cell *value)
{
    *is_made = column->default_fn != IGNIS_GENERATE_NONE;
    *value = (ignis_cell){.kind = IGNIS_CELL_NULL};
    switch (column->default_fn) {
    case IGNIS_GENERATE_NONE: return IGNIS_OK;
    case IGNIS_GENERATE_UUID:
    case IGNIS_GENERATE_UUID_V7: return uuid_bind(ctx, memory, column, value);
    case IGNIS_GENERATE_NOW: *value = now_cell(column); return IGNIS_OK;
    case IGNIS_GENERATE_CURRENT_USER:
    case IGNIS_GENERATE_CURRENT_USER_OR_NULL: break;
    }
    if (context_user(ctx)) return text_bind(ctx, memory, column, context_user(ctx), value);
    if (column->default_fn == IGNIS_GENERATE_CURRENT_USER_OR_NULL) return IGNIS_OK;
    context_fail(ctx, IGNIS_E_INVALID, "'%s' needs the context's user, which is not set",
                 column->name);
    return context_path(ctx, "%s", column->name);
}

/* A property that the row does not name. */
static ignis_code missing_bind(ignis_context *ctx, arena *memory, const model_entity *entity,
                               const model_column *column, row_purpose purpose, bool *is_given,
                               ignis_cell *value)
{
    *is_given = purpose == ROW_LOAD;
    *value = (ignis_cell){.kind = IGNIS_CELL_NULL};
    if (purpose != ROW_LOAD) IGNIS_TRY(generate(ctx, memory, column, is_given, value));
    bool has_default = column->default_literal || column->default_sql || column->identity;
    bool is_filled = *is_given ? value->kind != IGNIS_CELL_NULL : has_default;
    if (column->not_null && !is_filled) return required_fail(ctx, entity, column, "missing");
    return IGNIS_OK;
}

static ignis_code given_bind(ignis_context *ctx, arena *memory, const model_entity *entity,
                             const model_column *column, const json *given, row_purpose purpose,
                             ignis_cell *value)
{
    if (purpose != ROW_LOAD && column->identity == IGNIS_IDENTITY_ALWAYS) {
        context_fail(ctx, IGNIS_E_INVALID, "'%s' of %s is always made by the database",
                     column->name, entity->name);
        return context_path(ctx, "%s", column->name);
    }
    if (model_value_read(ctx, memory, column, given, MODEL_VALUE_WRITE, value) != IGNIS_OK) {
        return context_path(ctx, "%s", column->name);
    }
    bool is_null = value->kind == IGNIS_CELL_NULL;
    return column->not_null && is_null ? required_fail(ctx, entity, column, "null") : IGNIS_OK;
}

ignis_code row_bind(ignis_context *ctx, arena *memory, const model_entity *entity, const json *row,
                    row_purpose purpose, bool *given, ignis_cell *values)
{
    size_t count = 0;
    if (row->kind != JSON_OBJECT) {
        return context_fail(ctx, IGNIS_E_INVALID, "a row of %s is an object, not %s", entity->name,
                            json_kind_name(row));
    }
    IGNIS_TRY(names_check(ctx, entity, row, purpose == ROW_CREATE_PUBLIC));
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        const json *value = json_get(row, column->name);
        given[i] = value != NULL;
        if (value) {
            IGNIS_TRY(given_bind(ctx, memory, entity, column, value, purpose, &values[count]));
        } else {
            IGNIS_TRY(
                missing_bind(ctx, memory, entity, column, purpose, &given[i], &values[count]));
        }
        if (given[i]) count++;
    }
    return IGNIS_OK;
}
