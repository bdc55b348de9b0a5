/* filter: filter JSON to a checked tree, its shape, and the values apart from it. */
#ifndef FILTER_H
#define FILTER_H

#include "ignis/filter.h"
#include "model/model.h"

/* ---- operators.c ------------------------------------------------------------------------------ */

typedef enum filter_operator {
    FILTER_EQ = 1,
    FILTER_NE,
    FILTER_GT,
    FILTER_GTE,
    FILTER_LT,
    FILTER_LTE,
    FILTER_IN,
    FILTER_NIN,
    FILTER_BETWEEN,
    FILTER_NOT_BETWEEN,
    FILTER_LIKE, /* from here to FILTER_IREGEXP: of texts */
    FILTER_NLIKE,
    FILTER_ILIKE,
    FILTER_NILIKE,
    FILTER_STARTS_WITH,
    FILTER_ENDS_WITH,
    FILTER_REGEXP,
    FILTER_IREGEXP,
    FILTER_IS_NULL,
    FILTER_IS_NOT_NULL,
    FILTER_PRESENT, /* exists: of a column, IS NOT NULL */
    FILTER_ABSENT,  /* notExists: of a column, IS NULL */
    FILTER_CONTAINS,
    FILTER_CONTAINED_BY,
    FILTER_OVERLAPS,
    FILTER_GIVEN, /* the operand is not null */
    FILTER_NEVER, /* false for every value, unknown for NULL */
    FILTER_ALWAYS /* true for every value, unknown for NULL */
} filter_operator;

/* like and its kin, startsWith, endsWith, regexp and iregexp: they need text. */
bool filter_operator_is_text(filter_operator op);
/* contains, containedBy and overlaps: they need a list. */
bool filter_operator_is_set(filter_operator op);

/* 0: no such operator. */
filter_operator filter_operator_read(const char *name, size_t size);
/* The canonical name: "eq" for "is". */
const char *filter_operator_name(filter_operator op);
const char *filter_operator_nearest(const char *name, size_t size);

/* ---- tree ----------------------------------------------------------------------------------------- */

typedef enum filter_source {
    FILTER_SLOT = 1, /* the caller's value: tree->values[slot] */
    FILTER_CONSTANT, /* a default filter's value */
    FILTER_CONTEXT   /* {"$context": name} of a default filter */
} filter_source;

/* How the context's value is read for a column. */
typedef enum filter_reading {
    FILTER_READ_VALUE,
    FILTER_READ_FORM,   /* null, or not among a list, where it has another form than the path */
    FILTER_READ_SCALARS /* a document that is a list of scalars */
} filter_reading;

typedef struct filter_operand {
    filter_source source;
    filter_reading reading;
    size_t slot;
    ignis_cell constant; /* a LIST for in and nin */
    const char *name;    /* of the context's value */
    bool is_wrapped;     /* the context's value, where it is a scalar, is a list of one */
    bool is_long;        /* a list of more than FILTER_LIST_SHORT elements */
} filter_operand;

typedef enum filter_kind {
    FILTER_AND = 1, /* of its children; none: true */
    FILTER_OR,      /* none: false */
    FILTER_NOT,     /* one child */
    FILTER_COMPARE,
    FILTER_TRUE,
    FILTER_FALSE,
    FILTER_UNKNOWN /* SQL's third value, for every row */
} filter_kind;

typedef struct filter_condition filter_condition;
struct filter_condition {
    filter_kind kind;
    filter_operator op;         /* compare */
    const model_column *column; /* compare */
    bool has_range;             /* like, startsWith with a prefix: operands 1 and 2 bound it */
    filter_operand operands[3]; /* compare: 0, 1, (between) 2 or (has_range) 3 of them */
    filter_condition *children;
    filter_condition *next; /* the next child of the same parent */
};

typedef enum filter_nulls {
    FILTER_NULLS_DEFAULT,
    FILTER_NULLS_FIRST,
    FILTER_NULLS_LAST
} filter_nulls;

typedef struct filter_order {
    const model_column *column;
    bool descending;
    filter_nulls nulls;
} filter_order;

/* One level of the result. */
typedef struct filter_node filter_node;
struct filter_node {
    const model_entity *entity;
    const model_relation *relation;        /* NULL: the root */
    const filter_condition *where;         /* the caller's; NULL: none */
    const filter_condition *default_where; /* NULL: none, or left out */
    const filter_condition *key;           /* findById: the id; NULL: none */
    const filter_order *order;
    size_t order_count;
    const bool *selected; /* by column index; hidden columns never, but on request */
    bool has_limit;
    bool has_skip;
    size_t limit_slot;
    size_t skip_slot;
    int64_t limit; /* the effective values, also in the slots */
    int64_t skip;
    filter_node *includes;
    filter_node *next; /* the next include of the same parent */
};

typedef enum filter_method {
    FILTER_FIND = 1,
    FILTER_FIND_ONE,
    FILTER_FIND_BY_ID,
    FILTER_COUNT,
    FILTER_EXISTS,
    FILTER_WRITE,      /* rows to change, by where */
    FILTER_WRITE_BY_ID /* the row to change, by id */
} filter_method;

