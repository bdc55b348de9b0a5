#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { WARM_CALLS = 8, CALLS_MAX = 2000 };
static const double batch_us = 15000;

typedef enum quantity { WALL, CLIENT, SERVER, QUANTITIES_COUNT } quantity;

/* Microseconds of a call. */
typedef struct usage {
    double of[QUANTITIES_COUNT];
} usage;

typedef struct samples {
    size_t calls_count; /* of a round, for each contestant */
    usage rounds[BENCH_CONTESTANTS_COUNT][BENCH_ROUNDS_MAX];
    size_t rows_count; /* of ours */
    size_t bytes;
} samples;

typedef struct session {
    bench_engine *engine;
    const bench_options *options;
    samples workloads[BENCH_WORKLOADS_COUNT];
} session;

void bench_run(bench_engine *engine, bench_contestant contestant, size_t workload, bench_tree *tree)
{
    switch (contestant) {
    case BENCH_FLOOR: engine->run_floor(engine, workload, tree); break;
    case BENCH_JSON: engine->run_json(engine, workload, tree); break;
    default: bench_ours_run(&engine->ours, workload, tree); break;
    }
}

static bool is_chosen(const session *self, size_t workload)
{
    const char *wanted = self->options->workload;
    return !wanted || strcmp(wanted, bench_workloads[workload].name) == 0;
}

/* ---- agreement ---- */

static void keys_compare(const bench_workload *workload, const char *whose, const bench_tree *tree,
                         const bench_tree *other)
{
    for (size_t i = 0; i < BENCH_LEVELS_MAX; i++) {
        if (tree->keys_count[i] != other->keys_count[i])
            bench_die("%s: ours has %zu different rows at level %zu, %s %zu", workload->name,
                      tree->keys_count[i], i, whose, other->keys_count[i]);
        if (tree->keys_hash[i] != other->keys_hash[i])
            bench_die("%s: ours and %s have other rows at level %zu", workload->name, whose, i);
    }
}

/* The floor must have the same rows, the JSON statement also the same values in the same trees. */
static void agreement_check(bench_engine *engine, size_t at, samples *known)
{
    const bench_workload *workload = &bench_workloads[at];
    bench_tree ours = {0};
    bench_tree other = {0};
    bench_run(engine, BENCH_OURS, at, &ours);
    bench_run(engine, BENCH_FLOOR, at, &other);
    keys_compare(workload, "the floor", &ours, &other);
    memset(&other, 0, sizeof(other));
    bench_run(engine, BENCH_JSON, at, &other);
    keys_compare(workload, engine->json_name, &ours, &other);
    if (ours.rows != other.rows || ours.hash != other.hash)
        bench_die("%s: the trees of ours (%zu rows) and of %s (%zu rows) differ", workload->name,
                  ours.rows, engine->json_name, other.rows);
    if (ours.keys_count[1] == 0) bench_die("%s has nothing below its roots", workload->name);
    known->rows_count = ours.rows;
    known->bytes = ours.bytes;
}

/* ---- clocks ---- */

