#include "driver/postgres.h"

#ifdef IGNIS_HAVE_POSTGRES

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>

enum {
    CONNECT_SLICE_MS = 50, /* the longest sleep while connecting, between looks for a cancel */
    CONNECT_SHARE_MS = 20, /* the least that a host gets of the caller's time */
    SILENT_SIZE_MAX = 300
};

struct postgres_database {
    arena *memory; /* owns this struct */
    postgres_options options;
    ignis_pooling pooling;
    pthread_mutex_t mutex; /* of what follows */
    /* Made by opening, or left half made: nobody has them, the oldest is first. */
    postgres_connection *untaken;
};

/* How far a new connection is. */
struct postgres_attempt {
    postgres_options options;
    PostgresPollingStatusType status;
    bool is_running;              /* its one statement has been sent */
    const char *host;             /* that libpq is at */
    size_t hosts_left;            /* to be tried after it */
    size_t rounds_left;           /* times that a silent host may be left out */
    int64_t host_until_ms;        /* the host is given up then; 0: never */
    char silent[SILENT_SIZE_MAX]; /* hosts that did not answer, for the message */
    ignis_cell cells[2];
    ignis_execution execution;
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

/* ---- waiting ---- */

typedef enum waited {
    WAITED_READY,
    WAITED_SILENT, /* the host's time is over */
    WAITED_ENOUGH, /* the caller's is, or it cancelled: reported */
    WAITED_FAILED  /* reported */
} waited;

/* Of two ends, 0 being never. */
static int64_t sooner(int64_t one_ms, int64_t other_ms)
{
    if (one_ms == 0 || other_ms == 0) return one_ms + other_ms;
    return one_ms < other_ms ? one_ms : other_ms;
}

/* Milliseconds for poll. */
static int slice_ms(int64_t until_ms)
{
    int64_t left_ms = until_ms == 0 ? CONNECT_SLICE_MS : until_ms - clock_monotonic_ms();
    if (left_ms < 0) return 0;
    return left_ms < CONNECT_SLICE_MS ? (int)left_ms : CONNECT_SLICE_MS;
}

/* Looks once even where there is no time. */
static waited socket_wait(ignis_context *ctx, const postgres_connection *self, int events)
{
    struct pollfd look = {.fd = PQsocket(self->handle), .events = (short)events};
    int64_t until_ms = sooner(ctx->deadline_ms, self->attempt->host_until_ms);
    for (;;) {
        int ready = poll(&look, 1, slice_ms(until_ms));
        int64_t now_ms = clock_monotonic_ms();
        if (ready > 0) return WAITED_READY;
        if (ready < 0 && errno != EINTR) {
            (void)context_fail(ctx, IGNIS_E_CONNECTION, "poll: error %d", errno);
            return WAITED_FAILED;
        }
        if (context_is_cancelled(ctx)) {
            (void)context_fail_cancelled(ctx);
            return WAITED_ENOUGH;
        }
        if (until_ms == 0 || now_ms < until_ms) continue;
        if (self->attempt->host_until_ms != 0 && now_ms >= self->attempt->host_until_ms)
            return WAITED_SILENT;
        (void)context_fail(ctx, IGNIS_E_TIMEOUT, "the deadline passed while connecting");
        return WAITED_ENOUGH;
    }
}

/* ---- hosts ---- */

/* A host has connect_timeout, and where others come after it no more than its share of the time that
   the caller has left. */
static void host_begin(const ignis_context *ctx, postgres_connection *self)
{
    postgres_attempt *attempt = self->attempt;
    int64_t now_ms = clock_monotonic_ms();
    int64_t connect_ms = attempt->options.connect_ms;
    int64_t left_ms = ctx->deadline_ms - now_ms;
    attempt->host = PQhost(self->handle);
    attempt->host_until_ms = connect_ms == 0 ? 0 : now_ms + connect_ms;
    if (ctx->deadline_ms == 0 || left_ms <= 0 || attempt->hosts_left == 0) return;
    int64_t share_ms = left_ms / (int64_t)(attempt->hosts_left + 1);
    if (share_ms < CONNECT_SHARE_MS) share_ms = CONNECT_SHARE_MS;
    attempt->host_until_ms = sooner(attempt->host_until_ms, now_ms + share_ms);
}

/* libpq may have gone on to the next host by itself. */
static void host_note(const ignis_context *ctx, postgres_connection *self)
{
    if (PQhost(self->handle) == self->attempt->host) return;
    if (self->attempt->hosts_left > 0) self->attempt->hosts_left--;
    host_begin(ctx, self);
}

static ignis_code handle_start(ignis_context *ctx, postgres_connection *self)
{
    postgres_attempt *attempt = self->attempt;
    self->handle = PQconnectStartParams(attempt->options.keywords, attempt->options.values, 0);
    if (!self->handle) return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    (void)PQsetNoticeReceiver(self->handle, notice_take, self);
    /* The state tells apart what waiting may mend. */
    (void)PQsetErrorVerbosity(self->handle, PQERRORS_VERBOSE);
    bool is_bad = PQstatus(self->handle) == CONNECTION_BAD;
    attempt->status = is_bad ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    attempt->hosts_left = is_bad ? 0 : postgres_hosts_count(self->handle) - 1;
    host_begin(ctx, self);
    return IGNIS_OK;
}

static void silent_note(postgres_connection *self)
{
    char *silent = self->attempt->silent;
    size_t size = strlen(silent);
    (void)snprintf(silent + size, SILENT_SIZE_MAX - size, "%sno answer from \"%s\", port %s",
                   size > 0 ? "; " : "", PQhost(self->handle), PQport(self->handle));
}

/* libpq cannot be told to give up a host: it begins anew without it. */
static ignis_code silent_leave(ignis_context *ctx, postgres_connection *self)
{
    postgres_attempt *attempt = self->attempt;
    postgres_options left;
    silent_note(self);
    if (attempt->hosts_left == 0 || attempt->rounds_left == 0)
        return context_fail(ctx, IGNIS_E_CONNECTION, "the server did not answer in time: %s",
                            attempt->silent);
    attempt->rounds_left--;
    if (!postgres_hosts_leave(self->memory, self->handle, &attempt->options, &left))
        return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    PQfinish(self->handle);
    attempt->options = left;
    return handle_start(ctx, self);
}

/* ---- making ---- */

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

static waited handshake_wait(ignis_context *ctx, postgres_connection *self)
{
    int events = self->attempt->status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    waited ended = socket_wait(ctx, self, events);
    if (ended == WAITED_SILENT) {
        ended = silent_leave(ctx, self) == IGNIS_OK ? WAITED_READY : WAITED_FAILED;
        if (ended == WAITED_READY) return ended;
    } else if (ended == WAITED_READY) {
        self->attempt->status = PQconnectPoll(self->handle);
        host_note(ctx, self);
    }
    return ended;
}

/* is_left: the caller ends before it does. */
static ignis_code handshake(ignis_context *ctx, postgres_connection *self, bool *is_left)
{
    postgres_attempt *attempt = self->attempt;
    while (attempt->status == PGRES_POLLING_READING || attempt->status == PGRES_POLLING_WRITING) {
        waited ended = handshake_wait(ctx, self);
        *is_left = ended == WAITED_ENOUGH;
        if (ended != WAITED_READY) return context_error_code(ctx);
    }
    if (attempt->status != PGRES_POLLING_OK)
        return postgres_error_connect(ctx, self->handle, attempt->silent);
    IGNIS_TRY(server_check(ctx, self->handle));
    (void)PQsetErrorVerbosity(self->handle, PQERRORS_DEFAULT);
    self->canceller = postgres_canceller_create(self->handle);
    bool is_ready = self->canceller && PQsetnonblocking(self->handle, 1) == 0 &&
                    PQenterPipelineMode(self->handle) == 1;
    return is_ready ? IGNIS_OK : context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
}

/* Asks for the server's process: behind a pooler it is not the one that answered when connecting. The
   settings are made only where they stay with us: generic plans are chosen once, and compiling costs
   more than it gains for such statements. */
static ignis_code setup_send(ignis_context *ctx, postgres_connection *self, ignis_pooling pooling)
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
    postgres_attempt *attempt = self->attempt;
    attempt->cells[0] =
        (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = pooling == IGNIS_POOLING_DIRECT};
    attempt->cells[1] =
        (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = PQbackendPID(self->handle)};
    attempt->execution = (ignis_execution){.statement = &statement, .parameters = attempt->cells};
    attempt->is_running = true;
    /* The host has answered: it is not to be left for another any more. */
    attempt->hosts_left = 0;
    host_begin(ctx, self);
    return postgres_start(ctx, (ignis_connection *)self, &attempt->execution, 1);
}

