/* to_struct: rows of all levels as structs within structs, through the typed calls. */
#include "base/base.h"
#include "ignis.h"
#include "models/blog.h"
#include "models/chinook.h"
#include "models/composite.h"
#include "models/fixtures.h"
#include "support/engine.h"
#include "support/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const ignis_model *const BLOG[] = {&User_model, &Profile_model, &Post_model, &Comment_model};

static const char ROWS[] = IGNIS_JSON({
    "User": [{"id": "u1", "name": "Ada", "email": "a", "isActive": true,
              "createdAt": "2024-01-01T00:00:00Z"},
             {"id": "u2", "name": "Bob", "email": "b", "isActive": true, "managerId": "u1",
              "createdAt": "2024-01-01T00:00:00Z"},
             {"id": "u3", "name": "Cy", "email": "c", "isActive": true, "managerId": "u1",
              "createdAt": "2024-01-01T00:00:00Z", "password": "p"}],
    "Profile": [{"id": "r1", "userId": "u1", "bio": "first"}],
    "Post": [{"id": "p1", "title": "one", "status": "a", "views": 1, "authorId": "u1",
              "reviewerId": "u2", "isDeleted": false, "createdAt": "2024-01-01T00:00:00Z",
              "tags": ["x", null]},
             {"id": "p2", "title": "two", "status": "a", "views": 2, "authorId": "u1",
              "reviewerId": "u1", "isDeleted": false, "createdAt": "2024-01-02T00:00:00Z",
              "tags": []},
             {"id": "p3", "title": "three", "status": "a", "views": 3, "authorId": "u2",
              "isDeleted": false, "createdAt": "2024-01-03T00:00:00Z"}]});

typedef struct fixture {
    ignis_context *ctx;
    ignis_data_source *source;
    UserRepository *users;
    PostRepository *posts;
} fixture;

static void ok(ignis_context *ctx, ignis_code code)
{
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(ctx)->message);
}

static void blog_open(fixture *self, const char *rows)
{
    *self = (fixture){.ctx = ignis_context_create()};
    assert_non_null(self->ctx);
    self->source = models_open(self->ctx, BLOG, ARRAY_COUNT(BLOG), rows);
    ok(self->ctx, UserRepository_open(self->ctx, self->source, &self->users));
    ok(self->ctx, PostRepository_open(self->ctx, self->source, &self->posts));
}

static int open_fixture(void **state)
{
    static fixture self;
    blog_open(&self, ROWS);
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

static void a_row_that_is_reached_twice_is_one_struct(void **state)
{
    const fixture *self = *state;
    Post *posts;
    size_t count;
    ok(self->ctx,
       PostRepository_find(self->ctx, self->posts,
                           IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(Post, id)),
                                        .include = IGNIS_INCLUDE(IGNIS_WITH(Post, author),
                                                                 IGNIS_WITH(Post, reviewer))),
                           &posts, &count));
    assert_int_equal(count, 3);
    assert_ptr_equal(posts[0].author, posts[1].author);
    assert_ptr_not_equal(posts[0].author, posts[2].author);
    assert_string_equal(posts[0].author->name, "Ada");
    assert_string_equal(posts[2].author->name, "Bob");
    assert_string_equal(posts[0].reviewer->name, "Bob");
    assert_null(posts[2].reviewer);
    assert_null(posts[0].comments);
    assert_null(posts[0].author->posts);
}

static void included_and_empty_is_not_null(void **state)
{
    const fixture *self = *state;
    User *user;
    ok(self->ctx,
       UserRepository_find_by_id(self->ctx, self->users, "u3",
                                 IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(User, posts),
                                                                       IGNIS_WITH(User, profile))),
                                 &user));
    assert_non_null(user->posts);
    assert_int_equal(user->posts_count, 0);
    assert_null(user->profile);
    assert_null(user->comments);
    assert_null(user->password);
    ok(self->ctx, UserRepository_find_by_id(self->ctx, self->users, "none", NULL, &user));
    assert_null(user);
    ok(self->ctx, UserRepository_find_one(
                      self->ctx, self->users,
                      IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, name, "none"))), &user));
    assert_null(user);
}

