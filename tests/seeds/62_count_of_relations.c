/* How many posts each user has: include the ids, and the counts are there. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    PostRepository *posts = blog->posts;
    User *found;
    size_t count;
    int64_t of_john;

    /* guide: find */
    const ignis_filter *ids = IGNIS_SCOPE(.fields = IGNIS_FIELDS(Post, id));
    const ignis_filter *filter =
        IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(User, name)),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, ids)));
    IGNIS_TRY(UserRepository_find(ctx, users, filter, &found, &count));
    for (size_t i = 0; i < count; i++)
        printf("%s: %zu\n", found[i].name, found[i].posts_count);
    /* end */

    /* guide: count */
    IGNIS_TRY(PostRepository_count(
        ctx, posts, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Post, author_id, "123"))),
        &of_john));
    /* end */
    printf("John, counted by the database: %lld\n", (long long)of_john);
    return IGNIS_OK;
}
