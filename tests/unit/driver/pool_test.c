#include "driver/sqlite.h"
#include "session.h"

#include <pthread.h>

typedef struct opened {
    ignis_context *ctx;
    pool *connections;
    session_folder folder;
} opened;

static void open_file(opened *self, uint32_t connections_max)
{
    ignis_driver_settings settings = {.struct_size = sizeof(settings),
                                      .url = session_folder_make(&self->folder),
                                      .busy_timeout_ms = 60000};
    pool_settings wanted = {.connections_max = connections_max};
    self->ctx = ignis_context_create();
    assert_int_equal(
        pool_open(self->ctx, &ignis_sqlite_driver, &settings, &wanted, &self->connections),
        IGNIS_OK);
}

static void close_file(opened *self)
{
    pool_close(self->connections);
    ignis_context_free(self->ctx);
    session_folder_remove(&self->folder);
}

static ignis_connection *acquire(opened *self)
{
    ignis_connection *connection = NULL;
    assert_int_equal(pool_acquire(self->ctx, self->connections, &connection), IGNIS_OK);
    assert_non_null(connection);
    return connection;
}

static ignis_code run_on(ignis_context *ctx, const pool *connections, ignis_connection *connection,
                         const char *sql)
{
    const ignis_driver *driver = pool_driver(connections);
    ignis_statement statement = {.sql = sql, .sql_size = strlen(sql)};
    const ignis_execution execution = {.statement = &statement, .parameters = NULL};
    ignis_batch batch;
    IGNIS_TRY(driver->start(ctx, connection, &execution, 1));
    do {
        IGNIS_TRY(driver->step(ctx, connection, &batch));
    } while (batch.state != IGNIS_BATCH_IDLE);
    return IGNIS_OK;
}

static void the_connection_released_last_is_taken_first(void **state)
{
    (void)state;
    opened o;
    open_file(&o, 3);
    ignis_connection *a = acquire(&o), *b = acquire(&o), *c = acquire(&o);
    assert_ptr_not_equal(a, b);
    assert_ptr_not_equal(b, c);
    pool_release(o.connections, a);
    pool_release(o.connections, c);
    pool_release(o.connections, b);
    assert_ptr_equal(acquire(&o), b);
    assert_ptr_equal(acquire(&o), c);
    assert_ptr_equal(acquire(&o), a);
    pool_release(o.connections, a);
    pool_release(o.connections, b);
    pool_release(o.connections, c);
    close_file(&o);
}

static void a_pool_without_a_free_connection_times_out(void **state)
{
    (void)state;
    opened o;
    open_file(&o, 1);
    ignis_connection *only = acquire(&o);
    ignis_connection *second = NULL;
    int64_t before = clock_monotonic_ms();
    ignis_context_timeout_set(o.ctx, 30);
    assert_int_equal(pool_acquire(o.ctx, o.connections, &second), IGNIS_E_TIMEOUT);
    assert_null(second);
    assert_true(clock_monotonic_ms() - before >= 25);
    assert_non_null(
        strstr(ignis_context_error(o.ctx)->message, "none of 1 connections became free"));
    /* A deadline that has passed still takes what is free. */
    pool_release(o.connections, only);
    pool_release(o.connections, acquire(&o));
    close_file(&o);
}

typedef struct waiter {
    opened *opened;
    ignis_connection *connection;
} waiter;

static void *wait_for_connection(void *data)
{
    waiter *self = data;
    ignis_context *ctx = ignis_context_create();
    if (pool_acquire(ctx, self->opened->connections, &self->connection) != IGNIS_OK)
        self->connection = NULL;
    ignis_context_free(ctx);
    return NULL;
}

static void a_released_connection_goes_to_who_waits(void **state)
{
    (void)state;
    opened o;
    open_file(&o, 1);
    ignis_connection *only = acquire(&o);
    waiter waiting = {&o, NULL};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, wait_for_connection, &waiting), 0);
    pool_release(o.connections, only);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_ptr_equal(waiting.connection, only);
    pool_release(o.connections, only);
    close_file(&o);
}

