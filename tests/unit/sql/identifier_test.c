/* identifier: what SQLite itself evaluates and PostgreSQL's own parser reads. */
#include "sql/sql.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <pg_query.h>
#include <sqlite3.h>

typedef struct fixture {
    arena memory;
    sqlite3 *database;
} fixture;

static int set_up(void **state)
{
    static fixture shared;
    *state = &shared;
    return sqlite3_open(":memory:", &shared.database);
}

static int tear_down(void **state)
{
    fixture *given = *state;
    arena_free(&given->memory);
    return sqlite3_close(given->database);
}

static const char *literal(fixture *given, ignis_dialect dialect, const ignis_value_type *type,
                           const ignis_cell *cell)
{
    text out;
    text_init(&out, &given->memory, 0);
    sql_literal(&out, dialect, type, cell);
    const char *sql = text_finish(&out);
    assert_non_null(sql);
    return sql;
}

static sqlite3_stmt *evaluate(fixture *given, const char *expression)
{
    sqlite3_stmt *statement = NULL;
    text sql;
    text_init(&sql, &given->memory, 0);
    text_format(&sql, "SELECT %s", expression);
    assert_int_equal(sqlite3_prepare_v2(given->database, text_finish(&sql), -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    return statement;
}

static void assert_parses(fixture *given, const char *expression)
{
    text sql;
    text_init(&sql, &given->memory, 0);
    text_format(&sql, "SELECT %s", expression);
    PgQueryParseResult result = pg_query_parse(text_finish(&sql));
    assert_null(result.error);
    pg_query_free_parse_result(result);
}

static void identifiers_double_their_quotes(void **state)
{
    fixture *given = *state;
    text out;
    text_init(&out, &given->memory, 0);
    sql_identifier(&out, "a\"b\"\"c d;--");
    const char *quoted = text_finish(&out);
    assert_string_equal(quoted, "\"a\"\"b\"\"\"\"c d;--\"");
    text expression;
    text_init(&expression, &given->memory, 0);
    text_format(&expression, "1 AS %s", quoted);
    sqlite3_stmt *statement = evaluate(given, text_finish(&expression));
    assert_string_equal(sqlite3_column_name(statement, 0), "a\"b\"\"c d;--");
    sqlite3_finalize(statement);
}

static void a_schema_is_a_qualifier_or_part_of_the_name(void **state)
{
    static const struct {
        const char *schema;
        ignis_dialect dialect;
        const char *output;
    } cases[] = {
        {NULL, IGNIS_DIALECT_POSTGRES, "\"Order\""},
        {NULL, IGNIS_DIALECT_SQLITE, "\"Order\""},
        {"sa\"les", IGNIS_DIALECT_POSTGRES, "\"sa\"\"les\".\"Order\""},
        {"sa\"les", IGNIS_DIALECT_SQLITE, "\"sa\"\"les.Order\""},
    };
    fixture *given = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        model_entity entity = {.table = "Order", .schema = cases[i].schema};
        text out;
        text_init(&out, &given->memory, 0);
        sql_table(&out, cases[i].dialect, &entity);
        assert_string_equal(text_finish(&out), cases[i].output);
    }
}

static void a_table_name_without_memory_is_an_error_of_the_text(void **state)
{
    arena small = {.total_max = 1};
    model_entity entity = {.table = "Order", .schema = "sales"};
    text out;
    (void)state;
    text_init(&out, &small, 0);
    sql_table(&out, IGNIS_DIALECT_SQLITE, &entity);
    assert_null(text_finish(&out));
    assert_int_equal(out.code, IGNIS_E_LIMIT);
    arena_free(&small);
}

#define TEXT(string)                                                             \
    {                                                                            \
        .kind = IGNIS_CELL_TEXT, .size = sizeof(string) - 1, .as.text = (string) \
    }
#define INTEGER(value)                                    \
    {                                                     \
        .kind = IGNIS_CELL_INTEGER, .as.integer = (value) \
    }
#define REAL(value)                                 \
    {                                               \
        .kind = IGNIS_CELL_REAL, .as.real = (value) \
    }
#define BYTES(string)                                                             \
    {                                                                             \
        .kind = IGNIS_CELL_BYTES, .size = sizeof(string) - 1, .as.text = (string) \
    }
#define LIST(cells)                                                              \
    {                                                                            \
        .kind = IGNIS_CELL_LIST, .size = ARRAY_COUNT(cells), .as.items = (cells) \
    }

static const ignis_cell three_texts[] = {TEXT("it's"), TEXT("a\"b"), {0}};
static const ignis_cell two_integers[] = {INTEGER(-1), INTEGER(2)};
static const ignis_cell one_uuid[] = {TEXT("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")};

typedef struct literal_case {
    ignis_value_type type;
    ignis_cell cell;
    const char *postgres;
    const char *sqlite;
    int sqlite_class;
    const char *sqlite_value;
} literal_case;

static const literal_case cases[] = {
    {{.type = IGNIS_TYPE_TEXT}, {0}, "NULL", "NULL", SQLITE_NULL, NULL},
    {{.type = IGNIS_TYPE_BOOLEAN}, INTEGER(1), "true", "1", SQLITE_INTEGER, "1"},
    {{.type = IGNIS_TYPE_BOOLEAN}, INTEGER(0), "false", "0", SQLITE_INTEGER, "0"},
    {{.type = IGNIS_TYPE_INTEGER}, INTEGER(-5), "-5", "-5", SQLITE_INTEGER, "-5"},
    {{.type = IGNIS_TYPE_BIGINT},
     INTEGER(INT64_MIN),
     "-9223372036854775808",
     "-9223372036854775808",
     SQLITE_INTEGER,
     "-9223372036854775808"},
    {{.type = IGNIS_TYPE_DOUBLE}, REAL(2), "'2'::double precision", "2.0", SQLITE_FLOAT, "2.0"},
    {{.type = IGNIS_TYPE_DOUBLE},
     REAL(-1.5),
     "'-1.5'::double precision",
     "(-3 * 1.0 / 2)",
     SQLITE_FLOAT,
     "-1.5"},
    {{.type = IGNIS_TYPE_REAL}, REAL(0.25), "'0.25'::real", "(1 * 1.0 / 4)", SQLITE_FLOAT, "0.25"},
    {{.type = IGNIS_TYPE_NUMERIC}, TEXT("-12.50"), "-12.50", "'-12.50'", SQLITE_TEXT, "-12.50"},
    {{.type = IGNIS_TYPE_TEXT},
     TEXT("it's \\ \"x\""),
     "E'it''s \\\\ \"x\"'",
     "'it''s \\ \"x\"'",
     SQLITE_TEXT,
     "it's \\ \"x\""},
    {{.type = IGNIS_TYPE_VARCHAR}, TEXT(""), "''", "''", SQLITE_TEXT, ""},
    {{.type = IGNIS_TYPE_UUID},
     TEXT("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
     "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
     "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
     SQLITE_TEXT,
     "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {{.type = IGNIS_TYPE_BYTEA},
     BYTES("a\xff"),
     "E'\\\\x61ff'::bytea",
     "X'61ff'",
     SQLITE_BLOB,
     "a\xff"},
    {{.type = IGNIS_TYPE_DATE},
     INTEGER(1),
     "'2000-01-02'::date",
     "'2000-01-02'",
     SQLITE_TEXT,
     "2000-01-02"},
    {{.type = IGNIS_TYPE_TIMESTAMP},
     INTEGER(500000),
     "'2000-01-01T00:00:00.500'::timestamp",
     "'2000-01-01T00:00:00.500000'",
     SQLITE_TEXT,
     "2000-01-01T00:00:00.500000"},
    {{.type = IGNIS_TYPE_TIMESTAMPTZ},
     INTEGER(1),
     "'2000-01-01T00:00:00.000001Z'::timestamptz",
     "'2000-01-01T00:00:00.000001Z'",
     SQLITE_TEXT,
     "2000-01-01T00:00:00.000001Z"},
    {{.type = IGNIS_TYPE_TIMESTAMPTZ},
     INTEGER(INT64_MAX),
     "'infinity'::timestamptz",
     "'infinity'",
     SQLITE_TEXT,
     "infinity"},
    {{.type = IGNIS_TYPE_JSONB},
     TEXT("{\"a\": \"it's\"}"),
     "'{\"a\": \"it''s\"}'::jsonb",
     "'{\"a\": \"it''s\"}'",
     SQLITE_TEXT,
     "{\"a\": \"it's\"}"},
    {{.type = IGNIS_TYPE_OTHER, .cast = "point"},
     TEXT("(1,2)"),
     "'(1,2)'::point",
     "'(1,2)'",
     SQLITE_TEXT,
     "(1,2)"},
    {{.type = IGNIS_TYPE_TEXT, .array = true},
     LIST(three_texts),
     "ARRAY['it''s', 'a\"b', NULL]::text[]",
     "'[\"it''s\",\"a\\\"b\",null]'",
     SQLITE_TEXT,
     "[\"it's\",\"a\\\"b\",null]"},
    {{.type = IGNIS_TYPE_SMALLINT, .array = true},
     LIST(two_integers),
     "ARRAY[-1, 2]::smallint[]",
     "'[-1,2]'",
     SQLITE_TEXT,
     "[-1,2]"},
    {{.type = IGNIS_TYPE_UUID, .array = true},
     LIST(one_uuid),
     "ARRAY['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid]::uuid[]",
     "'[\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"]'",
     SQLITE_TEXT,
     "[\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"]"},
    {{.type = IGNIS_TYPE_TEXT, .array = true},
     {.kind = IGNIS_CELL_LIST},
     "ARRAY[]::text[]",
     "'[]'",
     SQLITE_TEXT,
     "[]"},
};

static void postgres_literals_carry_their_type(void **state)
{
    fixture *given = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const literal_case *at = &cases[i];
        const char *sql = literal(given, IGNIS_DIALECT_POSTGRES, &at->type, &at->cell);
        assert_string_equal(sql, at->postgres);
        assert_parses(given, sql);
    }
}

