/* Relations: how a one and a many find their keys, and what is said where they cannot. */
#include "base/base.h"
#include "ignis/repository.h"
#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SKIPPED = 77, PATH_SIZE = 1024, FILE_SIZE_MAX = 1 << 20 };

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

static ignis_code build(const fixture *self, const char *data, model_registry **registry)
{
    const ignis_model *const *models;
    size_t count;
    IGNIS_TRY(ignis_models_from_json(self->ctx, data, 0, &models, &count));
    return model_registry_build(self->ctx, self->memory, models, count, registry);
}

static const model_relation *relation_of(const model_registry *registry, const char *model,
                                         const char *name)
{
    const model_entity *entity = model_entity_get(registry, model, strlen(model));
    assert_non_null(entity);
    const model_relation *relation = model_relation_get(entity, name, strlen(name));
    assert_non_null(relation);
    return relation;
}

/* User and Post with two ones back; posts is what the test says about User's many. */
#define USER_AND_POST(posts)                                                                       \
    "{\"models\": [{\"name\": \"User\", \"columns\": [{\"name\": \"id\", \"type\": \"text\", "     \
    "\"primaryKey\": true}], \"relations\": [{\"name\": \"posts\", \"type\": \"many\", "           \
    "\"model\": \"Post\"" posts "}]}, {\"name\": \"Post\", \"columns\": ["                         \
    "{\"name\": \"authorId\", \"type\": \"text\"}, {\"name\": \"editorId\", \"type\": \"text\"}]," \
    "\"relations\": [{\"name\": \"author\", \"type\": \"one\", \"model\": \"User\", "              \
    "\"fields\": [\"authorId\"], \"references\": [\"id\"]}, {\"name\": \"editor\", "               \
    "\"type\": \"one\", \"model\": \"User\", \"fields\": [\"editorId\"], "                         \
    "\"references\": [\"id\"]}]}]}"

static void many_takes_the_key_of_the_one_it_names(void **state)
{
    model_registry *registry;
    assert_int_equal(build(*state, USER_AND_POST(", \"relationName\": \"editor\""), &registry),
                     IGNIS_OK);
    const model_relation *posts = relation_of(registry, "User", "posts");
    assert_int_equal(posts->fields.count, 1);
    assert_string_equal(posts->fields.items[0]->name, "id");
    assert_string_equal(posts->references.items[0]->name, "editorId");
    assert_string_equal(posts->key, "\"posts\":");
    assert_string_equal(posts->target->name, "Post");
    assert_false(posts->is_unique);
    assert_false(posts->is_indexed);
    assert_true(relation_of(registry, "Post", "editor")->is_unique);
    assert_true(relation_of(registry, "Post", "editor")->is_indexed);
}

static void many_with_its_own_keys_stands_alone_without_a_relation_name(void **state)
{
    static const char *const names[] = {
        USER_AND_POST(", \"fields\": [\"id\"], \"references\": [\"editorId\"]"),
        USER_AND_POST(", \"fields\": [\"id\"], \"references\": [\"editorId\"], "
                      "\"relationName\": \"posts\""),
        USER_AND_POST(", \"fields\": [\"id\"], \"references\": [\"editorId\"], "
                      "\"relationName\": \"editor\""),
    };
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        model_registry *registry;
        assert_int_equal(build(*state, names[i], &registry), IGNIS_OK);
        const model_relation *posts = relation_of(registry, "User", "posts");
        assert_string_equal(posts->references.items[0]->name, "editorId");
    }
}

static void own_name_or_none_finds_the_only_one_then_the_only_foreign_key(void **state)
{
    static const char *const models =
        IGNIS_JSON({
        "models" : [
            {
                "name" : "User",
                "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
                "relations" : [
                    {"name" : "posts", "type" : "many", "model" : "Post", "relationName" : "posts"},
                    {"name" : "likes", "type" : "many", "model" : "Like"}
                ]
            },
            {
                "name" : "Post",
                "columns" : [
                    {"name" : "userId", "type" : "bigint"}, {"name" : "otherId", "type" : "integer"}
                ],
                "foreignKeys" : [
                    {"columns" : ["otherId"], "references" : {"model" : "User", "columns" : ["id"]}}
                ],
                "relations" : [ {
                    "name" : "user",
                    "type" : "one",
                    "model" : "User",
                    "fields" : ["userId"],
                    "references" : ["id"]
                } ]
            },
            {
                "name" : "Like",
                "columns" : [ {"name" : "userId", "type" : "integer"} ],
                "indexes" : [ {"columns" : ["userId"]} ],
                "foreignKeys" : [
                    {"columns" : ["userId"], "references" : {"model" : "User", "columns" : ["id"]}}
                ],
                "relations" : [ {"name" : "user", "type" : "one", "model" : "User"} ]
            }
        ]
    });
    model_registry *registry;

    assert_int_equal(build(*state, models, &registry), IGNIS_OK);
    const model_relation *posts = relation_of(registry, "User", "posts");
    assert_string_equal(posts->references.items[0]->name, "userId");
    const model_relation *likes = relation_of(registry, "User", "likes");
    assert_string_equal(likes->references.items[0]->name, "userId");
    assert_true(likes->is_indexed);
    const model_relation *user = relation_of(registry, "Like", "user");
    assert_string_equal(user->fields.items[0]->name, "userId");
    assert_string_equal(user->references.items[0]->name, "id");
}

