/* Where reads go: replicas that are up, others while they are not, the primary for all else. The
   "replicas" are the server itself behind proxies, which tell where it was asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "ignis.h"
#include "support/proxy.h"
#include "support/server.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES_COUNT = 3, CALL_MS = 20000, LINE_SIZE_MAX = 512 };

typedef enum place { PRIMARY, FIRST, SECOND, NOWHERE } place;

typedef struct Item {
    int32_t id;
    const char *name;
} Item;

IGNIS_MODEL(Item, .columns = IGNIS_COLUMNS(IGNIS_COLUMN(Item, id, .primary_key = true),
                                           IGNIS_COLUMN(Item, name)));
IGNIS_REPOSITORY(ItemRepository, Item);

/* Lines of the log about replicas. */
typedef struct told {
    size_t count;
    char last[LINE_SIZE_MAX];
} told;

typedef struct opened {
    proxy *places[PLACES_COUNT];
    uint64_t turns[PLACES_COUNT]; /* when they were looked at last */
    told told;
    ignis_context *ctx;
    ignis_data_source *source;
    ItemRepository *items;
} opened;

static void line_take(void *data, const ignis_log_entry *entry)
{
    told *self = data;
    if (strncmp(entry->message, "the replica ", 12) != 0) return;
    self->count++;
    (void)snprintf(self->last, sizeof(self->last), "%s", entry->message);
}

static void look(opened *self)
{
    for (size_t i = 0; i < PLACES_COUNT; i++)
        self->turns[i] = proxy_count(self->places[i]).turns;
}

/* The only place that was asked since the last look. */
static place asked(opened *self)
{
    place found = NOWHERE;
    for (size_t i = 0; i < PLACES_COUNT; i++) {
        uint64_t turns = proxy_count(self->places[i]).turns;
        if (turns == self->turns[i]) continue;
        assert_int_equal(found, NOWHERE);
        found = (place)i;
    }
    look(self);
    return found;
}

static void open_class(opened *self, const ignis_data_source_class *given)
{
    const ignis_log log = {.struct_size = sizeof(log),
                           .write = line_take,
                           .data = &self->told,
                           .level = IGNIS_LOG_INFO};
    ignis_data_source_class class_ = *given;
    class_.struct_size = sizeof(class_);
    class_.url = proxy_url(self->places[PRIMARY]);
    class_.models = (const ignis_model *const[]){&Item_model};
    class_.models_count = 1;
    class_.log = &log;
    class_.env_file = "";
    if (ignis_data_source_open(self->ctx, &class_, &self->source) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(self->ctx)->message);
    assert_int_equal(ItemRepository_open(self->ctx, self->source, &self->items), IGNIS_OK);
}

static void places_start(opened *self)
{
    *self = (opened){.ctx = ignis_context_create()};
    for (size_t i = 0; i < PLACES_COUNT; i++)
        self->places[i] = proxy_start(server_url());
    ignis_context_timeout_set(self->ctx, CALL_MS);
    server_execute("DROP TABLE IF EXISTS \"Item\"; CREATE TABLE \"Item\"(id int PRIMARY KEY, name"
                   " text); INSERT INTO \"Item\" VALUES (1, 'one'), (2, 'two')");
}

static void open_replicas(opened *self)
{
    places_start(self);
    const char *const replicas[] = {proxy_url(self->places[FIRST]),
                                    proxy_url(self->places[SECOND])};
    const ignis_data_source_class class_ = {.replicas = replicas, .replicas_count = 2};
    open_class(self, &class_);
}

static void close_all(opened *self)
{
    ignis_data_source_close(self->source);
    for (size_t i = 0; i < PLACES_COUNT; i++)
        proxy_stop(self->places[i]);
    ignis_context_free(self->ctx);
}

static const ignis_repository *items_of(const opened *self)
{
    return (const ignis_repository *)self->items;
}

static void read_one(opened *self, ignis_context *ctx, const ignis_options *options)
{
    const ignis_filter filter = {.struct_size = sizeof(filter), .options = options};
    Item *item = NULL;
    ignis_context_timeout_set(self->ctx, CALL_MS);
    if (ItemRepository_find_one(ctx, self->items, &filter, &item) != IGNIS_OK)
        fail_msg("%s", ignis_context_error(ctx)->message);
    assert_non_null(item);
}

