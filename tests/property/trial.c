#include "property/trial.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_SIZE = 512 };

/* ---- engines ---- */

static ignis_code context_set(trial_engine *engine)
{
    naive_memory scratch = {0};
    const naive_json *values = naive_parse(&scratch, naive_context);
    ignis_code code = IGNIS_OK;
    for (size_t i = 0; code == IGNIS_OK && i < values->count; i++)
        code = ignis_context_value_set(engine->ctx, values->names[i],
                                       naive_write(&scratch, values->items[i]));
    naive_free(&scratch);
    return code;
}

static ignis_code open_all(trial_engine *engine, const char *models, const char *rows)
{
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = engine->url};
    IGNIS_TRY(context_set(engine));
    IGNIS_TRY(trial_models_make(engine, models, &class_));
    IGNIS_TRY(ignis_data_source_open(engine->ctx, &class_, &engine->source));
    IGNIS_TRY(ignis_schema_create(engine->ctx, engine->source));
    return ignis_load(engine->ctx, engine->source, rows, 0, NULL);
}

ignis_code trial_open(trial_engine *engine, const char *models, const char *rows)
{
    trial_close(engine);
    if (engine->clear) engine->clear();
    return open_all(engine, models, rows);
}

void trial_close(trial_engine *engine)
{
    ignis_data_source_close(engine->source);
    engine->source = NULL;
    ignis_context_reset(engine->ctx);
    trial_models_free(engine);
}

bool trial_is_awaited(const trial_engine *engine)
{
    static const char awaited[] = "not yet:";
    const ignis_error *error = ignis_context_error(engine->ctx);
    return error->code == IGNIS_E_UNSUPPORTED &&
           strncmp(error->message, awaited, sizeof(awaited) - 1) == 0;
}

/* ---- calls ---- */

ignis_policy trial_policy(const naive_policy *policy)
{
    return (ignis_policy){.struct_size = sizeof(ignis_policy),
                          .trusted = !policy->is_public,
                          .allow_regexp = policy->allows_regexp,
                          .include_depth_max = (uint32_t)policy->include_depth_max,
                          .includes_max = (uint32_t)policy->includes_max,
                          .where_depth_max = (uint32_t)policy->where_depth_max,
                          .conditions_max = (uint32_t)policy->conditions_max,
                          .list_max = (uint32_t)policy->list_max,
                          .limit_max = policy->limit_max};
}

static ignis_code call_run(trial_engine *engine, naive_memory *memory, const trial_case *call,
                           const char **answer)
{
    ignis_repository *repository = NULL;
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = call->model};
    IGNIS_TRY(ignis_repository_open(engine->ctx, engine->source, &class_, &repository));
    const naive_json *filter = naive_get(call->arguments, "filter");
    const ignis_policy policy = trial_policy(&call->policy);
    const ignis_policy *given = strcmp(call->policy.name, "public") == 0 ? NULL : &policy;
    bool has_filter_alone = filter && call->arguments->count == 1;
    if (has_filter_alone && strcmp(call->method, "find") == 0)
        return ignis_find_json(engine->ctx, repository, given, naive_write(memory, filter), answer);
    return ignis_call_json(engine->ctx, repository, given, call->method,
                           naive_write(memory, call->arguments), 0, answer, NULL);
}

static trial_outcome judge_json(trial_engine *engine, const trial_case *call,
                                const naive_answer *answer)
{
    naive_memory scratch = {0};
    const char *text = NULL;
    ignis_context_reset(engine->ctx);
    trial_outcome outcome = {.code = call_run(engine, &scratch, call, &text), .path = ""};
    outcome.got = text;
    if (outcome.code != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(engine->ctx);
        bool is_refusal = outcome.code == IGNIS_E_INVALID || outcome.code == IGNIS_E_LIMIT;
        outcome.got = error->message;
        outcome.path = error->path;
        outcome.verdict = trial_is_awaited(engine) ? TRIAL_SKIPPED
                          : answer->json           ? TRIAL_REFUSED
                          : is_refusal             ? TRIAL_SAME
                                                   : TRIAL_BROKEN;
    } else if (!answer->json) {
        outcome.verdict = TRIAL_ACCEPTED;
    } else {
        const naive_json *got = naive_parse(&scratch, text);
        outcome.verdict = naive_equal(answer->json, got) ? TRIAL_SAME : TRIAL_OTHER;
    }
    naive_free(&scratch);
    return outcome;
}

