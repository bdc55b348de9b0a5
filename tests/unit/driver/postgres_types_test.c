#include "postgres_session.h"
#include "support/server.h"

/* ---- one value ---- */

typedef struct value_case {
    const char *sql;
    const char *rows;
} value_case;

static void values_come_as_cells(void **state)
{
    (void)state;
    static const value_case cases[] = {
        {"SELECT true, false, NULL::bool", "1|0|NULL"},
        {"SELECT (-32768)::int2, 32767::int2, (-2147483648)::int4, 2147483647",
         "-32768|32767|-2147483648|2147483647"},
        {"SELECT (-9223372036854775808)::int8, 9223372036854775807",
         "-9223372036854775808|9223372036854775807"},
        {"SELECT 1.5::float4, 0.1::float8", "1.5|0.10000000000000001"},
        {"SELECT 'ä'::text, 'b'::varchar(3), 'c'::char(3), 'd'::name, 'e'::\"char\", ''",
         "'ä'|'b'|'c  '|'d'|'e'|''"},
        {"SELECT 0.00, -1.50, 12345678901234567890.000010, 1e20::numeric, 0.00001",
         "'0.00'|'-1.50'|'12345678901234567890.000010'|'100000000000000000000'|'0.00001'"},
        {"SELECT 'NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric",
         "'NaN'|'Infinity'|'-Infinity'"},
        {"SELECT '{\"a\":  1}'::json, '{\"a\":  1}'::jsonb", "'{\"a\":  1}'|'{\"a\": 1}'"},
        {"SELECT '\\x00ff'::bytea, ''::bytea", "x'00ff'|x''"},
        {"SELECT 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid",
         "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"},
        {"SELECT '2000-01-02'::date, 'infinity'::date, '-infinity'::date",
         "1|9223372036854775807|-9223372036854775808"},
        {"SELECT '2000-01-01 00:00:01'::timestamp, '1999-12-31 23:59:59.999999+00'::timestamptz,"
         " 'infinity'::timestamp, '-infinity'::timestamptz",
         "1000000|-1|9223372036854775807|-9223372036854775808"},
        {"SELECT ARRAY[1, NULL, 3], '{}'::text[], ARRAY['a', NULL], ARRAY[1.50, NULL]",
         "[1,NULL,3]|[]|['a',NULL]|['1.50',NULL]"},
        {"SELECT '[5:6]={7,8}'::int[]", "[7,8]"},
        {"SELECT ARRAY['1'::jsonb, NULL], ARRAY[NULL]::bool[], ARRAY['\\x01'::bytea]",
         "['1',NULL]|[NULL]|[x'01']"},
        {"SELECT 5::oid, pg_sleep(0)", "5|''"},
        {"SELECT 1 WHERE false", ""},
    };
    session s;
    postgres_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        postgres_expect(&s, cases[i].sql, cases[i].rows);
    }
    session_close(&s);
}

static void values_that_cannot_be_read_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        const char *message;
    } cases[] = {
        {"SELECT ARRAY[[1], [2]]", "an array of 2 dimensions"},
        {"SELECT '127.0.0.1'::inet", "cast it to text"},
        {"SELECT interval '1 day'", "cast it to text"},
        {"SELECT ROW(1, 2)", "cast it to text"},
    };
    session s;
    postgres_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(postgres_run(&s, cases[i].sql), IGNIS_E_UNSUPPORTED);
        assert_non_null(strstr(ignis_context_error(s.ctx)->message, cases[i].message));
        postgres_expect(&s, "SELECT 1", "1");
    }
    session_close(&s);
}

static void types_of_users_come_as_text(void **state)
{
    (void)state;
    session s;
    postgres_open(&s);
    postgres_expect(&s, "CREATE TYPE pg_temp.mood AS ENUM ('sad', 'glad')", "");
    postgres_expect(&s, "CREATE DOMAIN pg_temp.positive AS int CHECK (value > 0)", "");
    postgres_expect(&s, "SELECT 'glad'::pg_temp.mood, 5::pg_temp.positive", "'glad'|5");
    session_close(&s);
}

