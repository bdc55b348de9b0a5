/* Arrays of documents as sets of scalars. */
#include "base/base.h"

#include <stdlib.h>

typedef struct scalars {
    document_span *items;
    size_t count;
} scalars;

static bool is_array(document_span value)
{
    return value.size > 0 && *value.data == '[';
}

static bool is_container(document_span value)
{
    return *value.data == '[' || *value.data == '{';
}

static int compare_spans(const void *a, const void *b)
{
    const document_span *left = a;
    const document_span *right = b;
    return document_compare(left->data, left->size, right->data, right->size);
}

/* The element at *at of an array, which moves to the next. false: the end. */
static bool element_next(const char **at, const char *end, document_span *element)
{
    if (**at == ']') return false;
    element->data = *at;
    *at = document_value_end(*at, end);
    element->size = (size_t)(*at - element->data);
    if (**at == ',') *at += 2;
    return true;
}

/* The different scalars of a list, in order. */
static ignis_code list_read(arena *memory, document_span list, scalars *out)
{
    const char *end = list.data + list.size;
    const char *at = list.data + 1;
    document_span element;
    size_t count = 0;
    while (element_next(&at, end, &element))
        count++;
    out->items = arena_array(memory, count, sizeof(*out->items));
    if (!out->items) return arena_code(memory);
    at = list.data + 1;
    for (size_t i = 0; i < count; i++)
        element_next(&at, end, &out->items[i]);
    qsort(out->items, count, sizeof(*out->items), compare_spans);
    out->count = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_double = i > 0 && compare_spans(&out->items[i - 1], &out->items[i]) == 0;
        if (!is_double) out->items[out->count++] = out->items[i];
    }
    return IGNIS_OK;
}

/* The index of an equal scalar; count: there is none. */
static size_t list_find(const scalars *list, document_span element)
{
    if (is_container(element)) return list->count;
    const document_span *found =
        bsearch(&element, list->items, list->count, sizeof(*list->items), compare_spans);
    return found ? (size_t)(found - list->items) : list->count;
}

ignis_code document_set_match(arena *memory, document_relation relation, document_span value,
                              document_span list, bool *matches)
{
    scalars wanted = {0};
    *matches = false;
    if (!is_array(value) || !is_array(list)) return IGNIS_OK;
    IGNIS_TRY(list_read(memory, list, &wanted));
    bool *is_met = arena_array(memory, wanted.count, sizeof(*is_met));
    if (!is_met) return arena_code(memory);
    const char *end = value.data + value.size;
    const char *at = value.data + 1;
    size_t met_count = 0;
    bool has_others = false;
    document_span element;
    while (element_next(&at, end, &element)) {
        size_t index = list_find(&wanted, element);
        if (index == wanted.count) {
            has_others = true;
        } else if (!is_met[index]) {
            is_met[index] = true;
            met_count++;
        }
    }
    switch (relation) {
    case DOCUMENT_CONTAINS: *matches = met_count == wanted.count; break;
    case DOCUMENT_CONTAINED: *matches = !has_others; break;
    case DOCUMENT_OVERLAPS: *matches = met_count > 0; break;
    }
    return IGNIS_OK;
}
