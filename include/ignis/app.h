/* Data sources, repositories, tables and loading. */
#ifndef IGNIS_APP_H
#define IGNIS_APP_H

#include "ignis/driver.h"
#include "ignis/filter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A database with the models that live in it. Immutable once open; any thread may use it. */
typedef struct ignis_data_source ignis_data_source;

/* What a data source is made of; zeros are the defaults. */
typedef struct ignis_data_source_class {
    size_t struct_size;
    const char *name;                 /* NULL: "DataSource" */
    const ignis_driver *driver;       /* NULL: by the URL's scheme; host alone: PostgreSQL */
    const char *url;                  /* this and the text settings below may name the environment:
                                   ${NAME}, ${NAME:-default} (docs/app.md) */
    const ignis_model *const *models; /* those that it registers: IGNIS_MODELS */
    size_t models_count;              /* of models */
    uint32_t connections_max;         /* 0: 4 */
    uint32_t plans_max;               /* plans kept; 0: 512 */
    int busy_timeout_ms;              /* SQLite: wait for another writer; 0: 5,000 */
    uint32_t connections_min;         /* kept although idle; none is made ahead of need */
    int64_t acquire_timeout_ms;       /* longest wait for a connection; 0: 10,000 */
    int64_t idle_check_ms;            /* idle longer: looked at before it is used; 0: 30,000 */
    int64_t lifetime_ms;              /* older, less up to a tenth: replaced; 0: 30 minutes */
    int64_t idle_ms;                  /* idle longer: closed at the next call; 0: 10 minutes */
    ignis_pooling pooling;            /* PostgreSQL: a pooler between; 0: detected */
    const char *host;     /* PostgreSQL: in place of a URL, or stronger than what it says; NULL */
    const char *port;     /* and "": not said, for all of these */
    const char *database; /* SQLite: the file */
    const char *user;     /* who connects */
    const char *password; /* never in a message or a log */
    const char *ssl;      /* "true", "false", or a sslmode of libpq such as "verify-full" */
    const char *env_file; /* values the environment lacks; NULL: ".env", if there is one and it is
                             needed; "": none */
    const ignis_log
        *log;         /* NULL: nobody listens; within an application: the application's. What its
                             data points at outlives the data source. */
    const char *tags; /* in an application: "reporting slow" */
    const char *const *
        replicas; /* PostgreSQL: URLs of servers that replicate this one, where reads go (docs/sources.md):
                      IGNIS_REPLICAS. user, password, database and ssl hold for them too; "" is none */
    size_t replicas_count; /* 64 at most */
    bool create_missing;   /* when it opens: ignis_schema_create_missing */
} ignis_data_source_class;

/* Registers the models, checks everything, opens the database. What class_ points at need not
   outlive the call. IGNIS_E_INVALID names model and member; IGNIS_E_CONNECTION: no database. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_data_source_open(ignis_context *ctx,
                                                          const ignis_data_source_class *class_,
                                                          ignis_data_source **source);

/* Closes all connections. No call may be running. NULL does nothing. */
IGNIS_API void ignis_data_source_close(ignis_data_source *source);

/* Whether the connection string shows the password. */
typedef enum ignis_password {
    IGNIS_PASSWORD_MASKED = 0, /* as "***" */
    IGNIS_PASSWORD_SHOWN       /* as it is */
} ignis_password;

/* The URL that the data source connects to, its settings put together: the primary's, where there are
   replicas. Masked, a password is "***". */
IGNIS_API IGNIS_CHECKED ignis_code ignis_data_source_connection_string(
    ignis_context *ctx, const ignis_data_source *source, ignis_password password, const char **url);

/* The name that the class gave, never NULL; it lives as long as the data source. Any thread. */
IGNIS_API const char *ignis_data_source_name(const ignis_data_source *source);

/* Whether the database answers within timeout_ms (0: until ctx's deadline). IGNIS_E_TIMEOUT,
   IGNIS_E_CONNECTION: it does not; IGNIS_E_STATE: disconnected. Replicas are asked in what is left of
   the time: the answer is the primary's alone, theirs are in ignis_data_source_replica_status. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_data_source_ping(ignis_context *ctx,
                                                          ignis_data_source *source,
                                                          int64_t timeout_ms);

/* Closes the connections: idle ones now, others when their call or transaction ends. Until
   ignis_data_source_connect every call answers IGNIS_E_STATE. Opening a data source connects it. A
   database in memory keeps its rows. Those to replicas, too. Any thread. */
