/* Errors of filters say where they are, and which name was near. */
#include "seed.h"

static void refuse(ignis_context *ctx, const ignis_repository *users, const char *filter)
{
    const char *json;
    if (ignis_find_json(ctx, users, NULL, filter, &json) != IGNIS_OK) print_error(ctx);
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    const ignis_repository *users = UserRepository_base(blog->users);

    /* guide: filters */
    refuse(ctx, users, IGNIS_JSON({"where": {"nmae": "John"}}));
    refuse(ctx, users, IGNIS_JSON({"where": {"name": {"startWith": "J"}}}));
    refuse(ctx, users, IGNIS_JSON({"include": [{"relation": "posts", "scope": {"limit": -1}}]}));
    const char *filter = IGNIS_JSON({"include": [{"relation": "posts", "scope": {
        "include": [{"relation": "comments", "scope": {"where": {"txt": "Great post!"}}}]}}]});
    refuse(ctx, users, filter);
    /* end */
    return IGNIS_OK;
}
