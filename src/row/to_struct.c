#include "row/row.h"

static ignis_code memory_fail(const row_result *result, const arena *memory)
{
    return context_fail_memory(result->ctx, memory);
}

/* ---- rows as they arrive --------------------------------------------------------------------------- */

ignis_code row_struct_check(ignis_context *ctx, const model_entity *entity)
{
    if (entity->row_size > 0) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_INVALID, "the model %s has no C struct: it was read from JSON",
                        entity->name);
}

static ignis_code structs_reserve(ignis_context *ctx, arena *memory, row_structs *structs)
{
    size_t size = structs->entity->row_size;
    if (structs->count < structs->capacity) return IGNIS_OK;
    size_t capacity = structs->capacity ? 2 * structs->capacity : 4;
    if (capacity > SIZE_MAX / 2 / size) return context_fail_memory(ctx, memory);
    char *grown = arena_grow(memory, structs->items, structs->capacity * size, capacity * size);
    if (!grown) return context_fail_memory(ctx, memory);
    structs->items = grown;
    structs->capacity = capacity;
    return IGNIS_OK;
}

ignis_code row_structs_add(ignis_context *ctx, arena *memory, row_structs *structs,
                           const model_column *const *columns, size_t columns_count,
                           const ignis_cell *cells)
{
    size_t size = structs->entity->row_size;
    IGNIS_TRY(structs_reserve(ctx, memory, structs));
    char *row = structs->items + structs->count * size;
    memset(row, 0, size);
    for (size_t i = 0; i < columns_count; i++)
        IGNIS_TRY(row_member_store(ctx, memory, columns[i], &cells[i], row));
    structs->count++;
    return IGNIS_OK;
}

/* A pointer for lists that were asked for and are empty: to a row of zeros. */
static ignis_code nothing_make(ignis_context *ctx, arena *memory, const model_entity *entity,
                               void **nothing)
{
    *nothing = arena_array(memory, 1, entity->row_size);
    return *nothing ? IGNIS_OK : context_fail_memory(ctx, memory);
}

ignis_code row_structs_finish(ignis_context *ctx, arena *memory, const row_structs *structs,
                              void **rows)
{
    if (structs->count == 0) return nothing_make(ctx, memory, structs->entity, rows);
    *rows = structs->items;
    return IGNIS_OK;
}

ignis_code row_result_as_structs(row_result *result, arena *memory)
{
    for (size_t i = 0; i < result->levels_count; i++) {
        row_level *level = &result->levels[i];
        level->structs.entity = level->node->entity;
        /* The root's was checked before its filter was read. */
        if (i > 0) IGNIS_TRY(row_struct_check(result->ctx, level->node->entity));
    }
    result->structs = memory;
    return IGNIS_OK;
}

/* ---- rows side by side ----------------------------------------------------------------------------- */

/* Gives every row its place: the rows of one key one after another. */
static ignis_code places_make(row_result *result, row_level *level)
{
    bool is_moved = false;
    uint32_t place = 0;
    uint32_t *places = arena_array(result->memory, level->rows_count, sizeof(*places));
    if (!places) return memory_fail(result, result->memory);
    for (size_t key = 0; key < level->links_count; key++) {
        for (uint32_t row = level->first[key]; row != ROW_NONE; row = level->rows[row].next) {
            is_moved = is_moved || row != place;
            places[row] = place++;
        }
    }
    if (is_moved) level->places = places;
    return IGNIS_OK;
}

/* Moves the rows to their places, cycle by cycle, so that none is held twice. */
static ignis_code rows_move(row_result *result, row_level *level)
{
    size_t size = level->node->entity->row_size;
    char *held = arena_alloc(result->memory, 2 * size);
    uint32_t *left = arena_array(result->memory, level->rows_count, sizeof(*left));
    if (!held || !left) return memory_fail(result, result->memory);
    char *other = held + size;
    memcpy(left, level->places, level->rows_count * sizeof(*left));
    for (uint32_t row = 0; row < level->rows_count; row++) {
        memcpy(held, level->structs.items + row * size, size);
        uint32_t place = left[row];
        left[row] = row;
        while (place != row) {
            char *at = level->structs.items + place * size;
            uint32_t next = left[place];
            memcpy(other, at, size);
            memcpy(at, held, size);
            memcpy(held, other, size);
            left[place] = place;
            place = next;
        }
        memcpy(level->structs.items + row * size, held, size);
    }
    return IGNIS_OK;
}

static ignis_code level_arrange(row_result *result, row_level *level)
{
    if (level->rows_count == 0) return IGNIS_OK;
    IGNIS_TRY(places_make(result, level));
    return level->places ? rows_move(result, level) : IGNIS_OK;
}

/* ---- rows within rows ------------------------------------------------------------------------------- */

static char *row_at(const row_level *level, uint32_t row)
{
    uint32_t place = level->places ? level->places[row] : row;
    return level->structs.items + place * level->node->entity->row_size;
}

static size_t rows_of_key(const row_level *level, uint32_t key)
{
    size_t count = 0;
    for (uint32_t row = level->first[key]; row != ROW_NONE; row = level->rows[row].next)
        count++;
    return count;
}

/* Hangs the rows of a level into those of its parent. counts are by key of the parent. */
static void level_hang(const row_level *level, const size_t *counts, void *nothing)
{
    const plan_node *node = level->node;
    const model_relation *relation = node->relation;
    const row_level *parent = level->parent;
    const uint32_t *keys = parent->keys[node->parent_keys].of_row;
    for (uint32_t row = 0; row < parent->rows_count; row++) {
        char *at = row_at(parent, row);
        uint32_t key = keys[row];
        bool has_rows = key < level->links_count && level->first[key] != ROW_NONE;
        void *first = has_rows ? row_at(level, level->first[key]) : nothing;
        memcpy(at + relation->offset, &first, sizeof(first));
        if (relation->kind == IGNIS_RELATION_ONE) continue;
        size_t count = has_rows ? counts[key] : 0;
        memcpy(at + relation->count_offset, &count, sizeof(count));
    }
}

static ignis_code level_finish(row_result *result, row_level *level)
{
    void *nothing = NULL;
    size_t *counts = NULL;
    if (level->node->relation->kind == IGNIS_RELATION_MANY) {
        IGNIS_TRY(nothing_make(result->ctx, result->structs, level->node->entity, &nothing));
        counts = arena_array(result->memory, level->links_count, sizeof(*counts));
        if (!counts) return memory_fail(result, result->memory);
        for (uint32_t key = 0; key < level->links_count; key++)
            counts[key] = rows_of_key(level, key);
    }
    level_hang(level, counts, nothing);
    return IGNIS_OK;
}

ignis_code row_result_structs(row_result *result, void **rows, size_t *count)
{
    row_level *root = &result->levels[0];
    for (size_t i = 1; i < result->levels_count; i++)
        IGNIS_TRY(level_arrange(result, &result->levels[i]));
    for (size_t i = 1; i < result->levels_count; i++)
        IGNIS_TRY(level_finish(result, &result->levels[i]));
    *count = root->rows_count;
    return row_structs_finish(result->ctx, result->structs, &root->structs, rows);
}