IGNIS_API void ignis_data_source_disconnect(ignis_context *ctx, ignis_data_source *source);
/* Allows connections again and proves one, within timeout_ms as ignis_data_source_ping. Where that
   fails the data source is as it was before. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_data_source_connect(ignis_context *ctx,
                                                             ignis_data_source *source,
                                                             int64_t timeout_ms);

/* The connections of a data source at one moment, and since it was opened: those to the primary. */
typedef struct ignis_pool_status {
    size_t struct_size;
    size_t open;        /* idle and in_use */
    size_t idle;        /* ready to be used */
    size_t in_use;      /* used by a call, being made or being closed */
    size_t waiting;     /* calls that wait for a connection */
    uint64_t connected; /* connections made */
    uint64_t failed;    /* attempts to make one that failed */
} ignis_pool_status;

/* Fills status as far as its struct_size, which the caller sets, reaches. Any thread. */
IGNIS_API void ignis_data_source_pool_status(const ignis_data_source *source,
                                             ignis_pool_status *status);

/* Whether reads go to a replica. */
typedef enum ignis_replica_state {
    IGNIS_REPLICA_UNTRIED = 0, /* no read has gone there yet: opening a data source asks none */
    IGNIS_REPLICA_UP,          /* reads go there */
    IGNIS_REPLICA_DOWN         /* no read goes there until a new connection could be made */
} ignis_replica_state;

/* A replica at one moment, and since the data source was opened. */
typedef struct ignis_replica_status {
    size_t struct_size;
    const char *url;           /* its password as "***"; lives as long as the data source */
    ignis_replica_state state; /* whether reads go there */
    ignis_code code;           /* down: why; else IGNIS_OK */
    uint64_t reads;            /* that it answered */
    uint64_t failed;           /* that it did not, and that another or the primary did */
    size_t open;               /* connections, as in ignis_pool_status */
    size_t idle;               /* likewise, and so the next three */
    size_t in_use;             /* by calls */
    size_t waiting;            /* for a connection */
    uint64_t connected;        /* connections made */
    char message[256];         /* down: why, in one line; else "" */
} ignis_replica_status;

/* Fills status, as far as its struct_size reaches, for the replica at an index from 0. false: there are
   no more. Any thread. */
IGNIS_API bool ignis_data_source_replica_status(const ignis_data_source *source, size_t index,
                                                ignis_replica_status *status);

/* The statements that create the tables, for any dialect, each ending in ";\n". */
IGNIS_API IGNIS_CHECKED ignis_code ignis_schema_sql(ignis_context *ctx,
                                                    const ignis_data_source *source,
                                                    ignis_dialect dialect, const char **sql);

/* Creates tables and indexes of all models in one transaction, in dependency order. Views and
   models with skipMigrate are left alone. An existing table is an error and nothing is created. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_schema_create(ignis_context *ctx,
                                                       ignis_data_source *source);

/* The same for the tables that are not there yet, with their indexes; those that are there, and views of
   their names, stay as they are, whatever their columns. Several programs may do so at once. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_schema_create_missing(ignis_context *ctx,
                                                               ignis_data_source *source);

/* Loads {"Model": [row, ...], ...} exactly as given, in the order given and in one transaction:
   no generators, identity values included; a missing property is NULL. Identity columns continue
   after the greatest value. rows_count may be NULL. size 0: text is NUL-terminated. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_load(ignis_context *ctx, ignis_data_source *source,
                                              const char *text, size_t size, size_t *rows_count);

/* ---- transactions ---- */

/* Isolation levels of SQL. On SQLite all act as SERIALIZABLE. */
typedef enum ignis_isolation {
    IGNIS_READ_COMMITTED = 0, /* each statement sees what is committed by then */
    IGNIS_REPEATABLE_READ,    /* one snapshot for all statements */
    IGNIS_SERIALIZABLE        /* as if one transaction ran after the other */
} ignis_isolation;

