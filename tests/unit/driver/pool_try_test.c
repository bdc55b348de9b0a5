/* What a pool does where connecting fails for good, for callers who can do without, and when it is drained. */
#include "pool_stub.h"

/* As a server that knows no such user. */
static ignis_code refused_connect(ignis_context *ctx, ignis_database *database,
                                  ignis_connection **connection)
{
    ignis_code code = stub_connect(ctx, database, connection);
    memcpy(ctx->sqlstate, "28P01", sizeof("28P01"));
    return code;
}

static void what_waiting_cannot_mend_is_told_at_once(void **state)
{
    (void)state;
    opened o = {0};
    ignis_driver refusing = stub_driver;
    refusing.connect = refused_connect;
    open_on(&o, &refusing, (pool_settings){0});
    o.database.connect_code = IGNIS_E_CONNECTION;
    o.database.up_at_ms = INT64_MAX;
    ignis_connection *connection = NULL;
    int64_t start_ms = o.database.now_ms;
    for (size_t i = 1; i <= 3; i++) {
        assert_int_equal(pool_acquire(o.ctx, o.connections, &connection), IGNIS_E_CONNECTION);
        assert_int_equal(o.database.attempts_count, i);
        assert_int_equal(o.database.now_ms, start_ms);
    }
    close_stub(&o);
}

static void who_can_do_without_tries_once_and_at_once(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){.connections_max = 1});
    o.database.connect_code = IGNIS_E_CONNECTION;
    o.database.up_at_ms = o.database.now_ms + 1;
    ignis_connection *connection = NULL;
    int64_t start_ms = o.database.now_ms;
    for (size_t i = 1; i <= 3; i++) {
        assert_int_equal(pool_try(o.ctx, o.connections, 1000, &connection), IGNIS_E_CONNECTION);
        assert_int_equal(o.database.attempts_count, i);
        assert_int_equal(o.database.now_ms, start_ms);
    }
    o.database.now_ms++;
    assert_int_equal(pool_try(o.ctx, o.connections, 0, &connection), IGNIS_OK);
    ignis_connection *none = NULL;
    assert_int_equal(pool_try(o.ctx, o.connections, 70, &none), IGNIS_E_TIMEOUT);
    assert_int_equal(o.database.now_ms, start_ms + 71);
    pool_release(o.connections, connection);
    close_stub(&o);
}

static void a_drained_pool_makes_new_connections(void **state)
{
    (void)state;
    opened o;
    open_stub(&o, (pool_settings){.connections_min = 2});
    stub_connection *first = take(&o);
    stub_connection *second = take(&o);
    give(&o, first);
    pool_drain(o.connections);
    assert_false(first->is_open);
    assert_true(second->is_open);
    give(&o, second);
    assert_ptr_equal(take(&o), second);
    give(&o, second);
    expect_status(&o, 1, 0, 2);
    close_stub(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waiting_cannot_mend_is_told_at_once),
        cmocka_unit_test(who_can_do_without_tries_once_and_at_once),
        cmocka_unit_test(a_drained_pool_makes_new_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
