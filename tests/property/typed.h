/* typed: a model with a column of every type and a list of each, and seeded random rows for it: as
   they are given, and as they have to be shown. For tests. */
#ifndef TYPED_H
#define TYPED_H

#include "base/base.h"

/* One value as JSON text, in both forms. */
typedef struct typed_pair {
    const char *given;
    const char *shown;
} typed_pair;

typedef struct typed_maker {
    uint64_t seed; /* not 0 */
    arena *memory;
    text *given;
    text *shown;
} typed_maker;

/* A column and its list: the names are NAME and NAMEList. oracle is what PostgreSQL itself makes of
   the value e as JSON text. It is NULL for floats, which the server prints with a digit too many where
   the shortest text lies half way to the next float; it reads our text as sql instead. */
typedef struct typed_kind {
    const char *name;
    const char *type; /* members of a column in model JSON */
    const char *oracle;
    const char *sql; /* a float's type */
    void (*make)(typed_maker *maker);
} typed_kind;

extern const typed_kind typed_kinds[];
extern const size_t typed_kinds_count;

/* The edges of a kind that there is. */
const typed_pair *typed_edges(const char *name, size_t *count);

/* Writes a value of row id, or null. */
void typed_value(typed_maker *maker, const typed_kind *kind, int64_t id);
/* Writes row id, from 1: the first ones go through the edges. */
void typed_row(typed_maker *maker, int64_t id);
/* The model "Typed", with the key id. */
void typed_model(text *out);

#endif
