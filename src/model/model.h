/* model: models resolved and validated once, when a data source opens. */
#ifndef MODEL_H
#define MODEL_H

#include "base/base.h"
#include "ignis/driver.h"
#include "ignis/model.h"

typedef struct model_entity model_entity;

typedef struct model_column {
    const char *name; /* property */
    size_t name_size;
    const char *key; /* `"name":`, escaped, to be appended as it is */
    size_t key_size;
    const char *column; /* SQL name */
    ignis_value_type type;
    uint32_t index; /* within the entity */
    bool not_null;
    bool primary_key;
    bool hidden;
    bool has_scale;
    ignis_identity identity;
    int32_t length;
    int32_t precision;
    int32_t scale;
    const json *default_literal; /* NULL: none */
    const char *default_sql;     /* NULL: none */
    ignis_generator default_fn;
    ignis_generator on_update;
    size_t offset;
    size_t count_offset;
    uint32_t kind;
} model_column;

typedef struct model_keys {
    const model_column *const *items;
    size_t count;
} model_keys;

typedef struct model_constraint {
    ignis_constraint_kind kind;
    const char *name; /* never NULL; made as PostgreSQL makes it: Table_column_key, _fkey, _idx */
    model_keys columns;
    const model_entity *target; /* foreign key */
    model_keys references;
    ignis_action on_delete;
    ignis_action on_update;
    ignis_deferrable deferrable;
    const char *check_sql;
} model_constraint;

typedef struct model_relation {
    const char *name;
    size_t name_size;
    const char *key; /* `"name":` */
    size_t key_size;
    ignis_relation_kind kind;
    uint32_t index; /* within the entity */
    const model_entity *source;
    const model_entity *target;
    model_keys fields;     /* ours */
    model_keys references; /* theirs, pairwise of one type family */
    bool is_unique;        /* references cover a key or unique of the target: at most one row */
    bool is_indexed;       /* a key, unique or index of the target leads with the references */
    size_t offset;
    size_t count_offset;
} model_relation;

struct model_entity {
    const char *name;
    size_t name_size;
    const char *table;
    const char *schema; /* NULL: none */
    ignis_model_type type;
    size_t row_size;
    uint32_t index; /* within the registry */
    model_column *columns;
    size_t columns_count;
    model_relation *relations;
    size_t relations_count;
    model_constraint *constraints; /* uniques, indexes, foreign keys, checks, in model order */
    size_t constraints_count;
    model_keys primary_key; /* count 0: none */
    size_t visible_count;   /* columns that are not hidden */
    map columns_by_name;    /* property -> model_column */
    map relations_by_name;
    map columns_by_sql;
    const json *default_filter_json; /* NULL: none */
    const void
        *default_filter; /* filter/ puts its tree here, once, before the registry is shared */
    int64_t limit_max;   /* 0: none */
    bool skip_migrate;
    bool check_writes;
};

typedef struct model_registry {
    arena *memory;
    model_entity *entities; /* in the order given */
    size_t entities_count;
    map by_name;
} model_registry;

/* registry.c: copies, resolves and validates; the result lives in memory and is immutable.
   IGNIS_E_INVALID: the message names model and member ("User.posts: ..."), the hint the nearest name. */
ignis_code model_registry_build(ignis_context *ctx, arena *memory, const ignis_model *const *models,
                                size_t models_count, model_registry **registry);
const model_entity *model_entity_get(const model_registry *registry, const char *name, size_t size);
const model_column *model_column_get(const model_entity *entity, const char *name, size_t size);
const model_relation *model_relation_get(const model_entity *entity, const char *name, size_t size);
/* Nearest names, for hints; NULL: none is near. Hidden columns are left out where is_public. */
const char *model_column_nearest(const model_entity *entity, const char *name, size_t size,
                                 bool is_public);
const char *model_relation_nearest(const model_entity *entity, const char *name, size_t size);
/* Whether two columns may be the two ends of a key: smallint, integer, bigint; text, varchar; else
   the same type; never arrays or documents. */
bool model_columns_related(const model_column *a, const model_column *b);

/* types.c */
/* "timestamptz", as in model JSON; IGNIS_TYPE_NONE: unknown. */
const char *model_type_name(ignis_type type);
ignis_type model_type_read(const char *name, size_t size);
/* "an integer", "text", "a list of integers": for messages. */
const char *model_type_expected(const ignis_value_type *type, char buffer[64]);

/* value.c: JSON values to cells, as PostgreSQL would read their text (design: behaviour, Values). */
typedef enum model_value_use {
    MODEL_VALUE_FILTER, /* compares: numeric unrounded, no length check */
    MODEL_VALUE_WRITE   /* stored: numeric rounded to scale, precision and length checked */
} model_value_use;

/* The value of a column: a scalar, or a list for an array column (cell LIST). null gives NULL.
   Cells: boolean, integers, times as IGNIS_CELL_INTEGER; real rounded to float; numeric, uuid, text,
   json (as document_write writes it) as TEXT; bytea as BYTES. Memory of the cell is memory or value.
   IGNIS_E_INVALID: `expected an integer, got "abc"`, path "" or "[2]" within a list; the offending
   text is never shown for a hidden column. */
ignis_code model_value_read(ignis_context *ctx, arena *memory, const model_column *column,
                            const json *value, model_value_use use, ignis_cell *cell);
/* The same for one element, even where the column is an array. */
ignis_code model_element_read(ignis_context *ctx, arena *memory, const model_column *column,
                              const json *value, model_value_use use, ignis_cell *cell);

/* json_read.c of this folder is model_json.c: ignis_models_from_json, ignis_model_to_json.
   enrichers.c expands {"enricher": ...} elements of "columns". */

#endif
