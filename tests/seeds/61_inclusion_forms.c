/* Every form that an element of an include may have, in C and in JSON. */
#include "seed.h"

static ignis_code find(ignis_context *ctx, const Blog *blog, ignis_inclusion inclusion)
{
    User *user;
    IGNIS_TRY(UserRepository_find_by_id(
        ctx, blog->users, "123", IGNIS_FILTER(.include = IGNIS_INCLUDE_OF(&inclusion, 1)), &user));
    printf("C    %zu posts\n", user->posts_count);
    return IGNIS_OK;
}

static ignis_code find_json(ignis_context *ctx, const Blog *blog, const char *filter)
{
    const char *json;
    IGNIS_TRY(ignis_find_by_id_json(ctx, UserRepository_base(blog->users), &ignis_policy_trusted,
                                    IGNIS_JSON("123"), filter, &json));
    printf("JSON ");
    print_json(json);
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    /* guide: c */
    ignis_inclusion plain = IGNIS_WITH(User, posts);
    ignis_inclusion scoped = IGNIS_WITH(User, posts, IGNIS_SCOPE(.limit = IGNIS_LIMIT(2)));
    const ignis_options *deleted_too = IGNIS_OPTIONS(.skip_default_filter = true);
    ignis_inclusion whole = IGNIS_WITH(User, posts, IGNIS_SCOPE(.options = deleted_too));
    /* end */
    IGNIS_TRY(find(ctx, blog, plain));
    IGNIS_TRY(find(ctx, blog, scoped));
    IGNIS_TRY(find(ctx, blog, whole));

    /* guide: json */
    const char *name = IGNIS_JSON({"fields": ["name"], "include": ["profile"]});
    const char *object = IGNIS_JSON({"fields": ["name"], "include": [{"relation": "profile"}]});
    const char *scope = IGNIS_JSON({"fields": ["name"], "include": [
        {"relation": "posts",
         "scope": {"where": {"views": {"gte": 50}}, "order": ["views DESC"], "limit": 2, "skip": 1,
                   "fields": ["title"], "include": ["comments"]}}]});
    const char *skip = IGNIS_JSON({"fields": ["name"], "include": [
        {"relation": "posts", "shouldSkipDefaultFilter": true,
         "scope": {"where": {"isDeleted": true}, "fields": ["title"]}}]});
    /* end */
    IGNIS_TRY(find_json(ctx, blog, name));
    IGNIS_TRY(find_json(ctx, blog, object));
    IGNIS_TRY(find_json(ctx, blog, scope));
    return find_json(ctx, blog, skip);
}
