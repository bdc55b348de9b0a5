/* refusals: random writes that have to be refused, outside of transactions and within them. Each answers an
   error, and every table is as it was. IGNIS_PROPERTY_COUNT and IGNIS_PROPERTY_SEED. */
#include "property/draw.h"
#include "property/property.h"
#include "support/content.h"
#include "support/server.h"

#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { WRITES_COUNT = 300, ENOUGH = 2000, SHOPS_COUNT = 30, LIST_MAX = 40, FREE_ID = 1000 };

static const char models[] = IGNIS_JSON({"models": [
    {"name": "Country", "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "code", "type": "text", "notNull": true, "unique": true}]},
    {"name": "Shop", "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"enricher": "tz"},
        {"name": "name", "type": "text", "notNull": true},
        {"name": "code", "type": "varchar", "length": 8},
        {"name": "countryId", "column": "country_id", "type": "integer"},
        {"name": "stars", "type": "integer"},
        {"name": "rank", "type": "smallint"},
        {"name": "price", "type": "numeric", "precision": 6, "scale": 2},
        {"name": "role", "type": "text", "values": ["open", "closed"]},
        {"name": "meta", "type": "jsonb"},
        {"name": "tags", "type": "text", "array": true},
        {"name": "version", "type": "integer", "notNull": true, "defaultFn": "version",
         "onUpdate": "version"}],
     "uniques": [{"name": "shop_code", "columns": ["code"]}],
     "checks": [{"name": "shop_stars", "sql": "stars > 0"}],
     "foreignKeys": [{"name": "shop_country", "columns": ["countryId"],
                      "references": {"model": "Country", "columns": ["id"]}}]},
    {"name": "Sale", "columns": [
        {"enricher": "id", "dataType": "number"},
        {"name": "shopId", "column": "shop_id", "type": "integer", "notNull": true},
        {"name": "amount", "type": "integer"}],
     "foreignKeys": [{"name": "sale_shop", "columns": ["shopId"],
                      "references": {"model": "Shop", "columns": ["id"]}}]}]});

static const ignis_code reasons[] = {IGNIS_E_INVALID,  IGNIS_E_UNIQUE, IGNIS_E_FOREIGN_KEY,
                                     IGNIS_E_NOT_NULL, IGNIS_E_CHECK,  IGNIS_E_CONFLICT};
enum { REASONS_COUNT = ARRAY_COUNT(reasons) };

typedef struct refusals {
    draw_random random;
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *shops;
    ignis_repository *countries;
    text out; /* the arguments of the write */
    const ignis_repository *repository;
    const char *method;
    int next_id; /* of a row that is not there */
    uint64_t counts[REASONS_COUNT];
} refusals;

static int below(refusals *self, int count)
{
    return (int)draw_below(&self->random, (size_t)count);
}

/* ---- what is wrong ------------------------------------------------------------------------------- */

/* Members of a row that no engine takes. */
static const char *const wrong_members[] = {
    "\"stars\":\"abc\"",
    "\"stars\":1.5",
    "\"rank\":70000",
    "\"price\":\"12345.00\"",
    "\"price\":[1]",
    "\"code\":\"far too long\"",
    "\"tags\":\"x\"",
    "\"tags\":[[\"x\"]]",
    "\"createdAt\":\"2024-02-30\"",
    "\"name\":null",
    "\"name\":{}",
    "\"nmae\":\"x\"",
    "\"role\":\"ajar\"",
    "\"version\":null",
    "\"meta.\":1",
    "\"countryId\":\"one\"",
    "\"$set\":{\"stars\":1}",
};

/* Members that the database refuses. */
static const char *const violating_members[] = {
    "\"stars\":0",      "\"stars\":-2147483648", "\"countryId\":99",
    "\"countryId\":-1", "\"code\":\"c30\"",
};

/* What an update of shop 10, whose meta.a is a number and whose tags are a list, refuses. */
static const char *const wrong_changes[] = {
    "",
    "\"meta.a.b\":1",
    "\"meta.a[0]\":1",
    "\"meta.list.name\":1",
    "\"meta\":{},\"meta.a\":1",
    "\"meta.a\":1,\"$remove\":\"meta[\"",
    "\"$append\":{\"meta.a\":1}",
    "\"$increment\":{\"rank\":40000}",
    "\"$increment\":{\"stars\":-100}",
    "\"$increment\":{\"price\":9999}",
    "\"$increment\":{\"name\":1}",
    "\"version\":77,\"name\":\"x\"",
    "\"version\":0,\"$increment\":{\"stars\":1}",
    "\"id\":\"x\"",
};

