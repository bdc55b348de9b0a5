#include "filter/filter.h"

static ignis_code conditions_read(filter_reader *reader, const model_entity *entity,
                                  const json *value, uint32_t depth, filter_condition **condition);

filter_condition *filter_condition_make(filter_reader *reader, filter_kind kind)
{
    filter_condition *condition = arena_array(reader->memory, 1, sizeof(*condition));
    if (!condition) {
        context_fail_memory(reader->ctx, reader->memory);
        return NULL;
    }
    condition->kind = kind;
    return condition;
}

static ignis_code condition_count(filter_reader *reader)
{
    reader->conditions_count++;
    uint32_t max = reader->policy->conditions_max;
    if (!max || reader->conditions_count <= max) return IGNIS_OK;
    return context_fail(reader->ctx, IGNIS_E_LIMIT, "more than %u conditions", (unsigned)max);
}

static bool operator_is_allowed(const filter_reader *reader, const model_entity *entity,
                                filter_operator op)
{
    const ignis_model_policy *policy = filter_policy_of(reader->policy, entity);
    if (!policy || !policy->operators.items) return true;
    for (size_t i = 0; i < policy->operators.count; i++) {
        const char *name = policy->operators.items[i];
        if (filter_operator_read(name, strlen(name)) == op) return true;
    }
    return false;
}

static ignis_code compare_make(filter_reader *reader, const model_entity *entity,
                               const model_column *column, filter_operator op, const json *value,
                               filter_condition **made)
{
    IGNIS_TRY(condition_count(reader));
    if (!operator_is_allowed(reader, entity, op)) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "the operator '%s' is not allowed on %s",
                            filter_operator_name(op), entity->name);
    }
    filter_condition *condition = filter_condition_make(reader, FILTER_COMPARE);
    if (!condition) return context_error_code(reader->ctx);
    condition->op = op;
    condition->column = column;
    *made = condition;
    return filter_compare_read(reader, condition, value);
}

static ignis_code operator_read(filter_reader *reader, const json_member *member,
                                filter_operator *op)
{
    *op = filter_operator_read(member->name, member->name_size);
    if (*op) return IGNIS_OK;
    char quoted[CONTEXT_QUOTE_SIZE];
    context_quote(quoted, member->name, member->name_size);
    context_fail(reader->ctx, IGNIS_E_INVALID, "unknown operator '%s'", quoted);
    context_hint(reader->ctx, filter_operator_nearest(member->name, member->name_size));
    return IGNIS_E_INVALID;
}

/* {operator: value, ...}: all must hold. */
static ignis_code operators_read(filter_reader *reader, const model_entity *entity,
                                 const model_column *column, const json *value,
                                 filter_condition ***tail)
{
    for (size_t i = 0; i < value->count; i++) {
        const json_member *member = &value->as.members[i];
        filter_condition *made = NULL;
        filter_operator op;
        ignis_code code = operator_read(reader, member, &op);
        if (code == IGNIS_OK) {
            code = compare_make(reader, entity, column, op, &member->value, &made);
        }
        if (code != IGNIS_OK) {
            return context_path_name(reader->ctx, member->name, member->name_size);
        }
        **tail = made;
        *tail = &made->next;
    }
    return IGNIS_OK;
}

static bool is_context_value(const filter_reader *reader, const json *value)
{
    return reader->is_default && value->count == 1 &&
           strcmp(value->as.members[0].name, "$context") == 0;
}

/* What an object is: operators, or, on a document, where none of its keys is an operator, a document
   to compare with. A mixture is an error. */
static ignis_code object_judge(filter_reader *reader, const model_column *column, const json *value,
                               bool *is_document)
{
    size_t operators = 0;
    for (size_t i = 0; i < value->count; i++) {
        const json_member *member = &value->as.members[i];
        if (filter_operator_read(member->name, member->name_size)) operators++;
    }
    *is_document = model_column_is_document(column) && operators == 0;
    if (!model_column_is_document(column) && value->count == 0) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "an object without an operator");
    }
    if (!model_column_is_document(column) || *is_document || operators == value->count) {
        return IGNIS_OK;
    }
    return context_fail(
        reader->ctx, IGNIS_E_INVALID, "a mixture of operators and other keys for the %s '%s'",
        filter_place_is_whole(column) ? "document column" : "JSON path into", column->name);
}

