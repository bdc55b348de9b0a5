/* limit, skip and offset, and maxLimit above them; the other keys of a filter. */
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

#define NONE INT64_C(-1)

typedef struct paging {
    const char *filter;
    int64_t limit; /* NONE: none */
    int64_t skip;
} paging;

static void pagings_check(engine *blog, filter_method method, const paging *pagings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        filter_tree tree;
        filter_request request = {.method = method, .entity = engine_entity(blog, "User")};
        if (engine_read(blog, request, pagings[i].filter, &tree) != IGNIS_OK)
            fail_msg("%s: %s", pagings[i].filter, blog->ctx->error.message);
        const filter_node *root = tree.root;
        int64_t limit = root->has_limit ? tree.values[root->limit_slot].as.integer : NONE;
        int64_t skip = root->has_skip ? tree.values[root->skip_slot].as.integer : NONE;
        if (limit != pagings[i].limit || skip != pagings[i].skip)
            fail_msg("%s: limit %lld, skip %lld", pagings[i].filter, (long long)limit,
                     (long long)skip);
    }
}

static void counts_are_integers_or_their_decimal_text(void **state)
{
    static const paging pagings[] = {
        {J({}), NONE, NONE},
        {J({"limit" : null, "skip" : null, "offset" : null}), NONE, NONE},
        {J({"limit" : 0}), 0, NONE},
        {J({"limit" : 7, "skip" : 3}), 7, 3},
        {J({"limit" : "7", "offset" : "3"}), 7, 3},
        {J({"skip" : 3, "offset" : 4}), NONE, 3},
        {J({"offset" : 4, "skip" : 0}), NONE, 0},
        {J({"skip" : null, "offset" : 4}), NONE, 4},
        {J({"limit" : 9223372036854775807}), INT64_MAX, NONE},
        {J({"limit" : "9223372036854775807"}), INT64_MAX, NONE},
        {J({"limit" : "007"}), 7, NONE},
    };
    pagings_check(*state, FILTER_FIND, pagings, ARRAY_COUNT(pagings));
}

static void find_one_takes_one_row_and_find_by_id_none_of_it(void **state)
{
    static const paging one[] = {
        {J({}), 1, NONE}, {J({"limit" : 5, "skip" : 2}), 1, 2}, {J({"limit" : 0}), 1, NONE}};
    pagings_check(*state, FILTER_FIND_ONE, one, ARRAY_COUNT(one));
    engine *blog = *state;
    filter_tree tree;
    const json id = {.kind = JSON_INTEGER, .count = 1, .integer = 1, .as.text = "1"};
    filter_request request = {
        .method = FILTER_FIND_BY_ID, .entity = engine_entity(blog, "User"), .id = &id};
    assert_int_equal(
        engine_read(blog, request, J({"limit" : 0, "skip" : 2, "order" : ["name"]}), &tree),
        IGNIS_OK);
    assert_false(tree.root->has_limit || tree.root->has_skip);
    assert_int_equal(tree.root->order_count, 0);
    assert_non_null(tree.root->key);
}

typedef struct refusal {
    const char *filter;
    engine_error error;
} refusal;

static void other_counts_and_keys_are_refused(void **state)
{
    static const refusal refusals[] = {
        {J({"limit" : -1}),
         {IGNIS_E_INVALID, "limit", "",
          "limit is an integer from 0 to "
          "9223372036854775807, not -1"}},
        {J({"limit" : 1.5}), {IGNIS_E_INVALID, "limit", "", "not 1.5"}},
        {J({"limit" : 9223372036854775808}), {IGNIS_E_INVALID, "limit", "", NULL}},
        {J({"limit" : "9223372036854775808"}), {IGNIS_E_INVALID, "limit", "", NULL}},
        {J({"limit" : "-1"}), {IGNIS_E_INVALID, "limit", "", "not \"-1\""}},
        {J({"limit" : "+1"}), {IGNIS_E_INVALID, "limit", "", "not \"+1\""}},
        {J({"limit" : " 1"}), {IGNIS_E_INVALID, "limit", "", NULL}},
        {J({"limit" : "0x1"}), {IGNIS_E_INVALID, "limit", "", NULL}},
        {J({"limit" : ""}), {IGNIS_E_INVALID, "limit", "", NULL}},
        {J({"limit" : true}), {IGNIS_E_INVALID, "limit", "", "not a boolean"}},
        {J({"limit" : [1]}), {IGNIS_E_INVALID, "limit", "", "not a list"}},
        {J({"skip" : {}}), {IGNIS_E_INVALID, "skip", "", "skip is an integer"}},
        {J({"offset" : "x"}), {IGNIS_E_INVALID, "offset", "", "offset is an integer"}},
        {J({"skip" : 1, "offset" : "x"}), {IGNIS_E_INVALID, "offset", "", NULL}},
        {J({"limits" : 1}), {IGNIS_E_INVALID, "limits", "limit", "unknown key 'limits'"}},
        {J({"Where" : {}}), {IGNIS_E_INVALID, "Where", "where", "unknown key"}},
        {J({"nonsense" : null}), {IGNIS_E_INVALID, "nonsense", "", "unknown key"}},
        {J([]), {IGNIS_E_INVALID, "", "", "a filter is an object, not a list"}},
        {J("x"), {IGNIS_E_INVALID, "", "", "not a string"}},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        filter_tree tree;
        filter_request request = {.method = FILTER_FIND, .entity = engine_entity(blog, "User")};
        ignis_code code = engine_read(blog, request, refusals[i].filter, &tree);
        engine_expect_error(blog, code, &refusals[i].error, refusals[i].filter);
    }
}

