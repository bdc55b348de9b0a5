/* definition: relations as they are resolved, for a program and for a person. */
#include "app/app.h"

/* ---- what serves a relation -------------------------------------------------------------------------- */

/* The foreign key of ours over the relation's key, else theirs. NULL: none. */
static const model_constraint *foreign_key_of(const model_relation *relation)
{
    const model_keys *near = &relation->fields;
    const model_keys *far = &relation->references;
    for (int side = 0; side < 2; side++) {
        const model_entity *from = side == 0 ? relation->source : relation->target;
        const model_entity *to = side == 0 ? relation->target : relation->source;
        for (size_t i = 0; i < from->constraints_count; i++) {
            const model_constraint *constraint = &from->constraints[i];
            bool is_over = constraint->kind == IGNIS_CONSTRAINT_FOREIGN_KEY &&
                           constraint->target == to &&
                           model_keys_pair(side == 0 ? near : far, side == 0 ? far : near,
                                           &constraint->columns, &constraint->references);
            if (is_over) return constraint;
        }
    }
    return NULL;
}

/* NULL: none. */
static const char *index_of(const model_relation *relation)
{
    const model_entity *target = relation->target;
    if (model_keys_lead(&target->primary_key, &relation->references)) return "primary key";
    for (size_t i = 0; i < target->constraints_count; i++) {
        const model_constraint *constraint = &target->constraints[i];
        bool is_index =
            model_constraint_is_unique(constraint) || constraint->kind == IGNIS_CONSTRAINT_INDEX;
        if (is_index && model_keys_lead(&constraint->columns, &relation->references))
            return constraint->name;
    }
    return NULL;
}

/* ---- definitions ------------------------------------------------------------------------------------- */

static ignis_code definition_make(ignis_context *ctx, arena *memory, const model_relation *relation,
                                  ignis_relation_definition *made)
{
    const model_constraint *foreign_key = foreign_key_of(relation);
    *made =
        (ignis_relation_definition){.model = relation->source->name,
                                    .name = relation->name,
                                    .kind = relation->kind,
                                    .target = relation->target->name,
                                    .inverse = relation->inverse ? relation->inverse->name : NULL,
                                    .foreign_key = foreign_key ? foreign_key->name : NULL,
                                    .index = index_of(relation),
                                    .is_unique = relation->is_unique};
    if (model_names_make(memory, &relation->fields, &made->fields) &&
        model_names_make(memory, &relation->references, &made->references)) {
        return IGNIS_OK;
    }
    return context_fail_memory(ctx, memory);
}

/* Texts of the definitions are the registry's, lists are in memory. */
static ignis_code definitions_make(ignis_context *ctx, arena *memory,
                                   const ignis_data_source *source, const char *model,
                                   ignis_relation_definitions *definitions)
{
    const model_registry *registry = source->run.registry;
    size_t capacity = 0;
    size_t count = 0;
    const model_entity *only = NULL;
    if (model) IGNIS_TRY(model_entity_find(ctx, registry, model, strlen(model), &only));
    for (size_t i = 0; i < registry->entities_count; i++)
        capacity += registry->entities[i].relations_count;
    ignis_relation_definition *items = arena_array(memory, capacity, sizeof(*items));
    if (!items) return context_fail_memory(ctx, memory);
    for (size_t i = 0; i < registry->entities_count; i++) {
        const model_entity *entity = &registry->entities[i];
        if (only && entity != only) continue;
        for (size_t k = 0; k < entity->relations_count; k++)
            IGNIS_TRY(definition_make(ctx, memory, &entity->relations[k], &items[count++]));
    }
    *definitions = (ignis_relation_definitions){items, count, sizeof(*items)};
    return IGNIS_OK;
}

ignis_code ignis_relations_list(ignis_context *ctx, const ignis_data_source *source,
                                const char *model, ignis_relation_definitions *definitions)
{
    ignis_relation_definitions made;
    app_begin(ctx);
    arena *results = context_results(ctx);
    ignis_mark mark = arena_mark(results);
    ignis_code code = app_source_given(ctx, source);
    if (code == IGNIS_OK) code = definitions_make(ctx, results, source, model, &made);
    if (code == IGNIS_OK) *definitions = made;
    if (code != IGNIS_OK) arena_release(results, mark);
    return app_end(ctx, code);
}

