/* Reads model JSON: one table of keys for each kind of object. */
#include "model/model.h"

const char *const model_json_generators[] = {
    "", "uuid", "uuidv7", "now", "currentUserId", "currentUserIdOrNull", "version", NULL};
const char *const model_json_actions[] = {"no action", "restrict",    "cascade",
                                          "set null",  "set default", NULL};
const char *const model_json_identities[] = {"", "always", "byDefault", "by default", NULL};

/* ---- columns --------------------------------------------------------------------------------- */

static ignis_code type_read(model_reader *in, const json *value, void *target)
{
    if (value->kind != JSON_STRING) return model_json_refuse_kind(in, value, "a string");
    ignis_type type = model_type_read(value->as.text, value->count);
    if (type == IGNIS_TYPE_NONE) {
        return model_json_refuse_word(in, value, "type",
                                      model_type_nearest(value->as.text, value->count));
    }
    *(ignis_type *)target = type;
    return IGNIS_OK;
}

static ignis_code identity_read(model_reader *in, const json *value, void *target)
{
    size_t index;
    IGNIS_TRY(model_json_choice(in, value, model_json_identities, &index));
    *(ignis_identity *)target = index == 1 ? IGNIS_IDENTITY_ALWAYS : IGNIS_IDENTITY_BY_DEFAULT;
    return IGNIS_OK;
}

static ignis_code generator_read(model_reader *in, const json *value, void *target)
{
    size_t index;
    IGNIS_TRY(model_json_choice(in, value, model_json_generators, &index));
    *(ignis_generator *)target = (ignis_generator)index;
    return IGNIS_OK;
}

static ignis_code length_read(model_reader *in, const json *value, void *target)
{
    int64_t length;
    IGNIS_TRY(model_json_integer(in, value, 1, MODEL_LENGTH_MAX, &length));
    *(int32_t *)target = (int32_t)length;
    return IGNIS_OK;
}

static ignis_code precision_read(model_reader *in, const json *value, void *target)
{
    int64_t precision;
    IGNIS_TRY(model_json_integer(in, value, 1, MODEL_PRECISION_MAX, &precision));
    *(int32_t *)target = (int32_t)precision;
    return IGNIS_OK;
}

static ignis_code scale_read(model_reader *in, const json *value, void *target)
{
    int64_t scale;
    ignis_column *column = target;
    IGNIS_TRY(model_json_integer(in, value, 0, MODEL_PRECISION_MAX, &scale));
    column->scale = (int32_t)scale;
    column->has_scale = true;
    return IGNIS_OK;
}

/* {"sql": "now()"} is an expression, null none, all else a literal. */
ignis_code model_json_default(model_reader *in, const json *value, void *target)
{
    ignis_column *column = target;
    const json *sql =
        value->kind == JSON_OBJECT && value->count == 1 ? json_get(value, "sql") : NULL;

    column->default_sql = NULL;
    column->default_json = NULL;
    if (value->kind == JSON_NULL) return IGNIS_OK;
    if (!sql) return model_json_text(in, value, &column->default_json);
    ignis_code code = model_json_string(in, sql, &column->default_sql);
    return code == IGNIS_OK ? IGNIS_OK : context_path(in->ctx, "sql");
}

static const model_json_key COLUMN_KEYS[] = {
    {"name", model_json_string, offsetof(ignis_column, name)},
    {"column", model_json_string, offsetof(ignis_column, column)},
    {"type", type_read, offsetof(ignis_column, type)},
    {"cast", model_json_string, offsetof(ignis_column, cast)},
    {"array", model_json_boolean, offsetof(ignis_column, array)},
    {"length", length_read, offsetof(ignis_column, length)},
    {"precision", precision_read, offsetof(ignis_column, precision)},
    {"scale", scale_read, 0},
    {"notNull", model_json_boolean, offsetof(ignis_column, not_null)},
    {"primaryKey", model_json_boolean, offsetof(ignis_column, primary_key)},
    {"unique", model_json_boolean, offsetof(ignis_column, unique)},
    {"identity", identity_read, offsetof(ignis_column, identity)},
    {"default", model_json_default, 0},
    {"defaultFn", generator_read, offsetof(ignis_column, default_fn)},
    {"onUpdate", generator_read, offsetof(ignis_column, on_update)},
    {"hidden", model_json_boolean, offsetof(ignis_column, hidden)},
    {"values", model_json_names, offsetof(ignis_column, values)},
    {NULL, NULL, 0},
};

