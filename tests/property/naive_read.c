#include "property/naive.h"

#include <string.h>

typedef struct reading {
    naive_memory *memory;
    const naive_world *world;
    bool is_loose;
} reading;

typedef struct found {
    const naive_row **rows;
    size_t count;
} found;

static bool row_matches(const reading *r, const naive_node *node, const naive_row *row)
{
    for (size_t i = 0; i < NAIVE_CONDITIONS_MAX; i++) {
        if (!node->where[i]) continue;
        if (naive_where_test(r->memory, node->where[i], row) != NAIVE_YES) return false;
    }
    return true;
}

static bool is_child(const reading *r, const naive_node *node, const naive_row *parent,
                     const naive_row *row, const naive_model *parents)
{
    const naive_relation *relation = node->relation;
    for (size_t i = 0; i < relation->keys_count; i++) {
        const naive_value *ours = &parent->values[relation->ours[i]];
        const naive_value *theirs = &row->values[relation->theirs[i]];
        if (ours->is_null || theirs->is_null) return false;
        if (naive_value_compare(r->memory, &parents->columns[relation->ours[i]], ours, theirs) != 0)
            return false;
    }
    return true;
}

static bool has_key(const naive_model *model)
{
    for (size_t i = 0; i < model->columns_count; i++)
        if (model->columns[i].is_key) return true;
    return false;
}

/* All rows of a level, sorted. Without a key equal ones come in any order. parent NULL: of the root. */
static found rows_find(reading *r, const naive_node *node, const naive_model *parents,
                       const naive_row *parent)
{
    const naive_model *model = node->model;
    found all = {.rows = naive_alloc(r->memory, (model->rows_count + 1) * sizeof(*all.rows))};
    for (size_t i = 0; i < model->rows_count; i++) {
        const naive_row *row = &model->rows[i];
        if (parent && !is_child(r, node, parent, row, parents)) continue;
        if (!row_matches(r, node, row)) continue;
        size_t k = all.count++;
        for (; k > 0 && naive_order_compare(r->memory, node, row, all.rows[k - 1]) < 0; k--)
            all.rows[k] = all.rows[k - 1];
        all.rows[k] = row;
    }
    for (size_t i = 1; node->order_count > 0 && !has_key(model) && i < all.count; i++)
        if (naive_order_compare(r->memory, node, all.rows[i - 1], all.rows[i]) == 0)
            r->is_loose = true;
    return all;
}

static size_t at_most(int64_t wanted, size_t count)
{
    return wanted >= 0 && (uint64_t)wanted < count ? (size_t)wanted : count;
}

/* Leaves the rows that skip and limit choose. Without an order that is not determined, but where
   levels below make the key the order. */
static found rows_cut(reading *r, const naive_node *node, found all)
{
    size_t skipped = node->skip < 0 ? 0 : at_most(node->skip, all.count);
    found kept = {.rows = all.rows + skipped};
    kept.count = at_most(node->limit, all.count - skipped);
    bool is_ordered = node->order_count > 0 || (node->children_count > 0 && has_key(node->model));
    if (kept.count > 0 && kept.count < all.count && !is_ordered) r->is_loose = true;
    return kept;
}

static naive_json *row_show(reading *r, const naive_node *node, const naive_row *row);

static naive_json *rows_show(reading *r, const naive_node *node, found rows)
{
    naive_json *list = naive_make(r->memory, NAIVE_LIST);
    for (size_t i = 0; i < rows.count; i++)
        naive_add(r->memory, list, row_show(r, node, rows.rows[i]));
    bool is_cut = node->limit >= 0 || node->skip >= 0;
    bool is_by_key = is_cut && node->children_count > 0 && has_key(node->model);
    list->unordered = node->order_count == 0 && !is_by_key;
    return list;
}

static naive_json *child_show(reading *r, const naive_node *node, const naive_node *child,
                              const naive_row *row)
{
    found rows = rows_find(r, child, node->model, row);
    if (!child->relation->is_one) return rows_show(r, child, rows_cut(r, child, rows));
    if (rows.count == 0) return naive_make(r->memory, NAIVE_NULL);
    if (rows.count > 1 && child->order_count == 0 && !has_key(child->model)) r->is_loose = true;
    return row_show(r, child, rows.rows[0]);
}

static naive_json *row_show(reading *r, const naive_node *node, const naive_row *row)
{
    naive_json *object = naive_make(r->memory, NAIVE_OBJECT);
    for (size_t i = 0; i < node->model->columns_count; i++) {
        const naive_column *column = &node->model->columns[i];
        if (!node->selected[i]) continue;
        naive_set(r->memory, object, column->name,
                  naive_value_show(r->memory, column, &row->values[i]));
    }
    for (size_t i = 0; i < node->children_count; i++) {
        const naive_node *child = node->children[i];
        naive_set(r->memory, object, child->relation->name, child_show(r, node, child, row));
    }
    return object;
}

/* ---- calls ---- */

