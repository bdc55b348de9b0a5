/* Two levels of structs, through the junction to the channel's name. */
#include "seed.h"

/* guide: function */
/* Where a product is sold first; NULL: nowhere, or it was read without its channels. */
static const char *first_channel(const Product *product)
{
    if (product->sale_channel_products_count == 0) return NULL;
    const SaleChannel *channel = product->sale_channel_products[0].sale_channel;
    return channel ? channel->name : NULL;
}
/* end */

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ProductRepository *products = blog->products;
    Product *product;

    /* guide: find */
    const ignis_filter *with_channel =
        IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_ASC(SaleChannelProduct, sale_channel_id)),
                    .include = IGNIS_INCLUDE(IGNIS_WITH(SaleChannelProduct, sale_channel)));
    const ignis_filter *filter =
        IGNIS_FILTER(.include =
                         IGNIS_INCLUDE(IGNIS_WITH(Product, sale_channel_products, with_channel)));
    IGNIS_TRY(ProductRepository_find_by_id(ctx, products, "prod1", filter, &product));
    if (product && first_channel(product)) puts(first_channel(product));
    /* end */

    IGNIS_TRY(ProductRepository_find_by_id(ctx, products, "prod1", NULL, &product));
    puts(product && first_channel(product) ? "found" : "not included");
    return IGNIS_OK;
}
