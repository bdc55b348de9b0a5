/* Values as PostgreSQL sends them in binary: the *send functions of src/backend/utils/adt. */
#include "driver/postgres.h"

enum { UUID_SIZE = 16, ARRAY_HEADER_SIZE = 12, ARRAY_DIMENSION_SIZE = 8, JSONB_VERSION = 1 };

static ignis_code fail_malformed(ignis_context *ctx, uint32_t oid)
{
    return context_fail(ctx, IGNIS_E_DATABASE, "the server sent a malformed value of the type %u",
                        (unsigned int)oid);
}

/* ---- scalars ---- */

static ignis_cell integer_cell(int64_t value)
{
    return (ignis_cell){.kind = IGNIS_CELL_INTEGER, .as.integer = value};
}

static ignis_cell text_cell(const char *data, size_t size)
{
    return (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = size, .as.text = data};
}

static ignis_cell float4_cell(const char *data)
{
    float value;
    uint32_t bits = postgres_get32(data);
    memcpy(&value, &bits, sizeof(value));
    return (ignis_cell){.kind = IGNIS_CELL_REAL, .as.real = (double)value};
}

static ignis_cell float8_cell(const char *data)
{
    double value;
    uint64_t bits = postgres_get64(data);
    memcpy(&value, &bits, sizeof(value));
    return (ignis_cell){.kind = IGNIS_CELL_REAL, .as.real = value};
}

static ignis_cell date_cell(const char *data)
{
    int32_t days = (int32_t)postgres_get32(data);
    if (days == INT32_MIN) return integer_cell(INT64_MIN);
    return integer_cell(days == INT32_MAX ? INT64_MAX : days);
}

static ignis_code uuid_decode(ignis_context *ctx, arena *memory, const char *data, ignis_cell *cell)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(memory, UUID_TEXT_SIZE);
    if (!out) return context_fail_memory(ctx, memory);
    char *at = out;
    for (int i = 0; i < UUID_SIZE; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *at++ = '-';
        *at++ = digits[(unsigned char)data[i] >> 4];
        *at++ = digits[(unsigned char)data[i] & 15];
    }
    *cell = text_cell(out, UUID_TEXT_SIZE);
    return IGNIS_OK;
}

static ignis_code numeric_decode(ignis_context *ctx, arena *memory, const char *data, size_t size,
                                 ignis_cell *cell)
{
    ignis_code code = postgres_numeric_decode(memory, data, size, cell);
    if (code == IGNIS_OK) return IGNIS_OK;
    if (code == IGNIS_E_MEMORY) return context_fail_memory(ctx, memory);
    return fail_malformed(ctx, POSTGRES_OID_NUMERIC);
}

/* Types that users made: enums and the like are sent as their text. */
static ignis_code other_decode(ignis_context *ctx, uint32_t oid, const char *data, size_t size,
                               ignis_cell *cell)
{
    if (oid < POSTGRES_OID_USER_MIN || !utf8_is_valid(data, size))
        return context_fail(ctx, IGNIS_E_UNSUPPORTED,
                            "a column of the type %u cannot be read: cast it to text",
                            (unsigned int)oid);
    *cell = text_cell(data, size);
    return IGNIS_OK;
}

/* The bytes of a type whose values are all of one size; 0: another type. */
static size_t fixed_size(uint32_t oid)
{
    switch (oid) {
    case POSTGRES_OID_BOOL: return 1;
    case POSTGRES_OID_INT2: return 2;
    case POSTGRES_OID_INT4:
    case POSTGRES_OID_OID:
    case POSTGRES_OID_FLOAT4:
    case POSTGRES_OID_DATE: return 4;
    case POSTGRES_OID_INT8:
    case POSTGRES_OID_FLOAT8:
    case POSTGRES_OID_TIMESTAMP:
    case POSTGRES_OID_TIMESTAMPTZ: return 8;
    case POSTGRES_OID_UUID: return UUID_SIZE;
    default: return 0;
    }
}

static ignis_code fixed_decode(ignis_context *ctx, arena *memory, uint32_t oid, const char *data,
                               ignis_cell *cell)
{
    switch (oid) {
    case POSTGRES_OID_BOOL: *cell = integer_cell(data[0] != 0); break;
    case POSTGRES_OID_INT2: *cell = integer_cell((int16_t)postgres_get16(data)); break;
    case POSTGRES_OID_INT4: *cell = integer_cell((int32_t)postgres_get32(data)); break;
    case POSTGRES_OID_OID: *cell = integer_cell(postgres_get32(data)); break;
    case POSTGRES_OID_FLOAT4: *cell = float4_cell(data); break;
    case POSTGRES_OID_FLOAT8: *cell = float8_cell(data); break;
    case POSTGRES_OID_DATE: *cell = date_cell(data); break;
    case POSTGRES_OID_UUID: return uuid_decode(ctx, memory, data, cell);
    default: *cell = integer_cell((int64_t)postgres_get64(data)); break;
    }
    return IGNIS_OK;
}