static void a_connection_in_a_transaction_is_not_kept(void **state)
{
    (void)state;
    opened o;
    open_file(&o, 1);
    ignis_connection *first = acquire(&o);
    assert_int_equal(run_on(o.ctx, o.connections, first, "CREATE TABLE t(a)"), IGNIS_OK);
    assert_int_equal(run_on(o.ctx, o.connections, first, "BEGIN IMMEDIATE"), IGNIS_OK);
    assert_int_equal(run_on(o.ctx, o.connections, first, "INSERT INTO t VALUES (1)"), IGNIS_OK);
    pool_release(o.connections, first);
    ignis_connection *second = acquire(&o);
    assert_false(pool_driver(o.connections)->in_transaction(second));
    assert_int_equal(run_on(o.ctx, o.connections, second, "BEGIN IMMEDIATE"), IGNIS_OK);
    assert_int_equal(run_on(o.ctx, o.connections, second, "COMMIT"), IGNIS_OK);
    pool_release(o.connections, second);
    close_file(&o);
}

static void a_broken_connection_is_replaced(void **state)
{
    (void)state;
    opened o;
    open_file(&o, 1);
    ignis_connection *first = acquire(&o);
    ((sqlite_connection *)first)->is_broken = true;
    pool_release(o.connections, first);
    ignis_connection *second = acquire(&o);
    assert_false(pool_driver(o.connections)->is_broken(second));
    pool_release(o.connections, second);
    close_file(&o);
}

static void what_still_runs_is_dropped_on_release(void **state)
{
    (void)state;
    opened o;
    open_file(&o, 1);
    ignis_connection *connection = acquire(&o);
    const ignis_driver *driver = pool_driver(o.connections);
    ignis_statement statement = {.sql = "SELECT 1 UNION ALL SELECT 2", .sql_size = 27};
    const ignis_execution execution = {.statement = &statement, .parameters = NULL};
    ignis_batch batch;
    assert_int_equal(driver->start(o.ctx, connection, &execution, 1), IGNIS_OK);
    assert_int_equal(driver->step(o.ctx, connection, &batch), IGNIS_OK);
    pool_release(o.connections, connection);
    assert_ptr_equal(acquire(&o), connection);
    assert_int_equal(run_on(o.ctx, o.connections, connection, "SELECT 1"), IGNIS_OK);
    pool_release(o.connections, connection);
    close_file(&o);
}

static void a_memory_database_has_one_connection_and_keeps_its_tables(void **state)
{
    (void)state;
    ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = "sqlite::memory:"};
    pool_settings wanted = {.connections_max = 8, .lifetime_ms = 1, .idle_ms = 1};
    opened o = {.ctx = ignis_context_create()};
    assert_int_equal(pool_open(o.ctx, &ignis_sqlite_driver, &settings, &wanted, &o.connections),
                     IGNIS_OK);
    ignis_connection *first = acquire(&o);
    ignis_connection *second = NULL;
    assert_int_equal(run_on(o.ctx, o.connections, first, "CREATE TABLE t(a)"), IGNIS_OK);
    assert_int_equal(run_on(o.ctx, o.connections, first, "BEGIN"), IGNIS_OK);
    ignis_context_timeout_set(o.ctx, 1);
    assert_int_equal(pool_acquire(o.ctx, o.connections, &second), IGNIS_E_TIMEOUT);
    ignis_context_timeout_set(o.ctx, 0);
    pool_release(o.connections, first);
    second = acquire(&o);
    assert_int_equal(run_on(o.ctx, o.connections, second, "INSERT INTO t VALUES (1)"), IGNIS_OK);
    pool_release(o.connections, second);
    pool_close(o.connections);
    ignis_context_free(o.ctx);
}

