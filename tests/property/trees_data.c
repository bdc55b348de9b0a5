#include "property/trees.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const trees_model trees_models[TREES_MODELS_COUNT] = {
    {.name = "User",
     .rows_count = 300,
     .key_count = 1,
     .columns = {{"id", TREES_INTEGER, 1, 450, 0},
                 {"name", TREES_TEXT, 0, 16, 10},
                 {"rank", TREES_INTEGER, -2, 6, 20},
                 {"score", TREES_NUMERIC, -300, 1200, 15},
                 {"active", TREES_BOOLEAN, 0, 2, 20},
                 {"born", TREES_DATE, 0, 40, 20},
                 {"managerId", TREES_INTEGER, 1, 450, 30}},
     .relations = {{"posts", "Post", false, {"id"}, {"authorId"}},
                   {"comments", "Comment", false, {"id"}, {"userId"}},
                   {"profile", "Profile", true, {"id"}, {"userId"}},
                   {"manager", "User", true, {"managerId"}, {"id"}},
                   {"reports", "User", false, {"id"}, {"managerId"}},
                   {"logs", "Log", false, {"id"}, {"userId"}}},
     .indexes = {"managerId"}},
    {.name = "Post",
     .rows_count = 600,
     .key_count = 1,
     .columns = {{"id", TREES_INTEGER, 1, 900, 0},
                 {"authorId", TREES_INTEGER, 1, 460, 10},
                 {"title", TREES_TEXT, 0, 16, 10},
                 {"rank", TREES_INTEGER, -2, 5, 20},
                 {"region", TREES_TEXT, 0, 5, 10},
                 {"number", TREES_INTEGER, 1, 13, 10}},
     .relations = {{"author", "User", true, {"authorId"}, {"id"}},
                   {"comments", "Comment", false, {"id"}, {"postId"}},
                   {"taggings", "Tagging", false, {"id"}, {"postId"}},
                   {"place", "Place", true, {"region", "number"}, {"region", "number"}},
                   {"neighbours", "Post", false, {"region", "number"}, {"region", "number"}}},
     .indexes = {"authorId"}},
    {.name = "Comment",
     .rows_count = 1000,
     .key_count = 1,
     .columns = {{"id", TREES_INTEGER, 1, 1500, 0},
                 {"postId", TREES_INTEGER, 1, 900, 5},
                 {"userId", TREES_INTEGER, 1, 450, 10},
                 {"body", TREES_TEXT, 0, 16, 10},
                 {"rank", TREES_INTEGER, -2, 5, 20}},
     .relations = {{"post", "Post", true, {"postId"}, {"id"}},
                   {"user", "User", true, {"userId"}, {"id"}},
                   {"siblings", "Comment", false, {"postId"}, {"postId"}}},
     .indexes = {"userId"},
     .unlike = "rank",
     .unlike_value = 1},
    {.name = "Tag",
     .rows_count = 40,
     .key_count = 1,
     .columns = {{"id", TREES_INTEGER, 1, 60, 0},
                 {"label", TREES_TEXT, 0, 16, 10},
                 {"weight", TREES_NUMERIC, -200, 400, 10}},
     .relations = {{"taggings", "Tagging", false, {"id"}, {"tagId"}}}},
    {.name = "Tagging",
     .rows_count = 700,
     .key_count = 2,
     .columns = {{"postId", TREES_INTEGER, 1, 900, 0},
                 {"tagId", TREES_INTEGER, 1, 60, 0},
                 {"rank", TREES_INTEGER, 0, 4, 25}},
     .relations = {{"post", "Post", true, {"postId"}, {"id"}},
                   {"tag", "Tag", true, {"tagId"}, {"id"}}},
     .limit_max = 40},
    {.name = "Place",
     .rows_count = 50,
     .key_count = 2,
     .columns = {{"region", TREES_TEXT, 0, 5, 0},
                 {"number", TREES_INTEGER, 1, 12, 0},
                 {"title", TREES_TEXT, 0, 16, 20},
                 {"rank", TREES_INTEGER, 0, 3, 20}},
     .relations = {{"posts", "Post", false, {"region", "number"}, {"region", "number"}}}},
    {.name = "Profile",
     .rows_count = 300,
     .key_count = 1,
     .columns = {{"id", TREES_INTEGER, 1, 450, 0},
                 {"userId", TREES_INTEGER, 1, 200, 5},
                 {"bio", TREES_TEXT, 0, 16, 10},
                 {"rank", TREES_INTEGER, 0, 3, 20}},
     .relations = {{"user", "User", true, {"userId"}, {"id"}},
                   {"posts", "Post", false, {"userId"}, {"authorId"}}},
     .indexes = {"userId"}},
    {.name = "Log",
     .rows_count = 400,
     .columns = {{"userId", TREES_INTEGER, 1, 300, 10},
                 {"level", TREES_INTEGER, 0, 3, 20},
                 {"note", TREES_TEXT, 0, 3, 20}},
     .relations = {{"user", "User", true, {"userId"}, {"id"}}},
     .indexes = {"userId"}}};

