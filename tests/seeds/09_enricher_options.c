/* Columns of an enricher with other names, types and defaults: in C by columns, in JSON by options. */
#include "seed.h"

/* guide: c */
typedef struct Shop {
    IGNIS_ID_BIG_MEMBERS;
    ignis_timestamp opened_at;
    const char *made_by;
    const char *kind;
} Shop;

IGNIS_MODEL(Shop,
    .table = "shops",
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_BIG(Shop),
        IGNIS_COLUMN(Shop, opened_at, .not_null = true, .default_sql = "now()"),
        IGNIS_COLUMN(Shop, made_by, .column = "maker",
                     .default_fn = IGNIS_GENERATE_CURRENT_USER_OR_NULL),
        IGNIS_COLUMN(Shop, kind, .name = "dataType", .default_json = "\"TEXT\"")));
/* end */

/* guide: json */
static const char models[] = IGNIS_JSON({"models": [
    {"name": "Shop", "table": "shops", "columns": [
        {"enricher": "id", "dataType": "big-number"},
        {"enricher": "tz", "created": {"name": "openedAt"}, "modified": {"enable": false}},
        {"enricher": "userAudit",
         "created": {"name": "madeBy", "column": "maker", "dataType": "string"},
         "modified": {"dataType": "string"}},
        {"enricher": "dataType", "dataType": {"column": "kind", "default": "TEXT"}},
        {"enricher": "principal", "discriminator": "owner", "dataType": "string",
         "type": {"default": "Company"}}]}]});
/* end */

static ignis_code show(ignis_context *ctx, const ignis_model *const *list, size_t count)
{
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .url = "sqlite::memory:",
                                            .models = list,
                                            .models_count = count};
    ignis_data_source *source;
    const char *sql;
    IGNIS_TRY(ignis_data_source_open(ctx, &class_, &source));
    ignis_code code = ignis_schema_sql(ctx, source, IGNIS_DIALECT_POSTGRES, &sql);
    if (code == IGNIS_OK) fputs(sql, stdout);
    ignis_data_source_close(source);
    return code;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    const ignis_model *const shop = &Shop_model;
    const ignis_model *const *read;
    size_t count;
    (void)blog;
    IGNIS_TRY(show(ctx, &shop, 1));
    IGNIS_TRY(ignis_models_from_json(ctx, models, 0, &read, &count));
    return show(ctx, read, count);
}
