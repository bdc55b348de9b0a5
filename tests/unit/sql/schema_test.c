/* schema: every statement is parsed by PostgreSQL's own parser and run by SQLite itself. */
#include "sql/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pg_query.h>
#include <sqlite3.h>

typedef struct fixture {
    ignis_context *ctx;
    sqlite3 *database;
} fixture;

/* Stands for the library's own collations: a schema needs their names only. */
static int collate(void *unused, int a_size, const void *a, int b_size, const void *b)
{
    (void)unused;
    int order = memcmp(a, b, (size_t)(a_size < b_size ? a_size : b_size));
    return order != 0 ? order : a_size - b_size;
}

static int set_up(void **state)
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

static int tear_down(void **state)
{
    fixture *given = *state;
    ignis_context_free(given->ctx);
    return sqlite3_close(given->database);
}

/* ---- helpers ------------------------------------------------------------------------------------- */

static ignis_code build(fixture *given, const char *models_json, model_registry **registry)
{
    const ignis_model *const *models;
    size_t count;
    IGNIS_TRY(ignis_models_from_json(given->ctx, models_json, 0, &models, &count));
    return model_registry_build(given->ctx, &given->ctx->results, models, count, registry);
}

static model_registry *registry_of(fixture *given, const char *models_json)
{
    model_registry *registry = NULL;
    if (build(given, models_json, &registry) != IGNIS_OK) {
        fail_msg("%s", ignis_context_error(given->ctx)->message);
    }
    return registry;
}

static sql_script script_of(fixture *given, const char *models_json, ignis_dialect dialect)
{
    sql_script script = {0};
    model_registry *registry = registry_of(given, models_json);
    if (sql_schema_create(given->ctx, &given->ctx->results, registry, dialect, &script) !=
        IGNIS_OK) {
        fail_msg("%s", ignis_context_error(given->ctx)->message);
    }
    return script;
}

static const char *refusal_of(fixture *given, const char *models_json, ignis_dialect dialect,
                              ignis_code code)
{
    sql_script script;
    model_registry *registry = registry_of(given, models_json);
    assert_int_equal(
        sql_schema_create(given->ctx, &given->ctx->results, registry, dialect, &script), code);
    return ignis_context_error(given->ctx)->message;
}

static const char *join(fixture *given, const sql_script *script)
{
    text out;
    text_init(&out, &given->ctx->results, 0);
    for (size_t i = 0; i < script->count; i++) {
        text_format(&out, "%s;\n", script->statements[i]);
    }
    return text_finish(&out);
}

static void assert_parses(const sql_script *script)
{
    for (size_t i = 0; i < script->count; i++) {
        PgQueryParseResult result = pg_query_parse(script->statements[i]);
        if (result.error) fail_msg("%s\n%s", result.error->message, script->statements[i]);
        pg_query_free_parse_result(result);
    }
}

static void run(fixture *given, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(given->database, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s\n%s", message, sql);
    }
}

/* Creates the tables in a transaction that forget takes back. */
static void create(fixture *given, const char *models_json)
{
    sql_script script = script_of(given, models_json, IGNIS_DIALECT_SQLITE);
    run(given, "BEGIN");
    for (size_t i = 0; i < script.count; i++) {
        run(given, script.statements[i]);
    }
}

static void forget(fixture *given)
{
    run(given, "ROLLBACK");
    ignis_context_reset(given->ctx);
}

/* All rows, fields between "|", rows between newlines. */
static const char *query(fixture *given, const char *sql)
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

static const char *collation_of(fixture *given, const char *table, const char *column)
{
    const char *type;
    const char *collation;
    int not_null;
    int primary_key;
    int auto_increment;
    assert_int_equal(sqlite3_table_column_metadata(given->database, NULL, table, column, &type,
                                                   &collation, &not_null, &primary_key,
                                                   &auto_increment),
                     SQLITE_OK);
    return collation;
}

#define JSON(...) #__VA_ARGS__

/* ---- types ----------------------------------------------------------------------------------------- */

static const char all_types[] = JSON({
    "models" : [ {
        "name" : "All",
        "columns" : [
            {"name" : "id", "type" : "uuid", "primaryKey" : true, "notNull" : true},
            {"name" : "boolean", "type" : "boolean", "default" : true},
            {"name" : "smallint", "type" : "smallint", "default" : -7},
            {"name" : "integer", "type" : "integer", "notNull" : true, "default" : 0},
            {"name" : "bigint", "type" : "bigint", "default" : -9223372036854775808},
            {"name" : "real", "type" : "real", "default" : 0.1},
            {"name" : "double", "type" : "double precision", "default" : 0.1},
            {"name" : "numeric", "type" : "numeric", "default" : 12345678901234567890.5},
            {"name" : "price", "type" : "numeric", "precision" : 10, "scale" : 2, "default" : 1.5},
            {"name" : "whole", "type" : "numeric", "precision" : 10},
            {"name" : "text", "type" : "text", "default" : "it's"},
            {"name" : "varchar", "type" : "varchar", "length" : 20, "default" : "a  "},
            {"name" : "any", "type" : "varchar"},
            {"name" : "uuid", "type" : "uuid", "default" : "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"},
            {"name" : "bytea", "type" : "bytea", "default" : "AP8Q"},
            {"name" : "date", "type" : "date", "default" : "2024-03-10"},
            {"name" : "timestamp", "type" : "timestamp", "default" : "2024-03-10 10:20:30.5"},
            {"name" : "timestamptz", "type" : "timestamptz", "default" : "2024-03-10T10:20:30+02"},
            {"name" : "json", "type" : "json", "default" : [ 1, "b" ]},
            {"name" : "jsonb", "type" : "jsonb", "default" : {"bb" : 1, "a" : 2}},
            {"name" : "other", "type" : "other", "cast" : "point", "default" : "(1,2)"},
            {"name" : "texts", "type" : "text", "array" : true, "default" : [ "a", "b'c" ]},
            {"name" : "codes", "type" : "varchar", "length" : 5, "array" : true},
            {"name" : "numbers", "type" : "numeric", "precision" : 5, "scale" : 1, "array" : true},
            {"name" : "none", "type" : "text", "default" : null}
        ]
    } ]
});

