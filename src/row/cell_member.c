#include "row/row.h"

/* A value on its way into a member. */
typedef struct member_writer {
    ignis_context *ctx;
    arena *memory;
    const model_column *column;
} member_writer;

static ignis_code memory_fail(const member_writer *to)
{
    return context_fail_memory(to->ctx, to->memory);
}

/* Tables that others write may hold what the column's type has not. */
static ignis_code foreign_fail(const member_writer *to)
{
    char expected[64];
    ignis_value_type type = to->column->type;
    type.array = false;
    return context_fail(to->ctx, IGNIS_E_DATABASE, "'%s' holds something that is not %s",
                        to->column->name, model_type_expected(&type, expected));
}

/* ---- numbers ------------------------------------------------------------------------------------------ */

static ignis_code integer_of(const member_writer *to, const ignis_cell *cell, int64_t *value)
{
    *value = cell->as.integer;
    return cell->kind == IGNIS_CELL_INTEGER ? IGNIS_OK : foreign_fail(to);
}

static ignis_code integer_within(const member_writer *to, const ignis_cell *cell, int64_t min,
                                 int64_t max, int64_t *value)
{
    IGNIS_TRY(integer_of(to, cell, value));
    return *value >= min && *value <= max ? IGNIS_OK : foreign_fail(to);
}

static ignis_code real_of(const member_writer *to, const ignis_cell *cell, double *value)
{
    *value = cell->kind == IGNIS_CELL_INTEGER ? (double)cell->as.integer : cell->as.real;
    bool is_number = cell->kind == IGNIS_CELL_INTEGER || cell->kind == IGNIS_CELL_REAL;
    return is_number ? IGNIS_OK : foreign_fail(to);
}

/* ---- times -------------------------------------------------------------------------------------------- */

static ignis_code time_of(const member_writer *to, const ignis_cell *cell, int64_t *value)
{
    ignis_type type = to->column->type.type;
    *value = cell->as.integer;
    if (cell->kind == IGNIS_CELL_INTEGER) return IGNIS_OK;
    if (cell->kind != IGNIS_CELL_TEXT) return foreign_fail(to);
    bool is_read = type == IGNIS_TYPE_DATE ? time_read_date(cell->as.text, cell->size, value)
                                           : time_read(cell->as.text, cell->size,
                                                       type == IGNIS_TYPE_TIMESTAMPTZ, value);
    return is_read ? IGNIS_OK : foreign_fail(to);
}

/* ---- texts -------------------------------------------------------------------------------------------- */

/* Numbers of other writers are shown as their text. */
static ignis_code number_text(const member_writer *to, const ignis_cell *cell, const char **value)
{
    text out;
    text_init(&out, to->memory, 0);
    if (cell->kind == IGNIS_CELL_INTEGER) {
        text_integer(&out, cell->as.integer);
    } else if (cell->kind == IGNIS_CELL_REAL) {
        json_write_double(&out, cell->as.real);
    } else {
        return foreign_fail(to);
    }
    *value = text_finish(&out);
    return *value ? IGNIS_OK : memory_fail(to);
}

/* A C string ends at NUL, so text of others that holds one is refused rather than cut. */
static ignis_code text_of(const member_writer *to, const ignis_cell *cell, const char **value)
{
    if (cell->kind != IGNIS_CELL_TEXT) return number_text(to, cell, value);
    if (memchr(cell->as.text, 0, cell->size)) return foreign_fail(to);
    *value = arena_copy(to->memory, cell->as.text, cell->size);
    return *value ? IGNIS_OK : memory_fail(to);
}

/* What is no document in a table of others becomes what the JSON form shows. */
static ignis_code document_of(const member_writer *to, const ignis_cell *cell, const char **value)
{
    if (cell->kind == IGNIS_CELL_TEXT && json_is_valid(cell->as.text, cell->size)) {
        *value = arena_copy(to->memory, cell->as.text, cell->size);
        return *value ? IGNIS_OK : memory_fail(to);
    }
    const ignis_value_type type = {.type = to->column->type.type};
    text out;
    text_init(&out, to->memory, 0);
    row_cell_write(&out, &type, cell);
    *value = text_finish(&out);
    return *value ? IGNIS_OK : memory_fail(to);
}

static ignis_code bytes_of(const member_writer *to, const ignis_cell *cell, ignis_bytes *value)
{
    bool is_bytes = cell->kind == IGNIS_CELL_BYTES || cell->kind == IGNIS_CELL_TEXT;
    if (!is_bytes) return foreign_fail(to);
    value->data = (const uint8_t *)arena_copy(to->memory, cell->as.text, cell->size);
    value->size = cell->size;
    return value->data ? IGNIS_OK : memory_fail(to);
}

/* ---- scalars ------------------------------------------------------------------------------------------ */

#define STORE(type, ...) (*(type *)at = (type)__VA_ARGS__, IGNIS_OK)

