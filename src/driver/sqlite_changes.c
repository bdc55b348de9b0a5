/* What updates do to a value: steps into a document, sums that stay exact. */
#include "driver/sqlite.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>

/* The caller's data does not fit the row: IGNIS_E_INVALID. */
static void refuse(sqlite3_context *out, const char *message)
{
    sqlite3_result_error(out, message, -1);
    sqlite3_result_error_code(out, SQLITE_MISMATCH);
}

static const char *text_of(sqlite3_value *value, size_t *size)
{
    const char *data = (const char *)sqlite3_value_text(value);
    *size = (size_t)sqlite3_value_bytes(value);
    return data ? data : "";
}

/* ---- documents ----------------------------------------------------------------------------------- */

enum { STEP_ARGUMENTS = 4 };

static ignis_code value_read(arena *memory, sqlite3_value *value, const json **read)
{
    /* A path may make a document deeper than what a caller may give at once. */
    static const json_options options = {.depth_max = 1024};
    size_t size;
    json_fault fault;
    *read = NULL;
    if (sqlite3_value_type(value) == SQLITE_NULL) return IGNIS_OK;
    const char *data = text_of(value, &size);
    return json_read(memory, data, size, &options, read, &fault);
}

/* step, path, kinds, value */
static ignis_code step_read(arena *memory, sqlite3_value **arguments, document_step *step)
{
    size_t size;
    const char *name = text_of(arguments[0], &size);
    step->kind = name[0] == 'r' ? DOCUMENT_REMOVE : name[0] == 'a' ? DOCUMENT_APPEND : DOCUMENT_SET;
    step->kinds = text_of(arguments[2], &size);
    IGNIS_TRY(value_read(memory, arguments[1], &step->path));
    if (!step->path || step->path->kind != JSON_ARRAY || step->path->count != size)
        return IGNIS_E_INVALID;
    return value_read(memory, arguments[3], &step->value);
}

static ignis_code steps_take(arena *memory, int count, sqlite3_value **arguments,
                             const json **document)
{
    if (value_read(memory, arguments[0], document) == IGNIS_E_MEMORY) return IGNIS_E_MEMORY;
    /* What other tools wrote and is no JSON is no document to go into. */
    if (!*document && sqlite3_value_type(arguments[0]) != SQLITE_NULL) return IGNIS_E_INVALID;
    for (int i = 1; i + STEP_ARGUMENTS <= count; i += STEP_ARGUMENTS) {
        document_step step;
        IGNIS_TRY(step_read(memory, &arguments[i], &step));
        IGNIS_TRY(document_change(memory, *document, &step, document));
    }
    return IGNIS_OK;
}