/* Begins a transaction, which is a context: pass *tx where ctx goes. Results made through it belong to
   ctx, so they outlive it. While it is open, calls with ctx answer IGNIS_E_STATE, and so do calls with
   *tx on another data source. *tx stays a valid, closed handle until ctx is reset, released to an
   earlier mark, or freed; each of these rolls back what is open. On SQLite it begins as a reader and
   takes the write lock at its first write, where a lost race is IGNIS_E_SERIALIZATION.

   After an error of the database only a rollback is possible, and calls answer IGNIS_E_STATE; what was
   refused before it reached the database leaves the transaction as it was.

   Where ctx is a transaction, *tx is a savepoint within it, at most 64 deep: its commit keeps what was
   done for ctx to commit, its rollback undoes that alone, and an error within it ends only it. Its
   isolation is that of ctx; IGNIS_E_INVALID: more was asked for.

   IGNIS_E_STATE: one is open already. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_begin(ignis_context *ctx, ignis_data_source *source,
                                               ignis_isolation isolation, ignis_context **tx);

/* Zeros are the defaults. */
typedef struct ignis_transaction_options {
    size_t struct_size;
    ignis_isolation isolation; /* how much it sees of others */
    bool read_only;            /* writes answer IGNIS_E_STATE */
    uint32_t attempts_max;     /* ignis_transaction_run: 0: 10 */
} ignis_transaction_options;

/* The same with options; NULL: the defaults. IGNIS_E_INVALID: struct_size is not set, no such isolation
   level, or a savepoint is to be read only in a transaction that is not. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_begin_with(ignis_context *ctx, ignis_data_source *source,
                                                    const ignis_transaction_options *options,
                                                    ignis_context **tx);

/* Whatever it answers, the transaction is over: rolled back but for IGNIS_OK and
   IGNIS_E_COMMIT_UNKNOWN, where the connection was lost before the server's answer came. IGNIS_E_STATE:
   it had an error, or was over before; or, and then it is not over, another is open within it. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_commit(ignis_context *tx);
/* For clean-up paths: does nothing where tx is NULL or over. What is open within tx ends with it. */
IGNIS_API void ignis_rollback(ignis_context *tx);
/* The same, with IGNIS_E_STATE where it is over; or where the engine has undone all of the transaction
   that tx was a savepoint of, of which only the rollback is possible then. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_transaction_rollback(ignis_context *tx);
/* Whether calls with tx are still part of a transaction. False where tx is NULL or over. */
IGNIS_API bool ignis_transaction_is_active(const ignis_context *tx);

/* What is done in a transaction. Anything but IGNIS_OK rolls it back. It may be called several times,
   and should change nothing but the database and what data points at, which it sets anew. */
typedef ignis_code (*ignis_transaction_function)(ignis_context *tx, void *data);

/* Begins, calls function, and commits, or rolls back and gives the function's error. After a
   serialization failure or a deadlock all of it is done again, after a short random wait that grows:
   attempts_max times at most, and not beyond ctx's deadline; then the answer is IGNIS_E_SERIALIZATION.
   Results that function made in a failed attempt are released. options NULL: the defaults. Where ctx is
   a transaction nothing is done again: that is for whoever runs ctx. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_transaction_run(ignis_context *ctx,
                                                         ignis_data_source *source,
                                                         const ignis_transaction_options *options,
                                                         ignis_transaction_function function,
                                                         void *data);

/* A model of a data source, to read and write through. Immutable; any thread may use it. */
typedef struct ignis_repository ignis_repository;

/* What a repository is made of; zeros are the defaults. */
typedef struct ignis_repository_class {
    size_t struct_size;
    const char *name;  /* NULL: the model's name followed by "Repository" */
    const char *model; /* name of the model */
    bool readable;     /* read only: writes are refused */
    const ignis_model
        *typed;              /* the C model whose structs its rows become; model may be NULL then */
    const char *data_source; /* in an application: its name; NULL: the only one there is */
    const char *tags;        /* in an application: "reporting slow" */
    /* In place of what the model says, for the rows that this repository is asked for, reads and
       writes; rows of the same model that an include leads to are as the model says. */
    ignis_members hidden;               /* by IGNIS_HIDDEN; items NULL: the model's */
    const char *hidden_json;            /* the same as a JSON list of properties; NULL: not said */
    const ignis_filter *default_filter; /* NULL: the model's; without options */
    const char *default_filter_json;    /* the same as JSON text, "{}" for none; NULL: not said */
} ignis_repository_class;

