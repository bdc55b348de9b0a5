/* A database for each source on the server that --url names. */
#include "conformance/runner.h"

#ifdef IGNIS_TEST_LIBPQ

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NAME_MAX_SIZE = 64 };

static bool execute(const char *url, const char *sql)
{
    PGconn *connection = PQconnectdb(url);
    bool is_done = PQstatus(connection) == CONNECTION_OK;
    if (is_done) {
        PGresult *result = PQexec(connection, sql);
        ExecStatusType status = PQresultStatus(result);
        is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
        PQclear(result);
    }
    if (!is_done) fprintf(stderr, "ignis_conformance: %s", PQerrorMessage(connection));
    PQfinish(connection);
    return is_done;
}

/* scheme://authority/NAME?parameters with another name; NULL: no such URL, or no memory. */
static const char *url_with(arena *memory, const char *url, const char *name)
{
    text out;
    const char *authority = strstr(url, "://");
    if (!authority) return NULL;
    size_t head_size = (size_t)(authority - url) + 3;
    head_size += strcspn(url + head_size, "/?");
    const char *parameters = strchr(url + head_size, '?');
    text_init(&out, memory, 0);
    text_append(&out, url, head_size);
    text_format(&out, "/%s%s", name, parameters ? parameters : "");
    return text_finish(&out);
}

static void name_write(char name[NAME_MAX_SIZE], const runner_source *source)
{
    snprintf(name, NAME_MAX_SIZE, "ignis_conformance_%ld_%zu", (long)getpid(), source->number);
}

static bool name_execute(const runner *run, const char *before, const runner_source *source,
                         const char *after)
{
    char name[NAME_MAX_SIZE];
    char sql[2 * NAME_MAX_SIZE + 128];
    name_write(name, source);
    snprintf(sql, sizeof(sql), "%s%s%s", before, name, after);
    return execute(run->settings->url, sql);
}

const char *runner_postgres_make(runner *run, const runner_source *source)
{
    char name[NAME_MAX_SIZE];
    name_write(name, source);
    if (!name_execute(run, "CREATE DATABASE ", source, " TEMPLATE template0")) return NULL;
    return url_with(&run->memory, run->settings->url, name);
}

bool runner_postgres_clear(const char *url)
{
    return execute(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
}

void runner_postgres_drop(const runner *run, const runner_source *source)
{
    name_execute(run, "DROP DATABASE IF EXISTS ", source, " WITH (FORCE)");
}

/* ---- the replica ---- */

enum { REPLAY_MS = 60000 };

const char *runner_replica_url(runner *run, const runner_source *source)
{
    char name[NAME_MAX_SIZE];
    if (!run->settings->replica) return NULL;
    name_write(name, source);
    return url_with(&run->memory, run->settings->replica, name);
}

/* One value as text, in value; a line on standard error where there is none. */
static bool value_read(PGconn *connection, const char *sql, char value[NAME_MAX_SIZE])
{
    PGresult *result = PQexec(connection, sql);
    bool is_there = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    if (is_there) snprintf(value, NAME_MAX_SIZE, "%s", PQgetvalue(result, 0, 0));
    if (!is_there) fprintf(stderr, "ignis_conformance: %s", PQerrorMessage(connection));
    PQclear(result);
    return is_there;
}

/* A commit that waits for the disk takes with it whatever was committed before. */
static bool replay_end(PGconn *primary, char value[NAME_MAX_SIZE])
{
    return value_read(primary,
                      "SELECT set_config('synchronous_commit', 'local', false),"
                      " pg_logical_emit_message(true, 'ignis', '')",
                      value) &&
           value_read(primary, "SELECT pg_current_wal_flush_lsn()", value);
}

bool runner_replica_await(runner *run)
{
    char value[NAME_MAX_SIZE];
    char sql[2 * NAME_MAX_SIZE];
    if (!run->settings->replica) return true;
    if (!run->primary) run->primary = PQconnectdb(run->settings->url);
    if (!run->replica) run->replica = PQconnectdb(run->settings->replica);
    if (!replay_end(run->primary, value)) return false;
    snprintf(sql, sizeof(sql), "SELECT pg_last_wal_replay_lsn() >= '%s'", value);
    int64_t until_ms = clock_monotonic_ms() + REPLAY_MS;
    do {
        if (!value_read(run->replica, sql, value)) return false;
    } while (*value != 't' && clock_monotonic_ms() < until_ms);
    return *value == 't';
}

void runner_replica_count(runner *run, const runner_source *source)
{
    char name[NAME_MAX_SIZE];
    char value[NAME_MAX_SIZE];
    char sql[2 * NAME_MAX_SIZE + 64];
    if (!run->replica) return;
    name_write(name, source);
    snprintf(sql, sizeof(sql), "SELECT xact_commit FROM pg_stat_database WHERE datname = '%s'",
             name);
    if (value_read(run->replica, sql, value))
        run->replica_transactions += strtoull(value, NULL, 10);
}

void runner_replica_close(runner *run)
{
    PQfinish(run->primary);
    PQfinish(run->replica);
}

#else

const char *runner_replica_url(runner *run, const runner_source *source)
{
    (void)run, (void)source;
    return NULL;
}

bool runner_replica_await(runner *run)
{
    return !run->settings->replica;
}

void runner_replica_count(runner *run, const runner_source *source)
{
    (void)run, (void)source;
}

void runner_replica_close(runner *run)
{
    (void)run;
}

const char *runner_postgres_make(runner *run, const runner_source *source)
{
    (void)run, (void)source;
    return NULL;
}

bool runner_postgres_clear(const char *url)
{
    (void)url;
    return false;
}

void runner_postgres_drop(const runner *run, const runner_source *source)
{
    (void)run, (void)source;
}

#endif
