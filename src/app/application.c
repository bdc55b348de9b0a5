/* application: a start in order, and an end in reverse. */
#include "app/app.h"

#include <stdio.h>

/* ---- making and freeing ----------------------------------------------------------------------------- */

static ignis_code class_copy(ignis_context *ctx, const ignis_app_class *given, ignis_app *app)
{
    ignis_app_class *class_ = &app->class_;
    IGNIS_TRY(app_struct_read(ctx, "application's class", given, class_, sizeof(*class_)));
    const char *name = class_->name ? class_->name : "Application";
    class_->name = arena_copy(app->memory, name, strlen(name));
    if (!class_->name) return context_fail_memory(ctx, app->memory);
    if (class_->env_file) {
        class_->env_file = arena_copy(app->memory, class_->env_file, strlen(class_->env_file));
        if (!class_->env_file) return context_fail_memory(ctx, app->memory);
    }
    bool is_heard = log_sink_read(class_->log, class_->name, &app->sink);
    app->log = is_heard ? &app->sink : NULL;
    class_->log = is_heard ? &app->sink.to : NULL;
    app->sink.to.struct_size = sizeof(app->sink.to);
    return IGNIS_OK;
}

static ignis_code lists_register(ignis_context *ctx, ignis_app *app)
{
    const ignis_app_class *class_ = &app->class_;
    for (size_t i = 0; i < class_->data_sources_count; i++) {
        if (ignis_app_data_source(ctx, app, class_->data_sources[i]) != IGNIS_OK)
            return context_path(ctx, "data_sources[%zu]", i);
    }
    for (size_t i = 0; i < class_->repositories_count; i++) {
        if (ignis_app_repository(ctx, app, class_->repositories[i]) != IGNIS_OK)
            return context_path(ctx, "repositories[%zu]", i);
    }
    for (size_t i = 0; i < class_->services_count; i++) {
        if (ignis_app_service(ctx, app, class_->services[i]) != IGNIS_OK)
            return context_path(ctx, "services[%zu]", i);
    }
    return IGNIS_OK;
}

ignis_code ignis_app_create(ignis_context *ctx, const ignis_app_class *class_, ignis_app **app)
{
    app_begin(ctx);
    arena *memory = arena_create();
    ignis_app *made = memory ? arena_array(memory, 1, sizeof(*made)) : NULL;
    if (!made) {
        if (memory) arena_destroy(memory);
        return app_end(ctx, context_fail(ctx, IGNIS_E_MEMORY, "no memory for an application"));
    }
    made->memory = memory;
    ignis_code code = class_copy(ctx, class_, made);
    if (code == IGNIS_OK) code = lists_register(ctx, made);
    if (code == IGNIS_OK) {
        *app = made;
    } else {
        ignis_app_free(made);
    }
    return app_end(ctx, code);
}

void ignis_app_free(ignis_app *app)
{
    if (!app) return;
    ignis_app_stop(app);
    arena_free(&app->registered);
    arena_free(&app->started);
    arena_destroy(app->memory);
}

/* ---- the end ---------------------------------------------------------------------------------------- */

static void binding_end(app_binding *binding)
{
    void *object = binding->object;
    binding->object = NULL;
    if (binding->kind == APP_DATA_SOURCE) ignis_data_source_close(object);
    if (binding->is_service && binding->service_class.stop) binding->service_class.stop(object);
    if (!binding->is_service && binding->bound.release) binding->bound.release(object);
}

/* Newest first. */
static void bindings_end(ignis_app *app)
{
    while (app->newest) {
        app_binding *binding = app->newest;
        app->newest = binding->before;
        binding_end(binding);
    }
    app->by_key = (map){0};
    app->environment = (app_environment){0};
    arena_reset(&app->started);
}

static app_registered registered_save(const ignis_app *app)
{
    return (app_registered){arena_mark(&app->registered), app->first, app->last};
}

