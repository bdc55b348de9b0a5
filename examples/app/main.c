/* The blog as an application: everything is registered once, made in order, and found by its key. */
#include "blog.h"

#include <stdio.h>

static ignis_code pre_configure(ignis_context *ctx, ignis_app *app)
{
    static const int32_t views_min = 50;
    IGNIS_TRY(ignis_app_data_source(ctx, app, &BlogDataSource_class));
    IGNIS_TRY(ignis_app_repository(ctx, app, &UserRepository_class));
    IGNIS_TRY(ignis_app_repository(ctx, app, &PostRepository_class));
    IGNIS_TRY(ignis_app_service(ctx, app, &BlogService_class));
    return ignis_app_bind(ctx, app,
                          &(ignis_binding){.struct_size = sizeof(ignis_binding),
                                           .key = "values.popularViews",
                                           .value = &views_min});
}

static ignis_code post_configure(ignis_context *ctx, ignis_app *app)
{
    const char *url;
    IGNIS_TRY(ignis_data_source_connection_string(ctx, BlogDataSource_of(app),
                                                  IGNIS_PASSWORD_MASKED, &url));
    printf("It is kept in %s and consists of:\n", url);
    for (size_t i = 0; ignis_app_tagged(app, NULL, i); i++)
        printf("  %s\n", ignis_app_tagged(app, NULL, i));
    return IGNIS_OK;
}

static ignis_code run(ignis_context *ctx, ignis_app *app)
{
    IGNIS_TRY(ignis_app_start(ctx, app));
    IGNIS_TRY(ignis_app_ping(ctx, app, 1000));
    return BlogService_print_front_page(ctx, BlogService_of(app));
}

int main(void)
{
    const ignis_app_class blog = {.struct_size = sizeof(blog),
                                  .name = "Blog",
                                  .pre_configure = pre_configure,
                                  .post_configure = post_configure};
    ignis_context *ctx = ignis_context_create();
    ignis_app *app = NULL;
    if (!ctx) return 1;
    ignis_code code = ignis_app_create(ctx, &blog, &app);
    if (code == IGNIS_OK) code = run(ctx, app);
    if (code != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(ctx);
        fprintf(stderr, "%s%s%s\n", error->path, *error->path ? ": " : "", error->message);
    }
    ignis_app_free(app);
    ignis_context_free(ctx);
    return code != IGNIS_OK;
}
