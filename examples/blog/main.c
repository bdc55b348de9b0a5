/* The blog on an SQLite file: tables from models, rows, and nested reads.
   Usage: blog [FILE]   (default: blog.sqlite in this folder; the file must not hold a blog yet) */
#include "blog.h"

#include <ignis.h>
#include <stdio.h>

static int complain(const ignis_context *ctx)
{
    const ignis_error *error = ignis_context_error(ctx);
    fprintf(stderr, "blog: %s%s%s\n", error->path, error->path[0] ? ": " : "", error->message);
    return 1;
}

/* Prints JSON with each row of a list on a line of its own. */
static void print_pretty(const char *json)
{
    int depth = 1;
    bool in_string = false;
    for (char before = 0; *json; before = *json++) {
        if (!in_string && *json == '{' && (before == '[' || before == ',')) {
            printf("\n%*s", 4 * depth, "");
        } else if (!in_string && (before == ',' || before == ':')) {
            putchar(' ');
        }
        putchar(*json);
        if (in_string && *json == '\\') {
            putchar(*++json);
        } else if (*json == '"') {
            in_string = !in_string;
        } else if (!in_string) {
            depth += (*json == '{') - (*json == '}');
        }
    }
    putchar('\n');
}

static ignis_code show(ignis_context *ctx, ignis_data_source *source, const char *title,
                       const char *model, const char *filter)
{
    const ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    ignis_repository *repository;
    const char *json;
    IGNIS_TRY(ignis_repository_open(ctx, source, &class_, &repository));
    IGNIS_TRY(ignis_find_json(ctx, repository, &ignis_policy_trusted, filter, &json));
    printf("\n%s:\n%s.find %s\n", title, model, filter);
    print_pretty(json);
    return IGNIS_OK;
}

static ignis_code blog_run(ignis_context *ctx, ignis_data_source *source)
{
    size_t rows;
    IGNIS_TRY(ignis_schema_create(ctx, source));
    IGNIS_TRY(ignis_load(ctx, source, blog_rows, 0, &rows));
    printf("Created the tables of 3 models and loaded %zu rows.\n", rows);
    IGNIS_TRY(show(
        ctx, source, "Authors, their two newest posts, the comments on them", "User",
        IGNIS_JSON({"fields": ["name"], "order": ["name"], "include": [
                       {"relation": "posts", "scope": {
                           "fields": ["title", "createdAt"], "order": ["createdAt DESC"], "limit": 2,
                           "include": [{"relation": "comments", "scope": {
                               "fields": ["text"], "order": ["id"]}}]}}]})));
    return show(ctx, source, "Popular posts and their authors, whose passwords are hidden", "Post",
                IGNIS_JSON({"where": {"views": {"gte": 50}}, "order": ["views DESC"],
                            "fields": ["title", "views", "tags"], "include": ["author"]}));
}

int main(int argc, char **argv)
{
    char url[4096];
    int size = snprintf(url, sizeof(url), "sqlite:%s", argc > 1 ? argv[1] : "blog.sqlite");
    ignis_context *ctx = ignis_context_create();
    if (!ctx || size < 0 || (size_t)size >= sizeof(url)) return 1;

    ignis_data_source *source = NULL;
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .name = "Blog", .url = url};
    ignis_code code =
        ignis_models_from_json(ctx, blog_models, 0, &class_.models, &class_.models_count);
    if (code == IGNIS_OK) code = ignis_data_source_open(ctx, &class_, &source);
    if (code == IGNIS_OK) code = blog_run(ctx, source);
    int status = code == IGNIS_OK ? 0 : complain(ctx);
    ignis_data_source_close(source);
    ignis_context_free(ctx);
    return status;
}
