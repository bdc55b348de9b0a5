#include "postgres_session.h"
#include "support/proxy.h"
#include "support/server.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- errors of the server ---- */

static void states_have_their_codes(void **state)
{
    (void)state;
    static const struct {
        const char *sqlstate;
        ignis_code code;
    } cases[] = {
        {"23505", IGNIS_E_UNIQUE},        {"23503", IGNIS_E_FOREIGN_KEY},
        {"23001", IGNIS_E_FOREIGN_KEY},   {"23502", IGNIS_E_NOT_NULL},
        {"23514", IGNIS_E_CHECK},         {"23P01", IGNIS_E_CHECK},
        {"40001", IGNIS_E_SERIALIZATION}, {"40P01", IGNIS_E_SERIALIZATION},
        {"57014", IGNIS_E_CANCELLED},     {"08006", IGNIS_E_CONNECTION},
        {"08P01", IGNIS_E_DATABASE},      {"57P01", IGNIS_E_CONNECTION},
        {"57P03", IGNIS_E_CONNECTION},    {"53300", IGNIS_E_CONNECTION},
        {"22P02", IGNIS_E_INVALID},       {"54000", IGNIS_E_LIMIT},
        {"53200", IGNIS_E_LIMIT},         {"53100", IGNIS_E_DATABASE},
        {"42501", IGNIS_E_DATABASE},      {"P0001", IGNIS_E_DATABASE},
        {"55P03", IGNIS_E_TIMEOUT},
    };
    char sql[128];
    session s;
    postgres_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_true(snprintf(sql, sizeof(sql),
                             "DO $$BEGIN RAISE SQLSTATE '%s' USING MESSAGE = E'one\\ntwo';"
                             " END$$",
                             cases[i].sqlstate) > 0);
        postgres_refuse(&s, sql, cases[i].code, cases[i].sqlstate);
        assert_string_equal(ignis_context_error(s.ctx)->message, "one two");
        assert_false(s.driver->is_broken(s.connection));
    }
    session_close(&s);
}

static void states_of_a_transaction_are_told_as_on_sqlite(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    postgres_expect(&s, "BEGIN READ ONLY", "");
    postgres_refuse(&s, "CREATE TABLE never(a int)", IGNIS_E_STATE, "25006");
    assert_string_equal(ignis_context_error(s.ctx)->message, "the transaction is read only");
    postgres_refuse(&s, "SELECT 1", IGNIS_E_STATE, "25P02");
    assert_string_equal(ignis_context_error(s.ctx)->message,
                        "the transaction had an error: only a rollback is possible");
    postgres_expect(&s, "ROLLBACK", "");
    session_close(&s);
}

static void violated_constraints_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        ignis_code code;
        const char *constraint;
    } cases[] = {
        {"INSERT INTO checked VALUES (1, 1, 1)", IGNIS_E_UNIQUE, "checked_pkey"},
        {"INSERT INTO checked VALUES (2, 1, 9)", IGNIS_E_FOREIGN_KEY, "checked_other"},
        {"INSERT INTO checked VALUES (2, NULL, 1)", IGNIS_E_NOT_NULL, "checked.b"},
        {"INSERT INTO checked VALUES (-2, 1, 1)", IGNIS_E_CHECK, "checked_positive"},
        {"UPDATE checked SET id = 3", IGNIS_E_FOREIGN_KEY, "checked_other"},
    };
    session s;
    server_execute("CREATE TABLE checked(id int PRIMARY KEY CONSTRAINT checked_positive"
                   " CHECK (id > 0), b int NOT NULL, other int CONSTRAINT checked_other"
                   " REFERENCES checked); INSERT INTO checked VALUES (1, 1, 1)");
    postgres_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(postgres_run(&s, cases[i].sql), cases[i].code);
        assert_string_equal(ignis_context_error(s.ctx)->constraint, cases[i].constraint);
    }
    session_close(&s);
}

