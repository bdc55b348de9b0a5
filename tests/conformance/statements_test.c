/* How many statements a read takes: one and one for each inclusion, however many rows there are. */
#include "driver/driver.h"
#include "support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char MODELS[] =
    IGNIS_JSON({
    "models" : [
        {
            "name" : "Author",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true, "notNull" : true},
                {"name" : "name", "type" : "text"}
            ],
            "relations" : [ {"name" : "books", "type" : "many", "model" : "Book"} ]
        },
        {
            "name" : "Publisher",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true, "notNull" : true},
                {"name" : "name", "type" : "text"}
            ]
        },
        {
            "name" : "Book",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true, "notNull" : true},
                {"name" : "title", "type" : "text"}, {"name" : "authorId", "type" : "integer"},
                {"name" : "publisherId", "type" : "integer"}
            ],
            "indexes" : [ {"name" : "book_author", "columns" : ["authorId"]} ],
            "relations" : [
                {
                    "name" : "author",
                    "type" : "one",
                    "model" : "Author",
                    "fields" : ["authorId"],
                    "references" : ["id"]
                },
                {
                    "name" : "publisher",
                    "type" : "one",
                    "model" : "Publisher",
                    "fields" : ["publisherId"],
                    "references" : ["id"]
                },
                {"name" : "reviews", "type" : "many", "model" : "Review"}
            ],
            "settings" : {"defaultFilter" : {"include" : ["publisher"]}}
        },
        {
            "name" : "Review",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true, "notNull" : true},
                {"name" : "bookId", "type" : "integer"}, {"name" : "stars", "type" : "integer"}
            ],
            "indexes" : [ {"name" : "review_book", "columns" : ["bookId"]} ],
            "relations" : [ {
                "name" : "book",
                "type" : "one",
                "model" : "Book",
                "fields" : ["bookId"],
                "references" : ["id"]
            } ]
        }
    ]
});

/* count authors, each with two books, each with two reviews. */
static const char *rows_write(arena *memory, int count)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, "{\"Publisher\":[{\"id\":1,\"name\":\"p\"}],\"Author\":[");
    for (int i = 1; i <= count; i++)
        text_format(&out, "%s{\"id\":%d,\"name\":\"a%d\"}", i > 1 ? "," : "", i, i);
    text_string(&out, "],\"Book\":[");
    for (int i = 1; i <= 2 * count; i++)
        text_format(&out, "%s{\"id\":%d,\"title\":\"b%d\",\"authorId\":%d,\"publisherId\":1}",
                    i > 1 ? "," : "", i, i, (i + 1) / 2);
    text_string(&out, "],\"Review\":[");
    for (int i = 1; i <= 4 * count; i++)
        text_format(&out, "%s{\"id\":%d,\"bookId\":%d,\"stars\":%d}", i > 1 ? "," : "", i,
                    (i + 1) / 2, i % 5);
    text_string(&out, "]}");
    return text_finish(&out);
}

/* ---- a source whose statements are recorded ---- */

/* The recording driver keeps its records in the database, which a data source does not show. */
static ignis_database *recorded;

static ignis_code recorded_open(ignis_context *ctx, const ignis_driver_settings *settings,
                                ignis_database **database)
{
    IGNIS_TRY(recording_driver.open(ctx, settings, database));
    recorded = *database;
    return IGNIS_OK;
}

typedef struct library {
    arena memory;
    ignis_context *ctx;
    ignis_driver driver;
    ignis_data_source *source;
    bool is_recorded;
} library;

static void library_open(library *all, int count, bool is_recorded)
{
    *all = (library){.driver = is_recorded ? recording_driver : ignis_sqlite_driver,
                     .ctx = ignis_context_create(),
                     .is_recorded = is_recorded};
    assert_non_null(all->ctx);
    if (is_recorded) all->driver.open = recorded_open;
    fixture_class class_ = {.models_text = MODELS,
                            .data_text = rows_write(&all->memory, count),
                            .url = is_recorded ? "recording:sqlite::memory:" : "sqlite::memory:",
                            .driver = &all->driver};
    assert_non_null(class_.data_text);
    if (fixture_open(all->ctx, &class_, &all->source) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(all->ctx)->message);
}

