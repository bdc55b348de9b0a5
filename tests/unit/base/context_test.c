#include "ignis.h"
#include "support/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static int context_setup(void **state)
{
    *state = ignis_context_create();
    return *state ? 0 : -1;
}

static int context_teardown(void **state)
{
    ignis_context_free(*state);
    return 0;
}

static void every_code_has_its_name(void **state)
{
    (void)state;
    static const struct {
        ignis_code code;
        const char *name;
    } rows[] = {
        {IGNIS_OK, "ok"},
        {IGNIS_E_MEMORY, "memory"},
        {IGNIS_E_INVALID, "invalid"},
        {IGNIS_E_NOT_FOUND, "not_found"},
        {IGNIS_E_UNIQUE, "unique"},
        {IGNIS_E_FOREIGN_KEY, "foreign_key"},
        {IGNIS_E_NOT_NULL, "not_null"},
        {IGNIS_E_CHECK, "check"},
        {IGNIS_E_CONFLICT, "conflict"},
        {IGNIS_E_SERIALIZATION, "serialization"},
        {IGNIS_E_CONNECTION, "connection"},
        {IGNIS_E_COMMIT_UNKNOWN, "commit_unknown"},
        {IGNIS_E_TIMEOUT, "timeout"},
        {IGNIS_E_CANCELLED, "cancelled"},
        {IGNIS_E_LIMIT, "limit"},
        {IGNIS_E_STATE, "state"},
        {IGNIS_E_UNSUPPORTED, "unsupported"},
        {IGNIS_E_DATABASE, "database"},
        {(ignis_code)(IGNIS_E_DATABASE + 1), "unknown"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_string_equal(ignis_code_name(rows[i].code), rows[i].name);
    }
}

static void the_version_is_that_of_the_header(void **state)
{
    (void)state;
    char expected[32];
    snprintf(expected, sizeof expected, "%d.%d.%d", IGNIS_VERSION_MAJOR, IGNIS_VERSION_MINOR,
             IGNIS_VERSION_PATCH);
    assert_string_equal(ignis_version(), expected);
    assert_string_equal(ignis_version(), IGNIS_VERSION);
}

/* ---- the error --------------------------------------------------------------------------------- */

static void a_new_context_has_no_error_and_no_null_text(void **state)
{
    const ignis_error *error = ignis_context_error(*state);
    assert_int_equal(error->struct_size, sizeof *error);
    assert_int_equal(error->code, IGNIS_OK);
    assert_string_equal(error->message, "");
    assert_string_equal(error->path, "");
    assert_string_equal(error->hint, "");
    assert_string_equal(error->sqlstate, "");
    assert_string_equal(error->constraint, "");
    assert_int_equal(error->position, 0);
    assert_null(error->next);
}

static void a_failure_replaces_the_one_before(void **state)
{
    ignis_context *ctx = *state;
    assert_int_equal(context_fail(ctx, IGNIS_E_UNIQUE, "first %d", 1), IGNIS_E_UNIQUE);
    context_hint(ctx, "hint");
    context_constraint(ctx, "User_email_key");
    context_position(ctx, 17);
    assert_int_equal(context_path(ctx, "where"), IGNIS_E_UNIQUE);
    const ignis_error *error = ignis_context_error(ctx);
    assert_string_equal(error->message, "first 1");
    assert_string_equal(error->hint, "hint");
    assert_string_equal(error->constraint, "User_email_key");
    assert_string_equal(error->path, "where");
    assert_int_equal(error->position, 17);

    /* What is formatted may be the message before. */
    context_fail(ctx, IGNIS_E_INVALID, "%s, then %s at %s", "second", error->message, error->path);
    assert_int_equal(error->code, IGNIS_E_INVALID);
    assert_string_equal(error->message, "second, then first 1 at where");
    assert_string_equal(error->hint, "");
    assert_string_equal(error->constraint, "");
    assert_string_equal(error->path, "");
    assert_int_equal(error->position, 0);
}

static void too_long_a_message_is_cut_at_a_character(void **state)
{
    ignis_context *ctx = *state;
    char given[3000];
    for (size_t shift = 0; shift < 4; shift++) {
        memset(given, 'x', shift);
        for (size_t i = shift; i + 4 < sizeof given; i += 4) {
            memcpy(given + i, "😀", 4);
        }
        given[sizeof given - 4 + shift % 4] = '\0';
        given[2000 + shift] = '\0';
        context_fail(ctx, IGNIS_E_INVALID, "%s", given);
        const char *message = ignis_context_error(ctx)->message;
        size_t size = strlen(message);
        assert_true(size < CONTEXT_MESSAGE_MAX);
        assert_true(size > CONTEXT_MESSAGE_MAX - 8);
        assert_true(utf8_is_valid(message, size));
        assert_string_equal(message + size - 3, "…");
        assert_memory_equal(message, given, size - 3);
    }
    memset(given, 'x', sizeof given);
    given[CONTEXT_MESSAGE_MAX - 1] = '\0';
    context_fail(ctx, IGNIS_E_INVALID, "%s", given);
    assert_string_equal(ignis_context_error(ctx)->message, given);
}

static void a_message_is_one_line(void **state)
{
    ignis_context *ctx = *state;
    context_fail(ctx, IGNIS_E_DATABASE, "a\nb\tc\x7F%s", "é\r");
    assert_string_equal(ignis_context_error(ctx)->message, "a b c é ");
}

static void bytes_that_are_no_text_are_survived(void **state)
{
    ignis_context *ctx = *state;
    char given[3000];
    memset(given, 0xBF, sizeof given);
    given[sizeof given - 1] = '\0';
    context_fail(ctx, IGNIS_E_DATABASE, "%s", given);
    assert_true(strlen(ignis_context_error(ctx)->message) > CONTEXT_MESSAGE_MAX - 8);
    context_hint(ctx, given);
    context_path(ctx, "%s", given);
    assert_true(strlen(ignis_context_error(ctx)->hint) < CONTEXT_NAME_MAX);
    assert_true(strlen(ignis_context_error(ctx)->path) < CONTEXT_PATH_MAX);
}

static void paths_grow_from_the_end(void **state)
{
    ignis_context *ctx = *state;
    const ignis_error *error = ignis_context_error(ctx);
    assert_int_equal(context_fail(ctx, IGNIS_E_INVALID, "odd"), IGNIS_E_INVALID);
    assert_int_equal(context_path(ctx, "titel"), IGNIS_E_INVALID);
    assert_string_equal(error->path, "titel");
    context_path(ctx, "and[%d]", 2);
    assert_string_equal(error->path, "and[2].titel");
    context_path(ctx, "[%d]", 0);
    assert_string_equal(error->path, "[0].and[2].titel");
    context_path(ctx, "include");
    assert_string_equal(error->path, "include[0].and[2].titel");
    context_path(ctx, "%s", "");
    assert_string_equal(error->path, "include[0].and[2].titel");
    context_path(ctx, "%s", error->path);
    assert_string_equal(error->path, "include[0].and[2].titel.include[0].and[2].titel");
}

static void too_long_a_path_keeps_its_beginning(void **state)
{
    ignis_context *ctx = *state;
    const char *path = ignis_context_error(ctx)->path;
    context_fail(ctx, IGNIS_E_INVALID, "odd");
    for (int i = 0; i < 200; i++) {
        context_path(ctx, "größe%d", i);
        assert_true(strlen(path) < CONTEXT_PATH_MAX);
        assert_true(utf8_is_valid(path, strlen(path)));
    }
    assert_memory_equal(path, "größe199.größe198.", 22);
    assert_string_equal(path + strlen(path) - 3, "…");
    assert_ptr_equal(strstr(path, "…"), path + strlen(path) - 3);
    char step[700];
    memset(step, 's', sizeof step);
    step[sizeof step - 1] = '\0';
    for (size_t size = 505; size < 520; size++) {
        context_fail(ctx, IGNIS_E_INVALID, "odd");
        context_path(ctx, "%s", step + sizeof step - 1 - size);
        size_t expected = size < CONTEXT_PATH_MAX ? size : CONTEXT_PATH_MAX - 1;
        assert_int_equal(strlen(path), expected);
        assert_int_equal(strstr(path, "…") != NULL, size >= CONTEXT_PATH_MAX);
    }
}

static void an_error_survives_being_put_aside(void **state)
{
    ignis_context *ctx = *state;
    context_fail(ctx, IGNIS_E_CHECK, "kept");
    context_hint(ctx, "hint");
    context_constraint(ctx, "name");
    context_path(ctx, "path");
    context_position(ctx, 3);
    context_saved saved;
    context_save(ctx, &saved);
    context_fail(ctx, IGNIS_E_STATE, "other");
    context_restore(ctx, &saved);
    const ignis_error *error = ignis_context_error(ctx);
    assert_int_equal(error->code, IGNIS_E_CHECK);
    assert_string_equal(error->message, "kept");
    assert_string_equal(error->hint, "hint");
    assert_string_equal(error->constraint, "name");
    assert_string_equal(error->path, "path");
    assert_int_equal(error->position, 3);
}

static void quotes_show_little_and_no_control_characters(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        size_t size;
        const char *quoted;
    } rows[] = {
        {"", 0, ""},
        {"abc", 3, "abc"},
        {"a\0b\n\x7F\x1B", 6, "a\\x00b\\x0A\\x7F\\x1B"},
        {"héé", 5, "héé"},
    };
    char buffer[CONTEXT_QUOTE_SIZE];
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_string_equal(context_quote(buffer, rows[i].given, rows[i].size), rows[i].quoted);
    }
    char given[200];
    memset(given, 'a', sizeof given);
    assert_int_equal(strlen(context_quote(buffer, given, CONTEXT_OFFENDING_MAX)), 64);
    assert_int_equal(strlen(context_quote(buffer, given, CONTEXT_OFFENDING_MAX + 1)), 67);
    assert_string_equal(buffer + 64, "…");
    memcpy(given + 61, "😀", 4);
    context_quote(buffer, given, sizeof given);
    assert_int_equal(strlen(buffer), 64);
    assert_string_equal(buffer + 61, "…");
    memset(given, 1, sizeof given);
    assert_int_equal(strlen(context_quote(buffer, given, sizeof given)), 4 * 64 + 3);
}

