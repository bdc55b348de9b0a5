/* upserts: many threads upsert the same rows over fewer connections, by the primary key and by a unique.
   No violation reaches a caller, no upsert is lost, and every row is one that was written.
   IGNIS_PROPERTY_COUNT is the number of rounds. */
#include "property/property.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEYS_COUNT = 100,
    ROUNDS_COUNT = 1,
    THREADS_MAX = 64,
    SQLITE_THREADS_COUNT = 8,
    CONNECTIONS_MAX = 6,
    WRONG_SIZE = 256
};

/* The version counts the upserts of a row. */
static const char models[] = IGNIS_JSON({
    "models" : [
        {
            "name" : "Place",
            "columns" : [
                {"name" : "key", "type" : "integer", "primaryKey" : true},
                {"name" : "writer", "type" : "integer", "notNull" : true},
                {"name" : "round", "type" : "integer", "notNull" : true},
                {"name" : "said", "type" : "text", "notNull" : true}, {
                    "name" : "version",
                    "type" : "bigint",
                    "notNull" : true,
                    "defaultFn" : "version",
                    "onUpdate" : "version"
                }
            ]
        },
        {
            "name" : "Word",
            "columns" : [
                {"enricher" : "id", "dataType" : "string"},
                {"name" : "key", "type" : "integer", "notNull" : true},
                {"name" : "writer", "type" : "integer", "notNull" : true},
                {"name" : "round", "type" : "integer", "notNull" : true},
                {"name" : "said", "type" : "text", "notNull" : true}, {
                    "name" : "version",
                    "type" : "bigint",
                    "notNull" : true,
                    "defaultFn" : "version",
                    "onUpdate" : "version"
                }
            ],
            "uniques" : [ {"name" : "word_key", "columns" : ["key"]} ]
        }
    ]
});

typedef struct crowd {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *places;
    ignis_repository *words;
    size_t threads_count;
    int rounds_count;
} crowd;

typedef struct worker {
    const crowd *owner;
    ignis_context *ctx;
    pthread_t thread;
    int number;
    uint64_t random;
    char wrong[WRONG_SIZE]; /* the first answer that may not be */
} worker;

static ignis_code upsert(worker *self, const ignis_repository *repository, const char *options,
                         int key, int round)
{
    char arguments[256];
    const char *answer = NULL;
    snprintf(arguments, sizeof(arguments),
             "{\"data\":{\"key\":%d,\"writer\":%d,\"round\":%d,\"said\":\"%d/%d\"}%s}", key,
             self->number, round, self->number, round, options);
    return ignis_call_json(self->ctx, repository, &ignis_policy_trusted, "upsert", arguments, 0,
                           &answer, NULL);
}

/* All keys once, from a place of its own on, so that threads meet at different ones. */
static ignis_code round_run(worker *self, int round)
{
    self->random = self->random * 6364136223846793005u + 1442695040888963407u;
    int first = (int)(self->random >> 33) % KEYS_COUNT;
    for (int i = 0; i < KEYS_COUNT; i++) {
        int key = (first + i) % KEYS_COUNT;
        IGNIS_TRY(upsert(self, self->owner->places, "", key, round));
        IGNIS_TRY(upsert(self, self->owner->words, ",\"options\":{\"onConflict\":\"word_key\"}",
                         key, round));
        ignis_context_reset(self->ctx);
    }
    return IGNIS_OK;
}

static void *worker_run(void *data)
{
    worker *self = data;
    for (int round = 0; round < self->owner->rounds_count; round++) {
        ignis_code code = round_run(self, round);
        if (code == IGNIS_OK) continue;
        snprintf(self->wrong, sizeof(self->wrong), "%s: %.200s", ignis_code_name(code),
                 ignis_context_error(self->ctx)->message);
        break;
    }
    return NULL;
}

