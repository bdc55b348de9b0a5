#include "property/naive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    naive_memory *memory;
    const naive_world *world;
    const naive_options *options;
    size_t depth; /* of the level that is read */
    size_t includes;
} reader;

static bool keys_are(const naive_json *object, const char *const *keys)
{
    if (object->kind != NAIVE_OBJECT) return false;
    for (size_t i = 0; i < object->count; i++) {
        size_t k = 0;
        while (keys[k] && strcmp(keys[k], object->names[i]) != 0)
            k++;
        if (!keys[k]) return false;
    }
    return true;
}

static bool count_read(const naive_json *json, int64_t *out)
{
    if (json->kind != NAIVE_NUMBER && json->kind != NAIVE_TEXT) return false;
    if (json->size == 0 || strspn(json->text, "0123456789") != json->size) return false;
    errno = 0;
    *out = strtoll(json->text, NULL, 10);
    return errno == 0;
}

/* ---- fields ---- */

typedef enum choice { NOT_NAMED, WANTED, UNWANTED } choice;

static bool name_choose(const naive_model *model, const char *name, size_t size, choice chosen,
                        choice *choices)
{
    const naive_column *column = naive_column_find(model, name, size);
    if (!column) return false;
    choices[column - model->columns] = chosen;
    return true;
}

static bool choices_read(const naive_model *model, const naive_json *fields, choice *choices)
{
    if (fields->kind != NAIVE_LIST && fields->kind != NAIVE_OBJECT) return false;
    for (size_t i = 0; i < fields->count; i++) {
        const naive_json *item = fields->items[i];
        if (fields->kind == NAIVE_LIST) {
            if (item->kind != NAIVE_TEXT) return false;
            if (!name_choose(model, item->text, item->size, WANTED, choices)) return false;
        } else {
            const char *name = fields->names[i];
            if (item->kind != NAIVE_BOOLEAN) return false;
            if (!name_choose(model, name, strlen(name), item->truth ? WANTED : UNWANTED, choices))
                return false;
        }
    }
    return true;
}

static bool fields_read(const reader *r, naive_node *node, const naive_json *fields)
{
    const naive_model *model = node->model;
    choice choices[NAIVE_COLUMNS_MAX] = {NOT_NAMED};
    bool has_wanted = false;
    bool has_any = false;
    if (fields && !choices_read(model, fields, choices)) return false;
    for (size_t i = 0; i < model->columns_count; i++)
        has_wanted = has_wanted || choices[i] == WANTED;
    for (size_t i = 0; i < model->columns_count; i++) {
        bool is_seen = !model->columns[i].is_hidden || r->options->with_hidden;
        node->selected[i] = is_seen && (has_wanted ? choices[i] == WANTED : choices[i] != UNWANTED);
        has_any = has_any || node->selected[i];
    }
    return has_any;
}

/* ---- levels ---- */

static naive_node *node_read(reader *r, const naive_model *model, const naive_relation *relation,
                             const naive_json *filter, bool skips_default);

static bool include_read(reader *r, naive_node *node, const naive_json *json)
{
    static const char *const keys[] = {"relation", "scope", "shouldSkipDefaultFilter", NULL};
    const naive_json *name = json;
    const naive_json *scope = NULL;
    bool skips_default = false;
    if (json->kind == NAIVE_OBJECT) {
        const naive_json *skips = naive_given(json, "shouldSkipDefaultFilter");
        if (!keys_are(json, keys)) return false;
        if (skips && skips->kind != NAIVE_BOOLEAN) return false;
        skips_default = skips && skips->truth;
        name = naive_given(json, "relation");
        scope = naive_given(json, "scope");
    }
    if (!name || name->kind != NAIVE_TEXT) return false;
    const naive_relation *relation = naive_relation_find(node->model, name->text);
    if (!relation) return false;
    for (size_t i = 0; i < node->children_count; i++)
        if (node->children[i]->relation == relation) return false;
    const naive_model *target = &r->world->models[relation->model];
    const naive_policy *policy = r->options->policy;
    r->depth++;
    r->includes++;
    if (r->depth > policy->include_depth_max) return false;
    if (policy->includes_max > 0 && r->includes > policy->includes_max) return false;
    naive_node *child = node_read(r, target, relation, scope, skips_default);
    r->depth--;
    if (child) node->children[node->children_count++] = child;
    return child != NULL;
}

