/* sql: statements of the caller's; on SQLite, and on PostgreSQL where there is a server. */
#include "items.h"
#include "support/server.h"

static bool on_postgres(const items_source *self)
{
    return pool_driver(self->source->run.connections) == &ignis_postgres_driver;
}

/* Placeholders are written as $1; SQLite reads ?1. */
static const char *placeholders(const items_source *self, const char *sql)
{
    char *copy = arena_copy(&self->ctx->kept, sql, strlen(sql));
    assert_non_null(copy);
    for (char *at = copy; *at && !on_postgres(self); at++) {
        if (at[0] == '$' && at[1] >= '1' && at[1] <= '9') at[0] = '?';
    }
    return copy;
}

static ignis_sql statement_of(const items_source *self, const char *sql,
                              const ignis_parameter *parameters, size_t count)
{
    return (ignis_sql){.struct_size = sizeof(ignis_sql),
                       .text = placeholders(self, sql),
                       .parameters = parameters,
                       .parameters_count = count};
}

static ignis_code execute(items_source *self, ignis_context *ctx, const char *sql, int64_t *count)
{
    const ignis_sql statement = statement_of(self, sql, NULL, 0);
    return ignis_execute(ctx, self->source, &statement, count);
}

static const char *query(items_source *self, ignis_context *ctx, const char *sql,
                         const ignis_parameter *parameters, size_t count)
{
    const char *json_ = NULL;
    const ignis_sql statement = statement_of(self, sql, parameters, count);
    if (ignis_query(ctx, self->source, &statement, &json_) != IGNIS_OK)
        fail_msg("%s: %s", sql, ignis_context_error(ctx)->message);
    return json_;
}

static void rows_that_are_changed_are_counted(void **state)
{
    items_source *self = *state;
    static const struct {
        const char *sql;
        int64_t count;
    } cases[] = {
        {"INSERT INTO \"Item\" (id, name) VALUES (10, 'ten'), (11, 'eleven')", 2},
        {"UPDATE \"Item\" SET name = name || '!' WHERE id >= 10", 2},
        {"UPDATE \"Item\" SET name = 'x' WHERE id > 1000", 0},
        {"SELECT * FROM \"Item\"", 0},
        {"DELETE FROM \"Item\" WHERE id >= 10", 2},
        {"CREATE TABLE made(a integer)", 0},
        {" /* a comment */ ; -- and another\n DROP TABLE made ;", 0},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int64_t count = -1;
        if (execute(self, self->ctx, cases[i].sql, &count) != IGNIS_OK)
            fail_msg("%s: %s", cases[i].sql, ignis_context_error(self->ctx)->message);
        assert_int_equal(count, cases[i].count);
    }
    assert_int_equal(execute(self, self->ctx, "SELECT 1", NULL), IGNIS_OK);
}

static void rows_are_objects_by_column(void **state)
{
    items_source *self = *state;
    assert_string_equal(query(self, self->ctx,
                              "SELECT id, name, parent_id AS \"a \"\"parent\" FROM \"Item\" "
                              "ORDER BY id",
                              NULL, 0),
                        "[{\"id\":1,\"name\":\"one\",\"a \\\"parent\":null},"
                        "{\"id\":2,\"name\":\"two\",\"a \\\"parent\":1}]");
    assert_string_equal(query(self, self->ctx, "SELECT id FROM \"Item\" WHERE id > 5", NULL, 0),
                        "[]");
    assert_string_equal(query(self, self->ctx, "CREATE TABLE made(a integer)", NULL, 0), "[]");
    assert_string_equal(
        query(self, self->ctx,
              "INSERT INTO \"Item\" (id, name) VALUES (5, 'five') RETURNING id, name", NULL, 0),
        "[{\"id\":5,\"name\":\"five\"}]");
}

