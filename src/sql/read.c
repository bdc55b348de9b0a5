#include "sql/sql.h"

#include <strings.h>

/* Statements of one level on SQLite. The level's table is t, the parents' keys are k. */

/* The keys are one argument, typed by one parameter for each column. */
static void keys_emit(sql_emitter *emitter)
{
    const model_keys *fields = &emitter->node->relation->fields;
    text_string(&emitter->out, "ignis_list(");
    for (size_t i = 0; i < fields->count; i++) {
        ignis_value_type type = fields->items[i]->type;
        type.list = true;
        if (i == 0) {
            sql_emit_parameter(emitter, &(sql_parameter){.source = SQL_KEYS}, &type);
        } else {
            sql_parameter_add(emitter, &(sql_parameter){.source = SQL_KEYS_REST}, &type);
        }
    }
    text_char(&emitter->out, ')');
}

static void table_emit(sql_emitter *emitter, const char *alias)
{
    sql_table(&emitter->out, emitter->dialect, emitter->node->entity);
    text_string(&emitter->out, " AS ");
    text_string(&emitter->out, alias);
}

/* alias."fk" = k.k0 AND ... */
static void link_emit(sql_emitter *emitter, const char *alias)
{
    const model_keys *references = &emitter->node->relation->references;
    for (size_t i = 0; i < references->count; i++) {
        if (i > 0) text_string(&emitter->out, " AND ");
        sql_emit_column(emitter, alias, references->items[i]);
        text_format(&emitter->out, " = k.k%zu", i);
    }
}

/* (alias."fk", ...) IN (SELECT k0, ... FROM ignis_list(...)) */
static void membership_emit(sql_emitter *emitter, const char *alias)
{
    const model_keys *references = &emitter->node->relation->references;
    text_char(&emitter->out, '(');
    sql_emit_columns(emitter, alias, references->items, references->count);
    text_string(&emitter->out, ") IN (SELECT ");
    for (size_t i = 0; i < references->count; i++)
        text_format(&emitter->out, i == 0 ? "k%zu" : ", k%zu", i);
    text_string(&emitter->out, " FROM ");
    keys_emit(emitter);
    text_char(&emitter->out, ')');
}

static void limit_emit(sql_emitter *emitter)
{
    const plan_node *node = emitter->node;
    if (!node->has_limit && !node->has_skip) return;
    text_string(&emitter->out, " LIMIT ");
    if (node->has_limit) {
        sql_emit_slot(emitter, node->limit_slot, &sql_bigint);
    } else {
        text_string(&emitter->out, "-1");
    }
    if (!node->has_skip) return;
    text_string(&emitter->out, " OFFSET ");
    sql_emit_slot(emitter, node->skip_slot, &sql_bigint);
}

static bool column_is_named(const model_entity *entity, const char *name)
{
    for (size_t i = 0; i < entity->columns_count; i++) {
        if (strcasecmp(entity->columns[i].column, name) == 0) return true;
    }
    return false;
}

/* The name under which the row id is not hidden by a column, or NULL. */
static const char *rowid_name(const model_entity *entity)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if (!column_is_named(entity, names[i])) return names[i];
    }
    return NULL;
}

static void root_emit(sql_emitter *emitter)
{
    table_emit(emitter, "t");
    sql_emit_where(emitter, "t", emitter->node->filter, true);
    sql_emit_order(emitter, "t", emitter->node);
    limit_emit(emitter);
}

/* CROSS JOIN keeps the keys outside: one index look-up for each of them. */
static void keys_access_emit(sql_emitter *emitter)
{
    keys_emit(emitter);
    text_string(&emitter->out, " AS k CROSS JOIN ");
    table_emit(emitter, "t");
    text_string(&emitter->out, " ON ");
    link_emit(emitter, "t");
    sql_emit_where(emitter, "t", emitter->node->filter, true);
    sql_emit_order(emitter, "t", emitter->node);
}

