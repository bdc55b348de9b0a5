/* Models: const data that describe tables. The macros at the end fill these structs beside a C
   struct; the JSON loader fills the same ones. Names, keys and default filters are checked once,
   when a data source opens.

   Every struct grows at its end only. Arrays carry the size of their elements, and the engine
   steps by it, so a program compiled against an older header keeps working. */
#ifndef IGNIS_MODEL_H
#define IGNIS_MODEL_H

#include "ignis/context.h"
#include "ignis/list.h"
#include "ignis/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A table or view; its members are below. */
typedef struct ignis_model ignis_model;

/* SQL types. IGNIS_TYPE_OTHER is any other type, read and written as text with a declared cast. */
typedef enum ignis_type {
    IGNIS_TYPE_NONE = 0,    /* of a column in C: that of the member */
    IGNIS_TYPE_BOOLEAN,     /* boolean */
    IGNIS_TYPE_SMALLINT,    /* smallint: 16 bits */
    IGNIS_TYPE_INTEGER,     /* integer: 32 bits */
    IGNIS_TYPE_BIGINT,      /* bigint: 64 bits */
    IGNIS_TYPE_REAL,        /* real: a float */
    IGNIS_TYPE_DOUBLE,      /* double precision */
    IGNIS_TYPE_NUMERIC,     /* numeric: decimal digits, exact */
    IGNIS_TYPE_TEXT,        /* text */
    IGNIS_TYPE_VARCHAR,     /* varchar, of a length */
    IGNIS_TYPE_UUID,        /* uuid */
    IGNIS_TYPE_BYTEA,       /* bytea */
    IGNIS_TYPE_DATE,        /* date */
    IGNIS_TYPE_TIMESTAMP,   /* timestamp without a zone */
    IGNIS_TYPE_TIMESTAMPTZ, /* timestamp of UTC */
    IGNIS_TYPE_JSON,        /* json: a document */
    IGNIS_TYPE_JSONB,       /* jsonb: a document */
    IGNIS_TYPE_OTHER        /* what cast says */
} ignis_type;

/* Whether the database counts a column up on create. */
typedef enum ignis_identity {
    IGNIS_IDENTITY_NONE = 0,  /* no */
    IGNIS_IDENTITY_ALWAYS,    /* a given value is refused */
    IGNIS_IDENTITY_BY_DEFAULT /* a given value is taken */
} ignis_identity;

/* Values the library makes on create (default_fn) or on update (on_update). */
typedef enum ignis_generator {
    IGNIS_GENERATE_NONE = 0,             /* no value */
    IGNIS_GENERATE_UUID,                 /* "uuid": version 4 */
    IGNIS_GENERATE_UUID_V7,              /* "uuidv7": ordered by time */
    IGNIS_GENERATE_NOW,                  /* "now" */
    IGNIS_GENERATE_CURRENT_USER,         /* "currentUserId": no user is an error */
    IGNIS_GENERATE_CURRENT_USER_OR_NULL, /* "currentUserIdOrNull" */
    IGNIS_GENERATE_VERSION /* "version": 1 on create; on update one more, in the database, and a value that
                              the data gives is the one that the row must still have (IGNIS_E_CONFLICT) */
} ignis_generator;

/* Makes a value as JSON text, which belongs to ctx or to the program and is read at once as any value
   of the column; *json stays NULL for none, as if there were no generator. data is the column's. Called
   by every thread that writes; calls no repository with ctx. Another code than IGNIS_OK ends the call
   with it. */
typedef ignis_code (*ignis_generate)(ignis_context *ctx, void *data, const char **json);

/* Names of members (C) or properties (JSON), or other texts. */
typedef struct ignis_names {
    const char *const *items;
    size_t count;
} ignis_names;

