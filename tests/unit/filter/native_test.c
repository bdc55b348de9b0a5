/* native: filters of C programs, through the typed calls. */
#include "filter/filter.h"
#include "ignis.h"
#include "models/blog.h"
#include "models/defaults.h"
#include "models/fixtures.h"
#include "support/engine.h"
#include "support/fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char ROWS[] = IGNIS_JSON({
    "User": [{"id": "u1", "name": "Ada", "email": "a@x", "age": 36, "isActive": true,
              "createdAt": "2024-01-01T00:00:00Z"},
             {"id": "u2", "name": "Bob", "email": "b@x", "age": 20, "isActive": false,
              "createdAt": "2024-01-02T00:00:00Z", "managerId": "u1"},
             {"id": "u3", "name": "Cy", "email": "c@x", "isActive": true,
              "createdAt": "2024-01-03T00:00:00Z", "managerId": "u1"}],
    "Post": [{"id": "p1", "title": "one", "status": "new", "views": 1, "authorId": "u1",
              "isDeleted": false, "createdAt": "2024-01-01T00:00:00Z"},
             {"id": "p2", "title": "two", "status": "old", "views": 2, "authorId": "u1",
              "isDeleted": false, "createdAt": "2024-01-02T00:00:00Z"},
             {"id": "p3", "title": "three", "status": "new", "views": 3, "authorId": "u2",
              "isDeleted": true, "createdAt": "2024-01-03T00:00:00Z"}],
    "Category": [{"id": "c1", "name": "c", "isActive": true, "isPinned": false}],
    "Article": [{"id": "a0", "title": "t0", "status": "published"},
                {"id": "a1", "title": "t1", "status": "published", "categoryId": "c1"}]});

typedef struct fixture {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *users;
    ignis_repository *posts;
    ignis_repository *articles;
} fixture;

static ignis_repository *open_typed(const fixture *self, const ignis_model *model)
{
    const ignis_repository_class class_ = {.struct_size = sizeof(class_), .typed = model};
    ignis_repository *repository = NULL;
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &class_, &repository),
                     IGNIS_OK);
    return repository;
}

static int open_fixture(void **state)
{
    static fixture self;
    static const ignis_model *const models[] = {&User_model,    &Profile_model,  &Post_model,
                                                &Comment_model, &Category_model, &Article_model};
    self = (fixture){.ctx = ignis_context_create()};
    assert_non_null(self.ctx);
    self.source = models_open(self.ctx, models, ARRAY_COUNT(models), ROWS);
    self.users = open_typed(&self, &User_model);
    self.posts = open_typed(&self, &Post_model);
    self.articles = open_typed(&self, &Article_model);
    *state = &self;
    return 0;
}

static int close_fixture(void **state)
{
    fixture *self = *state;
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
    return 0;
}

/* The ids of the users that match, joined. */
static const char *ids_of(const fixture *self, const ignis_filter *filter)
{
    void *found = NULL;
    size_t count = 0;
    text out;
    if (ignis_find(self->ctx, self->users, filter, &found, &count) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(self->ctx)->message);
    const User *users = found;
    text_init(&out, &self->ctx->results, 0);
    for (size_t i = 0; i < count; i++)
        text_format(&out, "%s%s", i > 0 ? " " : "", users[i].id);
    return text_finish(&out);
}

/* ---- what is refused ---- */

static void expect_refusal(const fixture *self, const ignis_repository *repository,
                           const ignis_filter *filter, const char *path, const char *message)
{
    char mark[1];
    void *rows = mark;
    size_t count = 7;
    assert_int_equal(ignis_find(self->ctx, repository, filter, &rows, &count), IGNIS_E_INVALID);
    const ignis_error *error = ignis_context_error(self->ctx);
    if (!strstr(error->message, message)) fail_msg("%s", error->message);
    assert_string_equal(error->path, path);
    assert_ptr_equal(rows, mark);
    assert_int_equal(count, 7);
}

static void members_of_other_models_are_refused(void **state)
{
    const fixture *self = *state;
    static const char wrong[] = "is of Post, but the rows are of User";
    expect_refusal(self, self->users,
                   IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Post, title, "x"))), "where", wrong);
    expect_refusal(
        self, self->users,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_OR(IGNIS_NOT(IGNIS_EQ(Post, views, 1))))), "where",
        wrong);
    expect_refusal(self, self->users, IGNIS_FILTER(.fields = IGNIS_FIELDS(Post, id)), "fields",
                   wrong);
    expect_refusal(self, self->users, IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(Post, id))),
                   "order", wrong);
    expect_refusal(self, self->users,
                   IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(Post, comments))), "include[0]",
                   wrong);
    expect_refusal(
        self, self->users,
        IGNIS_FILTER(.include = IGNIS_INCLUDE(
                         IGNIS_WITH(User, manager),
                         IGNIS_WITH(User, posts,
                                    IGNIS_SCOPE(.where = IGNIS_WHERE(IGNIS_EQ(User, name, "x")))))),
        "include[1].scope.where", "is of User, but the rows are of Post");
}

