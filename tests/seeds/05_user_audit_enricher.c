/* Who made a row and who changed it last. */
#include "seed.h"

static void show(const char *when, const Configuration *row)
{
    printf("%s: made by %s, changed by %s\n", when, row->created_by ? row->created_by : "nobody",
           row->modified_by ? row->modified_by : "nobody");
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ConfigurationRepository *configurations = blog->configurations;
    Configuration *row;
    /* guide: users */
    IGNIS_TRY(ignis_context_user_set(ctx, "123"));
    IGNIS_TRY(ConfigurationRepository_create(
        ctx, configurations,
        IGNIS_VALUES(IGNIS_SET(Configuration, code, "a"), IGNIS_SET(Configuration, group, "UI")),
        &row));
    show("created", row);

    IGNIS_TRY(ignis_context_user_set(ctx, "u2"));
    IGNIS_TRY(ConfigurationRepository_update_by_id(
        ctx, configurations, row->id, IGNIS_VALUES(IGNIS_SET(Configuration, group, "SYSTEM")),
        &row));
    show("updated", row);

    IGNIS_TRY(ignis_context_user_set(ctx, NULL));
    IGNIS_TRY(ConfigurationRepository_update_by_id(
        ctx, configurations, row->id, IGNIS_VALUES(IGNIS_SET(Configuration, group, "UI")), &row));
    show("updated by nobody", row);
    /* end */
    return IGNIS_OK;
}
