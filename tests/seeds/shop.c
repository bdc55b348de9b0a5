#include "shop.h"

IGNIS_MODEL(Product,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(Product),
        IGNIS_COLUMN(Product, name, .not_null = true)),
    .relations = IGNIS_RELATIONS(
        IGNIS_MANY(Product, sale_channel_products, SaleChannelProduct, product)));

IGNIS_MODEL(SaleChannel,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(SaleChannel),
        IGNIS_COLUMN(SaleChannel, name, .not_null = true)),
    .relations = IGNIS_RELATIONS(
        IGNIS_MANY(SaleChannel, sale_channel_products, SaleChannelProduct, sale_channel)));

/* guide: junction */
IGNIS_MODEL(SaleChannelProduct,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(SaleChannelProduct, product_id, .primary_key = true),
        IGNIS_COLUMN(SaleChannelProduct, sale_channel_id, .primary_key = true)),
    .indexes = IGNIS_CONSTRAINTS(
        IGNIS_INDEX("IDX_SaleChannelProduct_saleChannelId", SaleChannelProduct, sale_channel_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY(NULL, SaleChannelProduct, product_id, Product, id),
        IGNIS_FOREIGN_KEY(NULL, SaleChannelProduct, sale_channel_id, SaleChannel, id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(SaleChannelProduct, product, Product, product_id, id),
        IGNIS_ONE(SaleChannelProduct, sale_channel, SaleChannel, sale_channel_id, id)));
/* end */
