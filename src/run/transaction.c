#include "run/run.h"

/* One statement without parameters. */
typedef struct single_work {
    run_work work;
    ignis_execution execution;
    bool was_given;
} single_work;

static ignis_code single_next(ignis_context *ctx, run_work *work, run_step *step)
{
    (void)ctx;
    single_work *single = (single_work *)work;
    if (!single->was_given) *step = (run_step){&single->execution, 1};
    single->was_given = true;
    return IGNIS_OK;
}

static ignis_code single_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    (void)ctx, (void)work, (void)batch;
    return IGNIS_OK;
}

static ignis_code statement_run(ignis_context *tx, const ignis_statement *statement)
{
    const run_transaction *transaction = tx->transaction;
    single_work single = {.work = {.next = single_next, .take = single_take},
                          .execution = {.statement = statement}};
    return run_call_finish(tx, transaction->connections, &single.work);
}

/* Gives the connection back; the handle stays, closed. */
static void transaction_close(ignis_context *tx)
{
    run_transaction *transaction = tx->transaction;
    pool_release(transaction->connections, transaction->connection);
    arena_free(&tx->scratch);
    context_transaction_close(tx);
    tx->transaction = NULL;
    arena_destroy(transaction->memory);
}

/* Rolls back without regard to deadlines; the error that tx tells of stays. */
static void transaction_abandon(ignis_context *tx)
{
    context_saved saved;
    context_save(tx, &saved);
    tx->deadline_ms = 0;
    const run_transaction *transaction = tx->transaction;
    const ignis_driver *driver = pool_driver(transaction->connections);
    bool is_open = !driver->is_broken(transaction->connection) &&
                   driver->in_transaction(transaction->connection);
    /* What fails here closes the connection, which rolls back as well. */
    if (is_open && statement_run(tx, &sql_rollback) != IGNIS_OK) context_error_clear(tx);
    transaction_close(tx);
    context_restore(tx, &saved);
}

/* What an open transaction holds, with its connection. On failure nothing is left. */
static ignis_code transaction_make(ignis_context *ctx, const run_source *source,
                                   ignis_isolation isolation, run_transaction **made)
{
    arena *memory = arena_create();
    run_transaction *transaction = memory ? arena_array(memory, 1, sizeof(*transaction)) : NULL;
    ignis_code code =
        transaction ? IGNIS_OK : context_fail(ctx, IGNIS_E_MEMORY, "no memory for a transaction");
    if (code == IGNIS_OK) {
        *transaction = (run_transaction){
            .memory = memory, .connections = source->connections, .isolation = isolation};
        code = pool_acquire(ctx, source->connections, &transaction->connection);
    }
    if (code != IGNIS_OK && memory) arena_destroy(memory);
    *made = transaction;
    return code;
}

static ignis_code transaction_start(ignis_context *tx, const run_source *source,
                                    run_transaction *transaction)
{
    tx->transaction = transaction;
    tx->abandon = transaction_abandon;
    context_transaction_open(tx);
    const ignis_statement *begin =
        sql_begin(run_cache_dialect(source->cache), transaction->isolation);
    ignis_code code = statement_run(tx, begin);
    if (code != IGNIS_OK) transaction_abandon(tx);
    return code;
}

ignis_code run_transaction_begin(ignis_context *ctx, const run_source *source,
                                 ignis_isolation isolation, ignis_context **tx)
{
    run_transaction *transaction;
    if (ctx->parent) {
        return context_fail(ctx, IGNIS_E_UNSUPPORTED,
                            "not yet: a transaction within a transaction");
    }
    IGNIS_TRY(run_context_check(ctx, source->connections));
    ignis_context *made = context_transaction_make(ctx);
    if (!made) return context_fail(ctx, IGNIS_E_MEMORY, "no memory for a transaction");
    made->is_released = true; /* until it is open */
    IGNIS_TRY(transaction_make(ctx, source, isolation, &transaction));
    if (transaction_start(made, source, transaction) != IGNIS_OK) {
        context_saved saved;
        context_save(made, &saved);
        context_restore(ctx, &saved);
        return context_error_code(ctx);
    }
    made->is_released = false;
    *tx = made;
    return IGNIS_OK;
}

static ignis_code closed_fail(ignis_context *tx)
{
    return context_fail(tx, IGNIS_E_STATE, "the transaction has ended");
}

ignis_code run_transaction_commit(ignis_context *tx)
{
    if (!tx->transaction) return closed_fail(tx);
    ignis_code code = statement_run(tx, &sql_commit);
    if (code == IGNIS_OK) {
        transaction_close(tx);
    } else {
        transaction_abandon(tx);
    }
    return code;
}

ignis_code run_transaction_rollback(ignis_context *tx)
{
    if (!tx->transaction) return closed_fail(tx);
    transaction_abandon(tx);
    return IGNIS_OK;
}

ignis_code run_context_check(ignis_context *ctx, const pool *connections)
{
    const run_transaction *transaction = ctx->transaction;
    if (ctx->open) {
        return context_fail(ctx, IGNIS_E_STATE,
                            "a transaction is open in this context: pass it, or end it");
    }
    if (ctx->parent && !transaction) return closed_fail(ctx);
    if (transaction && transaction->connections != connections) {
        return context_fail(ctx, IGNIS_E_STATE, "the transaction is of another data source");
    }
    return IGNIS_OK;
}
