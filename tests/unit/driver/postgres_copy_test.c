/* postgres copy: one COPY that lasts for several starts, and all that may meet it. */
#include "postgres_session.h"
#include "support/proxy.h"

/* The server looks at keys once it has a thousand rows. Those of a wide part that come after are more
   than the sockets of both sides hold. */
enum { PART_ROWS = 1000, WIDE_ROWS = 2000, WIDE_SIZE = 32 * 1024 };

static char wide_word[WIDE_SIZE + 1];

/* ---- parts ---- */

static const ignis_value_type part_types[] = {{.type = IGNIS_TYPE_INTEGER},
                                              {.type = IGNIS_TYPE_TEXT}};

typedef struct part {
    ignis_statement statement;
    ignis_cell list[ARRAY_COUNT(part_types)];
    ignis_execution execution;
} part;

/* Rows whose ids count from first. */
static void part_make(const session *s, part *self, int64_t first, size_t count, ignis_cell word)
{
    enum { WIDTH = ARRAY_COUNT(part_types) };
    ignis_cell *items = arena_array(&s->ctx->results, count * WIDTH, sizeof(*items));
    assert_non_null(items);
    for (size_t i = 0; i < count; i++) {
        items[i * WIDTH] = cell_integer(first + (int64_t)i);
        items[i * WIDTH + 1] = word;
    }
    self->statement = statement_of(1, "COPY copied (id, word) FROM STDIN (FORMAT binary)");
    self->statement.copies = true;
    self->statement.parameters = part_types;
    self->statement.parameters_count = WIDTH;
    self->list[0] = cell_list(items, count * WIDTH);
    self->list[1] = cell_null();
    self->execution =
        (ignis_execution){.statement = &self->statement, .parameters = self->list, .goes_on = true};
}

/* PART_ROWS from first on. */
static ignis_code part_send(session *s, uint64_t id, int64_t first, bool goes_on)
{
    part sent;
    part_make(s, &sent, first, PART_ROWS, cell_text("word"));
    sent.statement.id = id;
    sent.execution.goes_on = goes_on;
    return postgres_execute(s, &sent.execution, 1);
}

static void expect_part(session *s, uint64_t id, int64_t first, bool goes_on)
{
    if (part_send(s, id, first, goes_on) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(s->ctx)->message);
}

static void copied_open_at(session *s, const char *url)
{
    server_execute("SET client_min_messages = warning; SET lock_timeout = 20000;"
                   "DROP TABLE IF EXISTS copied;"
                   "CREATE TABLE copied(id integer PRIMARY KEY, word text)");
    postgres_open_with(s, url, IGNIS_POOLING_DETECT);
    postgres_expect(s, "BEGIN", "");
}

static void copied_open(session *s)
{
    copied_open_at(s, server_url());
}

/* The transaction takes a rollback, and nothing was kept. */
static void expect_rollback(session *s)
{
    assert_false(s->driver->is_broken(s->connection));
    assert_true(s->driver->in_transaction(s->connection));
    postgres_expect(s, "ROLLBACK", "");
    assert_false(s->driver->in_transaction(s->connection));
    postgres_expect(s, "SELECT count(*)::int FROM copied", "0");
}

/* ---- rows ---- */

static void a_copy_lasts_as_long_as_its_statement_is_the_same(void **state)
{
    static const struct {
        uint64_t ids[4];
        size_t copies_count;
        int64_t affected; /* of the last */
    } cases[] = {
        {{1, 1, 1, 1}, 1, 4 * PART_ROWS},
        {{1, 2, 2, 1}, 3, PART_ROWS},
        {{0, 0, 0, 0}, 4, PART_ROWS},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        session s;
        wire seen;
        copied_open(&s);
        wire_open(&seen, &s);
        for (int at = 0; at < 4; at++)
            expect_part(&s, cases[i].ids[at], at * PART_ROWS, at < 3);
        assert_int_equal(s.affected, cases[i].affected);
        assert_int_equal(wire_count(&seen, 'F', "Query"), cases[i].copies_count);
        wire_close(&seen);
        postgres_expect(&s, "COMMIT", "");
        postgres_expect(&s, "SELECT count(*)::int, max(id) FROM copied", "4000|3999");
        session_close(&s);
    }
}

