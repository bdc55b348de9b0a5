/* value: JSON values to cells, as PostgreSQL would read their text (design: behaviour, Values). */
#include "model/model.h"

#include <math.h>
#include <stdio.h>

/* One value on its way into a cell. */
typedef struct reader {
    ignis_context *ctx;
    arena *memory;
    const model_column *column;
    model_value_use use;
    ignis_cell *cell;
} reader;

typedef struct span {
    const char *data;
    size_t size;
} span;

/* ---- refusals ---------------------------------------------------------------------------------- */

enum { SHOWN_SIZE = CONTEXT_QUOTE_SIZE + 2 };

/* What a message shows of a value: text quoted, numbers as written, the rest by kind; of a hidden
   column the kind alone. */
static const char *show(const reader *in, const json *value, char buffer[SHOWN_SIZE])
{
    char quoted[CONTEXT_QUOTE_SIZE];
    if (in->column->hidden) return json_kind_name(value);
    switch (value->kind) {
    case JSON_STRING:
        snprintf(buffer, SHOWN_SIZE, "\"%s\"", context_quote(quoted, value->as.text, value->count));
        return buffer;
    case JSON_INTEGER:
    case JSON_NUMBER: return context_quote(buffer, value->as.text, value->count);
    case JSON_BOOLEAN: return value->boolean ? "true" : "false";
    default: return json_kind_name(value);
    }
}

static ignis_code refuse_for(const reader *in, const json *value, const char *expected)
{
    char buffer[SHOWN_SIZE];
    return context_fail(in->ctx, IGNIS_E_INVALID, "expected %s, got %s", expected,
                        show(in, value, buffer));
}

/* Names the type of one element, or of the whole column where a list is expected. */
static ignis_code refuse(const reader *in, const json *value)
{
    ignis_value_type type = in->column->type;
    char buffer[64];
    type.array = false;
    return refuse_for(in, value, model_type_expected(&type, buffer));
}

static ignis_code refuse_memory(const reader *in)
{
    return context_fail_memory(in->ctx, in->memory);
}

/* ---- cells ------------------------------------------------------------------------------------- */

static ignis_code give_integer(const reader *in, int64_t integer)
{
    *in->cell = (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = integer};
    return IGNIS_OK;
}

static ignis_code give_text(const reader *in, span given)
{
    *in->cell = (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = given.size, .as.text = given.data};
    return IGNIS_OK;
}

static ignis_code give_bytes(const reader *in, const char *data, size_t size)
{
    *in->cell = (ignis_cell){.kind = IGNIS_CELL_BYTES, .size = size, .as.text = data};
    return IGNIS_OK;
}

static ignis_code give_written(const reader *in, text *written)
{
    const char *data = text_finish(written);
    if (!data) return refuse_memory(in);
    return give_text(in, (span){data, written->size});
}

/* ---- the text of a scalar ---------------------------------------------------------------------- */

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static span trim(span given)
{
    while (given.size > 0 && is_space(given.data[0])) {
        given.data++;
        given.size--;
    }
    while (given.size > 0 && is_space(given.data[given.size - 1])) {
        given.size--;
    }
    return given;
}

/* PostgreSQL reads a number with spaces around it and a plus before it; base does not. */
static span trim_number(span given)
{
    given = trim(given);
    bool signed_plus = given.size > 1 && given.data[0] == '+';
    if (signed_plus && (char_is_digit(given.data[1]) || given.data[1] == '.')) {
        given.data++;
        given.size--;
    }
    return given;
}

static bool is_integer_text(span given)
{
    size_t i = given.size > 0 && given.data[0] == '-' ? 1 : 0;
    if (i == given.size) return false;
    while (i < given.size && char_is_digit(given.data[i])) {
        i++;
    }
    return i == given.size;
}

/* The text of a number with a point or an exponent. */
static ignis_code number_text(const reader *in, const json *value, span *out)
{
    double number;
    text written;
    if (!number_double(value->as.text, value->count, &number)) return refuse(in, value);
    text_init(&written, in->memory, 0);
    number_script(&written, number);
    out->data = text_finish(&written);
    out->size = written.size;
    return out->data ? IGNIS_OK : refuse_memory(in);
}