#define ONE_OF(self, list) (list)[below(self, (int)ARRAY_COUNT(list))]

static const char *bad_member(refusals *self)
{
    return below(self, 2) ? ONE_OF(self, wrong_members) : ONE_OF(self, violating_members);
}

/* ---- rows ---------------------------------------------------------------------------------------- */

static void good_members(refusals *self, int id)
{
    text_format(&self->out,
                "\"id\":%d,\"name\":\"n%d\",\"code\":\"g%d\",\"countryId\":%d,\"stars\":%d,"
                "\"price\":\"%d.5\","
                "\"meta\":{\"a\":{\"b\":%d}},\"tags\":[\"x\",null]",
                id, id, id, 1 + below(self, 5), 1 + below(self, 5), below(self, 9999), id);
}

static void good_row(refusals *self)
{
    text_char(&self->out, '{');
    good_members(self, self->next_id++);
    text_char(&self->out, '}');
}

/* A row that is refused by itself. */
static void bad_row(refusals *self)
{
    switch (below(self, 5)) {
    case 0: /* the name is missing */
        text_format(&self->out, "{\"id\":%d,\"stars\":1}", self->next_id++);
        return;
    case 1: /* the key is taken */
        text_format(&self->out, "{\"id\":%d,\"name\":\"n\"}", 1 + below(self, SHOPS_COUNT));
        return;
    case 2:
        text_format(&self->out, "{\"id\":%d,\"name\":\"n\",\"meta.a\":1}", self->next_id++);
        return;
    default:
        text_format(&self->out, "{\"id\":%d,", self->next_id++);
        const char *member = bad_member(self);
        if (strncmp(member, "\"name\"", 6) != 0) text_string(&self->out, "\"name\":\"n\",");
        text_format(&self->out, "%s}", member);
    }
}

/* ---- writes -------------------------------------------------------------------------------------- */

static void create_draw(refusals *self)
{
    self->method = "create";
    text_string(&self->out, "{\"data\":");
    bad_row(self);
}

static void create_all_draw(refusals *self)
{
    int count = 2 + below(self, LIST_MAX - 1);
    int bad = below(self, count);
    bool is_twice = below(self, 6) == 0;
    self->method = "createAll";
    text_string(&self->out, "{\"data\":[");
    for (int i = 0; i < count; i++) {
        if (i > 0) text_char(&self->out, ',');
        if (i != bad) {
            good_row(self);
        } else if (is_twice && i > 0) {
            self->next_id--;
            good_row(self);
        } else {
            bad_row(self);
        }
    }
    text_char(&self->out, ']');
}

static void update_by_id_draw(refusals *self)
{
    self->method = "updateById";
    if (below(self, 3) == 0) { /* a sale points at it */
        text_format(&self->out, "{\"id\":%d,\"data\":{\"id\":%d}", 1 + below(self, 5), FREE_ID);
        return;
    }
    const char *change = below(self, 2) ? ONE_OF(self, wrong_changes) : bad_member(self);
    text_format(&self->out, "{\"id\":10,\"data\":{%s}", change);
}

/* The rows before the last one would be right. */
static void update_all_draw(refusals *self)
{
    static const char *const changes[] = {
        "\"$increment\":{\"stars\":-1}",
        "\"$increment\":{\"rank\":1}",
        "\"meta.a.b\":1",
        "\"code\":\"same\"",
        "\"id\":7",
        "\"countryId\":99",
    };
    self->method = below(self, 2) ? "updateAll" : "updateBy";
    if (below(self, 4) == 0) {
        text_format(&self->out, "{\"where\":{\"id\":{\"lte\":%d}},\"data\":{%s}",
                    2 + below(self, 28), bad_member(self));
    } else if (below(self, 6) == 0) {
        text_string(&self->out, "{\"where\":{},\"data\":{\"stars\":3}");
    } else {
        text_format(&self->out, "{\"where\":{\"id\":{\"gt\":%d}},\"data\":{%s}", below(self, 28),
                    ONE_OF(self, changes));
    }
}

