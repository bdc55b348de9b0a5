/* Mistakes of callers: the code, the place, the nearest name and what the message says. */
#include "support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char MODELS[] = IGNIS_JSON({
    "models" : [
        {
            "name" : "User",
            "columns" : [
                {"name" : "id", "type" : "text", "primaryKey" : true, "notNull" : true},
                {"name" : "name", "type" : "text", "notNull" : true},
                {"name" : "email", "type" : "text"}, {"name" : "secret", "type" : "text"},
                {"name" : "age", "type" : "integer"}
            ],
            "relations" : [ {"name" : "posts", "type" : "many", "model" : "Post"} ],
            "settings" : {"hiddenProperties" : ["secret"]}
        },
        {
            "name" : "Post",
            "columns" : [
                {"name" : "id", "type" : "text", "primaryKey" : true, "notNull" : true},
                {"name" : "title", "type" : "text"}, {"name" : "views", "type" : "integer"},
                {"name" : "score", "type" : "numeric"}, {"name" : "isDraft", "type" : "boolean"},
                {"name" : "createdAt", "type" : "timestamptz"},
                {"name" : "authorId", "type" : "text"}
            ],
            "relations" : [
                {
                    "name" : "author",
                    "type" : "one",
                    "model" : "User",
                    "fields" : ["authorId"],
                    "references" : ["id"]
                },
                {"name" : "comments", "type" : "many", "model" : "Comment"}
            ]
        },
        {
            "name" : "Comment",
            "columns" : [
                {"name" : "id", "type" : "text", "primaryKey" : true, "notNull" : true},
                {"name" : "text", "type" : "text"}, {"name" : "postId", "type" : "text"}
            ],
            "relations" : [ {
                "name" : "post",
                "type" : "one",
                "model" : "Post",
                "fields" : ["postId"],
                "references" : ["id"]
            } ]
        }
    ]
});

typedef struct opened {
    ignis_context *ctx;
    ignis_data_source *source;
} opened;

static int opened_open(void **state)
{
    static opened all;
    all.ctx = ignis_context_create();
    fixture_class class_ = {.models_text = MODELS};
    if (!all.ctx) return -1;
    if (fixture_open(all.ctx, &class_, &all.source) != IGNIS_OK) {
        print_error("%s\n", ignis_context_error(all.ctx)->message);
        return -1;
    }
    *state = &all;
    return 0;
}

static int opened_close(void **state)
{
    opened *all = *state;
    ignis_data_source_close(all->source);
    ignis_context_free(all->ctx);
    return 0;
}

/* What is called, and what the error must be. */
typedef struct mistake {
    const char *model;
    const ignis_policy *policy; /* NULL: public */
    const char *method;
    const char *input; /* find, findOne: the filter; count, existsWith: the condition; else all
                          arguments */
    ignis_code code;
    const char *path;
    const char *hint;    /* "": none */
    const char *message; /* a part of it */
} mistake;

static ignis_repository *repository_open(opened *all, const char *model, bool readable)
{
    ignis_repository_class class_ = {
        .struct_size = sizeof(class_), .model = model, .readable = readable};
    ignis_repository *repository = NULL;
    if (ignis_repository_open(all->ctx, all->source, &class_, &repository) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(all->ctx)->message);
    return repository;
}

static ignis_code mistake_make(opened *all, const mistake *made)
{
    const ignis_repository *repository = repository_open(all, made->model, false);
    const char *result = NULL;
    int64_t count = 0;
    bool exists = false;
    if (strcmp(made->method, "find") == 0)
        return ignis_find_json(all->ctx, repository, made->policy, made->input, &result);
    if (strcmp(made->method, "findOne") == 0)
        return ignis_find_one_json(all->ctx, repository, made->policy, made->input, &result);
    if (strcmp(made->method, "count") == 0)
        return ignis_count_json(all->ctx, repository, made->policy, made->input, &count);
    if (strcmp(made->method, "existsWith") == 0)
        return ignis_exists_json(all->ctx, repository, made->policy, made->input, &exists);
    const char *method = strncmp(made->method, "call ", 5) == 0 ? made->method + 5 : made->method;
    return ignis_call_json(all->ctx, repository, made->policy, method, made->input,
                           strlen(made->input), &result, NULL);
}

