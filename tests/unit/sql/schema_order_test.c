/* schema_order: tables after what they point at, and names that can live together. */
#include "schema_support.h"

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
#define INDEX(name)          "\"indexes\":[{\"name\":\"" name "\",\"columns\":[\"id\"]}]"
#define UNIQUE(name)         "\"uniques\":[{\"name\":\"" name "\",\"columns\":[\"id\"]}]"
#define MODELS(a, b)         "{\"models\":[" a "," b "]}"
#define NONE                 "\"relations\":[]"
#define LONG_NAME            "n23456789012345678901234567890123456789012345678901234567890123"
#define COLUMN(name, column) "{\"name\":\"" name "\",\"column\":\"" column "\",\"type\":\"text\"}"
#define OWN(name)            "A: the name \"" name "\" is SQLite's own, as all that begin with \"sqlite_\""
#define CLASH(name)          "A and B both use the name \"" name "\" for a table or an index"

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
        {MODELS(MODEL("A", "sqlite_a", NONE), MODEL("B", "b", NONE)), OWN("sqlite_a"), NULL},
        {MODELS(MODEL("A", "SQLite_a", NONE), MODEL("B", "b", NONE)), OWN("SQLite_a"), NULL},
        {MODELS(MODEL("A", "a", INDEX("sqlite_i")), MODEL("B", "b", NONE)), OWN("sqlite_i"), NULL},
        {MODELS(MODEL("A", "a", UNIQUE("sqlite_u")), MODEL("B", "sqlite", NONE)), NULL, NULL},
        {MODELS(MODEL("A", "Ignis_List", NONE), MODEL("B", "b", NONE)),
         "A: a table on SQLite cannot be called \"Ignis_List\", a name of the library's", NULL},
        {MODELS(MODEL("A", "ignis_list", "\"schema\":\"s\"," NONE), MODEL("B", "b", NONE)), NULL,
         NULL},
        {MODELS("{\"name\":\"A\",\"columns\":[" COLUMN("x", "Ab") "," COLUMN("y", "aB") "]}",
                MODEL("B", "b", NONE)),
         "A: the columns \"Ab\" and \"aB\" have one name on SQLite", NULL},
        {MODELS("{\"name\":\"A\",\"columns\":[" COLUMN("x", "Ä") "," COLUMN("y", "ä") "]}",
                MODEL("B", "b", NONE)),
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_follow_what_they_point_at),
        cmocka_unit_test(a_self_reference_to_a_unique_index_waits_for_it),
        cmocka_unit_test(views_and_skipped_models_are_left_out_but_pointed_at),
        cmocka_unit_test(no_models_make_an_empty_script),
        cmocka_unit_test(schemas_are_created_once_or_join_the_name),
        cmocka_unit_test(odd_names_are_quoted_everywhere),
        cmocka_unit_test(names_that_cannot_live_together_are_refused),
    };
    int failures = cmocka_run_group_tests(tests, set_up, tear_down);
    pg_query_exit();
    return failures;
}
