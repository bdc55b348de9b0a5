/* Descriptions: a resolved entity as a model again, in properties as a model from JSON is. */
#include "model/model.h"

typedef struct describer {
    arena *memory;
    const model_entity *entity;
    ignis_model *made;
    bool is_full; /* no memory: the description is not whole */
} describer;

static void *list_make(describer *in, size_t count, size_t size)
{
    void *items = arena_array(in->memory, count, size);
    if (!items) in->is_full = true;
    return items;
}

bool model_names_make(arena *memory, const model_keys *keys, ignis_names *names)
{
    const char **items = arena_array(memory, keys->count, sizeof(*items));
    if (!items) return false;
    for (size_t i = 0; i < keys->count; i++)
        items[i] = keys->items[i]->name;
    *names = (ignis_names){items, keys->count};
    return true;
}

static ignis_names names_make(describer *in, const model_keys *keys)
{
    ignis_names names = {0};
    if (!model_names_make(in->memory, keys, &names)) in->is_full = true;
    return names;
}

static const char *json_text(describer *in, const json *value)
{
    text out;
    if (!value) return NULL;
    text_init(&out, in->memory, 0);
    json_write_value(&out, value);
    const char *written = text_finish(&out);
    if (!written) in->is_full = true;
    return written;
}

static ignis_column column_describe(describer *in, const model_column *column)
{
    return (ignis_column){.name = column->name,
                          .column = column->column,
                          .type = column->type.type,
                          .cast = column->type.cast,
                          .array = column->type.array,
                          .not_null = column->not_null,
                          .primary_key = column->primary_key,
                          .hidden = column->hidden,
                          .has_scale = column->has_scale,
                          .identity = column->identity,
                          .length = column->length,
                          .precision = column->precision,
                          .scale = column->scale,
                          .values = column->values,
                          .default_json = json_text(in, column->default_literal),
                          .default_sql = column->default_sql,
                          .default_fn = column->default_fn,
                          .on_update = column->on_update,
                          .generate = column->generate,
                          .generate_update = column->generate_update,
                          .generate_data = column->generate_data};
}

static void columns_describe(describer *in)
{
    const model_entity *entity = in->entity;
    ignis_column *columns = list_make(in, entity->columns_count, sizeof(*columns));
    const char **hidden = list_make(in, entity->columns_count, sizeof(*hidden));
    size_t hidden_count = 0;
    if (!columns || !hidden) return;
    for (size_t i = 0; i < entity->columns_count; i++) {
        columns[i] = column_describe(in, &entity->columns[i]);
        if (columns[i].hidden) hidden[hidden_count++] = columns[i].name;
    }
    in->made->columns = (ignis_columns){columns, entity->columns_count, sizeof(*columns)};
    in->made->hidden_properties = (ignis_names){hidden, hidden_count};
}

static ignis_constraint constraint_describe(describer *in, const model_constraint *constraint)
{
    /* Those of a check are known by its SQL. */
    static const model_keys none = {0};
    bool is_check = constraint->kind == IGNIS_CONSTRAINT_CHECK;
    return (ignis_constraint){.kind = constraint->kind,
                              .name = constraint->name,
                              .columns = names_make(in, is_check ? &none : &constraint->columns),
                              .target_name = constraint->target ? constraint->target->name : NULL,
                              .references = names_make(in, &constraint->references),
                              .on_delete = constraint->on_delete,
                              .on_update = constraint->on_update,
                              .deferrable = constraint->deferrable,
                              .check_sql = constraint->check_sql};
}

static bool constraint_is_of(const model_constraint *constraint, ignis_constraint_kind kind)
{
    bool is_index = constraint->kind == IGNIS_CONSTRAINT_UNIQUE_INDEX;
    return constraint->kind == kind || (is_index && kind == IGNIS_CONSTRAINT_INDEX);
}

/* Those of a kind, unique indexes among the indexes. */
static ignis_constraints constraints_describe(describer *in, ignis_constraint_kind kind)
{
    const model_entity *entity = in->entity;
    ignis_constraint *items = list_make(in, entity->constraints_count, sizeof(*items));
    size_t count = 0;
    for (size_t i = 0; items && i < entity->constraints_count; i++) {
        if (!constraint_is_of(&entity->constraints[i], kind)) continue;
        items[count++] = constraint_describe(in, &entity->constraints[i]);
    }
    return (ignis_constraints){items, count, sizeof(*items)};
}

static ignis_relations relations_describe(describer *in)
{
    const model_entity *entity = in->entity;
    ignis_relation *items = list_make(in, entity->relations_count, sizeof(*items));
    if (!items) return (ignis_relations){0};
    for (size_t i = 0; i < entity->relations_count; i++) {
        const model_relation *relation = &entity->relations[i];
        const model_relation *inverse = relation->inverse;
        bool is_named =
            relation->kind == IGNIS_RELATION_MANY && inverse && inverse->kind == IGNIS_RELATION_ONE;
        items[i] = (ignis_relation){.name = relation->name,
                                    .kind = relation->kind,
                                    .target_name = relation->target->name,
                                    .fields = names_make(in, &relation->fields),
                                    .references = names_make(in, &relation->references),
                                    .relation_name = is_named ? inverse->name : NULL};
    }
    return (ignis_relations){items, entity->relations_count, sizeof(*items)};
}

ignis_code model_describe(ignis_context *ctx, arena *memory, const model_entity *entity,
                          const ignis_model **described)
{
    ignis_model *made = arena_array(memory, 1, sizeof(*made));
    if (!made) return context_fail_memory(ctx, memory);
    describer in = {.memory = memory, .entity = entity, .made = made};
    *made = (ignis_model){.struct_size = sizeof(*made),
                          .name = entity->name,
                          .type = entity->type,
                          .table = entity->table,
                          .schema = entity->schema,
                          .default_filter = json_text(&in, entity->default_filter_json),
                          .limit_max = entity->limit_max,
                          .skip_migrate = entity->skip_migrate,
                          .check_writes = entity->check_writes};
    columns_describe(&in);
    made->uniques = constraints_describe(&in, IGNIS_CONSTRAINT_UNIQUE);
    made->indexes = constraints_describe(&in, IGNIS_CONSTRAINT_INDEX);
    made->foreign_keys = constraints_describe(&in, IGNIS_CONSTRAINT_FOREIGN_KEY);
    made->checks = constraints_describe(&in, IGNIS_CONSTRAINT_CHECK);
    made->relations = relations_describe(&in);
    if (in.is_full) return context_fail_memory(ctx, memory);
    *described = made;
    return IGNIS_OK;
}
