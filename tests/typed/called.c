#include "typed/called.h"

#include "model/model.h"
#include "typed/shown.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ---- arguments ---- */

static void option_take(called *call, const json_member *option)
{
    bool value = option->value.boolean;
    if (option->value.kind != JSON_BOOLEAN) said_refuse(&call->said, SAID_NOT_BY_SHAPE);
    if (strcmp(option->name, "shouldSkipDefaultFilter") == 0) {
        call->options.skip_default_filter = value;
    } else if (strcmp(option->name, "withHidden") == 0) {
        call->options.with_hidden = value;
    } else if (strcmp(option->name, "shouldQueryRange") == 0) {
        call->with_range = value;
    } else {
        said_refuse(&call->said, SAID_NOT_BY_SHAPE);
    }
}

/* ---- keys ---- */

static const ignis_column *key_next(const ignis_column *column)
{
    while (column->member && !column->primary_key)
        column++;
    return column;
}

/* Puts a value into the key's member of a struct. false: it does not fit. */
static bool member_set(const ignis_column *column, const ignis_value *value, char *at)
{
    int64_t integer = value->as.integer;
    switch ((ignis_kind)column->kind) {
    case IGNIS_KIND_INT32: *(int32_t *)(void *)at = (int32_t)integer; break;
    case IGNIS_KIND_INT64: *(int64_t *)(void *)at = integer; break;
    case IGNIS_KIND_TEXT:
    case IGNIS_KIND_NUMERIC: *(const char **)(void *)at = value->as.text; break;
    case IGNIS_KIND_DATE: *(ignis_date *)(void *)at = (ignis_date){integer}; break;
    case IGNIS_KIND_TIMESTAMP: *(ignis_timestamp *)(void *)at = (ignis_timestamp){integer}; break;
    case IGNIS_KIND_MAYBE_INT32:
        *(ignis_maybe_int32 *)(void *)at = (ignis_maybe_int32){true, (int32_t)integer};
        break;
    case IGNIS_KIND_MAYBE_INT64:
        *(ignis_maybe_int64 *)(void *)at = (ignis_maybe_int64){true, integer};
        break;
    case IGNIS_KIND_MAYBE_DATE:
        *(ignis_maybe_date *)(void *)at = (ignis_maybe_date){true, {integer}};
        break;
    case IGNIS_KIND_MAYBE_TIMESTAMP:
        *(ignis_maybe_timestamp *)(void *)at = (ignis_maybe_timestamp){true, {integer}};
        break;
    default: return false;
    }
    bool is_narrow = column->kind == IGNIS_KIND_INT32 || column->kind == IGNIS_KIND_MAYBE_INT32;
    return !is_narrow || (integer >= INT32_MIN && integer <= INT32_MAX);
}

/* A key of several columns is a struct with these members. */
static ignis_key key_of_row(said *to, const ignis_model *model, const json *id)
{
    char *row = said_make(to, 1, model->row_size);
    size_t count = 0;
    const ignis_column *column = key_next(model->columns.items);
    for (; column->member; column = key_next(column + 1), count++) {
        const json *part = id->kind == JSON_OBJECT ? json_get(id, column->name) : NULL;
        if (!part || part->kind == JSON_NULL) {
            said_refuse(to, SAID_NOT_BY_SHAPE);
            continue;
        }
        ignis_value value = said_value(to, column, part);
        if (to->refusal != SAID) break;
        if (value.kind == IGNIS_KIND_UNSIGNED || !member_set(column, &value, row + column->offset))
            said_refuse(to, SAID_NOT_BY_TYPE);
    }
    if (id->count != count) said_refuse(to, SAID_NOT_BY_SHAPE);
    return (ignis_key){.row = row};
}

static ignis_key key_of(said *to, const ignis_model *model, const json *id)
{
    const ignis_column *column = key_next(model->columns.items);
    if (!id) {
        said_refuse(to, SAID_NOT_BY_SHAPE);
        return (ignis_key){0};
    }
    if (column->member && key_next(column + 1)->member) return key_of_row(to, model, id);
    return (ignis_key){.value = said_value(to, column->member ? column : NULL, id)};
}

/* ---- the call ---- */

void called_read(called *call, const json *arguments)
{
    const json *options = json_get(arguments, "options");
    const json *where = json_get(arguments, "where");
    call->filter = json_get(arguments, "filter");
    for (size_t i = 0; options && options->kind == JSON_OBJECT && i < options->count; i++)
        option_take(call, &options->as.members[i]);
    if (strcmp(call->method, "findById") == 0)
        call->key = key_of(&call->said, call->model, json_get(arguments, "id"));
    if (!where) {
        call->said_filter = said_filter(&call->said, call->model, call->filter, &call->options);
        return;
    }
    ignis_filter *made = said_make(&call->said, 1, sizeof(*made));
    *made = (ignis_filter){.struct_size = sizeof(*made),
                           .where = said_where(&call->said, call->model, where),
                           .options = &call->options};
    call->said_filter = made;
}

static ignis_code rows_read(ignis_context *ctx, const called *call, const shown *asked)
{
    void *rows;
    size_t count;
    ignis_range range;
    if (!call->with_range) {
        IGNIS_TRY(ignis_find(ctx, call->repository, call->said_filter, &rows, &count));
        assert_non_null(rows);
        shown_rows(asked, rows, count);
        return IGNIS_OK;
    }
    IGNIS_TRY(ignis_find_range(ctx, call->repository, call->said_filter, &rows, &count, &range));
    text_string(asked->out, "{\"data\":");
    shown_rows(asked, rows, count);
    text_format(asked->out,
                ",\"range\":{\"start\":%" PRId64 ",\"end\":%" PRId64 ",\"total\":%" PRId64 "}}",
                range.start, range.end, range.total);
    return IGNIS_OK;
}

static ignis_code numbers_read(ignis_context *ctx, const called *call, text *out)
{
    int64_t count = 0;
    bool exists = false;
    if (strcmp(call->method, "count") == 0) {
        IGNIS_TRY(ignis_count(ctx, call->repository, call->said_filter, &count));
        text_format(out, "{\"count\":%" PRId64 "}", count);
        return IGNIS_OK;
    }
    IGNIS_TRY(ignis_exists(ctx, call->repository, call->said_filter, &exists));
    text_string(out, exists ? "true" : "false");
    return IGNIS_OK;
}

ignis_code called_make(ignis_context *ctx, const called *call, text *out)
{
    const shown asked = {.memory = call->said.memory,
                         .out = out,
                         .model = call->model,
                         .filter = call->filter,
                         .skips_default = call->options.skip_default_filter,
                         .with_hidden = call->options.with_hidden};
    void *row = NULL;
    if (strcmp(call->method, "find") == 0) return rows_read(ctx, call, &asked);
    if (strcmp(call->method, "findOne") == 0) {
        IGNIS_TRY(ignis_find_one(ctx, call->repository, call->said_filter, &row));
    } else if (strcmp(call->method, "findById") == 0) {
        IGNIS_TRY(ignis_find_by_id(ctx, call->repository, &call->key, call->said_filter, &row));
    } else {
        return numbers_read(ctx, call, out);
    }
    shown_row(&asked, row);
    return IGNIS_OK;
}
