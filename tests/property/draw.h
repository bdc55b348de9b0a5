/* draw: random models, rows and calls from a seed, as JSON. For tests. */
#ifndef DRAW_H
#define DRAW_H

#include "property/naive.h"

typedef struct draw_random {
    uint64_t state;
} draw_random;

/* 0 … count − 1. */
size_t draw_below(draw_random *random, size_t count);
bool draw_chance(draw_random *random, size_t percent);

/* What one set of models needs to be drawn from. */
typedef struct draw {
    draw_random random;
    naive_memory *memory;
} draw;

/* ---- values (draw_values.c) ---- */

/* A value that the column takes; not null. */
naive_json *draw_value(draw *d, const naive_column *column);
/* The same value in another form that a filter may give. */
naive_json *draw_disguise(draw *d, const naive_column *column, naive_json *value);
/* A value that the column may refuse (draw_odd.c). */
naive_json *draw_odd(draw *d, const naive_column *column);
naive_json *draw_document(draw *d, size_t depth);
/* A name that documents have. */
const char *draw_member(draw *d);

/* ---- models and rows (draw_models.c, draw_rows.c) ---- */

/* {"models": [...]} without default filters. */
naive_json *draw_models(draw *d);
/* {"Model": [row, ...]} for models that were read. */
naive_json *draw_rows(draw *d, const naive_world *world);

/* ---- filters (draw_where.c, draw_filters.c) ---- */

/* A condition on a model; is_hostile: one that may have to be refused. */
naive_json *draw_where(draw *d, const naive_model *model, size_t depth, bool is_hostile);
/* A property of the model, or a path into its documents. */
naive_json *draw_place(draw *d, const naive_model *model);
/* A whole filter for a model that is read. */
naive_json *draw_filter(draw *d, const naive_world *world, const naive_model *model, size_t depth);
/* For the models that were drawn. */
naive_json *draw_default_filter(draw *d, const naive_world *world, const naive_model *model);

typedef struct draw_call {
    naive_policy policy;
    const char *model;
    const char *method;
    const naive_json *arguments;
} draw_call;

draw_call draw_call_of(draw *d, const naive_world *world);

#endif
