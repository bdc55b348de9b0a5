/* Policies: how far a filter is trusted. */
#ifndef IGNIS_FILTER_H
#define IGNIS_FILTER_H

#include "ignis/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The relations and operators that filters may use on one model.
   A list whose items are NULL allows all; count 0 with items allows none. */
typedef struct ignis_model_policy {
    const char *model;
    ignis_names relations;
    ignis_names operators;
} ignis_model_policy;

/* Bounds of a filter; exceeding one is IGNIS_E_LIMIT. 0 means: no bound. */
typedef struct ignis_policy {
    size_t struct_size;
    bool trusted; /* may skip default filters and name hidden properties */
    bool allow_regexp;
    uint32_t include_depth_max; /* levels below the root */
    uint32_t where_depth_max;   /* levels of and, or, not */
    uint32_t conditions_max;    /* in the whole filter */
    uint32_t list_max;          /* elements of one list */
    int64_t limit_max;          /* rows of a level where the model sets no maxLimit; lowers */
    int64_t rows_max;           /* rows of the whole result */
    size_t filter_size_max;     /* bytes of filter text */
    const ignis_model_policy *models;
    size_t models_count;
    uint32_t includes_max; /* includes in the whole filter, those of default filters counted */
} ignis_policy;

/* Program code: include depth 8, no other bound. */
IGNIS_API extern const ignis_policy ignis_policy_trusted;
/* The outside: 5 include levels, 100 includes, 16 levels of and/or/not, 100 conditions, 1,000 list
   elements, limit 1,000 at every level, 100,000 rows, 64 KiB of text, no regexp. */
IGNIS_API extern const ignis_policy ignis_policy_public;

#ifdef __cplusplus
}
#endif
#endif
