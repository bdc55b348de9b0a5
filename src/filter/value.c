#include "filter/filter.h"

static bool is_text(const model_column *column)
{
    return column->type.type == IGNIS_TYPE_TEXT || column->type.type == IGNIS_TYPE_VARCHAR;
}

const char *filter_context_name(const filter_reader *reader, const json *value)
{
    if (!reader->is_default || value->kind != JSON_OBJECT || value->count != 1) return NULL;
    const json_member *member = &value->as.members[0];
    if (strcmp(member->name, "$context") != 0 || member->value.kind != JSON_STRING) return NULL;
    return member->value.count > 0 ? member->value.as.text : NULL;
}

ignis_code filter_operand_set(filter_reader *reader, filter_operand *operand,
                              const ignis_cell *cell)
{
    if (reader->is_default) {
        operand->source = FILTER_CONSTANT;
        operand->constant = *cell;
        return IGNIS_OK;
    }
    operand->source = FILTER_SLOT;
    return filter_slot_add(reader, cell, &operand->slot);
}

ignis_code filter_operand_context(filter_reader *reader, filter_operand *operand, const char *name)
{
    operand->source = FILTER_CONTEXT;
    operand->name = arena_copy(reader->memory, name, strlen(name));
    return operand->name ? IGNIS_OK : context_fail_memory(reader->ctx, reader->memory);
}

/* A value of the column; an array's is a list, whose length is bounded. */
static ignis_code value_read(filter_reader *reader, const model_column *column, const json *value,
                             ignis_cell *cell)
{
    if (value->kind == JSON_ARRAY) IGNIS_TRY(filter_list_check(reader, value->count));
    return model_value_read(reader->ctx, reader->memory, column, value, MODEL_VALUE_FILTER, cell);
}

static ignis_code operand_read(filter_reader *reader, const model_column *column, const json *value,
                               filter_operand *operand)
{
    const char *name = filter_context_name(reader, value);
    if (name) return filter_operand_context(reader, operand, name);
    ignis_cell cell;
    IGNIS_TRY(value_read(reader, column, value, &cell));
    return filter_operand_set(reader, operand, &cell);
}

/* eq and ne: of null they are IS NULL and IS NOT NULL. */
static ignis_code equality_read(filter_reader *reader, filter_condition *condition,
                                const json *value)
{
    if (value->kind == JSON_NULL) {
        condition->op = condition->op == FILTER_EQ ? FILTER_IS_NULL : FILTER_IS_NOT_NULL;
        return IGNIS_OK;
    }
    return operand_read(reader, condition->column, value, &condition->operands[0]);
}

/* like and its kin; an open pattern matches nothing. A default filter's pattern is a literal that the
   engine sees itself. */
static ignis_code pattern_read(filter_reader *reader, filter_condition *condition,
                               const json *value)
{
    const char *name = filter_context_name(reader, value);
    if (name) return filter_operand_context(reader, &condition->operands[0], name);
    ignis_cell cell;
    IGNIS_TRY(value_read(reader, condition->column, value, &cell));
    if (pattern_is_open(cell.as.text, cell.size)) {
        bool is_negated = condition->op == FILTER_NLIKE || condition->op == FILTER_NILIKE;
        condition->op = is_negated ? FILTER_ALWAYS : FILTER_NEVER;
        return IGNIS_OK;
    }
    IGNIS_TRY(filter_operand_set(reader, &condition->operands[0], &cell));
    if (reader->is_default || condition->op != FILTER_LIKE) return IGNIS_OK;
    return filter_pattern_range(reader, condition, &cell);
}

/* startsWith and endsWith: the text itself, without wildcards. */
static ignis_code affix_read(filter_reader *reader, filter_condition *condition, const json *value)
{
    filter_operand *operand = &condition->operands[0];
    IGNIS_TRY(operand_read(reader, condition->column, value, operand));
    if (operand->source != FILTER_SLOT || condition->op != FILTER_STARTS_WITH) return IGNIS_OK;
    const ignis_cell prefix = reader->tree->values[operand->slot];
    return filter_prefix_range(reader, condition, &prefix);
}

