/* run: carries plans out on connections: the plan cache and the state machine of every call. */
#ifndef RUN_H
#define RUN_H

#include "driver/driver.h"
#include "ignis/sql.h"
#include "row/row.h"
#include "sql/sql.h"

#include <pthread.h>

/* ---- call.c: the state machine ------------------------------------------------------------------- */

/* Statements that go to the driver together, in one round trip. */
typedef struct run_step {
    const ignis_execution *executions;
    size_t count; /* 0: the work is done */
} run_step;

/* What a call does on its connection, step by step. */
typedef struct run_work run_work;
struct run_work {
    /* The next statements with their parameters, which stay valid until the next step is asked for. */
    ignis_code (*next)(ignis_context *ctx, run_work *work, run_step *step);
    /* Rows of one of them: batch->execution is its index within the step. */
    ignis_code (*take)(ignis_context *ctx, run_work *work, const ignis_batch *batch);
    /* A statement failed with ctx's error: may say more of it. NULL: nothing to say. */
    void (*explain)(ignis_context *ctx, run_work *work);
    bool is_cleanup;              /* a cancel does not stop it */
    bool takes_ends;              /* take is called at the end of each of them, too */
    int64_t wait_ms;              /* for a connection, tried once; 0: as long as the pool waits */
    ignis_connection *connection; /* that the call has taken */
};

/* What a call tells the log of its statements. */
typedef struct run_log {
    const log_sink *sink;  /* NULL: nothing */
    ignis_log_level level; /* of a statement that is neither slow nor fails */
    int64_t started_us;    /* of the running step */
    size_t at;             /* the statement of the step whose end comes next */
    int64_t rows_count;    /* of it, so far */
} run_log;

typedef struct run_call {
    ignis_context *ctx;
    pool *connections;
    const ignis_driver *driver;
    ignis_connection *connection; /* NULL: not taken yet, or given back */
    run_work *work;
    run_step step;
    bool is_inside;    /* a transaction of the caller's, whose connection it is */
    bool is_running;   /* the driver works on step */
    bool is_read;      /* its transaction only reads: losing its COMMIT loses nothing */
    bool has_started;  /* the driver took a step */
    bool is_done;      /* the work says so */
    bool is_committed; /* the engine has said so: what comes later is no failure of the call */
    ignis_code late;   /* the reason to give up, unless the driver knows better; IGNIS_OK: none */
    run_log log;
} run_call;

/* Takes a connection. On failure nothing is held. */
ignis_code run_call_start(ignis_context *ctx, pool *connections, run_work *work, run_call *call);
/* Goes on as far as it can without waiting. */
ignis_code run_call_step(run_call *call, bool *is_done);
/* What to poll for before the next step. */
ignis_wants run_call_wants(const run_call *call);
/* Rolls back what is open and gives the connection back; the error stays as it is. */
void run_call_end(run_call *call);
/* All of it, waiting in poll; ends the call. */
ignis_code run_call_finish(ignis_context *ctx, pool *connections, run_work *work);

/* ---- log.c ------------------------------------------------------------------------------------------ */

/* Does as little as can be where nothing of a call is to be told. */
void run_log_start(run_call *call);
/* The step was handed to the driver; a batch of it came; an error ended it (nothing where none ran). */
void run_log_step(run_call *call);
void run_log_batch(run_call *call, const ignis_batch *batch);
void run_log_end(run_call *call);

/* ---- transaction.c ---------------------------------------------------------------------------------- */

enum {
    RUN_DEPTH_MAX = 64,       /* transactions within a transaction */
    RUN_ROLLBACK_MS = 5000,   /* longest wait for a rollback; then the connection is closed */
    RUN_ATTEMPTS_MAX = 10,    /* of a replayed transaction, where the caller does not say */
    RUN_BACKOFF_MS = 5,       /* before the first replay at most; doubles ... */
    RUN_BACKOFF_MAX_MS = 1000 /* ... up to this */
};

