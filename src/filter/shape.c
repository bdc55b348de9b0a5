#include "filter/filter.h"

/* A shape is a prefix code: every list is preceded by its length, so no two trees share one. */

static void number_write(text *out, uint64_t value)
{
    while (value >= 0x80) {
        text_char(out, (char)(value | 0x80));
        value >>= 7;
    }
    text_char(out, (char)value);
}

static void bytes_write(text *out, const char *data, size_t size)
{
    number_write(out, size);
    text_append(out, data, size);
}

static void constant_write(text *out, const ignis_cell *cell)
{
    number_write(out, (uint64_t)cell->kind);
    switch (cell->kind) {
    case IGNIS_CELL_NULL: break;
    case IGNIS_CELL_INTEGER:
    case IGNIS_CELL_REAL: text_append(out, (const char *)&cell->as, sizeof(cell->as)); break;
    case IGNIS_CELL_TEXT:
    case IGNIS_CELL_BYTES: bytes_write(out, cell->as.text, cell->size); break;
    case IGNIS_CELL_LIST:
        number_write(out, cell->size);
        for (size_t i = 0; i < cell->size; i++)
            constant_write(out, &cell->as.items[i]);
        break;
    }
}

/* A path is made for its place: the shape says which one, in which form. */
static void column_write(text *out, const model_column *column)
{
    number_write(out, (uint64_t)column->index * 2 + (column->path ? 1 : 0));
    if (!column->path) return;
    bytes_write(out, column->path, strlen(column->path));
    number_write(out, (uint64_t)column->type.type);
}

static void operand_write(text *out, const filter_operand *operand)
{
    number_write(out, (uint64_t)operand->source * 2 + operand->is_long);
    if (operand->source == FILTER_CONSTANT) constant_write(out, &operand->constant);
    if (operand->source == FILTER_CONTEXT) bytes_write(out, operand->name, strlen(operand->name));
}

static void condition_write(text *out, const filter_condition *condition)
{
    size_t count = 0;
    number_write(out, condition ? (uint64_t)condition->kind : 0);
    if (!condition) return;
    if (condition->kind == FILTER_COMPARE) {
        number_write(out, (uint64_t)condition->op);
        column_write(out, condition->column);
        operand_write(out, &condition->operands[0]);
        operand_write(out, &condition->operands[1]);
        number_write(out, condition->has_range);
        return;
    }
    for (const filter_condition *child = condition->children; child; child = child->next)
        count++;
    number_write(out, count);
    for (const filter_condition *child = condition->children; child; child = child->next)
        condition_write(out, child);
}

static void selection_write(text *out, const filter_node *node)
{
    size_t count = node->selected ? node->entity->columns_count : 0;
    for (size_t i = 0; i < count; i += 8) {
        unsigned byte = 0;
        for (size_t j = i; j < i + 8 && j < count; j++) {
            if (node->selected[j]) byte |= 1u << (j - i);
        }
        text_char(out, (char)byte);
    }
}

/* A small limit as it is, any other as one class. */
static void limit_write(text *out, bool is_there, int64_t value)
{
    if (!is_there) return;
    number_write(out, value <= FILTER_LITERAL_MAX ? (uint64_t)value : FILTER_LITERAL_MAX + 1);
}

static void node_write(text *out, const filter_node *node, bool limits_in_shape)
{
    size_t count = 0;
    number_write(out, node->relation ? node->relation->index : node->entity->index);
    number_write(out, (node->default_where ? 1u : 0u) | (node->has_limit ? 2u : 0u) |
                          (node->has_skip ? 4u : 0u));
    if (limits_in_shape) {
        limit_write(out, node->has_limit, node->limit);
        limit_write(out, node->has_skip, node->skip);
    }
    condition_write(out, node->key);
    condition_write(out, node->where);
    selection_write(out, node);
    number_write(out, node->order_count);
    for (size_t i = 0; i < node->order_count; i++) {
        column_write(out, node->order[i].column);
        number_write(out, (uint64_t)node->order[i].nulls * 2 + node->order[i].descending);
    }
    for (const filter_node *child = node->includes; child; child = child->next)
        count++;
    number_write(out, count);
    for (const filter_node *child = node->includes; child; child = child->next)
        node_write(out, child, limits_in_shape);
}

bool filter_shape_write(filter_tree *tree, bool with_hidden)
{
    text *out = &tree->shape;
    number_write(out, (uint64_t)tree->method);
    number_write(out, (tree->with_range ? 1u : 0u) | (with_hidden ? 2u : 0u) |
                          (tree->in_one_statement ? 4u : 0u));
    number_write(out, (uint64_t)tree->lock.strength * 4 + (uint64_t)tree->lock.wait);
    node_write(out, tree->root, tree->limits_in_shape);
    return out->code == IGNIS_OK;
}
