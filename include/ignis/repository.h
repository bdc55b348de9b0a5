/* Reading and writing, first through JSON, then through C structs.

   JSON: filters, values and results are JSON text (docs/filters.md).

   policy NULL is the public one; filter and where may be NULL, which is "all"; no other argument may: a
   repository that is NULL, as one that was not registered is, answers IGNIS_E_NOT_FOUND.
   Results are NUL-terminated, belong to ctx, and are written on success only. Codes of every call:
   IGNIS_E_INVALID, IGNIS_E_LIMIT (policy or context), IGNIS_E_UNSUPPORTED (not on this engine, not in
   this build, not through a readable repository), IGNIS_E_MEMORY, IGNIS_E_TIMEOUT,
   IGNIS_E_CANCELLED, IGNIS_E_CONNECTION, IGNIS_E_DATABASE; of writes also IGNIS_E_NOT_NULL,
   IGNIS_E_UNIQUE, IGNIS_E_FOREIGN_KEY, IGNIS_E_CHECK (which a row outside the default filter is
   too, where the model sets checkWrites) and IGNIS_E_SERIALIZATION. */
#ifndef IGNIS_REPOSITORY_H
#define IGNIS_REPOSITORY_H

#include "ignis/container.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Filter and values as JSON written in C: IGNIS_JSON({"where": {"id": 1}}). */
#define IGNIS_JSON(...) #__VA_ARGS__

/* All rows that match, as an array. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_find_json(ignis_context *ctx,
                                                   const ignis_repository *repository,
                                                   const ignis_policy *policy, const char *filter,
                                                   const char **json);

/* The first row that matches, or null. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_find_one_json(ignis_context *ctx,
                                                       const ignis_repository *repository,
                                                       const ignis_policy *policy,
                                                       const char *filter, const char **json);

/* The row of an id (JSON: "123", 7, {"a": 1, "b": 2} for a composite key), or null. Of the filter
   where, fields and include count. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_find_by_id_json(ignis_context *ctx,
                                                         const ignis_repository *repository,
                                                         const ignis_policy *policy, const char *id,
                                                         const char *filter, const char **json);

/* The number of rows that match a where. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_count_json(ignis_context *ctx,
                                                    const ignis_repository *repository,
                                                    const ignis_policy *policy, const char *where,
                                                    int64_t *count);

/* Whether a row matches a where. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_exists_json(ignis_context *ctx,
                                                     const ignis_repository *repository,
                                                     const ignis_policy *policy, const char *where,
                                                     bool *exists);

/* How a find of this filter is carried out: strategy, levels, the access of each with its reason, and
   the statements. Text for a person, without values. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_filter_explain(ignis_context *ctx,
                                                        const ignis_repository *repository,
                                                        const ignis_policy *policy,
                                                        const char *filter,
                                                        const char **explanation);

/* Creates one row (an object) and gives {"count": 1, "data": row}. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_create_json(ignis_context *ctx,
                                                     const ignis_repository *repository,
                                                     const char *data, const char **json);

/* Creates all rows of a list or none, and gives {"count": n, "data": [row, ...]}. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_create_all_json(ignis_context *ctx,
                                                         const ignis_repository *repository,
                                                         const char *data, const char **json);

/* Changes the row of an id and gives {"count": 1, "data": row}, or {"count": 0, "data": null} where
   there is none. data is an object: properties with their values, paths into documents
   ("metadata.user.role"), $increment, $append and $remove (docs/writes.md). */
IGNIS_API IGNIS_CHECKED ignis_code ignis_update_by_id_json(ignis_context *ctx,
                                                           const ignis_repository *repository,
                                                           const ignis_policy *policy,
                                                           const char *id, const char *data,
                                                           const char **json);

