/* The bounds of filters hold exactly, and odd texts are told in one short line. */
#include "support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char MODELS[] = IGNIS_JSON({"models": [
    {"name": "User",
     "columns": [{"name": "id", "type": "text", "primaryKey": true, "notNull": true}],
     "relations": [{"name": "posts", "type": "many", "model": "Post"}]},
    {"name": "Post",
     "columns": [{"name": "id", "type": "text", "primaryKey": true, "notNull": true},
                 {"name": "title", "type": "text"},
                 {"name": "views", "type": "integer"},
                 {"name": "createdAt", "type": "timestamptz"},
                 {"name": "authorId", "type": "text"}],
     "relations": [{"name": "author", "type": "one", "model": "User",
                    "fields": ["authorId"], "references": ["id"]}]}]});

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

static ignis_code filter_try(opened *all, const char *model, const ignis_policy *policy,
                             const char *filter)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    ignis_repository *repository = NULL;
    const char *result = NULL;
    IGNIS_TRY(ignis_repository_open(all->ctx, all->source, &class_, &repository));
    return ignis_find_json(all->ctx, repository, policy, filter, &result);
}

static const char *repeated(arena *memory, const char *start, const char *part, int count,
                            const char *middle, const char *close, const char *end)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, start);
    for (int i = 0; i < count; i++)
        text_string(&out, part);
    text_string(&out, middle);
    for (int i = 0; i < count && close; i++)
        text_string(&out, close);
    text_string(&out, end);
    const char *result = text_finish(&out);
    assert_non_null(result);
    return result;
}

/* count levels of include: posts, author, posts, ... */
static const char *includes_write(arena *memory, int count)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, "{");
    for (int i = 0; i < count; i++)
        text_format(&out, "\"include\":[{\"relation\":\"%s\"%s", i % 2 == 0 ? "posts" : "author",
                    i + 1 < count ? ",\"scope\":{" : "");
    for (int i = 0; i < count; i++)
        text_string(&out, i == 0 ? "}]" : "}}]");
    text_string(&out, "}");
    return text_finish(&out);
}

static const char *includes_path(arena *memory, int count)
{
    return repeated(memory, "include[0]", ".scope.include[0]", count - 1, "", NULL, "");
}

typedef struct bound {
    const char *model;
    const ignis_policy *policy;
    const char *within;
    const char *beyond;
    const char *path; /* of the refusal; NULL: not told */
} bound;

static void bounds_hold_exactly(void **state)
{
    opened *all = *state;
    arena memory = {0};
    const bound bounds[] = {
        {"User", NULL, includes_write(&memory, 5), includes_write(&memory, 6),
         includes_path(&memory, 6)},
        {"User", &ignis_policy_trusted, includes_write(&memory, 8), includes_write(&memory, 9),
         includes_path(&memory, 9)},
        {"Post", NULL,
         repeated(&memory, "{\"where\":{\"id\":[\"a\"", ",\"a\"", 999, "]}}", NULL, ""),
         repeated(&memory, "{\"where\":{\"id\":[\"a\"", ",\"a\"", 1000, "]}}", NULL, ""),
         "where.id"},
        {"Post", NULL, repeated(&memory, "{\"where\":", "{\"not\":", 16, "{}", "}", "}"),
         repeated(&memory, "{\"where\":", "{\"not\":", 17, "{}", "}", "}"), NULL},
        {"Post", NULL,
         repeated(&memory, "{\"where\":{\"and\":[{\"id\":\"a\"}", ",{\"id\":\"a\"}", 98, "]}}",
                  NULL, ""),
         repeated(&memory, "{\"where\":{\"and\":[{\"id\":\"a\"}", ",{\"id\":\"a\"}", 99, "]}}",
                  NULL, ""),
         NULL},
        {"Post", NULL, repeated(&memory, "{}", " ", 64 * 1024 - 2, "", NULL, ""),
         repeated(&memory, "{}", " ", 64 * 1024 - 1, "", NULL, ""), ""},
    };
    for (size_t i = 0; i < ARRAY_COUNT(bounds); i++) {
        if (filter_try(all, bounds[i].model, bounds[i].policy, bounds[i].within) != IGNIS_OK)
            fail_msg("bound %zu: %s", i, ignis_context_error(all->ctx)->message);
        ignis_code code = filter_try(all, bounds[i].model, bounds[i].policy, bounds[i].beyond);
        const ignis_error *error = ignis_context_error(all->ctx);
        if (code != IGNIS_E_LIMIT || (bounds[i].path && strcmp(error->path, bounds[i].path) != 0))
            fail_msg("bound %zu: %s at '%s', expected limit at '%s': %s", i, ignis_code_name(code),
                     error->path, bounds[i].path ? bounds[i].path : "…", error->message);
        ignis_context_reset(all->ctx);
    }
    arena_free(&memory);
}