/* A column. What is zero is as if it were not said: a nullable column of the member's usual type. */
typedef struct ignis_column {
    const char *member;  /* C member; NULL for models from JSON */
    const char *name;    /* JSON property; NULL: camelCase of the member */
    const char *column;  /* SQL name; NULL: the member, or the property where there is no member */
    ignis_type type;     /* IGNIS_TYPE_NONE: the member's usual one */
    const char *cast;    /* IGNIS_TYPE_OTHER: the SQL type */
    size_t offset;       /* of the member in the C struct */
    size_t count_offset; /* array: of its count member */
    uint32_t kind;       /* ignis_kind of the member, or of an array's elements; 0: from JSON */
    bool array;          /* an array of the type */
    bool not_null;       /* it is never NULL */
    bool primary_key;    /* it is the key, or a part of it */
    bool unique;         /* no two rows have the same */
    bool hidden;         /* no result has it unless the program asks for it */
    bool has_scale;      /* numeric(precision, 0) is not numeric(precision) */
    ignis_identity identity;        /* counted by the database */
    int32_t length;                 /* varchar(n); 0: none */
    int32_t precision;              /* numeric(p, s); 0: none */
    int32_t scale;                  /* digits behind the point */
    const char *default_json;       /* a literal as JSON text, or NULL */
    const char *default_sql;        /* an expression of the database, or NULL */
    ignis_generator default_fn;     /* on create, where no value is given */
    ignis_generator on_update;      /* on update, where no value is given */
    ignis_generate generate;        /* on create; NULL: as default_fn says */
    ignis_generate generate_update; /* on update; NULL: as on_update says */
    void *generate_data;            /* for both; outlives the data source */
    ignis_names values; /* text, varchar, other: no other value is written; items NULL: any is */
} ignis_column;

/* The count of a list that ends in an element of zeros, as the macros write them. */
#define IGNIS_ENDED SIZE_MAX

/* Columns of a model: see IGNIS_COLUMNS. */
typedef struct ignis_columns {
    const ignis_column *items;
    size_t count; /* or IGNIS_ENDED; so all lists with an item_size */
    size_t item_size;
} ignis_columns;

/* What becomes of a row when the row that it points at is deleted, or its key changed. */
typedef enum ignis_action {
    IGNIS_ACTION_NONE = 0,   /* NO ACTION: an error at the end of the statement */
    IGNIS_ACTION_RESTRICT,   /* an error at once */
    IGNIS_ACTION_CASCADE,    /* it is deleted too, or its columns follow the key */
    IGNIS_ACTION_SET_NULL,   /* its columns become NULL */
    IGNIS_ACTION_SET_DEFAULT /* its columns take their defaults */
} ignis_action;

/* When a foreign key is checked. */
typedef enum ignis_deferrable {
    IGNIS_NOT_DEFERRABLE = 0, /* at every statement */
    IGNIS_DEFERRABLE,         /* initially immediate */
    IGNIS_DEFERRED            /* initially deferred */
} ignis_deferrable;

/* What an ignis_constraint is. */
typedef enum ignis_constraint_kind {
    IGNIS_CONSTRAINT_UNIQUE = 1,   /* no two rows with the same values */
    IGNIS_CONSTRAINT_INDEX,        /* an index */
    IGNIS_CONSTRAINT_UNIQUE_INDEX, /* both, as an index */
    IGNIS_CONSTRAINT_FOREIGN_KEY,  /* columns that are the key of a row elsewhere */
    IGNIS_CONSTRAINT_CHECK         /* a condition that every row fulfils */
} ignis_constraint_kind;

/* A constraint or an index of a table. */
typedef struct ignis_constraint {
    ignis_constraint_kind kind;  /* by the list it stands in */
    const char *name;            /* NULL: made from table and columns */
    ignis_names columns;         /* ours, in order */
    const ignis_model *target;   /* foreign key: the model it points at, or … */
    const char *target_name;     /* … its name */
    ignis_names references;      /* foreign key: their columns */
    ignis_action on_delete;      /* foreign key: when the row is deleted */
    ignis_action on_update;      /* foreign key: when its key changes */
    ignis_deferrable deferrable; /* foreign key: when it is checked */
    const char *check_sql;       /* check: the condition in SQL */
} ignis_constraint;

/* Constraints of one sort: see IGNIS_CONSTRAINTS. */
typedef struct ignis_constraints {
    const ignis_constraint *items;
    size_t count;
    size_t item_size;
} ignis_constraints;

/* How many rows a relation leads to. */
typedef enum ignis_relation_kind {
    IGNIS_RELATION_ONE = 1, /* one or none */
    IGNIS_RELATION_MANY     /* any number */
} ignis_relation_kind;

