/* binding: what an application has under its keys. */
#include "app/app.h"

enum {
    BINDING_KEY_MAX = 128, /* bytes */
    BINDINGS_MAX = 4096
};

/* ---- keys ------------------------------------------------------------------------------------------ */

/* Printable, without blanks, with a point that is neither first nor last. */
static bool key_is_valid(const char *key)
{
    size_t size = strlen(key);
    const char *point = strchr(key, '.');
    if (!point || point == key || point[1] == '\0' || size > BINDING_KEY_MAX) return false;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)key[i];
        if (c <= ' ' || c == 0x7f) return false;
    }
    return utf8_is_valid(key, size);
}

app_binding *app_binding_get(const ignis_app *app, const char *key)
{
    if (app->by_key.count > 0) return map_get(&app->by_key, key, strlen(key));
    for (app_binding *at = app->first; at; at = at->next) {
        if (strcmp(at->key, key) == 0) return at;
    }
    return NULL;
}

ignis_code app_bindings_index(ignis_context *ctx, ignis_app *app)
{
    for (app_binding *at = app->first; at; at = at->next) {
        if (!map_put(&app->by_key, &app->started, at->key, strlen(at->key), at))
            return context_fail_memory(ctx, &app->started);
    }
    return IGNIS_OK;
}

static const char *key_at(const void *list, size_t i)
{
    const app_binding *at = list;
    while (at && i-- > 0)
        at = at->next;
    return at ? at->key : NULL;
}

void app_binding_hint(ignis_context *ctx, const ignis_app *app, const char *key)
{
    context_hint(ctx, names_nearest(key, strlen(key), key_at, app->first));
}

/* ---- registering ----------------------------------------------------------------------------------- */

static ignis_code key_refuse(ignis_context *ctx, const char *key, size_t size)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    return context_fail(ctx, IGNIS_E_INVALID,
                        "\"%s\" is no key: a namespace, a point and a name, without blanks, at "
                        "most %d bytes",
                        context_quote(quoted, key, size), BINDING_KEY_MAX);
}

static size_t bindings_count(const ignis_app *app)
{
    size_t count = 0;
    for (const app_binding *at = app->first; at; at = at->next) {
        count++;
    }
    return count;
}

static ignis_code binding_check(ignis_context *ctx, const ignis_app *app, const char *key)
{
    if (app->state == APP_STARTING || app->state == APP_STARTED)
        return context_fail(ctx, IGNIS_E_STATE,
                            "%.*s is registered too late: before the start, or in pre_configure",
                            BINDING_KEY_MAX, key);
    if (!key_is_valid(key)) return key_refuse(ctx, key, strlen(key));
    if (app_binding_get(app, key))
        return context_fail(ctx, IGNIS_E_INVALID, "%s is registered twice", key);
    if (bindings_count(app) == BINDINGS_MAX)
        return context_fail(ctx, IGNIS_E_LIMIT, "an application has at most %d keys", BINDINGS_MAX);
    return IGNIS_OK;
}

/* Appends a copy of given under its key. */
static ignis_code binding_add(ignis_context *ctx, ignis_app *app, const app_binding *given)
{
    IGNIS_TRY(binding_check(ctx, app, given->key));
    app_binding *made = arena_array(&app->registered, 1, sizeof(*made));
    char *key = arena_copy(&app->registered, given->key, strlen(given->key));
    if (!made || !key) return context_fail_memory(ctx, &app->registered);
    *made = *given;
    made->key = key;
    if (app->last) {
        app->last->next = made;
    } else {
        app->first = made;
    }
    app->last = made;
    return IGNIS_OK;
}

/* Adds under namespace.name. */
static ignis_code binding_add_named(ignis_context *ctx, ignis_app *app, const char *space,
                                    const char *name, app_binding *given)
{
    text key;
    text_init(&key, &ctx->scratch, 0);
    text_string(&key, space);
    text_char(&key, '.');
    text_string(&key, name);
    given->key = text_finish(&key);
    if (!given->key) return context_fail_memory(ctx, &ctx->scratch);
    return binding_add(ctx, app, given);
}

