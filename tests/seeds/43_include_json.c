/* The same includes in JSON: a filter from outside, an answer to hand on. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    PostRepository *posts = blog->posts;
    const char *json;

    /* guide: many */
    const char *filter = IGNIS_JSON({"where": {"id": "123"}, "fields": ["id", "name"], "include": [
        {"relation": "posts", "scope": {"fields": ["id", "title", "authorId"]}}]});
    IGNIS_TRY(ignis_find_one_json(ctx, UserRepository_base(users), NULL, filter, &json));
    print_json(json);
    /* end */

    /* guide: one */
    filter = IGNIS_JSON({"where": {"id": "p1"}, "fields": ["id", "title", "authorId"], "include": [
        {"relation": "author"}]});
    IGNIS_TRY(ignis_find_one_json(ctx, PostRepository_base(posts), NULL, filter, &json));
    print_json(json);
    /* end */

    /* guide: both */
    filter = IGNIS_JSON({"where": {"id": "p1"}, "fields": ["id"], "include": [
        {"relation": "author", "scope": {"fields": ["name"]}},
        {"relation": "comments", "scope": {"fields": ["text"]}}]});
    IGNIS_TRY(ignis_find_one_json(ctx, PostRepository_base(posts), NULL, filter, &json));
    print_json(json);
    /* end */
    return IGNIS_OK;
}
