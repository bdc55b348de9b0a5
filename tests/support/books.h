/* books: authors and their books, for tests of what becomes of a data source. */
#ifndef BOOKS_H
#define BOOKS_H

#include "ignis.h"

/* Models within {"models": […]}, as text, so that others can stand beside them. */
#define BOOKS_MODELS \
    IGNIS_JSON({"name": "Author",                                                              \
                "columns": [{"name": "id", "type": "integer", "primaryKey": true},             \
                            {"name": "name", "type": "text"}],                                 \
                "relations": [{"name": "books", "type": "many", "model": "Book"}]},            \
               {"name": "Book",                                                                \
                "columns": [{"name": "id", "type": "integer", "primaryKey": true},             \
                            {"name": "title", "type": "text"},                                 \
                            {"name": "authorId", "type": "integer"}],                          \
                "relations": [{"name": "author", "type": "one", "model": "Author",             \
                               "fields": ["authorId"], "references": ["id"]}]})

/* Ada with two books, Bob with none. */
#define BOOKS_ROWS \
    IGNIS_JSON({"Author": [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}],                \
                "Book": [{"id": 1, "title": "one", "authorId": 1},                             \
                         {"id": 2, "title": "two", "authorId": 1}]})

/* Authors with the titles of their books, whose author is named again; and what BOOKS_ROWS give. */
#define BOOKS_FILTER \
    IGNIS_JSON({"order": ["id"], "include": [{"relation": "books", "scope": {                       \
        "order": ["id"], "fields": ["title", "authorId"],                                           \
        "include": [{"relation": "author", "scope": {"fields": ["name"]}}]}}]})
#define BOOKS_EXPECTED                                                    \
    "[{\"id\":1,\"name\":\"Ada\",\"books\":["                             \
    "{\"title\":\"one\",\"authorId\":1,\"author\":{\"name\":\"Ada\"}},"   \
    "{\"title\":\"two\",\"authorId\":1,\"author\":{\"name\":\"Ada\"}}]}," \
    "{\"id\":2,\"name\":\"Bob\",\"books\":[]}]"

#endif
