/* typed: the random values and the rows. */
#include "property/typed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIST_MAX = 6, DOCUMENT_DEPTH_MAX = 4, NUMBER_MAX = 512, DOUBLE_DIGITS_MAX = 17 };

/* xorshift64*: the same values at every run. */
static uint64_t roll(typed_maker *maker)
{
    maker->seed ^= maker->seed >> 12;
    maker->seed ^= maker->seed << 25;
    maker->seed ^= maker->seed >> 27;
    return maker->seed * UINT64_C(2685821657736338717);
}

static size_t roll_below(typed_maker *maker, size_t bound)
{
    return (size_t)(roll(maker) >> 16) % bound;
}

static void put(typed_maker *maker, const char *both)
{
    text_string(maker->given, both);
    text_string(maker->shown, both);
}

static void put_pair(typed_maker *maker, const typed_pair *pair)
{
    text_string(maker->given, pair->given);
    text_string(maker->shown, pair->shown);
}

/* ---- numbers ----------------------------------------------------------------------------------- */

static void make_boolean(typed_maker *maker)
{
    put(maker, roll_below(maker, 2) ? "true" : "false");
}

/* Of any magnitude; given as a number or as its text. */
static void integer_make(typed_maker *maker, unsigned bits)
{
    char shown[32];
    int64_t value = (int64_t)roll(maker) >> (64 - bits + roll_below(maker, bits));
    (void)snprintf(shown, sizeof(shown), "%lld", (long long)value);
    bool is_text = roll_below(maker, 4) == 0;
    text_format(maker->given, is_text ? "\"%s\"" : "%s", shown);
    text_string(maker->shown, shown);
}

static void make_smallint(typed_maker *maker)
{
    integer_make(maker, 16);
}

static void make_integer(typed_maker *maker)
{
    integer_make(maker, 32);
}

static void make_bigint(typed_maker *maker)
{
    integer_make(maker, 64);
}

