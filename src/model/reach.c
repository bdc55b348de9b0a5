/* reach: the models that models lead to. */
#include "model/model.h"

static ignis_code list_add(ignis_context *ctx, arena *memory, model_list *list,
                           const ignis_model *model)
{
    if (!model) return IGNIS_OK;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i] == model) return IGNIS_OK;
    }
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 16;
        const ignis_model **items = arena_array(memory, room, sizeof(*items));
        if (!items) return context_fail_memory(ctx, memory);
        if (list->count > 0) memcpy(items, list->items, list->count * sizeof(*items));
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = model;
    return IGNIS_OK;
}

static ignis_code targets_add(ignis_context *ctx, arena *memory, model_list *list,
                              const ignis_model *model)
{
    ignis_model plain;
    ignis_code code = model_plain(ctx, &ctx->scratch, model, &plain);
    if (code == IGNIS_E_MEMORY) return code;
    if (code != IGNIS_OK) { /* registration tells of it */
        context_error_clear(ctx);
        return IGNIS_OK;
    }
    for (size_t i = 0; i < plain.relations.count; i++)
        IGNIS_TRY(list_add(ctx, memory, list, plain.relations.items[i].target));
    for (size_t i = 0; i < plain.foreign_keys.count; i++)
        IGNIS_TRY(list_add(ctx, memory, list, plain.foreign_keys.items[i].target));
    return IGNIS_OK;
}

ignis_code model_reach(ignis_context *ctx, arena *memory, const ignis_model *model,
                       model_list *list)
{
    size_t next = list->count;
    IGNIS_TRY(list_add(ctx, memory, list, model));
    for (; next < list->count; next++)
        IGNIS_TRY(targets_add(ctx, memory, list, list->items[next]));
    return IGNIS_OK;
}
