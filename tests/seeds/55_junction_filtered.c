/* The other way round: what a channel sells, and only some of it. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    SaleChannelProductRepository *channel_products = blog->channel_products;
    SaleChannelProduct *sold;
    size_t count;

    /* guide: find */
    const ignis_filter *widgets =
        IGNIS_SCOPE(.where = IGNIS_WHERE(IGNIS_STARTS_WITH(Product, name, "Wid")));
    const ignis_filter *filter =
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(SaleChannelProduct, sale_channel_id, "ch1")),
                     .order = IGNIS_ORDER(IGNIS_ASC(SaleChannelProduct, product_id)),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(SaleChannelProduct, product, widgets)));
    IGNIS_TRY(SaleChannelProductRepository_find(ctx, channel_products, filter, &sold, &count));
    for (size_t i = 0; i < count; i++)
        printf("%s: %s\n", sold[i].product_id, sold[i].product ? sold[i].product->name : "NULL");
    /* end */
    return IGNIS_OK;
}
