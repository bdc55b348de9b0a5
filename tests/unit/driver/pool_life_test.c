/* The lives of connections in a pool, and waiting for them. */
#include "pool_stub.h"

#include <sched.h>

static void the_status_counts_connections(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){0});
    expect_status(&o, 0, 0, 0);
    stub_connection *a = take(&o), *b = take(&o);
    expect_status(&o, 0, 2, 2);
    give(&o, a);
    expect_status(&o, 1, 1, 2);
    b->is_broken = true;
    give(&o, b);
    expect_status(&o, 1, 0, 2);
    close_stub(&o);
}

static void only_a_connection_idle_for_long_is_checked(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){.idle_check_ms = 500});
    stub_connection *first = take(&o);
    give(&o, first);
    o.database.now_ms += 500;
    assert_ptr_equal(take(&o), first);
    assert_int_equal(o.database.checked, 0);
    give(&o, first);
    o.database.now_ms += 501;
    assert_ptr_equal(take(&o), first);
    assert_int_equal(o.database.checked, 1);
    give(&o, first);
    close_stub(&o);
}

static void dead_connections_are_replaced_unseen(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){.idle_check_ms = 500});
    stub_connection *a = take(&o), *b = take(&o), *c = take(&o);
    give(&o, a);
    give(&o, b);
    give(&o, c);
    a->is_dead = b->is_dead = c->is_dead = true;
    o.database.now_ms += 501;
    stub_connection *fresh = take(&o);
    assert_false(fresh->is_dead);
    assert_int_equal(o.database.checked, 3);
    expect_status(&o, 0, 1, 4);
    give(&o, fresh);
    close_stub(&o);
}

static void after_one_broke_the_idle_ones_are_checked_at_any_age(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){0});
    stub_connection *a = take(&o), *b = take(&o);
    give(&o, a);
    a->is_dead = b->is_broken = true;
    give(&o, b);
    stub_connection *fresh = take(&o);
    assert_ptr_not_equal(fresh, a);
    assert_int_equal(o.database.checked, 1);
    o.database.now_ms += 1;
    give(&o, fresh);
    assert_ptr_equal(take(&o), fresh);
    assert_int_equal(o.database.checked, 1);
    give(&o, fresh);
    close_stub(&o);
}

static void a_driver_without_a_check_is_not_asked(void **state)
{
    (void)state;
    static const size_t sizes[] = {sizeof(ignis_driver), offsetof(ignis_driver, check)};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        opened o = {0};
        ignis_driver driver = stub_driver;
        driver.struct_size = sizes[i];
        if (sizes[i] == sizeof(driver)) driver.check = NULL;
        open_on(&o, &driver, (pool_settings){.idle_check_ms = 1});
        give(&o, take(&o));
        o.database.now_ms += 1000;
        give(&o, take(&o));
        assert_int_equal(o.database.checked, 0);
        expect_status(&o, 1, 0, 1);
        close_stub(&o);
    }
}

static void lifetimes_end_within_the_last_tenth(void **state)
{
    (void)state;
    opened o;
    enum { COUNT = 50 };
    stub_connection *taken[COUNT];
    open_stub(&o, (pool_settings){.connections_max = COUNT, .lifetime_ms = 1000});
    for (size_t i = 0; i < COUNT; i++) {
        taken[i] = take(&o);
    }
    o.database.now_ms += 899;
    for (size_t i = 0; i < COUNT; i++) {
        give(&o, taken[i]);
    }
    expect_status(&o, COUNT, 0, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        taken[i] = take(&o);
    }
    o.database.now_ms += 51;
    for (size_t i = 0; i < COUNT; i++) {
        give(&o, taken[i]);
    }
    assert_in_range(o.database.disconnected, 1, COUNT - 1);
    o.database.now_ms += 50;
    stub_connection *fresh = take(&o);
    assert_int_equal(o.database.disconnected, COUNT);
    expect_status(&o, 0, 1, COUNT + 1);
    give(&o, fresh);
    close_stub(&o);
}

static void idle_connections_beyond_the_least_are_closed(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){.connections_max = 5, .connections_min = 2, .idle_ms = 1000});
    stub_connection *taken[5];
    for (size_t i = 0; i < 5; i++) {
        taken[i] = take(&o);
    }
    for (size_t i = 0; i < 5; i++) {
        give(&o, taken[i]);
    }
    o.database.now_ms += 1000;
    stub_connection *busy = take(&o);
    expect_status(&o, 4, 1, 5);
    o.database.now_ms += 1;
    give(&o, busy);
    expect_status(&o, 2, 0, 5);
    assert_false(taken[0]->is_open);
    assert_true(taken[3]->is_open);
    o.database.now_ms += 5000;
    assert_ptr_equal(take(&o), busy);
    expect_status(&o, 1, 1, 5);
    give(&o, busy);
    close_stub(&o);
}

