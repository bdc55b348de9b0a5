/* The beginning and end of a program: in the database of IGNIS_SEED_URL, or in memory. */
#include "seed.h"

#include "rows.h"

static ignis_code repositories_open(ignis_context *ctx, ignis_data_source *source, Blog *blog)
{
    blog->source = source;
    IGNIS_TRY(UserRepository_open(ctx, source, &blog->users));
    IGNIS_TRY(ProfileRepository_open(ctx, source, &blog->profiles));
    IGNIS_TRY(PostRepository_open(ctx, source, &blog->posts));
    IGNIS_TRY(CommentRepository_open(ctx, source, &blog->comments));
    IGNIS_TRY(ConfigurationRepository_open(ctx, source, &blog->configurations));
    IGNIS_TRY(ProductRepository_open(ctx, source, &blog->products));
    IGNIS_TRY(SaleChannelRepository_open(ctx, source, &blog->channels));
    return SaleChannelProductRepository_open(ctx, source, &blog->channel_products);
}

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    Blog blog;
    IGNIS_TRY(ignis_schema_create(ctx, source));
    IGNIS_TRY(ignis_load(ctx, source, blog_rows, 0, NULL));
    IGNIS_TRY(repositories_open(ctx, source, &blog));
    return seed(ctx, &blog);
}

int main(void)
{
    const ignis_data_source_class class_ = {
        .struct_size = sizeof(class_),
        .name = "BlogDataSource",
        .url = "${IGNIS_SEED_URL:-sqlite::memory:}",
        .models = IGNIS_MODELS(&User_model, &Profile_model, &Post_model, &Comment_model,
                               &Configuration_model, &Product_model, &SaleChannel_model,
                               &SaleChannelProduct_model)};
    ignis_context *ctx = ignis_context_create();
    ignis_data_source *source = NULL;
    if (!ctx) return 1;
    ignis_code code = ignis_data_source_open(ctx, &class_, &source);
    if (code == IGNIS_OK) code = run(ctx, source);
    if (code != IGNIS_OK) print_error(ctx);
    ignis_data_source_close(source);
    ignis_context_free(ctx);
    return code != IGNIS_OK;
}