static void parameters_are_values_of_their_types(void **state)
{
    items_source *self = *state;
    const ignis_cell list[] = {{.kind = IGNIS_CELL_TEXT, .size = 1, .as.text = "7"},
                               {.kind = IGNIS_CELL_NULL},
                               {.kind = IGNIS_CELL_INTEGER, .as.integer = -1}};
    const struct {
        const char *cast; /* on PostgreSQL */
        ignis_parameter parameter;
        const char *postgres;
        const char *sqlite;
    } cases[] = {
        {"text", ignis_parameter_null(), "null", "null"},
        {"boolean", ignis_parameter_boolean(true), "true", "1"},
        {"bigint", ignis_parameter_integer(INT64_MIN), "-9223372036854775808",
         "-9223372036854775808"},
        {"float8", ignis_parameter_double(0.1), "0.1", "0.1"},
        {"text", ignis_parameter_text("it's \"1\"; --"), "\"it's \\\"1\\\"; --\"",
         "\"it's \\\"1\\\"; --\""},
        {"text", ignis_parameter_text(NULL), "null", "null"},
        {"bytea", ignis_parameter_bytes("\0\1", 2), "\"AAE=\"", "\"AAE=\""},
        {"numeric", ignis_parameter_of(IGNIS_TYPE_NUMERIC, "12345678901234567890.10"),
         "\"12345678901234567890.10\"", "\"12345678901234567890.10\""},
        {"date", ignis_parameter_of(IGNIS_TYPE_DATE, "2024-03-10"), "\"2024-03-10\"",
         "\"2024-03-10\""},
        {"timestamptz", ignis_parameter_of(IGNIS_TYPE_TIMESTAMPTZ, "2024-03-10T10:20:30+01"),
         "\"2024-03-10T09:20:30.000Z\"", "\"2024-03-10T09:20:30.000000Z\""},
        {"uuid", ignis_parameter_of(IGNIS_TYPE_UUID, "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"),
         "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"", "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\""},
        {"jsonb", ignis_parameter_of(IGNIS_TYPE_JSONB, "{\"b\":1,\"a\":[true]}"),
         "{\"a\": [true], \"b\": 1}", "\"{\\\"a\\\": [true], \\\"b\\\": 1}\""},
        {"integer", ignis_parameter_of(IGNIS_TYPE_OTHER, "5"), "5", "\"5\""},
        {"integer[]",
         {{.type = IGNIS_TYPE_INTEGER, .array = true},
          {.kind = IGNIS_CELL_LIST, .size = 3, .as.items = list}},
         "[7,null,-1]",
         "\"[7,null,-1]\""},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        char sql[64];
        char expected[128];
        bool postgres = on_postgres(self);
        snprintf(sql, sizeof(sql), postgres ? "SELECT $1::%s AS v" : "SELECT $1 AS v",
                 cases[i].cast);
        snprintf(expected, sizeof(expected), "[{\"v\":%s}]",
                 postgres ? cases[i].postgres : cases[i].sqlite);
        assert_string_equal(query(self, self->ctx, sql, &cases[i].parameter, 1), expected);
    }
}

