/* said: a filter in JSON as a C program would say it, made at run time. For tests. */
#ifndef TYPED_SAID_H
#define TYPED_SAID_H

#include "base/base.h"
#include "ignis.h"

/* Why C has no word for something that JSON says. */
typedef enum said_refusal {
    SAID = 0,
    SAID_NOT_BY_TYPE,  /* a value of another type than the member's: "5" for an integer */
    SAID_NOT_BY_NULL,  /* a null that is no test for NULL: {"gt": null} */
    SAID_NOT_BY_SHAPE, /* no filter: {"or": 5}, an unknown key */
    SAID_REFUSALS
} said_refusal;

/* One filter on its way. */
typedef struct said {
    arena *memory;
    said_refusal refusal; /* the first */
    bool counts_differ;   /* of conditions or names, which a policy counts, there are others */
} said;

/* What a property is in the model. NULL: the model lacks it. */
const ignis_column *said_column(arena *memory, const ignis_model *model, const char *property);
const ignis_relation *said_relation(arena *memory, const ignis_model *model, const char *property);

/* The member of a property; of one that the model lacks a name that no struct has, for the call to
   refuse. */
const char *said_member(said *to, const ignis_model *model, const char *property);

/* A value for a column; NULL: for a member that is not there, or below a JSON column. A null has the
   kind NONE. */
ignis_value said_value(said *to, const ignis_column *column, const json *given);
/* A list of them; nulls make it a C array of elements that may be NULL. */
ignis_value said_list(said *to, const ignis_column *column, const json *given);

/* A whole filter with the option to leave the default filter out, and a where alone. given NULL:
   none. What they make after a refusal is not to be used. */
const ignis_filter *said_filter(said *to, const ignis_model *model, const json *given,
                                const ignis_options *options);
ignis_conditions said_where(said *to, const ignis_model *model, const json *given);

void *said_make(said *to, size_t count, size_t size);
void said_refuse(said *to, said_refusal refusal);

#endif
