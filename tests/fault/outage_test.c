/* The pool and calls over a PostgreSQL server that goes away, comes back or falls silent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run/run.h"
#include "support/proxy.h"
#include "support/server.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct opened {
    proxy *between;
    int64_t later_ms; /* that the pool's clock is ahead */
    pool_clock clock;
    ignis_context *ctx;
    pool *connections;
} opened;

static int64_t later_now_ms(void *data)
{
    return clock_monotonic_ms() + ((const opened *)data)->later_ms;
}

static void later_wait(void *data, pthread_cond_t *signalled, pthread_mutex_t *mutex,
                       int64_t until_ms)
{
    int64_t until = until_ms - ((const opened *)data)->later_ms;
    struct timespec end = {.tv_sec = (time_t)(until / 1000),
                           .tv_nsec = (long)(until % 1000) * 1000000};
    (void)pthread_cond_timedwait(signalled, mutex, &end);
}

static void open_pool(opened *self, pool_settings wanted)
{
    *self = (opened){.between = proxy_start(server_url()), .ctx = ignis_context_create()};
    self->clock = (pool_clock){later_now_ms, later_wait, self};
    wanted.clock = &self->clock;
    ignis_driver_settings settings = {.struct_size = sizeof(settings),
                                      .url = proxy_url(self->between)};
    ignis_code code =
        pool_open(self->ctx, &ignis_postgres_driver, &settings, &wanted, &self->connections);
    if (code == IGNIS_E_UNSUPPORTED) {
        printf("skipped: this build has no PostgreSQL driver\n");
        exit(SERVER_SKIPPED);
    }
    assert_int_equal(code, IGNIS_OK);
}

static void close_pool(opened *self)
{
    pool_close(self->connections);
    proxy_stop(self->between);
    ignis_context_free(self->ctx);
}

typedef struct one_statement {
    run_work work;
    ignis_statement statement;
    ignis_execution execution;
    bool was_given;
} one_statement;

static ignis_code statement_next(ignis_context *ctx, run_work *work, run_step *step)
{
    one_statement *self = (one_statement *)work;
    (void)ctx;
    self->execution = (ignis_execution){.statement = &self->statement};
    if (!self->was_given) *step = (run_step){&self->execution, 1};
    self->was_given = true;
    return IGNIS_OK;
}

static ignis_code rows_ignore(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    (void)ctx, (void)work, (void)batch;
    return IGNIS_OK;
}

static ignis_code run(const opened *self, const char *sql)
{
    static const ignis_value_type column = {.type = IGNIS_TYPE_TEXT};
    one_statement one = {
        .work = {.next = statement_next, .take = rows_ignore},
        .statement = {.sql = sql, .sql_size = strlen(sql), .columns = &column, .columns_count = 1}};
    context_call_begin(self->ctx);
    ignis_code code = run_call_finish(self->ctx, self->connections, &one.work);
    context_call_end(self->ctx);
    return code;
}

static void connections_that_died_while_idle_are_replaced_unseen(void **state)
{
    (void)state;
    opened o;
    open_pool(&o, (pool_settings){.idle_check_ms = 1000});
    assert_int_equal(run(&o, "SELECT 'a'::text"), IGNIS_OK);
    proxy_fail(o.between, PROXY_TO_CLIENT, 0, PROXY_CLOSE);
    o.later_ms += 1001;
    assert_int_equal(run(&o, "SELECT 'b'::text"), IGNIS_OK);
    pool_status status;
    pool_status_read(o.connections, &status);
    assert_int_equal(status.connected, 2);
    assert_int_equal(status.idle, 1);
    close_pool(&o);
}

