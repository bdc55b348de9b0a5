#include "property/trees.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 4, GROUPS_MAX = 2 };

static const char *const patterns[] = {"%",     "a%",     "%b%", "_b%", "é%",   "__",  "a\\%c",
                                       "a\\_%", "",       "ab",  "%c",  "A%",   "Ab%", "%_",
                                       "ab\\",  "%\\\\%", "Δ",   "_",   "b c%", "%\"%"};

/* ---- conditions ---- */

static trees_condition *condition_add(trees_tree *tree, trees_condition made)
{
    if (tree->conditions_count == TREES_CONDITIONS_MAX) abort();
    tree->conditions[tree->conditions_count] = made;
    return &tree->conditions[tree->conditions_count++];
}

static bool is_pattern(trees_kind kind)
{
    return kind >= TREES_LIKE;
}

static trees_value operand_draw(const trees_condition *condition, const trees_column *column,
                                trees_random *random)
{
    if (is_pattern(condition->kind)) {
        size_t count = sizeof(patterns) / sizeof(patterns[0]);
        return (trees_value){.text = patterns[trees_below(random, count)]};
    }
    return trees_value_draw(random, column);
}

static trees_kind kind_draw(trees_type type, trees_random *random)
{
    size_t simple = TREES_NIN - TREES_EQ + 1;
    size_t ordered = TREES_NOT_BETWEEN - TREES_EQ + 1;
    size_t all = TREES_NILIKE - TREES_EQ + 1;
    size_t count = type == TREES_BOOLEAN ? simple : type == TREES_TEXT ? all : ordered;
    return (trees_kind)(TREES_EQ + (int)trees_below(random, count));
}

static size_t operands_count_draw(trees_kind kind, trees_random *random)
{
    if (kind == TREES_IN || kind == TREES_NIN) return trees_below(random, TREES_OPERANDS_MAX + 1);
    return kind == TREES_BETWEEN || kind == TREES_NOT_BETWEEN ? 2 : 1;
}

static trees_condition *compare_draw(trees_tree *tree, const trees_model *model,
                                     trees_random *random)
{
    trees_condition made = {.is_short = trees_chance(random, 50)};
    made.column = trees_below(random, trees_columns_count(model));
    const trees_column *column = &model->columns[made.column];
    made.kind = kind_draw(column->type, random);
    made.operands_count = operands_count_draw(made.kind, random);
    for (size_t i = 0; i < made.operands_count; i++) {
        made.operands[i] = operand_draw(&made, column, random);
        if (trees_chance(random, 7)) made.operands[i] = (trees_value){.is_null = true};
    }
    return condition_add(tree, made);
}

static trees_condition *condition_draw(trees_tree *tree, const trees_model *model,
                                       trees_random *random, size_t groups)
{
    if (groups == 0 || trees_chance(random, 45)) return compare_draw(tree, model, random);
    trees_condition made = {.kind = (trees_kind)trees_below(random, TREES_NOT + 1),
                            .is_short = trees_chance(random, 50)};
    made.children_count = 1;
    if (made.kind != TREES_NOT)
        made.children_count = trees_chance(random, 10) ? 0 : 1 + trees_below(random, 3);
    for (size_t i = 0; i < made.children_count; i++)
        made.children[i] = condition_draw(tree, model, random, groups - 1);
    return condition_add(tree, made);
}

/* {key: value, …} and a further condition: says the keys of the levels below. */
static trees_condition *key_condition_draw(trees_tree *tree, const trees_model *model,
                                           trees_random *random)
{
    trees_condition all = {.kind = TREES_AND};
    for (size_t i = 0; i < model->key_count; i++) {
        trees_condition equal = {.kind = TREES_EQ, .column = i, .operands_count = 1};
        equal.operands[0] = trees_value_draw(random, &model->columns[i]);
        all.children[all.children_count++] = condition_add(tree, equal);
    }
    if (trees_chance(random, 30))
        all.children[all.children_count++] = compare_draw(tree, model, random);
    return condition_add(tree, all);
}

static trees_condition *where_draw(trees_tree *tree, const trees_node *node, trees_random *random)
{
    if (!node->relation && node->model->key_count > 0 && trees_chance(random, 15))
        return key_condition_draw(tree, node->model, random);
    if (trees_chance(random, 45)) return NULL;
    return condition_draw(tree, node->model, random, GROUPS_MAX);
}

/* ---- order, fields, limits ---- */

