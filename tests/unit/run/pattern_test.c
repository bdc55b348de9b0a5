/* read: regular expressions that an engine does not take are named by their place in the filter. */
#include "base/base.h"
#include "ignis.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char models[] = J({
    "models" : [
        {
            "name" : "Author",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "name", "type" : "text"}, {"name" : "code", "type" : "varchar"}
            ],
            "relations" : [ {"name" : "books", "type" : "many", "model" : "Book"} ]
        },
        {
            "name" : "Book",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "title", "type" : "text"},
                {"name" : "authorId", "column" : "author_id", "type" : "integer"}
            ],
            "indexes" : [ {"columns" : ["authorId"]} ],
            "relations" : [ {
                "name" : "author",
                "type" : "one",
                "model" : "Author",
                "fields" : ["authorId"],
                "references" : ["id"]
            } ]
        }
    ]
});

typedef struct opened {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *authors;
} opened;

static void open_at(opened *self, const char *url)
{
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = url};
    ignis_repository_class authors = {.struct_size = sizeof(authors), .model = "Author"};
    *self = (opened){.ctx = ignis_context_create()};
    ignis_context *ctx = self->ctx;
    assert_non_null(ctx);
    assert_int_equal(ignis_models_from_json(ctx, models, 0, &class_.models, &class_.models_count),
                     IGNIS_OK);
    ignis_code code = ignis_data_source_open(ctx, &class_, &self->source);
    if (code == IGNIS_OK) code = ignis_schema_create(ctx, self->source);
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(ctx)->message);
    assert_int_equal(ignis_repository_open(ctx, self->source, &authors, &self->authors), IGNIS_OK);
}

static void rows_load(opened *self)
{
    assert_int_equal(ignis_load(self->ctx, self->source, J({
                                    "Author" : [ {"id" : 1, "name" : "Ada", "code" : "a1"} ],
                                    "Book" : [ {"id" : 1, "title" : "One", "authorId" : 1} ]
                                }),
                                0, NULL),
                     IGNIS_OK);
}

static void close_all(opened *self, bool is_server)
{
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
    if (is_server) server_execute("DROP TABLE \"Author\", \"Book\"");
}

typedef struct mistake {
    const char *method;
    const char *arguments;
    const char *path;
} mistake;

static const mistake mistakes[] = {
    {"find", J({"filter" : {"where" : {"name" : {"regexp" : "("}}}}), "where.name.regexp"},
    {"find", J({"filter" : {"where" : {"code" : {"iregexp" : "["}}}}), "where.code.iregexp"},
    {"find", J({
         "filter" : {
             "where" : {
                 "name" : {"regexp" : "^A"},
                 "or" :
                     [ {"code" : {"regexp" : "a"}}, {"not" : {"code" : {"iregexp" : "(a"}}} ]
             }
         }
     }),
     "where.or[1].not.code.iregexp"},
    {"find", J({
         "filter" : {
             "where" : {"name" : {"regexp" : "A"}},
             "include" : [ {
                 "relation" : "books",
                 "scope" : {
                     "where" : {"title" : {"regexp" : "x)"}},
                     "include" : [ {"relation" : "author"} ]
                 }
             } ]
         }
     }),
     "include[0].scope.where.title.regexp"},
    {"findOne", J({"filter" : {"where" : {"name" : {"regexp" : "[z-a]"}}}}), "where.name.regexp"},
    {"findById", J({"id" : 1, "filter" : {"where" : {"name" : {"regexp" : "("}}}}),
     "where.name.regexp"},
    {"count", J({"where" : {"name" : {"regexp" : "("}}}), "where.name.regexp"},
    {"existsWith", J({"where" : {"name" : {"regexp" : "("}}}), "where.name.regexp"},
    {"find", J({
         "filter" : {"where" : {"name" : {"regexp" : "("}}},
         "options" : {"shouldQueryRange" : true}
     }),
     "where.name.regexp"},
};

