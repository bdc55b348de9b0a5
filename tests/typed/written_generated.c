/* What the library and the database make where the values leave it out. */
#include "typed/written.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static int next_number; /* of the tickets; each test begins at 1 */

static ignis_code number_make(ignis_context *ctx, void *data, const char **made_json)
{
    static char made[32];
    int *next = data;
    (void)ctx;
    snprintf(made, sizeof(made), "\"A-%d\"", (*next)++);
    *made_json = made;
    return IGNIS_OK;
}

static ignis_code nothing_make(ignis_context *ctx, void *data, const char **made_json)
{
    (void)ctx;
    (void)data;
    (void)made_json;
    return IGNIS_OK;
}

IGNIS_MODEL(Ticket, .columns = IGNIS_COLUMNS(
                        IGNIS_ID_TEXT(Ticket), IGNIS_TZ(Ticket), IGNIS_USER_AUDIT(Ticket),
                        IGNIS_COLUMN(Ticket, number, .not_null = true, .unique = true,
                                     .generate = number_make, .generate_data = &next_number),
                        IGNIS_COLUMN(Ticket, change, .generate_update = number_make,
                                     .generate_data = &next_number),
                        IGNIS_COLUMN(Ticket, none, .generate = nothing_make),
                        IGNIS_COLUMN(Ticket, level, .default_json = "3"),
                        IGNIS_COLUMN(Ticket, sum, .default_sql = "1 + 1")));
IGNIS_MODEL(Visit, .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Visit), IGNIS_USER_AUDIT_REQUIRED(Visit),
                                            IGNIS_COLUMN(Visit, note)));

typedef struct generated {
    ignis_context *ctx;
    TicketRepository *tickets;
    VisitRepository *visits;
} generated;

static generated generated_start(const writes *self)
{
    generated made = {.ctx = self->ctx};
    next_number = 1;
    writes_ok(self->ctx, TicketRepository_open(self->ctx, self->source, &made.tickets));
    writes_ok(self->ctx, VisitRepository_open(self->ctx, self->source, &made.visits));
    return made;
}

static bool is_uuid(const char *id)
{
    char read[UUID_TEXT_SIZE + 1];
    return strlen(id) == UUID_TEXT_SIZE && uuid_read(id, strlen(id), read) && strcmp(id, read) == 0;
}

static const ignis_timestamp long_ago = {INT64_C(86400000000)}; /* 2000-01-02 */

static void user_be(const generated *in, const char *user)
{
    writes_ok(in->ctx, ignis_context_user_set(in->ctx, user));
}

/* ---- created rows ---------------------------------------------------------------------------------- */

static void ticket_check(const Ticket *ticket, int number)
{
    char expected[32];
    snprintf(expected, sizeof(expected), "A-%d", number);
    assert_true(is_uuid(ticket->id));
    assert_string_equal(ticket->number, expected);
    assert_true(ticket->created_at.microseconds > long_ago.microseconds);
    assert_int_equal(ticket->created_at.microseconds, ticket->modified_at.microseconds);
    assert_null(ticket->created_by);
    assert_null(ticket->modified_by);
    assert_null(ticket->change);
    assert_null(ticket->none);
    assert_true(ticket->level.is_set && ticket->level.value == 3);
    assert_true(ticket->sum.is_set && ticket->sum.value == 2);
}

