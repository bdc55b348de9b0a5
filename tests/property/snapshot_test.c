/* Nested reads on PostgreSQL beside writers, also within READ COMMITTED transactions: each sees one
   moment, and none is in a writer's way.
   IGNIS_PROPERTY_COUNT is the number of reads of the first two tests (500). */
#include "property/property.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <jansson.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/server.h"

enum {
    PARENTS_COUNT = 20,
    CHILDREN_COUNT = 600, /* a wide level, which is read on its own */
    TOYS_EACH = 2,
    READS_COUNT = 500,
    READERS_COUNT = 4,
    WRITERS_COUNT = 8,
    COUNTERS_COUNT = 10,
    VACUUM_EVERY = 100,
    SQL_SIZE = 1024,
    MESSAGE_SIZE = 1024
};

static const char models[] = IGNIS_JSON({"models": [
    {"name": "Parent",
     "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "version", "type": "integer", "notNull": true}],
     "relations": [{"name": "children", "type": "many", "model": "Child"},
                   {"name": "guests", "type": "many", "model": "Guest"}]},
    {"name": "Child",
     "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "parentId", "type": "integer", "notNull": true},
        {"name": "version", "type": "integer", "notNull": true}],
     "indexes": [{"columns": ["parentId"]}],
     "relations": [{"name": "parent", "type": "one", "model": "Parent",
                    "fields": ["parentId"], "references": ["id"]},
                   {"name": "toys", "type": "many", "model": "Toy"}]},
    {"name": "Toy",
     "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "childId", "type": "integer", "notNull": true},
        {"name": "version", "type": "integer", "notNull": true}],
     "relations": [{"name": "child", "type": "one", "model": "Child",
                    "fields": ["childId"], "references": ["id"]}]},
    {"name": "Guest",
     "columns": [
        {"name": "parentId", "type": "integer", "primaryKey": true},
        {"name": "name", "type": "integer", "primaryKey": true},
        {"name": "visits", "type": "integer", "notNull": true}],
     "relations": [{"name": "parent", "type": "one", "model": "Parent",
                    "fields": ["parentId"], "references": ["id"]}]}]});

/* Children lie apart from their parents' order, and have two toys each. */
static const char *const prepare[] = {
    "INSERT INTO \"Parent\" SELECT i, 0 FROM generate_series(1, 20) AS i",
    "INSERT INTO \"Child\" SELECT i * 7 % 600 + 1, i % 20 + 1, 0 FROM generate_series(1, 600) AS i",
    "INSERT INTO \"Toy\" SELECT i, i % 600 + 1, 0 FROM generate_series(1, 1200) AS i"};

typedef struct fixture {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *parents;
    ignis_repository *children;
} fixture;

/* What the threads of a test share. */
typedef struct shared {
    const fixture *all;
    const char *url;
    atomic_uint_fast64_t reads_left;
    atomic_uint readers_running;
    atomic_bool is_failed;
    pthread_mutex_t mutex; /* of the message */
    char message[MESSAGE_SIZE];
} shared;

typedef struct worker {
    shared *with;
    pthread_t thread;
    size_t number;
    uint64_t reads;
    uint64_t writes;
    uint64_t snapshots; /* reads that saw another moment than the one before */
} worker;

/* ---- opening ---- */

static int open_all(void **state)
{
    static fixture all;
    all.ctx = ignis_context_create();
    assert_non_null(all.ctx);
    all.source = property_open(all.ctx, &(property_source){.url = server_url(),
                                                           .models = models,
                                                           .connections_max = READERS_COUNT});
    all.parents = property_repository(all.ctx, all.source, "Parent");
    all.children = property_repository(all.ctx, all.source, "Child");
    for (size_t i = 0; i < sizeof(prepare) / sizeof(prepare[0]); i++)
        server_execute(prepare[i]);
    *state = &all;
    return 0;
}

static int close_all(void **state)
{
    fixture *all = *state;
    ignis_data_source_close(all->source);
    ignis_context_free(all->ctx);
    return 0;
}

/* ---- failures: threads tell them, the test's own thread ends the test ---- */

