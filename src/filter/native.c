/* native: filters of C programs as the JSON tree that everything else reads. Names become those of the
   JSON, values stay where they are. */
#include "filter/filter.h"

typedef struct native_filter {
    ignis_context *ctx;
    arena *memory;
    const model_entity *entity;
    uint32_t depth; /* of conditions within one another, or of scopes */
} native_filter;

enum { NATIVE_DEPTH_MAX = 1000, FILTER_PARTS = 6 };

/* An object or list that grows; its size is known before. */
static json_member *members_make(const native_filter *in, size_t count)
{
    return arena_array(in->memory, count, sizeof(json_member));
}

static ignis_code memory_fail(const native_filter *in)
{
    return context_fail_memory(in->ctx, in->memory);
}

static json object_of(const json_member *members, size_t count)
{
    return (json){.kind = JSON_OBJECT, .count = count, .as.members = members};
}

static json list_of(const json *items, size_t count)
{
    return (json){.kind = JSON_ARRAY, .count = count, .as.items = items};
}

static json string_of(const char *data)
{
    return (json){.kind = JSON_STRING, .count = strlen(data), .as.text = data};
}

/* Element i of a list with elements of another program's size; own must be zeroed. */
static void element_copy(const void *items, size_t item_size, size_t i, void *own, size_t own_size)
{
    memcpy(own, (const char *)items + i * item_size, item_size < own_size ? item_size : own_size);
}

size_t filter_native_count(const void *items, size_t item_size, size_t end_offset)
{
    const char *at = (const char *)items + end_offset;
    size_t count = 0;
    for (; *(const void *const *)(const void *)at; at += item_size)
        count++;
    return count;
}

/* The elements of a list, whose end has a NULL at end_offset. */
static ignis_code list_count(const native_filter *in, const void *items, size_t item_size,
                             size_t end_offset, size_t *count)
{
    if (*count == 0) return IGNIS_OK;
    if (!items || item_size == 0) {
        return context_fail(in->ctx, IGNIS_E_INVALID,
                            "the list is NULL or lacks the size of its elements");
    }
    if (*count == IGNIS_ENDED) *count = filter_native_count(items, item_size, end_offset);
    return IGNIS_OK;
}

/* ---- where ------------------------------------------------------------------------------------------ */

static ignis_code conditions_read(const native_filter *in, const ignis_conditions *conditions,
                                  json *made);

/* and, or, not: and of one list of conditions is an object of them. */
static ignis_code group_read(const native_filter *in, const ignis_condition *condition,
                             json_member *member)
{
    const ignis_conditions inner = {condition->items, condition->count, condition->item_size};
    bool is_or = strcmp(condition->op, "or") == 0;
    native_filter below = *in;
    json_member_name(member, condition->op);
    if (++below.depth > NATIVE_DEPTH_MAX) {
        return context_fail(in->ctx, IGNIS_E_LIMIT, "and, or, not nested more than %d deep",
                            NATIVE_DEPTH_MAX);
    }
    if (!is_or) return conditions_read(&below, &inner, &member->value);
    json all = {0};
    IGNIS_TRY(conditions_read(&below, &inner, &all));
    json *items = arena_array(in->memory, all.count, sizeof(*items));
    if (!items) return memory_fail(in);
    for (size_t i = 0; i < all.count; i++)
        items[i] = object_of(&all.as.members[i], 1);
    member->value = list_of(items, all.count);
    return IGNIS_OK;
}

/* Below a document an unknown word would be a key of a document to be equal to. */
static ignis_code operator_check(const native_filter *in, const ignis_condition *condition)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    size_t size = strlen(condition->op);
    if (!*condition->op)
        return context_fail(in->ctx, IGNIS_E_INVALID, "a condition has no operator");
    if (filter_operator_read(condition->op, size)) return IGNIS_OK;
    context_fail(in->ctx, IGNIS_E_INVALID, "unknown operator '%s'",
                 context_quote(quoted, condition->op, size));
    context_hint(in->ctx, filter_operator_nearest(condition->op, size));
    return context_path_name(in->ctx, condition->op, size);
}

static ignis_code compare_read(const native_filter *in, const ignis_condition *condition,
                               json_member *member)
{
    const model_column *column;
    const char *name;
    json_member *inner = members_make(in, 1);
    if (!inner) return memory_fail(in);
    IGNIS_TRY(
        model_native_column(in->ctx, in->entity, condition->model, condition->member, &column));
    IGNIS_TRY(model_native_name(in->ctx, in->memory, column, condition->path, &name));
    if (operator_check(in, condition) != IGNIS_OK) {
        return context_path_name(in->ctx, name, strlen(name));
    }
    json_member_name(inner, condition->op);
    json_member_name(member, name);
    member->value = object_of(inner, 1);
    if (model_native_read(in->ctx, in->memory, &condition->value, false, &inner->value) ==
        IGNIS_OK) {
        return IGNIS_OK;
    }
    context_path(in->ctx, "%s", condition->op);
    return context_path_name(in->ctx, name, strlen(name));
}

