/* Enrichers: an enricher reads as the columns a person would write out. */
#include "base/base.h"
#include "ignis/repository.h"
#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int setup(void **state)
{
    *state = ignis_context_create();
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    ignis_context_free(*state);
    return 0;
}

/* The JSON of the model A with these columns, enrichers written out. */
static const char *written_of(ignis_context *ctx, const char *columns)
{
    char data[4096];
    const ignis_model *const *models;
    const char *written;
    size_t count;

    (void)snprintf(data, sizeof data, "{\"models\": [{\"name\": \"A\", \"columns\": [%s]}]}",
                   columns);
    ignis_code code = ignis_models_from_json(ctx, data, 0, &models, &count);
    if (code != IGNIS_OK) print_message("%s\n", ignis_context_error(ctx)->message);
    assert_int_equal(code, IGNIS_OK);
    assert_int_equal(ignis_model_to_json(ctx, models[0], &written), IGNIS_OK);
    /* They must register, too: defaults and generators fit their types. */
    arena *memory = arena_create();
    model_registry *registry;
    assert_non_null(memory);
    code = model_registry_build(ctx, memory, models, count, &registry);
    if (code != IGNIS_OK) print_message("%s\n", ignis_context_error(ctx)->message);
    assert_int_equal(code, IGNIS_OK);
    arena_destroy(memory);
    return written;
}

