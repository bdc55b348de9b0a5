/* A loop that may run for ever: what each turn finds is released before the next. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    size_t posts_count = 0;

    /* guide: loop */
    const ignis_filter *filter = IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(User, posts)));
    ignis_context_limit_set(ctx, 64 << 10); /* bytes: the loop must not grow */
    for (int turn = 0; turn < 1000; turn++) {
        ignis_mark mark = ignis_context_mark(ctx);
        User *found;
        size_t count;
        IGNIS_TRY(UserRepository_find(ctx, users, filter, &found, &count));
        for (size_t i = 0; i < count; i++)
            posts_count += found[i].posts_count;
        ignis_context_release(ctx, mark); /* found is gone */
    }
    /* end */
    printf("%zu posts seen\n", posts_count);

    /* guide: growing */
    int turns = 0;
    User *user;
    while (UserRepository_find_by_id(ctx, users, "123", filter, &user) == IGNIS_OK)
        turns++;
    print_error(ctx);
    /* end */
    printf("%s\n", turns > 10 ? "after many turns" : "at once");
    return IGNIS_OK;
}
