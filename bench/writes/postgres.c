#include "writes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUFFER_SIZE = 64 * 1024,
    ROW_SIZE_MAX = 512,
    LIST_ROWS = 4096,
    COLUMNS_COUNT = 6,
    PIPELINE_ROWS = 1000,
    OID_BOOL = 16,
    OID_INT8 = 20,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_TIMESTAMPTZ = 1184,
    OID_NUMERIC = 1700
};

void writes_postgres_run(const writes_bench *bench, const char *sql)
{
    PGresult *result = PQexec(bench->postgres, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN)
        writes_die("%s", PQerrorMessage(bench->postgres));
    PQclear(result);
}

/* ---- values in binary form ---- */

static char *put16(char *out, int value)
{
    *out++ = (char)(value >> 8);
    *out++ = (char)value;
    return out;
}

static char *put32(char *out, int64_t value)
{
    return put16(put16(out, (int)(value >> 16 & 0xffff)), (int)(value & 0xffff));
}

static char *put64(char *out, int64_t value)
{
    return put32(put32(out, value >> 32), value & 0xffffffff);
}

static char *put_bytes(char *out, const char *data, size_t size)
{
    memcpy(out, data, size);
    return out + size;
}

/* A plain decimal with two digits behind its point. */
static char *put_price(char *out, const char *price)
{
    int64_t whole = 0;
    for (; *price != '.'; price++)
        whole = whole * 10 + (*price - '0');
    int hundredths = (price[1] - '0') * 10 + (price[2] - '0');
    out = put16(out, whole > 0 ? 2 : 1);
    out = put16(out, whole > 0 ? 0 : -1);
    out = put16(out, 0);
    out = put16(out, 2);
    if (whole > 0) out = put16(out, (int)whole);
    return put16(out, hundredths * 100);
}

/* Column by column, each behind its size. */
static char *put_value(const writes_bench *bench, const Item *item, int column, char *out)
{
    char *start = out;
    char *at = out + 4;
    switch (column) {
    case 0:
        if (bench->makes) {
            writes_uuid(at);
            at += WRITES_UUID_SIZE;
        } else {
            at = put32(at, item->id);
        }
        break;
    case 1: at = put_bytes(at, item->name, strlen(item->name)); break;
    case 2: at = put_price(at, item->price.text); break;
    case 3: at = put64(at, item->views); break;
    case 4: *at++ = item->is_active; break;
    default: at = put64(at, bench->makes ? writes_now() : item->made_at.microseconds); break;
    }
    (void)put32(start, at - start - 4);
    return at;
}

static char *put_row(const writes_bench *bench, const Item *item, char *out)
{
    out = put16(out, COLUMNS_COUNT);
    for (int i = 0; i < COLUMNS_COUNT; i++)
        out = put_value(bench, item, i, out);
    return out;
}

/* ---- COPY ---- */

static char *put_row_text(const writes_bench *bench, const Item *item, char *out)
{
    char at[WRITES_TIME_SIZE];
    if (bench->makes) {
        writes_uuid(out);
        out += WRITES_UUID_SIZE;
    } else {
        out += snprintf(out, 16, "%" PRId32, item->id);
    }
    *out++ = '\t';
    out = put_bytes(out, item->name, strlen(item->name)); /* nothing in it is to be escaped */
    *out++ = '\t';
    out = put_bytes(out, item->price.text, strlen(item->price.text));
    out += snprintf(out, 32, "\t%" PRId64 "\t%c\t", item->views, item->is_active ? 't' : 'f');
    writes_time(at, bench->makes ? writes_now() : item->made_at.microseconds);
    out = put_bytes(out, at, sizeof(at));
    *out++ = '\n';
    return out;
}

static void copy_send(const writes_bench *bench, const char *data, size_t size)
{
    if (PQputCopyData(bench->postgres, data, (int)size) != 1)
        writes_die("%s", PQerrorMessage(bench->postgres));
}

static void results_end(const writes_bench *bench)
{
    for (PGresult *result; (result = PQgetResult(bench->postgres)); PQclear(result)) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            writes_die("%s", PQerrorMessage(bench->postgres));
    }
}

