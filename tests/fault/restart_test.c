/* A data source over a server that stops as in a crash and is started again: by the public interface
   alone. */
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
#include <time.h>

enum {
    READERS_COUNT = 4, /* as many as connections */
    AWAY_MS = 300,     /* the deadline of a call while the server is away */
    THERE_MS = 20000,  /* slow machines take their time to connect */
    WATCH_SECONDS = 120,
    ROUNDS_MAX = 2000
};

/* Kept counts the statements prepared for books on the connection that reads it, Slow is a view whose
   one row takes two minutes. */
static const char models[] =
    "{\"models\": [" BOOKS_MODELS
    "," IGNIS_JSON(
    {"name": "Kept", "type": "view", "columns": [
        {"name": "id", "type": "bigint", "primaryKey": true}]},
    {"name": "Slow", "type": "view", "columns": [
        {"name": "id", "type": "text", "primaryKey": true}]}) "]}";

static const char views[] =
    "CREATE VIEW \"Kept\" AS SELECT count(*) AS id FROM pg_prepared_statements"
    " WHERE statement LIKE '%\"Book\"%';"
    " CREATE VIEW \"Slow\" AS SELECT pg_sleep(120)::text AS id";

static const char filter[] = BOOKS_FILTER;
static const char expected[] = BOOKS_EXPECTED;

typedef struct opened {
    cluster *own;
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *authors;
    ignis_repository *kept;
    ignis_repository *slow;
} opened;

static ignis_repository *repository_of(const opened *self, const char *model)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    ignis_repository *repository = NULL;
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &class_, &repository),
                     IGNIS_OK);
    return repository;
}

static int open_all(void **state)
{
    static opened self;
    self.own = cluster_create(CLUSTER_PLAIN);
    self.ctx = ignis_context_create();
    *state = &self;
    server_execute_at(cluster_url(self.own), views);
    fixture_class class_ = {
        .models_text = models, .data_text = BOOKS_ROWS, .url = cluster_url(self.own)};
    if (fixture_open(self.ctx, &class_, &self.source) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(self.ctx)->message);
    self.authors = repository_of(&self, "Author");
    self.kept = repository_of(&self, "Kept");
    self.slow = repository_of(&self, "Slow");
    return 0;
}

static int close_all(void **state)
{
    opened *self = *state;
    if (!self) return 0;
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
    cluster_destroy(self->own);
    return 0;
}

static const char *expect_find(const opened *self, ignis_repository *repository, const char *asked)
{
    const char *got = NULL;
    ignis_code code = ignis_find_json(self->ctx, repository, NULL, asked, &got);
    if (code != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(self->ctx);
        fail_msg("%s: %s", ignis_code_name(error->code), error->message);
    }
    return got;
}

static void expect_all(const opened *self)
{
    assert_string_equal(expect_find(self, self->authors, filter), expected);
    assert_int_equal(fixture_pool_status(self->source).in_use, 0);
}

/* What a call may answer while the server is away. */
static bool is_loss(ignis_code code)
{
    return code == IGNIS_E_CONNECTION || code == IGNIS_E_TIMEOUT;
}

/* ---- readers ----------------------------------------------------------------------------------- */

typedef enum outcome { GOOD, LOST, WRONG, OUTCOMES_COUNT } outcome;

typedef struct crowd crowd;

typedef struct reader {
    crowd *owner;
    ignis_context *ctx;
    pthread_t thread;
    size_t counts[OUTCOMES_COUNT];
    char wrong[256]; /* the first answer that may not be */
    char lost[256];  /* the last loss */
} reader;

struct crowd {
    const opened *source;
    pthread_mutex_t mutex; /* of what follows, and of the counts */
    pthread_cond_t counted;
    int64_t deadline_ms;
    bool is_over;
    reader readers[READERS_COUNT];
};

