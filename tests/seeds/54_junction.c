/* Many-to-many: a product, the rows that say where it is sold, the channel of each. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ProductRepository *products = blog->products;
    Product *product;
    const char *json;

    /* guide: find */
    const ignis_filter *with_channel =
        IGNIS_SCOPE(.include = IGNIS_INCLUDE(IGNIS_WITH(SaleChannelProduct, sale_channel)));
    const ignis_filter *filter =
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Product, id, "prod1")),
                     .include =
                         IGNIS_INCLUDE(IGNIS_WITH(Product, sale_channel_products, with_channel)));
    IGNIS_TRY(ProductRepository_find_one(ctx, products, filter, &product));
    if (!product) return IGNIS_OK;
    printf("%s is sold in\n", product->name);
    for (size_t i = 0; i < product->sale_channel_products_count; i++)
        printf("  %s\n", product->sale_channel_products[i].sale_channel->name);
    /* end */

    /* guide: json */
    const char *text = IGNIS_JSON({"where": {"id": "prod1"}, "include": [
        {"relation": "saleChannelProducts", "scope": {"include": [{"relation": "saleChannel"}]}}]});
    IGNIS_TRY(ignis_find_one_json(ctx, ProductRepository_base(products), NULL, text, &json));
    print_json(json);
    /* end */
    return IGNIS_OK;
}
