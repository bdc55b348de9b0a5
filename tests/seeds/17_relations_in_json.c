/* Relations of models in JSON: with keys, by the other side's name, and by what is the only way. */
#include "seed.h"

/* guide: models */
static const char models[] = IGNIS_JSON({"models": [
    {"name": "Author", "table": "authors", "columns": [
        {"enricher": "id", "dataType": "number"},
        {"name": "name", "type": "text"}],
     "relations": [
        {"name": "books", "type": "many", "model": "Book", "relationName": "author"},
        {"name": "edited", "type": "many", "model": "Book", "relationName": "editor"},
        {"name": "awards", "type": "many", "model": "Award", "relationName": "awards"}]},
    {"name": "Book", "table": "books", "columns": [
        {"enricher": "id", "dataType": "number"},
        {"name": "title", "type": "text"},
        {"name": "authorId", "column": "author_id", "type": "integer"},
        {"name": "editorId", "column": "editor_id", "type": "integer"}],
     "relations": [
        {"name": "author", "type": "one", "model": "Author",
         "fields": ["authorId"], "references": ["id"]},
        {"name": "editor", "type": "one", "model": "Author",
         "fields": ["editorId"], "references": ["id"]}]},
    {"name": "Award", "table": "awards", "columns": [
        {"enricher": "id", "dataType": "number"},
        {"name": "authorId", "column": "author_id", "type": "integer"}],
     "foreignKeys": [{"columns": ["authorId"],
                      "references": {"model": "Author", "columns": ["id"]}}]}]});
/* end */

static const char rows[] =
    IGNIS_JSON({
    "Author": [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Linus"}],
    "Book": [{"id": 1, "title": "Notes", "authorId": 1, "editorId": 2}],
    "Award": [{"id": 1, "authorId": 1}]});

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    const ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = "Author"};
    ignis_repository *authors;
    const char *json;
    IGNIS_TRY(ignis_load(ctx, source, rows, 0, NULL));
    IGNIS_TRY(ignis_repository_open(ctx, source, &class_, &authors));
    /* guide: find */
    const char *filter = IGNIS_JSON({"fields": ["name"], "order": ["id"], "include": [
        {"relation": "books", "scope": {"fields": ["title"]}},
        {"relation": "edited", "scope": {"fields": ["title"]}},
        "awards"]});
    IGNIS_TRY(ignis_find_json(ctx, authors, NULL, filter, &json));
    print_json(json);
    /* end */
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ignis_data_source_class library = {
        .struct_size = sizeof(library), .url = SEED_URL, .create_missing = true};
    (void)blog;
    IGNIS_TRY(ignis_models_from_json(ctx, models, 0, &library.models, &library.models_count));
    return with_source(ctx, &library, run);
}
