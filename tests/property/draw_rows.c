#include "property/draw.h"

#include <string.h>

enum { ROWS_MAX = 25, TRIES_MAX = 40 };

static bool keys_equal(const naive_model *model, const naive_row *a, const naive_row *b)
{
    naive_memory scratch = {0};
    bool has_key = false;
    bool differs = false;
    for (size_t i = 0; i < model->columns_count; i++) {
        const naive_column *column = &model->columns[i];
        if (!column->is_key) continue;
        has_key = true;
        if (naive_value_compare(&scratch, column, &a->values[i], &b->values[i]) != 0)
            differs = true;
    }
    naive_free(&scratch);
    return has_key && !differs;
}

/* Rows of keys alone, each another one. */
static naive_json *keys_draw(draw *d, const naive_model *model)
{
    static const size_t counts[] = {0, 1, 2, 5, 8, 8, 12, 12, ROWS_MAX};
    size_t wanted = counts[draw_below(&d->random, 9)];
    naive_json *rows = naive_make(d->memory, NAIVE_LIST);
    naive_row *taken = naive_alloc(d->memory, (wanted + 1) * sizeof(*taken));
    for (size_t tries = wanted + TRIES_MAX; tries > 0 && rows->count < wanted; tries--) {
        naive_json *row = naive_make(d->memory, NAIVE_OBJECT);
        naive_row *key = &taken[rows->count];
        for (size_t i = 0; i < model->columns_count; i++) {
            const naive_column *column = &model->columns[i];
            if (!column->is_key) continue;
            naive_json *value = draw_value(d, column);
            if (!naive_value_read(d->memory, column, value, true, &key->values[i])) return rows;
            naive_set(d->memory, row, column->name, value);
        }
        bool is_new = true;
        for (size_t i = 0; i < rows->count; i++)
            is_new = is_new && !keys_equal(model, &taken[i], key);
        if (is_new) naive_add(d->memory, rows, row);
    }
    return rows;
}

/* Which relation a column is a key of; its index in theirs. */
static const naive_relation *relation_of(const naive_model *model, size_t column, size_t *index)
{
    for (size_t i = 0; i < model->relations_count; i++) {
        const naive_relation *relation = &model->relations[i];
        for (size_t k = 0; relation->is_one && k < relation->keys_count; k++) {
            if (relation->ours[k] != column || model->columns[column].is_key) continue;
            *index = relation->theirs[k];
            return relation;
        }
    }
    return NULL;
}

static naive_json *reference_draw(draw *d, const naive_world *world, const naive_json *all,
                                  const naive_relation *relation, size_t theirs, size_t chosen)
{
    const naive_model *target = &world->models[relation->model];
    const naive_json *rows = naive_get(all, target->name);
    if (rows->count == 0) return naive_make(d->memory, NAIVE_NULL);
    const naive_json *value =
        naive_get(rows->items[chosen % rows->count], target->columns[theirs].name);
    return value ? naive_copy(d->memory, value) : naive_make(d->memory, NAIVE_NULL);
}

static void row_fill(draw *d, const naive_world *world, const naive_model *model,
                     const naive_json *all, naive_json *row)
{
    size_t chosen = draw_below(&d->random, ROWS_MAX);
    for (size_t i = 0; i < model->columns_count; i++) {
        const naive_column *column = &model->columns[i];
        size_t theirs = 0;
        if (column->is_key) continue;
        if (draw_chance(&d->random, 15) && !column->not_null) continue;
        const naive_relation *relation = relation_of(model, i, &theirs);
        bool is_key = relation && draw_chance(&d->random, 90);
        naive_set(d->memory, row, column->name,
                  is_key ? reference_draw(d, world, all, relation, theirs, chosen)
                         : draw_value(d, column));
    }
}

naive_json *draw_rows(draw *d, const naive_world *world)
{
    naive_json *all = naive_make(d->memory, NAIVE_OBJECT);
    for (size_t i = 0; i < world->models_count; i++)
        naive_set(d->memory, all, world->models[i].name, keys_draw(d, &world->models[i]));
    for (size_t i = 0; i < world->models_count; i++) {
        const naive_model *model = &world->models[i];
        naive_json *rows = naive_get(all, model->name);
        for (size_t k = 0; k < rows->count; k++)
            row_fill(d, world, model, all, rows->items[k]);
    }
    return all;
}