static void what_follows_a_part_sees_its_rows(void **state)
{
    (void)state;
    session s;
    copied_open(&s);
    const ignis_statement statements[] = {
        statement_of(2, "INSERT INTO copied VALUES (-1)"),
        statement_of(3, "SELECT count(*)::int FROM copied"),
        statement_of(0, "COMMIT"),
    };
    const ignis_execution executions[] = {
        execution_of(&statements[0]), execution_of(&statements[1]), execution_of(&statements[2])};
    expect_part(&s, 1, 0, true);
    assert_true(s.driver->in_transaction(s.connection));
    assert_int_equal(postgres_execute(&s, executions, 3), IGNIS_OK);
    assert_string_equal(s.rows, "1001");
    assert_false(s.driver->in_transaction(s.connection));
    assert_string_equal(server_value("SELECT count(*) FROM copied"), "1001");
    session_close(&s);
}

static void notices_disturb_no_copy(void **state)
{
    (void)state;
    session s;
    copied_open(&s);
    server_execute("CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                   " RAISE NOTICE '%', repeat('words ', 100); IF NEW.id % 2 = 0 THEN RETURN NULL;"
                   " END IF; RETURN NEW; END $$; CREATE TRIGGER tell BEFORE INSERT ON copied"
                   " FOR EACH ROW EXECUTE FUNCTION tell()");
    for (int i = 0; i < 20; i++)
        expect_part(&s, 1, i * PART_ROWS, i < 19);
    postgres_expect(&s, "COMMIT", "");
    postgres_expect(&s, "SELECT count(*)::int FROM copied", "10000");
    server_execute("SET client_min_messages = warning; DROP FUNCTION tell CASCADE");
    session_close(&s);
}

/* ---- errors ---- */

static void error_await(const session *s)
{
    char sql[128];
    assert_true(snprintf(sql, sizeof(sql), "SELECT state FROM pg_stat_activity WHERE pid = %d",
                         PQbackendPID(postgres_of(s)->handle)) > 0);
    postgres_await(sql, "idle in transaction (aborted)");
}

/* What comes after a part: another one, a statement. */
typedef struct follower {
    const char *sql; /* NULL: a part */
    uint64_t id;     /* of the part */
    bool goes_on;
} follower;

static const follower followers[] = {
    {.id = 1, .goes_on = true}, {.id = 1},         {.id = 2, .goes_on = true},
    {.sql = "SELECT 1"},        {.sql = "COMMIT"}, {.sql = "ROLLBACK"},
};

static ignis_code follower_send(session *s, const follower *next)
{
    return next->sql ? postgres_run(s, next->sql) : part_send(s, next->id, 9000, next->goes_on);
}

static void the_error_of_a_part_is_told_by_what_follows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(followers); i++) {
        session s;
        copied_open(&s);
        expect_part(&s, 1, 0, true);
        expect_part(&s, 1, PART_ROWS - 1, true);
        error_await(&s);
        assert_int_equal(follower_send(&s, &followers[i]), IGNIS_E_UNIQUE);
        assert_string_equal(ignis_context_error(s.ctx)->constraint, "copied_pkey");
        expect_rollback(&s);
        session_close(&s);
    }
}

static void a_part_given_up_leaves_only_a_rollback(void **state)
{
    (void)state;
    for (int is_wrong = 0; is_wrong < 2; is_wrong++) {
        for (size_t i = 0; i < ARRAY_COUNT(followers); i++) {
            session s;
            copied_open(&s);
            expect_part(&s, 1, 0, true);
            if (is_wrong) expect_part(&s, 1, 0, true);
            s.driver->abandon(s.connection);
            ignis_code code = follower_send(&s, &followers[i]);
            bool is_rollback = followers[i].sql && strcmp(followers[i].sql, "ROLLBACK") == 0;
            assert_int_equal(code, is_rollback ? IGNIS_OK : IGNIS_E_STATE);
            if (is_rollback) postgres_expect(&s, "BEGIN", "");
            if (code != IGNIS_OK && !s.driver->in_transaction(s.connection))
                postgres_expect(&s, "BEGIN", ""); /* COMMIT was a rollback */
            expect_rollback(&s);
            session_close(&s);
        }
    }
}

