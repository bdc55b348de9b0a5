/* Related rows that their model's default filter leaves out. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    User *user;

    /* guide: find */
    const ignis_filter *deleted_too =
        IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_ASC(Post, id)),
                    .options = IGNIS_OPTIONS(.skip_default_filter = true));
    IGNIS_TRY(UserRepository_find_by_id(
        ctx, users, "123",
        IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, deleted_too))), &user));
    for (size_t i = 0; user && i < user->posts_count; i++)
        printf("%s%s\n", user->posts[i].title, user->posts[i].is_deleted ? " (deleted)" : "");
    /* end */
    return IGNIS_OK;
}
