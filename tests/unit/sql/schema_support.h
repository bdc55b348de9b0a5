/* What the tests of the schema share: models from JSON text, both engines to try statements on. */
#ifndef SCHEMA_SUPPORT_H
#define SCHEMA_SUPPORT_H

#include "sql/sql.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <pg_query.h>
#include <sqlite3.h>

typedef struct fixture {
    ignis_context *ctx;
    sqlite3 *database;
} fixture;

/* Stands for the library's own collations: a schema needs their names only. */
static inline int collate(void *unused, int a_size, const void *a, int b_size, const void *b)
{
    (void)unused;
    int order = memcmp(a, b, (size_t)(a_size < b_size ? a_size : b_size));
    return order != 0 ? order : a_size - b_size;
}

static inline int set_up(void **state)
{
    static const char *const names[] = {"IGNIS_NUMERIC", "IGNIS_JSONB", "IGNIS_ARRAY"};
    static fixture shared;
    shared.ctx = ignis_context_create();
    if (sqlite3_open(":memory:", &shared.database) != SQLITE_OK) return 1;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        sqlite3_create_collation(shared.database, names[i], SQLITE_UTF8, NULL, collate);
    }
    *state = &shared;
    return shared.ctx ? sqlite3_exec(shared.database, "PRAGMA foreign_keys=ON", NULL, NULL, NULL)
                      : 1;
}

static inline int tear_down(void **state)
{
    fixture *given = *state;
    ignis_context_free(given->ctx);
    return sqlite3_close(given->database);
}

/* ---- helpers ------------------------------------------------------------------------------------- */

static inline ignis_code build(fixture *given, const char *models_json, model_registry **registry)
{
    const ignis_model *const *models;
    size_t count;
    IGNIS_TRY(ignis_models_from_json(given->ctx, models_json, 0, &models, &count));
    return model_registry_build(given->ctx, &given->ctx->results, models, count, registry);
}

static inline model_registry *registry_of(fixture *given, const char *models_json)
{
    model_registry *registry = NULL;
    if (build(given, models_json, &registry) != IGNIS_OK) {
        fail_msg("%s", ignis_context_error(given->ctx)->message);
    }
    return registry;
}

static inline sql_script script_of(fixture *given, const char *models_json, ignis_dialect dialect)
{
    sql_script script = {0};
    model_registry *registry = registry_of(given, models_json);
    if (sql_schema_create(given->ctx, &given->ctx->results, registry, dialect, &script) !=
        IGNIS_OK) {
        fail_msg("%s", ignis_context_error(given->ctx)->message);
    }
    return script;
}

static inline const char *refusal_of(fixture *given, const char *models_json, ignis_dialect dialect,
                                     ignis_code code)
{
    sql_script script;
    model_registry *registry = registry_of(given, models_json);
    assert_int_equal(
        sql_schema_create(given->ctx, &given->ctx->results, registry, dialect, &script), code);
    return ignis_context_error(given->ctx)->message;
}

static inline const char *join(fixture *given, const sql_script *script)
{
    text out;
    text_init(&out, &given->ctx->results, 0);
    for (size_t i = 0; i < script->count; i++) {
        text_format(&out, "%s;\n", script->statements[i]);
    }
    return text_finish(&out);
}

static inline void assert_sql_parses(const char *sql)
{
    PgQueryParseResult result = pg_query_parse(sql);
    if (result.error) fail_msg("%s\n%s", result.error->message, sql);
    pg_query_free_parse_result(result);
}

static inline void assert_parses(const sql_script *script)
{
    for (size_t i = 0; i < script->count; i++) {
        assert_sql_parses(script->statements[i]);
    }
    for (size_t i = 0; i < script->probes_count; i++) {
        assert_sql_parses(script->probes[i].sql);
    }
}

static inline void run(fixture *given, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(given->database, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s\n%s", message, sql);
    }
}

/* Creates the tables in a transaction that forget takes back; what is sound passes its probe. */
static inline void create(fixture *given, const char *models_json)
{
    sql_script script = script_of(given, models_json, IGNIS_DIALECT_SQLITE);
    run(given, "BEGIN");
    for (size_t i = 0; i < script.count; i++) {
        run(given, script.statements[i]);
    }
    for (size_t i = 0; i < script.probes_count; i++) {
        run(given, script.probes[i].sql);
    }
}

static inline void forget(fixture *given)
{
    run(given, "ROLLBACK");
    ignis_context_reset(given->ctx);
}

/* All rows, fields between "|", rows between newlines. */
static inline const char *query(fixture *given, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    text out;
    text_init(&out, &given->ctx->results, 0);
    assert_int_equal(sqlite3_prepare_v2(given->database, sql, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (out.size > 0) text_char(&out, '\n');
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *field = (const char *)sqlite3_column_text(statement, i);
            if (i > 0) text_char(&out, '|');
            text_string(&out, field ? field : "NULL");
        }
    }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    return text_finish(&out);
}

#define JSON(...) #__VA_ARGS__

#endif
