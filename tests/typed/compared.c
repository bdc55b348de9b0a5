#include "typed/compared.h"

#include "models/fixtures.h"
#include "support/cases.h"
#include "support/fixture.h"
#include "typed/called.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

typedef struct compared_counts {
    size_t equal;                 /* results */
    size_t refused;               /* errors */
    size_t different;             /* a line on standard error for each */
    size_t unsaid[SAID_REFUSALS]; /* cases that C has no words for, by reason */
} compared_counts;

/* How many of the shared cases they are, on every engine. */
static const size_t UNSAID[SAID_REFUSALS] = {
    [SAID_NOT_BY_TYPE] = 21, [SAID_NOT_BY_NULL] = 8, [SAID_NOT_BY_SHAPE] = 28};

typedef struct compared {
    arena memory;  /* of the run */
    arena scratch; /* of a case */
    ignis_context *ctx;
    const models_fixture *fixture; /* whose data source is open */
    ignis_data_source *source;
    compared_counts counts;
} compared;

/* ---- comparison ---- */

static const char *repository_model(compared *all, const char *repository)
{
    const char *name = arena_copy(&all->scratch, repository, strcspn(repository, ":"));
    assert_non_null(name);
    return name;
}

static ignis_repository *repository_of(const compared *all, const ignis_model *model,
                                       bool is_readable)
{
    const ignis_repository_class class_ = {
        .struct_size = sizeof(class_), .typed = model, .readable = is_readable};
    ignis_repository *repository = NULL;
    if (ignis_repository_open(all->ctx, all->source, &class_, &repository) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(all->ctx)->message);
    return repository;
}

static void answers_compare(compared *all, const cases_case *item, called *call)
{
    const cases_check *check = &item->check;
    const char *expected = NULL;
    text out;
    text_init(&out, &all->scratch, 0);
    ignis_code wanted =
        ignis_call_json(all->ctx, call->repository, &ignis_policy_trusted, check->method,
                        check->arguments, check->arguments_size, &expected, NULL);
    ignis_code code = called_make(all->ctx, call, &out);
    const char *got = text_finish(&out);
    if (code != wanted) {
        all->counts.different++;
        print_error("%s: %s instead of %s: %s\n", item->name, ignis_code_name(code),
                    ignis_code_name(wanted), ignis_context_error(all->ctx)->message);
    } else if (code != IGNIS_OK) {
        all->counts.refused++;
    } else if (got && strcmp(got, expected) == 0) {
        all->counts.equal++;
    } else {
        all->counts.different++;
        print_error("%s:\n%s\ninstead of\n%s\n", item->name, got ? got : "", expected);
    }
}

static void case_compare(compared *all, const cases_case *item)
{
    const cases_check *check = &item->check;
    const json *arguments = NULL;
    called call = {.said = {.memory = &all->scratch},
                   .method = check->method,
                   .options = {.struct_size = sizeof(call.options)}};
    if (json_read_context(all->ctx, &all->scratch, check->arguments, check->arguments_size, NULL,
                          &arguments) != IGNIS_OK) {
        all->counts.unsaid[SAID_NOT_BY_SHAPE]++;
        return;
    }
    call.model = models_fixture_model(models_fixture_get(item->fixture),
                                      repository_model(all, check->repository));
    assert_non_null(call.model);
    call.repository =
        repository_of(all, call.model, strstr(check->repository, ":readonly") != NULL);
    called_read(&call, arguments);
    if (call.said.refusal != SAID) {
        all->counts.unsaid[call.said.refusal]++;
    } else {
        answers_compare(all, item, &call);
    }
    ignis_context_reset(all->ctx);
    arena_reset(&all->scratch);
}

/* ---- fixtures ---- */

/* A repository over a source that does not register its model is one over another fixture's. */
static bool is_unregistered(const cases_check *check)
{
    return strstr(check->repository, ":unregistered") != NULL;
}

static bool is_of(const compared *all, const cases_case *item)
{
    const char *fixture = all->fixture->name;
    if (!cases_method_reads(item->check.method)) return false;
    if (is_unregistered(&item->check)) return strcmp(fixture, "composite") == 0;
    return strcmp(item->fixture, fixture) == 0;
}

static void fixture_compare(compared *all, const cases_file *files, size_t files_count,
                            compared_place place)
{
    all->source = models_fixture_open(all->ctx, all->fixture, place());
    for (size_t i = 0; i < files_count; i++)
        for (size_t k = 0; k < files[i].cases_count; k++)
            if (is_of(all, &files[i].cases[k])) case_compare(all, &files[i].cases[k]);
    ignis_data_source_close(all->source);
}

static void counts_check(const compared_counts *counts)
{
    static const char *const reasons[] = {
        [SAID_NOT_BY_TYPE] = "type", [SAID_NOT_BY_NULL] = "null", [SAID_NOT_BY_SHAPE] = "shape"};
    printf("%zu results, %zu errors, %zu differ\n", counts->equal, counts->refused,
           counts->different);
    for (size_t i = SAID_NOT_BY_TYPE; i < SAID_REFUSALS; i++)
        printf("%zu cases unsaid by %s\n", counts->unsaid[i], reasons[i]);
    assert_int_equal(counts->different, 0);
    assert_true(counts->equal > 0 && counts->refused > 0);
    for (size_t i = SAID_NOT_BY_TYPE; i < SAID_REFUSALS; i++)
        assert_int_equal(counts->unsaid[i], UNSAID[i]);
}

void compared_check(compared_place place)
{
    compared all = {.ctx = ignis_context_create()};
    const cases_file *files = NULL;
    size_t files_count = 0;
    const char *problem = "";
    const char *folder = fixture_shared(&all.memory, "conformance/cases");
    assert_non_null(all.ctx);
    if (!cases_read_folder(&all.memory, folder, &files, &files_count, &problem))
        fail_msg("%s", problem);
    for (size_t i = 0; i < MODELS_FIXTURES_COUNT; i++) {
        all.fixture = &models_fixtures[i];
        fixture_compare(&all, files, files_count, place);
    }
    ignis_context_free(all.ctx);
    arena_free(&all.scratch);
    arena_free(&all.memory);
    counts_check(&all.counts);
}
