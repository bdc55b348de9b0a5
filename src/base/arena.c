/* arena: the only place that allocates.

   Small items share ordinary blocks, which double in size; an item above a quarter of the block
   size has a block of its own. In the sanitizer build every item has its own, so that it ends where
   its allocation ends.

   Blocks are chained newest first, with one exception: a block of one item goes behind the newest
   ordinary block, which stays open for further items. */
#include "base/base.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_SANITIZED 1
#endif
#endif

#ifdef ARENA_SANITIZED
#include <sanitizer/asan_interface.h>
#else
#define ARENA_SANITIZED 0
#endif

enum { ALIGNMENT = 16, RED_ZONE_SIZE = 16, BLOCK_MIN = 4096, BLOCK_MAX = 256 * 1024 };

/* Beyond it a size is a mistake; below it the additions of this file cannot overflow. */
#define ITEM_MAX (SIZE_MAX / 4)

struct arena_block {
    arena_block *older;
    arena_block *newer;
    size_t size;   /* bytes after the header */
    size_t serial; /* the arena's total with this block: more than that of any block made before */
    size_t step;   /* the size ordinary blocks had reached; 0: a block of one item */
    /* Poisoned in the sanitizer build, so that writing before an item is caught. */
    alignas(ALIGNMENT) char red_zone[RED_ZONE_SIZE];
};

_Static_assert(alignof(max_align_t) <= ALIGNMENT, "items are aligned for any type");
_Static_assert(sizeof(arena_block) % ALIGNMENT == 0, "items start aligned");

/* What a block counts beyond its size. The sanitizer build counts about what rounding costs in the
   ordinary one, so that a limit means the same in both. */
static const size_t block_overhead = ARENA_SANITIZED ? ALIGNMENT : sizeof(arena_block);

/* ---- counters of tests ---------------------------------------------------------------------- */

#ifdef IGNIS_FAULTS

#include <stdatomic.h>

static atomic_size_t live_blocks;
static _Thread_local uint64_t fault_at;
static _Thread_local uint64_t fault_count;

void arena_fault_at(uint64_t n)
{
    fault_at = n;
    fault_count = 0;
}

uint64_t arena_fault_count(void)
{
    return fault_count;
}

size_t arena_live_blocks(void)
{
    return atomic_load_explicit(&live_blocks, memory_order_relaxed);
}

static bool is_fault(void)
{
    return ++fault_count == fault_at;
}

static void live_blocks_raise(void)
{
    atomic_fetch_add_explicit(&live_blocks, 1, memory_order_relaxed);
}

static void live_blocks_lower(void)
{
    atomic_fetch_sub_explicit(&live_blocks, 1, memory_order_relaxed);
}

#else

void arena_fault_at(uint64_t n)
{
    (void)n;
}

uint64_t arena_fault_count(void)
{
    return 0;
}

size_t arena_live_blocks(void)
{
    return 0;
}

static bool is_fault(void)
{
    return false;
}

static void live_blocks_raise(void)
{
}

static void live_blocks_lower(void)
{
}

#endif

/* ---- blocks --------------------------------------------------------------------------------- */

static char *block_data(arena_block *block)
{
    return (char *)(block + 1);
}

static void block_guard(arena_block *block)
{
#if ARENA_SANITIZED
    ASAN_POISON_MEMORY_REGION(block->red_zone, RED_ZONE_SIZE);
#else
    (void)block;
#endif
}

/* How many bytes the limit still allows. */
static size_t bytes_left(const arena *memory)
{
    if (memory->total_max == 0) return SIZE_MAX - memory->total;
    return memory->total < memory->total_max ? memory->total_max - memory->total : 0;
}

/* A block of size bytes that is not yet in the chain. */
static arena_block *block_create(arena *memory, size_t size)
{
    if (bytes_left(memory) < size + block_overhead) {
        memory->limited = memory->total_max != 0;
        return NULL;
    }
    arena_block *block = malloc(sizeof *block + size);
    if (!block) return NULL;
    live_blocks_raise();
    memory->total += size + block_overhead;
    block->size = size;
    block->serial = memory->total;
    block->step = 0;
    block_guard(block);
    return block;
}

