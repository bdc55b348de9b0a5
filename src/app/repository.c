#include "app/app.h"

void app_repository_name_write(text *out, const ignis_repository_class *class_)
{
    text_string(out, class_->name ? class_->name : class_->model);
    if (!class_->name) text_string(out, "Repository");
}

/* Under the source's lock. */
static ignis_code names_fill(ignis_context *ctx, arena *memory,
                             const ignis_repository_class *class_, ignis_repository *made)
{
    text name;
    text_init(&name, memory, 0);
    app_repository_name_write(&name, class_);
    made->name = text_finish(&name);
    made->model = arena_copy(memory, class_->model, strlen(class_->model));
    return made->name && made->model ? IGNIS_OK : context_fail_memory(ctx, memory);
}

/* Under the source's lock. */
static ignis_code repository_make(ignis_context *ctx, ignis_data_source *source,
                                  const ignis_repository_class *class_, ignis_repository **made_)
{
    ignis_repository *made = arena_array(source->memory, 1, sizeof(*made));
    if (!made) return context_fail_memory(ctx, source->memory);
    IGNIS_TRY(names_fill(ctx, source->memory, class_, made));
    made->source = source;
    made->entity = model_entity_get(source->run.registry, made->model, strlen(made->model));
    made->is_readable = class_->readable;
    *made_ = made;
    bool is_other = made->entity && class_->typed && made->entity->origin != class_->typed;
    if (!is_other) return app_override(ctx, class_, made);
    return context_fail(ctx, IGNIS_E_INVALID, "the data source registers another model called %s",
                        made->model);
}

ignis_code app_repository_open(ignis_context *ctx, ignis_data_source *source,
                               const ignis_repository_class *given, ignis_repository **repository)
{
    ignis_repository_class class_ = *given;
    ignis_repository *made = NULL;
    if (!class_.model && class_.typed) class_.model = model_name_of(class_.typed);
    if (!class_.model) return context_fail(ctx, IGNIS_E_INVALID, "the repository names no model");
    pthread_mutex_lock(&source->lock);
    ignis_code code = repository_make(ctx, source, &class_, &made);
    pthread_mutex_unlock(&source->lock);
    if (code == IGNIS_OK) *repository = made;
    return code;
}

ignis_code ignis_repository_open(ignis_context *ctx, ignis_data_source *source,
                                 const ignis_repository_class *given, ignis_repository **repository)
{
    ignis_repository_class own;
    app_begin(ctx);
    ignis_code code = app_source_given(ctx, source);
    if (code == IGNIS_OK)
        code = app_struct_read(ctx, "repository's class", given, &own, sizeof(own));
    if (code == IGNIS_OK) code = app_repository_open(ctx, source, &own, repository);
    return app_end(ctx, code);
}

const char *ignis_repository_name(const ignis_repository *repository)
{
    return repository->name;
}

bool ignis_repository_is_readable(const ignis_repository *repository)
{
    return repository->is_readable;
}

ignis_data_source *ignis_repository_data_source(const ignis_repository *repository)
{
    return repository->source;
}

ignis_code ignis_repository_model(ignis_context *ctx, const ignis_repository *repository,
                                  const ignis_model **model)
{
    app_begin(ctx);
    arena *results = context_results(ctx);
    ignis_mark mark = arena_mark(results);
    ignis_code code = app_repository_check(ctx, repository, "");
    if (code == IGNIS_OK) code = model_describe(ctx, results, repository->entity, model);
    if (code != IGNIS_OK) arena_release(results, mark);
    return app_end(ctx, code);
}

ignis_code app_repository_given(ignis_context *ctx, const ignis_repository *repository)
{
    if (repository) return IGNIS_OK;
    return context_fail(
        ctx, IGNIS_E_NOT_FOUND,
        "the repository is NULL: not registered, or the application is not started");
}

