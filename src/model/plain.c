/* Plain models: programs hand over lists of any element size and leave names out; what follows
   registration and the JSON writer see neither. */
#include "model/model.h"

#include <stdarg.h>
#include <stdio.h>

typedef struct plain_list {
    const char *name; /* for messages */
    const void *items;
    size_t count;
    size_t item_size;
    size_t own_size;
} plain_list;

ignis_code model_refuse(ignis_context *ctx, const char *model, const char *member,
                        const char *format, ...)
{
    char detail[CONTEXT_MESSAGE_MAX];
    char model_quoted[CONTEXT_QUOTE_SIZE];
    char member_quoted[CONTEXT_QUOTE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    int size = vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    if (size < 0) detail[0] = '\0';
    context_quote(model_quoted, model, strlen(model));
    if (!member) return context_fail(ctx, IGNIS_E_INVALID, "%s: %s", model_quoted, detail);
    context_quote(member_quoted, member, strlen(member));
    return context_fail(ctx, IGNIS_E_INVALID, "%s.%s: %s", model_quoted, member_quoted, detail);
}

static bool name_is_printable(const char *name)
{
    if (!utf8_is_valid(name, strlen(name))) return false;
    for (const char *c = name; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) return false;
    }
    return true;
}

static ignis_code name_check(ignis_context *ctx, const char *model, const char *member,
                             const char *what, const char *name)
{
    if (!name || !*name) return model_refuse(ctx, model, member, "the %s is missing", what);
    if (name_is_printable(name)) return IGNIS_OK;
    return model_refuse(ctx, model, member, "the %s is not printable UTF-8", what);
}

/* Filters could not name such a property: paths, orders and conditions would read it otherwise. */
static ignis_code property_check(ignis_context *ctx, const char *model, const char *name)
{
    static const char *const words[] = {"and", "or", "not"};
    IGNIS_TRY(name_check(ctx, model, name, "name of a column", name));
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if (strcmp(name, words[i]) != 0) continue;
        return model_refuse(ctx, model, name, "a column cannot be called \"%s\": a word of filters",
                            words[i]);
    }
    if (name[0] == '$') {
        return model_refuse(ctx, model, name, "the name of a column cannot begin with \"$\"");
    }
    if (!strpbrk(name, ".[] ")) return IGNIS_OK;
    return model_refuse(ctx, model, name,
                        "the name of a column cannot contain \".\", \"[\", \"]\" or a space");
}

static ignis_code relation_name_check(ignis_context *ctx, const char *model, const char *name)
{
    IGNIS_TRY(name_check(ctx, model, name, "name of a relation", name));
    if (!strpbrk(name, ".[]")) return IGNIS_OK;
    return model_refuse(ctx, model, name,
                        "the name of a relation cannot contain \".\", \"[\" or \"]\"");
}

/* The elements before one of zeros, as far as a list may reach. */
static size_t list_count(const plain_list *list)
{
    const char *at = list->items;
    size_t count = 0;
    for (; count <= MODEL_LIST_MAX; count++, at += list->item_size) {
        size_t zeros = 0;
        while (zeros < list->item_size && at[zeros] == 0)
            zeros++;
        if (zeros == list->item_size) break;
    }
    return count;
}

/* Elements of a program built against an older header are shorter than ours: the rest is zero. */
static ignis_code list_copy(ignis_context *ctx, arena *memory, const char *model, plain_list *list,
                            void **copy)
{
    *copy = NULL;
    if (list->count == 0) return IGNIS_OK;
    if (!list->items || list->item_size == 0) {
        return model_refuse(ctx, model, list->name, "the list lacks its items or their size");
    }
    if (list->count == IGNIS_ENDED) list->count = list_count(list);
    if (list->count > MODEL_LIST_MAX) {
        return model_refuse(ctx, model, list->name, "%zu elements, the maximum is %d", list->count,
                            MODEL_LIST_MAX);
    }
    char *items = arena_array(memory, list->count, list->own_size);
    if (!items) return context_fail_memory(ctx, memory);
    size_t size = list->item_size < list->own_size ? list->item_size : list->own_size;
    for (size_t i = 0; i < list->count; i++) {
        memcpy(items + i * list->own_size, (const char *)list->items + i * list->item_size, size);
    }
    *copy = items;
    return IGNIS_OK;
}

