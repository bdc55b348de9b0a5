/* A repository is told its model; the relations are the model's. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    /* guide: open */
    UserRepository *users;
    IGNIS_TRY(UserRepository_open(ctx, blog->source, &users));

    const char *json;
    const char *filter = IGNIS_JSON({"fields": ["name"], "include": ["profile"]});
    IGNIS_TRY(
        ignis_find_by_id_json(ctx, UserRepository_base(users), NULL, "\"123\"", filter, &json));
    print_json(json);
    /* end */
    return IGNIS_OK;
}
