/* cell_member: values of rows become members of structs. */
#include "row/row.h"

#include "models/kinds.h"
#include "support/fault.h"

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

/* The column of a member of Kinds. */
static model_column column_of(const char *member)
{
    const ignis_column *column = Kinds_model.columns.items;
    while (strcmp(column->member, member) != 0)
        column++;
    return (model_column){
        .name = member,
        .kind = (ignis_kind)column->kind,
        .type = {.type = model_kind_type((ignis_kind)column->kind), .array = column->array},
        .offset = column->offset,
        .count_offset = column->count_offset};
}

static ignis_code store(ignis_context *ctx, const char *member, ignis_cell cell, Kinds *row)
{
    const model_column column = column_of(member);
    context_error_clear(ctx);
    return row_member_store(ctx, &ctx->results, &column, &cell, row);
}

static ignis_cell integer_cell(int64_t value)
{
    return (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = value};
}

static ignis_cell real_cell(double value)
{
    return (ignis_cell){.kind = IGNIS_CELL_REAL, .as.real = value};
}

static ignis_cell text_cell(const char *value)
{
    return (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = strlen(value), .as.text = value};
}

static ignis_cell list_cell(const ignis_cell *items, size_t count)
{
    return (ignis_cell){.kind = IGNIS_CELL_LIST, .size = count, .as.items = items};
}

/* ---- scalars ---- */

static void integers_and_reals_fill_members_of_their_width(void **state)
{
    ignis_context *ctx = *state;
    Kinds row = {0};
    assert_int_equal(store(ctx, "flag", integer_cell(1), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "small", integer_cell(INT16_MIN), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "medium", integer_cell(INT32_MAX), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "big", integer_cell(INT64_MIN), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "single", real_cell((double)0.1f), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "wide", real_cell(-0.0), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "maybe_small", integer_cell(0), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "maybe_wide", real_cell((double)INFINITY), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "maybe_flag", integer_cell(0), &row), IGNIS_OK);
    assert_true(row.flag && row.small == INT16_MIN && row.medium == INT32_MAX);
    assert_true(row.big == INT64_MIN);
    assert_memory_equal(&row.single, &(float){0.1f}, sizeof(float));
    assert_memory_equal(&row.wide, &(double){-0.0}, sizeof(double));
    assert_true(row.maybe_small.is_set && row.maybe_small.value == 0);
    assert_true(row.maybe_wide.is_set && isinf(row.maybe_wide.value));
    assert_true(row.maybe_flag.is_set && !row.maybe_flag.value);
}

static void null_leaves_zeros(void **state)
{
    ignis_context *ctx = *state;
    const Kinds zeros = {0};
    const ignis_cell null = {.kind = IGNIS_CELL_NULL};
    Kinds row = {0};
    for (const ignis_column *column = Kinds_model.columns.items; column->member; column++)
        assert_int_equal(store(ctx, column->member, null, &row), IGNIS_OK);
    assert_memory_equal(&row, &zeros, sizeof(row));
}

static void times_come_as_counts_or_as_text(void **state)
{
    ignis_context *ctx = *state;
    Kinds row = {0};
    assert_int_equal(store(ctx, "moment", integer_cell(INT64_MAX), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "day", text_cell("2000-01-02"), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "maybe_moment", text_cell("2000-01-01T00:00:00.000001Z"), &row),
                     IGNIS_OK);
    assert_int_equal(store(ctx, "maybe_day", text_cell("-infinity"), &row), IGNIS_OK);
    assert_true(row.moment.microseconds == INT64_MAX && row.day.days == 1);
    assert_true(row.maybe_moment.is_set && row.maybe_moment.value.microseconds == 1);
    assert_true(row.maybe_day.is_set && row.maybe_day.value.days == INT64_MIN);
}

static void texts_are_copied(void **state)
{
    ignis_context *ctx = *state;
    Kinds row = {0};
    char data[] = "abc";
    assert_int_equal(store(ctx, "label", text_cell(data), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "price", text_cell("1.50"), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "doc", text_cell("{\"a\": 1}"), &row), IGNIS_OK);
    assert_int_equal(
        store(ctx, "raw", (ignis_cell){.kind = IGNIS_CELL_BYTES, .size = 0, .as.text = ""}, &row),
        IGNIS_OK);
    memset(data, 'x', 3);
    assert_string_equal(row.label, "abc");
    assert_string_equal(row.price.text, "1.50");
    assert_string_equal(row.doc.text, "{\"a\": 1}");
    assert_true(row.raw.data && row.raw.size == 0);
}