/* Locks on the root's rows: https://www.postgresql.org/docs/15/explicit-locking.html#LOCKING-ROWS */
typedef enum filter_strength {
    FILTER_LOCK_NONE = 0,
    FILTER_LOCK_UPDATE,
    FILTER_LOCK_NO_KEY_UPDATE,
    FILTER_LOCK_SHARE,
    FILTER_LOCK_KEY_SHARE
} filter_strength;

/* What becomes of rows that another transaction has locked. */
typedef enum filter_wait {
    FILTER_WAIT = 0,
    FILTER_WAIT_NOT,     /* an error */
    FILTER_WAIT_SKIPPING /* they are left out */
} filter_wait;

typedef struct filter_lock {
    filter_strength strength;
    filter_wait wait;
} filter_lock;

/* A whole filter: tree, values and shape. Two filters of equal shape have the same plan. */
typedef struct filter_tree {
    filter_method method;
    const filter_node *root;
    ignis_cell *values;
    size_t values_count;
    const size_t *patterns; /* slots of the regular expressions, in the order they were read */
    size_t patterns_count;
    text shape;
    size_t nodes_count;
    int64_t rows_max; /* of the whole result; 0: no bound */
    bool with_range;
    bool limits_in_shape;
    bool in_one_statement;
    filter_lock lock;
    bool is_wide; /* run/ asks for a sequential plan */
} filter_tree;

/* Limits and skips up to this are written as literals where they are part of the shape. */
enum { FILTER_LITERAL_MAX = 1000 };

/* Lists up to this length are looked up element by element in an index, or compared one by one. */
enum { FILTER_LIST_SHORT = 32 };

/* What a read is asked for. Absent or null parts are NULL. */
typedef struct filter_request {
    filter_method method;
    const model_entity *entity;
    const ignis_policy *policy;
    const json *filter; /* find, findOne, findById */
    const json *where;  /* count, exists, write */
    const json *id;     /* findById, write by id */
    bool should_skip_default_filter;
    bool with_range;
    bool with_hidden;
    bool limits_in_shape;  /* the engine plans by them (PostgreSQL) */
    bool in_one_statement; /* part of the shape too */
    filter_lock lock;      /* likewise */
} filter_request;

/* read.c: the filter belongs to memory. IGNIS_E_INVALID and IGNIS_E_LIMIT name the place as a path. */
ignis_code filter_read(ignis_context *ctx, arena *memory, const filter_request *request,
                       filter_tree *result);
/* The engine refused tree->patterns[index] of this request: gives the error that ctx has its place. */
ignis_code filter_pattern_refuse(ignis_context *ctx, const filter_request *request, size_t index);

/* restrict.c: whether a condition can leave out a row: not where it is true without looking at one. NULL
   leaves out none. */
bool filter_restricts(const filter_condition *where);

/* defaults.c: checks every default filter of a registry, resolves it once and refuses include cycles
   among them. Called before the registry is shared. */
ignis_code filter_defaults_build(ignis_context *ctx, const model_registry *registry);
/* The same for a variant of one of its entities; what is resolved is in memory. */
ignis_code filter_default_build(ignis_context *ctx, arena *memory, model_entity *variant);

/* native.c: a filter of a C program as JSON, in memory; texts stay the caller's. */
ignis_code filter_native_read(ignis_context *ctx, arena *memory, const model_entity *entity,
                              const ignis_filter *filter, const json **made);
/* The elements of a list before the one whose pointer at end_offset is NULL. */
size_t filter_native_count(const void *items, size_t item_size, size_t end_offset);
/* The options of a filter, which may be NULL. */
ignis_options filter_native_options(const ignis_filter *filter);
/* document.c: whether a value has the form in which a path is compared; of any other column it has. */
bool filter_form_fits(const model_column *column, const json *value);
/* A scalar or a list of scalars as a document, which is a list. IGNIS_E_INVALID: another element. */
ignis_code filter_scalars_read(ignis_context *ctx, arena *memory, const json *value,
                               ignis_cell *cell);

/* path.c: the size of the step of a JSON path that begins at rest, an identifier or digits; 0: neither. */
size_t filter_step_size(const char *rest, size_t size);

/* ---- within the folder -------------------------------------------------------------------------- */

/* The state of one reading. */
typedef struct filter_reader {
    ignis_context *ctx;
    arena *memory;
    const ignis_policy *policy;
    filter_tree *tree;
    bool is_default; /* reading a default filter: values are constants, $context is allowed */
    bool with_hidden;
    size_t values_capacity;
    size_t conditions_count;
    size_t *patterns; /* tree->patterns */
    size_t patterns_capacity;
    size_t refused_count;   /* reading ends at this pattern, counted from 1; 0: at none */
    const char *refused_by; /* with this message */
} filter_reader;

