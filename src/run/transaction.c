#include "run/run.h"

/* A few statements without parameters, in one round trip. */
typedef struct control_work {
    run_work work;
    ignis_execution executions[2];
    size_t count;
    bool was_given;
} control_work;

static ignis_code control_next(ignis_context *ctx, run_work *work, run_step *step)
{
    (void)ctx;
    control_work *control = (control_work *)work;
    if (!control->was_given) *step = (run_step){control->executions, control->count};
    control->was_given = true;
    return IGNIS_OK;
}

static ignis_code control_take(ignis_context *ctx, run_work *work, const ignis_batch *batch)
{
    (void)ctx, (void)work, (void)batch;
    return IGNIS_OK;
}

static ignis_code statement_run(ignis_context *tx, const ignis_statement *statement)
{
    const run_transaction *transaction = tx->transaction;
    control_work control = {.work = {.next = control_next, .take = control_take},
                            .executions = {{.statement = statement}},
                            .count = 1};
    return run_call_finish(tx, transaction->connections, &control.work);
}

/* Undoes what was done since the transaction, or the savepoint, was begun. */
static ignis_code undo_run(ignis_context *tx)
{
    const run_transaction *transaction = tx->transaction;
    bool is_inner = transaction->depth > 0;
    control_work control = {
        .work = {.next = control_next, .take = control_take, .is_cleanup = true},
        .executions = {{.statement = is_inner ? &sql_savepoint_rollback : &sql_rollback},
                       {.statement = &sql_savepoint_release}},
        .count = is_inner ? 2 : 1};
    return run_call_finish(tx, transaction->connections, &control.work);
}

/* ---- the end ------------------------------------------------------------------------------------ */

/* The handle stays, closed. The outermost gives the connection back. */
static void transaction_close(ignis_context *tx)
{
    run_transaction *transaction = tx->transaction;
    if (transaction->depth == 0) pool_release(transaction->connections, transaction->connection);
    arena_free(&tx->scratch);
    context_transaction_close(tx);
    tx->transaction = NULL;
    arena_destroy(transaction->memory);
}

/* What is open within ends with it; its savepoints need no statements of their own. */
static void inner_close(ignis_context *tx)
{
    while (tx->open) {
        ignis_context *innermost = tx->open;
        while (innermost->open)
            innermost = innermost->open;
        transaction_close(innermost);
    }
}

/* Rolls back without regard to deadlines; the error that tx tells of stays. What cannot be undone is
   left to the transaction around it, of the outermost to the closing of its connection. */
static ignis_code transaction_undo(ignis_context *tx)
{
    context_saved saved;
    ignis_code code = IGNIS_OK;
    run_transaction *transaction = tx->transaction;
    const ignis_driver *driver = pool_driver(transaction->connections);
    bool is_inner = transaction->depth > 0;
    context_save(tx, &saved);
    inner_close(tx);
    tx->deadline_ms = clock_monotonic_ms() + RUN_ROLLBACK_MS;
    transaction->failure = IGNIS_OK;
    bool is_open = transaction->is_begun && !driver->is_broken(transaction->connection) &&
                   driver->in_transaction(transaction->connection);
    if (is_open) code = undo_run(tx);
    if (!is_open && is_inner) code = IGNIS_E_STATE;
    if (code != IGNIS_OK && is_inner) {
        run_transaction *outer = tx->parent->transaction;
        outer->failure = code;
    }
    transaction_close(tx);
    context_restore(tx, &saved);
    return is_inner ? code : IGNIS_OK;
}

static void transaction_abandon(ignis_context *tx)
{
    (void)transaction_undo(tx);
}

/* ---- the beginning ------------------------------------------------------------------------------ */

/* What an open transaction holds. On failure nothing is left. */
static ignis_code transaction_make(ignis_context *ctx, const run_source *source,
                                   const run_begin *wanted, run_transaction **made)
{
    const run_transaction *outer = ctx->transaction;
    arena *memory = arena_create();
    run_transaction *transaction = memory ? arena_array(memory, 1, sizeof(*transaction)) : NULL;
    ignis_code code =
        transaction ? IGNIS_OK : context_fail(ctx, IGNIS_E_MEMORY, "no memory for a transaction");
    if (transaction && outer) {
        *transaction = *outer;
        transaction->memory = memory;
        transaction->depth = outer->depth + 1;
        transaction->is_begun = false;
    } else if (transaction) {
        *transaction = (run_transaction){.memory = memory,
                                         .connections = source->connections,
                                         .isolation = wanted->isolation,
                                         .read_only = wanted->read_only};
        code = pool_acquire(ctx, source->connections, &transaction->connection);
    }
    if (code != IGNIS_OK && memory) arena_destroy(memory);
    *made = transaction;
    return code;
}

