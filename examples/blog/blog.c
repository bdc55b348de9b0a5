#include "blog.h"

#include <ignis.h>

const char *const blog_models = IGNIS_JSON({"models": [
    {"name": "User", "columns": [
        {"enricher": "id", "dataType": "string"},
        {"name": "name", "type": "text", "notNull": true},
        {"name": "email", "type": "text", "notNull": true, "unique": true},
        {"name": "password", "type": "text"}],
     "relations": [
        {"name": "posts", "type": "many", "model": "Post"},
        {"name": "comments", "type": "many", "model": "Comment"}],
     "settings": {"hiddenProperties": ["password"]}},

    {"name": "Post", "columns": [
        {"enricher": "id", "dataType": "string"},
        {"enricher": "tz"},
        {"name": "title", "type": "text", "notNull": true},
        {"name": "status", "type": "text", "notNull": true, "default": "draft"},
        {"name": "views", "type": "integer", "notNull": true, "default": 0},
        {"name": "tags", "type": "text", "array": true},
        {"name": "authorId", "column": "author_id", "type": "text", "notNull": true},
        {"name": "isDeleted", "column": "is_deleted", "type": "boolean",
         "notNull": true, "default": false}],
     "indexes": [{"columns": ["authorId"]}],
     "foreignKeys": [{"columns": ["authorId"],
                      "references": {"model": "User", "columns": ["id"]}}],
     "relations": [
        {"name": "author", "type": "one", "model": "User",
         "fields": ["authorId"], "references": ["id"]},
        {"name": "comments", "type": "many", "model": "Comment"}],
     "settings": {"defaultFilter": {"where": {"isDeleted": false}}}},

    {"name": "Comment", "columns": [
        {"enricher": "id", "dataType": "string"},
        {"name": "text", "type": "text", "notNull": true},
        {"name": "postId", "column": "post_id", "type": "text", "notNull": true},
        {"name": "authorId", "column": "author_id", "type": "text"}],
     "indexes": [{"columns": ["postId"]}, {"columns": ["authorId"]}],
     "foreignKeys": [
        {"columns": ["postId"], "references": {"model": "Post", "columns": ["id"]},
         "onDelete": "cascade"},
        {"columns": ["authorId"], "references": {"model": "User", "columns": ["id"]}}],
     "relations": [
        {"name": "post", "type": "one", "model": "Post",
         "fields": ["postId"], "references": ["id"]},
        {"name": "author", "type": "one", "model": "User",
         "fields": ["authorId"], "references": ["id"]}]}
]});

const char *const blog_rows = IGNIS_JSON({
    "User": [
        {"id": "u1", "name": "John", "email": "john@example.com", "password": "hash-1"},
        {"id": "u2", "name": "Alice", "email": "alice@example.com", "password": "hash-2"},
        {"id": "u3", "name": "Zoë", "email": "zoe@example.com", "password": "hash-3"}],
    "Post": [
        {"id": "p1", "title": "First Post", "status": "published", "views": 100,
         "tags": ["news", "tech"], "authorId": "u1", "isDeleted": false,
         "createdAt": "2024-01-21T09:00:00Z", "modifiedAt": "2024-01-21T09:00:00Z"},
        {"id": "p2", "title": "Second Post", "status": "published", "views": 50,
         "tags": [], "authorId": "u1", "isDeleted": false,
         "createdAt": "2024-01-22T09:00:00Z", "modifiedAt": "2024-02-01T12:30:00Z"},
        {"id": "p3", "title": "Withdrawn", "status": "published", "views": 7,
         "tags": ["news"], "authorId": "u1", "isDeleted": true,
         "createdAt": "2024-01-23T09:00:00Z", "modifiedAt": "2024-01-23T09:00:00Z"},
        {"id": "p4", "title": "Only a draft", "status": "draft", "views": 0,
         "authorId": "u2", "isDeleted": false,
         "createdAt": "2024-01-24T09:00:00Z", "modifiedAt": "2024-01-24T09:00:00Z"}],
    "Comment": [
        {"id": "c1", "text": "Great post!", "postId": "p1", "authorId": "u2"},
        {"id": "c2", "text": "Thanks for sharing", "postId": "p1", "authorId": "u3"},
        {"id": "c3", "text": "Grüße 😀", "postId": "p2", "authorId": null},
        {"id": "c4", "text": "One more", "postId": "p1", "authorId": "u1"}]
});
