/* savepoint: a transaction within a transaction; on SQLite, and on PostgreSQL where there is one. */
#include "items.h"
#include "support/server.h"

static ignis_context *begin(items_source *self, ignis_context *ctx)
{
    ignis_context *tx = NULL;
    if (ignis_begin(ctx, self->source, IGNIS_READ_COMMITTED, &tx) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(ctx)->message);
    return tx;
}

static ignis_code create(items_source *self, ignis_context *ctx, int id)
{
    char row[64];
    const char *made = NULL;
    snprintf(row, sizeof(row), "{\"id\":%d,\"name\":\"n%d\"}", id, id);
    return ignis_create_json(ctx, self->items, row, &made);
}

static void what_is_kept_is_the_product_of_all_ends(void **state)
{
    items_source *self = *state;
    for (int ends = 0; ends < 8; ends++) {
        bool outer = ends & 1, inner = ends & 2, innermost = ends & 4;
        int64_t before = items_count(self, self->ctx);
        ignis_context *tx = begin(self, self->ctx);
        assert_int_equal(create(self, tx, 100 + 10 * ends), IGNIS_OK);
        ignis_context *first = begin(self, tx);
        assert_int_equal(create(self, first, 101 + 10 * ends), IGNIS_OK);
        ignis_context *second = begin(self, first);
        assert_int_equal(create(self, second, 102 + 10 * ends), IGNIS_OK);
        assert_int_equal(items_count(self, second), before + 3);
        assert_int_equal(innermost ? ignis_commit(second) : ignis_transaction_rollback(second),
                         IGNIS_OK);
        assert_int_equal(items_count(self, first), before + 2 + innermost);
        assert_int_equal(inner ? ignis_commit(first) : ignis_transaction_rollback(first), IGNIS_OK);
        int64_t within = before + 1 + (inner ? 1 + innermost : 0);
        assert_int_equal(items_count(self, tx), within);
        assert_int_equal(outer ? ignis_commit(tx) : ignis_transaction_rollback(tx), IGNIS_OK);
        assert_int_equal(items_count(self, self->ctx), outer ? within : before);
    }
}

static void whatever_is_around_an_open_one_rests(void **state)
{
    items_source *self = *state;
    const char *json_ = NULL;
    ignis_context *other = NULL;
    ignis_context *tx = begin(self, self->ctx);
    ignis_context *inner = begin(self, tx);
    ignis_context *around[] = {self->ctx, tx};
    for (size_t i = 0; i < ARRAY_COUNT(around); i++) {
        assert_int_equal(ignis_find_json(around[i], self->items, NULL, NULL, &json_),
                         IGNIS_E_STATE);
        assert_int_equal(ignis_begin(around[i], self->source, IGNIS_READ_COMMITTED, &other),
                         IGNIS_E_STATE);
    }
    assert_int_equal(ignis_commit(tx), IGNIS_E_STATE);
    assert_true(ignis_transaction_is_active(tx));
    assert_true(ignis_transaction_is_active(inner));
    assert_int_equal(ignis_commit(inner), IGNIS_OK);
    assert_int_equal(ignis_commit(inner), IGNIS_E_STATE);
    assert_int_equal(ignis_transaction_rollback(inner), IGNIS_E_STATE);
    assert_int_equal(ignis_find_json(inner, self->items, NULL, NULL, &json_), IGNIS_E_STATE);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
}

static void a_rollback_ends_what_is_open_within(void **state)
{
    items_source *self = *state;
    ignis_context *tx = begin(self, self->ctx);
    ignis_context *inner = begin(self, tx);
    ignis_context *innermost = begin(self, inner);
    assert_int_equal(create(self, innermost, 50), IGNIS_OK);
    assert_int_equal(ignis_transaction_rollback(inner), IGNIS_OK);
    assert_false(ignis_transaction_is_active(inner) || ignis_transaction_is_active(innermost));
    assert_int_equal(items_count(self, tx), 2);
    inner = begin(self, tx);
    ignis_rollback(tx);
    ignis_rollback(inner);
    assert_false(ignis_transaction_is_active(tx) || ignis_transaction_is_active(inner));
    assert_int_equal(items_count(self, self->ctx), 2);
}

static void an_error_ends_only_the_innermost(void **state)
{
    items_source *self = *state;
    ignis_context *tx = begin(self, self->ctx);
    assert_int_equal(create(self, tx, 60), IGNIS_OK);
    ignis_context *inner = begin(self, tx);
    assert_int_equal(create(self, inner, 61), IGNIS_OK);
    assert_int_equal(create(self, inner, 60), IGNIS_E_UNIQUE);
    assert_int_equal(create(self, inner, 62), IGNIS_E_STATE);
    assert_string_equal(ignis_context_error(inner)->message,
                        "the transaction had an error: only a rollback is possible");
    assert_int_equal(ignis_commit(inner), IGNIS_E_STATE);
    assert_string_equal(ignis_context_error(inner)->message,
                        "the transaction had an error and is rolled back");
    assert_int_equal(create(self, tx, 63), IGNIS_OK);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
    assert_int_equal(items_count(self, self->ctx), 4);
}

