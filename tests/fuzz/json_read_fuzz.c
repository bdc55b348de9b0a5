/* What the reader takes it writes, reads again and writes the same; jansson takes and refuses the
   same texts, but for numbers out of its range and nesting beyond our bound. */
#include "base/base.h"

#include <stdlib.h>

/* Of jansson, whose header cannot be read next to base.h: both have JSON_OBJECT and json_string. */
struct json_t;
struct json_t *json_loadb(const char *data, size_t size, size_t flags, void *error);
void json_delete(struct json_t *value);
enum { JANSSON_REJECT_DUPLICATES = 1, JANSSON_DECODE_ANY = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) abort();
}

static bool has_large_number(const json *value)
{
    bool found = value->kind == JSON_NUMBER;
    for (size_t i = 0; i < value->count && value->kind == JSON_ARRAY && !found; i++)
        found = has_large_number(&value->as.items[i]);
    for (size_t i = 0; i < value->count && value->kind == JSON_OBJECT && !found; i++)
        found = has_large_number(&value->as.members[i].value);
    return found;
}

/* Each value's text is a value of its own, and lies within that of its container. */
static void check_position(arena *memory, const char *data, const json *container,
                           const json *value)
{
    check(value->position >= container->position);
    check(value->position + value->raw_size <= container->position + container->raw_size);
    const json *alone;
    json_fault fault;
    check(json_read(memory, data + value->position, value->raw_size, NULL, &alone, &fault) ==
          IGNIS_OK);
    check(alone->kind == value->kind && alone->count == value->count);
}

static void check_members(arena *memory, const char *data, const json *value)
{
    for (size_t i = 0; i < value->count && value->kind == JSON_ARRAY; i++)
        check_position(memory, data, value, &value->as.items[i]);
    for (size_t i = 0; i < value->count && value->kind == JSON_OBJECT; i++)
        check_position(memory, data, value, &value->as.members[i].value);
}

static void check_written(arena *memory, const json *value)
{
    text first;
    text second;
    const json *again;
    json_fault fault;
    text_init(&first, memory, 0);
    text_init(&second, memory, 0);
    json_write_value(&first, value);
    check(json_read(memory, first.data, first.size, NULL, &again, &fault) == IGNIS_OK);
    json_write_value(&second, again);
    check(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
}

static void check_raw(arena *memory, const char *data, size_t size)
{
    json_options options = {.raw_name = "a"};
    const json *value;
    json_fault fault;
    (void)!json_read(memory, data, size, &options, &value, &fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *input = (const char *)data;
    arena memory = {0};
    const json *value = NULL;
    json_fault fault = {0};
    ignis_code code = json_read(&memory, input, size, NULL, &value, &fault);
    check(code == IGNIS_OK || (fault.message != NULL && fault.position <= size));

    /* Jansson overlooks a NUL after a number. */
    if (code != IGNIS_E_LIMIT && (size == 0 || memchr(input, '\0', size) == NULL)) {
        struct json_t *theirs =
            json_loadb(input, size, JANSSON_REJECT_DUPLICATES | JANSSON_DECODE_ANY, NULL);
        check((theirs != NULL) == (code == IGNIS_OK) ||
              (code == IGNIS_OK && has_large_number(value)));
        if (theirs != NULL) json_delete(theirs);
    }
    if (code == IGNIS_OK) {
        check_members(&memory, input, value);
        check_written(&memory, value);
    }
    check_raw(&memory, input, size);
    arena_free(&memory);
    return 0;
}
