#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Bits that are set in a long run are half of them; 40,000 of 80,000 with a deviation of 141. */
static void bytes_are_random_however_many_are_taken(void **state)
{
    (void)state;
    random_pool pool = {0};
    uint8_t bytes[10000];
    size_t ones = 0;
    size_t taken = 0;
    for (size_t size = 0; taken + size <= sizeof(bytes); size = (size + 7) % 600) {
        assert_true(random_take(&pool, bytes + taken, size));
        taken += size;
    }
    assert_true(taken > sizeof(bytes) / 2);
    for (size_t i = 0; i < taken; i++)
        ones += (size_t)__builtin_popcount(bytes[i]);
    assert_in_range(ones, taken * 4 - 1500, taken * 4 + 1500);
}

/* No run of eight bytes comes twice, within a pool's bytes or from one filling to the next. */
static void bytes_are_taken_once(void **state)
{
    (void)state;
    enum { TAKEN = 4096, SIZE = 8 };
    random_pool pool = {0};
    arena memory = {0};
    map seen = {0};
    for (size_t i = 0; i < TAKEN; i++) {
        uint8_t *bytes = arena_alloc(&memory, SIZE);
        assert_non_null(bytes);
        assert_true(random_take(&pool, bytes, SIZE));
        assert_null(map_get(&seen, (const char *)bytes, SIZE));
        assert_true(map_put(&seen, &memory, (const char *)bytes, SIZE, bytes));
    }
    arena_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_random_however_many_are_taken),
        cmocka_unit_test(bytes_are_taken_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
