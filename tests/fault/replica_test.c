/* A data source over a server and a streaming replica that crashes, comes back, breaks off reads and is
   promoted: by the public interface alone. */
#include "support/books.h"
#include "support/cluster.h"
#include "support/fixture.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

enum {
    READERS_COUNT = 4,
    CALL_MS = 60000,
    WATCH_SECONDS = 120,
    STOPS_COUNT = 3,
    MESSAGE_MAX = 512
};

/* Where tells which of the two answers; Slow takes a while, and reads a table. */
static const char models[] =
    "{\"models\": [" BOOKS_MODELS
    "," IGNIS_JSON(
    {"name": "Where", "type": "view", "columns": [
        {"name": "id", "type": "boolean", "primaryKey": true}]},
    {"name": "Slow", "type": "view", "columns": [
        {"name": "id", "type": "integer", "primaryKey": true}]}) "]}";

static const char views[] =
    "CREATE TABLE slow(id int); INSERT INTO slow VALUES (1);"
    " CREATE VIEW \"Where\" AS SELECT pg_is_in_recovery() AS id;"
    " CREATE VIEW \"Slow\" AS SELECT id FROM slow WHERE pg_sleep(0.1) IS NOT NULL";

static const char filter[] = BOOKS_FILTER;
static const char expected[] = BOOKS_EXPECTED;

/* Of the whole program: a server and its replica are made once. */
static struct {
    cluster *servers;
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *authors;
    ignis_repository *where;
    ignis_repository *slow;
} o;

static ignis_repository *repository_of(const char *model)
{
    ignis_repository *repository = NULL;
    const ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    assert_int_equal(ignis_repository_open(o.ctx, o.source, &class_, &repository), IGNIS_OK);
    return repository;
}

static void replay_await(void)
{
    server_replay_await(cluster_url(o.servers), cluster_replica_url(o.servers));
}

static int open_all(void **state)
{
    (void)state;
    o.ctx = ignis_context_create();
    const fixture_class class_ = {.models_text = models,
                                  .data_text = BOOKS_ROWS,
                                  .url = cluster_url(o.servers),
                                  .replica = cluster_replica_url(o.servers)};
    if (fixture_open(o.ctx, &class_, &o.source) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(o.ctx)->message);
    server_execute_at(cluster_url(o.servers), views);
    replay_await();
    o.authors = repository_of("Author");
    o.where = repository_of("Where");
    o.slow = repository_of("Slow");
    ignis_context_timeout_set(o.ctx, CALL_MS);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    ignis_data_source_close(o.source);
    ignis_context_free(o.ctx);
    cluster_destroy(o.servers);
    return 0;
}

static const char *call(ignis_context *ctx, const ignis_repository *repository,
                        const char *arguments)
{
    const char *answer = NULL;
    ignis_context_timeout_set(o.ctx, CALL_MS);
    if (ignis_call_json(ctx, repository, &ignis_policy_trusted, "find", arguments, 0, &answer,
                        NULL) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(ctx)->message);
    return answer;
}

static const char on_replica[] = "[{\"id\":true}]";
static const char on_primary[] = "[{\"id\":false}]";

static ignis_replica_status status_now(void)
{
    ignis_replica_status status = {.struct_size = sizeof(status)};
    assert_true(ignis_data_source_replica_status(o.source, 0, &status));
    return status;
}

static bool is_over(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec - start->tv_sec > WATCH_SECONDS;
}

/* Reads until the replica is in a state, and fails after two minutes. */
static void await_state(ignis_replica_state wanted)
{
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    while (status_now().state != wanted) {
        (void)call(o.ctx, o.where, "{}");
        ignis_context_reset(o.ctx);
        assert_false(is_over(&start));
    }
}

/* ---- where reads are carried out ---- */

static void reads_are_carried_out_on_the_replica(void **state)
{
    (void)state;
    ignis_context *tx = NULL;
    const char *answer = NULL;
    await_state(IGNIS_REPLICA_UP);
    assert_string_equal(call(o.ctx, o.where, "{}"), on_replica);
    assert_string_equal(call(o.ctx, o.where, "{\"options\": {\"replica\": false}}"), on_primary);
    assert_int_equal(ignis_begin(o.ctx, o.source, IGNIS_SERIALIZABLE, &tx), IGNIS_OK);
    assert_string_equal(call(tx, o.where, "{}"), on_primary);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
    const ignis_sql query = {.struct_size = sizeof(query),
                             .text = "SELECT pg_is_in_recovery() AS id"};
    assert_int_equal(ignis_query(o.ctx, o.source, &query, &answer), IGNIS_OK);
    assert_string_equal(answer, on_primary);
}

/* Three levels in one snapshot, and again with the statements prepared. */
static void trees_are_read_in_one_snapshot(void **state)
{
    (void)state;
    const char *answer = NULL;
    uint64_t reads = status_now().reads;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ignis_find_json(o.ctx, o.authors, &ignis_policy_trusted, filter, &answer),
                         IGNIS_OK);
        assert_string_equal(answer, expected);
    }
    assert_int_equal(status_now().reads, reads + 3);
}

