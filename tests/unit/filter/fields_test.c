/* fields: what a result shows. */
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

/* The names of the selected columns, joined by spaces. */
static const char *selected(engine *blog, const filter_tree *tree)
{
    text names;
    const model_entity *entity = tree->root->entity;
    text_init(&names, &blog->ctx->results, 0);
    for (size_t i = 0; i < entity->columns_count; i++) {
        if (!tree->root->selected[i]) continue;
        if (names.size > 0) text_char(&names, ' ');
        text_string(&names, entity->columns[i].name);
    }
    return text_finish(&names);
}

typedef struct selection {
    const char *filter;
    const char *names;
} selection;

static void fields_choose_the_properties_of_the_result(void **state)
{
    static const selection selections[] = {
        {J({}), "id title views authorId"},
        {J({"fields" : null}), "id title views authorId"},
        {J({"fields" : []}), "id title views authorId"},
        {J({"fields" : {}}), "id title views authorId"},
        {J({"fields" : ["title"]}), "title"},
        {J({"fields" : [ "views", "id", "views" ]}), "id views"},
        {J({"fields" : {"title" : true}}), "title"},
        {J({"fields" : {"title" : true, "id" : false}}), "title"},
        {J({"fields" : {"id" : false}}), "title views authorId"},
        {J({"fields" : {"id" : false, "views" : false, "authorId" : false}}), "title"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(selections); i++) {
        filter_tree tree = engine_tree(*state, "Post", selections[i].filter);
        const char *names = selected(*state, &tree);
        if (strcmp(names, selections[i].names) != 0)
            fail_msg("%s: \"%s\"", selections[i].filter, names);
    }
}

static void hidden_properties_come_on_request_only(void **state)
{
    engine *blog = *state;
    filter_tree tree = engine_tree(blog, "User", J({"fields" : [ "id", "secret" ]}));
    assert_string_equal(selected(blog, &tree), "id");
    tree = engine_tree(blog, "User", J({}));
    assert_null(strstr(selected(blog, &tree), "secret"));
    tree = engine_tree(blog, "User", J({"fields" : {"name" : false}}));
    assert_null(strstr(selected(blog, &tree), "vault"));
    filter_request request = {
        .method = FILTER_FIND, .entity = engine_entity(blog, "User"), .with_hidden = true};
    assert_int_equal(engine_read(blog, request, J({"fields" : [ "id", "secret" ]}), &tree),
                     IGNIS_OK);
    assert_string_equal(selected(blog, &tree), "id secret");
    assert_int_equal(engine_read(blog, request, J({}), &tree), IGNIS_OK);
    assert_non_null(strstr(selected(blog, &tree), "secret vault"));
}

typedef struct refusal {
    const char *filter;
    engine_error error;
} refusal;

static void wrong_fields_are_refused_at_their_place(void **state)
{
    static const refusal refusals[] = {
        {J({"fields" : "id"}),
         {IGNIS_E_INVALID, "fields", "", "fields is a list or an object, not a string"}},
        {J({"fields" : 1}), {IGNIS_E_INVALID, "fields", "", "not a number"}},
        {J({"fields" : [ "id", 5 ]}), {IGNIS_E_INVALID, "fields[1]", "", "a field is a name"}},
        {J({"fields" : [null]}), {IGNIS_E_INVALID, "fields[0]", "", "not null"}},
        {J({"fields" : ["nam"]}),
         {IGNIS_E_INVALID, "fields[0]", "name", "unknown field 'nam' of User"}},
        {J({"fields" : ["posts"]}), {IGNIS_E_INVALID, "fields[0]", "", "unknown field"}},
        {J({"fields" : ["is_active"]}), {IGNIS_E_INVALID, "fields[0]", "isActive", NULL}},
        {J({"fields" : ["meta.a"]}), {IGNIS_E_INVALID, "fields[0]", NULL, "unknown field"}},
        {J({"fields" : {"id" : 1}}),
         {IGNIS_E_INVALID, "fields.id", "", "true or false, not a number"}},
        {J({"fields" : {"id" : null}}), {IGNIS_E_INVALID, "fields.id", "", "true or false"}},
        {J({"fields" : {"id" : "true"}}), {IGNIS_E_INVALID, "fields.id", "", "true or false"}},
        {J({"fields" : {"id" : true, "name" : 1}}), {IGNIS_E_INVALID, "fields.name", "", NULL}},
        {J({"fields" : {"nam" : false}}), {IGNIS_E_INVALID, "fields.nam", "name", NULL}},
        {J({"fields" : ["secret"]}), {IGNIS_E_INVALID, "fields", "", "leave no property of User"}},
        {J({
             "include" : [ {
                 "relation" : "posts",
                 "scope" : {
                     "fields" : {"id" : false, "title" : false, "views" : false, "authorId" : false}
                 }
             } ]
         }),
         {IGNIS_E_INVALID, "include[0].scope.fields", "", "leave no property of Post"}},
    };
    engine *blog = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        filter_tree tree;
        filter_request request = {.method = FILTER_FIND, .entity = engine_entity(blog, "User")};
        ignis_code code = engine_read(blog, request, refusals[i].filter, &tree);
        engine_expect_error(blog, code, &refusals[i].error, refusals[i].filter);
    }
}

static void keys_that_only_stitch_are_not_shown(void **state)
{
    assert_string_equal(
        engine_find(*state, "Post", J({
            "where" : {"id" : 1},
            "fields" : ["title"],
            "include" : [
                {"relation" : "comments", "scope" : {"fields" : ["body"], "order" : ["id"]}},
                {"relation" : "author", "scope" : {"fields" : ["name"]}}
            ]
        })),
        "[{\"title\":\"one\",\"comments\":[{\"body\":\"c1\"},{\"body\":\"c2\"}],"
        "\"author\":{\"name\":\"Ada\"}}]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_choose_the_properties_of_the_result),
        cmocka_unit_test(hidden_properties_come_on_request_only),
        cmocka_unit_test(wrong_fields_are_refused_at_their_place),
        cmocka_unit_test(keys_that_only_stitch_are_not_shown),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