static void upsert_draw(refusals *self)
{
    self->method = "upsert";
    int id = below(self, 2) ? 1 + below(self, SHOPS_COUNT - 1) : self->next_id++;
    const char *member = bad_member(self);
    bool has_name = strncmp(member, "\"name\"", 6) == 0;
    text_format(&self->out, "{\"data\":{\"id\":%d,%s%s}", id, has_name ? "" : "\"name\":\"n\",",
                member);
    if (below(self, 8) == 0) text_string(&self->out, ",\"options\":{\"onConflict\":\"none\"}");
}

static void delete_draw(refusals *self)
{
    switch (below(self, 4)) {
    case 0:
        self->method = "deleteById";
        text_format(&self->out, "{\"id\":%d", 1 + below(self, 5));
        return;
    case 1:
        self->method = "deleteById";
        self->repository = self->countries;
        text_format(&self->out, "{\"id\":%d", 1 + below(self, 5));
        return;
    case 2:
        self->method = "deleteAll";
        text_string(&self->out, "{\"where\":{\"not\":{\"or\":[]}}");
        return;
    default:
        self->method = below(self, 2) ? "deleteAll" : "deleteBy";
        text_format(&self->out, "{\"where\":{\"id\":{\"gt\":%d}}", below(self, 5));
    }
}

static void write_draw(refusals *self)
{
    static void (*const kinds[])(refusals * self) = {
        create_draw,     create_all_draw, create_all_draw, update_by_id_draw,
        update_all_draw, upsert_draw,     delete_draw};
    self->repository = self->shops;
    self->next_id = FREE_ID;
    text_init(&self->out, &self->ctx->kept, 0);
    kinds[below(self, (int)ARRAY_COUNT(kinds))](self);
    bool has_options = strstr(text_finish(&self->out), "\"options\"") != NULL;
    if (!has_options && below(self, 2))
        text_string(&self->out, ",\"options\":{\"shouldReturn\":false}");
    text_char(&self->out, '}');
}

/* ---- how it is done ------------------------------------------------------------------------------ */

static void fail_at(const refusals *self, const ignis_context *ctx, const char *what)
{
    const ignis_error *error = ignis_context_error(ctx);
    fail_msg("%s: %s %s: %s at \"%s\": %s", what, self->method, self->out.data,
             ignis_code_name(error->code), error->path, error->message);
}

static void write_refused(refusals *self, ignis_context *ctx)
{
    const char *answer = NULL;
    const ignis_policy *policy = below(self, 2) ? &ignis_policy_trusted : NULL;
    ignis_code code = ignis_call_json(ctx, self->repository, policy, self->method, self->out.data,
                                      self->out.size, &answer, NULL);
    if (code == IGNIS_OK) fail_at(self, ctx, "not refused");
    for (size_t i = 0; i < REASONS_COUNT; i++) {
        if (code != reasons[i]) continue;
        self->counts[i]++;
        return;
    }
    fail_at(self, ctx, "refused for another reason");
}

static ignis_context *begin(refusals *self, ignis_context *ctx)
{
    ignis_context *tx = NULL;
    if (ignis_begin(ctx, self->source, IGNIS_READ_COMMITTED, &tx) != IGNIS_OK)
        fail_at(self, ctx, "no transaction");
    return tx;
}

static void write_good(refusals *self, ignis_context *ctx)
{
    const char *answer = NULL;
    if (ignis_create_json(ctx, self->shops, "{\"id\":5000,\"name\":\"good\"}", &answer) !=
            IGNIS_OK ||
        ignis_update_by_id_json(ctx, self->shops, NULL, "20", "{\"name\":\"good\"}", &answer) !=
            IGNIS_OK)
        fail_at(self, ctx, "a good write");
}

/* What was right before it goes, too. */
static void within_a_transaction(refusals *self)
{
    ignis_context *tx = begin(self, self->ctx);
    write_good(self, tx);
    write_refused(self, tx);
    if (ignis_transaction_rollback(tx) != IGNIS_OK) fail_at(self, tx, "no rollback");
}

/* Nothing of it is committed, whether the transaction may go on or not. */
static void before_a_commit(refusals *self)
{
    ignis_context *tx = begin(self, self->ctx);
    write_refused(self, tx);
    ignis_code code = ignis_commit(tx);
    if (code != IGNIS_OK && code != IGNIS_E_STATE) fail_at(self, tx, "the commit");
}

