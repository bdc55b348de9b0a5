/* Rows with a member of every kind. */
#include "typed/written.h"

#include "models/kinds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static ignis_members every_kind(void)
{
    static const char *const names[] = {
        "id",           "flag",         "small",         "medium",
        "big",          "single",       "wide",          "day",
        "moment",       "maybe_flag",   "maybe_small",   "maybe_medium",
        "maybe_big",    "maybe_single", "maybe_wide",    "maybe_day",
        "maybe_moment", "label",        "raw",           "doc",
        "price",        "flags",        "smalls",        "mediums",
        "bigs",         "singles",      "wides",         "days",
        "moments",      "maybe_flags",  "maybe_mediums", "labels",
        "raws",         "docs",         "prices"};
    return (ignis_members){.model = &Kinds_model, .items = names, .count = ARRAY_COUNT(names)};
}

/* What has no NULL, and -0.0; the rest is NULL. */
static Kinds bare_kinds(int id)
{
    return (Kinds){.id = id, .single = -0.0F, .wide = -0.0, .day = {INT32_C(-5)}};
}

static Kinds full_kinds(int id)
{
    static bool flags[] = {true, false};
    static int16_t smalls[] = {INT16_MIN, INT16_MAX};
    static int32_t mediums[] = {INT32_MIN, INT32_MAX};
    static int64_t bigs[] = {INT64_MIN, INT64_MAX};
    static float singles[] = {0.1F, 3e38F};
    static double wides[] = {-0.0, 0.1, 1e300};
    static ignis_date days[] = {{0}, {-1000}};
    static ignis_timestamp moments[] = {{0}, {-1}};
    static ignis_maybe_bool maybe_flags[] = {{true, true}, {false, false}};
    static ignis_maybe_int32 maybe_mediums[] = {{true, 1}, {false, 0}, {true, 0}};
    static const char *labels[] = {"", NULL, "a,\"b\"\\{}", "NULL"};
    static ignis_bytes raws[] = {{(const uint8_t *)"\0\xff", 2}, {(const uint8_t *)"", 0}};
    static ignis_json docs[] = {{"{\"a\": [1, null]}"}, {"\"x\""}};
    static ignis_numeric prices[] = {{"1.50"}, {"-123456789012345678901234567890.5"}};
    return (Kinds){.id = id,
                   .flag = true,
                   .small = INT16_MIN,
                   .medium = INT32_MAX,
                   .big = INT64_MIN,
                   .single = 0.1F,
                   .wide = 0.1,
                   .day = {8835},
                   .moment = {763381230123456},
                   .maybe_flag = {true, false},
                   .maybe_small = {true, 0},
                   .maybe_medium = {true, -1},
                   .maybe_big = {true, INT64_MAX},
                   .maybe_single = {true, -0.0F},
                   .maybe_wide = {true, 1e-300},
                   .maybe_day = {true, {0}},
                   .maybe_moment = {true, {-1}},
                   .label = "\xce\x94'; --",
                   .raw = {(const uint8_t *)"\0\x01\xff", 3},
                   .doc = {"{\"a\": 1.50, \"b\": [true, null, \"\\u0394\"]}"},
                   .price = {"12345678901234567890.123456789"},
                   .flags = flags,
                   .flags_count = ARRAY_COUNT(flags),
                   .smalls = smalls,
                   .smalls_count = ARRAY_COUNT(smalls),
                   .mediums = mediums,
                   .mediums_count = ARRAY_COUNT(mediums),
                   .bigs = bigs,
                   .bigs_count = ARRAY_COUNT(bigs),
                   .singles = singles,
                   .singles_count = ARRAY_COUNT(singles),
                   .wides = wides,
                   .wides_count = ARRAY_COUNT(wides),
                   .days = days,
                   .days_count = ARRAY_COUNT(days),
                   .moments = moments,
                   .moments_count = ARRAY_COUNT(moments),
                   .maybe_flags = maybe_flags,
                   .maybe_flags_count = ARRAY_COUNT(maybe_flags),
                   .maybe_mediums = maybe_mediums,
                   .maybe_mediums_count = ARRAY_COUNT(maybe_mediums),
                   .labels = labels,
                   .labels_count = ARRAY_COUNT(labels),
                   .raws = raws,
                   .raws_count = ARRAY_COUNT(raws),
                   .docs = docs,
                   .docs_count = ARRAY_COUNT(docs),
                   .prices = prices,
                   .prices_count = ARRAY_COUNT(prices)};
}

/* Zero comes back; SQLite drops the sign of it. */
static bool sign_is_kept(const writes *self, double zero)
{
    return zero == 0 && !!signbit(zero) == !self->is_sqlite;
}