static void no_message_shows_sql(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    postgres_refuse(&s, "SELECT 1 hushhush hushhush", IGNIS_E_DATABASE, "42601");
    assert_null(strstr(ignis_context_error(s.ctx)->message, "hushhush"));
    postgres_refuse(&s, "SELECT 1; SELECT 2", IGNIS_E_DATABASE, "42601");
    session_close(&s);
}

static void what_is_no_statement_is_refused(void **state)
{
    (void)state;
    session s;
    const ignis_statement nul = {.sql = "SELECT\0 1", .sql_size = 9};
    const ignis_execution execution = {.statement = &nul, .parameters = NULL};
    postgres_open(&s);
    assert_int_equal(postgres_run(&s, " "), IGNIS_E_INVALID);
    assert_int_equal(postgres_execute(&s, &execution, 1), IGNIS_E_INVALID);
    postgres_expect(&s, "SELECT 1", "1");
    assert_int_equal(postgres_run(&s, "COPY (SELECT 1) TO STDOUT"), IGNIS_E_UNSUPPORTED);
    assert_true(s.driver->is_broken(s.connection));
    session_close(&s);
}

/* ---- lost connections ---- */

/* Ends the server's process of a connection, and waits until it is gone. */
static void process_end(int pid)
{
    char sql[128];
    assert_true(snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d)", pid) > 0);
    server_execute(sql);
    assert_true(snprintf(sql, sizeof(sql), "SELECT count(*) FROM pg_stat_activity WHERE pid = %d",
                         pid) > 0);
    postgres_await(sql, "0");
}

static void a_dead_idle_connection_is_noticed(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    assert_true(s.driver->check(s.connection));
    process_end(PQbackendPID(postgres_of(&s)->handle));
    assert_false(s.driver->check(s.connection));
    postgres_refuse(&s, "SELECT 1", IGNIS_E_CONNECTION, "57P01");
    assert_true(s.driver->is_broken(s.connection));
    assert_int_equal(postgres_run(&s, "SELECT 1"), IGNIS_E_CONNECTION);
    session_close(&s);
}

static void a_server_that_ends_the_process_is_a_lost_connection(void **state)
{
    (void)state;
    session s;
    ignis_batch batch;
    const ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = server_url()};
    const ignis_statement statement = statement_of(0, "SELECT pg_sleep(100)");
    const ignis_execution execution = execution_of(&statement);
    pool *connections = NULL;
    s = (session){.ctx = ignis_context_create(), .driver = &ignis_postgres_driver};
    assert_int_equal(pool_open(s.ctx, &ignis_postgres_driver, &settings, NULL, &connections),
                     IGNIS_OK);
    assert_int_equal(pool_acquire(s.ctx, connections, &s.connection), IGNIS_OK);
    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_OK);
    process_end(PQbackendPID(postgres_of(&s)->handle));
    assert_int_equal(postgres_next(&s, &batch), IGNIS_E_CONNECTION);
    assert_string_equal(ignis_context_error(s.ctx)->sqlstate, "57P01");
    assert_true(s.driver->is_broken(s.connection));
    pool_release(connections, s.connection);
    assert_int_equal(pool_acquire(s.ctx, connections, &s.connection), IGNIS_OK);
    postgres_expect(&s, "SELECT 1", "1");
    pool_release(connections, s.connection);
    pool_close(connections);
    ignis_context_free(s.ctx);
}

/* ---- bad networks ---- */

typedef struct network_case {
    const char *const *sql; /* ends with NULL */
    proxy_failure failure;
    ignis_code code;
} network_case;

static const char *const reads[] = {"SELECT 1", NULL};
static const char *const commits[] = {"BEGIN", "INSERT INTO wire VALUES (1)", "COMMIT", NULL};
static const char *const read_commits[] = {"BEGIN READ ONLY", "SELECT 1", "COMMIT", NULL};

