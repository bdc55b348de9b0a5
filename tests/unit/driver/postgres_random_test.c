#include "postgres_session.h"
#include "support/server.h"

#include <inttypes.h>
#include <math.h>

/* The oracle of every value is the server: what it says of a value as text, or as a number. */

enum { VALUES_COUNT = 10000, SLICE_COUNT = 500, TEXT_MAX = 64 };

/* xorshift64*: the same values at every run. */
typedef struct dice {
    uint64_t state;
} dice;

static uint64_t dice_roll(dice *self)
{
    self->state ^= self->state >> 12;
    self->state ^= self->state << 25;
    self->state ^= self->state >> 27;
    return self->state * UINT64_C(2685821657736338717);
}

static size_t dice_below(dice *self, size_t bound)
{
    return (size_t)(dice_roll(self) % bound);
}

/* Makes a value in cell; text of it is written to buffer. */
typedef void (*value_make)(dice *random, ignis_cell *cell, char buffer[TEXT_MAX]);
/* Whether the cell is what the server says. */
typedef bool (*value_judge)(const ignis_cell *sent, const ignis_cell *cell, const ignis_cell *said);

typedef struct random_case {
    ignis_type type;
    const char *said; /* the server's own account of v */
    value_make make;
    value_judge judge;
} random_case;

static void make_smallint(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    (void)buffer;
    *cell = cell_integer((int16_t)dice_roll(random));
}

static void make_integer(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    (void)buffer;
    *cell = cell_integer((int32_t)dice_roll(random));
}

static void make_bigint(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    (void)buffer;
    *cell = cell_integer((int64_t)dice_roll(random) >> dice_below(random, 64));
}

static void make_boolean(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    (void)buffer;
    *cell = cell_integer((int64_t)dice_below(random, 2));
}

static void make_double(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    (void)buffer;
    double value;
    do {
        uint64_t bits = dice_roll(random);
        memcpy(&value, &bits, sizeof(value));
    } while (isnan(value));
    *cell = cell_real(value);
}

static void make_real(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    (void)buffer;
    float value;
    do {
        uint32_t bits = (uint32_t)(dice_roll(random) >> 32);
        memcpy(&value, &bits, sizeof(value));
    } while (isnan(value));
    *cell = cell_real((double)value);
}

static void make_numeric(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    size_t size = 0;
    size_t whole = dice_below(random, 25);
    size_t fraction = dice_below(random, 25);
    if (dice_below(random, 2)) buffer[size++] = '-';
    for (size_t i = 0; i <= whole + fraction; i++) {
        /* Many zeros, so that whole groups of them come at the ends. */
        size_t digit = dice_below(random, 3) ? 0 : dice_below(random, 10);
        buffer[size++] = (char)('0' + digit);
        if (i == whole && fraction > 0) buffer[size++] = '.';
    }
    *cell = cell_bytes(buffer, size);
    cell->kind = IGNIS_CELL_TEXT;
}

static void make_text(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    static const char *const pieces[] = {"a", "\"", "\\", "'", ",", "{",
                                         "}", "\n", "ä",  "€", "😀", " "};
    size_t size = 0;
    for (size_t count = dice_below(random, 14); count > 0; count--) {
        const char *piece = pieces[dice_below(random, ARRAY_COUNT(pieces))];
        memcpy(buffer + size, piece, strlen(piece));
        size += strlen(piece);
    }
    *cell = (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = size, .as.text = buffer};
}

static void make_bytes(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    size_t size = dice_below(random, TEXT_MAX / 2);
    for (size_t i = 0; i < size; i++) {
        buffer[i] = (char)dice_roll(random);
    }
    *cell = cell_bytes(buffer, size);
}

static void make_uuid(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    uint64_t a = dice_roll(random), b = dice_roll(random);
    int size =
        snprintf(buffer, TEXT_MAX, "%08x-%04x-%04x-%04x-%012" PRIx64, (unsigned int)(a >> 32),
                 (unsigned int)(a >> 16 & 0xffff), (unsigned int)(a & 0xffff),
                 (unsigned int)(b >> 48), b & UINT64_C(0xffffffffffff));
    assert_int_equal(size, UUID_TEXT_SIZE);
    *cell = cell_text(buffer);
}

static void make_date(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    (void)buffer;
    /* 4713-11-24 BC to 5874897-12-31: PostgreSQL's range. */
    *cell = cell_integer((int64_t)dice_below(random, 2145031949 + 2451507) - 2451507);
}

