/* The guide's Configuration: enrichers, a unique, an index, a foreign key, and two relations. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ConfigurationRepository *configurations = blog->configurations;
    /* guide: use */
    Configuration *made, *found;
    IGNIS_TRY(ignis_context_user_set(ctx, "u2"));
    IGNIS_TRY(ConfigurationRepository_create(
        ctx, configurations,
        IGNIS_VALUES(IGNIS_SET(Configuration, code, "theme"), IGNIS_SET(Configuration, group, "UI"),
                     IGNIS_SET(Configuration, t_value, "dark")),
        &made));
    IGNIS_TRY(ConfigurationRepository_find_by_id(
        ctx, configurations, made->id,
        IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(Configuration, creator),
                                              IGNIS_WITH(Configuration, modifier))),
        &found));
    printf("%s is %s: made by %s, changed by %s\n", found->code, found->t_value,
           found->creator->name, found->modifier->name);
    /* end */
    return IGNIS_OK;
}
