/* writes: updates and deletes, on every engine. */
#include "support/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const char models[] =
    "{'models': [{'name': 'Item', 'table': 'items', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true, 'identity': 'always'},"
    "   {'name': 'name', 'type': 'varchar', 'length': 5, 'notNull': true},"
    "   {'name': 'level', 'type': 'integer'},"
    "   {'name': 'price', 'type': 'numeric', 'precision': 6, 'scale': 2},"
    "   {'name': 'secret', 'type': 'text'},"
    "   {'name': 'tags', 'type': 'text', 'array': true},"
    "   {'name': 'by', 'type': 'text', 'onUpdate': 'currentUserIdOrNull'}],"
    "  'settings': {'hiddenProperties': ['secret']}},"
    " {'name': 'Pair', 'columns': ["
    "   {'name': 'a', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'b', 'type': 'text', 'primaryKey': true},"
    "   {'name': 'at', 'type': 'timestamptz', 'onUpdate': 'now'},"
    "   {'name': 'note', 'type': 'text'}]},"
    " {'name': 'Guard', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'tenant', 'type': 'text'}],"
    "  'settings': {'defaultFilter': {'where': {'tenant': {'$context': 'tenant'}}},"
    "   'checkWrites': true}},"
    " {'name': 'Audit', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'by', 'type': 'text', 'onUpdate': 'currentUserId'},"
    "   {'name': 'note', 'type': 'text'}]},"
    " {'name': 'Seen', 'type': 'view', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true}]}]}";

static const char rows[] =
    "{'Item': [{'id': 1, 'name': 'a', 'level': 1, 'price': '1.50', 'secret': 's', 'tags': ['x']},"
    "  {'id': 2, 'name': 'b', 'level': 2}, {'id': 3, 'name': 'c', 'by': 'old'}],"
    " 'Pair': [{'a': 1, 'b': 'x'}, {'a': 1, 'b': 'y'}],"
    " 'Guard': [{'id': 1, 'tenant': 't1'}, {'id': 2, 'tenant': 't2'}],"
    " 'Audit': [{'id': 1}]}";

#define STEPS(...)                                        \
    do {                                                  \
        static const script_step steps[] = {__VA_ARGS__}; \
        script_run(*state, steps, ARRAY_COUNT(steps));    \
    } while (0)

static void updates_give_the_row_without_hidden_properties(void **state)
{
    STEPS(
        {"Item", "updateById", "{'id': 1, 'data': {'level': '7', 'secret': 't'}}",
         "{'count': 1, 'data': {'id': 1, 'name': 'a', 'level': 7, 'price': '1.50', 'tags': ['x'],"
         " 'by': null}}"},
        {"Item", "count", "{'where': {'secret': 't'}}", "{'count': 1}"},
        {"Item", "updateById", "{'id': 9, 'data': {'level': 7}}", "{'count': 0, 'data': null}"},
        {"Item", "updateById",
         "{'id': 2, 'data': {'tags': ['p', null]}, 'options': {'shouldReturn': false}}",
         "{'count': 1, 'data': null}"},
        {"Item", "updateAll", "{'where': {'id': {'gt': 1}, 'level': 2}, 'data': {'price': 2.005}}",
         "{'count': 1, 'data': ["
         "{'id': 2, 'name': 'b', 'level': 2, 'price': '2.01', 'tags': ['p', null], 'by': null}]}"},
        {"Item", "updateBy",
         "{'where': {'id': 1}, 'data': {'level': null}, 'options': {'shouldReturn': false}}",
         "{'count': 1, 'data': null}"},
        {"Item", "updateAll", "{'where': {'id': 99}, 'data': {'level': 1}}",
         "{'count': 0, 'data': []}"},
        {"Item", "updateAll",
         "{'where': {'id': 99}, 'data': {'level': 1}, 'options': {'shouldReturn': false}}",
         "{'count': 0, 'data': null}"});
}

static void deletes_give_what_was_there(void **state)
{
    STEPS({"Item", "deleteById", "{'id': 2}",
           "{'count': 1, 'data': {'id': 2, 'name': 'b', 'level': 2, 'price': null, 'tags': null,"
           " 'by': null}}"},
          {"Item", "deleteById", "{'id': 2}", "{'count': 0, 'data': null}"},
          {"Item", "deleteById", "{'id': null}", "{'count': 0, 'data': null}"},
          {"Item", "deleteAll", "{'where': {'id': 3}, 'options': {'shouldReturn': false}}",
           "{'count': 1, 'data': null}"},
          {"Item", "deleteBy", "{'where': {'id': 3}}", "{'count': 0, 'data': []}"},
          {"Item", "count", "{}", "{'count': 1}"},
          {"Item", "deleteAll", "{'options': {'force': true, 'shouldReturn': false}}",
           "{'count': 1, 'data': null}"},
          {"Item", "count", "{}", "{'count': 0}"});
}

