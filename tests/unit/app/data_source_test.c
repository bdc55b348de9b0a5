/* data_source: opening, the tables, closing. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char models_text[] = J({
    "models" : [
        {
            "name" : "A",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "n", "type" : "numeric", "unique" : true}
            ],
            "indexes" : [ {"name" : "a_n", "columns" : ["n"]} ]
        },
        {
            "name" : "V",
            "type" : "view",
            "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ]
        },
        {
            "name" : "Skipped",
            "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
            "settings" : {"skipMigrate" : true}
        }
    ]
});

static int open_context(void **state)
{
    *state = ignis_context_create();
    return *state ? 0 : -1;
}

static int close_context(void **state)
{
    ignis_context_free(*state);
    return 0;
}

static ignis_data_source_class class_of(ignis_context *ctx, const char *models)
{
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = "sqlite::memory:"};
    assert_int_equal(ignis_models_from_json(ctx, models, 0, &class_.models, &class_.models_count),
                     IGNIS_OK);
    return class_;
}

static void wrong_classes_are_refused_and_give_nothing(void **state)
{
    ignis_context *ctx = *state;
    ignis_data_source *source = NULL;
    ignis_data_source_class class_ = class_of(ctx, models_text);
    class_.url = NULL;
    assert_int_equal(ignis_data_source_open(ctx, &class_, &source), IGNIS_E_INVALID);
    class_.url = "sqlite:/no/such/folder/x.db";
    ignis_code code = ignis_data_source_open(ctx, &class_, &source);
    assert_int_equal(code, IGNIS_E_CONNECTION);
    size_t blocks = arena_live_blocks(); /* the context keeps a block of scratch by now */
    assert_int_equal(ignis_data_source_open(ctx, &class_, &source), IGNIS_E_CONNECTION);
    class_.url = "sqlite::memory:";
    class_.connections_max = 1000000;
    assert_int_equal(ignis_data_source_open(ctx, &class_, &source), IGNIS_E_INVALID);
    assert_null(source);
    assert_int_equal(arena_live_blocks(), blocks);
    ignis_data_source_close(NULL);
}

static void what_the_class_points_at_need_not_outlive_the_call(void **state)
{
    ignis_context *ctx = *state;
    ignis_data_source *source = NULL;
    ignis_repository *repository = NULL;
    const char *rows = NULL;
    char name[] = "Main";
    char model[] = "A";
    ignis_data_source_class class_ = class_of(ctx, models_text);
    class_.name = name;
    assert_int_equal(ignis_data_source_open(ctx, &class_, &source), IGNIS_OK);
    ignis_context_reset(ctx);
    memset(name, 'x', 4);
    ignis_repository_class of = {.struct_size = sizeof(of), .model = model};
    assert_int_equal(ignis_repository_open(ctx, source, &of, &repository), IGNIS_OK);
    model[0] = 'x';
    assert_int_equal(ignis_schema_create(ctx, source), IGNIS_OK);
    assert_int_equal(ignis_find_json(ctx, repository, NULL, NULL, &rows), IGNIS_OK);
    assert_string_equal(rows, "[]");
    of.model = NULL;
    assert_int_equal(ignis_repository_open(ctx, source, &of, &repository), IGNIS_E_INVALID);
    ignis_data_source_close(source);
}

static void an_existing_table_is_an_error_and_creates_nothing(void **state)
{
    ignis_context *ctx = *state;
    engine self = {.ctx = ctx};
    assert_int_equal(engine_try(ctx, models_text, &self.source), IGNIS_OK);
    engine_execute(&self, "CREATE TABLE \"a_n\" (x)"); /* the name of A's index */
    assert_int_not_equal(ignis_schema_create(ctx, self.source), IGNIS_OK);
    engine_execute(&self, "DROP TABLE \"a_n\"");
    assert_int_equal(ignis_schema_create(ctx, self.source), IGNIS_OK);
    assert_int_not_equal(ignis_schema_create(ctx, self.source), IGNIS_OK);
    assert_string_equal(engine_find(&self, "A", NULL), "[]");
    ignis_data_source_close(self.source);
}

#define SCHEMA(columns, more)                                                                   \
    "{\"models\":[{\"name\":\"A\",\"columns\":[{\"name\":\"id\",\"type\":\"integer\"}," columns \
    "]" more "}]}"
#define NUMBER "{\"name\":\"n\",\"type\":\"integer\"}"

