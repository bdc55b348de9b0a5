/* Parameters as PostgreSQL receives them in binary: the *recv functions of src/backend/utils/adt. Other
   types go as text of an unknown type, so that the cast in the statement decides. */
#include "driver/postgres.h"

#include <inttypes.h>
#include <limits.h>

enum { FORMAT_TEXT = 0, FORMAT_BINARY = 1, UUID_SIZE = 16, JSONB_VERSION = 1 };

typedef struct binding {
    ignis_context *ctx;
    arena *memory;
    const ignis_execution *execution;
    postgres_call *call;
    text out;        /* the encoded values, one behind the other */
    size_t *offsets; /* of the values in out; those with a pointer in call->values are not there */
    size_t total;    /* bytes of all values */
} binding;

/* ---- types ---- */

typedef struct type_oids {
    uint32_t scalar;
    uint32_t array;
} type_oids;

/* 0: unknown to the wire, left to the server. */
static type_oids oids_of(ignis_type type)
{
    switch (type) {
    case IGNIS_TYPE_BOOLEAN: return (type_oids){POSTGRES_OID_BOOL, POSTGRES_OID_BOOL_ARRAY};
    case IGNIS_TYPE_SMALLINT: return (type_oids){POSTGRES_OID_INT2, POSTGRES_OID_INT2_ARRAY};
    case IGNIS_TYPE_INTEGER: return (type_oids){POSTGRES_OID_INT4, POSTGRES_OID_INT4_ARRAY};
    case IGNIS_TYPE_BIGINT: return (type_oids){POSTGRES_OID_INT8, POSTGRES_OID_INT8_ARRAY};
    case IGNIS_TYPE_REAL: return (type_oids){POSTGRES_OID_FLOAT4, POSTGRES_OID_FLOAT4_ARRAY};
    case IGNIS_TYPE_DOUBLE: return (type_oids){POSTGRES_OID_FLOAT8, POSTGRES_OID_FLOAT8_ARRAY};
    case IGNIS_TYPE_NUMERIC: return (type_oids){POSTGRES_OID_NUMERIC, POSTGRES_OID_NUMERIC_ARRAY};
    case IGNIS_TYPE_TEXT: return (type_oids){POSTGRES_OID_TEXT, POSTGRES_OID_TEXT_ARRAY};
    case IGNIS_TYPE_VARCHAR: return (type_oids){POSTGRES_OID_VARCHAR, POSTGRES_OID_VARCHAR_ARRAY};
    case IGNIS_TYPE_UUID: return (type_oids){POSTGRES_OID_UUID, POSTGRES_OID_UUID_ARRAY};
    case IGNIS_TYPE_BYTEA: return (type_oids){POSTGRES_OID_BYTEA, POSTGRES_OID_BYTEA_ARRAY};
    case IGNIS_TYPE_DATE: return (type_oids){POSTGRES_OID_DATE, POSTGRES_OID_DATE_ARRAY};
    case IGNIS_TYPE_TIMESTAMP:
        return (type_oids){POSTGRES_OID_TIMESTAMP, POSTGRES_OID_TIMESTAMP_ARRAY};
    case IGNIS_TYPE_TIMESTAMPTZ:
        return (type_oids){POSTGRES_OID_TIMESTAMPTZ, POSTGRES_OID_TIMESTAMPTZ_ARRAY};
    case IGNIS_TYPE_JSON: return (type_oids){POSTGRES_OID_JSON, POSTGRES_OID_JSON_ARRAY};
    case IGNIS_TYPE_JSONB: return (type_oids){POSTGRES_OID_JSONB, POSTGRES_OID_JSONB_ARRAY};
    case IGNIS_TYPE_NONE:
    case IGNIS_TYPE_OTHER: break;
    }
    return (type_oids){0, 0};
}

ignis_value_type postgres_type_of(uint32_t oid)
{
    for (int i = IGNIS_TYPE_BOOLEAN; i < IGNIS_TYPE_OTHER; i++) {
        type_oids found = oids_of((ignis_type)i);
        if (found.scalar == oid) return (ignis_value_type){.type = (ignis_type)i};
        if (found.array == oid) return (ignis_value_type){.type = (ignis_type)i, .array = true};
    }
    return (ignis_value_type){.type = IGNIS_TYPE_NONE};
}

