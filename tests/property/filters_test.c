/* Random models, rows and filters: what SQLite and PostgreSQL answer against what an evaluator says
   that reads rows in plain loops. IGNIS_PROPERTY_COUNT is the number of filters (2,000),
   IGNIS_PROPERTY_SEED the seed of the first models (1); each 50 filters have models of their own,
   with the next seed. IGNIS_PROPERTY_DIFFERENCES is the number of differences after which it ends
   (1), IGNIS_PROPERTY_KEEP a folder for the smallest case of the last one. */
#include "property/draw.h"
#include "property/property.h"
#include "property/trial.h"
#include "support/parsed.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILTERS_COUNT = 2000,
    FILTERS_PER_WORLD = 50,
    ENGINES_MAX = 2,
    TRIES_MAX = 20,
    UNSAID_PERCENT = 20, /* of the calls */
    MAY_SKIP = 0         /* 0: a call that is still to come is a failure */
};

typedef struct counts {
    uint64_t filters;
    uint64_t with_rows;
    uint64_t errors;
    uint64_t skipped[ENGINES_MAX];
    uint64_t worlds_skipped;
    uint64_t differences;
} counts;

typedef struct comparison {
    trial_engine engines[ENGINES_MAX];
    size_t engines_count;
    counts counts;
    uint64_t differences_max;
} comparison;

/* One set of models with its rows. */
typedef struct world {
    naive_memory memory;
    uint64_t seed;
    naive_world plain;
    naive_json *models;
    naive_json *rows;
} world;

static void server_clear(void)
{
    server_execute("SET client_min_messages = warning; DROP SCHEMA public CASCADE;"
                   " CREATE SCHEMA public");
}

/* ---- worlds ---- */

static void default_filters_draw(world *w, draw *d)
{
    naive_json *models = naive_get(w->models, "models");
    for (size_t i = 0; i < models->count; i++) {
        if (!draw_chance(&d->random, 35)) continue;
        naive_json *settings = naive_get(models->items[i], "settings");
        if (!settings) {
            settings = naive_make(&w->memory, NAIVE_OBJECT);
            naive_set(&w->memory, models->items[i], "settings", settings);
        }
        naive_json *filter = draw_default_filter(d, &w->plain, &w->plain.models[i]);
        naive_set(&w->memory, settings, "defaultFilter", filter);
    }
}

static void world_draw(world *w, uint64_t seed)
{
    *w = (world){.seed = seed};
    draw d = {.random = {.state = seed}, .memory = &w->memory};
    w->models = draw_models(&d);
    assert_true(naive_models_read(&w->memory, w->models, &w->plain));
    w->rows = draw_rows(&d, &w->plain);
    assert_true(naive_rows_read(&w->memory, w->rows, &w->plain));
    default_filters_draw(w, &d);
    assert_true(naive_models_read(&w->memory, w->models, &w->plain));
    assert_true(naive_rows_read(&w->memory, w->rows, &w->plain));
}

static void default_filters_remove(world *w)
{
    naive_json *models = naive_get(w->models, "models");
    for (size_t i = 0; i < models->count; i++) {
        naive_json *settings = naive_get(models->items[i], "settings");
        for (size_t k = 0; settings && k < settings->count; k++)
            if (strcmp(settings->names[k], "defaultFilter") == 0) naive_remove(settings, k);
        w->plain.models[i].default_filter = NULL;
    }
}

/* Default filters that need what is still to come are left out. */
static void world_open(comparison *c, world *w)
{
    const char *rows = naive_write(&w->memory, w->rows);
    for (size_t i = 0; i < c->engines_count; i++) {
        trial_engine *engine = &c->engines[i];
        ignis_code code = trial_open(engine, naive_write(&w->memory, w->models), rows);
        if (code != IGNIS_OK && trial_is_awaited(engine)) {
            c->counts.worlds_skipped++;
            default_filters_remove(w);
            code = trial_open(engine, naive_write(&w->memory, w->models), rows);
        }
        if (code == IGNIS_OK) continue;
        const ignis_error *error = ignis_context_error(engine->ctx);
        print_error("%s\n%s\n", naive_write(&w->memory, w->models), rows);
        fail_msg("%s, seed %" PRIu64 ": %s at %s", engine->name, w->seed, error->message,
                 error->path);
    }
}

/* ---- calls ---- */

static naive_answer call_draw(world *w, naive_memory *memory, draw *d, trial_case *call)
{
    naive_answer answer = {.is_loose = true};
    for (int i = 0; answer.is_loose && i < TRIES_MAX; i++) {
        draw_call drawn = draw_call_of(d, &w->plain);
        *call = (trial_case){.models = w->models,
                             .rows = w->rows,
                             .arguments = naive_copy(memory, drawn.arguments),
                             .policy = drawn.policy,
                             .model = drawn.model,
                             .method = drawn.method};
        answer = naive_call(memory, &w->plain, &call->policy, call->model, call->method,
                            call->arguments);
    }
    return answer;
}

