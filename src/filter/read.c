#include "filter/filter.h"

const ignis_policy ignis_policy_trusted = {
    .struct_size = sizeof(ignis_policy),
    .trusted = true,
    .allow_regexp = true,
    .include_depth_max = 8,
};

const ignis_policy ignis_policy_public = {
    .struct_size = sizeof(ignis_policy),
    .include_depth_max = 5,
    .where_depth_max = 16,
    .conditions_max = 100,
    .list_max = 1000,
    .limit_max = 1000,
    .rows_max = 100000,
    .filter_size_max = 64 * 1024,
    .includes_max = 100,
};

const ignis_model_policy *filter_policy_of(const ignis_policy *policy, const model_entity *entity)
{
    for (size_t i = 0; i < policy->models_count; i++) {
        if (strcmp(policy->models[i].model, entity->name) == 0) return &policy->models[i];
    }
    return NULL;
}

ignis_code filter_list_check(filter_reader *reader, size_t count)
{
    uint32_t max = reader->policy->list_max;
    if (!max || count <= max) return IGNIS_OK;
    return context_fail(reader->ctx, IGNIS_E_LIMIT, "a list of more than %u elements",
                        (unsigned)max);
}

ignis_code filter_slot_add(filter_reader *reader, const ignis_cell *value, size_t *slot)
{
    filter_tree *result = reader->tree;
    if (result->values_count == reader->values_capacity) {
        size_t capacity = reader->values_capacity ? 2 * reader->values_capacity : 16;
        ignis_cell *grown =
            arena_grow(reader->memory, result->values, reader->values_capacity * sizeof(*grown),
                       capacity * sizeof(*grown));
        if (!grown) return context_fail_memory(reader->ctx, reader->memory);
        result->values = grown;
        reader->values_capacity = capacity;
    }
    *slot = result->values_count++;
    result->values[*slot] = *value;
    return IGNIS_OK;
}

ignis_code filter_count_read(filter_reader *reader, const json *value, const char *name,
                             int64_t *count)
{
    bool is_right = value->kind == JSON_INTEGER && value->integer >= 0;
    if (is_right) {
        *count = value->integer;
        return IGNIS_OK;
    }
    if (value->kind == JSON_STRING && value->count > 0 &&
        strspn(value->as.text, "0123456789") == value->count &&
        number_integer(value->as.text, value->count, count)) {
        return IGNIS_OK;
    }
    bool is_number = value->kind == JSON_INTEGER || value->kind == JSON_NUMBER;
    char quoted[CONTEXT_QUOTE_SIZE];
    if (is_number || value->kind == JSON_STRING) {
        context_fail(reader->ctx, IGNIS_E_INVALID,
                     "%s is an integer from 0 to 9223372036854775807, not %s%s%s", name,
                     is_number ? "" : "\"", context_quote(quoted, value->as.text, value->count),
                     is_number ? "" : "\"");
    } else {
        context_fail(reader->ctx, IGNIS_E_INVALID,
                     "%s is an integer from 0 to 9223372036854775807, not %s", name,
                     json_kind_name(value));
    }
    return context_path(reader->ctx, "%s", name);
}

static const char *const part_names[] = {"where", "fields", "order",  "limit",
                                         "skip",  "offset", "include"};

static const char *part_at(const void *list, size_t i)
{
    (void)list;
    return i < ARRAY_COUNT(part_names) ? part_names[i] : NULL;
}

ignis_code filter_parts_read(filter_reader *reader, const json *value, filter_parts *parts)
{
    const json **const slots[] = {&parts->where, &parts->fields, &parts->order,  &parts->limit,
                                  &parts->skip,  &parts->offset, &parts->include};
    if (value->kind != JSON_OBJECT) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "a filter is an object, not %s",
                            json_kind_name(value));
    }
    for (size_t i = 0; i < value->count; i++) {
        const json_member *member = &value->as.members[i];
        size_t part = 0;
        while (part < ARRAY_COUNT(slots) && strcmp(member->name, part_names[part]) != 0)
            part++;
        if (part < ARRAY_COUNT(slots)) {
            if (member->value.kind != JSON_NULL) *slots[part] = &member->value;
            continue;
        }
        char quoted[CONTEXT_QUOTE_SIZE];
        context_quote(quoted, member->name, member->name_size);
        context_fail(reader->ctx, IGNIS_E_INVALID, "unknown key '%s' of a filter", quoted);
        context_hint(reader->ctx, names_nearest(member->name, member->name_size, part_at, NULL));
        return context_path(reader->ctx, "%s", quoted);
    }
    return IGNIS_OK;
}

