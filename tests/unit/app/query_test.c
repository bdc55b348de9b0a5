/* query: rows of statements of the caller's as structs; on SQLite, and on PostgreSQL where there is a
   server. */
#include "items.h"
#include "support/fault.h"
#include "support/server.h"

#include <unistd.h>

typedef struct Total {
    const char *name;
    int64_t children;
    ignis_maybe_int32 parent;
} Total;

IGNIS_MODEL(Total, .columns = IGNIS_COLUMNS(IGNIS_COLUMN(Total, name, .not_null = true),
                                            IGNIS_COLUMN(Total, children, .not_null = true),
                                            IGNIS_COLUMN(Total, parent, .column = "parent_id")));
IGNIS_QUERY(Total);

typedef struct Kinds {
    bool flag;
    int16_t small;
    double ratio;
    ignis_numeric price;
    ignis_bytes data;
    ignis_json meta;
    ignis_date day;
    ignis_timestamp at;
    ignis_maybe_timestamp until;
    const char **tags;
    size_t tags_count;
    const char *uuid;
} Kinds;

IGNIS_MODEL(Kinds, .columns = IGNIS_COLUMNS(
                       IGNIS_COLUMN(Kinds, flag, .not_null = true),
                       IGNIS_COLUMN(Kinds, small, .not_null = true),
                       IGNIS_COLUMN(Kinds, ratio, .not_null = true), IGNIS_COLUMN(Kinds, price),
                       IGNIS_COLUMN(Kinds, data), IGNIS_COLUMN(Kinds, meta),
                       IGNIS_COLUMN(Kinds, day, .not_null = true),
                       IGNIS_COLUMN(Kinds, at, .not_null = true), IGNIS_COLUMN(Kinds, until),
                       IGNIS_ARRAY(Kinds, tags), IGNIS_COLUMN(Kinds, uuid, .type = IGNIS_TYPE_UUID)));
IGNIS_QUERY(Kinds);

typedef struct Item Item;
struct Item {
    int32_t id;
    const char *name;
    ignis_maybe_int32 parent_id;
    Item *parent;
};

/* As a model of tables is written: what leads to other models is of no use here. */
IGNIS_MODEL(Item,
            .columns = IGNIS_COLUMNS(IGNIS_COLUMN(Item, id, .primary_key = true),
                                     IGNIS_COLUMN(Item, name, .not_null = true, .hidden = true),
                                     IGNIS_COLUMN(Item, parent_id)),
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Item, parent, Item, parent_id, id)),
            .default_filter = IGNIS_JSON({"where" : {"id" : 77}}));
IGNIS_QUERY(Item);

static bool on_postgres(const items_source *self)
{
    return pool_driver(self->source->run.connections) == &ignis_postgres_driver;
}

static const char totals[] =
    "SELECT i.name, i.parent_id, (SELECT count(*) FROM \"Item\" AS c WHERE c.parent_id = i.id) AS "
    "children, 7 AS more FROM \"Item\" AS i ORDER BY i.id";

static void rows_become_structs_by_the_names_of_columns(void **state)
{
    items_source *self = *state;
    Total *rows;
    Item *items;
    size_t count;
    assert_int_equal(Total_query(self->ctx, self->source, IGNIS_SQL(.text = totals), &rows, &count),
                     IGNIS_OK);
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].name, "one");
    assert_int_equal(rows[0].children, 1);
    assert_false(rows[0].parent.is_set);
    assert_string_equal(rows[1].name, "two");
    assert_int_equal(rows[1].children, 0);
    assert_true(rows[1].parent.is_set);
    assert_int_equal(rows[1].parent.value, 1);
    assert_int_equal(
        Item_query(self->ctx, self->source,
                   IGNIS_SQL(.text = on_postgres(self) ? "SELECT * FROM \"Item\" WHERE id = $1"
                                                       : "SELECT * FROM \"Item\" WHERE id = ?1",
                             IGNIS_PARAMETERS(ignis_parameter_integer(2))),
                   &items, &count),
        IGNIS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(items[0].id, 2);
    assert_string_equal(items[0].name, "two");
    assert_null(items[0].parent);
}

