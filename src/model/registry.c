/* The registry: models copied, checked and resolved once, then shared and never changed. */
#include "model/model.h"

static ignis_code default_filter_read(model_build *in, model_entity *entity, const char *from)
{
    const json *filter;
    json_fault fault = {0};

    if (!from) return IGNIS_OK;
    ignis_code code = json_read(in->memory, from, strlen(from), NULL, &filter, &fault);
    if (code == IGNIS_E_MEMORY) return context_fail_memory(in->ctx, in->memory);
    if (code != IGNIS_OK) {
        return model_refuse(in->ctx, entity->name, "defaultFilter", "%s at byte %zu",
                            fault.message ? fault.message : "not JSON", fault.position);
    }
    if (filter->kind != JSON_OBJECT) {
        return model_refuse(in->ctx, entity->name, "defaultFilter", "a filter is an object, not %s",
                            json_kind_name(filter));
    }
    entity->default_filter_json = filter;
    return IGNIS_OK;
}

static ignis_code entity_copy(model_build *in, model_entity *entity, const ignis_model *plain)
{
    if ((unsigned)plain->type > (unsigned)IGNIS_VIEW) {
        return model_refuse(in->ctx, plain->name, NULL, "a model is an entity or a view");
    }
    if (plain->limit_max < 0) {
        return model_refuse(in->ctx, plain->name, NULL, "maxLimit is negative");
    }
    entity->type = plain->type;
    entity->row_size = plain->row_size;
    entity->limit_max = plain->limit_max;
    entity->skip_migrate = plain->skip_migrate;
    entity->check_writes = plain->check_writes;
    entity->name_size = strlen(plain->name);
    entity->name = arena_copy(in->memory, plain->name, entity->name_size);
    entity->table = arena_copy(in->memory, plain->table, strlen(plain->table));
    if (!entity->name || !entity->table) return context_fail_memory(in->ctx, in->memory);
    if (plain->schema) {
        entity->schema = arena_copy(in->memory, plain->schema, strlen(plain->schema));
        if (!entity->schema) return context_fail_memory(in->ctx, in->memory);
    }
    return default_filter_read(in, entity, plain->default_filter);
}

static bool schemas_equal(const model_entity *a, const model_entity *b)
{
    if (!a->schema || !b->schema) return a->schema == b->schema;
    return strcmp(a->schema, b->schema) == 0;
}

static ignis_code entity_enter(model_build *in, model_entity *entity)
{
    model_registry *registry = in->registry;

    if (map_get(&registry->by_name, entity->name, entity->name_size)) {
        return model_refuse(in->ctx, entity->name, NULL, "two models have this name");
    }
    for (size_t i = 0; i < entity->index; i++) {
        const model_entity *other = &registry->entities[i];
        if (strcmp(other->table, entity->table) != 0 || !schemas_equal(other, entity)) continue;
        return model_refuse(in->ctx, entity->name, NULL, "its table \"%s\" is that of the model %s",
                            entity->table, other->name);
    }
    if (map_put(&registry->by_name, in->memory, entity->name, entity->name_size, entity)) {
        return IGNIS_OK;
    }
    return context_fail_memory(in->ctx, in->memory);
}

/* What needs no other model. */
static ignis_code entity_build(model_build *in, model_entity *entity)
{
    IGNIS_TRY(entity_copy(in, entity, &in->plains[entity->index]));
    IGNIS_TRY(entity_enter(in, entity));
    IGNIS_TRY(model_columns_build(in, entity));
    return model_constraints_build(in, entity);
}

typedef ignis_code (*entity_step)(model_build *in, model_entity *entity);

/* Each step needs the one before done for all entities. */
static const entity_step ENTITY_STEPS[] = {
    entity_build,
    model_foreign_keys_build,
    model_relations_begin,
    model_relations_resolve_one,
    model_relations_resolve_many,
    model_relations_pair,
};

