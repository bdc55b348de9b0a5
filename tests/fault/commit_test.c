/* A connection that is cut before, during and after a COMMIT: what is answered, and what is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "ignis.h"
#include "support/proxy.h"
#include "support/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define J IGNIS_JSON

static const char models[] =
    J({"models" : [ {"name" : "Entry", "columns" : [ {"name" : "id", "type" : "integer"} ]} ]});

typedef struct fixture {
    proxy *between;
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *entries;
} fixture;

static int open_source(void **state)
{
    static fixture self;
    static const ignis_repository_class entries = {.struct_size = sizeof(entries),
                                                   .model = "Entry"};
    server_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    self = (fixture){.between = proxy_start(server_url()), .ctx = ignis_context_create()};
    ignis_data_source_class class_ = {
        .struct_size = sizeof(class_), .url = proxy_url(self.between), .connections_max = 1};
    assert_int_equal(
        ignis_models_from_json(self.ctx, models, 0, &class_.models, &class_.models_count),
        IGNIS_OK);
    assert_int_equal(ignis_data_source_open(self.ctx, &class_, &self.source), IGNIS_OK);
    assert_int_equal(ignis_schema_create(self.ctx, self.source), IGNIS_OK);
    assert_int_equal(ignis_repository_open(self.ctx, self.source, &entries, &self.entries),
                     IGNIS_OK);
    *state = &self;
    return 0;
}

static int close_source(void **state)
{
    fixture *self = *state;
    ignis_context_free(self->ctx);
    ignis_data_source_close(self->source);
    proxy_stop(self->between);
    return 0;
}

static bool is_there(int id)
{
    char sql[64];
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM \"Entry\" WHERE id = %d", id);
    return strcmp(server_value(sql), "1") == 0;
}

/* The servers behind the proxy have done what they were told. */
static void servers_await(void)
{
    static const char sql[] = "SELECT count(*) FROM pg_stat_activity WHERE datname = "
                              "current_database() AND backend_type = 'client backend' AND pid <> "
                              "pg_backend_pid() AND state IS DISTINCT FROM 'idle'";
    while (strcmp(server_value(sql), "0") != 0)
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

/* A connection that was cut when its work was done is found out by the next call. */
static void connection_await(fixture *self)
{
    static const ignis_sql look = {.struct_size = sizeof(look), .text = "SELECT 1"};
    int tries_count = 0;
    while (ignis_execute(self->ctx, self->source, &look, NULL) != IGNIS_OK)
        assert_true(++tries_count < 3);
}

/* A write that ends in a commit, up to it and the commit itself. */
typedef struct write_kind {
    const char *name;
    bool has_transaction;
    bool is_statement;
} write_kind;

static const write_kind writes[] = {
    {"transaction", true, false}, {"create", false, false}, {"statement", false, true}};

static void row_make(char row[32], int id)
{
    snprintf(row, 32, "{\"id\":%d}", id);
}

static ignis_code insert(fixture *self, ignis_context *ctx, int id)
{
    const ignis_parameter parameter = ignis_parameter_integer(id);
    const ignis_sql statement = {.struct_size = sizeof(statement),
                                 .text = "INSERT INTO \"Entry\" VALUES ($1)",
                                 .parameters = &parameter,
                                 .parameters_count = 1};
    return ignis_execute(ctx, self->source, &statement, NULL);
}

static ignis_code create(fixture *self, ignis_context *ctx, int id)
{
    char row[32];
    const char *made = NULL;
    row_make(row, id);
    return ignis_create_json(ctx, self->entries, row, &made);
}

typedef struct cut {
    proxy_direction direction;
    proxy_failure failure;
} cut;

static const cut cuts[] = {{PROXY_TO_CLIENT, PROXY_CLOSE},
                           {PROXY_TO_CLIENT, PROXY_RESET},
                           {PROXY_TO_SERVER, PROXY_CLOSE},
                           {PROXY_TO_SERVER, PROXY_RESET}};

/* The answer of a write that is cut after so many bytes of one direction. */
static ignis_code write_cut(fixture *self, const write_kind *kind, int id, const cut *how,
                            uint64_t bytes)
{
    ignis_code code = IGNIS_OK;
    ignis_context *tx = NULL;
    connection_await(self);
    if (kind->has_transaction) {
        assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
        assert_int_equal(create(self, tx, id), IGNIS_OK);
    }
    proxy_fail(self->between, how->direction, bytes, how->failure);
    if (kind->has_transaction) {
        code = ignis_commit(tx);
        assert_false(ignis_transaction_is_active(tx));
    } else {
        code = kind->is_statement ? insert(self, self->ctx, id) : create(self, self->ctx, id);
    }
    proxy_resume(self->between);
    return code;
}

static void what_is_answered_is_what_is_there(void **state)
{
    fixture *self = *state;
    int id = 0;
    for (size_t i = 0; i < ARRAY_COUNT(writes) * ARRAY_COUNT(cuts); i++) {
        const write_kind *kind = &writes[i / ARRAY_COUNT(cuts)];
        const cut *how = &cuts[i % ARRAY_COUNT(cuts)];
        size_t unknown_count = 0;
        int enough = 0;
        for (uint64_t bytes = 0; enough < 2; bytes += kind->has_transaction ? 4 : 23) {
            ignis_code code = write_cut(self, kind, ++id, how, bytes);
            const char *message = ignis_context_error(self->ctx)->message;
            servers_await();
            bool was_made = is_there(id);
            if (code == IGNIS_OK ? !was_made : code != IGNIS_E_COMMIT_UNKNOWN && was_made)
                fail_msg("%s, %d bytes: %s, and the row is %sthere: %s", kind->name, (int)bytes,
                         ignis_code_name(code), was_made ? "" : "not ", message);
            if (code != IGNIS_OK && code != IGNIS_E_COMMIT_UNKNOWN)
                assert_int_equal(code, IGNIS_E_CONNECTION);
            unknown_count += code == IGNIS_E_COMMIT_UNKNOWN;
            if (code == IGNIS_OK) enough++;
        }
        assert_true(unknown_count > 0);
    }
}

static void a_connection_that_is_cut_before_is_known_to_have_lost(void **state)
{
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cuts); i++) {
        ignis_context *tx = NULL;
        connection_await(self);
        assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
        assert_int_equal(create(self, tx, (int)i), IGNIS_OK);
        proxy_fail(self->between, cuts[i].direction, 0, cuts[i].failure);
        assert_int_equal(ignis_commit(tx), IGNIS_E_CONNECTION);
        assert_false(ignis_transaction_is_active(tx));
        proxy_resume(self->between);
        servers_await();
        assert_false(is_there((int)i));
    }
}