static place place_of_a_read(opened *self)
{
    look(self);
    read_one(self, self->ctx, NULL);
    return asked(self);
}

static ignis_replica_status status_of(const opened *self, size_t index)
{
    ignis_replica_status status = {.struct_size = sizeof(status)};
    assert_true(ignis_data_source_replica_status(self->source, index, &status));
    return status;
}

/* Reads go on meanwhile, each of them is answered. */
static void await_state(opened *self, size_t index, ignis_replica_state state)
{
    int64_t until_ms = clock_monotonic_ms() + CALL_MS;
    while (status_of(self, index).state != state) {
        read_one(self, self->ctx, NULL);
        assert_true(clock_monotonic_ms() < until_ms);
    }
}

static void warm_up(opened *self)
{
    await_state(self, 0, IGNIS_REPLICA_UP);
    await_state(self, 1, IGNIS_REPLICA_UP);
    read_one(self, self->ctx, IGNIS_OPTIONS(.replica = IGNIS_REPLICA_NONE));
}

/* ---- who is asked ---- */

static void reads_go_to_the_replicas_in_turn(void **state)
{
    (void)state;
    opened o;
    open_replicas(&o);
    assert_int_equal(status_of(&o, 0).state, IGNIS_REPLICA_UNTRIED);
    warm_up(&o);
    place before = place_of_a_read(&o);
    for (int i = 0; i < 4; i++) {
        place now = place_of_a_read(&o);
        assert_true(now == FIRST || now == SECOND);
        assert_int_not_equal(now, before);
        before = now;
    }
    assert_true(status_of(&o, 0).reads >= 2);
    assert_true(status_of(&o, 1).reads >= 2);
    assert_int_equal(status_of(&o, 0).failed, 0);
    close_all(&o);
}

static void every_kind_of_read_goes_to_a_replica(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        const char *arguments;
    } reads[] = {
        {"find", "{}"},
        {"find", "{\"options\": {\"shouldQueryRange\": true}}"},
        {"find", "{\"options\": {\"replica\": true}}"},
        {"findOne", "{\"filter\": {\"order\": [\"id\"]}}"},
        {"findById", "{\"id\": 1}"},
        {"count", "{}"},
        {"existsWith", "{\"where\": {\"id\": 2}}"},
    };
    opened o;
    const char *answer;
    open_replicas(&o);
    warm_up(&o);
    for (size_t i = 0; i < ARRAY_COUNT(reads); i++) {
        look(&o);
        assert_int_equal(ignis_call_json(o.ctx, items_of(&o), NULL, reads[i].method,
                                         reads[i].arguments, 0, &answer, NULL),
                         IGNIS_OK);
        assert_int_not_equal(asked(&o), PRIMARY);
    }
    close_all(&o);
}

static void what_has_to_be_fresh_or_written_goes_to_the_primary(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        const char *arguments;
    } calls[] = {
        {"find", "{\"options\": {\"replica\": false}}"},
        {"findById", "{\"id\": 1, \"options\": {\"replica\": false}}"},
        {"count", "{\"options\": {\"replica\": false}}"},
        {"create", "{\"data\": {\"id\": 3, \"name\": \"three\"}}"},
        {"updateById", "{\"id\": 3, \"data\": {\"name\": \"four\"}}"},
        {"deleteById", "{\"id\": 3}"},
    };
    opened o;
    const char *answer;
    int64_t affected;
    open_replicas(&o);
    warm_up(&o);
    for (size_t i = 0; i < ARRAY_COUNT(calls); i++) {
        look(&o);
        assert_int_equal(ignis_call_json(o.ctx, items_of(&o), NULL, calls[i].method,
                                         calls[i].arguments, 0, &answer, NULL),
                         IGNIS_OK);
        assert_int_equal(asked(&o), PRIMARY);
    }
    read_one(&o, o.ctx, IGNIS_OPTIONS(.replica = IGNIS_REPLICA_NONE));
    assert_int_equal(asked(&o), PRIMARY);
    const ignis_sql query = {.struct_size = sizeof(query), .text = "SELECT 1 AS one"};
    assert_int_equal(ignis_query(o.ctx, o.source, &query, &answer), IGNIS_OK);
    assert_int_equal(asked(&o), PRIMARY);
    const ignis_sql change = {.struct_size = sizeof(change),
                              .text = "DELETE FROM \"Item\" WHERE false"};
    assert_int_equal(ignis_execute(o.ctx, o.source, &change, &affected), IGNIS_OK);
    assert_int_equal(asked(&o), PRIMARY);
    close_all(&o);
}

