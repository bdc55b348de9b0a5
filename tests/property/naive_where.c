#include "property/naive.h"

#include <string.h>

typedef enum operation {
    EQ,
    NE,
    GT,
    GTE,
    LT,
    LTE,
    IN,
    NIN,
    BETWEEN,
    NOT_BETWEEN,
    LIKE,
    NLIKE,
    ILIKE,
    NILIKE,
    STARTS_WITH,
    ENDS_WITH,
    REGEXP,
    IREGEXP,
    IS_NULL,
    IS_NOT_NULL,
    EXISTS,
    NOT_EXISTS,
    CONTAINS,
    CONTAINED_BY,
    OVERLAPS
} operation;

typedef enum condition_kind { ALL, ANY, NOT, CONSTANT, LEAF } condition_kind;

typedef struct operand {
    naive_value value;
    const naive_json *json; /* on a path, and of patterns */
} operand;

struct naive_condition {
    condition_kind kind;
    naive_truth constant;
    operation operation;
    naive_place place;
    const operand *operands;
    size_t operands_count;
    const naive_condition **children;
    size_t children_count;
};

/* ---- reading ---- */

static const struct {
    const char *name;
    operation operation;
} names[] = {{"eq", EQ},
             {"is", EQ},
             {"ne", NE},
             {"neq", NE},
             {"isn", NE},
             {"gt", GT},
             {"gte", GTE},
             {"lt", LT},
             {"lte", LTE},
             {"in", IN},
             {"inq", IN},
             {"nin", NIN},
             {"notIn", NIN},
             {"between", BETWEEN},
             {"notBetween", NOT_BETWEEN},
             {"like", LIKE},
             {"nlike", NLIKE},
             {"notLike", NLIKE},
             {"ilike", ILIKE},
             {"nilike", NILIKE},
             {"notILike", NILIKE},
             {"startsWith", STARTS_WITH},
             {"endsWith", ENDS_WITH},
             {"regexp", REGEXP},
             {"iregexp", IREGEXP},
             {"isNull", IS_NULL},
             {"isNotNull", IS_NOT_NULL},
             {"exists", EXISTS},
             {"notExists", NOT_EXISTS},
             {"contains", CONTAINS},
             {"containedBy", CONTAINED_BY},
             {"overlaps", OVERLAPS}};

static bool operation_find(const char *name, operation *found)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].name, name) != 0) continue;
        *found = names[i].operation;
        return true;
    }
    return false;
}

bool naive_operators_are(const naive_json *object)
{
    operation unused;
    return object->count > 0 && operation_find(object->names[0], &unused);
}

static naive_condition *condition_make(naive_memory *memory, condition_kind kind)
{
    naive_condition *made = naive_alloc(memory, sizeof(*made));
    made->kind = kind;
    return made;
}

static naive_condition *constant_make(naive_memory *memory, naive_truth truth)
{
    naive_condition *made = condition_make(memory, CONSTANT);
    made->constant = truth;
    return made;
}

static bool is_document(const naive_place *place)
{
    return place->path || (!place->column->is_array && place->column->type >= NAIVE_TYPE_JSON);
}

static bool is_textual(const naive_place *place)
{
    return place->path || (!place->column->is_array && (place->column->type == NAIVE_TYPE_TEXT ||
                                                        place->column->type == NAIVE_TYPE_VARCHAR));
}

/* One operand in the place's own type. */
static bool operand_read(naive_memory *memory, const naive_place *place, const naive_json *json,
                         operand *out)
{
    static const naive_column document = {.type = NAIVE_TYPE_JSONB};
    out->json = json;
    return naive_value_read(memory, place->path ? &document : place->column, json, false,
                            &out->value);
}

static const naive_condition *leaf_make(naive_memory *memory, const naive_place *place,
                                        operation operation_, const operand *operands, size_t count)
{
    naive_condition *made = condition_make(memory, LEAF);
    made->operation = operation_;
    made->place = *place;
    made->operands = operands;
    made->operands_count = count;
    return made;
}

