/* naive: what filters mean, by plain loops over rows in memory, without SQL and without the library:
   JSON values, values of columns, models and the answers of calls. For tests. */
#ifndef NAIVE_H
#define NAIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- memory and JSON (naive_json.c) ---- */

/* Blocks that are freed together. Running out of memory ends the program. */
typedef struct naive_memory {
    struct naive_block *blocks;
} naive_memory;

/* Zeroed. */
void *naive_alloc(naive_memory *memory, size_t size);
void naive_free(naive_memory *memory);
/* With a 0 after it. */
char *naive_bytes(naive_memory *memory, const char *text, size_t size);

typedef enum naive_kind {
    NAIVE_NULL,
    NAIVE_TEXT,
    NAIVE_NUMBER,
    NAIVE_BOOLEAN,
    NAIVE_LIST,
    NAIVE_OBJECT
} naive_kind;

/* How a number of an answer compares. */
typedef enum naive_exactness { NAIVE_EXACT, NAIVE_SINGLE, NAIVE_DOUBLE } naive_exactness;

typedef struct naive_json {
    naive_kind kind;
    bool truth;
    bool unordered; /* of an answer: a list without an order */
    naive_exactness exactness;
    const char *text; /* of a text, and of a number as it was written; ends with 0 */
    size_t size;
    struct naive_json **items; /* of a list and of an object */
    const char **names;        /* of an object */
    size_t count;
    size_t capacity;
} naive_json;

/* NULL: no JSON. Of the same name the last one stays, where the first one was. */
naive_json *naive_parse(naive_memory *memory, const char *text);
const char *naive_write(naive_memory *memory, const naive_json *json);
naive_json *naive_make(naive_memory *memory, naive_kind kind);
naive_json *naive_boolean(naive_memory *memory, bool truth);
naive_json *naive_integer(naive_memory *memory, int64_t integer);
naive_json *naive_number(naive_memory *memory, const char *text);
naive_json *naive_text(naive_memory *memory, const char *text);
naive_json *naive_text_sized(naive_memory *memory, const char *text, size_t size);
naive_json *naive_copy(naive_memory *memory, const naive_json *json);
void naive_add(naive_memory *memory, naive_json *list, naive_json *item);
void naive_set(naive_memory *memory, naive_json *object, const char *name, naive_json *item);
/* Takes an element of a list or a member of an object away. */
void naive_remove(naive_json *json, size_t index);
/* NULL: no such member, or no object. */
naive_json *naive_get(const naive_json *object, const char *name);
/* The same; a null is as if absent. */
naive_json *naive_given(const naive_json *object, const char *name);
/* Whether got is the answer that is expected: unordered lists are multisets, keys have no order. */
bool naive_equal(const naive_json *expected, const naive_json *got);
/* Of two texts by their bytes. */
int naive_bytes_compare(const char *a, size_t a_size, const char *b, size_t b_size);

/* ---- decimal numbers of any length (naive_decimal.c) ---- */

/* Numbers as JSON and numeric write them, with or without an exponent. */
int naive_decimal_compare(const char *a, const char *b);
bool naive_decimal_read(const char *text, size_t size);
/* Without exponent, with the digits after the point that were written. */
const char *naive_decimal_plain(naive_memory *memory, const char *text);
/* Without exponent and without zeros at the end of the fraction. */
const char *naive_decimal_short(naive_memory *memory, const char *text);
/* Rounds half away from zero to so many digits after the point. */
const char *naive_decimal_round(naive_memory *memory, const char *text, size_t scale);

/* ---- documents (naive_document.c) ---- */

/* The order of jsonb. */
int naive_document_compare(naive_memory *memory, const naive_json *a, const naive_json *b);
/* As jsonb prints it. */
const char *naive_document_print(naive_memory *memory, const naive_json *document);

/* ---- text patterns (naive_pattern.c) ---- */

bool naive_like(const char *text, const char *pattern, bool folded);
/* A small language: literals, ., \d, [abc], [^abc], (…|…), *, +, ?, ^, $. */
bool naive_regexp_read(const char *pattern);
bool naive_regexp(const char *text, const char *pattern, bool folded);

