/* A limit per parent, with order and skip, on 2,000 parents, against plain loops. (On Chinook
   itself: chinook_test.c.) */
#include "support/fixture.h"
#include "support/plain.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PARENTS_COUNT = 2000, CHILDREN_MAX = 9 };

static const char FAMILY_MODELS[] = IGNIS_JSON({
    "models" : [
        {
            "name" : "Parent",
            "table" : "parent",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true, "notNull" : true},
                {"name" : "name", "type" : "text"}
            ],
            "relations" : [ {"name" : "children", "type" : "many", "model" : "Child"} ]
        },
        {
            "name" : "Child",
            "table" : "child",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true, "notNull" : true},
                {"name" : "parentId", "type" : "integer"}, {"name" : "rank", "type" : "integer"},
                {"name" : "label", "type" : "text"}
            ],
            "indexes" : [ {"name" : "child_parent", "columns" : ["parentId"]} ],
            "relations" : [ {
                "name" : "parent",
                "type" : "one",
                "model" : "Parent",
                "fields" : ["parentId"],
                "references" : ["id"]
            } ]
        }
    ]
});

/* Children lie in no order of their parents; ranks tie and are null now and then. */
static const char *family_data(arena *memory)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, "{\"Parent\":[");
    for (int i = 1; i <= PARENTS_COUNT; i++)
        text_format(&out, "%s{\"id\":%d,\"name\":\"parent %d\"}", i > 1 ? "," : "", i, i % 37);
    text_string(&out, "],\"Child\":[");
    uint32_t random = 12345;
    int id = 0;
    for (int round = 0; round < CHILDREN_MAX; round++) {
        for (int i = 1; i <= PARENTS_COUNT; i++) {
            random = random * 1664525U + 1013904223U;
            if ((random >> 16) % CHILDREN_MAX < (uint32_t)round) continue;
            unsigned rank = (random >> 24) % 6;
            text_format(&out, "%s{\"id\":%d,\"parentId\":%d,\"rank\":", id > 0 ? "," : "", id + 1,
                        i);
            if (rank == 5)
                text_string(&out, "null");
            else
                text_format(&out, "%u", rank);
            text_format(&out, ",\"label\":\"l%u\"}", (random >> 20) % 4);
            id++;
        }
    }
    text_string(&out, "]}");
    return text_finish(&out);
}

/* ---- sources ---- */

typedef struct opened {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *repository;
} opened;

static opened source_open(const char *models, const char *data, const char *model)
{
    opened all = {.ctx = ignis_context_create()};
    assert_non_null(all.ctx);
    fixture_class class_ = {.models_text = models, .data_text = data};
    ignis_repository_class repository = {.struct_size = sizeof(repository), .model = model};
    ignis_code code = fixture_open(all.ctx, &class_, &all.source);
    if (code == IGNIS_OK)
        code = ignis_repository_open(all.ctx, all.source, &repository, &all.repository);
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(all.ctx)->message);
    return all;
}

static void source_close(opened *all)
{
    ignis_data_source_close(all->source);
    ignis_context_free(all->ctx);
}

static void filter_check(const char *models, const char *data, const char *filter,
                         const plain_level *root)
{
    opened all = source_open(models, data, root->model);
    const char *got = NULL;
    ignis_code code = ignis_find_json(all.ctx, all.repository, &ignis_policy_trusted, filter, &got);
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(all.ctx)->message);
    char *expected = plain_read(models, data, root);
    plain_assert_equal(expected, got);
    assert_true(plain_count(expected) >= PARENTS_COUNT);
    plain_free(expected);
    source_close(&all);
}

static void family_check(const char *filter, const plain_level *root)
{
    arena memory = {0};
    const char *data = family_data(&memory);
    assert_non_null(data);
    filter_check(FAMILY_MODELS, data, filter, root);
    arena_free(&memory);
}

/* ---- orders and conditions ---- */

static int integers_order(const plain_row *a, const plain_row *b, const char *name)
{
    int64_t left = plain_integer(a, name);
    int64_t right = plain_integer(b, name);
    return (left > right) - (left < right);
}

static int by_id(const plain_row *a, const plain_row *b)
{
    return integers_order(a, b, "id");
}

static int by_id_descending(const plain_row *a, const plain_row *b)
{
    return by_id(b, a);
}

static int by_rank(const plain_row *a, const plain_row *b, bool nulls_first)
{
    bool a_null = plain_is_null(a, "rank");
    bool b_null = plain_is_null(b, "rank");
    if (a_null != b_null) return a_null == nulls_first ? -1 : 1;
    return integers_order(a, b, "rank");
}

static int by_rank_ascending(const plain_row *a, const plain_row *b)
{
    int order = by_rank(a, b, false);
    return order ? order : by_id(a, b);
}

static int by_rank_descending(const plain_row *a, const plain_row *b)
{
    int order = by_rank(b, a, false);
    return order ? order : by_id(a, b);
}

static int by_label_and_rank(const plain_row *a, const plain_row *b)
{
    int order = strcmp(plain_text(b, "label"), plain_text(a, "label"));
    if (order) return order;
    order = by_rank(a, b, true);
    return order ? order : by_id(a, b);
}

