#include "driver/sqlite.h"

#include <sqlite3.h>

/* The years 0001 to 9999, the ones whose fixed-width text sorts by time. */
#define DATE_MIN (-INT64_C(730119))
#define DATE_MAX INT64_C(2921939)
#define DAY_US   INT64_C(86400000000)

static ignis_cell time_stored(ignis_type type, int64_t value, char buffer[TIME_TEXT_MAX])
{
    size_t size = type == IGNIS_TYPE_DATE
                      ? time_write_date(buffer, value)
                      : time_write_fixed(buffer, value, type == IGNIS_TYPE_TIMESTAMPTZ);
    return (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = size, .as.text = buffer};
}

static ignis_cell real_stored(ignis_type type, double value)
{
    if (type == IGNIS_TYPE_REAL) value = (double)(float)value;
    return (ignis_cell){.kind = IGNIS_CELL_REAL, .as.real = value};
}

ignis_cell sqlite_stored(const ignis_value_type *type, const ignis_cell *cell,
                         char buffer[TIME_TEXT_MAX])
{
    ignis_cell stored = *cell;
    bool is_real = type->type == IGNIS_TYPE_REAL || type->type == IGNIS_TYPE_DOUBLE;
    switch (cell->kind) {
    case IGNIS_CELL_INTEGER:
        if (time_is_type(type->type)) return time_stored(type->type, cell->as.integer, buffer);
        return is_real ? real_stored(type->type, (double)cell->as.integer) : stored;
    case IGNIS_CELL_REAL: return real_stored(type->type, cell->as.real);
    case IGNIS_CELL_TEXT:
        if (type->type == IGNIS_TYPE_BYTEA && !type->array) stored.kind = IGNIS_CELL_BYTES;
        break;
    case IGNIS_CELL_BYTES: break;
    default: return (ignis_cell){.kind = IGNIS_CELL_NULL};
    }
    /* SQLite takes a null pointer for NULL. */
    if (!stored.as.text) stored.as.text = "";
    return stored;
}

static bool time_is_storable(ignis_type type, const ignis_cell *cell)
{
    int64_t value = cell->as.integer;
    if (cell->kind != IGNIS_CELL_INTEGER || value == INT64_MIN || value == INT64_MAX) return true;
    if (type == IGNIS_TYPE_DATE) return value >= DATE_MIN && value <= DATE_MAX;
    return value >= DATE_MIN * DAY_US && value < (DATE_MAX + 1) * DAY_US;
}

static ignis_code times_check(ignis_context *ctx, const ignis_value_type *type,
                              const ignis_cell *cell)
{
    if (!time_is_type(type->type)) return IGNIS_OK;
    bool is_list = cell->kind == IGNIS_CELL_LIST;
    const ignis_cell *items = is_list ? cell->as.items : cell;
    size_t count = is_list ? cell->size : 1;
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind == IGNIS_CELL_LIST) {
            IGNIS_TRY(times_check(ctx, type, &items[i]));
        } else if (!time_is_storable(type->type, &items[i])) {
            return context_fail(ctx, IGNIS_E_INVALID,
                                "SQLite keeps times of the years 0001 to 9999");
        }
    }
    return IGNIS_OK;
}

/* An array as the text that its column stores. */
static ignis_code array_write(ignis_context *ctx, arena *memory, const ignis_value_type *type,
                              const ignis_cell *cell, ignis_cell *written)
{
    text out;
    text_init(&out, memory, SQLITE_VALUE_SIZE_MAX);
    storage_write_array(&out, type->type, cell->as.items, cell->size);
    if (out.code == IGNIS_E_LIMIT)
        return context_fail(ctx, IGNIS_E_LIMIT, "a value or statement is too big for the database");
    if (out.code != IGNIS_OK) return context_fail_memory(ctx, memory);
    *written = (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = out.size, .as.text = out.data};
    return IGNIS_OK;
}

/* The items of a key list with arrays written as text. */
static ignis_code list_items_write(ignis_context *ctx, arena *memory, sqlite_list *list)
{
    bool has_arrays = false;
    for (size_t i = 0; i < list->width; i++) {
        has_arrays = has_arrays || list->types[i].array;
    }
    if (!has_arrays) return IGNIS_OK;
    size_t count = list->width * list->rows_count;
    ignis_cell *items = arena_array(memory, count, sizeof(*items));
    if (!items) return context_fail_memory(ctx, memory);
    for (size_t i = 0; i < count; i++) {
        items[i] = list->items[i];
        if (items[i].kind == IGNIS_CELL_LIST)
            IGNIS_TRY(array_write(ctx, memory, &list->types[i % list->width], &list->items[i],
                                  &items[i]));
    }
    list->items = items;
    return IGNIS_OK;
}