static void refusals_of_memory_have_their_code(void **state)
{
    ignis_context *ctx = *state;
    ignis_context_limit_set(ctx, 10000);
    assert_null(arena_alloc(&ctx->results, 20000));
    assert_int_equal(context_fail_memory(ctx, &ctx->results), IGNIS_E_LIMIT);
    assert_string_not_equal(ignis_context_error(ctx)->message, "");
    assert_null(arena_alloc(&ctx->scratch, 20000));
    assert_int_equal(context_fail_memory(ctx, &ctx->scratch), IGNIS_E_LIMIT);
    ignis_context_limit_set(ctx, 0);
    assert_non_null(arena_alloc(&ctx->results, 20000));
    assert_null(arena_alloc(&ctx->results, SIZE_MAX));
    assert_int_equal(context_fail_memory(ctx, &ctx->results), IGNIS_E_MEMORY);
    assert_int_equal(ignis_context_error(ctx)->code, IGNIS_E_MEMORY);
}

/* ---- results ------------------------------------------------------------------------------------ */

static void results_are_released_to_a_mark_and_by_reset(void **state)
{
    ignis_context *ctx = *state;
    char *kept = arena_copy(&ctx->results, "kept", 4);
    assert_non_null(kept);
    size_t blocks_count = arena_live_blocks();
    for (int i = 0; i < 100; i++) {
        ignis_mark mark = ignis_context_mark(ctx);
        assert_non_null(arena_alloc(&ctx->results, 100000));
        ignis_context_release(ctx, mark);
        assert_int_equal(arena_live_blocks(), blocks_count);
    }
    assert_string_equal(kept, "kept");
    context_fail(ctx, IGNIS_E_STATE, "odd");
    ignis_context_reset(ctx);
    assert_int_equal(ignis_context_error(ctx)->code, IGNIS_OK);
    assert_true(arena_live_blocks() <= blocks_count);
}

