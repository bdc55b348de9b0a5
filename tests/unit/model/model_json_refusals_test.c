/* Model JSON that is refused, each with its message, place and hint. */
#include "model_json_support.h"

/* ---- refusing -------------------------------------------------------------------------------- */

#define MODEL(...) "{\"models\": [{\"name\": \"A\", " #__VA_ARGS__ "}]}"
#define COLUMN(...) \
    "{\"models\": [{\"name\": \"A\", \"columns\": [{\"name\": \"c\", " #__VA_ARGS__ "}]}]}"

static const struct {
    const char *data;
    const char *message;
    const char *path;
    const char *hint;
} refusals[] = {
    {"[]", "models: expected an object, got a list", "", ""},
    {"{}", "models: the key \"models\" is missing", "", ""},
    {"{\"models\": {}}", "models: expected a list, got an object", "models", ""},
    {"{\"models\": [], \"modells\": []}", "models: unknown key \"modells\"", "modells", "models"},
    {"{\"models\": [7]}", "model: expected an object, got a number", "models[0]", ""},
    {"{\"models\": [{}]}", "model: the name is missing", "models[0]", ""},
    {"{\"models\": [{\"name\": \"\"}]}", "model: name: the text is empty", "models[0].name", ""},
    {"{\"models\": [{\"name\": 5}]}", "model: name: expected a string, got a number",
     "models[0].name", ""},
    {MODEL("tabel"
           : "x"),
     "A: unknown key \"tabel\"", "models[0].tabel", "table"},
    {MODEL("type"
           : "vew"),
     "A: type: unknown word \"vew\"", "models[0].type", "view"},
    {MODEL("settings"
           : []),
     "A: settings: expected an object, got a list", "models[0].settings", ""},
    {MODEL("settings"
           : {"maxLimt" : 5}),
     "A: settings: unknown key \"maxLimt\"", "models[0].settings.maxLimt", "maxLimit"},
    {MODEL("settings"
           : {"maxLimit" : 0}),
     "A: maxLimit: expected an integer from 1 to 9223372036854775807, got 0",
     "models[0].settings.maxLimit", ""},
    {MODEL("settings"
           : {"maxLimit" : 9223372036854775808}),
     "A: maxLimit: expected an integer from 1 to 9223372036854775807, got 9223372036854775808",
     "models[0].settings.maxLimit", ""},
    {MODEL("settings"
           : {"maxLimit" : "5"}),
     "A: maxLimit: expected an integer, got a string", "models[0].settings.maxLimit", ""},
    {MODEL("settings"
           : {"defaultFilter" : []}),
     "A: defaultFilter: expected an object, got a list", "models[0].settings.defaultFilter", ""},
    {MODEL("settings"
           : {"hiddenProperties" : [ "a", 1 ]}),
     "A: hiddenProperties: expected a string, got a number",
     "models[0].settings.hiddenProperties[1]", ""},
    {MODEL("columns"
           : {}),
     "A: columns: expected a list, got an object", "models[0].columns", ""},
    {MODEL("columns"
           : [5]),
     "A: columns: expected an object, got a number", "models[0].columns[0]", ""},
    {MODEL("columns"
           : [ {"type" : "text"} ]),
     "A: columns: a column has no name", "models[0].columns[0]", ""},
    {COLUMN("typ"
            : "text"),
     "A.c: unknown key \"typ\"", "models[0].columns[0].typ", "type"},
    {COLUMN("type"
            : "integr"),
     "A.c: type: unknown type \"integr\"", "models[0].columns[0].type", "integer"},
    {COLUMN("type"
            : "int"),
     "A.c: type: unknown type \"int\"", "models[0].columns[0].type", "integer"},
    {MODEL("settings"
           : {"hiddenProperties" : [ "email", "pasword" ]}, "columns"
           : [ {"name" : "email", "type" : "text"}, {"name" : "password", "type" : "text"} ]),
     "A.hiddenProperties: unknown property \"pasword\"", "models[0].settings.hiddenProperties[1]",
     "password"},
    {COLUMN("type"
            : null),
     "A.c: type: expected a string, got null", "models[0].columns[0].type", ""},
    {COLUMN("notNull" : 1), "A.c: notNull: expected true or false, got a number",
     "models[0].columns[0].notNull", ""},
    {COLUMN("length" : 0), "A.c: length: expected an integer from 1 to 10485760, got 0",
     "models[0].columns[0].length", ""},
    {COLUMN("length" : 1.5), "A.c: length: expected an integer from 1 to 10485760, got 1.5",
     "models[0].columns[0].length", ""},
    {COLUMN("precision" : 1001), "A.c: precision: expected an integer from 1 to 1000, got 1001",
     "models[0].columns[0].precision", ""},
    {COLUMN("scale"
            : -1),
     "A.c: scale: expected an integer from 0 to 1000, got -1", "models[0].columns[0].scale", ""},
    {COLUMN("identity"
            : "allways"),
     "A.c: identity: unknown word \"allways\"", "models[0].columns[0].identity", "always"},
    {COLUMN("defaultFn"
            : "uid"),
     "A.c: defaultFn: unknown word \"uid\"", "models[0].columns[0].defaultFn", "uuid"},
    {COLUMN("onUpdate"
            : ""),
     "A.c: onUpdate: unknown word \"\"", "models[0].columns[0].onUpdate", ""},
    {COLUMN("default"
            : {"sql" : 5}),
     "A.c: default: expected a string, got a number", "models[0].columns[0].default.sql", ""},
    {MODEL("uniques"
           : [ {"name" : "U", "column" : ["a"]} ]),
     "A.U: unknown key \"column\"", "models[0].uniques[0].column", "columns"},
    {MODEL("uniques"
           : [ {"columns" : "a"} ]),
     "A: columns: expected a list of names, got a string", "models[0].uniques[0].columns", ""},
    {MODEL("indexes"
           : [ {"name" : "I", "unique" : "yes"} ]),
     "A.I: unique: expected true or false, got a string", "models[0].indexes[0].unique", ""},
    {MODEL("foreignKeys"
           : [ {"name" : "F", "references" : {"modle" : "A"}} ]),
     "A.F: references: unknown key \"modle\"", "models[0].foreignKeys[0].references.modle",
     "model"},
    {MODEL("foreignKeys"
           : [ {"name" : "F", "onDelete" : "cascad"} ]),
     "A.F: onDelete: unknown word \"cascad\"", "models[0].foreignKeys[0].onDelete", "cascade"},
    {MODEL("foreignKeys"
           : [ {"name" : "F", "deferrable" : true} ]),
     "A.F: deferrable: expected \"immediate\", \"deferred\" or false, got a boolean",
     "models[0].foreignKeys[0].deferrable", ""},
    {MODEL("checks"
           : [ {"name" : "C", "sql" : ""} ]),
     "A.C: sql: the text is empty", "models[0].checks[0].sql", ""},
    {MODEL("relations"
           : [ {"name" : "r", "type" : "mny"} ]),
     "A.r: type: unknown word \"mny\"", "models[0].relations[0].type", "many"},
    {MODEL("relations"
           : [ {"name" : "r", "modl" : "A"} ]),
     "A.r: unknown key \"modl\"", "models[0].relations[0].modl", "model"},
};

static void refusals_name_model_member_key_and_place(void **state)
{
    ignis_context *ctx = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        const ignis_model *const *models = NULL;
        size_t count = 0;
        assert_int_equal(ignis_models_from_json(ctx, refusals[i].data, 0, &models, &count),
                         IGNIS_E_INVALID);
        const ignis_error *error = ignis_context_error(ctx);
        assert_string_equal(error->message, refusals[i].message);
        assert_string_equal(error->path, refusals[i].path);
        assert_null(models);
        if (strcmp(error->hint, refusals[i].hint) != 0) {
            fail_msg("%s: hint \"%s\"", error->message, error->hint);
        }
    }
}

static void what_is_no_json_is_refused_with_its_position(void **state)
{
    ignis_context *ctx = *state;
    const ignis_model *const *models;
    size_t count;
    assert_int_equal(ignis_models_from_json(ctx, "{\"models\": [}", 0, &models, &count),
                     IGNIS_E_INVALID);
    assert_int_equal(ignis_context_error(ctx)->position, 12);
    assert_int_equal(ignis_models_from_json(ctx, NULL, 0, &models, &count), IGNIS_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refusals_name_model_member_key_and_place, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_json_is_refused_with_its_position, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
