/* context: who calls, until when, and the memory of the results. */
#include "base/base.h"
#include "ignis.h"

#include <stddef.h>

const char *ignis_version(void)
{
    return IGNIS_VERSION;
}

/* ---- cancellation --------------------------------------------------------------------------- */

void context_cancel_hook(ignis_context *ctx, void (*hook)(void *cancelling), void *cancelling)
{
    pthread_mutex_lock(&ctx->cancel_mutex);
    ctx->cancel_hook = hook;
    ctx->cancelling = cancelling;
    pthread_mutex_unlock(&ctx->cancel_mutex);
}

ignis_code context_fail_cancelled(ignis_context *ctx)
{
    return context_fail(ctx, IGNIS_E_CANCELLED, "the call was cancelled");
}

/* Under the lock the hook is the running call's own: a call removes its hook before it ends. */
void ignis_context_cancel(ignis_context *ctx)
{
    context_state running = CONTEXT_RUNNING;
    pthread_mutex_lock(&ctx->cancel_mutex);
    if (atomic_compare_exchange_strong(&ctx->state, &running, CONTEXT_CANCELLED) &&
        ctx->cancel_hook) {
        ctx->cancel_hook(ctx->cancelling);
    }
    pthread_mutex_unlock(&ctx->cancel_mutex);
}

/* ---- life ----------------------------------------------------------------------------------- */

/* What is kept moves from one arena to another, so the context lives in neither. */
typedef struct context_home {
    ignis_context context;
    arena own; /* in which this lives */
} context_home;

ignis_context *ignis_context_create(void)
{
    arena own = {0};
    context_home *home = arena_array(&own, 1, sizeof *home);
    if (!home) return NULL;
    if (pthread_mutex_init(&home->context.cancel_mutex, NULL) != 0) {
        arena_free(&own);
        return NULL;
    }
    home->own = own;
    context_error_clear(&home->context);
    return &home->context;
}

/* Depth: as many transactions as are begun within each other. */
static void context_destroy(ignis_context *ctx)
{
    for (ignis_context *at = ctx->transactions, *next; at; at = next) {
        next = at->next;
        context_destroy(at);
    }
    pthread_mutex_destroy(&ctx->cancel_mutex);
    arena_free(&ctx->results);
    arena_free(&ctx->scratch);
    arena_free(&ctx->kept);
    arena_free(&ctx->problems);
    arena_destroy(&((context_home *)ctx)->own);
}

static void transactions_end(ignis_context *ctx)
{
    if (ctx->open) ctx->open->abandon(ctx->open);
    for (ignis_context *at = ctx->transactions, *next; at; at = next) {
        next = at->next;
        context_destroy(at);
    }
    ctx->transactions = NULL;
}

void ignis_context_free(ignis_context *ctx)
{
    if (!ctx || ctx->parent) return;
    transactions_end(ctx);
    context_destroy(ctx);
}

void ignis_context_reset(ignis_context *ctx)
{
    if (ctx->parent) return;
    transactions_end(ctx);
    arena_reset(&ctx->results);
    arena_reset(&ctx->scratch);
    context_problems_clear(ctx);
    context_error_clear(ctx);
}

arena *context_results(ignis_context *ctx)
{
    while (ctx->parent && ctx->parent->open != ctx)
        ctx = ctx->parent;
    while (ctx->open)
        ctx = ctx->open;
    return &ctx->results;
}

ignis_mark ignis_context_mark(ignis_context *ctx)
{
    return arena_mark(context_results(ctx));
}

static bool is_before(ignis_mark a, ignis_mark b)
{
    return a.total < b.total || (a.total == b.total && a.used < b.used);
}

void ignis_context_release(ignis_context *ctx, ignis_mark mark)
{
    for (ignis_context *within = ctx; within; within = within->open) {
        ignis_context *open = within->open;
        if (open && !is_before(open->born, mark)) open->abandon(open);
        for (ignis_context *at = within->transactions; at; at = at->next) {
            if (at != within->open && !is_before(at->born, mark)) at->is_released = true;
        }
    }
    arena_release(context_results(ctx), mark);
}

/* ---- transactions --------------------------------------------------------------------------- */

static ignis_context *transaction_reuse(ignis_context *ctx)
{
    for (ignis_context *at = ctx->transactions; at; at = at->next) {
        if (!at->is_released) continue;
        arena_free(&at->kept);
        at->user = NULL;
        at->values = (map){0};
        at->is_released = false;
        /* Those begun within it are younger. */
        for (ignis_context *inner = at->transactions; inner; inner = inner->next)
            inner->is_released = true;
        return at;
    }
    return NULL;
}

