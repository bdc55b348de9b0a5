/* bulk: many rows at once, on every engine; round trips of writes. */
#include "support/proxy.h"
#include "support/script.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char models[] =
    "{'models': [{'name': 'Row', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'code', 'type': 'text', 'unique': true},"
    "   {'name': 'level', 'type': 'integer', 'default': 7},"
    "   {'name': 'price', 'type': 'numeric', 'precision': 8, 'scale': 2},"
    "   {'name': 'meta', 'type': 'jsonb'}, {'name': 'raw', 'type': 'bytea'},"
    "   {'name': 'at', 'type': 'timestamptz'}, {'name': 'parent', 'type': 'integer'}],"
    "  'checks': [{'name': 'row_level', 'sql': 'level < 1000000'}],"
    "  'foreignKeys': [{'name': 'row_parent', 'columns': ['parent'],"
    "   'references': {'model': 'Row', 'columns': ['id']}}]},"
    " {'name': 'List', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true, 'identity': 'byDefault'},"
    "   {'name': 'tags', 'type': 'text', 'array': true}]},"
    " {'name': 'Auto', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true, 'identity': 'always'}]}]}";

enum { ROWS = 10000 };

/* Rows 1 to ROWS; every nth leaves level out, every seventh has nulls; row bad has the code of row 1. */
static const char *rows_text(engine *self, int bad, int nth)
{
    text out;
    text_init(&out, &self->ctx->results, 0);
    for (int i = 1; i <= ROWS; i++) {
        text_format(&out, "%s{'id':%d,'code':'c%d'", i == 1 ? "[" : ",", i, i == bad ? 1 : i);
        if (i % nth) text_format(&out, ",'level':%d", i);
        if (i % 7 == 0) {
            text_string(&out, ",'price':null,'meta':null,'raw':null,'at':null,'parent':null}");
        } else {
            text_format(&out,
                        ",'price':'%d.25','meta':{'n':%d},'raw':'AAE=','at':'2024-01-01T00:00:00Z',"
                        "'parent':%d}",
                        i % 1000, i, i > 1 ? i - 1 : 1);
        }
    }
    text_char(&out, ']');
    return script_text(self, text_finish(&out));
}

static ignis_code rows_create(engine *self, const char *rows, const char **result)
{
    return ignis_create_all_json(self->ctx, engine_repository(self, "Row"), rows, result);
}

#define STEPS(...)                                        \
    do {                                                  \
        static const script_step steps[] = {__VA_ARGS__}; \
        script_run(*state, steps, ARRAY_COUNT(steps));    \
    } while (0)

static void many_rows_come_back_in_their_order(void **state)
{
    engine *self = *state;
    const char *result;
    const json *value;
    assert_int_equal(rows_create(self, rows_text(self, 0, 3), &result), IGNIS_OK);
    assert_int_equal(
        json_read_context(self->ctx, &self->ctx->results, result, strlen(result), NULL, &value),
        IGNIS_OK);
    assert_int_equal(json_get(value, "count")->integer, ROWS);
    const json *data = json_get(value, "data");
    assert_int_equal(data->count, ROWS);
    for (size_t i = 0; i < data->count; i++)
        assert_int_equal(json_get(&data->as.items[i], "id")->integer, (int64_t)i + 1);
    STEPS({"Row", "findById", "{'id': 9998}",
           "{'id': 9998, 'code': 'c9998', 'level': 9998, 'price': '998.25', 'meta': {'n': 9998},"
           " 'raw': 'AAE=', 'at': '2024-01-01T00:00:00.000Z', 'parent': 9997}"},
          {"Row", "findById", "{'id': 21}",
           "{'id': 21, 'code': 'c21', 'level': 7, 'price': null, 'meta': null, 'raw': null,"
           " 'at': null, 'parent': null}"},
          {"Row", "count", "{}", "{'count': 10000}"});
}

static void one_wrong_row_is_named_and_none_is_kept(void **state)
{
    engine *self = *state;
    const char *result;
    assert_int_equal(rows_create(self, rows_text(self, 8888, 3), &result), IGNIS_E_UNIQUE);
    const ignis_error *error = ignis_context_error(self->ctx);
    assert_string_equal(error->path, "data[8887].code");
    assert_string_equal(error->constraint, "Row_code_key");
    STEPS(
        {"Row", "count", "{}", "{'count': 0}"},
        {"Row", "createAll",
         "{'data': [{'id': 1, 'code': 'a'}, {'id': 2, 'code': 'b'}, {'id': 3, 'level': 1000000}]}",
         "!check data[2].level"},
        {"Row", "createAll",
         "{'data': [{'id': 1}, {'id': 2, 'parent': 1}, {'id': 3, 'parent': 9}]}",
         "!foreign_key data[2].parent"},
        {"Row", "count", "{}", "{'count': 0}"});
}

static void a_wrong_row_among_equal_ones_is_named_too(void **state)
{
    engine *self = *state;
    const char *result;
    const char *rows = rows_text(self, 9000, ROWS + 1);
    assert_int_equal(rows_create(self, rows, &result), IGNIS_E_UNIQUE);
    assert_string_equal(ignis_context_error(self->ctx)->path, "data[8999].code");
    STEPS({"Row", "count", "{}", "{'count': 0}"});
}