__attribute__((format(printf, 2, 3))) static void report(shared *with, const char *format, ...)
{
    va_list arguments;
    pthread_mutex_lock(&with->mutex);
    if (!atomic_exchange(&with->is_failed, true)) {
        va_start(arguments, format);
        (void)vsnprintf(with->message, sizeof(with->message), format, arguments);
        va_end(arguments);
    }
    pthread_mutex_unlock(&with->mutex);
}

/* ---- writers ---- */

static PGconn *connection_open(shared *with)
{
    PGconn *connection = PQconnectdb(with->url);
    if (PQstatus(connection) == CONNECTION_OK) return connection;
    report(with, "%s", PQerrorMessage(connection));
    PQfinish(connection);
    return NULL;
}

static bool execute(shared *with, PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    bool is_done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!is_done) {
        const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        report(with, "a writer: %s: %s", state ? state : "", PQerrorMessage(connection));
    }
    PQclear(result);
    return is_done;
}

/* rand_r's successor for a thread of its own. */
static unsigned int random_next(uint64_t *random)
{
    *random = *random * 6364136223846793005U + 1442695040888963407U;
    return (unsigned int)(*random >> 33);
}

/* Takes a child to another parent; both, their children and their toys get the next version. The
   statements are one transaction, as they are sent at once. */
static void move_write(char sql[SQL_SIZE], uint64_t *random)
{
    unsigned int child = random_next(random) % CHILDREN_COUNT + 1;
    unsigned int to = random_next(random) % PARENTS_COUNT + 1;
    (void)snprintf(sql, SQL_SIZE,
                   "UPDATE \"Parent\" SET version = n.next FROM (SELECT max(version) + 1 AS next "
                   "FROM \"Parent\")"
                   " AS n WHERE id = %u OR id = (SELECT \"parentId\" FROM \"Child\" WHERE id = %u);"
                   "UPDATE \"Child\" SET \"parentId\" = %u WHERE id = %u;"
                   "UPDATE \"Child\" AS c SET version = p.version FROM \"Parent\" AS p"
                   " WHERE p.id = c.\"parentId\" AND c.version <> p.version;"
                   "UPDATE \"Toy\" AS t SET version = c.version FROM \"Child\" AS c"
                   " WHERE c.id = t.\"childId\" AND t.version <> c.version",
                   to, child, to, child);
}

/* Old versions of rows would make reads slower and slower. */
static bool vacuum_sometimes(const worker *self, PGconn *connection)
{
    if (self->writes % VACUUM_EVERY != 0) return true;
    return execute(self->with, connection, "VACUUM \"Parent\", \"Child\", \"Toy\", \"Guest\"");
}

static void *move_until_read(void *data)
{
    worker *self = data;
    char sql[SQL_SIZE];
    uint64_t random = property_seed(1);
    PGconn *connection = connection_open(self->with);
    while (connection && atomic_load(&self->with->readers_running) > 0) {
        move_write(sql, &random);
        if (!execute(self->with, connection, sql)) break;
        self->writes++;
        if (self->number == 0 && !vacuum_sometimes(self, connection)) break;
    }
    PQfinish(connection);
    return NULL;
}

/* Updates and upserts of one row each, in autocommit. */
static void counter_write(char sql[SQL_SIZE], uint64_t *random)
{
    unsigned int parent = random_next(random) % PARENTS_COUNT + 1;
    unsigned int name = random_next(random) % COUNTERS_COUNT;
    if (random_next(random) % 2 == 0) {
        (void)snprintf(sql, SQL_SIZE, "UPDATE \"Parent\" SET version = version + 1 WHERE id = %u",
                       parent);
        return;
    }
    (void)snprintf(sql, SQL_SIZE,
                   "INSERT INTO \"Guest\" VALUES (%u, %u, 1) ON CONFLICT (\"parentId\", name)"
                   " DO UPDATE SET visits = \"Guest\".visits + 1",
                   parent, name);
}

