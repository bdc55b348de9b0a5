/* All of a scope at once: which rows, in which order, how many, which members. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    User *user;
    const char *json;

    /* guide: find */
    const ignis_filter *recent =
        IGNIS_SCOPE(.where = IGNIS_WHERE(IGNIS_EQ(Post, status, "published")),
                    .order = IGNIS_ORDER(IGNIS_DESC(Post, created_at)), .limit = IGNIS_LIMIT(10),
                    .fields = IGNIS_FIELDS(Post, id, title, created_at));
    IGNIS_TRY(UserRepository_find_by_id(
        ctx, users, "123", IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, recent))),
        &user));
    for (size_t i = 0; user && i < user->posts_count; i++) {
        const Post *post = &user->posts[i];
        printf("%s, its status is %s\n", post->title, post->status ? post->status : "not selected");
    }
    /* end */

    /* guide: json */
    const char *text = IGNIS_JSON({"fields": ["name"], "include": [{"relation": "posts", "scope": {
        "where": {"status": "published"}, "order": ["createdAt DESC"], "limit": 10,
        "fields": ["id", "title", "createdAt"]}}]});
    IGNIS_TRY(ignis_find_by_id_json(ctx, UserRepository_base(users), NULL,
                                    IGNIS_JSON("123"), text, &json));
    print_json(json);
    /* end */
    return IGNIS_OK;
}