/* ---- scalars ---- */

static ignis_code fail_value(const binding *in, const char *expected)
{
    return context_fail(in->ctx, IGNIS_E_INVALID, "a parameter of the statement is no %s",
                        expected);
}

static ignis_code fail_size(const binding *in)
{
    return context_fail(in->ctx, IGNIS_E_LIMIT, "a value or statement is too big for the database");
}

static ignis_code integer_write(binding *in, ignis_type type, const ignis_cell *cell)
{
    int64_t value = cell->as.integer;
    if (cell->kind != IGNIS_CELL_INTEGER) return fail_value(in, "integer");
    if (type == IGNIS_TYPE_SMALLINT) {
        if (value < INT16_MIN || value > INT16_MAX) return fail_value(in, "smallint");
        postgres_put16(&in->out, (uint16_t)value);
    } else if (type == IGNIS_TYPE_INTEGER) {
        if (value < INT32_MIN || value > INT32_MAX) return fail_value(in, "integer");
        postgres_put32(&in->out, (uint32_t)value);
    } else {
        postgres_put64(&in->out, (uint64_t)value);
    }
    return IGNIS_OK;
}

static ignis_code boolean_write(binding *in, const ignis_cell *cell)
{
    if (cell->kind != IGNIS_CELL_INTEGER) return fail_value(in, "boolean");
    text_char(&in->out, cell->as.integer != 0);
    return IGNIS_OK;
}

static ignis_code float_write(binding *in, ignis_type type, const ignis_cell *cell)
{
    bool is_integer = cell->kind == IGNIS_CELL_INTEGER;
    if (!is_integer && cell->kind != IGNIS_CELL_REAL) return fail_value(in, "number");
    double value = is_integer ? (double)cell->as.integer : cell->as.real;
    if (type == IGNIS_TYPE_REAL) {
        float single = (float)value;
        uint32_t bits;
        memcpy(&bits, &single, sizeof(bits));
        postgres_put32(&in->out, bits);
    } else {
        uint64_t bits;
        memcpy(&bits, &value, sizeof(bits));
        postgres_put64(&in->out, bits);
    }
    return IGNIS_OK;
}

/* Numbers where text is expected. */
static void number_write(text *out, const ignis_cell *cell)
{
    if (cell->kind == IGNIS_CELL_INTEGER) {
        text_integer(out, cell->as.integer);
    } else {
        json_write_double(out, cell->as.real);
    }
}

static ignis_code numeric_write(binding *in, const ignis_cell *cell)
{
    arena *scratch = &in->ctx->scratch;
    ignis_mark mark = arena_mark(scratch);
    text number;
    text_init(&number, scratch, 0);
    const char *data = cell->as.text;
    size_t size = cell->size;
    if (cell->kind == IGNIS_CELL_INTEGER || cell->kind == IGNIS_CELL_REAL) {
        number_write(&number, cell);
        data = number.data;
        size = number.size;
    } else if (cell->kind != IGNIS_CELL_TEXT) {
        return fail_value(in, "number");
    }
    ignis_code code = number.code;
    if (code == IGNIS_OK) code = postgres_numeric_encode(&in->out, scratch, data, size);
    arena_release(scratch, mark);
    if (code == IGNIS_E_INVALID) return fail_value(in, "number");
    if (code == IGNIS_E_LIMIT) return fail_value(in, "number within the range of numeric");
    /* Of the encoded values themselves binding_check tells. */
    return code == IGNIS_OK || in->out.code != IGNIS_OK ? IGNIS_OK
                                                        : context_fail_memory(in->ctx, scratch);
}

static ignis_code uuid_write(binding *in, const ignis_cell *cell)
{
    char canonical[UUID_TEXT_SIZE + 1];
    if (cell->kind != IGNIS_CELL_TEXT || !uuid_read(cell->as.text, cell->size, canonical))
        return fail_value(in, "uuid");
    unsigned int byte = 0;
    size_t count = 0;
    for (size_t i = 0; i < UUID_TEXT_SIZE; i++) {
        char c = canonical[i];
        if (c == '-') continue;
        byte = byte << 4 | (unsigned int)(c <= '9' ? c - '0' : c - 'a' + 10);
        if (++count % 2 == 0) text_char(&in->out, (char)(byte & 0xff));
    }
    return IGNIS_OK;
}

