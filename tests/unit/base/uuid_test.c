#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void form_assert(const char *uuid, char version)
{
    assert_int_equal(strlen(uuid), UUID_TEXT_SIZE);
    for (size_t i = 0; i < UUID_TEXT_SIZE; i++) {
        bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        assert_true(is_hyphen ? uuid[i] == '-' : strchr("0123456789abcdef", uuid[i]) != NULL);
    }
    assert_int_equal(uuid[14], version);
    assert_non_null(strchr("89ab", uuid[19]));
}

static void version_4_has_its_form_and_never_repeats(void **state)
{
    (void)state;
    enum { UUIDS_COUNT = 2000 };
    static char uuids[UUIDS_COUNT][UUID_TEXT_SIZE + 1];
    arena memory = {0};
    map seen = {0};
    random_pool pool = {0};
    for (size_t i = 0; i < UUIDS_COUNT; i++) {
        assert_true(uuid_v4(&pool, uuids[i]));
        form_assert(uuids[i], '4');
        assert_null(map_get(&seen, uuids[i], UUID_TEXT_SIZE));
        assert_true(map_put(&seen, &memory, uuids[i], UUID_TEXT_SIZE, uuids[i]));
    }
    arena_free(&memory);
}

/* More in one go than the counter of one millisecond holds. */
static void version_7_only_grows(void **state)
{
    (void)state;
    char last[UUID_TEXT_SIZE + 1] = "";
    random_pool pool = {0};
    for (int i = 0; i < 20000; i++) {
        char uuid[UUID_TEXT_SIZE + 1];
        assert_true(uuid_v7(&pool, uuid));
        form_assert(uuid, '7');
        assert_true(strcmp(uuid, last) > 0);
        memcpy(last, uuid, sizeof last);
    }
}

static int64_t milliseconds_now(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* In a child, where no UUID was made before: the counter may run ahead of the clock in a process
   that makes very many. */
static void version_7_begins_with_the_time(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        random_pool pool = {0};
        char uuid[UUID_TEXT_SIZE + 1];
        int64_t before_ms = milliseconds_now();
        bool is_made = uuid_v7(&pool, uuid);
        int64_t after_ms = milliseconds_now();
        char digits[13] = "";
        memcpy(digits, uuid, 8);
        memcpy(digits + 8, uuid + 9, 4);
        int64_t made_ms = strtoll(digits, NULL, 16);
        _exit(is_made && made_ms >= before_ms && made_ms <= after_ms ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

#define PLAIN "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"

/* As PostgreSQL 15 answers to the same texts. */
static void texts_are_read_as_postgresql_reads_them(void **state)
{
    (void)state;
    static const char *const good[] = {
        PLAIN,
        "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
        "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
        "a0eebc999c0b4ef8bb6d6bb9bd380a11",
        "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
        "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
        "a0eebc999c0b-4ef8bb6d6bb9bd38-0A11",
    };
    static const char *const bad[] = {
        "",
        "{}",
        "{",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a111",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11-",
        "-a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "a0eebc99--9c0b-4ef8-bb6d-6bb9bd380a11",
        "a0-eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "a-0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
        "{{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}}",
        " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 ",
        "g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "(a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11)",
    };
    char uuid[UUID_TEXT_SIZE + 1];
    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        assert_true(uuid_read(good[i], strlen(good[i]), uuid));
        assert_string_equal(uuid, PLAIN);
    }
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        if (uuid_read(bad[i], strlen(bad[i]), uuid)) fail_msg("%s", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_7_begins_with_the_time),
        cmocka_unit_test(version_4_has_its_form_and_never_repeats),
        cmocka_unit_test(version_7_only_grows),
        cmocka_unit_test(texts_are_read_as_postgresql_reads_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