static void what_values_structs_and_json_leave_out_is_made(void **state)
{
    const writes *self = *state;
    generated in = generated_start(self);
    const Ticket rows[2] = {{.level = {true, 3}}, {.level = {true, 3}}};
    Ticket *made;
    const char *answer;
    size_t count;
    writes_ok(in.ctx,
              TicketRepository_create(
                  in.ctx, in.tickets,
                  IGNIS_VALUES(IGNIS_SET(Ticket, level, ((ignis_maybe_int32){true, 3}))), &made));
    ticket_check(made, 1);
    writes_ok(in.ctx, TicketRepository_create_rows(in.ctx, in.tickets, rows, 2,
                                                   IGNIS_FIELDS(Ticket, level), &made));
    ticket_check(&made[0], 2);
    ticket_check(&made[1], 3);
    writes_ok(in.ctx, ignis_create_json(in.ctx, TicketRepository_base(in.tickets), "{}", &answer));
    writes_ok(in.ctx, ignis_create_all_json(in.ctx, TicketRepository_base(in.tickets), "[{}, {}]",
                                            &answer));
    writes_ok(in.ctx,
              TicketRepository_find(in.ctx, in.tickets,
                                    IGNIS_FILTER(.order = IGNIS_ORDER(IGNIS_ASC(Ticket, number))),
                                    &made, &count));
    assert_int_equal(count, 6);
    for (size_t i = 0; i < count; i++) {
        ticket_check(&made[i], (int)i + 1);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(made[i].id, made[k].id);
    }
}

static void what_is_given_is_never_overwritten(void **state)
{
    generated in = generated_start(*state);
    Ticket *made;
    user_be(&in, "ann");
    writes_ok(in.ctx,
              TicketRepository_create(
                  in.ctx, in.tickets,
                  IGNIS_VALUES(IGNIS_SET(Ticket, id, "own"), IGNIS_SET(Ticket, number, "B"),
                               IGNIS_SET(Ticket, created_at, long_ago),
                               IGNIS_SET(Ticket, modified_at, long_ago),
                               IGNIS_SET(Ticket, created_by, "me"), IGNIS_SET_NULL(Ticket, level),
                               IGNIS_SET(Ticket, sum, ((ignis_maybe_int32){true, 5}))),
                  &made));
    assert_string_equal(made->id, "own");
    assert_string_equal(made->number, "B");
    assert_int_equal(made->created_at.microseconds, long_ago.microseconds);
    assert_int_equal(made->modified_at.microseconds, long_ago.microseconds);
    assert_string_equal(made->created_by, "me");
    assert_string_equal(made->modified_by, "ann");
    assert_false(made->level.is_set);
    assert_int_equal(made->sum.value, 5);
}

/* ---- changed rows ---------------------------------------------------------------------------------- */

static void ticket_age(const generated *in)
{
    writes_ok(in->ctx,
              TicketRepository_update_by_id(in->ctx, in->tickets, "t",
                                            IGNIS_VALUES(IGNIS_SET(Ticket, created_at, long_ago),
                                                         IGNIS_SET(Ticket, modified_at, long_ago)),
                                            NULL));
}

/* A row that was changed now, with the change's number. */
static void ticket_renewed(const generated *in, const char *change)
{
    Ticket *now;
    writes_ok(in->ctx, TicketRepository_find_by_id(in->ctx, in->tickets, "t", NULL, &now));
    assert_int_equal(now->created_at.microseconds, long_ago.microseconds);
    assert_true(now->modified_at.microseconds > long_ago.microseconds);
    assert_string_equal(now->change, change);
}

static void modified_at_is_renewed_by_every_kind_of_update(void **state)
{
    generated in = generated_start(*state);
    const ignis_repository *base = TicketRepository_base(in.tickets);
    const ignis_values *values = IGNIS_VALUES(IGNIS_SET_NULL(Ticket, level));
    const ignis_filter *all = IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Ticket, id, "t")));
    const char *answer;
    Ticket *aged;
    writes_ok(in.ctx, TicketRepository_create(in.ctx, in.tickets,
                                              IGNIS_VALUES(IGNIS_SET(Ticket, id, "t")), NULL));
    ticket_age(&in); /* */
    writes_ok(in.ctx, TicketRepository_find_by_id(in.ctx, in.tickets, "t", NULL, &aged));
    assert_int_equal(aged->modified_at.microseconds, long_ago.microseconds);
    writes_ok(in.ctx, TicketRepository_update_by_id(in.ctx, in.tickets, "t", values, NULL));
    ticket_renewed(&in, "A-3");
    ticket_age(&in);
    writes_ok(in.ctx, TicketRepository_update_all(in.ctx, in.tickets, all, values, NULL, NULL));
    ticket_renewed(&in, "A-5");
    ticket_age(&in);
    writes_ok(in.ctx,
              TicketRepository_upsert(
                  in.ctx, in.tickets,
                  IGNIS_VALUES(IGNIS_SET(Ticket, id, "t"), IGNIS_SET(Ticket, number, "N")), NULL));
    ticket_renewed(&in, "A-7");
    ticket_age(&in);
    writes_ok(in.ctx,
              ignis_update_by_id_json(in.ctx, base, NULL, "\"t\"", "{\"sum\": 1}", &answer));
    ticket_renewed(&in, "A-9");
    ticket_age(&in);
    writes_ok(in.ctx, ignis_update_all_json(in.ctx, base, NULL, "{\"id\": \"t\"}",
                                            "{\"$increment\": {\"sum\": 1}}", &answer));
    ticket_renewed(&in, "A-11");
}

