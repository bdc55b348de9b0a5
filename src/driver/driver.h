/* driver: the engines behind one interface, and the pool of their connections. */
#ifndef DRIVER_H
#define DRIVER_H

#include "base/base.h"
#include "ignis/driver.h"

/* ---- pool.c, pool_settings.c: connections of one database, shared by threads --------------------- */

typedef struct pool pool;

enum {
    POOL_CONNECTIONS_DEFAULT = 4,
    POOL_CONNECTIONS_MAX = 1000,
    POOL_ACQUIRE_MS = 10000,
    POOL_IDLE_CHECK_MS = 30 * 1000,
    POOL_LIFETIME_MS = 30 * 60 * 1000,
    POOL_IDLE_MS = 10 * 60 * 1000,
    POOL_RETRY_FIRST_MS = 50, /* after a failed connect; doubles … */
    POOL_RETRY_MAX_MS = 2000  /* … up to this */
};

/* Time as the pool sees it; tests bring their own. */
typedef struct pool_clock {
    int64_t (*now_ms)(void *data);
    /* Waits, holding mutex, until signalled or until_ms; may return earlier. */
    void (*wait)(void *data, pthread_cond_t *signalled, pthread_mutex_t *mutex, int64_t until_ms);
    void *data;
} pool_clock;

/* 0 is the default of each. */
typedef struct pool_settings {
    uint32_t connections_max;   /* POOL_CONNECTIONS_DEFAULT; the driver may allow fewer */
    uint32_t connections_min;   /* kept although idle; none is made ahead of need */
    int64_t acquire_timeout_ms; /* POOL_ACQUIRE_MS: longest wait for a connection */
    int64_t idle_check_ms;   /* POOL_IDLE_CHECK_MS: idle longer: checked before it is given out */
    int64_t lifetime_ms;     /* POOL_LIFETIME_MS: older, less up to a tenth: closed */
    int64_t idle_ms;         /* POOL_IDLE_MS: idle longer: closed at the next call */
    const pool_clock *clock; /* NULL: the system's; must outlive the pool */
    const log_sink *log;     /* NULL: nobody listens; must outlive the pool */
    bool is_replica;         /* whoever looks after it tells of attempts that fail */
} pool_settings;

/* Checks them, with the defaults in place of 0. */
ignis_code pool_settings_read(ignis_context *ctx, const pool_settings *wanted,
                              pool_settings *settings);

/* The members of ignis_pool_status. */
typedef struct pool_status {
    size_t open;
    size_t idle;
    size_t in_use;
    size_t waiting;
    uint64_t connected;
    uint64_t failed;
} pool_status;

/* Opens the database. wanted NULL: the defaults. Neither settings nor wanted need to outlive the
   call. */
ignis_code pool_open(ignis_context *ctx, const ignis_driver *driver,
                     const ignis_driver_settings *settings, const pool_settings *wanted,
                     pool **connections);
/* The connection released last, else a new one, else waits, first come, first served, until ctx's
   deadline, acquire_timeout_ms at most. A connect that fails is tried again until then, at growing
   distances shared by all callers, unless the server refuses the user or has no such database.
   IGNIS_E_TIMEOUT: none became free; IGNIS_E_CONNECTION: none could
   be made, with the error of the last attempt; IGNIS_E_CANCELLED. Any thread. */
ignis_code pool_acquire(ignis_context *ctx, pool *connections, ignis_connection **connection);
/* The same within wait_ms, with one attempt to connect at most, which is made at once: for who can do
   without. wait_ms 0: it does not wait at all, and IGNIS_E_TIMEOUT says that the connection is being
   made, which the next call goes on with; else that is IGNIS_E_CONNECTION. */
ignis_code pool_try(ignis_context *ctx, pool *connections, int64_t wait_ms,
                    ignis_connection **connection);
/* Drops what still runs. A connection that is broken, in a transaction or too old is closed. The only
   connection of a database that allows no second is never closed for its age. */
