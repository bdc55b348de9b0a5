#include "driver/postgres.h"

#ifdef IGNIS_HAVE_POSTGRES

#include <libpq-fe.h>
#include <stdatomic.h>
#include <stdio.h>

enum { STATE_SIZE = 5 };

/* https://www.postgresql.org/docs/15/errcodes-appendix.html: a whole state, or a class of two
   characters. The first that fits counts. */
static const struct {
    const char *state;
    ignis_code code;
} states[] = {
    {"23505", IGNIS_E_UNIQUE},
    {"23503", IGNIS_E_FOREIGN_KEY},
    {"23001", IGNIS_E_FOREIGN_KEY},
    {"23502", IGNIS_E_NOT_NULL},
    {"23514", IGNIS_E_CHECK},
    {"23P01", IGNIS_E_CHECK},
    {"40001", IGNIS_E_SERIALIZATION},
    {"40P01", IGNIS_E_SERIALIZATION},
    {"57014", IGNIS_E_CANCELLED},
    {"08P01", IGNIS_E_DATABASE},
    {"08", IGNIS_E_CONNECTION},
    {"57P01", IGNIS_E_CONNECTION},
    {"57P02", IGNIS_E_CONNECTION},
    {"57P03", IGNIS_E_CONNECTION},
    {"53300", IGNIS_E_CONNECTION},
    {"22", IGNIS_E_INVALID},
    {"25P02", IGNIS_E_STATE},
    {"25006", IGNIS_E_STATE},
    {"54", IGNIS_E_LIMIT},
    {"53200", IGNIS_E_LIMIT},
    {"55P03", IGNIS_E_TIMEOUT},
};

static const char *field_of(const PGresult *result, int name)
{
    const char *value = PQresultErrorField(result, name);
    return value ? value : "";
}

static ignis_code code_of(const char *state)
{
    for (size_t i = 0; i < ARRAY_COUNT(states); i++) {
        if (strncmp(state, states[i].state, strlen(states[i].state)) == 0) return states[i].code;
    }
    return IGNIS_E_DATABASE;
}

bool postgres_error_is_fatal(const PGresult *result)
{
    const char *severity = field_of(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0;
}

bool postgres_error_is_cancel(const PGresult *result)
{
    return strcmp(field_of(result, PG_DIAG_SQLSTATE), "57014") == 0;
}

bool postgres_error_is_stale(const postgres_connection *connection, const PGresult *result)
{
    const char *state = field_of(result, PG_DIAG_SQLSTATE);
    if (connection->calls_index >= connection->calls_count) return false;
    const postgres_call *call = &connection->calls[connection->calls_index];
    if (!call->prepared) return false;
    if (call->prepares) return strcmp(state, "42P05") == 0; /* its name is taken */
    return strcmp(state, "26000") == 0 || strcmp(state, "0A000") == 0;
}

/* ---- a COMMIT whose outcome nobody knows ---- */

/* A statement of the caller's outside of a transaction commits by itself. */
static bool commits_itself(const postgres_connection *connection, const postgres_call *call)
{
    const ignis_statement *statement = call->execution->statement;
    return statement->raw && !statement->reads && !connection->began_in_transaction;
}

/* Whether one of the next answers would be that of a COMMIT that may have written. What commits by itself
   does so behind all answers. */
static bool commit_is_open(const postgres_connection *connection, size_t calls_end)
{
    bool reads_only = connection->reads_only;
    /* What follows a COPY is not sent before its end. */
    if (connection->state == POSTGRES_COPYING) return false;
    for (size_t i = 0; i < calls_end; i++) {
        const postgres_call *call = &connection->calls[i];
        if (commits_itself(connection, call)) return true;
        if (i < connection->calls_index) continue;
        if (call->verb == DRIVER_VERB_BEGIN)
            reads_only = driver_begins_read_only(call->execution->statement);
        if (call->verb == DRIVER_VERB_COMMIT && !reads_only) return true;
    }
    return false;
}

void postgres_error_note(postgres_connection *connection, const postgres_call *call)
{
    if (call->verb == DRIVER_VERB_BEGIN)
        connection->reads_only = driver_begins_read_only(call->execution->statement);
}

/* ---- reports ---- */

/* The first line of what libpq says of the connection. */
static const char *error_line(const PGconn *handle, char line[CONTEXT_MESSAGE_MAX])
{
    const char *message = PQerrorMessage(handle);
    size_t size = strcspn(message, "\n");
    if (size >= CONTEXT_MESSAGE_MAX) size = utf8_cut(message, size, CONTEXT_MESSAGE_MAX - 1);
    memcpy(line, message, size);
    line[size] = '\0';
    return size > 0 ? line : "the connection to the server is lost";
}

/* The state in "FATAL:  28P01: password …", as libpq writes it where it is asked for all; NULL: none. */
static const char *state_in(const char *line, size_t size)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (size_t i = 0; i + STATE_SIZE + 5 <= size; i++) {
        const char *state = line + i + 3;
        bool is_state = memcmp(line + i, ":  ", 3) == 0 && strspn(state, letters) == STATE_SIZE &&
                        memcmp(state + STATE_SIZE, ": ", 2) == 0;
        if (is_state) return state;
    }
    return NULL;
}

