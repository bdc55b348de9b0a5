/* identifier: names and constants in SQL text. */
#include "sql/sql.h"

#include <math.h>

static void write_quoted(text *out, const char *data, size_t size, char quote)
{
    text_char(out, quote);
    for (size_t i = 0; i < size; i++) {
        if (data[i] == quote) text_char(out, quote);
        text_char(out, data[i]);
    }
    text_char(out, quote);
}

void sql_identifier(text *out, const char *name)
{
    write_quoted(out, name, strlen(name), '"');
}

void sql_table(text *out, ignis_dialect dialect, const model_entity *entity)
{
    if (!entity->schema) {
        sql_identifier(out, entity->table);
    } else if (dialect == IGNIS_DIALECT_POSTGRES) {
        sql_identifier(out, entity->schema);
        text_char(out, '.');
        sql_identifier(out, entity->table);
    } else {
        text name;
        text_init(&name, out->memory, 0);
        text_string(&name, entity->schema);
        text_char(&name, '.');
        text_string(&name, entity->table);
        const char *joined = text_finish(&name);
        if (joined) {
            sql_identifier(out, joined);
        } else {
            out->code = name.code;
        }
    }
}

static bool is_time(ignis_type type)
{
    return type == IGNIS_TYPE_DATE || type == IGNIS_TYPE_TIMESTAMP ||
           type == IGNIS_TYPE_TIMESTAMPTZ;
}

static void write_hex(text *out, const char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        text_format(out, "%02x", (unsigned)(unsigned char)data[i]);
    }
}

/* ---- SQLite: the form that is stored --------------------------------------------------------- */

/* 2^62 at a time: the largest power of two that is an integer literal. */
static void write_power(text *out, char operator, int exponent)
{
    for (; exponent > 0; exponent -= 62) {
        text_format(out, " %c ", operator);
        text_integer(out, (int64_t)1 << (exponent < 62 ? exponent : 62));
    }
}

/* SQLite does not always read a decimal as the nearest double, so one that is no plain integer is
   written as m * 2^e, whose every step is exact. */
static void write_sqlite_real(text *out, double value)
{
    int exponent;
    double mantissa = frexp(value, &exponent);
    if (!isfinite(value)) {
        text_string(out, "NULL");
        return;
    }
    if (value == 0 || (fabs(value) < 0x1p53 && value == trunc(value))) {
        text_integer(out, (int64_t)value);
        text_string(out, ".0");
        return;
    }
    int64_t whole = (int64_t)ldexp(mantissa, 53);
    exponent -= 53;
    while (whole % 2 == 0) {
        whole /= 2;
        exponent++;
    }
    text_char(out, '(');
    text_integer(out, whole);
    text_string(out, " * 1.0");
    write_power(out, exponent < 0 ? '/' : '*', exponent < 0 ? -exponent : exponent);
    text_char(out, ')');
}

static void write_sqlite_text(text *out, ignis_type type, const ignis_cell *value)
{
    text stored;
    text_init(&stored, out->memory, 0);
    if (value->kind == IGNIS_CELL_LIST) {
        storage_write_array(&stored, type, value->as.items, value->size);
    } else {
        storage_write_time(&stored, type, value->as.integer);
    }
    const char *data = text_finish(&stored);
    if (data) {
        write_quoted(out, data, stored.size, '\'');
    } else {
        out->code = stored.code;
    }
}

static void write_sqlite(text *out, ignis_type type, const ignis_cell *value)
{
    switch (value->kind) {
    case IGNIS_CELL_NULL: text_string(out, "NULL"); break;
    case IGNIS_CELL_INTEGER:
        if (is_time(type)) {
            write_sqlite_text(out, type, value);
        } else {
            text_integer(out, value->as.integer);
        }
        break;
    case IGNIS_CELL_REAL: write_sqlite_real(out, value->as.real); break;
    case IGNIS_CELL_TEXT: write_quoted(out, value->as.text, value->size, '\''); break;
    case IGNIS_CELL_BYTES:
        text_string(out, "X'");
        write_hex(out, value->as.text, value->size);
        text_char(out, '\'');
        break;
    case IGNIS_CELL_LIST: write_sqlite_text(out, type, value); break;
    }
}

