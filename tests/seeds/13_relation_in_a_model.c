/* The many relation of the guide's User: its posts. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    User *user;
    /* guide: find */
    IGNIS_TRY(UserRepository_find_by_id(
        ctx, users, "u2", IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(User, posts))), &user));
    printf("%s wrote %zu: %s\n", user->name, user->posts_count, user->posts[0].title);
    /* end */
    return IGNIS_OK;
}
