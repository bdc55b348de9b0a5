/* model: models resolved and validated once, when a data source opens. */
#ifndef MODEL_H
#define MODEL_H

#include "base/base.h"
#include "ignis/driver.h"
#include "ignis/model.h"

typedef struct model_entity model_entity;

typedef struct model_column model_column;
struct model_column {
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
    ignis_generate generate;        /* NULL: as default_fn says */
    ignis_generate generate_update; /* NULL: as on_update says */
    void *generate_data;
    ignis_names values; /* no others are taken; count 0: any */
    const char *member; /* of the C struct; NULL for models from JSON, and the four below 0 */
    size_t offset;
    size_t count_offset;
    ignis_kind kind;
    /* Of what lies at a JSON path of a document column, which filter/ makes for the place that names
       it; else NULL. The type is the form it is compared in: text, numeric or jsonb. */
    const model_column *base; /* the document column */
    const char *path;         /* the steps as a text[]: "{user,0}"; "{}": the whole document */
};

typedef struct model_keys {
    const model_column *const *items;
    size_t count;
} model_keys;

typedef struct model_constraint {
    ignis_constraint_kind kind;
    const char *name;   /* never NULL; made as PostgreSQL makes it: Table_column_key, _fkey, _idx */
    model_keys columns; /* check: those that its SQL names, as far as can be told */
    const model_entity *target; /* foreign key */
    model_keys references;
    ignis_action on_delete;
    ignis_action on_update;
    ignis_deferrable deferrable;
    const char *check_sql;
} model_constraint;

static inline bool model_constraint_is_unique(const model_constraint *constraint)
{
    return constraint->kind == IGNIS_CONSTRAINT_UNIQUE ||
           constraint->kind == IGNIS_CONSTRAINT_UNIQUE_INDEX;
}

typedef struct model_relation model_relation;
struct model_relation {
    const char *name;
    size_t name_size;
    const char *key; /* `"name":` */
    size_t key_size;
    ignis_relation_kind kind;
    uint32_t index; /* within the entity */
    const model_entity *source;
    const model_entity *target;
    model_keys fields;             /* ours */
    model_keys references;         /* theirs, pairwise of one type family */
    const model_relation *inverse; /* of the target, over the same key the other way; NULL: none */
    bool is_unique;     /* references cover a key or unique of the target: at most one row */
    bool is_indexed;    /* a key, unique or index of the target leads with the references */
    const char *member; /* of the C struct; NULL for models from JSON */
    size_t offset;
    size_t count_offset;
};

