/* Cases of the conformance suite while the n-th allocation fails: the code is right, nothing leaks or
   is half written, and context and source serve the next call. */
#include "support/cases.h"
#include "support/compare.h"
#include "support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
    READS_COUNT = 100, /* cases that have a result: they reach plan and driver */
    REFUSED_COUNT = 10,
    CREATES_COUNT = 20,
    FIXTURES_MAX = 16,
    DENSE_COUNT = 24, /* every n up to here, then ever fewer */
    FAULTS_MAX = 1000000
};

/* Two sources of the same rows: the plans of one are made while allocations fail. */
typedef struct sources {
    const char *fixture;
    ignis_data_source *clean;
    ignis_data_source *faulty;
} sources;

typedef struct suite {
    arena memory;
    ignis_context *ctx;
    size_t blocks; /* held before */
    const cases_case **candidates;
    size_t candidates_count;
    sources fixtures[FIXTURES_MAX];
    size_t fixtures_count;
    size_t tried_count;
    size_t faults_count;
} suite;

/* ---- the sample ---- */

static bool is_read(const cases_case *item)
{
    return cases_method_reads(item->check.method) && !strchr(item->check.repository, ':');
}

static bool is_create(const cases_case *item)
{
    return strncmp(item->check.method, "create", 6) == 0 && !strchr(item->check.repository, ':') &&
           item->check.result;
}

/* In an order that is the same at every run: a shuffle with a fixed seed. */
static void candidates_choose(suite *all, bool (*is_candidate)(const cases_case *item))
{
    const cases_file *files = NULL;
    size_t files_count = 0;
    const char *problem = NULL;
    const char *folder = fixture_shared(&all->memory, "conformance/cases");
    if (!cases_read_folder(&all->memory, folder, &files, &files_count, &problem))
        fail_msg("%s", problem);
    size_t count = 0;
    for (size_t i = 0; i < files_count; i++)
        count += files[i].cases_count;
    const cases_case **chosen = arena_array(&all->memory, count, sizeof(*chosen));
    assert_non_null(chosen);
    count = 0;
    for (size_t i = 0; i < files_count; i++)
        for (size_t k = 0; k < files[i].cases_count; k++)
            if (is_candidate(&files[i].cases[k])) chosen[count++] = &files[i].cases[k];
    uint64_t random = 20240310;
    for (size_t i = count; i > 1; i--) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        size_t other = (size_t)(random >> 33) % i;
        const cases_case *swapped = chosen[i - 1];
        chosen[i - 1] = chosen[other];
        chosen[other] = swapped;
    }
    all->candidates = chosen;
    all->candidates_count = count;
}

static void suite_open(suite *all, bool (*is_candidate)(const cases_case *item))
{
    *all = (suite){.blocks = arena_live_blocks()};
    all->ctx = ignis_context_create();
    assert_non_null(all->ctx);
    candidates_choose(all, is_candidate);
}

static void suite_close(suite *all)
{
    print_message("%zu cases, %zu failures\n", all->tried_count, all->faults_count);
    assert_true(all->faults_count > all->tried_count);
    for (size_t i = 0; i < all->fixtures_count; i++) {
        ignis_data_source_close(all->fixtures[i].clean);
        ignis_data_source_close(all->fixtures[i].faulty);
    }
    ignis_context_free(all->ctx);
    arena_free(&all->memory);
    assert_int_equal(arena_live_blocks(), all->blocks);
}

static ignis_data_source *source_open(suite *all, const char *fixture)
{
    text models;
    text data;
    text_init(&models, &all->memory, 0);
    text_init(&data, &all->memory, 0);
    const char *folder = fixture_shared(&all->memory, "conformance/fixtures");
    text_format(&models, "%s/%s.models.json", folder, fixture);
    text_format(&data, "%s/%s.data.json", folder, fixture);
    fixture_class class_ = {.models_path = text_finish(&models), .data_path = text_finish(&data)};
    ignis_data_source *source = NULL;
    if (fixture_open(all->ctx, &class_, &source) != IGNIS_OK)
        fail_msg("%s: %s", fixture, ignis_context_error(all->ctx)->message);
    ignis_context_reset(all->ctx);
    return source;
}

