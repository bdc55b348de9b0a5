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
   be made, with the error of the last attempt that had an answer; IGNIS_E_CANCELLED. Any thread. */
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
/* Closes the database, where connections are in use with the release of the last. No log is told of what
   they do from now on. NULL does nothing. */
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

#endif