static const naive_condition *single_read(naive_memory *memory, const naive_place *place,
                                          operation operation_, const naive_json *json)
{
    operand *one = naive_alloc(memory, sizeof(*one));
    if (json->kind == NAIVE_NULL) {
        if (operation_ == EQ || operation_ == NE)
            return leaf_make(memory, place, operation_ == EQ ? IS_NULL : IS_NOT_NULL, NULL, 0);
        return constant_make(memory, NAIVE_UNKNOWN);
    }
    if (!operand_read(memory, place, json, one)) return NULL;
    return leaf_make(memory, place, operation_, one, 1);
}

static const naive_condition *list_read(naive_memory *memory, const naive_place *place,
                                        operation operation_, const naive_json *json)
{
    if (json->kind == NAIVE_NULL) return constant_make(memory, NAIVE_UNKNOWN);
    if (json->kind != NAIVE_LIST)
        return single_read(memory, place, operation_ == IN ? EQ : NE, json);
    operand *operands = naive_alloc(memory, (json->count + 1) * sizeof(*operands));
    size_t count = 0;
    for (size_t i = 0; i < json->count; i++) {
        if (json->items[i]->kind == NAIVE_NULL) continue;
        if (!operand_read(memory, place, json->items[i], &operands[count++])) return NULL;
    }
    if (count == 0) return constant_make(memory, operation_ == IN ? NAIVE_NO : NAIVE_YES);
    return leaf_make(memory, place, operation_, operands, count);
}

static const naive_condition *between_read(naive_memory *memory, const naive_place *place,
                                           operation operation_, const naive_json *json)
{
    operand *operands = naive_alloc(memory, 2 * sizeof(*operands));
    if (json->kind != NAIVE_LIST || json->count != 2) return NULL;
    for (size_t i = 0; i < 2; i++)
        if (!operand_read(memory, place, json->items[i], &operands[i])) return NULL;
    if (json->items[0]->kind == NAIVE_NULL || json->items[1]->kind == NAIVE_NULL)
        return constant_make(memory, NAIVE_UNKNOWN);
    return leaf_make(memory, place, operation_, operands, 2);
}

static const naive_condition *pattern_read(naive_memory *memory, const naive_place *place,
                                           operation operation_, const naive_json *json)
{
    operand *one = naive_alloc(memory, sizeof(*one));
    if (!is_textual(place)) return NULL;
    if (json->kind == NAIVE_NULL) return constant_make(memory, NAIVE_UNKNOWN);
    one->json = naive_scalar_text(memory, json);
    if (!one->json || strlen(one->json->text) != one->json->size) return NULL;
    bool is_regexp = operation_ == REGEXP || operation_ == IREGEXP;
    if (is_regexp && !naive_regexp_read(one->json->text)) return NULL;
    return leaf_make(memory, place, operation_, one, 1);
}

static const naive_condition *set_read(naive_memory *memory, const naive_place *place,
                                       operation operation_, const naive_json *json)
{
    if (!place->path && !place->column->is_array) return NULL;
    if (json->kind == NAIVE_NULL) return constant_make(memory, NAIVE_UNKNOWN);
    naive_json *list = naive_make(memory, NAIVE_LIST);
    if (json->kind != NAIVE_LIST) naive_add(memory, list, naive_copy(memory, json));
    if (json->kind == NAIVE_LIST) list = naive_copy(memory, json);
    operand *operands = naive_alloc(memory, (list->count + 1) * sizeof(*operands));
    naive_place element = *place;
    naive_column column = naive_element(place->column);
    element.column = &column;
    for (size_t i = 0; i < list->count; i++) {
        bool takes_documents = !place->path && column.type >= NAIVE_TYPE_JSON;
        if (list->items[i]->kind >= NAIVE_LIST && !takes_documents) return NULL;
        if (!operand_read(memory, &element, list->items[i], &operands[i])) return NULL;
    }
    return leaf_make(memory, place, operation_, operands, list->count);
}

static const naive_condition *presence_read(naive_memory *memory, const naive_place *place,
                                            operation operation_, const naive_json *json)
{
    static const operation opposite[] = {IS_NOT_NULL, IS_NULL, NOT_EXISTS, EXISTS};
    if (json->kind != NAIVE_BOOLEAN) return NULL;
    if (!json->truth) operation_ = opposite[operation_ - IS_NULL];
    return leaf_make(memory, place, operation_, NULL, 0);
}

