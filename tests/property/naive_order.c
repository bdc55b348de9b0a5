#include "property/naive.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- places ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The size of an identifier or of digits. */
static size_t step_size(const char *at, const char *end)
{
    const char *from = at;
    if (at < end && is_letter(*at)) {
        while (at < end && (is_letter(*at) || is_digit(*at) || *at == '-'))
            at++;
    } else {
        while (at < end && is_digit(*at))
            at++;
    }
    return (size_t)(at - from);
}

static const naive_json *path_read(naive_memory *memory, const char *at, const char *end)
{
    naive_json *path = naive_make(memory, NAIVE_LIST);
    while (at < end) {
        bool has_bracket = *at == '[';
        if (!has_bracket && *at != '.') return NULL;
        size_t size = step_size(++at, end);
        if (size == 0) return NULL;
        naive_add(memory, path, naive_text_sized(memory, at, size));
        at += size;
        if (has_bracket && (at == end || *at++ != ']')) return NULL;
    }
    return path;
}

bool naive_place_read(naive_memory *memory, const naive_model *model, const char *name, size_t size,
                      naive_place *place)
{
    size_t own = 0;
    while (own < size && name[own] != '.' && name[own] != '[')
        own++;
    *place = (naive_place){.column = naive_column_find(model, name, own)};
    if (!place->column) return false;
    place->index = (size_t)(place->column - model->columns);
    if (own == size) return true;
    if (place->column->is_array || place->column->type < NAIVE_TYPE_JSON) return false;
    place->path = path_read(memory, name + own, name + size);
    return place->path != NULL;
}

const naive_json *naive_place_document(const naive_place *place, const naive_row *row)
{
    const naive_value *value = &row->values[place->index];
    const naive_json *found = value->is_null ? NULL : value->document;
    for (size_t i = 0; place->path && found && i < place->path->count; i++) {
        const char *step = place->path->items[i]->text;
        if (found->kind == NAIVE_OBJECT) {
            found = naive_get(found, step);
        } else if (found->kind == NAIVE_LIST && is_digit(*step)) {
            size_t index = strtoul(step, NULL, 10);
            found = index < found->count ? found->items[index] : NULL;
        } else {
            found = NULL;
        }
    }
    return found;
}

/* ---- order ---- */

typedef struct words {
    const char *text[8];
    size_t size[8];
    size_t count;
} words;

static bool words_split(const char *text, words *out)
{
    static const char space[] = " \t\n\r";
    *out = (words){0};
    for (text += strspn(text, space); *text; text += strspn(text, space)) {
        if (out->count == 8) return false;
        out->text[out->count] = text;
        out->size[out->count] = strcspn(text, space);
        text += out->size[out->count++];
    }
    return out->count > 0;
}

static bool word_is(const words *all, size_t index, const char *word)
{
    return index < all->count && all->size[index] == strlen(word) &&
           strncasecmp(all->text[index], word, all->size[index]) == 0;
}

static bool term_read(naive_memory *memory, const naive_model *model, const naive_json *json,
                      naive_order *order)
{
    words all;
    size_t at = 1;
    if (json->kind != NAIVE_TEXT || strlen(json->text) != json->size) return false;
    if (!words_split(json->text, &all)) return false;
    *order = (naive_order){0};
    if (!naive_place_read(memory, model, all.text[0], all.size[0], &order->place)) return false;
    order->is_descending = word_is(&all, at, "desc");
    if (order->is_descending || word_is(&all, at, "asc")) at++;
    order->nulls_first = order->is_descending;
    if (word_is(&all, at, "nulls")) {
        order->nulls_first = word_is(&all, at + 1, "first");
        if (!order->nulls_first && !word_is(&all, at + 1, "last")) return false;
        at += 2;
    }
    return at == all.count;
}

bool naive_order_read(naive_memory *memory, naive_node *node, const naive_json *order)
{
    if (order->kind != NAIVE_LIST || order->count > NAIVE_ORDER_MAX) return false;
    for (size_t i = 0; i < order->count; i++)
        if (!term_read(memory, node->model, order->items[i], &node->order[node->order_count++]))
            return false;
    return true;
}

static int term_compare(naive_memory *memory, const naive_order *order, const naive_row *a,
                        const naive_row *b)
{
    const naive_value *x = &a->values[order->place.index];
    const naive_value *y = &b->values[order->place.index];
    const naive_json *left = naive_place_document(&order->place, a);
    const naive_json *right = naive_place_document(&order->place, b);
    bool x_null = order->place.path ? !left : x->is_null;
    bool y_null = order->place.path ? !right : y->is_null;
    if (x_null || y_null) {
        int by_null = (int)y_null - (int)x_null;
        return order->nulls_first ? by_null : -by_null;
    }
    int by_value = order->place.path ? naive_document_compare(memory, left, right)
                                     : naive_value_compare(memory, order->place.column, x, y);
    return order->is_descending ? -by_value : by_value;
}

int naive_order_compare(naive_memory *memory, const naive_node *node, const naive_row *a,
                        const naive_row *b)
{
    for (size_t i = 0; i < node->order_count; i++) {
        int order = term_compare(memory, &node->order[i], a, b);
        if (order != 0) return order;
    }
    for (size_t i = 0; i < node->model->columns_count; i++) {
        const naive_column *column = &node->model->columns[i];
        if (!column->is_key) continue;
        int order = naive_value_compare(memory, column, &a->values[i], &b->values[i]);
        if (order != 0) return order;
    }
    return 0;
}