static void transactions_and_locks_are_the_primarys(void **state)
{
    (void)state;
    opened o;
    const char *answer;
    ignis_context *tx = NULL;
    open_replicas(&o);
    warm_up(&o);
    look(&o);
    assert_int_equal(ignis_begin(o.ctx, o.source, IGNIS_SERIALIZABLE, &tx), IGNIS_OK);
    read_one(&o, tx, NULL);
    assert_int_equal(ignis_call_json(tx, items_of(&o), &ignis_policy_trusted, "find",
                                     "{\"options\": {\"lock\": {\"strength\": \"update\"}}}", 0,
                                     &answer, NULL),
                     IGNIS_OK);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
    assert_int_equal(asked(&o), PRIMARY);
    close_all(&o);
}

static void a_write_knows_nothing_of_the_option(void **state)
{
    (void)state;
    opened o;
    const char *answer;
    open_replicas(&o);
    assert_int_equal(ignis_call_json(o.ctx, items_of(&o), NULL, "deleteById",
                                     "{\"id\": 9, \"options\": {\"replica\": false}}", 0, &answer,
                                     NULL),
                     IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(o.ctx)->message,
                        "unknown option 'replica' of deleteById");
    close_all(&o);
}

/* ---- replicas that fail ---- */

static void a_replica_that_refuses_is_left_out_until_it_is_back(void **state)
{
    (void)state;
    opened o;
    open_replicas(&o);
    warm_up(&o);
    o.told.count = 0;
    proxy_refuse(o.places[FIRST]);
    proxy_fail(o.places[FIRST], PROXY_TO_CLIENT, 0, PROXY_CLOSE);
    await_state(&o, 0, IGNIS_REPLICA_DOWN);
    for (int i = 0; i < 20; i++)
        read_one(&o, o.ctx, NULL);
    assert_int_equal(status_of(&o, 0).code, IGNIS_E_CONNECTION);
    assert_int_not_equal(strlen(status_of(&o, 0).message), 0);
    assert_int_equal(status_of(&o, 1).state, IGNIS_REPLICA_UP);
    assert_int_equal(o.told.count, 1);
    assert_non_null(strstr(o.told.last, " is down: "));
    proxy_resume(o.places[FIRST]);
    await_state(&o, 0, IGNIS_REPLICA_UP);
    assert_int_equal(status_of(&o, 0).code, IGNIS_OK);
    assert_string_equal(status_of(&o, 0).message, "");
    assert_int_equal(o.told.count, 2);
    close_all(&o);
}

static void without_replicas_the_primary_reads(void **state)
{
    (void)state;
    opened o;
    open_replicas(&o);
    warm_up(&o);
    o.told.count = 0;
    for (place at = FIRST; at <= SECOND; at++) {
        proxy_refuse(o.places[at]);
        proxy_fail(o.places[at], PROXY_TO_CLIENT, 0, PROXY_RESET);
    }
    await_state(&o, 0, IGNIS_REPLICA_DOWN);
    await_state(&o, 1, IGNIS_REPLICA_DOWN);
    look(&o);
    read_one(&o, o.ctx, NULL);
    assert_true(proxy_count(o.places[PRIMARY]).turns > o.turns[PRIMARY]);
    assert_int_equal(o.told.count, 2);
    assert_non_null(strstr(o.told.last, ", the primary reads alone: "));
    close_all(&o);
}

static void a_replica_that_was_never_there_is_no_obstacle(void **state)
{
    (void)state;
    static const char *const replicas[] = {"postgresql://127.0.0.1:1/nothing",
                                           "postgresql://127.0.0.1:2/nothing"};
    const ignis_data_source_class class_ = {.replicas = replicas, .replicas_count = 2};
    opened o;
    places_start(&o);
    open_class(&o, &class_);
    for (int i = 0; i < 10; i++)
        read_one(&o, o.ctx, NULL);
    assert_int_equal(status_of(&o, 0).state, IGNIS_REPLICA_DOWN);
    assert_int_equal(status_of(&o, 1).state, IGNIS_REPLICA_DOWN);
    close_all(&o);
}

