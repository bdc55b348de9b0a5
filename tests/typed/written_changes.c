/* Rows that are upserted, updated and deleted. */
#include "typed/written.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ---- upsert ---- */

static void upsert_creates_and_then_changes_the_row_of_the_primary_key(void **state)
{
    const writes *self = *state;
    Shelf *shelf;
    for (int stock = 1; stock <= 2; stock++) {
        writes_ok(self->ctx, ShelfRepository_upsert(self->ctx, self->shelves,
                                                    IGNIS_VALUES(IGNIS_SET(Shelf, aisle, "a"),
                                                                 IGNIS_SET(Shelf, number, 1),
                                                                 IGNIS_SET(Shelf, stock, stock)),
                                                    &shelf));
        assert_int_equal(shelf->stock, stock);
    }
    writes_row_compare(self, ShelfRepository_base(self->shelves), &Shelf_model,
                       "{\"aisle\":\"a\",\"number\":1}", shelf);
    int64_t count;
    writes_ok(self->ctx, ShelfRepository_count(self->ctx, self->shelves, NULL, &count));
    assert_int_equal(count, 1);
}

static void upsert_by_a_unique_keeps_the_primary_key(void **state)
{
    const writes *self = *state;
    const ignis_values *values = IGNIS_VALUES(
        IGNIS_SET(User, id, "other"), IGNIS_SET(User, name, "new"), IGNIS_SET(User, email, "u"));
    User *user = NULL;
    writes_user_make(self, "u");
    writes_ok(self->ctx,
              UserRepository_upsert_with(self->ctx, self->users, values,
                                         IGNIS_OPTIONS(.on_conflict = "UQ_User_email"), &user));
    assert_string_equal(user->id, "u");
    assert_string_equal(user->name, "new");
    assert_int_equal(writes_users_count(self), 1);
    writes_refused(self,
                   UserRepository_upsert_with(self->ctx, self->users, values,
                                              IGNIS_OPTIONS(.on_conflict = "UQ_none"), &user),
                   IGNIS_E_INVALID, NULL, "UQ_none");
    writes_refused(self, UserRepository_upsert(self->ctx, self->users, values, NULL),
                   IGNIS_E_UNIQUE, "data.email", "email");
}

static void upsert_rows_creates_and_changes_in_the_order_given(void **state)
{
    const writes *self = *state;
    const Shelf rows[] = {{.aisle = "b", .number = 1, .stock = 5, .note = "new"},
                          {.aisle = "a", .number = 2, .stock = 6},
                          {.aisle = "a", .number = 1, .stock = 7, .note = "changed"}};
    const ignis_members members = IGNIS_FIELDS(Shelf, aisle, number, stock, note);
    const Shelf first = {.aisle = "a", .number = 1, .stock = 1, .spare = {true, 3}};
    Shelf *shelves;
    writes_ok(self->ctx,
              ShelfRepository_create_rows(self->ctx, self->shelves, &first, 1,
                                          IGNIS_FIELDS(Shelf, aisle, number, stock, spare), NULL));
    writes_ok(self->ctx,
              ShelfRepository_upsert_rows(self->ctx, self->shelves, rows, 3, members, &shelves));
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_string_equal(shelves[i].aisle, rows[i].aisle);
        assert_true(shelves[i].number == rows[i].number && shelves[i].stock == rows[i].stock);
    }
    assert_true(shelves[2].spare.is_set && shelves[2].spare.value == 3);
    assert_string_equal(shelves[2].note, "changed");
    assert_null(shelves[1].note);
    writes_ok(self->ctx,
              ShelfRepository_upsert_rows(self->ctx, self->shelves, rows, 3, members, NULL));
    writes_ok(self->ctx,
              ShelfRepository_upsert_rows(self->ctx, self->shelves, NULL, 0, members, &shelves));
    int64_t count;
    writes_ok(self->ctx, ShelfRepository_count(self->ctx, self->shelves, NULL, &count));
    assert_int_equal(count, 3);
}

