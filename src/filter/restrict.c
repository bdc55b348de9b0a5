#include "filter/filter.h"

/* What a condition is before any row is looked at. */
typedef enum truth { TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_TRUE, TRUTH_OPEN } truth;

static truth truth_of(const filter_condition *condition);

static truth truth_not(truth of)
{
    if (of == TRUTH_FALSE) return TRUTH_TRUE;
    return of == TRUTH_TRUE ? TRUTH_FALSE : of;
}

/* Of and: one false decides; else what is open stays open. Of or the same with true. */
static truth truth_of_children(const filter_condition *condition, truth deciding)
{
    truth all = truth_not(deciding);
    for (const filter_condition *child = condition->children; child; child = child->next) {
        truth of = truth_of(child);
        if (of == deciding) return deciding;
        if (of == TRUTH_OPEN || (of == TRUTH_UNKNOWN && all != TRUTH_OPEN)) all = of;
    }
    return all;
}

static truth truth_of(const filter_condition *condition)
{
    switch (condition->kind) {
    case FILTER_AND: return truth_of_children(condition, TRUTH_FALSE);
    case FILTER_OR: return truth_of_children(condition, TRUTH_TRUE);
    case FILTER_NOT: return truth_not(truth_of(condition->children));
    case FILTER_TRUE: return TRUTH_TRUE;
    case FILTER_FALSE: return TRUTH_FALSE;
    case FILTER_UNKNOWN: return TRUTH_UNKNOWN;
    case FILTER_COMPARE: break;
    }
    return TRUTH_OPEN;
}

bool filter_restricts(const filter_condition *where)
{
    return where && truth_of(where) != TRUTH_TRUE;
}
