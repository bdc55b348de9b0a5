#include "row/row.h"

/* A text made by the library, read as a value of the column would be. */
static ignis_code text_read(ignis_context *ctx, arena *memory, const model_column *column,
                            const char *made, ignis_cell *value)
{
    const char *kept = arena_copy(memory, made, strlen(made));
    if (!kept) return context_fail_memory(ctx, memory);
    const json wrapped = {.kind = JSON_STRING, .count = strlen(kept), .as.text = kept};
    return model_value_read(ctx, memory, column, &wrapped, MODEL_VALUE_WRITE, value);
}

static ignis_code uuid_make(ignis_context *ctx, arena *memory, const model_column *column,
                            ignis_generator generator, ignis_cell *value)
{
    char made[UUID_TEXT_SIZE + 1];
    bool is_made = generator == IGNIS_GENERATE_UUID ? uuid_v4(&ctx->random, made)
                                                    : uuid_v7(&ctx->random, made);
    if (is_made) return text_read(ctx, memory, column, made, value);
    return context_fail(ctx, IGNIS_E_STATE, "the system gives no random bytes for a UUID");
}

static ignis_cell now_cell(const model_column *column)
{
    const int64_t day = INT64_C(86400) * 1000000;
    int64_t now = time_now();
    if (column->type.type == IGNIS_TYPE_DATE) now = (now - ((now % day) + day) % day) / day;
    return (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = now};
}

/* Without a user "or null" is null on create; on update the column stays as it is. */
static ignis_code user_make(ignis_context *ctx, arena *memory, const model_column *column,
                            row_moment moment, bool *is_made, ignis_cell *value)
{
    ignis_generator generator = moment == ROW_ON_CREATE ? column->default_fn : column->on_update;
    if (context_user(ctx)) return text_read(ctx, memory, column, context_user(ctx), value);
    *is_made = moment == ROW_ON_CREATE;
    if (generator == IGNIS_GENERATE_CURRENT_USER_OR_NULL) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_INVALID, "'%s' needs the context's user, which is not set",
                        column->name);
}

static ignis_code builtin_make(ignis_context *ctx, arena *memory, const model_column *column,
                               row_moment moment, bool *is_made, ignis_cell *value)
{
    ignis_generator generator = moment == ROW_ON_CREATE ? column->default_fn : column->on_update;
    *is_made = generator != IGNIS_GENERATE_NONE;
    switch (generator) {
    case IGNIS_GENERATE_NONE: break;
    case IGNIS_GENERATE_UUID:
    case IGNIS_GENERATE_UUID_V7: return uuid_make(ctx, memory, column, generator, value);
    case IGNIS_GENERATE_NOW: *value = now_cell(column); break;
    case IGNIS_GENERATE_VERSION:
        *value = (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = 1};
        break;
    case IGNIS_GENERATE_CURRENT_USER:
    case IGNIS_GENERATE_CURRENT_USER_OR_NULL:
        return user_make(ctx, memory, column, moment, is_made, value);
    }
    return IGNIS_OK;
}

/* The program's own function. */
static ignis_code custom_make(ignis_context *ctx, arena *memory, const model_column *column,
                              ignis_generate generate, bool *is_made, ignis_cell *value)
{
    const char *made = NULL;
    const json *read;
    ignis_code code = generate(ctx, column->generate_data, &made);
    if (code != IGNIS_OK) {
        return context_fail(ctx, code, "the generator of '%s' answers %s", column->name,
                            ignis_code_name(code));
    }
    *is_made = made != NULL;
    if (!made) return IGNIS_OK;
    IGNIS_TRY(json_read_context(ctx, memory, made, strlen(made), NULL, &read));
    return model_value_read(ctx, memory, column, read, MODEL_VALUE_WRITE, value);
}

ignis_code row_generate(ignis_context *ctx, arena *memory, const model_column *column,
                        row_moment moment, bool *is_made, ignis_cell *value)
{
    ignis_generate generate = moment == ROW_ON_CREATE ? column->generate : column->generate_update;
    *is_made = false;
    *value = (ignis_cell){.kind = IGNIS_CELL_NULL};
    ignis_code code = generate ? custom_make(ctx, memory, column, generate, is_made, value)
                               : builtin_make(ctx, memory, column, moment, is_made, value);
    return code == IGNIS_OK ? IGNIS_OK : context_path(ctx, "%s", column->name);
}