/* property: value, {operator: value, ...}, null or a list. */
static ignis_code property_read(filter_reader *reader, const model_entity *entity,
                                const json_member *member, filter_condition ***tail)
{
    const model_column *column;
    const json *value = &member->value;
    IGNIS_TRY(filter_column_read(reader, entity, member->name, member->name_size, &column));
    if (value->kind == JSON_OBJECT && !is_context_value(reader, value)) {
        bool is_document = false;
        IGNIS_TRY(object_judge(reader, column, value, &is_document));
        if (!is_document) return operators_read(reader, entity, column, value, tail);
    }
    bool is_list = value->kind == JSON_ARRAY && !column->type.array;
    filter_condition *made = NULL;
    IGNIS_TRY(compare_make(reader, entity, column, is_list ? FILTER_IN : FILTER_EQ, value, &made));
    **tail = made;
    *tail = &made->next;
    return IGNIS_OK;
}

/* The children of and, or: a list of conditions, or one. */
static ignis_code children_read(filter_reader *reader, const model_entity *entity,
                                const json *value, uint32_t depth, filter_condition *parent)
{
    const json *items = value->kind == JSON_ARRAY ? value->as.items : value;
    size_t count = value->kind == JSON_ARRAY ? value->count : 1;
    filter_condition **tail = &parent->children;
    IGNIS_TRY(filter_list_check(reader, count));
    for (size_t i = 0; i < count; i++) {
        filter_condition *child = NULL;
        if (conditions_read(reader, entity, &items[i], depth, &child) != IGNIS_OK) {
            if (value->kind != JSON_ARRAY) return context_error_code(reader->ctx);
            return context_path(reader->ctx, "[%zu]", i);
        }
        *tail = child;
        tail = &child->next;
    }
    return IGNIS_OK;
}

static ignis_code group_read(filter_reader *reader, const model_entity *entity,
                             const json_member *member, filter_kind kind, uint32_t depth,
                             filter_condition ***tail)
{
    uint32_t max = reader->policy->where_depth_max;
    if (max && depth > max) {
        return context_fail(reader->ctx, IGNIS_E_LIMIT, "and, or, not nested more than %u deep",
                            (unsigned)max);
    }
    IGNIS_TRY(condition_count(reader));
    filter_condition *group = filter_condition_make(reader, kind);
    if (!group) return context_error_code(reader->ctx);
    if (kind == FILTER_NOT) {
        IGNIS_TRY(conditions_read(reader, entity, &member->value, depth + 1, &group->children));
    } else {
        IGNIS_TRY(children_read(reader, entity, &member->value, depth + 1, group));
    }
    **tail = group;
    *tail = &group->next;
    return IGNIS_OK;
}

static filter_kind group_kind(const json_member *member)
{
    if (strcmp(member->name, "and") == 0) return FILTER_AND;
    if (strcmp(member->name, "or") == 0) return FILTER_OR;
    if (strcmp(member->name, "not") == 0) return FILTER_NOT;
    return 0;
}

/* One object of conditions, all of which must hold; depth counts the and, or, not around it. */
static ignis_code conditions_read(filter_reader *reader, const model_entity *entity,
                                  const json *value, uint32_t depth, filter_condition **condition)
{
    if (value->kind != JSON_OBJECT) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "conditions are an object, not %s",
                            json_kind_name(value));
    }
    filter_condition *all = filter_condition_make(reader, FILTER_AND);
    if (!all) return context_error_code(reader->ctx);
    filter_condition **tail = &all->children;
    for (size_t i = 0; i < value->count; i++) {
        const json_member *member = &value->as.members[i];
        filter_kind kind = group_kind(member);
        ignis_code code = kind ? group_read(reader, entity, member, kind, depth, &tail)
                               : property_read(reader, entity, member, &tail);
        if (code != IGNIS_OK) {
            return context_path_name(reader->ctx, member->name, member->name_size);
        }
    }
    *condition = all;
    return IGNIS_OK;
}

