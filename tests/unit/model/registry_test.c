/* The registry: what it keeps of a model, what it refuses and how it says so. */
#include "base/base.h"
#include "ignis/repository.h"
#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct fixture {
    ignis_context *ctx;
    arena *memory;
} fixture;

static int setup(void **state)
{
    static fixture self;
    self.ctx = ignis_context_create();
    self.memory = arena_create();
    *state = &self;
    return self.ctx && self.memory ? 0 : -1;
}

static int teardown(void **state)
{
    fixture *self = *state;
    arena_destroy(self->memory);
    ignis_context_free(self->ctx);
    return 0;
}

/* Reads and registers; the models are gone before the registry is looked at. */
static ignis_code build(const fixture *self, const char *data, model_registry **registry)
{
    const ignis_model *const *models;
    size_t count;
    ignis_mark mark = ignis_context_mark(self->ctx);
    IGNIS_TRY(ignis_models_from_json(self->ctx, data, 0, &models, &count));
    ignis_code code = model_registry_build(self->ctx, self->memory, models, count, registry);
    ignis_context_release(self->ctx, mark);
    return code;
}

static const model_entity *entity_of(const model_registry *registry, const char *name)
{
    const model_entity *entity = model_entity_get(registry, name, strlen(name));
    assert_non_null(entity);
    return entity;
}

static const model_column *column_of(const model_entity *entity, const char *name)
{
    const model_column *column = model_column_get(entity, name, strlen(name));
    assert_non_null(column);
    return column;
}

/* ---- what is kept ---------------------------------------------------------------------------- */

static void columns_keep_what_the_model_says(void **state)
{
    model_registry *registry;
    static const char *const models = IGNIS_JSON({
        "models" : [ {
            "name" : "Item",
            "table" : "items",
            "schema" : "shop",
            "settings" : {
                "hiddenProperties" : ["secret"],
                "maxLimit" : 50,
                "checkWrites" : true,
                "skipMigrate" : true,
                "defaultFilter" : {"where" : {"id" : 1}}
            },
            "columns" : [
                {"name" : "id", "type" : "bigint", "primaryKey" : true, "identity" : "by default"},
                {
                    "name" : "a\"b",
                    "column" : "a_b",
                    "type" : "numeric",
                    "precision" : 5,
                    "scale" : 0
                },
                {"name" : "secret", "type" : "varchar", "length" : 36, "defaultFn" : "uuidv7"}, {
                    "name" : "at",
                    "type" : "timestamptz",
                    "default" : {"sql" : "now()"},
                    "onUpdate" : "now"
                },
                {"name" : "tags", "type" : "text", "array" : true, "default" : [ "a", "b" ]},
                {"name" : "place", "type" : "other", "cast" : "geometry(Point, 4326)"},
                {"name" : "none", "type" : "integer", "default" : null}
            ]
        } ]
    });

    assert_int_equal(build(*state, models, &registry), IGNIS_OK);
    const model_entity *item = entity_of(registry, "Item");
    assert_string_equal(item->table, "items");
    assert_string_equal(item->schema, "shop");
    assert_int_equal(item->limit_max, 50);
    assert_true(item->check_writes && item->skip_migrate);
    assert_int_equal(item->columns_count, 7);
    assert_int_equal(item->visible_count, 6);
    assert_int_equal(item->default_filter_json->kind, JSON_OBJECT);
    assert_non_null(json_get(item->default_filter_json, "where"));
    const model_column *id = column_of(item, "id");
    assert_true(id->not_null && id->primary_key);
    assert_int_equal(id->identity, IGNIS_IDENTITY_BY_DEFAULT);
    assert_int_equal(item->primary_key.count, 1);
    assert_ptr_equal(item->primary_key.items[0], id);
    const model_column *quoted = column_of(item, "a\"b");
    assert_string_equal(quoted->key, "\"a\\\"b\":");
    assert_int_equal(quoted->key_size, strlen(quoted->key));
    assert_int_equal(quoted->index, 1);
    assert_true(quoted->has_scale);
    assert_ptr_equal(map_get(&item->columns_by_sql, "a_b", 3), quoted);
    assert_true(column_of(item, "secret")->hidden);
    assert_int_equal(column_of(item, "secret")->default_fn, IGNIS_GENERATE_UUID_V7);
    assert_string_equal(column_of(item, "at")->default_sql, "now()");
    assert_int_equal(column_of(item, "at")->on_update, IGNIS_GENERATE_NOW);
    assert_int_equal(column_of(item, "tags")->default_literal->count, 2);
    assert_string_equal(column_of(item, "place")->type.cast, "geometry(Point, 4326)");
    assert_null(column_of(item, "none")->default_literal);
}