/* Whether the error is the expected one; tells where it is not. */
static bool mistake_is_told(opened *all, const mistake *made)
{
    ignis_code code = mistake_make(all, made);
    const ignis_error *error = ignis_context_error(all->ctx);
    bool is_right = code == made->code && error->code == code &&
                    strcmp(error->path, made->path) == 0 && strcmp(error->hint, made->hint) == 0 &&
                    strstr(error->message, made->message) && !strchr(error->message, '\n');
    if (!is_right)
        print_error("%s.%s %.200s\n  expected %s at '%s', hint '%s': %s\n"
                    "  got      %s at '%s', hint '%s': %s\n",
                    made->model, made->method, made->input, ignis_code_name(made->code), made->path,
                    made->hint, made->message, ignis_code_name(code), error->path, error->hint,
                    error->message);
    ignis_context_reset(all->ctx);
    return is_right;
}

static void mistakes_check(opened *all, const mistake *mistakes, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++)
        wrong += !mistake_is_told(all, &mistakes[i]);
    assert_int_equal(wrong, 0);
}

#define TRUSTED &ignis_policy_trusted

static void mistakes_in_where_are_told(void **state)
{
    static const mistake mistakes[] = {
        {"Post", TRUSTED, "find",
         IGNIS_JSON({"where" : {"titel" : "x"}}), IGNIS_E_INVALID, "where.titel", "title",
                     "'titel'"},
         {"Post", TRUSTED, "find",
          IGNIS_JSON({"where" : {"zzzzzz" : 1}}), IGNIS_E_INVALID, "where.zzzzzz", "", "'zzzzzz'"},
          {"Post", TRUSTED, "find",
           IGNIS_JSON({"where" : {"and" : [ {"title" : "x"}, {"titel" : 1} ]}}), IGNIS_E_INVALID,
                       "where.and[1].titel", "title", "'titel'"},
           {"Post", TRUSTED, "find",
            IGNIS_JSON({"where" : {"or" : {"titel" : 1}}}), IGNIS_E_INVALID, "where.or.titel",
                        "title", "'titel'"},
            {"Post", TRUSTED, "find",
             IGNIS_JSON({"where" : {"not" : {"titel" : 1}}}), IGNIS_E_INVALID, "where.not.titel",
                         "title", "'titel'"},
             {"Post", TRUSTED, "find",
              IGNIS_JSON({"where" : {"title" : {"eqq" : "x"}}}), IGNIS_E_INVALID, "where.title.eqq",
                          "eq", "'eqq'"},
              {"Post", TRUSTED, "find",
               IGNIS_JSON({"where" : {"views" : {"betwen" : [ 1, 2 ]}}}), IGNIS_E_INVALID,
                           "where.views.betwen", "between", "'betwen'"},
               {"Post", TRUSTED, "find",
                IGNIS_JSON({"where" : {"author" : {"name" : "x"}}}), IGNIS_E_INVALID,
                            "where.author", "", "relation"},
                {"Post", TRUSTED, "find",
                 IGNIS_JSON({"where" : {"views" : {"gt" : "abc"}}}), IGNIS_E_INVALID,
                             "where.views.gt", "", "expected an integer, got \"abc\""},
                 {"Post", TRUSTED, "find",
                  IGNIS_JSON({"where" : {"views" : 2147483648}}), IGNIS_E_INVALID, "where.views",
                              "", "got 2147483648"},
                  {"Post", TRUSTED, "find",
                   IGNIS_JSON({"where" : {"views" : [ 1, "x" ]}}), IGNIS_E_INVALID,
                               "where.views[1]", "", "expected an integer, got \"x\""},
                   {"Post", TRUSTED, "find",
                    IGNIS_JSON({"where" : {"views" : {"gt" : [1]}}}), IGNIS_E_INVALID,
                                "where.views.gt", "", "expected an integer, got a list"},
                    {"Post", TRUSTED, "find",
                     IGNIS_JSON({"where" : {"views" : {"in" : [[1]]}}}), IGNIS_E_INVALID,
                                 "where.views.in[0]", "", "got a list"},
                     {"Post", TRUSTED, "find",
                      IGNIS_JSON({"where" : {"isDraft" : "maybe"}}), IGNIS_E_INVALID,
                                  "where.isDraft", "", "got \"maybe\""},
                      {"Post", TRUSTED, "find",
                       IGNIS_JSON({"where" : {"createdAt" : {"lt" : "2024-02-30"}}}),
                                   IGNIS_E_INVALID, "where.createdAt.lt", "", "got \"2024-02-30\""},
                       {"Post", TRUSTED, "find",
                        IGNIS_JSON({"where" : {"score" : "NaN"}}), IGNIS_E_INVALID, "where.score",
                                    "", "got \"NaN\""},
                        {"Post", TRUSTED, "find",
                         IGNIS_JSON({"where" : {"views" : {"between" : [1]}}}), IGNIS_E_INVALID,
                                     "where.views.between", "", "exactly two"},
                         {"Post", TRUSTED, "find",
                          IGNIS_JSON({"where" : {"views" : {}}}), IGNIS_E_INVALID, "where.views",
                                      "", "operator"},
                          {"Post", TRUSTED, "find",
                           IGNIS_JSON({"where" : {"views" : {"like" : "1%"}}}), IGNIS_E_INVALID,
                                       "where.views.like", "", "text"},
                           {"Post", TRUSTED, "find",
                            IGNIS_JSON({"where" : {"title.a" : 1}}), IGNIS_E_INVALID,
                                        "where.title.a", "", "path"},
                            {"Post", TRUSTED, "find",
                             IGNIS_JSON({"where" : [1]}), IGNIS_E_INVALID, "where", "",
                                         "an object"},
                             {"Post", TRUSTED, "count",
                              IGNIS_JSON({"titel" : "x"}), IGNIS_E_INVALID, "where.titel", "title",
                                         "'titel'"},
                              {"Post", TRUSTED, "existsWith",
                               IGNIS_JSON({"views" : "x"}), IGNIS_E_INVALID, "where.views", "",
                                          "expected an integer"},
                              };
    mistakes_check(*state, mistakes, ARRAY_COUNT(mistakes));
}