/* What an open transaction holds: ctx->transaction. One within another has the same connection. */
typedef struct run_transaction {
    arena *memory; /* owns it */
    pool *connections;
    ignis_connection *connection;
    ignis_isolation isolation;
    bool read_only;
    uint32_t depth;     /* 0: not within another; else a savepoint */
    bool is_begun;      /* the engine knows of it */
    ignis_code failure; /* of the call after which only a rollback is possible; IGNIS_OK: none */
} run_transaction;

/* What a data source lends to its calls. */
typedef struct run_source {
    const model_registry *registry;
    pool *connections;
    struct run_cache *cache;
    struct run_replicas *replicas; /* NULL: none */
} run_source;

/* The source for what has to be read where it is written. */
static inline run_source run_source_primary(const run_source *source)
{
    run_source primary = *source;
    primary.replicas = NULL;
    return primary;
}

/* ---- replica.c: the replicas of a data source, each with its pool ----------------------------------- */

enum { RUN_REPLICAS_MAX = 64 };

typedef struct run_replicas run_replicas;

typedef struct run_replicas_settings {
    const ignis_driver *driver;
    const ignis_driver_settings *settings; /* but for the URL */
    const pool_settings *wanted;           /* of each pool */
    const char *const *urls;
    const char *const *names; /* the same without passwords; they outlive the replicas */
    size_t count;             /* RUN_REPLICAS_MAX at most */
} run_replicas_settings;

/* None is connected to. Path of an error: "replicas[1]". */
ignis_code run_replicas_open(ignis_context *ctx, arena *memory, const run_replicas_settings *given,
                             run_replicas **replicas);
/* NULL does nothing, of all below. */
void run_replicas_close(run_replicas *replicas);
void run_replicas_suspend(run_replicas *replicas);
void run_replicas_resume(run_replicas *replicas);
/* Asks each of them, with its share of the time; what they answer is in their status. */
void run_replicas_ping(ignis_context *ctx, run_replicas *replicas);
size_t run_replicas_count(const run_replicas *replicas);
void run_replicas_read(run_replicas *replicas, size_t index, ignis_replica_status *status);

/* The way of one read: replicas that are up, in turn, then the primary. */
typedef struct run_route {
    run_replicas *replicas; /* NULL: the primary alone */
    pool *primary;
    /* Where it is, once run_route_next has been called. */
    pool *connections;
    int64_t wait_ms;    /* for one of them, as run_work has it */
    struct replica *at; /* NULL: the primary */
    uint64_t tried;     /* a bit for each */
} run_route;

/* Goes to the next. A replica that was down is proved on the way, without waiting for it. */
void run_route_next(ignis_context *ctx, run_route *route);
/* What became of the read there. true: its error is the replica's, and the read goes on to the next. */
bool run_route_note(ignis_context *ctx, run_route *route, ignis_code code);

typedef struct run_begin {
    ignis_isolation isolation;
    bool read_only;
    bool takes_lock; /* SQLite: the write lock is taken at once */
} run_begin;

/* Begins a transaction, within that of ctx a savepoint. IGNIS_E_INVALID: a savepoint that asks for more
   than its transaction has. */
ignis_code run_transaction_begin(ignis_context *ctx, const run_source *source,
                                 const run_begin *wanted, ignis_context **tx);
/* IGNIS_E_STATE: a transaction is open in ctx, ctx is one that has ended or failed, or of other
   connections. */
ignis_code run_context_check(ignis_context *ctx, const pool *connections);
/* IGNIS_E_STATE: ctx is a transaction that only reads. */
ignis_code run_write_check(ignis_context *ctx);
ignis_code run_transaction_commit(ignis_context *tx);
/* Also what is open within it. IGNIS_E_STATE: it has ended; or it has ended now, and with it all of the
   transaction that it was within. */
ignis_code run_transaction_rollback(ignis_context *tx);

/* replay.c: commits what function did, or rolls it back and calls it again after a serialization
   failure, attempts_max (0: RUN_ATTEMPTS_MAX) times at most. Results of failed attempts are released. */
