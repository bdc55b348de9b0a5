/* Settings from the environment and from a file .env, with defaults. */
#include "seed.h"

/* guide: class */
IGNIS_DATA_SOURCE(Settings, .driver = &ignis_sqlite_driver,
                  .database = "${BLOG_NAME}-${BLOG_YEAR:-2024}.${BLOG_ENDING:-sqlite}");
/* end */
IGNIS_DATA_SOURCE(Missing, .url = "${BLOG_URLL}");
IGNIS_DATA_SOURCE(Elsewhere, .url = "${BLOG_URL}", .env_file = "settings.env");

static ignis_code show(ignis_context *ctx, ignis_data_source *source)
{
    const char *url;
    IGNIS_TRY(ignis_data_source_connection_string(ctx, source, IGNIS_PASSWORD_MASKED, &url));
    puts(url);
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    IGNIS_TRY(with_source(ctx, &Settings_class, show));
    if (with_source(ctx, &Missing_class, show) != IGNIS_OK) print_error(ctx);
    if (with_source(ctx, &Elsewhere_class, show) != IGNIS_OK) print_error(ctx);
    return IGNIS_OK;
}
