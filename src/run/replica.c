/* replica: the replicas of a data source, which of them are up, and the way of a read through them. */
#include "run/run.h"

enum {
    MESSAGE_SIZE_MAX = 256,
    PING_LEAST_MS = 10 /* a ping that had less time says nothing of a replica */
};

typedef struct replica {
    pool *connections;
    const char *name;
    ignis_replica_state state;
    bool is_proved;         /* somebody is about to find out whether it is up again */
    int64_t retry_delay_ms; /* 0: its last read was answered */
    int64_t retry_at_ms;    /* down: proved then */
    uint64_t reads;
    uint64_t failed;
    ignis_code code; /* down: why */
    char message[MESSAGE_SIZE_MAX];
} replica;

struct run_replicas {
    replica *items;
    size_t count;
    int64_t acquire_timeout_ms;
    const log_sink *log;
    pthread_mutex_t mutex; /* of all below, and of the items but for their pools and names */
    size_t next;           /* whose turn it is */
};

/* ---- opening and closing ----------------------------------------------------------------------- */

static ignis_code pools_open(ignis_context *ctx, const run_replicas_settings *given,
                             run_replicas *self)
{
    pool_settings wanted = *given->wanted;
    IGNIS_TRY(pool_settings_read(ctx, given->wanted, &wanted));
    wanted.is_replica = true;
    self->acquire_timeout_ms = wanted.acquire_timeout_ms;
    self->log = wanted.log;
    for (size_t i = 0; i < given->count; i++) {
        ignis_driver_settings settings = *given->settings;
        settings.url = given->urls[i];
        settings.connects_later = true;
        self->items[i].name = given->names[i];
        if (pool_open(ctx, given->driver, &settings, &wanted, &self->items[i].connections) !=
            IGNIS_OK)
            return context_path(ctx, "replicas[%zu]", i);
        self->count++;
    }
    return IGNIS_OK;
}

ignis_code run_replicas_open(ignis_context *ctx, arena *memory, const run_replicas_settings *given,
                             run_replicas **replicas)
{
    run_replicas *self = arena_array(memory, 1, sizeof(*self));
    replica *items = arena_array(memory, given->count, sizeof(*items));
    if (!self || !items || pthread_mutex_init(&self->mutex, NULL) != 0)
        return context_fail_memory(ctx, memory);
    self->items = items;
    ignis_code code = pools_open(ctx, given, self);
    if (code == IGNIS_OK) {
        *replicas = self;
    } else {
        run_replicas_close(self);
    }
    return code;
}

void run_replicas_close(run_replicas *replicas)
{
    if (!replicas) return;
    for (size_t i = 0; i < replicas->count; i++)
        pool_close(replicas->items[i].connections);
    pthread_mutex_destroy(&replicas->mutex);
}

void run_replicas_suspend(run_replicas *replicas)
{
    for (size_t i = 0; replicas && i < replicas->count; i++)
        pool_suspend(replicas->items[i].connections);
}

void run_replicas_resume(run_replicas *replicas)
{
    for (size_t i = 0; replicas && i < replicas->count; i++)
        (void)pool_resume(replicas->items[i].connections);
}

/* ---- up and down ------------------------------------------------------------------------------- */

static size_t up_count(const run_replicas *self)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++)
        if (self->items[i].state != IGNIS_REPLICA_DOWN) count++;
    return count;
}

static void retry_set(replica *item, int64_t delay_ms)
{
    item->retry_delay_ms = delay_ms < POOL_RETRY_MAX_MS ? delay_ms : POOL_RETRY_MAX_MS;
    item->retry_at_ms = clock_monotonic_ms() + item->retry_delay_ms;
}

/* With ctx's error. What other connections are idle may be as dead as the one that failed: whatever
   proves it makes a new one. */
static void replica_fail(const ignis_context *ctx, run_replicas *self, replica *item, bool is_proof)
{
    pthread_mutex_lock(&self->mutex);
    bool was_down = item->state == IGNIS_REPLICA_DOWN;
    item->state = IGNIS_REPLICA_DOWN;
    item->code = context_error_code(ctx);
    size_t size = utf8_cut(ctx->message, strlen(ctx->message), MESSAGE_SIZE_MAX - 1);
    memcpy(item->message, ctx->message, size);
    item->message[size] = '\0';
    if (!was_down || is_proof)
        retry_set(item, item->retry_delay_ms ? 2 * item->retry_delay_ms : POOL_RETRY_FIRST_MS);
    if (is_proof) item->is_proved = false;
    size_t left = up_count(self);
    pthread_mutex_unlock(&self->mutex);
    if (was_down) return;
    pool_drain(item->connections);
    log_line(self->log, IGNIS_LOG_WARN, "the replica %s is down%s: %s", item->name,
             left > 0 ? "" : ", the primary reads alone", ctx->message);
}

