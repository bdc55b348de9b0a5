/* view: models over a view of the database, on every engine there is. */
#include "support/script.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char models[] =
    "{'models': ["
    "{'name': 'City',"
    " 'columns': [{'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "  {'name': 'name', 'type': 'text', 'notNull': true}, {'name': 'countryId', 'type': "
    "'integer'}, {'name': 'mayorId', 'type': 'integer', 'hidden': true}],"
    " 'foreignKeys': [{'columns': ['countryId'], 'references': {'model': 'CountrySize', 'columns': "
    "['countryId']}}, {'columns': ['mayorId'], 'references': {'model': 'Visit', 'columns': "
    "['id']}}],"
    " 'relations': [{'name': 'country', 'type': 'one', 'model': 'CountrySize', 'fields': "
    "['countryId'],"
    "   'references': ['countryId']},"
    "  {'name': 'visits', 'type': 'many', 'model': 'VisitName', 'fields': ['id'], 'references': "
    "['cityId']}]},"
    "{'name': 'Visit',"
    " 'columns': [{'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "  {'name': 'cityId', 'type': 'integer'}, {'name': 'guest', 'type': 'text'},"
    "  {'name': 'secret', 'type': 'text'}]},"
    /* Without a primary key. */
    "{'name': 'VisitName', 'type': 'view', 'table': 'visit_name',"
    " 'settings': {'hiddenProperties': ['secret']},"
    " 'columns': [{'name': 'cityId', 'column': 'city_id', 'type': 'integer'},"
    "  {'name': 'guest', 'type': 'text'}, {'name': 'secret', 'type': 'text'}],"
    " 'relations': [{'name': 'city', 'type': 'one', 'model': 'City', 'fields': ['cityId'],"
    "   'references': ['id']}]},"
    /* With one. */
    "{'name': 'CountrySize', 'type': 'view', 'table': 'country_size',"
    " 'settings': {'defaultFilter': {'where': {'citiesCount': {'gt': 0}}}},"
    " 'columns': [{'name': 'countryId', 'column': 'country_id', 'type': 'integer', 'primaryKey': "
    "true},"
    "  {'name': 'citiesCount', 'column': 'cities_count', 'type': 'bigint'}],"
    " 'relations': [{'name': 'cities', 'type': 'many', 'model': 'City'}]}]}";
static const char cities[] =
    "{'City': [{'id': 1, 'name': 'Oslo', 'countryId': 10}, {'id': 2, 'name': 'Bergen', "
    "'countryId': "
    "10}, {'id': 3, 'name': 'Rome', 'countryId': 20}, {'id': 4, 'name': 'Nowhere'}],"
    "'Visit': [{'id': 1, 'cityId': 1, 'guest': 'ann', 'secret': 'x'}, {'id': 2, 'cityId': 1, "
    "'guest': 'bob', 'secret': 'y'}, {'id': 3, 'cityId': 3, 'guest': 'cy', 'secret': 'z'},"
    "{'id': 4, 'cityId': 1, 'guest': 'dan', 'secret': 'z'}]}";
static const char *const views[] = {
    "CREATE VIEW visit_name AS SELECT \"cityId\" AS city_id, guest, secret FROM \"Visit\"",
    "CREATE VIEW country_size AS SELECT \"countryId\" AS country_id, count(*) AS cities_count FROM "
    "\"City\" WHERE \"countryId\" IS NOT NULL GROUP BY \"countryId\"",
};

static void create_views(engine *self)
{
    for (size_t i = 0; i < ARRAY_COUNT(views); i++) {
        const ignis_sql view = {.struct_size = sizeof(view), .text = views[i]};
        if (ignis_execute(self->ctx, self->source, &view, NULL) != IGNIS_OK)
            fail_msg("%s", ignis_context_error(self->ctx)->message);
    }
}

static void run(engine *self, const script_step *steps, size_t count)
{
    create_views(self);
    script_run(self, steps, count);
}

/* The tables were created before, with nothing of the views among them. */
static void no_statement_creates_a_view(void **state)
{
    static const ignis_dialect dialects[] = {IGNIS_DIALECT_SQLITE, IGNIS_DIALECT_POSTGRES};
    engine *self = *state;
    const char *sql;
    for (size_t i = 0; i < ARRAY_COUNT(dialects); i++) {
        assert_int_equal(ignis_schema_sql(self->ctx, self->source, dialects[i], &sql), IGNIS_OK);
        assert_non_null(strstr(sql, "CREATE TABLE \"City\""));
        assert_null(strstr(sql, "visit_name"));
        assert_null(strstr(sql, "country_size"));
    }
    create_views(self);
}

static void a_view_is_read(void **state)
{
    static const script_step steps[] = {
        {"VisitName", "find", "{'filter': {'order': ['guest DESC'], 'limit': 2}}",
         "[{'cityId': 1, 'guest': 'dan'}, {'cityId': 3, 'guest': 'cy'}]"},
        {"VisitName", "findOne", "{'filter': {'where': {'guest': 'bob'}}}",
         "{'cityId': 1, 'guest': 'bob'}"},
        {"VisitName", "count", "{'where': {'cityId': 1}}", "{'count': 3}"},
        {"VisitName", "existsWith", "{'where': {'guest': 'eve'}}", "false"},
        {"VisitName", "find",
         "{'filter': {'order': ['guest'], 'skip': 1, 'limit': 2, 'fields': ['guest']}, "
         "'options': {'shouldQueryRange': true}}",
         "{'data': [{'guest': 'bob'}, {'guest': 'cy'}], 'range': {'start': 1, 'end': 2, 'total': "
         "4}}"},
        {"VisitName", "find", "{'filter': {'where': {'secret': 'y'}, 'fields': ['guest']}}",
         "[{'guest': 'bob'}]"},
        {"public VisitName", "find", "{'filter': {'where': {'secret': 'y'}}}",
         "!invalid where.secret"},
        {"CountrySize", "find", "{'filter': {'order': ['citiesCount DESC']}}",
         "[{'countryId': 10, 'citiesCount': 2}, {'countryId': 20, 'citiesCount': 1}]"},
        {"CountrySize", "findById", "{'id': 20}", "{'countryId': 20, 'citiesCount': 1}"},
        {"CountrySize", "findById", "{'id': 30}", "null"},
        {"VisitName", "findById", "{'id': 1}", "!invalid "},
    };
    run(*state, steps, ARRAY_COUNT(steps));
}

static void includes_lead_to_a_view_and_from_it(void **state)
{
    static const script_step steps[] = {
        {"City", "find",
         "{'filter': {'order': ['id'], 'fields': ['name'], 'include': ['country', {'relation': "
         "'visits', 'scope': {'order': ['guest'], 'fields': ['guest']}}]}}",
         "[{'name': 'Oslo', 'country': {'countryId': 10, 'citiesCount': 2}, 'visits': [{'guest': "
         "'ann'}, {'guest': 'bob'}, {'guest': 'dan'}]},"
         "{'name': 'Bergen', 'country': {'countryId': 10, 'citiesCount': 2}, 'visits': []},"
         "{'name': 'Rome', 'country': {'countryId': 20, 'citiesCount': 1}, 'visits': [{'guest': "
         "'cy'}]},"
         "{'name': 'Nowhere', 'country': null, 'visits': []}]"},
        {"City", "find",
         "{'filter': {'order': ['id'], 'fields': ['id'], 'limit': 3, 'include': [{'relation': "
         "'visits', 'scope': {'order': ['guest DESC'], 'limit': 1, 'fields': ['guest'], 'include': "
         "[{'relation': 'city', 'scope': {'fields': ['name']}}]}}]}}",
         "[{'id': 1, 'visits': [{'guest': 'dan', 'city': {'name': 'Oslo'}}]}, {'id': 2, 'visits': "
         "[]}, {'id': 3, 'visits': [{'guest': 'cy', 'city': {'name': 'Rome'}}]}]"},
        {"VisitName", "find",
         "{'filter': {'order': ['guest'], 'limit': 2, 'include': [{'relation': 'city', 'scope': "
         "{'fields': ['name'], 'include': ['country']}}]}}",
         "[{'cityId': 1, 'guest': 'ann', 'city': {'name': 'Oslo', 'country': {'countryId': 10, "
         "'citiesCount': 2}}}, {'cityId': 1, 'guest': 'bob', 'city': {'name': 'Oslo', 'country': "
         "{'countryId': 10, 'citiesCount': 2}}}]"},
        {"CountrySize", "find",
         "{'filter': {'order': ['countryId'], 'include': [{'relation': 'cities', 'scope': "
         "{'order': ['id DESC'], 'limit': 1, 'fields': ['name']}}]}}",
         "[{'countryId': 10, 'citiesCount': 2, 'cities': [{'name': 'Bergen'}]}, {'countryId': 20, "
         "'citiesCount': 1, 'cities': [{'name': 'Rome'}]}]"},
        {"CountrySize", "findById", "{'id': 10, 'filter': {'include': ['cities']}}",
         "{'countryId': 10, 'citiesCount': 2, 'cities': '<any>'}"},
    };
    run(*state, steps, ARRAY_COUNT(steps));
}

/* A foreign key to a view holds nobody; what is violated is told without it. */
static void a_foreign_key_to_a_view_is_of_the_model_alone(void **state)
{
    static const script_step steps[] = {
        {"City", "create", "{'data': {'id': 5, 'name': 'Far', 'countryId': 99}}",
         "{'count': 1, 'data': {'id': 5, 'name': 'Far', 'countryId': 99}}"},
        {"City", "create", "{'data': {'id': 5, 'name': 'Twice', 'countryId': 98}}",
         "!unique data.id"},
        {"City", "create", "{'data': {'id': 6, 'name': 'Lost', 'countryId': 99, 'mayorId': 9}}",
         "!foreign_key data.mayorId"},
    };
    run(*state, steps, ARRAY_COUNT(steps));
}

static void a_view_takes_no_rows(void **state)
{
    static const script_step steps[] = {
        {"VisitName", "create", "{'data': {'cityId': 1}}", "!unsupported "},
        {"VisitName", "createAll", "{'data': [{'cityId': 1}]}", "!unsupported "},
        {"VisitName", "updateAll", "{'where': {'cityId': 1}, 'data': {'guest': 'x'}}",
         "!unsupported "},
        {"VisitName", "deleteAll", "{'where': {'cityId': 1}}", "!unsupported "},
        {"CountrySize", "updateById", "{'id': 10, 'data': {'citiesCount': 3}}", "!unsupported "},
        {"CountrySize", "deleteById", "{'id': 10}", "!unsupported "},
        {"CountrySize", "upsert", "{'data': {'countryId': 10, 'citiesCount': 1}}", "!unsupported "},
        {"Visit", "count", "{}", "{'count': 4}"},
    };
    engine *self = *state;
    run(self, steps, ARRAY_COUNT(steps));
    const char *json_;
    assert_int_equal(ignis_create_json(self->ctx, engine_repository(self, "VisitName"),
                                       "{\"cityId\": 1}", &json_),
                     IGNIS_E_UNSUPPORTED);
    assert_string_equal(ignis_context_error(self->ctx)->message,
                        "VisitName is a view and takes no rows");
    assert_int_equal(
        ignis_load(self->ctx, self->source, "{\"VisitName\": [{\"cityId\": 1}]}", 0, NULL),
        IGNIS_E_UNSUPPORTED);
}

/* ---- C structs ----------------------------------------------------------------------------------------- */

typedef struct Town Town;
typedef struct Tourist Tourist;
struct Town {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *name;
    Tourist *tourists;
    size_t tourists_count;
};
struct Tourist {
    ignis_maybe_int32 city_id;
    const char *guest;
    Town *town;
};
IGNIS_MODEL_DECLARE(Town);
IGNIS_MODEL_DECLARE(Tourist);
IGNIS_MODEL(Town, .table = "City",
            .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Town),
                                     IGNIS_COLUMN(Town, name, .not_null = true)),
            .relations = IGNIS_RELATIONS(IGNIS_MANY(Town, tourists, Tourist)));
