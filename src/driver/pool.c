/* pool: connections of one database, shared by threads, first come, first served. */
#include "driver/driver.h"

enum { CLOSING_MAX = 8 /* idle connections closed at one call */ };

/* A connection, and since when. */
typedef struct pool_entry {
    ignis_connection *connection; /* NULL: a place for one */
    int64_t expires_ms;
    int64_t idle_since_ms;
    bool is_suspect; /* a connection broke since it became idle */
} pool_entry;

/* A caller in want of a connection. It waits in the list only where none is to be had at once. */
typedef struct pool_turn {
    pool *owner;
    uint64_t number; /* 0: not drawn yet */
    int64_t until_ms;
    int64_t wait_ms;        /* from its beginning until until_ms */
    int64_t retry_delay_ms; /* the pool's when the place was taken */
    bool tries_once;        /* an attempt to connect is made at once, and only one */
    pthread_cond_t signalled;
    struct pool_turn *next;
} pool_turn;

struct pool {
    arena *memory; /* owns this struct */
    const ignis_driver *driver;
    ignis_database *database;
    pool_settings settings; /* no member is 0 but connections_min */
    pool_clock clock;
    bool is_single;        /* the database allows one connection, which is the database */
    pthread_mutex_t mutex; /* of all below */
    pool_entry *idle;      /* a stack: the one released last is on top */
    size_t idle_count;
    pool_entry *in_use;
    size_t in_use_count;
    size_t places_count; /* held without a connection: it is being made or closed */
    pool_turn *first;    /* by number */
    uint64_t turns_count;
    uint64_t random;
    int64_t suspect_ms; /* idle since then or before: checked at any age; a connection broke */
    /* While connecting fails: */
    int64_t retry_delay_ms; /* 0: it does not */
    int64_t retry_at_ms;
    context_saved failure; /* of the last attempt that had an answer */
    bool is_suspended;     /* nothing is given out, nothing kept */
    bool is_closed;        /* it ends with the release of the last connection */
    uint64_t connected;
    uint64_t failed;
};

static int64_t pool_now_ms(const pool *self)
{
    return self->clock.now_ms(self->clock.data);
}

static int64_t time_add(int64_t time_ms, int64_t span_ms)
{
    return span_ms > INT64_MAX - time_ms ? INT64_MAX : time_ms + span_ms;
}

/* ---- opening and closing ----------------------------------------------------------------------- */

/* NULL: no memory. */
static pool *pool_make(const pool_settings *settings)
{
    arena *memory = arena_create();
    pool *self = memory ? arena_array(memory, 1, sizeof(*self)) : NULL;
    if (self) {
        self->idle = arena_array(memory, settings->connections_max, sizeof(*self->idle));
        self->in_use = arena_array(memory, settings->connections_max, sizeof(*self->in_use));
    }
    if (!self || !self->idle || !self->in_use || pthread_mutex_init(&self->mutex, NULL) != 0) {
        if (memory) arena_destroy(memory);
        return NULL;
    }
    self->memory = memory;
    self->settings = *settings;
    self->clock = *settings->clock;
    self->suspect_ms = INT64_MIN;
    self->random = (uint64_t)clock_monotonic_ms() ^ (uint64_t)(uintptr_t)self;
    return self;
}

ignis_code pool_open(ignis_context *ctx, const ignis_driver *driver,
                     const ignis_driver_settings *settings, const pool_settings *wanted,
                     pool **connections)
{
    pool_settings read;
    ignis_database *database = NULL;
    IGNIS_TRY(pool_settings_read(ctx, wanted, &read));
    IGNIS_TRY(driver->open(ctx, settings, &database));
    size_t allowed = driver->connections_max(database);
    if (allowed && allowed < read.connections_max) read.connections_max = (uint32_t)allowed;
    pool *self = pool_make(&read);
    if (!self) {
        driver->close(database);
        return context_fail(ctx, IGNIS_E_MEMORY, "no memory for a pool of connections");
    }
    self->driver = driver;
    self->database = database;
    self->is_single = allowed == 1;
    *connections = self;
    return IGNIS_OK;
}

static void pool_free(pool *self)
{
    self->driver->close(self->database);
    pthread_mutex_destroy(&self->mutex);
    arena_destroy(self->memory);
}

void pool_close(pool *connections)
{
    pool *self = connections;
    if (!self) return;
    pthread_mutex_lock(&self->mutex);
    for (size_t i = 0; i < self->idle_count; i++)
        self->driver->disconnect(self->idle[i].connection);
    self->idle_count = 0;
    self->settings.log = NULL;
    self->is_closed = true;
    bool is_used = self->in_use_count > 0;
    pthread_mutex_unlock(&self->mutex);
    if (!is_used) pool_free(self);
}