/* The answer never comes: held with a deadline, closed, or reset. */
static void network_fails(const network_case *network)
{
    ignis_statement statements[4];
    ignis_execution executions[4];
    size_t count = 0;
    session s;
    proxy *between = proxy_start(server_url());
    for (; network->sql[count]; count++) {
        statements[count] = statement_of(0, network->sql[count]);
        executions[count] = execution_of(&statements[count]);
    }
    postgres_open_with(&s, proxy_url(between), IGNIS_POOLING_DETECT);
    proxy_fail(between, PROXY_TO_CLIENT, network->failure == PROXY_HOLD ? 0 : 1, network->failure);
    int64_t before = clock_monotonic_ms();
    if (network->failure == PROXY_HOLD) ignis_context_timeout_set(s.ctx, 100);
    assert_int_equal(postgres_execute(&s, executions, count), network->code);
    assert_true(clock_monotonic_ms() - before < 10000);
    assert_true(s.driver->is_broken(s.connection));
    assert_false(s.driver->in_transaction(s.connection));
    session_close(&s);
    proxy_stop(between);
}

static void a_bad_network_is_told_as_what_it_is(void **state)
{
    (void)state;
    static const network_case cases[] = {
        {reads, PROXY_HOLD, IGNIS_E_TIMEOUT},
        {reads, PROXY_CLOSE, IGNIS_E_CONNECTION},
        {reads, PROXY_RESET, IGNIS_E_CONNECTION},
        {commits, PROXY_HOLD, IGNIS_E_COMMIT_UNKNOWN},
        {commits, PROXY_CLOSE, IGNIS_E_COMMIT_UNKNOWN},
        {commits, PROXY_RESET, IGNIS_E_COMMIT_UNKNOWN},
        {read_commits, PROXY_HOLD, IGNIS_E_TIMEOUT},
        {read_commits, PROXY_CLOSE, IGNIS_E_CONNECTION},
        {read_commits, PROXY_RESET, IGNIS_E_CONNECTION},
    };
    server_execute("CREATE TABLE wire(a int)");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        network_fails(&cases[i]);
    }
}

static void a_read_only_transaction_has_no_unknown_outcome_later_either(void **state)
{
    (void)state;
    session s;
    proxy *between = proxy_start(server_url());
    postgres_open_with(&s, proxy_url(between), IGNIS_POOLING_DETECT);
    postgres_expect(&s, "BEGIN READ ONLY", "");
    proxy_fail(between, PROXY_TO_CLIENT, 0, PROXY_CLOSE);
    assert_int_equal(postgres_run(&s, "COMMIT"), IGNIS_E_CONNECTION);
    session_close(&s);
    proxy_stop(between);
}

static void a_transaction_that_waited_for_too_long_is_not_committed(void **state)
{
    (void)state;
    session s;
    char sql[128];
    server_execute("CREATE TABLE waited(a int)");
    postgres_open(&s);
    assert_true(snprintf(sql, sizeof(sql), "SELECT count(*) FROM pg_stat_activity WHERE pid = %d",
                         PQbackendPID(postgres_of(&s)->handle)) > 0);
    postgres_expect(&s, "BEGIN", "");
    postgres_expect(&s, "INSERT INTO waited VALUES (1)", "");
    postgres_expect(&s, "SET LOCAL idle_in_transaction_session_timeout = 1", "");
    postgres_await(sql, "0");
    postgres_refuse(&s, "COMMIT", IGNIS_E_CONNECTION, "25P03");
    assert_true(s.driver->is_broken(s.connection));
    assert_string_equal(server_value("SELECT count(*) FROM waited"), "0");
    session_close(&s);
}