static void freeing_nothing_is_nothing(void **state)
{
    (void)state;
    ignis_context_free(NULL);
    arena_fault_at(1);
    assert_null(ignis_context_create());
    arena_fault_at(0);
}

static void the_deadline_is_set_and_taken_away(void **state)
{
    ignis_context *ctx = *state;
    assert_int_equal(ctx->deadline_ms, 0);
    int64_t before_ms = clock_monotonic_ms();
    ignis_context_timeout_set(ctx, 5000);
    int64_t after_ms = clock_monotonic_ms();
    assert_true(ctx->deadline_ms >= before_ms + 5000 && ctx->deadline_ms <= after_ms + 5000);
    ignis_context_timeout_set(ctx, INT64_MAX);
    assert_true(ctx->deadline_ms == INT64_MAX);
    ignis_context_timeout_set(ctx, -5);
    assert_true(ctx->deadline_ms > 0 && ctx->deadline_ms <= clock_monotonic_ms());
    ignis_context_timeout_set(ctx, 0);
    assert_int_equal(ctx->deadline_ms, 0);
}

/* ---- user and values ---------------------------------------------------------------------------- */

static void the_user_is_copied_and_outlives_a_reset(void **state)
{
    ignis_context *ctx = *state;
    assert_null(ctx->user);
    char user[] = "anna";
    assert_int_equal(ignis_context_user_set(ctx, user), IGNIS_OK);
    user[0] = 'x';
    ignis_context_reset(ctx);
    assert_string_equal(ctx->user, "anna");
    assert_int_equal(ignis_context_user_set(ctx, ctx->user), IGNIS_OK);
    assert_string_equal(ctx->user, "anna");
    assert_int_equal(ignis_context_user_set(ctx, ""), IGNIS_OK);
    assert_string_equal(ctx->user, "");
    assert_int_equal(ignis_context_user_set(ctx, NULL), IGNIS_OK);
    assert_null(ctx->user);
    assert_int_equal(ignis_context_user_set(ctx, "bad \xFF"), IGNIS_E_INVALID);
    assert_null(ctx->user);
}