void pool_release(pool *connections, ignis_connection *connection);
/* A look at the pool at one moment. */
void pool_status_read(pool *connections, pool_status *status);
/* Closes what is idle, and what is in use when it is released; until pool_resume nothing is given out:
   IGNIS_E_STATE. */
void pool_suspend(pool *connections);
/* Closes what is idle, but for the only connection of a database that allows no second. */
void pool_drain(pool *connections);
/* Whether it was suspended. */
bool pool_resume(pool *connections);
/* NULL: nobody listens. */
const log_sink *pool_log(const pool *connections);
/* Closes the database. No connection may be in use. NULL does nothing. */
void pool_close(pool *connections);
const ignis_driver *pool_driver(const pool *connections);
ignis_database *pool_database(const pool *connections);

/* ---- verb.c: what a statement does to the transaction ------------------------------------------ */

typedef enum driver_verb {
    DRIVER_VERB_OTHER,
    DRIVER_VERB_BEGIN,
    DRIVER_VERB_COMMIT, /* END too */
    DRIVER_VERB_ROLLBACK,
    DRIVER_VERB_ROLLBACK_TO /* a savepoint */
} driver_verb;

driver_verb driver_verb_of(const ignis_statement *statement);
/* What a statement of the caller's is, by its first words. */
typedef enum driver_raw {
    DRIVER_RAW_OTHER,
    DRIVER_RAW_READS,   /* SELECT, VALUES, TABLE, SHOW: taken to change nothing */
    DRIVER_RAW_WRITES,  /* INSERT, UPDATE, DELETE, MERGE, REPLACE, WITH: rows alone */
    DRIVER_RAW_CODE,    /* DO */
    DRIVER_RAW_COPY,    /* moves rows past the library */
    DRIVER_RAW_CONTROL, /* begins, ends or sets a transaction */
    DRIVER_RAW_EMPTY
} driver_raw;

driver_raw driver_raw_of(ignis_dialect dialect, const char *sql, size_t size);
/* Of a BEGIN. */
bool driver_begins_read_only(const ignis_statement *statement);

/* Answers that do not differ between engines. */
#define DRIVER_FAILED_TEXT    "the transaction had an error: only a rollback is possible"
#define DRIVER_READ_ONLY_TEXT "the transaction is read only"

/* ---- values.c: the parameters of an execution, for people -------------------------------------- */

/* A JSON list: [7,"text",[1,2],null]; bytes as base64. */
void driver_values_write(text *out, const ignis_execution *execution);

/* ---- recording.c: a driver for tests ------------------------------------------------------------ */

/* URL "recording:": no rows but those of recording_answer. "recording:URL": everything is passed on
   to SQLite at that URL. Either way each execution handed to start is recorded. */
extern const ignis_driver recording_driver;

typedef struct recording_entry {
    const char *sql;
    const char *parameters; /* as driver_values_write writes them */
} recording_entry;

/* The functions below take a database that recording_driver opened: see pool_database. */
size_t recording_count(const ignis_database *database);
/* Oldest first; NULL beyond the last. Valid until recording_clear or close. */
const recording_entry *recording_at(const ignis_database *database, size_t index);
/* Forgets what was recorded and the answers that were not used. */
void recording_clear(ignis_database *database);
/* The rows of the next execution whose statement has result columns; first given, first used. Cells
   are copied. false: no memory. */
bool recording_answer(ignis_database *database, const ignis_cell *cells, size_t rows_count,
                      size_t columns_count);

/* ---- sqlite*.c among themselves ------------------------------------------------------------------ */

struct sqlite3;
struct sqlite3_stmt;

enum {
    SQLITE_STATEMENTS_MAX = 256, /* prepared statements kept per connection */
    SQLITE_BUCKETS_COUNT = 256,
    SQLITE_VALUE_SIZE_MAX = 256 * 1024 * 1024,
    SQLITE_PROGRESS_STEPS = 1000, /* virtual machine steps between looks at the deadline */
    SQLITE_BUSY_TIMEOUT_MS = 5000,
    SQLITE_LIST_COLUMNS_MAX = 16
};

