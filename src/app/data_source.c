#include "app/app.h"

void app_begin(ignis_context *ctx)
{
    context_problems_clear(ctx);
    context_error_clear(ctx);
    context_call_begin(ctx);
}

ignis_code app_end(ignis_context *ctx, ignis_code code)
{
    context_call_end(ctx);
    arena_reset(&ctx->scratch);
    ctx->scope = NULL;
    ctx->call_log_level = IGNIS_LOG_DEFAULT;
    return code;
}

ignis_code app_struct_read(ignis_context *ctx, const char *what, const void *given, void *own,
                           size_t size)
{
    size_t known = 0;
    memset(own, 0, size);
    if (!given) return context_fail(ctx, IGNIS_E_INVALID, "the %s is NULL", what);
    memcpy(&known, given, sizeof(known));
    if (known < sizeof(known))
        return context_fail(ctx, IGNIS_E_INVALID, "struct_size of the %s is not set", what);
    memcpy(own, given, known < size ? known : size);
    memcpy(own, &size, sizeof(size));
    return IGNIS_OK;
}

/* The class's own environment, where its settings ask for one. */
static ignis_code environment_read(ignis_context *ctx, const ignis_data_source_class *class_,
                                   ignis_data_source *source, app_environment *own)
{
    *own = (app_environment){.memory = source->memory};
    if (!class_->env_file && !app_settings_name_environment(class_)) return IGNIS_OK;
    return app_environment_read(ctx, source->memory, class_->env_file, own);
}

static ignis_code models_fill(ignis_context *ctx, const ignis_data_source_class *class_,
                              ignis_data_source *source)
{
    model_registry *registry;
    IGNIS_TRY(
        model_registry_build(ctx, source->memory, class_->models, class_->models_count, &registry));
    source->run.registry = registry;
    return filter_defaults_build(ctx, registry);
}

static const char *url_masked(arena *memory, const char *url)
{
    text out;
    text_init(&out, memory, 0);
    app_url_mask(&out, url);
    return text_finish(&out);
}

static ignis_code replicas_open(ignis_context *ctx, const ignis_data_source_class *class_,
                                ignis_data_source *source, const ignis_driver_settings *settings,
                                const pool_settings *wanted)
{
    size_t count = class_->replicas_count;
    if (count == 0) return IGNIS_OK;
    const char **names = arena_array(source->memory, count, sizeof(*names));
    if (!names) return context_fail_memory(ctx, source->memory);
    for (size_t i = 0; i < count; i++) {
        names[i] = url_masked(source->memory, class_->replicas[i]);
        if (!names[i]) return context_fail_memory(ctx, source->memory);
    }
    const run_replicas_settings given = {.driver = class_->driver,
                                         .settings = settings,
                                         .wanted = wanted,
                                         .urls = class_->replicas,
                                         .names = names,
                                         .count = count};
    return run_replicas_open(ctx, source->memory, &given, &source->run.replicas);
}

static ignis_code connections_open(ignis_context *ctx, const ignis_data_source_class *class_,
                                   ignis_data_source *source)
{
    const ignis_driver_settings settings = {.struct_size = sizeof(settings),
                                            .url = class_->url,
                                            .busy_timeout_ms = class_->busy_timeout_ms,
                                            .pooling = class_->pooling};
    bool is_heard = log_sink_read(class_->log, source->name, &source->log);
    const pool_settings wanted = {.connections_max = class_->connections_max,
                                  .connections_min = class_->connections_min,
                                  .acquire_timeout_ms = class_->acquire_timeout_ms,
                                  .idle_check_ms = class_->idle_check_ms,
                                  .lifetime_ms = class_->lifetime_ms,
                                  .idle_ms = class_->idle_ms,
                                  .log = is_heard ? &source->log : NULL};
    IGNIS_TRY(replicas_open(ctx, class_, source, &settings, &wanted));
    return pool_open(ctx, class_->driver, &settings, &wanted, &source->run.connections);
}

/* "connected to postgresql://app:***@db/blog" */
static void open_tell(ignis_context *ctx, const ignis_data_source *source)
{
    const log_sink *log = pool_log(source->run.connections);
    if (!log_wants(log, IGNIS_LOG_INFO)) return;
    const char *shown = url_masked(&ctx->scratch, source->url);
    log_line(log, IGNIS_LOG_INFO, "connected to %s", shown ? shown : "a database");
}

