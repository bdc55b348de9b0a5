/* JSON paths: which rows conditions on them choose, how they sort, and what is refused. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char models[] = J({
    "models" : [
        {
            "name" : "D",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "doc", "type" : "jsonb"}, {"name" : "raw", "type" : "json"},
                {"name" : "vault", "type" : "jsonb"},
                {"name" : "tags", "type" : "jsonb", "array" : true},
                {"name" : "name", "type" : "text"}
            ],
            "settings" : {"hiddenProperties" : ["vault"]}
        },
        {
            "name" : "Kept",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "doc", "type" : "jsonb"}
            ],
            "settings" : {
                "checkWrites" : true,
                "defaultFilter" : {
                    "where" : {
                        "doc.tenant" : {"$context" : "tenant"},
                        "doc.n" : {"in" : [ 1, "x", true, {"a" : 1} ]}
                    },
                    "order" : ["doc.n DESC"]
                }
            }
        }
    ]
});

static const char rows[] = J({
    "D" : [
        {
            "id" : 1,
            "doc" : {
                "n" : 3,
                "s" : "abc",
                "b" : true,
                "list" : [ 1, "x", null, [2] ],
                "user-id" : "u",
                "null" : {"NULL" : 7},
                "o" : {"a" : 1, "b" : [1]}
            },
            "raw" : {"z" : 1, "a" : [ 9007199254740993, 1e2 ]},
            "vault" : {"k" : 1}
        },
        {
            "id" : 2,
            "doc" : {
                "n" : "3.0",
                "s" : "b%",
                "b" : "true",
                "list" : [],
                "o" : {"b" : [1], "a" : 1.0},
                "0" : "zero"
            },
            "raw" : {"a" : [9007199254740992]}
        },
        {"id" : 3, "doc" : {"n" : "three", "s" : null, "b" : false, "list" : "x", "o" : {}}},
        {"id" : 4, "doc" : [ {"n" : -2.5}, 10 ], "raw" : "text"}, {"id" : 5, "doc" : {}}, {"id" : 6}
    ],
    "Kept" : [
        {"id" : 1, "doc" : {"tenant" : "t", "n" : 1}},
        {"id" : 2, "doc" : {"tenant" : "t", "n" : "x"}},
        {"id" : 3, "doc" : {"tenant" : 5, "n" : 1.0}},
        {"id" : 4, "doc" : {"tenant" : "t", "n" : 2}},
        {"id" : 5, "doc" : {"tenant" : [5], "n" : {"a" : 1}}},
        {"id" : 6, "doc" : {"tenant" : "5", "n" : true}}
    ]
});

static int open_documents(void **state)
{
    static engine documents;
    engine_open(&documents, models, rows);
    *state = &documents;
    return 0;
}

static int close_documents(void **state)
{
    if (*state) engine_close(*state);
    return 0;
}

/* The ids of a list of rows: "1 2". */
static const char *ids_of(engine *documents, const char *found)
{
    const json *list = NULL;
    text ids;
    assert_int_equal(json_read_context(documents->ctx, &documents->ctx->results, found,
                                       strlen(found), NULL, &list),
                     IGNIS_OK);
    text_init(&ids, &documents->ctx->results, 0);
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0) text_char(&ids, ' ');
        text_integer(&ids, json_get(&list->as.items[i], "id")->integer);
    }
    return text_finish(&ids);
}

typedef struct choice {
    const char *given;
    const char *ids;
} choice;

static void choices_check(engine *documents, const char *format, const choice *choices,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text filter;
        text_init(&filter, &documents->ctx->results, 0);
        text_string(&filter, format);
        text_string(&filter, choices[i].given);
        text_char(&filter, '}');
        const char *ids = ids_of(documents, engine_find(documents, "D", text_finish(&filter)));
        if (strcmp(ids, choices[i].ids) != 0) {
            fail_msg("%s: \"%s\" instead of \"%s\"", choices[i].given, ids, choices[i].ids);
        }
        ignis_context_reset(documents->ctx);
    }
}

static const char by_where[] = "{\"fields\":[\"id\"],\"order\":[\"id\"],\"where\":";
static const char by_order[] = "{\"fields\":[\"id\"],\"order\":";

