/* The fixture blog as C models. */
#ifndef MODELS_BLOG_H
#define MODELS_BLOG_H

#include "ignis.h"

typedef struct User User;
typedef struct Profile Profile;
typedef struct Post Post;
typedef struct Comment Comment;

struct User {
    const char *id;
    const char *name;
    const char *email;
    const char *role;
    ignis_maybe_int32 age;
    bool is_active;
    const char *password;
    const char *secret;
    const char *manager_id;
    ignis_timestamp created_at;
    Profile *profile;
    Post *posts;
    size_t posts_count;
    Post *reviewed_posts;
    size_t reviewed_posts_count;
    Comment *comments;
    size_t comments_count;
    User *manager;
    User *reports;
    size_t reports_count;
};

struct Profile {
    const char *id;
    const char *user_id;
    const char *bio;
    const char *website;
    ignis_maybe_date birthday;
    const char *ssn;
    User *user;
};

struct Post {
    const char *id;
    const char *title;
    const char *body;
    const char *status;
    int32_t views;
    ignis_maybe_double rating;
    const char *author_id;
    const char *reviewer_id;
    const char **tags;
    size_t tags_count;
    ignis_json metadata;
    bool is_deleted;
    ignis_maybe_timestamp deleted_at;
    ignis_timestamp created_at;
    User *author;
    User *reviewer;
    Comment *comments;
    size_t comments_count;
};

struct Comment {
    const char *id;
    const char *text;
    int32_t likes;
    const char *post_id;
    const char *author_id;
    const char *parent_id;
    ignis_timestamp created_at;
    Post *post;
    User *author;
    Comment *parent;
    Comment *replies;
    size_t replies_count;
};

IGNIS_MODEL_DECLARE(User);
IGNIS_MODEL_DECLARE(Profile);
IGNIS_MODEL_DECLARE(Post);
IGNIS_MODEL_DECLARE(Comment);

IGNIS_REPOSITORY(UserRepository, User);
IGNIS_REPOSITORY(ProfileRepository, Profile);
IGNIS_REPOSITORY(PostRepository, Post);
IGNIS_REPOSITORY(CommentRepository, Comment);

#endif
