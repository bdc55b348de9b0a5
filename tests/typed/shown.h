/* shown: structs of a result as the JSON of the same call, by what the model says of their members. For
   tests. */
#ifndef TYPED_SHOWN_H
#define TYPED_SHOWN_H

#include "base/base.h"
#include "ignis.h"

/* What was asked for of a model. */
typedef struct shown {
    arena *memory;
    text *out;
    const ignis_model *model;
    const json *filter; /* of the caller; NULL: none */
    bool skips_default; /* the model's default filter is left out */
    bool with_hidden;
} shown;

/* Writes a row; NULL: null. Ends the test where a member that was not asked for is not zero. */
void shown_row(const shown *asked, const void *row);
/* Writes count rows that stand side by side. */
void shown_rows(const shown *asked, const void *rows, size_t count);

#endif
