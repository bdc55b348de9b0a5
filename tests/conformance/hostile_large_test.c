/* Filters of great size and depth: each is a right answer, or a clear error before anything is sent. */
#include "support/fixture.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char models[] = J({
    "models" : [ {
        "name" : "Big",
        "columns" : [
            {"name" : "id", "type" : "integer", "primaryKey" : true, "notNull" : true},
            {"name" : "name", "type" : "text"}, {"name" : "tags", "type" : "text", "array" : true},
            {"name" : "doc", "type" : "jsonb"}, {"name" : "parentId", "type" : "integer"}
        ],
        "indexes" : [ {"name" : "big_parent", "columns" : ["parentId"]} ],
        "relations" : [
            {
                "name" : "parent",
                "type" : "one",
                "model" : "Big",
                "fields" : ["parentId"],
                "references" : ["id"]
            },
            {"name" : "children", "type" : "many", "model" : "Big"}
        ]
    } ]
});

enum { MEGABYTE = 1024 * 1024, ELEMENTS = 100000 };

typedef struct opened {
    arena memory;
    ignis_context *ctx;
    ignis_data_source *source;
} opened;

/* times times the part, with commas between where is_list. */
static void repeat(text *out, const char *part, size_t times, bool is_list)
{
    for (size_t i = 0; i < times; i++) {
        if (is_list && i > 0) text_char(out, ',');
        text_string(out, part);
    }
}

/* head, times times the part, tail. */
static const char *grown(opened *all, const char *head, const char *part, size_t times,
                         bool is_list, const char *tail)
{
    text out;
    text_init(&out, &all->memory, 0);
    text_string(&out, head);
    repeat(&out, part, times, is_list);
    text_string(&out, tail);
    const char *made = text_finish(&out);
    assert_non_null(made);
    return made;
}

/* open times times, middle, close as often. */
static const char *nested(opened *all, const char *open, const char *middle, const char *close,
                          size_t times)
{
    text out;
    text_init(&out, &all->memory, 0);
    repeat(&out, open, times, false);
    text_string(&out, middle);
    repeat(&out, close, times, false);
    const char *made = text_finish(&out);
    assert_non_null(made);
    return made;
}

static const char *in_filter(opened *all, const char *key, const char *value)
{
    text out;
    text_init(&out, &all->memory, 0);
    text_format(&out, "{\"%s\":%s}", key, value);
    const char *made = text_finish(&out);
    assert_non_null(made);
    return made;
}

/* Rows 1 … 9; the first has a text and a document of one megabyte. */
static const char *rows_write(opened *all)
{
    text out;
    text_init(&out, &all->memory, 0);
    text_string(&out, "{\"Big\":[{\"id\":1,\"parentId\":null,\"tags\":[\"a\"],\"name\":\"");
    repeat(&out, "x", MEGABYTE, false);
    text_string(&out, "\",\"doc\":{\"a\":\"");
    repeat(&out, "x", MEGABYTE, false);
    text_string(&out, "\"}}");
    for (int i = 2; i < 10; i++)
        text_format(&out, ",{\"id\":%d,\"name\":\"n%d\",\"parentId\":1}", i, i);
    text_string(&out, "]}");
    return text_finish(&out);
}

static void open_at(opened *all, const char *url)
{
    *all = (opened){.ctx = ignis_context_create()};
    fixture_class class_ = {.models_text = models, .data_text = rows_write(all), .url = url};
    assert_non_null(all->ctx);
    if (fixture_open(all->ctx, &class_, &all->source) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(all->ctx)->message);
    ignis_context_reset(all->ctx);
}

static void close(opened *all)
{
    ignis_data_source_close(all->source);
    ignis_context_free(all->ctx);
    arena_free(&all->memory);
}

static ignis_code find_try(opened *all, const ignis_policy *policy, const char *filter,
                           const char **result)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = "Big"};
    ignis_repository *repository = NULL;
    IGNIS_TRY(ignis_repository_open(all->ctx, all->source, &class_, &repository));
    return ignis_find_json(all->ctx, repository, policy, filter, result);
}

static const char *ids_of(opened *all, const char *where)
{
    const char *result = NULL;
    text filter;
    text_init(&filter, &all->memory, 0);
    text_format(&filter, "{\"fields\":[\"id\"],\"order\":[\"id\"],\"where\":%s}", where);
    const char *made = text_finish(&filter);
    assert_non_null(made);
    if (find_try(all, &ignis_policy_trusted, made, &result) != IGNIS_OK)
        fail_msg("%.80s: %s", where, ignis_context_error(all->ctx)->message);
    return result;
}

