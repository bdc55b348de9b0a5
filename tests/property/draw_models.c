#include "property/draw.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS_MAX = 9, ONES_MAX = 3, KEY_TYPES_COUNT = 8, VARCHAR_LENGTH = 40 };

static const char *const model_names[] = {"Author", "Post", "Order", "Tag", "place_2"};

static naive_json *member(draw *d, naive_json *object, const char *name)
{
    naive_json *found = naive_get(object, name);
    if (found) return found;
    found = naive_make(d->memory, NAIVE_LIST);
    naive_set(d->memory, object, name, found);
    return found;
}

static void text_set(draw *d, naive_json *object, const char *name, const char *text)
{
    naive_set(d->memory, object, name, naive_text(d->memory, text));
}

static naive_json *column_add(draw *d, naive_json *model, const char *name, naive_type type)
{
    naive_json *column = naive_make(d->memory, NAIVE_OBJECT);
    text_set(d, column, "name", name);
    text_set(d, column, "type", naive_type_names[type]);
    if (type == NAIVE_TYPE_VARCHAR)
        naive_set(d->memory, column, "length", naive_integer(d->memory, VARCHAR_LENGTH));
    if (type == NAIVE_TYPE_OTHER) text_set(d, column, "cast", "macaddr");
    naive_add(d->memory, member(d, model, "columns"), column);
    return column;
}

/* Some models have no key. */
static void key_draw(draw *d, naive_json *model)
{
    static const naive_type types[KEY_TYPES_COUNT] = {
        NAIVE_TYPE_INTEGER, NAIVE_TYPE_TEXT,    NAIVE_TYPE_UUID, NAIVE_TYPE_BIGINT,
        NAIVE_TYPE_VARCHAR, NAIVE_TYPE_NUMERIC, NAIVE_TYPE_DATE, NAIVE_TYPE_TIMESTAMPTZ};
    size_t count = draw_chance(&d->random, 70) ? 1 : 2 + draw_below(&d->random, 2);
    if (draw_chance(&d->random, 8)) return;
    for (size_t i = 0; i < count; i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), count == 1 ? "id" : "id%d", (int)i);
        size_t kinds = draw_chance(&d->random, 70) ? 3 : KEY_TYPES_COUNT;
        naive_json *column = column_add(d, model, name, types[draw_below(&d->random, kinds)]);
        naive_set(d->memory, column, "primaryKey", naive_boolean(d->memory, true));
    }
}

static void column_draw(draw *d, naive_json *model, size_t index)
{
    static const char *const odd[] = {"group", "with-dash", "na\xC3\xAFve", "SELECT"};
    char name[48];
    naive_type type = (naive_type)draw_below(&d->random, NAIVE_TYPES_COUNT);
    if (draw_chance(&d->random, 20)) type = NAIVE_TYPE_JSONB;
    if (draw_chance(&d->random, 15)) type = NAIVE_TYPE_TEXT;
    bool is_array = draw_chance(&d->random, type < NAIVE_TYPE_JSON ? 20 : 8);
    int size = snprintf(name, sizeof(name), "%.6s%s%d", naive_type_names[type],
                        is_array ? "List" : "", (int)index);
    if (size < 0) return;
    if (draw_chance(&d->random, 5))
        (void)snprintf(name, sizeof(name), "%s%d", odd[draw_below(&d->random, 4)], (int)index);
    naive_json *column = column_add(d, model, name, type);
    if (is_array) naive_set(d->memory, column, "array", naive_boolean(d->memory, true));
    if (type == NAIVE_TYPE_NUMERIC && draw_chance(&d->random, 50)) {
        naive_set(d->memory, column, "precision", naive_integer(d->memory, 12));
        naive_set(d->memory, column, "scale", naive_integer(d->memory, 2));
    }
    if (draw_chance(&d->random, 10)) {
        char sql[64];
        (void)snprintf(sql, sizeof(sql), "of \"%d\"", (int)index);
        text_set(d, column, "column", sql);
    }
    bool is_first = naive_get(model, "columns")->count == 1; /* one is always seen */
    if (!is_first && draw_chance(&d->random, 10))
        naive_set(d->memory, column, "hidden", naive_boolean(d->memory, true));
    if (draw_chance(&d->random, 15))
        naive_set(d->memory, column, "notNull", naive_boolean(d->memory, true));
}

/* ---- relations ---- */

static naive_json *relation_add(draw *d, naive_json *model, const char *name, bool is_one,
                                const naive_json *target)
{
    naive_json *relation = naive_make(d->memory, NAIVE_OBJECT);
    text_set(d, relation, "name", name);
    text_set(d, relation, "type", is_one ? "one" : "many");
    text_set(d, relation, "model", naive_get(target, "name")->text);
    naive_add(d->memory, member(d, model, "relations"), relation);
    return relation;
}

