/* A post with its author and its comments, in one call. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    PostRepository *posts = blog->posts;
    Post *post;

    /* guide: find */
    const ignis_filter *filter = IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Post, id, "p1")),
                                              .include = IGNIS_INCLUDE(IGNIS_WITH(Post, author),
                                                                       IGNIS_WITH(Post, comments)));
    IGNIS_TRY(PostRepository_find_one(ctx, posts, filter, &post));
    if (!post) return IGNIS_OK;
    printf("%s, by %s\n", post->title, post->author->name);
    for (size_t i = 0; i < post->comments_count; i++)
        printf("  \"%s\"\n", post->comments[i].text);
    /* end */
    return IGNIS_OK;
}
