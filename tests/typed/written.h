/* written: the typed writes, on either engine. For tests. */
#ifndef TYPED_WRITTEN_H
#define TYPED_WRITTEN_H

#include "base/base.h"
#include "models/blog.h"
#include "models/kinds.h"

/* Where a database is to be made, empty: a URL; NULL: SQLite in memory. */
typedef const char *(*written_place)(void);

/* A key of two columns, and a key that is no id. */
typedef struct Shelf {
    const char *aisle;
    int32_t number;
    int32_t stock;
    ignis_maybe_int32 spare;
    const char *note;
    ignis_json doc;
} Shelf;

typedef struct Land {
    const char *code;
    const char *name;
} Land;

/* All that is made for a row. */
typedef struct Ticket {
    IGNIS_ID_TEXT_MEMBERS;
    IGNIS_TZ_MEMBERS;
    IGNIS_USER_AUDIT_TEXT_MEMBERS;
    const char *number;
    const char *change;
    const char *none;
    ignis_maybe_int32 level;
    ignis_maybe_int32 sum;
} Ticket;

typedef struct Visit {
    IGNIS_ID_NUMBER_MEMBERS;
    IGNIS_USER_AUDIT_TEXT_MEMBERS;
    const char *note;
} Visit;

IGNIS_MODEL_DECLARE(Ticket);
IGNIS_MODEL_DECLARE(Visit);
IGNIS_REPOSITORY(TicketRepository, Ticket);
IGNIS_REPOSITORY(VisitRepository, Visit);
IGNIS_MODEL_DECLARE(Shelf);
IGNIS_MODEL_DECLARE(Land);
IGNIS_REPOSITORY_KEYS(ShelfRepository, Shelf);
IGNIS_REPOSITORY_KEY(LandRepository, Land, code);

/* One test's database. */
typedef struct writes {
    written_place place;
    bool is_sqlite;
    ignis_context *ctx;
    ignis_data_source *source;
    UserRepository *users;
    PostRepository *posts;
    KindsRepository *kinds;
    ShelfRepository *shelves;
    LandRepository *lands;
} writes;

/* Runs all tests of writes; the number that failed. */
int written_check(written_place place);
/* A part of them. */
int written_creates_check(writes *self);
int written_generated_check(writes *self);
int written_kinds_check(writes *self);
int written_changes_check(writes *self);
int written_refusals_check(writes *self);

/* A test with a database of its own. */
#define WRITES_TEST(name, self)                        \
    {                                                  \
#name, name, writes_open, writes_close, (self) \
    }
int writes_open(void **state);
int writes_close(void **state);

/* Ends the test where code is no success. */
void writes_ok(ignis_context *ctx, ignis_code code);
/* Ends the test where code or the error differ; path NULL: any. message is a part of it. */
void writes_refused(const writes *self, ignis_code code, ignis_code expected, const char *path,
                    const char *message);
/* A row that a write gave is what the JSON call then reads by the id. */
void writes_row_compare(const writes *self, const ignis_repository *repository,
                        const ignis_model *model, const char *id, const void *row);
/* A user whose id is its name and email; a post of user u. */
User *writes_user_make(const writes *self, const char *id);
Post *writes_post_make(const writes *self, const char *id, int views);
int64_t writes_users_count(const writes *self);

#endif