static void upsert_rows_keeps_all_or_none(void **state)
{
    const writes *self = *state;
    const Shelf twice[] = {{.aisle = "a", .number = 1}, {.aisle = "a", .number = 1}};
    const Shelf wrong[] = {{.aisle = "a", .number = 1}, {.aisle = "a", .number = 2, .stock = -1}};
    const ignis_members members = IGNIS_FIELDS(Shelf, aisle, number, stock);
    const ignis_rows none = {NULL, 2, members};
    writes_refused(self,
                   ShelfRepository_upsert_rows(self->ctx, self->shelves, twice, 2, members, NULL),
                   IGNIS_E_INVALID, "data[1].aisle", "the same key as row 0");
    writes_refused(self,
                   ShelfRepository_upsert_rows(self->ctx, self->shelves, wrong, 2, members, NULL),
                   IGNIS_E_CHECK, "data[1].stock", NULL);
    writes_refused(
        self, ignis_upsert_rows(self->ctx, ShelfRepository_base(self->shelves), &none, NULL, NULL),
        IGNIS_E_INVALID, NULL, "the rows are NULL");
    int64_t count;
    writes_ok(self->ctx, ShelfRepository_count(self->ctx, self->shelves, NULL, &count));
    assert_int_equal(count, 0);
}

/* ---- update by id ---- */

static void update_by_id_sets_and_unsets(void **state)
{
    const writes *self = *state;
    User *user;
    writes_user_make(self, "u");
    writes_ok(self->ctx,
              UserRepository_update_by_id(
                  self->ctx, self->users, "u",
                  IGNIS_VALUES(IGNIS_SET(User, role, "admin"), IGNIS_SET(User, age, 40)), &user));
    assert_string_equal(user->role, "admin");
    assert_int_equal(user->age.value, 40);
    writes_ok(self->ctx, UserRepository_update_by_id(
                             self->ctx, self->users, "u",
                             IGNIS_VALUES(IGNIS_SET_NULL(User, role),
                                          IGNIS_SET(User, age, ((ignis_maybe_int32){0}))),
                             &user));
    assert_null(user->role);
    assert_false(user->age.is_set);
    writes_row_compare(self, UserRepository_base(self->users), &User_model, "\"u\"", user);
}

static void update_by_id_steps_into_documents(void **state)
{
    const writes *self = *state;
    Post *post;
    writes_user_make(self, "u");
    writes_post_make(self, "p", 1);
    writes_ok(self->ctx, PostRepository_update_by_id(
                             self->ctx, self->posts, "p",
                             IGNIS_VALUES(IGNIS_SET_PATH(Post, metadata, "user.role", "admin"),
                                          IGNIS_SET_PATH(Post, metadata, "user.level", 3),
                                          IGNIS_SET_PATH(Post, metadata, "gone", true),
                                          IGNIS_SET_PATH(Post, metadata, "sub",
                                                         ignis_json_of("{\"a\":[1.5]}")),
                                          IGNIS_APPEND_PATH(Post, metadata, "tags", "x")),
                             &post));
    writes_ok(self->ctx, PostRepository_update_by_id(
                             self->ctx, self->posts, "p",
                             IGNIS_VALUES(IGNIS_APPEND_PATH(Post, metadata, "tags", "y"),
                                          IGNIS_SET_PATH(Post, metadata, "tags[0]", "z"),
                                          IGNIS_REMOVE_PATH(Post, metadata, "gone"),
                                          IGNIS_REMOVE_PATH(Post, metadata, "never")),
                             &post));
    writes_row_compare(self, PostRepository_base(self->posts), &Post_model, "\"p\"", post);
    bool exists;
    writes_ok(self->ctx,
              PostRepository_exists(
                  self->ctx, self->posts,
                  IGNIS_FILTER(.where = IGNIS_WHERE(
                                   IGNIS_PATH(Post, metadata, "user.role", "eq", "admin"),
                                   IGNIS_PATH(Post, metadata, "user.level", "eq", 3),
                                   IGNIS_PATH(Post, metadata, "sub.a[0]", "eq", 1.5),
                                   IGNIS_PATH(Post, metadata, "tags[0]", "eq", "z"),
                                   IGNIS_PATH(Post, metadata, "tags[1]", "eq", "y"))),
                  &exists));
    assert_true(exists);
    assert_null(strstr(post->metadata.text, "gone"));
    assert_null(strstr(post->metadata.text, "never"));
}

static void update_by_id_adds_in_the_database(void **state)
{
    const writes *self = *state;
    Shelf row = {.aisle = "a", .number = 1, .stock = 5};
    Shelf *shelf;
    writes_ok(self->ctx,
              ShelfRepository_create_row(self->ctx, self->shelves, &row,
                                         IGNIS_FIELDS(Shelf, aisle, number, stock), NULL));
    writes_ok(self->ctx,
              ShelfRepository_update_by_id(
                  self->ctx, self->shelves, &row,
                  IGNIS_VALUES(IGNIS_INCREMENT(Shelf, stock, -2), IGNIS_INCREMENT(Shelf, spare, 4)),
                  &shelf));
    assert_int_equal(shelf->stock, 3);
    assert_true(shelf->spare.is_set && shelf->spare.value == 4);
}

