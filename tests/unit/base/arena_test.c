#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static bool is_filled(const unsigned char *item, size_t size, unsigned char byte)
{
    for (size_t i = 0; i < size; i++) {
        if (item[i] != byte) return false;
    }
    return true;
}

static void items_of_any_size_are_aligned_and_keep_their_bytes(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,    1,     15,     16,   17,      1000,  1024,
                                   1025, 4000,  4096,   5000, 65536,   65537, 262144,
                                   7,    70000, 300000, 1,    1000000, 3,     40000};
    arena memory = {0};
    unsigned char *items[ARRAY_COUNT(sizes)];
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        items[i] = arena_alloc(&memory, sizes[i]);
        assert_non_null(items[i]);
        assert_int_equal((uintptr_t)items[i] % 16, 0);
        memset(items[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        assert_true(is_filled(items[i], sizes[i], (unsigned char)(i + 1)));
    }
    arena_free(&memory);
}

static void an_array_is_zeros_and_its_product_is_checked(void **state)
{
    (void)state;
    arena memory = {0};
    unsigned char *dirty = arena_alloc(&memory, 500);
    assert_non_null(dirty);
    ignis_mark mark = arena_mark(&memory);
    dirty = arena_alloc(&memory, 500);
    memset(dirty, 0xFF, 500);
    arena_release(&memory, mark);
    unsigned char *items = arena_array(&memory, 50, 10);
    assert_non_null(items);
    assert_true(is_filled(items, 500, 0));
    assert_non_null(arena_array(&memory, 0, 10));
    assert_non_null(arena_array(&memory, 10, 0));

    assert_null(arena_array(&memory, SIZE_MAX / 8 + 1, 8));
    assert_null(arena_array(&memory, SIZE_MAX, SIZE_MAX));
    assert_null(arena_array(&memory, 2, SIZE_MAX / 2 + 1));
    assert_int_equal(arena_code(&memory), IGNIS_E_MEMORY);
    arena_free(&memory);
}

static void sizes_that_cannot_be_are_refused(void **state)
{
    (void)state;
    arena memory = {0};
    char *item = arena_alloc(&memory, 10);
    assert_null(arena_alloc(&memory, SIZE_MAX));
    assert_null(arena_alloc(&memory, SIZE_MAX - 15));
    assert_null(arena_alloc(&memory, SIZE_MAX / 2));
    assert_null(arena_grow(&memory, item, 10, SIZE_MAX));
    assert_null(arena_copy(&memory, "a", SIZE_MAX));
    assert_int_equal(arena_code(&memory), IGNIS_E_MEMORY);
    assert_non_null(arena_alloc(&memory, 10));
    arena_free(&memory);
}

static void a_copy_is_terminated(void **state)
{
    (void)state;
    arena memory = {0};
    assert_string_equal(arena_copy(&memory, "abcdef", 3), "abc");
    assert_string_equal(arena_copy(&memory, NULL, 0), "");
    assert_memory_equal(arena_copy(&memory, "a\0b", 3), "a\0b", 4);
    arena_free(&memory);
}

static void a_grown_item_keeps_its_bytes_and_its_neighbours(void **state)
{
    (void)state;
    arena memory = {0};
    unsigned char *a = arena_alloc(&memory, 0);
    unsigned char *b = arena_alloc(&memory, 0);
    size_t size = 0;
    while (size < 1000000) {
        size_t larger = size * 2 + 1;
        a = arena_grow(&memory, a, size, larger);
        assert_non_null(a);
        memset(a + size, 'a', larger - size);
        b = arena_grow(&memory, b, size, larger);
        assert_non_null(b);
        memset(b + size, 'b', larger - size);
        size = larger;
        assert_true(is_filled(a, size, 'a'));
        assert_true(is_filled(b, size, 'b'));
    }
    arena_free(&memory);
}

static void growing_nothing_makes_an_item_and_shrinking_changes_nothing(void **state)
{
    (void)state;
    arena memory = {0};
    char *item = arena_grow(&memory, NULL, 0, 100);
    assert_non_null(item);
    assert_ptr_equal(arena_grow(&memory, item, 100, 100), item);
    assert_ptr_equal(arena_grow(&memory, item, 100, 10), item);
    arena_free(&memory);
}

/* A buffer that grows by doubling must not leave its former selves behind for good. */
static void a_large_item_grows_in_its_own_block(void **state)
{
    (void)state;
    arena memory = {0};
    size_t size = 100;
    char *item = arena_alloc(&memory, size);
    for (int i = 0; i < 16; i++) {
        item = arena_grow(&memory, item, size, size * 2);
        assert_non_null(item);
        size *= 2;
    }
    assert_true(memory.total >= size);
    assert_true(memory.total < size + 20000);
    arena_free(&memory);
    assert_int_equal(memory.total, 0);
}

/* ---- marks ------------------------------------------------------------------------------------- */