static void a_deadline_during_a_commit_that_wrote_leaves_it_unknown(void **state)
{
    fixture *self = *state;
    for (int is_reading = 0; is_reading < 2; is_reading++) {
        const ignis_transaction_options options = {.struct_size = sizeof(options),
                                                   .read_only = is_reading};
        ignis_context *tx = NULL;
        int64_t count = 0;
        assert_int_equal(ignis_begin_with(self->ctx, self->source, &options, &tx), IGNIS_OK);
        if (is_reading) {
            assert_int_equal(ignis_count_json(tx, self->entries, NULL, NULL, &count), IGNIS_OK);
        } else {
            assert_int_equal(create(self, tx, 1), IGNIS_OK);
        }
        proxy_fail(self->between, PROXY_TO_CLIENT, 0, PROXY_HOLD);
        ignis_context_timeout_set(tx, 50);
        assert_int_equal(ignis_commit(tx), is_reading ? IGNIS_E_TIMEOUT : IGNIS_E_COMMIT_UNKNOWN);
        proxy_resume(self->between);
    }
}

typedef struct counted {
    fixture *self;
    int calls_count;
} counted;

static ignis_code count_and_create(ignis_context *tx, void *data)
{
    counted *counts = data;
    counts->calls_count++;
    IGNIS_TRY(create(counts->self, tx, 1));
    proxy_fail(counts->self->between, PROXY_TO_CLIENT, 1, PROXY_CLOSE);
    return IGNIS_OK;
}

static void an_unknown_commit_is_not_done_again(void **state)
{
    fixture *self = *state;
    counted counts = {.self = self};
    assert_int_equal(
        ignis_transaction_run(self->ctx, self->source, NULL, count_and_create, &counts),
        IGNIS_E_COMMIT_UNKNOWN);
    assert_int_equal(counts.calls_count, 1);
    proxy_resume(self->between);
    servers_await();
    assert_true(is_there(1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_source, close_source)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_answered_is_what_is_there),
        TEST(a_connection_that_is_cut_before_is_known_to_have_lost),
        TEST(a_deadline_during_a_commit_that_wrote_leaves_it_unknown),
        TEST(an_unknown_commit_is_not_done_again),
    };
    server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
