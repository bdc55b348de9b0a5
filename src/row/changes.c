/* changes: the data of an update to the steps that carry it out. */
#include "row/row.h"

enum { STEPS_MAX = 64 }; /* into the document of one column */

typedef struct changes_reader {
    ignis_context *ctx;
    arena *memory;
    const model_entity *entity;
    bool is_public;
    size_t slot_first;
    row_changes *changes;
    bool *is_whole;      /* by column: it becomes a value */
    size_t *paths_count; /* by column: steps into its document */
} changes_reader;

static ignis_code refuse(const changes_reader *in, const json_member *at, const char *what)
{
    context_fail(in->ctx, IGNIS_E_INVALID, "%s", what);
    return context_path_name(in->ctx, at->name, at->name_size);
}

static size_t value_add(changes_reader *in, const ignis_cell *value)
{
    in->changes->values[in->changes->values_count] = *value;
    return in->slot_first + in->changes->values_count++;
}

static ignis_code change_add(changes_reader *in, const plan_change *change)
{
    in->changes->items[in->changes->count++] = *change;
    return IGNIS_OK;
}

/* ---- whole columns ------------------------------------------------------------------------------- */

/* A column is changed once: by a value, or by steps into its document. */
static ignis_code whole_claim(changes_reader *in, const model_column *column, const json_member *at)
{
    bool is_changed = in->is_whole[column->index] || in->paths_count[column->index] > 0;
    in->is_whole[column->index] = true;
    return is_changed ? refuse(in, at, "the column is changed twice") : IGNIS_OK;
}

/* The version that the row must still have. */
static ignis_code version_read(changes_reader *in, const model_column *column,
                               const json_member *member)
{
    ignis_cell value;
    if (member->value.kind == JSON_NULL) return refuse(in, member, "a version is an integer");
    if (model_value_read(in->ctx, in->memory, column, &member->value, MODEL_VALUE_FILTER, &value) !=
        IGNIS_OK) {
        return context_path_name(in->ctx, member->name, member->name_size);
    }
    if (in->changes->expected) return refuse(in, member, "a second version");
    in->changes->expected = column;
    in->changes->expected_slot = value_add(in, &value);
    return IGNIS_OK;
}

static ignis_code whole_read(changes_reader *in, const model_column *column,
                             const json_member *member)
{
    ignis_cell value;
    if (column->on_update == IGNIS_GENERATE_VERSION) return version_read(in, column, member);
    IGNIS_TRY(whole_claim(in, column, member));
    IGNIS_TRY(row_value_read(in->ctx, in->memory, in->entity, column, &member->value, &value));
    return change_add(in, &(plan_change){PLAN_SET, column, value_add(in, &value), 0, NULL});
}

static bool is_number(const model_column *column)
{
    switch (column->type.type) {
    case IGNIS_TYPE_SMALLINT:
    case IGNIS_TYPE_INTEGER:
    case IGNIS_TYPE_BIGINT:
    case IGNIS_TYPE_REAL:
    case IGNIS_TYPE_DOUBLE:
    case IGNIS_TYPE_NUMERIC: return !column->type.array;
    default: return false;
    }
}

static ignis_code increment_read(changes_reader *in, const json_member *member)
{
    const model_column *column = model_column_get(in->entity, member->name, member->name_size);
    ignis_cell value;
    if (!column) return row_name_fail(in->ctx, in->entity, member, in->is_public);
    if (!is_number(column)) return refuse(in, member, "only numbers can be incremented");
    if (column->identity == IGNIS_IDENTITY_ALWAYS) {
        return row_value_read(in->ctx, in->memory, in->entity, column, &member->value, &value);
    }
    if (member->value.kind == JSON_NULL) return refuse(in, member, "an increment is a number");
    IGNIS_TRY(whole_claim(in, column, member));
    if (model_value_read(in->ctx, in->memory, column, &member->value, MODEL_VALUE_FILTER, &value) !=
        IGNIS_OK) {
        return context_path_name(in->ctx, member->name, member->name_size);
    }
    return change_add(in, &(plan_change){PLAN_ADD, column, value_add(in, &value), 0, NULL});
}

