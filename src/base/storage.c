/* storage: how SQLite stores values that it has no type for (design: SQLite). */
#include "base/base.h"

void storage_write_time(text *out, ignis_type type, int64_t value)
{
    char buffer[TIME_TEXT_MAX];
    size_t size = type == IGNIS_TYPE_DATE
                      ? time_write_date(buffer, value)
                      : time_write_fixed(buffer, value, type == IGNIS_TYPE_TIMESTAMPTZ);
    text_append(out, buffer, size);
}

static void write_hex_string(text *out, const char *data, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    text_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)data[i];
        text_char(out, digits[byte >> 4]);
        text_char(out, digits[byte & 15]);
    }
    text_char(out, '"');
}

static void write_integer(text *out, ignis_type type, int64_t value)
{
    switch (type) {
    case IGNIS_TYPE_BOOLEAN: text_string(out, value ? "true" : "false"); break;
    case IGNIS_TYPE_DATE:
    case IGNIS_TYPE_TIMESTAMP:
    case IGNIS_TYPE_TIMESTAMPTZ:
        text_char(out, '"');
        storage_write_time(out, type, value);
        text_char(out, '"');
        break;
    default: text_integer(out, value);
    }
}

static void write_text(text *out, ignis_type type, const ignis_cell *item)
{
    bool is_json =
        type == IGNIS_TYPE_NUMERIC || type == IGNIS_TYPE_JSON || type == IGNIS_TYPE_JSONB;
    if (is_json) {
        text_append(out, item->as.text, item->size);
    } else {
        json_write_string(out, item->as.text, item->size);
    }
}

/* Equal arrays are equal text: zero has no sign, as in SQLite's own REAL. */
static void write_real(text *out, ignis_type type, double value)
{
    double unsigned_zero = value == 0 ? 0.0 : value;
    if (type == IGNIS_TYPE_REAL) {
        json_write_real(out, (float)unsigned_zero);
    } else {
        json_write_double(out, unsigned_zero);
    }
}

static void write_item(text *out, ignis_type type, const ignis_cell *item)
{
    switch (item->kind) {
    case IGNIS_CELL_INTEGER: write_integer(out, type, item->as.integer); break;
    case IGNIS_CELL_REAL: write_real(out, type, item->as.real); break;
    case IGNIS_CELL_TEXT: write_text(out, type, item); break;
    case IGNIS_CELL_BYTES: write_hex_string(out, item->as.text, item->size); break;
    case IGNIS_CELL_NULL:
    case IGNIS_CELL_LIST: text_string(out, "null"); break;
    }
}

void storage_write_array(text *out, ignis_type type, const ignis_cell *items, size_t count)
{
    text_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_char(out, ',');
        write_item(out, type, &items[i]);
    }
    text_char(out, ']');
}
