/* All that is wrong with a row is told at once. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    const char *json;

    /* guide: list */
    const char *data = IGNIS_JSON({"title": 7, "authr": "123", "views": "many"});
    if (ignis_create_json(ctx, PostRepository_base(blog->posts), data, &json) != IGNIS_OK) {
        for (const ignis_error *error = ignis_context_error(ctx); error; error = error->next)
            printf("%s: %s\n", error->path, error->message);
    }
    /* end */
    return IGNIS_OK;
}
