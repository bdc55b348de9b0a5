/* Rows into one table: the best that a hand-written program does, and createAll from JSON text. */
#include <ignis.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS_DEFAULT = 100000, ROUNDS_DEFAULT = 7, ROUNDS_MAX = 99, ROW_SIZE = 160 };

static const char models[] = IGNIS_JSON({"models": [
    {"name": "Item", "table": "items", "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "name", "type": "text", "notNull": true},
        {"name": "price", "type": "numeric", "precision": 10, "scale": 2},
        {"name": "views", "type": "bigint"},
        {"name": "isActive", "column": "is_active", "type": "boolean"},
        {"name": "madeAt", "column": "made_at", "type": "timestamptz"}]}]});

typedef struct writes_bench {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *items;
    PGconn *postgres; /* NULL: SQLite */
    sqlite3 *sqlite;
    char *arguments; /* of createAll */
    char *copied;    /* the same rows in the text form of COPY */
    long rows;
} writes_bench;

static _Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
static _Noreturn void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
    exit(1);
}

static void checked(const writes_bench *bench, ignis_code code)
{
    if (code != IGNIS_OK) die("%s", ignis_context_error(bench->ctx)->message);
}

static double now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

/* ---- rows ---- */

static void texts_make(writes_bench *bench)
{
    size_t size = (size_t)bench->rows * ROW_SIZE + ROW_SIZE;
    bench->arguments = malloc(size);
    bench->copied = malloc(size);
    if (!bench->arguments || !bench->copied) die("no memory");
    char *json = bench->arguments;
    char *copy = bench->copied;
    json += snprintf(json, ROW_SIZE, "{\"options\":{\"shouldReturn\":false},\"data\":[");
    for (long i = 1; i <= bench->rows; i++) {
        const char *comma = i > 1 ? "," : "";
        json += snprintf(
            json, ROW_SIZE,
            "%s{\"id\":%ld,\"name\":\"item number %ld\",\"price\":\"%ld.25\",\"views\":%ld,"
            "\"isActive\":%s,\"madeAt\":\"2024-03-10T10:20:30Z\"}",
            comma, i, i, i % 5000, i * 3, i % 2 ? "true" : "false");
        copy += snprintf(copy, ROW_SIZE,
                         "%ld\titem number %ld\t%ld.25\t%ld\t%c\t2024-03-10T10:20:30Z\n", i, i,
                         i % 5000, i * 3, i % 2 ? 't' : 'f');
    }
    (void)snprintf(json, ROW_SIZE, "]}");
}

/* ---- by hand ---- */

static void postgres_run(const writes_bench *bench, const char *sql)
{
    PGresult *result = PQexec(bench->postgres, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN)
        die("%s", PQerrorMessage(bench->postgres));
    PQclear(result);
}

static void postgres_copy(const writes_bench *bench)
{
    postgres_run(bench, "COPY items FROM STDIN");
    if (PQputCopyData(bench->postgres, bench->copied, (int)strlen(bench->copied)) != 1 ||
        PQputCopyEnd(bench->postgres, NULL) != 1)
        die("%s", PQerrorMessage(bench->postgres));
    for (PGresult *result; (result = PQgetResult(bench->postgres)); PQclear(result)) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK) die("%s", PQerrorMessage(bench->postgres));
    }
}

static void sqlite_run(const writes_bench *bench, const char *sql)
{
    if (sqlite3_exec(bench->sqlite, sql, NULL, NULL, NULL) != SQLITE_OK)
        die("%s", sqlite3_errmsg(bench->sqlite));
}

