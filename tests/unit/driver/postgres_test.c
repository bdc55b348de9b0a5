#include "postgres_session.h"
#include "support/proxy.h"
#include "support/server.h"

/* ---- executions ---- */

static void rows_come_in_batches(void **state)
{
    (void)state;
    session s;
    ignis_batch batch;
    const ignis_statement statement = statement_of(0, "SELECT g FROM generate_series(1, 600) AS g");
    const ignis_execution execution = execution_of(&statement);
    size_t sizes[8] = {0};
    size_t count = 0;
    int64_t last = 0;
    postgres_open(&s);
    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_OK);
    for (;;) {
        assert_int_equal(postgres_next(&s, &batch), IGNIS_OK);
        if (batch.state != IGNIS_BATCH_ROWS) break;
        assert_int_equal(batch.columns_count, 1);
        sizes[count++] = batch.rows_count;
        for (size_t i = 0; i < batch.rows_count; i++) {
            assert_int_equal(batch.cells[i].as.integer, ++last);
        }
    }
    assert_int_equal(batch.state, IGNIS_BATCH_END);
    assert_int_equal(batch.affected, 0);
    assert_int_equal(postgres_next(&s, &batch), IGNIS_OK);
    assert_int_equal(batch.state, IGNIS_BATCH_IDLE);
    assert_int_equal(count, 3);
    assert_int_equal(sizes[0], 256);
    assert_int_equal(sizes[1], 256);
    assert_int_equal(sizes[2], 88);
    session_close(&s);
}

static void executions_end_in_their_order(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        int64_t affected;
        size_t rows_count;
    } cases[] = {
        {"CREATE TEMP TABLE t(a int)", 0, 0},
        {"INSERT INTO t SELECT generate_series(1, 5)", 5, 0},
        {"UPDATE t SET a = a + 1 WHERE a > 3 RETURNING a", 2, 2},
        {"SELECT a FROM t", 0, 5},
        {"DELETE FROM t WHERE a = 99", 0, 0},
        {"SELECT FROM t", 0, 5},
    };
    session s;
    ignis_batch batch;
    ignis_statement statements[ARRAY_COUNT(cases)];
    ignis_execution executions[ARRAY_COUNT(cases)];
    size_t next = 0;
    size_t rows_count = 0;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        statements[i] = statement_of(i % 2, cases[i].sql);
        statements[i].id = i;
        executions[i] = execution_of(&statements[i]);
    }
    postgres_open(&s);
    assert_int_equal(s.driver->start(s.ctx, s.connection, executions, ARRAY_COUNT(cases)),
                     IGNIS_OK);
    for (;;) {
        assert_int_equal(postgres_next(&s, &batch), IGNIS_OK);
        if (batch.state == IGNIS_BATCH_IDLE) break;
        assert_int_equal(batch.execution, next);
        rows_count += batch.rows_count;
        if (batch.state != IGNIS_BATCH_END) continue;
        assert_int_equal(batch.affected, cases[next].affected);
        assert_int_equal(rows_count, cases[next].rows_count);
        rows_count = 0;
        next++;
    }
    assert_int_equal(next, ARRAY_COUNT(cases));
    session_close(&s);
}

static void ten_executions_are_one_round_trip(void **state)
{
    (void)state;
    session s;
    wire w;
    ignis_statement statements[10];
    ignis_execution executions[10];
    for (size_t i = 0; i < 10; i++) {
        statements[i] = statement_of(i + 1, "SELECT 1");
        executions[i] = execution_of(&statements[i]);
    }
    proxy *between = proxy_start(server_url());
    postgres_open_with(&s, proxy_url(between), IGNIS_POOLING_DETECT);
    wire_open(&w, &s);
    uint64_t turns = proxy_count(between).turns;
    assert_int_equal(postgres_execute(&s, executions, 10), IGNIS_OK);
    assert_string_equal(s.rows, "1\n1\n1\n1\n1\n1\n1\n1\n1\n1");
    assert_int_equal(wire_count(&w, 'F', "Sync"), 1);
    assert_int_equal(wire_count(&w, 'F', "Execute"), 10);
    assert_int_equal(proxy_count(between).turns - turns, 1);
    wire_close(&w);
    session_close(&s);
    proxy_stop(between);
}

static uint64_t turns_of_connecting(ignis_pooling pooling)
{
    session s;
    proxy *between = proxy_start(server_url());
    postgres_open_with(&s, proxy_url(between), pooling);
    uint64_t turns = proxy_count(between).turns;
    session_close(&s);
    proxy_stop(between);
    return turns;
}

