/* A data source by itself: opened, asked, closed. */
#include "seed.h"

/* guide: class */
IGNIS_DATA_SOURCE(PostgresDataSource, .url = "${IGNIS_SEED_URL:-sqlite::memory:}",
                  .models = IGNIS_MODELS(&User_model, &Profile_model, &Post_model, &Comment_model,
                                         &Configuration_model),
                  .create_missing = true);
/* end */

static ignis_code ask(ignis_context *ctx, ignis_data_source *source)
{
    int64_t count;
    UserRepository *users;
    /* guide: ask */
    IGNIS_TRY(ignis_data_source_ping(ctx, source, 1000));
    printf("%s answers\n", ignis_data_source_name(source));
    /* end */
    IGNIS_TRY(UserRepository_open(ctx, source, &users));
    IGNIS_TRY(UserRepository_count(ctx, users, NULL, &count));
    printf("users: %lld\n", (long long)count);
    ignis_data_source_disconnect(ctx, source);
    if (ignis_data_source_ping(ctx, source, 1000) == IGNIS_E_STATE) print_error(ctx);
    return ignis_data_source_connect(ctx, source, 1000);
}

int main(void)
{
    /* guide: open */
    ignis_context *ctx = ignis_context_create();
    ignis_data_source *source = NULL;
    ignis_code code = ignis_data_source_open(ctx, &PostgresDataSource_class, &source);
    if (code == IGNIS_OK) code = ask(ctx, source);
    if (code != IGNIS_OK) print_error(ctx);
    ignis_data_source_close(source);
    ignis_context_free(ctx);
    /* end */
    return code != IGNIS_OK;
}
