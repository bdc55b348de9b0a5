/* An include of a relation that the model does not have. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    const char *json;

    /* guide: unknown */
    const char *filter = IGNIS_JSON({"include": [{"relation": "nonExistent"}]});
    if (ignis_find_json(ctx, UserRepository_base(users), NULL, filter, &json) != IGNIS_OK)
        print_error(ctx);
    /* end */

    /* guide: misspelt */
    filter = IGNIS_JSON({"include": [{"relation": "posts",
                                      "scope": {"include": [{"relation": "coments"}]}}]});
    if (ignis_find_json(ctx, UserRepository_base(users), NULL, filter, &json) != IGNIS_OK)
        print_error(ctx);
    /* end */
    return IGNIS_OK;
}