ignis_context *context_transaction_make(ignis_context *ctx)
{
    ignis_context *transaction = transaction_reuse(ctx);
    if (!transaction) {
        transaction = ignis_context_create();
        if (!transaction) return NULL;
        transaction->next = ctx->transactions;
        ctx->transactions = transaction;
    }
    context_error_clear(transaction);
    transaction->parent = ctx;
    transaction->deadline_ms = ctx->deadline_ms;
    transaction->progress = ctx->progress;
    transaction->progress_data = ctx->progress_data;
    transaction->scratch.total_max = ctx->scratch.total_max;
    transaction->born = arena_mark(&ctx->results);
    return transaction;
}

void context_transaction_open(ignis_context *transaction)
{
    ignis_context *parent = transaction->parent;
    transaction->results = parent->results;
    parent->results = (arena){0};
    parent->open = transaction;
}

void context_transaction_close(ignis_context *transaction)
{
    ignis_context *parent = transaction->parent;
    parent->results = transaction->results;
    transaction->results = (arena){0};
    parent->open = NULL;
}

void ignis_context_limit_set(ignis_context *ctx, size_t bytes_max)
{
    /* Each may take the whole: scratch is empty between calls, and what a call holds twice, once in
       either, is one result to the caller. */
    context_results(ctx)->total_max = bytes_max;
    ctx->scratch.total_max = bytes_max;
}

void ignis_context_progress_set(ignis_context *ctx, ignis_progress progress, void *data)
{
    ctx->progress = progress;
    ctx->progress_data = data;
}

void ignis_context_timeout_set(ignis_context *ctx, int64_t timeout_ms)
{
    if (timeout_ms == 0) {
        ctx->deadline_ms = 0;
        return;
    }
    int64_t now_ms = clock_monotonic_ms();
    if (timeout_ms < 0) timeout_ms = 0; /* passed already */
    if (now_ms < 1) now_ms = 1;         /* 0 would be no deadline */
    ctx->deadline_ms = timeout_ms > INT64_MAX - now_ms ? INT64_MAX : now_ms + timeout_ms;
}

void ignis_context_log_set(ignis_context *ctx, ignis_log_level level)
{
    ctx->log_level = level;
}

/* ---- user and values ------------------------------------------------------------------------ */

/* A kept text is written over where the next one fits, so that a context that lives long and gets a
   new user for each call does not grow. A removed value is an empty text, which no JSON is. */
typedef struct kept_text {
    size_t capacity; /* bytes of text with its end */
    char text[];
} kept_text;

enum { KEPT_FIRST = 48 };

/* The user's place among the values; no name given as a C string equals it. */
static const char user_name[] = "\0user";

static kept_text *kept_of(const char *data)
{
    return (kept_text *)(void *)((char *)(uintptr_t)data - offsetof(kept_text, text));
}

/* A new place, at least twice as large as the one before: what it leaves behind stays bounded. */
static kept_text *kept_create(arena *memory, size_t size, const kept_text *before)
{
    if (size > SIZE_MAX / 8) return NULL;
    size_t capacity = before ? before->capacity * 2 : KEPT_FIRST;
    if (capacity < size + 1) capacity = size + 1;
    kept_text *kept = arena_alloc(memory, sizeof *kept + capacity);
    if (kept) kept->capacity = capacity;
    return kept;
}

static bool is_removed(const ignis_context *ctx, const map_entry *entry)
{
    const char *data = entry->value;
    return entry->name[0] == user_name[0] ? ctx->user == NULL : *data == '\0';
}

/* Moves the values that are not removed to a new arena. Without memory all stays as it is. */
static void values_compact(ignis_context *ctx)
{
    arena kept = {0};
    map values = {0};
    const char *user = NULL;
    for (size_t i = 0; i < ctx->values.capacity; i++) {
        const map_entry *entry = &ctx->values.entries[i];
        if (!entry->value || is_removed(ctx, entry)) continue;
        kept_text *copy = kept_create(&kept, strlen(entry->value), NULL);
        const char *name = copy ? arena_copy(&kept, entry->name, entry->size) : NULL;
        if (!name || !map_put(&values, &kept, name, entry->size, copy->text)) {
            arena_free(&kept);
            return;
        }
        memcpy(copy->text, entry->value, strlen(entry->value) + 1);
        if (name[0] == user_name[0]) user = copy->text;
    }
    arena_free(&ctx->kept);
    ctx->kept = kept;
    ctx->values = values;
    ctx->user = user;
}

