/* Writes that are refused, and writes within transactions. */
#include "typed/written.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void values_that_are_null_pointers_are_refused(void **state)
{
    const writes *self = *state;
    const char *absent = NULL;
    const ignis_filter *one = IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, "u")));
    const ignis_values *values[] = {
        IGNIS_VALUES(IGNIS_SET(User, name, absent)),
        IGNIS_VALUES(IGNIS_SET(User, name, "n"), IGNIS_SET(User, email, absent))};
    const char *const paths[] = {"data.name", "data.email"};
    writes_user_make(self, "u");
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        writes_refused(self, UserRepository_create(self->ctx, self->users, values[i], NULL),
                       IGNIS_E_INVALID, paths[i], "NULL");
        writes_refused(self, UserRepository_upsert(self->ctx, self->users, values[i], NULL),
                       IGNIS_E_INVALID, paths[i], "NULL");
        writes_refused(self,
                       UserRepository_update_by_id(self->ctx, self->users, "u", values[i], NULL),
                       IGNIS_E_INVALID, paths[i], "NULL");
        writes_refused(
            self, UserRepository_update_all(self->ctx, self->users, one, values[i], NULL, NULL),
            IGNIS_E_INVALID, paths[i], "NULL");
    }
    writes_refused(
        self,
        PostRepository_update_by_id(self->ctx, self->posts, "p",
                                    IGNIS_VALUES(IGNIS_SET_PATH(Post, metadata, absent, 5)), NULL),
        IGNIS_E_INVALID, NULL, "path");
    const char **labels = NULL;
    writes_refused(
        self,
        KindsRepository_update_by_id(self->ctx, self->kinds, 1,
                                     IGNIS_VALUES(IGNIS_SET_ARRAY(Kinds, labels, labels, 2)), NULL),
        IGNIS_E_INVALID, "data.labels", "NULL");
    writes_refused(self,
                   KindsRepository_update_by_id(
                       self->ctx, self->kinds, 1,
                       IGNIS_VALUES(IGNIS_SET(Kinds, doc, ignis_json_of(NULL))), NULL),
                   IGNIS_E_INVALID, "data.doc", "NULL");
}

static void values_and_rows_that_are_no_values_are_refused(void **state)
{
    const writes *self = *state;
    const ignis_filter *one = IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, "u")));
    const ignis_values *of_null = IGNIS_VALUES_OF(NULL, 1);
    writes_user_make(self, "u");
    for (int i = 0; i < 2; i++) {
        const ignis_values *values = i ? of_null : NULL;
        writes_refused(self, UserRepository_create(self->ctx, self->users, values, NULL),
                       IGNIS_E_INVALID, "data", "NULL");
        writes_refused(self, UserRepository_upsert(self->ctx, self->users, values, NULL),
                       IGNIS_E_INVALID, "data", "NULL");
        writes_refused(self, UserRepository_update_by_id(self->ctx, self->users, "u", values, NULL),
                       IGNIS_E_INVALID, "data", "NULL");
        writes_refused(self,
                       UserRepository_update_all(self->ctx, self->users, one, values, NULL, NULL),
                       IGNIS_E_INVALID, "data", "NULL");
    }
    writes_refused(
        self,
        UserRepository_update_by_id(self->ctx, self->users, "u", IGNIS_VALUES_OF(NULL, 0), NULL),
        IGNIS_E_INVALID, NULL, "");
    writes_refused(self,
                   UserRepository_create_rows(self->ctx, self->users, NULL, 2,
                                              IGNIS_FIELDS(User, id, name), NULL),
                   IGNIS_E_INVALID, NULL, "NULL");
    assert_int_equal(writes_users_count(self), 1);
}

static void new_rows_take_each_value_once_and_no_changes(void **state)
{
    const writes *self = *state;
    const ignis_values *twice =
        IGNIS_VALUES(IGNIS_SET(User, id, "u"), IGNIS_SET(User, name, "n"),
                     IGNIS_SET(User, name, "m"), IGNIS_SET(User, email, "e"));
    const ignis_values *change = IGNIS_VALUES(IGNIS_SET(User, id, "u"), IGNIS_SET(User, name, "n"),
                                              IGNIS_INCREMENT(User, age, 1));
    writes_refused(self, UserRepository_create(self->ctx, self->users, twice, NULL),
                   IGNIS_E_INVALID, "data.name", "'name' is given twice");
    writes_refused(self, UserRepository_upsert(self->ctx, self->users, twice, NULL),
                   IGNIS_E_INVALID, "data.name", "'name' is given twice");
    writes_refused(self, UserRepository_create(self->ctx, self->users, change, NULL),
                   IGNIS_E_INVALID, "data.$increment",
                   "$increment is of updates, and a new row takes values");
    writes_refused(self, UserRepository_upsert(self->ctx, self->users, change, NULL),
                   IGNIS_E_INVALID, "data.$increment", "of updates");
}

