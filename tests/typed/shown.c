#include "typed/shown.h"

#include "model/model.h"
#include "typed/said.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ---- values ---- */

static void quoted_write(text *out, const char *data)
{
    json_write_string(out, data, strlen(data));
}

static void text_or_null(text *out, const char *data)
{
    if (!data) text_string(out, "null");
    if (data) quoted_write(out, data);
}

static void bytes_write(text *out, const ignis_bytes *bytes)
{
    if (!bytes->data) {
        text_string(out, "null");
        return;
    }
    text_char(out, '"');
    base64_write(out, bytes->data, bytes->size);
    text_char(out, '"');
}

/* A timestamp shows its zone where it has one. */
static void timestamp_write(text *out, const ignis_column *column, ignis_timestamp time)
{
    char written[IGNIS_TIME_TEXT_SIZE];
    size_t size = strlen(ignis_timestamp_write(time, written));
    if (column->type == IGNIS_TYPE_TIMESTAMP && written[size - 1] == 'Z') size--;
    json_write_string(out, written, size);
}

static void date_write(text *out, ignis_date date)
{
    char written[IGNIS_TIME_TEXT_SIZE];
    quoted_write(out, ignis_date_write(date, written));
}

static void boolean_write(text *out, bool value)
{
    text_string(out, value ? "true" : "false");
}

/* A double may hold the values of a real column. */
static void double_write(text *out, const ignis_column *column, double value)
{
    if (column->type == IGNIS_TYPE_REAL) json_write_real(out, (float)value);
    if (column->type != IGNIS_TYPE_REAL) json_write_double(out, value);
}

static void plain_write(text *out, const ignis_column *column, ignis_kind kind, const void *at)
{
    switch (kind) {
    case IGNIS_KIND_BOOL: boolean_write(out, *(const bool *)at); break;
    case IGNIS_KIND_INT16: text_integer(out, *(const int16_t *)at); break;
    case IGNIS_KIND_INT32: text_integer(out, *(const int32_t *)at); break;
    case IGNIS_KIND_INT64: text_integer(out, *(const int64_t *)at); break;
    case IGNIS_KIND_FLOAT: json_write_real(out, *(const float *)at); break;
    case IGNIS_KIND_DOUBLE: double_write(out, column, *(const double *)at); break;
    case IGNIS_KIND_TEXT: text_or_null(out, *(const char *const *)at); break;
    case IGNIS_KIND_NUMERIC: text_or_null(out, ((const ignis_numeric *)at)->text); break;
    case IGNIS_KIND_BYTES: bytes_write(out, at); break;
    case IGNIS_KIND_JSON: {
        const char *document = ((const ignis_json *)at)->text;
        text_string(out, document ? document : "null");
        break;
    }
    case IGNIS_KIND_DATE: date_write(out, *(const ignis_date *)at); break;
    case IGNIS_KIND_TIMESTAMP: timestamp_write(out, column, *(const ignis_timestamp *)at); break;
    default: fail_msg("a member of the kind %d", (int)kind);
    }
}

typedef struct shown_maybe {
    bool is_set;
    ignis_kind kind;
    const void *value;
} shown_maybe;

#define MAYBE(type, kind) \
    ((shown_maybe){((const type *)at)->is_set, kind, &((const type *)at)->value})

static shown_maybe maybe_of(ignis_kind kind, const void *at)
{
    switch (kind) {
    case IGNIS_KIND_MAYBE_BOOL: return MAYBE(ignis_maybe_bool, IGNIS_KIND_BOOL);
    case IGNIS_KIND_MAYBE_INT16: return MAYBE(ignis_maybe_int16, IGNIS_KIND_INT16);
    case IGNIS_KIND_MAYBE_INT32: return MAYBE(ignis_maybe_int32, IGNIS_KIND_INT32);
    case IGNIS_KIND_MAYBE_INT64: return MAYBE(ignis_maybe_int64, IGNIS_KIND_INT64);
    case IGNIS_KIND_MAYBE_FLOAT: return MAYBE(ignis_maybe_float, IGNIS_KIND_FLOAT);
    case IGNIS_KIND_MAYBE_DOUBLE: return MAYBE(ignis_maybe_double, IGNIS_KIND_DOUBLE);
    case IGNIS_KIND_MAYBE_DATE: return MAYBE(ignis_maybe_date, IGNIS_KIND_DATE);
    case IGNIS_KIND_MAYBE_TIMESTAMP: return MAYBE(ignis_maybe_timestamp, IGNIS_KIND_TIMESTAMP);
    default: return (shown_maybe){true, kind, at};
    }
}

static void value_write(text *out, const ignis_column *column, const void *at)
{
    shown_maybe value = maybe_of((ignis_kind)column->kind, at);
    if (!value.is_set) text_string(out, "null");
    if (value.is_set) plain_write(out, column, value.kind, value.value);
}

static void column_write(text *out, const ignis_column *column, const void *row)
{
    const char *at = (const char *)row + column->offset;
    if (!column->array) {
        value_write(out, column, at);
        return;
    }
    const char *elements = *(const char *const *)(const void *)at;
    size_t count = *(const size_t *)(const void *)((const char *)row + column->count_offset);
    size_t size = model_kind_size((ignis_kind)column->kind);
    if (!elements) {
        text_string(out, "null");
        return;
    }
    text_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_char(out, ',');
        value_write(out, column, elements + i * size);
    }
    text_char(out, ']');
}