static void nearest_names_leave_hidden_columns_out_of_public_hints(void **state)
{
    model_registry *registry;
    static const char *const models = IGNIS_JSON({
        "models" : [ {
            "name" : "User",
            "columns" : [
                {"name" : "password", "type" : "text", "hidden" : true},
                {"name" : "name", "type" : "text"}
            ]
        } ]
    });

    assert_int_equal(build(*state, models, &registry), IGNIS_OK);
    const model_entity *user = entity_of(registry, "User");
    assert_string_equal(model_column_nearest(user, "pasword", 7, false), "password");
    assert_null(model_column_nearest(user, "pasword", 7, true));
    assert_string_equal(model_column_nearest(user, "nam", 3, true), "name");
    assert_null(model_relation_nearest(user, "name", 4));
}

static void constraint_names_are_made_as_postgresql_makes_them(void **state)
{
    /* Names given by PostgreSQL 15 to the same tables. */
    static const char *const expected[] = {
        "T_email_key", "T_a_b_key", "T_a_idx", "T_a_idx1",
        "T_email_idx", "T_a_fkey",  "T_check", "T_check1",
    };
    model_registry *registry;
    static const char *const models = IGNIS_JSON({
        "models" : [ {
            "name" : "T",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "email", "type" : "text", "unique" : true},
                {"name" : "a", "type" : "integer"},
                {"name" : "bee", "column" : "b", "type" : "integer"}
            ],
            "uniques" : [ {"columns" : [ "a", "bee" ]} ],
            "indexes" : [
                {"columns" : ["a"]}, {"columns" : ["a"]}, {"columns" : ["email"], "unique" : true}
            ],
            "foreignKeys" :
                [ {"columns" : ["a"], "references" : {"model" : "T", "columns" : ["id"]}} ],
            "checks" : [ {"sql" : "a > 0"}, {"sql" : "b > 0"} ]
        } ]
    });

    assert_int_equal(build(*state, models, &registry), IGNIS_OK);
    const model_entity *entity = entity_of(registry, "T");
    assert_int_equal(entity->constraints_count, ARRAY_COUNT(expected));
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++) {
        assert_string_equal(entity->constraints[i].name, expected[i]);
    }
    assert_int_equal(entity->constraints[4].kind, IGNIS_CONSTRAINT_UNIQUE_INDEX);
    assert_ptr_equal(entity->constraints[5].target, entity);
    assert_string_equal(entity->constraints[7].check_sql, "b > 0");
}

static void long_constraint_names_are_cut_to_63_bytes(void **state)
{
    /* Names given by PostgreSQL 15 to the same tables. */
    static const char *const models = IGNIS_JSON({
        "models" : [
            {
                "name" : "L",
                "table" : "a_table_with_a_name_of_fifty_bytes_that_goes_on_on",
                "columns" : [
                    {
                        "name" : "a",
                        "column" : "a_column_with_a_name_of_fifty_bytes_that_goes_on_o",
                        "type" : "integer",
                        "unique" : true
                    },
                    {"name" : "b", "column" : "short", "type" : "integer", "unique" : true}
                ]
            },
            {
                "name" : "M",
                "table" : "éééééééééééééééééééééééééééééé",
                "columns" : [ {
                    "name" : "a",
                    "column" : "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüü",
                    "type" : "text",
                    "unique" : true
                } ]
            }
        ]
    });
    model_registry *registry;

    assert_int_equal(build(*state, models, &registry), IGNIS_OK);
    const model_entity *entity = entity_of(registry, "L");
    assert_string_equal(entity->constraints[0].name,
                        "a_table_with_a_name_of_fifty__a_column_with_a_name_of_fifty_key");
    assert_string_equal(entity->constraints[1].name,
                        "a_table_with_a_name_of_fifty_bytes_that_goes_on_on_short_key");
    const char *name = entity_of(registry, "M")->constraints[0].name;
    assert_true(utf8_is_valid(name, strlen(name)));
    assert_true(strlen(name) <= 63);
    assert_string_equal(name, "éééééééééééééé_üüüüüüüüüüüüüü_key");
}

