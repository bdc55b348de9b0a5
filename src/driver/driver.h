/* driver: the engines behind one interface, and the pool of their connections. */
#ifndef DRIVER_H
#define DRIVER_H

#include "base/base.h"
#include "ignis/driver.h"

/* ---- pool.c: connections of one database, shared by threads ------------------------------------ */

typedef struct pool pool;

enum {
    POOL_CONNECTIONS_DEFAULT = 4,
    POOL_CONNECTIONS_MAX = 1000,
    POOL_ACQUIRE_MS = 10000 /* longest wait for a connection */
};

/* Opens the database. connections_max 0: POOL_CONNECTIONS_DEFAULT; the driver may allow fewer.
   settings need not outlive the call. */
ignis_code pool_open(ignis_context *ctx, const ignis_driver *driver,
                     const ignis_driver_settings *settings, uint32_t connections_max,
                     pool **connections);
/* The connection released last, else a new one, else waits until ctx's deadline, POOL_ACQUIRE_MS at
   most. IGNIS_E_TIMEOUT: none became free. Any thread. */
ignis_code pool_acquire(ignis_context *ctx, pool *connections, ignis_connection **connection);
/* Drops what still runs. A broken connection, or one with an open transaction, is closed. */
void pool_release(pool *connections, ignis_connection *connection);
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

/* ---- recording.c: a driver for tests ------------------------------------------------------------ */

/* URL "recording:": no rows but those of recording_answer. "recording:URL": everything is passed on
   to SQLite at that URL. Either way each execution handed to start is recorded. */
extern const ignis_driver recording_driver;

typedef struct recording_entry {
    const char *sql;
    const char *parameters; /* a JSON list: [7,"text",[1,2],null]; bytes as base64 */
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
    arena bound; /* lists and texts of the bound parameters */
    const ignis_execution *executions;
    size_t executions_count;
    size_t executions_index;
    struct sqlite3_stmt *handle; /* of the running execution, or NULL */
    bool handle_is_kept;         /* by the cache */
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
    bool is_broken;
    _Atomic bool cancelled;
} sqlite_connection;

/* sqlite_open.c */
ignis_code sqlite_database_open(ignis_context *ctx, const ignis_driver_settings *settings,
                                ignis_database **database);
void sqlite_database_close(ignis_database *database);
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

/* sqlite_bind.c */
/* A key list as its table-valued function reads it. */
typedef struct sqlite_list {
    const ignis_value_type *types; /* width of them */
    const ignis_cell *items;       /* width * rows_count, arrays already written as text */
    size_t width;
    size_t rows_count;
} sqlite_list;

/* Binds every parameter; nothing is copied but times. Memory of lists: connection->bound. */
ignis_code sqlite_bind(ignis_context *ctx, sqlite_connection *connection,
                       const ignis_execution *execution, struct sqlite3_stmt *handle);
/* The value in the class that is stored: NULL, INTEGER, REAL, TEXT or BYTES (a blob). Its text may be
   in buffer. A list (of an array column) is not taken. */
ignis_cell sqlite_stored(const ignis_value_type *type, const ignis_cell *cell,
                         char buffer[TIME_TEXT_MAX]);

/* sqlite_list.c, sqlite_functions.c, sqlite_collations.c: to be registered on every connection.
   They answer a result code of SQLite. */
#define SQLITE_LIST_POINTER "ignis_list"
int sqlite_list_register(struct sqlite3 *db);
int sqlite_functions_register(struct sqlite3 *db);
int sqlite_collations_register(struct sqlite3 *db);

#endif
