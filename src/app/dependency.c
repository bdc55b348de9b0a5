/* dependency: what needs what in an application, and the making of it. */
#include "app/app.h"

/* ---- errors ---------------------------------------------------------------------------------------- */

/* "services.A -> services.B", oldest first. */
static void chain_write(text *out, const app_chain *chain)
{
    const app_chain *until = NULL;
    while (until != chain) {
        const app_chain *at = chain;
        while (at->from != until)
            at = at->from;
        text_string(out, at->binding->key);
        text_string(out, " -> ");
        until = at;
    }
}

/* WHAT: the chain, ending in key. */
static ignis_code chain_fail(ignis_context *ctx, ignis_code code, const app_chain *chain,
                             const char *key, const char *what)
{
    text out;
    text_init(&out, &ctx->scratch, 0);
    chain_write(&out, chain);
    text_string(&out, key);
    const char *shown = text_finish(&out);
    if (!shown) return context_fail_memory(ctx, &ctx->scratch);
    return context_fail(ctx, code, "%s: %s", what, shown);
}

static ignis_code circle_fail(ignis_context *ctx, const app_chain *chain,
                              const app_binding *binding)
{
    return chain_fail(ctx, IGNIS_E_INVALID, chain, binding->key, "a circle of dependencies");
}

static ignis_code missing_fail(ignis_context *ctx, const ignis_app *app, const app_chain *chain,
                               const char *key)
{
    (void)chain_fail(ctx, IGNIS_E_INVALID, chain, key, "nothing is registered under the last key");
    app_binding_hint(ctx, app, key);
    return IGNIS_E_INVALID;
}

/* An early return from a transaction leaves its error there. */
static void open_error_take(ignis_context *ctx, ignis_code code)
{
    for (const ignis_context *open = ctx->open; open; open = open->open) {
        context_saved saved;
        if (context_error_code(open) != code) continue;
        context_save(open, &saved);
        context_restore(ctx, &saved);
    }
}

ignis_code app_program_failed(ignis_context *ctx, ignis_code code, const char *what)
{
    if (code != IGNIS_OK && context_error_code(ctx) != code) open_error_take(ctx, code);
    if (code != IGNIS_OK && context_error_code(ctx) != code)
        return context_fail(ctx, code, "%s answered %s", what, ignis_code_name(code));
    return code;
}

/* ---- what repositories are over ---------------------------------------------------------------------- */

static ignis_code only_source(ignis_context *ctx, const ignis_app *app, app_binding **source)
{
    app_binding *found = NULL;
    for (app_binding *at = app->first; at; at = at->next) {
        if (at->kind != APP_DATA_SOURCE) continue;
        if (found)
            return context_fail(ctx, IGNIS_E_INVALID,
                                "the repository names no data source, and there are several");
        found = at;
    }
    *source = found;
    if (found) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_INVALID, "the repository has no data source");
}

ignis_code app_repository_source(ignis_context *ctx, const ignis_app *app,
                                 const app_binding *repository, app_binding **source)
{
    const app_chain chain = {.app = app, .binding = repository};
    const char *name = repository->repository_class.data_source;
    text key;
    if (!name) return only_source(ctx, app, source);
    text_init(&key, &ctx->scratch, 0);
    text_string(&key, "datasources.");
    text_string(&key, name);
    const char *finished = text_finish(&key);
    if (!finished) return context_fail_memory(ctx, &ctx->scratch);
    *source = app_binding_get(app, finished);
    return *source ? IGNIS_OK : missing_fail(ctx, app, &chain, finished);
}

/* ---- checking ---------------------------------------------------------------------------------------- */

static bool chain_has(const app_chain *chain, const app_binding *binding)
{
    for (; chain; chain = chain->from) {
        if (chain->binding == binding) return true;
    }
    return false;
}

/* Follows the injections; as deep as the longest chain of services. */
static ignis_code service_check(ignis_context *ctx, const ignis_app *app, app_binding *binding,
                                const app_chain *from)
{
    const app_chain chain = {.app = app, .binding = binding, .from = from};
    const ignis_injection *injection;
    if (binding->is_checked || !binding->is_service) return IGNIS_OK;
    if (chain_has(from, binding)) return circle_fail(ctx, from, binding);
    for (size_t i = 0; (injection = app_injection_at(&binding->service_class, i)); i++) {
        app_binding *needed = app_binding_get(app, injection->key);
        if (!needed) return missing_fail(ctx, app, &chain, injection->key);
        IGNIS_TRY(service_check(ctx, app, needed, &chain));
    }
    binding->is_checked = true;
    return IGNIS_OK;
}

ignis_code app_dependencies_check(ignis_context *ctx, const ignis_app *app)
{
    for (app_binding *at = app->first; at; at = at->next) {
        app_binding *source;
        ignis_code code = IGNIS_OK;
        at->is_checked = false;
        if (at->kind == APP_REPOSITORY) code = app_repository_source(ctx, app, at, &source);
        if (code != IGNIS_OK) return context_path(ctx, "%s", at->key);
    }
    for (app_binding *at = app->first; at; at = at->next) {
        if (service_check(ctx, app, at, NULL) != IGNIS_OK) return context_path(ctx, "%s", at->key);
    }
    return IGNIS_OK;
}