static void *count_until_read(void *data)
{
    worker *self = data;
    char sql[SQL_SIZE];
    uint64_t random = property_seed(1) + self->number;
    PGconn *connection = connection_open(self->with);
    while (connection && atomic_load(&self->with->readers_running) > 0) {
        counter_write(sql, &random);
        if (!execute(self->with, connection, sql)) break;
        self->writes++;
        if (self->number == 0 && !vacuum_sometimes(self, connection)) break;
    }
    PQfinish(connection);
    return NULL;
}

/* ---- what is read ---- */

static json_int_t number_of(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

/* One moment: children and toys have their parent's version; no child and no toy twice. */
typedef struct sight {
    json_int_t version_max;
    json_int_t versions_sum;
    unsigned char children[CHILDREN_COUNT + 1];
    unsigned char toys[CHILDREN_COUNT * TOYS_EACH + 1];
    size_t children_count;
    size_t toys_count;
} sight;

static const char *toys_see(sight *seen, const json_t *child)
{
    size_t i;
    json_t *toy;
    json_array_foreach(json_object_get(child, "toys"), i, toy)
    {
        if (number_of(toy, "version") != number_of(child, "version"))
            return "a toy of another version";
        if (number_of(toy, "childId") != number_of(child, "id")) return "a toy of another child";
        if (seen->toys[number_of(toy, "id")]++) return "a toy twice";
        seen->toys_count++;
    }
    return NULL;
}

/* NULL: nothing is wrong. */
static const char *parent_see(sight *seen, const json_t *parent)
{
    size_t i;
    json_t *child;
    json_int_t version = number_of(parent, "version");
    if (version > seen->version_max) seen->version_max = version;
    seen->versions_sum += version;
    json_array_foreach(json_object_get(parent, "children"), i, child)
    {
        if (number_of(child, "version") != version) return "a child of another version";
        if (number_of(child, "parentId") != number_of(parent, "id"))
            return "a child of another parent";
        if (seen->children[number_of(child, "id")]++) return "a child twice";
        seen->children_count++;
        const char *wrong = toys_see(seen, child);
        if (wrong) return wrong;
    }
    return NULL;
}

static const char *parents_see(sight *seen, const json_t *rows)
{
    size_t i;
    json_t *parent;
    json_array_foreach(rows, i, parent)
    {
        const char *wrong = parent_see(seen, parent);
        if (wrong) return wrong;
    }
    return NULL;
}

static const char *whole_see(sight *seen, const json_t *answer)
{
    const char *wrong = parents_see(seen, answer);
    if (wrong) return wrong;
    if (json_array_size(answer) != PARENTS_COUNT) return "not all parents";
    if (seen->children_count != CHILDREN_COUNT) return "not all children";
    if (seen->toys_count != CHILDREN_COUNT * TOYS_EACH) return "not all toys";
    return NULL;
}

/* Children with the parent above: the parents' versions are theirs. */
static const char *children_see(sight *seen, const json_t *answer)
{
    size_t i;
    json_t *child;
    json_array_foreach(answer, i, child)
    {
        json_t *parent = json_object_get(child, "parent");
        if (!json_is_object(parent)) return "a child without its parent";
        if (number_of(parent, "version") != number_of(child, "version"))
            return "a parent of another version";
        if (seen->children[number_of(child, "id")]++) return "a child twice";
        seen->versions_sum += number_of(child, "version");
        seen->children_count++;
    }
    return seen->children_count == CHILDREN_COUNT ? NULL : "not all children";
}

/* A range: as many rows as its count says. */
static const char *range_see(sight *seen, const json_t *answer)
{
    size_t total = (size_t)number_of(json_object_get(answer, "range"), "total");
    const char *wrong = parents_see(seen, json_object_get(answer, "data"));
    if (wrong) return wrong;
    return total == json_array_size(json_object_get(answer, "data")) ? NULL : "another total";
}

typedef struct read_case {
    const char *arguments;
    bool is_of_children; /* not of parents */
    const char *(*see)(sight *seen, const json_t *answer);
} read_case;

static const char whole_tree[] = IGNIS_JSON({"filter": {"include": [
    {"relation": "children", "scope": {"include": ["toys"]}}]}});
static const char latest_parents[] = IGNIS_JSON({"filter": {
    "order": ["version DESC"], "limit": 5, "include": [
        {"relation": "children", "scope": {"include": ["toys"]}}]}});
static const char limited_children[] = IGNIS_JSON({"filter": {"include": [
    {"relation": "children", "scope": {"order": ["version", "id"], "limit": 1000,
                                       "include": ["toys"]}}]}});
static const char known_parent[] = IGNIS_JSON({"filter": {"where": {"id": 3}, "include": [
    {"relation": "children", "scope": {"include": ["toys"]}}]}});
static const char from_below[] = IGNIS_JSON({"filter": {"include": ["parent"]}});
static const char counted[] = IGNIS_JSON({
    "filter": {"where": {"version": {"gt": 40}}, "include": ["children"]},
    "options": {"shouldQueryRange": true}});

static const read_case reads[] = {
    {whole_tree, false, whole_see},       {latest_parents, false, parents_see},
    {limited_children, false, whole_see}, {known_parent, false, parents_see},
    {from_below, true, children_see},     {counted, false, range_see}};

enum { READS_KINDS = sizeof(reads) / sizeof(reads[0]) };

/* ---- readers ---- */

static ignis_code find(const worker *self, ignis_context *ctx, const read_case *what,
                       const char **answer)
{
    const fixture *all = self->with->all;
    const ignis_repository *from = what->is_of_children ? all->children : all->parents;
    return ignis_call_json(ctx, from, &ignis_policy_trusted, "find", what->arguments, 0, answer,
                           NULL);
}

/* The same within a READ COMMITTED transaction, where each statement has a snapshot of its own. */
static ignis_code find_committed(const worker *self, ignis_context *ctx, const read_case *what,
                                 const char **answer)
{
    ignis_context *tx = NULL;
    IGNIS_TRY(ignis_begin(ctx, self->with->all->source, IGNIS_READ_COMMITTED, &tx));
    ignis_code code = find(self, tx, what, answer);
    if (code != IGNIS_OK) {
        ignis_rollback(tx);
        return code;
    }
    return ignis_commit(tx);
}

static json_t *answer_get(worker *self, ignis_context *ctx, const read_case *what)
{
    const char *answer = NULL;
    bool is_committed = self->reads / READS_KINDS % 3 == 2;
    ignis_code code =
        is_committed ? find_committed(self, ctx, what, &answer) : find(self, ctx, what, &answer);
    if (code != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(ctx);
        report(self->with, "a reader: %s %s: %s", ignis_code_name(code), error->sqlstate,
               error->message);
        return NULL;
    }
    json_t *value = json_loads(answer, 0, NULL);
    if (!value) report(self->with, "a reader: no JSON");
    ignis_context_reset(ctx);
    return value;
}

/* Takes one read of those that are left. */
static bool read_take(shared *with)
{
    uint_fast64_t left = atomic_load(&with->reads_left);
    while (left > 0 && !atomic_load(&with->is_failed)) {
        if (atomic_compare_exchange_weak(&with->reads_left, &left, left - 1)) return true;
    }
    return false;
}

/* Whether the reader goes on. */
static bool moment_read(worker *self, ignis_context *ctx, json_int_t last_sums[READS_KINDS])
{
    size_t kind = self->reads % READS_KINDS;
    json_t *answer = answer_get(self, ctx, &reads[kind]);
    if (!answer) return false;
    self->reads++;
    sight seen = {0};
    const char *wrong = reads[kind].see(&seen, answer);
    if (wrong) report(self->with, "%s: %s", reads[kind].arguments, wrong);
    self->snapshots += seen.versions_sum != last_sums[kind];
    last_sums[kind] = seen.versions_sum;
    json_decref(answer);
    return !wrong;
}

static void *read_moments(void *data)
{
    worker *self = data;
    json_int_t last_sums[READS_KINDS] = {0};
    ignis_context *ctx = ignis_context_create();
    if (!ctx) report(self->with, "no context");
    while (ctx && read_take(self->with) && moment_read(self, ctx, last_sums))
        continue;
    ignis_context_free(ctx);
    atomic_fetch_sub(&self->with->readers_running, 1);
    return NULL;
}

/* Guests come meanwhile. */
static void *read_guests(void *data)
{
    worker *self = data;
    const read_case what = {
        .arguments = IGNIS_JSON({"filter": {"limit": 5, "include": [
        "guests", {"relation": "children", "scope": {"limit": 2, "include": ["toys"]}}]}})};
    ignis_context *ctx = ignis_context_create();
    if (!ctx) report(self->with, "no context");
    while (ctx && read_take(self->with)) {
        json_t *answer = answer_get(self, ctx, &what);
        if (!answer) break;
        self->reads++;
        if (json_array_size(answer) != 5) report(self->with, "not five parents");
        json_decref(answer);
    }
    ignis_context_free(ctx);
    atomic_fetch_sub(&self->with->readers_running, 1);
    return NULL;
}

/* ---- tests ---- */

typedef struct crowd {
    shared with;
    worker readers[READERS_COUNT];
    worker writers[WRITERS_COUNT];
    uint64_t reads;
    uint64_t writes;
    uint64_t snapshots;
} crowd;

static void crowd_start(crowd *self, worker *workers, size_t count, void *(*work)(void *))
{
    for (size_t i = 0; i < count; i++) {
        workers[i] = (worker){.with = &self->with, .number = i};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
}

static void crowd_join(crowd *self, worker *workers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        self->reads += workers[i].reads;
        self->writes += workers[i].writes;
        self->snapshots += workers[i].snapshots;
    }
}

/* Readers and writers until all reads are done. A failure of any thread ends the test. */
static void crowd_run(crowd *self, const fixture *all, void *(*read)(void *), size_t writers_count,
                      void *(*write)(void *))
{
    *self = (crowd){.with = {.all = all, .url = server_url()}};
    atomic_store(&self->with.reads_left, property_count(READS_COUNT));
    atomic_store(&self->with.readers_running, READERS_COUNT);
    assert_int_equal(pthread_mutex_init(&self->with.mutex, NULL), 0);
    crowd_start(self, self->writers, writers_count, write);
    crowd_start(self, self->readers, READERS_COUNT, read);
    crowd_join(self, self->readers, READERS_COUNT);
    crowd_join(self, self->writers, writers_count);
    pthread_mutex_destroy(&self->with.mutex);
    if (atomic_load(&self->with.is_failed)) fail_msg("%s", self->with.message);
    print_message("%llu reads, %llu writes\n", (unsigned long long)self->reads,
                  (unsigned long long)self->writes);
}

static void nested_reads_see_one_moment(void **state)
{
    crowd threads;
    crowd_run(&threads, *state, read_moments, 1, move_until_read);
    assert_int_equal(threads.reads, property_count(READS_COUNT));
    /* Without writes in between, the test would prove nothing. */
    assert_true(threads.writes > 10);
    assert_true(threads.snapshots > threads.reads / 10);
}

static uint64_t value_of(const char *sql)
{
    return strtoull(server_value(sql), NULL, 10);
}

static void nested_reads_are_in_no_writers_way(void **state)
{
    static const char versions[] = "SELECT sum(version) FROM \"Parent\"";
    static const char visits[] = "SELECT coalesce(sum(visits), 0) FROM \"Guest\"";
    assert_string_equal(server_value("SHOW default_transaction_isolation"), "read committed");
    uint64_t before = value_of(versions) + value_of(visits);
    crowd threads;
    crowd_run(&threads, *state, read_guests, WRITERS_COUNT, count_until_read);
    for (size_t i = 0; i < WRITERS_COUNT; i++)
        assert_true(threads.writers[i].writes > 0);
    assert_int_equal(value_of(versions) + value_of(visits) - before, threads.writes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested_reads_see_one_moment),
        cmocka_unit_test(nested_reads_are_in_no_writers_way),
    };
    (void)server_url(); /* or skips all */
    return cmocka_run_group_tests(tests, open_all, close_all);
}