static void empty_and_null_arrays_differ(void **state)
{
    const fixture *self = *state;
    Post *posts;
    size_t count;
    ok(self->ctx, PostRepository_find(self->ctx, self->posts,
                                      IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(Post, id))),
                                      &posts, &count));
    assert_int_equal(posts[0].tags_count, 2);
    assert_string_equal(posts[0].tags[0], "x");
    assert_null(posts[0].tags[1]);
    assert_non_null(posts[1].tags);
    assert_int_equal(posts[1].tags_count, 0);
    assert_null(posts[2].tags);
}

static void a_has_one_and_self_relations_lead_to_structs(void **state)
{
    const fixture *self = *state;
    User *users;
    size_t count;
    ok(self->ctx,
       UserRepository_find(
           self->ctx, self->users,
           IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(User, id)),
                        .include = IGNIS_INCLUDE(
                            IGNIS_WITH(
                                User, profile,
                                IGNIS_SCOPE(.include = IGNIS_INCLUDE(IGNIS_WITH(Profile, user)))),
                            IGNIS_WITH(User, manager),
                            IGNIS_WITH(User, reports,
                                       IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_DESC(User, id)))))),
           &users, &count));
    assert_string_equal(users[0].profile->bio, "first");
    assert_string_equal(users[0].profile->user->id, "u1");
    assert_null(users[1].profile);
    assert_null(users[0].manager);
    assert_ptr_equal(users[1].manager, users[2].manager);
    assert_int_equal(users[0].reports_count, 2);
    assert_string_equal(users[0].reports[0].id, "u3");
    assert_string_equal(users[0].reports[1].id, "u2");
    assert_int_equal(users[1].reports_count, 0);
}

static void selected_members_alone_are_filled(void **state)
{
    const fixture *self = *state;
    User *user;
    ok(self->ctx,
       UserRepository_find_by_id(self->ctx, self->users, "u3",
                                 IGNIS_FILTER(.fields = IGNIS_FIELDS(User, name),
                                              .include = IGNIS_INCLUDE(IGNIS_WITH(User, manager))),
                                 &user));
    assert_string_equal(user->name, "Cy");
    assert_null(user->id);
    assert_null(user->manager_id);
    assert_false(user->is_active);
    assert_string_equal(user->manager->id, "u1");
    ok(self->ctx, UserRepository_find_by_id(
                      self->ctx, self->users, "u3",
                      IGNIS_FILTER(.options = IGNIS_OPTIONS(.with_hidden = true)), &user));
    assert_string_equal(user->password, "p");
}

static void a_range_tells_the_page(void **state)
{
    const fixture *self = *state;
    User *users;
    size_t count;
    ignis_range range;
    ok(self->ctx,
       UserRepository_find_range(self->ctx, self->users,
                                 IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(User, id)),
                                              .skip = IGNIS_SKIP(1), .limit = IGNIS_LIMIT(5)),
                                 &users, &count, &range));
    assert_int_equal(count, 2);
    assert_true(range.start == 1 && range.end == 2 && range.total == 3);
    ok(self->ctx,
       UserRepository_find_range(self->ctx, self->users, IGNIS_FILTER(.skip = IGNIS_SKIP(9)),
                                 &users, &count, &range));
    assert_non_null(users);
    assert_true(count == 0 && range.start == 9 && range.end == 9 && range.total == 3);
}

/* ---- rows that arrive mixed ---- */

enum { PARENTS = 60, CHILDREN = 7 };

/* Every parent has children whose titles are spread over all parents. */
static const char *mixed_rows(arena *memory)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, "{\"User\":[");
    for (int i = 0; i < PARENTS; i++)
        text_format(&out,
                    "%s{\"id\":\"u%02d\",\"name\":\"n\",\"email\":\"e%d\",\"isActive\":true,"
                    "\"createdAt\":\"2024-01-01\"}",
                    i ? "," : "", i, i);
    text_string(&out, "],\"Post\":[");
    for (int i = 0; i < PARENTS * CHILDREN; i++)
        text_format(&out,
                    "%s{\"id\":\"p%03d\",\"title\":\"t%03d\",\"status\":\"s\",\"views\":%d,"
                    "\"authorId\":\"u%02d\",\"isDeleted\":false,\"createdAt\":\"2024-01-01\"}",
                    i ? "," : "", i, i * 211 % 420, i, i * 37 % PARENTS);
    text_string(&out, "]}");
    return text_finish(&out);
}

