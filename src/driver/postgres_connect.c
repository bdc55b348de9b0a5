#include "driver/driver.h"

#ifdef IGNIS_HAVE_POSTGRES

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdatomic.h>

/* The longest sleep while connecting, between looks for a cancel of the call. */
enum { CONNECT_SLICE_MS = 50 };

struct postgres_database {
    arena *memory; /* owns this struct */
    const char **keywords;
    const char **values;
    ignis_pooling pooling;
    int64_t connect_ms; /* 0: no bound but the deadline */
    /* The connection that opening made, until it is taken. */
    _Atomic(postgres_connection *) spare;
};

/* ---- connections ---- */

static void notice_take(void *data, const PGresult *notice)
{
    postgres_connection *self = data;
    const char *state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
    if (!state || !postgres_error_is_fatal(notice)) return;
    memcpy(self->last_state, state, strnlen(state, sizeof(self->last_state) - 1));
}

void postgres_connection_close(postgres_connection *self)
{
    if (self->state != POSTGRES_IDLE) ignis_postgres_driver.abandon((ignis_connection *)self);
    postgres_canceller_release(self->canceller);
    PQfinish(self->handle);
    arena_free(&self->bound);
    arena_free(&self->decoded);
    arena_free(&self->rows);
    arena_destroy(self->memory);
}

/* Milliseconds for poll; -1: no bound. */
static int left_of(int64_t until_ms)
{
    if (until_ms == 0) return -1;
    int64_t left_ms = until_ms - clock_monotonic_ms();
    if (left_ms < 0) return 0;
    return left_ms < INT32_MAX ? (int)left_ms : INT32_MAX;
}

/* Until when connecting may last; 0: for ever. */
static int64_t connect_until(const ignis_context *ctx, const postgres_database *database)
{
    int64_t until_ms = ctx->deadline_ms;
    if (database->connect_ms == 0) return until_ms;
    int64_t own_ms = clock_monotonic_ms() + database->connect_ms;
    return until_ms == 0 || own_ms < until_ms ? own_ms : until_ms;
}

static ignis_code connect_late(ignis_context *ctx)
{
    if (ctx->deadline_ms != 0 && clock_monotonic_ms() >= ctx->deadline_ms)
        return context_fail(ctx, IGNIS_E_TIMEOUT, "the deadline passed while connecting");
    return context_fail(ctx, IGNIS_E_CONNECTION, "the server did not answer in time");
}

static ignis_code socket_wait(ignis_context *ctx, const PGconn *handle, int events,
                              int64_t until_ms)
{
    struct pollfd look = {.fd = PQsocket(handle), .events = (short)events};
    for (;;) {
        int left_ms = left_of(until_ms);
        bool is_last = left_ms >= 0 && left_ms <= CONNECT_SLICE_MS;
        int ready = poll(&look, 1, is_last ? left_ms : CONNECT_SLICE_MS);
        if (ready > 0) return IGNIS_OK;
        if (context_is_cancelled(ctx)) return context_fail_cancelled(ctx);
        if (ready == 0 && is_last) return connect_late(ctx);
        if (ready < 0 && errno != EINTR)
            return context_fail(ctx, IGNIS_E_CONNECTION, "poll: error %d", errno);
    }
}

static ignis_code server_check(ignis_context *ctx, const PGconn *handle)
{
    const char *encoding = PQparameterStatus(handle, "server_encoding");
    if (PQserverVersion(handle) < POSTGRES_VERSION_MIN)
        return context_fail(ctx, IGNIS_E_UNSUPPORTED, "PostgreSQL 12 or later is needed");
    /* SQL_ASCII converts nothing: its text may be no UTF-8. Others have not all characters, nor their
       bytes the order of UTF-8's, in which the ranges beside patterns are made. */
    if (encoding && strcmp(encoding, "UTF8") != 0)
        return context_fail(ctx, IGNIS_E_UNSUPPORTED,
                            "the encoding of the database is %s; UTF8 is needed", encoding);
    return IGNIS_OK;
}

static ignis_code handshake(ignis_context *ctx, PGconn *handle, int64_t until_ms)
{
    char line[CONTEXT_MESSAGE_MAX];
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    if (PQstatus(handle) == CONNECTION_BAD) status = PGRES_POLLING_FAILED;
    while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
        int events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        IGNIS_TRY(socket_wait(ctx, handle, events, until_ms));
        status = PQconnectPoll(handle);
    }
    if (status != PGRES_POLLING_OK)
        return context_fail(ctx, IGNIS_E_CONNECTION, "%s", postgres_error_line(handle, line));
    return server_check(ctx, handle);
}

