/* copy: many rows of which nothing comes back; on PostgreSQL they go by COPY where it does the same. */
#include "support/script.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char models[] =
    "{'models': [{'name': 'Row', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'code', 'type': 'text', 'unique': true},"
    "   {'name': 'level', 'type': 'integer', 'default': 7},"
    "   {'name': 'price', 'type': 'numeric', 'precision': 8, 'scale': 2},"
    "   {'name': 'any', 'type': 'numeric'}, {'name': 'ratio', 'type': 'double precision'},"
    "   {'name': 'meta', 'type': 'jsonb'}, {'name': 'plain', 'type': 'json'},"
    "   {'name': 'raw', 'type': 'bytea'}, {'name': 'mark', 'type': 'uuid'},"
    "   {'name': 'short', 'type': 'varchar', 'length': 12}, {'name': 'isOpen', 'type': 'boolean'},"
    "   {'name': 'day', 'type': 'date'}, {'name': 'at', 'type': 'timestamptz'},"
    "   {'name': 'made', 'type': 'timestamptz', 'defaultFn': 'now', 'notNull': true},"
    "   {'name': 'small', 'type': 'smallint'}, {'name': 'big', 'type': 'bigint'}]},"
    " {'name': 'Auto', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true, 'identity': 'byDefault'},"
    "   {'name': 'text', 'type': 'text'}]},"
    " {'name': 'Seen', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true, 'identity': 'byDefault'},"
    "   {'name': 'sql', 'type': 'text'}]},"
    " {'name': 'Mine', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true}, {'name': 'tenant', 'type': 'text'}],"
    "  'settings': {'defaultFilter': {'where': {'tenant': 'a'}}, 'checkWrites': true}}]}";

enum { ROWS = 10000 };

#define STEPS(...)                                        \
    do {                                                  \
        static const script_step steps[] = {__VA_ARGS__}; \
        script_run(*state, steps, ARRAY_COUNT(steps));    \
    } while (0)

/* Rows whose columns change now and then; row bad (0: none) has the code of row 1. */
static const char *rows_text(engine *self, int bad, bool is_uniform)
{
    text out;
    text_init(&out, &self->ctx->results, 0);
    text_string(&out, "{'options':{'shouldReturn':false},'data':[");
    for (int i = 1; i <= ROWS; i++) {
        text_format(&out, "%s{'id':%d,'code':'c%d'", i == 1 ? "" : ",", i, i == bad ? 1 : i);
        bool is_full = is_uniform || i < 3000 || (i > 5000 && i % 1000 > 2);
        if (is_full) text_format(&out, ",'level':%d", i - 5000);
        if (i % 7 == 0) {
            text_string(&out, ",'price':null,'any':null,'ratio':null,'meta':null,'plain':null,"
                              "'raw':null,'mark':null,'short':null,'isOpen':null,'day':null,"
                              "'at':null,'small':null,'big':null}");
            continue;
        }
        text_format(&out,
                    ",'price':'%d.25','any':'-0.%05d','ratio':%d.5,'meta':{'n':%d},'plain':[%d],"
                    "'raw':'AAE=','mark':'00000000-0000-4000-8000-%012d','short':'\\u00e9 %d',"
                    "'isOpen':%s,'day':'2024-02-29','at':'2024-01-01T00:00:00.%06dZ','small':%d,"
                    "'big':%d000000000}",
                    i % 1000, i, i, i, i, i, i, i % 2 ? "true" : "false", i, i % 30000 - 15000, i);
    }
    text_string(&out, "]}");
    return script_text(self, text_finish(&out));
}

static ignis_code rows_create(ignis_context *ctx, engine *self, const char *arguments)
{
    const char *result;
    ignis_code code = ignis_call_json(ctx, engine_repository(self, "Row"), &ignis_policy_trusted,
                                      "createAll", arguments, 0, &result, NULL);
    if (code == IGNIS_OK) assert_string_equal(result, "{\"count\":10000,\"data\":null}");
    return code;
}

static void rows_create_right(engine *self, const char *arguments)
{
    if (rows_create(self->ctx, self, arguments) == IGNIS_OK) return;
    const ignis_error *error = ignis_context_error(self->ctx);
    fail_msg("%s %s", error->message, error->path);
}

/* Everything but the time that each row was made. */
static const char *rows_found(engine *self)
{
    return engine_find(self, "Row", IGNIS_JSON({"fields": {"made": false}, "order": ["id"]}));
}

/* ---- what is written ---- */

