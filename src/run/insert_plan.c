/* The plans of inserts, by what their rows give and what comes back. */
#include "run/run.h"

static ignis_code insert_plan_make(ignis_context *ctx, run_cache *cache, void *data, run_plan *plan)
{
    const run_insert_shape *shape = data;
    sql_statement *statement = arena_array(plan->memory, 1, sizeof(*statement));
    const bool *visible;
    if (!statement) return context_fail_memory(ctx, plan->memory);
    plan->statements = statement;
    if (shape->is_copy) {
        IGNIS_TRY(sql_copy(ctx, plan->memory, shape->entity, shape->given, statement));
        statement->statement.id = run_cache_id(cache);
        return IGNIS_OK;
    }
    IGNIS_TRY(run_returning_make(ctx, shape->entity, shape->is_returning, plan, &visible));
    const sql_insert_parts parts = {.entity = shape->entity,
                                    .given = shape->given,
                                    .returning = visible,
                                    .check = shape->check,
                                    .is_load = shape->is_load,
                                    .is_bulk = shape->is_bulk};
    IGNIS_TRY(sql_insert(ctx, plan->memory, run_cache_dialect(cache), &parts, statement));
    statement->statement.id = run_cache_id(cache);
    plan->is_checked = shape->check != NULL;
    return IGNIS_OK;
}

/* A shape of its own kind: 0 begins no filter's. */
ignis_code run_insert_plan_get(ignis_context *ctx, run_cache *cache, const run_insert_shape *shape,
                               run_plan **plan)
{
    text key;
    text_init(&key, &ctx->scratch, 0);
    text_char(&key, 0);
    text_char(&key, (char)(shape->is_returning | shape->is_load << 1 | shape->is_bulk << 2 |
                           shape->is_copy << 3));
    text_append(&key, (const char *)&shape->entity->index, sizeof(shape->entity->index));
    for (size_t i = 0; i < shape->entity->columns_count; i++)
        text_char(&key, shape->given[i]);
    if (key.code != IGNIS_OK) return context_fail_memory(ctx, &ctx->scratch);
    run_insert_shape own = *shape;
    return run_cache_get(ctx, cache, key.data, key.size, insert_plan_make, &own, plan);
}
