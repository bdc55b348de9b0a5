#include "conformance/runner.h"

#include "support/compare.h"
#include "support/content.h"

const char *runner_error_json(arena *memory, const ignis_error *error)
{
    text out;
    text_init(&out, memory, 0);
    json_writer writer = {.out = &out};
    json_begin_object(&writer);
    json_key(&writer, "error");
    json_begin_object(&writer);
    const char *const members[][2] = {
        {"code", ignis_code_name(error->code)},
        {"message", error->message},
        {"path", error->path},
        {"hint", error->hint},
        {"constraint", error->constraint},
    };
    for (size_t i = 0; i < ARRAY_COUNT(members); i++) {
        if (members[i][1][0] == '\0') continue;
        json_key(&writer, members[i][0]);
        json_put_string(&writer, members[i][1]);
    }
    json_end_object(&writer);
    json_end_object(&writer);
    const char *written = text_finish(&out);
    return written ? written : "\"no memory\"";
}

static const char *expected_json(arena *memory, const cases_check *check)
{
    text out;
    text_init(&out, memory, 0);
    if (check->error) text_string(&out, "{\"error\":");
    json_write_value(&out, check->error ? check->error : check->result);
    if (check->error) text_char(&out, '}');
    const char *written = text_finish(&out);
    return written ? written : "\"no memory\"";
}

static runner_verdict verdict_failed(runner *run, const cases_check *check, const char *got,
                                     const char *place, const char *difference)
{
    return (runner_verdict){.outcome = RUNNER_FAILED,
                            .expected = expected_json(&run->scratch, check),
                            .got = got,
                            .place = place,
                            .difference = difference};
}

/* ---- answers ---- */

/* The first letter in either case. */
static bool starts_with(const char *string, const char *prefix)
{
    if (string[0] == '\0' || (string[0] | 0x20) != (prefix[0] | 0x20)) return false;
    return strncmp(string + 1, prefix + 1, strlen(prefix) - 1) == 0;
}

static const char *string_of(const json *object, const char *name)
{
    const json *value = json_get(object, name);
    return value && value->kind == JSON_STRING ? value->as.text : NULL;
}

static runner_verdict judge_error(runner *run, const cases_check *check, const ignis_error *error)
{
    bool is_missing_method = starts_with(error->message, "no such method");
    if (error->code == IGNIS_E_UNSUPPORTED &&
        (is_missing_method || starts_with(error->message, "not yet")))
        return (runner_verdict){
            .outcome = RUNNER_SKIPPED,
            .reason = arena_copy(&run->scratch, error->message, strlen(error->message)),
            .is_missing_method = is_missing_method};

    const struct {
        const char *name;
        const char *place;
        const char *got;
    } members[] = {{"constraint", "error.constraint", error->constraint},
                   {"message", "error.message", error->message},
                   {"path", "error.path", error->path},
                   {"hint", "error.hint", error->hint}};
    const char *got = runner_error_json(&run->scratch, error);
    if (!check->error)
        return verdict_failed(run, check, got, "", "an error where a result is expected");
    const char *code = string_of(check->error, "code");
    if (!code || strcmp(code, ignis_code_name(error->code)) != 0)
        return verdict_failed(run, check, got, "error.code", "another code");
    for (size_t i = 0; i < ARRAY_COUNT(members); i++) {
        const char *expected = string_of(check->error, members[i].name);
        if (expected && strcmp(expected, members[i].got) != 0)
            return verdict_failed(run, check, got, members[i].place, "another text");
    }
    return (runner_verdict){.outcome = RUNNER_PASSED};
}

static runner_verdict judge_result(runner *run, const cases_check *check, const char *data,
                                   size_t size)
{
    if (check->error)
        return verdict_failed(run, check, data, "", "a result where an error is expected");
    const json *got = NULL;
    json_fault fault = {0};
    json_options options = {.depth_max = 512};
    if (json_read(&run->scratch, data, size, &options, &got, &fault) != IGNIS_OK)
        return verdict_failed(run, check, data, "",
                              fault.message ? fault.message : "a result that cannot be read");
    compare *rules = arena_array(&run->scratch, 1, sizeof(*rules));
    if (!rules) return verdict_failed(run, check, data, "", "no memory");
    rules->memory = &run->scratch;
    rules->unordered = check->unordered;
    if (compare_values(rules, check->result, got))
        return (runner_verdict){.outcome = RUNNER_PASSED};
    return verdict_failed(run, check, data, rules->place, rules->difference);
}

