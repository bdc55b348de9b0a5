/* copy_tables: on tables that are not as the model says, many rows by COPY do what the same rows do by
   INSERT: the same answer, the same error and the same content. */
#include "app/app.h"
#include "support/script.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { ROWS = 2800, ODD = 2700, HALF = 1400, OUTCOME_SIZE = 4096 };

static const char models[] =
    "{'models': [{'name': 'Row', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'code', 'type': 'text'}, {'name': 'level', 'type': 'integer'},"
    "   {'name': 'price', 'type': 'numeric'}, {'name': 'short', 'type': 'varchar', 'length': 20},"
    "   {'name': 'meta', 'type': 'jsonb'}, {'name': 'raw', 'type': 'bytea'},"
    "   {'name': 'at', 'type': 'timestamptz'}, {'name': 'ratio', 'type': 'double precision'}],"
    "  'uniques': [{'name': 'Row_code_key', 'columns': ['code']}]}]}";

/* What a table is, and the members of its one odd row. */
typedef struct table_case {
    const char *name;
    const char *sql;     /* makes the table what it is; NULL: as the model says */
    const char *odd;     /* members of row ODD, its code among them; NULL: as the others' */
    const char *role;    /* that writes; NULL: the one that connected */
    bool is_split;       /* only the rows from HALF on give a level */
    bool is_level_less;  /* no row gives a level */
    bool takes_inserts;  /* COPY would do something else */
    const char *outcome; /* a part of what has to come of it; NULL: the rows are written */
} table_case;

#define OWN "DROP TABLE \"Row\"; CREATE TABLE \"Row\" "
#define TRIGGER(body, when)                                                               \
    "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " body " END $$;" \
    "CREATE TRIGGER act " when " INSERT ON \"Row\" FOR EACH ROW EXECUTE FUNCTION act()"

