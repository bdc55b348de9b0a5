/* transaction: a transaction is a context; on SQLite, and on PostgreSQL where there is a server. */
#include "items.h"
#include "support/server.h"

static const char tree[] = J({
    "order" : ["id"],
    "include" : [ "parent", {"relation" : "children", "scope" : {"order" : ["id"]}} ]
});

static void a_commit_keeps_and_a_rollback_drops(void **state)
{
    items_source *self = *state;
    ignis_context *tx = NULL;
    const char *made = NULL;
    for (int isolation = IGNIS_READ_COMMITTED; isolation <= IGNIS_SERIALIZABLE; isolation++) {
        int64_t before = items_count(self, self->ctx);
        char row[64];
        snprintf(row, sizeof(row), "{\"id\":%d,\"name\":\"n%d\"}", 10 + isolation, isolation);
        assert_int_equal(ignis_begin(self->ctx, self->source, (ignis_isolation)isolation, &tx),
                         IGNIS_OK);
        assert_true(ignis_transaction_is_active(tx));
        assert_int_equal(ignis_create_json(tx, self->items, row, &made), IGNIS_OK);
        assert_int_equal(items_count(self, tx), before + 1);
        ignis_rollback(tx);
        assert_false(ignis_transaction_is_active(tx));
        assert_int_equal(items_count(self, self->ctx), before);
        assert_int_equal(ignis_begin(self->ctx, self->source, (ignis_isolation)isolation, &tx),
                         IGNIS_OK);
        assert_int_equal(ignis_create_json(tx, self->items, row, &made), IGNIS_OK);
        assert_int_equal(ignis_commit(tx), IGNIS_OK);
        ignis_rollback(tx);
        assert_int_equal(items_count(self, self->ctx), before + 1);
    }
}

static void reads_inside_give_the_trees_of_reads_outside(void **state)
{
    items_source *self = *state;
    ignis_context *tx = NULL;
    const char *outside = items_find(self, self->ctx, tree);
    for (int isolation = IGNIS_READ_COMMITTED; isolation <= IGNIS_SERIALIZABLE; isolation++) {
        assert_int_equal(ignis_begin(self->ctx, self->source, (ignis_isolation)isolation, &tx),
                         IGNIS_OK);
        const char *inside = items_find(self, tx, tree);
        const char *range = NULL;
        assert_int_equal(
            ignis_call_json(
                tx, self->items, &ignis_policy_trusted, "find", J({
                    "filter" : {
                        "limit" : 1,
                        "order" : ["id"],
                        "fields" : ["id"],
                        "include" : [ {"relation" : "children", "scope" : {"fields" : ["name"]}} ]
                    },
                    "options" : {"shouldQueryRange" : true}
                }),
                0, &range, NULL),
            IGNIS_OK);
        assert_int_equal(ignis_commit(tx), IGNIS_OK);
        /* Results outlive the transaction. */
        assert_string_equal(inside, outside);
        assert_string_equal(range, "{\"data\":[{\"id\":1,\"children\":[{\"name\":\"two\"}]}],"
                                   "\"range\":{\"start\":0,\"end\":0,\"total\":2}}");
    }
}

static void the_parent_rests_while_a_transaction_is_open(void **state)
{
    items_source *self = *state;
    ignis_context *tx = NULL;
    ignis_context *second = NULL;
    const char *json_ = NULL;
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(ignis_find_json(self->ctx, self->items, NULL, NULL, &json_), IGNIS_E_STATE);
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &second),
                     IGNIS_E_STATE);
    assert_null(second);
    /* Nor is it asked for nothing. */
    assert_int_equal(ignis_create_all_json(self->ctx, self->items, "[]", &json_), IGNIS_E_STATE);
    assert_int_equal(ignis_upsert_all_json(self->ctx, self->items, NULL, "[]", &json_),
                     IGNIS_E_STATE);
    assert_int_equal(ignis_transaction_rollback(tx), IGNIS_OK);
    assert_int_equal(ignis_create_all_json(tx, self->items, "[]", &json_), IGNIS_E_STATE);
    assert_int_equal(ignis_transaction_rollback(tx), IGNIS_E_STATE);
    assert_int_equal(ignis_commit(tx), IGNIS_E_STATE);
    assert_int_equal(ignis_find_json(tx, self->items, NULL, NULL, &json_), IGNIS_E_STATE);
    assert_int_equal(ignis_find_json(self->ctx, self->items, NULL, NULL, &json_), IGNIS_OK);
    assert_int_equal(ignis_begin(self->ctx, self->source, (ignis_isolation)9, &tx),
                     IGNIS_E_INVALID);
}

