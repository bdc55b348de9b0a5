#include "property/trees.h"

#include <stdlib.h>
#include <string.h>

/* A truth of three values, so that AND is the least and OR the greatest. */
typedef enum truth { FALSE, UNKNOWN, TRUE } truth;

typedef struct reading {
    const trees_data *data;
    size_t rows_left;
    bool is_over; /* more rows than were allowed */
} reading;

int64_t trees_limit(const trees_node *node)
{
    int64_t limit_max = node->model->limit_max;
    if (node->relation && node->relation->is_one) return -1;
    if (limit_max > 0 && (node->limit < 0 || node->limit > limit_max)) return limit_max;
    return node->limit;
}

static size_t skip_of(const trees_node *node)
{
    bool is_one = node->relation && node->relation->is_one;
    return is_one || node->skip < 0 ? 0 : (size_t)node->skip;
}

bool trees_is_cut(const trees_node *node)
{
    return trees_limit(node) >= 0 || skip_of(node) > 0;
}

/* Where there is no order, the primary key is one for a limit with levels below, and for the first
   row of a has-one. */
bool trees_is_ordered(const trees_node *node)
{
    if (node->order_count > 0) return true;
    if (node->model->key_count == 0) return false;
    bool is_one = node->relation && node->relation->is_one;
    return is_one || (trees_is_cut(node) && node->children_count > 0);
}

/* ---- conditions ---- */

static int values_compare(const trees_value *a, const trees_value *b)
{
    if (a->text) return strcmp(a->text, b->text);
    return (a->number > b->number) - (a->number < b->number);
}

static truth truth_of(bool holds)
{
    return holds ? TRUE : FALSE;
}

