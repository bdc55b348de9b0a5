/* Six levels of a real data set by one call, against plain loops over its file. */
#include "support/fixture.h"
#include "support/plain.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef struct chinook {
    arena memory;
    ignis_context *ctx;
    ignis_data_source *source;
    const char *models;
    const char *data;
} chinook;

static int chinook_open(void **state)
{
    static chinook all;
    const char *models_path = fixture_shared(&all.memory, "data/chinook/chinook.models.json");
    const char *data_path = fixture_shared(&all.memory, "data/chinook/chinook.data.json");
    all.models = fixture_read(&all.memory, models_path, NULL);
    all.data = fixture_read(&all.memory, data_path, NULL);
    all.ctx = ignis_context_create();
    if (!all.models || !all.data || !all.ctx) return -1;
    fixture_class class_ = {.models_text = all.models, .data_text = all.data};
    if (fixture_open(all.ctx, &class_, &all.source) != IGNIS_OK) {
        print_error("%s\n", ignis_context_error(all.ctx)->message);
        return -1;
    }
    *state = &all;
    return 0;
}

static int chinook_close(void **state)
{
    chinook *all = *state;
    ignis_data_source_close(all->source);
    ignis_context_free(all->ctx);
    arena_free(&all->memory);
    return 0;
}

static void filter_check(chinook *all, const char *filter, const plain_level *root)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = root->model};
    ignis_repository *repository = NULL;
    const char *got = NULL;
    ignis_code code = ignis_repository_open(all->ctx, all->source, &class_, &repository);
    if (code == IGNIS_OK)
        code = ignis_find_json(all->ctx, repository, &ignis_policy_trusted, filter, &got);
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(all->ctx)->message);
    char *expected = plain_read(all->models, all->data, root);
    plain_assert_equal(expected, got);
    assert_true(plain_count(expected) > 0);
    plain_free(expected);
    ignis_context_reset(all->ctx);
}

/* ---- orders and conditions ---- */

static int integers_order(const plain_row *a, const plain_row *b, const char *name)
{
    int64_t left = plain_integer(a, name);
    int64_t right = plain_integer(b, name);
    return (left > right) - (left < right);
}

/* By code point; null after all. */
static int texts_order(const plain_row *a, const plain_row *b, const char *name)
{
    const char *left = plain_text(a, name);
    const char *right = plain_text(b, name);
    if (!left || !right) return (left == NULL) - (right == NULL);
    return strcmp(left, right);
}

static int artists_by_name(const plain_row *a, const plain_row *b)
{
    int order = texts_order(a, b, "name");
    return order ? order : integers_order(a, b, "artistId");
}

static int albums_by_title_descending(const plain_row *a, const plain_row *b)
{
    int order = texts_order(b, a, "title");
    return order ? order : integers_order(a, b, "albumId");
}

/* Half of the composers are null: descending they come first. */
static int tracks_by_composer_descending(const plain_row *a, const plain_row *b)
{
    int order = texts_order(b, a, "composer");
    return order ? order : integers_order(a, b, "trackId");
}

static int lines_by_id(const plain_row *a, const plain_row *b)
{
    return integers_order(a, b, "invoiceLineId");
}

static int tracks_by_id(const plain_row *a, const plain_row *b)
{
    return integers_order(a, b, "trackId");
}

static int playlists_descending(const plain_row *a, const plain_row *b)
{
    return integers_order(b, a, "playlistId");
}

static bool track_is_long(const plain_row *row)
{
    return plain_integer(row, "milliseconds") > 240000 && !plain_is_null(row, "composer");
}

static bool artist_is_early(const plain_row *row)
{
    return plain_integer(row, "artistId") <= 150;
}

static bool customer_is_american(const plain_row *row)
{
    return strcmp(plain_text(row, "country"), "USA") == 0;
}

/* ---- tests ---- */

