/* What an application says at its start, before it opens anything or after. */
#include "seed.h"

IGNIS_DATA_SOURCE_DECLARE(GoodSource);
IGNIS_DATA_SOURCE_DECLARE(OtherSource);
IGNIS_DATA_SOURCE(GoodSource, .url = "sqlite::memory:",
                  .models = IGNIS_MODELS(&Product_model, &SaleChannel_model,
                                         &SaleChannelProduct_model));
IGNIS_DATA_SOURCE(OtherSource, .url = "${SHOP_URL}");
IGNIS_REPOSITORY_CLASS(ProductRepository, Product, GoodSource);
IGNIS_REPOSITORY_CLASS(UserRepository, User, GoodSource);

typedef struct Report {
    ProductRepository *products;
    const int *page_size;
} Report;

IGNIS_SERVICE(Report,
              .inject = IGNIS_INJECTIONS(IGNIS_INJECT_REPOSITORY(Report, products,
                                                                 ProductRepository),
                                         IGNIS_INJECT(Report, page_size, "values.pageSize")));

/* guide: unknown */
static ignis_code no_source(ignis_context *ctx, ignis_app *app)
{
    return ignis_app_repository(ctx, app, &ProductRepository_class);
}
/* end */

static ignis_code no_environment(ignis_context *ctx, ignis_app *app)
{
    return ignis_app_data_source(ctx, app, &OtherSource_class);
}

static ignis_code no_value(ignis_context *ctx, ignis_app *app)
{
    static const int size = 10;
    IGNIS_TRY(ignis_app_data_source(ctx, app, &GoodSource_class));
    IGNIS_TRY(ignis_app_repository(ctx, app, &ProductRepository_class));
    IGNIS_TRY(ignis_app_bind(ctx, app,
                             &(ignis_binding){.struct_size = sizeof(ignis_binding),
                                              .key = "values.page_size",
                                              .value = &size}));
    return ignis_app_service(ctx, app, &Report_class);
}

static ignis_code twice(ignis_context *ctx, ignis_app *app)
{
    IGNIS_TRY(ignis_app_data_source(ctx, app, &GoodSource_class));
    return ignis_app_data_source(ctx, app, &GoodSource_class);
}

/* The data source lists its models, and this one is not among them. */
static ignis_code no_model(ignis_context *ctx, ignis_app *app)
{
    IGNIS_TRY(ignis_app_data_source(ctx, app, &GoodSource_class));
    return ignis_app_repository(ctx, app, &UserRepository_class);
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ignis_app_hook *const hooks[] = {no_source, no_environment, no_value, twice, no_model};
    (void)blog;
    for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
        const ignis_app_class application = {.struct_size = sizeof(application),
                                             .pre_configure = hooks[i]};
        ignis_app *app;
        IGNIS_TRY(ignis_app_create(ctx, &application, &app));
        if (ignis_app_start(ctx, app) != IGNIS_OK) print_error(ctx);
        ignis_app_free(app);
    }
    return IGNIS_OK;
}