/* Tables of other writers. */
static void what_a_member_can_say_of_foreign_values_is_said(void **state)
{
    ignis_context *ctx = *state;
    Kinds row = {0};
    assert_int_equal(store(ctx, "label", integer_cell(-5), &row), IGNIS_OK);
    assert_string_equal(row.label, "-5");
    assert_int_equal(store(ctx, "label", real_cell(0.5), &row), IGNIS_OK);
    assert_string_equal(row.label, "0.5");
    assert_int_equal(store(ctx, "price", integer_cell(7), &row), IGNIS_OK);
    assert_string_equal(row.price.text, "7");
    assert_int_equal(store(ctx, "doc", text_cell("no document"), &row), IGNIS_OK);
    assert_string_equal(row.doc.text, "\"no document\"");
    assert_int_equal(store(ctx, "doc", integer_cell(3), &row), IGNIS_OK);
    assert_string_equal(row.doc.text, "3");
    assert_int_equal(store(ctx, "wide", integer_cell(2), &row), IGNIS_OK);
    assert_true(row.wide > 1.5 && row.wide < 2.5);
    assert_int_equal(store(ctx, "raw", text_cell("ab"), &row), IGNIS_OK);
    assert_int_equal(row.raw.size, 2);
    assert_int_equal(store(ctx, "day", text_cell("1/2/2000"), &row), IGNIS_E_DATABASE);
}

static void what_a_member_cannot_say_is_refused(void **state)
{
    ignis_context *ctx = *state;
    static const struct {
        const char *member;
        ignis_cell cell;
    } rows[] = {
        {"medium", {.kind = IGNIS_CELL_TEXT, .size = 3, .as.text = "abc"}},
        {"medium", {.kind = IGNIS_CELL_TEXT, .size = 1, .as.text = "5"}},
        {"medium", {.kind = IGNIS_CELL_REAL, .as.real = 5}},
        {"medium", {.kind = IGNIS_CELL_INTEGER, .as.integer = (int64_t)INT32_MAX + 1}},
        {"maybe_medium", {.kind = IGNIS_CELL_INTEGER, .as.integer = (int64_t)INT32_MIN - 1}},
        {"small", {.kind = IGNIS_CELL_INTEGER, .as.integer = INT16_MAX + 1}},
        {"maybe_small", {.kind = IGNIS_CELL_INTEGER, .as.integer = INT16_MIN - 1}},
        {"big", {.kind = IGNIS_CELL_BYTES, .size = 1, .as.text = "a"}},
        {"flag", {.kind = IGNIS_CELL_TEXT, .size = 4, .as.text = "true"}},
        {"wide", {.kind = IGNIS_CELL_TEXT, .size = 3, .as.text = "0.5"}},
        {"single", {.kind = IGNIS_CELL_BYTES, .size = 1, .as.text = "a"}},
        {"label", {.kind = IGNIS_CELL_TEXT, .size = 3, .as.text = "a\0b"}},
        {"label", {.kind = IGNIS_CELL_BYTES, .size = 1, .as.text = "a"}},
        {"price", {.kind = IGNIS_CELL_BYTES, .size = 1, .as.text = "a"}},
        {"raw", {.kind = IGNIS_CELL_INTEGER, .as.integer = 1}},
        {"moment", {.kind = IGNIS_CELL_TEXT, .size = 5, .as.text = "today"}},
        {"moment", {.kind = IGNIS_CELL_REAL, .as.real = 1}},
        {"mediums", {.kind = IGNIS_CELL_INTEGER, .as.integer = 1}},
        {"mediums", {.kind = IGNIS_CELL_TEXT, .size = 2, .as.text = "{}"}},
        {"mediums", {.kind = IGNIS_CELL_TEXT, .size = 2, .as.text = "[1"}},
        {"mediums", {.kind = IGNIS_CELL_TEXT, .size = 5, .as.text = "[1.5]"}},
        {"mediums", {.kind = IGNIS_CELL_TEXT, .size = 5, .as.text = "[[1]]"}},
        {"mediums", {.kind = IGNIS_CELL_TEXT, .size = 6, .as.text = "[true]"}},
        {"mediums", {.kind = IGNIS_CELL_TEXT, .size = 12, .as.text = "[2147483648]"}},
        {"raws", {.kind = IGNIS_CELL_TEXT, .size = 5, .as.text = "[\"a\"]"}},
        {"raws", {.kind = IGNIS_CELL_TEXT, .size = 6, .as.text = "[\"zz\"]"}},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        Kinds row = {0};
        ignis_code code = store(ctx, rows[i].member, rows[i].cell, &row);
        if (code != IGNIS_E_DATABASE || !strstr(ctx->error.message, rows[i].member))
            fail_msg("%zu: %s: %s", i, rows[i].member, ctx->error.message);
    }
}

/* ---- arrays ---- */

