/* The models of the programs that must not compile. */
#ifndef REFUSE_MODELS_H
#define REFUSE_MODELS_H

#include "ignis.h"

#include <stdlib.h>

typedef struct User User;
typedef struct Post Post;

struct User {
    IGNIS_ID_NUMBER_MEMBERS;
    IGNIS_TZ_MEMBERS;
    const char *name;
    int32_t age;
    ignis_maybe_int64 score;
    ignis_numeric balance;
    ignis_json settings;
    const char **tags;
    size_t tags_count;
    Post *posts;
    size_t posts_count;
    Post *drafts; /* without a count */
};

struct Post {
    IGNIS_ID_TEXT_MEMBERS;
    const char *title;
    int32_t author_id;
    User *author;
    Post *parent;
};

IGNIS_MODEL_DECLARE(User);
IGNIS_MODEL_DECLARE(Post);

IGNIS_REPOSITORY(UserRepository, User);
IGNIS_REPOSITORY(PostRepository, Post);
IGNIS_REPOSITORY_READABLE(UserReader, User);

IGNIS_QUERY(User);

IGNIS_DATA_SOURCE_DECLARE(PlaceSource);

typedef struct Desk {
    UserRepository *users;
    PostRepository *posts;
    ignis_data_source *source;
    const char *text;
    int32_t number;
    void *any;
    struct Opaque *opaque; /* defined elsewhere */
} Desk;
IGNIS_SERVICE_DECLARE(Desk);

typedef struct Place {
    ignis_context *ctx;
    ignis_data_source *source;
    UserRepository *users;
    PostRepository *posts;
    UserReader *reader;
} Place;

#endif
