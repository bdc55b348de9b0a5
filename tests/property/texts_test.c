/* Conditions on texts choose the same rows on SQLite as on PostgreSQL, as far as the dialects of
   regular expressions agree. IGNIS_PROPERTY_COUNT is the number of conditions. */
#include "base/base.h"
#include "property/property.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROWS_COUNT = 80, TEXT_MAX = 7, PATTERN_DEPTH_MAX = 3 };

static const char models[] = IGNIS_JSON({
    "models" : [ {
        "name" : "Word",
        "columns" : [
            {"name" : "id", "type" : "integer", "primaryKey" : true},
            {"name" : "plain", "type" : "text"}, {"name" : "short", "type" : "varchar", "length" : 40}
        ]
    } ]
});

typedef struct drawing {
    arena memory;
    uint64_t seed;
} drawing;

static size_t draw_below(drawing *self, size_t bound)
{
    self->seed = self->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(self->seed >> 33) % bound;
}

static const char *const characters[] = {"a", "b", "A", "é", "日", "😀", "%", "_", ".", " ", "\n"};

static void text_draw(drawing *self, text *out)
{
    size_t count = draw_below(self, TEXT_MAX);
    for (size_t i = 0; i < count; i++)
        text_string(out, characters[draw_below(self, ARRAY_COUNT(characters))]);
}

/* With escapes, as like takes them. */
static void like_draw(drawing *self, text *out)
{
    size_t count = draw_below(self, TEXT_MAX);
    for (size_t i = 0; i < count; i++) {
        if (draw_below(self, 4) == 0) text_char(out, '\\');
        text_string(out, draw_below(self, 3) == 0
                             ? "%"
                             : characters[draw_below(self, ARRAY_COUNT(characters))]);
    }
}

static void regexp_draw(drawing *self, text *out, size_t depth)
{
    static const char *const atoms[] = {"a",     "b",    "A",   "é",    "日",     ".",
                                        "[ab]",  "[^a]", "\\w", "\\W",  "\\.",    "😀",
                                        "[a-z]", "\\d",  "\\s", "[%_]", "(?:ab)", "[[:alpha:]]"};
    static const char *const counts[] = {"", "", "", "*", "+", "?", "{2}", "{1,3}", "*?"};
    size_t pieces = 1 + draw_below(self, 3);
    for (size_t i = 0; i < pieces; i++) {
        if (depth < PATTERN_DEPTH_MAX && draw_below(self, 4) == 0) {
            text_char(out, '(');
            regexp_draw(self, out, depth + 1);
            if (draw_below(self, 2) == 0) {
                text_char(out, '|');
                regexp_draw(self, out, depth + 1);
            }
            text_char(out, ')');
        } else {
            text_string(out, atoms[draw_below(self, ARRAY_COUNT(atoms))]);
        }
        text_string(out, counts[draw_below(self, ARRAY_COUNT(counts))]);
    }
}

static const char *rows_draw(drawing *self)
{
    text out;
    text_init(&out, &self->memory, 0);
    text_string(&out, "{\"Word\":[{\"id\":0}");
    for (int id = 1; id <= ROWS_COUNT; id++) {
        text word;
        text_init(&word, &self->memory, 0);
        text_draw(self, &word);
        text_format(&out, ",{\"id\":%d,\"plain\":", id);
        json_write_string(&out, word.data, word.size);
        text_string(&out, ",\"short\":");
        json_write_string(&out, word.data, word.size);
        text_char(&out, '}');
    }
    text_string(&out, "]}");
    return text_finish(&out);
}

static const char *filter_draw(drawing *self)
{
    static const char *const operators[] = {"startsWith", "endsWith", "like",   "nlike",
                                            "ilike",      "nilike",   "regexp", "iregexp"};
    size_t op = draw_below(self, ARRAY_COUNT(operators));
    bool is_negated = draw_below(self, 4) == 0;
    text out;
    text operand;
    text_init(&out, &self->memory, 0);
    text_init(&operand, &self->memory, 0);
    if (op < 2) {
        text_draw(self, &operand);
    } else if (op < 6) {
        like_draw(self, &operand);
    } else {
        if (draw_below(self, 3) == 0) text_char(&operand, '^');
        regexp_draw(self, &operand, 0);
        if (draw_below(self, 3) == 0) text_char(&operand, '$');
    }
    text_string(&out, "{\"fields\":[\"id\"],\"order\":[\"id\"],\"where\":");
    if (is_negated) text_string(&out, "{\"not\":");
    text_format(&out, "{\"%s\":{\"%s\":", draw_below(self, 2) == 0 ? "plain" : "short",
                operators[op]);
    json_write_string(&out, operand.data, operand.size);
    text_string(&out, is_negated ? "}}}}" : "}}}");
    return text_finish(&out);
}

/* NULL: the match took too many steps, which only SQLite says. */
static const char *rows_of(ignis_context *ctx, ignis_repository *repository, const char *filter)
{
    const char *rows = NULL;
    ignis_code code = ignis_find_json(ctx, repository, &ignis_policy_trusted, filter, &rows);
    if (code != IGNIS_OK && code != IGNIS_E_LIMIT)
        fail_msg("%s: %s", filter, ignis_context_error(ctx)->message);
    return rows;
}

static void engines_choose_the_same_rows(void **state)
{
    (void)state;
    if (!property_has_server()) return;
    drawing all = {.seed = property_seed(11)};
    const char *rows = rows_draw(&all);
    ignis_context *ctx = ignis_context_create();
    property_source class_ = {.url = "sqlite::memory:", .models = models, .rows = rows};
    ignis_data_source *ours = property_open(ctx, &class_);
    class_.url = server_url();
    ignis_data_source *theirs = property_open(ctx, &class_);
    uint64_t count = property_count(3000);
    uint64_t chosen = 0;
    uint64_t stopped = 0;
    for (uint64_t i = 0; i < count; i++) {
        ignis_mark mark = arena_mark(&all.memory);
        const char *filter = filter_draw(&all);
        const char *got = rows_of(ctx, property_repository(ctx, ours, "Word"), filter);
        const char *expected = rows_of(ctx, property_repository(ctx, theirs, "Word"), filter);
        assert_non_null(expected);
        if (got && strcmp(got, expected) != 0)
            fail_msg("%s:\nSQLite     %s\nPostgreSQL %s", filter, got, expected);
        chosen += strcmp(expected, "[]") != 0;
        stopped += got == NULL;
        ignis_context_reset(ctx);
        arena_release(&all.memory, mark);
    }
    assert_true(chosen > count / 3);
    assert_true(stopped <= count / 100);
    ignis_data_source_close(ours);
    ignis_data_source_close(theirs);
    server_execute("DROP TABLE \"Word\"");
    ignis_context_free(ctx);
    arena_free(&all.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engines_choose_the_same_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
