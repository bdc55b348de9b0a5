/* Relations of an entity, resolved to pairs of columns. Nothing is left to resolve per query. */
#include "model/model.h"

static model_place relation_place(const model_relation *relation)
{
    return (model_place){relation->source, relation->name};
}

static const ignis_relation *relation_given(const model_build *in, const model_relation *relation)
{
    return &in->plains[relation->source->index].relations.items[relation->index];
}

static bool names_own_name(const ignis_relation *given)
{
    return given->relation_name && strcmp(given->relation_name, given->name) == 0;
}

/* ---- names and targets ----------------------------------------------------------------------- */

/* Filters of C programs name the member. */
static ignis_code relation_member_enter(model_build *in, model_entity *entity,
                                        const ignis_relation *given, model_relation *to)
{
    if (!given->member) return IGNIS_OK;
    size_t size = strlen(given->member);
    to->member = arena_copy(in->memory, given->member, size);
    if (to->member && map_put(&entity->relations_by_member, in->memory, to->member, size, to)) {
        return IGNIS_OK;
    }
    return context_fail_memory(in->ctx, in->memory);
}

static ignis_code relation_begin(model_build *in, model_entity *entity, const ignis_relation *given,
                                 model_relation *to)
{
    to->source = entity;
    to->kind = given->kind;
    IGNIS_TRY(relation_member_enter(in, entity, given, to));
    to->offset = given->offset;
    to->count_offset = given->count_offset;
    to->name_size = strlen(given->name);
    to->name = arena_copy(in->memory, given->name, to->name_size);
    to->key = model_key_text(in->memory, given->name, &to->key_size);
    if (!to->name || !to->key) return context_fail_memory(in->ctx, in->memory);
    if (given->kind != IGNIS_RELATION_ONE && given->kind != IGNIS_RELATION_MANY) {
        return model_refuse(in->ctx, entity->name, to->name, "a relation is one or many");
    }
    if (map_get(&entity->columns_by_name, to->name, to->name_size)) {
        return model_refuse(in->ctx, entity->name, to->name,
                            "a relation cannot have the name of a column");
    }
    if (map_get(&entity->relations_by_name, to->name, to->name_size)) {
        return model_refuse(in->ctx, entity->name, to->name, "two relations have this name");
    }
    if ((given->fields.count == 0) != (given->references.count == 0)) {
        return model_refuse(in->ctx, entity->name, to->name,
                            "fields and references come together or not at all");
    }
    if (!map_put(&entity->relations_by_name, in->memory, to->name, to->name_size, to)) {
        return context_fail_memory(in->ctx, in->memory);
    }
    return model_target_find(in, relation_place(to), given->target_name, &to->target);
}

ignis_code model_relations_begin(model_build *in, model_entity *entity)
{
    const ignis_relations *from = &in->plains[entity->index].relations;

    entity->relations = arena_array(in->memory, from->count, sizeof *entity->relations);
    if (!entity->relations) return context_fail_memory(in->ctx, in->memory);
    for (size_t i = 0; i < from->count; i++) {
        model_relation *to = &entity->relations[entity->relations_count++];
        to->index = (uint32_t)i;
        ignis_code code = relation_begin(in, entity, &from->items[i], to);
        if (code != IGNIS_OK) return context_path(in->ctx, "relations[%zu]", i);
    }
    return IGNIS_OK;
}

/* ---- what the key of a relation promises ----------------------------------------------------- */

static bool keys_within(const model_keys *inner, const model_keys *outer)
{
    for (size_t i = 0; i < inner->count; i++) {
        if (!model_keys_contain(outer, inner->items[i])) return false;
    }
    return inner->count > 0;
}

bool model_keys_lead(const model_keys *index, const model_keys *references)
{
    if (index->count < references->count) return false;
    for (size_t i = 0; i < references->count; i++) {
        if (!model_keys_contain(references, index->items[i])) return false;
    }
    return true;
}

static void relation_judge(model_relation *relation)
{
    const model_entity *target = relation->target;
    const model_keys *references = &relation->references;

    relation->is_unique = keys_within(&target->primary_key, references);
    relation->is_indexed = model_keys_lead(&target->primary_key, references);
    for (size_t i = 0; i < target->constraints_count; i++) {
        const model_constraint *constraint = &target->constraints[i];
        bool is_unique = model_constraint_is_unique(constraint);
        if (is_unique && keys_within(&constraint->columns, references)) relation->is_unique = true;
        if (!is_unique && constraint->kind != IGNIS_CONSTRAINT_INDEX) continue;
        if (model_keys_lead(&constraint->columns, references)) relation->is_indexed = true;
    }
}

static ignis_code explicit_resolve(model_build *in, model_relation *relation)
{
    const ignis_relation *given = relation_given(in, relation);
    model_place place = relation_place(relation);

    IGNIS_TRY(model_keys_build(in, place, relation->source, &given->fields, &relation->fields));
    IGNIS_TRY(
        model_keys_build(in, place, relation->target, &given->references, &relation->references));
    return model_keys_check(in, place, relation->target, &relation->fields, &relation->references);
}

