/* runner: runs conformance cases against a driver (README.md of this folder). */
#ifndef RUNNER_H
#define RUNNER_H

#include "base/base.h"
#include "ignis.h"
#include "support/cases.h"

enum { RUNNER_OK = 0, RUNNER_FAILURES = 1, RUNNER_USAGE = 2 };

typedef struct runner_settings {
    const char *cases_path;
    const char *fixtures_path;
    const char *driver;
    const char *url; /* NULL: in memory. SQLite: files named by it are made and removed; PostgreSQL:
                         a server, on which databases are made and dropped */
    const char *replica; /* PostgreSQL: a server that replicates it, where reads go; NULL: none */
    const char *only;    /* part of the names to run; NULL: all */
    const char *exceptions_path; /* NULL: none */
    const char *skips_path;      /* NULL: any number of skips is right */
} runner_settings;

/* The ways in which a fixture's models are registered. */
typedef enum runner_models {
    RUNNER_ALL_MODELS,
    RUNNER_UNREGISTERED, /* only Post and Comment */
    RUNNER_CONCURRENT    /* all, in a database of several connections: never in memory */
} runner_models;

/* A data source with a fixture's rows. */
typedef struct runner_source {
    struct runner_source *next;
    const char *fixture;
    runner_models models;
    ignis_data_source *source; /* NULL: not open */
    size_t number;             /* of its own within the run */
    const char *path;          /* of the database's file, or its URL; NULL: in memory */
    const char *problem;       /* why it cannot be opened, as JSON; NULL: it can */
    bool is_pristine;          /* holds exactly the fixture's rows */
} runner_source;

typedef struct runner_counts {
    size_t passed;
    size_t failed;
    size_t skipped;
} runner_counts;

typedef struct runner {
    const runner_settings *settings;
    arena memory;  /* of the whole run */
    arena scratch; /* of one case */
    ignis_context *ctx;
    runner_source *sources;
    const json *exceptions;  /* list of {"case", "reason"}, or NULL */
    const json *skips;       /* {area: number}, or NULL */
    struct pg_conn *primary; /* where there is a replica, to wait for it: NULL: not connected yet */
    struct pg_conn *replica;
    uint64_t replica_reads;        /* that the library counts */
    uint64_t replica_transactions; /* that the replica does */
} runner;

typedef enum runner_outcome { RUNNER_PASSED, RUNNER_FAILED, RUNNER_SKIPPED } runner_outcome;

/* What became of a case; texts live in scratch. */
typedef struct runner_verdict {
    runner_outcome outcome;
    const char *expected;   /* failed: compact JSON */
    const char *got;        /* failed: compact JSON */
    const char *place;      /* failed: where they differ, or "" */
    const char *difference; /* failed: how */
    const char *reason;     /* skipped: why */
    bool is_missing_method; /* skipped: the library has no such method yet */
} runner_verdict;

/* ---- runner_source.c ---- */

/* The source of a fixture, as it was loaded or as the cases before left it. source->problem tells
   why there is none. NULL: no memory. */
runner_source *runner_source_get(runner *run, const char *fixture, runner_models models);
/* The sources of a fixture no longer hold its rows: the next case loads them again. */
void runner_source_touch(runner *run, const char *fixture);
void runner_sources_close(runner *run);
/* Whether the files of a fixture are there. */
bool runner_fixture_exists(const runner *run, const char *fixture);

/* ---- runner_postgres.c ---- */

bool runner_is_postgres(const runner *run);
/* Makes the source's database and gives its URL; NULL: a line is on standard error. */
const char *runner_postgres_make(runner *run, const runner_source *source);
bool runner_postgres_clear(const char *url);
void runner_postgres_drop(const runner *run, const runner_source *source);
/* The URL of a source's database on the replica; NULL: there is none. */
const char *runner_replica_url(runner *run, const runner_source *source);
/* Waits until the replica, where there is one, has replayed what was done before. false: it does not. */
bool runner_replica_await(runner *run);
/* Adds what the replica says that a source's database has done there. */
void runner_replica_count(runner *run, const runner_source *source);
void runner_replica_close(runner *run);

/* ---- runner_judge.c ---- */

/* Runs one case with its checks. */
runner_verdict runner_judge(runner *run, const cases_case *item);
/* Compares what a call answered with what it should; the error is of ctx. */
runner_verdict runner_judge_answer(runner *run, const ignis_context *ctx, const cases_check *check,
                                   ignis_code code, const char *data, size_t size);
/* One call of a repository. */
typedef struct runner_call {
    ignis_context *ctx;
    const char *fixture;
    runner_models models; /* where the repository's name does not say otherwise */
} runner_call;
runner_verdict runner_judge_call(runner *run, const runner_call *call, const cases_check *check);
/* The error as the cases write it. */
const char *runner_error_json(arena *memory, const ignis_error *error);

/* ---- runner_steps.c ---- */

/* A case of the method "transaction": its steps, one after the other. */
runner_verdict runner_judge_steps(runner *run, const cases_case *item);

/* ---- runner_report.c ---- */

/* Reads exceptions and expected skips. false: one line is on standard error. */
bool runner_report_read(runner *run);
/* Applies the exceptions, prints what is worth a line and returns the final outcome. */
runner_outcome runner_report_case(const runner *run, const cases_case *item,
                                  const runner_verdict *verdict);
/* Prints the areas and the closing line. false: something failed. */
bool runner_report_end(const runner *run, const cases_file *files, const runner_counts *counts,
                       size_t files_count);

#endif
