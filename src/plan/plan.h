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
    PLAN_SCAN_LIMITED, /* the same, numbered within each key */
    /* Levels that find their parents themselves, so that all can be asked at once: */
    PLAN_KNOWN,  /* the root's filter says the key */
    PLAN_ANY,    /* fk = any(array(the parents' keys)): one column with an index */
    PLAN_IN,     /* (fk, ...) in (the parents' keys) */
    PLAN_LATERAL /* a limited run of rows for each of the parents' keys */
} plan_access;

typedef enum plan_strategy {
    PLAN_SEQUENTIAL, /* a level after the other, with the keys of the level before */
    PLAN_PIPELINE,   /* all levels at once, a statement for each */
    PLAN_TAGGED      /* all levels in one statement, each row with the number of its level: one
                        snapshot within a READ COMMITTED transaction of the caller's */
} plan_strategy;

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
    size_t index;                   /* within the plan, level by level */
    size_t depth;                   /* 0: the root */
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
    size_t parent_index;          /* not for the root */
    size_t parent_keys;           /* which of the parent's keys leads here */
    const size_t *link;           /* positions of relation->references within columns */
    const filter_operand **known; /* PLAN_KNOWN: the key's values; only until the statements are
                                     written */
    plan_node *children;          /* in the order of the include */
    plan_node *next;
};

typedef struct plan_read {
    filter_method method;
    plan_strategy strategy;
    bool with_range;
    filter_lock lock;  /* on the root's rows: the levels below are read after it is held */
    plan_node **nodes; /* level by level, in the order of the includes */
    size_t nodes_count;
} plan_read;

/* ---- writes: rows to change or to delete ----------------------------------------------------- */

typedef enum plan_change_kind {
    PLAN_SET = 1,     /* the column becomes the value */
    PLAN_ADD,         /* the value is added; NULL counts as 0 */
    PLAN_PATH_SET,    /* the value is put into the document, at the path */
    PLAN_PATH_APPEND, /* the value becomes the last element of the list at the path */
    PLAN_PATH_REMOVE  /* what is at the path leaves the document; nothing where nothing is */
} plan_change_kind;

/* A path into a document has as many components at most. */
enum { PLAN_PATH_MAX = 64 };

/* One step of an update. Steps of one column follow each other in the order in which they apply;
   PLAN_SET and PLAN_ADD are the only ones of theirs. */
typedef struct plan_change {
    plan_change_kind kind;
    const model_column *column;
    size_t slot;      /* of the value */
    size_t path_slot; /* of the path: a list of texts */
    const char
        *path_kinds; /* a letter for each component, what is made for it where nothing is: 'o',
                               an object; 'a', an array; capitals for an index beyond 2^31 - 1 */
} plan_change;

/* What an insert does where a row with the same key is there. */
typedef struct plan_upsert {
    const model_keys *conflict; /* a primary key or unique */
    const bool *updated;        /* by column: becomes the row's value */
    const plan_change *changes; /* what is made besides: PLAN_SET, PLAN_ADD */
    size_t changes_count;
    size_t slot_first; /* of the changes */
    const filter_condition
        *where; /* rows outside stay as they are, and none comes back; NULL: none */
} plan_upsert;

typedef struct plan_write {
    const model_entity *entity;
    const filter_node *filter;
    const plan_change *changes; /* count 0: the rows are deleted */
    size_t changes_count;
    const model_column *expected; /* must still have the value of a slot; NULL: none */
    size_t expected_slot;
    const bool *returning;         /* by column; NULL: nothing */
    const filter_condition *check; /* a last column tells whether the row meets it; NULL: none */
} plan_write;

/* read.c */
ignis_code plan_read_build(ignis_context *ctx, arena *memory, const filter_tree *tree,
                           plan_read **result);

/* strategy.c: makes a plan one whose levels find their parents themselves, where their rows can be
   looked up again; else it stays sequential. */
ignis_code plan_pipeline(ignis_context *ctx, arena *memory, plan_read *plan);
/* Whether PostgreSQL finds the rows best by an array of the parents' keys: it looks each up in the index,
   and takes the array for ten keys. Right for the few children of a key; wrong without an index, where
   it compares each row with each key, and for a one relation, where many parents point into a small
   table (bench, W6: 2.0 times the floor by ANY, 1.3 by IN, which hashes). */
bool plan_keys_are_array(const plan_node *node);
/* "any-array": for explanations. */
const char *plan_access_name(plan_access access);
const char *plan_access_reason(plan_access access);

#endif
