/* Writes a model as model JSON: one order of keys and one form, so that models equal in meaning
   give equal text. */
#include "model/model.h"

typedef struct model_writer {
    ignis_context *ctx;
    json_writer out;
    const ignis_model *plain;
} model_writer;

static void string_write(model_writer *to, const char *key, const char *value)
{
    json_key(&to->out, key);
    json_put_string(&to->out, value);
}

static void boolean_write(model_writer *to, const char *key, bool value)
{
    json_key(&to->out, key);
    json_put_boolean(&to->out, value);
}

static void integer_write(model_writer *to, const char *key, int64_t value)
{
    json_key(&to->out, key);
    json_put_integer(&to->out, value);
}

/* The word of an enum's value; NULL: there is none. */
static const char *word_of(const char *const *words, unsigned value)
{
    for (unsigned i = 0; words[i]; i++) {
        if (i == value) return words[i];
    }
    return NULL;
}

static ignis_code word_write(model_writer *to, const char *key, const char *const *words,
                             unsigned value)
{
    const char *word = word_of(words, value);
    if (!word) return model_refuse(to->ctx, to->plain->name, key, "unknown value %u", value);
    string_write(to, key, word);
    return IGNIS_OK;
}

/* JSON text of the model, made compact. */
static ignis_code json_text_write(model_writer *to, const char *key, const char *data)
{
    const json *value;
    json_fault fault = {0};
    arena *scratch = &to->ctx->scratch;

    ignis_code code = json_read(scratch, data, strlen(data), NULL, &value, &fault);
    if (code == IGNIS_E_MEMORY) return context_fail_memory(to->ctx, scratch);
    if (code != IGNIS_OK) {
        return model_refuse(to->ctx, to->plain->name, key, "%s at byte %zu",
                            fault.message ? fault.message : "not JSON", fault.position);
    }
    text compact;
    text_init(&compact, scratch, 0);
    json_write_value(&compact, value);
    const char *written = text_finish(&compact);
    if (!written) return context_fail_memory(to->ctx, scratch);
    json_key(&to->out, key);
    json_put_raw(&to->out, written, compact.size);
    return IGNIS_OK;
}

/* Keys of a C model are members, of a model from JSON properties; both are written as properties.
   owner NULL: not at hand, the names stay. */
static void names_write(model_writer *to, const char *key, const ignis_names *names,
                        const ignis_model *owner)
{
    json_key(&to->out, key);
    json_begin_array(&to->out);
    for (size_t i = 0; i < names->count; i++) {
        const ignis_column *column = owner ? model_plain_column(owner, names->items[i]) : NULL;
        json_put_string(&to->out, column ? column->name : names->items[i]);
    }
    json_end_array(&to->out);
}

/* ---- columns --------------------------------------------------------------------------------- */

static ignis_code column_default_write(model_writer *to, const ignis_column *column)
{
    if (column->default_sql) {
        json_key(&to->out, "default");
        json_begin_object(&to->out);
        string_write(to, "sql", column->default_sql);
        json_end_object(&to->out);
        return IGNIS_OK;
    }
    if (!column->default_json || strcmp(column->default_json, "null") == 0) return IGNIS_OK;
    return json_text_write(to, "default", column->default_json);
}

static ignis_code column_write(model_writer *to, const ignis_column *column)
{
    json_begin_object(&to->out);
    string_write(to, "name", column->name);
    string_write(to, "column", column->column);
    if (column->type != IGNIS_TYPE_NONE) {
        string_write(to, "type", model_type_name(column->type));
    }
    if (column->cast && *column->cast) string_write(to, "cast", column->cast);
    if (column->array) boolean_write(to, "array", true);
    if (column->length) integer_write(to, "length", column->length);
    if (column->precision) integer_write(to, "precision", column->precision);
    if (column->has_scale) integer_write(to, "scale", column->scale);
    boolean_write(to, "notNull", column->not_null);
    boolean_write(to, "primaryKey", column->primary_key);
    if (column->unique) boolean_write(to, "unique", true);
    if (column->identity) {
        IGNIS_TRY(word_write(to, "identity", model_json_identities, column->identity));
    }
    IGNIS_TRY(column_default_write(to, column));
    if (column->default_fn) {
        IGNIS_TRY(word_write(to, "defaultFn", model_json_generators, column->default_fn));
    }
    if (column->on_update) {
        IGNIS_TRY(word_write(to, "onUpdate", model_json_generators, column->on_update));
    }
    if (column->values.count > 0) names_write(to, "values", &column->values, NULL);
    json_end_object(&to->out);
    return IGNIS_OK;
}

