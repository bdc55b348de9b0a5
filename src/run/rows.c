/* The rows that a write is given, as JSON or as structs. */
#include "run/run.h"

static bool is_list(const run_rows *rows)
{
    return rows->structs || rows->json->kind == JSON_ARRAY;
}

size_t run_rows_count(const run_rows *rows)
{
    if (rows->structs) return rows->structs->count;
    return is_list(rows) ? rows->json->count : 1;
}

const json *run_rows_json(const run_rows *rows, size_t row)
{
    return is_list(rows) ? &rows->json->as.items[row] : rows->json;
}

ignis_code run_rows_path(ignis_context *ctx, const run_rows *rows, size_t row)
{
    if (!is_list(rows)) return context_path(ctx, "%s", rows->name);
    return context_path(ctx, "%s[%zu]", rows->name, row);
}

ignis_code run_rows_dropped(ignis_context *ctx, size_t kept_count, size_t given_count)
{
    return context_fail(ctx, IGNIS_E_DATABASE,
                        "the database kept %zu of %zu rows: a trigger there leaves rows out",
                        kept_count, given_count);
}

ignis_code run_progress_tell(ignis_context *ctx, size_t rows_count, size_t rows_total)
{
    bool goes_on = !ctx->progress ||
                   ctx->progress(ctx->progress_data, (int64_t)rows_count, (int64_t)rows_total);
    if (goes_on) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_CANCELLED, "the call was cancelled by its progress function");
}

/* Bytes that the values of a row take, about. */
static size_t cells_size(const row_values *values)
{
    size_t size = 0;
    for (size_t i = 0; i < values->count; i++) {
        const ignis_cell *cell = &values->cells[i];
        bool has_text = cell->kind == IGNIS_CELL_TEXT || cell->kind == IGNIS_CELL_BYTES;
        size += has_text ? cell->size : sizeof(*cell);
    }
    return size;
}

ignis_code run_insert_read(ignis_context *ctx, const run_insert_request *request, size_t row,
                           row_values *values, size_t *size)
{
    const run_rows *rows = &request->rows;
    ignis_code code;
    if (rows->structs) {
        code = row_native_bind(ctx, &ctx->scratch, rows->structs, row, values);
        if (code == IGNIS_OK) *size += cells_size(values);
    } else {
        const json *data = run_rows_json(rows, row);
        row_purpose purpose = request->is_public ? ROW_CREATE_PUBLIC : ROW_CREATE;
        if (request->is_load) purpose = ROW_LOAD;
        code = row_bind(ctx, &ctx->scratch, request->entity, data, purpose, values);
        *size += data->raw_size;
    }
    return code == IGNIS_OK ? IGNIS_OK : run_rows_path(ctx, rows, row);
}
