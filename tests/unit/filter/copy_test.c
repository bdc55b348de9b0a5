/* copy: filters that outlive what they were made of. */
#include "filter/filter.h"
#include "ignis.h"
#include "models/blog.h"
#include "models/fixtures.h"
#include "models/kinds.h"
#include "support/engine.h"
#include "support/fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef struct fixture {
    ignis_context *ctx;
    ignis_data_source *source;
} fixture;

static int open_fixture(void **state)
{
    static fixture self;
    static const ignis_model *const models[] = {&User_model, &Profile_model, &Post_model,
                                                &Comment_model, &Kinds_model};
    self = (fixture){.ctx = ignis_context_create()};
    assert_non_null(self.ctx);
    self.source = models_open(self.ctx, models, ARRAY_COUNT(models), "{}");
    *state = &self;
    return 0;
}

static int close_fixture(void **state)
{
    fixture *self = *state;
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
    return 0;
}

/* What a filter says, as JSON. */
static const char *json_of(const fixture *self, const char *model, const ignis_filter *filter)
{
    const engine opened = {.ctx = self->ctx, .source = self->source};
    const json *made;
    text out;
    if (filter_native_read(self->ctx, &self->ctx->results, engine_entity(&opened, model), filter,
                           &made) != IGNIS_OK)
        fail_msg("%s", self->ctx->error.message);
    text_init(&out, &self->ctx->results, 0);
    json_write_value(&out, made);
    return text_finish(&out);
}

/* All that a filter points at, to be overwritten. */
typedef struct original {
    char texts[16][32];
    size_t texts_count;
    uint8_t bytes[4];
    const char *names[4];
    const char *elements[3];
    ignis_json documents[2];
    ignis_maybe_int32 integers[3];
    ignis_value items[2];
    ignis_condition leaves[9];
    ignis_condition groups[2];
    ignis_order orders[2];
    ignis_inclusion inclusions[2];
    ignis_filter scope;
    ignis_options options;
    ignis_filter filter;
} original;

static const char *own_text(original *from, const char *data)
{
    char *own = from->texts[from->texts_count++];
    memcpy(own, data, strlen(data) + 1);
    return own;
}

static ignis_condition own_condition(original *from, const char *op, const char *member,
                                     ignis_value value)
{
    return (ignis_condition){.op = own_text(from, op),
                             .model = &User_model,
                             .member = own_text(from, member),
                             .value = value};
}

static void conditions_fill(original *from)
{
    from->elements[0] = own_text(from, "first");
    from->elements[2] = own_text(from, "third");
    from->integers[0] = (ignis_maybe_int32){true, 7};
    from->items[0] = IGNIS_VALUE(own_text(from, "item"));
    from->items[1] = IGNIS_VALUE(8);
    from->leaves[0] = own_condition(from, "eq", "name", IGNIS_VALUE(own_text(from, "Ada")));
    from->leaves[1] = own_condition(from, "in", "name", IGNIS_ELEMENTS_OF_(from->elements, 3));
    from->leaves[2] =
        own_condition(from, "in", "age",
                      (ignis_value){.form = IGNIS_VALUE_LIST, .count = 2, .as.items = from->items});
    from->leaves[3] = (ignis_condition){.op = "in",
                                        .model = &User_model,
                                        .member = "age",
                                        .value = IGNIS_ELEMENTS_OF_(from->integers, 3)};
    from->groups[0] = IGNIS_OR_OF(from->leaves, 4);
    from->groups[1] = IGNIS_EQ(User, is_active, (bool)true);
}

