#include "support/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void an_empty_map_has_nothing(void **state)
{
    (void)state;
    map names = {0};
    assert_null(map_get(&names, "a", 1));
    assert_null(map_get(&names, "", 0));
}

static void what_was_put_is_found_and_nothing_else(void **state)
{
    (void)state;
    enum { NAMES_COUNT = 5000 };
    static char texts[2 * NAMES_COUNT][16];
    arena memory = {0};
    map names = {0};
    for (size_t i = 0; i < 2 * NAMES_COUNT; i++) {
        snprintf(texts[i], sizeof texts[i], "name%zu", i);
    }
    for (size_t i = 0; i < NAMES_COUNT; i++) {
        assert_true(map_put(&names, &memory, texts[i], strlen(texts[i]), texts[i]));
    }
    assert_int_equal(names.count, NAMES_COUNT);
    for (size_t i = 0; i < 2 * NAMES_COUNT; i++) {
        const char *expected = i < NAMES_COUNT ? texts[i] : NULL;
        assert_ptr_equal(map_get(&names, texts[i], strlen(texts[i])), expected);
    }
    arena_free(&memory);
}

static void a_name_is_its_size_and_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t size;
    } rows[] = {{"", 0},           {"a", 1},         {"\0", 1},      {"\0\0", 2},
                {"a\0", 2},        {"ab", 2},        {"abcdefg", 7}, {"abcdefgh", 8},
                {"abcdefgh\0", 9}, {"abcdefghi", 9}, {"é", 2}};
    static int values[ARRAY_COUNT(rows)];
    arena memory = {0};
    map names = {0};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_true(map_put(&names, &memory, rows[i].name, rows[i].size, &values[i]));
    }
    assert_int_equal(names.count, ARRAY_COUNT(rows));
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_ptr_equal(map_get(&names, rows[i].name, rows[i].size), &values[i]);
    }
    arena_free(&memory);
}

static void an_equal_name_replaces(void **state)
{
    (void)state;
    arena memory = {0};
    map names = {0};
    int first;
    int second;
    char name[] = "same";
    char equal_name[] = "same";
    assert_true(map_put(&names, &memory, name, 4, &first));
    assert_true(map_put(&names, &memory, equal_name, 4, &second));
    assert_int_equal(names.count, 1);
    name[0] = 'x';
    assert_ptr_equal(map_get(&names, "same", 4), &second);
    arena_free(&memory);
}

/* Words that differ in one bit must spread: the low bits choose the place. */
static void hashes_of_near_names_spread(void **state)
{
    (void)state;
    enum { NAMES_COUNT = 4096, PLACES_COUNT = 4096 };
    static unsigned char places[PLACES_COUNT];
    memset(places, 0, sizeof places);
    unsigned most = 0;
    for (uint32_t i = 0; i < NAMES_COUNT; i++) {
        unsigned char *place = &places[map_hash(&i, sizeof i) % PLACES_COUNT];
        ++*place;
        if (*place > most) most = *place;
    }
    /* Of 4,096 balls in 4,096 bins the fullest has 6 or 7; 12 has a chance below one in 10^5. */
    assert_in_range(most, 1, 12);
}

static ignis_code put_many(ignis_context *ctx, void *data)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    map names = {0};
    for (size_t i = 0; i < 26; i++) {
        if (map_put(&names, &ctx->scratch, letters + i, 1, data)) continue;
        /* What is there stays there. */
        assert_int_equal(names.count, i);
        for (size_t j = 0; j < 26; j++) {
            assert_ptr_equal(map_get(&names, letters + j, 1), j < i ? data : NULL);
        }
        return context_fail_memory(ctx, &ctx->scratch);
    }
    return IGNIS_OK;
}

static void a_refused_put_changes_nothing(void **state)
{
    (void)state;
    int value;
    assert_true(fault_run(put_many, &value) >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_has_nothing),
        cmocka_unit_test(what_was_put_is_found_and_nothing_else),
        cmocka_unit_test(a_name_is_its_size_and_bytes),
        cmocka_unit_test(an_equal_name_replaces),
        cmocka_unit_test(hashes_of_near_names_spread),
        cmocka_unit_test(a_refused_put_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