/* The way from a row to rows of another model, or of its own. */
typedef struct ignis_relation {
    const char *name;          /* property; NULL: camelCase of the member */
    ignis_relation_kind kind;  /* one or many */
    const ignis_model *target; /* or … */
    const char *target_name;   /* … its name */
    ignis_names fields;        /* ours; many: may be empty, then the inverse tells */
    ignis_names references;    /* theirs, in the same order */
    const char *relation_name; /* many: the one relation on the other side; NULL: the only one */
    size_t offset;             /* of the member in the C struct */
    size_t count_offset;       /* many: of its count member */
    const char *member;        /* C member; NULL for models from JSON */
    const char *inverse;       /* many: relation_name as a member of the target's struct */
} ignis_relation;

/* Relations of a model: see IGNIS_RELATIONS. */
typedef struct ignis_relations {
    const ignis_relation *items;
    size_t count;
    size_t item_size;
} ignis_relations;

/* What a model describes. */
typedef enum ignis_model_type {
    IGNIS_ENTITY = 0, /* a table */
    IGNIS_VIEW        /* a view: it is read, and neither created nor written */
} ignis_model_type;

/* A table or view: what it is called, what it holds, how rows lead to other rows. */
struct ignis_model {
    size_t struct_size;
    const char *name;      /* NULL: struct_name */
    ignis_model_type type; /* a table or a view */
    const char *table;     /* NULL: the name */
    const char *schema; /* NULL: the connection's. On SQLite the table is called "schema.table" */
    size_t row_size;    /* of the C struct; 0 for models from JSON */
    ignis_columns columns;          /* at least one, none of a name twice */
    ignis_constraints uniques;      /* beside those of columns */
    ignis_constraints indexes;      /* unique ones too */
    ignis_constraints foreign_keys; /* what relations follow need not be one */
    ignis_relations relations;      /* none named as a column */
    ignis_names hidden_properties;  /* beside the columns that are hidden */
    const char *default_filter;     /* a filter as JSON text, or NULL */
    int64_t limit_max;              /* setting maxLimit; 0: none */
    bool skip_migrate;              /* ignis_schema_create leaves the table alone */
    bool check_writes;        /* refuse rows that a write would put outside the default filter */
    ignis_constraints checks; /* conditions in SQL */
    const char *struct_name;  /* the C struct; NULL for models from JSON */
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

#ifndef __cplusplus

/* ---- models in C ----

       IGNIS_MODEL(User,
           .columns = IGNIS_COLUMNS(
               IGNIS_ID_TEXT(User),
               IGNIS_COLUMN(User, email, .not_null = true)),
           .relations = IGNIS_RELATIONS(
               IGNIS_MANY(User, posts, Post, author)));

   defines User_model, which other files know by IGNIS_MODEL_DECLARE(User). What is written after the
   dot is a member of ignis_model, ignis_column, ignis_relation or ignis_constraint. A wrong member,
   type or relation does not compile. T and U are structs by their typedef names. */

/* The model T_model of the struct T. */
#define IGNIS_MODEL(T, ...)                 \
    const ignis_model T##_model = {         \
        .struct_size = sizeof(ignis_model), \
        .struct_name = #T,                  \
        .row_size = sizeof(T),              \
        __VA_ARGS__,                        \
    }
/* For the files that use T_model. */
#define IGNIS_MODEL_DECLARE(T) extern const ignis_model T##_model

#define IGNIS_ITEMS_(type, ...)                                     \
    {                                                               \
        (const type[]){__VA_ARGS__, {0}}, IGNIS_ENDED, sizeof(type) \
    }
/* The lists of a model, of one item or more. */
#define IGNIS_COLUMNS(...)     IGNIS_ITEMS_(ignis_column, __VA_ARGS__)
#define IGNIS_CONSTRAINTS(...) IGNIS_ITEMS_(ignis_constraint, __VA_ARGS__)
#define IGNIS_RELATIONS(...)   IGNIS_ITEMS_(ignis_relation, __VA_ARGS__)

