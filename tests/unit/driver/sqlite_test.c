#include "driver/sqlite.h"
#include "session.h"

#include <math.h>
#include <sqlite3.h>

static const ignis_value_type bigint_type = {.type = IGNIS_TYPE_BIGINT};

static sqlite_connection *engine(const session *self)
{
    return (sqlite_connection *)self->connection;
}

/* ---- opening ---- */

static void every_form_of_url_opens_the_file_it_names(void **state)
{
    (void)state;
    session_folder folder;
    const char *url = session_folder_make(&folder);
    char forms[4][128];
    assert_true(snprintf(forms[0], 128, "%s", url) > 0);
    assert_true(snprintf(forms[1], 128, "sqlite://%s", url + 7) > 0);
    assert_true(snprintf(forms[2], 128, "%s", url + 7) > 0);
    assert_true(snprintf(forms[3], 128, "SQLite:%s", url + 7) > 0);
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        session s;
        session_open_with(&s, &ignis_sqlite_driver, forms[i], 0);
        assert_string_equal(sqlite3_db_filename(engine(&s)->db, "main"), url + 7);
        session_close(&s);
    }
    session_folder_remove(&folder);
}

static void a_bad_setting_is_refused_at_opening(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        int busy_timeout_ms;
        ignis_code code;
    } rows[] = {
        {NULL, 0, IGNIS_E_INVALID},
        {"", 0, IGNIS_E_INVALID},
        {"sqlite:", 0, IGNIS_E_INVALID},
        {"sqlite:file:x.db?mode=ro", 0, IGNIS_E_INVALID},
        {"postgres://host/name", 0, IGNIS_E_INVALID},
        {"http:x", 0, IGNIS_E_INVALID},
        {"sqlite:http:x", 0, IGNIS_E_INVALID},
        {"sqlite:sqlite:x", 0, IGNIS_E_INVALID},
        {"SQLITE:", 0, IGNIS_E_INVALID},
        {"sqlite://", 0, IGNIS_E_INVALID},
        {"sqlite:x.db?mode=ro", 0, IGNIS_E_INVALID},
        {"sqlite::memory:?cache=shared", 0, IGNIS_E_INVALID},
        {":memory:", -1, IGNIS_E_INVALID},
        {"/nowhere/at/all.db", 0, IGNIS_E_CONNECTION},
        {"/", 0, IGNIS_E_CONNECTION},
    };
    ignis_context *ctx = ignis_context_create();
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        ignis_driver_settings settings = {.struct_size = sizeof(settings),
                                          .url = rows[i].url,
                                          .busy_timeout_ms = rows[i].busy_timeout_ms};
        ignis_database *database = NULL;
        assert_int_equal(ignis_sqlite_driver.open(ctx, &settings, &database), rows[i].code);
        assert_null(database);
    }
    assert_string_equal(ignis_context_error(ctx)->message,
                        "the database file \"/\" cannot be opened: unable to open database file");
    ignis_context_free(ctx);
}

static void a_url_that_is_refused_is_told_why(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        const char *message;
    } rows[] = {
        {"http:x",
         "unknown scheme \"http:\", neither postgresql: nor sqlite:; a file whose name begins so "
         "is sqlite:./NAME"},
        {"redis+tls://user:secret@host/x",
         "unknown scheme \"redis+tls:\", neither postgresql: nor sqlite:; a file whose name begins "
         "so is sqlite:./NAME"},
        {"sqlite:x.db?mode=ro", "no parameters are known in a URL of SQLite, got \"?mode=ro\""},
        {"sqlite:", "expected sqlite:FILE, sqlite::memory: or a file name, got \"sqlite:\""},
    };
    ignis_context *ctx = ignis_context_create();
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = rows[i].url};
        ignis_database *database = NULL;
        assert_int_equal(ignis_sqlite_driver.open(ctx, &settings, &database), IGNIS_E_INVALID);
        assert_string_equal(ignis_context_error(ctx)->message, rows[i].message);
    }
    ignis_context_free(ctx);
}

static void a_scheme_is_in_any_case(void **state)
{
    (void)state;
    static const char *const urls[] = {"SQLITE::memory:", "Sqlite://:memory:", ":memory:"};
    for (size_t i = 0; i < ARRAY_COUNT(urls); i++) {
        session s;
        session_open_with(&s, &ignis_sqlite_driver, urls[i], 0);
        assert_int_equal(s.driver->connections_max(s.database), 1);
        session_close(&s);
    }
}

