/* Rows by COPY while the server goes away or falls silent, while the call is cancelled, late or out of
   memory, and while another transaction is first: all of the rows are kept, or none and the source
   serves on. */
#include "app/app.h"
#include "support/proxy.h"
#include "support/script.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { ROWS = 10000, MANY_ROWS = 100000, WRONG_ROW = 70000, HELD = 6000 };

static const char models[] =
    "{'models': [{'name': 'Row', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'code', 'type': 'text', 'unique': true}, {'name': 'said', 'type': 'text'}]},"
    " {'name': 'Count', 'columns': [{'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'n', 'type': 'integer', 'notNull': true}]}]}";

typedef struct fixture {
    engine engine;
    proxy *between;
    ignis_repository *rows;
    const char *arguments; /* ROWS of them */
    size_t copies_count;
} fixture;

static void hear(void *data, const ignis_log_entry *entry)
{
    fixture *self = data;
    bool is_copy = entry->statement && strncmp(entry->statement, "COPY ", 5) == 0;
    if (is_copy) self->copies_count++;
}

/* Row wrong (0: none) has the code of row 1; from row short_from on (0: none) a column is not given. */
static const char *arguments_shape(fixture *self, int count, int wrong, int short_from)
{
    text out;
    text_init(&out, &self->engine.ctx->results, 0);
    text_string(&out, "{'options':{'shouldReturn':false},'data':");
    for (int i = 1; i <= count; i++) {
        bool is_short = short_from > 0 && i >= short_from;
        text_format(&out, "%s{'id':%d,'code':'c%d'%s}", i == 1 ? "[" : ",", i, i == wrong ? 1 : i,
                    is_short ? "" : ",'said':'some words that take their place'");
    }
    text_string(&out, "]}");
    return script_text(&self->engine, text_finish(&out));
}

static const char *arguments_make(fixture *self, int count, int wrong)
{
    return arguments_shape(self, count, wrong, 0);
}

static int fixture_open(void **state)
{
    static fixture self;
    server_execute("SET client_min_messages = warning; DROP SCHEMA public CASCADE;"
                   "CREATE SCHEMA public");
    self =
        (fixture){.engine = {.ctx = ignis_context_create()}, .between = proxy_start(server_url())};
    ignis_context *ctx = self.engine.ctx;
    const ignis_log log = {
        .struct_size = sizeof(log), .write = hear, .data = &self, .level = IGNIS_LOG_DEBUG};
    ignis_data_source_class class_ = {
        .struct_size = sizeof(class_), .url = proxy_url(self.between), .log = &log};
    assert_int_equal(ignis_models_from_json(ctx, script_text(&self.engine, models), 0,
                                            &class_.models, &class_.models_count),
                     IGNIS_OK);
    assert_int_equal(ignis_data_source_open(ctx, &class_, &self.engine.source), IGNIS_OK);
    assert_int_equal(ignis_schema_create(ctx, self.engine.source), IGNIS_OK);
    self.rows = engine_repository(&self.engine, "Row");
    self.arguments = arguments_make(&self, ROWS, 0);
    *state = &self;
    return 0;
}

static int fixture_close(void **state)
{
    fixture *self = *state;
    ignis_context_free(self->engine.ctx);
    ignis_data_source_close(self->engine.source);
    proxy_stop(self->between);
    return 0;
}

static ignis_code create(ignis_context *ctx, const fixture *self, const char *arguments)
{
    const char *result;
    return ignis_call_json(ctx, self->rows, &ignis_policy_trusted, "createAll", arguments, 0,
                           &result, NULL);
}

static void expect_rows(const char *count)
{
    assert_string_equal(server_value("SELECT count(*) FROM \"Row\""), count);
}

/* Nothing was kept, and the same rows are taken now. */
static void expect_none_and_create(fixture *self)
{
    expect_rows("0");
    self->copies_count = 0;
    ignis_code code = create(self->engine.ctx, self, self->arguments);
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(self->engine.ctx)->message);
    assert_true(self->copies_count > 0);
    expect_rows("10000");
    server_execute("DELETE FROM \"Row\"");
}

/* ---- the server ---- */