/* A default filter, resolved: what serves where the caller gives nothing. */
typedef struct filter_default {
    const filter_condition *where; /* NULL: none */
    const filter_order *order;
    size_t order_count;
    const bool *selected; /* NULL: all */
    bool has_limit;
    bool has_skip;
    int64_t limit;
    int64_t skip;
    const json *include; /* NULL: none; read again, by then known to be right */
} filter_default;

const filter_default *filter_default_of(const model_entity *entity);

/* The parts of a filter object; absent and null ones are NULL. */
typedef struct filter_parts {
    const json *where;
    const json *fields;
    const json *order;
    const json *limit;
    const json *skip;
    const json *offset;
    const json *include;
} filter_parts;

/* read.c */
ignis_code filter_parts_read(filter_reader *reader, const json *value, filter_parts *parts);
/* where.c: conditions of an object into *where (NULL: none). */
ignis_code filter_where_read(filter_reader *reader, const model_entity *entity, const json *value,
                             filter_condition **where);
/* findById: the condition on the primary key. */
ignis_code filter_id_read(filter_reader *reader, const model_entity *entity, const json *id,
                          filter_condition **key);
/* NULL: no memory, which ctx's error says. */
filter_condition *filter_condition_make(filter_reader *reader, filter_kind kind);
/* value.c: the operands of one operator; may turn the condition into another kind. */
ignis_code filter_compare_read(filter_reader *reader, filter_condition *condition,
                               const json *value);
/* The same once the column is known to take the operator. */
ignis_code filter_operands_read(filter_reader *reader, filter_condition *condition,
                                const json *value);
/* {"$context": "name"}, in default filters only. NULL: another value. */
const char *filter_context_name(const filter_reader *reader, const json *value);
ignis_code filter_operand_context(filter_reader *reader, filter_operand *operand, const char *name);
/* Puts a value where its source says. */
ignis_code filter_operand_set(filter_reader *reader, filter_operand *operand,
                              const ignis_cell *cell);
/* IGNIS_E_INVALID: no list of two. */
ignis_code filter_between_check(filter_reader *reader, const filter_condition *condition,
                                const json *value);
/* pattern.c: the bounds between which every text lies that begins with the pattern's literal prefix,
   so that an index can serve like; has_range stays false where there is no prefix. */
ignis_code filter_pattern_range(filter_reader *reader, filter_condition *condition,
                                const ignis_cell *pattern);
/* pattern.c: the same for all that begins with a text. */
ignis_code filter_prefix_range(filter_reader *reader, filter_condition *condition,
                               const ignis_cell *prefix);
/* pattern.c: notes the slot of a regular expression, which the engine is to check. */
ignis_code filter_pattern_note(filter_reader *reader, size_t slot);
/* order.c */
ignis_code filter_order_read(filter_reader *reader, const model_entity *entity, const json *value,
                             const filter_order **order, size_t *order_count);
/* fields.c: the chosen columns, hidden ones among them; NULL where all are meant. */
ignis_code filter_fields_read(filter_reader *reader, const model_entity *entity, const json *value,
                              const bool **selected);
/* include.c: node holds the effective include. depth counts levels below the root. */
ignis_code filter_include_read(filter_reader *reader, filter_node *node, const json *value,
                               uint32_t depth);
/* read.c: one level. skip_default leaves the default filter out. */
ignis_code filter_node_read(filter_reader *reader, filter_node *node, const json *value,
                            bool skip_default, uint32_t depth);
/* A limit or skip: an integer 0 ... 2^63 - 1, also as decimal text. */
ignis_code filter_count_read(filter_reader *reader, const json *value, const char *name,
                             int64_t *count);
/* path.c: the column of a property that a filter names; hidden ones only for trusted filters. A
   document column and a JSON path on one are a column that is made for it, of type jsonb. */
ignis_code filter_column_read(filter_reader *reader, const model_entity *entity, const char *name,
                              size_t size, const model_column **column);
/* Whether it is the path of a document as a whole. */
bool filter_place_is_whole(const model_column *place);
/* The same path in another form. */
ignis_code filter_place_as(filter_reader *reader, const model_column *place, ignis_type type,
                           const model_column **as);
/* document.c: whether a column is a path below a document whose form is still to be chosen. */
bool filter_column_is_path(const model_column *column);
/* The same as filter_compare_read, for such a column. */
ignis_code filter_path_compare_read(filter_reader *reader, filter_condition *condition,
                                    const json *value);
/* IGNIS_E_LIMIT: a list of more elements than the policy allows. */
ignis_code filter_list_check(filter_reader *reader, size_t count);
/* A slot for a value of the caller. */
ignis_code filter_slot_add(filter_reader *reader, const ignis_cell *value, size_t *slot);
/* What the policy says on a model; NULL: nothing. */
const ignis_model_policy *filter_policy_of(const ignis_policy *policy, const model_entity *entity);

/* shape.c: writes the shape of what was read. false: no memory. */
bool filter_shape_write(filter_tree *tree, bool with_hidden);

#endif
