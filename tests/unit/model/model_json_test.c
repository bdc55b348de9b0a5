/* Model JSON: reading, refusing, writing, and back again. */
#include "model_json_support.h"

/* ---- structs that are equal ------------------------------------------------------------------ */

static void strings_equal(const char *a, const char *b)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a) assert_string_equal(a, b);
}

static void names_equal(const ignis_names *a, const ignis_names *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_string_equal(a->items[i], b->items[i]);
    }
}

static void columns_equal(const ignis_columns *a, const ignis_columns *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const ignis_column *x = &a->items[i];
        const ignis_column *y = &b->items[i];
        strings_equal(x->member, y->member);
        strings_equal(x->name, y->name);
        strings_equal(x->column, y->column);
        strings_equal(x->cast, y->cast);
        strings_equal(x->default_json, y->default_json);
        strings_equal(x->default_sql, y->default_sql);
        assert_int_equal(x->type, y->type);
        assert_int_equal(x->array, y->array);
        assert_int_equal(x->not_null, y->not_null);
        assert_int_equal(x->primary_key, y->primary_key);
        assert_int_equal(x->unique, y->unique);
        assert_int_equal(x->hidden, y->hidden);
        assert_int_equal(x->has_scale, y->has_scale);
        assert_int_equal(x->identity, y->identity);
        assert_int_equal(x->length, y->length);
        assert_int_equal(x->precision, y->precision);
        assert_int_equal(x->scale, y->scale);
        assert_int_equal(x->default_fn, y->default_fn);
        assert_int_equal(x->on_update, y->on_update);
    }
}

static void constraints_equal(const ignis_constraints *a, const ignis_constraints *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const ignis_constraint *x = &a->items[i];
        const ignis_constraint *y = &b->items[i];
        assert_int_equal(x->kind, y->kind);
        strings_equal(x->name, y->name);
        strings_equal(x->target_name, y->target_name);
        strings_equal(x->check_sql, y->check_sql);
        names_equal(&x->columns, &y->columns);
        names_equal(&x->references, &y->references);
        assert_int_equal(x->on_delete, y->on_delete);
        assert_int_equal(x->on_update, y->on_update);
        assert_int_equal(x->deferrable, y->deferrable);
    }
}

static void models_equal(const ignis_model *a, const ignis_model *b)
{
    strings_equal(a->name, b->name);
    strings_equal(a->table, b->table);
    strings_equal(a->schema, b->schema);
    strings_equal(a->default_filter, b->default_filter);
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->limit_max, b->limit_max);
    assert_int_equal(a->skip_migrate, b->skip_migrate);
    assert_int_equal(a->check_writes, b->check_writes);
    columns_equal(&a->columns, &b->columns);
    names_equal(&a->hidden_properties, &b->hidden_properties);
    constraints_equal(&a->uniques, &b->uniques);
    constraints_equal(&a->indexes, &b->indexes);
    constraints_equal(&a->foreign_keys, &b->foreign_keys);
    constraints_equal(&a->checks, &b->checks);
    assert_int_equal(a->relations.count, b->relations.count);
    for (size_t i = 0; i < a->relations.count; i++) {
        const ignis_relation *x = &a->relations.items[i];
        const ignis_relation *y = &b->relations.items[i];
        strings_equal(x->name, y->name);
        strings_equal(x->target_name, y->target_name);
        strings_equal(x->relation_name, y->relation_name);
        assert_int_equal(x->kind, y->kind);
        names_equal(&x->fields, &y->fields);
        names_equal(&x->references, &y->references);
    }
}

