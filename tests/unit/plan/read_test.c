/* plan: columns, keys, order and access of each level. */
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

static plan_read *plan_of(engine *blog, const char *model, const char *filter)
{
    plan_read *plan = NULL;
    filter_tree *tree = arena_array(&blog->ctx->results, 1, sizeof(*tree));
    assert_non_null(tree);
    *tree = engine_tree(blog, model, filter);
    assert_int_equal(plan_read_build(blog->ctx, &blog->ctx->results, tree, &plan), IGNIS_OK);
    return plan;
}

/* "id name | managerId": the visible columns, then the others. */
static const char *columns_of(engine *blog, const plan_node *node)
{
    text out;
    text_init(&out, &blog->ctx->results, 0);
    for (size_t i = 0; i < node->columns_count; i++) {
        if (i > 0) text_char(&out, ' ');
        if (i == node->visible_count) text_string(&out, "| ");
        text_string(&out, node->columns[i]->name);
    }
    return text_finish(&out);
}

static const char *order_of(engine *blog, const plan_node *node)
{
    text out;
    text_init(&out, &blog->ctx->results, 0);
    for (size_t i = 0; i < node->order_count; i++) {
        const filter_order *order = &node->order[i];
        text_format(&out, "%s%s%s", i > 0 ? " " : "", order->descending ? "-" : "",
                    order->column->name);
    }
    return text_finish(&out);
}

static void keys_are_appended_and_not_visible(void **state)
{
    engine *blog = *state;
    plan_read *plan = plan_of(blog, "Post", J({
                                  "fields" : ["title"],
                                  "include" : [
                                      {"relation" : "comments", "scope" : {"fields" : ["body"]}},
                                      {"relation" : "author", "scope" : {"fields" : ["name"]}}
                                  ]
                              }));
    assert_int_equal(plan->nodes_count, 3);
    assert_string_equal(columns_of(blog, plan->nodes[0]), "title | id authorId");
    assert_string_equal(columns_of(blog, plan->nodes[1]), "body | postId");
    assert_string_equal(columns_of(blog, plan->nodes[2]), "name | id");
    assert_int_equal(plan->nodes[1]->link[0], 1);
    assert_int_equal(plan->nodes[2]->link[0], 1);
}

static void selected_keys_are_not_appended_again(void **state)
{
    engine *blog = *state;
    plan_read *plan = plan_of(
        blog, "Post", J({"fields" : [ "id", "authorId" ], "include" : [ "comments", "author" ]}));
    assert_string_equal(columns_of(blog, plan->nodes[0]), "id authorId");
    assert_int_equal(plan->nodes[0]->visible_count, 2);
    assert_int_equal(plan->nodes[0]->keys_count, 2);
    assert_string_equal(columns_of(blog, plan->nodes[1]), "id body postId");
    assert_int_equal(plan->nodes[1]->link[0], 2);
}

static void relations_over_the_same_columns_share_keys(void **state)
{
    engine *blog = *state;
    plan_read *plan = plan_of(
        blog, "User", J({"fields" : ["name"], "include" : [ "posts", "manager", "reports" ]}));
    const plan_node *root = plan->nodes[0];
    assert_string_equal(columns_of(blog, root), "name | id managerId");
    assert_int_equal(root->keys_count, 2);
    assert_int_equal(plan->nodes[1]->parent_keys, plan->nodes[3]->parent_keys);
    assert_int_not_equal(plan->nodes[1]->parent_keys, plan->nodes[2]->parent_keys);
}

static void levels_come_one_after_another_in_the_order_of_the_include(void **state)
{
    engine *blog = *state;
    plan_read *plan = plan_of(
        blog, "User", J({
            "include" :
                [ {"relation" : "posts", "scope" : {"include" : ["comments"]}}, "manager" ]
        }));
    static const char *const names[] = {NULL, "posts", "manager", "comments"};
    static const size_t parents[] = {0, 0, 0, 1};
    static const size_t depths[] = {0, 1, 1, 2};
    assert_int_equal(plan->nodes_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(plan->nodes[i]->index, i);
        assert_int_equal(plan->nodes[i]->parent_index, parents[i]);
        assert_int_equal(plan->nodes[i]->depth, depths[i]);
        if (i > 0) assert_string_equal(plan->nodes[i]->relation->name, names[i]);
    }
    assert_ptr_equal(plan->nodes[0]->children, plan->nodes[1]);
    assert_ptr_equal(plan->nodes[1]->next, plan->nodes[2]);
}

typedef struct sorting {
    const char *filter;
    const char *root;
    const char *child; /* NULL: there is none */
} sorting;

