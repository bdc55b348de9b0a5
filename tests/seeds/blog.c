#include "blog.h"

/* guide: User */
IGNIS_MODEL(User,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(User),
        IGNIS_COLUMN(User, name, .not_null = true),
        IGNIS_COLUMN(User, email, .not_null = true, .unique = true),
        IGNIS_COLUMN(User, password, .hidden = true)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(User, profile, Profile, id, user_id),
        IGNIS_MANY(User, posts, Post, author)));
/* end */

IGNIS_MODEL(Profile,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(Profile),
        IGNIS_COLUMN(Profile, user_id, .not_null = true, .unique = true),
        IGNIS_COLUMN(Profile, bio)),
    .foreign_keys = IGNIS_CONSTRAINTS(IGNIS_FOREIGN_KEY(NULL, Profile, user_id, User, id)),
    .relations = IGNIS_RELATIONS(IGNIS_ONE(Profile, user, User, user_id, id)));

/* guide: Post */
IGNIS_MODEL(Post,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(Post),
        IGNIS_COLUMN(Post, title, .not_null = true),
        IGNIS_COLUMN(Post, status, .not_null = true, .default_json = "\"draft\""),
        IGNIS_COLUMN(Post, author_id, .not_null = true),
        IGNIS_COLUMN(Post, views, .not_null = true, .default_json = "0"),
        IGNIS_COLUMN(Post, is_deleted, .not_null = true, .default_json = "false"),
        IGNIS_CREATED(Post)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX("IDX_Post_authorId", Post, author_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Post_authorId_User_id", Post, author_id, User, id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Post, author, User, author_id, id),
        IGNIS_MANY(Post, comments, Comment, post)),
    .default_filter = IGNIS_JSON({"where": {"isDeleted": false}}));
/* end */

IGNIS_MODEL(Comment,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(Comment),
        IGNIS_COLUMN(Comment, text, .not_null = true),
        IGNIS_COLUMN(Comment, post_id, .not_null = true),
        IGNIS_COLUMN(Comment, author_id)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX("IDX_Comment_postId", Comment, post_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY(NULL, Comment, post_id, Post, id, .on_delete = IGNIS_ACTION_CASCADE),
        IGNIS_FOREIGN_KEY(NULL, Comment, author_id, User, id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Comment, post, Post, post_id, id),
        IGNIS_ONE(Comment, author, User, author_id, id)));

/* guide: Configuration */
IGNIS_MODEL(Configuration,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(Configuration),
        IGNIS_TZ(Configuration),
        IGNIS_DATA_TYPE(Configuration),
        IGNIS_USER_AUDIT(Configuration),
        IGNIS_COLUMN(Configuration, code, .not_null = true),
        IGNIS_COLUMN(Configuration, description),
        IGNIS_COLUMN(Configuration, group, .not_null = true)),
    .uniques = IGNIS_CONSTRAINTS(IGNIS_UNIQUE("UQ_Configuration_code", Configuration, code)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX("IDX_Configuration_group", Configuration, group)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Configuration_createdBy_User_id", Configuration, created_by, User,
                          id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Configuration, creator, User, created_by, id),
        IGNIS_ONE(Configuration, modifier, User, modified_by, id)));
/* end */
