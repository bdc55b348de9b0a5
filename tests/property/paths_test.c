/* JSON paths: random documents and filters give the same rows on SQLite and on PostgreSQL, in every
   way of reading them; SQLite's functions say what PostgreSQL's operators say.
   IGNIS_PROPERTY_COUNT is the number of filters. */
#include "driver/driver.h"
#include "property/paths.h"
#include "property/property.h"
#include "support/server.h"
#include "unit/driver/session.h"

#include <libpq-fe.h>

enum { ROWS_COUNT = 150 };

/* ---- filters ------------------------------------------------------------------------------------ */

typedef struct side {
    ignis_context *ctx;
    ignis_data_source *source;
} side;

static void side_open(side *self, const char *url, const char *models, const char *rows)
{
    *self = (side){.ctx = ignis_context_create()};
    assert_non_null(self->ctx);
    property_source class_ = {.url = url, .models = models, .rows = rows};
    self->source = property_open(self->ctx, &class_);
}

static void side_close(side *self)
{
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
}

/* Rows, or that the filter is refused. */
static const char *ask(ignis_context *ctx, const ignis_repository *repository, const char *filter)
{
    const char *rows = NULL;
    ignis_code code = ignis_find_json(ctx, repository, &ignis_policy_trusted, filter, &rows);
    if (code == IGNIS_OK) return rows;
    if (code != IGNIS_E_INVALID) fail_msg("%s: %s", filter, ignis_context_error(ctx)->message);
    return "invalid";
}

static void expect_same(const char *model, const char *filter, const char *sqlite,
                        const char *postgres)
{
    if (strcmp(sqlite, postgres) == 0) return;
    fail_msg("%s %s\nSQLite     %.2000s\nPostgreSQL %.2000s", model, filter, sqlite, postgres);
}

static void both_agree(const side sides[2], const char *model, const char *filter)
{
    const char *said[2];
    for (size_t i = 0; i < 2; i++) {
        said[i] =
            ask(sides[i].ctx, property_repository(sides[i].ctx, sides[i].source, model), filter);
    }
    expect_same(model, filter, said[0], said[1]);
}

/* Level by level within SERIALIZABLE, all in one statement within READ COMMITTED. */
static void a_transaction_agrees(const side sides[2], const char *filter, ignis_isolation isolation)
{
    ignis_context *tx = NULL;
    ignis_repository *repositories[2];
    for (size_t i = 0; i < 2; i++)
        repositories[i] = property_repository(sides[i].ctx, sides[i].source, "Parent");
    const char *sqlite = ask(sides[0].ctx, repositories[0], filter);
    assert_int_equal(ignis_begin(sides[1].ctx, sides[1].source, isolation, &tx), IGNIS_OK);
    expect_same("Parent", filter, sqlite, ask(tx, repositories[1], filter));
    ignis_rollback(tx);
}

static void values_of_the_context_agree(const side sides[2], paths_maker *maker)
{
    const char *given = paths_operand(maker);
    char model[16];
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(ignis_context_value_set(sides[i].ctx, "given", given), IGNIS_OK);
    for (int i = 1; i <= PATHS_KEPT; i++) {
        assert_true(snprintf(model, sizeof(model), "Kept%d", i) > 0);
        both_agree(sides, model, "{\"fields\":[\"id\"],\"order\":[\"id\"]}");
    }
}

static void filters_choose_the_same_rows_on_both_engines(void **state)
{
    (void)state;
    if (!property_has_server()) return;
    arena memory = {0};
    paths_maker maker = {.seed = property_seed(20240421), .memory = &memory};
    const char *models = paths_models(&memory);
    const char *rows = paths_rows(&maker, ROWS_COUNT);
    side sides[2];
    side_open(&sides[0], "sqlite::memory:", models, rows);
    side_open(&sides[1], server_url(), models, rows);
    uint64_t count = property_count(600);
    for (uint64_t i = 0; i < count; i++) {
        ignis_mark mark = arena_mark(&memory);
        both_agree(sides, "Doc", paths_filter(&maker));
        if (i % 10 == 0) {
            const char *nested = paths_nested(&maker);
            both_agree(sides, "Parent", nested);
            a_transaction_agrees(sides, nested, IGNIS_READ_COMMITTED);
            a_transaction_agrees(sides, nested, IGNIS_SERIALIZABLE);
            values_of_the_context_agree(sides, &maker);
        }
        ignis_context_reset(sides[0].ctx);
        ignis_context_reset(sides[1].ctx);
        arena_release(&memory, mark);
    }
    side_close(&sides[0]);
    side_close(&sides[1]);
    arena_free(&memory);
}

/* ---- functions ---------------------------------------------------------------------------------- */

static const char sqlite_sql[] = "SELECT ignis_json_text(?1, ?2), ignis_json_document(?1, ?2), "
                                 "ignis_json_number(?1, ?2)";

static const char postgres_sql[] =
    "SELECT $1::jsonb #>> $2::text[], ($1::jsonb #> $2::text[])::text, CASE WHEN "
    "jsonb_typeof($1::jsonb"
    " #> $2::text[]) IN ('number', 'string') AND $1::jsonb #>> $2::text[] ~ "
    "'^-?[0-9]+(\\.[0-9]+)?$' THEN ($1::jsonb #>> $2::text[])::numeric::text END";

static const char *postgres_say(PGconn *connection, const char *const values[2], text *out)
{
    PGresult *result = PQexecParams(connection, postgres_sql, 2, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) fail_msg("%s", PQerrorMessage(connection));
    for (int i = 0; i < 3; i++) {
        if (i > 0) text_char(out, '|');
        if (PQgetisnull(result, 0, i)) {
            text_string(out, "NULL");
        } else {
            text_format(out, "'%s'", PQgetvalue(result, 0, i));
        }
    }
    PQclear(result);
    return text_finish(out);
}

static void functions_say_what_postgresql_says(void **state)
{
    (void)state;
    if (!property_has_server()) return;
    static const ignis_value_type types[] = {{.type = IGNIS_TYPE_TEXT}, {.type = IGNIS_TYPE_TEXT}};
    arena memory = {0};
    session sqlite;
    session_open(&sqlite);
    PGconn *connection = PQconnectdb(server_url());
    assert_int_equal(PQstatus(connection), CONNECTION_OK);
    paths_maker maker = {.seed = property_seed(77), .memory = &memory};
    uint64_t count = 5 * property_count(600);
    for (uint64_t i = 0; i < count; i++) {
        text document;
        text said;
        text_init(&document, &memory, 0);
        text_init(&said, &memory, 0);
        paths_document(&maker, &document, i % 2 == 0);
        const char *const values[] = {text_finish(&document), paths_steps(&maker)};
        const ignis_cell cells[] = {cell_text(values[0]), cell_text(values[1])};
        assert_int_equal(session_run_with(&sqlite, sqlite_sql, types, cells, 2), IGNIS_OK);
        const char *expected = postgres_say(connection, values, &said);
        if (strcmp(sqlite.rows, expected) != 0) {
            fail_msg("%s at %s\nSQLite     %s\nPostgreSQL %s", values[0], values[1], sqlite.rows,
                     expected);
        }
        arena_reset(&memory);
        ignis_context_reset(sqlite.ctx);
    }
    PQfinish(connection);
    session_close(&sqlite);
    arena_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_choose_the_same_rows_on_both_engines),
        cmocka_unit_test(functions_say_what_postgresql_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