static void parameters_that_are_no_values_are_refused(void **state)
{
    items_source *self = *state;
    const ignis_cell list[] = {{.kind = IGNIS_CELL_TEXT, .size = 1, .as.text = "x"}};
    const struct {
        ignis_parameter parameter;
        const char *path;
    } cases[] = {
        {ignis_parameter_of(IGNIS_TYPE_INTEGER, "abc"), "parameters[0]"},
        {ignis_parameter_of(IGNIS_TYPE_SMALLINT, "70000"), "parameters[0]"},
        {ignis_parameter_of(IGNIS_TYPE_DATE, "2024-02-30"), "parameters[0]"},
        {ignis_parameter_of(IGNIS_TYPE_JSON, "{"), "parameters[0]"},
        {ignis_parameter_text("\xff"), "parameters[0]"},
        {ignis_parameter_double(1.0 / 0.0), "parameters[0]"},
        {{{.type = IGNIS_TYPE_INTEGER}, {.kind = IGNIS_CELL_LIST}}, "parameters[0]"},
        {{{.type = IGNIS_TYPE_INTEGER}, {.kind = IGNIS_CELL_BYTES}}, "parameters[0]"},
        {{{.type = IGNIS_TYPE_NONE}, {.kind = IGNIS_CELL_INTEGER}}, "parameters[0]"},
        {{{.type = IGNIS_TYPE_INTEGER, .array = true}, {.kind = IGNIS_CELL_INTEGER}},
         "parameters[0]"},
        {{{.type = IGNIS_TYPE_INTEGER, .array = true},
          {.kind = IGNIS_CELL_LIST, .size = 1, .as.items = list}},
         "parameters[0][0]"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *json_ = NULL;
        const ignis_sql statement = statement_of(self, "SELECT $1 AS v", &cases[i].parameter, 1);
        assert_int_equal(ignis_query(self->ctx, self->source, &statement, &json_), IGNIS_E_INVALID);
        assert_string_equal(ignis_context_error(self->ctx)->path, cases[i].path);
    }
}

static void the_number_of_parameters_has_to_be_right(void **state)
{
    items_source *self = *state;
    const ignis_parameter two[] = {ignis_parameter_integer(1), ignis_parameter_integer(2)};
    for (size_t count = 0; count <= 2; count++) {
        const ignis_sql statement =
            statement_of(self, "UPDATE \"Item\" SET name = name WHERE id = $1", two, count);
        assert_int_equal(ignis_execute(self->ctx, self->source, &statement, NULL),
                         count == 1 ? IGNIS_OK : IGNIS_E_INVALID);
    }
}

static void what_is_no_single_statement_is_refused(void **state)
{
    items_source *self = *state;
    static const struct {
        const char *sql;
        ignis_code code;
    } cases[] = {
        {"", IGNIS_E_INVALID},
        {" ;; /* nothing */ -- at all", IGNIS_E_INVALID},
        {"SELECT 1; SELECT 2", IGNIS_E_INVALID},
        {"SELECT 1; COMMIT", IGNIS_E_INVALID},
        {"SELEC 1", IGNIS_E_INVALID},
        {"SELECT (", IGNIS_E_INVALID},
        {"SELECT '\xff'", IGNIS_E_INVALID},
        {"begin", IGNIS_E_INVALID},
        {"START TRANSACTION", IGNIS_E_INVALID},
        {"COMMIT", IGNIS_E_INVALID},
        {"commit and chain", IGNIS_E_INVALID},
        {"END", IGNIS_E_INVALID},
        {"ABORT", IGNIS_E_INVALID},
        {"ROLLBACK", IGNIS_E_INVALID},
        {";\n--x\n/* y */ROLLBACK TO SAVEPOINT ignis", IGNIS_E_INVALID},
        {"/**/SAVEPOINT a", IGNIS_E_INVALID},
        {"RELEASE a", IGNIS_E_INVALID},
        {"SET TRANSACTION READ ONLY", IGNIS_E_INVALID},
        {"PREPARE TRANSACTION 'a'", IGNIS_E_INVALID},
        {"COPY \"Item\" TO STDOUT", IGNIS_E_UNSUPPORTED},
    };
    ignis_context *tx = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(execute(self, self->ctx, cases[i].sql, NULL), cases[i].code);
        assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
        assert_int_equal(execute(self, tx, "DELETE FROM \"Item\"", NULL), IGNIS_OK);
        assert_int_equal(execute(self, tx, cases[i].sql, NULL), cases[i].code);
        assert_int_equal(ignis_transaction_rollback(tx), IGNIS_OK);
        assert_int_equal(items_count(self, self->ctx), 2);
    }
    assert_int_equal(ignis_execute(self->ctx, self->source, &(ignis_sql){.text = "SELECT 1"}, NULL),
                     IGNIS_E_INVALID);
}

