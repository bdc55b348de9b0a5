/* override: what a repository's class says in place of its model. */
#include "app/app.h"

/* ---- hidden properties ----------------------------------------------------------------------------- */

static ignis_code members_hide(ignis_context *ctx, const model_entity *entity,
                               const ignis_members *members, bool *hidden)
{
    if (members->is_exclusion) {
        return context_fail(ctx, IGNIS_E_INVALID, "hidden members are named, not excluded");
    }
    for (size_t i = 0; i < members->count; i++) {
        const model_column *column;
        ignis_code code =
            model_native_column(ctx, entity, members->model, members->items[i], &column);
        if (code != IGNIS_OK) return context_path(ctx, "[%zu]", i);
        hidden[column->index] = true;
    }
    return IGNIS_OK;
}

static ignis_code property_hide(ignis_context *ctx, const model_entity *entity, const json *name,
                                bool *hidden)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    if (name->kind != JSON_STRING) {
        return context_fail(ctx, IGNIS_E_INVALID, "a hidden property is a name, not %s",
                            json_kind_name(name));
    }
    const model_column *column = model_column_get(entity, name->as.text, name->count);
    if (column) {
        hidden[column->index] = true;
        return IGNIS_OK;
    }
    context_fail(ctx, IGNIS_E_INVALID, "unknown property '%s' of %s",
                 context_quote(quoted, name->as.text, name->count), entity->name);
    context_hint(ctx, model_column_nearest(entity, name->as.text, name->count, false));
    return IGNIS_E_INVALID;
}

static ignis_code properties_hide(ignis_context *ctx, const model_entity *entity, const char *names,
                                  bool *hidden)
{
    const json *list;
    IGNIS_TRY(json_read_context(ctx, &ctx->scratch, names, strlen(names), NULL, &list));
    if (list->kind != JSON_ARRAY) {
        return context_fail(ctx, IGNIS_E_INVALID, "hidden properties are a list of names, not %s",
                            json_kind_name(list));
    }
    for (size_t i = 0; i < list->count; i++) {
        ignis_code code = property_hide(ctx, entity, &list->as.items[i], hidden);
        if (code != IGNIS_OK) return context_path(ctx, "[%zu]", i);
    }
    return IGNIS_OK;
}

/* What is hidden by column, in scratch. NULL: as the model says. */
static ignis_code hidden_read(ignis_context *ctx, const model_entity *entity,
                              const ignis_repository_class *class_, const bool **hidden)
{
    *hidden = NULL;
    if (!class_->hidden.items && !class_->hidden_json) return IGNIS_OK;
    if (class_->hidden.items && class_->hidden_json) {
        return context_fail(ctx, IGNIS_E_INVALID, "hidden and hidden_json are both given");
    }
    bool *by_column = arena_array(&ctx->scratch, entity->columns_count, sizeof(*by_column));
    if (!by_column) return context_fail_memory(ctx, &ctx->scratch);
    *hidden = by_column;
    ignis_code code = class_->hidden_json
                          ? properties_hide(ctx, entity, class_->hidden_json, by_column)
                          : members_hide(ctx, entity, &class_->hidden, by_column);
    return code == IGNIS_OK ? IGNIS_OK : context_path(ctx, "hidden");
}

/* ---- the default filter ----------------------------------------------------------------------------- */

/* A filter of C as JSON text in scratch, so that nothing of it has to live on. */
static ignis_code filter_write(ignis_context *ctx, const model_entity *entity,
                               const ignis_filter *filter, text *out)
{
    const json *made;
    if (filter->struct_size > offsetof(ignis_filter, options) && filter->options) {
        context_fail(ctx, IGNIS_E_INVALID, "a default filter has no options");
        return context_path(ctx, "options");
    }
    IGNIS_TRY(filter_native_read(ctx, &ctx->scratch, entity, filter, &made));
    text_init(out, &ctx->scratch, 0);
    json_write_value(out, made);
    return out->code == IGNIS_OK ? IGNIS_OK : context_fail_memory(ctx, &ctx->scratch);
}

/* In memory. NULL: the model's. */
static ignis_code default_filter_read(ignis_context *ctx, arena *memory, const model_entity *entity,
                                      const ignis_repository_class *class_, const json **filter)
{
    const char *given = class_->default_filter_json;
    size_t size = given ? strlen(given) : 0;
    text written;
    *filter = NULL;
    if (!given && !class_->default_filter) return IGNIS_OK;
    if (given && class_->default_filter) {
        return context_fail(ctx, IGNIS_E_INVALID,
                            "default_filter and default_filter_json are both given");
    }
    if (!given) {
        IGNIS_TRY(filter_write(ctx, entity, class_->default_filter, &written));
        given = written.data;
        size = written.size;
    }
    IGNIS_TRY(json_read_context(ctx, memory, given, size, NULL, filter));
    if ((*filter)->kind == JSON_OBJECT) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_INVALID, "a filter is an object, not %s",
                        json_kind_name(*filter));
}

static ignis_code variant_make(ignis_context *ctx, const ignis_repository_class *class_,
                               ignis_repository *repository)
{
    ignis_data_source *source = repository->source;
    const model_entity *entity = repository->entity;
    model_variant wanted = {.index = (uint32_t)source->run.registry->entities_count +
                                     source->variants_count};
    model_entity *made;
    IGNIS_TRY(hidden_read(ctx, entity, class_, &wanted.hidden));
    ignis_code code =
        default_filter_read(ctx, source->memory, entity, class_, &wanted.default_filter);
    if (code != IGNIS_OK) return context_path(ctx, "defaultFilter");
    if (!wanted.hidden && !wanted.default_filter) return IGNIS_OK;
    IGNIS_TRY(model_variant_build(ctx, source->memory, entity, &wanted, &made));
    code = filter_default_build(ctx, source->memory, made);
    if (code != IGNIS_OK) return context_path(ctx, "defaultFilter");
    source->variants_count++;
    repository->entity = made;
    return IGNIS_OK;
}

ignis_code app_override(ignis_context *ctx, const ignis_repository_class *class_,
                        ignis_repository *repository)
{
    context_saved refusal;
    if (!repository->entity) return IGNIS_OK;
    ignis_code code = variant_make(ctx, class_, repository);
    if (code != IGNIS_E_INVALID && code != IGNIS_E_LIMIT) return code;
    context_save(ctx, &refusal);
    context_fail(ctx, code, "[%s] %s", repository->name, refusal.message);
    memcpy(refusal.message, ctx->message, sizeof(refusal.message));
    context_restore(ctx, &refusal);
    return code;
}