/* ---- users ------------------------------------------------------------------------------------------- */

static void the_contexts_user_is_kept_with_the_row(void **state)
{
    generated in = generated_start(*state);
    const ignis_values *values = IGNIS_VALUES(IGNIS_SET_NULL(Ticket, level));
    Ticket *ticket;
    user_be(&in, "ann");
    writes_ok(in.ctx, TicketRepository_create(in.ctx, in.tickets,
                                              IGNIS_VALUES(IGNIS_SET(Ticket, id, "t")), &ticket));
    assert_string_equal(ticket->created_by, "ann");
    assert_string_equal(ticket->modified_by, "ann");
    user_be(&in, "bob");
    writes_ok(in.ctx, TicketRepository_update_by_id(in.ctx, in.tickets, "t", values, &ticket));
    assert_string_equal(ticket->created_by, "ann");
    assert_string_equal(ticket->modified_by, "bob");
    user_be(&in, NULL);
    writes_ok(in.ctx, TicketRepository_update_by_id(in.ctx, in.tickets, "t", values, &ticket));
    assert_string_equal(ticket->modified_by, "bob");
}

static void a_user_that_is_required_has_to_be_there(void **state)
{
    const writes *self = *state;
    generated in = generated_start(self);
    const ignis_values *values = IGNIS_VALUES(IGNIS_SET(Visit, note, "n"));
    Visit *visit;
    const char *answer;
    writes_refused(self, VisitRepository_create(in.ctx, in.visits, values, NULL), IGNIS_E_INVALID,
                   "data.createdBy", "");
    assert_string_equal(ignis_context_error(in.ctx)->next->path, "data.modifiedBy");
    writes_refused(self, ignis_create_json(in.ctx, VisitRepository_base(in.visits), "{}", &answer),
                   IGNIS_E_INVALID, "data.createdBy", "");
    user_be(&in, "ann");
    for (int32_t id = 1; id <= 2; id++) {
        writes_ok(in.ctx, VisitRepository_create(in.ctx, in.visits, values, &visit));
        assert_int_equal(visit->id, id);
        assert_string_equal(visit->created_by, "ann");
    }
    user_be(&in, NULL);
    writes_refused(self, VisitRepository_update_by_id(in.ctx, in.visits, 1, values, NULL),
                   IGNIS_E_INVALID, "data.modifiedBy", "");
    user_be(&in, "bob");
    writes_ok(in.ctx, VisitRepository_update_by_id(in.ctx, in.visits, 1, values, &visit));
    assert_string_equal(visit->modified_by, "bob");
    writes_refused(
        self,
        VisitRepository_create(in.ctx, in.visits, IGNIS_VALUES(IGNIS_SET(Visit, id, 7)), NULL),
        IGNIS_E_INVALID, "data.id", "always made");
}

int written_generated_check(writes *self)
{
    const struct CMUnitTest tests[] = {
        WRITES_TEST(what_values_structs_and_json_leave_out_is_made, self),
        WRITES_TEST(what_is_given_is_never_overwritten, self),
        WRITES_TEST(modified_at_is_renewed_by_every_kind_of_update, self),
        WRITES_TEST(the_contexts_user_is_kept_with_the_row, self),
        WRITES_TEST(a_user_that_is_required_has_to_be_there, self),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