/* ---- steps into documents ------------------------------------------------------------------------ */

/* What is made for a component where nothing is. */
static char component_kind(bool is_bracket, const char *component, size_t size)
{
    int64_t index = 0;
    if (!is_bracket || !char_is_digit(component[0])) {
        if (!char_is_digit(component[0])) return 'o';
        return number_integer(component, size, &index) && index <= INT32_MAX ? 'o' : 'O';
    }
    return number_integer(component, size, &index) && index <= INT32_MAX ? 'a' : 'A';
}

/* One or more of .c and [c], c an identifier or digits; false: something else. At most PLAN_PATH_MAX
   components are read; *count tells how many there are. */
static bool components_read(const char *rest, size_t size, ignis_cell *components, char *kinds,
                            size_t *count)
{
    size_t at = 0;
    for (*count = 0; at < size; ++*count) {
        bool is_bracket = rest[at] == '[';
        if (!is_bracket && rest[at] != '.') return false;
        at++;
        size_t component = filter_step_size(rest + at, size - at);
        if (component == 0) return false;
        if (*count < PLAN_PATH_MAX) {
            components[*count] =
                (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = component, .as.text = rest + at};
            kinds[*count] = component_kind(is_bracket, rest + at, component);
        }
        at += component;
        if (is_bracket && (at == size || rest[at++] != ']')) return false;
    }
    return true;
}

/* The path behind the column's name; allow_none: the document itself will do. */
static ignis_code path_read(changes_reader *in, const json_member *member, bool allow_none,
                            plan_change *change)
{
    const model_column *column = change->column;
    const char *rest = member->name + column->name_size;
    ignis_cell *components = arena_array(in->memory, PLAN_PATH_MAX, sizeof(*components));
    char *kinds = arena_array(in->memory, PLAN_PATH_MAX + 1, 1);
    size_t count = 0;
    if (!components || !kinds) return context_fail_memory(in->ctx, in->memory);
    if (!model_column_is_document(column)) {
        return refuse(in, member, "a path into a column that holds no JSON");
    }
    bool is_path = components_read(rest, strlen(rest), components, kinds, &count);
    if (!is_path || (count == 0 && !allow_none)) {
        return refuse(in, member, "this is no JSON path");
    }
    if (count > PLAN_PATH_MAX || in->paths_count[column->index] == STEPS_MAX) {
        context_fail(in->ctx, IGNIS_E_LIMIT,
                     count > PLAN_PATH_MAX ? "a path of more than %d components"
                                           : "more than %d steps into one document",
                     count > PLAN_PATH_MAX ? PLAN_PATH_MAX : STEPS_MAX);
        return context_path_name(in->ctx, member->name, member->name_size);
    }
    if (in->is_whole[column->index]) return refuse(in, member, "the column is changed twice");
    in->paths_count[column->index]++;
    const ignis_cell path = {.kind = IGNIS_CELL_LIST, .size = count, .as.items = components};
    change->path_slot = value_add(in, &path);
    change->path_kinds = kinds;
    return IGNIS_OK;
}

/* The value as a document: null is JSON's. */
static ignis_code document_read(changes_reader *in, const json_member *member, ignis_cell *value)
{
    static const model_column document = {.type = {.type = IGNIS_TYPE_JSONB}};
    *value = (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = 4, .as.text = "null"};
    if (member->value.kind == JSON_NULL) return IGNIS_OK;
    if (model_value_read(in->ctx, in->memory, &document, &member->value, MODEL_VALUE_WRITE,
                         value) == IGNIS_OK) {
        return IGNIS_OK;
    }
    return context_path_name(in->ctx, member->name, member->name_size);
}

