/* sql: the only place with SQL text. Pure: plans in, statements out. */
#ifndef SQL_H
#define SQL_H

#include "ignis/app.h"
#include "plan/plan.h"

/* ---- identifier.c ---------------------------------------------------------------------------- */

/* The one function that quotes: "name", inner quotes doubled. */
void sql_identifier(text *out, const char *name);
/* "schema"."table" on PostgreSQL; one identifier "schema.table" on SQLite. */
void sql_table(text *out, ignis_dialect dialect, const model_entity *entity);
/* The type's name on PostgreSQL, as in a cast. */
void sql_postgres_type(text *out, const ignis_value_type *type);
/* A constant of the model's author (defaults, default filters) in the form that the engine stores.
 */
void sql_literal(text *out, ignis_dialect dialect, const ignis_value_type *type,
                 const ignis_cell *value);

/* ---- schema.c ----------------------------------------------------------------------------------- */

/* An expression of a model's author alone, in a statement that reads nothing: tells which of them
   the engine refuses. */
typedef struct sql_probe {
    const char *sql;
    const char *place; /* "A.checks.name", "A.columns.name.default" */
    size_t statement;  /* that the expression is a part of */
} sql_probe;

typedef struct sql_script {
    const char *const *statements; /* without ";" */
    size_t count;
    const char *const *places; /* what each is for: "A", "A.indexes.name"; NULL: nothing is known */
    const sql_probe *probes;
    size_t probes_count;
    const size_t *tables; /* the table that each is a part of, from 0 */
    size_t tables_count;
} sql_script;

/* CREATE SCHEMA / TABLE / INDEX for all models but views and skipMigrate, in dependency order. */
ignis_code sql_schema_create(ignis_context *ctx, arena *memory, const model_registry *registry,
                             ignis_dialect dialect, sql_script *script);
/* schema_look.c: the numbers, as in a script, of the tables (or views) of these names that are there. */
ignis_code sql_schema_look(ignis_context *ctx, arena *memory, const model_registry *registry,
                           ignis_dialect dialect, ignis_statement *look);
/* In a transaction: until its end no other creates tables so. NULL: the engine's transaction does that
   by itself. */
const ignis_statement *sql_schema_lock(ignis_dialect dialect);

/* ---- statements ----------------------------------------------------------------------------------- */

/* Where a parameter's value comes from when a statement is run. */
typedef enum sql_source {
    SQL_SLOT = 1, /* the filter's or the row's values, by slot */
    SQL_CONTEXT,  /* the context's value of a name, read for a column */
    SQL_KEYS,     /* the distinct keys of the parent level */
    SQL_KEYS_REST /* the further columns of a composite key; SQL_KEYS holds their values */
} sql_source;

typedef struct sql_parameter {
    sql_source source;
    size_t slot;
    const char *name;           /* of the context's value */
    const model_column *column; /* SQL_CONTEXT: what it is read for */
    filter_reading reading;     /* SQL_CONTEXT */
    bool is_wrapped;            /* SQL_CONTEXT: a scalar is a list of one */
} sql_parameter;

typedef struct sql_statement {
    ignis_statement statement;
    const sql_parameter *parameters;
    bool takes_slots; /* the parameters are the values by slot, in their order */
} sql_statement;

/* read.c: the statement of one level, in the way of its access; of the count beside a range, of count
   and of exists. */
ignis_code sql_read(ignis_context *ctx, arena *memory, ignis_dialect dialect, const plan_read *plan,
                    const plan_node *node, sql_statement *statement);
ignis_code sql_count(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                     const plan_node *root, sql_statement *statement);
ignis_code sql_exists(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                      const plan_node *root, sql_statement *statement);

/* postgres.c: all levels of a plan, and the count of a range behind them, as one statement. Its columns:
   the number of the level (nodes_count: the count), then those of each level one after another, then
   the count. IGNIS_E_LIMIT: more columns than PostgreSQL has. */
ignis_code sql_tagged(ignis_context *ctx, arena *memory, const plan_read *plan,
                      sql_statement *statement);

/* insert.c: one row, or rows of the same columns. */
typedef struct sql_insert_parts {
    const model_entity *entity;
    const bool *given;             /* by column: slots 0, 1, ... in their order */
    const bool *returning;         /* by column; NULL: nothing. None chosen: rows without columns */
    const filter_condition *check; /* a last column tells whether the row meets it; NULL: none */
    bool is_load;                  /* values of identity columns are taken */
    const plan_upsert *upsert;     /* NULL: a row with the same key is an error */
    bool is_bulk; /* PostgreSQL: rows, each slot the list of their values of a column */
} sql_insert_parts;

ignis_code sql_insert(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                      const sql_insert_parts *parts, sql_statement *statement);

