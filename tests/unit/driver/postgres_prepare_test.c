#include "postgres_session.h"
#include "support/server.h"

static const char kept_count[] =
    "SELECT count(*)::int FROM pg_prepared_statements WHERE name LIKE 'ignis%'";

static void a_kept_statement_is_prepared_once(void **state)
{
    (void)state;
    session s;
    wire w;
    postgres_open(&s);
    wire_open(&w, &s);
    for (int i = 0; i < 3; i++) {
        postgres_expect_kept(&s, 7, "SELECT 5", "5");
    }
    assert_int_equal(wire_count(&w, 'F', "Parse"), 1);
    assert_int_equal(wire_count(&w, 'F', "Sync"), 3);
    postgres_expect(&s, "SELECT name FROM pg_prepared_statements", "'ignis_7'");
    wire_close(&w);
    session_close(&s);
}

static void a_statement_without_an_id_is_not_kept(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    postgres_expect(&s, "SELECT 5", "5");
    postgres_expect(&s, kept_count, "0");
    session_close(&s);
}

static void one_statement_twice_in_a_start_is_prepared_once(void **state)
{
    (void)state;
    session s;
    const ignis_statement statement = statement_of(9, "SELECT 3");
    const ignis_execution executions[] = {execution_of(&statement), execution_of(&statement)};
    postgres_open(&s);
    assert_int_equal(postgres_execute(&s, executions, 2), IGNIS_OK);
    assert_string_equal(s.rows, "3\n3");
    postgres_expect(&s, kept_count, "1");
    session_close(&s);
}

static void the_least_recently_used_statements_make_room(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    for (uint64_t id = 1; id <= POSTGRES_STATEMENTS_MAX + 10; id++) {
        postgres_expect_kept(&s, id, "SELECT 1", "1");
        postgres_expect_kept(&s, 1, "SELECT 1", "1");
    }
    postgres_expect(&s, kept_count, "256");
    /* 2 is gone from the server, and 1, used all the time, is not. */
    postgres_expect(&s,
                    "SELECT name FROM pg_prepared_statements"
                    " WHERE name IN ('ignis_1', 'ignis_2', 'ignis_12')",
                    "'ignis_1'\n'ignis_12'");
    postgres_expect_kept(&s, 2, "SELECT 1", "1");
    session_close(&s);
}

static void a_start_of_more_statements_than_are_kept_works(void **state)
{
    (void)state;
    enum { COUNT = 2 * POSTGRES_STATEMENTS_MAX + 100 };
    session s;
    static ignis_statement statements[COUNT];
    static ignis_execution executions[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        statements[i] = statement_of(1 + i % (POSTGRES_STATEMENTS_MAX + 50), "SELECT FROM now()");
        executions[i] = execution_of(&statements[i]);
    }
    postgres_open(&s);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(postgres_execute(&s, executions + i, COUNT - 2), IGNIS_OK);
    }
    postgres_expect(&s, kept_count, "256");
    session_close(&s);
}

static void statements_that_the_server_lost_are_prepared_again(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    postgres_expect_kept(&s, 1, "SELECT 1", "1");
    postgres_expect_kept(&s, 2, "SELECT 2", "2");
    postgres_expect(&s, "DEALLOCATE ALL", "");
    postgres_expect_kept(&s, 1, "SELECT 1", "1");
    postgres_expect_kept(&s, 2, "SELECT 2", "2");
    postgres_expect(&s, kept_count, "2");
    /* Only some of them are gone. */
    postgres_expect(&s, "DEALLOCATE ignis_1", "");
    postgres_expect_kept(&s, 1, "SELECT 1", "1");
    postgres_expect_kept(&s, 2, "SELECT 2", "2");
    session_close(&s);
}

static void a_name_that_is_taken_on_the_server_is_freed(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    postgres_expect(&s, "PREPARE ignis_5 AS SELECT 'foreign'", "");
    postgres_expect_kept(&s, 5, "SELECT 1", "1");
    session_close(&s);
}