/* ---- candidates: foreign keys and the relations on the other side ---------------------------- */

/* What a relation without keys of its own could mean. */
typedef struct candidates {
    size_t count;
    const model_keys *near; /* of the first: columns of the entity that has it */
    const model_keys *far;  /* … and of the one it points at */
    text names;             /* of all, for the message */
} candidates;

static void candidates_begin(model_build *in, candidates *all)
{
    *all = (candidates){0};
    text_init(&all->names, in->scratch, 0);
}

static void candidate_add(candidates *all, const char *name, const model_keys *near,
                          const model_keys *far)
{
    if (all->count++ == 0) {
        all->near = near;
        all->far = far;
    } else {
        text_string(&all->names, ", ");
    }
    text_string(&all->names, name);
}

static void foreign_keys_collect(candidates *all, const model_entity *from,
                                 const model_entity *target)
{
    for (size_t i = 0; i < from->constraints_count; i++) {
        const model_constraint *constraint = &from->constraints[i];
        if (constraint->kind != IGNIS_CONSTRAINT_FOREIGN_KEY) continue;
        if (constraint->target != target) continue;
        candidate_add(all, constraint->name, &constraint->columns, &constraint->references);
    }
}

static void ones_collect(candidates *all, const model_entity *from, const model_entity *target)
{
    for (size_t i = 0; i < from->relations_count; i++) {
        const model_relation *relation = &from->relations[i];
        if (relation->kind != IGNIS_RELATION_ONE || relation->target != target) continue;
        candidate_add(all, relation->name, &relation->fields, &relation->references);
    }
}

static ignis_code candidates_refuse(model_build *in, const model_relation *relation,
                                    candidates *all, const char *kind, const model_entity *from)
{
    const model_entity *to = from == relation->source ? relation->target : relation->source;
    const char *names = text_finish(&all->names);
    if (!names) return context_fail_memory(in->ctx, in->scratch);
    return model_refuse(in->ctx, relation->source->name, relation->name,
                        "ambiguous: %s has %zu %s to %s: %s", from->name, all->count, kind,
                        to->name, names);
}

/* ---- one ------------------------------------------------------------------------------------- */

static const char *relation_next(const void *list, size_t i)
{
    const model_entity *entity = list;
    return i < entity->relations_count ? entity->relations[i].name : NULL;
}

/* A one needs no relationName; one that is given names itself or the many on the other side. */
static ignis_code one_name_check(model_build *in, const model_relation *relation)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    const ignis_relation *given = relation_given(in, relation);
    const char *name = given->relation_name;
    if (!name || names_own_name(given)) return IGNIS_OK;
    size_t size = strlen(name);
    const model_relation *back = map_get(&relation->target->relations_by_name, name, size);
    if (back && back->target == relation->source) return IGNIS_OK;
    (void)model_refuse(in->ctx, relation->source->name, relation->name,
                       "%s has no relation \"%s\" to %s", relation->target->name,
                       context_quote(quoted, name, size), relation->source->name);
    context_hint(in->ctx, names_nearest(name, size, relation_next, relation->target));
    return IGNIS_E_INVALID;
}

static ignis_code one_resolve(model_build *in, model_relation *relation)
{
    candidates all;

    IGNIS_TRY(one_name_check(in, relation));
    if (relation_given(in, relation)->fields.count > 0) return explicit_resolve(in, relation);
    candidates_begin(in, &all);
    foreign_keys_collect(&all, relation->source, relation->target);
    if (all.count > 1) {
        return candidates_refuse(in, relation, &all, "foreign keys", relation->source);
    }
    if (all.count == 0) {
        return model_refuse(in->ctx, relation->source->name, relation->name,
                            "no fields and references, and %s has no foreign key to %s",
                            relation->source->name, relation->target->name);
    }
    relation->fields = *all.near;
    relation->references = *all.far;
    return IGNIS_OK;
}

ignis_code model_relations_resolve_one(model_build *in, model_entity *entity)
{
    for (size_t i = 0; i < entity->relations_count; i++) {
        model_relation *relation = &entity->relations[i];
        if (relation->kind != IGNIS_RELATION_ONE) continue;
        ignis_code code = one_resolve(in, relation);
        if (code != IGNIS_OK) return context_path(in->ctx, "relations[%zu]", i);
        relation_judge(relation);
    }
    return IGNIS_OK;
}

/* ---- many ------------------------------------------------------------------------------------ */

