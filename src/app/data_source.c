#include "app/app.h"

#include <strings.h>

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
    return code;
}

/* The driver that a URL asks for. */
static const ignis_driver *driver_choose(const char *url)
{
    bool is_postgres =
        strncasecmp(url, "postgres:", 9) == 0 || strncasecmp(url, "postgresql:", 11) == 0;
    return is_postgres ? &ignis_postgres_driver : &ignis_sqlite_driver;
}

static ignis_code source_fill(ignis_context *ctx, const ignis_data_source_class *class_,
                              ignis_data_source *source)
{
    const ignis_driver *driver = class_->driver;
    const char *name = class_->name ? class_->name : "DataSource";
    model_registry *registry;
    if (!class_->url) return context_fail(ctx, IGNIS_E_INVALID, "the data source has no URL");
    if (!driver) driver = driver_choose(class_->url);
    source->name = arena_copy(source->memory, name, strlen(name));
    if (!source->name) return context_fail_memory(ctx, source->memory);
    IGNIS_TRY(
        model_registry_build(ctx, source->memory, class_->models, class_->models_count, &registry));
    source->run.registry = registry;
    IGNIS_TRY(filter_defaults_build(ctx, registry));
    IGNIS_TRY(run_cache_create(ctx, source->memory, driver->dialect, class_->plans_max,
                               &source->run.cache));
    const ignis_driver_settings settings = {.struct_size = sizeof(settings),
                                            .url = class_->url,
                                            .busy_timeout_ms = class_->busy_timeout_ms,
                                            .pooling = class_->pooling};
    const pool_settings wanted = {.connections_max = class_->connections_max,
                                  .connections_min = class_->connections_min,
                                  .acquire_timeout_ms = class_->acquire_timeout_ms,
                                  .idle_check_ms = class_->idle_check_ms,
                                  .lifetime_ms = class_->lifetime_ms,
                                  .idle_ms = class_->idle_ms};
    return pool_open(ctx, driver, &settings, &wanted, &source->run.connections);
}

/* What the caller's release of the header knows of; members after that are 0. false: no size. */
static bool class_read(const ignis_data_source_class *given, ignis_data_source_class *class_)
{
    size_t size = given->struct_size < sizeof(*class_) ? given->struct_size : sizeof(*class_);
    if (size < offsetof(ignis_data_source_class, connections_max)) return false;
    *class_ = (ignis_data_source_class){0};
    memcpy(class_, given, size);
    return true;
}

ignis_code ignis_data_source_open(ignis_context *ctx, const ignis_data_source_class *given,
                                  ignis_data_source **source)
{
    ignis_data_source_class class_;
    app_begin(ctx);
    if (!class_read(given, &class_)) {
        return app_end(ctx, context_fail(ctx, IGNIS_E_INVALID,
                                         "struct_size of the data source's class is not set"));
    }
    arena *memory = arena_create();
    ignis_data_source *made = memory ? arena_array(memory, 1, sizeof(*made)) : NULL;
    if (!made || pthread_mutex_init(&made->lock, NULL) != 0) {
        if (memory) arena_destroy(memory);
        return app_end(ctx, context_fail(ctx, IGNIS_E_MEMORY, "no memory for a data source"));
    }
    made->memory = memory;
    ignis_code code = source_fill(ctx, &class_, made);
    if (code == IGNIS_OK) {
        *source = made;
    } else {
        ignis_data_source_close(made);
    }
    return app_end(ctx, code);
}

void ignis_data_source_close(ignis_data_source *source)
{
    if (!source) return;
    pool_close(source->run.connections);
    run_cache_free(source->run.cache);
    pthread_mutex_destroy(&source->lock);
    arena_destroy(source->memory);
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

/* ---- tables ------------------------------------------------------------------------------------- */

ignis_code ignis_schema_sql(ignis_context *ctx, const ignis_data_source *source,
                            ignis_dialect dialect, const char **sql)
{
    sql_script script;
    text out;
    app_begin(ctx);
    if (sql_schema_create(ctx, &ctx->scratch, source->run.registry, dialect, &script) != IGNIS_OK) {
        return app_end(ctx, context_error_code(ctx));
    }
    text_init(&out, context_results(ctx), 0);
    for (size_t i = 0; i < script.count; i++) {
        text_string(&out, script.statements[i]);
        text_string(&out, ";\n");
    }
    const char *finished = text_finish(&out);
    if (!finished) return app_end(ctx, context_fail_memory(ctx, out.memory));
    *sql = finished;
    return app_end(ctx, IGNIS_OK);
}

ignis_code ignis_schema_create(ignis_context *ctx, ignis_data_source *source)
{
    sql_script script;
    app_begin(ctx);
    ignis_code code = sql_schema_create(ctx, &ctx->scratch, source->run.registry,
                                        run_cache_dialect(source->run.cache), &script);
    if (code == IGNIS_OK && script.count > 0) code = run_script(ctx, &source->run, &script);
    return app_end(ctx, code);
}

/* ---- loading -------------------------------------------------------------------------------------- */

static const char *entity_at(const void *list, size_t i)
{
    const model_registry *registry = list;
    return i < registry->entities_count ? registry->entities[i].name : NULL;
}

static ignis_code load_request_read(ignis_context *ctx, const model_registry *registry,
                                    const json_member *member, run_insert_request *request)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    context_quote(quoted, member->name, member->name_size);
    const model_entity *entity = model_entity_get(registry, member->name, member->name_size);
    if (!entity) {
        context_fail(ctx, IGNIS_E_INVALID, "unknown model '%s'", quoted);
        context_hint(ctx, names_nearest(member->name, member->name_size, entity_at, registry));
        return context_path(ctx, "%s", quoted);
    }
    if (member->value.kind != JSON_ARRAY) {
        context_fail(ctx, IGNIS_E_INVALID, "the rows of %s are a list, not %s", entity->name,
                     json_kind_name(&member->value));
        return context_path(ctx, "%s", quoted);
    }
    *request = (run_insert_request){.entity = entity, .rows = &member->value, .is_load = true};
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
    ignis_code code = load_run(ctx, source, text_, size ? size : strlen(text_), &count);
    if (code == IGNIS_OK && rows_count) *rows_count = count;
    return app_end(ctx, code);
}