static void connecting_ends_at_the_deadline(void **state)
{
    (void)state;
    ignis_context *ctx = ignis_context_create();
    ignis_database *database = NULL;
    proxy *between = proxy_start(server_url());
    const ignis_driver_settings settings = {.struct_size = sizeof(settings),
                                            .url = proxy_url(between)};
    proxy_fail(between, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    int64_t before = clock_monotonic_ms();
    ignis_context_timeout_set(ctx, 100);
    assert_int_equal(ignis_postgres_driver.open(ctx, &settings, &database), IGNIS_E_TIMEOUT);
    assert_in_range(clock_monotonic_ms() - before, 90, 5000);
    proxy_resume(between);
    proxy_refuse(between);
    ignis_context_timeout_set(ctx, 0);
    assert_int_equal(ignis_postgres_driver.open(ctx, &settings, &database), IGNIS_E_CONNECTION);
    assert_null(database);
    proxy_stop(between);
    ignis_context_free(ctx);
}

static void connecting_ends_at_the_urls_timeout(void **state)
{
    (void)state;
    char url[1024];
    ignis_context *ctx = ignis_context_create();
    ignis_database *database = NULL;
    proxy *between = proxy_start(server_url());
    const char *base = proxy_url(between);
    int size =
        snprintf(url, sizeof(url), "%s%cconnect_timeout=1", base, strchr(base, '?') ? '&' : '?');
    assert_true(size > 0 && size < (int)sizeof(url));
    const ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = url};
    proxy_fail(between, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    int64_t before = clock_monotonic_ms();
    assert_int_equal(ignis_postgres_driver.open(ctx, &settings, &database), IGNIS_E_CONNECTION);
    assert_in_range(clock_monotonic_ms() - before, 900, 8000);
    proxy_stop(between);
    ignis_context_free(ctx);
}

/* ---- deadlines and cancels ---- */

static const char sleeping[] =
    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
    " AND datname = current_database() AND query LIKE 'SELECT pg_sleep(%'";

static void a_deadline_ends_the_servers_work_too(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    int64_t before = clock_monotonic_ms();
    ignis_context_timeout_set(s.ctx, 100);
    assert_int_equal(postgres_run(&s, "SELECT pg_sleep(100)"), IGNIS_E_TIMEOUT);
    assert_in_range(clock_monotonic_ms() - before, 90, 5000);
    assert_true(s.driver->is_broken(s.connection));
    postgres_await(sleeping, "0");
    session_close(&s);
}

static void after_the_deadline_nothing_is_sent(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    ignis_context_timeout_set(s.ctx, -1);
    assert_int_equal(postgres_run(&s, "SELECT pg_sleep(100)"), IGNIS_E_TIMEOUT);
    assert_false(s.driver->is_broken(s.connection));
    ignis_context_timeout_set(s.ctx, 0);
    postgres_expect(&s, "SELECT 1", "1");
    session_close(&s);
}

static void what_is_abandoned_ends_on_the_server(void **state)
{
    (void)state;
    session s;
    const ignis_statement statement = statement_of(0, "SELECT pg_sleep(100)");
    const ignis_execution execution = execution_of(&statement);
    postgres_open(&s);
    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_OK);
    postgres_await(sleeping, "1");
    s.driver->abandon(s.connection);
    assert_true(s.driver->is_broken(s.connection));
    postgres_await(sleeping, "0");
    session_close(&s);
}

static void *cancel_when_it_sleeps(void *data)
{
    session *s = data;
    postgres_await(sleeping, "1");
    s->driver->cancel(s->connection);
    return NULL;
}

static void a_cancel_from_another_thread_arrives(void **state)
{
    (void)state;
    session s;
    pthread_t thread;
    ignis_batch batch;
    const ignis_statement statement = statement_of(0, "SELECT pg_sleep(100)");
    const ignis_execution execution = execution_of(&statement);
    postgres_open(&s);
    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_OK);
    assert_int_equal(pthread_create(&thread, NULL, cancel_when_it_sleeps, &s), 0);
    assert_int_equal(postgres_next(&s, &batch), IGNIS_E_CANCELLED);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_string_equal(ignis_context_error(s.ctx)->sqlstate, "57014");
    assert_false(s.driver->is_broken(s.connection));
    postgres_expect(&s, "SELECT 1", "1");
    session_close(&s);
}

