/* Documents: the text and the order of jsonb. The expectations are what PostgreSQL 15 answers, in a
   database with collation C. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* In ascending order; only 1 and 1.0 are equal. */
static const char *const ordered[] = {"[]",
                                      "null",
                                      "\"\"",
                                      "\"\\n\"",
                                      "\"\\u001f\"",
                                      "\" \"",
                                      "\"\\\"\"",
                                      "\"\\\\\"",
                                      "\"a\"",
                                      "\"aa\"",
                                      "\"ab\"",
                                      "\"b\"",
                                      "\"\xc3\xa9\"",
                                      "\"\xe6\x97\xa5\xe6\x9c\xac\"",
                                      "-10",
                                      "-1",
                                      "-0.5",
                                      "0",
                                      "1",
                                      "1.0",
                                      "1.5",
                                      "9",
                                      "10",
                                      "100000000000000000000",
                                      "false",
                                      "true",
                                      "[null]",
                                      "[\"a\"]",
                                      "[\"z\"]",
                                      "[0]",
                                      "[1]",
                                      "[false]",
                                      "[true]",
                                      "[[]]",
                                      "[{}]",
                                      "[1, 2]",
                                      "[1, []]",
                                      "[2, 1]",
                                      "[[], 1]",
                                      "{}",
                                      "{\"\": 1}",
                                      "{\"a\": 1}",
                                      "{\"a\": 2}",
                                      "{\"a\": []}",
                                      "{\"aa\": 1}",
                                      "{\"b\": 1}",
                                      "{\"a\": 1, \"b\": 1}",
                                      "{\"b\": 1, \"d\": 1}",
                                      "{\"c\": 1, \"aa\": 1}"};

/* No documents, in the order of their bytes. */
static const char *const malformed[] = {
    "",
    " 1",
    "\"",
    "\"\\u0000\"",
    "\"\\u000a\"",
    "\"\\u001F\"",
    "\"\\u0041\"",
    "\"\\",
    "\"\\x\"",
    "+1",
    "-",
    "01",
    "1.",
    "1 ",
    "1e2",
    "[",
    "[1,2]",
    "[1, ",
    "[1, 2",
    "[1, ]",
    "[1]]",
    "nul",
    "nullx",
    "{\"a\":1}",
    "{\"a\": ",
    "{\"a\": 1, \"a\": 2}",
    "{\"a\": 1, }",
    "{\"aa\": 1, \"a\": 1}",
    "{\"b\": 1, \"a\": 1}",
};

