/* ignis_list(?): the rows of a list parameter as a table, so that the length of a list is no part of
   a statement's text. */
#include "driver/sqlite.h"

#include <sqlite3.h>

enum { LIST_ROWS_ESTIMATED = 16, COLUMN_ARGUMENT = SQLITE_LIST_COLUMNS_MAX };

typedef struct list_cursor {
    sqlite3_vtab_cursor base;
    const sqlite_list *list; /* NULL: the argument was no list */
    size_t row;
} list_cursor;

static int list_connect(sqlite3 *db, void *data, int argc, const char *const *argv,
                        sqlite3_vtab **table, char **message)
{
    (void)data, (void)argc, (void)argv, (void)message;
    int result = sqlite3_declare_vtab(db, "CREATE TABLE ignis_list(k0, k1, k2, k3, k4, k5, k6, k7, "
                                          "k8, k9, k10, k11, k12, k13, k14, k15, list HIDDEN)");
    if (result != SQLITE_OK) return result;
    sqlite3_vtab *made = sqlite3_malloc64(sizeof(*made));
    if (!made) return SQLITE_NOMEM;
    *made = (sqlite3_vtab){0};
    *table = made;
    return sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
}

static int list_disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

/* Without its argument the table cannot be read; with it, it is small. */
static int list_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn != COLUMN_ARGUMENT || !info->aConstraint[i].usable ||
            info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->estimatedCost = LIST_ROWS_ESTIMATED;
        info->estimatedRows = LIST_ROWS_ESTIMATED;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}

static int list_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
    (void)table;
    list_cursor *made = sqlite3_malloc64(sizeof(*made));
    if (!made) return SQLITE_NOMEM;
    *made = (list_cursor){0};
    *cursor = &made->base;
    return SQLITE_OK;
}

static int list_close(sqlite3_vtab_cursor *cursor)
{
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int list_filter(sqlite3_vtab_cursor *cursor, int number, const char *name, int argc,
                       sqlite3_value **argv)
{
    (void)number, (void)name;
    list_cursor *self = (list_cursor *)cursor;
    self->list = argc == 1 ? sqlite3_value_pointer(argv[0], SQLITE_LIST_POINTER) : NULL;
    self->row = 0;
    return SQLITE_OK;
}

static int list_next(sqlite3_vtab_cursor *cursor)
{
    ((list_cursor *)cursor)->row++;
    return SQLITE_OK;
}

static int list_eof(sqlite3_vtab_cursor *cursor)
{
    const list_cursor *self = (const list_cursor *)cursor;
    return !self->list || self->row >= self->list->rows_count;
}

static int list_column(sqlite3_vtab_cursor *cursor, sqlite3_context *out, int column)
{
    const list_cursor *self = (const list_cursor *)cursor;
    const sqlite_list *list = self->list;
    if (column < 0 || (size_t)column >= list->width) return SQLITE_OK;

    char buffer[TIME_TEXT_MAX];
    size_t index = (size_t)column;
    ignis_cell stored =
        sqlite_stored(&list->types[index], &list->items[self->row * list->width + index], buffer);
    switch (stored.kind) {
    case IGNIS_CELL_INTEGER: sqlite3_result_int64(out, stored.as.integer); break;
    case IGNIS_CELL_REAL: sqlite3_result_double(out, stored.as.real); break;
    case IGNIS_CELL_TEXT:
        sqlite3_result_text64(out, stored.as.text, stored.size,
                              stored.as.text == buffer ? SQLITE_TRANSIENT : SQLITE_STATIC,
                              SQLITE_UTF8);
        break;
    case IGNIS_CELL_BYTES:
        sqlite3_result_blob64(out, stored.as.text, stored.size, SQLITE_STATIC);
        break;
    default: break;
    }
    return SQLITE_OK;
}

static int list_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
    *rowid = (sqlite3_int64)((const list_cursor *)cursor)->row;
    return SQLITE_OK;
}

int sqlite_list_register(struct sqlite3 *db)
{
    /* No xCreate: the table exists without CREATE and cannot be created. */
    static const sqlite3_module module = {
        .xConnect = list_connect,
        .xBestIndex = list_best_index,
        .xDisconnect = list_disconnect,
        .xOpen = list_open,
        .xClose = list_close,
        .xFilter = list_filter,
        .xNext = list_next,
        .xEof = list_eof,
        .xColumn = list_column,
        .xRowid = list_rowid,
    };
    return sqlite3_create_module_v2(db, "ignis_list", &module, NULL, NULL);
}