static const naive_condition *operation_read(naive_memory *memory, const naive_place *place,
                                             operation operation_, const naive_json *json)
{
    if (operation_ <= LTE) return single_read(memory, place, operation_, json);
    if (operation_ <= NIN) return list_read(memory, place, operation_, json);
    if (operation_ <= NOT_BETWEEN) return between_read(memory, place, operation_, json);
    if (operation_ <= IREGEXP) return pattern_read(memory, place, operation_, json);
    if (operation_ <= NOT_EXISTS) return presence_read(memory, place, operation_, json);
    return set_read(memory, place, operation_, json);
}

static bool child_add(naive_memory *memory, naive_condition *group, const naive_condition *child)
{
    const naive_condition **children =
        naive_alloc(memory, (group->children_count + 1) * sizeof(*children));
    for (size_t i = 0; i < group->children_count; i++)
        children[i] = group->children[i];
    children[group->children_count] = child;
    group->children = children;
    group->children_count += child != NULL;
    return child != NULL;
}

static const naive_condition *operations_read(naive_memory *memory, const naive_place *place,
                                              const naive_json *json)
{
    operation found = EQ;
    size_t known = 0;
    for (size_t i = 0; i < json->count; i++)
        known += operation_find(json->names[i], &found);
    if (known == 0 && is_document(place)) return single_read(memory, place, EQ, json);
    if (known == 0 || known < json->count) return NULL;
    naive_condition *all = condition_make(memory, ALL);
    for (size_t i = 0; i < json->count; i++) {
        if (!operation_find(json->names[i], &found)) return NULL;
        if (!child_add(memory, all, operation_read(memory, place, found, json->items[i])))
            return NULL;
    }
    return all;
}

static const naive_condition *property_read(naive_memory *memory, const naive_model *model,
                                            const char *name, const naive_json *json)
{
    naive_place place;
    if (!naive_place_read(memory, model, name, strlen(name), &place)) return NULL;
    if (json->kind == NAIVE_OBJECT) return operations_read(memory, &place, json);
    bool is_in = json->kind == NAIVE_LIST && (place.path || !place.column->is_array);
    return operation_read(memory, &place, is_in ? IN : EQ, json);
}

static const naive_condition *group_read(naive_memory *memory, const naive_model *model,
                                         condition_kind kind, const naive_json *json)
{
    naive_condition *group = condition_make(memory, kind);
    if (json->kind == NAIVE_OBJECT)
        return child_add(memory, group, naive_where_read(memory, model, json)) ? group : NULL;
    if (json->kind != NAIVE_LIST || kind == NOT) return NULL;
    for (size_t i = 0; i < json->count; i++)
        if (!child_add(memory, group, naive_where_read(memory, model, json->items[i]))) return NULL;
    return group;
}

const naive_condition *naive_where_read(naive_memory *memory, const naive_model *model,
                                        const naive_json *where)
{
    if (where->kind != NAIVE_OBJECT) return NULL;
    naive_condition *all = condition_make(memory, ALL);
    for (size_t i = 0; i < where->count; i++) {
        const char *name = where->names[i];
        const naive_json *json = where->items[i];
        const naive_condition *child = NULL;
        if (strcmp(name, "and") == 0)
            child = group_read(memory, model, ALL, json);
        else if (strcmp(name, "or") == 0)
            child = group_read(memory, model, ANY, json);
        else if (strcmp(name, "not") == 0)
            child = group_read(memory, model, NOT, json);
        else
            child = property_read(memory, model, name, json);
        if (!child_add(memory, all, child)) return NULL;
    }
    return all;
}

/* ---- testing ---- */

static naive_truth truth_of(bool holds)
{
    return holds ? NAIVE_YES : NAIVE_NO;
}

static naive_truth negated(naive_truth truth)
{
    return truth == NAIVE_UNKNOWN ? NAIVE_UNKNOWN : truth_of(truth == NAIVE_NO);
}

static naive_truth by_order(operation operation_, int order)
{
    switch (operation_) {
    case EQ: return truth_of(order == 0);
    case NE: return truth_of(order != 0);
    case GT: return truth_of(order > 0);
    case GTE: return truth_of(order >= 0);
    case LT: return truth_of(order < 0);
    default: return truth_of(order <= 0);
    }
}