static sources *sources_of(suite *all, const char *fixture)
{
    for (size_t i = 0; i < all->fixtures_count; i++)
        if (strcmp(all->fixtures[i].fixture, fixture) == 0) return &all->fixtures[i];
    assert_true(all->fixtures_count < FIXTURES_MAX);
    sources *made = &all->fixtures[all->fixtures_count++];
    *made = (sources){.fixture = fixture,
                      .clean = source_open(all, fixture),
                      .faulty = source_open(all, fixture)};
    return made;
}

/* ---- calls ---- */

typedef struct attempt {
    const cases_check *check;
    const ignis_repository *repository;
    ignis_code expected;
    const char *result; /* NULL: an error is expected */
} attempt;

static ignis_repository *repository_of(suite *all, ignis_data_source *source, const char *model)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    ignis_repository *repository = NULL;
    if (ignis_repository_open(all->ctx, source, &class_, &repository) != IGNIS_OK)
        fail_msg("%s: %s", model, ignis_context_error(all->ctx)->message);
    return repository;
}

static ignis_code call(suite *all, const attempt *made, const char **result)
{
    return ignis_call_json(all->ctx, made->repository, &ignis_policy_trusted, made->check->method,
                           made->check->arguments, made->check->arguments_size, result, NULL);
}

static attempt attempt_make(suite *all, const cases_case *item)
{
    const sources *both = sources_of(all, item->fixture);
    attempt made = {.check = &item->check,
                    .repository = repository_of(all, both->clean, item->check.repository)};
    const char *result = NULL;
    made.expected = call(all, &made, &result);
    if (made.expected == IGNIS_OK) {
        made.result = arena_copy(&all->memory, result, strlen(result));
        assert_non_null(made.result);
    }
    made.repository = repository_of(all, both->faulty, item->check.repository);
    ignis_context_reset(all->ctx);
    return made;
}

static void result_check(const attempt *made, const char *name, ignis_code code, const char *result)
{
    if (code != made->expected)
        fail_msg("%s: %s, without faults %s", name, ignis_code_name(code),
                 ignis_code_name(made->expected));
    if (code == IGNIS_OK) assert_string_equal(result, made->result);
}

static void context_serves(suite *all)
{
    ignis_context_reset(all->ctx);
    assert_int_equal(ignis_context_error(all->ctx)->code, IGNIS_OK);
    assert_int_equal(ignis_context_value_set(all->ctx, "probe", "[1, {\"a\": null}]"), IGNIS_OK);
    assert_int_equal(ignis_context_value_set(all->ctx, "probe", NULL), IGNIS_OK);
}

/* Lets the n-th allocation of a call fail. false: the call makes fewer. */
static bool fault_try(suite *all, const attempt *made, const char *name, uint64_t n)
{
    const char *result = NULL;
    arena_fault_at(n);
    ignis_code code = call(all, made, &result);
    uint64_t count = arena_fault_count();
    arena_fault_at(0);
    bool was_met = count >= n;
    if (was_met && code == IGNIS_E_MEMORY) {
        const ignis_error *error = ignis_context_error(all->ctx);
        assert_int_equal(error->code, IGNIS_E_MEMORY);
        assert_string_not_equal(error->message, "");
    } else {
        /* Either no failure was met, or one that the call can do without. */
        result_check(made, name, code, result);
    }
    all->faults_count += was_met;
    return was_met;
}

static uint64_t fault_next(uint64_t n)
{
    return n < DENSE_COUNT ? n + 1 : n + n / 8;
}

/* The first calls make the plan, the later ones find it. */
static void faults_of_first_calls(suite *all, const attempt *made, const char *name)
{
    uint64_t n = 1;
    for (; n < FAULTS_MAX && fault_try(all, made, name, n); n = fault_next(n))
        context_serves(all);
    assert_true(n < FAULTS_MAX);
    ignis_context_reset(all->ctx);
}

static void faults_of_later_calls(suite *all, const attempt *made, const char *name)
{
    const char *result = NULL;
    ignis_code code = call(all, made, &result);
    result_check(made, name, code, result);
    ignis_context_reset(all->ctx);
    size_t blocks = arena_live_blocks();
    for (uint64_t n = 1; n < FAULTS_MAX; n = fault_next(n)) {
        if (!fault_try(all, made, name, n)) break;
        ignis_context_reset(all->ctx);
        if (arena_live_blocks() > blocks)
            fail_msg("%s: %zu blocks after the failure of allocation %llu, %zu before", name,
                     arena_live_blocks(), (unsigned long long)n, blocks);
        code = call(all, made, &result);
        result_check(made, name, code, result);
        ignis_context_reset(all->ctx);
    }
    ignis_context_reset(all->ctx);
}

