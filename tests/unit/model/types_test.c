/* types: names read back, and what messages call a type. */
#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void every_type_reads_back_from_its_name(void **state)
{
    (void)state;
    for (int i = IGNIS_TYPE_BOOLEAN; i <= IGNIS_TYPE_OTHER; i++) {
        const char *name = model_type_name((ignis_type)i);
        assert_int_equal(model_type_read(name, strlen(name)), i);
    }
}

static void names_are_those_of_sql(void **state)
{
    (void)state;
    assert_string_equal(model_type_name(IGNIS_TYPE_DOUBLE), "double precision");
    assert_string_equal(model_type_name(IGNIS_TYPE_TIMESTAMPTZ), "timestamptz");
    assert_string_equal(model_type_name(IGNIS_TYPE_OTHER), "other");
}

static void an_unknown_name_is_no_type(void **state)
{
    static const char *const unknown[] = {"", "none", "Integer", "integer ", "int", "doubl", "txt"};
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(unknown); i++) {
        assert_int_equal(model_type_read(unknown[i], strlen(unknown[i])), IGNIS_TYPE_NONE);
    }
    assert_int_equal(model_type_read("text plus more", 4), IGNIS_TYPE_TEXT);
}

static void names_of_other_places_lead_to_the_type(void **state)
{
    static const struct {
        const char *name;
        const char *type; /* NULL: no hint */
    } cases[] = {
        {"int", "integer"},
        {"INT", "integer"},
        {"int2", "smallint"},
        {"int4", "integer"},
        {"int8", "bigint"},
        {"bool", "boolean"},
        {"float4", "real"},
        {"float8", "double precision"},
        {"double", "double precision"},
        {"decimal", "numeric"},
        {"decimal(10, 2)", "numeric"},
        {"varchar(20)", "varchar"},
        {"character varying (20)", "varchar"},
        {"text[]", "text"},
        {"timestamp with time zone", "timestamptz"},
        {"timestamp without time zone", "timestamp"},
        {"datetime", "timestamp"},
        {"string", "text"},
        {"serial", "integer"},
        {"bigserial", "bigint"},
        {"Integer", "integer"},
        {"integr", "integer"},
        {"", NULL},
        {"(", NULL},
        {"geometry", NULL},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *found = model_type_nearest(cases[i].name, strlen(cases[i].name));
        if (!cases[i].type) {
            assert_null(found);
            continue;
        }
        assert_non_null(found);
        assert_string_equal(found, cases[i].type);
    }
}

static void a_type_out_of_range_has_the_name_of_none(void **state)
{
    (void)state;
    assert_string_equal(model_type_name((ignis_type)99), model_type_name(IGNIS_TYPE_NONE));
}

static void expected_names_one_value_or_a_list(void **state)
{
    char buffer[64];
    ignis_value_type integer = {.type = IGNIS_TYPE_SMALLINT};
    ignis_value_type array = {.type = IGNIS_TYPE_BIGINT, .array = true};
    ignis_value_type list = {.type = IGNIS_TYPE_VARCHAR, .list = true};
    (void)state;
    assert_string_equal(model_type_expected(&integer, buffer), "an integer");
    assert_string_equal(model_type_expected(&array, buffer), "a list of integers");
    assert_string_equal(model_type_expected(&list, buffer), "a list of texts");
}

static void every_list_name_fits_its_buffer(void **state)
{
    char buffer[64];
    (void)state;
    for (int i = IGNIS_TYPE_NONE; i <= IGNIS_TYPE_OTHER; i++) {
        ignis_value_type one = {.type = (ignis_type)i};
        ignis_value_type list = {.type = (ignis_type)i, .list = true};
        const char *several = model_type_expected(&list, buffer);
        assert_true(strlen(model_type_expected(&one, buffer)) > 0);
        assert_true(strncmp(several, "a list of ", 10) == 0);
        assert_true(strlen(several) < sizeof(buffer) - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_reads_back_from_its_name),
        cmocka_unit_test(names_are_those_of_sql),
        cmocka_unit_test(an_unknown_name_is_no_type),
        cmocka_unit_test(names_of_other_places_lead_to_the_type),
        cmocka_unit_test(a_type_out_of_range_has_the_name_of_none),
        cmocka_unit_test(expected_names_one_value_or_a_list),
        cmocka_unit_test(every_list_name_fits_its_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