static void library_close(library *all)
{
    ignis_data_source_close(all->source);
    ignis_context_free(all->ctx);
    arena_free(&all->memory);
    recorded = NULL;
}

typedef struct request {
    const char *model;
    const char *method;
    const char *arguments;
    size_t reads;    /* statements that read */
    size_t brackets; /* BEGIN and COMMIT */
} request;

static const char *request_run(library *all, const request *asked)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = asked->model};
    ignis_repository *repository = NULL;
    const char *result = NULL;
    ignis_code code = ignis_repository_open(all->ctx, all->source, &class_, &repository);
    if (all->is_recorded) recording_clear(recorded);
    if (code == IGNIS_OK)
        code = ignis_call_json(all->ctx, repository, &ignis_policy_trusted, asked->method,
                               asked->arguments, strlen(asked->arguments), &result, NULL);
    if (code != IGNIS_OK)
        fail_msg("%s %s: %s", asked->method, asked->arguments,
                 ignis_context_error(all->ctx)->message);
    return result;
}

static bool is_bracket(const char *sql)
{
    static const char *const words[] = {"BEGIN", "COMMIT", "END"};
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (strncmp(sql, words[i], strlen(words[i])) == 0) return true;
    return false;
}

static void statements_check(const request *asked)
{
    size_t reads = 0;
    size_t brackets = 0;
    size_t count = recording_count(recorded);
    for (size_t i = 0; i < count; i++) {
        const char *sql = recording_at(recorded, i)->sql;
        *(is_bracket(sql) ? &brackets : &reads) += 1;
        /* A snapshot needs the brackets around everything. */
        if (is_bracket(sql) && i != 0 && i != count - 1) fail_msg("%s in the middle", sql);
    }
    if (reads != asked->reads || brackets != asked->brackets)
        fail_msg("%s %s: %zu statements and %zu brackets, expected %zu and %zu", asked->method,
                 asked->arguments, reads, brackets, asked->reads, asked->brackets);
}

/* ---- tests ---- */

static const request REQUESTS[] = {
    {"Author", "find", "{}", 1, 0},
    {"Author", "find",
     IGNIS_JSON({"filter" : {"where" : {"id" : {"gt" : 0}}, "order" : ["name"], "limit" : 1000}}),
                 1, 0},
     /* The default filter of Book includes its publisher. */
     {"Author", "find", IGNIS_JSON({"filter" : {"include" : ["books"]}}), 3, 2},
      {"Book", "find", "{}", 2, 2},
      {"Book", "find", IGNIS_JSON({"options" : {"shouldSkipDefaultFilter" : true}}), 1, 0},
       {"Book", "find", IGNIS_JSON({"filter" : {"include" : []}}), 1, 0},
        {"Author", "find",
         IGNIS_JSON(
         {"filter" : {"include" : [ {"relation" : "books", "shouldSkipDefaultFilter" : true} ]}}),
                      2, 2},
         {"Author", "find",
          IGNIS_JSON({
         "filter" : {"include" : [ {"relation" : "books", "scope" : {"include" : ["reviews"]}} ]}
     }),
                            3, 2},
              {"Book", "find",
               IGNIS_JSON({"filter" : {"include" : [ "author", "publisher", "reviews" ]}}), 4, 2},
               {"Author", "find",
                IGNIS_JSON({
         "filter" : {
             "include" : [ {
                 "relation" : "books",
                 "scope" : {
                     "include" : [ {
                         "relation" : "reviews",
                         "scope" : {
                             "include" :
                                 [ {"relation" : "book",
                                    "scope" : {"include" : ["author"]}} ]
                         }
                     } ]
                 }
             } ]
         }
     }),
                    5, 2},
                                          /* A limit of each parent takes no statement more. */
                                          {"Author", "find",
                                           IGNIS_JSON({
         "filter" : {
             "order" : ["id"],
             "include" : [ {
                 "relation" : "books",
                 "scope" : {
                     "order" : ["title DESC"],
                     "limit" : 1,
                     "skip" : 1,
                     "include" :
                         [ {"relation" : "reviews", "scope" : {"order" : ["stars"], "limit" : 1}} ]
                 }
             } ]
         }
     }),
                                                           3, 2},
                                                {"Author", "find",
                                                 IGNIS_JSON({"options" : {"shouldQueryRange" : true}}), 2,
                                                      2},
                                                 {"Author", "find",
                                                  IGNIS_JSON({
         "filter" : {"limit" : 1000, "include" : ["books"]},
         "options" : {"shouldQueryRange" : true}
     }),
                                                                    4, 2},
                                                      {"Author", "findOne",
                                                       IGNIS_JSON({"filter" : {"order" : ["id"], "include" : ["books"]}}),
                                                            3, 2},
                                                       {"Author", "findOne", "{}", 1, 0},
                                                       {"Author", "findById",
                                                        IGNIS_JSON({"id" : 1}), 1, 0},
                                                        {"Author", "findById",
                                                         IGNIS_JSON({
         "id" : 1,
         "filter" : {"include" : [ {"relation" : "books", "scope" : {"include" : ["reviews"]}} ]}
     }),
                                                                                     3, 2},
                                                               {"Author", "count", "{}", 1, 0},
                                                               {"Book", "count",
                                                                IGNIS_JSON({"where" : {"authorId" : 1}}),
                                                                            1, 0},
                                                                {"Book", "existsWith",
                                                                 IGNIS_JSON({"where" : {"authorId" : 1}}),
                                                                             1, 0},
};