static void a_condition_that_restricts_nothing_needs_force(void **state)
{
    static const char *const conditions[] = {
        "{}",
        "null",
        "{'and': []}",
        "{'and': [{}]}",
        "{'or': [{}]}",
        "{'or': [{'id': 1}, {}]}",
        "{'not': {'or': []}}",
        "{'not': {'id': {'in': []}}}",
        "{'id': {'nin': []}}",
        "{'id': {'nin': [null]}}",

    };
    engine *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(conditions); i++) {
        char arguments[256];
        snprintf(arguments, sizeof(arguments), "{'where': %s}", conditions[i]);
        const script_step refused = {"Item", "deleteAll", arguments, "!invalid where"};
        script_run(self, &refused, 1);
    }
    STEPS({"Guard", "deleteAll", "{'where': {}}", "!invalid where"},
          {"Item", "updateAll", "{'data': {'level': 1}}", "!invalid where"},
          {"Item", "deleteAll", "{'where': {'or': []}}", "{'count': 0, 'data': []}"},
          {"Item", "deleteAll", "{'where': {'id': {'in': []}}}", "{'count': 0, 'data': []}"},
          {"Item", "deleteAll", "{'where': {'and': [{}, {'id': {'gt': null}}]}}",
           "{'count': 0, 'data': []}"},
          {"Item", "deleteAll", "{'where': {'not': {'id': {'gt': null}}}}",
           "{'count': 0, 'data': []}"},
          {"Item", "count", "{}", "{'count': 3}"},
          {"Item", "updateAll",
           "{'data': {'level': 1}, 'options': {'force': true, 'shouldReturn': false}}",
           "{'count': 3, 'data': null}"});
}

static void ids_are_single_values_or_whole_keys(void **state)
{
    STEPS({"Item", "updateById", "{'data': {'level': 1}}", "!invalid id"},
          {"Item", "deleteById", "{}", "!invalid id"},
          {"Item", "deleteById", "{'id': {'ne': 1}}", "!invalid id"},
          {"Item", "deleteById", "{'id': [1, 2]}", "!invalid id"},
          {"Item", "deleteById", "{'id': 'x'}", "!invalid id"},
          {"Pair", "deleteById", "{'id': {'a': 1}}", "!invalid id"},
          {"Pair", "updateById", "{'id': {'a': 1, 'b': 'x'}, 'data': {'note': 'n', 'at': null}}",
           "{'count': 1, 'data': {'a': 1, 'b': 'x', 'at': null, 'note': 'n'}}"},
          {"Pair", "deleteById", "{'id': {'b': 'y', 'a': 1}, 'options': {'shouldReturn': false}}",
           "{'count': 1, 'data': null}"},
          {"Pair", "count", "{}", "{'count': 1}"});
}

static void generators_serve_what_the_data_leaves_out(void **state)
{
    engine *self = *state;
    STEPS({"Pair", "updateById", "{'id': {'a': 1, 'b': 'x'}, 'data': {'note': 'n'}}",
           "{'count': 1, 'data': {'a': 1, 'b': 'x', 'at': '<any>', 'note': 'n'}}"},
          {"Pair", "count", "{'where': {'at': {'gt': '2024-01-01'}}}", "{'count': 1}"},
          {"Pair", "updateById",
           "{'id': {'a': 1, 'b': 'x'}, 'data': {'at': '2001-02-03T04:05:06Z'}}",
           "{'count': 1, 'data': {'a': 1, 'b': 'x', 'at': '2001-02-03T04:05:06.000Z',"
           " 'note': 'n'}}"},
          {"Item", "updateById", "{'id': 3, 'data': {'level': 1}}",
           "{'count': 1, 'data': {'id': 3, 'name': 'c', 'level': 1, 'price': null, 'tags': null,"
           " 'by': 'old'}}"},
          {"Audit", "updateById", "{'id': 1, 'data': {'note': 'n'}}", "!invalid data.by"});
    assert_int_equal(ignis_context_user_set(self->ctx, "me"), IGNIS_OK);
    STEPS({"Item", "updateById", "{'id': 3, 'data': {'level': 1}}",
           "{'count': 1, 'data': {'id': 3, 'name': 'c', 'level': 1, 'price': null, 'tags': null,"
           " 'by': 'me'}}"},
          {"Audit", "updateById", "{'id': 1, 'data': {'note': 'n'}}",
           "{'count': 1, 'data': {'id': 1, 'by': 'me', 'note': 'n'}}"},
          {"Audit", "updateById", "{'id': 1, 'data': {'by': null}}",
           "{'count': 1, 'data': {'id': 1, 'by': null, 'note': 'n'}}"});
}

