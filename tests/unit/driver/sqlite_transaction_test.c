#include "driver/sqlite.h"
#include "session.h"

#include <pthread.h>

static sqlite_connection *engine(const session *self)
{
    return (sqlite_connection *)self->connection;
}

/* ---- errors ---- */

static void a_violated_constraint_is_told_with_its_columns(void **state)
{
    (void)state;
    static const char *const tables[] = {
        "CREATE TABLE User(id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE)",
        "CREATE TABLE Person(age INTEGER CONSTRAINT grown CHECK (age >= 18))",
        "CREATE TABLE Store(country TEXT, region TEXT, PRIMARY KEY (country, region))",
        "CREATE TABLE Post(id INTEGER PRIMARY KEY, author INTEGER REFERENCES User(id))",
        "CREATE TABLE Note(author INTEGER REFERENCES User(id) ON DELETE RESTRICT)",
        "CREATE UNIQUE INDEX Post_lower ON Post(author + 1)",
        "INSERT INTO User VALUES (1, 'a'), (2, 'b')",
        "INSERT INTO Store VALUES ('de', 'by')",
        "INSERT INTO Post VALUES (1, 1)",
        "INSERT INTO Note VALUES (2)",
    };
    static const struct {
        const char *sql;
        ignis_code code;
        const char *constraint;
    } rows[] = {
        {"INSERT INTO User VALUES (3, 'a')", IGNIS_E_UNIQUE, "User.email"},
        {"INSERT INTO User VALUES (1, 'c')", IGNIS_E_UNIQUE, "User.id"},
        {"INSERT INTO Store VALUES ('de', 'by')", IGNIS_E_UNIQUE, "Store.country, Store.region"},
        {"INSERT INTO Post VALUES (2, 1)", IGNIS_E_UNIQUE, "Post_lower"},
        {"INSERT INTO User VALUES (3, NULL)", IGNIS_E_NOT_NULL, "User.email"},
        {"INSERT INTO Person VALUES (17)", IGNIS_E_CHECK, "grown"},
        {"INSERT INTO Post VALUES (2, 9)", IGNIS_E_FOREIGN_KEY, ""},
        {"DELETE FROM User WHERE id = 1", IGNIS_E_FOREIGN_KEY, ""},
        {"DELETE FROM User WHERE id = 2", IGNIS_E_FOREIGN_KEY, ""},
    };
    session s;
    session_open(&s);
    session_prepare(&s, tables, ARRAY_COUNT(tables));
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        session_refuse(&s, rows[i].sql, rows[i].code);
        assert_string_equal(ignis_context_error(s.ctx)->constraint, rows[i].constraint);
    }
    session_close(&s);
}

static void after_an_error_a_transaction_takes_only_a_rollback(void **state)
{
    (void)state;
    static const char *const failures[] = {
        "INSERT INTO t VALUES (1)",
        /* SQLite itself ends the transaction here. */
        "INSERT OR ROLLBACK INTO t VALUES (1)",
        "SELECT nothing",
    };
    session s;
    session_open(&s);
    session_expect(&s, "CREATE TABLE t(a PRIMARY KEY)", "");
    for (size_t i = 0; i < ARRAY_COUNT(failures); i++) {
        session_expect(&s, "BEGIN", "");
        session_expect(&s, "INSERT INTO t VALUES (1)", "");
        assert_int_not_equal(session_run(&s, failures[i]), IGNIS_OK);
        assert_true(s.driver->in_transaction(s.connection));
        session_refuse(&s, "INSERT INTO t VALUES (2)", IGNIS_E_STATE);
        session_refuse(&s, "SELECT 1", IGNIS_E_STATE);
        session_expect(&s, "ROLLBACK", "");
        assert_false(s.driver->in_transaction(s.connection));
        session_expect(&s, "SELECT count(*) FROM t", "0");
    }
    session_close(&s);
}

static void a_rollback_to_a_savepoint_makes_the_transaction_usable(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_expect(&s, "CREATE TABLE t(a PRIMARY KEY)", "");
    session_expect(&s, "BEGIN", "");
    session_expect(&s, "INSERT INTO t VALUES (1)", "");
    session_expect(&s, "SAVEPOINT inner", "");
    session_refuse(&s, "INSERT INTO t VALUES (1)", IGNIS_E_UNIQUE);
    session_refuse(&s, "RELEASE inner", IGNIS_E_STATE);
    session_expect(&s, "rollback to inner", "");
    session_expect(&s, "INSERT INTO t VALUES (2)", "");
    session_expect(&s, "COMMIT", "");
    session_expect(&s, "SELECT count(*) FROM t", "2");
    session_close(&s);
}

static void a_commit_that_fails_ends_the_transaction(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_expect(&s, "CREATE TABLE p(id INTEGER PRIMARY KEY)", "");
    session_expect(&s, "CREATE TABLE c(p REFERENCES p(id) DEFERRABLE INITIALLY DEFERRED)", "");
    session_expect(&s, "BEGIN", "");
    session_expect(&s, "INSERT INTO c VALUES (1)", "");
    session_refuse(&s, "COMMIT", IGNIS_E_FOREIGN_KEY);
    assert_false(s.driver->in_transaction(s.connection));
    session_expect(&s, "BEGIN", "");
    session_refuse(&s, "SELECT nothing", IGNIS_E_DATABASE);
    session_refuse(&s, "COMMIT", IGNIS_E_STATE);
    assert_false(s.driver->in_transaction(s.connection));
    session_expect(&s, "SELECT count(*) FROM c", "0");
    session_close(&s);
}