static const char *const words[] = {"b",   "ab", "a%c", "",   "Ab",    "abc", "a_c",     "é",
                                    "éab", "zz", "ABC", "bc", "b c d", "ba",  "a\\b\"c", "Δ"};

/* ---- random numbers ---- */

/* splitmix64. */
static uint64_t number_draw(trees_random *random)
{
    uint64_t mixed = random->state += 0x9e3779b97f4a7c15U;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31);
}

size_t trees_below(trees_random *random, size_t count)
{
    return (size_t)(number_draw(random) % count);
}

bool trees_chance(trees_random *random, size_t percent)
{
    return trees_below(random, 100) < percent;
}

/* ---- names ---- */

const trees_model *trees_model_find(const char *name)
{
    for (size_t i = 0; i < TREES_MODELS_COUNT; i++) {
        if (strcmp(trees_models[i].name, name) == 0) return &trees_models[i];
    }
    abort();
}

size_t trees_columns_count(const trees_model *model)
{
    size_t count = 0;
    while (count < TREES_COLUMNS_MAX && model->columns[count].name)
        count++;
    return count;
}

size_t trees_relations_count(const trees_model *model)
{
    size_t count = 0;
    while (count < TREES_RELATIONS_MAX && model->relations[count].name)
        count++;
    return count;
}

size_t trees_column_index(const trees_model *model, const char *name)
{
    for (size_t i = 0; i < trees_columns_count(model); i++) {
        if (strcmp(model->columns[i].name, name) == 0) return i;
    }
    abort();
}

/* ---- values ---- */

trees_value trees_value_draw(trees_random *random, const trees_column *column)
{
    size_t drawn = trees_below(random, column->count);
    if (column->type == TREES_TEXT) return (trees_value){.text = words[drawn]};
    return (trees_value){.number = column->first + (int64_t)drawn};
}

json_t *trees_value_json(const trees_column *column, const trees_value *value)
{
    if (value->is_null) return json_null();
    long long number = (long long)value->number;
    switch (column->type) {
    case TREES_TEXT: return json_string(value->text);
    case TREES_BOOLEAN: return json_boolean(number != 0);
    case TREES_NUMERIC:
        return json_sprintf("%s%lld.%02lld", number < 0 ? "-" : "", llabs(number) / 100,
                            llabs(number) % 100);
    case TREES_DATE: return json_sprintf("2024-%02lld-%02lld", number / 28 + 1, number % 28 + 1);
    case TREES_INTEGER: break;
    }
    return json_integer(number);
}

/* ---- rows ---- */

static bool values_same(const trees_value *a, const trees_value *b)
{
    if (a->text && b->text) return strcmp(a->text, b->text) == 0;
    return a->number == b->number;
}

static bool key_is_taken(const trees_model *model, const trees_table *table, const trees_row *row)
{
    for (size_t i = 0; model->key_count > 0 && i < table->count; i++) {
        size_t same = 0;
        while (same < model->key_count &&
               values_same(&table->rows[i].values[same], &row->values[same]))
            same++;
        if (same == model->key_count) return true;
    }
    return false;
}

static void table_draw(trees_table *table, const trees_model *model, trees_random *random)
{
    while (table->count < model->rows_count) {
        trees_row row = {0};
        for (size_t i = 0; i < trees_columns_count(model); i++) {
            const trees_column *column = &model->columns[i];
            row.values[i] = trees_value_draw(random, column);
            if (trees_chance(random, column->null_percent))
                row.values[i] = (trees_value){.is_null = true};
        }
        if (!key_is_taken(model, table, &row)) table->rows[table->count++] = row;
    }
}