/* What #>> gives; NULL: NULL. */
static const naive_json *path_text(naive_memory *memory, const naive_json *found)
{
    if (!found || found->kind == NAIVE_NULL) return NULL;
    if (found->kind == NAIVE_TEXT) return found;
    return naive_text(memory, naive_document_print(memory, found));
}

static bool is_numeral(const naive_json *text)
{
    const char *at = text->text + (*text->text == '-');
    size_t whole = strspn(at, "0123456789");
    if (whole == 0) return false;
    at += whole;
    if (*at == '.') {
        size_t fraction = strspn(at + 1, "0123456789");
        if (fraction == 0) return false;
        at += 1 + fraction;
    }
    return at == text->text + text->size;
}

static naive_truth path_compare(naive_memory *memory, operation operation_, const naive_json *found,
                                const naive_json *operand_)
{
    if (operand_->kind >= NAIVE_LIST) {
        if (!found) return NAIVE_UNKNOWN;
        return by_order(operation_, naive_document_compare(memory, found, operand_));
    }
    const naive_json *text = path_text(memory, found);
    if (!text) return NAIVE_UNKNOWN;
    if (operand_->kind == NAIVE_NUMBER) {
        if (is_numeral(text))
            return by_order(operation_, naive_decimal_compare(text->text, operand_->text));
        return operation_ == EQ ? NAIVE_NO : operation_ == NE ? NAIVE_YES : NAIVE_UNKNOWN;
    }
    const naive_json *wanted = naive_scalar_text(memory, operand_);
    return by_order(operation_,
                    naive_bytes_compare(text->text, text->size, wanted->text, wanted->size));
}

static naive_truth compare(naive_memory *memory, const naive_condition *c, const naive_row *row,
                           operation operation_, const operand *operand_)
{
    const naive_value *value = &row->values[c->place.index];
    if (c->place.path) {
        const naive_json *found = naive_place_document(&c->place, row);
        return path_compare(memory, operation_, found, operand_->json);
    }
    if (value->is_null) return NAIVE_UNKNOWN;
    return by_order(operation_,
                    naive_value_compare(memory, c->place.column, value, &operand_->value));
}

static naive_truth both(naive_truth a, naive_truth b)
{
    if (a == NAIVE_NO || b == NAIVE_NO) return NAIVE_NO;
    return a == NAIVE_UNKNOWN || b == NAIVE_UNKNOWN ? NAIVE_UNKNOWN : NAIVE_YES;
}

static naive_truth in_test(naive_memory *memory, const naive_condition *c, const naive_row *row)
{
    naive_truth none = NAIVE_YES;
    for (size_t i = 0; i < c->operands_count; i++)
        none = both(none, negated(compare(memory, c, row, EQ, &c->operands[i])));
    return none;
}

static naive_truth pattern_test(naive_memory *memory, const naive_condition *c,
                                const naive_row *row)
{
    const naive_value *value = &row->values[c->place.index];
    const naive_json *text = NULL;
    if (c->place.path)
        text = path_text(memory, naive_place_document(&c->place, row));
    else if (!value->is_null)
        text = naive_text_sized(memory, value->text, value->size);
    if (!text) return NAIVE_UNKNOWN;
    const naive_json *wanted = c->operands[0].json;
    bool is_long = text->size >= wanted->size;
    size_t rest = is_long ? text->size - wanted->size : 0;
    switch (c->operation) {
    case LIKE: return truth_of(naive_like(text->text, wanted->text, false));
    case NLIKE: return truth_of(!naive_like(text->text, wanted->text, false));
    case ILIKE: return truth_of(naive_like(text->text, wanted->text, true));
    case NILIKE: return truth_of(!naive_like(text->text, wanted->text, true));
    case STARTS_WITH:
        return truth_of(is_long && memcmp(text->text, wanted->text, wanted->size) == 0);
    case ENDS_WITH:
        return truth_of(is_long && memcmp(text->text + rest, wanted->text, wanted->size) == 0);
    default: return truth_of(naive_regexp(text->text, wanted->text, c->operation == IREGEXP));
    }
}

/* ---- lists ---- */

