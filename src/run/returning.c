/* returning: the rows that writes give back. */
#include "run/run.h"

ignis_code run_entity_check(ignis_context *ctx, const model_entity *entity)
{
    if (entity->type != IGNIS_VIEW) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_UNSUPPORTED, "%s is a view and takes no rows", entity->name);
}

ignis_code run_returning_make(ignis_context *ctx, const model_entity *entity, bool is_returning,
                              run_plan *plan, const bool **returning)
{
    bool *visible = arena_array(plan->memory, entity->columns_count, sizeof(*visible));
    const model_column **columns =
        arena_array(plan->memory, entity->columns_count, sizeof(*columns));
    if (!visible || !columns) return context_fail_memory(ctx, plan->memory);
    for (size_t i = 0; is_returning && i < entity->columns_count; i++) {
        visible[i] = !entity->columns[i].hidden;
        if (visible[i]) columns[plan->columns_count++] = &entity->columns[i];
    }
    plan->columns = columns;
    *returning = is_returning ? visible : NULL;
    return IGNIS_OK;
}

ignis_code run_row_take(ignis_context *ctx, const model_entity *entity, const run_plan *plan,
                        const ignis_cell *cells, run_answer *answer)
{
    text *out = answer->out;
    if (!out) {
        answer->structs.entity = entity;
        return row_structs_add(ctx, &ctx->results, &answer->structs, plan->columns,
                               plan->columns_count, cells);
    }
    if (out->size > 0 && out->data[out->size - 1] == '}') text_char(out, ',');
    text_char(out, '{');
    row_cells_write(out, plan->columns, plan->columns_count, cells);
    text_char(out, '}');
    answer->rows_count++;
    return out->code == IGNIS_OK ? IGNIS_OK : context_fail_memory(ctx, out->memory);
}

ignis_code run_check_read(ignis_context *ctx, const model_entity *entity, const ignis_cell *answer)
{
    if (answer->kind == IGNIS_CELL_INTEGER && answer->as.integer) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_CHECK, "the row lies outside the default filter of %s",
                        entity->name);
}
