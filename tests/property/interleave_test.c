/* interleave: two transactions of random steps on PostgreSQL, their steps in a random order, at each level
   of isolation. What was committed is what is there, whatever had to be done again. */
#include "property/property.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define J IGNIS_JSON

enum {
    ROUNDS_COUNT = 150,
    ACCOUNTS_COUNT = 3,
    BALANCE = 100,
    WORKERS_COUNT = 2,
    BLOCKED_NS = 1500000 /* a step that takes longer is taken to wait for the other transaction */
};

static const char models[] = J({
    "models" : [
        {
            "name" : "Account",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "balance", "type" : "bigint", "notNull" : true}
            ]
        },
        {
            "name" : "Doctor",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true},
                {"name" : "onCall", "column" : "on_call", "type" : "boolean", "notNull" : true}
            ]
        }
    ]
});

typedef enum kind {
    KIND_ADD,   /* moves an amount by arithmetic of the database */
    KIND_WRITE, /* reads two balances, locked at READ COMMITTED, and writes new ones */
    KIND_SUM,   /* reads only, twice */
    KIND_LEAVE, /* a doctor leaves where the other one is on call: write skew */
    KINDS_COUNT
} kind;

typedef struct plan {
    kind kind;
    int from;
    int to;
    int64_t amount;
    bool has_savepoint; /* the second step is done in one */
} plan;

typedef struct turns turns;

typedef struct worker {
    turns *turns;
    int number;
    ignis_context *ctx;
    pthread_t thread;
    plan plan;
    ignis_code code;
    uint64_t granted; /* turns, of this worker: under turns->mutex */
    uint64_t taken;
    bool is_over;
} worker;

struct turns {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    ignis_isolation isolation;
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *accounts;
    worker workers[WORKERS_COUNT];
    int64_t balances[ACCOUNTS_COUNT];
    uint64_t random;
    uint64_t attempts_count;
};

static uint64_t draw(uint64_t *random, uint64_t count)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random % count;
}

/* ---- turns ------------------------------------------------------------------------------------- */

/* Waits for the next turn of a worker, which ends the one before. */
static void turn_take(worker *self)
{
    turns *all = self->turns;
    pthread_mutex_lock(&all->mutex);
    self->taken++;
    pthread_cond_broadcast(&all->changed);
    while (self->granted < self->taken)
        pthread_cond_wait(&all->changed, &all->mutex);
    pthread_mutex_unlock(&all->mutex);
}

/* Whether a worker stands before its next step. */
static bool is_ready(const worker *self)
{
    return !self->is_over && self->taken > self->granted;
}

/* Locked: until a worker is ready or over; false: it seems to wait for the other. */
static bool turn_await(turns *all, const worker *one)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += BLOCKED_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    while (!is_ready(one) && !one->is_over) {
        if (pthread_cond_timedwait(&all->changed, &all->mutex, &until) != 0) return false;
    }
    return true;
}

/* Gives turns in a random order until both are over. */
static void turns_give(turns *all)
{
    pthread_mutex_lock(&all->mutex);
    for (;;) {
        worker *one = &all->workers[draw(&all->random, WORKERS_COUNT)];
        worker *other = &all->workers[1 - one->number];
        if (one->is_over && other->is_over) break;
        if (!is_ready(one)) one = other;
        if (!is_ready(one)) {
            pthread_cond_wait(&all->changed, &all->mutex);
            continue;
        }
        one->granted = one->taken;
        pthread_cond_broadcast(&all->changed);
        (void)turn_await(all, one);
    }
    pthread_mutex_unlock(&all->mutex);
}

/* ---- what the transactions do -------------------------------------------------------------------- */

static int64_t number_of(const char *json_, const char *name)
{
    const char *found = strstr(json_, name);
    assert_non_null(found);
    return strtoll(found + strlen(name), NULL, 10);
}

static ignis_code execute(worker *self, ignis_context *tx, const char *text, const int64_t *numbers)
{
    turn_take(self);
    const ignis_parameter parameters[] = {ignis_parameter_integer(numbers[0]),
                                          ignis_parameter_integer(numbers[1])};
    const ignis_sql statement = {.struct_size = sizeof(statement),
                                 .text = text,
                                 .parameters = parameters,
                                 .parameters_count = 2};
    return ignis_execute(tx, self->turns->source, &statement, NULL);
}

static ignis_code query(ignis_context *tx, const worker *self, const char *text, const char *name,
                        int64_t *number)
{
    const char *json_ = NULL;
    const ignis_sql statement = {.struct_size = sizeof(statement), .text = text};
    IGNIS_TRY(ignis_query(tx, self->turns->source, &statement, &json_));
    *number = number_of(json_, name);
    return IGNIS_OK;
}

static const char add[] = "UPDATE \"Account\" SET balance = balance + $1 WHERE id = $2";
static const char set[] = "UPDATE \"Account\" SET balance = $1 WHERE id = $2";