static void within_a_transaction_a_refused_row_changes_nothing(void **state)
{
    engine *self = *state;
    ignis_context *tx = NULL;
    const char *result;
    const char *wrong = script_text(self, "[{'id': 1}, {'id': 2, 'level': 'x'}]");
    const char *right = script_text(self, "[{'id': 1}, {'id': 2, 'parent': 1}]");
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    ignis_repository *rows = engine_repository(self, "Row");
    assert_int_equal(ignis_create_all_json(tx, rows, wrong, &result), IGNIS_E_INVALID);
    assert_int_equal(ignis_create_all_json(tx, rows, right, &result), IGNIS_OK);
    assert_int_equal(ignis_create_all_json(tx, rows, right, &result), IGNIS_E_UNIQUE);
    ignis_rollback(tx);
    STEPS({"Row", "count", "{}", "{'count': 0}"});
}

static void rows_of_lists_and_rows_without_values_go_one_by_one(void **state)
{
    STEPS({"List", "createAll", "{'data': [{'tags': ['a']}, {'tags': []}, {'tags': null}, {}]}",
           "{'count': 4, 'data': [{'id': 1, 'tags': ['a']}, {'id': 2, 'tags': []},"
           " {'id': 3, 'tags': null}, {'id': 4, 'tags': null}]}"},
          {"Auto", "createAll", "{'data': [{}, {}]}",
           "{'count': 2, 'data': [{'id': 1}, {'id': 2}]}"});
}

typedef struct progress_seen {
    int64_t done;
    int64_t total;
    int64_t stop_at; /* 0: never */
} progress_seen;

static bool progress_see(void *data, int64_t done, int64_t total)
{
    progress_seen *seen = data;
    assert_true(done > seen->done && done <= total);
    seen->done = done;
    seen->total = total;
    return !seen->stop_at || done < seen->stop_at;
}

static void progress_is_told_and_may_end_the_call(void **state)
{
    engine *self = *state;
    const char *result;
    progress_seen seen = {.stop_at = ROWS};
    ignis_context_progress_set(self->ctx, progress_see, &seen);
    assert_int_equal(rows_create(self, rows_text(self, 0, 3), &result), IGNIS_E_CANCELLED);
    assert_int_equal(seen.done, ROWS);
    assert_int_equal(seen.total, ROWS);
    STEPS({"Row", "count", "{}", "{'count': 0}"});
    seen = (progress_seen){0};
    assert_int_equal(rows_create(self, rows_text(self, 0, 3), &result), IGNIS_OK);
    assert_int_equal(seen.done, ROWS);
    STEPS({"Row", "deleteAll", "{'options': {'force': true, 'shouldReturn': false}}",
           "{'count': 10000, 'data': null}"});
    seen = (progress_seen){0};
    engine inside = {.source = self->source};
    const char *rows = rows_text(self, 0, 3);
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &inside.ctx),
                     IGNIS_OK);
    assert_int_equal(rows_create(&inside, rows, &result), IGNIS_OK);
    assert_int_equal(seen.done, ROWS);
    assert_int_equal(ignis_commit(inside.ctx), IGNIS_OK);
    ignis_context_progress_set(self->ctx, NULL, NULL);
    STEPS({"Row", "count", "{}", "{'count': 10000}"});
}

/* A small write is one round trip on PostgreSQL, 10,000 rows are a few. */
static void writes_take_few_round_trips(void **state)
{
    static const struct {
        const char *method;
        const char *arguments;
        uint64_t turns;
    } writes[] = {
        {"create", "{'data': {'id': 1}}", 1},
        {"createAll", "{'data': [{'id': 2}, {'id': 3}, {'id': 4, 'level': 1}]}", 1},
        {"updateById", "{'id': 1, 'data': {'level': 2}}", 1},
        {"updateAll", "{'where': {'id': {'gt': 1}}, 'data': {'level': 2}}", 1},
        {"deleteById", "{'id': 1}", 1},
        {"deleteAll", "{'where': {'level': 2}}", 1},
    };
    engine *self = *state;
    if (!script_is_postgres(self)) return;
    proxy *counting = proxy_start(server_url());
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = proxy_url(counting)};
    engine through = {.ctx = self->ctx};
    assert_int_equal(ignis_models_from_json(self->ctx, script_text(self, models), 0, &class_.models,
                                            &class_.models_count),
                     IGNIS_OK);
    assert_int_equal(ignis_data_source_open(self->ctx, &class_, &through.source), IGNIS_OK);
    const script_step first = {"Row", "count", "{}", "{'count': 0}"};
    script_run(&through, &first, 1);
    for (size_t i = 0; i < ARRAY_COUNT(writes); i++) {
        const char *result;
        uint64_t before = proxy_count(counting).turns;
        assert_int_equal(ignis_call_json(self->ctx, engine_repository(&through, "Row"),
                                         &ignis_policy_trusted, writes[i].method,
                                         script_text(self, writes[i].arguments), 0, &result, NULL),
                         IGNIS_OK);
        assert_int_equal(proxy_count(counting).turns - before, writes[i].turns);
    }
    uint64_t before = proxy_count(counting).turns;
    const char *result;
    assert_int_equal(rows_create(&through, rows_text(self, 0, ROWS + 1), &result), IGNIS_OK);
    assert_true(proxy_count(counting).turns - before <= 4);
    ignis_data_source_close(through.source);
    proxy_stop(counting);
}

int main(void)
{
    static const script_test tests[] = {
        SCRIPT_TEST(many_rows_come_back_in_their_order),
        SCRIPT_TEST(one_wrong_row_is_named_and_none_is_kept),
        SCRIPT_TEST(a_wrong_row_among_equal_ones_is_named_too),
        SCRIPT_TEST(within_a_transaction_a_refused_row_changes_nothing),
        SCRIPT_TEST(rows_of_lists_and_rows_without_values_go_one_by_one),
        SCRIPT_TEST(progress_is_told_and_may_end_the_call),
        SCRIPT_TEST(writes_take_few_round_trips),
    };
    return script_main(models, NULL, tests, ARRAY_COUNT(tests));
}
