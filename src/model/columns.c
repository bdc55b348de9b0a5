/* Columns of an entity: types and their limits, defaults, generators, the primary key. */
#include "model/model.h"

#include <stdio.h>

static bool type_is_integer(ignis_type type)
{
    return type == IGNIS_TYPE_SMALLINT || type == IGNIS_TYPE_INTEGER || type == IGNIS_TYPE_BIGINT;
}

static bool type_is_text(ignis_type type)
{
    return type == IGNIS_TYPE_TEXT || type == IGNIS_TYPE_VARCHAR;
}

static ignis_code type_check(ignis_context *ctx, const char *model, const ignis_column *column)
{
    if (column->type == IGNIS_TYPE_NONE) {
        return model_refuse(ctx, model, column->name, "the column has no type");
    }
    if ((unsigned)column->type > (unsigned)IGNIS_TYPE_OTHER) {
        return model_refuse(ctx, model, column->name, "unknown type %u", (unsigned)column->type);
    }
    bool has_cast = column->cast && *column->cast;
    if (column->type == IGNIS_TYPE_OTHER && !has_cast) {
        return model_refuse(ctx, model, column->name, "a column of type other needs a cast");
    }
    if (column->type != IGNIS_TYPE_OTHER && has_cast) {
        return model_refuse(ctx, model, column->name, "cast is for columns of type other");
    }
    if (has_cast && !utf8_is_valid(column->cast, strlen(column->cast))) {
        return model_refuse(ctx, model, column->name, "the cast is not UTF-8");
    }
    return IGNIS_OK;
}

static ignis_code size_check(ignis_context *ctx, const char *model, const ignis_column *column)
{
    if (column->length != 0 && column->type != IGNIS_TYPE_VARCHAR) {
        return model_refuse(ctx, model, column->name, "length is for varchar columns");
    }
    if (column->length < 0 || column->length > MODEL_LENGTH_MAX) {
        return model_refuse(ctx, model, column->name, "length %d is not within 1 and %d",
                            (int)column->length, MODEL_LENGTH_MAX);
    }
    bool has_precision = column->precision != 0 || column->has_scale;
    if (!has_precision) return IGNIS_OK;
    if (column->type != IGNIS_TYPE_NUMERIC) {
        return model_refuse(ctx, model, column->name,
                            "precision and scale are for numeric columns");
    }
    if (column->precision == 0) {
        return model_refuse(ctx, model, column->name, "a scale needs a precision");
    }
    if (column->precision < 1 || column->precision > MODEL_PRECISION_MAX) {
        return model_refuse(ctx, model, column->name, "precision %d is not within 1 and %d",
                            (int)column->precision, MODEL_PRECISION_MAX);
    }
    if (column->scale < 0 || column->scale > column->precision) {
        return model_refuse(ctx, model, column->name, "scale %d is not within 0 and precision %d",
                            (int)column->scale, (int)column->precision);
    }
    return IGNIS_OK;
}

static bool generator_fits(ignis_generator generator, const ignis_column *column)
{
    bool is_text = type_is_text(column->type);
    switch (generator) {
    case IGNIS_GENERATE_NONE: return true;
    case IGNIS_GENERATE_UUID:
    case IGNIS_GENERATE_UUID_V7:
        if (column->length != 0 && column->length < UUID_TEXT_SIZE) return false;
        return !column->array && (is_text || column->type == IGNIS_TYPE_UUID);
    case IGNIS_GENERATE_NOW: return !column->array && time_is_type(column->type);
    case IGNIS_GENERATE_CURRENT_USER:
    case IGNIS_GENERATE_CURRENT_USER_OR_NULL:
        return !column->array &&
               (is_text || column->type == IGNIS_TYPE_UUID || type_is_integer(column->type));
    case IGNIS_GENERATE_VERSION: return !column->array && type_is_integer(column->type);
    }
    return false;
}

static ignis_code generators_check(ignis_context *ctx, const char *model,
                                   const ignis_column *column)
{
    if (!generator_fits(column->default_fn, column)) {
        return model_refuse(ctx, model, column->name,
                            "this defaultFn makes no value for a column of this type");
    }
    if (!generator_fits(column->on_update, column)) {
        return model_refuse(ctx, model, column->name,
                            "this onUpdate makes no value for a column of this type");
    }
    if (column->identity == IGNIS_IDENTITY_NONE) return IGNIS_OK;
    if ((unsigned)column->identity > (unsigned)IGNIS_IDENTITY_BY_DEFAULT) {
        return model_refuse(ctx, model, column->name, "unknown identity %u",
                            (unsigned)column->identity);
    }
    if (column->array || !type_is_integer(column->type)) {
        return model_refuse(ctx, model, column->name,
                            "identity is for smallint, integer and bigint columns");
    }
    bool is_generated =
        column->default_fn || column->on_update || column->generate || column->generate_update;
    if (column->default_json || column->default_sql || is_generated) {
        return model_refuse(ctx, model, column->name,
                            "an identity column has no default and no generator");
    }
    return IGNIS_OK;
}

