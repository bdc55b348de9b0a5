/* The application: data sources, repositories, services and values under keys, made in order when it
   starts and ended in reverse. A guide is docs/app.md. */
#ifndef IGNIS_CONTAINER_H
#define IGNIS_CONTAINER_H

#include "ignis/app.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One thread creates, registers, starts, stops and frees it. While it is started any thread may look
   things up. */
typedef struct ignis_app ignis_app;

/* A function of the program that an application calls. Anything but IGNIS_OK is the answer of the
   start. */
typedef ignis_code ignis_app_hook(ignis_context *ctx, ignis_app *app);

/* What an application is made of; zeros are the defaults. */
typedef struct ignis_app_class {
    size_t struct_size;
    const char *name;               /* NULL: "Application" */
    ignis_app_hook *pre_configure;  /* registers things; called at each start; NULL: none */
    ignis_app_hook *post_configure; /* everything is made; a failure undoes the start; NULL: none */
    const char *env_file;           /* of all data sources, as in ignis_data_source_class */
    const ignis_log *log;           /* NULL: nobody listens. What its data points at outlives the
                                       application. */
    void *data;                     /* the program's own: ignis_app_data */
    /* Registered when it is made, as by ignis_app_data_source, _repository and _service. */
    const ignis_data_source_class *const *data_sources;
    size_t data_sources_count;                         /* of data_sources */
    const ignis_repository_class *const *repositories; /* likewise */
    size_t repositories_count;                         /* of repositories */
    const struct ignis_service_class *const *services; /* likewise */
    size_t services_count;                             /* of services */
} ignis_app_class;

/* Makes an application that is not started. What class_ points at is copied, but for data and what its
   lists register. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_app_create(ignis_context *ctx,
                                                    const ignis_app_class *class_, ignis_app **app);

/* Calls pre_configure; checks all dependencies; opens the data sources, then makes the repositories,
   then services and what else was bound, dependencies first, else in the order of registration; calls
   post_configure. All or nothing: after a failure everything made is ended, what pre_configure
   registered is forgotten, and it may be started again. The error's path is the key.
   IGNIS_E_STATE: started already. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_app_start(ignis_context *ctx, ignis_app *app);

/* Ends everything in the reverse order of its making. No call may be running and nothing made may be
   used any more. What was registered before the start stays. Does nothing where it is not started. */
IGNIS_API void ignis_app_stop(ignis_app *app);

/* Stops and frees it. NULL does nothing. */
IGNIS_API void ignis_app_free(ignis_app *app);

/* ---- registering: before the start, or in pre_configure ----

   Classes and bindings are copied; what they point at, names, models and injections, has to live until
   the application is freed. IGNIS_E_INVALID: no name, or its key is taken. IGNIS_E_STATE: too late. */

/* Under datasources.NAME. Where the class lists no models, they are those of its repositories, and all C
   models that these lead to by relations and foreign keys. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_app_data_source(ignis_context *ctx, ignis_app *app,
                                                         const ignis_data_source_class *class_);

/* Under repositories.NAME. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_app_repository(ignis_context *ctx, ignis_app *app,
                                                        const ignis_repository_class *class_);

/* How many of a thing are made. */
typedef enum ignis_lifetime {
    IGNIS_SINGLETON = 0, /* one, made at the start */
    IGNIS_TRANSIENT      /* a new one for each who asks, which ends with what it was made for */
} ignis_lifetime;

/* A member that is set to what a key is bound to. */
typedef struct ignis_injection {
    const char *key; /* NULL: the end of a list */
    size_t offset;   /* of the member, a pointer */
} ignis_injection;

/* Injections of a service: see IGNIS_INJECTIONS. */
typedef struct ignis_injections {
    const ignis_injection *items;
    size_t count; /* or IGNIS_ENDED */
    size_t item_size;
} ignis_injections;

/* A struct of the program's with what it needs. It begins as zeros with its injections set. */
typedef struct ignis_service_class {
    size_t struct_size;
    const char *name;                                    /* its key is services.NAME */
    size_t size;                                         /* of the struct */
    ignis_injections inject;                             /* what it needs; zeros: nothing */
    ignis_code (*start)(ignis_context *ctx, void *self); /* NULL: nothing is left to do */
    void (*stop)(void *self);                            /* NULL; not of a transient */
    ignis_lifetime lifetime;                             /* one, or one for each who asks */
    const char *tags;                                    /* "jobs nightly" */
} ignis_service_class;