static void mistakes_in_fields_order_and_paging_are_told(void **state)
{
    static const mistake mistakes[] = {
        {"Post", TRUSTED, "find",
         IGNIS_JSON({"wher" : {}}), IGNIS_E_INVALID, "wher", "where", "'wher'"},
         {"Post", TRUSTED, "find", "[]", IGNIS_E_INVALID, "", "", "an object"},
         {"Post", TRUSTED, "find",
          IGNIS_JSON({"order" : ["titel ASC"]}), IGNIS_E_INVALID, "order[0]", "title", "'titel'"},
          {"Post", TRUSTED, "find",
           IGNIS_JSON({"order" : [ "id", "title UP" ]}), IGNIS_E_INVALID, "order[1]", "",
                       "title UP"},
           {"Post", TRUSTED, "find",
            IGNIS_JSON({"order" : ["title ASC NULLS"]}), IGNIS_E_INVALID, "order[0]", "",
                        "title ASC NULLS"},
            {"Post", TRUSTED, "find",
             IGNIS_JSON({"order" : ["title; DROP TABLE x"]}), IGNIS_E_INVALID, "order[0]", "",
                         "DROP"},
             {"Post", TRUSTED, "find",
              IGNIS_JSON({"order" : ["author DESC"]}), IGNIS_E_INVALID, "order[0]", "", "relation"},
              {"Post", TRUSTED, "find",
               IGNIS_JSON({"order" : "title"}), IGNIS_E_INVALID, "order", "", "list"},
               {"Post", TRUSTED, "find",
                IGNIS_JSON({"fields" : [ "id", "titel" ]}), IGNIS_E_INVALID, "fields[1]", "title",
                            "'titel'"},
                {"Post", TRUSTED, "find",
                 IGNIS_JSON({"fields" : {"title" : 1}}), IGNIS_E_INVALID, "fields.title", "",
                             "true or false"},
                 {"Post", TRUSTED, "find",
                  IGNIS_JSON({"fields" : [1]}), IGNIS_E_INVALID, "fields[0]", "", "name"},
                  {"Comment", TRUSTED, "find",
                   IGNIS_JSON({"fields" : {"id" : false, "text" : false, "postId" : false}}),
                               IGNIS_E_INVALID, "fields", "", "no property"},
                   {"User", TRUSTED, "find",
                    IGNIS_JSON({"fields" : ["secret"]}), IGNIS_E_INVALID, "fields", "", ""},
                    {"Post", TRUSTED, "find",
                     IGNIS_JSON({"limit" : -1}), IGNIS_E_INVALID, "limit", "", "-1"},
                     {"Post", TRUSTED, "find",
                      IGNIS_JSON({"limit" : 1.5}), IGNIS_E_INVALID, "limit", "", "1.5"},
                      {"Post", TRUSTED, "find",
                       IGNIS_JSON({"limit" : true}), IGNIS_E_INVALID, "limit", "", "a boolean"},
                       {"Post", TRUSTED, "find",
                        IGNIS_JSON({"limit" : "9223372036854775808"}), IGNIS_E_INVALID, "limit", "",
                                   "9223372036854775808"},
                        {"Post", TRUSTED, "find",
                         IGNIS_JSON({"skip" : "x"}), IGNIS_E_INVALID, "skip", "", "\"x\""},
                         {"Post", TRUSTED, "find",
                          IGNIS_JSON({"offset" : {}}), IGNIS_E_INVALID, "offset", "", "an object"},
                          {"Post", TRUSTED, "findOne",
                           IGNIS_JSON({"filtre" : {}}), IGNIS_E_INVALID, "filtre", "", "'filtre'"},
                          };
    mistakes_check(*state, mistakes, ARRAY_COUNT(mistakes));
}