static void a_connection_is_looked_at_and_set_up_in_one_round_trip(void **state)
{
    (void)state;
    uint64_t plain = turns_of_connecting(IGNIS_POOLING_TRANSACTION);
    assert_int_equal(turns_of_connecting(IGNIS_POOLING_DETECT), plain + 1);
    assert_int_equal(turns_of_connecting(IGNIS_POOLING_DIRECT), plain + 1);
}

static void nothing_to_do_is_idle_at_once(void **state)
{
    (void)state;
    session s;
    ignis_batch batch;
    postgres_open(&s);
    assert_int_equal(s.driver->start(s.ctx, s.connection, NULL, 0), IGNIS_OK);
    assert_int_equal(s.driver->wants(s.connection).descriptor, -1);
    assert_int_equal(s.driver->step(s.ctx, s.connection, &batch), IGNIS_OK);
    assert_int_equal(batch.state, IGNIS_BATCH_IDLE);
    session_close(&s);
}

static void a_busy_connection_takes_nothing_else(void **state)
{
    (void)state;
    session s;
    ignis_batch batch;
    const ignis_statement statement = statement_of(0, "SELECT 1");
    const ignis_execution execution = execution_of(&statement);
    postgres_open(&s);
    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_OK);
    assert_true(s.driver->wants(s.connection).descriptor >= 0);
    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_E_STATE);
    do {
        assert_int_equal(postgres_next(&s, &batch), IGNIS_OK);
    } while (batch.state != IGNIS_BATCH_IDLE);
    session_close(&s);
}

static void a_long_statement_and_its_answer_do_not_block_each_other(void **state)
{
    (void)state;
    enum { SIZE = 8 * 1024 * 1024 };
    session s;
    ignis_batch batch;
    const ignis_value_type type = {.type = IGNIS_TYPE_TEXT};
    const ignis_statement statement = {
        .sql = "SELECT $1", .sql_size = 9, .parameters = &type, .parameters_count = 1};
    postgres_open(&s);
    char *data = arena_alloc(&s.ctx->results, SIZE);
    assert_non_null(data);
    memset(data, 'x', SIZE);
    const ignis_cell cell = {.kind = IGNIS_CELL_TEXT, .size = SIZE, .as.text = data};
    const ignis_execution executions[] = {{.statement = &statement, .parameters = &cell},
                                          {.statement = &statement, .parameters = &cell}};
    size_t count = 0;
    assert_int_equal(s.driver->start(s.ctx, s.connection, executions, 2), IGNIS_OK);
    assert_int_equal(s.driver->wants(s.connection).events, IGNIS_WANTS_READ | IGNIS_WANTS_WRITE);
    do {
        assert_int_equal(postgres_next(&s, &batch), IGNIS_OK);
        if (batch.state != IGNIS_BATCH_ROWS) continue;
        assert_int_equal(batch.cells[0].size, SIZE);
        assert_memory_equal(batch.cells[0].as.text, data, SIZE);
        count++;
    } while (batch.state != IGNIS_BATCH_IDLE);
    assert_int_equal(count, 2);
    session_close(&s);
}

static void what_has_arrived_may_be_abandoned(void **state)
{
    (void)state;
    session s;
    ignis_batch batch;
    /* Few enough rows for the server to send them, and the end, at once. */
    const ignis_statement statements[] = {statement_of(1, "BEGIN"),
                                          statement_of(2, "SELECT generate_series(1, 300)"),
                                          statement_of(3, "SELECT 3")};
    const ignis_execution executions[] = {
        execution_of(&statements[0]), execution_of(&statements[1]), execution_of(&statements[2])};
    postgres_open(&s);
    assert_int_equal(s.driver->start(s.ctx, s.connection, executions, 3), IGNIS_OK);
    do {
        assert_int_equal(postgres_next(&s, &batch), IGNIS_OK);
    } while (batch.state != IGNIS_BATCH_ROWS);
    s.driver->abandon(s.connection);
    assert_false(s.driver->is_broken(s.connection));
    assert_true(s.driver->in_transaction(s.connection));
    postgres_expect_kept(&s, 3, "SELECT 3", "3");
    postgres_expect(&s, "ROLLBACK", "");
    session_close(&s);
}

static const char kept_count[] =
    "SELECT count(*)::int FROM pg_prepared_statements WHERE name LIKE 'ignis%'";

/* ---- what a connection is set to ---- */

static const char settings_shown[] =
    "SELECT current_setting('plan_cache_mode'), current_setting('jit'),"
    " current_setting('client_encoding'), current_setting('application_name')";

static void direct_connections_have_their_settings(void **state)
{
    (void)state;
    static const ignis_pooling modes[] = {IGNIS_POOLING_DETECT, IGNIS_POOLING_DIRECT};
    session s;
    for (size_t i = 0; i < ARRAY_COUNT(modes); i++) {
        postgres_open_with(&s, server_url(), modes[i]);
        postgres_expect(&s, settings_shown, "'force_generic_plan'|'off'|'UTF8'|'ignis'");
        session_close(&s);
    }
}

