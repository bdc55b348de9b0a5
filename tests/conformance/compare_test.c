#include "support/compare.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>

/* As a case file is read: members called raw_name stay unread. */
static const json *value_read(arena *memory, const char *data, const char *raw_name)
{
    const json *value = NULL;
    json_fault fault = {0};
    json_options options = {.raw_name = raw_name};
    if (json_read(memory, data, strlen(data), &options, &value, &fault) != IGNIS_OK)
        fail_msg("%s: %s", data, fault.message ? fault.message : "no memory");
    return value;
}

static bool texts_match(compare *rules, const char *expected, const char *got)
{
    return compare_values(rules, value_read(rules->memory, expected, "arguments"),
                          value_read(rules->memory, got, NULL));
}

typedef struct pair {
    const char *expected;
    const char *got;
    const char *unordered; /* NULL: none */
} pair;

static void pairs_check(const pair *pairs, size_t count, bool equal)
{
    for (size_t i = 0; i < count; i++) {
        arena memory = {0};
        compare rules = {.memory = &memory};
        if (pairs[i].unordered) rules.unordered = value_read(&memory, pairs[i].unordered, NULL);
        if (texts_match(&rules, pairs[i].expected, pairs[i].got) != equal)
            fail_msg("%s and %s: %s", pairs[i].expected, pairs[i].got,
                     equal ? rules.difference : "should differ");
        if (!equal) assert_string_not_equal(rules.difference, "");
        arena_free(&memory);
    }
}

static void equal_values_match(void **state)
{
    (void)state;
    static const pair pairs[] = {
        {"null", "null", NULL},
        {"true", "true", NULL},
        {"\"a\\u00e9\"", "\"a\xc3\xa9\"", NULL},
        {"[]", "[]", NULL},
        {"{}", "{}", NULL},
        {"{\"a\": 1, \"b\": [2]}", "{\"b\": [2], \"a\": 1}", NULL},
        {"{\"arguments\": {\"a\": 1}}", "{\"arguments\": {\"a\": 1}}", NULL},
    };
    pairs_check(pairs, ARRAY_COUNT(pairs), true);
}

static void different_values_differ(void **state)
{
    (void)state;
    static const pair pairs[] = {
        {"null", "false", NULL},
        {"true", "false", NULL},
        {"\"a\"", "\"b\"", NULL},
        {"\"a\"", "\"aa\"", NULL},
        {"\"1\"", "1", NULL},
        {"1", "\"1\"", NULL},
        {"[]", "{}", NULL},
        {"[1, 2]", "[2, 1]", NULL},
        {"[1]", "[1, 1]", NULL},
        {"[]", "null", NULL},
        {"{\"a\": 1}", "{}", NULL},
        {"{\"a\": null}", "{}", NULL},
        {"{}", "{\"a\": null}", NULL},
        {"{\"a\": 1}", "{\"b\": 1}", NULL},
        {"{\"arguments\": 1}", "{\"arguments\": 2}", NULL},
    };
    pairs_check(pairs, ARRAY_COUNT(pairs), false);
}

static void numbers_of_one_value_match(void **state)
{
    (void)state;
    static const pair pairs[] = {
        {"1", "1.0", NULL},
        {"1.0", "1", NULL},
        {"-0", "0", NULL},
        {"0.10", "0.1", NULL},
        {"1e21", "1000000000000000000000", NULL},
        {"1e+30", "1000000000000000000000000000000", NULL},
        {"1e-07", "0.0000001", NULL},
        {"9007199254740993", "9007199254740993", NULL},
        {"9223372036854775807", "9223372036854775807", NULL},
        {"12345678901234567890123.5", "12345678901234567890123.50", NULL},
    };
    pairs_check(pairs, ARRAY_COUNT(pairs), true);
}

static void numbers_of_another_value_differ(void **state)
{
    (void)state;
    static const pair pairs[] = {
        {"1", "2", NULL},
        {"1", "1.0000000000000000001", NULL},
        {"9007199254740992", "9007199254740993", NULL},
        {"9007199254740993", "9007199254740992", NULL},
        {"9223372036854775807", "9223372036854775808", NULL},
        {"0.1", "0.10000000149011612", NULL},
        {"1e400", "1e401", NULL},
    };
    pairs_check(pairs, ARRAY_COUNT(pairs), false);
}

/* JavaScript wrote the left side, from a double. */
static void digits_that_a_double_lost_are_not_asked_for(void **state)
{
    (void)state;
    static const pair pairs[] = {
        {"12345678901234567000", "12345678901234567890", NULL},
        {"12345678901234567000", "12345678901234567168", NULL},
        {"1.2345678901234567e+30", "1234567890123456700000000000001", NULL},
        {"0.1", "0.1000000000000000055511151231257827", NULL},
    };
    pairs_check(pairs, ARRAY_COUNT(pairs), true);
}

/* No printer of doubles writes the left side. */
static void digits_that_no_double_has_are_asked_for(void **state)
{
    (void)state;
    static const pair pairs[] = {
        {"12345678901234567890", "12345678901234567000", NULL},
        {"0.1000000000000000055511151231257827", "0.1", NULL},
    };
    pairs_check(pairs, ARRAY_COUNT(pairs), false);
}

static void any_matches_what_is_there(void **state)
{
    (void)state;
    static const pair there[] = {
        {"\"<any>\"", "1", NULL},
        {"\"<any>\"", "null", NULL},
        {"{\"a\": \"<any>\"}", "{\"a\": [1, {}]}", NULL},
    };
    static const pair absent[] = {{"{\"a\": \"<any>\"}", "{}", NULL}};
    pairs_check(there, ARRAY_COUNT(there), true);
    pairs_check(absent, ARRAY_COUNT(absent), false);
}

