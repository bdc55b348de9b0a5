/* How connections to PostgreSQL are made: several hosts, callers that leave early, refusals. */
#include "postgres_session.h"
#include "support/proxy.h"

enum { URL_SIZE_MAX = 2048 };

typedef struct opened {
    ignis_context *ctx;
    ignis_database *database;
} opened;

static void open_later(opened *self, const char *url)
{
    const ignis_driver_settings settings = {
        .struct_size = sizeof(settings), .url = url, .connects_later = true};
    *self = (opened){.ctx = ignis_context_create()};
    assert_int_equal(ignis_postgres_driver.open(self->ctx, &settings, &self->database), IGNIS_OK);
}

static void close_all(opened *self)
{
    ignis_postgres_driver.close(self->database);
    ignis_context_free(self->ctx);
}

static ignis_code connect_within(opened *self, int64_t timeout_ms, ignis_connection **connection)
{
    ignis_context_timeout_set(self->ctx, timeout_ms);
    ignis_code code = ignis_postgres_driver.connect(self->ctx, self->database, connection);
    ignis_context_timeout_set(self->ctx, 0);
    return code;
}

static int port_of(const char *url)
{
    int port = 0;
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    for (const PQconninfoOption *option = options; option->keyword; option++)
        if (strcmp(option->keyword, "port") == 0 && option->val)
            port = (int)strtol(option->val, NULL, 10);
    PQconninfoFree(options);
    return port;
}

/* The server's URL with other hosts, all of them on this machine. */
static void url_with_ports(char url[URL_SIZE_MAX], const int *ports, size_t count,
                           const char *parameters)
{
    text out;
    arena memory = {0};
    text_init(&out, &memory, 0);
    text_string(&out, server_url());
    text_string(&out, strchr(server_url(), '?') ? "&host=" : "?host=");
    for (size_t i = 0; i < count; i++)
        text_string(&out, i == 0 ? "127.0.0.1" : ",127.0.0.1");
    text_string(&out, "&port=");
    for (size_t i = 0; i < count; i++)
        text_format(&out, "%s%d", i == 0 ? "" : ",", ports[i]);
    text_string(&out, parameters);
    assert_true(out.size < URL_SIZE_MAX);
    memcpy(url, text_finish(&out), out.size + 1);
    arena_free(&memory);
}

static void expect_answer(opened *self, ignis_connection *connection)
{
    session s = {.ctx = self->ctx,
                 .driver = &ignis_postgres_driver,
                 .database = self->database,
                 .connection = connection};
    postgres_expect(&s, "SELECT 1", "1");
    ignis_postgres_driver.disconnect(connection);
}

/* ---- several hosts ---- */