static ignis_code names_check(ignis_context *ctx, const char *model, const char *member,
                              const ignis_names *names)
{
    if (names->count == 0) return IGNIS_OK;
    if (!names->items) return model_refuse(ctx, model, member, "a list of names is NULL");
    for (size_t i = 0; i < names->count; i++) {
        if (!names->items[i]) return model_refuse(ctx, model, member, "a name is NULL");
    }
    return IGNIS_OK;
}

static ignis_code columns_copy(ignis_context *ctx, arena *memory, ignis_model *plain)
{
    plain_list list = {"columns", plain->columns.items, plain->columns.count,
                       plain->columns.item_size, sizeof(ignis_column)};
    void *copy;
    IGNIS_TRY(list_copy(ctx, memory, plain->name, &list, &copy));
    ignis_column *columns = copy;
    for (size_t i = 0; i < list.count; i++) {
        ignis_column *column = &columns[i];
        if (!column->name && column->member) {
            column->name = names_camel(memory, column->member);
            if (!column->name) return context_fail_memory(ctx, memory);
        }
        if (!column->column) column->column = column->member ? column->member : column->name;
        if (!column->type) column->type = model_kind_type((ignis_kind)column->kind);
        ignis_code code = property_check(ctx, plain->name, column->name);
        if (code == IGNIS_OK) {
            code = name_check(ctx, plain->name, column->name, "SQL name", column->column);
        }
        if (code != IGNIS_OK) return context_path(ctx, "columns[%zu]", i);
        /* Both are so on every engine, said or not. */
        if (column->primary_key || column->identity) column->not_null = true;
        if (column->scale != 0) column->has_scale = true;
    }
    plain->columns = (ignis_columns){columns, list.count, sizeof(ignis_column)};
    IGNIS_TRY(names_check(ctx, plain->name, "hiddenProperties", &plain->hidden_properties));
    return model_plain_hide(ctx, memory, columns, plain);
}

static ignis_code constraints_copy(ignis_context *ctx, arena *memory, const char *model,
                                   const char *name, ignis_constraints *constraints)
{
    plain_list list = {name, constraints->items, constraints->count, constraints->item_size,
                       sizeof(ignis_constraint)};
    void *copy;
    IGNIS_TRY(list_copy(ctx, memory, model, &list, &copy));
    ignis_constraint *items = copy;
    for (size_t i = 0; i < list.count; i++) {
        ignis_code code = names_check(ctx, model, name, &items[i].columns);
        if (code == IGNIS_OK) code = names_check(ctx, model, name, &items[i].references);
        if (code == IGNIS_OK && items[i].name) {
            code = name_check(ctx, model, name, "name of a constraint", items[i].name);
        }
        if (code != IGNIS_OK) return context_path(ctx, "%s[%zu]", name, i);
        if (items[i].target) items[i].target_name = model_name_of(items[i].target);
    }
    *constraints = (ignis_constraints){items, list.count, sizeof(ignis_constraint)};
    return IGNIS_OK;
}

static ignis_code relation_name_make(ignis_context *ctx, arena *memory, ignis_relation *relation)
{
    if (relation->name || !relation->member) return IGNIS_OK;
    relation->name = names_camel(memory, relation->member);
    return relation->name ? IGNIS_OK : context_fail_memory(ctx, memory);
}

static ignis_code relations_copy(ignis_context *ctx, arena *memory, ignis_model *plain)
{
    plain_list list = {"relations", plain->relations.items, plain->relations.count,
                       plain->relations.item_size, sizeof(ignis_relation)};
    void *copy;
    IGNIS_TRY(list_copy(ctx, memory, plain->name, &list, &copy));
    ignis_relation *items = copy;
    for (size_t i = 0; i < list.count; i++) {
        IGNIS_TRY(relation_name_make(ctx, memory, &items[i]));
        const char *name = items[i].name;
        ignis_code code = relation_name_check(ctx, plain->name, name);
        if (code == IGNIS_OK) code = names_check(ctx, plain->name, name, &items[i].fields);
        if (code == IGNIS_OK) code = names_check(ctx, plain->name, name, &items[i].references);
        if (code != IGNIS_OK) return context_path(ctx, "relations[%zu]", i);
        if (items[i].target) items[i].target_name = model_name_of(items[i].target);
    }
    plain->relations = (ignis_relations){items, list.count, sizeof(ignis_relation)};
    return IGNIS_OK;
}