static ignis_code column_read(model_reader *in, const json *value, ignis_column *columns,
                              size_t *count)
{
    if (value->kind == JSON_OBJECT && json_get(value, "enricher")) {
        return model_enricher_read(in, value, columns, count);
    }
    ignis_column *column = &columns[*count];
    IGNIS_TRY(model_json_object(in, value, COLUMN_KEYS, column));
    if (!column->name) return model_json_refuse(in, value, "a column has no name");
    if (!column->column) column->column = column->name;
    if (column->primary_key || column->identity) column->not_null = true;
    (*count)++;
    return IGNIS_OK;
}

static ignis_code columns_read(model_reader *in, const json *value, void *target)
{
    ignis_columns *columns = target;
    const char *outer = in->key;
    size_t count = 0;

    if (value->kind != JSON_ARRAY) return model_json_refuse_kind(in, value, "a list");
    if (value->count > MODEL_LIST_MAX) {
        return model_json_refuse(in, value, "%zu columns, the maximum is %d", value->count,
                                 MODEL_LIST_MAX);
    }
    ignis_column *items =
        arena_array(in->memory, value->count * MODEL_ENRICHER_COLUMNS_MAX, sizeof *items);
    if (!items) return context_fail_memory(in->ctx, in->memory);
    for (size_t i = 0; i < value->count; i++) {
        in->member = model_json_name(&value->as.items[i]);
        if (in->member) in->key = NULL;
        ignis_code code = column_read(in, &value->as.items[i], items, &count);
        in->member = NULL;
        in->key = outer;
        if (code != IGNIS_OK) return context_path(in->ctx, "[%zu]", i);
    }
    in->columns = items;
    *columns = (ignis_columns){items, count, sizeof *items};
    return IGNIS_OK;
}

/* ---- constraints and relations --------------------------------------------------------------- */

static ignis_code action_read(model_reader *in, const json *value, void *target)
{
    size_t index;
    IGNIS_TRY(model_json_choice(in, value, model_json_actions, &index));
    *(ignis_action *)target = (ignis_action)index;
    return IGNIS_OK;
}

static ignis_code deferrable_read(model_reader *in, const json *value, void *target)
{
    static const char *const words[] = {"", "immediate", "deferred", NULL};
    size_t index = 0;

    bool is_false = value->kind == JSON_BOOLEAN && !value->boolean;
    if (!is_false && value->kind != JSON_STRING) {
        return model_json_refuse_kind(in, value, "\"immediate\", \"deferred\" or false");
    }
    if (!is_false) IGNIS_TRY(model_json_choice(in, value, words, &index));
    *(ignis_deferrable *)target = (ignis_deferrable)index;
    return IGNIS_OK;
}

static ignis_code index_unique_read(model_reader *in, const json *value, void *target)
{
    bool is_unique;
    IGNIS_TRY(model_json_boolean(in, value, &is_unique));
    *(ignis_constraint_kind *)target =
        is_unique ? IGNIS_CONSTRAINT_UNIQUE_INDEX : IGNIS_CONSTRAINT_INDEX;
    return IGNIS_OK;
}

static const model_json_key REFERENCES_KEYS[] = {
    {"model", model_json_string, offsetof(ignis_constraint, target_name)},
    {"columns", model_json_names, offsetof(ignis_constraint, references)},
    {NULL, NULL, 0},
};

static ignis_code references_read(model_reader *in, const json *value, void *target)
{
    return model_json_object(in, value, REFERENCES_KEYS, target);
}

static const model_json_key UNIQUE_KEYS[] = {
    {"name", model_json_string, offsetof(ignis_constraint, name)},
    {"columns", model_json_names, offsetof(ignis_constraint, columns)},
    {NULL, NULL, 0},
};

static const model_json_key INDEX_KEYS[] = {
    {"name", model_json_string, offsetof(ignis_constraint, name)},
    {"columns", model_json_names, offsetof(ignis_constraint, columns)},
    {"unique", index_unique_read, offsetof(ignis_constraint, kind)},
    {NULL, NULL, 0},
};

static const model_json_key FOREIGN_KEY_KEYS[] = {
    {"name", model_json_string, offsetof(ignis_constraint, name)},
    {"columns", model_json_names, offsetof(ignis_constraint, columns)},
    {"references", references_read, 0},
    {"onDelete", action_read, offsetof(ignis_constraint, on_delete)},
    {"onUpdate", action_read, offsetof(ignis_constraint, on_update)},
    {"deferrable", deferrable_read, offsetof(ignis_constraint, deferrable)},
    {NULL, NULL, 0},
};

