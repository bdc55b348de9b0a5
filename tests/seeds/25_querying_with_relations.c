/* A configuration with the user who created it. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ConfigurationRepository *configurations = blog->configurations;
    /* guide: find */
    Configuration *results;
    size_t count;
    IGNIS_TRY(ConfigurationRepository_find(
        ctx, configurations,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Configuration, code, "some_code")),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(Configuration, creator))),
        &results, &count));
    if (count > 0) printf("Configuration created by: %s\n", results[0].creator->name);
    /* end */
    return IGNIS_OK;
}
