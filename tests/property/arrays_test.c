/* Conditions on array columns of every type choose the same rows on SQLite as on PostgreSQL, whose
   operators are its own. IGNIS_PROPERTY_COUNT is the number of conditions on each column. */
#include "property/property.h"
#include "property/typed.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { POOL_COUNT = 7, ROWS_COUNT = 60, LIST_MAX = 5 };

/* A few values of one kind, so that lists have some in common. */
typedef struct pool {
    const char *values[POOL_COUNT];
} pool;

typedef struct drawing {
    arena memory;
    typed_maker maker;
    uint64_t seed;
} drawing;

static size_t draw_below(drawing *self, size_t bound)
{
    self->seed = self->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(self->seed >> 33) % bound;
}

static void pool_draw(drawing *self, const typed_kind *kind, pool *values)
{
    size_t edges_count = 0;
    const typed_pair *edges = typed_edges(kind->name, &edges_count);
    for (size_t i = 0; i < POOL_COUNT; i++) {
        text given;
        text shown;
        text_init(&given, &self->memory, 0);
        text_init(&shown, &self->memory, 0);
        self->maker.given = &given;
        self->maker.shown = &shown;
        if (draw_below(self, 2) == 0) {
            text_string(&given, edges[draw_below(self, edges_count)].given);
        } else {
            kind->make(&self->maker);
        }
        values->values[i] = text_finish(&given);
        assert_non_null(values->values[i]);
    }
}

static void list_draw(drawing *self, const pool *values, text *out)
{
    size_t count = draw_below(self, LIST_MAX);
    text_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_char(out, ',');
        bool is_null = draw_below(self, 8) == 0;
        text_string(out, is_null ? "null" : values->values[draw_below(self, POOL_COUNT)]);
    }
    text_char(out, ']');
}

static const char *rows_draw(drawing *self, const pool *pools)
{
    text out;
    text_init(&out, &self->memory, 0);
    text_string(&out, "{\"Typed\":[");
    for (int id = 1; id <= ROWS_COUNT; id++) {
        text_format(&out, id == 1 ? "{\"id\":%d" : ",{\"id\":%d", id);
        for (size_t i = 0; i < typed_kinds_count; i++) {
            if (draw_below(self, 10) == 0) continue;
            text_format(&out, ",\"%sList\":", typed_kinds[i].name);
            list_draw(self, &pools[i], &out);
        }
        text_char(&out, '}');
    }
    text_string(&out, "]}");
    return text_finish(&out);
}

typedef enum operand_form { FORM_LIST, FORM_LISTS, FORM_TWO } operand_form;

typedef struct array_operator {
    const char *name;
    operand_form form;
} array_operator;

/* Of other types SQLite knows the text alone, so that it cannot put them in order. */
static const array_operator operators[] = {
    {"contains", FORM_LIST}, {"containedBy", FORM_LIST}, {"overlaps", FORM_LIST},
    {"eq", FORM_LIST},       {"ne", FORM_LIST},          {"in", FORM_LISTS},
    {"nin", FORM_LISTS},     {"gt", FORM_LIST},          {"gte", FORM_LIST},
    {"lt", FORM_LIST},       {"lte", FORM_LIST},         {"between", FORM_TWO},
    {"notBetween", FORM_TWO}};
enum { UNORDERED_COUNT = 7 };

static void operand_draw(drawing *self, const pool *values, operand_form form, text *out)
{
    size_t count = form == FORM_TWO ? 2 : draw_below(self, LIST_MAX);
    if (form == FORM_LIST) {
        list_draw(self, values, out);
        return;
    }
    text_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_char(out, ',');
        list_draw(self, values, out);
    }
    text_char(out, ']');
}

static const char *filter_draw(drawing *self, const typed_kind *kind, const pool *values)
{
    bool is_ordered = strcmp(kind->name, "range") != 0;
    const array_operator *op =
        &operators[draw_below(self, is_ordered ? ARRAY_COUNT(operators) : UNORDERED_COUNT)];
    bool is_negated = draw_below(self, 3) == 0;
    text out;
    text_init(&out, &self->memory, 0);
    text_string(&out, "{\"fields\":[\"id\"],\"order\":[\"id\"],\"where\":");
    if (is_negated) text_string(&out, "{\"not\":");
    text_format(&out, "{\"%sList\":{\"%s\":", kind->name, op->name);
    operand_draw(self, values, op->form, &out);
    text_string(&out, is_negated ? "}}}}" : "}}}");
    return text_finish(&out);
}

static const char *rows_of(ignis_context *ctx, ignis_repository *repository, const char *filter)
{
    const char *rows = NULL;
    if (ignis_find_json(ctx, repository, &ignis_policy_trusted, filter, &rows) != IGNIS_OK)
        fail_msg("%s: %s", filter, ignis_context_error(ctx)->message);
    return rows;
}

static ignis_data_source *source_open(ignis_context *ctx, const char *url, const char *rows)
{
    arena memory = {0};
    text models;
    text_init(&models, &memory, 0);
    text_string(&models, "{\"models\":[");
    typed_model(&models);
    text_string(&models, "]}");
    property_source class_ = {.url = url, .models = text_finish(&models), .rows = rows};
    ignis_data_source *source = property_open(ctx, &class_);
    arena_free(&memory);
    return source;
}

static void engines_choose_the_same_rows(void **state)
{
    (void)state;
    if (!property_has_server()) return;
    drawing all = {.seed = property_seed(7), .maker = {.seed = property_seed(7)}};
    pool *pools = arena_array(&all.memory, typed_kinds_count, sizeof(*pools));
    assert_non_null(pools);
    all.maker.memory = &all.memory;
    for (size_t i = 0; i < typed_kinds_count; i++)
        pool_draw(&all, &typed_kinds[i], &pools[i]);
    const char *rows = rows_draw(&all, pools);
    ignis_context *ctx = ignis_context_create();
    ignis_data_source *ours = source_open(ctx, "sqlite::memory:", rows);
    ignis_data_source *theirs = source_open(ctx, server_url(), rows);
    size_t chosen = 0;
    uint64_t count = property_count(150);
    for (size_t i = 0; i < typed_kinds_count; i++) {
        for (uint64_t k = 0; k < count; k++) {
            ignis_mark mark = arena_mark(&all.memory);
            const char *filter = filter_draw(&all, &typed_kinds[i], &pools[i]);
            const char *got = rows_of(ctx, property_repository(ctx, ours, "Typed"), filter);
            const char *expected = rows_of(ctx, property_repository(ctx, theirs, "Typed"), filter);
            if (strcmp(got, expected) != 0)
                fail_msg("%s:\nSQLite     %s\nPostgreSQL %s", filter, got, expected);
            chosen += strcmp(got, "[]") != 0;
            ignis_context_reset(ctx);
            arena_release(&all.memory, mark);
        }
    }
    assert_true(chosen > typed_kinds_count * count / 3);
    ignis_data_source_close(ours);
    ignis_data_source_close(theirs);
    server_execute("DROP TABLE \"Typed\"");
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
