/* Two repositories of one model: one hides more and sees less. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ignis_data_source *source = blog->source;
    /* guide: open */
    UserRepository *users;
    const ignis_repository_class guests = {
        .name = "GuestRepository",
        .hidden = IGNIS_HIDDEN(User, password, email),
        .default_filter = IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_NE(User, id, "123")))};
    IGNIS_TRY(UserRepository_open_with(ctx, source, &guests, &users));

    const char *json;
    IGNIS_TRY(
        ignis_find_json(ctx, UserRepository_base(users), NULL, "{\"order\": [\"id\"]}", &json));
    print_json(json);
    /* end */
    IGNIS_TRY(
        ignis_find_by_id_json(ctx, UserRepository_base(blog->users), NULL, "\"123\"", NULL, &json));
    print_json(json);
    return IGNIS_OK;
}