static void six_levels_equal_a_plain_loop(void **state)
{
    static const plain_level customer[] = {{.model = "Customer",
                                            .relation = "customer",
                                            .is_one = true,
                                            .ours = "customerId",
                                            .theirs = "customerId",
                                            .limit = PLAIN_NO_LIMIT}};
    static const plain_level invoice[] = {{.model = "Invoice",
                                           .relation = "invoice",
                                           .is_one = true,
                                           .ours = "invoiceId",
                                           .theirs = "invoiceId",
                                           .limit = PLAIN_NO_LIMIT,
                                           .children = customer,
                                           .children_count = 1}};
    static const plain_level lines[] = {{.model = "InvoiceLine",
                                         .relation = "invoiceLines",
                                         .ours = "trackId",
                                         .theirs = "trackId",
                                         .order = lines_by_id,
                                         .limit = PLAIN_NO_LIMIT,
                                         .children = invoice,
                                         .children_count = 1}};
    static const plain_level tracks[] = {{.model = "Track",
                                          .relation = "tracks",
                                          .ours = "albumId",
                                          .theirs = "albumId",
                                          .order = tracks_by_composer_descending,
                                          .limit = PLAIN_NO_LIMIT,
                                          .children = lines,
                                          .children_count = 1}};
    static const plain_level albums[] = {{.model = "Album",
                                          .relation = "albums",
                                          .ours = "artistId",
                                          .theirs = "artistId",
                                          .order = albums_by_title_descending,
                                          .limit = PLAIN_NO_LIMIT,
                                          .children = tracks,
                                          .children_count = 1}};
    static const plain_level artists = {.model = "Artist",
                                        .order = artists_by_name,
                                        .limit = PLAIN_NO_LIMIT,
                                        .children = albums,
                                        .children_count = 1};
    const char *filter = IGNIS_JSON({
        "order" : ["name ASC"],
        "include" : [ {
            "relation" : "albums",
            "scope" : {
                "order" : ["title DESC"],
                "include" : [ {
                    "relation" : "tracks",
                    "scope" : {
                        "order" : ["composer DESC"],
                        "include" : [ {
                            "relation" : "invoiceLines",
                            "scope" : {
                                "order" : ["invoiceLineId"],
                                "include" : [
                                    {"relation" : "invoice",
                                     "scope" : {"include" : ["customer"]}}
                                ]
                            }
                        } ]
                    }
                } ]
            }
        } ]
    });
    filter_check(*state, filter, &artists);
}