/* ---- calls ---- */

typedef struct called {
    const char *model;
    runner_models models;
    bool readable;
} called;

/* "User:readonly" -> the model User, readable. false: an unknown suffix. */
static bool repository_read(arena *memory, const char *repository, called *call)
{
    const char *colon = strchr(repository, ':');
    size_t size = colon ? (size_t)(colon - repository) : strlen(repository);
    call->model = arena_copy(memory, repository, size);
    if (!call->model) return false;
    if (!colon) return true;
    call->readable = strcmp(colon, ":readonly") == 0;
    if (strcmp(colon, ":unregistered") == 0) call->models = RUNNER_UNREGISTERED;
    return call->readable || call->models == RUNNER_UNREGISTERED;
}

static ignis_code call_make(ignis_context *ctx, const called *call, ignis_data_source *source,
                            const cases_check *check, const char **data, size_t *size)
{
    ignis_repository_class class_ = {
        .struct_size = sizeof(class_), .model = call->model, .readable = call->readable};
    ignis_repository *repository = NULL;
    IGNIS_TRY(ignis_repository_open(ctx, source, &class_, &repository));
    return ignis_call_json(ctx, repository, &ignis_policy_trusted, check->method, check->arguments,
                           check->arguments_size, data, size);
}

runner_verdict runner_judge_answer(runner *run, const ignis_context *ctx, const cases_check *check,
                                   ignis_code code, const char *data, size_t size)
{
    return code == IGNIS_OK ? judge_result(run, check, data, size)
                            : judge_error(run, check, ignis_context_error(ctx));
}

runner_verdict runner_judge_call(runner *run, const runner_call *by, const cases_check *check)
{
    called call = {.models = by->models};
    if (!repository_read(&run->scratch, check->repository, &call))
        return verdict_failed(run, check, "null", "", "a repository of an unknown kind");
    runner_source *source = runner_source_get(run, by->fixture, call.models);
    if (!source || source->problem)
        return verdict_failed(run, check, source ? source->problem : "null", "",
                              "a fixture that cannot be opened");
    if (!runner_replica_await(run))
        return verdict_failed(run, check, "null", "", "a replica that does not follow");
    const char *data = NULL;
    size_t size = 0;
    uint64_t before = 0;
    uint64_t after = 0;
    /* A refused write leaves every table as it was. */
    bool is_watched = check->error && !cases_method_reads(check->method) && !by->ctx->transaction;
    bool is_read = !is_watched || content_hash(source->source, &before);
    ignis_code code = call_make(by->ctx, &call, source->source, check, &data, &size);
    runner_verdict verdict = runner_judge_answer(run, by->ctx, check, code, data, size);
    if (is_watched && is_read) is_read = content_hash(source->source, &after);
    if (verdict.outcome != RUNNER_PASSED || (is_read && before == after)) return verdict;
    return verdict_failed(run, check, "null", "",
                          is_read ? "an error that changed rows" : "tables that cannot be read");
}

static runner_verdict check_judge(runner *run, const char *fixture, const cases_check *check)
{
    const runner_call by = {.ctx = run->ctx, .fixture = fixture};
    return runner_judge_call(run, &by, check);
}

/* The source is touched only after the checks: they see what the call has left. */
static runner_verdict checks_judge(runner *run, const cases_case *item)
{
    runner_verdict verdict = check_judge(run, item->fixture, &item->check);
    for (size_t i = 0; verdict.outcome == RUNNER_PASSED && i < item->then_count; i++)
        verdict = check_judge(run, item->fixture, &item->then[i]);
    return verdict;
}

runner_verdict runner_judge(runner *run, const cases_case *item)
{
    bool has_steps = strcmp(item->check.method, "transaction") == 0;
    runner_verdict verdict = has_steps ? runner_judge_steps(run, item) : checks_judge(run, item);
    bool is_untouched = cases_method_reads(item->check.method) || verdict.is_missing_method;
    if (!is_untouched || item->reset_after) runner_source_touch(run, item->fixture);
    return verdict;
}
