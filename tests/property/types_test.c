/* Values of every type and lists of them: written, read at the top and three levels below, the same
   text in both places, on SQLite and on PostgreSQL, where the server says the same of them.
   IGNIS_PROPERTY_COUNT is the number of rows. */
#include "property/property.h"
#include "property/typed.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <libpq-fe.h>

enum { BATCH_COUNT = 25, CONTEXT_SHOWN = 60 };

static const char levels[] =
    ",{\"name\":\"Parent\",\"columns\":[{\"name\":\"id\",\"type\":\"bigint\",\"primaryKey\":true}],"
    "\"relations\":[{\"name\":\"children\",\"type\":\"many\",\"model\":\"Child\"}]}"
    ",{\"name\":\"Child\",\"columns\":[{\"name\":\"id\",\"type\":\"bigint\",\"primaryKey\":true},"
    "{\"name\":\"parentId\",\"type\":\"bigint\"}],\"indexes\":[{\"columns\":[\"parentId\"]}],"
    "\"relations\":[{\"name\":\"parent\",\"type\":\"one\",\"model\":\"Parent\","
    "\"fields\":[\"parentId\"],\"references\":[\"id\"]},"
    "{\"name\":\"grandchildren\",\"type\":\"many\",\"model\":\"Grandchild\"}]}"
    ",{\"name\":\"Grandchild\",\"columns\":[{\"name\":\"id\",\"type\":\"bigint\","
    "\"primaryKey\":true},{\"name\":\"childId\",\"type\":\"bigint\"}],"
    "\"indexes\":[{\"columns\":[\"childId\"]}],"
    "\"relations\":[{\"name\":\"child\",\"type\":\"one\",\"model\":\"Child\","
    "\"fields\":[\"childId\"],\"references\":[\"id\"]},"
    "{\"name\":\"typed\",\"type\":\"one\",\"model\":\"Typed\","
    "\"fields\":[\"id\"],\"references\":[\"id\"]}]}]}";

typedef struct opened {
    ignis_context *ctx;
    ignis_data_source *source;
} opened;

static void open_at(opened *self, const char *url)
{
    arena memory = {0};
    text models;
    text_init(&models, &memory, 0);
    text_string(&models, "{\"models\":[");
    typed_model(&models);
    text_string(&models, levels);
    *self = (opened){.ctx = ignis_context_create()};
    assert_non_null(self->ctx);
    property_source class_ = {.url = url, .models = text_finish(&models)};
    self->source = property_open(self->ctx, &class_);
    arena_free(&memory);
}

static void close_all(opened *self)
{
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
}

static void expect_ok(const opened *self, ignis_code code, const char *what)
{
    const ignis_error *error = ignis_context_error(self->ctx);
    if (code != IGNIS_OK) {
        fail_msg("%s: %s: %s at %s", what, ignis_code_name(code), error->message, error->path);
    }
}

/* Shows the first difference only: the texts are long. */
static void expect_same(const char *what, const char *expected, const char *got)
{
    size_t at = 0;
    while (expected[at] != '\0' && expected[at] == got[at]) {
        at++;
    }
    if (expected[at] == got[at]) return;
    size_t from = at > CONTEXT_SHOWN ? at - CONTEXT_SHOWN : 0;
    fail_msg("%s, byte %zu: expected …%.*s, got …%.*s", what, at, 2 * CONTEXT_SHOWN,
             expected + from, 2 * CONTEXT_SHOWN, got + from);
}

/* ---- one batch of rows ------------------------------------------------------------------------- */

typedef struct batch {
    arena memory;
    int64_t first;
    int64_t count;
    const char *given;      /* a list of rows */
    const char **shown;     /* each row */
    const char *shown_list; /* all rows */
} batch;

static void batch_make(batch *self, typed_maker *maker, int64_t first, int64_t count)
{
    *self = (batch){.first = first, .count = count};
    text given;
    text list;
    text_init(&given, &self->memory, 0);
    text_init(&list, &self->memory, 0);
    self->shown = arena_array(&self->memory, (size_t)count, sizeof(*self->shown));
    assert_non_null(self->shown);
    maker->memory = &self->memory;
    maker->given = &given;
    for (int64_t i = 0; i < count; i++) {
        text shown;
        text_init(&shown, &self->memory, 0);
        maker->shown = &shown;
        text_char(&given, i == 0 ? '[' : ',');
        typed_row(maker, first + i);
        self->shown[i] = text_finish(&shown);
        assert_non_null(self->shown[i]);
        text_char(&list, i == 0 ? '[' : ',');
        text_string(&list, self->shown[i]);
    }
    text_char(&given, ']');
    text_char(&list, ']');
    self->given = text_finish(&given);
    self->shown_list = text_finish(&list);
    assert_non_null(self->given);
    assert_non_null(self->shown_list);
}