/* How many bytes the rows take in a direction on a connection that has its statements. */
static uint64_t bytes_measure(fixture *self, proxy_direction direction)
{
    expect_none_and_create(self);
    uint64_t before = proxy_count(self->between).bytes[direction];
    expect_none_and_create(self);
    return proxy_count(self->between).bytes[direction] - before;
}

static void a_connection_lost_at_any_byte_keeps_nothing(void **state)
{
    enum { PLACES = 12 };
    static const proxy_failure failures[] = {PROXY_CLOSE, PROXY_RESET};
    fixture *self = *state;
    uint64_t size = bytes_measure(self, PROXY_TO_SERVER);
    assert_true(size > 400000);
    for (uint64_t i = 0; i < PLACES; i++) {
        /* The last bytes are the COMMIT's. */
        uint64_t place = (size - 1000) / PLACES * (i + 1);
        proxy_fail(self->between, PROXY_TO_SERVER, place, failures[i % 2]);
        ignis_code code = create(self->engine.ctx, self, self->arguments);
        assert_int_equal(code, IGNIS_E_CONNECTION);
        proxy_resume(self->between);
        expect_none_and_create(self);
    }
}

static void an_answer_that_is_lost_keeps_all_or_nothing(void **state)
{
    fixture *self = *state;
    size_t unknown_count = 0;
    uint64_t size = bytes_measure(self, PROXY_TO_CLIENT);
    for (uint64_t place = 1; place < size; place += 1 + size / 24) {
        proxy_fail(self->between, PROXY_TO_CLIENT, place, PROXY_RESET);
        ignis_code code = create(self->engine.ctx, self, self->arguments);
        proxy_resume(self->between);
        bool is_unknown = code == IGNIS_E_COMMIT_UNKNOWN;
        unknown_count += is_unknown;
        /* Its last bytes say no more than that the server waits for what comes next. */
        if (code == IGNIS_OK) expect_rows("10000");
        if (code != IGNIS_OK && !is_unknown) assert_int_equal(code, IGNIS_E_CONNECTION);
        if (code == IGNIS_OK || is_unknown) server_execute("DELETE FROM \"Row\"");
        expect_none_and_create(self);
    }
    assert_true(unknown_count > 0);
}

static void a_silent_server_does_not_hold_a_late_call(void **state)
{
    static const uint64_t places[] = {150000, 400000};
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        expect_none_and_create(self);
        proxy_fail(self->between, PROXY_TO_SERVER, places[i], PROXY_HOLD);
        ignis_context_timeout_set(self->engine.ctx, 1000);
        assert_int_equal(create(self->engine.ctx, self, self->arguments), IGNIS_E_TIMEOUT);
        ignis_context_timeout_set(self->engine.ctx, 0);
        proxy_resume(self->between);
        expect_none_and_create(self);
    }
}

/* ---- the caller ---- */

/* Another thread that cancels the call from its first told step on. */
typedef struct canceller {
    ignis_context *ctx;
    atomic_bool has_begun;
    atomic_bool is_over;
} canceller;

static bool begin_tell(void *data, int64_t rows_done, int64_t rows_total)
{
    canceller *self = data;
    (void)rows_done, (void)rows_total;
    atomic_store(&self->has_begun, true);
    return true;
}

static void *cancel_until_over(void *data)
{
    canceller *self = data;
    while (!atomic_load(&self->is_over)) {
        if (atomic_load(&self->has_begun)) ignis_context_cancel(self->ctx);
        (void)sched_yield();
    }
    return NULL;
}

