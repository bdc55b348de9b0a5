/* How a read is carried out, on SQLite. */
#include "seed.h"

static ignis_code explain(ignis_context *ctx, ignis_data_source *source)
{
    UserRepository *users;
    const char *explanation;
    IGNIS_TRY(UserRepository_open(ctx, source, &users));

    /* guide: explain */
    const ignis_filter *recent =
        IGNIS_SCOPE(.fields = IGNIS_FIELDS(Post, title),
                    .order = IGNIS_ORDER(IGNIS_DESC(Post, created_at)), .limit = IGNIS_LIMIT(5));
    const ignis_filter *filter =
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, "123")),
                     .fields = IGNIS_FIELDS(User, name),
                     .include =
                         IGNIS_INCLUDE(IGNIS_WITH(User, profile), IGNIS_WITH(User, posts, recent)));
    IGNIS_TRY(UserRepository_explain(ctx, users, filter, &explanation));
    fputs(explanation, stdout);
    /* end */
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    const ignis_data_source_class class_ = {
        .struct_size = sizeof(class_),
        .url = "sqlite::memory:",
        .models = IGNIS_MODELS(&User_model, &Profile_model, &Post_model, &Comment_model)};
    (void)blog;
    return with_source(ctx, &class_, explain);
}
