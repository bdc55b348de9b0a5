/* twin: models from JSON as those of a C program: each property is a member of a struct whose layout is
   made here. For tests. */
#ifndef TWIN_H
#define TWIN_H

#include "base/base.h"
#include "ignis.h"

/* The kind of a member is one of those that hold its column, the same for the same names. The lists
   end in an element of zeros. */
const ignis_model *const *twin_models(arena *memory, const ignis_model *const *models,
                                      size_t models_count);

#endif