static void postgres_columns_have_their_sql_types(void **state)
{
    fixture *given = *state;
    sql_script script = script_of(given, all_types, IGNIS_DIALECT_POSTGRES);
    assert_int_equal(script.count, 1);
    assert_parses(&script);
    assert_string_equal(
        script.statements[0],
        "CREATE TABLE \"All\" (\n"
        "  \"id\" uuid NOT NULL PRIMARY KEY,\n"
        "  \"boolean\" boolean DEFAULT true,\n"
        "  \"smallint\" smallint DEFAULT -7,\n"
        "  \"integer\" integer DEFAULT 0 NOT NULL,\n"
        "  \"bigint\" bigint DEFAULT -9223372036854775808,\n"
        "  \"real\" real DEFAULT '0.1'::real,\n"
        "  \"double\" double precision DEFAULT '0.1'::double precision,\n"
        "  \"numeric\" numeric DEFAULT 12345678901234567890.5,\n"
        "  \"price\" numeric(10,2) DEFAULT 1.50,\n"
        "  \"whole\" numeric(10),\n"
        "  \"text\" text DEFAULT 'it''s',\n"
        "  \"varchar\" varchar(20) DEFAULT 'a  ',\n"
        "  \"any\" varchar,\n"
        "  \"uuid\" uuid DEFAULT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid,\n"
        "  \"bytea\" bytea DEFAULT '\\x00ff10'::bytea,\n"
        "  \"date\" date DEFAULT '2024-03-10'::date,\n"
        "  \"timestamp\" timestamp DEFAULT '2024-03-10T10:20:30.500'::timestamp,\n"
        "  \"timestamptz\" timestamptz DEFAULT '2024-03-10T08:20:30.000Z'::timestamptz,\n"
        "  \"json\" json DEFAULT '[1, \"b\"]'::json,\n"
        "  \"jsonb\" jsonb DEFAULT '{\"a\": 2, \"bb\": 1}'::jsonb,\n"
        "  \"other\" point DEFAULT '(1,2)'::point,\n"
        "  \"texts\" text[] DEFAULT ARRAY['a', 'b''c']::text[],\n"
        "  \"codes\" varchar(5)[],\n"
        "  \"numbers\" numeric(5,1)[],\n"
        "  \"none\" text\n"
        ")");
    ignis_context_reset(given->ctx);
}

static void sqlite_columns_have_storage_types(void **state)
{
    fixture *given = *state;
    create(given, all_types);
    assert_string_equal(query(given, "SELECT name, type, \"notnull\", pk FROM "
                                     "pragma_table_info('All')"),
                        "id|TEXT|1|1\nboolean|INTEGER|0|0\nsmallint|INTEGER|0|0\n"
                        "integer|INTEGER|1|0\nbigint|INTEGER|0|0\nreal|REAL|0|0\n"
                        "double|REAL|0|0\nnumeric|TEXT|0|0\nprice|TEXT|0|0\nwhole|TEXT|0|0\n"
                        "text|TEXT|0|0\nvarchar|TEXT|0|0\nany|TEXT|0|0\nuuid|TEXT|0|0\n"
                        "bytea|BLOB|0|0\ndate|TEXT|0|0\ntimestamp|TEXT|0|0\n"
                        "timestamptz|TEXT|0|0\njson|TEXT|0|0\njsonb|TEXT|0|0\nother|TEXT|0|0\n"
                        "texts|TEXT|0|0\ncodes|TEXT|0|0\nnumbers|TEXT|0|0\nnone|TEXT|0|0");
    assert_string_equal(collation_of(given, "All", "numeric"), "IGNIS_NUMERIC");
    assert_string_equal(collation_of(given, "All", "price"), "IGNIS_NUMERIC");
    assert_string_equal(collation_of(given, "All", "json"), "IGNIS_JSONB");
    assert_string_equal(collation_of(given, "All", "jsonb"), "IGNIS_JSONB");
    assert_string_equal(collation_of(given, "All", "texts"), "IGNIS_ARRAY");
    assert_string_equal(collation_of(given, "All", "numbers"), "IGNIS_ARRAY");
    assert_string_equal(collation_of(given, "All", "text"), "BINARY");
    forget(given);
}

