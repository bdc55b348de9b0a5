/* copy: a filter of a C program with everything it points at, models excepted. */
#include "filter/filter.h"

typedef struct copier {
    ignis_context *ctx;
    arena *memory;
    bool is_full;  /* no memory: the copy is not whole */
    bool is_wrong; /* the error is in ctx */
} copier;

static void *copy_bytes(copier *to, const void *data, size_t size)
{
    void *made = data ? arena_alloc(to->memory, size) : NULL;
    if (made) memcpy(made, data, size);
    if (data && !made) to->is_full = true;
    return made;
}

static void *copy_array(copier *to, const void *items, size_t count, size_t size)
{
    if (size == 0 || count <= SIZE_MAX / size) return copy_bytes(to, items, count * size);
    to->is_full = true;
    return NULL;
}

static const char *copy_text(copier *to, const char *data)
{
    return data ? copy_bytes(to, data, strlen(data) + 1) : NULL;
}

/* A list, with elements as this library has them. */
typedef struct copied_list {
    const void *items;
    size_t count;
    size_t item_size;
    size_t own_size;
    size_t end_offset; /* of the pointer that is NULL at the end */
} copied_list;

/* NULL with a count stays what it is, for the call to refuse. */
static void *copy_list(copier *to, copied_list *list)
{
    if (!list->items) return NULL;
    if (list->count == 0) {
        void *none = arena_array(to->memory, 1, list->own_size);
        if (!none) to->is_full = true;
        return none;
    }
    if (list->item_size == 0) {
        to->is_wrong = true;
        context_fail(to->ctx, IGNIS_E_INVALID, "a list lacks the size of its elements");
        return NULL;
    }
    if (list->count == IGNIS_ENDED) {
        list->count = filter_native_count(list->items, list->item_size, list->end_offset);
    }
    char *made = arena_array(to->memory, list->count + 1, list->own_size);
    if (!made) {
        to->is_full = true;
        list->count = 0;
        return NULL;
    }
    size_t size = list->item_size < list->own_size ? list->item_size : list->own_size;
    for (size_t i = 0; i < list->count; i++)
        memcpy(made + i * list->own_size, (const char *)list->items + i * list->item_size, size);
    return made;
}

static ignis_value copy_value(copier *to, const ignis_value *value);

static const void *copy_texts(copier *to, const char *const *texts, size_t count)
{
    const char **made = copy_array(to, texts, count, sizeof(*texts));
    for (size_t i = 0; made && i < count; i++)
        made[i] = copy_text(to, made[i]);
    return made;
}

/* Kinds of one pointer are texts; bytes have a size. */
static const void *copy_elements(copier *to, const ignis_value *value)
{
    ignis_kind kind = (ignis_kind)value->kind;
    if (kind == IGNIS_KIND_TEXT || kind == IGNIS_KIND_JSON || kind == IGNIS_KIND_NUMERIC) {
        return copy_texts(to, value->as.elements, value->count);
    }
    void *made = copy_array(to, value->as.elements, value->count, model_kind_size(kind));
    if (kind != IGNIS_KIND_BYTES) return made;
    ignis_bytes *bytes = made;
    for (size_t i = 0; bytes && i < value->count; i++)
        bytes[i].data = copy_bytes(to, bytes[i].data, bytes[i].size);
    return made;
}

static const ignis_value *copy_items(copier *to, const ignis_value *value)
{
    ignis_value *made = copy_array(to, value->as.items, value->count, sizeof(*made));
    for (size_t i = 0; made && i < value->count; i++)
        made[i] = copy_value(to, &value->as.items[i]);
    return made;
}

static ignis_value copy_value(copier *to, const ignis_value *value)
{
    ignis_value made = *value;
    if (value->form == IGNIS_VALUE_LIST) {
        made.as.items = copy_items(to, value);
    } else if (value->form == IGNIS_VALUE_ARRAY) {
        made.as.elements = copy_elements(to, value);
    } else if (value->kind == IGNIS_KIND_TEXT || value->kind == IGNIS_KIND_JSON ||
               value->kind == IGNIS_KIND_NUMERIC) {
        made.as.text = copy_text(to, value->as.text);
    } else if (value->kind == IGNIS_KIND_BYTES) {
        made.as.bytes.data = copy_bytes(to, value->as.bytes.data, value->as.bytes.size);
    }
    return made;
}

