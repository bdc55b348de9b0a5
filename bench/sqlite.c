#include "bench.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { FILE_SIZE_MAX = 1024 };

typedef struct lite {
    sqlite3 *db; /* of the floor and of the JSON statements */
    sqlite3_stmt *levels[BENCH_WORKLOADS_COUNT][BENCH_LEVELS_MAX];
    sqlite3_stmt *json[BENCH_WORKLOADS_COUNT];
    char file[FILE_SIZE_MAX];
} lite;

static void check(const lite *self, int result, int wanted)
{
    if (result != wanted) bench_die("SQLite: %s", sqlite3_errmsg(self->db));
}

static sqlite3_stmt *prepare(const lite *self, const char *sql)
{
    sqlite3_stmt *statement;
    check(self, sqlite3_prepare_v3(self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL),
          SQLITE_OK);
    return statement;
}

static void bind(const lite *self, sqlite3_stmt *statement, const char *text, int size)
{
    check(self, sqlite3_bind_text(statement, 1, text, size, SQLITE_STATIC), SQLITE_OK);
}

/* ---- runs ---- */

/* Fetches all columns; the sum keeps the compiler from leaving that out. */
static int row_fetch(sqlite3_stmt *statement)
{
    int sum = 0;
    int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; i++) {
        switch (sqlite3_column_type(statement, i)) {
        case SQLITE_INTEGER: sum += sqlite3_column_int64(statement, i) != 0; break;
        case SQLITE_FLOAT: sum += sqlite3_column_double(statement, i) > 0; break;
        case SQLITE_NULL: break;
        default:
            sum += sqlite3_column_text(statement, i) != NULL;
            sum += sqlite3_column_bytes(statement, i);
            break;
        }
    }
    return sum;
}

static void level_run(lite *self, size_t workload, size_t level, bench_tree *tree)
{
    sqlite3_stmt *statement = self->levels[workload][level];
    sqlite3_stmt *below = level + 1 < BENCH_LEVELS_MAX ? self->levels[workload][level + 1] : NULL;
    int result = sqlite3_step(statement);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
        if (row_fetch(statement) < 0) bench_die("a row has no size");
        if (tree)
            bench_tree_key(tree, level, (const char *)sqlite3_column_text(statement, 0),
                           (size_t)sqlite3_column_bytes(statement, 0));
        if (!below) continue;
        int column = (int)bench_workloads[workload].sqlite.links[level + 1];
        bind(self, below, (const char *)sqlite3_column_text(statement, column),
             sqlite3_column_bytes(statement, column));
        level_run(self, workload, level + 1, tree);
    }
    check(self, result, SQLITE_DONE);
    check(self, sqlite3_reset(statement), SQLITE_OK);
}

static void run_floor(bench_engine *engine, size_t workload, bench_tree *tree)
{
    char id[BENCH_ID_SIZE];
    lite *self = engine->data;
    bind(self, self->levels[workload][0], bench_parameter(&bench_workloads[workload], id), -1);
    level_run(self, workload, 0, tree);
}

static void columns_add(bench_tree *tree, sqlite3_stmt *statement)
{
    bench_row row = {0};
    int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; i++) {
        const char *value = (const char *)sqlite3_column_text(statement, i);
        size_t size = (size_t)sqlite3_column_bytes(statement, i);
        if (i == columns - 1) {
            bench_row_json(tree, &row, value, size);
        } else if (value) {
            bench_row_value(tree, &row, value, size);
        } else {
            bench_row_value(tree, &row, "null", 4);
        }
        tree->bytes += size;
    }
    bench_tree_row(tree, &row);
}

static void run_json(bench_engine *engine, size_t workload, bench_tree *tree)
{
    char id[BENCH_ID_SIZE];
    const lite *self = engine->data;
    sqlite3_stmt *statement = self->json[workload];
    bind(self, statement, bench_parameter(&bench_workloads[workload], id), -1);
    int result = sqlite3_step(statement);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
        if (row_fetch(statement) < 0) bench_die("a row has no size");
        if (tree) columns_add(tree, statement);
    }
    check(self, result, SQLITE_DONE);
    check(self, sqlite3_reset(statement), SQLITE_OK);
}

/* ---- the engine ---- */

static void file_remove(const char *file)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[FILE_SIZE_MAX + 8];
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        (void)snprintf(name, sizeof(name), "%s%s", file, ends[i]);
        (void)remove(name);
    }
}

static void lite_open(lite *self)
{
    check(self,
          sqlite3_open_v2(self->file, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL),
          SQLITE_OK);
    check(self,
          sqlite3_exec(self->db, "PRAGMA wal_checkpoint(TRUNCATE); ANALYZE", NULL, NULL, NULL),
          SQLITE_OK);
    for (size_t i = 0; i < BENCH_WORKLOADS_COUNT; i++) {
        const bench_statements *statements = &bench_workloads[i].sqlite;
        for (size_t level = 0; level < BENCH_LEVELS_MAX && statements->levels[level]; level++)
            self->levels[i][level] = prepare(self, statements->levels[level]);
        self->json[i] = prepare(self, statements->json);
    }
}

static void lite_close(lite *self)
{
    for (size_t i = 0; i < BENCH_WORKLOADS_COUNT; i++) {
        for (size_t level = 0; level < BENCH_LEVELS_MAX; level++)
            check(self, sqlite3_finalize(self->levels[i][level]), SQLITE_OK);
        check(self, sqlite3_finalize(self->json[i]), SQLITE_OK);
    }
    check(self, sqlite3_close(self->db), SQLITE_OK);
}

void bench_sqlite(const bench_options *options)
{
    lite self = {0};
    bench_engine engine = {.name = "SQLite",
                           .json_name = "JSON functions",
                           .run_floor = run_floor,
                           .run_json = run_json,
                           .data = &self};
    int size = snprintf(self.file, sizeof(self.file), "%s.sqlite", options->database);
    if (size < 0 || size >= FILE_SIZE_MAX) bench_die("the name of the database is too long");
    file_remove(self.file);
    bench_ours_open(&engine.ours, self.file, options->users_count);
    lite_open(&self);
    (void)snprintf(engine.version, sizeof(engine.version), "%.30s, a file in WAL mode",
                   sqlite3_libversion());
    bench_measure(&engine, options);
    lite_close(&self);
    bench_ours_close(&engine.ours);
    file_remove(self.file);
}
