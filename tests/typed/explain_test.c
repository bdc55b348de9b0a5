/* How a read of structs is carried out: what the same filter in JSON says. */
#include "base/base.h"
#include "models/blog.h"
#include "models/fixtures.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef struct place {
    ignis_context *ctx;
    ignis_data_source *source;
    UserRepository *users;
} place;

static int set_up(void **state)
{
    static const ignis_model *const models[] = {&User_model, &Profile_model, &Post_model,
                                                &Comment_model};
    static place here;
    here.ctx = ignis_context_create();
    here.source = models_open(here.ctx, models, ARRAY_COUNT(models), "{}");
    assert_int_equal(UserRepository_open(here.ctx, here.source, &here.users), IGNIS_OK);
    *state = &here;
    return 0;
}

static int tear_down(void **state)
{
    place *here = *state;
    ignis_data_source_close(here->source);
    ignis_context_free(here->ctx);
    return 0;
}

static void compare(const place *here, const ignis_filter *filter, const char *same)
{
    const char *typed, *plain;
    assert_int_equal(UserRepository_explain(here->ctx, here->users, filter, &typed), IGNIS_OK);
    assert_int_equal(ignis_filter_explain(here->ctx, UserRepository_base(here->users),
                                          &ignis_policy_trusted, same, &plain),
                     IGNIS_OK);
    assert_string_equal(typed, plain);
    assert_non_null(strstr(typed, "SELECT"));
}

static void a_filter_in_c_is_explained_as_its_json(void **state)
{
    const ignis_filter *newest =
        IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_DESC(Post, created_at)), .limit = IGNIS_LIMIT(5));
    compare(*state, NULL, NULL);
    compare(*state,
            IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, "u1")),
                         .include = IGNIS_INCLUDE(IGNIS_WITH(User, posts, newest))),
            "{\"where\": {\"id\": \"u1\"}, \"include\": [{\"relation\": \"posts\","
            " \"scope\": {\"order\": [\"createdAt DESC\"], \"limit\": 5}}]}");
}

static void its_options_are_explained_too(void **state)
{
    const place *here = *state;
    const char *plain, *hidden;
    assert_int_equal(UserRepository_explain(here->ctx, here->users, NULL, &plain), IGNIS_OK);
    assert_null(strstr(plain, "password"));
    assert_int_equal(UserRepository_explain(
                         here->ctx, here->users,
                         IGNIS_FILTER(.options = IGNIS_OPTIONS(.with_hidden = true)), &hidden),
                     IGNIS_OK);
    assert_non_null(strstr(hidden, "password"));
}

static void what_a_find_refuses_is_not_explained(void **state)
{
    const place *here = *state;
    const char *explained = "untouched";
    const char *none = NULL;
    assert_int_equal(UserRepository_explain(
                         here->ctx, here->users,
                         IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, none))), &explained),
                     IGNIS_E_INVALID);
    assert_int_equal(
        UserRepository_explain(here->ctx, here->users,
                               IGNIS_FILTER(.options = IGNIS_OPTIONS(.policy = &ignis_policy_public,
                                                                     .with_hidden = true)),
                               &explained),
        IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(here->ctx)->path, "options.withHidden");
    assert_string_equal(explained, "untouched");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_filter_in_c_is_explained_as_its_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(its_options_are_explained_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_find_refuses_is_not_explained, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