/* ---- making ------------------------------------------------------------------------------------------ */

/* Singletons live as long as the start; a transient as long as the one it is made for. */
static arena *memory_of(ignis_context *ctx, ignis_app *app, const app_binding *binding,
                        const app_chain *from)
{
    bool is_lasting = binding->lifetime == IGNIS_SINGLETON;
    for (; from && !is_lasting; from = from->from) {
        is_lasting = from->binding->lifetime == IGNIS_SINGLETON;
    }
    return is_lasting ? &app->started : context_results(ctx);
}

static ignis_code injections_fill(ignis_context *ctx, ignis_app *app, const app_chain *chain,
                                  char *self)
{
    const ignis_service_class *class_ = &chain->binding->service_class;
    const ignis_injection *injection;
    for (size_t i = 0; (injection = app_injection_at(class_, i)); i++) {
        app_binding *needed = app_binding_get(app, injection->key);
        void *object;
        IGNIS_TRY(app_binding_make(ctx, app, needed, chain, &object));
        memcpy(self + injection->offset, &object, sizeof(object));
    }
    return IGNIS_OK;
}

static ignis_code service_make(ignis_context *ctx, ignis_app *app, const app_chain *chain,
                               void **object)
{
    const app_binding *binding = chain->binding;
    const ignis_service_class *class_ = &binding->service_class;
    arena *memory = memory_of(ctx, app, binding, chain->from);
    char *self = arena_array(memory, 1, class_->size);
    if (!self) return context_fail_memory(ctx, memory);
    IGNIS_TRY(injections_fill(ctx, app, chain, self));
    *object = self;
    return class_->start ? app_program_failed(ctx, class_->start(ctx, self), "start") : IGNIS_OK;
}

static ignis_code provided_make(ignis_context *ctx, ignis_app *app, const app_chain *chain,
                                void **object)
{
    const ignis_binding *bound = &chain->binding->bound;
    *object = NULL;
    IGNIS_TRY(app_program_failed(ctx, bound->provide(ctx, app, bound->data, object), "provide"));
    if (*object) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_INVALID, "the provider made nothing");
}

ignis_code app_binding_make(ignis_context *ctx, ignis_app *app, app_binding *binding,
                            const app_chain *from, void **object)
{
    const app_chain chain = {.app = app, .binding = binding, .from = from};
    void *made = (void *)(uintptr_t)binding->bound.value;
    const void *making = ctx->making;
    ignis_code code = IGNIS_OK;
    if (binding->object) {
        *object = binding->object;
        return IGNIS_OK;
    }
    if (chain_has(from, binding)) return circle_fail(ctx, from, binding);
    ctx->making = &chain;
    if (binding->is_service) code = service_make(ctx, app, &chain, &made);
    if (!binding->is_service && binding->bound.provide)
        code = provided_make(ctx, app, &chain, &made);
    ctx->making = making;
    if (code != IGNIS_OK) return code;
    *object = made;
    if (binding->lifetime == IGNIS_TRANSIENT) return IGNIS_OK;
    binding->object = made;
    binding->before = app->newest;
    app->newest = binding;
    return IGNIS_OK;
}

/* What is being made for app with a context, or with the one that a transaction was begun from. */
static const app_chain *making_of(const ignis_context *ctx, const ignis_app *app)
{
    for (; ctx; ctx = ctx->parent) {
        const app_chain *chain = ctx->making;
        if (chain) return chain->app == app ? chain : NULL;
    }
    return NULL;
}

static ignis_code resolve(ignis_context *ctx, ignis_app *app, const char *key, void **object)
{
    const app_chain *from = making_of(ctx, app);
    app_binding *binding = app_binding_get(app, key);
    char quoted[CONTEXT_QUOTE_SIZE];
    if (app->state != APP_STARTING && app->state != APP_STARTED)
        return context_fail(ctx, IGNIS_E_STATE, "the application is not started");
    if (!binding) {
        context_fail(ctx, IGNIS_E_NOT_FOUND, "nothing is registered under \"%s\"",
                     context_quote(quoted, key, strlen(key)));
        app_binding_hint(ctx, app, key);
        return IGNIS_E_NOT_FOUND;
    }
    ignis_mark mark = arena_mark(context_results(ctx));
    ignis_code code = app_binding_make(ctx, app, binding, from, object);
    if (code != IGNIS_OK) arena_release(context_results(ctx), mark);
    return code;
}

ignis_code ignis_app_resolve(ignis_context *ctx, const ignis_app *app, const char *key,
                             void **object)
{
    app_begin(ctx);
    return app_end(ctx, resolve(ctx, (ignis_app *)(uintptr_t)app, key ? key : "", object));
}
