/* Listed: columns whose values are some texts alone, as those of an enum. */
#include "model/model.h"

#include <stdio.h>

static bool type_is_listed(ignis_type type)
{
    return type == IGNIS_TYPE_TEXT || type == IGNIS_TYPE_VARCHAR || type == IGNIS_TYPE_OTHER;
}

static ignis_code values_check(ignis_context *ctx, const char *model, const ignis_column *column)
{
    const ignis_names *values = &column->values;
    if (!type_is_listed(column->type)) {
        return model_refuse(ctx, model, column->name,
                            "values are listed of text, varchar and other columns");
    }
    if (!values->items || values->count > MODEL_LIST_MAX) {
        return model_refuse(ctx, model, column->name, "a list of 1 to %d values is expected",
                            MODEL_LIST_MAX);
    }
    for (size_t i = 0; i < values->count; i++) {
        const char *value = values->items[i];
        if (value && utf8_is_valid(value, strlen(value))) continue;
        return model_refuse(ctx, model, column->name, "a value that is listed is NULL or no UTF-8");
    }
    return IGNIS_OK;
}

ignis_code model_listed_build(model_build *in, const char *model, const ignis_column *from,
                              model_column *to)
{
    size_t count = from->values.count;
    if (count == 0) return IGNIS_OK;
    IGNIS_TRY(values_check(in->ctx, model, from));
    const char **items = arena_array(in->memory, count, sizeof *items);
    if (!items) return context_fail_memory(in->ctx, in->memory);
    for (size_t i = 0; i < count; i++) {
        const char *value = from->values.items[i];
        items[i] = arena_copy(in->memory, value, strlen(value));
        if (!items[i]) return context_fail_memory(in->ctx, in->memory);
    }
    to->values = (ignis_names){items, count};
    return IGNIS_OK;
}

bool model_listed_has(const model_column *column, const char *text_, size_t size)
{
    for (size_t i = 0; i < column->values.count; i++) {
        const char *value = column->values.items[i];
        if (strlen(value) == size && memcmp(value, text_, size) == 0) return true;
    }
    return column->values.count == 0;
}

static const char *value_next(const void *list, size_t i)
{
    const ignis_names *values = list;
    return i < values->count ? values->items[i] : NULL;
}

const char *model_listed_nearest(const model_column *column, const char *text_, size_t size)
{
    return column->hidden ? NULL : names_nearest(text_, size, value_next, &column->values);
}

const char *model_listed_expected(const model_column *column, char buffer[MODEL_LISTED_SIZE])
{
    enum { SHOWN_MAX = 8 };
    char quoted[CONTEXT_QUOTE_SIZE];
    size_t size = 0;
    const ignis_names *values = &column->values;
    bool is_shown = !column->hidden && values->count <= SHOWN_MAX;
    for (size_t i = 0; is_shown && i < values->count; i++) {
        const char *before = i == 0 ? "" : i + 1 < values->count ? ", " : " or ";
        context_quote(quoted, values->items[i], strlen(values->items[i]));
        int written = snprintf(buffer + size, MODEL_LISTED_SIZE - size, "%s\"%s\"", before, quoted);
        size += written > 0 ? (size_t)written : 0;
        is_shown = size < MODEL_LISTED_SIZE;
    }
    if (!is_shown) snprintf(buffer, MODEL_LISTED_SIZE, "one of %zu values", values->count);
    return buffer;
}
