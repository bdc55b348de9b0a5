/* A page of rows that tie, with levels below, on PostgreSQL: the statement of the level below finds
   the page's keys again, and the server goes another way to them than to the whole rows. */
#include "property/property.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/server.h"

enum {
    ITEMS_COUNT = 20000,
    PARTS_EACH = 2,
    BUCKET = 3,
    PAGE_SKIP = 25,
    PAGE_LIMIT = 50,
    ROUNDS_MAX = 1000
};

static const char models[] = IGNIS_JSON({"models": [
    {"name": "Item",
     "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "bucket", "type": "integer", "notNull": true},
        {"name": "rank", "type": "integer"},
        {"name": "note", "type": "text"}],
     "relations": [{"name": "parts", "type": "many", "model": "Part",
                    "fields": ["id"], "references": ["itemId"]}]},
    {"name": "Part",
     "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "itemId", "type": "integer"},
        {"name": "rank", "type": "integer"}],
     "indexes": [{"columns": ["itemId"]}],
     "relations": [{"name": "item", "type": "one", "model": "Item",
                    "fields": ["itemId"], "references": ["id"]}]}]});

/* Items lie in no order of their ids; a fourth has no rank, the others have one of three. VACUUM
   marks rows as visible to all, so that an index alone is enough, only where the commits before it
   have been written. */
static const char *const prepare[] = {
    "INSERT INTO \"Item\" SELECT id, id / 4 % 10, nullif(id % 4, 0), repeat('x', 200)"
    " FROM (SELECT (i::bigint * 7919) % 20000 + 1 AS id FROM generate_series(1, 20000) AS i) AS n",
    "INSERT INTO \"Part\" SELECT (i::bigint * 7907) % 40000 + 1, i % 20000 + 1, i % 3"
    " FROM generate_series(1, 40000) AS i",
    "CREATE INDEX ON \"Item\" (bucket, rank) INCLUDE (id)",
    "SET synchronous_commit = on; CREATE INDEX ON \"Item\" (bucket)", "VACUUM (ANALYZE) \"Part\""};

typedef struct opened {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *items;
} opened;

/* A connection that is made meanwhile, to any database, may still see the time before the rows. */
static void items_vacuum(void)
{
    for (size_t round = 0; round < ROUNDS_MAX; round++) {
        server_execute("VACUUM (ANALYZE) \"Item\"");
        if (strcmp(server_value("SELECT relallvisible = relpages FROM pg_class"
                                " WHERE oid = '\"Item\"'::regclass"),
                   "t") == 0)
            return;
    }
    fail_msg("not all rows are visible to all");
}

static int open_all(void **state)
{
    static opened all;
    all.ctx = ignis_context_create();
    assert_non_null(all.ctx);
    all.source = property_open(all.ctx, &(property_source){.url = server_url(), .models = models});
    all.items = property_repository(all.ctx, all.source, "Item");
    for (size_t i = 0; i < sizeof(prepare) / sizeof(prepare[0]); i++)
        server_execute(prepare[i]);
    items_vacuum();
    *state = &all;
    return 0;
}

static int close_all(void **state)
{
    opened *all = *state;
    ignis_data_source_close(all->source);
    ignis_context_free(all->ctx);
    return 0;
}

/* The id at a place of the bucket's order: rank, NULL last, then id. */
static int id_expected(size_t place, bool is_descending)
{
    static const int ascending[] = {1, 2, 3, 0};
    static const int descending[] = {0, 3, 2, 1};
    size_t seen = 0;
    for (int i = 0; i < 4; i++) {
        int rank = is_descending ? descending[i] : ascending[i];
        for (int id = 1; id <= ITEMS_COUNT; id++) {
            if (id / 4 % 10 != BUCKET || id % 4 != rank) continue;
            if (seen++ == place) return id;
        }
    }
    fail_msg("no place %zu", place);
    return 0;
}

static void page_check(opened *all, const char *filter, size_t skip, bool is_descending)
{
    const char *answer = NULL;
    if (ignis_find_json(all->ctx, all->items, &ignis_policy_trusted, filter, &answer) != IGNIS_OK) {
        fail_msg("%s", ignis_context_error(all->ctx)->message);
    }
    json_t *rows = json_loads(answer, 0, NULL);
    assert_int_equal(json_array_size(rows), PAGE_LIMIT);
    for (size_t i = 0; i < PAGE_LIMIT; i++) {
        json_t *row = json_array_get(rows, i);
        json_t *parts = json_object_get(row, "parts");
        json_int_t id = json_integer_value(json_object_get(row, "id"));
        assert_int_equal(id, id_expected(skip + i, is_descending));
        assert_int_equal(json_array_size(parts), PARTS_EACH);
        for (size_t k = 0; k < PARTS_EACH; k++) {
            json_t *part = json_array_get(parts, k);
            assert_int_equal(json_integer_value(json_object_get(part, "itemId")), id);
        }
    }
    json_decref(rows);
    ignis_context_reset(all->ctx);
}

/* What the other tests rest on. */
static void the_server_goes_two_ways(void **state)
{
    (void)state;
    static const char tail[] = " FROM \"Item\" AS t0 WHERE t0.bucket = 3"
                               " ORDER BY t0.rank, t0.id LIMIT 50 OFFSET 25";
    char sql[512];
    assert_true(snprintf(sql, sizeof(sql), "EXPLAIN (FORMAT JSON) SELECT t0.id%s", tail) > 0);
    assert_non_null(strstr(server_value(sql), "Index Only Scan"));
    assert_true(snprintf(sql, sizeof(sql), "EXPLAIN (FORMAT JSON) SELECT *%s", tail) > 0);
    assert_null(strstr(server_value(sql), "Index Only Scan"));
}

static void a_page_in_an_order_with_ties_has_its_parts(void **state)
{
    page_check(*state,
               IGNIS_JSON({"where": {"bucket": 3}, "order": ["rank"], "limit": 50,
                                   "skip": 25, "include": ["parts"]}),
                                     PAGE_SKIP, false);
}

static void a_page_in_a_descending_order_has_its_parts(void **state)
{
    page_check(*state, IGNIS_JSON({"where": {"bucket": 3}, "order": ["rank DESC"], "limit": 50,
                                   "include": ["parts"]}),
                                             0, true);
}

static void a_page_has_limited_parts(void **state)
{
    page_check(*state, IGNIS_JSON({"where": {"bucket": 3}, "order": ["rank"], "limit": 50,
                                   "skip": 25, "include": [{"relation": "parts", "scope":
                                       {"order": ["rank"], "limit": 2, "include": ["item"]}}]}),
                                                 PAGE_SKIP, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_server_goes_two_ways),
        cmocka_unit_test(a_page_in_an_order_with_ties_has_its_parts),
        cmocka_unit_test(a_page_in_a_descending_order_has_its_parts),
        cmocka_unit_test(a_page_has_limited_parts),
    };
    (void)server_url(); /* or skips all */
    return cmocka_run_group_tests(tests, open_all, close_all);
}
