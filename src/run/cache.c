#include "run/run.h"

enum {
    PLANS_DEFAULT = 512,
    BUCKETS_COUNT = 1024,
    PLAN_SIZE_MAX = 256 * 1024,       /* a larger one is not kept */
    PLANS_SIZE_MAX = 32 * 1024 * 1024 /* of all together */
};

struct run_cache {
    pthread_mutex_t lock;
    ignis_dialect dialect;
    uint32_t plans_max;
    size_t plans_count;
    size_t plans_size; /* bytes */
    uint64_t made;
    uint64_t id_next;
    run_plan *newest;
    run_plan *oldest;
    run_plan *buckets[BUCKETS_COUNT];
};

ignis_code run_cache_create(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                            uint32_t plans_max, run_cache **cache)
{
    run_cache *made = arena_array(memory, 1, sizeof(*made));
    if (!made) return context_fail_memory(ctx, memory);
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        return context_fail(ctx, IGNIS_E_MEMORY, "no memory for a lock");
    }
    made->dialect = dialect;
    made->plans_max = plans_max ? plans_max : PLANS_DEFAULT;
    made->id_next = SQL_ID_FREE;
    *cache = made;
    return IGNIS_OK;
}

ignis_dialect run_cache_dialect(const run_cache *cache)
{
    return cache->dialect;
}

uint64_t run_cache_id(run_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    uint64_t id = cache->id_next++;
    pthread_mutex_unlock(&cache->lock);
    return id;
}

uint64_t run_cache_made(run_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    uint64_t made = cache->made;
    pthread_mutex_unlock(&cache->lock);
    return made;
}

/* ---- list and buckets; the lock is held ---------------------------------------------------------- */

static void list_remove(run_cache *cache, run_plan *plan)
{
    if (plan->newer) plan->newer->older = plan->older;
    if (plan->older) plan->older->newer = plan->newer;
    if (cache->newest == plan) cache->newest = plan->older;
    if (cache->oldest == plan) cache->oldest = plan->newer;
    plan->newer = NULL;
    plan->older = NULL;
}

static void list_push(run_cache *cache, run_plan *plan)
{
    plan->older = cache->newest;
    if (cache->newest) cache->newest->newer = plan;
    cache->newest = plan;
    if (!cache->oldest) cache->oldest = plan;
}

static run_plan **bucket_of(run_cache *cache, uint64_t hash)
{
    return &cache->buckets[hash % BUCKETS_COUNT];
}

static run_plan *plan_find(run_cache *cache, const char *shape, size_t size, uint64_t hash)
{
    for (run_plan *plan = *bucket_of(cache, hash); plan; plan = plan->bucket_next) {
        if (plan->hash == hash && plan->shape_size == size &&
            memcmp(plan->shape, shape, size) == 0) {
            return plan;
        }
    }
    return NULL;
}

/* Takes a plan out; it is freed by its last user. */
static void plan_evict(run_cache *cache, run_plan *plan)
{
    run_plan **at = bucket_of(cache, plan->hash);
    while (*at != plan)
        at = &(*at)->bucket_next;
    *at = plan->bucket_next;
    list_remove(cache, plan);
    cache->plans_count--;
    cache->plans_size -= plan->memory->total;
    plan->is_evicted = true;
    if (plan->users == 0) arena_destroy(plan->memory);
}

static void plan_insert(run_cache *cache, run_plan *plan)
{
    while (cache->plans_count >= cache->plans_max ||
           (cache->oldest && cache->plans_size + plan->memory->total > PLANS_SIZE_MAX))
        plan_evict(cache, cache->oldest);
    run_plan **bucket = bucket_of(cache, plan->hash);
    plan->bucket_next = *bucket;
    *bucket = plan;
    list_push(cache, plan);
    cache->plans_count++;
    cache->plans_size += plan->memory->total;
}

/* ---- shared ------------------------------------------------------------------------------------- */

static run_plan *plan_take(run_cache *cache, const char *shape, size_t size, uint64_t hash)
{
    pthread_mutex_lock(&cache->lock);
    run_plan *plan = plan_find(cache, shape, size, hash);
    if (plan) {
        plan->users++;
        list_remove(cache, plan);
        list_push(cache, plan);
    }
    pthread_mutex_unlock(&cache->lock);
    return plan;
}

static ignis_code plan_create(ignis_context *ctx, run_cache *cache, const char *shape, size_t size,
                              run_plan_make make, void *data, run_plan **made)
{
    arena *memory = arena_create();
    if (!memory) return context_fail(ctx, IGNIS_E_MEMORY, "no memory for a plan");
    run_plan *plan = arena_array(memory, 1, sizeof(*plan));
    ignis_code code = plan ? IGNIS_OK : context_fail_memory(ctx, memory);
    if (code == IGNIS_OK) {
        plan->memory = memory;
        plan->shape = arena_copy(memory, shape, size);
        plan->shape_size = size;
        code = plan->shape ? make(ctx, cache, data, plan) : context_fail_memory(ctx, memory);
    }
    if (code != IGNIS_OK) arena_destroy(memory);
    *made = plan;
    return code;
}

/* The plan is made outside the lock; where two threads make the same, one is kept. A plan too large to
   be worth keeping belongs to its one user. */
ignis_code run_cache_get(ignis_context *ctx, run_cache *cache, const char *shape, size_t size,
                         run_plan_make make, void *data, run_plan **plan)
{
    uint64_t hash = map_hash(shape, size);
    *plan = plan_take(cache, shape, size, hash);
    if (*plan) return IGNIS_OK;
    run_plan *made = NULL;
    IGNIS_TRY(plan_create(ctx, cache, shape, size, make, data, &made));
    made->hash = hash;
    made->users = 1;
    pthread_mutex_lock(&cache->lock);
    cache->made++;
    bool is_kept = made->memory->total <= PLAN_SIZE_MAX && !plan_find(cache, shape, size, hash);
    made->is_evicted = !is_kept;
    if (is_kept) plan_insert(cache, made);
    pthread_mutex_unlock(&cache->lock);
    *plan = made;
    return IGNIS_OK;
}

void run_cache_release(run_cache *cache, run_plan *plan)
{
    if (!plan) return;
    pthread_mutex_lock(&cache->lock);
    bool is_last = --plan->users == 0 && plan->is_evicted;
    pthread_mutex_unlock(&cache->lock);
    if (is_last) arena_destroy(plan->memory);
}

void run_cache_free(run_cache *cache)
{
    if (!cache) return;
    while (cache->oldest)
        plan_evict(cache, cache->oldest);
    pthread_mutex_destroy(&cache->lock);
}
