/* documents: steps into JSON documents and sums, on every engine. */
#include "support/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const char models[] =
    "{'models': [{'name': 'Doc', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'meta', 'type': 'jsonb'},"
    "   {'name': 'plain', 'type': 'json'},"
    "   {'name': 'text', 'type': 'text'}]},"
    " {'name': 'Sum', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'small', 'type': 'smallint'}, {'name': 'int', 'type': 'integer'},"
    "   {'name': 'big', 'type': 'bigint'}, {'name': 'single', 'type': 'real'},"
    "   {'name': 'wide', 'type': 'double precision'},"
    "   {'name': 'price', 'type': 'numeric', 'precision': 6, 'scale': 2},"
    "   {'name': 'exact', 'type': 'numeric'},"
    "   {'name': 'auto', 'type': 'text', 'onUpdate': 'uuid'}]}]}";

static const char rows[] = "{'Doc': [{'id': 1}], 'Sum': [{'id': 1}]}";

/* The document, the data of the update, what the document then is, or an error. */
typedef struct document_case {
    const char *before;
    const char *data;
    const char *after;
} document_case;

static void cases_run(void **state, const char *column, const document_case *cases, size_t count)
{
    char arguments[1024];
    char expected[1024];
    for (size_t i = 0; i < count; i++) {
        const document_case *at = &cases[i];
        snprintf(arguments, sizeof(arguments),
                 "{'id': 1, 'data': {'%s': %s}, 'options': {'shouldReturn': false}}", column,
                 at->before);
        const script_step first = {"Doc", "updateById", arguments, "{'count': 1, 'data': null}"};
        script_run(*state, &first, 1);
        char data[512];
        snprintf(data, sizeof(data), "{'id': 1, 'data': %s}", at->data);
        bool is_error = at->after[0] == '!';
        bool is_plain = strcmp(column, "plain") == 0;
        snprintf(expected, sizeof(expected),
                 "{'count': 1, 'data': {'id': 1, 'meta': %s, 'plain': %s, 'text': null}}",
                 is_plain ? "null" : at->after, is_plain ? at->after : "null");
        const script_step second = {"Doc", "updateById", data, is_error ? at->after : expected};
        script_run(*state, &second, 1);
        if (!is_error) continue;
        snprintf(expected, sizeof(expected), "{'%s': %s}", column, at->before);
        const script_step third = {"Doc", "findById",
                                   is_plain ? "{'id': 1, 'filter': {'fields': ['plain']}}"
                                            : "{'id': 1, 'filter': {'fields': ['meta']}}",
                                   expected};
        script_run(*state, &third, 1);
    }
}

#define CASES(column, ...)                                   \
    do {                                                     \
        static const document_case cases[] = {__VA_ARGS__};  \
        cases_run(state, column, cases, ARRAY_COUNT(cases)); \
    } while (0)

static void a_path_sets_what_is_there_or_makes_it(void **state)
{
    CASES("meta", {"{'a': {'b': 1, 'c': 2}}", "{'meta.a.b': 9}", "{'a': {'b': 9, 'c': 2}}"},
          {"{'a': {'b': 1}}", "{'meta.a.z': {'x': []}}", "{'a': {'b': 1, 'z': {'x': []}}}"},
          {"{'a': 1}", "{'meta.a': null}", "{'a': null}"},
          {"null", "{'meta.a.b.c': 1}", "{'a': {'b': {'c': 1}}}"},
          {"{'a': null}", "{'meta.a.b': 1}", "{'a': {'b': 1}}"},
          {"{'a': null}", "{'meta.a[0].b': 1}", "{'a': [{'b': 1}]}"},
          {"{}", "{'meta.a[5][2]': 1}", "{'a': [[1]]}"},
          {"{}", "{'meta.a.0': 1}", "{'a': {'0': 1}}"},
          {"{}", "{'meta.a[x]': 1}", "{'a': {'x': 1}}"}, {"null", "{'meta[0]': 1}", "[1]"},
          {"[1, 2, 3]", "{'meta[1]': 'x'}", "[1, 'x', 3]"},
          {"[1, 2, 3]", "{'meta.01': 'x'}", "[1, 'x', 3]"}, {"[1]", "{'meta[7]': 2}", "[1, 2]"},
          {"[1]", "{'meta[99999999999999999999]': 2}", "[1, 2]"},
          {"[1]", "{'meta.3000000000': 2}", "[1, 2]"},
          {"{'3000000000': 1}", "{'meta.3000000000': 2}", "{'3000000000': 2}"},
          {"{'3000000000': 1}", "{'meta[3000000000]': 2}", "{'3000000000': 2}"},
          {"{'7': 1}", "{'meta[7]': 2}", "{'7': 2}"},
          {"{'k-b': {}}", "{'meta.k-b.x_1': 'it\\u0027s \\\\ $1 ?'}",
           "{'k-b': {'x_1': 'it\\u0027s \\\\ $1 ?'}}"},
          {"{'n': 1}", "{'meta.n': 12345678901234567890.5}", "{'n': 12345678901234567890.5}"});
}

