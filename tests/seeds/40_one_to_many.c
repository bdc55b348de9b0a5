/* A user with the posts that the user wrote. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    User *user;

    /* guide: find */
    const ignis_filter *filter = IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, "123")),
                                              .include = IGNIS_INCLUDE(IGNIS_WITH(User, posts)));
    IGNIS_TRY(UserRepository_find_one(ctx, users, filter, &user));
    if (!user) return IGNIS_OK; /* no such user: no error */
    printf("%s wrote %zu posts\n", user->name, user->posts_count);
    for (size_t i = 0; i < user->posts_count; i++)
        printf("  %s %s\n", user->posts[i].id, user->posts[i].title);
    /* end */

    /* guide: by_id */
    IGNIS_TRY(UserRepository_find_by_id(
        ctx, users, "u2", IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(User, posts))), &user));
    /* end */
    printf("%s wrote %zu post\n", user->name, user->posts_count);
    return IGNIS_OK;
}
