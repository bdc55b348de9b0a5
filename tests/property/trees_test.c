/* Random include trees on both engines, and within transactions, against plain loops.
   IGNIS_PROPERTY_COUNT is their number (200), IGNIS_PROPERTY_SEED the seed of the first (1); each
   has the next one, so that a tree that failed comes again alone. */
#include "property/property.h"
#include "property/trees.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "support/plain.h"
#include "support/server.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { TREES_COUNT = 200, RESULT_ROWS_MAX = 2000, DATA_SEED = 20240310 };

typedef struct forest {
    trees_data data;
    trees_tree tree;
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *repositories[TREES_MODELS_COUNT];
    bool in_transaction; /* each read is within a READ COMMITTED transaction of its own */
    const char *engine;
    uint64_t seed; /* of the tree */
} forest;

/* ---- engines ---- */

static forest *forest_open(const char *engine, const char *url)
{
    forest *self = calloc(1, sizeof(*self));
    assert_non_null(self);
    self->engine = engine;
    self->ctx = ignis_context_create();
    assert_non_null(self->ctx);
    trees_data_draw(&self->data, DATA_SEED);
    char *models = trees_models_text();
    char *data = trees_data_text(&self->data);
    assert_non_null(models);
    assert_non_null(data);
    self->source =
        property_open(self->ctx, &(property_source){.url = url, .models = models, .rows = data});
    for (size_t i = 0; i < TREES_MODELS_COUNT; i++)
        self->repositories[i] = property_repository(self->ctx, self->source, trees_models[i].name);
    free(models);
    free(data);
    return self;
}

static void forest_close(forest *self)
{
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
    free(self);
}

/* Indexes that lead to keys another way than to whole rows, for PostgreSQL. VACUUM lets an index
   alone be enough where the commits before it have been written. */
static const char *const indexes[] = {
    "CREATE INDEX ON \"User\" (rank) INCLUDE (id, \"managerId\")",
    "CREATE INDEX ON \"User\" (active, born)",
    "CREATE INDEX ON \"Post\" (rank) INCLUDE (id, \"authorId\", region, number)",
    "CREATE INDEX ON \"Post\" (title)",
    "CREATE INDEX ON \"Comment\" (rank) INCLUDE (id, \"postId\", \"userId\")",
    "CREATE INDEX ON \"Comment\" (body)",
    "CREATE INDEX ON \"Tagging\" (rank) INCLUDE (\"postId\", \"tagId\")",
    "CREATE INDEX ON \"Place\" (rank) INCLUDE (region, number)",
    "SET synchronous_commit = on; CREATE INDEX ON \"Profile\" (rank, bio) INCLUDE (\"userId\")",
    "VACUUM (ANALYZE)"};

static void indexes_create(void)
{
    for (size_t i = 0; i < sizeof(indexes) / sizeof(indexes[0]); i++)
        server_execute(indexes[i]);
}

/* ---- trees ---- */

/* Ends the test; says where the trees differ and how this one comes again. */
static _Noreturn void differ(const forest *self, const char *filter, const json_t *expected,
                             const char *got)
{
    print_error("%s: IGNIS_PROPERTY_SEED=%" PRIu64 " IGNIS_PROPERTY_COUNT=1: %s %s\n", self->engine,
                self->seed, self->tree.nodes[0].model->name, filter);
    char *wanted = json_dumps(expected, JSON_COMPACT);
    plain_assert_equal(wanted ? wanted : "", got);
    fail_msg("the trees differ");
    abort();
}

static void answer_compare(const forest *self, const char *filter, json_t *expected,
                           const char *answer)
{
    const trees_node *root = &self->tree.nodes[0];
    json_t *got = json_loads(answer, 0, NULL);
    if (!got) differ(self, filter, expected, answer);
    trees_normalise(expected, root);
    trees_normalise(got, root);
    if (!json_equal(expected, got)) {
        char *text = json_dumps(got, JSON_COMPACT);
        differ(self, filter, expected, text ? text : "");
    }
    json_decref(got);
}

static ignis_code tree_find(const forest *self, const char *filter, const char **answer)
{
    ignis_context *ctx = self->ctx;
    size_t model = (size_t)(self->tree.nodes[0].model - trees_models);
    if (self->in_transaction)
        IGNIS_TRY(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &ctx));
    ignis_code code =
        ignis_find_json(ctx, self->repositories[model], &ignis_policy_trusted, filter, answer);
    if (!self->in_transaction) return code;
    if (code == IGNIS_OK) return ignis_commit(ctx);
    ignis_rollback(ctx);
    return code;
}

/* Returns the rows of the root. */
static size_t tree_check(forest *self, json_t *expected)
{
    const trees_node *root = &self->tree.nodes[0];
    json_t *filter = trees_filter_json(root);
    char *filter_text = json_dumps(filter, JSON_COMPACT);
    assert_non_null(filter_text);
    const char *answer = NULL;
    ignis_code code = tree_find(self, filter_text, &answer);
    if (code != IGNIS_OK)
        differ(self, filter_text, expected, ignis_context_error(self->ctx)->message);
    answer_compare(self, filter_text, expected, answer);
    size_t count = json_array_size(expected);
    ignis_context_reset(self->ctx);
    free(filter_text);
    json_decref(filter);
    return count;
}

/* One tree, then the same tree with other values: what is kept of a shape must not keep values.
   Trees of too many rows give way to others. Returns the rows of the roots. */
static size_t seed_check(forest *self, uint64_t seed)
{
    trees_random random = {.state = seed};
    json_t *expected = NULL;
    self->seed = seed;
    while (!expected) {
        trees_draw(&self->tree, &random);
        expected = trees_read(&self->data, &self->tree, RESULT_ROWS_MAX);
    }
    size_t count = tree_check(self, expected);
    json_decref(expected);
    trees_redraw_values(&self->tree, &random);
    expected = trees_read(&self->data, &self->tree, RESULT_ROWS_MAX);
    if (expected) count += tree_check(self, expected);
    json_decref(expected);
    return count;
}

static void forest_check(forest *self)
{
    uint64_t seed = property_seed(1);
    uint64_t count = property_count(TREES_COUNT);
    size_t rows = 0;
    for (uint64_t i = 0; i < count; i++)
        rows += seed_check(self, seed + i);
    print_message("%s: %" PRIu64 " trees, %zu rows of roots\n", self->engine, count, rows);
}

static void trees_on_sqlite_are_what_plain_loops_find(void **state)
{
    (void)state;
    forest *self = forest_open("SQLite", "sqlite::memory:");
    forest_check(self);
    forest_close(self);
}

static void trees_on_postgresql_are_what_plain_loops_find(void **state)
{
    (void)state;
    forest *self = forest_open("PostgreSQL", server_url());
    indexes_create();
    forest_check(self);
    self->in_transaction = true;
    self->engine = "PostgreSQL, within transactions";
    forest_check(self);
    forest_close(self);
}

int main(void)
{
    const struct CMUnitTest sqlite[] = {
        cmocka_unit_test(trees_on_sqlite_are_what_plain_loops_find),
    };
    const struct CMUnitTest postgres[] = {
        cmocka_unit_test(trees_on_postgresql_are_what_plain_loops_find),
    };
    int failed = cmocka_run_group_tests(sqlite, NULL, NULL);
    if (!property_has_server()) return failed;
    return failed + cmocka_run_group_tests(postgres, NULL, NULL);
}