static void sqlite_defaults_have_the_form_that_is_stored(void **state)
{
    fixture *given = *state;
    create(given, all_types);
    run(given, "INSERT INTO \"All\" (id) VALUES ('a')");
    assert_string_equal(
        query(given, "SELECT boolean, smallint, \"integer\", bigint, numeric, price, text, "
                     "varchar || '.', uuid, hex(bytea), date, timestamp, timestamptz, json, jsonb, "
                     "other, texts, none FROM \"All\""),
        "1|-7|0|-9223372036854775808|12345678901234567890.5|1.50|it's|a  .|"
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|00FF10|2024-03-10|2024-03-10T10:20:30.500000|"
        "2024-03-10T08:20:30.000000Z|[1, \"b\"]|{\"a\": 2, \"bb\": 1}|(1,2)|[\"a\",\"b'c\"]|NULL");
    assert_string_equal(query(given, "SELECT typeof(boolean), typeof(real), typeof(numeric), "
                                     "typeof(bytea), typeof(jsonb) FROM \"All\""),
                        "integer|real|text|blob|text");
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(given->database, "SELECT real, double FROM \"All\"", -1, &statement, NULL);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_true(sqlite3_column_double(statement, 0) == (double)0.1f);
    assert_true(sqlite3_column_double(statement, 1) == 0.1);
    sqlite3_finalize(statement);
    forget(given);
}

static const char moments[] = JSON({
    "models" : [ {
        "name" : "Moment",
        "columns" : [
            {
                "name" : "id",
                "type" : "uuid",
                "primaryKey" : true,
                "default" : {"sql" : "gen_random_uuid()"}
            },
            {"name" : "a", "type" : "timestamptz", "default" : {"sql" : " Now() "}},
            {"name" : "b", "type" : "timestamp", "default" : {"sql" : "LOCALTIMESTAMP"}},
            {"name" : "c", "type" : "date", "default" : {"sql" : "current_date"}},
            {"name" : "d", "type" : "date", "default" : {"sql" : "current_timestamp"}},
            {"name" : "e", "type" : "timestamptz", "default" : {"sql" : "CURRENT_DATE"}},
            {"name" : "f", "type" : "text", "default" : {"sql" : "upper('now()')"}},
            {"name" : "g", "type" : "integer", "default" : {"sql" : "1 + 1"}}
        ]
    } ]
});

static void sqlite_translates_the_clock_and_uuids(void **state)
{
    static const char second[] = "[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]000";
    fixture *given = *state;
    text sql;
    create(given, moments);
    run(given, "INSERT INTO Moment DEFAULT VALUES");
    run(given, "INSERT INTO Moment DEFAULT VALUES");
    text_init(&sql, &given->ctx->results, 0);
    text_format(&sql,
                "SELECT DISTINCT a GLOB date('now') || 'T%sZ', b GLOB date('now') || 'T%s', "
                "c = date('now'), d = date('now'), e = date('now') || 'T00:00:00.000000Z', f, g, "
                "length(id), id GLOB '*-4[^-]*-[89ab]*-*', id = lower(id) FROM Moment",
                second, second);
    assert_string_equal(query(given, text_finish(&sql)), "1|1|1|1|1|NOW()|2|36|1|1");
    assert_string_equal(query(given, "SELECT count(DISTINCT id) FROM Moment"), "2");
    forget(given);
}

static void postgres_takes_default_expressions_as_they_are(void **state)
{
    fixture *given = *state;
    sql_script script = script_of(given, moments, IGNIS_DIALECT_POSTGRES);
    assert_parses(&script);
    assert_non_null(strstr(script.statements[0], "\"id\" uuid DEFAULT (gen_random_uuid()) NOT NULL "
                                                 "PRIMARY KEY"));
    assert_non_null(strstr(script.statements[0], "\"a\" timestamptz DEFAULT (Now())"));
    assert_non_null(strstr(script.statements[0], "\"f\" text DEFAULT (upper('now()'))"));
    ignis_context_reset(given->ctx);
}

static void sqlite_refuses_a_default_outside_its_years(void **state)
{
    static const char *const models[] = {
        JSON({
            "models" : [ {
                "name" : "A",
                "columns" : [ {"name" : "at", "type" : "date", "default" : "10000-01-01"} ]
            } ]
        }),
        JSON({
            "models" : [ {
                "name" : "A",
                "columns" : [ {"name" : "at", "type" : "timestamptz", "default" : "0044-03-15 BC"} ]
            } ]
        }),
        JSON({
            "models" : [ {
                "name" : "A",
                "columns" : [ {
                    "name" : "at",
                    "type" : "timestamp",
                    "array" : true,
                    "default" : [ "2024-01-01", "10000-01-01" ]
                } ]
            } ]
        }),
    };
    fixture *given = *state;
    for (size_t i = 0; i < ARRAY_COUNT(models); i++) {
        sql_script script = script_of(given, models[i], IGNIS_DIALECT_POSTGRES);
        assert_parses(&script);
        assert_string_equal(refusal_of(given, models[i], IGNIS_DIALECT_SQLITE, IGNIS_E_UNSUPPORTED),
                            "A.at: SQLite keeps years 0001 to 9999; the default is outside");
    }
    create(
        given, JSON({
            "models" : [ {
                "name" : "A",
                "columns" : [
                    {"name" : "a", "type" : "date", "default" : "0001-01-01"},
                    {"name" : "b", "type" : "date", "default" : "9999-12-31"},
                    {"name" : "c", "type" : "timestamp", "default" : "9999-12-31T23:59:59.999999"},
                    {"name" : "d", "type" : "timestamp", "default" : "-infinity"}
                ]
            } ]
        }));
    run(given, "INSERT INTO A DEFAULT VALUES");
    assert_string_equal(query(given, "SELECT * FROM A"),
                        "0001-01-01|9999-12-31|9999-12-31T23:59:59.999999|-infinity");
    forget(given);
}

/* ---- keys ------------------------------------------------------------------------------------------ */