static void make_timestamp(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    (void)buffer;
    int64_t value;
    do {
        value = (int64_t)dice_roll(random) >> dice_below(random, 40);
    } while (value < -INT64_C(211813488000000000) || value >= INT64_C(9223371331200000000));
    *cell = cell_integer(value);
}

static void make_document(dice *random, ignis_cell *cell, char buffer[TEXT_MAX])
{
    int size = snprintf(buffer, TEXT_MAX, "{\"k\": [%d, \"v%d\", null, %s]}",
                        (int)dice_below(random, 1000), (int)dice_below(random, 1000),
                        dice_below(random, 2) ? "true" : "1.50");
    assert_true(size > 0 && size < TEXT_MAX);
    *cell = cell_text(buffer);
}

static bool bytes_equal(const ignis_cell *a, const ignis_cell *b)
{
    return a->kind == b->kind && a->size == b->size &&
           (a->size == 0 || memcmp(a->as.text, b->as.text, a->size) == 0);
}

/* The server's number is the cell. */
static bool judge_integer(const ignis_cell *sent, const ignis_cell *cell, const ignis_cell *said)
{
    int64_t value = 0;
    return number_integer(said->as.text, said->size, &value) && value == cell->as.integer &&
           value == sent->as.integer && cell->kind == IGNIS_CELL_INTEGER;
}

static bool judge_boolean(const ignis_cell *sent, const ignis_cell *cell, const ignis_cell *said)
{
    bool value = said->as.text[0] == 't';
    return cell->kind == IGNIS_CELL_INTEGER && cell->as.integer == value &&
           sent->as.integer == value;
}

static bool reals_same(double a, double b)
{
    return memcmp(&a, &b, sizeof(a)) == 0;
}

static bool judge_double(const ignis_cell *sent, const ignis_cell *cell, const ignis_cell *said)
{
    char buffer[TEXT_MAX] = "";
    memcpy(buffer, said->as.text, said->size < TEXT_MAX ? said->size : TEXT_MAX - 1);
    return reals_same(cell->as.real, sent->as.real) &&
           reals_same(cell->as.real, strtod(buffer, NULL));
}

static bool judge_real(const ignis_cell *sent, const ignis_cell *cell, const ignis_cell *said)
{
    char buffer[TEXT_MAX] = "";
    memcpy(buffer, said->as.text, said->size < TEXT_MAX ? said->size : TEXT_MAX - 1);
    return reals_same(cell->as.real, sent->as.real) &&
           reals_same(cell->as.real, (double)strtof(buffer, NULL));
}

static bool judge_text(const ignis_cell *sent, const ignis_cell *cell, const ignis_cell *said)
{
    return bytes_equal(sent, cell) && bytes_equal(cell, said);
}

/* The server writes no zeros before the first digit and no minus before zero. */
static bool judge_numeric(const ignis_cell *sent, const ignis_cell *cell, const ignis_cell *said)
{
    return bytes_equal(cell, said) &&
           number_compare(sent->as.text, sent->size, said->as.text, said->size) == 0;
}

static bool judge_bytes(const ignis_cell *sent, const ignis_cell *cell, const ignis_cell *said)
{
    if (!bytes_equal(sent, cell) || said->size != 2 * cell->size) return false;
    for (size_t i = 0; i < cell->size; i++) {
        char hex[3];
        assert_int_equal(snprintf(hex, sizeof(hex), "%02x", (unsigned char)cell->as.text[i]), 2);
        if (memcmp(hex, said->as.text + 2 * i, 2) != 0) return false;
    }
    return true;
}

static const char microseconds_said[] =
    "(extract(epoch FROM v) * 1000000 - 946684800000000)::numeric(30)::text";