static int setup(void **state)
{
    static arena memory;
    memory = (arena){0};
    *state = &memory;
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const json *read(arena *memory, const char *data, size_t size)
{
    const json *value = NULL;
    json_fault fault = {0};
    json_options options = {.depth_max = 1024};
    ignis_code code = json_read(memory, data, size, &options, &value, &fault);
    if (code != IGNIS_OK) fail_msg("%s: %s at %zu", data, fault.message, fault.position);
    return value;
}

static const char *document(arena *memory, const char *data)
{
    text out;
    text_init(&out, memory, 0);
    assert_true(document_write(&out, read(memory, data, strlen(data))));
    return text_finish(&out);
}

/* Each text in memory of exactly its size. */
static int compare(const char *a, const char *b)
{
    size_t a_size = strlen(a);
    size_t b_size = strlen(b);
    char *left = test_malloc(a_size + 1);
    char *right = test_malloc(b_size + 1);
    memcpy(left + 1, a, a_size);
    memcpy(right + 1, b, b_size);
    int order = document_compare(left + 1, a_size, right + 1, b_size);
    test_free(left);
    test_free(right);
    return order;
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static void writes_as_postgres_prints_jsonb(void **state)
{
    static const struct {
        const char *json;
        const char *document;
    } rows[] = {
        {"null", "null"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"[1,[2,{}],\"a\"]", "[1, [2, {}], \"a\"]"},
        {"{\"bb\":1,\"a\":2,\"c\":{\"z\":1,\"y\":2}}",
         "{\"a\": 2, \"c\": {\"y\": 2, \"z\": 1}, \"bb\": 1}"},
        {"{\"\":1,\"\\u00e9\":2,\"zz\":3}", "{\"\": 1, \"zz\": 3, \"\xc3\xa9\": 2}"},
        {"[1e-3,1e2,1.50,-0,-0.0,1E+2]", "[0.001, 100, 1.50, 0, 0.0, 100]"},
        {"12345678901234567890.10", "12345678901234567890.10"},
        {"\"\\u0001\\u001f\\n\\/\\u007f\"", "\"\\u0001\\u001f\\n/\x7f\""},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        assert_string_equal(document(*state, rows[i].json), rows[i].document);
}

static void many_keys_are_sorted(void **state)
{
    text in;
    text expected;
    text_init(&in, *state, 0);
    text_init(&expected, *state, 0);
    for (int i = 0; i < 500; i++) {
        text_format(&in, "%c\"k%d\":%d", i == 0 ? '{' : ',', 499 - i, i);
        text_format(&expected, "%s\"k%d\": %d", i == 0 ? "{" : ", ", i, 499 - i);
    }
    text_char(&in, '}');
    text_char(&expected, '}');
    assert_string_equal(document(*state, text_finish(&in)), text_finish(&expected));
}

static void numbers_beyond_numeric_are_refused(void **state)
{
    static const struct {
        const char *json;
        bool written;
    } rows[] = {
        {"1e131071", true},
        {"1e131072", false},
        {"1e-16383", true},
        {"1e-16384", false},
        {"[{\"a\":1e999999}]", false},
        {"0e131072", true},
        {"1e99999999999999999999", false},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        text out;
        text_init(&out, *state, 0);
        const json *value = read(*state, rows[i].json, strlen(rows[i].json));
        assert_int_equal(document_write(&out, value), rows[i].written);
    }
}

static void a_written_document_is_written_the_same_again(void **state)
{
    for (size_t i = 0; i < ARRAY_COUNT(ordered); i++)
        assert_string_equal(document(*state, ordered[i]), ordered[i]);
}

static void orders_as_postgres_orders_jsonb(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(ordered); i++) {
        for (size_t j = 0; j < ARRAY_COUNT(ordered); j++) {
            bool are_equal = strncmp(ordered[i], "1", 1) == 0 && strncmp(ordered[j], "1", 1) == 0 &&
                             strtod(ordered[i], NULL) == strtod(ordered[j], NULL);
            int expected = are_equal ? 0 : i < j ? -1 : i > j;
            if (compare(ordered[i], ordered[j]) != expected) {
                fail_msg("%s and %s", ordered[i], ordered[j]);
            }
        }
    }
}

/* The empty array is odd only as the whole value. */
static void the_order_holds_at_every_depth(void **state)
{
    (void)state;
    for (size_t i = 1; i < ARRAY_COUNT(ordered); i++) {
        for (size_t j = 1; j < ARRAY_COUNT(ordered); j++) {
            char left[64];
            char right[64];
            snprintf(left, sizeof(left), "[{\"a\": %s}, 1]", ordered[i]);
            snprintf(right, sizeof(right), "[{\"a\": %s}, 0]", ordered[j]);
            int expected = compare(ordered[i], ordered[j]);
            assert_int_equal(compare(left, right), expected == 0 ? 1 : expected);
        }
    }
    assert_int_equal(compare("[[]]", "[true]"), 1);
    assert_int_equal(compare("[[]]", "[[1]]"), -1);
    assert_int_equal(compare("[[]]", "[{}]"), -1);
}

static void the_number_of_elements_counts_first(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"[9, 9]", "[1, 1, 1]"},
        {"[[9, 9], 1]", "[[1, 1, 1], 0]"},
        {"{\"b\": 9}", "{\"a\": 1, \"c\": 1}"},
        {"[{\"b\": [9, \"\\\"]\"]}, 9]", "[{\"a\": 1, \"c\": 1}, 0]"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_int_equal(compare(rows[i][0], rows[i][1]), -1);
        assert_int_equal(compare(rows[i][1], rows[i][0]), 1);
    }
}

static void anything_else_follows_all_documents_by_its_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(malformed); i++) {
        for (size_t j = 0; j < ARRAY_COUNT(ordered); j++) {
            assert_int_equal(compare(malformed[i], ordered[j]), 1);
            assert_int_equal(compare(ordered[j], malformed[i]), -1);
        }
        for (size_t j = 0; j < ARRAY_COUNT(malformed); j++) {
            assert_int_equal(compare(malformed[i], malformed[j]),
                             sign(strcmp(malformed[i], malformed[j])));
        }
    }
    assert_int_equal(document_compare(NULL, 0, NULL, 0), 0);
    assert_int_equal(document_compare(NULL, 0, "1", 1), 1);
}