/* limit and skip: the caller's, else the default's; lowered to maxLimit or the policy's. */
static ignis_code limits_read(filter_reader *reader, filter_node *node, const filter_parts *parts,
                              const filter_default *defaults)
{
    const json *skip = parts->skip ? parts->skip : parts->offset;
    int64_t unused;
    if (parts->limit) {
        IGNIS_TRY(filter_count_read(reader, parts->limit, "limit", &node->limit));
        node->has_limit = true;
    } else if (defaults && defaults->has_limit) {
        node->limit = defaults->limit;
        node->has_limit = true;
    }
    if (skip) {
        IGNIS_TRY(filter_count_read(reader, skip, parts->skip ? "skip" : "offset", &node->skip));
        node->has_skip = true;
    } else if (defaults && defaults->has_skip) {
        node->skip = defaults->skip;
        node->has_skip = true;
    }
    if (parts->skip && parts->offset) {
        IGNIS_TRY(filter_count_read(reader, parts->offset, "offset", &unused));
    }
    int64_t max = node->entity->limit_max ? node->entity->limit_max : reader->policy->limit_max;
    if (max && (!node->has_limit || node->limit > max)) {
        node->limit = max;
        node->has_limit = true;
    }
    return IGNIS_OK;
}

/* Limits of this method and level go to slots; a one relation has none. */
static ignis_code limits_finish(filter_reader *reader, filter_node *node)
{
    filter_method method = reader->tree->method;
    if (node->relation && node->relation->kind == IGNIS_RELATION_ONE) {
        node->has_limit = false;
        node->has_skip = false;
    } else if (!node->relation && method == FILTER_FIND_ONE) {
        node->has_limit = true;
        node->limit = 1;
    } else if (!node->relation && method != FILTER_FIND) {
        node->has_limit = false;
        node->has_skip = false;
    }
    if (node->has_limit) {
        ignis_cell cell = {.kind = IGNIS_CELL_INTEGER, .as.integer = node->limit};
        IGNIS_TRY(filter_slot_add(reader, &cell, &node->limit_slot));
    }
    if (!node->has_skip) node->skip = 0;
    if (node->has_skip) {
        ignis_cell cell = {.kind = IGNIS_CELL_INTEGER, .as.integer = node->skip};
        IGNIS_TRY(filter_slot_add(reader, &cell, &node->skip_slot));
    }
    return IGNIS_OK;
}

/* The columns that are chosen (NULL: all), but for hidden ones. */
static ignis_code selection_make(filter_reader *reader, filter_node *node, const bool *chosen)
{
    const model_entity *entity = node->entity;
    bool *selected = arena_array(reader->memory, entity->columns_count, sizeof(*selected));
    if (!selected) return context_fail_memory(reader->ctx, reader->memory);
    size_t count = 0;
    for (size_t i = 0; i < entity->columns_count; i++) {
        selected[i] = !chosen || chosen[i];
        if (entity->columns[i].hidden && !reader->with_hidden) selected[i] = false;
        count += selected[i];
    }
    node->selected = selected;
    if (count > 0 || !chosen) return IGNIS_OK;
    context_fail(reader->ctx, IGNIS_E_INVALID, "fields leave no property of %s", entity->name);
    return context_path(reader->ctx, "fields");
}

static ignis_code selection_read(filter_reader *reader, filter_node *node, const json *fields,
                                 const filter_default *defaults)
{
    const bool *chosen = defaults && !fields ? defaults->selected : NULL;
    if (fields) IGNIS_TRY(filter_fields_read(reader, node->entity, fields, &chosen));
    return selection_make(reader, node, chosen);
}

/* The include of a default filter is read again where it serves; its scopes hold constants. */
static ignis_code default_include_read(filter_reader *reader, filter_node *node,
                                       const json *include, uint32_t depth)
{
    ignis_policy policy = {.trusted = true,
                           .include_depth_max = reader->policy->include_depth_max,
                           .limit_max = reader->policy->limit_max,
                           .includes_max = reader->policy->includes_max};
    filter_reader inner = *reader;
    inner.policy = &policy;
    inner.is_default = true;
    ignis_code code = filter_include_read(&inner, node, include, depth);
    reader->values_capacity = inner.values_capacity;
    return code;
}