typedef struct sqlite_prepared {
    uint64_t id; /* 0: free */
    struct sqlite3_stmt *handle;
    uint64_t used_at; /* of the cache's clock */
    struct sqlite_prepared *bucket_next;
} sqlite_prepared;

/* Prepared statements by id; the least recently used makes room. */
typedef struct sqlite_cache {
    sqlite_prepared *buckets[SQLITE_BUCKETS_COUNT];
    sqlite_prepared items[SQLITE_STATEMENTS_MAX];
    size_t count;
    uint64_t clock;
} sqlite_cache;

struct pcre2_real_code_8;
struct pcre2_real_match_data_8;
struct pcre2_real_match_context_8;

enum { SQLITE_PATTERNS_MAX = 16 }; /* compiled regular expressions kept per connection */

typedef struct sqlite_pattern {
    struct pcre2_real_code_8 *code; /* NULL: free */
    uint64_t used_at;               /* of the patterns' clock */
    arena memory;
    const char *data;
    size_t size;
    bool is_folded;
} sqlite_pattern;

/* Regular expressions by their text; the least recently used makes room. */
typedef struct sqlite_patterns {
    sqlite_pattern items[SQLITE_PATTERNS_MAX];
    uint64_t clock;
    struct pcre2_real_match_data_8 *match;
    struct pcre2_real_match_context_8 *bounds;
} sqlite_patterns;

typedef enum sqlite_interrupt {
    SQLITE_INTERRUPT_NONE,
    SQLITE_INTERRUPT_DEADLINE,
    SQLITE_INTERRUPT_CANCEL
} sqlite_interrupt;

typedef struct sqlite_database sqlite_database;

typedef struct sqlite_connection {
    arena *memory; /* owns this struct */
    sqlite_database *database;
    struct sqlite3 *db;
    sqlite_cache cache;
    sqlite_patterns patterns;
    arena bound; /* lists and texts of the bound parameters */
    const ignis_execution *executions;
    size_t executions_count;
    size_t executions_index;
    struct sqlite3_stmt *handle; /* of the running execution, or NULL */
    bool handle_is_kept;         /* by the cache */
    struct sqlite3_stmt *again;  /* of the execution before, for the next one, or NULL */
    ignis_cell *cells;           /* of the current row */
    size_t cells_capacity;
    int64_t changes_before; /* total changes when the running execution began */
    int64_t deadline_ms;
    int64_t busy_until_ms;
    int busy_timeout_ms;
    sqlite_interrupt interrupt; /* why the running execution was stopped */
    bool uninterruptible;       /* a rollback runs to its end */
    bool waited;                /* the running execution waited for a lock */
    bool began_in_transaction;  /* the running execution */
    bool failed;                /* the transaction had an error: only a rollback works */
    bool reads_only;            /* the open transaction */
    bool is_broken;
    _Atomic bool cancelled;
} sqlite_connection;

/* sqlite_open.c */
ignis_code sqlite_database_open(ignis_context *ctx, const ignis_driver_settings *settings,
                                ignis_database **database);
void sqlite_database_close(ignis_database *database);
void sqlite_database_drop(ignis_database *database);
size_t sqlite_database_connections_max(const ignis_database *database);
ignis_code sqlite_database_connect(ignis_context *ctx, ignis_database *database,
                                   ignis_connection **connection);
/* The connection of a memory database goes back to the database, its transaction rolled back. */
void sqlite_database_disconnect(ignis_connection *connection);

/* sqlite.c */
/* Resets the running statement; the connection is idle. */
void sqlite_connection_idle(sqlite_connection *connection);
/* Why the connection should stop what it does now; remembers it. */
sqlite_interrupt sqlite_connection_interrupt(sqlite_connection *connection);

