/* The order of numeric, jsonb and array columns, which SQLite keeps as text. */
#include "driver/sqlite.h"

#include <sqlite3.h>

static int numeric_collate(void *data, int a_size, const void *a, int b_size, const void *b)
{
    (void)data;
    return number_compare(a, (size_t)a_size, b, (size_t)b_size);
}

static int jsonb_collate(void *data, int a_size, const void *a, int b_size, const void *b)
{
    (void)data;
    return document_compare(a, (size_t)a_size, b, (size_t)b_size);
}

static int array_collate(void *data, int a_size, const void *a, int b_size, const void *b)
{
    (void)data;
    return sqlite_arrays_compare(a, (size_t)a_size, b, (size_t)b_size);
}

int sqlite_collations_register(struct sqlite3 *db)
{
    static const struct {
        const char *name;
        int (*compare)(void *, int, const void *, int, const void *);
    } collations[] = {
        {"IGNIS_NUMERIC", numeric_collate},
        {"IGNIS_JSONB", jsonb_collate},
        {"IGNIS_ARRAY", array_collate},
    };
    for (size_t i = 0; i < ARRAY_COUNT(collations); i++) {
        int result = sqlite3_create_collation_v2(db, collations[i].name, SQLITE_UTF8, NULL,
                                                 collations[i].compare, NULL);
        if (result != SQLITE_OK) return result;
    }
    return SQLITE_OK;
}