static void the_primary_key_completes_an_order_where_ties_would_show(void **state)
{
    static const sorting sortings[] = {
        {J({}), "", NULL},
        {J({"limit" : 3}), "", NULL},
        {J({"order" : []}), "", NULL},
        {J({"order" : ["age DESC"]}), "-age id", NULL},
        {J({"order" : ["id DESC"]}), "-id", NULL},
        {J({"order" : [ "age", "age DESC", "name" ]}), "age name id", NULL},
        {J({"include" : ["posts"]}), "", ""},
        {J({"limit" : 3, "include" : ["posts"]}), "id", ""},
        {J({"skip" : 3, "include" : ["posts"]}), "id", ""},
        {J({"include" : [ {"relation" : "posts", "scope" : {"limit" : 1}} ]}), "", ""},
        {J({"include" : [ {"relation" : "posts", "scope" : {"order" : ["views"]}} ]}), "",
         "views id"},
        {J({
             "include" :
                 [ {"relation" : "posts", "scope" : {"limit" : 1, "include" : ["comments"]}} ]
         }),
         "", "id"},
        {J({"include" : ["manager"]}), "", ""},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(sortings); i++) {
        plan_read *plan = plan_of(blog, "User", sortings[i].filter);
        const char *root = order_of(blog, plan->nodes[0]);
        if (strcmp(root, sortings[i].root) != 0) fail_msg("%s: %s", sortings[i].filter, root);
        if (!sortings[i].child) continue;
        const char *child = order_of(blog, plan->nodes[1]);
        if (strcmp(child, sortings[i].child) != 0) fail_msg("%s: %s", sortings[i].filter, child);
    }
}

typedef struct accessing {
    const char *model;
    const char *filter;
    plan_access access; /* of the first child */
} accessing;

static void access_follows_index_and_limit(void **state)
{
    static const accessing cases[] = {
        {"User", J({"include" : ["posts"]}), PLAN_KEYS},
        {"User", J({"include" : ["manager"]}), PLAN_KEYS},
        {"User", J({"include" : [ {"relation" : "posts", "scope" : {"limit" : 1}} ]}),
         PLAN_KEYS_LIMITED},
        {"User", J({"include" : [ {"relation" : "posts", "scope" : {"skip" : 1}} ]}),
         PLAN_KEYS_LIMITED},
        {"User", J({"include" : [ {"relation" : "manager", "scope" : {"limit" : 1}} ]}), PLAN_KEYS},
        {"Post", J({"include" : ["comments"]}), PLAN_SCAN},
        {"Post", J({"include" : [ {"relation" : "comments", "scope" : {"limit" : 1}} ]}),
         PLAN_SCAN_LIMITED},
        {"Post", J({"include" : [ {"relation" : "comments", "scope" : {"skip" : 0}} ]}),
         PLAN_SCAN_LIMITED},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        plan_read *plan = plan_of(blog, cases[i].model, cases[i].filter);
        assert_int_equal(plan->nodes[0]->access, PLAN_ROOT);
        if (plan->nodes[1]->access != cases[i].access)
            fail_msg("%s: access %d", cases[i].filter, (int)plan->nodes[1]->access);
    }
}

static void a_view_is_scanned(void **state)
{
    (void)state;
    static const char models[] = J({
        "models" : [
            {
                "name" : "P",
                "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
                "relations" : [ {"name" : "rows", "type" : "many", "model" : "V"} ]
            },
            {
                "name" : "V",
                "type" : "view",
                "columns" : [
                    {"name" : "id", "type" : "integer", "primaryKey" : true},
                    {"name" : "pId", "type" : "integer", "unique" : true}
                ],
                "relations" : [ {
                    "name" : "p",
                    "type" : "one",
                    "model" : "P",
                    "fields" : ["pId"],
                    "references" : ["id"]
                } ]
            }
        ]
    });
    engine views;
    engine_open(&views, models, NULL);
    assert_int_equal(plan_of(&views, "P", J({"include" : ["rows"]}))->nodes[1]->access, PLAN_SCAN);
    assert_int_equal(
        plan_of(&views, "P", J({"include" : [ {"relation" : "rows", "scope" : {"limit" : 1}} ]}))
            ->nodes[1]
            ->access,
        PLAN_SCAN_LIMITED);
    engine_close(&views);
}

static void a_has_one_is_ordered_by_its_key(void **state)
{
    (void)state;
    static const char models[] = J({
        "models" : [
            {
                "name" : "A",
                "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
                "relations" : [ {
                    "name" : "b",
                    "type" : "one",
                    "model" : "B",
                    "fields" : ["id"],
                    "references" : ["aId"]
                } ]
            },
            {
                "name" : "B",
                "columns" : [
                    {"name" : "x", "type" : "integer", "primaryKey" : true},
                    {"name" : "y", "type" : "integer", "primaryKey" : true},
                    {"name" : "aId", "type" : "integer"}
                ]
            }
        ]
    });
    engine ones;
    engine_open(&ones, models, NULL);
    plan_read *plan = plan_of(&ones, "A", J({"include" : ["b"]}));
    assert_string_equal(order_of(&ones, plan->nodes[1]), "x y");
    engine_close(&ones);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_appended_and_not_visible),
        cmocka_unit_test(selected_keys_are_not_appended_again),
        cmocka_unit_test(relations_over_the_same_columns_share_keys),
        cmocka_unit_test(levels_come_one_after_another_in_the_order_of_the_include),
        cmocka_unit_test(the_primary_key_completes_an_order_where_ties_would_show),
        cmocka_unit_test(access_follows_index_and_limit),
        cmocka_unit_test(a_view_is_scanned),
        cmocka_unit_test(a_has_one_is_ordered_by_its_key),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
