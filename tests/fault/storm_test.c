/* Threads that read from one data source while another cancels them at random and deadlines pass:
   every answer is right, cancelled or late, and nothing is left running. IGNIS_STORM_COUNT is the
   number of calls of a thread. */
#include "ignis.h"
#include "support/engine.h"
#include "support/fixture.h"
#include "support/server.h"
#include "unit/driver/session.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum {
    THREADS_COUNT = 8,
    CONNECTIONS_MAX = 4, /* fewer than threads: some wait, and are cancelled there, too */
    CALLS_COUNT = 100,
    CALLS_MAX = 100000,
    ROUNDS_MAX = 1000,
    DEADLINE_MAX_MS = 8,
    WRONG_SIZE = 256
};

static const char *const filters[] = {
    "{\"order\": [\"id\"], \"include\": [{\"relation\": \"posts\", \"scope\": {\"order\": [\"id\"],"
    " \"include\": [{\"relation\": \"comments\", \"scope\": {\"order\": [\"id\"]}}, "
    "\"author\"]}}]}",
    "{\"where\": {\"id\": {\"lt\": 20}}, \"order\": [\"id DESC\"], \"include\": [{\"relation\":"
    " \"posts\", \"scope\": {\"order\": [\"views DESC\"], \"limit\": 2, \"skip\": 1}}]}",
    "{\"where\": {\"name\": \"nobody\"}, \"include\": [\"posts\", \"manager\"]}",
    "{\"order\": [\"name\"], \"limit\": 5, \"fields\": [\"id\", \"name\"], \"include\": [{"
    "\"relation\": \"reports\", \"scope\": {\"order\": [\"id\"], \"include\": [\"manager\"]}}]}",
};

typedef struct storm {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *users;
    const char *expected[ARRAY_COUNT(filters)];
    size_t calls_count;
    _Atomic size_t running;
} storm;

typedef struct worker {
    storm *owner;
    ignis_context *ctx;
    pthread_t thread;
    uint32_t random;
    size_t right_count;
    size_t cancelled_count;
    size_t late_count;
    char wrong[WRONG_SIZE]; /* the first answer that may not be */
} worker;

static uint32_t random_next(uint32_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 17;
    *random ^= *random << 5;
    return *random;
}

/* ---- rows -------------------------------------------------------------------------------------- */

/* 60 users with four posts each, with two comments each. */
static const char *rows_make(arena *memory)
{
    enum { USERS_COUNT = 60, POSTS_COUNT = 240, COMMENTS_COUNT = 480 };
    text out;
    text_init(&out, memory, 0);
    for (int i = 1; i <= USERS_COUNT; i++) {
        text_format(&out, "%s{\"id\":%d,\"name\":\"user %d\",\"age\":%d,\"managerId\":%d}",
                    i == 1 ? "{\"User\":[" : ",", i, i * 7919 % 61, i % 50, (i + 9) / 10);
    }
    for (int i = 1; i <= POSTS_COUNT; i++) {
        text_format(&out, "%s{\"id\":%d,\"title\":\"post %d\",\"views\":%d,\"authorId\":%d}",
                    i == 1 ? "],\"Post\":[" : ",", i, i, i, 1 + i % USERS_COUNT);
    }
    for (int i = 1; i <= COMMENTS_COUNT; i++) {
        text_format(&out, "%s{\"id\":%d,\"body\":\"comment %d\",\"postId\":%d}",
                    i == 1 ? "],\"Comment\":[" : ",", i, i, 1 + i % POSTS_COUNT);
    }
    text_string(&out, "]}");
    return text_finish(&out);
}

static void storm_open(storm *self, const char *url)
{
    ignis_data_source_class class_ = {
        .struct_size = sizeof(class_), .url = url, .connections_max = CONNECTIONS_MAX};
    ignis_repository_class users = {.struct_size = sizeof(users), .model = "User"};
    const char *count = getenv("IGNIS_STORM_COUNT");
    arena memory = {0};
    *self = (storm){.ctx = ignis_context_create(),
                    .calls_count = count && *count ? strtoul(count, NULL, 10) : CALLS_COUNT,
                    .running = THREADS_COUNT};
    assert_non_null(self->ctx);
    ignis_code code =
        ignis_models_from_json(self->ctx, engine_blog, 0, &class_.models, &class_.models_count);
    if (code == IGNIS_OK) code = ignis_data_source_open(self->ctx, &class_, &self->source);
    if (code == IGNIS_OK) code = ignis_schema_create(self->ctx, self->source);
    if (code == IGNIS_OK) code = ignis_load(self->ctx, self->source, rows_make(&memory), 0, NULL);
    if (code == IGNIS_OK)
        code = ignis_repository_open(self->ctx, self->source, &users, &self->users);
    for (size_t i = 0; code == IGNIS_OK && i < ARRAY_COUNT(filters); i++) {
        code = ignis_find_json(self->ctx, self->users, NULL, filters[i], &self->expected[i]);
    }
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(self->ctx)->message);
    arena_free(&memory);
}

static void storm_close(storm *self)
{
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
}

/* ---- the storm --------------------------------------------------------------------------------- */