/* Runs the one statement of setting up; its row holds one boolean. */
static ignis_code setup_run(ignis_context *ctx, postgres_connection *self,
                            const ignis_execution *execution, int64_t until_ms, bool *is_direct)
{
    ignis_connection *connection = (ignis_connection *)self;
    ignis_batch batch;
    IGNIS_TRY(postgres_start(ctx, connection, execution, 1));
    for (;;) {
        IGNIS_TRY(postgres_step(ctx, connection, &batch));
        if (batch.state == IGNIS_BATCH_IDLE) return IGNIS_OK;
        if (batch.state == IGNIS_BATCH_ROWS) *is_direct = batch.cells[0].as.integer == 1;
        if (batch.state != IGNIS_BATCH_WAIT) continue;
        ignis_wants wants = postgres_wants(connection);
        int events = wants.events & IGNIS_WANTS_WRITE ? POLLIN | POLLOUT : POLLIN;
        IGNIS_TRY(socket_wait(ctx, self->handle, events, until_ms));
    }
}

/* Asks for the server's process: behind a pooler it is not the one that answered when connecting. The
   settings are made only where they stay with us: generic plans are chosen once, and compiling costs
   more than it gains for such statements. */
static ignis_code setup(ignis_context *ctx, postgres_connection *self, ignis_pooling pooling,
                        int64_t until_ms)
{
    static const char sql[] =
        "SELECT d.direct, CASE WHEN d.direct THEN"
        " pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', false) ||"
        " pg_catalog.set_config('jit', 'off', false) END"
        " FROM (SELECT $1 OR pg_catalog.pg_backend_pid() = $2 AS direct OFFSET 0) AS d";
    static const ignis_value_type types[] = {{.type = IGNIS_TYPE_BOOLEAN},
                                             {.type = IGNIS_TYPE_INTEGER}};
    static const ignis_statement statement = {
        .sql = sql, .sql_size = sizeof(sql) - 1, .parameters = types, .parameters_count = 2};
    if (pooling == IGNIS_POOLING_TRANSACTION) return IGNIS_OK;
    const ignis_cell cells[] = {
        {.kind = IGNIS_CELL_INTEGER, .as.integer = pooling == IGNIS_POOLING_DIRECT},
        {.kind = IGNIS_CELL_INTEGER, .as.integer = PQbackendPID(self->handle)}};
    const ignis_execution execution = {.statement = &statement, .parameters = cells};
    return setup_run(ctx, self, &execution, until_ms, &self->keeps_statements);
}

static ignis_code connection_fill(ignis_context *ctx, const postgres_database *database,
                                  postgres_connection *self)
{
    int64_t until_ms = connect_until(ctx, database);
    self->handle = PQconnectStartParams(database->keywords, database->values, 0);
    if (!self->handle) return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    (void)PQsetNoticeReceiver(self->handle, notice_take, self);
    IGNIS_TRY(handshake(ctx, self->handle, until_ms));
    self->canceller = postgres_canceller_create(self->handle);
    bool is_ready = self->canceller && PQsetnonblocking(self->handle, 1) == 0 &&
                    PQenterPipelineMode(self->handle) == 1;
    if (!is_ready) return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    return setup(ctx, self, database->pooling, until_ms);
}

static ignis_code connection_open(ignis_context *ctx, const postgres_database *database,
                                  postgres_connection **opened)
{
    arena *memory = arena_create();
    postgres_connection *self = memory ? arena_array(memory, 1, sizeof(*self)) : NULL;
    if (!self) {
        if (memory) arena_destroy(memory);
        return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    }
    self->memory = memory;
    atomic_init(&self->run, POSTGRES_RUN_NONE);
    ignis_code code = connection_fill(ctx, database, self);
    if (code == IGNIS_OK) {
        *opened = self;
    } else {
        postgres_connection_close(self);
    }
    return code;
}

/* ---- the URL ---- */

typedef struct own_option {
    const char *keyword;
    const char *value;
    bool always; /* the URL has no say */
} own_option;

/* A dead path is noticed within a minute even where nobody set a deadline. */
static const own_option own_options[] = {
    {"client_encoding", "UTF8", true}, {"fallback_application_name", "ignis", false},
    {"keepalives_idle", "30", false},  {"keepalives_interval", "10", false},
    {"keepalives_count", "3", false},  {"tcp_user_timeout", "30000", false},
};

static const char *option_value(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++) {
        if (strcmp(options->keyword, keyword) == 0) return options->val;
    }
    return NULL;
}

static bool option_is_own(const char *keyword)
{
    for (size_t i = 0; i < ARRAY_COUNT(own_options); i++) {
        if (own_options[i].always && strcmp(own_options[i].keyword, keyword) == 0) return true;
    }
    return false;
}

