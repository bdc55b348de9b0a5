#include "models/composite.h"

IGNIS_MODEL(Region,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_NUMBER(Region),
        IGNIS_COLUMN(Region, country, .not_null = true),
        IGNIS_COLUMN(Region, code, .not_null = true),
        IGNIS_COLUMN(Region, name, .not_null = true)),
    .uniques = IGNIS_CONSTRAINTS(IGNIS_UNIQUE("UQ_Region_country_code", Region, country, code)),
    .relations = IGNIS_RELATIONS(IGNIS_MANY(Region, stores, Store, region)));

IGNIS_MODEL(Store,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_NUMBER(Store),
        IGNIS_COLUMN(Store, country),
        IGNIS_COLUMN(Store, region_code),
        IGNIS_COLUMN(Store, name, .not_null = true),
        IGNIS_PRINCIPAL(Store, owner, .default_json = "\"Company\"")),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEYS("FK_Store_Region", Store, Region,
                           ((country, country), (region_code, code)))),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE_KEYS(Store, region, Region, ((country, country), (region_code, code))),
        IGNIS_MANY(Store, orders, Order, store)));

IGNIS_MODEL(Order,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_BIG(Order),
        IGNIS_COLUMN(Order, store_id, .not_null = true),
        IGNIS_COLUMN(Order, total, .precision = 20, .scale = 2),
        IGNIS_COLUMN(Order, note)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Order_storeId_Store_id", Order, store_id, Store, id,
                          .deferrable = IGNIS_DEFERRED)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Order, store, Store, store_id, id),
        IGNIS_MANY(Order, lines, OrderLine, order)));

IGNIS_MODEL(OrderLine,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_BIG(OrderLine),
        IGNIS_COLUMN(OrderLine, order_id, .not_null = true),
        IGNIS_COLUMN(OrderLine, sku, .not_null = true),
        IGNIS_COLUMN(OrderLine, qty, .not_null = true)),
    .uniques = IGNIS_CONSTRAINTS(IGNIS_UNIQUE("UQ_OrderLine_order_sku", OrderLine, order_id, sku)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_OrderLine_orderId_Order_id", OrderLine, order_id, Order, id,
                          .on_delete = IGNIS_ACTION_CASCADE)),
    .relations = IGNIS_RELATIONS(IGNIS_ONE(OrderLine, order, Order, order_id, id)));