static void a_sqlite_integer_key_is_the_row_number(void **state)
{
    fixture *given = *state;
    create(
        given, JSON({
            "models" : [
                {
                    "name" : "Plain",
                    "columns" : [
                        {"name" : "id", "type" : "smallint", "primaryKey" : true, "notNull" : true}
                    ]
                },
                {
                    "name" : "Counted",
                    "columns" : [
                        {
                            "name" : "id",
                            "type" : "bigint",
                            "primaryKey" : true,
                            "identity" : "always"
                        },
                        {"name" : "n", "type" : "text"}
                    ]
                }
            ]
        }));
    run(given, "INSERT INTO Plain VALUES (42)");
    assert_string_equal(query(given, "SELECT rowid FROM Plain"), "42");
    assert_string_equal(query(given, "SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master "
                                     "WHERE name IN ('Plain', 'Counted') ORDER BY name"),
                        "1\n0");
    run(given, "INSERT INTO Counted VALUES (7, 'a')");
    run(given, "DELETE FROM Counted");
    run(given, "INSERT INTO Counted (n) VALUES ('b')");
    assert_string_equal(query(given, "SELECT rowid, id, n FROM Counted"), "8|8|b");
    forget(given);
}

static void a_sqlite_key_with_a_default_takes_it(void **state)
{
    fixture *given = *state;
    create(
        given, JSON({
            "models" : [
                {
                    "name" : "One",
                    "columns" :
                        [ {"name" : "id", "type" : "integer", "primaryKey" : true, "default" : 5} ]
                },
                {
                    "name" : "Flag",
                    "columns" : [ {"name" : "id", "type" : "boolean", "primaryKey" : true} ]
                }
            ]
        }));
    run(given, "INSERT INTO One DEFAULT VALUES");
    assert_string_equal(query(given, "SELECT id FROM One"), "5");
    assert_int_equal(
        sqlite3_exec(given->database, "INSERT INTO Flag VALUES (NULL)", NULL, NULL, NULL),
        SQLITE_CONSTRAINT);
    forget(given);
}

static void a_composite_key_keeps_its_order_and_refuses_null(void **state)
{
    static const char models[] = JSON({
        "models" : [ {
            "name" : "Pair",
            "columns" : [
                {"name" : "a", "type" : "text", "primaryKey" : true},
                {"name" : "b", "type" : "integer", "primaryKey" : true}
            ]
        } ]
    });
    fixture *given = *state;
    sql_script script = script_of(given, models, IGNIS_DIALECT_POSTGRES);
    assert_parses(&script);
    assert_string_equal(script.statements[0], "CREATE TABLE \"Pair\" (\n"
                                              "  \"a\" text NOT NULL,\n"
                                              "  \"b\" integer NOT NULL,\n"
                                              "  PRIMARY KEY (\"a\", \"b\")\n"
                                              ")");
    create(given, models);
    assert_string_equal(query(given, "SELECT name, \"notnull\", pk FROM pragma_table_info('Pair')"),
                        "a|1|1\nb|1|2");
    forget(given);
}

static void postgres_identity_is_always_or_by_default(void **state)
{
    fixture *given = *state;
    sql_script script = script_of(
        given, JSON({
            "models" : [ {
                "name" : "A",
                "columns" : [
                    {"name" : "id", "type" : "integer", "primaryKey" : true, "identity" : "always"},
                    {"name" : "no", "type" : "bigint", "notNull" : true, "identity" : "byDefault"}
                ]
            } ]
        }),
        IGNIS_DIALECT_POSTGRES);
    assert_parses(&script);
    assert_string_equal(script.statements[0],
                        "CREATE TABLE \"A\" (\n"
                        "  \"id\" integer GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY,\n"
                        "  \"no\" bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL\n"
                        ")");
    ignis_context_reset(given->ctx);
}

static void sqlite_refuses_identity_outside_a_sole_key(void **state)
{
    static const char *const models[] = {
        JSON({
            "models" : [ {
                "name" : "A",
                "columns" : [
                    {"name" : "id", "type" : "text", "primaryKey" : true},
                    {"name" : "no", "type" : "integer", "identity" : "always"}
                ]
            } ]
        }),
        JSON({
            "models" : [ {
                "name" : "A",
                "columns" : [
                    {"name" : "id", "type" : "text", "primaryKey" : true}, {
                        "name" : "no",
                        "type" : "integer",
                        "primaryKey" : true,
                        "identity" : "byDefault"
                    }
                ]
            } ]
        }),
    };
    fixture *given = *state;
    for (size_t i = 0; i < ARRAY_COUNT(models); i++) {
        assert_string_equal(
            refusal_of(given, models[i], IGNIS_DIALECT_SQLITE, IGNIS_E_UNSUPPORTED),
            "A.no: SQLite has identity only in an integer primary key of one column");
    }
    ignis_context_reset(given->ctx);
}

/* ---- constraints and order --------------------------------------------------------------------------- */

