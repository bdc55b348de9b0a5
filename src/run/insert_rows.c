/* The rows of an insert, from JSON and from structs. */
#include "run/run.h"

size_t run_insert_count(const run_insert_request *request)
{
    if (request->structs) return request->structs->count;
    return request->rows->kind == JSON_ARRAY ? request->rows->count : 1;
}

ignis_code run_insert_path(ignis_context *ctx, const run_insert_request *request, size_t row)
{
    const char *list = request->is_load ? request->entity->name : "data";
    bool is_list = request->structs || request->rows->kind == JSON_ARRAY;
    if (!is_list) return context_path(ctx, "%s", list);
    return context_path(ctx, "%s[%zu]", list, row);
}

ignis_code run_progress_tell(ignis_context *ctx, size_t rows_count, size_t rows_total)
{
    bool goes_on = !ctx->progress ||
                   ctx->progress(ctx->progress_data, (int64_t)rows_count, (int64_t)rows_total);
    if (goes_on) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_CANCELLED, "the call was cancelled by its progress function");
}

/* Bytes that the values of a row take, about. */
static size_t cells_size(const ignis_cell *values, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        bool has_text = values[i].kind == IGNIS_CELL_TEXT || values[i].kind == IGNIS_CELL_BYTES;
        size += has_text ? values[i].size : sizeof(values[i]);
    }
    return size;
}

ignis_code run_insert_read(ignis_context *ctx, const run_insert_request *request, size_t row,
                           bool *given, ignis_cell *values, size_t *size)
{
    const model_entity *entity = request->entity;
    ignis_code code;
    if (request->structs) {
        code = row_native_bind(ctx, &ctx->scratch, request->structs, row, given, values);
        if (code == IGNIS_OK) *size += cells_size(values, sql_chosen_count(entity, given));
    } else {
        bool is_list = request->rows->kind == JSON_ARRAY;
        const json *value = is_list ? &request->rows->as.items[row] : request->rows;
        row_purpose purpose = request->is_public ? ROW_CREATE_PUBLIC : ROW_CREATE;
        if (request->is_load) purpose = ROW_LOAD;
        code = row_bind(ctx, &ctx->scratch, entity, value, purpose, given, values);
        *size += value->raw_size;
    }
    return code == IGNIS_OK ? IGNIS_OK : run_insert_path(ctx, request, row);
}