static size_t name_size(const json_member *member)
{
    return strcspn(member->name, ".[");
}

static ignis_code step_read(changes_reader *in, const json_member *member, plan_change_kind kind)
{
    plan_change change = {.kind = kind};
    change.column = model_column_get(in->entity, member->name, name_size(member));
    if (!change.column) return row_name_fail(in->ctx, in->entity, member, in->is_public);
    IGNIS_TRY(path_read(in, member, kind == PLAN_PATH_APPEND, &change));
    if (kind != PLAN_PATH_REMOVE) {
        ignis_cell value;
        IGNIS_TRY(document_read(in, member, &value));
        change.slot = value_add(in, &value);
    }
    return change_add(in, &change);
}

static ignis_code append_read(changes_reader *in, const json_member *member)
{
    return step_read(in, member, PLAN_PATH_APPEND);
}

/* ---- operators ----------------------------------------------------------------------------------- */

static ignis_code object_read(changes_reader *in, const json *value,
                              ignis_code (*read)(changes_reader *in, const json_member *member))
{
    if (value->kind != JSON_OBJECT) {
        return context_fail(in->ctx, IGNIS_E_INVALID, "expected an object by property, got %s",
                            json_kind_name(value));
    }
    for (size_t i = 0; i < value->count; i++)
        IGNIS_TRY(read(in, &value->as.members[i]));
    return IGNIS_OK;
}

/* A path or a list of them. */
static ignis_code remove_read(changes_reader *in, const json *value)
{
    const json *items = value->kind == JSON_ARRAY ? value->as.items : value;
    size_t count = value->kind == JSON_ARRAY ? value->count : 1;
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind != JSON_STRING) {
            return context_fail(in->ctx, IGNIS_E_INVALID, "expected a path, got %s",
                                json_kind_name(&items[i]));
        }
        const json_member member = {.name = items[i].as.text, .name_size = items[i].count};
        IGNIS_TRY(step_read(in, &member, PLAN_PATH_REMOVE));
    }
    return IGNIS_OK;
}

static const char *operator_at(const void *list, size_t i)
{
    static const char *const names[] = {"$increment", "$append", "$remove"};
    (void)list;
    return i < ARRAY_COUNT(names) ? names[i] : NULL;
}

bool row_is_operator(const char *name)
{
    const char *known;
    for (size_t i = 0; (known = operator_at(NULL, i)); i++) {
        if (strcmp(known, name) == 0) return true;
    }
    return false;
}