static void rise_tell(const run_replicas *self, const replica *item)
{
    log_line(self->log, IGNIS_LOG_INFO, "the replica %s is up", item->name);
}

/* A connection was made. How long the next failure counts is left to what becomes of its reads. */
static void replica_rise(run_replicas *self, replica *item)
{
    pthread_mutex_lock(&self->mutex);
    bool was_up = item->state == IGNIS_REPLICA_UP;
    item->state = IGNIS_REPLICA_UP;
    item->is_proved = false;
    item->code = IGNIS_OK;
    item->message[0] = '\0';
    pthread_mutex_unlock(&self->mutex);
    if (!was_up) rise_tell(self, item);
}

static void replica_answered(run_replicas *self, replica *item)
{
    pthread_mutex_lock(&self->mutex);
    bool is_new = item->state == IGNIS_REPLICA_UNTRIED;
    item->reads++;
    if (is_new) item->state = IGNIS_REPLICA_UP;
    if (item->state == IGNIS_REPLICA_UP) item->retry_delay_ms = 0;
    pthread_mutex_unlock(&self->mutex);
    if (is_new) rise_tell(self, item);
}

/* ---- proving ----------------------------------------------------------------------------------- */

/* Makes a connection; wait_ms 0: without waiting, so that several calls in a row may make it. */
static void replica_prove(ignis_context *ctx, run_replicas *self, replica *item, int64_t wait_ms)
{
    ignis_connection *connection;
    context_saved saved;
    context_save(ctx, &saved);
    ignis_code code = pool_try(ctx, item->connections, wait_ms, &connection);
    if (code == IGNIS_OK) {
        pool_release(item->connections, connection);
        replica_rise(self, item);
    } else if (code == IGNIS_E_TIMEOUT || code == IGNIS_E_CANCELLED || code == IGNIS_E_STATE) {
        pthread_mutex_lock(&self->mutex);
        item->retry_at_ms = clock_monotonic_ms() + POOL_RETRY_FIRST_MS;
        item->is_proved = false;
        pthread_mutex_unlock(&self->mutex);
    } else {
        replica_fail(ctx, self, item, true);
    }
    context_restore(ctx, &saved);
}

/* One that is down, when its time has come, by one caller. */
static void due_prove(ignis_context *ctx, run_replicas *self)
{
    replica *due = NULL;
    int64_t now_ms = clock_monotonic_ms();
    pthread_mutex_lock(&self->mutex);
    for (size_t i = 0; i < self->count && !due; i++) {
        replica *item = &self->items[i];
        bool is_due = item->state == IGNIS_REPLICA_DOWN && now_ms >= item->retry_at_ms;
        if (is_due && !item->is_proved) due = item;
    }
    if (due) due->is_proved = true;
    pthread_mutex_unlock(&self->mutex);
    if (due) replica_prove(ctx, self, due, 0);
}

/* ---- the way of a read ------------------------------------------------------------------------- */

/* Each that may still be asked has its share of the time, the primary too. */
static int64_t share_ms(const ignis_context *ctx, const run_replicas *self, size_t others)
{
    int64_t left_ms = self->acquire_timeout_ms;
    int64_t own_ms = ctx->deadline_ms ? ctx->deadline_ms - clock_monotonic_ms() : left_ms;
    if (own_ms < left_ms) left_ms = own_ms;
    int64_t share = left_ms / (int64_t)(others + 1);
    return share > 0 ? share : 1;
}

void run_route_next(ignis_context *ctx, run_route *route)
{
    run_replicas *self = route->replicas;
    replica *found = NULL;
    size_t others = 0;
    route->at = NULL;
    route->wait_ms = 0;
    route->connections = route->primary;
    if (!self) return;
    if (route->tried == 0) due_prove(ctx, self);
    pthread_mutex_lock(&self->mutex);
    size_t first = self->next;
    for (size_t i = 0; i < self->count; i++) {
        size_t index = (first + i) % self->count;
        bool was_tried = route->tried & UINT64_C(1) << index;
        if (was_tried || self->items[index].state == IGNIS_REPLICA_DOWN) continue;
        others++;
        if (found) continue;
        found = &self->items[index];
        route->tried |= UINT64_C(1) << index;
        self->next = index + 1;
    }
    pthread_mutex_unlock(&self->mutex);
    if (!found) return;
    route->at = found;
    route->wait_ms = share_ms(ctx, self, others);
    route->connections = found->connections;
}

