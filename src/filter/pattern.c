#include "filter/filter.h"

/* The literal text before the first wildcard, unescaped; 0: none. size_max bytes fit in prefix. */
static size_t prefix_read(const char *pattern, size_t size, char *prefix)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        char c = pattern[i];
        if (c == '%' || c == '_') break;
        if (c == '\\' && ++i == size) return 0; /* matches nothing: no range is needed */
        prefix[count++] = pattern[i];
    }
    return count;
}

/* Turns prefix into the least text above all that begin with it, in the order of bytes: its last byte
   that can grow within valid UTF-8 does. Returns its size; 0: there is none. */
static size_t prefix_grow(char *prefix, size_t size)
{
    while (size > 0) {
        size_t start = utf8_cut(prefix, size, size - 1);
        const char *at = prefix + start;
        uint32_t code = utf8_next(&at);
        if (code < 0x7f) {
            prefix[start] = (char)(code + 1);
            return start + 1;
        }
        if (code > 0x7f && ((unsigned char)prefix[size - 1] & 0x3f) != 0x3f) {
            prefix[size - 1]++;
            return size;
        }
        size = start;
    }
    return 0;
}

static ignis_code bound_set(filter_reader *reader, filter_operand *operand, const char *data,
                            size_t size)
{
    const ignis_cell cell = {.kind = IGNIS_CELL_TEXT, .size = size, .as.text = data};
    operand->source = FILTER_SLOT;
    return filter_slot_add(reader, &cell, &operand->slot);
}

/* The upper bound of a prefix, where there is one. */
static ignis_code high_set(filter_reader *reader, filter_condition *condition, const char *low,
                           size_t low_size)
{
    if (low_size == 0) return IGNIS_OK;
    char *high = arena_copy(reader->memory, low, low_size);
    if (!high) return context_fail_memory(reader->ctx, reader->memory);
    size_t high_size = prefix_grow(high, low_size);
    condition->has_range = high_size > 0;
    if (high_size == 0) return IGNIS_OK;
    return bound_set(reader, &condition->operands[2], high, high_size);
}

ignis_code filter_pattern_range(filter_reader *reader, filter_condition *condition,
                                const ignis_cell *pattern)
{
    char *low = arena_alloc(reader->memory, pattern->size);
    if (!low) return context_fail_memory(reader->ctx, reader->memory);
    size_t low_size = prefix_read(pattern->as.text, pattern->size, low);
    IGNIS_TRY(high_set(reader, condition, low, low_size));
    if (!condition->has_range) return IGNIS_OK;
    return bound_set(reader, &condition->operands[1], low, low_size);
}

ignis_code filter_prefix_range(filter_reader *reader, filter_condition *condition,
                               const ignis_cell *prefix)
{
    condition->operands[1] = condition->operands[0];
    return high_set(reader, condition, prefix->as.text, prefix->size);
}

ignis_code filter_pattern_note(filter_reader *reader, size_t slot)
{
    filter_tree *tree = reader->tree;
    if (tree->patterns_count == reader->patterns_capacity) {
        size_t capacity = reader->patterns_capacity ? 2 * reader->patterns_capacity : 4;
        size_t *grown =
            arena_grow(reader->memory, reader->patterns, reader->patterns_capacity * sizeof(*grown),
                       capacity * sizeof(*grown));
        if (!grown) return context_fail_memory(reader->ctx, reader->memory);
        reader->patterns = grown;
        reader->patterns_capacity = capacity;
        tree->patterns = grown;
    }
    reader->patterns[tree->patterns_count++] = slot;
    if (tree->patterns_count != reader->refused_count) return IGNIS_OK;
    return context_fail(reader->ctx, IGNIS_E_INVALID, "%s", reader->refused_by);
}
