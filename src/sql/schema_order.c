/* schema_order: which table is created when, and whether all names can live together. */
#include "sql/sql.h"

#include <strings.h>

bool schema_is_created(const model_entity *entity)
{
    return entity->type == IGNIS_ENTITY && !entity->skip_migrate;
}

/* ---- order ------------------------------------------------------------------------------------- */

typedef enum visit_state { VISIT_NEW = 0, VISIT_OPEN, VISIT_DONE } visit_state;

/* An entity whose targets are being visited; next is the constraint to look at. */
typedef struct visit {
    const model_entity *entity;
    size_t next;
} visit;

typedef struct visits {
    visit *stack;
    size_t depth;
    visit_state *states; /* by entity index */
    schema_order *order;
} visits;

static void visit_open(visits *in, const model_entity *entity)
{
    in->states[entity->index] = VISIT_OPEN;
    in->stack[in->depth++] = (visit){.entity = entity};
}

/* The next table that the top of the stack needs and nobody has visited; NULL: none. */
static const model_entity *visit_next(const visits *in, visit *top)
{
    while (top->next < top->entity->constraints_count) {
        const model_constraint *constraint = &top->entity->constraints[top->next++];
        if (constraint->kind != IGNIS_CONSTRAINT_FOREIGN_KEY) continue;
        const model_entity *target = constraint->target;
        if (schema_is_created(target) && in->states[target->index] == VISIT_NEW) return target;
    }
    return NULL;
}

/* A table follows its targets: they are closed before it. */
static void visit_all(visits *in)
{
    while (in->depth > 0) {
        visit *top = &in->stack[in->depth - 1];
        const model_entity *target = visit_next(in, top);
        if (target) {
            visit_open(in, target);
            continue;
        }
        schema_order *order = in->order;
        in->states[top->entity->index] = VISIT_DONE;
        order->positions[top->entity->index] = order->count;
        order->items[order->count++] = top->entity;
        in->depth--;
    }
}

ignis_code schema_order_build(ignis_context *ctx, arena *memory, const model_registry *registry,
                              schema_order *order)
{
    size_t count = registry->entities_count;
    visits all = {.order = order};
    *order = (schema_order){0};
    order->items = arena_array(memory, count, sizeof(*order->items));
    order->positions = arena_array(memory, count, sizeof(*order->positions));
    all.stack = arena_array(memory, count, sizeof(*all.stack));
    all.states = arena_array(memory, count, sizeof(*all.states));
    if (!order->items || !order->positions || !all.stack || !all.states) {
        return context_fail_memory(ctx, memory);
    }
    for (size_t i = 0; i < count; i++) {
        const model_entity *entity = &registry->entities[i];
        if (!schema_is_created(entity) || all.states[i] != VISIT_NEW) continue;
        visit_open(&all, entity);
        visit_all(&all);
    }
    return IGNIS_OK;
}

/* ---- names ------------------------------------------------------------------------------------- */

/* What PostgreSQL keeps of an identifier. */
enum { POSTGRES_NAME_MAX = 63 };

typedef struct names_check {
    ignis_context *ctx;
    arena *memory;
    ignis_dialect dialect;
    map owners; /* key -> model_entity */
} names_check;

static void write_lower(text *out, const char *name)
{
    for (; *name; name++) {
        bool is_upper = *name >= 'A' && *name <= 'Z';
        text_char(out, is_upper ? (char)(*name - 'A' + 'a') : *name);
    }
}

/* The name as the engine tells names apart: SQLite in any case (ASCII) in one space, PostgreSQL by
   the first bytes within the schema. A schema's name ends where no name can: at a NUL. */
static void write_key(text *out, ignis_dialect dialect, const model_entity *entity,
                      const char *name)
{
    if (dialect == IGNIS_DIALECT_POSTGRES) {
        const char *schema = entity->schema ? entity->schema : "";
        text_append(out, schema, utf8_cut(schema, strlen(schema), POSTGRES_NAME_MAX));
        text_char(out, '\0');
        text_append(out, name, utf8_cut(name, strlen(name), POSTGRES_NAME_MAX));
    } else {
        write_lower(out, name);
    }
}

static bool is_sqlite(const names_check *check)
{
    return check->dialect == IGNIS_DIALECT_SQLITE;
}

