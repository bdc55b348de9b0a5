/* Related rows in an order. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    User *user;

    /* guide: find */
    const ignis_filter *newest_first =
        IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_DESC(Post, created_at)));
    const ignis_filter *filter =
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, "123")),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, newest_first)));
    IGNIS_TRY(UserRepository_find_one(ctx, users, filter, &user));
    for (size_t i = 0; user && i < user->posts_count; i++)
        puts(user->posts[i].title);
    /* end */
    return IGNIS_OK;
}