static bool is_group(const char *op)
{
    return strcmp(op, "and") == 0 || strcmp(op, "or") == 0 || strcmp(op, "not") == 0;
}

/* An object with a member for each; a property may come more than once. */
static ignis_code conditions_read(const native_filter *in, const ignis_conditions *conditions,
                                  json *made)
{
    size_t item_size = conditions->item_size;
    size_t count = conditions->count;
    IGNIS_TRY(list_count(in, conditions->items, item_size, 0, &count));
    json_member *members = members_make(in, count);
    if (!members) return memory_fail(in);
    for (size_t i = 0; i < count; i++) {
        ignis_condition own = {0};
        element_copy(conditions->items, item_size, i, &own, sizeof(own));
        if (!own.op) {
            return context_fail(in->ctx, IGNIS_E_INVALID, "condition %zu has no operator", i);
        }
        if (is_group(own.op)) {
            IGNIS_TRY(group_read(in, &own, &members[i]));
        } else {
            IGNIS_TRY(compare_read(in, &own, &members[i]));
        }
    }
    *made = object_of(members, count);
    return IGNIS_OK;
}

/* ---- fields, order, include ------------------------------------------------------------------------ */

static ignis_code fields_read(const native_filter *in, const ignis_members *fields, json *made)
{
    size_t count = fields->count;
    IGNIS_TRY(list_count(in, fields->items, sizeof(*fields->items), 0, &count));
    json_member *members = members_make(in, count);
    if (!members) return memory_fail(in);
    for (size_t i = 0; i < count; i++) {
        const model_column *column;
        IGNIS_TRY(
            model_native_column(in->ctx, in->entity, fields->model, fields->items[i], &column));
        json_member_name(&members[i], column->name);
        members[i].value = (json){.kind = JSON_BOOLEAN, .boolean = !fields->is_exclusion};
    }
    *made = object_of(members, count);
    return IGNIS_OK;
}

static ignis_code order_read(const native_filter *in, const ignis_order *order, json *made)
{
    const model_column *column;
    const char *name;
    text written;
    IGNIS_TRY(model_native_column(in->ctx, in->entity, order->model, order->member, &column));
    IGNIS_TRY(model_native_name(in->ctx, in->memory, column, order->path, &name));
    text_init(&written, in->memory, 0);
    text_string(&written, name);
    text_string(&written, order->descending ? " DESC" : " ASC");
    if (order->nulls == IGNIS_NULLS_FIRST) text_string(&written, " NULLS FIRST");
    if (order->nulls == IGNIS_NULLS_LAST) text_string(&written, " NULLS LAST");
    const char *finished = text_finish(&written);
    if (!finished) return memory_fail(in);
    *made = string_of(finished);
    return IGNIS_OK;
}

static ignis_code orders_read(const native_filter *in, const ignis_orders *orders, json *made)
{
    size_t count = orders->count;
    IGNIS_TRY(
        list_count(in, orders->items, orders->item_size, offsetof(ignis_order, model), &count));
    json *items = arena_array(in->memory, count, sizeof(*items));
    if (!items) return memory_fail(in);
    for (size_t i = 0; i < count; i++) {
        ignis_order own = {0};
        element_copy(orders->items, orders->item_size, i, &own, sizeof(own));
        IGNIS_TRY(order_read(in, &own, &items[i]));
    }
    *made = list_of(items, count);
    return IGNIS_OK;
}

static ignis_code filter_object_read(const native_filter *in, const ignis_filter *filter,
                                     json *made);

static ignis_code inclusion_read(const native_filter *in, const ignis_inclusion *inclusion,
                                 json *made)
{
    const char *member = inclusion->member;
    json_member *members = members_make(in, 3);
    if (!members) return memory_fail(in);
    if (!member) return context_fail(in->ctx, IGNIS_E_INVALID, "the relation is NULL");
    IGNIS_TRY(model_native_owner(in->ctx, in->entity, inclusion->model, member));
    const model_relation *relation =
        map_get(&in->entity->relations_by_member, member, strlen(member));
    if (!relation) {
        char quoted[CONTEXT_QUOTE_SIZE];
        return context_fail(in->ctx, IGNIS_E_INVALID, "the member '%s' of %s is no relation",
                            context_quote(quoted, member, strlen(member)), in->entity->name);
    }
    json_member_name(&members[0], "relation");
    members[0].value = string_of(relation->name);
    *made = object_of(members, 1);
    if (!inclusion->scope) return IGNIS_OK;
    native_filter below = *in;
    below.entity = relation->target;
    if (++below.depth > NATIVE_DEPTH_MAX) {
        return context_fail(in->ctx, IGNIS_E_LIMIT, "includes nested more than %d deep",
                            NATIVE_DEPTH_MAX);
    }
    json_member_name(&members[1], "scope");
    if (filter_object_read(&below, inclusion->scope, &members[1].value) != IGNIS_OK) {
        return context_path(in->ctx, "scope");
    }
    json_member_name(&members[2], "shouldSkipDefaultFilter");
    members[2].value.kind = JSON_BOOLEAN;
    members[2].value.boolean = filter_native_options(inclusion->scope).skip_default_filter;
    *made = object_of(members, 3);
    return IGNIS_OK;
}

