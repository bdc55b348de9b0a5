/* call: deadlines and cancelling, after which the pool serves on. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define J IGNIS_JSON

static int open_blog(void **state)
{
    static engine blog;
    engine_open(&blog, engine_blog, engine_blog_rows);
    *state = &blog;
    return 0;
}

static int close_blog(void **state)
{
    if (*state) engine_close(*state);
    return 0;
}

/* Statements one after another, and the rows that they gave. */
typedef struct queries {
    run_work work;
    const char *const *sql;
    size_t count;
    size_t next;
    size_t rows_count;
    size_t explained;
    ignis_statement statement;
    ignis_execution execution;
} queries;

static ignis_code queries_next(ignis_context *ctx, run_work *work, run_step *step)
{
    (void)ctx;
    queries *self = (queries *)work;
    if (self->next == self->count) return IGNIS_OK;
    const char *sql = self->sql[self->next++];
    self->statement = (ignis_statement){.sql = sql, .sql_size = strlen(sql)};
    self->execution = (ignis_execution){.statement = &self->statement};
    *step = (run_step){&self->execution, 1};
    return IGNIS_OK;
}

static ignis_code queries_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    (void)ctx;
    ((queries *)work)->rows_count += batch->rows_count;
    return IGNIS_OK;
}

static void queries_explain(ignis_context *ctx, run_work *work)
{
    (void)ctx;
    ((queries *)work)->explained++;
}

static queries queries_of(const char *const *sql, size_t count)
{
    return (queries){
        .work = {.next = queries_next, .take = queries_take, .explain = queries_explain},
        .sql = sql,
        .count = count};
}

/* Counts for longer than any test waits. */
static const char endless[] = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) "
                              "SELECT count(*) FROM n WHERE i < 0";

static void pool_serves(engine *blog)
{
    ignis_context_timeout_set(blog->ctx, 0);
    assert_string_equal(engine_find(blog, "Post", J({"where" : {"id" : 1}, "fields" : ["id"]})),
                        "[{\"id\":1}]");
    assert_string_equal(
        engine_find(blog, "Post", J({
                        "where" : {"id" : 3},
                        "fields" : ["id"],
                        "include" : [ {"relation" : "comments", "scope" : {"fields" : ["id"]}} ]
                    })),
        "[{\"id\":3,\"comments\":[{\"id\":3}]}]");
}

static void statements_run_one_after_another(void **state)
{
    static const char *const sql[] = {"SELECT 1", "VALUES (1), (2)", "SELECT 1 WHERE 0"};
    engine *blog = *state;
    queries work = queries_of(sql, ARRAY_COUNT(sql));
    assert_int_equal(run_call_finish(blog->ctx, blog->source->run.connections, &work.work),
                     IGNIS_OK);
    assert_int_equal(work.next, 3);
    assert_int_equal(work.rows_count, 3);
    assert_int_equal(work.explained, 0);
}

static void a_deadline_ends_a_running_statement(void **state)
{
    static const char *const sql[] = {"BEGIN", endless, "COMMIT"};
    engine *blog = *state;
    queries work = queries_of(sql, ARRAY_COUNT(sql));
    ignis_context_timeout_set(blog->ctx, 20);
    assert_int_equal(run_call_finish(blog->ctx, blog->source->run.connections, &work.work),
                     IGNIS_E_TIMEOUT);
    assert_int_equal(ignis_context_error(blog->ctx)->code, IGNIS_E_TIMEOUT);
    assert_int_equal(work.next, 2);
    pool_serves(blog);
}

static void a_call_after_its_deadline_does_not_run(void **state)
{
    engine *blog = *state;
    const char *rows = NULL;
    ignis_repository *posts = engine_repository(blog, "Post");
    ignis_context_timeout_set(blog->ctx, 1);
    int64_t begun = clock_monotonic_ms();
    while (clock_monotonic_ms() < begun + 3) {
    }
    assert_int_equal(ignis_find_json(blog->ctx, posts, NULL, NULL, &rows), IGNIS_E_TIMEOUT);
    assert_null(rows);
    assert_int_equal(ignis_create_json(blog->ctx, posts, J({"id" : 77}), &rows), IGNIS_E_TIMEOUT);
    pool_serves(blog);
    assert_string_equal(engine_find(blog, "Post", J({"where" : {"id" : 77}})), "[]");
}