/* Makes a repository that lives as long as the source; what class_ points at need not. A model that the
   source does not register gives a repository whose every call answers the documented "Schema key
   mismatch" error. A model may have several repositories. IGNIS_E_INVALID: hidden or default_filter name
   what the model lacks; the message begins with the repository's name in brackets. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_repository_open(ignis_context *ctx,
                                                         ignis_data_source *source,
                                                         const ignis_repository_class *class_,
                                                         ignis_repository **repository);

/* ---- what a repository is over ---- */

/* The class's name, or the one made from the model's. */
IGNIS_API const char *ignis_repository_name(const ignis_repository *repository);
IGNIS_API bool ignis_repository_is_readable(const ignis_repository *repository);
IGNIS_API ignis_data_source *ignis_repository_data_source(const ignis_repository *repository);

/* The model as it is resolved, with what the repository's class says in its place: enrichers written
   out, every name filled in, keys of relations found. It speaks of properties alone, as a model from JSON
   does, so that ignis_model_to_json writes it and a data source may register it; C members and structs
   are not in it. It belongs to ctx. IGNIS_E_INVALID: the source does not register the model. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_repository_model(ignis_context *ctx,
                                                          const ignis_repository *repository,
                                                          const ignis_model **model);

/* ---- relations ---- */

/* A relation as it is resolved. Names are properties. */
typedef struct ignis_relation_definition {
    const char *model;        /* that has it */
    const char *name;         /* of the relation */
    ignis_relation_kind kind; /* one or many */
    const char *target;       /* the other model */
    ignis_names fields;       /* ours */
    ignis_names references;   /* theirs, in the same order */
    const char *inverse;      /* the relation of the other model that leads back; NULL: none */
    const char *foreign_key;  /* over the same columns, of either model; NULL: none is declared */
    const char
        *index;     /* of the other model, which leads with the references: the name of a unique or
                          index, or "primary key"; NULL: none is declared */
    bool is_unique; /* at most one row has the key */
} ignis_relation_definition;

/* Relations, as they are resolved. */
typedef struct ignis_relation_definitions {
    const ignis_relation_definition *items;
    size_t count;
    size_t item_size;
} ignis_relation_definitions;

/* The relations of a model that the source registers, in model order; model NULL: of all models. They
   belong to ctx. IGNIS_E_INVALID: no such model. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_relations_list(ignis_context *ctx,
                                                        const ignis_data_source *source,
                                                        const char *model,
                                                        ignis_relation_definitions *definitions);
/* The same as a JSON list of {"source", "name", "type", "model", "fields", "references", "inverse",
   "foreignKey", "index", "isUnique"}, null where there is none. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_relations_to_json(ignis_context *ctx,
                                                           const ignis_data_source *source,
                                                           const char *model, const char **json);
/* The same as a line each: "User.posts: many Post by id = authorId, inverse author, foreign key
   posts_author_id_fkey, index posts_author_id_idx". */
IGNIS_API IGNIS_CHECKED ignis_code ignis_relations_to_text(ignis_context *ctx,
                                                           const ignis_data_source *source,
                                                           const char *model, const char **text);

#ifndef __cplusplus

/* For ignis_data_source_class: .models = IGNIS_MODELS(&User_model, &Post_model). */
#define IGNIS_MODELS(...) \
    (const ignis_model *const[]){__VA_ARGS__}, .models_count = IGNIS_COUNT(__VA_ARGS__)

/* For ignis_repository_class: .hidden = IGNIS_HIDDEN(User, password, email), or
   IGNIS_NOTHING_HIDDEN. */
#define IGNIS_HIDDEN(T, ...)                                                              \
    {                                                                                     \
        &T##_model, (const char *const[]){IGNIS_MAP(IGNIS_COLUMN_NAME_, T, __VA_ARGS__)}, \
            IGNIS_COUNT(__VA_ARGS__), false                                               \
    }
#define IGNIS_NOTHING_HIDDEN                        \
    {                                               \
        NULL, (const char *const[]){NULL}, 0, false \
    }

/* For ignis_data_source_class: .replicas = IGNIS_REPLICAS("${REPLICA_URL:-}", "postgresql://b/blog"). */
#define IGNIS_REPLICAS(...) \
    (const char *const[]){__VA_ARGS__}, .replicas_count = IGNIS_COUNT(__VA_ARGS__)

#endif

#ifdef __cplusplus
}
#endif
#endif
