#include "property/paths.h"

#include "ignis.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char *const keys[] = {"a", "b", "ab", "user-id", "_x", "null", "NULL", "0", "1", "12"};

static const char *const scalars[] = {"3",
                                      "3.0",
                                      "3.00",
                                      "0",
                                      "-0",
                                      "-0.0",
                                      "1",
                                      "1.50",
                                      "1e2",
                                      "1E-3",
                                      "100",
                                      "-2.5",
                                      "0.1",
                                      "12345678901234567890",
                                      "9007199254740993",
                                      "9007199254740992",
                                      "1e30",
                                      "100000000000000000000000000000.5",
                                      "true",
                                      "false",
                                      "null",
                                      "\"3\"",
                                      "\"3.0\"",
                                      "\"-0\"",
                                      "\"007\"",
                                      "\"1e2\"",
                                      "\"+3\"",
                                      "\"3 \"",
                                      "\"1.\"",
                                      "\".5\"",
                                      "\"-\"",
                                      "\"3\\n\"",
                                      "\"\xd9\xa3\"",
                                      "\"true\"",
                                      "\"null\"",
                                      "\"\"",
                                      "\"abc\"",
                                      "\"ABC\"",
                                      "\"a%\"",
                                      "\"\\u00e9\\n\\\"\\\\\"",
                                      "\"\xc3\xa9\"",
                                      "\"\xf0\x9f\x98\x80\"",
                                      "\"\\ud83d\\ude00\"",
                                      "\"[1]\"",
                                      "\"99999999999999999999999999\"",
                                      "\"{\\\"a\\\": 1}\""};

uint64_t paths_random(paths_maker *maker, uint64_t below)
{
    maker->seed ^= maker->seed >> 12;
    maker->seed ^= maker->seed << 25;
    maker->seed ^= maker->seed >> 27;
    return (maker->seed * 0x2545f4914f6cdd1dU >> 33) % below;
}

#define PICK(maker, list) ((list)[paths_random((maker), ARRAY_COUNT(list))])

/* ---- documents ---------------------------------------------------------------------------------- */

static void space_write(paths_maker *maker, text *out, bool is_foreign)
{
    static const char *const spaces[] = {"", " ", "\n\t", "  "};
    if (is_foreign) text_string(out, PICK(maker, spaces));
}

static void value_write(paths_maker *maker, text *out, unsigned depth, bool is_foreign);

static void object_write(paths_maker *maker, text *out, unsigned depth, bool is_foreign)
{
    bool is_first = true;
    text_char(out, '{');
    for (size_t round = 0; round < (is_foreign ? 2 : 1); round++) {
        size_t from = (size_t)paths_random(maker, ARRAY_COUNT(keys));
        for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
            if (paths_random(maker, 3 + 3 * round) != 0) continue;
            if (!is_first) text_char(out, ',');
            is_first = false;
            space_write(maker, out, is_foreign);
            text_format(out, "\"%s\"", keys[(from + i) % ARRAY_COUNT(keys)]);
            space_write(maker, out, is_foreign);
            text_char(out, ':');
            value_write(maker, out, depth + 1, is_foreign);
        }
    }
    space_write(maker, out, is_foreign);
    text_char(out, '}');
}

static void array_write(paths_maker *maker, text *out, unsigned depth, bool is_foreign)
{
    uint64_t count = paths_random(maker, 4);
    text_char(out, '[');
    for (uint64_t i = 0; i < count; i++) {
        if (i > 0) text_char(out, ',');
        value_write(maker, out, depth + 1, is_foreign);
    }
    text_char(out, ']');
}

static void value_write(paths_maker *maker, text *out, unsigned depth, bool is_foreign)
{
    uint64_t kind = paths_random(maker, 10);
    space_write(maker, out, is_foreign);
    if (depth == 0) kind /= 2;
    if (depth < 4 && kind < 3) {
        object_write(maker, out, depth, is_foreign);
    } else if (depth < 4 && kind < 5) {
        array_write(maker, out, depth, is_foreign);
    } else {
        text_string(out, PICK(maker, scalars));
    }
    space_write(maker, out, is_foreign);
}

void paths_document(paths_maker *maker, text *out, bool is_foreign)
{
    value_write(maker, out, paths_random(maker, 10) == 0 ? 4 : 0, is_foreign);
}

/* ---- tables ------------------------------------------------------------------------------------- */

enum { PARENTS_COUNT = 7 };