static void a_path_through_a_value_is_an_error_and_changes_nothing(void **state)
{
    CASES("meta", {"{'a': 1}", "{'meta.a.b': 1}", "!invalid data.meta.a.b"},
          {"{'a': 'x'}", "{'meta.a[0]': 1}", "!invalid data.meta.a[0]"},
          {"{'a': [1]}", "{'meta.a.b': 1}", "!invalid data.meta.a.b"},
          {"{'a': {'b': true}}", "{'meta.a.b.c.d': 1}", "!invalid data.meta.a.b.c.d"},
          {"[1]", "{'meta.x': 1}", "!invalid data.meta.x"},
          {"5", "{'meta.x': 1}", "!invalid data.meta.x"},
          {"{'a': {}}", "{'$append': {'meta.a': 1}}", "!invalid data.$append.meta.a"},
          {"{'a': 1}", "{'$append': {'meta.a': 1}}", "!invalid data.$append.meta.a"},
          {"{}", "{'$append': {'meta': 1}}", "!invalid data.$append.meta"},
          {"{'a': 1}", "{'meta.x': 1, 'meta.a.b': 1}", "!invalid data"});
}

static void paths_of_one_column_apply_in_order(void **state)
{
    CASES("meta", {"{}", "{'meta.a': 1, 'meta.a.b': 2}", "!invalid data"},
          {"{}", "{'meta.a.b': 2, 'meta.a.c': 3, 'meta.d': 4}", "{'a': {'b': 2, 'c': 3}, 'd': 4}"},
          {"{'a': [0]}", "{'meta.a[0]': 1, 'meta.a.0': 2, '$append': {'meta.a': 3}}",
           "{'a': [2, 3]}"},
          {"null", "{'meta.a[0]': 1, 'meta.a[9]': 2, 'meta.a[1]': 3}", "{'a': [1, 3]}"},
          {"{'a': 1}", "{'$remove': 'meta.a', 'meta.a.b': 1}", "{'a': {'b': 1}}"},
          {"{'a': 1}", "{'meta': {'b': 1}, 'meta.a': 1}", "!invalid data.meta.a"},
          {"{'a': 1}", "{'meta.a': 1, 'meta': {'b': 1}}", "!invalid data.meta"});
}

static void elements_are_appended_and_keys_removed(void **state)
{
    CASES(
        "meta", {"{'a': [1]}", "{'$append': {'meta.a': [2]}}", "{'a': [1, [2]]}"},
        {"{}", "{'$append': {'meta.a.b': 'x'}}", "{'a': {'b': ['x']}}"},
        {"{'a': null}", "{'$append': {'meta.a': null}}", "{'a': [null]}"},
        {"null", "{'$append': {'meta': 1}}", "[1]"}, {"[1]", "{'$append': {'meta': 2}}", "[1, 2]"},
        {"{'a': 1, 'b': 2}", "{'$remove': 'meta.a'}", "{'b': 2}"},
        {"{'a': [1, 2, {'x': 1, 'y': 2}]}", "{'$remove': ['meta.a[0]', 'meta.a.1.x']}",
         "{'a': [2, {'y': 2}]}"},
        {"{'a': 1}", "{'$remove': ['meta.b', 'meta.a.b', 'meta.a[0]', 'meta.c.d.e']}", "{'a': 1}"},
        {"[1]", "{'$remove': ['meta.x', 'meta[1]', 'meta[99999999999]']}", "[1]"},
        {"null", "{'$remove': 'meta.a'}", "null"}, {"5", "{'$remove': 'meta.a'}", "5"});
}