static void the_rows_are_those_that_come_back_otherwise(void **state)
{
    engine *self = *state;
    for (int uniform = 0; uniform < 2; uniform++) {
        const char *arguments = rows_text(self, 0, uniform);
        rows_create_right(self, arguments);
        const char *found = rows_found(self);
        STEPS({"Row", "deleteAll",
               "{'where': {}, 'options': {'force': true, 'shouldReturn': false}}",
               "{'count': 10000, 'data': null}"});
        /* The same with rows that come back. */
        const char *result;
        const char *list = strchr(arguments, '[');
        char *rows = arena_copy(&self->ctx->results, list, strlen(list) - 1);
        assert_non_null(rows);
        assert_int_equal(
            ignis_create_all_json(self->ctx, engine_repository(self, "Row"), rows, &result),
            IGNIS_OK);
        assert_string_equal(rows_found(self), found);
        STEPS({"Row", "count", "{'where': {'made': null}}", "{'count': 0}"},
              {"Row", "deleteAll",
               "{'where': {}, 'options': {'force': true, 'shouldReturn': false}}",
               "{'count': 10000, 'data': null}"});
    }
}

static void keys_of_the_database_are_made_in_the_order_of_the_rows(void **state)
{
    engine *self = *state;
    const char *result;
    text out;
    text_init(&out, &self->ctx->results, 0);
    text_string(&out, "{'options':{'shouldReturn':false},'data':[");
    for (int i = 1; i <= ROWS; i++)
        text_format(&out, "%s{'text':'t%d'}", i == 1 ? "" : ",", i);
    text_string(&out, "]}");
    assert_int_equal(ignis_call_json(self->ctx, engine_repository(self, "Auto"),
                                     &ignis_policy_trusted, "createAll",
                                     script_text(self, text_finish(&out)), 0, &result, NULL),
                     IGNIS_OK);
    STEPS({"Auto", "findById", "{'id': 9000}", "{'id': 9000, 'text': 't9000'}"},
          {"Auto", "findById", "{'id': 10000}", "{'id': 10000, 'text': 't10000'}"});
}

/* ---- what is refused ---- */

static void a_wrong_row_is_named_and_none_is_kept(void **state)
{
    static const struct {
        int row;
        bool is_uniform;
        const char *path;
    } cases[] = {
        {600, true, "data[599].code"},    /* in the first part of a COPY */
        {ROWS, true, "data[9999].code"},  /* in the last */
        {2999, false, "data[2998].code"}, /* rows of other columns follow */
        {6001, false, "data[6000].code"},
    };
    engine *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *arguments = rows_text(self, cases[i].row, cases[i].is_uniform);
        assert_int_equal(rows_create(self->ctx, self, arguments), IGNIS_E_UNIQUE);
        assert_string_equal(ignis_context_error(self->ctx)->path, cases[i].path);
        assert_string_equal(ignis_context_error(self->ctx)->constraint, "Row_code_key");
        STEPS({"Row", "count", "{}", "{'count': 0}"});
    }
}

static void a_value_that_is_none_of_its_column_is_named(void **state)
{
    engine *self = *state;
    const char *right = rows_text(self, 0, true);
    char *arguments = arena_copy(&self->ctx->results, right, strlen(right));
    assert_non_null(arguments);
    char *place = strstr(arguments, "\"level\":4321,");
    assert_non_null(place);
    memcpy(place + 8, "true", 4);
    assert_int_equal(rows_create(self->ctx, self, arguments), IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->path, "data[9320].level");
    STEPS({"Row", "count", "{}", "{'count': 0}"},
          {"Row", "create", "{'data': {'id': 1}, 'options': {'shouldReturn': false}}",
           "{'count': 1, 'data': null}"});
}

static void rows_outside_the_default_filter_are_refused(void **state)
{
    engine *self = *state;
    const char *result;
    text out;
    text_init(&out, &self->ctx->results, 0);
    text_string(&out, "{'options':{'shouldReturn':false},'data':[");
    for (int i = 1; i <= ROWS; i++)
        text_format(&out, "%s{'id':%d,'tenant':'%s'}", i == 1 ? "" : ",", i, i == 9999 ? "b" : "a");
    text_string(&out, "]}");
    assert_int_equal(ignis_call_json(self->ctx, engine_repository(self, "Mine"),
                                     &ignis_policy_trusted, "createAll",
                                     script_text(self, text_finish(&out)), 0, &result, NULL),
                     IGNIS_E_CHECK);
    assert_string_equal(ignis_context_error(self->ctx)->path, "data[9998]");
    STEPS({"Mine", "count", "{}", "{'count': 0}"});
}

static void a_transaction_keeps_the_rows_or_is_only_good_for_a_rollback(void **state)
{
    engine *self = *state;
    ignis_context *tx = NULL;
    const char *right = rows_text(self, 0, true);
    const char *wrong = rows_text(self, 7000, true);
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(rows_create(tx, self, wrong), IGNIS_E_UNIQUE);
    assert_int_equal(rows_create(tx, self, right), IGNIS_E_STATE);
    ignis_rollback(tx);
    STEPS({"Row", "count", "{}", "{'count': 0}"});
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_SERIALIZABLE, &tx), IGNIS_OK);
    assert_int_equal(rows_create(tx, self, right), IGNIS_OK);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
    STEPS({"Row", "count", "{}", "{'count': 10000}"});
}