static void mistakes_in_include_are_told(void **state)
{
    static const mistake mistakes[] = {
        {"Post", TRUSTED, "find",
         IGNIS_JSON({"include" : ["autor"]}), IGNIS_E_INVALID, "include[0]", "author", "'autor'"},
         {"Post", TRUSTED, "find",
          IGNIS_JSON({"include" : {"relation" : "author"}}), IGNIS_E_INVALID, "include", "",
                      "list"},
          {"Post", TRUSTED, "find",
           IGNIS_JSON({"include" : [ "author", {"relation" : "author"} ]}), IGNIS_E_INVALID,
                       "include[1]", "", "twice"},
           {"Post", TRUSTED, "find",
            IGNIS_JSON({"include" : [ {"relation" : "author", "scop" : {}} ]}), IGNIS_E_INVALID,
                        "include[0].scop", "scope", "'scop'"},
            {"Post", TRUSTED, "find",
             IGNIS_JSON({"include" : [ {"relation" : "author", "scope" : "x"} ]}), IGNIS_E_INVALID,
                         "include[0].scope", "", "an object"},
             {"Post", TRUSTED, "find",
              IGNIS_JSON({"include" : [ {"relation" : "author", "shouldSkipDefaultFilter" : 1} ]}),
                          IGNIS_E_INVALID, "include[0].shouldSkipDefaultFilter", "",
                          "true or false"},
              {"User", TRUSTED, "find",
               IGNIS_JSON(
             {"include" : [ {"relation" : "posts", "scope" : {"where" : {"titel" : "x"}}} ]}),
                                  IGNIS_E_INVALID, "include[0].scope.where.titel", "title",
                                  "'titel'"},
                   {"User", TRUSTED, "find",
                    IGNIS_JSON({
             "include" : [ {
                 "relation" : "posts",
                 "scope" : {
                     "include" :
                         [ "author",
                           {"relation" : "comments", "scope" : {"order" : ["txt"]}} ]
                 }
             } ]
         }),
                        IGNIS_E_INVALID, "include[0].scope.include[1].scope.order[0]", "text",
                        "'txt'"},
                                               {"User", TRUSTED, "find",
                                                IGNIS_JSON({"include" : [ {"relation" : "posts", "scope" : {"limit" : "many"}} ]}),
                                                            IGNIS_E_INVALID,
                                                            "include[0].scope.limit", "", "many"},
                                               };
    mistakes_check(*state, mistakes, ARRAY_COUNT(mistakes));
}

/* Hidden properties are as if they were not there: no hint names them, either. */
static void what_the_public_must_not_do_is_told(void **state)
{
    static const mistake mistakes[] = {
        {"User", NULL, "find",
         IGNIS_JSON({"where" : {"secret" : "x"}}), IGNIS_E_INVALID, "where.secret", "", "'secret'"},
         {"User", NULL, "find",
          IGNIS_JSON({"where" : {"secre" : "x"}}), IGNIS_E_INVALID, "where.secre", "", "'secre'"},
          {"User", NULL, "count",
           IGNIS_JSON({"secret" : null}), IGNIS_E_INVALID, "where.secret", "", "'secret'"},
           {"User", NULL, "find",
            IGNIS_JSON({"order" : ["secret"]}), IGNIS_E_INVALID, "order[0]", "", "'secret'"},
            {"User", NULL, "find",
             IGNIS_JSON({"fields" : ["secret"]}), IGNIS_E_INVALID, "fields[0]", "", "'secret'"},
             {"User", NULL, "find",
              IGNIS_JSON({"fields" : {"secret" : false}}), IGNIS_E_INVALID, "fields.secret", "",
                          "'secret'"},
              {"Post", NULL, "find",
               IGNIS_JSON(
             {"include" : [ {"relation" : "author", "scope" : {"where" : {"secret" : "x"}}} ]}),
                                  IGNIS_E_INVALID, "include[0].scope.where.secret", "", "'secret'"},
                   {"Post", NULL, "find",
                    IGNIS_JSON({"include" : [ {"relation" : "author", "shouldSkipDefaultFilter" : true} ]}),
                                IGNIS_E_INVALID, "include[0].shouldSkipDefaultFilter", "",
                                "public"},
                    {"User", NULL, "call find",
                     IGNIS_JSON({"options" : {"shouldSkipDefaultFilter" : true}}), IGNIS_E_INVALID,
                                 "options.shouldSkipDefaultFilter", "", "public"},
                    };
    mistakes_check(*state, mistakes, ARRAY_COUNT(mistakes));
}