/* Messages and paths are one line, however long and odd the caller's names are. */
static void odd_names_are_cut_and_escaped(void **state)
{
    opened *all = *state;
    arena memory = {0};
    const char *const forms[] = {
        "{\"where\":{\"%s\":1}}",
        "{\"where\":{\"title\":{\"%s\":1}}}",
        "{\"where\":{\"title\":{\"eq\":{\"%s\":1}}}}",
        "{\"where\":{\"views\":\"%s\"}}",
        "{\"where\":{\"createdAt\":[\"%s\"]}}",
        "{\"order\":[\"%s\"]}",
        "{\"fields\":[\"%s\"]}",
        "{\"fields\":{\"%s\":true}}",
        "{\"fields\":{\"%s\":1}}",
        "{\"limit\":\"%s\"}",
        "{\"include\":[\"%s\"]}",
        "{\"include\":[{\"relation\":\"author\",\"%s\":1}]}",
        "{\"include\":[{\"x\":\"%s\"}]}",
        "{\"%s\":1}",
    };
    const char *name = repeated(&memory, "\\n\\u0001\\t", "abcdefgh", 100, "", NULL, "");
    const char *raw = repeated(&memory, "", "abcdefgh", 10, "", NULL, "");
    size_t wrong = 0;
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        const char *hole = strstr(forms[i], "%s");
        text filter;
        text_init(&filter, &memory, 0);
        text_append(&filter, forms[i], (size_t)(hole - forms[i]));
        text_string(&filter, name);
        text_string(&filter, hole + 2);
        ignis_code code = filter_try(all, "Post", NULL, text_finish(&filter));
        const ignis_error *error = ignis_context_error(all->ctx);
        assert_int_equal(code, IGNIS_E_INVALID);
        if (strpbrk(error->message, "\n\t\001") || strpbrk(error->path, "\n\t\001") ||
            strstr(error->message, raw) || strstr(error->path, raw)) {
            print_error("%s: %s at %s\n", forms[i], error->message, error->path);
            wrong++;
        }
        ignis_context_reset(all->ctx);
    }
    arena_free(&memory);
    assert_int_equal(wrong, 0);
}

static void text_that_is_no_json_is_told_with_its_position(void **state)
{
    opened *all = *state;
    static const struct {
        const char *filter;
        size_t position;
    } rows[] = {
        {"{\"where\": {\"title\": x}}", 20},
        {"{\"where\": {}} x", 14},
        {"{\"where\": 1, \"where\": 2}", 13},
        {"{\"limit\": 01}", 11},
        {"{\"where\": {\"title\": \"a\\u0000\"}}", 22},
        {"{\"where\": {\"title\": \"\\ud800\"}}", 21},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        ignis_code code = filter_try(all, "Post", NULL, rows[i].filter);
        const ignis_error *error = ignis_context_error(all->ctx);
        if (code != IGNIS_E_INVALID || error->position != rows[i].position)
            fail_msg("%s: %s at %zu, expected %zu: %s", rows[i].filter, ignis_code_name(code),
                     error->position, rows[i].position, error->message);
        ignis_context_reset(all->ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_hold_exactly),
        cmocka_unit_test(odd_names_are_cut_and_escaped),
        cmocka_unit_test(text_that_is_no_json_is_told_with_its_position),
    };
    return cmocka_run_group_tests(tests, opened_open, opened_close);
}