static const char constrained[] = JSON({
    "models" : [
        {
            "name" : "Child",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "a", "column" : "a_col", "type" : "text"},
                {"name" : "b", "column" : "b_col", "type" : "integer"},
                {"name" : "parentId", "column" : "parent_id", "type" : "integer"}
            ],
            "uniques" : [ {"name" : "UQ_Child", "columns" : [ "a", "b" ]} ],
            "indexes" : [
                {"name" : "IDX_b", "columns" : ["b"]},
                {"name" : "IDX_ab", "columns" : [ "b", "a" ], "unique" : true}
            ],
            "checks" : [ {"name" : "CK_b", "sql" : "b_col > 0"} ],
            "foreignKeys" : [
                {
                    "name" : "FK_ab",
                    "columns" : [ "a", "b" ],
                    "onDelete" : "cascade",
                    "onUpdate" : "set null",
                    "references" : {"model" : "Parent", "columns" : [ "a", "b" ]}
                },
                {
                    "name" : "FK_parent",
                    "columns" : ["parentId"],
                    "onDelete" : "restrict",
                    "onUpdate" : "set default",
                    "deferrable" : "deferred",
                    "references" : {"model" : "Parent", "columns" : ["id"]}
                },
                {
                    "name" : "FK_self",
                    "columns" : ["parentId"],
                    "deferrable" : "immediate",
                    "references" : {"model" : "Child", "columns" : ["id"]}
                }
            ]
        },
        {
            "name" : "Parent",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "a", "type" : "text"}, {"name" : "b", "type" : "integer"}
            ],
            "indexes" : [ {"name" : "IDX_Parent", "columns" : [ "a", "b" ], "unique" : true} ]
        }
    ]
});

static void postgres_constraints_are_named_and_whole(void **state)
{
    fixture *given = *state;
    sql_script script = script_of(given, constrained, IGNIS_DIALECT_POSTGRES);
    assert_parses(&script);
    assert_string_equal(
        join(given, &script),
        "CREATE TABLE \"Parent\" (\n"
        "  \"id\" integer NOT NULL PRIMARY KEY,\n"
        "  \"a\" text,\n"
        "  \"b\" integer\n"
        ");\n"
        "CREATE UNIQUE INDEX \"IDX_Parent\" ON \"Parent\" (\"a\", \"b\");\n"
        "CREATE TABLE \"Child\" (\n"
        "  \"id\" integer NOT NULL PRIMARY KEY,\n"
        "  \"a_col\" text,\n"
        "  \"b_col\" integer,\n"
        "  \"parent_id\" integer,\n"
        "  CONSTRAINT \"UQ_Child\" UNIQUE (\"a_col\", \"b_col\"),\n"
        "  CONSTRAINT \"FK_ab\" FOREIGN KEY (\"a_col\", \"b_col\") REFERENCES \"Parent\" (\"a\", "
        "\"b\") ON DELETE CASCADE ON UPDATE SET NULL,\n"
        "  CONSTRAINT \"FK_parent\" FOREIGN KEY (\"parent_id\") REFERENCES \"Parent\" (\"id\") ON "
        "DELETE RESTRICT ON UPDATE SET DEFAULT DEFERRABLE INITIALLY DEFERRED,\n"
        "  CONSTRAINT \"FK_self\" FOREIGN KEY (\"parent_id\") REFERENCES \"Child\" (\"id\") "
        "DEFERRABLE INITIALLY IMMEDIATE,\n"
        "  CONSTRAINT \"CK_b\" CHECK (b_col > 0)\n"
        ");\n"
        "CREATE INDEX \"IDX_b\" ON \"Child\" (\"b_col\");\n"
        "CREATE UNIQUE INDEX \"IDX_ab\" ON \"Child\" (\"b_col\", \"a_col\");\n");
    ignis_context_reset(given->ctx);
}

static void sqlite_knows_the_keys_and_indexes(void **state)
{
    fixture *given = *state;
    create(given, constrained);
    assert_string_equal(
        query(given, "SELECT \"table\", \"from\", \"to\", on_update, on_delete FROM "
                     "pragma_foreign_key_list('Child') ORDER BY id DESC, seq"),
        "Parent|a_col|a|SET NULL|CASCADE\nParent|b_col|b|SET NULL|CASCADE\n"
        "Parent|parent_id|id|SET DEFAULT|RESTRICT\nChild|parent_id|id|NO ACTION|NO ACTION");
    assert_string_equal(query(given, "SELECT name, \"unique\" FROM pragma_index_list('Child') "
                                     "WHERE origin = 'c' ORDER BY name"),
                        "IDX_ab|1\nIDX_b|0");
    assert_string_equal(query(given, "SELECT \"unique\" FROM pragma_index_list('Child') "
                                     "WHERE origin = 'u'"),
                        "1");
    assert_int_equal(sqlite3_exec(given->database, "INSERT INTO Child (id, b_col) VALUES (1, 0)",
                                  NULL, NULL, NULL),
                     SQLITE_CONSTRAINT);
    forget(given);
}

static void a_deferred_key_is_checked_at_commit_only(void **state)
{
    fixture *given = *state;
    create(given, constrained);
    run(given, "INSERT INTO Child (id, parent_id) VALUES (1, 1)");
    assert_int_equal(sqlite3_exec(given->database, "COMMIT", NULL, NULL, NULL), SQLITE_CONSTRAINT);
    forget(given);
}

/* Models that have nothing but an id and foreign keys: "A:B,C D E:A". */
static const char *chain(fixture *given, const char *graph)
{
    text out;
    text_init(&out, &given->ctx->results, 0);
    text_string(&out, "{\"models\":[");
    for (const char *at = graph; *at;) {
        char name = *at++;
        text_format(&out,
                    "%s{\"name\":\"%c\",\"columns\":[{\"name\":\"id\",\"type\":\"integer\","
                    "\"primaryKey\":true}],\"foreignKeys\":[",
                    at - 1 == graph ? "" : ",", name);
        for (bool first = true; *at == ':' || *at == ','; at += 2, first = false) {
            text_format(&out,
                        "%s{\"name\":\"%c%c\",\"columns\":[\"id\"],\"references\":{"
                        "\"model\":\"%c\",\"columns\":[\"id\"]}}",
                        first ? "" : ",", name, at[1], at[1]);
        }
        text_string(&out, "]}");
        while (*at == ' ') {
            at++;
        }
    }
    text_string(&out, "]}");
    return text_finish(&out);
}

