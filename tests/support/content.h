/* content: what the tables of a data source hold, as one number. For tests. */
#ifndef CONTENT_H
#define CONTENT_H

#include "ignis.h"

/* A number that differs where any value of any table differs. Reads past default filters and bounds, by
   statements of its own on a context of its own. false: a line is on standard error. */
bool content_hash(ignis_data_source *source, uint64_t *hash);
/* The same as seen by a context, a transaction's too. */
bool content_hash_seen(ignis_context *ctx, ignis_data_source *source, uint64_t *hash);

#endif
