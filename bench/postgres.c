#include "bench.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { URL_SIZE = 1024, NAME_SIZE = 32, TYPE_BOOLEAN = 16 };

typedef struct postgres {
    PGconn *contestants[BENCH_CONTESTANTS_COUNT]; /* ours has its own: NULL */
    PGresult *keys[BENCH_WORKLOADS_COUNT][BENCH_LEVELS_MAX];
    char server_url[URL_SIZE];
    char drop[URL_SIZE];
} postgres;

static const char application_ours[] = "ignis_bench_ours";

/* ---- connections ---- */

static PGconn *connect_to(const char *url)
{
    PGconn *handle = PQconnectdb(url);
    if (PQstatus(handle) != CONNECTION_OK) bench_die("%s", PQerrorMessage(handle));
    return handle;
}

static PGresult *check(const PGconn *handle, PGresult *result, ExecStatusType wanted)
{
    if (PQresultStatus(result) != wanted) bench_die("%s", PQerrorMessage(handle));
    return result;
}

static void command(PGconn *handle, const char *sql)
{
    PQclear(check(handle, PQexec(handle, sql), PGRES_COMMAND_OK));
}

/* A later parameter of a URL wins over what stands before it. */
static void url_make(char out[URL_SIZE], const char *url, const char *database,
                     const char *application)
{
    int size = snprintf(out, URL_SIZE, "%s%cdbname=%s&application_name=%s", url,
                        strchr(url, '?') ? '&' : '?', database, application);
    if (size < 0 || size >= URL_SIZE) bench_die("the URL is too long");
}

static void database_make(postgres *self, const char *url, const char *database)
{
    char create[URL_SIZE];
    int size = snprintf(self->drop, sizeof(self->drop),
                        "DROP DATABASE IF EXISTS \"%s\" WITH (FORCE)", database);
    int create_size =
        snprintf(create, sizeof(create), "CREATE DATABASE \"%s\" TEMPLATE template0", database);
    if (size < 0 || create_size < 0 || size >= URL_SIZE || create_size >= URL_SIZE ||
        strlen(url) >= URL_SIZE || strpbrk(database, "\"?&=% "))
        bench_die("the name of the database or the URL is too long, or has special characters");
    memcpy(self->server_url, url, strlen(url) + 1);
    PGconn *handle = connect_to(url);
    command(handle, "SET client_min_messages = warning");
    command(handle, self->drop);
    command(handle, create);
    PQfinish(handle);
}

/* ---- prepared statements ---- */

static void name_make(char name[NAME_SIZE], const char *kind, size_t workload, size_t level)
{
    (void)snprintf(name, NAME_SIZE, "%s_%zu_%zu", kind, workload, level);
}

static void prepare(PGconn *handle, const char *name, const char *sql, Oid type)
{
    PQclear(check(handle, PQprepare(handle, name, sql, 1, &type), PGRES_COMMAND_OK));
}

/* The keys of a level's parents, in the form in which they are its parameter. */
static void keys_read(postgres *self, size_t workload, size_t level)
{
    char id[BENCH_ID_SIZE];
    PGconn *handle = self->contestants[BENCH_FLOOR];
    const bench_workload *known = &bench_workloads[workload];
    const char *parameter = bench_parameter(known, id);
    PGresult *keys =
        PQexecParams(handle, known->postgres.keys[level], 1, NULL, &parameter, NULL, NULL, 1);
    self->keys[workload][level] = check(handle, keys, PGRES_TUPLES_OK);
    if (PQntuples(keys) != 1) bench_die("%s finds nothing", known->name);
}

static void workloads_prepare(postgres *self)
{
    char name[NAME_SIZE];
    for (size_t i = 0; i < BENCH_WORKLOADS_COUNT; i++) {
        const bench_statements *statements = &bench_workloads[i].postgres;
        for (size_t level = 0; level < BENCH_LEVELS_MAX && statements->levels[level]; level++) {
            keys_read(self, i, level);
            name_make(name, "floor", i, level);
            prepare(self->contestants[BENCH_FLOOR], name, statements->levels[level],
                    PQftype(self->keys[i][level], 0));
        }
        name_make(name, "json", i, 0);
        prepare(self->contestants[BENCH_JSON], name, statements->json, 0);
    }
}

/* ---- runs ---- */

static void floor_send(PGconn *handle, const postgres *self, size_t workload)
{
    char name[NAME_SIZE];
    const int binary = 1;
    const bench_statements *statements = &bench_workloads[workload].postgres;
    bool is_sent = true;
    for (size_t i = 0; i < BENCH_LEVELS_MAX && statements->levels[i]; i++) {
        const PGresult *keys = self->keys[workload][i];
        const char *value = PQgetvalue(keys, 0, 0);
        int size = PQgetlength(keys, 0, 0);
        name_make(name, "floor", workload, i);
        is_sent =
            is_sent && PQsendQueryPrepared(handle, name, 1, &value, &size, &binary, binary) == 1;
    }
    if (!is_sent || PQpipelineSync(handle) != 1) bench_die("%s", PQerrorMessage(handle));
}

