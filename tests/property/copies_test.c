/* copies: thousands of random rows with values of every type, of which nothing comes back, are what is
   read: on SQLite, and on PostgreSQL, where most of them go by COPY. IGNIS_PROPERTY_COUNT is the number
   of rows. */
#include "property/property.h"
#include "property/typed.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
    ROWS = 6000,
    ROUNDS = 2,
    FIRST_ROWS = 600, /* so many are inserted, and before them no edges are drawn */
    RUN_MAX = 3000,   /* rows with the same properties */
    CONTEXT_SHOWN = 60
};

/* No list, and no type whose values PostgreSQL reads as text alone. */
static bool is_drawn(const typed_kind *kind)
{
    return strcmp(kind->name, "range") != 0;
}

static const char *models_make(arena *memory)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, "{\"models\":[{\"name\":\"Copied\",\"columns\":["
                      "{\"name\":\"id\",\"type\":\"bigint\",\"primaryKey\":true}");
    for (size_t i = 0; i < typed_kinds_count; i++) {
        const typed_kind *kind = &typed_kinds[i];
        if (is_drawn(kind)) text_format(&out, ",{\"name\":\"%s\",%s}", kind->name, kind->type);
    }
    text_string(&out, "]}]}");
    return text_finish(&out);
}

/* ---- rows ---- */

typedef struct drawn {
    arena memory;
    typed_maker maker;
    uint64_t seed;
    text given; /* the arguments */
    text shown;
} drawn;

static size_t draw_below(drawn *self, size_t bound)
{
    self->seed = self->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(self->seed >> 33) % bound;
}

static void row_draw(drawn *self, int64_t id, uint32_t given)
{
    int64_t edge = id > FIRST_ROWS ? id - FIRST_ROWS : INT64_MAX;
    text_format(&self->given, "%s{\"id\":%lld", id == 1 ? "" : ",", (long long)id);
    text_format(&self->shown, "%s{\"id\":%lld", id == 1 ? "" : ",", (long long)id);
    for (size_t i = 0; i < typed_kinds_count; i++) {
        const typed_kind *kind = &typed_kinds[i];
        if (!is_drawn(kind)) continue;
        text_format(&self->shown, ",\"%s\":", kind->name);
        if (given >> i & 1) {
            text_format(&self->given, ",\"%s\":", kind->name);
            typed_value(&self->maker, kind, edge);
        } else {
            text_string(&self->shown, "null");
        }
    }
    text_char(&self->given, '}');
    text_char(&self->shown, '}');
}

/* The first runs are short ones, so that rows by COPY begin among all of them. */
static void rows_draw(drawn *self, uint64_t seed, int64_t count)
{
    *self = (drawn){.seed = seed};
    text_init(&self->given, &self->memory, 0);
    text_init(&self->shown, &self->memory, 0);
    self->maker = (typed_maker){
        .seed = seed, .memory = &self->memory, .given = &self->given, .shown = &self->shown};
    text_string(&self->given, "{\"options\":{\"shouldReturn\":false},\"data\":[");
    text_char(&self->shown, '[');
    uint32_t given = UINT32_MAX;
    int64_t left = FIRST_ROWS + 1000;
    for (int64_t id = 1; id <= count; id++) {
        if (left-- == 0) {
            given = (uint32_t)draw_below(self, UINT32_MAX);
            left = (int64_t)draw_below(self, RUN_MAX);
        }
        row_draw(self, id, given);
    }
    text_string(&self->given, "]}");
    text_char(&self->shown, ']');
    assert_non_null(text_finish(&self->given));
    assert_non_null(text_finish(&self->shown));
}

/* ---- what is read ---- */

static void hear(void *data, const ignis_log_entry *entry)
{
    size_t *copies_count = data;
    bool is_copy = entry->statement && strncmp(entry->statement, "COPY ", 5) == 0;
    if (is_copy) *copies_count += 1;
}

/* Shows the first difference only: the texts are long. */
static void expect_same(const char *expected, const char *got)
{
    size_t at = 0;
    while (expected[at] != '\0' && expected[at] == got[at])
        at++;
    if (expected[at] == got[at]) return;
    size_t from = at > CONTEXT_SHOWN ? at - CONTEXT_SHOWN : 0;
    fail_msg("byte %zu: expected …%.*s, got …%.*s", at, 2 * CONTEXT_SHOWN, expected + from,
             2 * CONTEXT_SHOWN, got + from);
}

static void rows_check(ignis_context *ctx, ignis_data_source *source, const drawn *rows)
{
    const char *result = NULL;
    const ignis_repository *copied = property_repository(ctx, source, "Copied");
    if (ignis_call_json(ctx, copied, &ignis_policy_trusted, "createAll", rows->given.data,
                        rows->given.size, &result, NULL) != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(ctx);
        fail_msg("%s at %s", error->message, error->path);
    }
    assert_int_equal(ignis_find_json(ctx, copied, &ignis_policy_trusted,
                                     IGNIS_JSON({"order" : ["id"]}), &result), IGNIS_OK);
    expect_same(rows->shown.data, result);
}

/* Returns how many statements were a COPY. */
static size_t round_run(const char *url, uint64_t seed)
{
    size_t copies_count = 0;
    drawn rows;
    rows_draw(&rows, seed, (int64_t)property_count(ROWS));
    ignis_context *ctx = ignis_context_create();
    assert_non_null(ctx);
    const ignis_log log = {
        .struct_size = sizeof(log), .write = hear, .data = &copies_count, .level = IGNIS_LOG_DEBUG};
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = url, .log = &log};
    ignis_data_source *source = NULL;
    assert_int_equal(ignis_models_from_json(ctx, models_make(&rows.memory), 0, &class_.models,
                                            &class_.models_count),
                     IGNIS_OK);
    assert_int_equal(ignis_data_source_open(ctx, &class_, &source), IGNIS_OK);
    assert_int_equal(ignis_schema_create(ctx, source), IGNIS_OK);
    rows_check(ctx, source, &rows);
    ignis_context_free(ctx);
    ignis_data_source_close(source);
    arena_free(&rows.memory);
    return copies_count;
}

static void rows_are_read_as_they_were_given_on_sqlite(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < ROUNDS; i++)
        assert_int_equal(round_run("sqlite::memory:", property_seed(20261122) + i), 0);
}

static void rows_by_copy_are_read_as_they_were_given_on_postgresql(void **state)
{
    (void)state;
    if (!property_has_server()) return;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        assert_true(round_run(server_url(), property_seed(20261122) + i) > 0);
        server_execute("DROP TABLE \"Copied\"");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_as_they_were_given_on_sqlite),
        cmocka_unit_test(rows_by_copy_are_read_as_they_were_given_on_postgresql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
