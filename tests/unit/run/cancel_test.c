/* Calls that are cancelled: at every step, at random, while they wait. */
#include "app/app.h"
#include "support/engine.h"
#include "support/fixture.h"
#include "unit/driver/session.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static const char filter[] = "{\"order\": [\"id\"], \"include\": [{\"relation\": \"posts\","
                             " \"scope\": {\"include\": [{\"relation\": \"comments\"}]}}]}";

typedef struct opened {
    session_folder folder;
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *users;
    const char *expected;
} opened;

static void open_file(opened *self, const ignis_driver *driver)
{
    fixture_class class_ = {.models_text = engine_blog,
                            .data_text = engine_blog_rows,
                            .url = session_folder_make(&self->folder),
                            .driver = driver};
    ignis_repository_class users = {.struct_size = sizeof(users), .model = "User"};
    self->ctx = ignis_context_create();
    assert_non_null(self->ctx);
    assert_int_equal(fixture_open(self->ctx, &class_, &self->source), IGNIS_OK);
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &users, &self->users),
                     IGNIS_OK);
    assert_int_equal(ignis_find_json(self->ctx, self->users, NULL, filter, &self->expected),
                     IGNIS_OK);
}

static void close_file(opened *self)
{
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
    session_folder_remove(&self->folder);
}

/* No connection is lost and the rows are as they were. */
static void expect_usable(const opened *self)
{
    ignis_pool_status status = fixture_pool_status(self->source);
    assert_int_equal(status.in_use + status.waiting, 0);
    assert_int_equal(status.open, status.idle);
    ignis_context *ctx = ignis_context_create();
    const char *got = "";
    assert_int_equal(ignis_find_json(ctx, self->users, NULL, filter, &got), IGNIS_OK);
    assert_string_equal(got, self->expected);
    ignis_context_free(ctx);
}

static void a_cancel_without_a_running_call_does_nothing(void **state)
{
    (void)state;
    opened o;
    const char *got = "";
    open_file(&o, NULL);
    ignis_context_cancel(o.ctx);
    assert_int_equal(ignis_find_json(o.ctx, o.users, NULL, filter, &got), IGNIS_OK);
    assert_string_equal(got, o.expected);
    close_file(&o);
}

/* ---- a cancel at each use of the driver -------------------------------------------------------- */

/* Counts the uses of SQLite and cancels before one of them. A driver's functions get no place of their
   own for such a thing. */
static struct {
    ignis_context *ctx;
    uint64_t uses_left; /* 0: no cancel any more */
    bool is_hit;
} cancelling;

static void use_count(void)
{
    if (cancelling.uses_left == 0 || --cancelling.uses_left > 0) return;
    cancelling.is_hit = true;
    ignis_context_cancel(cancelling.ctx);
}

static ignis_code counted_start(ignis_context *ctx, ignis_connection *connection,
                                const ignis_execution *executions, size_t executions_count)
{
    use_count();
    return ignis_sqlite_driver.start(ctx, connection, executions, executions_count);
}

static ignis_code counted_step(ignis_context *ctx, ignis_connection *connection, ignis_batch *batch)
{
    use_count();
    return ignis_sqlite_driver.step(ctx, connection, batch);
}

static void counted_abandon(ignis_connection *connection)
{
    use_count();
    ignis_sqlite_driver.abandon(connection);
}

static bool counted_is_broken(const ignis_connection *connection)
{
    use_count();
    return ignis_sqlite_driver.is_broken(connection);
}

static ignis_driver counted_driver(void)
{
    ignis_driver driver = ignis_sqlite_driver;
    driver.start = counted_start;
    driver.step = counted_step;
    driver.abandon = counted_abandon;
    driver.is_broken = counted_is_broken;
    return driver;
}

static ignis_code find(const opened *o, const char **got)
{
    return ignis_find_json(o->ctx, o->users, NULL, filter, got);
}

static int64_t zoes_count(const opened *o)
{
    int64_t count = 0;
    uint64_t uses_left = cancelling.uses_left;
    cancelling.uses_left = 0;
    assert_int_equal(ignis_count_json(o->ctx, o->users, NULL, "{\"name\": \"Zoe\"}", &count),
                     IGNIS_OK);
    cancelling.uses_left = uses_left;
    return count;
}

static ignis_code create(const opened *o, const char **got)
{
    char data[64];
    assert_true(snprintf(data, sizeof(data), "{\"id\": %lld, \"name\": \"Zoe\"}",
                         (long long)(100 + zoes_count(o))) > 0);
    return ignis_create_json(o->ctx, o->users, data, got);
}

/* Cancels before the first use of the driver, the second, and so on until the call makes no more.
   Returns how often the call was cancelled. */
