/* Operators on JSON paths. What lies at a path is compared in the form of the operand: as text (#>>),
   as a number where that text reads as one, or as a document. */
#include "filter/filter.h"

static const ignis_type forms[] = {IGNIS_TYPE_TEXT, IGNIS_TYPE_NUMERIC, IGNIS_TYPE_JSONB};

static ignis_type form_of(const json *value)
{
    switch (value->kind) {
    case JSON_INTEGER:
    case JSON_NUMBER: return IGNIS_TYPE_NUMERIC;
    case JSON_ARRAY:
    case JSON_OBJECT: return IGNIS_TYPE_JSONB;
    default: return IGNIS_TYPE_TEXT;
    }
}

bool filter_form_fits(const model_column *column, const json *value)
{
    if (!column->path || filter_place_is_whole(column)) return true;
    return column->type.type == form_of(value);
}

bool filter_column_is_path(const model_column *column)
{
    return column->path && column->type.type == IGNIS_TYPE_JSONB && !filter_place_is_whole(column);
}

/* ---- groups ---- */

/* Makes a condition a group without children; *tail is where they go. */
static void group_become(filter_condition *condition, filter_kind kind, filter_condition ***tail)
{
    condition->kind = kind;
    condition->children = NULL;
    *tail = &condition->children;
}

static ignis_code child_add(filter_reader *reader, filter_kind kind, filter_condition ***tail,
                            filter_condition **child)
{
    *child = filter_condition_make(reader, kind);
    if (!*child) return context_error_code(reader->ctx);
    **tail = *child;
    *tail = &(*child)->next;
    return IGNIS_OK;
}

/* A comparison of what lies at place, in a form. */
static ignis_code compare_add(filter_reader *reader, const filter_condition *like, ignis_type form,
                              filter_condition ***tail, filter_condition **child)
{
    IGNIS_TRY(child_add(reader, FILTER_COMPARE, tail, child));
    (*child)->op = like->op;
    (*child)->operands[0] = like->operands[0];
    return filter_place_as(reader, like->column, form, &(*child)->column);
}

/* What is there but reads as no number equals none: eq and in are false of it, ne and nin true, while
   they are unknown where nothing is there. */
static ignis_code number_guard(filter_reader *reader, filter_condition *condition)
{
    bool is_negated = condition->op == FILTER_NE || condition->op == FILTER_NIN;
    bool is_guarded = is_negated || condition->op == FILTER_EQ || condition->op == FILTER_IN;
    if (condition->kind != FILTER_COMPARE || !is_guarded) return IGNIS_OK;
    filter_condition **tail;
    filter_condition **inner;
    filter_condition *child;
    const filter_condition compare = *condition;
    group_become(condition, is_negated ? FILTER_OR : FILTER_AND, &tail);
    IGNIS_TRY(child_add(reader, FILTER_COMPARE, &tail, &child));
    *child = compare;
    child->next = NULL;
    IGNIS_TRY(child_add(reader, is_negated ? FILTER_AND : FILTER_OR, &tail, &child));
    inner = &child->children;
    IGNIS_TRY(compare_add(reader, &compare, IGNIS_TYPE_NUMERIC, &inner, &child));
    child->op = is_negated ? FILTER_IS_NULL : FILTER_IS_NOT_NULL;
    IGNIS_TRY(compare_add(reader, &compare, IGNIS_TYPE_TEXT, &inner, &child));
    child->op = is_negated ? FILTER_IS_NOT_NULL : FILTER_IS_NULL;
    return IGNIS_OK;
}

/* ---- values of the context, whose form is known when they are bound ---- */

/* Adds: the context's value has (has not) this form. */
static ignis_code given_add(filter_reader *reader, const filter_condition *condition,
                            ignis_type form, filter_condition ***tail)
{
    filter_condition *given;
    IGNIS_TRY(compare_add(reader, condition, form, tail, &given));
    given->op = FILTER_GIVEN;
    return IGNIS_OK;
}

static ignis_code not_given_add(filter_reader *reader, const filter_condition *condition,
                                ignis_type form, filter_condition ***tail)
{
    filter_condition *negation;
    IGNIS_TRY(child_add(reader, FILTER_NOT, tail, &negation));
    filter_condition **inner = &negation->children;
    return given_add(reader, condition, form, &inner);
}

