/* trees: random include trees over fixed models, and their meaning by plain loops over rows in
   memory, without SQL and without the library. For tests. */
#ifndef TREES_H
#define TREES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TREES_MODELS_COUNT = 8,
    TREES_COLUMNS_MAX = 8,
    TREES_RELATIONS_MAX = 8,
    TREES_KEY_MAX = 2,
    TREES_ROWS_MAX = 1000,
    TREES_OPERANDS_MAX = 4,
    TREES_CHILDREN_MAX = 3, /* of a level, and of a condition */
    TREES_ORDER_MAX = 4,
    TREES_NODES_MAX = 12,
    TREES_CONDITIONS_MAX = 32 * TREES_NODES_MAX
};

/* ---- random numbers ---- */

typedef struct trees_random {
    uint64_t state;
} trees_random;

/* 0 … count − 1. */
size_t trees_below(trees_random *random, size_t count);
bool trees_chance(trees_random *random, size_t percent);

/* ---- models and rows (trees_data.c) ---- */

typedef enum trees_type {
    TREES_INTEGER,
    TREES_TEXT,
    TREES_BOOLEAN, /* 0, 1 */
    TREES_NUMERIC, /* hundredths */
    TREES_DATE     /* days of 2024 */
} trees_type;

typedef struct trees_value {
    bool is_null;
    int64_t number;
    const char *text; /* TREES_TEXT */
} trees_value;

/* Values are first … first + count − 1; texts are the first count words. */
typedef struct trees_column {
    const char *name;
    trees_type type;
    int first;
    size_t count;
    size_t null_percent;
} trees_column;

typedef struct trees_relation {
    const char *name;
    const char *model;
    bool is_one;
    const char *ours[TREES_KEY_MAX];
    const char *theirs[TREES_KEY_MAX];
} trees_relation;

typedef struct trees_model {
    const char *name;
    size_t rows_count;
    size_t key_count; /* the first columns; 0: no primary key, rows may be the same */
    trees_column columns[TREES_COLUMNS_MAX];
    trees_relation relations[TREES_RELATIONS_MAX];
    const char *indexes[TREES_KEY_MAX];
    int64_t limit_max;    /* 0: none */
    const char *unlike;   /* the default filter: this column is not … */
    int64_t unlike_value; /* … this value; NULL: none */
} trees_model;

extern const trees_model trees_models[TREES_MODELS_COUNT];

const trees_model *trees_model_find(const char *name);
size_t trees_columns_count(const trees_model *model);
size_t trees_relations_count(const trees_model *model);
size_t trees_column_index(const trees_model *model, const char *name);

typedef struct trees_row {
    trees_value values[TREES_COLUMNS_MAX];
} trees_row;

typedef struct trees_table {
    trees_row rows[TREES_ROWS_MAX];
    size_t count;
} trees_table;

/* Tables in the order of the models. */
typedef struct trees_data {
    trees_table tables[TREES_MODELS_COUNT];
} trees_data;

trees_value trees_value_draw(trees_random *random, const trees_column *column);
/* As results and filters have it. The caller owns it. */
json_t *trees_value_json(const trees_column *column, const trees_value *value);
/* Rows in an order of their own, with ties, NULLs and keys that lead nowhere. */
void trees_data_draw(trees_data *data, uint64_t seed);
/* For ignis_load, and for ignis_models_from_json. The caller frees them. */
char *trees_data_text(const trees_data *data);
char *trees_models_text(void);

/* ---- trees (trees_draw.c) ---- */

typedef enum trees_kind {
    TREES_AND,
    TREES_OR,
    TREES_NOT,
    TREES_EQ,
    TREES_NE,
    TREES_IN,
    TREES_NIN,
    TREES_GT,
    TREES_GTE,
    TREES_LT,
    TREES_LTE,
    TREES_BETWEEN,
    TREES_NOT_BETWEEN,
    TREES_LIKE,
    TREES_NLIKE,
    TREES_ILIKE,
    TREES_NILIKE
} trees_kind;

typedef struct trees_condition {
    trees_kind kind;
    bool is_short; /* written in the shorter of two forms */
    size_t column;
    trees_value operands[TREES_OPERANDS_MAX];
    size_t operands_count;
    struct trees_condition *children[TREES_CHILDREN_MAX];
    size_t children_count;
} trees_condition;

typedef enum trees_nulls { TREES_NULLS_DEFAULT, TREES_NULLS_FIRST, TREES_NULLS_LAST } trees_nulls;

typedef struct trees_order {
    size_t column;
    bool is_descending;
    trees_nulls nulls;
} trees_order;

typedef enum trees_fields {
    TREES_FIELDS_ALL,
    TREES_FIELDS_LIST,
    TREES_FIELDS_TRUE,
    TREES_FIELDS_FALSE
} trees_fields;

/* One level. limit and skip: −1: none. */
typedef struct trees_node {
    const trees_model *model;
    const trees_relation *relation; /* NULL: the root */
    bool skips_default;
    trees_condition *where; /* NULL: none */
    trees_fields fields;
    bool selected[TREES_COLUMNS_MAX];
    trees_order order[TREES_COLUMNS_MAX + TREES_ORDER_MAX];
    size_t order_count;
    int64_t limit;
    int64_t skip;
    struct trees_node *children[TREES_CHILDREN_MAX];
    size_t children_count;
} trees_node;

typedef struct trees_tree {
    trees_node nodes[TREES_NODES_MAX]; /* the root first */
    size_t nodes_count;
    trees_condition conditions[TREES_CONDITIONS_MAX];
    size_t conditions_count;
} trees_tree;

/* A tree whose answer is determined but for the order of levels that have none. */
void trees_draw(trees_tree *tree, trees_random *random);
/* Other values, lists and patterns in the same tree. */
void trees_redraw_values(trees_tree *tree, trees_random *random);
/* The filter of a level and those below. The caller owns it. */
json_t *trees_filter_json(const trees_node *node);

/* ---- meaning (trees_plain.c) ---- */

/* The limit that holds, by filter or model; −1: none. */
int64_t trees_limit(const trees_node *node);
/* Whether a limit or a skip chooses among the level's rows. */
bool trees_is_cut(const trees_node *node);
/* Whether the order of the level's rows is determined. */
bool trees_is_ordered(const trees_node *node);
/* The rows of a tree; NULL: more than rows_max on all levels together. The caller owns it. */
json_t *trees_read(const trees_data *data, const trees_tree *tree, size_t rows_max);
/* Sorts the levels of a result that have no order, so that results compare as multisets there. */
void trees_normalise(json_t *rows, const trees_node *node);

#endif
