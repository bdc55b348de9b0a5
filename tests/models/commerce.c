#include "models/commerce.h"

IGNIS_MODEL(Product,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(Product),
        IGNIS_TZ(Product),
        IGNIS_COLUMN(Product, code, .not_null = true),
        IGNIS_COLUMN(Product, name, .not_null = true),
        IGNIS_COLUMN(Product, description),
        IGNIS_COLUMN(Product, price, .not_null = true, .default_json = "0"),
        IGNIS_ARRAY(Product, tags, .type = IGNIS_TYPE_VARCHAR, .length = 100),
        IGNIS_COLUMN(Product, metadata),
        IGNIS_COLUMN(Product, settings, .type = IGNIS_TYPE_JSON),
        IGNIS_COLUMN(Product, data),
        IGNIS_COLUMN(Product, weight),
        IGNIS_COLUMN(Product, ratio),
        IGNIS_COLUMN(Product, cost, .precision = 30, .scale = 10),
        IGNIS_COLUMN(Product, stock_big),
        IGNIS_COLUMN(Product, views_big),
        IGNIS_COLUMN(Product, shelf),
        IGNIS_COLUMN(Product, is_featured),
        IGNIS_COLUMN(Product, external_id, .type = IGNIS_TYPE_UUID),
        IGNIS_COLUMN(Product, released_at),
        IGNIS_COLUMN(Product, local_at, .type = IGNIS_TYPE_TIMESTAMP),
        IGNIS_COLUMN(Product, launch_date),
        IGNIS_ARRAY(Product, scores),
        IGNIS_ARRAY(Product, flags),
        IGNIS_ARRAY(Product, prices)),
    .uniques = IGNIS_CONSTRAINTS(IGNIS_UNIQUE("UQ_Product_code", Product, code)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX("IDX_Product_name", Product, name)),
    .relations = IGNIS_RELATIONS(
        IGNIS_MANY(Product, sale_channel_products, SaleChannelProduct, product)),
    .default_filter = IGNIS_JSON({"where": {"price": {"gt": 0}}, "limit": 100}));

IGNIS_MODEL(SaleChannel,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(SaleChannel),
        IGNIS_TZ(SaleChannel),
        IGNIS_COLUMN(SaleChannel, code, .not_null = true),
        IGNIS_COLUMN(SaleChannel, name, .not_null = true),
        IGNIS_COLUMN(SaleChannel, description),
        IGNIS_COLUMN(SaleChannel, is_active, .not_null = true, .default_json = "true")),
    .uniques = IGNIS_CONSTRAINTS(IGNIS_UNIQUE("UQ_SaleChannel_code", SaleChannel, code)),
    .indexes = IGNIS_CONSTRAINTS(
        IGNIS_INDEX("IDX_SaleChannel_name", SaleChannel, name),
        IGNIS_INDEX("IDX_SaleChannel_isActive", SaleChannel, is_active)),
    .relations = IGNIS_RELATIONS(
        IGNIS_MANY(SaleChannel, sale_channel_products, SaleChannelProduct, sale_channel)));

IGNIS_MODEL(SaleChannelProduct,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(SaleChannelProduct),
        IGNIS_TZ(SaleChannelProduct),
        IGNIS_COLUMN(SaleChannelProduct, product_id, .not_null = true),
        IGNIS_COLUMN(SaleChannelProduct, sale_channel_id, .not_null = true),
        IGNIS_COLUMN(SaleChannelProduct, position)),
    .uniques = IGNIS_CONSTRAINTS(
        IGNIS_UNIQUE("UQ_SaleChannelProduct_productId_saleChannelId", SaleChannelProduct,
                     product_id, sale_channel_id)),
    .indexes = IGNIS_CONSTRAINTS(
        IGNIS_INDEX("IDX_SaleChannelProduct_productId", SaleChannelProduct, product_id),
        IGNIS_INDEX("IDX_SaleChannelProduct_saleChannelId", SaleChannelProduct, sale_channel_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_SaleChannelProduct_productId_Product_id", SaleChannelProduct,
                          product_id, Product, id),
        IGNIS_FOREIGN_KEY("FK_SaleChannelProduct_saleChannelId_SaleChannel_id",
                          SaleChannelProduct, sale_channel_id, SaleChannel, id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(SaleChannelProduct, product, Product, product_id, id),
        IGNIS_ONE(SaleChannelProduct, sale_channel, SaleChannel, sale_channel_id, id)));
