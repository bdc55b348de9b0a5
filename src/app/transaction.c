#include "app/app.h"

/* What the caller's release of the header knows of; NULL: the defaults. */
static ignis_code options_read(ignis_context *ctx, const ignis_transaction_options *given,
                               ignis_transaction_options *options)
{
    *options = (ignis_transaction_options){0};
    if (!given) return IGNIS_OK;
    IGNIS_TRY(app_struct_read(ctx, "transaction's options", given, options, sizeof(*options)));
    ignis_isolation isolation = options->isolation;
    bool is_known = isolation == IGNIS_READ_COMMITTED || isolation == IGNIS_REPEATABLE_READ ||
                    isolation == IGNIS_SERIALIZABLE;
    if (is_known) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_INVALID, "no such isolation level: %d", (int)isolation);
}

static run_begin begin_of(const ignis_transaction_options *options)
{
    return (run_begin){.isolation = options->isolation, .read_only = options->read_only};
}

ignis_code ignis_begin_with(ignis_context *ctx, ignis_data_source *source,
                            const ignis_transaction_options *given, ignis_context **tx)
{
    ignis_transaction_options options;
    app_begin(ctx);
    ignis_code code = app_source_given(ctx, source);
    if (code == IGNIS_OK) code = options_read(ctx, given, &options);
    if (code != IGNIS_OK) return app_end(ctx, code);
    const run_begin begin = begin_of(&options);
    return app_end(ctx, run_transaction_begin(ctx, &source->run, &begin, tx));
}

ignis_code ignis_begin(ignis_context *ctx, ignis_data_source *source, ignis_isolation isolation,
                       ignis_context **tx)
{
    const ignis_transaction_options options = {.struct_size = sizeof(options),
                                               .isolation = isolation};
    return ignis_begin_with(ctx, source, &options, tx);
}

ignis_code ignis_transaction_run(ignis_context *ctx, ignis_data_source *source,
                                 const ignis_transaction_options *given,
                                 ignis_transaction_function function, void *data)
{
    ignis_transaction_options options;
    app_begin(ctx);
    ignis_code code = app_source_given(ctx, source);
    if (code == IGNIS_OK) code = options_read(ctx, given, &options);
    if (code != IGNIS_OK) return app_end(ctx, code);
    const run_replay replay = {.begin = begin_of(&options),
                               .attempts_max = options.attempts_max,
                               .function = function,
                               .data = data};
    return app_end(ctx, run_transaction_replay(ctx, &source->run, &replay));
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
