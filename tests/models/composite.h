/* The fixture composite as C models. */
#ifndef MODELS_COMPOSITE_H
#define MODELS_COMPOSITE_H

#include "ignis.h"

typedef struct Region Region;
typedef struct Store Store;
typedef struct Order Order;
typedef struct OrderLine OrderLine;

struct Region {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *country;
    const char *code;
    const char *name;
    Store *stores;
    size_t stores_count;
};

struct Store {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *country;
    const char *region_code;
    const char *name;
    IGNIS_PRINCIPAL_NUMBER_MEMBERS(owner);
    Region *region;
    Order *orders;
    size_t orders_count;
};

struct Order {
    IGNIS_ID_BIG_MEMBERS;
    int32_t store_id;
    ignis_numeric total;
    const char *note;
    Store *store;
    OrderLine *lines;
    size_t lines_count;
};

struct OrderLine {
    IGNIS_ID_BIG_MEMBERS;
    int64_t order_id;
    const char *sku;
    int32_t qty;
    Order *order;
};

IGNIS_MODEL_DECLARE(Region);
IGNIS_MODEL_DECLARE(Store);
IGNIS_MODEL_DECLARE(Order);
IGNIS_MODEL_DECLARE(OrderLine);

IGNIS_REPOSITORY(RegionRepository, Region);
IGNIS_REPOSITORY(StoreRepository, Store);
IGNIS_REPOSITORY(OrderRepository, Order);
IGNIS_REPOSITORY(OrderLineRepository, OrderLine);

#endif
