/* Text that is no JSON: the error has a position. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    const char *json;

    /* guide: position */
    const char *filter = "{\"include\": [\"posts\"}";
    if (ignis_find_json(ctx, UserRepository_base(blog->users), NULL, filter, &json) != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(ctx);
        printf("%s\n", error->message);
        printf("read so far: %.*s\n", (int)error->position, filter);
    }
    /* end */
    return IGNIS_OK;
}
