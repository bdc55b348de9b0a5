/* A user, the posts of the user, the comments on each. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    User *user;
    const char *json;

    /* guide: find */
    const ignis_filter *with_comments =
        IGNIS_SCOPE(.include = IGNIS_INCLUDE(IGNIS_WITH(Post, comments)));
    const ignis_filter *filter =
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, "123")),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, with_comments)));
    IGNIS_TRY(UserRepository_find_one(ctx, users, filter, &user));
    for (size_t i = 0; user && i < user->posts_count; i++) {
        const Post *post = &user->posts[i];
        printf("%s\n", post->title);
        for (size_t k = 0; k < post->comments_count; k++)
            printf("  %s\n", post->comments[k].text);
    }
    /* end */

    /* guide: json */
    const char *text = IGNIS_JSON({"where": {"id": "123"}, "fields": ["id", "name"], "include": [
        {"relation": "posts", "scope": {
            "where": {"id": "p1"}, "fields": ["id", "title"],
            "include": [{"relation": "comments", "scope": {"fields": ["id", "text"]}}]}}]});
    IGNIS_TRY(ignis_find_one_json(ctx, UserRepository_base(users), NULL, text, &json));
    print_json(json);
    /* end */
    return IGNIS_OK;
}