static void block_unlink_free(arena *memory, arena_block *block)
{
    if (block->newer)
        block->newer->older = block->older;
    else
        memory->block = block->older;
    if (block->older) block->older->newer = block->newer;
    memory->total -= block->size + block_overhead;
    live_blocks_lower();
    free(block);
}

static void block_push(arena *memory, arena_block *block)
{
    block->newer = NULL;
    block->older = memory->block;
    if (block->older) block->older->newer = block;
    memory->block = block;
    memory->used = 0;
}

static bool is_ordinary(const arena_block *block)
{
    return block && block->step != 0;
}

/* The largest item that goes into an ordinary block. It never shrinks while an item lives (a
   release goes back to the block of its mark), so an item above it has a block of its own. */
static size_t shared_size_max(const arena *memory)
{
    return (is_ordinary(memory->block) ? memory->block->step : BLOCK_MIN) / 4;
}

static bool is_shared(const arena *memory, size_t size)
{
    return !ARENA_SANITIZED && size <= shared_size_max(memory);
}

/* Opens the next ordinary block, smaller than its turn where the limit is near. */
static bool block_open(arena *memory, size_t size)
{
    size_t step = BLOCK_MIN;
    if (is_ordinary(memory->block)) {
        step = memory->block->step * 2;
        if (step > BLOCK_MAX) step = BLOCK_MAX;
    }
    size_t block_size = step - sizeof(arena_block);
    size_t left = bytes_left(memory);
    if (left < block_size + block_overhead && left >= size + block_overhead) {
        block_size = (left - block_overhead) / ALIGNMENT * ALIGNMENT;
    }
    arena_block *block = block_create(memory, block_size);
    if (!block) return false;
    block->step = step;
    block_push(memory, block);
    return true;
}

/* ---- items ---------------------------------------------------------------------------------- */

/* Items start where the one before ends, or at the next multiple of alignment. */
static void *item_shared(arena *memory, size_t size, size_t alignment)
{
    size_t start = (memory->used + alignment - 1) / alignment * alignment;
    if (!is_ordinary(memory->block) || memory->block->size < start + size) {
        if (!block_open(memory, size)) return NULL;
        start = 0;
    }
    memory->used = start + size;
    return block_data(memory->block) + start;
}

static void *item_own(arena *memory, size_t size)
{
    arena_block *block = block_create(memory, size);
    if (!block) return NULL;
    arena_block *front = memory->block;
    if (!is_ordinary(front)) {
        block_push(memory, block);
        return block_data(block);
    }
    block->newer = front;
    block->older = front->older;
    if (block->older) block->older->newer = block;
    front->older = block;
    return block_data(block);
}

static void *item_create(arena *memory, size_t size, size_t alignment)
{
    return is_shared(memory, size) ? item_shared(memory, size, alignment) : item_own(memory, size);
}

static void *item_alloc(arena *memory, size_t size, size_t alignment)
{
    memory->limited = false;
    if (is_fault() || size > ITEM_MAX) return NULL;
    return item_create(memory, size, alignment);
}

void *arena_alloc(arena *memory, size_t size)
{
    return item_alloc(memory, size, ALIGNMENT);
}

void *arena_array(arena *memory, size_t count, size_t size)
{
    if (size != 0 && count > ITEM_MAX / size) {
        memory->limited = false;
        return NULL;
    }
    void *items = arena_alloc(memory, count * size);
    if (items) memset(items, 0, count * size);
    return items;
}

