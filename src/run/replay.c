#include "run/run.h"

#include <sys/random.h>
#include <time.h>

/* The longest sleep without a look at the cancel. */
enum { REPLAY_SLICE_MS = 10 };

static void replay_cancel(void *data)
{
    ignis_context_cancel(data);
}

/* The error of tx, or that of a function that answers a code of its own. */
static ignis_code error_carry(ignis_context *ctx, const ignis_context *tx, ignis_code code)
{
    context_saved saved;
    if (context_error_code(tx) != code) {
        return context_fail(ctx, code, "the function of the transaction answered %s",
                            ignis_code_name(code));
    }
    context_save(tx, &saved);
    context_restore(ctx, &saved);
    return code;
}

/* One attempt. *is_lost: the database could not keep it apart from others, so that it may be tried
   again. A function may end the transaction itself. */
static ignis_code attempt(ignis_context *ctx, const run_source *source, const run_replay *replay,
                          const run_begin *begin, bool *is_lost)
{
    ignis_context *tx = NULL;
    *is_lost = false;
    IGNIS_TRY(run_transaction_begin(ctx, source, begin, &tx));
    context_cancel_hook(ctx, replay_cancel, tx);
    ignis_code code = replay->function(tx, replay->data);
    const run_transaction *transaction = tx->transaction;
    if (transaction) *is_lost = transaction->failure == IGNIS_E_SERIALIZATION;
    if (code == IGNIS_OK && transaction) {
        context_error_clear(tx);
        code = run_transaction_commit(tx);
    }
    context_cancel_hook(ctx, NULL, NULL);
    if (code == IGNIS_OK) {
        *is_lost = false;
        return IGNIS_OK;
    }
    *is_lost = *is_lost || code == IGNIS_E_SERIALIZATION;
    if (tx->transaction) tx->abandon(tx);
    return error_carry(ctx, tx, code);
}

/* Up to 5 ms, 10 ms, 20 ms ... 1 s: whoever met once should not meet again. */
static int64_t backoff_choose(uint32_t attempts_count)
{
    uint64_t random = 0;
    uint64_t most = RUN_BACKOFF_MS;
    for (uint32_t i = 1; i < attempts_count && most < RUN_BACKOFF_MAX_MS; i++)
        most *= 2;
    if (most > RUN_BACKOFF_MAX_MS) most = RUN_BACKOFF_MAX_MS;
    if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != (ssize_t)sizeof(random))
        random = (uint64_t)clock_monotonic_ms();
    return (int64_t)(random % (most + 1));
}

/* false: the deadline comes before the end of the wait, or a cancel has come. */
static bool backoff_wait(const ignis_context *ctx, int64_t delay_ms)
{
    int64_t until_ms = clock_monotonic_ms() + delay_ms;
    if (ctx->deadline_ms != 0 && until_ms >= ctx->deadline_ms) return false;
    for (;;) {
        int64_t left_ms = until_ms - clock_monotonic_ms();
        if (context_is_cancelled(ctx)) return false;
        if (left_ms <= 0) return true;
        if (left_ms > REPLAY_SLICE_MS) left_ms = REPLAY_SLICE_MS;
        (void)nanosleep(&(struct timespec){.tv_nsec = (long)left_ms * 1000000}, NULL);
    }
}

ignis_code run_transaction_replay(ignis_context *ctx, const run_source *source,
                                  const run_replay *replay)
{
    run_begin begin = replay->begin;
    /* A savepoint cannot undo what its transaction has seen. */
    uint32_t attempts_max = replay->attempts_max ? replay->attempts_max : RUN_ATTEMPTS_MAX;
    if (ctx->transaction) attempts_max = 1;
    for (uint32_t i = 1;; i++) {
        bool is_lost;
        ignis_mark mark = ignis_context_mark(ctx);
        ignis_code code = attempt(ctx, source, replay, &begin, &is_lost);
        if (code == IGNIS_OK) return IGNIS_OK;
        ignis_context_release(ctx, mark);
        if (!is_lost || i >= attempts_max || !backoff_wait(ctx, backoff_choose(i))) return code;
        begin.takes_lock = true;
    }
}