/* Its row holds one boolean. */
static ignis_code setup_take(ignis_context *ctx, postgres_connection *self, bool *is_done)
{
    ignis_batch batch;
    IGNIS_TRY(postgres_step(ctx, (ignis_connection *)self, &batch));
    *is_done = batch.state == IGNIS_BATCH_IDLE || batch.state == IGNIS_BATCH_WAIT;
    if (batch.state == IGNIS_BATCH_ROWS) self->keeps_statements = batch.cells[0].as.integer == 1;
    return IGNIS_OK;
}

static ignis_code setup_run(ignis_context *ctx, postgres_connection *self, bool *is_left)
{
    for (;;) {
        bool is_done = false;
        /* The deadline would break the connection: it is looked at here. */
        int64_t deadline_ms = ctx->deadline_ms;
        ignis_code code = IGNIS_OK;
        ctx->deadline_ms = 0;
        while (code == IGNIS_OK && !is_done)
            code = setup_take(ctx, self, &is_done);
        ctx->deadline_ms = deadline_ms;
        if (code != IGNIS_OK || self->state == POSTGRES_IDLE) return code;
        ignis_wants wants = postgres_wants((ignis_connection *)self);
        waited ended =
            socket_wait(ctx, self, wants.events & IGNIS_WANTS_WRITE ? POLLIN | POLLOUT : POLLIN);
        *is_left = ended == WAITED_ENOUGH;
        if (ended == WAITED_SILENT)
            return context_fail(ctx, IGNIS_E_CONNECTION, "the server did not answer in time");
        if (ended != WAITED_READY) return context_error_code(ctx);
    }
}

