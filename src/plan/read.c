#include "plan/plan.h"

typedef struct plan_builder {
    ignis_context *ctx;
    arena *memory;
    plan_read *plan;
} plan_builder;

static ignis_code memory_fail(const plan_builder *builder)
{
    return context_fail_memory(builder->ctx, builder->memory);
}

static size_t includes_count(const filter_node *node)
{
    size_t count = 0;
    for (const filter_node *child = node->includes; child; child = child->next)
        count++;
    return count;
}

/* ---- columns and keys ------------------------------------------------------------------------- */

/* The columns of a level while they are collected: at most every column of the entity once. */
typedef struct column_list {
    const model_column **items;
    size_t count;
} column_list;

static size_t column_position(column_list *list, const model_column *column)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i] == column) return i;
    }
    list->items[list->count] = column;
    return list->count++;
}

static const size_t *positions_make(const plan_builder *builder, column_list *list,
                                    const model_keys *keys)
{
    size_t *positions = arena_array(builder->memory, keys->count, sizeof(*positions));
    for (size_t i = 0; positions && i < keys->count; i++)
        positions[i] = column_position(list, keys->items[i]);
    return positions;
}

/* The index of the level's keys over these columns; children of equal fields share one. */
static ignis_code keys_add(const plan_builder *builder, plan_node *node, column_list *list,
                           const model_keys *fields, size_t *index)
{
    const size_t *positions = positions_make(builder, list, fields);
    if (!positions) return memory_fail(builder);
    for (size_t i = 0; i < node->keys_count; i++) {
        const plan_keys *known = &node->keys[i];
        if (known->width == fields->count &&
            memcmp(known->positions, positions, fields->count * sizeof(*positions)) == 0) {
            *index = i;
            return IGNIS_OK;
        }
    }
    *index = node->keys_count++;
    node->keys[*index] = (plan_keys){.positions = positions, .width = fields->count};
    return IGNIS_OK;
}

static ignis_code columns_build(const plan_builder *builder, plan_node *node)
{
    const filter_node *source = node->filter;
    column_list list = {.count = 0};
    list.items = arena_array(builder->memory, node->entity->columns_count, sizeof(*list.items));
    if (!list.items) return memory_fail(builder);
    for (size_t i = 0; source->selected && i < node->entity->columns_count; i++) {
        if (source->selected[i]) list.items[list.count++] = &node->entity->columns[i];
    }
    node->visible_count = list.count;
    node->keys = arena_array(builder->memory, includes_count(source), sizeof(*node->keys));
    if (!node->keys) return memory_fail(builder);
    for (plan_node *child = node->children; child; child = child->next) {
        IGNIS_TRY(keys_add(builder, node, &list, &child->relation->fields, &child->parent_keys));
    }
    if (node->relation) {
        node->link = positions_make(builder, &list, &node->relation->references);
        if (!node->link) return memory_fail(builder);
    }
    node->columns = list.items;
    node->columns_count = list.count;
    return IGNIS_OK;
}

/* ---- order ------------------------------------------------------------------------------------- */

static bool order_has(const filter_order *order, size_t count, const model_column *column)
{
    for (size_t i = 0; i < count; i++) {
        if (order[i].column == column) return true;
    }
    return false;
}

/* Whether the rows need a complete order: one was asked for, pages or re-derived parents depend on
   it, or a has-one has to choose its first row. */
static bool order_is_needed(const plan_node *node)
{
    const filter_node *source = node->filter;
    if (source->order_count > 0) return true;
    if ((source->has_limit || source->has_skip) && source->includes) return true;
    return node->relation && node->relation->kind == IGNIS_RELATION_ONE &&
           !node->relation->is_unique;
}

static ignis_code order_build(const plan_builder *builder, plan_node *node)
{
    const filter_node *source = node->filter;
    if (!order_is_needed(node)) return IGNIS_OK;
    const model_keys *key = &node->entity->primary_key;
    size_t capacity = source->order_count + key->count;
    filter_order *order = arena_array(builder->memory, capacity, sizeof(*order));
    if (!order) return memory_fail(builder);
    size_t count = 0;
    for (size_t i = 0; i < source->order_count; i++) {
        if (!order_has(order, count, source->order[i].column)) order[count++] = source->order[i];
    }
    for (size_t i = 0; i < key->count; i++) {
        if (!order_has(order, count, key->items[i])) order[count++].column = key->items[i];
    }
    node->order = order;
    node->order_count = count;
    return IGNIS_OK;
}

/* ---- levels ------------------------------------------------------------------------------------- */

static plan_access access_choose(const plan_node *node)
{
    if (!node->relation) return PLAN_ROOT;
    bool is_limited = node->has_limit || node->has_skip;
    bool is_indexed = node->relation->is_indexed && node->entity->type == IGNIS_ENTITY;
    if (is_indexed) return is_limited ? PLAN_KEYS_LIMITED : PLAN_KEYS;
    return is_limited ? PLAN_SCAN_LIMITED : PLAN_SCAN;
}

static ignis_code node_make(plan_builder *builder, const filter_node *source,
                            const plan_node *parent, plan_node **made)
{
    plan_node *node = arena_array(builder->memory, 1, sizeof(*node));
    if (!node) return memory_fail(builder);
    *made = node;
    node->entity = source->entity;
    node->relation = source->relation;
    node->filter = source;
    node->has_limit = source->has_limit;
    node->has_skip = source->has_skip;
    node->limit_slot = source->limit_slot;
    node->skip_slot = source->skip_slot;
    node->parent_index = parent ? parent->index : 0;
    node->depth = parent ? parent->depth + 1 : 0;
    node->index = builder->plan->nodes_count++;
    builder->plan->nodes[node->index] = node;
    return IGNIS_OK;
}

/* The levels below a node, which stand behind all that were made before. */
static ignis_code children_make(plan_builder *builder, plan_node *node)
{
    plan_node **tail = &node->children;
    for (const filter_node *child = node->filter->includes; child; child = child->next) {
        IGNIS_TRY(node_make(builder, child, node, tail));
        tail = &(*tail)->next;
    }
    return IGNIS_OK;
}

ignis_code plan_read_build(ignis_context *ctx, arena *memory, const filter_tree *tree,
                           plan_read **result)
{
    plan_read *made = arena_array(memory, 1, sizeof(*made));
    if (!made) return context_fail_memory(ctx, memory);
    plan_builder builder = {.ctx = ctx, .memory = memory, .plan = made};
    made->method = tree->method;
    made->with_range = tree->with_range;
    made->lock = tree->lock;
    made->nodes = arena_array(memory, tree->nodes_count, sizeof(plan_node *));
    if (!made->nodes) return memory_fail(&builder);
    plan_node *root;
    IGNIS_TRY(node_make(&builder, tree->root, NULL, &root));
    for (size_t i = 0; i < made->nodes_count; i++)
        IGNIS_TRY(children_make(&builder, made->nodes[i]));
    for (size_t i = 0; i < made->nodes_count; i++) {
        IGNIS_TRY(columns_build(&builder, made->nodes[i]));
        IGNIS_TRY(order_build(&builder, made->nodes[i]));
        made->nodes[i]->access = access_choose(made->nodes[i]);
    }
    *result = made;
    return IGNIS_OK;
}
