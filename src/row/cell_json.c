#include "row/row.h"

static void null_write(text *out)
{
    text_append(out, "null", 4);
}

static void boolean_write(text *out, const ignis_cell *cell)
{
    if (cell->as.integer) {
        text_append(out, "true", 4);
    } else {
        text_append(out, "false", 5);
    }
}

/* Times of other writers, in any form that can be read; else the text as it is. */
static void foreign_time_write(text *out, ignis_type type, const ignis_cell *cell)
{
    char shown[TIME_TEXT_MAX];
    int64_t value;
    size_t size = 0;
    bool is_zoned = type == IGNIS_TYPE_TIMESTAMPTZ;
    if (type == IGNIS_TYPE_DATE) {
        if (time_read_date(cell->as.text, cell->size, &value)) size = time_write_date(shown, value);
    } else if (time_read(cell->as.text, cell->size, is_zoned, &value)) {
        size = time_write(shown, value, is_zoned);
    }
    if (size > 0) {
        json_write_string(out, shown, size);
    } else {
        json_write_string(out, cell->as.text, cell->size);
    }
}

static bool is_fixed(const char *data, size_t size, size_t digits)
{
    static const char form[] = "0000-00-00T00:00:00.000000Z";
    for (size_t i = 0; i < digits; i++) {
        bool is_digit = data[i] >= '0' && data[i] <= '9';
        if (form[i] == '0' ? !is_digit : data[i] != form[i]) return false;
    }
    return size == digits || (size == digits + 1 && data[digits] == 'Z');
}

/* Fixed-width text "2024-03-10T10:20:30.123456Z": the last three digits go where they are 0. */
static void time_text_write(text *out, ignis_type type, const ignis_cell *cell)
{
    enum { DIGITS = 26 };
    const char *data = cell->as.text;
    size_t zone = type == IGNIS_TYPE_TIMESTAMPTZ;
    if (type == IGNIS_TYPE_DATE && is_fixed(data, cell->size, 10) && cell->size == 10) {
        json_write_string(out, data, cell->size);
        return;
    }
    if (type == IGNIS_TYPE_DATE || cell->size != DIGITS + zone ||
        !is_fixed(data, cell->size, DIGITS)) {
        foreign_time_write(out, type, cell);
        return;
    }
    size_t digits = memcmp(data + DIGITS - 3, "000", 3) == 0 ? DIGITS - 3 : DIGITS;
    text_char(out, '"');
    text_append(out, data, digits);
    text_append(out, "Z", zone);
    text_char(out, '"');
}

static void time_write_cell(text *out, ignis_type type, const ignis_cell *cell)
{
    char buffer[TIME_TEXT_MAX];
    if (cell->kind == IGNIS_CELL_TEXT) {
        time_text_write(out, type, cell);
        return;
    }
    size_t size = type == IGNIS_TYPE_DATE
                      ? time_write_date(buffer, cell->as.integer)
                      : time_write(buffer, cell->as.integer, type == IGNIS_TYPE_TIMESTAMPTZ);
    text_char(out, '"');
    text_append(out, buffer, size);
    text_char(out, '"');
}

static void bytes_write(text *out, const ignis_cell *cell)
{
    text_char(out, '"');
    base64_write(out, cell->as.text, cell->size);
    text_char(out, '"');
}

/* Values of an unexpected class come from tables that others wrote: shown as what they are. */
static void plain_write(text *out, const ignis_cell *cell)
{
    switch (cell->kind) {
    case IGNIS_CELL_INTEGER: text_integer(out, cell->as.integer); break;
    case IGNIS_CELL_REAL: json_write_double(out, cell->as.real); break;
    case IGNIS_CELL_TEXT: json_write_string(out, cell->as.text, cell->size); break;
    case IGNIS_CELL_BYTES: bytes_write(out, cell); break;
    case IGNIS_CELL_NULL:
    case IGNIS_CELL_LIST: null_write(out); break;
    }
}

/* ---- arrays -------------------------------------------------------------------------------------- */

/* The end of the element at data[at] of an array in storage form. */
static size_t element_end(const char *data, size_t size, size_t at)
{
    size_t depth = 0;
    for (; at < size; at++) {
        char c = data[at];
        if (c == '"') {
            for (at++; at < size && data[at] != '"'; at++) {
                if (data[at] == '\\') at++;
            }
        } else if (c == '[' || c == '{') {
            depth++;
        } else if (depth > 0 && (c == ']' || c == '}')) {
            depth--;
        } else if (depth == 0 && (c == ',' || c == ']')) {
            return at;
        }
    }
    return size;
}

/* bytea is stored as hex and shown as base64; three bytes at a time need no buffer. */
static void hex_write(text *out, const char *data, size_t size)
{
    uint8_t bytes[3];
    size_t count = 0;
    for (size_t i = 0; i + 1 < size; i += 2) {
        int high = char_hex(data[i]);
        int low = char_hex(data[i + 1]);
        bytes[count++] = (uint8_t)((high < 0 ? 0 : high) * 16 + (low < 0 ? 0 : low));
        if (count < sizeof(bytes)) continue;
        base64_write(out, bytes, count);
        count = 0;
    }
    base64_write(out, bytes, count);
}