static void every_prefix_of_a_document_compares(void **state)
{
    (void)state;
    static const char whole[] = "{\"a\": [1.5, \"\\u001f\\\"\", null, true], \"bb\": {}}";
    char prefix[sizeof(whole)];
    for (size_t size = 0; size < sizeof(whole) - 1; size++) {
        memcpy(prefix, whole, size);
        prefix[size] = '\0';
        assert_int_equal(compare(prefix, whole), 1);
        assert_int_equal(compare(whole, prefix), -1);
        assert_int_equal(compare(prefix, "{}"), 1);
    }
}

static void deep_documents_compare_and_deeper_texts_do_no_harm(void **state)
{
    (void)state;
    static char left[200001];
    static char right[200001];
    for (size_t depth = 1024; depth <= 100000; depth = depth == 1024 ? 1025 : depth * 10) {
        if (depth > 1025 && depth < 10000) continue;
        memset(left, '[', depth);
        memset(left + depth, ']', depth);
        memcpy(right, left, 2 * depth);
        right[depth - 1] = '{';
        right[depth] = '}';
        int order = document_compare(left, 2 * depth, right, 2 * depth);
        assert_int_equal(order, -1);
        assert_int_equal(document_compare(left, 2 * depth, "{}", 2), depth == 1024 ? -1 : 1);
    }
}

static void every_refused_allocation_sticks(void **state)
{
    text in;
    text_init(&in, *state, 0);
    for (int i = 0; i < 200; i++)
        text_format(&in, "%c\"%d\":[1e%d]", i == 0 ? '{' : ',', 200 - i, i);
    text_char(&in, '}');
    const json *value = read(*state, text_finish(&in), in.size);
    ignis_code code = IGNIS_E_MEMORY;
    uint64_t failed = 0;
    for (uint64_t n = 1; code != IGNIS_OK; n++) {
        text out;
        text_init(&out, *state, 0);
        arena_fault_at(n);
        assert_true(document_write(&out, value));
        const char *data = text_finish(&out);
        arena_fault_at(0);
        code = out.code;
        assert_int_equal(data == NULL, code != IGNIS_OK);
        failed += code == IGNIS_E_MEMORY;
    }
    assert_true(failed > 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(writes_as_postgres_prints_jsonb),
        TEST(many_keys_are_sorted),
        TEST(numbers_beyond_numeric_are_refused),
        TEST(a_written_document_is_written_the_same_again),
        TEST(orders_as_postgres_orders_jsonb),
        TEST(the_order_holds_at_every_depth),
        TEST(the_number_of_elements_counts_first),
        TEST(anything_else_follows_all_documents_by_its_bytes),
        TEST(every_prefix_of_a_document_compares),
        TEST(deep_documents_compare_and_deeper_texts_do_no_harm),
        TEST(every_refused_allocation_sticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