static void the_only_connection_of_a_database_is_never_closed_for_its_age(void **state)
{
    (void)state;
    opened o = {.database.allowed = 1};
    open_on(&o, &stub_driver,
            (pool_settings){.lifetime_ms = 10, .idle_ms = 10, .idle_check_ms = 10});
    stub_connection *only = take(&o);
    for (int i = 0; i < 3; i++) {
        o.database.now_ms += 1000;
        give(&o, only);
        o.database.now_ms += 1000;
        assert_ptr_equal(take(&o), only);
    }
    assert_int_equal(o.database.disconnected + o.database.checked, 0);
    give(&o, only);
    close_stub(&o);
}

static void failed_connects_are_tried_again_at_growing_distances(void **state)
{
    (void)state;
    static const int64_t distances_ms[] = {0, 50, 150, 350, 750, 1550, 3150, 5150, 7150, 9150};
    opened o;
    open_stub(&o, (pool_settings){0});
    o.database.connect_code = IGNIS_E_CONNECTION;
    o.database.up_at_ms = INT64_MAX;
    ignis_connection *connection = NULL;
    int64_t start_ms = o.database.now_ms;
    assert_int_equal(pool_acquire(o.ctx, o.connections, &connection), IGNIS_E_CONNECTION);
    assert_null(connection);
    assert_string_equal(ignis_context_error(o.ctx)->message, "attempt 10");
    assert_int_equal(o.database.now_ms - start_ms, 10000);
    assert_int_equal(o.database.attempts_count, ARRAY_COUNT(distances_ms));
    for (size_t i = 0; i < ARRAY_COUNT(distances_ms); i++) {
        assert_int_equal(o.database.attempts_ms[i] - start_ms, distances_ms[i]);
    }
    pool_status status;
    pool_status_read(o.connections, &status);
    assert_int_equal(status.failed, 10);
    assert_int_equal(status.open, 0);
    close_stub(&o);
}

static void a_database_that_comes_back_is_found(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){0});
    o.database.connect_code = IGNIS_E_CONNECTION;
    o.database.up_at_ms = o.database.now_ms + 300;
    int64_t start_ms = o.database.now_ms;
    stub_connection *first = take(&o);
    assert_int_equal(o.database.now_ms - start_ms, 350);
    /* Nothing is left of the outage: the next connection is made at once. */
    stub_connection *second = take(&o);
    assert_int_equal(o.database.now_ms - start_ms, 350);
    give(&o, first);
    give(&o, second);
    expect_status(&o, 2, 0, 2);
    close_stub(&o);
}

static void the_deadline_ends_the_attempts_with_the_last_error(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){0});
    o.database.connect_code = IGNIS_E_CONNECTION;
    o.database.up_at_ms = INT64_MAX;
    o.ctx->deadline_ms = o.database.now_ms + 100;
    ignis_connection *connection = NULL;
    assert_int_equal(pool_acquire(o.ctx, o.connections, &connection), IGNIS_E_CONNECTION);
    assert_string_equal(ignis_context_error(o.ctx)->message, "attempt 2");
    assert_int_equal(o.database.now_ms, o.ctx->deadline_ms);
    /* Who comes later without time gets the same error without an attempt. */
    assert_int_equal(pool_acquire(o.ctx, o.connections, &connection), IGNIS_E_CONNECTION);
    assert_int_equal(o.database.attempts_count, 2);
    close_stub(&o);
}

static void other_failures_are_not_tried_again(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){0});
    o.database.connect_code = IGNIS_E_MEMORY;
    o.database.up_at_ms = INT64_MAX;
    ignis_connection *connection = NULL;
    assert_int_equal(pool_acquire(o.ctx, o.connections, &connection), IGNIS_E_MEMORY);
    assert_int_equal(o.database.attempts_count, 1);
    close_stub(&o);
}

static void a_connect_that_hangs_is_bounded_by_the_acquire_timeout(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){.acquire_timeout_ms = 700});
    o.database.connect_code = IGNIS_E_TIMEOUT;
    o.database.connect_ms = 700;
    o.database.up_at_ms = INT64_MAX;
    ignis_connection *connection = NULL;
    assert_int_equal(pool_acquire(o.ctx, o.connections, &connection), IGNIS_E_CONNECTION);
    assert_string_equal(ignis_context_error(o.ctx)->message,
                        "no connection to the database within 700 ms");
    assert_int_equal(o.ctx->deadline_ms, 0);
    close_stub(&o);
}

static void a_connect_beyond_the_callers_deadline_is_a_timeout(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){0});
    o.database.connect_code = IGNIS_E_TIMEOUT;
    o.database.up_at_ms = INT64_MAX;
    o.ctx->deadline_ms = o.database.now_ms + 5;
    ignis_connection *connection = NULL;
    assert_int_equal(pool_acquire(o.ctx, o.connections, &connection), IGNIS_E_TIMEOUT);
    assert_string_equal(ignis_context_error(o.ctx)->message, "attempt 1");
    close_stub(&o);
}

static void a_wait_for_a_connection_can_be_cancelled(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){.connections_max = 1});
    stub_connection *only = take(&o);
    o.database.cancelled_by_wait = o.ctx;
    ignis_connection *connection = NULL;
    context_call_begin(o.ctx);
    assert_int_equal(pool_acquire(o.ctx, o.connections, &connection), IGNIS_E_CANCELLED);
    context_call_end(o.ctx);
    assert_string_equal(ignis_context_error(o.ctx)->message, "the call was cancelled");
    give(&o, only);
    expect_status(&o, 1, 0, 1);
    close_stub(&o);
}

