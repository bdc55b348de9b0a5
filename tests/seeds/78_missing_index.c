/* An explanation says where an index is missing. */
#include "seed.h"

static const char models[] = IGNIS_JSON({"models": [
    {"name": "Author", "columns": [{"enricher": "id"}],
     "relations": [{"name": "books", "type": "many", "model": "Book"}]},
    {"name": "Book", "columns": [{"enricher": "id"}, {"name": "authorId", "type": "integer"}],
     "relations": [{"name": "author", "type": "one", "model": "Author",
                    "fields": ["authorId"], "references": ["id"]}]}]});

static ignis_code explain(ignis_context *ctx, ignis_data_source *source)
{
    const ignis_repository_class authors = {.struct_size = sizeof(authors), .model = "Author"};
    ignis_repository *repository;
    const char *explanation;
    IGNIS_TRY(ignis_repository_open(ctx, source, &authors, &repository));
    const char *filter = IGNIS_JSON({"include": ["books"]});
    IGNIS_TRY(ignis_filter_explain(ctx, repository, &ignis_policy_trusted, filter, &explanation));
    fputs(explanation, stdout);
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = "sqlite::memory:"};
    (void)blog;
    IGNIS_TRY(ignis_models_from_json(ctx, models, 0, &class_.models, &class_.models_count));
    return with_source(ctx, &class_, explain);
}
