/* schema: the tables of a data source. */
#include "app/app.h"

ignis_code ignis_schema_sql(ignis_context *ctx, const ignis_data_source *source,
                            ignis_dialect dialect, const char **sql)
{
    sql_script script;
    text out;
    app_begin(ctx);
    ignis_code code = app_source_given(ctx, source);
    if (code == IGNIS_OK)
        code = sql_schema_create(ctx, &ctx->scratch, source->run.registry, dialect, &script);
    if (code != IGNIS_OK) return app_end(ctx, code);
    text_init(&out, context_results(ctx), 0);
    for (size_t i = 0; i < script.count; i++) {
        text_string(&out, script.statements[i]);
        text_string(&out, ";\n");
    }
    const char *finished = text_finish(&out);
    if (!finished) return app_end(ctx, context_fail_memory(ctx, out.memory));
    *sql = finished;
    return app_end(ctx, IGNIS_OK);
}

ignis_code ignis_schema_create(ignis_context *ctx, ignis_data_source *source)
{
    sql_script script;
    app_begin(ctx);
    ignis_code code = app_source_given(ctx, source);
    if (code == IGNIS_OK)
        code = sql_schema_create(ctx, &ctx->scratch, source->run.registry,
                                 run_cache_dialect(source->run.cache), &script);
    if (code == IGNIS_OK && script.count > 0) code = run_script(ctx, &source->run, &script);
    return app_end(ctx, code);
}

ignis_code app_schema_create_missing(ignis_context *ctx, const ignis_data_source *source)
{
    const model_registry *registry = source->run.registry;
    ignis_dialect dialect = run_cache_dialect(source->run.cache);
    sql_script script;
    ignis_statement look;
    IGNIS_TRY(sql_schema_create(ctx, &ctx->scratch, registry, dialect, &script));
    if (script.count == 0) return IGNIS_OK;
    IGNIS_TRY(sql_schema_look(ctx, &ctx->scratch, registry, dialect, &look));
    return run_script_missing(ctx, &source->run, &script, &look);
}

ignis_code ignis_schema_create_missing(ignis_context *ctx, ignis_data_source *source)
{
    app_begin(ctx);
    ignis_code code = app_source_given(ctx, source);
    return app_end(ctx, code == IGNIS_OK ? app_schema_create_missing(ctx, source) : code);
}
