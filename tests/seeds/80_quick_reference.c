/* Every row of the quick reference, in C and in JSON, side by side. */
#include "seed.h"

#include <string.h>

static size_t comments_print(const Post *post)
{
    for (size_t i = 0; i < post->comments_count; i++)
        printf(" \"%s\"", post->comments[i].text);
    return post->comments_count;
}

static size_t count_in(const char *json, const char *name)
{
    size_t count = 0;
    while ((json = strstr(json, name))) {
        json++;
        count++;
    }
    return count;
}

/* Prints what the structs hold; whether the JSON has the same titles in the same order, as many
   comments and as many profiles. */
static bool print_both(const User *user, const char *json)
{
    const char *rest = json;
    size_t comments_count = 0;
    for (size_t i = 0; i < user->posts_count; i++) {
        printf(" %s;", user->posts[i].title);
        comments_count += comments_print(&user->posts[i]);
        if (rest) rest = strstr(rest, user->posts[i].title);
    }
    if (user->profile) printf(" profile: %s", user->profile->bio);
    return rest && count_in(json, "\"title\":") == user->posts_count &&
           count_in(json, "\"text\":") == comments_count &&
           count_in(json, "\"bio\":") == (user->profile ? 1 : 0);
}

static ignis_code find(ignis_context *ctx, const UserRepository *users, const char *want,
                       ignis_inclusions include, const char *filter)
{
    User *user;
    const char *json;
    IGNIS_TRY(
        UserRepository_find_by_id(ctx, users, "123", IGNIS_FILTER(.include = include), &user));
    IGNIS_TRY(ignis_find_by_id_json(ctx, UserRepository_base(users), &ignis_policy_trusted,
                                    IGNIS_JSON("123"), filter, &json));
    printf("%s:", want);
    puts(print_both(user, json) ? "" : " JSON has something else");
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;

    const char *json = IGNIS_JSON({"include": [{"relation": "posts"}]});
    ignis_inclusions include = IGNIS_INCLUDE(IGNIS_WITH(User, posts));
    IGNIS_TRY(find(ctx, users, "one relation", include, json));

    json = IGNIS_JSON({"include": [{"relation": "posts"}, {"relation": "profile"}]});
    include = IGNIS_INCLUDE(IGNIS_WITH(User, posts), IGNIS_WITH(User, profile));
    IGNIS_TRY(find(ctx, users, "several", include, json));

    json =
        IGNIS_JSON({"include": [{"relation": "posts", "scope": {"where": {"status": "draft"}}}]});
    const ignis_filter *scope = IGNIS_SCOPE(.where = IGNIS_WHERE(IGNIS_EQ(Post, status, "draft")));
    include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, scope));
    IGNIS_TRY(find(ctx, users, "only some", include, json));

    json = IGNIS_JSON({"include": [{"relation": "posts", "scope": {"order": ["createdAt DESC"]}}]});
    scope = IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_DESC(Post, created_at)));
    include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, scope));
    IGNIS_TRY(find(ctx, users, "in an order", include, json));

    json = IGNIS_JSON({"include": [{"relation": "posts", "scope": {"limit": 5}}]});
    scope = IGNIS_SCOPE(.limit = IGNIS_LIMIT(5));
    include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, scope));
    IGNIS_TRY(find(ctx, users, "at most five", include, json));

    json = IGNIS_JSON({"include": [
        {"relation": "posts", "scope": {"include": [{"relation": "comments"}]}}]});
    scope = IGNIS_SCOPE(.include = IGNIS_INCLUDE(IGNIS_WITH(Post, comments)));
    include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, scope));
    IGNIS_TRY(find(ctx, users, "with relations of their own", include, json));

    json = IGNIS_JSON({"include": [{"relation": "posts", "scope": {"fields": ["id", "title"]}}]});
    scope = IGNIS_SCOPE(.fields = IGNIS_FIELDS(Post, id, title));
    include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, scope));
    IGNIS_TRY(find(ctx, users, "only these members", include, json));

    json = IGNIS_JSON({"include": [{"relation": "posts", "shouldSkipDefaultFilter": true}]});
    scope = IGNIS_SCOPE(.options = IGNIS_OPTIONS(.skip_default_filter = true));
    include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, scope));
    return find(ctx, users, "without the default filter", include, json);
}
