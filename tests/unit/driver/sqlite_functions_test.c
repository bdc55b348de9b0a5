#include "session.h"

static const ignis_value_type text_types[] = {
    {.type = IGNIS_TYPE_TEXT}, {.type = IGNIS_TYPE_TEXT}, {.type = IGNIS_TYPE_TEXT}};

static const char *ask(session *s, const char *sql, const char *a, const char *b)
{
    const ignis_cell cells[] = {a ? cell_text(a) : cell_null(), b ? cell_text(b) : cell_null()};
    ignis_code code = session_run_with(s, sql, text_types, cells, 2);
    if (code != IGNIS_OK) fail_msg("%s: %s", sql, ignis_context_error(s->ctx)->message);
    return s->rows;
}

/* ---- like and ilike ---- */

/* A build without libutf8proc says so where it would have to fold more than ASCII. */
static bool folds_every_script(session *s)
{
    if (session_run(s, "SELECT ignis_ilike('Ä', 'ä')") == IGNIS_OK) {
        assert_string_equal(s->rows, "1");
        return true;
    }
    assert_string_equal(ignis_context_error(s->ctx)->message,
                        "ilike needs libutf8proc for text beyond ASCII");
    return false;
}

static void patterns_match_as_on_postgres(void **state)
{
    (void)state;
    /* What PostgreSQL 15 answers to LIKE and ILIKE. */
    static const struct {
        const char *text, *pattern, *like, *ilike;
    } rows[] = {
        {"abc", "abc", "1", "1"},
        {"abc", "ABC", "0", "1"},
        {"abc", "a%", "1", "1"},
        {"abc", "%c", "1", "1"},
        {"abc", "%b%", "1", "1"},
        {"abc", "a_c", "1", "1"},
        {"abc", "a_", "0", "0"},
        {"abc", "_", "0", "0"},
        {"", "", "1", "1"},
        {"", "%", "1", "1"},
        {"", "_", "0", "0"},
        {"", "%_", "0", "0"},
        {"abc", "", "0", "0"},
        {"a%c", "a\\%c", "1", "1"},
        {"abc", "a\\%c", "0", "0"},
        {"a_c", "a\\_c", "1", "1"},
        {"abc", "a\\_c", "0", "0"},
        {"a\\c", "a\\\\c", "1", "1"},
        {"abc", "a\\bc", "1", "1"},
        {"abc", "%\\c", "1", "1"},
        {"abc\\", "abc\\", "0", "0"},
        {"abc", "%\\", "0", "0"},
        {"abc\\", "abc\\\\", "1", "1"},
        {"aXbXc", "a%X%c", "1", "1"},
        {"mississippi", "%iss%pi", "1", "1"},
        {"mississippi", "%iss%is", "0", "0"},
        {"100%", "100\\%", "1", "1"},
        {"line\nbreak", "line%", "1", "1"},
        {"line\nbreak", "line_break", "1", "1"},
        {"é", "_", "1", "1"},
        {"日本語", "__語", "1", "1"},
        {"日本語", "_語", "0", "0"},
        {"😀", "_", "1", "1"},
        {"😀😀", "%_😀", "1", "1"},
        {NULL, "%", "NULL", "NULL"},
        {"abc", NULL, "NULL", "NULL"},
        {NULL, "\\", "NULL", "NULL"},
    };
    session s;
    session_open(&s);
    bool folds_all = folds_every_script(&s);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (strcmp(ask(&s, "SELECT ignis_like(?1, ?2)", rows[i].text, rows[i].pattern),
                   rows[i].like) != 0)
            fail_msg("'%s' like '%s' gives %s", rows[i].text, rows[i].pattern, s.rows);
        if (!folds_all && rows[i].text && (unsigned char)rows[i].text[0] >= 0x80) continue;
        if (strcmp(ask(&s, "SELECT ignis_ilike(?1, ?2)", rows[i].text, rows[i].pattern),
                   rows[i].ilike) != 0)
            fail_msg("'%s' ilike '%s' gives %s", rows[i].text, rows[i].pattern, s.rows);
    }
    session_close(&s);
}

static void ilike_folds_letters_of_every_script_or_says_that_it_cannot(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    if (!folds_every_script(&s)) {
        session_close(&s);
        return;
    }
    assert_string_equal(ask(&s, "SELECT ignis_ilike(?1, ?2)", "ÄÖÜ", "äö_"), "1");
    assert_string_equal(ask(&s, "SELECT ignis_ilike(?1, ?2)", "привет", "%ПРИ%"), "1");
    assert_string_equal(ask(&s, "SELECT ignis_ilike(?1, ?2)", "ẞ", "ß"), "1");
    assert_string_equal(ask(&s, "SELECT ignis_ilike(?1, ?2)", "É", "e"), "0");
    session_close(&s);
}