/* ---- parameters ---- */

typedef struct parameter_case {
    ignis_value_type type;
    ignis_cell cell;
    const char *text; /* of the server */
} parameter_case;

static ignis_cell cell_infinity(void)
{
    return cell_integer(INT64_MAX);
}

static void parameters_arrive_as_they_are(void **state)
{
    (void)state;
    const parameter_case cases[] = {
        {{.type = IGNIS_TYPE_BOOLEAN}, cell_integer(1), "true"},
        {{.type = IGNIS_TYPE_BOOLEAN}, cell_null(), NULL},
        {{.type = IGNIS_TYPE_SMALLINT}, cell_integer(-32768), "-32768"},
        {{.type = IGNIS_TYPE_INTEGER}, cell_integer(INT32_MIN), "-2147483648"},
        {{.type = IGNIS_TYPE_BIGINT}, cell_integer(INT64_MIN), "-9223372036854775808"},
        {{.type = IGNIS_TYPE_REAL}, cell_real(0.1), "0.1"},
        {{.type = IGNIS_TYPE_DOUBLE}, cell_real(-0.0), "-0"},
        {{.type = IGNIS_TYPE_DOUBLE}, cell_integer(3), "3"},
        {{.type = IGNIS_TYPE_DOUBLE}, cell_real(5e-324), "5e-324"},
        {{.type = IGNIS_TYPE_NUMERIC}, cell_text("-0.000"), "0.000"},
        {{.type = IGNIS_TYPE_NUMERIC}, cell_text("12e3"), "12000"},
        {{.type = IGNIS_TYPE_NUMERIC}, cell_text("10000.0001"), "10000.0001"},
        {{.type = IGNIS_TYPE_NUMERIC}, cell_text("-Infinity"), "-Infinity"},
        {{.type = IGNIS_TYPE_NUMERIC}, cell_integer(INT64_MIN), "-9223372036854775808"},
        {{.type = IGNIS_TYPE_NUMERIC}, cell_real(2.5), "2.5"},
        {{.type = IGNIS_TYPE_TEXT}, cell_text(""), ""},
        {{.type = IGNIS_TYPE_TEXT}, cell_text("a\"b\\'$1 ä"), "a\"b\\'$1 ä"},
        {{.type = IGNIS_TYPE_TEXT}, cell_integer(7), "7"},
        {{.type = IGNIS_TYPE_VARCHAR}, cell_text("v"), "v"},
        {{.type = IGNIS_TYPE_UUID},
         cell_text("A0EEBC999C0B4EF8BB6D6BB9BD380A11"),
         "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
        {{.type = IGNIS_TYPE_BYTEA}, cell_bytes("\0\xff", 2), "\\x00ff"},
        {{.type = IGNIS_TYPE_DATE}, cell_integer(-1), "1999-12-31"},
        {{.type = IGNIS_TYPE_DATE}, cell_text("2024-02-29"), "2024-02-29"},
        {{.type = IGNIS_TYPE_DATE}, cell_infinity(), "infinity"},
        {{.type = IGNIS_TYPE_TIMESTAMP}, cell_integer(-1), "1999-12-31 23:59:59.999999"},
        {{.type = IGNIS_TYPE_TIMESTAMP}, cell_infinity(), "infinity"},
        {{.type = IGNIS_TYPE_TIMESTAMPTZ},
         cell_text("2024-03-10T10:20:30.123456Z"),
         "2024-03-10 10:20:30.123456+00"},
        {{.type = IGNIS_TYPE_TIMESTAMPTZ}, cell_integer(INT64_MIN), "-infinity"},
        {{.type = IGNIS_TYPE_JSON}, cell_text("{\"a\":  1}"), "{\"a\":  1}"},
        {{.type = IGNIS_TYPE_JSONB}, cell_text("{\"b\":1, \"a\":  1}"), "{\"a\": 1, \"b\": 1}"},
    };
    session s;
    postgres_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        if (postgres_run_with(&s, 0, "SELECT $1::text", &cases[i].type, &cases[i].cell, 1) !=
            IGNIS_OK)
            fail_msg("%zu: %s", i, ignis_context_error(s.ctx)->message);
        char expected[128];
        assert_true(snprintf(expected, sizeof(expected), cases[i].text ? "'%s'" : "NULL",
                             cases[i].text) > 0);
        assert_string_equal(s.rows, expected);
    }
    session_close(&s);
}