static void the_largest_counts_are_harmless(void **state)
{
    assert_string_equal(
        engine_find(*state, "Post",
                    J({"limit" : 9223372036854775807, "skip" : 9223372036854775807})),
        "[]");
    assert_string_equal(
        engine_find(*state, "Post", J({
            "where" : {"id" : 1},
            "fields" : ["id"],
            "include" : [ {
                "relation" : "comments",
                "scope" :
                    {"fields" : ["id"], "order" : ["id"], "limit" : 9223372036854775807, "skip" : 1}
            } ]
        })),
        "[{\"id\":1,\"comments\":[{\"id\":2}]}]");
    assert_string_equal(
        engine_find(*state, "User", J({
            "where" : {"id" : 1},
            "fields" : ["id"],
            "include" : [ {
                "relation" : "posts",
                "scope" :
                    {"fields" : ["id"], "limit" : 9223372036854775807, "skip" : 9223372036854775807}
            } ]
        })),
        "[{\"id\":1,\"posts\":[]}]");
}

static const char short_models[] = J({
    "models" : [
        {
            "name" : "Box",
            "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
            "relations" : [ {"name" : "items", "type" : "many", "model" : "Item"} ]
        },
        {
            "name" : "Item",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "boxId", "type" : "integer"}
            ],
            "relations" : [ {
                "name" : "box",
                "type" : "one",
                "model" : "Box",
                "fields" : ["boxId"],
                "references" : ["id"]
            } ],
            "settings" : {"maxLimit" : 2}
        }
    ]
});

static void max_limit_lowers_silently_per_parent(void **state)
{
    (void)state;
    static const char rows[] = J({
        "Box" : [ {"id" : 1}, {"id" : 2} ],
        "Item" : [
            {"id" : 1, "boxId" : 1}, {"id" : 2, "boxId" : 1}, {"id" : 3, "boxId" : 1},
            {"id" : 4, "boxId" : 2}, {"id" : 5, "boxId" : 2}, {"id" : 6, "boxId" : 2}
        ]
    });
    engine shelf;
    engine_open(&shelf, short_models, rows);
    static const char *const wide[] = {J({"order" : ["id"], "fields" : ["id"]}),
                                       J({"order" : ["id"], "fields" : ["id"], "limit" : 3})};
    for (size_t i = 0; i < ARRAY_COUNT(wide); i++)
        assert_string_equal(engine_find(&shelf, "Item", wide[i]), "[{\"id\":1},{\"id\":2}]");
    assert_string_equal(
        engine_find(&shelf, "Item", J({"order" : ["id"], "fields" : ["id"], "limit" : 1})),
        "[{\"id\":1}]");
    assert_string_equal(
        engine_find(&shelf, "Box", J({
            "order" : ["id"],
            "include" : [ {
                "relation" : "items",
                "scope" : {"fields" : ["id"], "order" : ["id"], "skip" : 1, "limit" : "99"}
            } ]
        })),
        "[{\"id\":1,\"items\":[{\"id\":2},{\"id\":3}]},{\"id\":2,\"items\":[{\"id\":5},"
        "{\"id\":6}]}]");
    engine_close(&shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_integers_or_their_decimal_text),
        cmocka_unit_test(find_one_takes_one_row_and_find_by_id_none_of_it),
        cmocka_unit_test(other_counts_and_keys_are_refused),
        cmocka_unit_test(the_largest_counts_are_harmless),
        cmocka_unit_test(max_limit_lowers_silently_per_parent),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
