/* A data source over a server that ends its connections, goes away, falls silent or changes its
   tables: by the public interface alone. */
#include "ignis.h"
#include "support/books.h"
#include "support/fixture.h"
#include "support/proxy.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <libpq-fe.h>
#include <pthread.h>
#include <time.h>

enum {
    CONNECTIONS_COUNT = 4,
    ROUNDS_MAX = 2000,
    DEADLINE_MS = 300,
    LATE_MS = 10000 /* a bound for slow machines */
};

/* Slow is a view whose one row takes a minute. */
static const char models[] =
    "{\"models\": [" BOOKS_MODELS
    "," IGNIS_JSON(
    {"name": "Slow", "type": "view", "columns": [
        {"name": "id", "type": "text", "primaryKey": true}]}) "]}";

static const char filter[] = "{\"order\":[\"id\"],\"include\":[{\"relation\":\"books\",\"scope\":"
                             "{\"order\":[\"id\"]}}]}";
static const char expected[] =
    "[{\"id\":1,\"name\":\"Ada\",\"books\":[{\"id\":1,\"title\":\"one\",\"authorId\":1},"
    "{\"id\":2,\"title\":\"two\",\"authorId\":1}]},{\"id\":2,\"name\":\"Bob\",\"books\":[]}]";

typedef struct opened {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *authors;
    ignis_repository *slow;
} opened;

static void open_at(opened *self, const char *url)
{
    ignis_data_source_class class_ = {
        .struct_size = sizeof(class_), .url = url, .connections_max = CONNECTIONS_COUNT};
    ignis_repository_class authors = {.struct_size = sizeof(authors), .model = "Author"};
    ignis_repository_class slow = {.struct_size = sizeof(slow), .model = "Slow"};
    *self = (opened){.ctx = ignis_context_create()};
    assert_non_null(self->ctx);
    ignis_code code =
        ignis_models_from_json(self->ctx, models, 0, &class_.models, &class_.models_count);
    if (code == IGNIS_OK) code = ignis_data_source_open(self->ctx, &class_, &self->source);
    if (code == IGNIS_OK) code = ignis_schema_create(self->ctx, self->source);
    if (code == IGNIS_OK) code = ignis_load(self->ctx, self->source, BOOKS_ROWS, 0, NULL);
    if (code == IGNIS_OK)
        code = ignis_repository_open(self->ctx, self->source, &authors, &self->authors);
    if (code == IGNIS_OK) code = ignis_repository_open(self->ctx, self->source, &slow, &self->slow);
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(self->ctx)->message);
    server_execute("CREATE VIEW \"Slow\" AS SELECT pg_sleep(60)::text AS id");
}

static void close_all(opened *self)
{
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
    server_execute("DROP VIEW \"Slow\"");
    server_execute("DROP TABLE \"Author\", \"Book\"");
}

static int64_t now_ms(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static ignis_code find(const opened *self)
{
    const char *got = NULL;
    ignis_code code = ignis_find_json(self->ctx, self->authors, NULL, filter, &got);
    if (code == IGNIS_OK) assert_string_equal(got, expected);
    return code;
}

static void expect_find(const opened *self)
{
    if (find(self) != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(self->ctx);
        fail_msg("%s: %s", ignis_code_name(error->code), error->message);
    }
    assert_int_equal(fixture_pool_status(self->source).in_use, 0);
}

/* Each look is a connection of its own, which is what there is to wait for. */
static void await(const char *sql, const char *wanted)
{
    for (size_t round = 0; round < ROUNDS_MAX; round++) {
        if (strcmp(server_value(sql), wanted) == 0) return;
    }
    fail_msg("%s is not %s", sql, wanted);
}

/* ---- backends that are ended ------------------------------------------------------------------- */

#define OTHERS                                                                                     \
    "FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'" \
    " AND pid <> pg_backend_pid()"

typedef struct sleeper {
    const opened *owner;
    ignis_context *ctx;
    pthread_t thread;
    ignis_code code;
} sleeper;

static void *sleep_long(void *data)
{
    sleeper *self = data;
    const char *got = NULL;
    self->code = ignis_find_json(self->ctx, self->owner->slow, NULL, NULL, &got);
    return NULL;
}

static void sleepers_start(const opened *self, sleeper *sleepers, size_t count)
{
    char wanted[16];
    for (size_t i = 0; i < count; i++) {
        sleepers[i] = (sleeper){.owner = self, .ctx = ignis_context_create()};
        assert_non_null(sleepers[i].ctx);
        assert_int_equal(pthread_create(&sleepers[i].thread, NULL, sleep_long, &sleepers[i]), 0);
    }
    assert_true(snprintf(wanted, sizeof(wanted), "%zu", count) > 0);
    await("SELECT count(*) " OTHERS " AND wait_event = 'PgSleep'", wanted);
}

static void sleepers_end(sleeper *sleepers, size_t count, ignis_code code)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pthread_join(sleepers[i].thread, NULL), 0);
        assert_int_equal(sleepers[i].code, code);
        assert_int_equal(ignis_context_error(sleepers[i].ctx)->code, code);
        ignis_context_free(sleepers[i].ctx);
    }
}

