/* The bounds of the public policy that count rows and includes, from both sides, over real rows. */
#include "support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum {
    ROWS_MAX = 10000, /* of a whole result, where the bound is lowered */
    PARENTS = 10,
    CHILDREN = ROWS_MAX - PARENTS + 1, /* one more than fits beside the parents */
    LEVEL_MAX = 1000,
    RELATIONS = 10
};

typedef struct opened {
    arena memory;
    ignis_context *ctx;
    ignis_data_source *source;
} opened;

static const char *finished(text *out)
{
    const char *made = text_finish(out);
    assert_non_null(made);
    return made;
}

/* Parent with many children, and with relations r0, r1, ... to one of its own. */
static const char *models_write(arena *memory)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out,
                "{\"models\":[{\"name\":\"Parent\",\"columns\":[{\"name\":\"id\",\"type\":"
                "\"integer\",\"primaryKey\":true,\"notNull\":true},{\"name\":\"otherId\",\"type\":"
                "\"integer\"}],\"relations\":[{\"name\":\"children\",\"type\":\"many\",\"model\":"
                "\"Child\"}");
    for (int i = 0; i < RELATIONS; i++)
        text_format(&out,
                    ",{\"name\":\"r%d\",\"type\":\"one\",\"model\":\"Parent\",\"fields\":"
                    "[\"otherId\"],\"references\":[\"id\"]}",
                    i);
    text_string(&out,
                "]},{\"name\":\"Child\",\"columns\":[{\"name\":\"id\",\"type\":\"integer\","
                "\"primaryKey\":true,\"notNull\":true},{\"name\":\"parentId\",\"type\":"
                "\"integer\"}],\"indexes\":[{\"name\":\"child_parent\",\"columns\":"
                "[\"parentId\"]}],\"relations\":[{\"name\":\"parent\",\"type\":\"one\",\"model\":"
                "\"Parent\",\"fields\":[\"parentId\"],\"references\":[\"id\"]}]}]}");
    return finished(&out);
}

/* A thousand children for each parent but the last; of it the rest. */
static ignis_code rows_insert(opened *all)
{
    text parents;
    text children;
    text_init(&parents, &all->memory, 0);
    text_init(&children, &all->memory, 0);
    text_format(
        &parents,
        "INSERT INTO \"Parent\" (id) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + "
        "1 FROM n WHERE i < %d) SELECT i FROM n",
        PARENTS);
    text_format(&children,
                "INSERT INTO \"Child\" (id, \"parentId\") WITH RECURSIVE n (i) AS (SELECT 0 UNION "
                "ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i, i / %d + 1 FROM n",
                CHILDREN - 1, LEVEL_MAX);
    const ignis_sql statements[] = {
        {.struct_size = sizeof(ignis_sql), .text = finished(&parents)},
        {.struct_size = sizeof(ignis_sql), .text = finished(&children)}};
    IGNIS_TRY(ignis_execute(all->ctx, all->source, &statements[0], NULL));
    return ignis_execute(all->ctx, all->source, &statements[1], NULL);
}

static int rows_open(void **state)
{
    static opened all;
    all.ctx = ignis_context_create();
    fixture_class class_ = {.models_text = models_write(&all.memory)};
    if (!all.ctx) return -1;
    if (fixture_open(all.ctx, &class_, &all.source) != IGNIS_OK || rows_insert(&all) != IGNIS_OK) {
        print_error("%s\n", ignis_context_error(all.ctx)->message);
        return -1;
    }
    ignis_context_reset(all.ctx);
    *state = &all;
    return 0;
}

static int rows_close(void **state)
{
    opened *all = *state;
    if (!all) return 0;
    ignis_data_source_close(all->source);
    ignis_context_free(all->ctx);
    arena_free(&all->memory);
    return 0;
}

static ignis_code find_by(opened *all, const ignis_policy *policy, const char *model,
                          const char *filter, const char **result)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    ignis_repository *repository = NULL;
    IGNIS_TRY(ignis_repository_open(all->ctx, all->source, &class_, &repository));
    return ignis_find_json(all->ctx, repository, policy, filter, result);
}

static size_t occurrences(const char *where, const char *what)
{
    size_t count = 0;
    for (const char *at = strstr(where, what); at; at = strstr(at + 1, what))
        count++;
    return count;
}

