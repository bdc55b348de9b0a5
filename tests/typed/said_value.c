#include "typed/said.h"

#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

void *said_make(said *to, size_t count, size_t size)
{
    void *made = arena_array(to->memory, count ? count : 1, size);
    assert_non_null(made);
    return made;
}

void said_refuse(said *to, said_refusal refusal)
{
    if (to->refusal == SAID) to->refusal = refusal;
}

static ignis_value nothing(void)
{
    return (ignis_value){.kind = IGNIS_KIND_NONE};
}

static ignis_value by_type(said *to)
{
    said_refuse(to, SAID_NOT_BY_TYPE);
    return nothing();
}

static const char *json_text(said *to, const json *given)
{
    text out;
    text_init(&out, to->memory, 0);
    json_write_value(&out, given);
    const char *written = text_finish(&out);
    assert_non_null(written);
    return written;
}

static ignis_value document(said *to, const json *given)
{
    return IGNIS_VALUE((ignis_json){json_text(to, given)});
}

/* ---- scalars ---- */

static bool is_number(const json *given)
{
    return given->kind == JSON_INTEGER || given->kind == JSON_NUMBER;
}

static ignis_value integer_of(said *to, const json *given)
{
    if (given->kind == JSON_INTEGER) return IGNIS_VALUE(given->integer);
    /* Above INT64_MAX C has uint64_t. */
    uint64_t value = 0;
    if (given->kind != JSON_NUMBER) return by_type(to);
    for (const char *c = given->as.text; *c; c++) {
        if (*c < '0' || *c > '9' || value > (UINT64_MAX - 9) / 10) return by_type(to);
        value = 10 * value + (uint64_t)(*c - '0');
    }
    return IGNIS_VALUE(value);
}

static ignis_value real_of(said *to, const json *given)
{
    double value;
    if (given->kind == JSON_INTEGER) return IGNIS_VALUE(given->integer);
    if (given->kind != JSON_NUMBER || !number_double(given->as.text, given->count, &value))
        return by_type(to);
    return IGNIS_VALUE(value);
}

static ignis_value time_of(said *to, ignis_type type, const json *given)
{
    int64_t value;
    if (given->kind != JSON_STRING) return by_type(to);
    if (type == IGNIS_TYPE_DATE) {
        if (!time_read_date(given->as.text, given->count, &value)) return by_type(to);
        return IGNIS_VALUE((ignis_date){value});
    }
    if (!time_read(given->as.text, given->count, type == IGNIS_TYPE_TIMESTAMPTZ, &value))
        return by_type(to);
    return IGNIS_VALUE((ignis_timestamp){value});
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = strchr(digits, c | 0x20);
    return c && at ? (int)(at - digits) : -1;
}

static ignis_value bytes_of(said *to, const json *given)
{
    if (given->kind != JSON_STRING) return by_type(to);
    ignis_bytes made = {.size = 0};
    uint8_t *data = said_make(to, given->count, 1);
    const char *at = given->as.text;
    made.data = data;
    if (strncmp(at, "\\x", 2) != 0) {
        if (!base64_read(at, given->count, data, &made.size)) return by_type(to);
        return IGNIS_VALUE(made);
    }
    for (at += 2; at[0] && at[1]; at += 2) {
        int high = hex_digit(at[0]);
        int low = hex_digit(at[1]);
        if (high < 0 || low < 0) return by_type(to);
        data[made.size++] = (uint8_t)(16 * high + low);
    }
    return at[0] ? by_type(to) : IGNIS_VALUE(made);
}

/* What has no column: below a JSON member, or refused by name anyway. */
static ignis_value free_value(said *to, const json *given)
{
    switch (given->kind) {
    case JSON_BOOLEAN: return IGNIS_VALUE(given->boolean);
    case JSON_INTEGER: return IGNIS_VALUE(given->integer);
    case JSON_STRING: return IGNIS_VALUE(given->as.text);
    default: return document(to, given);
    }
}

static ignis_type type_of(const ignis_column *column)
{
    return column->type ? column->type : model_kind_type((ignis_kind)column->kind);
}

