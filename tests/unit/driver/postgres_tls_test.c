/* postgres: connections over TLS, to a server with a certificate of its own. */
#include "support/cluster.h"
#include "support/fixture.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { URL_SIZE = 1024 };

/* Session says of the connection that reads it whether it is encrypted; Wide is some megabytes, more
   than sockets hold. */
static const char models[] = IGNIS_JSON({"models": [
    {"name": "Session", "type": "view", "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "encrypted", "type": "boolean"}]},
    {"name": "Wide", "type": "view", "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "body", "type": "text"}]}]});

static const char views[] =
    "CREATE VIEW \"Session\" AS SELECT pid AS id, ssl AS encrypted FROM pg_stat_ssl"
    " WHERE pid = pg_backend_pid();"
    " CREATE VIEW \"Wide\" AS SELECT id, repeat(md5(id::text), 64) AS body"
    " FROM generate_series(1, 3000) AS id";

static int create(void **state)
{
    cluster *own = cluster_create(CLUSTER_TLS);
    server_execute_at(cluster_url(own), views);
    *state = own;
    return 0;
}

static int destroy(void **state)
{
    cluster_destroy(*state);
    return 0;
}

/* File is the name of one of the cluster's certificates, or NULL. */
static ignis_code open_with(ignis_context *ctx, const cluster *own, const char *parameters,
                            const char *file, ignis_data_source **source)
{
    char url[URL_SIZE];
    int size = file ? snprintf(url, sizeof(url), "%s&%s&sslrootcert=%s/%s", cluster_url(own),
                               parameters, cluster_folder(own), file)
                    : snprintf(url, sizeof(url), "%s&%s", cluster_url(own), parameters);
    assert_true(size > 0 && size < URL_SIZE);
    return fixture_open(ctx, &(fixture_class){.models_text = models, .url = url}, source);
}

static const char *find(ignis_context *ctx, ignis_data_source *source, const char *model,
                        const char *filter)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    ignis_repository *repository = NULL;
    const char *got = NULL;
    ignis_code code = ignis_repository_open(ctx, source, &class_, &repository);
    if (code == IGNIS_OK)
        code = ignis_find_json(ctx, repository, &ignis_policy_trusted, filter, &got);
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(ctx)->message);
    return got;
}

typedef struct mode_case {
    const char *parameters;
    const char *file;
    const char *session;
} mode_case;

static void the_mode_of_the_url_is_used(void **state)
{
    static const mode_case cases[] = {
        {"sslmode=disable", NULL, "[{\"encrypted\":false}]"},
        {"sslmode=require", NULL, "[{\"encrypted\":true}]"},
        {"sslmode=require", "server.crt", "[{\"encrypted\":true}]"},
        {"sslmode=verify-ca&host=elsewhere.example", "server.crt", "[{\"encrypted\":true}]"},
        {"sslmode=verify-full", "server.crt", "[{\"encrypted\":true}]"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        ignis_context *ctx = ignis_context_create();
        ignis_data_source *source = NULL;
        ignis_code code = open_with(ctx, *state, cases[i].parameters, cases[i].file, &source);
        if (code != IGNIS_OK)
            fail_msg("%s: %s", cases[i].parameters, ignis_context_error(ctx)->message);
        assert_string_equal(find(ctx, source, "Session", "{\"fields\":[\"encrypted\"]}"),
                            cases[i].session);
        ignis_data_source_close(source);
        ignis_context_free(ctx);
    }
}

typedef struct refusal_case {
    const char *parameters;
    const char *file;
    const char *reason; /* a part of libpq's message */
} refusal_case;

static void a_server_that_is_not_trusted_is_an_error_of_one_line(void **state)
{
    static const refusal_case cases[] = {
        {"sslmode=verify-full", "other.crt", "certificate verify failed"},
        {"sslmode=verify-ca", "other.crt", "certificate verify failed"},
        {"sslmode=verify-full", "absent.crt", "absent.crt"},
        {"sslmode=verify-full&host=elsewhere.example", "server.crt",
         "does not match host name \"elsewhere.example\""},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        ignis_context *ctx = ignis_context_create();
        ignis_data_source *source = NULL;
        ignis_code code = open_with(ctx, *state, cases[i].parameters, cases[i].file, &source);
        const char *message = ignis_context_error(ctx)->message;
        assert_int_equal(code, IGNIS_E_CONNECTION);
        if (!strstr(message, cases[i].reason)) fail_msg("%s: %s", cases[i].reason, message);
        assert_null(strchr(message, '\n'));
        ignis_context_free(ctx);
    }
}

/* One text of the server's and one of ours that no single read or write takes. */
static void long_texts_pass_in_both_directions(void **state)
{
    static const char *const modes[] = {"sslmode=disable", "sslmode=require"};
    static char filter[1 << 21];
    ignis_context *contexts[2];
    const char *got[2];
    int size = snprintf(filter, sizeof(filter),
                        "{\"order\":[\"id\"],\"where\":{\"body\":{\"ne\":"
                        "\"%0*d\"}}}",
                        (1 << 21) - 64, 0);
    assert_true(size > 0 && (size_t)size < sizeof(filter));
    for (size_t i = 0; i < ARRAY_COUNT(modes); i++) {
        ignis_data_source *source = NULL;
        contexts[i] = ignis_context_create();
        assert_int_equal(open_with(contexts[i], *state, modes[i], NULL, &source), IGNIS_OK);
        got[i] = find(contexts[i], source, "Wide", filter);
        ignis_data_source_close(source);
    }
    assert_true(strlen(got[0]) > (size_t)3000 * 64 * 32);
    assert_string_equal(got[0], got[1]);
    ignis_context_free(contexts[0]);
    ignis_context_free(contexts[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mode_of_the_url_is_used),
        cmocka_unit_test(a_server_that_is_not_trusted_is_an_error_of_one_line),
        cmocka_unit_test(long_texts_pass_in_both_directions),
    };
    return cmocka_run_group_tests(tests, create, destroy);
}
