/* settings: the URL that a class comes to, and its form without the password. */
#include "app/app.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#ifdef IGNIS_TEST_LIBPQ
#include <libpq-fe.h>
#endif

typedef struct fixture {
    ignis_context *ctx;
    arena memory;
    app_environment environment;
} fixture;

static int open_fixture(void **state)
{
    static fixture self;
    self = (fixture){.ctx = ignis_context_create()};
    self.environment.memory = &self.memory;
    *state = &self;
    return self.ctx ? 0 : -1;
}

static int close_fixture(void **state)
{
    fixture *self = *state;
    arena_free(&self->memory);
    ignis_context_free(self->ctx);
    return 0;
}

static void parts_become_a_url(void **state)
{
    static const struct {
        ignis_data_source_class class_;
        const char *url;
    } cases[] = {
        {{.url = "sqlite::memory:"}, "sqlite::memory:"},
        {{.url = "blog.sqlite"}, "blog.sqlite"},
        {{.url = "postgresql://u@h/d"}, "postgresql://u@h/d"},
        {{.host = "h"}, "postgresql://h"},
        {{.host = "h", .port = "5433", .database = "d", .user = "u", .password = "p"},
         "postgresql://u:p@h:5433/d"},
        {{.host = "h", .ssl = "true"}, "postgresql://h?sslmode=require"},
        {{.host = "h", .ssl = "false"}, "postgresql://h?sslmode=disable"},
        {{.host = "h", .ssl = "verify-full"}, "postgresql://h?sslmode=verify-full"},
        {{.host = "/run/pg", .user = "a b", .password = "p@s/s:%", .database = "d?"},
         "postgresql://a%20b:p%40s%2Fs%3A%25@%2Frun%2Fpg/d%3F"},
        {{.host = "h", .user = "", .port = "", .ssl = ""}, "postgresql://h"},
        {{.driver = &ignis_postgres_driver}, "postgresql://"},
        {{.driver = &ignis_postgres_driver, .database = "d"}, "postgresql:///d"},
        {{.driver = &ignis_sqlite_driver, .database = "a b.sqlite"}, "sqlite:a b.sqlite"},
        {{.url = "postgresql://u@h/d", .password = "a&b=c"},
         "postgresql://u@h/d?password=a%26b%3Dc"},
        {{.url = "postgresql://h/?sslmode=disable", .ssl = "require", .port = "1"},
         "postgresql://h/?sslmode=disable&port=1&sslmode=require"},
        {{.url = "", .host = "h"}, "postgresql://h"},
    };
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        ignis_data_source_class class_ = cases[i].class_;
        assert_int_equal(app_settings_read(self->ctx, &self->memory, &self->environment, &class_),
                         IGNIS_OK);
        assert_string_equal(class_.url, cases[i].url);
        assert_non_null(class_.driver);
    }
}

#ifdef IGNIS_TEST_LIBPQ
static const char *libpq_option(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++) {
        if (strcmp(options->keyword, keyword) == 0) return options->val ? options->val : "";
    }
    return "";
}

static void libpq_reads_the_parts_out_of_the_url(void **state)
{
    static const char *const odd[] = {"plain", "a b",   "p@s/s:w%rd?x&y=z#", "Gr\xC3\xBC\xC3\x9F",
                                      "'\"\\", "[::1]", "\x01\x7f~"};
    fixture *self = *state;
    for (size_t i = 0; i < 2 * ARRAY_COUNT(odd); i++) {
        const char *value = odd[i / 2];
        ignis_data_source_class class_ = {.host = value,
                                          .port = "6543",
                                          .database = value,
                                          .user = value,
                                          .password = value,
                                          .ssl = "verify-ca"};
        if (i % 2) class_.url = "postgresql://other:word@there:1/more?sslmode=disable";
        assert_int_equal(app_settings_read(self->ctx, &self->memory, &self->environment, &class_),
                         IGNIS_OK);
        PQconninfoOption *options = PQconninfoParse(class_.url, NULL);
        assert_non_null(options);
        assert_string_equal(libpq_option(options, "host"), value);
        assert_string_equal(libpq_option(options, "port"), "6543");
        assert_string_equal(libpq_option(options, "dbname"), value);
        assert_string_equal(libpq_option(options, "user"), value);
        assert_string_equal(libpq_option(options, "password"), value);
        assert_string_equal(libpq_option(options, "sslmode"), "verify-ca");
        PQconninfoFree(options);
    }
}
#endif

