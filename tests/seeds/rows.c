#include "rows.h"

#include <ignis.h>

const char *const blog_rows = IGNIS_JSON({
    "User": [
        {"id": "123", "name": "John", "email": "john@example.com", "password": "hash-john"},
        {"id": "u2", "name": "Alice", "email": "alice@example.com", "password": "hash-alice"},
        {"id": "u3", "name": "Bob", "email": "bob@example.com", "password": "hash-bob"}],
    "Profile": [
        {"id": "pr1", "userId": "123", "bio": "Writes about databases"}],
    "Post": [
        {"id": "p1", "title": "First Post", "status": "published", "authorId": "123",
         "views": 100, "isDeleted": false, "createdAt": "2024-01-21T09:00:00Z"},
        {"id": "p2", "title": "Second Post", "status": "published", "authorId": "123",
         "views": 50, "isDeleted": false, "createdAt": "2024-01-22T09:00:00Z"},
        {"id": "p3", "title": "Deleted Post", "status": "published", "authorId": "123",
         "views": 7, "isDeleted": true, "createdAt": "2024-01-23T09:00:00Z"},
        {"id": "p4", "title": "Half a Post", "status": "draft", "authorId": "123",
         "views": 0, "isDeleted": false, "createdAt": "2024-01-24T09:00:00Z"},
        {"id": "p5", "title": "Hello from Alice", "status": "published", "authorId": "u2",
         "views": 30, "isDeleted": false, "createdAt": "2024-01-25T09:00:00Z"},
        {"id": "p6", "title": "On Keys", "status": "published", "authorId": "123",
         "views": 20, "isDeleted": false, "createdAt": "2024-01-26T09:00:00Z"},
        {"id": "p7", "title": "On Indexes", "status": "published", "authorId": "123",
         "views": 40, "isDeleted": false, "createdAt": "2024-01-27T09:00:00Z"},
        {"id": "p8", "title": "On Joins", "status": "archived", "authorId": "123",
         "views": 60, "isDeleted": false, "createdAt": "2024-01-28T09:00:00Z"}],
    "Comment": [
        {"id": "c1", "text": "Great post!", "postId": "p1", "authorId": "u2"},
        {"id": "c2", "text": "Thanks for sharing", "postId": "p1", "authorId": "u3"},
        {"id": "c3", "text": "And a third", "postId": "p2", "authorId": "u2"},
        {"id": "c4", "text": "Welcome, Alice", "postId": "p5", "authorId": "123"}],
    "Configuration": [
        {"id": "cfg1", "code": "some_code", "group": "SYSTEM", "description": "Seed example",
         "dataType": "TEXT", "nValue": null, "tValue": "hello", "bValue": null, "jValue": null,
         "boValue": null, "createdBy": "123", "modifiedBy": "u2",
         "createdAt": "2024-01-20T09:00:00Z", "modifiedAt": "2024-01-20T09:00:00Z"},
        {"id": "cfg2", "code": "PI", "group": "MATH", "description": null, "dataType": "NUMBER",
         "nValue": 3.14159, "tValue": null, "bValue": null, "jValue": null, "boValue": null,
         "createdBy": null, "modifiedBy": null,
         "createdAt": "2024-01-20T09:00:00Z", "modifiedAt": "2024-01-20T09:00:00Z"}],
    "Product": [
        {"id": "prod1", "name": "Widget"},
        {"id": "prod2", "name": "Gadget"}],
    "SaleChannel": [
        {"id": "ch1", "name": "Online Store"},
        {"id": "ch2", "name": "Retail"}],
    "SaleChannelProduct": [
        {"productId": "prod1", "saleChannelId": "ch1"},
        {"productId": "prod1", "saleChannelId": "ch2"},
        {"productId": "prod2", "saleChannelId": "ch1"}]
});
