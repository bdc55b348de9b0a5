#include "sql/sql.h"

#include <stdio.h>

/* Statements of one level on PostgreSQL. Level i is t{i}; within a lateral join its rows are s{i} and
   the keys of its parents k{i}. A level that finds its parents itself holds their statement, reduced
   to their keys, and that holds theirs. */

enum { ALIAS_SIZE = 24 };

static void alias_make(char alias[ALIAS_SIZE], char kind, const plan_node *node)
{
    snprintf(alias, ALIAS_SIZE, "%c%zu", kind, node->index);
}

static void body_emit(sql_emitter *emitter, const plan_read *plan, const plan_node *node,
                      bool is_ordered);

/* SELECT t0."id" AS k0, ... FROM ...: the keys of the parents. */
static void parents_emit(sql_emitter *emitter, const plan_read *plan, const plan_node *node)
{
    const plan_node *parent = plan->nodes[node->parent_index];
    const model_keys *fields = &node->relation->fields;
    bool is_limited = parent->has_limit || parent->has_skip;
    char alias[ALIAS_SIZE];
    alias_make(alias, 't', parent);
    text_string(&emitter->out, "SELECT ");
    for (size_t i = 0; i < fields->count; i++) {
        if (i > 0) text_string(&emitter->out, ", ");
        sql_emit_column(emitter, alias, fields->items[i]);
        text_format(&emitter->out, " AS k%zu", i);
    }
    text_string(&emitter->out, " FROM ");
    body_emit(emitter, plan, parent, is_limited);
}

/* alias."fk" = k1.k0 AND ... */
static void link_emit(sql_emitter *emitter, const plan_node *node, const char *alias,
                      const char *keys)
{
    const model_keys *references = &node->relation->references;
    for (size_t i = 0; i < references->count; i++) {
        if (i > 0) text_string(&emitter->out, " AND ");
        sql_emit_column(emitter, alias, references->items[i]);
        text_format(&emitter->out, " = %s.k%zu", keys, i);
    }
}

/* One array parameter for each column of the key. */
static void arrays_emit(sql_emitter *emitter, const plan_node *node)
{
    const model_keys *fields = &node->relation->fields;
    for (size_t i = 0; i < fields->count; i++) {
        ignis_value_type type = fields->items[i]->type;
        type.list = true;
        if (i > 0) text_string(&emitter->out, ", ");
        sql_emit_parameter(emitter, &(sql_parameter){.source = i == 0 ? SQL_KEYS : SQL_KEYS_REST},
                           &type);
    }
}

/* unnest($1, $2) AS k1(k0, k1) */
static void unnest_emit(sql_emitter *emitter, const plan_node *node, const char *alias)
{
    text_string(&emitter->out, "unnest(");
    arrays_emit(emitter, node);
    text_format(&emitter->out, ") AS %s(", alias);
    for (size_t i = 0; i < node->relation->fields.count; i++)
        text_format(&emitter->out, i == 0 ? "k%zu" : ", k%zu", i);
    text_char(&emitter->out, ')');
}

static void references_emit(sql_emitter *emitter, const plan_node *node, const char *alias)
{
    const model_keys *references = &node->relation->references;
    text_char(&emitter->out, '(');
    sql_emit_columns(emitter, alias, references->items, references->count, false);
    text_char(&emitter->out, ')');
}

/* Whether each parent row has a key of its own, so that no key comes twice. */
static bool keys_are_distinct(const plan_node *node)
{
    const model_entity *parent = node->relation->source;
    const model_keys *fields = &node->relation->fields;
    if (parent->primary_key.count == 0) return false;
    for (size_t i = 0; i < parent->primary_key.count; i++) {
        bool is_there = false;
        for (size_t j = 0; j < fields->count; j++)
            is_there = is_there || fields->items[j] == parent->primary_key.items[i];
        if (!is_there) return false;
    }
    return true;
}

/* The keys of a lateral join: distinct, or a parent's children would come twice. They are fenced: were
   their joins pulled up, PostgreSQL might sort the rows of the lateral side for one of them (seen with a
   merge semi join), and their order within a key would be gone. */