/* Under services.NAME. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_app_service(ignis_context *ctx, ignis_app *app,
                                                     const ignis_service_class *class_);

/* Makes what a key is bound to. It may ask for other keys by ignis_app_resolve. */
typedef ignis_code ignis_provider(ignis_context *ctx, ignis_app *app, void *data, void **made);

/* One of value, class_ and provide. */
typedef struct ignis_binding {
    size_t struct_size;
    const char *key;                   /* "values.pageSize": a namespace, a point, a name */
    const void *value;                 /* not copied */
    const ignis_service_class *class_; /* its name, lifetime and tags do not count */
    ignis_provider *provide;           /* *made stays NULL: an error */
    void (*release)(void *made);       /* of what provide made; NULL; not of a transient */
    void *data;                        /* handed to provide */
    ignis_lifetime lifetime;           /* one, or one for each who asks */
    const char *tags;                  /* "jobs nightly" */
} ignis_binding;

/* Under any key but those of data sources and repositories. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_app_bind(ignis_context *ctx, ignis_app *app,
                                                  const ignis_binding *binding);

/* ---- looking up ---- */

/* What a key is bound to: an ignis_data_source, an ignis_repository (the typed one is the same
   pointer), a service, a value. NULL: nothing, or a transient, or not made yet; the calls of a data
   source or repository that is NULL answer IGNIS_E_NOT_FOUND. Allocates nothing. */
IGNIS_API void *ignis_app_get(const ignis_app *app, const char *key);

/* The same with an error instead of NULL, the nearest key as its hint; a transient is made, and lives in
   ctx. Within a provider or the start of a service it makes what is not made yet. IGNIS_E_NOT_FOUND: no
   such key; IGNIS_E_INVALID: a circle; IGNIS_E_STATE: not started. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_app_resolve(ignis_context *ctx, const ignis_app *app,
                                                     const char *key, void **object);

/* The key of a tag, in the order of registration, from index 0; NULL: there are no more. tag NULL: all
   keys. */
IGNIS_API const char *ignis_app_tagged(const ignis_app *app, const char *tag, size_t index);

/* Whether all data sources answer, each within timeout_ms: see ignis_data_source_ping. The error's
   path is the key of the first that does not. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_app_ping(ignis_context *ctx, const ignis_app *app,
                                                  int64_t timeout_ms);

/* All of a program: makes a context and an application, starts it, calls run, and ends both. What main
   returns: 0; or 1 after an error, which the standard error is told with its path and hint. */
IGNIS_API int ignis_app_main(const ignis_app_class *class_, ignis_app_hook *run);

/* The class's data. */
IGNIS_API void *ignis_app_data(const ignis_app *app);

/* Tells the application's log a line of the program's. scope NULL: the application. */
IGNIS_API void ignis_app_log(const ignis_app *app, ignis_log_level level, const char *scope,
                             const char *message);

#ifndef __cplusplus

#define IGNIS_TYPED_ __attribute__((unused)) static inline