/* clang-format off */
static const struct {
    const char *enricher;
    const char *columns;
} equals[] = {
    {IGNIS_JSON({"enricher": "id"}),
     IGNIS_JSON({"name": "id", "type": "integer", "primaryKey": true, "identity": "always"})},
    {IGNIS_JSON({"enricher": "id", "dataType": "number"}),
     IGNIS_JSON({"name": "id", "type": "integer", "primaryKey": true, "identity": "always"})},
    {IGNIS_JSON({"enricher": "id", "dataType": "big-number", "name": "key", "column": "k"}),
     IGNIS_JSON({"name": "key", "column": "k", "type": "bigint", "primaryKey": true,
                 "identity": "always"})},
    {IGNIS_JSON({"enricher": "id", "dataType": "string"}),
     IGNIS_JSON({"name": "id", "type": "text", "primaryKey": true, "defaultFn": "uuid"})},
    {IGNIS_JSON({"enricher": "tz"}),
     IGNIS_JSON({"name": "createdAt", "column": "created_at", "type": "timestamptz",
                 "notNull": true, "default": {"sql": "now()"}},
                {"name": "modifiedAt", "column": "modified_at", "type": "timestamptz",
                 "notNull": true, "default": {"sql": "now()"}, "onUpdate": "now"})},
    {IGNIS_JSON({"enricher": "tz", "created": {"enable": false}, "modified": {"enable": false},
                 "deleted": {"enable": true}}),
     IGNIS_JSON({"name": "deletedAt", "column": "deleted_at", "type": "timestamptz"})},
    {IGNIS_JSON({"enricher": "tz", "modified": {"enable": false}, "deleted": {"name": "goneAt"},
                 "created": {"column": "born", "default": "2024-01-01"}}),
     IGNIS_JSON({"name": "createdAt", "column": "born", "type": "timestamptz",
                 "notNull": true, "default": "2024-01-01"},
                {"name": "goneAt", "column": "deleted_at", "type": "timestamptz"})},
    {IGNIS_JSON({"enricher": "dataType"}),
     IGNIS_JSON({"name": "dataType", "column": "data_type", "type": "text"},
                {"name": "nValue", "column": "n_value", "type": "double precision"},
                {"name": "tValue", "column": "t_value", "type": "text"},
                {"name": "bValue", "column": "b_value", "type": "bytea"},
                {"name": "jValue", "column": "j_value", "type": "jsonb"},
                {"name": "boValue", "column": "bo_value", "type": "boolean"})},
    {IGNIS_JSON({"enricher": "dataType", "dataType": {"name": "kind", "column": "kind"},
                 "nValue": {"default": 1.5}, "jValue": {"default": {}},
                 "boValue": {"default": false}}),
     IGNIS_JSON({"name": "kind", "column": "kind", "type": "text"},
                {"name": "nValue", "column": "n_value", "type": "double precision",
                 "default": 1.5},
                {"name": "tValue", "column": "t_value", "type": "text"},
                {"name": "bValue", "column": "b_value", "type": "bytea"},
                {"name": "jValue", "column": "j_value", "type": "jsonb", "default": {}},
                {"name": "boValue", "column": "bo_value", "type": "boolean", "default": false})},
    {IGNIS_JSON({"enricher": "userAudit", "created": {"dataType": "string"},
                 "modified": {"dataType": "string", "name": "changedBy", "column": "changed_by"}}),
     IGNIS_JSON({"name": "createdBy", "column": "created_by", "type": "text",
                 "defaultFn": "currentUserIdOrNull"},
                {"name": "changedBy", "column": "changed_by", "type": "text",
                 "defaultFn": "currentUserIdOrNull", "onUpdate": "currentUserIdOrNull"})},
    {IGNIS_JSON({"enricher": "userAudit", "allowAnonymous": false,
                 "modified": {"dataType": "big-number"}}),
     IGNIS_JSON({"name": "createdBy", "column": "created_by", "type": "integer",
                 "defaultFn": "currentUserId"},
                {"name": "modifiedBy", "column": "modified_by", "type": "bigint",
                 "defaultFn": "currentUserId", "onUpdate": "currentUserId"})},
    {IGNIS_JSON({"enricher": "principal"}),
     IGNIS_JSON({"name": "principalType", "column": "principal_type", "type": "text"},
                {"name": "principalId", "column": "principal_id", "type": "integer",
                 "notNull": true})},
    {IGNIS_JSON({"enricher": "principal", "discriminator": "saleOwner", "dataType": "string",
                 "type": {"default": "Company"}, "id": {"column": "owner", "default": "none"}}),
     IGNIS_JSON({"name": "saleOwnerType", "column": "sale_owner_type", "type": "text",
                 "default": "Company"},
                {"name": "saleOwnerId", "column": "owner", "type": "text", "notNull": true,
                 "default": "none"})},
    {IGNIS_JSON({"enricher": "user"}),
     IGNIS_JSON({"name": "realm", "type": "text", "default": ""},
                {"name": "status", "type": "text"}, {"name": "type", "type": "text"},
                {"name": "activatedAt", "column": "activated_at", "type": "timestamptz"},
                {"name": "lastLoginAt", "column": "last_login_at", "type": "timestamptz"},
                {"name": "parentId", "column": "parent_id", "type": "integer"})},
    {IGNIS_JSON({"enricher": "user", "realm": {"default": null}, "status": {"default": "new"},
                 "type": {"name": "kind", "column": "kind"},
                 "activatedAt": {"default": {"sql": "now()"}},
                 "parentId": {"dataType": "string", "default": "root"}}),
     IGNIS_JSON({"name": "realm", "type": "text"},
                {"name": "status", "type": "text", "default": "new"},
                {"name": "kind", "type": "text"},
                {"name": "activatedAt", "column": "activated_at", "type": "timestamptz",
                 "default": {"sql": "now()"}},
                {"name": "lastLoginAt", "column": "last_login_at", "type": "timestamptz"},
                {"name": "parentId", "column": "parent_id", "type": "text",
                 "default": "root"})},
};
/* clang-format on */

static void enrichers_read_as_the_columns_they_stand_for(void **state)
{
    for (size_t i = 0; i < ARRAY_COUNT(equals); i++) {
        assert_string_equal(written_of(*state, equals[i].enricher),
                            written_of(*state, equals[i].columns));
    }
}