/* What needs no connection: its results are among those of the transaction. */
static void what_asks_no_database_is_answered_meanwhile(void **state)
{
    items_source *self = *state;
    ignis_context *tx = NULL;
    const char *url = NULL;
    char before[256];
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    ignis_rollback(tx);
    size_t blocks = arena_live_blocks();
    ignis_context *ctx = ignis_context_create();
    assert_int_equal(ignis_begin(ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(
        ignis_data_source_connection_string(ctx, self->source, IGNIS_PASSWORD_MASKED, &url),
        IGNIS_OK);
    (void)snprintf(before, sizeof(before), "%s", url);
    ignis_rollback(tx);
    assert_string_equal(url, before);
    ignis_context_free(ctx);
    assert_int_equal(arena_live_blocks(), blocks);
}

static void a_refusal_leaves_the_transaction_and_a_database_error_ends_it(void **state)
{
    items_source *self = *state;
    ignis_context *tx = NULL;
    const char *made = NULL;
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(ignis_create_all_json(tx, self->items,
                                           J([ {"id" : 5, "name" : "five"}, {"id" : 6} ]), &made),
                     IGNIS_E_NOT_NULL);
    assert_string_equal(ignis_context_error(tx)->path, "data[1].name");
    assert_int_equal(items_count(self, tx), 2);
    assert_int_equal(ignis_create_json(tx, self->items, J({"id" : 5, "name" : "one"}), &made),
                     IGNIS_E_UNIQUE);
    assert_string_equal(ignis_context_error(tx)->constraint, "Item_name_key");
    assert_int_equal(ignis_create_json(tx, self->items, J({"id" : 7, "name" : "seven"}), &made),
                     IGNIS_E_STATE);
    assert_int_not_equal(ignis_commit(tx), IGNIS_OK);
    assert_false(ignis_transaction_is_active(tx));
    assert_int_equal(items_count(self, self->ctx), 2);
}

static void a_commit_that_fails_ends_the_transaction(void **state)
{
    items_source *self = *state;
    ignis_context *tx = NULL;
    const ignis_sql table = {.struct_size = sizeof(table),
                             .text = "CREATE TABLE late(item integer REFERENCES \"Item\"(id) "
                                     "DEFERRABLE INITIALLY DEFERRED)"};
    const ignis_sql row = {.struct_size = sizeof(row), .text = "INSERT INTO late VALUES (99)"};
    int64_t rows_count = 0;
    assert_int_equal(ignis_execute(self->ctx, self->source, &table, NULL), IGNIS_OK);
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(ignis_execute(tx, self->source, &row, &rows_count), IGNIS_OK);
    assert_int_equal(rows_count, 1);
    assert_int_equal(ignis_commit(tx), IGNIS_E_FOREIGN_KEY);
    assert_false(ignis_transaction_is_active(tx));
    assert_int_equal(ignis_commit(tx), IGNIS_E_STATE);
    const ignis_sql all = {.struct_size = sizeof(all), .text = "DELETE FROM late"};
    assert_int_equal(ignis_execute(self->ctx, self->source, &all, &rows_count), IGNIS_OK);
    assert_int_equal(rows_count, 0);
    /* By itself too. */
    assert_int_equal(ignis_execute(self->ctx, self->source, &row, NULL), IGNIS_E_FOREIGN_KEY);
}

static void what_is_open_is_rolled_back_with_its_context(void **state)
{
    items_source *self = *state;
    const char *made = NULL;
    ignis_context *tx = NULL;
    ignis_mark mark = ignis_context_mark(self->ctx);
    for (int how = 0; how < 3; how++) {
        ignis_context *ctx = how == 2 ? ignis_context_create() : self->ctx;
        assert_int_equal(ignis_begin(ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
        assert_int_equal(ignis_create_json(tx, self->items, J({"id" : 9, "name" : "nine"}), &made),
                         IGNIS_OK);
        if (how == 0) ignis_context_release(ctx, mark);
        if (how == 1) ignis_context_reset(ctx);
        if (how == 2) ignis_context_free(ctx);
        assert_int_equal(items_count(self, self->ctx), 2);
    }
}

static void a_loop_of_transactions_stays_flat(void **state)
{
    items_source *self = *state;
    size_t blocks = 0;
    for (int i = 0; i < 200; i++) {
        ignis_context *tx = NULL;
        ignis_mark mark = ignis_context_mark(self->ctx);
        assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
        items_find(self, tx, tree);
        assert_int_equal(ignis_commit(tx), IGNIS_OK);
        ignis_context_release(self->ctx, mark);
        if (i == 20) blocks = arena_live_blocks();
    }
    assert_true(arena_live_blocks() <= blocks);
}

static void another_data_source_is_refused_and_the_transaction_goes_on(void **state)
{
    items_source *self = *state;
    items_source other;
    ignis_context *tx = NULL;
    ignis_context *inner = NULL;
    const char *found = NULL;
    void *of_other = &other;
    items_fill(&other, "sqlite::memory:");
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(ignis_find_json(tx, other.items, NULL, NULL, &found), IGNIS_E_STATE);
    assert_int_equal(ignis_begin(tx, other.source, IGNIS_READ_COMMITTED, &inner), IGNIS_E_STATE);
    assert_int_equal(ignis_find_json(tx, self->items, NULL, NULL, &found), IGNIS_OK);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
    close_source(&of_other);
}

static ignis_context *row_made_in_a_transaction(items_source *self)
{
    ignis_context *tx = NULL;
    const char *made;
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(ignis_create_json(tx, self->items, "{\"id\":10,\"name\":\"n\"}", &made),
                     IGNIS_OK);
    return tx;
}

/* An early return leaves a transaction open while the program ends what it has, in any order. */
static void a_source_may_close_before_its_transactions_end(void **state)
{
    items_source *self = *state;
    ignis_context *inner = NULL;
    ignis_context *tx = row_made_in_a_transaction(self);
    assert_int_equal(ignis_begin(tx, self->source, IGNIS_READ_COMMITTED, &inner), IGNIS_OK);
    ignis_data_source_close(self->source);
    self->source = NULL;
    ignis_rollback(inner);
    ignis_rollback(tx);
    assert_false(ignis_transaction_is_active(tx));
}

static void a_source_may_close_before_its_context_is_freed(void **state)
{
    items_source *self = *state;
    (void)row_made_in_a_transaction(self);
    ignis_data_source_close(self->source);
    self->source = NULL;
}

static void what_is_open_when_its_source_closes_can_be_kept(void **state)
{
    items_source *self = *state;
    ignis_context *tx = row_made_in_a_transaction(self);
    ignis_data_source_close(self->source);
    self->source = NULL;
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
}

#define TESTS(open)                                                                                \
    {                                                                                              \
        cmocka_unit_test_setup_teardown(a_commit_keeps_and_a_rollback_drops, open, close_source),  \
            cmocka_unit_test_setup_teardown(reads_inside_give_the_trees_of_reads_outside, open,    \
                                            close_source),                                         \
            cmocka_unit_test_setup_teardown(the_parent_rests_while_a_transaction_is_open, open,    \
                                            close_source),                                         \
            cmocka_unit_test_setup_teardown(what_asks_no_database_is_answered_meanwhile, open,     \
                                            close_source),                                         \
            cmocka_unit_test_setup_teardown(                                                       \
                a_refusal_leaves_the_transaction_and_a_database_error_ends_it, open,               \
                close_source),                                                                     \
            cmocka_unit_test_setup_teardown(a_commit_that_fails_ends_the_transaction, open,        \
                                            close_source),                                         \
            cmocka_unit_test_setup_teardown(what_is_open_is_rolled_back_with_its_context, open,    \
                                            close_source),                                         \
            cmocka_unit_test_setup_teardown(                                                       \
                another_data_source_is_refused_and_the_transaction_goes_on, open, close_source),   \
            cmocka_unit_test_setup_teardown(a_source_may_close_before_its_transactions_end, open,  \
                                            close_source),                                         \
            cmocka_unit_test_setup_teardown(a_source_may_close_before_its_context_is_freed, open,  \
                                            close_source),                                         \
            cmocka_unit_test_setup_teardown(what_is_open_when_its_source_closes_can_be_kept, open, \
                                            close_source),                                         \
            cmocka_unit_test_setup_teardown(a_loop_of_transactions_stays_flat, open,               \
                                            close_source),                                         \
    }

int main(void)
{
    const struct CMUnitTest on_sqlite[] = TESTS(open_sqlite);
    const struct CMUnitTest on_server[] = TESTS(open_server);
    int failed = cmocka_run_group_tests(on_sqlite, NULL, NULL);
    if (failed) return failed;
    server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(on_server, NULL, NULL);
}