static void run_floor(bench_engine *engine, size_t workload, bench_tree *tree)
{
    postgres *self = engine->data;
    PGconn *handle = self->contestants[BENCH_FLOOR];
    floor_send(handle, self, workload);
    size_t level = 0;
    for (;;) {
        PGresult *result = PQgetResult(handle);
        if (!result) continue;
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            return;
        }
        (void)check(handle, result, PGRES_TUPLES_OK);
        for (int row = 0; tree && row < PQntuples(result); row++)
            bench_tree_key(tree, level, PQgetvalue(result, row, 0),
                           (size_t)PQgetlength(result, row, 0));
        PQclear(result);
        level++;
    }
}

/* A column of the root row: text, but for the last one, which is the JSON of what is below. */
static void column_add(bench_tree *tree, bench_row *row, const PGresult *result, int at, int column)
{
    const char *value = PQgetvalue(result, at, column);
    size_t size = (size_t)PQgetlength(result, at, column);
    if (column == PQnfields(result) - 1) {
        bench_row_json(tree, row, value, size);
    } else if (PQgetisnull(result, at, column)) {
        bench_row_value(tree, row, "null", 4);
    } else if (PQftype(result, column) == TYPE_BOOLEAN) {
        bench_row_value(tree, row, *value == 't' ? "1" : "0", 1);
    } else {
        bench_row_value(tree, row, value, size);
    }
    tree->bytes += size;
}

static void run_json(bench_engine *engine, size_t workload, bench_tree *tree)
{
    char id[BENCH_ID_SIZE];
    char name[NAME_SIZE];
    postgres *self = engine->data;
    PGconn *handle = self->contestants[BENCH_JSON];
    const char *parameter = bench_parameter(&bench_workloads[workload], id);
    name_make(name, "json", workload, 0);
    PGresult *result = PQexecPrepared(handle, name, 1, &parameter, NULL, NULL, 0);
    (void)check(handle, result, PGRES_TUPLES_OK);
    for (int i = 0; tree && i < PQntuples(result); i++) {
        bench_row row = {0};
        for (int column = 0; column < PQnfields(result); column++)
            column_add(tree, &row, result, i, column);
        bench_tree_row(tree, &row);
    }
    PQclear(result);
}

/* ---- the engine ---- */

static int ours_pid(PGconn *handle)
{
    const char *name = application_ours;
    PGresult *result = PQexecParams(handle,
                                    "SELECT max(pid) FROM pg_stat_activity WHERE"
                                    " application_name = $1 AND datname = current_database()",
                                    1, NULL, &name, NULL, NULL, 0);
    (void)check(handle, result, PGRES_TUPLES_OK);
    int pid = (int)strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return pid;
}

/* A server on another machine has no clocks here. */
static void servers_find(bench_engine *engine)
{
    postgres *self = engine->data;
    PGconn *handle = self->contestants[BENCH_FLOOR];
    const char *host = PQhost(handle);
    struct timespec time;
    engine->has_servers = host && (*host == '/' || strcmp(host, "127.0.0.1") == 0);
    for (size_t i = 0; i < BENCH_CONTESTANTS_COUNT && engine->has_servers; i++) {
        const PGconn *own = self->contestants[i];
        int pid = own ? PQbackendPID(own) : ours_pid(handle);
        engine->has_servers = pid > 0 && clock_getcpuclockid(pid, &engine->servers[i]) == 0 &&
                              clock_gettime(engine->servers[i], &time) == 0;
    }
    engine->is_elsewhere = !engine->has_servers;
}

static void postgres_close(postgres *self)
{
    for (size_t i = 0; i < BENCH_WORKLOADS_COUNT * BENCH_LEVELS_MAX; i++)
        PQclear(self->keys[i / BENCH_LEVELS_MAX][i % BENCH_LEVELS_MAX]);
    PQfinish(self->contestants[BENCH_FLOOR]);
    PQfinish(self->contestants[BENCH_JSON]);
    PGconn *handle = connect_to(self->server_url);
    command(handle, self->drop);
    PQfinish(handle);
}

/* The floor's connection is set as the library sets its own; for the JSON statements only compiling
   is off, which would slow them. */
static void postgres_connect(postgres *self, const char *database)
{
    char url[URL_SIZE];
    url_make(url, self->server_url, database, "ignis_bench");
    PGconn *flat = connect_to(url);
    PGconn *json = connect_to(url);
    command(flat, "VACUUM ANALYZE");
    command(flat, "SET plan_cache_mode = force_generic_plan");
    command(flat, "SET jit = off");
    command(json, "SET jit = off");
    self->contestants[BENCH_FLOOR] = flat;
    self->contestants[BENCH_JSON] = json;
    workloads_prepare(self);
}

void bench_postgres(const bench_options *options)
{
    char url[URL_SIZE];
    postgres self = {0};
    bench_engine engine = {.name = "PostgreSQL",
                           .json_name = "Drizzle",
                           .run_floor = run_floor,
                           .run_json = run_json,
                           .data = &self};
    database_make(&self, options->url, options->database);
    url_make(url, options->url, options->database, application_ours);
    bench_ours_open(&engine.ours, url, options->users_count);
    postgres_connect(&self, options->database);
    servers_find(&engine);
    PGconn *flat = self.contestants[BENCH_FLOOR];
    (void)snprintf(engine.version, sizeof(engine.version), "%.30s, %s",
                   PQparameterStatus(flat, "server_version"),
                   *PQhost(flat) == '/' ? "Unix socket" : "TCP");
    if (PQenterPipelineMode(flat) != 1) bench_die("no pipeline mode");
    bench_measure(&engine, options);
    bench_ours_close(&engine.ours);
    postgres_close(&self);
}
