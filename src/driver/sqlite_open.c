#include "driver/sqlite.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <time.h>

enum { BUSY_DELAY_MAX_MS = 25 };

struct sqlite_database {
    arena *memory; /* owns this struct */
    const char *name;
    bool is_memory;
    int busy_timeout_ms;
    /* The connection that opening made, until it is taken; of a memory database its only one. */
    _Atomic(sqlite_connection *) spare;
};

/* ---- handlers ---- */

static int progress_look(void *data)
{
    return sqlite_connection_interrupt(data) != SQLITE_INTERRUPT_NONE;
}

/* Waits a little for another connection's lock. 0: long enough. */
static int busy_wait(void *data, int attempt)
{
    sqlite_connection *connection = data;
    int64_t now = clock_monotonic_ms();
    if (attempt == 0) connection->busy_until_ms = now + connection->busy_timeout_ms;
    connection->waited = true;
    if (sqlite_connection_interrupt(connection) != SQLITE_INTERRUPT_NONE) return 0;
    int64_t delay_ms = attempt < BUSY_DELAY_MAX_MS ? 1 + attempt : BUSY_DELAY_MAX_MS;
    int64_t left_ms = connection->busy_until_ms - now;
    if (left_ms <= 0) return 0;
    if (delay_ms > left_ms) delay_ms = left_ms;
    (void)nanosleep(&(struct timespec){.tv_nsec = (long)(delay_ms * 1000000)}, NULL);
    return 1;
}

/* ---- connections ---- */

static int pragma_run(sqlite_connection *connection, const char *sql)
{
    int attempt = 0;
    int result;
    /* Changing the journal mode does not call the busy handler. */
    do {
        result = sqlite3_exec(connection->db, sql, NULL, NULL, NULL);
    } while ((result & 0xff) == SQLITE_BUSY && busy_wait(connection, attempt++));
    return result;
}

static int connection_configure(sqlite_connection *connection)
{
    static const struct {
        int option;
        int value;
    } options[] = {
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},     {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
    };
    static const char *const pragmas[] = {"PRAGMA cell_size_check = ON",
                                          "PRAGMA synchronous = FULL", "PRAGMA journal_mode = WAL"};
    struct sqlite3 *db = connection->db;
    for (size_t i = 0; i < ARRAY_COUNT(options); i++) {
        int result = sqlite3_db_config(db, options[i].option, options[i].value, NULL);
        if (result != SQLITE_OK) return result;
    }
    (void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, SQLITE_VALUE_SIZE_MAX);
    sqlite3_progress_handler(db, SQLITE_PROGRESS_STEPS, progress_look, connection);
    int result = sqlite3_busy_handler(db, busy_wait, connection);
    if (result == SQLITE_OK) result = sqlite_functions_register(db, connection);
    if (result == SQLITE_OK) result = sqlite_regexp_register(db, connection);
    if (result == SQLITE_OK) result = sqlite_arrays_register(db);
    if (result == SQLITE_OK) result = sqlite_documents_register(db);
    if (result == SQLITE_OK) result = sqlite_changes_register(db);
    if (result == SQLITE_OK) result = sqlite_collations_register(db);
    if (result == SQLITE_OK) result = sqlite_list_register(db);
    for (size_t i = 0; i < ARRAY_COUNT(pragmas) && result == SQLITE_OK; i++) {
        result = pragma_run(connection, pragmas[i]);
        /* A file that may only be read keeps its journal. */
        if ((result & 0xff) == SQLITE_READONLY) result = SQLITE_OK;
    }
    return result;
}

static void connection_close(sqlite_connection *connection)
{
    sqlite_connection_idle(connection);
    sqlite_cache_clear(&connection->cache);
    sqlite3_close_v2(connection->db);
    sqlite_patterns_clear(&connection->patterns);
    arena_free(&connection->bound);
    arena_destroy(connection->memory);
}

static ignis_code connection_open(ignis_context *ctx, sqlite_database *database,
                                  sqlite_connection **opened)
{
    arena *memory = arena_create();
    sqlite_connection *self = memory ? arena_array(memory, 1, sizeof(*self)) : NULL;
    if (!self) {
        if (memory) arena_destroy(memory);
        return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    }
    self->memory = memory;
    self->database = database;
    self->busy_timeout_ms = database->busy_timeout_ms;
    self->deadline_ms = ctx->deadline_ms;
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int result = sqlite3_open_v2(database->name, &self->db, flags, NULL);
    if (result == SQLITE_OK) result = connection_configure(self);
    if (result == SQLITE_OK) {
        *opened = self;
        return IGNIS_OK;
    }
    char quoted[CONTEXT_QUOTE_SIZE];
    ignis_code code = sqlite_error_report(ctx, self, result);
    connection_close(self);
    if (code != IGNIS_E_CONNECTION) return code;
    return context_fail(ctx, code, "the database file \"%s\" cannot be opened: %s",
                        context_quote(quoted, database->name, strlen(database->name)),
                        sqlite3_errstr(result & 0xff));
}

/* ---- databases ---- */

static const char sqlite_scheme[] = "sqlite";