static void options_that_a_call_has_no_use_for_are_refused(void **state)
{
    const writes *self = *state;
    const ignis_values *values = IGNIS_VALUES(IGNIS_SET(User, name, "n"));
    const ignis_options *hidden = IGNIS_OPTIONS(.with_hidden = true);
    const ignis_options *forced = IGNIS_OPTIONS(.force = true);
    const ignis_options *locked = IGNIS_OPTIONS(.lock = IGNIS_LOCK_UPDATE);
    const ignis_options *waiting = IGNIS_OPTIONS(.lock_wait = IGNIS_LOCK_NOWAIT);
    const ignis_options *unknown = IGNIS_OPTIONS(.lock = (ignis_lock_strength)9);
    User *user;
    int64_t count;
    size_t rows;
    writes_user_make(self, "u");
    writes_refused(
        self, UserRepository_update_by_id_with(self->ctx, self->users, "u", values, hidden, NULL),
        IGNIS_E_INVALID, "options.withHidden", "updateById has no option");
    writes_refused(self,
                   UserRepository_delete_by_id_with(self->ctx, self->users, "u", forced, NULL),
                   IGNIS_E_INVALID, "options.force", "deleteById");
    writes_refused(self, UserRepository_upsert_with(self->ctx, self->users, values, locked, NULL),
                   IGNIS_E_INVALID, "options.lock", "upsert");
    writes_refused(
        self,
        UserRepository_find_one(self->ctx, self->users,
                                IGNIS_FILTER(.options = IGNIS_OPTIONS(.on_conflict = "x")), &user),
        IGNIS_E_INVALID, "options.onConflict", "findOne");
    writes_refused(
        self, UserRepository_count(self->ctx, self->users, IGNIS_FILTER(.options = locked), &count),
        IGNIS_E_INVALID, "options.lock", "count");
    for (int i = 0; i < 2; i++) {
        writes_refused(self,
                       UserRepository_find(self->ctx, self->users,
                                           IGNIS_FILTER(.options = i ? unknown : waiting), &user,
                                           &rows),
                       IGNIS_E_INVALID, "options.lock", "strength");
    }
    assert_int_equal(writes_users_count(self), 1);
}

/* What the lock holds off is told by tests of the JSON calls. */
static void finds_in_c_lock_their_rows(void **state)
{
    const writes *self = *state;
    ignis_context *tx = NULL;
    ignis_context *other = ignis_context_create();
    ignis_context *second = NULL;
    const ignis_filter *locked =
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, "u")),
                     .options = IGNIS_OPTIONS(.lock = IGNIS_LOCK_NO_KEY_UPDATE,
                                              .lock_wait = IGNIS_LOCK_NOWAIT));
    const ignis_filter *passing =
        IGNIS_FILTER(.options = IGNIS_OPTIONS(.lock = IGNIS_LOCK_UPDATE,
                                              .lock_wait = IGNIS_LOCK_SKIP_LOCKED));
    User *users;
    size_t count;
    writes_user_make(self, "u");
    writes_user_make(self, "v");
    writes_ok(self->ctx, ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx));
    ignis_code code = UserRepository_find(tx, self->users, locked, &users, &count);
    if (self->is_sqlite) {
        assert_int_equal(code, IGNIS_E_UNSUPPORTED);
    } else {
        writes_ok(tx, code);
        writes_ok(other, ignis_begin(other, self->source, IGNIS_READ_COMMITTED, &second));
        writes_ok(second, UserRepository_find(second, self->users, passing, &users, &count));
        assert_int_equal(count, 1);
        assert_string_equal(users[0].id, "v");
        assert_int_equal(UserRepository_find(second, self->users, locked, &users, &count),
                         IGNIS_E_TIMEOUT);
    }
    ignis_rollback(second);
    ignis_rollback(tx);
    ignis_context_free(other);
}