/* One element in storage form; those that JSON shows otherwise are converted. */
static void element_write(text *out, ignis_type type, const char *data, size_t size)
{
    bool is_string = size >= 2 && data[0] == '"';
    if (type == IGNIS_TYPE_NUMERIC && size > 0 && data[0] != 'n') {
        text_char(out, '"');
        text_append(out, data, size);
        text_char(out, '"');
    } else if (is_string && (type == IGNIS_TYPE_TIMESTAMP || type == IGNIS_TYPE_TIMESTAMPTZ)) {
        const ignis_cell inner = {.kind = IGNIS_CELL_TEXT, .size = size - 2, .as.text = data + 1};
        time_text_write(out, type, &inner);
    } else if (is_string && type == IGNIS_TYPE_BYTEA) {
        text_char(out, '"');
        hex_write(out, data + 1, size - 2);
        text_char(out, '"');
    } else {
        text_append(out, data, size);
    }
}

static void array_text_write(text *out, ignis_type type, const char *data, size_t size)
{
    bool is_converted = type == IGNIS_TYPE_NUMERIC || type == IGNIS_TYPE_TIMESTAMP ||
                        type == IGNIS_TYPE_TIMESTAMPTZ || type == IGNIS_TYPE_BYTEA;
    if (!is_converted || size < 2 || data[1] == ']') {
        text_append(out, data, size);
        return;
    }
    text_char(out, '[');
    for (size_t at = 1; at < size;) {
        size_t end = element_end(data, size, at);
        if (at > 1) text_char(out, ',');
        element_write(out, type, data + at, end - at);
        at = end + 1;
        if (end >= size || data[end] == ']') break;
    }
    text_char(out, ']');
}

static void array_write(text *out, const ignis_value_type *type, const ignis_cell *cell)
{
    if (cell->kind == IGNIS_CELL_TEXT && cell->size > 0 && cell->as.text[0] == '[' &&
        json_is_valid(cell->as.text, cell->size)) {
        array_text_write(out, type->type, cell->as.text, cell->size);
        return;
    }
    if (cell->kind != IGNIS_CELL_LIST) {
        plain_write(out, cell);
        return;
    }
    ignis_value_type element = *type;
    element.array = false;
    text_char(out, '[');
    for (size_t i = 0; i < cell->size; i++) {
        if (i > 0) text_char(out, ',');
        row_cell_write(out, &element, &cell->as.items[i]);
    }
    text_char(out, ']');
}

/* ---- values ------------------------------------------------------------------------------------- */

/* Text types show numbers of other writers as text. */
static void text_write(text *out, const ignis_cell *cell)
{
    if (cell->kind == IGNIS_CELL_TEXT) {
        json_write_string(out, cell->as.text, cell->size);
        return;
    }
    bool is_number = cell->kind == IGNIS_CELL_INTEGER || cell->kind == IGNIS_CELL_REAL;
    if (is_number) text_char(out, '"');
    plain_write(out, cell);
    if (is_number) text_char(out, '"');
}

void row_cell_write(text *out, const ignis_value_type *type, const ignis_cell *cell)
{
    if (cell->kind == IGNIS_CELL_NULL) {
        null_write(out);
        return;
    }
    if (type->array) {
        array_write(out, type, cell);
        return;
    }
    switch (type->type) {
    case IGNIS_TYPE_BOOLEAN:
        if (cell->kind == IGNIS_CELL_INTEGER) {
            boolean_write(out, cell);
            return;
        }
        break;
    case IGNIS_TYPE_REAL:
        if (cell->kind == IGNIS_CELL_REAL) {
            json_write_real(out, (float)cell->as.real);
            return;
        }
        break;
    case IGNIS_TYPE_DATE:
    case IGNIS_TYPE_TIMESTAMP:
    case IGNIS_TYPE_TIMESTAMPTZ:
        if (cell->kind == IGNIS_CELL_INTEGER || cell->kind == IGNIS_CELL_TEXT) {
            time_write_cell(out, type->type, cell);
            return;
        }
        break;
    case IGNIS_TYPE_JSON:
    case IGNIS_TYPE_JSONB:
        if (cell->kind == IGNIS_CELL_TEXT && json_is_valid(cell->as.text, cell->size)) {
            text_append(out, cell->as.text, cell->size);
            return;
        }
        break;
    case IGNIS_TYPE_NUMERIC:
    case IGNIS_TYPE_TEXT:
    case IGNIS_TYPE_VARCHAR:
    case IGNIS_TYPE_UUID:
    case IGNIS_TYPE_OTHER: text_write(out, cell); return;
    default: break;
    }
    plain_write(out, cell);
}

void row_cells_write(text *out, const model_column *const *columns, size_t count,
                     const ignis_cell *cells)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_char(out, ',');
        text_append(out, columns[i]->key, columns[i]->key_size);
        row_cell_write(out, &columns[i]->type, &cells[i]);
    }
}
