/* Patterns of like that end in an escape of nothing. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_pattern_is_open_where_its_last_backslash_escapes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        bool is_open;
    } rows[] = {
        {"", false},     {"a%", false},    {"\\", true},       {"a\\", true},
        {"\\\\", false}, {"a\\\\", false}, {"\\\\\\", true},   {"\\a", false},
        {"\\%", false},  {"%\\", true},    {"\\a\\\\", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (pattern_is_open(rows[i].pattern, strlen(rows[i].pattern)) != rows[i].is_open)
            fail_msg("%s", rows[i].pattern);
    }
    assert_false(pattern_is_open("a\\", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_is_open_where_its_last_backslash_escapes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