/* Of an ignis_app_class: .repositories = IGNIS_REPOSITORIES(&UserRepository_class, …). */
#define IGNIS_DATA_SOURCES(...) IGNIS_CLASSES_(data_source, data_sources_count, __VA_ARGS__)
#define IGNIS_REPOSITORIES(...) IGNIS_CLASSES_(repository, repositories_count, __VA_ARGS__)
#define IGNIS_SERVICES(...)     IGNIS_CLASSES_(service, services_count, __VA_ARGS__)
#define IGNIS_CLASSES_(kind, count, ...) \
    (const ignis_##kind##_class *const[]){__VA_ARGS__}, .count = IGNIS_COUNT(__VA_ARGS__)

/* A data source D: its class is D_class. What is written after the dot is a member of
   ignis_data_source_class. Other files know it by IGNIS_DATA_SOURCE_DECLARE(D), which also gives
   D_of(app). */
#define IGNIS_DATA_SOURCE(D, ...)               \
    const ignis_data_source_class D##_class = { \
        .struct_size = sizeof(D##_class), .name = #D, __VA_ARGS__}
#define IGNIS_DATA_SOURCE_DECLARE(D)                                                \
    IGNIS_TYPED_ ignis_data_source *D##_of(const ignis_app *app)                    \
    {                                                                               \
        return (ignis_data_source *)ignis_app_get(app, IGNIS_KEY_(datasources, D)); \
    }                                                                               \
    extern const ignis_data_source_class D##_class

/* The class R_class of a repository R, declared by IGNIS_REPOSITORY(R, T), over the data source D. More
   members of ignis_repository_class may follow. R_of(app) gives the repository. */
#define IGNIS_REPOSITORY_CLASS(R, T, ...) \
    IGNIS_REPOSITORY_CLASS_(R, T, __VA_ARGS__, .typed = &T##_model)
#define IGNIS_REPOSITORY_CLASS_(R, T, D, ...)                                                \
    const ignis_repository_class R##_class = {.struct_size =                                 \
                                                  sizeof(R##_class) + IGNIS_ROWS_ARE_(R, T), \
                                              .name = #R,                                    \
                                              .readable = R##_is_readable,                   \
                                              .data_source = &#D[0 * sizeof(D##_class)],     \
                                              __VA_ARGS__}
#define IGNIS_ROWS_ARE_(R, T)                                                                    \
    IGNIS_REQUIRE(_Generic(&R##_find_one,                                                        \
                           ignis_code(*)(ignis_context *, const R *, const ignis_filter *, T **) \
                           : true, default                                                       \
                           : false),                                                             \
                  "the repository is over another model")

/* A service S, a struct by its typedef name: its class is S_class. IGNIS_SERVICE_DECLARE(S) for the
   files that use it gives S_of(app), and, of a transient, S_make(ctx, app, &made). */
#define IGNIS_SERVICE(S, ...)               \
    const ignis_service_class S##_class = { \
        .struct_size = sizeof(S##_class), .name = #S, .size = sizeof(S), __VA_ARGS__}
#define IGNIS_SERVICE_DECLARE(S)                                                             \
    IGNIS_TYPED_ S *S##_of(const ignis_app *app)                                             \
    {                                                                                        \
        return (S *)ignis_app_get(app, IGNIS_KEY_(services, S));                             \
    }                                                                                        \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code S##_make(ignis_context *ctx, const ignis_app *app, \
                                                   S **made)                                 \
    {                                                                                        \
        void *object;                                                                        \
        IGNIS_TRY(ignis_app_resolve(ctx, app, IGNIS_KEY_(services, S), &object));            \
        *made = (S *)object;                                                                 \
        return IGNIS_OK;                                                                     \
    }                                                                                        \
    extern const ignis_service_class S##_class

/* .inject = IGNIS_INJECTIONS(IGNIS_INJECT_REPOSITORY(Blog, posts, PostRepository), …). The member is a
   pointer to what is injected; IGNIS_INJECT takes any key and any pointer. */
#define IGNIS_INJECTIONS(...)             IGNIS_ITEMS_(ignis_injection, __VA_ARGS__)
#define IGNIS_INJECT_REPOSITORY(S, m, R)  IGNIS_INJECTION_(S, m, repositories, R, R)
#define IGNIS_INJECT_SERVICE(S, m, T)     IGNIS_INJECTION_(S, m, services, T, T)
#define IGNIS_INJECT_DATA_SOURCE(S, m, D) IGNIS_INJECTION_(S, m, datasources, D, ignis_data_source)
#define IGNIS_INJECT(S, m, key_)                                                 \
    {                                                                            \
        .key = key_, .offset = offsetof(S, m) + 0 * sizeof(&*IGNIS_MEMBER(S, m)) \
    }
#define IGNIS_INJECTION_(S, m, space, name, T)                                              \
    {                                                                                       \
        .key = IGNIS_KEY_(space, name),                                                   \
        .offset = offsetof(S, m) + IGNIS_REQUIRE(_Generic(IGNIS_MEMBER(S, m), T *         \
                                                          : true, const T *               \
                                                          : true, default                 \
                                                          : false),                       \
                                                 "the member is no pointer to what is injected") \
    }
#define IGNIS_KEY_(space, name) #space "." #name

#endif

#ifdef __cplusplus
}
#endif
#endif
