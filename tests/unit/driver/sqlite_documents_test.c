/* The functions of JSON paths. What they say of documents at random is held against PostgreSQL by
   tests/property/paths_test.c. */
#include "session.h"

static const ignis_value_type text_types[] = {
    {.type = IGNIS_TYPE_TEXT}, {.type = IGNIS_TYPE_TEXT}, {.type = IGNIS_TYPE_TEXT}};

static const char *ask(session *s, const char *sql, const char *document, const char *path)
{
    const ignis_cell cells[] = {document ? cell_text(document) : cell_null(),
                                path ? cell_text(path) : cell_null()};
    ignis_code code = session_run_with(s, sql, text_types, cells, 2);
    if (code != IGNIS_OK) fail_msg("%s: %s", sql, ignis_context_error(s->ctx)->message);
    return s->rows;
}

static void what_lies_at_a_path_is_text_number_and_document(void **state)
{
    (void)state;
    /* #>> and #> of PostgreSQL 15. */
    static const struct {
        const char *document, *path, *said;
    } rows[] = {
        {"{\"a\": [1, {\"b\": \"x\"}]}", "{a,1,b}", "'x'|'\"x\"'|NULL"},
        {"{\"a\": 1.50}", "{a}", "'1.50'|'1.50'|'1.50'"},
        {"{\"a\":1e2}", "{a}", "'100'|'100'|'100'"},
        {"{\"a\": \"007\"}", "{a}", "'007'|'\"007\"'|'7'"},
        {"{\"a\": \"1e2\"}", "{a}", "'1e2'|'\"1e2\"'|NULL"},
        {"{\"a\": 12345678901234567890.123}", "{a}",
         "'12345678901234567890.123'|'12345678901234567890.123'|'12345678901234567890.123'"},
        {"{\"a\": -0}", "{a}", "'0'|'0'|'0'"},
        {"{\"a\": -0.00}", "{a}", "'0.00'|'0.00'|'0.00'"},
        {"{\"a\": true}", "{a}", "'true'|'true'|NULL"},
        {"{\"a\": null}", "{a}", "NULL|'null'|NULL"},
        {"{\"a\": \"\"}", "{a}", "''|'\"\"'|NULL"},
        {"{\"a\": []}", "{a}", "'[]'|'[]'|NULL"},
        {"{\"a\": {}}", "{a,b}", "NULL|NULL|NULL"},
        {"{\"a\":1,\"a\":2}", "{a}", "'2'|'2'|'2'"},
        {"{\"a\":{\"b\":1},\"a\":{\"c\":2}}", "{}",
         "'{\"a\": {\"c\": 2}}'|'{\"a\": {\"c\": 2}}'|NULL"},
        {"\"x\"", "{}", "'x'|'\"x\"'|NULL"},
        {" [ 1 , 2 ] ", "{1}", "'2'|'2'|'2'"},
        {"[1, 2]", "{2}", "NULL|NULL|NULL"},
        {"[1, 2]", "{a}", "NULL|NULL|NULL"},
        {"[1, 2]", "{4294967296}", "NULL|NULL|NULL"},
        {"{\"null\": 1}", "{\"null\"}", "'1'|'1'|'1'"},
        {NULL, "{a}", "NULL|NULL|NULL"},
        {"{\"a\": 1}", NULL, "NULL|NULL|NULL"},
    };
    session s;
    session_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const char *said = ask(&s,
                               "SELECT ignis_json_text(?1, ?2), ignis_json_document(?1, ?2), "
                               "ignis_json_number(?1, ?2)",
                               rows[i].document, rows[i].path);
        if (strcmp(said, rows[i].said) != 0)
            fail_msg("%s at %s: %s", rows[i].document, rows[i].path, said);
    }
    session_close(&s);
}

static void text_that_is_no_document_holds_nothing(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "",
        "{",
        "{\"a\": 1",
        "{\"a\": 1}}",
        "{\"a\": 1} x",
        "{'a': 1}",
        "{a: 1}",
        "[1,]",
        "{\"a\": \"\\ud800\"}",
        "{\"a\": \"\\u0000\"}",
        "{\"a\": \"\xff\", \"b\":1}",
        "NaN",
        "{\"a\": 01}",
        "{\"a\": 1e999999}",
    };
    session s;
    session_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(documents); i++) {
        const char *said = ask(&s,
                               "SELECT ignis_json_text(?1, ?2), ignis_json_document(?1, '{}'), "
                               "ignis_json_contains(?1, '{}', '[]')",
                               documents[i], "{a}");
        if (strcmp(said, "NULL|NULL|NULL") != 0) fail_msg("%s: %s", documents[i], said);
    }
    session_expect(&s, "SELECT ignis_json_text(x'7b7d', '{}')", "NULL");
    session_expect(&s, "SELECT ignis_json_document(7, '{}'), ignis_json_document(0.5, '{}')",
                   "'7'|'0.5'");
    session_close(&s);
}

