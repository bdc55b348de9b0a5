/* Three levels: who wrote the comments on the posts of a user. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    User *user;

    /* guide: find */
    const ignis_filter *with_author =
        IGNIS_SCOPE(.include = IGNIS_INCLUDE(IGNIS_WITH(Comment, author)));
    const ignis_filter *with_comments =
        IGNIS_SCOPE(.include = IGNIS_INCLUDE(IGNIS_WITH(Post, comments, with_author)));
    const ignis_filter *filter =
        IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, with_comments)));
    IGNIS_TRY(UserRepository_find_by_id(ctx, users, "123", filter, &user));
    for (size_t i = 0; user && i < user->posts_count; i++) {
        const Post *post = &user->posts[i];
        for (size_t k = 0; k < post->comments_count; k++)
            printf("%s, on \"%s\"\n", post->comments[k].author->name, post->title);
    }
    /* end */
    return IGNIS_OK;
}
