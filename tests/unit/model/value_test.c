/* value: what PostgreSQL 15 reads from the text of a value is what comes out. */
#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static ignis_context *context;

static int set_up(void **state)
{
    (void)state;
    context = ignis_context_create();
    return context ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    ignis_context_free(context);
    return 0;
}

static const json *read_json(const char *input)
{
    const json *value = NULL;
    assert_int_equal(
        json_read_context(context, &context->results, input, strlen(input), NULL, &value),
        IGNIS_OK);
    return value;
}

static void show_cell(text *out, const ignis_cell *cell)
{
    switch (cell->kind) {
    case IGNIS_CELL_NULL: text_string(out, "null"); break;
    case IGNIS_CELL_INTEGER: text_integer(out, cell->as.integer); break;
    case IGNIS_CELL_REAL: text_format(out, "%.17g", cell->as.real); break;
    case IGNIS_CELL_TEXT: text_format(out, "'%.*s'", (int)cell->size, cell->as.text); break;
    case IGNIS_CELL_BYTES:
        text_string(out, "x");
        for (size_t i = 0; i < cell->size; i++) {
            text_format(out, "%02x", (unsigned)(unsigned char)cell->as.text[i]);
        }
        break;
    case IGNIS_CELL_LIST:
        text_string(out, "[");
        for (size_t i = 0; i < cell->size; i++) {
            if (i > 0) text_string(out, " ");
            show_cell(out, &cell->as.items[i]);
        }
        text_string(out, "]");
        break;
    }
}

/* The cell as text, or "path: message" of the refusal. */
static const char *read_value(const model_column *column, const char *input, model_value_use use)
{
    ignis_cell cell;
    text out;
    text_init(&out, &context->results, 0);
    if (model_value_read(context, &context->results, column, read_json(input), use, &cell) ==
        IGNIS_OK) {
        show_cell(&out, &cell);
    } else {
        const ignis_error *error = ignis_context_error(context);
        assert_int_equal(error->code, IGNIS_E_INVALID);
        text_format(&out, "%s: %s", error->path, error->message);
    }
    return text_finish(&out);
}

typedef struct value_case {
    ignis_type type;
    const char *input;
    const char *output;
} value_case;

static void check(const value_case *cases, size_t count, const model_column *like,
                  model_value_use use)
{
    for (size_t i = 0; i < count; i++) {
        model_column column = *like;
        column.type.type = cases[i].type;
        assert_string_equal(read_value(&column, cases[i].input, use), cases[i].output);
    }
    ignis_context_reset(context);
}

#define CHECK(cases, like, use) check(cases, ARRAY_COUNT(cases), like, use)

static const model_column plain = {.name = "value"};
static const model_column list = {.name = "values", .type.array = true};

static void booleans_read_as_postgres_reads_them(void **state)
{
    static const value_case cases[] = {
        {IGNIS_TYPE_BOOLEAN, "true", "1"},
        {IGNIS_TYPE_BOOLEAN, "false", "0"},
        {IGNIS_TYPE_BOOLEAN, "1", "1"},
        {IGNIS_TYPE_BOOLEAN, "0", "0"},
        {IGNIS_TYPE_BOOLEAN, "1.0", "1"},
        {IGNIS_TYPE_BOOLEAN, "-0", "0"},
        {IGNIS_TYPE_BOOLEAN, "\"yes\"", "1"},
        {IGNIS_TYPE_BOOLEAN, "\"t\"", "1"},
        {IGNIS_TYPE_BOOLEAN, "\" TrUe \"", "1"},
        {IGNIS_TYPE_BOOLEAN, "\"\\tyE\\n\"", "1"},
        {IGNIS_TYPE_BOOLEAN, "\"on\"", "1"},
        {IGNIS_TYPE_BOOLEAN, "\"of\"", "0"},
        {IGNIS_TYPE_BOOLEAN, "\"N\"", "0"},
        {IGNIS_TYPE_BOOLEAN, "\"0\"", "0"},
        {IGNIS_TYPE_BOOLEAN, "null", "null"},
        {IGNIS_TYPE_BOOLEAN, "\"o\"", ": expected a boolean, got \"o\""},
        {IGNIS_TYPE_BOOLEAN, "\"\"", ": expected a boolean, got \"\""},
        {IGNIS_TYPE_BOOLEAN, "\"truely\"", ": expected a boolean, got \"truely\""},
        {IGNIS_TYPE_BOOLEAN, "\"10\"", ": expected a boolean, got \"10\""},
        {IGNIS_TYPE_BOOLEAN, "2", ": expected a boolean, got 2"},
        {IGNIS_TYPE_BOOLEAN, "[]", ": expected a boolean, got a list"},
    };
    (void)state;
    CHECK(cases, &plain, MODEL_VALUE_FILTER);
}

