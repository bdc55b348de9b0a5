#include "driver/sqlite.h"
#include "session.h"

/* Runs sql with one list over a key of the columns that types name. */
static ignis_code run_list(session *s, const char *sql, const ignis_value_type *types, size_t width,
                           const ignis_cell *items, size_t count)
{
    ignis_cell cells[SQLITE_LIST_COLUMNS_MAX + 1] = {cell_list(items, count)};
    return session_run_with(s, sql, types, cells, width);
}

static void expect_list(session *s, const char *sql, ignis_type type, const ignis_cell *items,
                        size_t count, const char *rows)
{
    const ignis_value_type list = {.type = type, .list = true};
    assert_int_equal(run_list(s, sql, &list, 1, items, count), IGNIS_OK);
    assert_string_equal(s->rows, rows);
}

static void the_rows_of_a_list_have_the_class_that_is_stored(void **state)
{
    (void)state;
    const ignis_cell integers[] = {cell_integer(1), cell_null(), cell_integer(-2)};
    const ignis_cell texts[] = {cell_text(""), cell_text("b")};
    const ignis_cell reals[] = {cell_real(0.1)};
    const ignis_cell bytes[] = {cell_bytes("\0\x01", 2), cell_bytes("", 0)};
    const ignis_cell times[] = {cell_integer(0), cell_integer(INT64_MAX), cell_text("infinity")};
    const struct {
        ignis_type type;
        const ignis_cell *items;
        size_t count;
        const char *rows;
    } rows[] = {
        {IGNIS_TYPE_BIGINT, integers, 3, "0|'integer'|1\n1|'null'|NULL\n2|'integer'|-2"},
        {IGNIS_TYPE_TEXT, texts, 2, "0|'text'|''\n1|'text'|'b'"},
        {IGNIS_TYPE_REAL, reals, 1, "0|'real'|0.10000000149011612"},
        {IGNIS_TYPE_BYTEA, bytes, 2, "0|'blob'|x'0001'\n1|'blob'|x''"},
        {IGNIS_TYPE_DATE, times, 3,
         "0|'text'|'2000-01-01'\n1|'text'|'infinity'\n2|'text'|'infinity'"},
        {IGNIS_TYPE_TIMESTAMPTZ, times, 1, "0|'text'|'2000-01-01T00:00:00.000000Z'"},
        {IGNIS_TYPE_TEXT, NULL, 0, ""},
    };
    session s;
    session_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        expect_list(&s, "SELECT rowid, typeof(k0), k0 FROM ignis_list(?1)", rows[i].type,
                    rows[i].items, rows[i].count, rows[i].rows);
    }
    session_close(&s);
}

static void a_list_of_arrays_gives_their_stored_text(void **state)
{
    (void)state;
    const ignis_cell numbers[] = {cell_integer(1), cell_integer(2)};
    const ignis_cell arrays[] = {cell_list(numbers, 2), cell_null(), cell_list(NULL, 0)};
    const ignis_cell list = cell_list(arrays, 3);
    const ignis_value_type type = {.type = IGNIS_TYPE_INTEGER, .array = true, .list = true};
    session s;
    session_open(&s);
    assert_int_equal(session_run_with(&s, "SELECT k0 FROM ignis_list(?1)", &type, &list, 1),
                     IGNIS_OK);
    assert_string_equal(s.rows, "'[1,2]'\nNULL\n'[]'");
    session_close(&s);
}

static void a_key_list_gives_its_tuples(void **state)
{
    (void)state;
    const ignis_value_type types[] = {{.type = IGNIS_TYPE_TEXT, .list = true},
                                      {.type = IGNIS_TYPE_INTEGER, .list = true},
                                      {.type = IGNIS_TYPE_DATE, .list = true}};
    const ignis_cell items[] = {cell_text("a"), cell_integer(1), cell_integer(0),
                                cell_text("b"), cell_integer(2), cell_null()};
    session s;
    session_open(&s);
    assert_int_equal(
        run_list(&s, "SELECT k0, k1, k2, k3, k15 FROM ignis_list(?1)", types, 3, items, 6),
        IGNIS_OK);
    assert_string_equal(s.rows, "'a'|1|'2000-01-01'|NULL|NULL\n'b'|2|NULL|NULL|NULL");
    assert_int_equal(run_list(&s, "SELECT k0 FROM ignis_list(?1)", types, 3, items, 5),
                     IGNIS_E_INVALID);
    session_close(&s);
}