typedef struct run_replay {
    run_begin begin;
    uint32_t attempts_max;
    ignis_transaction_function function;
    void *data;
} run_replay;

ignis_code run_transaction_replay(ignis_context *ctx, const run_source *source,
                                  const run_replay *replay);

/* ---- cache.c: shapes to plans --------------------------------------------------------------------- */

/* A plan with its statements; but for the cache's own fields it is immutable. */
typedef struct run_plan {
    arena *memory;                      /* owns it */
    const plan_read *read;              /* NULL: an insert */
    const sql_statement *statements;    /* of the nodes; the only one of count, exists and insert */
    const sql_statement *count;         /* beside a range; NULL: none */
    const model_column *const *columns; /* insert: what it returns */
    size_t columns_count;
    bool
        is_checked; /* insert: a further column tells whether the row is within the default filter */
    _Atomic bool is_wide; /* its last result was: sequential levels are cheaper */
    /* of the cache */
    const char *shape;
    size_t shape_size;
    uint64_t hash;
    size_t users;
    bool is_evicted;
    struct run_plan *newer;
    struct run_plan *older;
    struct run_plan *bucket_next;
} run_plan;

typedef struct run_cache run_cache;

/* Makes what is not cached yet: fills plan, whose memory is given. */
typedef ignis_code (*run_plan_make)(ignis_context *ctx, run_cache *cache, void *data,
                                    run_plan *plan);

/* At most plans_max plans and 32 MiB, the least recently used leave; a plan above 256 KiB is not kept. Thread-safe. memory must outlive it. */
ignis_code run_cache_create(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                            uint32_t plans_max, run_cache **cache);
void run_cache_free(run_cache *cache);
ignis_dialect run_cache_dialect(const run_cache *cache);
/* A number for a new statement, never given before. */
uint64_t run_cache_id(run_cache *cache);
/* The plan of a shape, to be released. */
ignis_code run_cache_get(ignis_context *ctx, run_cache *cache, const char *shape, size_t size,
                         run_plan_make make, void *data, run_plan **plan);
void run_cache_release(run_cache *cache, run_plan *plan);
/* Plans made since the beginning: tests tell hits from misses. */
uint64_t run_cache_made(run_cache *cache);

/* ---- read.c, insert.c, script.c ------------------------------------------------------------------- */

/* What a call gives. Finds write their JSON to out: rows, a row or null, {"data", "range"}; where out is
   NULL they give structs in ctx->results. Count and exists give their number alone. */
typedef struct run_answer {
    text *out;
    void *rows;          /* structs, side by side */
    size_t rows_count;   /* that came back */
    int64_t start;       /* of a range: the rows left out before the first */
    int64_t number;      /* of count, exists (1 or 0), all rows of a range, or rows written */
    row_structs structs; /* of writes: the rows so far */
} run_answer;

ignis_code run_read(ignis_context *ctx, const run_source *source, const filter_request *request,
                    run_answer *answer);

/* bind.c: the parameters of a statement: values by slot, the keys of the parents (NULL where no
   parameter asks for them), the context's values. The execution may point at values. */
ignis_code run_bind(ignis_context *ctx, arena *memory, const sql_statement *statement,
                    const ignis_cell *values, const ignis_cell *keys, ignis_execution *execution);

/* The filter and its plan, from the cache or made; the plan is to be released. */
ignis_code run_plan_get(ignis_context *ctx, const run_source *source, const filter_request *request,
                        filter_tree *tree, run_plan **plan);

/* The sequential plan of the same filter, where the last result of plan was wide; NULL: plan serves. */
ignis_code run_plan_widen(ignis_context *ctx, const run_source *source, filter_tree *tree,
                          const run_plan *plan, run_plan **wide);

/* tagged.c: the rows of one statement that answers for all levels. */
typedef struct run_tagged_row run_tagged_row;

typedef struct run_tagged_level {
    run_tagged_row *first;
    run_tagged_row *last;
} run_tagged_level;

typedef struct run_tagged {
    arena *memory;
    const plan_read *plan;
    run_tagged_level *levels;
    int64_t total; /* of a range */
} run_tagged;

