#include "sql/sql.h"

#define STATEMENT(number, text_)                                      \
    {                                                                 \
        .id = (number), .sql = (text_), .sql_size = sizeof(text_) - 1 \
    }

/* SQLite's write lock is taken at once, so that a busy database is waited for and never upgraded to. */
static const ignis_statement sqlite_begin_read = STATEMENT(1, "BEGIN");
static const ignis_statement sqlite_begin_write = STATEMENT(2, "BEGIN IMMEDIATE");
static const ignis_statement postgres_begin_read =
    STATEMENT(1, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
static const ignis_statement postgres_begin_write = STATEMENT(2, "BEGIN");

static const ignis_statement postgres_begin[][2] = {
    [IGNIS_READ_COMMITTED] = {STATEMENT(5, "BEGIN ISOLATION LEVEL READ COMMITTED"),
                              STATEMENT(8, "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY")},
    [IGNIS_REPEATABLE_READ] = {STATEMENT(6, "BEGIN ISOLATION LEVEL REPEATABLE READ"),
                               STATEMENT(1, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")},
    [IGNIS_SERIALIZABLE] = {STATEMENT(7, "BEGIN ISOLATION LEVEL SERIALIZABLE"),
                            STATEMENT(9, "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY")}};
/* SQLite knows no such mode: its driver goes by the words. */
static const ignis_statement sqlite_begin_read_only = STATEMENT(10, "BEGIN /* READ ONLY */");

const ignis_statement sql_commit = STATEMENT(3, "COMMIT");
const ignis_statement sql_rollback = STATEMENT(4, "ROLLBACK");

/* One name serves all depths: the newest savepoint of a name is the one that is meant. */
const ignis_statement sql_savepoint = STATEMENT(11, "SAVEPOINT ignis");
const ignis_statement sql_savepoint_release = STATEMENT(12, "RELEASE SAVEPOINT ignis");
const ignis_statement sql_savepoint_rollback = STATEMENT(13, "ROLLBACK TO SAVEPOINT ignis");

static const ignis_value_type ping_column = {.type = IGNIS_TYPE_INTEGER};
const ignis_statement sql_ping = {
    .id = 14, .sql = "SELECT 1", .sql_size = 8, .columns = &ping_column, .columns_count = 1};

const ignis_statement *sql_begin_read(ignis_dialect dialect)
{
    return dialect == IGNIS_DIALECT_SQLITE ? &sqlite_begin_read : &postgres_begin_read;
}

const ignis_statement *sql_begin_write(ignis_dialect dialect)
{
    return dialect == IGNIS_DIALECT_SQLITE ? &sqlite_begin_write : &postgres_begin_write;
}

const ignis_statement *sql_begin(ignis_dialect dialect, ignis_isolation isolation, bool read_only)
{
    if (dialect == IGNIS_DIALECT_POSTGRES) return &postgres_begin[isolation][read_only];
    return read_only ? &sqlite_begin_read_only : &sqlite_begin_read;
}
