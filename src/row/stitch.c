#include "row/row.h"

static ignis_code memory_fail(const row_result *result)
{
    return context_fail_memory(result->ctx, result->memory);
}

/* Makes room for one more item of a growing array. */
static bool array_reserve(arena *memory, void **items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) return true;
    size_t wanted = *capacity ? 2 * *capacity : 16;
    void *grown = arena_grow(memory, *items, *capacity * size, wanted * size);
    if (!grown) return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

ignis_code row_result_start(ignis_context *ctx, arena *memory, const plan_read *plan,
                            int64_t rows_max, row_result *result)
{
    *result = (row_result){.ctx = ctx, .memory = memory, .rows_max = rows_max};
    result->levels_count = plan->nodes_count;
    result->levels = arena_array(memory, plan->nodes_count, sizeof(row_level));
    if (!result->levels) return memory_fail(result);
    for (size_t i = 0; i < plan->nodes_count; i++) {
        row_level *level = &result->levels[i];
        level->node = plan->nodes[i];
        level->parent = i > 0 ? &result->levels[level->node->parent_index] : NULL;
        level->keys = arena_array(memory, level->node->keys_count, sizeof(row_keys));
        if (!level->keys) return memory_fail(result);
        for (size_t k = 0; k < level->node->keys_count; k++)
            level->keys[k].width = level->node->keys[k].width;
        text_init(&level->written, memory, 0);
    }
    return IGNIS_OK;
}

/* ---- keys --------------------------------------------------------------------------------------- */

/* "1.50" and "1.5" are one key: trailing zeros of a fraction do not count. */
static size_t numeric_significant(const ignis_cell *cell)
{
    size_t size = cell->size;
    if (!memchr(cell->as.text, '.', size)) return size;
    while (size > 0 && cell->as.text[size - 1] == '0')
        size--;
    if (size > 0 && cell->as.text[size - 1] == '.') size--;
    return size;
}

static size_t text_significant(const model_column *column, const ignis_cell *cell)
{
    bool is_numeric = column->type.type == IGNIS_TYPE_NUMERIC;
    return is_numeric ? numeric_significant(cell) : cell->size;
}

static uint64_t cell_hash(const model_column *column, const ignis_cell *cell)
{
    if (cell->kind == IGNIS_CELL_TEXT || cell->kind == IGNIS_CELL_BYTES) {
        return map_hash(cell->as.text, text_significant(column, cell));
    }
    double real = cell->as.real == 0 ? 0.0 : cell->as.real; /* -0 equals 0 */
    uint64_t bits = (uint64_t)cell->as.integer;
    if (cell->kind == IGNIS_CELL_REAL) memcpy(&bits, &real, sizeof(bits));
    bits ^= bits >> 32;
    bits *= 0x9e3779b97f4a7c15u;
    return bits ^ (bits >> 29);
}

static bool cell_equal(const model_column *column, const ignis_cell *a, const ignis_cell *b)
{
    if (a->kind != b->kind) return false;
    if (a->kind == IGNIS_CELL_TEXT || a->kind == IGNIS_CELL_BYTES) {
        size_t size = text_significant(column, a);
        return size == text_significant(column, b) && memcmp(a->as.text, b->as.text, size) == 0;
    }
    if (a->kind == IGNIS_CELL_REAL) return a->as.real == b->as.real;
    return a->as.integer == b->as.integer;
}

/* A key as it lies in a row: positions name its cells, columns their types. */
typedef struct row_tuple {
    const model_column *const *columns;
    const ignis_cell *cells;
    const size_t *positions;
    size_t width;
    uint64_t hash;
} row_tuple;

/* false: a part is NULL, so that nothing equals the key. */
static bool tuple_hash(row_tuple *tuple)
{
    tuple->hash = 0;
    for (size_t i = 0; i < tuple->width; i++) {
        size_t at = tuple->positions[i];
        if (tuple->cells[at].kind == IGNIS_CELL_NULL) return false;
        tuple->hash = tuple->hash * 31 + cell_hash(tuple->columns[at], &tuple->cells[at]);
    }
    return true;
}

