/* postgres: what the files of the engine PostgreSQL share. */
#ifndef POSTGRES_H
#define POSTGRES_H

#include "driver/driver.h"

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
/* Whether there is more for the server, however much of it libpq holds. */
bool postgres_copy_is_sending(const postgres_connection *connection);
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
/* The rows of a statement that copies, in the binary form of COPY, without what stands before and
   behind them all. */
ignis_code postgres_copy_bind(ignis_context *ctx, const ignis_execution *execution, text *out);
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