static void a_savepoint_outlives_a_part_given_up(void **state)
{
    (void)state;
    session s;
    copied_open(&s);
    expect_part(&s, 1, 0, false);
    postgres_expect(&s, "SAVEPOINT s", "");
    expect_part(&s, 1, 5000, true);
    s.driver->abandon(s.connection);
    postgres_expect(&s, "ROLLBACK TO SAVEPOINT s", "");
    expect_part(&s, 1, 6000, true);
    postgres_expect(&s, "COMMIT", "");
    postgres_expect(&s, "SELECT min(id), max(id), count(*)::int FROM copied", "0|6999|2000");
    session_close(&s);
}

static void a_part_given_up_without_a_transaction_breaks_its_connection(void **state)
{
    (void)state;
    session s;
    copied_open(&s);
    postgres_expect(&s, "COMMIT", "");
    expect_part(&s, 1, 0, true);
    expect_part(&s, 1, PART_ROWS, true);
    assert_false(s.driver->in_transaction(s.connection));
    s.driver->abandon(s.connection);
    assert_true(s.driver->is_broken(s.connection));
    session_close(&s);
    assert_string_equal(server_value("SELECT count(*) FROM copied"), "0");
}

static void a_server_that_leaves_between_parts_says_why(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(followers); i++) {
        char sql[128];
        session s;
        copied_open(&s);
        expect_part(&s, 1, 0, true);
        int pid = PQbackendPID(postgres_of(&s)->handle);
        assert_true(snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d, 20000)", pid) > 0);
        assert_string_equal(server_value(sql), "t");
        assert_int_equal(follower_send(&s, &followers[i]), IGNIS_E_CONNECTION);
        assert_string_equal(ignis_context_error(s.ctx)->sqlstate, "57P01");
        assert_true(s.driver->is_broken(s.connection));
        session_close(&s);
    }
}

static void refused_memory_loses_no_part(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        session s;
        part sent;
        copied_open(&s);
        expect_part(&s, 1, 0, true);
        part_make(&s, &sent, PART_ROWS, PART_ROWS, cell_text("word"));
        sent.statement.id = i + 1;
        uint64_t n = 0;
        ignis_code code = IGNIS_E_MEMORY;
        while (code != IGNIS_OK) {
            arena_fault_at(++n);
            code = s.driver->start(s.ctx, s.connection, &sent.execution, 1);
            arena_fault_at(0);
            if (code != IGNIS_OK) assert_int_equal(code, IGNIS_E_MEMORY);
        }
        assert_true(n > 1);
        ignis_batch batch;
        do {
            assert_int_equal(postgres_next(&s, &batch), IGNIS_OK);
        } while (batch.state != IGNIS_BATCH_IDLE);
        postgres_expect(&s, "COMMIT", "");
        postgres_expect(&s, "SELECT count(*)::int FROM copied", "2000");
        session_close(&s);
    }
}

/* Sends the rows of ids 0 to 999 twice; gives the bytes of the server's answer. */
static ignis_code wrong_send(session *s, proxy *between, uint64_t *size)
{
    expect_part(s, 1, 0, true);
    *size = proxy_count(between).bytes[PROXY_TO_CLIENT];
    ignis_code code = part_send(s, 1, 0, false);
    *size = proxy_count(between).bytes[PROXY_TO_CLIENT] - *size;
    return code;
}

static void an_error_counts_without_what_the_server_says_after_it(void **state)
{
    enum { READY_SIZE = 6 };
    (void)state;
    session s;
    uint64_t size = 0;
    proxy *between = proxy_start(server_url());
    copied_open_at(&s, proxy_url(between));
    assert_int_equal(wrong_send(&s, between, &size), IGNIS_E_UNIQUE);
    assert_true(size > READY_SIZE);
    postgres_expect(&s, "ROLLBACK", "");
    postgres_expect(&s, "BEGIN", "");
    expect_part(&s, 1, 0, true);
    proxy_fail(between, PROXY_TO_CLIENT, size - READY_SIZE, PROXY_HOLD);
    ignis_context_timeout_set(s.ctx, 2000);
    assert_int_equal(part_send(&s, 1, 0, false), IGNIS_E_UNIQUE);
    assert_true(s.driver->is_broken(s.connection));
    session_close(&s);
    proxy_stop(between);
}

/* ---- a server that takes no rows ---- */

/* Another transaction holds the first key. */
typedef struct held {
    session s;
    session other;
    part rows;
} held;

