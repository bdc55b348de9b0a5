/* native: values of C programs and members of their structs. */
#include "model/model.h"

#include "models/kinds.h"
#include "support/fault.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int open_context(void **state)
{
    *state = ignis_context_create();
    return *state ? 0 : -1;
}

static int close_context(void **state)
{
    ignis_context_free(*state);
    return 0;
}

/* ---- kinds ---- */

typedef struct kind_row {
    ignis_kind kind;
    size_t size;
    ignis_type type;
    bool is_nullable;
} kind_row;

static const kind_row kind_rows[] = {
    {IGNIS_KIND_NONE, 0, IGNIS_TYPE_NONE, false},
    {IGNIS_KIND_BOOL, sizeof(bool), IGNIS_TYPE_BOOLEAN, false},
    {IGNIS_KIND_INT16, 2, IGNIS_TYPE_SMALLINT, false},
    {IGNIS_KIND_INT32, 4, IGNIS_TYPE_INTEGER, false},
    {IGNIS_KIND_INT64, 8, IGNIS_TYPE_BIGINT, false},
    {IGNIS_KIND_FLOAT, 4, IGNIS_TYPE_REAL, false},
    {IGNIS_KIND_DOUBLE, 8, IGNIS_TYPE_DOUBLE, false},
    {IGNIS_KIND_TEXT, sizeof(char *), IGNIS_TYPE_TEXT, true},
    {IGNIS_KIND_BYTES, sizeof(ignis_bytes), IGNIS_TYPE_BYTEA, true},
    {IGNIS_KIND_JSON, sizeof(ignis_json), IGNIS_TYPE_JSONB, true},
    {IGNIS_KIND_NUMERIC, sizeof(ignis_numeric), IGNIS_TYPE_NUMERIC, true},
    {IGNIS_KIND_DATE, 8, IGNIS_TYPE_DATE, false},
    {IGNIS_KIND_TIMESTAMP, 8, IGNIS_TYPE_TIMESTAMPTZ, false},
    {IGNIS_KIND_MAYBE_BOOL, sizeof(ignis_maybe_bool), IGNIS_TYPE_BOOLEAN, true},
    {IGNIS_KIND_MAYBE_INT16, sizeof(ignis_maybe_int16), IGNIS_TYPE_SMALLINT, true},
    {IGNIS_KIND_MAYBE_INT32, sizeof(ignis_maybe_int32), IGNIS_TYPE_INTEGER, true},
    {IGNIS_KIND_MAYBE_INT64, sizeof(ignis_maybe_int64), IGNIS_TYPE_BIGINT, true},
    {IGNIS_KIND_MAYBE_FLOAT, sizeof(ignis_maybe_float), IGNIS_TYPE_REAL, true},
    {IGNIS_KIND_MAYBE_DOUBLE, sizeof(ignis_maybe_double), IGNIS_TYPE_DOUBLE, true},
    {IGNIS_KIND_MAYBE_DATE, sizeof(ignis_maybe_date), IGNIS_TYPE_DATE, true},
    {IGNIS_KIND_MAYBE_TIMESTAMP, sizeof(ignis_maybe_timestamp), IGNIS_TYPE_TIMESTAMPTZ, true},
    {IGNIS_KIND_UNSIGNED, 0, IGNIS_TYPE_NONE, false},
    {(ignis_kind)1000, 0, IGNIS_TYPE_NONE, false},
};

static void each_kind_has_the_size_and_type_of_its_member(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(kind_rows); i++) {
        const kind_row *row = &kind_rows[i];
        assert_int_equal(model_kind_size(row->kind), row->size);
        assert_int_equal(model_kind_type(row->kind), row->type);
        assert_int_equal(model_kind_is_nullable(row->kind), row->is_nullable);
    }
}

