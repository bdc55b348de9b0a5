#include "run/run.h"

/* Rows of a statement that answers for all levels. A server that works on its branches in parallel
   may mix them, yet a level can be stitched only when the one above is complete: rows wait here. */

struct run_tagged_row {
    run_tagged_row *next;
    ignis_cell cells[];
};

static bool cell_copy(arena *memory, const ignis_cell *from, ignis_cell *to)
{
    *to = *from;
    if (from->kind == IGNIS_CELL_TEXT || from->kind == IGNIS_CELL_BYTES) {
        to->as.text = arena_copy(memory, from->as.text, from->size);
        return to->as.text != NULL;
    }
    if (from->kind != IGNIS_CELL_LIST) return true;
    ignis_cell *items = arena_array(memory, from->size, sizeof(*items));
    if (!items) return false;
    to->as.items = items;
    for (size_t i = 0; i < from->size; i++) {
        if (!cell_copy(memory, &from->as.items[i], &items[i])) return false;
    }
    return true;
}

ignis_code run_tagged_start(ignis_context *ctx, arena *memory, const plan_read *plan,
                            run_tagged *tagged)
{
    *tagged = (run_tagged){.memory = memory, .plan = plan};
    tagged->levels = arena_array(memory, plan->nodes_count, sizeof(*tagged->levels));
    return tagged->levels ? IGNIS_OK : context_fail_memory(ctx, memory);
}

ignis_code run_tagged_take(ignis_context *ctx, run_tagged *tagged, const ignis_cell *cells)
{
    size_t level = (size_t)cells[0].as.integer;
    size_t offset = 1;
    for (size_t i = 0; i < level && i < tagged->plan->nodes_count; i++)
        offset += tagged->plan->nodes[i]->columns_count;
    if (level >= tagged->plan->nodes_count) {
        tagged->total = cells[offset].as.integer;
        return IGNIS_OK;
    }
    size_t count = tagged->plan->nodes[level]->columns_count;
    run_tagged_row *row = arena_alloc(tagged->memory, sizeof(*row) + count * sizeof(ignis_cell));
    if (!row) return context_fail_memory(ctx, tagged->memory);
    row->next = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!cell_copy(tagged->memory, &cells[offset + i], &row->cells[i])) {
            return context_fail_memory(ctx, tagged->memory);
        }
    }
    run_tagged_level *rows = &tagged->levels[level];
    if (rows->last) {
        rows->last->next = row;
    } else {
        rows->first = row;
    }
    rows->last = row;
    return IGNIS_OK;
}

ignis_code run_tagged_stitch(const run_tagged *tagged, row_result *result)
{
    for (size_t i = 0; i < tagged->plan->nodes_count; i++) {
        for (const run_tagged_row *row = tagged->levels[i].first; row; row = row->next)
            IGNIS_TRY(row_level_add(result, i, row->cells));
    }
    return IGNIS_OK;
}
