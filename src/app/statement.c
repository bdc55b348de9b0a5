#include "app/app.h"

/* ---- parameters ---------------------------------------------------------------------------------- */

static ignis_parameter parameter_make(ignis_type type, ignis_cell_kind kind)
{
    return (ignis_parameter){.type = {.type = type}, .value = {.kind = kind}};
}

ignis_parameter ignis_parameter_null(void)
{
    return parameter_make(IGNIS_TYPE_OTHER, IGNIS_CELL_NULL);
}

ignis_parameter ignis_parameter_boolean(bool value)
{
    ignis_parameter made = parameter_make(IGNIS_TYPE_BOOLEAN, IGNIS_CELL_INTEGER);
    made.value.as.integer = value;
    return made;
}

ignis_parameter ignis_parameter_integer(int64_t value)
{
    ignis_parameter made = parameter_make(IGNIS_TYPE_BIGINT, IGNIS_CELL_INTEGER);
    made.value.as.integer = value;
    return made;
}

ignis_parameter ignis_parameter_double(double value)
{
    ignis_parameter made = parameter_make(IGNIS_TYPE_DOUBLE, IGNIS_CELL_REAL);
    made.value.as.real = value;
    return made;
}

ignis_parameter ignis_parameter_of(ignis_type type, const char *value)
{
    ignis_parameter made = parameter_make(type, value ? IGNIS_CELL_TEXT : IGNIS_CELL_NULL);
    made.value.as.text = value;
    made.value.size = value ? strlen(value) : 0;
    return made;
}

ignis_parameter ignis_parameter_text(const char *value)
{
    return ignis_parameter_of(IGNIS_TYPE_TEXT, value);
}

ignis_parameter ignis_parameter_bytes(const void *data, size_t size)
{
    ignis_parameter made =
        parameter_make(IGNIS_TYPE_BYTEA, data ? IGNIS_CELL_BYTES : IGNIS_CELL_NULL);
    made.value.as.text = data;
    made.value.size = size;
    return made;
}

/* ---- calls ----------------------------------------------------------------------------------------- */

ignis_code app_statement_read(ignis_context *ctx, const ignis_sql *statement,
                              run_raw_request *request)
{
    if (!statement) return context_fail(ctx, IGNIS_E_INVALID, "the statement is missing");
    if (statement->struct_size < sizeof(*statement)) {
        return context_fail(ctx, IGNIS_E_INVALID, "struct_size of the statement is not set");
    }
    if (!statement->text) return context_fail(ctx, IGNIS_E_INVALID, "the statement is missing");
    if (statement->parameters_count > 0 && !statement->parameters) {
        return context_fail(ctx, IGNIS_E_INVALID, "the statement's parameters are missing");
    }
    *request =
        (run_raw_request){.sql = statement->text,
                          .sql_size = statement->size ? statement->size : strlen(statement->text),
                          .parameters = statement->parameters,
                          .parameters_count = statement->parameters_count};
    return IGNIS_OK;
}

static ignis_code repository_missing(ignis_context *ctx)
{
    app_begin(ctx);
    return app_end(ctx, app_repository_given(ctx, NULL));
}

/* scope NULL: the data source. */
static ignis_code execute(ignis_context *ctx, const ignis_data_source *source, const char *scope,
                          const ignis_sql *statement, int64_t *rows_count)
{
    run_raw_request request;
    int64_t affected = 0;
    app_begin(ctx);
    ctx->scope = scope;
    ignis_code code = app_source_given(ctx, source);
    if (code == IGNIS_OK) code = app_statement_read(ctx, statement, &request);
    if (code == IGNIS_OK) code = run_raw(ctx, &source->run, &request, &affected);
    if (code == IGNIS_OK && rows_count) *rows_count = affected;
    return app_end(ctx, code);
}

ignis_code ignis_execute(ignis_context *ctx, ignis_data_source *source, const ignis_sql *statement,
                         int64_t *rows_count)
{
    return execute(ctx, source, NULL, statement, rows_count);
}

ignis_code ignis_repository_execute(ignis_context *ctx, const ignis_repository *repository,
                                    const ignis_sql *statement, int64_t *rows_count)
{
    if (!repository) return repository_missing(ctx);
    return execute(ctx, repository->source, repository->name, statement, rows_count);
}

/* ---- rows as JSON ---------------------------------------------------------------------------------- */

static void cell_write(text *out, const run_raw_column *column, const ignis_cell *cell)
{
    ignis_value_type type = column->type;
    /* Lists of types that the library does not know. */
    if (cell->kind == IGNIS_CELL_LIST) type.array = true;
    text_append(out, column->key, column->key_size);
    row_cell_write(out, &type, cell);
}

static ignis_code rows_write(ignis_context *ctx, void *data, const run_raw_rows *rows)
{
    text *out = data;
    for (size_t i = 0; i < rows->batch->rows_count; i++) {
        const ignis_cell *cells = rows->batch->cells + i * rows->batch->columns_count;
        text_string(out, out->size > 1 ? ",{" : "{");
        for (size_t k = 0; k < rows->columns_count; k++) {
            if (k > 0) text_char(out, ',');
            cell_write(out, &rows->columns[k], &cells[k]);
        }
        text_char(out, '}');
    }
    return out->code == IGNIS_OK ? IGNIS_OK : context_fail_memory(ctx, out->memory);
}

static ignis_code query_run(ignis_context *ctx, const ignis_data_source *source,
                            run_raw_request *request, const char **json_)
{
    text out;
    int64_t affected = 0;
    ignis_mark mark = arena_mark(&ctx->results);
    text_init(&out, &ctx->results, 0);
    text_char(&out, '[');
    request->take = rows_write;
    request->data = &out;
    ignis_code code = run_raw(ctx, &source->run, request, &affected);
    if (code == IGNIS_OK) {
        text_char(&out, ']');
        const char *finished = text_finish(&out);
        if (finished) *json_ = finished;
        if (!finished) code = context_fail_memory(ctx, &ctx->results);
    }
    if (code != IGNIS_OK) arena_release(&ctx->results, mark);
    return code;
}

/* scope NULL: the data source. */
static ignis_code query(ignis_context *ctx, const ignis_data_source *source, const char *scope,
                        const ignis_sql *statement, const char **json_)
{
    run_raw_request request;
    app_begin(ctx);
    ctx->scope = scope;
    ignis_code code = app_source_given(ctx, source);
    if (code == IGNIS_OK) code = app_statement_read(ctx, statement, &request);
    if (code == IGNIS_OK) code = query_run(ctx, source, &request, json_);
    return app_end(ctx, code);
}

ignis_code ignis_query(ignis_context *ctx, ignis_data_source *source, const ignis_sql *statement,
                       const char **json_)
{
    return query(ctx, source, NULL, statement, json_);
}

ignis_code ignis_repository_query(ignis_context *ctx, const ignis_repository *repository,
                                  const ignis_sql *statement, const char **json_)
{
    if (!repository) return repository_missing(ctx);
    return query(ctx, repository->source, repository->name, statement, json_);
}
