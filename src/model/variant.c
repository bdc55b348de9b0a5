/* Variants: a registered entity with other hidden properties or another default filter, for the rows
   that one repository is asked for. */
#include "model/model.h"

/* What is copied, and for which entity. */
typedef struct variant_copy {
    arena *memory;
    const model_entity *base;
    model_entity *made;
} variant_copy;

static void *array_copy(arena *memory, const void *items, size_t count, size_t size)
{
    void *copy = arena_array(memory, count, size);
    if (copy && count > 0) memcpy(copy, items, count * size);
    return copy;
}

/* The same columns of the variant. */
static bool keys_copy(const variant_copy *in, model_keys *keys)
{
    const model_column **items = arena_array(in->memory, keys->count, sizeof(*items));
    if (!items) return false;
    for (size_t i = 0; i < keys->count; i++)
        items[i] = &in->made->columns[keys->items[i]->index];
    keys->items = items;
    return true;
}

static bool column_enter(const variant_copy *in, model_column *column)
{
    model_entity *made = in->made;
    const char *member = column->member;
    return map_put(&made->columns_by_name, in->memory, column->name, column->name_size, column) &&
           map_put(&made->columns_by_sql, in->memory, column->column, strlen(column->column),
                   column) &&
           (!member ||
            map_put(&made->columns_by_member, in->memory, member, strlen(member), column));
}

static bool columns_copy(const variant_copy *in, const bool *hidden)
{
    model_entity *made = in->made;
    made->columns =
        array_copy(in->memory, in->base->columns, made->columns_count, sizeof(*made->columns));
    made->columns_by_name = made->columns_by_sql = made->columns_by_member = (map){0};
    if (!made->columns) return false;
    for (size_t i = 0; i < made->columns_count; i++) {
        if (hidden) made->columns[i].hidden = hidden[i];
        if (!column_enter(in, &made->columns[i])) return false;
    }
    return keys_copy(in, &made->primary_key);
}

static bool constraints_copy(const variant_copy *in)
{
    model_entity *made = in->made;
    made->constraints = array_copy(in->memory, in->base->constraints, made->constraints_count,
                                   sizeof(*made->constraints));
    if (!made->constraints) return false;
    for (size_t i = 0; i < made->constraints_count; i++) {
        if (!keys_copy(in, &made->constraints[i].columns)) return false;
    }
    return true;
}

static bool relations_copy(const variant_copy *in)
{
    model_entity *made = in->made;
    made->relations = array_copy(in->memory, in->base->relations, made->relations_count,
                                 sizeof(*made->relations));
    made->relations_by_name = made->relations_by_member = (map){0};
    if (!made->relations) return false;
    for (size_t i = 0; i < made->relations_count; i++) {
        model_relation *relation = &made->relations[i];
        const char *member = relation->member;
        relation->source = made;
        bool is_entered = keys_copy(in, &relation->fields) &&
                          map_put(&made->relations_by_name, in->memory, relation->name,
                                  relation->name_size, relation) &&
                          (!member || map_put(&made->relations_by_member, in->memory, member,
                                              strlen(member), relation));
        if (!is_entered) return false;
    }
    return true;
}

ignis_code model_variant_build(ignis_context *ctx, arena *memory, const model_entity *base,
                               const model_variant *wanted, model_entity **made)
{
    model_entity *copy = array_copy(memory, base, 1, sizeof(*copy));
    if (!copy) return context_fail_memory(ctx, memory);
    const variant_copy in = {.memory = memory, .base = base, .made = copy};
    copy->index = wanted->index;
    copy->default_filter = NULL;
    if (wanted->default_filter) copy->default_filter_json = wanted->default_filter;
    if (!columns_copy(&in, wanted->hidden) || !constraints_copy(&in) || !relations_copy(&in)) {
        return context_fail_memory(ctx, memory);
    }
    *made = copy;
    return IGNIS_OK;
}