ignis_code filter_node_read(filter_reader *reader, filter_node *node, const json *value,
                            bool skip_default, uint32_t depth)
{
    filter_parts parts = {0};
    const filter_default *defaults = skip_default ? NULL : filter_default_of(node->entity);
    reader->tree->nodes_count++;
    if (value) IGNIS_TRY(filter_parts_read(reader, value, &parts));
    if (parts.where) {
        filter_condition *where = NULL;
        IGNIS_TRY(filter_where_read(reader, node->entity, parts.where, &where));
        node->where = where;
    }
    if (defaults) node->default_where = defaults->where;
    IGNIS_TRY(selection_read(reader, node, parts.fields, defaults));
    if (parts.order) {
        IGNIS_TRY(
            filter_order_read(reader, node->entity, parts.order, &node->order, &node->order_count));
    } else if (defaults) {
        node->order = defaults->order;
        node->order_count = defaults->order_count;
    }
    IGNIS_TRY(limits_read(reader, node, &parts, defaults));
    IGNIS_TRY(limits_finish(reader, node));
    if (parts.include) return filter_include_read(reader, node, parts.include, depth + 1);
    if (!defaults || !defaults->include) return IGNIS_OK;
    return default_include_read(reader, node, defaults->include, depth + 1);
}

/* findById knows where, fields and include only; count and exists where only. */
static void root_reduce(const filter_request *request, filter_node *root)
{
    if (request->method == FILTER_FIND || request->method == FILTER_FIND_ONE) return;
    root->order = NULL;
    root->order_count = 0;
}

static ignis_code where_only_read(filter_reader *reader, const filter_request *request,
                                  filter_node *root)
{
    const filter_default *defaults =
        request->should_skip_default_filter ? NULL : filter_default_of(root->entity);
    filter_condition *where = NULL;
    reader->tree->nodes_count++;
    if (defaults) root->default_where = defaults->where;
    if (request->where) IGNIS_TRY(filter_where_read(reader, root->entity, request->where, &where));
    root->where = where;
    return IGNIS_OK;
}

static ignis_code tree_read(filter_reader *reader, const filter_request *request,
                            filter_tree *result)
{
    *result = (filter_tree){.method = request->method,
                            .rows_max = request->policy->rows_max,
                            .with_range = request->with_range,
                            .limits_in_shape = request->limits_in_shape,
                            .in_one_statement = request->in_one_statement,
                            .lock = request->lock};
    reader->policy = request->policy;
    reader->with_hidden = request->with_hidden;
    reader->tree = result;
    filter_node *root = arena_array(reader->memory, 1, sizeof(*root));
    if (!root) return context_fail_memory(reader->ctx, reader->memory);
    root->entity = request->entity;
    result->root = root;
    bool is_by_id = request->method == FILTER_FIND_BY_ID || request->method == FILTER_WRITE_BY_ID;
    if (request->method != FILTER_FIND && request->method != FILTER_FIND_ONE &&
        request->method != FILTER_FIND_BY_ID) {
        IGNIS_TRY(where_only_read(reader, request, root));
    } else {
        IGNIS_TRY(filter_node_read(reader, root, request->filter,
                                   request->should_skip_default_filter, 0));
    }
    if (is_by_id) {
        filter_condition *key = NULL;
        IGNIS_TRY(filter_id_read(reader, root->entity, request->id, &key));
        root->key = key;
    }
    root_reduce(request, root);
    return IGNIS_OK;
}

ignis_code filter_read(ignis_context *ctx, arena *memory, const filter_request *request,
                       filter_tree *result)
{
    filter_reader reader = {.ctx = ctx, .memory = memory};
    IGNIS_TRY(tree_read(&reader, request, result));
    text_init(&result->shape, memory, 0);
    if (!filter_shape_write(result, request->with_hidden)) {
        return context_fail_memory(ctx, memory);
    }
    return IGNIS_OK;
}

ignis_code filter_pattern_refuse(ignis_context *ctx, const filter_request *request, size_t index)
{
    filter_tree unused;
    context_saved refusal;
    context_save(ctx, &refusal);
    filter_reader reader = {.ctx = ctx,
                            .memory = &ctx->scratch,
                            .refused_count = index + 1,
                            .refused_by = refusal.message};
    if (tree_read(&reader, request, &unused) == IGNIS_E_INVALID) {
        memcpy(ctx->sqlstate, refusal.sqlstate, sizeof(ctx->sqlstate));
    } else {
        context_restore(ctx, &refusal);
    }
    return context_error_code(ctx);
}