ignis_code filter_where_read(filter_reader *reader, const model_entity *entity, const json *value,
                             filter_condition **where)
{
    if (value->kind == JSON_NULL) return IGNIS_OK;
    if (conditions_read(reader, entity, value, 1, where) == IGNIS_OK) return IGNIS_OK;
    return context_path(reader->ctx, "where");
}

static ignis_code id_add(filter_reader *reader, const model_column *column, const json *value,
                         filter_condition ***tail)
{
    filter_condition *condition = filter_condition_make(reader, FILTER_COMPARE);
    if (!condition) return context_error_code(reader->ctx);
    condition->op = FILTER_EQ;
    condition->column = column;
    if (value->kind == JSON_NULL) {
        condition->kind = FILTER_UNKNOWN;
    } else {
        IGNIS_TRY(filter_compare_read(reader, condition, value));
    }
    **tail = condition;
    *tail = &condition->next;
    return IGNIS_OK;
}

/* An id of several columns: {"a": 1, "b": 2}, all of them and no other. */
static ignis_code id_object_read(filter_reader *reader, const model_entity *entity, const json *id,
                                 filter_condition *all)
{
    const model_keys *key = &entity->primary_key;
    filter_condition **tail = &all->children;
    for (size_t i = 0; i < id->count; i++) {
        const json_member *member = &id->as.members[i];
        const model_column *column = model_column_get(entity, member->name, member->name_size);
        if (column && column->primary_key) continue;
        char quoted[CONTEXT_QUOTE_SIZE];
        context_fail(reader->ctx, IGNIS_E_INVALID, "'%s' is no part of the key of %s",
                     context_quote(quoted, member->name, member->name_size), entity->name);
        return context_path(reader->ctx, "id");
    }
    for (size_t i = 0; i < key->count; i++) {
        const json *part = json_get(id, key->items[i]->name);
        if (!part) {
            context_fail(reader->ctx, IGNIS_E_INVALID, "the key of %s needs '%s' too", entity->name,
                         key->items[i]->name);
            return context_path(reader->ctx, "id");
        }
        if (id_add(reader, key->items[i], part, &tail) != IGNIS_OK) {
            context_path(reader->ctx, "%s", key->items[i]->name);
            return context_path(reader->ctx, "id");
        }
    }
    return IGNIS_OK;
}

ignis_code filter_id_read(filter_reader *reader, const model_entity *entity, const json *id,
                          filter_condition **key)
{
    if (!id) {
        context_fail(reader->ctx, IGNIS_E_INVALID, "an id is missing");
        return context_path(reader->ctx, "id");
    }
    if (entity->primary_key.count == 0) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "%s has no primary key", entity->name);
    }
    filter_condition *all = filter_condition_make(reader, FILTER_AND);
    if (!all) return context_error_code(reader->ctx);
    *key = all;
    bool is_composite = entity->primary_key.count > 1;
    if (is_composite && id->kind == JSON_OBJECT) return id_object_read(reader, entity, id, all);
    bool is_scalar = id->kind != JSON_OBJECT && id->kind != JSON_ARRAY;
    if (!is_scalar || (is_composite && id->kind != JSON_NULL)) {
        context_fail(reader->ctx, IGNIS_E_INVALID, "an id of %s is %s, not %s", entity->name,
                     is_composite ? "an object of its key columns" : "a single value",
                     json_kind_name(id));
        return context_path(reader->ctx, "id");
    }
    filter_condition **tail = &all->children;
    if (id_add(reader, entity->primary_key.items[0], id, &tail) == IGNIS_OK) return IGNIS_OK;
    return context_path(reader->ctx, "id");
}