/* Changes all rows that match and gives {"count": n, "data": [row, ...]}. A where that leaves out no
   row is IGNIS_E_INVALID; the option force of ignis_call_json allows it. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_update_all_json(ignis_context *ctx,
                                                         const ignis_repository *repository,
                                                         const ignis_policy *policy,
                                                         const char *where, const char *data,
                                                         const char **json);

/* Creates one row, or changes the row that has the same primary key to it (the option onConflict of
   ignis_call_json: the same unique), and gives {"count": 1, "data": row}. IGNIS_E_UNIQUE: that row is
   outside the default filter. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_upsert_json(ignis_context *ctx,
                                                     const ignis_repository *repository,
                                                     const ignis_policy *policy, const char *data,
                                                     const char **json);

/* The same for all rows of a list, or for none: {"count": n, "data": [row, ...]} in the order given.
   IGNIS_E_INVALID: two of them have the same key. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_upsert_all_json(ignis_context *ctx,
                                                         const ignis_repository *repository,
                                                         const ignis_policy *policy,
                                                         const char *data, const char **json);

/* Deletes the row of an id and gives {"count": 1, "data": row}, or {"count": 0, "data": null}. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_delete_by_id_json(ignis_context *ctx,
                                                           const ignis_repository *repository,
                                                           const ignis_policy *policy,
                                                           const char *id, const char **json);

/* Deletes all rows that match, with the same guard, and gives {"count": n, "data": [row, ...]}. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_delete_all_json(ignis_context *ctx,
                                                         const ignis_repository *repository,
                                                         const ignis_policy *policy,
                                                         const char *where, const char **json);

/* Any method by its name, with all its arguments in one object: {"filter", "id", "where", "data",
   "options"}. The way in for other languages. Methods: find, findOne, findById, count, existsWith,
   create, createAll, updateById, updateAll (updateBy), upsert, upsertAll, deleteById, deleteAll
   (deleteBy).
   Options: shouldSkipDefaultFilter, shouldQueryRange, shouldReturn, withHidden, force, replica (of reads;
   false: from the primary, where the data source has replicas), each true or false; onConflict, a name;
   lock (docs/transactions.md); log, "off", "error", "warn", "info" or "debug", as ignis_context_log_set
   for this call alone, not by the public policy. arguments NULL: {}; arguments_size 0: it is
   NUL-terminated. Results: rows, row or null, {"count": n}, true or false, {"count", "data"}.
   IGNIS_E_UNSUPPORTED: no such method. json_size may be NULL. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_call_json(ignis_context *ctx,
                                                   const ignis_repository *repository,
                                                   const ignis_policy *policy, const char *method,
                                                   const char *arguments, size_t arguments_size,
                                                   const char **json, size_t *json_size);

/* ---- C structs ----

   What the typed functions of IGNIS_REPOSITORY call; the codes are those above. Filters are trusted
   unless their options name a policy; filter NULL: all rows. Rows are structs of the repository's
   model that belong to ctx. Members that were not selected, and relations that were not included,
   are zero. An included many relation without rows is a pointer that is not NULL, and a count of 0.
   A row that one include reaches twice, such as the author of two posts, is one struct: two pointers
   to it. IGNIS_E_INVALID: the repository's model has no C struct. */

/* All rows, side by side; *rows is not NULL where there are none. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_find(ignis_context *ctx,
                                              const ignis_repository *repository,
                                              const ignis_filter *filter, void **rows,
                                              size_t *rows_count);

/* The first and last row of a page, counted from 0, and all rows that match. */
typedef struct ignis_range {
    int64_t start; /* the rows that were skipped */
    int64_t end;   /* start where there are no rows */
    int64_t total; /* without limit and skip */
} ignis_range;

/* The same with a range from the same snapshot. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_find_range(ignis_context *ctx,
                                                    const ignis_repository *repository,
                                                    const ignis_filter *filter, void **rows,
                                                    size_t *rows_count, ignis_range *range);

/* The first row, or NULL. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_find_one(ignis_context *ctx,
                                                  const ignis_repository *repository,
                                                  const ignis_filter *filter, void **row);

/* A primary key: a value for one of one column, or a struct of the model whose key members count. */
typedef struct ignis_key {
    ignis_value value; /* where row is NULL */
    const void *row;   /* NULL: value */
} ignis_key;