static outcome read_once(reader *self, int64_t deadline_ms)
{
    const char *got = NULL;
    const char *what = NULL;
    ignis_context_timeout_set(self->ctx, deadline_ms);
    ignis_code code = ignis_find_json(self->ctx, self->owner->source->authors, NULL, filter, &got);
    if (is_loss(code)) {
        (void)snprintf(self->lost, sizeof(self->lost), "%s: %s", ignis_code_name(code),
                       ignis_context_error(self->ctx)->message);
        return LOST;
    }
    if (code != IGNIS_OK) {
        what = ignis_context_error(self->ctx)->message;
    } else if (strcmp(got, expected) != 0) {
        what = got;
    } else {
        return GOOD;
    }
    (void)snprintf(self->wrong, sizeof(self->wrong), "%s: %s", ignis_code_name(code), what);
    return WRONG;
}

static void *read_until_over(void *data)
{
    reader *self = data;
    crowd *owner = self->owner;
    int64_t deadline_ms = THERE_MS;
    bool is_over = false;
    while (!is_over) {
        outcome what = read_once(self, deadline_ms);
        ignis_context_reset(self->ctx);
        (void)pthread_mutex_lock(&owner->mutex);
        self->counts[what]++;
        is_over = owner->is_over || what == WRONG;
        deadline_ms = owner->deadline_ms;
        (void)pthread_cond_signal(&owner->counted);
        (void)pthread_mutex_unlock(&owner->mutex);
    }
    return NULL;
}

static void crowd_start(crowd *self, const opened *source)
{
    *self = (crowd){.source = source, .deadline_ms = THERE_MS};
    assert_int_equal(pthread_mutex_init(&self->mutex, NULL), 0);
    assert_int_equal(pthread_cond_init(&self->counted, NULL), 0);
    for (size_t i = 0; i < READERS_COUNT; i++) {
        reader *one = &self->readers[i];
        *one = (reader){.owner = self, .ctx = ignis_context_create()};
        assert_non_null(one->ctx);
        assert_int_equal(pthread_create(&one->thread, NULL, read_until_over, one), 0);
    }
}

static bool crowd_has(const crowd *self, outcome wanted, size_t count)
{
    for (size_t i = 0; i < READERS_COUNT; i++) {
        if (self->readers[i].counts[wanted] < count) return false;
    }
    return true;
}

static bool crowd_is_wrong(const crowd *self)
{
    for (size_t i = 0; i < READERS_COUNT; i++) {
        if (self->readers[i].counts[WRONG] > 0) return true;
    }
    return false;
}

/* Waits until every reader had so many outcomes from now on, whose calls have that deadline. */
static bool crowd_await(crowd *self, int64_t deadline_ms, outcome wanted, size_t count)
{
    struct timespec until;
    int waited = clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WATCH_SECONDS;
    (void)pthread_mutex_lock(&self->mutex);
    self->deadline_ms = deadline_ms;
    for (size_t i = 0; i < READERS_COUNT; i++)
        self->readers[i].counts[GOOD] = self->readers[i].counts[LOST] = 0;
    while (waited == 0 && !crowd_is_wrong(self) && !crowd_has(self, wanted, count))
        waited = pthread_cond_timedwait(&self->counted, &self->mutex, &until);
    bool had = !crowd_is_wrong(self) && crowd_has(self, wanted, count);
    for (size_t i = 0; !had && i < READERS_COUNT; i++)
        print_error("reader %zu: %zu good, %zu lost, at last: %s\n", i,
                    self->readers[i].counts[GOOD], self->readers[i].counts[LOST],
                    self->readers[i].lost);
    (void)pthread_mutex_unlock(&self->mutex);
    return had;
}

static void crowd_end(crowd *self)
{
    (void)pthread_mutex_lock(&self->mutex);
    self->is_over = true;
    (void)pthread_mutex_unlock(&self->mutex);
    for (size_t i = 0; i < READERS_COUNT; i++) {
        assert_int_equal(pthread_join(self->readers[i].thread, NULL), 0);
        ignis_context_free(self->readers[i].ctx);
        assert_string_equal(self->readers[i].wrong, "");
    }
    (void)pthread_cond_destroy(&self->counted);
    (void)pthread_mutex_destroy(&self->mutex);
}

