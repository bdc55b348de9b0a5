/* What goes to the server: everything of a start in one pipeline. */
#include "driver/postgres.h"

#ifdef IGNIS_HAVE_POSTGRES

#include <libpq-fe.h>

/* ---- making ---- */

ignis_code postgres_calls_make(ignis_context *ctx, postgres_connection *connection,
                               const ignis_execution *executions, size_t executions_count)
{
    postgres_call *calls = arena_array(&connection->bound, executions_count, sizeof(*calls));
    if (!calls) return context_fail_memory(ctx, &connection->bound);
    for (size_t i = 0; i < executions_count; i++) {
        const ignis_statement *statement = executions[i].statement;
        if (statement->sql_size > POSTGRES_MESSAGE_SIZE_MAX)
            return context_fail(ctx, IGNIS_E_LIMIT, "the statement is too long");
        if (memchr(statement->sql, '\0', statement->sql_size))
            return context_fail(ctx, IGNIS_E_INVALID, "the statement holds a NUL");
        calls[i].execution = &executions[i];
        calls[i].verb = driver_verb_of(statement);
        IGNIS_TRY(postgres_bind(ctx, &connection->bound, &executions[i], &calls[i]));
    }
    connection->calls = calls;
    connection->calls_count = executions_count;
    return IGNIS_OK;
}

/* Decides which statements are kept by the server, and has the text ready of those it lacks. */
static ignis_code statements_choose(ignis_context *ctx, postgres_connection *connection)
{
    postgres_cache_start(&connection->cache);
    for (size_t i = 0; i < connection->calls_count; i++) {
        postgres_call *call = &connection->calls[i];
        const ignis_statement *statement = call->execution->statement;
        call->prepared = NULL;
        call->prepares = false;
        if (connection->keeps_statements && statement->id != 0)
            call->prepared = postgres_cache_get(&connection->cache, statement->id, &call->prepares);
        if (call->prepared && !call->prepares) continue;
        call->sql = arena_copy(&connection->bound, statement->sql, statement->sql_size);
        if (!call->sql) return context_fail_memory(ctx, &connection->bound);
    }
    return IGNIS_OK;
}

/* ---- sending ---- */

static bool text_send(PGconn *handle, const char *sql)
{
    return PQsendQueryParams(handle, sql, 0, NULL, NULL, NULL, NULL, 1) == 1;
}

/* What the server keeps and we no longer do. It has a Sync of its own, so that its errors, which
   matter little, and the snapshots it takes stay apart from the executions. */
static bool cleaning_send(postgres_connection *connection, bool closes_all, bool rolls_back)
{
    PGconn *handle = connection->handle;
    postgres_cache *cache = &connection->cache;
    if (!closes_all && !rolls_back && cache->closing_count == 0) return true;
    if (rolls_back && !text_send(handle, "ROLLBACK")) return false;
    if (closes_all && !text_send(handle, "DEALLOCATE ALL")) return false;
    for (size_t i = 0; i < cache->closing_count; i++) {
        char name[POSTGRES_NAME_SIZE];
        char sql[POSTGRES_NAME_SIZE + 16] = "DEALLOCATE ";
        postgres_cache_name(name, cache->closing[i]);
        memcpy(sql + strlen(sql), name, strlen(name) + 1);
        if (!text_send(handle, sql)) return false;
    }
    cache->closing_count = 0;
    connection->state = POSTGRES_CLEANING;
    return PQpipelineSync(handle) == 1;
}

static bool call_send(PGconn *handle, const postgres_call *call)
{
    char name[POSTGRES_NAME_SIZE];
    const char *const *values = call->values;
    if (!call->prepared)
        return PQsendQueryParams(handle, call->sql, call->count, call->types, values, call->sizes,
                                 call->formats, 1) == 1;
    postgres_cache_name(name, call->prepared->id);
    if (call->prepares && PQsendPrepare(handle, name, call->sql, call->count, call->types) != 1)
        return false;
    return PQsendQueryPrepared(handle, name, call->count, values, call->sizes, call->formats, 1) ==
           1;
}

static bool calls_send(postgres_connection *connection)
{
    for (size_t i = 0; i < connection->calls_count; i++) {
        if (!call_send(connection->handle, &connection->calls[i])) return false;
    }
    return PQpipelineSync(connection->handle) == 1 && PQflush(connection->handle) >= 0;
}

ignis_code postgres_calls_send(ignis_context *ctx, postgres_connection *connection)
{
    postgres_cache *cache = &connection->cache;
    PGTransactionStatusType status = PQtransactionStatus(connection->handle);
    bool rolls_back = connection->state == POSTGRES_REPEATING && status != PQTRANS_IDLE;
    bool is_idle = status == PQTRANS_IDLE || rolls_back;
    bool closes_all = is_idle && cache->closes_all;
    if (closes_all) {
        postgres_cache_forget(cache);
        cache->closes_all = false;
    }
    connection->state = POSTGRES_RUNNING;
    ignis_code code = statements_choose(ctx, connection);
    if (code == IGNIS_OK) {
        bool is_sent = (!is_idle || cleaning_send(connection, closes_all, rolls_back)) &&
                       calls_send(connection);
        if (is_sent) return IGNIS_OK;
        code = postgres_error_lost(ctx, connection);
        connection->is_broken = true;
    } else if (closes_all) {
        cache->closes_all = true;
    }
    postgres_cache_settle(cache);
    return code;
}

#endif