static void other_types_are_read_by_the_server(void **state)
{
    (void)state;
    const ignis_value_type type = {.type = IGNIS_TYPE_OTHER, .cast = "inet"};
    const ignis_value_type array = {.type = IGNIS_TYPE_OTHER, .cast = "text", .array = true};
    const ignis_cell address = cell_text("10.0.0.1");
    const ignis_cell items[] = {cell_text("a\"b\\c,{}"), cell_null(), cell_text("")};
    const ignis_cell list = cell_list(items, 3);
    const ignis_cell bad = cell_bytes("a\0b", 3);
    session s;
    postgres_open(&s);
    assert_int_equal(postgres_run_with(&s, 0, "SELECT ($1::inet + 1)::text", &type, &address, 1),
                     IGNIS_OK);
    assert_string_equal(s.rows, "'10.0.0.2/32'");
    assert_int_equal(postgres_run_with(&s, 0, "SELECT $1::text[]", &array, &list, 1), IGNIS_OK);
    assert_string_equal(s.rows, "['a\"b\\c,{}',NULL,'']");
    assert_int_equal(postgres_run_with(&s, 0, "SELECT $1::inet", &type, &bad, 1), IGNIS_E_INVALID);
    session_close(&s);
}

static void arrays_arrive_with_their_nulls(void **state)
{
    (void)state;
    const ignis_cell integers[] = {cell_integer(1), cell_null(), cell_integer(3)};
    const ignis_cell texts[] = {cell_text("a,b"), cell_null(), cell_text("NULL")};
    const ignis_cell documents[] = {cell_text("{\"a\":1}"), cell_null()};
    const ignis_cell numbers[] = {cell_text("1.50"), cell_text("-0.0001")};
    const struct {
        ignis_value_type type;
        ignis_cell cell;
        const char *rows;
    } cases[] = {
        {{.type = IGNIS_TYPE_INTEGER, .array = true}, cell_list(integers, 3), "'{1,NULL,3}'"},
        {{.type = IGNIS_TYPE_SMALLINT, .array = true}, cell_list(NULL, 0), "'{}'"},
        {{.type = IGNIS_TYPE_BIGINT, .list = true}, cell_list(integers, 3), "'{1,NULL,3}'"},
        {{.type = IGNIS_TYPE_TEXT, .array = true},
         cell_list(texts, 3),
         "'{\"a,b\",NULL,\"NULL\"}'"},
        {{.type = IGNIS_TYPE_JSONB, .array = true},
         cell_list(documents, 2),
         "'{\"{\\\"a\\\": 1}\",NULL}'"},
        {{.type = IGNIS_TYPE_NUMERIC, .list = true}, cell_list(numbers, 2), "'{1.50,-0.0001}'"},
        {{.type = IGNIS_TYPE_INTEGER, .list = true}, cell_null(), "NULL"},
    };
    session s;
    postgres_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(
            postgres_run_with(&s, 0, "SELECT $1::text", &cases[i].type, &cases[i].cell, 1),
            IGNIS_OK);
        assert_string_equal(s.rows, cases[i].rows);
    }
    session_close(&s);
}