static void order_add(trees_node *node, size_t column, trees_random *random)
{
    node->order[node->order_count++] = (trees_order){
        .column = column,
        .is_descending = trees_chance(random, 40),
        .nulls = trees_chance(random, 60) ? TREES_NULLS_DEFAULT
                                          : (trees_nulls)(1 + (int)trees_below(random, 2))};
}

/* Without a primary key nothing breaks ties but all columns. */
static void order_draw(trees_node *node, trees_random *random)
{
    size_t columns = trees_columns_count(node->model);
    size_t count = 1 + trees_below(random, TREES_ORDER_MAX - 1);
    for (size_t i = 0; i < count; i++)
        order_add(node, trees_below(random, columns), random);
    for (size_t i = 0; node->model->key_count == 0 && i < columns; i++)
        order_add(node, i, random);
}

static void fields_draw(trees_node *node, trees_random *random)
{
    size_t columns = trees_columns_count(node->model);
    for (size_t i = 0; i < columns; i++)
        node->selected[i] = true;
    if (!trees_chance(random, 35)) return;
    node->fields = (trees_fields)(1 + (int)trees_below(random, 3));
    for (size_t i = 0; i < columns; i++)
        node->selected[i] = trees_chance(random, 40);
    node->selected[trees_below(random, columns)] = true;
}

static void limits_draw(trees_node *node, trees_random *random)
{
    static const int64_t limits[] = {0, 1, 1, 2, 3, 3, 5, 10, 50, 600};
    static const int64_t skips[] = {0, 1, 1, 2, 5, 40};
    node->limit = node->skip = -1;
    if (trees_chance(random, 40)) node->limit = limits[trees_below(random, 10)];
    if (trees_chance(random, 20)) node->skip = skips[trees_below(random, 6)];
}

/* ---- levels ---- */

static trees_node *node_draw(trees_tree *tree, const trees_model *model,
                             const trees_relation *relation, trees_random *random, size_t depth);

/* Relations from a random one on, so that none comes twice. */
static void children_draw(trees_tree *tree, trees_node *node, trees_random *random, size_t depth)
{
    size_t relations = trees_relations_count(node->model);
    size_t wanted = trees_below(random, TREES_CHILDREN_MAX) + (depth == 0);
    size_t first = trees_below(random, relations);
    for (size_t i = 0; i < wanted && i < relations && depth < DEPTH_MAX; i++) {
        if (tree->nodes_count == TREES_NODES_MAX) return;
        const trees_relation *relation = &node->model->relations[(first + i) % relations];
        node->children[node->children_count++] =
            node_draw(tree, trees_model_find(relation->model), relation, random, depth + 1);
    }
}

static trees_node *node_draw(trees_tree *tree, const trees_model *model,
                             const trees_relation *relation, trees_random *random, size_t depth)
{
    trees_node *node = &tree->nodes[tree->nodes_count++];
    *node = (trees_node){.model = model, .relation = relation};
    node->skips_default = relation && trees_chance(random, 20);
    node->where = where_draw(tree, node, random);
    fields_draw(node, random);
    limits_draw(node, random);
    if (trees_chance(random, 45)) order_draw(node, random);
    children_draw(tree, node, random, depth);
    if (trees_is_cut(node) && !trees_is_ordered(node)) order_draw(node, random);
    return node;
}

void trees_draw(trees_tree *tree, trees_random *random)
{
    tree->nodes_count = 0;
    tree->conditions_count = 0;
    const trees_model *root = &trees_models[trees_below(random, TREES_MODELS_COUNT)];
    (void)node_draw(tree, root, NULL, random, 0);
}

static void condition_redraw(trees_condition *condition, const trees_model *model,
                             trees_random *random)
{
    for (size_t i = 0; i < condition->children_count; i++)
        condition_redraw(condition->children[i], model, random);
    if (condition->kind <= TREES_NOT) return;
    bool is_list = condition->kind == TREES_IN || condition->kind == TREES_NIN;
    if (is_list && condition->operands_count > 0)
        condition->operands_count = 1 + trees_below(random, TREES_OPERANDS_MAX);
    for (size_t i = 0; i < condition->operands_count; i++) {
        trees_value *operand = &condition->operands[i];
        if (!operand->is_null)
            *operand = operand_draw(condition, &model->columns[condition->column], random);
    }
}

void trees_redraw_values(trees_tree *tree, trees_random *random)
{
    for (size_t i = 0; i < tree->nodes_count; i++) {
        trees_node *node = &tree->nodes[i];
        if (node->where) condition_redraw(node->where, node->model, random);
    }
}
