/* upsert, versions and soft deletes, on every engine. */
#include "support/script.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char models[] =
    "{'models': [{'name': 'Item', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'code', 'type': 'text'}, {'name': 'shop', 'type': 'integer'},"
    "   {'name': 'note', 'type': 'text'},"
    "   {'name': 'mark', 'type': 'text', 'onUpdate': 'currentUserIdOrNull'},"
    "   {'name': 'secret', 'type': 'text', 'hidden': true}],"
    "  'uniques': [{'name': 'item_place', 'columns': ['code', 'shop']}]},"
    " {'name': 'Doc', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true, 'identity': 'always'},"
    "   {'name': 'title', 'type': 'text'},"
    "   {'name': 'slug', 'type': 'text', 'unique': true},"
    "   {'name': 'version', 'type': 'integer', 'notNull': true, 'defaultFn': 'version',"
    "    'onUpdate': 'version'}]},"
    " {'name': 'Note', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'text', 'type': 'text'},"
    "   {'name': 'deletedAt', 'column': 'deleted_at', 'type': 'timestamptz'}],"
    "  'settings': {'defaultFilter': {'where': {'deletedAt': null}}}}]}";

static const char rows[] = "{'Item': [{'id': 1, 'code': 'a', 'shop': 1, 'note': 'n', 'mark': 'm'}],"
                           " 'Note': [{'id': 1, 'text': 'x'}, {'id': 2, 'text': 'y'}]}";

#define STEPS(...)                                        \
    do {                                                  \
        static const script_step steps[] = {__VA_ARGS__}; \
        script_run(*state, steps, ARRAY_COUNT(steps));    \
    } while (0)

static void an_upsert_creates_or_changes_by_the_key(void **state)
{
    STEPS(
        {"Item", "upsert", "{'data': {'id': 2, 'code': 'b', 'secret': 's'}}",
         "{'count': 1, 'data': {'id': 2, 'code': 'b', 'shop': null, 'note': null, 'mark': null}}"},
        {"Item", "upsert", "{'data': {'id': 2, 'note': 'x', 'code': null}}",
         "{'count': 1, 'data': {'id': 2, 'code': null, 'shop': null, 'note': 'x', 'mark': null}}"},
        {"Item", "upsert", "{'data': {'id': 1}}",
         "{'count': 1, 'data': {'id': 1, 'code': 'a', 'shop': 1, 'note': 'n', 'mark': 'm'}}"},
        {"Item", "upsert",
         "{'data': {'id': 9, 'code': 'a', 'shop': 1, 'note': 'z'},"
         " 'options': {'onConflict': 'item_place'}}",
         "{'count': 1, 'data': {'id': 1, 'code': 'a', 'shop': 1, 'note': 'z', 'mark': 'm'}}"},
        {"Item", "upsert", "{'data': {'id': 3, 'code': 'a', 'shop': 1}}", "!unique data.code"},
        {"Item", "upsert",
         "{'data': {'id': 4, 'code': 'c', 'shop': 2}, 'options':"
         " {'onConflict': 'item_place', 'shouldReturn': false}}",
         "{'count': 1, 'data': null}"},
        {"Item", "count", "{}", "{'count': 3}"});
}

static void an_upsert_has_a_call_of_its_own(void **state)
{
    engine *self = *state;
    ignis_repository *items = engine_repository(self, "Item");
    const char *made = NULL;
    assert_int_equal(ignis_upsert_json(self->ctx, items, NULL, "{\"id\":1,\"note\":\"q\"}", &made),
                     IGNIS_OK);
    assert_string_equal(made, "{\"count\":1,\"data\":{\"id\":1,\"code\":\"a\",\"shop\":1,"
                              "\"note\":\"q\",\"mark\":\"m\"}}");
    assert_int_equal(ignis_upsert_json(self->ctx, items, NULL, "[]", &made), IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->path, "data");
}

static void an_upsert_needs_its_key(void **state)
{
    STEPS({"Item", "upsert",
           "{'data': {'id': 5, 'code': 'c'}, 'options': {'onConflict': 'item_place'}}",
           "!invalid data.shop"},
          {"Item", "upsert", "{'data': {'id': 5}, 'options': {'onConflict': 'item_plac'}}",
           "!invalid options.onConflict [item_place]"},
          {"Item", "upsert", "{'data': {'id': 5}, 'options': {'onConflict': true}}",
           "!invalid options.onConflict"},
          {"Item", "upsert", "{'data': [{'id': 5}]}", "!invalid data"},
          {"Item", "upsert", "{}", "!invalid data"},
          {"Doc", "upsert", "{'data': {'title': 't'}}", "!invalid data.id"},
          {"Item:readonly", "upsert", "{'data': {'id': 5}}", "!unsupported "});
}

static void an_upsert_runs_the_generators_of_its_kind(void **state)
{
    engine *self = *state;
    assert_int_equal(ignis_context_user_set(self->ctx, "me"), IGNIS_OK);
    STEPS({"Item", "upsert", "{'data': {'id': 1, 'note': 'x'}}",
           "{'count': 1, 'data': {'id': 1, 'code': 'a', 'shop': 1, 'note': 'x', 'mark': 'me'}}"},
          {"Item", "upsert", "{'data': {'id': 1, 'mark': 'own'}}",
           "{'count': 1, 'data': {'id': 1, 'code': 'a', 'shop': 1, 'note': 'x', 'mark': 'own'}}"},
          {"Doc", "upsert", "{'data': {'slug': 's'}, 'options': {'onConflict': 'Doc_slug_key'}}",
           "{'count': 1, 'data': {'id': 1, 'title': null, 'slug': 's', 'version': 1}}"},
          {"Doc", "upsert",
           "{'data': {'slug': 's', 'title': 't'}, 'options': {'onConflict': 'Doc_slug_key'}}",
           "{'count': 1, 'data': {'id': 1, 'title': 't', 'slug': 's', 'version': 2}}"});
}