static ignis_code integer_store(const member_writer *to, ignis_kind kind, const ignis_cell *cell,
                                void *at)
{
    int64_t value;
    switch (kind) {
    case IGNIS_KIND_BOOL: IGNIS_TRY(integer_of(to, cell, &value)); return STORE(bool, value != 0);
    case IGNIS_KIND_INT16:
        IGNIS_TRY(integer_within(to, cell, INT16_MIN, INT16_MAX, &value));
        return STORE(int16_t, value);
    case IGNIS_KIND_INT32:
        IGNIS_TRY(integer_within(to, cell, INT32_MIN, INT32_MAX, &value));
        return STORE(int32_t, value);
    default: IGNIS_TRY(integer_of(to, cell, &value)); return STORE(int64_t, value);
    }
}

static ignis_code real_store(const member_writer *to, ignis_kind kind, const ignis_cell *cell,
                             void *at)
{
    double value;
    IGNIS_TRY(real_of(to, cell, &value));
    return kind == IGNIS_KIND_FLOAT ? STORE(float, value) : STORE(double, value);
}

static ignis_code time_store(const member_writer *to, ignis_kind kind, const ignis_cell *cell,
                             void *at)
{
    int64_t value;
    IGNIS_TRY(time_of(to, cell, &value));
    return kind == IGNIS_KIND_DATE ? STORE(ignis_date, {value}) : STORE(ignis_timestamp, {value});
}

/* A plain kind; cell is not NULL. */
static ignis_code plain_store(const member_writer *to, ignis_kind kind, const ignis_cell *cell,
                              void *at)
{
    switch (kind) {
    case IGNIS_KIND_BOOL:
    case IGNIS_KIND_INT16:
    case IGNIS_KIND_INT32:
    case IGNIS_KIND_INT64: return integer_store(to, kind, cell, at);
    case IGNIS_KIND_FLOAT:
    case IGNIS_KIND_DOUBLE: return real_store(to, kind, cell, at);
    case IGNIS_KIND_DATE:
    case IGNIS_KIND_TIMESTAMP: return time_store(to, kind, cell, at);
    case IGNIS_KIND_BYTES: return bytes_of(to, cell, at);
    case IGNIS_KIND_TEXT: return text_of(to, cell, at);
    case IGNIS_KIND_NUMERIC: return text_of(to, cell, &((ignis_numeric *)at)->text);
    case IGNIS_KIND_JSON: return document_of(to, cell, &((ignis_json *)at)->text);
    default: return foreign_fail(to);
    }
}

typedef struct maybe_kind {
    ignis_kind plain;
    size_t offset; /* of the value behind is_set */
} maybe_kind;

static const maybe_kind maybe_kinds[] = {
    [IGNIS_KIND_MAYBE_BOOL] = {IGNIS_KIND_BOOL, offsetof(ignis_maybe_bool, value)},
    [IGNIS_KIND_MAYBE_INT16] = {IGNIS_KIND_INT16, offsetof(ignis_maybe_int16, value)},
    [IGNIS_KIND_MAYBE_INT32] = {IGNIS_KIND_INT32, offsetof(ignis_maybe_int32, value)},
    [IGNIS_KIND_MAYBE_INT64] = {IGNIS_KIND_INT64, offsetof(ignis_maybe_int64, value)},
    [IGNIS_KIND_MAYBE_FLOAT] = {IGNIS_KIND_FLOAT, offsetof(ignis_maybe_float, value)},
    [IGNIS_KIND_MAYBE_DOUBLE] = {IGNIS_KIND_DOUBLE, offsetof(ignis_maybe_double, value)},
    [IGNIS_KIND_MAYBE_DATE] = {IGNIS_KIND_DATE, offsetof(ignis_maybe_date, value)},
    [IGNIS_KIND_MAYBE_TIMESTAMP] = {IGNIS_KIND_TIMESTAMP, offsetof(ignis_maybe_timestamp, value)},
};

/* A value or NULL, which leaves the zeros of the member; is_set is the first of a maybe struct. */
static ignis_code scalar_store(const member_writer *to, const ignis_cell *cell, char *at)
{
    ignis_kind kind = to->column->kind;
    if (cell->kind == IGNIS_CELL_NULL) return IGNIS_OK;
    if (kind < IGNIS_KIND_MAYBE_BOOL) return plain_store(to, kind, cell, at);
    *(bool *)at = true;
    return plain_store(to, maybe_kinds[kind].plain, cell, at + maybe_kinds[kind].offset);
}

/* ---- arrays ------------------------------------------------------------------------------------------- */

static ignis_code element_null_fail(const member_writer *to, size_t i)
{
    return context_fail(to->ctx, IGNIS_E_INVALID,
                        "'%s[%zu]' is NULL, which the elements of the member cannot say: use an "
                        "ignis_maybe type",
                        to->column->name, i);
}

static ignis_code elements_store(const member_writer *to, const ignis_cell *items, size_t count,
                                 char *row)
{
    size_t size = model_kind_size(to->column->kind);
    bool is_nullable = model_kind_is_nullable(to->column->kind);
    char *elements = arena_array(to->memory, count ? count : 1, size);
    if (!elements) return memory_fail(to);
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind == IGNIS_CELL_NULL && !is_nullable) return element_null_fail(to, i);
        IGNIS_TRY(scalar_store(to, &items[i], elements + i * size));
    }
    memcpy(row + to->column->offset, &elements, sizeof(elements));
    memcpy(row + to->column->count_offset, &count, sizeof(count));
    return IGNIS_OK;
}

