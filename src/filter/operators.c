#include "filter/filter.h"

typedef struct operator_name {
    const char *name;
    filter_operator op;
} operator_name;

/* The first name of an operator is its canonical one. */
static const operator_name operators[] = {
    {"eq", FILTER_EQ},
    {"is", FILTER_EQ},
    {"ne", FILTER_NE},
    {"neq", FILTER_NE},
    {"isn", FILTER_NE},
    {"gt", FILTER_GT},
    {"gte", FILTER_GTE},
    {"lt", FILTER_LT},
    {"lte", FILTER_LTE},
    {"in", FILTER_IN},
    {"inq", FILTER_IN},
    {"nin", FILTER_NIN},
    {"notIn", FILTER_NIN},
    {"between", FILTER_BETWEEN},
    {"notBetween", FILTER_NOT_BETWEEN},
    {"like", FILTER_LIKE},
    {"nlike", FILTER_NLIKE},
    {"notLike", FILTER_NLIKE},
    {"ilike", FILTER_ILIKE},
    {"nilike", FILTER_NILIKE},
    {"notILike", FILTER_NILIKE},
    {"startsWith", FILTER_STARTS_WITH},
    {"endsWith", FILTER_ENDS_WITH},
    {"regexp", FILTER_REGEXP},
    {"iregexp", FILTER_IREGEXP},
    {"isNull", FILTER_IS_NULL},
    {"isNotNull", FILTER_IS_NOT_NULL},
    {"exists", FILTER_PRESENT},
    {"notExists", FILTER_ABSENT},
    {"contains", FILTER_CONTAINS},
    {"containedBy", FILTER_CONTAINED_BY},
    {"overlaps", FILTER_OVERLAPS},
};

filter_operator filter_operator_read(const char *name, size_t size)
{
    for (size_t i = 0; i < ARRAY_COUNT(operators); i++) {
        const char *known = operators[i].name;
        if (strlen(known) == size && memcmp(known, name, size) == 0) return operators[i].op;
    }
    return 0;
}

const char *filter_operator_name(filter_operator op)
{
    for (size_t i = 0; i < ARRAY_COUNT(operators); i++) {
        if (operators[i].op == op) return operators[i].name;
    }
    return "";
}

bool filter_operator_is_text(filter_operator op)
{
    return op >= FILTER_LIKE && op <= FILTER_IREGEXP;
}

bool filter_operator_is_set(filter_operator op)
{
    return op == FILTER_CONTAINS || op == FILTER_CONTAINED_BY || op == FILTER_OVERLAPS;
}

static const char *operator_at(const void *list, size_t i)
{
    (void)list;
    return i < ARRAY_COUNT(operators) ? operators[i].name : NULL;
}

const char *filter_operator_nearest(const char *name, size_t size)
{
    return names_nearest(name, size, operator_at, NULL);
}
