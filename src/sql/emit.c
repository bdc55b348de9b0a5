#include "sql/sql.h"

const ignis_value_type sql_bigint = {.type = IGNIS_TYPE_BIGINT};

void sql_emitter_start(sql_emitter *emitter, ignis_context *ctx, arena *memory,
                       ignis_dialect dialect)
{
    *emitter = (sql_emitter){.ctx = ctx, .memory = memory, .dialect = dialect};
    text_init(&emitter->out, memory, 0);
}

/* What one statement takes: SQLite's and PostgreSQL's bounds. */
static size_t parameters_max(ignis_dialect dialect)
{
    return dialect == IGNIS_DIALECT_SQLITE ? 32766 : 65535;
}

static bool parameters_reserve(sql_emitter *emitter)
{
    size_t old = emitter->parameters_capacity;
    if (emitter->parameters_count < old) return true;
    size_t capacity = old ? 2 * old : 8;
    sql_parameter *parameters =
        arena_grow(emitter->memory, emitter->parameters, old * sizeof(*parameters),
                   capacity * sizeof(*parameters));
    if (!parameters) return false;
    emitter->parameters = parameters;
    ignis_value_type *types = arena_grow(emitter->memory, emitter->types, old * sizeof(*types),
                                         capacity * sizeof(*types));
    if (!types) return false;
    emitter->types = types;
    emitter->parameters_capacity = capacity;
    return true;
}

void sql_parameter_add(sql_emitter *emitter, const sql_parameter *parameter,
                       const ignis_value_type *type)
{
    if (!parameters_reserve(emitter)) {
        emitter->out.code = arena_code(emitter->memory);
        return;
    }
    emitter->types[emitter->parameters_count] = *type;
    emitter->parameters[emitter->parameters_count++] = *parameter;
}

/* SQLite takes long over numbered placeholders: the next one needs no number. */
static void placeholder_emit(sql_emitter *emitter, size_t number)
{
    bool is_sqlite = emitter->dialect == IGNIS_DIALECT_SQLITE;
    text_char(&emitter->out, is_sqlite ? '?' : '$');
    if (!is_sqlite || number != emitter->placeholder_last + 1) {
        text_integer(&emitter->out, (int64_t)number);
    }
    if (number > emitter->placeholder_last) emitter->placeholder_last = number;
}

void sql_emit_parameter(sql_emitter *emitter, const sql_parameter *parameter,
                        const ignis_value_type *type)
{
    sql_parameter_add(emitter, parameter, type);
    placeholder_emit(emitter, emitter->parameters_count);
    if (emitter->dialect != IGNIS_DIALECT_POSTGRES || type->type != IGNIS_TYPE_OTHER) return;
    if (type->array && type->list) return;
    text_string(&emitter->out, "::");
    text_string(&emitter->out, type->cast);
    if (type->array || type->list) text_string(&emitter->out, "[]");
}

static bool types_equal(const ignis_value_type *a, const ignis_value_type *b)
{
    return a->type == b->type && a->array == b->array && a->list == b->list && a->cast == b->cast;
}

void sql_emit_slot(sql_emitter *emitter, size_t slot, const ignis_value_type *type)
{
    enum { REUSED_MAX = 64 };
    for (size_t i = 0; i < emitter->parameters_count && i < REUSED_MAX; i++) {
        const sql_parameter *known = &emitter->parameters[i];
        if (known->source != SQL_SLOT || known->slot != slot) continue;
        if (!types_equal(&emitter->types[i], type)) continue;
        placeholder_emit(emitter, i + 1);
        return;
    }
    sql_emit_parameter(emitter, &(sql_parameter){.source = SQL_SLOT, .slot = slot}, type);
}

void sql_emit_column(sql_emitter *emitter, const char *alias, const model_column *column)
{
    if (column->path) {
        sql_emit_path(emitter, alias, column);
        return;
    }
    text_string(&emitter->out, alias);
    text_char(&emitter->out, '.');
    sql_identifier(&emitter->out, column->column);
}

void sql_emit_result_cast(sql_emitter *emitter, const model_column *column)
{
    if (emitter->dialect != IGNIS_DIALECT_POSTGRES || column->type.type != IGNIS_TYPE_OTHER) return;
    text_string(&emitter->out, column->type.array ? "::text[]" : "::text");
}