/* Called before the map grows: names come and go, and more than half of them may have gone. */
static bool is_mostly_removed(const ignis_context *ctx)
{
    size_t removed_count = 0;
    for (size_t i = 0; i < ctx->values.capacity; i++) {
        const map_entry *entry = &ctx->values.entries[i];
        if (entry->value && is_removed(ctx, entry)) removed_count++;
    }
    return removed_count > ctx->values.count / 2;
}

static bool map_is_full(const map *values)
{
    return values->count > 0 && values->count >= values->capacity / 4 * 3;
}

/* Puts text under a name. NULL: no memory, and the text before is intact. */
static const char *kept_put(ignis_context *ctx, const char *name, size_t name_size,
                            const char *data)
{
    size_t size = strlen(data);
    char *before = map_get(&ctx->values, name, name_size);
    kept_text *kept = before ? kept_of(before) : NULL;
    if (kept && kept->capacity > size) {
        memmove(kept->text, data, size + 1);
        return kept->text;
    }
    if (!kept && map_is_full(&ctx->values) && is_mostly_removed(ctx)) values_compact(ctx);
    ignis_mark mark = arena_mark(&ctx->kept);
    kept = kept_create(&ctx->kept, size, kept);
    const char *key = kept ? arena_copy(&ctx->kept, name, name_size) : NULL;
    if (!key || !map_put(&ctx->values, &ctx->kept, key, name_size, kept->text)) {
        arena_release(&ctx->kept, mark);
        return NULL;
    }
    memcpy(kept->text, data, size + 1);
    return kept->text;
}

ignis_code ignis_context_user_set(ignis_context *ctx, const char *user_id)
{
    context_error_clear(ctx);
    if (!user_id) {
        ctx->user = NULL;
        return IGNIS_OK;
    }
    if (!utf8_is_valid(user_id, strlen(user_id))) {
        return context_fail(ctx, IGNIS_E_INVALID, "the user is no valid UTF-8");
    }
    const char *kept = kept_put(ctx, user_name, sizeof user_name, user_id);
    if (!kept) return context_fail_memory(ctx, &ctx->kept);
    ctx->user = kept;
    return IGNIS_OK;
}

/* The value is read to check it; scratch is given back. */
static ignis_code value_check(ignis_context *ctx, const char *name, const char *data)
{
    ignis_mark mark = arena_mark(&ctx->scratch);
    const json *value;
    ignis_code code = json_read_context(ctx, &ctx->scratch, data, strlen(data), NULL, &value);
    arena_release(&ctx->scratch, mark);
    return code == IGNIS_OK ? code : context_path(ctx, "%s", name);
}

ignis_code ignis_context_value_set(ignis_context *ctx, const char *name, const char *data)
{
    context_error_clear(ctx);
    if (!name || !*name) {
        return context_fail(ctx, IGNIS_E_INVALID, "a value of the context needs a name");
    }
    size_t name_size = strlen(name);
    if (!data) {
        char *before = map_get(&ctx->values, name, name_size);
        if (before) before[0] = '\0';
        return IGNIS_OK;
    }
    IGNIS_TRY(value_check(ctx, name, data));
    if (!kept_put(ctx, name, name_size, data)) return context_fail_memory(ctx, &ctx->kept);
    return IGNIS_OK;
}

static const char *value_get(const ignis_context *ctx, const char *name)
{
    const char *data = map_get(&ctx->values, name, strlen(name));
    return data && *data ? data : NULL;
}

const char *context_value(const ignis_context *ctx, const char *name)
{
    for (; ctx; ctx = ctx->parent) {
        const char *value = value_get(ctx, name);
        if (value) return value;
    }
    return NULL;
}

const char *context_user(const ignis_context *ctx)
{
    for (; ctx; ctx = ctx->parent) {
        if (ctx->user) return ctx->user;
    }
    return NULL;
}

ignis_log_level context_log_level(const ignis_context *ctx)
{
    if (ctx->call_log_level != IGNIS_LOG_DEFAULT) return ctx->call_log_level;
    for (; ctx; ctx = ctx->parent) {
        if (ctx->log_level != IGNIS_LOG_DEFAULT) return ctx->log_level;
    }
    return IGNIS_LOG_DEFAULT;
}