static void a_silent_replica_takes_its_share_of_the_time_alone(void **state)
{
    (void)state;
    opened o;
    open_replicas(&o);
    proxy_fail(o.places[FIRST], PROXY_TO_CLIENT, 0, PROXY_HOLD);
    proxy_fail(o.places[SECOND], PROXY_TO_CLIENT, 0, PROXY_HOLD);
    ignis_context_timeout_set(o.ctx, 3000);
    Item *item;
    assert_int_equal(ItemRepository_find_one(o.ctx, o.items, NULL, &item), IGNIS_OK);
    assert_int_equal(status_of(&o, 0).state, IGNIS_REPLICA_DOWN);
    assert_int_equal(status_of(&o, 1).state, IGNIS_REPLICA_DOWN);
    proxy_resume(o.places[FIRST]);
    proxy_resume(o.places[SECOND]);
    warm_up(&o);
    close_all(&o);
}

/* Only what is read waits for a replica, and that within the call's time: a host that falls silent
   with connections costs one read, whose deadline passes. */
static void a_replica_that_falls_silent_is_asked_anew(void **state)
{
    (void)state;
    opened o;
    open_replicas(&o);
    warm_up(&o);
    while (place_of_a_read(&o) != SECOND)
        continue;
    proxy_fail(o.places[FIRST], PROXY_TO_CLIENT, 0, PROXY_HOLD);
    Item *item;
    ignis_context_timeout_set(o.ctx, 200);
    assert_int_equal(ItemRepository_find_one(o.ctx, o.items, NULL, &item), IGNIS_E_TIMEOUT);
    for (int i = 0; i < 6; i++) {
        ignis_context_timeout_set(o.ctx, 3000);
        assert_int_equal(ItemRepository_find_one(o.ctx, o.items, NULL, &item), IGNIS_OK);
    }
    assert_int_equal(status_of(&o, 0).state, IGNIS_REPLICA_DOWN);
    close_all(&o);
}

/* A replica is behind, or is a logical one: here it is another database, without the table. */
static void what_a_replica_does_not_have_the_primary_answers(void **state)
{
    (void)state;
    const char *const replicas[] = {getenv("IGNIS_TEST_POSTGRES_URL")};
    const ignis_data_source_class class_ = {.replicas = replicas, .replicas_count = 1};
    opened o;
    places_start(&o);
    open_class(&o, &class_);
    assert_int_equal(place_of_a_read(&o), PRIMARY);
    assert_int_equal(status_of(&o, 0).failed, 1);
    assert_int_equal(status_of(&o, 0).reads, 0);
    assert_int_not_equal(status_of(&o, 0).state, IGNIS_REPLICA_DOWN);
    close_all(&o);
}

static void a_filter_that_is_refused_is_refused_once(void **state)
{
    (void)state;
    opened o;
    const char *answer;
    open_replicas(&o);
    warm_up(&o);
    look(&o);
    assert_int_equal(ignis_find_json(o.ctx, items_of(&o), &ignis_policy_trusted,
                                     "{\"where\": {\"name\": {\"regexp\": \"(\"}}}", &answer),
                     IGNIS_E_INVALID);
    assert_int_not_equal(asked(&o), PRIMARY);
    close_all(&o);
}

/* ---- looking, disconnecting ---- */