/* ---- what the lock protects -------------------------------------------------------------------- */

static size_t open_count(const pool *self)
{
    return self->idle_count + self->in_use_count + self->places_count;
}

/* Whoever has waited longest looks again at what there is. */
static void first_signal(pool *self)
{
    if (self->first) pthread_cond_signal(&self->first->signalled);
}

/* An idle connection, or a place to make one in. While connecting fails one attempt is made at a
   time. false: neither is there now. */
static bool entry_take(pool *self, pool_turn *turn, pool_entry *entry)
{
    if (self->idle_count > 0) {
        *entry = self->idle[--self->idle_count];
        entry->is_suspect = entry->idle_since_ms <= self->suspect_ms;
        self->in_use[self->in_use_count++] = *entry;
        return true;
    }
    if (open_count(self) == self->settings.connections_max) return false;
    if (self->retry_delay_ms && !turn->tries_once) {
        int64_t now_ms = pool_now_ms(self);
        if (now_ms < self->retry_at_ms) return false;
        self->retry_at_ms = now_ms + self->retry_delay_ms;
    }
    self->places_count++;
    turn->retry_delay_ms = self->retry_delay_ms;
    *entry = (pool_entry){0};
    return true;
}

/* A connection in use becomes a place, to be closed or to be put among the idle. */
static pool_entry in_use_remove(pool *self, const ignis_connection *connection)
{
    size_t i = self->in_use_count - 1;
    while (i > 0 && self->in_use[i].connection != connection)
        i--;
    pool_entry entry = self->in_use[i];
    self->in_use[i] = self->in_use[--self->in_use_count];
    self->places_count++;
    return entry;
}

static void places_free(pool *self, size_t count)
{
    self->places_count -= count;
    first_signal(self);
}

/* Those at the bottom, idle for too long, become places. Returns their number. */
static size_t idle_expire(pool *self, int64_t now_ms, ignis_connection *closing[CLOSING_MAX])
{
    size_t count = 0;
    size_t spare = self->idle_count;
    size_t least = self->settings.connections_min;
    if (self->is_single || open_count(self) <= least) return 0;
    if (spare > open_count(self) - least) spare = open_count(self) - least;
    if (spare > CLOSING_MAX) spare = CLOSING_MAX;
    while (count < spare && now_ms - self->idle[count].idle_since_ms > self->settings.idle_ms) {
        closing[count] = self->idle[count].connection;
        count++;
    }
    if (count == 0) return 0;
    self->idle_count -= count;
    self->places_count += count;
    memmove(self->idle, self->idle + count, self->idle_count * sizeof(*self->idle));
    return count;
}

/* A lifetime, shorter by up to a tenth, so that connections made together do not end together. */
static int64_t lifetime_choose(pool *self)
{
    /* splitmix64 */
    uint64_t mixed = self->random += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    mixed ^= mixed >> 31;
    uint64_t tenth = (uint64_t)self->settings.lifetime_ms / 10;
    return self->settings.lifetime_ms - (int64_t)(mixed % (tenth + 1));
}

/* ---- closing ----------------------------------------------------------------------------------- */

/* Closes connections that are places by now. */
static void entries_close(pool *self, ignis_connection *const *closing, size_t count)
{
    if (count == 0) return;
    for (size_t i = 0; i < count; i++) {
        self->driver->disconnect(closing[i]);
    }
    pthread_mutex_lock(&self->mutex);
    places_free(self, count);
    pthread_mutex_unlock(&self->mutex);
}

void pool_release(pool *connections, ignis_connection *connection)
{
    pool *self = connections;
    ignis_connection *closing[CLOSING_MAX + 1];
    self->driver->abandon(connection);
    bool is_broken = self->driver->is_broken(connection);
    bool is_lost = is_broken || self->driver->in_transaction(connection);
    int64_t now_ms = pool_now_ms(self);
    pthread_mutex_lock(&self->mutex);
    pool_entry entry = in_use_remove(self, connection);
    size_t closing_count = idle_expire(self, now_ms, closing);
    if (is_broken) self->suspect_ms = now_ms;
    bool is_old = !self->is_single && now_ms >= entry.expires_ms;
    bool is_last = self->is_closed && self->in_use_count == 0;
    if (is_lost || is_old || self->is_suspended || self->is_closed) {
        closing[closing_count++] = connection;
    } else {
        entry.idle_since_ms = now_ms;
        self->idle[self->idle_count++] = entry;
        places_free(self, 1);
    }
    pthread_mutex_unlock(&self->mutex);
    entries_close(self, closing, closing_count);
    if (is_last) pool_free(self);
}