void sql_emit_columns(sql_emitter *emitter, const char *alias, const model_column *const *columns,
                      size_t count, bool is_result)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_string(&emitter->out, ", ");
        sql_emit_column(emitter, alias, columns[i]);
        if (is_result) sql_emit_result_cast(emitter, columns[i]);
    }
    if (count == 0) text_char(&emitter->out, '1');
}

void sql_emit_table(sql_emitter *emitter, const model_entity *entity, const char *alias)
{
    sql_table(&emitter->out, emitter->dialect, entity);
    text_string(&emitter->out, " AS ");
    text_string(&emitter->out, alias);
}

/* ---- conditions --------------------------------------------------------------------------------- */

ignis_value_type sql_compared_type(const sql_emitter *emitter, const model_column *column)
{
    ignis_value_type type = column->type;
    bool is_json = type.type == IGNIS_TYPE_JSON && emitter->dialect == IGNIS_DIALECT_POSTGRES;
    if (is_json) type.type = IGNIS_TYPE_JSONB;
    return type;
}

void sql_emit_compared(sql_emitter *emitter, const char *alias, const model_column *column)
{
    ignis_value_type type = sql_compared_type(emitter, column);
    sql_emit_column(emitter, alias, column);
    if (type.type == column->type.type) return;
    text_string(&emitter->out, "::");
    sql_postgres_type(&emitter->out, &type);
}

/* What a statement's parameter is read for outlives the filter; a path does not. */
static const model_column *column_keep(sql_emitter *emitter, const model_column *column)
{
    if (!column->path) return column;
    model_column *kept = arena_array(emitter->memory, 1, sizeof(*kept));
    const char *path = arena_copy(emitter->memory, column->path, strlen(column->path));
    if (!kept || !path) {
        emitter->out.code = arena_code(emitter->memory);
        return column;
    }
    *kept = *column;
    kept->path = path;
    return kept;
}

/* SQLite computes what is constant before it looks for rows, and compares each constant with all
   before. A value beyond the first ones is therefore that of a function, which it takes for none. */
static void value_emit(sql_emitter *emitter, size_t slot, const ignis_value_type *type)
{
    enum { CONSTANTS_MAX = 256 };
    bool is_late = emitter->dialect == IGNIS_DIALECT_SQLITE && !type->list &&
                   emitter->parameters_count >= CONSTANTS_MAX;
    if (is_late) text_string(&emitter->out, "ignis_value(");
    sql_emit_slot(emitter, slot, type);
    if (is_late) text_char(&emitter->out, ')');
}

void sql_emit_operand(sql_emitter *emitter, const filter_operand *operand,
                      const model_column *column, bool is_list)
{
    ignis_value_type type = sql_compared_type(emitter, column);
    type.list = is_list;
    switch (operand->source) {
    case FILTER_SLOT: value_emit(emitter, operand->slot, &type); break;
    case FILTER_CONSTANT:
        sql_literal(&emitter->out, emitter->dialect, &type, &operand->constant);
        break;
    case FILTER_CONTEXT: {
        const char *name = arena_copy(emitter->memory, operand->name, strlen(operand->name));
        if (!name) emitter->out.code = arena_code(emitter->memory);
        sql_emit_parameter(emitter,
                           &(sql_parameter){.source = SQL_CONTEXT,
                                            .name = name,
                                            .column = column_keep(emitter, column),
                                            .reading = operand->reading,
                                            .is_wrapped = operand->is_wrapped},
                           &type);
        break;
    }
    }
}

/* The elements of a default filter's list. */
static void constants_emit(sql_emitter *emitter, const filter_condition *condition)
{
    const ignis_cell *list = &condition->operands[0].constant;
    ignis_value_type type = sql_compared_type(emitter, condition->column);
    for (size_t i = 0; i < list->size; i++) {
        if (i > 0) text_string(&emitter->out, ", ");
        sql_literal(&emitter->out, emitter->dialect, &type, &list->as.items[i]);
    }
}

/* A list of any length is one parameter. PostgreSQL compares a row with each element of an array whose
   values it does not know, but hashes what it selects: of a long list it selects the elements (100,000
   rows, 1,000 elements, no index: 30 ms instead of 1,300). A short one stays an array, which an index
   serves even where the elements have many rows. */