static void requests_check(int count)
{
    library all;
    library_open(&all, count, true);
    /* Twice: a plan that was made before takes no other statements. */
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < ARRAY_COUNT(REQUESTS); i++) {
            request_run(&all, &REQUESTS[i]);
            statements_check(&REQUESTS[i]);
            ignis_context_reset(all.ctx);
        }
    }
    library_close(&all);
}

static void one_row_takes_a_statement_for_each_inclusion(void **state)
{
    (void)state;
    requests_check(1);
}

static void a_thousand_rows_take_no_statement_more(void **state)
{
    (void)state;
    requests_check(1000);
}

static void recorded_and_plain_sqlite_answer_the_same(void **state)
{
    (void)state;
    library with;
    library without;
    library_open(&with, 50, true);
    library_open(&without, 50, false);
    for (size_t i = 0; i < ARRAY_COUNT(REQUESTS); i++) {
        const char *recorded_result = request_run(&with, &REQUESTS[i]);
        assert_string_equal(recorded_result, request_run(&without, &REQUESTS[i]));
        assert_string_not_equal(recorded_result, "[]");
        ignis_context_reset(with.ctx);
        ignis_context_reset(without.ctx);
    }
    library_close(&without);
    library_close(&with);
}

/* Values are parameters: texts differ in nothing but what the filter's structure says. */
static void values_are_never_in_the_text(void **state)
{
    (void)state;
    library all;
    library_open(&all, 1, true);
    static const char *const filters[] = {
        IGNIS_JSON({"filter" : {"where" : {"name" : "needle"}, "limit" : 7357}}),
                   IGNIS_JSON({"filter" : {"where" : {"id" : {"in" : [ 7357, 7358 ]}}}}),
                              IGNIS_JSON({
            "filter" : {
                "include" : [ {
                    "relation" : "books",
                    "scope" : {"where" : {"title" : {"neq" : "needle"}}, "limit" : 7357}
                } ]
            }
        }),
                              };
    for (size_t i = 0; i < ARRAY_COUNT(filters); i++) {
        request asked = {.model = "Author", .method = "find", .arguments = filters[i]};
        request_run(&all, &asked);
        assert_true(recording_count(recorded) > 0);
        for (size_t k = 0; k < recording_count(recorded); k++) {
            const char *sql = recording_at(recorded, k)->sql;
            if (strstr(sql, "needle") || strstr(sql, "735")) fail_msg("%s", sql);
        }
    }
    library_close(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_row_takes_a_statement_for_each_inclusion),
        cmocka_unit_test(a_thousand_rows_take_no_statement_more),
        cmocka_unit_test(recorded_and_plain_sqlite_answer_the_same),
        cmocka_unit_test(values_are_never_in_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