/* "DETAIL:  …", "\tIs the server running …": more of the line before. */
static bool line_continues(const char *line)
{
    size_t word = strcspn(line, " :\t\n");
    bool is_label = line[word] == ':' || (line[word] == ' ' && line[word + 1] == ':');
    return word == 0 || is_label;
}

/* Appends a line, without the state in it, unless it has been said. */
static void line_add(text *out, const char *line, size_t size, char state[STATE_SIZE + 1])
{
    size_t start = out->size;
    const char *found = state_in(line, size);
    size_t head_size = found ? (size_t)(found - line) : size;
    if (start > 0) text_string(out, "; ");
    size_t from = out->size;
    text_append(out, line, head_size);
    if (found) {
        memcpy(state, found, STATE_SIZE);
        text_append(out, found + STATE_SIZE + 2, size - head_size - STATE_SIZE - 2);
    }
    if (out->code != IGNIS_OK || start == 0) return;
    if (memmem(out->data, start, out->data + from, out->size - from)) out->size = start;
}

ignis_code postgres_error_connect(ignis_context *ctx, const PGconn *handle, const char *before)
{
    char state[STATE_SIZE + 1] = "";
    arena memory = {0};
    text out;
    text_init(&out, &memory, 0);
    text_string(&out, before);
    const char *message = PQerrorMessage(handle);
    for (const char *line = message; *line;) {
        size_t size = strcspn(line, "\n");
        if (line == message || !line_continues(line)) line_add(&out, line, size, state);
        line += size + (line[size] == '\n');
    }
    const char *said = text_finish(&out);
    ignis_code code = said ? context_fail(ctx, IGNIS_E_CONNECTION, "%s",
                                          *said ? said : "no connection to the server")
                           : context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
    if (said) memcpy(ctx->sqlstate, state, sizeof(state));
    arena_free(&memory);
    return code;
}

ignis_code postgres_error_lost(ignis_context *ctx, const postgres_connection *connection)
{
    char line[CONTEXT_MESSAGE_MAX];
    bool is_unknown = commit_is_open(connection, connection->calls_count);
    return context_fail(ctx, is_unknown ? IGNIS_E_COMMIT_UNKNOWN : IGNIS_E_CONNECTION, "%s",
                        error_line(connection->handle, line));
}

ignis_code postgres_error_late(ignis_context *ctx, const postgres_connection *connection)
{
    if (commit_is_open(connection, connection->calls_count))
        return context_fail(ctx, IGNIS_E_COMMIT_UNKNOWN, "the deadline passed during COMMIT");
    return context_fail(ctx, IGNIS_E_TIMEOUT, "the deadline passed");
}

/* The server stopped the statement: who asked for it? */
static ignis_code stopped_report(ignis_context *ctx, const postgres_connection *connection,
                                 const char *message)
{
    if (atomic_load(&connection->run) == POSTGRES_RUN_CANCELLED)
        return context_fail(ctx, IGNIS_E_CANCELLED, "the call was cancelled");
    /* A statement_timeout of the server has the same state. */
    bool is_late = strstr(message, "timeout") != NULL;
    return context_fail(ctx, is_late ? IGNIS_E_TIMEOUT : IGNIS_E_CANCELLED, "%s", message);
}

static void constraint_set(ignis_context *ctx, const PGresult *result)
{
    char name[CONTEXT_NAME_MAX * 2];
    const char *column = field_of(result, PG_DIAG_COLUMN_NAME);
    if (context_error_code(ctx) != IGNIS_E_NOT_NULL || !*column) {
        context_constraint(ctx, field_of(result, PG_DIAG_CONSTRAINT_NAME));
        return;
    }
    /* NOT NULL has no name: the column stands for it, as on SQLite. */
    (void)snprintf(name, sizeof(name), "%s.%s", field_of(result, PG_DIAG_TABLE_NAME), column);
    context_constraint(ctx, name);
}

/* What is said of a statement of the caller's: the server's own words quote it. The first state that
   fits counts. */
