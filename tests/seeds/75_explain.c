/* How a read is carried out, on SQLite. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    const ignis_data_source_class class_ = {
        .struct_size = sizeof(class_),
        .url = "sqlite::memory:",
        .models = IGNIS_MODELS(&User_model, &Profile_model, &Post_model, &Comment_model)};
    ignis_data_source *source;
    UserRepository *users;
    const char *explanation;
    (void)blog;
    IGNIS_TRY(ignis_data_source_open(ctx, &class_, &source));
    IGNIS_TRY(UserRepository_open(ctx, source, &users));

    /* guide: explain */
    const char *filter = IGNIS_JSON({"where": {"id": "123"}, "fields": ["name"], "include": [
        {"relation": "posts", "scope": {"fields": ["title"], "order": ["createdAt DESC"],
                                        "limit": 5, "include": [
            {"relation": "comments", "scope": {"fields": ["text"]}}]}}]});
    IGNIS_TRY(ignis_filter_explain(ctx, UserRepository_base(users), NULL, filter, &explanation));
    fputs(explanation, stdout);
    /* end */
    ignis_data_source_close(source);
    return IGNIS_OK;
}
