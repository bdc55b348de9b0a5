/* row: cells to JSON and to C structs, JSON to cells; levels stitched together by key. */
#ifndef ROW_H
#define ROW_H

#include "ignis/repository.h"
#include "plan/plan.h"

/* ---- cell_json.c --------------------------------------------------------------------------------- */

/* The JSON form of a value (design: behaviour, JSON form of values), from either form a driver gives
   it in: times as microseconds or fixed-width text, arrays as lists or their storage text. */
void row_cell_write(text *out, const ignis_value_type *type, const ignis_cell *cell);
/* `"a":1,"b":null` for the first count columns of a row. */
void row_cells_write(text *out, const model_column *const *columns, size_t count,
                     const ignis_cell *cells);

/* ---- to_struct.c: rows that become C structs --------------------------------------------------------- */

/* Structs side by side, growing. */
typedef struct row_structs {
    const model_entity *entity;
    char *items;
    size_t count;
    size_t capacity;
} row_structs;

/* IGNIS_E_INVALID: the model has no struct, for it is from JSON. */
ignis_code row_struct_check(ignis_context *ctx, const model_entity *entity);
/* Appends a row of the given columns; everything it holds is in memory. */
ignis_code row_structs_add(ignis_context *ctx, arena *memory, row_structs *structs,
                           const model_column *const *columns, size_t columns_count,
                           const ignis_cell *cells);
/* The structs, or a row of zeros where there are none: never NULL. */
ignis_code row_structs_finish(ignis_context *ctx, arena *memory, const row_structs *structs,
                              void **rows);

/* ---- stitch.c ----------------------------------------------------------------------------------- */

#define ROW_NONE UINT32_MAX

/* One row of a level. */
typedef struct row_entry {
    size_t offset; /* of its text within the level's text */
    size_t size;
    uint32_t next; /* the next row of the same parent key, or ROW_NONE */
} row_entry;

/* The distinct keys of a level over some of its columns, in order of first appearance. */
typedef struct row_keys {
    ignis_cell *tuples; /* count * width */
    uint32_t *table;    /* key index + 1 by hash; 0: free */
    uint64_t *hashes;   /* by key index */
    size_t table_size;  /* a power of two */
    size_t capacity;
    size_t count;
    size_t width;
    uint32_t *of_row; /* key index by row, ROW_NONE where a part is NULL */
    size_t of_row_capacity;
} row_keys;

typedef struct row_level {
    const plan_node *node;
    struct row_level *parent;
    text written;        /* as JSON: the rows' visible columns */
    row_structs structs; /* as structs, in order of arrival */
    uint32_t *places;    /* as structs, once arranged: where each row stands; NULL: as it arrived */
    row_entry *rows;
    size_t rows_count;
    size_t rows_capacity;
    row_keys *keys;  /* as node->keys */
    uint32_t *first; /* by key index of the parent: first and last row, or ROW_NONE */
    uint32_t *last;
    size_t links_count;
    bool is_started;
} row_level;

/* A result being put together. Memory is scratch; only the final text goes elsewhere. */
typedef struct row_result {
    ignis_context *ctx;
    arena *memory;
    arena *structs;    /* whose memory the structs have; NULL: JSON */
    row_level *levels; /* by node index */
    size_t levels_count;
    int64_t rows_max; /* 0: no bound */
    int64_t rows_read;
} row_result;

ignis_code row_result_start(ignis_context *ctx, arena *memory, const plan_read *plan,
                            int64_t rows_max, row_result *result);
/* Between start and the first row: the rows become structs in memory. IGNIS_E_INVALID: a model that is
   from JSON and has no struct. */
ignis_code row_result_as_structs(row_result *result, arena *memory);
/* Before the first row of a level, whose parents are complete by then; row_level_add does it too. */
ignis_code row_level_start(row_result *result, size_t index);
/* Takes one row; cells are read, not kept. */
ignis_code row_level_add(row_result *result, size_t index, const ignis_cell *cells);
/* The parents' keys that lead to a level, as a list for its statement. */
ignis_cell row_level_keys(const row_result *result, size_t index);

/* to_json.c: the root's rows with everything below them: a list, or one row or null. */
ignis_code row_result_write(row_result *result, bool is_single, text *out);

/* ---- cell_member.c --------------------------------------------------------------------------------- */

