/* The bench of writes: rows into one table, by hand and by the library. */
#ifndef WRITES_H
#define WRITES_H

#include <ignis.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WRITES_ROUNDS_MAX = 99, WRITES_UUID_SIZE = 36, WRITES_TIME_SIZE = 27 };

/* A row of the table "items", whose values are given, and of "made", whose key and time are made. */
typedef struct Item {
    int32_t id;
    const char *key;
    const char *name;
    ignis_numeric price;
    int64_t views;
    bool is_active;
    ignis_timestamp made_at;
} Item;
typedef Item Made;

typedef struct writes_bench {
    size_t rows_count;
    bool makes; /* the table "made" */
    Item *items;
    char *texts;      /* of the items */
    char *arguments;  /* of createAll: the same rows as JSON */
    const char *list; /* within arguments: the rows alone */
    size_t list_size;
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *repository;
    PGconn *postgres; /* by hand; NULL: SQLite */
    sqlite3 *sqlite;
} writes_bench;

typedef struct writes_contestant {
    const char *name;
    void (*run)(writes_bench *bench);
    bool is_json; /* compared with what begins with JSON text, else with what begins with structs */
    bool is_ours;
} writes_contestant;

_Noreturn void writes_die(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *writes_table(const writes_bench *bench);

/* rows.c */
void writes_rows_make(writes_bench *bench);
void writes_rows_free(writes_bench *bench);
/* A random key, as a program by hand makes it. */
void writes_uuid(char out[WRITES_UUID_SIZE]);
int64_t writes_now(void);
/* "2024-03-10T10:20:30.000000Z" */
void writes_time(char out[WRITES_TIME_SIZE], int64_t microseconds);
/* Rows of the same JSON by jansson; NULL: without it. Freed by writes_json_free. */
Item *writes_json_read(const writes_bench *bench, void **document);
void writes_json_free(Item *items, void *document);

/* The contestants of an engine; the last has no name. */
extern const writes_contestant writes_postgres[];
extern const writes_contestant writes_sqlite[];

/* postgres.c and sqlite.c */
void writes_postgres_run(const writes_bench *bench, const char *sql);
void writes_sqlite_run(const writes_bench *bench, const char *sql);

/* ours.c */
void writes_ours_open(writes_bench *bench, const char *url);
void writes_ours_close(writes_bench *bench);
void writes_ours_structs(writes_bench *bench);
void writes_ours_json(writes_bench *bench);
void writes_ours_count(writes_bench *bench);

#endif