/* ---- waiting ----------------------------------------------------------------------------------- */

/* A cancel of the caller wakes its turn. */
static void turn_wake(void *data)
{
    pool_turn *turn = data;
    pthread_mutex_lock(&turn->owner->mutex);
    pthread_cond_signal(&turn->signalled);
    pthread_mutex_unlock(&turn->owner->mutex);
}

static bool signal_init(pthread_cond_t *signalled)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) return false;
    bool ok = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
              pthread_cond_init(signalled, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return ok;
}

/* Older numbers come first: a caller whose connect failed stands again where it stood. */
static void turn_insert(pool *self, pool_turn *turn)
{
    pool_turn **place = &self->first;
    while (*place && (*place)->number < turn->number)
        place = &(*place)->next;
    turn->next = *place;
    *place = turn;
}

static void turn_remove(pool *self, const pool_turn *turn)
{
    pool_turn **place = &self->first;
    while (*place != turn)
        place = &(*place)->next;
    *place = turn->next;
    first_signal(self);
}

/* No connection in time. */
static ignis_code turn_fail(ignis_context *ctx, const pool *self, const pool_turn *turn)
{
    if (self->retry_delay_ms && open_count(self) < self->settings.connections_max) {
        context_restore(ctx, &self->failure);
        return IGNIS_E_CONNECTION;
    }
    return context_fail(ctx, IGNIS_E_TIMEOUT, "none of %u connections became free within %lld ms",
                        (unsigned int)self->settings.connections_max, (long long)turn->wait_ms);
}

static ignis_code suspended_fail(ignis_context *ctx)
{
    return context_fail(ctx, IGNIS_E_STATE, "the data source is disconnected");
}

/* Waits, locked and in the list, until it is the caller's turn and there is something to take. */
static ignis_code turn_wait(ignis_context *ctx, pool *self, pool_turn *turn, pool_entry *entry)
{
    for (;;) {
        if (self->is_suspended) return suspended_fail(ctx);
        if (self->first == turn && entry_take(self, turn, entry)) return IGNIS_OK;
        if (context_is_cancelled(ctx)) return context_fail_cancelled(ctx);
        int64_t until_ms = turn->until_ms;
        if (pool_now_ms(self) >= until_ms) return turn_fail(ctx, self, turn);
        if (self->first == turn && self->retry_delay_ms && self->retry_at_ms < until_ms &&
            open_count(self) < self->settings.connections_max) {
            until_ms = self->retry_at_ms;
        }
        self->clock.wait(self->clock.data, &turn->signalled, &self->mutex, until_ms);
    }
}

static ignis_code turn_queue(ignis_context *ctx, pool *self, pool_turn *turn, pool_entry *entry)
{
    if (!signal_init(&turn->signalled)) {
        return context_fail(ctx, IGNIS_E_MEMORY, "no memory to wait for a connection");
    }
    context_cancel_hook(ctx, turn_wake, turn);
    pthread_mutex_lock(&self->mutex);
    turn_insert(self, turn);
    ignis_code code = turn_wait(ctx, self, turn, entry);
    turn_remove(self, turn);
    pthread_mutex_unlock(&self->mutex);
    context_cancel_hook(ctx, NULL, NULL);
    pthread_cond_destroy(&turn->signalled);
    return code;
}

/* An idle connection or a place, at once or in turn. */
static ignis_code turn_take(ignis_context *ctx, pool *self, pool_turn *turn, pool_entry *entry)
{
    ignis_connection *closing[CLOSING_MAX];
    pthread_mutex_lock(&self->mutex);
    if (turn->number == 0) turn->number = ++self->turns_count;
    bool is_taken = !self->is_suspended && !self->first && entry_take(self, turn, entry);
    size_t closing_count = self->idle_count ? idle_expire(self, pool_now_ms(self), closing) : 0;
    pthread_mutex_unlock(&self->mutex);
    entries_close(self, closing, closing_count);
    return is_taken ? IGNIS_OK : turn_queue(ctx, self, turn, entry);
}

/* ---- taking ------------------------------------------------------------------------------------ */