static void lists_become_arrays(void **state)
{
    ignis_context *ctx = *state;
    Kinds row = {0};
    const ignis_cell null = {.kind = IGNIS_CELL_NULL};
    const ignis_cell integers[] = {integer_cell(1), integer_cell(2)};
    const ignis_cell maybe[] = {integer_cell(1), null};
    const ignis_cell texts[] = {text_cell("a"), null, text_cell("")};
    assert_int_equal(store(ctx, "mediums", list_cell(integers, 2), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "maybe_mediums", list_cell(maybe, 2), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "labels", list_cell(texts, 3), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "wides", list_cell(NULL, 0), &row), IGNIS_OK);
    assert_true(row.mediums_count == 2 && row.mediums[0] == 1 && row.mediums[1] == 2);
    assert_true(row.maybe_mediums[0].is_set && !row.maybe_mediums[1].is_set);
    assert_true(row.labels_count == 3 && !row.labels[1]);
    assert_string_equal(row.labels[2], "");
    assert_true(row.wides && row.wides_count == 0);
    assert_int_equal(store(ctx, "mediums", list_cell(maybe, 2), &row), IGNIS_E_INVALID);
    assert_non_null(strstr(ctx->error.message, "'mediums[1]' is NULL"));
}

static void stored_arrays_are_read_as_their_values_would_be(void **state)
{
    ignis_context *ctx = *state;
    Kinds row = {0};
    assert_int_equal(store(ctx, "mediums", text_cell("[1,-2]"), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "maybe_flags", text_cell("[true,null,0]"), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "singles", text_cell("[0.1,2,1e-3]"), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "labels", text_cell("[\"a\\u0041\",null]"), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "prices", text_cell("[1.50,null]"), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "raws", text_cell("[\"00ff\",\"\"]"), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "docs", text_cell("[{\"a\":1},\"x\",null]"), &row), IGNIS_OK);
    assert_int_equal(store(ctx, "days", text_cell("[\"2000-01-02\",\"infinity\"]"), &row),
                     IGNIS_OK);
    assert_int_equal(store(ctx, "moments", text_cell("[\"2000-01-01T00:00:00.000001Z\"]"), &row),
                     IGNIS_OK);
    assert_int_equal(store(ctx, "bigs", text_cell("[]"), &row), IGNIS_OK);
    assert_true(row.mediums_count == 2 && row.mediums[1] == -2);
    assert_true(row.maybe_flags[0].value && !row.maybe_flags[1].is_set);
    assert_true(row.maybe_flags[2].is_set && !row.maybe_flags[2].value);
    assert_memory_equal(row.singles, ((float[]){0.1f, 2, 1e-3f}), 3 * sizeof(float));
    assert_string_equal(row.labels[0], "aA");
    assert_null(row.labels[1]);
    assert_string_equal(row.prices[0].text, "1.50");
    assert_null(row.prices[1].text);
    assert_memory_equal(row.raws[0].data, ((uint8_t[]){0, 255}), 2);
    assert_true(row.raws[1].data && row.raws[1].size == 0);
    assert_string_equal(row.docs[0].text, "{\"a\": 1}");
    assert_string_equal(row.docs[1].text, "\"x\"");
    assert_true(row.docs_count == 3 && !row.docs[2].text);
    assert_true(row.days[0].days == 1 && row.days[1].days == INT64_MAX);
    assert_true(row.moments[0].microseconds == 1);
    assert_true(row.bigs && row.bigs_count == 0);
}

typedef struct stored {
    const char *member;
    const char *text;
} stored;

static ignis_code store_run(ignis_context *ctx, void *data)
{
    const stored *what = data;
    Kinds row = {0};
    return store(ctx, what->member, text_cell(what->text), &row);
}

static void memory_that_ends_is_told(void **state)
{
    (void)state;
    stored rows[] = {{"label", "abc"},       {"doc", "no document"},  {"labels", "[\"a\",\"b\"]"},
                     {"raws", "[\"00ff\"]"}, {"docs", "[{\"a\":1}]"}, {"mediums", "[1,2,3]"}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        assert_true(fault_run(store_run, &rows[i]) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_and_reals_fill_members_of_their_width),
        cmocka_unit_test(null_leaves_zeros),
        cmocka_unit_test(times_come_as_counts_or_as_text),
        cmocka_unit_test(texts_are_copied),
        cmocka_unit_test(what_a_member_can_say_of_foreign_values_is_said),
        cmocka_unit_test(what_a_member_cannot_say_is_refused),
        cmocka_unit_test(lists_become_arrays),
        cmocka_unit_test(stored_arrays_are_read_as_their_values_would_be),
        cmocka_unit_test(memory_that_ends_is_told),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
