#include "property/naive.h"

#include <stdlib.h>
#include <string.h>

const naive_model *naive_model_find(const naive_world *world, const char *name)
{
    for (size_t i = 0; i < world->models_count; i++)
        if (strcmp(world->models[i].name, name) == 0) return &world->models[i];
    return NULL;
}

const naive_column *naive_column_find(const naive_model *model, const char *name, size_t size)
{
    for (size_t i = 0; i < model->columns_count; i++) {
        const char *column = model->columns[i].name;
        if (strlen(column) == size && memcmp(column, name, size) == 0) return &model->columns[i];
    }
    return NULL;
}

const naive_relation *naive_relation_find(const naive_model *model, const char *name)
{
    for (size_t i = 0; i < model->relations_count; i++)
        if (strcmp(model->relations[i].name, name) == 0) return &model->relations[i];
    return NULL;
}

static const char *text_of(const naive_json *object, const char *name)
{
    const naive_json *json = naive_given(object, name);
    return json && json->kind == NAIVE_TEXT ? json->text : "";
}

static bool truth_of(const naive_json *object, const char *name)
{
    const naive_json *json = naive_given(object, name);
    return json && json->kind == NAIVE_BOOLEAN && json->truth;
}

static bool column_read(const naive_json *json, naive_column *column)
{
    const naive_json *scale = naive_given(json, "scale");
    const char *type = text_of(json, "type");
    *column = (naive_column){.name = text_of(json, "name"),
                             .is_array = truth_of(json, "array"),
                             .is_key = truth_of(json, "primaryKey"),
                             .is_hidden = truth_of(json, "hidden"),
                             .not_null = truth_of(json, "notNull"),
                             .has_scale = naive_given(json, "precision") != NULL};
    if (scale) column->scale = strtoul(scale->text, NULL, 10);
    for (int i = 0; i < NAIVE_TYPES_COUNT; i++) {
        if (strcmp(naive_type_names[i], type) != 0) continue;
        column->type = (naive_type)i;
        return *column->name != 0;
    }
    return false;
}

static bool columns_read(const naive_json *json, naive_model *model)
{
    const naive_json *columns = naive_given(json, "columns");
    const naive_json *settings = naive_given(json, "settings");
    const naive_json *limit = naive_given(settings, "maxLimit");
    model->name = text_of(json, "name");
    model->default_filter = naive_given(settings, "defaultFilter");
    model->limit_max = limit ? strtoll(limit->text, NULL, 10) : -1;
    if (!columns || columns->kind != NAIVE_LIST || columns->count > NAIVE_COLUMNS_MAX) return false;
    for (size_t i = 0; i < columns->count; i++)
        if (!column_read(columns->items[i], &model->columns[model->columns_count++])) return false;
    return true;
}

static bool keys_read(const naive_model *model, const naive_json *names, size_t *keys,
                      size_t *count)
{
    if (!names || names->kind != NAIVE_LIST || names->count > NAIVE_KEY_MAX) return false;
    for (size_t i = 0; i < names->count; i++) {
        const naive_json *name = names->items[i];
        const naive_column *column = naive_column_find(model, name->text, name->size);
        if (!column) return false;
        keys[i] = (size_t)(column - model->columns);
    }
    *count = names->count;
    return true;
}

/* The one relation that a many without keys is the other side of. */
static const naive_json *inverse_find(const naive_json *target, const char *source,
                                      const char *relation)
{
    const naive_json *relations = naive_given(target, "relations");
    for (size_t i = 0; relations && i < relations->count; i++) {
        const naive_json *found = relations->items[i];
        if (strcmp(text_of(found, "type"), "one") != 0) continue;
        if (strcmp(text_of(found, "model"), source) != 0) continue;
        if (!*relation || strcmp(text_of(found, "name"), relation) == 0) return found;
    }
    return NULL;
}

static bool relation_read(const naive_json *models, naive_world *world, naive_model *model,
                          const naive_json *json)
{
    naive_relation *made = &model->relations[model->relations_count++];
    const naive_model *target = naive_model_find(world, text_of(json, "model"));
    if (!target) return false;
    *made = (naive_relation){.name = text_of(json, "name"),
                             .is_one = strcmp(text_of(json, "type"), "one") == 0,
                             .model = (size_t)(target - world->models)};
    const naive_json *ours = naive_given(json, "fields");
    const naive_json *theirs = naive_given(json, "references");
    if (!ours && !made->is_one) {
        const naive_json *inverse =
            inverse_find(models->items[made->model], model->name, text_of(json, "relationName"));
        ours = naive_given(inverse, "references");
        theirs = naive_given(inverse, "fields");
    }
    size_t count = 0;
    return keys_read(model, ours, made->ours, &made->keys_count) &&
           keys_read(target, theirs, made->theirs, &count) && count == made->keys_count;
}

bool naive_models_read(naive_memory *memory, const naive_json *models, naive_world *world)
{
    (void)memory;
    const naive_json *list = naive_given(models, "models");
    *world = (naive_world){0};
    if (!list || list->kind != NAIVE_LIST || list->count > NAIVE_MODELS_MAX) return false;
    for (size_t i = 0; i < list->count; i++)
        if (!columns_read(list->items[i], &world->models[world->models_count++])) return false;
    for (size_t i = 0; i < list->count; i++) {
        const naive_json *relations = naive_given(list->items[i], "relations");
        if (relations && relations->count > NAIVE_RELATIONS_MAX) return false;
        for (size_t k = 0; relations && k < relations->count; k++)
            if (!relation_read(list, world, &world->models[i], relations->items[k])) return false;
    }
    return true;
}

static bool row_read(naive_memory *memory, const naive_model *model, const naive_json *json,
                     naive_row *row)
{
    if (json->kind != NAIVE_OBJECT) return false;
    for (size_t i = 0; i < model->columns_count; i++) {
        const naive_json *value = naive_get(json, model->columns[i].name);
        if (!value) value = naive_make(memory, NAIVE_NULL);
        if (!naive_value_read(memory, &model->columns[i], value, true, &row->values[i]))
            return false;
    }
    return true;
}

bool naive_rows_read(naive_memory *memory, const naive_json *rows, naive_world *world)
{
    for (size_t i = 0; i < world->models_count; i++) {
        naive_model *model = &world->models[i];
        const naive_json *list = naive_given(rows, model->name);
        if (list && list->kind != NAIVE_LIST) return false;
        model->rows_count = list ? list->count : 0;
        model->rows = naive_alloc(memory, (model->rows_count + 1) * sizeof(*model->rows));
        for (size_t k = 0; k < model->rows_count; k++)
            if (!row_read(memory, model, list->items[k], &model->rows[k])) return false;
    }
    return true;
}