/* A connection that was idle may have died or be too old. */
static bool entry_is_good(pool *self, const pool_entry *entry)
{
    const ignis_driver *driver = self->driver;
    if (self->is_single) return true;
    int64_t now_ms = pool_now_ms(self);
    if (now_ms >= entry->expires_ms) return false;
    bool has_check = driver->struct_size > offsetof(ignis_driver, check) && driver->check;
    if (!has_check) return true;
    bool is_recent = now_ms - entry->idle_since_ms <= self->settings.idle_check_ms;
    return (is_recent && !entry->is_suspect) || driver->check(entry->connection);
}

static void entry_discard(pool *self, const pool_entry *entry)
{
    int64_t now_ms = pool_now_ms(self);
    pthread_mutex_lock(&self->mutex);
    in_use_remove(self, entry->connection);
    /* What killed it may have killed the others that were idle with it. */
    if (now_ms < entry->expires_ms) self->suspect_ms = now_ms;
    pthread_mutex_unlock(&self->mutex);
    entries_close(self, &entry->connection, 1);
}

/* Whether waiting cannot mend it: the server refuses the user, or has no such database. */
static bool failure_is_final(const ignis_context *ctx)
{
    return strncmp(ctx->sqlstate, "28", 2) == 0 || strcmp(ctx->sqlstate, "3D000") == 0;
}

/* Attempts that failed together, before any wait, double the delay once. */
static void failure_note(const ignis_context *ctx, pool *self, const pool_turn *turn)
{
    context_save(ctx, &self->failure);
    /* An attempt that its caller's time cut short says nothing of how long the server is away. */
    if (pool_now_ms(self) >= turn->until_ms) return;
    if (failure_is_final(ctx)) {
        self->retry_delay_ms = 0;
        return;
    }
    if (self->retry_delay_ms != turn->retry_delay_ms) return;
    int64_t delay_ms = turn->retry_delay_ms ? 2 * turn->retry_delay_ms : POOL_RETRY_FIRST_MS;
    self->retry_delay_ms = delay_ms < POOL_RETRY_MAX_MS ? delay_ms : POOL_RETRY_MAX_MS;
    self->retry_at_ms = pool_now_ms(self) + self->retry_delay_ms;
}

/* The driver may wait until the end of the turn. Where that comes before the caller's own deadline
   it is the connection that is missing, not the time. is_cut: it gave no
   answer by the end of the turn. */
static ignis_code driver_connect(ignis_context *ctx, pool *self, const pool_turn *turn,
                                 ignis_connection **connection, bool *is_cut)
{
    int64_t deadline_ms = ctx->deadline_ms;
    ctx->deadline_ms = turn->until_ms;
    ignis_code code = self->driver->connect(ctx, self->database, connection);
    ctx->deadline_ms = deadline_ms;
    *is_cut = code == IGNIS_E_TIMEOUT;
    if (code != IGNIS_E_TIMEOUT || turn->until_ms == deadline_ms) return code;
    if (turn->tries_once && turn->wait_ms == 0) return code;
    return context_fail(ctx, IGNIS_E_CONNECTION, "no connection to the database within %lld ms",
                        (long long)turn->wait_ms);
}

/* Tells of a new connection, or of an attempt that failed. */
static void connect_tell(const ignis_context *ctx, const pool *self, ignis_code code)
{
    if (code == IGNIS_OK) log_line(self->settings.log, IGNIS_LOG_DEBUG, "a connection was made");
    ignis_log_level level = self->settings.is_replica ? IGNIS_LOG_DEBUG : IGNIS_LOG_WARN;
    if (code != IGNIS_E_CONNECTION || !log_wants(self->settings.log, level)) return;
    ignis_log_entry entry = {.level = level, .message = ctx->message, .code = code};
    log_entry_write(self->settings.log, &entry);
}

/* Made or begun, and not taken by anyone. */
static void untaken_close(const pool *self)
{
    const ignis_driver *driver = self->driver;
    bool has_drop = driver->struct_size > offsetof(ignis_driver, drop) && driver->drop;
    if (has_drop) driver->drop(self->database);
}