/* A clear error of one short line. */
static void expect_refused(opened *all, const ignis_policy *policy, ignis_code expected,
                           const char *filter)
{
    const char *result = NULL;
    ignis_code code = find_try(all, policy, filter, &result);
    const ignis_error *error = ignis_context_error(all->ctx);
    if (code != expected || strlen(error->message) > 400 || error->message[0] == '\0')
        fail_msg("%.80s: %s, expected %s: %.400s", filter, ignis_code_name(code),
                 ignis_code_name(expected), error->message);
    ignis_context_reset(all->ctx);
}

/* ---- lists -------------------------------------------------------------------------------------- */

static const char *numbers(opened *all, const char *head, int first, const char *tail)
{
    text out;
    text_init(&out, &all->memory, 0);
    text_string(&out, head);
    for (int i = 0; i < ELEMENTS; i++)
        text_format(&out, "%s%d", i > 0 ? "," : "", first + i);
    text_string(&out, tail);
    const char *made = text_finish(&out);
    assert_non_null(made);
    return made;
}

static void lists_check(opened *all)
{
    static const char two[] = "[{\"id\":8},{\"id\":9}]";
    static const char none[] = "[]";
    static const char from_8[] = "{\"id\":{\"in\":[";
    assert_string_equal(ids_of(all, numbers(all, from_8, 8, "]}}")), two);
    assert_string_equal(ids_of(all, numbers(all, "{\"id\":[", 8, "]}")), two);
    assert_string_equal(ids_of(all, numbers(all, "{\"id\":{\"nin\":[", 0, "]}}")), none);
    assert_string_equal(
        ids_of(all, grown(all, "{\"name\":{\"in\":[", "\"n9\"", ELEMENTS, true, ",null]}}")),
        "[{\"id\":9}]");
    assert_string_equal(
        ids_of(all, grown(all, "{\"tags\":{\"overlaps\":[", "\"b\"", ELEMENTS, true, ",\"a\"]}}")),
        "[{\"id\":1}]");
    assert_string_equal(
        ids_of(all, grown(all, "{\"tags\":{\"contains\":[", "\"a\"", ELEMENTS, true, "]}}")),
        "[{\"id\":1}]");
    assert_string_equal(
        ids_of(all, grown(all, "{\"tags\":{\"in\":[", "[\"a\"]", ELEMENTS, true, "]}}")),
        "[{\"id\":1}]");
    assert_string_equal(
        ids_of(all, grown(all, "{\"doc.a\":{\"in\":[", "\"b\"", ELEMENTS, true, "]}}")), none);
    expect_refused(
        all, &ignis_policy_trusted, IGNIS_E_INVALID,
        in_filter(all, "where", grown(all, "{\"id\":[", "1", ELEMENTS, true, ",\"x\"]}")));
    expect_refused(all, NULL, IGNIS_E_LIMIT,
                   in_filter(all, "where", grown(all, "{\"id\":[", "1", 1001, true, "]}")));
}

/* ---- long texts --------------------------------------------------------------------------------- */

