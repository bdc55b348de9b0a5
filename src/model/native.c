/* native: members of C structs and the values that C programs hand over. */
#include "model/model.h"

#include <math.h>

typedef struct kind_facts {
    size_t size;
    ignis_type type; /* the usual one; NONE: the kind of no member */
    bool is_nullable;
} kind_facts;

static const kind_facts kinds[] = {
    [IGNIS_KIND_BOOL] = {sizeof(bool), IGNIS_TYPE_BOOLEAN, false},
    [IGNIS_KIND_INT16] = {sizeof(int16_t), IGNIS_TYPE_SMALLINT, false},
    [IGNIS_KIND_INT32] = {sizeof(int32_t), IGNIS_TYPE_INTEGER, false},
    [IGNIS_KIND_INT64] = {sizeof(int64_t), IGNIS_TYPE_BIGINT, false},
    [IGNIS_KIND_FLOAT] = {sizeof(float), IGNIS_TYPE_REAL, false},
    [IGNIS_KIND_DOUBLE] = {sizeof(double), IGNIS_TYPE_DOUBLE, false},
    [IGNIS_KIND_TEXT] = {sizeof(const char *), IGNIS_TYPE_TEXT, true},
    [IGNIS_KIND_BYTES] = {sizeof(ignis_bytes), IGNIS_TYPE_BYTEA, true},
    [IGNIS_KIND_JSON] = {sizeof(ignis_json), IGNIS_TYPE_JSONB, true},
    [IGNIS_KIND_NUMERIC] = {sizeof(ignis_numeric), IGNIS_TYPE_NUMERIC, true},
    [IGNIS_KIND_DATE] = {sizeof(ignis_date), IGNIS_TYPE_DATE, false},
    [IGNIS_KIND_TIMESTAMP] = {sizeof(ignis_timestamp), IGNIS_TYPE_TIMESTAMPTZ, false},
    [IGNIS_KIND_MAYBE_BOOL] = {sizeof(ignis_maybe_bool), IGNIS_TYPE_BOOLEAN, true},
    [IGNIS_KIND_MAYBE_INT16] = {sizeof(ignis_maybe_int16), IGNIS_TYPE_SMALLINT, true},
    [IGNIS_KIND_MAYBE_INT32] = {sizeof(ignis_maybe_int32), IGNIS_TYPE_INTEGER, true},
    [IGNIS_KIND_MAYBE_INT64] = {sizeof(ignis_maybe_int64), IGNIS_TYPE_BIGINT, true},
    [IGNIS_KIND_MAYBE_FLOAT] = {sizeof(ignis_maybe_float), IGNIS_TYPE_REAL, true},
    [IGNIS_KIND_MAYBE_DOUBLE] = {sizeof(ignis_maybe_double), IGNIS_TYPE_DOUBLE, true},
    [IGNIS_KIND_MAYBE_DATE] = {sizeof(ignis_maybe_date), IGNIS_TYPE_DATE, true},
    [IGNIS_KIND_MAYBE_TIMESTAMP] = {sizeof(ignis_maybe_timestamp), IGNIS_TYPE_TIMESTAMPTZ, true},
};

static const kind_facts *facts_of(ignis_kind kind)
{
    size_t index = (size_t)kind;
    return &kinds[index < ARRAY_COUNT(kinds) ? index : IGNIS_KIND_NONE];
}

size_t model_kind_size(ignis_kind kind)
{
    return facts_of(kind)->size;
}

ignis_type model_kind_type(ignis_kind kind)
{
    return facts_of(kind)->type;
}

bool model_kind_is_nullable(ignis_kind kind)
{
    return facts_of(kind)->is_nullable;
}

bool model_kind_holds(ignis_kind kind, ignis_type type)
{
    ignis_type own = model_kind_type(kind);
    switch (own) {
    case IGNIS_TYPE_INTEGER: return type == own || type == IGNIS_TYPE_SMALLINT;
    case IGNIS_TYPE_BIGINT:
        return type == own || type == IGNIS_TYPE_INTEGER || type == IGNIS_TYPE_SMALLINT;
    case IGNIS_TYPE_DOUBLE: return type == own || type == IGNIS_TYPE_REAL;
    case IGNIS_TYPE_TEXT:
        return type == own || type == IGNIS_TYPE_VARCHAR || type == IGNIS_TYPE_UUID ||
               type == IGNIS_TYPE_OTHER;
    case IGNIS_TYPE_JSONB: return type == own || type == IGNIS_TYPE_JSON;
    case IGNIS_TYPE_TIMESTAMPTZ: return type == own || type == IGNIS_TYPE_TIMESTAMP;
    default: return type == own;
    }
}