static size_t cancel_everywhere(const opened *o, ignis_code (*call)(const opened *, const char **),
                                void (*judge)(const opened *, ignis_code, const char *))
{
    size_t cancelled_count = 0;
    for (uint64_t use = 1;; use++) {
        const char *got = NULL;
        cancelling.ctx = o->ctx;
        cancelling.uses_left = use;
        cancelling.is_hit = false;
        ignis_code code = call(o, &got);
        bool is_hit = cancelling.is_hit;
        cancelling.uses_left = 0;
        assert_true(code == IGNIS_OK || (is_hit && code == IGNIS_E_CANCELLED));
        assert_int_equal(ignis_context_error(o->ctx)->code, code);
        judge(o, code, got);
        if (code == IGNIS_E_CANCELLED) cancelled_count++;
        if (!is_hit) return cancelled_count;
    }
}

static void judge_find(const opened *o, ignis_code code, const char *got)
{
    if (code == IGNIS_OK) assert_string_equal(got, o->expected);
    expect_usable(o);
}

static void judge_create(const opened *o, ignis_code code, const char *got)
{
    static int64_t created_count = 0;
    if (code == IGNIS_OK) {
        created_count++;
        assert_non_null(strstr(got, "Zoe"));
    }
    assert_int_equal(zoes_count(o), created_count);
}

static void a_find_cancelled_at_any_step_ends_and_harms_nothing(void **state)
{
    (void)state;
    opened o;
    ignis_driver driver = counted_driver();
    open_file(&o, &driver);
    assert_true(cancel_everywhere(&o, find, judge_find) > 3);
    close_file(&o);
}

static void a_create_cancelled_at_any_step_is_made_or_not_as_its_code_says(void **state)
{
    (void)state;
    opened o;
    ignis_driver driver = counted_driver();
    open_file(&o, &driver);
    assert_true(cancel_everywhere(&o, create, judge_create) > 3);
    close_file(&o);
}

/* ---- cancels at random, from another thread ---------------------------------------------------- */

enum { THREADS_COUNT = 8, FINDS_COUNT = 60, HITS_COUNT = 3, FINDS_MAX = 100000 };

typedef struct worker {
    const opened *opened;
    ignis_context *ctx;
    _Atomic size_t *running;
    size_t right_count;
    size_t cancelled_count;
    size_t wrong_count;
} worker;

/* Until it has seen either result often enough. */
static void *find_often(void *data)
{
    worker *self = data;
    for (size_t i = 0; i < FINDS_MAX; i++) {
        const char *got = "";
        ignis_code code = ignis_find_json(self->ctx, self->opened->users, NULL, filter, &got);
        if (code == IGNIS_OK && strcmp(got, self->opened->expected) == 0) {
            self->right_count++;
        } else if (code == IGNIS_E_CANCELLED) {
            self->cancelled_count++;
        } else {
            self->wrong_count++;
        }
        ignis_context_reset(self->ctx);
        if (self->right_count >= FINDS_COUNT && self->cancelled_count >= HITS_COUNT) break;
    }
    atomic_fetch_sub(self->running, 1);
    return NULL;
}

static uint32_t random_next(uint32_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 17;
    *random ^= *random << 5;
    return *random;
}

static void cancel_at_random(worker *workers, _Atomic size_t *running)
{
    uint32_t random = 2463534242U;
    while (atomic_load(running) > 0) {
        ignis_context_cancel(workers[random_next(&random) % THREADS_COUNT].ctx);
        for (uint32_t pause = random_next(&random) % 500; pause > 0; pause--) {
            (void)sched_yield();
        }
    }
}

static void threads_cancelled_at_random_get_right_results_or_cancelled(void **state)
{
    (void)state;
    opened o;
    worker workers[THREADS_COUNT];
    pthread_t threads[THREADS_COUNT];
    _Atomic size_t running = THREADS_COUNT;
    open_file(&o, NULL);
    for (size_t i = 0; i < THREADS_COUNT; i++) {
        workers[i] = (worker){.opened = &o, .ctx = ignis_context_create(), .running = &running};
        assert_int_equal(pthread_create(&threads[i], NULL, find_often, &workers[i]), 0);
    }
    cancel_at_random(workers, &running);
    for (size_t i = 0; i < THREADS_COUNT; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(workers[i].wrong_count, 0);
        assert_true(workers[i].right_count >= FINDS_COUNT);
        assert_true(workers[i].cancelled_count >= HITS_COUNT);
        ignis_context_free(workers[i].ctx);
    }
    expect_usable(&o);
    close_file(&o);
}

/* ---- an engine that does not answer ------------------------------------------------------------ */

/* The driver's database: a pipe that nobody writes to. */
typedef struct silence {
    int pipe[2];
    ignis_context *start_cancels; /* cancelled before the statement is taken; NULL: none */
    ignis_context *wants_cancels; /* cancelled when the call asks what to wait for; NULL: none */
    size_t cancels_count;
} silence;

static ignis_code silent_open(ignis_context *ctx, const ignis_driver_settings *settings,
                              ignis_database **database)
{
    (void)ctx;
    *database = (ignis_database *)(uintptr_t)settings->url;
    return IGNIS_OK;
}

static void silent_close(ignis_database *database)
{
    (void)database;
}

