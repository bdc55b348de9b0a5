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
    " {'name': 'Price', 'columns': [{'name': 'at', 'type': 'numeric', 'primaryKey': true}]},"
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

/* ---- many rows ---- */

static void many_rows_are_created_or_changed_in_their_order(void **state)
{
    STEPS({"Item", "upsertAll",
           "{'data': [{'id': 3, 'code': 'c'}, {'id': 1, 'note': 'x'}, {'id': 2, 'secret': 's'},"
           " {'id': 4}]}",
           "{'count': 4, 'data': ["
           "{'id': 3, 'code': 'c', 'shop': null, 'note': null, 'mark': null},"
           "{'id': 1, 'code': 'a', 'shop': 1, 'note': 'x', 'mark': 'm'},"
           "{'id': 2, 'code': null, 'shop': null, 'note': null, 'mark': null},"
           "{'id': 4, 'code': null, 'shop': null, 'note': null, 'mark': null}]}"},
          {"Item", "upsertAll",
           "{'data': [{'id': 8, 'code': 'a', 'shop': 1, 'note': 'y'},"
           " {'id': 9, 'code': 'a', 'shop': 2}], 'options': {'onConflict': 'item_place'}}",
           "{'count': 2, 'data': ["
           "{'id': 1, 'code': 'a', 'shop': 1, 'note': 'y', 'mark': 'm'},"
           "{'id': 9, 'code': 'a', 'shop': 2, 'note': null, 'mark': null}]}"},
          {"Item", "upsertAll",
           "{'data': [{'id': 1, 'note': 'z'}], 'options': {'shouldReturn': false}}",
           "{'count': 1, 'data': null}"},
          {"Item", "upsertAll", "{'data': {'id': 1}}",
           "{'count': 1, 'data': [{'id': 1, 'code': 'a', 'shop': 1, 'note': 'z', 'mark': 'm'}]}"},
          {"Item", "upsertAll", "{'data': []}", "{'count': 0, 'data': []}"},
          {"Item", "count", "{}", "{'count': 5}"});
}

static void many_rows_run_the_generators_of_their_kind(void **state)
{
    engine *self = *state;
    assert_int_equal(ignis_context_user_set(self->ctx, "me"), IGNIS_OK);
    STEPS({"Item", "upsertAll", "{'data': [{'id': 2}, {'id': 1}]}",
           "{'count': 2, 'data': ["
           "{'id': 2, 'code': null, 'shop': null, 'note': null, 'mark': null},"
           "{'id': 1, 'code': 'a', 'shop': 1, 'note': 'n', 'mark': 'me'}]}"},
          {"Doc", "upsertAll",
           "{'data': [{'slug': 'a'}, {'slug': 'b'}], 'options': {'onConflict': 'Doc_slug_key'}}",
           "{'count': 2, 'data': [{'id': 1, 'title': null, 'slug': 'a', 'version': 1},"
           " {'id': 2, 'title': null, 'slug': 'b', 'version': 1}]}"},
          {"Doc", "upsertAll",
           "{'data': [{'slug': 'b', 'title': 't'}], 'options': {'onConflict': 'Doc_slug_key'}}",
           "{'count': 1, 'data': [{'id': 2, 'title': 't', 'slug': 'b', 'version': 2}]}"});
}

static void rows_of_one_key_are_refused(void **state)
{
    STEPS({"Item", "upsertAll", "{'data': [{'id': 5}, {'id': 1, 'note': 'x'}, {'id': '5'}]}",
           "!invalid data[2].id"},
          {"Item", "upsertAll",
           "{'data': [{'id': 5, 'code': 'b', 'shop': 1}, {'id': 6, 'code': 'b', 'shop': 1}],"
           " 'options': {'onConflict': 'item_place'}}",
           "!invalid data[1].code"},
          {"Price", "upsertAll", "{'data': [{'at': '1.50'}, {'at': 1.5}]}", "!invalid data[1].at"},
          {"Price", "upsertAll", "{'data': [{'at': '150'}, {'at': '15'}, {'at': '0.15'}]}",
           "{'count': 3, 'data': [{'at': '150'}, {'at': '15'}, {'at': '0.15'}]}"},
          {"Item", "count", "{}", "{'count': 1}"});
}

/* NULL is no key: such rows are new ones. */
static void rows_whose_key_is_null_are_created(void **state)
{
    STEPS({"Item", "upsertAll",
           "{'data': [{'id': 5, 'code': null, 'shop': 1}, {'id': 6, 'code': null, 'shop': 1}],"
           " 'options': {'onConflict': 'item_place', 'shouldReturn': false}}",
           "{'count': 2, 'data': null}"},
          {"Item", "count", "{}", "{'count': 3}"});
}