static ignis_code inclusions_read(const native_filter *in, const ignis_inclusions *include,
                                  json *made)
{
    size_t count = include->count;
    if (list_count(in, include->items, include->item_size, offsetof(ignis_inclusion, model),
                   &count) != IGNIS_OK) {
        return context_path(in->ctx, "include");
    }
    json *items = arena_array(in->memory, count, sizeof(*items));
    if (!items) return memory_fail(in);
    for (size_t i = 0; i < count; i++) {
        ignis_inclusion own = {0};
        element_copy(include->items, include->item_size, i, &own, sizeof(own));
        if (inclusion_read(in, &own, &items[i]) != IGNIS_OK) {
            return context_path(in->ctx, "include[%zu]", i);
        }
    }
    *made = list_of(items, count);
    return IGNIS_OK;
}

/* ---- filters ---------------------------------------------------------------------------------------- */

static ignis_code bound_read(const native_filter *in, const ignis_bound *bound, json *made)
{
    text written;
    text_init(&written, in->memory, 0);
    text_integer(&written, bound->value);
    *made = (json){.kind = JSON_INTEGER, .integer = bound->value};
    made->as.text = text_finish(&written);
    made->count = written.size;
    return made->as.text ? IGNIS_OK : memory_fail(in);
}

/* Ends the part that was read into *member, which the next part goes behind. */
static ignis_code part_end(const native_filter *in, json_member **member, const char *name,
                           ignis_code code)
{
    if (code != IGNIS_OK) return context_path(in->ctx, "%s", name);
    json_member_name((*member)++, name);
    return IGNIS_OK;
}

static ignis_code filter_object_read(const native_filter *in, const ignis_filter *filter,
                                     json *made)
{
    ignis_filter own = {0};
    json_member *members = members_make(in, FILTER_PARTS);
    json_member *at = members;
    if (!members) return memory_fail(in);
    if (filter->struct_size == 0) {
        return context_fail(in->ctx, IGNIS_E_INVALID, "the filter lacks its struct_size");
    }
    memcpy(&own, filter, filter->struct_size < sizeof(own) ? filter->struct_size : sizeof(own));
    if (own.where.count > 0) {
        ignis_code code = conditions_read(in, &own.where, &at->value);
        IGNIS_TRY(part_end(in, &at, "where", code));
    }
    if (own.fields.items || own.fields.count > 0) {
        IGNIS_TRY(part_end(in, &at, "fields", fields_read(in, &own.fields, &at->value)));
    }
    if (own.order.items || own.order.count > 0) {
        IGNIS_TRY(part_end(in, &at, "order", orders_read(in, &own.order, &at->value)));
    }
    if (own.limit.is_set) {
        IGNIS_TRY(part_end(in, &at, "limit", bound_read(in, &own.limit, &at->value)));
    }
    if (own.skip.is_set) {
        IGNIS_TRY(part_end(in, &at, "skip", bound_read(in, &own.skip, &at->value)));
    }
    if (own.include.items || own.include.count > 0) {
        IGNIS_TRY(inclusions_read(in, &own.include, &at->value));
        IGNIS_TRY(part_end(in, &at, "include", IGNIS_OK));
    }
    *made = object_of(members, (size_t)(at - members));
    return IGNIS_OK;
}

ignis_options filter_native_options(const ignis_filter *filter)
{
    ignis_options own = {0};
    bool has_options =
        filter && filter->struct_size >= offsetof(ignis_filter, options) + sizeof(filter->options);
    const ignis_options *given = has_options ? filter->options : NULL;
    if (!given) return own;
    memcpy(&own, given, given->struct_size < sizeof(own) ? given->struct_size : sizeof(own));
    return own;
}

ignis_code filter_native_read(ignis_context *ctx, arena *memory, const model_entity *entity,
                              const ignis_filter *filter, const json **made)
{
    const native_filter in = {.ctx = ctx, .memory = memory, .entity = entity};
    json *root = arena_array(memory, 1, sizeof(*root));
    if (!root) return context_fail_memory(ctx, memory);
    *made = root;
    return filter_object_read(&in, filter, root);
}
