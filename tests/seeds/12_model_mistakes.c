/* What a data source says of a model that is wrong: when it opens, before any query. */
#include "seed.h"

/* guide: model */
typedef struct Draft {
    IGNIS_ID_NUMBER_MEMBERS;
    bool is_done; /* cannot say NULL, and its column is nullable */
} Draft;

IGNIS_MODEL(Draft,
    .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Draft), IGNIS_COLUMN(Draft, is_done)));
/* end */

typedef struct Task {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *title;
} Task;

IGNIS_MODEL(Task,
    .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Task), IGNIS_COLUMN(Task, title)),
    .default_filter = IGNIS_JSON({"where": {"titel": {"neq": ""}}}));

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    (void)ctx;
    (void)source;
    return IGNIS_OK;
}

static IGNIS_DATA_SOURCE(Drafts, .url = "sqlite::memory:", .models = IGNIS_MODELS(&Draft_model));
static IGNIS_DATA_SOURCE(Tasks, .url = "sqlite::memory:", .models = IGNIS_MODELS(&Task_model));

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    if (with_source(ctx, &Drafts_class, run) != IGNIS_OK) print_error(ctx);
    if (with_source(ctx, &Tasks_class, run) != IGNIS_OK) print_error(ctx);
    return IGNIS_OK;
}