static void lateral_keys_emit(sql_emitter *emitter, const plan_read *plan, const plan_node *node,
                              const char *keys)
{
    if (node->access == PLAN_KEYS_LIMITED || node->access == PLAN_SCAN_LIMITED) {
        unnest_emit(emitter, node, keys);
    } else if (keys_are_distinct(node)) {
        const plan_node *parent = plan->nodes[node->parent_index];
        bool is_fenced = parent->has_limit || parent->has_skip;
        text_char(&emitter->out, '(');
        parents_emit(emitter, plan, node);
        text_string(&emitter->out, is_fenced ? "" : " OFFSET 0");
        text_format(&emitter->out, ") AS %s", keys);
    } else {
        text_string(&emitter->out, "(SELECT DISTINCT p.* FROM (");
        parents_emit(emitter, plan, node);
        text_format(&emitter->out, ") AS p) AS %s", keys);
    }
}

/* A limited run of rows for each key. */
static void lateral_emit(sql_emitter *emitter, const plan_read *plan, const plan_node *node)
{
    char rows[ALIAS_SIZE];
    char keys[ALIAS_SIZE];
    alias_make(rows, 's', node);
    alias_make(keys, 'k', node);
    lateral_keys_emit(emitter, plan, node, keys);
    text_string(&emitter->out, " CROSS JOIN LATERAL (SELECT ");
    text_format(&emitter->out, "%s.* FROM ", rows);
    sql_emit_table(emitter, node->entity, rows);
    text_string(&emitter->out, " WHERE ");
    link_emit(emitter, node, rows, keys);
    sql_emit_where(emitter, rows, node->filter, false);
    sql_emit_order(emitter, rows, node);
    sql_emit_limit(emitter, node);
    text_format(&emitter->out, ") AS t%zu", node->index);
}

/* The condition that leads from the parents to this level's rows. */
static void condition_emit(sql_emitter *emitter, const plan_read *plan, const plan_node *node,
                           const char *alias)
{
    const model_keys *references = &node->relation->references;
    switch (node->access) {
    case PLAN_KNOWN:
        for (size_t i = 0; i < references->count; i++) {
            if (i > 0) text_string(&emitter->out, " AND ");
            sql_emit_column(emitter, alias, references->items[i]);
            text_string(&emitter->out, " = ");
            sql_emit_operand(emitter, node->known[i], node->relation->fields.items[i], false);
        }
        break;
    case PLAN_ANY:
        sql_emit_column(emitter, alias, references->items[0]);
        text_string(&emitter->out, " = ANY (ARRAY(");
        parents_emit(emitter, plan, node);
        text_string(&emitter->out, "))");
        break;
    case PLAN_IN:
        references_emit(emitter, node, alias);
        text_string(&emitter->out, " IN (");
        parents_emit(emitter, plan, node);
        text_char(&emitter->out, ')');
        break;
    default:
        if (plan_keys_are_array(node)) {
            sql_emit_column(emitter, alias, references->items[0]);
            text_string(&emitter->out, " = ANY (");
            arrays_emit(emitter, node);
            text_char(&emitter->out, ')');
            break;
        }
        references_emit(emitter, node, alias);
        text_string(&emitter->out, " IN (SELECT k.* FROM ");
        unnest_emit(emitter, node, "k");
        text_char(&emitter->out, ')');
        break;
    }
}

static bool is_lateral(const plan_node *node)
{
    return node->access == PLAN_LATERAL || node->access == PLAN_KEYS_LIMITED ||
           node->access == PLAN_SCAN_LIMITED;
}

