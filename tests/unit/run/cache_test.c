/* cache: shapes to plans, the least recently used leave, many threads at once. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>

#define J IGNIS_JSON

typedef struct cached {
    arena memory;
    ignis_context *ctx;
    run_cache *cache;
} cached;

static void cached_open(cached *self, uint32_t plans_max)
{
    *self = (cached){.ctx = ignis_context_create()};
    assert_non_null(self->ctx);
    assert_int_equal(
        run_cache_create(self->ctx, &self->memory, IGNIS_DIALECT_SQLITE, plans_max, &self->cache),
        IGNIS_OK);
}

static void cached_close(cached *self)
{
    run_cache_free(self->cache);
    arena_free(&self->memory);
    ignis_context_free(self->ctx);
}

/* A plan that knows the shape it was made for. */
static ignis_code plan_make(ignis_context *ctx, run_cache *cache, void *data, run_plan *plan)
{
    const char *shape = data;
    sql_statement *statement = arena_array(plan->memory, 1, sizeof(*statement));
    if (!statement) return context_fail_memory(ctx, plan->memory);
    statement->statement.id = run_cache_id(cache);
    statement->statement.sql = arena_copy(plan->memory, shape, strlen(shape));
    if (!statement->statement.sql) return context_fail_memory(ctx, plan->memory);
    plan->statements = statement;
    return IGNIS_OK;
}

static ignis_code plan_refuse(ignis_context *ctx, run_cache *cache, void *data, run_plan *plan)
{
    (void)cache;
    (void)data;
    (void)plan;
    return context_fail(ctx, IGNIS_E_INVALID, "no plan");
}

static run_plan *take(cached *self, char *shape)
{
    run_plan *plan = NULL;
    assert_int_equal(
        run_cache_get(self->ctx, self->cache, shape, strlen(shape), plan_make, shape, &plan),
        IGNIS_OK);
    assert_string_equal(plan->statements->statement.sql, shape);
    return plan;
}

static void take_and_release(cached *self, char *shape)
{
    run_cache_release(self->cache, take(self, shape));
}

static void a_plan_is_made_once_for_a_shape(void **state)
{
    (void)state;
    cached plans;
    cached_open(&plans, 4);
    run_plan *first = take(&plans, "a");
    run_plan *second = take(&plans, "a");
    assert_ptr_equal(first, second);
    assert_int_equal(run_cache_made(plans.cache), 1);
    run_cache_release(plans.cache, first);
    run_cache_release(plans.cache, second);
    run_cache_release(plans.cache, NULL);
    take_and_release(&plans, "a");
    take_and_release(&plans, "b");
    take_and_release(&plans, "ab");
    assert_int_equal(run_cache_made(plans.cache), 3);
    cached_close(&plans);
}

static void the_least_recently_used_leaves(void **state)
{
    (void)state;
    cached plans;
    cached_open(&plans, 2);
    take_and_release(&plans, "a");
    take_and_release(&plans, "b");
    take_and_release(&plans, "a");
    take_and_release(&plans, "c"); /* b leaves */
    assert_int_equal(run_cache_made(plans.cache), 3);
    take_and_release(&plans, "a");
    take_and_release(&plans, "c");
    assert_int_equal(run_cache_made(plans.cache), 3);
    take_and_release(&plans, "b");
    assert_int_equal(run_cache_made(plans.cache), 4);
    cached_close(&plans);
}

static void a_plan_in_use_outlives_its_eviction(void **state)
{
    (void)state;
    size_t blocks = arena_live_blocks();
    cached plans;
    cached_open(&plans, 1);
    run_plan *old = take(&plans, "old");
    run_plan *same = take(&plans, "old");
    take_and_release(&plans, "new");
    assert_string_equal(old->statements->statement.sql, "old");
    run_cache_release(plans.cache, old);
    assert_string_equal(same->statements->statement.sql, "old");
    run_plan *again = take(&plans, "old");
    assert_ptr_not_equal(again, same);
    assert_int_equal(run_cache_made(plans.cache), 3);
    run_cache_release(plans.cache, same);
    run_cache_release(plans.cache, again);
    cached_close(&plans);
    assert_int_equal(arena_live_blocks(), blocks);
}

static void a_plan_that_is_refused_leaves_nothing(void **state)
{
    (void)state;
    cached plans;
    cached_open(&plans, 2);
    run_plan *plan = NULL;
    size_t blocks = arena_live_blocks();
    assert_int_equal(run_cache_get(plans.ctx, plans.cache, "a", 1, plan_refuse, NULL, &plan),
                     IGNIS_E_INVALID);
    assert_null(plan);
    assert_int_equal(arena_live_blocks(), blocks);
    take_and_release(&plans, "a");
    cached_close(&plans);
}