/* The row of a key, or NULL. Of the filter where, fields and include count. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_find_by_id(ignis_context *ctx,
                                                    const ignis_repository *repository,
                                                    const ignis_key *key,
                                                    const ignis_filter *filter, void **row);

/* The number of rows, and whether there is one; only the filter's where and options may be said. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_count(ignis_context *ctx,
                                               const ignis_repository *repository,
                                               const ignis_filter *filter, int64_t *count);
IGNIS_API IGNIS_CHECKED ignis_code ignis_exists(ignis_context *ctx,
                                                const ignis_repository *repository,
                                                const ignis_filter *filter, bool *exists);

/* How a find of this filter is carried out, as ignis_filter_explain. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_explain(ignis_context *ctx,
                                                 const ignis_repository *repository,
                                                 const ignis_filter *filter,
                                                 const char **explanation);

/* A value for a member of a row that is written. */
typedef struct ignis_setting {
    const ignis_model *model; /* that has the member; NULL: the end of a list */
    const char *member;       /* of the struct */
    const char *path;         /* below a JSON column; NULL: the whole */
    ignis_value value;        /* what it becomes */
    const char *op;           /* NULL: set; "$increment", "$append", "$remove" of an update */
} ignis_setting;

/* What is written into a row: see IGNIS_VALUES. */
typedef struct ignis_values {
    const ignis_setting *items;
    size_t count; /* or IGNIS_ENDED */
    size_t item_size;
} ignis_values;

/* Of these calls a row or rows that are NULL are not asked for; options NULL: none; values NULL are
   IGNIS_E_INVALID. *row is NULL where there is no such row. What the values mean is told in
   docs/writes.md. */

/* Creates a row of the values that are set. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_create(ignis_context *ctx,
                                                const ignis_repository *repository,
                                                const ignis_values *values, void **row);

/* Creates rows from structs, all or none, of the members that count: the others are as if absent,
   for a struct cannot say which of its zeros are meant. A NULL pointer or an ignis_maybe_int32 that
   is not set is NULL. created are in the order given. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_create_rows(ignis_context *ctx,
                                                     const ignis_repository *repository,
                                                     const void *rows, size_t rows_count,
                                                     ignis_members members, void **created);

/* Creates the row, or changes the row that has its key: the primary one, or the unique that the option
   on_conflict names. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_upsert(ignis_context *ctx,
                                                const ignis_repository *repository,
                                                const ignis_values *values,
                                                const ignis_options *options, void **row);

/* Structs side by side and the members of them that count. */
typedef struct ignis_rows {
    const void *items;
    size_t count;          /* of rows */
    ignis_members members; /* the others are as if absent */
} ignis_rows;

/* The same for each of the rows, all or none. upserted are in the order given; IGNIS_E_INVALID: two rows
   have the same key. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_upsert_rows(ignis_context *ctx,
                                                     const ignis_repository *repository,
                                                     const ignis_rows *rows,
                                                     const ignis_options *options, void **upserted);

/* Changes the row of a key. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_update_by_id(ignis_context *ctx,
                                                      const ignis_repository *repository,
                                                      const ignis_key *key,
                                                      const ignis_values *values,
                                                      const ignis_options *options, void **row);

/* Changes all rows that match; of the filter where and options count. A where that leaves out no row is
   IGNIS_E_INVALID without the option force. rows and count may be NULL. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_update_all(ignis_context *ctx,
                                                    const ignis_repository *repository,
                                                    const ignis_filter *filter,
                                                    const ignis_values *values, void **rows,
                                                    size_t *count);

/* Deletes the row of a key; row is as it was. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_delete_by_id(ignis_context *ctx,
                                                      const ignis_repository *repository,
                                                      const ignis_key *key,
                                                      const ignis_options *options, void **row);

/* Deletes all rows that match, with the same guard. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_delete_all(ignis_context *ctx,
                                                    const ignis_repository *repository,
                                                    const ignis_filter *filter, void **rows,
                                                    size_t *count);

#ifndef __cplusplus

/* IGNIS_VALUES(IGNIS_SET(User, name, "Alice"), …), or count of an array. The data live to the end of
   the enclosing block. */
#define IGNIS_VALUES(...)                                                          \
    (&(const ignis_values){(const ignis_setting[]){__VA_ARGS__, {0}}, IGNIS_ENDED, \
                           sizeof(ignis_setting)})