static void many_falls_back_to_a_foreign_key_where_there_is_no_one(void **state)
{
    static const char *const models = IGNIS_JSON({
        "models" : [ {
            "name" : "Node",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "parentId", "type" : "integer"}
            ],
            "foreignKeys" : [
                {"columns" : ["parentId"], "references" : {"model" : "Node", "columns" : ["id"]}}
            ],
            "relations" : [ {"name" : "children", "type" : "many", "model" : "Node"} ]
        } ]
    });
    model_registry *registry;

    assert_int_equal(build(*state, models, &registry), IGNIS_OK);
    const model_relation *children = relation_of(registry, "Node", "children");
    assert_string_equal(children->fields.items[0]->name, "id");
    assert_string_equal(children->references.items[0]->name, "parentId");
}

static void uniqueness_and_indexes_are_judged_by_the_targets_keys(void **state)
{
    static const char *const models = IGNIS_JSON({
        "models" : [
            {
                "name" : "A",
                "columns" : [
                    {"name" : "x", "type" : "integer", "primaryKey" : true},
                    {"name" : "y", "type" : "integer"}
                ],
                "relations" : [
                    {
                        "name" : "byKey",
                        "type" : "many",
                        "model" : "B",
                        "fields" : ["x"],
                        "references" : ["k"]
                    },
                    {
                        "name" : "bySecond",
                        "type" : "many",
                        "model" : "B",
                        "fields" : ["x"],
                        "references" : ["l"]
                    },
                    {
                        "name" : "byBoth",
                        "type" : "many",
                        "model" : "B",
                        "fields" : [ "x", "y" ],
                        "references" : [ "l", "k" ]
                    },
                    {
                        "name" : "hasOne",
                        "type" : "one",
                        "model" : "B",
                        "fields" : ["x"],
                        "references" : ["u"]
                    }
                ]
            },
            {
                "name" : "B",
                "columns" : [
                    {"name" : "k", "type" : "integer", "primaryKey" : true},
                    {"name" : "l", "type" : "integer", "primaryKey" : true},
                    {"name" : "u", "type" : "integer", "unique" : true}
                ]
            }
        ]
    });
    static const struct {
        const char *name;
        bool is_unique;
        bool is_indexed;
    } cases[] = {
        {"byKey", false, true},
        {"bySecond", false, false},
        {"byBoth", true, true},
        {"hasOne", true, true},
    };
    model_registry *registry;

    assert_int_equal(build(*state, models, &registry), IGNIS_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const model_relation *relation = relation_of(registry, "A", cases[i].name);
        assert_int_equal(relation->index, i);
        assert_int_equal(relation->is_unique, cases[i].is_unique);
        assert_int_equal(relation->is_indexed, cases[i].is_indexed);
    }
}

static void references_of_c_models_are_members_of_the_target(void **state)
{
    fixture *self = *state;
    static const char *const id[] = {"user_id"};
    static const char *const author[] = {"author_id"};
    const ignis_column user_columns[] = {
        {.member = "user_id", .name = "id", .type = IGNIS_TYPE_INTEGER, .primary_key = true}};
    const ignis_column post_columns[] = {{.member = "author_id", .type = IGNIS_TYPE_BIGINT}};
    const ignis_model user = {.struct_size = sizeof user,
                              .name = "User",
                              .columns = {user_columns, 1, sizeof(ignis_column)}};
    const ignis_relation relations[] = {{.name = "author",
                                         .kind = IGNIS_RELATION_ONE,
                                         .target = &user,
                                         .fields = {author, 1},
                                         .references = {id, 1},
                                         .offset = 32}};
    const ignis_model post = {.struct_size = sizeof post,
                              .name = "Post",
                              .columns = {post_columns, 1, sizeof(ignis_column)},
                              .relations = {relations, 1, sizeof(ignis_relation)}};
    const ignis_model *const models[] = {&post, &user};
    model_registry *registry;

    assert_int_equal(model_registry_build(self->ctx, self->memory, models, 2, &registry), IGNIS_OK);
    const model_relation *relation = relation_of(registry, "Post", "author");
    assert_string_equal(relation->fields.items[0]->name, "authorId");
    assert_string_equal(relation->references.items[0]->name, "id");
    assert_int_equal(relation->offset, 32);
}