static void a_silent_host_leaves_time_for_the_next(void **state)
{
    (void)state;
    static const char *const parameters[] = {"", "&target_session_attrs=read-write",
                                             "&target_session_attrs=prefer-standby",
                                             "&connect_timeout=0"};
    char url[URL_SIZE_MAX];
    proxy *silent = proxy_start(server_url());
    proxy *also_silent = proxy_start(server_url());
    proxy_fail(silent, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    proxy_fail(also_silent, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    const int ports[] = {port_of(proxy_url(silent)), 1, port_of(proxy_url(also_silent)),
                         port_of(server_url())};
    for (size_t i = 0; i < ARRAY_COUNT(parameters); i++) {
        opened o;
        ignis_connection *connection = NULL;
        url_with_ports(url, ports, ARRAY_COUNT(ports), parameters[i]);
        open_later(&o, url);
        assert_int_equal(connect_within(&o, 2000, &connection), IGNIS_OK);
        expect_answer(&o, connection);
        close_all(&o);
    }
    proxy_stop(silent);
    proxy_stop(also_silent);
}

/* The first host is libpq's own, whose socket is not there. */
static void hosts_without_a_name_keep_their_places(void **state)
{
    (void)state;
    char url[URL_SIZE_MAX];
    opened o;
    ignis_connection *connection = NULL;
    proxy *silent = proxy_start(server_url());
    proxy_fail(silent, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    int size = snprintf(url, sizeof(url), "%s%shost=,127.0.0.1,127.0.0.1,127.0.0.1&port=1,%d,2,%d",
                        server_url(), strchr(server_url(), '?') ? "&" : "?",
                        port_of(proxy_url(silent)), port_of(server_url()));
    assert_true(size > 0 && size < URL_SIZE_MAX);
    open_later(&o, url);
    assert_int_equal(connect_within(&o, 2000, &connection), IGNIS_OK);
    expect_answer(&o, connection);
    close_all(&o);
    proxy_stop(silent);
}

static void each_host_has_the_urls_timeout(void **state)
{
    (void)state;
    char url[URL_SIZE_MAX];
    opened o;
    ignis_connection *connection = NULL;
    proxy *silent = proxy_start(server_url());
    proxy_fail(silent, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    const int ports[] = {port_of(proxy_url(silent)), port_of(server_url())};
    url_with_ports(url, ports, 2, "&connect_timeout=1");
    open_later(&o, url);
    assert_int_equal(connect_within(&o, 0, &connection), IGNIS_OK);
    expect_answer(&o, connection);
    close_all(&o);
    proxy_stop(silent);
}

static void the_error_names_every_host(void **state)
{
    (void)state;
    char url[URL_SIZE_MAX];
    char quiet[32];
    opened o;
    ignis_connection *connection = NULL;
    proxy *silent = proxy_start(server_url());
    proxy_fail(silent, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    const int ports[] = {port_of(proxy_url(silent)), 1, 2};
    assert_true(snprintf(quiet, sizeof(quiet), "port %d", ports[0]) > 0);
    url_with_ports(url, ports, 3, "");
    open_later(&o, url);
    assert_int_equal(connect_within(&o, 1000, &connection), IGNIS_E_CONNECTION);
    const char *message = ignis_context_error(o.ctx)->message;
    assert_non_null(strstr(message, quiet));
    assert_non_null(strstr(message, "port 1 failed: "));
    assert_non_null(strstr(message, "; connection to server at \"127.0.0.1\", port 2 failed: "));
    assert_null(strchr(message, '\n'));
    close_all(&o);
    proxy_stop(silent);
}

/* ---- callers that leave early ---- */

static void a_half_made_connection_goes_on_for_the_next_caller(void **state)
{
    (void)state;
    opened o;
    ignis_connection *connection = NULL;
    proxy *slow = proxy_start(server_url());
    proxy_fail(slow, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    open_later(&o, proxy_url(slow));
    for (int i = 0; i < 3; i++)
        assert_int_equal(connect_within(&o, 20, &connection), IGNIS_E_TIMEOUT);
    proxy_resume(slow);
    assert_int_equal(connect_within(&o, 20000, &connection), IGNIS_OK);
    assert_int_equal(proxy_count(slow).connections, 1);
    expect_answer(&o, connection);
    close_all(&o);
    proxy_stop(slow);
}

static void callers_who_never_wait_get_a_connection_at_last(void **state)
{
    (void)state;
    opened o;
    ignis_connection *connection = NULL;
    proxy *between = proxy_start(server_url());
    open_later(&o, proxy_url(between));
    ignis_code code;
    do {
        code = connect_within(&o, 1, &connection);
        assert_true(code == IGNIS_OK || code == IGNIS_E_TIMEOUT);
    } while (code != IGNIS_OK);
    assert_int_equal(proxy_count(between).connections, 1);
    expect_answer(&o, connection);
    close_all(&o);
    proxy_stop(between);
}

static void a_cancelled_caller_leaves_its_connection_to_the_next(void **state)
{
    (void)state;
    opened o;
    ignis_connection *connection = NULL;
    proxy *slow = proxy_start(server_url());
    proxy_fail(slow, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    open_later(&o, proxy_url(slow));
    context_call_begin(o.ctx);
    ignis_context_cancel(o.ctx);
    assert_int_equal(connect_within(&o, 20000, &connection), IGNIS_E_CANCELLED);
    context_call_end(o.ctx);
    context_call_begin(o.ctx);
    proxy_resume(slow);
    assert_int_equal(connect_within(&o, 20000, &connection), IGNIS_OK);
    context_call_end(o.ctx);
    assert_int_equal(proxy_count(slow).connections, 1);
    expect_answer(&o, connection);
    close_all(&o);
    proxy_stop(slow);
}

static void what_nobody_has_taken_is_dropped(void **state)
{
    (void)state;
    opened o;
    ignis_connection *connection = NULL;
    proxy *slow = proxy_start(server_url());
    proxy_fail(slow, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    open_later(&o, proxy_url(slow));
    assert_int_equal(connect_within(&o, 20, &connection), IGNIS_E_TIMEOUT);
    ignis_postgres_driver.drop(o.database);
    proxy_resume(slow);
    assert_int_equal(connect_within(&o, 20000, &connection), IGNIS_OK);
    assert_int_equal(proxy_count(slow).connections, 2);
    expect_answer(&o, connection);
    close_all(&o);
    proxy_stop(slow);
}

static void a_half_made_connection_is_given_up_at_its_own_time(void **state)
{
    (void)state;
    char url[URL_SIZE_MAX];
    opened o;
    ignis_connection *connection = NULL;
    proxy *silent = proxy_start(server_url());
    proxy_fail(silent, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    const int port = port_of(proxy_url(silent));
    url_with_ports(url, &port, 1, "&connect_timeout=1");
    open_later(&o, url);
    ignis_code code;
    do {
        code = connect_within(&o, 100, &connection);
    } while (code == IGNIS_E_TIMEOUT);
    assert_int_equal(code, IGNIS_E_CONNECTION);
    assert_non_null(strstr(ignis_context_error(o.ctx)->message, "did not answer in time"));
    assert_int_equal(proxy_count(silent).connections, 1);
    close_all(&o);
    proxy_stop(silent);
}

/* ---- refusals ---- */

/* The URL with other credentials, or another database. */
static void url_changed(char url[URL_SIZE_MAX], const char *parameters)
{
    const int port = port_of(server_url());
    url_with_ports(url, &port, 1, parameters);
}

/* Attempts that a pool makes within half a second. */
static uint64_t attempts_count(const char *url, ignis_code expected, const char *sqlstate)
{
    ignis_context *ctx = ignis_context_create();
    pool *connections = NULL;
    ignis_connection *connection = NULL;
    pool_status status;
    const ignis_driver_settings settings = {
        .struct_size = sizeof(settings), .url = url, .connects_later = true};
    const pool_settings wanted = {.acquire_timeout_ms = 500};
    assert_int_equal(pool_open(ctx, &ignis_postgres_driver, &settings, &wanted, &connections),
                     IGNIS_OK);
    assert_int_equal(pool_acquire(ctx, connections, &connection), expected);
    assert_string_equal(ignis_context_error(ctx)->sqlstate, sqlstate);
    assert_null(strstr(ignis_context_error(ctx)->message, "hushhush"));
    assert_null(strchr(ignis_context_error(ctx)->message, '\n'));
    if (*sqlstate) assert_null(strstr(ignis_context_error(ctx)->message, sqlstate));
    pool_status_read(connections, &status);
    pool_close(connections);
    ignis_context_free(ctx);
    return status.failed;
}

static void what_waiting_cannot_mend_is_not_tried_again(void **state)
{
    (void)state;
    char url[URL_SIZE_MAX];
    url_changed(url, "&dbname=ignis_no_such_database");
    assert_int_equal(attempts_count(url, IGNIS_E_CONNECTION, "3D000"), 1);
    server_execute("DROP ROLE IF EXISTS ignis_no_login; CREATE ROLE ignis_no_login NOLOGIN"
                   " PASSWORD 'hushhush'");
    url_changed(url, "&user=ignis_no_login&password=hushhush");
    assert_int_equal(attempts_count(url, IGNIS_E_CONNECTION, "28000"), 1);
    server_execute("DROP ROLE ignis_no_login");
}

static void a_wrong_password_is_told_at_once(void **state)
{
    (void)state;
    char url[URL_SIZE_MAX];
    url_changed(url, "&password=hushhush");
    PGconn *handle = PQconnectdb(url);
    bool asks = PQstatus(handle) == CONNECTION_BAD;
    PQfinish(handle);
    if (!asks) skip();
    assert_int_equal(attempts_count(url, IGNIS_E_CONNECTION, "28P01"), 1);
}

static void the_reason_outlives_an_attempt_that_gets_no_answer(void **state)
{
    (void)state;
    char url[URL_SIZE_MAX];
    pool *connections = NULL;
    ignis_connection *connection = NULL;
    ignis_context *ctx = ignis_context_create();
    proxy *between = proxy_start(server_url());
    server_execute("DROP ROLE IF EXISTS ignis_crowded; CREATE ROLE ignis_crowded LOGIN"
                   " CONNECTION LIMIT 0 PASSWORD 'hushhush'");
    const int port = port_of(proxy_url(between));
    url_with_ports(url, &port, 1, "&user=ignis_crowded&password=hushhush");
    const ignis_driver_settings settings = {
        .struct_size = sizeof(settings), .url = url, .connects_later = true};
    const pool_settings wanted = {.acquire_timeout_ms = 1000};
    assert_int_equal(pool_open(ctx, &ignis_postgres_driver, &settings, &wanted, &connections),
                     IGNIS_OK);
    assert_int_equal(pool_acquire(ctx, connections, &connection), IGNIS_E_CONNECTION);
    proxy_fail(between, PROXY_TO_CLIENT, 0, PROXY_HOLD);
    assert_int_equal(pool_acquire(ctx, connections, &connection), IGNIS_E_CONNECTION);
    assert_string_equal(ignis_context_error(ctx)->sqlstate, "53300");
    pool_close(connections);
    ignis_context_free(ctx);
    proxy_stop(between);
    server_execute("DROP ROLE ignis_crowded");
}

static void what_may_pass_is_tried_again(void **state)
{
    (void)state;
    char url[URL_SIZE_MAX];
    const int nobody = 1;
    url_with_ports(url, &nobody, 1, "");
    assert_true(attempts_count(url, IGNIS_E_CONNECTION, "") > 1);
    server_execute("DROP ROLE IF EXISTS ignis_crowded; CREATE ROLE ignis_crowded LOGIN"
                   " CONNECTION LIMIT 0 PASSWORD 'hushhush'");
    url_changed(url, "&user=ignis_crowded&password=hushhush");
    assert_true(attempts_count(url, IGNIS_E_CONNECTION, "53300") > 1);
    server_execute("DROP ROLE ignis_crowded");
}

int main(void)
{
    postgres_need();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_host_leaves_time_for_the_next),
        cmocka_unit_test(hosts_without_a_name_keep_their_places),
        cmocka_unit_test(each_host_has_the_urls_timeout),
        cmocka_unit_test(the_error_names_every_host),
        cmocka_unit_test(a_half_made_connection_goes_on_for_the_next_caller),
        cmocka_unit_test(callers_who_never_wait_get_a_connection_at_last),
        cmocka_unit_test(a_cancelled_caller_leaves_its_connection_to_the_next),
        cmocka_unit_test(what_nobody_has_taken_is_dropped),
        cmocka_unit_test(a_half_made_connection_is_given_up_at_its_own_time),
        cmocka_unit_test(what_waiting_cannot_mend_is_not_tried_again),
        cmocka_unit_test(a_wrong_password_is_told_at_once),
        cmocka_unit_test(the_reason_outlives_an_attempt_that_gets_no_answer),
        cmocka_unit_test(what_may_pass_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
