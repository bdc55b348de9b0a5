/* environment: the file of an environment, and settings that name it. */
#include "app/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct fixture {
    ignis_context *ctx;
    arena memory;
    app_environment environment;
} fixture;

static int open_fixture(void **state)
{
    static fixture self;
    self = (fixture){.ctx = ignis_context_create()};
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

/* The answer of reading a file of this text. */
static ignis_code file_try(fixture *self, const char *data, size_t size)
{
    char name[] = "/tmp/ignis-environment-XXXXXX";
    int descriptor = mkstemp(name);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, data, size), (ssize_t)size);
    close(descriptor);
    ignis_code code = app_environment_read(self->ctx, &self->memory, name, &self->environment);
    unlink(name);
    return code;
}

static void a_file_is_read_as_documented(void **state)
{
    static const struct {
        const char *file;
        const char *value; /* of A; NULL: none */
    } cases[] = {
        {"A=1", "1"},
        {"A=1\n", "1"},
        {"A=1\r\nB=2\r\n", "1"},
        {"\xEF\xBB\xBF"
         "A=1",
         "1"},
        {"export A=1", "1"},
        {"  export\tA = 1  ", "1"},
        {"export=2\nA=1", "1"},
        {"# A=2\n\n   # more\nA=1", "1"},
        {"A=1\nA=2", "2"},
        {"A=", ""},
        {"A=   # nothing", ""},
        {"A=a b  c ", "a b  c"},
        {"A=a#b #c", "a#b"},
        {"A=it's \"so\"", "it's \"so\""},
        {"A=$HOME${HOME}", "$HOME${HOME}"},
        {"A='a # \\n \"b\" ' # c", "a # \\n \"b\" "},
        {"A=\"a # \\\"b\\\" \\n\\r\\t\\\\\\$ 'c'\"", "a # \"b\" \n\r\t\\$ 'c'"},
        {"A=\"two\nlines\"\nB=2", "two\nlines"},
        {"A=''", ""},
        {"A=Gr\xC3\xBC\xC3\x9F"
         "e",
         "Gr\xC3\xBC\xC3\x9F"
         "e"},
        {"B=1", NULL},
        {"a=1", NULL},
        {"", NULL},
    };
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *file = cases[i].file;
        assert_int_equal(file_try(self, file, strlen(file)), IGNIS_OK);
        const char *value = map_get(&self->environment.values, "A", 1);
        if (cases[i].value) {
            assert_non_null(value);
            assert_string_equal(value, cases[i].value);
        } else {
            assert_null(value);
        }
    }
}

static void a_line_that_is_wrong_is_named_without_what_it_holds(void **state)
{
    static const struct {
        const char *file;
        size_t size; /* 0: to its end */
        const char *message;
    } cases[] = {
        {"A=1\nsecret", 0, ":2: expected NAME=VALUE"},
        {"A=1\n\n=secret", 0, ":3: expected NAME=VALUE"},
        {"1A=secret", 0, ":1: expected NAME=VALUE"},
        {"A-B=secret", 0, ":1: expected NAME=VALUE"},
        {"export A", 0, ":1: expected NAME=VALUE"},
        {"A=\"1\n2\"\nB='secret\n\n", 0, ":3: the quote is not closed"},
        {"A=\"secret\" more", 0, ":1: something follows the quote"},
        {"A=\"\\x\"", 0, ":1: no such escape; known: \\n \\r \\t \\\\ \\\" \\$"},
        {"A=\"\\", 0, ":1: no such escape; known: \\n \\r \\t \\\\ \\\" \\$"},
        {"A=\xFFsecret", 0, ": not text in UTF-8"},
        {"A=sec\0ret", 9, ": not text in UTF-8"},
    };
    fixture *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *file = cases[i].file;
        size_t size = cases[i].size ? cases[i].size : strlen(file);
        assert_int_equal(file_try(self, file, size), IGNIS_E_INVALID);
        const char *message = ignis_context_error(self->ctx)->message;
        assert_null(strstr(message, "secret"));
        assert_non_null(strchr(message, ':'));
        assert_string_equal(strchr(message, ':'), cases[i].message);
    }
}

static void a_pipe_without_a_writer_is_no_file(void **state)
{
    fixture *self = *state;
    char folder[] = "/tmp/ignis.env.XXXXXX";
    char name[sizeof(folder) + 8];
    char message[sizeof(name) + 16];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(name, sizeof(name), "%s/pipe", folder);
    (void)snprintf(message, sizeof(message), "%s: not a file", name);
    assert_int_equal(mkfifo(name, 0600), 0);
    (void)alarm(10);
    assert_int_equal(app_environment_read(self->ctx, &self->memory, name, &self->environment),
                     IGNIS_E_INVALID);
    (void)alarm(0);
    assert_string_equal(ignis_context_error(self->ctx)->message, message);
    (void)unlink(name);
    (void)rmdir(folder);
}