static void lists_side_by_side_are_lists_of_their_own(void **state)
{
    (void)state;
    const ignis_value_type types[] = {{.type = IGNIS_TYPE_INTEGER, .list = true},
                                      {.type = IGNIS_TYPE_TEXT, .list = true},
                                      {.type = IGNIS_TYPE_TEXT, .list = true},
                                      {.type = IGNIS_TYPE_INTEGER}};
    const ignis_cell numbers[] = {cell_integer(1), cell_integer(2)};
    const ignis_cell texts[] = {cell_text("a"), cell_text("b")};
    const ignis_cell cells[] = {cell_list(numbers, 2), cell_list(texts, 2), cell_null(),
                                cell_integer(9)};
    session s;
    session_open(&s);
    assert_int_equal(session_run_with(&s,
                                      "SELECT a.k0, a.k1, b.k0, b.k1, ?4 FROM ignis_list(?1) AS a "
                                      "CROSS JOIN ignis_list(?2) AS b",
                                      types, cells, 4),
                     IGNIS_OK);
    assert_string_equal(s.rows, "1|NULL|'a'|'b'|9\n2|NULL|'a'|'b'|9");
    session_close(&s);
}

static void a_key_list_has_sixteen_columns_at_most(void **state)
{
    (void)state;
    ignis_value_type types[SQLITE_LIST_COLUMNS_MAX + 1];
    ignis_cell items[SQLITE_LIST_COLUMNS_MAX + 1];
    for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
        types[i] = (ignis_value_type){.type = IGNIS_TYPE_INTEGER, .list = true};
        items[i] = cell_integer((int64_t)i);
    }
    session s;
    session_open(&s);
    assert_int_equal(run_list(&s, "SELECT k0, k15 FROM ignis_list(?1)", types, 16, items, 16),
                     IGNIS_OK);
    assert_string_equal(s.rows, "0|15");
    assert_int_equal(run_list(&s, "SELECT k0 FROM ignis_list(?1)", types, 17, items, 17),
                     IGNIS_E_LIMIT);
    session_close(&s);
}

static void what_is_no_list_has_no_rows(void **state)
{
    (void)state;
    const ignis_value_type type = {.type = IGNIS_TYPE_BIGINT};
    const ignis_cell number = cell_integer(7);
    session s;
    session_open(&s);
    session_expect(&s, "SELECT k0 FROM ignis_list(NULL)", "");
    session_expect(&s, "SELECT k0 FROM ignis_list('[1,2]')", "");
    assert_int_equal(session_run_with(&s, "SELECT k0 FROM ignis_list(?1)", &type, &number, 1),
                     IGNIS_OK);
    assert_string_equal(s.rows, "");
    session_close(&s);
}

static void a_list_needs_its_argument(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_refuse(&s, "SELECT k0 FROM ignis_list", IGNIS_E_DATABASE);
    session_refuse(&s, "CREATE VIRTUAL TABLE x USING ignis_list", IGNIS_E_DATABASE);
    session_close(&s);
}

/* ---- use of indexes ---- */

static const char *const schema[] = {
    "CREATE TABLE parent(id INTEGER PRIMARY KEY, code TEXT UNIQUE)",
    "ALTER TABLE parent ADD COLUMN price TEXT COLLATE IGNIS_NUMERIC",
    "CREATE INDEX parent_price ON parent(price)",
    "CREATE TABLE child(id INTEGER PRIMARY KEY, fk INTEGER, a TEXT, b INTEGER)",
    "CREATE INDEX child_fk ON child(fk)",
    "CREATE INDEX child_a_b ON child(a, b)",
    "INSERT INTO parent VALUES (1, 'a', '1.50'), (2, 'b', '10'), (3, '1', '9')",
    "INSERT INTO child VALUES (1, 1, 'x', 1), (2, 2, 'x', 2), (3, 1, 'y', 1), (4, NULL, 'z', 1)",
};

static void expect_plan(session *s, const char *sql, const char *step)
{
    char explain[512];
    assert_true(snprintf(explain, sizeof(explain), "EXPLAIN QUERY PLAN %s", sql) > 0);
    const ignis_value_type types[] = {{.type = IGNIS_TYPE_INTEGER, .list = true},
                                      {.type = IGNIS_TYPE_INTEGER, .list = true}};
    assert_int_equal(run_list(s, explain, types, 2, NULL, 0), IGNIS_OK);
    if (!strstr(s->rows, step)) fail_msg("no \"%s\" in the plan of %s:\n%s", step, sql, s->rows);
}