static void values_are_set_replaced_and_removed(void **state)
{
    ignis_context *ctx = *state;
    assert_null(context_value(ctx, "tenant"));
    assert_int_equal(ignis_context_value_set(ctx, "tenant", NULL), IGNIS_OK);
    char name[] = "tenant";
    char value[] = "\"a\"";
    assert_int_equal(ignis_context_value_set(ctx, name, value), IGNIS_OK);
    assert_int_equal(ignis_context_value_set(ctx, "other", " [1, 2] "), IGNIS_OK);
    name[0] = 'x';
    value[1] = 'x';
    ignis_context_reset(ctx);
    assert_string_equal(context_value(ctx, "tenant"), "\"a\"");
    assert_string_equal(context_value(ctx, "other"), " [1, 2] ");
    assert_int_equal(ignis_context_value_set(ctx, "tenant", NULL), IGNIS_OK);
    assert_null(context_value(ctx, "tenant"));
    assert_int_equal(ignis_context_value_set(ctx, "tenant", "null"), IGNIS_OK);
    assert_string_equal(context_value(ctx, "tenant"), "null");
    assert_string_equal(context_value(ctx, "other"), " [1, 2] ");
    assert_null(context_value(ctx, "user"));
}

static void what_is_no_json_is_refused_and_the_value_before_stays(void **state)
{
    static const char *const rows[] = {
        "",    "a",     "{\"a\":1,\"a\":2}", "[1,]", "1 2", "\"\xFF\"", "'a'",
        "NaN", "{a:1}", "\"\\ud800\""};
    ignis_context *ctx = *state;
    assert_int_equal(ignis_context_value_set(ctx, "tenant", "17"), IGNIS_OK);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_int_equal(ignis_context_value_set(ctx, "tenant", rows[i]), IGNIS_E_INVALID);
        assert_int_equal(ignis_context_error(ctx)->code, IGNIS_E_INVALID);
        assert_string_equal(ignis_context_error(ctx)->path, "tenant");
        assert_string_equal(context_value(ctx, "tenant"), "17");
    }
    assert_int_equal(ignis_context_value_set(ctx, "", "1"), IGNIS_E_INVALID);
    assert_int_equal(ignis_context_value_set(ctx, NULL, "1"), IGNIS_E_INVALID);
    assert_int_equal(ignis_context_value_set(ctx, "tenant", "18"), IGNIS_OK);
    assert_int_equal(ignis_context_error(ctx)->code, IGNIS_OK);
}