static void a_file_is_bounded_and_has_to_be_one(void **state)
{
    fixture *self = *state;
    arena memory = {0};
    size_t size = 1024 * 1024 + 1;
    char *large = arena_array(&memory, 1, size);
    memset(large, '#', size);
    assert_int_equal(file_try(self, large, size - 1), IGNIS_OK);
    assert_int_equal(file_try(self, large, size), IGNIS_E_LIMIT);
    arena_free(&memory);
    assert_int_equal(app_environment_read(self->ctx, &self->memory, "/tmp", &self->environment),
                     IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->message, "/tmp: not a file");
    assert_int_equal(
        app_environment_read(self->ctx, &self->memory, "/no/such/file", &self->environment),
        IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->message,
                        "/no/such/file: there is no such file");
    assert_int_equal(app_environment_read(self->ctx, &self->memory, "", &self->environment),
                     IGNIS_OK);
}

static void settings_take_the_environment_before_the_file_before_the_default(void **state)
{
    static const struct {
        const char *setting;
        const char *expanded;
    } cases[] = {
        {"plain", "plain"},
        {"", ""},
        {"$ $HOME } {a} $$ :-", "$ $HOME } {a} $$ :-"},
        {"${IGNIS_T_BOTH}", "own"},
        {"a${IGNIS_T_FILE}b${IGNIS_T_BOTH}c", "afilebownc"},
        {"${IGNIS_T_EMPTY}", ""},
        {"${IGNIS_T_EMPTY:-d}", "d"},
        {"${IGNIS_T_NONE:-}", ""},
        {"${IGNIS_T_NONE:-a:-b}", "a:-b"},
        {"${IGNIS_T_NONE:-{a}}", "{a}"}, /* the first "}" ends the default */
        {"${IGNIS_T_FILE:-d}", "file"},
        {"${IGNIS_T_NONE:-${IGNIS_T_FILE}}!", "file!"},
        {"${IGNIS_T_NONE:-${IGNIS_T_NONE2:-x}y}z", "xyz"},
        /* A default that is not used needs no values. */
        {"${IGNIS_T_FILE:-${IGNIS_T_NONE}}", "file"},
        {"$${IGNIS_T_NONE}", "${IGNIS_T_NONE}"},
        /* Values are taken as they are. */
        {"${IGNIS_T_NAME}", "${IGNIS_T_FILE}"},
    };
    static const char file[] =
        "IGNIS_T_FILE=file\nIGNIS_T_BOTH=file\nIGNIS_T_EMPTY=file\nIGNIS_T_NAME=${IGNIS_T_FILE}";
    fixture *self = *state;
    setenv("IGNIS_T_BOTH", "own", 1);
    setenv("IGNIS_T_EMPTY", "", 1);
    assert_int_equal(file_try(self, file, sizeof(file) - 1), IGNIS_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *expanded = NULL;
        assert_int_equal(app_environment_expand(self->ctx, &self->memory, &self->environment,
                                                cases[i].setting, &expanded),
                         IGNIS_OK);
        assert_string_equal(expanded, cases[i].expanded);
    }
}

static void settings_that_name_nothing_are_refused(void **state)
{
    static const struct {
        const char *setting;
        ignis_code code;
        const char *message;
    } cases[] = {
        {"${IGNIS_T_NONE}", IGNIS_E_INVALID, "the environment has no IGNIS_T_NONE"},
        {"${IGNIS_T_NONE:-${IGNIS_T_NONE2}}", IGNIS_E_INVALID,
         "the environment has no IGNIS_T_NONE2"},
        {"${", IGNIS_E_INVALID, "expected ${NAME} or ${NAME:-default}"},
        {"${}", IGNIS_E_INVALID, "expected ${NAME} or ${NAME:-default}"},
        {"${1}", IGNIS_E_INVALID, "expected ${NAME} or ${NAME:-default}"},
        {"${A", IGNIS_E_INVALID, "expected ${NAME} or ${NAME:-default}"},
        {"${A-b}", IGNIS_E_INVALID, "expected ${NAME} or ${NAME:-default}"},
        {"${A:b}", IGNIS_E_INVALID, "expected ${NAME} or ${NAME:-default}"},
        {"${A b}", IGNIS_E_INVALID, "expected ${NAME} or ${NAME:-default}"},
        {"${IGNIS_T_NONE:-a", IGNIS_E_INVALID, "\"${\" is not closed"},
        {"${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-x}}}}}}}}", IGNIS_E_LIMIT,
         "defaults are nested more than 8 deep"},
    };
    fixture *self = *state;
    unsetenv("A");
    self->environment = (app_environment){.memory = &self->memory};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *expanded = NULL;
        assert_int_equal(app_environment_expand(self->ctx, &self->memory, &self->environment,
                                                cases[i].setting, &expanded),
                         cases[i].code);
        assert_string_equal(ignis_context_error(self->ctx)->message, cases[i].message);
        assert_null(expanded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_as_documented),
        cmocka_unit_test(a_line_that_is_wrong_is_named_without_what_it_holds),
        cmocka_unit_test(a_pipe_without_a_writer_is_no_file),
        cmocka_unit_test(a_file_is_bounded_and_has_to_be_one),
        cmocka_unit_test(settings_take_the_environment_before_the_file_before_the_default),
        cmocka_unit_test(settings_that_name_nothing_are_refused),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
