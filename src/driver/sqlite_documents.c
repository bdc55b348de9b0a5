/* What lies at a JSON path, as PostgreSQL's #> and #>> have it: SQLite's own functions lose big
   integers, give 1 for true and keep double keys. Text of other tools is read too; what is no JSON
   holds nothing. */
#include "driver/sqlite.h"

#include <sqlite3.h>

enum { NESTING_MAX = 1024 };

/* One call: the arguments, and memory until it ends. */
typedef struct call {
    sqlite3_context *out;
    sqlite3_value **arguments;
    arena memory;
} call;

static bool argument_read(const call *self, int index, document_span *span)
{
    sqlite3_value *value = self->arguments[index];
    int type = sqlite3_value_type(value);
    if (type == SQLITE_NULL || type == SQLITE_BLOB) return false;
    span->data = (const char *)sqlite3_value_text(value);
    span->size = (size_t)sqlite3_value_bytes(value);
    return span->data != NULL;
}

static ignis_code written_take(text *written, document_span *span)
{
    if (written->code != IGNIS_OK) return written->code;
    *span = (document_span){written->data, written->size};
    return IGNIS_OK;
}

/* The document of an argument, brought to the form of document_write; size 0: there is none. */
static ignis_code document_read(call *self, int index, document_span *document)
{
    const json_options options = {.depth_max = NESTING_MAX, .takes_doubles = true};
    const json *value;
    json_fault fault;
    text written;
    document_span given;
    *document = (document_span){0};
    if (!argument_read(self, index, &given)) return IGNIS_OK;
    if (document_is_valid(given.data, given.size)) {
        *document = given;
        return IGNIS_OK;
    }
    ignis_code code = json_read(&self->memory, given.data, given.size, &options, &value, &fault);
    if (code == IGNIS_E_MEMORY) return code;
    if (code != IGNIS_OK) return IGNIS_OK;
    text_init(&written, &self->memory, 0);
    if (!document_write(&written, value)) return IGNIS_OK;
    return written_take(&written, document);
}

/* What lies at the path (argument 1) of the document (argument 0); size 0: nothing. */
static ignis_code place_read(call *self, document_span *found)
{
    document_span document;
    document_span path;
    *found = (document_span){0};
    IGNIS_TRY(document_read(self, 0, &document));
    if (document.size == 0 || !argument_read(self, 1, &path)) return IGNIS_OK;
    if (!document_find(document, path, found)) *found = (document_span){0};
    return IGNIS_OK;
}

static void call_end(call *self, ignis_code code)
{
    if (code != IGNIS_OK) sqlite3_result_error_nomem(self->out);
    arena_free(&self->memory);
}

static void span_give(const call *self, document_span span)
{
    if (!span.data) span.data = "";
    sqlite3_result_text64(self->out, span.data, span.size, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* ---- functions ---- */

static void document_call(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    call self = {.out = out, .arguments = arguments};
    document_span found;
    ignis_code code = place_read(&self, &found);
    if (code == IGNIS_OK && found.size > 0) span_give(&self, found);
    call_end(&self, code);
}

static void written_call(call *self, bool (*write)(text *out, document_span value))
{
    document_span found;
    text written;
    text_init(&written, &self->memory, 0);
    ignis_code code = place_read(self, &found);
    if (code == IGNIS_OK && found.size > 0 && write(&written, found)) {
        code = written_take(&written, &found);
        if (code == IGNIS_OK) span_give(self, found);
    }
    call_end(self, code);
}

static void text_call(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    call self = {.out = out, .arguments = arguments};
    written_call(&self, document_text);
}

static void number_call(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    call self = {.out = out, .arguments = arguments};
    written_call(&self, document_number);
}

static void set_call(sqlite3_context *out, sqlite3_value **arguments, document_relation relation)
{
    call self = {.out = out, .arguments = arguments};
    document_span found;
    document_span list = {0};
    bool matches = false;
    ignis_code code = place_read(&self, &found);
    if (code == IGNIS_OK) code = document_read(&self, 2, &list);
    if (code == IGNIS_OK && found.size > 0 && list.size > 0) {
        code = document_set_match(&self.memory, relation, found, list, &matches);
        if (code == IGNIS_OK) sqlite3_result_int(out, matches);
    }
    call_end(&self, code);
}

static void contains_call(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    set_call(out, arguments, DOCUMENT_CONTAINS);
}

static void contained_call(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    set_call(out, arguments, DOCUMENT_CONTAINED);
}

static void overlaps_call(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    set_call(out, arguments, DOCUMENT_OVERLAPS);
}

int sqlite_documents_register(struct sqlite3 *db)
{
    static const struct {
        const char *name;
        int arguments_count;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {
        {"ignis_json_document", 2, document_call},   {"ignis_json_text", 2, text_call},
        {"ignis_json_number", 2, number_call},       {"ignis_json_contains", 3, contains_call},
        {"ignis_json_contained", 3, contained_call}, {"ignis_json_overlaps", 3, overlaps_call},
    };
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    for (size_t i = 0; i < ARRAY_COUNT(functions); i++) {
        int result =
            sqlite3_create_function_v2(db, functions[i].name, functions[i].arguments_count, flags,
                                       NULL, functions[i].function, NULL, NULL, NULL);
        if (result != SQLITE_OK) return result;
    }
    return SQLITE_OK;
}
