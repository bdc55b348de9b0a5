/* shape: equal for filters that differ in values only, different for everything else. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define J IGNIS_JSON

static int open_blog(void **state)
{
    static engine blog;
    engine_open(&blog, engine_blog, engine_blog_rows);
    *state = &blog;
    return 0;
}

static int close_blog(void **state)
{
    if (*state) engine_close(*state);
    return 0;
}

static bool shapes_equal(const filter_tree *a, const filter_tree *b)
{
    return a->shape.size == b->shape.size &&
           memcmp(a->shape.data, b->shape.data, a->shape.size) == 0;
}

static void filters_that_differ_in_values_have_one_shape(void **state)
{
    static const char *const pairs[][2] = {
        {J({}), "{ }"},
        {J({"where" : {"age" : 1}}), J({"where" : {"age" : "22"}})},
        {J({"where" : {"age" : 1}}), J({"where" : {"age" : {"is" : 1}}})},
        {J({"where" : {"age" : [1]}}), J({"where" : {"age" : {"inq" : [ 1, 2, 3 ]}}})},
        {J({"where" : {"age" : [ 1, 2 ]}}), J({"where" : {"age" : [ null, 1 ]}})},
        {J({"where" : {"age" : {"nin" : 5}}}), J({"where" : {"age" : {"ne" : 6}}})},
        {J({"where" : {"name" : "a"}}), J({"where" : {"name" : "a much longer text"}})},
        {J({"where" : {"age" : {"between" : [ 1, 2 ]}}}),
         J({"where" : {"age" : {"between" : [ 9, 3 ]}}})},
        {J({"limit" : 1, "skip" : 2}), J({"skip" : 7, "limit" : "99"})},
        {J({"limit" : 1, "skip" : 2}), J({"limit" : 1, "offset" : 2})},
        {J({"order" : ["age"]}), J({"order" : [" age  asc "]})},
        {J({"fields" : [ "id", "name" ]}), J({"fields" : {"name" : true, "id" : true}})},
        {J({"include" : ["posts"]}), J({"include" : [ {"relation" : "posts", "scope" : {}} ]})},
        {J({"include" : [ {"relation" : "posts", "scope" : {"limit" : 1}} ]}),
         J({"include" : [ {"relation" : "posts", "scope" : {"limit" : 5}} ]})},
        {J({"include" : [ {"relation" : "manager", "scope" : {"limit" : 1}} ]}),
         J({"include" : [ {"relation" : "manager"} ]})},
        {J({"where" : null, "order" : null, "limit" : null, "include" : null}), J({})},
    };
    for (size_t i = 0; i < ARRAY_COUNT(pairs); i++) {
        filter_tree a = engine_tree(*state, "User", pairs[i][0]);
        filter_tree b = engine_tree(*state, "User", pairs[i][1]);
        if (!shapes_equal(&a, &b)) fail_msg("%s and %s", pairs[i][0], pairs[i][1]);
    }
}

static void every_difference_of_structure_is_in_the_shape(void **state)
{
    static const char *const filters[] = {
        J({}),
        J({"where" : {"age" : 1}}),
        J({"where" : {"id" : 1}}),
        J({"where" : {"age" : {"ne" : 1}}}),
        J({"where" : {"age" : {"gt" : 1}}}),
        J({"where" : {"age" : {"gte" : 1}}}),
        J({"where" : {"age" : {"lt" : 1}}}),
        J({"where" : {"age" : {"lte" : 1}}}),
        J({"where" : {"age" : {"between" : [ 1, 2 ]}}}),
        J({"where" : {"age" : {"notBetween" : [ 1, 2 ]}}}),
        J({"where" : {"age" : {"in" : [1]}}}),
        J({"where" : {"age" : {"nin" : [1]}}}),
        J({"where" : {"age" : {"in" : []}}}),
        J({"where" : {"age" : {"nin" : []}}}),
        J({"where" : {"age" : {"in" : null}}}),
        J({"where" : {"age" : null}}),
        J({"where" : {"age" : {"ne" : null}}}),
        J({"where" : {"name" : {"like" : "a"}}}),
        J({"where" : {"name" : {"ilike" : "a"}}}),
        J({"where" : {"name" : {"nlike" : "a"}}}),
        J({"where" : {"name" : {"nilike" : "a"}}}),
        J({"where" : {"not" : {"age" : 1}}}),
        J({"where" : {"or" : []}}),
        J({"where" : {"and" : []}}),
        J({"where" : {"or" : [ {"age" : 1} ]}}),
        J({"where" : {"and" : [ {"age" : 1} ]}}),
        J({"where" : {"or" : [ {"age" : 1}, {"id" : 1} ]}}),
        J({"where" : {"or" : [ {"age" : 1, "id" : 1} ]}}),
        J({"where" : {"or" : [ {"id" : 1}, {"age" : 1} ]}}),
        J({"where" : {"or" : [ {"age" : 1} ], "id" : 1}}),
        J({"where" : {"or" : [ {"age" : 1}, {} ], "id" : 1}}),
        J({"order" : ["age"]}),
        J({"order" : ["age DESC"]}),
        J({"order" : ["age NULLS FIRST"]}),
        J({"order" : ["age DESC NULLS LAST"]}),
        J({"order" : [ "age", "id" ]}),
        J({"order" : [ "id", "age" ]}),
        J({"fields" : ["id"]}),
        J({"fields" : [ "id", "name" ]}),
        J({"fields" : ["managerId"]}),
        J({"limit" : 1}),
        J({"skip" : 1}),
        J({"limit" : 1, "skip" : 1}),
        J({"include" : ["posts"]}),
        J({"include" : ["manager"]}),
        J({"include" : ["reports"]}),
        J({"include" : [ "posts", "manager" ]}),
        J({"include" : [ "manager", "posts" ]}),
        J({"include" : [ {"relation" : "manager", "scope" : {"include" : ["posts"]}} ]}),
        J({"include" : [ {"relation" : "manager", "scope" : {"include" : ["manager"]}}, "posts" ]}),
        J({"include" : [ {"relation" : "posts", "scope" : {"limit" : 1}} ]}),
        J({"include" : [ {"relation" : "posts", "scope" : {"skip" : 1}} ]}),
        J({"include" : [ {"relation" : "posts", "scope" : {"where" : {"id" : 1}}} ]}),
        J({"include" : ["posts"], "where" : {"id" : 1}}),
        J({"include" : [ {"relation" : "posts", "scope" : {"order" : ["id"]}} ]}),
        J({"include" : ["posts"], "order" : ["id"]}),
    };
    filter_tree trees[ARRAY_COUNT(filters)];
    for (size_t i = 0; i < ARRAY_COUNT(filters); i++) {
        trees[i] = engine_tree(*state, "User", filters[i]);
        for (size_t k = 0; k < i; k++)
            if (shapes_equal(&trees[i], &trees[k])) fail_msg("%s and %s", filters[i], filters[k]);
    }
}

static void what_is_asked_for_is_in_the_shape(void **state)
{
    engine *blog = *state;
    const model_entity *user = engine_entity(blog, "User");
    const json id = {.kind = JSON_INTEGER, .count = 1, .integer = 1, .as.text = "1"};
    const filter_request requests[] = {
        {.method = FILTER_FIND, .entity = user},
        {.method = FILTER_FIND, .entity = engine_entity(blog, "Post")},
        {.method = FILTER_FIND, .entity = user, .with_range = true},
        {.method = FILTER_FIND, .entity = user, .with_hidden = true},
        {.method = FILTER_FIND_ONE, .entity = user},
        {.method = FILTER_FIND_BY_ID, .entity = user, .id = &id},
        {.method = FILTER_COUNT, .entity = user},
        {.method = FILTER_EXISTS, .entity = user},
    };
    filter_tree trees[ARRAY_COUNT(requests)];
    for (size_t i = 0; i < ARRAY_COUNT(requests); i++) {
        assert_int_equal(engine_read(blog, requests[i], NULL, &trees[i]), IGNIS_OK);
        for (size_t k = 0; k < i; k++)
            assert_false(shapes_equal(&trees[i], &trees[k]));
    }
}

static void a_default_filter_left_out_is_in_the_shape(void **state)
{
    (void)state;
    static const char models[] = J({
        "models" : [ {
            "name" : "T",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "upId", "type" : "integer"}
            ],
            "relations" : [ {
                "name" : "up",
                "type" : "one",
                "model" : "T",
                "fields" : ["upId"],
                "references" : ["id"]
            } ],
            "settings" : {"defaultFilter" : {"where" : {"id" : {"gt" : 0}}}}
        } ]
    });
    engine tenant;
    filter_tree with;
    filter_tree without;
    engine_open(&tenant, models, NULL);
    filter_request request = {.method = FILTER_FIND, .entity = engine_entity(&tenant, "T")};
    assert_int_equal(engine_read(&tenant, request, NULL, &with), IGNIS_OK);
    request.should_skip_default_filter = true;
    assert_int_equal(engine_read(&tenant, request, NULL, &without), IGNIS_OK);
    assert_false(shapes_equal(&with, &without));
    with = engine_tree(&tenant, "T", J({"include" : ["up"]}));
    without = engine_tree(
        &tenant, "T", J({"include" : [ {"relation" : "up", "shouldSkipDefaultFilter" : true} ]}));
    assert_false(shapes_equal(&with, &without));
    engine_close(&tenant);
}

/* ---- generated filters: equal shape means an equal statement that reads equal slots ---- */