/* One context for a server's whole life. */
static void setting_again_and_again_does_not_grow(void **state)
{
    ignis_context *ctx = *state;
    size_t total_first = 0;
    for (int i = 0; i < 20000; i++) {
        char value[128];
        snprintf(value, sizeof value, "\"%0*d\"", 1 + i % 100, i % 7);
        assert_int_equal(ignis_context_value_set(ctx, "tenant", value), IGNIS_OK);
        assert_string_equal(context_value(ctx, "tenant"), value);
        assert_int_equal(ignis_context_user_set(ctx, value), IGNIS_OK);
        assert_string_equal(ctx->user, value);
        if (i % 3 == 0) assert_int_equal(ignis_context_user_set(ctx, NULL), IGNIS_OK);
        if (i % 5 == 0) assert_int_equal(ignis_context_value_set(ctx, "tenant", NULL), IGNIS_OK);
        if (i == 200) total_first = ctx->kept.total + ctx->scratch.total;
    }
    assert_int_equal(ctx->kept.total + ctx->scratch.total, total_first);
}

/* Names that come and go, as a server may make one for each request. */
static void names_that_are_removed_leave_nothing_behind(void **state)
{
    ignis_context *ctx = *state;
    size_t total_max = 0;
    assert_int_equal(ignis_context_user_set(ctx, ""), IGNIS_OK);
    assert_int_equal(ignis_context_value_set(ctx, "tenant", "{\"id\": 17}"), IGNIS_OK);
    for (int i = 0; i < 20000; i++) {
        char name[32];
        snprintf(name, sizeof name, "request-%d", i);
        assert_int_equal(ignis_context_value_set(ctx, name, "\"a value\""), IGNIS_OK);
        assert_string_equal(context_value(ctx, name), "\"a value\"");
        assert_int_equal(ignis_context_value_set(ctx, name, NULL), IGNIS_OK);
        assert_null(context_value(ctx, name));
        assert_string_equal(context_value(ctx, "tenant"), "{\"id\": 17}");
        assert_string_equal(ctx->user, "");
        if (i == 100) total_max = 2 * ctx->kept.total;
        if (i > 100) assert_true(ctx->kept.total <= total_max);
    }
    assert_int_equal(ignis_context_user_set(ctx, NULL), IGNIS_OK);
    for (int i = 0; i < 100; i++) {
        char name[32];
        snprintf(name, sizeof name, "other-%d", i);
        assert_int_equal(ignis_context_value_set(ctx, name, "1"), IGNIS_OK);
        assert_null(ctx->user);
    }
    for (int i = 0; i < 100; i++) {
        char name[32];
        snprintf(name, sizeof name, "other-%d", i);
        assert_string_equal(context_value(ctx, name), "1");
    }
}

static ignis_code set_user_and_values(ignis_context *ctx, void *data)
{
    (void)data;
    IGNIS_TRY(ignis_context_user_set(ctx, "anna"));
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof name, "name%d", i);
        IGNIS_TRY(ignis_context_value_set(ctx, name, "{\"a\":[1,2,{\"b\":\"c\"}]}"));
        assert_non_null(context_value(ctx, name));
        if (i % 4 != 0) IGNIS_TRY(ignis_context_value_set(ctx, name, NULL));
    }
    return ignis_context_user_set(ctx,
                                  "a name that is longer than what was kept for the first one");
}

static void no_memory_leaves_the_context_usable(void **state)
{
    (void)state;
    assert_true(fault_run(set_user_and_values, NULL) > 40);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, context_setup, context_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_its_name),
        cmocka_unit_test(the_version_is_that_of_the_header),
        TEST(a_new_context_has_no_error_and_no_null_text),
        TEST(a_failure_replaces_the_one_before),
        TEST(too_long_a_message_is_cut_at_a_character),
        TEST(a_message_is_one_line),
        TEST(bytes_that_are_no_text_are_survived),
        TEST(paths_grow_from_the_end),
        TEST(too_long_a_path_keeps_its_beginning),
        TEST(an_error_survives_being_put_aside),
        cmocka_unit_test(quotes_show_little_and_no_control_characters),
        TEST(refusals_of_memory_have_their_code),
        TEST(results_are_released_to_a_mark_and_by_reset),
        cmocka_unit_test(freeing_nothing_is_nothing),
        TEST(the_deadline_is_set_and_taken_away),
        TEST(the_user_is_copied_and_outlives_a_reset),
        TEST(values_are_set_replaced_and_removed),
        TEST(what_is_no_json_is_refused_and_the_value_before_stays),
        TEST(setting_again_and_again_does_not_grow),
        TEST(names_that_are_removed_leave_nothing_behind),
        cmocka_unit_test(no_memory_leaves_the_context_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
