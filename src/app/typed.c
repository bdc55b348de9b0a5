/* typed: the calls whose filters and rows are C structs. */
#include "app/app.h"

ignis_code app_typed_start(ignis_context *ctx, const ignis_repository *repository,
                           const ignis_filter *filter, app_call *call)
{
    const ignis_options options = filter_native_options(filter);
    ctx->call_log_level = options.log;
    IGNIS_TRY(app_repository_check(ctx, repository, app_method_name(call->method)));
    IGNIS_TRY(row_struct_check(ctx, repository->entity));
    call->policy = options.policy ? options.policy : &ignis_policy_trusted;
    call->should_skip_default_filter = options.skip_default_filter;
    call->with_hidden = options.with_hidden;
    call->force = options.force;
    call->on_primary = options.replica == IGNIS_REPLICA_NONE;
    call->conflict = options.on_conflict;
    call->lock = (filter_lock){.strength = (filter_strength)options.lock,
                               .wait = (filter_wait)options.lock_wait};
    IGNIS_TRY(app_options_check(ctx, call));
    if (!filter) return IGNIS_OK;
    return filter_native_read(ctx, &ctx->scratch, repository->entity, filter, &call->filter);
}

ignis_code app_typed_run(ignis_context *ctx, const ignis_repository *repository,
                         const app_call *call, run_answer *answer)
{
    bool is_write = app_method_writes(call->method);
    ignis_mark mark = arena_mark(&ctx->results);
    ignis_code code = is_write ? app_call_write(ctx, repository, call, answer)
                               : app_call_read(ctx, repository, call, answer);
    if (code != IGNIS_OK) arena_release(&ctx->results, mark);
    return code;
}

ignis_code ignis_find(ignis_context *ctx, const ignis_repository *repository,
                      const ignis_filter *filter, void **rows, size_t *rows_count)
{
    app_call call = {.method = APP_FIND};
    run_answer answer = {0};
    app_begin(ctx);
    ignis_code code = app_typed_start(ctx, repository, filter, &call);
    if (code == IGNIS_OK) code = app_typed_run(ctx, repository, &call, &answer);
    if (code == IGNIS_OK) {
        *rows = answer.rows;
        *rows_count = answer.rows_count;
    }
    return app_end(ctx, code);
}

ignis_code ignis_find_range(ignis_context *ctx, const ignis_repository *repository,
                            const ignis_filter *filter, void **rows, size_t *rows_count,
                            ignis_range *range)
{
    app_call call = {.method = APP_FIND, .should_query_range = true};
    run_answer answer = {0};
    app_begin(ctx);
    ignis_code code = app_typed_start(ctx, repository, filter, &call);
    if (code == IGNIS_OK) code = app_typed_run(ctx, repository, &call, &answer);
    if (code == IGNIS_OK) {
        int64_t count = (int64_t)answer.rows_count;
        *rows = answer.rows;
        *rows_count = answer.rows_count;
        *range = (ignis_range){.start = answer.start,
                               .end = answer.start + (count > 0 ? count - 1 : 0),
                               .total = answer.number};
    }
    return app_end(ctx, code);
}

ignis_code ignis_explain(ignis_context *ctx, const ignis_repository *repository,
                         const ignis_filter *filter, const char **explanation)
{
    app_call call = {.method = APP_FIND};
    app_begin(ctx);
    ignis_code code = app_typed_start(ctx, repository, filter, &call);
    if (code == IGNIS_OK) code = app_call_explain(ctx, repository, &call, explanation);
    return app_end(ctx, code);
}

/* findOne and findById. */
static ignis_code one_read(ignis_context *ctx, const ignis_repository *repository,
                           const app_call *call, void **row)
{
    run_answer answer = {0};
    IGNIS_TRY(app_typed_run(ctx, repository, call, &answer));
    *row = answer.rows_count > 0 ? answer.rows : NULL;
    return IGNIS_OK;
}

