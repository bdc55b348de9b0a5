/* Round trips of reads on PostgreSQL, counted by a proxy: one for each call, whatever the tree and
   the number of parents. Only where a level in the middle has WIDE_ROWS rows and more it is
   one for each depth. */
#include "property/property.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/proxy.h"
#include "support/server.h"

enum { LEVELS_MAX = 12, FILTER_SIZE = 2048, WIDE_ROWS = 500 };

/* Part.itemId has an index, Note.itemId has none; a place has a key of two columns. */
static const char models[] =
    IGNIS_JSON({"models": [
    {"name": "Item",
     "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "rank", "type": "integer"},
        {"name": "parentId", "type": "integer"},
        {"name": "region", "type": "text"},
        {"name": "number", "type": "integer"}],
     "indexes": [{"columns": ["parentId"]}],
     "relations": [
        {"name": "parts", "type": "many", "model": "Part"},
        {"name": "notes", "type": "many", "model": "Note"},
        {"name": "parent", "type": "one", "model": "Item",
         "fields": ["parentId"], "references": ["id"]},
        {"name": "place", "type": "one", "model": "Place",
         "fields": ["region", "number"], "references": ["region", "number"]}]},
    {"name": "Part",
     "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "itemId", "type": "integer"}],
     "indexes": [{"columns": ["itemId"]}],
     "relations": [{"name": "item", "type": "one", "model": "Item",
                    "fields": ["itemId"], "references": ["id"]}]},
    {"name": "Note",
     "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "itemId", "type": "integer"}],
     "relations": [{"name": "item", "type": "one", "model": "Item",
                    "fields": ["itemId"], "references": ["id"]}]},
    {"name": "Place",
     "columns": [
        {"name": "region", "type": "text", "primaryKey": true},
        {"name": "number", "type": "integer", "primaryKey": true}]}]});

/* Rows 1 … 1000 of each table, those that are not there yet. */
static const char *const fill[] = {
    "INSERT INTO \"Item\" SELECT i, i % 7, nullif(i - 1, 0), 'r', i FROM generate_series(1, %d) AS "
    "i"
    " ON CONFLICT DO NOTHING",
    "INSERT INTO \"Part\" SELECT i, i FROM generate_series(1, %d) AS i ON CONFLICT DO NOTHING",
    "INSERT INTO \"Note\" SELECT i, i FROM generate_series(1, %d) AS i ON CONFLICT DO NOTHING",
    "INSERT INTO \"Place\" SELECT 'r', i FROM generate_series(1, %d) AS i ON CONFLICT DO NOTHING"};

typedef struct opened {
    proxy *between;
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *items;
} opened;

static int open_all(void **state)
{
    static opened all;
    all.between = proxy_start(server_url());
    all.ctx = ignis_context_create();
    assert_non_null(all.ctx);
    all.source = property_open(
        all.ctx,
        &(property_source){.url = proxy_url(all.between), .models = models, .connections_max = 1});
    all.items = property_repository(all.ctx, all.source, "Item");
    *state = &all;
    return 0;
}

static int close_all(void **state)
{
    opened *all = *state;
    ignis_data_source_close(all->source);
    ignis_context_free(all->ctx);
    proxy_stop(all->between);
    return 0;
}

static void rows_set(int count)
{
    char sql[256];
    server_execute("TRUNCATE \"Item\", \"Part\", \"Note\", \"Place\"");
    for (size_t i = 0; i < sizeof(fill) / sizeof(fill[0]); i++) {
        const char *hole = strstr(fill[i], "%d");
        int size =
            snprintf(sql, sizeof(sql), "%.*s%d%s", (int)(hole - fill[i]), fill[i], count, hole + 2);
        assert_in_range(size, 1, sizeof(sql) - 1);
        server_execute(sql);
    }
}

/* Levels deeper than any setting of the library's own. */
static ignis_policy policy_make(void)
{
    ignis_policy policy = ignis_policy_trusted;
    policy.include_depth_max = LEVELS_MAX;
    return policy;
}

static const char *call(opened *all, const char *method, const char *arguments)
{
    const char *answer = NULL;
    ignis_policy policy = policy_make();
    ignis_code code =
        ignis_call_json(all->ctx, all->items, &policy, method, arguments, 0, &answer, NULL);
    if (code != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(all->ctx);
        fail_msg("%s %s: %s: %s", method, arguments, ignis_code_name(code), error->message);
    }
    return answer;
}

/* The round trips of a call with so many rows in each table, made twice before: the statements are
   prepared, and what a first result tells is known. */
