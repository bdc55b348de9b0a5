/* typed: the values at the ends of each type, and in odd spellings. */
#include "property/typed.h"

#define DIGITS_50 "12345678901234567890123456789012345678901234567890"
#define SAME(value)  \
    {                \
        value, value \
    }
#define NESTED_8   "[[[[[[[["
#define UNNESTED_8 "]]]]]]]]"

static const typed_pair boolean_edges[] = {
    SAME("true"), SAME("false"), {"\"yes\"", "true"}, {"1", "true"}, {"\"f\"", "false"}};
static const typed_pair smallint_edges[] = {
    SAME("-32768"), SAME("32767"), SAME("0"), {"\"-1\"", "-1"}, {"1.0", "1"}};
static const typed_pair integer_edges[] = {
    SAME("-2147483648"), SAME("2147483647"), SAME("0"), {"\" 7 \"", "7"}, {"1e3", "1000"}};
static const typed_pair bigint_edges[] = {SAME("-9223372036854775808"),
                                          SAME("9223372036854775807"),
                                          SAME("9007199254740991"),
                                          SAME("9007199254740993"),
                                          {"\"-9007199254740993\"", "-9007199254740993"}};
static const typed_pair real_edges[] = {SAME("0"),
                                        SAME("1e-45"),
                                        SAME("-1.1754942e-38"),
                                        SAME("1.1754944e-38"),
                                        SAME("3.4028235e+38"),
                                        {"16777216", "1.6777216e+07"},
                                        {"16777217", "1.6777216e+07"},
                                        SAME("123456"),
                                        SAME("0.0001"),
                                        {"0.00001", "1e-05"},
                                        {"0.1", "0.1"},
                                        {"\"1e21\"", "1e+21"}};
static const typed_pair double_edges[] = {SAME("0"),
                                          SAME("5e-324"),
                                          SAME("-2.225073858507201e-308"),
                                          SAME("2.2250738585072014e-308"),
                                          SAME("1.7976931348623157e+308"),
                                          SAME("-1.7976931348623157e+308"),
                                          {"9007199254740993", "9.007199254740992e+15"},
                                          {"9007199254740991", "9.007199254740991e+15"},
                                          {"1e20", "1e+20"},
                                          {"1000000000000000000000", "1e+21"},
                                          {"0.000001", "1e-06"},
                                          {"0.0000001", "1e-07"},
                                          SAME("123456789012345"),
                                          SAME("0.0001"),
                                          {"\"0.30000000000000004\"", "0.30000000000000004"}};
static const typed_pair numeric_edges[] = {
    {DIGITS_50 DIGITS_50, "\"" DIGITS_50 DIGITS_50 "\""},
    {"\"-" DIGITS_50 "." DIGITS_50 "000\"", "\"-" DIGITS_50 "." DIGITS_50 "000\""},
    {"-0", "\"0\""},
    {"\"-0.000\"", "\"0.000\""},
    {"1e20", "\"100000000000000000000\""},
    {"\"1.50e-7\"", "\"0.000000150\""},
    {"1.50e-7", "\"0.00000015\""},
    {"\"+.5\"", "\"0.5\""},
    {"\"00012.50\"", "\"12.50\""},
    {"\"10000.00010000\"", "\"10000.00010000\""}};
static const typed_pair amount_edges[] = {{"0.00005", "\"0.0001\""},
                                          {"-0.00005", "\"-0.0001\""},
                                          {"-0.00004999", "\"0.0000\""},
                                          {"2.99995", "\"3.0000\""},
                                          {"9999999999999999.99994", "\"9999999999999999.9999\""},
                                          {"\"-1e15\"", "\"-1000000000000000.0000\""},
                                          {"1", "\"1.0000\""}};
static const typed_pair text_edges[] = {SAME("\"\""),
                                        SAME("\"NULL\""),
                                        {"5", "\"5\""},
                                        {"true", "\"true\""},
                                        SAME("\" \""),
                                        SAME("\"{\\\"a\\\",b}\""),
                                        SAME("\"\xf4\x8f\xbf\xbf\""),
                                        SAME("\"[1, 2]\"")};
static const typed_pair uuid_edges[] = {
    SAME("\"00000000-0000-0000-0000-000000000000\""),
    SAME("\"ffffffff-ffff-ffff-ffff-ffffffffffff\""),
    {"\"A0EEBC999C0B4EF8BB6D6BB9BD380A11\"", "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\""}};
static const typed_pair bytea_edges[] = {
    SAME("\"\""), SAME("\"AA==\""), {"\"\\\\x\"", "\"\""}, {"\"\\\\x00fF\"", "\"AP8=\""}};