static void a_changed_table_is_planned_again(void **state)
{
    (void)state;
    session s;
    static const char select[] = "SELECT * FROM changing";
    const ignis_statement begin =
        statement_of(1, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const ignis_statement rows = statement_of(2, select);
    const ignis_statement commit = statement_of(3, "COMMIT");
    const ignis_execution executions[] = {execution_of(&begin), execution_of(&rows),
                                          execution_of(&commit)};
    server_execute("CREATE TABLE changing(a int); INSERT INTO changing VALUES (1)");
    postgres_open(&s);
    postgres_expect_kept(&s, 2, select, "1");
    server_execute("ALTER TABLE changing ADD b text DEFAULT 'x'");
    postgres_expect_kept(&s, 2, select, "1|'x'");
    /* The same within a transaction that the start itself begins, each end told once. */
    server_execute("ALTER TABLE changing ADD c int DEFAULT 5");
    ignis_batch batch;
    size_t ends = 0;
    assert_int_equal(s.driver->start(s.ctx, s.connection, executions, 3), IGNIS_OK);
    do {
        if (postgres_next(&s, &batch) != IGNIS_OK)
            fail_msg("%s", ignis_context_error(s.ctx)->message);
        if (batch.state == IGNIS_BATCH_ROWS) assert_int_equal(batch.columns_count, 3);
        if (batch.state == IGNIS_BATCH_END) assert_int_equal(batch.execution, ends++);
    } while (batch.state != IGNIS_BATCH_IDLE);
    assert_int_equal(ends, 3);
    assert_false(s.driver->in_transaction(s.connection));
    session_close(&s);
}

static void nothing_is_repeated_within_the_callers_transaction(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    postgres_expect_kept(&s, 1, "SELECT 1", "1");
    postgres_expect_kept(&s, 2, "BEGIN", "");
    postgres_expect(&s, "DEALLOCATE ALL", "");
    assert_int_equal(postgres_run_with(&s, 1, "SELECT 1", NULL, NULL, 0), IGNIS_E_DATABASE);
    assert_string_equal(ignis_context_error(s.ctx)->sqlstate, "26000");
    assert_true(s.driver->in_transaction(s.connection));
    postgres_expect_kept(&s, 4, "ROLLBACK", "");
    postgres_expect_kept(&s, 1, "SELECT 1", "1");
    postgres_expect_kept(&s, 1, "SELECT 1", "1");
    postgres_expect(&s, kept_count, "1");
    session_close(&s);
}

static void what_was_committed_is_not_repeated(void **state)
{
    (void)state;
    session s;
    const ignis_statement statements[] = {statement_of(0, "BEGIN"),
                                          statement_of(0, "INSERT INTO once VALUES (1)"),
                                          statement_of(0, "COMMIT"), statement_of(8, "SELECT 1")};
    ignis_execution executions[4];
    for (size_t i = 0; i < 4; i++) {
        executions[i] = execution_of(&statements[i]);
    }
    server_execute("CREATE TABLE once(a int)");
    postgres_open(&s);
    postgres_expect_kept(&s, 8, "SELECT 1", "1");
    postgres_expect(&s, "DEALLOCATE ALL", "");
    assert_int_equal(postgres_execute(&s, executions, 4), IGNIS_E_DATABASE);
    assert_string_equal(server_value("SELECT count(*) FROM once"), "1");
    session_close(&s);
}

static void a_new_connection_prepares_anew(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    postgres_expect_kept(&s, 1, "SELECT 1", "1");
    s.driver->disconnect(s.connection);
    assert_int_equal(s.driver->connect(s.ctx, s.database, &s.connection), IGNIS_OK);
    postgres_expect_kept(&s, 1, "SELECT 1", "1");
    session_close(&s);
}

static void an_error_forgets_only_what_was_not_prepared(void **state)
{
    (void)state;
    session s;
    const ignis_statement good = statement_of(1, "SELECT 1");
    const ignis_statement bad = statement_of(2, "SELECT nothing");
    const ignis_statement after = statement_of(3, "SELECT 3");
    const ignis_execution executions[] = {execution_of(&good), execution_of(&bad),
                                          execution_of(&after)};
    postgres_open(&s);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(postgres_execute(&s, executions, 3), IGNIS_E_DATABASE);
        assert_string_equal(ignis_context_error(s.ctx)->sqlstate, "42703");
        postgres_expect(&s, "SELECT name FROM pg_prepared_statements", "'ignis_1'");
    }
    postgres_expect_kept(&s, 3, "SELECT 3", "3");
    session_close(&s);
}

int main(void)
{
    postgres_need();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kept_statement_is_prepared_once),
        cmocka_unit_test(a_statement_without_an_id_is_not_kept),
        cmocka_unit_test(one_statement_twice_in_a_start_is_prepared_once),
        cmocka_unit_test(the_least_recently_used_statements_make_room),
        cmocka_unit_test(a_start_of_more_statements_than_are_kept_works),
        cmocka_unit_test(statements_that_the_server_lost_are_prepared_again),
        cmocka_unit_test(a_name_that_is_taken_on_the_server_is_freed),
        cmocka_unit_test(a_changed_table_is_planned_again),
        cmocka_unit_test(nothing_is_repeated_within_the_callers_transaction),
        cmocka_unit_test(what_was_committed_is_not_repeated),
        cmocka_unit_test(a_new_connection_prepares_anew),
        cmocka_unit_test(an_error_forgets_only_what_was_not_prepared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