static void a_message_never_shows_a_value_of_a_hidden_property(void **state)
{
    opened *all = *state;
    const mistake made = {"User",
                          TRUSTED,
                          "find",
                          IGNIS_JSON({"where" : {"secret" : {"gt" : ["hunter2"]}}}),
                                     IGNIS_E_INVALID, "where.secret.gt", "", "got a list"};
    assert_int_equal(mistake_make(all, &made), made.code);
    assert_null(strstr(ignis_context_error(all->ctx)->message, "hunter2"));
    assert_true(mistake_is_told(all, &made));
}

static void mistakes_in_arguments_are_told(void **state)
{
    static const mistake mistakes[] = {
        {"Post", TRUSTED, "call find",
         IGNIS_JSON({"filtr" : {}}), IGNIS_E_INVALID, "filtr", "filter", "'filtr'"},
         {"Post", TRUSTED, "call find",
          IGNIS_JSON({"options" : {"shouldQueryRang" : true}}), IGNIS_E_INVALID,
                      "options.shouldQueryRang", "shouldQueryRange", "'shouldQueryRang'"},
          {"Post", TRUSTED, "call find",
           IGNIS_JSON({"options" : {"shouldQueryRange" : "yes"}}), IGNIS_E_INVALID,
                       "options.shouldQueryRange", "", "true or false"},
           {"Post", TRUSTED, "call find",
            IGNIS_JSON({"options" : []}), IGNIS_E_INVALID, "options", "", "object"},
            {"Post", TRUSTED, "call find", "[]", IGNIS_E_INVALID, "", "", "object"},
            {"Post", TRUSTED, "call findById", "{}", IGNIS_E_INVALID, "id", "", "id"},
            {"Post", TRUSTED, "call findById",
             IGNIS_JSON({"id" : ["a"]}), IGNIS_E_INVALID, "id", "", "a list"},
             {"Post", TRUSTED, "call findById",
              IGNIS_JSON({"id" : {"id" : "a"}}), IGNIS_E_INVALID, "id", "", "an object"},
              {"Post", TRUSTED, "call frobnicate", "{}", IGNIS_E_UNSUPPORTED, "", "",
               "no such method"},
              {"Post", TRUSTED, "call create", "{}", IGNIS_E_INVALID, "data", "", ""},
              {"Post", TRUSTED, "call create",
               IGNIS_JSON({"data" : {"id" : "a", "titel" : "x"}}), IGNIS_E_INVALID, "data.titel",
                           "title", "'titel'"},
               {"Post", TRUSTED, "call create",
                IGNIS_JSON({"data" : {"id" : "a", "views" : "x"}}), IGNIS_E_INVALID, "data.views",
                            "", "expected an integer, got \"x\""},
                {"Post", TRUSTED, "call createAll",
                 IGNIS_JSON({"data" : [ {"id" : "a"}, {"id" : "b", "titel" : "x"} ]}),
                             IGNIS_E_INVALID, "data[1].titel", "title", "'titel'"},
                };
    mistakes_check(*state, mistakes, ARRAY_COUNT(mistakes));
}

/* ---- documented texts ---- */