static const table_case cases[] = {
    {.name = "as the model says"},
    {.name = "a code twice in the list", .odd = "'code': 'c7'", .outcome = "unique"},
    {.name = "a code that is there",
     .sql = "INSERT INTO \"Row\" (id, code) VALUES (900000, 'c2750')",
     .outcome = "unique"},
    {.name = "a key that is there",
     .sql = "INSERT INTO \"Row\" (id) VALUES (2750)",
     .outcome = "unique"},
    {.name = "a unique at the end",
     .sql = "ALTER TABLE \"Row\" ADD UNIQUE (\"short\") DEFERRABLE INITIALLY DEFERRED",
     .odd = "'code': 'x', 'short': 's9'",
     .outcome = "unique"},
    {.name = "an exclusion",
     .sql = "ALTER TABLE \"Row\" ADD EXCLUDE USING btree (\"short\" WITH =)",
     .odd = "'code': 'x', 'short': 's9'",
     .outcome = "!"},
    {.name = "not null",
     .sql = "ALTER TABLE \"Row\" ALTER \"level\" SET NOT NULL",
     .odd = "'code': 'x', 'level': null",
     .outcome = "not_null"},
    {.name = "a check",
     .sql = "ALTER TABLE \"Row\" ADD CONSTRAINT low CHECK (\"level\" < 100000)",
     .odd = "'code': 'x', 'level': 100000",
     .outcome = "check"},
    {.name = "a foreign key",
     .sql = "ALTER TABLE \"Row\" ADD CONSTRAINT own FOREIGN KEY (\"level\") REFERENCES \"Row\"",
     .odd = "'code': 'x', 'level': 900000",
     .outcome = "foreign_key"},
    {.name = "a foreign key at the end",
     .sql = "ALTER TABLE \"Row\" ADD CONSTRAINT own FOREIGN KEY (\"level\") REFERENCES \"Row\""
            " DEFERRABLE INITIALLY DEFERRED",
     .odd = "'code': 'x', 'level': 900000",
     .outcome = "foreign_key"},
    {.name = "a trigger that raises",
     .sql =
         TRIGGER("IF NEW.id = 2750 THEN RAISE 'no row %', NEW.id; END IF; RETURN NEW;", "BEFORE"),
     .outcome = "no row 2750"},
    {.name = "a trigger that raises a violation",
     .sql = TRIGGER("IF NEW.id = 2750 THEN RAISE check_violation USING MESSAGE = 'odd',"
                    " CONSTRAINT = 'odd_one'; END IF; RETURN NEW;",
                    "AFTER"),
     .outcome = "odd_one"},
    {.name = "a trigger that meets another transaction",
     .sql = TRIGGER("IF NEW.id = 2750 THEN RAISE serialization_failure; END IF; RETURN NEW;",
                    "BEFORE"),
     .outcome = "serialization"},
    {.name = "a server that ends the statement",
     .sql = TRIGGER("IF NEW.id = 2750 THEN PERFORM pg_cancel_backend(pg_backend_pid());"
                    " PERFORM pg_sleep(60); END IF; RETURN NEW;",
                    "BEFORE"),
     .outcome = "!"},
    {.name = "a server that ends the connection",
     .sql = TRIGGER("IF NEW.id = 2750 THEN PERFORM pg_terminate_backend(pg_backend_pid());"
                    " PERFORM pg_sleep(60); END IF; RETURN NEW;",
                    "BEFORE"),
     .outcome = "connection"},
    {.name = "a trigger that changes values",
     .sql = TRIGGER("NEW.level = NEW.level + (SELECT count(*) FROM \"Row\" WHERE id < 600);"
                    " NEW.short = upper(NEW.short); RETURN NEW;",
                    "BEFORE")},
    {.name = "a trigger that drops rows",
     .sql = TRIGGER("IF NEW.id % 3 = 0 THEN RETURN NULL; END IF; RETURN NEW;", "BEFORE")},
    {.name = "a rule",
     .sql = "CREATE RULE tell AS ON INSERT TO \"Row\" DO ALSO NOTIFY rows",
     .takes_inserts = true},
    {.name = "a policy",
     .sql = "ALTER TABLE \"Row\" ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY low ON \"Row\" USING (true) WITH CHECK (\"level\" < 100000);"
            "GRANT ALL ON \"Row\" TO ignis_copy_tables",
     .role = "ignis_copy_tables",
     .odd = "'code': 'x', 'level': 100000",
     .takes_inserts = true,
     .outcome = "row-level security"},
    {.name = "a policy that is not for this role",
     .sql = "ALTER TABLE \"Row\" ENABLE ROW LEVEL SECURITY"},
    {.name = "an identity that is always made",
     .sql = "ALTER TABLE \"Row\" DROP \"level\","
            " ADD \"level\" integer GENERATED ALWAYS AS IDENTITY",
     .is_split = true,
     .takes_inserts = true,
     .outcome = "!"},
    {.name = "an identity that is made where it is missing",
     .sql = "ALTER TABLE \"Row\" DROP \"level\","
            " ADD \"level\" integer GENERATED BY DEFAULT AS IDENTITY",
     .is_split = true},
    {.name = "an identity that is always made, and not given",
     .sql = "ALTER TABLE \"Row\" DROP \"level\","
            " ADD \"level\" integer GENERATED ALWAYS AS IDENTITY",
     .is_level_less = true,
     .takes_inserts = true},
    {.name = "a generated column",
     .sql = "ALTER TABLE \"Row\" DROP \"level\","
            " ADD \"level\" integer GENERATED ALWAYS AS (id * 2) STORED",
     .is_split = true,
     .takes_inserts = true,
     .outcome = "!"},
    {.name = "a generated column that is not given",
     .sql = "ALTER TABLE \"Row\" DROP \"level\","
            " ADD \"level\" integer GENERATED ALWAYS AS (id * 2) STORED",
     .is_level_less = true,
     .takes_inserts = true},
    {.name = "a default of the server",
     .sql = "CREATE SEQUENCE levels START 50;"
            "ALTER TABLE \"Row\" ALTER \"level\" SET DEFAULT nextval('levels')",
     .is_split = true},
    {.name = "more columns than the model",
     .sql = "ALTER TABLE \"Row\" ADD \"more\" text DEFAULT 'd', ADD \"number\" serial,"
            " ADD \"twice\" integer GENERATED ALWAYS AS (id * 2) STORED"},
    {.name = "columns in another order",
     .sql = OWN "(\"ratio\" float8, \"at\" timestamptz, \"code\" text UNIQUE, \"gone\" text,"
                " \"raw\" bytea, \"meta\" jsonb, \"level\" integer, \"short\" varchar(20),"
                " \"price\" numeric, \"id\" integer PRIMARY KEY);"
                "ALTER TABLE \"Row\" DROP \"gone\""},
    {.name = "partitions",
     .sql = OWN "(\"id\" integer PRIMARY KEY, \"code\" text, \"level\" integer,"
                " \"price\" numeric, \"short\" varchar(20), \"meta\" jsonb, \"raw\" bytea,"
                " \"at\" timestamptz, \"ratio\" float8) PARTITION BY RANGE (\"id\");"
                "CREATE TABLE low PARTITION OF \"Row\" FOR VALUES FROM (0) TO (1500);"
                "CREATE TABLE high PARTITION OF \"Row\" FOR VALUES FROM (1500) TO (5000)"},
    {.name = "no partition for a row",
     .sql = OWN "(\"id\" integer PRIMARY KEY, \"code\" text, \"level\" integer,"
                " \"price\" numeric, \"short\" varchar(20), \"meta\" jsonb, \"raw\" bytea,"
                " \"at\" timestamptz, \"ratio\" float8) PARTITION BY RANGE (\"id\");"
                "CREATE TABLE low PARTITION OF \"Row\" FOR VALUES FROM (0) TO (2750)",
     .outcome = "check"},
    {.name = "a view",
     .sql = "ALTER TABLE \"Row\" RENAME TO held; CREATE VIEW \"Row\" AS SELECT * FROM held",
     .takes_inserts = true},
    {.name = "a text of a megabyte", .odd = "'code': 'x', 'meta': {'long': '<long>'}"},
    {.name = "a text too long",
     .sql = "ALTER TABLE \"Row\" ALTER \"short\" TYPE varchar(6)",
     .odd = "'code': 'x', 'short': 'seven77'",
     .outcome = "!"},
    {.name = "spaces too long",
     .sql = "ALTER TABLE \"Row\" ALTER \"short\" TYPE varchar(6)",
     .odd = "'code': 'x', 'short': 'six666  '"},
    {.name = "numbers that are rounded",
     .sql = "ALTER TABLE \"Row\" ALTER \"price\" TYPE numeric(8, 1)",
     .odd = "'code': 'x', 'price': '0.05'"},
    {.name = "a number too large",
     .sql = "ALTER TABLE \"Row\" ALTER \"price\" TYPE numeric(8, 1)",
     .odd = "'code': 'x', 'price': '12345678'",
     .outcome = "!"},
    {.name = "times that are rounded",
     .sql = "ALTER TABLE \"Row\" ALTER \"at\" TYPE timestamptz(0)",
     .odd = "'code': 'x', 'at': '2024-01-01T00:00:00.5Z'"},
    {.name = "a domain",
     .sql = "CREATE DOMAIN low AS integer CHECK (VALUE < 100000);"
            "ALTER TABLE \"Row\" ALTER \"level\" TYPE low",
     .odd = "'code': 'x', 'level': 100000",
     .takes_inserts = true,
     .outcome = "!"},
    {.name = "another type",
     .sql = "ALTER TABLE \"Row\" ALTER \"level\" TYPE smallint",
     .odd = "'code': 'x', 'level': 100000",
     .takes_inserts = true,
     .outcome = "!"},
    {.name = "an index on what cannot be",
     .sql = "CREATE INDEX part ON \"Row\" ((1 / (\"level\" + 1)))",
     .odd = "'code': 'x', 'level': -1",
     .outcome = "!"},
};

