/* A driver and a clock that do as a test of the pool says. */
#ifndef POOL_STUB_H
#define POOL_STUB_H

#include "session.h"

#include <pthread.h>

enum { CONNECTIONS_MAX = 64 };

typedef struct stub_connection {
    struct stub *owner;
    bool is_dead;
    bool is_broken;
    bool is_open;
} stub_connection;

/* The driver's database, and the clock. Threads use it only where nothing of it changes. */
typedef struct stub {
    int64_t now_ms;
    stub_connection connections[CONNECTIONS_MAX];
    size_t connected;
    size_t disconnected;
    size_t checked;
    ignis_code connect_code;
    int64_t connect_ms; /* that an attempt takes */
    int64_t attempts_ms[CONNECTIONS_MAX];
    size_t attempts_count;
    int64_t up_at_ms; /* connects fail until then */
    size_t allowed;
    ignis_context *cancelled_by_wait; /* NULL: none */
} stub;

static inline ignis_code stub_open(ignis_context *ctx, const ignis_driver_settings *settings,
                                   ignis_database **database)
{
    (void)ctx;
    /* The tests hand over their stub as the URL. */
    *database = (ignis_database *)(uintptr_t)settings->url;
    return IGNIS_OK;
}

static inline void stub_close(ignis_database *database)
{
    (void)database;
}

static inline size_t stub_connections_max(const ignis_database *database)
{
    return ((const stub *)database)->allowed;
}

static inline ignis_code stub_connect(ignis_context *ctx, ignis_database *database,
                                      ignis_connection **connection)
{
    stub *self = (stub *)database;
    assert_true(self->attempts_count < CONNECTIONS_MAX);
    self->attempts_ms[self->attempts_count++] = self->now_ms;
    self->now_ms += self->connect_ms;
    if (self->connect_code != IGNIS_OK && self->now_ms < self->up_at_ms) {
        return context_fail(ctx, self->connect_code, "attempt %zu", self->attempts_count);
    }
    stub_connection *made = &self->connections[self->connected++];
    *made = (stub_connection){.owner = self, .is_open = true};
    *connection = (ignis_connection *)made;
    return IGNIS_OK;
}

static inline void stub_disconnect(ignis_connection *connection)
{
    stub_connection *self = (stub_connection *)connection;
    assert_true(self->is_open);
    self->is_open = false;
    self->owner->disconnected++;
}

static inline void stub_abandon(ignis_connection *connection)
{
    (void)connection;
}

static inline bool stub_is_broken(const ignis_connection *connection)
{
    return ((const stub_connection *)connection)->is_broken;
}

static inline bool stub_in_transaction(const ignis_connection *connection)
{
    (void)connection;
    return false;
}

static inline bool stub_check(ignis_connection *connection)
{
    stub_connection *self = (stub_connection *)connection;
    self->owner->checked++;
    return !self->is_dead;
}

static const ignis_driver stub_driver = {
    .struct_size = sizeof(ignis_driver),
    .name = "stub",
    .open = stub_open,
    .close = stub_close,
    .connections_max = stub_connections_max,
    .connect = stub_connect,
    .disconnect = stub_disconnect,
    .abandon = stub_abandon,
    .is_broken = stub_is_broken,
    .in_transaction = stub_in_transaction,
    .check = stub_check,
};

static inline int64_t stub_now_ms(void *data)
{
    return ((const stub *)data)->now_ms;
}

/* Nobody else acts while the only thread waits: the wait lasts to its end. */
static inline void stub_wait(void *data, pthread_cond_t *signalled, pthread_mutex_t *mutex,
                             int64_t until_ms)
{
    stub *self = data;
    (void)signalled;
    if (self->cancelled_by_wait) {
        pthread_mutex_unlock(mutex);
        ignis_context_cancel(self->cancelled_by_wait);
        pthread_mutex_lock(mutex);
        return;
    }
    assert_true(until_ms > self->now_ms);
    self->now_ms = until_ms;
}

typedef struct opened {
    stub database;
    pool_clock clock;
    ignis_context *ctx;
    pool *connections;
} opened;

static inline void open_on(opened *self, const ignis_driver *driver, pool_settings wanted)
{
    self->database.now_ms = 1000000;
    self->clock = (pool_clock){stub_now_ms, stub_wait, &self->database};
    self->ctx = ignis_context_create();
    wanted.clock = &self->clock;
    ignis_driver_settings settings = {.struct_size = sizeof(settings),
                                      .url = (const char *)&self->database};
    assert_int_equal(pool_open(self->ctx, driver, &settings, &wanted, &self->connections),
                     IGNIS_OK);
}

static inline void open_stub(opened *self, pool_settings wanted)
{
    *self = (opened){0};
    open_on(self, &stub_driver, wanted);
}

/* Every connection that was made is closed by then. */
static inline void close_stub(opened *self)
{
    pool_close(self->connections);
    assert_int_equal(self->database.connected, self->database.disconnected);
    ignis_context_free(self->ctx);
}

static inline stub_connection *take(opened *self)
{
    ignis_connection *connection = NULL;
    assert_int_equal(pool_acquire(self->ctx, self->connections, &connection), IGNIS_OK);
    return (stub_connection *)connection;
}

static inline void give(opened *self, stub_connection *connection)
{
    pool_release(self->connections, (ignis_connection *)connection);
}

static inline void expect_status(opened *self, size_t idle, size_t in_use, uint64_t connected)
{
    pool_status status;
    pool_status_read(self->connections, &status);
    assert_int_equal(status.idle, idle);
    assert_int_equal(status.in_use, in_use);
    assert_int_equal(status.open, idle + in_use);
    assert_int_equal(status.connected, connected);
    assert_int_equal(status.waiting, 0);
}

#endif