static void all_mistakes_of_a_row_are_told(void **state)
{
    STEPS(
        {"Item", "updateById", "{'id': 1, 'data': {}}", "!invalid data"},
        {"Item", "updateById", "{'id': 1, 'data': []}", "!invalid data"},
        {"Item", "updateById", "{'id': 1, 'data': null}", "!invalid data"},
        {"Item", "updateById",
         "{'id': 1, 'data': {'nam': 'x', 'level': 'x', 'name': null, 'price': 123456, 'id': 2}}",
         "!invalid data.nam [name] !invalid data.level !not_null data.name !invalid data.price "
         "!invalid data.id"},
        {"Item", "createAll",
         "{'data': [{'name': 'x'}, {'nme': 'x', 'level': 1.5, 'name': 'too long', 'tags': 1}]}",
         "!invalid data[1].nme [name] !invalid data[1].name !invalid data[1].level "
         "!invalid data[1].tags"},
        {"Item", "create", "{'data': {'level': 99999999999}}",
         "!not_null data.name !invalid data.level"},
        {"public Item", "updateById", "{'id': 1, 'data': {'secre': 'x'}}", "!invalid data.secre"},
        {"Item", "updateById", "{'id': 1, 'data': {'secre': 'x'}}", "!invalid data.secre [secret]"},
        {"Item", "updateById", "{'id': 1, 'data': {'$incremen': {}}}",
         "!invalid data.$incremen [$increment]"},
        {"Item", "updateById", "{'id': 1, 'data': {'level': 1, 'level.x': 1}}",
         "!invalid data.level.x"},
        {"Item", "count", "{'where': {'level': 1}}", "{'count': 1}"});
}

static void a_wrong_regular_expression_has_its_place_and_changes_nothing(void **state)
{
    STEPS(
        {"Item", "deleteAll", "{'where': {'name': {'regexp': '('}}}", "!invalid where.name.regexp"},
        {"Item", "updateAll",
         "{'where': {'or': [{'name': {'regexp': 'a'}}, {'name': {'iregexp': '['}}]},"
         " 'data': {'level': 9}}",
         "!invalid where.or[1].name.iregexp"},
        {"Item", "count", "{'where': {'level': 9}}", "{'count': 0}"},
        {"Item", "deleteAll",
         "{'where': {'name': {'regexp': '^[ab]$'}}, 'options':"
         " {'shouldReturn': false}}",
         "{'count': 2, 'data': null}"});
}

static void only_writes_take_their_options(void **state)
{
    STEPS({"Item", "updateById", "{'id': 1, 'data': {'level': 1}, 'options': {'force': true}}",
           "!invalid options.force"},
          {"Item", "deleteAll", "{'where': {'id': 1}, 'options': {'force': 1}}",
           "!invalid options.force"},
          {"Item", "find", "{'options': {'force': true}}", "!invalid options.force"},
          {"Item", "deleteById", "{'id': 1, 'where': {}}", "!invalid where"},
          {"public Item", "deleteById", "{'id': 1, 'options': {'shouldSkipDefaultFilter': true}}",
           "!invalid options.shouldSkipDefaultFilter"},
          {"public Item", "deleteAll", "{'where': {'secret': 's'}}", "!invalid where.secret"},
          {"Seen", "deleteById", "{'id': 1}", "!unsupported "},
          {"Item:readonly", "deleteBy", "{'where': {'id': 1}}", "!unsupported "});
}

static void the_default_filter_bounds_writes(void **state)
{
    engine *self = *state;
    STEPS(
        {"Guard", "updateById", "{'id': 1, 'data': {'tenant': 't1'}}", "!invalid $context.tenant"});
    assert_int_equal(ignis_context_value_set(self->ctx, "tenant", "\"t1\""), IGNIS_OK);
    STEPS({"Guard", "updateById", "{'id': 2, 'data': {'id': 3}}", "{'count': 0, 'data': null}"},
          {"Guard", "deleteById", "{'id': 2}", "{'count': 0, 'data': null}"},
          {"Guard", "updateById", "{'id': 1, 'data': {'tenant': 't2'}}", "!check "},
          {"Guard", "updateById", "{'id': 1, 'data': {'tenant': null}}", "!check "},
          {"Guard", "updateAll",
           "{'where': {'id': 1}, 'data': {'tenant': 't2'}, 'options': {'shouldReturn': false}}",
           "!check "},
          {"Guard", "find", "{}", "[{'id': 1, 'tenant': 't1'}]"},
          {"Guard", "updateById", "{'id': 1, 'data': {'id': 7}}",
           "{'count': 1, 'data': {'id': 7, 'tenant': 't1'}}"},
          {"Guard", "updateById",
           "{'id': 7, 'data': {'tenant': 't3'}, 'options': {'shouldSkipDefaultFilter': true}}",
           "{'count': 1, 'data': {'id': 7, 'tenant': 't3'}}"},
          {"Guard", "deleteAll",
           "{'where': {'id': {'gt': 0}}, 'options': {'shouldSkipDefaultFilter': true}}",
           "{'count': 2, 'data': ['<any>', '<any>']}"});
}

