/* lock: rows that are locked while they are read. PostgreSQL alone has such locks. */
#include "items.h"
#include "support/server.h"

static ignis_code find(items_source *self, ignis_context *ctx, const char *arguments,
                       const char **json_)
{
    return ignis_call_json(ctx, self->items, &ignis_policy_trusted, "find", arguments, 0, json_,
                           NULL);
}

static ignis_context *begin(items_source *self, ignis_context *ctx, ignis_isolation isolation)
{
    ignis_context *tx = NULL;
    if (ignis_begin(ctx, self->source, isolation, &tx) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(ctx)->message);
    return tx;
}

#define UPDATE_NOWAIT                                                     \
    J({                                                                   \
        "filter" : {"where" : {"id" : 1}, "fields" : ["id"]},             \
        "options" : {"lock" : {"strength" : "update", "wait" : "nowait"}} \
    })

/* Each strength against each: the table of the documentation, "Conflicting Row-Level Locks". */
static void strengths_conflict_as_documented(void **state)
{
    items_source *self = *state;
    static const char *const strengths[] = {"keyShare", "share", "noKeyUpdate", "update"};
    static const bool conflicts[4][4] = {{false, false, false, true},
                                         {false, false, true, true},
                                         {false, true, true, true},
                                         {true, true, true, true}};
    ignis_context *other = ignis_context_create();
    for (size_t i = 0; i < 16; i++) {
        const char *json_ = NULL;
        char held[160];
        char wanted[160];
        ignis_context *tx = begin(self, self->ctx, IGNIS_READ_COMMITTED);
        ignis_context *second = begin(self, other, IGNIS_READ_COMMITTED);
        snprintf(held, sizeof(held), "{\"options\":{\"lock\":{\"strength\":\"%s\"}}}",
                 strengths[i / 4]);
        snprintf(wanted, sizeof(wanted),
                 "{\"options\":{\"lock\":{\"strength\":\"%s\",\"wait\":\"nowait\"}}}",
                 strengths[i % 4]);
        assert_int_equal(find(self, tx, held, &json_), IGNIS_OK);
        ignis_code code = find(self, second, wanted, &json_);
        assert_int_equal(code, conflicts[i / 4][i % 4] ? IGNIS_E_TIMEOUT : IGNIS_OK);
        if (code != IGNIS_OK) assert_string_equal(ignis_context_error(second)->sqlstate, "55P03");
        ignis_rollback(second);
        ignis_rollback(tx);
    }
    ignis_context_free(other);
}

static void locked_rows_are_skipped_before_limits_and_includes(void **state)
{
    items_source *self = *state;
    static const char first[] = J({
        "filter" : {
            "order" : ["id"],
            "limit" : 1,
            "fields" : ["id"],
            "include" : [ {"relation" : "children", "scope" : {"fields" : ["id"], "limit" : 1}} ]
        },
        "options" : {"lock" : {"strength" : "update", "wait" : "skipLocked"}}
    });
    static const char second[] = J({
        "filter" : {
            "order" : ["id"],
            "limit" : 1,
            "fields" : ["id"],
            "include" : [ {"relation" : "parent", "scope" : {"fields" : ["id"]}} ]
        },
        "options" : {"lock" : {"strength" : "update", "wait" : "skipLocked"}}
    });
    for (int isolation = IGNIS_READ_COMMITTED; isolation <= IGNIS_SERIALIZABLE; isolation++) {
        const char *json_ = NULL;
        ignis_context *contexts[] = {ignis_context_create(), ignis_context_create(),
                                     ignis_context_create()};
        static const char *const expected[] = {"[{\"id\":1,\"children\":[{\"id\":2}]}]",
                                               "[{\"id\":2,\"parent\":{\"id\":1}}]", "[]"};
        ignis_context *tx[3];
        for (size_t i = 0; i < ARRAY_COUNT(tx); i++) {
            tx[i] = begin(self, contexts[i], (ignis_isolation)isolation);
            assert_int_equal(find(self, tx[i], i == 0 ? first : second, &json_), IGNIS_OK);
            assert_string_equal(json_, expected[i]);
        }
        for (size_t i = 0; i < ARRAY_COUNT(tx); i++)
            ignis_context_free(contexts[i]);
    }
}

static void find_one_and_find_by_id_lock_too(void **state)
{
    items_source *self = *state;
    static const char *const calls[][2] = {
        {"findOne", J({
             "filter" : {"where" : {"id" : 1}},
             "options" : {"lock" : {"strength" : "share", "wait" : null}}
         })},
        {"findById", J({"id" : 1, "options" : {"lock" : {"strength" : "share"}}})}};
    ignis_context *other = ignis_context_create();
    for (size_t i = 0; i < ARRAY_COUNT(calls); i++) {
        const char *json_ = NULL;
        ignis_context *tx = begin(self, self->ctx, IGNIS_READ_COMMITTED);
        ignis_context *second = begin(self, other, IGNIS_READ_COMMITTED);
        assert_int_equal(ignis_call_json(tx, self->items, &ignis_policy_trusted, calls[i][0],
                                         calls[i][1], 0, &json_, NULL),
                         IGNIS_OK);
        assert_int_equal(find(self, second, UPDATE_NOWAIT, &json_), IGNIS_E_TIMEOUT);
        ignis_rollback(second);
        ignis_rollback(tx);
        second = begin(self, other, IGNIS_READ_COMMITTED);
        assert_int_equal(find(self, second, UPDATE_NOWAIT, &json_), IGNIS_OK);
        assert_string_equal(json_, "[{\"id\":1}]");
        ignis_rollback(second);
    }
    ignis_context_free(other);
}