/* regexp and iregexp. The patterns of default filters are the model author's. */
static ignis_code regexp_read(filter_reader *reader, filter_condition *condition, const json *value)
{
    filter_operand *operand = &condition->operands[0];
    if (!reader->policy->trusted && !reader->policy->allow_regexp) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "the operator '%s' is not allowed",
                            filter_operator_name(condition->op));
    }
    if (value->kind == JSON_NULL) {
        condition->kind = FILTER_UNKNOWN;
        return IGNIS_OK;
    }
    IGNIS_TRY(operand_read(reader, condition->column, value, operand));
    if (operand->source != FILTER_SLOT) return IGNIS_OK;
    return filter_pattern_note(reader, operand->slot);
}

/* isNull, isNotNull, exists and notExists: of false they are their opposites. */
static ignis_code null_check_read(filter_reader *reader, filter_condition *condition,
                                  const json *value)
{
    if (value->kind != JSON_BOOLEAN) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "%s takes true or false, not %s",
                            filter_operator_name(condition->op), json_kind_name(value));
    }
    bool is_negated = condition->op == FILTER_IS_NOT_NULL || condition->op == FILTER_PRESENT;
    condition->op = is_negated == value->boolean ? FILTER_IS_NOT_NULL : FILTER_IS_NULL;
    return IGNIS_OK;
}

/* contains, containedBy and overlaps: a scalar is a list of one. */
static ignis_code set_read(filter_reader *reader, filter_condition *condition, const json *value)
{
    filter_operand *operand = &condition->operands[0];
    const char *name = filter_context_name(reader, value);
    ignis_cell cell;
    operand->is_wrapped = name != NULL;
    if (name) return filter_operand_context(reader, operand, name);
    if (value->kind == JSON_ARRAY) IGNIS_TRY(filter_list_check(reader, value->count));
    IGNIS_TRY(model_list_read(reader->ctx, reader->memory, condition->column, value,
                              MODEL_VALUE_FILTER, &cell));
    return filter_operand_set(reader, operand, &cell);
}

/* in and nin: null elements are ignored, an empty list is false or true. */
static ignis_code list_read(filter_reader *reader, filter_condition *condition, const json *value)
{
    IGNIS_TRY(filter_list_check(reader, value->count));
    ignis_cell *items = arena_array(reader->memory, value->count, sizeof(*items));
    if (!items) return context_fail_memory(reader->ctx, reader->memory);
    size_t count = 0;
    for (size_t i = 0; i < value->count; i++) {
        const json *item = &value->as.items[i];
        if (item->kind == JSON_NULL || !filter_form_fits(condition->column, item)) continue;
        if (value_read(reader, condition->column, item, &items[count]) != IGNIS_OK) {
            return context_path(reader->ctx, "[%zu]", i);
        }
        count++;
    }
    if (count == 0) {
        condition->kind = condition->op == FILTER_IN ? FILTER_FALSE : FILTER_TRUE;
        return IGNIS_OK;
    }
    ignis_cell list = {.kind = IGNIS_CELL_LIST, .size = count, .as.items = items};
    condition->operands[0].is_long = count > FILTER_LIST_SHORT;
    return filter_operand_set(reader, &condition->operands[0], &list);
}

/* Of a scalar in and nin are eq and ne; of null no row. */
static ignis_code membership_read(filter_reader *reader, filter_condition *condition,
                                  const json *value)
{
    if (value->kind == JSON_ARRAY) return list_read(reader, condition, value);
    if (value->kind == JSON_NULL) {
        condition->kind = FILTER_UNKNOWN;
        return IGNIS_OK;
    }
    if (filter_context_name(reader, value)) {
        return filter_operand_context(reader, &condition->operands[0],
                                      filter_context_name(reader, value));
    }
    condition->op = condition->op == FILTER_IN ? FILTER_EQ : FILTER_NE;
    return operand_read(reader, condition->column, value, &condition->operands[0]);
}

