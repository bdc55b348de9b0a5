#include "blog.h"

#include <stdio.h>

static const char rows[] = IGNIS_JSON({
    "User": [{"id": "u1", "name": "John"}, {"id": "u2", "name": "Alice"}],
    "Post": [
        {"id": "p1", "title": "First Post", "authorId": "u1", "views": 100},
        {"id": "p2", "title": "Second Post", "authorId": "u1", "views": 50},
        {"id": "p3", "title": "Only a draft", "authorId": "u2", "views": 0}]});

/* Its injections are set: the repositories are there. */
static ignis_code start(ignis_context *ctx, void *data)
{
    BlogService *self = data;
    size_t count;
    IGNIS_TRY(ignis_schema_create(ctx, self->source));
    IGNIS_TRY(ignis_load(ctx, self->source, rows, 0, &count));
    printf("The blog begins with %zu rows.\n", count);
    return IGNIS_OK;
}

static void stop(void *data)
{
    const BlogService *self = data;
    printf("Front pages printed: %d\n", self->printed_count);
}

IGNIS_SERVICE(
    BlogService,
    .inject = IGNIS_INJECTIONS(IGNIS_INJECT_DATA_SOURCE(BlogService, source, BlogDataSource),
                               IGNIS_INJECT_REPOSITORY(BlogService, users, UserRepository),
                               IGNIS_INJECT_REPOSITORY(BlogService, posts, PostRepository),
                               IGNIS_INJECT(BlogService, views_min, "values.popularViews")),
    .start = start, .stop = stop, .tags = "pages");

ignis_code BlogService_print_front_page(ignis_context *ctx, BlogService *self)
{
    ignis_mark mark = ignis_context_mark(ctx);
    Post *posts;
    size_t posts_count;
    int64_t users_count;
    IGNIS_TRY(UserRepository_count(ctx, self->users, NULL, &users_count));
    IGNIS_TRY(
        PostRepository_find_popular(ctx, self->posts, *self->views_min, &posts, &posts_count));
    printf("\nWhat %lld authors wrote and many read:\n", (long long)users_count);
    for (size_t i = 0; i < posts_count; i++)
        printf("%4d  %s, by %s\n", posts[i].views, posts[i].title, posts[i].author->name);
    self->printed_count++;
    ignis_context_release(ctx, mark);
    return IGNIS_OK;
}
