/* compare: an expected JSON value against the one that came. For tests. */
#ifndef COMPARE_H
#define COMPARE_H

#include "base/base.h"

enum {
    COMPARE_PLACE_MAX = 256,
    COMPARE_UNORDERED_MAX = 20000 /* elements of an array that is compared as a multiset */
};

/* Expected values were printed by JavaScript. So "<any>" stands for any value that is there,
   objects compare without the order of keys, and numbers by value:
   - equal as exact decimals: 1.0 and 1, 1e21 and 1000000000000000000000;
   - or equal as doubles, where the expected text is what a printer of doubles writes and is no
     integer of 64 bits: JavaScript has lost the digits that the other side still shows. Integers
     of 64 bits are always exact. */
typedef struct compare {
    arena *memory;         /* scratch */
    const json *unordered; /* the paths whose array is a multiset, a list of strings; NULL: none.
                              Paths are names joined by ".", elements of arrays take no step */
    char place[COMPARE_PLACE_MAX]; /* where the first difference is: "data[2].title" */
    const char *difference;        /* what it is */
} compare;

/* Whether got is what expected asks for. Where it is not, place and difference tell. */
bool compare_values(compare *rules, const json *expected, const json *got);
/* The rule for numbers alone. */
bool compare_numbers(arena *memory, const json *expected, const json *got);

#endif