static void behind_a_pooler_nothing_is_set_or_kept(void **state)
{
    (void)state;
    session s;
    postgres_open_with(&s, server_url(), IGNIS_POOLING_TRANSACTION);
    postgres_expect_kept(&s, 1, "SELECT 1", "1");
    postgres_expect(&s, kept_count, "0");
    postgres_expect(&s, "SELECT current_setting('plan_cache_mode')", "'auto'");
    session_close(&s);
}

static void a_pooler_is_detected(void **state)
{
    (void)state;
    session s;
    const char *pooler = getenv("IGNIS_TEST_PGBOUNCER_URL");
    if (!pooler || !*pooler) skip();
    postgres_open_with(&s, server_pgbouncer_url(), IGNIS_POOLING_DETECT);
    assert_false(postgres_of(&s)->keeps_statements);
    postgres_expect_kept(&s, 1, "SELECT 1", "1");
    postgres_expect(&s, "SELECT current_setting('plan_cache_mode')", "'auto'");
    session_close(&s);
}

static void the_url_has_the_last_word(void **state)
{
    (void)state;
    session s;
    char url[1024];
    const char *base = server_url();
    int size = snprintf(url, sizeof(url), "%s%capplication_name=mine&client_encoding=LATIN1", base,
                        strchr(base, '?') ? '&' : '?');
    assert_true(size > 0 && size < (int)sizeof(url));
    postgres_open_with(&s, url, IGNIS_POOLING_DIRECT);
    postgres_expect(&s, settings_shown, "'force_generic_plan'|'off'|'UTF8'|'mine'");
    session_close(&s);
}

static void a_bad_setting_is_refused_at_opening(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        ignis_pooling pooling;
        ignis_code code;
    } cases[] = {
        {NULL, IGNIS_POOLING_DETECT, IGNIS_E_INVALID},
        {"postgresql:data", IGNIS_POOLING_DETECT, IGNIS_E_INVALID},
        {"host=localhost password=topsecret", IGNIS_POOLING_DETECT, IGNIS_E_INVALID},
        {"postgresql://u:topsecret@h/d?nothing=1", IGNIS_POOLING_DETECT, IGNIS_E_INVALID},
        {"postgresql://u:topsecret%@h/d", IGNIS_POOLING_DETECT, IGNIS_E_INVALID},
        {"postgresql://u:topsecret@h/d", (ignis_pooling)9, IGNIS_E_INVALID},
        {"postgresql://u:topsecret@/d?host=/nowhere", IGNIS_POOLING_DETECT, IGNIS_E_CONNECTION},
        {"postgresql://u:topsecret@127.0.0.1:1/d", IGNIS_POOLING_DETECT, IGNIS_E_CONNECTION},
    };
    ignis_context *ctx = ignis_context_create();
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const ignis_driver_settings settings = {
            .struct_size = sizeof(settings), .url = cases[i].url, .pooling = cases[i].pooling};
        ignis_database *database = NULL;
        assert_int_equal(ignis_postgres_driver.open(ctx, &settings, &database), cases[i].code);
        assert_null(database);
        assert_null(strstr(ignis_context_error(ctx)->message, "topsecret"));
        assert_null(strchr(ignis_context_error(ctx)->message, '\n'));
    }
    ignis_context_free(ctx);
}

static void encoding_refuse(const char *encoding)
{
    char name[128], sql[256], url[1024];
    const char *base = server_url();
    ignis_context *ctx = ignis_context_create();
    ignis_database *database = NULL;
    assert_true(
        snprintf(name, sizeof(name), "%s_coded", server_value("SELECT current_database()")) > 0);
    assert_true(snprintf(sql, sizeof(sql),
                         "CREATE DATABASE %s TEMPLATE template0 ENCODING '%s'"
                         " LC_COLLATE 'C' LC_CTYPE 'C'",
                         name, encoding) > 0);
    int size =
        snprintf(url, sizeof(url), "%s%cdbname=%s", base, strchr(base, '?') ? '&' : '?', name);
    assert_true(size > 0 && size < (int)sizeof(url));
    server_execute(sql);
    const ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = url};
    ignis_code code = ignis_postgres_driver.open(ctx, &settings, &database);
    assert_true(snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", name) > 0);
    server_execute(sql);
    assert_int_equal(code, IGNIS_E_UNSUPPORTED);
    assert_non_null(strstr(ignis_context_error(ctx)->message, encoding));
    ignis_context_free(ctx);
}

