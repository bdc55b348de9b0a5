/* script: calls with their expected answers, on every engine there is. */
#include "support/script.h"

#include "support/compare.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { TESTS_MAX = 64 };

typedef struct script_database {
    const char *models;
    const char *rows;
    const char *url;
} script_database;

const char *script_text(engine *self, const char *text_)
{
    char *copy = arena_copy(context_results(self->ctx), text_, strlen(text_));
    assert_non_null(copy);
    for (char *at = copy; *at; at++) {
        if (*at == '\'') *at = '"';
    }
    return copy;
}

bool script_is_postgres(const engine *self)
{
    return run_cache_dialect(self->source->run.cache) == IGNIS_DIALECT_POSTGRES;
}

static const char *error_text(engine *self)
{
    text out;
    text_init(&out, &self->ctx->results, 0);
    for (const ignis_error *at = ignis_context_error(self->ctx); at; at = at->next) {
        text_format(&out, "%s!%s %s", out.size > 0 ? " " : "", ignis_code_name(at->code), at->path);
        if (*at->hint) text_format(&out, " [%s]", at->hint);
    }
    return text_finish(&out);
}

static ignis_repository *repository_of(engine *self, const char *model)
{
    ignis_repository *repository = NULL;
    char name[64];
    size_t size = strcspn(model, ":");
    assert_true(size < sizeof(name));
    memcpy(name, model, size);
    name[size] = '\0';
    const ignis_repository_class class_ = {
        .struct_size = sizeof(class_), .model = name, .readable = model[size] == ':'};
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &class_, &repository),
                     IGNIS_OK);
    return repository;
}

static const json *value_of(engine *self, const char *text_)
{
    const json *value = NULL;
    json_fault fault;
    ignis_code code = json_read(&self->ctx->results, text_, strlen(text_), NULL, &value, &fault);
    if (code != IGNIS_OK) fail_msg("no JSON: %s", text_);
    return value;
}

static bool is_equal(engine *self, const char *expected, const char *got, compare *rules)
{
    return compare_values(rules, value_of(self, expected), value_of(self, got));
}

static void step_run(engine *self, const script_step *step)
{
    static const char public_[] = "public ";
    bool is_public = strncmp(step->model, public_, sizeof(public_) - 1) == 0;
    const char *model = is_public ? step->model + sizeof(public_) - 1 : step->model;
    const ignis_policy *policy = is_public ? NULL : &ignis_policy_trusted;
    const char *got = NULL;
    ignis_code code = ignis_call_json(self->ctx, repository_of(self, model), policy, step->method,
                                      script_text(self, step->arguments), 0, &got, NULL);
    if (code != IGNIS_OK) got = error_text(self);
    bool is_error = step->expected[0] == '!';
    const char *expected = is_error ? step->expected : script_text(self, step->expected);
    compare rules = {.memory = &self->ctx->results};
    bool is_same = is_error || code != IGNIS_OK ? strcmp(got, expected) == 0
                                                : is_equal(self, expected, got, &rules);
    if (is_same) return;
    fail_msg("%s.%s %s\n  expected %s\n  got      %s\n  %s", step->model, step->method,
             step->arguments, expected, got,
             code != IGNIS_OK ? ignis_context_error(self->ctx)->message : rules.place);
}

void script_run(engine *self, const script_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        step_run(self, &steps[i]);
}

/* ---- engines --------------------------------------------------------------------------------------- */

static ignis_code database_fill(engine *self, const script_database *database)
{
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = database->url};
    IGNIS_TRY(ignis_models_from_json(self->ctx, script_text(self, database->models), 0,
                                     &class_.models, &class_.models_count));
    IGNIS_TRY(ignis_data_source_open(self->ctx, &class_, &self->source));
    IGNIS_TRY(ignis_schema_create(self->ctx, self->source));
    if (!database->rows) return IGNIS_OK;
    return ignis_load(self->ctx, self->source, script_text(self, database->rows), 0, NULL);
}

typedef struct script_state {
    engine engine; /* first: tests see it as their state */
    const script_database *database;
} script_state;

static int test_start(void **state)
{
    const script_database *database = *state;
    script_state *self = calloc(1, sizeof(*self));
    assert_non_null(self);
    self->database = database;
    self->engine.ctx = ignis_context_create();
    assert_non_null(self->engine.ctx);
    if (strstr(database->url, "postgres")) {
        server_execute("SET client_min_messages = warning; DROP SCHEMA public CASCADE; "
                       "CREATE SCHEMA public");
    }
    if (database_fill(&self->engine, database) != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(self->engine.ctx);
        fail_msg("%s at %s", error->message, error->path);
    }
    ignis_context_reset(self->engine.ctx);
    *state = self;
    return 0;
}

static int test_end(void **state)
{
    script_state *self = *state;
    ignis_context_free(self->engine.ctx);
    ignis_data_source_close(self->engine.source);
    free(self);
    return 0;
}

static int engine_run(script_database *database, const script_test *tests, size_t count)
{
    struct CMUnitTest made[TESTS_MAX];
    for (size_t i = 0; i < count; i++) {
        made[i] = (struct CMUnitTest){.name = tests[i].name,
                                      .test_func = tests[i].run,
                                      .setup_func = test_start,
                                      .teardown_func = test_end,
                                      .initial_state = database};
    }
    return _cmocka_run_group_tests(strstr(database->url, "postgres") ? "postgres" : "sqlite", made,
                                   count, NULL, NULL);
}

int script_main(const char *models, const char *rows, const script_test *tests, size_t count)
{
    script_database database = {.models = models, .rows = rows, .url = "sqlite::memory:"};
    if (count > TESTS_MAX) return 1;
    int failed = engine_run(&database, tests, count);
    const char *server = getenv("IGNIS_TEST_POSTGRES_URL");
    if (!server || !*server) return failed;
    database.url = server_url();
    return failed + engine_run(&database, tests, count);
}