/* In JSON a word that is no operator is the key of a document; in C it is a mistake. */
static void operators_below_documents_are_known_ones(void **state)
{
    const fixture *self = *state;
    const char *none = NULL;
    expect_refusal(self, self->posts,
                   IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Post, id, "p1"),
                                                     IGNIS_PATH(Post, metadata, "a", none, 1))),
                   "where.metadata.a", "a condition has no operator");
    expect_refusal(
        self, self->posts,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_NOT(IGNIS_PATH(Post, metadata, "a", "eqq", 1)))),
        "where.metadata.a.eqq", "unknown operator 'eqq'");
    expect_refusal(self, self->posts,
                   IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_PATH_IN(Post, metadata, "a", "", 1))),
                   "where.metadata.a", "a condition has no operator");
}

static void names_that_are_no_members_are_refused(void **state)
{
    const fixture *self = *state;
    const char *names[] = {"nope"};
    const char *none[] = {NULL};
    const struct {
        ignis_filter filter;
        const char *path;
        const char *message;
    } rows[] = {
        {{.where = IGNIS_WHERE_OF(
              (&(ignis_condition){.op = "eq", .model = &User_model, .member = "nope"}), 1)},
         "where",
         "the member 'nope' of User is no column"},
        {{.where = IGNIS_WHERE_OF((&(ignis_condition){.op = "eq", .model = &User_model}), 1)},
         "where",
         "the member is NULL"},
        {{.where = IGNIS_WHERE_OF((&(ignis_condition){.op = "eq", .member = "name"}), 1)},
         "where",
         "is of no model"},
        {{.where = IGNIS_WHERE_OF(
              (&(ignis_condition){.op = "eq", .model = &User_model, .member = "posts"}), 1)},
         "where",
         "is no column"},
        {{.where = IGNIS_WHERE_OF((&(ignis_condition){.model = &User_model, .member = "id"}), 1)},
         "where",
         "condition 0 has no operator"},
        {{.where = IGNIS_WHERE_OF(
              (&(ignis_condition){
                  .op = "same", .model = &User_model, .member = "id", .value = IGNIS_VALUE("u1")}),
              1)},
         "where.id.same",
         "same"},
        {{.fields = {&User_model, names, 1, false}}, "fields", "is no column"},
        {{.fields = {&User_model, none, 1, false}}, "fields", "the member is NULL"},
        {{.order = IGNIS_ORDER_OF((&(ignis_order){.model = &User_model, .member = "nope"}), 1)},
         "order",
         "is no column"},
        {{.order = IGNIS_ORDER_OF((&(ignis_order){.model = &User_model}), 1)},
         "order",
         "the member is NULL"},
        {{.include =
              IGNIS_INCLUDE_OF((&(ignis_inclusion){.model = &User_model, .member = "name"}), 1)},
         "include[0]",
         "the member 'name' of User is no relation"},
        {{.include = IGNIS_INCLUDE_OF((&(ignis_inclusion){.model = &User_model}), 1)},
         "include[0]",
         "the relation is NULL"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        ignis_filter filter = rows[i].filter;
        filter.struct_size = sizeof(filter);
        expect_refusal(self, self->users, &filter, rows[i].path, rows[i].message);
    }
}

static void null_values_are_refused_at_their_place(void **state)
{
    const fixture *self = *state;
    const char *email = NULL;
    const char *ids[] = {"u1", NULL};
    const ignis_key key = {.value = IGNIS_VALUE(email)};
    void *row;
    expect_refusal(self, self->users,
                   IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, email, email))),
                   "where.email.eq", "the value is NULL");
    expect_refusal(self, self->users,
                   IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_IN(User, id, "u1", email))),
                   "where.id.in[1]", "the value is NULL");
    expect_refusal(self, self->users,
                   IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, name, "\xff"))),
                   "where.name.eq", "UTF-8");
    /* Elements of an array may be NULL; in ignores them. */
    assert_string_equal(
        ids_of(self, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_IN_OF(User, id, ids, 2)))), "u1");
    assert_int_equal(ignis_find_by_id(self->ctx, self->users, &key, NULL, &row), IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->path, "id");
}