/* ---- one run ---- */

typedef struct opened {
    engine engine;
    size_t copies_count;
} opened;

static void hear(void *data, const ignis_log_entry *entry)
{
    opened *self = data;
    bool is_copy = entry->statement && strncmp(entry->statement, "COPY ", 5) == 0;
    if (is_copy) self->copies_count++;
}

static void source_open(opened *self, const char *url, const table_case *table)
{
    *self = (opened){.engine.ctx = ignis_context_create()};
    ignis_context *ctx = self->engine.ctx;
    assert_non_null(ctx);
    server_execute("SET client_min_messages = warning; DROP SCHEMA public CASCADE;"
                   "CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC");
    const ignis_log log = {
        .struct_size = sizeof(log), .write = hear, .data = self, .level = IGNIS_LOG_DEBUG};
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = url, .log = &log};
    assert_int_equal(ignis_models_from_json(ctx, script_text(&self->engine, models), 0,
                                            &class_.models, &class_.models_count),
                     IGNIS_OK);
    assert_int_equal(ignis_data_source_open(ctx, &class_, &self->engine.source), IGNIS_OK);
    assert_int_equal(ignis_schema_create(ctx, self->engine.source), IGNIS_OK);
    if (table->sql) server_execute(table->sql);
}

static void source_close(opened *self)
{
    ignis_context_free(self->engine.ctx);
    ignis_data_source_close(self->engine.source);
}