static ignis_code date_write(binding *in, const ignis_cell *cell)
{
    int64_t days = cell->as.integer;
    if (cell->kind == IGNIS_CELL_TEXT) {
        if (!time_read_date(cell->as.text, cell->size, &days)) return fail_value(in, "date");
    } else if (cell->kind != IGNIS_CELL_INTEGER) {
        return fail_value(in, "date");
    }
    if (days == INT64_MIN) {
        days = INT32_MIN;
    } else if (days == INT64_MAX) {
        days = INT32_MAX;
    } else if (days <= INT32_MIN || days >= INT32_MAX) {
        return fail_value(in, "date");
    }
    postgres_put32(&in->out, (uint32_t)days);
    return IGNIS_OK;
}

static ignis_code timestamp_write(binding *in, ignis_type type, const ignis_cell *cell)
{
    int64_t value = cell->as.integer;
    bool zone = type == IGNIS_TYPE_TIMESTAMPTZ;
    if (cell->kind == IGNIS_CELL_TEXT) {
        if (!time_read(cell->as.text, cell->size, zone, &value)) return fail_value(in, "timestamp");
    } else if (cell->kind != IGNIS_CELL_INTEGER) {
        return fail_value(in, "timestamp");
    }
    postgres_put64(&in->out, (uint64_t)value);
    return IGNIS_OK;
}

/* Text, bytes, and whatever is sent as text. */
static ignis_code text_write(binding *in, const ignis_cell *cell)
{
    switch (cell->kind) {
    case IGNIS_CELL_INTEGER:
    case IGNIS_CELL_REAL: number_write(&in->out, cell); return IGNIS_OK;
    case IGNIS_CELL_TEXT:
    case IGNIS_CELL_BYTES: text_append(&in->out, cell->as.text, cell->size); return IGNIS_OK;
    default: return fail_value(in, "text");
    }
}

static ignis_code scalar_write(binding *in, ignis_type type, const ignis_cell *cell)
{
    switch (type) {
    case IGNIS_TYPE_BOOLEAN: return boolean_write(in, cell);
    case IGNIS_TYPE_SMALLINT:
    case IGNIS_TYPE_INTEGER:
    case IGNIS_TYPE_BIGINT: return integer_write(in, type, cell);
    case IGNIS_TYPE_REAL:
    case IGNIS_TYPE_DOUBLE: return float_write(in, type, cell);
    case IGNIS_TYPE_NUMERIC: return numeric_write(in, cell);
    case IGNIS_TYPE_UUID: return uuid_write(in, cell);
    case IGNIS_TYPE_DATE: return date_write(in, cell);
    case IGNIS_TYPE_TIMESTAMP:
    case IGNIS_TYPE_TIMESTAMPTZ: return timestamp_write(in, type, cell);
    case IGNIS_TYPE_JSONB: text_char(&in->out, JSONB_VERSION); break;
    default: break;
    }
    return text_write(in, cell);
}

/* ---- arrays ---- */

/* Every stride-th item of a list, from the first on. */
typedef struct items {
    const ignis_cell *first;
    size_t count;
    size_t stride;
} items;

static const ignis_cell *item_at(const items *list, size_t i)
{
    return &list->first[i * list->stride];
}

static bool items_have_null(const items *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (item_at(list, i)->kind == IGNIS_CELL_NULL) return true;
    }
    return false;
}

/* What stands before the items. */
static void array_head_write(binding *in, uint32_t oid, const items *list)
{
    postgres_put32(&in->out, list->count > 0); /* dimensions */
    postgres_put32(&in->out, items_have_null(list));
    postgres_put32(&in->out, oid);
    if (list->count == 0) return;
    postgres_put32(&in->out, (uint32_t)list->count);
    postgres_put32(&in->out, 1); /* the first index */
}

static ignis_code array_write(binding *in, ignis_type type, const items *list)
{
    array_head_write(in, oids_of(type).scalar, list);
    for (size_t i = 0; i < list->count; i++) {
        const ignis_cell *cell = item_at(list, i);
        size_t at = in->out.size;
        postgres_put32(&in->out, UINT32_MAX); /* NULL */
        if (cell->kind == IGNIS_CELL_NULL) continue;
        IGNIS_TRY(scalar_write(in, type, cell));
        if (in->out.code != IGNIS_OK) return IGNIS_OK;
        size_t size = in->out.size - at - 4;
        if (size > POSTGRES_MESSAGE_SIZE_MAX) return fail_size(in);
        postgres_set32(in->out.data + at, (uint32_t)size);
    }
    return IGNIS_OK;
}