static ignis_code operator_read(changes_reader *in, const json_member *member)
{
    ignis_code code;
    if (strcmp(member->name, "$increment") == 0) {
        code = object_read(in, &member->value, increment_read);
    } else if (strcmp(member->name, "$append") == 0) {
        code = object_read(in, &member->value, append_read);
    } else if (strcmp(member->name, "$remove") == 0) {
        code = remove_read(in, &member->value);
    } else {
        char quoted[CONTEXT_QUOTE_SIZE];
        code = context_fail(in->ctx, IGNIS_E_INVALID, "unknown operator '%s' of an update",
                            context_quote(quoted, member->name, member->name_size));
        context_hint(in->ctx, names_nearest(member->name, member->name_size, operator_at, NULL));
    }
    if (code == IGNIS_OK) return IGNIS_OK;
    return context_path_name(in->ctx, member->name, member->name_size);
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static ignis_code member_read(changes_reader *in, const json_member *member)
{
    const model_column *column;
    if (member->name[0] == '$') return operator_read(in, member);
    column = model_column_get(in->entity, member->name, member->name_size);
    if (column) return whole_read(in, column, member);
    if (name_size(member) < member->name_size) return step_read(in, member, PLAN_PATH_SET);
    return row_name_fail(in->ctx, in->entity, member, in->is_public);
}

/* What generators make for columns that are not changed otherwise. */
static ignis_code generators_run(changes_reader *in)
{
    for (size_t i = 0; i < in->entity->columns_count; i++) {
        const model_column *column = &in->entity->columns[i];
        bool is_made;
        ignis_cell value;
        if (in->is_whole[i] || in->paths_count[i] > 0) continue;
        ignis_code code =
            row_generate(in->ctx, in->memory, column, ROW_ON_UPDATE, &is_made, &value);
        if (code != IGNIS_OK && !context_problem_keep(in->ctx)) return code;
        if (code != IGNIS_OK || !is_made) continue;
        plan_change_kind kind = column->on_update == IGNIS_GENERATE_VERSION ? PLAN_ADD : PLAN_SET;
        change_add(in, &(plan_change){kind, column, value_add(in, &value), 0, NULL});
    }
    return IGNIS_OK;
}

/* By column, so that updates of the same columns share a statement. */
static ignis_code changes_order(changes_reader *in)
{
    row_changes *changes = in->changes;
    plan_change *ordered = arena_array(in->memory, changes->count, sizeof(*ordered));
    size_t count = 0;
    if (!ordered) return context_fail_memory(in->ctx, in->memory);
    for (size_t i = 0; i < in->entity->columns_count; i++) {
        for (size_t k = 0; k < changes->count; k++) {
            if (changes->items[k].column->index == i) ordered[count++] = changes->items[k];
        }
    }
    changes->items = ordered;
    return IGNIS_OK;
}

/* Steps that data can ask for, those of generators with them. */
static size_t steps_max(const model_entity *entity, const json *data)
{
    size_t count = entity->columns_count;
    for (size_t i = 0; i < data->count; i++) {
        const json_member *member = &data->as.members[i];
        bool is_list = member->value.kind == JSON_OBJECT || member->value.kind == JSON_ARRAY;
        count += member->name[0] == '$' && is_list ? member->value.count : 1;
    }
    return count;
}

static ignis_code reader_start(changes_reader *in, const json *data)
{
    size_t max = steps_max(in->entity, data);
    *in->changes = (row_changes){0};
    in->changes->items = arena_array(in->memory, max, sizeof(*in->changes->items));
    in->changes->values = arena_array(in->memory, max, 2 * sizeof(*in->changes->values));
    in->is_whole = arena_array(in->memory, in->entity->columns_count, sizeof(*in->is_whole));
    in->paths_count = arena_array(in->memory, in->entity->columns_count, sizeof(*in->paths_count));
    bool is_ready = in->changes->items && in->changes->values && in->is_whole && in->paths_count;
    return is_ready ? IGNIS_OK : context_fail_memory(in->ctx, in->memory);
}

ignis_code row_changes_read(ignis_context *ctx, arena *memory, const model_entity *entity,
                            const json *data, const row_changes_options *options,
                            row_changes *changes)
{
    changes_reader in = {.ctx = ctx,
                         .memory = memory,
                         .entity = entity,
                         .is_public = options->is_public,
                         .slot_first = options->slot_first,
                         .changes = changes};
    context_problems_clear(ctx);
    if (data->kind != JSON_OBJECT) {
        return context_fail(ctx, IGNIS_E_INVALID, "the data of an update is an object, not %s",
                            json_kind_name(data));
    }
    IGNIS_TRY(reader_start(&in, data));
    for (size_t i = 0; i < data->count; i++) {
        ignis_code code = member_read(&in, &data->as.members[i]);
        if (code != IGNIS_OK && !context_problem_keep(ctx)) return code;
    }
    IGNIS_TRY(context_problems_end(ctx));
    if (changes->count == 0) {
        return context_fail(ctx, IGNIS_E_INVALID, "an update of %s that sets nothing",
                            entity->name);
    }
    IGNIS_TRY(generators_run(&in));
    IGNIS_TRY(context_problems_end(ctx));
    return changes_order(&in);
}