/* As PostgreSQL sets digits out: the point moves within -4 <= exponent < exponent_max. */
static void number_lay_out(text *out, const char *digits, size_t count, int exponent,
                           int exponent_max)
{
    if (exponent < -4 || exponent >= exponent_max) {
        text_char(out, digits[0]);
        if (count > 1) text_char(out, '.');
        text_append(out, digits + 1, count - 1);
        text_format(out, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
        return;
    }
    if (exponent < 0) text_string(out, "0.");
    for (int i = exponent + 1; i < 0; i++) {
        text_char(out, '0');
    }
    for (size_t i = 0; i < count || (int)i <= exponent; i++) {
        if (i > 0 && (int)i == exponent + 1) text_char(out, '.');
        text_char(out, i < count ? digits[i] : '0');
    }
}

/* The least number of digits that reads back the same, by trying. */
static void float_show(text *out, double value, bool is_real)
{
    char scientific[64];
    char digits[DOUBLE_DIGITS_MAX + 1];
    if (signbit(value)) text_char(out, '-');
    for (int count = 1; count <= DOUBLE_DIGITS_MAX; count++) {
        (void)snprintf(scientific, sizeof(scientific), "%.*e", count - 1, fabs(value));
        double back = is_real ? (double)strtof(scientific, NULL) : strtod(scientific, NULL);
        if (back == fabs(value)) break;
    }
    const char *end = strchr(scientific, 'e');
    size_t count = 0;
    for (const char *at = scientific; at < end; at++) {
        if (*at != '.') digits[count++] = *at;
    }
    number_lay_out(out, digits, count, (int)strtol(end + 1, NULL, 10), is_real ? 6 : 15);
}

static void make_real(typed_maker *maker)
{
    float value;
    do {
        uint32_t bits = (uint32_t)(roll(maker) >> 32);
        memcpy(&value, &bits, sizeof(value));
    } while (!isfinite(value));
    text_format(maker->given, "%.9g", (double)value);
    float_show(maker->shown, (double)value, true);
}

static void make_double(typed_maker *maker)
{
    double value;
    do {
        uint64_t bits = roll(maker);
        memcpy(&value, &bits, sizeof(value));
    } while (!isfinite(value));
    if (roll_below(maker, 2)) value = (double)(int64_t)roll(maker) / 1000;
    text_format(maker->given, "%.17g", value);
    float_show(maker->shown, value, false);
}

/* Many zeros, so that whole groups of them come at the ends. Returns whether it is not 0. */
static bool digits_make(typed_maker *maker, char *digits, size_t count)
{
    bool is_not_zero = false;
    for (size_t i = 0; i < count; i++) {
        digits[i] = (char)(roll_below(maker, 3) ? '0' : '0' + (int)roll_below(maker, 10));
        is_not_zero = is_not_zero || digits[i] != '0';
    }
    digits[count] = '\0';
    return is_not_zero;
}

/* rest follows the digits that are shown. Zeros at the end count in a text, not in a number. */
static void numeric_write(typed_maker *maker, const char *whole, const char *fraction,
                          const char *rest, bool is_negative)
{
    bool has_end_zero = *fraction && fraction[strlen(fraction) - 1] == '0';
    const char *quote = has_end_zero || roll_below(maker, 2) ? "\"" : "";
    while (whole[0] == '0' && whole[1] != '\0') {
        whole++;
    }
    const char *sign = is_negative ? "-" : "";
    const char *point = *fraction ? "." : "";
    text_format(maker->given, "%s%s%s%s%s%s%s", quote, sign, whole, point, fraction, rest, quote);
    text_format(maker->shown, "\"%s%s%s%s\"", sign, whole, point, fraction);
}

static void make_numeric(typed_maker *maker)
{
    char whole[NUMBER_MAX];
    char fraction[NUMBER_MAX];
    bool is_not_zero = digits_make(maker, whole, 1 + roll_below(maker, 100));
    is_not_zero = digits_make(maker, fraction, roll_below(maker, 60)) || is_not_zero;
    numeric_write(maker, whole, fraction, "", is_not_zero && roll_below(maker, 2));
}

/* numeric(20, 4), with more digits than it keeps; the edges have those that round up. */
static void make_amount(typed_maker *maker)
{
    static const char *const rests[] = {"", "0", "4", "49999999999999999999", "00000001"};
    char whole[NUMBER_MAX];
    char fraction[NUMBER_MAX];
    bool is_not_zero = digits_make(maker, whole, 1 + roll_below(maker, 16));
    is_not_zero = digits_make(maker, fraction, 4) || is_not_zero;
    numeric_write(maker, whole, fraction, rests[roll_below(maker, ARRAY_COUNT(rests))],
                  is_not_zero && roll_below(maker, 2));
}

/* ---- text, bytes ------------------------------------------------------------------------------- */

static const typed_pair text_pieces[] = {
    {"a", "a"},
    {"\\\"", "\\\""},
    {"\\\\", "\\\\"},
    {"'", "'"},
    {",", ","},
    {"{", "{"},
    {"}", "}"},
    {"[", "["},
    {"$1", "$1"},
    {"%", "%"},
    {" ", " "},
    {"NULL", "NULL"},
    {"\\n", "\\n"},
    {"\\t", "\\t"},
    {"\\u0008", "\\b"},
    {"\\u000c", "\\f"},
    {"\\u001F", "\\u001f"},
    {"\\u0001", "\\u0001"},
    {"\\u007f", "\x7f"},
    {"\\/", "/"},
    {"\\u00e4", "ä"},
    {"€", "€"},
    {"\\u2028", "\xe2\x80\xa8"},
    {"\\ufffd", "\xef\xbf\xbd"},
    {"e\xcc\x81", "e\xcc\x81"},
    {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
    {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
};

static void make_text(typed_maker *maker)
{
    put(maker, "\"");
    for (size_t count = roll_below(maker, 10); count > 0; count--) {
        put_pair(maker, &text_pieces[roll_below(maker, ARRAY_COUNT(text_pieces))]);
    }
    put(maker, "\"");
}

static void make_uuid(typed_maker *maker)
{
    static const char *const forms[] = {"\"%s-%s-%s\"", "\"{%s%s%s}\"", "\"%s%s-%s\""};
    char parts[2][32];
    char lower[32];
    char upper[32];
    (void)snprintf(parts[0], sizeof(parts[0]), "%08x", (unsigned)(roll(maker) >> 32));
    (void)snprintf(lower, sizeof(lower), "%04x", (unsigned)(roll(maker) >> 48));
    (void)snprintf(upper, sizeof(upper), "%04X", (unsigned)strtoul(lower, NULL, 16));
    (void)snprintf(parts[1], sizeof(parts[1]), "%04x-%04x-%012llx", (unsigned)(roll(maker) >> 48),
                   (unsigned)(roll(maker) >> 48), (unsigned long long)(roll(maker) >> 16));
    size_t form = roll_below(maker, ARRAY_COUNT(forms));
    text_format(maker->given, forms[form], parts[0], upper, parts[1]);
    text_format(maker->shown, forms[0], parts[0], lower, parts[1]);
}

static void base64_show(text *out, const uint8_t *bytes, size_t size)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;
        if (i + 1 < size) group |= (uint32_t)bytes[i + 1] << 8;
        if (i + 2 < size) group |= bytes[i + 2];
        text_char(out, letters[group >> 18]);
        text_char(out, letters[group >> 12 & 63]);
        text_char(out, i + 1 < size ? letters[group >> 6 & 63] : '=');
        text_char(out, i + 2 < size ? letters[group & 63] : '=');
    }
}

/* Now and then all values of a byte. */
static void make_bytea(typed_maker *maker)
{
    uint8_t bytes[256];
    bool is_all = roll_below(maker, 16) == 0;
    size_t size = is_all ? sizeof(bytes) : roll_below(maker, 40);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(is_all ? i : roll(maker) >> 56);
    }
    bool is_hex = roll_below(maker, 2);
    text_string(maker->given, is_hex ? "\"\\\\x" : "\"");
    for (size_t i = 0; is_hex && i < size; i++) {
        text_format(maker->given, i % 2 ? "%02x" : "%02X", bytes[i]);
    }
    if (!is_hex) base64_show(maker->given, bytes, size);
    text_char(maker->given, '"');
    text_char(maker->shown, '"');
    base64_show(maker->shown, bytes, size);
    text_char(maker->shown, '"');
}