/* Each of them holds the word. */
static void no_message_shows_the_statement(void **state)
{
    items_source *self = *state;
    static const struct {
        const char *sql;
        ignis_code code;
        const char *sqlstate;
    } cases[] = {
        {"SELECT hushhush", IGNIS_E_DATABASE, "42703"},
        {"SELECT hushhush.a FROM \"Item\"", IGNIS_E_DATABASE, "42P01"},
        {"SELECT * FROM hushhush", IGNIS_E_DATABASE, "42P01"},
        {"SELECT hushhush(1)", IGNIS_E_DATABASE, "42883"},
        {"SELECT 1 hushhush hushhush", IGNIS_E_INVALID, "42601"},
        {"INSERT INTO \"Item\" (hushhush) VALUES (1)", IGNIS_E_DATABASE, "42703"},
        {"CREATE TABLE hushhush(a integer NOT NULL UNIQUE CHECK (a > 0))", IGNIS_OK, ""},
        {"CREATE TABLE hushhush(a integer)", IGNIS_E_DATABASE, "42P07"},
        {"INSERT INTO hushhush VALUES (NULL)", IGNIS_E_NOT_NULL, "23502"},
        {"INSERT INTO hushhush VALUES (-1)", IGNIS_E_CHECK, "23514"},
        {"INSERT INTO hushhush VALUES (1), (1)", IGNIS_E_UNIQUE, "23505"},
        {"SELECT 'hushhush', 'hushhush'", IGNIS_E_INVALID, ""},
        {"DROP TABLE hushhush", IGNIS_OK, ""},
    };
    static const struct {
        const char *sql;
        ignis_code code;
        const char *sqlstate;
    } server_cases[] = {
        {"SELECT 'hushhush'::integer", IGNIS_E_INVALID, "22P02"},
        {"DO $$BEGIN RAISE 'hushhush'; END$$", IGNIS_E_DATABASE, "P0001"},
        {"/* */ DO 'BEGIN RAISE ''hushhush''; END'", IGNIS_E_DATABASE, "P0001"},
        {"SELECT 1 / 0 AS hushhush", IGNIS_E_INVALID, "22012"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases) + ARRAY_COUNT(server_cases); i++) {
        size_t k = i - ARRAY_COUNT(cases);
        if (i >= ARRAY_COUNT(cases) && !on_postgres(self)) break;
        const char *sql = i < ARRAY_COUNT(cases) ? cases[i].sql : server_cases[k].sql;
        ignis_code code = i < ARRAY_COUNT(cases) ? cases[i].code : server_cases[k].code;
        const char *sqlstate =
            i < ARRAY_COUNT(cases) ? cases[i].sqlstate : server_cases[k].sqlstate;
        const char *json_ = NULL;
        const ignis_sql statement = statement_of(self, sql, NULL, 0);
        ignis_code got = ignis_query(self->ctx, self->source, &statement, &json_);
        const ignis_error *error = ignis_context_error(self->ctx);
        if (got != code) fail_msg("%s: %s: %s", sql, ignis_code_name(got), error->message);
        if (strstr(error->message, "hushhush")) fail_msg("%s: %s", sql, error->message);
        if (code != IGNIS_OK) assert_true(error->message[0] != '\0');
        assert_string_equal(error->sqlstate, on_postgres(self) ? sqlstate : "");
    }
}

static void what_a_function_of_the_database_says_is_told(void **state)
{
    items_source *self = *state;
    if (!on_postgres(self)) return;
    assert_int_equal(execute(self, self->ctx,
                             "CREATE FUNCTION complain() RETURNS int LANGUAGE plpgsql AS "
                             "$$BEGIN RAISE 'not on Sundays'; END$$",
                             NULL),
                     IGNIS_OK);
    assert_int_equal(execute(self, self->ctx, "SELECT complain()", NULL), IGNIS_E_DATABASE);
    assert_string_equal(ignis_context_error(self->ctx)->message, "not on Sundays");
}