/* ---- as text ----------------------------------------------------------------------------------------- */

typedef void definition_write(text *out, const ignis_relation_definition *definition);

/* Written one after another, with what stands before, between and behind them. */
typedef struct definition_form {
    definition_write *write;
    const char *open;
    const char *between;
    const char *close;
} definition_form;

static ignis_code definitions_write(ignis_context *ctx, const ignis_data_source *source,
                                    const char *model, const definition_form *form,
                                    const char **written)
{
    ignis_relation_definitions all;
    text out;
    IGNIS_TRY(app_source_given(ctx, source));
    IGNIS_TRY(definitions_make(ctx, &ctx->scratch, source, model, &all));
    text_init(&out, context_results(ctx), 0);
    text_string(&out, form->open);
    for (size_t i = 0; i < all.count; i++) {
        if (i > 0) text_string(&out, form->between);
        form->write(&out, &all.items[i]);
    }
    text_string(&out, form->close);
    const char *finished = text_finish(&out);
    if (!finished) return context_fail_memory(ctx, out.memory);
    *written = finished;
    return IGNIS_OK;
}

static void names_put(json_writer *to, const char *key, const ignis_names *names)
{
    json_key(to, key);
    json_begin_array(to);
    for (size_t i = 0; i < names->count; i++)
        json_put_string(to, names->items[i]);
    json_end_array(to);
}

static void string_put(json_writer *to, const char *key, const char *value)
{
    json_key(to, key);
    json_put_string(to, value);
}

static const char *kind_name(ignis_relation_kind kind)
{
    return kind == IGNIS_RELATION_ONE ? "one" : "many";
}

static void json_write(text *out, const ignis_relation_definition *definition)
{
    json_writer to = {.out = out};
    json_begin_object(&to);
    string_put(&to, "source", definition->model);
    string_put(&to, "name", definition->name);
    string_put(&to, "type", kind_name(definition->kind));
    string_put(&to, "model", definition->target);
    names_put(&to, "fields", &definition->fields);
    names_put(&to, "references", &definition->references);
    string_put(&to, "inverse", definition->inverse);
    string_put(&to, "foreignKey", definition->foreign_key);
    string_put(&to, "index", definition->index);
    json_key(&to, "isUnique");
    json_put_boolean(&to, definition->is_unique);
    json_end_object(&to);
}

static void line_write(text *out, const ignis_relation_definition *definition)
{
    const char *index = definition->index;
    bool is_key = index && strcmp(index, "primary key") == 0;
    text_format(out, "%s.%s: %s %s by ", definition->model, definition->name,
                kind_name(definition->kind), definition->target);
    for (size_t i = 0; i < definition->fields.count; i++) {
        text_format(out, "%s%s = %s", i > 0 ? " and " : "", definition->fields.items[i],
                    definition->references.items[i]);
    }
    if (definition->inverse) text_format(out, ", inverse %s", definition->inverse);
    if (definition->foreign_key) text_format(out, ", foreign key %s", definition->foreign_key);
    if (!index) text_string(out, ", no index");
    if (index) text_format(out, ", %s%s", is_key ? "" : "index ", index);
    text_char(out, '\n');
}

ignis_code ignis_relations_to_json(ignis_context *ctx, const ignis_data_source *source,
                                   const char *model, const char **json_)
{
    static const definition_form form = {json_write, "[", ",", "]"};
    app_begin(ctx);
    return app_end(ctx, definitions_write(ctx, source, model, &form, json_));
}

ignis_code ignis_relations_to_text(ignis_context *ctx, const ignis_data_source *source,
                                   const char *model, const char **text_)
{
    static const definition_form form = {line_write, "", "", ""};
    app_begin(ctx);
    return app_end(ctx, definitions_write(ctx, source, model, &form, text_));
}