static double clock_us(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) != 0) bench_die("a clock has stopped");
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static double time_us(struct timeval time)
{
    return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

static usage usage_now(const bench_engine *engine, bench_contestant contestant)
{
    usage now = {{0}};
    struct rusage own;
    if (getrusage(RUSAGE_SELF, &own) != 0) bench_die("getrusage");
    now.of[CLIENT] = time_us(own.ru_utime) + time_us(own.ru_stime);
    if (engine->has_servers) now.of[SERVER] = clock_us(engine->servers[contestant]);
    now.of[WALL] = clock_us(CLOCK_MONOTONIC);
    return now;
}

/* ---- rounds ---- */

static usage batch_run(bench_engine *engine, bench_contestant contestant, size_t workload,
                       size_t calls_count)
{
    usage start = usage_now(engine, contestant);
    for (size_t i = 0; i < calls_count; i++)
        bench_run(engine, contestant, workload, NULL);
    usage end = usage_now(engine, contestant);
    for (size_t i = 0; i < QUANTITIES_COUNT; i++)
        end.of[i] = (end.of[i] - start.of[i]) / (double)calls_count;
    return end;
}

/* Enough calls for the clocks, and for the servers to have settled on their plans. */
static void workload_warm(session *self, size_t at)
{
    double us = 0;
    samples *known = &self->workloads[at];
    agreement_check(self->engine, at, known);
    for (size_t i = 0; i < BENCH_CONTESTANTS_COUNT; i++) {
        (void)batch_run(self->engine, (bench_contestant)i, at, WARM_CALLS - 1);
        usage one = batch_run(self->engine, (bench_contestant)i, at, 1);
        if (i == BENCH_FLOOR) us = one.of[WALL];
    }
    double calls = self->options->rounds_count > 1 && us > 0 ? batch_us / us : 1;
    known->calls_count = calls < 1 ? 1 : calls > CALLS_MAX ? CALLS_MAX : (size_t)calls;
}

/* Who begins changes from round to round. */
static void round_run(session *self, size_t round)
{
    for (size_t at = 0; at < BENCH_WORKLOADS_COUNT; at++) {
        if (!is_chosen(self, at)) continue;
        samples *known = &self->workloads[at];
        for (size_t i = 0; i < BENCH_CONTESTANTS_COUNT; i++) {
            bench_contestant who = (bench_contestant)((i + round) % BENCH_CONTESTANTS_COUNT);
            known->rounds[who][round] = batch_run(self->engine, who, at, known->calls_count);
        }
    }
}

/* ---- the table ---- */

static int number_compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static double cpu_of(const usage *sample)
{
    return sample->of[CLIENT] + sample->of[SERVER];
}

static double wall_of(const usage *sample)
{
    return sample->of[WALL];
}

static double client_of(const usage *sample)
{
    return sample->of[CLIENT];
}

typedef double (*measure)(const usage *sample);

/* The value below which a share of the rounds lies; over is what it is divided by, or NULL. */
static double quantile(const session *self, const usage *sampled, const usage *over, measure of,
                       double share)
{
    double values[BENCH_ROUNDS_MAX];
    size_t count = self->options->rounds_count;
    for (size_t i = 0; i < count; i++) {
        double base = over ? of(&over[i]) : 1;
        values[i] = base > 0 ? of(&sampled[i]) / base : 0;
    }
    qsort(values, count, sizeof(values[0]), number_compare);
    return values[(size_t)((double)(count - 1) * share + 0.5)];
}

/* A ratio's median with its quartiles. */
static void ratio_print(const session *self, const samples *known, bench_contestant who, measure of)
{
    char text[48];
    const usage *sampled = known->rounds[who];
    const usage *base = known->rounds[BENCH_FLOOR];
    (void)snprintf(text, sizeof(text), "%.2f (%.2f-%.2f)", quantile(self, sampled, base, of, 0.5),
                   quantile(self, sampled, base, of, 0.25),
                   quantile(self, sampled, base, of, 0.75));
    (void)printf(" %-18s", text);
}

static void ratios_print(const session *self)
{
    char heading[32];
    (void)snprintf(heading, sizeof(heading), "%s x floor", self->engine->json_name);
    (void)printf("Medians of the rounds (quartiles)%s\n\n",
                 self->engine->has_servers ? "; CPU is client and server together" : "");
    (void)printf("     floor us          %-37s %s\n", "ours x floor", heading);
    (void)printf("     %8s %8s %-18s %-18s %-18s %-18s %7s %9s\n", "CPU", "wall", "CPU", "wall",
                 "CPU", "wall", "rows", "bytes");
    for (size_t at = 0; at < BENCH_WORKLOADS_COUNT; at++) {
        if (!is_chosen(self, at)) continue;
        const samples *known = &self->workloads[at];
        const usage *base = known->rounds[BENCH_FLOOR];
        (void)printf("%-4s %8.1f %8.1f", bench_workloads[at].name,
                     quantile(self, base, NULL, cpu_of, 0.5),
                     quantile(self, base, NULL, wall_of, 0.5));
        ratio_print(self, known, BENCH_OURS, cpu_of);
        ratio_print(self, known, BENCH_OURS, wall_of);
        ratio_print(self, known, BENCH_JSON, cpu_of);
        ratio_print(self, known, BENCH_JSON, wall_of);
        (void)printf(" %7zu %9zu\n", known->rows_count, known->bytes);
    }
}

static void shares_print(const session *self)
{
    (void)printf("\nCPU us of a call%s\n", self->engine->has_servers ? ", client + server" : "");
    (void)printf("     %19s %19s %19s  purpose\n", "floor", "ours", self->engine->json_name);
    for (size_t at = 0; at < BENCH_WORKLOADS_COUNT; at++) {
        if (!is_chosen(self, at)) continue;
        (void)printf("%-4s", bench_workloads[at].name);
        for (size_t i = 0; i < BENCH_CONTESTANTS_COUNT; i++) {
            const usage *sampled = self->workloads[at].rounds[i];
            double client = quantile(self, sampled, NULL, client_of, 0.5);
            double all = quantile(self, sampled, NULL, cpu_of, 0.5);
            if (self->engine->has_servers) {
                (void)printf(" %8.1f + %8.1f", client, all - client);
            } else {
                (void)printf(" %19.1f", client);
            }
        }
        (void)printf("  %s\n", bench_workloads[at].purpose);
    }
}

static void loop_run(const session *self)
{
    for (size_t at = 0; at < BENCH_WORKLOADS_COUNT; at++) {
        for (size_t i = 0; is_chosen(self, at) && i < self->options->loop_count; i++)
            bench_run(self->engine, BENCH_OURS, at, NULL);
    }
}

void bench_measure(bench_engine *engine, const bench_options *options)
{
    session self = {.engine = engine, .options = options};
    if (options->loop_count > 0) {
        loop_run(&self);
        return;
    }
    for (size_t at = 0; at < BENCH_WORKLOADS_COUNT; at++) {
        if (is_chosen(&self, at)) workload_warm(&self, at);
    }
    for (size_t round = 0; round < options->rounds_count; round++)
        round_run(&self, round);
    (void)printf("\n%s %s; %zu users, %zu rounds.\n", engine->name, engine->version,
                 options->users_count, options->rounds_count);
    if (engine->is_elsewhere) (void)printf("The server is elsewhere: its CPU time is missing.\n");
    ratios_print(&self);
    shares_print(&self);
    (void)fflush(stdout);
}
