/* constraints: which violated constraint is told, in whose words, on every engine. */
#include "support/script.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char models[] =
    "{'models': [{'name': 'Country', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true}]},"
    " {'name': 'Shop', 'table': 'shops', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'streetName', 'column': 'street_name', 'type': 'text', 'notNull': true},"
    "   {'name': 'city', 'type': 'text'}, {'name': 'code', 'type': 'text', 'unique': true},"
    "   {'name': 'countryId', 'column': 'country_id', 'type': 'integer'},"
    "   {'name': 'parentId', 'column': 'parent_id', 'type': 'integer'},"
    "   {'name': 'stars', 'type': 'integer'}],"
    "  'uniques': [{'name': 'shop_place', 'columns': ['city', 'streetName']}],"
    "  'checks': [{'name': 'shop_stars', 'sql': 'stars > 0'}],"
    "  'foreignKeys': ["
    "   {'name': 'shop_country', 'columns': ['countryId'],"
    "    'references': {'model': 'Country', 'columns': ['id']}},"
    "   {'name': 'shop_parent', 'columns': ['parentId'],"
    "    'references': {'model': 'Shop', 'columns': ['id']}}]},"
    " {'name': 'Sale', 'columns': ["
    "   {'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "   {'name': 'shopId', 'column': 'shop_id', 'type': 'integer'}],"
    "  'foreignKeys': [{'name': 'sale_shop', 'columns': ['shopId'],"
    "   'references': {'model': 'Shop', 'columns': ['id']}}]}]}";

static const char rows[] =
    "{'Country': [{'id': 1}],"
    " 'Shop': [{'id': 1, 'streetName': 's', 'city': 'c', 'code': 'x', 'countryId': 1},"
    "  {'id': 2, 'streetName': 't', 'parentId': 1},"
    "  {'id': 3, 'streetName': 'u', 'parentId': 2}],"
    " 'Sale': [{'id': 1, 'shopId': 3}]}";

/* A write and the constraint that is told of. */
typedef struct violation {
    const char *method;
    const char *arguments;
    ignis_code code;
    const char *path;
    const char *constraint;
    const char *model;
    const char *properties; /* joined by spaces */
    const char *columns;
} violation;

static const char *joined(engine *self, const char *const *names, size_t count)
{
    text out;
    text_init(&out, &self->ctx->results, 0);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_char(&out, ' ');
        text_string(&out, names[i]);
    }
    return text_finish(&out);
}

static void violation_check(engine *opened, ignis_context *ctx, const violation *made)
{
    /* A transaction holds the results of its parent. */
    engine made_in = {.ctx = ctx, .source = opened->source};
    engine *self = &made_in;
    const char *result;
    ignis_code code =
        ignis_call_json(ctx, engine_repository(opened, "Shop"), &ignis_policy_trusted, made->method,
                        script_text(self, made->arguments), 0, &result, NULL);
    const ignis_error *error = ignis_context_error(ctx);
    bool is_told =
        code == made->code && strcmp(error->path, made->path) == 0 &&
        strcmp(error->constraint, made->constraint) == 0 &&
        strcmp(error->model, made->model) == 0 &&
        strcmp(joined(self, error->properties, error->properties_count), made->properties) == 0 &&
        strcmp(joined(self, error->columns, error->properties_count), made->columns) == 0;
    if (is_told) return;
    fail_msg("%s %s: %s '%s' at '%s', constraint '%s' of '%s' (%s)", made->method, made->arguments,
             ignis_code_name(code), error->message, error->path, error->constraint, error->model,
             joined(self, error->properties, error->properties_count));
}