static void sqlite_literals_have_the_form_that_is_stored(void **state)
{
    fixture *given = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const literal_case *at = &cases[i];
        const char *sql = literal(given, IGNIS_DIALECT_SQLITE, &at->type, &at->cell);
        assert_string_equal(sql, at->sqlite);
        sqlite3_stmt *statement = evaluate(given, sql);
        assert_int_equal(sqlite3_column_type(statement, 0), at->sqlite_class);
        if (at->sqlite_value) {
            size_t size = strlen(at->sqlite_value);
            assert_int_equal(sqlite3_column_bytes(statement, 0), size);
            if (size > 0) {
                assert_memory_equal(sqlite3_column_text(statement, 0), at->sqlite_value, size);
            }
        }
        sqlite3_finalize(statement);
    }
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void assert_sqlite_real(fixture *given, double value)
{
    ignis_value_type type = {.type = IGNIS_TYPE_DOUBLE};
    ignis_cell cell = REAL(value);
    sqlite3_stmt *statement = evaluate(given, literal(given, IGNIS_DIALECT_SQLITE, &type, &cell));
    assert_int_equal(sqlite3_column_type(statement, 0), SQLITE_FLOAT);
    assert_true(sqlite3_column_double(statement, 0) == value);
    sqlite3_finalize(statement);
    arena_reset(&given->memory);
}

static void sqlite_reals_are_exact_to_the_last_bit(void **state)
{
    static const double edges[] = {
        0,      0.1,      1e21,   5e-324, -5e-324, 2.2250738585072014e-308,
        1e-310, 0x1p53,   0x1p62, 0x1p63, 0x1p-62, 1.7976931348623157e308,
        1e22,   1e15 + 1, -0.3};
    fixture *given = *state;
    uint64_t seed = 88172645463325252U;
    for (size_t i = 0; i < ARRAY_COUNT(edges); i++) {
        assert_sqlite_real(given, edges[i]);
    }
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = next_random(&seed);
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value)) assert_sqlite_real(given, value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers_double_their_quotes),
        cmocka_unit_test(a_schema_is_a_qualifier_or_part_of_the_name),
        cmocka_unit_test(a_table_name_without_memory_is_an_error_of_the_text),
        cmocka_unit_test(postgres_literals_carry_their_type),
        cmocka_unit_test(sqlite_literals_have_the_form_that_is_stored),
        cmocka_unit_test(sqlite_reals_are_exact_to_the_last_bit),
    };
    int failures = cmocka_run_group_tests(tests, set_up, tear_down);
    pg_query_exit();
    return failures;
}