typedef struct refusal {
    const char *method;
    const char *arguments;
    ignis_code code;
    const char *path;
} refusal;

static const refusal refusals[] = {
    {"find", J({"options" : {"lock" : true}}), IGNIS_E_INVALID, "options.lock"},
    {"find", J({"options" : {"lock" : {}}}), IGNIS_E_INVALID, "options.lock"},
    {"find", J({"options" : {"lock" : {"wait" : "nowait"}}}), IGNIS_E_INVALID, "options.lock"},
    {"find", J({"options" : {"lock" : {"strength" : "updates"}}}), IGNIS_E_INVALID,
     "options.lock.strength"},
    {"find", J({"options" : {"lock" : {"strength" : 1}}}), IGNIS_E_INVALID,
     "options.lock.strength"},
    {"find", J({"options" : {"lock" : {"strength" : "update", "wait" : "no"}}}), IGNIS_E_INVALID,
     "options.lock.wait"},
    {"find", J({"options" : {"lock" : {"strength" : "update", "of" : "x"}}}), IGNIS_E_INVALID,
     "options.lock.of"},
    {"count", J({"options" : {"lock" : {"strength" : "update"}}}), IGNIS_E_INVALID, "options.lock"},
    {"find", J({"options" : {"lock" : {"strength" : "update"}, "shouldQueryRange" : true}}),
     IGNIS_E_UNSUPPORTED, "options.lock"},
};

static void what_cannot_be_locked_is_refused_and_harms_nothing(void **state)
{
    items_source *self = *state;
    ignis_context *tx = begin(self, self->ctx, IGNIS_READ_COMMITTED);
    const char *json_ = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        assert_int_equal(ignis_call_json(tx, self->items, &ignis_policy_trusted, refusals[i].method,
                                         refusals[i].arguments, 0, &json_, NULL),
                         refusals[i].code);
        assert_string_equal(ignis_context_error(tx)->path, refusals[i].path);
    }
    assert_int_equal(ignis_call_json(tx, self->items, NULL, "find", UPDATE_NOWAIT, 0, &json_, NULL),
                     IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(tx)->path, "options.lock");
    assert_int_equal(items_count(self, tx), 2);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
}

static void rows_are_locked_in_transactions_that_write(void **state)
{
    items_source *self = *state;
    const char *json_ = NULL;
    ignis_context *tx = NULL;
    static const ignis_transaction_options reading = {.struct_size = sizeof(reading),
                                                      .read_only = true};
    assert_int_equal(find(self, self->ctx, UPDATE_NOWAIT, &json_), IGNIS_E_STATE);
    assert_string_equal(ignis_context_error(self->ctx)->message,
                        "rows can be locked within a transaction only");
    assert_int_equal(ignis_begin_with(self->ctx, self->source, &reading, &tx), IGNIS_OK);
    assert_int_equal(find(self, tx, UPDATE_NOWAIT, &json_), IGNIS_E_STATE);
    assert_string_equal(ignis_context_error(tx)->message, "the transaction is read only");
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
}

static void sqlite_says_that_it_has_no_row_locks(void **state)
{
    items_source *self = *state;
    const char *json_ = NULL;
    ignis_context *tx = begin(self, self->ctx, IGNIS_READ_COMMITTED);
    assert_int_equal(find(self, tx, UPDATE_NOWAIT, &json_), IGNIS_E_UNSUPPORTED);
    assert_string_equal(ignis_context_error(tx)->message,
                        "SQLite locks no rows: a transaction that writes locks out the others");
    assert_int_equal(items_count(self, tx), 2);
    ignis_rollback(tx);
}

#define TEST(name, open) cmocka_unit_test_setup_teardown(name, open, close_source)

int main(void)
{
    const struct CMUnitTest on_sqlite[] = {
        TEST(sqlite_says_that_it_has_no_row_locks, open_sqlite),
    };
    const struct CMUnitTest on_server[] = {
        TEST(strengths_conflict_as_documented, open_server),
        TEST(locked_rows_are_skipped_before_limits_and_includes, open_server),
        TEST(find_one_and_find_by_id_lock_too, open_server),
        TEST(what_cannot_be_locked_is_refused_and_harms_nothing, open_server),
        TEST(rows_are_locked_in_transactions_that_write, open_server),
    };
    int failed = cmocka_run_group_tests(on_sqlite, NULL, NULL);
    if (failed) return failed;
    server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(on_server, NULL, NULL);
}
