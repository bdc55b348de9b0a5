/* Measures nested reads against the same rows fetched by hand and against statements that build
   JSON; README.md says how. */
#include "bench.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage_text[] =
    "Usage: ignis_bench [--url URL] [--database NAME] [--engine postgres|sqlite] [--only W1 ... "
    "W6]\n"
    "                   [--users COUNT] [--rounds COUNT] [--loop COUNT]\n"
    "  --url       a PostgreSQL server; without one only SQLite is measured\n"
    "  --database  made anew there and dropped in the end; and the name of the SQLite file here\n"
    "  --loop      runs only ours, that often, and measures nothing: for a profiler\n";

void bench_die(const char *format, ...)
{
    va_list arguments;
    (void)fflush(stdout);
    (void)fputs("ignis_bench: ", stderr);
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
    exit(1);
}

static _Noreturn void usage_die(void)
{
    (void)fputs(usage_text, stderr);
    exit(2);
}

static size_t count_read(const char *text, size_t min, size_t max)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end || *text == '-' || value < min || value > max)
        bench_die("expected a number from %zu to %zu, got \"%s\"", min, max, text);
    return (size_t)value;
}

static bool is_workload(const char *name)
{
    for (size_t i = 0; i < BENCH_WORKLOADS_COUNT; i++) {
        if (strcmp(name, bench_workloads[i].name) == 0) return true;
    }
    return false;
}

static void option_read(bench_options *options, const char *name, const char *value)
{
    if (strcmp(name, "--url") == 0) {
        options->url = value;
    } else if (strcmp(name, "--database") == 0) {
        options->database = value;
    } else if (strcmp(name, "--engine") == 0 &&
               (strcmp(value, "postgres") == 0 || strcmp(value, "sqlite") == 0)) {
        options->engine = value;
    } else if (strcmp(name, "--only") == 0 && is_workload(value)) {
        options->workload = value;
    } else if (strcmp(name, "--users") == 0) {
        options->users_count = count_read(value, BENCH_USERS_MIN, 100000);
    } else if (strcmp(name, "--rounds") == 0) {
        options->rounds_count = count_read(value, 1, BENCH_ROUNDS_MAX);
    } else if (strcmp(name, "--loop") == 0) {
        options->loop_count = count_read(value, 1, 100000000);
    } else {
        usage_die();
    }
}

static bool is_wanted(const bench_options *options, const char *engine)
{
    return !options->engine || strcmp(options->engine, engine) == 0;
}

int main(int count, char **arguments)
{
    bench_options options = {.database = "ignis_bench",
                             .users_count = BENCH_USERS_DEFAULT,
                             .rounds_count = BENCH_ROUNDS_DEFAULT};
    for (int i = 1; i < count; i += 2) {
        if (i + 1 == count) usage_die();
        option_read(&options, arguments[i], arguments[i + 1]);
    }
    bool is_postgres = is_wanted(&options, "postgres");
    if (!options.url && options.engine && is_postgres) bench_die("--engine postgres needs --url");
    if (options.url && is_postgres) bench_postgres(&options);
    if (is_wanted(&options, "sqlite")) bench_sqlite(&options);
    return 0;
}