/* ---- times ------------------------------------------------------------------------------------- */

static void day_make(typed_maker *maker, char day[16])
{
    (void)snprintf(day, 16, "%04u-%02u-%02u", (unsigned)(1 + roll_below(maker, 9999)) & 0x3fff,
                   (unsigned)(1 + roll_below(maker, 12)) & 15,
                   (unsigned)(1 + roll_below(maker, 28)) & 31);
}

static void make_date(typed_maker *maker)
{
    char day[16];
    day_make(maker, day);
    put(maker, "\"");
    put(maker, day);
    text_string(maker->given, roll_below(maker, 2) ? "" : "T23:59:59.9");
    put(maker, "\"");
}

/* Six digits, of which the last three go where they are 0. */
static void time_make(typed_maker *maker, const char *given_zone, const char *zone)
{
    char day[16];
    char clock[16];
    char fraction[16];
    day_make(maker, day);
    (void)snprintf(clock, sizeof(clock), "%02u:%02u:%02u", (unsigned)roll_below(maker, 24) & 31,
                   (unsigned)roll_below(maker, 60) & 63, (unsigned)roll_below(maker, 60) & 63);
    (void)snprintf(fraction, sizeof(fraction), "%06u", (unsigned)roll_below(maker, 1000000));
    if (roll_below(maker, 2)) memset(fraction + 3, '0', 3);
    text_format(maker->given, "\"%s%c%s.%s%s\"", day, roll_below(maker, 2) ? 'T' : ' ', clock,
                fraction, given_zone);
    if (strcmp(fraction + 3, "000") == 0) fraction[3] = '\0';
    text_format(maker->shown, "\"%sT%s.%s%s\"", day, clock, fraction, zone);
}

static void make_timestamp(typed_maker *maker)
{
    static const char *const ignored[] = {"", "Z", "+02:00", "-11"};
    time_make(maker, ignored[roll_below(maker, ARRAY_COUNT(ignored))], "");
}

static void make_timestamptz(typed_maker *maker)
{
    static const char *const utc[] = {"", "Z", "+00:00", "-00"};
    time_make(maker, utc[roll_below(maker, ARRAY_COUNT(utc))], "Z");
}

