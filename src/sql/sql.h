/* sql: the only place with SQL text. Pure: plans in, statements out. */
#ifndef SQL_H
#define SQL_H

#include "model/model.h"

/* ---- identifier.c ---------------------------------------------------------------------------- */

/* The one function that quotes: "name", inner quotes doubled. */
void sql_identifier(text *out, const char *name);
/* "schema"."table" on PostgreSQL; one identifier "schema.table" on SQLite. */
void sql_table(text *out, ignis_dialect dialect, const model_entity *entity);
/* A constant of the model's author (defaults, default filters) in the form that the engine stores. */
void sql_literal(text *out, ignis_dialect dialect, const ignis_value_type *type,
                 const ignis_cell *value);

/* ---- schema.c ----------------------------------------------------------------------------------- */

typedef struct sql_script {
    const char *const *statements; /* without ";" */
    size_t count;
} sql_script;

/* CREATE SCHEMA / TABLE / INDEX for all models but views and skipMigrate, in dependency order. */
ignis_code sql_schema_create(ignis_context *ctx, arena *memory, const model_registry *registry,
                             ignis_dialect dialect, sql_script *script);

#endif