/* ---- models and values (naive_value.c, naive_time.c, naive_model.c) ---- */

typedef enum naive_type {
    NAIVE_TYPE_BOOLEAN,
    NAIVE_TYPE_SMALLINT,
    NAIVE_TYPE_INTEGER,
    NAIVE_TYPE_BIGINT,
    NAIVE_TYPE_REAL,
    NAIVE_TYPE_DOUBLE,
    NAIVE_TYPE_NUMERIC,
    NAIVE_TYPE_TEXT,
    NAIVE_TYPE_VARCHAR,
    NAIVE_TYPE_UUID,
    NAIVE_TYPE_BYTEA,
    NAIVE_TYPE_DATE,
    NAIVE_TYPE_TIMESTAMP,
    NAIVE_TYPE_TIMESTAMPTZ,
    NAIVE_TYPE_OTHER, /* macaddr */
    NAIVE_TYPE_JSON,
    NAIVE_TYPE_JSONB,
    NAIVE_TYPES_COUNT
} naive_type;

extern const char *const naive_type_names[NAIVE_TYPES_COUNT];

enum { NAIVE_COLUMNS_MAX = 32, NAIVE_RELATIONS_MAX = 8, NAIVE_MODELS_MAX = 6, NAIVE_KEY_MAX = 3 };

typedef struct naive_column {
    const char *name;
    naive_type type;
    bool is_array;
    bool is_key;
    bool is_hidden;
    bool not_null;
    bool has_scale; /* of numeric; without a scale it keeps what is written */
    size_t scale;
} naive_column;

typedef struct naive_value {
    bool is_null;
    int64_t integer; /* booleans, integers, days and microseconds since 1970-01-01 */
    double real;
    const char *text; /* texts, numeric, uuid; bytes */
    size_t size;
    const naive_json *document;
    const struct naive_value *items;
    size_t count;
} naive_value;

/* Days and microseconds that stand for -infinity and infinity. */
#define NAIVE_TIME_MIN (-INT64_C(1000000000000000000))
#define NAIVE_TIME_MAX INT64_C(1000000000000000000)

bool naive_time_read(naive_type type, const char *text, int64_t *out);
const char *naive_time_write(naive_memory *memory, naive_type type, int64_t time);

/* A value of a column from JSON; false: it is refused. Written values take the column's scale. */
bool naive_value_read(naive_memory *memory, const naive_column *column, const naive_json *json,
                      bool is_written, naive_value *out);
/* The text of a scalar; NULL: it has none, or is an infinite number. */
const naive_json *naive_scalar_text(naive_memory *memory, const naive_json *json);
/* Neither is NULL. */
int naive_value_compare(naive_memory *memory, const naive_column *column, const naive_value *a,
                        const naive_value *b);
/* As results have it. */
naive_json *naive_value_show(naive_memory *memory, const naive_column *column,
                             const naive_value *value);
/* The column as one of its elements. */
naive_column naive_element(const naive_column *column);

typedef struct naive_relation {
    const char *name;
    bool is_one;
    size_t model;
    size_t ours[NAIVE_KEY_MAX];
    size_t theirs[NAIVE_KEY_MAX];
    size_t keys_count;
} naive_relation;

typedef struct naive_row {
    naive_value values[NAIVE_COLUMNS_MAX];
} naive_row;

typedef struct naive_model {
    const char *name;
    naive_column columns[NAIVE_COLUMNS_MAX];
    size_t columns_count;
    naive_relation relations[NAIVE_RELATIONS_MAX];
    size_t relations_count;
    const naive_json *default_filter; /* NULL: none */
    int64_t limit_max;                /* -1: none */
    naive_row *rows;
    size_t rows_count;
} naive_model;

typedef struct naive_world {
    naive_model models[NAIVE_MODELS_MAX];
    size_t models_count;
} naive_world;

/* Models as docs/models.md writes them: of the keys those that the generator uses, many relations
   with keys or found from the only one that points back. false: something is not understood. */