static ignis_code name_refuse(ignis_context *ctx, const char *what)
{
    return context_fail(ctx, IGNIS_E_INVALID, "a %s needs a name to be registered", what);
}

ignis_code ignis_app_data_source(ignis_context *ctx, ignis_app *app,
                                 const ignis_data_source_class *class_)
{
    app_binding binding = {.kind = APP_DATA_SOURCE};
    app_begin(ctx);
    ignis_code code = app_struct_read(ctx, "data source's class", class_, &binding.source_class,
                                      sizeof(binding.source_class));
    if (code != IGNIS_OK) return app_end(ctx, code);
    if (!binding.source_class.name) return app_end(ctx, name_refuse(ctx, "data source"));
    binding.tags = binding.source_class.tags;
    return app_end(ctx,
                   binding_add_named(ctx, app, "datasources", binding.source_class.name, &binding));
}

static ignis_code repository_register(ignis_context *ctx, ignis_app *app,
                                      const ignis_repository_class *given)
{
    app_binding binding = {.kind = APP_REPOSITORY};
    ignis_repository_class *class_ = &binding.repository_class;
    text name;
    IGNIS_TRY(app_struct_read(ctx, "repository's class", given, class_, sizeof(*class_)));
    binding.tags = class_->tags;
    if (!class_->model && class_->typed) class_->model = model_name_of(class_->typed);
    if (!class_->model) return context_fail(ctx, IGNIS_E_INVALID, "the repository names no model");
    text_init(&name, &ctx->scratch, 0);
    app_repository_name_write(&name, class_);
    const char *finished = text_finish(&name);
    if (!finished) return context_fail_memory(ctx, &ctx->scratch);
    return binding_add_named(ctx, app, "repositories", finished, &binding);
}

ignis_code ignis_app_repository(ignis_context *ctx, ignis_app *app,
                                const ignis_repository_class *class_)
{
    app_begin(ctx);
    return app_end(ctx, repository_register(ctx, app, class_));
}

/* ---- services and bindings -------------------------------------------------------------------------- */

const ignis_injection *app_injection_at(const ignis_service_class *class_, size_t i)
{
    const ignis_injections *list = &class_->inject;
    if (!list->items || i >= list->count) return NULL;
    const void *at = (const char *)list->items + i * list->item_size;
    const ignis_injection *injection = at;
    return injection->key ? injection : NULL;
}

static ignis_code service_read(ignis_context *ctx, const ignis_service_class *given,
                               ignis_lifetime lifetime, app_binding *binding)
{
    ignis_service_class *class_ = &binding->service_class;
    IGNIS_TRY(app_struct_read(ctx, "service's class", given, class_, sizeof(*class_)));
    binding->is_service = true;
    binding->lifetime = lifetime;
    if (class_->inject.items && class_->inject.item_size < sizeof(ignis_injection))
        return context_fail(ctx, IGNIS_E_INVALID, "item_size of the injections is not set");
    const ignis_injection *injection;
    for (size_t i = 0; (injection = app_injection_at(class_, i)); i++) {
        if (class_->size >= sizeof(void *) && injection->offset <= class_->size - sizeof(void *))
            continue;
        return context_fail(ctx, IGNIS_E_INVALID, "the injection of %.*s lies outside the struct",
                            BINDING_KEY_MAX, injection->key);
    }
    return IGNIS_OK;
}

static ignis_code lifetime_check(ignis_context *ctx, const app_binding *binding)
{
    bool ends =
        binding->is_service ? binding->service_class.stop != NULL : binding->bound.release != NULL;
    if (binding->lifetime != IGNIS_SINGLETON && binding->lifetime != IGNIS_TRANSIENT)
        return context_fail(ctx, IGNIS_E_INVALID, "no such lifetime: %d", (int)binding->lifetime);
    if (binding->lifetime == IGNIS_TRANSIENT && ends)
        return context_fail(ctx, IGNIS_E_INVALID,
                            "a transient ends with what it was made for: it has no %s",
                            binding->is_service ? "stop" : "release");
    return IGNIS_OK;
}