static void texts_check(opened *all)
{
    static const char first[] = "[{\"id\":1}]";
    static const char *const heads[] = {"{\"name\":\"",
                                        "{\"name\":{\"in\":[\"",
                                        "{\"name\":{\"startsWith\":\"",
                                        "{\"name\":{\"like\":\"%",
                                        "{\"doc.a\":\"",
                                        "{\"doc\":{\"a\":\""};
    static const char *const tails[] = {"\"}", "\"]}}", "\"}}", "\"}}", "\"}", "\"}}"};
    for (size_t i = 0; i < ARRAY_COUNT(heads); i++) {
        assert_string_equal(ids_of(all, grown(all, heads[i], "x", MEGABYTE, false, tails[i])),
                            first);
        ignis_context_reset(all->ctx);
    }
    static const char *const names[][2] = {
        {"{\"where\":{\"", "\":1}}"},      {"{\"where\":{\"name\":{\"", "\":1}}}"},
        {"{\"where\":{\"id\":\"", "\"}}"}, {"{\"order\":[\"", "\"]}"},
        {"{\"order\":[\"id ", "\"]}"},     {"{\"fields\":[\"", "\"]}"},
        {"{\"include\":[\"", "\"]}"},      {"{\"include\":[{\"relation\":\"parent\",\"", "\":1}]}"},
        {"{\"limit\":\"", "\"}"},          {"{\"", "\":1}"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        expect_refused(all, &ignis_policy_trusted, IGNIS_E_INVALID,
                       grown(all, names[i][0], "x", MEGABYTE, false, names[i][1]));
    expect_refused(all, &ignis_policy_trusted, IGNIS_E_LIMIT,
                   grown(all, "{\"where\":{\"doc", ".x", MEGABYTE / 2, false, "\":1}}"));
    expect_refused(all, &ignis_policy_trusted, IGNIS_E_INVALID,
                   grown(all, "{\"where\":{\"id\":", "9", MEGABYTE, false, "}}"));
    expect_refused(all, &ignis_policy_trusted, IGNIS_E_INVALID,
                   grown(all, "{\"limit\":", "9", MEGABYTE, false, "}"));
    expect_refused(all, NULL, IGNIS_E_LIMIT,
                   grown(all, "{\"where\":{\"name\":\"", "x", 64 * 1024, false, "\"}}"));
}

/* ---- depth -------------------------------------------------------------------------------------- */

/* Either every row, or limit: an engine may not bear the depth, but it says so. */
static void deep_check(opened *all, const char *where)
{
    const char *result = NULL;
    ignis_code code = find_try(all, &ignis_policy_trusted, in_filter(all, "where", where), &result);
    const ignis_error *error = ignis_context_error(all->ctx);
    if (code != IGNIS_OK && code != IGNIS_E_LIMIT)
        fail_msg("%.40s: %s: %.200s", where, ignis_code_name(code), error->message);
    if (code == IGNIS_OK) assert_non_null(strstr(result, "\"id\":9"));
    ignis_context_reset(all->ctx);
}

static void depth_check(opened *all)
{
    static const char *const groups[][2] = {
        {"{\"not\":{\"not\":", "}}"}, {"{\"and\":[", "]}"}, {"{\"or\":[{\"id\":1},", "]}"}};
    static const size_t depths[] = {8, 16, 20, 40, 100, 200};
    for (size_t i = 0; i < ARRAY_COUNT(groups); i++) {
        for (size_t k = 0; k < ARRAY_COUNT(depths); k++)
            deep_check(all,
                       nested(all, groups[i][0], "{\"id\":{\"gt\":0}}", groups[i][1], depths[k]));
    }
    static const char *const brackets[][2] = {{"[", "]"}, {"{\"a\":", "}"}, {"{\"not\":", "}"}};
    for (size_t i = 0; i < ARRAY_COUNT(brackets); i++) {
        const char *deep = nested(all, brackets[i][0], "1", brackets[i][1], ELEMENTS);
        expect_refused(all, &ignis_policy_trusted, IGNIS_E_LIMIT, in_filter(all, "where", deep));
        expect_refused(all, &ignis_policy_trusted, IGNIS_E_LIMIT,
                       nested(all, brackets[i][0], "", "", ELEMENTS));
    }
}

/* ---- many conditions ---------------------------------------------------------------------------- */

static void width_check(opened *all)
{
    static const size_t widths[] = {99, 500, 1500, 20000, 70000};
    static const char *const heads[] = {"{\"or\":[", "{\"and\":["};
    static const char *const parts[] = {"{\"id\":9}", "{\"id\":{\"gt\":0}}"};
    for (size_t i = 0; i < ARRAY_COUNT(heads); i++) {
        for (size_t k = 0; k < ARRAY_COUNT(widths); k++)
            deep_check(all, grown(all, heads[i], parts[i], widths[k], true, "]}"));
    }
    const char *many = grown(all, "[", "\"id\"", 10000, true, "]");
    const char *result = NULL;
    assert_int_equal(find_try(all, &ignis_policy_trusted, in_filter(all, "fields", many), &result),
                     IGNIS_OK);
    expect_refused(all, &ignis_policy_trusted, IGNIS_E_INVALID,
                   in_filter(all, "include", grown(all, "[", "\"parent\"", 10000, true, "]")));
}

/* ---- both engines ------------------------------------------------------------------------------- */

static void engine_check(const char *url)
{
    opened all;
    open_at(&all, url);
    lists_check(&all);
    texts_check(&all);
    depth_check(&all);
    width_check(&all);
    close(&all);
}

static void great_filters_are_answered_or_refused_on_sqlite(void **state)
{
    (void)state;
    engine_check("sqlite::memory:");
}

static void great_filters_are_answered_or_refused_on_postgresql(void **state)
{
    (void)state;
    if (server_is_there("IGNIS_TEST_POSTGRES_URL")) engine_check(server_url());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(great_filters_are_answered_or_refused_on_sqlite),
        cmocka_unit_test(great_filters_are_answered_or_refused_on_postgresql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