static ignis_code readable_check(ignis_context *ctx, const ignis_repository *repository,
                                 const char *method)
{
    if (!repository->is_readable || !app_method_is_write(method)) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_UNSUPPORTED,
                        "[%s] Repository operation is NOT ALLOWED | scope: READ_ONLY", method);
}

ignis_code app_repository_check(ignis_context *ctx, const ignis_repository *repository,
                                const char *method)
{
    IGNIS_TRY(app_repository_given(ctx, repository));
    ctx->scope = repository->name;
    if (repository->entity) return readable_check(ctx, repository, method);
    const model_registry *registry = repository->source->run.registry;
    text keys;
    text_init(&keys, &ctx->scratch, CONTEXT_MESSAGE_MAX);
    for (size_t i = 0; i < registry->entities_count; i++) {
        if (i > 0) text_string(&keys, ", ");
        text_string(&keys, registry->entities[i].name);
    }
    const char *shown = text_finish(&keys);
    return context_fail(ctx, IGNIS_E_INVALID,
                        "[%s] Schema key mismatch | Entity name '%s' not found in connector.query "
                        "| Available keys: [%s] | Ensure the model's TABLE_NAME matches the schema "
                        "registration key",
                        repository->name, repository->model, shown ? shown : "…");
}

/* ---- calls with their arguments apart -------------------------------------------------------------- */

static const ignis_policy *policy_or_public(const ignis_policy *policy)
{
    return policy ? policy : &ignis_policy_public;
}

/* A text argument as JSON, bounded as the policy says; NULL and "null" give NULL. */
static ignis_code argument_read(ignis_context *ctx, const ignis_policy *policy, const char *given,
                                const json **value)
{
    *value = NULL;
    if (!given) return IGNIS_OK;
    size_t size = strlen(given);
    if (policy->filter_size_max && size > policy->filter_size_max) {
        return context_fail(ctx, IGNIS_E_LIMIT, "a filter of more than %zu bytes",
                            policy->filter_size_max);
    }
    IGNIS_TRY(json_read_context(ctx, &ctx->scratch, given, size, NULL, value));
    if ((*value)->kind == JSON_NULL) *value = NULL;
    return IGNIS_OK;
}

/* An id is JSON, too; NULL is a missing one. */
static ignis_code id_argument_read(ignis_context *ctx, const char *id, const json **value)
{
    if (!id) return IGNIS_OK;
    if (json_read_context(ctx, &ctx->scratch, id, strlen(id), NULL, value) == IGNIS_OK) {
        return IGNIS_OK;
    }
    return context_path(ctx, "id");
}

static ignis_code call_write(ignis_context *ctx, const ignis_repository *repository,
                             const app_call *call, const char **result, size_t *size,
                             int64_t *number)
{
    text out;
    ignis_mark mark = arena_mark(&ctx->results);
    text_init(&out, &ctx->results, 0);
    ignis_code code = app_call_run(ctx, repository, call, &out, number);
    size_t written = out.size;
    const char *finished = code == IGNIS_OK ? text_finish(&out) : NULL;
    if (code == IGNIS_OK && !finished) code = context_fail_memory(ctx, &ctx->results);
    if (code != IGNIS_OK) {
        arena_release(&ctx->results, mark);
        return code;
    }
    if (result) *result = finished;
    if (size) *size = written;
    return IGNIS_OK;
}

/* The texts of a call; NULL: it has none. */
typedef struct call_texts {
    const char *id;
    const char *filter;
    const char *where;
    const char *data;
} call_texts;

/* Rows are no filter: the policy does not bound their text. */
static ignis_code texts_read(ignis_context *ctx, const call_texts *given, app_call *call)
{
    IGNIS_TRY(id_argument_read(ctx, given->id, &call->id));
    IGNIS_TRY(argument_read(ctx, call->policy, given->filter, &call->filter));
    IGNIS_TRY(argument_read(ctx, call->policy, given->where, &call->where));
    return argument_read(ctx, &ignis_policy_trusted, given->data, &call->data);
}