static void a_database_that_is_not_in_utf8_is_refused(void **state)
{
    (void)state;
    static const char *const encodings[] = {"SQL_ASCII", "LATIN1", "KOI8R"};
    for (size_t i = 0; i < ARRAY_COUNT(encodings); i++) {
        encoding_refuse(encodings[i]);
    }
}

/* ---- transactions ---- */

static void a_transaction_is_seen(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    assert_false(s.driver->in_transaction(s.connection));
    postgres_expect(&s, "BEGIN", "");
    assert_true(s.driver->in_transaction(s.connection));
    postgres_expect(&s, "COMMIT", "");
    assert_false(s.driver->in_transaction(s.connection));
    session_close(&s);
}

static void after_an_error_only_a_rollback_works(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    postgres_expect(&s, "BEGIN", "");
    postgres_refuse(&s, "SELECT 1 / 0", IGNIS_E_INVALID, "22012");
    postgres_refuse(&s, "SELECT 1", IGNIS_E_STATE, "25P02");
    assert_true(s.driver->in_transaction(s.connection));
    postgres_expect(&s, "ROLLBACK", "");
    postgres_expect(&s, "SELECT 1", "1");
    session_close(&s);
}

static void a_commit_after_an_error_is_an_error(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    postgres_expect(&s, "BEGIN", "");
    postgres_refuse(&s, "SELECT 1 / 0", IGNIS_E_INVALID, "22012");
    postgres_refuse(&s, "COMMIT", IGNIS_E_STATE, "");
    assert_false(s.driver->in_transaction(s.connection));
    postgres_expect(&s, "SELECT 1", "1");
    session_close(&s);
}

static void an_error_ends_the_whole_start(void **state)
{
    (void)state;
    session s;
    const ignis_statement statements[] = {statement_of(0, "INSERT INTO whole VALUES (1)"),
                                          statement_of(0, "SELECT 1 / 0"),
                                          statement_of(0, "INSERT INTO whole VALUES (2)")};
    const ignis_execution executions[] = {
        execution_of(&statements[0]), execution_of(&statements[1]), execution_of(&statements[2])};
    server_execute("CREATE TABLE whole(a int)");
    postgres_open(&s);
    assert_int_equal(postgres_execute(&s, executions, 3), IGNIS_E_INVALID);
    assert_false(s.driver->is_broken(s.connection));
    assert_false(s.driver->in_transaction(s.connection));
    assert_string_equal(server_value("SELECT count(*) FROM whole"), "0");
    postgres_expect(&s, "SELECT 1", "1");
    session_close(&s);
}

static void a_deferred_constraint_fails_at_the_end(void **state)
{
    (void)state;
    session s;
    server_execute("CREATE TABLE parent(id int PRIMARY KEY);"
                   "CREATE TABLE child(id int CONSTRAINT child_parent REFERENCES parent"
                   " DEFERRABLE INITIALLY DEFERRED)");
    postgres_open(&s);
    postgres_refuse(&s, "INSERT INTO child VALUES (1)", IGNIS_E_FOREIGN_KEY, "23503");
    assert_string_equal(ignis_context_error(s.ctx)->constraint, "child_parent");
    postgres_expect(&s, "BEGIN", "");
    postgres_expect(&s, "INSERT INTO child VALUES (1)", "");
    postgres_refuse(&s, "COMMIT", IGNIS_E_FOREIGN_KEY, "23503");
    assert_false(s.driver->in_transaction(s.connection));
    session_close(&s);
}

int main(void)
{
    postgres_need();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_batches),
        cmocka_unit_test(executions_end_in_their_order),
        cmocka_unit_test(ten_executions_are_one_round_trip),
        cmocka_unit_test(a_connection_is_looked_at_and_set_up_in_one_round_trip),
        cmocka_unit_test(nothing_to_do_is_idle_at_once),
        cmocka_unit_test(a_busy_connection_takes_nothing_else),
        cmocka_unit_test(a_long_statement_and_its_answer_do_not_block_each_other),
        cmocka_unit_test(what_has_arrived_may_be_abandoned),
        cmocka_unit_test(direct_connections_have_their_settings),
        cmocka_unit_test(behind_a_pooler_nothing_is_set_or_kept),
        cmocka_unit_test(a_pooler_is_detected),
        cmocka_unit_test(the_url_has_the_last_word),
        cmocka_unit_test(a_bad_setting_is_refused_at_opening),
        cmocka_unit_test(a_database_that_is_not_in_utf8_is_refused),
        cmocka_unit_test(a_transaction_is_seen),
        cmocka_unit_test(after_an_error_only_a_rollback_works),
        cmocka_unit_test(a_commit_after_an_error_is_an_error),
        cmocka_unit_test(an_error_ends_the_whole_start),
        cmocka_unit_test(a_deferred_constraint_fails_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
