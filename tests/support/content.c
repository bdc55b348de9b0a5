#include "support/content.h"

#include "app/app.h"

#include <stdio.h>

/* Whole rows: on PostgreSQL as the text of a record, for any type it knows. */
static const char *statement_make(ignis_context *ctx, ignis_dialect dialect,
                                  const model_entity *entity)
{
    text sql;
    bool is_postgres = dialect == IGNIS_DIALECT_POSTGRES;
    text_init(&sql, &ctx->results, 0);
    text_string(&sql, is_postgres ? "SELECT t::text AS r FROM " : "SELECT t.* FROM ");
    sql_table(&sql, dialect, entity);
    text_string(&sql, is_postgres ? " AS t ORDER BY 1" : " AS t ORDER BY rowid");
    return text_finish(&sql);
}

static bool table_hash(ignis_context *ctx, ignis_data_source *source, const model_entity *entity,
                       uint64_t *hash)
{
    const char *rows = NULL;
    const ignis_sql statement = {
        .struct_size = sizeof(statement),
        .text = statement_make(ctx, run_cache_dialect(source->run.cache), entity)};
    if (ignis_query(ctx, source, &statement, &rows) != IGNIS_OK) {
        fprintf(stderr, "content: %s: %s\n", entity->name, ignis_context_error(ctx)->message);
        return false;
    }
    *hash = *hash * 1099511628211u + map_hash(rows, strlen(rows));
    return true;
}

bool content_hash_seen(ignis_context *ctx, ignis_data_source *source, uint64_t *hash)
{
    const model_registry *registry = source->run.registry;
    bool is_read = true;
    *hash = 0;
    for (size_t i = 0; is_read && i < registry->entities_count; i++) {
        const model_entity *entity = &registry->entities[i];
        if (entity->type == IGNIS_VIEW || entity->skip_migrate) continue;
        ignis_mark mark = ignis_context_mark(ctx);
        is_read = table_hash(ctx, source, entity, hash);
        ignis_context_release(ctx, mark);
    }
    return is_read;
}

bool content_hash(ignis_data_source *source, uint64_t *hash)
{
    ignis_context *ctx = ignis_context_create();
    bool is_read = ctx && content_hash_seen(ctx, source, hash);
    ignis_context_free(ctx);
    return is_read;
}