/* sqlite_cache.c */
/* A statement ready to be bound: kept where statement->id is not 0. */
ignis_code sqlite_cache_get(ignis_context *ctx, sqlite_connection *connection,
                            const ignis_statement *statement, struct sqlite3_stmt **handle);
void sqlite_cache_clear(sqlite_cache *cache);

/* sqlite_error.c */
/* Reports a result code of SQLite with the connection's last message. */
ignis_code sqlite_error_report(ignis_context *ctx, const sqlite_connection *connection, int result);
ignis_code sqlite_error_interrupted(ignis_context *ctx, sqlite_interrupt cause);
struct sqlite3_context;
/* Ends a function of ours with an error that sqlite_error_report gives back: code and message. */
void sqlite_function_fail(struct sqlite3_context *out, ignis_code code, const char *message);

/* sqlite_bind.c */
/* A key list as its table-valued function reads it. */
typedef struct sqlite_list {
    const ignis_value_type *types; /* width of them */
    const ignis_cell *items;       /* width * rows_count, arrays already written as text */
    size_t width;
    size_t rows_count;
} sqlite_list;

/* Binds every parameter; nothing is copied but times, which are in connection->bound. Memory of lists: connection->bound. */
ignis_code sqlite_bind(ignis_context *ctx, sqlite_connection *connection,
                       const ignis_execution *execution, struct sqlite3_stmt *handle);
/* The value in the class that is stored: NULL, INTEGER, REAL, TEXT or BYTES (a blob). Its text may be
   in buffer. A list (of an array column) is not taken. */
ignis_cell sqlite_stored(const ignis_value_type *type, const ignis_cell *cell,
                         char buffer[TIME_TEXT_MAX]);

/* sqlite_array.c: the order of two arrays in their stored text: element by element, then by length.
   Text that is no array comes after all arrays, by its bytes. */
int sqlite_arrays_compare(const char *a, size_t a_size, const char *b, size_t b_size);

/* sqlite_regexp.c */
void sqlite_patterns_clear(sqlite_patterns *patterns);

/* sqlite_list.c, sqlite_functions.c, …: to be registered on every connection. They answer a result
   code of SQLite. */
#define SQLITE_LIST_POINTER "ignis_list"
int sqlite_list_register(struct sqlite3 *db);
/* connection: whose deadline and cancel stop a long match; NULL: nobody's. */
int sqlite_functions_register(struct sqlite3 *db, sqlite_connection *connection);
/* Its patterns, deadline and cancel. */
int sqlite_regexp_register(struct sqlite3 *db, sqlite_connection *connection);
int sqlite_arrays_register(struct sqlite3 *db);
int sqlite_collations_register(struct sqlite3 *db);
/* sqlite_documents.c: the functions of JSON paths: ignis_json_document, _text, _number (column, path),
   ignis_json_contains, _contained, _overlaps (column, path, list). */
int sqlite_documents_register(struct sqlite3 *db);
/* sqlite_changes.c: what updates do to a value. */
int sqlite_changes_register(struct sqlite3 *db);

/* ---- postgres*.c among themselves ---------------------------------------------------------------- */

struct pg_conn;
struct pg_result;

enum {
    POSTGRES_STATEMENTS_MAX = 256, /* prepared statements kept per connection */
    POSTGRES_BUCKETS_COUNT = 256,
    POSTGRES_NAME_SIZE = 32,
    POSTGRES_ROWS_MAX = 256,    /* of a batch */
    POSTGRES_CELLS_MAX = 65536, /* of a batch of more than one row */
    POSTGRES_PARAMETERS_MAX = 65535,
    POSTGRES_LIST_COLUMNS_MAX = 16,
    POSTGRES_ARRAY_MAX = 134217727,         /* items of an array; the server's bound */
    POSTGRES_MESSAGE_SIZE_MAX = 1000000000, /* bytes of a statement, and of its values */
    POSTGRES_VERSION_MIN = 120000,
    POSTGRES_CONNECT_MS = 10000 /* longest wait for a new connection; see connect_timeout */
};

