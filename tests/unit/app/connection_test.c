/* connection: connecting, disconnecting and asking whether the database answers; on SQLite, and on
   PostgreSQL where there is a server. */
#include "support/engine.h"
#include "support/fixture.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>

typedef struct fixture {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *users;
    char file[64];
    bool is_server;
} fixture;

static void fixture_fill(fixture *self, const char *url)
{
    static const ignis_repository_class users = {.struct_size = sizeof(users), .model = "User"};
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = url};
    self->ctx = ignis_context_create();
    assert_int_equal(
        ignis_models_from_json(self->ctx, engine_blog, 0, &class_.models, &class_.models_count),
        IGNIS_OK);
    assert_int_equal(ignis_data_source_open(self->ctx, &class_, &self->source), IGNIS_OK);
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &users, &self->users),
                     IGNIS_OK);
}

static void tables_fill(fixture *self)
{
    assert_int_equal(ignis_schema_create(self->ctx, self->source), IGNIS_OK);
    assert_int_equal(ignis_load(self->ctx, self->source, engine_blog_rows, 0, NULL), IGNIS_OK);
}

static int open_memory(void **state)
{
    static fixture self;
    self = (fixture){0};
    fixture_fill(&self, "sqlite::memory:");
    *state = &self;
    return 0;
}

static int open_file(void **state)
{
    static fixture self;
    char url[128];
    self = (fixture){.file = "/tmp/ignis-connection-XXXXXX"};
    int descriptor = mkstemp(self.file);
    if (descriptor < 0) return -1;
    close(descriptor);
    (void)snprintf(url, sizeof(url), "sqlite:%s", self.file);
    fixture_fill(&self, url);
    *state = &self;
    return 0;
}

static int open_server(void **state)
{
    static fixture self;
    self = (fixture){.is_server = true};
    server_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    fixture_fill(&self, server_url());
    *state = &self;
    return 0;
}

static int close_source(void **state)
{
    fixture *self = *state;
    char other[128];
    ignis_context_free(self->ctx);
    ignis_data_source_close(self->source);
    if (!*self->file) return 0;
    unlink(self->file);
    (void)snprintf(other, sizeof(other), "%s-wal", self->file);
    unlink(other);
    (void)snprintf(other, sizeof(other), "%s-shm", self->file);
    unlink(other);
    return 0;
}

static void expect_users(fixture *self, int64_t expected)
{
    int64_t count = -1;
    assert_int_equal(ignis_count_json(self->ctx, self->users, NULL, NULL, &count), IGNIS_OK);
    assert_int_equal(count, expected);
}

static void expect_disconnected(fixture *self, ignis_code code)
{
    assert_int_equal(code, IGNIS_E_STATE);
    assert_string_equal(ignis_context_error(self->ctx)->message, "the data source is disconnected");
}

static void a_disconnected_source_refuses_calls_until_it_is_connected(void **state)
{
    fixture *self = *state;
    int64_t count;
    ignis_context *tx;
    tables_fill(self);
    expect_users(self, 4);
    for (int turn = 0; turn < 3; turn++) {
        ignis_data_source_disconnect(self->ctx, self->source);
        ignis_data_source_disconnect(self->ctx, self->source);
        assert_int_equal(fixture_pool_status(self->source).open, 0);
        expect_disconnected(self, ignis_count_json(self->ctx, self->users, NULL, NULL, &count));
        expect_disconnected(self, ignis_begin(self->ctx, self->source, IGNIS_SERIALIZABLE, &tx));
        expect_disconnected(self, ignis_data_source_ping(self->ctx, self->source, 1000));
        assert_int_equal(ignis_data_source_connect(self->ctx, self->source, 5000), IGNIS_OK);
        assert_int_equal(ignis_data_source_connect(self->ctx, self->source, 5000), IGNIS_OK);
        assert_int_equal(fixture_pool_status(self->source).open, 1);
        expect_users(self, 4);
    }
}