static void a_server_that_is_away_is_told_and_found_again(void **state)
{
    (void)state;
    opened o;
    open_pool(&o, (pool_settings){.acquire_timeout_ms = 200});
    assert_int_equal(run(&o, "SELECT 'a'::text"), IGNIS_OK);
    proxy_refuse(o.between);
    proxy_fail(o.between, PROXY_TO_CLIENT, 0, PROXY_CLOSE);
    o.later_ms += POOL_IDLE_CHECK_MS + 1;
    assert_int_equal(run(&o, "SELECT 'b'::text"), IGNIS_E_CONNECTION);
    pool_status status;
    pool_status_read(o.connections, &status);
    assert_true(status.failed >= 2);
    assert_int_equal(status.open, 0);
    proxy_resume(o.between);
    assert_int_equal(run(&o, "SELECT 'c'::text"), IGNIS_OK);
    close_pool(&o);
}

static void a_connection_lost_in_a_call_fails_that_call_alone(void **state)
{
    (void)state;
    opened o;
    open_pool(&o, (pool_settings){0});
    assert_int_equal(run(&o, "SELECT 'a'::text"), IGNIS_OK);
    proxy_fail(o.between, PROXY_TO_CLIENT, 5, PROXY_RESET);
    assert_int_equal(run(&o, "SELECT 'b'::text"), IGNIS_E_CONNECTION);
    assert_int_equal(run(&o, "SELECT 'c'::text"), IGNIS_OK);
    close_pool(&o);
}

typedef struct canceller {
    ignis_context *ctx;
    atomic_bool is_over;
} canceller;

static void *cancel_until_over(void *data)
{
    canceller *self = data;
    while (!atomic_load(&self->is_over)) {
        ignis_context_cancel(self->ctx);
        (void)sched_yield();
    }
    return NULL;
}

/* The statement would take a minute. */
static ignis_code run_cancelled(opened *self)
{
    canceller other = {.ctx = self->ctx};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_until_over, &other), 0);
    ignis_code code = run(self, "SELECT pg_sleep(60)::text");
    atomic_store(&other.is_over, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    return code;
}

static void a_cancelled_statement_ends_soon(void **state)
{
    (void)state;
    opened o;
    open_pool(&o, (pool_settings){0});
    int64_t before_ms = clock_monotonic_ms();
    for (int i = 0; i < 10; i++) {
        assert_int_equal(run_cancelled(&o), IGNIS_E_CANCELLED);
        assert_int_equal(run(&o, "SELECT 'next'::text"), IGNIS_OK);
    }
    assert_true(clock_monotonic_ms() - before_ms < 30000);
    close_pool(&o);
}

static void a_silent_server_does_not_hold_a_cancelled_statement(void **state)
{
    (void)state;
    opened o;
    open_pool(&o, (pool_settings){0});
    assert_int_equal(run(&o, "SELECT 'a'::text"), IGNIS_OK);
    proxy_fail(o.between, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    int64_t before_ms = clock_monotonic_ms();
    assert_int_equal(run_cancelled(&o), IGNIS_E_CANCELLED);
    assert_true(clock_monotonic_ms() - before_ms < 10000);
    proxy_resume(o.between);
    assert_int_equal(run(&o, "SELECT 'b'::text"), IGNIS_OK);
    close_pool(&o);
}

static void a_silent_server_does_not_hold_a_cancelled_call_that_connects(void **state)
{
    (void)state;
    opened o;
    ignis_connection *held = NULL;
    open_pool(&o, (pool_settings){0});
    assert_int_equal(pool_acquire(o.ctx, o.connections, &held), IGNIS_OK);
    proxy_fail(o.between, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    assert_int_equal(run_cancelled(&o), IGNIS_E_CANCELLED);
    proxy_resume(o.between);
    assert_int_equal(run(&o, "SELECT 'b'::text"), IGNIS_OK);
    pool_release(o.connections, held);
    close_pool(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_that_died_while_idle_are_replaced_unseen),
        cmocka_unit_test(a_server_that_is_away_is_told_and_found_again),
        cmocka_unit_test(a_connection_lost_in_a_call_fails_that_call_alone),
        cmocka_unit_test(a_cancelled_statement_ends_soon),
        cmocka_unit_test(a_silent_server_does_not_hold_a_cancelled_statement),
        cmocka_unit_test(a_silent_server_does_not_hold_a_cancelled_call_that_connects),
    };
    (void)server_url(); /* or skips all */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