static void a_statement_is_a_part_of_its_transaction(void **state)
{
    items_source *self = *state;
    static const ignis_transaction_options reading = {.struct_size = sizeof(reading),
                                                      .read_only = true};
    ignis_context *tx = NULL;
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(execute(self, tx, "DELETE FROM \"Item\" WHERE id = 2", NULL), IGNIS_OK);
    assert_string_equal(query(self, tx, "SELECT count(*) AS n FROM \"Item\"", NULL, 0),
                        "[{\"n\":1}]");
    assert_int_equal(execute(self, tx, "SELECT missing", NULL), IGNIS_E_DATABASE);
    assert_int_equal(execute(self, tx, "SELECT 1", NULL), IGNIS_E_STATE);
    assert_int_equal(ignis_transaction_rollback(tx), IGNIS_OK);
    assert_int_equal(execute(self, tx, "SELECT 1", NULL), IGNIS_E_STATE);
    assert_int_equal(items_count(self, self->ctx), 2);
    assert_int_equal(ignis_begin_with(self->ctx, self->source, &reading, &tx), IGNIS_OK);
    assert_string_equal(query(self, tx, "SELECT count(*) AS n FROM \"Item\"", NULL, 0),
                        "[{\"n\":2}]");
    assert_int_equal(execute(self, tx, "DELETE FROM \"Item\"", NULL), IGNIS_E_STATE);
    assert_string_equal(ignis_context_error(tx)->message, "the transaction is read only");
    ignis_rollback(tx);
    assert_int_equal(execute(self, self->ctx, "DELETE FROM \"Item\" WHERE id = 2", NULL), IGNIS_OK);
}

static void values_of_postgres_have_the_form_of_their_types(void **state)
{
    items_source *self = *state;
    if (!on_postgres(self)) return;
    assert_string_equal(
        query(self, self->ctx,
              "SELECT 1::int2 AS a, 1.50 AS b, 'x'::bpchar(2) AS c, "
              "ARRAY['x'::bpchar, NULL] AS d, ARRAY[true] AS e, '[1, 2]'::json AS f, "
              "timestamp '2024-01-01' AS g, 1::float4 / 3::float4 AS h, 'infinity'::date AS i, "
              "NULL::text AS j, ARRAY['{}'::jsonb] AS k",
              NULL, 0),
        "[{\"a\":1,\"b\":\"1.50\",\"c\":\"x \",\"d\":[\"x\",null],\"e\":[true],\"f\":[1, 2],"
        "\"g\":\"2024-01-01T00:00:00.000\",\"h\":0.33333334,\"i\":\"infinity\",\"j\":null,"
        "\"k\":[{}]}]");
    const char *json_ = NULL;
    const ignis_sql interval = statement_of(self, "SELECT interval '1 day' AS a", NULL, 0);
    assert_int_equal(ignis_query(self->ctx, self->source, &interval, &json_), IGNIS_E_UNSUPPORTED);
}

#define TEST(name, open) cmocka_unit_test_setup_teardown(name, open, close_source)
#define TESTS(open)                                                                            \
    {                                                                                          \
        TEST(rows_that_are_changed_are_counted, open), TEST(rows_are_objects_by_column, open), \
            TEST(parameters_are_values_of_their_types, open),                                  \
            TEST(parameters_that_are_no_values_are_refused, open),                             \
            TEST(the_number_of_parameters_has_to_be_right, open),                              \
            TEST(what_is_no_single_statement_is_refused, open),                                \
            TEST(no_message_shows_the_statement, open),                                        \
            TEST(what_a_function_of_the_database_says_is_told, open),                          \
            TEST(a_statement_is_a_part_of_its_transaction, open),                              \
            TEST(values_of_postgres_have_the_form_of_their_types, open),                       \
    }

int main(void)
{
    const struct CMUnitTest on_sqlite[] = TESTS(open_sqlite);
    const struct CMUnitTest on_server[] = TESTS(open_server);
    int failed = cmocka_run_group_tests(on_sqlite, NULL, NULL);
    if (failed) return failed;
    server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(on_server, NULL, NULL);
}