static void a_failing_allocation_is_an_error_and_nothing_else(void **state)
{
    (void)state;
    suite all;
    suite_open(&all, is_read);
    size_t reads_count = 0;
    size_t refused_count = 0;
    for (size_t i = 0; i < all.candidates_count; i++) {
        const char *name = all.candidates[i]->name;
        attempt made = attempt_make(&all, all.candidates[i]);
        if (made.expected == IGNIS_E_UNSUPPORTED) continue;
        size_t *count = made.expected == IGNIS_OK ? &reads_count : &refused_count;
        if (*count == (made.expected == IGNIS_OK ? READS_COUNT : REFUSED_COUNT)) continue;
        (*count)++;
        all.tried_count++;
        faults_of_first_calls(&all, &made, name);
        faults_of_later_calls(&all, &made, name);
        if (all.tried_count == READS_COUNT + REFUSED_COUNT) break;
    }
    assert_int_equal(reads_count, READS_COUNT);
    assert_int_equal(refused_count, REFUSED_COUNT);
    suite_close(&all);
}

/* ---- creates ---- */

static int64_t rows_count(suite *all, const attempt *made)
{
    int64_t count = -1;
    if (ignis_count_json(all->ctx, made->repository, &ignis_policy_trusted, NULL, &count) !=
        IGNIS_OK)
        fail_msg("%s", ignis_context_error(all->ctx)->message);
    return count;
}

/* The case's own result, in which generated values may be anything. */
static void created_check(const attempt *made, const char *name, const char *result)
{
    arena scratch = {0};
    const json *got = NULL;
    json_fault fault = {0};
    compare rules = {.memory = &scratch, .unordered = made->check->unordered};
    assert_int_equal(json_read(&scratch, result, strlen(result), NULL, &got, &fault), IGNIS_OK);
    if (!compare_values(&rules, made->check->result, got))
        fail_msg("%s: %s: %s: %s", name, rules.place, rules.difference, result);
    arena_free(&scratch);
}

/* A source whose rows are as they were loaded. */
static void source_renew(suite *all, const cases_case *item, attempt *made)
{
    sources *both = sources_of(all, item->fixture);
    ignis_data_source_close(both->faulty);
    both->faulty = source_open(all, item->fixture);
    made->repository = repository_of(all, both->faulty, item->check.repository);
}

/* Lets the n-th allocation fail: either no row is created or all are. */
static bool create_fault_try(suite *all, const cases_case *item, attempt *made, uint64_t n)
{
    const char *result = NULL;
    int64_t before = rows_count(all, made);
    arena_fault_at(n);
    ignis_code code = call(all, made, &result);
    bool was_met = arena_fault_count() >= n;
    arena_fault_at(0);
    if (code == IGNIS_OK) {
        created_check(made, item->name, result);
        source_renew(all, item, made);
    } else {
        if (!was_met || code != IGNIS_E_MEMORY)
            fail_msg("%s: %s", item->name, ignis_code_name(code));
        assert_int_equal(rows_count(all, made), before);
    }
    context_serves(all);
    all->faults_count += was_met;
    return was_met;
}

/* Whether the case has a result here; the source is renewed then. */
static bool create_is_possible(suite *all, const cases_case *item, attempt *made)
{
    const char *result = NULL;
    *made = (attempt){.check = &item->check};
    source_renew(all, item, made);
    if (call(all, made, &result) != IGNIS_OK) return false;
    source_renew(all, item, made);
    return true;
}

static void a_create_without_memory_leaves_nothing_behind(void **state)
{
    (void)state;
    suite all;
    suite_open(&all, is_create);
    for (size_t i = 0; i < all.candidates_count && all.tried_count < CREATES_COUNT; i++) {
        attempt made;
        if (!create_is_possible(&all, all.candidates[i], &made)) continue;
        uint64_t n = 1;
        while (n < FAULTS_MAX && create_fault_try(&all, all.candidates[i], &made, n))
            n = fault_next(n);
        assert_true(n < FAULTS_MAX);
        all.tried_count++;
    }
    assert_int_equal(all.tried_count, CREATES_COUNT);
    suite_close(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failing_allocation_is_an_error_and_nothing_else),
        cmocka_unit_test(a_create_without_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