static void lists_without_items_or_sizes_are_refused(void **state)
{
    const fixture *self = *state;
    const ignis_condition condition = IGNIS_EQ(User, id, "u1");
    const ignis_order order = IGNIS_ASC(User, id);
    const ignis_inclusion inclusion = IGNIS_WITH(User, posts);
    const struct {
        ignis_filter filter;
        const char *path;
    } rows[] = {
        {{.where = IGNIS_WHERE_OF(NULL, 3)}, "where"},
        {{.where = {&condition, 1, 0}}, "where"},
        {{.where = {&condition, IGNIS_ENDED, 0}}, "where"},
        {{.fields = {&User_model, NULL, 2, false}}, "fields"},
        {{.order = {&order, IGNIS_ENDED, 0}}, "order"},
        {{.order = IGNIS_ORDER_OF(NULL, 1)}, "order"},
        {{.include = {&inclusion, IGNIS_ENDED, 0}}, "include"},
        {{.include = IGNIS_INCLUDE_OF(NULL, 1)}, "include"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        ignis_filter filter = rows[i].filter;
        filter.struct_size = sizeof(filter);
        expect_refusal(self, self->users, &filter, rows[i].path,
                       "the list is NULL or lacks the size of its elements");
    }
    expect_refusal(self, self->users, &(ignis_filter){0}, "", "lacks its struct_size");
}

static void groups_and_scopes_have_a_depth(void **state)
{
    const fixture *self = *state;
    enum { LEVELS = 1002 };
    static ignis_condition conditions[LEVELS];
    static ignis_filter filters[LEVELS];
    static ignis_inclusion inclusions[LEVELS];
    void *rows;
    size_t count;
    conditions[0] = IGNIS_EQ(User, id, "u1");
    filters[0] = (ignis_filter){.struct_size = sizeof(ignis_filter)};
    for (size_t i = 1; i < LEVELS; i++) {
        conditions[i] = IGNIS_AND_OF(&conditions[i - 1], 1);
        inclusions[i] = IGNIS_WITH(User, manager, &filters[i - 1]);
        filters[i] = (ignis_filter){.struct_size = sizeof(ignis_filter),
                                    .include = IGNIS_INCLUDE_OF(&inclusions[i], 1)};
    }
    assert_int_equal(ignis_find(self->ctx, self->users,
                                IGNIS_FILTER(.where = IGNIS_WHERE_OF(&conditions[LEVELS - 1], 1)),
                                &rows, &count),
                     IGNIS_E_LIMIT);
    assert_int_equal(ignis_find(self->ctx, self->users, &filters[LEVELS - 1], &rows, &count),
                     IGNIS_E_LIMIT);
    assert_string_equal(ids_of(self, IGNIS_FILTER(.where = IGNIS_WHERE_OF(&conditions[100], 1))),
                        "u1");
}

static void count_and_exists_know_where_only(void **state)
{
    const fixture *self = *state;
    int64_t count = 0;
    bool exists = false;
    assert_int_equal(ignis_count(self->ctx, self->users, NULL, &count), IGNIS_OK);
    assert_int_equal(count, 3);
    const ignis_filter *some = IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_GT(User, age, 30)));
    assert_int_equal(ignis_count(self->ctx, self->users, some, &count), IGNIS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(ignis_exists(self->ctx, self->users, some, &exists), IGNIS_OK);
    assert_true(exists);
    const ignis_filter *limited = IGNIS_FILTER(.limit = IGNIS_LIMIT(1));
    assert_int_equal(ignis_count(self->ctx, self->users, limited, &count), IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->path, "limit");
    assert_int_equal(ignis_exists(self->ctx, self->users, limited, &exists), IGNIS_E_INVALID);
    assert_non_null(strstr(ignis_context_error(self->ctx)->message, "knows where only"));
}

/* ---- what is said ---- */

static void zero_is_a_limit(void **state)
{
    const fixture *self = *state;
    void *rows = NULL;
    size_t count = 7;
    assert_int_equal(
        ignis_find(self->ctx, self->users, IGNIS_FILTER(.limit = IGNIS_LIMIT(0)), &rows, &count),
        IGNIS_OK);
    assert_non_null(rows);
    assert_int_equal(count, 0);
    assert_string_equal(ids_of(self, IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(User, id)),
                                                  .skip = IGNIS_SKIP(0))),
                        "u1 u2 u3");
    assert_string_equal(ids_of(self, IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(User, id)),
                                                  .skip = IGNIS_SKIP(1), .limit = IGNIS_LIMIT(1))),
                        "u2");
    expect_refusal(self, self->users, IGNIS_FILTER(.limit = IGNIS_LIMIT(-1)), "limit", "");
}