static char folded(char byte, bool is_folded)
{
    return is_folded && byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* The next character of UTF-8. */
static const char *character_after(const char *text)
{
    text++;
    while (((unsigned char)*text & 0xc0) == 0x80)
        text++;
    return text;
}

/* The words and patterns have capital letters of ASCII, and one of Greek that comes alone. */
static bool pattern_matches(const char *pattern, const char *text, bool is_folded)
{
    if (*pattern == '\0') return *text == '\0';
    if (*pattern == '%') {
        if (pattern_matches(pattern + 1, text, is_folded)) return true;
        return *text != '\0' && pattern_matches(pattern, character_after(text), is_folded);
    }
    if (*text == '\0') return false;
    if (*pattern == '_') return pattern_matches(pattern + 1, character_after(text), is_folded);
    if (*pattern == '\\') pattern++;
    if (folded(*pattern, is_folded) != folded(*text, is_folded)) return false;
    return pattern_matches(pattern + 1, text + 1, is_folded);
}

static bool ends_in_lone_backslash(const char *pattern)
{
    size_t size = strlen(pattern);
    size_t count = 0;
    while (count < size && pattern[size - 1 - count] == '\\')
        count++;
    return count % 2 == 1;
}

static truth like_truth(const trees_condition *condition, const char *text)
{
    const char *pattern = condition->operands[0].text;
    bool is_folded = condition->kind == TREES_ILIKE || condition->kind == TREES_NILIKE;
    bool is_negated = condition->kind == TREES_NLIKE || condition->kind == TREES_NILIKE;
    bool matches = !ends_in_lone_backslash(pattern) && pattern_matches(pattern, text, is_folded);
    return truth_of(matches != is_negated);
}

/* NULL elements do not count. */
static truth list_truth(const trees_condition *condition, const trees_value *value)
{
    bool is_found = false;
    size_t count = 0;
    for (size_t i = 0; i < condition->operands_count; i++) {
        const trees_value *element = &condition->operands[i];
        if (element->is_null) continue;
        count++;
        is_found = is_found || (!value->is_null && values_compare(value, element) == 0);
    }
    if (count > 0 && value->is_null) return UNKNOWN;
    return truth_of(is_found == (condition->kind == TREES_IN));
}

static truth compare_truth(const trees_condition *condition, const trees_row *row)
{
    const trees_value *value = &row->values[condition->column];
    const trees_value *operands = condition->operands;
    trees_kind kind = condition->kind;
    if (kind == TREES_IN || kind == TREES_NIN) return list_truth(condition, value);
    if (kind == TREES_EQ && operands[0].is_null) return truth_of(value->is_null);
    if (kind == TREES_NE && operands[0].is_null) return truth_of(!value->is_null);
    for (size_t i = 0; i < condition->operands_count; i++) {
        if (operands[i].is_null) return UNKNOWN;
    }
    if (value->is_null) return UNKNOWN;
    if (kind >= TREES_LIKE) return like_truth(condition, value->text);
    int order = values_compare(value, &operands[0]);
    switch (kind) {
    case TREES_EQ: return truth_of(order == 0);
    case TREES_NE: return truth_of(order != 0);
    case TREES_GT: return truth_of(order > 0);
    case TREES_GTE: return truth_of(order >= 0);
    case TREES_LT: return truth_of(order < 0);
    case TREES_LTE: return truth_of(order <= 0);
    default: break;
    }
    bool is_between = order >= 0 && values_compare(value, &operands[1]) <= 0;
    return truth_of(is_between == (kind == TREES_BETWEEN));
}

static truth condition_truth(const trees_condition *condition, const trees_row *row)
{
    if (condition->kind == TREES_NOT)
        return (truth)(TRUE - condition_truth(condition->children[0], row));
    if (condition->kind > TREES_NOT) return compare_truth(condition, row);
    truth all = TRUE;
    truth any = FALSE;
    for (size_t i = 0; i < condition->children_count; i++) {
        truth child = condition_truth(condition->children[i], row);
        if (child < all) all = child;
        if (child > any) any = child;
    }
    return condition->kind == TREES_AND ? all : any;
}

static bool row_is_kept(const trees_node *node, const trees_row *row)
{
    if (node->model->unlike && !node->skips_default) {
        const trees_value *value =
            &row->values[trees_column_index(node->model, node->model->unlike)];
        if (value->is_null || value->number == node->model->unlike_value) return false;
    }
    return !node->where || condition_truth(node->where, row) == TRUE;
}

/* ---- order ---- */

static int nulls_compare(const trees_order *order, bool a_is_null, bool b_is_null)
{
    bool is_first = order->nulls == TREES_NULLS_FIRST ||
                    (order->nulls == TREES_NULLS_DEFAULT && order->is_descending);
    if (a_is_null == b_is_null) return 0;
    return a_is_null == is_first ? -1 : 1;
}

static int rows_compare(const void *left, const void *right, void *data)
{
    const trees_row *a = *(const trees_row *const *)left;
    const trees_row *b = *(const trees_row *const *)right;
    const trees_node *node = data;
    for (size_t i = 0; i < node->order_count; i++) {
        const trees_order *order = &node->order[i];
        const trees_value *value = &a->values[order->column];
        const trees_value *other = &b->values[order->column];
        int found = nulls_compare(order, value->is_null, other->is_null);
        if (found == 0 && !value->is_null) {
            found = values_compare(value, other);
            if (order->is_descending) found = -found;
        }
        if (found != 0) return found;
    }
    for (size_t i = 0; i < node->model->key_count; i++) {
        int found = values_compare(&a->values[i], &b->values[i]);
        if (found != 0) return found;
    }
    return 0;
}

/* ---- levels ---- */

/* The values of a parent that lead to its children, and where the children have them. */
typedef struct link {
    const trees_value *values[TREES_KEY_MAX];
    size_t columns[TREES_KEY_MAX];
    size_t count;
} link;

static link link_make(const trees_node *node, const trees_node *above, const trees_row *parent)
{
    link made = {.count = 0};
    for (size_t i = 0; parent && i < TREES_KEY_MAX && node->relation->ours[i]; i++) {
        size_t ours = trees_column_index(above->model, node->relation->ours[i]);
        made.values[i] = &parent->values[ours];
        made.columns[i] = trees_column_index(node->model, node->relation->theirs[i]);
        made.count++;
    }
    return made;
}

static bool row_is_linked(const link *link_, const trees_row *row)
{
    for (size_t i = 0; i < link_->count; i++) {
        const trees_value *other = &row->values[link_->columns[i]];
        if (link_->values[i]->is_null || other->is_null) return false;
        if (values_compare(link_->values[i], other) != 0) return false;
    }
    return true;
}

static json_t *level_read(reading *all, const trees_node *node, const trees_node *above,
                          const trees_row *parent);

static json_t *row_read(reading *all, const trees_node *node, const trees_row *row)
{
    json_t *made = json_object();
    for (size_t i = 0; i < trees_columns_count(node->model); i++) {
        const trees_column *column = &node->model->columns[i];
        if (!node->selected[i]) continue;
        json_object_set_new(made, column->name, trees_value_json(column, &row->values[i]));
    }
    for (size_t i = 0; i < node->children_count; i++) {
        const trees_node *child = node->children[i];
        json_object_set_new(made, child->relation->name, level_read(all, child, node, row));
    }
    return made;
}

/* The rows of a level in their order; returns their number. */
static size_t rows_collect(const reading *all, const trees_node *node, const link *link_,
                           const trees_row *kept[TREES_ROWS_MAX])
{
    const trees_table *table = &all->data->tables[node->model - trees_models];
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++) {
        const trees_row *row = &table->rows[i];
        if (row_is_linked(link_, row) && row_is_kept(node, row)) kept[count++] = row;
    }
    if (trees_is_ordered(node)) qsort_r(kept, count, sizeof(*kept), rows_compare, (void *)node);
    return count;
}

