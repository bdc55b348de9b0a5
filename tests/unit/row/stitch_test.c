/* stitch: rows of a level hang under the right parents. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char pair_models[] = J({
    "models" : [
        {
            "name" : "P",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "a", "type" : "integer"}, {"name" : "b", "type" : "text"},
                {"name" : "n", "type" : "numeric"}
            ],
            "uniques" : [ {"columns" : [ "a", "b" ]}, {"columns" : ["n"]} ],
            "relations" : [
                {"name" : "pairs", "type" : "many", "model" : "C", "relationName" : "pair"},
                {"name" : "numbers", "type" : "many", "model" : "C", "relationName" : "number"}, {
                    "name" : "first",
                    "type" : "one",
                    "model" : "C",
                    "fields" : ["a"],
                    "references" : ["a"]
                }
            ]
        },
        {
            "name" : "C",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "a", "type" : "integer"}, {"name" : "b", "type" : "text"},
                {"name" : "n", "type" : "numeric"}
            ],
            "relations" : [
                {
                    "name" : "pair",
                    "type" : "one",
                    "model" : "P",
                    "fields" : [ "a", "b" ],
                    "references" : [ "a", "b" ]
                },
                {
                    "name" : "number",
                    "type" : "one",
                    "model" : "P",
                    "fields" : ["n"],
                    "references" : ["n"]
                }
            ]
        }
    ]
});

static int open_pairs(void **state)
{
    static engine pairs;
    engine_open(&pairs, pair_models, NULL);
    *state = &pairs;
    return 0;
}

static int close_pairs(void **state)
{
    if (*state) engine_close(*state);
    return 0;
}

static ignis_cell integer(int64_t value)
{
    return (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = value};
}

static ignis_cell string(const char *value)
{
    if (!value) return (ignis_cell){.kind = IGNIS_CELL_NULL};
    return (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = strlen(value), .as.text = value};
}

typedef struct stitching {
    plan_read *plan;
    row_result result;
} stitching;

static void stitching_start(engine *pairs, const char *model, const char *filter, int64_t rows_max,
                            stitching *self)
{
    filter_tree tree = engine_tree(pairs, model, filter);
    arena *memory = &pairs->ctx->results;
    assert_int_equal(plan_read_build(pairs->ctx, memory, &tree, &self->plan), IGNIS_OK);
    assert_int_equal(row_result_start(pairs->ctx, memory, self->plan, rows_max, &self->result),
                     IGNIS_OK);
}

static const char *stitching_write(engine *pairs, stitching *self)
{
    text out;
    text_init(&out, &pairs->ctx->results, 0);
    assert_int_equal(row_result_write(&self->result, false, &out), IGNIS_OK);
    return text_finish(&out);
}

static void a_key_with_a_null_part_finds_nothing(void **state)
{
    engine *pairs = *state;
    stitching it;
    stitching_start(pairs, "P", J({
                        "fields" : ["id"],
                        "include" : [ {"relation" : "pairs", "scope" : {"fields" : ["id"]}} ]
                    }),
                    0, &it);
    const ignis_cell parents[][3] = {{integer(1), integer(1), string("x")},
                                     {integer(2), integer(1), string(NULL)},
                                     {integer(3), {.kind = IGNIS_CELL_NULL}, string("x")}};
    assert_int_equal(row_level_start(&it.result, 0), IGNIS_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(row_level_add(&it.result, 0, parents[i]), IGNIS_OK);
    assert_int_equal(row_level_keys(&it.result, 1).size, 2);
    const ignis_cell children[][3] = {{integer(10), integer(1), string("x")},
                                      {integer(11), integer(1), string(NULL)},
                                      {integer(12), {.kind = IGNIS_CELL_NULL}, string("x")},
                                      {integer(13), integer(1), string("y")},
                                      {integer(14), integer(1), string("x")}};
    assert_int_equal(row_level_start(&it.result, 1), IGNIS_OK);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(row_level_add(&it.result, 1, children[i]), IGNIS_OK);
    assert_string_equal(stitching_write(pairs, &it),
                        "[{\"id\":1,\"pairs\":[{\"id\":10},{\"id\":14}]},"
                        "{\"id\":2,\"pairs\":[]},{\"id\":3,\"pairs\":[]}]");
}

static void numeric_keys_are_equal_by_value(void **state)
{
    engine *pairs = *state;
    static const char *const ours[] = {"1.0", "1.00", "1", "0", "-1.50", "10", "100", "0.0"};
    static const char *const theirs[] = {"1.000", "0.00", "-1.5", "10.0", "100.", "1.01"};
    static const char expected[] =
        "[{\"id\":0,\"numbers\":[{\"id\":0}]},{\"id\":1,\"numbers\":[{\"id\":0}]},"
        "{\"id\":2,\"numbers\":[{\"id\":0}]},{\"id\":3,\"numbers\":[{\"id\":1}]},"
        "{\"id\":4,\"numbers\":[{\"id\":2}]},{\"id\":5,\"numbers\":[{\"id\":3}]},"
        "{\"id\":6,\"numbers\":[{\"id\":4}]},{\"id\":7,\"numbers\":[{\"id\":1}]}]";
    stitching it;
    stitching_start(pairs, "P", J({
                        "fields" : ["id"],
                        "include" : [ {"relation" : "numbers", "scope" : {"fields" : ["id"]}} ]
                    }),
                    0, &it);
    assert_int_equal(row_level_start(&it.result, 0), IGNIS_OK);
    for (size_t i = 0; i < ARRAY_COUNT(ours); i++) {
        const ignis_cell cells[] = {integer((int64_t)i), string(ours[i])};
        assert_int_equal(row_level_add(&it.result, 0, cells), IGNIS_OK);
    }
    assert_int_equal(row_level_keys(&it.result, 1).size, 5);
    assert_int_equal(row_level_start(&it.result, 1), IGNIS_OK);
    for (size_t i = 0; i < ARRAY_COUNT(theirs); i++) {
        const ignis_cell cells[] = {integer((int64_t)i), string(theirs[i])};
        assert_int_equal(row_level_add(&it.result, 1, cells), IGNIS_OK);
    }
    assert_string_equal(stitching_write(pairs, &it), expected);
}

static void parents_share_a_row_and_a_has_one_keeps_its_first(void **state)
{
    engine *pairs = *state;
    stitching it;
    stitching_start(pairs, "P", J({
                        "fields" : ["id"],
                        "include" : [ {"relation" : "first", "scope" : {"fields" : ["id"]}} ]
                    }),
                    0, &it);
    assert_int_equal(row_level_start(&it.result, 0), IGNIS_OK);
    for (int64_t i = 0; i < 3; i++) {
        const ignis_cell cells[] = {integer(i), integer(i / 2)};
        assert_int_equal(row_level_add(&it.result, 0, cells), IGNIS_OK);
    }
    assert_int_equal(row_level_start(&it.result, 1), IGNIS_OK);
    const ignis_cell children[][2] = {
        {integer(7), integer(0)}, {integer(8), integer(0)}, {integer(9), integer(5)}};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(row_level_add(&it.result, 1, children[i]), IGNIS_OK);
    assert_string_equal(stitching_write(pairs, &it),
                        "[{\"id\":0,\"first\":{\"id\":7}},{\"id\":1,\"first\":{\"id\":7}},"
                        "{\"id\":2,\"first\":null}]");
}

static void cells_are_read_and_not_kept(void **state)
{
    engine *pairs = *state;
    char key[] = "key";
    stitching it;
    stitching_start(pairs, "P", J({
                        "fields" : [ "id", "b" ],
                        "include" : [ {"relation" : "pairs", "scope" : {"fields" : ["id"]}} ]
                    }),
                    0, &it);
    ignis_cell parent[] = {integer(1), string(key), integer(4)};
    assert_int_equal(row_level_start(&it.result, 0), IGNIS_OK);
    assert_int_equal(row_level_add(&it.result, 0, parent), IGNIS_OK);
    memset(key, 'z', 3);
    parent[0] = integer(99);
    const ignis_cell child[] = {integer(5), integer(4), string("key")};
    assert_int_equal(row_level_start(&it.result, 1), IGNIS_OK);
    assert_int_equal(row_level_add(&it.result, 1, child), IGNIS_OK);
    assert_string_equal(stitching_write(pairs, &it),
                        "[{\"id\":1,\"b\":\"key\",\"pairs\":[{\"id\":5}]}]");
}

/* ---- random rows against a plain loop ---- */