/* ---- documents --------------------------------------------------------------------------------- */

static const typed_pair document_scalars[] = {
    {"true", "true"},
    {"false", "false"},
    {"null", "null"},
    {"0", "0"},
    {"-0", "0"},
    {"-0.0", "0.0"},
    {"1e2", "100"},
    {"1.50", "1.50"},
    {"1.5E-10", "0.00000000015"},
    {"9007199254740993", "9007199254740993"},
    {"-123456789012345678901234567890.0123456789000",
     "-123456789012345678901234567890.0123456789000"},
};

static void document_write_random(typed_maker *maker, size_t depth);

static void document_list(typed_maker *maker, size_t depth)
{
    size_t count = roll_below(maker, 4);
    put(maker, "[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_string(maker->given, " ,");
        if (i > 0) text_string(maker->shown, ", ");
        document_write_random(maker, depth);
    }
    put(maker, "]");
}

/* Keys in the order of jsonb; they are given in the opposite one. */
static void document_object(typed_maker *maker, size_t depth)
{
    static const typed_pair keys[] = {{"\"\"", "\"\""},
                                      {"\"B\"", "\"B\""},
                                      {"\"a\"", "\"a\""},
                                      {"\"zz\"", "\"zz\""},
                                      {"\"\\u00e4\"", "\"ä\""},
                                      {"\"a key\"", "\"a key\""},
                                      {"\"back\\\\\"", "\"back\\\\\""}};
    const char *given[ARRAY_COUNT(keys)];
    text *outer = maker->given;
    size_t count = 0;
    text_char(maker->shown, '{');
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
        if (roll_below(maker, 3) > 0) continue;
        text member;
        text_init(&member, maker->memory, 0);
        maker->given = &member;
        if (count > 0) text_string(maker->shown, ", ");
        put_pair(maker, &keys[i]);
        text_string(maker->given, " :");
        text_string(maker->shown, ": ");
        document_write_random(maker, depth);
        given[count++] = text_finish(&member);
    }
    text_char(maker->shown, '}');
    maker->given = outer;
    text_char(maker->given, '{');
    for (size_t i = count; i > 0; i--) {
        text_string(maker->given, given[i - 1]);
        if (i > 1) text_char(maker->given, ',');
    }
    text_char(maker->given, '}');
}

static void document_write_random(typed_maker *maker, size_t depth)
{
    size_t choice = roll_below(maker, depth < DOCUMENT_DEPTH_MAX ? 5 : 2);
    if (choice == 0) {
        make_text(maker);
    } else if (choice == 1) {
        put_pair(maker, &document_scalars[roll_below(maker, ARRAY_COUNT(document_scalars))]);
    } else if (choice == 2) {
        document_list(maker, depth + 1);
    } else {
        document_object(maker, depth + 1);
    }
}

/* JSON null would be SQL's. */
static void make_document(typed_maker *maker)
{
    put(maker, "{\"a\":");
    text_char(maker->shown, ' ');
    document_write_random(maker, 0);
    put(maker, "}");
}

/* ---- kinds ------------------------------------------------------------------------------------- */

static void make_range(typed_maker *maker)
{
    unsigned from = (unsigned)roll_below(maker, 1000);
    char range[48];
    (void)snprintf(range, sizeof(range), "\"[%u,%u)\"", from, from + 5);
    put(maker, range);
}

#define ORACLE_JSON  "to_json(e)::text"
#define ORACLE_TEXT  "to_json(e::text)::text"
#define ORACLE_BYTES "to_json(translate(encode(e, 'base64'), E'\\n', ''))::text"
#define ORACLE_TIME(zone)                                                      \
    "CASE WHEN isfinite(e) THEN to_json(regexp_replace("                       \
    "to_char(e, 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '000$', '') || '" zone "' ||" \
    " CASE WHEN e::text LIKE '% BC' THEN ' BC' ELSE '' END)::text"             \
    " ELSE to_json(e::text)::text END"

