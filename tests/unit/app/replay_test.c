/* replay: ignis_transaction_run; on SQLite in a file, and on PostgreSQL where there is a server. */
#include "items.h"
#include "support/server.h"

#include <pthread.h>
#include <unistd.h>

static char folder[] = "/tmp/ignis_replay_XXXXXX";
static char file[64];

static int open_file(void **state)
{
    static items_source self;
    snprintf(folder, sizeof(folder), "/tmp/ignis_replay_XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof(file), "%s/items", folder);
    items_fill(&self, file);
    *state = &self;
    return 0;
}

static int close_file(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    close_source(state);
    for (size_t i = 0; i < ARRAY_COUNT(ends); i++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", file, ends[i]);
        (void)unlink(path);
    }
    return rmdir(folder);
}

/* What a function is to do, and what became of it. */
typedef struct script {
    items_source *self;
    int attempts_count;
    int losses_left;   /* attempts that answer IGNIS_E_SERIALIZATION */
    ignis_code answer; /* of the others */
    bool says_nothing; /* of a failed statement */
    ignis_context *other;
    ignis_context *cancelled; /* at the first attempt */
    const char *rows;
} script;

static ignis_code execute(items_source *self, ignis_context *ctx, const char *sql)
{
    const ignis_sql statement = {.struct_size = sizeof(statement), .text = sql};
    return ignis_execute(ctx, self->source, &statement, NULL);
}

static const char *name_of_two(items_source *self, ignis_context *ctx)
{
    const char *json_ = NULL;
    const ignis_sql statement = {.struct_size = sizeof(statement),
                                 .text = "SELECT name FROM \"Item\" WHERE id = 2"};
    if (ignis_query(ctx, self->source, &statement, &json_) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(ctx)->message);
    return json_;
}

/* Writes, reads and then answers as it is told. */
static ignis_code act(ignis_context *tx, void *data)
{
    script *self = data;
    const char *made = NULL;
    self->attempts_count++;
    IGNIS_TRY(ignis_create_json(tx, self->self->items, J({"id" : 7, "name" : "seven"}), &made));
    self->rows = items_find(self->self, tx, NULL);
    if (self->cancelled) ignis_context_cancel(self->cancelled);
    if (self->cancelled) return ignis_find_json(tx, self->self->items, NULL, NULL, &self->rows);
    if (self->losses_left-- > 0) return IGNIS_E_SERIALIZATION;
    return self->answer;
}

static ignis_code run(script *script_, const ignis_transaction_options *options)
{
    return ignis_transaction_run(script_->self->ctx, script_->self->source, options, act, script_);
}

static void what_was_done_is_committed_and_its_results_stay(void **state)
{
    script s = {.self = *state};
    assert_int_equal(run(&s, NULL), IGNIS_OK);
    assert_int_equal(s.attempts_count, 1);
    assert_non_null(strstr(s.rows, "seven"));
    assert_int_equal(items_count(s.self, s.self->ctx), 3);
}

static void a_lost_attempt_is_done_again_and_its_results_are_released(void **state)
{
    script s = {.self = *state, .losses_left = 3};
    ignis_mark before = ignis_context_mark(s.self->ctx);
    assert_int_equal(run(&s, NULL), IGNIS_OK);
    assert_int_equal(s.attempts_count, 4);
    assert_int_equal(items_count(s.self, s.self->ctx), 3);
    ignis_context_release(s.self->ctx, before);
    s = (script){.self = *state, .losses_left = 100};
    assert_int_equal(execute(s.self, s.self->ctx, "DELETE FROM \"Item\" WHERE id = 7"), IGNIS_OK);
    before = ignis_context_mark(s.self->ctx);
    const ignis_transaction_options twice = {.struct_size = sizeof(twice), .attempts_max = 2};
    assert_int_equal(run(&s, &twice), IGNIS_E_SERIALIZATION);
    assert_int_equal(s.attempts_count, 2);
    ignis_mark after = ignis_context_mark(s.self->ctx);
    assert_int_equal(after.total, before.total);
    assert_int_equal(after.used, before.used);
    assert_int_equal(items_count(s.self, s.self->ctx), 2);
    s = (script){.self = *state, .losses_left = 100};
    assert_int_equal(run(&s, NULL), IGNIS_E_SERIALIZATION);
    assert_int_equal(s.attempts_count, 10);
}

static void any_other_answer_is_rolled_back_and_given(void **state)
{
    script s = {.self = *state, .answer = IGNIS_E_NOT_FOUND};
    assert_int_equal(run(&s, NULL), IGNIS_E_NOT_FOUND);
    assert_string_equal(ignis_context_error(s.self->ctx)->message,
                        "the function of the transaction answered not_found");
    assert_int_equal(s.attempts_count, 1);
    assert_int_equal(items_count(s.self, s.self->ctx), 2);
    assert_int_equal(execute(s.self, s.self->ctx, "INSERT INTO \"Item\" VALUES (7, 'x', NULL)"),
                     IGNIS_OK);
    s = (script){.self = *state};
    assert_int_equal(run(&s, NULL), IGNIS_E_UNIQUE);
    assert_int_equal(s.attempts_count, 1);
    assert_true(ignis_context_error(s.self->ctx)->constraint[0] != '\0');
}

static void nothing_is_done_again_beyond_the_deadline(void **state)
{
    script s = {.self = *state, .losses_left = 1000000};
    const ignis_transaction_options many = {.struct_size = sizeof(many), .attempts_max = 1000000};
    ignis_context_timeout_set(s.self->ctx, 200);
    ignis_code code = run(&s, &many);
    assert_true(code == IGNIS_E_SERIALIZATION || code == IGNIS_E_TIMEOUT);
    assert_true(s.attempts_count > 1);
    ignis_context_timeout_set(s.self->ctx, 0);
    assert_int_equal(items_count(s.self, s.self->ctx), 2);
}

static void a_cancel_of_the_run_reaches_what_runs_in_it(void **state)
{
    script s = {.self = *state};
    s.cancelled = s.self->ctx;
    assert_int_equal(run(&s, NULL), IGNIS_E_CANCELLED);
    assert_int_equal(s.attempts_count, 1);
    assert_int_equal(items_count(s.self, s.self->ctx), 2);
    /* It was the run's alone. */
    s = (script){.self = *state};
    assert_int_equal(run(&s, NULL), IGNIS_OK);
}

static ignis_code run_within(ignis_context *tx, void *data)
{
    script *self = data;
    return ignis_transaction_run(tx, self->self->source, NULL, act, self);
}

static void within_a_transaction_nothing_is_done_again(void **state)
{
    script s = {.self = *state, .losses_left = 1};
    ignis_context *tx = NULL;
    assert_int_equal(ignis_begin(s.self->ctx, s.self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(run_within(tx, &s), IGNIS_E_SERIALIZATION);
    assert_int_equal(s.attempts_count, 1);
    assert_int_equal(items_count(s.self, tx), 2);
    assert_int_equal(run_within(tx, &s), IGNIS_OK);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
    assert_int_equal(items_count(s.self, s.self->ctx), 3);
    assert_int_equal(execute(s.self, s.self->ctx, "DELETE FROM \"Item\" WHERE id = 7"), IGNIS_OK);
    /* The outer run does all of it again. */
    s = (script){.self = *state, .losses_left = 2};
    assert_int_equal(ignis_transaction_run(s.self->ctx, s.self->source, NULL, run_within, &s),
                     IGNIS_OK);
    assert_int_equal(s.attempts_count, 3);
    assert_int_equal(items_count(s.self, s.self->ctx), 3);
}

/* Appends to the name that it reads. At the first attempt another writer is faster. */
static ignis_code append(ignis_context *tx, void *data)
{
    script *self = data;
    name_of_two(self->self, tx);
    if (self->attempts_count++ == 0) {
        assert_int_equal(
            execute(self->self, self->other, "UPDATE \"Item\" SET name = name || 'x' WHERE id = 2"),
            IGNIS_OK);
    }
    ignis_code code =
        execute(self->self, tx, "UPDATE \"Item\" SET name = name || 'y' WHERE id = 2");
    if (self->attempts_count == 1) assert_int_equal(code, IGNIS_E_SERIALIZATION);
    return self->says_nothing ? IGNIS_OK : code;
}

static void a_transaction_that_lost_a_race_is_done_again(void **state)
{
    const ignis_transaction_options options = {.struct_size = sizeof(options),
                                               .isolation = IGNIS_REPEATABLE_READ};
    for (int says_nothing = 0; says_nothing < 2; says_nothing++) {
        script s = {.self = *state, .says_nothing = says_nothing};
        s.other = ignis_context_create();
        assert_int_equal(ignis_transaction_run(s.self->ctx, s.self->source, &options, append, &s),
                         IGNIS_OK);
        assert_int_equal(s.attempts_count, 2);
        ignis_context_free(s.other);
        assert_string_equal(name_of_two(s.self, s.self->ctx),
                            says_nothing ? "[{\"name\":\"twoxyxy\"}]" : "[{\"name\":\"twoxy\"}]");
    }
}

/* ---- deadlocks --------------------------------------------------------------------------------- */

typedef struct locker {
    items_source *self;
    ignis_context *ctx;
    pthread_barrier_t *both;
    const char *statements[2];
    int attempts_count;
    ignis_code code;
} locker;

static ignis_code lock_both(ignis_context *tx, void *data)
{
    locker *self = data;
    IGNIS_TRY(execute(self->self, tx, self->statements[0]));
    if (self->attempts_count++ == 0) (void)pthread_barrier_wait(self->both);
    return execute(self->self, tx, self->statements[1]);
}

static void *locker_run(void *data)
{
    locker *self = data;
    self->code = ignis_transaction_run(self->ctx, self->self->source, NULL, lock_both, self);
    return NULL;
}

static void of_a_deadlock_the_victim_is_done_again(void **state)
{
    static const char one[] = "UPDATE \"Item\" SET name = name || '1' WHERE id = 1";
    static const char two[] = "UPDATE \"Item\" SET name = name || '2' WHERE id = 2";
    pthread_barrier_t both;
    pthread_t thread;
    assert_int_equal(pthread_barrier_init(&both, NULL, 2), 0);
    locker lockers[2] = {{.statements = {one, two}}, {.statements = {two, one}}};
    for (size_t i = 0; i < 2; i++) {
        lockers[i].self = *state;
        lockers[i].ctx = ignis_context_create();
        lockers[i].both = &both;
    }
    assert_int_equal(pthread_create(&thread, NULL, locker_run, &lockers[0]), 0);
    (void)locker_run(&lockers[1]);
    assert_int_equal(pthread_join(thread, NULL), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(lockers[i].code, IGNIS_OK);
        ignis_context_free(lockers[i].ctx);
    }
    assert_int_equal(lockers[0].attempts_count + lockers[1].attempts_count, 3);
    assert_string_equal(name_of_two(*state, lockers[0].self->ctx), "[{\"name\":\"two22\"}]");
    (void)pthread_barrier_destroy(&both);
}

#define TEST(name, open, close) cmocka_unit_test_setup_teardown(name, open, close)
#define TESTS(open, close)                                                            \
    TEST(what_was_done_is_committed_and_its_results_stay, open, close),               \
        TEST(a_lost_attempt_is_done_again_and_its_results_are_released, open, close), \
        TEST(any_other_answer_is_rolled_back_and_given, open, close),                 \
        TEST(nothing_is_done_again_beyond_the_deadline, open, close),                 \
        TEST(a_cancel_of_the_run_reaches_what_runs_in_it, open, close),               \
        TEST(within_a_transaction_nothing_is_done_again, open, close),                \
        TEST(a_transaction_that_lost_a_race_is_done_again, open, close)

int main(void)
{
    const struct CMUnitTest on_sqlite[] = {TESTS(open_file, close_file)};
    const struct CMUnitTest on_server[] = {
        TESTS(open_server, close_source),
        TEST(of_a_deadlock_the_victim_is_done_again, open_server, close_source)};
    int failed = cmocka_run_group_tests(on_sqlite, NULL, NULL);
    if (failed) return failed;
    server_url(); /* ends here where there is no server */
    server_execute("DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''20ms''', "
                   "current_database()); END$$");
    return cmocka_run_group_tests(on_server, NULL, NULL);
}
