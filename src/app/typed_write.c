/* typed_write: the calls that write from C values and structs. */
#include "app/app.h"

/* The same where one row is written at most. */
static ignis_code row_write(ignis_context *ctx, const ignis_repository *repository, app_call *call,
                            void **row)
{
    run_answer answer = {0};
    call->should_return = row != NULL;
    IGNIS_TRY(app_typed_run(ctx, repository, call, &answer));
    if (row) *row = answer.rows_count > 0 ? answer.rows : NULL;
    return IGNIS_OK;
}

static ignis_code values_read(ignis_context *ctx, const ignis_repository *repository,
                              const ignis_values *values, app_call *call)
{
    ignis_code code =
        row_native_values(ctx, &ctx->scratch, repository->entity, values, &call->data);
    return code == IGNIS_OK ? IGNIS_OK : context_path(ctx, "data");
}

/* A write without a filter; options stand for themselves. */
static ignis_code write_start(ignis_context *ctx, const ignis_repository *repository,
                              const ignis_options *options, app_call *call)
{
    const ignis_filter filter = {.struct_size = sizeof(filter), .options = options};
    IGNIS_TRY(app_typed_start(ctx, repository, &filter, call));
    call->filter = NULL;
    return IGNIS_OK;
}

ignis_code ignis_create(ignis_context *ctx, const ignis_repository *repository,
                        const ignis_values *values, void **row)
{
    app_call call = {.method = APP_CREATE};
    app_begin(ctx);
    ignis_code code = write_start(ctx, repository, NULL, &call);
    if (code == IGNIS_OK) code = values_read(ctx, repository, values, &call);
    if (code == IGNIS_OK) code = row_write(ctx, repository, &call, row);
    return app_end(ctx, code);
}

/* createAll or upsertAll of structs, as call says; written NULL: they are not asked for. */
static ignis_code rows_write(ignis_context *ctx, const ignis_repository *repository,
                             const ignis_options *options, app_call *call, void **written)
{
    row_native structs = *call->structs;
    run_answer answer = {0};
    if (structs.count > 0 && !structs.items) {
        return context_fail(ctx, IGNIS_E_INVALID, "the rows are NULL");
    }
    IGNIS_TRY(write_start(ctx, repository, options, call));
    structs.entity = repository->entity;
    IGNIS_TRY(row_native_columns(ctx, &ctx->scratch, &structs));
    call->structs = &structs;
    call->should_return = written != NULL;
    IGNIS_TRY(app_typed_run(ctx, repository, call, &answer));
    if (written) *written = answer.rows;
    return IGNIS_OK;
}

ignis_code ignis_create_rows(ignis_context *ctx, const ignis_repository *repository,
                             const void *rows, size_t rows_count, ignis_members members,
                             void **created)
{
    const row_native structs = {.items = rows, .count = rows_count, .members = &members};
    app_call call = {.method = APP_CREATE_ALL, .structs = &structs};
    app_begin(ctx);
    return app_end(ctx, rows_write(ctx, repository, NULL, &call, created));
}

ignis_code ignis_upsert_rows(ignis_context *ctx, const ignis_repository *repository,
                             const ignis_rows *rows, const ignis_options *options, void **upserted)
{
    const ignis_rows none = {0};
    const ignis_rows *given = rows ? rows : &none;
    const row_native structs = {
        .items = given->items, .count = given->count, .members = &given->members};
    app_call call = {.method = APP_UPSERT_ALL, .structs = &structs};
    app_begin(ctx);
    return app_end(ctx, rows_write(ctx, repository, options, &call, upserted));
}

ignis_code ignis_upsert(ignis_context *ctx, const ignis_repository *repository,
                        const ignis_values *values, const ignis_options *options, void **row)
{
    app_call call = {.method = APP_UPSERT};
    app_begin(ctx);
    ignis_code code = write_start(ctx, repository, options, &call);
    if (code == IGNIS_OK) code = values_read(ctx, repository, values, &call);
    if (code == IGNIS_OK) code = row_write(ctx, repository, &call, row);
    return app_end(ctx, code);
}

ignis_code ignis_update_by_id(ignis_context *ctx, const ignis_repository *repository,
                              const ignis_key *key, const ignis_values *values,
                              const ignis_options *options, void **row)
{
    app_call call = {.method = APP_UPDATE_BY_ID};
    app_begin(ctx);
    ignis_code code = write_start(ctx, repository, options, &call);
    if (code == IGNIS_OK) code = app_key_read(ctx, repository->entity, key, &call.id);
    if (code == IGNIS_OK) code = values_read(ctx, repository, values, &call);
    if (code == IGNIS_OK) code = row_write(ctx, repository, &call, row);
    return app_end(ctx, code);
}

ignis_code ignis_delete_by_id(ignis_context *ctx, const ignis_repository *repository,
                              const ignis_key *key, const ignis_options *options, void **row)
{
    app_call call = {.method = APP_DELETE_BY_ID};
    app_begin(ctx);
    ignis_code code = write_start(ctx, repository, options, &call);
    if (code == IGNIS_OK) code = app_key_read(ctx, repository->entity, key, &call.id);
    if (code == IGNIS_OK) code = row_write(ctx, repository, &call, row);
    return app_end(ctx, code);
}

/* updateAll or deleteAll, as call says; values are read by the former alone. */
static ignis_code all_write(ignis_context *ctx, const ignis_repository *repository,
                            const ignis_filter *filter, const ignis_values *values, app_call *call,
                            run_answer *answer)
{
    IGNIS_TRY(app_typed_start(ctx, repository, filter, call));
    IGNIS_TRY(app_where_only(ctx, call));
    if (call->method == APP_UPDATE_ALL) IGNIS_TRY(values_read(ctx, repository, values, call));
    return app_typed_run(ctx, repository, call, answer);
}

/* What it gave. */
static ignis_code all_answer(ignis_context *ctx, ignis_code code, const run_answer *answer,
                             void **rows, size_t *count)
{
    if (code == IGNIS_OK && rows) *rows = answer->rows;
    if (code == IGNIS_OK && count) *count = (size_t)answer->number;
    return app_end(ctx, code);
}

ignis_code ignis_update_all(ignis_context *ctx, const ignis_repository *repository,
                            const ignis_filter *filter, const ignis_values *values, void **rows,
                            size_t *count)
{
    app_call call = {.method = APP_UPDATE_ALL, .should_return = rows != NULL};
    run_answer answer = {0};
    app_begin(ctx);
    ignis_code code = all_write(ctx, repository, filter, values, &call, &answer);
    return all_answer(ctx, code, &answer, rows, count);
}

ignis_code ignis_delete_all(ignis_context *ctx, const ignis_repository *repository,
                            const ignis_filter *filter, void **rows, size_t *count)
{
    app_call call = {.method = APP_DELETE_ALL, .should_return = rows != NULL};
    run_answer answer = {0};
    app_begin(ctx);
    ignis_code code = all_write(ctx, repository, filter, NULL, &call, &answer);
    return all_answer(ctx, code, &answer, rows, count);
}