char *arena_copy(arena *memory, const char *data, size_t size)
{
    if (size > ITEM_MAX) {
        memory->limited = false;
        return NULL;
    }
    char *copy = item_alloc(memory, size + 1, 1);
    if (!copy) return NULL;
    if (size != 0) memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

/* Resizes the block of an item that has one; the block may move. */
static void *item_own_grow(arena *memory, void *old, size_t new_size)
{
    arena_block *block = (arena_block *)old - 1;
    if (new_size <= block->size) return old;
    size_t extra = new_size - block->size;
    if (bytes_left(memory) < extra) {
        memory->limited = memory->total_max != 0;
        return NULL;
    }
    block = realloc(block, sizeof *block + new_size);
    if (!block) return NULL;
    block_guard(block);
    block->size = new_size;
    memory->total += extra;
    if (block->newer)
        block->newer->older = block;
    else
        memory->block = block;
    if (block->older) block->older->newer = block;
    return block_data(block);
}

/* Grows the newest item of the newest block where it stands. */
static bool item_extend(arena *memory, const char *old, size_t old_size, size_t new_size)
{
    arena_block *front = memory->block;
    if (!is_ordinary(front) || !is_shared(memory, new_size)) return false;
    if (old + old_size != block_data(front) + memory->used) return false;
    size_t start = memory->used - old_size;
    if (front->size - start < new_size) return false;
    memory->used = start + new_size;
    return true;
}

void *arena_grow(arena *memory, void *old, size_t old_size, size_t new_size)
{
    if (!old) return arena_alloc(memory, new_size);
    if (new_size <= old_size) return old;
    memory->limited = false;
    if (is_fault() || new_size > ITEM_MAX) return NULL;
    if (!is_shared(memory, old_size)) return item_own_grow(memory, old, new_size);
    if (item_extend(memory, old, old_size, new_size)) return old;
    void *item = item_create(memory, new_size, ALIGNMENT);
    if (item) memcpy(item, old, old_size);
    return item;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Names the newest block where it is an ordinary one: such a block never moves. */
ignis_mark arena_mark(const arena *memory)
{
    arena_block *front = is_ordinary(memory->block) ? memory->block : NULL;
    return (ignis_mark){.block = front, .used = memory->used, .total = memory->total};
}

/* Whether front, the newest block that is as old as the mark, is that of the mark. It is not where
   an earlier mark was released, or the arena reset, in between. */
static bool mark_is_valid(const arena *memory, ignis_mark mark, const arena_block *front)
{
    if (!is_ordinary(front)) return mark.block == NULL;
    size_t used_max = front == memory->block ? memory->used : front->size;
    return mark.block == front && mark.used <= used_max;
}

void arena_release(arena *memory, ignis_mark mark)
{
    arena_block *front = memory->block;
    while (front && front->serial > mark.total) {
        front = front->older;
    }
    if (!mark_is_valid(memory, mark, front)) return;
    while (memory->block != front) {
        block_unlink_free(memory, memory->block);
    }
    while (front && front->older && front->older->serial > mark.total) {
        block_unlink_free(memory, front->older);
    }
    memory->used = mark.used;
}

void arena_reset(arena *memory)
{
    arena_block *kept = NULL;
    while (memory->block) {
        arena_block *block = memory->block;
        memory->block = block->older;
        if (!kept && is_ordinary(block) &&
            (memory->total_max == 0 || block->size + block_overhead <= memory->total_max)) {
            kept = block;
            continue;
        }
        live_blocks_lower();
        free(block);
    }
    memory->used = 0;
    memory->total = 0;
    memory->limited = false;
    if (!kept) return;
    memory->total = kept->size + block_overhead;
    kept->serial = memory->total;
    block_push(memory, kept);
}

void arena_free(arena *memory)
{
    while (memory->block) {
        arena_block *block = memory->block;
        memory->block = block->older;
        live_blocks_lower();
        free(block);
    }
    memory->used = 0;
    memory->total = 0;
    memory->limited = false;
}

ignis_code arena_code(const arena *memory)
{
    return memory->limited ? IGNIS_E_LIMIT : IGNIS_E_MEMORY;
}

arena *arena_create(void)
{
    arena first = {0};
    arena *memory = arena_alloc(&first, sizeof *memory);
    if (memory) *memory = first;
    return memory;
}

void arena_destroy(arena *memory)
{
    if (!memory) return;
    arena last = *memory;
    arena_free(&last);
}
