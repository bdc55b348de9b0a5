/* The parts of a connection, and how it is shown. */
#include "seed.h"

#include <string.h>

/* guide: parts */
IGNIS_DATA_SOURCE(Nowhere, .host = "127.0.0.1", .port = "1", .database = "blog", .user = "app",
                  .password = "it's a #1 secret", .ssl = "verify-full");
IGNIS_DATA_SOURCE(File, .driver = &ignis_sqlite_driver, .database = "blog.sqlite");
/* end */
static IGNIS_DATA_SOURCE(Seed, .url = SEED_URL);

static ignis_code show(ignis_context *ctx, ignis_data_source *source)
{
    /* guide: show */
    const char *url;
    IGNIS_TRY(ignis_data_source_connection_string(ctx, source, IGNIS_PASSWORD_MASKED, &url));
    puts(url);
    /* end */
    return IGNIS_OK;
}

/* Whether what is masked says "***" for the password that is shown else. */
static ignis_code compare(ignis_context *ctx, ignis_data_source *source)
{
    const char *masked, *shown;
    IGNIS_TRY(ignis_data_source_connection_string(ctx, source, IGNIS_PASSWORD_MASKED, &masked));
    IGNIS_TRY(ignis_data_source_connection_string(ctx, source, IGNIS_PASSWORD_SHOWN, &shown));
    bool has_password = strcmp(masked, shown) != 0;
    bool is_masked = strstr(masked, ":***@") != NULL;
    puts(has_password == is_masked ? "a password is masked" : "a password is told");
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    IGNIS_TRY(with_source(ctx, &File_class, show));
    IGNIS_TRY(with_source(ctx, &Seed_class, compare));
    if (with_source(ctx, &Nowhere_class, show) == IGNIS_E_CONNECTION)
        puts(ignis_code_name(IGNIS_E_CONNECTION));
    return IGNIS_OK;
}
