/* An application: data source and repositories are registered, made in order, and found by key. */
#include "seed.h"

/* guide: declare */
IGNIS_DATA_SOURCE_DECLARE(PostgresDataSource);
IGNIS_DATA_SOURCE(PostgresDataSource, .url = "${IGNIS_SEED_URL:-sqlite::memory:}",
                  .create_missing = true);
IGNIS_REPOSITORY_CLASS(UserRepository, User, PostgresDataSource);
IGNIS_REPOSITORY_CLASS(ConfigurationRepository, Configuration, PostgresDataSource);
/* end */

/* guide: register */
static ignis_code pre_configure(ignis_context *ctx, ignis_app *app)
{
    IGNIS_TRY(ignis_app_data_source(ctx, app, &PostgresDataSource_class));
    IGNIS_TRY(ignis_app_repository(ctx, app, &UserRepository_class));
    return ignis_app_repository(ctx, app, &ConfigurationRepository_class);
}
/* end */

/* guide: run */
static ignis_code run(ignis_context *ctx, ignis_app *app)
{
    ConfigurationRepository *configurations = ConfigurationRepository_of(app);
    const void *same = ignis_app_get(app, "repositories.ConfigurationRepository");
    int64_t count;
    IGNIS_TRY(ConfigurationRepository_count(ctx, configurations, NULL, &count));
    printf("configurations: %lld, found by key: %s\n", (long long)count,
           same == configurations ? "yes" : "no");
    for (size_t i = 0; ignis_app_tagged(app, NULL, i); i++)
        puts(ignis_app_tagged(app, NULL, i));
    return IGNIS_OK;
}

int main(void)
{
    const ignis_app_class application = {
        .struct_size = sizeof(application), .name = "Blog", .pre_configure = pre_configure};
    return ignis_app_main(&application, run);
}
/* end */