/* No key of any level is asked for. */
static void six_levels_with_fields_and_where_equal_a_plain_loop(void **state)
{
    static const char *const customer_fields[] = {"firstName", "country", NULL};
    static const char *const invoice_fields[] = {"invoiceDate", "total", NULL};
    static const char *const line_fields[] = {"unitPrice", "quantity", NULL};
    static const char *const track_fields[] = {"name", "composer", "unitPrice", NULL};
    static const char *const album_fields[] = {"title", NULL};
    static const char *const artist_fields[] = {"name", NULL};
    static const plain_level customer[] = {{.model = "Customer",
                                            .relation = "customer",
                                            .is_one = true,
                                            .ours = "customerId",
                                            .theirs = "customerId",
                                            .keep = customer_is_american,
                                            .limit = PLAIN_NO_LIMIT,
                                            .fields = customer_fields}};
    static const plain_level invoice[] = {{.model = "Invoice",
                                           .relation = "invoice",
                                           .is_one = true,
                                           .ours = "invoiceId",
                                           .theirs = "invoiceId",
                                           .limit = PLAIN_NO_LIMIT,
                                           .fields = invoice_fields,
                                           .children = customer,
                                           .children_count = 1}};
    static const plain_level lines[] = {{.model = "InvoiceLine",
                                         .relation = "invoiceLines",
                                         .ours = "trackId",
                                         .theirs = "trackId",
                                         .order = lines_by_id,
                                         .limit = PLAIN_NO_LIMIT,
                                         .fields = line_fields,
                                         .children = invoice,
                                         .children_count = 1}};
    static const plain_level tracks[] = {{.model = "Track",
                                          .relation = "tracks",
                                          .ours = "albumId",
                                          .theirs = "albumId",
                                          .keep = track_is_long,
                                          .order = tracks_by_composer_descending,
                                          .limit = PLAIN_NO_LIMIT,
                                          .fields = track_fields,
                                          .children = lines,
                                          .children_count = 1}};
    static const plain_level albums[] = {{.model = "Album",
                                          .relation = "albums",
                                          .ours = "artistId",
                                          .theirs = "artistId",
                                          .order = albums_by_title_descending,
                                          .limit = PLAIN_NO_LIMIT,
                                          .fields = album_fields,
                                          .children = tracks,
                                          .children_count = 1}};
    static const plain_level artists = {.model = "Artist",
                                        .keep = artist_is_early,
                                        .order = artists_by_name,
                                        .limit = PLAIN_NO_LIMIT,
                                        .fields = artist_fields,
                                        .children = albums,
                                        .children_count = 1};
    const char *filter = IGNIS_JSON({
        "where" : {"artistId" : {"lte" : 150}},
        "fields" : ["name"],
        "order" : ["name ASC"],
        "include" : [ {
            "relation" : "albums",
            "scope" : {
                "order" : ["title DESC"],
                "fields" : ["title"],
                "include" : [ {
                    "relation" : "tracks",
                    "scope" : {
                        "order" : ["composer DESC"],
                        "fields" : [ "name", "composer", "unitPrice" ],
                        "where" : {"milliseconds" : {"gt" : 240000}, "composer" : {"neq" : null}},
                        "include" : [ {
                            "relation" : "invoiceLines",
                            "scope" : {
                                "order" : ["invoiceLineId"],
                                "fields" : [ "unitPrice", "quantity" ],
                                "include" : [ {
                                    "relation" : "invoice",
                                    "scope" : {
                                        "fields" : [ "invoiceDate", "total" ],
                                        "include" : [ {
                                            "relation" : "customer",
                                            "scope" : {
                                                "where" : {"country" : "USA"},
                                                "fields" : [ "firstName",
                                                             "country" ]
                                            }
                                        } ]
                                    }
                                } ]
                            }
                        } ]
                    }
                } ]
            }
        } ]
    });
    filter_check(*state, filter, &artists);
}

static void a_limit_with_skip_holds_for_each_track(void **state)
{
    static const plain_level playlist[] = {{.model = "Playlist",
                                            .relation = "playlist",
                                            .is_one = true,
                                            .ours = "playlistId",
                                            .theirs = "playlistId",
                                            .limit = PLAIN_NO_LIMIT}};
    static const plain_level entries[] = {{.model = "PlaylistTrack",
                                           .relation = "playlistTracks",
                                           .ours = "trackId",
                                           .theirs = "trackId",
                                           .order = playlists_descending,
                                           .skip = 1,
                                           .limit = 3,
                                           .children = playlist,
                                           .children_count = 1}};
    static const plain_level tracks = {.model = "Track",
                                       .order = tracks_by_id,
                                       .limit = PLAIN_NO_LIMIT,
                                       .children = entries,
                                       .children_count = 1};
    const char *filter = IGNIS_JSON({
        "order" : ["trackId"],
        "include" : [ {
            "relation" : "playlistTracks",
            "scope" :
                {"order" : ["playlistId DESC"], "limit" : 3, "skip" : 1, "include" : ["playlist"]}
        } ]
    });
    filter_check(*state, filter, &tracks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(six_levels_equal_a_plain_loop),
        cmocka_unit_test(six_levels_with_fields_and_where_equal_a_plain_loop),
        cmocka_unit_test(a_limit_with_skip_holds_for_each_track),
    };
    return cmocka_run_group_tests(tests, chinook_open, chinook_close);
}
