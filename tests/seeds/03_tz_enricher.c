/* Times of creation and change, and rows that are only marked as deleted. */
#include "seed.h"

/* guide: model */
typedef struct Document {
    IGNIS_ID_TEXT_MEMBERS;
    IGNIS_TZ_MEMBERS;      /* ignis_timestamp created_at, modified_at */
    IGNIS_DELETED_MEMBERS; /* ignis_maybe_timestamp deleted_at */
    const char *title;
} Document;

IGNIS_MODEL(Document,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(Document),
        IGNIS_TZ(Document),
        IGNIS_DELETED(Document),
        IGNIS_COLUMN(Document, title)),
    .default_filter = IGNIS_JSON({"where": {"deletedAt": null}}));
/* end */

IGNIS_REPOSITORY(DocumentRepository, Document);

static IGNIS_DATA_SOURCE(Documents, .url = SEED_URL, .create_missing = true,
                         .models = IGNIS_MODELS(&Document_model));

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    DocumentRepository *documents;
    IGNIS_TRY(DocumentRepository_open(ctx, source, &documents));

    /* guide: change */
    Document *made, *changed, *dated;
    ignis_timestamp y2k = ignis_timestamp_from_unix(946684800, 0);
    char text[IGNIS_TIME_TEXT_SIZE];
    IGNIS_TRY(DocumentRepository_create(ctx, documents,
                                        IGNIS_VALUES(IGNIS_SET(Document, title, "Draft")), &made));
    IGNIS_TRY(DocumentRepository_update_by_id(
        ctx, documents, made->id, IGNIS_VALUES(IGNIS_SET(Document, title, "Final")), &changed));
    IGNIS_TRY(DocumentRepository_update_by_id(
        ctx, documents, made->id, IGNIS_VALUES(IGNIS_SET(Document, modified_at, y2k)), &dated));
    bool is_renewed = changed->modified_at.microseconds >= made->modified_at.microseconds;
    printf("renewed by an update: %s\n", is_renewed ? "yes" : "no");
    printf("given: %s\n", ignis_timestamp_write(dated->modified_at, text));
    /* end */

    /* guide: delete */
    int64_t count, all;
    IGNIS_TRY(DocumentRepository_update_by_id(
        ctx, documents, made->id,
        IGNIS_VALUES(IGNIS_SET(Document, deleted_at, ignis_timestamp_now())), NULL));
    IGNIS_TRY(DocumentRepository_count(ctx, documents, NULL, &count));
    IGNIS_TRY(DocumentRepository_count(
        ctx, documents, IGNIS_FILTER(.options = IGNIS_OPTIONS(.skip_default_filter = true)), &all));
    printf("documents: %lld, with deleted ones: %lld\n", (long long)count, (long long)all);
    /* end */
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    return with_source(ctx, &Documents_class, run);
}
