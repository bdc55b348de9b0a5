#include "support/fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *next_of(const void *list, size_t i)
{
    const char *const *names = list;
    return names[i];
}

static const char *const known[] = {"id",   "title", "authorId", "author",           "createdAt",
                                    "name", "names", "Ort",      "longPropertyName", NULL};

static void the_nearest_name_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *nearest;
    } rows[] = {
        {"titel", "title"},          /* neighbours exchanged */
        {"titl", "title"},           /* left out */
        {"tittle", "title"},         /* added */
        {"tible", "title"},          /* replaced */
        {"TITLE", "title"},          /* case is no edit */
        {"authorid", "authorId"},    /* equal but for case beats "author" */
        {"autor", "author"},         /* nearer than authorId */
        {"created_at", "createdAt"}, /* one of three allowed */
        {"nam", "name"},
        {"namez", "name"}, /* "names" is as near and later */
        {"ID", "id"},
        {"ort", "Ort"},
        {"longProprtyNmae", "longPropertyName"},
        {"xd", NULL}, /* two characters allow no edit */
        {"zzz", NULL},
        {"price", NULL},
        {"titlexxx", NULL}, /* three edits of eight: more than a third */
        {"", NULL},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const char *found = names_nearest(rows[i].name, strlen(rows[i].name), next_of, known);
        if (rows[i].nearest) {
            assert_non_null(found);
            assert_string_equal(found, rows[i].nearest);
        } else {
            assert_null(found);
        }
    }
}

static void of_equally_near_names_the_first_is_taken(void **state)
{
    (void)state;
    static const char *const list[] = {"fileA", "fileB", NULL};
    assert_string_equal(names_nearest("fileC", 5, next_of, list), "fileA");
}

static void very_long_names_have_no_neighbours(void **state)
{
    (void)state;
    char name[400];
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    const char *const list[] = {name, NULL};
    assert_null(names_nearest(name, sizeof name - 1, next_of, list));
    assert_null(names_nearest(name, 90, next_of, list));
}

static void an_empty_list_has_no_neighbour(void **state)
{
    (void)state;
    static const char *const list[] = {NULL};
    assert_null(names_nearest("title", 5, next_of, list));
}

static void members_become_properties(void **state)
{
    (void)state;
    static const struct {
        const char *member;
        const char *property;
    } rows[] = {
        {"created_at", "createdAt"},
        {"id", "id"},
        {"author_user_id", "authorUserId"},
        {"createdAt", "createdAt"},
        {"line_2", "line2"},
        {"a__b", "aB"},
        {"_private", "_private"},
        {"__two_words", "__twoWords"},
        {"default_", "default_"},
        {"in_out_", "inOut_"},
        {"_", "_"},
        {"", ""},
        {"a_B", "aB"},
        {"URL_path", "URLPath"},
    };
    arena memory = {0};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_string_equal(names_camel(&memory, rows[i].member), rows[i].property);
    }
    arena_free(&memory);
}

static ignis_code make_camel(ignis_context *ctx, void *data)
{
    (void)data;
    return names_camel(&ctx->results, "created_at") ? IGNIS_OK
                                                    : context_fail_memory(ctx, &ctx->results);
}

static void no_memory_gives_no_property(void **state)
{
    (void)state;
    assert_int_equal(fault_run(make_camel, NULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_name_is_found),
        cmocka_unit_test(of_equally_near_names_the_first_is_taken),
        cmocka_unit_test(very_long_names_have_no_neighbours),
        cmocka_unit_test(an_empty_list_has_no_neighbour),
        cmocka_unit_test(members_become_properties),
        cmocka_unit_test(no_memory_gives_no_property),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