static void keys_limited_emit(sql_emitter *emitter, const char *rowid)
{
    keys_emit(emitter);
    text_string(&emitter->out, " AS k CROSS JOIN ");
    table_emit(emitter, "t");
    text_format(&emitter->out, " ON t.%s IN (SELECT s.%s FROM ", rowid, rowid);
    table_emit(emitter, "s");
    text_string(&emitter->out, " WHERE ");
    link_emit(emitter, "s");
    sql_emit_where(emitter, "s", emitter->node->filter, false);
    sql_emit_order(emitter, "s", emitter->node);
    limit_emit(emitter);
    text_char(&emitter->out, ')');
    sql_emit_order(emitter, "t", emitter->node);
}

static void scan_emit(sql_emitter *emitter)
{
    table_emit(emitter, "t");
    text_string(&emitter->out, " WHERE ");
    membership_emit(emitter, "t");
    sql_emit_where(emitter, "t", emitter->node->filter, false);
    sql_emit_order(emitter, "t", emitter->node);
}

/* Rows are numbered within their key, so that one pass serves all parents. */
static void scan_limited_emit(sql_emitter *emitter)
{
    const plan_node *node = emitter->node;
    const model_keys *references = &node->relation->references;
    text_string(&emitter->out, "(SELECT s.*, row_number() OVER (PARTITION BY ");
    sql_emit_columns(emitter, "s", references->items, references->count);
    sql_emit_order(emitter, "s", node);
    text_string(&emitter->out, ") AS ignis_number FROM ");
    table_emit(emitter, "s");
    text_string(&emitter->out, " WHERE ");
    membership_emit(emitter, "s");
    sql_emit_where(emitter, "s", node->filter, false);
    text_string(&emitter->out, ") AS t WHERE TRUE");
    if (node->has_skip) {
        text_string(&emitter->out, " AND t.ignis_number > ");
        sql_emit_slot(emitter, node->skip_slot, &sql_bigint);
    }
    if (node->has_limit) {
        text_string(&emitter->out, " AND t.ignis_number");
        if (node->has_skip) {
            text_string(&emitter->out, " - ");
            sql_emit_slot(emitter, node->skip_slot, &sql_bigint);
        }
        text_string(&emitter->out, " <= ");
        sql_emit_slot(emitter, node->limit_slot, &sql_bigint);
    }
    text_string(&emitter->out, " ORDER BY t.ignis_number");
}

ignis_code sql_read(ignis_context *ctx, arena *memory, ignis_dialect dialect, const plan_node *node,
                    sql_statement *statement)
{
    sql_emitter emitter;
    sql_emitter_start(&emitter, ctx, memory, dialect);
    emitter.node = node;
    const char *rowid = rowid_name(node->entity);
    text_string(&emitter.out, "SELECT ");
    sql_emit_columns(&emitter, "t", node->columns, node->columns_count);
    text_string(&emitter.out, " FROM ");
    switch (node->access) {
    case PLAN_ROOT: root_emit(&emitter); break;
    case PLAN_KEYS: keys_access_emit(&emitter); break;
    case PLAN_SCAN: scan_emit(&emitter); break;
    case PLAN_KEYS_LIMITED:
        if (rowid) {
            keys_limited_emit(&emitter, rowid);
            break;
        }
        scan_limited_emit(&emitter);
        break;
    case PLAN_SCAN_LIMITED: scan_limited_emit(&emitter); break;
    }
    return sql_emitter_finish(&emitter, node->columns, node->columns_count, statement);
}

static ignis_code aggregate_emit(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                                 const plan_node *root, const char *before, const char *after,
                                 sql_statement *statement)
{
    sql_emitter emitter;
    sql_emitter_start(&emitter, ctx, memory, dialect);
    emitter.node = root;
    text_string(&emitter.out, before);
    table_emit(&emitter, "t");
    sql_emit_where(&emitter, "t", root->filter, true);
    text_string(&emitter.out, after);
    return sql_emitter_finish(&emitter, NULL, 1, statement);
}

ignis_code sql_count(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                     const plan_node *root, sql_statement *statement)
{
    return aggregate_emit(ctx, memory, dialect, root, "SELECT count(*) FROM ", "", statement);
}

ignis_code sql_exists(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                      const plan_node *root, sql_statement *statement)
{
    return aggregate_emit(ctx, memory, dialect, root, "SELECT EXISTS (SELECT 1 FROM ", ")",
                          statement);
}