static void original_make(original *from)
{
    memset(from, 0, sizeof(*from));
    conditions_fill(from);
    from->names[0] = "id";
    from->names[1] = own_text(from, "name");
    from->orders[0] =
        (ignis_order){.model = &User_model, .member = "age", .nulls = IGNIS_NULLS_FIRST};
    from->orders[1] = IGNIS_DESC(User, id);
    from->options =
        (ignis_options){.struct_size = sizeof(from->options), .skip_default_filter = true};
    from->scope = (ignis_filter){.struct_size = sizeof(from->scope),
                                 .limit = IGNIS_LIMIT(0),
                                 .order = IGNIS_NO_ORDER,
                                 .options = &from->options};
    from->inclusions[0] = IGNIS_WITH(User, posts, &from->scope);
    from->filter =
        (ignis_filter){.struct_size = sizeof(from->filter),
                       .where = IGNIS_WHERE_OF(from->groups, 2),
                       .fields = {&User_model, from->names, 2, false},
                       .order = IGNIS_ORDER_OF(from->orders, 2),
                       .limit = IGNIS_LIMIT(5),
                       .skip = IGNIS_SKIP(0),
                       .include = {from->inclusions, IGNIS_ENDED, sizeof(ignis_inclusion)},
                       .options = &from->options};
}

static void a_copy_outlives_its_original(void **state)
{
    const fixture *self = *state;
    original from;
    const ignis_filter *copy;
    original_make(&from);
    const char *expected = json_of(self, "User", &from.filter);
    assert_string_equal(
        expected,
        "{\"where\":{\"or\":[{\"name\":{\"eq\":\"Ada\"}},{\"name\":{\"in\":[\"first\",null,"
        "\"third\"]}},"
        "{\"age\":{\"in\":[\"item\",8]}},{\"age\":{\"in\":[7,null,null]}}],\"isActive\":{\"eq\":"
        "true}},"
        "\"fields\":{\"id\":true,\"name\":true},\"order\":[\"age ASC NULLS FIRST\",\"id DESC\"],"
        "\"limit\":5,\"skip\":0,\"include\":[{\"relation\":\"posts\",\"scope\":{\"order\":[],"
        "\"limit\":0},"
        "\"shouldSkipDefaultFilter\":true}]}");
    assert_int_equal(ignis_filter_copy(self->ctx, &from.filter, &copy), IGNIS_OK);
    memset(&from, 0xaa, sizeof(from));
    assert_string_equal(json_of(self, "User", copy), expected);
    assert_true(filter_native_options(copy).skip_default_filter);
}

static void a_copy_of_a_copy_is_the_same(void **state)
{
    const fixture *self = *state;
    original from;
    const ignis_filter *copy;
    const ignis_filter *again;
    original_make(&from);
    const char *expected = json_of(self, "User", &from.filter);
    assert_int_equal(ignis_filter_copy(self->ctx, &from.filter, &copy), IGNIS_OK);
    assert_int_equal(ignis_filter_copy(self->ctx, copy, &again), IGNIS_OK);
    assert_string_equal(json_of(self, "User", again), expected);
}

/* Bytes are no JSON, so the copied values themselves are looked at. */
static void bytes_and_documents_are_copied(void **state)
{
    const fixture *self = *state;
    uint8_t data[] = {1, 2, 3};
    char document[] = "{\"a\":1}";
    const ignis_bytes bytes = {data, 3};
    ignis_bytes list[] = {{data, 2}, {NULL, 0}, {data, 0}};
    ignis_json documents[] = {{document}, {NULL}};
    ignis_condition conditions[] = {
        IGNIS_EQ(Kinds, raw, bytes),
        IGNIS_IN_OF(Kinds, raw, list, 3),
        IGNIS_EQ(Kinds, doc, documents[0]),
        IGNIS_IN_OF(Kinds, doc, documents, 2),
    };
    const ignis_filter filter = {.struct_size = sizeof(filter),
                                 .where = IGNIS_WHERE_OF(conditions, 4)};
    const ignis_filter *copy;
    assert_int_equal(ignis_filter_copy(self->ctx, &filter, &copy), IGNIS_OK);
    memset(data, 0, sizeof(data));
    memset(document, 'x', sizeof(document) - 1);
    memset(list, 0xaa, sizeof(list));
    memset(documents, 0xaa, sizeof(documents));
    memset(conditions, 0xaa, sizeof(conditions));
    const ignis_condition *copied = copy->where.items;
    assert_int_equal(copied[0].value.as.bytes.size, 3);
    assert_memory_equal(copied[0].value.as.bytes.data, ((uint8_t[]){1, 2, 3}), 3);
    const ignis_bytes *elements = copied[1].value.as.elements;
    assert_memory_equal(elements[0].data, ((uint8_t[]){1, 2}), 2);
    assert_null(elements[1].data);
    assert_non_null(elements[2].data);
    assert_string_equal(copied[2].value.as.text, "{\"a\":1}");
    const ignis_json *texts = copied[3].value.as.elements;
    assert_string_equal(texts[0].text, "{\"a\":1}");
    assert_null(texts[1].text);
}