/* The server reads the literals of all types; NULs aside. */
static void a_list_of_arrays_is_an_array_of_their_literals(void **state)
{
    (void)state;
    const ignis_cell texts[] = {cell_text("a\"b\\c,{}"), cell_null(), cell_text("")};
    const ignis_cell numbers[] = {cell_integer(1), cell_null(), cell_integer(INT32_MIN)};
    const ignis_cell bytes[] = {cell_bytes("\0\xff", 2), cell_bytes("", 0)};
    const ignis_cell times[] = {cell_integer(-1), cell_infinity(), cell_integer(INT64_MIN)};
    const ignis_cell reals[] = {cell_real(0.1), cell_real(5e-324)};
    const struct {
        ignis_type type;
        const char *sql;
        ignis_cell item;
        const char *rows;
    } cases[] = {
        {IGNIS_TYPE_VARCHAR, "varchar", cell_list(texts, 3), "['a\"b\\c,{}',NULL,'']"},
        {IGNIS_TYPE_INTEGER, "integer", cell_list(numbers, 3), "[1,NULL,-2147483648]"},
        {IGNIS_TYPE_BOOLEAN, "boolean", cell_list(numbers, 2), "[1,NULL]"},
        {IGNIS_TYPE_BYTEA, "bytea", cell_list(bytes, 2), "[x'00ff',x'']"},
        {IGNIS_TYPE_DATE, "date", cell_list(times, 3),
         "[-1,9223372036854775807,-9223372036854775808]"},
        {IGNIS_TYPE_TIMESTAMP, "timestamp", cell_list(times, 3),
         "[-1,9223372036854775807,-9223372036854775808]"},
        {IGNIS_TYPE_TIMESTAMPTZ, "timestamptz", cell_list(times, 1), "[-1]"},
        {IGNIS_TYPE_DOUBLE, "float8", cell_list(reals, 2),
         "[0.10000000000000001,4.9406564584124654e-324]"},
        {IGNIS_TYPE_NUMERIC, "numeric", cell_list(NULL, 0), "[]"},
        {IGNIS_TYPE_TEXT, "text", cell_null(), "NULL"},
    };
    session s;
    postgres_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        char sql[96];
        const ignis_value_type type = {.type = cases[i].type, .array = true, .list = true};
        const ignis_cell list = cell_list(&cases[i].item, 1);
        assert_true(
            snprintf(sql, sizeof(sql), "SELECT e::%s[] FROM unnest($1) AS e", cases[i].sql) > 0);
        if (postgres_run_with(&s, 0, sql, &type, &list, 1) != IGNIS_OK)
            fail_msg("%s: %s", sql, ignis_context_error(s.ctx)->message);
        assert_string_equal(s.rows, cases[i].rows);
    }
    session_close(&s);
}

static void a_key_list_is_one_array_for_each_column(void **state)
{
    (void)state;
    const ignis_value_type types[] = {{.type = IGNIS_TYPE_INTEGER},
                                      {.type = IGNIS_TYPE_INTEGER, .list = true},
                                      {.type = IGNIS_TYPE_TEXT, .list = true},
                                      {.type = IGNIS_TYPE_TEXT}};
    const ignis_cell items[] = {cell_integer(1), cell_text("a"), cell_integer(2), cell_text("b")};
    ignis_cell cells[] = {cell_integer(0), cell_list(items, 4), cell_null(), cell_text("z")};
    static const char sql[] = "SELECT $1, k.*, $4 FROM unnest($2, $3) AS k(a, b)";
    session s;
    postgres_open(&s);
    assert_int_equal(postgres_run_with(&s, 0, sql, types, cells, 4), IGNIS_OK);
    assert_string_equal(s.rows, "0|1|'a'|'z'\n0|2|'b'|'z'");
    cells[1] = cell_list(NULL, 0);
    assert_int_equal(postgres_run_with(&s, 0, sql, types, cells, 4), IGNIS_OK);
    assert_string_equal(s.rows, "");
    cells[1] = cell_list(items, 3);
    assert_int_equal(postgres_run_with(&s, 0, sql, types, cells, 4), IGNIS_E_INVALID);
    session_close(&s);
}