static ignis_code texts_call(ignis_context *ctx, const ignis_repository *repository, app_call call,
                             const call_texts *given, const char **json_)
{
    app_begin(ctx);
    ignis_code code = texts_read(ctx, given, &call);
    if (code == IGNIS_OK) code = call_write(ctx, repository, &call, json_, NULL, NULL);
    return app_end(ctx, code);
}

static app_call read_of(app_method method, const ignis_policy *policy)
{
    return (app_call){.method = method, .policy = policy_or_public(policy)};
}

static app_call write_of(app_method method, const ignis_policy *policy)
{
    return (app_call){.method = method, .policy = policy_or_public(policy), .should_return = true};
}

ignis_code ignis_find_json(ignis_context *ctx, const ignis_repository *repository,
                           const ignis_policy *policy, const char *filter, const char **json_)
{
    const call_texts given = {.filter = filter};
    return texts_call(ctx, repository, read_of(APP_FIND, policy), &given, json_);
}

ignis_code ignis_find_one_json(ignis_context *ctx, const ignis_repository *repository,
                               const ignis_policy *policy, const char *filter, const char **json_)
{
    const call_texts given = {.filter = filter};
    return texts_call(ctx, repository, read_of(APP_FIND_ONE, policy), &given, json_);
}

ignis_code ignis_find_by_id_json(ignis_context *ctx, const ignis_repository *repository,
                                 const ignis_policy *policy, const char *id, const char *filter,
                                 const char **json_)
{
    const call_texts given = {.id = id, .filter = filter};
    return texts_call(ctx, repository, read_of(APP_FIND_BY_ID, policy), &given, json_);
}

ignis_code ignis_filter_explain(ignis_context *ctx, const ignis_repository *repository,
                                const ignis_policy *policy, const char *filter,
                                const char **explanation)
{
    app_call call = {.method = APP_FIND, .policy = policy_or_public(policy)};
    app_begin(ctx);
    ignis_code code = app_repository_check(ctx, repository, app_method_name(call.method));
    if (code == IGNIS_OK) code = argument_read(ctx, call.policy, filter, &call.filter);
    if (code == IGNIS_OK) code = app_call_explain(ctx, repository, &call, explanation);
    return app_end(ctx, code);
}

/* What is written into the results on the way is given back. */
static ignis_code number_call(ignis_context *ctx, const ignis_repository *repository, app_call call,
                              const char *where, int64_t *number)
{
    const call_texts given = {.where = where};
    int64_t found = 0;
    app_begin(ctx);
    ignis_mark mark = arena_mark(&ctx->results);
    ignis_code code = texts_read(ctx, &given, &call);
    if (code == IGNIS_OK) code = call_write(ctx, repository, &call, NULL, NULL, &found);
    arena_release(&ctx->results, mark);
    if (code == IGNIS_OK) *number = found;
    return app_end(ctx, code);
}

ignis_code ignis_count_json(ignis_context *ctx, const ignis_repository *repository,
                            const ignis_policy *policy, const char *where, int64_t *count)
{
    return number_call(ctx, repository, read_of(APP_COUNT, policy), where, count);
}

ignis_code ignis_exists_json(ignis_context *ctx, const ignis_repository *repository,
                             const ignis_policy *policy, const char *where, bool *exists)
{
    int64_t number;
    IGNIS_TRY(number_call(ctx, repository, read_of(APP_EXISTS, policy), where, &number));
    *exists = number != 0;
    return IGNIS_OK;
}

ignis_code ignis_create_json(ignis_context *ctx, const ignis_repository *repository,
                             const char *data, const char **json_)
{
    const call_texts given = {.data = data};
    return texts_call(ctx, repository, write_of(APP_CREATE, &ignis_policy_trusted), &given, json_);
}

