/* The blog: two models, their repositories, and a service over them. */
#ifndef BLOG_H
#define BLOG_H

#include <ignis.h>

typedef struct User User;
typedef struct Post Post;

struct User {
    IGNIS_ID_TEXT_MEMBERS;
    const char *name;
    Post *posts;
    size_t posts_count;
};

struct Post {
    IGNIS_ID_TEXT_MEMBERS;
    const char *title, *author_id;
    int32_t views;
    User *author;
};

IGNIS_MODEL_DECLARE(User);
IGNIS_MODEL_DECLARE(Post);
IGNIS_DATA_SOURCE_DECLARE(BlogDataSource);
IGNIS_REPOSITORY(UserRepository, User);
IGNIS_REPOSITORY(PostRepository, Post);

/* A method of one's own: posts that were read at least so often, with their authors. */
ignis_code PostRepository_find_popular(ignis_context *ctx, const PostRepository *self,
                                       int32_t views_min, Post **posts, size_t *count);

/* What the blog shows. All but printed_count is injected. */
typedef struct BlogService {
    ignis_data_source *source;
    UserRepository *users;
    PostRepository *posts;
    const int32_t *views_min; /* "values.popularViews" */
    int printed_count;
} BlogService;
IGNIS_SERVICE_DECLARE(BlogService);

ignis_code BlogService_print_front_page(ignis_context *ctx, BlogService *self);

#endif