static void integers_are_exact_and_in_range(void **state)
{
    static const value_case cases[] = {
        {IGNIS_TYPE_INTEGER, "12", "12"},
        {IGNIS_TYPE_INTEGER, "\"12\"", "12"},
        {IGNIS_TYPE_INTEGER, "\" +12 \"", "12"},
        {IGNIS_TYPE_INTEGER, "\"-0\"", "0"},
        {IGNIS_TYPE_INTEGER, "\"007\"", "7"},
        {IGNIS_TYPE_INTEGER, "1.0", "1"},
        {IGNIS_TYPE_INTEGER, "-1.50e1", "-15"},
        {IGNIS_TYPE_INTEGER, "1e3", "1000"},
        {IGNIS_TYPE_INTEGER, "0.0", "0"},
        {IGNIS_TYPE_INTEGER, "0e5", "0"},
        {IGNIS_TYPE_SMALLINT, "-32768", "-32768"},
        {IGNIS_TYPE_BIGINT, "9223372036854775807", "9223372036854775807"},
        {IGNIS_TYPE_BIGINT, "\"-9223372036854775808\"", "-9223372036854775808"},
        {IGNIS_TYPE_BIGINT, "9007199254740993.0", "9007199254740993"},
        {IGNIS_TYPE_BIGINT, "9.223372036854775807e18", "9223372036854775807"},
        {IGNIS_TYPE_INTEGER, "\"abc\"", ": expected an integer, got \"abc\""},
        {IGNIS_TYPE_INTEGER, "\"1.0\"", ": expected an integer, got \"1.0\""},
        {IGNIS_TYPE_INTEGER, "\"- 5\"", ": expected an integer, got \"- 5\""},
        {IGNIS_TYPE_INTEGER, "\"++5\"", ": expected an integer, got \"++5\""},
        {IGNIS_TYPE_INTEGER, "\"\"", ": expected an integer, got \"\""},
        {IGNIS_TYPE_INTEGER, "\"-\"", ": expected an integer, got \"-\""},
        {IGNIS_TYPE_INTEGER, "1.5", ": expected an integer, got 1.5"},
        {IGNIS_TYPE_INTEGER, "1e-5", ": expected an integer, got 1e-5"},
        {IGNIS_TYPE_INTEGER, "1e-400", ": expected an integer, got 1e-400"},
        {IGNIS_TYPE_INTEGER, "true", ": expected an integer, got true"},
        {IGNIS_TYPE_INTEGER, "{}", ": expected an integer, got an object"},
        {IGNIS_TYPE_SMALLINT, "40000", ": expected an integer between -32768 and 32767, got 40000"},
        {IGNIS_TYPE_INTEGER, "\"2147483648\"",
         ": expected an integer between -2147483648 and 2147483647, got \"2147483648\""},
        {IGNIS_TYPE_INTEGER, "1e20",
         ": expected an integer between -2147483648 and 2147483647, got 1e20"},
        {IGNIS_TYPE_BIGINT, "9223372036854775808",
         ": expected an integer between -9223372036854775808 and 9223372036854775807, "
         "got 9223372036854775808"},
        {IGNIS_TYPE_BIGINT, "9.3e18",
         ": expected an integer between -9223372036854775808 and 9223372036854775807, "
         "got 9.3e18"},
    };
    (void)state;
    CHECK(cases, &plain, MODEL_VALUE_FILTER);
}

