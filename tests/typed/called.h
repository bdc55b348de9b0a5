/* called: a reading JSON call as the typed call of a C program, whose rows are shown as JSON. For tests. */
#ifndef TYPED_CALLED_H
#define TYPED_CALLED_H

#include "typed/said.h"

typedef struct called {
    said said; /* memory first; then the refusal, where C has no words for the call */
    const ignis_model *model;
    const ignis_repository *repository;
    const char *method;
    ignis_options options; /* struct_size, and the policy, are set by the caller */
    bool with_range;
    const json *filter;
    ignis_key key; /* of findById */
    const ignis_filter *said_filter;
} called;

/* Makes the typed call of the arguments of a JSON one. After a refusal it is not to be made. */
void called_read(called *call, const json *arguments);
/* Makes the call and writes what it answers as the JSON call does; nothing where it fails. */
ignis_code called_make(ignis_context *ctx, const called *call, text *out);

#endif
