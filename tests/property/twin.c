#include "property/twin.h"

#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ALIGNMENT = 8, GAPS_COUNT = 3 };

typedef struct twin {
    arena *memory;
    const ignis_model *const *models;
    ignis_model *made;
    size_t count;
} twin;

static void *make(arena *memory, size_t count, size_t size)
{
    void *made = arena_array(memory, count, size);
    assert_non_null(made);
    return made;
}

/* The same number for the same names; what has none is refused when the models are registered. */
static uint32_t number_of(const char *model, const char *property)
{
    uint32_t number = 2166136261U;
    if (!model || !property) return 0;
    for (; *model; model++)
        number = (number ^ (unsigned char)*model) * 16777619U;
    for (; *property; property++)
        number = (number ^ (unsigned char)*property) * 16777619U;
    return number ^ number >> 15;
}

/* Room for a member behind the others, mostly with a gap before it. */
static size_t place(size_t *row_size, size_t size, uint32_t number)
{
    size_t at = *row_size + ALIGNMENT * (number % GAPS_COUNT);
    *row_size = at + (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return at;
}

/* One of the kinds that hold the values of a column, and NULL where it may be. */
static ignis_kind kind_choose(const ignis_column *column, uint32_t number)
{
    ignis_kind fits[IGNIS_KIND_UNSIGNED];
    size_t count = 0;
    bool can_be_null = column->array || !(column->not_null || column->primary_key);
    for (ignis_kind kind = IGNIS_KIND_BOOL; kind < IGNIS_KIND_UNSIGNED; kind++) {
        if (!model_kind_holds(kind, column->type)) continue;
        if (can_be_null && !model_kind_is_nullable(kind)) continue;
        fits[count++] = kind;
    }
    return count > 0 ? fits[number % count] : IGNIS_KIND_NONE;
}

static void columns_make(const twin *all, ignis_model *made)
{
    ignis_columns from = made->columns;
    ignis_column *items = make(all->memory, from.count + 1, sizeof(*items));
    for (size_t i = 0; i < from.count; i++) {
        ignis_column *to = &items[i];
        *to = from.items[i];
        uint32_t number = number_of(made->name, to->name);
        to->member = to->name;
        if (!to->column) to->column = to->name;
        to->not_null = to->not_null || to->primary_key;
        to->kind = kind_choose(to, number);
        size_t size = to->array ? sizeof(void *) : model_kind_size((ignis_kind)to->kind);
        to->offset = place(&made->row_size, size, number / 64);
        if (to->array) to->count_offset = place(&made->row_size, sizeof(size_t), number / 512);
    }
    made->columns.items = items;
}

static const ignis_model *target_of(const twin *all, const ignis_relation *relation)
{
    for (size_t i = 0; i < all->count; i++) {
        if (relation->target == all->models[i]) return &all->made[i];
        bool is_named = relation->target_name && all->made[i].name;
        if (is_named && strcmp(relation->target_name, all->made[i].name) == 0) return &all->made[i];
    }
    return NULL;
}

static void relations_make(const twin *all, ignis_model *made)
{
    ignis_relations from = made->relations;
    ignis_relation *items = make(all->memory, from.count + 1, sizeof(*items));
    for (size_t i = 0; i < from.count; i++) {
        ignis_relation *to = &items[i];
        *to = from.items[i];
        uint32_t number = number_of(made->name, to->name);
        to->member = to->name;
        to->target = target_of(all, to);
        if (to->target) to->target_name = NULL;
        to->offset = place(&made->row_size, sizeof(void *), number / 64);
        if (to->kind == IGNIS_RELATION_MANY)
            to->count_offset = place(&made->row_size, sizeof(size_t), number / 512);
    }
    made->relations.items = items;
}

const ignis_model *const *twin_models(arena *memory, const ignis_model *const *models,
                                      size_t models_count)
{
    const ignis_model **list = make(memory, models_count, sizeof(*list));
    twin all = {.memory = memory, .models = models, .count = models_count};
    all.made = make(memory, models_count, sizeof(*all.made));
    for (size_t i = 0; i < models_count; i++) {
        all.made[i] = *models[i];
        all.made[i].struct_name = all.made[i].name;
        list[i] = &all.made[i];
    }
    for (size_t i = 0; i < models_count; i++) {
        columns_make(&all, &all.made[i]);
        relations_make(&all, &all.made[i]);
    }
    return list;
}
