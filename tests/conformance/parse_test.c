/* Every statement of the cases that read is one that PostgreSQL's own parser takes, in each strategy, and
   its placeholders are its parameters. */
#include "support/cases.h"
#include "support/fixture.h"
#include "support/parsed.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { FIXTURES_MAX = 16 };

typedef struct opened {
    const char *name;
    ignis_data_source *source;
} opened;

typedef struct parsing {
    ignis_context *ctx;
    arena memory;
    opened fixtures[FIXTURES_MAX];
    size_t fixtures_count;
    size_t statements_count;
} parsing;

static ignis_data_source *source_of(parsing *self, const char *fixture)
{
    for (size_t i = 0; i < self->fixtures_count; i++) {
        if (strcmp(self->fixtures[i].name, fixture) == 0) return self->fixtures[i].source;
    }
    text path;
    text_init(&path, &self->memory, 0);
    text_format(&path, "conformance/fixtures/%s.models.json", fixture);
    fixture_class class_ = {.models_path = fixture_shared(&self->memory, text_finish(&path))};
    assert_true(self->fixtures_count < FIXTURES_MAX);
    opened *made = &self->fixtures[self->fixtures_count++];
    made->name = fixture;
    if (fixture_open(self->ctx, &class_, &made->source) != IGNIS_OK)
        fail_msg("%s: %s", fixture, ignis_context_error(self->ctx)->message);
    return made->source;
}

/* Cases of mistakes have no statements. */
static void case_check(parsing *self, const cases_case *given)
{
    const json *arguments;
    const cases_check *check = &given->check;
    if (!cases_method_reads(check->method) || strchr(check->repository, ':')) return;
    if (json_read(&self->memory, check->arguments, check->arguments_size, NULL, &arguments,
                  &(json_fault){0}) != IGNIS_OK)
        return;
    const parsed_call call = {.source = source_of(self, given->fixture),
                              .model = check->repository,
                              .method = check->method,
                              .arguments = arguments,
                              .policy = &ignis_policy_trusted};
    const char *problem = parsed_check(self->ctx, &self->memory, &call, &self->statements_count);
    if (problem) fail_msg("%s: %s", given->name, problem);
}

static void folder_check(parsing *self, const char *folder)
{
    const cases_file *files;
    size_t files_count = 0;
    const char *problem = NULL;
    size_t before = self->statements_count;
    if (!cases_read_folder(&self->memory, folder, &files, &files_count, &problem))
        fail_msg("%s", problem);
    for (size_t i = 0; i < files_count; i++) {
        for (size_t k = 0; k < files[i].cases_count; k++)
            case_check(self, &files[i].cases[k]);
    }
    assert_true(self->statements_count - before > files_count);
}

static void statements_are_taken_by_the_parser(void **state)
{
    (void)state;
    if (!parsed_is_parsing()) print_message("libpg_query is not installed: nothing is parsed\n");
    parsing self = {.ctx = ignis_context_create()};
    assert_non_null(self.ctx);
    folder_check(&self, fixture_shared(&self.memory, "conformance/cases"));
    folder_check(&self, fixture_source(&self.memory, "tests/conformance/cases"));
    print_message("%zu statements\n", self.statements_count);
    for (size_t i = 0; i < self.fixtures_count; i++)
        ignis_data_source_close(self.fixtures[i].source);
    ignis_context_free(self.ctx);
    arena_free(&self.memory);
    parsed_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_taken_by_the_parser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