/* "A B C +BA": tables in order, then the foreign keys added afterwards. */
static const char *summary(fixture *given, const sql_script *script)
{
    text out;
    text_init(&out, &given->ctx->results, 0);
    for (size_t i = 0; i < script->count; i++) {
        const char *sql = script->statements[i];
        const char *name = strstr(sql, "ADD CONSTRAINT \"");
        if (i > 0) text_char(&out, ' ');
        if (name) {
            text_format(&out, "+%.2s", name + strlen("ADD CONSTRAINT \""));
        } else {
            text_format(&out, "%.1s", sql + strlen("CREATE TABLE \""));
        }
    }
    return text_finish(&out);
}

static void tables_follow_what_they_point_at(void **state)
{
    static const struct {
        const char *graph;
        const char *postgres;
    } cases[] = {
        {"A B C", "A B C"},
        {"A:B B:C C", "C B A"},
        {"A C:B B D:A", "A B C D"},
        {"A:A B", "A B"},
        {"A:B B:A", "B A +BA"},
        {"A:B B:C C:B", "C B A +CB"},
        {"A:B,C B:A C:A", "B C A +BA +CA"},
        {"A:B,C B:D C:D D:A", "D B C A +DA"},
    };
    fixture *given = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *models = chain(given, cases[i].graph);
        sql_script script = script_of(given, models, IGNIS_DIALECT_POSTGRES);
        assert_parses(&script);
        assert_string_equal(summary(given, &script), cases[i].postgres);
        create(given, models);
        assert_null(strstr(join(given, &script), "ALTER TABLE \"A\""));
        forget(given);
    }
}

static void a_self_reference_to_a_unique_index_waits_for_it(void **state)
{
    static const char models[] = JSON({
        "models" : [ {
            "name" : "Node",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "code", "type" : "text"}, {"name" : "up", "type" : "text"}
            ],
            "indexes" : [ {"name" : "IDX_code", "columns" : ["code"], "unique" : true} ],
            "foreignKeys" : [ {
                "name" : "FK_up",
                "columns" : ["up"],
                "references" : {"model" : "Node", "columns" : ["code"]}
            } ]
        } ]
    });
    fixture *given = *state;
    sql_script script = script_of(given, models, IGNIS_DIALECT_POSTGRES);
    assert_parses(&script);
    assert_int_equal(script.count, 3);
    assert_string_equal(script.statements[2],
                        "ALTER TABLE \"Node\" ADD CONSTRAINT \"FK_up\" FOREIGN KEY (\"up\") "
                        "REFERENCES \"Node\" (\"code\")");
    create(given, models);
    run(given, "INSERT INTO Node VALUES (1, 'a', 'a')");
    forget(given);
}

static void views_and_skipped_models_are_left_out_but_pointed_at(void **state)
{
    static const char models[] = JSON({
        "models" : [
            {"name" : "V", "type" : "view", "columns" : [ {"name" : "id", "type" : "integer"} ]}, {
                "name" : "S",
                "settings" : {"skipMigrate" : true},
                "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
                "foreignKeys" :
                    [ {"columns" : ["id"], "references" : {"model" : "T", "columns" : ["id"]}} ]
            },
            {
                "name" : "T",
                "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
                "foreignKeys" : [ {
                    "name" : "FK",
                    "columns" : ["id"],
                    "references" : {"model" : "S", "columns" : ["id"]}
                } ]
            }
        ]
    });
    fixture *given = *state;
    for (int dialect = IGNIS_DIALECT_SQLITE; dialect <= IGNIS_DIALECT_POSTGRES; dialect++) {
        sql_script script = script_of(given, models, (ignis_dialect)dialect);
        assert_int_equal(script.count, 1);
        assert_non_null(strstr(script.statements[0], "CREATE TABLE \"T\""));
        assert_non_null(strstr(script.statements[0], "CONSTRAINT \"FK\" FOREIGN KEY (\"id\") "
                                                     "REFERENCES \"S\" (\"id\")"));
    }
    ignis_context_reset(given->ctx);
}

static void no_models_make_an_empty_script(void **state)
{
    fixture *given = *state;
    model_registry empty = {0};
    sql_script script = {.count = 9};
    assert_int_equal(sql_schema_create(given->ctx, &given->ctx->results, &empty,
                                       IGNIS_DIALECT_POSTGRES, &script),
                     IGNIS_OK);
    assert_int_equal(script.count, 0);
}

/* ---- names ----------------------------------------------------------------------------------------- */

