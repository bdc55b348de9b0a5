/* Rows that are created. */
#include "typed/written.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void create_gives_the_row_with_defaults_and_without_hidden_members(void **state)
{
    const writes *self = *state;
    User *user;
    writes_ok(self->ctx,
              UserRepository_create(
                  self->ctx, self->users,
                  IGNIS_VALUES(IGNIS_SET(User, id, "u"), IGNIS_SET(User, name, "Ann"),
                               IGNIS_SET(User, email, "a"), IGNIS_SET(User, password, "secret"),
                               IGNIS_SET(User, age, ((ignis_maybe_int32){true, 30})),
                               IGNIS_SET_NULL(User, role)),
                  &user));
    assert_string_equal(user->name, "Ann");
    assert_true(user->is_active && user->age.is_set && user->age.value == 30);
    assert_null(user->role);
    assert_null(user->password);
    writes_row_compare(self, UserRepository_base(self->users), &User_model, "\"u\"", user);
}

static void create_keeps_what_is_not_asked_for(void **state)
{
    const writes *self = *state;
    writes_ok(self->ctx, LandRepository_create(self->ctx, self->lands,
                                               IGNIS_VALUES(IGNIS_SET(Land, code, "nl"),
                                                            IGNIS_SET(Land, name, "Netherlands")),
                                               NULL));
    const Land row = {.code = "be", .name = "Belgium"};
    writes_ok(self->ctx, LandRepository_create_row(self->ctx, self->lands, &row,
                                                   IGNIS_FIELDS(Land, code, name), NULL));
    int64_t count;
    writes_ok(self->ctx, LandRepository_count(self->ctx, self->lands, NULL, &count));
    assert_int_equal(count, 2);
}

static void create_row_takes_named_members_alone(void **state)
{
    const writes *self = *state;
    Shelf row = {.aisle = "a", .number = 1, .stock = 7, .note = "not meant"};
    Shelf *made;
    writes_ok(self->ctx, ShelfRepository_create_row(self->ctx, self->shelves, &row,
                                                    IGNIS_FIELDS(Shelf, aisle, number), &made));
    assert_int_equal(made->stock, 0);
    assert_null(made->note);
    row.number = 2;
    writes_ok(self->ctx,
              ShelfRepository_create_row(self->ctx, self->shelves, &row,
                                         IGNIS_FIELDS(Shelf, aisle, number, stock), &made));
    assert_int_equal(made->stock, 7);
}

static void create_rows_keeps_all_or_none(void **state)
{
    const writes *self = *state;
    const Land rows[] = {{"a", "one"}, {"b", "two"}, {"a", "three"}};
    Land *made = NULL;
    int64_t count;
    writes_refused(self,
                   LandRepository_create_rows(self->ctx, self->lands, rows, 3,
                                              IGNIS_FIELDS(Land, code, name), &made),
                   IGNIS_E_UNIQUE, "data[2].code", "code");
    assert_null(made);
    writes_ok(self->ctx, LandRepository_count(self->ctx, self->lands, NULL, &count));
    assert_int_equal(count, 0);
}

static void no_rows_are_created_of_none(void **state)
{
    const writes *self = *state;
    Land *made = NULL;
    writes_ok(self->ctx, LandRepository_create_rows(self->ctx, self->lands, NULL, 0,
                                                    IGNIS_FIELDS(Land, code, name), &made));
    assert_non_null(made);
}

int written_creates_check(writes *self)
{
    const struct CMUnitTest tests[] = {
        WRITES_TEST(create_gives_the_row_with_defaults_and_without_hidden_members, self),
        WRITES_TEST(create_keeps_what_is_not_asked_for, self),
        WRITES_TEST(create_row_takes_named_members_alone, self),
        WRITES_TEST(create_rows_keeps_all_or_none, self),
        WRITES_TEST(no_rows_are_created_of_none, self),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