static void what_was_not_said_stays_so(void **state)
{
    const fixture *self = *state;
    const ignis_filter *copy;
    assert_int_equal(ignis_filter_copy(self->ctx, IGNIS_FILTER(.limit = {0}), &copy), IGNIS_OK);
    assert_string_equal(json_of(self, "User", copy), "{}");
    assert_int_equal(
        ignis_filter_copy(
            self->ctx,
            IGNIS_FILTER(.order = IGNIS_NO_ORDER, .include = IGNIS_NO_INCLUDE,
                         .fields = {&User_model, (const char *const[]){NULL}, 0, false}),
            &copy),
        IGNIS_OK);
    assert_string_equal(json_of(self, "User", copy), "{\"fields\":{},\"order\":[],\"include\":[]}");
}

/* A where that is wrong must not become one that holds for every row. */
static void a_wrong_list_is_refused_before_or_after_the_copy(void **state)
{
    const fixture *self = *state;
    const ignis_condition condition = IGNIS_EQ(User, id, "u1");
    const struct {
        ignis_filter filter;
        ignis_code copied;
    } rows[] = {
        {{.where = IGNIS_WHERE_OF(NULL, 3)}, IGNIS_OK},
        {{.where = IGNIS_WHERE_OF((&(ignis_condition){.op = "and", .count = 2}), 1)}, IGNIS_OK},
        {{.order = IGNIS_ORDER_OF(NULL, 1)}, IGNIS_OK},
        {{.include = IGNIS_INCLUDE_OF(NULL, 1)}, IGNIS_OK},
        {{.fields = {&User_model, NULL, 1, false}}, IGNIS_OK},
        {{.where = {&condition, IGNIS_ENDED, 0}}, IGNIS_E_INVALID},
        {{.where = {&condition, 1, 0}}, IGNIS_E_INVALID},
    };
    const engine opened = {.ctx = self->ctx, .source = self->source};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        ignis_filter filter = rows[i].filter;
        const ignis_filter *copy = NULL;
        const json *made;
        filter.struct_size = sizeof(filter);
        assert_int_equal(ignis_filter_copy(self->ctx, &filter, &copy), rows[i].copied);
        if (!copy) continue;
        assert_int_equal(filter_native_read(self->ctx, &self->ctx->results,
                                            engine_entity(&opened, "User"), copy, &made),
                         IGNIS_E_INVALID);
    }
    const ignis_filter *copy = NULL;
    assert_int_equal(ignis_filter_copy(self->ctx, &(ignis_filter){0}, &copy), IGNIS_E_INVALID);
    assert_null(copy);
}

