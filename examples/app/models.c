#include "blog.h"

IGNIS_MODEL(User,
            .columns = IGNIS_COLUMNS(IGNIS_ID_TEXT(User),
                                     IGNIS_COLUMN(User, name, .not_null = true)),
            .relations = IGNIS_RELATIONS(IGNIS_MANY(User, posts, Post, author)));

IGNIS_MODEL(Post,
            .columns = IGNIS_COLUMNS(IGNIS_ID_TEXT(Post),
                                     IGNIS_COLUMN(Post, title, .not_null = true),
                                     IGNIS_COLUMN(Post, author_id, .not_null = true),
                                     IGNIS_COLUMN(Post, views, .not_null = true)),
            .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX(NULL, Post, author_id)),
            .foreign_keys = IGNIS_CONSTRAINTS(IGNIS_FOREIGN_KEY(NULL, Post, author_id, User, id)),
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Post, author, User, author_id, id)));