const char *model_name_of(const ignis_model *model)
{
    return model->name ? model->name : model->struct_name;
}

ignis_code model_plain(ignis_context *ctx, arena *memory, const ignis_model *model,
                       ignis_model *plain)
{
    if (!model || model->struct_size == 0) {
        return context_fail(ctx, IGNIS_E_INVALID, "a model is NULL or lacks its struct_size");
    }
    size_t size = model->struct_size < sizeof *plain ? model->struct_size : sizeof *plain;
    *plain = (ignis_model){0};
    memcpy(plain, model, size);
    plain->struct_size = sizeof *plain;
    plain->name = model_name_of(plain);
    if (!plain->table) plain->table = plain->name;
    IGNIS_TRY(name_check(ctx, "model", NULL, "name", plain->name));
    IGNIS_TRY(name_check(ctx, plain->name, NULL, "table", plain->table));
    if (plain->schema) {
        IGNIS_TRY(name_check(ctx, plain->name, NULL, "schema", plain->schema));
    }
    IGNIS_TRY(columns_copy(ctx, memory, plain));
    IGNIS_TRY(constraints_copy(ctx, memory, plain->name, "uniques", &plain->uniques));
    IGNIS_TRY(constraints_copy(ctx, memory, plain->name, "indexes", &plain->indexes));
    IGNIS_TRY(constraints_copy(ctx, memory, plain->name, "foreignKeys", &plain->foreign_keys));
    IGNIS_TRY(constraints_copy(ctx, memory, plain->name, "checks", &plain->checks));
    return relations_copy(ctx, memory, plain);
}

static ignis_column *column_find(ignis_column *columns, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        const char *own = model_plain_key(&columns[i]);
        if (own && strcmp(own, key) == 0) return &columns[i];
    }
    return NULL;
}

static const char *column_next(const void *list, size_t i)
{
    const ignis_columns *columns = list;
    return i < columns->count ? model_plain_key(&columns->items[i]) : NULL;
}

static ignis_code hidden_refuse(ignis_context *ctx, const ignis_model *plain, size_t i)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    const char *name = plain->hidden_properties.items[i];
    size_t size = strlen(name);
    (void)model_refuse(ctx, plain->name, "hiddenProperties", "unknown property \"%s\"",
                       context_quote(quoted, name, size));
    context_hint(ctx, names_nearest(name, size, column_next, &plain->columns));
    return context_path(ctx, "settings.hiddenProperties[%zu]", i);
}

ignis_code model_plain_hide(ignis_context *ctx, arena *memory, ignis_column *columns,
                            ignis_model *plain)
{
    size_t columns_count = plain->columns.count;
    const ignis_names *given = &plain->hidden_properties;
    if (given->count > MODEL_LIST_MAX) {
        return model_refuse(ctx, plain->name, "hiddenProperties", "%zu elements, the maximum is %d",
                            given->count, MODEL_LIST_MAX);
    }
    const char **names = arena_array(memory, columns_count, sizeof *names);
    if (!names) return context_fail_memory(ctx, memory);
    for (size_t i = 0; i < given->count; i++) {
        ignis_column *column = column_find(columns, columns_count, given->items[i]);
        if (!column) return hidden_refuse(ctx, plain, i);
        column->hidden = true;
    }
    size_t count = 0;
    for (size_t i = 0; i < columns_count; i++) {
        if (columns[i].hidden) names[count++] = columns[i].name;
    }
    plain->hidden_properties = (ignis_names){names, count};
    return IGNIS_OK;
}

const ignis_column *model_plain_column(const ignis_model *plain, const char *key)
{
    for (size_t i = 0; i < plain->columns.count; i++) {
        const ignis_column *column = &plain->columns.items[i];
        if (strcmp(model_plain_key(column), key) == 0) return column;
    }
    return NULL;
}
