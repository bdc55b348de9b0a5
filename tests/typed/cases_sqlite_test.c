/* Results as structs against results as JSON, on SQLite. */
#include "typed/compared.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char *in_memory(void)
{
    return NULL;
}

static void structs_hold_what_json_shows(void **state)
{
    (void)state;
    compared_check(in_memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(structs_hold_what_json_shows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