static void steps_lead_through_objects_and_arrays(void **state)
{
    static const choice choices[] = {
        {J({"doc.s" : "abc"}), "1"},
        {J({"doc[s]" : "abc"}), "1"},
        {J({"doc.user-id" : "u"}), "1"},
        {J({"doc.list[1]" : "x"}), "1"},
        {J({"doc.list.1" : "x"}), "1"},
        {J({"doc.list.01" : "x"}), "1"},
        {J({"doc.list[3][0]" : 2}), "1"},
        {J({"doc.list[4]" : {"exists" : true}}), ""},
        {J({"doc.list[99999999999999999999]" : {"exists" : true}}), ""},
        {J({"doc.list.x" : {"exists" : true}}), ""},
        {J({"doc[0].n" : -2.5}), "4"},
        {J({"doc.0" : "zero"}), "2"},
        {J({"doc.0.n" : {"exists" : true}}), "4"},
        {J({"doc.null.NULL" : 7}), "1"},
        {J({"doc.Null" : {"exists" : true}}), ""},
        {J({"doc.s.x" : {"exists" : true}}), ""},
        {J({"doc.__proto__" : {"exists" : true}}), ""},
        {J({"raw.a[1]" : "100"}), "1"},
        {J({"raw.a[1]" : 100}), "1"},
        {J({"raw.a[0]" : 9007199254740993}), "1"},
    };
    choices_check(*state, by_where, choices, ARRAY_COUNT(choices));
}

static void the_form_of_the_operand_decides_how_a_path_is_compared(void **state)
{
    static const choice choices[] = {
        {J({"doc.n" : 3}), "1 2"},
        {J({"doc.n" : "3"}), "1"},
        {J({"doc.n" : {"ne" : 3}}), "3"},
        {J({"not" : {"doc.n" : 3}}), "3"},
        {J({"not" : {"doc.n" : {"gt" : 5}}}), "1 2"},
        {J({"doc.n" : {"ne" : "3"}}), "2 3"},
        {J({"doc.n" : {"gt" : 2.9}}), "1 2"},
        {J({"doc.n" : {"lt" : "30"}}), "1 2"},
        {J({"doc.n" : {"in" : [ 3, "three" ]}}), "1 2 3"},
        {J({"doc.n" : {"nin" : [ 3, "x" ]}}), "3"},
        {J({"doc.n" : {"in" : [ null, "3" ]}}), "1"},
        {J({"doc.n" : {"in" : [null]}}), ""},
        {J({"doc.n" : {"nin" : []}}), "1 2 3 4 5 6"},
        {J({"doc.n" : []}), ""},
        {J({"doc.n" : {"in" : 3}}), "1 2"},
        {J({"doc.n" : {"nin" : 3}}), "3"},
        {J({"doc.n" : {"between" : [ 1, "4" ]}}), "1 2"},
        {J({"doc.n" : {"between" : [ 1, null ]}}), ""},
        {J({"not" : {"doc.n" : {"notBetween" : [ null, 1 ]}}}), ""},
        {J({"doc.n" : {"notBetween" : [ 4, 5 ]}}), "1 2"},
        {J({"doc.b" : true}), "1 2"},
        {J({"doc.b" : {"ne" : true}}), "3"},
        {J({"doc.b" : {"gt" : false}}), "1 2"},
        {J({"doc.o" : {"b" : [1.0], "a" : 1}}), "1 2"},
        {J({"doc.o" : {"ne" : {"a" : 1, "b" : [1]}}}), "3"},
        {J({"doc.o" : {}}), "3"},
        {J({"doc.o" : {"gt" : {}}}), "1 2"},
        {J({"doc.o" : {"in" : [ {}, 5 ]}}), "3"},
        {J({"doc.list" : {"eq" : []}}), "2"},
        {J({"doc.list" : {"in" : [ [], "x" ]}}), "2 3"},
        {J({"doc.list" : "[]"}), "2"},
        {J({"doc.o" : "{\"a\": 1, \"b\": [1]}"}), "1"},
    };
    choices_check(*state, by_where, choices, ARRAY_COUNT(choices));
}

static void a_json_null_is_there_but_null(void **state)
{
    static const choice choices[] = {
        {J({"doc.s" : null}), "3 4 5 6"},
        {J({"doc.s" : {"ne" : null}}), "1 2"},
        {J({"doc.s" : {"isNull" : true}}), "3 4 5 6"},
        {J({"doc.s" : {"isNull" : false}}), "1 2"},
        {J({"doc.s" : {"isNotNull" : true}}), "1 2"},
        {J({"doc.s" : {"exists" : true}}), "1 2 3"},
        {J({"doc.s" : {"exists" : false}}), "4 5 6"},
        {J({"doc.s" : {"notExists" : true}}), "4 5 6"},
        {J({"doc.s" : {"gt" : null}}), ""},
        {J({"not" : {"doc.s" : {"like" : null}}}), ""},
        {J({"not" : {"doc.s" : {"contains" : null}}}), ""},
    };
    choices_check(*state, by_where, choices, ARRAY_COUNT(choices));
}

