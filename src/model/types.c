/* types: the names of the SQL types, in model JSON and in messages. */
#include "model/model.h"

#include <stdio.h>

typedef struct type_names {
    const char *name;     /* model JSON and SQL alike, but for "other" */
    const char *expected; /* one value */
    const char *several;  /* the elements of a list */
} type_names;

static const type_names names[] = {
    [IGNIS_TYPE_NONE] = {"none", "a value", "values"},
    [IGNIS_TYPE_BOOLEAN] = {"boolean", "a boolean", "booleans"},
    [IGNIS_TYPE_SMALLINT] = {"smallint", "an integer", "integers"},
    [IGNIS_TYPE_INTEGER] = {"integer", "an integer", "integers"},
    [IGNIS_TYPE_BIGINT] = {"bigint", "an integer", "integers"},
    [IGNIS_TYPE_REAL] = {"real", "a number", "numbers"},
    [IGNIS_TYPE_DOUBLE] = {"double precision", "a number", "numbers"},
    [IGNIS_TYPE_NUMERIC] = {"numeric", "a number", "numbers"},
    [IGNIS_TYPE_TEXT] = {"text", "text", "texts"},
    [IGNIS_TYPE_VARCHAR] = {"varchar", "text", "texts"},
    [IGNIS_TYPE_UUID] = {"uuid", "a UUID", "UUIDs"},
    [IGNIS_TYPE_BYTEA] = {"bytea", "base64 or \\x hex", "base64 or \\x hex texts"},
    [IGNIS_TYPE_DATE] = {"date", "a date", "dates"},
    [IGNIS_TYPE_TIMESTAMP] = {"timestamp", "a timestamp", "timestamps"},
    [IGNIS_TYPE_TIMESTAMPTZ] = {"timestamptz", "a timestamp", "timestamps"},
    [IGNIS_TYPE_JSON] = {"json", "a document", "documents"},
    [IGNIS_TYPE_JSONB] = {"jsonb", "a document", "documents"},
    [IGNIS_TYPE_OTHER] = {"other", "text", "texts"},
};

static const type_names *names_of(ignis_type type)
{
    size_t index = (size_t)type;
    return &names[index < ARRAY_COUNT(names) ? index : IGNIS_TYPE_NONE];
}

const char *model_type_name(ignis_type type)
{
    return names_of(type)->name;
}

ignis_type model_type_read(const char *name, size_t size)
{
    for (size_t i = IGNIS_TYPE_NONE + 1; i < ARRAY_COUNT(names); i++) {
        if (strlen(names[i].name) == size && memcmp(names[i].name, name, size) == 0) {
            return (ignis_type)i;
        }
    }
    return IGNIS_TYPE_NONE;
}

const char *model_type_expected(const ignis_value_type *type, char buffer[64])
{
    const type_names *of = names_of(type->type);
    if (!type->array && !type->list) return of->expected;
    snprintf(buffer, 64, "a list of %s", of->several);
    return buffer;
}
