#include "run/run.h"

/* A list of the context: null elements are ignored, as in every list. */
static ignis_code list_read(ignis_context *ctx, arena *memory, const model_column *column,
                            const json *value, ignis_cell *cell)
{
    const json *items = value->kind == JSON_ARRAY ? value->as.items : value;
    size_t count = value->kind == JSON_ARRAY ? value->count : 1;
    ignis_cell *cells = arena_array(memory, count, sizeof(*cells));
    if (!cells) return context_fail_memory(ctx, memory);
    *cell = (ignis_cell){.kind = IGNIS_CELL_LIST, .as.items = cells};
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind == JSON_NULL || !filter_form_fits(column, &items[i])) continue;
        if (model_value_read(ctx, memory, column, &items[i], MODEL_VALUE_FILTER,
                             &cells[cell->size]) != IGNIS_OK) {
            return context_path(ctx, "[%zu]", i);
        }
        cell->size++;
    }
    return IGNIS_OK;
}

static ignis_code context_read(ignis_context *ctx, arena *memory, const sql_parameter *parameter,
                               bool is_list, ignis_cell *cell)
{
    const json *value;
    const char *given = context_value(ctx, parameter->name);
    if (!given) {
        context_fail(ctx, IGNIS_E_INVALID,
                     "the default filter needs the context's value '%s', which is not set",
                     parameter->name);
        return context_path(ctx, "$context.%s", parameter->name);
    }
    IGNIS_TRY(json_read_context(ctx, memory, given, strlen(given), NULL, &value));
    ignis_code code = IGNIS_OK;
    bool is_null =
        value->kind == JSON_NULL || (parameter->reading == FILTER_READ_FORM && !is_list &&
                                     !filter_form_fits(parameter->column, value));
    if (is_list) {
        code = list_read(ctx, memory, parameter->column, value, cell);
    } else if (is_null) {
        *cell = (ignis_cell){.kind = IGNIS_CELL_NULL};
    } else if (parameter->reading == FILTER_READ_SCALARS) {
        code = filter_scalars_read(ctx, memory, value, cell);
    } else if (parameter->is_wrapped) {
        code = model_list_read(ctx, memory, parameter->column, value, MODEL_VALUE_FILTER, cell);
    } else {
        code = model_value_read(ctx, memory, parameter->column, value, MODEL_VALUE_FILTER, cell);
    }
    return code == IGNIS_OK ? IGNIS_OK : context_path(ctx, "$context.%s", parameter->name);
}

ignis_code run_bind(ignis_context *ctx, arena *memory, const sql_statement *statement,
                    const ignis_cell *values, const ignis_cell *keys, ignis_execution *execution)
{
    size_t count = statement->statement.parameters_count;
    *execution = (ignis_execution){.statement = &statement->statement, .parameters = values};
    if (statement->takes_slots) return IGNIS_OK;
    ignis_cell *cells = arena_array(memory, count, sizeof(*cells));
    if (!cells) return context_fail_memory(ctx, memory);
    for (size_t i = 0; i < count; i++) {
        const sql_parameter *parameter = &statement->parameters[i];
        switch (parameter->source) {
        case SQL_SLOT: cells[i] = values[parameter->slot]; break;
        case SQL_KEYS: cells[i] = *keys; break;
        case SQL_KEYS_REST: break;
        case SQL_CONTEXT:
            IGNIS_TRY(context_read(ctx, memory, parameter, statement->statement.parameters[i].list,
                                   &cells[i]));
            break;
        }
    }
    execution->parameters = cells;
    return IGNIS_OK;
}
