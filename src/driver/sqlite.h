/* sqlite: what the files of the engine SQLite share. */
#ifndef SQLITE_H
#define SQLITE_H

#include "driver/driver.h"

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

#endif