static void a_release_gives_back_what_came_after_the_mark(void **state)
{
    (void)state;
    arena memory = {0};
    ignis_mark empty = arena_mark(&memory);
    unsigned char *kept = arena_alloc(&memory, 100);
    memset(kept, 7, 100);
    unsigned char *kept_large = arena_alloc(&memory, 100000);
    memset(kept_large, 8, 100000);
    size_t total = memory.total;
    size_t blocks_count = arena_live_blocks();
    ignis_mark mark = arena_mark(&memory);
    for (int i = 0; i < 5; i++) {
        for (size_t size = 1; size < 500000; size = size * 3 + 1) {
            assert_non_null(arena_alloc(&memory, size));
        }
        assert_true(memory.total > total);
        arena_release(&memory, mark);
        assert_int_equal(memory.total, total);
        assert_int_equal(arena_live_blocks(), blocks_count);
    }
    assert_true(is_filled(kept, 100, 7));
    assert_true(is_filled(kept_large, 100000, 8));
    arena_release(&memory, empty);
    assert_int_equal(memory.total, 0);
    assert_null(memory.block);
    arena_free(&memory);
}

/* Every item of a random run is checked against its own byte: what lives, nothing overlaps. */
static void marks_nest_over_random_sizes(void **state)
{
    (void)state;
    enum { ITEMS_MAX = 64, DEPTH_MAX = 6 };
    typedef struct item {
        unsigned char *data;
        size_t size;
        unsigned char byte;
    } item;
    arena memory = {0};
    item items[ITEMS_MAX];
    size_t items_count = 0;
    ignis_mark marks[DEPTH_MAX];
    size_t counts[DEPTH_MAX];
    size_t depth = 0;
    uint64_t seed = 88172645463325252u;
    for (int step = 0; step < 3000; step++) {
        uint64_t dice = random_next(&seed);
        if (dice % 10 == 0 && depth < DEPTH_MAX) {
            marks[depth] = arena_mark(&memory);
            counts[depth++] = items_count;
        } else if ((dice % 10 == 1 || items_count == ITEMS_MAX) && depth > 0) {
            depth--;
            arena_release(&memory, marks[depth]);
            items_count = counts[depth];
        } else if (items_count == ITEMS_MAX) {
            arena_reset(&memory);
            items_count = 0;
        } else if (dice % 10 == 2 && items_count > (depth > 0 ? counts[depth - 1] : 0)) {
            item *last = &items[items_count - 1];
            size_t size = last->size + (size_t)(random_next(&seed) % 3000);
            last->data = arena_grow(&memory, last->data, last->size, size);
            assert_non_null(last->data);
            memset(last->data + last->size, last->byte, size - last->size);
            last->size = size;
        } else {
            size_t size = (size_t)(random_next(&seed) % (UINT64_C(1) << (dice >> 8) % 18));
            item made = {arena_alloc(&memory, size), size, (unsigned char)step};
            assert_non_null(made.data);
            memset(made.data, made.byte, size);
            items[items_count++] = made;
        }
        for (size_t i = 0; i < items_count; i++) {
            assert_true(is_filled(items[i].data, items[i].size, items[i].byte));
        }
    }
    arena_free(&memory);
}

static void a_large_item_from_before_a_mark_survives_growing_after_it(void **state)
{
    (void)state;
    arena memory = {0};
    assert_non_null(arena_alloc(&memory, 10));
    unsigned char *large = arena_alloc(&memory, 100000);
    memset(large, 5, 100000);
    ignis_mark mark = arena_mark(&memory);
    large = arena_grow(&memory, large, 100000, 400000);
    assert_non_null(large);
    memset(large, 5, 400000);
    assert_non_null(arena_alloc(&memory, 100000));
    size_t total = memory.total;
    arena_release(&memory, mark);
    assert_true(is_filled(large, 400000, 5));
    assert_true(memory.total < total);
    assert_true(memory.total >= 400000);
    arena_free(&memory);
    assert_int_equal(memory.total, 0);
}

/* A mark whose block is gone: what is left is neither freed nor written over. */
static void a_stale_mark_releases_nothing(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 300, 900, 3000, 100000};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        arena memory = {0};
        unsigned char *kept = arena_alloc(&memory, 100);
        memset(kept, 7, 100);
        ignis_mark outer = arena_mark(&memory);
        for (int count = 0; count < 200; count++) {
            assert_non_null(arena_alloc(&memory, sizes[i]));
        }
        ignis_mark inner = arena_mark(&memory);
        assert_non_null(arena_alloc(&memory, sizes[i]));
        arena_release(&memory, outer);
        size_t total = memory.total;
        size_t used = memory.used;
        arena_release(&memory, inner);
        assert_int_equal(memory.total, total);
        assert_int_equal(memory.used, used);
        for (int count = 0; count < 100; count++) {
            unsigned char *item = arena_alloc(&memory, 200);
            assert_non_null(item);
            memset(item, 1, 200);
        }
        assert_true(is_filled(kept, 100, 7));
        arena_reset(&memory);
        arena_release(&memory, inner);
        arena_release(&memory, outer);
        assert_int_equal(memory.used, 0);
        unsigned char *item = arena_alloc(&memory, 2000);
        assert_non_null(item);
        memset(item, 1, 2000);
        arena_free(&memory);
        assert_int_equal(memory.total, 0);
    }
}