const char *paths_rows(paths_maker *maker, uint64_t count)
{
    text docs;
    text out;
    text_init(&docs, maker->memory, 0);
    text_init(&out, maker->memory, 0);
    for (uint64_t i = 0; i < count; i++) {
        text_format(&docs, "%s{\"id\":%d", i == 0 ? "" : ",", (int)i);
        if (paths_random(maker, 10) != 0) {
            text_string(&docs, ",\"doc\":");
            paths_document(maker, &docs, false);
        }
        if (paths_random(maker, 10) != 0) {
            text_string(&docs, ",\"raw\":");
            paths_document(maker, &docs, false);
        }
        text_format(&docs, ",\"parentId\":%d}", (int)paths_random(maker, PARENTS_COUNT));
    }
    const char *list = text_finish(&docs);
    assert_non_null(list);
    text_string(&out, "{\"Parent\":[");
    for (int i = 0; i < PARENTS_COUNT; i++)
        text_format(&out, "%s{\"id\":%d}", i == 0 ? "" : ",", i);
    text_string(&out, "],\"Doc\":[");
    text_string(&out, list);
    text_string(&out, "],\"Bare\":[");
    text_string(&out, list);
    for (int i = 1; i <= PATHS_KEPT; i++) {
        text_format(&out, "],\"Kept%d\":[", i);
        text_string(&out, list);
    }
    text_string(&out, "]}");
    return text_finish(&out);
}

/* The columns of a model over documents. */
static const char columns[] = "\"columns\":" J([
    {"name" : "id", "type" : "bigint", "primaryKey" : true}, {"name" : "doc", "type" : "jsonb"},
    {"name" : "raw", "type" : "json"}, {"name" : "parentId", "type" : "bigint"}
]);

static const char *const kept[PATHS_KEPT] = {
    J({"doc.a" : {"$context" : "given"}}),
    J({"doc.a" : {"ne" : {"$context" : "given"}}}),
    J({"not" : {"raw.a" : {"gt" : {"$context" : "given"}}}}),
    J({"doc.a" : {"lte" : {"$context" : "given"}}}),
    J({"raw.a" : {"in" : {"$context" : "given"}}}),
    J({"doc.a" : {"nin" : {"$context" : "given"}}}),
    J({"not" : {"doc.a" : {"contains" : {"$context" : "given"}}}}),
    J({"doc.a" : {"between" : [ 0, {"$context" : "given"} ]}, "doc" : {"ne" : {"b" : 1}}}),
    J({"or" : [ {"doc.b" : [ 3, "abc", {"a" : 1} ]}, {"doc" : {"$context" : "given"}} ]}),
};

const char *paths_models(arena *memory)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, "{\"models\":[{\"name\":\"Doc\",");
    text_string(&out, columns);
    text_string(&out, ",\"indexes\":[{\"columns\":[\"parentId\"]}]},{\"name\":\"Bare\",");
    text_string(&out, columns);
    text_string(&out, "},");
    for (int i = 0; i < PATHS_KEPT; i++) {
        text_format(&out, "{\"name\":\"Kept%d\",", i + 1);
        text_string(&out, columns);
        text_string(&out, ",\"settings\":{\"defaultFilter\":{\"where\":");
        text_string(&out, kept[i]);
        text_string(&out, "}}},");
    }
    text_string(&out, "{\"name\":\"Parent\",\"columns\":[{\"name\":\"id\",\"type\":\"bigint\","
                      "\"primaryKey\":true}],\"relations\":[");
    text_string(&out, "{\"name\":\"docs\",\"type\":\"many\",\"model\":\"Doc\",\"fields\":[\"id\"],"
                      "\"references\":[\"parentId\"]},{\"name\":\"bares\",\"type\":\"many\","
                      "\"model\":\"Bare\",\"fields\":[\"id\"],\"references\":[\"parentId\"]}]}]}");
    const char *models = text_finish(&out);
    assert_non_null(models);
    return models;
}

/* ---- filters ------------------------------------------------------------------------------------ */

const char *paths_steps(paths_maker *maker)
{
    text out;
    text_init(&out, maker->memory, 0);
    uint64_t count = paths_random(maker, 4);
    text_char(&out, '{');
    for (uint64_t i = 0; i < count; i++)
        text_format(&out, "%s\"%s\"", i == 0 ? "" : ",", PICK(maker, keys));
    text_char(&out, '}');
    return text_finish(&out);
}

static void name_write(paths_maker *maker, text *out)
{
    uint64_t count = 1 + paths_random(maker, 3);
    text_string(out, paths_random(maker, 3) == 0 ? "raw" : "doc");
    if (paths_random(maker, 8) == 0) return;
    for (uint64_t i = 0; i < count; i++)
        text_format(out, paths_random(maker, 2) ? ".%s" : "[%s]", PICK(maker, keys));
}