static bool tuple_equals(const row_tuple *tuple, const ignis_cell *known)
{
    for (size_t i = 0; i < tuple->width; i++) {
        size_t at = tuple->positions[i];
        if (!cell_equal(tuple->columns[at], &tuple->cells[at], &known[i])) return false;
    }
    return true;
}

/* The index of a key, or ROW_NONE; *slot is where it is or would be. */
static uint32_t keys_find(const row_keys *keys, const row_tuple *tuple, size_t *slot)
{
    if (keys->table_size == 0) return ROW_NONE;
    size_t at = tuple->hash & (keys->table_size - 1);
    while (keys->table[at]) {
        uint32_t index = keys->table[at] - 1;
        if (keys->hashes[index] == tuple->hash &&
            tuple_equals(tuple, keys->tuples + index * keys->width)) {
            return index;
        }
        at = (at + 1) & (keys->table_size - 1);
    }
    *slot = at;
    return ROW_NONE;
}

/* Doubles the table and the arrays beside it. */
static bool keys_grow(arena *memory, row_keys *keys)
{
    size_t table_size = keys->table_size ? 2 * keys->table_size : 32;
    size_t capacity = table_size / 2;
    uint32_t *table = arena_array(memory, table_size, sizeof(*table));
    uint64_t *hashes = arena_grow(memory, keys->hashes, keys->capacity * sizeof(*hashes),
                                  capacity * sizeof(*hashes));
    if (!table || !hashes) return false;
    keys->hashes = hashes;
    size_t item = keys->width * sizeof(ignis_cell);
    ignis_cell *tuples = arena_grow(memory, keys->tuples, keys->capacity * item, capacity * item);
    if (!tuples) return false;
    keys->tuples = tuples;
    for (size_t i = 0; i < keys->count; i++) {
        size_t at = hashes[i] & (table_size - 1);
        while (table[at])
            at = (at + 1) & (table_size - 1);
        table[at] = (uint32_t)i + 1;
    }
    keys->table = table;
    keys->table_size = table_size;
    keys->capacity = capacity;
    return true;
}

static bool cell_keep(arena *memory, const ignis_cell *cell, ignis_cell *kept)
{
    *kept = *cell;
    if (cell->kind != IGNIS_CELL_TEXT && cell->kind != IGNIS_CELL_BYTES) return true;
    kept->as.text = arena_copy(memory, cell->as.text, cell->size);
    return kept->as.text != NULL;
}

/* false: no memory. */
static bool keys_add(arena *memory, row_keys *keys, const row_tuple *tuple, uint32_t *index)
{
    size_t slot = 0;
    *index = keys_find(keys, tuple, &slot);
    if (*index != ROW_NONE) return true;
    if (keys->count == keys->capacity) {
        if (!keys_grow(memory, keys)) return false;
        keys_find(keys, tuple, &slot);
    }
    ignis_cell *kept = keys->tuples + keys->count * keys->width;
    for (size_t i = 0; i < keys->width; i++) {
        if (!cell_keep(memory, &tuple->cells[tuple->positions[i]], &kept[i])) return false;
    }
    *index = (uint32_t)keys->count++;
    keys->hashes[*index] = tuple->hash;
    keys->table[slot] = *index + 1;
    return true;
}

ignis_cell row_level_keys(const row_result *result, size_t index)
{
    const row_level *level = &result->levels[index];
    const row_keys *keys = &level->parent->keys[level->node->parent_keys];
    return (ignis_cell){
        .kind = IGNIS_CELL_LIST, .size = keys->count * keys->width, .as.items = keys->tuples};
}

/* ---- levels -------------------------------------------------------------------------------------- */

ignis_code row_level_start(row_result *result, size_t index)
{
    row_level *level = &result->levels[index];
    if (!level->parent || level->is_started) return IGNIS_OK;
    level->is_started = true;
    size_t count = level->parent->keys[level->node->parent_keys].count;
    level->links_count = count;
    level->first = arena_array(result->memory, count, sizeof(*level->first));
    level->last = arena_array(result->memory, count, sizeof(*level->last));
    if (!level->first || !level->last) return memory_fail(result);
    memset(level->first, 0xff, count * sizeof(*level->first));
    memset(level->last, 0xff, count * sizeof(*level->last));
    return IGNIS_OK;
}

