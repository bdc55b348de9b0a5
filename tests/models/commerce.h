/* The fixture commerce as C models. */
#ifndef MODELS_COMMERCE_H
#define MODELS_COMMERCE_H

#include "ignis.h"

typedef struct Product Product;
typedef struct SaleChannel SaleChannel;
typedef struct SaleChannelProduct SaleChannelProduct;

struct Product {
    IGNIS_ID_TEXT_MEMBERS;
    IGNIS_TZ_MEMBERS;
    const char *code;
    const char *name;
    const char *description;
    int32_t price;
    const char **tags;
    size_t tags_count;
    ignis_json metadata;
    ignis_json settings;
    ignis_json data;
    ignis_maybe_double weight;
    ignis_maybe_float ratio;
    ignis_numeric cost;
    ignis_maybe_int64 stock_big;
    ignis_maybe_int64 views_big;
    ignis_maybe_int16 shelf;
    ignis_maybe_bool is_featured;
    const char *external_id;
    ignis_maybe_timestamp released_at;
    ignis_maybe_timestamp local_at;
    ignis_maybe_date launch_date;
    ignis_maybe_int32 *scores;
    size_t scores_count;
    ignis_maybe_bool *flags;
    size_t flags_count;
    ignis_maybe_double *prices;
    size_t prices_count;
    SaleChannelProduct *sale_channel_products;
    size_t sale_channel_products_count;
};

struct SaleChannel {
    IGNIS_ID_TEXT_MEMBERS;
    IGNIS_TZ_MEMBERS;
    const char *code;
    const char *name;
    const char *description;
    bool is_active;
    SaleChannelProduct *sale_channel_products;
    size_t sale_channel_products_count;
};

struct SaleChannelProduct {
    IGNIS_ID_TEXT_MEMBERS;
    IGNIS_TZ_MEMBERS;
    const char *product_id;
    const char *sale_channel_id;
    ignis_maybe_int32 position;
    Product *product;
    SaleChannel *sale_channel;
};

IGNIS_MODEL_DECLARE(Product);
IGNIS_MODEL_DECLARE(SaleChannel);
IGNIS_MODEL_DECLARE(SaleChannelProduct);

IGNIS_REPOSITORY(ProductRepository, Product);
IGNIS_REPOSITORY(SaleChannelRepository, SaleChannel);
IGNIS_REPOSITORY(SaleChannelProductRepository, SaleChannelProduct);

#endif