static void a_name_with_a_colon_or_a_mark_is_a_file_after_a_slash(void **state)
{
    (void)state;
    static const char *const names[] = {"a:b", "a?b"};
    session_folder folder;
    char url[128], file[128];
    const char *at = session_folder_make(&folder) + 7;
    size_t folder_size = (size_t)(strrchr(at, '/') - at);
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        session s;
        assert_true(snprintf(file, sizeof file, "%.*s/%s", (int)folder_size, at, names[i]) > 0);
        assert_true(snprintf(url, sizeof url, "%s%s", i == 0 ? "sqlite:" : "", file) > 0);
        session_open_with(&s, &ignis_sqlite_driver, url, 0);
        assert_string_equal(sqlite3_db_filename(engine(&s)->db, "main"), file);
        session_close(&s);
        assert_int_equal(unlink(file), 0);
    }
    session_folder_remove(&folder);
}

static void a_file_that_is_no_database_is_no_connection(void **state)
{
    (void)state;
    session_folder folder;
    const char *url = session_folder_make(&folder);
    FILE *file = fopen(url + 7, "w");
    assert_non_null(file);
    for (int i = 0; i < 200; i++) {
        assert_true(fputs("not a database at all\n", file) >= 0);
    }
    assert_int_equal(fclose(file), 0);
    ignis_context *ctx = ignis_context_create();
    ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = url};
    ignis_database *database = NULL;
    assert_int_equal(ignis_sqlite_driver.open(ctx, &settings, &database), IGNIS_E_CONNECTION);
    assert_non_null(strstr(ignis_context_error(ctx)->message, "file is not a database"));
    ignis_context_free(ctx);
    session_folder_remove(&folder);
}

static void every_connection_to_a_file_is_set_up(void **state)
{
    (void)state;
    session_folder folder;
    session first, second;
    session_open_with(&first, &ignis_sqlite_driver, session_folder_make(&folder), 0);
    session_join(&second, &first);
    session *both[] = {&first, &second};
    assert_int_equal(first.driver->connections_max(first.database), 0);
    for (size_t i = 0; i < 2; i++) {
        session_expect(both[i], "PRAGMA journal_mode", "'wal'");
        session_expect(both[i], "PRAGMA foreign_keys", "1");
        session_expect(both[i], "PRAGMA trusted_schema", "0");
        session_expect(both[i], "PRAGMA synchronous", "2");
        session_expect(both[i], "PRAGMA cell_size_check", "1");
        session_expect(both[i], "SELECT ignis_like('a', 'a')", "1");
        session_refuse(both[i], "SELECT \"no_such_column\"", IGNIS_E_DATABASE);
    }
    session_close(&second);
    session_close(&first);
    session_folder_remove(&folder);
}

static void a_memory_database_outlives_its_one_connection(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    assert_int_equal(s.driver->connections_max(s.database), 1);
    session_expect(&s, "CREATE TABLE t(a)", "");
    ignis_connection *second = NULL;
    assert_int_equal(s.driver->connect(s.ctx, s.database, &second), IGNIS_E_STATE);
    session_expect(&s, "BEGIN", "");
    session_expect(&s, "INSERT INTO t VALUES (1)", "");
    s.driver->disconnect(s.connection);
    assert_int_equal(s.driver->connect(s.ctx, s.database, &s.connection), IGNIS_OK);
    assert_false(s.driver->in_transaction(s.connection));
    session_expect(&s, "SELECT count(*) FROM t", "0");
    session_close(&s);
}

/* ---- values ---- */