/* ---- how they go, on PostgreSQL ---- */

static int64_t count_of(engine *self, const char *sql)
{
    const ignis_sql statement = {.struct_size = sizeof(statement), .text = sql};
    const char *result;
    int64_t count = 0;
    if (ignis_query(self->ctx, self->source, &statement, &result) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(self->ctx)->message);
    const char *digits = strchr(result, ':') + 1;
    assert_true(number_integer(digits, strspn(digits, "0123456789"), &count));
    return count;
}

static void statements_watch(engine *self)
{
    engine_execute(self, "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS"
                         " $$ BEGIN INSERT INTO \"Seen\" (\"sql\") VALUES (current_query());"
                         " RETURN NULL; END $$");
    engine_execute(self, "CREATE TRIGGER see AFTER INSERT ON \"Row\""
                         " FOR EACH STATEMENT EXECUTE FUNCTION see()");
}

static int64_t copies_count(engine *self)
{
    return count_of(self, "SELECT count(*) AS n FROM \"Seen\" WHERE \"sql\" LIKE 'COPY%'");
}

static int64_t inserts_count(engine *self)
{
    return count_of(self, "SELECT count(*) AS n FROM \"Seen\" WHERE \"sql\" LIKE 'INSERT%'");
}

static void many_rows_go_by_copy(void **state)
{
    engine *self = *state;
    if (!script_is_postgres(self)) return;
    statements_watch(self);
    rows_create_right(self, rows_text(self, 0, true));
    assert_true(copies_count(self) > 0);
    assert_int_equal(inserts_count(self), 1);
}

/* Where COPY would do something else. */
static void special_tables_take_inserts(void **state)
{
    static const char *const changes[] = {
        "CREATE RULE tell AS ON INSERT TO \"Row\" DO ALSO NOTIFY rows",
        "ALTER TABLE \"Row\" ALTER \"level\" TYPE bigint",
        "ALTER TABLE \"Row\" ALTER \"ratio\" TYPE bigint",
    };
    static const char *const undone[] = {
        "DROP RULE tell ON \"Row\"",
        "ALTER TABLE \"Row\" ALTER \"level\" TYPE integer",
        "ALTER TABLE \"Row\" ALTER \"ratio\" TYPE double precision",
    };
    engine *self = *state;
    if (!script_is_postgres(self)) return;
    statements_watch(self);
    for (size_t i = 0; i < ARRAY_COUNT(changes); i++) {
        engine_execute(self, changes[i]);
        rows_create_right(self, rows_text(self, 0, true));
        assert_int_equal(copies_count(self), 0);
        STEPS({"Row", "findById", "{'id': 9999, 'filter': {'fields': ['code', 'level']}}",
               "{'code': 'c9999', 'level': 4999}"});
        engine_execute(self, "DELETE FROM \"Row\"");
        engine_execute(self, undone[i]);
    }
}

/* Another transaction holds a key of the rows. */
static void the_deadline_ends_a_copy_that_waits(void **state)
{
    engine *self = *state;
    ignis_context *other = ignis_context_create();
    ignis_context *tx = NULL;
    if (!script_is_postgres(self)) {
        ignis_context_free(other);
        return;
    }
    const char *result;
    const char *row = script_text(self, "{'id': 6000, 'code': 'held'}");
    assert_int_equal(ignis_begin(other, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(ignis_create_json(tx, engine_repository(self, "Row"), row, &result), IGNIS_OK);
    ignis_context_timeout_set(self->ctx, 1000);
    assert_int_equal(rows_create(self->ctx, self, rows_text(self, 0, true)), IGNIS_E_TIMEOUT);
    ignis_context_timeout_set(self->ctx, 0);
    ignis_rollback(tx);
    ignis_context_free(other);
    rows_create_right(self, rows_text(self, 0, true));
}

int main(void)
{
    static const script_test tests[] = {
        SCRIPT_TEST(the_rows_are_those_that_come_back_otherwise),
        SCRIPT_TEST(keys_of_the_database_are_made_in_the_order_of_the_rows),
        SCRIPT_TEST(a_wrong_row_is_named_and_none_is_kept),
        SCRIPT_TEST(a_value_that_is_none_of_its_column_is_named),
        SCRIPT_TEST(rows_outside_the_default_filter_are_refused),
        SCRIPT_TEST(a_transaction_keeps_the_rows_or_is_only_good_for_a_rollback),
        SCRIPT_TEST(many_rows_go_by_copy),
        SCRIPT_TEST(special_tables_take_inserts),
        SCRIPT_TEST(the_deadline_ends_a_copy_that_waits),
    };
    return script_main(models, NULL, tests, ARRAY_COUNT(tests));
}