static void schemas_are_created_once_or_join_the_name(void **state)
{
    static const char models[] = JSON({
        "models" : [
            {
                "name" : "A",
                "schema" : "sales",
                "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
                "indexes" : [ {"name" : "IDX", "columns" : ["id"]} ]
            },
            {
                "name" : "B",
                "schema" : "sales",
                "columns" : [ {"name" : "id", "type" : "integer"} ],
                "foreignKeys" : [ {
                    "name" : "FK",
                    "columns" : ["id"],
                    "references" : {"model" : "A", "columns" : ["id"]}
                } ]
            },
            {
                "name" : "C",
                "table" : "A",
                "schema" : "other",
                "columns" : [ {"name" : "id", "type" : "integer"} ]
            }
        ]
    });
    fixture *given = *state;
    sql_script script = script_of(given, models, IGNIS_DIALECT_POSTGRES);
    assert_parses(&script);
    assert_int_equal(script.count, 6);
    assert_string_equal(script.statements[0], "CREATE SCHEMA IF NOT EXISTS \"sales\"");
    assert_string_equal(script.statements[1], "CREATE SCHEMA IF NOT EXISTS \"other\"");
    assert_string_equal(script.statements[3], "CREATE INDEX \"IDX\" ON \"sales\".\"A\" (\"id\")");
    create(given, models);
    assert_string_equal(query(given, "SELECT name FROM sqlite_master WHERE type = 'table' "
                                     "ORDER BY name"),
                        "other.A\nsales.A\nsales.B");
    assert_string_equal(query(given, "SELECT \"table\" FROM pragma_foreign_key_list('sales.B')"),
                        "sales.A");
    forget(given);
}

static void odd_names_are_quoted_everywhere(void **state)
{
    static const char models[] = JSON({
        "models" : [ {
            "name" : "A",
            "table" : "select \"a\"; --",
            "columns" :
                [ {"name" : "id", "column" : "i\"d", "type" : "integer", "primaryKey" : true} ],
            "uniques" : [ {"name" : "u\"q", "columns" : ["id"]} ],
            "indexes" : [ {"name" : "i\"x", "columns" : ["id"]} ],
            "foreignKeys" : [ {
                "name" : "f\"k",
                "columns" : ["id"],
                "references" : {"model" : "A", "columns" : ["id"]}
            } ]
        } ]
    });
    fixture *given = *state;
    sql_script script = script_of(given, models, IGNIS_DIALECT_POSTGRES);
    assert_parses(&script);
    create(given, models);
    assert_string_equal(query(given, "SELECT name FROM sqlite_master WHERE type = 'table'"),
                        "select \"a\"; --");
    forget(given);
}

#define MODEL(name, table, extra)                                                            \
    "{\"name\":\"" name "\",\"table\":\"" table "\",\"columns\":[{\"name\":\"id\",\"type\":" \
    "\"integer\"}]," extra "}"
#define INDEX(name)  "\"indexes\":[{\"name\":\"" name "\",\"columns\":[\"id\"]}]"
#define UNIQUE(name) "\"uniques\":[{\"name\":\"" name "\",\"columns\":[\"id\"]}]"
#define MODELS(a, b) "{\"models\":[" a "," b "]}"
#define NONE         "\"relations\":[]"
#define LONG_NAME    "n23456789012345678901234567890123456789012345678901234567890123"
#define CLASH(name)  "A and B both use the name \"" name "\" for a table or an index"

static void names_that_cannot_live_together_are_refused(void **state)
{
    static const struct {
        const char *models;
        const char *sqlite;   /* NULL: fine */
        const char *postgres; /* NULL: fine */
    } cases[] = {
        {MODELS(MODEL("A", "a", INDEX("IDX")), MODEL("B", "b", INDEX("IDX"))), CLASH("IDX"),
         CLASH("IDX")},
        {MODELS(MODEL("A", "a", INDEX("IDX")), MODEL("B", "b", INDEX("idx"))), CLASH("idx"), NULL},
        {MODELS(MODEL("A", "t", NONE), MODEL("B", "T", NONE)), CLASH("T"), NULL},
        {MODELS(MODEL("A", "a", NONE), MODEL("B", "b", INDEX("a"))), CLASH("a"), CLASH("a")},
        {MODELS(MODEL("A", "a", UNIQUE("UQ")), MODEL("B", "b", UNIQUE("UQ"))), NULL, CLASH("UQ")},
        {MODELS(MODEL("A", "a", INDEX(LONG_NAME "a")), MODEL("B", "b", INDEX(LONG_NAME "b"))), NULL,
         CLASH(LONG_NAME "b")},
        {MODELS(MODEL("A", "a", "\"schema\":\"s\"," INDEX("IDX")), MODEL("B", "b", INDEX("IDX"))),
         CLASH("IDX"), NULL},
        {MODELS(MODEL("A", "a", "\"schema\":\"s\"," NONE), MODEL("B", "s.a", NONE)), CLASH("s.a"),
         NULL},
        {MODELS(MODEL("A", "a", INDEX("IDX")),
                MODEL("B", "b", INDEX("IDX") ",\"settings\":{\"skipMigrate\":true}")),
         NULL, NULL},
    };
    fixture *given = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        for (int dialect = IGNIS_DIALECT_SQLITE; dialect <= IGNIS_DIALECT_POSTGRES; dialect++) {
            bool is_sqlite = dialect == IGNIS_DIALECT_SQLITE;
            const char *message = is_sqlite ? cases[i].sqlite : cases[i].postgres;
            if (message) {
                assert_string_equal(
                    refusal_of(given, cases[i].models, (ignis_dialect)dialect, IGNIS_E_INVALID),
                    message);
            } else {
                script_of(given, cases[i].models, (ignis_dialect)dialect);
            }
        }
        if (!cases[i].sqlite) {
            create(given, cases[i].models);
            forget(given);
        }
    }
    ignis_context_reset(given->ctx);
}