static ignis_code create_cancelled(fixture *self)
{
    canceller other = {.ctx = self->engine.ctx};
    pthread_t thread;
    ignis_context_progress_set(other.ctx, begin_tell, &other);
    assert_int_equal(pthread_create(&thread, NULL, cancel_until_over, &other), 0);
    ignis_code code = create(self->engine.ctx, self, self->arguments);
    atomic_store(&other.is_over, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    ignis_context_progress_set(other.ctx, NULL, NULL);
    return code;
}

static void a_copy_that_waits_is_cancelled(void **state)
{
    fixture *self = *state;
    ignis_context *other = ignis_context_create();
    for (int i = 0; i < 3; i++) {
        ignis_context *tx = NULL;
        const char *result;
        assert_int_equal(ignis_begin(other, self->engine.source, IGNIS_READ_COMMITTED, &tx),
                         IGNIS_OK);
        assert_int_equal(ignis_create_json(tx, self->rows, "{\"id\": 6000}", &result), IGNIS_OK);
        assert_int_equal(create_cancelled(self), IGNIS_E_CANCELLED);
        ignis_rollback(tx);
        expect_none_and_create(self);
    }
    ignis_context_free(other);
}

static void a_silent_server_does_not_hold_a_cancelled_copy(void **state)
{
    fixture *self = *state;
    proxy_fail(self->between, PROXY_TO_SERVER, 300000, PROXY_HOLD);
    assert_int_equal(create_cancelled(self), IGNIS_E_CANCELLED);
    proxy_resume(self->between);
    expect_none_and_create(self);
}

/* No request to cancel reaches the server. */
static void *cancel_when_locked(void *data)
{
    const fixture *self = data;
    static const char sql[] = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                              " AND datname = current_database()";
    int64_t until_ms = clock_monotonic_ms() + 20000;
    while (strcmp(server_value(sql), "1") != 0 && clock_monotonic_ms() < until_ms)
        (void)sched_yield();
    proxy_refuse(self->between);
    ignis_context_cancel(self->engine.ctx);
    return NULL;
}

/* The last rows and the COMMIT wait for the end of the rows by COPY before them. */
static void a_commit_that_waits_for_a_copy_is_not_unknown(void **state)
{
    fixture *self = *state;
    ignis_context *other = ignis_context_create();
    ignis_context *tx = NULL;
    pthread_t thread;
    const char *result;
    const char *arguments = arguments_shape(self, ROWS, 0, ROWS - 10);
    assert_int_equal(ignis_begin(other, self->engine.source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(ignis_create_json(tx, self->rows, "{\"id\": 9900}", &result), IGNIS_OK);
    assert_int_equal(pthread_create(&thread, NULL, cancel_when_locked, self), 0);
    ignis_code code = create(self->engine.ctx, self, arguments);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(code, IGNIS_E_CANCELLED);
    assert_true(self->copies_count > 0);
    ignis_rollback(tx);
    ignis_context_free(other);
    proxy_resume(self->between);
    expect_none_and_create(self);
}

typedef struct refusal {
    int64_t done;
    int steps_left;
} refusal;

static bool steps_count(void *data, int64_t rows_done, int64_t rows_total)
{
    refusal *self = data;
    assert_true(rows_done > self->done && rows_done <= rows_total);
    assert_int_equal(rows_total, ROWS);
    self->done = rows_done;
    return self->steps_left-- > 0;
}

static void its_progress_function_ends_a_copy(void **state)
{
    fixture *self = *state;
    ignis_code code = IGNIS_E_CANCELLED;
    int steps = 0;
    for (; code != IGNIS_OK; steps++) {
        refusal refused = {.steps_left = steps};
        ignis_context_progress_set(self->engine.ctx, steps_count, &refused);
        code = create(self->engine.ctx, self, self->arguments);
        if (code != IGNIS_OK) assert_int_equal(code, IGNIS_E_CANCELLED);
        if (code != IGNIS_OK) expect_rows("0");
        if (code == IGNIS_OK) assert_int_equal(refused.done, ROWS);
    }
    assert_true(steps > 2);
    expect_rows("10000");
}

/* There are too many allocations to fail each of them. */
static void refused_memory_keeps_nothing(void **state)
{
    fixture *self = *state;
    size_t failures = 0;
    bool is_met = true;
    for (uint64_t n = 1; is_met; n += 1 + n / 8) {
        ignis_context *ctx = ignis_context_create();
        assert_non_null(ctx);
        arena_fault_at(n);
        ignis_code code = create(ctx, self, self->arguments);
        is_met = arena_fault_count() >= n;
        arena_fault_at(0);
        if (code != IGNIS_OK) assert_int_equal(code, IGNIS_E_MEMORY);
        assert_int_equal(ignis_context_error(ctx)->code, code);
        ignis_context_free(ctx);
        expect_rows(code == IGNIS_OK ? "10000" : "0");
        if (code == IGNIS_OK) server_execute("DELETE FROM \"Row\"");
        failures += code != IGNIS_OK;
    }
    print_message("%zu allocations failed in turn\n", failures);
    assert_true(failures > 10);
    expect_none_and_create(self);
}

/* ---- rows that are refused ---- */

static void a_wrong_row_of_many_is_named(void **state)
{
    fixture *self = *state;
    const char *wrong = arguments_make(self, MANY_ROWS, WRONG_ROW);
    assert_int_equal(create(self->engine.ctx, self, wrong), IGNIS_E_UNIQUE);
    const ignis_error *error = ignis_context_error(self->engine.ctx);
    assert_string_equal(error->path, "data[69999].code");
    assert_string_equal(error->constraint, "Row_code_key");
    assert_true(self->copies_count > 0);
    expect_none_and_create(self);
}

static void a_copy_that_fails_undoes_its_savepoint_alone(void **state)
{
    fixture *self = *state;
    ignis_context *tx = NULL, *inner = NULL;
    const char *result;
    const char *wrong = arguments_make(self, ROWS, HELD);
    assert_int_equal(ignis_begin(self->engine.ctx, self->engine.source, IGNIS_READ_COMMITTED, &tx),
                     IGNIS_OK);
    assert_int_equal(ignis_create_json(tx, self->rows, "{\"id\": 20000}", &result), IGNIS_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ignis_begin(tx, self->engine.source, IGNIS_READ_COMMITTED, &inner),
                         IGNIS_OK);
        assert_int_equal(create(inner, self, wrong), IGNIS_E_UNIQUE);
        assert_string_equal(ignis_context_error(inner)->path, "data.code");
        ignis_rollback(inner);
    }
    assert_int_equal(ignis_begin(tx, self->engine.source, IGNIS_READ_COMMITTED, &inner), IGNIS_OK);
    assert_int_equal(create(inner, self, self->arguments), IGNIS_OK);
    assert_int_equal(ignis_commit(inner), IGNIS_OK);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
    expect_rows("10001");
}

/* What a function of a transaction does, and how often. */
typedef struct attempts {
    fixture *self;
    int count;
} attempts;

/* The rows' trigger changes a row that another changed since the snapshot. */
static ignis_code create_late(ignis_context *tx, void *data)
{
    attempts *all = data;
    int64_t count;
    IGNIS_TRY(ignis_count_json(tx, all->self->rows, NULL, NULL, &count));
    if (all->count++ < 2) server_execute("UPDATE \"Count\" SET n = n + 1");
    return create(tx, all->self, all->self->arguments);
}

static void a_copy_that_met_another_transaction_is_done_again(void **state)
{
    attempts all = {.self = *state};
    const ignis_transaction_options options = {.struct_size = sizeof(options),
                                               .isolation = IGNIS_REPEATABLE_READ};
    server_execute("INSERT INTO \"Count\" VALUES (1, 0);"
                   "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                   " IF NEW.id = 6000 THEN UPDATE \"Count\" SET n = n + 100; END IF;"
                   " RETURN NEW; END $$;"
                   "CREATE TRIGGER act BEFORE INSERT ON \"Row\""
                   " FOR EACH ROW EXECUTE FUNCTION act()");
    assert_int_equal(ignis_transaction_run(all.self->engine.ctx, all.self->engine.source, &options,
                                           create_late, &all),
                     IGNIS_OK);
    assert_int_equal(all.count, 3);
    assert_string_equal(server_value("SELECT n FROM \"Count\""), "102");
    assert_true(all.self->copies_count >= 3);
    expect_rows("10000");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_connection_lost_at_any_byte_keeps_nothing),
        TEST(an_answer_that_is_lost_keeps_all_or_nothing),
        TEST(a_silent_server_does_not_hold_a_late_call),
        TEST(a_copy_that_waits_is_cancelled),
        TEST(a_silent_server_does_not_hold_a_cancelled_copy),
        TEST(a_commit_that_waits_for_a_copy_is_not_unknown),
        TEST(its_progress_function_ends_a_copy),
        TEST(refused_memory_keeps_nothing),
        TEST(a_wrong_row_of_many_is_named),
        TEST(a_copy_that_fails_undoes_its_savepoint_alone),
        TEST(a_copy_that_met_another_transaction_is_done_again),
    };
    (void)server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