static bool option_add(postgres_database *self, size_t *count, const char *keyword,
                       const char *value)
{
    self->keywords[*count] = arena_copy(self->memory, keyword, strlen(keyword));
    self->values[*count] = arena_copy(self->memory, value, strlen(value));
    (*count)++;
    return self->keywords[*count - 1] && self->values[*count - 1];
}

/* What the URL says, and what we add to it. */
static bool options_fill(postgres_database *self, const PQconninfoOption *options)
{
    size_t options_count = 0;
    size_t count = 0;
    while (options[options_count].keyword) {
        options_count++;
    }
    size_t capacity = options_count + ARRAY_COUNT(own_options) + 1; /* NULL ends them */
    self->keywords = arena_array(self->memory, capacity, sizeof(*self->keywords));
    self->values = arena_array(self->memory, capacity, sizeof(*self->values));
    if (!self->keywords || !self->values) return false;
    for (size_t i = 0; i < options_count; i++) {
        if (!options[i].val || option_is_own(options[i].keyword)) continue;
        if (!option_add(self, &count, options[i].keyword, options[i].val)) return false;
    }
    for (size_t i = 0; i < ARRAY_COUNT(own_options); i++) {
        const own_option *own = &own_options[i];
        if (!own->always && option_value(options, own->keyword)) continue;
        if (!option_add(self, &count, own->keyword, own->value)) return false;
    }
    return true;
}

/* libpq itself heeds connect_timeout only where it blocks: seconds, 0 and less being for ever. */
static int64_t connect_ms_of(const PQconninfoOption *options)
{
    const char *value = option_value(options, "connect_timeout");
    int64_t seconds = 0;
    if (!value || !number_integer(value, strlen(value), &seconds)) return POSTGRES_CONNECT_MS;
    if (seconds <= 0) return 0;
    return seconds > INT32_MAX ? INT32_MAX : seconds * 1000;
}

static ignis_code url_read(ignis_context *ctx, postgres_database *self, const char *url)
{
    /* The URL may hold a password: no message shows a part of it. */
    bool is_url =
        url && (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0);
    if (!is_url)
        return context_fail(ctx, IGNIS_E_INVALID,
                            "expected postgresql://USER@HOST:PORT/DATABASE as the URL");
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(url, &message);
    PQfreemem(message);
    if (!options)
        return context_fail(ctx, IGNIS_E_INVALID,
                            "the PostgreSQL URL cannot be read; a name of a parameter is unknown, "
                            "or a special character is not written as %%XX");
    self->connect_ms = connect_ms_of(options);
    bool is_filled = options_fill(self, options);
    PQconninfoFree(options);
    return is_filled ? IGNIS_OK : context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
}

/* ---- databases ---- */

static ignis_code database_fill(ignis_context *ctx, const ignis_driver_settings *settings,
                                postgres_database *self)
{
    postgres_connection *spare = NULL;
    const size_t known = offsetof(ignis_driver_settings, pooling) + sizeof(settings->pooling);
    if (settings->struct_size >= known) self->pooling = settings->pooling;
    if (self->pooling < IGNIS_POOLING_DETECT || self->pooling > IGNIS_POOLING_TRANSACTION)
        return context_fail(ctx, IGNIS_E_INVALID, "unknown value of pooling: %d",
                            (int)self->pooling);
    if (!PQisthreadsafe())
        return context_fail(ctx, IGNIS_E_UNSUPPORTED, "this build of libpq knows no threads");
    IGNIS_TRY(url_read(ctx, self, settings->url));
    IGNIS_TRY(connection_open(ctx, self, &spare));
    atomic_init(&self->spare, spare);
    return IGNIS_OK;
}

ignis_code postgres_database_open(ignis_context *ctx, const ignis_driver_settings *settings,
                                  ignis_database **database)
{
    arena *memory = arena_create();
    postgres_database *self = memory ? arena_array(memory, 1, sizeof(*self)) : NULL;
    if (!self) {
        if (memory) arena_destroy(memory);
        return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    }
    self->memory = memory;
    ignis_code code = database_fill(ctx, settings, self);
    if (code == IGNIS_OK) {
        *database = (ignis_database *)self;
    } else {
        arena_destroy(memory);
    }
    return code;
}

void postgres_database_close(ignis_database *database)
{
    postgres_database *self = (postgres_database *)database;
    if (!self) return;
    postgres_connection *spare = atomic_exchange(&self->spare, NULL);
    if (spare) postgres_connection_close(spare);
    arena_destroy(self->memory);
}

ignis_code postgres_database_connect(ignis_context *ctx, ignis_database *database,
                                     ignis_connection **connection)
{
    postgres_database *self = (postgres_database *)database;
    postgres_connection *made = atomic_exchange(&self->spare, NULL);
    if (!made) IGNIS_TRY(connection_open(ctx, self, &made));
    *connection = (ignis_connection *)made;
    return IGNIS_OK;
}

#endif