/* The one on the other side that relationName names, or an error that lists what it could be. */
static ignis_code inverse_find(model_build *in, const model_relation *relation, const char *name,
                               bool is_member, const model_relation **inverse)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    const model_entity *source = relation->source;
    const model_entity *target = relation->target;
    size_t size = strlen(name);
    const map *known = is_member ? &target->relations_by_member : &target->relations_by_name;
    const model_relation *found = map_get(known, name, size);
    if (found && found->kind == IGNIS_RELATION_ONE && found->target == source) {
        *inverse = found;
        return IGNIS_OK;
    }
    candidates all;
    candidates_begin(in, &all);
    ones_collect(&all, target, source);
    if (all.count == 0) text_string(&all.names, "none");
    const char *names = text_finish(&all.names);
    if (!names) return context_fail_memory(in->ctx, in->scratch);
    (void)model_refuse(in->ctx, source->name, relation->name,
                       "relationName: %s has no one relation \"%s\" to %s; candidates: %s",
                       target->name, context_quote(quoted, name, size), source->name, names);
    if (!found) context_hint(in->ctx, names_nearest(name, size, relation_next, target));
    return IGNIS_E_INVALID;
}

/* The only one from the target back to the source, else the only foreign key. */
static ignis_code only_find(model_build *in, const model_relation *relation, candidates *all)
{
    const model_entity *target = relation->target;

    candidates_begin(in, all);
    ones_collect(all, target, relation->source);
    if (all->count == 1) return IGNIS_OK;
    if (all->count > 1) {
        return candidates_refuse(in, relation, all, "one relations", target);
    }
    foreign_keys_collect(all, target, relation->source);
    if (all->count == 1) return IGNIS_OK;
    if (all->count > 1) return candidates_refuse(in, relation, all, "foreign keys", target);
    return model_refuse(in->ctx, relation->source->name, relation->name,
                        "%s has neither a one relation nor a foreign key to %s", target->name,
                        relation->source->name);
}

bool model_keys_pair(const model_keys *near, const model_keys *far, const model_keys *other_near,
                     const model_keys *other_far)
{
    bool agrees = near->count == other_near->count;
    for (size_t i = 0; agrees && i < near->count; i++) {
        bool is_pair = false;
        for (size_t j = 0; j < other_near->count; j++) {
            if (other_near->items[j] != near->items[i]) continue;
            is_pair = other_far->items[j] == far->items[i];
        }
        agrees = is_pair;
    }
    return agrees;
}

static bool relations_mirror(const model_relation *relation, const model_relation *other)
{
    return other->target == relation->source && other != relation &&
           model_keys_pair(&relation->fields, &relation->references, &other->references,
                           &other->fields);
}

/* The given pairs must be those of the inverse, in any order. */
static ignis_code inverse_agrees(model_build *in, const model_relation *relation,
                                 const model_relation *inverse)
{
    if (relations_mirror(relation, inverse)) return IGNIS_OK;
    return model_refuse(in->ctx, relation->source->name, relation->name,
                        "fields and references are not those of %s.%s", relation->target->name,
                        inverse->name);
}

/* An own name says as little as none: then keys that are given stand for themselves. */
static ignis_code many_resolve(model_build *in, model_relation *relation)
{
    const ignis_relation *given = relation_given(in, relation);
    const model_relation *inverse = NULL;
    candidates all;

    if (given->inverse) {
        IGNIS_TRY(inverse_find(in, relation, given->inverse, true, &inverse));
    } else if (given->relation_name && !names_own_name(given)) {
        IGNIS_TRY(inverse_find(in, relation, given->relation_name, false, &inverse));
    }
    if (given->fields.count > 0) {
        IGNIS_TRY(explicit_resolve(in, relation));
        relation->inverse = inverse;
        return inverse ? inverse_agrees(in, relation, inverse) : IGNIS_OK;
    }
    if (inverse) {
        relation->inverse = inverse;
        relation->fields = inverse->references;
        relation->references = inverse->fields;
        return IGNIS_OK;
    }
    IGNIS_TRY(only_find(in, relation, &all));
    relation->fields = *all.far;
    relation->references = *all.near;
    return IGNIS_OK;
}

ignis_code model_relations_resolve_many(model_build *in, model_entity *entity)
{
    for (size_t i = 0; i < entity->relations_count; i++) {
        model_relation *relation = &entity->relations[i];
        if (relation->kind != IGNIS_RELATION_MANY) continue;
        ignis_code code = many_resolve(in, relation);
        if (code != IGNIS_OK) return context_path(in->ctx, "relations[%zu]", i);
        relation_judge(relation);
    }
    return IGNIS_OK;
}

/* The relation that names this one, or is named by it, else the first over the same key. */
ignis_code model_relations_pair(model_build *in, model_entity *entity)
{
    (void)in;
    for (size_t i = 0; i < entity->relations_count; i++) {
        model_relation *relation = &entity->relations[i];
        const model_entity *target = relation->target;
        const model_relation *first = NULL;
        if (relation->inverse) continue;
        for (size_t k = 0; k < target->relations_count; k++) {
            const model_relation *other = &target->relations[k];
            if (!relations_mirror(relation, other)) continue;
            if (!first || (other->inverse == relation && first->inverse != relation)) first = other;
        }
        relation->inverse = first;
    }
    return IGNIS_OK;
}
