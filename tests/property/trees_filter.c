#include "property/trees.h"

#include <stdlib.h>

/* ---- conditions ---- */

static const char *const operators[] = {
    [TREES_EQ] = "eq",           [TREES_NE] = "ne",
    [TREES_IN] = "in",           [TREES_NIN] = "nin",
    [TREES_GT] = "gt",           [TREES_GTE] = "gte",
    [TREES_LT] = "lt",           [TREES_LTE] = "lte",
    [TREES_BETWEEN] = "between", [TREES_NOT_BETWEEN] = "notBetween",
    [TREES_LIKE] = "like",       [TREES_NLIKE] = "nlike",
    [TREES_ILIKE] = "ilike",     [TREES_NILIKE] = "nilike"};

static json_t *operands_json(const trees_condition *condition, const trees_column *column)
{
    bool is_list = condition->kind == TREES_IN || condition->kind == TREES_NIN ||
                   condition->kind == TREES_BETWEEN || condition->kind == TREES_NOT_BETWEEN;
    if (!is_list) return trees_value_json(column, &condition->operands[0]);
    json_t *list = json_array();
    for (size_t i = 0; i < condition->operands_count; i++)
        json_array_append_new(list, trees_value_json(column, &condition->operands[i]));
    return list;
}

static json_t *compare_json(const trees_condition *condition, const trees_model *model)
{
    const trees_column *column = &model->columns[condition->column];
    json_t *operands = operands_json(condition, column);
    bool has_short = condition->kind == TREES_EQ || condition->kind == TREES_IN;
    if (has_short && condition->is_short) return json_pack("{so}", column->name, operands);
    return json_pack("{s{so}}", column->name, operators[condition->kind], operands);
}

static json_t *condition_json(const trees_condition *condition, const trees_model *model);

/* One object, where no key comes twice; NULL: one does. */
static json_t *merged_json(const trees_condition *condition, const trees_model *model)
{
    json_t *merged = json_object();
    bool is_twice = false;
    for (size_t i = 0; i < condition->children_count; i++) {
        json_t *child = condition_json(condition->children[i], model);
        const char *key;
        json_t *value;
        json_object_foreach(child, key, value)
        {
            is_twice = is_twice || json_object_get(merged, key);
            json_object_set(merged, key, value);
        }
        json_decref(child);
    }
    if (!is_twice) return merged;
    json_decref(merged);
    return NULL;
}

static json_t *condition_json(const trees_condition *condition, const trees_model *model)
{
    if (condition->kind > TREES_NOT) return compare_json(condition, model);
    if (condition->kind == TREES_NOT)
        return json_pack("{so}", "not", condition_json(condition->children[0], model));
    if (condition->kind == TREES_AND && condition->is_short) {
        json_t *merged = merged_json(condition, model);
        if (merged) return merged;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < condition->children_count; i++)
        json_array_append_new(list, condition_json(condition->children[i], model));
    return json_pack("{so}", condition->kind == TREES_AND ? "and" : "or", list);
}

/* ---- levels ---- */

static json_t *fields_json(const trees_node *node)
{
    json_t *fields = node->fields == TREES_FIELDS_LIST ? json_array() : json_object();
    for (size_t i = 0; i < trees_columns_count(node->model); i++) {
        const char *name = node->model->columns[i].name;
        if (node->fields == TREES_FIELDS_LIST) {
            if (node->selected[i]) json_array_append_new(fields, json_string(name));
        } else if (node->selected[i] == (node->fields == TREES_FIELDS_TRUE)) {
            json_object_set_new(fields, name, json_boolean(node->selected[i]));
        }
    }
    return fields;
}

static json_t *order_json(const trees_node *node)
{
    static const char *const nulls[] = {[TREES_NULLS_DEFAULT] = "",
                                        [TREES_NULLS_FIRST] = " NULLS FIRST",
                                        [TREES_NULLS_LAST] = " nulls last"};
    json_t *list = json_array();
    for (size_t i = 0; i < node->order_count; i++) {
        const trees_order *order = &node->order[i];
        const char *direction = order->is_descending ? " DESC" : i % 2 ? " ASC" : "";
        json_array_append_new(list, json_sprintf("%s%s%s", node->model->columns[order->column].name,
                                                 direction, nulls[order->nulls]));
    }
    return list;
}

static json_t *include_json(const trees_node *node)
{
    json_t *list = json_array();
    for (size_t i = 0; i < node->children_count; i++) {
        const trees_node *child = node->children[i];
        json_t *scope = trees_filter_json(child);
        json_t *element = json_pack("{ss}", "relation", child->relation->name);
        if (child->skips_default)
            json_object_set_new(element, "shouldSkipDefaultFilter", json_true());
        if (json_object_size(scope) == 0 && !child->skips_default) {
            json_decref(element);
            element = json_string(child->relation->name);
        } else {
            json_object_set(element, "scope", scope);
        }
        json_decref(scope);
        json_array_append_new(list, element);
    }
    return list;
}

json_t *trees_filter_json(const trees_node *node)
{
    json_t *filter = json_object();
    if (node->where) json_object_set_new(filter, "where", condition_json(node->where, node->model));
    if (node->fields != TREES_FIELDS_ALL) json_object_set_new(filter, "fields", fields_json(node));
    if (node->order_count > 0) json_object_set_new(filter, "order", order_json(node));
    if (node->limit >= 0) json_object_set_new(filter, "limit", json_integer(node->limit));
    if (node->skip >= 0)
        json_object_set_new(filter, node->skip % 2 ? "offset" : "skip", json_integer(node->skip));
    if (node->children_count > 0) json_object_set_new(filter, "include", include_json(node));
    return filter;
}