static void floating_numbers_are_rounded_to_their_type(void **state)
{
    static const value_case cases[] = {
        {IGNIS_TYPE_DOUBLE, "0.1", "0.10000000000000001"},
        {IGNIS_TYPE_DOUBLE, "\" +.5 \"", "0.5"},
        {IGNIS_TYPE_DOUBLE, "\"5.\"", "5"},
        {IGNIS_TYPE_DOUBLE, "5e-324", "4.9406564584124654e-324"},
        {IGNIS_TYPE_DOUBLE, "-0.0", "0"},
        {IGNIS_TYPE_DOUBLE, "-0", "0"},
        {IGNIS_TYPE_DOUBLE, "\"-0\"", "-0"},
        {IGNIS_TYPE_DOUBLE, "9007199254740993", "9007199254740992"},
        {IGNIS_TYPE_REAL, "0.1", "0.10000000149011612"},
        {IGNIS_TYPE_REAL, "\"16777217\"", "16777216"},
        {IGNIS_TYPE_DOUBLE, "1e400", ": expected a number, got 1e400"},
        {IGNIS_TYPE_DOUBLE, "\"NaN\"", ": expected a number, got \"NaN\""},
        {IGNIS_TYPE_DOUBLE, "\"-Infinity\"", ": expected a number, got \"-Infinity\""},
        {IGNIS_TYPE_DOUBLE, "\"1e\"", ": expected a number, got \"1e\""},
        {IGNIS_TYPE_DOUBLE, "false", ": expected a number, got false"},
        {IGNIS_TYPE_REAL, "1e39", ": expected a number, got 1e39"},
        {IGNIS_TYPE_REAL, "\"1e-50\"", ": expected a number, got \"1e-50\""},
    };
    (void)state;
    CHECK(cases, &plain, MODEL_VALUE_FILTER);
}

static void numeric_is_exact(void **state)
{
    static const value_case cases[] = {
        {IGNIS_TYPE_NUMERIC, "\"1.50\"", "'1.50'"},
        {IGNIS_TYPE_NUMERIC, "1.50", "'1.5'"},
        {IGNIS_TYPE_NUMERIC, "1.0", "'1'"},
        {IGNIS_TYPE_NUMERIC, "100", "'100'"},
        {IGNIS_TYPE_NUMERIC, "1e3", "'1000'"},
        {IGNIS_TYPE_NUMERIC, "\" 1e-3 \"", "'0.001'"},
        {IGNIS_TYPE_NUMERIC, "\"+.5\"", "'0.5'"},
        {IGNIS_TYPE_NUMERIC, "12345678901234567890.123456789012345678901",
         "'12345678901234567890.123456789012345678901'"},
        {IGNIS_TYPE_NUMERIC, "\"NaN\"", ": expected a number, got \"NaN\""},
        {IGNIS_TYPE_NUMERIC, "\"1,5\"", ": expected a number, got \"1,5\""},
        {IGNIS_TYPE_NUMERIC, "true", ": expected a number, got true"},
        {IGNIS_TYPE_NUMERIC, "1e200000",
         ": expected a number within the range of numeric, got 1e200000"},
    };
    (void)state;
    CHECK(cases, &plain, MODEL_VALUE_FILTER);
    CHECK(cases, &plain, MODEL_VALUE_WRITE);
}