/* OIDs of built-in types: pg_type.dat of PostgreSQL. */
enum {
    POSTGRES_OID_BOOL = 16,
    POSTGRES_OID_BYTEA = 17,
    POSTGRES_OID_CHAR = 18,
    POSTGRES_OID_NAME = 19,
    POSTGRES_OID_INT8 = 20,
    POSTGRES_OID_INT2 = 21,
    POSTGRES_OID_INT4 = 23,
    POSTGRES_OID_TEXT = 25,
    POSTGRES_OID_OID = 26,
    POSTGRES_OID_JSON = 114,
    POSTGRES_OID_JSON_ARRAY = 199,
    POSTGRES_OID_FLOAT4 = 700,
    POSTGRES_OID_FLOAT8 = 701,
    POSTGRES_OID_UNKNOWN = 705,
    POSTGRES_OID_BOOL_ARRAY = 1000,
    POSTGRES_OID_BYTEA_ARRAY = 1001,
    POSTGRES_OID_NAME_ARRAY = 1003,
    POSTGRES_OID_INT2_ARRAY = 1005,
    POSTGRES_OID_INT4_ARRAY = 1007,
    POSTGRES_OID_TEXT_ARRAY = 1009,
    POSTGRES_OID_BPCHAR_ARRAY = 1014,
    POSTGRES_OID_VARCHAR_ARRAY = 1015,
    POSTGRES_OID_INT8_ARRAY = 1016,
    POSTGRES_OID_FLOAT4_ARRAY = 1021,
    POSTGRES_OID_FLOAT8_ARRAY = 1022,
    POSTGRES_OID_OID_ARRAY = 1028,
    POSTGRES_OID_BPCHAR = 1042,
    POSTGRES_OID_VARCHAR = 1043,
    POSTGRES_OID_DATE = 1082,
    POSTGRES_OID_TIMESTAMP = 1114,
    POSTGRES_OID_TIMESTAMP_ARRAY = 1115,
    POSTGRES_OID_DATE_ARRAY = 1182,
    POSTGRES_OID_TIMESTAMPTZ = 1184,
    POSTGRES_OID_TIMESTAMPTZ_ARRAY = 1185,
    POSTGRES_OID_NUMERIC_ARRAY = 1231,
    POSTGRES_OID_NUMERIC = 1700,
    POSTGRES_OID_VOID = 2278,
    POSTGRES_OID_UUID = 2950,
    POSTGRES_OID_UUID_ARRAY = 2951,
    POSTGRES_OID_JSONB = 3802,
    POSTGRES_OID_JSONB_ARRAY = 3807,
    POSTGRES_OID_USER_MIN = 16384 /* types that users made */
};

/* A statement that the server keeps under postgres_cache_name(id). */
typedef struct postgres_prepared {
    uint64_t id;      /* 0: free */
    uint64_t used_at; /* of the cache's clock; 0: free */
    bool is_pending;  /* sent, not yet confirmed */
    struct postgres_prepared *bucket_next;
} postgres_prepared;

/* Prepared statements by id; the least recently used makes room. */
typedef struct postgres_cache {
    postgres_prepared *buckets[POSTGRES_BUCKETS_COUNT];
    postgres_prepared items[POSTGRES_STATEMENTS_MAX];
    uint64_t clock;
    uint64_t started_at; /* what was used later belongs to the running start */
    uint64_t closing[POSTGRES_STATEMENTS_MAX]; /* to be deallocated */
    size_t closing_count;
    bool closes_all; /* what the server keeps is unknown: all is to be deallocated */
} postgres_cache;

