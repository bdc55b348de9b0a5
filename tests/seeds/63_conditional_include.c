/* Includes that are decided at run time: an array takes as many as there are. */
#include "seed.h"

/* guide: function */
static ignis_code get_user(ignis_context *ctx, const UserRepository *users, const char *id,
                           bool with_posts, bool with_profile, User **user)
{
    ignis_inclusion include[2];
    size_t count = 0;
    if (with_posts) include[count++] = IGNIS_WITH(User, posts);
    if (with_profile) include[count++] = IGNIS_WITH(User, profile);
    return UserRepository_find_by_id(
        ctx, users, id, IGNIS_FILTER(.include = IGNIS_INCLUDE_OF(include, count)), user);
}
/* end */

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    for (int i = 0; i < 4; i++) {
        User *user;
        IGNIS_TRY(get_user(ctx, blog->users, "123", (i & 1) != 0, (i & 2) != 0, &user));
        printf("%s: posts %s, profile %s\n", user->name, user->posts ? "read" : "NULL",
               user->profile ? "read" : "NULL");
    }
    return IGNIS_OK;
}