static void settings_and_members_of_another_model_are_refused(void **state)
{
    const writes *self = *state;
    const User row = {.id = "x", .name = "x", .email = "x"};
    writes_refused(self,
                   UserRepository_create(self->ctx, self->users,
                                         IGNIS_VALUES(IGNIS_SET(Post, title, "t")), NULL),
                   IGNIS_E_INVALID, "data", "of Post");
    writes_refused(self,
                   UserRepository_create_row(self->ctx, self->users, &row,
                                             IGNIS_FIELDS(Post, id, title), NULL),
                   IGNIS_E_INVALID, NULL, "of Post");
    writes_refused(self,
                   UserRepository_create_row(self->ctx, self->users, &row,
                                             IGNIS_FIELDS_EXCEPT(User, password), NULL),
                   IGNIS_E_INVALID, NULL, "to be named");
    writes_refused(
        self, UserRepository_create_row(self->ctx, self->users, &row, (ignis_members){0}, NULL),
        IGNIS_E_INVALID, NULL, "to be named");
    writes_refused(self,
                   UserRepository_create(
                       self->ctx, self->users,
                       IGNIS_VALUES({.model = &User_model, .member = "name", .op = "$rename"}),
                       NULL),
                   IGNIS_E_INVALID, "data", "operator");
    assert_int_equal(writes_users_count(self), 0);
}

static void constraints_are_told_in_the_models_words(void **state)
{
    const writes *self = *state;
    Shelf row = {.aisle = "a", .number = 1, .stock = -1};
    writes_user_make(self, "u");
    writes_refused(
        self,
        UserRepository_create(self->ctx, self->users,
                              IGNIS_VALUES(IGNIS_SET(User, id, "v"), IGNIS_SET(User, name, "v"),
                                           IGNIS_SET(User, email, "u")),
                              NULL),
        IGNIS_E_UNIQUE, "data.email", "email");
    assert_string_equal(ignis_context_error(self->ctx)->constraint, "UQ_User_email");
    writes_refused(
        self,
        UserRepository_create(self->ctx, self->users, IGNIS_VALUES(IGNIS_SET(User, id, "v")), NULL),
        IGNIS_E_NOT_NULL, "data.name", "name");
    writes_refused(self,
                   UserRepository_update_by_id(self->ctx, self->users, "u",
                                               IGNIS_VALUES(IGNIS_SET(User, manager_id, "none")),
                                               NULL),
                   IGNIS_E_FOREIGN_KEY, "data.managerId", "");
    writes_refused(self,
                   ShelfRepository_create_row(self->ctx, self->shelves, &row,
                                              IGNIS_FIELDS(Shelf, aisle, number, stock), NULL),
                   IGNIS_E_CHECK, NULL, "CK_Shelf_stock");
    writes_refused(self,
                   UserRepository_update_by_id(self->ctx, self->users, "u",
                                               IGNIS_VALUES(IGNIS_SET_NULL(User, name)), NULL),
                   IGNIS_E_NOT_NULL, "data.name", "name");
    assert_int_equal(writes_users_count(self), 1);
}

/* ---- transactions ---- */

static void rows_outlive_the_transaction_that_wrote_them(void **state)
{
    const writes *self = *state;
    ignis_context *tx;
    User *kept;
    User *gone;
    writes_ok(self->ctx, ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx));
    writes within = *self;
    within.ctx = tx;
    kept = writes_user_make(&within, "u");
    writes_ok(tx, ignis_commit(tx));
    assert_string_equal(kept->email, "u");
    writes_ok(self->ctx, ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx));
    writes_ok(tx, UserRepository_delete_by_id(tx, self->users, "u", &gone));
    ignis_rollback(tx);
    assert_string_equal(gone->email, "u");
    assert_int_equal(writes_users_count(self), 1);
}

static void a_refused_value_leaves_a_transaction_usable(void **state)
{
    const writes *self = *state;
    const char *absent = NULL;
    ignis_context *tx;
    writes_ok(self->ctx, ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx));
    writes within = *self;
    within.ctx = tx;
    writes_refused(
        &within,
        UserRepository_create(tx, self->users, IGNIS_VALUES(IGNIS_SET(User, name, absent)), NULL),
        IGNIS_E_INVALID, "data.name", "NULL");
    writes_user_make(&within, "u");
    writes_ok(tx, ignis_commit(tx));
    assert_int_equal(writes_users_count(self), 1);
}

int written_refusals_check(writes *self)
{
    const struct CMUnitTest tests[] = {
        WRITES_TEST(values_that_are_null_pointers_are_refused, self),
        WRITES_TEST(new_rows_take_each_value_once_and_no_changes, self),
        WRITES_TEST(values_and_rows_that_are_no_values_are_refused, self),
        WRITES_TEST(options_that_a_call_has_no_use_for_are_refused, self),
        WRITES_TEST(finds_in_c_lock_their_rows, self),
        WRITES_TEST(settings_and_members_of_another_model_are_refused, self),
        WRITES_TEST(constraints_are_told_in_the_models_words, self),
        WRITES_TEST(rows_outlive_the_transaction_that_wrote_them, self),
        WRITES_TEST(a_refused_value_leaves_a_transaction_usable, self),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
