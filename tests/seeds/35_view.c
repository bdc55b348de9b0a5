/* A view as a model: it is read, included, and never written. */
#include "seed.h"

/* guide: model */
typedef struct AuthorPosts {
    const char *author_id;
    int64_t posts;
    User *author;
} AuthorPosts;

IGNIS_MODEL(AuthorPosts,
    .type = IGNIS_VIEW,
    .table = "author_posts",
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(AuthorPosts, author_id),
        IGNIS_COLUMN(AuthorPosts, posts, .not_null = true)),
    .relations = IGNIS_RELATIONS(IGNIS_ONE(AuthorPosts, author, User, author_id, id)));
IGNIS_REPOSITORY_READABLE(AuthorPostsReader, AuthorPosts);
/* end */

/* In the same file on SQLite, where a database in memory is of one data source alone. */
static IGNIS_DATA_SOURCE(Views, .url = "${IGNIS_SEED_URL:-sqlite:views.sqlite}",
                         .create_missing = true,
                         .models = IGNIS_MODELS(&AuthorPosts_model, &User_model, &Profile_model,
                                                &Post_model, &Comment_model));

static ignis_code fill(ignis_context *ctx, ignis_data_source *source)
{
    const ignis_sql view = {.struct_size = sizeof(view),
                            .text = "CREATE VIEW author_posts AS SELECT author_id, count(*) AS "
                                    "posts FROM \"Post\" GROUP BY author_id"};
    UserRepository *users;
    int64_t count;
    IGNIS_TRY(ignis_execute(ctx, source, &view, NULL));
    IGNIS_TRY(UserRepository_open(ctx, source, &users));
    IGNIS_TRY(UserRepository_count(ctx, users, NULL, &count));
    if (count > 0) return IGNIS_OK;
    return ignis_load(
        ctx, source,
        IGNIS_JSON({
        "User": [{"id": "123", "name": "John", "email": "john@example.com"},
                 {"id": "u2", "name": "Alice", "email": "alice@example.com"}],
        "Post": [{"id": "p5", "title": "Hello", "status": "published", "authorId": "u2", "views": 1,
                  "isDeleted": false, "createdAt": "2024-01-25T09:00:00Z"}]}),
                              0, NULL);
}

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    AuthorPostsReader *counts;
    IGNIS_TRY(fill(ctx, source));
    IGNIS_TRY(AuthorPostsReader_open(ctx, source, &counts));
    /* guide: find */
    AuthorPosts *row;
    IGNIS_TRY(AuthorPostsReader_find_one(
        ctx, counts,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(AuthorPosts, author_id, "u2")),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(AuthorPosts, author))),
        &row));
    printf("%s: %lld\n", row->author->name, (long long)row->posts);
    /* end */
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    return with_source(ctx, &Views_class, run);
}