static void ids_are_never_given_twice(void **state)
{
    (void)state;
    cached plans;
    cached_open(&plans, 1);
    uint64_t last = run_cache_id(plans.cache);
    assert_true(last >= SQL_ID_FREE);
    for (int i = 0; i < 100; i++) {
        uint64_t next = run_cache_id(plans.cache);
        assert_true(next > last);
        last = next;
    }
    cached_close(&plans);
}

static void a_huge_plan_is_served_and_not_kept(void **state)
{
    (void)state;
    enum { SHAPE_SIZE = 256 * 1024 + 1 };
    cached plans;
    cached_open(&plans, 4);
    char *shape = arena_alloc(&plans.memory, SHAPE_SIZE + 1);
    assert_non_null(shape);
    memset(shape, 's', SHAPE_SIZE);
    shape[SHAPE_SIZE] = '\0';
    size_t blocks = arena_live_blocks();
    take_and_release(&plans, shape);
    take_and_release(&plans, shape);
    assert_int_equal(run_cache_made(plans.cache), 2);
    assert_int_equal(arena_live_blocks(), blocks);
    cached_close(&plans);
}

/* ---- threads ---- */

enum { THREADS_COUNT = 8, ROUNDS_COUNT = 2000, SHAPES_COUNT = 12 };

typedef struct hammer {
    cached *plans;
    uint64_t random;
    bool failed;
} hammer;

static void *hammer_run(void *data)
{
    hammer *self = data;
    ignis_context *ctx = ignis_context_create();
    for (int i = 0; ctx && i < ROUNDS_COUNT; i++) {
        char shape[16];
        run_plan *plan = NULL;
        self->random = self->random * 6364136223846793005U + 1442695040888963407U;
        snprintf(shape, sizeof(shape), "shape %u", (unsigned)(self->random >> 40) % SHAPES_COUNT);
        ignis_code code =
            run_cache_get(ctx, self->plans->cache, shape, strlen(shape), plan_make, shape, &plan);
        if (code != IGNIS_OK || strcmp(plan->statements->statement.sql, shape) != 0)
            self->failed = true;
        if (code == IGNIS_OK) run_cache_release(self->plans->cache, plan);
    }
    if (!ctx) self->failed = true;
    ignis_context_free(ctx);
    return NULL;
}

static void eight_threads_share_a_cache_of_four_plans(void **state)
{
    (void)state;
    size_t blocks = arena_live_blocks();
    cached plans;
    hammer hammers[THREADS_COUNT];
    pthread_t threads[THREADS_COUNT];
    cached_open(&plans, 4);
    for (size_t i = 0; i < THREADS_COUNT; i++) {
        hammers[i] = (hammer){.plans = &plans, .random = i + 1};
        assert_int_equal(pthread_create(&threads[i], NULL, hammer_run, &hammers[i]), 0);
    }
    for (size_t i = 0; i < THREADS_COUNT; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < THREADS_COUNT; i++)
        assert_false(hammers[i].failed);
    assert_true(run_cache_made(plans.cache) >= SHAPES_COUNT);
    cached_close(&plans);
    assert_int_equal(arena_live_blocks(), blocks);
}

/* ---- through calls ---- */

static void values_do_not_make_plans(void **state)
{
    (void)state;
    engine blog;
    engine_open(&blog, engine_blog, engine_blog_rows);
    run_cache *cache = blog.source->run.cache;
    uint64_t made = run_cache_made(cache);
    static const char *const filters[] = {J({"where" : {"id" : [1]}, "limit" : 1}),
                                          J({"where" : {"id" : [ 1, 2, 3 ]}, "limit" : "7"}),
                                          J({"limit" : 3, "where" : {"id" : {"inq" : [9]}}})};
    for (size_t i = 0; i < ARRAY_COUNT(filters); i++)
        engine_find(&blog, "Post", filters[i]);
    assert_int_equal(run_cache_made(cache), made + 1);
    engine_find(&blog, "Post", J({"where" : {"id" : {"nin" : [9]}}, "limit" : 1}));
    assert_int_equal(run_cache_made(cache), made + 2);
    engine_close(&blog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_made_once_for_a_shape),
        cmocka_unit_test(the_least_recently_used_leaves),
        cmocka_unit_test(a_plan_in_use_outlives_its_eviction),
        cmocka_unit_test(a_plan_that_is_refused_leaves_nothing),
        cmocka_unit_test(ids_are_never_given_twice),
        cmocka_unit_test(a_huge_plan_is_served_and_not_kept),
        cmocka_unit_test(eight_threads_share_a_cache_of_four_plans),
        cmocka_unit_test(values_do_not_make_plans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