/* Stores a value in its member of a struct; texts and the like are copied to memory. IGNIS_E_DATABASE:
   a value of another writer's that the member cannot hold; IGNIS_E_INVALID: a NULL among the elements
   of an array whose members cannot say so. */
ignis_code row_member_store(ignis_context *ctx, arena *memory, const model_column *column,
                            const ignis_cell *cell, void *row);

/* ---- to_struct.c ----------------------------------------------------------------------------------- */

/* The root's rows with everything below them hung in. Rows of one parent stand side by side; a row that
   is reached twice is one struct. *rows is not NULL even where there are none. */
ignis_code row_result_structs(row_result *result, void **rows, size_t *count);

/* ---- native.c: rows of C programs as JSON ------------------------------------------------------------ */

/* Structs side by side, and which of their members count. */
typedef struct row_native {
    const model_entity *entity;
    const void *items;
    size_t count;
    const ignis_members *members;
    const bool *is_member; /* by column: what row_native_columns has made of members */
} row_native;

/* The columns of members. IGNIS_E_INVALID: one of another model, or none of a column. */
ignis_code row_native_columns(ignis_context *ctx, arena *memory, row_native *rows);
/* One struct as an object in memory; its raw_size is about what its values take. */
ignis_code row_native_read(ignis_context *ctx, arena *memory, const row_native *rows, size_t row,
                           const json **made);
/* The values of a create or an update: properties, paths, $increment, $append, $remove. */
ignis_code row_native_values(ignis_context *ctx, arena *memory, const model_entity *entity,
                             const ignis_values *values, const json **made);

/* ---- bind.c: a row in JSON to the values of an insert -------------------------------------------- */

typedef enum row_purpose {
    ROW_CREATE,        /* generators make what is missing, defaults are left to the database */
    ROW_CREATE_PUBLIC, /* the same; errors do not hint at hidden properties */
    ROW_LOAD           /* exactly as given: a missing property is NULL */
} row_purpose;

/* generate.c: what the library makes for a column that a row does not name. */
typedef enum row_moment { ROW_ON_CREATE, ROW_ON_UPDATE } row_moment;
/* *is_made: there is a generator, and it made *value. An error's path is the column. */
ignis_code row_generate(ignis_context *ctx, arena *memory, const model_column *column,
                        row_moment moment, bool *is_made, ignis_cell *value);

/* A name that is no property of the entity: an error with the nearest name, its path the name. */
ignis_code row_name_fail(ignis_context *ctx, const model_entity *entity, const json_member *member,
                         bool is_public);
/* A value for a column: refuses null where the column is never null, and any value for an identity that
   is always made by the database. An error's path is the column. */
ignis_code row_value_read(ignis_context *ctx, arena *memory, const model_entity *entity,
                          const model_column *column, const json *given, ignis_cell *value);

/* changes.c: the data of an update. */
typedef struct row_changes {
    plan_change *items; /* by column */
    size_t count;
    ignis_cell *values; /* by slot, less the first */
    size_t values_count;
    const model_column *expected; /* a version that the row must still have, by slot; NULL: none */
    size_t expected_slot;
} row_changes;

typedef struct row_changes_options {
    size_t slot_first;
    bool is_public; /* errors do not hint at hidden properties */
} row_changes_options;

/* "$increment" and the like. */
bool row_is_operator(const char *name);
/* Reads {"property": value, "document.path": value, "$operator": {...}} and adds what generators make.
   All mistakes are told, the first by the error, the others by its next. */
ignis_code row_changes_read(ignis_context *ctx, arena *memory, const model_entity *entity,
                            const json *data, const row_changes_options *options,
                            row_changes *changes);

/* The values of a row. Both lists have room for all columns of the model. */
typedef struct row_values {
    bool *given;       /* by column index */
    ignis_cell *cells; /* of the given columns, in their order */
    size_t count;      /* of cells */
} row_values;

/* All mistakes of the row are told, the first by the error, the others by its next; their paths begin at
   the row ("price"). IGNIS_E_NOT_NULL: a required value is missing or null. */
ignis_code row_bind(ignis_context *ctx, arena *memory, const model_entity *entity, const json *row,
                    row_purpose purpose, row_values *values);
/* The same for a struct. Texts stay where the struct has them. */
ignis_code row_native_bind(ignis_context *ctx, arena *memory, const row_native *rows, size_t row,
                           row_values *values);

#endif