#define IGNIS_VALUES_OF(items, count) (&(const ignis_values){items, count, sizeof(ignis_setting)})

/* IGNIS_SET(User, name, "Alice"). A NULL pointer as the value is IGNIS_E_INVALID: IGNIS_SET_NULL says
   it; of an ignis_maybe_int32 and its kin what they say. */
#define IGNIS_SET(T, m, v)                                                             \
    IGNIS_SETTING_(T, m, NULL, IGNIS_FITS_WRITE(IGNIS_MEMBER(T, m), v), IGNIS_NO_FIT_, \
                   IGNIS_VALUE(v))
#define IGNIS_SET_NULL(T, m)                                             \
    IGNIS_SETTING_(T, m, NULL, IGNIS_IS_COLUMN_(T, m), IGNIS_NO_COLUMN_, \
                   ((ignis_value){.kind = IGNIS_KIND_NONE}))
/* An array member, of count elements of its type; items NULL is refused, count 0 is an empty array. */
#define IGNIS_SET_ARRAY(T, m, items, count)                                                 \
    IGNIS_SETTING_(T, m, NULL, IGNIS_FAMILY(*(items)) == IGNIS_FAMILY(*IGNIS_MEMBER(T, m)), \
                   IGNIS_NO_FIT_, IGNIS_ELEMENTS_OF_(items, count))
/* Below a JSON member: the place becomes v, v goes behind the last element there, the place goes. */
#define IGNIS_SET_PATH(T, m, path, v)    IGNIS_STEP_(NULL, T, m, path, v)
#define IGNIS_APPEND_PATH(T, m, path, v) IGNIS_STEP_("$append", T, m, path, v)
#define IGNIS_REMOVE_PATH(T, m, path)    IGNIS_STEP_("$remove", T, m, path, "")
/* Adds v, which may be negative, to what the database holds by then. */
#define IGNIS_INCREMENT(T, m, v)                                                                 \
    ((ignis_setting){.op = "$increment",                                                         \
                     .model = &T##_model,                                                        \
                     .member =                                                                   \
                         IGNIS_NAME_IF_(T, m, IGNIS_FITS(IGNIS_MEMBER(T, m), v), IGNIS_NO_FIT_), \
                     .value = IGNIS_VALUE(v)})
#define IGNIS_STEP_(op_, T, m, path_, v)                                                      \
    ((ignis_setting){.op = op_,                                                               \
                     .model = &T##_model,                                                     \
                     .member = IGNIS_NAME_IF_(T, m, IGNIS_IS_PATH_(T, m, v), IGNIS_NO_PATH_), \
                     .path = ignis_given_(path_),                                             \
                     .value = IGNIS_VALUE(v)})
#define IGNIS_SETTING_(T, m, path_, truth, message, value_)          \
    ((ignis_setting){.model = &T##_model,                            \
                     .member = IGNIS_NAME_IF_(T, m, truth, message), \
                     .path = path_,                                  \
                     .value = value_})

/* The typed functions of a repository R over the model of T, whose primary key is the member id:
     R_open, R_open_with, R_of, R_base, R_model, R_data_source, R_find, R_find_range, R_find_one,
     R_find_by_id, R_count, R_exists, R_explain, R_create, R_create_row, R_create_rows, R_upsert,
     R_upsert_rows, R_update_by_id, R_update_all, R_delete_by_id, R_delete_all; with options
     R_upsert_with, R_update_by_id_with, R_delete_by_id_with (the others have them in their filter).
   R_open_with takes the members of an ignis_repository_class that are to differ: name, hidden,
   default_filter, readable.
   _KEY: the key is another member; _KEYS: it is several, given as a struct of T whose key members
   count; _READABLE: without the functions that write and those of a key, which a view may lack;
   _READABLE_KEY, _READABLE_KEYS: with R_find_by_id. */