static ignis_code scalar_decode(ignis_context *ctx, arena *memory, uint32_t oid, const char *data,
                                size_t size, ignis_cell *cell)
{
    size_t expected = fixed_size(oid);
    if (expected > 0) {
        if (size != expected) return fail_malformed(ctx, oid);
        return fixed_decode(ctx, memory, oid, data, cell);
    }
    switch (oid) {
    case POSTGRES_OID_TEXT:
    case POSTGRES_OID_VARCHAR:
    case POSTGRES_OID_BPCHAR:
    case POSTGRES_OID_NAME:
    case POSTGRES_OID_CHAR:
    case POSTGRES_OID_UNKNOWN:
    case POSTGRES_OID_JSON:
    case POSTGRES_OID_VOID: *cell = text_cell(data, size); return IGNIS_OK;
    case POSTGRES_OID_BYTEA:
        *cell = (ignis_cell){.kind = IGNIS_CELL_BYTES, .size = size, .as.text = data};
        return IGNIS_OK;
    case POSTGRES_OID_JSONB:
        if (size < 1 || data[0] != JSONB_VERSION) return fail_malformed(ctx, oid);
        *cell = text_cell(data + 1, size - 1);
        return IGNIS_OK;
    case POSTGRES_OID_NUMERIC: return numeric_decode(ctx, memory, data, size, cell);
    default: return other_decode(ctx, oid, data, size, cell);
    }
}

/* ---- arrays ---- */

/* The type of the elements; 0: no array. */
static uint32_t element_oid(uint32_t oid)
{
    switch (oid) {
    case POSTGRES_OID_BOOL_ARRAY: return POSTGRES_OID_BOOL;
    case POSTGRES_OID_BYTEA_ARRAY: return POSTGRES_OID_BYTEA;
    case POSTGRES_OID_NAME_ARRAY: return POSTGRES_OID_NAME;
    case POSTGRES_OID_INT2_ARRAY: return POSTGRES_OID_INT2;
    case POSTGRES_OID_INT4_ARRAY: return POSTGRES_OID_INT4;
    case POSTGRES_OID_INT8_ARRAY: return POSTGRES_OID_INT8;
    case POSTGRES_OID_OID_ARRAY: return POSTGRES_OID_OID;
    case POSTGRES_OID_TEXT_ARRAY: return POSTGRES_OID_TEXT;
    case POSTGRES_OID_BPCHAR_ARRAY: return POSTGRES_OID_BPCHAR;
    case POSTGRES_OID_VARCHAR_ARRAY: return POSTGRES_OID_VARCHAR;
    case POSTGRES_OID_FLOAT4_ARRAY: return POSTGRES_OID_FLOAT4;
    case POSTGRES_OID_FLOAT8_ARRAY: return POSTGRES_OID_FLOAT8;
    case POSTGRES_OID_NUMERIC_ARRAY: return POSTGRES_OID_NUMERIC;
    case POSTGRES_OID_DATE_ARRAY: return POSTGRES_OID_DATE;
    case POSTGRES_OID_TIMESTAMP_ARRAY: return POSTGRES_OID_TIMESTAMP;
    case POSTGRES_OID_TIMESTAMPTZ_ARRAY: return POSTGRES_OID_TIMESTAMPTZ;
    case POSTGRES_OID_UUID_ARRAY: return POSTGRES_OID_UUID;
    case POSTGRES_OID_JSON_ARRAY: return POSTGRES_OID_JSON;
    case POSTGRES_OID_JSONB_ARRAY: return POSTGRES_OID_JSONB;
    default: return 0;
    }
}

/* Reads the elements, each behind its size, -1 being NULL. */
static ignis_code items_decode(ignis_context *ctx, arena *memory, uint32_t element,
                               const char *data, size_t size, ignis_cell *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (size < 4) return fail_malformed(ctx, element);
        int32_t item_size = (int32_t)postgres_get32(data);
        data += 4;
        size -= 4;
        if (item_size == -1) continue;
        if (item_size < 0 || (size_t)item_size > size) return fail_malformed(ctx, element);
        IGNIS_TRY(scalar_decode(ctx, memory, element, data, (size_t)item_size, &items[i]));
        data += item_size;
        size -= (size_t)item_size;
    }
    return size == 0 ? IGNIS_OK : fail_malformed(ctx, element);
}

static ignis_code array_decode(ignis_context *ctx, arena *memory, uint32_t oid, const char *data,
                               size_t size, ignis_cell *cell)
{
    uint32_t element = element_oid(oid);
    if (size < ARRAY_HEADER_SIZE) return fail_malformed(ctx, oid);
    int32_t dimensions = (int32_t)postgres_get32(data);
    *cell = (ignis_cell){.kind = IGNIS_CELL_LIST};
    if (postgres_get32(data + 8) != element || dimensions < 0) return fail_malformed(ctx, oid);
    if (dimensions == 0) return size == ARRAY_HEADER_SIZE ? IGNIS_OK : fail_malformed(ctx, oid);
    if (dimensions > 1)
        return context_fail(ctx, IGNIS_E_UNSUPPORTED, "an array of %d dimensions cannot be read",
                            (int)dimensions);
    const size_t start = ARRAY_HEADER_SIZE + ARRAY_DIMENSION_SIZE;
    if (size < start) return fail_malformed(ctx, oid);
    size_t count = postgres_get32(data + ARRAY_HEADER_SIZE);
    if (count > (size - start) / 4) return fail_malformed(ctx, oid);
    ignis_cell *items = arena_array(memory, count, sizeof(*items));
    if (!items) return context_fail_memory(ctx, memory);
    IGNIS_TRY(items_decode(ctx, memory, element, data + start, size - start, items, count));
    cell->size = count;
    cell->as.items = items;
    return IGNIS_OK;
}

ignis_code postgres_decode(ignis_context *ctx, arena *memory, uint32_t oid, const char *data,
                           size_t size, ignis_cell *cell)
{
    if (element_oid(oid) != 0) return array_decode(ctx, memory, oid, data, size, cell);
    return scalar_decode(ctx, memory, oid, data, size, cell);
}