/* Text between the quotes of an array's literal. */
static void quoted_write(text *out, const char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (data[i] == '"' || data[i] == '\\') text_char(out, '\\');
        text_char(out, data[i]);
    }
}

/* bytea between the quotes of an array's literal. */
static void bytes_write(text *out, const char *data, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    text_append(out, "\\\\x", 3);
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)data[i];
        text_char(out, digits[byte >> 4]);
        text_char(out, digits[byte & 15]);
    }
}

static ignis_code literal_item_write(binding *in, ignis_type type, const ignis_cell *cell)
{
    bool is_time =
        type == IGNIS_TYPE_DATE || type == IGNIS_TYPE_TIMESTAMP || type == IGNIS_TYPE_TIMESTAMPTZ;
    if (is_time && cell->kind == IGNIS_CELL_INTEGER) {
        storage_write_time(&in->out, type, cell->as.integer);
    } else if (type == IGNIS_TYPE_BYTEA && cell->kind == IGNIS_CELL_BYTES) {
        bytes_write(&in->out, cell->as.text, cell->size);
    } else if (cell->kind == IGNIS_CELL_TEXT) {
        quoted_write(&in->out, cell->as.text, cell->size);
    } else {
        return text_write(in, cell);
    }
    return IGNIS_OK;
}

/* {"one","t\"wo",NULL} */
static ignis_code array_text_write(binding *in, ignis_type type, const items *list)
{
    text_char(&in->out, '{');
    for (size_t i = 0; i < list->count; i++) {
        const ignis_cell *cell = item_at(list, i);
        if (i > 0) text_char(&in->out, ',');
        if (cell->kind == IGNIS_CELL_NULL) {
            text_string(&in->out, "NULL");
            continue;
        }
        text_char(&in->out, '"');
        IGNIS_TRY(literal_item_write(in, type, cell));
        text_char(&in->out, '"');
    }
    text_char(&in->out, '}');
    return IGNIS_OK;
}

/* ---- parameters ---- */

/* libpq takes what is sent as text up to its first NUL. */
static ignis_code text_end(binding *in, size_t at)
{
    bool has_nul = in->out.size > at && memchr(in->out.data + at, '\0', in->out.size - at);
    if (has_nul) return fail_value(in, "text without NUL");
    text_char(&in->out, '\0');
    return IGNIS_OK;
}

static ignis_code array_bind(binding *in, size_t index, const items *list)
{
    ignis_type type = in->execution->statement->parameters[index].type;
    uint32_t oid = oids_of(type).array;
    if (list->count > POSTGRES_ARRAY_MAX) return fail_size(in);
    for (size_t i = 0; i < list->count; i++) {
        if (item_at(list, i)->kind == IGNIS_CELL_LIST) return fail_value(in, "list of values");
    }
    size_t at = in->out.size;
    in->offsets[index] = at;
    if (oid != 0) {
        IGNIS_TRY(array_write(in, type, list));
    } else {
        IGNIS_TRY(array_text_write(in, type, list));
    }
    in->call->formats[index] = oid != 0 ? FORMAT_BINARY : FORMAT_TEXT;
    in->total += in->out.size - at;
    in->call->sizes[index] = (int)(in->out.size - at);
    return oid != 0 ? IGNIS_OK : text_end(in, at);
}

/* One array of a list of them. */
static ignis_code literal_write(binding *in, ignis_type type, const ignis_cell *array)
{
    const items list = {.first = array->as.items, .count = array->size, .stride = 1};
    size_t at = in->out.size;
    postgres_put32(&in->out, UINT32_MAX); /* NULL */
    if (array->kind == IGNIS_CELL_NULL) return IGNIS_OK;
    if (array->kind != IGNIS_CELL_LIST) return fail_value(in, "list of arrays");
    IGNIS_TRY(array_text_write(in, type, &list));
    if (in->out.code != IGNIS_OK) return IGNIS_OK;
    postgres_set32(in->out.data + at, (uint32_t)(in->out.size - at - 4));
    return IGNIS_OK;
}

