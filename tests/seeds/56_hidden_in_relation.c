/* An author comes without the password, in structs and in JSON. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    PostRepository *posts = blog->posts;
    Post *post;
    const char *json;

    /* guide: find */
    IGNIS_TRY(PostRepository_find_by_id(
        ctx, posts, "p1", IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(Post, author))), &post));
    printf("%s, password: %s\n", post->author->name,
           post->author->password ? post->author->password : "NULL");
    /* end */

    /* guide: json */
    const char *filter = IGNIS_JSON({"where": {"id": "p1"}, "fields": ["title"],
                                     "include": [{"relation": "author"}]});
    IGNIS_TRY(ignis_find_one_json(ctx, PostRepository_base(posts), NULL, filter, &json));
    print_json(json);
    /* end */
    return IGNIS_OK;
}
