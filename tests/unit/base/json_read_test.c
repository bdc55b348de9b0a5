/* The JSON reader: what it takes, what it refuses and where, what the tree holds. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Of jansson, whose header cannot be read next to base.h: both have JSON_OBJECT and json_string. */
struct json_t;
struct json_t *json_loadb(const char *data, size_t size, size_t flags, void *error);
void json_delete(struct json_t *value);
enum { JANSSON_REJECT_DUPLICATES = 1, JANSSON_DECODE_ANY = 4 };

static const char sample[] =
    "{\"where\": {\"and\": [{\"age\": {\"gte\": 18, \"lt\": 65.5}}, {\"name\": \"J\\u00fcrgen "
    "\\ud834"
    "\\udd1e\"}, {\"ok\": true, \"no\": false, \"nil\": null}]}, \"limit\": -9223372036854775808,\n"
    "\t\"\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e and a longer run of plain text\": [[], {}, \"\", "
    "1e-7]}";

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

static const json *read_with(arena *memory, const char *data, size_t size,
                             const json_options *options)
{
    const json *value = NULL;
    json_fault fault = {0};
    ignis_code code = json_read(memory, data, size, options, &value, &fault);
    if (code != IGNIS_OK) fail_msg("%s at %zu", fault.message, fault.position);
    return value;
}

static const json *read(arena *memory, const char *data)
{
    return read_with(memory, data, strlen(data), NULL);
}

static const char *written(arena *memory, const json *value)
{
    text out;
    text_init(&out, memory, 0);
    json_write_value(&out, value);
    return text_finish(&out);
}