static void membership_emit(sql_emitter *emitter, const char *alias,
                            const filter_condition *condition)
{
    const filter_operand *operand = &condition->operands[0];
    bool is_negated = condition->op == FILTER_NIN;
    bool is_sqlite = emitter->dialect == IGNIS_DIALECT_SQLITE;
    sql_emit_compared(emitter, alias, condition->column);
    if (operand->source == FILTER_CONSTANT) {
        text_string(&emitter->out, is_negated ? " NOT IN (" : " IN (");
        constants_emit(emitter, condition);
        text_char(&emitter->out, ')');
    } else if (is_sqlite) {
        text_string(&emitter->out, is_negated ? " NOT IN (" : " IN (");
        text_string(&emitter->out, "SELECT k0 FROM ignis_list(");
        sql_emit_operand(emitter, operand, condition->column, true);
        text_string(&emitter->out, "))");
    } else if (condition->column->type.array) {
        text_string(&emitter->out, is_negated ? " NOT IN (" : " IN (");
        sql_emit_arrays(emitter, condition);
        text_char(&emitter->out, ')');
    } else if (operand->is_long) {
        text_string(&emitter->out, is_negated ? " NOT IN (" : " IN (");
        text_string(&emitter->out, "SELECT unnest(");
        sql_emit_operand(emitter, operand, condition->column, true);
        text_string(&emitter->out, "))");
    } else {
        text_string(&emitter->out, is_negated ? " <> ALL (" : " = ANY (");
        sql_emit_operand(emitter, operand, condition->column, true);
        text_char(&emitter->out, ')');
    }
}

static void between_emit(sql_emitter *emitter, const char *alias, const filter_condition *condition)
{
    sql_emit_compared(emitter, alias, condition->column);
    text_string(&emitter->out, condition->op == FILTER_BETWEEN ? " BETWEEN " : " NOT BETWEEN ");
    sql_emit_operand(emitter, &condition->operands[0], condition->column, false);
    text_string(&emitter->out, " AND ");
    sql_emit_operand(emitter, &condition->operands[1], condition->column, false);
}

static const char *comparison_sign(filter_operator op)
{
    switch (op) {
    case FILTER_EQ: return " = ";
    case FILTER_NE: return " <> ";
    case FILTER_GT: return " > ";
    case FILTER_GTE: return " >= ";
    case FILTER_LT: return " < ";
    case FILTER_LTE: return " <= ";
    default: return NULL;
    }
}

static void compare_emit(sql_emitter *emitter, const char *alias, const filter_condition *condition)
{
    const char *sign = comparison_sign(condition->op);
    if (sign) {
        sql_emit_compared(emitter, alias, condition->column);
        text_string(&emitter->out, sign);
        sql_emit_operand(emitter, &condition->operands[0], condition->column, false);
        return;
    }
    switch (condition->op) {
    case FILTER_IS_NULL:
    case FILTER_IS_NOT_NULL:
        sql_emit_column(emitter, alias, condition->column);
        text_string(&emitter->out, condition->op == FILTER_IS_NULL ? " IS NULL" : " IS NOT NULL");
        break;
    case FILTER_NEVER:
    case FILTER_ALWAYS:
        sql_emit_column(emitter, alias, condition->column);
        text_string(&emitter->out, condition->op == FILTER_NEVER ? " <> " : " = ");
        sql_emit_column(emitter, alias, condition->column);
        break;
    case FILTER_GIVEN:
        sql_emit_operand(emitter, &condition->operands[0], condition->column, false);
        text_string(&emitter->out, " IS NOT NULL");
        break;
    case FILTER_IN:
    case FILTER_NIN: membership_emit(emitter, alias, condition); break;
    case FILTER_BETWEEN:
    case FILTER_NOT_BETWEEN: between_emit(emitter, alias, condition); break;
    default:
        if (filter_operator_is_set(condition->op) && condition->column->path) {
            sql_emit_path_set(emitter, alias, condition);
        } else if (filter_operator_is_set(condition->op)) {
            sql_emit_set_match(emitter, alias, condition);
        } else {
            sql_emit_text_match(emitter, alias, condition);
        }
        break;
    }
}

/* Levels of groups within a condition. */
static size_t condition_depth(const filter_condition *condition)
{
    size_t depth = 0;
    for (const filter_condition *child = condition->children; child; child = child->next) {
        size_t below = 1 + condition_depth(child);
        if (below > depth) depth = below;
    }
    return depth;
}