bool naive_models_read(naive_memory *memory, const naive_json *models, naive_world *world);
/* Rows as ignis_load takes them. */
bool naive_rows_read(naive_memory *memory, const naive_json *rows, naive_world *world);
/* NULL: none of this name. */
const naive_model *naive_model_find(const naive_world *world, const char *name);
const naive_column *naive_column_find(const naive_model *model, const char *name, size_t size);
const naive_relation *naive_relation_find(const naive_model *model, const char *name);

/* The context's values: for each type a value by its name and a list by its name and "s". */
extern const char naive_context[];
/* A default filter's where with the context's values in it; NULL: one is missing. */
const naive_json *naive_context_fill(naive_memory *memory, const naive_json *where);

/* ---- filters (naive_where.c, naive_order.c, naive_filter.c, naive_read.c) ---- */

typedef enum naive_truth { NAIVE_NO, NAIVE_YES, NAIVE_UNKNOWN } naive_truth;

/* A column, or a path into a document. */
typedef struct naive_place {
    const naive_column *column;
    size_t index;
    const naive_json *path; /* a list of texts; NULL: the whole column */
} naive_place;

/* false: the model has no such place. */
bool naive_place_read(naive_memory *memory, const naive_model *model, const char *name, size_t size,
                      naive_place *place);
/* What is there: NULL where the column is NULL or the document has nothing. */
const naive_json *naive_place_document(const naive_place *place, const naive_row *row);

typedef struct naive_condition naive_condition;

/* Whether the keys of an object are operators; else it is a document. */
bool naive_operators_are(const naive_json *object);
/* NULL: an error. */
const naive_condition *naive_where_read(naive_memory *memory, const naive_model *model,
                                        const naive_json *where);
naive_truth naive_where_test(naive_memory *memory, const naive_condition *condition,
                             const naive_row *row);

typedef struct naive_order {
    naive_place place;
    bool is_descending;
    bool nulls_first;
} naive_order;

enum { NAIVE_ORDER_MAX = 16, NAIVE_CONDITIONS_MAX = 2 };

typedef struct naive_node {
    const naive_model *model;
    const naive_relation *relation;                     /* NULL: the root */
    const naive_condition *where[NAIVE_CONDITIONS_MAX]; /* the caller's and the default one */
    bool selected[NAIVE_COLUMNS_MAX];
    naive_order order[NAIVE_ORDER_MAX];
    size_t order_count;
    int64_t limit; /* -1: none */
    int64_t skip;  /* -1: none */
    struct naive_node *children[NAIVE_RELATIONS_MAX];
    size_t children_count;
} naive_node;

/* How far a filter is trusted. A bound of 0 is none. */
typedef struct naive_policy {
    const char *name; /* "trusted", "public", or another one */
    bool is_public;
    bool allows_regexp;
    size_t include_depth_max;
    size_t includes_max;
    size_t where_depth_max;
    size_t conditions_max;
    size_t list_max;
    int64_t limit_max;
} naive_policy;

extern const naive_policy naive_trusted;
extern const naive_policy naive_public;

/* Options of a call. */
typedef struct naive_options {
    bool skips_default;
    bool with_range;
    bool with_hidden;
    const naive_policy *policy;
    bool only_counts; /* count, exists */
} naive_options;

/* NULL: an error. */
naive_node *naive_filter_read(naive_memory *memory, const naive_world *world,
                              const naive_model *model, const naive_json *filter,
                              const naive_options *options);
/* Whether a policy lets a caller's filter pass, which else is right (naive_policy.c). */
bool naive_policy_allows(const naive_world *world, const naive_model *model,
                         const naive_json *filter, const naive_options *options);
/* false: an error. */
bool naive_order_read(naive_memory *memory, naive_node *node, const naive_json *order);
/* By the order, then the key. */
int naive_order_compare(naive_memory *memory, const naive_node *node, const naive_row *a,
                        const naive_row *b);

typedef struct naive_answer {
    const naive_json *json; /* NULL: an error */
    bool is_loose;          /* which rows come is not determined */
} naive_answer;

/* What a call answers: find, findOne, findById, count, existsWith. */
naive_answer naive_call(naive_memory *memory, const naive_world *world, const naive_policy *policy,
                        const char *model, const char *method, const naive_json *arguments);

#endif