static void operators_on_texts_take_the_text_of_a_path(void **state)
{
    static const choice choices[] = {
        {J({"doc.s" : {"like" : "%b%"}}), "1 2"},
        {J({"doc.s" : {"like" : "b\\%"}}), "2"},
        {J({"doc.s" : {"ilike" : "A%"}}), "1"},
        {J({"doc.s" : {"nlike" : "a%"}}), "2"},
        {J({"doc.s" : {"startsWith" : "ab"}}), "1"},
        {J({"doc.s" : {"endsWith" : "%"}}), "2"},
        {J({"doc.s" : {"regexp" : "^a.c$"}}), "1"},
        {J({"doc.s" : {"iregexp" : "^B"}}), "2"},
        {J({"doc.n" : {"like" : 3}}), "1"},
        {J({"doc.s" : {"like" : "a\\"}}), ""},
        {J({"doc.s" : {"gt" : "a", "like" : "%c"}}), "1"},
    };
    choices_check(*state, by_where, choices, ARRAY_COUNT(choices));
}

static void lists_at_a_path_are_compared_by_their_scalars(void **state)
{
    static const choice choices[] = {
        {J({"doc.list" : {"contains" : [ 1, "x" ]}}), "1"},
        {J({"doc.list" : {"contains" : "x"}}), "1"},
        {J({"doc.list" : {"contains" : ["1"]}}), ""},
        {J({"doc.list" : {"contains" : [null]}}), "1"},
        {J({"doc.list" : {"contains" : [ 1.0, 1 ]}}), "1"},
        {J({"doc.list" : {"contains" : []}}), "1 2"},
        {J({"not" : {"doc.list" : {"contains" : []}}}), "3"},
        {J({"doc.list" : {"containedBy" : []}}), "2"},
        {J({"doc.list" : {"containedBy" : [ 1, "x", null, 2 ]}}), "2"},
        {J({"doc.o.b" : {"containedBy" : [ 1, 2 ]}}), "1 2"},
        {J({"doc.list" : {"overlaps" : [ "y", "x" ]}}), "1"},
        {J({"doc.list" : {"overlaps" : []}}), ""},
        {J({"not" : {"doc.list" : {"overlaps" : []}}}), "1 2 3"},
    };
    choices_check(*state, by_where, choices, ARRAY_COUNT(choices));
}

static void whole_documents_are_compared_as_documents(void **state)
{
    static const choice choices[] = {
        {J({"doc" : {}}), "5"},
        {J({"doc" : {"eq" : {}}}), "5"},
        {J({"doc" : {"eq" : [ {"n" : -2.50}, 10 ]}}), "4"},
        {J({"doc" : [ {}, 5 ]}), "5"},
        {J({"doc" : {"nin" : [ {}, null ]}}), "1 2 3 4"},
        {J({"raw" : "text"}), "4"},
        {J({"raw" : {"a" : [ 9007199254740993, 100 ], "z" : 1}}), "1"},
        {J({"raw" : {"gt" : "text"}}), "1 2"},
        {J({"doc" : {"lt" : {}}}), "4"},
        {J({"doc" : {"between" : [ [], {} ]}}), "4 5"},
        {J({"doc" : null}), "6"},
        {J({"doc" : {"isNull" : true}}), "6"},
        {J({"doc" : {"exists" : true}}), "1 2 3 4 5"},
        {J({"doc" : {"gt" : null}}), ""},
    };
    choices_check(*state, by_where, choices, ARRAY_COUNT(choices));
}