static void no_rows_are_an_empty_list(void **state)
{
    items_source *self = *state;
    Item *rows = NULL;
    size_t count = 7;
    assert_int_equal(Item_query(self->ctx, self->source,
                                IGNIS_SQL(.text = "SELECT * FROM \"Item\" WHERE id > 99"), &rows,
                                &count),
                     IGNIS_OK);
    assert_int_equal(count, 0);
    assert_non_null(rows);
}

static void members_of_every_kind_are_filled(void **state)
{
    items_source *self = *state;
    Kinds *rows;
    size_t count;
    int64_t at;
    const char *sql =
        on_postgres(self)
            ? "SELECT true AS flag, 7::int2 AS small, 0.5::float8 AS ratio, 10.50 AS price, "
              "'\\x0041'::bytea AS data, '{\"a\": [1]}'::jsonb AS meta, date '2024-03-10' AS day, "
              "timestamptz '2024-03-10 10:20:30Z' AS at, NULL::timestamptz AS until, "
              "ARRAY['x', NULL] AS tags, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS uuid"
            : "SELECT 1 AS flag, 7 AS small, 0.5 AS ratio, '10.50' AS price, x'0041' AS data, "
              "'{\"a\": [1]}' AS meta, '2024-03-10' AS day, '2024-03-10T10:20:30.000000Z' AS at, "
              "NULL AS until, '[\"x\",null]' AS tags, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' AS "
              "uuid";
    assert_int_equal(Kinds_query(self->ctx, self->source, IGNIS_SQL(.text = sql), &rows, &count),
                     IGNIS_OK);
    assert_true(time_read("2024-03-10T10:20:30Z", 20, true, &at));
    assert_int_equal(count, 1);
    assert_true(rows->flag);
    assert_int_equal(rows->small, 7);
    assert_true(rows->ratio == 0.5);
    assert_string_equal(rows->price.text, "10.50");
    assert_int_equal(rows->data.size, 2);
    assert_memory_equal(rows->data.data, "\0A", 2);
    assert_string_equal(rows->meta.text, "{\"a\": [1]}");
    assert_int_equal(rows->at.microseconds, at);
    assert_false(rows->until.is_set);
    assert_int_equal(rows->tags_count, 2);
    assert_string_equal(rows->tags[0], "x");
    assert_null(rows->tags[1]);
    assert_string_equal(rows->uuid, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
}

static void what_members_cannot_hold_is_refused_at_its_place(void **state)
{
    items_source *self = *state;
    static const struct {
        const char *sql;
        const char *path_postgres;
        const char *path_sqlite;
    } cases[] = {
        {"SELECT 'a' AS name, NULL AS parent_id", "children", "children"},
        {"SELECT 'a' AS \"Name\", 1 AS children, 1 AS parent_id", "name", "name"},
        {"SELECT 'a' AS name, 'b' AS children, 1 AS parent_id", "children", "rows[0].children"},
        {"SELECT 'a' AS name, 1 AS children, CAST(2 AS bigint) * 3000000000 AS parent_id", "parent",
         "rows[0].parent"},
        {"SELECT 'a' AS name, 1 AS children, CAST(NULL AS integer) AS parent_id UNION ALL SELECT "
         "'b', "
         "NULL, 1 ORDER BY 1",
         "rows[1].children", "rows[1].children"},
        {"SELECT CAST(NULL AS text) AS name, 1 AS children, CAST(NULL AS integer) AS parent_id",
         "rows[0].name", "rows[0].name"},
        {"SELECT 'a' AS name, 1 AS children, 1 AS children", "columns[2]", "columns[2]"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        Total *rows = NULL;
        size_t count = 7;
        ignis_code code =
            Total_query(self->ctx, self->source, IGNIS_SQL(.text = cases[i].sql), &rows, &count);
        const ignis_error *error = ignis_context_error(self->ctx);
        const char *path = on_postgres(self) ? cases[i].path_postgres : cases[i].path_sqlite;
        if (code != IGNIS_E_INVALID || strcmp(error->path, path) != 0)
            fail_msg("%s: %s at \"%s\": %s", cases[i].sql, ignis_code_name(code), error->path,
                     error->message);
        assert_null(rows);
        assert_int_equal(count, 7);
    }
}

static void a_type_that_a_member_does_not_hold_is_named(void **state)
{
    items_source *self = *state;
    Total *rows;
    size_t count;
    if (!on_postgres(self)) return;
    assert_int_equal(
        Total_query(self->ctx, self->source,
                    IGNIS_SQL(.text = "SELECT 'a' AS name, ARRAY[1] AS children, 1 AS parent_id"),
                    &rows, &count),
        IGNIS_E_INVALID);
    assert_string_equal(
        ignis_context_error(self->ctx)->message,
        "the column \"children\" is integer[], which its member of Total does not hold");
}

static void what_is_no_model_of_structs_is_refused(void **state)
{
    items_source *self = *state;
    static const ignis_column column = {.name = "id", .type = IGNIS_TYPE_INTEGER};
    static const ignis_model loaded = {
        .struct_size = sizeof(loaded), .name = "Loaded", .columns = {&column, 1, sizeof(column)}};
    static const ignis_column plain = {
        .member = "id", .kind = IGNIS_KIND_INT32, .type = IGNIS_TYPE_INTEGER};
    static const ignis_model nullable = {.struct_size = sizeof(nullable),
                                         .name = "Nullable",
                                         .row_size = sizeof(int32_t),
                                         .columns = {&plain, 1, sizeof(plain)}};
    const ignis_model *const models[] = {NULL, &(const ignis_model){0}, &loaded, &nullable};
    for (size_t i = 0; i < ARRAY_COUNT(models); i++) {
        void *rows;
        size_t count;
        assert_int_equal(ignis_query_rows(self->ctx, self->source,
                                          IGNIS_SQL(.text = "SELECT 1 AS id"), models[i], &rows,
                                          &count),
                         IGNIS_E_INVALID);
    }
}

static const char insert[] =
    "INSERT INTO \"Item\" (id, name) VALUES (9, 'nine') RETURNING id, name";
static const char whole[] = "INSERT INTO \"Item\" (id, name) VALUES (8, 'eight') RETURNING *";

static void a_write_whose_rows_are_refused_is_undone(void **state)
{
    static const char *const writes[] = {
        insert,
        "DELETE FROM \"Item\" WHERE id = 2 RETURNING name",
        "WITH gone AS (SELECT 2 AS id) UPDATE \"Item\" SET name = 'x' WHERE id IN (SELECT id FROM "
        "gone) "
        "RETURNING id",
    };
    items_source *self = *state;
    Item *rows;
    size_t count;
    for (size_t i = 0; i < ARRAY_COUNT(writes); i++) {
        const char *json_;
        assert_int_equal(
            Item_query(self->ctx, self->source, IGNIS_SQL(.text = writes[i]), &rows, &count),
            IGNIS_E_INVALID);
        assert_int_equal(ignis_query(self->ctx, self->source,
                                     IGNIS_SQL(.text = "SELECT name FROM \"Item\" ORDER BY id"),
                                     &json_),
                         IGNIS_OK);
        assert_string_equal(json_, "[{\"name\":\"one\"},{\"name\":\"two\"}]");
    }
    assert_int_equal(Item_query(self->ctx, self->source, IGNIS_SQL(.text = whole), &rows, &count),
                     IGNIS_OK);
    assert_int_equal(rows[0].id, 8);
    assert_int_equal(items_count(self, self->ctx), 3);
}

/* A row that stayed would be in the way of the next run. */
static ignis_code whole_insert(ignis_context *ctx, void *data)
{
    items_source *self = data;
    Item *rows;
    size_t count;
    return Item_query(ctx, self->source, IGNIS_SQL(.text = whole), &rows, &count);
}

static void memory_that_ends_is_told_and_undoes_the_write(void **state)
{
    items_source *self = *state;
    Item *rows;
    size_t count;
    /* From here on the connection has room for the columns. */
    assert_int_equal(Item_query(self->ctx, self->source,
                                IGNIS_SQL(.text = "SELECT * FROM \"Item\""), &rows, &count),
                     IGNIS_OK);
    size_t failures = fault_run(whole_insert, self);
    assert_true(failures > 5);
    assert_int_equal(items_count(self, self->ctx), 3);
}

static void a_query_is_a_part_of_its_transaction(void **state)
{
    items_source *self = *state;
    ignis_context *tx = NULL;
    Item *rows;
    size_t count;
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(Item_query(tx, self->source, IGNIS_SQL(.text = whole), &rows, &count),
                     IGNIS_OK);
    assert_int_equal(Item_query(tx, self->source,
                                IGNIS_SQL(.text = "SELECT * FROM \"Item\" ORDER BY id"), &rows,
                                &count),
                     IGNIS_OK);
    assert_int_equal(count, 3);
    /* The statement was carried out: only a rollback tells what is there. */
    assert_int_equal(Item_query(tx, self->source, IGNIS_SQL(.text = insert), &rows, &count),
                     IGNIS_E_INVALID);
    assert_int_equal(ignis_commit(tx), IGNIS_E_STATE);
    assert_int_equal(items_count(self, self->ctx), 2);
    assert_int_equal(rows[2].id, 8);
}

static void write_item(const items_source *self, ignis_context *ctx)
{
    assert_int_equal(
        ignis_execute(ctx, self->source,
                      IGNIS_SQL(.text = "INSERT INTO \"Item\" (id, name) VALUES (4, 'x')"), NULL),
        IGNIS_OK);
}

static void a_common_table_is_read_beside_a_writer(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm"};
    char folder[] = "/tmp/ignis_query.XXXXXX";
    char name[80];
    items_source self;
    const char *answer;
    ignis_context *tx = NULL;
    assert_non_null(mkdtemp(folder));
    snprintf(name, sizeof(name), "sqlite:%s/db", folder);
    items_fill(&self, name);
    ignis_context *other = ignis_context_create();
    assert_int_equal(ignis_begin(other, self.source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    write_item(&self, tx);
    assert_int_equal(
        ignis_query(
            self.ctx, self.source,
            IGNIS_SQL(.text = "WITH c AS (SELECT count(*) AS n FROM \"Item\") SELECT n FROM c"),
            &answer),
        IGNIS_OK);
    assert_string_equal(answer, "[{\"n\":2}]");
    ignis_context_free(other);
    ignis_context_free(self.ctx);
    ignis_data_source_close(self.source);
    for (size_t i = 0; i < ARRAY_COUNT(ends); i++) {
        snprintf(name, sizeof(name), "%s/db%s", folder, ends[i]);
        unlink(name);
    }
    assert_int_equal(rmdir(folder), 0);
}

#define TEST(name, open) cmocka_unit_test_setup_teardown(name, open, close_source)
#define TESTS(open)                                                                              \
    {                                                                                            \
        TEST(rows_become_structs_by_the_names_of_columns, open),                                 \
            TEST(no_rows_are_an_empty_list, open), TEST(members_of_every_kind_are_filled, open), \
            TEST(what_members_cannot_hold_is_refused_at_its_place, open),                        \
            TEST(a_type_that_a_member_does_not_hold_is_named, open),                             \
            TEST(what_is_no_model_of_structs_is_refused, open),                                  \
            TEST(a_write_whose_rows_are_refused_is_undone, open),                                \
            TEST(memory_that_ends_is_told_and_undoes_the_write, open),                           \
            TEST(a_query_is_a_part_of_its_transaction, open),                                    \
    }

int main(void)
{
    const struct CMUnitTest on_sqlite[] = TESTS(open_sqlite);
    const struct CMUnitTest on_server[] = TESTS(open_server);
    const struct CMUnitTest on_file[] = {cmocka_unit_test(a_common_table_is_read_beside_a_writer)};
    int failed =
        cmocka_run_group_tests(on_sqlite, NULL, NULL) + cmocka_run_group_tests(on_file, NULL, NULL);
    if (failed) return failed;
    server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(on_server, NULL, NULL);
}
