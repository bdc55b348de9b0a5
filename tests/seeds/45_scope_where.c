/* Only some of the related rows. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    User *user;

    /* guide: find */
    const ignis_filter *published =
        IGNIS_SCOPE(.where = IGNIS_WHERE(IGNIS_EQ(Post, status, "published")));
    const ignis_filter *filter =
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, "123")),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, published)));
    IGNIS_TRY(UserRepository_find_one(ctx, users, filter, &user));
    for (size_t i = 0; user && i < user->posts_count; i++)
        printf("%s: %s\n", user->posts[i].title, user->posts[i].status);
    /* end */
    return IGNIS_OK;
}