/* ---- refusals -------------------------------------------------------------------------------- */

#define ONE(...)                                                                               \
    "{\"models\": [{\"name\": \"User\", \"columns\": [{\"name\": \"id\", \"type\": \"text\", " \
    "\"primaryKey\": true}], \"relations\": [{\"name\": \"boss\", \"type\": "                  \
    "\"one\", " #__VA_ARGS__ "}]}]}"

/* clang-format off */
static const struct {
    const char *models;
    const char *message;
    const char *path;
    const char *hint;
} refusals[] = {
    {USER_AND_POST(""), "User.posts: ambiguous: Post has 2 one relations to User: author, editor",
     "models[0].relations[0]", ""},
    {USER_AND_POST(", \"relationName\": \"autor\""),
     "User.posts: relationName: Post has no one relation \"autor\" to User; candidates: author, "
     "editor",
     "models[0].relations[0]", "author"},
    {USER_AND_POST(", \"relationName\": \"editor\", \"fields\": [\"id\"], "
                   "\"references\": [\"authorId\"]"),
     "User.posts: fields and references are not those of Post.editor", "models[0].relations[0]",
     ""},
    {USER_AND_POST(", \"fields\": [\"id\"]"),
     "User.posts: fields and references come together or not at all", "models[0].relations[0]",
     ""},
    {ONE("model": "Usr"), "User.boss: unknown model \"Usr\"", "models[0].relations[0]", "User"},
    {ONE("model": "User"),
     "User.boss: no fields and references, and User has no foreign key to User",
     "models[0].relations[0]", ""},
    {ONE("model": "User", "fields": ["di"], "references": ["id"]),
     "User.boss: unknown column \"di\" of User", "models[0].relations[0]", ""},
    {ONE("model": "User", "fields": ["id"], "references": ["id"], "relationName": "bos"),
     "User.boss: User has no relation \"bos\" to User", "models[0].relations[0]", "boss"},
    {IGNIS_JSON({"models": [{"name": "U", "columns": [{"name": "a", "type": "integer"},
        {"name": "b", "type": "integer", "primaryKey": true}],
        "foreignKeys": [{"columns": ["a"], "references": {"model": "U", "columns": ["b"]}},
                        {"columns": ["b"], "references": {"model": "U", "columns": ["b"]}}],
        "relations": [{"name": "up", "type": "one", "model": "U"}]}]}),
     "U.up: ambiguous: U has 2 foreign keys to U: U_a_fkey, U_b_fkey", "models[0].relations[0]",
     ""},
    {IGNIS_JSON({"models": [{"name": "U", "columns": [{"name": "a", "type": "integer"},
        {"name": "b", "type": "integer", "primaryKey": true}],
        "foreignKeys": [{"columns": ["a"], "references": {"model": "U", "columns": ["b"]}},
                        {"columns": ["b"], "references": {"model": "U", "columns": ["b"]}}],
        "relations": [{"name": "down", "type": "many", "model": "U"}]}]}),
     "U.down: ambiguous: U has 2 foreign keys to U: U_a_fkey, U_b_fkey", "models[0].relations[0]",
     ""},
    {IGNIS_JSON({"models": [{"name": "U", "columns": [{"name": "a", "type": "integer"}],
        "relations": [{"name": "down", "type": "many", "model": "U"}]}]}),
     "U.down: U has neither a one relation nor a foreign key to U", "models[0].relations[0]", ""},
    {IGNIS_JSON({"models": [{"name": "U", "columns": [{"name": "a", "type": "integer"}],
        "relations": [{"name": "a", "type": "one", "model": "U"}]}]}),
     "U.a: a relation cannot have the name of a column", "models[0].relations[0]", ""},
    {IGNIS_JSON({"models": [{"name": "U", "columns": [{"name": "a", "type": "integer"}],
        "relations": [{"name": "r", "type": "one", "model": "U"},
                      {"name": "r", "type": "many", "model": "U"}]}]}),
     "U.r: two relations have this name", "models[0].relations[1]", ""},
    {IGNIS_JSON({"models": [{"name": "U", "columns": [{"name": "a", "type": "integer"}],
        "relations": [{"name": "r", "model": "U"}]}]}),
     "U.r: a relation is one or many", "models[0].relations[0]", ""},
    {IGNIS_JSON({"models": [{"name": "U", "columns": [{"name": "a", "type": "integer"},
        {"name": "t", "type": "integer", "array": true}],
        "relations": [{"name": "r", "type": "one", "model": "U", "fields": ["t"],
                       "references": ["a"]}]}]}),
     "U.r: the column \"t\" of U is an array and cannot be part of a key",
     "models[0].relations[0]", ""},
};
/* clang-format on */