/* The error of the call before, named and pathed as the column's default. */
static ignis_code default_fail(model_build *in, const char *model, const char *property,
                               ignis_code code)
{
    char detail[CONTEXT_MESSAGE_MAX];

    if (code != IGNIS_E_INVALID && code != IGNIS_E_LIMIT) return code;
    (void)snprintf(detail, sizeof detail, "%s", in->ctx->message);
    return model_refuse(in->ctx, model, property, "default: %s", detail);
}

static ignis_code default_build(model_build *in, const model_entity *entity,
                                const ignis_column *from, model_column *to)
{
    if (from->default_json && from->default_sql) {
        return model_refuse(in->ctx, entity->name, to->name,
                            "a default is a literal or an expression, not both");
    }
    if (from->default_sql) {
        size_t size = strlen(from->default_sql);
        if (size == 0 || !utf8_is_valid(from->default_sql, size)) {
            return model_refuse(in->ctx, entity->name, to->name,
                                "the SQL of the default is empty or not UTF-8");
        }
        to->default_sql = arena_copy(in->memory, from->default_sql, size);
        return to->default_sql ? IGNIS_OK : context_fail_memory(in->ctx, in->memory);
    }
    if (!from->default_json) return IGNIS_OK;
    const json *literal;
    ignis_cell cell;
    ignis_code code = json_read_context(in->ctx, in->memory, from->default_json,
                                        strlen(from->default_json), NULL, &literal);
    if (code == IGNIS_OK && literal->kind != JSON_NULL) {
        code = model_value_read(in->ctx, in->scratch, to, literal, MODEL_VALUE_WRITE, &cell);
    }
    if (code != IGNIS_OK) return default_fail(in, entity->name, to->name, code);
    if (literal->kind != JSON_NULL) to->default_literal = literal;
    return IGNIS_OK;
}

const char *model_key_text(arena *memory, const char *name, size_t *size)
{
    text out;
    text_init(&out, memory, 0);
    json_write_string(&out, name, strlen(name));
    text_char(&out, ':');
    *size = out.size;
    return text_finish(&out);
}

static ignis_code strings_copy(model_build *in, const ignis_column *from, model_column *to)
{
    to->name_size = strlen(from->name);
    to->name = arena_copy(in->memory, from->name, to->name_size);
    to->column = arena_copy(in->memory, from->column, strlen(from->column));
    to->key = model_key_text(in->memory, from->name, &to->key_size);
    if (from->cast && *from->cast) {
        to->type.cast = arena_copy(in->memory, from->cast, strlen(from->cast));
        if (!to->type.cast) return context_fail_memory(in->ctx, in->memory);
    }
    if (from->member) {
        to->member = arena_copy(in->memory, from->member, strlen(from->member));
        if (!to->member) return context_fail_memory(in->ctx, in->memory);
    }
    if (to->name && to->column && to->key) return IGNIS_OK;
    return context_fail_memory(in->ctx, in->memory);
}

/* What a member of a C struct cannot hold would be lost when a row is read. */
static ignis_code kind_check(ignis_context *ctx, const char *model, const ignis_column *column)
{
    ignis_kind kind = (ignis_kind)column->kind;
    if (kind == IGNIS_KIND_NONE) return IGNIS_OK;
    if (model_kind_size(kind) == 0) {
        return model_refuse(ctx, model, column->name, "unknown kind %u", (unsigned)kind);
    }
    if (!model_kind_holds(kind, column->type)) {
        return model_refuse(ctx, model, column->name,
                            "the C type of the member does not hold every %s",
                            model_type_name(column->type));
    }
    if (column->not_null || column->array || model_kind_is_nullable(kind)) return IGNIS_OK;
    return model_refuse(ctx, model, column->name,
                        "the member cannot hold NULL: let the column be .not_null, or the member "
                        "an ignis_maybe type");
}

