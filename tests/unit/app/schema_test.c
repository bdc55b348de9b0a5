/* schema: tables that are made where they are missing, on both engines. */
#include "support/engine.h"
#include "support/server.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define J IGNIS_JSON

/* A and B point at each other; B is in a schema of its own, and has an index. */
#define MODELS(more)                                                                             \
    "{\"models\":[{\"name\":\"A\",\"columns\":[" ID ",{\"name\":\"bId\",\"type\":\"integer\"}]," \
    "\"foreignKeys\":[{\"columns\":[\"bId\"],\"references\":{\"model\":\"B\",\"columns\":"       \
    "[\"id\"]}}]},"                                                                              \
    "{\"name\":\"B\",\"schema\":\"other\",\"columns\":[" ID                                      \
    ",{\"name\":\"aId\",\"type\":\"integer\"}],\"indexes\":[{\"columns\":[\"aId\"]}],"           \
    "\"foreignKeys\":[{\"columns\":[\"aId\"],\"references\":{\"model\":\"A\",\"columns\":"       \
    "[\"id\"]}}]}" more "]}"
#define ID "{\"name\":\"id\",\"type\":\"integer\",\"primaryKey\":true}"

/* Points at A, and is called as a keyword with a quote in it. */
#define MORE                                                                               \
    ",{\"name\":\"C\",\"table\":\"sel'ect \\\"\",\"columns\":[" ID                         \
    ",{\"name\":\"aId\",\"type\":\"integer\"}],\"indexes\":[{\"columns\":[\"aId\"]}],"     \
    "\"foreignKeys\":[{\"columns\":[\"aId\"],\"references\":{\"model\":\"A\",\"columns\":" \
    "[\"id\"]}}]},{\"name\":\"V\",\"type\":\"view\",\"columns\":[" ID "]}"
#define REFUSED ",{\"name\":\"D\",\"columns\":[" ID "],\"checks\":[{\"sql\":\"nothing > 0\"}]}"

typedef struct fixture {
    ignis_context *ctx;
    const char *url;
    char file[64];
    int statements_count; /* that the log told of */
} fixture;

static void count_statement(void *data, const ignis_log_entry *entry)
{
    fixture *self = data;
    if (entry->statement) self->statements_count++;
}

/* Opens the models; a log counts what is sent. */
static ignis_code open_models(fixture *self, const char *models, bool create_missing,
                              ignis_data_source **source)
{
    const ignis_log log = {.struct_size = sizeof(log),
                           .write = count_statement,
                           .data = self,
                           .level = IGNIS_LOG_DEBUG};
    ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                      .url = self->url,
                                      .create_missing = create_missing,
                                      .log = &log};
    IGNIS_TRY(ignis_models_from_json(self->ctx, models, 0, &class_.models, &class_.models_count));
    self->statements_count = 0;
    return ignis_data_source_open(self->ctx, &class_, source);
}

static ignis_data_source *open_all(fixture *self, const char *models, bool create_missing)
{
    ignis_data_source *source = NULL;
    if (open_models(self, models, create_missing, &source) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(self->ctx)->message);
    return source;
}

static const char *rows_of(fixture *self, ignis_data_source *source, const char *model)
{
    const ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    ignis_repository *repository = NULL;
    const char *rows = NULL;
    assert_int_equal(ignis_repository_open(self->ctx, source, &class_, &repository), IGNIS_OK);
    if (ignis_find_json(self->ctx, repository, NULL, NULL, &rows) != IGNIS_OK) return "none";
    return rows;
}

static void tables_that_are_missing_are_made_and_others_stay(void **state)
{
    fixture *self = *state;
    ignis_data_source *source = open_all(self, MODELS(""), true);
    assert_int_equal(
        ignis_load(self->ctx, source, J({"A" : [ {"id" : 1, "bId" : null} ]}), 0, NULL), IGNIS_OK);
    assert_int_not_equal(ignis_schema_create(self->ctx, source), IGNIS_OK);
    ignis_data_source_close(source);

    source = open_all(self, MODELS(MORE), true);
    assert_string_equal(rows_of(self, source, "A"), "[{\"id\":1,\"bId\":null}]");
    assert_string_equal(rows_of(self, source, "C"), "[]");
    assert_string_equal(rows_of(self, source, "V"), "none");
    /* The keys are there: of the table to one that was, and of the two that point at each other. */
    assert_int_equal(ignis_load(self->ctx, source, J({"C" : [ {"id" : 1, "aId" : 2} ]}), 0, NULL),
                     IGNIS_E_FOREIGN_KEY);
    assert_int_equal(ignis_load(self->ctx, source, J({"A" : [ {"id" : 2, "bId" : 9} ]}), 0, NULL),
                     IGNIS_E_FOREIGN_KEY);
    ignis_data_source_close(source);
}

static void where_nothing_is_missing_one_statement_looks(void **state)
{
    fixture *self = *state;
    ignis_data_source_close(open_all(self, MODELS(MORE), true));
    assert_true(self->statements_count > 4);
    ignis_data_source *source = open_all(self, MODELS(MORE), true);
    assert_int_equal(self->statements_count, 1);
    assert_int_equal(ignis_schema_create_missing(self->ctx, source), IGNIS_OK);
    assert_int_equal(self->statements_count, 2);
    ignis_data_source_close(source);
    source = open_all(self, "{\"models\":[]}", true);
    assert_int_equal(self->statements_count, 0);
    ignis_data_source_close(source);
}