IGNIS_MODEL(Tourist, .type = IGNIS_VIEW, .table = "visit_name",
            .columns = IGNIS_COLUMNS(IGNIS_COLUMN(Tourist, city_id), IGNIS_COLUMN(Tourist, guest)),
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Tourist, town, Town, city_id, id)));
IGNIS_REPOSITORY(TownRepository, Town);
IGNIS_REPOSITORY_READABLE(TouristReader, Tourist);

static void structs_come_from_a_view(void **state)
{
    engine *self = *state;
    TownRepository *towns;
    TouristReader *tourists;
    Town *town;
    Tourist *found;
    size_t count;
    int64_t number;
    ignis_range range;
    ignis_context *ctx = self->ctx;
    ignis_data_source *source;
    const char *url;
    const bool is_postgres = script_is_postgres(self);
    assert_int_equal(
        ignis_data_source_connection_string(ctx, self->source, IGNIS_PASSWORD_SHOWN, &url),
        IGNIS_OK);
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .url = url,
                                            .models = IGNIS_MODELS(&Town_model, &Tourist_model)};
    assert_int_equal(ignis_data_source_open(ctx, &class_, &source), IGNIS_OK);
    engine typed = {.ctx = ctx, .source = source};
    if (is_postgres) {
        create_views(self);
    } else {
        assert_int_equal(ignis_schema_create(ctx, source), IGNIS_OK);
        const ignis_sql view = {
            .struct_size = sizeof(view),
            .text = "CREATE VIEW visit_name AS SELECT 1 AS city_id, 'ann' AS guest UNION ALL "
                    "SELECT 1, 'bob' UNION ALL SELECT 3, 'cy' UNION ALL SELECT 1, 'dan'"};
        assert_int_equal(ignis_execute(ctx, typed.source, &view, NULL), IGNIS_OK);
        assert_int_equal(ignis_load(ctx, source,
                                    "{\"Town\": [{\"id\": 1, \"name\": \"Oslo\"}, {\"id\": 2, "
                                    "\"name\": \"Bergen\"}]}",
                                    0, NULL),
                         IGNIS_OK);
    }
    assert_int_equal(TownRepository_open(ctx, source, &towns), IGNIS_OK);
    assert_int_equal(TouristReader_open(ctx, source, &tourists), IGNIS_OK);
    const ignis_filter *page =
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Tourist, city_id, 1)),
                     .order = IGNIS_ORDER(IGNIS_ASC(Tourist, guest)), .skip = IGNIS_SKIP(1),
                     .limit = IGNIS_LIMIT(1), .include = IGNIS_INCLUDE(IGNIS_WITH(Tourist, town)));
    assert_int_equal(TouristReader_find_range(ctx, tourists, page, &found, &count, &range),
                     IGNIS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(found->guest, "bob");
    assert_string_equal(found->town->name, "Oslo");
    assert_int_equal(range.total, 3);
    assert_int_equal(TouristReader_count(ctx, tourists, NULL, &number), IGNIS_OK);
    assert_int_equal(number, 4);
    assert_int_equal(
        TownRepository_find_by_id(
            ctx, towns, 1,
            IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(
                             Town, tourists,
                             IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_DESC(Tourist, guest)))))),
            &town),
        IGNIS_OK);
    assert_int_equal(town->tourists_count, 3);
    assert_string_equal(town->tourists[0].guest, "dan");
    assert_int_equal(ignis_create(ctx, TouristReader_base(tourists),
                                  IGNIS_VALUES(IGNIS_SET(Tourist, guest, "x")), NULL),
                     IGNIS_E_UNSUPPORTED);
    assert_string_equal(ignis_context_error(ctx)->message,
                        "[create] Repository operation is NOT ALLOWED | scope: READ_ONLY");
    ignis_data_source_close(source);
}

int main(void)
{
    static const script_test tests[] = {
        SCRIPT_TEST(no_statement_creates_a_view),
        SCRIPT_TEST(a_view_is_read),
        SCRIPT_TEST(includes_lead_to_a_view_and_from_it),
        SCRIPT_TEST(a_foreign_key_to_a_view_is_of_the_model_alone),
        SCRIPT_TEST(a_view_takes_no_rows),
        SCRIPT_TEST(structs_come_from_a_view),
    };
    return script_main(models, cities, tests, ARRAY_COUNT(tests));
}