static void answer_judge(worker *self, size_t filter, bool has_deadline, ignis_code code,
                         const char *got)
{
    if (code == IGNIS_OK && strcmp(got, self->owner->expected[filter]) == 0) {
        self->right_count++;
    } else if (code == IGNIS_E_CANCELLED) {
        self->cancelled_count++;
    } else if (code == IGNIS_E_TIMEOUT && has_deadline) {
        self->late_count++;
    } else if (self->wrong[0] == '\0') {
        (void)snprintf(self->wrong, sizeof(self->wrong), "filter %zu: %s: %.200s", filter,
                       ignis_code_name(code),
                       code == IGNIS_OK ? got : ignis_context_error(self->ctx)->message);
    }
}

/* At least as many calls as are wanted, and until it has seen a right and a cancelled one. */
static void *find_often(void *data)
{
    worker *self = data;
    for (size_t i = 0; i < CALLS_MAX && self->wrong[0] == '\0'; i++) {
        size_t filter = random_next(&self->random) % ARRAY_COUNT(filters);
        bool has_deadline = random_next(&self->random) % 2;
        const char *got = "";
        ignis_context_timeout_set(
            self->ctx, has_deadline ? 1 + random_next(&self->random) % DEADLINE_MAX_MS : 0);
        ignis_code code =
            ignis_find_json(self->ctx, self->owner->users, NULL, filters[filter], &got);
        answer_judge(self, filter, has_deadline, code, got);
        ignis_context_reset(self->ctx);
        bool has_seen_both = self->right_count > 0 && self->cancelled_count > 0;
        if (i + 1 >= self->owner->calls_count && has_seen_both) break;
    }
    atomic_fetch_sub(&self->owner->running, 1);
    return NULL;
}

static void cancel_at_random(storm *self, worker *workers)
{
    uint32_t random = 2463534242U;
    while (atomic_load(&self->running) > 0) {
        ignis_context_cancel(workers[random_next(&random) % THREADS_COUNT].ctx);
        for (uint32_t pause = random_next(&random) % 1000; pause > 0; pause--) {
            (void)sched_yield();
        }
    }
}

/* All connections are back, and each of them answers. */
static void expect_usable(const storm *self)
{
    ignis_pool_status status = fixture_pool_status(self->source);
    assert_int_equal(status.in_use + status.waiting, 0);
    assert_int_equal(status.open, status.idle);
    for (size_t i = 0; i < ARRAY_COUNT(filters); i++) {
        const char *got = NULL;
        if (ignis_find_json(self->ctx, self->users, NULL, filters[i], &got) != IGNIS_OK)
            fail_msg("%s", ignis_context_error(self->ctx)->message);
        assert_string_equal(got, self->expected[i]);
    }
}

static void storm_run(storm *self)
{
    worker workers[THREADS_COUNT];
    size_t right_count = 0;
    size_t cancelled_count = 0;
    size_t late_count = 0;
    for (size_t i = 0; i < THREADS_COUNT; i++) {
        workers[i] = (worker){.owner = self,
                              .ctx = ignis_context_create(),
                              .random = 2654435761U * (uint32_t)(i + 1)};
        assert_non_null(workers[i].ctx);
    }
    for (size_t i = 0; i < THREADS_COUNT; i++) {
        assert_int_equal(pthread_create(&workers[i].thread, NULL, find_often, &workers[i]), 0);
    }
    cancel_at_random(self, workers);
    for (size_t i = 0; i < THREADS_COUNT; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        if (workers[i].wrong[0] != '\0') fail_msg("%s", workers[i].wrong);
        right_count += workers[i].right_count;
        cancelled_count += workers[i].cancelled_count;
        late_count += workers[i].late_count;
        ignis_context_free(workers[i].ctx);
    }
    print_message("%zu right, %zu cancelled, %zu late\n", right_count, cancelled_count, late_count);
    assert_true(right_count >= THREADS_COUNT && cancelled_count >= THREADS_COUNT);
}

/* ---- engines ----------------------------------------------------------------------------------- */

static void a_storm_on_postgresql_leaves_nothing_running(void **state)
{
    (void)state;
    static const char busy[] =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
        " pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'";
    const char *url = getenv("IGNIS_TEST_POSTGRES_URL");
    if (!url || !*url) {
        print_message("skipped: no PostgreSQL server (IGNIS_TEST_POSTGRES_URL is not set)\n");
        return;
    }
    storm all;
    storm_open(&all, server_url());
    storm_run(&all);
    /* What was given up may end a little later. */
    size_t round = 0;
    while (strcmp(server_value(busy), "0") != 0 && round < ROUNDS_MAX) {
        round++;
    }
    assert_true(round < ROUNDS_MAX);
    expect_usable(&all);
    storm_close(&all);
}

static void a_storm_on_a_file_of_sqlite_harms_nothing(void **state)
{
    (void)state;
    session_folder folder;
    storm all;
    storm_open(&all, session_folder_make(&folder));
    storm_run(&all);
    expect_usable(&all);
    storm_close(&all);
    session_folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_storm_on_postgresql_leaves_nothing_running),
        cmocka_unit_test(a_storm_on_a_file_of_sqlite_harms_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
