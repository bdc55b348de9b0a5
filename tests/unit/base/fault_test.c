/* The harness itself: it counts right, and it sees what a careless body does wrong. */
#include "support/fault.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static ignis_code three_allocations(ignis_context *ctx, void *data)
{
    size_t *runs_count = data;
    ++*runs_count;
    for (int i = 0; i < 3; i++) {
        if (!arena_alloc(&ctx->results, 100)) return context_fail_memory(ctx, &ctx->results);
    }
    return IGNIS_OK;
}

static void each_allocation_fails_once(void **state)
{
    (void)state;
    size_t runs_count = 0;
    assert_int_equal(fault_run(three_allocations, &runs_count), 3);
    assert_int_equal(runs_count, 4);
}

static ignis_code does_without(ignis_context *ctx, void *data)
{
    (void)data;
    (void)arena_alloc(&ctx->results, 100);
    return IGNIS_OK;
}

static void a_body_may_do_without(void **state)
{
    (void)state;
    assert_int_equal(fault_run(does_without, NULL), 1);
}

static ignis_code allocates_nothing(ignis_context *ctx, void *data)
{
    (void)ctx;
    (void)data;
    return IGNIS_OK;
}

static void nothing_is_injected_where_nothing_allocates(void **state)
{
    (void)state;
    assert_int_equal(fault_run(allocates_nothing, NULL), 0);
}

/* ---- careless bodies --------------------------------------------------------------------------- */

static ignis_code reports_another_code(ignis_context *ctx, void *data)
{
    (void)data;
    if (!arena_alloc(&ctx->results, 100)) return context_fail(ctx, IGNIS_E_INVALID, "odd");
    return IGNIS_OK;
}

static ignis_code sets_no_error(ignis_context *ctx, void *data)
{
    (void)data;
    return arena_alloc(&ctx->results, 100) ? IGNIS_OK : IGNIS_E_MEMORY;
}

static ignis_code fails_always(ignis_context *ctx, void *data)
{
    (void)data;
    return context_fail(ctx, IGNIS_E_MEMORY, "no memory");
}

/* What it made is lost when the second allocation fails. */
static ignis_code leaks(ignis_context *ctx, void *data)
{
    arena **lost = data;
    *lost = arena_create();
    if (!*lost) return context_fail(ctx, IGNIS_E_MEMORY, "no memory");
    if (!arena_alloc(&ctx->results, 100)) return context_fail_memory(ctx, &ctx->results);
    arena_destroy(*lost);
    *lost = NULL;
    return IGNIS_OK;
}

static fault_body careless_body;
static arena *lost_arena;

static void careless_run(void **state)
{
    (void)state;
    (void)fault_run(careless_body, &lost_arena);
}

/* In a child, whose failing test is what is expected. */
static int careless_failures(fault_body body)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        if (nowhere >= 0) (void)dup2(nowhere, 1);
        if (nowhere >= 0) (void)dup2(nowhere, 2);
        careless_body = body;
        const struct CMUnitTest tests[] = {cmocka_unit_test(careless_run)};
        _exit(cmocka_run_group_tests(tests, NULL, NULL));
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void carelessness_is_seen(void **state)
{
    (void)state;
    assert_int_equal(careless_failures(does_without), 0);
    assert_int_not_equal(careless_failures(reports_another_code), 0);
    assert_int_not_equal(careless_failures(sets_no_error), 0);
    assert_int_not_equal(careless_failures(fails_always), 0);
    assert_int_not_equal(careless_failures(leaks), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_allocation_fails_once),
        cmocka_unit_test(a_body_may_do_without),
        cmocka_unit_test(nothing_is_injected_where_nothing_allocates),
        cmocka_unit_test(carelessness_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