/* An element on its way from an array in storage form. */
typedef struct stored_reader {
    const member_writer *to;
    arena *memory;
} stored_reader;

static ignis_code stored_bytes(const stored_reader *in, const json *value, ignis_cell *cell)
{
    size_t size = value->count / 2;
    char *bytes = arena_alloc(in->memory, size);
    if (!bytes) return context_fail_memory(in->to->ctx, in->memory);
    if (value->count % 2 != 0) return foreign_fail(in->to);
    for (size_t i = 0; i < size; i++) {
        int high = char_hex(value->as.text[2 * i]);
        int low = char_hex(value->as.text[2 * i + 1]);
        if (high < 0 || low < 0) return foreign_fail(in->to);
        bytes[i] = (char)(high << 4 | low);
    }
    *cell = (ignis_cell){.kind = IGNIS_CELL_BYTES, .size = size, .as.text = bytes};
    return IGNIS_OK;
}

static ignis_code stored_document(const stored_reader *in, const json *value, ignis_cell *cell)
{
    text out;
    text_init(&out, in->memory, 0);
    if (!document_write(&out, value)) return foreign_fail(in->to);
    *cell = (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = out.size, .as.text = text_finish(&out)};
    return cell->as.text ? IGNIS_OK : context_fail_memory(in->to->ctx, in->memory);
}

static ignis_code stored_number(const stored_reader *in, const json *value, ignis_cell *cell)
{
    ignis_type type = in->to->column->type.type;
    bool is_read = value->kind == JSON_INTEGER;
    if (type == IGNIS_TYPE_NUMERIC) {
        *cell =
            (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = value->count, .as.text = value->as.text};
        return IGNIS_OK;
    }
    if (type == IGNIS_TYPE_REAL || type == IGNIS_TYPE_DOUBLE) {
        cell->kind = IGNIS_CELL_REAL;
        is_read = number_double(value->as.text, value->count, &cell->as.real);
    } else {
        *cell = (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = value->integer};
    }
    return is_read ? IGNIS_OK : foreign_fail(in->to);
}

/* An element of an array in storage form (base/storage.c) as a cell. That form has one null, also for
   documents: the SQL value, as the other engine gives for what JSON wrote. */
static ignis_code stored_element(const stored_reader *in, const json *value, ignis_cell *cell)
{
    ignis_type type = in->to->column->type.type;
    *cell = (ignis_cell){.kind = IGNIS_CELL_NULL};
    if (value->kind == JSON_NULL) return IGNIS_OK;
    if (type == IGNIS_TYPE_JSON || type == IGNIS_TYPE_JSONB) {
        return stored_document(in, value, cell);
    }
    switch (value->kind) {
    case JSON_BOOLEAN:
        *cell = (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = value->boolean};
        return type == IGNIS_TYPE_BOOLEAN ? IGNIS_OK : foreign_fail(in->to);
    case JSON_INTEGER:
    case JSON_NUMBER: return stored_number(in, value, cell);
    case JSON_STRING:
        if (type == IGNIS_TYPE_BYTEA) return stored_bytes(in, value, cell);
        *cell =
            (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = value->count, .as.text = value->as.text};
        return IGNIS_OK;
    default: return foreign_fail(in->to);
    }
}

/* An array as SQLite stores it is read as its values would be. */
static ignis_code stored_store(const member_writer *to, const ignis_cell *cell, char *row)
{
    const json *list;
    json_fault fault;
    arena *scratch = &to->ctx->scratch;
    ignis_mark mark = arena_mark(scratch);
    ignis_code code = json_read(scratch, cell->as.text, cell->size, NULL, &list, &fault);
    if (code == IGNIS_E_MEMORY) return context_fail_memory(to->ctx, scratch);
    if (code != IGNIS_OK || list->kind != JSON_ARRAY) return foreign_fail(to);
    ignis_cell *items = arena_array(scratch, list->count, sizeof(*items));
    if (!items) return context_fail_memory(to->ctx, scratch);
    const stored_reader in = {.to = to, .memory = scratch};
    for (size_t i = 0; i < list->count; i++)
        IGNIS_TRY(stored_element(&in, &list->as.items[i], &items[i]));
    code = elements_store(to, items, list->count, row);
    arena_release(scratch, mark);
    return code;
}

ignis_code row_member_store(ignis_context *ctx, arena *memory, const model_column *column,
                            const ignis_cell *cell, void *row)
{
    const member_writer to = {.ctx = ctx, .memory = memory, .column = column};
    if (cell->kind == IGNIS_CELL_NULL) return IGNIS_OK;
    if (!column->type.array) return scalar_store(&to, cell, (char *)row + column->offset);
    if (cell->kind == IGNIS_CELL_LIST) {
        return elements_store(&to, cell->as.items, cell->size, row);
    }
    if (cell->kind == IGNIS_CELL_TEXT) return stored_store(&to, cell, row);
    return foreign_fail(&to);
}
