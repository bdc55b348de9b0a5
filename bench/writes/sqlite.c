#include "writes.h"

#include <stdio.h>
#include <string.h>

void writes_sqlite_run(const writes_bench *bench, const char *sql)
{
    if (sqlite3_exec(bench->sqlite, sql, NULL, NULL, NULL) != SQLITE_OK)
        writes_die("%s", sqlite3_errmsg(bench->sqlite));
}

/* One prepared statement in one transaction. */
static void items_insert(const writes_bench *bench, const Item *items)
{
    char sql[64];
    char key[WRITES_UUID_SIZE];
    char at[WRITES_TIME_SIZE];
    sqlite3_stmt *insert;
    (void)snprintf(sql, sizeof(sql), "INSERT INTO %s VALUES (?, ?, ?, ?, ?, ?)",
                   writes_table(bench));
    writes_sqlite_run(bench, "BEGIN IMMEDIATE");
    if (sqlite3_prepare_v2(bench->sqlite, sql, -1, &insert, NULL) != SQLITE_OK)
        writes_die("%s", sqlite3_errmsg(bench->sqlite));
    for (size_t i = 0; i < bench->rows_count; i++) {
        const Item *item = &items[i];
        if (bench->makes) {
            writes_uuid(key);
            sqlite3_bind_text(insert, 1, key, sizeof(key), SQLITE_STATIC);
        } else {
            sqlite3_bind_int(insert, 1, item->id);
        }
        sqlite3_bind_text(insert, 2, item->name, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, item->price.text, -1, SQLITE_STATIC);
        sqlite3_bind_int64(insert, 4, item->views);
        sqlite3_bind_int(insert, 5, item->is_active);
        writes_time(at, bench->makes ? writes_now() : item->made_at.microseconds);
        sqlite3_bind_text(insert, 6, at, sizeof(at), SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE) writes_die("%s", sqlite3_errmsg(bench->sqlite));
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    writes_sqlite_run(bench, "COMMIT");
}

static void structs_insert(writes_bench *bench)
{
    items_insert(bench, bench->items);
}

static void json_insert(writes_bench *bench)
{
    void *document;
    Item *items = writes_json_read(bench, &document);
    if (!items) return;
    items_insert(bench, items);
    writes_json_free(items, document);
}

const writes_contestant writes_sqlite[] = {
    {"prepared loop", structs_insert, false, false},
    {"create_rows", writes_ours_structs, false, true},
    {"jansson + loop", json_insert, true, false},
    {"createAll", writes_ours_json, true, true},
    {0},
};