static void enrichers_stand_among_columns_in_order(void **state)
{
    ignis_context *ctx = *state;
    const ignis_model *const *models;
    size_t count;
    static const char *const expected[] = {"id", "a", "createdAt", "modifiedAt", "b"};
    static const char *const data = IGNIS_JSON({
        "models" : [ {
            "name" : "A",
            "columns" : [
                {"enricher" : "id"}, {"name" : "a", "type" : "text"}, {"enricher" : "tz"},
                {"name" : "b", "type" : "text"}
            ]
        } ]
    });

    assert_int_equal(ignis_models_from_json(ctx, data, 0, &models, &count), IGNIS_OK);
    assert_int_equal(models[0]->columns.count, ARRAY_COUNT(expected));
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++) {
        assert_string_equal(models[0]->columns.items[i].name, expected[i]);
    }
}

/* clang-format off */
static const struct {
    const char *enricher;
    const char *message;
    const char *path;
    const char *hint;
} refusals[] = {
    {IGNIS_JSON({"enricher": "usr"}), "A: enricher: unknown word \"usr\"", "enricher", "user"},
    {IGNIS_JSON({"enricher": 5}), "A: enricher: expected a string, got a number", "enricher", ""},
    {IGNIS_JSON({"enricher": "id", "dataTyp": "string"}), "A.id: unknown key \"dataTyp\"",
     "dataTyp", "dataType"},
    {IGNIS_JSON({"enricher": "id", "dataType": "nmber"}), "A.id: dataType: unknown word \"nmber\"",
     "dataType", "number"},
    {IGNIS_JSON({"enricher": "tz", "created": true}),
     "A.tz: created: expected an object, got a boolean", "created", ""},
    {IGNIS_JSON({"enricher": "tz", "created": {"nam": "x"}}),
     "A.tz: created: unknown key \"nam\"", "created.nam", "name"},
    {IGNIS_JSON({"enricher": "tz", "deleted": {"enable": 1}}),
     "A.tz: enable: expected true or false, got a number", "deleted.enable", ""},
    {IGNIS_JSON({"enricher": "dataType", "nValue": {"enable": true}}),
     "A.dataType: nValue: unknown key \"enable\"", "nValue.enable", ""},
    {IGNIS_JSON({"enricher": "userAudit", "allowAnonymous": "no"}),
     "A.userAudit: allowAnonymous: expected true or false, got a string", "allowAnonymous", ""},
    {IGNIS_JSON({"enricher": "principal", "discriminator": ""}),
     "A.principal: discriminator: the text is empty", "discriminator", ""},
};
/* clang-format on */

static void refusals_name_the_enricher_and_the_place(void **state)
{
    ignis_context *ctx = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        char data[1024];
        char path[256];
        const ignis_model *const *models;
        size_t count;
        (void)snprintf(data, sizeof data, "{\"models\": [{\"name\": \"A\", \"columns\": [%s]}]}",
                       refusals[i].enricher);
        (void)snprintf(path, sizeof path, "models[0].columns[0].%s", refusals[i].path);
        assert_int_equal(ignis_models_from_json(ctx, data, 0, &models, &count), IGNIS_E_INVALID);
        const ignis_error *error = ignis_context_error(ctx);
        assert_string_equal(error->message, refusals[i].message);
        assert_string_equal(error->path, path);
        assert_string_equal(error->hint, refusals[i].hint);
    }
}

static void a_default_that_does_not_fit_is_refused_at_registration(void **state)
{
    ignis_context *ctx = *state;
    const ignis_model *const *models;
    size_t count;
    model_registry *registry;
    static const char *const data = IGNIS_JSON({
        "models" : [
            {"name" : "A",
             "columns" : [ {"enricher" : "user", "parentId" : {"default" : "root"}} ]}
        ]
    });
    arena *memory = arena_create();

    assert_non_null(memory);
    assert_int_equal(ignis_models_from_json(ctx, data, 0, &models, &count), IGNIS_OK);
    assert_int_equal(model_registry_build(ctx, memory, models, count, &registry), IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(ctx)->message,
                        "A.parentId: default: expected an integer, got \"root\"");
    arena_destroy(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(enrichers_read_as_the_columns_they_stand_for, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(enrichers_stand_among_columns_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(refusals_name_the_enricher_and_the_place, setup, teardown),
        cmocka_unit_test_setup_teardown(a_default_that_does_not_fit_is_refused_at_registration,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
