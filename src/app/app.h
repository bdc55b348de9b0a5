/* app: what a user names: data sources and repositories. */
#ifndef APP_H
#define APP_H

#include "ignis.h"
#include "run/run.h"

struct ignis_data_source {
    arena *memory;        /* owns it, its repositories too */
    pthread_mutex_t lock; /* of memory */
    const char *name;
    const char *url; /* with the password */
    log_sink log;
    run_source run;
    uint32_t variants_count; /* entities that repositories see in their own way */
};

struct ignis_repository {
    ignis_data_source *source;
    const char *name;
    const char *model;
    const model_entity *entity; /* a variant where the class says so; NULL: the source does not
                                   register the model */
    bool is_readable;
};

/* repository.c: opens one as ignis_repository_open does, its class copied whole. */
ignis_code app_repository_open(ignis_context *ctx, ignis_data_source *source,
                               const ignis_repository_class *class_, ignis_repository **repository);
/* The class's name, or the model's followed by "Repository"; model is not NULL. */
void app_repository_name_write(text *out, const ignis_repository_class *class_);

/* override.c: puts in place of the repository's entity what its class says of it. Under the source's
   lock. */
ignis_code app_override(ignis_context *ctx, const ignis_repository_class *class_,
                        ignis_repository *repository);

/* Every public call begins with app_begin and returns through app_end. */
void app_begin(ignis_context *ctx);
ignis_code app_end(ignis_context *ctx, ignis_code code);
/* A struct of the caller's that begins with struct_size, into one of size: what its release of the header
   knows of; members after that are 0. IGNIS_E_INVALID: it is NULL or says no size. what: "binding". */
ignis_code app_struct_read(ignis_context *ctx, const char *what, const void *given, void *own,
                           size_t size);

/* NULL is what NAME_of gives of what is not registered or not made: IGNIS_E_NOT_FOUND. */
ignis_code app_source_given(ignis_context *ctx, const ignis_data_source *source);
ignis_code app_repository_given(ignis_context *ctx, const ignis_repository *repository);

/* The documented refusals: of a repository whose model is not registered, and of writes through a
   readable one. */
ignis_code app_repository_check(ignis_context *ctx, const ignis_repository *repository,
                                const char *method);

/* ---- environment.c: the environment, and a file of what it lacks ------------------------------------ */

typedef struct app_environment {
    arena *memory;
    map values; /* of the file: name -> char * */
} app_environment;

/* file NULL: ".env", which may be missing; "": none. Messages never show a value. */
ignis_code app_environment_read(ignis_context *ctx, arena *memory, const char *file,
                                app_environment *environment);
/* The same of text; file is its name in messages. */
ignis_code app_environment_parse(ignis_context *ctx, const char *file, const char *data,
                                 size_t size, app_environment *environment);
/* Whether a setting, which may be NULL, asks for the environment. */
bool app_environment_is_named(const char *setting);
/* The setting with ${NAME} and ${NAME:-default} replaced, "$${" being "${". IGNIS_E_INVALID: a name
   without a value and default, or "${" that begins neither form. */
ignis_code app_environment_expand(ignis_context *ctx, arena *memory,
                                  const app_environment *environment, const char *setting,
                                  const char **expanded);

/* ---- settings.c: what a data source connects to ------------------------------------------------------ */

bool app_settings_name_environment(const ignis_data_source_class *class_);
/* Expands the texts, chooses the driver, and makes one URL of URL and parts, for each replica too; all in
   memory. */
ignis_code app_settings_read(ignis_context *ctx, arena *memory, const app_environment *environment,
                             ignis_data_source_class *class_);
void app_url_mask(text *out, const char *url);

/* ---- data_source.c ----------------------------------------------------------------------------------- */

/* environment NULL: the class's own, read where it is needed. */
ignis_code app_data_source_open(ignis_context *ctx, const ignis_data_source_class *class_,
                                const app_environment *environment, ignis_data_source **source);

/* schema.c: as the public function of the name. */
ignis_code app_schema_create_missing(ignis_context *ctx, const ignis_data_source *source);

/* ---- binding.c: what is registered ------------------------------------------------------------------- */

typedef enum app_binding_kind {
    APP_DATA_SOURCE, /* in this order they are made */
    APP_REPOSITORY,
    APP_OTHER /* services, values, what providers make */
} app_binding_kind;

typedef struct app_binding app_binding;
struct app_binding {
    app_binding_kind kind;
    const char *key;
    const char *tags; /* NULL: none */
    ignis_lifetime lifetime;
    ignis_data_source_class source_class;
    ignis_repository_class repository_class;
    ignis_service_class service_class; /* size and functions count where is_service */
    bool is_service;
    ignis_binding bound; /* a value or a provider, where it is no service */
    void *object;        /* NULL: not made */
    bool is_checked;     /* it leads to no circle and to nothing that is missing */
    app_binding *next;   /* registered after it */
    app_binding *before; /* made before it */
};

/* What is being made or looked at, and for whom. */
typedef struct app_chain {
    const ignis_app *app;
    const app_binding *binding;
    const struct app_chain *from; /* NULL: the first */
} app_chain;

/* What was registered at a moment, to return to. */
typedef struct app_registered {
    ignis_mark mark;
    app_binding *first;
    app_binding *last;
} app_registered;