/* The second of two changes, within a savepoint where the plan says so. */
static ignis_code execute_last(worker *self, ignis_context *tx, const char *text,
                               const int64_t *numbers)
{
    ignis_context *inner = NULL;
    if (!self->plan.has_savepoint) return execute(self, tx, text, numbers);
    IGNIS_TRY(ignis_begin(tx, self->turns->source, IGNIS_READ_COMMITTED, &inner));
    /* What is undone is not there. */
    ignis_code code = execute(self, inner, text, (const int64_t[]){-77, numbers[1]});
    ignis_rollback(inner);
    return code == IGNIS_OK ? execute(self, tx, text, numbers) : code;
}

static ignis_code balance_read(worker *self, ignis_context *tx, int account, int64_t *balance)
{
    char arguments[192];
    const char *json_ = NULL;
    bool is_locked = self->turns->isolation == IGNIS_READ_COMMITTED;
    snprintf(arguments, sizeof(arguments), "{\"filter\":{\"where\":{\"id\":%d}}%s}", account,
             is_locked ? ",\"options\":{\"lock\":{\"strength\":\"update\"}}" : "");
    turn_take(self);
    IGNIS_TRY(ignis_call_json(tx, self->turns->accounts, &ignis_policy_trusted, "find", arguments,
                              0, &json_, NULL));
    *balance = number_of(json_, "\"balance\":");
    return IGNIS_OK;
}

static ignis_code balances_write(worker *self, ignis_context *tx)
{
    const plan *plan_ = &self->plan;
    int64_t from = 0;
    int64_t to = 0;
    IGNIS_TRY(balance_read(self, tx, plan_->from, &from));
    IGNIS_TRY(balance_read(self, tx, plan_->to, &to));
    IGNIS_TRY(execute(self, tx, set, (const int64_t[]){from - plan_->amount, plan_->from}));
    return execute_last(self, tx, set, (const int64_t[]){to + plan_->amount, plan_->to});
}

static ignis_code balances_sum(worker *self, ignis_context *tx)
{
    static const char sum[] = "SELECT sum(balance)::bigint AS sum FROM \"Account\"";
    int64_t first = 0;
    int64_t second = 0;
    turn_take(self);
    IGNIS_TRY(query(tx, self, sum, "\"sum\":", &first));
    turn_take(self);
    IGNIS_TRY(query(tx, self, sum, "\"sum\":", &second));
    assert_int_equal(first, ACCOUNTS_COUNT * BALANCE);
    assert_int_equal(second, ACCOUNTS_COUNT * BALANCE);
    return IGNIS_OK;
}

static ignis_code doctor_leave(worker *self, ignis_context *tx)
{
    static const char count[] = "SELECT count(*) AS count FROM \"Doctor\" WHERE on_call";
    int64_t on_call = 0;
    turn_take(self);
    IGNIS_TRY(query(tx, self, count, "\"count\":", &on_call));
    if (on_call < 2) return IGNIS_OK;
    return execute(self, tx, "UPDATE \"Doctor\" SET on_call = $1 > 0 WHERE id = $2",
                   (const int64_t[]){0, self->number});
}

static ignis_code act(ignis_context *tx, void *data)
{
    worker *self = data;
    const plan *plan_ = &self->plan;
    pthread_mutex_lock(&self->turns->mutex);
    self->turns->attempts_count++;
    pthread_mutex_unlock(&self->turns->mutex);
    switch (plan_->kind) {
    case KIND_ADD:
        IGNIS_TRY(execute(self, tx, add, (const int64_t[]){-plan_->amount, plan_->from}));
        IGNIS_TRY(execute_last(self, tx, add, (const int64_t[]){plan_->amount, plan_->to}));
        break;
    case KIND_WRITE: IGNIS_TRY(balances_write(self, tx)); break;
    case KIND_SUM: IGNIS_TRY(balances_sum(self, tx)); break;
    case KIND_LEAVE: IGNIS_TRY(doctor_leave(self, tx)); break;
    case KINDS_COUNT: break;
    }
    turn_take(self); /* the commit */
    return IGNIS_OK;
}

static void *worker_run(void *data)
{
    worker *self = data;
    const ignis_transaction_options options = {.struct_size = sizeof(options),
                                               .isolation = self->turns->isolation,
                                               .read_only = self->plan.kind == KIND_SUM,
                                               .attempts_max = 100};
    self->code = ignis_transaction_run(self->ctx, self->turns->source, &options, act, self);
    pthread_mutex_lock(&self->turns->mutex);
    self->is_over = true;
    pthread_cond_broadcast(&self->turns->changed);
    pthread_mutex_unlock(&self->turns->mutex);
    return NULL;
}

/* ---- rounds ------------------------------------------------------------------------------------ */