static void held_open(held *self)
{
    ignis_batch batch;
    struct pollfd look = {0};
    const session *s = &self->s;
    copied_open(&self->s);
    session_join(&self->other, s);
    postgres_expect(&self->other, "BEGIN", "");
    postgres_expect(&self->other, "INSERT INTO copied VALUES (0)", "");
    part_make(s, &self->rows, 0, WIDE_ROWS, cell_text(wide_word));
    look.fd = PQsocket(postgres_of(s)->handle);
    assert_int_equal(s->driver->start(s->ctx, s->connection, &self->rows.execution, 1), IGNIS_OK);
    do {
        assert_int_equal(s->driver->step(s->ctx, s->connection, &batch), IGNIS_OK);
        assert_int_equal(batch.state, IGNIS_BATCH_WAIT);
        if (postgres_of(s)->copy.state == POSTGRES_COPY_ASKED) look.events = POLLIN;
        if (postgres_of(s)->copy.state != POSTGRES_COPY_ASKED) look.events = POLLOUT;
    } while (poll(&look, 1, 1000) > 0);
    assert_int_equal(postgres_of(s)->copy.state, POSTGRES_COPY_SENDING);
}

static void held_close(held *self)
{
    session_close(&self->other);
    session_close(&self->s);
}

/* The server takes what libpq holds before anyone asks what to wait for. */
static void rows_that_are_left_are_waited_for(void **state)
{
    (void)state;
    held h;
    ignis_batch batch;
    held_open(&h);
    postgres_expect(&h.other, "ROLLBACK", "");
    PGconn *handle = postgres_of(&h.s)->handle;
    struct pollfd look = {.fd = PQsocket(handle), .events = POLLOUT};
    while (PQflush(handle) > 0)
        assert_int_equal(poll(&look, 1, 30000), 1);
    ignis_wants wants = h.s.driver->wants(h.s.connection);
    assert_int_equal(wants.events, IGNIS_WANTS_READ | IGNIS_WANTS_WRITE);
    assert_int_equal(postgres_next(&h.s, &batch), IGNIS_OK);
    assert_int_equal(batch.state, IGNIS_BATCH_END);
    assert_int_equal(postgres_next(&h.s, &batch), IGNIS_OK);
    postgres_expect(&h.s, "COMMIT", "");
    postgres_expect(&h.s, "SELECT count(*)::int FROM copied", "2000");
    held_close(&h);
}

static void a_copy_that_waits_is_cancelled(void **state)
{
    (void)state;
    held h;
    ignis_batch batch;
    held_open(&h);
    h.s.driver->cancel(h.s.connection);
    assert_int_equal(postgres_next(&h.s, &batch), IGNIS_E_CANCELLED);
    expect_rollback(&h.s);
    held_close(&h);
}

static void a_copy_that_waits_is_late(void **state)
{
    (void)state;
    held h;
    ignis_batch batch;
    held_open(&h);
    ignis_context_timeout_set(h.s.ctx, 50);
    assert_int_equal(postgres_next(&h.s, &batch), IGNIS_E_TIMEOUT);
    assert_true(h.s.driver->is_broken(h.s.connection));
    held_close(&h);
}

static void a_cancel_between_parts_stops_nothing(void **state)
{
    (void)state;
    session s;
    copied_open(&s);
    expect_part(&s, 1, 0, true);
    s.driver->cancel(s.connection);
    expect_part(&s, 1, PART_ROWS, false);
    postgres_expect(&s, "COMMIT", "");
    session_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_lasts_as_long_as_its_statement_is_the_same),
        cmocka_unit_test(what_follows_a_part_sees_its_rows),
        cmocka_unit_test(notices_disturb_no_copy),
        cmocka_unit_test(the_error_of_a_part_is_told_by_what_follows),
        cmocka_unit_test(a_part_given_up_leaves_only_a_rollback),
        cmocka_unit_test(a_savepoint_outlives_a_part_given_up),
        cmocka_unit_test(a_part_given_up_without_a_transaction_breaks_its_connection),
        cmocka_unit_test(a_server_that_leaves_between_parts_says_why),
        cmocka_unit_test(refused_memory_loses_no_part),
        cmocka_unit_test(an_error_counts_without_what_the_server_says_after_it),
        cmocka_unit_test(rows_that_are_left_are_waited_for),
        cmocka_unit_test(a_copy_that_waits_is_cancelled),
        cmocka_unit_test(a_copy_that_waits_is_late),
        cmocka_unit_test(a_cancel_between_parts_stops_nothing),
    };
    postgres_need();
    memset(wide_word, 'w', WIDE_SIZE);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