/* The elements of a list, of an array column or of a document. */
typedef struct elements {
    const naive_column *column; /* NULL: of a document */
    const naive_value *values;
    naive_json **documents;
    size_t count;
} elements;

static bool element_is(naive_memory *memory, const elements *list, size_t index,
                       const operand *wanted)
{
    if (list->column) {
        const naive_value *value = &list->values[index];
        if (value->is_null || wanted->value.is_null) return false;
        return naive_value_compare(memory, list->column, value, &wanted->value) == 0;
    }
    const naive_json *document = list->documents[index];
    return document->kind == wanted->json->kind &&
           naive_document_compare(memory, document, wanted->json) == 0;
}

static bool holds(naive_memory *memory, const naive_condition *c, const elements *list)
{
    bool has_all = true;
    bool has_any = false;
    bool within = true;
    for (size_t k = 0; k < c->operands_count; k++) {
        bool found = false;
        for (size_t i = 0; i < list->count; i++)
            found = found || element_is(memory, list, i, &c->operands[k]);
        has_all = has_all && found;
        has_any = has_any || found;
    }
    for (size_t i = 0; i < list->count; i++) {
        bool found = false;
        for (size_t k = 0; k < c->operands_count; k++)
            found = found || element_is(memory, list, i, &c->operands[k]);
        within = within && found;
    }
    return c->operation == CONTAINS ? has_all : c->operation == OVERLAPS ? has_any : within;
}

static naive_truth set_test(naive_memory *memory, const naive_condition *c, const naive_row *row)
{
    elements list = {0};
    naive_column element = naive_element(c->place.column);
    if (c->place.path) {
        const naive_json *found = naive_place_document(&c->place, row);
        if (!found) return NAIVE_UNKNOWN;
        if (found->kind != NAIVE_LIST) return NAIVE_NO;
        list.documents = found->items;
        list.count = found->count;
    } else {
        const naive_value *value = &row->values[c->place.index];
        if (value->is_null) return NAIVE_UNKNOWN;
        list = (elements){.column = &element, .values = value->items, .count = value->count};
    }
    return truth_of(holds(memory, c, &list));
}

static naive_truth presence_test(const naive_condition *c, const naive_row *row)
{
    bool is_there = !row->values[c->place.index].is_null;
    bool is_null = !is_there;
    if (c->place.path) {
        const naive_json *found = naive_place_document(&c->place, row);
        is_there = found != NULL;
        is_null = !found || found->kind == NAIVE_NULL;
    }
    switch (c->operation) {
    case IS_NULL: return truth_of(is_null);
    case IS_NOT_NULL: return truth_of(!is_null);
    case EXISTS: return truth_of(is_there);
    default: return truth_of(!is_there);
    }
}

static naive_truth leaf_test(naive_memory *memory, const naive_condition *c, const naive_row *row)
{
    if (c->operation <= LTE) return compare(memory, c, row, c->operation, &c->operands[0]);
    if (c->operation == NIN) return in_test(memory, c, row);
    if (c->operation == IN) return negated(in_test(memory, c, row));
    if (c->operation <= NOT_BETWEEN) {
        naive_truth truth = both(compare(memory, c, row, GTE, &c->operands[0]),
                                 compare(memory, c, row, LTE, &c->operands[1]));
        return c->operation == BETWEEN ? truth : negated(truth);
    }
    if (c->operation <= IREGEXP) return pattern_test(memory, c, row);
    if (c->operation <= NOT_EXISTS) return presence_test(c, row);
    return set_test(memory, c, row);
}

naive_truth naive_where_test(naive_memory *memory, const naive_condition *condition,
                             const naive_row *row)
{
    if (condition->kind == CONSTANT) return condition->constant;
    if (condition->kind == LEAF) return leaf_test(memory, condition, row);
    if (condition->kind == NOT)
        return negated(naive_where_test(memory, condition->children[0], row));
    bool is_any = condition->kind == ANY;
    naive_truth truth = NAIVE_YES;
    for (size_t i = 0; i < condition->children_count; i++) {
        naive_truth child = naive_where_test(memory, condition->children[i], row);
        truth = both(truth, is_any ? negated(child) : child);
    }
    return is_any ? negated(truth) : truth;
}