static void mistake_check(const opened *self, ignis_context *ctx, const mistake *made)
{
    const char *result = NULL;
    ignis_code code = ignis_call_json(ctx, self->authors, &ignis_policy_trusted, made->method,
                                      made->arguments, 0, &result, NULL);
    const ignis_error *error = ignis_context_error(ctx);
    if (code != IGNIS_E_INVALID || strcmp(error->path, made->path) != 0 ||
        strncmp(error->message, "invalid regular expression: ", 28) != 0)
        fail_msg("%s: %s at '%s': %s", made->arguments, ignis_code_name(code), error->path,
                 error->message);
}

/* By itself, and in transactions, each of which is over with its first error. */
static void mistakes_check(const opened *self)
{
    static const ignis_isolation isolations[] = {IGNIS_READ_COMMITTED, IGNIS_REPEATABLE_READ};
    for (size_t i = 0; i < ARRAY_COUNT(mistakes); i++) {
        mistake_check(self, self->ctx, &mistakes[i]);
        for (size_t k = 0; k < ARRAY_COUNT(isolations); k++) {
            ignis_context *tx = NULL;
            assert_int_equal(ignis_begin(self->ctx, self->source, isolations[k], &tx), IGNIS_OK);
            mistake_check(self, tx, &mistakes[i]);
            ignis_rollback(tx);
        }
    }
}

/* The tables are empty at first: a pattern is wrong whatever rows there are. */
static void engine_check(const char *url, bool is_server)
{
    opened o;
    const char *rows = NULL;
    open_at(&o, url);
    mistakes_check(&o);
    rows_load(&o);
    mistakes_check(&o);
    assert_int_equal(
        ignis_find_json(
            o.ctx, o.authors, &ignis_policy_trusted, J({
                "where" : {"name" : {"regexp" : "^A"}, "code" : {"iregexp" : "^A"}},
                "include" :
                    [ {"relation" : "books", "scope" : {"where" : {"title" : {"regexp" : "n"}}}} ]
            }),
            &rows),
        IGNIS_OK);
    assert_string_equal(rows, "[{\"id\":1,\"name\":\"Ada\",\"code\":\"a1\","
                              "\"books\":[{\"id\":1,\"title\":\"One\",\"authorId\":1}]}]");
    close_all(&o, is_server);
}

static void wrong_patterns_are_named_on_sqlite(void **state)
{
    (void)state;
    engine_check("sqlite::memory:", false);
}

static void wrong_patterns_are_named_on_postgresql(void **state)
{
    (void)state;
    if (server_is_there("IGNIS_TEST_POSTGRES_URL")) engine_check(server_url(), true);
}

static void wrong_patterns_are_named_behind_a_pooler(void **state)
{
    (void)state;
    if (server_is_there("IGNIS_TEST_PGBOUNCER_URL")) engine_check(server_pgbouncer_url(), true);
}

/* Each pattern is fine for itself, but not for this text. */
static void a_match_without_end_is_stopped_on_sqlite(void **state)
{
    (void)state;
    static const char *const patterns[] = {"^(a+)+$", "^(a|a)*$", "^(\\w*)*\\1[0-9]$",
                                           "^(([a-z])+.)+[A-Z]"};
    opened o;
    open_at(&o, "sqlite::memory:");
    assert_int_equal(
        ignis_load(
            o.ctx, o.source,
            J({"Author" : [ {"id" : 1, "name" : "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"} ]}), 0,
            NULL),
        IGNIS_OK);
    for (size_t i = 0; i < ARRAY_COUNT(patterns); i++) {
        const char *rows = NULL;
        text where;
        text_init(&where, &o.ctx->results, 0);
        text_string(&where, "{\"where\":{\"name\":{\"regexp\":");
        json_write_string(&where, patterns[i], strlen(patterns[i]));
        text_string(&where, "}}}");
        ignis_code code =
            ignis_find_json(o.ctx, o.authors, &ignis_policy_trusted, text_finish(&where), &rows);
        if (code != IGNIS_E_LIMIT) fail_msg("%s: %s", patterns[i], ignis_code_name(code));
        assert_string_equal(ignis_context_error(o.ctx)->message,
                            "a regular expression takes too many steps on a text");
    }
    close_all(&o, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_patterns_are_named_on_sqlite),
        cmocka_unit_test(wrong_patterns_are_named_on_postgresql),
        cmocka_unit_test(wrong_patterns_are_named_behind_a_pooler),
        cmocka_unit_test(a_match_without_end_is_stopped_on_sqlite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