/* Hangs the new row behind its parent's others. false: no parent wants it, or a one relation has its
   row already. */
static bool row_link(row_level *level, const ignis_cell *cells)
{
    const plan_node *node = level->node;
    const row_keys *keys = &level->parent->keys[node->parent_keys];
    row_tuple tuple = {
        .columns = node->columns, .cells = cells, .positions = node->link, .width = keys->width};
    size_t slot;
    if (!tuple_hash(&tuple)) return false;
    uint32_t key = keys_find(keys, &tuple, &slot);
    if (key == ROW_NONE) return false;
    uint32_t row = (uint32_t)level->rows_count;
    if (level->first[key] == ROW_NONE) {
        level->first[key] = row;
    } else if (node->relation->kind == IGNIS_RELATION_ONE) {
        return false;
    } else {
        level->rows[level->last[key]].next = row;
    }
    level->last[key] = row;
    return true;
}

static ignis_code row_keys_add(row_result *result, row_level *level, const ignis_cell *cells)
{
    const plan_node *node = level->node;
    for (size_t i = 0; i < node->keys_count; i++) {
        row_keys *keys = &level->keys[i];
        row_tuple tuple = {.columns = node->columns,
                           .cells = cells,
                           .positions = node->keys[i].positions,
                           .width = keys->width};
        void *of_row = keys->of_row;
        if (!array_reserve(result->memory, &of_row, level->rows_count, &keys->of_row_capacity,
                           sizeof(*keys->of_row))) {
            return memory_fail(result);
        }
        keys->of_row = of_row;
        uint32_t index = ROW_NONE;
        if (tuple_hash(&tuple) && !keys_add(result->memory, keys, &tuple, &index)) {
            return memory_fail(result);
        }
        keys->of_row[level->rows_count] = index;
    }
    return IGNIS_OK;
}

static ignis_code rows_count_check(row_result *result)
{
    result->rows_read++;
    if (result->rows_max && result->rows_read > result->rows_max) {
        return context_fail(result->ctx, IGNIS_E_LIMIT, "more than %lld rows in the result",
                            (long long)result->rows_max);
    }
    return IGNIS_OK;
}

static ignis_code row_text_add(row_result *result, row_level *level, const ignis_cell *cells)
{
    row_entry *entry = &level->rows[level->rows_count];
    entry->offset = level->written.size;
    row_cells_write(&level->written, level->node->columns, level->node->visible_count, cells);
    if (level->written.code != IGNIS_OK) return memory_fail(result);
    entry->size = level->written.size - entry->offset;
    return IGNIS_OK;
}

static ignis_code row_struct_add(row_result *result, row_level *level, const ignis_cell *cells)
{
    const plan_node *node = level->node;
    return row_structs_add(result->ctx, result->structs, &level->structs, node->columns,
                           node->visible_count, cells);
}

/* The structs of the root stand in a row by themselves. */
static ignis_code row_reserve(row_result *result, row_level *level)
{
    void *rows = level->rows;
    if (level->rows_count >= ROW_NONE - 1) {
        return context_fail(result->ctx, IGNIS_E_LIMIT, "more than 4294967294 rows in one level");
    }
    if (result->structs && !level->parent) return IGNIS_OK;
    if (!array_reserve(result->memory, &rows, level->rows_count, &level->rows_capacity,
                       sizeof(row_entry))) {
        return memory_fail(result);
    }
    level->rows = rows;
    level->rows[level->rows_count].next = ROW_NONE;
    return IGNIS_OK;
}

ignis_code row_level_add(row_result *result, size_t index, const ignis_cell *cells)
{
    row_level *level = &result->levels[index];
    IGNIS_TRY(rows_count_check(result));
    if (!level->is_started) IGNIS_TRY(row_level_start(result, index));
    IGNIS_TRY(row_reserve(result, level));
    if (level->parent && !row_link(level, cells)) return IGNIS_OK;
    IGNIS_TRY(row_keys_add(result, level, cells));
    IGNIS_TRY(result->structs ? row_struct_add(result, level, cells)
                              : row_text_add(result, level, cells));
    level->rows_count++;
    return IGNIS_OK;
}