/* https://www.sqlite.org/fileformat2.html#intschema */
static ignis_code check_reserved(const names_check *check, const model_entity *entity,
                                 const char *name)
{
    if (!is_sqlite(check) || strncasecmp(name, "sqlite_", 7) != 0) return IGNIS_OK;
    return context_fail(check->ctx, IGNIS_E_INVALID,
                        "%s: the name \"%s\" is SQLite's own, as all that begin with \"sqlite_\"",
                        entity->name, name);
}

static ignis_code check_name(names_check *check, const model_entity *entity, const char *name)
{
    text key;
    IGNIS_TRY(check_reserved(check, entity, name));
    text_init(&key, check->memory, 0);
    write_key(&key, check->dialect, entity, name);
    const char *data = text_finish(&key);
    if (!data) return context_fail_memory(check->ctx, check->memory);
    const model_entity *owner = map_get(&check->owners, data, key.size);
    if (owner) {
        return context_fail(check->ctx, IGNIS_E_INVALID,
                            "%s and %s both use the name \"%s\" for a table or an index",
                            owner->name, entity->name, name);
    }
    /* A map holds pointers to what may be written; nothing is written through this one. */
    if (!map_put(&check->owners, check->memory, data, key.size, (void *)(uintptr_t)entity)) {
        return context_fail_memory(check->ctx, check->memory);
    }
    return IGNIS_OK;
}

static ignis_code check_table(names_check *check, const model_entity *entity)
{
    text name;
    if (is_sqlite(check) && !entity->schema && strcasecmp(entity->table, "ignis_list") == 0) {
        return context_fail(
            check->ctx, IGNIS_E_INVALID,
            "%s: a table on SQLite cannot be called \"%s\", a name of the library's", entity->name,
            entity->table);
    }
    if (check->dialect == IGNIS_DIALECT_POSTGRES || !entity->schema) {
        return check_name(check, entity, entity->table);
    }
    text_init(&name, check->memory, 0);
    text_format(&name, "%s.%s", entity->schema, entity->table);
    const char *joined = text_finish(&name);
    if (!joined) return context_fail_memory(check->ctx, check->memory);
    return check_name(check, entity, joined);
}

/* PostgreSQL tells columns apart by case, SQLite does not. */
static ignis_code check_columns(const names_check *check, const model_entity *entity)
{
    map names = {0};
    for (size_t i = 0; is_sqlite(check) && i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        text key;
        text_init(&key, check->memory, 0);
        write_lower(&key, column->column);
        const char *data = text_finish(&key);
        if (!data) return context_fail_memory(check->ctx, check->memory);
        const model_column *other = map_get(&names, data, key.size);
        if (other) {
            return context_fail(check->ctx, IGNIS_E_INVALID,
                                "%s: the columns \"%s\" and \"%s\" have one name on SQLite",
                                entity->name, other->column, column->column);
        }
        if (!map_put(&names, check->memory, data, key.size, (void *)(uintptr_t)column)) {
            return context_fail_memory(check->ctx, check->memory);
        }
    }
    return IGNIS_OK;
}

/* A unique constraint's index has a name of its own on PostgreSQL only. */
static bool has_index_name(const model_constraint *constraint, ignis_dialect dialect)
{
    switch (constraint->kind) {
    case IGNIS_CONSTRAINT_INDEX:
    case IGNIS_CONSTRAINT_UNIQUE_INDEX: return true;
    case IGNIS_CONSTRAINT_UNIQUE: return dialect == IGNIS_DIALECT_POSTGRES;
    case IGNIS_CONSTRAINT_FOREIGN_KEY:
    case IGNIS_CONSTRAINT_CHECK: break;
    }
    return false;
}

ignis_code schema_names_check(ignis_context *ctx, arena *memory, const schema_order *order,
                              ignis_dialect dialect)
{
    names_check check = {.ctx = ctx, .memory = memory, .dialect = dialect};
    for (size_t i = 0; i < order->count; i++) {
        IGNIS_TRY(check_table(&check, order->items[i]));
        IGNIS_TRY(check_columns(&check, order->items[i]));
    }
    for (size_t i = 0; i < order->count; i++) {
        const model_entity *entity = order->items[i];
        for (size_t j = 0; j < entity->constraints_count; j++) {
            const model_constraint *constraint = &entity->constraints[j];
            if (!has_index_name(constraint, dialect)) continue;
            IGNIS_TRY(check_name(&check, entity, constraint->name));
        }
    }
    return IGNIS_OK;
}