static void reads_and_writes_back(void **state)
{
    static const struct {
        const char *text;
        const char *compact;
    } rows[] = {
        {"null", "null"},
        {" true ", "true"},
        {"\tfalse\r\n", "false"},
        {"0", "0"},
        {"-0", "-0"},
        {"1.50", "1.50"},
        {"1E+5", "1E+5"},
        {"\"\"", "\"\""},
        {"[]", "[]"},
        {"[ ]", "[]"},
        {"{ }", "{}"},
        {"[ 1 , [ 2 , { \"a\" : 3 } ] ]", "[1,[2,{\"a\":3}]]"},
        {"\"\\u0061\\/\\\"\\\\\\b\\f\\n\\r\\t\"", "\"a/\\\"\\\\\\b\\f\\n\\r\\t\""},
        {"\"\\u00e9\\u20AC\\ud834\\udd1e\"", "\"\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e\""},
        {"\"\\ufeff\\uffff\\u0080\\u07ff\\u0800\"",
         "\"\xef\xbb\xbf\xef\xbf\xbf\xc2\x80\xdf\xbf\xe0\xa0\x80\""},
        {"\"\x7f\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"",
         "\"\x7f\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\""},
        {"{\"\":1,\"a\":2,\"A\":3}", "{\"\":1,\"a\":2,\"A\":3}"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        assert_string_equal(written(*state, read(*state, rows[i].text)), rows[i].compact);
}

static void refuses_with_message_and_position(void **state)
{
    static const struct {
        const char *text;
        const char *message;
        size_t position;
    } rows[] = {
        {"", "an empty text", 0},
        {" \n", "an empty text", 2},
        {"\xef\xbb\xbf"
         "1",
         "a byte order mark", 0},
        {"1 2", "trailing text", 2},
        {"{}]", "trailing text", 2},
        {"truex", "trailing text", 4},
        {"tru", "an unexpected end", 3},
        {"trve", "an unexpected character", 2},
        {"[1,]", "an unexpected character", 3},
        {"[1 2]", "an unexpected character", 3},
        {"[", "an unexpected end", 1},
        {"[1", "an unexpected end", 2},
        {"[1}", "an unexpected character", 2},
        {"{\"a\":1,}", "an unexpected character", 7},
        {"{\"a\" 1}", "an unexpected character", 5},
        {"{\"a\":}", "an unexpected character", 5},
        {"{a:1}", "an unexpected character", 1},
        {"{1:1}", "an unexpected character", 1},
        {"{\"a\":", "an unexpected end", 5},
        {"'a'", "an unexpected character", 0},
        {"//", "an unexpected character", 0},
        {"NaN", "an unexpected character", 0},
        {"+1", "an unexpected character", 0},
        {".5", "an unexpected character", 0},
        {"01", "an unexpected character", 1},
        {"-01", "an unexpected character", 2},
        {"-", "an unexpected end", 1},
        {"-a", "an unexpected character", 1},
        {"1.", "an unexpected end", 2},
        {"[1.]", "an unexpected character", 3},
        {"1e", "an unexpected end", 2},
        {"1e+", "an unexpected end", 3},
        {"[1ex]", "an unexpected character", 3},
        {"\"a", "an unexpected end", 2},
        {"\"\\", "an unexpected end", 2},
        {"\"\\\"", "an unexpected end", 3},
        {"\"a\\x\"", "an invalid escape", 2},
        {"\"a\\u12\"", "an invalid escape", 2},
        {"\"a\\u12g4\"", "an invalid escape", 2},
        {"\"a\\u0000\"", "a NUL character", 2},
        {"{\"\\u0000\":1}", "a NUL character", 2},
        {"\"\\ud800\"", "a lone surrogate", 1},
        {"\"\\ud800\\u0041\"", "a lone surrogate", 1},
        {"\"\\ud800\\ud800\"", "a lone surrogate", 1},
        {"\"ab\\udc00\"", "a lone surrogate", 3},
        {"\"a\nb\"", "a control character", 2},
        {"\"0123456789abcdef\x1f\"", "a control character", 17},
        {"\"a\x80\"", "invalid UTF-8", 2},
        {"\"\xc0\xaf\"", "invalid UTF-8", 1},
        {"\"\xc3\xa9\xc3\"", "invalid UTF-8", 3},
        {"\"\xe0\x9f\xbf\"", "invalid UTF-8", 1},
        {"\"\xed\xa0\x80\"", "invalid UTF-8", 1},
        {"\"\xf0\x8f\xbf\xbf\"", "invalid UTF-8", 1},
        {"\"\xf4\x90\x80\x80\"", "invalid UTF-8", 1},
        {"\"\xf5\x80\x80\x80\"", "invalid UTF-8", 1},
        {"\"\xe2\x82", "invalid UTF-8", 1},
        {"{\"a\":1,\"b\":2,\"a\":3}", "a duplicate key", 13},
        {"{\"a\":1, \"\\u0061\":3}", "a duplicate key", 8},
        {"[{\"x\":{\"\":1,\"\":2}}]", "a duplicate key", 12},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const json *value = NULL;
        json_fault fault = {0};
        ignis_code code =
            json_read(*state, rows[i].text, strlen(rows[i].text), NULL, &value, &fault);
        assert_int_equal(code, IGNIS_E_INVALID);
        assert_null(value);
        assert_string_equal(fault.message, rows[i].message);
        assert_int_equal(fault.position, rows[i].position);
    }
}

static void refuses_a_nul_byte_in_a_string(void **state)
{
    const json *value;
    json_fault fault;
    assert_int_equal(json_read(*state, "\"a\0b\"", 5, NULL, &value, &fault), IGNIS_E_INVALID);
    assert_string_equal(fault.message, "a NUL character");
    assert_int_equal(fault.position, 2);
}

static void integers_are_exact_to_64_bits(void **state)
{
    static const struct {
        const char *text;
        json_kind kind;
        int64_t integer;
    } rows[] = {
        {"0", JSON_INTEGER, 0},
        {"-0", JSON_INTEGER, 0},
        {"9223372036854775807", JSON_INTEGER, INT64_MAX},
        {"-9223372036854775808", JSON_INTEGER, INT64_MIN},
        {"9223372036854775808", JSON_NUMBER, 0},
        {"-9223372036854775809", JSON_NUMBER, 0},
        {"18446744073709551617", JSON_NUMBER, 0},
        {"100000000000000000000", JSON_NUMBER, 0},
        {"1.0", JSON_NUMBER, 0},
        {"1e2", JSON_NUMBER, 0},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const json *value = read(*state, rows[i].text);
        assert_int_equal(value->kind, rows[i].kind);
        assert_string_equal(value->as.text, rows[i].text);
        assert_int_equal(value->count, strlen(rows[i].text));
        if (value->kind == JSON_INTEGER) assert_true(value->integer == rows[i].integer);
    }
}

/* The text of each value, read alone, gives the same value. */
static void check_positions(arena *memory, const char *data, const json *value)
{
    const json *alone = read_with(memory, data + value->position, value->raw_size, NULL);
    assert_int_equal(alone->raw_size, value->raw_size);
    assert_string_equal(written(memory, alone), written(memory, value));
    for (size_t i = 0; i < value->count && value->kind == JSON_ARRAY; i++)
        check_positions(memory, data, &value->as.items[i]);
    for (size_t i = 0; i < value->count && value->kind == JSON_OBJECT; i++)
        check_positions(memory, data, &value->as.members[i].value);
}

static void every_value_knows_its_text(void **state)
{
    check_positions(*state, sample, read(*state, sample));
}

static void the_tree_does_not_point_into_the_text(void **state)
{
    size_t size = sizeof(sample) - 1;
    char *copy = test_malloc(size);
    memcpy(copy, sample, size);
    const json *value = read_with(*state, copy, size, NULL);
    memset(copy, 'x', size);
    test_free(copy);
    assert_string_equal(written(*state, value), written(*state, read(*state, sample)));
}

static void every_prefix_is_refused_at_its_end_or_before(void **state)
{
    for (size_t size = 0; size < sizeof(sample) - 1; size++) {
        char *copy = test_malloc(size + 1);
        memcpy(copy + 1, sample, size);
        const json *value;
        json_fault fault;
        assert_int_equal(json_read(*state, copy + 1, size, NULL, &value, &fault), IGNIS_E_INVALID);
        assert_true(fault.position <= size);
        test_free(copy);
    }
}

static bool jansson_accepts(const char *data, size_t size)
{
    struct json_t *value =
        json_loadb(data, size, JANSSON_REJECT_DUPLICATES | JANSSON_DECODE_ANY, NULL);
    if (value != NULL) json_delete(value);
    return value != NULL;
}

static void agrees_with_another_reader_on_every_changed_byte(void **state)
{
    /* Not NUL: jansson overlooks one after a number. */
    static const char bytes[] = "\"\\{}[],:0-.etu d\n\x01\x80\xc3\xff";
    char copy[sizeof(sample)];
    size_t accepted = 0;
    for (size_t at = 0; at < sizeof(sample) - 1; at++) {
        for (size_t i = 0; i < sizeof(bytes) - 1; i++) {
            memcpy(copy, sample, sizeof(sample));
            copy[at] = bytes[i];
            const json *value;
            json_fault fault;
            bool ours = json_read(*state, copy, sizeof(sample) - 1, NULL, &value, &fault) == 0;
            /* Jansson refuses integers beyond 64 bits; the limit is the only one here. */
            if (ours && json_get(value, "limit") != NULL &&
                json_get(value, "limit")->kind == JSON_NUMBER) {
                continue;
            }
            bool theirs = jansson_accepts(copy, sizeof(sample) - 1);
            if (ours != theirs) fail_msg("byte %zu as %02x", at, (unsigned char)bytes[i]);
            accepted += ours;
        }
        arena_reset(*state);
    }
    assert_true(accepted > 100);
}

static void nesting_is_bounded(void **state)
{
    static const struct {
        uint32_t depth_max;
        size_t allowed;
    } rows[] = {{0, 128}, {1, 1}, {5, 5}, {1024, 1024}, {5000, 1024}};
    char data[2 * 1025 + 1];
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        json_options options = {.depth_max = rows[i].depth_max};
        for (size_t depth = rows[i].allowed; depth <= rows[i].allowed + 1; depth++) {
            memset(data, '[', depth);
            memset(data + depth, ']', depth);
            const json *value;
            json_fault fault;
            ignis_code code = json_read(*state, data, depth * 2, &options, &value, &fault);
            if (depth == rows[i].allowed) {
                assert_int_equal(code, IGNIS_OK);
            } else {
                assert_int_equal(code, IGNIS_E_LIMIT);
                assert_string_equal(fault.message, "nested too deeply");
                assert_int_equal(fault.position, rows[i].allowed);
            }
        }
    }
}

static void siblings_do_not_nest(void **state)
{
    json_options options = {.depth_max = 2};
    read_with(*state, "[[],[],{},{\"a\":1},[2]]", 22, &options);
}

static void size_is_bounded(void **state)
{
    json_options options = {.size_max = 4};
    const json *value;
    json_fault fault;
    assert_int_equal(json_read(*state, "1234", 4, &options, &value, &fault), IGNIS_OK);
    assert_int_equal(json_read(*state, "12345", 5, &options, &value, &fault), IGNIS_E_LIMIT);
    assert_string_equal(fault.message, "too long");
    assert_int_equal(fault.position, 4);
}

static void large_objects_keep_order_and_refuse_duplicates(void **state)
{
    enum { NAMES = 3000 };
    text out;
    text_init(&out, *state, 0);
    text_char(&out, '{');
    for (int i = 0; i < NAMES; i++)
        text_format(&out, "%s\"name%d\":{\"x\":%d}", i == 0 ? "" : ",", i, i);
    size_t position = out.size + 1;
    text_string(&out, ",\"name1234\":0}");
    const char *data = text_finish(&out);
    assert_non_null(data);

    const json *value = NULL;
    json_fault fault;
    assert_int_equal(json_read(*state, data, out.size, NULL, &value, &fault), IGNIS_E_INVALID);
    assert_string_equal(fault.message, "a duplicate key");
    assert_int_equal(fault.position, position);

    out.data[position + 1] = 'N';
    value = read_with(*state, data, out.size, NULL);
    assert_int_equal(value->count, NAMES + 1);
    assert_string_equal(value->as.members[2999].name, "name2999");
    assert_int_equal(json_get(json_get(value, "name2999"), "x")->integer, 2999);
}

static void a_raw_member_stays_unread(void **state)
{
    static const struct {
        const char *text;
        const char *raw;
    } rows[] = {
        {"{\"raw\": {\"a\":\"\\u0000]\\\"}\", \"a\":[1,}} , \"b\":1}",
         "{\"a\":\"\\u0000]\\\"}\", \"a\":[1,}}"},
        {"{\"raw\":[[[{\"a\" : 1}]]]}", "[[[{\"a\" : 1}]]]"},
        {"{\"raw\":\"\\ud800\\\\\"}", "\"\\ud800\\\\\""},
        {"{\"raw\":01e }", "01e"},
        {"{\"raw\":null}", "null"},
        {"{\"raw\":[]}", "[]"},
    };
    json_options options = {.raw_name = "raw"};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const json *object = read_with(*state, rows[i].text, strlen(rows[i].text), &options);
        const json *value = json_get(object, "raw");
        assert_int_equal(value->kind, JSON_RAW);
        assert_string_equal(value->as.text, rows[i].raw);
        assert_int_equal(value->count, strlen(rows[i].raw));
        assert_int_equal(value->raw_size, strlen(rows[i].raw));
        assert_memory_equal(rows[i].text + value->position, rows[i].raw, value->raw_size);
    }
}