/* The value has one form at most; a null is compared as text, which gives unknown. */
static ignis_code context_compare(filter_reader *reader, filter_condition *condition)
{
    const filter_condition compare = *condition;
    filter_condition **tail;
    filter_condition *child;
    group_become(condition, FILTER_OR, &tail);
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        IGNIS_TRY(child_add(reader, FILTER_AND, &tail, &child));
        filter_condition **inner = &child->children;
        if (forms[i] == IGNIS_TYPE_TEXT) {
            IGNIS_TRY(not_given_add(reader, &compare, IGNIS_TYPE_NUMERIC, &inner));
            IGNIS_TRY(not_given_add(reader, &compare, IGNIS_TYPE_JSONB, &inner));
        } else {
            IGNIS_TRY(given_add(reader, &compare, forms[i], &inner));
        }
        IGNIS_TRY(compare_add(reader, &compare, forms[i], &inner, &child));
        if (forms[i] == IGNIS_TYPE_NUMERIC) IGNIS_TRY(number_guard(reader, child));
    }
    return IGNIS_OK;
}

/* Each form takes its elements of the list. */
static ignis_code context_membership(filter_reader *reader, filter_condition *condition)
{
    const filter_condition compare = *condition;
    filter_condition **tail;
    filter_condition *child;
    group_become(condition, compare.op == FILTER_IN ? FILTER_OR : FILTER_AND, &tail);
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        IGNIS_TRY(compare_add(reader, &compare, forms[i], &tail, &child));
        if (forms[i] == IGNIS_TYPE_NUMERIC) IGNIS_TRY(number_guard(reader, child));
    }
    return IGNIS_OK;
}

static ignis_code context_read(filter_reader *reader, filter_condition *condition, const char *name)
{
    IGNIS_TRY(filter_operand_context(reader, &condition->operands[0], name));
    condition->operands[0].reading = FILTER_READ_FORM;
    bool is_membership = condition->op == FILTER_IN || condition->op == FILTER_NIN;
    return is_membership ? context_membership(reader, condition)
                         : context_compare(reader, condition);
}

/* ---- the caller's values ---- */

static ignis_code form_read(filter_reader *reader, filter_condition *condition, ignis_type form,
                            const json *value)
{
    IGNIS_TRY(filter_place_as(reader, condition->column, form, &condition->column));
    IGNIS_TRY(filter_operands_read(reader, condition, value));
    return form == IGNIS_TYPE_NUMERIC ? number_guard(reader, condition) : IGNIS_OK;
}

static bool form_is_there(const json *list, ignis_type form)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->as.items[i].kind != JSON_NULL && form_of(&list->as.items[i]) == form) return true;
    }
    return false;
}

/* in and nin: one list for each form among the elements. */
static ignis_code members_read(filter_reader *reader, filter_condition *condition,
                               const json *value)
{
    const filter_condition compare = *condition;
    filter_condition **tail;
    filter_condition *child;
    IGNIS_TRY(filter_list_check(reader, value->count));
    group_become(condition, compare.op == FILTER_IN ? FILTER_OR : FILTER_AND, &tail);
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        if (!form_is_there(value, forms[i])) continue;
        IGNIS_TRY(compare_add(reader, &compare, forms[i], &tail, &child));
        IGNIS_TRY(form_read(reader, child, forms[i], value));
    }
    return IGNIS_OK;
}

/* Each end has its own form. */
static ignis_code ends_read(filter_reader *reader, filter_condition *condition, const json *value)
{
    IGNIS_TRY(filter_between_check(reader, condition, value));
    if (value->as.items[0].kind == JSON_NULL || value->as.items[1].kind == JSON_NULL) {
        condition->kind = FILTER_UNKNOWN;
        return IGNIS_OK;
    }
    const filter_condition compare = *condition;
    bool is_inside = compare.op == FILTER_BETWEEN;
    const filter_operator ops[] = {is_inside ? FILTER_GTE : FILTER_LT,
                                   is_inside ? FILTER_LTE : FILTER_GT};
    filter_condition **tail;
    filter_condition *child;
    group_become(condition, is_inside ? FILTER_AND : FILTER_OR, &tail);
    for (size_t i = 0; i < 2; i++) {
        IGNIS_TRY(compare_add(reader, &compare, IGNIS_TYPE_JSONB, &tail, &child));
        child->op = ops[i];
        if (filter_compare_read(reader, child, &value->as.items[i]) != IGNIS_OK) {
            return context_path(reader->ctx, "[%zu]", i);
        }
    }
    return IGNIS_OK;
}