/* copy.c: PostgreSQL: rows in the binary form of COPY, a key list over the given columns. */
ignis_code sql_copy(ignis_context *ctx, arena *memory, const model_entity *entity,
                    const bool *given, sql_statement *statement);
/* Whether COPY is for values of this type. */
bool sql_can_copy(const ignis_value_type *type);
/* Gives true where COPY does what an INSERT would: a table without rules and row security, whose columns
   have the very types of the model and take any value: COPY writes an identity that is always made. */
ignis_code sql_copy_check(ignis_context *ctx, arena *memory, const model_entity *entity,
                          sql_statement *statement);

/* write.c: an UPDATE or DELETE. */
ignis_code sql_write(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                     const plan_write *plan, sql_statement *statement);

/* violation.c: which constraint a write that failed would violate, looked for in model order: primary
   key, uniques, foreign keys, then those of other models that point here. */
typedef struct sql_violation {
    const model_entity *entity;         /* whose constraint it is */
    const model_constraint *constraint; /* NULL: the primary key */
} sql_violation;
/* Where the new value of a column comes from, beside a slot. */
#define SQL_VALUE_KEPT    SIZE_MAX
#define SQL_VALUE_UNKNOWN (SIZE_MAX - 1)
typedef struct sql_violation_parts {
    const model_registry *registry;
    const model_entity *entity;
    const filter_node *filter; /* the rows that were to change; NULL: a row was to be inserted */
    const size_t *slots;       /* by column; NULL: the rows were to be deleted */
    bool is_one_of_many;       /* of rows to insert that may point at each other */
} sql_violation_parts;
/* The statement gives the index within *found, or -1. *count 0: there is nothing to look for. */
ignis_code sql_violations(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                          const sql_violation_parts *parts, sql_statement *statement,
                          const sql_violation **found, size_t *count);

/* insert.c: PostgreSQL: makes an identity column continue after its greatest value. */
ignis_code sql_identity_continue(ignis_context *ctx, arena *memory, const model_column *column,
                                 const model_entity *entity, sql_statement *statement);

/* transaction.c: statements without parameters. Their ids are below SQL_ID_FREE. */
enum { SQL_ID_FREE = 16 };
/* The caller's transaction. */
const ignis_statement *sql_begin(ignis_dialect dialect, ignis_isolation isolation, bool read_only);
/* One snapshot for several reading statements. */
const ignis_statement *sql_begin_read(ignis_dialect dialect);
/* For a single call that writes. */
const ignis_statement *sql_begin_write(ignis_dialect dialect);
extern const ignis_statement sql_commit;
extern const ignis_statement sql_rollback;
/* A transaction within a transaction. After the rollback it is still there, to be released. */
extern const ignis_statement sql_savepoint;
extern const ignis_statement sql_savepoint_release;
extern const ignis_statement sql_savepoint_rollback;
/* One row of one integer, 1: whether the database answers. */
extern const ignis_statement sql_ping;

/* match.c: a statement whose one parameter is a regular expression; it gives a row, or the engine's
   error where the expression is none. Its id is below SQL_ID_FREE. */
const ignis_statement *sql_pattern_check(ignis_dialect dialect);

/* ---- within the folder: emit.c ------------------------------------------------------------------- */

/* A statement being written. */
typedef struct sql_emitter {
    ignis_context *ctx;
    arena *memory;
    ignis_dialect dialect;
    text out;
    sql_parameter *parameters;
    ignis_value_type *types;
    size_t parameters_count;
    size_t parameters_capacity;
    size_t placeholder_last; /* the greatest number written */
    size_t terms_count;      /* of a long WHERE, that SQLite plans one by one */
} sql_emitter;

void sql_emitter_start(sql_emitter *emitter, ignis_context *ctx, arena *memory,
                       ignis_dialect dialect);
/* Adds a parameter without a placeholder. */
void sql_parameter_add(sql_emitter *emitter, const sql_parameter *parameter,
                       const ignis_value_type *type);
/* Adds a parameter and writes its placeholder. */
void sql_emit_parameter(sql_emitter *emitter, const sql_parameter *parameter,
                        const ignis_value_type *type);
/* The placeholder of a slot; one of the first parameters serves however often it is written. */
void sql_emit_slot(sql_emitter *emitter, size_t slot, const ignis_value_type *type);
/* The placeholder of an operand's value, or its literal. */
void sql_emit_operand(sql_emitter *emitter, const filter_operand *operand,
                      const model_column *column, bool is_list);
