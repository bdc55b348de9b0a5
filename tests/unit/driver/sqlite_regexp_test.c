/* Regular expressions on a connection: matches, the kept patterns, bounds and errors. */
#include "driver/sqlite.h"
#include "session.h"

static const ignis_value_type types[] = {{.type = IGNIS_TYPE_TEXT}, {.type = IGNIS_TYPE_TEXT}};

static ignis_code ask(session *s, const char *data, const char *pattern)
{
    const ignis_cell cells[] = {data ? cell_text(data) : cell_null(),
                                pattern ? cell_text(pattern) : cell_null()};
    return session_run_with(s, "SELECT ignis_regexp(?1, ?2), ignis_iregexp(?1, ?2)", types, cells,
                            2);
}

static void need_pcre2(session *s)
{
    session_open(s);
    if (ask(s, "", "") == IGNIS_OK) return;
    assert_int_equal(ignis_context_error(s->ctx)->code, IGNIS_E_UNSUPPORTED);
    (void)printf("skipped: built without libpcre2\n");
    exit(77);
}

static void texts_match_as_on_postgres(void **state)
{
    (void)state;
    /* What PostgreSQL 15 answers to ~ and ~*. */
    static const struct {
        const char *text, *pattern, *answers;
    } rows[] = {
        {"abc", "b", "1|1"},      {"abc", "B", "0|1"},      {"abc", "^b", "0|0"},
        {"", "", "1|1"},          {"a\nb", "a.b", "1|1"},   {"a\nb", "^b", "0|0"},
        {"a\nb", "a$", "0|0"},    {"b\n", "b$", "0|0"},     {"É", "^\\w$", "1|1"},
        {"É", "é", "0|1"},        {"日本", "^..$", "1|1"},  {"aa", "^(a)\\1$", "1|1"},
        {"ab", "(?<=a)b", "1|1"}, {"a{", "a{", "1|1"},      {"a1", "[[:digit:]]", "1|1"},
        {NULL, "a", "NULL|NULL"}, {"a", NULL, "NULL|NULL"},
    };
    session s;
    need_pcre2(&s);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (ask(&s, rows[i].text, rows[i].pattern) != IGNIS_OK ||
            strcmp(s.rows, rows[i].answers) != 0)
            fail_msg("'%s' ~ '%s' gives %s", rows[i].text, rows[i].pattern, s.rows);
    }
    session_close(&s);
}

static void errors_have_their_codes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *pattern;
        ignis_code code;
        const char *message;
    } rows[] = {
        {"", "(", IGNIS_E_INVALID, "invalid regular expression: missing closing parenthesis"},
        {"", "[b-a]", IGNIS_E_INVALID, "invalid regular expression: "},
        {"", "\\C", IGNIS_E_INVALID, "invalid regular expression: "},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$", IGNIS_E_LIMIT,
         "a regular expression takes too many steps on a text"},
    };
    session s;
    need_pcre2(&s);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_int_equal(ask(&s, rows[i].text, rows[i].pattern), rows[i].code);
        const ignis_error *error = ignis_context_error(s.ctx);
        if (strncmp(error->message, rows[i].message, strlen(rows[i].message)) != 0)
            fail_msg("%s: %s", rows[i].pattern, error->message);
        assert_int_equal(ask(&s, "a", "a"), IGNIS_OK);
    }
    /* The same pattern within the steps. */
    assert_int_equal(ask(&s, "aaaaaaaaaaaaaa!", "^(a+)+$"), IGNIS_OK);
    session_close(&s);
}

/* More patterns than are kept, again and again, in both ways to compare letters. */
static void patterns_make_room_for_others(void **state)
{
    (void)state;
    session s;
    need_pcre2(&s);
    for (int i = 0; i < 200; i++) {
        char pattern[32];
        char data[32];
        int number = i * 7 % (2 * SQLITE_PATTERNS_MAX + 1);
        assert_true(snprintf(pattern, sizeof(pattern), "^Word%d$", number) > 0);
        assert_true(snprintf(data, sizeof(data), "word%d", number) > 0);
        assert_int_equal(ask(&s, data, pattern), IGNIS_OK);
        assert_string_equal(s.rows, "0|1");
    }
    session_close(&s);
}

static void bytes_that_are_no_text_match_no_character(void **state)
{
    (void)state;
    session s;
    need_pcre2(&s);
    session_expect(&s, "SELECT ignis_regexp(CAST(x'61ff62' AS TEXT), 'a.b')", "0");
    session_expect(&s, "SELECT ignis_regexp(CAST(x'61ff62' AS TEXT), 'b$')", "1");
    session_refuse(&s, "SELECT ignis_regexp('a', CAST(x'ff' AS TEXT))", IGNIS_E_INVALID);
    session_close(&s);
}

static void a_deadline_ends_a_row_of_long_matches(void **state)
{
    (void)state;
    session s;
    need_pcre2(&s);
    ignis_context_timeout_set(s.ctx, 1);
    session_refuse(&s,
                   "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) "
                   "SELECT count(*) FROM n WHERE ignis_regexp(i || 'aaaaaaaaaaaaaa!', '(a+)+$')",
                   IGNIS_E_TIMEOUT);
    session_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_match_as_on_postgres),
        cmocka_unit_test(errors_have_their_codes),
        cmocka_unit_test(patterns_make_room_for_others),
        cmocka_unit_test(bytes_that_are_no_text_match_no_character),
        cmocka_unit_test(a_deadline_ends_a_row_of_long_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