static void registered_restore(ignis_app *app, const app_registered *saved)
{
    app->first = saved->first;
    app->last = saved->last;
    if (saved->last) saved->last->next = NULL;
    arena_release(&app->registered, saved->mark);
}

void ignis_app_stop(ignis_app *app)
{
    if (app->state != APP_STARTED) return;
    bindings_end(app);
    registered_restore(app, &app->before_start);
    app->state = APP_STOPPED;
    log_line(app->log, IGNIS_LOG_INFO, "stopped");
}

/* ---- the start -------------------------------------------------------------------------------------- */

static void made_note(ignis_app *app, app_binding *binding, void *object)
{
    binding->object = object;
    binding->before = app->newest;
    app->newest = binding;
}

/* The models of the repositories over a data source, and all that they lead to. */
static ignis_code models_collect(ignis_context *ctx, ignis_app *app, const app_binding *source,
                                 ignis_data_source_class *class_)
{
    model_list list = {0};
    for (const app_binding *at = app->first; at; at = at->next) {
        const ignis_model *model = at->repository_class.typed;
        app_binding *over = NULL;
        if (at->kind != APP_REPOSITORY || !model) continue;
        IGNIS_TRY(app_repository_source(ctx, app, at, &over));
        if (over == source) IGNIS_TRY(model_reach(ctx, &app->started, model, &list));
    }
    class_->models = list.items;
    class_->models_count = list.count;
    return IGNIS_OK;
}

static ignis_code data_source_make(ignis_context *ctx, ignis_app *app, app_binding *binding)
{
    ignis_data_source_class class_ = binding->source_class;
    ignis_data_source *made = NULL;
    if (!class_.log) class_.log = app->class_.log;
    if (!class_.models) IGNIS_TRY(models_collect(ctx, app, binding, &class_));
    IGNIS_TRY(app_data_source_open(ctx, &class_, &app->environment, &made));
    made_note(app, binding, made);
    return IGNIS_OK;
}

static ignis_code repository_make(ignis_context *ctx, ignis_app *app, app_binding *binding)
{
    app_binding *source;
    ignis_repository *made = NULL;
    IGNIS_TRY(app_repository_source(ctx, app, binding, &source));
    IGNIS_TRY(app_repository_open(ctx, source->object, &binding->repository_class, &made));
    if (!made->entity) return app_repository_check(ctx, made, "");
    made_note(app, binding, made);
    return IGNIS_OK;
}

static ignis_code other_make(ignis_context *ctx, ignis_app *app, app_binding *binding)
{
    void *object;
    if (binding->lifetime == IGNIS_TRANSIENT) return IGNIS_OK;
    return app_binding_make(ctx, app, binding, NULL, &object);
}

static ignis_code binding_start(ignis_context *ctx, ignis_app *app, app_binding *binding)
{
    switch (binding->kind) {
    case APP_DATA_SOURCE: return data_source_make(ctx, app, binding);
    case APP_REPOSITORY: return repository_make(ctx, app, binding);
    case APP_OTHER: break;
    }
    return other_make(ctx, app, binding);
}

static ignis_code hook_call(ignis_context *ctx, ignis_app *app, ignis_app_hook *hook,
                            const char *name)
{
    if (!hook) return IGNIS_OK;
    if (app_program_failed(ctx, hook(ctx, app), name) == IGNIS_OK) return IGNIS_OK;
    return context_path(ctx, "%s", name);
}

/* Whether a data source asks for the environment that all share. */
static bool needs_environment(const ignis_app *app)
{
    if (app->class_.env_file) return true;
    for (const app_binding *at = app->first; at; at = at->next) {
        if (at->kind == APP_DATA_SOURCE && app_settings_name_environment(&at->source_class))
            return true;
    }
    return false;
}