/* ---- constraints and relations --------------------------------------------------------------- */

/* The plain form of a target in scratch. NULL: only its name is known. */
static ignis_code target_plain(model_writer *to, const ignis_model *target,
                               const ignis_model **plain)
{
    *plain = NULL;
    if (!target) return IGNIS_OK;
    ignis_model *made = arena_array(&to->ctx->scratch, 1, sizeof *made);
    if (!made) return context_fail_memory(to->ctx, &to->ctx->scratch);
    IGNIS_TRY(model_plain(to->ctx, &to->ctx->scratch, target, made));
    *plain = made;
    return IGNIS_OK;
}

static ignis_code foreign_key_write(model_writer *to, const ignis_constraint *constraint)
{
    static const char *const deferrables[] = {"", "immediate", "deferred", NULL};
    const ignis_model *target;

    IGNIS_TRY(target_plain(to, constraint->target, &target));
    names_write(to, "columns", &constraint->columns, to->plain);
    json_key(&to->out, "references");
    json_begin_object(&to->out);
    string_write(to, "model", constraint->target_name);
    names_write(to, "columns", &constraint->references, target);
    json_end_object(&to->out);
    IGNIS_TRY(word_write(to, "onDelete", model_json_actions, constraint->on_delete));
    if (constraint->on_update) {
        IGNIS_TRY(word_write(to, "onUpdate", model_json_actions, constraint->on_update));
    }
    if (!constraint->deferrable) return IGNIS_OK;
    return word_write(to, "deferrable", deferrables, constraint->deferrable);
}

static ignis_code constraint_write(model_writer *to, ignis_constraint_kind kind,
                                   const ignis_constraint *constraint)
{
    json_begin_object(&to->out);
    if (constraint->name) string_write(to, "name", constraint->name);
    switch (kind) {
    case IGNIS_CONSTRAINT_FOREIGN_KEY: IGNIS_TRY(foreign_key_write(to, constraint)); break;
    case IGNIS_CONSTRAINT_CHECK: string_write(to, "sql", constraint->check_sql); break;
    case IGNIS_CONSTRAINT_INDEX:
    case IGNIS_CONSTRAINT_UNIQUE_INDEX:
        names_write(to, "columns", &constraint->columns, to->plain);
        boolean_write(to, "unique", constraint->kind == IGNIS_CONSTRAINT_UNIQUE_INDEX);
        break;
    case IGNIS_CONSTRAINT_UNIQUE:
        names_write(to, "columns", &constraint->columns, to->plain);
        break;
    }
    json_end_object(&to->out);
    return IGNIS_OK;
}

static ignis_code constraints_write(model_writer *to, const char *key, ignis_constraint_kind kind,
                                    const ignis_constraints *constraints)
{
    json_key(&to->out, key);
    json_begin_array(&to->out);
    for (size_t i = 0; i < constraints->count; i++) {
        IGNIS_TRY(constraint_write(to, kind, &constraints->items[i]));
    }
    json_end_array(&to->out);
    return IGNIS_OK;
}

/* What a many relation of a C model says by a member of the target's struct. */
static void inverse_take(ignis_relation *relation, const ignis_model *target)
{
    if (!relation->inverse || !target) return;
    for (size_t i = 0; i < target->relations.count; i++) {
        const ignis_relation *one = &target->relations.items[i];
        if (!one->member || strcmp(one->member, relation->inverse) != 0) continue;
        relation->relation_name = one->name;
        relation->fields = one->references;
        relation->references = one->fields;
    }
}