/* isNull ... notExists: a JSON null is there, but null. */
static ignis_code presence_read(filter_reader *reader, filter_condition *condition,
                                const json *value)
{
    bool is_form_text = condition->op == FILTER_IS_NULL || condition->op == FILTER_IS_NOT_NULL;
    IGNIS_TRY(filter_place_as(reader, condition->column,
                              is_form_text ? IGNIS_TYPE_TEXT : IGNIS_TYPE_JSONB,
                              &condition->column));
    return filter_operands_read(reader, condition, value);
}

static ignis_code null_read(filter_reader *reader, filter_condition *condition)
{
    if (condition->op != FILTER_EQ && condition->op != FILTER_NE) {
        condition->kind = FILTER_UNKNOWN;
        return IGNIS_OK;
    }
    condition->op = condition->op == FILTER_EQ ? FILTER_IS_NULL : FILTER_IS_NOT_NULL;
    return filter_place_as(reader, condition->column, IGNIS_TYPE_TEXT, &condition->column);
}

/* ---- contains, containedBy, overlaps ---- */

ignis_code filter_scalars_read(ignis_context *ctx, arena *memory, const json *value,
                               ignis_cell *cell)
{
    const json single = {.kind = JSON_ARRAY, .count = 1, .as.items = value};
    const json *list = value->kind == JSON_ARRAY ? value : &single;
    text written;
    for (size_t i = 0; i < list->count; i++) {
        json_kind kind = list->as.items[i].kind;
        if (kind != JSON_ARRAY && kind != JSON_OBJECT) continue;
        context_fail(ctx, IGNIS_E_INVALID, "expected a scalar, got %s",
                     json_kind_name(&list->as.items[i]));
        return list == value ? context_path(ctx, "[%zu]", i) : IGNIS_E_INVALID;
    }
    text_init(&written, memory, 0);
    bool is_written = document_write(&written, list);
    if (written.code != IGNIS_OK) return context_fail_memory(ctx, memory);
    if (!is_written) {
        return context_fail(ctx, IGNIS_E_INVALID,
                            "expected scalars whose numbers are within the range of numeric");
    }
    *cell = (ignis_cell){.kind = IGNIS_CELL_TEXT, .size = written.size, .as.text = written.data};
    return IGNIS_OK;
}

static ignis_code set_read(filter_reader *reader, filter_condition *condition, const json *value)
{
    filter_operand *operand = &condition->operands[0];
    const char *name = filter_context_name(reader, value);
    ignis_cell cell;
    if (name) {
        operand->reading = FILTER_READ_SCALARS;
        return filter_operand_context(reader, operand, name);
    }
    if (value->kind == JSON_ARRAY) IGNIS_TRY(filter_list_check(reader, value->count));
    IGNIS_TRY(filter_scalars_read(reader->ctx, reader->memory, value, &cell));
    if (condition->op == FILTER_OVERLAPS && value->kind == JSON_ARRAY && value->count == 0) {
        condition->op = FILTER_NEVER;
        return IGNIS_OK;
    }
    return filter_operand_set(reader, operand, &cell);
}

/* ---- all of them ---- */

ignis_code filter_path_compare_read(filter_reader *reader, filter_condition *condition,
                                    const json *value)
{
    filter_operator op = condition->op;
    if (filter_operator_is_text(op)) {
        IGNIS_TRY(filter_place_as(reader, condition->column, IGNIS_TYPE_TEXT, &condition->column));
        return filter_compare_read(reader, condition, value);
    }
    switch (op) {
    case FILTER_IS_NULL:
    case FILTER_IS_NOT_NULL:
    case FILTER_PRESENT:
    case FILTER_ABSENT: return presence_read(reader, condition, value);
    case FILTER_BETWEEN:
    case FILTER_NOT_BETWEEN: return ends_read(reader, condition, value);
    default: break;
    }
    if (value->kind == JSON_NULL) return null_read(reader, condition);
    if (filter_operator_is_set(op)) return set_read(reader, condition, value);
    const char *name = filter_context_name(reader, value);
    if (name) return context_read(reader, condition, name);
    bool is_list = value->kind == JSON_ARRAY && (op == FILTER_IN || op == FILTER_NIN);
    if (is_list) return members_read(reader, condition, value);
    return form_read(reader, condition, form_of(value), value);
}