/* A column: the member, then what differs from a nullable column of the member's usual type:
     bool boolean, int16_t smallint, int32_t integer, int64_t bigint, float real, double double,
     const char * text, ignis_bytes bytea, ignis_json jsonb, ignis_numeric numeric, ignis_date date,
     ignis_timestamp timestamptz; ignis_maybe_X as X.
   .type takes another type that the member holds without loss: varchar, uuid and other for
   const char *, json, timestamp, a narrower integer. A plain number, bool or time cannot hold NULL,
   so its column is to be .not_null; text, bytes, JSON and numeric are NULL by their pointers. */
#define IGNIS_COLUMN(T, ...) IGNIS_COLUMN_(T, __VA_ARGS__, .array = false)
#define IGNIS_COLUMN_(T, m, ...)                                            \
    {                                                                       \
        .member = IGNIS_NAME(T, m), .kind = IGNIS_KIND(IGNIS_MEMBER(T, m)), \
        .offset = offsetof(T, m), __VA_ARGS__                               \
    }

/* Texts for an ignis_names, such as the values of a column: .values = IGNIS_TEXTS("admin", "guest"). */
#define IGNIS_TEXTS(...)                                             \
    {                                                                \
        (const char *const[]){__VA_ARGS__}, IGNIS_COUNT(__VA_ARGS__) \
    }

/* An array column: the member m is a pointer to elements, m_count (a size_t) says how many; the
   pointer is NULL for the SQL value NULL. Elements that may be NULL are pointers or ignis_maybe_X. */
#define IGNIS_ARRAY(T, ...) IGNIS_ARRAY_(T, __VA_ARGS__, .array = true)
#define IGNIS_ARRAY_(T, m, ...)                                                         \
    {                                                                                   \
        .member = IGNIS_NAME(T, m), .kind = IGNIS_KIND(*IGNIS_MEMBER(T, m)),            \
        .offset = offsetof(T, m), .count_offset = IGNIS_COUNT_OFFSET(T, m), __VA_ARGS__ \
    }
#define IGNIS_COUNT_OFFSET(T, m)                                                            \
    (offsetof(T, m##_count) + IGNIS_REQUIRE(IGNIS_FAMILY(IGNIS_MEMBER(T, m##_count)) == 11, \
                                            "the count member is no size_t"))

/* ---- enrichers: members for the struct, columns for the model ---- */

/* id: a UUID as text, an integer identity or a bigint identity. */
#define IGNIS_ID_TEXT_MEMBERS   const char *id
#define IGNIS_ID_NUMBER_MEMBERS int32_t id
#define IGNIS_ID_BIG_MEMBERS    int64_t id
#define IGNIS_ID_TEXT(T)                                                                 \
    IGNIS_COLUMN_(T, id, .type = IGNIS_TYPE_TEXT, .not_null = true, .primary_key = true, \
                  .default_fn = IGNIS_GENERATE_UUID)
#define IGNIS_ID_NUMBER(T)                                                                  \
    IGNIS_COLUMN_(T, id, .type = IGNIS_TYPE_INTEGER, .not_null = true, .primary_key = true, \
                  .identity = IGNIS_IDENTITY_ALWAYS)
#define IGNIS_ID_BIG(T)                                                                    \
    IGNIS_COLUMN_(T, id, .type = IGNIS_TYPE_BIGINT, .not_null = true, .primary_key = true, \
                  .identity = IGNIS_IDENTITY_ALWAYS)

/* created_at and modified_at, the latter renewed by every update; deleted_at. */
#define IGNIS_TZ_MEMBERS      ignis_timestamp created_at, modified_at
#define IGNIS_DELETED_MEMBERS ignis_maybe_timestamp deleted_at
#define IGNIS_TZ(T)           IGNIS_CREATED(T), IGNIS_MODIFIED(T)
#define IGNIS_CREATED(T)                                                           \
    IGNIS_COLUMN_(T, created_at, .type = IGNIS_TYPE_TIMESTAMPTZ, .not_null = true, \
                  .default_sql = "now()")
#define IGNIS_MODIFIED(T)                                                           \
    IGNIS_COLUMN_(T, modified_at, .type = IGNIS_TYPE_TIMESTAMPTZ, .not_null = true, \
                  .default_sql = "now()", .on_update = IGNIS_GENERATE_NOW)
#define IGNIS_DELETED(T) IGNIS_COLUMN_(T, deleted_at, .type = IGNIS_TYPE_TIMESTAMPTZ)