static void no_order_and_no_include_replace_those_of_a_default_filter(void **state)
{
    const fixture *self = *state;
    void *found = NULL;
    size_t count = 0;
    /* Post: createdAt DESC. Article: skip 1, include category. */
    assert_int_equal(ignis_find(self->ctx, self->posts, NULL, &found, &count), IGNIS_OK);
    assert_int_equal(count, 2);
    assert_string_equal(((Post *)found)[0].id, "p2");
    assert_int_equal(
        ignis_find(self->ctx, self->posts, IGNIS_FILTER(.order = IGNIS_NO_ORDER), &found, &count),
        IGNIS_OK);
    assert_string_equal(((Post *)found)[0].id, "p1");
    assert_int_equal(ignis_find(self->ctx, self->articles, NULL, &found, &count), IGNIS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(((Article *)found)->category->name, "c");
    assert_null(((Article *)found)->body);
    assert_int_equal(ignis_find(self->ctx, self->articles,
                                IGNIS_FILTER(.include = IGNIS_NO_INCLUDE), &found, &count),
                     IGNIS_OK);
    assert_null(((Article *)found)->category);
    assert_int_equal(ignis_find(self->ctx, self->posts,
                                IGNIS_FILTER(.options = IGNIS_OPTIONS(.skip_default_filter = true)),
                                &found, &count),
                     IGNIS_OK);
    assert_int_equal(count, 3);
}

static void ended_and_counted_lists_are_the_same(void **state)
{
    const fixture *self = *state;
    ignis_condition conditions[2];
    size_t count = 0;
    conditions[count++] = IGNIS_EQ(User, is_active, (bool)true);
    conditions[count++] = IGNIS_LT(User, created_at, ignis_timestamp_from_unix(1704240000, 0));
    const ignis_order order = IGNIS_DESC(User, id);
    assert_string_equal(ids_of(self, IGNIS_FILTER(.where = IGNIS_WHERE_OF(conditions, count))),
                        "u1");
    assert_string_equal(
        ids_of(self, IGNIS_FILTER(.where = IGNIS_WHERE(conditions[0], conditions[1]))), "u1");
    assert_string_equal(ids_of(self, IGNIS_FILTER(.where = IGNIS_WHERE_OF(conditions, 1),
                                                  .order = IGNIS_ORDER_OF(&order, 1))),
                        "u3 u1");
    assert_string_equal(
        ids_of(self, IGNIS_FILTER(.where = IGNIS_WHERE_OF(NULL, 0), .order = IGNIS_ORDER(order))),
        "u3 u2 u1");
    assert_string_equal(
        ids_of(self, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_OR_OF(conditions, 0)))), "");
    assert_string_equal(
        ids_of(self, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_NOT(conditions[0], conditions[1])),
                                  .order = IGNIS_ORDER(IGNIS_ASC(User, id)))),
        "u2 u3");
}

static void a_condition_may_come_more_than_once(void **state)
{
    const fixture *self = *state;
    assert_string_equal(ids_of(self, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_GTE(User, id, "u2"),
                                                                       IGNIS_LTE(User, id, "u2")))),
                        "u2");
    assert_string_equal(
        ids_of(self,
               IGNIS_FILTER(.where = IGNIS_WHERE(
                                IGNIS_OR(IGNIS_EQ(User, id, "u1"), IGNIS_EQ(User, id, "u3")),
                                IGNIS_OR(IGNIS_EQ(User, id, "u3"), IGNIS_EQ(User, id, "u2"))))),
        "u3");
}

static void a_program_of_an_older_header_is_understood(void **state)
{
    const fixture *self = *state;
    /* Elements end where an older header ended them; the filter lacks its options. */
    const char *padding = "x";
    struct {
        ignis_filter filter;
    } old = {.filter = {.struct_size = offsetof(ignis_filter, options),
                        .options = (const ignis_options *)(const void *)padding}};
    char conditions[2 * offsetof(ignis_condition, items)];
    const ignis_condition first = IGNIS_EQ(User, is_active, (bool)true);
    const ignis_condition second = IGNIS_NE(User, id, "u1");
    memcpy(conditions, &first, sizeof(conditions) / 2);
    memcpy(conditions + sizeof(conditions) / 2, &second, sizeof(conditions) / 2);
    old.filter.where = (ignis_conditions){(const void *)conditions, 2, sizeof(conditions) / 2};
    char orders[offsetof(ignis_order, descending) + 1] = {0};
    const ignis_order order = IGNIS_DESC(User, id);
    memcpy(orders, &order, sizeof(orders));
    old.filter.order = (ignis_orders){(const void *)orders, 1, sizeof(orders)};
    assert_string_equal(ids_of(self, &old.filter), "u3");
}

