/* violation: one statement that finds the constraint behind an error. Rows that were to change are n,
   other rows of the table o, rows of other tables r. */
#include "sql/sql.h"

typedef struct violation_work {
    sql_emitter emitter;
    const sql_violation_parts *parts;
    sql_violation *found;
    size_t count;
} violation_work;

static size_t slot_of(const violation_work *in, const model_column *column)
{
    return in->parts->slots ? in->parts->slots[column->index] : SQL_VALUE_KEPT;
}

static bool is_changed(const violation_work *in, const model_keys *keys)
{
    bool any = !in->parts->filter;
    for (size_t i = 0; i < keys->count; i++) {
        size_t slot = slot_of(in, keys->items[i]);
        if (slot == SQL_VALUE_UNKNOWN) return false;
        any = any || slot != SQL_VALUE_KEPT;
    }
    return any;
}

/* The value that a column was to get. */
static void value_emit(violation_work *in, const model_column *column)
{
    size_t slot = slot_of(in, column);
    if (slot == SQL_VALUE_KEPT) {
        sql_emit_column(&in->emitter, "n", column);
    } else {
        sql_emit_slot(&in->emitter, slot, &column->type);
    }
}

static void when_begin(violation_work *in, const model_entity *entity,
                       const model_constraint *constraint)
{
    in->found[in->count++] = (sql_violation){entity, constraint};
    text_string(&in->emitter.out, " WHEN EXISTS (SELECT 1 FROM ");
}

static void when_end(violation_work *in)
{
    text_format(&in->emitter.out, ") THEN %zu", in->count - 1);
}

/* "alias"."theirs" = new value of ours, for all columns of a key. */
static void link_emit(violation_work *in, const char *alias, const model_keys *theirs,
                      const model_keys *ours)
{
    for (size_t i = 0; i < ours->count; i++) {
        if (i > 0) text_string(&in->emitter.out, " AND ");
        sql_emit_column(&in->emitter, alias, theirs->items[i]);
        text_string(&in->emitter.out, " = ");
        value_emit(in, ours->items[i]);
    }
}

/* o is another row than n. */
static void other_emit(violation_work *in)
{
    const model_keys *key = &in->parts->entity->primary_key;
    text_string(&in->emitter.out, " AND NOT (");
    for (size_t i = 0; i < key->count; i++) {
        if (i > 0) text_string(&in->emitter.out, " AND ");
        sql_emit_column(&in->emitter, "o", key->items[i]);
        text_string(&in->emitter.out, " = ");
        sql_emit_column(&in->emitter, "n", key->items[i]);
    }
    text_char(&in->emitter.out, ')');
}

static void unique_emit(violation_work *in, const model_keys *keys,
                        const model_constraint *constraint)
{
    const sql_violation_parts *parts = in->parts;
    if (keys->count == 0 || !is_changed(in, keys)) return;
    if (parts->filter && parts->entity->primary_key.count == 0) return;
    when_begin(in, parts->entity, constraint);
    sql_emit_table(&in->emitter, parts->entity, "o");
    if (parts->filter) {
        text_string(&in->emitter.out, ", ");
        sql_emit_table(&in->emitter, parts->entity, "n");
    }
    text_string(&in->emitter.out, " WHERE ");
    link_emit(in, "o", keys, keys);
    if (parts->filter) {
        other_emit(in);
        sql_emit_where(&in->emitter, "n", parts->filter, false);
    }
    when_end(in);
}

/* Our row points at nothing. */
static void foreign_key_emit(violation_work *in, const model_constraint *constraint)
{
    const sql_violation_parts *parts = in->parts;
    text *out = &in->emitter.out;
    if (!is_changed(in, &constraint->columns)) return;
    if (model_constraint_is_unenforced(constraint)) return;
    if (parts->is_one_of_many && constraint->target == parts->entity->base) return;
    when_begin(in, parts->entity, constraint);
    if (parts->filter) {
        sql_emit_table(&in->emitter, parts->entity, "n");
    } else {
        text_string(out, "(SELECT 1) AS n");
    }
    text_string(out, " WHERE NOT EXISTS (SELECT 1 FROM ");
    sql_emit_table(&in->emitter, constraint->target, "r");
    text_string(out, " WHERE ");
    link_emit(in, "r", &constraint->references, &constraint->columns);
    text_char(out, ')');
    for (size_t i = 0; i < constraint->columns.count; i++) {
        text_string(out, " AND ");
        value_emit(in, constraint->columns.items[i]);
        text_string(out, " IS NOT NULL");
    }
    if (parts->filter) sql_emit_where(&in->emitter, "n", parts->filter, false);
    when_end(in);
}

