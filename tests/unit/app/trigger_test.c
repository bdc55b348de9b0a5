/* trigger: rows that a trigger of the database leaves out; on SQLite, and on PostgreSQL where there is a
   server. */
#include "items.h"
#include "support/server.h"

static void execute(const items_source *self, const char *sql)
{
    const ignis_sql statement = {.struct_size = sizeof(statement), .text = sql};
    if (ignis_execute(self->ctx, self->source, &statement, NULL) != IGNIS_OK)
        fail_msg("%s: %s", sql, ignis_context_error(self->ctx)->message);
}

/* Rows whose id is a multiple of ten are left out. */
static void tens_leave_out(const items_source *self)
{
    if (pool_driver(self->source->run.connections) != &ignis_postgres_driver) {
        execute(self, "CREATE TRIGGER tens BEFORE INSERT ON \"Item\" WHEN NEW.id % 10 = 0"
                      " BEGIN SELECT RAISE(IGNORE); END");
        return;
    }
    execute(self, "CREATE FUNCTION tens() RETURNS trigger LANGUAGE plpgsql AS"
                  " 'BEGIN IF NEW.id % 10 = 0 THEN RETURN NULL; END IF; RETURN NEW; END'");
    execute(self, "CREATE TRIGGER tens BEFORE INSERT ON \"Item\" FOR EACH ROW"
                  " EXECUTE FUNCTION tens()");
}

static const char *call(const items_source *self, const char *method, const char *arguments)
{
    const char *result = NULL;
    ignis_code code = ignis_call_json(self->ctx, self->items, &ignis_policy_trusted, method,
                                      arguments, 0, &result, NULL);
    return code == IGNIS_OK ? result : ignis_context_error(self->ctx)->message;
}

static void rows_that_come_back_are_counted(void **state)
{
    static const struct {
        const char *method;
        const char *arguments;
        const char *result;
    } calls[] = {
        {"create", J({"data" : {"id" : 10, "name" : "a"}}), "{\"count\":0,\"data\":null}"},
        {"createAll", J({"data" : [ {"id" : 10, "name" : "a"} ]}), "{\"count\":0,\"data\":[]}"},
        {"createAll", J({"data" : [ {"id" : 10, "name" : "a"}, {"id" : 11, "name" : "b"} ]}),
         "{\"count\":1,\"data\":[{\"id\":11,\"name\":\"b\",\"parentId\":null}]}"},
        {"upsert", J({"data" : {"id" : 20, "name" : "c"}}), "{\"count\":0,\"data\":null}"},
        {"upsertAll", J({"data" : [ {"id" : 21, "name" : "c"}, {"id" : 30, "name" : "d"} ]}),
         "the database kept 0 of 1 rows: a trigger there leaves rows out"},
        {"count", J({"where" : {"id" : {"gt" : 2}}}), "{\"count\":1}"},
    };
    items_source *self = *state;
    tens_leave_out(self);
    for (size_t i = 0; i < ARRAY_COUNT(calls); i++)
        assert_string_equal(call(self, calls[i].method, calls[i].arguments), calls[i].result);
}

/* Ten rows, of which one comes back: the digits of the number change. */
static void a_shorter_count_takes_the_place_of_a_longer_one(void **state)
{
    items_source *self = *state;
    tens_leave_out(self);
    assert_string_equal(
        call(self, "createAll",
             "{\"data\":[{\"id\":10,\"name\":\"a\"},{\"id\":20,\"name\":\"b\"},"
             "{\"id\":30,\"name\":\"c\"},{\"id\":40,\"name\":\"d\"},{\"id\":50,\"name\":\"e\"},"
             "{\"id\":60,\"name\":\"f\"},{\"id\":70,\"name\":\"g\"},{\"id\":80,\"name\":\"h\"},"
             "{\"id\":90,\"name\":\"i\"},{\"id\":91,\"name\":\"j\"}]}"),
        "{\"count\":1,\"data\":[{\"id\":91,\"name\":\"j\",\"parentId\":null}]}");
}

typedef struct Kept {
    int32_t id;
    const char *name;
} Kept;

static IGNIS_MODEL(Kept,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Kept, id, .primary_key = true),
        IGNIS_COLUMN(Kept, name, .not_null = true)));

/* A list of structs has no place for a row that does not come back. */
static void structs_come_back_all_or_not_at_all(void **state)
{
    (void)state;
    static const ignis_model *const typed[] = {&Kept_model};
    static const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                                   .url = "sqlite::memory:",
                                                   .models = typed,
                                                   .models_count = 1};
    static const ignis_repository_class kept = {.struct_size = sizeof(kept), .typed = &Kept_model};
    const Kept rows[] = {{9, "a"}, {10, "b"}, {11, "c"}};
    const ignis_members all = IGNIS_FIELDS(Kept, id, name);
    items_source self = {.ctx = ignis_context_create()};
    ignis_repository *repository;
    int64_t count = -1;
    void *made = NULL;
    assert_int_equal(ignis_data_source_open(self.ctx, &class_, &self.source), IGNIS_OK);
    assert_int_equal(ignis_schema_create(self.ctx, self.source), IGNIS_OK);
    assert_int_equal(ignis_repository_open(self.ctx, self.source, &kept, &repository), IGNIS_OK);
    execute(&self, "CREATE TRIGGER tens BEFORE INSERT ON \"Kept\" WHEN NEW.id = 10"
                   " BEGIN SELECT RAISE(IGNORE); END");
    assert_int_equal(ignis_create_rows(self.ctx, repository, rows, 3, all, &made),
                     IGNIS_E_DATABASE);
    assert_string_equal(ignis_context_error(self.ctx)->path, "data[1]");
    assert_null(made);
    assert_int_equal(ignis_count_json(self.ctx, repository, NULL, NULL, &count), IGNIS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(ignis_create_rows(self.ctx, repository, rows, 3, all, NULL), IGNIS_OK);
    assert_int_equal(ignis_count_json(self.ctx, repository, NULL, NULL, &count), IGNIS_OK);
    assert_int_equal(count, 2);
    ignis_context_free(self.ctx);
    ignis_data_source_close(self.source);
}

int main(void)
{
    const struct CMUnitTest on_sqlite[] = {
        cmocka_unit_test(structs_come_back_all_or_not_at_all),
        cmocka_unit_test_setup_teardown(rows_that_come_back_are_counted, open_sqlite, close_source),
        cmocka_unit_test_setup_teardown(a_shorter_count_takes_the_place_of_a_longer_one,
                                        open_sqlite, close_source),
    };
    const struct CMUnitTest on_server[] = {
        cmocka_unit_test_setup_teardown(rows_that_come_back_are_counted, open_server, close_source),
        cmocka_unit_test_setup_teardown(a_shorter_count_takes_the_place_of_a_longer_one,
                                        open_server, close_source),
    };
    int failed = cmocka_run_group_tests(on_sqlite, NULL, NULL);
    if (failed) return failed;
    server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(on_server, NULL, NULL);
}