/* SQLite can end all of a transaction by an error within a savepoint. */
static void what_the_engine_undid_is_not_taken_for_kept(void **state)
{
    items_source *self = *state;
    const ignis_sql statement = {.struct_size = sizeof(statement),
                                 .text = "INSERT OR ROLLBACK INTO \"Item\" VALUES (1, 'x', NULL)"};
    ignis_context *tx = begin(self, self->ctx);
    assert_int_equal(create(self, tx, 65), IGNIS_OK);
    ignis_context *inner = begin(self, begin(self, tx));
    assert_int_equal(ignis_execute(inner, self->source, &statement, NULL), IGNIS_E_UNIQUE);
    assert_int_equal(ignis_transaction_rollback(inner), IGNIS_E_STATE);
    assert_int_equal(ignis_transaction_rollback(inner->parent), IGNIS_E_STATE);
    assert_int_equal(create(self, tx, 66), IGNIS_E_STATE);
    assert_int_equal(ignis_commit(tx), IGNIS_E_STATE);
    assert_int_equal(items_count(self, self->ctx), 2);
}

static void a_failed_transaction_takes_no_savepoint(void **state)
{
    items_source *self = *state;
    ignis_context *inner = NULL;
    ignis_context *tx = begin(self, self->ctx);
    assert_int_equal(create(self, tx, 1), IGNIS_E_UNIQUE);
    assert_int_equal(ignis_begin(tx, self->source, IGNIS_READ_COMMITTED, &inner), IGNIS_E_STATE);
    assert_null(inner);
    assert_int_equal(ignis_transaction_rollback(tx), IGNIS_OK);
}

static void a_result_beyond_a_bound_ends_only_the_innermost(void **state)
{
    items_source *self = *state;
    const char *json_ = NULL;
    ignis_policy few = ignis_policy_trusted;
    few.rows_max = 1;
    ignis_context *tx = begin(self, self->ctx);
    assert_int_equal(create(self, tx, 70), IGNIS_OK);
    ignis_context *inner = begin(self, tx);
    assert_int_equal(ignis_find_json(inner, self->items, &few, NULL, &json_), IGNIS_E_LIMIT);
    ignis_rollback(inner);
    assert_int_equal(items_count(self, tx), 3);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
    assert_int_equal(items_count(self, self->ctx), 3);
}

static void no_more_is_given_than_the_transaction_has(void **state)
{
    items_source *self = *state;
    ignis_context *inner = NULL;
    ignis_context *tx = NULL;
    const ignis_transaction_options read_only = {.struct_size = sizeof(read_only),
                                                 .read_only = true};
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_REPEATABLE_READ, &tx), IGNIS_OK);
    assert_int_equal(ignis_begin(tx, self->source, IGNIS_SERIALIZABLE, &inner), IGNIS_E_INVALID);
    assert_int_equal(ignis_begin_with(tx, self->source, &read_only, &inner), IGNIS_E_INVALID);
    assert_int_equal(ignis_begin(tx, self->source, IGNIS_REPEATABLE_READ, &inner), IGNIS_OK);
    ignis_rollback(tx);
    ignis_context *deep = self->ctx;
    ignis_code code = IGNIS_OK;
    int depth = 0;
    while (code == IGNIS_OK && depth < 100) {
        code = ignis_begin(deep, self->source, IGNIS_READ_COMMITTED, &inner);
        if (code == IGNIS_OK) deep = inner;
        depth += code == IGNIS_OK;
    }
    assert_int_equal(code, IGNIS_E_LIMIT);
    assert_int_equal(depth, 64);
}

