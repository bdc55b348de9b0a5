/* upsert_keys: rows of a list whose keys are equal to the database are refused, however they are
   written. */
#include "support/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* A model for each type of its key. */
static const struct {
    const char *name;
    const char *type;
} types[] = {
    {"Boolean", "'boolean'"},
    {"Integer", "'integer'"},
    {"Bigint", "'bigint'"},
    {"Numeric", "'numeric'"},
    {"Amount", "'numeric', 'precision': 8, 'scale': 2"},
    {"Real", "'real'"},
    {"Double", "'double precision'"},
    {"Text", "'text'"},
    {"Uuid", "'uuid'"},
    {"Bytes", "'bytea'"},
    {"Day", "'date'"},
    {"Time", "'timestamptz'"},
};

static const char *models_make(arena *memory)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, "{'models': [");
    for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
        text_format(&out,
                    "%s{'name': '%s', 'columns': [{'name': 'key', 'type': %s, 'primaryKey': true},"
                    " {'name': 'note', 'type': 'text'}]}",
                    i == 0 ? "" : ", ", types[i].name, types[i].type);
    }
    text_string(&out, "]}");
    return text_finish(&out);
}

typedef struct key_pair {
    const char *model;
    const char *first;
    const char *second;
    bool is_equal;
} key_pair;

static const key_pair pairs[] = {
    {"Boolean", "true", "true", true},
    {"Boolean", "true", "false", false},
    {"Integer", "1", "1", true},
    {"Integer", "1", "-1", false},
    {"Bigint", "9007199254740993", "9007199254740993", true},
    {"Bigint", "9007199254740993", "9007199254740992", false},
    {"Numeric", "'1'", "'1.00'", true},
    {"Numeric", "'10'", "'1'", false},
    {"Numeric", "'100'", "'10.0'", false},
    {"Numeric", "0", "'-0.0'", true},
    {"Numeric", "'1e2'", "'100'", true},
    {"Numeric", "'0.5'", "'00.50'", true},
    {"Amount", "'1.00'", "'1.004'", true},
    {"Amount", "'1.00'", "'1.005'", false},
    {"Real", "0.1", "0.10000000149011612", true},
    {"Real", "0.1", "0.11", false},
    {"Double", "0.0", "-0.0", true},
    {"Double", "1", "1.0", true},
    {"Double", "0.1", "0.10000000000000001", true},
    {"Double", "0.1", "0.10000000000000002", false},
    {"Text", "'a'", "'a'", true},
    {"Text", "'a'", "'A'", false},
    {"Text", "'a'", "'a '", false},
    {"Text", "''", "'a'", false},
    {"Uuid", "'0000000A-0000-4000-8000-00000000000b'", "'0000000a-0000-4000-8000-00000000000B'",
     true},
    {"Bytes", "'AAE='", "'AAE='", true},
    {"Bytes", "'AAE='", "'AAI='", false},
    {"Day", "'2024-01-01'", "'2024-01-01'", true},
    {"Day", "'2024-01-01'", "'2024-01-02'", false},
    {"Time", "'2024-01-01T00:00:00Z'", "'2024-01-01T01:00:00.000+01:00'", true},
    {"Time", "'2024-01-01T00:00:00Z'", "'2024-01-01T00:00:00.000001Z'", false},
};

static void equal_keys_of_a_list_are_refused(void **state)
{
    engine *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(pairs); i++) {
        char arguments[256];
        (void)snprintf(arguments, sizeof(arguments),
                       "{'data': [{'key': %s}, {'key': %s, 'note': 'x'}],"
                       " 'options': {'shouldReturn': false}}",
                       pairs[i].first, pairs[i].second);
        const script_step steps[] = {
            {pairs[i].model, "upsertAll", arguments,
             pairs[i].is_equal ? "!invalid data[1].key" : "{'count': 2, 'data': null}"},
            {pairs[i].model, "count", "{}", pairs[i].is_equal ? "{'count': 0}" : "{'count': 2}"},
        };
        script_run(self, steps, ARRAY_COUNT(steps));
        const char *result;
        assert_int_equal(
            ignis_call_json(
                self->ctx, engine_repository(self, pairs[i].model), &ignis_policy_trusted,
                "deleteAll",
                script_text(self,
                            "{'where': {}, 'options': {'force': true, 'shouldReturn': false}}"),
                0, &result, NULL),
            IGNIS_OK);
    }
}

int main(void)
{
    static const script_test tests[] = {SCRIPT_TEST(equal_keys_of_a_list_are_refused)};
    arena memory = {0};
    int failed = script_main(models_make(&memory), NULL, tests, ARRAY_COUNT(tests));
    arena_free(&memory);
    return failed;
}