static void values_are_bound_in_the_class_that_is_stored(void **state)
{
    (void)state;
    const ignis_cell numbers[] = {cell_integer(1), cell_null(), cell_integer(3)};
    const struct {
        ignis_value_type type;
        ignis_cell cell;
        const char *rows;
    } rows[] = {
        {{.type = IGNIS_TYPE_BOOLEAN}, cell_integer(1), "'integer'|1"},
        {{.type = IGNIS_TYPE_SMALLINT}, cell_integer(-7), "'integer'|-7"},
        {{.type = IGNIS_TYPE_BIGINT}, cell_integer(INT64_MIN), "'integer'|-9223372036854775808"},
        {{.type = IGNIS_TYPE_BIGINT}, cell_null(), "'null'|NULL"},
        {{.type = IGNIS_TYPE_REAL}, cell_real(0.1), "'real'|0.10000000149011612"},
        {{.type = IGNIS_TYPE_DOUBLE}, cell_real(0.1), "'real'|0.10000000000000001"},
        {{.type = IGNIS_TYPE_DOUBLE}, cell_integer(2), "'real'|2"},
        {{.type = IGNIS_TYPE_DOUBLE}, cell_real(NAN), "'null'|NULL"},
        {{.type = IGNIS_TYPE_NUMERIC}, cell_text("1.50"), "'text'|'1.50'"},
        {{.type = IGNIS_TYPE_TEXT}, cell_text("naïve"), "'text'|'naïve'"},
        {{.type = IGNIS_TYPE_TEXT}, cell_text(""), "'text'|''"},
        {{.type = IGNIS_TYPE_TEXT}, {.kind = IGNIS_CELL_TEXT}, "'text'|''"},
        {{.type = IGNIS_TYPE_JSONB}, cell_text("{\"a\": 1}"), "'text'|'{\"a\": 1}'"},
        {{.type = IGNIS_TYPE_BYTEA}, cell_bytes("\0\xff", 2), "'blob'|x'00ff'"},
        {{.type = IGNIS_TYPE_BYTEA}, cell_bytes("", 0), "'blob'|x''"},
        {{.type = IGNIS_TYPE_BYTEA}, {.kind = IGNIS_CELL_BYTES}, "'blob'|x''"},
        {{.type = IGNIS_TYPE_DATE}, cell_integer(0), "'text'|'2000-01-01'"},
        {{.type = IGNIS_TYPE_DATE}, cell_integer(2921939), "'text'|'9999-12-31'"},
        {{.type = IGNIS_TYPE_DATE}, cell_integer(-730119), "'text'|'0001-01-01'"},
        {{.type = IGNIS_TYPE_DATE}, cell_integer(INT64_MAX), "'text'|'infinity'"},
        {{.type = IGNIS_TYPE_TIMESTAMP}, cell_integer(1), "'text'|'2000-01-01T00:00:00.000001'"},
        {{.type = IGNIS_TYPE_TIMESTAMPTZ}, cell_integer(0), "'text'|'2000-01-01T00:00:00.000000Z'"},
        {{.type = IGNIS_TYPE_TIMESTAMPTZ}, cell_integer(INT64_MIN), "'text'|'-infinity'"},
        {{.type = IGNIS_TYPE_INTEGER, .array = true}, cell_list(numbers, 3), "'text'|'[1,null,3]'"},
        {{.type = IGNIS_TYPE_INTEGER, .array = true}, cell_list(NULL, 0), "'text'|'[]'"},
        {{.type = IGNIS_TYPE_INTEGER, .array = true}, cell_null(), "'null'|NULL"},
    };
    session s;
    session_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_int_equal(
            session_run_with(&s, "SELECT typeof(?1), ?1", &rows[i].type, &rows[i].cell, 1),
            IGNIS_OK);
        assert_string_equal(s.rows, rows[i].rows);
    }
    session_close(&s);
}

static void a_time_beyond_the_sortable_years_is_refused(void **state)
{
    (void)state;
    const struct {
        ignis_type type;
        int64_t value;
    } rows[] = {
        {IGNIS_TYPE_DATE, 2921940},
        {IGNIS_TYPE_DATE, -730120},
        {IGNIS_TYPE_TIMESTAMP, INT64_C(2921940) * 86400000000},
        {IGNIS_TYPE_TIMESTAMPTZ, INT64_C(-730119) * 86400000000 - 1},
    };
    session s;
    session_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        ignis_value_type type = {.type = rows[i].type};
        ignis_cell cell = cell_integer(rows[i].value);
        ignis_cell list = cell_list(&cell, 1);
        assert_int_equal(session_run_with(&s, "SELECT ?1", &type, &cell, 1), IGNIS_E_INVALID);
        type.list = true;
        assert_int_equal(session_run_with(&s, "SELECT ?1", &type, &list, 1), IGNIS_E_INVALID);
        type = (ignis_value_type){.type = rows[i].type, .array = true};
        assert_int_equal(session_run_with(&s, "SELECT ?1", &type, &list, 1), IGNIS_E_INVALID);
    }
    session_close(&s);
}