static bool rank_is_middle(const plain_row *row)
{
    int64_t rank = plain_integer(row, "rank");
    return !plain_is_null(row, "rank") && rank >= 1 && rank <= 3;
}

/* ---- tests ---- */

static void a_limit_holds_per_parent(void **state)
{
    (void)state;
    static const plain_level children[] = {{.model = "Child",
                                            .relation = "children",
                                            .ours = "id",
                                            .theirs = "parentId",
                                            .order = by_rank_ascending,
                                            .limit = 3}};
    static const plain_level parents = {.model = "Parent",
                                        .order = by_id,
                                        .limit = PLAIN_NO_LIMIT,
                                        .children = children,
                                        .children_count = 1};
    family_check(IGNIS_JSON({
            "order" : ["id"],
            "include" : [ {"relation" : "children", "scope" : {"order" : ["rank"], "limit" : 3}} ]
        }),
                     &parents);
}

static void a_limit_with_skip_holds_per_parent(void **state)
{
    (void)state;
    static const plain_level children[] = {{.model = "Child",
                                            .relation = "children",
                                            .ours = "id",
                                            .theirs = "parentId",
                                            .order = by_rank_descending,
                                            .skip = 2,
                                            .limit = 3}};
    static const plain_level parents = {.model = "Parent",
                                        .order = by_id_descending,
                                        .limit = PLAIN_NO_LIMIT,
                                        .children = children,
                                        .children_count = 1};
    family_check(IGNIS_JSON({
                     "order" : ["id DESC"],
                     "include" : [ {
                         "relation" : "children",
                         "scope" : {"order" : ["rank DESC"], "limit" : 3, "skip" : 2}
                     } ]
                 }),
                     &parents);
}

static void a_skip_without_a_limit_holds_per_parent(void **state)
{
    (void)state;
    static const plain_level children[] = {{.model = "Child",
                                            .relation = "children",
                                            .ours = "id",
                                            .theirs = "parentId",
                                            .order = by_id_descending,
                                            .skip = 4,
                                            .limit = PLAIN_NO_LIMIT}};
    static const plain_level parents = {.model = "Parent",
                                        .order = by_id,
                                        .limit = PLAIN_NO_LIMIT,
                                        .children = children,
                                        .children_count = 1};
    family_check(IGNIS_JSON({
            "order" : ["id"],
            "include" : [ {"relation" : "children", "scope" : {"order" : ["id DESC"], "skip" : 4}} ]
        }),
                     &parents);
}

/* The condition is applied before the limit; neither key is asked for. */
static void a_limit_with_fields_and_where_holds_per_parent(void **state)
{
    (void)state;
    static const char *const parent_fields[] = {"name", NULL};
    static const char *const child_fields[] = {"label", "rank", NULL};
    static const plain_level children[] = {{.model = "Child",
                                            .relation = "children",
                                            .ours = "id",
                                            .theirs = "parentId",
                                            .keep = rank_is_middle,
                                            .order = by_label_and_rank,
                                            .skip = 1,
                                            .limit = 3,
                                            .fields = child_fields}};
    static const plain_level parents = {.model = "Parent",
                                        .order = by_id,
                                        .limit = PLAIN_NO_LIMIT,
                                        .fields = parent_fields,
                                        .children = children,
                                        .children_count = 1};
    family_check(IGNIS_JSON({
                     "fields" : ["name"],
                     "order" : ["id"],
                     "include" : [ {
                         "relation" : "children",
                         "scope" : {
                             "where" : {"rank" : {"between" : [ 1, 3 ]}},
                             "fields" : [ "label", "rank" ],
                             "order" : [ "label DESC", "rank ASC NULLS FIRST" ],
                             "limit" : 3,
                             "skip" : 1
                         }
                     } ]
                 }),
                           &parents);
}

/* The level above has its own limit, so its rows are found again for the level below. */
static void limits_hold_on_each_of_three_levels(void **state)
{
    (void)state;
    static const plain_level parent[] = {{.model = "Parent",
                                          .relation = "parent",
                                          .is_one = true,
                                          .ours = "parentId",
                                          .theirs = "id",
                                          .limit = PLAIN_NO_LIMIT}};
    static const plain_level children[] = {{.model = "Child",
                                            .relation = "children",
                                            .ours = "id",
                                            .theirs = "parentId",
                                            .order = by_rank_descending,
                                            .limit = 2,
                                            .children = parent,
                                            .children_count = 1}};
    static const plain_level parents = {.model = "Parent",
                                        .order = by_id_descending,
                                        .limit = PARENTS_COUNT,
                                        .children = children,
                                        .children_count = 1};
    family_check(IGNIS_JSON({
                     "order" : ["id DESC"],
                     "limit" : 2000,
                     "include" : [ {
                         "relation" : "children",
                         "scope" : {"order" : ["rank DESC"], "limit" : 2, "include" : ["parent"]}
                     } ]
                 }),
                                                       &parents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_holds_per_parent),
        cmocka_unit_test(a_limit_with_skip_holds_per_parent),
        cmocka_unit_test(a_skip_without_a_limit_holds_per_parent),
        cmocka_unit_test(a_limit_with_fields_and_where_holds_per_parent),
        cmocka_unit_test(limits_hold_on_each_of_three_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
