/* program: what ignis_app_main does from the first to the last. */
#include "app/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

IGNIS_DATA_SOURCE_DECLARE(MainSource);
IGNIS_DATA_SOURCE(MainSource, .url = "sqlite::memory:");

/* What happened, in order. */
typedef struct events {
    char text[256];
} events;

static void note(const ignis_app *app, const char *what)
{
    events *all = ignis_app_data(app);
    size_t size = strlen(all->text);
    (void)snprintf(all->text + size, sizeof(all->text) - size, "%s ", what);
}

typedef struct Worker {
    const ignis_app *app;
    ignis_data_source *source;
} Worker;

static ignis_code worker_start(ignis_context *ctx, void *data)
{
    const Worker *self = data;
    (void)ctx;
    note(self->app, "start");
    return IGNIS_OK;
}

static void worker_stop(void *data)
{
    const Worker *self = data;
    note(self->app, "stop");
}

IGNIS_SERVICE(Worker,
              .inject = IGNIS_INJECTIONS(IGNIS_INJECT(Worker, app, "values.app"),
                                         IGNIS_INJECT_DATA_SOURCE(Worker, source, MainSource)),
              .start = worker_start, .stop = worker_stop);

static ignis_code pre_configure(ignis_context *ctx, ignis_app *app)
{
    const ignis_binding self = {.struct_size = sizeof(self), .key = "values.app", .value = app};
    IGNIS_TRY(ignis_app_data_source(ctx, app, &MainSource_class));
    IGNIS_TRY(ignis_app_bind(ctx, app, &self));
    return ignis_app_service(ctx, app, &Worker_class);
}

static ignis_code refuse_start(ignis_context *ctx, ignis_app *app)
{
    (void)ctx, (void)app;
    return IGNIS_E_CONFLICT;
}

static ignis_code run_well(ignis_context *ctx, ignis_app *app)
{
    note(app, "run");
    return ignis_app_ping(ctx, app, 0);
}

static ignis_code run_unknown(ignis_context *ctx, ignis_app *app)
{
    void *object;
    return ignis_app_resolve(ctx, app, "values.ap", &object);
}

static ignis_code run_in_transaction(ignis_context *ctx, ignis_app *app)
{
    ignis_context *tx;
    IGNIS_TRY(ignis_begin(ctx, MainSource_of(app), IGNIS_SERIALIZABLE, &tx));
    return IGNIS_E_CONFLICT;
}

static ignis_code run_wrongly_in_transaction(ignis_context *ctx, ignis_app *app)
{
    const ignis_sql wrong = {.struct_size = sizeof(wrong), .text = "SELECT * FROM nowhere"};
    const char *rows;
    ignis_context *tx;
    IGNIS_TRY(ignis_begin(ctx, MainSource_of(app), IGNIS_SERIALIZABLE, &tx));
    return ignis_query(tx, MainSource_of(app), &wrong, &rows);
}

/* What the standard error is told meanwhile. */
static int told_by(const ignis_app_class *class_, ignis_app_hook *run, char told[256])
{
    FILE *file = tmpfile();
    int before = dup(STDERR_FILENO);
    (void)fflush(stderr);
    assert_true(file && before >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    int answer = ignis_app_main(class_, run);
    (void)fflush(stderr);
    assert_true(dup2(before, STDERR_FILENO) >= 0 && close(before) == 0);
    rewind(file);
    told[fread(told, 1, 255, file)] = '\0';
    assert_int_equal(fclose(file), 0);
    return answer;
}

static void a_program_starts_runs_tells_of_an_error_and_ends(void **state)
{
    static const struct {
        ignis_app_hook *pre_configure;
        ignis_app_hook *run;
        int answer;
        const char *happened;
        const char *told;
    } cases[] = {
        {pre_configure, run_well, 0, "start run stop ", ""},
        {pre_configure, run_unknown, 1, "start stop ",
         "nothing is registered under \"values.ap\"; nearest: values.app\n"},
        {pre_configure, run_in_transaction, 1, "start stop ", "the program answered conflict\n"},
        {pre_configure, run_wrongly_in_transaction, 1, "start stop ", "no such table\n"},
        {refuse_start, run_well, 1, "", "pre_configure: pre_configure answered conflict\n"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        events happened = {""};
        char told[256];
        const ignis_app_class class_ = {.struct_size = sizeof(class_),
                                        .pre_configure = cases[i].pre_configure,
                                        .data = &happened};
        size_t blocks = arena_live_blocks();
        assert_int_equal(told_by(&class_, cases[i].run, told), cases[i].answer);
        assert_string_equal(told, cases[i].told);
        assert_string_equal(happened.text, cases[i].happened);
        assert_int_equal(arena_live_blocks(), blocks);
    }
}

static void a_class_without_its_size_is_told(void **state)
{
    const ignis_app_class class_ = {.pre_configure = pre_configure};
    char told[256];
    (void)state;
    assert_int_equal(told_by(&class_, run_well, told), 1);
    assert_string_equal(told, "struct_size of the application's class is not set\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_starts_runs_tells_of_an_error_and_ends),
        cmocka_unit_test(a_class_without_its_size_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