static void ended_backends_fail_their_calls_alone(void **state)
{
    (void)state;
    opened o;
    sleeper sleepers[CONNECTIONS_COUNT];
    open_at(&o, server_url());
    /* All connections are made and become idle again. */
    sleepers_start(&o, sleepers, CONNECTIONS_COUNT);
    for (size_t i = 0; i < CONNECTIONS_COUNT; i++) {
        ignis_context_cancel(sleepers[i].ctx);
    }
    sleepers_end(sleepers, CONNECTIONS_COUNT, IGNIS_E_CANCELLED);
    assert_int_equal(fixture_pool_status(o.source).idle, CONNECTIONS_COUNT);

    sleepers_start(&o, sleepers, 2);
    server_execute("SELECT pg_terminate_backend(pid) " OTHERS);
    sleepers_end(sleepers, 2, IGNIS_E_CONNECTION);
    await("SELECT count(*) " OTHERS, "0");
    expect_find(&o);
    expect_find(&o);
    assert_int_equal(fixture_pool_status(o.source).open, 1);
    close_all(&o);
}

static void a_cancelled_statement_stops_at_the_server(void **state)
{
    (void)state;
    opened o;
    sleeper one;
    open_at(&o, server_url());
    sleepers_start(&o, &one, 1);
    ignis_context_cancel(one.ctx);
    sleepers_end(&one, 1, IGNIS_E_CANCELLED);
    await("SELECT count(*) " OTHERS " AND state <> 'idle'", "0");
    expect_find(&o);
    close_all(&o);
}

/* ---- a server that is away --------------------------------------------------------------------- */

static void a_server_that_was_away_is_used_again(void **state)
{
    (void)state;
    proxy *between = proxy_start(server_url());
    opened o;
    open_at(&o, proxy_url(between));
    expect_find(&o);
    proxy_refuse(between);
    proxy_fail(between, PROXY_TO_CLIENT, 0, PROXY_RESET);
    for (int i = 0; i < 5; i++) {
        int64_t before_ms = now_ms();
        ignis_context_timeout_set(o.ctx, DEADLINE_MS);
        ignis_code code = find(&o);
        if (code != IGNIS_E_CONNECTION && code != IGNIS_E_TIMEOUT)
            fail_msg("%s", ignis_code_name(code));
        assert_true(now_ms() - before_ms < LATE_MS);
        assert_int_equal(fixture_pool_status(o.source).in_use, 0);
    }
    assert_true(fixture_pool_status(o.source).failed > 0);
    ignis_context_timeout_set(o.ctx, 0);
    proxy_resume(between);
    expect_find(&o);
    close_all(&o);
    proxy_stop(between);
}

/* Either direction: requests that do not arrive, answers that do not. */
static void a_dead_path_ends_calls_at_their_deadline(void **state)
{
    (void)state;
    static const proxy_direction directions[] = {PROXY_TO_CLIENT, PROXY_TO_SERVER};
    for (size_t i = 0; i < sizeof(directions) / sizeof(directions[0]); i++) {
        proxy *between = proxy_start(server_url());
        opened o;
        open_at(&o, proxy_url(between));
        expect_find(&o);
        uint64_t connected = fixture_pool_status(o.source).connected;
        proxy_fail(between, directions[i], 0, PROXY_HOLD);
        for (int call = 0; call < 3; call++) {
            int64_t before_ms = now_ms();
            ignis_context_timeout_set(o.ctx, DEADLINE_MS);
            assert_int_equal(find(&o), IGNIS_E_TIMEOUT);
            int64_t took_ms = now_ms() - before_ms;
            assert_true(took_ms >= DEADLINE_MS - 1 && took_ms < LATE_MS);
            assert_int_equal(fixture_pool_status(o.source).in_use, 0);
        }
        ignis_context_timeout_set(o.ctx, 0);
        proxy_resume(between);
        expect_find(&o);
        assert_true(fixture_pool_status(o.source).connected > connected);
        close_all(&o);
        proxy_stop(between);
    }
}

/* ---- tables that change ------------------------------------------------------------------------ */

static void statements_kept_by_a_connection_survive_changes_of_tables(void **state)
{
    (void)state;
    static const char replaced[] =
        "ALTER TABLE \"Book\" RENAME TO old; CREATE TABLE \"Book\" (LIKE old INCLUDING ALL);"
        " INSERT INTO \"Book\" SELECT * FROM old; DROP TABLE old";
    static const char *const changes[] = {
        "ALTER TABLE \"Author\" ADD COLUMN born date DEFAULT now()",
        "ALTER TABLE \"Book\" ADD COLUMN pages integer",
        "ALTER TABLE \"Book\" DROP COLUMN pages",
        "ALTER TABLE \"Author\" ALTER COLUMN name TYPE varchar(80)",
        "ALTER TABLE \"Author\" ALTER COLUMN name TYPE text",
        "ALTER TABLE \"Book\" ALTER COLUMN title TYPE varchar(80)",
        "ALTER TABLE \"Book\" ALTER COLUMN \"authorId\" TYPE bigint",
        "CREATE INDEX ON \"Book\" (\"authorId\")",
        replaced,
        "ANALYZE",
    };
    opened o;
    open_at(&o, server_url());
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        /* Often enough for a generic plan. */
        for (int call = 0; call < 7; call++) {
            expect_find(&o);
        }
        server_execute(changes[i]);
        expect_find(&o);
    }
    assert_int_equal(fixture_pool_status(o.source).connected, 1);
    close_all(&o);
}

