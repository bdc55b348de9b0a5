/* Models that are refused at registration, each with its message, place and hint. */
#include "registry_support.h"

/* ---- what is refused ------------------------------------------------------------------------- */

typedef struct refusal {
    const char *columns; /* of the model User, without the brackets */
    const char *more;    /* further keys of User, after a comma, and further models */
    const char *message;
    const char *path;
    const char *hint;
} refusal;

#define ID          "{\"name\": \"id\", \"type\": \"integer\", \"primaryKey\": true}"
#define COLUMN(...) ID ", {\"name\": \"c\", " #__VA_ARGS__ "}"
#define MORE(...)   ", " #__VA_ARGS__ "}"

static const refusal refusals[] = {
    {"", "}", "User: the model has no columns", "models[0]", ""},
    {COLUMN("notNull"
            : true),
     "}", "User.c: the column has no type", "models[0].columns[1]", ""},
    {COLUMN("type"
            : "other"),
     "}", "User.c: a column of type other needs a cast", "models[0].columns[1]", ""},
    {COLUMN("type"
            : "text", "cast"
            : "citext"),
     "}", "User.c: cast is for columns of type other", "models[0].columns[1]", ""},
    {COLUMN("type"
            : "text", "length" : 5),
     "}", "User.c: length is for varchar columns", "models[0].columns[1]", ""},
    {COLUMN("type"
            : "real", "precision" : 5),
     "}", "User.c: precision and scale are for numeric columns", "models[0].columns[1]", ""},
    {COLUMN("type"
            : "numeric", "scale" : 5),
     "}", "User.c: a scale needs a precision", "models[0].columns[1]", ""},
    {COLUMN("type"
            : "numeric", "precision" : 5, "scale" : 6),
     "}", "User.c: scale 6 is not within 0 and precision 5", "models[0].columns[1]", ""},
    {COLUMN("type"
            : "text", "identity"
            : "always"),
     "}", "User.c: identity is for smallint, integer and bigint columns", "models[0].columns[1]",
     ""},
    {COLUMN("type"
            : "integer", "identity"
            : "always", "default" : 1),
     "}", "User.c: an identity column has no default and no generator", "models[0].columns[1]", ""},
    {COLUMN("type"
            : "integer", "default"
            : "abc"),
     "}", "User.c: default: expected an integer, got \"abc\"", "models[0].columns[1]", ""},
    {COLUMN("type"
            : "varchar", "length" : 2, "default"
            : "abc"),
     "}", "User.c: default: ", "models[0].columns[1]", ""},
    {COLUMN("type"
            : "integer", "defaultFn"
            : "uuid"),
     "}", "User.c: this defaultFn makes no value for a column of this type", "models[0].columns[1]",
     ""},
    {COLUMN("type"
            : "varchar", "length" : 35, "defaultFn"
            : "uuid"),
     "}", "User.c: this defaultFn makes no value for a column of this type", "models[0].columns[1]",
     ""},
    {COLUMN("type"
            : "text", "onUpdate"
            : "now"),
     "}", "User.c: this onUpdate makes no value for a column of this type", "models[0].columns[1]",
     ""},
    {COLUMN("type"
            : "boolean", "onUpdate"
            : "currentUserId"),
     "}", "User.c: this onUpdate makes no value for a column of this type", "models[0].columns[1]",
     ""},
    {COLUMN("type"
            : "text", "array"
            : true, "primaryKey"
            : true),
     "}", "User.c: an array or document cannot be part of the primary key", "models[0]", ""},
    {COLUMN("type"
            : "jsonb", "primaryKey"
            : true),
     "}", "User.c: an array or document cannot be part of the primary key", "models[0]", ""},
    {COLUMN("type"
            : "json", "unique"
            : true),
     "}", "User.c: the column \"c\" is json and cannot be compared; jsonb can",
     "models[0].columns[1]", ""},
    {ID ", " ID, "}", "User.id: two columns have this property, \"id\" and \"id\" in SQL",
     "models[0].columns[1]", ""},
    {COLUMN("column"
            : "id", "type"
            : "text"),
     "}", "User.c: the SQL column \"id\" is the property \"id\" already", "models[0].columns[1]",
     ""},
    {ID,
     MORE("settings"
          : {"hiddenProperties" : [ "id", "i" ]}),
     "User.hiddenProperties: unknown property \"i\"", "models[0].settings.hiddenProperties[1]", ""},
    {COLUMN("type"
            : "text"),
     MORE("relations"
          : [ {"name" : "a.b", "type" : "one", "model" : "User"} ]),
     "User.a.b: the name of a relation cannot contain \".\", \"[\" or \"]\"",
     "models[0].relations[0]", ""},
    {ID,
     MORE("relations"
          : [ {"name" : "a[0]", "type" : "one", "model" : "User"} ]),
     "User.a[0]: the name of a relation cannot contain \".\", \"[\" or \"]\"",
     "models[0].relations[0]", ""},
    {ID,
     MORE("uniques"
          : [ {"name" : "U", "columns" : ["idd"]} ]),
     "User.U: unknown column \"idd\" of User", "models[0].uniques[0]", "id"},
    {ID,
     MORE("uniques"
          : [ {"columns" : [ "id", "id" ]} ]),
     "User.uniques[0]: the column \"id\" of User is named twice", "models[0].uniques[0]", ""},
    {ID,
     MORE("indexes"
          : [ {"columns" : []} ]),
     "User.indexes[0]: 0 columns of User, where 1 to 16 are expected", "models[0].indexes[0]", ""},
    {ID,
     MORE("uniques"
          : [ {"name" : "N", "columns" : ["id"]} ], "checks"
          : [ {"name" : "N", "sql" : "true"} ]),
     "User.N: two constraints have this name", "models[0].checks[0]", ""},
    {ID,
     MORE("checks"
          : [ {"name" : "N"} ]),
     "User.N: the SQL of the check is empty or not UTF-8", "models[0].checks[0]", ""},
    {ID,
     MORE("foreignKeys"
          : [ {"columns" : ["id"], "references" : {"model" : "Usr", "columns" : []}} ]),
     "User.User_id_fkey: unknown model \"Usr\"", "models[0].foreignKeys[0]", "User"},
    {ID,
     MORE("foreignKeys"
          : [ {"columns" : ["id"]} ]),
     "User.User_id_fkey: no model is named", "models[0].foreignKeys[0]", ""},
    {ID,
     MORE("foreignKeys"
          : [ {
              "name" : "F",
              "columns" : ["id"],
              "references" : {"model" : "User", "columns" : ["ids"]}
          } ]),
     "User.F: unknown column \"ids\" of User", "models[0].foreignKeys[0]", "id"},
    {COLUMN("type"
            : "integer"),
     MORE("foreignKeys"
          : [ {
              "name" : "F",
              "columns" : [ "id", "c" ],
              "references" : {"model" : "User", "columns" : ["id"]}
          } ]),
     "User.F: 2 columns of User refer to 1 columns of User", "models[0].foreignKeys[0]", ""},
    {COLUMN("type"
            : "text"),
     MORE("foreignKeys"
          : [ {
              "name" : "F",
              "columns" : ["c"],
              "references" : {"model" : "User", "columns" : ["id"]}
          } ]),
     "User.F: User.c is text and User.id is integer: keys are of one family of types",
     "models[0].foreignKeys[0]", ""},
    {COLUMN("type"
            : "jsonb"),
     MORE("foreignKeys"
          : [ {
              "name" : "F",
              "columns" : ["c"],
              "references" : {"model" : "User", "columns" : ["id"]}
          } ]),
     "User.F: the column \"c\" of User is a document and cannot be part of a key",
     "models[0].foreignKeys[0]", ""},
    {COLUMN("type"
            : "integer"),
     MORE("foreignKeys"
          : [ {
              "name" : "F",
              "columns" : ["id"],
              "references" : {"model" : "User", "columns" : ["c"]}
          } ]),
     "User.F: the columns it refers to are neither the primary key nor unique in User",
     "models[0].foreignKeys[0]", ""},
    {ID,
     MORE("table"
          : "x") ", {\"name\": \"User\", \"columns\": [" ID "]}",
     "User: two models have this name", "models[1]", ""},
    {ID, "}, {\"name\": \"Other\", \"table\": \"User\", \"columns\": [" ID "]}",
     "Other: its table \"User\" is that of the model User", "models[1]", ""},
    {ID,
     MORE("schema"
          : "a\nb"),
     "User: the schema is not printable UTF-8", "models[0]", ""},
};