static void filters_and_options_of_other_headers_are_copied(void **state)
{
    const fixture *self = *state;
    struct {
        ignis_options options;
        const char *newer;
    } newer = {{.struct_size = sizeof(newer), .with_hidden = true}, "x"};
    struct {
        size_t struct_size;
        bool skip_default_filter;
    } older = {sizeof(older.struct_size) + sizeof(older.skip_default_filter), true};
    const ignis_filter *copy;
    assert_int_equal(ignis_filter_copy(self->ctx, IGNIS_FILTER(.options = &newer.options), &copy),
                     IGNIS_OK);
    assert_true(filter_native_options(copy).with_hidden);
    const ignis_filter filter = {.struct_size = sizeof(filter),
                                 .limit = IGNIS_LIMIT(1),
                                 .options = (const ignis_options *)(const void *)&older};
    assert_int_equal(ignis_filter_copy(self->ctx, &filter, &copy), IGNIS_OK);
    assert_true(filter_native_options(copy).skip_default_filter);
    assert_false(filter_native_options(copy).with_hidden);
    const ignis_filter short_filter = {.struct_size = offsetof(ignis_filter, skip),
                                       .limit = IGNIS_LIMIT(1),
                                       .skip = IGNIS_SKIP(3)};
    assert_int_equal(ignis_filter_copy(self->ctx, &short_filter, &copy), IGNIS_OK);
    assert_string_equal(json_of(self, "User", copy), "{\"limit\":1}");
}

static ignis_code copy_run(ignis_context *ctx, void *data)
{
    const original *from = data;
    const ignis_filter *copy;
    ignis_mark before = ignis_context_mark(ctx);
    ignis_code code = ignis_filter_copy(ctx, &from->filter, &copy);
    ignis_mark after = ignis_context_mark(ctx);
    if (code != IGNIS_OK) assert_int_equal(before.used, after.used);
    return code;
}

static void memory_that_ends_is_told(void **state)
{
    (void)state;
    original from;
    original_make(&from);
    assert_true(fault_run(copy_run, &from) > 0);
}

static void a_copy_beyond_the_limit_is_refused(void **state)
{
    (void)state;
    ignis_context *ctx = ignis_context_create();
    char data[4096];
    const ignis_filter *copy;
    memset(data, 'a', sizeof(data) - 1);
    data[sizeof(data) - 1] = 0;
    ignis_context_limit_set(ctx, 1024);
    assert_int_equal(
        ignis_filter_copy(
            ctx, IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, name, (const char *)data))),
            &copy),
        IGNIS_E_LIMIT);
    ignis_context_free(ctx);
}

/* Copies made beside an open transaction, or through one that is over, are the context's. */
static void copies_beside_a_transaction_are_freed_with_the_context(void **state)
{
    const fixture *self = *state;
    size_t blocks = arena_live_blocks();
    ignis_context *ctx = ignis_context_create();
    ignis_context *tx = NULL;
    const ignis_filter *filter = IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, id, "u1")));
    const ignis_filter *copies[3];
    assert_int_equal(ignis_begin(ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(ignis_filter_copy(ctx, filter, &copies[0]), IGNIS_OK);
    assert_int_equal(ignis_filter_copy(tx, filter, &copies[1]), IGNIS_OK);
    ignis_rollback(tx);
    assert_int_equal(ignis_filter_copy(tx, filter, &copies[2]), IGNIS_OK);
    for (size_t i = 0; i < ARRAY_COUNT(copies); i++)
        assert_string_equal(copies[i]->where.items[0].value.as.text, "u1");
    ignis_context_free(ctx);
    assert_int_equal(arena_live_blocks(), blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_outlives_its_original),
        cmocka_unit_test(a_copy_of_a_copy_is_the_same),
        cmocka_unit_test(bytes_and_documents_are_copied),
        cmocka_unit_test(what_was_not_said_stays_so),
        cmocka_unit_test(a_wrong_list_is_refused_before_or_after_the_copy),
        cmocka_unit_test(filters_and_options_of_other_headers_are_copied),
        cmocka_unit_test(memory_that_ends_is_told),
        cmocka_unit_test(a_copy_beyond_the_limit_is_refused),
        cmocka_unit_test(copies_beside_a_transaction_are_freed_with_the_context),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