static void a_cancel_without_a_run_does_nothing(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    s.driver->cancel(s.connection);
    postgres_expect(&s, "SELECT 1", "1");
    assert_false(s.driver->is_broken(s.connection));
    session_close(&s);
}

static void a_cancel_that_came_too_late_hits_nobody_else(void **state)
{
    (void)state;
    session s;
    ignis_batch batch;
    const ignis_statement statement = statement_of(0, "SELECT 1");
    const ignis_execution execution = execution_of(&statement);
    postgres_open(&s);
    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_OK);
    do {
        assert_int_equal(postgres_next(&s, &batch), IGNIS_OK);
    } while (batch.state != IGNIS_BATCH_END);
    s.driver->cancel(s.connection);
    assert_int_equal(postgres_next(&s, &batch), IGNIS_OK);
    assert_int_equal(batch.state, IGNIS_BATCH_IDLE);
    assert_true(s.driver->is_broken(s.connection));
    session_close(&s);
}

static void a_timeout_of_the_server_is_a_timeout(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    postgres_expect(&s, "SET statement_timeout = 20", "");
    postgres_refuse(&s, "SELECT pg_sleep(100)", IGNIS_E_TIMEOUT, "57014");
    postgres_expect(&s, "SET statement_timeout = 0", "");
    session_close(&s);
}

/* ---- no memory ---- */

static ignis_code everything_run(session *s)
{
    const ignis_cell numbers[] = {cell_text("1.50"), cell_null()};
    const ignis_cell list = cell_list(numbers, 2);
    const ignis_value_type type = {.type = IGNIS_TYPE_NUMERIC, .list = true};
    const ignis_statement statement = {
        .id = 1,
        .sql = "SELECT $1, 2.50, gen_random_uuid() FROM generate_series(1, 300)",
        .sql_size = 63,
        .parameters = &type,
        .parameters_count = 1};
    const ignis_execution executions[] = {{.statement = &statement, .parameters = &list},
                                          {.statement = &statement, .parameters = &list}};
    ignis_batch batch;
    assert_int_equal(strlen(statement.sql), statement.sql_size);
    IGNIS_TRY(s->driver->start(s->ctx, s->connection, executions, 2));
    do {
        IGNIS_TRY(postgres_next(s, &batch));
    } while (batch.state != IGNIS_BATCH_IDLE);
    return IGNIS_OK;
}

static void every_refused_allocation_leaves_the_connection_usable(void **state)
{
    (void)state;
    session s;
    uint64_t n = 1;
    postgres_open(&s);
    for (;; n++) {
        arena_fault_at(n);
        ignis_code code = everything_run(&s);
        uint64_t count = arena_fault_count();
        arena_fault_at(0);
        if (code == IGNIS_OK && count < n) break;
        if (code != IGNIS_OK) assert_int_equal(code, IGNIS_E_MEMORY);
        assert_false(s.driver->is_broken(s.connection));
        assert_int_equal(s.driver->wants(s.connection).descriptor, -1);
        postgres_expect(&s, "SELECT 1", "1");
    }
    assert_true(n > 5);
    session_close(&s);
}

static ignis_code open_and_close(ignis_context *ctx)
{
    const ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = server_url()};
    ignis_database *database = NULL;
    IGNIS_TRY(ignis_postgres_driver.open(ctx, &settings, &database));
    ignis_postgres_driver.close(database);
    return IGNIS_OK;
}

static void every_refused_allocation_of_opening_is_told(void **state)
{
    (void)state;
    ignis_context *ctx = ignis_context_create();
    size_t blocks = arena_live_blocks();
    for (uint64_t n = 1;; n++) {
        arena_fault_at(n);
        ignis_code code = open_and_close(ctx);
        uint64_t count = arena_fault_count();
        arena_fault_at(0);
        assert_int_equal(arena_live_blocks(), blocks);
        if (code == IGNIS_OK && count < n) break;
        if (code != IGNIS_OK) assert_int_equal(code, IGNIS_E_MEMORY);
    }
    ignis_context_free(ctx);
}