static void a_cancelled_call_says_so(void **state)
{
    static const char *const sql[] = {endless};
    engine *blog = *state;
    queries work = queries_of(sql, ARRAY_COUNT(sql));
    run_call call;
    bool is_done = false;
    assert_int_equal(run_call_start(blog->ctx, blog->source->run.connections, &work.work, &call),
                     IGNIS_OK);
    call.driver->cancel(call.connection);
    ignis_context_timeout_set(blog->ctx, 2000);
    ignis_code code = run_call_step(&call, &is_done);
    run_call_end(&call);
    assert_false(is_done);
    assert_true(code == IGNIS_E_CANCELLED || code == IGNIS_E_TIMEOUT);
    assert_int_equal(ignis_context_error(blog->ctx)->code, code);
    pool_serves(blog);
}

static void an_error_rolls_back_and_stays_the_first(void **state)
{
    static const char *const sql[] = {"BEGIN", "INSERT INTO \"Post\" (id) VALUES (88)",
                                      "INSERT INTO \"Post\" (id) VALUES (88)", "COMMIT"};
    engine *blog = *state;
    queries work = queries_of(sql, ARRAY_COUNT(sql));
    assert_int_equal(run_call_finish(blog->ctx, blog->source->run.connections, &work.work),
                     IGNIS_E_UNIQUE);
    assert_int_equal(ignis_context_error(blog->ctx)->code, IGNIS_E_UNIQUE);
    assert_int_equal(work.explained, 1);
    assert_int_equal(work.next, 3);
    pool_serves(blog);
    assert_string_equal(engine_find(blog, "Post", J({"where" : {"id" : 88}})), "[]");
}

static void an_abandoned_call_gives_its_connection_back(void **state)
{
    static const char *const sql[] = {"BEGIN", "SELECT 1"};
    engine *blog = *state;
    queries work = queries_of(sql, ARRAY_COUNT(sql));
    run_call call;
    assert_int_equal(run_call_start(blog->ctx, blog->source->run.connections, &work.work, &call),
                     IGNIS_OK);
    run_call_end(&call);
    run_call_end(&call);
    pool_serves(blog);
}

static void a_long_match_ends_at_the_deadline(void **state)
{
    (void)state;
    engine self;
    engine *blog = &self;
    enum { SUBJECT_SIZE = 200000, PATTERN_SIZE = 60000 };
    text row;
    text filter;
    const char *made = NULL;
    arena memory = {0};
    text_init(&row, &memory, 0);
    text_init(&filter, &memory, 0);
    text_string(&row, "{\"id\":999,\"authorId\":1,\"views\":0,\"title\":\"");
    for (int i = 0; i < SUBJECT_SIZE; i++)
        text_char(&row, 'a');
    text_string(&row, "\"}");
    text_string(&filter, "{\"where\":{\"title\":{\"like\":\"%");
    for (int i = 0; i < PATTERN_SIZE; i++)
        text_char(&filter, 'a');
    text_string(&filter, "b%\"}}}");
    engine_open(blog, engine_blog, engine_blog_rows);
    ignis_repository *posts = engine_repository(blog, "Post");
    assert_int_equal(ignis_create_json(blog->ctx, posts, text_finish(&row), &made), IGNIS_OK);
    ignis_context_timeout_set(blog->ctx, 50);
    assert_int_equal(
        ignis_find_json(blog->ctx, posts, &ignis_policy_trusted, text_finish(&filter), &made),
        IGNIS_E_TIMEOUT);
    ignis_context_timeout_set(blog->ctx, 0);
    assert_int_equal(
        ignis_find_json(blog->ctx, posts, &ignis_policy_trusted, J({"where" : {"id" : 1}}), &made),
        IGNIS_OK);
    arena_free(&memory);
    engine_close(blog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_run_one_after_another),
        cmocka_unit_test(a_deadline_ends_a_running_statement),
        cmocka_unit_test(a_call_after_its_deadline_does_not_run),
        cmocka_unit_test(a_long_match_ends_at_the_deadline),
        cmocka_unit_test(a_cancelled_call_says_so),
        cmocka_unit_test(an_error_rolls_back_and_stays_the_first),
        cmocka_unit_test(an_abandoned_call_gives_its_connection_back),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
