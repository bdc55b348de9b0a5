/* Statements of one's own, in the engine's own SQL, with values apart from the text.

   Placeholders are the engine's: $1, $2 on PostgreSQL; ?, ?1 or :name on SQLite, counted as
   sqlite3_bind counts them. One statement for each call; those that begin, end or set transactions are
   IGNIS_E_INVALID, as ignis_begin, ignis_commit and ignis_rollback do that; COPY is
   IGNIS_E_UNSUPPORTED.

   With a transaction as ctx a statement is a part of it; else it is one of its own, and where the
   connection is lost before the answer, the code is IGNIS_E_COMMIT_UNKNOWN (IGNIS_E_CONNECTION for
   SELECT, VALUES, TABLE and SHOW, which are taken to change nothing). What a statement sets for its
   session stays with a pooled connection: do not.

   Errors carry sqlstate and constraint; their messages show nothing of the statement. Codes are those of
   ignis/repository.h. */
#ifndef IGNIS_SQL_H
#define IGNIS_SQL_H

#include "ignis/app.h"
#include "ignis/container.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A value with its type. Text for a type that is no text ("2024-03-10", "10.50", a UUID, a document of
   json or jsonb) is read as filters read it; arrays are lists of such cells. IGNIS_TYPE_OTHER: text of
   which the statement decides what it is. */
typedef struct ignis_parameter {
    ignis_value_type type; /* of the value */
    ignis_cell value;      /* NULL, a scalar, or a list of cells */
} ignis_parameter;

/* NULL of any type. */
IGNIS_API ignis_parameter ignis_parameter_null(void);
/* A boolean. */
IGNIS_API ignis_parameter ignis_parameter_boolean(bool value);
/* A bigint. */
IGNIS_API ignis_parameter ignis_parameter_integer(int64_t value);
/* A double precision; IGNIS_E_INVALID, when used, where it is not finite. */
IGNIS_API ignis_parameter ignis_parameter_double(double value);
/* Text is not copied. NULL is SQL's NULL. */
IGNIS_API ignis_parameter ignis_parameter_text(const char *value);
/* Bytes (bytea), likewise. */
IGNIS_API ignis_parameter ignis_parameter_bytes(const void *data, size_t size);
/* Any type, from text: ignis_parameter_of(IGNIS_TYPE_NUMERIC, "10.50"). */
IGNIS_API ignis_parameter ignis_parameter_of(ignis_type type, const char *value);

/* A statement. All of it is read during the call and not kept. */
typedef struct ignis_sql {
    size_t struct_size;
    const char *text;                  /* one statement in the engine's SQL */
    size_t size;                       /* 0: text is NUL-terminated */
    const ignis_parameter *parameters; /* one for each placeholder */
    size_t parameters_count;           /* of parameters */
} ignis_sql;

/* Carries a statement out. rows_count (may be NULL): rows that it changed; rows that it gives are
   dropped. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_execute(ignis_context *ctx, ignis_data_source *source,
                                                 const ignis_sql *statement, int64_t *rows_count);

/* The rows that a statement gives, as a JSON list of objects by the names of its columns; [] where it
   gives none. On PostgreSQL values have the JSON form of their types; on SQLite, whose expressions have
   no types, that of what is stored. IGNIS_E_INVALID: two columns of one name, path "columns[1]". Where rows are
   refused, what INSERT, UPDATE, DELETE, MERGE, REPLACE or WITH have changed is undone. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_query(ignis_context *ctx, ignis_data_source *source,
                                               const ignis_sql *statement, const char **json);

/* The same rows, side by side, as structs of a model: any C model whose SQL columns the
   result has, whether a data source registers it or not; of the model only the columns count, of the
   result those that the model has. *rows is not NULL where there are none.

   IGNIS_E_INVALID: a column of the model is missing, is of a type that its member does not hold (on
   SQLite, whose expressions have no types: holds such a value), or is NULL and the model says not_null. The
   path is the property, "rows[2].price" where a value is at fault; a result without rows is not looked
   at. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_query_rows(ignis_context *ctx, ignis_data_source *source,
                                                    const ignis_sql *statement,
                                                    const ignis_model *model, void **rows,
                                                    size_t *rows_count);

/* The same on the data source of a repository, whose name is the scope in the log. The statement is the
   program's own: a readable repository refuses none. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_repository_execute(ignis_context *ctx,
                                                            const ignis_repository *repository,
                                                            const ignis_sql *statement,
                                                            int64_t *rows_count);
IGNIS_API IGNIS_CHECKED ignis_code ignis_repository_query(ignis_context *ctx,
                                                          const ignis_repository *repository,
                                                          const ignis_sql *statement,
                                                          const char **json);

#ifndef __cplusplus

/* IGNIS_SQL(.text = "SELECT $1", IGNIS_PARAMETERS(ignis_parameter_integer(1))); its data live to the end
   of the enclosing block. */
#define IGNIS_SQL(...) (&(const ignis_sql){.struct_size = sizeof(ignis_sql), __VA_ARGS__})
#define IGNIS_PARAMETERS(...)                             \
    .parameters = (const ignis_parameter[]){__VA_ARGS__}, \
    .parameters_count = sizeof((const ignis_parameter[]){__VA_ARGS__}) / sizeof(ignis_parameter)

/* IGNIS_QUERY(Total) makes Total_query, which gives rows of the struct Total by Total_model. */
#define IGNIS_QUERY(T)                                                                             \
    IGNIS_TYPED_ IGNIS_CHECKED ignis_code T##_query(ignis_context *ctx, ignis_data_source *source, \
                                                    const ignis_sql *statement, T **rows,          \
                                                    size_t *count)                                 \
    {                                                                                              \
        void *found = NULL;                                                                        \
        IGNIS_TRY(ignis_query_rows(ctx, source, statement, &T##_model, &found, count));            \
        *rows = (T *)found;                                                                        \
        return IGNIS_OK;                                                                           \
    }                                                                                              \
    extern const ignis_model T##_model

#endif

#ifdef __cplusplus
}
#endif
#endif
