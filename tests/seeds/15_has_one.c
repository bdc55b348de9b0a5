/* A one relation whose key is on the other side. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    /* guide: find */
    User *all;
    size_t count;
    IGNIS_TRY(UserRepository_find(ctx, users,
                                  IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_DESC(User, name)),
                                               .include = IGNIS_INCLUDE(IGNIS_WITH(User, profile))),
                                  &all, &count));
    for (size_t i = 0; i < count; i++)
        printf("%s: %s\n", all[i].name, all[i].profile ? all[i].profile->bio : "no profile");
    /* end */
    return IGNIS_OK;
}