static void paths_sort_in_the_order_of_jsonb(void **state)
{
    static const choice choices[] = {
        {J(["doc.n"]), "2 3 1 4 5 6"},
        {J(["doc.n DESC"]), "4 5 6 1 3 2"},
        {J(["doc.n DESC NULLS LAST"]), "1 3 2 4 5 6"},
        {J(["doc.s NULLS FIRST"]), "4 5 6 3 1 2"},
        {J(["doc.list"]), "2 3 1 4 5 6"},
        {J([ "doc.b", "doc.n DESC" ]), "2 3 1 4 5 6"},
        {J([ "doc.o.a", "doc.o.b", "id DESC" ]), "2 1 6 5 4 3"},
        {J(["raw.a[0] DESC NULLS LAST"]), "1 2 3 4 5 6"},
        {J(["doc"]), "4 5 3 2 1 6"},
    };
    choices_check(*state, by_order, choices, ARRAY_COUNT(choices));
}

/* ---- default filters ---- */

static void a_default_filter_reads_paths_with_values_of_the_context(void **state)
{
    static const choice choices[] = {{"\"t\"", "1 2"}, {"5", "6 3"},     {"\"5\"", "6 3"},
                                     {"[5]", "5"},     {"null", ""},     {"true", ""},
                                     {"5.00", "6 3"},  {"{\"a\":1}", ""}};
    engine *documents = *state;
    for (size_t i = 0; i < ARRAY_COUNT(choices); i++) {
        assert_int_equal(ignis_context_value_set(documents->ctx, "tenant", choices[i].given),
                         IGNIS_OK);
        const char *ids = ids_of(documents, engine_find(documents, "Kept", "{}"));
        if (strcmp(ids, choices[i].ids) != 0)
            fail_msg("%s: \"%s\" instead of \"%s\"", choices[i].given, ids, choices[i].ids);
        ignis_context_reset(documents->ctx);
    }
}

static void a_row_outside_a_default_filter_on_paths_is_refused(void **state)
{
    engine *documents = *state;
    const char *created = NULL;
    ignis_repository *kept = engine_repository(documents, "Kept");
    assert_int_equal(ignis_context_value_set(documents->ctx, "tenant", "\"w\""), IGNIS_OK);
    assert_int_equal(ignis_create_json(documents->ctx, kept,
                                       J({"id" : 20, "doc" : {"tenant" : "v", "n" : 1}}), &created),
                     IGNIS_E_CHECK);
    assert_int_equal(ignis_create_json(documents->ctx, kept,
                                       J({"id" : 20, "doc" : {"tenant" : "w", "n" : 1}}), &created),
                     IGNIS_OK);
}

/* ---- text of other tools ---- */

static void foreign_text_is_read_where_it_is_json_and_holds_nothing_else(void **state)
{
    (void)state;
    static const choice choices[] = {
        {J({"doc.a" : 2}), "1"},
        {J({"doc.a" : {"exists" : true}}), "1"},
        {J({"doc.b" : "é"}), "1"},
        {J({"doc" : {"eq" : {"b" : "é", "a" : 2}}}), "1"},
        {J({"doc" : {"ne" : 1}}), "1 4 5"},
        {J({"doc" : {"eq" : 77}}), "5"},
        {J({"doc" : {"exists" : true}}), "1 2 3 4 5 7"},
        {J({"doc.length" : {"notExists" : true}}), "1 2 3 4 5 6 7"},
        {J({"doc.0" : {"eq" : null}}), "1 2 3 5 6 7"},
        {J({"doc[0]" : "x"}), "4"},
    };
    engine foreign;
    engine_open(&foreign, models, "{}");
    engine_execute(&foreign, "INSERT INTO \"D\" (id, doc) VALUES "
                             "(1, '{ \"b\":\"\\u00e9\", \"a\" : 1,\"a\":2e0 }'), (2, '{\"a\": 2'),"
                             "(3, ''), (4, ' [ \"x\" ]'), (5, 77), (6, NULL), (7, x'7b7d')");
    choices_check(&foreign, by_where, choices, ARRAY_COUNT(choices));
    engine_close(&foreign);
}

/* ---- refusals ---- */

typedef struct refusal {
    const char *where;
    engine_error error;
} refusal;