static const random_case random_cases[] = {
    {IGNIS_TYPE_BOOLEAN, "v::text", make_boolean, judge_boolean},
    {IGNIS_TYPE_SMALLINT, "v::text", make_smallint, judge_integer},
    {IGNIS_TYPE_INTEGER, "v::text", make_integer, judge_integer},
    {IGNIS_TYPE_BIGINT, "v::text", make_bigint, judge_integer},
    {IGNIS_TYPE_REAL, "v::text", make_real, judge_real},
    {IGNIS_TYPE_DOUBLE, "v::text", make_double, judge_double},
    {IGNIS_TYPE_NUMERIC, "v::text", make_numeric, judge_numeric},
    {IGNIS_TYPE_TEXT, "v::text", make_text, judge_text},
    {IGNIS_TYPE_VARCHAR, "v::text", make_text, judge_text},
    {IGNIS_TYPE_UUID, "v::text", make_uuid, judge_text},
    {IGNIS_TYPE_BYTEA, "encode(v, 'hex')", make_bytes, judge_bytes},
    {IGNIS_TYPE_DATE, "(v - date '2000-01-01')::text", make_date, judge_integer},
    {IGNIS_TYPE_TIMESTAMP, microseconds_said, make_timestamp, judge_integer},
    {IGNIS_TYPE_TIMESTAMPTZ, microseconds_said, make_timestamp, judge_integer},
    {IGNIS_TYPE_JSON, "v::text", make_document, judge_text},
    {IGNIS_TYPE_JSONB, "v::text", make_document, judge_text},
};

typedef struct slice {
    ignis_cell cells[SLICE_COUNT];
    char buffers[SLICE_COUNT][TEXT_MAX];
} slice;

static void slice_judge(session *s, const random_case *random, const slice *values)
{
    char sql[256];
    const ignis_value_type type = {.type = random->type, .list = true};
    const ignis_cell list = cell_list(values->cells, SLICE_COUNT);
    assert_true(snprintf(sql, sizeof(sql),
                         "SELECT v, %s, array_agg(v) OVER (PARTITION BY i) FROM unnest($1)"
                         " WITH ORDINALITY AS u(v, i) ORDER BY i",
                         random->said) < (int)sizeof(sql));
    const ignis_statement statement = {
        .sql = sql, .sql_size = strlen(sql), .parameters = &type, .parameters_count = 1};
    const ignis_execution execution = {.statement = &statement, .parameters = &list};
    ignis_batch batch;
    size_t count = 0;
    assert_int_equal(s->driver->start(s->ctx, s->connection, &execution, 1), IGNIS_OK);
    do {
        if (postgres_next(s, &batch) != IGNIS_OK)
            fail_msg("%s", ignis_context_error(s->ctx)->message);
        for (size_t i = 0; i < batch.rows_count; i++, count++) {
            const ignis_cell *row = &batch.cells[i * batch.columns_count];
            const ignis_cell *sent = &values->cells[count];
            if (!random->judge(sent, &row[0], &row[1]))
                fail_msg("type %d: value %zu is not '%.*s'", (int)random->type, count,
                         (int)row[1].size, row[1].as.text);
            assert_int_equal(row[2].size, 1);
            assert_true(random->judge(sent, &row[2].as.items[0], &row[1]));
        }
    } while (batch.state != IGNIS_BATCH_IDLE);
    assert_int_equal(count, SLICE_COUNT);
}

static void random_values_come_back_as_they_were_sent(void **state)
{
    (void)state;
    static slice values;
    dice random = {.state = UINT64_C(88172645463325252)};
    session s;
    postgres_open(&s);
    for (size_t i = 0; i < ARRAY_COUNT(random_cases); i++) {
        for (size_t done = 0; done < VALUES_COUNT; done += SLICE_COUNT) {
            for (size_t k = 0; k < SLICE_COUNT; k++) {
                random_cases[i].make(&random, &values.cells[k], values.buffers[k]);
            }
            slice_judge(&s, &random_cases[i], &values);
        }
    }
    session_close(&s);
}

static void the_longest_numerics_come_back(void **state)
{
    (void)state;
    enum { WHOLE = 131072, FRACTION = 16383 };
    static char digits[WHOLE + 1 + FRACTION + 1];
    const ignis_value_type type = {.type = IGNIS_TYPE_NUMERIC};
    for (size_t i = 0; i < WHOLE + 1 + FRACTION; i++) {
        digits[i] = (char)('1' + i % 9);
    }
    digits[WHOLE] = '.';
    const ignis_cell cell = cell_text(digits);
    session s;
    postgres_open(&s);
    assert_int_equal(postgres_run_with(&s, 0,
                                       "SELECT $1 = $1::text::numeric, $1::text = $1::text,"
                                       " $1",
                                       &type, &cell, 1),
                     IGNIS_OK);
    assert_int_equal(strlen(s.rows), strlen(digits) + strlen("1|1|''"));
    assert_memory_equal(s.rows + 5, digits, strlen(digits));
    session_close(&s);
}

int main(void)
{
    postgres_need();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_values_come_back_as_they_were_sent),
        cmocka_unit_test(the_longest_numerics_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