static void posts_check(const User *user)
{
    assert_int_equal(user->posts_count, CHILDREN);
    for (size_t i = 0; i < user->posts_count; i++) {
        const Post *post = &user->posts[i];
        assert_string_equal(post->author_id, user->id);
        assert_string_equal(post->author->id, user->id);
        assert_int_equal(strtol(post->id + 1, NULL, 10), post->views);
        if (i > 0) assert_true(strcmp(user->posts[i - 1].title, post->title) < 0);
    }
}

static void rows_of_a_parent_stand_side_by_side(void **state)
{
    (void)state;
    arena memory = {0};
    fixture self;
    User *users;
    size_t count;
    blog_open(&self, mixed_rows(&memory));
    ok(self.ctx,
       UserRepository_find(
           self.ctx, self.users,
           IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(
                            User, posts,
                            IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_ASC(Post, title)),
                                        .include = IGNIS_INCLUDE(IGNIS_WITH(Post, author)))))),
           &users, &count));
    assert_int_equal(count, PARENTS);
    for (size_t i = 0; i < count; i++)
        posts_check(&users[i]);
    ignis_data_source_close(self.source);
    ignis_context_free(self.ctx);
    arena_free(&memory);
}

/* ---- keys of several columns ---- */

static void composite_keys_lead_to_structs(void **state)
{
    (void)state;
    static const ignis_model *const models[] = {&Region_model, &Store_model, &Order_model,
                                                &OrderLine_model};
    ignis_context *ctx = ignis_context_create();
    ignis_data_source *source = models_open(
        ctx, models, ARRAY_COUNT(models),
        IGNIS_JSON({
        "Region": [{"id": 1, "country": "A", "code": "x", "name": "one"},
                   {"id": 2, "country": "A", "code": "y", "name": "two"}],
        "Store": [{"id": 1, "country": "A", "regionCode": "x", "name": "s1", "ownerId": 1},
                  {"id": 2, "country": "A", "regionCode": "x", "name": "s2", "ownerId": 1},
                  {"id": 3, "country": "A", "name": "s3", "ownerId": 1}]}));
    RegionRepository *regions;
    StoreRepository *stores;
    Region *region;
    Store *found;
    size_t count;
    ok(ctx, RegionRepository_open(ctx, source, &regions));
    ok(ctx, StoreRepository_open(ctx, source, &stores));
    ok(ctx, RegionRepository_find_by_id(
                ctx, regions, 1, IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(Region, stores))),
                &region));
    assert_int_equal(region->stores_count, 2);
    ok(ctx, StoreRepository_find(ctx, stores,
                                 IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(Store, id)),
                                              .include = IGNIS_INCLUDE(IGNIS_WITH(Store, region))),
                                 &found, &count));
    assert_ptr_equal(found[0].region, found[1].region);
    assert_string_equal(found[0].region->name, "one");
    assert_null(found[2].region);
    ignis_data_source_close(source);
    ignis_context_free(ctx);
}

static void a_composite_primary_key_is_a_struct(void **state)
{
    (void)state;
    ignis_context *ctx = ignis_context_create();
    const models_fixture *chinook = models_fixture_get("chinook");
    ignis_data_source *source = models_open(
        ctx, chinook->models, chinook->models_count,
        IGNIS_JSON({
            "MediaType": [{"mediaTypeId": 1, "name": "m"}],
            "Track": [{"trackId": 5, "name": "t", "mediaTypeId": 1, "milliseconds": 1,
                       "unitPrice": "0.99"}],
            "Playlist": [{"playlistId": 3, "name": "l"}],
            "PlaylistTrack": [{"playlistId": 3, "trackId": 5}]}));
    PlaylistTrackRepository *entries;
    PlaylistTrack *found;
    ok(ctx, PlaylistTrackRepository_open(ctx, source, &entries));
    ok(ctx, PlaylistTrackRepository_find_by_id(
                ctx, entries, &(PlaylistTrack){.playlist_id = 3, .track_id = 5},
                IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(PlaylistTrack, track))), &found));
    assert_string_equal(found->track->unit_price.text, "0.99");
    ok(ctx, PlaylistTrackRepository_find_by_id(
                ctx, entries, &(PlaylistTrack){.playlist_id = 5, .track_id = 3}, NULL, &found));
    assert_null(found);
    ignis_data_source_close(source);
    ignis_context_free(ctx);
}