/* A run of children but one; long runs as a balanced tree, because engines bound the depth of an
   expression and read a flat list as a deep one. Returns the child after the run. */
static const filter_condition *run_emit(sql_emitter *emitter, const char *alias,
                                        const filter_condition *child,
                                        const filter_condition *left_out, size_t count,
                                        const char *between)
{
    enum { FLAT_MAX = 32 };
    if (count > FLAT_MAX) {
        text_char(&emitter->out, '(');
        child = run_emit(emitter, alias, child, left_out, count / 2, between);
        text_char(&emitter->out, ')');
        text_string(&emitter->out, between);
        text_char(&emitter->out, '(');
        child = run_emit(emitter, alias, child, left_out, count - count / 2, between);
        text_char(&emitter->out, ')');
        return child;
    }
    for (size_t i = 0; i < count; child = child->next) {
        if (child == left_out) continue;
        if (i++ > 0) text_string(&emitter->out, between);
        sql_emit_condition(emitter, alias, child);
    }
    return child;
}

/* The deepest child comes first: what stands before a group waits on the parser's stack, of which
   SQLite has 100 places. One child needs no parentheses. */
static void children_emit(sql_emitter *emitter, const char *alias,
                          const filter_condition *condition, const char *between, const char *empty)
{
    const filter_condition *deepest = condition->children;
    size_t count = 0;
    for (const filter_condition *child = condition->children; child; child = child->next) {
        if (condition_depth(child) > condition_depth(deepest)) deepest = child;
        count++;
    }
    if (count == 0) {
        text_string(&emitter->out, empty);
        return;
    }
    if (count > 1) text_char(&emitter->out, '(');
    sql_emit_condition(emitter, alias, deepest);
    if (count > 1) {
        text_string(&emitter->out, between);
        run_emit(emitter, alias, condition->children, deepest, count - 1, between);
        text_char(&emitter->out, ')');
    }
}

void sql_emit_condition(sql_emitter *emitter, const char *alias, const filter_condition *condition)
{
    switch (condition->kind) {
    case FILTER_AND: children_emit(emitter, alias, condition, " AND ", "TRUE"); break;
    case FILTER_OR: children_emit(emitter, alias, condition, " OR ", "FALSE"); break;
    case FILTER_NOT:
        text_string(&emitter->out, "NOT (");
        sql_emit_condition(emitter, alias, condition->children);
        text_char(&emitter->out, ')');
        break;
    case FILTER_COMPARE: compare_emit(emitter, alias, condition); break;
    case FILTER_TRUE: text_string(&emitter->out, "TRUE"); break;
    case FILTER_FALSE: text_string(&emitter->out, "FALSE"); break;
    case FILTER_UNKNOWN: text_string(&emitter->out, "NULL"); break;
    }
}

enum { TERMS_MAX = 128 };

/* The terms that SQLite makes of a condition. */
static size_t terms_count(const filter_condition *condition)
{
    if (condition->kind != FILTER_AND) return 1;
    size_t count = 0;
    for (const filter_condition *child = condition->children; child; child = child->next)
        count += terms_count(child);
    return count;
}

/* SQLite plans each term of a WHERE by itself, in time that grows with the square of their number: those
   beyond the first ones are a single term, for which no index is looked for. */
static void terms_emit(sql_emitter *emitter, const char *alias, const filter_condition *condition)
{
    filter_condition *child = condition->children;
    if (condition->kind != FILTER_AND || !child) {
        emitter->terms_count++;
        sql_emit_condition(emitter, alias, condition);
        return;
    }
    for (; child && emitter->terms_count < TERMS_MAX; child = child->next) {
        if (child != condition->children) text_string(&emitter->out, " AND ");
        terms_emit(emitter, alias, child);
    }
    if (!child) return;
    const filter_condition rest = {.kind = FILTER_AND, .children = child};
    if (child != condition->children) text_string(&emitter->out, " AND ");
    text_char(&emitter->out, '(');
    sql_emit_condition(emitter, alias, &rest);
    text_string(&emitter->out, ") IS TRUE");
}

