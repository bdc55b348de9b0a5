/* Statements are counted by a log: one for each level, whatever the number of rows. */
#include "seed.h"

#include "rows.h"

#include <string.h>

/* guide: count */
static void count_reads(void *data, const ignis_log_entry *entry)
{
    int *count = data;
    if (entry->statement && strncmp(entry->statement, "SELECT", 6) == 0) (*count)++;
}
/* end */

static ignis_code show(ignis_context *ctx, const UserRepository *users, const char *what,
                       const char *filter, int *statements_count)
{
    const char *json;
    *statements_count = 0;
    IGNIS_TRY(ignis_find_json(ctx, UserRepository_base(users), NULL, filter, &json));
    printf("%s: %d\n", what, *statements_count);
    return IGNIS_OK;
}

static ignis_code run(ignis_context *ctx, ignis_data_source *source, int *statements_count)
{
    UserRepository *users;
    IGNIS_TRY(ignis_schema_create(ctx, source));
    IGNIS_TRY(ignis_load(ctx, source, blog_rows, 0, NULL));
    IGNIS_TRY(UserRepository_open(ctx, source, &users));
    IGNIS_TRY(show(ctx, users, "users", NULL, statements_count));
    IGNIS_TRY(show(ctx, users, "one user with posts",
                   IGNIS_JSON({"where": {"id": "123"}, "include": ["posts"]}), statements_count));
    IGNIS_TRY(show(ctx, users, "all users with posts",
                   IGNIS_JSON({"include": ["posts"]}), statements_count));
    IGNIS_TRY(show(ctx, users, "all users with posts and profiles",
                   IGNIS_JSON({"include": ["posts", "profile"]}), statements_count));
    const char *filter =
        IGNIS_JSON({"include": [{"relation": "posts", "scope": {"include": ["comments"]}}]});
    return show(ctx, users, "all users with posts with comments", filter, statements_count);
}

int main(void)
{
    /* guide: log */
    int statements_count = 0;
    const ignis_log log = {.struct_size = sizeof(log),
                           .write = count_reads,
                           .data = &statements_count,
                           .level = IGNIS_LOG_DEBUG};
    /* end */
    const ignis_data_source_class class_ = {
        .struct_size = sizeof(class_),
        .url = SEED_URL,
        .log = &log,
        .models = IGNIS_MODELS(&User_model, &Profile_model, &Post_model, &Comment_model,
                               &Configuration_model, &Product_model, &SaleChannel_model,
                               &SaleChannelProduct_model)};
    ignis_context *ctx = ignis_context_create();
    ignis_data_source *source = NULL;
    ignis_code code = ignis_data_source_open(ctx, &class_, &source);
    if (code == IGNIS_OK) code = run(ctx, source, &statements_count);
    if (code != IGNIS_OK) print_error(ctx);
    ignis_data_source_close(source);
    ignis_context_free(ctx);
    return code != IGNIS_OK;
}