static ignis_code service_register(ignis_context *ctx, ignis_app *app,
                                   const ignis_service_class *class_)
{
    app_binding binding = {.kind = APP_OTHER};
    IGNIS_TRY(service_read(ctx, class_, IGNIS_SINGLETON, &binding));
    const char *name = binding.service_class.name;
    if (!name) return name_refuse(ctx, "service");
    binding.tags = binding.service_class.tags;
    binding.lifetime = binding.service_class.lifetime;
    if (lifetime_check(ctx, &binding) != IGNIS_OK) return context_path(ctx, "services.%s", name);
    return binding_add_named(ctx, app, "services", name, &binding);
}

ignis_code ignis_app_service(ignis_context *ctx, ignis_app *app, const ignis_service_class *class_)
{
    app_begin(ctx);
    return app_end(ctx, service_register(ctx, app, class_));
}

static bool key_is_of(const char *key, const char *space)
{
    size_t size = strlen(space);
    return strncmp(key, space, size) == 0 && key[size] == '.';
}

static ignis_code bound_check(ignis_context *ctx, const ignis_binding *bound)
{
    int count = (bound->value != NULL) + (bound->class_ != NULL) + (bound->provide != NULL);
    if (count != 1)
        return context_fail(ctx, IGNIS_E_INVALID,
                            "a key is bound to a value, a class or a provider, got %s",
                            count == 0 ? "none" : "more than one");
    if (key_is_of(bound->key, "datasources") || key_is_of(bound->key, "repositories"))
        return context_fail(ctx, IGNIS_E_INVALID,
                            "data sources and repositories are registered by their classes");
    if (bound->value && bound->lifetime == IGNIS_TRANSIENT)
        return context_fail(ctx, IGNIS_E_INVALID, "a value is no transient");
    return IGNIS_OK;
}

static ignis_code bound_register(ignis_context *ctx, ignis_app *app, const ignis_binding *given)
{
    app_binding binding = {.kind = APP_OTHER};
    ignis_binding *bound = &binding.bound;
    IGNIS_TRY(app_struct_read(ctx, "binding", given, bound, sizeof(*bound)));
    if (!bound->key) return context_fail(ctx, IGNIS_E_INVALID, "the binding has no key");
    if (!key_is_valid(bound->key)) return key_refuse(ctx, bound->key, strlen(bound->key));
    binding.key = bound->key;
    binding.tags = bound->tags;
    binding.lifetime = bound->lifetime;
    ignis_code code = bound_check(ctx, bound);
    if (code == IGNIS_OK && bound->class_)
        code = service_read(ctx, bound->class_, bound->lifetime, &binding);
    if (code == IGNIS_OK) code = lifetime_check(ctx, &binding);
    if (code != IGNIS_OK) return context_path(ctx, "%s", bound->key);
    return binding_add(ctx, app, &binding);
}

ignis_code ignis_app_bind(ignis_context *ctx, ignis_app *app, const ignis_binding *binding)
{
    app_begin(ctx);
    return app_end(ctx, bound_register(ctx, app, binding));
}

/* ---- looking up ------------------------------------------------------------------------------------- */

void *ignis_app_get(const ignis_app *app, const char *key)
{
    const app_binding *binding = app && key ? app_binding_get(app, key) : NULL;
    return binding ? binding->object : NULL;
}

/* Whether a list of words holds one; tag NULL: whatever it holds. */
static bool tags_have(const char *tags, const char *tag)
{
    if (!tag) return true;
    if (!tags) return false;
    size_t size = strlen(tag);
    for (const char *at = tags; *at; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        if (size > 0 && strcspn(at, " ") == size && memcmp(at, tag, size) == 0) return true;
    }
    return false;
}

const char *ignis_app_tagged(const ignis_app *app, const char *tag, size_t index)
{
    for (const app_binding *at = app->first; at; at = at->next) {
        if (tags_have(at->tags, tag) && index-- == 0) return at->key;
    }
    return NULL;
}
