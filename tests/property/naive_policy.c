#include "property/naive.h"

#include <string.h>

const naive_policy naive_trusted = {
    .name = "trusted", .allows_regexp = true, .include_depth_max = 8};
const naive_policy naive_public = {.name = "public",
                                   .is_public = true,
                                   .include_depth_max = 5,
                                   .includes_max = 100,
                                   .where_depth_max = 16,
                                   .conditions_max = 100,
                                   .list_max = 1000,
                                   .limit_max = 1000};

typedef struct judging {
    const naive_world *world;
    const naive_policy *policy;
    size_t conditions; /* of the whole filter */
} judging;

static bool is_within(size_t count, size_t max)
{
    return max == 0 || count <= max;
}

static bool list_is_allowed(const judging *j, const naive_json *list)
{
    return list->kind < NAIVE_LIST || is_within(list->count, j->policy->list_max);
}

/* A property, or a path or an order that begins with one. */
static bool name_is_allowed(const judging *j, const naive_model *model, const char *name)
{
    name += strspn(name, " \t\n\r");
    const naive_column *column = naive_column_find(model, name, strcspn(name, ".[ \t\n\r"));
    return !j->policy->is_public || !column || !column->is_hidden;
}

/* ---- where ---- */

static bool operator_is_allowed(judging *j, const char *name, const naive_json *operand)
{
    bool is_regexp = strcmp(name, "regexp") == 0 || strcmp(name, "iregexp") == 0;
    j->conditions++;
    if (is_regexp && j->policy->is_public && !j->policy->allows_regexp) return false;
    return operand->kind == NAIVE_OBJECT || list_is_allowed(j, operand);
}

static bool property_is_allowed(judging *j, const naive_model *model, const char *name,
                                const naive_json *value)
{
    if (!name_is_allowed(j, model, name)) return false;
    if (value->kind != NAIVE_OBJECT || !naive_operators_are(value))
        return operator_is_allowed(j, "eq", value);
    for (size_t i = 0; i < value->count; i++)
        if (!operator_is_allowed(j, value->names[i], value->items[i])) return false;
    return true;
}

static bool where_is_allowed(judging *j, const naive_model *model, const naive_json *where,
                             size_t depth);

static bool group_is_allowed(judging *j, const naive_model *model, const naive_json *group,
                             size_t depth)
{
    j->conditions++;
    if (!is_within(depth, j->policy->where_depth_max)) return false;
    if (group->kind == NAIVE_OBJECT) return where_is_allowed(j, model, group, depth + 1);
    for (size_t i = 0; i < group->count; i++)
        if (!where_is_allowed(j, model, group->items[i], depth + 1)) return false;
    return list_is_allowed(j, group);
}

static bool where_is_allowed(judging *j, const naive_model *model, const naive_json *where,
                             size_t depth)
{
    for (size_t i = 0; i < where->count; i++) {
        const char *name = where->names[i];
        bool is_group =
            strcmp(name, "and") == 0 || strcmp(name, "or") == 0 || strcmp(name, "not") == 0;
        bool is_allowed = is_group ? group_is_allowed(j, model, where->items[i], depth)
                                   : property_is_allowed(j, model, name, where->items[i]);
        if (!is_allowed) return false;
    }
    return is_within(j->conditions, j->policy->conditions_max);
}

/* ---- filters ---- */

static bool names_are_allowed(const judging *j, const naive_model *model, const naive_json *names)
{
    for (size_t i = 0; names && i < names->count; i++) {
        const char *name = names->kind == NAIVE_LIST ? names->items[i]->text : names->names[i];
        if (!name_is_allowed(j, model, name)) return false;
    }
    return !names || list_is_allowed(j, names);
}

static bool filter_is_allowed(judging *j, const naive_model *model, const naive_json *filter);

static bool include_is_allowed(judging *j, const naive_model *model, const naive_json *json)
{
    const naive_json *name = json->kind == NAIVE_OBJECT ? naive_get(json, "relation") : json;
    const naive_json *skips = naive_given(json, "shouldSkipDefaultFilter");
    const naive_json *scope = naive_given(json, "scope");
    const naive_relation *relation = naive_relation_find(model, name->text);
    if (skips && skips->truth && j->policy->is_public) return false;
    return !scope || filter_is_allowed(j, &j->world->models[relation->model], scope);
}

static bool filter_is_allowed(judging *j, const naive_model *model, const naive_json *filter)
{
    const naive_json *where = naive_given(filter, "where");
    const naive_json *include = naive_given(filter, "include");
    if (where && !where_is_allowed(j, model, where, 1)) return false;
    if (!names_are_allowed(j, model, naive_given(filter, "fields"))) return false;
    if (!names_are_allowed(j, model, naive_given(filter, "order"))) return false;
    for (size_t i = 0; include && i < include->count; i++)
        if (!include_is_allowed(j, model, include->items[i])) return false;
    return true;
}

bool naive_policy_allows(const naive_world *world, const naive_model *model,
                         const naive_json *filter, const naive_options *options)
{
    judging j = {.world = world, .policy = options->policy};
    if (j.policy->is_public && (options->skips_default || options->with_hidden)) return false;
    return !filter || filter_is_allowed(&j, model, filter);
}
