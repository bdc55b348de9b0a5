/* What the programs of the guide share: models, rows, and the way they begin and end. A program
   defines seed(); or, where it shows the beginning itself, main(). */
#ifndef SEED_H
#define SEED_H

#include "blog.h"
#include "shop.h"

#include <stdio.h>

/* An open data source with tables and rows, and a repository for each model. */
typedef struct Blog {
    ignis_data_source *source;
    UserRepository *users;
    ProfileRepository *profiles;
    PostRepository *posts;
    CommentRepository *comments;
    ConfigurationRepository *configurations;
    ProductRepository *products;
    SaleChannelRepository *channels;
    SaleChannelProductRepository *channel_products;
} Blog;

/* The program. A code that it returns is printed with its error, and ends it with 1. */
ignis_code seed(ignis_context *ctx, const Blog *blog);

/* The database of all programs: the tests name one of PostgreSQL in the environment. */
#define SEED_URL "${IGNIS_SEED_URL:-sqlite::memory:}"

/* source.c: opens a data source, calls run, and closes it again. */
ignis_code with_source(ignis_context *ctx, const ignis_data_source_class *class_,
                       ignis_code (*run)(ignis_context *ctx, ignis_data_source *source));

/* print.c: JSON with each row of a list on a line of its own. */
void print_json(const char *json);
/* The error of ctx: its code, message, path and hint. */
void print_error(const ignis_context *ctx);

#endif
