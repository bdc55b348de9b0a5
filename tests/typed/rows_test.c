/* A large result as structs: what it takes beside what it holds. */
#include "base/base.h"
#include "models/blog.h"
#include "models/fixtures.h"
#include "support/engine.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>

#include <cmocka.h>

enum { ROWS = 200000, USERS = 100, BESIDE = 1 << 20 };

/* The bytes that the structs and their texts are. */
static size_t data_size(const Comment *comments, size_t count)
{
    size_t size = count * sizeof(*comments);
    for (size_t i = 0; i < count; i++) {
        const char *const texts[] = {comments[i].id, comments[i].text, comments[i].post_id,
                                     comments[i].author_id, comments[i].parent_id};
        for (size_t k = 0; k < ARRAY_COUNT(texts); k++)
            if (texts[k]) size += strlen(texts[k]) + 1;
    }
    return size;
}

static void table_fill(ignis_context *ctx, ignis_data_source *source)
{
    char sql[512];
    engine opened = {.ctx = ctx, .source = source};
    int size =
        snprintf(sql, sizeof(sql),
                 "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
                 "INSERT INTO \"Comment\" (id, text, likes, post_id, author_id, created_at) "
                 "SELECT printf('c%%06d', i), 'a comment of some length ' || i, i, 'p1', "
                 "printf('u%%02d', i %% %d), '2024-01-01T00:00:00.000000Z' FROM n",
                 ROWS - 1, USERS);
    assert_in_range(size, 1, sizeof(sql) - 1);
    engine_execute(&opened, sql);
}

static const char *rows_write(ignis_context *ctx)
{
    text out;
    text_init(&out, &ctx->results, 0);
    text_string(&out, "{\"User\":[");
    for (int i = 0; i < USERS; i++)
        text_format(&out,
                    "%s{\"id\":\"u%02d\",\"name\":\"n%d\",\"email\":\"e%d\",\"isActive\":true,"
                    "\"createdAt\":\"2024-01-01\"}",
                    i ? "," : "", i, i, i);
    text_string(&out, "],\"Post\":[{\"id\":\"p1\",\"title\":\"t\",\"status\":\"s\",\"views\":1,"
                      "\"authorId\":\"u00\",\"isDeleted\":false,\"createdAt\":\"2024-01-01\"}]}");
    return text_finish(&out);
}

static void rows_check(const Comment *comments, size_t count)
{
    assert_int_equal(count, ROWS);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(comments[i].likes, i);
        assert_ptr_equal(comments[i].author, comments[i % USERS].author);
    }
    assert_string_equal(comments[7].author->id, "u07");
}

/* Whatever the rows take is the context's: blocks of its arena, which free gives back. */
static void a_large_result_takes_blocks_of_the_arena_alone(void **state)
{
    (void)state;
    static const ignis_model *const models[] = {&User_model, &Profile_model, &Post_model,
                                                &Comment_model};
    ignis_context *owner = ignis_context_create();
    ignis_data_source *source = models_open(owner, models, ARRAY_COUNT(models), rows_write(owner));
    const ignis_filter *filter =
        IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(Comment, id)),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(Comment, author)));
    CommentRepository *repository;
    Comment *comments;
    size_t count;
    struct rusage usage;
    table_fill(owner, source);
    assert_int_equal(CommentRepository_open(owner, source, &repository), IGNIS_OK);
    /* The plan is kept from the first time on. */
    assert_int_equal(CommentRepository_find(owner, repository, filter, &comments, &count),
                     IGNIS_OK);
    ignis_context_reset(owner);
    size_t blocks = arena_live_blocks();
    ignis_context *ctx = ignis_context_create();
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    assert_int_equal(CommentRepository_find(ctx, repository, filter, &comments, &count), IGNIS_OK);
    size_t after = mallinfo2().uordblks + mallinfo2().hblkhd;
    rows_check(comments, count);
    size_t size = data_size(comments, count);
    getrusage(RUSAGE_SELF, &usage);
    printf("%zu rows: %zu KiB of data, %zu KiB of results, %zu KiB more in use, peak %ld KiB\n",
           count, size / 1024, ctx->results.total / 1024, (after - before) / 1024, usage.ru_maxrss);
    assert_true(arena_live_blocks() > blocks);
    assert_true(ctx->results.total >= size);
    /* What the allocator counts beyond the arena: SQLite's own and the warm scratch. */
    assert_true(after - before <= ctx->results.total + BESIDE);
    ignis_context_free(ctx);
    assert_int_equal(arena_live_blocks(), blocks);
    ignis_data_source_close(source);
    ignis_context_free(owner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_result_takes_blocks_of_the_arena_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
