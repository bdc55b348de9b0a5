/* property: what the property tests share: how much to run, and filled data sources, by the public
   interface alone. For tests. */
#ifndef PROPERTY_H
#define PROPERTY_H

#include "ignis.h"

/* IGNIS_PROPERTY_COUNT and IGNIS_PROPERTY_SEED, or what is given. */
uint64_t property_count(uint64_t otherwise);
uint64_t property_seed(uint64_t otherwise);

/* Whether there is a PostgreSQL server; says so where there is none. */
bool property_has_server(void);

typedef struct property_source {
    const char *url;
    const char *models;
    const char *rows; /* NULL: the tables stay empty */
    uint32_t connections_max;
} property_source;

/* Opens a data source, creates its tables and loads rows. Errors end the test. */
ignis_data_source *property_open(ignis_context *ctx, const property_source *class_);
ignis_repository *property_repository(ignis_context *ctx, ignis_data_source *source,
                                      const char *model);

#endif