static void a_json_column_is_changed_like_a_jsonb_column(void **state)
{
    static const script_step clear = {
        "Doc", "updateById",
        "{'id': 1, 'data': {'meta': null}, 'options': {'shouldReturn': false}}",
        "{'count': 1, 'data': null}"};
    script_run(*state, &clear, 1);
    CASES("plain",
          {"{'a': {'b': 1}}", "{'plain.a.b': 2, 'plain.c[0]': 3}", "{'a': {'b': 2}, 'c': [3]}"},
          {"null", "{'$append': {'plain.a': 1}}", "{'a': [1]}"},
          {"{'a': 1, 'b': 1}", "{'$remove': 'plain.a'}", "{'b': 1}"},
          {"{'a': 1}", "{'plain.a.b': 1}", "!invalid data.plain.a.b"});
}

#define STEPS(...)                                        \
    do {                                                  \
        static const script_step steps[] = {__VA_ARGS__}; \
        script_run(*state, steps, ARRAY_COUNT(steps));    \
    } while (0)

static void paths_that_are_none_are_refused(void **state)
{
    STEPS(
        {"Doc", "updateById", "{'id': 1, 'data': {'meta.': 1}}", "!invalid data.meta."},
        {"Doc", "updateById", "{'id': 1, 'data': {'meta[': 1}}", "!invalid data.meta["},
        {"Doc", "updateById", "{'id': 1, 'data': {'meta[]': 1}}", "!invalid data.meta[]"},
        {"Doc", "updateById", "{'id': 1, 'data': {'meta.-1': 1}}", "!invalid data.meta.-1"},
        {"Doc", "updateById", "{'id': 1, 'data': {'meta.a b': 1}}", "!invalid data.meta.a b"},
        {"Doc", "updateById", "{'id': 1, 'data': {'meta.a]': 1}}", "!invalid data.meta.a]"},
        {"Doc", "updateById", "{'id': 1, 'data': {'meta.é': 1}}", "!invalid data.meta.é"},
        {"Doc", "updateById", "{'id': 1, 'data': {'text.a': 1}}", "!invalid data.text.a"},
        {"Doc", "updateById", "{'id': 1, 'data': {'metta.a': 1}}", "!invalid data.metta.a [meta]"},
        {"Doc", "updateById", "{'id': 1, 'data': {'$remove': 'meta'}}",
         "!invalid data.$remove.meta"},
        {"Doc", "updateById", "{'id': 1, 'data': {'$remove': [1]}}", "!invalid data.$remove"},
        {"Doc", "updateById", "{'id': 1, 'data': {'$append': 'meta.a'}}", "!invalid data.$append"},
        {"Doc", "updateById", "{'id': 1, 'data': {'$remove': []}}", "!invalid data"},
        {"Doc", "create", "{'data': {'id': 2, 'meta.a': 1}}", "!invalid data.meta.a [meta]"},
        {"Doc", "create", "{'data': {'id': 2, '$append': {'meta.a': 1}}}",
         "!invalid data.$append"});
}

static void long_paths_and_many_steps_are_bounded(void **state)
{
    engine *self = *state;
    text path;
    text data;
    text_init(&path, &self->ctx->results, 0);
    text_init(&data, &self->ctx->results, 0);
    text_string(&path, "{'id': 1, 'options': {'shouldReturn': false}, 'data': {'meta");
    for (int i = 0; i < 64; i++)
        text_string(&path, i % 2 ? ".a" : "[0]");
    size_t size = path.size;
    text_string(&path, "': 1}}");
    script_step step = {"Doc", "updateById", text_finish(&path), "{'count': 1, 'data': null}"};
    script_run(self, &step, 1);
    path.size = size;
    text_string(&path, ".b': 1}}");
    assert_int_equal(ignis_call_json(self->ctx, engine_repository(self, "Doc"),
                                     &ignis_policy_trusted, "updateById",
                                     script_text(self, text_finish(&path)), 0, &step.expected,
                                     NULL),
                     IGNIS_E_LIMIT);
    for (int count = 64; count < 66; count++) {
        data.size = 0;
        text_string(&data,
                    "{'id': 1, 'options': {'shouldReturn': false}, 'data': {'plain.first': 0");
        for (int i = 1; i < count; i++)
            text_format(&data, ", 'plain.a[%d].b': %d", i, i);
        text_string(&data, "}}");
        const char *got;
        assert_int_equal(ignis_call_json(self->ctx, engine_repository(self, "Doc"),
                                         &ignis_policy_trusted, "updateById",
                                         script_text(self, text_finish(&data)), 0, &got, NULL),
                         count > 64 ? IGNIS_E_LIMIT : IGNIS_OK);
    }
    STEPS({"Doc", "findById", "{'id': 1, 'filter': {'fields': ['id']}}", "{'id': 1}"});
}