static ignis_code attempt_advance(ignis_context *ctx, const postgres_database *database,
                                  postgres_connection *self, bool *is_left)
{
    if (!self->attempt->is_running) {
        IGNIS_TRY(handshake(ctx, self, is_left));
        if (database->pooling == IGNIS_POOLING_TRANSACTION) return IGNIS_OK;
        int64_t deadline_ms = ctx->deadline_ms;
        ctx->deadline_ms = 0;
        ignis_code code = setup_send(ctx, self, database->pooling);
        ctx->deadline_ms = deadline_ms;
        if (code != IGNIS_OK) return code;
    }
    return setup_run(ctx, self, is_left);
}

static ignis_code connection_begin(ignis_context *ctx, const postgres_database *database,
                                   postgres_connection **begun)
{
    arena *memory = arena_create();
    postgres_connection *self = memory ? arena_array(memory, 1, sizeof(*self)) : NULL;
    postgres_attempt *attempt = self ? arena_array(memory, 1, sizeof(*attempt)) : NULL;
    if (!attempt) {
        if (memory) arena_destroy(memory);
        return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    }
    self->memory = memory;
    self->attempt = attempt;
    attempt->options = database->options;
    atomic_init(&self->run, POSTGRES_RUN_NONE);
    ignis_code code = handle_start(ctx, self);
    if (code == IGNIS_OK) {
        attempt->rounds_left = attempt->hosts_left;
        *begun = self;
    } else {
        postgres_connection_close(self);
    }
    return code;
}

/* ---- those that nobody has taken ---- */