static void a_reset_leaves_at_most_one_ordinary_block(void **state)
{
    (void)state;
    size_t blocks_before = arena_live_blocks();
    arena memory = {0};
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 2000; i++) {
            assert_non_null(arena_alloc(&memory, 500));
        }
        assert_non_null(arena_alloc(&memory, 1000000));
        arena_reset(&memory);
        assert_true(arena_live_blocks() <= blocks_before + 1);
        assert_true(memory.total <= 256 * 1024);
    }
    arena_free(&memory);
    assert_int_equal(arena_live_blocks(), blocks_before);
}

/* ---- limits ------------------------------------------------------------------------------------- */

static void the_limit_bounds_the_total_and_says_so(void **state)
{
    (void)state;
    arena memory = {.total_max = 100000};
    size_t got = 0;
    while (arena_alloc(&memory, 160)) {
        got += 160;
        assert_true(memory.total <= memory.total_max);
    }
    assert_int_equal(arena_code(&memory), IGNIS_E_LIMIT);
    /* The last block shrinks to what the limit leaves: little of it is out of reach. */
    assert_true(got > 85000);
    assert_null(arena_alloc(&memory, 100000));
    assert_int_equal(arena_code(&memory), IGNIS_E_LIMIT);
    arena_free(&memory);
}

static void a_release_gives_the_limit_back(void **state)
{
    (void)state;
    arena memory = {.total_max = 200000};
    ignis_mark mark = arena_mark(&memory);
    for (int i = 0; i < 10; i++) {
        char *item = arena_alloc(&memory, 80000);
        assert_non_null(item);
        item = arena_grow(&memory, item, 80000, 150000);
        assert_non_null(item);
        assert_null(arena_grow(&memory, item, 150000, 200001));
        assert_int_equal(arena_code(&memory), IGNIS_E_LIMIT);
        item[149999] = 'x';
        arena_release(&memory, mark);
        assert_int_equal(memory.total, 0);
    }
    arena_free(&memory);
}

static void a_limit_below_what_is_held_refuses_until_a_reset(void **state)
{
    (void)state;
    arena memory = {0};
    for (int i = 0; i < 2000; i++) {
        assert_non_null(arena_alloc(&memory, 500));
    }
    memory.total_max = 20000;
    assert_null(arena_alloc(&memory, 100000));
    arena_reset(&memory);
    assert_true(memory.total <= memory.total_max);
    assert_non_null(arena_alloc(&memory, 3000));
    arena_free(&memory);
}

/* ---- faults ------------------------------------------------------------------------------------- */

static void the_nth_allocation_fails_and_only_it(void **state)
{
    (void)state;
    arena memory = {0};
    arena_fault_at(3);
    assert_non_null(arena_alloc(&memory, 1));
    char *item = arena_copy(&memory, "abc", 3);
    assert_non_null(item);
    assert_null(arena_grow(&memory, item, 4, 5000));
    assert_int_equal(arena_code(&memory), IGNIS_E_MEMORY);
    assert_string_equal(item, "abc");
    assert_non_null(arena_array(&memory, 3, 3));
    assert_int_equal(arena_fault_count(), 4);
    arena_fault_at(1);
    assert_null(arena_create());
    arena_fault_at(0);
    assert_int_equal(arena_fault_count(), 0);
    assert_non_null(arena_alloc(&memory, 1));
    arena_free(&memory);
}

static void an_arena_may_live_in_itself(void **state)
{
    (void)state;
    size_t blocks_before = arena_live_blocks();
    arena *memory = arena_create();
    assert_non_null(memory);
    assert_true(arena_live_blocks() > blocks_before);
    for (int i = 0; i < 100; i++) {
        assert_non_null(arena_alloc(memory, 1000));
    }
    arena_destroy(memory);
    assert_int_equal(arena_live_blocks(), blocks_before);
    arena_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_of_any_size_are_aligned_and_keep_their_bytes),
        cmocka_unit_test(an_array_is_zeros_and_its_product_is_checked),
        cmocka_unit_test(sizes_that_cannot_be_are_refused),
        cmocka_unit_test(a_copy_is_terminated),
        cmocka_unit_test(a_grown_item_keeps_its_bytes_and_its_neighbours),
        cmocka_unit_test(growing_nothing_makes_an_item_and_shrinking_changes_nothing),
        cmocka_unit_test(a_large_item_grows_in_its_own_block),
        cmocka_unit_test(a_release_gives_back_what_came_after_the_mark),
        cmocka_unit_test(marks_nest_over_random_sizes),
        cmocka_unit_test(a_large_item_from_before_a_mark_survives_growing_after_it),
        cmocka_unit_test(a_stale_mark_releases_nothing),
        cmocka_unit_test(a_reset_leaves_at_most_one_ordinary_block),
        cmocka_unit_test(the_limit_bounds_the_total_and_says_so),
        cmocka_unit_test(a_release_gives_the_limit_back),
        cmocka_unit_test(a_limit_below_what_is_held_refuses_until_a_reset),
        cmocka_unit_test(the_nth_allocation_fails_and_only_it),
        cmocka_unit_test(an_arena_may_live_in_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
