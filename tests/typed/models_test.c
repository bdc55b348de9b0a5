/* C models against the same models as JSON: their JSON form, their tables, their statements. */
#include "models/fixtures.h"
#include "support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/base.h"

/* A fixture by its C models and by its JSON file. */
typedef struct pair {
    arena memory;
    ignis_context *ctx;
    const models_fixture *fixture;
    const ignis_model *const *from_json;
    size_t from_json_count;
    ignis_data_source *sources[2]; /* of the C models, of the JSON file; without tables */
} pair;

static void ok(const pair *both, ignis_code code)
{
    if (code != IGNIS_OK)
        fail_msg("%s: %s", both->fixture->name, ignis_context_error(both->ctx)->message);
}

static void pair_open(pair *both, const models_fixture *fixture)
{
    *both = (pair){.ctx = ignis_context_create(), .fixture = fixture};
    size_t size = 0;
    const char *path = fixture_shared(&both->memory, fixture->models_path);
    const char *written = fixture_read(&both->memory, path, &size);
    assert_non_null(both->ctx);
    assert_non_null(written);
    ok(both,
       ignis_models_from_json(both->ctx, written, size, &both->from_json, &both->from_json_count));
    ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                      .url = "sqlite::memory:",
                                      .models = fixture->models,
                                      .models_count = fixture->models_count};
    ok(both, ignis_data_source_open(both->ctx, &class_, &both->sources[0]));
    class_.models = both->from_json;
    class_.models_count = both->from_json_count;
    ok(both, ignis_data_source_open(both->ctx, &class_, &both->sources[1]));
}

static void pair_close(pair *both)
{
    ignis_data_source_close(both->sources[0]);
    ignis_data_source_close(both->sources[1]);
    ignis_context_free(both->ctx);
    arena_free(&both->memory);
}

static void for_each_fixture(void (*check)(const pair *both))
{
    for (size_t i = 0; i < MODELS_FIXTURES_COUNT; i++) {
        pair both;
        pair_open(&both, &models_fixtures[i]);
        check(&both);
        pair_close(&both);
    }
}

/* ---- JSON form and tables ---- */

static void json_compare(const pair *both)
{
    assert_int_equal(both->fixture->models_count, both->from_json_count);
    for (size_t i = 0; i < both->from_json_count; i++) {
        const char *from_c;
        const char *from_json;
        ok(both, ignis_model_to_json(both->ctx, both->fixture->models[i], &from_c));
        ok(both, ignis_model_to_json(both->ctx, both->from_json[i], &from_json));
        assert_string_equal(from_c, from_json);
    }
}

static void c_models_have_the_json_form_of_the_loaded_ones(void **state)
{
    (void)state;
    for_each_fixture(json_compare);
}

static void schema_compare(const pair *both)
{
    static const ignis_dialect dialects[] = {IGNIS_DIALECT_SQLITE, IGNIS_DIALECT_POSTGRES};
    for (size_t i = 0; i < ARRAY_COUNT(dialects); i++) {
        const char *sql[2];
        for (size_t k = 0; k < 2; k++)
            ok(both, ignis_schema_sql(both->ctx, both->sources[k], dialects[i], &sql[k]));
        assert_string_equal(sql[0], sql[1]);
        assert_non_null(strstr(sql[0], "CREATE TABLE"));
    }
}

static void c_models_make_the_tables_of_the_loaded_ones(void **state)
{
    (void)state;
    for_each_fixture(schema_compare);
}

/* ---- statements ---- */

static ignis_repository *repository_of(const pair *both, size_t which, const char *model)
{
    const ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    ignis_repository *repository = NULL;
    ok(both, ignis_repository_open(both->ctx, both->sources[which], &class_, &repository));
    return repository;
}

static void explanation_compare(const pair *both, const char *model, const char *filter)
{
    const char *explained[2];
    for (size_t k = 0; k < 2; k++)
        ok(both, ignis_filter_explain(both->ctx, repository_of(both, k, model),
                                      &ignis_policy_trusted, filter, &explained[k]));
    assert_string_equal(explained[0], explained[1]);
    assert_non_null(strstr(explained[0], "SELECT"));
}