static void numeric_is_rounded_and_bounded_when_written_only(void **state)
{
    static const model_column price = {
        .name = "price", .precision = 5, .scale = 2, .has_scale = true};
    static const value_case written[] = {
        {IGNIS_TYPE_NUMERIC, "1.005", "'1.01'"},
        {IGNIS_TYPE_NUMERIC, "\"-1.005\"", "'-1.01'"},
        {IGNIS_TYPE_NUMERIC, "2", "'2.00'"},
        {IGNIS_TYPE_NUMERIC, "999.994", "'999.99'"},
        {IGNIS_TYPE_NUMERIC, "999.995", ": expected a number that fits numeric(5,2), got 999.995"},
    };
    static const value_case compared[] = {
        {IGNIS_TYPE_NUMERIC, "1.005", "'1.005'"},
        {IGNIS_TYPE_NUMERIC, "1000000", "'1000000'"},
    };
    (void)state;
    CHECK(written, &price, MODEL_VALUE_WRITE);
    CHECK(compared, &price, MODEL_VALUE_FILTER);
}

/* The numbers were printed by JavaScript's String(). */
static void text_takes_the_text_of_any_scalar(void **state)
{
    static const value_case cases[] = {
        {IGNIS_TYPE_TEXT, "\"abc\"", "'abc'"},
        {IGNIS_TYPE_TEXT, "\" abc \"", "' abc '"},
        {IGNIS_TYPE_TEXT, "\"\"", "''"},
        {IGNIS_TYPE_TEXT, "true", "'true'"},
        {IGNIS_TYPE_TEXT, "false", "'false'"},
        {IGNIS_TYPE_TEXT, "5", "'5'"},
        {IGNIS_TYPE_TEXT, "-0", "'0'"},
        {IGNIS_TYPE_TEXT, "1.0", "'1'"},
        {IGNIS_TYPE_TEXT, "-0.0", "'0'"},
        {IGNIS_TYPE_TEXT, "0.10", "'0.1'"},
        {IGNIS_TYPE_TEXT, "-12.5e1", "'-125'"},
        {IGNIS_TYPE_TEXT, "1e3", "'1000'"},
        {IGNIS_TYPE_TEXT, "1e20", "'100000000000000000000'"},
        {IGNIS_TYPE_TEXT, "1e21", "'1e+21'"},
        {IGNIS_TYPE_TEXT, "1.25e21", "'1.25e+21'"},
        {IGNIS_TYPE_TEXT, "123456789012345680000.0", "'123456789012345680000'"},
        {IGNIS_TYPE_TEXT, "1e-6", "'0.000001'"},
        {IGNIS_TYPE_TEXT, "1.5e-6", "'0.0000015'"},
        {IGNIS_TYPE_TEXT, "1e-7", "'1e-7'"},
        {IGNIS_TYPE_TEXT, "-1.25e-9", "'-1.25e-9'"},
        {IGNIS_TYPE_TEXT, "5e-324", "'5e-324'"},
        {IGNIS_TYPE_TEXT, "1.7976931348623157e308", "'1.7976931348623157e+308'"},
        {IGNIS_TYPE_TEXT, "123.456", "'123.456'"},
        {IGNIS_TYPE_TEXT, "0.30000000000000004", "'0.30000000000000004'"},
        {IGNIS_TYPE_TEXT, "9007199254740993", "'9007199254740993'"},
        {IGNIS_TYPE_TEXT, "-123456789012345678901234567890", "'-123456789012345678901234567890'"},
        {IGNIS_TYPE_OTHER, "7", "'7'"},
        {IGNIS_TYPE_OTHER, "\"(1,2)\"", "'(1,2)'"},
        {IGNIS_TYPE_TEXT, "1e400", ": expected text, got 1e400"},
        {IGNIS_TYPE_TEXT, "[\"a\"]", ": expected text, got a list"},
        {IGNIS_TYPE_VARCHAR, "{}", ": expected text, got an object"},
    };
    (void)state;
    CHECK(cases, &plain, MODEL_VALUE_FILTER);
    CHECK(cases, &plain, MODEL_VALUE_WRITE);
}