/* The caller's own time and cancel end the call, and a statement_timeout is an answer. What a filter is
   refused for would be refused anywhere. All else the primary may answer. */
static bool error_is_the_replicas(const ignis_context *ctx, ignis_code code)
{
    switch (code) {
    case IGNIS_E_CONNECTION:
    case IGNIS_E_UNSUPPORTED: /* its version, its encoding */
    case IGNIS_E_SERIALIZATION:
    case IGNIS_E_DATABASE: return true;
    case IGNIS_E_CANCELLED: return !context_is_cancelled(ctx);
    case IGNIS_E_TIMEOUT:
        if (ctx->deadline_ms && clock_monotonic_ms() >= ctx->deadline_ms) return false;
        return strcmp(ctx->sqlstate, "57014") != 0;
    default: return strncmp(ctx->sqlstate, "53", 2) == 0;
    }
}

bool run_route_note(ignis_context *ctx, run_route *route, ignis_code code)
{
    run_replicas *self = route->replicas;
    replica *item = route->at;
    if (!item) return false;
    if (code == IGNIS_OK) {
        replica_answered(self, item);
        return false;
    }
    if (!error_is_the_replicas(ctx, code)) {
        /* A host that has fallen silent: the next read is to find out by a new connection. */
        if (code == IGNIS_E_TIMEOUT) pool_drain(item->connections);
        return false;
    }
    pthread_mutex_lock(&self->mutex);
    item->failed++;
    pthread_mutex_unlock(&self->mutex);
    bool is_down = code == IGNIS_E_CONNECTION || code == IGNIS_E_UNSUPPORTED;
    if (is_down) replica_fail(ctx, self, item, false);
    return true;
}

/* ---- looking ----------------------------------------------------------------------------------- */

static void replica_ping(ignis_context *ctx, run_replicas *self, replica *item, int64_t wait_ms)
{
    context_saved saved;
    int64_t deadline_ms = ctx->deadline_ms;
    int64_t until_ms = clock_monotonic_ms() + wait_ms;
    context_save(ctx, &saved);
    if (deadline_ms == 0 || until_ms < deadline_ms) ctx->deadline_ms = until_ms;
    bool was_asked = false;
    ignis_code code = run_ping(ctx, item->connections, wait_ms, &was_asked);
    ctx->deadline_ms = deadline_ms;
    bool is_busy = code == IGNIS_E_TIMEOUT && !was_asked;
    bool is_told = code == IGNIS_E_STATE || code == IGNIS_E_CANCELLED || code == IGNIS_E_MEMORY;
    if (code == IGNIS_OK) {
        replica_rise(self, item);
    } else if (!is_busy && !is_told) {
        replica_fail(ctx, self, item, false);
    }
    context_restore(ctx, &saved);
}

void run_replicas_ping(ignis_context *ctx, run_replicas *replicas)
{
    for (size_t i = 0; replicas && i < replicas->count; i++) {
        replica *item = &replicas->items[i];
        int64_t wait_ms = share_ms(ctx, replicas, replicas->count - i - 1);
        if (wait_ms < PING_LEAST_MS) return;
        pthread_mutex_lock(&replicas->mutex);
        bool is_down = item->state == IGNIS_REPLICA_DOWN;
        bool is_free = !item->is_proved;
        if (is_down) item->is_proved = true;
        pthread_mutex_unlock(&replicas->mutex);
        if (is_down && is_free) replica_prove(ctx, replicas, item, wait_ms);
        if (!is_down) replica_ping(ctx, replicas, item, wait_ms);
    }
}

size_t run_replicas_count(const run_replicas *replicas)
{
    return replicas ? replicas->count : 0;
}

void run_replicas_read(run_replicas *replicas, size_t index, ignis_replica_status *status)
{
    pool_status now;
    const replica *item = &replicas->items[index];
    pool_status_read(item->connections, &now);
    pthread_mutex_lock(&replicas->mutex);
    *status = (ignis_replica_status){
        .struct_size = sizeof(*status),
        .url = item->name,
        .state = item->state,
        .code = item->code,
        .reads = item->reads,
        .failed = item->failed,
        .open = now.open,
        .idle = now.idle,
        .in_use = now.in_use,
        .waiting = now.waiting,
        .connected = now.connected,
    };
    memcpy(status->message, item->message, sizeof(item->message));
    pthread_mutex_unlock(&replicas->mutex);
}