static void refusals_name_both_models_and_the_candidates(void **state)
{
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        model_registry *registry;
        assert_int_equal(build(self, refusals[i].models, &registry), IGNIS_E_INVALID);
        const ignis_error *error = ignis_context_error(self->ctx);
        assert_string_equal(error->message, refusals[i].message);
        assert_string_equal(error->path, refusals[i].path);
        assert_string_equal(error->hint, refusals[i].hint);
    }
}

/* ---- the shared fixtures --------------------------------------------------------------------- */

static const char *const fixtures[] = {
    "conformance/fixtures/blog.models.json",          "conformance/fixtures/commerce.models.json",
    "conformance/fixtures/composite.models.json",     "conformance/fixtures/defaults.models.json",
    "conformance/fixtures/configuration.models.json", "data/chinook/chinook.models.json",
};

/* The text of a shared file in the fixture's memory, or NULL. */
static char *shared_text(const fixture *self, const char *name)
{
    char path[PATH_SIZE];
    const char *shared = getenv("IGNIS_SHARED");
    if (!shared) return NULL;
    (void)snprintf(path, sizeof path, "%s/%s", shared, name);
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    char *data = arena_array(self->memory, FILE_SIZE_MAX, 1);
    assert_non_null(data);
    size_t size = fread(data, 1, FILE_SIZE_MAX - 1, file);
    assert_true(feof(file));
    (void)fclose(file);
    data[size] = '\0';
    return data;
}

static char *shared_load(const fixture *self, const char *name)
{
    char *data = shared_text(self, name);
    if (!data) print_message("missing: %s\n", name);
    assert_non_null(data);
    return data;
}

static void names_compare(const model_keys *keys, const json *names)
{
    assert_non_null(names);
    assert_int_equal(keys->count, names->count);
    for (size_t i = 0; i < keys->count; i++) {
        assert_string_equal(keys->items[i]->name, names->as.items[i].as.text);
    }
}

/* Every relation has the keys that the file gives for information. */
static size_t relations_compare(const model_registry *registry, const json *root)
{
    size_t compared = 0;
    const json *models = json_get(root, "models");
    for (size_t i = 0; i < models->count; i++) {
        const json *model = &models->as.items[i];
        const json *relations = json_get(model, "relations");
        for (size_t j = 0; j < relations->count; j++) {
            const json *relation = &relations->as.items[j];
            const model_relation *resolved = relation_of(registry, json_get(model, "name")->as.text,
                                                         json_get(relation, "name")->as.text);
            names_compare(&resolved->fields, json_get(relation, "fields"));
            names_compare(&resolved->references, json_get(relation, "references"));
            assert_string_equal(resolved->target->name, json_get(relation, "model")->as.text);
            compared++;
        }
    }
    return compared;
}

/* Writes a models file without the keys of its many relations. */
static void stripped_write(json_writer *out, const json *value)
{
    const json *type = value->kind == JSON_OBJECT ? json_get(value, "type") : NULL;
    bool is_many = type && type->kind == JSON_STRING && strcmp(type->as.text, "many") == 0;

    if (value->kind == JSON_OBJECT) {
        json_begin_object(out);
        for (size_t i = 0; i < value->count; i++) {
            const json_member *member = &value->as.members[i];
            bool is_key =
                strcmp(member->name, "fields") == 0 || strcmp(member->name, "references") == 0;
            if (is_many && is_key) continue;
            json_key(out, member->name);
            stripped_write(out, &member->value);
        }
        json_end_object(out);
    } else if (value->kind == JSON_ARRAY) {
        json_begin_array(out);
        for (size_t i = 0; i < value->count; i++) {
            stripped_write(out, &value->as.items[i]);
        }
        json_end_array(out);
    } else {
        text scalar;
        text_init(&scalar, out->out->memory, 0);
        json_write_value(&scalar, value);
        json_put_raw(out, scalar.data, scalar.size);
    }
}