/* ---- memory ---------------------------------------------------------------------------------------- */

static void every_allocation_may_fail(void **state)
{
    static const char *const models[] = {all_types, constrained};
    fixture *given = *state;
    for (size_t i = 0; i < 2 * ARRAY_COUNT(models); i++) {
        model_registry *registry = registry_of(given, models[i / 2]);
        ignis_dialect dialect = i % 2 ? IGNIS_DIALECT_POSTGRES : IGNIS_DIALECT_SQLITE;
        ignis_code code = IGNIS_E_MEMORY;
        uint64_t n = 0;
        while (code != IGNIS_OK) {
            arena memory = {0};
            sql_script script;
            arena_fault_at(++n);
            code = sql_schema_create(given->ctx, &memory, registry, dialect, &script);
            arena_fault_at(0);
            arena_free(&memory);
            assert_true(code == IGNIS_OK || code == IGNIS_E_MEMORY);
        }
        assert_true(n > 5);
        ignis_context_reset(given->ctx);
    }
}

/* ---- the shared models ------------------------------------------------------------------------------- */

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("no file %s", path);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long end = ftell(file);
    assert_true(end > 0);
    rewind(file);
    char *data = test_malloc((size_t)end + 1);
    *size = fread(data, 1, (size_t)end, file);
    data[*size] = '\0';
    fclose(file);
    return data;
}

static void assert_columns_match(fixture *given, const model_entity *entity)
{
    text sql;
    text expected;
    text_init(&sql, &given->ctx->results, 0);
    text_init(&expected, &given->ctx->results, 0);
    text_format(&sql, "SELECT name, \"notnull\" FROM pragma_table_info('%s')", entity->table);
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        text_format(&expected, "%s%s|%d", i > 0 ? "\n" : "", column->column,
                    column->not_null || column->primary_key);
    }
    assert_string_equal(query(given, text_finish(&sql)), text_finish(&expected));
}

static void the_shared_models_become_tables_on_both_engines(void **state)
{
    static const char *const files[] = {"conformance/fixtures/blog.models.json",
                                        "conformance/fixtures/commerce.models.json",
                                        "conformance/fixtures/composite.models.json",
                                        "conformance/fixtures/configuration.models.json",
                                        "conformance/fixtures/defaults.models.json",
                                        "data/chinook/chinook.models.json"};
    fixture *given = *state;
    for (size_t i = 0; i < ARRAY_COUNT(files); i++) {
        char path[512];
        size_t size;
        snprintf(path, sizeof(path), "%s/%s", getenv("IGNIS_SHARED"), files[i]);
        char *models = read_file(path, &size);
        sql_script script = script_of(given, models, IGNIS_DIALECT_POSTGRES);
        assert_parses(&script);
        model_registry *registry = registry_of(given, models);
        create(given, models);
        for (size_t j = 0; j < registry->entities_count; j++) {
            if (schema_is_created(&registry->entities[j])) {
                assert_columns_match(given, &registry->entities[j]);
            }
        }
        assert_string_equal(query(given, "PRAGMA foreign_key_check"), "");
        forget(given);
        test_free(models);
    }
}

static bool has_shared_folder(void)
{
    const char *shared = getenv("IGNIS_SHARED");
    char path[512];
    if (!shared || !*shared) return false;
    snprintf(path, sizeof(path), "%s/data/chinook/chinook.models.json", shared);
    FILE *file = fopen(path, "rb");
    if (file) fclose(file);
    return file != NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(postgres_columns_have_their_sql_types),
        cmocka_unit_test(sqlite_columns_have_storage_types),
        cmocka_unit_test(sqlite_defaults_have_the_form_that_is_stored),
        cmocka_unit_test(sqlite_translates_the_clock_and_uuids),
        cmocka_unit_test(postgres_takes_default_expressions_as_they_are),
        cmocka_unit_test(sqlite_refuses_a_default_outside_its_years),
        cmocka_unit_test(a_sqlite_integer_key_is_the_row_number),
        cmocka_unit_test(a_sqlite_key_with_a_default_takes_it),
        cmocka_unit_test(a_composite_key_keeps_its_order_and_refuses_null),
        cmocka_unit_test(postgres_identity_is_always_or_by_default),
        cmocka_unit_test(sqlite_refuses_identity_outside_a_sole_key),
        cmocka_unit_test(postgres_constraints_are_named_and_whole),
        cmocka_unit_test(sqlite_knows_the_keys_and_indexes),
        cmocka_unit_test(a_deferred_key_is_checked_at_commit_only),
        cmocka_unit_test(tables_follow_what_they_point_at),
        cmocka_unit_test(a_self_reference_to_a_unique_index_waits_for_it),
        cmocka_unit_test(views_and_skipped_models_are_left_out_but_pointed_at),
        cmocka_unit_test(no_models_make_an_empty_script),
        cmocka_unit_test(schemas_are_created_once_or_join_the_name),
        cmocka_unit_test(odd_names_are_quoted_everywhere),
        cmocka_unit_test(names_that_cannot_live_together_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(the_shared_models_become_tables_on_both_engines),
    };
    bool is_complete = has_shared_folder();
    size_t skipped = is_complete ? 0 : 1;
    int failures =
        _cmocka_run_group_tests("schema", tests, ARRAY_COUNT(tests) - skipped, set_up, tear_down);
    pg_query_exit();
    if (failures == 0 && !is_complete) {
        printf("skipped: no shared folder\n");
        return 77;
    }
    return failures;
}