const typed_kind typed_kinds[] = {
    {"boolean", "\"type\":\"boolean\"", ORACLE_JSON, NULL, make_boolean},
    {"smallint", "\"type\":\"smallint\"", ORACLE_JSON, NULL, make_smallint},
    {"integer", "\"type\":\"integer\"", ORACLE_JSON, NULL, make_integer},
    {"bigint", "\"type\":\"bigint\"", ORACLE_JSON, NULL, make_bigint},
    {"real", "\"type\":\"real\"", NULL, "real", make_real},
    {"double", "\"type\":\"double precision\"", NULL, "double precision", make_double},
    {"numeric", "\"type\":\"numeric\"", ORACLE_TEXT, NULL, make_numeric},
    {"amount", "\"type\":\"numeric\",\"precision\":20,\"scale\":4", ORACLE_TEXT, NULL, make_amount},
    {"text", "\"type\":\"text\"", ORACLE_JSON, NULL, make_text},
    {"varchar", "\"type\":\"varchar\",\"length\":40", ORACLE_JSON, NULL, make_text},
    {"uuid", "\"type\":\"uuid\"", ORACLE_JSON, NULL, make_uuid},
    {"bytea", "\"type\":\"bytea\"", ORACLE_BYTES, NULL, make_bytea},
    {"date", "\"type\":\"date\"", ORACLE_TEXT, NULL, make_date},
    {"timestamp", "\"type\":\"timestamp\"", ORACLE_TIME(""), NULL, make_timestamp},
    {"timestamptz", "\"type\":\"timestamptz\"", ORACLE_TIME("Z"), NULL, make_timestamptz},
    {"json", "\"type\":\"json\"", "e::jsonb::text", NULL, make_document},
    {"jsonb", "\"type\":\"jsonb\"", "e::text", NULL, make_document},
    {"range", "\"type\":\"other\",\"cast\":\"int4range\"", ORACLE_TEXT, NULL, make_range},
};
const size_t typed_kinds_count = ARRAY_COUNT(typed_kinds);

/* ---- rows -------------------------------------------------------------------------------------- */

void typed_value(typed_maker *maker, const typed_kind *kind, int64_t id)
{
    size_t count = 0;
    const typed_pair *edges = typed_edges(kind->name, &count);
    if (id <= (int64_t)count) {
        put_pair(maker, &edges[id - 1]);
    } else if (roll_below(maker, 8) == 0) {
        put(maker, "null");
    } else if (roll_below(maker, 8) == 0) {
        put_pair(maker, &edges[roll_below(maker, count)]);
    } else {
        kind->make(maker);
    }
}

static void list_make(typed_maker *maker, const typed_kind *kind, int64_t id)
{
    size_t count = roll_below(maker, LIST_MAX);
    if (id > 2 && roll_below(maker, 10) == 0) {
        put(maker, "null");
        return;
    }
    put(maker, "[");
    if (id == 2) put(maker, "null");
    for (size_t i = 0; id > 2 && i < count; i++) {
        if (i > 0) put(maker, ",");
        typed_value(maker, kind, INT64_MAX);
    }
    put(maker, "]");
}

void typed_row(typed_maker *maker, int64_t id)
{
    text_format(maker->given, "{\"id\":%lld", (long long)id);
    text_format(maker->shown, "{\"id\":%lld", (long long)id);
    for (size_t i = 0; i < typed_kinds_count; i++) {
        const typed_kind *kind = &typed_kinds[i];
        text_format(maker->given, ",\"%s\":", kind->name);
        text_format(maker->shown, ",\"%s\":", kind->name);
        typed_value(maker, kind, id);
        text_format(maker->given, ",\"%sList\":", kind->name);
        text_format(maker->shown, ",\"%sList\":", kind->name);
        list_make(maker, kind, id);
    }
    put(maker, "}");
}

void typed_model(text *out)
{
    text_string(out, "{\"name\":\"Typed\",\"columns\":[");
    text_string(out, "{\"name\":\"id\",\"type\":\"bigint\",\"primaryKey\":true}");
    for (size_t i = 0; i < typed_kinds_count; i++) {
        const typed_kind *kind = &typed_kinds[i];
        text_format(out, ",{\"name\":\"%s\",%s}", kind->name, kind->type);
        text_format(out, ",{\"name\":\"%sList\",%s,\"array\":true}", kind->name, kind->type);
    }
    text_string(out, "]}");
}
