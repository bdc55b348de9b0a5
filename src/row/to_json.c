#include "row/row.h"

typedef struct json_assembly {
    const row_result *result;
    text *out;
    int64_t rows_left; /* of the policy; counts a row each time it is written */
} json_assembly;

static void row_write(json_assembly *assembly, const row_level *level, uint32_t row);

static const row_level *level_of(const json_assembly *assembly, const plan_node *node)
{
    return &assembly->result->levels[node->index];
}

/* The rows of one key, as a list or as the one row. */
static void children_write(json_assembly *assembly, const row_level *level, const plan_node *node,
                           uint32_t row)
{
    const row_level *child = level_of(assembly, node);
    uint32_t key = level->keys[node->parent_keys].of_row[row];
    /* A level without rows was never started. */
    uint32_t at = key < child->links_count ? child->first[key] : ROW_NONE;
    if (node->relation->kind == IGNIS_RELATION_ONE) {
        if (at == ROW_NONE) {
            text_append(assembly->out, "null", 4);
        } else {
            row_write(assembly, child, at);
        }
        return;
    }
    text_char(assembly->out, '[');
    for (bool is_first = true; at != ROW_NONE; at = child->rows[at].next, is_first = false) {
        if (!is_first) text_char(assembly->out, ',');
        row_write(assembly, child, at);
    }
    text_char(assembly->out, ']');
}

static void row_write(json_assembly *assembly, const row_level *level, uint32_t row)
{
    const row_entry *entry = &level->rows[row];
    text *out = assembly->out;
    if (assembly->rows_left-- == 0) out->code = IGNIS_E_LIMIT;
    if (out->code != IGNIS_OK) return;
    text_char(out, '{');
    text_append(out, level->written.data + entry->offset, entry->size);
    bool needs_comma = entry->size > 0;
    for (const plan_node *node = level->node->children; node; node = node->next) {
        if (needs_comma) text_char(out, ',');
        needs_comma = true;
        text_append(out, node->relation->key, node->relation->key_size);
        children_write(assembly, level, node, row);
    }
    text_char(out, '}');
}

ignis_code row_result_write(row_result *result, bool is_single, text *out)
{
    const row_level *root = &result->levels[0];
    json_assembly assembly = {.result = result, .out = out};
    size_t size = 0;
    for (size_t i = 0; i < result->levels_count; i++)
        size += result->levels[i].written.size;
    text_reserve(out, size); /* at least; what is refused here is refused below */
    assembly.rows_left = result->rows_max ? result->rows_max : INT64_MAX;
    if (is_single && root->rows_count == 0) {
        text_append(out, "null", 4);
    } else if (is_single) {
        row_write(&assembly, root, 0);
    } else {
        text_char(out, '[');
        for (uint32_t row = 0; row < root->rows_count; row++) {
            if (row > 0) text_char(out, ',');
            row_write(&assembly, root, row);
        }
        text_char(out, ']');
    }
    if (out->code == IGNIS_OK) return IGNIS_OK;
    if (assembly.rows_left < 0 && result->rows_max) {
        return context_fail(result->ctx, IGNIS_E_LIMIT, "more than %lld rows in the result",
                            (long long)result->rows_max);
    }
    return context_fail_memory(result->ctx, out->memory);
}