ignis_code run_tagged_start(ignis_context *ctx, arena *memory, const plan_read *plan,
                            run_tagged *tagged);
/* Keeps a copy of a row; its first cell is the level. */
ignis_code run_tagged_take(ignis_context *ctx, run_tagged *tagged, const ignis_cell *cells);
ignis_code run_tagged_stitch(const run_tagged *tagged, row_result *result);

/* explain.c: strategy, levels, their access with the reason, statements. */
ignis_code run_explain(ignis_context *ctx, const run_source *source, const filter_request *request,
                       text *out);

/* rows.c: rows to write, as the caller has them. */
typedef struct run_rows {
    const json *json; /* an array of objects, or one object; NULL: structs */
    const row_native *structs;
    const char *name; /* in paths: "data", of a load the model's */
} run_rows;

size_t run_rows_count(const run_rows *rows);
/* A row that is no struct. */
const json *run_rows_json(const run_rows *rows, size_t row);
/* Puts a row's place before the path: "data[3].price"; "data.price" where it is not in a list. */
ignis_code run_rows_path(ignis_context *ctx, const run_rows *rows, size_t row);
/* The database kept fewer rows than it was given. */
ignis_code run_rows_dropped(ignis_context *ctx, size_t kept_count, size_t given_count);
/* Tells ctx's progress function, if there is one. IGNIS_E_CANCELLED: it wants no more. */
ignis_code run_progress_tell(ignis_context *ctx, size_t rows_count, size_t rows_total);

/* Rows to insert. */
typedef struct run_insert_request {
    const model_entity *entity;
    run_rows rows;
    bool is_load; /* as given: no generators, identity values taken, missing is NULL */
    bool should_return;
    bool is_public; /* hidden properties are not to be hinted at */
} run_insert_request;

/* insert_plan.c: what the plan of rows of the same columns is made from. */
typedef struct run_insert_shape {
    const model_entity *entity;
    const bool *given;             /* by column */
    const filter_condition *check; /* of a default filter, or NULL */
    bool is_returning;
    bool is_load;
    bool is_bulk; /* PostgreSQL: a list for each column */
    bool is_copy; /* PostgreSQL: COPY */
} run_insert_shape;

/* To be released. */
ignis_code run_insert_plan_get(ignis_context *ctx, run_cache *cache, const run_insert_shape *shape,
                               run_plan **plan);

/* rows.c: reads a row; what its values point at is in scratch or where the row is. *size grows by about
   what they take. */
ignis_code run_insert_read(ignis_context *ctx, const run_insert_request *request, size_t row,
                           row_values *values, size_t *size);

/* One transaction, all or nothing. answer: the rows that were asked for, as text of a list without its
   brackets or as structs; NULL: none. Several requests (a load) are one transaction. */
ignis_code run_insert(ignis_context *ctx, const run_source *source,
                      const run_insert_request *requests, size_t requests_count, run_answer *answer,
                      size_t *rows_count);

/* returning.c: the rows that writes give back. */
/* IGNIS_E_UNSUPPORTED: a view. */
ignis_code run_entity_check(ignis_context *ctx, const model_entity *entity);
/* Fills the plan's columns; *returning is what the statement is to return, NULL for nothing. */
ignis_code run_returning_make(ignis_context *ctx, const model_entity *entity, bool is_returning,
                              run_plan *plan, const bool **returning);
/* Appends one row to those of answer. */
ignis_code run_row_take(ignis_context *ctx, const model_entity *entity, const run_plan *plan,
                        const ignis_cell *cells, run_answer *answer);
/* IGNIS_E_CHECK: the row's last column says that it lies outside the default filter. */
ignis_code run_check_read(ignis_context *ctx, const model_entity *entity, const ignis_cell *answer);
/* Rows to change or to delete. */
typedef struct run_write_request {
    const model_entity *entity;
    const ignis_policy *policy;
    const json *where;
    const json *id;
    const json *data;           /* NULL: the rows are deleted */
    const model_keys *conflict; /* an upsert: the key of the row; NULL: none */
    bool is_by_id;
    bool should_skip_default_filter;
    bool should_return;
    bool force; /* the condition may leave out no row */
} run_write_request;

