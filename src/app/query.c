/* query: rows of statements of the caller's as structs of a model. */
#include "app/app.h"

/* Rows on their way. */
typedef struct query_rows {
    const model_entity *entity;
    row_structs structs;
    const model_column **columns; /* the model's, with the types that the statement gives */
    size_t *places;               /* of each among the statement's columns */
    bool is_matched;
} query_rows;

/* The columns alone: what else a model says is of no use here, and may name models that are not at
   hand. */
static ignis_code entity_make(ignis_context *ctx, arena *memory, const ignis_model *model,
                              const model_entity **entity)
{
    ignis_model plain;
    model_registry *registry;
    IGNIS_TRY(model_plain(ctx, &ctx->scratch, model, &plain));
    plain.uniques = plain.indexes = plain.foreign_keys = plain.checks = (ignis_constraints){0};
    plain.relations = (ignis_relations){0};
    plain.default_filter = NULL;
    const ignis_model *const models[] = {&plain};
    IGNIS_TRY(model_registry_build(ctx, memory, models, 1, &registry));
    *entity = &registry->entities[0];
    return row_struct_check(ctx, *entity);
}

/* ---- the statement's columns and the model's --------------------------------------------------------- */

static const run_raw_column *column_find(const run_raw_rows *rows, const model_column *column)
{
    for (size_t i = 0; i < rows->columns_count; i++) {
        if (strcmp(rows->columns[i].name, column->column) == 0) return &rows->columns[i];
    }
    return NULL;
}

/* SQLite has no types here: what is stored is looked at value by value. */
static ignis_code type_check(ignis_context *ctx, const model_entity *entity,
                             const model_column *column, const ignis_value_type *given)
{
    bool is_held = given->type == IGNIS_TYPE_NONE || (model_kind_holds(column->kind, given->type) &&
                                                      given->array == column->type.array);
    if (is_held) return IGNIS_OK;
    context_fail(ctx, IGNIS_E_INVALID,
                 "the column \"%s\" is %s%s, which its member of %s does not hold", column->column,
                 model_type_name(given->type), given->array ? "[]" : "", entity->name);
    return context_path(ctx, "%s", column->name);
}

static ignis_code columns_match(ignis_context *ctx, query_rows *in, const run_raw_rows *rows)
{
    size_t count = in->entity->columns_count;
    model_column *copies = arena_array(&ctx->scratch, count, sizeof(*copies));
    in->columns = arena_array(&ctx->scratch, count, sizeof(*in->columns));
    in->places = arena_array(&ctx->scratch, count, sizeof(*in->places));
    if (!copies || !in->columns || !in->places) return context_fail_memory(ctx, &ctx->scratch);
    for (size_t i = 0; i < count; i++) {
        model_column *column = &copies[i];
        *column = in->entity->columns[i];
        const run_raw_column *given = column_find(rows, column);
        if (!given) {
            context_fail(ctx, IGNIS_E_INVALID, "the statement gives no column \"%s\" for %s",
                         column->column, in->entity->name);
            return context_path(ctx, "%s", column->name);
        }
        IGNIS_TRY(type_check(ctx, in->entity, column, &given->type));
        if (given->type.type != IGNIS_TYPE_NONE) column->type = given->type;
        in->columns[i] = column;
        in->places[i] = (size_t)(given - rows->columns);
    }
    in->is_matched = true;
    return IGNIS_OK;
}

/* ---- rows --------------------------------------------------------------------------------------------- */

/* What a member cannot hold is a mistake of the statement here, not of whoever filled the table. */
static ignis_code value_refuse(ignis_context *ctx, ignis_code code)
{
    char message[CONTEXT_MESSAGE_MAX];
    if (code != IGNIS_E_DATABASE) return code;
    memcpy(message, ctx->message, sizeof(message));
    return context_fail(ctx, IGNIS_E_INVALID, "%s", message);
}

static ignis_code value_store(ignis_context *ctx, const query_rows *in, const model_column *column,
                              const ignis_cell *cell, char *row)
{
    if (column->not_null && cell->kind == IGNIS_CELL_NULL) {
        return context_fail(ctx, IGNIS_E_INVALID,
                            "the column \"%s\" is NULL, which its member of %s is not",
                            column->column, in->entity->name);
    }
    return value_refuse(ctx, row_member_store(ctx, &ctx->results, column, cell, row));
}

static ignis_code row_add(ignis_context *ctx, query_rows *in, const ignis_cell *cells)
{
    size_t index = in->structs.count;
    IGNIS_TRY(row_structs_add(ctx, &ctx->results, &in->structs, NULL, 0, NULL));
    char *row = in->structs.items + index * in->entity->row_size;
    for (size_t i = 0; i < in->entity->columns_count; i++) {
        const model_column *column = in->columns[i];
        if (value_store(ctx, in, column, &cells[in->places[i]], row) == IGNIS_OK) continue;
        context_path(ctx, "%s", column->name);
        return context_path(ctx, "rows[%zu]", index);
    }
    return IGNIS_OK;
}

static ignis_code rows_take(ignis_context *ctx, void *data, const run_raw_rows *rows)
{
    query_rows *in = data;
    if (!in->is_matched) IGNIS_TRY(columns_match(ctx, in, rows));
    for (size_t i = 0; i < rows->batch->rows_count; i++)
        IGNIS_TRY(row_add(ctx, in, rows->batch->cells + i * rows->batch->columns_count));
    return IGNIS_OK;
}

static ignis_code query_run(ignis_context *ctx, const ignis_data_source *source,
                            run_raw_request *request, query_rows *in, void **rows)
{
    int64_t affected = 0;
    request->take = rows_take;
    request->data = in;
    in->structs.entity = in->entity;
    IGNIS_TRY(run_raw(ctx, &source->run, request, &affected));
    return row_structs_finish(ctx, &ctx->results, &in->structs, rows);
}

ignis_code ignis_query_rows(ignis_context *ctx, ignis_data_source *source,
                            const ignis_sql *statement, const ignis_model *model, void **rows,
                            size_t *rows_count)
{
    run_raw_request request;
    query_rows in = {0};
    arena memory = {0}; /* of the model */
    void *made = NULL;
    app_begin(ctx);
    ignis_mark mark = arena_mark(&ctx->results);
    ignis_code code = app_source_given(ctx, source);
    if (code == IGNIS_OK) code = app_statement_read(ctx, statement, &request);
    if (code == IGNIS_OK) code = entity_make(ctx, &memory, model, &in.entity);
    if (code == IGNIS_OK) code = query_run(ctx, source, &request, &in, &made);
    if (code == IGNIS_OK) {
        *rows = made;
        *rows_count = in.structs.count;
    } else {
        arena_release(&ctx->results, mark);
    }
    arena_free(&memory);
    return app_end(ctx, code);
}