static const char *formatted(batch *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static const char *formatted(batch *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert_true(size >= 0);
    char *out = arena_alloc(&self->memory, (size_t)size + 1);
    assert_non_null(out);
    va_start(arguments, format);
    (void)vsnprintf(out, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return out;
}

static void create(const opened *self, const char *model, const char *rows, const char *expected)
{
    const char *got = NULL;
    expect_ok(self,
              ignis_create_all_json(self->ctx, property_repository(self->ctx, self->source, model),
                                    rows, &got),
              model);
    if (expected) expect_same("created", expected, got);
}

/* A parent with one child, whose grandchildren have the rows of the batch. */
static void levels_create(const opened *self, batch *rows)
{
    long long parent = (long long)rows->first;
    text list;
    text_init(&list, &rows->memory, 0);
    for (int64_t i = 0; i < rows->count; i++) {
        text_format(&list, "%c{\"id\":%lld,\"childId\":%lld}", i == 0 ? '[' : ',',
                    (long long)(rows->first + i), parent);
    }
    text_char(&list, ']');
    create(self, "Parent", formatted(rows, "[{\"id\":%lld}]", parent), NULL);
    create(self, "Child", formatted(rows, "[{\"id\":%lld,\"parentId\":%lld}]", parent, parent),
           NULL);
    create(self, "Grandchild", text_finish(&list), NULL);
}

static const char *levels_shown(batch *rows)
{
    long long parent = (long long)rows->first;
    text out;
    text_init(&out, &rows->memory, 0);
    text_format(&out,
                "[{\"id\":%lld,\"children\":[{\"id\":%lld,\"parentId\":%lld,\"grandchildren\":",
                parent, parent, parent);
    for (int64_t i = 0; i < rows->count; i++) {
        text_format(&out, "%c{\"id\":%lld,\"childId\":%lld,\"typed\":", i == 0 ? '[' : ',',
                    (long long)(rows->first + i), parent);
        text_string(&out, rows->shown[i]);
        text_char(&out, '}');
    }
    text_string(&out, "]}]}]");
    return text_finish(&out);
}

static void find(const opened *self, const char *model, const char *filter, const char *what,
                 const char *expected)
{
    const char *got = NULL;
    expect_ok(self,
              ignis_find_json(self->ctx, property_repository(self->ctx, self->source, model),
                              &ignis_policy_trusted, filter, &got),
              what);
    expect_same(what, expected, got);
}

static void batch_check(const opened *self, batch *rows)
{
    create(
        self, "Typed", rows->given,
        formatted(rows, "{\"count\":%lld,\"data\":%s}", (long long)rows->count, rows->shown_list));
    levels_create(self, rows);
    find(self, "Typed",
         formatted(rows, "{\"where\":{\"id\":{\"between\":[%lld,%lld]}},\"order\":[\"id\"]}",
                   (long long)rows->first, (long long)(rows->first + rows->count - 1)),
         "at the top", rows->shown_list);
    find(self, "Parent",
         formatted(rows,
                   "{\"where\":{\"id\":%lld},\"include\":[{\"relation\":\"children\",\"scope\":"
                   "{\"include\":[{\"relation\":\"grandchildren\",\"scope\":{\"order\":[\"id\"],"
                   "\"include\":[\"typed\"]}}]}}]}",
                   (long long)rows->first),
         "three levels below", levels_shown(rows));
}

static void rows_check(const opened *self)
{
    int64_t rows_count = (int64_t)property_count(300);
    typed_maker maker = {.seed = property_seed(20240310)};
    for (int64_t first = 1; first <= rows_count; first += BATCH_COUNT) {
        batch rows;
        int64_t left = rows_count - first + 1;
        batch_make(&rows, &maker, first, left < BATCH_COUNT ? left : BATCH_COUNT);
        batch_check(self, &rows);
        arena_free(&rows.memory);
        ignis_context_reset(self->ctx);
    }
}

static void rows_are_the_same_at_every_level_on_sqlite(void **state)
{
    (void)state;
    opened o;
    open_at(&o, "sqlite::memory:");
    rows_check(&o);
    close_all(&o);
}

/* ---- what the server says ---------------------------------------------------------------------- */

static PGresult *ask(PGconn *connection, const char *sql, const char *parameter)
{
    PGresult *result =
        PQexecParams(connection, sql, parameter ? 1 : 0, NULL, &parameter, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1) {
        fail_msg("%s: %s", sql, PQerrorMessage(connection));
    }
    return result;
}

/* What the server makes of a column, or of a list, as JSON text of all rows. */
static const char *oracle_sql(batch *memory, const typed_kind *kind, bool is_list)
{
    if (!is_list) {
        return formatted(memory,
                         "SELECT '[' || string_agg('{\"%s\":' || coalesce(%s, 'null') || '}', ','"
                         " ORDER BY id) || ']' FROM (SELECT id, \"%s\" AS e FROM \"Typed\") t",
                         kind->name, kind->oracle, kind->name);
    }
    return formatted(
        memory,
        "SELECT '[' || string_agg('{\"%sList\":' || CASE WHEN l IS NULL THEN 'null'"
        " ELSE '[' || coalesce((SELECT string_agg(coalesce(%s, 'null'), ',' ORDER BY n)"
        " FROM unnest(l) WITH ORDINALITY AS u (e, n)), '') || ']' END || '}', ','"
        " ORDER BY id) || ']' FROM (SELECT id, \"%sList\" AS l FROM \"Typed\") t",
        kind->name, kind->oracle, kind->name);
}

/* Whether it reads our text $1 as the values that it has. */
static const char *float_sql(batch *memory, const typed_kind *kind, bool is_list)
{
    const char *name = kind->name;
    const char *same = formatted(memory, "(v->>'%s')::%s IS NOT DISTINCT FROM e", name, kind->sql);
    if (is_list) {
        same = formatted(memory,
                         "CASE WHEN e IS NULL THEN v->>'%sList' IS NULL ELSE e = coalesce((SELECT"
                         " array_agg(i::%s ORDER BY k) FROM json_array_elements_text(v->'%sList')"
                         " WITH ORDINALITY AS u (i, k)), '{}') END",
                         name, kind->sql, name);
    }
    return formatted(memory,
                     "SELECT bool_and(%s) FROM (SELECT row_number() OVER (ORDER BY id) AS n,"
                     " \"%s%s\" AS e FROM \"Typed\") t"
                     " JOIN json_array_elements($1::json) WITH ORDINALITY AS j (v, n) USING (n)",
                     same, name, is_list ? "List" : "");
}

static void column_check(const opened *self, PGconn *connection, const typed_kind *kind,
                         bool is_list)
{
    batch memory = {0};
    const char *got = NULL;
    const char *filter = formatted(&memory, "{\"fields\":[\"%s%s\"],\"order\":[\"id\"]}",
                                   kind->name, is_list ? "List" : "");
    expect_ok(self,
              ignis_find_json(self->ctx, property_repository(self->ctx, self->source, "Typed"),
                              &ignis_policy_trusted, filter, &got),
              kind->name);
    const char *sql =
        kind->oracle ? oracle_sql(&memory, kind, is_list) : float_sql(&memory, kind, is_list);
    PGresult *result = ask(connection, sql, kind->oracle ? NULL : got);
    expect_same(kind->name, PQgetvalue(result, 0, 0), kind->oracle ? got : "t");
    PQclear(result);
    arena_free(&memory.memory);
    ignis_context_reset(self->ctx);
}

static void rows_are_the_same_at_every_level_on_postgresql(void **state)
{
    (void)state;
    if (!property_has_server()) return;
    opened o;
    open_at(&o, server_url());
    rows_check(&o);
    PGconn *connection = PQconnectdb(server_url());
    assert_int_equal(PQstatus(connection), CONNECTION_OK);
    for (size_t i = 0; i < typed_kinds_count; i++) {
        column_check(&o, connection, &typed_kinds[i], false);
        column_check(&o, connection, &typed_kinds[i], true);
    }
    PQfinish(connection);
    close_all(&o);
    server_execute("DROP TABLE \"Typed\", \"Parent\", \"Child\", \"Grandchild\"");
}

/* ---- values that SQLite does not keep ----------------------------------------------------------- */

static const struct {
    const char *column;
    typed_pair value;
} far_times[] = {
    {"date", {"\"0001-01-01 BC\"", "\"0001-01-01 BC\""}},
    {"date", {"\"4714-11-24 BC\"", "\"4714-11-24 BC\""}},
    {"date", {"\"10000-01-01\"", "\"10000-01-01\""}},
    {"date", {"\"5874897-12-31\"", "\"5874897-12-31\""}},
    {"timestamp", {"\"0044-03-15T10:20:30.5 BC\"", "\"0044-03-15T10:20:30.500 BC\""}},
    {"timestamp", {"\"294276-12-31T23:59:59.999999\"", "\"294276-12-31T23:59:59.999999\""}},
    {"timestamptz", {"\"0001-12-31T23:59:59Z BC\"", "\"0001-12-31T23:59:59.000Z BC\""}},
    {"timestamptz", {"\"9999-12-31T23:00:00-01\"", "\"10000-01-01T00:00:00.000Z\""}},
    {"timestamptz", {"\"294276-12-31T23:59:59.999999Z\"", "\"294276-12-31T23:59:59.999999Z\""}},
};

static void far_times_are_kept_by_postgresql(void **state)
{
    (void)state;
    if (!property_has_server()) return;
    opened o;
    batch memory = {0};
    open_at(&o, server_url());
    PGconn *connection = PQconnectdb(server_url());
    assert_int_equal(PQstatus(connection), CONNECTION_OK);
    for (size_t i = 0; i < ARRAY_COUNT(far_times); i++) {
        const char *column = far_times[i].column;
        const typed_pair *value = &far_times[i].value;
        create(&o, "Typed", formatted(&memory, "[{\"id\":%zu,\"%s\":%s}]", i, column, value->given),
               NULL);
        find(&o, "Typed",
             formatted(&memory, "{\"where\":{\"id\":%zu},\"fields\":[\"%s\"]}", i, column), column,
             formatted(&memory, "[{\"%s\":%s}]", column, value->shown));
    }
    for (size_t i = 0; i < typed_kinds_count; i++) {
        column_check(&o, connection, &typed_kinds[i], false);
    }
    PQfinish(connection);
    arena_free(&memory.memory);
    close_all(&o);
}

static void far_times_are_refused_by_sqlite(void **state)
{
    (void)state;
    opened o;
    batch memory = {0};
    open_at(&o, "sqlite::memory:");
    for (size_t i = 0; i < ARRAY_COUNT(far_times); i++) {
        const char *got = NULL;
        const char *rows = formatted(&memory, "[{\"id\":%zu,\"%s\":%s}]", i, far_times[i].column,
                                     far_times[i].value.given);
        ignis_code code =
            ignis_create_all_json(o.ctx, property_repository(o.ctx, o.source, "Typed"), rows, &got);
        if (code == IGNIS_OK) fail_msg("%s: taken: %s", rows, got);
        if (code != IGNIS_E_INVALID && code != IGNIS_E_UNSUPPORTED) {
            fail_msg("%s: %s", rows, ignis_code_name(code));
        }
    }
    int64_t count = -1;
    assert_int_equal(
        ignis_count_json(o.ctx, property_repository(o.ctx, o.source, "Typed"), NULL, NULL, &count),
        IGNIS_OK);
    assert_int_equal(count, 0);
    arena_free(&memory.memory);
    close_all(&o);
}

/* SQLite stores a whole number of a REAL column as an integer. */
static void the_sign_of_zero_is_kept_by_postgresql_alone(void **state)
{
    (void)state;
    static const char given[] = "[{\"id\":1,\"real\":\"-0\",\"double\":\"-0\"}]";
    static const char filter[] = "{\"fields\":[\"real\",\"double\"]}";
    opened o;
    open_at(&o, "sqlite::memory:");
    create(&o, "Typed", given, NULL);
    find(&o, "Typed", filter, "the sign of zero", "[{\"real\":0,\"double\":0}]");
    close_all(&o);
    if (!property_has_server()) return;
    open_at(&o, server_url());
    create(&o, "Typed", given, NULL);
    find(&o, "Typed", filter, "the sign of zero", "[{\"real\":-0,\"double\":-0}]");
    close_all(&o);
    server_execute("DROP TABLE \"Typed\", \"Parent\", \"Child\", \"Grandchild\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_the_same_at_every_level_on_sqlite),
        cmocka_unit_test(far_times_are_refused_by_sqlite),
        cmocka_unit_test(the_sign_of_zero_is_kept_by_postgresql_alone),
        cmocka_unit_test(rows_are_the_same_at_every_level_on_postgresql),
        cmocka_unit_test(far_times_are_kept_by_postgresql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