/* Opening made a connection that no call has taken yet. */
static void a_source_that_was_never_used_disconnects_too(void **state)
{
    fixture *self = *state;
    ignis_data_source_disconnect(self->ctx, self->source);
    assert_int_equal(fixture_pool_status(self->source).open, 0);
    if (self->is_server) {
        static const char others[] = "SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                     "current_database() AND pid <> pg_backend_pid()";
        /* A server notices the end of a connection a little later. */
        int tries = 0;
        while (strcmp(server_value(others), "0") != 0 && tries < 5000) {
            tries++;
        }
        assert_string_equal(server_value(others), "0");
    }
    assert_int_equal(ignis_data_source_connect(self->ctx, self->source, 5000), IGNIS_OK);
    tables_fill(self);
    expect_users(self, 4);
}

static void a_transaction_that_is_open_ends_before_its_connection(void **state)
{
    fixture *self = *state;
    ignis_context *tx;
    const char *made;
    tables_fill(self);
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_SERIALIZABLE, &tx), IGNIS_OK);
    assert_int_equal(ignis_create_json(tx, self->users, "{\"id\": 9, \"name\": \"Eve\"}", &made),
                     IGNIS_OK);
    ignis_context *other = ignis_context_create();
    ignis_data_source_disconnect(other, self->source);
    assert_int_equal(fixture_pool_status(self->source).in_use, 1);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
    assert_int_equal(fixture_pool_status(self->source).open, 0);
    assert_int_equal(ignis_data_source_connect(other, self->source, 5000), IGNIS_OK);
    ignis_context_free(other);
    expect_users(self, 5);
}

static void a_ping_answers_and_keeps_the_deadline_of_the_context(void **state)
{
    fixture *self = *state;
    assert_int_equal(ignis_data_source_ping(self->ctx, self->source, 0), IGNIS_OK);
    assert_int_equal(ignis_data_source_ping(self->ctx, self->source, 5000), IGNIS_OK);
    assert_int_equal(self->ctx->deadline_ms, 0);
    ignis_context_timeout_set(self->ctx, -1);
    int64_t deadline_ms = self->ctx->deadline_ms;
    assert_int_equal(ignis_data_source_ping(self->ctx, self->source, 5000), IGNIS_E_TIMEOUT);
    assert_int_equal(self->ctx->deadline_ms, deadline_ms);
    ignis_context_timeout_set(self->ctx, 0);
}

static void a_ping_does_not_wait_longer_than_it_may_for_a_connection(void **state)
{
    fixture *self = *state;
    ignis_context *tx;
    ignis_context *other = ignis_context_create();
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_SERIALIZABLE, &tx), IGNIS_OK);
    assert_int_equal(ignis_data_source_ping(other, self->source, 20), IGNIS_E_TIMEOUT);
    ignis_rollback(tx);
    assert_int_equal(ignis_data_source_ping(other, self->source, 5000), IGNIS_OK);
    ignis_context_free(other);
}

static void the_connection_string_is_what_was_opened(void **state)
{
    fixture *self = *state;
    const char *url;
    char expected[128];
    (void)snprintf(expected, sizeof(expected), "sqlite:%s", self->file);
    assert_int_equal(
        ignis_data_source_connection_string(self->ctx, self->source, IGNIS_PASSWORD_MASKED, &url),
        IGNIS_OK);
    assert_string_equal(url, expected);
    assert_string_equal(ignis_data_source_name(self->source), "DataSource");
}

