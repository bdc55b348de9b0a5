/* A filter from outside cannot name a hidden property anywhere: not to show it, not to guess it. */
#include "seed.h"

static void refuse(ignis_context *ctx, const ignis_repository *posts, const char *filter)
{
    const char *json;
    if (ignis_find_json(ctx, posts, NULL, filter, &json) != IGNIS_OK) print_error(ctx);
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    const ignis_repository *posts = PostRepository_base(blog->posts);

    /* guide: filters */
    const char *filter =
        IGNIS_JSON({"include": [{"relation": "author", "scope": {"fields": ["password"]}}]});
    refuse(ctx, posts, filter);

    filter = IGNIS_JSON({"include": [
        {"relation": "author", "scope": {"where": {"password": {"startsWith": "hash"}}}}]});
    refuse(ctx, posts, filter);

    filter = IGNIS_JSON({"include": [{"relation": "author", "scope": {"order": ["password"]}}]});
    refuse(ctx, posts, filter);
    /* end */
    return IGNIS_OK;
}
