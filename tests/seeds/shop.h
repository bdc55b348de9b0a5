/* The shop of the guide: products, sale channels, and which product is sold where. */
#ifndef SHOP_H
#define SHOP_H

#include <ignis.h>

typedef struct Product Product;
typedef struct SaleChannel SaleChannel;
typedef struct SaleChannelProduct SaleChannelProduct;

IGNIS_MODEL_DECLARE(Product);
IGNIS_MODEL_DECLARE(SaleChannel);
IGNIS_MODEL_DECLARE(SaleChannelProduct);

/* guide: structs */
struct Product {
    IGNIS_ID_TEXT_MEMBERS;
    const char *name;
    SaleChannelProduct *sale_channel_products;
    size_t sale_channel_products_count;
};

struct SaleChannel {
    IGNIS_ID_TEXT_MEMBERS;
    const char *name;
    SaleChannelProduct *sale_channel_products;
    size_t sale_channel_products_count;
};

struct SaleChannelProduct {
    const char *product_id, *sale_channel_id; /* the key */
    Product *product;
    SaleChannel *sale_channel;
};
/* end */

IGNIS_REPOSITORY(ProductRepository, Product);
IGNIS_REPOSITORY(SaleChannelRepository, SaleChannel);
IGNIS_REPOSITORY_KEYS(SaleChannelProductRepository, SaleChannelProduct);

#endif
