#include "property/draw.h"
#include "property/trial.h"

#include <stdio.h>
#include <string.h>

size_t draw_below(draw_random *random, size_t count)
{
    random->state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = random->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (size_t)((z ^ (z >> 31)) % count);
}

bool draw_chance(draw_random *random, size_t percent)
{
    return draw_below(random, 100) < percent;
}

/* The values of each type as JSON, few enough for ties, with their extremes. */
static const char *const values[NAIVE_TYPES_COUNT] = {
    [NAIVE_TYPE_BOOLEAN] = "[true,false]",
    [NAIVE_TYPE_SMALLINT] = "[0,1,2,-1,7,32767,-32768]",
    [NAIVE_TYPE_INTEGER] = "[0,1,2,3,-1,42,2147483647,-2147483648," TRIAL_NUMBER "]",
    [NAIVE_TYPE_BIGINT] = "[0,1,2,-1," TRIAL_NUMBER ",9007199254740993,9223372036854775807,"
                          "-9223372036854775808]",
    [NAIVE_TYPE_REAL] =
        "[0,1,1.5,-2.25,0.1,3.4028235e38,1e-45,1.1754944e-38,16777216,16777217,-100]",
    [NAIVE_TYPE_DOUBLE] = "[0,1,0.1,1.5,-2.5,1.7976931348623157e308,5e-324,9007199254740993,1e21,"
                          "1e-7,123456.789,0.30000000000000004]",
    [NAIVE_TYPE_NUMERIC] = "[\"0\",\"1.5\",\"1.50\",\"10\",\"9\",\"-0.001\",\"0.005\",\"-2.345\","
                           "\"99999999.99\",\"-12345678.901\",2,2.5]",
    [NAIVE_TYPE_TEXT] =
        "[\"\",\"a\",\"A\",\"ab\",\"Ab\",\"abc\",\"b\",\"a%b\",\"a_b\",\"a\\\\b\",\"\\u00e9\","
        "\"\\u00c9t\\u00e9\",\"\\u65e5\\u672c\",\"\\ud83d\\ude00\",\"it's \\\"q\\\"\",\" pad \","
        "\"1\",\"10\",\"5\",\"true\",\"null\",\"NULL\",\"a\\nb\",\"b\\n\",\"\\n\","
        "\"\\u042f\\u044f\",\"{a}"
        "\","
        "\"\\uff5e\",\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\",\"" TRIAL_MARK "\",\"" TRIAL_MARK
        "' OR 1=1 --\",\"" TRIAL_MARK "\\\"; $1 ?\"]",
    [NAIVE_TYPE_VARCHAR] =
        "[\"\",\"a\",\"B\",\"b\",\"ab\",\"x y\",\"\\u00fcn\\u00ef\",\"1\",\"100%\","
        "\"a_\",\"\\\\\",\"" TRIAL_MARK "'\"]",
    [NAIVE_TYPE_UUID] = "[\"00000000-0000-0000-0000-000000000000\","
                        "\"ffffffff-ffff-ffff-ffff-ffffffffffff\","
                        "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\","
                        "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12\"]",
    [NAIVE_TYPE_BYTEA] = "[\"\",\"AA==\",\"/w==\",\"AP8Q\",\"YWJj\",\"YWI=\"]",
    [NAIVE_TYPE_DATE] = "[\"2024-02-29\",\"2024-03-10\",\"1999-12-31\",\"2000-01-01\","
                        "\"0001-01-01\",\"9999-12-31\",\"infinity\",\"-infinity\"]",
    [NAIVE_TYPE_TIMESTAMP] =
        "[\"2024-03-10T10:20:30.123\",\"2024-03-10T10:20:30.123456\",\"2024-03-10T00:00:00.000\","
        "\"0001-01-01T00:00:00.000\",\"9999-12-31T23:59:59.999999\",\"infinity\",\"-infinity\","
        "\"1969-12-31T23:59:59.999\"]",
    [NAIVE_TYPE_TIMESTAMPTZ] =
        "[\"2024-03-10T10:20:30.123Z\",\"2024-03-10T10:20:30.123456Z\",\"2024-03-10T00:00:00."
        "000Z\","
        "\"0001-01-01T00:00:00.000Z\",\"9999-12-31T23:59:59.999999Z\",\"infinity\",\"-infinity\","
        "\"1969-12-31T23:59:59.999001Z\"]",
    [NAIVE_TYPE_OTHER] = "[\"00:00:00:00:00:00\",\"08:00:2b:01:02:03\",\"08:00:2b:01:02:04\","
                         "\"ff:ff:ff:ff:ff:ff\"]",
    [NAIVE_TYPE_JSON] = "[{},[],0,\"\",false]",
    [NAIVE_TYPE_JSONB] = "[{},[],0,\"\",true,\"5\",5]",
};

static naive_json *pick(draw *d, const char *list)
{
    naive_json *parsed = naive_parse(d->memory, list);
    return parsed->items[draw_below(&d->random, parsed->count)];
}

