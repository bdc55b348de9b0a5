/* A service that is given a data source, repositories and a value. */
#include "seed.h"

IGNIS_DATA_SOURCE_DECLARE(BlogSource);
IGNIS_DATA_SOURCE(BlogSource, .url = SEED_URL, .create_missing = true);
IGNIS_REPOSITORY_CLASS(UserRepository, User, BlogSource);

/* guide: service */
typedef struct Welcome {
    ignis_data_source *source;
    UserRepository *users;
    const char *greeting;
    int welcomed_count; /* its own: begins as 0 */
} Welcome;
IGNIS_SERVICE_DECLARE(Welcome);

static ignis_code welcome_start(ignis_context *ctx, void *data)
{
    Welcome *self = data;
    printf("welcome starts on %s\n", ignis_data_source_name(self->source));
    return ignis_data_source_ping(ctx, self->source, 1000);
}

static void welcome_stop(void *data)
{
    const Welcome *self = data;
    printf("welcomed %d\n", self->welcomed_count);
}

IGNIS_SERVICE(Welcome,
              .inject = IGNIS_INJECTIONS(IGNIS_INJECT_DATA_SOURCE(Welcome, source, BlogSource),
                                         IGNIS_INJECT_REPOSITORY(Welcome, users, UserRepository),
                                         IGNIS_INJECT(Welcome, greeting, "values.greeting")),
              .start = welcome_start, .stop = welcome_stop);
/* end */

static ignis_code Welcome_new_user(ignis_context *ctx, Welcome *self, const char *name,
                                   const char *email)
{
    IGNIS_TRY(UserRepository_create(
        ctx, self->users, IGNIS_VALUES(IGNIS_SET(User, name, name), IGNIS_SET(User, email, email)),
        NULL));
    printf("%s, %s!\n", self->greeting, name);
    self->welcomed_count++;
    return IGNIS_OK;
}

/* guide: register */
static ignis_code pre_configure(ignis_context *ctx, ignis_app *app)
{
    IGNIS_TRY(ignis_app_service(ctx, app, &Welcome_class));
    IGNIS_TRY(ignis_app_bind(ctx, app,
                             &(ignis_binding){.struct_size = sizeof(ignis_binding),
                                              .key = "values.greeting",
                                              .value = "Hello"}));
    IGNIS_TRY(ignis_app_repository(ctx, app, &UserRepository_class));
    return ignis_app_data_source(ctx, app, &BlogSource_class);
}
/* end */

static ignis_code run(ignis_context *ctx, ignis_app *app)
{
    return Welcome_new_user(ctx, Welcome_of(app), "Dora", "dora@example.com");
}

int main(void)
{
    const ignis_app_class application = {.struct_size = sizeof(application),
                                         .pre_configure = pre_configure};
    return ignis_app_main(&application, run);
}
