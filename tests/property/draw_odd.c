#include "property/draw.h"

/* Texts and numbers at the edges of what a type takes, on both sides of them. */
static const char *const odd[NAIVE_TYPES_COUNT] = {
    [NAIVE_TYPE_BOOLEAN] = "[\"t\",\"ye\",\"of\",\"o\",\"2\",2,\"\",\"T \",0.0,\"10\",\"tru\",[]]",
    [NAIVE_TYPE_SMALLINT] = "[\"1e3\",\"1.0\",32768,-32769,\"\",\"--1\",1e2,1.5,true,\"- 1\"]",
    [NAIVE_TYPE_INTEGER] =
        "[\"1e3\",\"0x10\",\"1_000\",3000000000,\" 1\\t\",\"1 2\",1e2,100e-2,true]",
    [NAIVE_TYPE_BIGINT] = "[\"9223372036854775808\",9223372036854775808,-9223372036854775809,"
                          "\"+9223372036854775807\",1e18,1e19,\"1.\",{\"a\":1}]",
    [NAIVE_TYPE_REAL] =
        "[\"1e39\",1e39,\"1e-50\",\".5\",\"5.\",\"NaN\",\"1e\",true,\"1,5\",\" 1.5 \"]",
    [NAIVE_TYPE_DOUBLE] =
        "[\"1e400\",1e400,\"1e-400\",\".5\",\"5.\",\"inf\",\"Infinity\",\"e5\",false]",
    [NAIVE_TYPE_NUMERIC] = "[\".5\",\"5.\",\"1e3\",\"NaN\",\"infinity\",\" 1.5 \",\"+1.5\",true,"
                           "\"1.5.5\",\"\",1.50,\"1e-3\"]",
    [NAIVE_TYPE_TEXT] = "[1.0,1e3,true,0.10,-0,[[\"a\"]],{\"a\":1},12345678901234567890123,-1.50]",
    [NAIVE_TYPE_VARCHAR] =
        "[1.0,false,\"a longer text than the column can ever have, by many letters\"]",
    [NAIVE_TYPE_UUID] =
        "[\"a0eebc999c0b4ef8bb6d6bb9bd380a11\",\"{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\","
        "\"a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11\",\"\",1,"
        "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1\",\"a0eebc999c-0b4ef8bb6d6bb9bd380a11\"]",
    [NAIVE_TYPE_BYTEA] =
        "[\"abc\",\"\\\\x0\",\"\\\\xZZ\",\"\\\\x00fF\",\"=\",\"A===\",\"AA=\",\"_-8=\",1]",
    [NAIVE_TYPE_DATE] = "[\"2024-02-30\",\"2024-13-01\",\"2023-02-29\",\"2024-02-29T10:20\","
                        "\"today\",\"2024-00-10\",5,\"\",\"2024-03-10T10:20:30.5-08:00\",true]",
    [NAIVE_TYPE_TIMESTAMP] =
        "[\"2024-03-10T10:20\",\"2024-03-10T25:00:00\",\"2024-03-10\",\"2024-03-10T10:20:30."
        "1234567\","
        "\"2024-03-10T10:60:00\",\"now\",\"2024-03-10T10:20:30Z\",\"2024-03-10T10:20:30+05\",5]",
    [NAIVE_TYPE_TIMESTAMPTZ] = "[\"2024-03-10T12:20:30.123+02:00\",\"2024-03-10T10:20:30.123\","
                               "\"2024-03-10T05:20:30.123-0500\","
                               "\"2024-03-10T10:20:30.1234560000Z\",\"2024-03-10T10:20:30."
                               "1234564Z\",\"2024-03-10T10:20Z\","
                               "\"2024-03-10T10:20:30X\",\"2024-03-10 "
                               "00:00:00+00\",\"2024-03-09T19:00:00-05\",\"yesterday\"]",
    [NAIVE_TYPE_OTHER] = "[[],{},{\"a\":1},[[\"a\"]]]",
    [NAIVE_TYPE_JSON] = "[\"{}\",\"5\",[[1]],true]",
    [NAIVE_TYPE_JSONB] = "[\"{}\",\"5\",[[1]],[{}],true,1.0,5.00]",
};

naive_json *draw_odd(draw *d, const naive_column *column)
{
    naive_json *list = naive_parse(d->memory, odd[column->type]);
    return list->items[draw_below(&d->random, list->count)];
}