static naive_json *uuid_draw(draw *d)
{
    char text[37];
    (void)snprintf(text, sizeof(text), "%08x-0000-4000-8000-%012x",
                   (unsigned)draw_below(&d->random, 0x7FFFFFFF),
                   (unsigned)draw_below(&d->random, 0x7FFFFFFF));
    return naive_text(d->memory, text);
}

static naive_json *text_draw(draw *d)
{
    static const char *const letters[] = {"a", "b", "B",  "0",        "9",        "%",
                                          "_", "-", "\\", "\xC3\xA4", "\xC3\x84", " "};
    char text[32] = "";
    size_t size = 0;
    for (size_t i = draw_below(&d->random, 6); i > 0; i--) {
        const char *letter = letters[draw_below(&d->random, 12)];
        memcpy(text + size, letter, strlen(letter) + 1);
        size += strlen(letter);
    }
    return naive_text(d->memory, text);
}

static naive_json *fresh_draw(draw *d, naive_type type)
{
    char text[64];
    int64_t small = (int64_t)draw_below(&d->random, 200) - 100;
    switch (type) {
    case NAIVE_TYPE_SMALLINT:
    case NAIVE_TYPE_INTEGER:
    case NAIVE_TYPE_BIGINT: return naive_integer(d->memory, small);
    case NAIVE_TYPE_REAL:
    case NAIVE_TYPE_DOUBLE:
    case NAIVE_TYPE_NUMERIC:
        (void)snprintf(text, sizeof(text), "%lld.%02u", (long long)small,
                       (unsigned)draw_below(&d->random, 100));
        return type == NAIVE_TYPE_NUMERIC ? naive_text(d->memory, text)
                                          : naive_number(d->memory, text);
    case NAIVE_TYPE_TEXT:
    case NAIVE_TYPE_VARCHAR: return text_draw(d);
    case NAIVE_TYPE_UUID: return uuid_draw(d);
    case NAIVE_TYPE_DATE:
        (void)snprintf(text, sizeof(text), "2024-%02u-%02u",
                       (unsigned)draw_below(&d->random, 12) + 1,
                       (unsigned)draw_below(&d->random, 28) + 1);
        return naive_text(d->memory, text);
    default: return NULL;
    }
}

/* ---- documents ---- */

const char *draw_member(draw *d)
{
    static const char *const members[] = {"a",   "b", "n",    "tags", "user-id",
                                          "x_1", "0", "deep", "aa",   "list"};
    return members[draw_below(&d->random, 10)];
}

static naive_json *scalar_draw(draw *d)
{
    return pick(d, "[null,true,false,0,1,2,2.50,-3,1e2,10,12345678901234567890,0.001,\"1\",\"2.5\","
                   "\"abc\",\"ABC\",\"true\",\"\",\"\\u00e9\",\"it's\",\"a\\\\b\\n\",\"10\",\"-3\","
                   "\"" TRIAL_MARK "'a\"," TRIAL_NUMBER "]");
}

naive_json *draw_document(draw *d, size_t depth)
{
    size_t kind = draw_below(&d->random, depth == 0 ? 3 : 10);
    if (kind < 3) return scalar_draw(d);
    naive_json *made = naive_make(d->memory, kind < 6 ? NAIVE_LIST : NAIVE_OBJECT);
    for (size_t i = draw_below(&d->random, 5); i > 0; i--) {
        naive_json *item = draw_document(d, depth - 1);
        if (made->kind == NAIVE_LIST)
            naive_add(d->memory, made, item);
        else
            naive_set(d->memory, made, draw_member(d), item);
    }
    return made;
}

static void part_set(draw *d, naive_json *object, const char *name, naive_json *part)
{
    if (!draw_chance(&d->random, 15)) naive_set(d->memory, object, name, part);
}

static naive_json *scalars_draw(draw *d)
{
    naive_json *list = naive_make(d->memory, NAIVE_LIST);
    for (size_t i = draw_below(&d->random, 4); i > 0; i--)
        naive_add(d->memory, list, scalar_draw(d));
    return list;
}

/* Documents that have the same parts, so that paths lead somewhere in most rows. */
static naive_json *record_draw(draw *d)
{
    naive_json *made = naive_make(d->memory, NAIVE_OBJECT);
    naive_json *deep = naive_make(d->memory, NAIVE_OBJECT);
    naive_json *list = naive_make(d->memory, NAIVE_LIST);
    part_set(d, made, "n", scalar_draw(d));
    part_set(d, made, "a", scalar_draw(d));
    part_set(d, made, "tags", draw_chance(&d->random, 90) ? scalars_draw(d) : scalar_draw(d));
    part_set(d, made, "deep", deep);
    part_set(d, deep, "x_1", scalar_draw(d));
    part_set(d, deep, "list", list);
    for (size_t i = draw_below(&d->random, 3); i > 0; i--)
        naive_add(d->memory, list, draw_document(d, 1));
    return made;
}

static naive_json *document_draw(draw *d, naive_type type)
{
    size_t form = draw_below(&d->random, 100);
    if (form < 15) return pick(d, values[type]);
    if (form < 75) return record_draw(d);
    naive_json *made = naive_make(d->memory, NAIVE_NULL);
    while (made->kind == NAIVE_NULL)
        made = draw_document(d, 3);
    return made;
}

