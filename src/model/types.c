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

typedef struct type_alias {
    const char *name;
    ignis_type type;
} type_alias;

/* What PostgreSQL, other databases and programming languages call the types. */
static const type_alias aliases[] = {
    {"bool", IGNIS_TYPE_BOOLEAN},
    {"int2", IGNIS_TYPE_SMALLINT},
    {"short", IGNIS_TYPE_SMALLINT},
    {"smallserial", IGNIS_TYPE_SMALLINT},
    {"serial2", IGNIS_TYPE_SMALLINT},
    {"tinyint", IGNIS_TYPE_SMALLINT},
    {"int", IGNIS_TYPE_INTEGER},
    {"int4", IGNIS_TYPE_INTEGER},
    {"serial", IGNIS_TYPE_INTEGER},
    {"serial4", IGNIS_TYPE_INTEGER},
    {"int8", IGNIS_TYPE_BIGINT},
    {"long", IGNIS_TYPE_BIGINT},
    {"bigserial", IGNIS_TYPE_BIGINT},
    {"serial8", IGNIS_TYPE_BIGINT},
    {"float4", IGNIS_TYPE_REAL},
    {"float", IGNIS_TYPE_DOUBLE},
    {"float8", IGNIS_TYPE_DOUBLE},
    {"double", IGNIS_TYPE_DOUBLE},
    {"number", IGNIS_TYPE_NUMERIC},
    {"decimal", IGNIS_TYPE_NUMERIC},
    {"dec", IGNIS_TYPE_NUMERIC},
    {"string", IGNIS_TYPE_TEXT},
    {"clob", IGNIS_TYPE_TEXT},
    {"char", IGNIS_TYPE_VARCHAR},
    {"character", IGNIS_TYPE_VARCHAR},
    {"char varying", IGNIS_TYPE_VARCHAR},
    {"character varying", IGNIS_TYPE_VARCHAR},
    {"guid", IGNIS_TYPE_UUID},
    {"blob", IGNIS_TYPE_BYTEA},
    {"binary", IGNIS_TYPE_BYTEA},
    {"bytes", IGNIS_TYPE_BYTEA},
    {"datetime", IGNIS_TYPE_TIMESTAMP},
    {"timestamp without time zone", IGNIS_TYPE_TIMESTAMP},
    {"timestamp with time zone", IGNIS_TYPE_TIMESTAMPTZ},
    {"object", IGNIS_TYPE_JSONB},
};

static bool name_equals(const char *name, const char *given, size_t size)
{
    if (strlen(name) != size) return false;
    for (size_t i = 0; i < size; i++) {
        char c = given[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if (c != name[i]) return false;
    }
    return true;
}

static const char *alias_find(const char *name, size_t size)
{
    for (size_t i = 0; i < ARRAY_COUNT(aliases); i++) {
        if (name_equals(aliases[i].name, name, size)) return model_type_name(aliases[i].type);
    }
    return NULL;
}

static const char *name_next(const void *list, size_t i)
{
    (void)list;
    return i + 1 < ARRAY_COUNT(names) ? names[i + 1].name : NULL;
}

const char *model_type_nearest(const char *name, size_t size)
{
    size_t word_size = 0;
    while (word_size < size && name[word_size] != '(' && name[word_size] != '[') {
        word_size++;
    }
    while (word_size > 0 && name[word_size - 1] == ' ') {
        word_size--;
    }
    const char *found = alias_find(name, word_size);
    return found ? found : names_nearest(name, word_size, name_next, NULL);
}

const char *model_type_expected(const ignis_value_type *type, char buffer[64])
{
    const type_names *of = names_of(type->type);
    if (!type->array && !type->list) return of->expected;
    snprintf(buffer, 64, "a list of %s", of->several);
    return buffer;
}