/* write.c: writes {"count", "data"} to answer->out, or gives structs, and the number of rows. */
ignis_code run_write(ignis_context *ctx, const run_source *source, const run_write_request *request,
                     run_answer *answer);

/* upsert.c: what a row to upsert comes to, in scratch. */
typedef struct run_upsert {
    run_plan *plan; /* to be released */
    const ignis_cell *values;
    const bool *given; /* by column: the first of values */
} run_upsert;

/* Whether the default filter bounds the row that may be there. */
bool run_upsert_is_bound(const run_write_request *request);
/* No row came back of an upsert that is bound: the one with the key is outside the default filter. */
ignis_code run_upsert_outside(ignis_context *ctx, const run_write_request *request);
/* An error's path begins at the row. */
ignis_code run_upsert_prepare(ignis_context *ctx, const run_source *source,
                              const run_write_request *request, run_upsert *prepared);

/* upsert_all.c: rows to upsert, all or none. */
typedef struct run_upsert_request {
    run_write_request write; /* its data is not read */
    run_rows rows;
} run_upsert_request;

/* answer: the rows in the order given, as text of a list without its brackets or as structs, and their
   number. IGNIS_E_INVALID: two rows have the same key. */
ignis_code run_upsert_all(ignis_context *ctx, const run_source *source,
                          const run_upsert_request *request, run_answer *answer);

/* ping.c: whether the database answers; IGNIS_E_TIMEOUT: not before the deadline. wait_ms as run_work has
   it. was_asked: there was a connection. */
ignis_code run_ping(ignis_context *ctx, pool *connections, int64_t wait_ms, bool *was_asked);

/* Statements without parameters, in one transaction. */
ignis_code run_script(ignis_context *ctx, const run_source *source, const sql_script *script);
/* script_missing.c: those of tables that are not there, look telling which are. Of several who do so at
   once each finds what the others made. */
ignis_code run_script_missing(ignis_context *ctx, const run_source *source,
                              const sql_script *script, const ignis_statement *look);

/* raw.c: one statement of the caller's. */
typedef struct run_raw_column {
    const char *name;
    const char *key; /* "name": as JSON */
    size_t key_size;
    ignis_value_type type;
} run_raw_column;

typedef struct run_raw_rows {
    const run_raw_column *columns;
    size_t columns_count;
    const ignis_batch *batch;
} run_raw_rows;

typedef struct run_raw_request {
    const char *sql;
    size_t sql_size;
    const ignis_parameter *parameters;
    size_t parameters_count;
    /* Rows as they come; NULL: they are dropped. Where it refuses them, what INSERT, UPDATE, DELETE,
       MERGE, REPLACE and WITH have changed is undone. */
    ignis_code (*take)(ignis_context *ctx, void *data, const run_raw_rows *rows);
    void *data;
} run_raw_request;

/* affected: rows changed. IGNIS_E_INVALID: not one statement, or one that begins or ends transactions; a
   parameter that is no value of its type (path: "parameters[1]"); two columns of one name. */
ignis_code run_raw(ignis_context *ctx, const run_source *source, const run_raw_request *request,
                   int64_t *affected);

/* constraint.c: says the constraint that the engine names in the model's words; the path is the first
   property. */
void run_constraint_explain(ignis_context *ctx, const model_registry *registry,
                            const model_entity *entity);
/* The same for a row to insert: the only foreign key needs no name. */
void run_insert_explain(ignis_context *ctx, const model_registry *registry,
                        const model_entity *entity);
/* After a failed write: where the engine names no foreign key, or a check which comes last in the
   order of constraints, looks for the first that is violated. false: the error is as it was. */
bool run_violation_find(ignis_context *ctx, const run_source *source,
                        const sql_violation_parts *parts, const ignis_cell *values);

#endif
