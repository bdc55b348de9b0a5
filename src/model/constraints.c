/* Constraints of an entity: uniques, indexes, foreign keys and checks, each with its name. */
#include "model/model.h"

#include <stdio.h>

enum { MADE_NAMES_MAX = 1 << 20 }; /* numbers tried after a made name that is taken */

bool model_keys_contain(const model_keys *keys, const model_column *column)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->items[i] == column) return true;
    }
    return false;
}

static const char *plain_key_next(const void *list, size_t i)
{
    const ignis_model *plain = list;
    return i < plain->columns.count ? model_plain_key(&plain->columns.items[i]) : NULL;
}

static ignis_code column_unknown(model_build *in, model_place place, const model_entity *owner,
                                 const char *name)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    size_t size = strlen(name);

    (void)model_refuse(in->ctx, place.entity->name, place.member, "unknown column \"%s\" of %s",
                       context_quote(quoted, name, size), owner->name);
    context_hint(in->ctx, names_nearest(name, size, plain_key_next, &in->plains[owner->index]));
    return IGNIS_E_INVALID;
}

/* The columns of a list of names, whatever their types. */
static ignis_code columns_find(model_build *in, model_place place, const model_entity *owner,
                               const ignis_names *names, model_keys *keys)
{
    if (names->count == 0 || names->count > MODEL_KEY_MAX) {
        return model_refuse(in->ctx, place.entity->name, place.member,
                            "%zu columns of %s, where 1 to %d are expected", names->count,
                            owner->name, MODEL_KEY_MAX);
    }
    const model_column **items = arena_array(in->memory, names->count, sizeof *items);
    if (!items) return context_fail_memory(in->ctx, in->memory);
    *keys = (model_keys){items, 0};
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        const model_column *column = map_get(&in->keys[owner->index], name, strlen(name));
        if (!column) return column_unknown(in, place, owner, name);
        if (model_keys_contain(keys, column)) {
            return model_refuse(in->ctx, place.entity->name, place.member,
                                "the column \"%s\" of %s is named twice", column->name,
                                owner->name);
        }
        items[keys->count++] = column;
    }
    return IGNIS_OK;
}

ignis_code model_keys_build(model_build *in, model_place place, const model_entity *owner,
                            const ignis_names *names, model_keys *keys)
{
    IGNIS_TRY(columns_find(in, place, owner, names, keys));
    for (size_t i = 0; i < keys->count; i++) {
        const ignis_value_type *type = &keys->items[i]->type;
        if (type->array || type->type == IGNIS_TYPE_JSON || type->type == IGNIS_TYPE_JSONB) {
            return model_refuse(in->ctx, place.entity->name, place.member,
                                "the column \"%s\" of %s is %s and cannot be part of a key",
                                keys->items[i]->name, owner->name,
                                type->array ? "an array" : "a document");
        }
    }
    return IGNIS_OK;
}

ignis_code model_keys_check(model_build *in, model_place place, const model_entity *target,
                            const model_keys *keys, const model_keys *references)
{
    const char *name = place.entity->name;

    if (keys->count != references->count) {
        return model_refuse(in->ctx, name, place.member,
                            "%zu columns of %s refer to %zu columns of %s", keys->count, name,
                            references->count, target->name);
    }
    for (size_t i = 0; i < keys->count; i++) {
        const model_column *ours = keys->items[i];
        const model_column *theirs = references->items[i];
        if (model_columns_related(ours, theirs)) continue;
        return model_refuse(in->ctx, name, place.member,
                            "%s.%s is %s and %s.%s is %s: keys are of one family of types", name,
                            ours->name, model_type_name(ours->type.type), target->name,
                            theirs->name, model_type_name(theirs->type.type));
    }
    return IGNIS_OK;
}

static const char *entity_next(const void *list, size_t i)
{
    const model_registry *registry = list;
    return i < registry->entities_count ? registry->entities[i].name : NULL;
}

ignis_code model_target_find(model_build *in, model_place place, const char *name,
                             const model_entity **target)
{
    char quoted[CONTEXT_QUOTE_SIZE];

    if (!name) {
        return model_refuse(in->ctx, place.entity->name, place.member, "no model is named");
    }
    size_t size = strlen(name);
    *target = map_get(&in->registry->by_name, name, size);
    if (*target) return IGNIS_OK;
    (void)model_refuse(in->ctx, place.entity->name, place.member, "unknown model \"%s\"",
                       context_quote(quoted, name, size));
    context_hint(in->ctx, names_nearest(name, size, entity_next, in->registry));
    return IGNIS_E_INVALID;
}

