/* Elements of an include that are no name and no object with a relation, and other mistakes. */
#include "seed.h"

/* guide: refuse */
static void refuse(ignis_context *ctx, const ignis_repository *users, const char *filter)
{
    const char *json;
    if (ignis_find_json(ctx, users, NULL, filter, &json) != IGNIS_OK) print_error(ctx);
}
/* end */

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    const ignis_repository *users = UserRepository_base(blog->users);

    /* guide: no_relation */
    refuse(ctx, users, IGNIS_JSON({"include": [{"scope": {"limit": 5}}]}));
    refuse(ctx, users, IGNIS_JSON({"include": [{"relation": 7}]}));
    /* end */

    /* guide: others */
    refuse(ctx, users, IGNIS_JSON({"include": [{"relation": "posts", "limit": 5}]}));
    refuse(ctx, users, IGNIS_JSON({"include": ["posts", {"relation": "posts"}]}));
    refuse(ctx, users, IGNIS_JSON({"includes": ["posts"]}));
    /* end */
    return IGNIS_OK;
}