static void unordered_paths_are_multisets(void **state)
{
    (void)state;
    static const pair pairs[] = {
        {"[1, 2, 2]", "[2, 1, 2]", "[\"\"]"},
        {"{\"data\": [1, 2]}", "{\"data\": [2, 1]}", "[\"data\"]"},
        {"[{\"posts\": [{\"comments\": [1, 2]}, {\"comments\": [3, 4]}]}]",
         "[{\"posts\": [{\"comments\": [2, 1]}, {\"comments\": [4, 3]}]}]", "[\"posts.comments\"]"},
        {"[{\"a\": [1, 2]}, {\"a\": [3, 4]}]", "[{\"a\": [4, 3]}, {\"a\": [2, 1]}]",
         "[\"\", \"a\"]"},
        {"[]", "[]", "[\"\"]"},
        {"null", "null", "[\"comments\"]"},
    };
    pairs_check(pairs, ARRAY_COUNT(pairs), true);
}

static void multisets_and_other_paths_still_differ(void **state)
{
    (void)state;
    static const pair pairs[] = {
        {"[1, 2, 2]", "[1, 1, 2]", "[\"\"]"},
        {"[1, 2]", "[1]", "[\"\"]"},
        {"{\"data\": [1, 2]}", "{\"data\": [2, 1]}", "[\"\"]"},
        {"{\"xdata\": [1, 2]}", "{\"xdata\": [2, 1]}", "[\"data\"]"},
        {"{\"x\": {\"data\": [1, 2]}}", "{\"x\": {\"data\": [2, 1]}}", "[\"data\"]"},
        {"{\"data\": [1, 2]}", "{\"data\": [2, 1]}", "[\"x.data\"]"},
        {"[{\"posts\": [{\"comments\": [1, 2]}]}]", "[{\"posts\": [{\"comments\": [2, 1]}]}]",
         "[\"posts\"]"},
    };
    pairs_check(pairs, ARRAY_COUNT(pairs), false);
}

/* The first fit takes the only partner of a later element. */
static void any_in_a_multiset_gives_way(void **state)
{
    (void)state;
    static const pair pairs[] = {
        {"[{\"a\": \"<any>\"}, {\"a\": 1}]", "[{\"a\": 1}, {\"a\": 2}]", "[\"\"]"},
        {"[[\"<any>\", 1], [2, \"<any>\"], [2, 1]]", "[[2, 1], [2, 5], [7, 1]]", "[\"\"]"},
    };
    pairs_check(pairs, ARRAY_COUNT(pairs), true);
    static const pair too_few[] = {
        {"[{\"a\": \"<any>\"}, {\"a\": 1}]", "[{\"a\": 2}, {\"a\": 2}]", "[\"\"]"}};
    pairs_check(too_few, ARRAY_COUNT(too_few), false);
}

static void a_long_reversed_multiset_matches(void **state)
{
    (void)state;
    arena memory = {0};
    text expected;
    text got;
    text_init(&expected, &memory, 0);
    text_init(&got, &memory, 0);
    enum { COUNT = 1000 };
    for (int i = 0; i < COUNT; i++) {
        text_format(&expected, "%c%d", i == 0 ? '[' : ',', i);
        text_format(&got, "%c%d", i == 0 ? '[' : ',', COUNT - 1 - i);
    }
    text_char(&expected, ']');
    text_char(&got, ']');
    compare rules = {.memory = &memory, .unordered = value_read(&memory, "[\"\"]", NULL)};
    assert_true(texts_match(&rules, text_finish(&expected), text_finish(&got)));
    arena_free(&memory);
}

typedef struct place_row {
    const char *expected;
    const char *got;
    const char *place;
} place_row;

static void the_place_of_the_first_difference_is_told(void **state)
{
    (void)state;
    static const place_row rows[] = {
        {"1", "2", ""},
        {"[1, 2]", "[1, 3]", "[1]"},
        {"{\"data\": [{\"title\": \"a\"}]}", "{\"data\": [{\"title\": \"b\"}]}", "data[0].title"},
        {"[{}]", "[{\"x\": 1}]", "[0].x"},
        {"{\"a\": {\"b\": 1}}", "{\"a\": {}}", "a.b"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        arena memory = {0};
        compare rules = {.memory = &memory};
        assert_false(texts_match(&rules, rows[i].expected, rows[i].got));
        assert_string_equal(rules.place, rows[i].place);
        arena_free(&memory);
    }
}

static void a_long_place_is_cut(void **state)
{
    (void)state;
    arena memory = {0};
    text expected;
    text_init(&expected, &memory, 0);
    text_string(&expected, "{\"");
    for (int i = 0; i < 2 * COMPARE_PLACE_MAX; i++)
        text_char(&expected, 'a');
    text_string(&expected, "\": {\"b\": 1}}");
    compare rules = {.memory = &memory};
    assert_false(texts_match(&rules, text_finish(&expected), "{}"));
    assert_int_equal(strlen(rules.place), COMPARE_PLACE_MAX - 1);
    arena_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_values_match),
        cmocka_unit_test(different_values_differ),
        cmocka_unit_test(numbers_of_one_value_match),
        cmocka_unit_test(numbers_of_another_value_differ),
        cmocka_unit_test(digits_that_a_double_lost_are_not_asked_for),
        cmocka_unit_test(digits_that_no_double_has_are_asked_for),
        cmocka_unit_test(any_matches_what_is_there),
        cmocka_unit_test(unordered_paths_are_multisets),
        cmocka_unit_test(multisets_and_other_paths_still_differ),
        cmocka_unit_test(any_in_a_multiset_gives_way),
        cmocka_unit_test(a_long_reversed_multiset_matches),
        cmocka_unit_test(the_place_of_the_first_difference_is_told),
        cmocka_unit_test(a_long_place_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