static void the_first_violated_constraint_is_told(void **state)
{
    static const violation made[] = {
        {"create", "{'data': {'id': 9}}", IGNIS_E_NOT_NULL, "data.streetName", "", "Shop",
         "streetName", "street_name"},
        {"create",
         "{'data': {'id': 1, 'streetName': 's', 'city': 'c', 'stars': 0, 'countryId': 9}}",
         IGNIS_E_UNIQUE, "data.id", "shops_pkey", "Shop", "id", "id"},
        {"create", "{'data': {'id': 9, 'streetName': 's', 'city': 'c', 'stars': 0}}",
         IGNIS_E_UNIQUE, "data.city", "shop_place", "Shop", "city streetName", "city street_name"},
        {"create",
         "{'data': {'id': 9, 'streetName': 'n', 'code': 'x', 'stars': 0, 'countryId': 9}}",
         IGNIS_E_UNIQUE, "data.code", "shops_code_key", "Shop", "code", "code"},
        {"create", "{'data': {'id': 9, 'streetName': 'n', 'countryId': 9, 'stars': 0}}",
         IGNIS_E_FOREIGN_KEY, "data.countryId", "shop_country", "Shop", "countryId", "country_id"},
        {"create", "{'data': {'id': 9, 'streetName': 'n', 'parentId': 77}}", IGNIS_E_FOREIGN_KEY,
         "data.parentId", "shop_parent", "Shop", "parentId", "parent_id"},
        {"create", "{'data': {'id': 9, 'streetName': 'n', 'stars': 0}}", IGNIS_E_CHECK,
         "data.stars", "shop_stars", "Shop", "stars", "stars"},
        {"createAll",
         "{'data': [{'id': 9, 'streetName': 'n'}, {'id': 10, 'streetName': 'n',"
         " 'parentId': 9, 'countryId': 4}]}",
         IGNIS_E_FOREIGN_KEY, "data[1].countryId", "shop_country", "Shop", "countryId",
         "country_id"},
        {"createAll", "{'data': [{'id': 9, 'streetName': 'n'}, {'id': 9, 'streetName': 'n'}]}",
         IGNIS_E_UNIQUE, "data[1].id", "shops_pkey", "Shop", "id", "id"},
        {"updateById", "{'id': 2, 'data': {'code': 'x', 'stars': -1}}", IGNIS_E_UNIQUE, "data.code",
         "shops_code_key", "Shop", "code", "code"},
        {"updateById", "{'id': 2, 'data': {'city': 'c', 'streetName': 's'}}", IGNIS_E_UNIQUE,
         "data.city", "shop_place", "Shop", "city streetName", "city street_name"},
        {"updateById", "{'id': 2, 'data': {'countryId': 5}}", IGNIS_E_FOREIGN_KEY, "data.countryId",
         "shop_country", "Shop", "countryId", "country_id"},
        {"updateById", "{'id': 3, 'data': {'id': 30}}", IGNIS_E_FOREIGN_KEY, "", "sale_shop",
         "Sale", "shopId", "shop_id"},
        {"updateAll", "{'where': {'id': 1}, 'data': {'stars': 0}}", IGNIS_E_CHECK, "data.stars",
         "shop_stars", "Shop", "stars", "stars"},
        {"deleteById", "{'id': 3}", IGNIS_E_FOREIGN_KEY, "", "sale_shop", "Sale", "shopId",
         "shop_id"},
        {"deleteAll", "{'where': {'id': {'gt': 0}}}", IGNIS_E_FOREIGN_KEY, "", "sale_shop", "Sale",
         "shopId", "shop_id"},
    };
    engine *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(made); i++)
        violation_check(self, self->ctx, &made[i]);
    static const script_step count = {"Shop", "count", "{}", "{'count': 3}"};
    script_run(self, &count, 1);
}

/* After an error a transaction tells no more than the engine did. */
static void within_a_transaction_the_constraint_is_told_as_well(void **state)
{
    static const violation made[] = {
        {"create", "{'data': {'id': 9, 'streetName': 'n', 'countryId': 9}}", IGNIS_E_FOREIGN_KEY,
         "data.countryId", "shop_country", "Shop", "countryId", "country_id"},
        {"deleteById", "{'id': 3}", IGNIS_E_FOREIGN_KEY, "", "sale_shop", "Sale", "shopId",
         "shop_id"},
        {"updateById", "{'id': 2, 'data': {'code': 'x'}}", IGNIS_E_UNIQUE, "data.code",
         "shops_code_key", "Shop", "code", "code"},
    };
    engine *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(made); i++) {
        ignis_context *tx = NULL;
        const char *result;
        assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
        violation_check(self, tx, &made[i]);
        assert_int_equal(ignis_find_json(tx, engine_repository(self, "Shop"), NULL, NULL, &result),
                         IGNIS_E_STATE);
        ignis_rollback(tx);
    }
}

/* Tables that others made: what the engine says is told in the model's words as far as they go. */
static void what_the_model_does_not_know_of_is_told_by_the_engine(void **state)
{
    engine *self = *state;
    bool is_postgres = script_is_postgres(self);
    const char *index = is_postgres ? "odd" : "";
    const violation made[] = {
        {"create", "{'data': {'id': 9, 'streetName': 'z', 'city': 'c'}}", IGNIS_E_UNIQUE,
         is_postgres ? "data" : "data.city", index, is_postgres ? "" : "Shop",
         is_postgres ? "" : "city", is_postgres ? "" : "city"},
    };
    engine_execute(self, "CREATE UNIQUE INDEX odd ON shops (city)");
    violation_check(self, self->ctx, &made[0]);
    const char *result;
    engine_execute(self, "DROP TABLE \"Sale\"");
    engine_execute(self,
                   "CREATE TABLE \"Sale\" (id integer PRIMARY KEY, shop_id integer NOT NULL)");
    assert_int_equal(
        ignis_create_json(self->ctx, engine_repository(self, "Sale"), "{\"id\":2}", &result),
        IGNIS_E_NOT_NULL);
    const ignis_error *error = ignis_context_error(self->ctx);
    assert_string_equal(error->path, "data.shopId");
    assert_string_equal(error->message, "'shopId' of Sale is required and null");
}

int main(void)
{
    static const script_test tests[] = {
        SCRIPT_TEST(the_first_violated_constraint_is_told),
        SCRIPT_TEST(within_a_transaction_the_constraint_is_told_as_well),
        SCRIPT_TEST(what_the_model_does_not_know_of_is_told_by_the_engine),
    };
    return script_main(models, rows, tests, ARRAY_COUNT(tests));
}