/* A server may be set so that a backslash escapes in plain constants. */
static void constants_of_models_are_read_the_same_by_any_server(void **state)
{
    (void)state;
    static const char *const settings[] = {"on", "off"};
    static const char paths[] =
        "{\"models\":[{\"name\":\"Path\",\"settings\":{\"defaultFilter\":{\"where\":"
        "{\"path\":{\"ne\":\"a\\\\' OR 1=1 --\"}}}},\"columns\":["
        "{\"name\":\"id\",\"type\":\"integer\",\"primaryKey\":true},"
        "{\"name\":\"path\",\"type\":\"text\",\"default\":\"C:\\\\temp\"},"
        "{\"name\":\"data\",\"type\":\"bytea\",\"default\":\"AP8=\"}]}]}";
    static const char created[] =
        "{\"count\":1,\"data\":{\"id\":1,\"path\":\"C:\\\\temp\",\"data\":\"AP8=\"}}";
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        char url[1024];
        const char *got = NULL;
        opened o = {.ctx = ignis_context_create()};
        ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = url};
        ignis_repository_class repository = {.struct_size = sizeof(repository), .model = "Path"};
        int size = snprintf(url, sizeof(url), "%s%coptions=-c%%20standard_conforming_strings%%3D%s",
                            server_url(), strchr(server_url(), '?') ? '&' : '?', settings[i]);
        assert_true(size > 0 && size < (int)sizeof(url));
        assert_int_equal(
            ignis_models_from_json(o.ctx, paths, 0, &class_.models, &class_.models_count),
            IGNIS_OK);
        assert_int_equal(ignis_data_source_open(o.ctx, &class_, &o.source), IGNIS_OK);
        assert_int_equal(ignis_schema_create(o.ctx, o.source), IGNIS_OK);
        assert_int_equal(ignis_repository_open(o.ctx, o.source, &repository, &o.authors), IGNIS_OK);
        assert_int_equal(ignis_create_json(o.ctx, o.authors, "{\"id\":1}", &got), IGNIS_OK);
        assert_string_equal(got, created);
        assert_int_equal(
            ignis_create_json(o.ctx, o.authors, "{\"id\":2,\"path\":\"a\\\\' OR 1=1 --\"}", &got),
            IGNIS_OK);
        assert_int_equal(ignis_find_json(o.ctx, o.authors, NULL, "{\"fields\":[\"id\"]}", &got),
                         IGNIS_OK);
        assert_string_equal(got, "[{\"id\":1}]");
        ignis_data_source_close(o.source);
        ignis_context_free(o.ctx);
        server_execute("DROP TABLE \"Path\"");
    }
}

static void a_missing_table_is_an_error_until_it_is_there(void **state)
{
    (void)state;
    opened o;
    open_at(&o, server_url());
    expect_find(&o);
    server_execute("ALTER TABLE \"Book\" RENAME TO elsewhere");
    assert_int_equal(find(&o), IGNIS_E_DATABASE);
    assert_string_equal(ignis_context_error(o.ctx)->sqlstate, "42P01");
    server_execute("ALTER TABLE elsewhere RENAME TO \"Book\"");
    expect_find(&o);
    close_all(&o);
}

static void another_user_of_the_pooler_changes_nothing(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "DEALLOCATE ALL", "DISCARD ALL", "SET TimeZone = 'Asia/Tokyo'", "SET DateStyle = 'German'"};
    const char *url = getenv("IGNIS_TEST_PGBOUNCER_URL");
    if (!url || !*url) {
        print_message("skipped: no PgBouncer (IGNIS_TEST_PGBOUNCER_URL is not set)\n");
        return;
    }
    opened o;
    open_at(&o, server_pgbouncer_url());
    PGconn *other = PQconnectdb(server_pgbouncer_url());
    assert_int_equal(PQstatus(other), CONNECTION_OK);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        for (int call = 0; call < 5; call++) {
            expect_find(&o);
            PQclear(PQexec(other, commands[i]));
            expect_find(&o);
        }
    }
    PQfinish(other);
    close_all(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ended_backends_fail_their_calls_alone),
        cmocka_unit_test(a_cancelled_statement_stops_at_the_server),
        cmocka_unit_test(a_server_that_was_away_is_used_again),
        cmocka_unit_test(a_dead_path_ends_calls_at_their_deadline),
        cmocka_unit_test(statements_kept_by_a_connection_survive_changes_of_tables),
        cmocka_unit_test(constants_of_models_are_read_the_same_by_any_server),
        cmocka_unit_test(a_missing_table_is_an_error_until_it_is_there),
        cmocka_unit_test(another_user_of_the_pooler_changes_nothing),
    };
    (void)server_url(); /* or skips all */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
