/* schema: the shared models, whole, on both engines. */
#include "schema_support.h"

#include <stdio.h>
#include <stdlib.h>

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("no file %s", path);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long end = ftell(file);
    assert_true(end > 0);
    rewind(file);
    char *data = test_malloc((size_t)end + 1);
    *size = fread(data, 1, (size_t)end, file);
    data[*size] = '\0';
    fclose(file);
    return data;
}

static void assert_columns_match(fixture *given, const model_entity *entity)
{
    text sql;
    text expected;
    text_init(&sql, &given->ctx->results, 0);
    text_init(&expected, &given->ctx->results, 0);
    text_format(&sql, "SELECT name, \"notnull\" FROM pragma_table_info('%s')", entity->table);
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        text_format(&expected, "%s%s|%d", i > 0 ? "\n" : "", column->column,
                    column->not_null || column->primary_key);
    }
    assert_string_equal(query(given, text_finish(&sql)), text_finish(&expected));
}

static void the_shared_models_become_tables_on_both_engines(void **state)
{
    static const char *const files[] = {"conformance/fixtures/blog.models.json",
                                        "conformance/fixtures/commerce.models.json",
                                        "conformance/fixtures/composite.models.json",
                                        "conformance/fixtures/configuration.models.json",
                                        "conformance/fixtures/defaults.models.json",
                                        "data/chinook/chinook.models.json"};
    fixture *given = *state;
    for (size_t i = 0; i < ARRAY_COUNT(files); i++) {
        char path[512];
        size_t size;
        snprintf(path, sizeof(path), "%s/%s", getenv("IGNIS_SHARED"), files[i]);
        char *models = read_file(path, &size);
        sql_script script = script_of(given, models, IGNIS_DIALECT_POSTGRES);
        assert_parses(&script);
        model_registry *registry = registry_of(given, models);
        create(given, models);
        for (size_t j = 0; j < registry->entities_count; j++) {
            if (schema_is_created(&registry->entities[j])) {
                assert_columns_match(given, &registry->entities[j]);
            }
        }
        assert_string_equal(query(given, "PRAGMA foreign_key_check"), "");
        forget(given);
        test_free(models);
    }
}

static bool has_shared_folder(void)
{
    const char *shared = getenv("IGNIS_SHARED");
    char path[512];
    if (!shared || !*shared) return false;
    snprintf(path, sizeof(path), "%s/data/chinook/chinook.models.json", shared);
    FILE *file = fopen(path, "rb");
    if (file) fclose(file);
    return file != NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shared_models_become_tables_on_both_engines),
    };
    if (!has_shared_folder()) {
        printf("skipped: no shared folder\n");
        return 77;
    }
    int failures = cmocka_run_group_tests(tests, set_up, tear_down);
    pg_query_exit();
    return failures;
}
