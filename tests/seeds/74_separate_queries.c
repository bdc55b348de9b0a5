/* The same rows by hand: three calls, each with a filter and a bound of its own. */
#include "seed.h"

/* guide: find */
static ignis_code print_recent(ignis_context *ctx, const Blog *blog, const char *user_id)
{
    User *user;
    Post *posts;
    Comment *comments;
    size_t posts_count, comments_count;
    const char *ids[10]; /* as many as the limit */

    IGNIS_TRY(UserRepository_find_by_id(ctx, blog->users, user_id, NULL, &user));
    IGNIS_TRY(PostRepository_find(
        ctx, blog->posts,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Post, author_id, user_id)),
                     .order = IGNIS_ORDER(IGNIS_DESC(Post, created_at)), .limit = IGNIS_LIMIT(10)),
        &posts, &posts_count));
    for (size_t i = 0; i < posts_count; i++)
        ids[i] = posts[i].id;
    IGNIS_TRY(CommentRepository_find(
        ctx, blog->comments,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_IN_OF(Comment, post_id, ids, posts_count)),
                     .order = IGNIS_ORDER(IGNIS_ASC(Comment, id))),
        &comments, &comments_count));
    if (user) printf("%s: %zu posts, %zu comments\n", user->name, posts_count, comments_count);
    return IGNIS_OK;
}
/* end */

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    return print_recent(ctx, blog, "123");
}