static uint64_t turns_of(opened *all, const char *method, const char *arguments, int rows)
{
    rows_set(rows);
    (void)call(all, method, arguments);
    (void)call(all, method, arguments);
    proxy_counts before = proxy_count(all->between);
    (void)call(all, method, arguments);
    proxy_counts after = proxy_count(all->between);
    ignis_context_reset(all->ctx);
    assert_int_equal(after.connections, before.connections);
    return after.turns - before.turns;
}

static void turns_check(opened *all, const char *method, const char *arguments, int rows,
                        uint64_t expected)
{
    uint64_t turns = turns_of(all, method, arguments, rows);
    if (turns != expected) {
        fail_msg("%s %s: %d rows, %llu round trips instead of %llu", method, arguments, rows,
                 (unsigned long long)turns, (unsigned long long)expected);
    }
}

/* ---- each way to a level's rows ---- */

typedef struct access_case {
    const char *access; /* as an explanation names it */
    const char *filter;
    int rows; /* of each table, beside 1 */
} access_case;

static const access_case accesses[] = {
    {"key known", IGNIS_JSON({"where": {"id": 1}, "include": ["parts"]}), 1000},
     {"key known",
      IGNIS_JSON({"where": {"id": 1}, "include": [
        {"relation": "parts", "scope": {"include": ["item"]}}, "notes"]}),
                                                   1000},
                  {"any-array", IGNIS_JSON({"include": ["parts"]}), 1000},
                   {"any-array",
                    IGNIS_JSON({"where": {"rank": {"in": [0, 1, 2]}}, "order": ["rank DESC"],
                              "limit": 900, "include": ["parts"]}),
                                   1000},
                        {"in", IGNIS_JSON({"include": ["notes"]}), 1000},
                         {"in", IGNIS_JSON({"include": ["place", "notes", "parts"]}), 1000},
                          {"lateral",
                           IGNIS_JSON({"include": [
        {"relation": "parts", "scope": {"order": ["id"], "limit": 1}}]}),
                                                    1000},
                                      {"lateral",
                                       IGNIS_JSON({"limit": 800, "include": [
        {"relation": "notes", "scope": {"order": ["id"], "limit": 3,
                                        "include": ["item"]}}]}),
                                                                WIDE_ROWS - 1}};

static void every_access_is_one_round_trip(void **state)
{
    opened *all = *state;
    for (size_t i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++) {
        char arguments[FILTER_SIZE];
        const char *explanation = NULL;
        ignis_code code = ignis_filter_explain(all->ctx, all->items, &ignis_policy_trusted,
                                               accesses[i].filter, &explanation);
        assert_int_equal(code, IGNIS_OK);
        if (!strstr(explanation, accesses[i].access)) {
            fail_msg("%s: no \"%s\" in: %s", accesses[i].filter, accesses[i].access, explanation);
        }
        int size = snprintf(arguments, sizeof(arguments), "{\"filter\": %s}", accesses[i].filter);
        assert_in_range(size, 1, sizeof(arguments) - 1);
        turns_check(all, "find", arguments, 1, 1);
        turns_check(all, "find", arguments, accesses[i].rows, 1);
    }
}

/* ---- levels ---- */

/* Item and its parents, of a number of levels. */
static json_t *chain_make(size_t levels)
{
    json_t *filter = json_object();
    for (size_t i = 1; i < levels; i++)
        filter = json_pack("{s[{ss so}]}", "include", "relation", "parent", "scope", filter);
    return filter;
}

/* The rows from one up to the last of its parents. */
static size_t depth_of(const json_t *row)
{
    size_t depth = 0;
    for (; json_is_object(row); row = json_object_get(row, "parent"))
        depth++;
    return depth;
}

static size_t depth_read(opened *all, const char *arguments)
{
    json_t *rows = json_loads(call(all, "find", arguments), 0, NULL);
    size_t depth_max = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        size_t depth = depth_of(json_array_get(rows, i));
        if (depth > depth_max) depth_max = depth;
    }
    json_decref(rows);
    return depth_max;
}

/* The round trips of chains of 1 … levels_max levels. */
static void chains_check(opened *all, int rows, size_t levels_max,
                         void (*check)(opened *all, const char *arguments, int rows, size_t levels))
{
    for (size_t levels = 1; levels <= levels_max; levels++) {
        json_t *arguments = json_pack("{so}", "filter", chain_make(levels));
        char *text = json_dumps(arguments, JSON_COMPACT);
        assert_non_null(text);
        check(all, text, rows, levels);
        assert_int_equal(depth_read(all, text), (size_t)rows < levels ? (size_t)rows : levels);
        json_decref(arguments);
        free(text);
    }
}