static const struct {
    const char *state;
    const char *message;
} raw_messages[] = {
    {"08P01", "the statement takes another number of parameters"},
    {"0A", "the server does not support this"},
    {"22001", "text too long for its column"},
    {"22003", "a number out of range"},
    {"22012", "division by zero"},
    {"22P02", "text that is no value of its type"},
    {"22", "a value that is not possible"},
    {"23502", "a required value is missing"},
    {"23503", "a foreign key is violated"},
    {"23505", "a row with this key exists already"},
    {"23514", "a check constraint is violated"},
    {"23", "a constraint is violated"},
    {"25001", "not possible within a transaction"},
    {"40P01", "a deadlock: run the transaction again"},
    {"40", "another transaction was first: run the transaction again"},
    {"42501", "permission denied"},
    {"42601", "a syntax error, or more than one statement"},
    {"42702", "an ambiguous name"},
    {"42703", "no such column"},
    {"42710", "the object exists already"},
    {"42725", "an ambiguous name"},
    {"42804", "types do not match"},
    {"42883", "no such function or operator"},
    {"42P01", "no such table"},
    {"42P02", "no such parameter"},
    {"42P07", "the table exists already"},
    {"42P18", "a parameter of an unknown type"},
    {"53", "the server lacks resources"},
    {"55P03", "the row or table is locked"},
    {"57014", "the statement was stopped by the server"},
    {"", "the database refused the statement"},
};

static const char *raw_message(const char *state)
{
    size_t i = 0;
    while (strncmp(state, raw_messages[i].state, strlen(raw_messages[i].state)) != 0)
        i++;
    return raw_messages[i].message;
}

/* The statement that the error is of, where it is the caller's own; else NULL. */
static const ignis_statement *raw_statement(const postgres_connection *connection)
{
    /* The rows of a COPY are the library's, whatever follows them. */
    if (connection->state == POSTGRES_COPYING) return NULL;
    if (connection->calls_index >= connection->calls_count) return NULL;
    const ignis_statement *statement =
        connection->calls[connection->calls_index].execution->statement;
    return statement->raw ? statement : NULL;
}

/* DO holds its code. */
static bool holds_code(const ignis_statement *raw)
{
    return driver_raw_of(IGNIS_DIALECT_POSTGRES, raw->sql, raw->sql_size) == DRIVER_RAW_CODE;
}

/* The server's message, or what may be said in its place. */
static const char *message_choose(const postgres_connection *connection, const char *state,
                                  const char *message, bool is_fatal)
{
    /* A function of the database says what it was written to say; not one that the statement holds. */
    bool is_raised = strcmp(state, "P0001") == 0;
    const ignis_statement *raw = raw_statement(connection);
    if (strcmp(state, "25P02") == 0) return DRIVER_FAILED_TEXT;
    if (strcmp(state, "25006") == 0) return DRIVER_READ_ONLY_TEXT;
    if (raw && !is_fatal && (!is_raised || holds_code(raw))) return raw_message(state);
    /* A syntax error quotes a piece of SQL. */
    return strcmp(state, "42601") == 0 ? "syntax error" : message;
}

ignis_code postgres_error_report(ignis_context *ctx, const postgres_connection *connection,
                                 const PGresult *result)
{
    const char *state = field_of(result, PG_DIAG_SQLSTATE);
    const char *message = field_of(result, PG_DIAG_MESSAGE_PRIMARY);
    /* Made by libpq: the connection is lost, or it has no memory for the rows. */
    if (!*state) return postgres_error_lost(ctx, connection);
    ignis_code code = code_of(state);
    bool is_fatal = postgres_error_is_fatal(result);
    /* The end of the connection may hide the answer to the COMMIT that ran, but for one that the server
       chose while it waited for a statement. */
    bool was_waiting = strcmp(state, "25P03") == 0;
    if (is_fatal && !was_waiting &&
        commit_is_open(connection, connection->calls_index < connection->calls_count
                                       ? connection->calls_index + 1
                                       : connection->calls_count)) {
        code = IGNIS_E_COMMIT_UNKNOWN;
    } else if (is_fatal && code == IGNIS_E_DATABASE) {
        code = IGNIS_E_CONNECTION;
    }
    const ignis_statement *raw = raw_statement(connection);
    if (raw && (strcmp(state, "42601") == 0 || strcmp(state, "08P01") == 0)) code = IGNIS_E_INVALID;
    if (postgres_error_is_cancel(result) && !is_fatal) {
        code = stopped_report(ctx, connection, message);
    } else {
        context_fail(ctx, code, "%s", message_choose(connection, state, message, is_fatal));
    }
    memcpy(ctx->sqlstate, state, strnlen(state, STATE_SIZE));
    constraint_set(ctx, result);
    return code;
}

#endif
