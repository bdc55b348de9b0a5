/* Results as structs against results as JSON, on PostgreSQL. */
#include "support/server.h"
#include "typed/compared.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char *on_server(void)
{
    const char *url = server_url();
    server_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    return url;
}

static void structs_hold_what_json_shows(void **state)
{
    (void)state;
    compared_check(on_server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(structs_hold_what_json_shows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