enum { PARENTS_COUNT = 3000, CHILDREN_COUNT = 5000 };

typedef struct pair {
    int a; /* -1: NULL */
    char b[8];
    bool b_is_null;
} pair;

static uint32_t random_next(uint64_t *random)
{
    *random = *random * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*random >> 33);
}

static void pair_make(uint64_t *random, pair *made)
{
    made->a = (int)(random_next(random) % 41) - 1;
    made->b_is_null = random_next(random) % 20 == 0;
    snprintf(made->b, sizeof(made->b), "%u", random_next(random) % 40);
}

static void pair_cells(const pair *it, size_t id, ignis_cell cells[3])
{
    cells[0] = integer((int64_t)id);
    cells[1] = it->a < 0 ? (ignis_cell){.kind = IGNIS_CELL_NULL} : integer(it->a);
    cells[2] = string(it->b_is_null ? NULL : it->b);
}

static bool pairs_match(const pair *a, const pair *b)
{
    return a->a >= 0 && a->a == b->a && !a->b_is_null && !b->b_is_null && strcmp(a->b, b->b) == 0;
}

static const char *plain_pairs(engine *pairs, const pair *parents, const pair *children)
{
    text out;
    text_init(&out, &pairs->ctx->results, 0);
    for (size_t i = 0; i < PARENTS_COUNT; i++) {
        const char *comma = "";
        text_format(&out, "%s{\"id\":%zu,\"pairs\":[", i > 0 ? "," : "[", i);
        for (size_t k = 0; k < CHILDREN_COUNT; k++) {
            if (!pairs_match(&parents[i], &children[k])) continue;
            text_format(&out, "%s{\"id\":%zu}", comma, k);
            comma = ",";
        }
        text_string(&out, "]}");
    }
    text_char(&out, ']');
    return text_finish(&out);
}