static void sqlite_insert(const writes_bench *bench)
{
    static const char sql[] = "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?)";
    static const char at[] = "2024-03-10T10:20:30.000000Z";
    sqlite3_stmt *insert;
    char name[64];
    char price[32];
    sqlite_run(bench, "BEGIN IMMEDIATE");
    if (sqlite3_prepare_v2(bench->sqlite, sql, -1, &insert, NULL) != SQLITE_OK)
        die("%s", sqlite3_errmsg(bench->sqlite));
    for (long i = 1; i <= bench->rows; i++) {
        sqlite3_bind_int64(insert, 1, i);
        sqlite3_bind_text(insert, 2, name, snprintf(name, sizeof(name), "item number %ld", i),
                          SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, price, snprintf(price, sizeof(price), "%ld.25", i % 5000),
                          SQLITE_STATIC);
        sqlite3_bind_int64(insert, 4, i * 3);
        sqlite3_bind_int(insert, 5, i % 2 != 0);
        sqlite3_bind_text(insert, 6, at, sizeof(at) - 1, SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE) die("%s", sqlite3_errmsg(bench->sqlite));
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    sqlite_run(bench, "COMMIT");
}

/* ---- the two, in turn ---- */

static void table_clear(const writes_bench *bench)
{
    if (bench->postgres) {
        postgres_run(bench, "TRUNCATE items");
    } else {
        sqlite_run(bench, "DELETE FROM items");
    }
}

static double hand_measure(const writes_bench *bench)
{
    double start = now_ms();
    if (bench->postgres) {
        postgres_copy(bench);
    } else {
        sqlite_insert(bench);
    }
    return now_ms() - start;
}

static double ours_measure(const writes_bench *bench)
{
    const char *json;
    double start = now_ms();
    checked(bench, ignis_call_json(bench->ctx, bench->items, &ignis_policy_trusted, "createAll",
                                   bench->arguments, 0, &json, NULL));
    double spent = now_ms() - start;
    int64_t count = 0;
    checked(bench, ignis_count_json(bench->ctx, bench->items, NULL, NULL, &count));
    if (count != bench->rows) die("%" PRId64 " rows in place of %ld", count, bench->rows);
    ignis_context_reset(bench->ctx);
    return spent;
}

static int double_compare(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return difference < 0 ? -1 : difference > 0;
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), double_compare);
    return values[count / 2];
}

static void engine_measure(const writes_bench *bench, const char *name, size_t rounds)
{
    double hand[ROUNDS_MAX];
    double ours[ROUNDS_MAX];
    double ratios[ROUNDS_MAX];
    for (size_t i = 0; i < rounds; i++) {
        table_clear(bench);
        if (i % 2 == 0) hand[i] = hand_measure(bench);
        if (i % 2 == 0) table_clear(bench);
        ours[i] = ours_measure(bench);
        table_clear(bench);
        if (i % 2 != 0) hand[i] = hand_measure(bench);
        ratios[i] = ours[i] / hand[i];
    }
    printf("%-10s %8ld rows  by hand %8.1f ms  createAll %8.1f ms  ratio %.2f\n", name, bench->rows,
           median(hand, rounds), median(ours, rounds), median(ratios, rounds));
}

static void bench_open(writes_bench *bench, const char *url)
{
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = url};
    ignis_repository_class items = {.struct_size = sizeof(items), .model = "Item"};
    bench->ctx = ignis_context_create();
    if (!bench->ctx) die("no memory");
    checked(bench,
            ignis_models_from_json(bench->ctx, models, 0, &class_.models, &class_.models_count));
    checked(bench, ignis_data_source_open(bench->ctx, &class_, &bench->source));
    checked(bench, ignis_schema_create(bench->ctx, bench->source));
    checked(bench, ignis_repository_open(bench->ctx, bench->source, &items, &bench->items));
    texts_make(bench);
}

static void bench_close(writes_bench *bench)
{
    ignis_data_source_close(bench->source);
    ignis_context_free(bench->ctx);
    free(bench->arguments);
    free(bench->copied);
}

int main(int count, char **arguments)
{
    long rows = count > 1 ? strtol(arguments[1], NULL, 10) : ROWS_DEFAULT;
    long rounds = count > 2 ? strtol(arguments[2], NULL, 10) : ROUNDS_DEFAULT;
    const char *url = getenv("IGNIS_TEST_POSTGRES_URL");
    char file[] = "ignis_bench_writes.db";
    if (rows < 1 || rows > 10000000 || rounds < 1 || rounds > ROUNDS_MAX)
        die("ignis_bench_writes [ROWS] [ROUNDS]");

    writes_bench bench = {.rows = rows};
    (void)remove(file);
    bench_open(&bench, file);
    if (sqlite3_open(file, &bench.sqlite) != SQLITE_OK) die("%s", sqlite3_errmsg(bench.sqlite));
    sqlite_run(&bench, "PRAGMA busy_timeout = 5000");
    /* The table's numerics have a collation of the library's, which an insert does not ask for. */
    engine_measure(&bench, "sqlite", (size_t)rounds);
    sqlite3_close(bench.sqlite);
    bench_close(&bench);
    (void)remove(file);
    if (!url || !*url) return 0;

    bench = (writes_bench){.rows = rows, .postgres = PQconnectdb(url)};
    if (PQstatus(bench.postgres) != CONNECTION_OK) die("%s", PQerrorMessage(bench.postgres));
    postgres_run(&bench, "SET client_min_messages = warning; DROP TABLE IF EXISTS items");
    bench_open(&bench, url);
    engine_measure(&bench, "postgres", (size_t)rounds);
    postgres_run(&bench, "DROP TABLE items");
    PQfinish(bench.postgres);
    bench_close(&bench);
    return 0;
}
