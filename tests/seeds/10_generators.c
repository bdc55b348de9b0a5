/* Values that are made on create and on update. */
#include "seed.h"

#include <string.h>

/* guide: model */
typedef struct Article {
    const char *id;
    const char *title, *slug;
    int32_t version;
} Article;

/* What the generator writes is JSON: here a text. */
static ignis_code slug_make(ignis_context *ctx, void *data, const char **json)
{
    (void)ctx;
    *json = data;
    return IGNIS_OK;
}

IGNIS_MODEL(Article,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Article, id, .type = IGNIS_TYPE_UUID, .primary_key = true,
                     .default_fn = IGNIS_GENERATE_UUID_V7),
        IGNIS_COLUMN(Article, title, .not_null = true),
        IGNIS_COLUMN(Article, slug, .generate = slug_make, .generate_data = "\"untitled\""),
        IGNIS_COLUMN(Article, version, .not_null = true, .default_fn = IGNIS_GENERATE_VERSION,
                     .on_update = IGNIS_GENERATE_VERSION)));
/* end */

IGNIS_REPOSITORY(ArticleRepository, Article);

static IGNIS_DATA_SOURCE(Articles, .url = SEED_URL, .create_missing = true,
                         .models = IGNIS_MODELS(&Article_model));

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    ArticleRepository *articles;
    Article *article;
    IGNIS_TRY(ArticleRepository_open(ctx, source, &articles));
    IGNIS_TRY(ArticleRepository_create(
        ctx, articles, IGNIS_VALUES(IGNIS_SET(Article, title, "On Keys")), &article));
    printf("%zu bytes of id, slug %s, version %d\n", strlen(article->id), article->slug,
           article->version);
    IGNIS_TRY(ArticleRepository_update_by_id(ctx, articles, article->id,
                                             IGNIS_VALUES(IGNIS_SET(Article, title, "On Indexes")),
                                             &article));
    printf("version %d\n", article->version);
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    return with_source(ctx, &Articles_class, run);
}