static void a_ping_finds_out_about_each_replica(void **state)
{
    (void)state;
    opened o;
    open_replicas(&o);
    assert_int_equal(ignis_data_source_ping(o.ctx, o.source, CALL_MS), IGNIS_OK);
    assert_int_equal(status_of(&o, 0).state, IGNIS_REPLICA_UP);
    assert_int_equal(status_of(&o, 1).state, IGNIS_REPLICA_UP);
    proxy_fail(o.places[FIRST], PROXY_TO_CLIENT, 0, PROXY_HOLD);
    proxy_refuse(o.places[SECOND]);
    proxy_fail(o.places[SECOND], PROXY_TO_CLIENT, 0, PROXY_CLOSE);
    assert_int_equal(ignis_data_source_ping(o.ctx, o.source, 1000), IGNIS_OK);
    assert_int_equal(status_of(&o, 0).state, IGNIS_REPLICA_DOWN);
    assert_int_equal(status_of(&o, 1).state, IGNIS_REPLICA_DOWN);
    proxy_resume(o.places[FIRST]);
    proxy_resume(o.places[SECOND]);
    assert_int_equal(ignis_data_source_ping(o.ctx, o.source, CALL_MS), IGNIS_OK);
    assert_int_equal(status_of(&o, 0).state, IGNIS_REPLICA_UP);
    assert_int_equal(status_of(&o, 1).state, IGNIS_REPLICA_UP);
    assert_int_equal(status_of(&o, 0).reads, 0);
    close_all(&o);
}

static void a_ping_answers_for_the_primary(void **state)
{
    (void)state;
    opened o;
    open_replicas(&o);
    warm_up(&o);
    proxy_refuse(o.places[PRIMARY]);
    proxy_fail(o.places[PRIMARY], PROXY_TO_CLIENT, 0, PROXY_CLOSE);
    ignis_code code = ignis_data_source_ping(o.ctx, o.source, 1000);
    assert_true(code == IGNIS_E_CONNECTION || code == IGNIS_E_TIMEOUT);
    assert_int_not_equal(place_of_a_read(&o), PRIMARY);
    close_all(&o);
}

static void a_status_is_filled_as_far_as_it_reaches(void **state)
{
    (void)state;
    opened o;
    ignis_replica_status status;
    open_replicas(&o);
    memset(&status, 7, sizeof(status));
    status.struct_size = offsetof(ignis_replica_status, code);
    assert_true(ignis_data_source_replica_status(o.source, 1, &status));
    assert_null(strstr(status.url, "hushhush"));
    assert_int_equal(status.state, IGNIS_REPLICA_UNTRIED);
    assert_int_equal(status.message[0], 7);
    assert_false(ignis_data_source_replica_status(o.source, 2, &status));
    close_all(&o);
}

static void disconnecting_closes_the_replicas_connections_too(void **state)
{
    (void)state;
    opened o;
    Item *item;
    open_replicas(&o);
    warm_up(&o);
    ignis_data_source_disconnect(o.ctx, o.source);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(status_of(&o, i).open, 0);
    assert_int_equal(ItemRepository_find_one(o.ctx, o.items, NULL, &item), IGNIS_E_STATE);
    assert_int_equal(ignis_data_source_connect(o.ctx, o.source, CALL_MS), IGNIS_OK);
    assert_int_not_equal(place_of_a_read(&o), PRIMARY);
    close_all(&o);
}

/* ---- settings ---- */

static void what_cannot_be_a_replica_is_refused(void **state)
{
    (void)state;
    static const char *const one[] = {"postgresql://127.0.0.1:1/a"};
    static const char *const wrong[] = {"postgresql://127.0.0.1:1/a", "mysql://b"};
    static const char *const unknown[] = {"${IGNIS_TEST_NO_SUCH_NAME}"};
    static const char *many[65];
    static const struct {
        const char *url;
        const char *const *replicas;
        size_t count;
        const char *path;
        const char *message;
    } cases[] = {
        {"sqlite::memory:", one, 1, "replicas",
         "the driver sqlite has no replicas: they are PostgreSQL's"},
        {NULL, wrong, 2, "replicas[1]", "expected postgresql://USER@HOST:PORT/DATABASE as the URL"},
        {NULL, unknown, 1, "replicas[0]", "the environment has no IGNIS_TEST_NO_SUCH_NAME"},
        {NULL, many, 65, "replicas", "at most 64 replicas, got 65"},
    };
    ignis_context *ctx = ignis_context_create();
    for (size_t i = 0; i < ARRAY_COUNT(many); i++)
        many[i] = "postgresql://127.0.0.1:1/a";
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        ignis_data_source *source = NULL;
        const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                                .url = cases[i].url ? cases[i].url : server_url(),
                                                .env_file = "",
                                                .models = (const ignis_model *const[]){&Item_model},
                                                .models_count = 1,
                                                .replicas = cases[i].replicas,
                                                .replicas_count = cases[i].count};
        assert_int_equal(ignis_data_source_open(ctx, &class_, &source), IGNIS_E_INVALID);
        assert_string_equal(ignis_context_error(ctx)->path, cases[i].path);
        assert_string_equal(ignis_context_error(ctx)->message, cases[i].message);
    }
    ignis_context_free(ctx);
}

