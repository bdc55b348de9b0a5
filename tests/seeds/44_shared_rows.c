/* Not included, included and empty, and rows that are reached twice. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    PostRepository *posts = blog->posts;
    User *user;
    Post *found;
    size_t count;

    /* guide: empty */
    IGNIS_TRY(UserRepository_find_by_id(ctx, users, "u3", NULL, &user));
    printf("without the include: %s\n", user->posts ? "a list" : "NULL");
    IGNIS_TRY(UserRepository_find_by_id(
        ctx, users, "u3", IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(User, posts))), &user));
    printf("with it: %s of %zu\n", user->posts ? "a list" : "NULL", user->posts_count);
    /* end */

    /* guide: shared */
    const ignis_filter *filter = IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_IN(Post, id, "p1", "p2")),
                                              .include = IGNIS_INCLUDE(IGNIS_WITH(Post, author)));
    IGNIS_TRY(PostRepository_find(ctx, posts, filter, &found, &count));
    printf("one struct: %s\n", found[0].author == found[1].author ? "yes" : "no");
    /* end */
    return IGNIS_OK;
}