/* A row of another table points at ours, which leaves or changes its key. */
static void referenced_emit(violation_work *in, const model_entity *owner,
                            const model_constraint *constraint)
{
    const sql_violation_parts *parts = in->parts;
    text *out = &in->emitter.out;
    ignis_action action = parts->slots ? constraint->on_update : constraint->on_delete;
    bool refuses = action == IGNIS_ACTION_NONE || action == IGNIS_ACTION_RESTRICT;
    if (!refuses || (parts->slots && !is_changed(in, &constraint->references))) return;
    when_begin(in, owner, constraint);
    sql_emit_table(&in->emitter, parts->entity, "n");
    text_string(out, ", ");
    sql_emit_table(&in->emitter, owner, "r");
    text_string(out, " WHERE ");
    for (size_t i = 0; i < constraint->columns.count; i++) {
        if (i > 0) text_string(out, " AND ");
        sql_emit_column(&in->emitter, "r", constraint->columns.items[i]);
        text_string(out, " = ");
        sql_emit_column(&in->emitter, "n", constraint->references.items[i]);
    }
    sql_emit_where(&in->emitter, "n", parts->filter, false);
    if (parts->slots) {
        text_string(out, " AND NOT (");
        link_emit(in, "n", &constraint->references, &constraint->references);
        text_char(out, ')');
    } else if (owner == parts->entity->base) {
        /* Rows that leave together do not hold each other. */
        text_string(out, " AND NOT EXISTS (SELECT 1 FROM (SELECT 1) AS s");
        sql_emit_where(&in->emitter, "r", parts->filter, true);
        text_char(out, ')');
    }
    when_end(in);
}

static size_t constraints_count(const model_registry *registry)
{
    size_t count = 1;
    for (size_t i = 0; i < registry->entities_count; i++)
        count += 2 * registry->entities[i].constraints_count;
    return count;
}

static void own_emit(violation_work *in)
{
    const model_entity *entity = in->parts->entity;
    if (!in->parts->slots) return;
    unique_emit(in, &entity->primary_key, NULL);
    for (size_t i = 0; i < entity->constraints_count; i++) {
        const model_constraint *constraint = &entity->constraints[i];
        if (model_constraint_is_unique(constraint))
            unique_emit(in, &constraint->columns, constraint);
    }
    for (size_t i = 0; i < entity->constraints_count; i++) {
        const model_constraint *constraint = &entity->constraints[i];
        if (constraint->kind == IGNIS_CONSTRAINT_FOREIGN_KEY) foreign_key_emit(in, constraint);
    }
}

static void others_emit(violation_work *in)
{
    const model_registry *registry = in->parts->registry;
    if (!in->parts->filter) return;
    for (size_t i = 0; i < registry->entities_count; i++) {
        const model_entity *owner = &registry->entities[i];
        for (size_t k = 0; k < owner->constraints_count; k++) {
            const model_constraint *constraint = &owner->constraints[k];
            bool points_here = constraint->kind == IGNIS_CONSTRAINT_FOREIGN_KEY &&
                               constraint->target == in->parts->entity->base;
            if (points_here) referenced_emit(in, owner, constraint);
        }
    }
}

ignis_code sql_violations(ignis_context *ctx, arena *memory, ignis_dialect dialect,
                          const sql_violation_parts *parts, sql_statement *statement,
                          const sql_violation **found, size_t *count)
{
    violation_work in = {.parts = parts};
    in.found = arena_array(memory, constraints_count(parts->registry), sizeof(*in.found));
    if (!in.found) return context_fail_memory(ctx, memory);
    sql_emitter_start(&in.emitter, ctx, memory, dialect);
    text_string(&in.emitter.out, "SELECT CASE");
    own_emit(&in);
    others_emit(&in);
    text_string(&in.emitter.out, " ELSE -1 END");
    *found = in.found;
    *count = in.count;
    if (in.count == 0) return IGNIS_OK;
    IGNIS_TRY(sql_emitter_finish(&in.emitter, NULL, 1, statement));
    statement->statement.diagnoses = true;
    return IGNIS_OK;
}