/* A value of one of several types, and which. */
#define IGNIS_DATA_TYPE_MEMBERS \
    const char *data_type;      \
    ignis_maybe_double n_value; \
    const char *t_value;        \
    ignis_bytes b_value;        \
    ignis_json j_value;         \
    ignis_maybe_bool bo_value
#define IGNIS_DATA_TYPE(T)                                                          \
    IGNIS_COLUMN(T, data_type), IGNIS_COLUMN(T, n_value), IGNIS_COLUMN(T, t_value), \
        IGNIS_COLUMN(T, b_value), IGNIS_COLUMN(T, j_value), IGNIS_COLUMN(T, bo_value)

/* created_by and modified_by: the context's user, NULL where there is none; _REQUIRED: an error. */
#define IGNIS_USER_AUDIT_TEXT_MEMBERS   const char *created_by, *modified_by
#define IGNIS_USER_AUDIT_NUMBER_MEMBERS ignis_maybe_int32 created_by, modified_by
#define IGNIS_USER_AUDIT_BIG_MEMBERS    ignis_maybe_int64 created_by, modified_by
#define IGNIS_USER_AUDIT(T)             IGNIS_USER_AUDIT_(T, IGNIS_GENERATE_CURRENT_USER_OR_NULL)
#define IGNIS_USER_AUDIT_REQUIRED(T)    IGNIS_USER_AUDIT_(T, IGNIS_GENERATE_CURRENT_USER)
#define IGNIS_USER_AUDIT_(T, user)                   \
    IGNIS_COLUMN(T, created_by, .default_fn = user), \
        IGNIS_COLUMN(T, modified_by, .default_fn = user, .on_update = user)

/* D_type and D_id: a row of some other model, D being the discriminator. What follows it is of the
   column D_type: IGNIS_PRINCIPAL(Store, owner, .default_json = "\"Company\""). */
#define IGNIS_PRINCIPAL_TEXT_MEMBERS(d) const char *d##_type, *d##_id
#define IGNIS_PRINCIPAL_NUMBER_MEMBERS(d) \
    const char *d##_type;                 \
    int32_t d##_id
