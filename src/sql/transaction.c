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

static const ignis_statement postgres_begin[] = {
    [IGNIS_READ_COMMITTED] = STATEMENT(5, "BEGIN ISOLATION LEVEL READ COMMITTED"),
    [IGNIS_REPEATABLE_READ] = STATEMENT(6, "BEGIN ISOLATION LEVEL REPEATABLE READ"),
    [IGNIS_SERIALIZABLE] = STATEMENT(7, "BEGIN ISOLATION LEVEL SERIALIZABLE")};

const ignis_statement sql_commit = STATEMENT(3, "COMMIT");
const ignis_statement sql_rollback = STATEMENT(4, "ROLLBACK");

const ignis_statement *sql_begin_read(ignis_dialect dialect)
{
    return dialect == IGNIS_DIALECT_SQLITE ? &sqlite_begin_read : &postgres_begin_read;
}

const ignis_statement *sql_begin_write(ignis_dialect dialect)
{
    return dialect == IGNIS_DIALECT_SQLITE ? &sqlite_begin_write : &postgres_begin_write;
}

const ignis_statement *sql_begin(ignis_dialect dialect, ignis_isolation isolation)
{
    return dialect == IGNIS_DIALECT_SQLITE ? &sqlite_begin_read : &postgres_begin[isolation];
}
