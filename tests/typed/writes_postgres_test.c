/* Writes from C values and structs, on PostgreSQL. */
#include "support/server.h"
#include "typed/written.h"

static const char *on_server(void)
{
    const char *url = server_url();
    server_execute(
        "SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    return url;
}

int main(void)
{
    return written_check(on_server);
}