static naive_type family_draw(draw *d, const char *type)
{
    for (int i = 0; i < NAIVE_TYPES_COUNT; i++) {
        if (strcmp(naive_type_names[i], type) != 0) continue;
        if (i == NAIVE_TYPE_INTEGER && draw_chance(&d->random, 25)) return NAIVE_TYPE_BIGINT;
        if (i == NAIVE_TYPE_TEXT && draw_chance(&d->random, 25)) return NAIVE_TYPE_VARCHAR;
        return (naive_type)i;
    }
    return NAIVE_TYPE_TEXT;
}

/* Columns for the key of target; gives both sides of the relation. */
static void foreign_draw(draw *d, naive_json *model, const naive_json *target, size_t index,
                         naive_json *ours, naive_json *theirs)
{
    const naive_json *columns = naive_get(target, "columns");
    size_t count = columns->count;
    for (size_t i = 0; i < count; i++) {
        char name[32];
        if (!naive_get(columns->items[i], "primaryKey")) continue;
        (void)snprintf(name, sizeof(name), "ref%d_%d", (int)index, (int)i);
        (void)column_add(d, model, name,
                         family_draw(d, naive_get(columns->items[i], "type")->text));
        naive_add(d->memory, ours, naive_text(d->memory, name));
        naive_add(d->memory, theirs, naive_copy(d->memory, naive_get(columns->items[i], "name")));
    }
}

static void other_side_draw(draw *d, naive_json *model, naive_json *target, const char *one,
                            size_t index, naive_json *ours, naive_json *theirs)
{
    char name[32];
    bool is_one = draw_chance(&d->random, 15);
    (void)snprintf(name, sizeof(name), is_one ? "only%d" : "many%d", (int)index);
    naive_json *back = relation_add(d, target, name, is_one, model);
    if (!is_one && draw_chance(&d->random, 50)) {
        text_set(d, back, "relationName", one);
    } else {
        naive_set(d->memory, back, "fields", theirs);
        naive_set(d->memory, back, "references", ours);
    }
}

static void one_draw(draw *d, const naive_json *models, naive_json *model, size_t index)
{
    char name[32];
    naive_json *target = models->items[draw_below(&d->random, models->count)];
    if (member(d, target, "relations")->count >= NAIVE_RELATIONS_MAX - 2) return;
    if (member(d, model, "relations")->count >= NAIVE_RELATIONS_MAX - 2) return;
    if (member(d, model, "columns")->count >= NAIVE_COLUMNS_MAX - NAIVE_KEY_MAX) return;
    naive_json *ours = naive_make(d->memory, NAIVE_LIST);
    naive_json *theirs = naive_make(d->memory, NAIVE_LIST);
    foreign_draw(d, model, target, index, ours, theirs);
    if (ours->count == 0) return;
    (void)snprintf(name, sizeof(name), "one%d", (int)index);
    naive_json *one = relation_add(d, model, name, true, target);
    naive_set(d->memory, one, "fields", ours);
    naive_set(d->memory, one, "references", theirs);
    if (draw_chance(&d->random, 60)) {
        naive_json *found = naive_make(d->memory, NAIVE_OBJECT);
        naive_set(d->memory, found, "columns", ours);
        naive_add(d->memory, member(d, model, "indexes"), found);
    }
    if (draw_chance(&d->random, 80)) other_side_draw(d, model, target, name, index, ours, theirs);
}

naive_json *draw_models(draw *d)
{
    naive_json *models = naive_make(d->memory, NAIVE_LIST);
    naive_json *made = naive_make(d->memory, NAIVE_OBJECT);
    naive_set(d->memory, made, "models", models);
    size_t count = 2 + draw_below(&d->random, 4);
    for (size_t i = 0; i < count; i++) {
        naive_json *model = naive_make(d->memory, NAIVE_OBJECT);
        text_set(d, model, "name", model_names[i]);
        if (draw_chance(&d->random, 15)) {
            naive_json *settings = naive_make(d->memory, NAIVE_OBJECT);
            naive_set(d->memory, settings, "maxLimit",
                      naive_integer(d->memory, 1 + (int64_t)draw_below(&d->random, 8)));
            naive_set(d->memory, model, "settings", settings);
        }
        key_draw(d, model);
        size_t columns = 3 + draw_below(&d->random, COLUMNS_MAX);
        for (size_t k = 0; k < columns; k++)
            column_draw(d, model, k);
        naive_add(d->memory, models, model);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = draw_below(&d->random, ONES_MAX + 1); k > 0; k--)
            one_draw(d, models, models->items[i], i * ONES_MAX + k);
    return made;
}