typedef struct newer_order {
    ignis_order order;
    const char *collation;
} newer_order;

static void a_program_of_a_newer_header_is_understood(void **state)
{
    const fixture *self = *state;
    const newer_order orders[] = {
        {IGNIS_ASC(User, manager_id), "x"}, {IGNIS_DESC(User, id), "x"}, {{0}, NULL}};
    const ignis_filter filter = {.struct_size = sizeof(filter),
                                 .order = {&orders[0].order, IGNIS_ENDED, sizeof(orders[0])}};
    assert_string_equal(ids_of(self, &filter), "u3 u2 u1");
}

static ignis_code find_nested(ignis_context *ctx, void *data)
{
    const ignis_repository *repository = data;
    void *rows;
    size_t count;
    return ignis_find(
        ctx, repository,
        IGNIS_FILTER(.where = IGNIS_WHERE(
                         IGNIS_OR(IGNIS_EQ(User, name, "Ada"), IGNIS_IN(User, age, 1, 20))),
                     .order = IGNIS_ORDER(IGNIS_ASC(User, name, .nulls = IGNIS_NULLS_FIRST)),
                     .fields = IGNIS_FIELDS(User, id, name), .limit = IGNIS_LIMIT(5),
                     .include = IGNIS_INCLUDE(
                         IGNIS_WITH(
                             User, posts,
                             IGNIS_SCOPE(.where = IGNIS_WHERE(IGNIS_GT(Post, views, 0)),
                                         .include = IGNIS_INCLUDE(IGNIS_WITH(Post, author)))),
                         IGNIS_WITH(User, manager))),
        &rows, &count);
}

static void memory_that_ends_is_told(void **state)
{
    const fixture *self = *state;
    /* The plan and its statements are kept from the first time on. */
    assert_int_equal(find_nested(self->ctx, self->users), IGNIS_OK);
    assert_true(fault_run(find_nested, self->users) > 0);
}

static void models_from_json_have_no_structs(void **state)
{
    (void)state;
    engine blog;
    void *rows;
    size_t count;
    engine_open(&blog, engine_blog, engine_blog_rows);
    assert_int_equal(ignis_find(blog.ctx, engine_repository(&blog, "User"), NULL, &rows, &count),
                     IGNIS_E_INVALID);
    assert_non_null(strstr(ignis_context_error(blog.ctx)->message, "has no C struct"));
    engine_close(&blog);
}

static void public_policies_bound_typed_filters(void **state)
{
    const fixture *self = *state;
    const ignis_options options = {.struct_size = sizeof(options), .policy = &ignis_policy_public};
    const ignis_options skipping = {.struct_size = sizeof(skipping),
                                    .policy = &ignis_policy_public,
                                    .skip_default_filter = true};
    const ignis_options hidden = {
        .struct_size = sizeof(hidden), .policy = &ignis_policy_public, .with_hidden = true};
    expect_refusal(
        self, self->users,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, secret, "x")), .options = &options),
        "where.secret", "");
    expect_refusal(self, self->posts, IGNIS_FILTER(.options = &skipping),
                   "options.shouldSkipDefaultFilter", "");
    expect_refusal(self, self->users, IGNIS_FILTER(.options = &hidden), "options.withHidden", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_of_other_models_are_refused),
        cmocka_unit_test(operators_below_documents_are_known_ones),
        cmocka_unit_test(names_that_are_no_members_are_refused),
        cmocka_unit_test(null_values_are_refused_at_their_place),
        cmocka_unit_test(lists_without_items_or_sizes_are_refused),
        cmocka_unit_test(groups_and_scopes_have_a_depth),
        cmocka_unit_test(count_and_exists_know_where_only),
        cmocka_unit_test(zero_is_a_limit),
        cmocka_unit_test(no_order_and_no_include_replace_those_of_a_default_filter),
        cmocka_unit_test(ended_and_counted_lists_are_the_same),
        cmocka_unit_test(a_condition_may_come_more_than_once),
        cmocka_unit_test(a_program_of_an_older_header_is_understood),
        cmocka_unit_test(a_program_of_a_newer_header_is_understood),
        cmocka_unit_test(memory_that_ends_is_told),
        cmocka_unit_test(models_from_json_have_no_structs),
        cmocka_unit_test(public_policies_bound_typed_filters),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