typedef enum app_state { APP_STOPPED, APP_CONFIGURING, APP_STARTING, APP_STARTED } app_state;

struct ignis_app {
    arena *memory; /* owns it */
    ignis_app_class class_;
    log_sink sink;
    const log_sink *log; /* NULL: nobody listens */
    app_state state;
    arena registered; /* bindings */
    app_binding *first;
    app_binding *last;
    app_registered before_start;
    arena started; /* of one start: all below */
    map by_key;
    app_environment environment;
    app_binding *newest; /* made last */
};

/* Before the start it looks through the list. NULL: there is none. */
app_binding *app_binding_get(const ignis_app *app, const char *key);
/* Fills the map that app_binding_get uses from then on. */
ignis_code app_bindings_index(ignis_context *ctx, ignis_app *app);
/* The nearest key becomes the hint. */
void app_binding_hint(ignis_context *ctx, const ignis_app *app, const char *key);
/* Injection i, or NULL: there are no more. */
const ignis_injection *app_injection_at(const ignis_service_class *class_, size_t i);

/* ---- dependency.c: what needs what -------------------------------------------------------------------- */

/* Makes what is not made yet, dependencies first; transients in memory. */
ignis_code app_binding_make(ignis_context *ctx, ignis_app *app, app_binding *binding,
                            const app_chain *from, void **object);
/* Whether all that injections and repositories name is there, and no circle among it. */
ignis_code app_dependencies_check(ignis_context *ctx, const ignis_app *app);
/* The binding of the data source that a repository is over. */
ignis_code app_repository_source(ignis_context *ctx, const ignis_app *app,
                                 const app_binding *repository, app_binding **source);
/* A function of the program's failed: an error that it did not report is reported. */
ignis_code app_program_failed(ignis_context *ctx, ignis_code code, const char *what);

/* ---- call.c: one call of a repository, its arguments read ----------------------------------------- */

typedef enum app_method {
    APP_FIND = 1,
    APP_FIND_ONE,
    APP_FIND_BY_ID,
    APP_COUNT,
    APP_EXISTS,
    APP_CREATE,
    APP_CREATE_ALL,
    APP_UPDATE_BY_ID,
    APP_UPDATE_ALL,
    APP_UPDATE_BY,
    APP_DELETE_BY_ID,
    APP_DELETE_ALL,
    APP_DELETE_BY,
    APP_UPSERT,
    APP_UPSERT_ALL
} app_method;

typedef struct app_call {
    app_method method;
    const ignis_policy *policy;
    const json *filter; /* parts that are absent or null are NULL, but for id */
    const json *where;
    const json *id;
    const json *data;
    bool should_skip_default_filter;
    bool should_query_range;
    bool should_return;
    bool with_hidden;
    bool on_primary;
    filter_lock lock;
    bool force;
    const row_native *structs; /* rows of C structs; NULL: data */
    const char *conflict;      /* upsert: the name of a unique; NULL: the primary key */
    ignis_log_level log;       /* that its statements are told at */
} app_call;

/* Writes the result's JSON to out (memory: ctx->results). Count and exists give number too. */
ignis_code app_call_run(ignis_context *ctx, const ignis_repository *repository,
                        const app_call *call, text *out, int64_t *number);

/* A read whose rows are JSON or structs, as answer says. The repository has been checked. */
ignis_code app_call_read(ignis_context *ctx, const ignis_repository *repository,
                         const app_call *call, run_answer *answer);

/* How such a read is carried out, as text in the results. */
ignis_code app_call_explain(ignis_context *ctx, const ignis_repository *repository,
                            const app_call *call, const char **explanation);

/* A write, likewise. */
ignis_code app_call_write(ignis_context *ctx, const ignis_repository *repository,
                          const app_call *call, run_answer *answer);

/* typed.c: what every typed call begins with: the repository, the filter as JSON, its options. filter may
   be NULL. */
ignis_code app_typed_start(ignis_context *ctx, const ignis_repository *repository,
                           const ignis_filter *filter, app_call *call);
/* The read or write that was started; what was made on the way to a failure is given back. */
ignis_code app_typed_run(ignis_context *ctx, const ignis_repository *repository,
                         const app_call *call, run_answer *answer);
/* The filter of a call that knows where only becomes its where. */
ignis_code app_where_only(ignis_context *ctx, app_call *call);
/* typed.c: a key given in C as the JSON of an id, in scratch. */
ignis_code app_key_read(ignis_context *ctx, const model_entity *entity, const ignis_key *key,
                        const json **id);

/* "find". */
const char *app_method_name(app_method method);
/* Whether a method, or one of this name, changes rows. */
bool app_method_writes(app_method method);
bool app_method_is_write(const char *method);

/* statement.c: a statement of the caller's as it is run. IGNIS_E_INVALID: a part of it is missing. */
ignis_code app_statement_read(ignis_context *ctx, const ignis_sql *statement,
                              run_raw_request *request);

/* arguments.c: {"filter", "id", "where", "data", "options"} of a method. */
ignis_code app_arguments_read(ignis_context *ctx, const char *method, const json *arguments,
                              app_call *call);
/* Options of a typed call. IGNIS_E_INVALID: one that the method does not take. */
ignis_code app_options_check(ignis_context *ctx, const app_call *call);

#endif
