/* listed: columns that take some texts alone, on every engine. */
#include "support/script.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char models[] =
    "{'models': [{'name': 'User', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'role', 'type': 'other', 'cast': 'text', 'values': ['admin', 'guest', 'editor'],"
    "    'default': 'guest'},"
    "   {'name': 'size', 'type': 'varchar', 'length': 1, 'values': ['s', 'm']},"
    "   {'name': 'flags', 'type': 'text', 'array': true, 'values': ['new', 'hot']},"
    "   {'name': 'secret', 'type': 'text', 'values': ['x', 'y'], 'hidden': true}]}]}";

static const char rows[] = "{'User': [{'id': 1, 'role': 'admin', 'size': 's', 'flags': ['hot']},"
                           " {'id': 2, 'role': 'guest'}]}";

static void other_values_are_refused_at_their_place(void **state)
{
    static const script_step steps[] = {
        {"User", "create", "{'data': {'id': 3, 'role': 'editr', 'size': 'l'}}",
         "!invalid data.role [editor] !invalid data.size"},
        {"User", "createAll", "{'data': [{'id': 3}, {'id': 4, 'flags': ['new', 'old']}]}",
         "!invalid data[1].flags[1]"},
        {"User", "create", "{'data': {'id': 3, 'secret': 'z'}}", "!invalid data.secret"},
        {"User", "updateById", "{'id': 1, 'data': {'role': 'Admin'}}",
         "!invalid data.role [admin]"},
        {"User", "updateAll", "{'where': {'id': 1}, 'data': {'size': ''}}", "!invalid data.size"},
        {"User", "upsert", "{'data': {'id': 1, 'role': 'none'}}", "!invalid data.role"},
        {"User", "count", "{}", "{'count': 2}"},
    };
    script_run(*state, steps, ARRAY_COUNT(steps));
    engine *self = *state;
    const char *result;
    assert_int_equal(ignis_create_json(self->ctx, engine_repository(self, "User"),
                                       "{\"id\": 3, \"role\": \"root\"}", &result),
                     IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->message,
                        "expected \"admin\", \"guest\" or \"editor\", got \"root\"");
    assert_int_equal(ignis_create_json(self->ctx, engine_repository(self, "User"),
                                       "{\"id\": 3, \"secret\": \"z\"}", &result),
                     IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->message,
                        "expected one of 2 values, got a string");
}

static void listed_values_are_written_null_and_defaults_too(void **state)
{
    static const script_step steps[] = {
        {"User", "create", "{'data': {'id': 3, 'size': 'm  ', 'flags': ['new', null]}}",
         "{'count': 1, 'data': {'id': 3, 'role': 'guest', 'size': 'm', 'flags': ['new', null]}}"},
        {"User", "updateById", "{'id': 3, 'data': {'size': null, 'role': 'editor'}}",
         "{'count': 1, 'data': {'id': 3, 'role': 'editor', 'size': null, 'flags': ['new', null]}}"},
    };
    script_run(*state, steps, ARRAY_COUNT(steps));
}

static void filters_compare_texts_with_any_and_other_types_with_their_values(void **state)
{
    static const script_step steps[] = {
        {"User", "count", "{'where': {'size': 'l'}}", "{'count': 0}"},
        {"User", "count", "{'where': {'flags': {'contains': ['old']}}}", "{'count': 0}"},
        {"User", "count", "{'where': {'role': {'in': ['admin', 'editor']}}}", "{'count': 1}"},
        {"User", "count", "{'where': {'role': {'in': ['admin', 'editr']}}}",
         "!invalid where.role.in[1] [editor]"},
    };
    script_run(*state, steps, ARRAY_COUNT(steps));
}

static void wrong_lists_are_refused(void **state)
{
    static const char *const columns[] = {
        "{'name': 'id', 'type': 'integer', 'values': ['a']}",
        "{'name': 'id', 'type': 'text', 'values': 'a'}",
        "{'name': 'id', 'type': 'text', 'values': [1]}",
        "{'name': 'id', 'type': 'text', 'values': ['a'], 'default': 'b'}",
    };
    engine *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(columns); i++) {
        text model;
        ignis_data_source *source;
        text_init(&model, &self->ctx->results, 0);
        text_format(&model, "{'models': [{'name': 'T', 'columns': [%s]}]}", columns[i]);
        ignis_code code = engine_try(self->ctx, script_text(self, text_finish(&model)), &source);
        if (code != IGNIS_E_INVALID) fail_msg("%s: %s", columns[i], ignis_code_name(code));
    }
}

static void a_model_with_lists_is_written_as_it_was(void **state)
{
    static const char *const values[] = {"a", "b"};
    engine *self = *state;
    const ignis_column column = {
        .name = "kind", .type = IGNIS_TYPE_TEXT, .values = {values, ARRAY_COUNT(values)}};
    const ignis_model model = {
        .struct_size = sizeof(model), .name = "T", .columns = {&column, 1, sizeof(column)}};
    const char *written;
    assert_int_equal(ignis_model_to_json(self->ctx, &model, &written), IGNIS_OK);
    assert_non_null(strstr(written, "\"values\":[\"a\",\"b\"]"));
}

int main(void)
{
    static const script_test tests[] = {
        SCRIPT_TEST(other_values_are_refused_at_their_place),
        SCRIPT_TEST(listed_values_are_written_null_and_defaults_too),
        SCRIPT_TEST(filters_compare_texts_with_any_and_other_types_with_their_values),
        SCRIPT_TEST(wrong_lists_are_refused),
        SCRIPT_TEST(a_model_with_lists_is_written_as_it_was),
    };
    return script_main(models, rows, tests, ARRAY_COUNT(tests));
}