static void thousands_of_random_rows_hang_as_in_a_plain_loop(void **state)
{
    static pair parents[PARENTS_COUNT];
    static pair children[CHILDREN_COUNT];
    engine *pairs = *state;
    uint64_t random = 7;
    ignis_cell cells[3];
    stitching it;
    stitching_start(pairs, "P", J({
                        "fields" : ["id"],
                        "include" : [ {"relation" : "pairs", "scope" : {"fields" : ["id"]}} ]
                    }),
                    0, &it);
    assert_int_equal(row_level_start(&it.result, 0), IGNIS_OK);
    for (size_t i = 0; i < PARENTS_COUNT; i++) {
        pair_make(&random, &parents[i]);
        pair_cells(&parents[i], i, cells);
        assert_int_equal(row_level_add(&it.result, 0, cells), IGNIS_OK);
    }
    assert_int_equal(row_level_start(&it.result, 1), IGNIS_OK);
    for (size_t i = 0; i < CHILDREN_COUNT; i++) {
        pair_make(&random, &children[i]);
        pair_cells(&children[i], i, cells);
        assert_int_equal(row_level_add(&it.result, 1, cells), IGNIS_OK);
    }
    assert_true(strcmp(stitching_write(pairs, &it), plain_pairs(pairs, parents, children)) == 0);
}

static void rows_read_are_bounded(void **state)
{
    engine *pairs = *state;
    stitching it;
    stitching_start(pairs, "P", J({"fields" : ["id"]}), 2, &it);
    const ignis_cell row[] = {integer(1)};
    assert_int_equal(row_level_start(&it.result, 0), IGNIS_OK);
    assert_int_equal(row_level_add(&it.result, 0, row), IGNIS_OK);
    assert_int_equal(row_level_add(&it.result, 0, row), IGNIS_OK);
    engine_error error = {IGNIS_E_LIMIT, "", "", "more than 2 rows in the result"};
    engine_expect_error(pairs, row_level_add(&it.result, 0, row), &error, "three rows");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_with_a_null_part_finds_nothing),
        cmocka_unit_test(numeric_keys_are_equal_by_value),
        cmocka_unit_test(parents_share_a_row_and_a_has_one_keeps_its_first),
        cmocka_unit_test(cells_are_read_and_not_kept),
        cmocka_unit_test(thousands_of_random_rows_hang_as_in_a_plain_loop),
        cmocka_unit_test(rows_read_are_bounded),
    };
    return cmocka_run_group_tests(tests, open_pairs, close_pairs);
}