/* Writes a model, reads it again, writes that again: equal structs and equal text. */
static void round_trip(ignis_context *ctx, const ignis_model *model)
{
    const char *written;
    const char *again;
    text wrapped;

    assert_int_equal(ignis_model_to_json(ctx, model, &written), IGNIS_OK);
    text_init(&wrapped, &ctx->results, 0);
    text_string(&wrapped, "{\"models\": [");
    text_string(&wrapped, written);
    text_string(&wrapped, "]}");
    const char *data = text_finish(&wrapped);
    assert_non_null(data);
    const ignis_model *read = model_of(ctx, data);
    models_equal(model, read);
    assert_int_equal(ignis_model_to_json(ctx, read, &again), IGNIS_OK);
    assert_string_equal(written, again);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Every key of the format at least once. */
static const char *const everything =
    IGNIS_JSON({
    "models" : [ {
        "name" : "Item",
        "type" : "view",
        "table" : "items",
        "schema" : "shop",
        "settings" : {
            "hiddenProperties" : ["b"],
            "maxLimit" : 9223372036854775807,
            "skipMigrate" : true,
            "checkWrites" : true,
            "defaultFilter" : {"where" : {"a" : 1.50}}
        },
        "columns" : [
            {"name" : "a", "type" : "integer", "primaryKey" : true, "identity" : "always"}, {
                "name" : "b",
                "column" : "bb",
                "type" : "varchar",
                "length" : 5,
                "array" : true,
                "notNull" : true,
                "unique" : true,
                "default" : ["x"]
            },
            {
                "name" : "c",
                "type" : "numeric",
                "precision" : 1000,
                "scale" : 0,
                "hidden" : true,
                "default" : 1.50
            },
            {"name" : "d", "type" : "other", "cast" : "inet", "default" : {"sql" : "'::1'"}},
            {"name" : "e", "type" : "uuid", "defaultFn" : "uuidv7", "onUpdate" : "uuid"},
            {"name" : "f", "type" : "jsonb", "default" : {"a" : {"sql" : 1}}}
        ],
        "uniques" : [ {"name" : "u", "columns" : [ "a", "b" ]} ],
        "indexes" : [ {"name" : "i", "columns" : ["a"], "unique" : true}, {"columns" : ["b"]} ],
        "foreignKeys" : [
            {
                "name" : "k",
                "columns" : ["a"],
                "references" : {"model" : "Item", "columns" : ["a"]},
                "onDelete" : "set default",
                "onUpdate" : "restrict",
                "deferrable" : "deferred"
            },
            {
                "columns" : ["a"],
                "references" : {"model" : "Item", "columns" : ["a"]},
                "deferrable" : false
            }
        ],
        "checks" : [ {"name" : "positive", "sql" : "a > 0"}, {"sql" : "true"} ],
        "relations" : [
            {
                "name" : "up",
                "type" : "one",
                "model" : "Item",
                "fields" : ["a"],
                "references" : ["a"]
            },
            {"name" : "down", "type" : "many", "model" : "Item", "relationName" : "up"}
        ]
    } ]
});

static void every_key_is_read(void **state)
{
    ignis_context *ctx = *state;
    const ignis_model *item = model_of(ctx, everything);
    const ignis_column *columns = item->columns.items;

    assert_int_equal(item->type, IGNIS_VIEW);
    assert_string_equal(item->schema, "shop");
    assert_true(item->limit_max == INT64_MAX);
    assert_string_equal(item->default_filter, "{\"where\":{\"a\":1.50}}");
    assert_int_equal(item->columns.count, 6);
    assert_int_equal(columns[0].identity, IGNIS_IDENTITY_ALWAYS);
    assert_true(columns[0].not_null);
    assert_string_equal(columns[0].column, "a");
    assert_null(columns[0].member);
    assert_int_equal(columns[1].length, 5);
    assert_true(columns[1].array && columns[1].unique && columns[1].hidden);
    assert_string_equal(columns[1].default_json, "[\"x\"]");
    assert_true(columns[2].has_scale && columns[2].hidden);
    assert_string_equal(columns[2].default_json, "1.50");
    assert_string_equal(columns[3].default_sql, "'::1'");
    assert_int_equal(columns[4].default_fn, IGNIS_GENERATE_UUID_V7);
    assert_int_equal(columns[4].on_update, IGNIS_GENERATE_UUID);
    assert_string_equal(columns[5].default_json, "{\"a\":{\"sql\":1}}");
    assert_int_equal(item->hidden_properties.count, 2);
    assert_string_equal(item->hidden_properties.items[1], "c");
    assert_int_equal(item->indexes.items[0].kind, IGNIS_CONSTRAINT_UNIQUE_INDEX);
    assert_null(item->indexes.items[1].name);
    const ignis_constraint *key = &item->foreign_keys.items[0];
    assert_int_equal(key->on_delete, IGNIS_ACTION_SET_DEFAULT);
    assert_int_equal(key->on_update, IGNIS_ACTION_RESTRICT);
    assert_int_equal(key->deferrable, IGNIS_DEFERRED);
    assert_int_equal(item->foreign_keys.items[1].deferrable, IGNIS_NOT_DEFERRABLE);
    assert_string_equal(item->checks.items[0].check_sql, "a > 0");
    assert_string_equal(item->relations.items[1].relation_name, "up");
}

static void a_model_needs_little(void **state)
{
    const ignis_model *model =
        model_of(*state, "{\"models\": [{\"name\": \"A\", \"columns\": [{\"name\": \"x\"}]}]}");
    assert_string_equal(model->table, "A");
    assert_null(model->schema);
    assert_int_equal(model->type, IGNIS_ENTITY);
    assert_int_equal(model->columns.items[0].type, IGNIS_TYPE_NONE);
}

static void the_size_bounds_the_text(void **state)
{
    const ignis_model *const *models;
    size_t count = 7;
    static const char data[] = "{\"models\": []} and more";
    assert_int_equal(ignis_models_from_json(*state, data, 14, &models, &count), IGNIS_OK);
    assert_int_equal(count, 0);
}
/* ---- writing --------------------------------------------------------------------------------- */

static void everything_survives_a_round_trip(void **state)
{
    round_trip(*state, model_of(*state, everything));
}

static void keys_have_one_order(void **state)
{
    const char *written;
    static const char *const data = IGNIS_JSON({
        "models" : [ {
            "relations" : [ {"model" : "P", "type" : "many", "name" : "ps", "relationName" : "u"} ],
            "columns" : [
                {"default" : true, "type" : "boolean", "column" : "is_on", "name" : "isOn"},
                {"primaryKey" : true, "type" : "text", "name" : "id", "hidden" : true}
            ],
            "foreignKeys" : [ {
                "references" : {"columns" : ["id"], "model" : "U"},
                "name" : "F",
                "columns" : ["id"]
            } ],
            "indexes" : [ {"columns" : ["id"], "name" : "I"} ],
            "name" : "U"
        } ]
    });
    static const char *const expected =
        "{\"name\":\"U\",\"type\":\"entity\",\"table\":\"U\","
        "\"settings\":{\"hiddenProperties\":[\"id\"]},"
        "\"columns\":[{\"name\":\"isOn\",\"column\":\"is_on\",\"type\":\"boolean\","
        "\"notNull\":false,\"primaryKey\":false,\"default\":true},"
        "{\"name\":\"id\",\"column\":\"id\",\"type\":\"text\","
        "\"notNull\":true,\"primaryKey\":true}],\"uniques\":[],"
        "\"indexes\":[{\"name\":\"I\",\"columns\":[\"id\"],\"unique\":false}],"
        "\"foreignKeys\":[{\"name\":\"F\",\"columns\":[\"id\"],"
        "\"references\":{\"model\":\"U\",\"columns\":[\"id\"]},\"onDelete\":\"no action\"}],"
        "\"relations\":[{\"name\":\"ps\",\"type\":\"many\",\"model\":\"P\","
        "\"relationName\":\"u\"}]}";

    assert_int_equal(ignis_model_to_json(*state, model_of(*state, data), &written), IGNIS_OK);
    assert_string_equal(written, expected);
}

static void a_c_model_gives_the_text_of_its_json_twin(void **state)
{
    ignis_context *ctx = *state;
    static const char *const data = IGNIS_JSON({
        "models" : [ {
            "name" : "Post",
            "columns" : [
                {"name" : "postId", "column" : "post_id", "type" : "integer", "primaryKey" : true},
                {"name" : "authorId", "column" : "author_id", "type" : "integer", "default" : 1.0},
                {"name" : "x", "column" : "z", "type" : "numeric", "precision" : 9, "scale" : 2}
            ],
            "settings" : {"hiddenProperties" : ["authorId"], "defaultFilter" : {"limit" : 1}},
            "uniques" : [ {"name" : "U", "columns" : [ "authorId", "x" ]} ],
            "foreignKeys" : [ {
                "columns" : ["authorId"],
                "references" : {"model" : "User", "columns" : ["userId"]}
            } ],
            "relations" : [ {
                "name" : "author",
                "type" : "one",
                "model" : "User",
                "fields" : ["authorId"],
                "references" : ["userId"]
            } ]
        } ]
    });
    static const char *const author[] = {"author_id"};
    static const char *const both[] = {"author_id", "y"};
    static const char *const id[] = {"user_id"};
    const ignis_column user_columns[] = {{.member = "user_id", .type = IGNIS_TYPE_INTEGER}};
    const ignis_model user = {.struct_size = sizeof user,
                              .name = "User",
                              .columns = {user_columns, 1, sizeof(ignis_column)}};
    const ignis_column columns[] = {
        {.member = "post_id", .type = IGNIS_TYPE_INTEGER, .primary_key = true},
        {.member = "author_id", .type = IGNIS_TYPE_INTEGER, .default_json = " 1.0 "},
        {.member = "y",
         .name = "x",
         .column = "z",
         .type = IGNIS_TYPE_NUMERIC,
         .precision = 9,
         .scale = 2},
    };
    const ignis_constraint unique = {.name = "U", .columns = {both, 2}};
    const ignis_constraint key = {.columns = {author, 1}, .target = &user, .references = {id, 1}};
    const ignis_relation relation = {.name = "author",
                                     .kind = IGNIS_RELATION_ONE,
                                     .target = &user,
                                     .fields = {author, 1},
                                     .references = {id, 1}};
    const ignis_model post = {
        .struct_size = sizeof post,
        .name = "Post",
        .columns = {columns, 3, sizeof(ignis_column)},
        .uniques = {&unique, 1, sizeof unique},
        .foreign_keys = {&key, 1, sizeof key},
        .relations = {&relation, 1, sizeof relation},
        .hidden_properties = {author, 1},
        .default_filter = "{ \"limit\" : 1 }",
    };
    const char *from_c;
    const char *from_json;

    assert_int_equal(ignis_model_to_json(ctx, &post, &from_c), IGNIS_OK);
    assert_int_equal(ignis_model_to_json(ctx, model_of(ctx, data), &from_json), IGNIS_OK);
    assert_string_equal(from_c, from_json);
}

static void what_cannot_be_written_is_an_error(void **state)
{
    const size_t size = sizeof(ignis_model);
    const ignis_column bad_default = {.name = "a", .type = IGNIS_TYPE_TEXT, .default_json = "{"};
    const ignis_column bad_word = {.name = "a", .default_fn = (ignis_generator)99};
    const ignis_model models[] = {
        {.struct_size = size},
        {.struct_size = size, .name = "A", .type = (ignis_model_type)9},
        {.struct_size = size, .name = "A", .default_filter = "nul"},
        {.struct_size = size, .name = "A", .columns = {&bad_default, 1, sizeof bad_default}},
        {.struct_size = size, .name = "A", .columns = {&bad_word, 1, sizeof bad_word}},
    };
    for (size_t i = 0; i < ARRAY_COUNT(models); i++) {
        const char *written = NULL;
        assert_int_equal(ignis_model_to_json(*state, &models[i], &written), IGNIS_E_INVALID);
        assert_null(written);
    }
}

#ifdef IGNIS_FAULTS
static void every_refused_allocation_is_an_error_and_no_leak(void **state)
{
    (void)state;
    size_t live = arena_live_blocks();
    ignis_code code = IGNIS_E_MEMORY;
    uint64_t n = 0;
    while (code == IGNIS_E_MEMORY) {
        ignis_context *ctx = ignis_context_create();
        const ignis_model *const *models;
        const char *written;
        size_t count;
        n++;
        arena_fault_at(n);
        code = ignis_models_from_json(ctx, everything, 0, &models, &count);
        if (code == IGNIS_OK) code = ignis_model_to_json(ctx, models[0], &written);
        arena_fault_at(0);
        assert_true(code == IGNIS_OK || code == IGNIS_E_MEMORY);
        assert_int_equal(ignis_context_error(ctx)->code, code);
        ignis_context_free(ctx);
        assert_int_equal(arena_live_blocks(), live);
    }
    assert_true(n > 20);
}
#endif

/* ---- the shared fixtures --------------------------------------------------------------------- */

static const char *const fixtures[] = {
    "conformance/fixtures/blog.models.json",          "conformance/fixtures/commerce.models.json",
    "conformance/fixtures/composite.models.json",     "conformance/fixtures/defaults.models.json",
    "conformance/fixtures/configuration.models.json", "data/chinook/chinook.models.json",
};

/* The text of a shared file, to be freed with the arena, or NULL. */
static char *shared_text(arena *memory, const char *name)
{
    char path[PATH_SIZE];
    const char *shared = getenv("IGNIS_SHARED");
    if (!shared) return NULL;
    (void)snprintf(path, sizeof path, "%s/%s", shared, name);
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    char *data = arena_array(memory, FILE_SIZE_MAX, 1);
    assert_non_null(data);
    size_t size = fread(data, 1, FILE_SIZE_MAX - 1, file);
    assert_true(feof(file));
    (void)fclose(file);
    data[size] = '\0';
    return data;
}

/* Same members in the same order and the same values: chinook and the others differ only in what
   they leave out. */
static void values_agree(const json *given, const json *written)
{
    assert_int_equal(given->kind, written->kind);
    if (given->kind == JSON_ARRAY) {
        assert_int_equal(given->count, written->count);
        for (size_t i = 0; i < given->count; i++) {
            values_agree(&given->as.items[i], &written->as.items[i]);
        }
    } else if (given->kind == JSON_OBJECT) {
        for (size_t i = 0; i < given->count; i++) {
            const json *value = json_get(written, given->as.members[i].name);
            assert_non_null(value);
            values_agree(&given->as.members[i].value, value);
        }
    } else if (given->kind == JSON_BOOLEAN) {
        assert_int_equal(given->boolean, written->boolean);
    } else if (given->kind != JSON_NULL) {
        assert_string_equal(given->as.text, written->as.text);
    }
}

static void fixtures_survive_a_round_trip(void **state)
{
    ignis_context *ctx = *state;
    for (size_t i = 0; i < ARRAY_COUNT(fixtures); i++) {
        const ignis_model *const *models;
        size_t count;
        const json *root;
        const char *data = shared_text(&ctx->results, fixtures[i]);
        assert_non_null(data);
        assert_int_equal(ignis_models_from_json(ctx, data, 0, &models, &count), IGNIS_OK);
        assert_int_equal(json_read_context(ctx, &ctx->results, data, strlen(data), NULL, &root),
                         IGNIS_OK);
        const json *given = json_get(root, "models");
        assert_int_equal(count, given->count);
        assert_true(count > 0);
        for (size_t j = 0; j < count; j++) {
            const char *written;
            const json *read;
            round_trip(ctx, models[j]);
            assert_int_equal(ignis_model_to_json(ctx, models[j], &written), IGNIS_OK);
            assert_int_equal(
                json_read_context(ctx, &ctx->results, written, strlen(written), NULL, &read),
                IGNIS_OK);
            values_agree(&given->as.items[j], read);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_key_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(a_model_needs_little, setup, teardown),
        cmocka_unit_test_setup_teardown(the_size_bounds_the_text, setup, teardown),
        cmocka_unit_test_setup_teardown(everything_survives_a_round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_have_one_order, setup, teardown),
        cmocka_unit_test_setup_teardown(a_c_model_gives_the_text_of_its_json_twin, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_is_an_error, setup, teardown),
#ifdef IGNIS_FAULTS
        cmocka_unit_test(every_refused_allocation_is_an_error_and_no_leak),
#endif
    };
    const struct CMUnitTest shared_tests[] = {
        cmocka_unit_test_setup_teardown(fixtures_survive_a_round_trip, setup, teardown),
    };
    int failures = cmocka_run_group_tests_name("model_json", tests, NULL, NULL);
    arena *probe = arena_create();
    bool is_there = probe && shared_text(probe, fixtures[0]);
    arena_destroy(probe);
    if (!is_there && failures == 0) {
        puts("skipped: no shared folder");
        return SKIPPED;
    }
    if (!is_there) return failures;
    return failures + cmocka_run_group_tests_name("fixtures", shared_tests, NULL, NULL);
}