static void varchar_is_measured_in_characters_when_written(void **state)
{
    static const model_column code = {.name = "code", .length = 3};
    static const value_case written[] = {
        {IGNIS_TYPE_VARCHAR, "\"abc\"", "'abc'"},
        {IGNIS_TYPE_VARCHAR, "\"äöü\"", "'äöü'"},
        {IGNIS_TYPE_VARCHAR, "\"a    \"", "'a  '"},
        {IGNIS_TYPE_VARCHAR, "\"äöü   \"", "'äöü'"},
        {IGNIS_TYPE_VARCHAR, "123", "'123'"},
        {IGNIS_TYPE_VARCHAR, "1234", ": expected text of at most 3 characters, got 1234"},
        {IGNIS_TYPE_VARCHAR, "\"abcd\"", ": expected text of at most 3 characters, got \"abcd\""},
        {IGNIS_TYPE_VARCHAR, "\"abc d\"", ": expected text of at most 3 characters, got \"abc d\""},
        {IGNIS_TYPE_VARCHAR, "\"abc\\u00a0\"",
         ": expected text of at most 3 characters, got \"abc\xc2\xa0\""},
        {IGNIS_TYPE_TEXT, "\"abcd\"", "'abcd'"},
    };
    static const value_case compared[] = {
        {IGNIS_TYPE_VARCHAR, "\"abcd   \"", "'abcd   '"},
    };
    (void)state;
    CHECK(written, &code, MODEL_VALUE_WRITE);
    CHECK(compared, &code, MODEL_VALUE_FILTER);
}

static void uuids_become_canonical(void **state)
{
    static const value_case cases[] = {
        {IGNIS_TYPE_UUID, "\"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\"",
         "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"},
        {IGNIS_TYPE_UUID, "\"{a0eebc999c0b4ef8bb6d6bb9bd380a11}\"",
         "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"},
        {IGNIS_TYPE_UUID, "\"not-a-uuid\"", ": expected a UUID, got \"not-a-uuid\""},
        {IGNIS_TYPE_UUID, "\" a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"",
         ": expected a UUID, got \" a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\""},
        {IGNIS_TYPE_UUID, "5", ": expected a UUID, got 5"},
    };
    (void)state;
    CHECK(cases, &plain, MODEL_VALUE_FILTER);
}

static void bytes_come_as_base64_or_hex(void **state)
{
    static const value_case cases[] = {
        {IGNIS_TYPE_BYTEA, "\"AP8Q\"", "x00ff10"},
        {IGNIS_TYPE_BYTEA, "\"AA==\"", "x00"},
        {IGNIS_TYPE_BYTEA, "\"\"", "x"},
        {IGNIS_TYPE_BYTEA, "\"\\\\x00fF10\"", "x00ff10"},
        {IGNIS_TYPE_BYTEA, "\"\\\\x 01\\n02 \"", "x0102"},
        {IGNIS_TYPE_BYTEA, "\"\\\\x\"", "x"},
        {IGNIS_TYPE_BYTEA, "\"\\\\x0\"", ": expected base64 or \\x hex, got \"\\x0\""},
        {IGNIS_TYPE_BYTEA, "\"\\\\x0 1\"", ": expected base64 or \\x hex, got \"\\x0 1\""},
        {IGNIS_TYPE_BYTEA, "\"\\\\X01\"", ": expected base64 or \\x hex, got \"\\X01\""},
        {IGNIS_TYPE_BYTEA, "\"A\"", ": expected base64 or \\x hex, got \"A\""},
        {IGNIS_TYPE_BYTEA, "1234", ": expected base64 or \\x hex, got 1234"},
    };
    (void)state;
    CHECK(cases, &plain, MODEL_VALUE_FILTER);
}