/* ---- names ----------------------------------------------------------------------------------- */

typedef struct naming {
    model_build *in;
    model_entity *entity;
    map taken;
} naming;

/* SQL names joined by "_", each cut as an identifier; what is past the bound is never seen. */
static size_t columns_join(char out[2 * MODEL_NAME_MAX + 2], const model_keys *columns)
{
    size_t size = 0;
    for (size_t i = 0; i < columns->count && size <= MODEL_NAME_MAX; i++) {
        const char *name = columns->items[i]->column;
        size_t name_size = utf8_cut(name, strlen(name), MODEL_NAME_MAX);
        if (i > 0) out[size++] = '_';
        memcpy(out + size, name, name_size);
        size += name_size;
    }
    return size;
}

/* Table_columns_label: the longer of table and columns gives way until the name fits, as
   makeObjectName of PostgreSQL does. number 0: none. */
static ignis_code name_compose(naming *of, const model_keys *columns, const char *label,
                               unsigned number, const char **name)
{
    char joined[2 * MODEL_NAME_MAX + 2];
    char suffix[32];
    char out[2 * MODEL_NAME_MAX];
    const char *table = of->entity->table;

    int written = number == 0 ? snprintf(suffix, sizeof suffix, "_%s", label)
                              : snprintf(suffix, sizeof suffix, "_%s%u", label, number);
    size_t suffix_size = written > 0 ? (size_t)written : 0;
    size_t joined_size = columns_join(joined, columns);
    size_t table_size = strlen(table);
    size_t room = MODEL_NAME_MAX - suffix_size - (joined_size > 0 ? 1 : 0);
    size_t table_kept = table_size;
    size_t joined_kept = joined_size;
    if (table_kept > 2 * MODEL_NAME_MAX) table_kept = 2 * MODEL_NAME_MAX;
    while (table_kept + joined_kept > room) {
        if (table_kept > joined_kept) {
            table_kept--;
        } else {
            joined_kept--;
        }
    }
    table_kept = utf8_cut(table, table_size, table_kept);
    joined_kept = utf8_cut(joined, joined_size, joined_kept);
    written = snprintf(out, sizeof out, "%.*s%s%.*s%s", (int)table_kept, table,
                       joined_size > 0 ? "_" : "", (int)joined_kept, joined, suffix);
    *name = arena_copy(of->in->memory, out, written > 0 ? (size_t)written : 0);
    return *name ? IGNIS_OK : context_fail_memory(of->in->ctx, of->in->memory);
}

static ignis_code name_take(naming *of, const char *name, model_constraint *constraint)
{
    constraint->name = name;
    if (map_put(&of->taken, of->in->scratch, name, strlen(name), constraint)) return IGNIS_OK;
    return context_fail_memory(of->in->ctx, of->in->scratch);
}

static const char *constraint_label(const model_constraint *constraint)
{
    switch (constraint->kind) {
    case IGNIS_CONSTRAINT_UNIQUE: return "key";
    case IGNIS_CONSTRAINT_INDEX:
    case IGNIS_CONSTRAINT_UNIQUE_INDEX: return "idx";
    case IGNIS_CONSTRAINT_FOREIGN_KEY: return "fkey";
    case IGNIS_CONSTRAINT_CHECK: break;
    }
    return "check";
}

/* Names what has no name yet. A name that is taken gets the first free number. */
static ignis_code names_make(naming *of)
{
    for (size_t i = 0; i < of->entity->constraints_count; i++) {
        model_constraint *constraint = &of->entity->constraints[i];
        if (constraint->name) continue;
        const char *label = constraint_label(constraint);
        const char *name = NULL;
        /* A check has the name of its column where it names only one. */
        bool is_nameless =
            constraint->kind == IGNIS_CONSTRAINT_CHECK && constraint->columns.count != 1;
        const model_keys none = {0};
        const model_keys *columns = is_nameless ? &none : &constraint->columns;
        for (unsigned number = 0; number < MADE_NAMES_MAX; number++) {
            IGNIS_TRY(name_compose(of, columns, label, number, &name));
            if (!map_get(&of->taken, name, strlen(name))) break;
        }
        IGNIS_TRY(name_take(of, name, constraint));
    }
    return IGNIS_OK;
}