static void one_wrong_row_of_many_is_named_and_none_is_kept(void **state)
{
    STEPS({"Item", "upsertAll", "{'data': [{'id': 5}, {'id': 'x'}]}", "!invalid data[1].id"},
          {"Item", "upsertAll", "{'data': [{'id': 5}, {'note': 'x'}]}", "!not_null data[1].id"},
          {"Item", "upsertAll", "{'data': [{'id': 5}, 7]}", "!invalid data[1]"},
          {"Item", "upsertAll", "{'data': [{'id': 5}, {'id': 6, 'nota': 'x'}]}",
           "!invalid data[1].nota [note]"},
          {"Item", "upsertAll", "{'data': [{'id': 5}, {'id': 6, 'code': 'a', 'shop': 1}]}",
           "!unique data[1].code"},
          {"Item", "upsertAll", "{'data': [{'id': 5}], 'options': {'onConflict': 'place'}}",
           "!invalid options.onConflict"},
          {"Item", "upsertAll", "{}", "!invalid data"},
          {"Item:readonly", "upsertAll", "{'data': []}", "!unsupported "},
          {"Note", "updateById",
           "{'id': 2, 'data': {'deletedAt': '2024-01-01'}, 'options': {'shouldReturn': false}}",
           "{'count': 1, 'data': null}"},
          {"Note", "upsertAll", "{'data': [{'id': 1, 'text': 'new'}, {'id': 2, 'text': 'new'}]}",
           "!unique data[1].id"},
          {"Note", "upsertAll",
           "{'data': [{'id': 1, 'text': 'new'}, {'id': 2, 'text': 'new'}],"
           " 'options': {'shouldReturn': false}}",
           "!unique data[1].id"},
          {"Note", "findById", "{'id': 1}", "{'id': 1, 'text': 'x', 'deletedAt': null}"},
          {"Item", "count", "{}", "{'count': 1}"});
}

static ignis_code items_upsert(ignis_context *ctx, engine *self, const char *list)
{
    const char *result;
    return ignis_upsert_all_json(ctx, engine_repository(self, "Item"), NULL,
                                 script_text(self, list), &result);
}

static void within_a_transaction_a_refused_row_changes_nothing(void **state)
{
    engine *self = *state;
    ignis_context *tx = NULL;
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(items_upsert(tx, self, "[{'id': 5}, {'id': 5}]"), IGNIS_E_INVALID);
    assert_int_equal(items_upsert(tx, self, "[{'id': 6}, {'id': 'x'}]"), IGNIS_E_INVALID);
    assert_int_equal(items_upsert(tx, self, "[{'id': 1, 'note': 'x'}, {'id': 7}]"), IGNIS_OK);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
    STEPS({"Item", "find", "{'filter': {'fields': ['id', 'note'], 'order': ['id']}}",
           "[{'id': 1, 'note': 'x'}, {'id': 7, 'note': null}]"});
}

/* More than one step of them. */
static void thousands_of_rows_are_upserted(void **state)
{
    engine *self = *state;
    const char *result;
    for (int round = 0; round < 2; round++) {
        text out;
        text_init(&out, &self->ctx->results, 0);
        text_string(&out, "{'options':{'shouldReturn':false},'data':[");
        for (int i = 3000; i >= 1; i--)
            text_format(&out, "%s{'id':%d,'note':'%d.%d'}", i == 3000 ? "" : ",", i, round, i);
        text_string(&out, "]}");
        assert_int_equal(ignis_call_json(self->ctx, engine_repository(self, "Item"), NULL,
                                         "upsertAll", script_text(self, text_finish(&out)), 0,
                                         &result, NULL),
                         IGNIS_OK);
        assert_string_equal(result, "{\"count\":3000,\"data\":null}");
    }
    STEPS(
        {"Item", "count", "{'where': {'note': {'startsWith': '1.'}}}", "{'count': 3000}"},
        {"Item", "findById", "{'id': 2999, 'filter': {'fields': ['note']}}", "{'note': '1.2999'}"});
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
        SCRIPT_TEST(many_rows_are_created_or_changed_in_their_order),
        SCRIPT_TEST(many_rows_run_the_generators_of_their_kind),
        SCRIPT_TEST(rows_of_one_key_are_refused),
        SCRIPT_TEST(rows_whose_key_is_null_are_created),
        SCRIPT_TEST(one_wrong_row_of_many_is_named_and_none_is_kept),
        SCRIPT_TEST(within_a_transaction_a_refused_row_changes_nothing),
        SCRIPT_TEST(thousands_of_rows_are_upserted),
        SCRIPT_TEST(a_version_tells_of_another_writer),
        SCRIPT_TEST(soft_deletes_hide_rows_and_can_be_undone),
    };
    return script_main(models, rows, tests, ARRAY_COUNT(tests));
}