ignis_code ignis_find_one(ignis_context *ctx, const ignis_repository *repository,
                          const ignis_filter *filter, void **row)
{
    app_call call = {.method = APP_FIND_ONE};
    app_begin(ctx);
    ignis_code code = app_typed_start(ctx, repository, filter, &call);
    if (code == IGNIS_OK) code = one_read(ctx, repository, &call, row);
    return app_end(ctx, code);
}

/* {"a": 1, "b": 2} from the key members of a struct. */
static ignis_code key_row_read(ignis_context *ctx, const model_entity *entity, const void *row,
                               json *made)
{
    const model_keys *key = &entity->primary_key;
    json_member *members = arena_array(&ctx->scratch, key->count, sizeof(*members));
    if (!members) return context_fail_memory(ctx, &ctx->scratch);
    for (size_t i = 0; i < key->count; i++) {
        const model_column *column = key->items[i];
        const ignis_value value = model_native_member(column, row);
        members[i].name = column->name;
        members[i].name_size = column->name_size;
        if (model_native_read(ctx, &ctx->scratch, &value, false, &members[i].value) != IGNIS_OK) {
            return context_path(ctx, "%s", column->name);
        }
    }
    *made = (json){.kind = JSON_OBJECT, .count = key->count, .as.members = members};
    return IGNIS_OK;
}

ignis_code app_key_read(ignis_context *ctx, const model_entity *entity, const ignis_key *key,
                        const json **id)
{
    json *made = arena_array(&ctx->scratch, 1, sizeof(*made));
    if (!made) return context_fail_memory(ctx, &ctx->scratch);
    *id = made;
    ignis_code code = key->row ? key_row_read(ctx, entity, key->row, made)
                               : model_native_read(ctx, &ctx->scratch, &key->value, false, made);
    return code == IGNIS_OK ? IGNIS_OK : context_path(ctx, "id");
}

ignis_code ignis_find_by_id(ignis_context *ctx, const ignis_repository *repository,
                            const ignis_key *key, const ignis_filter *filter, void **row)
{
    app_call call = {.method = APP_FIND_BY_ID};
    app_begin(ctx);
    ignis_code code = app_typed_start(ctx, repository, filter, &call);
    if (code == IGNIS_OK) code = app_key_read(ctx, repository->entity, key, &call.id);
    if (code == IGNIS_OK) code = one_read(ctx, repository, &call, row);
    return app_end(ctx, code);
}

ignis_code app_where_only(ignis_context *ctx, app_call *call)
{
    for (size_t i = 0; call->filter && i < call->filter->count; i++) {
        const json_member *part = &call->filter->as.members[i];
        if (strcmp(part->name, "where") == 0) {
            call->where = &part->value;
            continue;
        }
        context_fail(ctx, IGNIS_E_INVALID, "%s knows where only, not %s",
                     app_method_name(call->method), part->name);
        return context_path(ctx, "%s", part->name);
    }
    call->filter = NULL;
    return IGNIS_OK;
}

/* count and exists. */
static ignis_code number_read(ignis_context *ctx, const ignis_repository *repository,
                              app_method method, const ignis_filter *filter, int64_t *number)
{
    app_call call = {.method = method};
    run_answer answer = {0};
    IGNIS_TRY(app_typed_start(ctx, repository, filter, &call));
    IGNIS_TRY(app_where_only(ctx, &call));
    IGNIS_TRY(app_call_read(ctx, repository, &call, &answer));
    *number = answer.number;
    return IGNIS_OK;
}

ignis_code ignis_count(ignis_context *ctx, const ignis_repository *repository,
                       const ignis_filter *filter, int64_t *count)
{
    app_begin(ctx);
    return app_end(ctx, number_read(ctx, repository, APP_COUNT, filter, count));
}

ignis_code ignis_exists(ignis_context *ctx, const ignis_repository *repository,
                        const ignis_filter *filter, bool *exists)
{
    int64_t number = 0;
    app_begin(ctx);
    ignis_code code = number_read(ctx, repository, APP_EXISTS, filter, &number);
    if (code == IGNIS_OK) *exists = number != 0;
    return app_end(ctx, code);
}