static void a_pool_refuses_what_it_cannot_open(void **state)
{
    (void)state;
    ignis_context *ctx = ignis_context_create();
    ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = "/nowhere/at/all.db"};
    pool *connections = NULL;
    assert_int_equal(pool_open(ctx, &ignis_sqlite_driver, &settings, NULL, &connections),
                     IGNIS_E_CONNECTION);
    settings.url = ":memory:";
    static const struct {
        pool_settings wanted;
        const char *message;
    } rows[] = {
        {{.connections_max = POOL_CONNECTIONS_MAX + 1},
         "connections_max is at most 1000, got 1001"},
        {{.connections_min = 5}, "connections_min (5) is more than connections_max (4)"},
        {{.acquire_timeout_ms = -1}, "acquire_timeout_ms is negative: -1"},
        {{.idle_check_ms = -2}, "idle_check_ms is negative: -2"},
        {{.lifetime_ms = -3}, "lifetime_ms is negative: -3"},
        {{.idle_ms = INT64_MIN}, "idle_ms is negative: -9223372036854775808"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_int_equal(
            pool_open(ctx, &ignis_sqlite_driver, &settings, &rows[i].wanted, &connections),
            IGNIS_E_INVALID);
        assert_string_equal(ignis_context_error(ctx)->message, rows[i].message);
    }
    assert_null(connections);
    pool_close(NULL);
    ignis_context_free(ctx);
}

static void a_failed_connect_gives_its_place_back(void **state)
{
    (void)state;
    opened o;
    open_file(&o, 2);
    ignis_connection *first = acquire(&o);
    ignis_connection *second = NULL;
    arena_fault_at(1);
    ignis_code code = pool_acquire(o.ctx, o.connections, &second);
    bool is_injected = arena_fault_count() > 0;
    arena_fault_at(0);
    assert_int_equal(code, is_injected ? IGNIS_E_MEMORY : IGNIS_OK);
    if (!second) second = acquire(&o);
    pool_release(o.connections, second);
    pool_release(o.connections, first);
    close_file(&o);
}

enum { THREADS_COUNT = 8, ROUNDS_COUNT = 200 };

static void *work(void *data)
{
    opened *o = data;
    ignis_context *ctx = ignis_context_create();
    uintptr_t failures = 0;
    for (int i = 0; i < ROUNDS_COUNT; i++) {
        ignis_connection *connection = NULL;
        ignis_code code = pool_acquire(ctx, o->connections, &connection);
        if (code == IGNIS_OK) {
            code = run_on(ctx, o->connections, connection,
                          i % 10 == 0 ? "UPDATE counter SET n = n + 1" : "SELECT n FROM counter");
            pool_release(o->connections, connection);
        }
        failures += code != IGNIS_OK;
    }
    ignis_context_free(ctx);
    return (void *)failures;
}

static void threads_share_a_pool(void **state)
{
    (void)state;
    opened o;
    open_file(&o, 3);
    ignis_connection *connection = acquire(&o);
    assert_int_equal(run_on(o.ctx, o.connections, connection, "CREATE TABLE counter(n)"), IGNIS_OK);
    assert_int_equal(run_on(o.ctx, o.connections, connection, "INSERT INTO counter VALUES (0)"),
                     IGNIS_OK);
    pool_release(o.connections, connection);
    pthread_t threads[THREADS_COUNT];
    for (size_t i = 0; i < THREADS_COUNT; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, work, &o), 0);
    }
    for (size_t i = 0; i < THREADS_COUNT; i++) {
        void *failures = NULL;
        assert_int_equal(pthread_join(threads[i], &failures), 0);
        assert_null(failures);
    }
    session s = {.ctx = o.ctx, .driver = pool_driver(o.connections), .connection = acquire(&o)};
    session_expect(&s, "SELECT n FROM counter", "160");
    pool_release(o.connections, s.connection);
    close_file(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_connection_released_last_is_taken_first),
        cmocka_unit_test(a_pool_without_a_free_connection_times_out),
        cmocka_unit_test(a_released_connection_goes_to_who_waits),
        cmocka_unit_test(a_connection_in_a_transaction_is_not_kept),
        cmocka_unit_test(a_broken_connection_is_replaced),
        cmocka_unit_test(what_still_runs_is_dropped_on_release),
        cmocka_unit_test(a_memory_database_has_one_connection_and_keeps_its_tables),
        cmocka_unit_test(a_pool_refuses_what_it_cannot_open),
        cmocka_unit_test(a_failed_connect_gives_its_place_back),
        cmocka_unit_test(threads_share_a_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
