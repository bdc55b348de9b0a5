/* schema: every statement is parsed by PostgreSQL's own parser and run by SQLite itself. */
#include "schema_support.h"

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
        "  \"bytea\" bytea DEFAULT E'\\\\x00ff10'::bytea,\n"
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

/* ---- constraints --------------------------------------------------------------------------- */

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
        cmocka_unit_test(every_allocation_may_fail),
    };
    int failures = cmocka_run_group_tests(tests, set_up, tear_down);
    pg_query_exit();
    return failures;
}
