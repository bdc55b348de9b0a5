/* plain: nested reads as plain loops over a data file, and the comparison of whole results, both
   by jansson alone. What the library answers is compared with it. For tests. */
#ifndef PLAIN_H
#define PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A row of the data file. */
typedef struct json_t plain_row;

/* NULL: the property is null. */
const char *plain_text(const plain_row *row, const char *name);
/* 0 where the property is null. */
int64_t plain_integer(const plain_row *row, const char *name);
bool plain_is_null(const plain_row *row, const char *name);

#define PLAIN_NO_LIMIT SIZE_MAX

/* One level of a nested read. */
typedef struct plain_level {
    const char *model;
    const char *relation;               /* the property in the parent; NULL: the root */
    bool is_one;                        /* at most one row, not a list */
    const char *ours;                   /* key of the parent */
    const char *theirs;                 /* key of this level */
    bool (*keep)(const plain_row *row); /* NULL: all */
    int (*order)(const plain_row *a, const plain_row *b); /* total; NULL: as in the file */
    size_t skip;
    size_t limit;
    const char *const *fields; /* ends with NULL; NULL: all columns */
    const struct plain_level *children;
    size_t children_count;
} plain_level;

/* The result as compact JSON text; plain_free frees it. Ends the test where data or models (their
   texts) cannot be read. */
char *plain_read(const char *models, const char *data, const plain_level *root);
void plain_free(char *result);

/* Ends the test at the first difference and tells its place. */
void plain_assert_equal(const char *expected, const char *got);
/* The number of elements of a JSON array. */
size_t plain_count(const char *list);

#endif