#define IGNIS_REPOSITORY(R, T) IGNIS_REPOSITORY_KEY(R, T, id)
#define IGNIS_REPOSITORY_KEY(R, T, key)                                                      \
    IGNIS_REPOSITORY_READS_(R, T)                                                            \
    IGNIS_REPOSITORY_BY_(R, T, __typeof__(IGNIS_MEMBER(T, key)), {.value = IGNIS_VALUE(id)}) \
    IGNIS_REPOSITORY_WRITES_(R, T)                                                           \
    IGNIS_REPOSITORY_OPEN_(R, T, false)
#define IGNIS_REPOSITORY_KEYS(R, T)                    \
    IGNIS_REPOSITORY_READS_(R, T)                      \
    IGNIS_REPOSITORY_BY_(R, T, const T *, {.row = id}) \
    IGNIS_REPOSITORY_WRITES_(R, T)                     \
    IGNIS_REPOSITORY_OPEN_(R, T, false)
#define IGNIS_REPOSITORY_READABLE(R, T) \
    IGNIS_REPOSITORY_READS_(R, T)       \
    IGNIS_REPOSITORY_OPEN_(R, T, true)
#define IGNIS_REPOSITORY_READABLE_KEY(R, T, key)                                                  \
    IGNIS_REPOSITORY_READS_(R, T)                                                                 \
    IGNIS_REPOSITORY_FIND_BY_(R, T, __typeof__(IGNIS_MEMBER(T, key)), {.value = IGNIS_VALUE(id)}) \
    IGNIS_REPOSITORY_OPEN_(R, T, true)
#define IGNIS_REPOSITORY_READABLE_KEYS(R, T)                \
    IGNIS_REPOSITORY_READS_(R, T)                           \
    IGNIS_REPOSITORY_FIND_BY_(R, T, const T *, {.row = id}) \
    IGNIS_REPOSITORY_OPEN_(R, T, true)

/* IGNIS_REPOSITORY and IGNIS_REPOSITORY_CLASS at once, for a program of one file. */
#define IGNIS_REPOSITORY_OVER(R, T, ...) \
    IGNIS_REPOSITORY(R, T);              \
    IGNIS_REPOSITORY_CLASS(R, T, __VA_ARGS__)