static ignis_code relation_write(model_writer *to, const ignis_relation *given)
{
    static const char *const kinds[] = {"", "one", "many", NULL};
    const ignis_model *target;
    ignis_relation own = *given;
    const ignis_relation *relation = &own;

    IGNIS_TRY(target_plain(to, relation->target, &target));
    inverse_take(&own, target);
    json_begin_object(&to->out);
    string_write(to, "name", relation->name);
    IGNIS_TRY(word_write(to, "type", kinds, relation->kind));
    string_write(to, "model", relation->target_name);
    if (relation->fields.count > 0) names_write(to, "fields", &relation->fields, to->plain);
    if (relation->references.count > 0)
        names_write(to, "references", &relation->references, target);
    if (relation->relation_name) string_write(to, "relationName", relation->relation_name);
    json_end_object(&to->out);
    return IGNIS_OK;
}

/* ---- models ---------------------------------------------------------------------------------- */

static ignis_code settings_write(model_writer *to)
{
    const ignis_model *plain = to->plain;

    json_key(&to->out, "settings");
    json_begin_object(&to->out);
    names_write(to, "hiddenProperties", &plain->hidden_properties, NULL);
    if (plain->default_filter) {
        IGNIS_TRY(json_text_write(to, "defaultFilter", plain->default_filter));
    }
    if (plain->limit_max > 0) integer_write(to, "maxLimit", plain->limit_max);
    if (plain->skip_migrate) boolean_write(to, "skipMigrate", true);
    if (plain->check_writes) boolean_write(to, "checkWrites", true);
    json_end_object(&to->out);
    return IGNIS_OK;
}

static ignis_code columns_write(model_writer *to)
{
    json_key(&to->out, "columns");
    json_begin_array(&to->out);
    for (size_t i = 0; i < to->plain->columns.count; i++) {
        IGNIS_TRY(column_write(to, &to->plain->columns.items[i]));
    }
    json_end_array(&to->out);
    return IGNIS_OK;
}

static ignis_code relations_write(model_writer *to)
{
    json_key(&to->out, "relations");
    json_begin_array(&to->out);
    for (size_t i = 0; i < to->plain->relations.count; i++) {
        IGNIS_TRY(relation_write(to, &to->plain->relations.items[i]));
    }
    json_end_array(&to->out);
    return IGNIS_OK;
}

static ignis_code model_write(model_writer *to)
{
    static const char *const types[] = {"entity", "view", NULL};
    const ignis_model *plain = to->plain;

    json_begin_object(&to->out);
    string_write(to, "name", plain->name);
    IGNIS_TRY(word_write(to, "type", types, plain->type));
    string_write(to, "table", plain->table);
    if (plain->schema) string_write(to, "schema", plain->schema);
    IGNIS_TRY(settings_write(to));
    IGNIS_TRY(columns_write(to));
    IGNIS_TRY(constraints_write(to, "uniques", IGNIS_CONSTRAINT_UNIQUE, &plain->uniques));
    IGNIS_TRY(constraints_write(to, "indexes", IGNIS_CONSTRAINT_INDEX, &plain->indexes));
    IGNIS_TRY(
        constraints_write(to, "foreignKeys", IGNIS_CONSTRAINT_FOREIGN_KEY, &plain->foreign_keys));
    if (plain->checks.count > 0) {
        IGNIS_TRY(constraints_write(to, "checks", IGNIS_CONSTRAINT_CHECK, &plain->checks));
    }
    IGNIS_TRY(relations_write(to));
    json_end_object(&to->out);
    return IGNIS_OK;
}

static ignis_code model_to_text(ignis_context *ctx, const ignis_model *model, const char **written)
{
    ignis_model plain;
    text out;

    IGNIS_TRY(model_plain(ctx, &ctx->scratch, model, &plain));
    text_init(&out, context_results(ctx), 0);
    model_writer to = {.ctx = ctx, .out = {.out = &out}, .plain = &plain};
    IGNIS_TRY(model_write(&to));
    const char *finished = text_finish(&out);
    if (!finished) return context_fail_memory(ctx, out.memory);
    *written = finished;
    return IGNIS_OK;
}

ignis_code ignis_model_to_json(ignis_context *ctx, const ignis_model *model, const char **written)
{
    context_error_clear(ctx);
    arena *results = context_results(ctx);
    ignis_mark mark = arena_mark(results);
    ignis_code code = model_to_text(ctx, model, written);
    arena_reset(&ctx->scratch);
    if (code != IGNIS_OK) arena_release(results, mark);
    return code;
}
