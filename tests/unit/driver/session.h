/* One connection of a driver, and its rows as text, for the tests of this folder. */
#ifndef SESSION_H
#define SESSION_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/driver.h"

typedef struct session {
    ignis_context *ctx;
    const ignis_driver *driver;
    ignis_database *database;
    ignis_connection *connection;
    const char *rows; /* of the last run: "1|'a'|NULL" a line */
    int64_t affected; /* of the last execution */
} session;

static inline ignis_cell cell_null(void)
{
    return (ignis_cell){.kind = IGNIS_CELL_NULL};
}

static inline ignis_cell cell_integer(int64_t value)
{
    return (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = value};
}

static inline ignis_cell cell_real(double value)
{
    return (ignis_cell){.kind = IGNIS_CELL_REAL, .as.real = value};
}

static inline ignis_cell cell_text(const char *value)
{
    return (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = strlen(value), .as.text = value};
}

static inline ignis_cell cell_bytes(const char *value, size_t size)
{
    return (ignis_cell){.kind = IGNIS_CELL_BYTES, .size = size, .as.text = value};
}

static inline ignis_cell cell_list(const ignis_cell *items, size_t count)
{
    return (ignis_cell){.kind = IGNIS_CELL_LIST, .size = count, .as.items = items};
}

static inline void session_open_with(session *self, const ignis_driver *driver, const char *url,
                                     int busy_timeout_ms)
{
    *self = (session){.ctx = ignis_context_create(), .driver = driver};
    ignis_driver_settings settings = {
        .struct_size = sizeof(settings), .url = url, .busy_timeout_ms = busy_timeout_ms};
    assert_non_null(self->ctx);
    assert_int_equal(driver->open(self->ctx, &settings, &self->database), IGNIS_OK);
    assert_int_equal(driver->connect(self->ctx, self->database, &self->connection), IGNIS_OK);
}

static inline void session_open(session *self)
{
    session_open_with(self, &ignis_sqlite_driver, "sqlite::memory:", 0);
}

/* A second connection to the database of another session, whose it is to close. */
static inline void session_join(session *self, const session *other)
{
    *self = (session){.ctx = ignis_context_create(), .driver = other->driver};
    assert_non_null(self->ctx);
    assert_int_equal(self->driver->connect(self->ctx, other->database, &self->connection),
                     IGNIS_OK);
}

static inline void session_close(session *self)
{
    self->driver->disconnect(self->connection);
    if (self->database) self->driver->close(self->database);
    ignis_context_free(self->ctx);
}

static inline void session_cell_write(text *out, const ignis_cell *cell)
{
    switch (cell->kind) {
    case IGNIS_CELL_INTEGER: text_integer(out, cell->as.integer); break;
    case IGNIS_CELL_REAL: text_format(out, "%.17g", cell->as.real); break;
    case IGNIS_CELL_TEXT: text_format(out, "'%.*s'", (int)cell->size, cell->as.text); break;
    case IGNIS_CELL_BYTES:
        text_string(out, "x'");
        for (size_t i = 0; i < cell->size; i++) {
            text_format(out, "%02x", (unsigned int)(unsigned char)cell->as.text[i]);
        }
        text_string(out, "'");
        break;
    default: text_string(out, "NULL");
    }
}

static inline ignis_code session_execute(session *self, const ignis_execution *executions,
                                         size_t count)
{
    text out;
    ignis_batch batch;
    text_init(&out, &self->ctx->results, 0);
    self->affected = 0;
    IGNIS_TRY(self->driver->start(self->ctx, self->connection, executions, count));
    do {
        assert_int_equal(self->driver->wants(self->connection).descriptor, -1);
        IGNIS_TRY(self->driver->step(self->ctx, self->connection, &batch));
        if (batch.state == IGNIS_BATCH_END) self->affected = batch.affected;
        for (size_t i = 0; i < batch.rows_count * batch.columns_count; i++) {
            if (i % batch.columns_count != 0) {
                text_char(&out, '|');
            } else if (out.size > 0) {
                text_char(&out, '\n');
            }
            session_cell_write(&out, &batch.cells[i]);
        }
    } while (batch.state != IGNIS_BATCH_IDLE);
    self->rows = text_finish(&out);
    assert_non_null(self->rows);
    return IGNIS_OK;
}

static inline ignis_code session_run_with(session *self, const char *sql,
                                          const ignis_value_type *types, const ignis_cell *cells,
                                          size_t count)
{
    ignis_statement statement = {
        .sql = sql, .sql_size = strlen(sql), .parameters = types, .parameters_count = count};
    ignis_execution execution = {.statement = &statement, .parameters = cells};
    return session_execute(self, &execution, 1);
}

static inline ignis_code session_run(session *self, const char *sql)
{
    return session_run_with(self, sql, NULL, NULL, 0);
}

static inline void session_expect(session *self, const char *sql, const char *rows)
{
    ignis_code code = session_run(self, sql);
    if (code != IGNIS_OK) fail_msg("%s: %s", sql, ignis_context_error(self->ctx)->message);
    assert_string_equal(self->rows, rows);
}

/* Runs several statements that give no rows. */
static inline void session_prepare(session *self, const char *const *sql, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        session_expect(self, sql[i], "");
    }
}

static inline void session_refuse(session *self, const char *sql, ignis_code code)
{
    assert_int_equal(session_run(self, sql), code);
    assert_int_equal(ignis_context_error(self->ctx)->code, code);
}

/* A folder of its own for files; returns "sqlite:FOLDER/data.db". */
typedef struct session_folder {
    char folder[64];
    char url[96];
} session_folder;

static inline const char *session_folder_make(session_folder *self)
{
    memcpy(self->folder, "/tmp/ignis-driver-XXXXXX", 25);
    assert_non_null(mkdtemp(self->folder));
    assert_true(snprintf(self->url, sizeof(self->url), "sqlite:%s/data.db", self->folder) > 0);
    return self->url;
}

static inline void session_folder_remove(const session_folder *self)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    char name[128];
    for (size_t i = 0; i < ARRAY_COUNT(endings); i++) {
        assert_true(snprintf(name, sizeof(name), "%s%s", self->url + 7, endings[i]) > 0);
        (void)unlink(name);
    }
    assert_int_equal(rmdir(self->folder), 0);
}

#endif