static void a_value_too_big_for_the_database_is_a_limit(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_refuse(&s, "SELECT length(zeroblob(300000000))", IGNIS_E_LIMIT);
    session_expect(&s, "SELECT length(zeroblob(1000))", "1000");
    session_close(&s);
}

/* ---- statements ---- */

static void executions_follow_each_other_and_each_tells_its_end(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_expect(&s, "CREATE TABLE t(a)", "");
    ignis_statement insert = {.id = 1,
                              .sql = "INSERT INTO t VALUES (?1)",
                              .sql_size = 25,
                              .parameters = &bigint_type,
                              .parameters_count = 1};
    ignis_statement select = {.id = 2, .sql = "SELECT a FROM t", .sql_size = 15};
    const ignis_cell one = cell_integer(1), two = cell_integer(2);
    const ignis_execution executions[] = {{.statement = &insert, .parameters = &one},
                                          {.statement = &insert, .parameters = &two},
                                          {.statement = &select, .parameters = NULL}};
    static const struct {
        ignis_batch_state state;
        size_t execution;
        int64_t affected;
    } expected[] = {{IGNIS_BATCH_END, 0, 1},  {IGNIS_BATCH_END, 1, 1}, {IGNIS_BATCH_ROWS, 2, 0},
                    {IGNIS_BATCH_ROWS, 2, 0}, {IGNIS_BATCH_END, 2, 0}, {IGNIS_BATCH_IDLE, 0, 0},
                    {IGNIS_BATCH_IDLE, 0, 0}};
    assert_int_equal(s.driver->start(s.ctx, s.connection, executions, 3), IGNIS_OK);
    assert_int_equal(s.driver->start(s.ctx, s.connection, executions, 3), IGNIS_E_STATE);
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++) {
        ignis_batch batch;
        assert_int_equal(s.driver->step(s.ctx, s.connection, &batch), IGNIS_OK);
        assert_int_equal(batch.state, expected[i].state);
        assert_int_equal(batch.execution, expected[i].execution);
        assert_int_equal(batch.affected, expected[i].affected);
    }
    session_close(&s);
}

static void a_write_tells_how_many_rows_it_changed(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        int64_t affected;
    } rows[] = {
        {"CREATE TABLE t(a)", 0},
        {"INSERT INTO t VALUES (1), (2), (3)", 3},
        {"CREATE INDEX t_a ON t(a)", 0},
        {"SELECT a FROM t", 0},
        {"UPDATE t SET a = a + 1 WHERE a > 1 RETURNING a", 2},
        {"UPDATE t SET a = 0 WHERE a > 100", 0},
        {"BEGIN IMMEDIATE", 0},
        {"DELETE FROM t", 3},
        {"COMMIT", 0},
    };
    session s;
    session_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_int_equal(session_run(&s, rows[i].sql), IGNIS_OK);
        assert_int_equal(s.affected, rows[i].affected);
    }
    session_close(&s);
}

static void a_text_that_is_not_one_statement_is_refused(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_refuse(&s, "", IGNIS_E_INVALID);
    session_refuse(&s, "SELECT 1; SELECT 2", IGNIS_E_INVALID);
    session_refuse(&s, "SELECT ?1", IGNIS_E_INVALID);
    session_expect(&s, "SELECT 1 ;\n", "1");
    session_close(&s);
}

static void a_syntax_error_shows_no_sql(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_refuse(&s, "SELECT 1 FRUM secret", IGNIS_E_DATABASE);
    assert_string_equal(ignis_context_error(s.ctx)->message, "syntax error");
    session_refuse(&s, "SELECT 1 FROM nowhere", IGNIS_E_DATABASE);
    assert_string_equal(ignis_context_error(s.ctx)->message, "no such table: nowhere");
    session_close(&s);
}