static void a_read_only_transaction_refuses_writes(void **state)
{
    items_source *self = *state;
    ignis_context *tx = NULL;
    ignis_context *inner = NULL;
    size_t count = 0;
    const ignis_transaction_options read_only = {.struct_size = sizeof(read_only),
                                                 .read_only = true};
    for (int isolation = IGNIS_READ_COMMITTED; isolation <= IGNIS_SERIALIZABLE; isolation++) {
        ignis_transaction_options options = read_only;
        options.isolation = (ignis_isolation)isolation;
        assert_int_equal(ignis_begin_with(self->ctx, self->source, &options, &tx), IGNIS_OK);
        assert_int_equal(create(self, tx, 80), IGNIS_E_STATE);
        assert_string_equal(ignis_context_error(tx)->message, "the transaction is read only");
        assert_int_equal(ignis_begin_with(tx, self->source, &read_only, &inner), IGNIS_OK);
        assert_int_equal(create(self, inner, 80), IGNIS_E_STATE);
        assert_int_equal(ignis_commit(inner), IGNIS_OK);
        /* Refused before it reached the database. */
        assert_int_equal(items_count(self, tx), 2);
        /* What does reach it is refused there. */
        assert_int_equal(
            ignis_load(tx, self->source, J({"Item" : [ {"id" : 81, "name" : "x"} ]}), 0, &count),
            IGNIS_E_STATE);
        assert_string_equal(ignis_context_error(tx)->message, "the transaction is read only");
        assert_int_equal(ignis_commit(tx), IGNIS_E_STATE);
        assert_int_equal(create(self, self->ctx, 90 + isolation), IGNIS_OK);
        const char *deleted[] = {"DELETE FROM \"Item\" WHERE id >= 90"};
        const sql_script script = {.statements = deleted, .count = 1};
        assert_int_equal(run_script(self->ctx, &self->source->run, &script), IGNIS_OK);
    }
    ignis_transaction_options none = {0};
    assert_int_equal(ignis_begin_with(self->ctx, self->source, &none, &tx), IGNIS_E_INVALID);
}

/* release to the mark before, reset, free: each from every depth. */
static void what_is_open_ends_with_its_context(void **state)
{
    items_source *self = *state;
    for (int how = 0; how < 4; how++) {
        ignis_context *ctx = how == 2 ? ignis_context_create() : self->ctx;
        ignis_mark outside = ignis_context_mark(ctx);
        ignis_context *tx = begin(self, ctx);
        assert_int_equal(create(self, tx, 40 + how), IGNIS_OK);
        ignis_mark inside = ignis_context_mark(tx);
        ignis_context *inner = begin(self, tx);
        ignis_context *innermost = begin(self, inner);
        assert_int_equal(create(self, innermost, 90), IGNIS_OK);
        if (how == 0) ignis_context_release(ctx, outside);
        if (how == 1) ignis_context_reset(ctx);
        if (how == 2) ignis_context_free(ctx);
        if (how == 3) {
            ignis_context_release(ctx, inside);
            assert_true(ignis_transaction_is_active(tx));
            assert_false(ignis_transaction_is_active(inner));
            assert_false(ignis_transaction_is_active(innermost));
            assert_int_equal(ignis_commit(tx), IGNIS_OK);
        }
        assert_int_equal(items_count(self, self->ctx), how == 3 ? 3 : 2);
    }
}

static void a_loop_of_savepoints_stays_flat(void **state)
{
    items_source *self = *state;
    size_t blocks = 0;
    for (int i = 0; i < 100; i++) {
        ignis_mark mark = ignis_context_mark(self->ctx);
        ignis_context *tx = begin(self, self->ctx);
        for (int k = 0; k < 3; k++) {
            ignis_mark inner_mark = ignis_context_mark(tx);
            ignis_context *inner = begin(self, begin(self, tx));
            items_find(self, inner, NULL);
            if (k == 1) ignis_rollback(inner);
            ignis_context_release(tx, inner_mark);
        }
        assert_int_equal(ignis_commit(tx), IGNIS_OK);
        ignis_context_release(self->ctx, mark);
        if (i == 20) blocks = arena_live_blocks();
    }
    assert_true(arena_live_blocks() <= blocks);
}

#define TEST(name, open) cmocka_unit_test_setup_teardown(name, open, close_source)
#define TESTS(open)                                                      \
    {                                                                    \
        TEST(what_is_kept_is_the_product_of_all_ends, open),             \
            TEST(whatever_is_around_an_open_one_rests, open),            \
            TEST(a_rollback_ends_what_is_open_within, open),             \
            TEST(an_error_ends_only_the_innermost, open),                \
            TEST(a_failed_transaction_takes_no_savepoint, open),         \
            TEST(a_result_beyond_a_bound_ends_only_the_innermost, open), \
            TEST(no_more_is_given_than_the_transaction_has, open),       \
            TEST(a_read_only_transaction_refuses_writes, open),          \
            TEST(what_is_open_ends_with_its_context, open),              \
            TEST(a_loop_of_savepoints_stays_flat, open),                 \
    }

int main(void)
{
    const struct CMUnitTest on_sqlite[] = TESTS(open_sqlite);
    const struct CMUnitTest on_server[] = TESTS(open_server);
    const struct CMUnitTest on_sqlite_alone[] = {
        TEST(what_the_engine_undid_is_not_taken_for_kept, open_sqlite)};
    int failed = cmocka_run_group_tests(on_sqlite, NULL, NULL);
    if (!failed) failed = cmocka_run_group_tests(on_sqlite_alone, NULL, NULL);
    if (failed) return failed;
    server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(on_server, NULL, NULL);
}