/* ---- waiters in threads, on the system's clock ------------------------------------------------- */

enum { WAITERS_COUNT = 5 };

typedef struct waiter {
    pool *connections;
    size_t *next_place; /* of those served, in order */
    size_t place;
    ignis_code code;
} waiter;

static void *wait_in_turn(void *data)
{
    waiter *self = data;
    ignis_context *ctx = ignis_context_create();
    ignis_connection *connection = NULL;
    self->code = pool_acquire(ctx, self->connections, &connection);
    /* The only connection guards the count. */
    self->place = (*self->next_place)++;
    if (connection) pool_release(self->connections, connection);
    ignis_context_free(ctx);
    return NULL;
}

static size_t waiting_count(pool *connections)
{
    pool_status status;
    pool_status_read(connections, &status);
    return status.waiting;
}

static void waiters_are_served_in_the_order_they_came(void **state)
{
    (void)state;
    opened o = {.database.now_ms = 1};
    ignis_driver_settings settings = {.struct_size = sizeof(settings),
                                      .url = (const char *)&o.database};
    pool_settings wanted = {.connections_max = 1, .acquire_timeout_ms = 60000};
    o.ctx = ignis_context_create();
    assert_int_equal(pool_open(o.ctx, &stub_driver, &settings, &wanted, &o.connections), IGNIS_OK);
    stub_connection *only = take(&o);
    size_t next_place = 0;
    waiter waiters[WAITERS_COUNT];
    pthread_t threads[WAITERS_COUNT];
    for (size_t i = 0; i < WAITERS_COUNT; i++) {
        waiters[i] = (waiter){.connections = o.connections, .next_place = &next_place};
        assert_int_equal(pthread_create(&threads[i], NULL, wait_in_turn, &waiters[i]), 0);
        while (waiting_count(o.connections) != i + 1) {
            (void)sched_yield();
        }
    }
    give(&o, only);
    for (size_t i = 0; i < WAITERS_COUNT; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(waiters[i].code, IGNIS_OK);
        assert_int_equal(waiters[i].place, i);
    }
    assert_int_equal(o.database.connected, 1);
    close_stub(&o);
}

static void *wait_in_a_call(void *data)
{
    opened *self = data;
    ignis_connection *connection = NULL;
    context_call_begin(self->ctx);
    ignis_code code = pool_acquire(self->ctx, self->connections, &connection);
    context_call_end(self->ctx);
    return code == IGNIS_E_CANCELLED ? NULL : data;
}

static void a_cancel_wakes_who_waits(void **state)
{
    (void)state;
    opened o = {.database.now_ms = 1};
    ignis_driver_settings settings = {.struct_size = sizeof(settings),
                                      .url = (const char *)&o.database};
    pool_settings wanted = {.connections_max = 1, .acquire_timeout_ms = 60000};
    o.ctx = ignis_context_create();
    assert_int_equal(pool_open(o.ctx, &stub_driver, &settings, &wanted, &o.connections), IGNIS_OK);
    stub_connection *only = take(&o);
    pthread_t thread;
    void *failed = &o;
    int64_t before_ms = clock_monotonic_ms();
    assert_int_equal(pthread_create(&thread, NULL, wait_in_a_call, &o), 0);
    while (waiting_count(o.connections) != 1) {
        (void)sched_yield();
    }
    ignis_context_cancel(o.ctx);
    assert_int_equal(pthread_join(thread, &failed), 0);
    assert_null(failed);
    assert_true(clock_monotonic_ms() - before_ms < 30000);
    assert_int_equal(waiting_count(o.connections), 0);
    give(&o, only);
    close_stub(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_status_counts_connections),
        cmocka_unit_test(only_a_connection_idle_for_long_is_checked),
        cmocka_unit_test(dead_connections_are_replaced_unseen),
        cmocka_unit_test(after_one_broke_the_idle_ones_are_checked_at_any_age),
        cmocka_unit_test(a_driver_without_a_check_is_not_asked),
        cmocka_unit_test(lifetimes_end_within_the_last_tenth),
        cmocka_unit_test(idle_connections_beyond_the_least_are_closed),
        cmocka_unit_test(the_only_connection_of_a_database_is_never_closed_for_its_age),
        cmocka_unit_test(failed_connects_are_tried_again_at_growing_distances),
        cmocka_unit_test(a_database_that_comes_back_is_found),
        cmocka_unit_test(the_deadline_ends_the_attempts_with_the_last_error),
        cmocka_unit_test(other_failures_are_not_tried_again),
        cmocka_unit_test(a_connect_that_hangs_is_bounded_by_the_acquire_timeout),
        cmocka_unit_test(a_connect_beyond_the_callers_deadline_is_a_timeout),
        cmocka_unit_test(a_wait_for_a_connection_can_be_cancelled),
        cmocka_unit_test(waiters_are_served_in_the_order_they_came),
        cmocka_unit_test(a_cancel_wakes_who_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
