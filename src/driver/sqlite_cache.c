#include "driver/sqlite.h"

#include <limits.h>
#include <sqlite3.h>

static bool tail_is_empty(const char *tail, const char *end)
{
    while (tail < end && (*tail == ' ' || *tail == '\n' || *tail == '\t' || *tail == ';')) {
        tail++;
    }
    return tail == end;
}

static ignis_code prepare(ignis_context *ctx, const sqlite_connection *connection,
                          const ignis_statement *statement, struct sqlite3_stmt **handle)
{
    if (statement->sql_size > INT_MAX)
        return context_fail(ctx, IGNIS_E_LIMIT, "the statement is too long");
    const char *tail = NULL;
    unsigned int flags = statement->id ? SQLITE_PREPARE_PERSISTENT : 0;
    int result = sqlite3_prepare_v3(connection->db, statement->sql, (int)statement->sql_size, flags,
                                    handle, &tail);
    if (result != SQLITE_OK) return sqlite_error_report(ctx, connection, result);
    if (!*handle) return context_fail(ctx, IGNIS_E_INVALID, "the statement is empty");
    if (tail_is_empty(tail, statement->sql + statement->sql_size)) return IGNIS_OK;
    sqlite3_finalize(*handle);
    *handle = NULL;
    return context_fail(ctx, IGNIS_E_INVALID, "the text holds more than one statement");
}

static sqlite_prepared **bucket_of(sqlite_cache *cache, uint64_t id)
{
    return &cache->buckets[map_hash(&id, sizeof(id)) % SQLITE_BUCKETS_COUNT];
}

static sqlite_prepared *oldest_take(sqlite_cache *cache)
{
    sqlite_prepared *oldest = &cache->items[0];
    for (size_t i = 1; i < cache->count; i++) {
        if (cache->items[i].used_at < oldest->used_at) oldest = &cache->items[i];
    }
    sqlite_prepared **link = bucket_of(cache, oldest->id);
    while (*link != oldest) {
        link = &(*link)->bucket_next;
    }
    *link = oldest->bucket_next;
    sqlite3_finalize(oldest->handle);
    return oldest;
}

ignis_code sqlite_cache_get(ignis_context *ctx, sqlite_connection *connection,
                            const ignis_statement *statement, struct sqlite3_stmt **handle)
{
    sqlite_cache *cache = &connection->cache;
    *handle = NULL;
    if (statement->id == 0) return prepare(ctx, connection, statement, handle);

    sqlite_prepared **bucket = bucket_of(cache, statement->id);
    sqlite_prepared *item = *bucket;
    while (item && item->id != statement->id) {
        item = item->bucket_next;
    }
    if (!item) {
        IGNIS_TRY(prepare(ctx, connection, statement, handle));
        item = cache->count < SQLITE_STATEMENTS_MAX ? &cache->items[cache->count++]
                                                    : oldest_take(cache);
        *item = (sqlite_prepared){.id = statement->id,
                                  .handle = *handle,
                                  .bucket_next = *bucket_of(cache, statement->id)};
        *bucket_of(cache, statement->id) = item;
    }
    item->used_at = ++cache->clock;
    *handle = item->handle;
    return IGNIS_OK;
}

void sqlite_cache_clear(sqlite_cache *cache)
{
    for (size_t i = 0; i < cache->count; i++) {
        sqlite3_finalize(cache->items[i].handle);
    }
    *cache = (sqlite_cache){0};
}
