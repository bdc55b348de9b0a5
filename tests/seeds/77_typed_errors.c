/* What the compiler cannot know of a filter in C, the call refuses, with the same places. */
#include "seed.h"

static void refuse(ignis_context *ctx, const UserRepository *users, const ignis_filter *filter)
{
    User *user;
    if (UserRepository_find_one(ctx, users, filter, &user) != IGNIS_OK) print_error(ctx);
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;

    /* guide: filters */
    const char *email = NULL; /* not in the form that was sent */
    refuse(ctx, users, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, email, email))));

    int64_t views = 5000000000; /* more than an int32_t holds */
    const ignis_filter *popular = IGNIS_SCOPE(.where = IGNIS_WHERE(IGNIS_GT(Post, views, views)));
    refuse(ctx, users, IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, popular))));

    /* of another model */
    refuse(ctx, users, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Post, title, "First Post"))));
    refuse(ctx, users, IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(Post, comments))));
    /* end */
    return IGNIS_OK;
}
