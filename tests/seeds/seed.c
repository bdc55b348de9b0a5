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

static IGNIS_DATA_SOURCE(BlogDataSource, .url = SEED_URL,
                         .models = IGNIS_MODELS(&User_model, &Profile_model, &Post_model,
                                                &Comment_model, &Configuration_model,
                                                &Product_model, &SaleChannel_model,
                                                &SaleChannelProduct_model));

int main(void)
{
    ignis_context *ctx = ignis_context_create();
    if (!ctx) return 1;
    ignis_code code = with_source(ctx, &BlogDataSource_class, run);
    if (code != IGNIS_OK) print_error(ctx);
    ignis_context_free(ctx);
    return code != IGNIS_OK;
}
