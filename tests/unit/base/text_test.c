#include "support/fault.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void an_empty_text_finishes_as_an_empty_string(void **state)
{
    (void)state;
    arena memory = {0};
    text out;
    text_init(&out, &memory, 0);
    text_append(&out, "", 0);
    text_string(&out, "");
    assert_string_equal(text_finish(&out), "");
    assert_int_equal(out.size, 0);
    assert_int_equal(out.code, IGNIS_OK);
    arena_free(&memory);
}

static void appends_add_up_across_growth(void **state)
{
    (void)state;
    arena memory = {0};
    text out;
    text_init(&out, &memory, 0);
    for (int i = 0; i < 20000; i++) {
        text_char(&out, (char)('a' + i % 26));
        text_append(&out, "0123456789", 10);
        if (i % 100 == 0) assert_non_null(arena_alloc(&memory, 50));
    }
    const char *data = text_finish(&out);
    assert_non_null(data);
    assert_int_equal(strlen(data), 220000);
    for (int i = 0; i < 20000; i++) {
        assert_int_equal(data[i * 11], 'a' + i % 26);
        assert_memory_equal(data + i * 11 + 1, "0123456789", 10);
    }
    arena_free(&memory);
}

static void a_finished_text_can_go_on(void **state)
{
    (void)state;
    arena memory = {0};
    text out;
    text_init(&out, &memory, 0);
    text_string(&out, "one");
    assert_string_equal(text_finish(&out), "one");
    text_string(&out, " two");
    assert_string_equal(text_finish(&out), "one two");
    arena_free(&memory);
}

static void reserved_room_may_be_written(void **state)
{
    (void)state;
    arena memory = {0};
    text out;
    text_init(&out, &memory, 0);
    assert_true(text_reserve(&out, 1000));
    memset(out.data, 'x', 1000);
    out.size += 1000;
    assert_int_equal(strlen(text_finish(&out)), 1000);
    arena_free(&memory);
}

static void integers_read_as_printf_writes_them(void **state)
{
    (void)state;
    static const int64_t values[] = {0,     1,         -1,        9,  10, -10, 123456789012345678,
                                     99999, INT64_MAX, INT64_MIN, 42, 7,  -7,  INT32_MIN};
    arena memory = {0};
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "%" PRId64, values[i]);
        text out;
        text_init(&out, &memory, 0);
        text_integer(&out, values[i]);
        assert_string_equal(text_finish(&out), expected);
    }
    arena_free(&memory);
}

static void formats_of_any_length_fit(void **state)
{
    (void)state;
    arena memory = {0};
    for (int width = 1; width < 600; width += 7) {
        char expected[1300];
        snprintf(expected, sizeof expected, "<%*d|%-*s>", width, 5, width, "é");
        text out;
        text_init(&out, &memory, 0);
        text_format(&out, "<%*d|", width, 5);
        text_format(&out, "%-*s>", width, "é");
        assert_string_equal(text_finish(&out), expected);
    }
    arena_free(&memory);
}

static void the_bound_holds_to_the_byte(void **state)
{
    (void)state;
    static const size_t bounds[] = {1, 2, 127, 128, 129, 1000, 5000};
    arena memory = {0};
    for (size_t i = 0; i < ARRAY_COUNT(bounds); i++) {
        text out;
        text_init(&out, &memory, bounds[i]);
        for (size_t at = 0; at < bounds[i]; at++) {
            text_char(&out, 'x');
        }
        assert_int_equal(out.code, IGNIS_OK);
        assert_int_equal(strlen(text_finish(&out)), bounds[i]);
        text_char(&out, 'y');
        assert_int_equal(out.code, IGNIS_E_LIMIT);
        assert_int_equal(out.size, bounds[i]);
    }
    arena_free(&memory);
}

static void an_error_sticks(void **state)
{
    (void)state;
    arena memory = {0};
    text out;
    text_init(&out, &memory, 10);
    text_string(&out, "12345678");
    text_string(&out, "90abc");
    assert_int_equal(out.code, IGNIS_E_LIMIT);
    text_char(&out, '9');
    text_string(&out, "");
    text_integer(&out, 1);
    text_format(&out, "%d", 1);
    assert_false(text_reserve(&out, 1));
    assert_int_equal(out.size, 8);
    assert_null(text_finish(&out));
    arena_free(&memory);
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    arena memory = {0};
    text out;
    text_init(&out, &memory, 0);
    text_char(&out, 'x');
    assert_false(text_reserve(&out, SIZE_MAX));
    assert_int_equal(out.code, IGNIS_E_MEMORY);
    text_init(&out, &memory, SIZE_MAX);
    assert_false(text_reserve(&out, SIZE_MAX - 1));
    assert_int_equal(out.code, IGNIS_E_LIMIT);
    arena_free(&memory);
}

static void the_limit_of_the_arena_is_used_up(void **state)
{
    (void)state;
    arena memory = {.total_max = 300000};
    text out;
    text_init(&out, &memory, 0);
    while (out.code == IGNIS_OK) {
        text_append(&out, "0123456789", 10);
    }
    assert_int_equal(out.code, IGNIS_E_LIMIT);
    assert_true(out.size > 250000);
    arena_free(&memory);
}

static ignis_code write_much(ignis_context *ctx, void *data)
{
    (void)data;
    text out;
    text_init(&out, &ctx->results, 0);
    for (int i = 0; i < 3000; i++) {
        text_string(&out, "abc");
        text_integer(&out, i);
        text_format(&out, "%s", "def");
    }
    return text_finish(&out) ? IGNIS_OK : context_fail_memory(ctx, &ctx->results);
}

static void no_memory_is_reported(void **state)
{
    (void)state;
    assert_true(fault_run(write_much, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_text_finishes_as_an_empty_string),
        cmocka_unit_test(appends_add_up_across_growth),
        cmocka_unit_test(a_finished_text_can_go_on),
        cmocka_unit_test(reserved_room_may_be_written),
        cmocka_unit_test(integers_read_as_printf_writes_them),
        cmocka_unit_test(formats_of_any_length_fit),
        cmocka_unit_test(the_bound_holds_to_the_byte),
        cmocka_unit_test(an_error_sticks),
        cmocka_unit_test(impossible_sizes_are_refused),
        cmocka_unit_test(the_limit_of_the_arena_is_used_up),
        cmocka_unit_test(no_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