/* One execution as libpq takes it. */
typedef struct postgres_call {
    const ignis_execution *execution;
    driver_verb verb;
    postgres_prepared *prepared; /* NULL: unnamed */
    bool prepares;               /* its statement is prepared right before it */
    const char *sql;             /* terminated; NULL where the server has it */
    int count;                   /* of parameters */
    uint32_t *types;
    const char **values; /* NULL: an SQL NULL */
    int *sizes;
    int *formats;
} postgres_call;

typedef enum postgres_state {
    POSTGRES_IDLE,
    POSTGRES_CLEANING, /* the answers are to what was sent before the executions */
    POSTGRES_RUNNING,
    POSTGRES_FAILING,   /* an error is kept; what follows it is skipped */
    POSTGRES_REPEATING, /* the server lost prepared statements: skipped, then all is sent again */
    POSTGRES_COPYING    /* out of pipeline mode; copy tells how far */
} postgres_state;

typedef enum postgres_copy_state {
    POSTGRES_COPY_NONE,
    POSTGRES_COPY_ASKED, /* the server has not said yet that it takes rows */
    POSTGRES_COPY_SENDING,
    POSTGRES_COPY_PAUSED,  /* the rows of this start are sent */
    POSTGRES_COPY_CLOSING, /* the end of all rows is to be sent */
    POSTGRES_COPY_ENDING   /* the server's answer is to come */
} postgres_copy_state;

typedef struct postgres_copy {
    postgres_copy_state state;
    uint64_t id;      /* of its statement */
    text rows;        /* of this start, encoded in bound */
    size_t sent_size; /* of rows */
    int64_t affected;
    bool is_heard;    /* the server said something while it took rows */
    bool is_trailed;  /* the mark behind the last row is sent */
    bool is_dropped;  /* to end as an error */
    bool is_followed; /* by what this start is for */
    bool has_failed;  /* failure says why */
} postgres_copy;

typedef enum postgres_activity {
    POSTGRES_RUN_NONE,
    POSTGRES_RUN_ON,
    POSTGRES_RUN_CANCELLED
} postgres_activity;

/* What it takes to cancel; outlives its connection while a thread uses it. */
typedef struct postgres_canceller postgres_canceller;
typedef struct postgres_database postgres_database;

/* What libpq is told; NULL ends both lists. */
typedef struct postgres_options {
    const char **keywords;
    const char **values;
    int64_t connect_ms; /* for each host; 0: no bound but the deadline */
} postgres_options;

/* A connection that is being made. */
typedef struct postgres_attempt postgres_attempt;

typedef struct postgres_connection {
    arena *memory;                    /* owns this struct */
    struct postgres_connection *next; /* among those that nobody has taken yet */
    postgres_attempt *attempt;        /* NULL: it is made */
    struct pg_conn *handle;
    postgres_canceller *canceller;
    postgres_cache cache;
    bool keeps_statements; /* no pooler between: settings and prepared statements stay */
    arena bound;           /* calls with their encoded parameters */
    arena decoded;         /* values of the batch */
    arena rows;            /* cells */
    ignis_cell *cells;
    size_t cells_capacity;

    postgres_state state;
    _Atomic int run; /* postgres_activity, for cancel */
    const ignis_execution *executions;
    postgres_call *calls;
    size_t calls_count;
    size_t calls_index;       /* whose answer comes next */
    bool is_parsed;           /* its statement is prepared, its rows come next */
    int nulls_count;          /* in a row, of PQgetResult */
    struct pg_result *result; /* whose rows are handed over, or NULL */
    size_t rows_index;
    size_t ends_count;  /* executions whose end was handed over */
    bool is_repeated;   /* all was sent a second time */
    bool is_final;      /* something was handed over or committed that a repetition would repeat */
    bool was_cancelled; /* the server said so */
    bool began_in_transaction;
    bool reads_only; /* the open transaction */
    context_saved failure;
    postgres_copy copy;
    char last_state[6]; /* of the error by which the server ended the connection, unasked; or "" */
    bool is_broken;
} postgres_connection;