static void odd_write(text *out, const char *members)
{
    const char *place = strstr(members, "<long>");
    if (!place) {
        text_string(out, members);
        return;
    }
    text_append(out, members, (size_t)(place - members));
    for (size_t i = 0; i < 128 * 1024; i++)
        text_string(out, "long\\u00e9xy");
    text_string(out, place + 6);
}

/* The members of a row but its id, so that all rows give the same ones. */
static void members_write(text *out, const char *odd, int row, bool has_level)
{
    static const char *const names[] = {"'code'", "'short'", "'level'", "'price'", "'at'"};
    const char *given = odd ? odd : "";
    if (odd) odd_write(out, odd);
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if (strstr(given, names[i]) || (i == 2 && !has_level)) continue;
        text_format(out, "%s%s: ", i == 0 ? "" : ", ", names[i]);
        if (i < 2) text_format(out, "'%c%d'", *(names[i] + 1), row);
        if (i == 2) text_integer(out, row);
        if (i == 3) text_format(out, "'%d.25'", row);
        if (i == 4) text_format(out, "'2024-01-01T00:00:00.%06dZ'", row * 200);
    }
    if (!strstr(given, "'meta'")) text_format(out, ", 'meta': {'n': [%d]}", row);
    text_format(out, ", 'raw': 'AAE=', 'ratio': %d.5", row);
}

static const char *arguments_make(opened *self, const table_case *table, bool should_return)
{
    text out;
    text_init(&out, &self->engine.ctx->results, 0);
    text_format(&out, "{'options': {'shouldReturn': %s}, 'data': [",
                should_return ? "true" : "false");
    for (int i = 1; i <= ROWS; i++) {
        bool has_level = !table->is_level_less && (!table->is_split || i >= HALF);
        text_format(&out, "%s{'id': %d, ", i == 1 ? "" : ", ", i);
        members_write(&out, i == ODD ? table->odd : NULL, i, has_level);
        text_char(&out, '}');
    }
    text_string(&out, "]}");
    return script_text(&self->engine, text_finish(&out));
}

