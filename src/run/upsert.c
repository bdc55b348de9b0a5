/* upsert: a row to insert, or to change where one with the same key is there. */
#include "run/run.h"

bool run_upsert_is_bound(const run_write_request *request)
{
    return filter_default_of(request->entity) && !request->should_skip_default_filter;
}

ignis_code run_upsert_outside(ignis_context *ctx, const run_write_request *request)
{
    const char *name = request->conflict->items[0]->name;
    context_fail(ctx, IGNIS_E_UNIQUE, "another %s has the same %s", request->entity->name, name);
    return context_path(ctx, "%s", name);
}

typedef struct upsert_shape {
    const run_write_request *request;
    const bool *given;
    const plan_upsert *upsert;
} upsert_shape;

static ignis_code upsert_plan_make(ignis_context *ctx, run_cache *cache, void *data, run_plan *plan)
{
    const upsert_shape *shape = data;
    const model_entity *entity = shape->request->entity;
    const filter_default *defaults = filter_default_of(entity);
    bool is_bound = run_upsert_is_bound(shape->request);
    sql_statement *statement = arena_array(plan->memory, 1, sizeof(*statement));
    const bool *visible;
    if (!statement) return context_fail_memory(ctx, plan->memory);
    IGNIS_TRY(run_returning_make(ctx, entity, shape->request->should_return, plan, &visible));
    const sql_insert_parts parts = {.entity = entity,
                                    .given = shape->given,
                                    .returning = visible,
                                    .check =
                                        is_bound && entity->check_writes ? defaults->where : NULL,
                                    .upsert = shape->upsert};
    IGNIS_TRY(sql_insert(ctx, plan->memory, run_cache_dialect(cache), &parts, statement));
    statement->statement.id = run_cache_id(cache);
    plan->statements = statement;
    plan->is_checked = parts.check != NULL;
    return IGNIS_OK;
}

/* A shape of its own kind: flags of inserts, which begin with 0 too, are below 16. */
static ignis_code upsert_plan_get(ignis_context *ctx, const run_source *source, upsert_shape *shape,
                                  run_plan **plan)
{
    const model_entity *entity = shape->request->entity;
    const plan_upsert *upsert = shape->upsert;
    text key;
    text_init(&key, &ctx->scratch, 0);
    text_char(&key, 0);
    text_char(&key, 'u');
    text_char(&key, (char)(shape->request->should_return |
                           shape->request->should_skip_default_filter << 1));
    text_append(&key, (const char *)&entity->index, sizeof(entity->index));
    text_append(&key, (const char *)&upsert->conflict->count, sizeof(size_t));
    for (size_t i = 0; i < upsert->conflict->count; i++)
        text_append(&key, (const char *)&upsert->conflict->items[i]->index, sizeof(uint32_t));
    for (size_t i = 0; i < entity->columns_count; i++)
        text_char(&key, (char)(shape->given[i] | upsert->updated[i] << 1));
    for (size_t i = 0; i < upsert->changes_count; i++)
        text_append(&key, (const char *)&upsert->changes[i].column->index, sizeof(uint32_t));
    if (key.code != IGNIS_OK) return context_fail_memory(ctx, &ctx->scratch);
    return run_cache_get(ctx, source->cache, key.data, key.size, upsert_plan_make, shape, plan);
}

static ignis_code conflict_check(ignis_context *ctx, const run_write_request *request,
                                 const bool *given)
{
    const model_keys *keys = request->conflict;
    if (keys->count == 0) {
        return context_fail(ctx, IGNIS_E_INVALID, "%s has no primary key", request->entity->name);
    }
    for (size_t i = 0; i < keys->count; i++) {
        if (given[keys->items[i]->index]) continue;
        context_fail(ctx, IGNIS_E_INVALID, "an upsert of %s needs '%s'", request->entity->name,
                     keys->items[i]->name);
        return context_path(ctx, "%s", keys->items[i]->name);
    }
    return IGNIS_OK;
}

/* What generators make where the row is there already; their slots begin behind the row's. */
static ignis_code changes_make(ignis_context *ctx, const model_entity *entity, bool *updated,
                               ignis_cell *values, plan_upsert *upsert)
{
    plan_change *changes = arena_array(&ctx->scratch, entity->columns_count, sizeof(*changes));
    size_t slot = upsert->slot_first;
    if (!changes) return context_fail_memory(ctx, &ctx->scratch);
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        bool is_version = column->on_update == IGNIS_GENERATE_VERSION;
        bool is_made;
        if (updated[i] && !is_version) continue;
        IGNIS_TRY(row_generate(ctx, &ctx->scratch, column, ROW_ON_UPDATE, &is_made, &values[slot]));
        if (!is_made || model_keys_contain(upsert->conflict, column)) continue;
        updated[i] = false;
        changes[upsert->changes_count++] = (plan_change){
            .kind = is_version ? PLAN_ADD : PLAN_SET, .column = column, .slot = slot++};
    }
    upsert->changes = changes;
    return IGNIS_OK;
}

ignis_code run_upsert_prepare(ignis_context *ctx, const run_source *source,
                              const run_write_request *request, run_upsert *prepared)
{
    const model_entity *entity = request->entity;
    const filter_default *defaults = filter_default_of(entity);
    bool *updated = arena_array(&ctx->scratch, entity->columns_count, sizeof(*updated));
    row_values row = {
        .given = arena_array(&ctx->scratch, entity->columns_count, sizeof(*row.given)),
        .cells = arena_array(&ctx->scratch, entity->columns_count, 2 * sizeof(*row.cells))};
    if (!updated || !row.given || !row.cells) return context_fail_memory(ctx, &ctx->scratch);
    row_purpose purpose = request->policy->trusted ? ROW_CREATE : ROW_CREATE_PUBLIC;
    IGNIS_TRY(row_bind(ctx, &ctx->scratch, entity, request->data, purpose, &row));
    IGNIS_TRY(conflict_check(ctx, request, row.given));
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        updated[i] = json_get(request->data, column->name) != NULL && !column->primary_key &&
                     !model_keys_contain(request->conflict, column);
    }
    plan_upsert upsert = {
        .conflict = request->conflict, .updated = updated, .slot_first = row.count};
    if (run_upsert_is_bound(request)) upsert.where = defaults->where;
    IGNIS_TRY(changes_make(ctx, entity, updated, row.cells, &upsert));
    upsert_shape shape = {.request = request, .given = row.given, .upsert = &upsert};
    *prepared = (run_upsert){.values = row.cells, .given = row.given};
    return upsert_plan_get(ctx, source, &shape, &prepared->plan);
}