static uint32_t random_next(uint64_t *random)
{
    *random = *random * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*random >> 33);
}

static void condition_generate(text *out, uint64_t *random)
{
    static const char *const values[] = {
        "1",
        "null",
        "[1,2]",
        "[]",
        "{\"gt\":3}",
        "{\"gt\":null}",
        "{\"ne\":4}",
        "{\"in\":[null]}",
        "{\"nin\":[5,null]}",
        "{\"between\":[6,7]}",
        "{\"between\":[null,8]}",
        "{\"between\":[9,null]}",
        "{\"notBetween\":[null,null]}",
        "{\"lt\":10,\"gte\":11}",
    };
    text_string(out, values[random_next(random) % ARRAY_COUNT(values)]);
}

static void conditions_generate(text *out, uint64_t *random, int depth)
{
    static const char *const names[] = {"id", "age", "name", "and", "or", "not"};
    bool is_first = true;
    uint32_t chosen = random_next(random);
    text_char(out, '{');
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if ((chosen >> i & 3) != 0 || (i > 2 && depth == 0)) continue;
        text_format(out, "%s\"%s\":", is_first ? "" : ",", names[i]);
        is_first = false;
        if (i == 5) conditions_generate(out, random, depth - 1);
        if (i < 3) condition_generate(out, random);
        if (i != 3 && i != 4) continue;
        uint32_t count = random_next(random) % 3;
        text_char(out, '[');
        for (uint32_t k = 0; k < count; k++) {
            if (k > 0) text_char(out, ',');
            conditions_generate(out, random, depth - 1);
        }
        text_char(out, ']');
    }
    text_char(out, '}');
}

