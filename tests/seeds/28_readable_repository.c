/* A repository that only reads: the compiler refuses typed writes, the library those by JSON. */
#include "seed.h"

/* guide: declare */
IGNIS_REPOSITORY_READABLE_KEY(UserReader, User, id);
/* end */

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserReader *users;
    User *user;
    const char *json;
    IGNIS_TRY(UserReader_open(ctx, blog->source, &users));
    IGNIS_TRY(UserReader_find_by_id(ctx, users, "123", NULL, &user));
    puts(user->name);
    /* guide: write */
    ignis_code code = ignis_create_json(
        ctx, UserReader_base(users), IGNIS_JSON({"name": "Eve", "email": "e@example.com"}), &json);
    if (code == IGNIS_E_UNSUPPORTED) print_error(ctx);
    /* end */
    return IGNIS_OK;
}