static void run_numbered(session *s, uint64_t id)
{
    char sql[64];
    int size = snprintf(sql, sizeof(sql), "SELECT ?1, %llu", (unsigned long long)id);
    char expected[64];
    assert_true(snprintf(expected, sizeof(expected), "5|%llu", (unsigned long long)id) > 0);
    ignis_statement statement = {.id = id,
                                 .sql = sql,
                                 .sql_size = (size_t)size,
                                 .parameters = &bigint_type,
                                 .parameters_count = 1};
    const ignis_cell five = cell_integer(5);
    const ignis_execution execution = {.statement = &statement, .parameters = &five};
    assert_int_equal(session_execute(s, &execution, 1), IGNIS_OK);
    assert_string_equal(s->rows, expected);
}

static size_t statements_count(const session *s)
{
    size_t count = 0;
    sqlite3_stmt *handle = NULL;
    while ((handle = sqlite3_next_stmt(engine(s)->db, handle)) != NULL) {
        count++;
    }
    return count;
}

static bool is_prepared(const session *s, const char *sql)
{
    sqlite3_stmt *handle = NULL;
    while ((handle = sqlite3_next_stmt(engine(s)->db, handle)) != NULL) {
        if (strcmp(sqlite3_sql(handle), sql) == 0) return true;
    }
    return false;
}

static void the_least_recently_used_statement_makes_room(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    for (uint64_t id = 1; id <= SQLITE_STATEMENTS_MAX; id++) {
        run_numbered(&s, id);
    }
    run_numbered(&s, 1);
    assert_int_equal(statements_count(&s), SQLITE_STATEMENTS_MAX);
    run_numbered(&s, 1000);
    assert_int_equal(statements_count(&s), SQLITE_STATEMENTS_MAX);
    assert_true(is_prepared(&s, "SELECT ?1, 1"));
    assert_true(is_prepared(&s, "SELECT ?1, 1000"));
    assert_false(is_prepared(&s, "SELECT ?1, 2"));
    for (uint64_t id = 2000; id < 3000; id++) {
        run_numbered(&s, id);
    }
    run_numbered(&s, 1);
    assert_int_equal(statements_count(&s), SQLITE_STATEMENTS_MAX);
    session_close(&s);
}

static void a_kept_statement_forgets_its_parameters(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    run_numbered(&s, 1);
    char *sql = sqlite3_expanded_sql(sqlite3_next_stmt(engine(&s)->db, NULL));
    assert_string_equal(sql, "SELECT NULL, 1");
    sqlite3_free(sql);
    session_close(&s);
}

static void a_statement_without_id_is_not_kept(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_expect(&s, "SELECT 1", "1");
    assert_int_equal(statements_count(&s), 0);
    session_refuse(&s, "SELECT abs(-9223372036854775808)", IGNIS_E_DATABASE);
    assert_int_equal(statements_count(&s), 0);
    session_close(&s);
}

static void a_kept_statement_survives_a_change_of_its_table(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    ignis_statement select = {.id = 7, .sql = "SELECT * FROM t", .sql_size = 15};
    const ignis_execution execution = {.statement = &select, .parameters = NULL};
    session_expect(&s, "CREATE TABLE t(a)", "");
    session_expect(&s, "INSERT INTO t VALUES (1)", "");
    assert_int_equal(session_execute(&s, &execution, 1), IGNIS_OK);
    assert_string_equal(s.rows, "1");
    session_expect(&s, "ALTER TABLE t ADD COLUMN b DEFAULT 'x'", "");
    assert_int_equal(session_execute(&s, &execution, 1), IGNIS_OK);
    assert_string_equal(s.rows, "1|'x'");
    session_close(&s);
}

