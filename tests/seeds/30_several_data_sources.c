/* Two databases in one application: each repository names its own. */
#include "seed.h"

/* guide: models */
typedef struct Visit {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *page;
} Visit;

IGNIS_MODEL(Visit,
    .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Visit), IGNIS_COLUMN(Visit, page, .not_null = true)));

IGNIS_DATA_SOURCE_DECLARE(ShopSource);
IGNIS_DATA_SOURCE_DECLARE(LogSource);
IGNIS_DATA_SOURCE(ShopSource, .url = SEED_URL, .create_missing = true);
IGNIS_DATA_SOURCE(LogSource, .url = "sqlite:visits.sqlite", .create_missing = true);

IGNIS_REPOSITORY(VisitRepository, Visit);
IGNIS_REPOSITORY_CLASS(VisitRepository, Visit, LogSource);
IGNIS_REPOSITORY_CLASS(ProductRepository, Product, ShopSource);
/* end */

static ignis_code pre_configure(ignis_context *ctx, ignis_app *app)
{
    IGNIS_TRY(ignis_app_data_source(ctx, app, &ShopSource_class));
    IGNIS_TRY(ignis_app_data_source(ctx, app, &LogSource_class));
    IGNIS_TRY(ignis_app_repository(ctx, app, &VisitRepository_class));
    return ignis_app_repository(ctx, app, &ProductRepository_class);
}

static ignis_code run(ignis_context *ctx, ignis_app *app)
{
    int64_t products, visits;
    /* guide: use */
    IGNIS_TRY(ProductRepository_create(ctx, ProductRepository_of(app),
                                       IGNIS_VALUES(IGNIS_SET(Product, name, "Widget")), NULL));
    IGNIS_TRY(VisitRepository_create(ctx, VisitRepository_of(app),
                                     IGNIS_VALUES(IGNIS_SET(Visit, page, "/widget")), NULL));
    IGNIS_TRY(ignis_app_ping(ctx, app, 1000)); /* all of them */
    /* end */
    IGNIS_TRY(ProductRepository_count(ctx, ProductRepository_of(app), NULL, &products));
    IGNIS_TRY(VisitRepository_count(ctx, VisitRepository_of(app), NULL, &visits));
    printf("products: %lld, visits: %lld\n", (long long)products, (long long)visits);

    /* A transaction is of one of them. */
    ignis_context *tx;
    IGNIS_TRY(ignis_begin(ctx, ShopSource_of(app), IGNIS_READ_COMMITTED, &tx));
    if (VisitRepository_count(tx, VisitRepository_of(app), NULL, &visits) == IGNIS_E_STATE)
        print_error(tx);
    ignis_rollback(tx);
    return IGNIS_OK;
}

int main(void)
{
    const ignis_app_class application = {.struct_size = sizeof(application),
                                         .pre_configure = pre_configure};
    return ignis_app_main(&application, run);
}
