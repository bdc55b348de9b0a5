#include "filter/filter.h"

/* Hidden columns are known to trusted filters, yet stay unselected. */
static ignis_code field_read(filter_reader *reader, const model_entity *entity, const char *name,
                             size_t size, const model_column **column)
{
    bool is_public = !reader->policy->trusted;
    *column = model_column_get(entity, name, size);
    if (*column && !((*column)->hidden && is_public)) return IGNIS_OK;
    char quoted[CONTEXT_QUOTE_SIZE];
    context_fail(reader->ctx, IGNIS_E_INVALID, "unknown field '%s' of %s",
                 context_quote(quoted, name, size), entity->name);
    context_hint(reader->ctx, model_column_nearest(entity, name, size, is_public));
    return IGNIS_E_INVALID;
}

static ignis_code list_read(filter_reader *reader, const model_entity *entity, const json *value,
                            bool *marked)
{
    for (size_t i = 0; i < value->count; i++) {
        const json *item = &value->as.items[i];
        const model_column *column = NULL;
        ignis_code code;
        if (item->kind == JSON_STRING) {
            code = field_read(reader, entity, item->as.text, item->count, &column);
        } else {
            code = context_fail(reader->ctx, IGNIS_E_INVALID, "a field is a name, not %s",
                                json_kind_name(item));
        }
        if (code != IGNIS_OK) return context_path(reader->ctx, "fields[%zu]", i);
        marked[column->index] = true;
    }
    return IGNIS_OK;
}

static bool any_is_true(const json *value)
{
    for (size_t i = 0; i < value->count; i++) {
        if (value->as.members[i].value.boolean) return true;
    }
    return false;
}

/* With any true the true ones are marked; with only false these are, to be left out. */
static ignis_code object_read(filter_reader *reader, const model_entity *entity, const json *value,
                              bool *marked)
{
    bool marking = any_is_true(value);
    for (size_t i = 0; i < value->count; i++) {
        const json_member *member = &value->as.members[i];
        const model_column *column = NULL;
        ignis_code code;
        if (member->value.kind == JSON_BOOLEAN) {
            code = field_read(reader, entity, member->name, member->name_size, &column);
        } else {
            code = context_fail(reader->ctx, IGNIS_E_INVALID, "a field is true or false, not %s",
                                json_kind_name(&member->value));
        }
        if (code != IGNIS_OK) {
            context_path_name(reader->ctx, member->name, member->name_size);
            return context_path(reader->ctx, "fields");
        }
        if (member->value.boolean == marking) marked[column->index] = true;
    }
    return IGNIS_OK;
}

ignis_code filter_fields_read(filter_reader *reader, const model_entity *entity, const json *value,
                              const bool **selected)
{
    *selected = NULL;
    if (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT) {
        context_fail(reader->ctx, IGNIS_E_INVALID, "fields is a list or an object, not %s",
                     json_kind_name(value));
        return context_path(reader->ctx, "fields");
    }
    if (value->count == 0) return IGNIS_OK;
    if (filter_list_check(reader, value->count) != IGNIS_OK) {
        return context_path(reader->ctx, "fields");
    }
    bool *marked = arena_array(reader->memory, entity->columns_count, sizeof(*marked));
    if (!marked) return context_fail_memory(reader->ctx, reader->memory);
    *selected = marked;
    if (value->kind == JSON_ARRAY) return list_read(reader, entity, value, marked);
    IGNIS_TRY(object_read(reader, entity, value, marked));
    bool is_exclusion = !any_is_true(value);
    for (size_t i = 0; is_exclusion && i < entity->columns_count; i++)
        marked[i] = !marked[i];
    return IGNIS_OK;
}