/* Integers of any length keep all their digits. */
static ignis_code scalar_text(const reader *in, const json *value, span *out)
{
    switch (value->kind) {
    case JSON_STRING: *out = (span){value->as.text, value->count}; return IGNIS_OK;
    case JSON_BOOLEAN:
        *out = value->boolean ? (span){"true", 4} : (span){"false", 5};
        return IGNIS_OK;
    case JSON_INTEGER:
        *out = value->integer ? (span){value->as.text, value->count} : (span){"0", 1};
        return IGNIS_OK;
    case JSON_NUMBER:
        *out = (span){value->as.text, value->count};
        return is_integer_text(*out) ? IGNIS_OK : number_text(in, value, out);
    default: return refuse(in, value);
    }
}

/* ---- booleans and numbers ---------------------------------------------------------------------- */

/* Whether given is a beginning of word of at least size_min letters, in any case. */
static bool begins_word(span given, const char *word, size_t size_min)
{
    if (given.size < size_min || given.size > strlen(word)) return false;
    for (size_t i = 0; i < given.size; i++) {
        char c = given.data[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if (c != word[i]) return false;
    }
    return true;
}

/* https://www.postgresql.org/docs/15/datatype-boolean.html: unique prefixes count. */
static ignis_code read_boolean(const reader *in, const json *value)
{
    span given = {0};
    IGNIS_TRY(scalar_text(in, value, &given));
    given = trim(given);
    if (begins_word(given, "true", 1) || begins_word(given, "yes", 1) ||
        begins_word(given, "on", 2) || begins_word(given, "1", 1)) {
        return give_integer(in, 1);
    }
    if (begins_word(given, "false", 1) || begins_word(given, "no", 1) ||
        begins_word(given, "off", 2) || begins_word(given, "0", 1)) {
        return give_integer(in, 0);
    }
    return refuse(in, value);
}

static ignis_code refuse_range(const reader *in, const json *value)
{
    switch (in->column->type.type) {
    case IGNIS_TYPE_SMALLINT: return refuse_for(in, value, "an integer between -32768 and 32767");
    case IGNIS_TYPE_INTEGER:
        return refuse_for(in, value, "an integer between -2147483648 and 2147483647");
    default:
        return refuse_for(in, value,
                          "an integer between -9223372036854775808 and 9223372036854775807");
    }
}

/* Cuts the zeros after the point, and a point with nothing behind it. */
static void trim_fraction(text *number)
{
    if (number->size == 0 || !memchr(number->data, '.', number->size)) return;
    while (number->data[number->size - 1] == '0') {
        number->size--;
    }
    if (number->data[number->size - 1] == '.') number->size--;
}

/* A number with a point or an exponent: its exact value counts, so 1e3 is an integer. */
static ignis_code read_whole_number(const reader *in, const json *value, int64_t *integer)
{
    double number;
    text written;
    if (!number_double(value->as.text, value->count, &number)) return refuse(in, value);
    if (fabs(number) >= 0x1p64) return refuse_range(in, value);
    if (number != 0 && fabs(number) < 0.5) return refuse(in, value);
    *integer = 0;
    if (number == 0) return IGNIS_OK;
    ignis_mark mark = arena_mark(in->memory);
    text_init(&written, in->memory, 0);
    ignis_code code = number_numeric(&written, value->as.text, value->count, 0, 0);
    bool has_text = code == IGNIS_OK && written.code == IGNIS_OK;
    if (has_text) trim_fraction(&written);
    bool is_whole = has_text && is_integer_text((span){written.data, written.size});
    bool fits = is_whole && number_integer(written.data, written.size, integer);
    bool no_memory = written.code != IGNIS_OK;
    arena_release(in->memory, mark);
    if (no_memory) return refuse_memory(in);
    if (!is_whole) return refuse(in, value);
    return fits ? IGNIS_OK : refuse_range(in, value);
}

static ignis_code read_any_integer(const reader *in, const json *value, int64_t *integer)
{
    if (value->kind == JSON_INTEGER) {
        *integer = value->integer;
        return IGNIS_OK;
    }
    if (value->kind != JSON_STRING && value->kind != JSON_NUMBER) return refuse(in, value);
    span number = {value->as.text, value->count};
    if (value->kind == JSON_STRING) number = trim_number(number);
    if (is_integer_text(number)) {
        return number_integer(number.data, number.size, integer) ? IGNIS_OK
                                                                 : refuse_range(in, value);
    }
    return value->kind == JSON_NUMBER ? read_whole_number(in, value, integer) : refuse(in, value);
}

static ignis_code read_integer(const reader *in, const json *value)
{
    int64_t integer;
    int64_t min = INT64_MIN;
    int64_t max = INT64_MAX;
    if (in->column->type.type == IGNIS_TYPE_SMALLINT) {
        min = INT16_MIN;
        max = INT16_MAX;
    } else if (in->column->type.type == IGNIS_TYPE_INTEGER) {
        min = INT32_MIN;
        max = INT32_MAX;
    }
    IGNIS_TRY(read_any_integer(in, value, &integer));
    if (integer < min || integer > max) return refuse_range(in, value);
    return give_integer(in, integer);
}

/* The decimal text of a number or of a string that should hold one; false: another kind. */
static bool decimal_text(const json *value, span *out)
{
    bool is_number = value->kind == JSON_INTEGER || value->kind == JSON_NUMBER;
    if (!is_number && value->kind != JSON_STRING) return false;
    *out = (span){value->as.text, value->count};
    if (!is_number) *out = trim_number(*out);
    return true;
}

static ignis_code read_float(const reader *in, const json *value)
{
    span given;
    double number = 0;
    float single = 0;
    bool is_real = in->column->type.type == IGNIS_TYPE_REAL;
    if (!decimal_text(value, &given)) return refuse(in, value);
    bool is_read = is_real ? number_real(given.data, given.size, &single)
                           : number_double(given.data, given.size, &number);
    if (!is_read) return refuse(in, value);
    if (is_real) number = (double)single;
    /* JavaScript prints -0 as 0. */
    if (number == 0 && value->kind != JSON_STRING) number = 0.0;
    *in->cell = (ignis_cell){.kind = IGNIS_CELL_REAL, .as.real = number};
    return IGNIS_OK;
}

static ignis_code refuse_precision(const reader *in, const json *value)
{
    char expected[64];
    const model_column *column = in->column;
    if (column->precision == 0 || in->use == MODEL_VALUE_FILTER) {
        return refuse_for(in, value, "a number within the range of numeric");
    }
    snprintf(expected, sizeof(expected), "a number that fits numeric(%d,%d)",
             (int)column->precision, (int)column->scale);
    return refuse_for(in, value, expected);
}

static ignis_code read_numeric(const reader *in, const json *value)
{
    span given;
    text written;
    bool rounds = in->use == MODEL_VALUE_WRITE && in->column->precision > 0;
    if (!decimal_text(value, &given)) return refuse(in, value);
    bool is_exact = rounds || value->kind == JSON_STRING;
    if (is_exact && number_is_written(given.data, given.size, rounds ? in->column->precision : 0,
                                      rounds ? in->column->scale : 0)) {
        return give_text(in, given);
    }
    text_init(&written, in->memory, 0);
    ignis_code code =
        number_numeric(&written, given.data, given.size, rounds ? in->column->precision : 0,
                       rounds ? in->column->scale : 0);
    if (written.code != IGNIS_OK) return refuse_memory(in);
    if (code == IGNIS_E_LIMIT) return refuse_precision(in, value);
    if (code != IGNIS_OK) return refuse(in, value);
    if (!rounds && value->kind != JSON_STRING) trim_fraction(&written);
    return give_written(in, &written);
}

/* ---- text, bytes, times, documents ------------------------------------------------------------- */

/* Where the n-th character ends; size where there are fewer. */
static size_t characters_size(span given, size_t n)
{
    const char *at = given.data;
    const char *end = given.data + given.size;
    for (size_t i = 0; i < n && at < end; i++) {
        utf8_next(&at);
    }
    return (size_t)(at - given.data);
}

/* Standard SQL and PostgreSQL: what is too long may lose spaces, nothing else. */
static ignis_code check_length(const reader *in, const json *value, span *given)
{
    char expected[64];
    size_t length = (size_t)in->column->length;
    size_t kept = characters_size(*given, length);
    for (size_t i = kept; i < given->size; i++) {
        if (given->data[i] == ' ') continue;
        snprintf(expected, sizeof(expected), "text of at most %zu characters", length);
        return refuse_for(in, value, expected);
    }
    given->size = kept;
    return IGNIS_OK;
}

/* A text column may be compared with any text; of another type every value is one of it. */
static ignis_code check_listed(const reader *in, const json *value, span given)
{
    char expected[MODEL_LISTED_SIZE];
    bool is_stored = in->use == MODEL_VALUE_WRITE || in->column->type.type == IGNIS_TYPE_OTHER;
    if (!is_stored || model_listed_has(in->column, given.data, given.size)) return IGNIS_OK;
    ignis_code code = refuse_for(in, value, model_listed_expected(in->column, expected));
    context_hint(in->ctx, model_listed_nearest(in->column, given.data, given.size));
    return code;
}

static ignis_code read_text(const reader *in, const json *value)
{
    span given = {0};
    bool is_bounded = in->column->type.type == IGNIS_TYPE_VARCHAR && in->column->length > 0;
    IGNIS_TRY(scalar_text(in, value, &given));
    if (is_bounded && in->use == MODEL_VALUE_WRITE) IGNIS_TRY(check_length(in, value, &given));
    IGNIS_TRY(check_listed(in, value, given));
    return give_text(in, given);
}

static ignis_code read_uuid(const reader *in, const json *value)
{
    char lower[UUID_TEXT_SIZE + 1];
    if (value->kind != JSON_STRING || !uuid_read(value->as.text, value->count, lower)) {
        return refuse(in, value);
    }
    const char *copy = arena_copy(in->memory, lower, UUID_TEXT_SIZE);
    if (!copy) return refuse_memory(in);
    return give_text(in, (span){copy, UUID_TEXT_SIZE});
}

static int hex_digit(char c)
{
    return char_hex(char_lower(c));
}

/* As PostgreSQL: white space between bytes is skipped. */
static bool hex_read(span given, uint8_t *out, size_t *out_size)
{
    *out_size = 0;
    for (size_t i = 0; i < given.size;) {
        char c = given.data[i];
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            i++;
            continue;
        }
        int high = hex_digit(c);
        int low = i + 1 < given.size ? hex_digit(given.data[i + 1]) : -1;
        if (high < 0 || low < 0) return false;
        out[(*out_size)++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    return true;
}

static ignis_code read_bytes(const reader *in, const json *value)
{
    size_t size = 0;
    if (value->kind == JSON_BYTES) return give_bytes(in, value->as.text, value->count);
    if (value->kind != JSON_STRING) return refuse(in, value);
    span given = {value->as.text, value->count};
    uint8_t *bytes = arena_alloc(in->memory, given.size);
    if (!bytes) return refuse_memory(in);
    bool is_hex = given.size >= 2 && given.data[0] == '\\' && given.data[1] == 'x';
    bool is_read = is_hex ? hex_read((span){given.data + 2, given.size - 2}, bytes, &size)
                          : base64_read(given.data, given.size, bytes, &size);
    if (!is_read) return refuse(in, value);
    return give_bytes(in, (const char *)bytes, size);
}

/* A time of a C program, within PostgreSQL's range:
   https://www.postgresql.org/docs/15/datatype-datetime.html */
static ignis_code read_native_time(const reader *in, const json *value)
{
    bool is_date = in->column->type.type == IGNIS_TYPE_DATE;
    if (is_date != (value->kind == JSON_DATE)) return refuse(in, value);
    bool is_valid = is_date ? time_date_is_valid(value->integer) : time_is_valid(value->integer);
    if (is_valid) return give_integer(in, value->integer);
    return refuse_for(
        in, value, is_date ? "a date of PostgreSQL's range" : "a timestamp of PostgreSQL's range");
}

static ignis_code read_time(const reader *in, const json *value)
{
    int64_t time;
    ignis_type type = in->column->type.type;
    if (value->kind == JSON_DATE || value->kind == JSON_TIME) return read_native_time(in, value);
    if (value->kind != JSON_STRING) return refuse(in, value);
    span given = trim((span){value->as.text, value->count});
    bool is_read = type == IGNIS_TYPE_DATE
                       ? time_read_date(given.data, given.size, &time)
                       : time_read(given.data, given.size, type == IGNIS_TYPE_TIMESTAMPTZ, &time);
    return is_read ? give_integer(in, time) : refuse(in, value);
}

static ignis_code read_document(const reader *in, const json *value)
{
    text written;
    text_init(&written, in->memory, 0);
    bool is_written = document_write(&written, value);
    if (written.code != IGNIS_OK) return refuse_memory(in);
    if (!is_written) {
        return refuse_for(in, value, "a document whose numbers are within the range of numeric");
    }
    return give_written(in, &written);
}

/* ---- values ------------------------------------------------------------------------------------ */

static ignis_code read_scalar(const reader *in, const json *value)
{
    *in->cell = (ignis_cell){.kind = IGNIS_CELL_NULL};
    if (value->kind == JSON_NULL) return IGNIS_OK;
    switch (in->column->type.type) {
    case IGNIS_TYPE_BOOLEAN: return read_boolean(in, value);
    case IGNIS_TYPE_SMALLINT:
    case IGNIS_TYPE_INTEGER:
    case IGNIS_TYPE_BIGINT: return read_integer(in, value);
    case IGNIS_TYPE_REAL:
    case IGNIS_TYPE_DOUBLE: return read_float(in, value);
    case IGNIS_TYPE_NUMERIC: return read_numeric(in, value);
    case IGNIS_TYPE_UUID: return read_uuid(in, value);
    case IGNIS_TYPE_BYTEA: return read_bytes(in, value);
    case IGNIS_TYPE_DATE:
    case IGNIS_TYPE_TIMESTAMP:
    case IGNIS_TYPE_TIMESTAMPTZ: return read_time(in, value);
    case IGNIS_TYPE_JSON:
    case IGNIS_TYPE_JSONB: return read_document(in, value);
    case IGNIS_TYPE_TEXT:
    case IGNIS_TYPE_VARCHAR:
    case IGNIS_TYPE_OTHER: return read_text(in, value);
    case IGNIS_TYPE_NONE: break;
    }
    return refuse(in, value);
}

static ignis_code read_list(const reader *in, const json *value)
{
    ignis_cell *items = arena_array(in->memory, value->count, sizeof(*items));
    if (!items) return refuse_memory(in);
    for (size_t i = 0; i < value->count; i++) {
        reader element = *in;
        element.cell = &items[i];
        if (read_scalar(&element, &value->as.items[i]) != IGNIS_OK) {
            return context_path(in->ctx, "[%zu]", i);
        }
    }
    *in->cell = (ignis_cell){.kind = IGNIS_CELL_LIST, .size = value->count, .as.items = items};
    return IGNIS_OK;
}

ignis_code model_element_read(ignis_context *ctx, arena *memory, const model_column *column,
                              const json *value, model_value_use use, ignis_cell *cell)
{
    reader in = {.ctx = ctx, .memory = memory, .column = column, .use = use, .cell = cell};
    return read_scalar(&in, value);
}

ignis_code model_list_read(ignis_context *ctx, arena *memory, const model_column *column,
                           const json *value, model_value_use use, ignis_cell *cell)
{
    reader in = {.ctx = ctx, .memory = memory, .column = column, .use = use, .cell = cell};
    if (value->kind == JSON_ARRAY) return read_list(&in, value);
    ignis_cell *item = arena_array(memory, 1, sizeof(*item));
    if (!item) return refuse_memory(&in);
    in.cell = item;
    IGNIS_TRY(read_scalar(&in, value));
    *cell = (ignis_cell){.kind = IGNIS_CELL_LIST, .size = 1, .as.items = item};
    return IGNIS_OK;
}

ignis_code model_value_read(ignis_context *ctx, arena *memory, const model_column *column,
                            const json *value, model_value_use use, ignis_cell *cell)
{
    char buffer[64];
    reader in = {.ctx = ctx, .memory = memory, .column = column, .use = use, .cell = cell};
    if (!column->type.array || value->kind == JSON_NULL) return read_scalar(&in, value);
    if (value->kind == JSON_ARRAY) return read_list(&in, value);
    return refuse_for(&in, value, model_type_expected(&column->type, buffer));
}