/* A linear congruential generator: the same patterns in every run. */
static uint32_t random_next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

static void random_text(uint32_t *seed, const char *alphabet, char out[12])
{
    size_t size = random_next(seed) % 11;
    for (size_t i = 0; i < size; i++) {
        out[i] = alphabet[random_next(seed) % strlen(alphabet)];
    }
    out[size] = '\0';
}

static void random_patterns_match_as_sqlite_with_an_escape_matches(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    uint32_t seed = 1;
    size_t matches = 0;
    for (int i = 0; i < 20000; i++) {
        char data[12], pattern[12];
        random_text(&seed, "aAb%_\\", data);
        random_text(&seed, "aAb%%%__\\", pattern);
        ignis_mark mark = ignis_context_mark(s.ctx);
        const char *rows =
            ask(&s, "SELECT ignis_ilike(?1, ?2), ?1 LIKE ?2 ESCAPE '\\'", data, pattern);
        if (rows[0] != rows[2]) fail_msg("'%s' ilike '%s' gives %s", data, pattern, rows);
        matches += rows[0] == '1';
        ignis_context_release(s.ctx, mark);
    }
    assert_true(matches > 1000);
    session_expect(&s, "PRAGMA case_sensitive_like = ON", "");
    for (int i = 0; i < 20000; i++) {
        char data[12], pattern[12];
        random_text(&seed, "aAb%_\\", data);
        random_text(&seed, "aAb%%%__\\", pattern);
        ignis_mark mark = ignis_context_mark(s.ctx);
        const char *rows =
            ask(&s, "SELECT ignis_like(?1, ?2), ?1 LIKE ?2 ESCAPE '\\'", data, pattern);
        if (rows[0] != rows[2]) fail_msg("'%s' like '%s' gives %s", data, pattern, rows);
        ignis_context_release(s.ctx, mark);
    }
    session_close(&s);
}

static void bytes_that_are_no_text_are_matched_one_by_one(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_expect(&s, "SELECT ignis_like(CAST(x'ff80c3' AS TEXT), '___')", "1");
    session_expect(&s, "SELECT ignis_like(CAST(x'61f09f' AS TEXT), 'a__')", "1");
    session_expect(&s, "SELECT ignis_like(CAST(x'61f09f' AS TEXT), 'a_')", "0");
    session_expect(&s, "SELECT ignis_like('a', CAST(x'255cc3' AS TEXT))", "0");
    session_close(&s);
}

static void many_wildcards_take_no_exponential_time(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    ignis_context_timeout_set(s.ctx, 20000);
    session_expect(&s,
                   "SELECT ignis_like(replace(hex(zeroblob(20000)), '00', 'a'), "
                   "'%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%b')",
                   "0");
    session_close(&s);
}

static void functions_serve_indexes(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_expect(&s, "CREATE TABLE t(a TEXT)", "");
    session_expect(&s, "CREATE INDEX t_like ON t(ignis_like(a, 'x%'))", "");
    session_expect(&s, "INSERT INTO t VALUES ('xy'), ('y')", "");
    session_expect(&s, "SELECT a FROM t WHERE ignis_like(a, 'x%') = 1", "'xy'");
    session_expect(&s, "CREATE VIEW v AS SELECT ignis_ilike(a, 'X%') AS m FROM t", "");
    session_expect(&s, "SELECT m FROM v", "1\n0");
    session_close(&s);
}

/* ---- collations ---- */

/* Each row sorts before the next one, or with it where it begins with "=". */
static void expect_order(const char *collation, const char *const *rows, size_t count)
{
    session s;
    char sql[128];
    int rank[64] = {0};
    assert_true(count <= ARRAY_COUNT(rank));
    assert_true(snprintf(sql, sizeof(sql), "SELECT (?1 > ?2 COLLATE %s) - (?1 < ?2 COLLATE %s)",
                         collation, collation) > 0);
    for (size_t i = 1; i < count; i++) {
        rank[i] = rank[i - 1] + (rows[i][0] != '=');
    }
    session_open(&s);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            const char *expected = rank[i] < rank[j] ? "-1" : rank[i] > rank[j] ? "1" : "0";
            const char *a = rows[i] + (rows[i][0] == '=');
            const char *b = rows[j] + (rows[j][0] == '=');
            if (strcmp(ask(&s, sql, a, b), expected) != 0)
                fail_msg("%s: %s against %s gives %s", collation, a, b, s.rows);
        }
    }
    session_close(&s);
}