static void a_statement_that_is_refused_names_its_model_and_part(void **state)
{
    static const struct {
        const char *models;
        const char *path;
    } cases[] = {
        {SCHEMA(NUMBER,
                ",\"checks\":[{\"name\":\"good\",\"sql\":\"n > 0\"},{\"name\":\"bad\",\"sql\":"
                "\"n >\"}]"),
         "A.checks.bad"},
        {SCHEMA(NUMBER, ",\"checks\":[{\"name\":\"other\",\"sql\":\"m > 0\"}]"), "A.checks.other"},
        {SCHEMA("{\"name\":\"n\",\"type\":\"integer\",\"default\":{\"sql\":\"1 +\"}}", ""),
         "A.columns.n.default"},
        {SCHEMA("{\"name\":\"a\",\"type\":\"integer\",\"default\":{\"sql\":\"1 + 1\"}},"
                "{\"name\":\"b\",\"type\":\"integer\",\"default\":{\"sql\":\"2 +\"}}",
                ",\"checks\":[{\"name\":\"good\",\"sql\":\"\\\"A\\\".a > 0\"}]"),
         "A.columns.b.default"},
        /* What SQLite takes elsewhere, but not in a table, leaves the table. */
        {SCHEMA(NUMBER, ",\"checks\":[{\"name\":\"c\",\"sql\":\"n IN (SELECT 1)\"}]"), "A"},
    };
    ignis_context *ctx = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        engine self = {.ctx = ctx};
        assert_int_equal(engine_try(ctx, cases[i].models, &self.source), IGNIS_OK);
        engine_error error = {IGNIS_E_DATABASE, cases[i].path, NULL, NULL};
        engine_expect_error(&self, ignis_schema_create(ctx, self.source), &error, cases[i].models);
        ignis_data_source_close(self.source);
    }
    engine self = {.ctx = ctx};
    assert_int_equal(engine_try(ctx, models_text, &self.source), IGNIS_OK);
    engine_execute(&self, "CREATE TABLE \"a_n\" (x)");
    engine_error index = {IGNIS_E_DATABASE, "A.indexes.a_n", NULL, NULL};
    engine_expect_error(&self, ignis_schema_create(ctx, self.source), &index, "an index");
    engine_execute(&self, "CREATE TABLE \"A\" (x)");
    engine_error table = {IGNIS_E_DATABASE, "A", NULL, NULL};
    engine_expect_error(&self, ignis_schema_create(ctx, self.source), &table, "a table");
    ignis_data_source_close(self.source);
}

static void views_and_skipped_models_have_no_statements(void **state)
{
    ignis_context *ctx = *state;
    ignis_data_source *source = NULL;
    assert_int_equal(engine_try(ctx, models_text, &source), IGNIS_OK);
    static const ignis_dialect dialects[] = {IGNIS_DIALECT_SQLITE, IGNIS_DIALECT_POSTGRES};
    for (size_t i = 0; i < ARRAY_COUNT(dialects); i++) {
        const char *sql = NULL;
        assert_int_equal(ignis_schema_sql(ctx, source, dialects[i], &sql), IGNIS_OK);
        assert_non_null(strstr(sql, "CREATE TABLE \"A\""));
        assert_null(strstr(sql, "\"V\""));
        assert_null(strstr(sql, "Skipped"));
        assert_string_equal(sql + strlen(sql) - 2, ";\n");
    }
    ignis_data_source_close(source);
}

static void names_that_are_not_there_give_the_near_ones(void **state)
{
    ignis_context *ctx = *state;
    engine self = {.ctx = ctx};
    assert_int_equal(engine_try(ctx, models_text, &self.source), IGNIS_OK);
    engine_error error = {IGNIS_E_INVALID, "Skiped", "Skipped", "unknown model 'Skiped'"};
    engine_expect_error(&self, ignis_load(ctx, self.source, J({"Skiped" : []}), 0, NULL), &error,
                        "a load");
    ignis_data_source_close(self.source);
}

static void an_empty_source_opens(void **state)
{
    ignis_context *ctx = *state;
    ignis_data_source *source = NULL;
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .url = "sqlite::memory:"};
    assert_int_equal(ignis_data_source_open(ctx, &class_, &source), IGNIS_OK);
    assert_int_equal(ignis_schema_create(ctx, source), IGNIS_OK);
    ignis_data_source_close(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_classes_are_refused_and_give_nothing),
        cmocka_unit_test(what_the_class_points_at_need_not_outlive_the_call),
        cmocka_unit_test(an_existing_table_is_an_error_and_creates_nothing),
        cmocka_unit_test(a_statement_that_is_refused_names_its_model_and_part),
        cmocka_unit_test(views_and_skipped_models_have_no_statements),
        cmocka_unit_test(names_that_are_not_there_give_the_near_ones),
        cmocka_unit_test(an_empty_source_opens),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