static const char *format_(const pair *both, const char *format, const char *name)
{
    text out;
    text_init(&out, &both->ctx->results, 0);
    text_format(&out, format, name);
    return text_finish(&out);
}

/* ---- descriptions ---- */

/* The models of a source as their repositories tell them. */
static const ignis_model *const *described(const pair *both, size_t which)
{
    size_t count = both->from_json_count;
    const ignis_model **models = arena_array(&both->ctx->results, count, sizeof(*models));
    assert_non_null(models);
    for (size_t i = 0; i < count; i++) {
        const char *name = both->from_json[i]->name;
        ok(both, ignis_repository_model(both->ctx, repository_of(both, which, name), &models[i]));
    }
    return models;
}

/* Registered again, a description is the same model: tables, relations, its own description. */
static void descriptions_compare(const pair *both)
{
    static const ignis_dialect dialects[] = {IGNIS_DIALECT_SQLITE, IGNIS_DIALECT_POSTGRES};
    const ignis_model *const *from[] = {described(both, 0), described(both, 1)};
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .url = "sqlite::memory:",
                                            .models = from[0],
                                            .models_count = both->from_json_count};
    pair again = *both;
    const char *told[3];
    ok(both, ignis_data_source_open(both->ctx, &class_, &again.sources[0]));
    for (size_t i = 0; i < ARRAY_COUNT(dialects); i++) {
        ok(both, ignis_schema_sql(both->ctx, both->sources[0], dialects[i], &told[0]));
        ok(both, ignis_schema_sql(both->ctx, again.sources[0], dialects[i], &told[1]));
        assert_string_equal(told[0], told[1]);
    }
    ok(both, ignis_relations_to_json(both->ctx, both->sources[0], NULL, &told[0]));
    ok(both, ignis_relations_to_json(both->ctx, both->sources[1], NULL, &told[1]));
    ok(both, ignis_relations_to_json(both->ctx, again.sources[0], NULL, &told[2]));
    assert_string_equal(told[0], told[1]);
    assert_string_equal(told[0], told[2]);
    const ignis_model *const *twice = described(&again, 0);
    for (size_t i = 0; i < both->from_json_count; i++) {
        ok(both, ignis_model_to_json(both->ctx, from[0][i], &told[0]));
        ok(both, ignis_model_to_json(both->ctx, from[1][i], &told[1]));
        ok(both, ignis_model_to_json(both->ctx, twice[i], &told[2]));
        assert_string_equal(told[0], told[1]);
        assert_string_equal(told[0], told[2]);
    }
    ignis_data_source_close(again.sources[0]);
}

static void descriptions_are_the_models_they_are_of(void **state)
{
    (void)state;
    for_each_fixture(descriptions_compare);
}

/* The columns of a model's JSON. */
static const char *columns_of(const pair *both, const ignis_model *model)
{
    const char *written;
    ok(both, ignis_model_to_json(both->ctx, model, &written));
    const char *from = strstr(written, "\"columns\":[");
    const char *to = strstr(written, "],\"uniques\":");
    assert_non_null(from);
    assert_non_null(to);
    return arena_copy(&both->ctx->results, from, (size_t)(to - from));
}

/* A column that is unique by itself is described by a constraint. */
static void columns_compare(const pair *both)
{
    const ignis_model *const *models = described(both, 0);
    for (size_t i = 0; i < both->from_json_count; i++) {
        const char *given = columns_of(both, both->from_json[i]);
        if (!strstr(given, "\"unique\":true"))
            assert_string_equal(columns_of(both, models[i]), given);
    }
}