static void a_join_or_in_with_a_list_uses_the_index(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        const char *step;
    } rows[] = {
        {"SELECT c.id FROM ignis_list(?1) AS k CROSS JOIN child AS c ON c.fk = k.k0",
         "SEARCH c USING COVERING INDEX child_fk (fk=?)"},
        {"SELECT c.id FROM ignis_list(?1) AS k JOIN child AS c ON c.fk = k.k0",
         "SEARCH c USING COVERING INDEX child_fk (fk=?)"},
        {"SELECT c.id FROM ignis_list(?1) AS k CROSS JOIN child AS c ON c.a = k.k0 AND c.b = k.k1",
         "SEARCH c USING COVERING INDEX child_a_b (a=? AND b=?)"},
        {"SELECT c.id FROM ignis_list(?1) AS k CROSS JOIN child AS c ON c.rowid IN (SELECT rowid "
         "FROM child AS d WHERE d.fk = k.k0 ORDER BY d.id LIMIT 2)",
         "SEARCH d USING COVERING INDEX child_fk (fk=?)"},
        {"SELECT b FROM child WHERE fk IN (SELECT k0 FROM ignis_list(?1))",
         "SEARCH child USING INDEX child_fk (fk=?)"},
        {"SELECT code FROM parent WHERE id IN (SELECT k0 FROM ignis_list(?1))",
         "SEARCH parent USING INTEGER PRIMARY KEY (rowid=?)"},
        {"SELECT id FROM parent WHERE code IN (SELECT k0 FROM ignis_list(?1))",
         "SEARCH parent USING COVERING INDEX sqlite_autoindex_parent_1 (code=?)"},
        {"SELECT id FROM parent WHERE price IN (SELECT k0 FROM ignis_list(?1))",
         "SEARCH parent USING COVERING INDEX parent_price (price=?)"},
        {"SELECT p.id FROM ignis_list(?1) AS k CROSS JOIN parent AS p ON p.price = k.k0",
         "SEARCH p USING COVERING INDEX parent_price (price=?)"},
    };
    session s;
    session_open(&s);
    session_prepare(&s, schema, ARRAY_COUNT(schema));
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        expect_plan(&s, rows[i].sql, rows[i].step);
    }
    session_close(&s);
}

static void keys_compare_as_their_column_does(void **state)
{
    (void)state;
    const ignis_cell integers[] = {cell_integer(1), cell_integer(7), cell_integer(1)};
    const ignis_cell texts[] = {cell_text("1"), cell_text("A"), cell_text("b")};
    const ignis_cell prices[] = {cell_text("1.5"), cell_text("10.00")};
    session s;
    session_open(&s);
    session_prepare(&s, schema, ARRAY_COUNT(schema));
    expect_list(&s, "SELECT id FROM child WHERE fk IN (SELECT k0 FROM ignis_list(?1)) ORDER BY id",
                IGNIS_TYPE_INTEGER, integers, 3, "1\n3");
    expect_list(
        &s,
        "SELECT k.rowid, c.id FROM ignis_list(?1) AS k CROSS JOIN child AS c ON c.fk = k.k0 "
        "ORDER BY 1, 2",
        IGNIS_TYPE_INTEGER, integers, 3, "0|1\n0|3\n2|1\n2|3");
    expect_list(&s,
                "SELECT id FROM parent WHERE code IN (SELECT k0 FROM ignis_list(?1)) ORDER BY 1",
                IGNIS_TYPE_TEXT, texts, 3, "2\n3");
    expect_list(&s,
                "SELECT id FROM parent WHERE price IN (SELECT k0 FROM ignis_list(?1)) ORDER BY 1",
                IGNIS_TYPE_NUMERIC, prices, 2, "1\n2");
    expect_list(&s,
                "SELECT p.id FROM ignis_list(?1) AS k CROSS JOIN parent AS p ON p.price = k.k0 "
                "ORDER BY 1",
                IGNIS_TYPE_NUMERIC, prices, 2, "1\n2");
    session_close(&s);
}

static void a_list_of_any_length_runs_the_same_statement(void **state)
{
    (void)state;
    enum { COUNT = 50000 };
    ignis_cell *items = test_calloc(COUNT, sizeof(*items));
    const ignis_value_type type = {.type = IGNIS_TYPE_INTEGER, .list = true};
    static const char sql[] = "SELECT count(*), sum(k0) FROM ignis_list(?1)";
    ignis_statement statement = {.id = 3,
                                 .sql = sql,
                                 .sql_size = sizeof(sql) - 1,
                                 .parameters = &type,
                                 .parameters_count = 1};
    session s;
    session_open(&s);
    for (size_t i = 0; i < COUNT; i++) {
        items[i] = cell_integer((int64_t)i);
    }
    for (size_t count = 1; count <= COUNT; count *= 10) {
        char expected[64];
        const ignis_cell list = cell_list(items, count);
        const ignis_execution execution = {.statement = &statement, .parameters = &list};
        assert_int_equal(session_execute(&s, &execution, 1), IGNIS_OK);
        assert_true(
            snprintf(expected, sizeof(expected), "%zu|%zu", count, count * (count - 1) / 2) > 0);
        assert_string_equal(s.rows, expected);
    }
    session_close(&s);
    test_free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rows_of_a_list_have_the_class_that_is_stored),
        cmocka_unit_test(a_list_of_arrays_gives_their_stored_text),
        cmocka_unit_test(a_key_list_gives_its_tuples),
        cmocka_unit_test(lists_side_by_side_are_lists_of_their_own),
        cmocka_unit_test(a_key_list_has_sixteen_columns_at_most),
        cmocka_unit_test(what_is_no_list_has_no_rows),
        cmocka_unit_test(a_list_needs_its_argument),
        cmocka_unit_test(a_join_or_in_with_a_list_uses_the_index),
        cmocka_unit_test(keys_compare_as_their_column_does),
        cmocka_unit_test(a_list_of_any_length_runs_the_same_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
