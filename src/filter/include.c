#include "filter/filter.h"

/* One element of include, read from either of its forms. */
typedef struct inclusion {
    const json *relation; /* text, not empty */
    const json *scope;    /* an object, or NULL */
    bool should_skip_default_filter;
} inclusion;

/* The documented text, with the element as compact JSON. */
static ignis_code format_fail(filter_reader *reader, const json *element)
{
    text compact;
    text_init(&compact, &reader->ctx->scratch, 0);
    json_write_value(&compact, element);
    const char *shown = text_finish(&compact);
    if (!shown) return context_fail(reader->ctx, compact.code, "no memory for an error");
    size_t size = compact.size;
    const char *mark = "";
    if (size > CONTEXT_OFFENDING_MAX) {
        size = utf8_cut(shown, size, CONTEXT_OFFENDING_MAX);
        mark = "…";
    }
    return context_fail(reader->ctx, IGNIS_E_INVALID,
                        "[FilterBuilder][toInclude] Invalid include format | include: %.*s%s",
                        (int)size, shown, mark);
}

static ignis_code skip_read(filter_reader *reader, const json *value, inclusion *element)
{
    if (value->kind == JSON_NULL) return IGNIS_OK;
    if (value->kind != JSON_BOOLEAN) {
        return context_fail(reader->ctx, IGNIS_E_INVALID,
                            "shouldSkipDefaultFilter is true or false, not %s",
                            json_kind_name(value));
    }
    if (value->boolean && !reader->policy->trusted) {
        return context_fail(reader->ctx, IGNIS_E_INVALID,
                            "a public filter cannot skip default filters");
    }
    element->should_skip_default_filter = value->boolean;
    return IGNIS_OK;
}

static const char *inclusion_key_at(const void *list, size_t i)
{
    (void)list;
    static const char *const keys[] = {"relation", "scope", "shouldSkipDefaultFilter"};
    return i < ARRAY_COUNT(keys) ? keys[i] : NULL;
}

static ignis_code inclusion_member_read(filter_reader *reader, const json_member *member,
                                        inclusion *element)
{
    const json *value = &member->value;
    if (strcmp(member->name, "relation") == 0) return IGNIS_OK;
    if (strcmp(member->name, "scope") == 0) {
        if (value->kind == JSON_NULL) return IGNIS_OK;
        element->scope = value;
        if (value->kind == JSON_OBJECT) return IGNIS_OK;
        context_fail(reader->ctx, IGNIS_E_INVALID, "a scope is an object, not %s",
                     json_kind_name(value));
        return context_path(reader->ctx, "scope");
    }
    if (strcmp(member->name, "shouldSkipDefaultFilter") == 0) {
        if (skip_read(reader, value, element) == IGNIS_OK) return IGNIS_OK;
        return context_path(reader->ctx, "shouldSkipDefaultFilter");
    }
    char quoted[CONTEXT_QUOTE_SIZE];
    context_quote(quoted, member->name, member->name_size);
    context_fail(reader->ctx, IGNIS_E_INVALID, "unknown key '%s' of an include", quoted);
    context_hint(reader->ctx,
                 names_nearest(member->name, member->name_size, inclusion_key_at, NULL));
    return context_path(reader->ctx, "%s", quoted);
}

static ignis_code inclusion_read(filter_reader *reader, const json *value, inclusion *element)
{
    *element = (inclusion){0};
    element->relation = value->kind == JSON_OBJECT ? json_get(value, "relation") : value;
    const json *relation = element->relation;
    if (!relation || relation->kind != JSON_STRING || relation->count == 0) {
        return format_fail(reader, value);
    }
    for (size_t i = 0; value->kind == JSON_OBJECT && i < value->count; i++) {
        IGNIS_TRY(inclusion_member_read(reader, &value->as.members[i], element));
    }
    return IGNIS_OK;
}

static bool relation_is_allowed(const filter_reader *reader, const model_relation *relation)
{
    const ignis_model_policy *policy = filter_policy_of(reader->policy, relation->source);
    if (!policy || !policy->relations.items) return true;
    for (size_t i = 0; i < policy->relations.count; i++) {
        if (strcmp(policy->relations.items[i], relation->name) == 0) return true;
    }
    return false;
}

static ignis_code relation_find(filter_reader *reader, const model_entity *entity, const json *name,
                                const model_relation **relation)
{
    *relation = model_relation_get(entity, name->as.text, name->count);
    if (*relation && relation_is_allowed(reader, *relation)) return IGNIS_OK;
    char quoted[CONTEXT_QUOTE_SIZE];
    context_quote(quoted, name->as.text, name->count);
    if (*relation) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "the relation '%s' is not allowed on %s",
                            quoted, entity->name);
    }
    context_fail(reader->ctx, IGNIS_E_INVALID,
                 "[FilterBuilder][toInclude] Relation NOT FOUND | relation: '%s'", quoted);
    context_hint(reader->ctx, model_relation_nearest(entity, name->as.text, name->count));
    return IGNIS_E_INVALID;
}

static bool is_included(const filter_node *node, const model_relation *relation)
{
    for (const filter_node *at = node->includes; at; at = at->next) {
        if (at->relation == relation) return true;
    }
    return false;
}

/* The root is a node too, so that nodes are includes and one. */
static ignis_code bounds_check(filter_reader *reader, uint32_t depth)
{
    const ignis_policy *policy = reader->policy;
    if (policy->include_depth_max && depth > policy->include_depth_max) {
        return context_fail(reader->ctx, IGNIS_E_LIMIT, "includes nested more than %u deep",
                            (unsigned)policy->include_depth_max);
    }
    if (policy->includes_max && reader->tree->nodes_count > policy->includes_max) {
        return context_fail(reader->ctx, IGNIS_E_LIMIT, "more than %u includes",
                            (unsigned)policy->includes_max);
    }
    return IGNIS_OK;
}

static ignis_code element_read(filter_reader *reader, filter_node *node, const json *value,
                               uint32_t depth, filter_node **made)
{
    inclusion element;
    const model_relation *relation;
    IGNIS_TRY(inclusion_read(reader, value, &element));
    IGNIS_TRY(relation_find(reader, node->entity, element.relation, &relation));
    if (is_included(node, relation)) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "the relation '%s' is included twice",
                            relation->name);
    }
    IGNIS_TRY(bounds_check(reader, depth));
    filter_node *child = arena_array(reader->memory, 1, sizeof(*child));
    if (!child) return context_fail_memory(reader->ctx, reader->memory);
    child->entity = relation->target;
    child->relation = relation;
    *made = child;
    ignis_code code =
        filter_node_read(reader, child, element.scope, element.should_skip_default_filter, depth);
    if (code != IGNIS_OK && element.scope) return context_path(reader->ctx, "scope");
    return code;
}

ignis_code filter_include_read(filter_reader *reader, filter_node *node, const json *value,
                               uint32_t depth)
{
    if (value->kind != JSON_ARRAY) {
        context_fail(reader->ctx, IGNIS_E_INVALID, "include is a list, not %s",
                     json_kind_name(value));
        return context_path(reader->ctx, "include");
    }
    filter_node **tail = &node->includes;
    for (size_t i = 0; i < value->count; i++) {
        filter_node *child = NULL;
        if (element_read(reader, node, &value->as.items[i], depth, &child) != IGNIS_OK) {
            return context_path(reader->ctx, "include[%zu]", i);
        }
        *tail = child;
        tail = &child->next;
    }
    return IGNIS_OK;
}