static void replicas_have_the_settings_of_the_data_source(void **state)
{
    (void)state;
    opened o;
    places_start(&o);
    assert_int_equal(
        setenv("IGNIS_TEST_A_REPLICA", "postgresql://b.invalid:5/b?connect_timeout=1", 1), 0);
    const ignis_data_source_class given = {
        .replicas =
            (const char *const[]){"${IGNIS_TEST_NOTHING_SUCH:-}", "${IGNIS_TEST_A_REPLICA}"},
        .replicas_count = 2,
        .database = "postgres"};
    open_class(&o, &given);
    ignis_replica_status status = status_of(&o, 0);
    assert_string_equal(status.url, "postgresql://b.invalid:5/b?connect_timeout=1&dbname=postgres");
    assert_false(ignis_data_source_replica_status(o.source, 1, &status));
    close_all(&o);
}

static void every_refused_allocation_of_opening_and_reading_is_told(void **state)
{
    (void)state;
    opened o;
    places_start(&o);
    const char *const replicas[] = {server_url(), "postgresql://127.0.0.1:1/nothing"};
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .url = server_url(),
                                            .env_file = "",
                                            .models = IGNIS_MODELS(&Item_model),
                                            .replicas = replicas,
                                            .replicas_count = 2};
    size_t blocks = arena_live_blocks();
    ignis_code code = IGNIS_E_MEMORY;
    uint64_t count = 0;
    for (uint64_t n = 1; code != IGNIS_OK || count >= n; n++) {
        Item *item = NULL;
        ignis_context *ctx = ignis_context_create();
        o.source = NULL;
        arena_fault_at(n);
        code = ignis_data_source_open(ctx, &class_, &o.source);
        if (code == IGNIS_OK) code = ItemRepository_open(ctx, o.source, &o.items);
        for (int i = 0; code == IGNIS_OK && i < 3; i++)
            code = ItemRepository_find_one(ctx, o.items, NULL, &item);
        count = arena_fault_count();
        arena_fault_at(0);
        if (code != IGNIS_OK) assert_int_equal(code, IGNIS_E_MEMORY);
        ignis_data_source_close(o.source);
        ignis_context_free(ctx);
        assert_int_equal(arena_live_blocks(), blocks);
    }
    o.source = NULL;
    close_all(&o);
}

int main(void)
{
    (void)server_url();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_go_to_the_replicas_in_turn),
        cmocka_unit_test(every_kind_of_read_goes_to_a_replica),
        cmocka_unit_test(what_has_to_be_fresh_or_written_goes_to_the_primary),
        cmocka_unit_test(transactions_and_locks_are_the_primarys),
        cmocka_unit_test(a_write_knows_nothing_of_the_option),
        cmocka_unit_test(a_replica_that_refuses_is_left_out_until_it_is_back),
        cmocka_unit_test(without_replicas_the_primary_reads),
        cmocka_unit_test(a_replica_that_was_never_there_is_no_obstacle),
        cmocka_unit_test(a_silent_replica_takes_its_share_of_the_time_alone),
        cmocka_unit_test(a_replica_that_falls_silent_is_asked_anew),
        cmocka_unit_test(what_a_replica_does_not_have_the_primary_answers),
        cmocka_unit_test(a_filter_that_is_refused_is_refused_once),
        cmocka_unit_test(a_ping_finds_out_about_each_replica),
        cmocka_unit_test(a_ping_answers_for_the_primary),
        cmocka_unit_test(a_status_is_filled_as_far_as_it_reaches),
        cmocka_unit_test(disconnecting_closes_the_replicas_connections_too),
        cmocka_unit_test(what_cannot_be_a_replica_is_refused),
        cmocka_unit_test(replicas_have_the_settings_of_the_data_source),
        cmocka_unit_test(every_refused_allocation_of_opening_and_reading_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