static plan plan_draw(uint64_t *random)
{
    plan made = {.kind = (kind)draw(random, KINDS_COUNT),
                 .from = (int)draw(random, ACCOUNTS_COUNT),
                 .amount = (int64_t)draw(random, 20),
                 .has_savepoint = draw(random, 3) == 0};
    made.to = (made.from + 1 + (int)draw(random, ACCOUNTS_COUNT - 1)) % ACCOUNTS_COUNT;
    return made;
}

static void round_run(turns *all)
{
    for (int i = 0; i < WORKERS_COUNT; i++) {
        worker *one = &all->workers[i];
        one->plan = plan_draw(&all->random);
        one->granted = one->taken = 0;
        one->is_over = false;
        assert_int_equal(pthread_create(&one->thread, NULL, worker_run, one), 0);
    }
    turns_give(all);
    for (int i = 0; i < WORKERS_COUNT; i++) {
        worker *one = &all->workers[i];
        assert_int_equal(pthread_join(one->thread, NULL), 0);
        if (one->code != IGNIS_OK) fail_msg("%s", ignis_context_error(one->ctx)->message);
        bool has_moved = one->plan.kind == KIND_ADD || one->plan.kind == KIND_WRITE;
        if (has_moved) all->balances[one->plan.from] -= one->plan.amount;
        if (has_moved) all->balances[one->plan.to] += one->plan.amount;
        ignis_context_reset(one->ctx);
    }
}

static void round_check(turns *all, uint64_t number)
{
    static const char text[] =
        "SELECT string_agg(balance::text, ',' ORDER BY id) AS balances, (SELECT count(*) FROM "
        "\"Doctor\" WHERE on_call) AS count FROM \"Account\"";
    char expected[128];
    const char *json_ = NULL;
    const ignis_sql statement = {.struct_size = sizeof(statement), .text = text};
    assert_int_equal(ignis_query(all->ctx, all->source, &statement, &json_), IGNIS_OK);
    snprintf(expected, sizeof(expected), "\"balances\":\"%lld,%lld,%lld\"",
             (long long)all->balances[0], (long long)all->balances[1], (long long)all->balances[2]);
    if (!strstr(json_, expected)) fail_msg("round %llu: %s", (unsigned long long)number, json_);
    int64_t on_call = number_of(json_, "\"count\":");
    /* The two that both left are what READ COMMITTED and REPEATABLE READ allow. */
    if (all->isolation == IGNIS_SERIALIZABLE) assert_true(on_call >= 1);
    const ignis_sql back = {.struct_size = sizeof(back),
                            .text = "UPDATE \"Doctor\" SET on_call = true WHERE NOT on_call"};
    if (on_call < 2) assert_int_equal(ignis_execute(all->ctx, all->source, &back, NULL), IGNIS_OK);
    ignis_context_reset(all->ctx);
}

static void turns_open(turns *all)
{
    server_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    all->ctx = ignis_context_create();
    all->source = property_open(
        all->ctx, &(property_source){
                      .url = server_url(),
                      .models = models,
                      .rows = J({
                          "Account" : [
                              {"id" : 0, "balance" : 100}, {"id" : 1, "balance" : 100},
                              {"id" : 2, "balance" : 100}
                          ],
                          "Doctor" : [ {"id" : 0, "onCall" : true}, {"id" : 1, "onCall" : true} ]
                      }),
                      .connections_max = WORKERS_COUNT + 1});
    all->accounts = property_repository(all->ctx, all->source, "Account");
    for (int i = 0; i < ACCOUNTS_COUNT; i++)
        all->balances[i] = BALANCE;
    for (int i = 0; i < WORKERS_COUNT; i++)
        all->workers[i] = (worker){.turns = all, .number = i, .ctx = ignis_context_create()};
}

static void committed_is_what_is_there(void **state)
{
    (void)state;
    uint64_t rounds_count = property_count(ROUNDS_COUNT);
    for (int isolation = IGNIS_READ_COMMITTED; isolation <= IGNIS_SERIALIZABLE; isolation++) {
        turns all = {.isolation = (ignis_isolation)isolation,
                     .random = property_seed(1) * 0x9E3779B97F4A7C15u + 1,
                     .mutex = PTHREAD_MUTEX_INITIALIZER,
                     .changed = PTHREAD_COND_INITIALIZER};
        turns_open(&all);
        for (uint64_t i = 0; i < rounds_count; i++) {
            round_run(&all);
            round_check(&all, i);
        }
        print_message("isolation %d: %llu rounds, %llu attempts\n", isolation,
                      (unsigned long long)rounds_count, (unsigned long long)all.attempts_count);
        for (int i = 0; i < WORKERS_COUNT; i++)
            ignis_context_free(all.workers[i].ctx);
        ignis_context_free(all.ctx);
        ignis_data_source_close(all.source);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(committed_is_what_is_there)};
    (void)server_url(); /* or skips all */
    server_execute("DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''5ms''', "
                   "current_database()); END$$");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
