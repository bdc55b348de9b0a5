/* A filter from outside cannot leave a default filter out; the program's own can. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    const char *json;

    /* guide: trusted */
    const char *filter = IGNIS_JSON({"where": {"id": "123"}, "fields": ["name"], "include": [
        {"relation": "posts", "scope": {"fields": ["title"], "order": ["id"]},
         "shouldSkipDefaultFilter": true}]});
    IGNIS_TRY(
        ignis_find_json(ctx, UserRepository_base(users), &ignis_policy_trusted, filter, &json));
    print_json(json);
    /* end */

    /* guide: public */
    if (ignis_find_json(ctx, UserRepository_base(users), NULL, filter, &json) != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(ctx);
        printf("%s: %s\n", error->path, error->message);
    }
    /* end */
    return IGNIS_OK;
}