static void a_raw_member_ends_properly(void **state)
{
    static const struct {
        const char *text;
        size_t position;
    } rows[] = {
        {"{\"raw\":", 7},          {"{\"raw\":}", 7},         {"{\"raw\":,\"a\":1}", 7},
        {"{\"raw\":[{\"a\"]", 13}, {"{\"raw\":\"a\\\"}", 12}, {"{\"raw\":]}", 7},
        {"{\"raw\":1 2}", 9},      {"{\"raw\":[1]", 10},
    };
    json_options options = {.raw_name = "raw"};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const json *value;
        json_fault fault;
        ignis_code code =
            json_read(*state, rows[i].text, strlen(rows[i].text), &options, &value, &fault);
        assert_int_equal(code, IGNIS_E_INVALID);
        assert_int_equal(fault.position, rows[i].position);
    }
}

static void get_finds_members_of_objects_only(void **state)
{
    const json *value = read(*state, "{\"a\":1,\"ab\":2,\"\":3}");
    assert_int_equal(json_get(value, "ab")->integer, 2);
    assert_int_equal(json_get(value, "")->integer, 3);
    assert_null(json_get(value, "abc"));
    assert_null(json_get(read(*state, "[1]"), "a"));
    assert_null(json_get(read(*state, "\"a\""), "a"));
}