static const model_json_key CHECK_KEYS[] = {
    {"name", model_json_string, offsetof(ignis_constraint, name)},
    {"sql", model_json_string, offsetof(ignis_constraint, check_sql)},
    {NULL, NULL, 0},
};

static ignis_code constraints_read(model_reader *in, const json *value, const model_json_key *keys,
                                   ignis_constraint_kind kind, ignis_constraints *out)
{
    model_json_list list = {.keys = keys, .element_size = sizeof(ignis_constraint)};
    IGNIS_TRY(model_json_list_read(in, value, &list));
    ignis_constraint *items = list.items;
    for (size_t i = 0; i < list.count; i++) {
        if (!items[i].kind) items[i].kind = kind;
    }
    *out = (ignis_constraints){items, list.count, sizeof(ignis_constraint)};
    return IGNIS_OK;
}

static ignis_code uniques_read(model_reader *in, const json *value, void *target)
{
    return constraints_read(in, value, UNIQUE_KEYS, IGNIS_CONSTRAINT_UNIQUE, target);
}

static ignis_code indexes_read(model_reader *in, const json *value, void *target)
{
    return constraints_read(in, value, INDEX_KEYS, IGNIS_CONSTRAINT_INDEX, target);
}

static ignis_code foreign_keys_read(model_reader *in, const json *value, void *target)
{
    return constraints_read(in, value, FOREIGN_KEY_KEYS, IGNIS_CONSTRAINT_FOREIGN_KEY, target);
}

static ignis_code checks_read(model_reader *in, const json *value, void *target)
{
    return constraints_read(in, value, CHECK_KEYS, IGNIS_CONSTRAINT_CHECK, target);
}

static ignis_code relation_kind_read(model_reader *in, const json *value, void *target)
{
    static const char *const words[] = {"", "one", "many", NULL};
    size_t index;
    IGNIS_TRY(model_json_choice(in, value, words, &index));
    *(ignis_relation_kind *)target = (ignis_relation_kind)index;
    return IGNIS_OK;
}

static const model_json_key RELATION_KEYS[] = {
    {"name", model_json_string, offsetof(ignis_relation, name)},
    {"type", relation_kind_read, offsetof(ignis_relation, kind)},
    {"model", model_json_string, offsetof(ignis_relation, target_name)},
    {"fields", model_json_names, offsetof(ignis_relation, fields)},
    {"references", model_json_names, offsetof(ignis_relation, references)},
    {"relationName", model_json_string, offsetof(ignis_relation, relation_name)},
    {NULL, NULL, 0},
};

static ignis_code relations_read(model_reader *in, const json *value, void *target)
{
    ignis_relations *relations = target;
    model_json_list list = {.keys = RELATION_KEYS, .element_size = sizeof(ignis_relation)};
    IGNIS_TRY(model_json_list_read(in, value, &list));
    *relations = (ignis_relations){list.items, list.count, sizeof(ignis_relation)};
    return IGNIS_OK;
}

/* ---- models ---------------------------------------------------------------------------------- */

static ignis_code model_type_word_read(model_reader *in, const json *value, void *target)
{
    static const char *const words[] = {"entity", "view", NULL};
    size_t index;
    IGNIS_TRY(model_json_choice(in, value, words, &index));
    *(ignis_model_type *)target = (ignis_model_type)index;
    return IGNIS_OK;
}

static ignis_code filter_read(model_reader *in, const json *value, void *target)
{
    if (value->kind != JSON_OBJECT) return model_json_refuse_kind(in, value, "an object");
    return model_json_text(in, value, target);
}

static ignis_code limit_read(model_reader *in, const json *value, void *target)
{
    return model_json_integer(in, value, 1, INT64_MAX, target);
}

static const model_json_key SETTINGS_KEYS[] = {
    {"hiddenProperties", model_json_names, offsetof(ignis_model, hidden_properties)},
    {"defaultFilter", filter_read, offsetof(ignis_model, default_filter)},
    {"maxLimit", limit_read, offsetof(ignis_model, limit_max)},
    {"skipMigrate", model_json_boolean, offsetof(ignis_model, skip_migrate)},
    {"checkWrites", model_json_boolean, offsetof(ignis_model, check_writes)},
    {NULL, NULL, 0},
};

