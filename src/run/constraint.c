#include "run/run.h"

/* SQLite names a violated constraint by its columns: "User.email", "Store.country, Store.code". */

enum { COLUMNS_MAX = 32 };

typedef struct raw_columns {
    const model_column *items[COLUMNS_MAX];
    size_t count;
} raw_columns;

/* false: not the columns of this entity. */
static bool raw_read(const model_entity *entity, const char *raw, raw_columns *columns)
{
    columns->count = 0;
    while (*raw) {
        size_t size = strcspn(raw, ",");
        const char *dot = memrchr(raw, '.', size);
        if (!dot || columns->count == COLUMNS_MAX) return false;
        const char *name = dot + 1;
        const model_column *column =
            map_get(&entity->columns_by_sql, name, size - (size_t)(name - raw));
        if (!column) return false;
        columns->items[columns->count++] = column;
        raw += size;
        raw += strspn(raw, ", ");
    }
    return columns->count > 0;
}

static bool keys_equal(const model_keys *keys, const raw_columns *columns)
{
    if (keys->count != columns->count) return false;
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->items[i] != columns->items[i]) return false;
    }
    return true;
}

/* ---- in the model's words ------------------------------------------------------------------------- */

/* The name that PostgreSQL gives a primary key. */
static const char *primary_key_name(const model_entity *entity, char name[CONTEXT_NAME_MAX])
{
    size_t size = strlen(entity->table);
    const size_t max = MODEL_NAME_MAX + 1 - sizeof("_pkey");
    size = utf8_cut(entity->table, size, size < max ? size : max);
    memcpy(name, entity->table, size);
    memcpy(name + size, "_pkey", sizeof("_pkey"));
    return name;
}

static void columns_tell(ignis_context *ctx, const model_entity *entity, const model_keys *keys)
{
    const char *properties[COLUMNS_MAX];
    const char *columns[COLUMNS_MAX];
    size_t count = keys->count < COLUMNS_MAX ? keys->count : COLUMNS_MAX;
    for (size_t i = 0; i < count; i++) {
        properties[i] = keys->items[i]->name;
        columns[i] = keys->items[i]->column;
    }
    context_columns(ctx, entity->name, properties, columns, count);
}

static void unique_tell(ignis_context *ctx, const model_entity *entity, const model_keys *keys,
                        const char *name)
{
    context_fail(ctx, IGNIS_E_UNIQUE, "another %s has the same %s%s", entity->name,
                 keys->items[0]->name, keys->count > 1 ? " and further columns" : "");
    context_constraint(ctx, name);
    context_path(ctx, "%s", keys->items[0]->name);
    columns_tell(ctx, entity, keys);
}

static void foreign_key_tell(ignis_context *ctx, const model_entity *written,
                             const sql_violation *violation)
{
    const model_constraint *constraint = violation->constraint;
    if (violation->entity->base == written->base) {
        context_fail(ctx, IGNIS_E_FOREIGN_KEY,
                     "a foreign key of %s points at a row that is not there", written->name);
        context_path(ctx, "%s", constraint->columns.items[0]->name);
    } else {
        context_fail(ctx, IGNIS_E_FOREIGN_KEY, "a foreign key of %s points at this %s",
                     violation->entity->name, written->name);
    }
    context_constraint(ctx, constraint->name);
    columns_tell(ctx, violation->entity, &constraint->columns);
}

static void violation_tell(ignis_context *ctx, const model_entity *written,
                           const sql_violation *violation)
{
    const model_constraint *constraint = violation->constraint;
    char sqlstate[sizeof(ctx->sqlstate)];
    char name[CONTEXT_NAME_MAX];
    memcpy(sqlstate, ctx->sqlstate, sizeof(sqlstate));
    if (!constraint) {
        unique_tell(ctx, violation->entity, &violation->entity->primary_key,
                    primary_key_name(violation->entity, name));
    } else if (model_constraint_is_unique(constraint)) {
        unique_tell(ctx, violation->entity, &constraint->columns, constraint->name);
    } else if (constraint->kind == IGNIS_CONSTRAINT_FOREIGN_KEY) {
        foreign_key_tell(ctx, written, violation);
    } else {
        context_fail(ctx, IGNIS_E_CHECK, "the check %s of %s is violated", constraint->name,
                     violation->entity->name);
        context_constraint(ctx, constraint->name);
        if (constraint->columns.count == 1)
            context_path(ctx, "%s", constraint->columns.items[0]->name);
        columns_tell(ctx, violation->entity, &constraint->columns);
    }
    memcpy(ctx->sqlstate, sqlstate, sizeof(sqlstate));
}

/* ---- what the engine names ------------------------------------------------------------------------ */

static bool own_find(const model_entity *entity, const raw_columns *raw, const char *name,
                     sql_violation *violation)
{
    char primary[CONTEXT_NAME_MAX];
    bool has_key = entity->primary_key.count > 0;
    *violation = (sql_violation){.entity = entity};
    for (size_t i = 0; i < entity->constraints_count; i++) {
        const model_constraint *constraint = &entity->constraints[i];
        bool is_named =
            raw ? model_constraint_is_unique(constraint) && keys_equal(&constraint->columns, raw)
                : strcmp(constraint->name, name) == 0;
        violation->constraint = constraint;
        if (is_named && constraint->kind != IGNIS_CONSTRAINT_INDEX) return true;
    }
    violation->constraint = NULL;
    if (raw) return keys_equal(&entity->primary_key, raw);
    return has_key && strcmp(primary_key_name(entity, primary), name) == 0;
}

