/* Reading and writing through JSON. Filters, values and results are JSON text (docs/filters.md).

   policy NULL is the public one; filter and where may be NULL, which is "all"; no other argument may.
   Results are NUL-terminated, belong to ctx, and are written on success only. Codes of every call:
   IGNIS_E_INVALID, IGNIS_E_LIMIT (policy or context), IGNIS_E_UNSUPPORTED (not on this engine, not in
   this version, not through a readable repository), IGNIS_E_MEMORY, IGNIS_E_TIMEOUT,
   IGNIS_E_CANCELLED, IGNIS_E_CONNECTION, IGNIS_E_DATABASE; of writes also IGNIS_E_NOT_NULL,
   IGNIS_E_UNIQUE, IGNIS_E_FOREIGN_KEY, IGNIS_E_CHECK (which a row outside the default filter is
   too, where the model sets checkWrites) and IGNIS_E_SERIALIZATION. */
#ifndef IGNIS_REPOSITORY_H
#define IGNIS_REPOSITORY_H

#include "ignis/app.h"

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

/* Any method by its name, with all its arguments in one object: {"filter", "id", "where", "data",
   "options"}. The way in for other languages. Methods: find, findOne, findById, count, existsWith,
   create, createAll. Options: shouldSkipDefaultFilter, shouldQueryRange, shouldReturn, withHidden,
   each true or false. arguments NULL: {}; arguments_size 0: it is NUL-terminated. Results: rows, row or null, {"count": n}, true or false, {"count", "data"}.
   IGNIS_E_UNSUPPORTED: no such method. json_size may be NULL. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_call_json(ignis_context *ctx,
                                                   const ignis_repository *repository,
                                                   const ignis_policy *policy, const char *method,
                                                   const char *arguments, size_t arguments_size,
                                                   const char **json, size_t *json_size);

#ifdef __cplusplus
}
#endif
#endif
