/* One struct for each model: rows of an include are what any function takes that takes posts. */
#include "seed.h"

/* guide: function */
static void print_titles(const Post *posts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("  %s\n", posts[i].title);
}
/* end */

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    PostRepository *posts = blog->posts;
    User *user;
    Post *drafts;
    size_t drafts_count;

    /* guide: find */
    IGNIS_TRY(UserRepository_find_by_id(
        ctx, users, "u2", IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(User, posts))), &user));
    if (user) print_titles(user->posts, user->posts_count);

    IGNIS_TRY(PostRepository_find(
        ctx, posts, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Post, status, "draft"))), &drafts,
        &drafts_count));
    print_titles(drafts, drafts_count);
    /* end */
    return IGNIS_OK;
}