static void kinds_have_names(void **state)
{
    static const char *const rows[][2] = {
        {"null", "null"},      {"true", "a boolean"}, {"1", "a number"},   {"1.5", "a number"},
        {"\"a\"", "a string"}, {"[]", "a list"},      {"{}", "an object"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        assert_string_equal(json_kind_name(read(*state, rows[i][0])), rows[i][1]);
}

static void every_refused_allocation_is_an_error(void **state)
{
    text out;
    text_init(&out, *state, 0);
    text_char(&out, '{');
    for (int i = 0; i < 100; i++)
        text_format(&out, "\"%d\":[{}],", i);
    text_string(&out, "\"\":0}");
    const char *data = text_finish(&out);
    const json *value = NULL;
    json_fault fault = {0};
    ignis_code code = IGNIS_E_MEMORY;
    uint64_t failed = 0;
    for (uint64_t n = 1; code != IGNIS_OK; n++) {
        arena_fault_at(n);
        code = json_read(*state, data, out.size, NULL, &value, &fault);
        arena_fault_at(0);
        failed += code == IGNIS_E_MEMORY;
        assert_true(code == IGNIS_OK || code == IGNIS_E_MEMORY);
        assert_null(fault.message);
    }
    assert_true(failed > 200);
}

static void the_limit_of_the_arena_holds_for_scratch_too(void **state)
{
    (void)state;
    char data[20001];
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = i % 2 == 0 ? ',' : '1';
    data[0] = '[';
    data[sizeof(data) - 1] = ']';
    arena memory = {.total_max = 100000};
    const json *value;
    json_fault fault;
    assert_int_equal(json_read(&memory, data, sizeof(data), NULL, &value, &fault), IGNIS_E_LIMIT);
    assert_int_equal(arena_code(&memory), IGNIS_E_LIMIT);
    arena_free(&memory);
}

static void reports_through_a_context(void **state)
{
    (void)state;
    ignis_context *ctx = ignis_context_create();
    assert_non_null(ctx);
    const json *value;
    json_options options = {.depth_max = 1};
    assert_int_equal(json_read_context(ctx, &ctx->scratch, "[1", 2, NULL, &value), IGNIS_E_INVALID);
    assert_string_equal(ctx->error.message, "invalid JSON text: an unexpected end at byte 2");
    assert_int_equal(ctx->error.position, 2);
    assert_string_equal(ctx->error.path, "");
    assert_int_equal(json_read_context(ctx, &ctx->scratch, "[[]]", 4, &options, &value),
                     IGNIS_E_LIMIT);
    assert_string_equal(ctx->error.message, "JSON text is nested too deeply at byte 1");
    assert_int_equal(json_read_context(ctx, &ctx->scratch, "[1]", 3, NULL, &value), IGNIS_OK);
    assert_int_equal(value->count, 1);
    ignis_context_free(ctx);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_and_writes_back),
        TEST(refuses_with_message_and_position),
        TEST(refuses_a_nul_byte_in_a_string),
        TEST(integers_are_exact_to_64_bits),
        TEST(every_value_knows_its_text),
        TEST(the_tree_does_not_point_into_the_text),
        TEST(every_prefix_is_refused_at_its_end_or_before),
        TEST(agrees_with_another_reader_on_every_changed_byte),
        TEST(nesting_is_bounded),
        TEST(siblings_do_not_nest),
        TEST(size_is_bounded),
        TEST(large_objects_keep_order_and_refuse_duplicates),
        TEST(a_raw_member_stays_unread),
        TEST(a_raw_member_ends_properly),
        TEST(get_finds_members_of_objects_only),
        TEST(kinds_have_names),
        TEST(every_refused_allocation_is_an_error),
        TEST(the_limit_of_the_arena_holds_for_scratch_too),
        TEST(reports_through_a_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
