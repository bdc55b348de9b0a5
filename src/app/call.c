#include "app/app.h"

#include <inttypes.h>

static filter_method read_method(app_method method)
{
    switch (method) {
    case APP_FIND: return FILTER_FIND;
    case APP_FIND_ONE: return FILTER_FIND_ONE;
    case APP_FIND_BY_ID: return FILTER_FIND_BY_ID;
    case APP_COUNT: return FILTER_COUNT;
    case APP_EXISTS: return FILTER_EXISTS;
    case APP_CREATE:
    case APP_CREATE_ALL: break;
    }
    return 0;
}

static ignis_code public_check(ignis_context *ctx, const app_call *call)
{
    if (call->policy->trusted) return IGNIS_OK;
    if (call->should_skip_default_filter) {
        context_fail(ctx, IGNIS_E_INVALID, "a public filter cannot skip default filters");
        return context_path(ctx, "options.shouldSkipDefaultFilter");
    }
    if (call->with_hidden) {
        context_fail(ctx, IGNIS_E_INVALID, "a public filter cannot ask for hidden properties");
        return context_path(ctx, "options.withHidden");
    }
    if (call->lock.strength != FILTER_LOCK_NONE) {
        context_fail(ctx, IGNIS_E_INVALID, "a public filter cannot lock rows");
        return context_path(ctx, "options.lock");
    }
    return IGNIS_OK;
}

ignis_code app_call_read(ignis_context *ctx, const ignis_repository *repository,
                         const app_call *call, run_answer *answer)
{
    const filter_request request = {
        .method = read_method(call->method),
        .entity = repository->entity,
        .policy = call->policy,
        .filter = call->filter,
        .where = call->where,
        .id = call->id,
        .should_skip_default_filter = call->should_skip_default_filter,
        .with_range = call->should_query_range,
        .with_hidden = call->with_hidden,
        .lock = call->lock,
    };
    IGNIS_TRY(public_check(ctx, call));
    return run_read(ctx, &repository->source->run, &request, answer);
}

static ignis_code read_run(ignis_context *ctx, const ignis_repository *repository,
                           const app_call *call, text *out, int64_t *number)
{
    run_answer answer = {.out = out};
    IGNIS_TRY(app_call_read(ctx, repository, call, &answer));
    if (number) *number = answer.number;
    if (call->method == APP_COUNT) text_format(out, "{\"count\":%" PRId64 "}", answer.number);
    if (call->method == APP_EXISTS) text_string(out, answer.number ? "true" : "false");
    return IGNIS_OK;
}

static ignis_code create_run(ignis_context *ctx, const ignis_repository *repository,
                             const app_call *call, text *out)
{
    size_t rows = 0;
    bool is_list = call->method == APP_CREATE_ALL;
    if (!call->data) {
        context_fail(ctx, IGNIS_E_INVALID, "the data of %s is missing", repository->entity->name);
        return context_path(ctx, "data");
    }
    if (!is_list && call->data->kind != JSON_OBJECT) {
        context_fail(ctx, IGNIS_E_INVALID, "a row of %s is an object, not %s",
                     repository->entity->name, json_kind_name(call->data));
        return context_path(ctx, "data");
    }
    const run_insert_request request = {
        .entity = repository->entity, .rows = call->data, .should_return = call->should_return};
    size_t count = call->data->kind == JSON_ARRAY ? call->data->count : 1;
    text_format(out, "{\"count\":%zu,\"data\":", count);
    if (!call->should_return) text_string(out, "null");
    if (call->should_return && is_list) text_char(out, '[');
    if (count > 0) IGNIS_TRY(run_insert(ctx, &repository->source->run, &request, 1, out, &rows));
    if (call->should_return && is_list) text_char(out, ']');
    text_char(out, '}');
    return IGNIS_OK;
}

ignis_code app_call_run(ignis_context *ctx, const ignis_repository *repository,
                        const app_call *call, text *out, int64_t *number)
{
    bool is_write = call->method == APP_CREATE || call->method == APP_CREATE_ALL;
    IGNIS_TRY(app_repository_check(ctx, repository, app_method_name(call->method)));
    if (is_write) IGNIS_TRY(run_write_check(ctx));
    ignis_code code = is_write ? create_run(ctx, repository, call, out)
                               : read_run(ctx, repository, call, out, number);
    if (code == IGNIS_OK && out->code != IGNIS_OK) return context_fail_memory(ctx, out->memory);
    return code;
}