static void increments_add_in_the_database(void **state)
{
    STEPS({"Sum", "updateById",
           "{'id': 1, 'data': {'$increment': {'small': 2, 'int': '3', 'big': 9007199254740993,"
           " 'single': 0.5, 'wide': 0.25, 'price': '1.005', 'exact': '0.1'}}}",
           "{'count': 1, 'data': {'id': 1, 'small': 2, 'int': 3, 'big': 9007199254740993,"
           " 'single': 0.5, 'wide': 0.25, 'price': '1.01', 'exact': '0.1', 'auto': '<any>'}}"},
          {"Sum", "updateById",
           "{'id': 1, 'data': {'$increment': {'small': -3, 'int': 0, 'big': 1,"
           " 'single': 1, 'wide': -1, 'price': -2, 'exact': '12345678901234567890.05'}, 'auto': "
           "null}}",
           "{'count': 1, 'data': {'id': 1, 'small': -1, 'int': 3, 'big': 9007199254740994,"
           " 'single': 1.5, 'wide': -0.75, 'price': '-0.99', 'exact': '12345678901234567890.15',"
           " 'auto': null}}"},
          {"Sum", "updateById",
           "{'id': 1, 'data': {'$increment': {'exact': '-12345678901234567890.2'}}}",
           "{'count': 1, 'data': {'id': 1, 'small': -1, 'int': 3, 'big': 9007199254740994,"
           " 'single': 1.5, 'wide': -0.75, 'price': '-0.99', 'exact': '-0.05', 'auto': '<any>'}}"},
          {"Sum", "updateAll", "{'where': {'id': 1}, 'data': {'$increment': {'small': 32767}}}",
           "{'count': 1, 'data': ['<any>']}"},
          {"Sum", "updateById", "{'id': 1, 'data': {'$increment': {'small': 2}}}", "!invalid data"},
          {"Sum", "updateById", "{'id': 1, 'data': {'$increment': {'int': 2147483647}}}",
           "!invalid data"},
          {"Sum", "updateById", "{'id': 1, 'data': {'$increment': {'big': 9223372036854775807}}}",
           "!invalid data"},
          {"Sum", "updateById", "{'id': 1, 'data': {'$increment': {'price': 9999.99}}}",
           "{'count': 1, 'data': '<any>'}"},
          {"Sum", "updateById", "{'id': 1, 'data': {'$increment': {'price': 1}}}", "!invalid data"},
          {"Sum", "updateById", "{'id': 1, 'data': {'$increment': {'int': 1.5}}}",
           "!invalid data.$increment.int"},
          {"Sum", "updateById", "{'id': 1, 'data': {'$increment': {'auto': 1}}}",
           "!invalid data.$increment.auto"},
          {"Sum", "updateById", "{'id': 1, 'data': {'$increment': {'int': null}}}",
           "!invalid data.$increment.int"},
          {"Sum", "updateById", "{'id': 1, 'data': {'$increment': {'int': 1}, 'int': 1}}",
           "!invalid data.int"},
          {"Sum", "findById", "{'id': 1, 'filter': {'fields': ['small', 'int', 'price']}}",
           "{'small': 32766, 'int': 3, 'price': '9999.00'}"});
}

int main(void)
{
    static const script_test tests[] = {
        SCRIPT_TEST(a_path_sets_what_is_there_or_makes_it),
        SCRIPT_TEST(a_path_through_a_value_is_an_error_and_changes_nothing),
        SCRIPT_TEST(paths_of_one_column_apply_in_order),
        SCRIPT_TEST(elements_are_appended_and_keys_removed),
        SCRIPT_TEST(a_json_column_is_changed_like_a_jsonb_column),
        SCRIPT_TEST(paths_that_are_none_are_refused),
        SCRIPT_TEST(long_paths_and_many_steps_are_bounded),
        SCRIPT_TEST(increments_add_in_the_database),
    };
    return script_main(models, rows, tests, ARRAY_COUNT(tests));
}
