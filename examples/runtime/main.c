/* Filters made at run time, a filter that is kept, and a loop that runs for long in one context. */
#include <ignis.h>
#include <stdio.h>

typedef struct Song Song;
struct Song {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *title, *genre;
    int32_t seconds;
};

IGNIS_MODEL_DECLARE(Song);
IGNIS_MODEL(Song, .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Song), IGNIS_COLUMN(Song, title),
                                           IGNIS_COLUMN(Song, genre),
                                           IGNIS_COLUMN(Song, seconds, .not_null = true)));
IGNIS_REPOSITORY(SongRepository, Song);

static const char rows[] =
    IGNIS_JSON({"Song": [
    {"id": 1, "title": "Kyrie", "genre": "choir", "seconds": 312},
    {"id": 2, "title": "Blue", "genre": "jazz", "seconds": 95},
    {"id": 3, "title": "Take Two", "genre": "jazz", "seconds": 240},
    {"id": 4, "title": "Noise", "seconds": 7}]});

/* What a form of a user interface asks for; NULL and 0 are "any". */
typedef struct search {
    const char *genre;
    int32_t seconds_min;
    const char *const *titles;
    size_t titles_count;
} search;

/* Conditions are values: an array of them takes as many as there are. */
static ignis_code find(ignis_context *ctx, SongRepository *songs, const search *asked)
{
    ignis_condition conditions[3];
    size_t count = 0;
    if (asked->genre) conditions[count++] = IGNIS_EQ(Song, genre, asked->genre);
    if (asked->seconds_min) conditions[count++] = IGNIS_GTE(Song, seconds, asked->seconds_min);
    if (asked->titles) {
        conditions[count++] = IGNIS_IN_OF(Song, title, asked->titles, asked->titles_count);
    }
    Song *found;
    size_t found_count;
    IGNIS_TRY(SongRepository_find(ctx, songs,
                                  IGNIS_FILTER(.where = IGNIS_WHERE_OF(conditions, count),
                                               .order = IGNIS_ORDER(IGNIS_ASC(Song, title))),
                                  &found, &found_count));
    printf("%zu:", found_count);
    for (size_t i = 0; i < found_count; i++)
        printf(" %s", found[i].title);
    putchar('\n');
    return IGNIS_OK;
}

/* A filter literal ends with its block: what is to last is copied into a context. */
static ignis_code longer_than(ignis_context *ctx, int32_t seconds, const ignis_filter **kept)
{
    return ignis_filter_copy(
        ctx, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_GT(Song, seconds, seconds))), kept);
}

/* What each turn finds is released before the next: the loop may run for ever. */
static ignis_code watch(ignis_context *ctx, SongRepository *songs)
{
    const ignis_filter *filter;
    int64_t seconds = 0;
    IGNIS_TRY(longer_than(ctx, 90, &filter));
    for (int turn = 0; turn < 1000; turn++) {
        ignis_mark mark = ignis_context_mark(ctx);
        Song *found;
        size_t count;
        IGNIS_TRY(SongRepository_find(ctx, songs, filter, &found, &count));
        for (size_t i = 0; i < count; i++)
            seconds += found[i].seconds;
        ignis_context_release(ctx, mark);
    }
    printf("%lld seconds\n", (long long)seconds);
    return IGNIS_OK;
}

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    static const char *const titles[] = {"Noise", "Kyrie", "Silence"};
    SongRepository *songs;
    IGNIS_TRY(ignis_schema_create(ctx, source));
    IGNIS_TRY(ignis_load(ctx, source, rows, 0, NULL));
    IGNIS_TRY(SongRepository_open(ctx, source, &songs));
    IGNIS_TRY(find(ctx, songs, &(search){0}));
    IGNIS_TRY(find(ctx, songs, &(search){.genre = "jazz", .seconds_min = 100}));
    IGNIS_TRY(find(ctx, songs, &(search){.titles = titles, .titles_count = 3}));
    return watch(ctx, songs);
}

int main(void)
{
    const ignis_data_source_class library = {.struct_size = sizeof(library),
                                             .url = "sqlite::memory:",
                                             .models = IGNIS_MODELS(&Song_model)};
    ignis_context *ctx = ignis_context_create();
    ignis_data_source *source = NULL;
    ignis_code code = ignis_data_source_open(ctx, &library, &source);
    if (code == IGNIS_OK) code = run(ctx, source);
    if (code != IGNIS_OK) puts(ignis_context_error(ctx)->message);
    ignis_data_source_close(source);
    ignis_context_free(ctx);
    return code != IGNIS_OK;
}