static ignis_code source_fill(ignis_context *ctx, const ignis_data_source_class *given,
                              const app_environment *environment, ignis_data_source *source)
{
    ignis_data_source_class class_ = *given;
    app_environment own;
    const char *name = class_.name ? class_.name : "DataSource";
    source->name = arena_copy(source->memory, name, strlen(name));
    if (!source->name) return context_fail_memory(ctx, source->memory);
    bool is_own = !environment || class_.env_file;
    if (is_own) IGNIS_TRY(environment_read(ctx, &class_, source, &own));
    IGNIS_TRY(app_settings_read(ctx, source->memory, is_own ? &own : environment, &class_));
    source->url = class_.url;
    IGNIS_TRY(models_fill(ctx, &class_, source));
    IGNIS_TRY(run_cache_create(ctx, source->memory, class_.driver->dialect, class_.plans_max,
                               &source->run.cache));
    IGNIS_TRY(connections_open(ctx, &class_, source));
    open_tell(ctx, source);
    return class_.create_missing ? app_schema_create_missing(ctx, source) : IGNIS_OK;
}

ignis_code app_data_source_open(ignis_context *ctx, const ignis_data_source_class *class_,
                                const app_environment *environment, ignis_data_source **source)
{
    arena *memory = arena_create();
    ignis_data_source *made = memory ? arena_array(memory, 1, sizeof(*made)) : NULL;
    if (!made || pthread_mutex_init(&made->lock, NULL) != 0) {
        if (memory) arena_destroy(memory);
        return context_fail(ctx, IGNIS_E_MEMORY, "no memory for a data source");
    }
    made->memory = memory;
    ignis_code code = source_fill(ctx, class_, environment, made);
    if (code == IGNIS_OK) {
        *source = made;
    } else {
        ignis_data_source_close(made);
    }
    return code;
}

ignis_code ignis_data_source_open(ignis_context *ctx, const ignis_data_source_class *given,
                                  ignis_data_source **source)
{
    ignis_data_source_class class_;
    app_begin(ctx);
    ignis_code code = app_struct_read(ctx, "data source's class", given, &class_, sizeof(class_));
    if (code == IGNIS_OK) code = app_data_source_open(ctx, &class_, NULL, source);
    return app_end(ctx, code);
}

void ignis_data_source_close(ignis_data_source *source)
{
    if (!source) return;
    run_replicas_close(source->run.replicas);
    pool_close(source->run.connections);
    run_cache_free(source->run.cache);
    pthread_mutex_destroy(&source->lock);
    arena_destroy(source->memory);
}

ignis_code app_source_given(ignis_context *ctx, const ignis_data_source *source)
{
    if (source) return IGNIS_OK;
    return context_fail(
        ctx, IGNIS_E_NOT_FOUND,
        "the data source is NULL: not registered, or the application is not started");
}

const char *ignis_data_source_name(const ignis_data_source *source)
{
    return source->name;
}

ignis_code ignis_data_source_connection_string(ignis_context *ctx, const ignis_data_source *source,
                                               ignis_password password, const char **url)
{
    text out;
    app_begin(ctx);
    ignis_code code = app_source_given(ctx, source);
    if (code != IGNIS_OK) return app_end(ctx, code);
    text_init(&out, context_results(ctx), 0);
    if (password == IGNIS_PASSWORD_SHOWN) {
        text_string(&out, source->url);
    } else {
        app_url_mask(&out, source->url);
    }
    const char *finished = text_finish(&out);
    if (!finished) return app_end(ctx, context_fail_memory(ctx, out.memory));
    *url = finished;
    return app_end(ctx, IGNIS_OK);
}

/* ---- whether the database is there ---------------------------------------------------------------- */

static ignis_code ping(ignis_context *ctx, const ignis_data_source *source, int64_t timeout_ms)
{
    int64_t deadline_ms = ctx->deadline_ms;
    if (timeout_ms != 0) ignis_context_timeout_set(ctx, timeout_ms);
    if (deadline_ms != 0 && deadline_ms < ctx->deadline_ms) ctx->deadline_ms = deadline_ms;
    bool was_asked;
    ignis_code code = run_ping(ctx, source->run.connections, 0, &was_asked);
    run_replicas_ping(ctx, source->run.replicas);
    ctx->deadline_ms = deadline_ms;
    return code;
}

ignis_code ignis_data_source_ping(ignis_context *ctx, ignis_data_source *source, int64_t timeout_ms)
{
    app_begin(ctx);
    ignis_code code = app_source_given(ctx, source);
    return app_end(ctx, code == IGNIS_OK ? ping(ctx, source, timeout_ms) : code);
}