static void parameters_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    const ignis_cell inner = cell_list(NULL, 0);
    const ignis_cell word = cell_text("a");
    const struct {
        ignis_value_type type;
        ignis_cell cell;
        ignis_code code;
    } cases[] = {
        {{.type = IGNIS_TYPE_SMALLINT}, cell_integer(32768), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_INTEGER}, cell_integer(INT64_C(1) << 31), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_INTEGER}, cell_text("1"), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_BOOLEAN}, cell_real(1), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_DOUBLE}, cell_text("1"), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_NUMERIC}, cell_text("one"), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_NUMERIC}, cell_text("1e200000"), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_UUID}, cell_text("no"), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_DATE}, cell_integer(INT64_C(1) << 40), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_DATE}, cell_text("never"), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_TIMESTAMP}, cell_text("never"), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_TEXT}, inner, IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_TEXT, .list = true}, cell_text("a"), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_TEXT, .array = true, .list = true},
         cell_list(&word, 1),
         IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_TEXT, .list = true}, cell_list(&inner, 1), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_TEXT}, cell_bytes("a\0b", 3), IGNIS_E_INVALID},
        {{.type = IGNIS_TYPE_TEXT}, cell_text("\xff"), IGNIS_E_INVALID},
    };
    session s;
    postgres_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(postgres_run_with(&s, 0, "SELECT $1", &cases[i].type, &cases[i].cell, 1),
                         cases[i].code);
        postgres_expect(&s, "SELECT 1", "1");
    }
    session_close(&s);
}

/* ---- what no server sends ---- */

static void malformed_values_are_refused(void **state)
{
    (void)state;
    static const struct {
        uint32_t oid;
        size_t size;
        const char *data;
    } cases[] = {
        {POSTGRES_OID_BOOL, 2, "\1\1"},
        {POSTGRES_OID_INT4, 3, "\0\0\0"},
        {POSTGRES_OID_UUID, 15, "000000000000000"},
        {POSTGRES_OID_JSONB, 0, ""},
        {POSTGRES_OID_JSONB, 3, "\2{}"},
        {POSTGRES_OID_NUMERIC, 7, "\0\0\0\0\0\0\0"},
        {POSTGRES_OID_NUMERIC, 8, "\0\1\0\0\0\0\0\0"},
        {POSTGRES_OID_NUMERIC, 8, "\0\0\0\0\1\0\0\0"},
        {POSTGRES_OID_NUMERIC, 8, "\0\0\0\0\0\0\x40\0"},
        {POSTGRES_OID_NUMERIC, 10, "\0\1\0\0\0\0\0\0\x27\x10"},
        {POSTGRES_OID_INT4_ARRAY, 4, "\0\0\0\0"},
        {POSTGRES_OID_INT4_ARRAY, 12, "\0\0\0\0\0\0\0\0\0\0\0\x19"},
        {POSTGRES_OID_INT4_ARRAY, 12, "\0\0\0\1\0\0\0\0\0\0\0\x17"},
        {POSTGRES_OID_INT4_ARRAY, 20, "\0\0\0\1\0\0\0\0\0\0\0\x17\x7f\xff\xff\xff\0\0\0\1"},
        {POSTGRES_OID_INT4_ARRAY, 24, "\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1\0\0\0\4"},
        {POSTGRES_OID_INT4_ARRAY, 24, "\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1\xff\xff\xff\xfe"},
        {POSTGRES_OID_INT4_ARRAY, 25,
         "\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1\xff\xff\xff\xff\0"},
    };
    ignis_context *ctx = ignis_context_create();
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        ignis_cell cell;
        arena memory = {0};
        /* A block of its own, so that reading behind it is noticed. */
        char *data = arena_copy(&memory, cases[i].data, cases[i].size);
        assert_int_equal(postgres_decode(ctx, &memory, cases[i].oid, data, cases[i].size, &cell),
                         IGNIS_E_DATABASE);
        arena_free(&memory);
    }
    ignis_context_free(ctx);
}

int main(void)
{
    postgres_need();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_as_cells),
        cmocka_unit_test(values_that_cannot_be_read_are_refused),
        cmocka_unit_test(types_of_users_come_as_text),
        cmocka_unit_test(parameters_arrive_as_they_are),
        cmocka_unit_test(other_types_are_read_by_the_server),
        cmocka_unit_test(arrays_arrive_with_their_nulls),
        cmocka_unit_test(a_list_of_arrays_is_an_array_of_their_literals),
        cmocka_unit_test(a_key_list_is_one_array_for_each_column),
        cmocka_unit_test(parameters_that_do_not_fit_are_refused),
        cmocka_unit_test(malformed_values_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
