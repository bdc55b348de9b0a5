/* The server of the tests: a database of one's own, PgBouncer and the proxy before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/proxy.h"
#include "support/server.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static PGconn *open_url(const char *url)
{
    PGconn *connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK) fail_msg("%s", PQerrorMessage(connection));
    return connection;
}

static void expect_answer(PGconn *connection, const char *sql, const char *value)
{
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) fail_msg("%s", PQerrorMessage(connection));
    assert_string_equal(PQgetvalue(result, 0, 0), value);
    PQclear(result);
}

static void the_database_is_empty_and_as_the_tests_need_it(void **state)
{
    (void)state;
    assert_string_equal(server_value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
                        "0");
    assert_string_equal(server_value("SHOW server_encoding"), "UTF8");
    assert_string_equal(server_value("SHOW lc_collate"), "C");
    assert_string_equal(server_value("SHOW TimeZone"), "UTC");
    assert_string_equal(server_value("SELECT NULL"), "");
    server_execute("CREATE TABLE t (a int); INSERT INTO t VALUES (7)");
    assert_string_equal(server_value("SELECT a FROM t"), "7");
    server_execute("DROP TABLE t");
}

/* The child makes a database, tells its name and ends with a connection open. */
static void child_run(int tell)
{
    const char *url = server_url();
    static PGconn *held; /* no leak: it is dropped with the program */
    held = PQconnectdb(url);
    if (PQstatus(held) != CONNECTION_OK) _exit(1);
    const char *name = PQdb(held);
    if (write(tell, name, strlen(name)) < 0) _exit(1);
    exit(0);
}

static void the_database_is_dropped_when_its_program_ends(void **state)
{
    (void)state;
    int told[2];
    char name[128] = "", sql[256];
    assert_int_equal(pipe(told), 0);
    (void)fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) child_run(told[1]);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(read(told[0], name, sizeof(name) - 1) > 0);
    assert_int_equal(close(told[0]) | close(told[1]), 0);
    assert_string_not_equal(name, server_value("SELECT current_database()"));
    assert_true(snprintf(sql, sizeof(sql), "SELECT count(*) FROM pg_database WHERE datname = '%s'",
                         name) > 0);
    assert_string_equal(server_value(sql), "0");
}

static void the_proxy_counts_the_round_trips_of_a_query(void **state)
{
    (void)state;
    proxy *between = proxy_start(server_url());
    PGconn *connection = open_url(proxy_url(between));
    uint64_t before = proxy_count(between).turns;
    expect_answer(connection, "SELECT 1", "1");
    assert_int_equal(proxy_count(between).turns, before + 1);
    expect_answer(connection, "SELECT 2; SELECT 3", "3");
    assert_int_equal(proxy_count(between).turns, before + 2);
    PQfinish(connection);
    proxy_stop(between);
}

static void a_connection_reset_by_the_proxy_is_broken_and_another_works(void **state)
{
    (void)state;
    proxy *between = proxy_start(server_url());
    PGconn *connection = open_url(proxy_url(between));
    proxy_fail(between, PROXY_TO_CLIENT, 0, PROXY_RESET);
    PGresult *result = PQexec(connection, "SELECT 1");
    assert_int_equal(PQresultStatus(result), PGRES_FATAL_ERROR);
    assert_int_equal(PQstatus(connection), CONNECTION_BAD);
    PQclear(result);
    PQreset(connection);
    expect_answer(connection, "SELECT 1", "1");
    PQfinish(connection);
    proxy_stop(between);
}

static void pgbouncer_leads_to_the_same_database(void **state)
{
    (void)state;
    /* Not a skip of the whole program: the other tests need no PgBouncer. */
    if (!getenv("IGNIS_TEST_PGBOUNCER_URL")) skip();
    PGconn *connection = open_url(server_pgbouncer_url());
    expect_answer(connection, "SELECT current_database()", PQdb(connection));
    assert_string_equal(server_value("SELECT current_database()"), PQdb(connection));
    PQfinish(connection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_database_is_dropped_when_its_program_ends),
        cmocka_unit_test(the_database_is_empty_and_as_the_tests_need_it),
        cmocka_unit_test(the_proxy_counts_the_round_trips_of_a_query),
        cmocka_unit_test(a_connection_reset_by_the_proxy_is_broken_and_another_works),
        cmocka_unit_test(pgbouncer_leads_to_the_same_database),
    };
    (void)server_url(); /* or skips all */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
