/* The guide's Post: one author, many comments. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    PostRepository *posts = blog->posts;
    Post *post;
    /* guide: find */
    IGNIS_TRY(PostRepository_find_by_id(
        ctx, posts, "p1",
        IGNIS_FILTER(.include = IGNIS_INCLUDE(
                         IGNIS_WITH(Post, author),
                         IGNIS_WITH(Post, comments,
                                    IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_ASC(Comment, id)))))),
        &post));
    printf("%s, by %s\n", post->title, post->author->name);
    for (size_t i = 0; i < post->comments_count; i++)
        printf("  %s\n", post->comments[i].text);
    /* end */
    return IGNIS_OK;
}
