/* Reading and writing through a repository. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;
    /* guide: write */
    User *user;
    IGNIS_TRY(UserRepository_create(
        ctx, users,
        IGNIS_VALUES(IGNIS_SET(User, name, "Carla"), IGNIS_SET(User, email, "carla@example.com")),
        &user));
    IGNIS_TRY(UserRepository_update_by_id(ctx, users, user->id,
                                          IGNIS_VALUES(IGNIS_SET(User, name, "Clara")), &user));
    /* end */
    printf("%s, %s\n", user->name, user->email);
    /* guide: read */
    User *all, *first, *none;
    size_t count;
    int64_t total;
    bool exists;
    IGNIS_TRY(UserRepository_find(ctx, users,
                                  IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_LIKE(User, name, "%a%")),
                                               .order = IGNIS_ORDER(IGNIS_ASC(User, name))),
                                  &all, &count));
    IGNIS_TRY(UserRepository_find_one(
        ctx, users, IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_DESC(User, name))), &first));
    IGNIS_TRY(UserRepository_find_by_id(ctx, users, "nobody", NULL, &none));
    IGNIS_TRY(UserRepository_count(ctx, users, NULL, &total));
    IGNIS_TRY(UserRepository_exists(
        ctx, users, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, email, "bob@example.com"))),
        &exists));
    /* end */
    for (size_t i = 0; i < count; i++)
        printf("with an a: %s\n", all[i].name);
    printf("last: %s, nobody: %s, total: %lld, bob: %s\n", first->name, none ? "found" : "NULL",
           (long long)total, exists ? "yes" : "no");
    /* guide: delete */
    IGNIS_TRY(UserRepository_delete_by_id(ctx, users, user->id, NULL));
    ignis_code code = UserRepository_delete_all(ctx, users, NULL, NULL, &count);
    if (code == IGNIS_E_INVALID) print_error(ctx);
    /* end */
    return IGNIS_OK;
}
