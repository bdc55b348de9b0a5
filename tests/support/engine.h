/* engine: a data source in memory to try filters, plans, statements and calls on. For tests. */
#ifndef ENGINE_H
#define ENGINE_H

#include "app/app.h"
#include "base/base.h"
#include "ignis.h"

/* User (posts, manager, reports; hidden: secret, vault), Post (author, comments) and Comment
   (post). Post.authorId has an index, Comment.postId has none. */
extern const char engine_blog[];
/* Four users, five posts, three comments. */
extern const char engine_blog_rows[];

typedef struct engine {
    ignis_context *ctx;
    ignis_data_source *source;
} engine;

/* Opens models in memory, creates the tables and loads rows; NULL: none. Errors end the test. */
void engine_open(engine *self, const char *models, const char *rows);
void engine_close(engine *self);

/* The answer of opening models, their tables not created. */
ignis_code engine_try(ignis_context *ctx, const char *models, ignis_data_source **source);

const model_entity *engine_entity(const engine *self, const char *model);
ignis_repository *engine_repository(engine *self, const char *model);

/* Reads request with its filter or where from text; NULL: as it is. */
ignis_code engine_read(engine *self, filter_request request, const char *text_, filter_tree *tree);
/* The same for a find by a trusted filter that has to be right. */
filter_tree engine_tree(engine *self, const char *model, const char *filter);

/* The rows of a trusted filter that has to be right. */
const char *engine_find(engine *self, const char *model, const char *filter);
/* A statement that gives no rows, run on a connection of the source. */
void engine_execute(engine *self, const char *sql);

/* What the last error has to be; NULL: anything. */
typedef struct engine_error {
    ignis_code code;
    const char *path;
    const char *hint;
    const char *message; /* a part of it */
} engine_error;

/* Compares code and the context's error; input is shown where they differ. */
void engine_expect_error(const engine *self, ignis_code code, const engine_error *expected,
                         const char *input);

#endif
