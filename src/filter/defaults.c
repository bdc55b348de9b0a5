#include "filter/filter.h"

const filter_default *filter_default_of(const model_entity *entity)
{
    return entity->default_filter;
}

/* Where, order, fields and limits of one default filter; its include is read at each use. */
static ignis_code default_read(filter_reader *reader, const model_entity *entity,
                               filter_default *made)
{
    filter_parts parts = {0};
    IGNIS_TRY(filter_parts_read(reader, entity->default_filter_json, &parts));
    const json *skip = parts.skip ? parts.skip : parts.offset;
    if (parts.where) {
        filter_condition *where = NULL;
        IGNIS_TRY(filter_where_read(reader, entity, parts.where, &where));
        made->where = where;
    }
    if (parts.fields) {
        IGNIS_TRY(filter_fields_read(reader, entity, parts.fields, &made->selected));
    }
    if (parts.order) {
        IGNIS_TRY(filter_order_read(reader, entity, parts.order, &made->order, &made->order_count));
    }
    if (parts.limit) IGNIS_TRY(filter_count_read(reader, parts.limit, "limit", &made->limit));
    if (skip) IGNIS_TRY(filter_count_read(reader, skip, "skip", &made->skip));
    made->has_limit = parts.limit != NULL;
    made->has_skip = skip != NULL;
    bool includes = parts.include && parts.include->kind == JSON_ARRAY && parts.include->count > 0;
    if (includes) made->include = parts.include;
    return IGNIS_OK;
}

static ignis_code default_build(ignis_context *ctx, arena *memory, model_entity *entity)
{
    filter_tree unused = {0};
    filter_reader reader = {.ctx = ctx,
                            .memory = memory,
                            .policy = &ignis_policy_trusted,
                            .tree = &unused,
                            .is_default = true};
    filter_default *made = arena_array(memory, 1, sizeof(*made));
    if (!made) return context_fail_memory(ctx, memory);
    IGNIS_TRY(default_read(&reader, entity, made));
    entity->default_filter = made;
    return IGNIS_OK;
}

/* ---- cycles ------------------------------------------------------------------------------------ */

typedef struct cycle_search {
    ignis_context *ctx;
    const model_entity **path; /* entities whose default includes are being followed */
    size_t depth;
    bool *is_done; /* by entity index: known to be free of cycles */
} cycle_search;

static ignis_code entity_follow(cycle_search *search, const model_entity *entity);

static bool is_true(const json *value)
{
    return value && value->kind == JSON_BOOLEAN && value->boolean;
}

/* Follows one include list; malformed elements are left to the reader that reports them. */
static ignis_code include_follow(cycle_search *search, const model_entity *entity,
                                 const json *include)
{
    for (size_t i = 0; include && include->kind == JSON_ARRAY && i < include->count; i++) {
        const json *item = &include->as.items[i];
        bool is_object = item->kind == JSON_OBJECT;
        const json *name = is_object ? json_get(item, "relation") : item;
        if (!name || name->kind != JSON_STRING) continue;
        const model_relation *relation = model_relation_get(entity, name->as.text, name->count);
        if (!relation) continue;
        const json *scope = is_object ? json_get(item, "scope") : NULL;
        const json *inner = NULL;
        if (scope && scope->kind == JSON_OBJECT) inner = json_get(scope, "include");
        if (inner && inner->kind != JSON_NULL) {
            IGNIS_TRY(include_follow(search, relation->target, inner));
        } else if (!is_object || !is_true(json_get(item, "shouldSkipDefaultFilter"))) {
            IGNIS_TRY(entity_follow(search, relation->target));
        }
    }
    return IGNIS_OK;
}

static ignis_code cycle_fail(cycle_search *search, const model_entity *entity, size_t start)
{
    text names;
    text_init(&names, &search->ctx->scratch, CONTEXT_MESSAGE_MAX);
    for (size_t i = start; i < search->depth; i++) {
        text_string(&names, search->path[i]->name);
        text_string(&names, " -> ");
    }
    text_string(&names, entity->name);
    const char *shown = text_finish(&names);
    context_fail(search->ctx, IGNIS_E_INVALID, "%s: the default filters include each other: %s",
                 entity->name, shown ? shown : "");
    context_path(search->ctx, "settings.defaultFilter.include");
    return context_path(search->ctx, "%s", entity->name);
}

static ignis_code entity_follow(cycle_search *search, const model_entity *entity)
{
    if (!entity->default_filter_json || search->is_done[entity->index]) return IGNIS_OK;
    for (size_t i = 0; i < search->depth; i++) {
        if (search->path[i] == entity) return cycle_fail(search, entity, i);
    }
    search->path[search->depth++] = entity;
    IGNIS_TRY(include_follow(search, entity, json_get(entity->default_filter_json, "include")));
    search->depth--;
    search->is_done[entity->index] = true;
    return IGNIS_OK;
}

static ignis_code cycles_refuse(ignis_context *ctx, const model_registry *registry)
{
    cycle_search search = {.ctx = ctx};
    search.path = arena_array(&ctx->scratch, registry->entities_count, sizeof(*search.path));
    search.is_done = arena_array(&ctx->scratch, registry->entities_count, sizeof(bool));
    if (!search.path || !search.is_done) return context_fail_memory(ctx, &ctx->scratch);
    for (size_t i = 0; i < registry->entities_count; i++) {
        search.depth = 0;
        IGNIS_TRY(entity_follow(&search, &registry->entities[i]));
    }
    return IGNIS_OK;
}

/* Reads the whole filter as a call would, its include with it. */
static ignis_code default_check(ignis_context *ctx, const model_entity *entity)
{
    filter_tree unused;
    const filter_request request = {
        .method = FILTER_FIND, .entity = entity, .policy = &ignis_policy_trusted, .filter = NULL};
    filter_tree checked = {.method = FILTER_FIND};
    filter_reader reader = {.ctx = ctx,
                            .memory = &ctx->scratch,
                            .policy = &ignis_policy_trusted,
                            .tree = &checked,
                            .is_default = true};
    filter_node node = {.entity = entity};
    IGNIS_TRY(filter_node_read(&reader, &node, entity->default_filter_json, true, 0));
    return filter_read(ctx, &ctx->scratch, &request, &unused);
}

ignis_code filter_defaults_build(ignis_context *ctx, const model_registry *registry)
{
    IGNIS_TRY(cycles_refuse(ctx, registry));
    for (size_t i = 0; i < registry->entities_count; i++) {
        model_entity *entity = &registry->entities[i];
        if (!entity->default_filter_json) continue;
        if (default_build(ctx, registry->memory, entity) != IGNIS_OK) {
            context_path(ctx, "settings.defaultFilter");
            return context_path(ctx, "%s", entity->name);
        }
    }
    for (size_t i = 0; i < registry->entities_count; i++) {
        const model_entity *entity = &registry->entities[i];
        if (!entity->default_filter_json) continue;
        if (default_check(ctx, entity) != IGNIS_OK) {
            context_path(ctx, "settings.defaultFilter");
            return context_path(ctx, "%s", entity->name);
        }
    }
    return IGNIS_OK;
}

/* Nothing leads to a variant, so that its default filter can be in no cycle. */
ignis_code filter_default_build(ignis_context *ctx, arena *memory, model_entity *variant)
{
    if (!variant->default_filter_json) return IGNIS_OK;
    IGNIS_TRY(default_build(ctx, memory, variant));
    return default_check(ctx, variant);
}