static void document_result(sqlite3_context *out, arena *memory, const json *document)
{
    text written;
    if (!document) return;
    text_init(&written, memory, SQLITE_VALUE_SIZE_MAX);
    if (!document_write(&written, document)) {
        refuse(out, "a document with a number beyond numeric's range");
    } else if (written.code == IGNIS_E_LIMIT) {
        sqlite3_result_error_toobig(out);
    } else if (written.code != IGNIS_OK) {
        sqlite3_result_error_nomem(out);
    } else {
        sqlite3_result_text64(out, written.data, written.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    }
}

static void document(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    arena memory = {0};
    const json *changed = NULL;
    ignis_code code = steps_take(&memory, count, arguments, &changed);
    if (code == IGNIS_OK) {
        document_result(out, &memory, changed);
    } else if (code == IGNIS_E_MEMORY) {
        sqlite3_result_error_nomem(out);
    } else {
        refuse(out, DOCUMENT_PATH_REFUSED);
    }
    arena_free(&memory);
}

/* ---- sums ---------------------------------------------------------------------------------------- */

static void integer_add(sqlite3_context *out, sqlite3_value **arguments, ignis_type type,
                        const char *name)
{
    int64_t sum;
    int64_t min = type == IGNIS_TYPE_SMALLINT  ? INT16_MIN
                  : type == IGNIS_TYPE_INTEGER ? INT32_MIN
                                               : INT64_MIN;
    int64_t max = type == IGNIS_TYPE_SMALLINT  ? INT16_MAX
                  : type == IGNIS_TYPE_INTEGER ? INT32_MAX
                                               : INT64_MAX;
    bool is_over = __builtin_add_overflow(sqlite3_value_int64(arguments[0]),
                                          sqlite3_value_int64(arguments[1]), &sum);
    if (!is_over && sum >= min && sum <= max) {
        sqlite3_result_int64(out, sum);
        return;
    }
    char message[64];
    (void)snprintf(message, sizeof(message), "%s out of range", name);
    refuse(out, message);
}

static void float_add(sqlite3_context *out, sqlite3_value **arguments, ignis_type type)
{
    double sum = sqlite3_value_double(arguments[0]) + sqlite3_value_double(arguments[1]);
    if (type == IGNIS_TYPE_REAL) sum = (double)(float)sum;
    if (isfinite(sum)) {
        sqlite3_result_double(out, sum);
    } else {
        refuse(out, "value out of range: overflow");
    }
}

static void numeric_add(sqlite3_context *out, sqlite3_value **arguments, int precision, int scale)
{
    arena memory = {0};
    text sum;
    text rounded;
    size_t sizes[2];
    bool is_null = sqlite3_value_type(arguments[0]) == SQLITE_NULL;
    const char *value = is_null ? "0" : text_of(arguments[0], &sizes[0]);
    const char *added = text_of(arguments[1], &sizes[1]);
    if (is_null) sizes[0] = 1;
    text canonical;
    text_init(&canonical, &memory, 0);
    text_init(&sum, &memory, 0);
    text_init(&rounded, &memory, 0);
    /* What other tools wrote may be no number. */
    ignis_code code = number_numeric(&canonical, value, sizes[0], 0, 0);
    if (code == IGNIS_OK) number_add(&sum, canonical.data, canonical.size, added, sizes[1]);
    if (code == IGNIS_OK && sum.code == IGNIS_OK)
        code = number_numeric(&rounded, sum.data, sum.size, precision, scale);
    if (canonical.code != IGNIS_OK || sum.code != IGNIS_OK || rounded.code != IGNIS_OK) {
        sqlite3_result_error_nomem(out);
    } else if (code != IGNIS_OK) {
        refuse(out, code == IGNIS_E_LIMIT ? "numeric field overflow" : "the value is no number");
    } else {
        sqlite3_result_text64(out, rounded.data, rounded.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    arena_free(&memory);
}

/* value, what is added, type, precision, scale; NULL counts as 0 */
static void add(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    size_t size;
    (void)count;
    const char *name = text_of(arguments[2], &size);
    if (strcmp(name, "smallint") == 0) {
        integer_add(out, arguments, IGNIS_TYPE_SMALLINT, name);
    } else if (strcmp(name, "integer") == 0) {
        integer_add(out, arguments, IGNIS_TYPE_INTEGER, name);
    } else if (strcmp(name, "bigint") == 0) {
        integer_add(out, arguments, IGNIS_TYPE_BIGINT, name);
    } else if (strcmp(name, "numeric") == 0) {
        numeric_add(out, arguments, sqlite3_value_int(arguments[3]),
                    sqlite3_value_int(arguments[4]));
    } else {
        float_add(out, arguments, strcmp(name, "real") == 0 ? IGNIS_TYPE_REAL : IGNIS_TYPE_DOUBLE);
    }
}

int sqlite_changes_register(struct sqlite3 *db)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    int result = sqlite3_create_function_v2(db, "ignis_document", -1, flags, NULL, document, NULL,
                                            NULL, NULL);
    if (result != SQLITE_OK) return result;
    return sqlite3_create_function_v2(db, "ignis_add", 5, flags, NULL, add, NULL, NULL, NULL);
}