naive_json *draw_value(draw *d, const naive_column *column)
{
    if (column->is_array) {
        naive_column element = naive_element(column);
        naive_json *list = naive_make(d->memory, NAIVE_LIST);
        for (size_t i = draw_below(&d->random, 5); i > 0; i--)
            naive_add(d->memory, list,
                      draw_chance(&d->random, 10) ? naive_make(d->memory, NAIVE_NULL)
                                                  : draw_value(d, &element));
        return list;
    }
    if (column->type >= NAIVE_TYPE_JSON) return document_draw(d, column->type);
    naive_json *fresh = draw_chance(&d->random, 25) ? fresh_draw(d, column->type) : NULL;
    return fresh ? fresh : pick(d, values[column->type]);
}

/* ---- other forms ---- */

static naive_json *text_with(draw *d, const char *before, const char *text, const char *after)
{
    char made[256];
    int size = snprintf(made, sizeof(made), "%s%s%s", before, text, after);
    if (size < 0 || (size_t)size >= sizeof(made)) return naive_text(d->memory, text);
    return naive_text(d->memory, made);
}

static naive_json *upper(draw *d, const char *text)
{
    size_t size = strlen(text);
    char *made = naive_bytes(d->memory, text, size);
    for (size_t i = 0; i < size; i++)
        if (made[i] >= 'a' && made[i] <= 'z') made[i] = (char)(made[i] - 32);
    return naive_text(d->memory, made);
}

static naive_json *bytes_disguise(draw *d, const naive_column *column, naive_json *value)
{
    naive_value bytes;
    char made[64] = "\\x";
    if (!naive_value_read(d->memory, column, value, false, &bytes) || bytes.size > 20) return value;
    for (size_t i = 0; i < bytes.size; i++)
        (void)snprintf(made + 2 + 2 * i, 3, "%02x", (unsigned char)bytes.text[i]);
    return naive_text(d->memory, made);
}

static naive_json *time_disguise(draw *d, naive_type type, naive_json *value)
{
    if (strstr(value->text, "infinity")) return value;
    if (type == NAIVE_TYPE_DATE) return text_with(d, "", value->text, "T23:59:59+05:00");
    naive_json *made = naive_text(d->memory, value->text);
    char *text = naive_bytes(d->memory, value->text, value->size);
    size_t form = draw_below(&d->random, 3);
    if (form == 0 && value->size > 10) text[10] = ' ';
    if (form == 1 && text[value->size - 1] == 'Z') text[value->size - 1] = 0;
    if (form == 2 && type == NAIVE_TYPE_TIMESTAMP) return text_with(d, "", text, "-07:30");
    made->text = text;
    made->size = strlen(text);
    return made;
}

naive_json *draw_disguise(draw *d, const naive_column *column, naive_json *value)
{
    static const char *const yes[] = {"\"yes\"", "\"T\"",      "1",  "\"on\"",
                                      "\"1\"",   "\" true \"", "1.0"};
    static const char *const no[] = {"\"no\"", "\"F\"",     "0",  "\"off\"",
                                     "\"0\"",  "\"FALSE\"", "0.0"};
    const char *text = value->text;
    size_t form = draw_below(&d->random, 4);
    switch (column->type) {
    case NAIVE_TYPE_BOOLEAN:
        return naive_parse(d->memory, (value->truth ? yes : no)[draw_below(&d->random, 7)]);
    case NAIVE_TYPE_SMALLINT:
    case NAIVE_TYPE_INTEGER:
    case NAIVE_TYPE_BIGINT:
        if (form == 0) return text_with(d, " ", text, " ");
        if (form == 1 && *text != '-') return text_with(d, "+", text, "");
        return form == 2 ? naive_text(d->memory, text)
                         : naive_number(d->memory, text_with(d, "", text, ".0")->text);
    case NAIVE_TYPE_REAL:
        if (form < 2 && strchr(text, '.') && !strchr(text, 'e'))
            return text_with(d, "", text, "0000000001");
        return naive_text(d->memory, text);
    case NAIVE_TYPE_DOUBLE: return naive_text(d->memory, text);
    case NAIVE_TYPE_NUMERIC:
        if (form < 2) return naive_number(d->memory, text);
        return text_with(d, "", text, strchr(text, '.') ? "0" : "e0");
    case NAIVE_TYPE_TEXT:
    case NAIVE_TYPE_VARCHAR:
        if (strcmp(text, "true") == 0) return naive_boolean(d->memory, true);
        return strcmp(text, "1") == 0 || strcmp(text, "10") == 0 || strcmp(text, "5") == 0
                   ? naive_number(d->memory, text)
                   : value;
    case NAIVE_TYPE_UUID: return form < 2 ? upper(d, text) : text_with(d, "{", text, "}");
    case NAIVE_TYPE_BYTEA: return bytes_disguise(d, column, value);
    case NAIVE_TYPE_DATE:
    case NAIVE_TYPE_TIMESTAMP:
    case NAIVE_TYPE_TIMESTAMPTZ: return time_disguise(d, column->type, value);
    default: return value;
    }
}
