/* A row that belongs to a row of some other model. */
#include "seed.h"

/* guide: model */
typedef struct Address {
    IGNIS_ID_TEXT_MEMBERS;
    IGNIS_PRINCIPAL_TEXT_MEMBERS(owner); /* const char *owner_type, *owner_id */
    const char *city;
} Address;

IGNIS_MODEL(Address,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(Address),
        IGNIS_PRINCIPAL(Address, owner, .default_json = "\"User\""),
        IGNIS_COLUMN(Address, city)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX(NULL, Address, owner_id, owner_type)));
/* end */

IGNIS_REPOSITORY(AddressRepository, Address);

static IGNIS_DATA_SOURCE(Addresses, .url = SEED_URL, .create_missing = true,
                         .models = IGNIS_MODELS(&Address_model));

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    AddressRepository *addresses;
    Address *made, *found;
    size_t count;
    IGNIS_TRY(AddressRepository_open(ctx, source, &addresses));
    IGNIS_TRY(AddressRepository_create(
        ctx, addresses,
        IGNIS_VALUES(IGNIS_SET(Address, owner_id, "123"), IGNIS_SET(Address, city, "Berlin")),
        &made));
    printf("%s belongs to %s %s\n", made->city, made->owner_type, made->owner_id);
    IGNIS_TRY(AddressRepository_create(ctx, addresses,
                                       IGNIS_VALUES(IGNIS_SET(Address, owner_type, "SaleChannel"),
                                                    IGNIS_SET(Address, owner_id, "ch2"),
                                                    IGNIS_SET(Address, city, "Hanoi")),
                                       NULL));
    /* guide: find */
    IGNIS_TRY(AddressRepository_find(
        ctx, addresses,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Address, owner_type, "SaleChannel"),
                                          IGNIS_EQ(Address, owner_id, "ch2"))),
        &found, &count));
    printf("%zu of the channel: %s\n", count, found[0].city);
    /* end */
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    return with_source(ctx, &Addresses_class, run);
}