#define IGNIS_REPOSITORY_READS_(R, T)                                                           \
    typedef struct R R;                                                                         \
    /* For the JSON calls. */                                                                   \
    IGNIS_TYPED_ const ignis_repository *R##_base(const R *self)                                \
    {                                                                                           \
        return (const ignis_repository *)(const void *)self;                                    \
    }                                                                                           \
    IGNIS_TYPED_ const ignis_model *R##_model(void)                                             \
    {                                                                                           \
        return &T##_model;                                                                      \
    }                                                                                           \
    IGNIS_TYPED_ ignis_data_source *R##_data_source(const R *self)                              \
    {                                                                                           \
        return ignis_repository_data_source(R##_base(self));                                    \
    }                                                                                           \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_find(                                             \
        ignis_context *ctx, const R *self, const ignis_filter *filter, T **rows, size_t *count) \
    {                                                                                           \
        void *found = NULL;                                                                     \
        IGNIS_TRY(ignis_find(ctx, R##_base(self), filter, &found, count));                      \
        *rows = (T *)found;                                                                     \
        return IGNIS_OK;                                                                        \
    }                                                                                           \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_find_range(ignis_context *ctx, const R *self,     \
                                                         const ignis_filter *filter, T **rows,  \
                                                         size_t *count, ignis_range *range)     \
    {                                                                                           \
        void *found = NULL;                                                                     \
        IGNIS_TRY(ignis_find_range(ctx, R##_base(self), filter, &found, count, range));         \
        *rows = (T *)found;                                                                     \
        return IGNIS_OK;                                                                        \
    }                                                                                           \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_find_one(ignis_context *ctx, const R *self,       \
                                                       const ignis_filter *filter, T **row)     \
    {                                                                                           \
        void *found = NULL;                                                                     \
        IGNIS_TRY(ignis_find_one(ctx, R##_base(self), filter, &found));                         \
        *row = (T *)found;                                                                      \
        return IGNIS_OK;                                                                        \
    }                                                                                           \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_count(ignis_context *ctx, const R *self,          \
                                                    const ignis_filter *filter, int64_t *count) \
    {                                                                                           \
        return ignis_count(ctx, R##_base(self), filter, count);                                 \
    }                                                                                           \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_exists(ignis_context *ctx, const R *self,         \
                                                     const ignis_filter *filter, bool *exists)  \
    {                                                                                           \
        return ignis_exists(ctx, R##_base(self), filter, exists);                               \
    }                                                                                           \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_explain(                                          \
        ignis_context *ctx, const R *self, const ignis_filter *filter, const char **told)       \
    {                                                                                           \
        return ignis_explain(ctx, R##_base(self), filter, told);                                \
    }

/* The last argument is the ignis_key of id, whose type is id_type. */
#define IGNIS_REPOSITORY_FIND_BY_(R, T, id_type, ...)                                       \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_find_by_id(                                   \
        ignis_context *ctx, const R *self, id_type id, const ignis_filter *filter, T **row) \
    {                                                                                       \
        const ignis_key key = __VA_ARGS__;                                                  \
        void *found = NULL;                                                                 \
        IGNIS_TRY(ignis_find_by_id(ctx, R##_base(self), &key, filter, &found));             \
        *row = (T *)found;                                                                  \
        return IGNIS_OK;                                                                    \
    }

#define IGNIS_REPOSITORY_BY_(R, T, id_type, ...)                                              \
    IGNIS_REPOSITORY_FIND_BY_(R, T, id_type, __VA_ARGS__)                                     \
    IGNIS_REPOSITORY_BY_WITH_(R, T, id_type, __VA_ARGS__)                                     \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_update_by_id(                                   \
        ignis_context *ctx, const R *self, id_type id, const ignis_values *values, T **row)   \
    {                                                                                         \
        return R##_update_by_id_with(ctx, self, id, values, NULL, row);                       \
    }                                                                                         \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_delete_by_id(ignis_context *ctx, const R *self, \
                                                           id_type id, T **row)               \
    {                                                                                         \
        return R##_delete_by_id_with(ctx, self, id, NULL, row);                               \
    }
#define IGNIS_REPOSITORY_BY_WITH_(R, T, id_type, ...)                                            \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_update_by_id_with(                                 \
        ignis_context *ctx, const R *self, id_type id, const ignis_values *values,               \
        const ignis_options *options, T **row)                                                   \
    {                                                                                            \
        const ignis_key key = __VA_ARGS__;                                                       \
        void *made = NULL;                                                                       \
        IGNIS_TRY(                                                                               \
            ignis_update_by_id(ctx, R##_base(self), &key, values, options, row ? &made : NULL)); \
        if (row) *row = (T *)made;                                                               \
        return IGNIS_OK;                                                                         \
    }                                                                                            \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_delete_by_id_with(                                 \
        ignis_context *ctx, const R *self, id_type id, const ignis_options *options, T **row)    \
    {                                                                                            \
        const ignis_key key = __VA_ARGS__;                                                       \
        void *gone = NULL;                                                                       \
        IGNIS_TRY(ignis_delete_by_id(ctx, R##_base(self), &key, options, row ? &gone : NULL));   \
        if (row) *row = (T *)gone;                                                               \
        return IGNIS_OK;                                                                         \
    }

#define IGNIS_REPOSITORY_WRITES_(R, T)                                                             \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_create(ignis_context *ctx, const R *self,            \
                                                     const ignis_values *values, T **row)          \
    {                                                                                              \
        void *made = NULL;                                                                         \
        IGNIS_TRY(ignis_create(ctx, R##_base(self), values, row ? &made : NULL));                  \
        if (row) *row = (T *)made;                                                                 \
        return IGNIS_OK;                                                                           \
    }                                                                                              \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_create_rows(ignis_context *ctx, const R *self,       \
                                                          const T *rows, size_t count,             \
                                                          ignis_members members, T **created)      \
    {                                                                                              \
        void *made = NULL;                                                                         \
        IGNIS_TRY(                                                                                 \
            ignis_create_rows(ctx, R##_base(self), rows, count, members, created ? &made : NULL)); \
        if (created) *created = (T *)made;                                                         \
        return IGNIS_OK;                                                                           \
    }                                                                                              \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_upsert_with(ignis_context *ctx, const R *self,       \
                                                          const ignis_values *values,              \
                                                          const ignis_options *options, T **row)   \
    {                                                                                              \
        void *made = NULL;                                                                         \
        IGNIS_TRY(ignis_upsert(ctx, R##_base(self), values, options, row ? &made : NULL));         \
        if (row) *row = (T *)made;                                                                 \
        return IGNIS_OK;                                                                           \
    }                                                                                              \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_upsert(ignis_context *ctx, const R *self,            \
                                                     const ignis_values *values, T **row)          \
    {                                                                                              \
        return R##_upsert_with(ctx, self, values, NULL, row);                                      \
    }                                                                                              \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_upsert_rows(ignis_context *ctx, const R *self,       \
                                                          const T *rows, size_t count,             \
                                                          ignis_members members, T **upserted)     \
    {                                                                                              \
        const ignis_rows given = {rows, count, members};                                           \
        void *made = NULL;                                                                         \
        IGNIS_TRY(ignis_upsert_rows(ctx, R##_base(self), &given, NULL, upserted ? &made : NULL));  \
        if (upserted) *upserted = (T *)made;                                                       \
        return IGNIS_OK;                                                                           \
    }                                                                                              \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_update_all(                                          \
        ignis_context *ctx, const R *self, const ignis_filter *filter, const ignis_values *values, \
        T **rows, size_t *count)                                                                   \
    {                                                                                              \
        void *made = NULL;                                                                         \
        IGNIS_TRY(                                                                                 \
            ignis_update_all(ctx, R##_base(self), filter, values, rows ? &made : NULL, count));    \
        if (rows) *rows = (T *)made;                                                               \
        return IGNIS_OK;                                                                           \
    }                                                                                              \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_delete_all(                                          \
        ignis_context *ctx, const R *self, const ignis_filter *filter, T **rows, size_t *count)    \
    {                                                                                              \
        void *gone = NULL;                                                                         \
        IGNIS_TRY(ignis_delete_all(ctx, R##_base(self), filter, rows ? &gone : NULL, count));      \
        if (rows) *rows = (T *)gone;                                                               \
        return IGNIS_OK;                                                                           \
    }                                                                                              \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_create_row(                                          \
        ignis_context *ctx, const R *self, const T *row, ignis_members members, T **created)       \
    {                                                                                              \
        return R##_create_rows(ctx, self, row, 1, members, created);                               \
    }

#define IGNIS_REPOSITORY_OPEN_(R, T, readable_)                                                   \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_open_with(                                          \
        ignis_context *ctx, ignis_data_source *source, const ignis_repository_class *with,        \
        R **repository)                                                                           \
    {                                                                                             \
        const ignis_repository_class none = {.struct_size = 0};                                   \
        ignis_repository_class class_ = with ? *with : none;                                      \
        ignis_repository *opened;                                                                 \
        class_.struct_size = sizeof(class_);                                                      \
        if (!class_.name) class_.name = #R;                                                       \
        class_.readable = class_.readable || readable_;                                           \
        class_.model = NULL;                                                                      \
        class_.typed = &T##_model;                                                                \
        IGNIS_TRY(ignis_repository_open(ctx, source, &class_, &opened));                          \
        *repository = (R *)(void *)opened;                                                        \
        return IGNIS_OK;                                                                          \
    }                                                                                             \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code R##_open(ignis_context *ctx, ignis_data_source *source, \
                                                   R **repository)                                \
    {                                                                                             \
        const ignis_repository_class class_ = {.readable = readable_};                            \
        return R##_open_with(ctx, source, &class_, repository);                                   \
    }                                                                                             \
    enum { R##_is_readable = readable_ };                                                         \
    IGNIS_TYPED_ R *R##_of(const ignis_app *app)                                                  \
    {                                                                                             \
        return (R *)ignis_app_get(app, IGNIS_KEY_(repositories, R));                              \
    }                                                                                             \
    extern const ignis_repository_class R##_class

#endif

#ifdef __cplusplus
}
#endif
#endif
