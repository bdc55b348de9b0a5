/* server: a database of one's own on a real PostgreSQL server. For tests. */
#ifndef SERVER_H
#define SERVER_H

#include <stdbool.h>

/* The URL of an empty database of this program on the server that IGNIS_TEST_POSTGRES_URL names: made
   at the first call, dropped when the program ends. Where there is no server the program says so and
   ends with SERVER_SKIPPED. */
enum { SERVER_SKIPPED = 77 };
const char *server_url(void);
/* The same database behind PgBouncer in transaction mode; skips where IGNIS_TEST_PGBOUNCER_URL is not
   set. */
const char *server_pgbouncer_url(void);
/* Whether an environment variable, such as IGNIS_TEST_PGBOUNCER_URL, names a server, for a test among
   others that need none; says so where it does not. */
bool server_is_there(const char *variable);
/* Runs statements on a connection of its own, beside what is tested. Ends the program on an error. */
void server_execute(const char *sql);
/* The first value of the result as text, valid until the next call; "" for NULL or no row. */
const char *server_value(const char *sql);
/* The same at another URL. */
void server_execute_at(const char *url, const char *sql);
const char *server_value_at(const char *url, const char *sql);
/* Waits until a replica has replayed what was committed at a server before the call. */
void server_replay_await(const char *url, const char *replica_url);

#endif