/* Big-endian numbers of the protocol. */
static inline uint16_t postgres_get16(const char *data)
{
    const unsigned char *bytes = (const unsigned char *)data;
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}
static inline uint32_t postgres_get32(const char *data)
{
    return (uint32_t)postgres_get16(data) << 16 | postgres_get16(data + 2);
}
static inline uint64_t postgres_get64(const char *data)
{
    return (uint64_t)postgres_get32(data) << 32 | postgres_get32(data + 4);
}
static inline void postgres_set32(char *data, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        data[i] = (char)(value >> (24 - 8 * i));
    }
}
static inline void postgres_put16(text *out, uint16_t value)
{
    text_append(out, (const char[]){(char)(value >> 8), (char)value}, 2);
}
static inline void postgres_put32(text *out, uint32_t value)
{
    char bytes[4];
    postgres_set32(bytes, value);
    text_append(out, bytes, sizeof(bytes));
}
static inline void postgres_put64(text *out, uint64_t value)
{
    char bytes[8];
    postgres_set32(bytes, (uint32_t)(value >> 32));
    postgres_set32(bytes + 4, (uint32_t)value);
    text_append(out, bytes, sizeof(bytes));
}

/* postgres_url.c */
/* IGNIS_E_INVALID: no URL of PostgreSQL. */
ignis_code postgres_options_read(ignis_context *ctx, arena *memory, const char *url,
                                 postgres_options *options);

/* postgres_hosts.c */
/* At least 1. */
size_t postgres_hosts_count(struct pg_conn *handle);
/* The options without the host that libpq is at. false: no memory. */
bool postgres_hosts_leave(arena *memory, struct pg_conn *handle, const postgres_options *given,
                          postgres_options *left);

/* postgres_connect.c */
ignis_code postgres_database_open(ignis_context *ctx, const ignis_driver_settings *settings,
                                  ignis_database **database);
void postgres_database_close(ignis_database *database);
/* A connection that the caller's time, or cancel, leaves half made goes on with the next call. */
ignis_code postgres_database_connect(ignis_context *ctx, ignis_database *database,
                                     ignis_connection **connection);
void postgres_database_drop(ignis_database *database);
void postgres_connection_close(postgres_connection *connection);

/* postgres.c */
ignis_code postgres_start(ignis_context *ctx, ignis_connection *connection,
                          const ignis_execution *executions, size_t executions_count);
ignis_wants postgres_wants(const ignis_connection *connection);
ignis_code postgres_step(ignis_context *ctx, ignis_connection *connection, ignis_batch *batch);
/* The connection is idle, or broken. */
void postgres_run_end(postgres_connection *connection);
/* Nothing has come: IGNIS_BATCH_WAIT, or the error that the deadline has passed. */
ignis_code postgres_wait_give(ignis_context *ctx, postgres_connection *connection,
                              ignis_batch *batch);
/* Sends and receives what can be without waiting. false: the connection is at its end. */
bool postgres_network_move(postgres_connection *connection);
/* Sends the calls of the running start; of a failure nothing is left but a broken connection, if
   anything was sent. */
ignis_code postgres_calls_start(ignis_context *ctx, postgres_connection *connection);

/* postgres_copy.c: rows by COPY. */
/* Encodes the rows. Nothing is sent. */
ignis_code postgres_copy_make(ignis_context *ctx, postgres_connection *connection,
                              const ignis_execution *execution);
/* Begins a COPY, goes on with the one that is paused, or ends it before what this start is for; of a
   failure nothing is left but a broken connection. */
ignis_code postgres_copy_start(ignis_context *ctx, postgres_connection *connection);
/* is_done: *batch is filled, or an error is for the caller. */
ignis_code postgres_copy_step(ignis_context *ctx, postgres_connection *connection,
                              ignis_batch *batch, bool *is_done);
/* The paused COPY is given up: its transaction has to roll back. */
void postgres_copy_drop(postgres_connection *connection);