static postgres_connection *untaken_get(postgres_database *self)
{
    pthread_mutex_lock(&self->mutex);
    postgres_connection *connection = self->untaken;
    if (connection) self->untaken = connection->next;
    pthread_mutex_unlock(&self->mutex);
    if (connection) connection->next = NULL;
    return connection;
}

static void untaken_add(postgres_database *self, postgres_connection *connection)
{
    pthread_mutex_lock(&self->mutex);
    postgres_connection **place = &self->untaken;
    while (*place)
        place = &(*place)->next;
    *place = connection;
    pthread_mutex_unlock(&self->mutex);
}

/* A host that answered while nobody looked is not silent. */
static void attempt_take_up(postgres_connection *self)
{
    struct pollfd look = {.fd = PQsocket(self->handle), .events = POLLIN};
    int64_t connect_ms = self->attempt->options.connect_ms;
    if (connect_ms == 0 || poll(&look, 1, 0) <= 0) return;
    self->attempt->host_until_ms = clock_monotonic_ms() + connect_ms;
}

ignis_code postgres_database_connect(ignis_context *ctx, ignis_database *database,
                                     ignis_connection **connection)
{
    postgres_database *self = (postgres_database *)database;
    postgres_connection *made = untaken_get(self);
    bool is_left = false;
    if (made && made->attempt) attempt_take_up(made);
    if (!made) IGNIS_TRY(connection_begin(ctx, self, &made));
    ignis_code code = made->attempt ? attempt_advance(ctx, self, made, &is_left) : IGNIS_OK;
    if (code == IGNIS_OK) {
        made->attempt = NULL;
        *connection = (ignis_connection *)made;
    } else if (is_left) {
        untaken_add(self, made);
    } else {
        postgres_connection_close(made);
    }
    return code;
}

void postgres_database_drop(ignis_database *database)
{
    postgres_connection *untaken;
    while ((untaken = untaken_get((postgres_database *)database)) != NULL)
        postgres_connection_close(untaken);
}

/* ---- databases ---- */

static ignis_code database_fill(ignis_context *ctx, const ignis_driver_settings *settings,
                                postgres_database *self)
{
    ignis_connection *made = NULL;
    const size_t known = offsetof(ignis_driver_settings, pooling) + sizeof(settings->pooling);
    bool connects_later = settings->struct_size > offsetof(ignis_driver_settings, connects_later) &&
                          settings->connects_later;
    if (settings->struct_size >= known) self->pooling = settings->pooling;
    if (self->pooling < IGNIS_POOLING_DETECT || self->pooling > IGNIS_POOLING_TRANSACTION)
        return context_fail(ctx, IGNIS_E_INVALID, "unknown value of pooling: %d",
                            (int)self->pooling);
    if (!PQisthreadsafe())
        return context_fail(ctx, IGNIS_E_UNSUPPORTED, "this build of libpq knows no threads");
    IGNIS_TRY(postgres_options_read(ctx, self->memory, settings->url, &self->options));
    if (connects_later) return IGNIS_OK;
    IGNIS_TRY(postgres_database_connect(ctx, (ignis_database *)self, &made));
    untaken_add(self, (postgres_connection *)made);
    return IGNIS_OK;
}

ignis_code postgres_database_open(ignis_context *ctx, const ignis_driver_settings *settings,
                                  ignis_database **database)
{
    arena *memory = arena_create();
    postgres_database *self = memory ? arena_array(memory, 1, sizeof(*self)) : NULL;
    if (!self || pthread_mutex_init(&self->mutex, NULL) != 0) {
        if (memory) arena_destroy(memory);
        return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    }
    self->memory = memory;
    ignis_code code = database_fill(ctx, settings, self);
    if (code == IGNIS_OK) {
        *database = (ignis_database *)self;
    } else {
        postgres_database_close((ignis_database *)self);
    }
    return code;
}

void postgres_database_close(ignis_database *database)
{
    postgres_database *self = (postgres_database *)database;
    if (!self) return;
    postgres_database_drop(database);
    pthread_mutex_destroy(&self->mutex);
    arena_destroy(self->memory);
}

#endif