static void a_missing_row_is_null(void **state)
{
    const writes *self = *state;
    User *user = (User *)state;
    Shelf *shelf = (Shelf *)state;
    const Shelf key = {.aisle = "none", .number = 9};
    writes_ok(self->ctx,
              UserRepository_update_by_id(self->ctx, self->users, "none",
                                          IGNIS_VALUES(IGNIS_SET(User, name, "x")), &user));
    assert_null(user);
    writes_ok(self->ctx, ShelfRepository_delete_by_id(self->ctx, self->shelves, &key, &shelf));
    assert_null(shelf);
    writes_ok(self->ctx, ShelfRepository_delete_by_id(self->ctx, self->shelves, &key, NULL));
}

/* ---- keys ---- */

static void a_composite_key_is_a_struct_whose_key_members_count(void **state)
{
    const writes *self = *state;
    const Shelf rows[] = {{.aisle = "a", .number = 1}, {.aisle = "a", .number = 2}};
    const Shelf key = {.aisle = "a", .number = 2, .stock = 99, .note = "ignored"};
    Shelf *shelf;
    writes_ok(self->ctx, ShelfRepository_create_rows(self->ctx, self->shelves, rows, 2,
                                                     IGNIS_FIELDS(Shelf, aisle, number), NULL));
    writes_ok(self->ctx,
              ShelfRepository_update_by_id(self->ctx, self->shelves, &key,
                                           IGNIS_VALUES(IGNIS_SET(Shelf, note, "two")), &shelf));
    assert_true(shelf->number == 2 && shelf->stock == 0);
    assert_string_equal(shelf->note, "two");
    writes_ok(self->ctx, ShelfRepository_delete_by_id(self->ctx, self->shelves, &key, &shelf));
    assert_string_equal(shelf->note, "two");
    size_t count;
    writes_ok(self->ctx, ShelfRepository_find(self->ctx, self->shelves, NULL, &shelf, &count));
    assert_int_equal(count, 1);
    assert_int_equal(shelf->number, 1);
    writes_refused(self, ShelfRepository_delete_by_id(self->ctx, self->shelves, NULL, NULL),
                   IGNIS_E_INVALID, "id", "NULL");
}

static void a_key_may_be_another_member(void **state)
{
    const writes *self = *state;
    const Land row = {"nl", "Holland"};
    Land *land;
    writes_ok(self->ctx, LandRepository_create_row(self->ctx, self->lands, &row,
                                                   IGNIS_FIELDS(Land, code, name), &land));
    writes_ok(self->ctx, LandRepository_update_by_id(
                             self->ctx, self->lands, "nl",
                             IGNIS_VALUES(IGNIS_SET(Land, name, "Netherlands")), &land));
    assert_string_equal(land->name, "Netherlands");
    writes_ok(self->ctx, LandRepository_delete_by_id(self->ctx, self->lands, "nl", &land));
    assert_string_equal(land->code, "nl");
    writes_refused(self, LandRepository_delete_by_id(self->ctx, self->lands, NULL, NULL),
                   IGNIS_E_INVALID, "id", "NULL");
}

/* ---- all rows ---- */

static void update_all_changes_what_matches_and_counts(void **state)
{
    const writes *self = *state;
    const ignis_values *values = IGNIS_VALUES(IGNIS_SET(Post, title, "many"));
    Post *posts;
    size_t count = 99;
    writes_user_make(self, "u");
    for (int i = 0; i < 4; i++)
        writes_post_make(self, (const char *[]){"p0", "p1", "p2", "p3"}[i], i);
    writes_ok(self->ctx, PostRepository_update_all(
                             self->ctx, self->posts,
                             IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_GTE(Post, views, 2))), values,
                             &posts, &count));
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        assert_true(posts[i].views >= 2);
        assert_string_equal(posts[i].title, "many");
    }
    writes_ok(self->ctx, PostRepository_update_all(
                             self->ctx, self->posts,
                             IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Post, views, 77))), values,
                             &posts, &count));
    assert_int_equal(count, 0);
    assert_non_null(posts);
    writes_ok(self->ctx, PostRepository_update_all(
                             self->ctx, self->posts,
                             IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_LT(Post, views, 2))), values,
                             NULL, &count));
    assert_int_equal(count, 2);
}