static void no_read_transaction_lingers_after_the_last_row(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_expect(&s, "CREATE TABLE t(a)", "");
    session_expect(&s, "INSERT INTO t VALUES (1), (2)", "");
    ignis_statement select = {.id = 7, .sql = "SELECT a FROM t", .sql_size = 15};
    const ignis_execution execution = {.statement = &select, .parameters = NULL};
    ignis_batch batch;
    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(s.driver->step(s.ctx, s.connection, &batch), IGNIS_OK);
        assert_int_equal(sqlite3_txn_state(engine(&s)->db, NULL), SQLITE_TXN_READ);
    }
    assert_int_equal(s.driver->step(s.ctx, s.connection, &batch), IGNIS_OK);
    assert_int_equal(batch.state, IGNIS_BATCH_END);
    assert_int_equal(sqlite3_txn_state(engine(&s)->db, NULL), SQLITE_TXN_NONE);
    assert_int_equal(s.driver->step(s.ctx, s.connection, &batch), IGNIS_OK);

    assert_int_equal(s.driver->start(s.ctx, s.connection, &execution, 1), IGNIS_OK);
    assert_int_equal(s.driver->step(s.ctx, s.connection, &batch), IGNIS_OK);
    s.driver->abandon(s.connection);
    assert_int_equal(sqlite3_txn_state(engine(&s)->db, NULL), SQLITE_TXN_NONE);
    session_expect(&s, "SELECT count(*) FROM t", "2");
    session_close(&s);
}

/* ---- memory ---- */

static ignis_code open_and_run(ignis_context *ctx)
{
    ignis_driver_settings settings = {.struct_size = sizeof(settings), .url = ":memory:"};
    const ignis_cell numbers[] = {cell_integer(1), cell_integer(2)};
    const ignis_cell list = cell_list(numbers, 2);
    const ignis_value_type type = {.type = IGNIS_TYPE_INTEGER, .array = true};
    ignis_statement statement = {
        .sql = "SELECT ?1, 2", .sql_size = 12, .parameters = &type, .parameters_count = 1};
    const ignis_execution execution = {.statement = &statement, .parameters = &list};
    const ignis_driver *driver = &ignis_sqlite_driver;
    ignis_database *database = NULL;
    ignis_connection *connection = NULL;
    ignis_batch batch = {.state = IGNIS_BATCH_WAIT};
    IGNIS_TRY(driver->open(ctx, &settings, &database));
    ignis_code code = driver->connect(ctx, database, &connection);
    if (code == IGNIS_OK) code = driver->start(ctx, connection, &execution, 1);
    while (code == IGNIS_OK && batch.state != IGNIS_BATCH_IDLE) {
        code = driver->step(ctx, connection, &batch);
    }
    if (connection) driver->disconnect(connection);
    driver->close(database);
    return code;
}

static void no_memory_is_an_error_and_leaks_nothing(void **state)
{
    (void)state;
    ignis_context *ctx = ignis_context_create();
    size_t blocks = arena_live_blocks();
    ignis_code code = IGNIS_E_MEMORY;
    for (uint64_t n = 1; code != IGNIS_OK; n++) {
        arena_fault_at(n);
        code = open_and_run(ctx);
        arena_fault_at(0);
        assert_true(code == IGNIS_OK || code == IGNIS_E_MEMORY);
        assert_int_equal(arena_live_blocks(), blocks);
    }
    ignis_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_url_opens_the_file_it_names),
        cmocka_unit_test(a_bad_setting_is_refused_at_opening),
        cmocka_unit_test(a_url_that_is_refused_is_told_why),
        cmocka_unit_test(a_scheme_is_in_any_case),
        cmocka_unit_test(a_name_with_a_colon_or_a_mark_is_a_file_after_a_slash),
        cmocka_unit_test(a_file_that_is_no_database_is_no_connection),
        cmocka_unit_test(every_connection_to_a_file_is_set_up),
        cmocka_unit_test(a_memory_database_outlives_its_one_connection),
        cmocka_unit_test(values_are_bound_in_the_class_that_is_stored),
        cmocka_unit_test(a_time_beyond_the_sortable_years_is_refused),
        cmocka_unit_test(a_value_too_big_for_the_database_is_a_limit),
        cmocka_unit_test(executions_follow_each_other_and_each_tells_its_end),
        cmocka_unit_test(a_write_tells_how_many_rows_it_changed),
        cmocka_unit_test(a_text_that_is_not_one_statement_is_refused),
        cmocka_unit_test(a_syntax_error_shows_no_sql),
        cmocka_unit_test(the_least_recently_used_statement_makes_room),
        cmocka_unit_test(a_kept_statement_forgets_its_parameters),
        cmocka_unit_test(a_statement_without_id_is_not_kept),
        cmocka_unit_test(a_kept_statement_survives_a_change_of_its_table),
        cmocka_unit_test(no_read_transaction_lingers_after_the_last_row),
        cmocka_unit_test(no_memory_is_an_error_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