/* ---- reading while something happens ---- */

typedef struct readers {
    const ignis_repository *repository;
    const char *filter;
    const char *expected;
    atomic_bool is_over;
    atomic_size_t reads_count;
    atomic_size_t failures_count;
    char message[MESSAGE_MAX]; /* of the first */
    pthread_t threads[READERS_COUNT];
} readers;

static void *readers_run(void *data)
{
    readers *self = data;
    ignis_context *ctx = ignis_context_create();
    while (!atomic_load(&self->is_over)) {
        const char *answer = NULL;
        ignis_context_timeout_set(ctx, CALL_MS);
        ignis_code code =
            ignis_find_json(ctx, self->repository, &ignis_policy_trusted, self->filter, &answer);
        bool is_right = code == IGNIS_OK && strcmp(answer, self->expected) == 0;
        if (!is_right && atomic_fetch_add(&self->failures_count, 1) == 0) {
            (void)snprintf(self->message, MESSAGE_MAX, "%s: %s", ignis_code_name(code),
                           code == IGNIS_OK ? answer : ignis_context_error(ctx)->message);
        }
        atomic_fetch_add(&self->reads_count, 1);
        ignis_context_reset(ctx);
    }
    ignis_context_free(ctx);
    return NULL;
}

static void readers_start(readers *self)
{
    for (size_t i = 0; i < READERS_COUNT; i++)
        assert_int_equal(pthread_create(&self->threads[i], NULL, readers_run, self), 0);
}

static void readers_await(readers *self, size_t reads_more)
{
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    size_t until = atomic_load(&self->reads_count) + reads_more;
    while (atomic_load(&self->reads_count) < until) {
        assert_false(is_over(&start));
        assert_int_equal(sched_yield(), 0);
    }
}

static void readers_end(readers *self)
{
    atomic_store(&self->is_over, true);
    for (size_t i = 0; i < READERS_COUNT; i++)
        assert_int_equal(pthread_join(self->threads[i], NULL), 0);
    if (atomic_load(&self->failures_count) > 0)
        fail_msg("%zu reads failed: %s", atomic_load(&self->failures_count), self->message);
}

static void a_replica_that_crashes_fails_no_read(void **state)
{
    (void)state;
    readers threads = {.repository = o.authors, .filter = filter, .expected = expected};
    readers_start(&threads);
    readers_await(&threads, 50);
    for (int i = 0; i < STOPS_COUNT; i++) {
        cluster_stop(o.servers);
        await_state(IGNIS_REPLICA_DOWN);
        readers_await(&threads, 50);
        cluster_start(o.servers);
        await_state(IGNIS_REPLICA_UP);
        uint64_t reads = status_now().reads;
        readers_await(&threads, 50);
        assert_true(status_now().reads > reads);
    }
    readers_end(&threads);
    assert_string_equal(call(o.ctx, o.where, "{}"), on_replica);
}

static void a_read_that_conflicts_with_replaying_is_carried_out_on_the_primary(void **state)
{
    (void)state;
    struct timespec start;
    readers threads = {.repository = o.slow, .filter = "{}", .expected = "[{\"id\":1}]"};
    uint64_t failed = status_now().failed;
    clock_gettime(CLOCK_MONOTONIC, &start);
    readers_start(&threads);
    while (status_now().failed < failed + 3) {
        server_execute_at(cluster_url(o.servers),
                          "BEGIN; LOCK TABLE slow IN ACCESS EXCLUSIVE MODE; COMMIT");
        replay_await();
        readers_await(&threads, 1);
        assert_false(is_over(&start));
    }
    readers_end(&threads);
    assert_int_equal(status_now().state, IGNIS_REPLICA_UP);
}

static void a_promoted_replica_goes_on_reading(void **state)
{
    (void)state;
    readers threads = {.repository = o.authors, .filter = filter, .expected = expected};
    readers_start(&threads);
    readers_await(&threads, 20);
    server_execute_at(cluster_replica_url(o.servers), "SELECT pg_promote()");
    readers_await(&threads, 50);
    readers_end(&threads);
    await_state(IGNIS_REPLICA_UP);
    uint64_t reads = status_now().reads;
    assert_string_equal(call(o.ctx, o.where, "{}"), on_primary);
    assert_int_equal(status_now().reads, reads + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_are_carried_out_on_the_replica),
        cmocka_unit_test(trees_are_read_in_one_snapshot),
        cmocka_unit_test(a_replica_that_crashes_fails_no_read),
        cmocka_unit_test(a_read_that_conflicts_with_replaying_is_carried_out_on_the_primary),
        cmocka_unit_test(a_promoted_replica_goes_on_reading),
    };
#ifndef IGNIS_HAVE_POSTGRES
    printf("skipped: built without libpq\n");
    return CLUSTER_SKIPPED;
#endif
    o.servers = cluster_create(CLUSTER_REPLICA);
    return cmocka_run_group_tests(tests, open_all, close_all);
}