/* What follows FROM. Rows that only give keys need no order, unless a limit chooses among them. */
static void body_emit(sql_emitter *emitter, const plan_read *plan, const plan_node *node,
                      bool is_ordered)
{
    char alias[ALIAS_SIZE];
    if (is_lateral(node)) {
        lateral_emit(emitter, plan, node);
        return;
    }
    alias_make(alias, 't', node);
    sql_emit_table(emitter, node->entity, alias);
    if (node->relation) {
        text_string(&emitter->out, " WHERE ");
        condition_emit(emitter, plan, node, alias);
    }
    sql_emit_where(emitter, alias, node->filter, !node->relation);
    if (!is_ordered) return;
    sql_emit_order(emitter, alias, node);
    sql_emit_limit(emitter, node);
}

void sql_postgres_level(sql_emitter *emitter, const plan_read *plan, const plan_node *node)
{
    body_emit(emitter, plan, node, true);
}

/* ---- all levels in one statement ------------------------------------------------------------------ */

enum { COLUMNS_MAX = 1600 };

static void nulls_emit(sql_emitter *emitter, const model_column *const *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_string(&emitter->out, ", NULL::");
        sql_postgres_type(&emitter->out, &columns[i]->type);
    }
}

/* The columns of every level, of which this branch fills those of its own. */
static void branch_emit(sql_emitter *emitter, const plan_read *plan, size_t branch)
{
    char alias[ALIAS_SIZE];
    text_format(&emitter->out, branch == 0 ? "(SELECT %zu AS level" : " UNION ALL (SELECT %zu",
                branch);
    for (size_t i = 0; i < plan->nodes_count; i++) {
        const plan_node *node = plan->nodes[i];
        if (i != branch) {
            nulls_emit(emitter, node->columns, node->columns_count);
            continue;
        }
        alias_make(alias, 't', node);
        if (node->columns_count > 0) text_string(&emitter->out, ", ");
        if (node->columns_count > 0) {
            sql_emit_columns(emitter, alias, node->columns, node->columns_count, true);
        }
    }
    bool is_count = branch == plan->nodes_count;
    if (plan->with_range) text_string(&emitter->out, is_count ? ", count(*)" : ", NULL::bigint");
    text_string(&emitter->out, " FROM ");
    if (is_count) {
        sql_emit_table(emitter, plan->nodes[0]->entity, "t");
        sql_emit_where(emitter, "t", plan->nodes[0]->filter, true);
    } else {
        sql_postgres_level(emitter, plan, plan->nodes[branch]);
    }
    text_char(&emitter->out, ')');
}

static ignis_code types_make(ignis_context *ctx, arena *memory, const plan_read *plan,
                             const ignis_value_type **types, size_t *types_count)
{
    size_t count = 1 + (plan->with_range ? 1 : 0);
    for (size_t i = 0; i < plan->nodes_count; i++)
        count += plan->nodes[i]->columns_count;
    if (count > COLUMNS_MAX) {
        return context_fail(ctx, IGNIS_E_LIMIT,
                            "more than %d columns in one statement: read within REPEATABLE READ",
                            COLUMNS_MAX);
    }
    ignis_value_type *made = arena_array(memory, count, sizeof(*made));
    if (!made) return context_fail_memory(ctx, memory);
    size_t at = 0;
    made[at++].type = IGNIS_TYPE_INTEGER;
    for (size_t i = 0; i < plan->nodes_count; i++) {
        for (size_t k = 0; k < plan->nodes[i]->columns_count; k++)
            made[at++] = plan->nodes[i]->columns[k]->type;
    }
    if (plan->with_range) made[at++] = sql_bigint;
    *types = made;
    *types_count = count;
    return IGNIS_OK;
}

ignis_code sql_tagged(ignis_context *ctx, arena *memory, const plan_read *plan,
                      sql_statement *statement)
{
    sql_emitter emitter;
    const ignis_value_type *types = NULL;
    size_t types_count = 0;
    IGNIS_TRY(types_make(ctx, memory, plan, &types, &types_count));
    sql_emitter_start(&emitter, ctx, memory, IGNIS_DIALECT_POSTGRES);
    for (size_t i = 0; i < plan->nodes_count + (plan->with_range ? 1 : 0); i++)
        branch_emit(&emitter, plan, i);
    return sql_emitter_finish_types(&emitter, types, types_count, statement);
}
