#include "session.h"

static void open_recording(session *s, const char *url)
{
    session_open_with(s, &recording_driver, url, 0);
}

static void expect_entry(const session *s, size_t index, const char *sql, const char *parameters)
{
    const recording_entry *entry = recording_at(s->database, index);
    assert_non_null(entry);
    assert_string_equal(entry->sql, sql);
    assert_string_equal(entry->parameters, parameters);
}

static void executions_are_recorded_in_order_with_their_parameters(void **state)
{
    (void)state;
    const ignis_cell numbers[] = {cell_integer(1), cell_null()};
    const ignis_value_type types[] = {
        {.type = IGNIS_TYPE_BOOLEAN}, {.type = IGNIS_TYPE_BIGINT},
        {.type = IGNIS_TYPE_DOUBLE},  {.type = IGNIS_TYPE_TEXT},
        {.type = IGNIS_TYPE_BYTEA},   {.type = IGNIS_TYPE_DATE},
        {.type = IGNIS_TYPE_TEXT},    {.type = IGNIS_TYPE_INTEGER, .list = true}};
    const ignis_cell cells[] = {cell_integer(1),   cell_integer(-5),          cell_real(1.5),
                                cell_text("a\"b"), cell_bytes("\x01\x02", 2), cell_integer(0),
                                cell_null(),       cell_list(numbers, 2)};
    session s;
    open_recording(&s, "recording:");
    assert_int_equal(session_run_with(&s, "one", types, cells, ARRAY_COUNT(types)), IGNIS_OK);
    assert_string_equal(s.rows, "");
    assert_int_equal(session_run(&s, "two"), IGNIS_OK);
    assert_int_equal(recording_count(s.database), 2);
    expect_entry(&s, 0, "one", "[true,-5,1.5,\"a\\\"b\",\"AQI=\",\"2000-01-01\",null,[1,null]]");
    expect_entry(&s, 1, "two", "[]");
    assert_null(recording_at(s.database, 2));
    recording_clear(s.database);
    assert_int_equal(recording_count(s.database), 0);
    assert_int_equal(session_run(&s, "three"), IGNIS_OK);
    expect_entry(&s, 0, "three", "[]");
    session_close(&s);
}

static void answers_go_to_the_executions_that_have_columns(void **state)
{
    (void)state;
    const ignis_value_type columns[] = {{.type = IGNIS_TYPE_INTEGER}, {.type = IGNIS_TYPE_TEXT}};
    char word[] = "a";
    const ignis_cell first[] = {cell_integer(1), cell_text(word), cell_integer(2), cell_null()};
    const ignis_cell second[] = {cell_integer(3), cell_bytes("b", 1)};
    ignis_statement begin = {.sql = "BEGIN", .sql_size = 5};
    ignis_statement read = {.sql = "read", .sql_size = 4, .columns = columns, .columns_count = 2};
    const ignis_execution executions[] = {{.statement = &begin, .parameters = NULL},
                                          {.statement = &read, .parameters = NULL},
                                          {.statement = &read, .parameters = NULL},
                                          {.statement = &read, .parameters = NULL}};
    session s;
    open_recording(&s, "recording:");
    assert_true(recording_answer(s.database, first, 2, 2));
    assert_true(recording_answer(s.database, second, 1, 2));
    word[0] = 'z';
    assert_int_equal(session_execute(&s, executions, 4), IGNIS_OK);
    assert_string_equal(s.rows, "1|'a'\n2|NULL\n3|x'62'");
    assert_int_equal(recording_count(s.database), 4);
    session_close(&s);
}

static void a_transaction_is_seen_without_a_database(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        bool is_open;
    } rows[] = {{"BEGIN IMMEDIATE", true}, {"SELECT 1", true},
                {"ROLLBACK TO s", true},   {"COMMIT", false},
                {"begin", true},           {"ROLLBACK TRANSACTION TO s", true},
                {"\n rollback;", false},   {"BEGINNING", false},
                {"BEGIN", true},           {"END", false}};
    session s;
    open_recording(&s, "recording:");
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_int_equal(session_run(&s, rows[i].sql), IGNIS_OK);
        assert_int_equal(s.driver->in_transaction(s.connection), rows[i].is_open);
    }
    session_close(&s);
}

static void cancelling_is_seen_without_a_database(void **state)
{
    (void)state;
    ignis_statement statement = {.sql = "x", .sql_size = 1};
    const ignis_execution execution = {.statement = &statement, .parameters = NULL};
    ignis_batch batch;
    session s;
    open_recording(&s, "recording:");
    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_OK);
    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_E_STATE);
    s.driver->cancel(s.connection);
    assert_int_equal(s.driver->step(s.ctx, s.connection, &batch), IGNIS_E_CANCELLED);
    assert_int_equal(session_run(&s, "y"), IGNIS_OK);
    session_close(&s);
}

static void a_wrapped_database_answers_itself(void **state)
{
    (void)state;
    session s;
    open_recording(&s, "recording:sqlite::memory:");
    assert_int_equal(s.driver->connections_max(s.database), 1);
    session_expect(&s, "CREATE TABLE t(a UNIQUE)", "");
    session_expect(&s, "BEGIN", "");
    assert_true(s.driver->in_transaction(s.connection));
    session_expect(&s, "INSERT INTO t VALUES (7)", "");
    assert_int_equal(s.affected, 1);
    session_refuse(&s, "INSERT INTO t VALUES (7)", IGNIS_E_UNIQUE);
    session_expect(&s, "ROLLBACK", "");
    session_expect(&s, "SELECT count(*) FROM t", "0");
    assert_int_equal(recording_count(s.database), 6);
    expect_entry(&s, 5, "SELECT count(*) FROM t", "[]");
    session_close(&s);
}

static void a_pool_leads_to_the_recording(void **state)
{
    (void)state;
    ignis_context *ctx = ignis_context_create();
    ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = "recording:"};
    pool *connections = NULL;
    assert_int_equal(pool_open(ctx, &recording_driver, &settings, NULL, &connections), IGNIS_OK);
    session s = {.ctx = ctx, .driver = pool_driver(connections)};
    assert_int_equal(pool_acquire(ctx, connections, &s.connection), IGNIS_OK);
    assert_int_equal(session_run(&s, "x"), IGNIS_OK);
    pool_release(connections, s.connection);
    assert_int_equal(recording_count(pool_database(connections)), 1);
    pool_close(connections);
    ignis_context_free(ctx);
}

static void another_url_is_refused(void **state)
{
    (void)state;
    static const char *const urls[] = {NULL, "", "sqlite::memory:", "recording:postgres://x"};
    ignis_context *ctx = ignis_context_create();
    for (size_t i = 0; i < ARRAY_COUNT(urls); i++) {
        ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = urls[i]};
        ignis_database *database = NULL;
        assert_int_equal(recording_driver.open(ctx, &settings, &database), IGNIS_E_INVALID);
        assert_null(database);
    }
    ignis_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(executions_are_recorded_in_order_with_their_parameters),
        cmocka_unit_test(answers_go_to_the_executions_that_have_columns),
        cmocka_unit_test(a_transaction_is_seen_without_a_database),
        cmocka_unit_test(cancelling_is_seen_without_a_database),
        cmocka_unit_test(a_wrapped_database_answers_itself),
        cmocka_unit_test(a_pool_leads_to_the_recording),
        cmocka_unit_test(another_url_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