static bool includes_read(reader *r, naive_node *node, const naive_json *includes)
{
    if (!includes) return true;
    if (includes->kind != NAIVE_LIST) return false;
    for (size_t i = 0; i < includes->count; i++)
        if (!include_read(r, node, includes->items[i])) return false;
    return true;
}

/* The caller's part, else the default filter's. */
static const naive_json *part(const naive_json *filter, const naive_json *otherwise,
                              const char *name)
{
    const naive_json *given = naive_given(filter, name);
    return given ? given : naive_given(otherwise, name);
}

static const naive_json *skip_of(const naive_json *filter)
{
    const naive_json *skip = naive_given(filter, "skip");
    return skip ? skip : naive_given(filter, "offset");
}

static bool counts_read(const reader *r, naive_node *node, const naive_json *filter,
                        const naive_json *otherwise)
{
    int64_t unused;
    const naive_json *limit = part(filter, otherwise, "limit");
    const naive_json *offset = naive_given(filter, "offset");
    const naive_json *skip = skip_of(filter);
    if (!skip) skip = skip_of(otherwise);
    if (limit && !count_read(limit, &node->limit)) return false;
    if (skip && !count_read(skip, &node->skip)) return false;
    if (offset && !count_read(offset, &unused)) return false;
    int64_t most = node->model->limit_max;
    int64_t usual = r->options->policy->limit_max;
    if (most < 0 && usual > 0) most = usual;
    if (most >= 0 && (node->limit < 0 || node->limit > most)) node->limit = most;
    return true;
}

static naive_node *node_read(reader *r, const naive_model *model, const naive_relation *relation,
                             const naive_json *filter, bool skips_default)
{
    static const char *const keys[] = {"where", "fields", "order",   "limit",
                                       "skip",  "offset", "include", NULL};
    const naive_json *otherwise = skips_default ? NULL : model->default_filter;
    naive_node *node = naive_alloc(r->memory, sizeof(*node));
    node->model = model;
    node->relation = relation;
    if (filter && !keys_are(filter, keys)) return NULL;
    const naive_json *wheres[] = {naive_given(filter, "where"), naive_given(otherwise, "where")};
    if (wheres[1]) wheres[1] = naive_context_fill(r->memory, wheres[1]);
    if (naive_given(otherwise, "where") && !wheres[1]) return NULL;
    for (size_t i = 0; i < 2; i++) {
        if (!wheres[i]) continue;
        node->where[i] = naive_where_read(r->memory, model, wheres[i]);
        if (!node->where[i]) return NULL;
    }
    node->limit = node->skip = -1;
    /* A number of rows asks for nothing else of a default filter, nor for what that would need. */
    if (r->options->only_counts) return node;
    const naive_json *order = part(filter, otherwise, "order");
    if (order && !naive_order_read(r->memory, node, order)) return NULL;
    if (!fields_read(r, node, part(filter, otherwise, "fields"))) return NULL;
    if (!counts_read(r, node, filter, otherwise)) return NULL;
    return includes_read(r, node, part(filter, otherwise, "include")) ? node : NULL;
}

naive_node *naive_filter_read(naive_memory *memory, const naive_world *world,
                              const naive_model *model, const naive_json *filter,
                              const naive_options *options)
{
    reader r = {.memory = memory, .world = world, .options = options};
    naive_node *node = node_read(&r, model, NULL, filter, options->skips_default);
    return node && naive_policy_allows(world, model, filter, options) ? node : NULL;
}
