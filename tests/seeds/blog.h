/* The blog of the guide: users with a profile, their posts, the comments on them; and what they have
   configured. */
#ifndef BLOG_H
#define BLOG_H

#include <ignis.h>

/* guide: names */
typedef struct User User;
typedef struct Profile Profile;
typedef struct Post Post;
typedef struct Comment Comment;
typedef struct Configuration Configuration;

IGNIS_MODEL_DECLARE(User);
IGNIS_MODEL_DECLARE(Profile);
IGNIS_MODEL_DECLARE(Post);
IGNIS_MODEL_DECLARE(Comment);
IGNIS_MODEL_DECLARE(Configuration);
/* end */

/* guide: User */
struct User {
    IGNIS_ID_TEXT_MEMBERS; /* const char *id */
    const char *name, *email, *password;
    Profile *profile; /* filled by an include */
    Post *posts;
    size_t posts_count;
};
/* end */

struct Profile {
    IGNIS_ID_TEXT_MEMBERS;
    const char *user_id, *bio;
    User *user;
};

/* guide: Post */
struct Post {
    IGNIS_ID_TEXT_MEMBERS;
    const char *title, *status, *author_id;
    int32_t views;
    bool is_deleted;
    ignis_timestamp created_at;
    User *author;
    Comment *comments;
    size_t comments_count;
};
/* end */

struct Comment {
    IGNIS_ID_TEXT_MEMBERS;
    const char *text, *post_id, *author_id;
    Post *post;
    User *author;
};

/* guide: Configuration */
struct Configuration {
    IGNIS_ID_TEXT_MEMBERS;
    IGNIS_TZ_MEMBERS;
    IGNIS_DATA_TYPE_MEMBERS;
    IGNIS_USER_AUDIT_TEXT_MEMBERS;
    const char *code, *description, *group;
    User *creator, *modifier;
};
/* end */

/* guide: repositories */
IGNIS_REPOSITORY(UserRepository, User);
IGNIS_REPOSITORY(ProfileRepository, Profile);
IGNIS_REPOSITORY(PostRepository, Post);
IGNIS_REPOSITORY(CommentRepository, Comment);
IGNIS_REPOSITORY(ConfigurationRepository, Configuration);
/* end */

#endif