static void suspend(const ignis_data_source *source)
{
    pool_suspend(source->run.connections);
    run_replicas_suspend(source->run.replicas);
}

void ignis_data_source_disconnect(ignis_context *ctx, ignis_data_source *source)
{
    app_begin(ctx);
    suspend(source);
    log_line(pool_log(source->run.connections), IGNIS_LOG_INFO, "disconnected");
    (void)app_end(ctx, IGNIS_OK);
}

ignis_code ignis_data_source_connect(ignis_context *ctx, ignis_data_source *source,
                                     int64_t timeout_ms)
{
    app_begin(ctx);
    ignis_code code = app_source_given(ctx, source);
    if (code != IGNIS_OK) return app_end(ctx, code);
    bool was_suspended = pool_resume(source->run.connections);
    run_replicas_resume(source->run.replicas);
    code = ping(ctx, source, timeout_ms);
    if (code != IGNIS_OK && was_suspended) suspend(source);
    if (code == IGNIS_OK && was_suspended) open_tell(ctx, source);
    return app_end(ctx, code);
}

void ignis_data_source_pool_status(const ignis_data_source *source, ignis_pool_status *status)
{
    pool_status now;
    pool_status_read(source->run.connections, &now);
    const ignis_pool_status filled = {
        .struct_size = status->struct_size,
        .open = now.open,
        .idle = now.idle,
        .in_use = now.in_use,
        .waiting = now.waiting,
        .connected = now.connected,
        .failed = now.failed,
    };
    size_t size = status->struct_size < sizeof(filled) ? status->struct_size : sizeof(filled);
    memcpy(status, &filled, size);
}

bool ignis_data_source_replica_status(const ignis_data_source *source, size_t index,
                                      ignis_replica_status *status)
{
    ignis_replica_status now;
    if (index >= run_replicas_count(source->run.replicas)) return false;
    run_replicas_read(source->run.replicas, index, &now);
    now.struct_size = status->struct_size;
    size_t size = status->struct_size < sizeof(now) ? status->struct_size : sizeof(now);
    memcpy(status, &now, size);
    return true;
}

/* ---- loading -------------------------------------------------------------------------------------- */

static ignis_code load_request_read(ignis_context *ctx, const model_registry *registry,
                                    const json_member *member, run_insert_request *request)
{
    const model_entity *entity;
    if (model_entity_find(ctx, registry, member->name, member->name_size, &entity) != IGNIS_OK)
        return context_path_name(ctx, member->name, member->name_size);
    if (member->value.kind != JSON_ARRAY) {
        context_fail(ctx, IGNIS_E_INVALID, "the rows of %s are a list, not %s", entity->name,
                     json_kind_name(&member->value));
        return context_path_name(ctx, member->name, member->name_size);
    }
    *request = (run_insert_request){
        .entity = entity, .rows = {.json = &member->value, .name = entity->name}, .is_load = true};
    return IGNIS_OK;
}

static ignis_code load_run(ignis_context *ctx, const ignis_data_source *source, const char *data,
                           size_t size, size_t *rows_count)
{
    const json *value;
    IGNIS_TRY(json_read_context(ctx, &ctx->scratch, data, size, NULL, &value));
    if (value->kind != JSON_OBJECT) {
        return context_fail(ctx, IGNIS_E_INVALID,
                            "rows to load are an object of lists by model, not %s",
                            json_kind_name(value));
    }
    run_insert_request *requests = arena_array(&ctx->scratch, value->count, sizeof(*requests));
    if (!requests) return context_fail_memory(ctx, &ctx->scratch);
    for (size_t i = 0; i < value->count; i++) {
        IGNIS_TRY(
            load_request_read(ctx, source->run.registry, &value->as.members[i], &requests[i]));
    }
    return run_insert(ctx, &source->run, requests, value->count, NULL, rows_count);
}

ignis_code ignis_load(ignis_context *ctx, ignis_data_source *source, const char *text_, size_t size,
                      size_t *rows_count)
{
    size_t count = 0;
    app_begin(ctx);
    ignis_code code = app_source_given(ctx, source);
    if (code == IGNIS_OK) code = load_run(ctx, source, text_, size ? size : strlen(text_), &count);
    if (code == IGNIS_OK && rows_count) *rows_count = count;
    return app_end(ctx, code);
}
