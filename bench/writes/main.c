/* Rows into one table: as a program by hand writes them, and by create_rows and createAll. */
#include "writes.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum {
    ROWS_DEFAULT = 100000,
    ROUNDS_DEFAULT = 7,
    ROWS_MAX = 10000000,
    CONTESTANTS_MAX = 8,
    URL_SIZE = 1024
};

typedef enum quantity { WALL, CLIENT, SERVER, QUANTITIES_COUNT } quantity;

typedef struct usage {
    double ms[QUANTITIES_COUNT];
} usage;

typedef struct samples {
    usage rounds[CONTESTANTS_MAX][WRITES_ROUNDS_MAX];
    long peaks_kb[CONTESTANTS_MAX];
    size_t rounds_count;
    clockid_t servers[2]; /* by hand, ours */
    bool has_servers;
} samples;

_Noreturn void writes_die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
    exit(1);
}

const char *writes_table(const writes_bench *bench)
{
    return bench->makes ? "made" : "items";
}

/* ---- clocks and memory ---- */

static double clock_ms(clockid_t clock)
{
    struct timespec at;
    if (clock_gettime(clock, &at) != 0) writes_die("a clock has stopped");
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static usage usage_now(const samples *taken, bool is_ours)
{
    usage now = {{0}};
    now.ms[CLIENT] = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    if (taken->has_servers) now.ms[SERVER] = clock_ms(taken->servers[is_ours]);
    now.ms[WALL] = clock_ms(CLOCK_MONOTONIC);
    return now;
}

/* A line of /proc/self/status in kB; 0: there is none. */
static long status_kb(const char *name)
{
    char line[256];
    long found = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof(line), file)) {
        if (strncmp(line, name, strlen(name)) == 0) found = strtol(line + strlen(name), NULL, 10);
    }
    if (file) (void)fclose(file);
    return found;
}

/* The peak begins anew; the answer is what is in use now. */
static long peak_start(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    (void)malloc_trim(0);
    if (!file) return 0;
    (void)fputs("5", file);
    (void)fclose(file);
    return status_kb("VmRSS:");
}

/* ---- rounds ---- */