static void times_come_as_text(void **state)
{
    static const value_case cases[] = {
        {IGNIS_TYPE_DATE, "\"2000-01-02\"", "1"},
        {IGNIS_TYPE_DATE, "\" 2000-01-02T23:59:59Z \"", "1"},
        {IGNIS_TYPE_DATE, "\"infinity\"", "9223372036854775807"},
        {IGNIS_TYPE_TIMESTAMP, "\"2000-01-01T00:00:01+05\"", "1000000"},
        {IGNIS_TYPE_TIMESTAMPTZ, "\"2000-01-01T00:00:01\"", "1000000"},
        {IGNIS_TYPE_TIMESTAMPTZ, "\"2000-01-01T01:00:00+01\"", "0"},
        {IGNIS_TYPE_TIMESTAMPTZ, "\"-infinity\"", "-9223372036854775808"},
        {IGNIS_TYPE_DATE, "\"2024-02-30\"", ": expected a date, got \"2024-02-30\""},
        {IGNIS_TYPE_DATE, "20240210", ": expected a date, got 20240210"},
        {IGNIS_TYPE_TIMESTAMP, "\"now\"", ": expected a timestamp, got \"now\""},
        {IGNIS_TYPE_TIMESTAMPTZ, "1710066030123", ": expected a timestamp, got 1710066030123"},
        {IGNIS_TYPE_TIMESTAMPTZ, "true", ": expected a timestamp, got true"},
    };
    (void)state;
    CHECK(cases, &plain, MODEL_VALUE_FILTER);
}

static void documents_are_the_json_value_itself(void **state)
{
    static const value_case cases[] = {
        {IGNIS_TYPE_JSONB, "{\"bb\":[1,2.50],\"a\":null}", "'{\"a\": null, \"bb\": [1, 2.50]}'"},
        {IGNIS_TYPE_JSON, "\"5\"", "'\"5\"'"},
        {IGNIS_TYPE_JSONB, "5", "'5'"},
        {IGNIS_TYPE_JSONB, "[]", "'[]'"},
        {IGNIS_TYPE_JSONB, "null", "null"},
        {IGNIS_TYPE_JSONB, "1e999999",
         ": expected a document whose numbers are within the range of numeric, got 1e999999"},
    };
    (void)state;
    CHECK(cases, &plain, MODEL_VALUE_FILTER);
}

static void array_columns_take_lists(void **state)
{
    static const value_case cases[] = {
        {IGNIS_TYPE_INTEGER, "[1, \"2\", null]", "[1 2 null]"},
        {IGNIS_TYPE_INTEGER, "[]", "[]"},
        {IGNIS_TYPE_INTEGER, "null", "null"},
        {IGNIS_TYPE_TEXT, "[1.0, \"a\"]", "['1' 'a']"},
        {IGNIS_TYPE_JSONB, "[[1], null]", "['[1]' null]"},
        {IGNIS_TYPE_INTEGER, "[1, \"x\"]", "[1]: expected an integer, got \"x\""},
        {IGNIS_TYPE_TEXT, "[[\"a\"]]", "[0]: expected text, got a list"},
        {IGNIS_TYPE_TEXT, "\"x\"", ": expected a list of texts, got \"x\""},
        {IGNIS_TYPE_TEXT, "{}", ": expected a list of texts, got an object"},
    };
    (void)state;
    CHECK(cases, &list, MODEL_VALUE_WRITE);
}

static void array_elements_are_measured_like_scalars(void **state)
{
    static const model_column tags = {.name = "tags", .type.array = true, .length = 3};
    static const value_case cases[] = {
        {IGNIS_TYPE_VARCHAR, "[\"abc  \", \"ab\"]", "['abc' 'ab']"},
        {IGNIS_TYPE_VARCHAR, "[\"ab\", \"abcd\"]",
         "[1]: expected text of at most 3 characters, got \"abcd\""},
    };
    (void)state;
    CHECK(cases, &tags, MODEL_VALUE_WRITE);
}

static void element_read_takes_one_element_of_an_array_column(void **state)
{
    model_column tags = list;
    ignis_cell cell;
    (void)state;
    tags.type.type = IGNIS_TYPE_TEXT;
    assert_int_equal(model_element_read(context, &context->results, &tags, read_json("\"a\""),
                                        MODEL_VALUE_FILTER, &cell),
                     IGNIS_OK);
    assert_int_equal(cell.kind, IGNIS_CELL_TEXT);
    assert_int_equal(model_element_read(context, &context->results, &tags, read_json("[\"a\"]"),
                                        MODEL_VALUE_FILTER, &cell),
                     IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(context)->message, "expected text, got a list");
}