static void documented_texts_are_exact(void **state)
{
    opened *all = *state;
    static const struct {
        const char *filter;
        const char *message;
    } rows[] = {
        {IGNIS_JSON({"include" : [ {"relation" : "nonExistent"} ]}),
                     "[FilterBuilder][toInclude] Relation NOT FOUND | relation: 'nonExistent'"},
         {IGNIS_JSON({"include" : ["nonExistent"]}),
                      "[FilterBuilder][toInclude] Relation NOT FOUND | relation: 'nonExistent'"},
          {IGNIS_JSON({"include" : [ {"scope" : {"limit" : 1}} ]}),
                       "[FilterBuilder][toInclude] Invalid include format | include: "
                       "{\"scope\":{\"limit\":1}}"},
           {IGNIS_JSON({"include" : [ {} ]}),
                        "[FilterBuilder][toInclude] Invalid include format | include: {}"},
            {IGNIS_JSON({"include" : [""]}),
                         "[FilterBuilder][toInclude] Invalid include format | include: \"\""},
             {IGNIS_JSON({"include" : [ {"relation" : ""} ]}),
                          "[FilterBuilder][toInclude] Invalid include format | include: "
                          "{\"relation\":\"\"}"},
              {IGNIS_JSON({"include" : [ {"relation" : null} ]}),
                           "[FilterBuilder][toInclude] Invalid include format | include: "
                           "{\"relation\":null}"},
               {IGNIS_JSON({"include" : [7]}),
                            "[FilterBuilder][toInclude] Invalid include format | include: 7"},
              };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const char *result = NULL;
        ignis_repository *repository = repository_open(all, "Post", false);
        assert_int_equal(ignis_find_json(all->ctx, repository, NULL, rows[i].filter, &result),
                         IGNIS_E_INVALID);
        assert_string_equal(ignis_context_error(all->ctx)->message, rows[i].message);
        assert_string_equal(ignis_context_error(all->ctx)->path, "include[0]");
        ignis_context_reset(all->ctx);
    }
}

static void a_readable_repository_refuses_writes(void **state)
{
    opened *all = *state;
    const ignis_repository *repository = repository_open(all, "Post", true);
    static const char *const methods[][2] = {
        {"create", "[create] Repository operation is NOT ALLOWED | scope: READ_ONLY"},
        {"createAll", "[createAll] Repository operation is NOT ALLOWED | scope: READ_ONLY"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(methods); i++) {
        const char *result = NULL;
        static const char arguments[] = IGNIS_JSON({"data" : {"id" : "a"}});
        assert_int_equal(ignis_call_json(all->ctx, repository, TRUSTED, methods[i][0], arguments,
                                         strlen(arguments), &result, NULL),
                         IGNIS_E_UNSUPPORTED);
        assert_string_equal(ignis_context_error(all->ctx)->message, methods[i][1]);
    }
    int64_t count = -1;
    assert_int_equal(ignis_count_json(all->ctx, repository, NULL, NULL, &count), IGNIS_OK);
    assert_int_equal(count, 0);
}

static void a_model_that_is_not_registered_is_told_at_every_call(void **state)
{
    opened *all = *state;
    static const char *const kept[] = {"Post", "Comment"};
    fixture_class class_ = {.models_text = MODELS, .only = {kept, ARRAY_COUNT(kept)}};
    ignis_data_source *source = NULL;
    assert_int_equal(fixture_open(all->ctx, &class_, &source), IGNIS_OK);
    opened part = {.ctx = all->ctx, .source = source};
    static const char message[] =
        "[UserRepository] Schema key mismatch | Entity name 'User' not found in connector.query | "
        "Available keys: [Post, Comment] | Ensure the model's TABLE_NAME matches the schema "
        "registration key";
    static const mistake calls[] = {
        {"User", TRUSTED, "find", "{}", IGNIS_E_INVALID, "", "", message},
        {"User", TRUSTED, "findOne", "{}", IGNIS_E_INVALID, "", "", message},
        {"User", TRUSTED, "count", "{}", IGNIS_E_INVALID, "", "", message},
        {"User", TRUSTED, "existsWith", "{}", IGNIS_E_INVALID, "", "", message},
        {"User", TRUSTED, "call create", "{\"data\": {\"id\": \"a\"}}", IGNIS_E_INVALID, "", "",
         message},
    };
    mistakes_check(&part, calls, ARRAY_COUNT(calls));
    ignis_data_source_close(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_where_are_told),
        cmocka_unit_test(mistakes_in_fields_order_and_paging_are_told),
        cmocka_unit_test(mistakes_in_include_are_told),
        cmocka_unit_test(what_the_public_must_not_do_is_told),
        cmocka_unit_test(a_message_never_shows_a_value_of_a_hidden_property),
        cmocka_unit_test(mistakes_in_arguments_are_told),
        cmocka_unit_test(documented_texts_are_exact),
        cmocka_unit_test(a_readable_repository_refuses_writes),
        cmocka_unit_test(a_model_that_is_not_registered_is_told_at_every_call),
    };
    return cmocka_run_group_tests(tests, opened_open, opened_close);
}