static void operand_write(paths_maker *maker, text *out)
{
    uint64_t kind = paths_random(maker, 8);
    if (kind == 0) {
        array_write(maker, out, 3, false);
    } else if (kind == 1) {
        text_string(out, "{\"a\":");
        text_string(out, PICK(maker, scalars));
        text_char(out, '}');
    } else {
        text_string(out, PICK(maker, scalars));
    }
}

const char *paths_operand(paths_maker *maker)
{
    text out;
    text_init(&out, maker->memory, 0);
    operand_write(maker, &out);
    return text_finish(&out);
}

static void list_write(paths_maker *maker, text *out, uint64_t count, bool is_scalar)
{
    text_char(out, '[');
    for (uint64_t i = 0; i < count; i++) {
        if (i > 0) text_char(out, ',');
        if (is_scalar) {
            text_string(out, PICK(maker, scalars));
        } else {
            operand_write(maker, out);
        }
    }
    text_char(out, ']');
}

static void operator_write(paths_maker *maker, text *out)
{
    static const char *const comparisons[] = {"eq", "ne", "gt", "gte", "lt", "lte"};
    static const char *const patterns[] = {"like", "nlike", "ilike", "startsWith", "endsWith"};
    static const char *const checks[] = {"isNull", "isNotNull", "exists", "notExists"};
    static const char *const sets[] = {"contains", "containedBy", "overlaps"};
    static const char *const lists[] = {"in", "nin"};
    static const char *const ends[] = {"between", "notBetween"};
    static const char *const texts[] = {"\"3%\"", "\"a\"", "\"%\"", "\"\"", "\"_\"", "3"};
    switch (paths_random(maker, 9)) {
    case 0: text_format(out, "\"%s\":%s", PICK(maker, patterns), PICK(maker, texts)); break;
    case 1:
        text_format(out, "\"%s\":%s", PICK(maker, checks),
                    paths_random(maker, 2) ? "true" : "false");
        break;
    case 2:
        text_format(out, "\"%s\":", PICK(maker, sets));
        list_write(maker, out, paths_random(maker, 4), true);
        break;
    case 3:
        text_format(out, "\"%s\":", PICK(maker, lists));
        list_write(maker, out, paths_random(maker, 5), false);
        break;
    case 4:
        text_format(out, "\"%s\":", PICK(maker, ends));
        list_write(maker, out, 2, false);
        break;
    default:
        text_format(out, "\"%s\":", PICK(maker, comparisons));
        operand_write(maker, out);
        break;
    }
}

static void where_write(paths_maker *maker, text *out, unsigned depth)
{
    uint64_t kind = paths_random(maker, 6);
    text_char(out, '{');
    if (depth < 2 && kind == 0) {
        text_string(out, "\"not\":");
        where_write(maker, out, depth + 1);
    } else if (depth < 2 && kind == 1) {
        text_string(out, paths_random(maker, 2) ? "\"or\":[" : "\"and\":[");
        where_write(maker, out, depth + 1);
        text_char(out, ',');
        where_write(maker, out, depth + 1);
        text_char(out, ']');
    } else {
        text_char(out, '"');
        name_write(maker, out);
        text_string(out, "\":");
        if (kind == 2) {
            operand_write(maker, out);
        } else {
            text_char(out, '{');
            operator_write(maker, out);
            text_char(out, '}');
        }
    }
    text_char(out, '}');
}

static void order_write(paths_maker *maker, text *out)
{
    static const char *const words[] = {"", " ASC", " DESC", " NULLS FIRST", " DESC NULLS LAST"};
    text_string(out, "\"order\":[\"");
    name_write(maker, out);
    text_string(out, PICK(maker, words));
    text_string(out, "\",\"");
    name_write(maker, out);
    text_string(out, "\"]");
}

const char *paths_filter(paths_maker *maker)
{
    text out;
    text_init(&out, maker->memory, 0);
    text_string(&out, "{\"fields\":[\"id\"],\"where\":");
    where_write(maker, &out, 0);
    text_char(&out, ',');
    order_write(maker, &out);
    text_char(&out, '}');
    return text_finish(&out);
}

const char *paths_nested(paths_maker *maker)
{
    static const char *const relations[] = {"docs", "bares"};
    text out;
    text_init(&out, maker->memory, 0);
    text_string(&out, "{\"order\":[\"id\"],\"include\":[");
    for (size_t i = 0; i < ARRAY_COUNT(relations); i++) {
        text_format(&out, "%s{\"relation\":\"%s\",\"scope\":{\"fields\":[\"id\"],\"where\":",
                    i == 0 ? "" : ",", relations[i]);
        where_write(maker, &out, 0);
        text_char(&out, ',');
        order_write(maker, &out);
        text_format(&out, ",\"limit\":%d}}", (int)paths_random(maker, 4));
    }
    text_string(&out, "]}");
    return text_finish(&out);
}