static void a_member_holds_types_that_lose_nothing(void **state)
{
    (void)state;
    static const struct {
        ignis_kind kind;
        ignis_type type;
        bool holds;
    } rows[] = {
        {IGNIS_KIND_INT16, IGNIS_TYPE_SMALLINT, true},
        {IGNIS_KIND_INT16, IGNIS_TYPE_INTEGER, false},
        {IGNIS_KIND_INT32, IGNIS_TYPE_SMALLINT, true},
        {IGNIS_KIND_INT32, IGNIS_TYPE_BIGINT, false},
        {IGNIS_KIND_MAYBE_INT64, IGNIS_TYPE_SMALLINT, true},
        {IGNIS_KIND_INT64, IGNIS_TYPE_NUMERIC, false},
        {IGNIS_KIND_DOUBLE, IGNIS_TYPE_REAL, true},
        {IGNIS_KIND_FLOAT, IGNIS_TYPE_DOUBLE, false},
        {IGNIS_KIND_TEXT, IGNIS_TYPE_VARCHAR, true},
        {IGNIS_KIND_TEXT, IGNIS_TYPE_UUID, true},
        {IGNIS_KIND_TEXT, IGNIS_TYPE_OTHER, true},
        {IGNIS_KIND_TEXT, IGNIS_TYPE_NUMERIC, false},
        {IGNIS_KIND_JSON, IGNIS_TYPE_JSON, true},
        {IGNIS_KIND_JSON, IGNIS_TYPE_TEXT, false},
        {IGNIS_KIND_TIMESTAMP, IGNIS_TYPE_TIMESTAMP, true},
        {IGNIS_KIND_MAYBE_TIMESTAMP, IGNIS_TYPE_DATE, false},
        {IGNIS_KIND_DATE, IGNIS_TYPE_TIMESTAMP, false},
        {IGNIS_KIND_BOOL, IGNIS_TYPE_SMALLINT, false},
        {IGNIS_KIND_BYTES, IGNIS_TYPE_TEXT, false},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        assert_int_equal(model_kind_holds(rows[i].kind, rows[i].type), rows[i].holds);
}

/* ---- values ---- */

static json read_value(ignis_context *ctx, ignis_value value, bool can_be_null)
{
    json made = {0};
    if (model_native_read(ctx, &ctx->results, &value, can_be_null, &made) != IGNIS_OK)
        fail_msg("%s at %s", ctx->error.message, ctx->error.path);
    return made;
}

static void expect_json(ignis_context *ctx, ignis_value value, const char *expected)
{
    json made = read_value(ctx, value, true);
    text out;
    text_init(&out, &ctx->results, 0);
    json_write_value(&out, &made);
    assert_string_equal(text_finish(&out), expected);
}

static void values_are_the_json_that_says_them(void **state)
{
    ignis_context *ctx = *state;
    expect_json(ctx, IGNIS_VALUE((bool)true), "true");
    expect_json(ctx, IGNIS_VALUE((bool)false), "false");
    expect_json(ctx, IGNIS_VALUE(INT64_MIN), "-9223372036854775808");
    expect_json(ctx, IGNIS_VALUE(INT64_MAX), "9223372036854775807");
    expect_json(ctx, IGNIS_VALUE(UINT64_MAX), "18446744073709551615");
    expect_json(ctx, IGNIS_VALUE((uint64_t)INT64_MAX + 1), "9223372036854775808");
    expect_json(ctx, IGNIS_VALUE((uint64_t)7), "7");
    expect_json(ctx, IGNIS_VALUE((char)65), "65");
    expect_json(ctx, IGNIS_VALUE((short)-3), "-3");
    expect_json(ctx, IGNIS_VALUE(0.1f), "0.1");
    expect_json(ctx, IGNIS_VALUE(0.1), "0.1");
    expect_json(ctx, IGNIS_VALUE(DBL_MAX), "1.7976931348623157e+308");
    expect_json(ctx, IGNIS_VALUE(5e-324), "5e-324");
    expect_json(ctx, IGNIS_VALUE(0.0), "0");
    expect_json(ctx, IGNIS_VALUE("a \"b\" \xc3\xa9"), "\"a \\\"b\\\" \xc3\xa9\"");
    expect_json(ctx, IGNIS_VALUE(""), "\"\"");
    expect_json(ctx, IGNIS_VALUE((ignis_json){"{\"a\": [1, null]}"}), "{\"a\":[1,null]}");
    expect_json(ctx, IGNIS_VALUE((ignis_json){"null"}), "null");
    expect_json(ctx, IGNIS_VALUE((ignis_numeric){"12.50"}), "\"12.50\"");
    expect_json(ctx, IGNIS_VALUE(((ignis_maybe_int32){true, 5})), "5");
    expect_json(ctx, IGNIS_VALUE(((ignis_maybe_bool){true, true})), "true");
    expect_json(ctx, IGNIS_VALUE(((ignis_maybe_float){true, 0.1f})), "0.1");
}

/* JSON numbers have no negative zero that survives; its text has. */
static void a_negative_zero_keeps_its_sign(void **state)
{
    ignis_context *ctx = *state;
    expect_json(ctx, IGNIS_VALUE(-0.0), "\"-0\"");
    expect_json(ctx, IGNIS_VALUE(-0.0f), "\"-0\"");
}

static void bytes_and_times_go_as_they_are(void **state)
{
    static const uint8_t data[] = {0, 1, 255};
    json made = read_value(*state, IGNIS_VALUE(((ignis_bytes){data, 3})), false);
    assert_int_equal(made.kind, JSON_BYTES);
    assert_int_equal(made.count, 3);
    assert_memory_equal(made.as.text, data, 3);
    made = read_value(*state, IGNIS_VALUE(((ignis_bytes){data, 0})), false);
    assert_int_equal(made.kind, JSON_BYTES);
    assert_int_equal(made.count, 0);
    made = read_value(*state, IGNIS_VALUE((ignis_date){INT64_MAX}), false);
    assert_int_equal(made.kind, JSON_DATE);
    assert_true(made.integer == INT64_MAX);
    made = read_value(*state, IGNIS_VALUE(((ignis_maybe_timestamp){true, {INT64_MIN}})), false);
    assert_int_equal(made.kind, JSON_TIME);
    assert_true(made.integer == INT64_MIN);
}

static void nulls_are_null_where_they_may_be(void **state)
{
    ignis_context *ctx = *state;
    const ignis_value nulls[] = {
        IGNIS_VALUE((const char *)NULL),     IGNIS_VALUE((ignis_bytes){0}),
        IGNIS_VALUE((ignis_json){NULL}),     IGNIS_VALUE((ignis_numeric){NULL}),
        IGNIS_VALUE((ignis_maybe_bool){0}),  IGNIS_VALUE((ignis_maybe_int16){0}),
        IGNIS_VALUE((ignis_maybe_int32){0}), IGNIS_VALUE((ignis_maybe_int64){0}),
        IGNIS_VALUE((ignis_maybe_float){0}), IGNIS_VALUE((ignis_maybe_double){0}),
        IGNIS_VALUE((ignis_maybe_date){0}),  IGNIS_VALUE((ignis_maybe_timestamp){0}),
        {.kind = IGNIS_KIND_NONE},
    };
    for (size_t i = 0; i < ARRAY_COUNT(nulls); i++) {
        json made;
        assert_int_equal(read_value(ctx, nulls[i], true).kind, JSON_NULL);
        assert_int_equal(model_native_read(ctx, &ctx->results, &nulls[i], false, &made),
                         IGNIS_E_INVALID);
        assert_non_null(strstr(ctx->error.message, "the value is NULL"));
    }
}

static void what_no_database_could_say_is_refused(void **state)
{
    ignis_context *ctx = *state;
    const struct {
        ignis_value value;
        const char *message;
        const char *path;
    } rows[] = {
        {{.kind = IGNIS_KIND_DOUBLE, .as.real = (double)NAN}, "NaN", ""},
        {{.kind = IGNIS_KIND_DOUBLE, .as.real = (double)INFINITY}, "infinite", ""},
        {{.kind = IGNIS_KIND_FLOAT, .as.real = -(double)INFINITY}, "infinite", ""},
        {{.kind = IGNIS_KIND_TEXT, .as.text = "\xc3("}, "UTF-8", ""},
        {{.kind = IGNIS_KIND_NUMERIC, .as.text = "\xff"}, "UTF-8", ""},
        {{.kind = IGNIS_KIND_JSON, .as.text = "{"}, "", ""},
        {{.kind = IGNIS_KIND_JSON, .as.text = ""}, "", ""},
        {{.kind = IGNIS_KIND_JSON, .as.text = "{\"a\":1,\"a\":2}"}, "duplicate", ""},
        {{.kind = 999}, "unknown kind 999", ""},
        {{.form = IGNIS_VALUE_LIST, .count = 2}, "a list of 2 elements is NULL", ""},
        {{.kind = IGNIS_KIND_INT32, .form = IGNIS_VALUE_ARRAY, .count = 1}, "is NULL", ""},
        {{.form = IGNIS_VALUE_LIST,
          .count = 2,
          .as.items = (const ignis_value[]){{.kind = IGNIS_KIND_INT64},
                                            {.kind = IGNIS_KIND_TEXT, .as.text = "\xff"}}},
         "UTF-8",
         "[1]"},
        {{.form = IGNIS_VALUE_LIST,
          .count = 1,
          .as.items = (const ignis_value[]){{.kind = IGNIS_KIND_TEXT}}},
         "the value is NULL",
         "[0]"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        json made;
        context_error_clear(ctx);
        assert_int_equal(model_native_read(ctx, &ctx->results, &rows[i].value, false, &made),
                         IGNIS_E_INVALID);
        assert_non_null(strstr(ctx->error.message, rows[i].message));
        assert_string_equal(ctx->error.path, rows[i].path);
    }
}

/* ---- lists and arrays ---- */

static void arrays_say_null_elements(void **state)
{
    ignis_context *ctx = *state;
    const char *texts[] = {"a", NULL, ""};
    const ignis_json documents[] = {{"[1]"}, {NULL}, {"null"}};
    const ignis_numeric numerics[] = {{"1.0"}, {NULL}};
    const ignis_maybe_int32 integers[] = {{true, 1}, {0}, {true, -1}};
    const ignis_maybe_bool flags[] = {{true, false}, {0}};
    const ignis_maybe_double reals[] = {{true, 0.5}, {0}};
    const int16_t small[] = {INT16_MIN, INT16_MAX};
    const float singles[] = {0.1f, -0.0f};
    expect_json(ctx, IGNIS_ELEMENTS_OF_(texts, 3), "[\"a\",null,\"\"]");
    expect_json(ctx, IGNIS_ELEMENTS_OF_(documents, 3), "[[1],null,null]");
    expect_json(ctx, IGNIS_ELEMENTS_OF_(numerics, 2), "[\"1.0\",null]");
    expect_json(ctx, IGNIS_ELEMENTS_OF_(integers, 3), "[1,null,-1]");
    expect_json(ctx, IGNIS_ELEMENTS_OF_(flags, 2), "[false,null]");
    expect_json(ctx, IGNIS_ELEMENTS_OF_(reals, 2), "[0.5,null]");
    expect_json(ctx, IGNIS_ELEMENTS_OF_(small, 2), "[-32768,32767]");
    expect_json(ctx, IGNIS_ELEMENTS_OF_(singles, 2), "[0.1,\"-0\"]");
    expect_json(ctx, IGNIS_ELEMENTS_OF_(texts, 0), "[]");
    expect_json(ctx, (ignis_value){.form = IGNIS_VALUE_LIST}, "[]");
    expect_json(ctx, IGNIS_LIST_(1, "b", 0.5), "[1,\"b\",0.5]");
}

static ignis_code read_list(ignis_context *ctx, void *data)
{
    json made;
    return model_native_read(ctx, &ctx->results, data, false, &made);
}

static void memory_that_ends_is_told(void **state)
{
    (void)state;
    const char *texts[64] = {0};
    ignis_value list = IGNIS_ELEMENTS_OF_(texts, 64);
    ignis_value number = IGNIS_VALUE(0.1);
    ignis_value document = IGNIS_VALUE((ignis_json){"{\"a\": [1, 2, 3]}"});
    assert_true(fault_run(read_list, &list) > 0);
    assert_true(fault_run(read_list, &number) > 0);
    assert_true(fault_run(read_list, &document) > 0);
}

/* ---- members ---- */

/* The column of a member of Kinds. */
static model_column column_of(const char *member)
{
    const ignis_column *column = Kinds_model.columns.items;
    while (strcmp(column->member, member) != 0)
        column++;
    return (model_column){.kind = (ignis_kind)column->kind,
                          .type = {.array = column->array},
                          .offset = column->offset,
                          .count_offset = column->count_offset};
}

static void expect_member(ignis_context *ctx, const Kinds *row, const char *member,
                          const char *expected)
{
    const model_column column = column_of(member);
    expect_json(ctx, model_native_member(&column, row), expected);
}

static void members_are_read_from_a_struct(void **state)
{
    ignis_context *ctx = *state;
    int32_t mediums[] = {1, 2};
    const char *labels[] = {"x", NULL};
    const Kinds row = {.flag = true,
                       .small = -1,
                       .medium = 2,
                       .big = INT64_MAX,
                       .single = 0.1f,
                       .wide = 0.2,
                       .maybe_flag = {true, false},
                       .maybe_small = {true, 3},
                       .maybe_medium = {false, 4},
                       .maybe_big = {true, 5},
                       .maybe_single = {true, 0.5f},
                       .maybe_wide = {true, 1.5},
                       .label = "l",
                       .doc = {"{}"},
                       .price = {"1.50"},
                       .mediums = mediums,
                       .mediums_count = 2,
                       .labels = labels,
                       .labels_count = 2,
                       .bigs = (int64_t[]){0},
                       .bigs_count = 0};
    expect_member(ctx, &row, "flag", "true");
    expect_member(ctx, &row, "small", "-1");
    expect_member(ctx, &row, "medium", "2");
    expect_member(ctx, &row, "big", "9223372036854775807");
    expect_member(ctx, &row, "single", "0.1");
    expect_member(ctx, &row, "wide", "0.2");
    expect_member(ctx, &row, "maybe_flag", "false");
    expect_member(ctx, &row, "maybe_small", "3");
    expect_member(ctx, &row, "maybe_medium", "null");
    expect_member(ctx, &row, "maybe_big", "5");
    expect_member(ctx, &row, "maybe_single", "0.5");
    expect_member(ctx, &row, "maybe_wide", "1.5");
    expect_member(ctx, &row, "maybe_day", "null");
    expect_member(ctx, &row, "maybe_moment", "null");
    expect_member(ctx, &row, "label", "\"l\"");
    expect_member(ctx, &row, "raw", "null");
    expect_member(ctx, &row, "doc", "{}");
    expect_member(ctx, &row, "price", "\"1.50\"");
    expect_member(ctx, &row, "mediums", "[1,2]");
    expect_member(ctx, &row, "labels", "[\"x\",null]");
    expect_member(ctx, &row, "bigs", "[]");
    expect_member(ctx, &row, "docs", "null");
}

/* A value that needs no reading is the cell at once, any other is read as its JSON is. */
static void only_what_the_column_keeps_as_it_is_is_a_cell_at_once(void **state)
{
    static const char *const listed[] = {"a", "b"};
    const model_column integer = {.type = {.type = IGNIS_TYPE_INTEGER}};
    const model_column small = {.type = {.type = IGNIS_TYPE_SMALLINT}};
    const model_column word = {.type = {.type = IGNIS_TYPE_TEXT}};
    const model_column choice = {.type = {.type = IGNIS_TYPE_TEXT}, .values = {listed, 2}};
    const model_column made = {.type = {.type = IGNIS_TYPE_INTEGER},
                               .identity = IGNIS_IDENTITY_ALWAYS};
    const model_column numbers = {.type = {.type = IGNIS_TYPE_INTEGER, .array = true}};
    const model_column moment = {.type = {.type = IGNIS_TYPE_TIMESTAMPTZ}};
    const struct {
        const model_column *column;
        ignis_value value;
        bool is_cell;
    } rows[] = {
        {&integer, ignis_value_integer(INT32_MAX), true},
        {&integer, ignis_value_integer(INT64_C(1) << 31), false},
        {&small, ignis_value_integer(INT16_MIN), true},
        {&small, ignis_value_integer(INT16_MIN - 1), false},
        {&word, ignis_value_integer(1), false},
        {&word, ignis_value_text("a"), true},
        {&word, ignis_value_text("\xff"), false},
        {&word, ignis_value_text(NULL), false},
        {&integer, ignis_value_text("1"), false},
        {&choice, ignis_value_text("a"), false},
        {&choice, ignis_value_text("c"), false},
        {&made, ignis_value_integer(1), false},
        {&numbers, ignis_value_integer(1), false},
        {&moment, ignis_value_timestamp((ignis_timestamp){INT64_MAX}), true},
        {&moment, ignis_value_timestamp((ignis_timestamp){INT64_MAX - 1}), false},
        {&moment, ignis_value_text("2024-01-01"), false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        ignis_cell cell;
        bool is_cell = model_native_cell(rows[i].column, &rows[i].value, &cell);
        if (is_cell != rows[i].is_cell) fail_msg("row %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_the_size_and_type_of_its_member),
        cmocka_unit_test(a_member_holds_types_that_lose_nothing),
        cmocka_unit_test(values_are_the_json_that_says_them),
        cmocka_unit_test(a_negative_zero_keeps_its_sign),
        cmocka_unit_test(bytes_and_times_go_as_they_are),
        cmocka_unit_test(nulls_are_null_where_they_may_be),
        cmocka_unit_test(what_no_database_could_say_is_refused),
        cmocka_unit_test(arrays_say_null_elements),
        cmocka_unit_test(memory_that_ends_is_told),
        cmocka_unit_test(members_are_read_from_a_struct),
        cmocka_unit_test(only_what_the_column_keeps_as_it_is_is_a_cell_at_once),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