static void difference_show(comparison *c, world *w, size_t index, trial_engine *engine,
                            trial_case *call, const trial_outcome *outcome)
{
    c->counts.differences++;
    printf("---- %s: seed %" PRIu64 ", filter %zu: %s %s: %s\n%.2000s%s%s\n", engine->name, w->seed,
           index, call->model, call->method, ignis_code_name(outcome->code), outcome->got,
           *outcome->path ? " at " : "", outcome->path);
    call->models = naive_copy(&w->memory, w->models);
    call->rows = naive_copy(&w->memory, w->rows);
    trial_shrink(&w->memory, engine, call, outcome);
    trial_print(&w->memory, call, getenv("IGNIS_PROPERTY_KEEP"));
    fflush(stdout);
}

/* Whether all engines answer the same. */
static bool call_check(comparison *c, world *w, naive_memory *memory, draw *d, size_t index)
{
    trial_case call;
    naive_answer answer = call_draw(w, memory, d, &call);
    if (answer.is_loose) return true;
    c->counts.filters++;
    c->counts.errors += answer.json == NULL;
    c->counts.with_rows += answer.json && (answer.json->count > 0 || answer.json->truth);
    for (size_t i = 0; i < c->engines_count; i++) {
        trial_outcome outcome = trial_judge(&c->engines[i], &call, &answer);
        c->counts.skipped[i] += outcome.verdict == TRIAL_SKIPPED;
        if (outcome.verdict <= TRIAL_SKIPPED) continue;
        difference_show(c, w, index, &c->engines[i], &call, &outcome);
        return false;
    }
    return true;
}

static void world_check(comparison *c, uint64_t seed, size_t filters)
{
    world w;
    world_draw(&w, seed);
    bool goes_on = true;
    world_open(c, &w);
    for (size_t i = 0; goes_on && i < filters; i++) {
        naive_memory memory = {0};
        draw d = {.random = {.state = seed * 1000003 + i}, .memory = &memory};
        goes_on = call_check(c, &w, &memory, &d, i);
        naive_free(&memory);
    }
    naive_free(&w.memory);
}

static void filters_mean_the_same_on_every_engine(void **state)
{
    (void)state;
    comparison c = {.engines_count = 1, .differences_max = 1};
    size_t said = 0;
    size_t unsaid = 0;
    const char *most = getenv("IGNIS_PROPERTY_DIFFERENCES");
    if (most && *most) c.differences_max = strtoull(most, NULL, 10);
    c.engines[0] = (trial_engine){.name = "SQLite", .url = "sqlite::memory:", .parses = true};
    if (property_has_server())
        c.engines[c.engines_count++] =
            (trial_engine){.name = "PostgreSQL", .url = server_url(), .clear = server_clear};
    for (size_t i = 0; i < c.engines_count; i++)
        c.engines[i].ctx = ignis_context_create();
    uint64_t seed = property_seed(1);
    uint64_t count = property_count(FILTERS_COUNT);
    for (uint64_t done = 0; done < count && c.counts.differences < c.differences_max;
         done += FILTERS_PER_WORLD, seed++) {
        uint64_t left = count - done;
        world_check(&c, seed, left < FILTERS_PER_WORLD ? (size_t)left : FILTERS_PER_WORLD);
    }
    for (size_t i = 0; i < c.engines_count; i++) {
        trial_close(&c.engines[i]);
        ignis_context_free(c.engines[i].ctx);
        said += c.engines[i].said_count;
        unsaid += c.engines[i].unsaid_count;
    }
    parsed_end();
    print_message("%" PRIu64 " filters: %" PRIu64 " with rows, %" PRIu64
                  " refused; still to come: %" PRIu64 " on SQLite, %" PRIu64
                  " on PostgreSQL, %" PRIu64 " sets of models\n",
                  c.counts.filters, c.counts.with_rows, c.counts.errors, c.counts.skipped[0],
                  c.counts.skipped[1], c.counts.worlds_skipped);
    print_message("%zu calls with structs, %zu that C has no words for; %zu statements%s\n", said,
                  unsaid, c.engines[0].statements_count,
                  parsed_is_parsing() ? "" : ", not parsed: libpg_query is not installed");
    assert_int_equal(c.counts.differences, 0);
    assert_true(unsaid * 100 <= (said + unsaid) * UNSAID_PERCENT);
    if (!MAY_SKIP)
        assert_int_equal(c.counts.skipped[0] + c.counts.skipped[1] + c.counts.worlds_skipped, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_mean_the_same_on_every_engine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
