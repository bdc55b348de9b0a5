/* A database for each source on the server that --url names. */
#include "conformance/runner.h"

#ifdef IGNIS_TEST_LIBPQ

#include <libpq-fe.h>
#include <stdio.h>
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

#else

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