static void the_environment_of_one_source_is_read_where_it_is_asked_for(void **state)
{
    fixture *self = *state;
    ignis_data_source *source = NULL;
    const char *url;
    char file[] = "/tmp/ignis-connection-env-XXXXXX";
    int descriptor = mkstemp(file);
    static const char text_[] = "IGNIS_T_FILE=':memory:'\n";
    assert_int_equal(write(descriptor, text_, sizeof(text_) - 1), (ssize_t)sizeof(text_) - 1);
    close(descriptor);
    const ignis_data_source_class class_ = {
        .struct_size = sizeof(class_), .url = "sqlite:${IGNIS_T_FILE}", .env_file = file};
    assert_int_equal(ignis_data_source_open(self->ctx, &class_, &source), IGNIS_OK);
    unlink(file);
    assert_int_equal(
        ignis_data_source_connection_string(self->ctx, source, IGNIS_PASSWORD_SHOWN, &url),
        IGNIS_OK);
    assert_string_equal(url, "sqlite::memory:");
    ignis_data_source_close(source);
    source = NULL;
    assert_int_equal(ignis_data_source_open(self->ctx, &class_, &source), IGNIS_E_INVALID);
    assert_null(source);
}

static const char *part(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++) {
        if (strcmp(options->keyword, keyword) == 0) return options->val;
    }
    return NULL;
}

/* The server of the tests, by its parts; those that its URL leaves out are left out. */
static void a_source_opens_by_the_parts_of_its_url(void **state)
{
    fixture *self = *state;
    ignis_data_source *source = NULL;
    const char *url;
    PQconninfoOption *options = PQconninfoParse(server_url(), NULL);
    assert_non_null(options);
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .driver = &ignis_postgres_driver,
                                            .host = part(options, "host"),
                                            .port = part(options, "port"),
                                            .database = part(options, "dbname"),
                                            .user = part(options, "user"),
                                            .password = "${IGNIS_T_PASSWORD}"};
    const char *password = part(options, "password");
    setenv("IGNIS_T_PASSWORD", password ? password : "not asked for", 1);
    assert_int_equal(ignis_data_source_open(self->ctx, &class_, &source), IGNIS_OK);
    PQconninfoFree(options);
    assert_int_equal(ignis_data_source_ping(self->ctx, source, 5000), IGNIS_OK);
    assert_int_equal(
        ignis_data_source_connection_string(self->ctx, source, IGNIS_PASSWORD_MASKED, &url),
        IGNIS_OK);
    assert_non_null(strstr(url, ":***@"));
    assert_null(strstr(url, "asked"));
    ignis_data_source_close(source);
}

#define TEST(name, open) cmocka_unit_test_setup_teardown(name, open, close_source)

int main(void)
{
    const struct CMUnitTest sqlite[] = {
        TEST(a_disconnected_source_refuses_calls_until_it_is_connected, open_memory),
        TEST(a_disconnected_source_refuses_calls_until_it_is_connected, open_file),
        TEST(a_source_that_was_never_used_disconnects_too, open_memory),
        TEST(a_source_that_was_never_used_disconnects_too, open_file),
        TEST(a_transaction_that_is_open_ends_before_its_connection, open_memory),
        TEST(a_transaction_that_is_open_ends_before_its_connection, open_file),
        TEST(a_ping_answers_and_keeps_the_deadline_of_the_context, open_file),
        TEST(a_ping_does_not_wait_longer_than_it_may_for_a_connection, open_memory),
        TEST(the_connection_string_is_what_was_opened, open_file),
        TEST(the_environment_of_one_source_is_read_where_it_is_asked_for, open_memory),
    };
    const struct CMUnitTest server[] = {
        TEST(a_disconnected_source_refuses_calls_until_it_is_connected, open_server),
        TEST(a_source_that_was_never_used_disconnects_too, open_server),
        TEST(a_transaction_that_is_open_ends_before_its_connection, open_server),
        TEST(a_ping_answers_and_keeps_the_deadline_of_the_context, open_server),
        TEST(a_source_opens_by_the_parts_of_its_url, open_server),
    };
    int failed = cmocka_run_group_tests_name("sqlite", sqlite, NULL, NULL);
    if (failed) return failed;
    server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests_name("postgres", server, NULL, NULL);
}
