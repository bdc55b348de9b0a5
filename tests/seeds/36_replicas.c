/* Reads go to replicas where there are some; "" is none. */
#include "seed.h"

/* guide: class */
IGNIS_DATA_SOURCE(Replicated, .url = "${IGNIS_SEED_URL:-sqlite::memory:}",
                  .replicas = IGNIS_REPLICAS("${BLOG_REPLICA:-}", "${BLOG_REPLICA_2:-}"),
                  .models = IGNIS_MODELS(&User_model, &Profile_model, &Post_model, &Comment_model),
                  .create_missing = true);
/* end */

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    UserRepository *users;
    int64_t count;
    IGNIS_TRY(UserRepository_open(ctx, source, &users));
    IGNIS_TRY(UserRepository_create(
        ctx, users,
        IGNIS_VALUES(IGNIS_SET(User, name, "Rita"), IGNIS_SET(User, email, "rita@example.com")),
        NULL));
    /* guide: primary */
    const ignis_filter *now = IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, name, "Rita")),
                                           .options = IGNIS_OPTIONS(.replica = IGNIS_REPLICA_NONE));
    IGNIS_TRY(UserRepository_count(ctx, users, now, &count));
    printf("on the primary: %lld\n", (long long)count);
    /* end */
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    return with_source(ctx, &Replicated_class, run);
}