static void items_copy(const writes_bench *bench, const Item *items, bool is_binary)
{
    char sql[64];
    char *buffer = malloc(BUFFER_SIZE);
    char *out = buffer;
    if (!buffer) writes_die("no memory");
    (void)snprintf(sql, sizeof(sql), "COPY %s FROM STDIN%s", writes_table(bench),
                   is_binary ? " (FORMAT binary)" : "");
    writes_postgres_run(bench, sql);
    if (is_binary) out = put_bytes(out, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
    for (size_t i = 0; i < bench->rows_count; i++) {
        out = is_binary ? put_row(bench, &items[i], out) : put_row_text(bench, &items[i], out);
        if (out - buffer < BUFFER_SIZE - ROW_SIZE_MAX) continue;
        copy_send(bench, buffer, (size_t)(out - buffer));
        out = buffer;
    }
    if (is_binary) out = put16(out, -1);
    copy_send(bench, buffer, (size_t)(out - buffer));
    if (PQputCopyEnd(bench->postgres, NULL) != 1) writes_die("%s", PQerrorMessage(bench->postgres));
    results_end(bench);
    free(buffer);
}

static void structs_copy_text(writes_bench *bench)
{
    items_copy(bench, bench->items, false);
}

static void structs_copy_binary(writes_bench *bench)
{
    items_copy(bench, bench->items, true);
}

static void json_copy_binary(writes_bench *bench)
{
    void *document;
    Item *items = writes_json_read(bench, &document);
    if (!items) return;
    items_copy(bench, items, true);
    writes_json_free(items, document);
}

/* ---- INSERT ---- */

static void insert_prepare(const writes_bench *bench, const char *name, bool is_list)
{
    char sql[128];
    (void)snprintf(sql, sizeof(sql),
                   is_list ? "INSERT INTO %s SELECT * FROM ROWS FROM (unnest($1), unnest($2),"
                             " unnest($3), unnest($4), unnest($5), unnest($6))"
                           : "INSERT INTO %s VALUES ($1, $2, $3, $4, $5, $6)",
                   writes_table(bench));
    const Oid first = bench->makes ? OID_TEXT : OID_INT4;
    const Oid scalars[] = {first, OID_TEXT, OID_NUMERIC, OID_INT8, OID_BOOL, OID_TIMESTAMPTZ};
    const Oid arrays[] = {bench->makes ? 1009 : 1007, 1009, 1231, 1016, 1000, 1185};
    PGresult *result =
        PQprepare(bench->postgres, name, sql, COLUMNS_COUNT, is_list ? arrays : scalars);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        writes_die("%s", PQerrorMessage(bench->postgres));
    PQclear(result);
}

static void list_insert(const writes_bench *bench, const Item *items, size_t count, char *buffer)
{
    const Oid first = bench->makes ? OID_TEXT : OID_INT4;
    const Oid scalars[] = {first, OID_TEXT, OID_NUMERIC, OID_INT8, OID_BOOL, OID_TIMESTAMPTZ};
    static const int formats[] = {1, 1, 1, 1, 1, 1};
    const char *values[COLUMNS_COUNT];
    int sizes[COLUMNS_COUNT];
    char *out = buffer;
    for (int column = 0; column < COLUMNS_COUNT; column++) {
        values[column] = out;
        out = put32(put32(put32(out, 1), 0), scalars[column]);
        out = put32(put32(out, (int64_t)count), 1);
        for (size_t i = 0; i < count; i++)
            out = put_value(bench, &items[i], column, out);
        sizes[column] = (int)(out - values[column]);
    }
    PGresult *result =
        PQexecPrepared(bench->postgres, "list", COLUMNS_COUNT, values, sizes, formats, 1);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        writes_die("%s", PQerrorMessage(bench->postgres));
    PQclear(result);
}

static void structs_unnest(writes_bench *bench)
{
    char *buffer = malloc((size_t)LIST_ROWS * ROW_SIZE_MAX);
    if (!buffer) writes_die("no memory");
    writes_postgres_run(bench, "BEGIN");
    insert_prepare(bench, "list", true);
    for (size_t i = 0; i < bench->rows_count; i += LIST_ROWS) {
        size_t rest = bench->rows_count - i;
        list_insert(bench, bench->items + i, rest < LIST_ROWS ? rest : LIST_ROWS, buffer);
    }
    writes_postgres_run(bench, "DEALLOCATE list");
    writes_postgres_run(bench, "COMMIT");
    free(buffer);
}

static void row_send(const writes_bench *bench, const Item *item)
{
    static const int formats[] = {1, 1, 1, 1, 1, 1};
    const char *values[COLUMNS_COUNT];
    int sizes[COLUMNS_COUNT];
    char buffer[ROW_SIZE_MAX];
    char *out = buffer;
    for (int column = 0; column < COLUMNS_COUNT; column++) {
        values[column] = out + 4;
        out = put_value(bench, item, column, out);
        sizes[column] = (int)(out - values[column]);
    }
    if (PQsendQueryPrepared(bench->postgres, "row", COLUMNS_COUNT, values, sizes, formats, 1) != 1)
        writes_die("%s", PQerrorMessage(bench->postgres));
}

static void pipeline_end(const writes_bench *bench, size_t count)
{
    if (PQpipelineSync(bench->postgres) != 1) writes_die("%s", PQerrorMessage(bench->postgres));
    for (size_t i = 0; i < count; i++) {
        PGresult *result = PQgetResult(bench->postgres);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            writes_die("%s", PQerrorMessage(bench->postgres));
        PQclear(result);
        PQclear(PQgetResult(bench->postgres));
    }
    PQclear(PQgetResult(bench->postgres));
}

static void structs_pipeline(writes_bench *bench)
{
    writes_postgres_run(bench, "BEGIN");
    insert_prepare(bench, "row", false);
    if (PQenterPipelineMode(bench->postgres) != 1) writes_die("no pipeline");
    size_t count = 0;
    for (size_t i = 0; i < bench->rows_count; i++) {
        row_send(bench, &bench->items[i]);
        if (++count < PIPELINE_ROWS && i + 1 < bench->rows_count) continue;
        pipeline_end(bench, count);
        count = 0;
    }
    if (PQexitPipelineMode(bench->postgres) != 1) writes_die("the pipeline does not end");
    writes_postgres_run(bench, "DEALLOCATE row");
    writes_postgres_run(bench, "COMMIT");
}

const writes_contestant writes_postgres[] = {
    {"COPY binary", structs_copy_binary, false, false},
    {"COPY text", structs_copy_text, false, false},
    {"unnest", structs_unnest, false, false},
    {"prepared loop", structs_pipeline, false, false},
    {"create_rows", writes_ours_structs, false, true},
    {"jansson + COPY", json_copy_binary, true, false},
    {"createAll", writes_ours_json, true, true},
    {0},
};
