/* Any bytes as the filter of a find, trusted and not: rows or a refusal that is one line, never an
   error of the database, the same again when the plan is kept, and nothing hidden. */
#include "base/base.h"
#include "ignis.h"

#include <stdio.h>
#include <stdlib.h>

static const char models_text[] =
    IGNIS_JSON({"models": [
    {"name": "Author", "columns": [
        {"name": "id", "type": "bigint", "primaryKey": true},
        {"name": "name", "type": "text"},
        {"name": "code", "type": "varchar", "length": 4},
        {"name": "flag", "type": "boolean"},
        {"name": "small", "type": "smallint"},
        {"name": "age", "type": "integer"},
        {"name": "ratio", "type": "real"},
        {"name": "score", "type": "double precision"},
        {"name": "amount", "type": "numeric", "precision": 10, "scale": 2},
        {"name": "token", "type": "uuid"},
        {"name": "data", "type": "bytea"},
        {"name": "born", "type": "date"},
        {"name": "at", "type": "timestamp"},
        {"name": "seenAt", "column": "seen_at", "type": "timestamptz"},
        {"name": "meta", "type": "json"},
        {"name": "doc", "type": "jsonb"},
        {"name": "tags", "type": "text", "array": true},
        {"name": "numbers", "type": "integer", "array": true},
        {"name": "secret", "type": "text"}],
     "relations": [{"name": "posts", "type": "many", "model": "Post"}],
     "settings": {"hiddenProperties": ["secret"],
                  "defaultFilter": {"where": {"flag": {"neq": false}}, "order": ["name DESC"]}}},
    {"name": "Post", "columns": [
        {"name": "authorId", "type": "bigint", "primaryKey": true},
        {"name": "number", "type": "integer", "primaryKey": true},
        {"name": "title", "type": "text"}],
     "relations": [{"name": "author", "type": "one", "model": "Author",
                    "fields": ["authorId"], "references": ["id"]},
                   {"name": "next", "type": "one", "model": "Post",
                    "fields": ["authorId", "number"], "references": ["authorId", "number"]}],
     "settings": {"maxLimit": 3}}]});

static const char rows_text[] = IGNIS_JSON({
    "Author": [
        {"id": 1, "name": "Ada", "code": "A", "flag": true, "small": 1, "age": 36, "ratio": 0.5,
         "score": -2.25, "amount": "1.50", "token": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
         "data": "AP8=", "born": "1815-12-10", "at": "2024-03-10T10:20:30.123456",
         "seenAt": "infinity", "meta": {"a": [1, "x", null]}, "doc": {"b": {"c": 1.50}},
         "tags": ["x", "y, z"], "numbers": [1, 2], "secret": "hush"},
        {"id": 2, "name": "Δοκιμή %_", "flag": null, "doc": [], "tags": [], "secret": "hush"},
        {"id": 9007199254740993, "flag": false, "doc": "text", "meta": 5, "secret": "hush"}],
    "Post": [
        {"authorId": 1, "number": 1, "title": "one"},
        {"authorId": 1, "number": 2, "title": null},
        {"authorId": 2, "number": 1, "title": "three"}]});

/* Opened at the first input and kept for all. */
static struct {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *authors;
} opened;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds, const char *what)
{
    if (holds) return;
    const ignis_error *error = ignis_context_error(opened.ctx);
    (void)fprintf(stderr, "%s: %s: %s at %s\n", what, ignis_code_name(error->code), error->message,
                  error->path);
    abort();
}

static void open_once(void)
{
    if (opened.source) return;
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = "sqlite::memory:"};
    ignis_repository_class authors = {.struct_size = sizeof(authors), .model = "Author"};
    opened.ctx = ignis_context_create();
    if (!opened.ctx) abort();
    check(ignis_models_from_json(opened.ctx, models_text, 0, &class_.models,
                                 &class_.models_count) == IGNIS_OK,
          "models");
    check(ignis_data_source_open(opened.ctx, &class_, &opened.source) == IGNIS_OK, "open");
    check(ignis_schema_create(opened.ctx, opened.source) == IGNIS_OK, "tables");
    check(ignis_load(opened.ctx, opened.source, rows_text, 0, NULL) == IGNIS_OK, "rows");
    check(ignis_repository_open(opened.ctx, opened.source, &authors, &opened.authors) == IGNIS_OK,
          "repository");
    ignis_context_reset(opened.ctx);
}

static void check_line(const char *line)
{
    check(utf8_is_valid(line, strlen(line)), "an error that is not UTF-8");
    check(!strpbrk(line, "\n\r"), "an error of two lines");
}

static void check_error(ignis_code code)
{
    const ignis_error *error = ignis_context_error(opened.ctx);
    check(error->code == code, "another code in the context");
    check(code == IGNIS_E_INVALID || code == IGNIS_E_LIMIT || code == IGNIS_E_UNSUPPORTED,
          "a code that no filter may cause");
    check(error->message[0] != '\0', "no message");
    check_line(error->message);
    check_line(error->path);
    check_line(error->hint);
}

static void check_rows(arena *memory, const char *rows)
{
    const json *value = NULL;
    json_fault fault = {0};
    check(json_read(memory, rows, strlen(rows), NULL, &value, &fault) == IGNIS_OK,
          "a result that is no JSON");
    check(value->kind == JSON_ARRAY, "a result that is no list");
    check(!strstr(rows, "\"secret\":") && !strstr(rows, "hush"), "a hidden value");
}

static void find(arena *memory, const ignis_policy *policy, const char *filter)
{
    const char *first = NULL;
    const char *second = NULL;
    ignis_code code = ignis_find_json(opened.ctx, opened.authors, policy, filter, &first);
    if (code != IGNIS_OK) {
        check_error(code);
    } else {
        check_rows(memory, first);
        check(ignis_find_json(opened.ctx, opened.authors, policy, filter, &second) == IGNIS_OK,
              "refused the second time");
        check(strcmp(first, second) == 0, "other rows the second time");
    }
    ignis_context_reset(opened.ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena memory = {0};
    open_once();
    const char *filter = arena_copy(&memory, (const char *)data, size);
    if (!filter) abort();
    find(&memory, NULL, filter);
    find(&memory, &ignis_policy_trusted, filter);
    arena_free(&memory);
    return 0;
}
