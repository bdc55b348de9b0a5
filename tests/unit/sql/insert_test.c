/* insert: the statements of rows, by the columns that are given and returned. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define J IGNIS_JSON

static int open_blog(void **state)
{
    static engine blog;
    engine_open(&blog, engine_blog, engine_blog_rows);
    *state = &blog;
    return 0;
}

static int close_blog(void **state)
{
    if (*state) engine_close(*state);
    return 0;
}

/* A set of columns by name: "id title". */
static const bool *chosen(engine *blog, const model_entity *entity, const char *names)
{
    bool *set = arena_array(&blog->ctx->results, entity->columns_count, sizeof(*set));
    assert_non_null(set);
    while (*names) {
        size_t size = strcspn(names, " ");
        const model_column *column = model_column_get(entity, names, size);
        assert_non_null(column);
        set[column->index] = true;
        names += size + (names[size] == ' ');
    }
    return set;
}

typedef struct insertion {
    const char *given;
    const char *returning; /* NULL: none */
    const char *sql;
    size_t parameters_count;
} insertion;

static ignis_code insertion_of(const engine *self, const model_entity *entity, const bool *given,
                               const bool *returning, sql_statement *made)
{
    const sql_insert_parts parts = {.entity = entity, .given = given, .returning = returning};
    return sql_insert(self->ctx, &self->ctx->results, IGNIS_DIALECT_SQLITE, &parts, made);
}

static void a_statement_names_what_is_given_and_returned(void **state)
{
    static const insertion insertions[] = {
        {"id title", NULL, "INSERT INTO \"Post\" (\"id\", \"title\") VALUES (?, ?)", 2},
        {"authorId", "id authorId",
         "INSERT INTO \"Post\" (\"author_id\") VALUES (?) RETURNING \"id\", \"author_id\"", 1},
        {"", NULL, "INSERT INTO \"Post\" DEFAULT VALUES", 0},
        {"", "id", "INSERT INTO \"Post\" DEFAULT VALUES RETURNING \"id\"", 0},
        {"id title views authorId", "",
         "INSERT INTO \"Post\" (\"id\", \"title\", \"views\", \"author_id\") VALUES (?, ?, ?, "
         "?) RETURNING 1",
         4},
    };
    engine *blog = *state;
    const model_entity *post = engine_entity(blog, "Post");
    for (size_t i = 0; i < ARRAY_COUNT(insertions); i++) {
        const insertion *item = &insertions[i];
        sql_statement made;
        assert_int_equal(insertion_of(blog, post, chosen(blog, post, item->given),
                                      item->returning ? chosen(blog, post, item->returning) : NULL,
                                      &made),
                         IGNIS_OK);
        assert_string_equal(made.statement.sql, item->sql);
        assert_int_equal(made.statement.parameters_count, item->parameters_count);
        for (size_t k = 0; k < item->parameters_count; k++) {
            assert_int_equal(made.parameters[k].source, SQL_SLOT);
            assert_int_equal(made.parameters[k].slot, k);
        }
    }
}

static void parameters_and_results_have_the_types_of_their_columns(void **state)
{
    engine *blog = *state;
    const model_entity *user = engine_entity(blog, "User");
    sql_statement made;
    assert_int_equal(insertion_of(blog, user, chosen(blog, user, "score joinedAt tags"),
                                  chosen(blog, user, "id token tags"), &made),
                     IGNIS_OK);
    const ignis_statement *statement = &made.statement;
    assert_int_equal(statement->parameters_count, 3);
    assert_int_equal(statement->parameters[0].type, IGNIS_TYPE_NUMERIC);
    assert_int_equal(statement->parameters[1].type, IGNIS_TYPE_TIMESTAMPTZ);
    assert_true(statement->parameters[2].array);
    assert_int_equal(statement->columns_count, 3);
    assert_int_equal(statement->columns[1].type, IGNIS_TYPE_UUID);
    assert_true(statement->columns[2].array);
}

static void names_are_quoted(void **state)
{
    (void)state;
    static const char models[] = J({
        "models" : [ {
            "name" : "W",
            "table" : "a\"b",
            "schema" : "s",
            "columns" :
                [ {"name" : "id", "column" : "i\"d; --", "type" : "integer", "primaryKey" : true} ]
        } ]
    });
    engine wild;
    sql_statement made;
    engine_open(&wild, models, J({"W" : [ {"id" : 5} ]}));
    const model_entity *entity = engine_entity(&wild, "W");
    assert_int_equal(insertion_of(&wild, entity, chosen(&wild, entity, "id"),
                                  chosen(&wild, entity, "id"), &made),
                     IGNIS_OK);
    assert_string_equal(made.statement.sql, "INSERT INTO \"s.a\"\"b\" (\"i\"\"d; --\") VALUES (?) "
                                            "RETURNING \"i\"\"d; --\"");
    assert_string_equal(engine_find(&wild, "W", NULL), "[{\"id\":5}]");
    engine_close(&wild);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_names_what_is_given_and_returned),
        cmocka_unit_test(parameters_and_results_have_the_types_of_their_columns),
        cmocka_unit_test(names_are_quoted),
    };
    return cmocka_run_group_tests(tests, open_blog, close_blog);
}