static void a_path_of_another_form_leads_nowhere(void **state)
{
    (void)state;
    static const char *const paths[] = {"",     "{",    "}",    "a",    "{a",    "{a}}",
                                        "{a,}", "{,a}", "{ ",   "{\"}", "{\"a}", "{a\"}",
                                        "[a]",  "{}}",  "{a}b", "{{",   "{,}",   "{\"a\"b}"};
    session s;
    session_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
        const char *said =
            ask(&s, "SELECT ignis_json_document(?1, ?2)", "{\"a\": {\"b\": 1}}", paths[i]);
        if (strcmp(said, "NULL") != 0) fail_msg("%s: %s", paths[i], said);
    }
    session_close(&s);
}

static void depth_ends_the_reading_and_not_the_program(void **state)
{
    (void)state;
    session s;
    session_open(&s);
    session_expect(
        &s, "SELECT ignis_json_document(replace(hex(zeroblob(100000)), '00', '['), '{}')", "NULL");
    session_expect(&s,
                   "SELECT ignis_json_text(replace(hex(zeroblob(1024)), '00', '[') || "
                   "replace(hex(zeroblob(1024)), '00', ']'), '{0,0,0}') IS NOT NULL",
                   "1");
    /* Digits beyond what numeric is certain to hold. */
    session_expect(
        &s,
        "SELECT ignis_json_number(replace(hex(zeroblob(16383)), '00', '9'), '{}') IS NULL,"
        " ignis_json_number(replace(hex(zeroblob(16384)), '00', '9'), '{}') IS NULL",
        "0|1");
    session_close(&s);
}

static void lists_match_by_scalars_of_one_type(void **state)
{
    (void)state;
    static const struct {
        const char *array, *list, *said; /* contains, contained, overlaps */
    } rows[] = {
        {"[1, \"x\"]", "[1.0]", "1|0|1"},
        {"[1]", "[\"1\", true]", "0|0|0"},
        {"[1, 1]", "[1, 2]", "0|1|1"},
        {"[]", "[]", "1|1|0"},
        {"[]", "[null]", "0|1|0"},
        {"[null]", "[null]", "1|1|1"},
        {"[[1]]", "[1]", "0|0|0"},
        {"[{}]", "[]", "1|0|0"},
        {"[\"\\u00e9\", 2]", "[\"\xc3\xa9\"]", "1|0|1"},
        {"{\"a\": 1}", "[]", "0|0|0"},
        {"1", "[1]", "0|0|0"},
        {"null", "[null]", "0|0|0"},
        {NULL, "[]", "NULL|NULL|NULL"},
        {"[1]", NULL, "NULL|NULL|NULL"},
    };
    session s;
    session_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const char *said = ask(&s,
                               "SELECT ignis_json_contains(?1, '{}', ?2), "
                               "ignis_json_contained(?1, '{}', ?2), "
                               "ignis_json_overlaps(?1, '{}', ?2)",
                               rows[i].array, rows[i].list);
        if (strcmp(said, rows[i].said) != 0)
            fail_msg("%s and %s: %s", rows[i].array, rows[i].list, said);
    }
    session_close(&s);
}

static void an_index_on_a_path_serves(void **state)
{
    (void)state;
    static const char *const setup[] = {
        "CREATE TABLE d (id INTEGER PRIMARY KEY, doc TEXT)",
        "CREATE INDEX d_text ON d (ignis_json_text(doc, '{a}'))",
        "INSERT INTO d (doc) VALUES ('{\"a\":\"x\"}'), ('{}')",
    };
    session s;
    session_open(&s);
    session_prepare(&s, setup, ARRAY_COUNT(setup));
    session_expect(&s, "SELECT id FROM d AS t WHERE ignis_json_text(t.\"doc\", '{a}') = 'x'", "1");
    ignis_code code = session_run(
        &s,
        "EXPLAIN QUERY PLAN SELECT id FROM d AS t WHERE ignis_json_text(t.\"doc\", '{a}') = 'x'");
    assert_int_equal(code, IGNIS_OK);
    assert_non_null(strstr(s.rows, "USING INDEX d_text"));
    session_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_at_a_path_is_text_number_and_document),
        cmocka_unit_test(text_that_is_no_document_holds_nothing),
        cmocka_unit_test(a_path_of_another_form_leads_nowhere),
        cmocka_unit_test(depth_ends_the_reading_and_not_the_program),
        cmocka_unit_test(lists_match_by_scalars_of_one_type),
        cmocka_unit_test(an_index_on_a_path_serves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