/* ---- members of structs ------------------------------------------------------------------------ */

static ignis_value scalar_value(ignis_kind kind, const char *at)
{
    switch (kind) {
    case IGNIS_KIND_BOOL: return ignis_value_bool(*(const bool *)at);
    case IGNIS_KIND_INT16: return ignis_value_integer(*(const int16_t *)(const void *)at);
    case IGNIS_KIND_INT32: return ignis_value_integer(*(const int32_t *)(const void *)at);
    case IGNIS_KIND_INT64: return ignis_value_integer(*(const int64_t *)(const void *)at);
    case IGNIS_KIND_FLOAT: return ignis_value_float(*(const float *)(const void *)at);
    case IGNIS_KIND_DOUBLE: return ignis_value_double(*(const double *)(const void *)at);
    case IGNIS_KIND_TEXT: return ignis_value_text(*(const char *const *)(const void *)at);
    case IGNIS_KIND_BYTES: return ignis_value_bytes(*(const ignis_bytes *)(const void *)at);
    case IGNIS_KIND_JSON: return ignis_value_json(*(const ignis_json *)(const void *)at);
    case IGNIS_KIND_NUMERIC: return ignis_value_numeric(*(const ignis_numeric *)(const void *)at);
    case IGNIS_KIND_DATE: return ignis_value_date(*(const ignis_date *)(const void *)at);
    case IGNIS_KIND_TIMESTAMP:
        return ignis_value_timestamp(*(const ignis_timestamp *)(const void *)at);
    case IGNIS_KIND_MAYBE_BOOL:
        return ignis_value_maybe_bool(*(const ignis_maybe_bool *)(const void *)at);
    case IGNIS_KIND_MAYBE_INT16:
        return ignis_value_maybe_int16(*(const ignis_maybe_int16 *)(const void *)at);
    case IGNIS_KIND_MAYBE_INT32:
        return ignis_value_maybe_int32(*(const ignis_maybe_int32 *)(const void *)at);
    case IGNIS_KIND_MAYBE_INT64:
        return ignis_value_maybe_int64(*(const ignis_maybe_int64 *)(const void *)at);
    case IGNIS_KIND_MAYBE_FLOAT:
        return ignis_value_maybe_float(*(const ignis_maybe_float *)(const void *)at);
    case IGNIS_KIND_MAYBE_DOUBLE:
        return ignis_value_maybe_double(*(const ignis_maybe_double *)(const void *)at);
    case IGNIS_KIND_MAYBE_DATE:
        return ignis_value_maybe_date(*(const ignis_maybe_date *)(const void *)at);
    case IGNIS_KIND_MAYBE_TIMESTAMP:
        return ignis_value_maybe_timestamp(*(const ignis_maybe_timestamp *)(const void *)at);
    case IGNIS_KIND_NONE:
    case IGNIS_KIND_UNSIGNED: break;
    }
    return (ignis_value){.kind = IGNIS_KIND_NONE};
}

ignis_value model_native_member(const model_column *column, const void *row)
{
    const char *at = (const char *)row + column->offset;
    if (!column->type.array) return scalar_value(column->kind, at);
    const void *elements = *(const void *const *)(const void *)at;
    if (!elements) return (ignis_value){.kind = IGNIS_KIND_NONE};
    return (ignis_value){
        .kind = (uint16_t)column->kind,
        .form = IGNIS_VALUE_ARRAY,
        .count = *(const size_t *)(const void *)((const char *)row + column->count_offset),
        .as.elements = elements};
}

/* An integer, a boolean, a time or a text that the column keeps as it is. */
static bool kind_cell(const model_column *column, const ignis_value *value, ignis_cell *cell)
{
    int64_t integer = value->as.integer;
    const char *given = value->as.text;
    switch (value->kind) {
    case IGNIS_KIND_BOOL:
        *cell = (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = integer != 0};
        return column->type.type == IGNIS_TYPE_BOOLEAN;
    case IGNIS_KIND_INT64:
        *cell = (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = integer};
        switch (column->type.type) {
        case IGNIS_TYPE_SMALLINT: return integer >= INT16_MIN && integer <= INT16_MAX;
        case IGNIS_TYPE_INTEGER: return integer >= INT32_MIN && integer <= INT32_MAX;
        default: return column->type.type == IGNIS_TYPE_BIGINT;
        }
    case IGNIS_KIND_TIMESTAMP:
        *cell = (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = integer};
        return (column->type.type == IGNIS_TYPE_TIMESTAMP ||
                column->type.type == IGNIS_TYPE_TIMESTAMPTZ) &&
               time_is_valid(integer);
    case IGNIS_KIND_TEXT:
        if (!given || column->type.type != IGNIS_TYPE_TEXT) return false;
        *cell = (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = strlen(given), .as.text = given};
        return utf8_is_valid(given, cell->size);
    default: return false;
    }
}

