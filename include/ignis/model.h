/* Models: const data that describe tables. The C macros that fill these structs come with the
   typed API; the JSON loader fills the same structs. Names, keys and default filters are checked
   once, when a data source opens.

   Every struct grows at its end only. Arrays carry the size of their elements, and the engine
   steps by it, so a program compiled against an older header keeps working. */
#ifndef IGNIS_MODEL_H
#define IGNIS_MODEL_H

#include "ignis/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ignis_model ignis_model;

/* SQL types. IGNIS_TYPE_OTHER is any other type, read and written as text with a declared cast. */
typedef enum ignis_type {
    IGNIS_TYPE_NONE = 0,
    IGNIS_TYPE_BOOLEAN,
    IGNIS_TYPE_SMALLINT,
    IGNIS_TYPE_INTEGER,
    IGNIS_TYPE_BIGINT,
    IGNIS_TYPE_REAL,
    IGNIS_TYPE_DOUBLE,
    IGNIS_TYPE_NUMERIC,
    IGNIS_TYPE_TEXT,
    IGNIS_TYPE_VARCHAR,
    IGNIS_TYPE_UUID,
    IGNIS_TYPE_BYTEA,
    IGNIS_TYPE_DATE,
    IGNIS_TYPE_TIMESTAMP,
    IGNIS_TYPE_TIMESTAMPTZ,
    IGNIS_TYPE_JSON,
    IGNIS_TYPE_JSONB,
    IGNIS_TYPE_OTHER
} ignis_type;

typedef enum ignis_identity {
    IGNIS_IDENTITY_NONE = 0,
    IGNIS_IDENTITY_ALWAYS,    /* a given value is refused */
    IGNIS_IDENTITY_BY_DEFAULT /* a given value is taken */
} ignis_identity;

/* Values the library makes on create (default_fn) or on update (on_update). */
typedef enum ignis_generator {
    IGNIS_GENERATE_NONE = 0,
    IGNIS_GENERATE_UUID,                /* "uuid": version 4 */
    IGNIS_GENERATE_UUID_V7,             /* "uuidv7": ordered by time */
    IGNIS_GENERATE_NOW,                 /* "now" */
    IGNIS_GENERATE_CURRENT_USER,        /* "currentUserId": no user is an error */
    IGNIS_GENERATE_CURRENT_USER_OR_NULL /* "currentUserIdOrNull" */
} ignis_generator;

typedef struct ignis_column {
    const char *member; /* C member; NULL for models from JSON */
    const char *name;   /* JSON property; NULL: camelCase of the member */
    const char *column; /* SQL name; NULL: the member, or the property where there is no member */
    ignis_type type;
    const char *cast;    /* IGNIS_TYPE_OTHER: the SQL type */
    size_t offset;       /* of the member in the C struct */
    size_t count_offset; /* array: of its count member */
    uint32_t kind;       /* C type of the member; 0 for models from JSON */
    bool array;
    bool not_null;
    bool primary_key;
    bool unique;
    bool hidden;
    bool has_scale; /* numeric(precision, 0) is not numeric(precision) */
    ignis_identity identity;
    int32_t length;    /* varchar(n); 0: none */
    int32_t precision; /* numeric(p, s); 0: none */
    int32_t scale;
    const char *default_json; /* a literal as JSON text, or NULL */
    const char *default_sql;  /* an expression of the database, or NULL */
    ignis_generator default_fn;
    ignis_generator on_update;
} ignis_column;

typedef struct ignis_columns {
    const ignis_column *items;
    size_t count;
    size_t item_size;
} ignis_columns;

/* Names of members (C) or properties (JSON). */
typedef struct ignis_names {
    const char *const *items;
    size_t count;
} ignis_names;

typedef enum ignis_action {
    IGNIS_ACTION_NONE = 0, /* NO ACTION */
    IGNIS_ACTION_RESTRICT,
    IGNIS_ACTION_CASCADE,
    IGNIS_ACTION_SET_NULL,
    IGNIS_ACTION_SET_DEFAULT
} ignis_action;

typedef enum ignis_deferrable {
    IGNIS_NOT_DEFERRABLE = 0,
    IGNIS_DEFERRABLE, /* initially immediate */
    IGNIS_DEFERRED    /* initially deferred */
} ignis_deferrable;

typedef enum ignis_constraint_kind {
    IGNIS_CONSTRAINT_UNIQUE = 1,
    IGNIS_CONSTRAINT_INDEX,
    IGNIS_CONSTRAINT_UNIQUE_INDEX,
    IGNIS_CONSTRAINT_FOREIGN_KEY,
    IGNIS_CONSTRAINT_CHECK
} ignis_constraint_kind;

typedef struct ignis_constraint {
    ignis_constraint_kind kind;
    const char *name; /* NULL: made from table and columns */
    ignis_names columns;
    const ignis_model *target; /* foreign key: the model it points at, or … */
    const char *target_name;   /* … its name */
    ignis_names references;    /* foreign key: their columns */
    ignis_action on_delete;
    ignis_action on_update;
    ignis_deferrable deferrable;
    const char *check_sql; /* check: the condition in SQL */
} ignis_constraint;

typedef struct ignis_constraints {
    const ignis_constraint *items;
    size_t count;
    size_t item_size;
} ignis_constraints;

typedef enum ignis_relation_kind {
    IGNIS_RELATION_ONE = 1,
    IGNIS_RELATION_MANY
} ignis_relation_kind;

typedef struct ignis_relation {
    const char *name; /* property and C member */
    ignis_relation_kind kind;
    const ignis_model *target; /* or … */
    const char *target_name;   /* … its name */
    ignis_names fields;        /* ours; many: may be empty, then the inverse tells */
    ignis_names references;    /* theirs, in the same order */
    const char *relation_name; /* many: the one relation on the other side; NULL: the only one */
    size_t offset;             /* of the member in the C struct */
    size_t count_offset;       /* many: of its count member */
} ignis_relation;

typedef struct ignis_relations {
    const ignis_relation *items;
    size_t count;
    size_t item_size;
} ignis_relations;

typedef enum ignis_model_type { IGNIS_ENTITY = 0, IGNIS_VIEW } ignis_model_type;

struct ignis_model {
    size_t struct_size;
    const char *name;
    ignis_model_type type;
    const char *table;  /* NULL: the name */
    const char *schema; /* NULL: the connection's. On SQLite the table is called "schema.table" */
    size_t row_size;    /* of the C struct; 0 for models from JSON */
    ignis_columns columns;
    ignis_constraints uniques;
    ignis_constraints indexes;
    ignis_constraints foreign_keys;
    ignis_relations relations;
    ignis_names hidden_properties;
    const char *default_filter; /* a filter as JSON text, or NULL */
    int64_t limit_max;          /* setting maxLimit; 0: none */
    bool skip_migrate;          /* ignis_schema_create leaves the table alone */
    bool check_writes;          /* refuse rows that a write would put outside the default filter */
    ignis_constraints checks;
};

/* Reads {"models": [...]} (the format of docs/models.md). The models belong to ctx and need not
   outlive the data source that registers them. size 0 with text not NULL: text is NUL-terminated.
   IGNIS_E_INVALID names model and member. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_models_from_json(ignis_context *ctx, const char *text,
                                                          size_t size,
                                                          const ignis_model *const **models,
                                                          size_t *models_count);

/* Writes one model in the same format, enrichers written out as columns. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_model_to_json(ignis_context *ctx, const ignis_model *model,
                                                       const char **json);

#ifdef __cplusplus
}
#endif
#endif