static void refusals_name_model_member_and_place(void **state)
{
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        const refusal *of = &refusals[i];
        char data[2048];
        model_registry *registry;
        (void)snprintf(data, sizeof data,
                       "{\"models\": [{\"name\": \"User\", \"columns\": [%s]%s]}", of->columns,
                       of->more);
        ignis_code code = build(self, data, &registry);
        const ignis_error *error = ignis_context_error(self->ctx);
        if (code != IGNIS_E_INVALID) print_message("case %zu: %s\n", i, error->message);
        assert_int_equal(code, IGNIS_E_INVALID);
        assert_int_equal(strncmp(error->message, of->message, strlen(of->message)), 0);
        assert_string_equal(error->path, of->path);
        assert_string_equal(error->hint, of->hint);
    }
}

static void names_that_no_filter_could_name_are_refused(void **state)
{
    static const struct {
        const char *name;
        const char *message;
    } cases[] = {
        {"and", "a column cannot be called \"and\": a word of filters"},
        {"or", "a column cannot be called \"or\": a word of filters"},
        {"not", "a column cannot be called \"not\": a word of filters"},
        {"$", "the name of a column cannot begin with \"$\""},
        {"$context", "the name of a column cannot begin with \"$\""},
        {"a.b", "the name of a column cannot contain \".\", \"[\", \"]\" or a space"},
        {"a[0", "the name of a column cannot contain \".\", \"[\", \"]\" or a space"},
        {"]", "the name of a column cannot contain \".\", \"[\", \"]\" or a space"},
        {"a b", "the name of a column cannot contain \".\", \"[\", \"]\" or a space"},
        {"AND", NULL},
        {"a$", NULL},
        {"nota", NULL},
        {"Größe", NULL},
    };
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        char data[512], message[256];
        model_registry *registry;
        (void)snprintf(data, sizeof data,
                       "{\"models\": [{\"name\": \"User\", \"columns\": [" ID
                       ", {\"name\": \"%s\", \"column\": \"a.b [c]\", \"type\": \"text\"}]}]}",
                       cases[i].name);
        ignis_code code = build(self, data, &registry);
        assert_int_equal(code, cases[i].message ? IGNIS_E_INVALID : IGNIS_OK);
        if (!cases[i].message) continue;
        const ignis_error *error = ignis_context_error(self->ctx);
        (void)snprintf(message, sizeof message, "User.%s: %s", cases[i].name, cases[i].message);
        assert_string_equal(error->message, message);
        assert_string_equal(error->path, "models[0].columns[1]");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refusals_name_model_member_and_place, setup, teardown),
        cmocka_unit_test_setup_teardown(names_that_no_filter_could_name_are_refused, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