bool model_native_cell(const model_column *column, const ignis_value *value, ignis_cell *cell)
{
    bool is_plain = value->form == IGNIS_VALUE_ONE && !column->type.array &&
                    column->values.count == 0 && column->identity != IGNIS_IDENTITY_ALWAYS;
    return is_plain && kind_cell(column, value, cell);
}

/* ---- names ---------------------------------------------------------------------------------------- */

ignis_code model_native_owner(ignis_context *ctx, const model_entity *entity,
                              const ignis_model *model, const char *member)
{
    if (model == entity->origin) return IGNIS_OK;
    char quoted[CONTEXT_QUOTE_SIZE];
    const char *name = model ? model_name_of(model) : NULL;
    context_quote(quoted, member, strlen(member));
    return context_fail(ctx, IGNIS_E_INVALID, "the member '%s' is of %s, but the rows are of %s",
                        quoted, name ? name : "no model", entity->name);
}

ignis_code model_native_column(ignis_context *ctx, const model_entity *entity,
                               const ignis_model *model, const char *member,
                               const model_column **column)
{
    if (!member) return context_fail(ctx, IGNIS_E_INVALID, "the member is NULL");
    IGNIS_TRY(model_native_owner(ctx, entity, model, member));
    *column = map_get(&entity->columns_by_member, member, strlen(member));
    if (*column) return IGNIS_OK;
    char quoted[CONTEXT_QUOTE_SIZE];
    return context_fail(ctx, IGNIS_E_INVALID, "the member '%s' of %s is no column",
                        context_quote(quoted, member, strlen(member)), entity->name);
}

/* "metadata" and "user.id" are "metadata.user.id", and "[0]" needs no dot. */
ignis_code model_native_name(ignis_context *ctx, arena *memory, const model_column *column,
                             const char *path, const char **name)
{
    *name = column->name;
    if (!path) return IGNIS_OK;
    text joined;
    text_init(&joined, memory, 0);
    text_append(&joined, column->name, column->name_size);
    if (path[0] != '[') text_char(&joined, '.');
    text_string(&joined, path);
    *name = text_finish(&joined);
    if (!*name) return context_fail_memory(ctx, memory);
    if (utf8_is_valid(path, strlen(path))) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_INVALID, "the path is not valid UTF-8");
}

/* ---- values to JSON ------------------------------------------------------------------------------ */

/* One value on its way. */
typedef struct native_reader {
    ignis_context *ctx;
    arena *memory;
    bool can_be_null;
} native_reader;

static ignis_code memory_fail(const native_reader *in)
{
    return context_fail_memory(in->ctx, in->memory);
}

static ignis_code null_give(const native_reader *in, json *made)
{
    *made = (json){.kind = JSON_NULL};
    if (in->can_be_null) return IGNIS_OK;
    return context_fail(in->ctx, IGNIS_E_INVALID,
                        "the value is NULL; IGNIS_IS_NULL and IGNIS_SET_NULL ask for that");
}

static ignis_code number_give(const native_reader *in, text *written, json_kind kind, json *made)
{
    made->kind = kind;
    made->as.text = text_finish(written);
    made->count = written->size;
    return made->as.text ? IGNIS_OK : memory_fail(in);
}

static ignis_code integer_give(const native_reader *in, const ignis_value *value, json *made)
{
    text written;
    text_init(&written, in->memory, 0);
    if (value->kind == IGNIS_KIND_UNSIGNED) {
        text_format(&written, "%llu", (unsigned long long)value->as.integer);
        return number_give(in, &written, JSON_NUMBER, made);
    }
    text_integer(&written, value->as.integer);
    made->integer = value->as.integer;
    return number_give(in, &written, JSON_INTEGER, made);
}