static json_t *level_read(reading *all, const trees_node *node, const trees_node *above,
                          const trees_row *parent)
{
    const trees_row *kept[TREES_ROWS_MAX];
    link link_ = link_make(node, above, parent);
    size_t count = rows_collect(all, node, &link_, kept);
    if (node->relation && node->relation->is_one)
        return count > 0 ? row_read(all, node, kept[0]) : json_null();
    size_t first = skip_of(node);
    int64_t limit = trees_limit(node);
    json_t *rows = json_array();
    for (size_t i = first; i < count; i++) {
        if (limit >= 0 && i - first >= (size_t)limit) break;
        if (all->rows_left == 0) all->is_over = true;
        if (all->is_over) break;
        all->rows_left--;
        json_array_append_new(rows, row_read(all, node, kept[i]));
    }
    return rows;
}

json_t *trees_read(const trees_data *data, const trees_tree *tree, size_t rows_max)
{
    reading all = {.data = data, .rows_left = rows_max};
    json_t *rows = level_read(&all, &tree->nodes[0], NULL, NULL);
    if (!all.is_over) return rows;
    json_decref(rows);
    return NULL;
}

/* ---- multisets ---- */

static int texts_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Rows as texts in the order of bytes, in place of rows. */
static void rows_sort(json_t *rows)
{
    size_t count = json_array_size(rows);
    char **texts = calloc(count + 1, sizeof(*texts));
    if (!texts) abort();
    for (size_t i = 0; i < count; i++) {
        texts[i] =
            json_dumps(json_array_get(rows, i), JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
        if (!texts[i]) abort();
    }
    qsort(texts, count, sizeof(*texts), texts_compare);
    json_array_clear(rows);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(rows, json_loads(texts[i], JSON_DECODE_ANY, NULL));
        free(texts[i]);
    }
    free(texts);
}

void trees_normalise(json_t *rows, const trees_node *node)
{
    size_t count = json_is_array(rows) ? json_array_size(rows) : 1;
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_is_array(rows) ? json_array_get(rows, i) : rows;
        for (size_t k = 0; k < node->children_count; k++) {
            json_t *below = json_object_get(row, node->children[k]->relation->name);
            if (below) trees_normalise(below, node->children[k]);
        }
    }
    if (json_is_array(rows) && !trees_is_ordered(node)) rows_sort(rows);
}