static void foreign_keys_refer_to_a_unique_key_in_any_order(void **state)
{
    model_registry *registry;
    static const char *const models = IGNIS_JSON({
        "models" : [
            {
                "name" : "A",
                "columns" : [
                    {"name" : "x", "type" : "smallint", "primaryKey" : true},
                    {"name" : "y", "type" : "varchar", "primaryKey" : true}
                ]
            },
            {
                "name" : "B",
                "columns" : [ {"name" : "x", "type" : "bigint"}, {"name" : "y", "type" : "text"} ],
                "foreignKeys" : [ {
                    "columns" : [ "y", "x" ],
                    "references" : {"model" : "A", "columns" : [ "y", "x" ]},
                    "onDelete" : "set null",
                    "onUpdate" : "cascade",
                    "deferrable" : "immediate"
                } ]
            }
        ]
    });

    assert_int_equal(build(*state, models, &registry), IGNIS_OK);
    const model_constraint *key = &entity_of(registry, "B")->constraints[0];
    assert_int_equal(key->on_delete, IGNIS_ACTION_SET_NULL);
    assert_int_equal(key->on_update, IGNIS_ACTION_CASCADE);
    assert_int_equal(key->deferrable, IGNIS_DEFERRABLE);
    assert_string_equal(key->references.items[0]->name, "y");
    assert_string_equal(key->name, "B_y_x_fkey");
}

static void views_and_entities_need_no_primary_key(void **state)
{
    model_registry *registry;
    static const char *const models = IGNIS_JSON({
        "models" : [
            {"name" : "V", "type" : "view", "columns" : [ {"name" : "x", "type" : "integer"} ]}, {
                "name" : "E",
                "columns" : [ {"name" : "x", "type" : "integer"} ],
                "foreignKeys" :
                    [ {"columns" : ["x"], "references" : {"model" : "V", "columns" : ["x"]}} ]
            }
        ]
    });

    assert_int_equal(build(*state, models, &registry), IGNIS_OK);
    assert_int_equal(entity_of(registry, "V")->type, IGNIS_VIEW);
    assert_int_equal(entity_of(registry, "E")->primary_key.count, 0);
}

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
     "}", "User.c: precision 0 is not within 1 and 1000", "models[0].columns[1]", ""},
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
          : {"hiddenProperties" : ["i"]}),
     "User.hiddenProperties: unknown property \"i\"", "models[0]", ""},
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

/* ---- models from C --------------------------------------------------------------------------- */

#define LIST(array)                                 \
    {                                               \
        array, ARRAY_COUNT(array), sizeof(array)[0] \
    }

static void keys_of_c_models_are_members(void **state)
{
    fixture *self = *state;
    static const char *const hidden[] = {"pass_word"};
    static const char *const own[] = {"user_id"};
    const ignis_column columns[] = {
        {.member = "user_id", .type = IGNIS_TYPE_INTEGER, .primary_key = true, .offset = 8},
        {.member = "pass_word", .type = IGNIS_TYPE_TEXT, .offset = 16, .kind = 3},
        {.member = "x", .name = "y", .column = "z", .type = IGNIS_TYPE_TEXT},
    };
    const ignis_constraint indexes[] = {
        {.kind = IGNIS_CONSTRAINT_INDEX, .columns = {own, 1}},
    };
    const ignis_model user = {
        .struct_size = sizeof user,
        .name = "User",
        .row_size = 24,
        .columns = {columns, 3, sizeof *columns},
        .indexes = {indexes, 1, sizeof *indexes},
        .hidden_properties = {hidden, 1},
    };
    const ignis_model *const models[] = {&user};
    model_registry *registry;

    assert_int_equal(model_registry_build(self->ctx, self->memory, models, 1, &registry), IGNIS_OK);
    const model_entity *entity = entity_of(registry, "User");
    const model_column *password = column_of(entity, "passWord");
    assert_string_equal(password->column, "pass_word");
    assert_true(password->hidden);
    assert_int_equal(password->offset, 16);
    assert_int_equal(password->kind, 3);
    assert_string_equal(column_of(entity, "y")->column, "z");
    assert_string_equal(entity->constraints[0].name, "User_user_id_idx");
    assert_int_equal(entity->row_size, 24);
}

static void a_property_is_no_key_where_there_is_a_member(void **state)
{
    fixture *self = *state;
    static const char *const hidden[] = {"passWord"};
    const ignis_column columns[] = {
        {.member = "pass_word", .type = IGNIS_TYPE_TEXT},
    };
    const ignis_model user = {
        .struct_size = sizeof user,
        .name = "User",
        .columns = {columns, 1, sizeof *columns},
        .hidden_properties = {hidden, 1},
    };
    const ignis_model *const models[] = {&user};
    model_registry *registry;

    assert_int_equal(model_registry_build(self->ctx, self->memory, models, 1, &registry),
                     IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->message,
                        "User.hiddenProperties: unknown property \"passWord\"");
}