static void a_row_outside_the_default_filter_is_not_upserted(void **state)
{
    STEPS({"Note", "updateById",
           "{'id': 1, 'data': {'deletedAt': '2024-01-01'},"
           " 'options': {'shouldReturn': false}}",
           "{'count': 1, 'data': null}"},
          {"Note", "upsert", "{'data': {'id': 1, 'text': 'z'}}", "!unique data.id"},
          {"Note", "upsert",
           "{'data': {'id': 1, 'text': 'z'}, 'options': {'shouldSkipDefaultFilter': true}}",
           "{'count': 1, 'data': {'id': 1, 'text': 'z', 'deletedAt': '2024-01-01T00:00:00.000Z'}}"},
          {"Note", "upsert", "{'data': {'id': 2, 'text': 'w'}}",
           "{'count': 1, 'data': {'id': 2, 'text': 'w', 'deletedAt': null}}"});
}

static void a_version_tells_of_another_writer(void **state)
{
    STEPS({"Doc", "create", "{'data': {'title': 'a'}}",
           "{'count': 1, 'data': {'id': 1, 'title': 'a', 'slug': null, 'version': 1}}"},
          {"Doc", "updateById", "{'id': 1, 'data': {'title': 'b'}}",
           "{'count': 1, 'data': {'id': 1, 'title': 'b', 'slug': null, 'version': 2}}"},
          {"Doc", "updateById", "{'id': 1, 'data': {'title': 'c', 'version': 2}}",
           "{'count': 1, 'data': {'id': 1, 'title': 'c', 'slug': null, 'version': 3}}"},
          {"Doc", "updateById", "{'id': 1, 'data': {'title': 'd', 'version': 2}}",
           "!conflict data.version"},
          {"Doc", "updateById",
           "{'id': 1, 'data': {'title': 'd', 'version': 2}, 'options': {'shouldReturn': false}}",
           "!conflict data.version"},
          {"Doc", "updateById", "{'id': 7, 'data': {'title': 'd', 'version': 2}}",
           "{'count': 0, 'data': null}"},
          {"Doc", "updateById", "{'id': 1, 'data': {'version': 3}}", "!invalid data"},
          {"Doc", "updateById", "{'id': 1, 'data': {'title': 'd', 'version': null}}",
           "!invalid data.version"},
          {"Doc", "updateAll", "{'where': {'id': 1}, 'data': {'title': 'd', 'version': 2}}",
           "{'count': 0, 'data': []}"},
          {"Doc", "updateAll", "{'data': {'title': 'd', 'version': 3}, 'options': {'force': true}}",
           "{'count': 1, 'data': [{'id': 1, 'title': 'd', 'slug': null, 'version': 4}]}"});
}

/* The recipe of docs/writes.md. */
static void soft_deletes_hide_rows_and_can_be_undone(void **state)
{
    STEPS({"Note", "updateById", "{'id': 1, 'data': {'deletedAt': '2024-05-06T07:08:09Z'}}",
           "{'count': 1, 'data': {'id': 1, 'text': 'x', 'deletedAt': '2024-05-06T07:08:09.000Z'}}"},
          {"Note", "find", "{}", "[{'id': 2, 'text': 'y', 'deletedAt': null}]"},
          {"Note", "updateById", "{'id': 1, 'data': {'text': 'z'}}", "{'count': 0, 'data': null}"},
          {"Note", "deleteById", "{'id': 1}", "{'count': 0, 'data': null}"},
          {"Note", "find",
           "{'filter': {'where': {'deletedAt': {'ne': null}}, 'fields': ['id']},"
           " 'options': {'shouldSkipDefaultFilter': true}}",
           "[{'id': 1}]"},
          {"Note", "updateById",
           "{'id': 1, 'data': {'deletedAt': null}, 'options': {'shouldSkipDefaultFilter': true}}",
           "{'count': 1, 'data': {'id': 1, 'text': 'x', 'deletedAt': null}}"},
          {"Note", "count", "{}", "{'count': 2}"},
          {"Note", "updateAll", "{'where': {'id': {'gt': 0}}, 'data': {'deletedAt': '2024-01-01'}}",
           "{'count': 2, 'data': ['<any>', '<any>']}"},
          {"Note", "deleteAll",
           "{'where': {'deletedAt': {'lt': '2024-02-01'}},"
           " 'options': {'shouldSkipDefaultFilter': true, 'shouldReturn': false}}",
           "{'count': 2, 'data': null}"});
}

int main(void)
{
    static const script_test tests[] = {
        SCRIPT_TEST(an_upsert_creates_or_changes_by_the_key),
        SCRIPT_TEST(an_upsert_has_a_call_of_its_own),
        SCRIPT_TEST(an_upsert_needs_its_key),
        SCRIPT_TEST(an_upsert_runs_the_generators_of_its_kind),
        SCRIPT_TEST(a_row_outside_the_default_filter_is_not_upserted),
        SCRIPT_TEST(a_version_tells_of_another_writer),
        SCRIPT_TEST(soft_deletes_hide_rows_and_can_be_undone),
    };
    return script_main(models, rows, tests, ARRAY_COUNT(tests));
}