/* path.c: what lies at a JSON path, in the form of the column's type. */
void sql_emit_path(sql_emitter *emitter, const char *alias, const model_column *column);
/* contains, containedBy, overlaps of what lies at a JSON path. */
void sql_emit_path_set(sql_emitter *emitter, const char *alias, const filter_condition *condition);
/* alias."column"; of a JSON path what lies there */
void sql_emit_column(sql_emitter *emitter, const char *alias, const model_column *column);
/* The type in which a column is compared: PostgreSQL compares json as jsonb. */
ignis_value_type sql_compared_type(const sql_emitter *emitter, const model_column *column);
/* alias."column" in that type. */
void sql_emit_compared(sql_emitter *emitter, const char *alias, const model_column *column);
/* Other types are read as text: "::text", or nothing. */
void sql_emit_result_cast(sql_emitter *emitter, const model_column *column);
/* The columns as they are compared, or (is_result) as they are read; "1" for none. */
void sql_emit_columns(sql_emitter *emitter, const char *alias, const model_column *const *columns,
                      size_t count, bool is_result);
/* "table" AS alias */
void sql_emit_table(sql_emitter *emitter, const model_entity *entity, const char *alias);
/* The conditions of a level, each after " AND ", or after " WHERE " for the first where is_first. */
void sql_emit_where(sql_emitter *emitter, const char *alias, const filter_node *filter,
                    bool is_first);
/* One condition. */
void sql_emit_condition(sql_emitter *emitter, const char *alias, const filter_condition *condition);
/* match.c: conditions of like and its kin, startsWith, endsWith, regexp and iregexp. */
void sql_emit_text_match(sql_emitter *emitter, const char *alias,
                         const filter_condition *condition);
/* match.c: conditions of contains, containedBy and overlaps on an array column. */
void sql_emit_set_match(sql_emitter *emitter, const char *alias, const filter_condition *condition);
/* match.c: PostgreSQL: the query whose rows are the arrays of a list parameter. */
void sql_emit_arrays(sql_emitter *emitter, const filter_condition *condition);
/* " ORDER BY ..." or nothing. */
void sql_emit_order(sql_emitter *emitter, const char *alias, const plan_node *node);
/* " LIMIT ... OFFSET ..." or nothing. */
void sql_emit_limit(sql_emitter *emitter, const plan_node *node);
/* Ends the statement; columns NULL: bigints. */
ignis_code sql_emitter_finish(sql_emitter *emitter, const model_column *const *columns,
                              size_t columns_count, sql_statement *statement);
/* The same with the types of the result, which have to last. */
ignis_code sql_emitter_finish_types(sql_emitter *emitter, const ignis_value_type *types,
                                    size_t columns_count, sql_statement *statement);

extern const ignis_value_type sql_bigint;

/* returning.c: what a write gives back. */
typedef struct sql_returning {
    const model_entity *entity;
    const bool *chosen;            /* by column; NULL: nothing. None chosen: rows without columns */
    const filter_condition *check; /* a last column tells whether the row meets it; NULL: none */
} sql_returning;
size_t sql_chosen_count(const model_entity *entity, const bool *chosen);
/* The chosen columns without the table; is_result: as they are read. */
void sql_emit_names(sql_emitter *emitter, const model_entity *entity, const bool *chosen,
                    bool is_result);
/* insert.c: the table's name, quoted, as a literal. */
void sql_emit_table_text(sql_emitter *emitter, const model_entity *entity);
/* The name by which a write knows its table in conditions. NULL: an error of emitter. */
const char *sql_own_name(sql_emitter *emitter, const model_entity *entity);
/* Ends a write with its RETURNING. */
ignis_code sql_returning_finish(sql_emitter *emitter, const sql_returning *returning,
                                sql_statement *statement);
/* write.c: table."column" and what is added to it. */
void sql_emit_sum(sql_emitter *emitter, const char *table, const plan_change *change);
/* document.c: the column's document after count steps into it. */
void sql_emit_document(sql_emitter *emitter, const char *table, const plan_change *changes,
                       size_t count);

/* sqlite.c, postgres.c: what follows "SELECT columns" of a level. The level's table is t on SQLite, t
   and its index on PostgreSQL. */
void sql_sqlite_level(sql_emitter *emitter, const plan_node *node);
void sql_postgres_level(sql_emitter *emitter, const plan_read *plan, const plan_node *node);

/* ---- schema_order.c: private to schema.c ------------------------------------------------------- */

/* Whether the library creates the entity's table. */
bool schema_is_created(const model_entity *entity);

/* The entities that are created, each after those its foreign keys point at, else in model order.
   A cycle is cut at the foreign key that closes it. positions[entity index] is the place in items. */
typedef struct schema_order {
    const model_entity **items;
    size_t count;
    size_t *positions;
} schema_order;

ignis_code schema_order_build(ignis_context *ctx, arena *memory, const model_registry *registry,
                              schema_order *order);
/* IGNIS_E_INVALID: two tables, indexes or (PostgreSQL) unique constraints, or (SQLite) two columns of
   a table would bear one name; or SQLite or the library keeps a name for itself. */
ignis_code schema_names_check(ignis_context *ctx, arena *memory, const schema_order *order,
                              ignis_dialect dialect);

#endif
