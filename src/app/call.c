#include "app/app.h"

#include <inttypes.h>
#include <stdio.h>

static filter_method read_method(app_method method)
{
    switch (method) {
    case APP_FIND: return FILTER_FIND;
    case APP_FIND_ONE: return FILTER_FIND_ONE;
    case APP_FIND_BY_ID: return FILTER_FIND_BY_ID;
    case APP_COUNT: return FILTER_COUNT;
    case APP_EXISTS: return FILTER_EXISTS;
    default: break;
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

static filter_request read_request(const ignis_repository *repository, const app_call *call)
{
    return (filter_request){
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
}

ignis_code app_call_read(ignis_context *ctx, const ignis_repository *repository,
                         const app_call *call, run_answer *answer)
{
    const filter_request request = read_request(repository, call);
    const run_source *source = &repository->source->run;
    const run_source primary = run_source_primary(source);
    IGNIS_TRY(public_check(ctx, call));
    return run_read(ctx, call->on_primary ? &primary : source, &request, answer);
}

ignis_code app_call_explain(ignis_context *ctx, const ignis_repository *repository,
                            const app_call *call, const char **explanation)
{
    const filter_request request = read_request(repository, call);
    text out;
    text_init(&out, context_results(ctx), 0);
    IGNIS_TRY(public_check(ctx, call));
    IGNIS_TRY(run_explain(ctx, &repository->source->run, &request, &out));
    const char *finished = text_finish(&out);
    if (!finished) return context_fail_memory(ctx, out.memory);
    *explanation = finished;
    return IGNIS_OK;
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

static ignis_code data_check(ignis_context *ctx, const ignis_repository *repository,
                             const app_call *call)
{
    if (call->data) return IGNIS_OK;
    context_fail(ctx, IGNIS_E_INVALID, "the data of %s is missing", repository->entity->name);
    return context_path(ctx, "data");
}

static void rows_open(const app_call *call, size_t count, text *out)
{
    text_format(out, "{\"count\":%zu,\"data\":", count);
    if (!call->should_return) text_string(out, "null");
    if (call->should_return && call->method != APP_CREATE) text_char(out, '[');
}

/* Puts fewer in the place of the number at start: digits of the greater one give it room. */
static void count_correct(text *out, size_t start, size_t count)
{
    char digits[24];
    size_t size = 0;
    while (char_is_digit(out->data[start + size]))
        size++;
    size_t now = (size_t)snprintf(digits, sizeof(digits), "%zu", count);
    memmove(out->data + start + now, out->data + start + size, out->size - start - size);
    memcpy(out->data + start, digits, now);
    out->size -= size - now;
}

/* Behind the rows; or the rows as structs. A trigger may have left some out. */
static ignis_code rows_finish(ignis_context *ctx, const ignis_repository *repository,
                              const app_call *call, run_answer *answer)
{
    text *out = answer->out;
    bool is_short = call->should_return && out && answer->rows_count < (size_t)answer->number;
    if (!out) {
        answer->structs.entity = repository->entity;
        answer->rows_count = answer->structs.count;
        return row_structs_finish(ctx, &ctx->results, &answer->structs, &answer->rows);
    }
    if (is_short && call->method == APP_CREATE) text_string(out, "null");
    if (call->should_return && call->method != APP_CREATE) text_char(out, ']');
    text_char(out, '}');
    if (!is_short || out->code != IGNIS_OK) return IGNIS_OK;
    answer->number = (int64_t)answer->rows_count;
    count_correct(out, strlen("{\"count\":"), answer->rows_count);
    return IGNIS_OK;
}

static run_rows rows_of(const app_call *call)
{
    return (run_rows){.json = call->data, .structs = call->structs, .name = "data"};
}

static ignis_code create_run(ignis_context *ctx, const ignis_repository *repository,
                             const app_call *call, run_answer *answer)
{
    size_t rows = 0;
    bool is_list = call->method == APP_CREATE_ALL;
    text *out = answer->out;
    if (!call->structs) IGNIS_TRY(data_check(ctx, repository, call));
    if (!is_list && call->data->kind != JSON_OBJECT) {
        context_fail(ctx, IGNIS_E_INVALID, "a row of %s is an object, not %s",
                     repository->entity->name, json_kind_name(call->data));
        return context_path(ctx, "data");
    }
    const run_insert_request request = {.entity = repository->entity,
                                        .rows = rows_of(call),
                                        .should_return = call->should_return,
                                        .is_public = !call->policy->trusted};
    size_t count = run_rows_count(&request.rows);
    if (out) rows_open(call, count, out);
    if (count > 0) IGNIS_TRY(run_insert(ctx, &repository->source->run, &request, 1, answer, &rows));
    answer->number = (int64_t)count;
    return rows_finish(ctx, repository, call, answer);
}

/* The uniques that a call may name. */
typedef struct nameable_uniques {
    const model_entity *entity;
    bool is_public; /* not those of hidden properties */
} nameable_uniques;

static bool is_nameable(const nameable_uniques *uniques, const model_constraint *constraint)
{
    bool is_named = model_constraint_is_unique(constraint);
    for (size_t i = 0; uniques->is_public && i < constraint->columns.count; i++)
        is_named = is_named && !constraint->columns.items[i]->hidden;
    return is_named;
}

static const char *unique_at(const void *list, size_t i)
{
    const nameable_uniques *uniques = list;
    const model_entity *entity = uniques->entity;
    for (size_t at = 0; at < entity->constraints_count; at++) {
        if (is_nameable(uniques, &entity->constraints[at]) && i-- == 0)
            return entity->constraints[at].name;
    }
    return NULL;
}

/* The key that an upsert looks for: a unique by its name, else the primary key. */
static ignis_code conflict_read(ignis_context *ctx, const model_entity *entity,
                                const app_call *call, const model_keys **conflict)
{
    const nameable_uniques uniques = {entity, !call->policy->trusted};
    const char *name = call->conflict;
    *conflict = &entity->primary_key;
    if (!name) return IGNIS_OK;
    for (size_t i = 0; i < entity->constraints_count; i++) {
        const model_constraint *constraint = &entity->constraints[i];
        *conflict = &constraint->columns;
        if (is_nameable(&uniques, constraint) && strcmp(constraint->name, name) == 0)
            return IGNIS_OK;
    }
    char quoted[CONTEXT_QUOTE_SIZE];
    context_fail(ctx, IGNIS_E_INVALID, "%s has no unique '%s'", entity->name,
                 context_quote(quoted, name, strlen(name)));
    context_hint(ctx, names_nearest(name, strlen(name), unique_at, &uniques));
    return context_path(ctx, "options.onConflict");
}

static ignis_code write_run(ignis_context *ctx, const ignis_repository *repository,
                            const app_call *call, run_answer *answer)
{
    app_method method = call->method;
    const model_keys *conflict = NULL;
    bool is_update = method == APP_UPDATE_BY_ID || method == APP_UPDATE_ALL ||
                     method == APP_UPDATE_BY || method == APP_UPSERT;
    if (method == APP_UPSERT) {
        IGNIS_TRY(conflict_read(ctx, repository->entity, call, &conflict));
    }
    const run_write_request request = {
        .entity = repository->entity,
        .policy = call->policy,
        .where = call->where,
        .id = call->id,
        .data = is_update ? call->data : NULL,
        .conflict = conflict,
        .is_by_id =
            method == APP_UPDATE_BY_ID || method == APP_DELETE_BY_ID || method == APP_UPSERT,
        .should_skip_default_filter = call->should_skip_default_filter,
        .should_return = call->should_return,
        .force = call->force};
    IGNIS_TRY(public_check(ctx, call));
    if (is_update) IGNIS_TRY(data_check(ctx, repository, call));
    return run_write(ctx, &repository->source->run, &request, answer);
}

static ignis_code upsert_all_run(ignis_context *ctx, const ignis_repository *repository,
                                 const app_call *call, run_answer *answer)
{
    run_upsert_request request = {
        .write = {.entity = repository->entity,
                  .policy = call->policy,
                  .should_skip_default_filter = call->should_skip_default_filter,
                  .should_return = call->should_return},
        .rows = rows_of(call)};
    IGNIS_TRY(public_check(ctx, call));
    if (!call->structs) IGNIS_TRY(data_check(ctx, repository, call));
    IGNIS_TRY(conflict_read(ctx, repository->entity, call, &request.write.conflict));
    if (answer->out) rows_open(call, run_rows_count(&request.rows), answer->out);
    IGNIS_TRY(run_upsert_all(ctx, &repository->source->run, &request, answer));
    return rows_finish(ctx, repository, call, answer);
}

ignis_code app_call_write(ignis_context *ctx, const ignis_repository *repository,
                          const app_call *call, run_answer *answer)
{
    bool is_create = call->method == APP_CREATE || call->method == APP_CREATE_ALL;
    /* Also where there is no row to write. */
    IGNIS_TRY(run_context_check(ctx, repository->source->run.connections));
    IGNIS_TRY(run_write_check(ctx));
    if (call->method == APP_UPSERT_ALL) return upsert_all_run(ctx, repository, call, answer);
    return is_create ? create_run(ctx, repository, call, answer)
                     : write_run(ctx, repository, call, answer);
}

ignis_code app_call_run(ignis_context *ctx, const ignis_repository *repository,
                        const app_call *call, text *out, int64_t *number)
{
    const char *name = app_method_name(call->method);
    run_answer answer = {.out = out};
    IGNIS_TRY(app_repository_check(ctx, repository, name));
    ignis_code code = app_method_writes(call->method)
                          ? app_call_write(ctx, repository, call, &answer)
                          : read_run(ctx, repository, call, out, number);
    if (code == IGNIS_OK && out->code != IGNIS_OK) return context_fail_memory(ctx, out->memory);
    return code;
}
