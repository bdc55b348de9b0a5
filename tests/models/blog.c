#include "models/blog.h"

IGNIS_MODEL(User,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(User, id, .primary_key = true),
        IGNIS_COLUMN(User, name, .not_null = true),
        IGNIS_COLUMN(User, email, .not_null = true),
        IGNIS_COLUMN(User, role),
        IGNIS_COLUMN(User, age),
        IGNIS_COLUMN(User, is_active, .not_null = true, .default_json = "true"),
        IGNIS_COLUMN(User, password, .hidden = true),
        IGNIS_COLUMN(User, secret, .hidden = true),
        IGNIS_COLUMN(User, manager_id),
        IGNIS_COLUMN(User, created_at, .not_null = true, .default_sql = "now()")),
    .uniques = IGNIS_CONSTRAINTS(IGNIS_UNIQUE("UQ_User_email", User, email)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX("IDX_User_managerId", User, manager_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_User_managerId_User_id", User, manager_id, User, id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(User, profile, Profile, id, user_id),
        IGNIS_MANY(User, posts, Post, author),
        IGNIS_MANY(User, reviewed_posts, Post, reviewer),
        IGNIS_MANY(User, comments, Comment, author),
        IGNIS_ONE(User, manager, User, manager_id, id),
        IGNIS_MANY(User, reports, User, manager)));

IGNIS_MODEL(Profile,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Profile, id, .primary_key = true),
        IGNIS_COLUMN(Profile, user_id, .not_null = true),
        IGNIS_COLUMN(Profile, bio),
        IGNIS_COLUMN(Profile, website),
        IGNIS_COLUMN(Profile, birthday),
        IGNIS_COLUMN(Profile, ssn, .hidden = true)),
    .uniques = IGNIS_CONSTRAINTS(IGNIS_UNIQUE("UQ_Profile_userId", Profile, user_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Profile_userId_User_id", Profile, user_id, User, id,
                          .on_delete = IGNIS_ACTION_CASCADE)),
    .relations = IGNIS_RELATIONS(IGNIS_ONE(Profile, user, User, user_id, id)));

IGNIS_MODEL(Post,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Post, id, .primary_key = true),
        IGNIS_COLUMN(Post, title, .not_null = true),
        IGNIS_COLUMN(Post, body),
        IGNIS_COLUMN(Post, status, .not_null = true, .default_json = "\"draft\""),
        IGNIS_COLUMN(Post, views, .not_null = true, .default_json = "0"),
        IGNIS_COLUMN(Post, rating),
        IGNIS_COLUMN(Post, author_id, .not_null = true),
        IGNIS_COLUMN(Post, reviewer_id),
        IGNIS_ARRAY(Post, tags),
        IGNIS_COLUMN(Post, metadata),
        IGNIS_COLUMN(Post, is_deleted, .not_null = true, .default_json = "false"),
        IGNIS_COLUMN(Post, deleted_at),
        IGNIS_COLUMN(Post, created_at, .not_null = true, .default_sql = "now()")),
    .indexes = IGNIS_CONSTRAINTS(
        IGNIS_INDEX("IDX_Post_authorId", Post, author_id),
        IGNIS_INDEX("IDX_Post_reviewerId", Post, reviewer_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Post_authorId_User_id", Post, author_id, User, id),
        IGNIS_FOREIGN_KEY("FK_Post_reviewerId_User_id", Post, reviewer_id, User, id,
                          .on_delete = IGNIS_ACTION_SET_NULL)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Post, author, User, author_id, id),
        IGNIS_ONE(Post, reviewer, User, reviewer_id, id),
        IGNIS_MANY(Post, comments, Comment, post)),
    .default_filter = IGNIS_JSON({
        "where": {"isDeleted": false},
        "order": ["createdAt DESC", "id ASC"]}));

IGNIS_MODEL(Comment,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Comment, id, .primary_key = true),
        IGNIS_COLUMN(Comment, text, .not_null = true),
        IGNIS_COLUMN(Comment, likes, .not_null = true, .default_json = "0"),
        IGNIS_COLUMN(Comment, post_id, .not_null = true),
        IGNIS_COLUMN(Comment, author_id),
        IGNIS_COLUMN(Comment, parent_id),
        IGNIS_COLUMN(Comment, created_at, .not_null = true, .default_sql = "now()")),
    .indexes = IGNIS_CONSTRAINTS(
        IGNIS_INDEX("IDX_Comment_postId", Comment, post_id),
        IGNIS_INDEX("IDX_Comment_authorId", Comment, author_id),
        IGNIS_INDEX("IDX_Comment_parentId", Comment, parent_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Comment_postId_Post_id", Comment, post_id, Post, id,
                          .on_delete = IGNIS_ACTION_CASCADE),
        IGNIS_FOREIGN_KEY("FK_Comment_authorId_User_id", Comment, author_id, User, id),
        IGNIS_FOREIGN_KEY("FK_Comment_parentId_Comment_id", Comment, parent_id, Comment, id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Comment, post, Post, post_id, id),
        IGNIS_ONE(Comment, author, User, author_id, id),
        IGNIS_ONE(Comment, parent, Comment, parent_id, id),
        IGNIS_MANY(Comment, replies, Comment, parent)));
