/* paths: seeded random documents, JSON paths and filters over them. For tests. */
#ifndef PATHS_H
#define PATHS_H

#include "base/base.h"

typedef struct paths_maker {
    uint64_t seed; /* not 0 */
    arena *memory;
} paths_maker;

uint64_t paths_random(paths_maker *maker, uint64_t below);
/* JSON text as other tools may write it: any space, double keys where is_foreign. */
void paths_document(paths_maker *maker, text *out, bool is_foreign);
/* The models "Parent", "Doc", "Bare" without an index on its parent, and "Kept1" … "Kept9", whose default
   filters compare with the context's value "given". */
enum { PATHS_KEPT = 9 };
const char *paths_models(arena *memory);
/* Rows of all of them; but for Parent they are the same. */
const char *paths_rows(paths_maker *maker, uint64_t count);
/* Steps as a text[]. */
const char *paths_steps(paths_maker *maker);
/* A value to compare with. */
const char *paths_operand(paths_maker *maker);
/* {"where": …, "order": …, "fields": ["id"]} over Doc. */
const char *paths_filter(paths_maker *maker);
/* A filter over Parent with limited lists of docs and bares. */
const char *paths_nested(paths_maker *maker);

#endif
