#include "plan/plan.h"

/* The operand that a filter demands of a column with eq, at its top level; NULL: none. */
static const filter_operand *equal_operand(const filter_condition *all, const model_column *column)
{
    if (!all || all->kind != FILTER_AND) return NULL;
    for (const filter_condition *at = all->children; at; at = at->next) {
        if (at->kind == FILTER_COMPARE && at->op == FILTER_EQ && at->column == column) {
            return &at->operands[0];
        }
    }
    return NULL;
}

/* Whether the root's filter says which key its children have. */
static bool keys_are_known(const plan_node *root, plan_node *node, const filter_operand **known)
{
    const model_keys *fields = &node->relation->fields;
    const model_keys *key = &root->entity->primary_key;
    if (node->parent_index != root->index || fields->count != key->count) return false;
    for (size_t i = 0; i < fields->count; i++) {
        if (!fields->items[i]->primary_key) return false;
        known[i] = equal_operand(root->filter->key, fields->items[i]);
        if (!known[i]) known[i] = equal_operand(root->filter->where, fields->items[i]);
        if (!known[i]) return false;
    }
    node->known = known;
    return true;
}

/* Rows of a limited level that are looked up again must be the same rows. */
static bool is_repeatable(const plan_node *node)
{
    bool is_limited = node->has_limit || node->has_skip;
    return !is_limited || !node->children || node->entity->primary_key.count > 0;
}

bool plan_keys_are_array(const plan_node *node)
{
    const model_relation *relation = node->relation;
    return relation->references.count == 1 && relation->is_indexed &&
           relation->kind == IGNIS_RELATION_MANY && node->entity->type == IGNIS_ENTITY;
}

static plan_access access_derived(const plan_node *node)
{
    if (node->has_limit || node->has_skip) return PLAN_LATERAL;
    return plan_keys_are_array(node) ? PLAN_ANY : PLAN_IN;
}

ignis_code plan_pipeline(ignis_context *ctx, arena *memory, plan_read *plan)
{
    for (size_t i = 0; i < plan->nodes_count; i++) {
        if (!is_repeatable(plan->nodes[i])) return IGNIS_OK;
    }
    for (size_t i = 1; i < plan->nodes_count; i++) {
        plan_node *node = plan->nodes[i];
        const filter_operand **known =
            arena_array(memory, node->relation->fields.count, sizeof(*known));
        if (!known) return context_fail_memory(ctx, memory);
        bool is_known = keys_are_known(plan->nodes[0], node, known);
        node->access = is_known ? PLAN_KNOWN : access_derived(node);
    }
    plan->strategy = PLAN_PIPELINE;
    return IGNIS_OK;
}

const char *plan_access_name(plan_access access)
{
    switch (access) {
    case PLAN_ROOT: return "root";
    case PLAN_KEYS: return "keys";
    case PLAN_KEYS_LIMITED: return "keys, limit per parent";
    case PLAN_SCAN: return "scan";
    case PLAN_SCAN_LIMITED: return "scan, limit per parent";
    case PLAN_KNOWN: return "key known";
    case PLAN_ANY: return "any-array";
    case PLAN_IN: return "in";
    case PLAN_LATERAL: return "lateral";
    }
    return "";
}

const char *plan_access_reason(plan_access access)
{
    switch (access) {
    case PLAN_ROOT: return "by the filter";
    case PLAN_KEYS: return "an index leads with the key";
    case PLAN_KEYS_LIMITED: return "an index leads with the key; a run of rows for each parent";
    case PLAN_SCAN: return "no index leads with the key: one pass";
    case PLAN_SCAN_LIMITED: return "no index leads with the key: one pass, numbered by parent";
    case PLAN_KNOWN: return "the filter says the parent's key";
    case PLAN_ANY: return "an index leads with the key";
    case PLAN_IN: return "a one relation, a key of several columns, or no index that leads with it";
    case PLAN_LATERAL: return "a run of rows for each parent";
    }
    return "";
}