static ignis_code settings_read(model_reader *in, const json *value, void *target)
{
    return model_json_object(in, value, SETTINGS_KEYS, target);
}

static const model_json_key MODEL_KEYS[] = {
    {"name", model_json_string, offsetof(ignis_model, name)},
    {"type", model_type_word_read, offsetof(ignis_model, type)},
    {"table", model_json_string, offsetof(ignis_model, table)},
    {"schema", model_json_string, offsetof(ignis_model, schema)},
    {"settings", settings_read, 0},
    {"columns", columns_read, offsetof(ignis_model, columns)},
    {"uniques", uniques_read, offsetof(ignis_model, uniques)},
    {"indexes", indexes_read, offsetof(ignis_model, indexes)},
    {"foreignKeys", foreign_keys_read, offsetof(ignis_model, foreign_keys)},
    {"checks", checks_read, offsetof(ignis_model, checks)},
    {"relations", relations_read, offsetof(ignis_model, relations)},
    {NULL, NULL, 0},
};

static ignis_code model_read(model_reader *in, const json *value, ignis_model *model)
{
    const char *name = model_json_name(value);

    in->model = name ? name : "model";
    in->member = NULL;
    in->key = NULL;
    in->columns = NULL;
    model->struct_size = sizeof *model;
    IGNIS_TRY(model_json_object(in, value, MODEL_KEYS, model));
    if (!model->name) return model_json_refuse(in, value, "the name is missing");
    if (!model->table) model->table = model->name;
    return model_plain_hide(in->ctx, in->memory, in->columns, model);
}

static ignis_code models_read(model_reader *in, const json *root, const ignis_model ***models,
                              size_t *count)
{
    if (root->kind != JSON_OBJECT) return model_json_refuse_kind(in, root, "an object");
    for (size_t i = 0; i < root->count; i++) {
        const json_member *member = &root->as.members[i];
        char quoted[CONTEXT_QUOTE_SIZE];
        if (strcmp(member->name, "models") == 0) continue;
        (void)model_json_refuse(in, &member->value, "unknown key \"%s\"",
                                context_quote(quoted, member->name, member->name_size));
        context_hint(in->ctx, "models");
        return context_path(in->ctx, "%s", quoted);
    }
    const json *list = json_get(root, "models");
    if (!list) return model_json_refuse(in, root, "the key \"models\" is missing");
    if (list->kind != JSON_ARRAY) {
        (void)model_json_refuse_kind(in, list, "a list");
        return context_path(in->ctx, "models");
    }
    ignis_model *items = arena_array(in->memory, list->count, sizeof *items);
    const ignis_model **pointers = arena_array(in->memory, list->count, sizeof *pointers);
    if (!items || !pointers) return context_fail_memory(in->ctx, in->memory);
    for (size_t i = 0; i < list->count; i++) {
        ignis_code code = model_read(in, &list->as.items[i], &items[i]);
        if (code != IGNIS_OK) return context_path(in->ctx, "models[%zu]", i);
        pointers[i] = &items[i];
    }
    *models = pointers;
    *count = list->count;
    return IGNIS_OK;
}

/* The tree stays in the results: the models share its strings. */
static ignis_code text_to_models(ignis_context *ctx, const char *data, size_t size,
                                 const ignis_model ***models, size_t *count)
{
    model_reader in = {.ctx = ctx, .memory = context_results(ctx), .model = "models"};
    const json *root;
    IGNIS_TRY(json_read_context(ctx, in.memory, data, size, NULL, &root));
    return models_read(&in, root, models, count);
}

ignis_code ignis_models_from_json(ignis_context *ctx, const char *data, size_t size,
                                  const ignis_model *const **models, size_t *models_count)
{
    const ignis_model **read = NULL;
    size_t count = 0;

    context_error_clear(ctx);
    if (!data) return context_fail(ctx, IGNIS_E_INVALID, "the model JSON is NULL");
    if (size == 0) size = strlen(data);
    arena *results = context_results(ctx);
    ignis_mark mark = arena_mark(results);
    ignis_code code = text_to_models(ctx, data, size, &read, &count);
    arena_reset(&ctx->scratch);
    if (code != IGNIS_OK) {
        arena_release(results, mark);
        return code;
    }
    *models = read;
    *models_count = count;
    return IGNIS_OK;
}
