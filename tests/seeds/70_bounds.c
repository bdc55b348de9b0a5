/* What a filter from outside may ask for is bounded; the bounds are the program's to set. */
#include "seed.h"

static void try_filter(ignis_context *ctx, const ignis_repository *users,
                       const ignis_policy *policy, const char *filter)
{
    const char *json;
    if (ignis_find_json(ctx, users, policy, filter, &json) == IGNIS_OK)
        print_json(json);
    else
        print_error(ctx);
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    const ignis_repository *users = UserRepository_base(blog->users);

    /* guide: policy */
    const ignis_model_policy of_user = {.model = "User", .relations = IGNIS_TEXTS("posts")};
    ignis_policy policy = ignis_policy_public;
    policy.include_depth_max = 1;
    policy.limit_max = 2;
    policy.models = &of_user;
    policy.models_count = 1;
    /* end */

    const char *filter = IGNIS_JSON({"where": {"id": "123"}, "fields": ["name"], "include": [
        {"relation": "posts", "scope": {"fields": ["title"], "order": ["id"], "limit": 50}}]});
    try_filter(ctx, users, &policy, filter);

    filter = IGNIS_JSON({"include": [{"relation": "posts", "scope": {"include": ["comments"]}}]});
    try_filter(ctx, users, &policy, filter);

    try_filter(ctx, users, &policy, IGNIS_JSON({"include": ["profile"]}));
    return IGNIS_OK;
}
