#include "driver/driver.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

struct pool {
    arena *memory; /* owns this struct */
    const ignis_driver *driver;
    ignis_database *database;
    pthread_mutex_t mutex; /* of all below */
    pthread_cond_t freed;  /* a connection is idle, or one more may be made */
    ignis_connection **idle;
    size_t idle_count;
    size_t open_count; /* idle, in use and being made */
    size_t open_max;
};

static bool locks_init(pool *self)
{
    pthread_condattr_t attributes;
    if (pthread_mutex_init(&self->mutex, NULL) != 0) return false;
    bool ok = pthread_condattr_init(&attributes) == 0;
    if (ok) {
        ok = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
             pthread_cond_init(&self->freed, &attributes) == 0;
        pthread_condattr_destroy(&attributes);
    }
    if (!ok) pthread_mutex_destroy(&self->mutex);
    return ok;
}

/* The bound of the caller or of the database, whichever is lower. */
static size_t bound_choose(const ignis_driver *driver, const ignis_database *database,
                           uint32_t connections_max)
{
    size_t wanted = connections_max ? connections_max : POOL_CONNECTIONS_DEFAULT;
    size_t allowed = driver->connections_max(database);
    return allowed && allowed < wanted ? allowed : wanted;
}

ignis_code pool_open(ignis_context *ctx, const ignis_driver *driver,
                     const ignis_driver_settings *settings, uint32_t connections_max,
                     pool **connections)
{
    if (connections_max > POOL_CONNECTIONS_MAX)
        return context_fail(ctx, IGNIS_E_INVALID, "connections_max is at most %d, got %u",
                            POOL_CONNECTIONS_MAX, (unsigned int)connections_max);
    ignis_database *database = NULL;
    IGNIS_TRY(driver->open(ctx, settings, &database));
    size_t open_max = bound_choose(driver, database, connections_max);
    arena *memory = arena_create();
    pool *self = memory ? arena_array(memory, 1, sizeof(*self)) : NULL;
    if (self) self->idle = arena_array(memory, open_max, sizeof(*self->idle));
    if (!self || !self->idle || !locks_init(self)) {
        if (memory) arena_destroy(memory);
        driver->close(database);
        return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    }
    self->memory = memory;
    self->driver = driver;
    self->database = database;
    self->open_max = open_max;
    *connections = self;
    return IGNIS_OK;
}

/* Now plus that many milliseconds. */
static struct timespec time_until(int64_t wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(wait_ms / 1000);
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    return until;
}

static int64_t wait_choose(const ignis_context *ctx)
{
    if (ctx->deadline_ms == 0) return POOL_ACQUIRE_MS;
    int64_t left_ms = ctx->deadline_ms - clock_monotonic_ms();
    if (left_ms < 0) left_ms = 0;
    return left_ms < POOL_ACQUIRE_MS ? left_ms : POOL_ACQUIRE_MS;
}

/* Waits, locked, until a connection is idle or may be made. false: none in time. */
static bool pool_wait(pool *self, int64_t wait_ms)
{
    struct timespec until = time_until(wait_ms);
    int result = 0;
    while (self->idle_count == 0 && self->open_count == self->open_max) {
        if (result == ETIMEDOUT) return false;
        result = pthread_cond_timedwait(&self->freed, &self->mutex, &until);
    }
    return true;
}

/* One connection less is open: another may be made. */
static void place_free(pool *self)
{
    pthread_mutex_lock(&self->mutex);
    self->open_count--;
    pthread_cond_signal(&self->freed);
    pthread_mutex_unlock(&self->mutex);
}

ignis_code pool_acquire(ignis_context *ctx, pool *connections, ignis_connection **connection)
{
    pool *self = connections;
    int64_t wait_ms = wait_choose(ctx);
    ignis_connection *taken = NULL;
    pthread_mutex_lock(&self->mutex);
    bool is_free = pool_wait(self, wait_ms);
    if (is_free && self->idle_count > 0) {
        taken = self->idle[--self->idle_count];
    } else if (is_free) {
        self->open_count++;
    }
    pthread_mutex_unlock(&self->mutex);
    if (!is_free)
        return context_fail(ctx, IGNIS_E_TIMEOUT,
                            "none of %zu connections became free within %lld ms", self->open_max,
                            (long long)wait_ms);
    if (!taken) {
        ignis_code code = self->driver->connect(ctx, self->database, &taken);
        if (code != IGNIS_OK) {
            place_free(self);
            return code;
        }
    }
    *connection = taken;
    return IGNIS_OK;
}

void pool_release(pool *connections, ignis_connection *connection)
{
    pool *self = connections;
    self->driver->abandon(connection);
    if (self->driver->is_broken(connection) || self->driver->in_transaction(connection)) {
        self->driver->disconnect(connection);
        place_free(self);
        return;
    }
    pthread_mutex_lock(&self->mutex);
    self->idle[self->idle_count++] = connection;
    pthread_cond_signal(&self->freed);
    pthread_mutex_unlock(&self->mutex);
}

void pool_close(pool *connections)
{
    pool *self = connections;
    if (!self) return;
    for (size_t i = 0; i < self->idle_count; i++) {
        self->driver->disconnect(self->idle[i]);
    }
    self->driver->close(self->database);
    pthread_cond_destroy(&self->freed);
    pthread_mutex_destroy(&self->mutex);
    arena_destroy(self->memory);
}

const ignis_driver *pool_driver(const pool *connections)
{
    return connections->driver;
}

ignis_database *pool_database(const pool *connections)
{
    return connections->database;
}