static void wrong_paths_and_operands_are_refused_at_their_place(void **state)
{
    static const refusal refusals[] = {
        {J({"doc." : 1}), {IGNIS_E_INVALID, "where.doc.", "", "'doc.' is no JSON path"}},
        {J({"doc[]" : 1}), {IGNIS_E_INVALID, "where.doc[]", "", "no JSON path"}},
        {J({"doc..a" : 1}), {IGNIS_E_INVALID, "where.doc..a", "", "no JSON path"}},
        {J({"doc[a" : 1}), {IGNIS_E_INVALID, "where.doc[a", "", "no JSON path"}},
        {J({"doc.a]" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({".doc.a" : 1}), {IGNIS_E_INVALID, NULL, NULL, "unknown property"}},
        {J({"doc.a'b" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"doc.a}b" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"doc.a,b" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"doc.größe" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"doc.tags[-1]" : 1}), {IGNIS_E_INVALID, NULL, "", "no JSON path"}},
        {J({"name.a" : 1}), {IGNIS_E_INVALID, "where.name.a", "", "holds no JSON"}},
        {J({"tags[0]" : 1}), {IGNIS_E_INVALID, "where.tags[0]", "", "holds no JSON"}},
        {J({"dox.a" : 1}), {IGNIS_E_INVALID, "where.dox.a", "doc", "unknown property 'dox.a'"}},
        {J({"doc.a" : {"eq" : 1, "x" : 2}}),
         {IGNIS_E_INVALID, "where.doc.a", "", "a mixture of operators and other keys"}},
        {J({"doc" : {"eq" : 1, "x" : 2}}), {IGNIS_E_INVALID, "where.doc", "", "a mixture"}},
        {J({"doc.a" : {"between" : 5}}),
         {IGNIS_E_INVALID, "where.doc.a.between", "", "two values"}},
        {J({"doc.a" : {"notBetween" : null}}),
         {IGNIS_E_INVALID, "where.doc.a.notBetween", "", "two values"}},
        {J({"doc.a" : {"isNull" : 1}}),
         {IGNIS_E_INVALID, "where.doc.a.isNull", "", "true or false, not a number"}},
        {J({"doc.a" : {"exists" : null}}), {IGNIS_E_INVALID, NULL, "", "not null"}},
        {J({"doc.a" : {"like" : [1]}}),
         {IGNIS_E_INVALID, "where.doc.a.like", "", "expected text, got a list"}},
        {J({"doc.a" : {"contains" : [ 1, [2] ]}}),
         {IGNIS_E_INVALID, "where.doc.a.contains[1]", "", "expected a scalar, got a list"}},
        {J({"doc.a" : {"overlaps" : {"x" : 1}}}),
         {IGNIS_E_INVALID, "where.doc.a.overlaps", "", "expected a scalar, got an object"}},
        {J({"doc.a" : 1e999999}), {IGNIS_E_INVALID, "where.doc.a", "", "range of numeric"}},
        {J({"doc.a" : {"in" : [ "x", 1e999999 ]}}),
         {IGNIS_E_INVALID, "where.doc.a.in[1]", "", "range of numeric"}},
        {J({"doc" : {"like" : "x"}}), {IGNIS_E_INVALID, "where.doc.like", "", "needs a text"}},
        {J({"doc" : {"contains" : ["x"]}}),
         {IGNIS_E_INVALID, "where.doc.contains", "", "needs an array"}},
        {J({"doc.a" : {"$context" : "t", "eq" : 1}}),
         {IGNIS_E_INVALID, "where.doc.a", "", "a mixture"}},
    };
    engine *documents = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        filter_tree tree;
        filter_request request = {.method = FILTER_COUNT,
                                  .entity = engine_entity(documents, "D"),
                                  .policy = &ignis_policy_trusted};
        ignis_code code = engine_read(documents, request, refusals[i].where, &tree);
        engine_expect_error(documents, code, &refusals[i].error, refusals[i].where);
    }
}

static void a_public_filter_finds_no_way_into_a_hidden_document(void **state)
{
    static const char *const filters[] = {J({"where" : {"vault.k" : 1}}),
                                          J({"where" : {"vault" : {"k" : 1}}}),
                                          J({"where" : {"vault[k]" : {"exists" : true}}}),
                                          J({"order" : ["vault.k"]}), J({"order" : ["vault"]})};
    engine *documents = *state;
    for (size_t i = 0; i < ARRAY_COUNT(filters); i++) {
        filter_tree tree;
        filter_request request = {.method = FILTER_FIND,
                                  .entity = engine_entity(documents, "D"),
                                  .policy = &ignis_policy_public};
        ignis_code code = engine_read(documents, request, filters[i], &tree);
        engine_expect_error(documents, code,
                            &(engine_error){IGNIS_E_INVALID, NULL, "", "unknown property 'vault"},
                            filters[i]);
    }
    assert_string_equal(
        ids_of(documents, engine_find(documents, "D", J({"where" : {"vault.k" : 1}}))), "1");
}

/* "doc" and a step, count times. */
static ignis_code deep_read(engine *documents, size_t count, const char *step)
{
    filter_tree tree;
    text where;
    filter_request request = {.method = FILTER_COUNT,
                              .entity = engine_entity(documents, "D"),
                              .policy = &ignis_policy_trusted};
    text_init(&where, &documents->ctx->results, 0);
    text_string(&where, "{\"doc");
    for (size_t i = 0; i < count; i++)
        text_string(&where, step);
    text_string(&where, "\":1}");
    return engine_read(documents, request, text_finish(&where), &tree);
}

static void depth_and_length_of_a_path_are_bounded(void **state)
{
    engine *documents = *state;
    assert_int_equal(deep_read(documents, 128, ".a"), IGNIS_OK);
    assert_int_equal(deep_read(documents, 129, ".a"), IGNIS_E_LIMIT);
    assert_string_equal(ignis_context_error(documents->ctx)->message,
                        "a JSON path of more than 128 steps");
    assert_int_equal(deep_read(documents, 64, ".abcdefghijklmno"), IGNIS_OK);
    assert_int_equal(deep_read(documents, 65, ".abcdefghijklmno"), IGNIS_E_LIMIT);
    assert_string_equal(ignis_context_error(documents->ctx)->message,
                        "a JSON path of more than 1024 bytes");
}

/* ---- shapes ---- */

static bool same_shape(engine *documents, const char *a, const char *b)
{
    filter_tree trees[2];
    const char *const filters[] = {a, b};
    for (size_t i = 0; i < 2; i++)
        trees[i] = engine_tree(documents, "D", filters[i]);
    return trees[0].shape.size == trees[1].shape.size &&
           memcmp(trees[0].shape.data, trees[1].shape.data, trees[0].shape.size) == 0;
}

static void a_shape_tells_paths_and_forms_apart_but_not_values(void **state)
{
    engine *documents = *state;
    assert_true(
        same_shape(documents, J({"where" : {"doc.a" : 1}}), J({"where" : {"doc[a]" : 2.5}})));
    assert_true(
        same_shape(documents, J({"where" : {"doc.a" : "x"}}), J({"where" : {"doc.a" : true}})));
    assert_true(
        same_shape(documents, J({"where" : {"doc.a" : [ 1, 2 ]}}), J({"where" : {"doc.a" : [3]}})));
    assert_false(same_shape(documents, J({"where" : {"doc.a" : 1}}), J({"where" : {"doc.b" : 1}})));
    assert_false(same_shape(documents, J({"where" : {"doc.a" : 1}}), J({"where" : {"raw.a" : 1}})));
    assert_false(
        same_shape(documents, J({"where" : {"doc.a" : 1}}), J({"where" : {"doc.a" : "1"}})));
    assert_false(same_shape(documents, J({"where" : {"doc.a" : {"gt" : "1"}}}),
                            J({"where" : {"doc.a" : {"gt" : [1]}}})));
    assert_false(same_shape(documents, J({"order" : ["doc.a"]}), J({"order" : ["doc.b"]})));
    assert_false(same_shape(documents, J({"order" : ["doc"]}), J({"order" : ["doc.b"]})));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_lead_through_objects_and_arrays),
        cmocka_unit_test(the_form_of_the_operand_decides_how_a_path_is_compared),
        cmocka_unit_test(a_json_null_is_there_but_null),
        cmocka_unit_test(operators_on_texts_take_the_text_of_a_path),
        cmocka_unit_test(lists_at_a_path_are_compared_by_their_scalars),
        cmocka_unit_test(whole_documents_are_compared_as_documents),
        cmocka_unit_test(paths_sort_in_the_order_of_jsonb),
        cmocka_unit_test(a_default_filter_reads_paths_with_values_of_the_context),
        cmocka_unit_test(a_row_outside_a_default_filter_on_paths_is_refused),
        cmocka_unit_test(foreign_text_is_read_where_it_is_json_and_holds_nothing_else),
        cmocka_unit_test(wrong_paths_and_operands_are_refused_at_their_place),
        cmocka_unit_test(a_public_filter_finds_no_way_into_a_hidden_document),
        cmocka_unit_test(depth_and_length_of_a_path_are_bounded),
        cmocka_unit_test(a_shape_tells_paths_and_forms_apart_but_not_values),
    };
    return cmocka_run_group_tests(tests, open_documents, close_documents);
}