ignis_code ignis_create_all_json(ignis_context *ctx, const ignis_repository *repository,
                                 const char *data, const char **json_)
{
    const call_texts given = {.data = data};
    return texts_call(ctx, repository, write_of(APP_CREATE_ALL, &ignis_policy_trusted), &given,
                      json_);
}

ignis_code ignis_update_by_id_json(ignis_context *ctx, const ignis_repository *repository,
                                   const ignis_policy *policy, const char *id, const char *data,
                                   const char **json_)
{
    const call_texts given = {.id = id, .data = data};
    return texts_call(ctx, repository, write_of(APP_UPDATE_BY_ID, policy), &given, json_);
}

ignis_code ignis_update_all_json(ignis_context *ctx, const ignis_repository *repository,
                                 const ignis_policy *policy, const char *where, const char *data,
                                 const char **json_)
{
    const call_texts given = {.where = where, .data = data};
    return texts_call(ctx, repository, write_of(APP_UPDATE_ALL, policy), &given, json_);
}

ignis_code ignis_upsert_json(ignis_context *ctx, const ignis_repository *repository,
                             const ignis_policy *policy, const char *data, const char **json_)
{
    const call_texts given = {.data = data};
    return texts_call(ctx, repository, write_of(APP_UPSERT, policy), &given, json_);
}

ignis_code ignis_upsert_all_json(ignis_context *ctx, const ignis_repository *repository,
                                 const ignis_policy *policy, const char *data, const char **json_)
{
    const call_texts given = {.data = data};
    return texts_call(ctx, repository, write_of(APP_UPSERT_ALL, policy), &given, json_);
}

ignis_code ignis_delete_by_id_json(ignis_context *ctx, const ignis_repository *repository,
                                   const ignis_policy *policy, const char *id, const char **json_)
{
    const call_texts given = {.id = id};
    return texts_call(ctx, repository, write_of(APP_DELETE_BY_ID, policy), &given, json_);
}

ignis_code ignis_delete_all_json(ignis_context *ctx, const ignis_repository *repository,
                                 const ignis_policy *policy, const char *where, const char **json_)
{
    const call_texts given = {.where = where};
    return texts_call(ctx, repository, write_of(APP_DELETE_ALL, policy), &given, json_);
}

/* ---- calls by name ------------------------------------------------------------------------------- */

static ignis_code call_json(ignis_context *ctx, const ignis_repository *repository,
                            const char *method, app_call *call, const char *arguments,
                            size_t arguments_size, const char **json_, size_t *json_size)
{
    const json *value;
    size_t size_max = call->policy->filter_size_max;
    IGNIS_TRY(app_repository_check(ctx, repository, method));
    if (size_max && arguments_size > size_max && !app_method_is_write(method)) {
        return context_fail(ctx, IGNIS_E_LIMIT, "arguments of more than %zu bytes", size_max);
    }
    IGNIS_TRY(json_read_context(ctx, &ctx->scratch, arguments, arguments_size, NULL, &value));
    IGNIS_TRY(app_arguments_read(ctx, method, value, call));
    if (call->log != IGNIS_LOG_DEFAULT && !call->policy->trusted) {
        context_fail(ctx, IGNIS_E_INVALID, "a public call cannot say how it is logged");
        return context_path(ctx, "options.log");
    }
    ctx->call_log_level = call->log;
    return call_write(ctx, repository, call, json_, json_size, NULL);
}

ignis_code ignis_call_json(ignis_context *ctx, const ignis_repository *repository,
                           const ignis_policy *policy, const char *method, const char *arguments,
                           size_t arguments_size, const char **json_, size_t *json_size)
{
    app_call call = {.policy = policy_or_public(policy)};
    app_begin(ctx);
    if (!method) method = "";
    if (!arguments) arguments = "{}";
    if (arguments_size == 0) arguments_size = strlen(arguments);
    return app_end(ctx, call_json(ctx, repository, method, &call, arguments, arguments_size, json_,
                                  json_size));
}
