/* Sets of elements: contains, containedBy and overlaps over the stored text of arrays. */
#include "session.h"

static const ignis_value_type types[] = {{.type = IGNIS_TYPE_TEXT}, {.type = IGNIS_TYPE_TEXT}};

static const char *ask(session *s, const char *sql, const char *a, const char *b)
{
    const ignis_cell cells[] = {a ? cell_text(a) : cell_null(), b ? cell_text(b) : cell_null()};
    ignis_code code = session_run_with(s, sql, types, cells, 2);
    if (code != IGNIS_OK) fail_msg("%s: %s", sql, ignis_context_error(s->ctx)->message);
    return s->rows;
}

static void sets_answer_as_on_postgres(void **state)
{
    (void)state;
    /* What PostgreSQL 15 answers to @>, <@ and &&. */
    static const struct {
        const char *array, *operand, *answers;
    } rows[] = {
        {"[]", "[]", "1|1|0"},
        {"[1]", "[]", "1|0|0"},
        {"[]", "[1]", "0|1|0"},
        {"[1,2,3]", "[3,1]", "1|0|1"},
        {"[1,1]", "[1,1,1]", "1|1|1"},
        {"[1,2]", "[2,3]", "0|0|1"},
        {"[null]", "[null]", "0|0|0"},
        {"[1,null]", "[1]", "1|0|1"},
        {"[1]", "[1,null]", "0|1|1"},
        {"[null]", "[]", "1|0|0"},
        {"[1.50,2]", "[1.5,2.00]", "1|1|1"},
        {"[12345678901234567890.1]", "[12345678901234567890.2]", "0|0|0"},
        {"[9007199254740993]", "[9007199254740992]", "0|0|0"},
        {"[\"a\",\"B\"]", "[\"b\",\"A\"]", "0|0|0"},
        {"[\"a,b\",\"]\",\"\\\"\"]", "[\"]\",\"a,b\"]", "1|0|1"},
        {"[\"\\n\"]", "[\"\\u000a\"]", "1|1|1"},
        {"[\"1\"]", "[1]", "0|0|0"},
        {"[true,false]", "[false]", "1|0|1"},
        {"[{\"a\": 1}]", "[{\"a\": 1.0}]", "1|1|1"},
        {NULL, "[1]", "NULL|NULL|NULL"},
        {"[1]", NULL, "NULL|NULL|NULL"},
        /* What is no array matches nothing. */
        {"", "[]", "0|0|0"},
        {"[1", "[1]", "0|0|0"},
        {"5", "[5]", "0|0|0"},
        {"[1]", "[1]]", "0|0|0"},
    };
    session s;
    session_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        ask(&s, "SELECT ignis_contains(?1, ?2), ignis_contained_by(?1, ?2), ignis_overlaps(?1, ?2)",
            rows[i].array, rows[i].operand);
        if (strcmp(s.rows, rows[i].answers) != 0)
            fail_msg("%s and %s: %s", rows[i].array, rows[i].operand, s.rows);
    }
    session_close(&s);
}

/* The operand's set outlives the rows of one execution, not the execution. */
static void an_operand_serves_all_rows_and_the_next_takes_its_place(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_expect(&s, "CREATE TABLE t(a TEXT, b TEXT)", "");
    session_expect(&s, "INSERT INTO t VALUES ('[1,2]', '[1]'), ('[2,1]', '[3]'), ('[2]', '[2]')",
                   "");
    static const char sql[] = "SELECT a FROM t WHERE ignis_contains(a, ?1) AND ?2 = 'x'";
    ask(&s, sql, "[1,2]", "x");
    assert_string_equal(s.rows, "'[1,2]'\n'[2,1]'");
    ask(&s, sql, "[2]", "x");
    assert_string_equal(s.rows, "'[1,2]'\n'[2,1]'\n'[2]'");
    session_expect(&s, "SELECT ignis_contains(a, b) FROM t", "1\n0\n1");
    session_close(&s);
}

static void a_long_operand_is_searched_not_scanned(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    ignis_context_timeout_set(s.ctx, 20000);
    session_expect(
        &s,
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999), "
        "a AS MATERIALIZED (SELECT '[' || group_concat(i) || ']' AS text FROM n) "
        "SELECT ignis_contains(text, text), ignis_contained_by(text, text), "
        "ignis_overlaps('[-1]', text) FROM a",
        "1|1|0");
    session_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_answer_as_on_postgres),
        cmocka_unit_test(an_operand_serves_all_rows_and_the_next_takes_its_place),
        cmocka_unit_test(a_long_operand_is_searched_not_scanned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
