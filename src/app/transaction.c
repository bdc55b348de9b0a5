#include "app/app.h"

ignis_code ignis_begin(ignis_context *ctx, ignis_data_source *source, ignis_isolation isolation,
                       ignis_context **tx)
{
    app_begin(ctx);
    if (isolation != IGNIS_READ_COMMITTED && isolation != IGNIS_REPEATABLE_READ &&
        isolation != IGNIS_SERIALIZABLE) {
        return app_end(
            ctx, context_fail(ctx, IGNIS_E_INVALID, "no such isolation level: %d", (int)isolation));
    }
    return app_end(ctx, run_transaction_begin(ctx, &source->run, isolation, tx));
}

ignis_code ignis_commit(ignis_context *tx)
{
    app_begin(tx);
    return app_end(tx, run_transaction_commit(tx));
}

void ignis_rollback(ignis_context *tx)
{
    if (!ignis_transaction_is_active(tx)) return;
    tx->abandon(tx);
}

ignis_code ignis_transaction_rollback(ignis_context *tx)
{
    app_begin(tx);
    return app_end(tx, run_transaction_rollback(tx));
}

bool ignis_transaction_is_active(const ignis_context *tx)
{
    return tx && tx->transaction;
}
