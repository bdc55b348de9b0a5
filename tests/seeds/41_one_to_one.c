/* A post with its author, and a user with a profile or without one. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    PostRepository *posts = blog->posts;
    User *found;
    size_t count;
    Post *post;

    /* guide: author */
    IGNIS_TRY(PostRepository_find_by_id(
        ctx, posts, "p1", IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(Post, author))), &post));
    if (post) printf("%s, by %s <%s>\n", post->title, post->author->name, post->author->email);
    /* end */

    /* guide: profile */
    const ignis_filter *filter = IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(User, name)),
                                              .include = IGNIS_INCLUDE(IGNIS_WITH(User, profile)));
    IGNIS_TRY(UserRepository_find(ctx, users, filter, &found, &count));
    for (size_t i = 0; i < count; i++)
        printf("%s: %s\n", found[i].name, found[i].profile ? found[i].profile->bio : "no profile");
    /* end */
    return IGNIS_OK;
}
