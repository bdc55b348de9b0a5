/* native: rows and values of C programs as the JSON that everything else reads. */
#include "row/row.h"

ignis_code row_native_columns(ignis_context *ctx, arena *memory, row_native *rows)
{
    const ignis_members *members = rows->members;
    if (members->is_exclusion || members->count == 0 || !members->items) {
        return context_fail(ctx, IGNIS_E_INVALID,
                            "the members of a row that count are to be named, one or more");
    }
    bool *is_member = arena_array(memory, rows->entity->columns_count, sizeof(*is_member));
    if (!is_member) return context_fail_memory(ctx, memory);
    for (size_t i = 0; i < members->count; i++) {
        const model_column *column;
        IGNIS_TRY(
            model_native_column(ctx, rows->entity, members->model, members->items[i], &column));
        is_member[column->index] = true;
    }
    rows->is_member = is_member;
    return IGNIS_OK;
}

ignis_code row_native_read(ignis_context *ctx, arena *memory, const row_native *rows, size_t row,
                           const json **made)
{
    const model_entity *entity = rows->entity;
    json *object = arena_array(memory, 1, sizeof(*object));
    json_member *members = arena_array(memory, entity->columns_count, sizeof(*members));
    if (!object || !members) return context_fail_memory(ctx, memory);
    const void *at = (const char *)rows->items + row * entity->row_size;
    uint32_t size = 0;
    size_t count = 0;
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        json_member *member = &members[count];
        if (!rows->is_member[i]) continue;
        const ignis_value value = model_native_member(column, at);
        json_member_name(member, column->name);
        if (model_native_read(ctx, memory, &value, true, &member->value) != IGNIS_OK) {
            return context_path(ctx, "%s", column->name);
        }
        bool has_text = member->value.kind == JSON_STRING || member->value.kind == JSON_BYTES;
        size +=
            has_text && member->value.count < UINT32_MAX / 64 ? (uint32_t)member->value.count : 16;
        count++;
    }
    *object = (json){.kind = JSON_OBJECT, .count = count, .raw_size = size, .as.members = members};
    *made = object;
    return IGNIS_OK;
}

/* ---- values ------------------------------------------------------------------------------------------- */

typedef struct values_reader {
    ignis_context *ctx;
    arena *memory;
    const model_entity *entity;
    const ignis_values *values;
    size_t count;
} values_reader;

static ignis_setting setting_at(const values_reader *in, size_t i)
{
    size_t item_size = in->values->item_size;
    ignis_setting own = {0};
    memcpy(&own, (const char *)in->values->items + i * item_size,
           item_size < sizeof(own) ? item_size : sizeof(own));
    return own;
}

static bool is_of(const ignis_setting *setting, const char *op)
{
    if (!setting->op || !op) return setting->op == op;
    return strcmp(setting->op, op) == 0;
}

static ignis_code setting_read(const values_reader *in, const ignis_setting *setting,
                               json_member *member)
{
    const model_column *column;
    const char *name;
    IGNIS_TRY(model_native_column(in->ctx, in->entity, setting->model, setting->member, &column));
    IGNIS_TRY(model_native_name(in->ctx, in->memory, column, setting->path, &name));
    json_member_name(member, name);
    /* A NULL that was meant has no kind; a pointer that happens to be NULL has one. */
    bool can_be_null = setting->value.kind == IGNIS_KIND_NONE;
    if (model_native_read(in->ctx, in->memory, &setting->value, can_be_null, &member->value) ==
        IGNIS_OK) {
        return IGNIS_OK;
    }
    return context_path_name(in->ctx, name, strlen(name));
}

/* The settings of one operator as an object. */
static ignis_code group_read(const values_reader *in, const char *op, json *made)
{
    json_member *members = arena_array(in->memory, in->count, sizeof(*members));
    size_t count = 0;
    if (!members) return context_fail_memory(in->ctx, in->memory);
    for (size_t i = 0; i < in->count; i++) {
        const ignis_setting setting = setting_at(in, i);
        if (!is_of(&setting, op)) continue;
        IGNIS_TRY(setting_read(in, &setting, &members[count++]));
    }
    *made = (json){.kind = JSON_OBJECT, .count = count, .as.members = members};
    return IGNIS_OK;
}

/* The names alone, as $remove takes them. */
static ignis_code names_make(const values_reader *in, json *group)
{
    json *items = arena_array(in->memory, group->count, sizeof(*items));
    if (!items) return context_fail_memory(in->ctx, in->memory);
    for (size_t i = 0; i < group->count; i++) {
        const json_member *member = &group->as.members[i];
        items[i] = (json){.kind = JSON_STRING, .count = member->name_size, .as.text = member->name};
    }
    *group = (json){.kind = JSON_ARRAY, .count = group->count, .as.items = items};
    return IGNIS_OK;
}

static ignis_code operators_check(const values_reader *in)
{
    static const char *const known[] = {NULL, "$increment", "$append", "$remove"};
    for (size_t i = 0; i < in->count; i++) {
        const ignis_setting setting = setting_at(in, i);
        bool is_known = false;
        for (size_t k = 0; k < ARRAY_COUNT(known); k++)
            is_known = is_known || is_of(&setting, known[k]);
        if (is_known) continue;
        return context_fail(in->ctx, IGNIS_E_INVALID, "setting %zu has an unknown operator", i);
    }
    return IGNIS_OK;
}

static ignis_code values_count(values_reader *in)
{
    const ignis_values *values = in->values;
    if (!values) return context_fail(in->ctx, IGNIS_E_INVALID, "the values are NULL");
    in->count = values->count;
    if (in->count == 0) return IGNIS_OK;
    if (!values->items || values->item_size == 0) {
        return context_fail(in->ctx, IGNIS_E_INVALID, "the values are NULL or lack their size");
    }
    if (in->count == IGNIS_ENDED) {
        in->count =
            filter_native_count(values->items, values->item_size, offsetof(ignis_setting, model));
    }
    return IGNIS_OK;
}

ignis_code row_native_values(ignis_context *ctx, arena *memory, const model_entity *entity,
                             const ignis_values *values, const json **made)
{
    static const char *const operators[] = {"$increment", "$append", "$remove"};
    values_reader in = {.ctx = ctx, .memory = memory, .entity = entity, .values = values};
    json *object = arena_array(memory, 1, sizeof(*object));
    if (!object) return context_fail_memory(ctx, memory);
    IGNIS_TRY(values_count(&in));
    IGNIS_TRY(operators_check(&in));
    json plain;
    IGNIS_TRY(group_read(&in, NULL, &plain));
    json_member *members = arena_array(memory, plain.count + 3, sizeof(*members));
    if (!members) return context_fail_memory(ctx, memory);
    for (size_t i = 0; i < plain.count; i++)
        members[i] = plain.as.members[i];
    size_t count = plain.count;
    for (size_t i = 0; i < ARRAY_COUNT(operators); i++) {
        json_member *member = &members[count];
        json_member_name(member, operators[i]);
        IGNIS_TRY(group_read(&in, operators[i], &member->value));
        if (member->value.count == 0) continue;
        if (i == 2) IGNIS_TRY(names_make(&in, &member->value));
        count++;
    }
    *object = (json){.kind = JSON_OBJECT, .count = count, .as.members = members};
    *made = object;
    return IGNIS_OK;
}