static void a_condition_that_leaves_out_no_row_needs_force(void **state)
{
    const writes *self = *state;
    const UserRepository *users = self->users;
    const ignis_values *values = IGNIS_VALUES(IGNIS_SET(User, role, "all"));
    const ignis_filter *forced = IGNIS_FILTER(.options = IGNIS_OPTIONS(.force = true));
    const ignis_filter *unbound[] = {
        NULL, IGNIS_FILTER(.options = NULL),
        IGNIS_FILTER(.where = IGNIS_WHERE_OF(&(const ignis_condition){0}, 0))};
    size_t count = 0;
    writes_user_make(self, "u");
    writes_user_make(self, "v");
    for (size_t i = 0; i < ARRAY_COUNT(unbound); i++) {
        writes_refused(self,
                       UserRepository_update_all(self->ctx, users, unbound[i], values, NULL, NULL),
                       IGNIS_E_INVALID, NULL, "");
        writes_refused(self, UserRepository_delete_all(self->ctx, users, unbound[i], NULL, NULL),
                       IGNIS_E_INVALID, NULL, "");
    }
    assert_int_equal(writes_users_count(self), 2);
    writes_ok(self->ctx, UserRepository_update_all(self->ctx, users, forced, values, NULL, &count));
    assert_int_equal(count, 2);
    writes_ok(self->ctx, UserRepository_delete_all(self->ctx, users, forced, NULL, NULL));
    assert_int_equal(writes_users_count(self), 0);
}

static void delete_all_gives_the_rows_as_they_were(void **state)
{
    const writes *self = *state;
    User *users;
    size_t count;
    writes_user_make(self, "u");
    writes_user_make(self, "v");
    writes_ok(self->ctx,
              UserRepository_delete_all(self->ctx, self->users,
                                        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, "v"))),
                                        &users, &count));
    assert_int_equal(count, 1);
    assert_string_equal(users[0].email, "v");
    assert_int_equal(writes_users_count(self), 1);
}

static void the_default_filter_holds_unless_it_is_skipped(void **state)
{
    const writes *self = *state;
    const ignis_values *values = IGNIS_VALUES(IGNIS_SET(Post, is_deleted, true));
    const ignis_values *back = IGNIS_VALUES(IGNIS_SET(Post, is_deleted, false));
    const ignis_options *skipping = IGNIS_OPTIONS(.skip_default_filter = true);
    Post *post;
    writes_user_make(self, "u");
    writes_post_make(self, "p", 1);
    writes_ok(self->ctx, PostRepository_update_by_id(self->ctx, self->posts, "p", values, &post));
    assert_true(post && post->is_deleted);
    writes_ok(self->ctx, PostRepository_update_by_id(self->ctx, self->posts, "p", values, &post));
    assert_null(post);
    writes_ok(self->ctx, PostRepository_delete_by_id(self->ctx, self->posts, "p", &post));
    assert_null(post);
    writes_ok(self->ctx, PostRepository_find_by_id(self->ctx, self->posts, "p",
                                                   IGNIS_FILTER(.options = skipping), &post));
    assert_true(post && post->is_deleted);
    writes_ok(self->ctx,
              PostRepository_update_by_id_with(self->ctx, self->posts, "p", back, skipping, &post));
    assert_true(post && !post->is_deleted);
    writes_ok(self->ctx, PostRepository_update_by_id(self->ctx, self->posts, "p", values, NULL));
    writes_ok(self->ctx,
              PostRepository_delete_by_id_with(self->ctx, self->posts, "p", skipping, &post));
    assert_true(post && post->is_deleted);
}

int written_changes_check(writes *self)
{
    const struct CMUnitTest tests[] = {
        WRITES_TEST(upsert_creates_and_then_changes_the_row_of_the_primary_key, self),
        WRITES_TEST(upsert_by_a_unique_keeps_the_primary_key, self),
        WRITES_TEST(upsert_rows_creates_and_changes_in_the_order_given, self),
        WRITES_TEST(upsert_rows_keeps_all_or_none, self),
        WRITES_TEST(update_by_id_sets_and_unsets, self),
        WRITES_TEST(update_by_id_steps_into_documents, self),
        WRITES_TEST(update_by_id_adds_in_the_database, self),
        WRITES_TEST(a_missing_row_is_null, self),
        WRITES_TEST(a_composite_key_is_a_struct_whose_key_members_count, self),
        WRITES_TEST(a_key_may_be_another_member, self),
        WRITES_TEST(update_all_changes_what_matches_and_counts, self),
        WRITES_TEST(a_condition_that_leaves_out_no_row_needs_force, self),
        WRITES_TEST(delete_all_gives_the_rows_as_they_were, self),
        WRITES_TEST(the_default_filter_holds_unless_it_is_skipped, self),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
