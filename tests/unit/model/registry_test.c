/* The registry: what it keeps of a model, what it refuses and how it says so. */
#include "registry_support.h"

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

static void a_check_knows_the_columns_that_its_sql_names(void **state)
{
    static const struct {
        const char *sql;
        const char *columns; /* joined by spaces */
    } cases[] = {
        {"price > 0", "price"},
        {"PRICE > 0 AND Price < 10", "price"},
        {"\"price\" > length(name)", "price name"},
        {"T.price > 0 OR public.\"T\".price IS NULL", "price"},
        {"name <> 'price' AND name <> 'it''s date'", "name"},
        {"name <> E'\\'price\\''", "name"},
        {"price::date > date '2020-01-01'", "price"},
        {"CAST(name AS date) IS NOT NULL", "name"},
        {"name COLLATE price < 'x'", "name"},
        {"name = \"Name\"", "name Name"},
        {"1e5 > 0x10", ""},
        {"price > 0 -- not name", ""},
        {"price > 0 /* name */", ""},
        {"name <> $$price$$", ""},
        {"name <> 'open", ""},
        {"\"open", ""},
        {"\"other\" > 1", ""},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const ignis_column columns[] = {
            {.name = "price", .type = IGNIS_TYPE_INTEGER},
            {.name = "upper", .column = "Name", .type = IGNIS_TYPE_TEXT},
            {.name = "name", .type = IGNIS_TYPE_TEXT},
            {.name = "date", .type = IGNIS_TYPE_TEXT}};
        const ignis_constraint check = {.check_sql = cases[i].sql};
        const ignis_model model = {.struct_size = sizeof(model),
                                   .name = "T",
                                   .columns = {columns, ARRAY_COUNT(columns), sizeof(*columns)},
                                   .checks = {&check, 1, sizeof(check)}};
        const ignis_model *const models[] = {&model};
        const fixture *self = *state;
        model_registry *registry;
        text named;
        assert_int_equal(model_registry_build(self->ctx, self->memory, models, 1, &registry),
                         IGNIS_OK);
        const model_constraint *built = &entity_of(registry, "T")->constraints[0];
        text_init(&named, self->memory, 0);
        for (size_t k = 0; k < built->columns.count; k++)
            text_format(&named, "%s%s", k > 0 ? " " : "", built->columns.items[k]->column);
        text_char(&named, '\0');
        if (strcmp(named.data, cases[i].columns) != 0)
            fail_msg("%s: \"%s\" instead of \"%s\"", cases[i].sql, named.data, cases[i].columns);
    }
}

static void constraint_names_are_made_as_postgresql_makes_them(void **state)
{
    /* Names given by PostgreSQL 15 to the same tables. */
    static const char *const expected[] = {
        "T_email_key", "T_a_b_key", "T_a_idx",   "T_a_idx1", "T_email_idx",
        "T_a_fkey",    "T_a_check", "T_b_check", "T_check",
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
            "checks" : [ {"sql" : "a > 0"}, {"sql" : "b > 0"}, {"sql" : "a > b"} ]
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
        {.member = "pass_word", .type = IGNIS_TYPE_TEXT, .offset = 16, .kind = IGNIS_KIND_TEXT},
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
    assert_int_equal(password->kind, IGNIS_KIND_TEXT);
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
        {.struct_size = size, .name = "M", .columns = {&good, SIZE_MAX - 1, sizeof good}},
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
        cmocka_unit_test_setup_teardown(a_check_knows_the_columns_that_its_sql_names, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(constraint_names_are_made_as_postgresql_makes_them, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(long_constraint_names_are_cut_to_63_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(foreign_keys_refer_to_a_unique_key_in_any_order, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(views_and_entities_need_no_primary_key, setup, teardown),
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