/* A list of arrays, which may differ in length, as an array of their literals. */
static ignis_code arrays_bind(binding *in, size_t index, const ignis_cell *cell)
{
    ignis_type type = in->execution->statement->parameters[index].type;
    const items list = {.first = cell->as.items, .count = cell->size, .stride = 1};
    size_t at = in->out.size;
    if (cell->size > POSTGRES_ARRAY_MAX) return fail_size(in);
    array_head_write(in, POSTGRES_OID_TEXT, &list);
    for (size_t i = 0; i < cell->size; i++)
        IGNIS_TRY(literal_write(in, type, &cell->as.items[i]));
    in->offsets[index] = at;
    in->total += in->out.size - at;
    in->call->sizes[index] = (int)(in->out.size - at);
    in->call->formats[index] = FORMAT_BINARY;
    return in->total > POSTGRES_MESSAGE_SIZE_MAX ? fail_size(in) : IGNIS_OK;
}

/* Long values are not copied. */
static bool is_sent_as_given(ignis_type type, const ignis_cell *cell)
{
    bool has_bytes = cell->kind == IGNIS_CELL_TEXT || cell->kind == IGNIS_CELL_BYTES;
    return has_bytes && (type == IGNIS_TYPE_TEXT || type == IGNIS_TYPE_VARCHAR ||
                         type == IGNIS_TYPE_BYTEA || type == IGNIS_TYPE_JSON);
}

static ignis_code scalar_bind(binding *in, size_t index, const ignis_cell *cell)
{
    ignis_type type = in->execution->statement->parameters[index].type;
    bool is_binary = oids_of(type).scalar != 0;
    size_t at = in->out.size;
    size_t size = cell->size;
    if (is_sent_as_given(type, cell)) {
        in->call->values[index] = cell->as.text ? cell->as.text : "";
    } else {
        IGNIS_TRY(scalar_write(in, type, cell));
        size = in->out.size - at;
        in->offsets[index] = at;
    }
    if (size > POSTGRES_MESSAGE_SIZE_MAX - in->total) return fail_size(in);
    in->total += size;
    in->call->sizes[index] = (int)size;
    in->call->formats[index] = is_binary ? FORMAT_BINARY : FORMAT_TEXT;
    return is_binary ? IGNIS_OK : text_end(in, at);
}

/* The columns of the list that begins here: the entries behind it whose cells say nothing. */
static size_t list_width(const ignis_execution *execution, size_t index)
{
    const ignis_statement *statement = execution->statement;
    size_t width = 1;
    while (index + width < statement->parameters_count &&
           statement->parameters[index + width].list &&
           execution->parameters[index + width].kind == IGNIS_CELL_NULL) {
        width++;
    }
    return width;
}

/* One array for each column of a key list. */
static ignis_code list_bind(binding *in, size_t index, size_t width)
{
    const ignis_cell *cell = &in->execution->parameters[index];
    if (width > POSTGRES_LIST_COLUMNS_MAX)
        return context_fail(in->ctx, IGNIS_E_LIMIT, "a key list has more than %d columns",
                            POSTGRES_LIST_COLUMNS_MAX);
    if (cell->size % width != 0)
        return context_fail(in->ctx, IGNIS_E_INVALID, "a key list of %zu columns holds %zu values",
                            width, cell->size);
    for (size_t i = 0; i < width; i++) {
        const items column = {.first = cell->size > 0 ? cell->as.items + i : NULL,
                              .count = cell->size / width,
                              .stride = width};
        IGNIS_TRY(array_bind(in, index + i, &column));
        if (in->total > POSTGRES_MESSAGE_SIZE_MAX) return fail_size(in);
    }
    return IGNIS_OK;
}

/* Binds the parameters that begin here and gives their number. */
static ignis_code parameter_bind(binding *in, size_t index, size_t *width)
{
    const ignis_value_type *type = &in->execution->statement->parameters[index];
    const ignis_cell *cell = &in->execution->parameters[index];
    *width = 1;
    if (cell->kind == IGNIS_CELL_NULL) return IGNIS_OK;
    if (cell->kind != IGNIS_CELL_LIST) {
        if (type->list || type->array) return fail_value(in, "list");
        return scalar_bind(in, index, cell);
    }
    if (!type->list && !type->array) return fail_value(in, "single value");
    if (type->list && type->array) return arrays_bind(in, index, cell);
    if (type->list) *width = list_width(in->execution, index);
    return list_bind(in, index, *width);
}