static void numerics_sort_by_value(void **state)
{
    (void)state;
    static const char *const rows[] = {"-100",
                                       "-9",
                                       "-1.5",
                                       "=-1.50",
                                       "0",
                                       "=0.0",
                                       "0.01",
                                       "9",
                                       "=9.000",
                                       "10",
                                       "12345678901234567890.122",
                                       "12345678901234567890.123"};
    expect_order("IGNIS_NUMERIC", rows, ARRAY_COUNT(rows));
}

static void documents_sort_as_jsonb(void **state)
{
    (void)state;
    static const char *const rows[] = {"[]",   "null",   "\"a\"", "\"b\"",      "1",
                                       "=1.0", "2",      "false", "true",       "[1]",
                                       "[2]",  "[1, 1]", "{}",    "{\"a\": 1}", "{\"a\": 2}"};
    expect_order("IGNIS_JSONB", rows, ARRAY_COUNT(rows));
}

static void arrays_sort_by_their_elements(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "[]",
        "[[]]",
        "[\"\"]",
        "[\"A\"]",
        "[\"A\",\"a\"]",
        "[\"A\",null]",
        "[\"a\"]",
        "[\"a\\nb\"]",
        "[\"a\\u000bb\"]",
        "[\"a b\"]",
        "[\"a\\\"b\"]",
        "[\"a,b]\"]",
        "[\"a\\\\\"]",
        "[\"aa\"]",
        "[\"b\"]",
        "[\"é\"]",
        "[\"日\"]",
        "[\"😀\"]",
        "[-1e+21]",
        "[-10]",
        "[-9]",
        "[-1e-07]",
        "[0]",
        "=[-0]",
        "=[0.00]",
        "[5e-324]",
        "[1e-07]",
        "[0.01]",
        "=[1e-2]",
        "[1]",
        "=[1.0]",
        "[1,2]",
        "[1,10]",
        "[1,null]",
        "[2]",
        "[9007199254740992]",
        "[9007199254740993]",
        "[1e+21]",
        "[1.5e+21]",
        "[1e+100]",
        "[false]",
        "[true]",
        "[[1, 2]]",
        "[[1, 3]]",
        "[{\"a\": \"]\"}]",
        "[{\"a\": 1}]",
        "[null]",
        "[null,null]",
        /* What is no array sorts last, by its bytes. */
        "",
        "[",
        "[\"a",
        "[1,",
        "[1,]",
        "[1]]",
        "[x]",
        "[{]",
        "x",
    };
    expect_order("IGNIS_ARRAY", rows, ARRAY_COUNT(rows));
}

static void a_collated_column_is_ordered_and_searched_by_value(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_expect(&s,
                   "CREATE TABLE t(n TEXT COLLATE IGNIS_NUMERIC UNIQUE, a TEXT COLLATE "
                   "IGNIS_ARRAY)",
                   "");
    session_expect(&s, "INSERT INTO t VALUES ('10', '[10]'), ('9', '[9]'), ('1.50', NULL)", "");
    session_expect(&s, "SELECT n FROM t ORDER BY n", "'1.50'\n'9'\n'10'");
    session_expect(&s, "SELECT a FROM t WHERE a IS NOT NULL ORDER BY a", "'[9]'\n'[10]'");
    session_expect(&s, "SELECT n FROM t WHERE n = '1.5'", "'1.50'");
    session_refuse(&s, "INSERT INTO t VALUES ('9.0', NULL)", IGNIS_E_UNIQUE);
    session_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_as_on_postgres),
        cmocka_unit_test(ilike_folds_letters_of_every_script_or_says_that_it_cannot),
        cmocka_unit_test(random_patterns_match_as_sqlite_with_an_escape_matches),
        cmocka_unit_test(bytes_that_are_no_text_are_matched_one_by_one),
        cmocka_unit_test(many_wildcards_take_no_exponential_time),
        cmocka_unit_test(functions_serve_indexes),
        cmocka_unit_test(numerics_sort_by_value),
        cmocka_unit_test(documents_sort_as_jsonb),
        cmocka_unit_test(arrays_sort_by_their_elements),
        cmocka_unit_test(a_collated_column_is_ordered_and_searched_by_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