ignis_code filter_between_check(filter_reader *reader, const filter_condition *condition,
                                const json *value)
{
    const char *name = filter_operator_name(condition->op);
    if (value->kind == JSON_ARRAY && value->count == 2) return IGNIS_OK;
    if (value->kind == JSON_ARRAY) {
        return context_fail(reader->ctx, IGNIS_E_INVALID,
                            "%s takes a list of exactly two values, not of %zu", name,
                            value->count);
    }
    return context_fail(reader->ctx, IGNIS_E_INVALID,
                        "%s takes a list of exactly two values, not %s", name,
                        json_kind_name(value));
}

static ignis_code between_read(filter_reader *reader, filter_condition *condition,
                               const json *value)
{
    IGNIS_TRY(filter_between_check(reader, condition, value));
    size_t values_count = reader->tree->values_count;
    for (size_t i = 0; i < 2; i++) {
        const json *end = &value->as.items[i];
        if (end->kind == JSON_NULL) {
            condition->kind = FILTER_UNKNOWN;
        } else if (operand_read(reader, condition->column, end, &condition->operands[i]) !=
                   IGNIS_OK) {
            return context_path(reader->ctx, "[%zu]", i);
        }
    }
    /* An end that was read beside a null one takes no slot: the shape does not tell of it. */
    if (condition->kind == FILTER_UNKNOWN) reader->tree->values_count = values_count;
    return IGNIS_OK;
}

/* What this column can be asked. */
static ignis_code operator_check(filter_reader *reader, const filter_condition *condition)
{
    const model_column *column = condition->column;
    const char *needed = NULL;
    char expected[64];
    if (filter_operator_is_text(condition->op) && (!is_text(column) || column->type.array)) {
        needed = "a text column";
    } else if (filter_operator_is_set(condition->op) && !column->type.array) {
        needed = "an array column";
    }
    if (needed) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "%s needs %s; '%s' holds %s",
                            filter_operator_name(condition->op), needed, column->name,
                            model_type_expected(&column->type, expected));
    }
    return IGNIS_OK;
}

/* Whether a document as a whole is to be NULL, which is the column's own matter. */
static bool is_null_check(const filter_condition *condition, const json *value)
{
    switch (condition->op) {
    case FILTER_EQ:
    case FILTER_NE: return value->kind == JSON_NULL;
    case FILTER_IS_NULL:
    case FILTER_IS_NOT_NULL:
    case FILTER_PRESENT:
    case FILTER_ABSENT: return true;
    default: return false;
    }
}

ignis_code filter_compare_read(filter_reader *reader, filter_condition *condition,
                               const json *value)
{
    const model_column *column = condition->column;
    if (filter_column_is_path(column)) return filter_path_compare_read(reader, condition, value);
    if (column->path && filter_place_is_whole(column) && is_null_check(condition, value)) {
        condition->column = column->base;
    }
    IGNIS_TRY(operator_check(reader, condition));
    return filter_operands_read(reader, condition, value);
}

ignis_code filter_operands_read(filter_reader *reader, filter_condition *condition,
                                const json *value)
{
    switch (condition->op) {
    case FILTER_EQ:
    case FILTER_NE: return equality_read(reader, condition, value);
    case FILTER_IN:
    case FILTER_NIN: return membership_read(reader, condition, value);
    case FILTER_BETWEEN:
    case FILTER_NOT_BETWEEN: return between_read(reader, condition, value);
    case FILTER_REGEXP:
    case FILTER_IREGEXP: return regexp_read(reader, condition, value);
    case FILTER_IS_NULL:
    case FILTER_IS_NOT_NULL:
    case FILTER_PRESENT:
    case FILTER_ABSENT: return null_check_read(reader, condition, value);
    default: break;
    }
    if (value->kind == JSON_NULL) {
        condition->kind = FILTER_UNKNOWN;
        return IGNIS_OK;
    }
    switch (condition->op) {
    case FILTER_LIKE:
    case FILTER_NLIKE:
    case FILTER_ILIKE:
    case FILTER_NILIKE: return pattern_read(reader, condition, value);
    case FILTER_STARTS_WITH:
    case FILTER_ENDS_WITH: return affix_read(reader, condition, value);
    case FILTER_CONTAINS:
    case FILTER_CONTAINED_BY:
    case FILTER_OVERLAPS: return set_read(reader, condition, value);
    default: break;
    }
    return operand_read(reader, condition->column, value, &condition->operands[0]);
}
