/* read: the strategies of a read on PostgreSQL give the trees that SQLite gives. */
#include "base/base.h"
#include "ignis.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char models[] = J({
    "models" : [
        {
            "name" : "User",
            "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
            "relations" : [ {"name" : "posts", "type" : "many", "model" : "Post"} ]
        },
        {
            "name" : "Post",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "userId", "column" : "user_id", "type" : "integer"}
            ],
            "indexes" : [ {"columns" : ["userId"]} ],
            "relations" : [
                {
                    "name" : "user",
                    "type" : "one",
                    "model" : "User",
                    "fields" : ["userId"],
                    "references" : ["id"]
                },
                {"name" : "notes", "type" : "many", "model" : "Note"}
            ]
        },
        {
            "name" : "Note",
            "columns" : [
                {"name" : "text", "type" : "text"},
                {"name" : "postId", "column" : "post_id", "type" : "integer"}
            ],
            "relations" : [ {
                "name" : "post",
                "type" : "one",
                "model" : "Post",
                "fields" : ["postId"],
                "references" : ["id"]
            } ]
        }
    ]
});

static const char tree[] = J({
    "order" : ["id"],
    "include" : [ {
        "relation" : "posts",
        "scope" : {
            "order" : ["id"],
            "include" : [ "user", {"relation" : "notes", "scope" : {"order" : ["text"]}} ]
        }
    } ]
});

typedef struct opened {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *users;
    ignis_repository *notes;
} opened;

/* users with posts of two notes each; the last user has none. */
static const char *rows_write(arena *memory, int users, int posts)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, "{\"User\":[{\"id\":0}");
    for (int i = 1; i <= users; i++)
        text_format(&out, ",{\"id\":%d}", i);
    text_string(&out, "],\"Post\":[{\"id\":0}");
    for (int i = 1; i <= users * posts; i++)
        text_format(&out, ",{\"id\":%d,\"userId\":%d}", i, (i - 1) % users);
    text_string(&out, "],\"Note\":[{\"text\":\"nobody's\"}");
    for (int i = 1; i <= users * posts; i++)
        text_format(&out, ",{\"text\":\"a%d\",\"postId\":%d},{\"text\":\"b%d\",\"postId\":%d}", i,
                    i, i, i);
    text_string(&out, "]}");
    return text_finish(&out);
}

static ignis_repository *repository_open(const opened *self, const char *model)
{
    const ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    ignis_repository *made = NULL;
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &class_, &made), IGNIS_OK);
    return made;
}

static opened opened_make(const char *url, int users, int posts)
{
    opened self = {.ctx = ignis_context_create()};
    arena memory = {0};
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = url};
    assert_int_equal(
        ignis_models_from_json(self.ctx, models, 0, &class_.models, &class_.models_count),
        IGNIS_OK);
    assert_int_equal(ignis_data_source_open(self.ctx, &class_, &self.source), IGNIS_OK);
    assert_int_equal(ignis_schema_create(self.ctx, self.source), IGNIS_OK);
    assert_int_equal(ignis_load(self.ctx, self.source, rows_write(&memory, users, posts), 0, NULL),
                     IGNIS_OK);
    arena_free(&memory);
    self.users = repository_open(&self, "User");
    self.notes = repository_open(&self, "Note");
    return self;
}

static void opened_end(opened *self)
{
    ignis_context_free(self->ctx);
    ignis_data_source_close(self->source);
}

static const char *find(opened *self, ignis_repository *repository, const char *filter)
{
    const char *found = NULL;
    if (ignis_find_json(self->ctx, repository, &ignis_policy_trusted, filter, &found) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(self->ctx)->message);
    return found;
}

static void assert_strategy(opened *self, ignis_repository *repository, const char *filter,
                            const char *begin)
{
    const char *explanation = NULL;
    assert_int_equal(
        ignis_filter_explain(self->ctx, repository, &ignis_policy_trusted, filter, &explanation),
        IGNIS_OK);
    if (strncmp(explanation, begin, strlen(begin)) != 0) fail_msg("%s", explanation);
}

static void server_clear(void)
{
    server_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
}

static void wide_results_are_read_level_by_level(void **state)
{
    (void)state;
    server_clear();
    opened lite = opened_make("sqlite::memory:", 40, 20);
    opened server = opened_make(server_url(), 40, 20);
    const char *expected = find(&lite, lite.users, tree);
    assert_strategy(&server, server.users, tree, "pipeline");
    assert_string_equal(find(&server, server.users, tree), expected);
    assert_strategy(&server, server.users, tree, "sequential");
    assert_string_equal(find(&server, server.users, tree), expected);
    /* A narrow result turns it back. */
    const char *narrow = J({
        "where" : {"id" : 3},
        "include" : [ {"relation" : "posts", "scope" : {"order" : ["id"], "include" : ["notes"]}} ]
    });
    find(&server, server.users, narrow);
    assert_strategy(&server, server.users, narrow, "pipeline");
    opened_end(&lite);
    opened_end(&server);
}

static void a_limited_level_without_a_key_is_read_first(void **state)
{
    (void)state;
    server_clear();
    opened server = opened_make(server_url(), 3, 2);
    const char *filter = J({"order" : ["text"], "limit" : 2, "include" : ["post"]});
    assert_strategy(&server, server.notes, filter, "sequential");
    assert_string_equal(find(&server, server.notes, filter),
                        "[{\"text\":\"a1\",\"postId\":1,\"post\":{\"id\":1,\"userId\":0}},"
                        "{\"text\":\"a2\",\"postId\":2,\"post\":{\"id\":2,\"userId\":1}}]");
    opened_end(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wide_results_are_read_level_by_level),
        cmocka_unit_test(a_limited_level_without_a_key_is_read_first),
    };
    server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