static void one_check(opened *all, const char *arguments, int rows, size_t levels)
{
    (void)levels;
    turns_check(all, "find", arguments, rows, 1);
}

/* A list of keys longer than the client's buffer goes out in parts, between which the server may
   begin to answer: nobody waits there, though both directions take turns. */
static void each_check(opened *all, const char *arguments, int rows, size_t levels)
{
    uint64_t least = levels > 2 ? levels : 1;
    assert_in_range(turns_of(all, "find", arguments, rows), least, 2 * least);
}

static void every_number_of_levels_is_one_round_trip(void **state)
{
    chains_check(*state, 1, LEVELS_MAX, one_check);
    chains_check(*state, WIDE_ROWS - 1, LEVELS_MAX, one_check);
}

static void wide_levels_are_one_round_trip_for_each_depth(void **state)
{
    chains_check(*state, 1000, 5, each_check);
}

/* What grew beyond the bound may shrink again. */
static void a_result_that_is_narrow_again_is_one_round_trip(void **state)
{
    static const char arguments[] = IGNIS_JSON({"filter": {"include": [
        {"relation": "parts", "scope": {"include": ["item"]}}, "notes"]}});
    turns_check(*state, "find", arguments, 10, 1);
    assert_in_range(turns_of(*state, "find", arguments, 1000), 3, 6);
    turns_check(*state, "find", arguments, 10, 1);
}

/* ---- methods ---- */

typedef struct method_case {
    const char *method;
    const char *arguments;
} method_case;

static const method_case methods[] = {
    {"find", IGNIS_JSON({})},
     {"find", IGNIS_JSON({"options": {"shouldQueryRange": true}, "filter": {"limit": 10}})},
      {"find",
       IGNIS_JSON({"options": {"shouldQueryRange": true}, "filter": {
        "where": {"rank": {"gte": 1}}, "order": ["rank"], "limit": 100, "skip": 5,
        "include": ["parts", "place", {"relation": "notes", "scope": {"limit": 1}}]}})},
               {"findOne",
                IGNIS_JSON({"filter": {"order": ["rank"], "include": ["parts", "notes"]}})},
                {"findById", IGNIS_JSON({"id": 1})},
                 {"findById",
                  IGNIS_JSON({"id": 1, "filter": {"include": ["parts", "notes", "place",
        {"relation": "parent", "scope": {"include": ["parts"]}}]}})},
                              {"count", IGNIS_JSON({})},
                               {"count", IGNIS_JSON({"where": {"rank": {"in": [1, 2, 3]}}})},
                                {"existsWith", IGNIS_JSON({"where": {"rank": 3}})}};

static void every_method_is_one_round_trip(void **state)
{
    opened *all = *state;
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        turns_check(all, methods[i].method, methods[i].arguments, 1, 1);
        turns_check(all, methods[i].method, methods[i].arguments, 1000, 1);
    }
}

/* A filter of the same form with other values needs nothing new from the server. */
static void other_values_are_one_round_trip(void **state)
{
    opened *all = *state;
    rows_set(1000);
    char arguments[FILTER_SIZE];
    for (int i = 0; i < 20; i++) {
        int size = snprintf(arguments, sizeof(arguments),
                            "{\"filter\": {\"where\": {\"rank\": {\"in\": [%d, %d]}, \"id\":"
                            " {\"gt\": %d}}, \"include\": [\"parts\", \"notes\"]}}",
                            i % 7, i % 5, i * 13);
        assert_in_range(size, 1, sizeof(arguments) - 1);
        uint64_t before = proxy_count(all->between).turns;
        (void)call(all, "find", arguments);
        if (i > 1) assert_int_equal(proxy_count(all->between).turns - before, 1);
        ignis_context_reset(all->ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_access_is_one_round_trip),
        cmocka_unit_test(every_number_of_levels_is_one_round_trip),
        cmocka_unit_test(wide_levels_are_one_round_trip_for_each_depth),
        cmocka_unit_test(a_result_that_is_narrow_again_is_one_round_trip),
        cmocka_unit_test(every_method_is_one_round_trip),
        cmocka_unit_test(other_values_are_one_round_trip),
    };
    (void)server_url(); /* or skips all */
    return cmocka_run_group_tests(tests, open_all, close_all);
}