/* Makes a connection in a place that is held; the place is given back on failure. */
static ignis_code place_fill(ignis_context *ctx, pool *self, const pool_turn *turn,
                             pool_entry *entry)
{
    bool is_cut;
    ignis_code code = driver_connect(ctx, self, turn, &entry->connection, &is_cut);
    int64_t now_ms = pool_now_ms(self);
    pthread_mutex_lock(&self->mutex);
    if (code == IGNIS_OK) {
        self->connected++;
        self->retry_delay_ms = 0;
        entry->expires_ms = time_add(now_ms, lifetime_choose(self));
        self->in_use[self->in_use_count++] = *entry;
    } else {
        self->failed++;
        bool is_known = is_cut && self->retry_delay_ms;
        if (is_known && !turn->tries_once) {
            /* The attempt before it knew why. */
            context_restore(ctx, &self->failure);
            code = IGNIS_E_CONNECTION;
        } else if (code == IGNIS_E_CONNECTION && !is_known) {
            failure_note(ctx, self, turn);
        }
    }
    places_free(self, 1);
    bool is_late = self->is_suspended && code != IGNIS_OK;
    pthread_mutex_unlock(&self->mutex);
    if (is_late) untaken_close(self);
    connect_tell(ctx, self, code);
    return code;
}

static void turn_start(const ignis_context *ctx, pool *self, int64_t wait_ms, pool_turn *turn)
{
    int64_t now_ms = pool_now_ms(self);
    *turn = (pool_turn){.owner = self, .until_ms = time_add(now_ms, wait_ms)};
    if (ctx->deadline_ms && ctx->deadline_ms < turn->until_ms) turn->until_ms = ctx->deadline_ms;
    turn->wait_ms = turn->until_ms > now_ms ? turn->until_ms - now_ms : 0;
}

static ignis_code turn_finish(ignis_context *ctx, pool *self, pool_turn *turn,
                              ignis_connection **connection)
{
    for (;;) {
        pool_entry entry;
        IGNIS_TRY(turn_take(ctx, self, turn, &entry));
        ignis_code code = IGNIS_OK;
        if (!entry.connection) {
            code = place_fill(ctx, self, turn, &entry);
        } else if (!entry_is_good(self, &entry)) {
            entry_discard(self, &entry);
            continue;
        }
        if (code == IGNIS_OK) *connection = entry.connection;
        if (code != IGNIS_E_CONNECTION || turn->tries_once || failure_is_final(ctx)) return code;
        if (pool_now_ms(self) >= turn->until_ms) return code;
    }
}

ignis_code pool_acquire(ignis_context *ctx, pool *connections, ignis_connection **connection)
{
    pool_turn turn;
    turn_start(ctx, connections, connections->settings.acquire_timeout_ms, &turn);
    return turn_finish(ctx, connections, &turn, connection);
}

ignis_code pool_try(ignis_context *ctx, pool *connections, int64_t wait_ms,
                    ignis_connection **connection)
{
    pool_turn turn;
    turn_start(ctx, connections, wait_ms, &turn);
    turn.tries_once = true;
    return turn_finish(ctx, connections, &turn, connection);
}

/* ---- suspending -------------------------------------------------------------------------------- */

static void idle_close(pool *self)
{
    ignis_connection *closing[CLOSING_MAX];
    size_t count;
    do {
        pthread_mutex_lock(&self->mutex);
        for (count = 0; count < CLOSING_MAX && self->idle_count > 0; count++) {
            closing[count] = self->idle[--self->idle_count].connection;
        }
        self->places_count += count;
        first_signal(self);
        pthread_mutex_unlock(&self->mutex);
        entries_close(self, closing, count);
    } while (count > 0);
}

void pool_drain(pool *connections)
{
    if (!connections->is_single) idle_close(connections);
}

void pool_suspend(pool *connections)
{
    pthread_mutex_lock(&connections->mutex);
    connections->is_suspended = true;
    pthread_mutex_unlock(&connections->mutex);
    untaken_close(connections);
    idle_close(connections);
}

bool pool_resume(pool *connections)
{
    pthread_mutex_lock(&connections->mutex);
    bool was_suspended = connections->is_suspended;
    connections->is_suspended = false;
    pthread_mutex_unlock(&connections->mutex);
    return was_suspended;
}

/* ---- looking ----------------------------------------------------------------------------------- */

void pool_status_read(pool *connections, pool_status *status)
{
    pool *self = connections;
    size_t waiting = 0;
    pthread_mutex_lock(&self->mutex);
    for (const pool_turn *turn = self->first; turn; turn = turn->next) {
        waiting++;
    }
    *status = (pool_status){
        .open = open_count(self),
        .idle = self->idle_count,
        .in_use = self->in_use_count + self->places_count,
        .waiting = waiting,
        .connected = self->connected,
        .failed = self->failed,
    };
    pthread_mutex_unlock(&self->mutex);
}

const ignis_driver *pool_driver(const pool *connections)
{
    return connections->driver;
}

const log_sink *pool_log(const pool *connections)
{
    return connections->settings.log;
}

ignis_database *pool_database(const pool *connections)
{
    return connections->database;
}
