#include "driver/sqlite.h"

#include <sqlite3.h>

enum { REASON_SIZE = 512 };

static const char foreign_key_message[] = "FOREIGN KEY constraint failed";

/* SQLite's message on one line, without the piece of SQL that a syntax error quotes. */
static const char *reason_copy(char buffer[REASON_SIZE], struct sqlite3 *db, int result)
{
    const char *message = db ? sqlite3_errmsg(db) : sqlite3_errstr(result);
    if (strncmp(message, "near \"", 6) == 0) message = "syntax error";
    size_t size = utf8_cut(message, strlen(message), REASON_SIZE - 1);
    for (size_t i = 0; i < size; i++) {
        buffer[i] = (unsigned char)message[i] < ' ' ? ' ' : message[i];
    }
    buffer[size] = '\0';
    return buffer;
}

/* What SQLite names behind the colon: "User.email", or an index or check by its name. */
static const char *constraint_name(char reason[REASON_SIZE])
{
    char *name = strstr(reason, ": ");
    if (!name) return "";
    name += 2;
    size_t size = strlen(name);
    if (size < 8 || strncmp(name, "index '", 7) != 0 || name[size - 1] != '\'') return name;
    name[size - 1] = '\0';
    return name + 7;
}

/* Whether the running statement is the caller's own, which no message may quote. */
static bool is_raw(const sqlite_connection *connection)
{
    return connection->executions &&
           connection->executions[connection->executions_index].statement->raw;
}

/* SQLite's words on a statement of the caller's, without what they quote of it. */
static ignis_code raw_report(ignis_context *ctx, const char *reason)
{
    static const char *const said[] = {"no such table", "no such column", "no such function",
                                       "no such index", "ambiguous column name"};
    static const char *const syntax[] = {"syntax error", "incomplete input", "unrecognized token"};
    for (size_t i = 0; i < ARRAY_COUNT(syntax); i++) {
        if (strncmp(reason, syntax[i], strlen(syntax[i])) == 0)
            return context_fail(ctx, IGNIS_E_INVALID, "a syntax error");
    }
    for (size_t i = 0; i < ARRAY_COUNT(said); i++) {
        if (strncmp(reason, said[i], strlen(said[i])) == 0)
            return context_fail(ctx, IGNIS_E_DATABASE, "%s", said[i]);
    }
    return context_fail(ctx, IGNIS_E_DATABASE, "the database refused the statement");
}

static ignis_code constraint_report(ignis_context *ctx, const sqlite_connection *connection,
                                    int result, char reason[REASON_SIZE])
{
    const char *name = constraint_name(reason);
    const char *colon = is_raw(connection) ? "" : ": ";
    const char *shown = is_raw(connection) ? "" : name;
    ignis_code code = IGNIS_E_DATABASE;
    switch (result) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        code = context_fail(ctx, IGNIS_E_UNIQUE, "a row with this key exists already%s%s", colon,
                            shown);
        break;
    case SQLITE_CONSTRAINT_NOTNULL:
        code = context_fail(ctx, IGNIS_E_NOT_NULL, "a required value is missing%s%s", colon, shown);
        break;
    case SQLITE_CONSTRAINT_CHECK:
        code = context_fail(ctx, IGNIS_E_CHECK, "a check constraint is violated");
        break;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return context_fail(ctx, IGNIS_E_FOREIGN_KEY, "a foreign key is violated");
    case SQLITE_CONSTRAINT_TRIGGER:
        /* ON DELETE RESTRICT is carried out by a trigger of SQLite's own. */
        if (strcmp(reason, foreign_key_message) == 0)
            return context_fail(ctx, IGNIS_E_FOREIGN_KEY, "a foreign key is violated");
        return context_fail(ctx, IGNIS_E_DATABASE, "%s", reason);
    default:
        return context_fail(ctx, IGNIS_E_DATABASE, "%s",
                            is_raw(connection) ? "a constraint is violated" : reason);
    }
    context_constraint(ctx, name);
    return code;
}

static ignis_code busy_report(ignis_context *ctx, const sqlite_connection *connection, int result)
{
    /* A transaction that has read cannot wait for the write lock: its snapshot would be stale. */
    bool has_lost = result == SQLITE_BUSY && !connection->waited && connection->db &&
                    sqlite3_txn_state(connection->db, NULL) == SQLITE_TXN_READ;
    if (result == SQLITE_BUSY_SNAPSHOT || has_lost)
        return context_fail(ctx, IGNIS_E_SERIALIZATION,
                            "another writer was first: run the transaction again");
    return context_fail(ctx, IGNIS_E_TIMEOUT, "the database is locked by another writer");
}

ignis_code sqlite_error_interrupted(ignis_context *ctx, sqlite_interrupt cause)
{
    if (cause == SQLITE_INTERRUPT_DEADLINE)
        return context_fail(ctx, IGNIS_E_TIMEOUT, "the deadline passed");
    return context_fail(ctx, IGNIS_E_CANCELLED, "the call was cancelled");
}

/* Extended codes of SQLITE_ERROR from here on are our functions': this and an ignis_code. */
enum { FUNCTION_FAILED = 128 };

void sqlite_function_fail(struct sqlite3_context *out, ignis_code code, const char *message)
{
    sqlite3_result_error(out, message, -1);
    sqlite3_result_error_code(out, SQLITE_ERROR | (FUNCTION_FAILED + (int)code) << 8);
}

/* Bounds that SQLite tells of as errors of the statement. */
static bool is_too_deep(const char *reason)
{
    return strstr(reason, "parser stack overflow") ||
           strstr(reason, "Expression tree is too large");
}

ignis_code sqlite_error_report(ignis_context *ctx, const sqlite_connection *connection, int result)
{
    char reason[REASON_SIZE];
    int primary = result & 0xff;
    if (connection->interrupt != SQLITE_INTERRUPT_NONE &&
        (primary == SQLITE_INTERRUPT || primary == SQLITE_BUSY))
        return sqlite_error_interrupted(ctx, connection->interrupt);
    reason_copy(reason, connection->db, result);
    switch (primary) {
    case SQLITE_CONSTRAINT: return constraint_report(ctx, connection, result, reason);
    case SQLITE_BUSY: return busy_report(ctx, connection, result);
    case SQLITE_INTERRUPT: return sqlite_error_interrupted(ctx, SQLITE_INTERRUPT_CANCEL);
    case SQLITE_NOMEM: return context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    case SQLITE_TOOBIG:
        return context_fail(ctx, IGNIS_E_LIMIT, "a value or statement is too big for the database");
    case SQLITE_CANTOPEN:
        return context_fail(ctx, IGNIS_E_CONNECTION, "the database file cannot be opened");
    case SQLITE_MISMATCH: return context_fail(ctx, IGNIS_E_INVALID, "%s", reason);
    case SQLITE_NOTADB: return context_fail(ctx, IGNIS_E_CONNECTION, "the file is not a database");
    case SQLITE_READONLY: return context_fail(ctx, IGNIS_E_DATABASE, "the database is read only");
    default: break;
    }
    if (primary == SQLITE_ERROR && result >> 8 >= FUNCTION_FAILED)
        return context_fail(ctx, (ignis_code)((result >> 8) - FUNCTION_FAILED), "%s", reason);
    if (primary == SQLITE_ERROR && is_too_deep(reason))
        return context_fail(ctx, IGNIS_E_LIMIT, "conditions nested more deeply than SQLite takes");
    if (is_raw(connection)) return raw_report(ctx, reason);
    return context_fail(ctx, IGNIS_E_DATABASE, "%s", reason);
}