/* The text of a negative zero keeps its sign as a string only. */
static ignis_code real_give(const native_reader *in, const ignis_value *value, json *made)
{
    text written;
    double real = value->as.real;
    if (!isfinite(real)) {
        return context_fail(in->ctx, IGNIS_E_INVALID, "expected a number, got %s",
                            isnan(real) ? "NaN" : "an infinite one");
    }
    text_init(&written, in->memory, 0);
    if (value->kind == IGNIS_KIND_FLOAT) {
        json_write_real(&written, (float)real);
    } else {
        json_write_double(&written, real);
    }
    bool is_minus_zero = real == 0 && signbit(real);
    if (is_minus_zero) {
        written.size = 0;
        text_string(&written, "-0");
    }
    return number_give(in, &written, is_minus_zero ? JSON_STRING : JSON_NUMBER, made);
}

static ignis_code text_give(const native_reader *in, const char *given, json *made)
{
    if (!given) return null_give(in, made);
    *made = (json){.kind = JSON_STRING, .count = strlen(given), .as.text = given};
    if (utf8_is_valid(given, made->count)) return IGNIS_OK;
    return context_fail(in->ctx, IGNIS_E_INVALID, "the text is not valid UTF-8");
}

static ignis_code document_give(const native_reader *in, const char *given, json *made)
{
    const json *value;
    if (!given) return null_give(in, made);
    IGNIS_TRY(json_read_context(in->ctx, in->memory, given, strlen(given), NULL, &value));
    *made = *value;
    return IGNIS_OK;
}

static ignis_code one_give(const native_reader *in, const ignis_value *value, json *made)
{
    *made = (json){.kind = JSON_NULL};
    switch ((ignis_kind)value->kind) {
    case IGNIS_KIND_BOOL:
        made->kind = JSON_BOOLEAN;
        made->boolean = value->as.integer != 0;
        return IGNIS_OK;
    case IGNIS_KIND_INT64:
    case IGNIS_KIND_UNSIGNED: return integer_give(in, value, made);
    case IGNIS_KIND_FLOAT:
    case IGNIS_KIND_DOUBLE: return real_give(in, value, made);
    case IGNIS_KIND_TEXT:
    case IGNIS_KIND_NUMERIC: return text_give(in, value->as.text, made);
    case IGNIS_KIND_JSON: return document_give(in, value->as.text, made);
    case IGNIS_KIND_BYTES:
        if (!value->as.bytes.data) return null_give(in, made);
        *made = (json){.kind = JSON_BYTES,
                       .count = value->as.bytes.size,
                       .as.text = (const char *)value->as.bytes.data};
        return IGNIS_OK;
    case IGNIS_KIND_DATE:
        *made = (json){.kind = JSON_DATE, .integer = value->as.integer};
        return IGNIS_OK;
    case IGNIS_KIND_TIMESTAMP:
        *made = (json){.kind = JSON_TIME, .integer = value->as.integer};
        return IGNIS_OK;
    case IGNIS_KIND_NONE: return null_give(in, made);
    default: break;
    }
    return context_fail(in->ctx, IGNIS_E_INVALID, "a value of the unknown kind %u",
                        (unsigned)value->kind);
}

/* Elements of a C array may be NULL as its column's may. */
static ignis_code list_give(const native_reader *in, const ignis_value *value, json *made)
{
    ignis_kind kind = (ignis_kind)value->kind;
    bool is_array = value->form == IGNIS_VALUE_ARRAY;
    native_reader element = *in;
    json *items = arena_array(in->memory, value->count, sizeof(*items));
    if (!items) return memory_fail(in);
    element.can_be_null = in->can_be_null || is_array;
    for (size_t i = 0; i < value->count; i++) {
        ignis_value one =
            is_array
                ? scalar_value(kind, (const char *)value->as.elements + i * model_kind_size(kind))
                : value->as.items[i];
        if (one_give(&element, &one, &items[i]) != IGNIS_OK) {
            return context_path(in->ctx, "[%zu]", i);
        }
    }
    *made = (json){.kind = JSON_ARRAY, .count = value->count, .as.items = items};
    return IGNIS_OK;
}

ignis_code model_native_read(ignis_context *ctx, arena *memory, const ignis_value *value,
                             bool can_be_null, json *made)
{
    native_reader in = {.ctx = ctx, .memory = memory, .can_be_null = can_be_null};
    if (value->form == IGNIS_VALUE_ONE) return one_give(&in, value, made);
    if (value->count > 0 && !value->as.items) {
        return context_fail(ctx, IGNIS_E_INVALID, "a list of %zu elements is NULL", value->count);
    }
    return list_give(&in, value, made);
}
