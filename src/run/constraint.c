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

static const char *unique_name(const model_entity *entity, const raw_columns *columns,
                               char primary[CONTEXT_NAME_MAX])
{
    for (size_t i = 0; i < entity->constraints_count; i++) {
        const model_constraint *constraint = &entity->constraints[i];
        bool is_unique = constraint->kind == IGNIS_CONSTRAINT_UNIQUE ||
                         constraint->kind == IGNIS_CONSTRAINT_UNIQUE_INDEX;
        if (is_unique && keys_equal(&constraint->columns, columns)) return constraint->name;
    }
    if (!keys_equal(&entity->primary_key, columns)) return "";
    size_t size = strlen(entity->table);
    const size_t max = CONTEXT_NAME_MAX - sizeof("_pkey");
    size = utf8_cut(entity->table, size, size < max ? size : max);
    memcpy(primary, entity->table, size);
    memcpy(primary + size, "_pkey", sizeof("_pkey"));
    return primary;
}

static void unique_explain(ignis_context *ctx, const model_entity *entity,
                           const raw_columns *columns)
{
    char primary[CONTEXT_NAME_MAX];
    const char *name = unique_name(entity, columns, primary);
    context_fail(ctx, IGNIS_E_UNIQUE, "another %s has the same %s%s", entity->name,
                 columns->items[0]->name, columns->count > 1 ? " and further columns" : "");
    context_constraint(ctx, name);
    context_path(ctx, "%s", columns->items[0]->name);
}

static void not_null_explain(ignis_context *ctx, const model_entity *entity,
                             const raw_columns *columns)
{
    context_fail(ctx, IGNIS_E_NOT_NULL, "'%s' of %s is required and null", columns->items[0]->name,
                 entity->name);
    context_path(ctx, "%s", columns->items[0]->name);
}

/* SQLite does not say which foreign key: told where there is only one. */
static void foreign_key_explain(ignis_context *ctx, const model_entity *entity)
{
    const model_constraint *only = NULL;
    size_t count = 0;
    for (size_t i = 0; i < entity->constraints_count; i++) {
        if (entity->constraints[i].kind != IGNIS_CONSTRAINT_FOREIGN_KEY) continue;
        only = &entity->constraints[i];
        count++;
    }
    context_fail(ctx, IGNIS_E_FOREIGN_KEY, "a foreign key of %s points at a row that is not there",
                 entity->name);
    if (count == 1) context_constraint(ctx, only->name);
}

void run_constraint_explain(ignis_context *ctx, const model_entity *entity)
{
    raw_columns columns;
    char raw[CONTEXT_CONSTRAINT_MAX];
    memcpy(raw, ctx->constraint, sizeof(raw));
    switch (context_error_code(ctx)) {
    case IGNIS_E_UNIQUE:
        if (raw_read(entity, raw, &columns)) unique_explain(ctx, entity, &columns);
        break;
    case IGNIS_E_NOT_NULL:
        if (raw_read(entity, raw, &columns)) not_null_explain(ctx, entity, &columns);
        break;
    case IGNIS_E_FOREIGN_KEY:
        if (!*raw) foreign_key_explain(ctx, entity);
        break;
    default: break;
    }
}
