/* default filters: merged with the caller's, read from the context, refused when they are wrong. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char models[] = J({
    "models" : [
        {
            "name" : "Team",
            "columns" : [ {"name" : "id", "type" : "integer", "primaryKey" : true} ],
            "relations" : [ {"name" : "tasks", "type" : "many", "model" : "Task"} ]
        },
        {
            "name" : "Task",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "title", "type" : "text"}, {"name" : "isDeleted", "type" : "boolean"},
                {"name" : "teamId", "type" : "integer"}
            ],
            "relations" : [
                {
                    "name" : "team",
                    "type" : "one",
                    "model" : "Team",
                    "fields" : ["teamId"],
                    "references" : ["id"]
                },
                {"name" : "notes", "type" : "many", "model" : "Note"}
            ],
            "settings" : {
                "defaultFilter" : {
                    "where" : {"isDeleted" : false},
                    "order" : ["title DESC"],
                    "limit" : 2,
                    "offset" : 1,
                    "fields" : [ "id", "title" ],
                    "include" : ["notes"]
                }
            }
        },
        {
            "name" : "Note",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "tenant", "type" : "text"}, {"name" : "rank", "type" : "integer"},
                {"name" : "taskId", "type" : "integer"}
            ],
            "relations" : [ {
                "name" : "task",
                "type" : "one",
                "model" : "Task",
                "fields" : ["taskId"],
                "references" : ["id"]
            } ],
            "settings" : {
                "defaultFilter" : {
                    "where" : {
                        "tenant" : {"$context" : "tenant"},
                        "rank" : {"nin" : {"$context" : "ranks"}}
                    },
                    "fields" : ["id"],
                    "order" : ["id"]
                }
            }
        }
    ]
});

static const char rows[] = J({
    "Team" : [ {"id" : 1} ],
    "Task" : [
        {"id" : 1, "title" : "a", "isDeleted" : false, "teamId" : 1},
        {"id" : 2, "title" : "b", "isDeleted" : false, "teamId" : 1},
        {"id" : 3, "title" : "c", "isDeleted" : true, "teamId" : 1},
        {"id" : 4, "title" : "d", "isDeleted" : false, "teamId" : 1},
        {"id" : 5, "title" : "e", "isDeleted" : false, "teamId" : 1}
    ],
    "Note" : [
        {"id" : 1, "tenant" : "x", "rank" : 1, "taskId" : 1},
        {"id" : 2, "tenant" : "y", "rank" : 1, "taskId" : 1},
        {"id" : 3, "tenant" : "x", "rank" : 2, "taskId" : 2},
        {"id" : 4, "tenant" : "x'--", "rank" : 3, "taskId" : 4}
    ]
});

static int open_work(void **state)
{
    static engine work;
    engine_open(&work, models, rows);
    *state = &work;
    return 0;
}

static int close_work(void **state)
{
    if (*state) engine_close(*state);
    return 0;
}

static void context_set(engine *work, const char *tenant, const char *ranks)
{
    assert_int_equal(ignis_context_value_set(work->ctx, "tenant", tenant), IGNIS_OK);
    assert_int_equal(ignis_context_value_set(work->ctx, "ranks", ranks), IGNIS_OK);
}

static void a_default_filter_serves_where_the_caller_gives_nothing(void **state)
{
    engine *work = *state;
    context_set(work, "\"x\"", "[9]");
    assert_string_equal(engine_find(work, "Task", NULL),
                        "[{\"id\":4,\"title\":\"d\",\"notes\":[]},"
                        "{\"id\":2,\"title\":\"b\",\"notes\":[{\"id\":3}]}]");
    assert_string_equal(engine_find(work, "Task", J({
                                        "include" : [],
                                        "order" : [],
                                        "fields" : [],
                                        "limit" : 1,
                                        "skip" : 0,
                                        "where" : {"id" : 2}
                                    })),
                        "[{\"id\":2,\"title\":\"b\",\"isDeleted\":false,\"teamId\":1}]");
    assert_string_equal(
        engine_find(work, "Task", J({"include" : [], "fields" : ["id"], "limit" : 9, "skip" : 0})),
        "[{\"id\":5},{\"id\":4},{\"id\":2},{\"id\":1}]");
    assert_string_equal(
        engine_find(work, "Team",
                    J({"include" : [ {"relation" : "tasks", "scope" : {"include" : []}} ]})),
        "[{\"id\":1,\"tasks\":[{\"id\":4,\"title\":\"d\"},{\"id\":2,\"title\":\"b\"}]}]");
}

static void the_callers_where_never_replaces_the_default(void **state)
{
    engine *work = *state;
    context_set(work, "\"x\"", "[]");
    assert_string_equal(
        engine_find(work, "Task", J({"where" : {"isDeleted" : true}, "include" : [], "skip" : 0})),
        "[]");
    assert_string_equal(engine_find(work, "Task", J({
                                        "where" : {"or" : [ {"isDeleted" : true}, {} ]},
                                        "fields" : ["id"],
                                        "include" : [],
                                        "skip" : 0,
                                        "limit" : 1
                                    })),
                        "[{\"id\":5}]");
    assert_string_equal(engine_find(work, "Note", J({"where" : {"tenant" : "y"}})), "[]");
    assert_string_equal(
        engine_find(
            work, "Task", J({
                "fields" : ["id"],
                "skip" : 0,
                "limit" : 9,
                "where" : {"id" : 1},
                "include" : [ {
                    "relation" : "notes",
                    "scope" : {"where" : {"or" : [ {"tenant" : "y"}, {"not" : {"id" : 0}} ]}}
                } ]
            })),
        "[{\"id\":1,\"notes\":[{\"id\":1}]}]");
}

static void counts_use_only_its_where(void **state)
{
    engine *work = *state;
    int64_t count = 0;
    bool exists = true;
    ignis_repository *tasks = engine_repository(work, "Task");
    assert_int_equal(ignis_count_json(work->ctx, tasks, NULL, NULL, &count), IGNIS_OK);
    assert_int_equal(count, 4);
    assert_int_equal(ignis_exists_json(work->ctx, tasks, NULL, J({"id" : 3}), &exists), IGNIS_OK);
    assert_false(exists);
}

static void find_by_id_takes_where_fields_and_include_of_it(void **state)
{
    engine *work = *state;
    const char *row = NULL;
    context_set(work, "\"x\"", "[9]");
    ignis_repository *tasks = engine_repository(work, "Task");
    assert_int_equal(ignis_find_by_id_json(work->ctx, tasks, NULL, "1", NULL, &row), IGNIS_OK);
    assert_string_equal(row, "{\"id\":1,\"title\":\"a\",\"notes\":[{\"id\":1}]}");
    assert_int_equal(ignis_find_by_id_json(work->ctx, tasks, NULL, "3", NULL, &row), IGNIS_OK);
    assert_string_equal(row, "null");
    assert_int_equal(ignis_find_one_json(work->ctx, tasks, NULL, J({"include" : []}), &row),
                     IGNIS_OK);
    assert_string_equal(row, "{\"id\":4,\"title\":\"d\"}");
}

static void skipping_leaves_it_out_at_its_own_level_only(void **state)
{
    engine *work = *state;
    const char *result = NULL;
    ignis_repository *tasks = engine_repository(work, "Task");
    context_set(work, "\"x\"", "[9]");
    assert_int_equal(ignis_call_json(work->ctx, tasks, &ignis_policy_trusted, "find", J({
                                         "filter" : {
                                             "where" : {"id" : [ 1, 3 ]},
                                             "fields" : ["id"],
                                             "order" : ["id"],
                                             "include" : ["notes"]
                                         },
                                         "options" : {"shouldSkipDefaultFilter" : true}
                                     }),
                                     0, &result, NULL),
                     IGNIS_OK);
    assert_string_equal(result, "[{\"id\":1,\"notes\":[{\"id\":1}]},{\"id\":3,\"notes\":[]}]");
    assert_string_equal(engine_find(work, "Task", J({
                                        "where" : {"id" : [ 1, 3 ]},
                                        "fields" : ["id"],
                                        "skip" : 0,
                                        "include" : [ {
                                            "relation" : "notes",
                                            "shouldSkipDefaultFilter" : true,
                                            "scope" : {"fields" : ["tenant"], "order" : ["id"]}
                                        } ]
                                    })),
                        "[{\"id\":1,\"notes\":[{\"tenant\":\"x\"},{\"tenant\":\"y\"}]}]");
}

/* The same plan serves every tenant; the value is bound when it runs. */
static void values_of_the_context_are_bound_at_each_call(void **state)
{
    engine *work = *state;
    uint64_t made = 0;
    static const char *const calls[][3] = {
        {"\"x\"", "[2]", "[{\"id\":1}]"},           {"\"y\"", "[2]", "[{\"id\":2}]"},
        {"\"x\"", "[]", "[{\"id\":1},{\"id\":3}]"}, {"\"x\"", "1", "[{\"id\":3}]"},
        {"\"x\"", "[null, 1]", "[{\"id\":3}]"},     {"\"x'--\"", "[0]", "[{\"id\":4}]"},
        {"\"' OR 1=1 --\"", "[0]", "[]"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(calls); i++) {
        context_set(work, calls[i][0], calls[i][1]);
        const char *found = engine_find(work, "Note", NULL);
        if (strcmp(found, calls[i][2]) != 0)
            fail_msg("tenant %s, ranks %s: %s", calls[i][0], calls[i][1], found);
        if (i == 0) made = run_cache_made(work->source->run.cache);
    }
    assert_int_equal(run_cache_made(work->source->run.cache), made);
}

static void a_missing_or_wrong_value_of_the_context_is_an_error(void **state)
{
    engine *work = *state;
    const char *result = NULL;
    ignis_repository *notes = engine_repository(work, "Note");
    context_set(work, NULL, "[1]");
    engine_error missing = {IGNIS_E_INVALID, "$context.tenant", "", "'tenant', which is not set"};
    engine_expect_error(work, ignis_find_json(work->ctx, notes, NULL, NULL, &result), &missing,
                        "no tenant");
    assert_null(result);
    context_set(work, "[1]", "[1]");
    engine_error list = {IGNIS_E_INVALID, "$context.tenant", "", "expected text"};
    engine_expect_error(work, ignis_find_json(work->ctx, notes, NULL, NULL, &result), &list,
                        "a list for text");
    context_set(work, "\"x\"", "[1, \"many\"]");
    engine_error element = {IGNIS_E_INVALID, "$context.ranks[1]", "", "expected an integer"};
    engine_expect_error(work, ignis_find_json(work->ctx, notes, NULL, NULL, &result), &element,
                        "a wrong element");
    context_set(work, "\"x\"", "[1]");
    assert_int_equal(ignis_find_json(work->ctx, notes, NULL, NULL, &result), IGNIS_OK);
}

static void a_caller_cannot_name_the_context(void **state)
{
    engine *work = *state;
    filter_tree tree;
    filter_request request = {.method = FILTER_FIND, .entity = engine_entity(work, "Note")};
    static const char *const filters[] = {
        J({"where" : {"tenant" : {"$context" : "tenant"}}}),
        J({"where" : {"tenant" : {"eq" : {"$context" : "tenant"}}}}),
        J({"where" : {"rank" : {"in" : {"$context" : "ranks"}}}}),
    };
    for (size_t i = 0; i < ARRAY_COUNT(filters); i++)
        assert_int_equal(engine_read(work, request, filters[i], &tree), IGNIS_E_INVALID);
}

/* ---- registration ---- */

typedef struct refusal {
    const char *filter; /* of Task */
    const char *path;
} refusal;

static void wrong_default_filters_are_refused_when_the_source_opens(void **state)
{
    static const refusal refusals[] = {
        {J({"where" : {"titel" : 1}}), "Task.settings.defaultFilter.where.titel"},
        {J({"where" : {"id" : "x"}}), "Task.settings.defaultFilter.where.id"},
        {J({"order" : ["nope"]}), "Task.settings.defaultFilter.order[0]"},
        {J({"fields" : ["nope"]}), "Task.settings.defaultFilter.fields[0]"},
        {J({"limit" : -1}), "Task.settings.defaultFilter.limit"},
        {J({"offset" : "x"}), NULL},
        {J({"nope" : 1}), "Task.settings.defaultFilter.nope"},
        {J({"include" : "team"}), "Task.settings.defaultFilter.include"},
        {J({"include" : ["nope"]}), "Task.settings.defaultFilter.include[0]"},
        {J({"include" : [ {"relation" : "team", "scope" : {"where" : {"x" : 1}}} ]}),
         "Task.settings.defaultFilter.include[0].scope.where.x"},
        {J({"where" : {"id" : {"$context" : 5}}}), NULL},
        {J({"include" : ["sub"]}), NULL},
        {J({"include" : [ {"relation" : "sub", "scope" : {"limit" : 1}} ]}), NULL},
        {J({"include" : [ {"relation" : "team", "scope" : {"include" : ["tasks"]}} ]}), NULL},
    };
    static const char *const fine[] = {
        J({"include" : [ {"relation" : "sub", "scope" : {"include" : []}} ]}),
        J({"include" : [ {"relation" : "sub", "shouldSkipDefaultFilter" : true} ]}),
        J({"include" : ["team"], "where" : null, "order" : null, "limit" : null, "fields" : null}),
    };
    static const char before[] =
        "{\"models\":[{\"name\":\"Team\",\"columns\":[{\"name\":\"id\",\"type\":\"integer\","
        "\"primaryKey\":true}],\"relations\":[{\"name\":\"tasks\",\"type\":\"many\",\"model\":"
        "\"Task\"}]},{\"name\":\"Task\",\"columns\":[{\"name\":\"id\",\"type\":\"integer\","
        "\"primaryKey\":true},{\"name\":\"title\",\"type\":\"text\"},{\"name\":\"teamId\",\"type\":"
        "\"integer\"}],\"relations\":[{\"name\":\"team\",\"type\":\"one\",\"model\":\"Team\","
        "\"fields\":[\"teamId\"],\"references\":[\"id\"]},{\"name\":\"sub\",\"type\":\"one\","
        "\"model\":\"Task\",\"fields\":[\"id\"],\"references\":[\"id\"]}],\"settings\":{"
        "\"defaultFilter\":";
    (void)state;
    ignis_context *ctx = ignis_context_create();
    const engine shown = {.ctx = ctx};
    for (size_t i = 0; i < ARRAY_COUNT(refusals) + ARRAY_COUNT(fine); i++) {
        bool is_fine = i >= ARRAY_COUNT(refusals);
        const char *filter = is_fine ? fine[i - ARRAY_COUNT(refusals)] : refusals[i].filter;
        text made;
        ignis_data_source *source = NULL;
        text_init(&made, &ctx->results, 0);
        text_format(&made, "%s%s}}]}", before, filter);
        ignis_code code = engine_try(ctx, text_finish(&made), &source);
        engine_error error = {is_fine ? IGNIS_OK : IGNIS_E_INVALID,
                              is_fine ? NULL : refusals[i].path, NULL, NULL};
        engine_expect_error(&shown, code, &error, filter);
        ignis_data_source_close(source);
        ignis_context_reset(ctx);
    }
    ignis_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_default_filter_serves_where_the_caller_gives_nothing),
        cmocka_unit_test(the_callers_where_never_replaces_the_default),
        cmocka_unit_test(counts_use_only_its_where),
        cmocka_unit_test(find_by_id_takes_where_fields_and_include_of_it),
        cmocka_unit_test(skipping_leaves_it_out_at_its_own_level_only),
        cmocka_unit_test(values_of_the_context_are_bound_at_each_call),
        cmocka_unit_test(a_missing_or_wrong_value_of_the_context_is_an_error),
        cmocka_unit_test(a_caller_cannot_name_the_context),
        cmocka_unit_test(wrong_default_filters_are_refused_when_the_source_opens),
    };
    return cmocka_run_group_tests(tests, open_work, close_work);
}