/* ---- deadlines and cancelling ---- */

#define ENDLESS \
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"

static void a_deadline_stops_a_running_statement(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_expect(&s, "BEGIN", "");
    ignis_context_timeout_set(s.ctx, 20);
    session_refuse(&s, ENDLESS, IGNIS_E_TIMEOUT);
    assert_string_equal(ignis_context_error(s.ctx)->message, "the deadline passed");
    /* The way back is open beyond the deadline. */
    session_expect(&s, "ROLLBACK", "");
    session_refuse(&s, "SELECT 1", IGNIS_E_TIMEOUT);
    ignis_context_timeout_set(s.ctx, 0);
    session_expect(&s, "SELECT 1", "1");
    session_close(&s);
}

static void *cancel_it(void *data)
{
    session *s = data;
    s->driver->cancel(s->connection);
    return NULL;
}

static void cancelling_stops_a_running_statement(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    ignis_statement statement = {.sql = ENDLESS, .sql_size = sizeof(ENDLESS) - 1};
    const ignis_execution execution = {.statement = &statement, .parameters = NULL};
    ignis_batch batch;
    pthread_t thread;
    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_OK);
    assert_int_equal(pthread_create(&thread, NULL, cancel_it, &s), 0);
    assert_int_equal(s.driver->step(s.ctx, s.connection, &batch), IGNIS_E_CANCELLED);
    assert_int_equal(pthread_join(thread, NULL), 0);
    session_expect(&s, "SELECT 1", "1");
    session_close(&s);
}

/* ---- several connections ---- */

typedef struct pair {
    session_folder folder;
    session first;
    session second;
} pair;

static void pair_open(pair *self)
{
    session_open_with(&self->first, &ignis_sqlite_driver, session_folder_make(&self->folder), 30);
    session_join(&self->second, &self->first);
    session_expect(&self->first, "CREATE TABLE t(a)", "");
}

static void pair_close(pair *self)
{
    session_close(&self->second);
    session_close(&self->first);
    session_folder_remove(&self->folder);
}

static void a_second_writer_waits_and_then_gives_up(void **state)
{
    (void)state;
    pair p;
    pair_open(&p);
    session_expect(&p.first, "BEGIN IMMEDIATE", "");
    int64_t before = clock_monotonic_ms();
    session_refuse(&p.second, "INSERT INTO t VALUES (1)", IGNIS_E_TIMEOUT);
    assert_true(clock_monotonic_ms() - before >= 30);
    assert_string_equal(ignis_context_error(p.second.ctx)->message,
                        "the database is locked by another writer");
    session_expect(&p.second, "SELECT count(*) FROM t", "0");
    session_expect(&p.first, "ROLLBACK", "");
    session_expect(&p.second, "INSERT INTO t VALUES (1)", "");
    pair_close(&p);
}

static void waiting_for_a_writer_ends_at_the_deadline(void **state)
{
    (void)state;
    pair p;
    pair_open(&p);
    engine(&p.second)->busy_timeout_ms = 60000;
    session_expect(&p.first, "BEGIN IMMEDIATE", "");
    ignis_context_timeout_set(p.second.ctx, 20);
    session_refuse(&p.second, "INSERT INTO t VALUES (1)", IGNIS_E_TIMEOUT);
    assert_string_equal(ignis_context_error(p.second.ctx)->message, "the deadline passed");
    pair_close(&p);
}

static void a_stale_snapshot_cannot_write(void **state)
{
    (void)state;
    pair p;
    pair_open(&p);
    session_expect(&p.second, "BEGIN", "");
    session_expect(&p.second, "SELECT count(*) FROM t", "0");
    session_expect(&p.first, "INSERT INTO t VALUES (1)", "");
    session_refuse(&p.second, "INSERT INTO t VALUES (2)", IGNIS_E_SERIALIZATION);
    session_expect(&p.second, "ROLLBACK", "");
    session_expect(&p.second, "SELECT count(*) FROM t", "1");
    pair_close(&p);
}

static void a_reader_that_meets_another_writer_loses_the_race(void **state)
{
    (void)state;
    pair p;
    pair_open(&p);
    session_expect(&p.second, "BEGIN", "");
    session_expect(&p.second, "SELECT count(*) FROM t", "0");
    session_expect(&p.first, "BEGIN IMMEDIATE", "");
    session_refuse(&p.second, "INSERT INTO t VALUES (2)", IGNIS_E_SERIALIZATION);
    session_expect(&p.second, "ROLLBACK", "");
    pair_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_violated_constraint_is_told_with_its_columns),
        cmocka_unit_test(after_an_error_a_transaction_takes_only_a_rollback),
        cmocka_unit_test(a_rollback_to_a_savepoint_makes_the_transaction_usable),
        cmocka_unit_test(a_commit_that_fails_ends_the_transaction),
        cmocka_unit_test(a_deadline_stops_a_running_statement),
        cmocka_unit_test(cancelling_stops_a_running_statement),
        cmocka_unit_test(a_second_writer_waits_and_then_gives_up),
        cmocka_unit_test(waiting_for_a_writer_ends_at_the_deadline),
        cmocka_unit_test(a_stale_snapshot_cannot_write),
        cmocka_unit_test(a_reader_that_meets_another_writer_loses_the_race),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
