/* The same calls with structs, and the statements that they give. */
#include "property/trial.h"

#include "property/twin.h"
#include "support/parsed.h"
#include "typed/called.h"

#include <string.h>

struct trial_models {
    naive_memory own;   /* of this struct */
    ignis_context *ctx; /* of the models from JSON, whose texts the others share */
    arena memory;
    const ignis_model *const *items;
    size_t count;
};

ignis_code trial_models_make(trial_engine *engine, const char *models,
                             ignis_data_source_class *class_)
{
    naive_memory own = {0};
    struct trial_models *made = naive_alloc(&own, sizeof(*made));
    *made = (struct trial_models){.own = own, .ctx = ignis_context_create()};
    engine->models = made;
    if (!made->ctx) return IGNIS_E_MEMORY;
    IGNIS_TRY(ignis_models_from_json(made->ctx, models, 0, &class_->models, &made->count));
    made->items = twin_models(&made->memory, class_->models, made->count);
    class_->models = made->items;
    class_->models_count = made->count;
    return IGNIS_OK;
}

void trial_models_free(trial_engine *engine)
{
    if (!engine->models) return;
    naive_memory own = engine->models->own;
    ignis_context_free(engine->models->ctx);
    arena_free(&engine->models->memory);
    engine->models = NULL;
    naive_free(&own);
}

static const ignis_model *model_find(const trial_engine *engine, const char *name)
{
    for (size_t i = 0; i < engine->models->count; i++)
        if (strcmp(engine->models->items[i]->name, name) == 0) return engine->models->items[i];
    return NULL;
}

/* The answer as JSON; IGNIS_E_UNSUPPORTED: C has no words for the call. */
static ignis_code call_run(trial_engine *engine, arena *memory, const trial_case *given,
                           const char *arguments, const char **answer)
{
    const json *read = NULL;
    ignis_repository *repository = NULL;
    text out;
    const ignis_policy policy = trial_policy(&given->policy);
    called call = {.said = {.memory = memory},
                   .model = model_find(engine, given->model),
                   .method = given->method,
                   .options = {.struct_size = sizeof(call.options), .policy = &policy}};
    const ignis_repository_class class_ = {.struct_size = sizeof(class_), .typed = call.model};
    if (json_read_context(engine->ctx, memory, arguments, strlen(arguments), NULL, &read) !=
        IGNIS_OK)
        return IGNIS_E_UNSUPPORTED;
    called_read(&call, read);
    bool is_bounded = strcmp(given->policy.name, "trusted") != 0;
    if (call.said.refusal != SAID || (call.said.counts_differ && is_bounded))
        return IGNIS_E_UNSUPPORTED;
    IGNIS_TRY(ignis_repository_open(engine->ctx, engine->source, &class_, &repository));
    call.repository = repository;
    text_init(&out, memory, 0);
    IGNIS_TRY(called_make(engine->ctx, &call, &out));
    *answer = text_finish(&out);
    return *answer ? IGNIS_OK : IGNIS_E_MEMORY;
}

trial_outcome trial_judge_typed(trial_engine *engine, const trial_case *call,
                                const naive_answer *answer)
{
    naive_memory scratch = {0};
    arena memory = {0};
    const char *got = NULL;
    trial_outcome outcome = {.verdict = TRIAL_SAME, .got = "", .path = ""};
    ignis_context_reset(engine->ctx);
    ignis_code code = call_run(engine, &memory, call, naive_write(&scratch, call->arguments), &got);
    bool is_refusal = code == IGNIS_E_INVALID || code == IGNIS_E_LIMIT;
    if (code == IGNIS_E_UNSUPPORTED) {
        engine->unsaid_count++;
    } else if (code != IGNIS_OK && (answer->json || !is_refusal)) {
        const ignis_error *error = ignis_context_error(engine->ctx);
        outcome = (trial_outcome){TRIAL_STRUCTS, code, error->message, error->path};
    } else if (code == IGNIS_OK &&
               !(answer->json && naive_equal(answer->json, naive_parse(&scratch, got)))) {
        outcome.verdict = TRIAL_STRUCTS;
        outcome.got = arena_copy(&engine->models->memory, got, strlen(got));
    }
    if (code != IGNIS_E_UNSUPPORTED) engine->said_count++;
    arena_free(&memory);
    naive_free(&scratch);
    return outcome;
}

trial_outcome trial_judge_statements(trial_engine *engine, const trial_case *call)
{
    static const char *const foreign[] = {TRIAL_MARK, TRIAL_NUMBER, NULL};
    naive_memory scratch = {0};
    arena memory = {0};
    const json *arguments = NULL;
    const char *problem = NULL;
    const ignis_policy policy = trial_policy(&call->policy);
    const char *given = naive_write(&scratch, call->arguments);
    if (json_read_context(engine->ctx, &memory, given, strlen(given), NULL, &arguments) ==
        IGNIS_OK) {
        const parsed_call parsed = {.source = engine->source,
                                    .model = call->model,
                                    .method = call->method,
                                    .arguments = arguments,
                                    .policy = &policy,
                                    .foreign = foreign};
        problem = parsed_check(engine->ctx, &memory, &parsed, &engine->statements_count);
        if (problem) problem = arena_copy(&engine->models->memory, problem, strlen(problem));
    }
    arena_free(&memory);
    naive_free(&scratch);
    return (trial_outcome){
        .verdict = problem ? TRIAL_STATEMENT : TRIAL_SAME, .got = problem, .path = ""};
}
