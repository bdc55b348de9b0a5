#include "driver/postgres.h"

#include <inttypes.h>
#include <stdio.h>

const char *postgres_cache_name(char name[POSTGRES_NAME_SIZE], uint64_t id)
{
    (void)snprintf(name, POSTGRES_NAME_SIZE, "ignis_%" PRIu64, id);
    return name;
}

void postgres_cache_start(postgres_cache *cache)
{
    cache->started_at = cache->clock;
}

static postgres_prepared **bucket_of(postgres_cache *cache, uint64_t id)
{
    return &cache->buckets[map_hash(&id, sizeof(id)) % POSTGRES_BUCKETS_COUNT];
}

static void item_remove(postgres_cache *cache, postgres_prepared *item)
{
    postgres_prepared **link = bucket_of(cache, item->id);
    while (*link != item) {
        link = &(*link)->bucket_next;
    }
    *link = item->bucket_next;
    *item = (postgres_prepared){0};
}

/* A free item, or the least recently used one. NULL: all belong to the running start, or too many
   wait to be closed. */
static postgres_prepared *item_take(postgres_cache *cache)
{
    postgres_prepared *oldest = &cache->items[0];
    for (size_t i = 1; i < ARRAY_COUNT(cache->items) && oldest->used_at > 0; i++) {
        if (cache->items[i].used_at < oldest->used_at) oldest = &cache->items[i];
    }
    if (oldest->id == 0) return oldest;
    bool is_in_use = oldest->used_at > cache->started_at;
    if (is_in_use || cache->closing_count == ARRAY_COUNT(cache->closing)) return NULL;
    cache->closing[cache->closing_count++] = oldest->id;
    item_remove(cache, oldest);
    return oldest;
}

/* Whether the statement waited to be closed, which it does no more. */
static bool closing_take(postgres_cache *cache, uint64_t id)
{
    for (size_t i = 0; i < cache->closing_count; i++) {
        if (cache->closing[i] != id) continue;
        cache->closing[i] = cache->closing[--cache->closing_count];
        return true;
    }
    return false;
}

postgres_prepared *postgres_cache_get(postgres_cache *cache, uint64_t id, bool *is_new)
{
    *is_new = false;
    postgres_prepared *item = *bucket_of(cache, id);
    while (item && item->id != id) {
        item = item->bucket_next;
    }
    if (!item) {
        /* Its name may still be taken on the server. */
        if (cache->closes_all) return NULL;
        item = item_take(cache);
        if (!item) return NULL;
        *is_new = !closing_take(cache, id);
        *item = (postgres_prepared){
            .id = id, .is_pending = *is_new, .bucket_next = *bucket_of(cache, id)};
        *bucket_of(cache, id) = item;
    }
    item->used_at = ++cache->clock;
    return item;
}

void postgres_cache_settle(postgres_cache *cache)
{
    for (size_t i = 0; i < ARRAY_COUNT(cache->items); i++) {
        postgres_prepared *item = &cache->items[i];
        if (item->id != 0 && item->is_pending) item_remove(cache, item);
    }
}

void postgres_cache_forget(postgres_cache *cache)
{
    uint64_t clock = cache->clock;
    *cache = (postgres_cache){.clock = clock, .started_at = clock, .closes_all = true};
}