static void parts_that_do_not_fit_are_refused(void **state)
{
    static const struct {
        ignis_data_source_class class_;
        const char *path;
        const char *message;
    } cases[] = {
        {{.name = "x"}, "", "the data source has no URL, and no host or driver instead"},
        {{.url = ""}, "", "the data source has no URL, and no host or driver instead"},
        {{.database = "d"}, "", "the data source has no URL, and no host or driver instead"},
        {{.driver = &recording_driver}, "", "the data source has no URL"},
        {{.driver = &ignis_sqlite_driver}, "", "the data source has neither a URL nor a database"},
        {{.driver = &ignis_sqlite_driver, .host = "h"},
         "host",
         "the driver sqlite has no setting host"},
        {{.driver = &ignis_sqlite_driver, .database = "d", .ssl = "true"},
         "ssl",
         "the driver sqlite has no setting ssl"},
        {{.url = "sqlite:a", .database = "b"},
         "database",
         "the URL says it all for the driver sqlite: database cannot be set"},
        {{.url = "recording:", .driver = &recording_driver, .user = "u"},
         "user",
         "the URL says it all for the driver recording: user cannot be set"},
        {{.host = "h", .port = "0"}, "port", "a port is a number from 1 to 65535, got \"0\""},
        {{.host = "h", .port = "65536"},
         "port",
         "a port is a number from 1 to 65535, got \"65536\""},
        {{.host = "h", .port = "54a"}, "port", "a port is a number from 1 to 65535, got \"54a\""},
        {{.host = "h", .ssl = "required"},
         "ssl",
         "ssl is true, false, disable, allow, prefer, require, verify-ca or verify-full, got "
         "\"required\""},
        {{.host = "${IGNIS_T_NONE}"}, "host", "the environment has no IGNIS_T_NONE"},
        {{.host = "h", .password = "${IGNIS_T_NONE}"},
         "password",
         "the environment has no IGNIS_T_NONE"},
    };
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        ignis_data_source_class class_ = cases[i].class_;
        context_error_clear(self->ctx);
        assert_int_equal(app_settings_read(self->ctx, &self->memory, &self->environment, &class_),
                         IGNIS_E_INVALID);
        assert_string_equal(ignis_context_error(self->ctx)->message, cases[i].message);
        assert_string_equal(ignis_context_error(self->ctx)->path, cases[i].path);
    }
}

static void a_masked_url_shows_no_password(void **state)
{
    static const char *const cases[][2] = {
        {"sqlite::memory:", "sqlite::memory:"},
        {"a:b@c.sqlite", "a:b@c.sqlite"},
        {"postgresql://h:1/d", "postgresql://h:1/d"},
        {"postgresql://u@h:1/d", "postgresql://u@h:1/d"},
        {"postgresql://u:secret@h:1/d?a=b", "postgresql://u:***@h:1/d?a=b"},
        {"postgresql://:secret@h", "postgresql://:***@h"},
        {"postgresql://u:@h", "postgresql://u:***@h"},
        {"postgresql://u:sec@ret@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u:sec/ret@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u:sec:ret@h/d", "postgresql://u:***@h/d"},
        {"postgresql://h/d?password=secret", "postgresql://h/d?password=***"},
        {"postgresql://h/d?a=1&password=secret&b=2", "postgresql://h/d?a=1&password=***&b=2"},
        {"postgresql://h/d?p%61ss%77ord=secret", "postgresql://h/d?p%61ss%77ord=***"},
        {"postgresql://h/d?sslpassword=secret", "postgresql://h/d?sslpassword=***"},
        {"postgresql://u:secret@h?password=secret&password=secret",
         "postgresql://u:***@h?password=***&password=***"},
        {"postgresql://h?passwordx=1&xpassword=2&password",
         "postgresql://h?passwordx=1&xpassword=2&password"},
        {"postgresql://h?", "postgresql://h?"},
        {"postgresql://h?&%&=", "postgresql://h?&%&="},
    };
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        text out;
        text_init(&out, &self->memory, 0);
        app_url_mask(&out, cases[i][0]);
        assert_string_equal(text_finish(&out), cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_become_a_url),
#ifdef IGNIS_TEST_LIBPQ
        cmocka_unit_test(libpq_reads_the_parts_out_of_the_url),
#endif
        cmocka_unit_test(parts_that_do_not_fit_are_refused),
        cmocka_unit_test(a_masked_url_shows_no_password),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
