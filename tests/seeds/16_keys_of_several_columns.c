/* Relations over several columns, and a many relation without one on the other side. */
#include "seed.h"

/* guide: models */
typedef struct Order Order;
typedef struct Line Line;
typedef struct Stock Stock;

struct Order {
    int32_t shop, number;
    Line *lines;
    size_t lines_count;
};

struct Line {
    int32_t shop, order_number, position;
    const char *product;
    Order *order;
    Stock *stocks;
    size_t stocks_count;
};

struct Stock {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *product, *place;
};

IGNIS_MODEL_DECLARE(Order);
IGNIS_MODEL_DECLARE(Line);
IGNIS_MODEL_DECLARE(Stock);

IGNIS_MODEL(Order,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Order, shop, .primary_key = true),
        IGNIS_COLUMN(Order, number, .primary_key = true)),
    .relations = IGNIS_RELATIONS(IGNIS_MANY(Order, lines, Line, order)));

IGNIS_MODEL(Line,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Line, shop, .primary_key = true),
        IGNIS_COLUMN(Line, order_number, .primary_key = true),
        IGNIS_COLUMN(Line, position, .primary_key = true),
        IGNIS_COLUMN(Line, product)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEYS(NULL, Line, Order, ((shop, shop), (order_number, number)),
                           .on_delete = IGNIS_ACTION_CASCADE)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE_KEYS(Line, order, Order, ((shop, shop), (order_number, number))),
        IGNIS_MANY_KEYS(Line, stocks, Stock, ((product, product)))));
/* end */

IGNIS_MODEL(Stock,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_NUMBER(Stock),
        IGNIS_COLUMN(Stock, product),
        IGNIS_COLUMN(Stock, place)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX(NULL, Stock, product)));

/* guide: repository */
IGNIS_REPOSITORY_KEYS(OrderRepository, Order);
/* end */

static IGNIS_DATA_SOURCE(Orders, .url = SEED_URL, .create_missing = true,
                         .models = IGNIS_MODELS(&Order_model, &Line_model, &Stock_model));

static const char rows[] = IGNIS_JSON({
    "Order": [{"shop": 1, "number": 7}, {"shop": 2, "number": 7}],
    "Line": [
        {"shop": 1, "orderNumber": 7, "position": 1, "product": "Widget"},
        {"shop": 1, "orderNumber": 7, "position": 2, "product": "Gadget"},
        {"shop": 2, "orderNumber": 7, "position": 1, "product": "Gizmo"}],
    "Stock": [
        {"id": 1, "product": "Widget", "place": "Berlin"},
        {"id": 2, "product": "Widget", "place": "Hanoi"}]});

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    OrderRepository *orders;
    Order *order;
    IGNIS_TRY(ignis_load(ctx, source, rows, 0, NULL));
    IGNIS_TRY(OrderRepository_open(ctx, source, &orders));
    /* guide: find */
    IGNIS_TRY(OrderRepository_find_by_id(
        ctx, orders, &(Order){.shop = 1, .number = 7},
        IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(
                         Order, lines,
                         IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_ASC(Line, position)),
                                     .include = IGNIS_INCLUDE(IGNIS_WITH(Line, stocks)))))),
        &order));
    for (size_t i = 0; i < order->lines_count; i++)
        printf("%s, in %zu places\n", order->lines[i].product, order->lines[i].stocks_count);
    /* end */
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    return with_source(ctx, &Orders_class, run);
}
