#include <ignis.h>
#include <stdio.h>

static const char models[] = IGNIS_JSON({"models": [
    {"name": "User", "columns": [
        {"enricher": "id", "dataType": "string"},
        {"name": "name", "type": "text", "notNull": true}],
     "relations": [{"name": "posts", "type": "many", "model": "Post"}]},
    {"name": "Post", "columns": [
        {"enricher": "id", "dataType": "string"},
        {"name": "title", "type": "text", "notNull": true},
        {"name": "authorId", "column": "author_id", "type": "text"}],
     "indexes": [{"columns": ["authorId"]}],
     "relations": [{"name": "author", "type": "one", "model": "User",
                    "fields": ["authorId"], "references": ["id"]}]}]});
static const char rows[] =
    IGNIS_JSON({
    "User": [{"id": "u1", "name": "John"}, {"id": "u2", "name": "Alice"}],
    "Post": [{"id": "p1", "title": "First Post", "authorId": "u1"}]});

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    ignis_repository_class users = {.struct_size = sizeof(users), .model = "User"};
    ignis_repository *repository;
    const char *json;
    IGNIS_TRY(ignis_schema_create(ctx, source));
    IGNIS_TRY(ignis_load(ctx, source, rows, 0, NULL));
    IGNIS_TRY(ignis_repository_open(ctx, source, &users, &repository));
    const char *filter = IGNIS_JSON({"where": {"name": {"like": "J%"}}, "include": ["posts"]});
    IGNIS_TRY(ignis_find_json(ctx, repository, NULL, filter, &json));
    puts(json); /* [{"id":"u1","name":"John","posts":[{"id":"p1","title": ... */
    return IGNIS_OK;
}

int main(void)
{
    ignis_context *ctx = ignis_context_create();
    ignis_data_source_class blog = {.struct_size = sizeof(blog), .url = "sqlite::memory:"};
    ignis_data_source *source = NULL;
    ignis_code code = ignis_models_from_json(ctx, models, 0, &blog.models, &blog.models_count);
    if (code == IGNIS_OK) code = ignis_data_source_open(ctx, &blog, &source);
    if (code == IGNIS_OK) code = run(ctx, source);
    if (code != IGNIS_OK) puts(ignis_context_error(ctx)->message);
    ignis_data_source_close(source);
    ignis_context_free(ctx);
    return code != IGNIS_OK;
}