/* ---- limits and foreign values ---- */

static const ignis_filter *everything(ignis_context *ctx)
{
    const ignis_filter *copy = NULL;
    ok(ctx,
       ignis_filter_copy(ctx,
                         IGNIS_FILTER(.include = IGNIS_INCLUDE(
                                          IGNIS_WITH(User, posts,
                                                     IGNIS_SCOPE(.include = IGNIS_INCLUDE(
                                                                     IGNIS_WITH(Post, author)))),
                                          IGNIS_WITH(User, profile), IGNIS_WITH(User, reports))),
                         &copy));
    return copy;
}

static void a_result_beyond_the_contexts_limit_is_given_back(void **state)
{
    (void)state;
    arena memory = {0};
    fixture self;
    User *users = NULL;
    size_t count = 0;
    blog_open(&self, mixed_rows(&memory));
    const ignis_filter *filter = everything(self.ctx);
    ignis_mark before = ignis_context_mark(self.ctx);
    ignis_context_limit_set(self.ctx, before.total + 20000);
    assert_int_equal(UserRepository_find(self.ctx, self.users, filter, &users, &count),
                     IGNIS_E_LIMIT);
    assert_null(users);
    ignis_mark after = ignis_context_mark(self.ctx);
    assert_true(before.block == after.block && before.used == after.used);
    ignis_context_limit_set(self.ctx, 0);
    ok(self.ctx, UserRepository_find(self.ctx, self.users, filter, &users, &count));
    assert_int_equal(count, PARENTS);
    ignis_data_source_close(self.source);
    ignis_context_free(self.ctx);
    arena_free(&memory);
}

typedef struct nested_find {
    const UserRepository *users;
    const ignis_filter *filter;
} nested_find;

static ignis_code find_run(ignis_context *ctx, void *data)
{
    const nested_find *what = data;
    User *users = NULL;
    size_t count = 0;
    ignis_mark before = ignis_context_mark(ctx);
    ignis_code code = UserRepository_find(ctx, what->users, what->filter, &users, &count);
    ignis_mark after = ignis_context_mark(ctx);
    if (code != IGNIS_OK) assert_true(!users && before.used == after.used);
    return code;
}

static void memory_that_ends_is_told(void **state)
{
    const fixture *self = *state;
    nested_find what = {self->users, everything(self->ctx)};
    /* The plan and its statements are kept from the first time on. */
    ok(self->ctx, find_run(self->ctx, &what));
    assert_true(fault_run(find_run, &what) > 0);
}

static void foreign_values_are_refused_or_said(void **state)
{
    (void)state;
    fixture self;
    User *users = NULL;
    size_t count = 0;
    blog_open(&self, ROWS);
    engine opened = {.ctx = self.ctx, .source = self.source};
    engine_execute(&opened, "UPDATE \"User\" SET name = 5, age = 'young' WHERE id = 'u1'");
    assert_int_equal(UserRepository_find(self.ctx, self.users, NULL, &users, &count),
                     IGNIS_E_DATABASE);
    assert_non_null(strstr(ignis_context_error(self.ctx)->message, "'age' holds something"));
    assert_null(users);
    ok(self.ctx, UserRepository_find(self.ctx, self.users,
                                     IGNIS_FILTER(.fields = IGNIS_FIELDS_EXCEPT(User, age),
                                                  .order = IGNIS_ORDER(IGNIS_ASC(User, id))),
                                     &users, &count));
    assert_string_equal(users[0].name, "5");
    ignis_data_source_close(self.source);
    ignis_context_free(self.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_that_is_reached_twice_is_one_struct),
        cmocka_unit_test(included_and_empty_is_not_null),
        cmocka_unit_test(empty_and_null_arrays_differ),
        cmocka_unit_test(a_has_one_and_self_relations_lead_to_structs),
        cmocka_unit_test(selected_members_alone_are_filled),
        cmocka_unit_test(a_range_tells_the_page),
        cmocka_unit_test(rows_of_a_parent_stand_side_by_side),
        cmocka_unit_test(composite_keys_lead_to_structs),
        cmocka_unit_test(a_composite_primary_key_is_a_struct),
        cmocka_unit_test(a_result_beyond_the_contexts_limit_is_given_back),
        cmocka_unit_test(memory_that_ends_is_told),
        cmocka_unit_test(foreign_values_are_refused_or_said),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