static ignis_code start(ignis_context *ctx, ignis_app *app)
{
    app->state = APP_CONFIGURING;
    IGNIS_TRY(hook_call(ctx, app, app->class_.pre_configure, "pre_configure"));
    app->state = APP_STARTING;
    IGNIS_TRY(app_bindings_index(ctx, app));
    IGNIS_TRY(app_dependencies_check(ctx, app));
    app->environment = (app_environment){.memory = &app->started};
    if (needs_environment(app))
        IGNIS_TRY(
            app_environment_read(ctx, &app->started, app->class_.env_file, &app->environment));
    for (app_binding_kind kind = APP_DATA_SOURCE; kind <= APP_OTHER; kind++) {
        for (app_binding *at = app->first; at; at = at->next) {
            if (at->kind != kind) continue;
            if (binding_start(ctx, app, at) != IGNIS_OK) return context_path(ctx, "%s", at->key);
        }
    }
    return hook_call(ctx, app, app->class_.post_configure, "post_configure");
}

/* The first error is the one to tell. */
static void start_undo(ignis_context *ctx, ignis_app *app)
{
    context_saved saved;
    context_save(ctx, &saved);
    bindings_end(app);
    registered_restore(app, &app->before_start);
    app->state = APP_STOPPED;
    context_restore(ctx, &saved);
    const ignis_error *error = &ctx->error;
    log_line(app->log, IGNIS_LOG_ERROR, "not started: %s%s%s", error->path,
             *error->path ? ": " : "", error->message);
}

ignis_code ignis_app_start(ignis_context *ctx, ignis_app *app)
{
    app_begin(ctx);
    if (app->state != APP_STOPPED)
        return app_end(ctx, context_fail(ctx, IGNIS_E_STATE, "the application is started already"));
    app->before_start = registered_save(app);
    ignis_code code = start(ctx, app);
    if (code == IGNIS_OK) {
        app->state = APP_STARTED;
        log_line(app->log, IGNIS_LOG_INFO, "started");
    } else {
        start_undo(ctx, app);
    }
    return app_end(ctx, code);
}

/* ---- the rest --------------------------------------------------------------------------------------- */

ignis_code ignis_app_ping(ignis_context *ctx, const ignis_app *app, int64_t timeout_ms)
{
    app_begin(ctx);
    if (app->state != APP_STARTED)
        return app_end(ctx, context_fail(ctx, IGNIS_E_STATE, "the application is not started"));
    for (const app_binding *at = app->first; at; at = at->next) {
        if (at->kind != APP_DATA_SOURCE) continue;
        if (ignis_data_source_ping(ctx, at->object, timeout_ms) != IGNIS_OK)
            return app_end(ctx, context_path(ctx, "%s", at->key));
    }
    return app_end(ctx, IGNIS_OK);
}

void *ignis_app_data(const ignis_app *app)
{
    return app->class_.data;
}

void ignis_app_log(const ignis_app *app, ignis_log_level level, const char *scope,
                   const char *message)
{
    if (!log_wants(app->log, level)) return;
    ignis_log_entry entry = {.level = level, .scope = scope, .message = message};
    log_entry_write(app->log, &entry);
}

/* ---- a whole program --------------------------------------------------------------------------------- */

static void error_tell(const ignis_context *ctx)
{
    const ignis_error *error = ignis_context_error(ctx);
    fprintf(stderr, "%s%s%s%s%s\n", error->path, *error->path ? ": " : "", error->message,
            *error->hint ? "; nearest: " : "", error->hint);
}

int ignis_app_main(const ignis_app_class *class_, ignis_app_hook *run)
{
    ignis_context *ctx = ignis_context_create();
    ignis_app *app = NULL;
    if (!ctx) {
        fputs("no memory for a context\n", stderr);
        return 1;
    }
    ignis_code code = ignis_app_create(ctx, class_, &app);
    if (code == IGNIS_OK) code = ignis_app_start(ctx, app);
    if (code == IGNIS_OK) code = app_program_failed(ctx, run(ctx, app), "the program");
    if (code != IGNIS_OK) error_tell(ctx);
    ignis_rollback(ctx->open);
    ignis_app_free(app);
    ignis_context_free(ctx);
    return code != IGNIS_OK;
}
