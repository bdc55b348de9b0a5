/* A repository over a data source that does not have its model. */
#include "seed.h"

static const char models[] = IGNIS_JSON({"models": [
    {"name": "Post", "columns": [{"enricher": "id", "dataType": "string"},
                                 {"name": "title", "type": "text"}]},
    {"name": "Comment", "columns": [{"enricher": "id", "dataType": "string"},
                                    {"name": "text", "type": "text"}]}]});

static ignis_code count_users(ignis_context *ctx, ignis_data_source *source)
{
    /* guide: call */
    UserRepository *users;
    int64_t count;
    ignis_code code = UserRepository_open(ctx, source, &users);
    if (code == IGNIS_OK) code = UserRepository_count(ctx, users, NULL, &count);
    if (code != IGNIS_OK) print_error(ctx);
    /* end */
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = "sqlite::memory:"};
    (void)blog;
    IGNIS_TRY(ignis_models_from_json(ctx, models, 0, &class_.models, &class_.models_count));
    return with_source(ctx, &class_, count_users);
}