static void part_emit(sql_emitter *emitter, const char *alias, const filter_condition *condition)
{
    bool is_long = emitter->dialect == IGNIS_DIALECT_SQLITE && terms_count(condition) > TERMS_MAX;
    if (is_long) terms_emit(emitter, alias, condition);
    if (!is_long) sql_emit_condition(emitter, alias, condition);
}

void sql_emit_where(sql_emitter *emitter, const char *alias, const filter_node *filter,
                    bool is_first)
{
    const filter_condition *const parts[] = {filter->key, filter->default_where, filter->where};
    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        if (!parts[i] || (parts[i]->kind == FILTER_AND && !parts[i]->children)) continue;
        text_string(&emitter->out, is_first ? " WHERE " : " AND ");
        part_emit(emitter, alias, parts[i]);
        is_first = false;
    }
}

/* ---- order and end ------------------------------------------------------------------------------ */

/* NULLs sort last ascending and first descending; columns that are never NULL need no word for it,
   so that an index can give the order. */
void sql_emit_order(sql_emitter *emitter, const char *alias, const plan_node *node)
{
    for (size_t i = 0; i < node->order_count; i++) {
        const filter_order *order = &node->order[i];
        text_string(&emitter->out, i == 0 ? " ORDER BY " : ", ");
        sql_emit_compared(emitter, alias, order->column);
        if (order->descending) text_string(&emitter->out, " DESC");
        if (order->column->not_null) continue;
        bool is_first = order->nulls == FILTER_NULLS_FIRST ||
                        (order->nulls == FILTER_NULLS_DEFAULT && order->descending);
        text_string(&emitter->out, is_first ? " NULLS FIRST" : " NULLS LAST");
    }
}

/* PostgreSQL plans a limit that it can see; small ones are part of the shape (filter/shape.c). */
static void count_emit(sql_emitter *emitter, int64_t value, size_t slot)
{
    if (emitter->dialect == IGNIS_DIALECT_POSTGRES && value <= FILTER_LITERAL_MAX) {
        text_integer(&emitter->out, value);
    } else {
        sql_emit_slot(emitter, slot, &sql_bigint);
    }
}

void sql_emit_limit(sql_emitter *emitter, const plan_node *node)
{
    const filter_node *filter = node->filter;
    if (node->has_limit) {
        text_string(&emitter->out, " LIMIT ");
        count_emit(emitter, filter->limit, node->limit_slot);
    } else if (node->has_skip && emitter->dialect == IGNIS_DIALECT_SQLITE) {
        text_string(&emitter->out, " LIMIT -1");
    }
    if (!node->has_skip) return;
    text_string(&emitter->out, " OFFSET ");
    count_emit(emitter, filter->skip, node->skip_slot);
}

ignis_code sql_emitter_finish_types(sql_emitter *emitter, const ignis_value_type *types,
                                    size_t columns_count, sql_statement *statement)
{
    size_t size = emitter->out.size;
    size_t max = parameters_max(emitter->dialect);
    if (emitter->parameters_count > max) {
        return context_fail(emitter->ctx, IGNIS_E_LIMIT, "more than %zu values in one statement",
                            max);
    }
    const char *sql = text_finish(&emitter->out);
    if (!sql) return context_fail_memory(emitter->ctx, emitter->memory);
    bool takes_slots = true;
    for (size_t i = 0; i < emitter->parameters_count; i++) {
        const sql_parameter *parameter = &emitter->parameters[i];
        takes_slots = takes_slots && parameter->source == SQL_SLOT && parameter->slot == i;
    }
    *statement = (sql_statement){.takes_slots = takes_slots,
                                 .statement = {.sql = sql,
                                               .sql_size = size,
                                               .parameters = emitter->types,
                                               .parameters_count = emitter->parameters_count,
                                               .columns = types,
                                               .columns_count = columns_count},
                                 .parameters = emitter->parameters};
    return IGNIS_OK;
}

ignis_code sql_emitter_finish(sql_emitter *emitter, const model_column *const *columns,
                              size_t columns_count, sql_statement *statement)
{
    ignis_value_type *types = arena_array(emitter->memory, columns_count, sizeof(*types));
    if (!types) return context_fail_memory(emitter->ctx, emitter->memory);
    for (size_t i = 0; i < columns_count; i++)
        types[i] = columns ? columns[i]->type : sql_bigint;
    return sql_emitter_finish_types(emitter, types, columns_count, statement);
}
