/* The newest posts of each user: a limit counts for each parent. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    User *found;
    size_t count;

    /* guide: find */
    const ignis_filter *five_newest =
        IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_DESC(Post, created_at)), .limit = IGNIS_LIMIT(5));
    const ignis_filter *filter =
        IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(User, name)),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, five_newest)));
    IGNIS_TRY(UserRepository_find(ctx, users, filter, &found, &count));
    for (size_t i = 0; i < count; i++) {
        printf("%s:", found[i].name);
        for (size_t k = 0; k < found[i].posts_count; k++)
            printf(" %s;", found[i].posts[k].title);
        putchar('\n');
    }
    /* end */
    return IGNIS_OK;
}