/* A foreign key of another model that points here. */
static bool other_find(const model_registry *registry, const model_entity *written,
                       const char *name, sql_violation *violation)
{
    for (size_t i = 0; i < registry->entities_count; i++) {
        const model_entity *entity = &registry->entities[i];
        for (size_t k = 0; k < entity->constraints_count; k++) {
            const model_constraint *constraint = &entity->constraints[k];
            bool points_here = constraint->kind == IGNIS_CONSTRAINT_FOREIGN_KEY &&
                               constraint->target == written->base;
            *violation = (sql_violation){entity, constraint};
            if (points_here && strcmp(constraint->name, name) == 0) return true;
        }
    }
    return false;
}

static void not_null_tell(ignis_context *ctx, const model_entity *entity,
                          const raw_columns *columns)
{
    const model_keys keys = {columns->items, columns->count};
    context_fail(ctx, IGNIS_E_NOT_NULL, "'%s' of %s is required and null", columns->items[0]->name,
                 entity->name);
    context_path(ctx, "%s", columns->items[0]->name);
    columns_tell(ctx, entity, &keys);
}

void run_constraint_explain(ignis_context *ctx, const model_registry *registry,
                            const model_entity *entity)
{
    char name[CONTEXT_CONSTRAINT_MAX];
    raw_columns raw;
    sql_violation violation;
    ignis_code code = context_error_code(ctx);
    bool is_constraint = code == IGNIS_E_UNIQUE || code == IGNIS_E_NOT_NULL ||
                         code == IGNIS_E_FOREIGN_KEY || code == IGNIS_E_CHECK;
    memcpy(name, ctx->constraint, sizeof(name));
    if (!is_constraint || !*name) return;
    bool is_raw =
        code != IGNIS_E_CHECK && code != IGNIS_E_FOREIGN_KEY && raw_read(entity, name, &raw);
    if (code == IGNIS_E_NOT_NULL) {
        if (is_raw) not_null_tell(ctx, entity, &raw);
    } else if (own_find(entity, is_raw ? &raw : NULL, name, &violation) ||
               (code == IGNIS_E_FOREIGN_KEY && other_find(registry, entity, name, &violation))) {
        violation_tell(ctx, entity, &violation);
    } else if (is_raw) {
        /* A unique index that the model does not know. */
        const model_keys keys = {raw.items, raw.count};
        unique_tell(ctx, entity, &keys, "");
    }
}

void run_insert_explain(ignis_context *ctx, const model_registry *registry,
                        const model_entity *entity)
{
    sql_violation only = {.entity = entity};
    size_t count = 0;
    run_constraint_explain(ctx, registry, entity);
    if (context_error_code(ctx) != IGNIS_E_FOREIGN_KEY || *ctx->constraint) return;
    for (size_t i = 0; i < entity->constraints_count; i++) {
        if (entity->constraints[i].kind != IGNIS_CONSTRAINT_FOREIGN_KEY) continue;
        only.constraint = &entity->constraints[i];
        count++;
    }
    if (count == 1) violation_tell(ctx, entity, &only);
}

/* ---- what the engine does not name ---------------------------------------------------------------- */

typedef struct find_work {
    run_work work;
    ignis_execution execution;
    bool was_given;
    int64_t index;
} find_work;

static ignis_code find_next(ignis_context *ctx, run_work *work, run_step *step)
{
    (void)ctx;
    find_work *find = (find_work *)work;
    if (!find->was_given) *step = (run_step){&find->execution, 1};
    find->was_given = true;
    return IGNIS_OK;
}

static ignis_code find_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    (void)ctx;
    if (batch->rows_count == 1) ((find_work *)work)->index = batch->cells[0].as.integer;
    return IGNIS_OK;
}

static ignis_code find_run(ignis_context *ctx, const run_source *source,
                           const sql_violation_parts *parts, const ignis_cell *values,
                           sql_violation *violation, bool *is_found)
{
    sql_statement statement;
    const sql_violation *found;
    size_t count;
    find_work find = {.work = {.next = find_next, .take = find_take}, .index = -1};
    IGNIS_TRY(sql_violations(ctx, &ctx->scratch, run_cache_dialect(source->cache), parts,
                             &statement, &found, &count));
    if (count == 0) return IGNIS_OK;
    IGNIS_TRY(run_bind(ctx, &ctx->scratch, &statement, values, NULL, &find.execution));
    run_transaction *transaction = ctx->transaction;
    ignis_code failure = transaction ? transaction->failure : IGNIS_OK;
    /* What only reads is no use of a transaction that has failed. */
    if (transaction) transaction->failure = IGNIS_OK;
    ignis_code code = run_call_finish(ctx, source->connections, &find.work);
    if (transaction) transaction->failure = failure;
    IGNIS_TRY(code);
    *is_found = find.index >= 0 && (size_t)find.index < count;
    if (*is_found) *violation = found[find.index];
    return IGNIS_OK;
}

bool run_violation_find(ignis_context *ctx, const run_source *source,
                        const sql_violation_parts *parts, const ignis_cell *values)
{
    ignis_code code = context_error_code(ctx);
    bool is_postgres = run_cache_dialect(source->cache) == IGNIS_DIALECT_POSTGRES;
    bool is_open = code == IGNIS_E_CHECK || (code == IGNIS_E_FOREIGN_KEY && !*ctx->constraint);
    if (!is_open || (is_postgres && ctx->transaction)) return false;
    context_saved saved;
    sql_violation violation;
    bool is_found = false;
    context_save(ctx, &saved);
    ignis_code found = find_run(ctx, source, parts, values, &violation, &is_found);
    context_restore(ctx, &saved);
    /* Where looking fails, the engine's own words remain. */
    if (found != IGNIS_OK || !is_found) return false;
    ctx->sqlstate[0] = '\0';
    violation_tell(ctx, parts->entity, &violation);
    return true;
}
