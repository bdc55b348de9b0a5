/* The blog with C structs: models beside their structs, filters and rows that the compiler checks. */
#include <ignis.h>
#include <stdio.h>

typedef struct User User;
typedef struct Post Post;
typedef struct Comment Comment;
IGNIS_MODEL_DECLARE(User);
IGNIS_MODEL_DECLARE(Post);
IGNIS_MODEL_DECLARE(Comment);

struct User {
    IGNIS_ID_TEXT_MEMBERS; /* const char *id */
    const char *name;
    Post *posts; /* filled by an include */
    size_t posts_count;
};

struct Post {
    IGNIS_ID_TEXT_MEMBERS;
    IGNIS_TZ_MEMBERS; /* ignis_timestamp created_at, modified_at */
    const char *title, *author_id;
    int32_t views;
    User *author;
    Comment *comments;
    size_t comments_count;
};

struct Comment {
    IGNIS_ID_TEXT_MEMBERS;
    const char *post_id, *text;
    Post *post;
};

IGNIS_MODEL(User, .columns = IGNIS_COLUMNS(IGNIS_ID_TEXT(User), IGNIS_COLUMN(User, name)),
            .relations = IGNIS_RELATIONS(IGNIS_MANY(User, posts, Post, author)));

IGNIS_MODEL(Post,
            .columns = IGNIS_COLUMNS(IGNIS_ID_TEXT(Post), IGNIS_TZ(Post), IGNIS_COLUMN(Post, title),
                                     IGNIS_COLUMN(Post, author_id, .not_null = true),
                                     IGNIS_COLUMN(Post, views, .not_null = true)),
            .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX(NULL, Post, author_id)),
            .foreign_keys = IGNIS_CONSTRAINTS(IGNIS_FOREIGN_KEY(NULL, Post, author_id, User, id)),
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Post, author, User, author_id, id),
                                         IGNIS_MANY(Post, comments, Comment, post)));

IGNIS_MODEL(Comment,
            .columns = IGNIS_COLUMNS(IGNIS_ID_TEXT(Comment), IGNIS_COLUMN(Comment, text),
                                     IGNIS_COLUMN(Comment, post_id, .not_null = true)),
            .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX(NULL, Comment, post_id)),
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Comment, post, Post, post_id, id)));

IGNIS_REPOSITORY(UserRepository, User);
IGNIS_REPOSITORY(PostRepository, Post);
IGNIS_REPOSITORY(CommentRepository, Comment);

static ignis_code fill(ignis_context *ctx, ignis_data_source *source, UserRepository *users)
{
    PostRepository *posts;
    CommentRepository *comments;
    User *john;
    Post *post;
    IGNIS_TRY(PostRepository_open(ctx, source, &posts));
    IGNIS_TRY(CommentRepository_open(ctx, source, &comments));
    IGNIS_TRY(
        UserRepository_create(ctx, users, IGNIS_VALUES(IGNIS_SET(User, name, "John")), &john));
    for (int i = 1; i <= 3; i++) {
        Post row = {.author_id = john->id, .title = i == 1 ? "First" : "Later", .views = 10 * i};
        IGNIS_TRY(PostRepository_create_row(ctx, posts, &row,
                                            IGNIS_FIELDS(Post, author_id, title, views), &post));
    }
    return CommentRepository_create(
        ctx, comments,
        IGNIS_VALUES(IGNIS_SET(Comment, post_id, post->id), IGNIS_SET(Comment, text, "Nice")),
        NULL);
}

static ignis_code show(ignis_context *ctx, UserRepository *users)
{
    User *user;
    IGNIS_TRY(UserRepository_find_one(
        ctx, users,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_LIKE(User, name, "J%")),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(
                         User, posts,
                         IGNIS_SCOPE(.where = IGNIS_WHERE(IGNIS_GTE(Post, views, 20)),
                                     .order = IGNIS_ORDER(IGNIS_DESC(Post, views)),
                                     .limit = IGNIS_LIMIT(10),
                                     .include = IGNIS_INCLUDE(IGNIS_WITH(Post, comments)))))),
        &user));
    printf("%s\n", user->name);
    for (size_t i = 0; i < user->posts_count; i++) {
        const Post *post = &user->posts[i];
        printf("  %s, %d views, %zu comments\n", post->title, post->views, post->comments_count);
    }
    return IGNIS_OK;
}

int main(void)
{
    const ignis_data_source_class blog = {
        .struct_size = sizeof(blog),
        .url = "sqlite::memory:",
        .models = IGNIS_MODELS(&User_model, &Post_model, &Comment_model)};
    ignis_context *ctx = ignis_context_create();
    ignis_data_source *source = NULL;
    UserRepository *users = NULL;
    ignis_code code = ignis_data_source_open(ctx, &blog, &source);
    if (code == IGNIS_OK) code = ignis_schema_create(ctx, source);
    if (code == IGNIS_OK) code = UserRepository_open(ctx, source, &users);
    if (code == IGNIS_OK) code = fill(ctx, source, users);
    if (code == IGNIS_OK) code = show(ctx, users);
    if (code != IGNIS_OK) puts(ignis_context_error(ctx)->message);
    ignis_data_source_close(source);
    ignis_context_free(ctx);
    return code != IGNIS_OK;
}