static void readers_lose_their_calls_until_the_server_is_back(void **state)
{
    const opened *o = *state;
    static crowd readers;
    crowd_start(&readers, o);
    bool before = crowd_await(&readers, THERE_MS, GOOD, 20);
    cluster_stop(o->own);
    bool away = crowd_await(&readers, AWAY_MS, LOST, 3);
    cluster_start(o->own);
    bool back = crowd_await(&readers, THERE_MS, GOOD, 20);
    crowd_end(&readers);
    assert_true(before);
    assert_true(away);
    assert_true(back);
    expect_all(o);
}

/* ---- what runs when the server stops ----------------------------------------------------------- */

typedef struct sleeper {
    const opened *source;
    ignis_context *ctx;
    ignis_code code;
} sleeper;

static void *sleep_long(void *data)
{
    sleeper *self = data;
    const char *got = NULL;
    self->code = ignis_find_json(self->ctx, self->source->slow, NULL, NULL, &got);
    return NULL;
}

/* Each look is a connection of its own, which is what there is to wait for. */
static void await(const opened *self, const char *sql, const char *wanted)
{
    for (size_t round = 0; round < ROUNDS_MAX; round++) {
        if (strcmp(server_value_at(cluster_url(self->own), sql), wanted) == 0) return;
    }
    fail_msg("%s is not %s", sql, wanted);
}

static void a_running_read_without_a_deadline_ends_with_the_server(void **state)
{
    const opened *o = *state;
    sleeper one = {.source = o, .ctx = ignis_context_create()};
    pthread_t thread;
    assert_non_null(one.ctx);
    assert_int_equal(pthread_create(&thread, NULL, sleep_long, &one), 0);
    await(o, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "1");
    cluster_stop(o->own);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(one.code, IGNIS_E_CONNECTION);
    ignis_context_free(one.ctx);
    cluster_start(o->own);
    expect_all(o);
}

/* Loses the connections that the pool had, and counts as lost what may be. */
static void restart(const opened *self)
{
    cluster_stop(self->own);
    const char *got = NULL;
    ignis_context_timeout_set(self->ctx, AWAY_MS);
    ignis_code code = ignis_find_json(self->ctx, self->authors, NULL, filter, &got);
    ignis_context_timeout_set(self->ctx, 0);
    if (!is_loss(code)) fail_msg("%s", ignis_code_name(code));
    cluster_start(self->own);
}

static void statements_are_prepared_again(void **state)
{
    const opened *o = *state;
    expect_all(o);
    const char *before = expect_find(o, o->kept, NULL);
    assert_string_not_equal(before, "[{\"id\":0}]");
    uint64_t connected = fixture_pool_status(o->source).connected;
    restart(o);
    assert_string_equal(expect_find(o, o->kept, NULL), "[{\"id\":0}]");
    expect_all(o);
    assert_string_equal(expect_find(o, o->kept, NULL), before);
    assert_true(fixture_pool_status(o->source).connected > connected);
}

/* The COMMIT was never carried out, but no client could know. */
static void an_open_transaction_is_rolled_back(void **state)
{
    const opened *o = *state;
    const char *got = NULL;
    ignis_context *tx = NULL;
    assert_int_equal(ignis_begin(o->ctx, o->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(ignis_create_json(tx, o->authors, "{\"id\": 3, \"name\": \"Cy\"}", &got),
                     IGNIS_OK);
    cluster_stop(o->own);
    ignis_code code = ignis_commit(tx);
    if (code != IGNIS_E_CONNECTION && code != IGNIS_E_COMMIT_UNKNOWN)
        fail_msg("%s", ignis_code_name(code));
    assert_false(ignis_transaction_is_active(tx));
    cluster_start(o->own);
    expect_all(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_lose_their_calls_until_the_server_is_back),
        cmocka_unit_test(a_running_read_without_a_deadline_ends_with_the_server),
        cmocka_unit_test(statements_are_prepared_again),
        cmocka_unit_test(an_open_transaction_is_rolled_back),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