/* ---- the lists of a model -------------------------------------------------------------------- */

typedef struct constraint_list {
    const char *name; /* for messages */
    const ignis_constraints *from;
    ignis_constraint_kind kind;
    ignis_constraint_kind other; /* a kind allowed as well */
} constraint_list;

enum { PLACE_SIZE = 32 };

/* A constraint in a message: its name, or its place in its list. */
static model_place constraint_place(const model_entity *entity, const char *list, size_t i,
                                    const char *name, char buffer[PLACE_SIZE])
{
    (void)snprintf(buffer, PLACE_SIZE, "%s[%zu]", list, i);
    return (model_place){entity, name ? name : buffer};
}

static ignis_code constraint_sql_build(model_build *in, model_place place,
                                       const ignis_constraint *from, model_constraint *to)
{
    size_t size = from->check_sql ? strlen(from->check_sql) : 0;
    if (size == 0 || !utf8_is_valid(from->check_sql, size)) {
        return model_refuse(in->ctx, place.entity->name, place.member,
                            "the SQL of the check is empty or not UTF-8");
    }
    to->check_sql = arena_copy(in->memory, from->check_sql, size);
    if (!to->check_sql) return context_fail_memory(in->ctx, in->memory);
    return model_check_columns(in, place.entity, to);
}

/* PostgreSQL has no order and no equality of type json. */
static ignis_code columns_comparable(model_build *in, model_place place, const model_keys *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->items[i]->type.type != IGNIS_TYPE_JSON) continue;
        return model_refuse(in->ctx, place.entity->name, place.member,
                            "the column \"%s\" is json and cannot be compared; jsonb can",
                            columns->items[i]->name);
    }
    return IGNIS_OK;
}

static ignis_code constraint_build(naming *of, const constraint_list *list, size_t i,
                                   model_constraint *to)
{
    char buffer[PLACE_SIZE];
    model_build *in = of->in;
    const ignis_constraint *from = &list->from->items[i];
    model_place place = constraint_place(of->entity, list->name, i, from->name, buffer);

    to->kind = from->kind ? from->kind : list->kind;
    if (to->kind != list->kind && to->kind != list->other) {
        return model_refuse(in->ctx, of->entity->name, place.member,
                            "a constraint of another kind in the list %s", list->name);
    }
    if ((unsigned)from->on_delete > (unsigned)IGNIS_ACTION_SET_DEFAULT ||
        (unsigned)from->on_update > (unsigned)IGNIS_ACTION_SET_DEFAULT ||
        (unsigned)from->deferrable > (unsigned)IGNIS_DEFERRED) {
        return model_refuse(in->ctx, of->entity->name, place.member,
                            "unknown action or deferrable");
    }
    to->on_delete = from->on_delete;
    to->on_update = from->on_update;
    to->deferrable = from->deferrable;
    if (from->name) {
        if (map_get(&of->taken, from->name, strlen(from->name))) {
            return model_refuse(in->ctx, of->entity->name, from->name,
                                "two constraints have this name");
        }
        const char *name = arena_copy(in->memory, from->name, strlen(from->name));
        if (!name) return context_fail_memory(in->ctx, in->memory);
        IGNIS_TRY(name_take(of, name, to));
    }
    if (to->kind == IGNIS_CONSTRAINT_CHECK) return constraint_sql_build(in, place, from, to);
    if (to->kind == IGNIS_CONSTRAINT_FOREIGN_KEY) {
        return model_keys_build(in, place, of->entity, &from->columns, &to->columns);
    }
    IGNIS_TRY(columns_find(in, place, of->entity, &from->columns, &to->columns));
    return columns_comparable(in, place, &to->columns);
}

static ignis_code list_build(naming *of, const constraint_list *list)
{
    for (size_t i = 0; i < list->from->count; i++) {
        model_constraint *to = &of->entity->constraints[of->entity->constraints_count++];
        ignis_code code = constraint_build(of, list, i, to);
        if (code != IGNIS_OK) return context_path(of->in->ctx, "%s[%zu]", list->name, i);
    }
    return IGNIS_OK;
}