/* ---- PostgreSQL: typed constants --------------------------------------------------------------- */

/* Where standard_conforming_strings is off, a backslash escapes in a plain constant; in E'' it always
   does. */
static void write_postgres_text(text *out, const char *data, size_t size)
{
    if (!memchr(data, '\\', size)) {
        write_quoted(out, data, size, '\'');
        return;
    }
    text_string(out, "E'");
    for (size_t i = 0; i < size; i++) {
        if (data[i] == '\'' || data[i] == '\\') text_char(out, data[i]);
        text_char(out, data[i]);
    }
    text_char(out, '\'');
}

static void write_postgres_cast(text *out, const ignis_value_type *type)
{
    text_string(out, "::");
    text_string(out, type->type == IGNIS_TYPE_OTHER ? type->cast : model_type_name(type->type));
}

void sql_postgres_type(text *out, const ignis_value_type *type)
{
    /* Other types are read as text. */
    text_string(out, type->type == IGNIS_TYPE_OTHER ? "text" : model_type_name(type->type));
    if (type->array) text_string(out, "[]");
}

static void write_postgres_integer(text *out, ignis_type type, int64_t value)
{
    char buffer[TIME_TEXT_MAX];
    if (type == IGNIS_TYPE_BOOLEAN) {
        text_string(out, value ? "true" : "false");
    } else if (is_time(type)) {
        size_t size = type == IGNIS_TYPE_DATE
                          ? time_write_date(buffer, value)
                          : time_write(buffer, value, type == IGNIS_TYPE_TIMESTAMPTZ);
        write_quoted(out, buffer, size, '\'');
    } else {
        text_integer(out, value);
    }
}

static void write_postgres_real(text *out, ignis_type type, double value)
{
    text_char(out, '\'');
    if (type == IGNIS_TYPE_REAL) {
        json_write_real(out, (float)value);
    } else {
        json_write_double(out, value);
    }
    text_char(out, '\'');
}

/* Whether a quoted constant would not take the type by itself. */
static bool needs_cast(ignis_type type, ignis_cell_kind kind)
{
    if (kind == IGNIS_CELL_INTEGER) return is_time(type);
    if (kind == IGNIS_CELL_TEXT) {
        return type != IGNIS_TYPE_TEXT && type != IGNIS_TYPE_VARCHAR && type != IGNIS_TYPE_NUMERIC;
    }
    return kind == IGNIS_CELL_REAL || kind == IGNIS_CELL_BYTES;
}

static void write_postgres(text *out, const ignis_value_type *type, const ignis_cell *value)
{
    switch (value->kind) {
    case IGNIS_CELL_NULL:
    case IGNIS_CELL_LIST: text_string(out, "NULL"); break;
    case IGNIS_CELL_INTEGER: write_postgres_integer(out, type->type, value->as.integer); break;
    case IGNIS_CELL_REAL: write_postgres_real(out, type->type, value->as.real); break;
    case IGNIS_CELL_TEXT:
        if (type->type == IGNIS_TYPE_NUMERIC) {
            text_append(out, value->as.text, value->size);
        } else {
            write_postgres_text(out, value->as.text, value->size);
        }
        break;
    case IGNIS_CELL_BYTES:
        text_string(out, "E'\\\\x");
        write_hex(out, value->as.text, value->size);
        text_char(out, '\'');
        break;
    }
    if (needs_cast(type->type, value->kind)) write_postgres_cast(out, type);
}

static void write_postgres_array(text *out, const ignis_value_type *type, const ignis_cell *value)
{
    text_string(out, "ARRAY[");
    for (size_t i = 0; i < value->size; i++) {
        if (i > 0) text_string(out, ", ");
        write_postgres(out, type, &value->as.items[i]);
    }
    text_char(out, ']');
    write_postgres_cast(out, type);
    text_string(out, "[]");
}

void sql_literal(text *out, ignis_dialect dialect, const ignis_value_type *type,
                 const ignis_cell *value)
{
    if (dialect == IGNIS_DIALECT_SQLITE) {
        write_sqlite(out, type->type, value);
    } else if (value->kind == IGNIS_CELL_LIST) {
        write_postgres_array(out, type, value);
    } else {
        write_postgres(out, type, value);
    }
}
