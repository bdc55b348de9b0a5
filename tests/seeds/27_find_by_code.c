/* A method of one's own. */
#include "seed.h"

/* guide: method */
static ignis_code ConfigurationRepository_find_by_code(ignis_context *ctx,
                                                       const ConfigurationRepository *self,
                                                       const char *code, Configuration **found)
{
    return ConfigurationRepository_find_one(
        ctx, self, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Configuration, code, code))), found);
}
/* end */

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ConfigurationRepository *configurations = blog->configurations;
    /* guide: call */
    Configuration *found;
    IGNIS_TRY(ConfigurationRepository_find_by_code(ctx, configurations, "some_code", &found));
    printf("some_code is %s\n", found->t_value);
    IGNIS_TRY(ConfigurationRepository_find_by_code(ctx, configurations, "no_code", &found));
    printf("no_code is %s\n", found ? found->t_value : "not there");
    /* end */
    if (ConfigurationRepository_find_by_code(ctx, configurations, NULL, &found) != IGNIS_OK)
        print_error(ctx);
    return IGNIS_OK;
}