static ignis_code column_build(model_build *in, const model_entity *entity,
                               const ignis_column *from, model_column *to)
{
    IGNIS_TRY(type_check(in->ctx, entity->name, from));
    IGNIS_TRY(size_check(in->ctx, entity->name, from));
    IGNIS_TRY(generators_check(in->ctx, entity->name, from));
    to->type = (ignis_value_type){.type = from->type, .array = from->array};
    to->not_null = from->not_null;
    to->primary_key = from->primary_key;
    to->hidden = from->hidden;
    to->has_scale = from->has_scale;
    to->identity = from->identity;
    to->length = from->length;
    to->precision = from->precision;
    to->scale = from->scale;
    to->default_fn = from->default_fn;
    to->on_update = from->on_update;
    to->generate = from->generate;
    to->generate_update = from->generate_update;
    to->generate_data = from->generate_data;
    to->offset = from->offset;
    to->count_offset = from->count_offset;
    to->kind = (ignis_kind)from->kind;
    IGNIS_TRY(kind_check(in->ctx, entity->name, from));
    IGNIS_TRY(strings_copy(in, from, to));
    IGNIS_TRY(model_listed_build(in, entity->name, from, to));
    return default_build(in, entity, from, to);
}

/* Enters a column into the three maps; a name that is taken is an error. */
static ignis_code column_enter(model_build *in, model_entity *entity, const ignis_column *from,
                               model_column *to)
{
    const char *key = model_plain_key(from);
    size_t column_size = strlen(to->column);
    map *keys = &in->keys[entity->index];

    const model_column *taken = map_get(&entity->columns_by_name, to->name, to->name_size);
    if (taken) {
        return model_refuse(in->ctx, entity->name, to->name,
                            "two columns have this property, \"%s\" and \"%s\" in SQL",
                            taken->column, to->column);
    }
    taken = map_get(&entity->columns_by_sql, to->column, column_size);
    if (taken) {
        return model_refuse(in->ctx, entity->name, to->name,
                            "the SQL column \"%s\" is the property \"%s\" already", to->column,
                            taken->name);
    }
    if (map_get(keys, key, strlen(key))) {
        return model_refuse(in->ctx, entity->name, to->name,
                            "another column goes by the name \"%s\"", key);
    }
    if (to->member &&
        !map_put(&entity->columns_by_member, in->memory, to->member, strlen(to->member), to)) {
        return context_fail_memory(in->ctx, in->memory);
    }
    if (map_put(&entity->columns_by_name, in->memory, to->name, to->name_size, to) &&
        map_put(&entity->columns_by_sql, in->memory, to->column, column_size, to)) {
        if (map_put(keys, in->scratch, key, strlen(key), to)) return IGNIS_OK;
        return context_fail_memory(in->ctx, in->scratch);
    }
    return context_fail_memory(in->ctx, in->memory);
}

static ignis_code primary_key_build(model_build *in, model_entity *entity)
{
    const model_column **items = arena_array(in->memory, MODEL_KEY_MAX, sizeof *items);
    if (!items) return context_fail_memory(in->ctx, in->memory);
    entity->primary_key.items = items;
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        if (!column->primary_key) continue;
        if (column->type.array || column->type.type == IGNIS_TYPE_JSON ||
            column->type.type == IGNIS_TYPE_JSONB) {
            return model_refuse(in->ctx, entity->name, column->name,
                                "an array or document cannot be part of the primary key");
        }
        if (entity->primary_key.count == MODEL_KEY_MAX) {
            return model_refuse(in->ctx, entity->name, column->name,
                                "the primary key has more than %d columns", MODEL_KEY_MAX);
        }
        items[entity->primary_key.count++] = column;
    }
    return IGNIS_OK;
}

ignis_code model_columns_build(model_build *in, model_entity *entity)
{
    const ignis_columns *from = &in->plains[entity->index].columns;

    if (from->count == 0) {
        return model_refuse(in->ctx, entity->name, NULL, "the model has no columns");
    }
    entity->columns = arena_array(in->memory, from->count, sizeof *entity->columns);
    if (!entity->columns) return context_fail_memory(in->ctx, in->memory);
    for (size_t i = 0; i < from->count; i++) {
        model_column *column = &entity->columns[i];
        column->index = (uint32_t)i;
        ignis_code code = column_build(in, entity, &from->items[i], column);
        if (code == IGNIS_OK) code = column_enter(in, entity, &from->items[i], column);
        if (code != IGNIS_OK) return context_path(in->ctx, "columns[%zu]", i);
        entity->columns_count++;
    }
    return primary_key_build(in, entity);
}

bool model_columns_related(const model_column *a, const model_column *b)
{
    ignis_type one = a->type.type;
    ignis_type other = b->type.type;

    if (a->type.array || b->type.array) return false;
    if (one == IGNIS_TYPE_JSON || one == IGNIS_TYPE_JSONB) return false;
    if (type_is_integer(one)) return type_is_integer(other);
    if (type_is_text(one)) return type_is_text(other);
    if (one == IGNIS_TYPE_OTHER && other == IGNIS_TYPE_OTHER) {
        return strcmp(a->type.cast, b->type.cast) == 0;
    }
    return one == other;
}
