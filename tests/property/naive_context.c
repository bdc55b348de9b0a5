#include "property/naive.h"

#include <string.h>

const char naive_context[] =
    "{\"boolean\":true,\"booleans\":[true,null],\"smallint\":1,\"smallints\":[1,0,\"2\"],"
    "\"integer\":\"2\",\"integers\":[0,1,2,3,\"42\"],\"bigint\":1,\"bigints\":[0,1,2],"
    "\"real\":1.5,\"reals\":[0,1,1.5],\"double precision\":0.1,\"double precisions\":[0,1,0.1],"
    "\"numeric\":\"1.5\",\"numerics\":[10,9,\"1.5\",null],\"text\":\"a\",\"texts\":[\"a\",\"b\",5],"
    "\"varchar\":\"b\",\"varchars\":[\"a\",\"b\",\"1\"],"
    "\"uuid\":\"A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11\","
    "\"uuids\":[\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\",\"00000000-0000-0000-0000-000000000000\"],"
    "\"bytea\":\"AA==\",\"byteas\":[\"AA==\",\"YWJj\",\"\\\\xff\"],"
    "\"date\":\"2024-03-10\",\"dates\":[\"2024-03-10\",\"infinity\"],"
    "\"timestamp\":\"2024-03-10T10:20:30.123\",\"timestamps\":[\"2024-03-10 10:20:30.123\"],"
    "\"timestamptz\":\"2024-03-10T12:20:30.123+02:00\","
    "\"timestamptzs\":[\"infinity\",\"2024-03-10T00:00:00Z\"],"
    "\"other\":\"08:00:2b:01:02:03\",\"others\":[\"08:00:2b:01:02:03\"],\"null\":null}";

/* The value of {"$context": name}; *is_one: json is such an object. */
static const naive_json *value_of(naive_memory *memory, const naive_json *json, bool *is_one)
{
    const naive_json *name = naive_get(json, "$context");
    *is_one = name != NULL;
    return name ? naive_get(naive_parse(memory, naive_context), name->text) : NULL;
}

static bool is_operator(const char *name)
{
    static const char *const known[] = {"eq", "ne",  "gt",       "gte",      "lt",         "lte",
                                        "in", "nin", "contains", "overlaps", "containedBy"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(known[i], name) == 0) return true;
    return false;
}

/* A null of the context matches no row, unlike one that is written. */
static void never_set(naive_memory *memory, naive_json *made, const char *name)
{
    naive_json *never = naive_parse(memory, "{\"gt\":null}");
    if (is_operator(name))
        naive_set(memory, made, "gt", never->items[0]);
    else
        naive_set(memory, made, name, never);
}

const naive_json *naive_context_fill(naive_memory *memory, const naive_json *where)
{
    naive_json *made = naive_copy(memory, where);
    if (where->kind == NAIVE_OBJECT) made = naive_make(memory, NAIVE_OBJECT);
    for (size_t i = 0; i < where->count; i++) {
        bool is_one;
        const naive_json *value = value_of(memory, where->items[i], &is_one);
        const naive_json *filled = is_one ? value : naive_context_fill(memory, where->items[i]);
        if (!filled) return NULL;
        if (where->kind == NAIVE_LIST)
            made->items[i] = naive_copy(memory, filled);
        else if (is_one && value->kind == NAIVE_NULL)
            never_set(memory, made, where->names[i]);
        else
            naive_set(memory, made, where->names[i], naive_copy(memory, filled));
    }
    return made;
}
