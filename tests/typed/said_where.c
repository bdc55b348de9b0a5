#include "typed/said.h"

#include "filter/filter.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Conditions of one object. */
typedef struct said_conditions {
    said *to;
    const ignis_model *model;
    ignis_condition *items;
    size_t count;
} said_conditions;

/* A property of a filter: a column, and the path below it. */
typedef struct said_property {
    const ignis_column *column; /* NULL: the model lacks it */
    const char *member;
    const char *path;
} said_property;

static bool is_group(const char *name)
{
    return strcmp(name, "and") == 0 || strcmp(name, "or") == 0 || strcmp(name, "not") == 0;
}

static said_property property_of(const said_conditions *in, const char *name)
{
    size_t size = strcspn(name, ".[");
    const char *own = arena_copy(in->to->memory, name, size);
    assert_non_null(own);
    said_property made = {.column = said_column(in->to->memory, in->model, own),
                          .member = said_member(in->to, in->model, own)};
    if (name[size]) made.path = name[size] == '.' ? name + size + 1 : name + size;
    return made;
}

static bool is_document_column(const said_property *property)
{
    return property->column && property->column->kind == IGNIS_KIND_JSON &&
           !property->column->array;
}

/* The column that tells the type of values; none below a JSON column. */
static const ignis_column *value_column(const said_property *property)
{
    return property->path ? NULL : property->column;
}

static void condition_add(said_conditions *in, const said_property *property, const char *op,
                          ignis_value value)
{
    in->items[in->count++] = (ignis_condition){.op = op,
                                               .model = in->model,
                                               .member = property->member,
                                               .path = property->path,
                                               .value = value};
}

static bool is_one_of(const char *op, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        if (strcmp(op, names[i]) == 0) return true;
    return false;
}

static bool takes_list(const char *op)
{
    static const char *const names[] = {"in",       "inq",        "nin",      "notIn",
                                        "between",  "notBetween", "contains", "containedBy",
                                        "overlaps", NULL};
    return is_one_of(op, names);
}

/* null under an operator: a test for NULL, or nothing that C says. */
static void null_add(said_conditions *in, const said_property *property, const char *op)
{
    static const char *const equal[] = {"eq", "is", NULL};
    static const char *const unequal[] = {"ne", "neq", "isn", NULL};
    bool is_unequal = is_one_of(op, unequal);
    if (!is_unequal && !is_one_of(op, equal)) said_refuse(in->to, SAID_NOT_BY_NULL);
    condition_add(in, property, is_unequal ? "isNotNull" : "isNull", ignis_value_bool(true));
}

static void operator_add(said_conditions *in, const said_property *property, const char *op,
                         const json *value)
{
    static const char *const tests[] = {"isNull", "isNotNull", "exists", "notExists", NULL};
    static const char *const ranges[] = {"between", "notBetween", NULL};
    const ignis_column *column = value_column(property);
    bool is_document = column && is_document_column(property);
    bool is_list = value->kind == JSON_ARRAY && (!is_document || takes_list(op));
    if (is_one_of(op, tests)) column = NULL;
    if (is_group(op)) said_refuse(in->to, SAID_NOT_BY_SHAPE);
    if (value->kind == JSON_NULL) {
        null_add(in, property, op);
        return;
    }
    ignis_value made =
        is_list ? said_list(in->to, column, value) : said_value(in->to, column, value);
    if (is_one_of(op, ranges) && made.form == IGNIS_VALUE_ARRAY)
        said_refuse(in->to, SAID_NOT_BY_NULL);
    condition_add(in, property, op, made);
}

static bool has_operator(const json *object)
{
    for (size_t i = 0; i < object->count; i++) {
        const json_member *member = &object->as.members[i];
        if (filter_operator_read(member->name, member->name_size)) return true;
    }
    return false;
}

static void property_add(said_conditions *in, const json_member *member)
{
    const said_property property = property_of(in, member->name);
    const json *value = &member->value;
    bool is_array = property.column && property.column->array;
    bool takes_document = property.path || is_document_column(&property);
    if (value->kind == JSON_OBJECT && !(takes_document && !has_operator(value))) {
        if (value->count == 0) said_refuse(in->to, SAID_NOT_BY_SHAPE);
        for (size_t i = 0; i < value->count; i++)
            operator_add(in, &property, value->as.members[i].name, &value->as.members[i].value);
        return;
    }
    operator_add(in, &property, value->kind == JSON_ARRAY && !is_array ? "in" : "eq", value);
}

/* ---- groups ---- */

static ignis_condition group_of(const char *op, ignis_conditions inner)
{
    return (ignis_condition){
        .op = op, .items = inner.items, .count = inner.count, .item_size = inner.item_size};
}

/* An element of a list: its one condition, or all of them. */
static ignis_condition element_of(const said_conditions *in, const json *element)
{
    ignis_conditions inner = said_where(in->to, in->model, element);
    if (inner.count == 1) return inner.items[0];
    in->to->counts_differ = true;
    return group_of("and", inner);
}

static void group_add(said_conditions *in, const json_member *member)
{
    const json *list = &member->value;
    bool is_list = list->kind == JSON_ARRAY;
    size_t count = is_list ? list->count : 1;
    if (strcmp(member->name, "not") == 0) {
        in->items[in->count++] = group_of("not", said_where(in->to, in->model, list));
        return;
    }
    ignis_condition *items = said_make(in->to, count, sizeof(*items));
    for (size_t i = 0; i < count; i++)
        items[i] = element_of(in, is_list ? &list->as.items[i] : list);
    in->items[in->count++] = group_of(member->name, IGNIS_WHERE_OF(items, count));
}

static size_t conditions_max(const json *object)
{
    size_t max = 0;
    for (size_t i = 0; i < object->count; i++)
        max += 1 + object->as.members[i].value.count;
    return max;
}

ignis_conditions said_where(said *to, const ignis_model *model, const json *given)
{
    if (!given || given->kind == JSON_NULL) return IGNIS_WHERE_OF(NULL, 0);
    if (given->kind != JSON_OBJECT) {
        said_refuse(to, SAID_NOT_BY_SHAPE);
        return IGNIS_WHERE_OF(NULL, 0);
    }
    said_conditions in = {.to = to, .model = model};
    in.items = said_make(to, conditions_max(given), sizeof(*in.items));
    for (size_t i = 0; i < given->count; i++) {
        const json_member *member = &given->as.members[i];
        if (is_group(member->name)) {
            group_add(&in, member);
        } else {
            property_add(&in, member);
        }
    }
    return IGNIS_WHERE_OF(in.items, in.count);
}