static ignis_code arrays_make(binding *in, size_t count)
{
    postgres_call *call = in->call;
    call->types = arena_array(in->memory, count, sizeof(*call->types));
    call->values = arena_array(in->memory, count, sizeof(*call->values));
    call->sizes = arena_array(in->memory, count, sizeof(*call->sizes));
    call->formats = arena_array(in->memory, count, sizeof(*call->formats));
    in->offsets = arena_array(in->memory, count, sizeof(*in->offsets));
    if (!call->types || !call->values || !call->sizes || !call->formats || !in->offsets)
        return context_fail_memory(in->ctx, in->memory);
    for (size_t i = 0; i < count; i++) {
        const ignis_value_type *type = &in->execution->statement->parameters[i];
        type_oids oids = oids_of(type->type);
        call->types[i] = type->list || type->array ? oids.array : oids.scalar;
        if (type->list && type->array) call->types[i] = POSTGRES_OID_TEXT_ARRAY;
        in->offsets[i] = SIZE_MAX;
    }
    call->count = (int)count;
    return IGNIS_OK;
}

ignis_code postgres_bind(ignis_context *ctx, arena *memory, const ignis_execution *execution,
                         postgres_call *call)
{
    size_t count = execution->statement->parameters_count;
    binding in = {.ctx = ctx, .memory = memory, .execution = execution, .call = call};
    if (count > POSTGRES_PARAMETERS_MAX)
        return context_fail(ctx, IGNIS_E_LIMIT, "a statement takes at most %d parameters, got %zu",
                            POSTGRES_PARAMETERS_MAX, count);
    if (count == 0) return IGNIS_OK;
    IGNIS_TRY(arrays_make(&in, count));
    text_init(&in.out, memory, POSTGRES_MESSAGE_SIZE_MAX);
    for (size_t i = 0, width; i < count; i += width) {
        IGNIS_TRY(parameter_bind(&in, i, &width));
        if (in.out.code == IGNIS_E_LIMIT) return fail_size(&in);
        if (in.out.code != IGNIS_OK) return context_fail_memory(ctx, memory);
    }
    /* The buffer stays where it is from here on. */
    for (size_t i = 0; i < count; i++) {
        if (in.offsets[i] == SIZE_MAX) continue;
        call->values[i] = in.out.data ? in.out.data + in.offsets[i] : "";
    }
    return IGNIS_OK;
}

/* ---- rows of COPY: https://www.postgresql.org/docs/15/sql-copy.html ---- */

static ignis_code copied_write(binding *in, ignis_type type, const ignis_cell *cell)
{
    size_t at = in->out.size;
    postgres_put32(&in->out, UINT32_MAX); /* NULL */
    if (cell->kind == IGNIS_CELL_NULL) return IGNIS_OK;
    if (oids_of(type).scalar == 0 || cell->kind == IGNIS_CELL_LIST) {
        return fail_value(in, "value that can be copied");
    }
    IGNIS_TRY(scalar_write(in, type, cell));
    if (in->out.code == IGNIS_OK) {
        postgres_set32(in->out.data + at, (uint32_t)(in->out.size - at - 4));
    }
    return IGNIS_OK;
}

ignis_code postgres_copy_bind(ignis_context *ctx, const ignis_execution *execution, text *out)
{
    const ignis_statement *statement = execution->statement;
    const ignis_cell *list = &execution->parameters[0];
    size_t width = statement->parameters_count;
    binding in = {.ctx = ctx, .memory = out->memory, .execution = execution, .out = *out};
    for (size_t i = 0; i < list->size; i++) {
        if (i % width == 0) postgres_put16(&in.out, (uint16_t)width);
        IGNIS_TRY(copied_write(&in, statement->parameters[i % width].type, &list->as.items[i]));
        if (in.out.code == IGNIS_E_LIMIT) return fail_size(&in);
        if (in.out.code != IGNIS_OK) return context_fail_memory(ctx, out->memory);
    }
    *out = in.out;
    return out->code == IGNIS_OK ? IGNIS_OK : context_fail_memory(ctx, out->memory);
}