static void members_that_give_one_property_are_refused(void **state)
{
    fixture *self = *state;
    const ignis_column columns[] = {
        {.member = "created_at", .type = IGNIS_TYPE_TEXT},
        {.member = "createdAt", .type = IGNIS_TYPE_TEXT},
    };
    const ignis_model model = {
        .struct_size = sizeof model, .name = "M", .columns = {columns, 2, sizeof *columns}};
    const ignis_model *const models[] = {&model};
    model_registry *registry;

    assert_int_equal(model_registry_build(self->ctx, self->memory, models, 1, &registry),
                     IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->message,
                        "M.createdAt: two columns have this property, \"created_at\" and "
                        "\"createdAt\" in SQL");
}

static void elements_are_stepped_by_their_own_size(void **state)
{
    fixture *self = *state;
    struct {
        ignis_column column;
        char later[24];
    } columns[2] = {
        {.column = {.name = "a", .type = IGNIS_TYPE_TEXT}, .later = "xxxxxxxxxxxxxxxxxxxxxxx"},
        {.column = {.name = "b", .type = IGNIS_TYPE_TEXT}, .later = "xxxxxxxxxxxxxxxxxxxxxxx"},
    };
    const ignis_model model = {
        .struct_size = offsetof(ignis_model, checks), /* of a header without checks */
        .name = "M",
        .columns = {&columns[0].column, 2, sizeof *columns},
        .checks = {NULL, 99, 99},
    };
    const ignis_model *const models[] = {&model};
    model_registry *registry;

    assert_int_equal(model_registry_build(self->ctx, self->memory, models, 1, &registry), IGNIS_OK);
    (void)column_of(entity_of(registry, "M"), "b");
}

static void broken_structs_are_errors_and_not_crashes(void **state)
{
    fixture *self = *state;
    static const char *const names[] = {"a", NULL};
    const ignis_column column = {.name = "a", .type = (ignis_type)99};
    const ignis_column good = {.name = "a", .type = IGNIS_TYPE_TEXT};
    const ignis_column nameless = {.type = IGNIS_TYPE_TEXT};
    const ignis_constraint unique = {.columns = {names, 2}};
    const ignis_constraint check = {.kind = IGNIS_CONSTRAINT_CHECK, .check_sql = "true"};
    const ignis_relation relation = {.name = "r"};
    const size_t size = sizeof(ignis_model);
    const ignis_model broken[] = {
        {.name = "M"},
        {.struct_size = size},
        {.struct_size = size, .name = "M\xff", .columns = {&good, 1, sizeof good}},
        {.struct_size = size, .name = "M", .columns = {&column, 1, sizeof column}},
        {.struct_size = size, .name = "M", .columns = {&nameless, 1, sizeof nameless}},
        {.struct_size = size, .name = "M", .columns = {&good, 1, 0}},
        {.struct_size = size, .name = "M", .columns = {NULL, 1, sizeof good}},
        {.struct_size = size, .name = "M", .columns = {&good, SIZE_MAX, sizeof good}},
        {.struct_size = size,
         .name = "M",
         .columns = {&good, 1, sizeof good},
         .uniques = {&unique, 1, sizeof unique}},
        {.struct_size = size,
         .name = "M",
         .columns = {&good, 1, sizeof good},
         .uniques = {&check, 1, sizeof check}},
        {.struct_size = size,
         .name = "M",
         .columns = {&good, 1, sizeof good},
         .relations = {&relation, 1, sizeof relation}},
        {.struct_size = size,
         .name = "M",
         .columns = {&good, 1, sizeof good},
         .default_filter = "[]"},
        {.struct_size = size,
         .name = "M",
         .columns = {&good, 1, sizeof good},
         .default_filter = "{\"a\": }"},
        {.struct_size = size, .name = "M", .columns = {&good, 1, sizeof good}, .limit_max = -1},
        {.struct_size = size,
         .name = "M",
         .columns = {&good, 1, sizeof good},
         .hidden_properties = {names, 2}},
    };
    for (size_t i = 0; i < ARRAY_COUNT(broken); i++) {
        const ignis_model *const models[] = {&broken[i]};
        model_registry *registry;
        assert_int_equal(model_registry_build(self->ctx, self->memory, models, 1, &registry),
                         IGNIS_E_INVALID);
        assert_true(strlen(ignis_context_error(self->ctx)->message) > 0);
    }
}

/* ---- families and memory --------------------------------------------------------------------- */