static void expect_rows(opened *all, const ignis_policy *policy, const char *model,
                        const char *filter, size_t rows_count)
{
    const char *result = NULL;
    if (find_by(all, policy, model, filter, &result) != IGNIS_OK)
        fail_msg("%s: %s", filter, ignis_context_error(all->ctx)->message);
    assert_int_equal(occurrences(result, "\"id\":"), rows_count);
    ignis_context_reset(all->ctx);
}

static void expect_limit(opened *all, const ignis_policy *policy, const char *model,
                         const char *filter)
{
    const char *result = NULL;
    assert_int_equal(find_by(all, policy, model, filter, &result), IGNIS_E_LIMIT);
    assert_true(ignis_context_error(all->ctx)->message[0] != '\0');
    ignis_context_reset(all->ctx);
}

static void a_level_has_a_thousand_rows(void **state)
{
    static const char *const limits[] = {"{}", "{\"limit\":1000}", "{\"limit\":1001}",
                                         "{\"limit\":\"9223372036854775807\"}", "{\"limit\":null}"};
    for (size_t i = 0; i < ARRAY_COUNT(limits); i++)
        expect_rows(*state, NULL, "Child", limits[i], LEVEL_MAX);
    expect_rows(*state, NULL, "Child", "{\"limit\":999}", LEVEL_MAX - 1);
    expect_rows(*state, NULL, "Child", "{\"limit\":0}", 0);
}

static void a_level_below_has_a_thousand_rows_for_each_parent(void **state)
{
    static const char *const limits[] = {"null", "{}", "{\"limit\":1000}", "{\"limit\":100000}"};
    for (size_t i = 0; i < ARRAY_COUNT(limits); i++) {
        char filter[256];
        assert_true(snprintf(filter, sizeof(filter),
                             "{\"where\":{\"id\":{\"lte\":3}},\"include\":[{\"relation\":"
                             "\"children\",\"scope\":%s}]}",
                             limits[i]) > 0);
        expect_rows(*state, NULL, "Parent", filter, (size_t)(3 * LEVEL_MAX) + 3);
    }
}

static void a_result_has_no_more_rows_than_its_bound(void **state)
{
    ignis_policy policy = ignis_policy_public;
    assert_int_equal(policy.rows_max, 100000);
    policy.rows_max = ROWS_MAX;
    expect_rows(*state, &policy, "Parent",
                IGNIS_JSON({"include" : [ {
                                "relation" : "children",
                                "scope" : {"fields" : ["id"], "where" : {"id" : {"ne" : 7}}}
                            } ]}),
                                          ROWS_MAX);
    expect_limit(
        *state, &policy, "Parent",
        IGNIS_JSON({"include" : [ {"relation" : "children", "scope" : {"fields" : ["id"]}} ]}));
}

/* Ten includes at the root; below each of them nine, and below the last one last_count. */
static const char *includes_write(arena *memory, int last_count)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, "{\"where\":{\"id\":1},\"include\":[");
    for (int i = 0; i < RELATIONS; i++) {
        int below = i + 1 < RELATIONS ? RELATIONS - 1 : last_count;
        text_format(&out, "%s{\"relation\":\"r%d\",\"scope\":{\"include\":[", i > 0 ? "," : "", i);
        for (int k = 0; k < below; k++)
            text_format(&out, "%s\"r%d\"", k > 0 ? "," : "", k);
        text_string(&out, "]}}");
    }
    text_string(&out, "]}");
    return finished(&out);
}

static void a_filter_has_a_hundred_includes(void **state)
{
    opened *all = *state;
    assert_int_equal(ignis_policy_public.includes_max, 100);
    expect_rows(all, NULL, "Parent", includes_write(&all->memory, 9), 1);
    expect_limit(all, NULL, "Parent", includes_write(&all->memory, 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_has_a_thousand_rows),
        cmocka_unit_test(a_level_below_has_a_thousand_rows_for_each_parent),
        cmocka_unit_test(a_result_has_no_more_rows_than_its_bound),
        cmocka_unit_test(a_filter_has_a_hundred_includes),
    };
    return cmocka_run_group_tests(tests, rows_open, rows_close);
}
