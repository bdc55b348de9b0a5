/* The program itself asks for a hidden member: to check a password. */
#include "seed.h"

#include <string.h>

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    User *user;

    /* guide: find */
    const ignis_filter *filter =
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, email, "john@example.com")),
                     .fields = IGNIS_FIELDS(User, id, password),
                     .options = IGNIS_OPTIONS(.with_hidden = true));
    IGNIS_TRY(UserRepository_find_one(ctx, users, filter, &user));
    bool is_john = user && user->password && strcmp(user->password, "hash-john") == 0;
    puts(is_john ? "welcome" : "go away");
    /* end */
    return IGNIS_OK;
}
