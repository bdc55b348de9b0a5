/* generate: functions of the program's own make values. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

typedef struct counter {
    int next;
    ignis_code code;
    const char *given; /* NULL: the next number */
    bool gives_none;
    char made[32];
} counter;

static ignis_code number_next(ignis_context *ctx, void *data, const char **json_)
{
    counter *self = data;
    (void)ctx;
    if (self->code != IGNIS_OK || self->gives_none) return self->code;
    snprintf(self->made, sizeof(self->made), "\"A-%d\"", self->next++);
    *json_ = self->given ? self->given : self->made;
    return IGNIS_OK;
}

typedef struct opened {
    engine engine;
    counter counter;
    ignis_column columns[3];
} opened;

static int open_tickets(void **state)
{
    static opened all;
    all = (opened){.engine = {.ctx = ignis_context_create()}, .counter = {.next = 1}};
    all.columns[0] = (ignis_column){.name = "id", .type = IGNIS_TYPE_INTEGER, .primary_key = true};
    all.columns[1] = (ignis_column){.name = "number",
                                    .type = IGNIS_TYPE_VARCHAR,
                                    .length = 5,
                                    .not_null = true,
                                    .generate = number_next,
                                    .generate_data = &all.counter};
    all.columns[2] = (ignis_column){.name = "stamp",
                                    .type = IGNIS_TYPE_TEXT,
                                    .generate_update = number_next,
                                    .generate_data = &all.counter};
    const ignis_model ticket = {.struct_size = sizeof(ticket),
                                .name = "Ticket",
                                .columns = {all.columns, 3, sizeof(ignis_column)}};
    const ignis_model *const models[] = {&ticket};
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .url = "sqlite::memory:",
                                            .models = models,
                                            .models_count = 1};
    assert_int_equal(ignis_data_source_open(all.engine.ctx, &class_, &all.engine.source), IGNIS_OK);
    assert_int_equal(ignis_schema_create(all.engine.ctx, all.engine.source), IGNIS_OK);
    *state = &all;
    return 0;
}

static int close_tickets(void **state)
{
    engine_close(&((opened *)*state)->engine);
    return 0;
}

static void a_function_makes_what_the_data_leaves_out(void **state)
{
    opened *all = *state;
    ignis_context *ctx = all->engine.ctx;
    ignis_repository *tickets = engine_repository(&all->engine, "Ticket");
    const char *made;
    assert_int_equal(
        ignis_create_all_json(ctx, tickets, "[{\"id\":1},{\"id\":2,\"number\":\"X\"}]", &made),
        IGNIS_OK);
    assert_string_equal(made, "{\"count\":2,\"data\":[{\"id\":1,\"number\":\"A-1\",\"stamp\":null},"
                              "{\"id\":2,\"number\":\"X\",\"stamp\":null}]}");
    assert_int_equal(ignis_update_by_id_json(ctx, tickets, NULL, "2", "{\"number\":\"Y\"}", &made),
                     IGNIS_OK);
    assert_string_equal(made,
                        "{\"count\":1,\"data\":{\"id\":2,\"number\":\"Y\",\"stamp\":\"A-2\"}}");
    assert_int_equal(ignis_update_by_id_json(ctx, tickets, NULL, "2", "{\"stamp\":null}", &made),
                     IGNIS_OK);
    assert_string_equal(made, "{\"count\":1,\"data\":{\"id\":2,\"number\":\"Y\",\"stamp\":null}}");
}

static void what_a_function_makes_is_checked_like_any_value(void **state)
{
    opened *all = *state;
    ignis_context *ctx = all->engine.ctx;
    ignis_repository *tickets = engine_repository(&all->engine, "Ticket");
    const char *made;
    static const engine_error error = {IGNIS_E_INVALID, "data.number", NULL, NULL};
    static const char *const wrong[] = {"\"too long\"", "{}", "nonsense"};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        all->counter.given = wrong[i];
        engine_expect_error(&all->engine, ignis_create_json(ctx, tickets, "{\"id\":5}", &made),
                            &error, wrong[i]);
    }
    all->counter.gives_none = true;
    static const engine_error missing = {IGNIS_E_NOT_NULL, "data.number", NULL, "missing"};
    engine_expect_error(&all->engine, ignis_create_json(ctx, tickets, "{\"id\":5}", &made),
                        &missing, "none");
    all->counter.code = IGNIS_E_STATE;
    static const engine_error refused = {IGNIS_E_STATE, "data.number", NULL, "state"};
    engine_expect_error(&all->engine, ignis_create_json(ctx, tickets, "{\"id\":5}", &made),
                        &refused, "a code");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_function_makes_what_the_data_leaves_out, open_tickets,
                                        close_tickets),
        cmocka_unit_test_setup_teardown(what_a_function_makes_is_checked_like_any_value,
                                        open_tickets, close_tickets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