static void a_table_that_is_refused_leaves_none(void **state)
{
    fixture *self = *state;
    ignis_data_source *source = NULL;
    assert_int_equal(open_models(self, MODELS(REFUSED), true, &source), IGNIS_E_DATABASE);
    assert_string_equal(ignis_context_error(self->ctx)->path, "D");
    assert_null(source);
    source = open_all(self, MODELS(""), false);
    assert_string_equal(rows_of(self, source, "A"), "none");
    ignis_data_source_close(source);
}

static void tables_made_in_a_transaction_go_with_it(void **state)
{
    fixture *self = *state;
    ignis_data_source *source = open_all(self, MODELS(""), false);
    for (int missing = 0; missing < 2; missing++) {
        ignis_context *tx = NULL;
        assert_int_equal(ignis_begin(self->ctx, source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
        assert_int_equal(missing ? ignis_schema_create_missing(tx, source)
                                 : ignis_schema_create(tx, source),
                         IGNIS_OK);
        assert_int_equal(ignis_load(tx, source, J({"A" : [ {"id" : 1} ]}), 0, NULL), IGNIS_OK);
        ignis_rollback(tx);
        assert_string_equal(rows_of(self, source, "A"), "none");
    }
    ignis_context *tx = NULL;
    const ignis_transaction_options options = {.struct_size = sizeof(options), .read_only = true};
    assert_int_equal(ignis_begin_with(self->ctx, source, &options, &tx), IGNIS_OK);
    assert_int_equal(ignis_schema_create(tx, source), IGNIS_E_STATE);
    ignis_rollback(tx);
    ignis_data_source_close(source);
}

enum { THREADS_COUNT = 6 };

typedef struct opener {
    fixture fixture;
    pthread_barrier_t *all;
} opener;

static void *opener_run(void *data)
{
    opener *self = data;
    ignis_data_source *source = NULL;
    (void)pthread_barrier_wait(self->all);
    bool is_open = open_models(&self->fixture, MODELS(MORE), true, &source) == IGNIS_OK;
    if (!is_open) print_error("%s\n", ignis_context_error(self->fixture.ctx)->message);
    ignis_data_source_close(source);
    return is_open ? NULL : self;
}

static void several_programs_may_make_them_at_once(void **state)
{
    const fixture *first = *state;
    pthread_t threads[THREADS_COUNT];
    opener openers[THREADS_COUNT];
    pthread_barrier_t all;
    int failed_count = 0;
    assert_int_equal(pthread_barrier_init(&all, NULL, THREADS_COUNT), 0);
    for (size_t i = 0; i < THREADS_COUNT; i++) {
        openers[i] = (opener){.fixture = *first, .all = &all};
        openers[i].fixture.ctx = ignis_context_create();
        assert_int_equal(pthread_create(&threads[i], NULL, opener_run, &openers[i]), 0);
    }
    for (size_t i = 0; i < THREADS_COUNT; i++) {
        void *failed = NULL;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        if (failed) failed_count++;
        ignis_context_free(openers[i].fixture.ctx);
    }
    (void)pthread_barrier_destroy(&all);
    assert_int_equal(failed_count, 0);
}

/* ---- fixtures ---------------------------------------------------------------------------------------- */

static int open_sqlite(void **state)
{
    static fixture self;
    self = (fixture){.ctx = ignis_context_create()};
    (void)snprintf(self.file, sizeof(self.file), "schema_test_%ld.sqlite", (long)getpid());
    self.url = self.file;
    (void)remove(self.file);
    *state = &self;
    return 0;
}

static int close_sqlite(void **state)
{
    fixture *self = *state;
    ignis_context_free(self->ctx);
    return remove(self->file);
}

static int open_server(void **state)
{
    static fixture self;
    self = (fixture){.ctx = ignis_context_create(), .url = server_url()};
    server_execute("SET client_min_messages TO warning; DROP TABLE IF EXISTS \"A\" CASCADE; DROP "
                   "SCHEMA IF EXISTS other CASCADE; "
                   "DROP TABLE IF EXISTS \"sel'ect \"\"\" CASCADE");
    *state = &self;
    return 0;
}

static int close_server(void **state)
{
    fixture *self = *state;
    ignis_context_free(self->ctx);
    return 0;
}

#define TEST(name, engine) cmocka_unit_test_setup_teardown(name, open_##engine, close_##engine)
#define TESTS(engine)                                                   \
    {                                                                   \
        TEST(tables_that_are_missing_are_made_and_others_stay, engine), \
            TEST(where_nothing_is_missing_one_statement_looks, engine), \
            TEST(a_table_that_is_refused_leaves_none, engine),          \
            TEST(tables_made_in_a_transaction_go_with_it, engine),      \
            TEST(several_programs_may_make_them_at_once, engine),       \
    }

int main(void)
{
    const struct CMUnitTest on_sqlite[] = TESTS(sqlite);
    const struct CMUnitTest on_server[] = TESTS(server);
    int failed = cmocka_run_group_tests(on_sqlite, NULL, NULL);
    if (failed) return failed;
    server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(on_server, NULL, NULL);
}