static void threads_run(const crowd *all)
{
    static worker workers[THREADS_MAX];
    for (size_t i = 0; i < all->threads_count; i++) {
        workers[i] = (worker){.owner = all,
                              .ctx = ignis_context_create(),
                              .number = (int)i,
                              .random = property_seed(1) * 1000003 + i};
        assert_non_null(workers[i].ctx);
        assert_int_equal(pthread_create(&workers[i].thread, NULL, worker_run, &workers[i]), 0);
    }
    for (size_t i = 0; i < all->threads_count; i++)
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    for (size_t i = 0; i < all->threads_count; i++) {
        if (*workers[i].wrong) fail_msg("thread %zu: %s", i, workers[i].wrong);
        ignis_context_free(workers[i].ctx);
    }
}

/* Rows that are not what the last round of their writer wrote, or that miss an upsert; in plain SQL. */
static void rows_check(const crowd *all, const char *table)
{
    char sql[512];
    char expected[128];
    const char *answer = NULL;
    int64_t upserts = (int64_t)all->threads_count * all->rounds_count;
    snprintf(
        sql, sizeof(sql),
        "SELECT count(*) AS rows, count(DISTINCT key) AS keys, min(version) AS least, max(version) "
        "AS most, sum(CASE WHEN round = %d AND said = CAST(writer AS text) || '/' || "
        "CAST(round AS text) THEN 0 ELSE 1 END) AS wrong FROM \"%s\"",
        all->rounds_count - 1, table);
    snprintf(expected, sizeof(expected),
             "[{\"rows\":%d,\"keys\":%d,\"least\":%lld,\"most\":%lld,\"wrong\":0}]", KEYS_COUNT,
             KEYS_COUNT, (long long)upserts, (long long)upserts);
    const ignis_sql statement = {.struct_size = sizeof(statement), .text = sql};
    assert_int_equal(ignis_query(all->ctx, all->source, &statement, &answer), IGNIS_OK);
    assert_string_equal(answer, expected);
}

static void crowd_run(crowd *all, const char *url)
{
    all->ctx = ignis_context_create();
    all->rounds_count = (int)property_count(ROUNDS_COUNT);
    assert_true(all->rounds_count > 0);
    all->source = property_open(
        all->ctx,
        &(property_source){.url = url, .models = models, .connections_max = CONNECTIONS_MAX});
    all->places = property_repository(all->ctx, all->source, "Place");
    all->words = property_repository(all->ctx, all->source, "Word");
    threads_run(all);
    rows_check(all, "Place");
    rows_check(all, "Word");
    print_message("%zu threads, %d rounds of %d keys\n", all->threads_count, all->rounds_count,
                  KEYS_COUNT);
    ignis_context_free(all->ctx);
    ignis_data_source_close(all->source);
}

static void no_upsert_is_lost_or_refused_on_sqlite(void **state)
{
    (void)state;
    char folder[] = "/tmp/ignis_upserts.XXXXXX";
    char path[64];
    char name[80];
    static const char *const ends[] = {"", "-wal", "-shm"};
    crowd all = {.threads_count = SQLITE_THREADS_COUNT};
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "sqlite:%s/db", folder);
    crowd_run(&all, path);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        snprintf(name, sizeof(name), "%s/db%s", folder, ends[i]);
        unlink(name);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void no_upsert_is_lost_or_refused_on_postgresql(void **state)
{
    (void)state;
    crowd all = {.threads_count = THREADS_MAX};
    crowd_run(&all, server_url());
}

int main(void)
{
    const struct CMUnitTest on_sqlite[] = {
        cmocka_unit_test(no_upsert_is_lost_or_refused_on_sqlite)};
    const struct CMUnitTest on_server[] = {
        cmocka_unit_test(no_upsert_is_lost_or_refused_on_postgresql)};
    int failed = cmocka_run_group_tests(on_sqlite, NULL, NULL);
    if (failed) return failed;
    (void)server_url(); /* ends here where there is no server */
    return cmocka_run_group_tests(on_server, NULL, NULL);
}