static ignis_code list_build(ignis_context *ctx, arena *memory, const ignis_value_type *types,
                             size_t width, const ignis_cell *cell, sqlite_list **built)
{
    if (width > SQLITE_LIST_COLUMNS_MAX)
        return context_fail(ctx, IGNIS_E_LIMIT, "a key list has more than %d columns",
                            SQLITE_LIST_COLUMNS_MAX);
    if (cell->size % width != 0)
        return context_fail(ctx, IGNIS_E_INVALID, "a key list of %zu columns holds %zu values",
                            width, cell->size);
    sqlite_list *list = arena_alloc(memory, sizeof(*list));
    if (!list) return context_fail_memory(ctx, memory);
    *list = (sqlite_list){
        .types = types, .items = cell->as.items, .width = width, .rows_count = cell->size / width};
    for (size_t i = 0; i < cell->size; i++) {
        IGNIS_TRY(times_check(ctx, &types[i % width], &cell->as.items[i]));
    }
    IGNIS_TRY(list_items_write(ctx, memory, list));
    *built = list;
    return IGNIS_OK;
}

/* SQLite copies nothing: a time's text is in memory, too. */
static int value_bind(struct sqlite3_stmt *handle, int number, const ignis_value_type *type,
                      const ignis_cell *cell, arena *memory)
{
    char buffer[TIME_TEXT_MAX];
    ignis_cell stored = sqlite_stored(type, cell, buffer);
    if (stored.as.text == buffer && stored.kind == IGNIS_CELL_TEXT) {
        stored.as.text = arena_copy(memory, buffer, stored.size);
        if (!stored.as.text) return SQLITE_NOMEM;
    }
    switch (stored.kind) {
    case IGNIS_CELL_INTEGER: return sqlite3_bind_int64(handle, number, stored.as.integer);
    case IGNIS_CELL_REAL: return sqlite3_bind_double(handle, number, stored.as.real);
    case IGNIS_CELL_TEXT:
        return sqlite3_bind_text64(handle, number, stored.as.text, stored.size, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case IGNIS_CELL_BYTES:
        return sqlite3_bind_blob64(handle, number, stored.as.text, stored.size, SQLITE_STATIC);
    default: return sqlite3_bind_null(handle, number);
    }
}

/* The columns of the list that begins here: the entries behind it whose cells say nothing. */
static size_t list_width(const ignis_execution *execution, size_t index)
{
    const ignis_statement *statement = execution->statement;
    size_t width = 1;
    while (index + width < statement->parameters_count &&
           statement->parameters[index + width].list &&
           execution->parameters[index + width].kind == IGNIS_CELL_NULL) {
        width++;
    }
    return width;
}

static ignis_code parameter_bind(ignis_context *ctx, sqlite_connection *connection,
                                 const ignis_execution *execution, size_t index,
                                 struct sqlite3_stmt *handle)
{
    const ignis_value_type *type = &execution->statement->parameters[index];
    const ignis_cell *cell = &execution->parameters[index];
    int number = (int)index + 1;
    int result;
    if (type->list && cell->kind == IGNIS_CELL_LIST) {
        sqlite_list *list = NULL;
        IGNIS_TRY(
            list_build(ctx, &connection->bound, type, list_width(execution, index), cell, &list));
        result = sqlite3_bind_pointer(handle, number, list, SQLITE_LIST_POINTER, NULL);
    } else {
        ignis_cell value = *cell;
        IGNIS_TRY(times_check(ctx, type, cell));
        if (cell->kind == IGNIS_CELL_LIST)
            IGNIS_TRY(array_write(ctx, &connection->bound, type, cell, &value));
        result = value_bind(handle, number, type, &value, &connection->bound);
    }
    return result == SQLITE_OK ? IGNIS_OK : sqlite_error_report(ctx, connection, result);
}

ignis_code sqlite_bind(ignis_context *ctx, sqlite_connection *connection,
                       const ignis_execution *execution, struct sqlite3_stmt *handle)
{
    size_t numbers_count = (size_t)sqlite3_bind_parameter_count(handle);
    size_t count = execution->statement->parameters_count;
    bool is_exact = execution->statement->raw;
    if (numbers_count > count || (is_exact && numbers_count < count))
        return context_fail(ctx, IGNIS_E_INVALID, "the statement takes %zu parameters, got %zu",
                            numbers_count, count);
    arena_reset(&connection->bound);
    for (size_t i = 0; i < numbers_count; i++) {
        IGNIS_TRY(parameter_bind(ctx, connection, execution, i, handle));
    }
    return IGNIS_OK;
}