static void table_clear(const writes_bench *bench)
{
    char sql[64];
    (void)snprintf(sql, sizeof(sql), bench->postgres ? "TRUNCATE %s" : "DELETE FROM %s",
                   writes_table(bench));
    if (bench->postgres) {
        writes_postgres_run(bench, sql);
    } else {
        writes_sqlite_run(bench, sql);
        writes_sqlite_run(bench, "PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

static void contestant_run(writes_bench *bench, const writes_contestant *contestant, samples *taken,
                           size_t at)
{
    table_clear(bench);
    long before = peak_start();
    usage start = usage_now(taken, contestant->is_ours);
    contestant->run(bench);
    usage end = usage_now(taken, contestant->is_ours);
    long peak = status_kb("VmHWM:") - before;
    for (size_t i = 0; i < QUANTITIES_COUNT; i++)
        end.ms[i] -= start.ms[i];
    taken->rounds[at][taken->rounds_count] = end;
    if (peak > taken->peaks_kb[at]) taken->peaks_kb[at] = peak;
#ifndef BENCH_HAVE_JANSSON
    if (contestant->is_json && !contestant->is_ours) return;
#endif
    writes_ours_count(bench);
}

/* Another one begins each round. */
static void rounds_run(writes_bench *bench, const writes_contestant *contestants, size_t rounds,
                       samples *taken)
{
    size_t count = 0;
    while (contestants[count].name)
        count++;
    for (size_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < count; i++) {
            size_t at = (i + round) % count;
            contestant_run(bench, &contestants[at], taken, at);
        }
        taken->rounds_count++;
    }
}

/* ---- the table ---- */

static int double_compare(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return difference < 0 ? -1 : difference > 0;
}

/* The median of a contestant's rounds, or of their ratios to another's in the same round. CPU is client
   and server together where wanted is QUANTITIES_COUNT. */
static double usage_of(const usage *spent, quantity wanted)
{
    if (wanted < QUANTITIES_COUNT) return spent->ms[wanted];
    return spent->ms[CLIENT] + spent->ms[SERVER];
}

static double median(const samples *taken, size_t at, const size_t *other, quantity wanted)
{
    double values[WRITES_ROUNDS_MAX];
    for (size_t i = 0; i < taken->rounds_count; i++) {
        values[i] = usage_of(&taken->rounds[at][i], wanted);
        if (other) values[i] /= usage_of(&taken->rounds[*other][i], wanted);
    }
    qsort(values, taken->rounds_count, sizeof(*values), double_compare);
    return values[taken->rounds_count / 2];
}

/* Ratios are to the first, the best by hand from structs; for JSON also to its own by hand. */
static void table_print(const writes_bench *bench, const writes_contestant *contestants,
                        const samples *taken)
{
    const size_t first = 0;
    (void)printf("\n%s, %zu rows, %s\n", bench->postgres ? "PostgreSQL" : "SQLite",
                 bench->rows_count, bench->makes ? "key and time made" : "all values given");
    (void)printf("%-8s %-15s %8s %8s %8s %8s %6s %6s %8s\n", "from", "way", "wall ms", "client",
                 "server", "CPU ms", "wall x", "CPU x", "peak kB");
    size_t json_hand = 0;
    for (size_t i = 0; contestants[i].name; i++) {
        (void)printf("%-8s %-15s %8.1f %8.1f %8.1f %8.1f %6.2f %6.2f %8ld",
                     contestants[i].is_json ? "JSON" : "structs", contestants[i].name,
                     median(taken, i, NULL, WALL), median(taken, i, NULL, CLIENT),
                     median(taken, i, NULL, SERVER), median(taken, i, NULL, QUANTITIES_COUNT),
                     median(taken, i, &first, WALL), median(taken, i, &first, QUANTITIES_COUNT),
                     taken->peaks_kb[i]);
        if (contestants[i].is_json && !contestants[i].is_ours) json_hand = i;
        if (contestants[i].is_json && contestants[i].is_ours)
            (void)printf("   of JSON by hand: %.2f wall, %.2f CPU",
                         median(taken, i, &json_hand, WALL),
                         median(taken, i, &json_hand, QUANTITIES_COUNT));
        (void)putchar('\n');
    }
}

/* ---- engines ---- */

static void engine_measure(writes_bench *bench, const writes_contestant *contestants, size_t rounds,
                           samples *taken)
{
    rounds_run(bench, contestants, rounds, taken);
    table_print(bench, contestants, taken);
}

static void sqlite_measure(bool makes, size_t rows, size_t rounds)
{
    static const char file[] = "ignis_bench_writes.db";
    writes_bench bench = {.rows_count = rows, .makes = makes};
    samples *own = calloc(1, sizeof(*own));
    if (!own) writes_die("no memory");
    (void)remove(file);
    writes_rows_make(&bench);
    writes_ours_open(&bench, file);
    if (sqlite3_open(file, &bench.sqlite) != SQLITE_OK)
        writes_die("%s", sqlite3_errmsg(bench.sqlite));
    writes_sqlite_run(&bench, "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL");
    /* The table's numerics have a collation of the library's, which an insert does not ask for. */
    engine_measure(&bench, writes_sqlite, rounds, own);
    sqlite3_close(bench.sqlite);
    writes_ours_close(&bench);
    writes_rows_free(&bench);
    (void)remove(file);
    free(own);
}

/* The CPU clocks of the two server processes, where they are on this machine. */
static void servers_find(const writes_bench *bench, const char *name, samples *taken)
{
    const char *const parameters[] = {name};
    PGresult *result = PQexecParams(bench->postgres,
                                    "SELECT pid FROM pg_stat_activity WHERE application_name = $1",
                                    1, NULL, parameters, NULL, NULL, 0);
    int pid = PQntuples(result) == 1 ? (int)strtol(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    struct timespec time;
    taken->has_servers =
        pid > 0 && clock_getcpuclockid(pid, &taken->servers[1]) == 0 &&
        clock_gettime(taken->servers[1], &time) == 0 &&
        clock_getcpuclockid(PQbackendPID(bench->postgres), &taken->servers[0]) == 0;
    PQclear(result);
}

static void postgres_measure(const char *url, bool makes, size_t rows, size_t rounds)
{
    static const char name[] = "ignis_bench_writes_ours";
    char own_url[URL_SIZE];
    writes_bench bench = {.rows_count = rows, .makes = makes, .postgres = PQconnectdb(url)};
    samples *own = calloc(1, sizeof(*own));
    if (!own) writes_die("no memory");
    if (PQstatus(bench.postgres) != CONNECTION_OK) writes_die("%s", PQerrorMessage(bench.postgres));
    int size = snprintf(own_url, sizeof(own_url), "%s%capplication_name=%s", url,
                        strchr(url, '?') ? '&' : '?', name);
    if (size < 0 || (size_t)size >= sizeof(own_url)) writes_die("the URL is too long");
    writes_postgres_run(&bench, "SET client_min_messages = warning");
    writes_postgres_run(&bench, "DROP TABLE IF EXISTS items, made");
    writes_rows_make(&bench);
    writes_ours_open(&bench, own_url);
    servers_find(&bench, name, own);
    engine_measure(&bench, writes_postgres, rounds, own);
    writes_postgres_run(&bench, "DROP TABLE items, made");
    PQfinish(bench.postgres);
    writes_ours_close(&bench);
    writes_rows_free(&bench);
    free(own);
}

/* Ours alone, for a profiler. */
static void loop(const char *engine, const char *url, size_t rows, size_t rounds)
{
    static const char file[] = "ignis_bench_loop.db";
    bool is_sqlite = strncmp(engine, "sqlite", 6) == 0;
    writes_bench bench = {.rows_count = rows, .makes = strstr(engine, "made") != NULL};
    bool is_json = strstr(engine, "json") != NULL;
    if (!is_sqlite && !url) writes_die("IGNIS_TEST_POSTGRES_URL is not set");
    if (is_sqlite) (void)remove(file);
    writes_rows_make(&bench);
    writes_ours_open(&bench, is_sqlite ? file : url);
    for (size_t i = 0; i < rounds; i++) {
        const ignis_sql clear = {.struct_size = sizeof(clear),
                                 .text = bench.makes ? "DELETE FROM made" : "DELETE FROM items"};
        if (is_json) {
            writes_ours_json(&bench);
        } else {
            writes_ours_structs(&bench);
        }
        if (ignis_execute(bench.ctx, bench.source, &clear, NULL) != IGNIS_OK)
            writes_die("%s", ignis_context_error(bench.ctx)->message);
        ignis_context_reset(bench.ctx);
    }
    writes_ours_close(&bench);
    writes_rows_free(&bench);
    if (is_sqlite) (void)remove(file);
}

int main(int count, char **arguments)
{
    long rows = count > 1 ? strtol(arguments[1], NULL, 10) : ROWS_DEFAULT;
    long rounds = count > 2 ? strtol(arguments[2], NULL, 10) : ROUNDS_DEFAULT;
    const char *url = getenv("IGNIS_TEST_POSTGRES_URL");
    if (rows < 1 || rows > ROWS_MAX || rounds < 1 || rounds > WRITES_ROUNDS_MAX)
        writes_die("ignis_bench_writes [ROWS] [ROUNDS] [LOOP]");
    if (url && !*url) url = NULL;
    if (count > 3) {
        loop(arguments[3], url, (size_t)rows, (size_t)rounds);
        return 0;
    }
    for (int makes = 0; makes < 2; makes++) {
        sqlite_measure(makes != 0, (size_t)rows, (size_t)rounds);
        if (url) postgres_measure(url, makes != 0, (size_t)rows, (size_t)rounds);
    }
    return 0;
}