static void fixtures_resolve_with_and_without_the_keys_of_many(void **state)
{
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(fixtures); i++) {
        model_registry *registry;
        const json *root;
        text stripped;
        const char *data = shared_load(self, fixtures[i]);
        assert_int_equal(
            json_read_context(self->ctx, self->memory, data, strlen(data), NULL, &root), IGNIS_OK);
        assert_int_equal(build(self, data, &registry), IGNIS_OK);
        size_t compared = relations_compare(registry, root);
        text_init(&stripped, self->memory, 0);
        json_writer out = {.out = &stripped};
        stripped_write(&out, root);
        const char *without = text_finish(&stripped);
        assert_non_null(without);
        assert_true(strlen(without) < strlen(data));
        assert_int_equal(build(self, without, &registry), IGNIS_OK);
        assert_int_equal(relations_compare(registry, root), compared);
        assert_true(compared > 0);
    }
}

/* NULL: what is wrong is in the default filter, which registration of models does not read. */
static const struct {
    const char *file;
    const char *message;
    const char *hint;
} invalid[] = {
    {"ambiguous-many-own-name", "User.documentedPosts: ambiguous: Post has 2", ""},
    {"ambiguous-many", "User.posts: ambiguous: Post has 2", ""},
    {"default-filter-include-cycle", NULL, NULL},
    {"default-filter-unknown-property", NULL, NULL},
    {"duplicate-column", "User.name: two columns have this property", ""},
    {"hidden-unknown", "User.hiddenProperties: unknown property \"pasword\"", ""},
    {"key-types-differ", "Post.author: Post.authorId is integer and User.id is text", ""},
    {"misspelt-relation-name", "User.posts: relationName: Post has no one relation \"autor\"",
     "author"},
    {"relation-named-like-column", "Post.author: a relation cannot have the name of a column", ""},
    {"unknown-field", "Post.author: unknown column \"autorId\" of Post", "authorId"},
    {"unknown-key", "User: unknown key \"tabel\"", "table"},
    {"unknown-target", "Post.author: unknown model \"Usr\"", ""},
    {"unknown-unique-column", "User.UQ: unknown column \"nam\" of User", "name"},
};

static void invalid_fixtures_are_refused_for_what_their_names_say(void **state)
{
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(invalid); i++) {
        char name[PATH_SIZE];
        model_registry *registry;
        (void)snprintf(name, sizeof name, "conformance/fixtures/invalid/%s.models.json",
                       invalid[i].file);
        ignis_code code = build(self, shared_load(self, name), &registry);
        const ignis_error *error = ignis_context_error(self->ctx);
        if (!invalid[i].message) {
            assert_int_equal(code, IGNIS_OK);
            continue;
        }
        assert_int_equal(code, IGNIS_E_INVALID);
        if (strncmp(error->message, invalid[i].message, strlen(invalid[i].message)) != 0) {
            fail_msg("%s: %s", invalid[i].file, error->message);
        }
        assert_string_equal(error->hint, invalid[i].hint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_takes_the_key_of_the_one_it_names, setup, teardown),
        cmocka_unit_test_setup_teardown(many_with_its_own_keys_stands_alone_without_a_relation_name,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            own_name_or_none_finds_the_only_one_then_the_only_foreign_key, setup, teardown),
        cmocka_unit_test_setup_teardown(many_falls_back_to_a_foreign_key_where_there_is_no_one,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(uniqueness_and_indexes_are_judged_by_the_targets_keys,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(references_of_c_models_are_members_of_the_target, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(refusals_name_both_models_and_the_candidates, setup,
                                        teardown),
    };
    const struct CMUnitTest shared_tests[] = {
        cmocka_unit_test_setup_teardown(fixtures_resolve_with_and_without_the_keys_of_many, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(invalid_fixtures_are_refused_for_what_their_names_say,
                                        setup, teardown),
    };
    int failures = cmocka_run_group_tests_name("relations", tests, NULL, NULL);
    fixture probe = {NULL, arena_create()};
    bool is_there = probe.memory && shared_text(&probe, fixtures[0]);
    arena_destroy(probe.memory);
    if (!is_there && failures == 0) {
        puts("skipped: no shared folder");
        return SKIPPED;
    }
    if (!is_there) return failures;
    return failures + cmocka_run_group_tests_name("fixtures", shared_tests, NULL, NULL);
}
