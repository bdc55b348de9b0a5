/* map: names to pointers; open addressing with linear probing. */
#include "base/base.h"

enum { CAPACITY_FIRST = 8 };

/* Every step can be undone: texts of one size that differ in one word differ in their hash. */
static uint64_t mix(uint64_t hash)
{
    hash ^= hash >> 32;
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    hash ^= hash >> 29;
    hash *= UINT64_C(0xBF58476D1CE4E5B9);
    return hash ^ (hash >> 32);
}

uint64_t map_hash(const void *data, size_t size)
{
    const unsigned char *bytes = data;
    uint64_t hash = mix((uint64_t)size + 1);
    uint64_t word;
    for (; size >= sizeof word; size -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = mix(hash ^ word);
        bytes += sizeof word;
    }
    if (size == 0) return hash;
    word = 0;
    memcpy(&word, bytes, size);
    return mix(hash ^ word);
}

/* The entry of the name, or the free one where it belongs. The map is never full. */
static map_entry *entry_find(const map *names, const char *name, size_t size, uint64_t hash)
{
    size_t mask = names->capacity - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        map_entry *entry = &names->entries[i];
        if (!entry->value) return entry;
        if (entry->hash == hash && entry->size == size &&
            (size == 0 || memcmp(entry->name, name, size) == 0)) {
            return entry;
        }
    }
}

void *map_get(const map *names, const char *name, size_t size)
{
    if (names->count == 0) return NULL;
    return entry_find(names, name, size, map_hash(name, size))->value;
}

/* Names are distinct already, so only a free entry is looked for. */
static bool map_double(map *names, arena *memory)
{
    size_t capacity = names->capacity == 0 ? CAPACITY_FIRST : names->capacity * 2;
    if (capacity < names->capacity) return false;
    map_entry *entries = arena_array(memory, capacity, sizeof *entries);
    if (!entries) return false;
    for (size_t i = 0; i < names->capacity; i++) {
        const map_entry *entry = &names->entries[i];
        if (!entry->value) continue;
        size_t at = (size_t)entry->hash & (capacity - 1);
        while (entries[at].value)
            at = (at + 1) & (capacity - 1);
        entries[at] = *entry;
    }
    names->entries = entries;
    names->capacity = capacity;
    return true;
}

bool map_put(map *names, arena *memory, const char *name, size_t size, void *value)
{
    uint64_t hash = map_hash(name, size);
    map_entry *entry = names->capacity == 0 ? NULL : entry_find(names, name, size, hash);
    if (!entry || !entry->value) {
        if (names->count >= names->capacity / 4 * 3) {
            if (!map_double(names, memory)) return false;
            entry = entry_find(names, name, size, hash);
        }
        names->count++;
    }
    *entry = (map_entry){.name = name, .size = size, .hash = hash, .value = value};
    return true;
}