static size_t silent_connections_max(const ignis_database *database)
{
    (void)database;
    return 1;
}

static ignis_code silent_connect(ignis_context *ctx, ignis_database *database,
                                 ignis_connection **connection)
{
    (void)ctx;
    *connection = (ignis_connection *)database;
    return IGNIS_OK;
}

static ignis_code silent_start(ignis_context *ctx, ignis_connection *connection,
                               const ignis_execution *executions, size_t executions_count)
{
    silence *self = (silence *)connection;
    (void)ctx, (void)executions, (void)executions_count;
    if (self->start_cancels) ignis_context_cancel(self->start_cancels);
    self->cancels_count = 0; /* what came before concerned another statement */
    return IGNIS_OK;
}

static ignis_wants silent_wants(const ignis_connection *connection)
{
    const silence *self = (const silence *)connection;
    if (self->wants_cancels) ignis_context_cancel(self->wants_cancels);
    return (ignis_wants){self->pipe[0], IGNIS_WANTS_READ};
}

static ignis_code silent_step(ignis_context *ctx, ignis_connection *connection, ignis_batch *batch)
{
    (void)ctx, (void)connection;
    *batch = (ignis_batch){.state = IGNIS_BATCH_WAIT};
    return IGNIS_OK;
}

static void silent_cancel(ignis_connection *connection)
{
    ((silence *)connection)->cancels_count++;
}

static void silent_nothing(ignis_connection *connection)
{
    (void)connection;
}

static bool silent_no(const ignis_connection *connection)
{
    (void)connection;
    return false;
}

static const ignis_driver silent_driver = {
    .struct_size = sizeof(ignis_driver),
    .name = "silent",
    .open = silent_open,
    .close = silent_close,
    .connections_max = silent_connections_max,
    .connect = silent_connect,
    .disconnect = silent_nothing,
    .start = silent_start,
    .wants = silent_wants,
    .step = silent_step,
    .abandon = silent_nothing,
    .cancel = silent_cancel,
    .is_broken = silent_no,
    .in_transaction = silent_no,
};

typedef struct one_statement {
    run_work work;
    ignis_statement statement;
    ignis_execution execution;
} one_statement;

static ignis_code statement_next(ignis_context *ctx, run_work *work, run_step *step)
{
    (void)ctx;
    one_statement *self = (one_statement *)work;
    self->execution = (ignis_execution){.statement = &self->statement};
    *step = (run_step){&self->execution, 1};
    return IGNIS_OK;
}

static void a_silent_engine_does_not_hold_a_cancelled_or_late_call(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum { AT_START = 1, AT_WAIT, BY_DEADLINE } how;
        ignis_code code;
        const char *message;
    } rows[] = {
        {"SELECT 1", AT_START, IGNIS_E_CANCELLED, "the call was cancelled"},
        {"SELECT 1", AT_WAIT, IGNIS_E_CANCELLED, "the call was cancelled"},
        {"COMMIT", AT_WAIT, IGNIS_E_COMMIT_UNKNOWN, "the call was cancelled during COMMIT"},
        {"SELECT 1", BY_DEADLINE, IGNIS_E_TIMEOUT, "the deadline passed"},
        {"COMMIT", BY_DEADLINE, IGNIS_E_COMMIT_UNKNOWN, "the deadline passed during COMMIT"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        silence silent = {0};
        ignis_driver_settings settings = {.struct_size = sizeof(settings),
                                          .url = (const char *)&silent};
        one_statement one = {.work = {.next = statement_next},
                             .statement = {.sql = rows[i].sql, .sql_size = strlen(rows[i].sql)}};
        ignis_context *ctx = ignis_context_create();
        pool *connections = NULL;
        assert_int_equal(pipe(silent.pipe), 0);
        assert_int_equal(pool_open(ctx, &silent_driver, &settings, NULL, &connections), IGNIS_OK);
        if (rows[i].how == AT_START) silent.start_cancels = ctx;
        if (rows[i].how == AT_WAIT) silent.wants_cancels = ctx;
        if (rows[i].how == BY_DEADLINE) ignis_context_timeout_set(ctx, 5);
        context_call_begin(ctx);
        assert_int_equal(run_call_finish(ctx, connections, &one.work), rows[i].code);
        context_call_end(ctx);
        assert_string_equal(ignis_context_error(ctx)->message, rows[i].message);
        assert_int_equal(silent.cancels_count, rows[i].how == BY_DEADLINE ? 0 : 1);
        pool_close(connections);
        assert_int_equal(close(silent.pipe[0]) | close(silent.pipe[1]), 0);
        ignis_context_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cancel_without_a_running_call_does_nothing),
        cmocka_unit_test(a_find_cancelled_at_any_step_ends_and_harms_nothing),
        cmocka_unit_test(a_create_cancelled_at_any_step_is_made_or_not_as_its_code_says),
        cmocka_unit_test(threads_cancelled_at_random_get_right_results_or_cancelled),
        cmocka_unit_test(a_silent_engine_does_not_hold_a_cancelled_or_late_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
