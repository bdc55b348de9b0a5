/* One connection to a PostgreSQL database of this program's own, and its rows as text. */
#ifndef POSTGRES_SESSION_H
#define POSTGRES_SESSION_H

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>

#include "driver/postgres.h"
#include "session.h"
#include "support/server.h"

/* Ends the program where there is nothing to test. */
static inline void postgres_need(void)
{
#ifndef IGNIS_HAVE_POSTGRES
    (void)printf("skipped: built without libpq\n");
    exit(SERVER_SKIPPED);
#endif
    (void)server_url();
}

static inline void postgres_open_with(session *self, const char *url, ignis_pooling pooling)
{
    const ignis_driver_settings settings = {
        .struct_size = sizeof(settings), .url = url, .pooling = pooling};
    *self = (session){.ctx = ignis_context_create(), .driver = &ignis_postgres_driver};
    assert_non_null(self->ctx);
    if (self->driver->open(self->ctx, &settings, &self->database) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(self->ctx)->message);
    assert_int_equal(self->driver->connect(self->ctx, self->database, &self->connection), IGNIS_OK);
}

static inline void postgres_open(session *self)
{
    postgres_open_with(self, server_url(), IGNIS_POOLING_DETECT);
}

/* Waits for the connection; half a minute is for ever. */
static inline void postgres_wait(const session *self)
{
    ignis_wants wants = self->driver->wants(self->connection);
    struct pollfd look = {.fd = wants.descriptor};
    if (wants.descriptor < 0) return;
    if (wants.events & IGNIS_WANTS_READ) look.events |= POLLIN;
    if (wants.events & IGNIS_WANTS_WRITE) look.events |= POLLOUT;
    int timeout = 30000;
    if (self->ctx->deadline_ms) {
        int64_t left_ms = self->ctx->deadline_ms - clock_monotonic_ms();
        if (left_ms < timeout) timeout = left_ms < 0 ? 0 : (int)left_ms;
    }
    int ready = poll(&look, 1, timeout);
    assert_true(ready > 0 || (ready == 0 && self->ctx->deadline_ms) ||
                (ready < 0 && errno == EINTR));
}

static inline void postgres_cell_write(text *out, const ignis_cell *cell)
{
    if (cell->kind != IGNIS_CELL_LIST) {
        session_cell_write(out, cell);
        return;
    }
    text_char(out, '[');
    for (size_t i = 0; i < cell->size; i++) {
        if (i > 0) text_char(out, ',');
        postgres_cell_write(out, &cell->as.items[i]);
    }
    text_char(out, ']');
}

/* Steps until the next thing that is no wait. */
static inline ignis_code postgres_next(const session *self, ignis_batch *batch)
{
    for (;;) {
        IGNIS_TRY(self->driver->step(self->ctx, self->connection, batch));
        if (batch->state != IGNIS_BATCH_WAIT) return IGNIS_OK;
        postgres_wait(self);
    }
}

/* Rows of all executions to self->rows, one a line. */
static inline ignis_code postgres_execute(session *self, const ignis_execution *executions,
                                          size_t count)
{
    text out;
    ignis_batch batch;
    text_init(&out, &self->ctx->results, 0);
    self->affected = 0;
    IGNIS_TRY(self->driver->start(self->ctx, self->connection, executions, count));
    do {
        IGNIS_TRY(postgres_next(self, &batch));
        if (batch.state == IGNIS_BATCH_END) self->affected = batch.affected;
        for (size_t i = 0; i < batch.rows_count * batch.columns_count; i++) {
            if (i % batch.columns_count != 0) {
                text_char(&out, '|');
            } else if (out.size > 0) {
                text_char(&out, '\n');
            }
            postgres_cell_write(&out, &batch.cells[i]);
        }
    } while (batch.state != IGNIS_BATCH_IDLE);
    self->rows = text_finish(&out);
    assert_non_null(self->rows);
    return IGNIS_OK;
}

static inline ignis_code postgres_run_with(session *self, uint64_t id, const char *sql,
                                           const ignis_value_type *types, const ignis_cell *cells,
                                           size_t count)
{
    const ignis_statement statement = {.id = id,
                                       .sql = sql,
                                       .sql_size = strlen(sql),
                                       .parameters = types,
                                       .parameters_count = count};
    const ignis_execution execution = {.statement = &statement, .parameters = cells};
    return postgres_execute(self, &execution, 1);
}

static inline ignis_code postgres_run(session *self, const char *sql)
{
    return postgres_run_with(self, 0, sql, NULL, NULL, 0);
}

static inline void postgres_expect(session *self, const char *sql, const char *rows)
{
    if (postgres_run(self, sql) != IGNIS_OK)
        fail_msg("%s: %s", sql, ignis_context_error(self->ctx)->message);
    assert_string_equal(self->rows, rows);
}

/* The same for a statement that is kept. */
static inline void postgres_expect_kept(session *self, uint64_t id, const char *sql,
                                        const char *rows)
{
    if (postgres_run_with(self, id, sql, NULL, NULL, 0) != IGNIS_OK)
        fail_msg("%s: %s", sql, ignis_context_error(self->ctx)->message);
    assert_string_equal(self->rows, rows);
}

static inline void postgres_refuse(session *self, const char *sql, ignis_code code,
                                   const char *sqlstate)
{
    assert_int_equal(postgres_run(self, sql), code);
    assert_int_equal(ignis_context_error(self->ctx)->code, code);
    assert_string_equal(ignis_context_error(self->ctx)->sqlstate, sqlstate);
}

/* Runs sql until a condition on the server holds; ends the test where it never does. */
static inline void postgres_await(const char *sql, const char *value)
{
    int64_t until_ms = clock_monotonic_ms() + 20000;
    while (strcmp(server_value(sql), value) != 0) {
        if (clock_monotonic_ms() > until_ms) fail_msg("not within 20 s: %s", sql);
    }
}

/* The driver's own view of the connection. */
static inline postgres_connection *postgres_of(const session *self)
{
    return (postgres_connection *)self->connection;
}

static inline ignis_execution execution_of(const ignis_statement *statement)
{
    return (ignis_execution){.statement = statement};
}

static inline ignis_statement statement_of(uint64_t id, const char *sql)
{
    return (ignis_statement){.id = id, .sql = sql, .sql_size = strlen(sql)};
}

/* ---- what goes over the wire ---- */

typedef struct wire {
    PGconn *handle;
    FILE *file;
    char *data;
    size_t size;
} wire;

static inline void wire_open(wire *self, const session *s)
{
    *self = (wire){.handle = postgres_of(s)->handle};
    self->file = open_memstream(&self->data, &self->size);
    assert_non_null(self->file);
    PQtrace(self->handle, self->file);
}

/* How often the client, or the server, sent such a message. */
static inline size_t wire_count(const wire *self, char direction, const char *message)
{
    size_t count = 0;
    assert_int_equal(fflush(self->file), 0);
    for (const char *at = self->data; at && *at; at = strchr(at, '\n')) {
        if (*at == '\n') at++;
        /* Time, direction, size, message. */
        const char *from = strchr(at, '\t');
        const char *name = from && from[1] == direction ? strchr(from + 3, '\t') : NULL;
        if (name && strncmp(name + 1, message, strlen(message)) == 0) count++;
    }
    return count;
}

static inline void wire_close(wire *self)
{
    PQuntrace(self->handle);
    assert_int_equal(fclose(self->file), 0);
    free(self->data);
}

#endif
