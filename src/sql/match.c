/* Operators on texts and on arrays, where the engines differ. */
#include "sql/sql.h"

/* ---- texts -------------------------------------------------------------------------------------- */

typedef struct text_operator {
    filter_operator op;
    bool is_negated;
    const char *sqlite;   /* a function of the column and the operand */
    const char *postgres; /* an operator between them */
} text_operator;

static const text_operator text_operators[] = {
    {FILTER_LIKE, false, "ignis_like", " LIKE "},
    {FILTER_NLIKE, true, "ignis_like", " NOT LIKE "},
    {FILTER_ILIKE, false, "ignis_ilike", " ILIKE "},
    {FILTER_NILIKE, true, "ignis_ilike", " NOT ILIKE "},
    {FILTER_STARTS_WITH, false, "ignis_starts_with", " ^@ "},
    {FILTER_ENDS_WITH, false, "ignis_ends_with", NULL},
    {FILTER_REGEXP, false, "ignis_regexp", " ~ "},
    {FILTER_IREGEXP, false, "ignis_iregexp", " ~* "},
};

/* column >= low AND column < high: what an index can serve. PostgreSQL's bytewise operators use an
   index of text_pattern_ops, or any in a database of the C collation. */
static void range_emit(sql_emitter *emitter, const char *alias, const filter_condition *condition)
{
    bool is_sqlite = emitter->dialect == IGNIS_DIALECT_SQLITE;
    sql_emit_column(emitter, alias, condition->column);
    text_string(&emitter->out, is_sqlite ? " >= " : " ~>=~ ");
    sql_emit_operand(emitter, &condition->operands[1], condition->column, false);
    text_string(&emitter->out, " AND ");
    sql_emit_column(emitter, alias, condition->column);
    text_string(&emitter->out, is_sqlite ? " < " : " ~<~ ");
    sql_emit_operand(emitter, &condition->operands[2], condition->column, false);
    text_string(&emitter->out, " AND ");
}

static void sqlite_text_emit(sql_emitter *emitter, const char *alias,
                             const filter_condition *condition, const text_operator *known)
{
    if (known->is_negated) text_string(&emitter->out, "NOT ");
    text_string(&emitter->out, known->sqlite);
    text_char(&emitter->out, '(');
    sql_emit_column(emitter, alias, condition->column);
    text_string(&emitter->out, ", ");
    sql_emit_operand(emitter, &condition->operands[0], condition->column, false);
    text_char(&emitter->out, ')');
}

/* right("column", length($1)) = $1 */
static void postgres_suffix_emit(sql_emitter *emitter, const char *alias,
                                 const filter_condition *condition)
{
    text_string(&emitter->out, "right(");
    sql_emit_column(emitter, alias, condition->column);
    text_string(&emitter->out, ", length(");
    sql_emit_operand(emitter, &condition->operands[0], condition->column, false);
    text_string(&emitter->out, ")) = ");
    sql_emit_operand(emitter, &condition->operands[0], condition->column, false);
}

static void postgres_text_emit(sql_emitter *emitter, const char *alias,
                               const filter_condition *condition, const text_operator *known)
{
    if (!known->postgres) {
        postgres_suffix_emit(emitter, alias, condition);
        return;
    }
    sql_emit_column(emitter, alias, condition->column);
    text_string(&emitter->out, known->postgres);
    sql_emit_operand(emitter, &condition->operands[0], condition->column, false);
}

void sql_emit_text_match(sql_emitter *emitter, const char *alias, const filter_condition *condition)
{
    const text_operator *known = text_operators;
    while (known->op != condition->op)
        known++;
    if (condition->has_range) {
        text_char(&emitter->out, '(');
        range_emit(emitter, alias, condition);
    }
    if (emitter->dialect == IGNIS_DIALECT_SQLITE) {
        sqlite_text_emit(emitter, alias, condition, known);
    } else {
        postgres_text_emit(emitter, alias, condition, known);
    }
    if (condition->has_range) text_char(&emitter->out, ')');
}

static const ignis_value_type pattern_types[] = {{.type = IGNIS_TYPE_TEXT}};
static const ignis_value_type verdict_types[] = {{.type = IGNIS_TYPE_BOOLEAN}};

#define CHECK(text_)                                                                  \
    {                                                                                 \
        .id = SQL_ID_FREE - 1, .sql = (text_), .sql_size = sizeof(text_) - 1,         \
        .parameters = pattern_types, .parameters_count = 1, .columns = verdict_types, \
        .columns_count = 1                                                            \
    }

const ignis_statement *sql_pattern_check(ignis_dialect dialect)
{
    static const ignis_statement sqlite = CHECK("SELECT ignis_regexp('', ?)");
    static const ignis_statement postgres = CHECK("SELECT '' ~ $1");
    return dialect == IGNIS_DIALECT_SQLITE ? &sqlite : &postgres;
}

/* ---- arrays ------------------------------------------------------------------------------------- */

/* contains, containedBy, overlaps: PostgreSQL's operators, which an index of gin serves. */
static const char *postgres_sign(filter_operator op)
{
    switch (op) {
    case FILTER_CONTAINS: return " @> ";
    case FILTER_CONTAINED_BY: return " <@ ";
    default: return " && ";
    }
}

static const char *sqlite_function(filter_operator op)
{
    switch (op) {
    case FILTER_CONTAINS: return "ignis_contains(";
    case FILTER_CONTAINED_BY: return "ignis_contained_by(";
    default: return "ignis_overlaps(";
    }
}

void sql_emit_set_match(sql_emitter *emitter, const char *alias, const filter_condition *condition)
{
    bool is_sqlite = emitter->dialect == IGNIS_DIALECT_SQLITE;
    if (is_sqlite) text_string(&emitter->out, sqlite_function(condition->op));
    sql_emit_compared(emitter, alias, condition->column);
    text_string(&emitter->out, is_sqlite ? ", " : postgres_sign(condition->op));
    sql_emit_operand(emitter, &condition->operands[0], condition->column, false);
    if (is_sqlite) text_char(&emitter->out, ')');
}

void sql_emit_arrays(sql_emitter *emitter, const filter_condition *condition)
{
    ignis_value_type type = sql_compared_type(emitter, condition->column);
    text_string(&emitter->out, "SELECT e::");
    if (type.type == IGNIS_TYPE_OTHER) {
        text_string(&emitter->out, type.cast);
        text_string(&emitter->out, "[]");
    } else {
        sql_postgres_type(&emitter->out, &type);
    }
    text_string(&emitter->out, " FROM unnest(");
    sql_emit_operand(emitter, &condition->operands[0], condition->column, true);
    text_string(&emitter->out, ") AS e");
}
