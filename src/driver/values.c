#include "driver/driver.h"

static void cell_write(text *out, const ignis_value_type *type, const ignis_cell *cell)
{
    char buffer[TIME_TEXT_MAX];
    bool is_zoned = type->type == IGNIS_TYPE_TIMESTAMPTZ;
    switch (cell->kind) {
    case IGNIS_CELL_INTEGER:
        if (type->type == IGNIS_TYPE_BOOLEAN) {
            text_string(out, cell->as.integer ? "true" : "false");
        } else if (type->type == IGNIS_TYPE_DATE) {
            json_write_string(out, buffer, time_write_date(buffer, cell->as.integer));
        } else if (is_zoned || type->type == IGNIS_TYPE_TIMESTAMP) {
            json_write_string(out, buffer, time_write(buffer, cell->as.integer, is_zoned));
        } else {
            text_integer(out, cell->as.integer);
        }
        break;
    case IGNIS_CELL_REAL: json_write_double(out, cell->as.real); break;
    case IGNIS_CELL_TEXT: json_write_string(out, cell->as.text, cell->size); break;
    case IGNIS_CELL_BYTES:
        text_char(out, '"');
        base64_write(out, cell->as.text, cell->size);
        text_char(out, '"');
        break;
    default: text_string(out, "null"); break;
    }
}

/* Lists are nested two deep at most: a list of arrays. */
static void value_write(text *out, const ignis_value_type *type, const ignis_cell *cell)
{
    if (cell->kind != IGNIS_CELL_LIST) {
        cell_write(out, type, cell);
        return;
    }
    text_char(out, '[');
    for (size_t i = 0; i < cell->size; i++) {
        if (i > 0) text_char(out, ',');
        value_write(out, type, &cell->as.items[i]);
    }
    text_char(out, ']');
}

void driver_values_write(text *out, const ignis_execution *execution)
{
    const ignis_statement *statement = execution->statement;
    text_char(out, '[');
    for (size_t i = 0; i < statement->parameters_count; i++) {
        if (i > 0) text_char(out, ',');
        value_write(out, &statement->parameters[i], &execution->parameters[i]);
    }
    text_char(out, ']');
}