static ignis_code write_inside(opened *self, const table_case *table, const char *arguments)
{
    engine *in = &self->engine;
    ignis_context *tx = NULL;
    const char *result;
    char role[128];
    assert_int_equal(ignis_begin(in->ctx, in->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    (void)snprintf(role, sizeof(role), "SET LOCAL ROLE %s", table->role ? table->role : "NONE");
    const ignis_sql statement = {.struct_size = sizeof(statement), .text = role};
    ignis_code code = ignis_execute(tx, in->source, &statement, NULL);
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(tx)->message);
    code = ignis_call_json(tx, engine_repository(in, "Row"), &ignis_policy_trusted, "createAll",
                           arguments, 0, &result, NULL);
    if (code == IGNIS_OK) return ignis_commit(tx);
    context_saved saved;
    context_save(tx, &saved);
    ignis_rollback(tx);
    context_restore(in->ctx, &saved);
    return code;
}

/* What came of the rows: the error, or nothing, and what the table holds then. */
static void outcome_write(opened *self, ignis_code code, char outcome[OUTCOME_SIZE])
{
    const ignis_error *error = ignis_context_error(self->engine.ctx);
    size_t size = 0;
    outcome[0] = '\0';
    if (code != IGNIS_OK) {
        int written = snprintf(outcome, OUTCOME_SIZE, "!%s | %s | at %s | %s | of %s | %s\n",
                               ignis_code_name(code), error->message, error->path, error->hint,
                               error->constraint, error->model);
        assert_in_range(written, 1, OUTCOME_SIZE - 1);
        size = (size_t)written;
    }
    (void)snprintf(
        outcome + size, OUTCOME_SIZE - size, "%s",
        server_value("SELECT count(*) || ' rows, ' || coalesce(md5(string_agg(r::text, ','"
                     " ORDER BY id)), '') FROM \"Row\" AS r"));
}

/* By COPY where the library will, else by INSERT. */
static size_t write(const char *url, const table_case *table, bool is_inside, bool should_return,
                    char outcome[OUTCOME_SIZE])
{
    opened self;
    const char *result;
    source_open(&self, url, table);
    const char *arguments = arguments_make(&self, table, should_return);
    ignis_code code =
        is_inside
            ? write_inside(&self, table, arguments)
            : ignis_call_json(self.engine.ctx, engine_repository(&self.engine, "Row"),
                              &ignis_policy_trusted, "createAll", arguments, 0, &result, NULL);
    outcome_write(&self, code, outcome);
    source_close(&self);
    return self.copies_count;
}

static void table_check(const char *url, const table_case *table, bool is_inside)
{
    char copied[OUTCOME_SIZE];
    char inserted[OUTCOME_SIZE];
    size_t copies = write(url, table, is_inside, false, copied);
    assert_int_equal(write(url, table, is_inside, true, inserted), 0);
    bool is_right = (copies == 0) == table->takes_inserts && strcmp(copied, inserted) == 0 &&
                    (table->outcome ? strstr(copied, table->outcome) != NULL : copied[0] != '!');
    if (is_right) return;
    print_error("%s%s: %zu copies\n  by COPY   %s\n  by INSERT %s\n", table->name,
                is_inside ? ", within a transaction" : "", copies, copied, inserted);
    fail();
}

static void a_copy_does_what_an_insert_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        if (!cases[i].role) table_check(server_url(), &cases[i], false);
    }
}

static void a_copy_does_so_within_a_transaction_behind_pgbouncer(void **state)
{
    (void)state;
    bool is_there = server_is_there("IGNIS_TEST_PGBOUNCER_URL");
    const char *url = is_there ? server_pgbouncer_url() : server_url();
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        if (cases[i].outcome || cases[i].role) table_check(url, &cases[i], true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_does_what_an_insert_does),
        cmocka_unit_test(a_copy_does_so_within_a_transaction_behind_pgbouncer),
    };
    (void)server_url(); /* ends here where there is no server */
    server_execute("DO $$ BEGIN CREATE ROLE ignis_copy_tables;"
                   " EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    server_execute("SET client_min_messages = warning; DROP OWNED BY ignis_copy_tables;"
                   "DROP ROLE ignis_copy_tables");
    return failed;
}
