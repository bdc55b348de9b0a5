#include "sql/sql.h"

#include <stdio.h>
#include <strings.h>

/* Statements of one level on SQLite. The level's table is t, the parents' keys are k. */

/* The keys are one argument, typed by one parameter for each column. */
static void keys_emit(sql_emitter *emitter, const plan_node *node)
{
    const model_keys *fields = &node->relation->fields;
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

/* alias."fk" = k.k0 AND ... */
static void link_emit(sql_emitter *emitter, const plan_node *node, const char *alias)
{
    const model_keys *references = &node->relation->references;
    for (size_t i = 0; i < references->count; i++) {
        if (i > 0) text_string(&emitter->out, " AND ");
        sql_emit_column(emitter, alias, references->items[i]);
        text_format(&emitter->out, " = k.k%zu", i);
    }
}

/* (alias."fk", ...) IN (SELECT k0, ... FROM ignis_list(...)) */
static void membership_emit(sql_emitter *emitter, const plan_node *node, const char *alias)
{
    const model_keys *references = &node->relation->references;
    text_char(&emitter->out, '(');
    sql_emit_columns(emitter, alias, references->items, references->count, false);
    text_string(&emitter->out, ") IN (SELECT ");
    for (size_t i = 0; i < references->count; i++)
        text_format(&emitter->out, i == 0 ? "k%zu" : ", k%zu", i);
    text_string(&emitter->out, " FROM ");
    keys_emit(emitter, node);
    text_char(&emitter->out, ')');
}

static bool column_is_named(const model_entity *entity, const char *name)
{
    for (size_t i = 0; i < entity->columns_count; i++) {
        if (strcasecmp(entity->columns[i].column, name) == 0) return true;
    }
    return false;
}

/* The name under which the row id is not hidden by a column, or NULL. A table that others made may
   have none. */
static const char *rowid_name(const model_entity *entity)
{
    if (entity->skip_migrate) return NULL;
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if (!column_is_named(entity, names[i])) return names[i];
    }
    return NULL;
}

static void root_emit(sql_emitter *emitter, const plan_node *node)
{
    sql_emit_table(emitter, node->entity, "t");
    sql_emit_where(emitter, "t", node->filter, true);
    sql_emit_order(emitter, "t", node);
    sql_emit_limit(emitter, node);
}

/* CROSS JOIN keeps the keys outside: one index look-up for each of them. */
static void keys_access_emit(sql_emitter *emitter, const plan_node *node)
{
    keys_emit(emitter, node);
    text_string(&emitter->out, " AS k CROSS JOIN ");
    sql_emit_table(emitter, node->entity, "t");
    text_string(&emitter->out, " ON ");
    link_emit(emitter, node, "t");
    sql_emit_where(emitter, "t", node->filter, true);
    sql_emit_order(emitter, "t", node);
}

static void keys_limited_emit(sql_emitter *emitter, const plan_node *node, const char *rowid)
{
    keys_emit(emitter, node);
    text_string(&emitter->out, " AS k CROSS JOIN ");
    sql_emit_table(emitter, node->entity, "t");
    text_format(&emitter->out, " ON t.%s IN (SELECT s.%s FROM ", rowid, rowid);
    sql_emit_table(emitter, node->entity, "s");
    text_string(&emitter->out, " WHERE ");
    link_emit(emitter, node, "s");
    sql_emit_where(emitter, "s", node->filter, false);
    sql_emit_order(emitter, "s", node);
    sql_emit_limit(emitter, node);
    text_char(&emitter->out, ')');
    sql_emit_order(emitter, "t", node);
}

static void scan_emit(sql_emitter *emitter, const plan_node *node)
{
    sql_emit_table(emitter, node->entity, "t");
    text_string(&emitter->out, " WHERE ");
    membership_emit(emitter, node, "t");
    sql_emit_where(emitter, "t", node->filter, false);
    sql_emit_order(emitter, "t", node);
}

enum { NUMBER_SIZE = 32 };

/* A name for the number of a row that no column bears. */
static void number_name(const model_entity *entity, char name[NUMBER_SIZE])
{
    snprintf(name, NUMBER_SIZE, "ignis_number");
    for (size_t i = 0; column_is_named(entity, name); i++)
        snprintf(name, NUMBER_SIZE, "ignis_number_%zu", i);
}

/* Rows are numbered within their key, so that one pass serves all parents. */
static void scan_limited_emit(sql_emitter *emitter, const plan_node *node)
{
    const model_keys *references = &node->relation->references;
    char number[NUMBER_SIZE];
    number_name(node->entity, number);
    text_string(&emitter->out, "(SELECT s.*, row_number() OVER (PARTITION BY ");
    sql_emit_columns(emitter, "s", references->items, references->count, false);
    sql_emit_order(emitter, "s", node);
    text_format(&emitter->out, ") AS %s FROM ", number);
    sql_emit_table(emitter, node->entity, "s");
    text_string(&emitter->out, " WHERE ");
    membership_emit(emitter, node, "s");
    sql_emit_where(emitter, "s", node->filter, false);
    text_string(&emitter->out, ") AS t WHERE TRUE");
    if (node->has_skip) {
        text_format(&emitter->out, " AND t.%s > ", number);
        sql_emit_slot(emitter, node->skip_slot, &sql_bigint);
    }
    if (node->has_limit) {
        text_format(&emitter->out, " AND t.%s", number);
        if (node->has_skip) {
            text_string(&emitter->out, " - ");
            sql_emit_slot(emitter, node->skip_slot, &sql_bigint);
        }
        text_string(&emitter->out, " <= ");
        sql_emit_slot(emitter, node->limit_slot, &sql_bigint);
    }
    text_format(&emitter->out, " ORDER BY t.%s", number);
}

void sql_sqlite_level(sql_emitter *emitter, const plan_node *node)
{
    const char *rowid = rowid_name(node->entity);
    switch (node->access) {
    case PLAN_ROOT: root_emit(emitter, node); break;
    case PLAN_KEYS: keys_access_emit(emitter, node); break;
    case PLAN_SCAN: scan_emit(emitter, node); break;
    case PLAN_KEYS_LIMITED:
        if (rowid) {
            keys_limited_emit(emitter, node, rowid);
        } else {
            scan_limited_emit(emitter, node);
        }
        break;
    default: scan_limited_emit(emitter, node); break;
    }
}
