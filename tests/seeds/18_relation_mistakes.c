/* What is said of relations that lead nowhere, or to more than one place. */
#include "seed.h"

static ignis_code nothing(ignis_context *ctx, ignis_data_source *source)
{
    (void)ctx;
    (void)source;
    return IGNIS_OK;
}

/* The many relation that is tried, of U to P, and a relation of P. */
static void try(ignis_context *ctx, const char *many, const char *more)
{
    static const char form[] = IGNIS_JSON({"models": [
        {"name": "U", "columns": [{"enricher": "id"}], "relations": [%s]},
        {"name": "P", "columns": [
            {"enricher": "id"},
            {"name": "authorId", "type": "integer"},
            {"name": "editorId", "type": "integer"},
            {"name": "title", "type": "text"}],
         "relations": [
            {"name": "author", "type": "one", "model": "U",
             "fields": ["authorId"], "references": ["id"]}%s]}]});
    char text[1024];
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = "sqlite::memory:"};
    (void)snprintf(text, sizeof(text), form, many, more);
    ignis_code code = ignis_models_from_json(ctx, text, 0, &class_.models, &class_.models_count);
    if (code == IGNIS_OK) code = with_source(ctx, &class_, nothing);
    if (code != IGNIS_OK) print_error(ctx);
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    static const char editor[] = IGNIS_JSON(, {"name": "editor", "type": "one", "model": "U",
                                               "fields": ["editorId"], "references": ["id"]});
    (void)blog;
    try(ctx, IGNIS_JSON({"name": "posts", "type": "many", "model": "P"}), editor);
    try(ctx, IGNIS_JSON({"name": "posts", "type": "many", "model": "P", "relationName": "autor"}),
                        editor);
    try(ctx, IGNIS_JSON({"name": "posts", "type": "many", "model": "Post"}), "");
    try(ctx, IGNIS_JSON({"name": "id", "type": "many", "model": "P"}), "");
    try(ctx, "",
        IGNIS_JSON(, {"name": "editor", "type": "one", "model": "U",
                               "fields": ["title"], "references": ["id"]}));
    return IGNIS_OK;
}