/* The bytes before the colon of what reads as a scheme (RFC 3986, 3.1); 0: there is none. */
static size_t scheme_size(const char *url)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
    if (strspn(url, letters) == 0) return 0;
    size_t size = strspn(url, others);
    return url[size] == ':' ? size : 0;
}

static bool is_sqlite_scheme(const char *url, size_t size)
{
    if (size != sizeof(sqlite_scheme) - 1) return false;
    for (size_t i = 0; i < size; i++) {
        if ((url[i] | 0x20) != sqlite_scheme[i]) return false;
    }
    return true;
}

/* "sqlite:FILE", "sqlite://FILE" or a plain name. */
static ignis_code url_read(ignis_context *ctx, const char *url, const char **name)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    size_t size = scheme_size(url);
    *name = url;
    if (is_sqlite_scheme(url, size)) {
        *name += size + 1;
        if (strncmp(*name, "//", 2) == 0) *name += 2;
        const char *parameters = strchr(*name, '?');
        if (parameters)
            return context_fail(ctx, IGNIS_E_INVALID,
                                "no parameters are known in a URL of SQLite, got \"%s\"",
                                context_quote(quoted, parameters, strlen(parameters)));
    }
    /* SQLite builds differ in what they take "file:" for, and "" would be a temporary file. */
    size = scheme_size(*name);
    if (size > 0)
        return context_fail(ctx, IGNIS_E_INVALID,
                            "unknown scheme \"%s:\", neither postgresql: nor sqlite:; a file whose "
                            "name begins so is sqlite:./NAME",
                            context_quote(quoted, *name, size));
    if (**name == '\0')
        return context_fail(ctx, IGNIS_E_INVALID,
                            "expected sqlite:FILE, sqlite::memory: or a file name, got \"%s\"",
                            context_quote(quoted, url, strlen(url)));
    return IGNIS_OK;
}

static ignis_code settings_check(ignis_context *ctx, const ignis_driver_settings *settings,
                                 const char **name)
{
    IGNIS_TRY(url_read(ctx, settings->url ? settings->url : "", name));
    if (settings->busy_timeout_ms < 0)
        return context_fail(ctx, IGNIS_E_INVALID, "busy_timeout_ms is negative: %d",
                            settings->busy_timeout_ms);
    if (!sqlite3_threadsafe())
        return context_fail(ctx, IGNIS_E_UNSUPPORTED, "this build of SQLite knows no threads");
    return IGNIS_OK;
}

ignis_code sqlite_database_open(ignis_context *ctx, const ignis_driver_settings *settings,
                                ignis_database **database)
{
    const char *name = NULL;
    IGNIS_TRY(settings_check(ctx, settings, &name));
    arena *memory = arena_create();
    sqlite_database *self = memory ? arena_array(memory, 1, sizeof(*self)) : NULL;
    const char *copy = self ? arena_copy(memory, name, strlen(name)) : NULL;
    if (!copy) {
        if (memory) arena_destroy(memory);
        return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    }
    int busy_timeout_ms = settings->busy_timeout_ms;
    self->memory = memory;
    self->name = copy;
    self->is_memory = strcmp(copy, ":memory:") == 0;
    self->busy_timeout_ms = busy_timeout_ms ? busy_timeout_ms : SQLITE_BUSY_TIMEOUT_MS;
    sqlite_connection *spare = NULL;
    ignis_code code = connection_open(ctx, self, &spare);
    if (code != IGNIS_OK) {
        arena_destroy(memory);
        return code;
    }
    atomic_init(&self->spare, spare);
    *database = (ignis_database *)self;
    return IGNIS_OK;
}

void sqlite_database_close(ignis_database *database)
{
    sqlite_database *self = (sqlite_database *)database;
    if (!self) return;
    sqlite_connection *spare = atomic_exchange(&self->spare, NULL);
    if (spare) connection_close(spare);
    arena_destroy(self->memory);
}

void sqlite_database_drop(ignis_database *database)
{
    sqlite_database *self = (sqlite_database *)database;
    if (self->is_memory) return;
    sqlite_connection *spare = atomic_exchange(&self->spare, NULL);
    if (spare) connection_close(spare);
}

size_t sqlite_database_connections_max(const ignis_database *database)
{
    return ((const sqlite_database *)database)->is_memory ? 1 : 0;
}

ignis_code sqlite_database_connect(ignis_context *ctx, ignis_database *database,
                                   ignis_connection **connection)
{
    sqlite_database *self = (sqlite_database *)database;
    sqlite_connection *made = atomic_exchange(&self->spare, NULL);
    if (!made && self->is_memory)
        return context_fail(ctx, IGNIS_E_STATE, "a memory database has one connection");
    if (!made) IGNIS_TRY(connection_open(ctx, self, &made));
    *connection = (ignis_connection *)made;
    return IGNIS_OK;
}

void sqlite_database_disconnect(ignis_connection *connection)
{
    sqlite_connection *self = (sqlite_connection *)connection;
    if (!self->database->is_memory) {
        connection_close(self);
        return;
    }
    sqlite_connection_idle(self);
    self->uninterruptible = true;
    if (!sqlite3_get_autocommit(self->db))
        (void)sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    self->uninterruptible = false;
    self->failed = false;
    self->is_broken = false;
    atomic_store(&self->database->spare, self);
}