ignis_value said_value(said *to, const ignis_column *column, const json *given)
{
    if (given->kind == JSON_NULL) return nothing();
    if (!column) return free_value(to, given);
    switch (type_of(column)) {
    case IGNIS_TYPE_BOOLEAN:
        if (given->kind == JSON_BOOLEAN) return IGNIS_VALUE(given->boolean);
        return given->kind == JSON_INTEGER ? IGNIS_VALUE(given->integer) : by_type(to);
    case IGNIS_TYPE_SMALLINT:
    case IGNIS_TYPE_INTEGER:
    case IGNIS_TYPE_BIGINT: return integer_of(to, given);
    case IGNIS_TYPE_REAL:
    case IGNIS_TYPE_DOUBLE: return real_of(to, given);
    case IGNIS_TYPE_NUMERIC:
        if (given->kind != JSON_STRING && !is_number(given)) return by_type(to);
        return IGNIS_VALUE((ignis_numeric){given->as.text});
    case IGNIS_TYPE_DATE:
    case IGNIS_TYPE_TIMESTAMP:
    case IGNIS_TYPE_TIMESTAMPTZ: return time_of(to, type_of(column), given);
    case IGNIS_TYPE_BYTEA: return bytes_of(to, given);
    case IGNIS_TYPE_JSON:
    case IGNIS_TYPE_JSONB: return document(to, given);
    default: return given->kind == JSON_STRING ? IGNIS_VALUE(given->as.text) : by_type(to);
    }
}

/* ---- lists ---- */

/* The values as a C array of the kind that is theirs and may be NULL. */
static ignis_value array_of(said *to, ignis_kind kind, const ignis_value *items, size_t count)
{
    ignis_value made = {.kind = (uint16_t)kind, .form = IGNIS_VALUE_ARRAY, .count = count};
    const char **texts = said_make(to, count, sizeof(*texts));
    ignis_maybe_int64 *integers = said_make(to, count, sizeof(*integers));
    ignis_maybe_double *reals = said_make(to, count, sizeof(*reals));
    for (size_t i = 0; i < count; i++) {
        bool is_set = items[i].kind != IGNIS_KIND_NONE;
        if (!is_set) continue;
        /* Above INT64_MAX there is no element. */
        if (items[i].kind == IGNIS_KIND_UNSIGNED) return by_type(to);
        texts[i] = items[i].as.text;
        integers[i] = (ignis_maybe_int64){is_set, items[i].as.integer};
        reals[i] = (ignis_maybe_double){is_set, items[i].kind == IGNIS_KIND_INT64
                                                    ? (double)items[i].as.integer
                                                    : items[i].as.real};
    }
    switch (kind) {
    case IGNIS_KIND_TEXT:
    case IGNIS_KIND_JSON:
    case IGNIS_KIND_NUMERIC: made.as.elements = texts; break;
    case IGNIS_KIND_MAYBE_INT64: made.as.elements = integers; break;
    case IGNIS_KIND_MAYBE_DOUBLE: made.as.elements = reals; break;
    default: return by_type(to);
    }
    return made;
}

static ignis_kind nullable_kind(const ignis_column *column)
{
    switch (type_of(column)) {
    case IGNIS_TYPE_SMALLINT:
    case IGNIS_TYPE_INTEGER:
    case IGNIS_TYPE_BIGINT: return IGNIS_KIND_MAYBE_INT64;
    case IGNIS_TYPE_REAL:
    case IGNIS_TYPE_DOUBLE: return IGNIS_KIND_MAYBE_DOUBLE;
    case IGNIS_TYPE_NUMERIC: return IGNIS_KIND_NUMERIC;
    case IGNIS_TYPE_JSON:
    case IGNIS_TYPE_JSONB: return IGNIS_KIND_JSON;
    case IGNIS_TYPE_TEXT:
    case IGNIS_TYPE_VARCHAR:
    case IGNIS_TYPE_UUID: return IGNIS_KIND_TEXT;
    default: return IGNIS_KIND_NONE;
    }
}

ignis_value said_list(said *to, const ignis_column *column, const json *given)
{
    ignis_value *items = said_make(to, given->count, sizeof(*items));
    bool has_null = false;
    for (size_t i = 0; i < given->count; i++) {
        items[i] = said_value(to, column, &given->as.items[i]);
        has_null = has_null || given->as.items[i].kind == JSON_NULL;
    }
    if (has_null && !column) said_refuse(to, SAID_NOT_BY_NULL);
    if (has_null && column) return array_of(to, nullable_kind(column), items, given->count);
    return (ignis_value){.form = IGNIS_VALUE_LIST, .count = given->count, .as.items = items};
}
