#include "sql/sql.h"

#define STATEMENT(number, text_)                                      \
    {                                                                 \
        .id = (number), .sql = (text_), .sql_size = sizeof(text_) - 1 \
    }

const ignis_statement sql_begin_read = STATEMENT(1, "BEGIN");
/* The write lock is taken at once, so that a busy database is waited for and never upgraded to. */
const ignis_statement sql_begin_write = STATEMENT(2, "BEGIN IMMEDIATE");
const ignis_statement sql_commit = STATEMENT(3, "COMMIT");
const ignis_statement sql_rollback = STATEMENT(4, "ROLLBACK");