/* Gives back how many there are. */
static size_t copy_conditions(copier *to, const ignis_condition **items, size_t count,
                              size_t item_size)
{
    copied_list list = {*items, count, item_size, sizeof(ignis_condition), 0};
    ignis_condition *made = copy_list(to, &list);
    for (size_t i = 0; made && i < list.count; i++) {
        made[i].op = copy_text(to, made[i].op);
        made[i].member = copy_text(to, made[i].member);
        made[i].path = copy_text(to, made[i].path);
        made[i].value = copy_value(to, &made[i].value);
        made[i].count = copy_conditions(to, &made[i].items, made[i].count, made[i].item_size);
        made[i].item_size = sizeof(ignis_condition);
    }
    *items = made;
    return list.count;
}

static void copy_orders(copier *to, ignis_orders *orders)
{
    copied_list list = {orders->items, orders->count, orders->item_size, sizeof(ignis_order),
                        offsetof(ignis_order, model)};
    ignis_order *made = copy_list(to, &list);
    for (size_t i = 0; made && i < list.count; i++) {
        made[i].member = copy_text(to, made[i].member);
        made[i].path = copy_text(to, made[i].path);
    }
    *orders = (ignis_orders){made, list.count, sizeof(ignis_order)};
}

static const ignis_filter *copy_filter(copier *to, const ignis_filter *filter);

static void copy_inclusions(copier *to, ignis_inclusions *include)
{
    copied_list list = {include->items, include->count, include->item_size, sizeof(ignis_inclusion),
                        offsetof(ignis_inclusion, model)};
    ignis_inclusion *made = copy_list(to, &list);
    for (size_t i = 0; made && i < list.count; i++) {
        made[i].member = copy_text(to, made[i].member);
        made[i].scope = copy_filter(to, made[i].scope);
    }
    *include = (ignis_inclusions){made, list.count, sizeof(ignis_inclusion)};
}

static void copy_members(copier *to, ignis_members *fields)
{
    if (!fields->items) return;
    if (fields->count == IGNIS_ENDED) {
        fields->count = filter_native_count(fields->items, sizeof(*fields->items), 0);
    }
    fields->items = copy_texts(to, fields->items, fields->count);
}

static const ignis_options *copy_options(copier *to, const ignis_options *options)
{
    ignis_options own = {0};
    size_t size = options->struct_size;
    memcpy(&own, options, size < sizeof(own) ? size : sizeof(own));
    own.struct_size = sizeof(own);
    return copy_bytes(to, &own, sizeof(own));
}

static const ignis_filter *copy_filter(copier *to, const ignis_filter *filter)
{
    if (!filter) return NULL;
    ignis_filter *made = arena_array(to->memory, 1, sizeof(*made));
    if (!made) {
        to->is_full = true;
        return NULL;
    }
    memcpy(made, filter, filter->struct_size < sizeof(*made) ? filter->struct_size : sizeof(*made));
    made->struct_size = sizeof(*made);
    made->where.count =
        copy_conditions(to, &made->where.items, made->where.count, made->where.item_size);
    made->where.item_size = sizeof(ignis_condition);
    copy_members(to, &made->fields);
    copy_orders(to, &made->order);
    copy_inclusions(to, &made->include);
    if (made->options) made->options = copy_options(to, made->options);
    return made;
}

ignis_code ignis_filter_copy(ignis_context *ctx, const ignis_filter *filter,
                             const ignis_filter **copy)
{
    context_error_clear(ctx);
    arena *memory = context_results(ctx);
    copier to = {.ctx = ctx, .memory = memory};
    ignis_mark mark = arena_mark(memory);
    if (filter->struct_size == 0) {
        return context_fail(ctx, IGNIS_E_INVALID, "the filter lacks its struct_size");
    }
    const ignis_filter *made = copy_filter(&to, filter);
    if (to.is_full) (void)context_fail_memory(ctx, memory);
    if (to.is_full || to.is_wrong) {
        arena_release(memory, mark);
        return context_error_code(ctx);
    }
    *copy = made;
    return IGNIS_OK;
}
