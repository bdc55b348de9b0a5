/* A program of someone else: one model, one row, read back through the installed library.
   It is compiled as C and as C++. */
#include <ignis.h>

#include <stdio.h>
#include <string.h>

static const char models_text[] =
    "{\"models\": [{\"name\": \"Note\", \"columns\": ["
    "{\"name\": \"id\", \"type\": \"integer\", \"primaryKey\": true, \"notNull\": true},"
    "{\"name\": \"title\", \"type\": \"text\"}]}]}";

static ignis_code read_back(ignis_context *ctx, ignis_data_source *source, const char **json)
{
    ignis_repository_class class_;
    memset(&class_, 0, sizeof class_);
    class_.struct_size = sizeof class_;
    class_.model = "Note";
    ignis_repository *notes = NULL;
    IGNIS_TRY(ignis_schema_create(ctx, source));
    IGNIS_TRY(ignis_load(ctx, source, "{\"Note\": [{\"id\": 7, \"title\": \"a\"}]}", 0, NULL));
    IGNIS_TRY(ignis_repository_open(ctx, source, &class_, &notes));
    return ignis_find_json(ctx, notes, &ignis_policy_public, "{\"where\": {\"id\": 7}}", json);
}

static ignis_code run(ignis_context *ctx, bool *is_equal)
{
    ignis_data_source_class class_;
    memset(&class_, 0, sizeof class_);
    class_.struct_size = sizeof class_;
    class_.driver = &ignis_sqlite_driver;
    class_.url = "sqlite::memory:";
    IGNIS_TRY(ignis_models_from_json(ctx, models_text, 0, &class_.models, &class_.models_count));
    ignis_data_source *source = NULL;
    IGNIS_TRY(ignis_data_source_open(ctx, &class_, &source));
    const char *json = "";
    ignis_code code = read_back(ctx, source, &json);
    ignis_data_source_close(source);
    *is_equal = code == IGNIS_OK && strcmp(json, "[{\"id\":7,\"title\":\"a\"}]") == 0;
    if (code == IGNIS_OK && !*is_equal) printf("read: %s\n", json);
    return code;
}

int main(void)
{
    ignis_context *ctx = ignis_context_create();
    if (ctx == NULL) return 1;
    bool is_equal = false;
    ignis_code code = run(ctx, &is_equal);
    if (code != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(ctx);
        printf("%s: %s %s\n", ignis_code_name(code), error->path, error->message);
    }
    ignis_context_free(ctx);
    bool is_version = strcmp(ignis_version(), IGNIS_VERSION) == 0;
    if (!is_version) printf("header %s, library %s\n", IGNIS_VERSION, ignis_version());
    return is_equal && is_version ? 0 : 1;
}