void trees_data_draw(trees_data *data, uint64_t seed)
{
    trees_random random = {.state = seed};
    for (size_t i = 0; i < TREES_MODELS_COUNT; i++) {
        data->tables[i].count = 0;
        table_draw(&data->tables[i], &trees_models[i], &random);
    }
}

static json_t *table_json(const trees_table *table, const trees_model *model)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < table->count; i++) {
        json_t *row = json_object();
        for (size_t k = 0; k < trees_columns_count(model); k++)
            json_object_set_new(row, model->columns[k].name,
                                trees_value_json(&model->columns[k], &table->rows[i].values[k]));
        json_array_append_new(rows, row);
    }
    return rows;
}

char *trees_data_text(const trees_data *data)
{
    json_t *all = json_object();
    for (size_t i = 0; i < TREES_MODELS_COUNT; i++)
        json_object_set_new(all, trees_models[i].name,
                            table_json(&data->tables[i], &trees_models[i]));
    char *text = json_dumps(all, JSON_COMPACT);
    json_decref(all);
    return text;
}

/* ---- models ---- */

static json_t *column_json(const trees_model *model, size_t index)
{
    static const char *const types[] = {[TREES_INTEGER] = "integer",
                                        [TREES_TEXT] = "text",
                                        [TREES_BOOLEAN] = "boolean",
                                        [TREES_NUMERIC] = "numeric",
                                        [TREES_DATE] = "date"};
    const trees_column *column = &model->columns[index];
    json_t *made = json_pack("{ss ss}", "name", column->name, "type", types[column->type]);
    if (index < model->key_count) json_object_set_new(made, "primaryKey", json_true());
    if (column->type == TREES_NUMERIC) {
        json_object_set_new(made, "precision", json_integer(8));
        json_object_set_new(made, "scale", json_integer(2));
    }
    return made;
}

static json_t *names_json(const char *const names[TREES_KEY_MAX])
{
    json_t *list = json_array();
    for (size_t i = 0; i < TREES_KEY_MAX && names[i]; i++)
        json_array_append_new(list, json_string(names[i]));
    return list;
}

static json_t *relations_json(const trees_model *model)
{
    json_t *list = json_array();
    for (size_t i = 0; i < trees_relations_count(model); i++) {
        const trees_relation *relation = &model->relations[i];
        json_array_append_new(list, json_pack("{ss ss ss so so}", "name", relation->name, "type",
                                              relation->is_one ? "one" : "many", "model",
                                              relation->model, "fields", names_json(relation->ours),
                                              "references", names_json(relation->theirs)));
    }
    return list;
}

static json_t *settings_json(const trees_model *model)
{
    json_t *settings = json_object();
    if (model->limit_max > 0)
        json_object_set_new(settings, "maxLimit", json_integer(model->limit_max));
    if (model->unlike) {
        json_object_set_new(
            settings, "defaultFilter",
            json_pack("{s{s{sI}}}", "where", model->unlike, "ne", (json_int_t)model->unlike_value));
    }
    return settings;
}

static json_t *model_json(const trees_model *model)
{
    json_t *columns = json_array();
    json_t *indexes = json_array();
    for (size_t i = 0; i < trees_columns_count(model); i++)
        json_array_append_new(columns, column_json(model, i));
    for (size_t i = 0; i < TREES_KEY_MAX && model->indexes[i]; i++)
        json_array_append_new(indexes, json_pack("{s[s]}", "columns", model->indexes[i]));
    return json_pack("{ss so so so so}", "name", model->name, "settings", settings_json(model),
                     "columns", columns, "indexes", indexes, "relations", relations_json(model));
}

char *trees_models_text(void)
{
    json_t *models = json_array();
    for (size_t i = 0; i < TREES_MODELS_COUNT; i++)
        json_array_append_new(models, model_json(&trees_models[i]));
    json_t *all = json_pack("{so}", "models", models);
    char *text = json_dumps(all, JSON_COMPACT);
    json_decref(all);
    return text;
}