static const typed_pair date_edges[] = {SAME("\"0001-01-01\""), SAME("\"9999-12-31\""),
                                        SAME("\"infinity\""),   SAME("\"-infinity\""),
                                        SAME("\"2024-02-29\""), SAME("\"1900-02-28\"")};
static const typed_pair timestamp_edges[] = {
    {"\"0001-01-01\"", "\"0001-01-01T00:00:00.000\""},
    {"\"9999-12-31 23:59:59.999999\"", "\"9999-12-31T23:59:59.999999\""},
    SAME("\"infinity\""),
    SAME("\"-infinity\""),
    {"\"2024-02-29T10:20:30.0000006+05\"", "\"2024-02-29T10:20:30.000001\""},
    {"\"1999-12-31T24:00\"", "\"2000-01-01T00:00:00.000\""}};
static const typed_pair timestamptz_edges[] = {
    {"\"0001-01-01T00:00:00.000001\"", "\"0001-01-01T00:00:00.000001Z\""},
    {"\"9999-12-31 23:59:59.999999Z\"", "\"9999-12-31T23:59:59.999999Z\""},
    SAME("\"infinity\""),
    SAME("\"-infinity\""),
    {"\"2024-03-10 10:20:30.5+02\"", "\"2024-03-10T08:20:30.500Z\""},
    {"\"2024-03-10T00:00:00-11:30\"", "\"2024-03-10T11:30:00.000Z\""},
    {"\"2024-02-29\"", "\"2024-02-29T00:00:00.000Z\""}};
static const typed_pair document_edges[] = {
    SAME("{}"),
    SAME("[]"),
    SAME("\"5\""),
    SAME("5"),
    SAME("false"),
    {"[1,2]", "[1, 2]"},
    {"{\"bb\":1,\"a\":{\"c\":[]}}", "{\"a\": {\"c\": []}, \"bb\": 1}"},
    {"1e40", "10000000000000000000000000000000000000000"},
    {"\"\\ud83d\\ude00 \\u0001\"", "\"\xf0\x9f\x98\x80 \\u0001\""},
    SAME(NESTED_8 NESTED_8 NESTED_8 NESTED_8 NESTED_8 NESTED_8 NESTED_8 NESTED_8 NESTED_8 NESTED_8
             UNNESTED_8 UNNESTED_8 UNNESTED_8 UNNESTED_8 UNNESTED_8 UNNESTED_8 UNNESTED_8 UNNESTED_8
                 UNNESTED_8 UNNESTED_8)};
static const typed_pair range_edges[] = {SAME("\"empty\""), SAME("\"(,)\""), SAME("\"[-5,)\"")};

static const struct {
    const char *name;
    const typed_pair *edges;
    size_t edges_count;
} kinds[] = {
    {"boolean", boolean_edges, ARRAY_COUNT(boolean_edges)},
    {"smallint", smallint_edges, ARRAY_COUNT(smallint_edges)},
    {"integer", integer_edges, ARRAY_COUNT(integer_edges)},
    {"bigint", bigint_edges, ARRAY_COUNT(bigint_edges)},
    {"real", real_edges, ARRAY_COUNT(real_edges)},
    {"double", double_edges, ARRAY_COUNT(double_edges)},
    {"numeric", numeric_edges, ARRAY_COUNT(numeric_edges)},
    {"amount", amount_edges, ARRAY_COUNT(amount_edges)},
    {"text", text_edges, ARRAY_COUNT(text_edges)},
    {"uuid", uuid_edges, ARRAY_COUNT(uuid_edges)},
    {"bytea", bytea_edges, ARRAY_COUNT(bytea_edges)},
    {"date", date_edges, ARRAY_COUNT(date_edges)},
    {"timestamp", timestamp_edges, ARRAY_COUNT(timestamp_edges)},
    {"timestamptz", timestamptz_edges, ARRAY_COUNT(timestamptz_edges)},
    {"range", range_edges, ARRAY_COUNT(range_edges)},
    {"varchar", text_edges, ARRAY_COUNT(text_edges)},
    {"json", document_edges, ARRAY_COUNT(document_edges)},
    {"jsonb", document_edges, ARRAY_COUNT(document_edges)},
};

const typed_pair *typed_edges(const char *name, size_t *count)
{
    size_t i = 0;
    while (strcmp(kinds[i].name, name) != 0) {
        i++;
    }
    *count = kinds[i].edges_count;
    return kinds[i].edges;
}