/* The places of the values that the conditions read, in order. */
static void slots_write(text *out, const filter_condition *condition)
{
    for (; condition; condition = condition->next) {
        bool is_compare = condition->kind == FILTER_COMPARE;
        text_format(out, "%d.%d.%u(", (int)condition->kind, (int)condition->op,
                    is_compare ? condition->column->index : 0);
        for (size_t i = 0; is_compare && i < 2; i++) {
            const filter_operand *operand = &condition->operands[i];
            text_format(out, "%d:%zu,", (int)operand->source,
                        operand->source == FILTER_SLOT ? operand->slot : 0);
        }
        slots_write(out, condition->children);
        text_char(out, ')');
    }
}

typedef struct sample {
    filter_tree tree;
    const char *filter;
    const char *slots;
} sample;

/* Operators of conditions that are no comparison any more do not count. */
static const char *slots_of(engine *blog, const filter_tree *tree)
{
    text out;
    text_init(&out, &blog->ctx->results, 0);
    if (tree->root->where) slots_write(&out, tree->root->where->children);
    if (tree->root->has_limit) text_format(&out, "limit %zu", tree->root->limit_slot);
    return text_finish(&out);
}

static void no_two_trees_share_a_shape(void **state)
{
    enum { SAMPLES_COUNT = 600 };
    static sample samples[SAMPLES_COUNT];
    engine *blog = *state;
    uint64_t random = 42;
    size_t shared = 0;
    for (size_t i = 0; i < SAMPLES_COUNT; i++) {
        text filter;
        text_init(&filter, &blog->ctx->results, 0);
        text_string(&filter, "{\"limit\":1,\"where\":");
        conditions_generate(&filter, &random, 2);
        text_char(&filter, '}');
        samples[i].filter = text_finish(&filter);
        samples[i].tree = engine_tree(blog, "User", samples[i].filter);
        samples[i].slots = slots_of(blog, &samples[i].tree);
        for (size_t k = 0; k < i; k++) {
            if (!shapes_equal(&samples[i].tree, &samples[k].tree)) continue;
            shared++;
            if (samples[i].tree.values_count != samples[k].tree.values_count)
                fail_msg("%s and %s share a shape with %zu and %zu values", samples[i].filter,
                         samples[k].filter, samples[i].tree.values_count,
                         samples[k].tree.values_count);
        }
    }
    assert_true(shared > 0);
    for (size_t i = 0; i < SAMPLES_COUNT; i++) {
        for (size_t k = 0; k < i; k++) {
            bool is_same = strcmp(samples[i].slots, samples[k].slots) == 0;
            if (is_same && !shapes_equal(&samples[i].tree, &samples[k].tree))
                fail_msg("%s and %s are one tree", samples[i].filter, samples[k].filter);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_that_differ_in_values_have_one_shape),
        cmocka_unit_test(every_difference_of_structure_is_in_the_shape),
        cmocka_unit_test(what_is_asked_for_is_in_the_shape),
        cmocka_unit_test(a_default_filter_left_out_is_in_the_shape),
        cmocka_unit_test(no_two_trees_share_a_shape),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