static ignis_code registry_fill(model_build *in, const ignis_model *const *models, size_t count)
{
    ignis_model *plains = arena_array(in->scratch, count, sizeof *plains);
    in->keys = arena_array(in->scratch, count, sizeof *in->keys);
    if (!plains || !in->keys) return context_fail_memory(in->ctx, in->scratch);
    in->plains = plains;
    in->registry->entities = arena_array(in->memory, count, sizeof *in->registry->entities);
    if (!in->registry->entities) return context_fail_memory(in->ctx, in->memory);
    in->registry->entities_count = count;
    for (size_t i = 0; i < count; i++) {
        in->registry->entities[i].index = (uint32_t)i;
        in->registry->entities[i].base = &in->registry->entities[i];
        ignis_code code = model_plain(in->ctx, in->scratch, models[i], &plains[i]);
        if (code != IGNIS_OK) return context_path(in->ctx, "models[%zu]", i);
        in->registry->entities[i].origin = models[i];
    }
    for (size_t step = 0; step < ARRAY_COUNT(ENTITY_STEPS); step++) {
        for (size_t i = 0; i < count; i++) {
            ignis_code code = ENTITY_STEPS[step](in, &in->registry->entities[i]);
            if (code != IGNIS_OK) return context_path(in->ctx, "models[%zu]", i);
        }
    }
    return IGNIS_OK;
}

ignis_code model_registry_build(ignis_context *ctx, arena *memory, const ignis_model *const *models,
                                size_t models_count, model_registry **registry)
{
    if (models_count > 0 && !models) {
        return context_fail(ctx, IGNIS_E_INVALID, "the list of models is NULL");
    }
    model_build in = {.ctx = ctx, .memory = memory, .scratch = &ctx->scratch};
    in.registry = arena_array(memory, 1, sizeof *in.registry);
    if (!in.registry) return context_fail_memory(ctx, memory);
    in.registry->memory = memory;
    ignis_mark mark = arena_mark(in.scratch);
    ignis_code code = registry_fill(&in, models, models_count);
    arena_release(in.scratch, mark);
    if (code == IGNIS_OK) *registry = in.registry;
    return code;
}

/* ---- names ----------------------------------------------------------------------------------- */

const model_entity *model_entity_get(const model_registry *registry, const char *name, size_t size)
{
    return map_get(&registry->by_name, name, size);
}

static const char *entity_at(const void *list, size_t i)
{
    const model_registry *registry = list;
    return i < registry->entities_count ? registry->entities[i].name : NULL;
}

ignis_code model_entity_find(ignis_context *ctx, const model_registry *registry, const char *name,
                             size_t size, const model_entity **entity)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    *entity = model_entity_get(registry, name, size);
    if (*entity) return IGNIS_OK;
    context_fail(ctx, IGNIS_E_INVALID, "unknown model '%s'", context_quote(quoted, name, size));
    context_hint(ctx, names_nearest(name, size, entity_at, registry));
    return IGNIS_E_INVALID;
}

const model_column *model_column_get(const model_entity *entity, const char *name, size_t size)
{
    return map_get(&entity->columns_by_name, name, size);
}

const model_relation *model_relation_get(const model_entity *entity, const char *name, size_t size)
{
    return map_get(&entity->relations_by_name, name, size);
}

static const char *column_next(const void *list, size_t i)
{
    const model_entity *entity = list;
    return i < entity->columns_count ? entity->columns[i].name : NULL;
}

static const char *visible_next(const void *list, size_t i)
{
    const model_entity *entity = list;
    for (size_t j = 0; j < entity->columns_count; j++) {
        if (entity->columns[j].hidden) continue;
        if (i == 0) return entity->columns[j].name;
        i--;
    }
    return NULL;
}

static const char *relation_next(const void *list, size_t i)
{
    const model_entity *entity = list;
    return i < entity->relations_count ? entity->relations[i].name : NULL;
}

const char *model_column_nearest(const model_entity *entity, const char *name, size_t size,
                                 bool is_public)
{
    return names_nearest(name, size, is_public ? visible_next : column_next, entity);
}

const char *model_relation_nearest(const model_entity *entity, const char *name, size_t size)
{
    return names_nearest(name, size, relation_next, entity);
}