/* ---- threads ---- */

enum { THREADS_COUNT = 8, TURNS_COUNT = 60 };

typedef struct crowd {
    pool *connections;
    atomic_int errors_count;
    atomic_int rows_count;
} crowd;

static void *crowd_run(void *data)
{
    crowd *self = data;
    session s = {.ctx = ignis_context_create(), .driver = &ignis_postgres_driver};
    for (int i = 0; i < TURNS_COUNT; i++) {
        if (pool_acquire(s.ctx, self->connections, &s.connection) != IGNIS_OK) {
            atomic_fetch_add(&self->errors_count, 1);
            continue;
        }
        bool is_bad = i % 7 == 3;
        const char *sql = is_bad ? "SELECT 1 / 0" : "SELECT 5";
        ignis_code code = postgres_run_with(&s, is_bad ? 2 : 1, sql, NULL, NULL, 0);
        if (code != (is_bad ? IGNIS_E_INVALID : IGNIS_OK)) atomic_fetch_add(&self->errors_count, 1);
        if (!is_bad && strcmp(s.rows, "5") == 0) atomic_fetch_add(&self->rows_count, 1);
        if (i % 5 == 0) s.driver->cancel(s.connection);
        pool_release(self->connections, s.connection);
        ignis_context_reset(s.ctx);
    }
    ignis_context_free(s.ctx);
    return NULL;
}

static void threads_share_a_pool(void **state)
{
    (void)state;
    ignis_context *ctx = ignis_context_create();
    const ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = server_url()};
    crowd all = {0};
    pthread_t threads[THREADS_COUNT];
    assert_int_equal(pool_open(ctx, &ignis_postgres_driver, &settings, NULL, &all.connections),
                     IGNIS_OK);
    for (int i = 0; i < THREADS_COUNT; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_run, &all), 0);
    }
    for (int i = 0; i < THREADS_COUNT; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(atomic_load(&all.errors_count), 0);
    assert_int_equal(atomic_load(&all.rows_count), THREADS_COUNT * (TURNS_COUNT - 9));
    pool_close(all.connections);
    ignis_context_free(ctx);
}

int main(void)
{
    postgres_need();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_have_their_codes),
        cmocka_unit_test(states_of_a_transaction_are_told_as_on_sqlite),
        cmocka_unit_test(violated_constraints_are_named),
        cmocka_unit_test(no_message_shows_sql),
        cmocka_unit_test(what_is_no_statement_is_refused),
        cmocka_unit_test(a_dead_idle_connection_is_noticed),
        cmocka_unit_test(a_server_that_ends_the_process_is_a_lost_connection),
        cmocka_unit_test(a_bad_network_is_told_as_what_it_is),
        cmocka_unit_test(a_read_only_transaction_has_no_unknown_outcome_later_either),
        cmocka_unit_test(a_transaction_that_waited_for_too_long_is_not_committed),
        cmocka_unit_test(connecting_ends_at_the_deadline),
        cmocka_unit_test(connecting_ends_at_the_urls_timeout),
        cmocka_unit_test(a_deadline_ends_the_servers_work_too),
        cmocka_unit_test(after_the_deadline_nothing_is_sent),
        cmocka_unit_test(what_is_abandoned_ends_on_the_server),
        cmocka_unit_test(a_cancel_from_another_thread_arrives),
        cmocka_unit_test(a_cancel_without_a_run_does_nothing),
        cmocka_unit_test(a_cancel_that_came_too_late_hits_nobody_else),
        cmocka_unit_test(a_timeout_of_the_server_is_a_timeout),
        cmocka_unit_test(every_refused_allocation_leaves_the_connection_usable),
        cmocka_unit_test(every_refused_allocation_of_opening_is_told),
        cmocka_unit_test(threads_share_a_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
