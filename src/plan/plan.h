/* plan: what to read, level by level: columns, keys between levels, order, access. Pure. */
#ifndef PLAN_H
#define PLAN_H

#include "filter/filter.h"

/* How a level's rows are found. */
typedef enum plan_access {
    PLAN_ROOT = 1,     /* by the filter alone */
    PLAN_KEYS,         /* for each key of the parents, through an index */
    PLAN_KEYS_LIMITED, /* the same, a limited run of rows for each key */
    PLAN_SCAN,         /* one pass that keeps the rows of the parents' keys: no index is declared */
    PLAN_SCAN_LIMITED  /* the same, numbered within each key */
} plan_access;

/* Columns of a level whose values lead to its children. */
typedef struct plan_keys {
    const size_t *positions; /* within the level's columns */
    size_t width;
} plan_keys;

typedef struct plan_node plan_node;
struct plan_node {
    const model_entity *entity;
    const model_relation *relation; /* NULL: the root */
    const filter_node *filter;      /* only until the statements are written */
    size_t index;                   /* within the plan, parents first */
    plan_access access;
    const model_column *const *columns; /* of the statement: the visible ones, then keys */
    size_t columns_count;
    size_t visible_count;
    const filter_order *order; /* complete: the primary key appended where it has to be */
    size_t order_count;
    bool has_limit;
    bool has_skip;
    size_t limit_slot;
    size_t skip_slot;
    plan_keys *keys; /* distinct key columns of the children */
    size_t keys_count;
    size_t parent_index; /* not for the root */
    size_t parent_keys;  /* which of the parent's keys leads here */
    const size_t *link;  /* positions of relation->references within columns */
    plan_node *children; /* in the order of the include */
    plan_node *next;
};

typedef struct plan_read {
    filter_method method;
    bool with_range;
    plan_node **nodes; /* parents before children */
    size_t nodes_count;
} plan_read;

/* read.c */
ignis_code plan_read_build(ignis_context *ctx, arena *memory, const filter_tree *tree,
                           plan_read **result);

#endif
