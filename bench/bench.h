/* What the parts of the benchmark share. A failure ends the program with a line on stderr. */
#ifndef BENCH_H
#define BENCH_H

#include <ignis.h>

#include <sys/types.h>
#include <time.h>

enum {
    BENCH_LEVELS_MAX = 3,
    BENCH_WORKLOADS_COUNT = 6,
    BENCH_USERS_DEFAULT = 2000,
    BENCH_USERS_MIN = 40,
    BENCH_ROUNDS_DEFAULT = 15,
    BENCH_ROUNDS_MAX = 200
};

_Noreturn void bench_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- data (data.c) ---- */

/* Users, posts, comments, tags and the junction of posts and tags, as models of the library. */
extern const char bench_models[];

/* Loads the rows of users_count users: 20 posts each, 5 comments and 3 tags for each post. The same
   count gives the same rows. */
void bench_data_load(ignis_context *ctx, ignis_data_source *source, size_t users_count);

/* The key of the user that W1 reads, NUL-terminated. */
enum { BENCH_ID_SIZE = 37 };
void bench_data_user(char id[BENCH_ID_SIZE]);

/* ---- trees (tree.c) ---- */

enum { BENCH_SEEN_SIZE = 1 << 16 };

/* What a result holds, whatever the order of its rows and its form: rows as objects or as arrays. */
typedef struct bench_tree {
    size_t rows;                         /* written, those that appear twice counted twice */
    size_t bytes;                        /* of the text */
    uint64_t hash;                       /* of all values and of who is below whom */
    size_t keys_count[BENCH_LEVELS_MAX]; /* different first columns of a level */
    uint64_t keys_hash[BENCH_LEVELS_MAX];
    size_t seen_count;
    uint64_t seen[BENCH_SEEN_SIZE];
} bench_tree;

/* One row while its columns are added, the first being its key. */
typedef struct bench_row {
    size_t level;
    size_t columns_count;
    uint64_t values;
    uint64_t children;
} bench_row;

void bench_tree_key(bench_tree *tree, size_t level, const char *data, size_t size);
void bench_row_value(bench_tree *tree, bench_row *row, const char *data, size_t size);
/* A list of rows, or one row, as JSON text. */
void bench_row_json(bench_tree *tree, bench_row *row, const char *text, size_t size);
/* Adds a whole row of the level 0. */
void bench_tree_row(bench_tree *tree, const bench_row *row);
/* Adds a list of rows as JSON text. */
void bench_tree_json(bench_tree *tree, const char *text, size_t size);

/* ---- workloads (workload.c) ---- */

/* The statements of the others. An empty level is NULL. */
typedef struct bench_statements {
    const char *keys[BENCH_LEVELS_MAX];   /* PostgreSQL: gives the one parameter of the level */
    const char *levels[BENCH_LEVELS_MAX]; /* all columns of a level's rows */
    size_t links[BENCH_LEVELS_MAX];       /* SQLite: the column of the level above that is ?1 */
    const char *json;                     /* everything in one statement; $1 is the parameter */
} bench_statements;

typedef struct bench_workload {
    const char *name;
    const char *purpose;
    const char *model;
    const char *filter;    /* of ours; %s is the parameter */
    const char *parameter; /* of the root; NULL: the key of a user */
    bench_statements postgres;
    bench_statements sqlite;
} bench_workload;

extern const bench_workload bench_workloads[BENCH_WORKLOADS_COUNT];

/* The parameter of the root as text; id gives it room. */
const char *bench_parameter(const bench_workload *workload, char id[BENCH_ID_SIZE]);

/* ---- engines (ours.c, postgres.c, sqlite.c) ---- */

typedef enum bench_contestant {
    BENCH_FLOOR, /* the same rows, flat, by hand */
    BENCH_OURS,
    BENCH_JSON, /* one statement that builds JSON */
    BENCH_CONTESTANTS_COUNT
} bench_contestant;

typedef struct bench_ours {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *repositories[BENCH_WORKLOADS_COUNT];
    char filters[BENCH_WORKLOADS_COUNT][512];
} bench_ours;

void bench_ours_open(bench_ours *ours, const char *url, size_t users_count);
void bench_ours_close(bench_ours *ours);
/* One call. tree NULL: the result is left as it is. */
void bench_ours_run(const bench_ours *ours, size_t workload, bench_tree *tree);

typedef struct bench_engine bench_engine;
struct bench_engine {
    const char *name;
    char version[64];
    const char *json_name; /* the heading of BENCH_JSON */
    bench_ours ours;
    /* The CPU clocks of the servers' processes. */
    bool has_servers;
    bool is_elsewhere; /* there are servers, but no clocks of them here */
    clockid_t servers[BENCH_CONTESTANTS_COUNT];
    void (*run_floor)(bench_engine *engine, size_t workload, bench_tree *tree);
    void (*run_json)(bench_engine *engine, size_t workload, bench_tree *tree);
    void *data;
};

typedef struct bench_options {
    const char *url; /* of a PostgreSQL server; NULL: none */
    const char *database;
    const char *engine;   /* NULL: both */
    const char *workload; /* NULL: all */
    size_t users_count;
    size_t rounds_count;
    size_t loop_count; /* not 0: only ours, that often, not measured: for a profiler */
} bench_options;

/* Each makes its database anew, fills it, measures and removes it: of the server the one that the
   options name, of SQLite the file of that name and .sqlite. */
void bench_postgres(const bench_options *options);
void bench_sqlite(const bench_options *options);

void bench_run(bench_engine *engine, bench_contestant contestant, size_t workload,
               bench_tree *tree);

/* ---- measuring (measure.c) ---- */

/* Compares what the contestants give, then measures them and prints the table. */
void bench_measure(bench_engine *engine, const bench_options *options);

#endif
