/* Finds in one long-lived context with marks: memory stays what it was after the first. */
#include "base/base.h"
#include "models/blog.h"
#include "models/fixtures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FINDS = 20000, WARM = 100 };

static const char ROWS[] = IGNIS_JSON({
    "User": [{"id": "u1", "name": "Ada", "email": "a", "isActive": true,
              "createdAt": "2024-01-01T00:00:00Z"}],
    "Post": [{"id": "p1", "title": "one", "status": "a", "views": 1, "authorId": "u1",
              "isDeleted": false, "createdAt": "2024-01-01T00:00:00Z", "tags": ["x", "y"]},
             {"id": "p2", "title": "two", "status": "a", "views": 2, "authorId": "u1",
              "isDeleted": false, "createdAt": "2024-01-02T00:00:00Z"}]});

/* How many finds: IGNIS_MARKS_COUNT for long runs. */
static long finds_count(void)
{
    const char *given = getenv("IGNIS_MARKS_COUNT");
    long count = given ? strtol(given, NULL, 10) : FINDS;
    return count > WARM ? count : FINDS;
}

/* One find and what is kept of it: nothing. Every tenth is refused. */
static void find_once(ignis_context *ctx, const PostRepository *posts, long i)
{
    ignis_mark mark = ignis_context_mark(ctx);
    Post *found = NULL;
    size_t count = 0;
    const char *name = i % 10 == 0 ? NULL : "Ada";
    ignis_code code = PostRepository_find(
        ctx, posts,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_GTE(Post, views, i % 3)),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(
                         Post, author,
                         IGNIS_SCOPE(.where = IGNIS_WHERE(IGNIS_EQ(User, name, name)))))),
        &found, &count);
    assert_int_equal(code, name ? IGNIS_OK : IGNIS_E_INVALID);
    if (name) {
        assert_int_equal(count, i % 3 == 2 ? 1 : 2);
        assert_string_equal(found[count - 1].author->name, "Ada");
    }
    ignis_context_release(ctx, mark);
}

static void finds_between_marks_keep_memory_flat(void **state)
{
    (void)state;
    static const ignis_model *const models[] = {&User_model, &Profile_model, &Post_model,
                                                &Comment_model};
    ignis_context *ctx = ignis_context_create();
    ignis_data_source *source = models_open(ctx, models, ARRAY_COUNT(models), ROWS);
    PostRepository *posts;
    size_t blocks = 0;
    ignis_mark warm = {0};
    long count = finds_count();
    assert_int_equal(PostRepository_open(ctx, source, &posts), IGNIS_OK);
    for (long i = 1; i <= count; i++) {
        find_once(ctx, posts, i);
        if (i == WARM) {
            blocks = arena_live_blocks();
            warm = ignis_context_mark(ctx);
        }
    }
    ignis_mark last = ignis_context_mark(ctx);
    printf("%ld finds, %zu blocks\n", count, arena_live_blocks());
    assert_int_equal(arena_live_blocks(), blocks);
    assert_true(last.block == warm.block && last.used == warm.used && last.total == warm.total);
    ignis_data_source_close(source);
    ignis_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_between_marks_keep_memory_flat)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