static void a_hidden_column_never_shows_the_value(void **state)
{
    static const model_column secret = {.name = "secret", .hidden = true, .length = 3};
    static const value_case cases[] = {
        {IGNIS_TYPE_INTEGER, "\"hunter2\"", ": expected an integer, got a string"},
        {IGNIS_TYPE_SMALLINT, "40000",
         ": expected an integer between -32768 and 32767, got a number"},
        {IGNIS_TYPE_DATE, "true", ": expected a date, got a boolean"},
        {IGNIS_TYPE_VARCHAR, "\"hunter2\"",
         ": expected text of at most 3 characters, got a string"},
    };
    (void)state;
    CHECK(cases, &secret, MODEL_VALUE_WRITE);
}

static void a_long_offending_text_is_cut(void **state)
{
    char input[200];
    model_column column = plain;
    (void)state;
    memset(input, 'x', sizeof(input));
    input[0] = input[198] = '"';
    input[199] = '\0';
    column.type.type = IGNIS_TYPE_INTEGER;
    const char *message = read_value(&column, input, MODEL_VALUE_FILTER);
    assert_true(strlen(message) < 120);
    assert_non_null(strstr(message, "…\""));
}

static void a_column_of_no_type_takes_nothing(void **state)
{
    static const value_case cases[] = {{IGNIS_TYPE_NONE, "1", ": expected a value, got 1"}};
    (void)state;
    CHECK(cases, &plain, MODEL_VALUE_FILTER);
}

/* Every type over a memory limit: E_LIMIT, never a crash. */
static void no_memory_is_reported_for_every_type(void **state)
{
    static const value_case cases[] = {
        {IGNIS_TYPE_TEXT, "1.5", ""},
        {IGNIS_TYPE_NUMERIC, "1.5", ""},
        {IGNIS_TYPE_JSONB, "[1]", ""},
        {IGNIS_TYPE_BYTEA, "\"AP8Q\"", ""},
        {IGNIS_TYPE_INTEGER, "1.0e1", ""},
        {IGNIS_TYPE_UUID, "\"a0eebc999c0b4ef8bb6d6bb9bd380a11\"", ""},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        arena small = {.total_max = 1};
        model_column column = plain;
        ignis_cell cell;
        column.type.type = cases[i].type;
        assert_int_equal(model_value_read(context, &small, &column, read_json(cases[i].input),
                                          MODEL_VALUE_WRITE, &cell),
                         IGNIS_E_LIMIT);
        assert_int_equal(ignis_context_error(context)->code, IGNIS_E_LIMIT);
        arena_free(&small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(booleans_read_as_postgres_reads_them),
        cmocka_unit_test(integers_are_exact_and_in_range),
        cmocka_unit_test(floating_numbers_are_rounded_to_their_type),
        cmocka_unit_test(numeric_is_exact),
        cmocka_unit_test(numeric_is_rounded_and_bounded_when_written_only),
        cmocka_unit_test(text_takes_the_text_of_any_scalar),
        cmocka_unit_test(varchar_is_measured_in_characters_when_written),
        cmocka_unit_test(uuids_become_canonical),
        cmocka_unit_test(bytes_come_as_base64_or_hex),
        cmocka_unit_test(times_come_as_text),
        cmocka_unit_test(documents_are_the_json_value_itself),
        cmocka_unit_test(array_columns_take_lists),
        cmocka_unit_test(array_elements_are_measured_like_scalars),
        cmocka_unit_test(element_read_takes_one_element_of_an_array_column),
        cmocka_unit_test(a_hidden_column_never_shows_the_value),
        cmocka_unit_test(a_long_offending_text_is_cut),
        cmocka_unit_test(a_column_of_no_type_takes_nothing),
        cmocka_unit_test(no_memory_is_reported_for_every_type),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