#define IGNIS_PRINCIPAL(T, ...) IGNIS_PRINCIPAL_(T, __VA_ARGS__, .array = false)
#define IGNIS_PRINCIPAL_(T, d, ...) \
    IGNIS_COLUMN_(T, d##_type, __VA_ARGS__), IGNIS_COLUMN(T, d##_id, .not_null = true)

/* What a user's row has in common everywhere. */
#define IGNIS_USER_MEMBERS             \
    const char *realm, *status, *type; \
    ignis_maybe_timestamp activated_at, last_login_at
#define IGNIS_USER_PARENT_TEXT_MEMBERS   const char *parent_id
#define IGNIS_USER_PARENT_NUMBER_MEMBERS ignis_maybe_int32 parent_id
#define IGNIS_USER(T)                                                                         \
    IGNIS_COLUMN(T, realm, .default_json = "\"\""), IGNIS_COLUMN(T, status),                  \
        IGNIS_COLUMN(T, type), IGNIS_COLUMN(T, activated_at), IGNIS_COLUMN(T, last_login_at), \
        IGNIS_COLUMN(T, parent_id)

/* ---- uniques, indexes, checks, foreign keys ----

   A name that is NULL is made as PostgreSQL makes it. */

/* Over one member or several. */
#define IGNIS_UNIQUE(name_, T, ...) IGNIS_KEYED_(IGNIS_CONSTRAINT_UNIQUE, name_, T, __VA_ARGS__)
#define IGNIS_INDEX(name_, T, ...)  IGNIS_KEYED_(IGNIS_CONSTRAINT_INDEX, name_, T, __VA_ARGS__)
#define IGNIS_UNIQUE_INDEX(name_, T, ...) \
    IGNIS_KEYED_(IGNIS_CONSTRAINT_UNIQUE_INDEX, name_, T, __VA_ARGS__)
#define IGNIS_KEYED_(kind_, name_, T, ...)                                                \
    {                                                                                     \
        .kind = kind_, .name = name_, .columns = IGNIS_NAMES_(IGNIS_NAME, T, __VA_ARGS__) \
    }
/* A condition in SQL that every row fulfils or leaves unknown; the text is the program's. */
#define IGNIS_CHECK(name_, sql)                                         \
    {                                                                   \
        .kind = IGNIS_CONSTRAINT_CHECK, .name = name_, .check_sql = sql \
    }

/* IGNIS_FOREIGN_KEY("name", Post, author_id, User, id, .on_delete = IGNIS_ACTION_CASCADE), and over
   several columns with pairs of ours and theirs:
   IGNIS_FOREIGN_KEYS("name", Line, Order, ((shop, shop), (order_id, id))). */
#define IGNIS_FOREIGN_KEY(name_, T, ours, U, ...) \
    IGNIS_FOREIGN_KEY_(name_, T, ours, U, __VA_ARGS__, .check_sql = NULL)
#define IGNIS_FOREIGN_KEY_(name_, T, ours, U, theirs, ...) \
    IGNIS_FOREIGN_KEYS_(name_, T, U, ((ours, theirs)), __VA_ARGS__)
#define IGNIS_FOREIGN_KEYS(name_, T, U, ...) \
    IGNIS_FOREIGN_KEYS_(name_, T, U, __VA_ARGS__, .check_sql = NULL)
#define IGNIS_FOREIGN_KEYS_(name_, T, U, pairs, ...)                                       \
    {                                                                                      \
        .kind = IGNIS_CONSTRAINT_FOREIGN_KEY + IGNIS_SAME_(T, U, IGNIS_BARE_ pairs),       \
        .name = name_, .target = &U##_model, .columns = IGNIS_OURS_(T, IGNIS_BARE_ pairs), \
        .references = IGNIS_THEIRS_(U, IGNIS_BARE_ pairs), __VA_ARGS__                     \
    }

/* ---- relations ---- */

/* A row of U in the member m (U *), found by a key of ours and theirs; IGNIS_ONE_KEYS by several
   pairs of them; IGNIS_ONE(T, m, U) by the only foreign key of T to U. */
#define IGNIS_ONE(T, m, ...) IGNIS_JOIN(IGNIS_ONE_, IGNIS_1_OR_2(__VA_ARGS__))(T, m, __VA_ARGS__)
#define IGNIS_ONE_1(T, m, U)                                                      \
    {                                                                             \
        .member = IGNIS_NAME(T, m), .offset = offsetof(T, m),                     \
        .kind = IGNIS_RELATION_ONE + IGNIS_POINTS_(T, m, U), .target = &U##_model \
    }
#define IGNIS_ONE_2(T, m, U, ours, ...) IGNIS_ONE_(T, m, U, ours, __VA_ARGS__, .inverse = NULL)
#define IGNIS_ONE_(T, m, U, ours, theirs, ...) \
    IGNIS_ONE_KEYS_(T, m, U, ((ours, theirs)), __VA_ARGS__)
#define IGNIS_ONE_KEYS(T, m, U, ...) IGNIS_ONE_KEYS_(T, m, U, __VA_ARGS__, .inverse = NULL)
#define IGNIS_ONE_KEYS_(T, m, U, pairs, ...)                                                    \
    {                                                                                           \
        .member = IGNIS_NAME(T, m), .offset = offsetof(T, m),                                   \
        .kind =                                                                                 \
            IGNIS_RELATION_ONE + IGNIS_SAME_(T, U, IGNIS_BARE_ pairs) + IGNIS_POINTS_(T, m, U), \
        .target = &U##_model, .fields = IGNIS_OURS_(T, IGNIS_BARE_ pairs),                      \
        .references = IGNIS_THEIRS_(U, IGNIS_BARE_ pairs), __VA_ARGS__                          \
    }

/* Rows of U in the member m (U *) and m_count (size_t): those whose one relation inverse (T *) leads
   here; IGNIS_MANY(T, m, U): whose only one relation back to T does, or only foreign key;
   IGNIS_MANY_KEYS: those with an equal key, where U has no such relation. */
#define IGNIS_MANY(T, m, ...) IGNIS_JOIN(IGNIS_MANY_, IGNIS_1_OR_2(__VA_ARGS__))(T, m, __VA_ARGS__)
#define IGNIS_MANY_1(T, m, U)                                          \
    {                                                                  \
        .member = IGNIS_NAME(T, m), .offset = offsetof(T, m),          \
        .kind = IGNIS_RELATION_MANY + IGNIS_POINTS_(T, m, U),          \
        .count_offset = IGNIS_COUNT_OFFSET(T, m), .target = &U##_model \
    }
#define IGNIS_MANY_2(T, m, U, ...) IGNIS_MANY_(T, m, U, __VA_ARGS__, .relation_name = NULL)
#define IGNIS_MANY_(T, m, U, inverse_, ...)                                                   \
    {                                                                                         \
        .member = IGNIS_NAME(T, m), .offset = offsetof(T, m),                                 \
        .kind = IGNIS_RELATION_MANY + IGNIS_POINTS_(T, m, U) + IGNIS_POINTS_(U, inverse_, T), \
        .count_offset = IGNIS_COUNT_OFFSET(T, m), .target = &U##_model, .inverse = #inverse_, \
        __VA_ARGS__                                                                           \
    }
#define IGNIS_MANY_KEYS(T, m, U, ...) IGNIS_MANY_KEYS_(T, m, U, __VA_ARGS__, .inverse = NULL)
#define IGNIS_MANY_KEYS_(T, m, U, pairs, ...)                                                    \
    {                                                                                            \
        .member = IGNIS_NAME(T, m), .offset = offsetof(T, m),                                    \
        .kind =                                                                                  \
            IGNIS_RELATION_MANY + IGNIS_SAME_(T, U, IGNIS_BARE_ pairs) + IGNIS_POINTS_(T, m, U), \
        .count_offset = IGNIS_COUNT_OFFSET(T, m), .target = &U##_model,                          \
        .fields = IGNIS_OURS_(T, IGNIS_BARE_ pairs),                                             \
        .references = IGNIS_THEIRS_(U, IGNIS_BARE_ pairs), __VA_ARGS__                           \
    }

/* ---- within this file ---- */

#define IGNIS_BARE_(...)    __VA_ARGS__
#define IGNIS_FIRST_(a, b)  a
#define IGNIS_SECOND_(a, b) b
#define IGNIS_POINTS_(T, m, U)                     \
    IGNIS_REQUIRE(_Generic(IGNIS_MEMBER(T, m), U * \
                           : true, default         \
                           : false),               \
                  "the member is no pointer to the other model's struct")

#define IGNIS_NAMES_(f, T, ...)                                                       \
    {                                                                                 \
        (const char *const[]){IGNIS_MAP(f, T, __VA_ARGS__)}, IGNIS_COUNT(__VA_ARGS__) \
    }
#define IGNIS_NAME_OF_(T, m)        IGNIS_NAME(T, m)
#define IGNIS_OURS_NAME_(T, pair)   IGNIS_NAME_OF_(T, IGNIS_FIRST_ pair)
#define IGNIS_THEIRS_NAME_(T, pair) IGNIS_NAME_OF_(T, IGNIS_SECOND_ pair)
#define IGNIS_OURS_(T, ...)         IGNIS_NAMES_(IGNIS_OURS_NAME_, T, __VA_ARGS__)
#define IGNIS_THEIRS_(T, ...)       IGNIS_NAMES_(IGNIS_THEIRS_NAME_, T, __VA_ARGS__)

/* 0, or no program: every pair is of one family. */
#define IGNIS_SAME_(T, U, ...)       IGNIS_SUM(IGNIS_SAME_PAIR_, (T, U), __VA_ARGS__)
#define IGNIS_SAME_PAIR_(with, pair) IGNIS_SAME_ENDS_(IGNIS_BARE_ with, IGNIS_BARE_ pair)
#define IGNIS_SAME_ENDS_(...)        IGNIS_SAME_MEMBERS_(__VA_ARGS__)
#define IGNIS_SAME_MEMBERS_(T, U, a, b)                                                     \
    IGNIS_REQUIRE(IGNIS_FAMILY(IGNIS_MEMBER(T, a)) != 0 &&                                  \
                      IGNIS_FAMILY(IGNIS_MEMBER(T, a)) == IGNIS_FAMILY(IGNIS_MEMBER(U, b)), \
                  "the two ends of the key are of different types")

#endif

#ifdef __cplusplus
}
#endif
#endif
