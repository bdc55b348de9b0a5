/* A violated constraint: which one, of which model, over which properties. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserRepository *users = blog->users;

    /* guide: unique */
    ignis_code code = UserRepository_create(
        ctx, users,
        IGNIS_VALUES(IGNIS_SET(User, name, "Johnny"), IGNIS_SET(User, email, "john@example.com")),
        NULL);
    if (code == IGNIS_E_UNIQUE) {
        const ignis_error *error = ignis_context_error(ctx);
        printf("%s\n", error->message);
        printf("constraint %s of %s:", error->constraint, error->model);
        for (size_t i = 0; i < error->properties_count; i++)
            printf(" %s", error->properties[i]);
        putchar('\n');
    }
    /* end */
    return IGNIS_OK;
}