static const ignis_statement *begin_statement(ignis_dialect dialect, const run_begin *wanted)
{
    bool takes_lock = wanted->takes_lock && dialect == IGNIS_DIALECT_SQLITE && !wanted->read_only;
    return takes_lock ? sql_begin_write(dialect)
                      : sql_begin(dialect, wanted->isolation, wanted->read_only);
}

static ignis_code transaction_start(ignis_context *tx, const run_source *source,
                                    const run_begin *wanted, run_transaction *transaction)
{
    tx->transaction = transaction;
    tx->abandon = transaction_abandon;
    context_transaction_open(tx);
    ignis_code code = statement_run(
        tx, transaction->depth > 0 ? &sql_savepoint
                                   : begin_statement(run_cache_dialect(source->cache), wanted));
    transaction->is_begun = code == IGNIS_OK || transaction->depth == 0;
    if (code != IGNIS_OK) transaction_abandon(tx);
    return code;
}

/* A savepoint has its transaction's isolation and access. */
static ignis_code inner_check(ignis_context *ctx, const run_begin *wanted)
{
    const run_transaction *outer = ctx->transaction;
    if (!outer) return IGNIS_OK;
    if (outer->depth + 1 >= RUN_DEPTH_MAX) {
        return context_fail(ctx, IGNIS_E_LIMIT, "transactions within each other more than %d deep",
                            RUN_DEPTH_MAX);
    }
    if (wanted->isolation > outer->isolation) {
        return context_fail(ctx, IGNIS_E_INVALID,
                            "a transaction within another cannot be isolated more than that");
    }
    if (!wanted->read_only || outer->read_only) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_INVALID,
                        "a transaction within one that writes cannot be read only");
}

ignis_code run_transaction_begin(ignis_context *ctx, const run_source *source,
                                 const run_begin *wanted, ignis_context **tx)
{
    run_transaction *transaction;
    IGNIS_TRY(run_context_check(ctx, source->connections));
    IGNIS_TRY(inner_check(ctx, wanted));
    ignis_context *made = context_transaction_make(ctx);
    if (!made) return context_fail(ctx, IGNIS_E_MEMORY, "no memory for a transaction");
    made->is_released = true; /* until it is open */
    IGNIS_TRY(transaction_make(ctx, source, wanted, &transaction));
    if (transaction_start(made, source, wanted, transaction) != IGNIS_OK) {
        context_saved saved;
        context_save(made, &saved);
        context_restore(ctx, &saved);
        return context_error_code(ctx);
    }
    made->is_released = false;
    *tx = made;
    return IGNIS_OK;
}

/* ---- what may be asked --------------------------------------------------------------------------- */

static ignis_code closed_fail(ignis_context *tx)
{
    return context_fail(tx, IGNIS_E_STATE, "the transaction has ended");
}

static ignis_code open_fail(ignis_context *ctx)
{
    return context_fail(ctx, IGNIS_E_STATE,
                        "a transaction is open in this context: pass it, or end it");
}

ignis_code run_transaction_commit(ignis_context *tx)
{
    const run_transaction *transaction = tx->transaction;
    ignis_code code = IGNIS_OK;
    if (!transaction) return closed_fail(tx);
    if (tx->open) return open_fail(tx);
    if (transaction->failure != IGNIS_OK) {
        code = context_fail(tx, IGNIS_E_STATE, "the transaction had an error and is rolled back");
    } else {
        code = statement_run(tx, transaction->depth > 0 ? &sql_savepoint_release : &sql_commit);
    }
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
    if (transaction_undo(tx) == IGNIS_OK) return IGNIS_OK;
    return context_fail(tx, IGNIS_E_STATE,
                        "all of the transaction had an error: only its rollback is possible");
}

ignis_code run_context_check(ignis_context *ctx, const pool *connections)
{
    const run_transaction *transaction = ctx->transaction;
    if (ctx->open) return open_fail(ctx);
    if (ctx->parent && !transaction) return closed_fail(ctx);
    if (transaction && transaction->connections != connections) {
        return context_fail(ctx, IGNIS_E_STATE, "the transaction is of another data source");
    }
    if (transaction && transaction->failure != IGNIS_OK) {
        return context_fail(ctx, IGNIS_E_STATE, DRIVER_FAILED_TEXT);
    }
    return IGNIS_OK;
}

ignis_code run_write_check(ignis_context *ctx)
{
    const run_transaction *transaction = ctx->transaction;
    if (!transaction || !transaction->read_only) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_STATE, DRIVER_READ_ONLY_TEXT);
}
