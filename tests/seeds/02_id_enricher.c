/* The three kinds of id. */
#include "seed.h"

#include <string.h>

/* guide: models */
typedef struct Note {
    IGNIS_ID_TEXT_MEMBERS; /* const char *id: a UUID made on create */
    const char *text;
} Note;

typedef struct Ticket {
    IGNIS_ID_NUMBER_MEMBERS; /* int32_t id: 1, 2, 3 from the database */
    const char *text;
} Ticket;

typedef struct Event {
    IGNIS_ID_BIG_MEMBERS; /* int64_t id: the same in 64 bits */
    const char *text;
} Event;

IGNIS_MODEL(Note, .columns = IGNIS_COLUMNS(IGNIS_ID_TEXT(Note), IGNIS_COLUMN(Note, text)));
IGNIS_MODEL(Ticket, .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Ticket), IGNIS_COLUMN(Ticket, text)));
IGNIS_MODEL(Event, .columns = IGNIS_COLUMNS(IGNIS_ID_BIG(Event), IGNIS_COLUMN(Event, text)));
/* end */

IGNIS_REPOSITORY(NoteRepository, Note);
IGNIS_REPOSITORY(TicketRepository, Ticket);
IGNIS_REPOSITORY(EventRepository, Event);

static IGNIS_DATA_SOURCE(Notes, .url = SEED_URL, .create_missing = true,
                         .models = IGNIS_MODELS(&Note_model, &Ticket_model, &Event_model));

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    NoteRepository *notes;
    TicketRepository *tickets;
    EventRepository *events;
    IGNIS_TRY(NoteRepository_open(ctx, source, &notes));
    IGNIS_TRY(TicketRepository_open(ctx, source, &tickets));
    IGNIS_TRY(EventRepository_open(ctx, source, &events));
    /* guide: create */
    Note *note, *chosen;
    Ticket *ticket;
    Event *event;
    IGNIS_TRY(NoteRepository_create(ctx, notes, IGNIS_VALUES(IGNIS_SET(Note, text, "a")), &note));
    IGNIS_TRY(NoteRepository_create(
        ctx, notes, IGNIS_VALUES(IGNIS_SET(Note, id, "n1"), IGNIS_SET(Note, text, "b")), &chosen));
    IGNIS_TRY(
        TicketRepository_create(ctx, tickets, IGNIS_VALUES(IGNIS_SET(Ticket, text, "a")), &ticket));
    IGNIS_TRY(
        EventRepository_create(ctx, events, IGNIS_VALUES(IGNIS_SET(Event, text, "a")), &event));
    printf("note: %zu bytes, or the given %s\n", strlen(note->id), chosen->id);
    printf("ticket: %d, event: %lld\n", ticket->id, (long long)event->id);
    /* end */

    /* An identity takes no value. */
    ignis_code code =
        TicketRepository_create(ctx, tickets, IGNIS_VALUES(IGNIS_SET(Ticket, id, 7)), &ticket);
    if (code == IGNIS_E_INVALID) print_error(ctx);
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    return with_source(ctx, &Notes_class, run);
}
