#include "support/server.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { URL_MAX = 1024, DATABASE_MAX = 64, VALUE_MAX = 4096 };

/* Of the whole program: its end drops the database. */
static struct {
    pid_t owner; /* a forked child has a database of its own; 0: there is none */
    const char *server_url;
    char name[DATABASE_MAX];
    char url[URL_MAX];
    char pgbouncer_url[URL_MAX];
    char value[VALUE_MAX];
} server;

static _Noreturn void end(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

/* The URL with another database: scheme://authority/NAME?parameters. */
static void url_write(char out[URL_MAX], const char *url, const char *name)
{
    const char *authority = strstr(url, "://");
    if (!authority) end("a URL is needed, such as postgresql://127.0.0.1/postgres, not", url);
    size_t head_size = (size_t)(authority - url) + 3;
    head_size += strcspn(url + head_size, "/?");
    const char *parameters = strchr(url + head_size, '?');
    int size = snprintf(out, URL_MAX, "%.*s/%s%s", (int)head_size, url, name,
                        parameters ? parameters : "");
    if (size < 0 || size >= URL_MAX) end("the URL is too long", url);
}

/* Runs sql on a new connection; value NULL: the result is of no interest. */
static void run(const char *url, const char *sql, char *value)
{
    PGconn *connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK) end("no connection", PQerrorMessage(connection));
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        end(sql, PQerrorMessage(connection));
    }
    if (value) {
        const char *found = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
        if (snprintf(value, VALUE_MAX, "%s", found) >= VALUE_MAX) end(sql, "too long a value");
    }
    PQclear(result);
    PQfinish(connection);
}

static void drop(void)
{
    char sql[DATABASE_MAX + 64];
    if (server.owner != getpid()) return;
    server.owner = 0; /* an error here ends the program, which must not come back */
    if (snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s WITH (FORCE)", server.name) > 0) {
        run(server.server_url, sql, NULL);
    }
}

static void create(void)
{
    struct timespec now;
    char sql[DATABASE_MAX + 64];
    clock_gettime(CLOCK_REALTIME, &now);
    if (snprintf(server.name, sizeof(server.name), "ignis_test_%ld_%lld_%ld", (long)getpid(),
                 (long long)now.tv_sec, now.tv_nsec) < 0 ||
        snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE template0", server.name) < 0) {
        end("the name of the database", "not written");
    }
    url_write(server.url, server.server_url, server.name);
    run(server.server_url, sql, NULL);
    server.owner = getpid();
    if (atexit(drop) != 0) end("atexit", "no place");
}

static const char *environment_or_skip(const char *name, const char *what)
{
    const char *url = getenv(name);
    if (url && *url) return url;
    printf("skipped: no %s (%s is not set; tools/cluster COMMAND sets it)\n", what, name);
    fflush(stdout);
    exit(SERVER_SKIPPED);
}

const char *server_url(void)
{
    if (server.owner != getpid()) {
        server.server_url = environment_or_skip("IGNIS_TEST_POSTGRES_URL", "PostgreSQL server");
        create();
    }
    return server.url;
}

const char *server_pgbouncer_url(void)
{
    const char *url = environment_or_skip("IGNIS_TEST_PGBOUNCER_URL", "PgBouncer");
    server_url();
    url_write(server.pgbouncer_url, url, server.name);
    return server.pgbouncer_url;
}

void server_execute_at(const char *url, const char *sql)
{
    run(url, sql, NULL);
}

const char *server_value_at(const char *url, const char *sql)
{
    run(url, sql, server.value);
    return server.value;
}

void server_execute(const char *sql)
{
    server_execute_at(server_url(), sql);
}

const char *server_value(const char *sql)
{
    return server_value_at(server_url(), sql);
}

void server_replay_await(const char *url, const char *replica_url)
{
    char sql[VALUE_MAX];
    const char *end_of_log = server_value_at(url, "SELECT pg_current_wal_flush_lsn()");
    if (snprintf(sql, sizeof(sql), "SELECT pg_last_wal_replay_lsn() >= '%s'", end_of_log) < 0)
        end("the statement", "not written");
    while (strcmp(server_value_at(replica_url, sql), "t") != 0)
        continue;
}

bool server_is_there(const char *variable)
{
    const char *url = getenv(variable);
    if (url && *url) return true;
    printf("skipped: no server in %s\n", variable);
    return false;
}
