#include "blog.h"

/* In memory unless the environment, or a file .env, says otherwise. Its models are those of the
   repositories. */
IGNIS_DATA_SOURCE(BlogDataSource, .url = "${BLOG_URL:-sqlite::memory:}");

IGNIS_REPOSITORY_CLASS(UserRepository, User, BlogDataSource);
IGNIS_REPOSITORY_CLASS(PostRepository, Post, BlogDataSource);

ignis_code PostRepository_find_popular(ignis_context *ctx, const PostRepository *self,
                                       int32_t views_min, Post **posts, size_t *count)
{
    return PostRepository_find(ctx, self,
                               IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_GTE(Post, views, views_min)),
                                            .order = IGNIS_ORDER(IGNIS_DESC(Post, views)),
                                            .include = IGNIS_INCLUDE(IGNIS_WITH(Post, author))),
                               posts, count);
}