/* Both sources are of one text. */
static void text_described(const char *name, const char *models)
{
    const models_fixture fixture = {.name = name};
    pair both = {.ctx = ignis_context_create(), .fixture = &fixture};
    ok(&both, ignis_models_from_json(both.ctx, models, 0, &both.from_json, &both.from_json_count));
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .url = "sqlite::memory:",
                                            .models = both.from_json,
                                            .models_count = both.from_json_count};
    for (size_t i = 0; i < ARRAY_COUNT(both.sources); i++)
        ok(&both, ignis_data_source_open(both.ctx, &class_, &both.sources[i]));
    descriptions_compare(&both);
    columns_compare(&both);
    pair_close(&both);
}

/* Whatever a model can say is in its description. */
static void a_description_leaves_nothing_out(void **state)
{
    static const char *const files[] = {"documented", "types", "enrichers", "keys", "defaults"};
    static const char listed[] = IGNIS_JSON({
        "models" : [
            {
                "name" : "Door",
                "schema" : "house",
                "columns" : [
                    {"name" : "id", "type" : "integer", "primaryKey" : true},
                    {"name" : "colour", "type" : "text", "values" : [ "red", "blue" ]},
                    {"name" : "width", "type" : "numeric", "precision" : 5, "scale" : 2},
                    {"name" : "version", "type" : "integer", "onUpdate" : "version"}
                ],
                "checks" : [ {"sql" : "width > 0"} ],
                "indexes" : [ {"columns" : [ "colour", "width" ], "unique" : true} ],
                "settings" : {"checkWrites" : true, "defaultFilter" : {"where" : {"colour" : "red"}}}
            },
            {
                "name" : "Seen",
                "type" : "view",
                "columns" : [ {"name" : "doorId", "type" : "integer"} ],
                "relations" : [ {
                    "name" : "door",
                    "type" : "one",
                    "model" : "Door",
                    "fields" : ["doorId"],
                    "references" : ["id"]
                } ]
            }
        ]
    });
    arena memory = {0};
    (void)state;
    text_described("listed", listed);
    for (size_t i = 0; i < ARRAY_COUNT(files); i++) {
        char path[64];
        (void)snprintf(path, sizeof(path), "tests/fuzz/corpus/model/%s.json", files[i]);
        const char *models = fixture_read(&memory, fixture_source(&memory, path), NULL);
        assert_non_null(models);
        text_described(files[i], models);
    }
    arena_free(&memory);
}

/* All rows, and with each of its relations, whole and cut. */
static void model_reads_compare(const pair *both, const ignis_model *model)
{
    explanation_compare(both, model->name, "{}");
    explanation_compare(both, model->name, "{\"limit\": 3, \"skip\": 1}");
    for (size_t i = 0; i < model->relations.count; i++) {
        const char *name = model->relations.items[i].name;
        explanation_compare(both, model->name, format_(both, "{\"include\": [\"%s\"]}", name));
        explanation_compare(
            both, model->name,
            format_(
                both,
                "{\"limit\": 9, \"include\": [{\"relation\": \"%s\", \"scope\": {\"limit\": 2}}]}",
                name));
    }
    for (size_t i = 0; i < model->columns.count; i++) {
        const char *name = model->columns.items[i].name;
        explanation_compare(both, model->name, format_(both, "{\"where\": {\"%s\": null}}", name));
        explanation_compare(both, model->name, format_(both, "{\"order\": [\"%s DESC\"]}", name));
    }
}

static void statements_compare(const pair *both)
{
    for (size_t i = 0; i < both->from_json_count; i++)
        model_reads_compare(both, both->from_json[i]);
}

static void c_models_read_by_the_statements_of_the_loaded_ones(void **state)
{
    (void)state;
    for_each_fixture(statements_compare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c_models_have_the_json_form_of_the_loaded_ones),
        cmocka_unit_test(c_models_make_the_tables_of_the_loaded_ones),
        cmocka_unit_test(c_models_read_by_the_statements_of_the_loaded_ones),
        cmocka_unit_test(descriptions_are_the_models_they_are_of),
        cmocka_unit_test(a_description_leaves_nothing_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