/* The transaction goes on behind a savepoint that is undone. */
static void within_a_savepoint(refusals *self)
{
    ignis_context *tx = begin(self, self->ctx);
    ignis_context *inner = begin(self, tx);
    write_good(self, inner);
    write_refused(self, inner);
    if (ignis_transaction_rollback(inner) != IGNIS_OK) fail_at(self, inner, "no rollback");
    if (ignis_commit(tx) != IGNIS_OK) fail_at(self, tx, "the commit behind a savepoint");
}

static void outside(refusals *self)
{
    write_refused(self, self->ctx);
}

static const char *rows_make(refusals *self)
{
    text *out = &self->out;
    text_init(out, &self->ctx->kept, 0);
    for (int i = 1; i <= 5; i++)
        text_format(out, "%s{\"id\":%d,\"code\":\"k%d\"}", i == 1 ? "{\"Country\":[" : ",", i, i);
    for (int i = 1; i <= SHOPS_COUNT; i++) {
        text_format(out,
                    "%s{\"id\":%d,\"name\":\"n%d\",\"code\":\"c%d\",\"countryId\":%d,\"stars\":%d,",
                    i == 1 ? "],\"Shop\":[" : ",", i, i, i, 1 + i % 5, i == SHOPS_COUNT ? 1 : 3);
        text_format(out,
                    "\"rank\":%d,\"price\":\"1.50\",\"version\":1,\"tags\":[\"x\"],\"meta\":%s,"
                    "\"createdAt\":\"2024-01-01\",\"modifiedAt\":\"2024-01-01\"}",
                    i == SHOPS_COUNT ? 32767 : i,
                    i % 10 == 0 ? "{\"a\":5,\"list\":[1]}" : "{\"a\":{\"b\":2}}");
    }
    for (int i = 1; i <= 5; i++)
        text_format(out, "%s{\"id\":%d,\"shopId\":%d}", i == 1 ? "],\"Sale\":[" : ",", i, i);
    text_string(out, ",{\"id\":6,\"shopId\":30}]}");
    return text_finish(out);
}

static void refusals_open(refusals *self, const char *url)
{
    self->random.state = property_seed(1);
    self->ctx = ignis_context_create();
    assert_non_null(self->ctx);
    self->source = property_open(
        self->ctx, &(property_source){.url = url, .models = models, .rows = rows_make(self)});
    self->shops = property_repository(self->ctx, self->source, "Shop");
    self->countries = property_repository(self->ctx, self->source, "Country");
}

static void refusals_run(const char *url)
{
    static void (*const ways[])(refusals * self) = {outside, outside, within_a_transaction,
                                                    before_a_commit, within_a_savepoint};
    refusals self = {0};
    uint64_t before = 0;
    uint64_t after = 0;
    uint64_t count = property_count(WRITES_COUNT);
    refusals_open(&self, url);
    assert_true(content_hash(self.source, &before));
    for (uint64_t i = 0; i < count; i++) {
        ignis_mark mark = arena_mark(&self.ctx->kept);
        write_draw(&self);
        ways[below(&self, (int)ARRAY_COUNT(ways))](&self);
        assert_true(content_hash(self.source, &after));
        if (before != after)
            fail_msg("write %llu changed rows: %s %s", (unsigned long long)i, self.method,
                     self.out.data);
        ignis_context_reset(self.ctx);
        arena_release(&self.ctx->kept, mark);
    }
    write_good(&self, self.ctx);
    assert_true(content_hash(self.source, &after));
    assert_true(before != after);
    print_message("%llu refused writes\n", (unsigned long long)count);
    for (size_t i = 0; i < REASONS_COUNT; i++) {
        print_message("%s %llu\n", ignis_code_name(reasons[i]), (unsigned long long)self.counts[i]);
        assert_true(count < ENOUGH || self.counts[i] > 0);
    }
    ignis_context_free(self.ctx);
    ignis_data_source_close(self.source);
}

static void a_refused_write_changes_nothing_on_sqlite(void **state)
{
    (void)state;
    refusals_run("sqlite::memory:");
}

static void a_refused_write_changes_nothing_on_postgresql(void **state)
{
    (void)state;
    refusals_run(server_url());
}

int main(void)
{
    const struct CMUnitTest on_sqlite[] = {
        cmocka_unit_test(a_refused_write_changes_nothing_on_sqlite)};
    const struct CMUnitTest on_server[] = {
        cmocka_unit_test(a_refused_write_changes_nothing_on_postgresql)};
    int failed = cmocka_run_group_tests(on_sqlite, NULL, NULL);
    if (failed) return failed;
    (void)server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(on_server, NULL, NULL);
}