static const naive_json *find(reading *r, const naive_node *node, bool with_range)
{
    found all = rows_find(r, node, NULL, NULL);
    naive_json *rows = rows_show(r, node, rows_cut(r, node, all));
    if (!with_range) return rows;
    naive_json *answer = naive_make(r->memory, NAIVE_OBJECT);
    naive_json *range = naive_make(r->memory, NAIVE_OBJECT);
    int64_t start = node->skip < 0 ? 0 : node->skip;
    int64_t end = rows->count == 0 ? start : start + (int64_t)rows->count - 1;
    naive_set(r->memory, answer, "data", rows);
    naive_set(r->memory, answer, "range", range);
    naive_set(r->memory, range, "start", naive_integer(r->memory, start));
    naive_set(r->memory, range, "end", naive_integer(r->memory, end));
    naive_set(r->memory, range, "total", naive_integer(r->memory, (int64_t)all.count));
    return answer;
}

static const naive_json *find_one(reading *r, naive_node *node)
{
    node->limit = 1;
    found all = rows_find(r, node, NULL, NULL);
    if (all.count > 1 && node->order_count == 0) r->is_loose = true;
    found one = rows_cut(r, node, all);
    if (one.count == 0) return naive_make(r->memory, NAIVE_NULL);
    return row_show(r, node, one.rows[0]);
}

/* Whether an id names a row; false: it is refused. */
static bool id_read(reading *r, const naive_model *model, const naive_json *id, naive_row *key)
{
    size_t keys = 0;
    for (size_t i = 0; i < model->columns_count; i++)
        keys += model->columns[i].is_key;
    bool is_object = id->kind == NAIVE_OBJECT;
    if (is_object ? keys == 1 || id->count != keys : keys > 1) return false;
    for (size_t i = 0; i < model->columns_count; i++) {
        const naive_column *column = &model->columns[i];
        if (!column->is_key) continue;
        const naive_json *part = is_object ? naive_get(id, column->name) : id;
        if (!part || !naive_value_read(r->memory, column, part, false, &key->values[i]))
            return false;
    }
    return true;
}

static bool has_id(reading *r, const naive_model *model, const naive_row *row, const naive_row *key)
{
    for (size_t i = 0; i < model->columns_count; i++) {
        const naive_column *column = &model->columns[i];
        if (!column->is_key) continue;
        if (key->values[i].is_null) return false;
        if (naive_value_compare(r->memory, column, &row->values[i], &key->values[i]) != 0)
            return false;
    }
    return true;
}

static const naive_json *find_by_id(reading *r, naive_node *node, const naive_json *id)
{
    naive_row *key = naive_alloc(r->memory, sizeof(*key));
    if (!id || !has_key(node->model)) return NULL;
    if (id->kind == NAIVE_NULL) return naive_make(r->memory, NAIVE_NULL);
    if (!id_read(r, node->model, id, key)) return NULL;
    for (size_t i = 0; i < node->model->rows_count; i++) {
        const naive_row *row = &node->model->rows[i];
        if (has_id(r, node->model, row, key) && row_matches(r, node, row))
            return row_show(r, node, row);
    }
    return naive_make(r->memory, NAIVE_NULL);
}

static const naive_json *count(reading *r, const naive_node *node, bool only_whether)
{
    found all = rows_find(r, node, NULL, NULL);
    if (only_whether) return naive_boolean(r->memory, all.count > 0);
    naive_json *answer = naive_make(r->memory, NAIVE_OBJECT);
    naive_set(r->memory, answer, "count", naive_integer(r->memory, (int64_t)all.count));
    return answer;
}

static bool option(const naive_json *arguments, const char *name)
{
    const naive_json *given = naive_given(naive_given(arguments, "options"), name);
    return given && given->truth;
}

naive_answer naive_call(naive_memory *memory, const naive_world *world, const naive_policy *policy,
                        const char *model, const char *method, const naive_json *arguments)
{
    bool is_count = strcmp(method, "count") == 0 || strcmp(method, "existsWith") == 0;
    reading r = {.memory = memory, .world = world};
    naive_options options = {.skips_default = option(arguments, "shouldSkipDefaultFilter"),
                             .with_range = option(arguments, "shouldQueryRange"),
                             .with_hidden = option(arguments, "withHidden"),
                             .only_counts = is_count,
                             .policy = policy};
    const naive_json *filter = naive_given(arguments, "filter");
    if (is_count) {
        naive_json *made = naive_make(memory, NAIVE_OBJECT);
        naive_json *where = naive_given(arguments, "where");
        if (where) naive_set(memory, made, "where", where);
        filter = made;
    }
    const naive_model *root = naive_model_find(world, model);
    naive_node *node = naive_filter_read(memory, world, root, filter, &options);
    naive_answer answer = {0};
    if (!node) return answer;
    if (is_count)
        answer.json = count(&r, node, strcmp(method, "existsWith") == 0);
    else if (strcmp(method, "findOne") == 0)
        answer.json = find_one(&r, node);
    else if (strcmp(method, "findById") == 0)
        answer.json = find_by_id(&r, node, naive_get(arguments, "id"));
    else
        answer.json = find(&r, node, options.with_range);
    answer.is_loose = r.is_loose;
    return answer;
}