trial_outcome trial_judge(trial_engine *engine, const trial_case *call, const naive_answer *answer)
{
    trial_outcome outcome = judge_json(engine, call, answer);
    if (outcome.verdict != TRIAL_SAME) return outcome;
    trial_outcome typed = trial_judge_typed(engine, call, answer);
    if (typed.verdict != TRIAL_SAME) return typed;
    return engine->parses ? trial_judge_statements(engine, call) : outcome;
}

/* ---- cases ---- */

static void unordered_add(naive_memory *memory, naive_json *paths, const char *path)
{
    for (size_t i = 0; i < paths->count; i++)
        if (strcmp(paths->items[i]->text, path) == 0) return;
    naive_add(memory, paths, naive_text(memory, path));
}

static void unordered_find(naive_memory *memory, const naive_json *json, const char *path,
                           naive_json *paths)
{
    if (json->kind == NAIVE_LIST && json->unordered) unordered_add(memory, paths, path);
    for (size_t i = 0; i < json->count; i++) {
        char below[PATH_SIZE];
        if (json->kind == NAIVE_OBJECT)
            (void)snprintf(below, sizeof(below), "%s%s%s", path, *path ? "." : "", json->names[i]);
        else
            (void)snprintf(below, sizeof(below), "%s", path);
        unordered_find(memory, json->items[i], below, paths);
    }
}

/* For the reader; cases of tests/conformance are trusted. */
static naive_json *policy_show(naive_memory *memory, const naive_policy *policy)
{
    naive_json *made = naive_make(memory, NAIVE_OBJECT);
    const struct {
        const char *name;
        size_t bound;
    } bounds[] = {{"includeDepth", policy->include_depth_max},
                  {"includes", policy->includes_max},
                  {"whereDepth", policy->where_depth_max},
                  {"conditions", policy->conditions_max},
                  {"list", policy->list_max},
                  {"limit", (size_t)policy->limit_max},
                  {"regexp", policy->allows_regexp}};
    for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
        naive_set(memory, made, bounds[i].name, naive_integer(memory, (int64_t)bounds[i].bound));
    return made;
}

static naive_json *case_make(naive_memory *memory, const trial_case *call)
{
    naive_world *world = naive_alloc(memory, sizeof(*world));
    naive_json *made = naive_make(memory, NAIVE_OBJECT);
    naive_set(memory, made, "name", naive_text(memory, "found/property"));
    naive_set(memory, made, "fixture", naive_text(memory, "found"));
    naive_set(memory, made, "repository", naive_text(memory, call->model));
    naive_set(memory, made, "method", naive_text(memory, call->method));
    naive_set(memory, made, "arguments", call->arguments);
    if (call->policy.is_public)
        naive_set(memory, made, "policy", policy_show(memory, &call->policy));
    if (!naive_models_read(memory, call->models, world)) return made;
    if (!naive_rows_read(memory, call->rows, world)) return made;
    naive_answer answer =
        naive_call(memory, world, &call->policy, call->model, call->method, call->arguments);
    naive_json *paths = naive_make(memory, NAIVE_LIST);
    if (answer.json) {
        naive_set(memory, made, "result", naive_copy(memory, answer.json));
        unordered_find(memory, answer.json, "", paths);
    } else {
        naive_set(memory, made, "error", naive_parse(memory, "{\"code\":\"invalid\"}"));
    }
    if (paths->count > 0) naive_set(memory, made, "unordered", paths);
    return made;
}

static void file_write(naive_memory *memory, const char *folder, const char *name,
                       const naive_json *json)
{
    char path[PATH_SIZE];
    const char *text = naive_write(memory, json);
    printf("%s\n%s\n", name, text);
    if (!folder || snprintf(path, sizeof(path), "%s/%s", folder, name) >= PATH_SIZE) return;
    FILE *file = fopen(path, "w");
    if (!file) return;
    (void)fputs(text, file);
    (void)fclose(file);
}

void trial_print(naive_memory *memory, const trial_case *call, const char *folder)
{
    static const char *const folders[] = {"", "fixtures", "cases"};
    for (size_t i = 0; folder && i < 3; i++) {
        char path[PATH_SIZE];
        if (snprintf(path, sizeof(path), "%s/%s", folder, folders[i]) < PATH_SIZE)
            (void)mkdir(path, 0777);
    }
    naive_json *cases = naive_make(memory, NAIVE_LIST);
    naive_add(memory, cases, case_make(memory, call));
    file_write(memory, folder, "fixtures/found.models.json", call->models);
    file_write(memory, folder, "fixtures/found.data.json", call->rows);
    file_write(memory, folder, "cases/found.json", cases);
}