/* What was written cannot be committed. */
static void a_refused_row_leaves_a_transaction_only_the_rollback(void **state)
{
    engine *self = *state;
    ignis_context *ctx = self->ctx;
    ignis_context *tx = NULL;
    const char *json_ = NULL;
    assert_int_equal(ignis_context_value_set(ctx, "tenant", "\"t1\""), IGNIS_OK);
    for (int i = 0; i < 2; i++) {
        ignis_repository *guards = engine_repository(self, "Guard");
        assert_int_equal(ignis_begin(ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
        ignis_code code =
            i == 0 ? ignis_update_by_id_json(tx, guards, NULL, "1", "{\"tenant\": \"t2\"}", &json_)
                   : ignis_create_json(tx, guards, "{\"id\": 5, \"tenant\": \"t2\"}", &json_);
        assert_int_equal(code, IGNIS_E_CHECK);
        assert_int_equal(ignis_find_json(tx, guards, NULL, NULL, &json_), IGNIS_E_STATE);
        assert_int_not_equal(ignis_commit(tx), IGNIS_OK);
    }
    STEPS({"Guard", "find", "{'options': {'shouldSkipDefaultFilter': true}}",
           "[{'id': 1, 'tenant': 't1'}, {'id': 2, 'tenant': 't2'}]"});
}

static void writes_take_part_in_transactions(void **state)
{
    engine *self = *state;
    ignis_context *tx = NULL;
    const char *json_ = NULL;
    ignis_repository *items = engine_repository(self, "Item");
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(
        ignis_update_all_json(tx, items, NULL, "{\"id\": 1}", "{\"level\": 50}", &json_), IGNIS_OK);
    assert_int_equal(ignis_delete_by_id_json(tx, items, NULL, "2", &json_), IGNIS_OK);
    assert_int_equal(ignis_update_by_id_json(tx, items, NULL, "1", "{\"levl\": 50}", &json_),
                     IGNIS_E_INVALID);
    assert_int_equal(ignis_delete_all_json(tx, items, NULL, NULL, &json_), IGNIS_E_INVALID);
    ignis_rollback(tx);
    STEPS({"Item", "count", "{'where': {'level': 50}}", "{'count': 0}"},
          {"Item", "count", "{}", "{'count': 3}"});
}

/* More rows than the policy allows are not shown, and not changed. */
static void a_bound_of_the_result_undoes_the_write(void **state)
{
    engine *self = *state;
    const char *json_ = NULL;
    ignis_policy policy = ignis_policy_public;
    policy.rows_max = 2;
    ignis_repository *items = engine_repository(self, "Item");
    assert_int_equal(ignis_update_all_json(self->ctx, items, &policy, "{\"id\": {\"gt\": 0}}",
                                           "{\"level\": 50}", &json_),
                     IGNIS_E_LIMIT);
    STEPS({"Item", "count", "{'where': {'level': 50}}", "{'count': 0}"});
}

int main(void)
{
    static const script_test tests[] = {
        SCRIPT_TEST(updates_give_the_row_without_hidden_properties),
        SCRIPT_TEST(deletes_give_what_was_there),
        SCRIPT_TEST(a_condition_that_restricts_nothing_needs_force),
        SCRIPT_TEST(ids_are_single_values_or_whole_keys),
        SCRIPT_TEST(generators_serve_what_the_data_leaves_out),
        SCRIPT_TEST(all_mistakes_of_a_row_are_told),
        SCRIPT_TEST(a_wrong_regular_expression_has_its_place_and_changes_nothing),
        SCRIPT_TEST(only_writes_take_their_options),
        SCRIPT_TEST(the_default_filter_bounds_writes),
        SCRIPT_TEST(a_refused_row_leaves_a_transaction_only_the_rollback),
        SCRIPT_TEST(writes_take_part_in_transactions),
        SCRIPT_TEST(a_bound_of_the_result_undoes_the_write),
    };
    return script_main(models, rows, tests, ARRAY_COUNT(tests));
}