static void keys_of_one_family_are_related(void **state)
{
    static const struct {
        ignis_type a;
        ignis_type b;
        bool related;
    } cases[] = {
        {IGNIS_TYPE_SMALLINT, IGNIS_TYPE_BIGINT, true},
        {IGNIS_TYPE_INTEGER, IGNIS_TYPE_SMALLINT, true},
        {IGNIS_TYPE_TEXT, IGNIS_TYPE_VARCHAR, true},
        {IGNIS_TYPE_UUID, IGNIS_TYPE_UUID, true},
        {IGNIS_TYPE_UUID, IGNIS_TYPE_TEXT, false},
        {IGNIS_TYPE_INTEGER, IGNIS_TYPE_NUMERIC, false},
        {IGNIS_TYPE_TIMESTAMP, IGNIS_TYPE_TIMESTAMPTZ, false},
        {IGNIS_TYPE_JSONB, IGNIS_TYPE_JSONB, false},
        {IGNIS_TYPE_JSON, IGNIS_TYPE_JSON, false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        model_column a = {.type = {.type = cases[i].a}};
        model_column b = {.type = {.type = cases[i].b}};
        assert_int_equal(model_columns_related(&a, &b), cases[i].related);
        assert_int_equal(model_columns_related(&b, &a), cases[i].related);
        a.type.array = true;
        b.type.array = true;
        assert_false(model_columns_related(&a, &b));
    }
    model_column citext = {.type = {.type = IGNIS_TYPE_OTHER, .cast = "citext"}};
    model_column inet = {.type = {.type = IGNIS_TYPE_OTHER, .cast = "inet"}};
    assert_true(model_columns_related(&citext, &citext));
    assert_false(model_columns_related(&citext, &inet));
}

#ifdef IGNIS_FAULTS
static const char *const whole = IGNIS_JSON({
    "models" : [
        {
            "name" : "A",
            "schema" : "s",
            "settings" : {"defaultFilter" : {"where" : {"x" : 1}}, "hiddenProperties" : ["y"]},
            "columns" : [
                {"enricher" : "id"}, {"enricher" : "principal"}, {
                    "name" : "x",
                    "type" : "numeric",
                    "precision" : 5,
                    "scale" : 2,
                    "default" : 1.5,
                    "unique" : true
                },
                {"name" : "y", "type" : "other", "cast" : "inet", "default" : {"sql" : "'::1'"}}
            ],
            "indexes" : [ {"columns" : [ "x", "y" ]} ],
            "checks" : [ {"name" : "positive", "sql" : "x > 0"} ],
            "relations" : [ {"name" : "bs", "type" : "many", "model" : "B"} ]
        },
        {
            "name" : "B",
            "columns" : [ {"name" : "a", "type" : "integer"} ],
            "foreignKeys" :
                [ {"columns" : ["a"], "references" : {"model" : "A", "columns" : ["id"]}} ],
            "relations" : [ {"name" : "owner", "type" : "one", "model" : "A"} ]
        }
    ]
});

static void every_refused_allocation_is_an_error_and_no_leak(void **state)
{
    (void)state;
    size_t live = arena_live_blocks();
    ignis_code code = IGNIS_E_MEMORY;
    uint64_t n = 0;
    while (code == IGNIS_E_MEMORY) {
        fixture self = {ignis_context_create(), arena_create()};
        model_registry *registry;
        n++;
        arena_fault_at(n);
        code = build(&self, whole, &registry);
        arena_fault_at(0);
        if (code != IGNIS_OK) {
            assert_int_equal(code, IGNIS_E_MEMORY);
            assert_int_equal(ignis_context_error(self.ctx)->code, IGNIS_E_MEMORY);
        }
        arena_destroy(self.memory);
        ignis_context_free(self.ctx);
        assert_int_equal(arena_live_blocks(), live);
    }
    assert_int_equal(code, IGNIS_OK);
    assert_true(n > 20);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(columns_keep_what_the_model_says, setup, teardown),
        cmocka_unit_test_setup_teardown(nearest_names_leave_hidden_columns_out_of_public_hints,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(constraint_names_are_made_as_postgresql_makes_them, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(long_constraint_names_are_cut_to_63_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(foreign_keys_refer_to_a_unique_key_in_any_order, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(views_and_entities_need_no_primary_key, setup, teardown),
        cmocka_unit_test_setup_teardown(refusals_name_model_member_and_place, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_of_c_models_are_members, setup, teardown),
        cmocka_unit_test_setup_teardown(a_property_is_no_key_where_there_is_a_member, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(members_that_give_one_property_are_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(elements_are_stepped_by_their_own_size, setup, teardown),
        cmocka_unit_test_setup_teardown(broken_structs_are_errors_and_not_crashes, setup, teardown),
        cmocka_unit_test(keys_of_one_family_are_related),
#ifdef IGNIS_FAULTS
        cmocka_unit_test(every_refused_allocation_is_an_error_and_no_leak),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