/* Columns that are unique by themselves. */
static ignis_code column_uniques_build(naming *of, const ignis_model *plain)
{
    for (size_t i = 0; i < plain->columns.count; i++) {
        if (!plain->columns.items[i].unique) continue;
        model_column *column = &of->entity->columns[i];
        model_place place = {of->entity, column->name};
        const model_column **items = arena_array(of->in->memory, 1, sizeof *items);
        if (!items) return context_fail_memory(of->in->ctx, of->in->memory);
        items[0] = column;
        model_constraint *to = &of->entity->constraints[of->entity->constraints_count++];
        to->kind = IGNIS_CONSTRAINT_UNIQUE;
        to->columns = (model_keys){items, 1};
        ignis_code code = columns_comparable(of->in, place, &to->columns);
        if (code != IGNIS_OK) return context_path(of->in->ctx, "columns[%zu]", i);
    }
    return IGNIS_OK;
}

ignis_code model_constraints_build(model_build *in, model_entity *entity)
{
    const ignis_model *plain = &in->plains[entity->index];
    const constraint_list lists[] = {
        {"uniques", &plain->uniques, IGNIS_CONSTRAINT_UNIQUE, IGNIS_CONSTRAINT_UNIQUE},
        {"indexes", &plain->indexes, IGNIS_CONSTRAINT_INDEX, IGNIS_CONSTRAINT_UNIQUE_INDEX},
        {"foreignKeys", &plain->foreign_keys, IGNIS_CONSTRAINT_FOREIGN_KEY,
         IGNIS_CONSTRAINT_FOREIGN_KEY},
        {"checks", &plain->checks, IGNIS_CONSTRAINT_CHECK, IGNIS_CONSTRAINT_CHECK},
    };
    naming of = {.in = in, .entity = entity};
    size_t count = 0;
    for (size_t i = 0; i < plain->columns.count; i++) {
        if (plain->columns.items[i].unique) count++;
    }
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
        count += lists[i].from->count;
    }
    entity->constraints = arena_array(in->memory, count, sizeof *entity->constraints);
    if (!entity->constraints) return context_fail_memory(in->ctx, in->memory);
    IGNIS_TRY(column_uniques_build(&of, plain));
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
        IGNIS_TRY(list_build(&of, &lists[i]));
    }
    return names_make(&of);
}

/* ---- foreign keys ---------------------------------------------------------------------------- */

static bool keys_equal_sets(const model_keys *a, const model_keys *b)
{
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++) {
        if (!model_keys_contain(b, a->items[i])) return false;
    }
    return true;
}

/* A foreign key refers to all columns of a primary key, unique or unique index, in any order. */
static bool references_are_unique(const model_entity *target, const model_keys *references)
{
    if (keys_equal_sets(references, &target->primary_key)) return true;
    for (size_t i = 0; i < target->constraints_count; i++) {
        const model_constraint *constraint = &target->constraints[i];
        if (constraint->kind != IGNIS_CONSTRAINT_UNIQUE &&
            constraint->kind != IGNIS_CONSTRAINT_UNIQUE_INDEX) {
            continue;
        }
        if (keys_equal_sets(references, &constraint->columns)) return true;
    }
    return false;
}

static ignis_code foreign_key_build(model_build *in, const model_entity *entity,
                                    const ignis_constraint *from, model_constraint *to)
{
    model_place place = {entity, to->name};

    IGNIS_TRY(model_target_find(in, place, from->target_name, &to->target));
    IGNIS_TRY(model_keys_build(in, place, to->target, &from->references, &to->references));
    IGNIS_TRY(model_keys_check(in, place, to->target, &to->columns, &to->references));
    if (to->target->type == IGNIS_VIEW || to->target->skip_migrate) return IGNIS_OK;
    if (references_are_unique(to->target, &to->references)) return IGNIS_OK;
    return model_refuse(in->ctx, entity->name, to->name,
                        "the columns it refers to are neither the primary key nor unique in %s",
                        to->target->name);
}

ignis_code model_foreign_keys_build(model_build *in, model_entity *entity)
{
    const ignis_constraints *from = &in->plains[entity->index].foreign_keys;
    size_t next = 0;

    for (size_t i = 0; i < entity->constraints_count; i++) {
        model_constraint *to = &entity->constraints[i];
        if (to->kind != IGNIS_CONSTRAINT_FOREIGN_KEY) continue;
        ignis_code code = foreign_key_build(in, entity, &from->items[next], to);
        if (code != IGNIS_OK) return context_path(in->ctx, "foreignKeys[%zu]", next);
        next++;
    }
    return IGNIS_OK;
}