/* ---- what was asked for ---- */

static const json *own_part(const json *filter, const char *name)
{
    const json *part = filter ? json_get(filter, name) : NULL;
    return part && part->kind != JSON_NULL ? part : NULL;
}

/* The caller's, else the default filter's. */
static const json *part_of(const shown *asked, const char *name)
{
    const json *part = own_part(asked->filter, name);
    const char *written = asked->model->default_filter;
    if (part || asked->skips_default || !written) return part;
    const json *filter = NULL;
    json_fault fault;
    assert_int_equal(json_read(asked->memory, written, strlen(written), NULL, &filter, &fault),
                     IGNIS_OK);
    return own_part(filter, name);
}

static bool is_in_list(const json *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->as.items[i].as.text, name) == 0) return true;
    return false;
}

static bool is_in_object(const json *object, const char *name)
{
    bool has_true = false;
    for (size_t i = 0; i < object->count; i++)
        has_true = has_true || object->as.members[i].value.boolean;
    const json *own = json_get(object, name);
    return has_true ? own && own->boolean : !own;
}

static bool is_selected(const shown *asked, const json *fields, const ignis_column *column,
                        const char *name)
{
    if (column->hidden && !asked->with_hidden) return false;
    if (!fields || fields->count == 0) return true;
    return fields->kind == JSON_ARRAY ? is_in_list(fields, name) : is_in_object(fields, name);
}

static void zero_assert(const shown *asked, const char *name, const void *at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (((const char *)at)[i] != 0)
            fail_msg("%s.%s was not asked for, but is there", model_name_of(asked->model), name);
}

static const char *property_of(const shown *asked, const char *name, const char *member)
{
    if (!name) name = names_camel(asked->memory, member);
    assert_non_null(name);
    return name;
}

/* ---- rows ---- */

static void key_write(const shown *asked, bool *needs_comma, const char *name)
{
    if (*needs_comma) text_char(asked->out, ',');
    *needs_comma = true;
    quoted_write(asked->out, name);
    text_char(asked->out, ':');
}

static void columns_write(const shown *asked, const void *row, bool *needs_comma)
{
    const json *fields = part_of(asked, "fields");
    for (const ignis_column *column = asked->model->columns.items; column->member; column++) {
        const char *name = property_of(asked, column->name, column->member);
        size_t size = column->array ? sizeof(void *) : model_kind_size((ignis_kind)column->kind);
        if (!is_selected(asked, fields, column, name)) {
            zero_assert(asked, name, (const char *)row + column->offset, size);
            continue;
        }
        key_write(asked, needs_comma, name);
        column_write(asked->out, column, row);
    }
}

static void relation_write(const shown *asked, const ignis_relation *relation, const json *given,
                           const void *row)
{
    const json *skips =
        given->kind == JSON_OBJECT ? json_get(given, "shouldSkipDefaultFilter") : NULL;
    shown below = *asked;
    below.model = relation->target;
    below.filter = given->kind == JSON_OBJECT ? own_part(given, "scope") : NULL;
    below.skips_default = skips && skips->boolean;
    const void *rows = *(const void *const *)(const void *)((const char *)row + relation->offset);
    if (relation->kind == IGNIS_RELATION_ONE) {
        shown_row(&below, rows);
        return;
    }
    assert_non_null(rows);
    shown_rows(&below, rows,
               *(const size_t *)(const void *)((const char *)row + relation->count_offset));
}

static const json *relation_name(const json *given)
{
    return given->kind == JSON_OBJECT ? json_get(given, "relation") : given;
}

static bool is_included(const json *include, const char *name)
{
    for (size_t i = 0; include && i < include->count; i++)
        if (strcmp(relation_name(&include->as.items[i])->as.text, name) == 0) return true;
    return false;
}

static void relations_write(const shown *asked, const void *row, bool *needs_comma)
{
    const json *include = part_of(asked, "include");
    for (size_t i = 0; include && i < include->count; i++) {
        const json *given = &include->as.items[i];
        const char *name = relation_name(given)->as.text;
        const ignis_relation *relation = said_relation(asked->memory, asked->model, name);
        assert_non_null(relation);
        key_write(asked, needs_comma, name);
        relation_write(asked, relation, given, row);
    }
    const ignis_relation *relation = asked->model->relations.items;
    for (; relation && relation->member; relation++) {
        const char *name = property_of(asked, relation->name, relation->member);
        if (is_included(include, name)) continue;
        zero_assert(asked, name, (const char *)row + relation->offset, sizeof(void *));
    }
}

void shown_row(const shown *asked, const void *row)
{
    bool needs_comma = false;
    if (!row) {
        text_string(asked->out, "null");
        return;
    }
    text_char(asked->out, '{');
    columns_write(asked, row, &needs_comma);
    relations_write(asked, row, &needs_comma);
    text_char(asked->out, '}');
}

void shown_rows(const shown *asked, const void *rows, size_t count)
{
    text_char(asked->out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_char(asked->out, ',');
        shown_row(asked, (const char *)rows + i * asked->model->row_size);
    }
    text_char(asked->out, ']');
}