struct model_entity {
    const char *name;
    size_t name_size;
    const char *table;
    const char *schema; /* NULL: none */
    ignis_model_type type;
    const ignis_model *origin; /* to be compared only: it may be gone */
    const model_entity *base;  /* itself; of a variant the entity that it varies */
    size_t row_size;           /* of the C struct; 0 for models from JSON */
    uint32_t index; /* within the registry; no variant has the number of another entity */
    model_column *columns;
    size_t columns_count;
    model_relation *relations;
    size_t relations_count;
    model_constraint *constraints; /* uniques, indexes, foreign keys, checks, in model order */
    size_t constraints_count;
    model_keys primary_key; /* count 0: none */
    map columns_by_name;    /* property -> model_column */
    map relations_by_name;
    map columns_by_sql;
    map columns_by_member; /* C members */
    map relations_by_member;
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
/* The same where it has to be there. IGNIS_E_INVALID: it is not; the nearest name is the hint. */
ignis_code model_entity_find(ignis_context *ctx, const model_registry *registry, const char *name,
                             size_t size, const model_entity **entity);
const model_column *model_column_get(const model_entity *entity, const char *name, size_t size);
const model_relation *model_relation_get(const model_entity *entity, const char *name, size_t size);
/* Nearest names, for hints; NULL: none is near. Hidden columns are left out where is_public. */
const char *model_column_nearest(const model_entity *entity, const char *name, size_t size,
                                 bool is_public);
const char *model_relation_nearest(const model_entity *entity, const char *name, size_t size);
/* ---- variant.c: an entity as one repository sees it ------------------------------------------------ */

typedef struct model_variant {
    const bool *hidden;         /* by column index; NULL: as the model says */
    const json *default_filter; /* NULL: the model's */
    uint32_t index;
} model_variant;

/* A copy with columns of its own. Its relations lead to entities as they are registered, back to base
   too. Its default filter is still to be resolved. */
ignis_code model_variant_build(ignis_context *ctx, arena *memory, const model_entity *base,
                               const model_variant *wanted, model_entity **made);

/* description.c: an entity as a model again, in memory: in properties, every name and key filled in. Its
   texts are the registry's. */
ignis_code model_describe(ignis_context *ctx, arena *memory, const model_entity *entity,
                          const ignis_model **described);
/* The properties of a key. false: no memory. */
bool model_names_make(arena *memory, const model_keys *keys, ignis_names *names);

/* relations.c: whether pairs of columns (near, far) are the pairs (other_near, other_far), in any
   order. */
bool model_keys_pair(const model_keys *near, const model_keys *far, const model_keys *other_near,
                     const model_keys *other_far);
/* Whether the first columns of an index are the references, in any order. */
bool model_keys_lead(const model_keys *index, const model_keys *references);

/* Whether two columns may be the two ends of a key: smallint, integer, bigint; text, varchar; else
   the same type; never arrays or documents. */
bool model_columns_related(const model_column *a, const model_column *b);

/* constraints.c: whether a column is one of a key. */
bool model_keys_contain(const model_keys *keys, const model_column *column);

/* A foreign key to a view: no engine has such a constraint. The model alone knows of it. */
static inline bool model_constraint_is_unenforced(const model_constraint *constraint)
{
    return constraint->kind == IGNIS_CONSTRAINT_FOREIGN_KEY &&
           constraint->target->type == IGNIS_VIEW;
}

/* A json or jsonb column, no array of them. */
static inline bool model_column_is_document(const model_column *column)
{
    ignis_type type = column->type.type;
    return (type == IGNIS_TYPE_JSON || type == IGNIS_TYPE_JSONB) && !column->type.array;
}

/* types.c */
/* "timestamptz", as in model JSON; IGNIS_TYPE_NONE: unknown. */
const char *model_type_name(ignis_type type);
ignis_type model_type_read(const char *name, size_t size);
/* The type that elsewhere is called so ("int8", "Decimal(10, 2)"), else the nearest; NULL: none. */
const char *model_type_nearest(const char *name, size_t size);
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
/* The same for an array column where a scalar is a list of one, null too. */
ignis_code model_list_read(ignis_context *ctx, arena *memory, const model_column *column,
                           const json *value, model_value_use use, ignis_cell *cell);
/* The same for one element, even where the column is an array. */
ignis_code model_element_read(ignis_context *ctx, arena *memory, const model_column *column,
                              const json *value, model_value_use use, ignis_cell *cell);

/* ---- listed.c: columns that list their values ------------------------------------------------------ */

enum { MODEL_LISTED_SIZE = 640 };
/* Whether a text is a value of the column; all are where none are listed. */
bool model_listed_has(const model_column *column, const char *text_, size_t size);
/* For messages: `"a", "b" or "c"`, and the nearest value or NULL. */
const char *model_listed_expected(const model_column *column, char buffer[MODEL_LISTED_SIZE]);
const char *model_listed_nearest(const model_column *column, const char *text_, size_t size);

/* ---- native.c: C structs and values of C programs ------------------------------------------------- */

/* The size of a member of a kind. */
size_t model_kind_size(ignis_kind kind);
/* The type that a column of this kind has where none is said. */
ignis_type model_kind_type(ignis_kind kind);
/* Whether a member of this kind holds every value of a type; whether it can say NULL. */
bool model_kind_holds(ignis_kind kind, ignis_type type);
bool model_kind_is_nullable(ignis_kind kind);
/* A C value as JSON: text, bytes and items stay the caller's or are memory's. IGNIS_E_INVALID: a NULL
   pointer (unless can_be_null), text that is no UTF-8, or no document. */
ignis_code model_native_read(ignis_context *ctx, arena *memory, const ignis_value *value,
                             bool can_be_null, json *made);
/* Whether a member that a program names is of the model of these rows: IGNIS_E_INVALID. */
ignis_code model_native_owner(ignis_context *ctx, const model_entity *entity,
                              const ignis_model *model, const char *member);
/* The column of such a member. */
ignis_code model_native_column(ignis_context *ctx, const model_entity *entity,
                               const ignis_model *model, const char *member,
                               const model_column **column);
/* A property, with a path below it where path is not NULL: "metadata.user.id". */
ignis_code model_native_name(ignis_context *ctx, arena *memory, const model_column *column,
                             const char *path, const char **name);
/* The member of a column in a struct. */
ignis_value model_native_member(const model_column *column, const void *row);
/* The value as the column's cell, where that takes no reading: most do. It points where the value does.
   false: it is to be read, by model_native_read, or is no value of the column. */
bool model_native_cell(const model_column *column, const ignis_value *value, ignis_cell *cell);

/* ---- private to this folder: registration ---------------------------------------------------- */

enum {
    MODEL_KEY_MAX = 16,          /* columns of a key */
    MODEL_LIST_MAX = 1600,       /* columns, constraints or relations of a model */
    MODEL_NAME_MAX = 63,         /* bytes of a constraint's made name, as on PostgreSQL */
    MODEL_LENGTH_MAX = 10485760, /* varchar(n), as on PostgreSQL */
    MODEL_PRECISION_MAX = 1000
};

/* IGNIS_E_INVALID with `Model.member: …`; member NULL: `Model: …`. */
ignis_code model_refuse(ignis_context *ctx, const char *model, const char *member,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/* reach.c: models, each once. */
typedef struct model_list {
    const ignis_model **items;
    size_t count;
    size_t room;
} model_list;

/* Adds a model that is not in the list yet, and all that it leads to by relations and foreign keys of C
   models, those to theirs. A model that is wrong leads nowhere. */
ignis_code model_reach(ignis_context *ctx, arena *memory, const ignis_model *model,
                       model_list *list);

/* plain.c: a model with every list in elements of our own size and every name written out: table,
   properties, SQL names, names of targets; columns and hidden_properties agree on what is hidden.
   Shares the strings of the model, has its lists in memory. Refuses names that are missing,
   unprintable or not to be named in a filter. */
ignis_code model_plain(ignis_context *ctx, arena *memory, const ignis_model *model,
                       ignis_model *plain);
/* Makes hidden flags and hidden_properties agree: properties in column order. Refuses a name that is
   no column's. */
ignis_code model_plain_hide(ignis_context *ctx, arena *memory, ignis_column *columns,
                            ignis_model *plain);
/* What keys, constraints and hidden properties call a column: its member, else its property. */
static inline const char *model_plain_key(const ignis_column *column)
{
    return column->member ? column->member : column->name;
}
/* The name of a model, also of one that is not plain. */
const char *model_name_of(const ignis_model *model);
/* The column of a key of a plain model, or NULL. */
const ignis_column *model_plain_column(const ignis_model *plain, const char *key);

typedef struct model_build {
    ignis_context *ctx;
    arena *memory;  /* the registry's */
    arena *scratch; /* released when the registry is built */
    model_registry *registry;
    const ignis_model *plains; /* by index of the entity */
    map *keys;                 /* by index of the entity: model_plain_key -> model_column */
} model_build;

/* columns.c */
ignis_code model_columns_build(model_build *in, model_entity *entity);
/* `"name":` for JSON output. NULL: refused by memory. */
const char *model_key_text(arena *memory, const char *name, size_t *size);

/* constraints.c: what a key or constraint belongs to, for messages. */
typedef struct model_place {
    const model_entity *entity;
    const char *member;
} model_place;
/* The columns of owner that names name: 1 to 16, none twice, no arrays, no documents. */
ignis_code model_keys_build(model_build *in, model_place place, const model_entity *owner,
                            const ignis_names *names, model_keys *keys);
/* Pairwise of one family, and of equal number. */
ignis_code model_keys_check(model_build *in, model_place place, const model_entity *target,
                            const model_keys *keys, const model_keys *references);
/* The entity of a name, or an error with the nearest name. */
ignis_code model_target_find(model_build *in, model_place place, const char *name,
                             const model_entity **target);
/* listed.c: the values that a column lists. */
ignis_code model_listed_build(model_build *in, const char *model, const ignis_column *from,
                              model_column *to);
/* checks.c: the columns of a check, whose SQL is there. */
ignis_code model_check_columns(model_build *in, const model_entity *entity,
                               model_constraint *constraint);
/* Uniques, indexes and checks; then, when all entities have theirs, the foreign keys. */
ignis_code model_constraints_build(model_build *in, model_entity *entity);
ignis_code model_foreign_keys_build(model_build *in, model_entity *entity);

/* relations.c: in this order, each over all entities. */
ignis_code model_relations_begin(model_build *in, model_entity *entity);
ignis_code model_relations_resolve_one(model_build *in, model_entity *entity);
ignis_code model_relations_resolve_many(model_build *in, model_entity *entity);
ignis_code model_relations_pair(model_build *in, model_entity *entity);

/* ---- private to this folder: model JSON ------------------------------------------------------ */

typedef struct model_reader {
    ignis_context *ctx;
    arena *memory;
    const char *model;     /* for messages */
    const char *member;    /* the column, constraint or relation being read; NULL: none */
    const char *key;       /* the key being read; NULL: none */
    ignis_column *columns; /* of the model being read; NULL: none yet */
} model_reader;

/* A key of an object: read fills what is offset bytes into the object's struct. */
typedef struct model_json_key {
    const char *name; /* NULL: the end of the table */
    ignis_code (*read)(model_reader *in, const json *value, void *target);
    size_t offset;
} model_json_key;

/* A list of objects: elements of element_size bytes in the reader's memory. */
typedef struct model_json_list {
    const model_json_key *keys;
    size_t element_size;
    void *items;
    size_t count;
} model_json_list;

/* json_object.c. Messages name model, member and key; paths lead to the value. */
ignis_code model_json_refuse(model_reader *in, const json *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
ignis_code model_json_refuse_kind(model_reader *in, const json *value, const char *expected);
ignis_code model_json_refuse_word(model_reader *in, const json *value, const char *what,
                                  const char *hint);
ignis_code model_json_object(model_reader *in, const json *value, const model_json_key *keys,
                             void *target);
ignis_code model_json_string(model_reader *in, const json *value, void *target);  /* const char * */
ignis_code model_json_boolean(model_reader *in, const json *value, void *target); /* bool */
ignis_code model_json_names(model_reader *in, const json *value, void *target);   /* ignis_names */
ignis_code model_json_list_read(model_reader *in, const json *value, model_json_list *list);
ignis_code model_json_integer(model_reader *in, const json *value, int64_t minimum, int64_t maximum,
                              int64_t *integer);
/* The value as compact JSON text. */
ignis_code model_json_text(model_reader *in, const json *value, const char **out);
/* The text of an object's "name", to name it in messages before it is read; NULL: none. */
const char *model_json_name(const json *value);
/* The index of a string in a list that ends in NULL. */
ignis_code model_json_choice(model_reader *in, const json *value, const char *const *choices,
                             size_t *index);

/* model_json.c */
ignis_code model_json_default(model_reader *in, const json *value, void *target); /* ignis_column */
/* Words of the format, by value of their enum; both directions use them. */
extern const char *const model_json_generators[];
extern const char *const model_json_actions[];
extern const char *const model_json_identities[];

/* enrichers.c: the columns of an {"enricher": …} element, appended to columns. */
enum { MODEL_ENRICHER_COLUMNS_MAX = 6 };
ignis_code model_enricher_read(model_reader *in, const json *value, ignis_column *columns,
                               size_t *columns_count);

/* json_read.c of this folder is model_json.c: ignis_models_from_json, ignis_model_to_json.
   enrichers.c expands {"enricher": ...} elements of "columns". */

#endif