/* postgres_send.c */
/* Encodes the parameters of all executions into connection->calls. Nothing is sent. */
ignis_code postgres_calls_make(ignis_context *ctx, postgres_connection *connection,
                               const ignis_execution *executions, size_t executions_count);
/* Sends connection->calls, and before them what is to be cleaned up, in one go. On failure the
   connection is broken where anything was sent. */
ignis_code postgres_calls_send(ignis_context *ctx, postgres_connection *connection);

/* postgres_cache.c */
const char *postgres_cache_name(char name[POSTGRES_NAME_SIZE], uint64_t id);
/* What is got from now on belongs to one start and does not make room for each other. */
void postgres_cache_start(postgres_cache *cache);
/* The statement; is_new: it is to be prepared. NULL: no room, or not now. */
postgres_prepared *postgres_cache_get(postgres_cache *cache, uint64_t id, bool *is_new);
/* Forgets what was not confirmed. */
void postgres_cache_settle(postgres_cache *cache);
/* Forgets all; the server is to do the same. */
void postgres_cache_forget(postgres_cache *cache);

/* postgres_cancel.c */
/* NULL: no memory. */
postgres_canceller *postgres_canceller_create(struct pg_conn *handle);
void postgres_canceller_release(postgres_canceller *canceller);
/* Asks the server to stop what the connection does, in a short-lived thread: the request is a
   connection of its own. */
void postgres_canceller_send(postgres_canceller *canceller);

/* postgres_bind.c */
ignis_code postgres_bind(ignis_context *ctx, arena *memory, const ignis_execution *execution,
                         postgres_call *call);
/* The rows of a statement that copies, in the binary form of COPY, without the mark behind the last. */
ignis_code postgres_copy_bind(ignis_context *ctx, const ignis_execution *execution, bool begins,
                              text *out);
/* IGNIS_TYPE_NONE: another. */
ignis_value_type postgres_type_of(uint32_t oid);

/* postgres_decode.c */
/* One value in binary form, not NULL. Text and bytes point into data, the rest is in memory. */
ignis_code postgres_decode(ignis_context *ctx, arena *memory, uint32_t oid, const char *data,
                           size_t size, ignis_cell *cell);

/* postgres_numeric.c: report nothing. */
/* IGNIS_E_DATABASE: malformed. */
ignis_code postgres_numeric_decode(arena *memory, const char *data, size_t size, ignis_cell *cell);
/* From decimal text, NaN and the infinities included. IGNIS_E_INVALID, IGNIS_E_LIMIT as
   number_numeric; scratch is left as it was. */
ignis_code postgres_numeric_encode(text *out, arena *scratch, const char *data, size_t size);

/* postgres_error.c */
/* Reports the error of a result. IGNIS_E_CONNECTION: the connection is lost with it. */
ignis_code postgres_error_report(ignis_context *ctx, const postgres_connection *connection,
                                 const struct pg_result *result);
/* Reports that nothing more comes from the server. */
ignis_code postgres_error_lost(ignis_context *ctx, const postgres_connection *connection);
/* Reports that the deadline passed before the answer. */
ignis_code postgres_error_late(ignis_context *ctx, const postgres_connection *connection);
/* Notes what a successful call means for later ones: a COMMIT after BEGIN READ ONLY has no outcome. */
void postgres_error_note(postgres_connection *connection, const postgres_call *call);
/* The server ended the connection with this error. */
bool postgres_error_is_fatal(const struct pg_result *result);
bool postgres_error_is_cancel(const struct pg_result *result);
/* Whether the error says that a prepared statement, the running call's, is not what it was. */
bool postgres_error_is_stale(const postgres_connection *connection, const struct pg_result *result);
/* Reports why no connection could be made, of each address, and the last state that a server gave.
   before: what else is to be told; "". */
ignis_code postgres_error_connect(ignis_context *ctx, const struct pg_conn *handle,
                                  const char *before);

#endif
