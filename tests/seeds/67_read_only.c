/* A repository that only reads: it has no typed writes, and the JSON calls refuse theirs. */
#include "seed.h"

/* guide: declare */
IGNIS_REPOSITORY_READABLE(UserReports, User);
/* end */

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    UserReports *reports;
    int64_t count;
    const char *json;
    IGNIS_TRY(UserReports_open(ctx, blog->source, &reports));

    /* guide: refused */
    IGNIS_TRY(UserReports_count(ctx, reports, NULL, &count));
    printf("%lld users\n", (long long)count);
    const char *data = IGNIS_JSON({"name": "Eve", "email": "eve@example.com"});
    if (ignis_create_json(ctx, UserReports_base(reports), data, &json) != IGNIS_OK)
        print_error(ctx);
    /* end */
    return IGNIS_OK;
}