static void full_kinds_check(const writes *self, const Kinds *made)
{
    const Kinds given = full_kinds(made->id);
    assert_true(made->small == given.small && made->medium == given.medium);
    assert_true(made->big == given.big && made->moment.microseconds == given.moment.microseconds);
    assert_true(made->single == given.single && made->wide == given.wide);
    assert_true(made->day.days == given.day.days && made->maybe_big.value == INT64_MAX);
    assert_true(made->maybe_flag.is_set && !made->maybe_flag.value && made->maybe_small.is_set);
    assert_true(made->maybe_single.is_set && sign_is_kept(self, (double)made->maybe_single.value));
    assert_string_equal(made->label, given.label);
    assert_string_equal(made->price.text, given.price.text);
    assert_int_equal(made->raw.size, given.raw.size);
    assert_memory_equal(made->raw.data, given.raw.data, given.raw.size);
    assert_int_equal(made->bigs_count, given.bigs_count);
    assert_memory_equal(made->bigs, given.bigs, sizeof(*given.bigs) * given.bigs_count);
    assert_int_equal(made->wides_count, given.wides_count);
    assert_true(sign_is_kept(self, made->wides[0]));
    assert_memory_equal(made->wides + 1, given.wides + 1, sizeof(*given.wides) * 2);
    assert_int_equal(made->maybe_mediums_count, 3);
    assert_true(!made->maybe_mediums[1].is_set && made->maybe_mediums[2].is_set);
    assert_int_equal(made->labels_count, 4);
    assert_string_equal(made->labels[0], "");
    assert_null(made->labels[1]);
    assert_string_equal(made->labels[2], given.labels[2]);
    assert_string_equal(made->labels[3], "NULL");
    assert_int_equal(made->raws_count, 2);
    assert_memory_equal(made->raws[0].data, given.raws[0].data, 2);
    assert_string_equal(made->prices[1].text, given.prices[1].text);
}

static void bare_kinds_check(const writes *self, const Kinds *made)
{
    assert_true(sign_is_kept(self, (double)made->single));
    assert_true(sign_is_kept(self, made->wide));
    assert_int_equal(made->day.days, -5);
    assert_true(!made->maybe_flag.is_set && !made->maybe_moment.is_set && !made->label);
    assert_true(!made->raw.data && !made->doc.text && !made->price.text);
    assert_true(!made->flags && !made->labels && !made->docs);
}

static void create_rows_keeps_every_kind_of_member(void **state)
{
    enum { ROWS = 40 };
    const writes *self = *state;
    Kinds given[ROWS];
    Kinds *made;
    for (int i = 0; i < ROWS; i++)
        given[i] = i % 2 ? bare_kinds(ROWS - i) : full_kinds(ROWS - i);
    writes_ok(self->ctx, KindsRepository_create_rows(self->ctx, self->kinds, given, ROWS,
                                                     every_kind(), &made));
    for (int i = 0; i < ROWS; i++) {
        char id[16];
        assert_int_equal(made[i].id, ROWS - i);
        if (i % 2) bare_kinds_check(self, &made[i]);
        if (i % 2 == 0) full_kinds_check(self, &made[i]);
        snprintf(id, sizeof(id), "%d", ROWS - i);
        writes_row_compare(self, KindsRepository_base(self->kinds), &Kinds_model, id, &made[i]);
    }
}

static void a_setting_takes_values_of_every_kind(void **state)
{
    const writes *self = *state;
    const Kinds row = full_kinds(1);
    const ignis_bytes raw = row.raw;
    Kinds *made;
    writes_ok(
        self->ctx,
        KindsRepository_create(
            self->ctx, self->kinds,
            IGNIS_VALUES(IGNIS_SET(Kinds, id, 1), IGNIS_SET(Kinds, flag, row.flag),
                         IGNIS_SET(Kinds, small, row.small), IGNIS_SET(Kinds, medium, row.medium),
                         IGNIS_SET(Kinds, big, row.big), IGNIS_SET(Kinds, single, row.single),
                         IGNIS_SET(Kinds, wide, row.wide), IGNIS_SET(Kinds, day, row.day),
                         IGNIS_SET(Kinds, moment, row.moment),
                         IGNIS_SET(Kinds, maybe_flag, row.maybe_flag),
                         IGNIS_SET(Kinds, maybe_small, row.maybe_small),
                         IGNIS_SET(Kinds, maybe_big, row.maybe_big),
                         IGNIS_SET(Kinds, maybe_single, row.maybe_single),
                         IGNIS_SET(Kinds, maybe_wide, ((ignis_maybe_double){false, 0})),
                         IGNIS_SET(Kinds, label, row.label), IGNIS_SET(Kinds, raw, raw),
                         IGNIS_SET(Kinds, doc, row.doc), IGNIS_SET(Kinds, price, row.price),
                         IGNIS_SET_ARRAY(Kinds, bigs, row.bigs, row.bigs_count),
                         IGNIS_SET_ARRAY(Kinds, wides, row.wides, row.wides_count),
                         IGNIS_SET_ARRAY(Kinds, maybe_mediums, row.maybe_mediums, 3),
                         IGNIS_SET_ARRAY(Kinds, labels, row.labels, row.labels_count),
                         IGNIS_SET_ARRAY(Kinds, raws, row.raws, row.raws_count),
                         IGNIS_SET_ARRAY(Kinds, flags, row.flags, 0),
                         IGNIS_SET_ARRAY(Kinds, prices, row.prices, row.prices_count)),
            &made));
    full_kinds_check(self, made);
    assert_false(made->maybe_wide.is_set);
    assert_true(made->flags && made->flags_count == 0);
    writes_row_compare(self, KindsRepository_base(self->kinds), &Kinds_model, "1", made);
}

int written_kinds_check(writes *self)
{
    const struct CMUnitTest tests[] = {
        WRITES_TEST(create_rows_keeps_every_kind_of_member, self),
        WRITES_TEST(a_setting_takes_values_of_every_kind, self),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
