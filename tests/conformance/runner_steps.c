/* Cases of several transactions at once: each has a context of its own. */
#include "conformance/runner.h"

enum { TRANSACTIONS_MAX = 8 };

typedef struct named_transaction {
    const char *name;
    ignis_context *own; /* that it was begun from */
    ignis_context *tx;  /* NULL: its beginning failed */
} named_transaction;

typedef struct steps {
    runner *run;
    runner_call outside;
    named_transaction transactions[TRANSACTIONS_MAX];
    size_t transactions_count;
} steps;

static const char *string_of(const json *object, const char *name)
{
    const json *value = object && object->kind == JSON_OBJECT ? json_get(object, name) : NULL;
    return value && value->kind == JSON_STRING ? value->as.text : NULL;
}

static runner_verdict steps_fail(const char *difference)
{
    return (runner_verdict){.outcome = RUNNER_FAILED,
                            .expected = "null",
                            .got = "null",
                            .place = "arguments",
                            .difference = difference};
}

static named_transaction *transaction_find(steps *self, const char *name)
{
    for (size_t i = 0; i < self->transactions_count; i++) {
        if (strcmp(self->transactions[i].name, name) == 0) return &self->transactions[i];
    }
    return NULL;
}

/* ---- begin, commit, rollback, isActive ---- */

static const char *const isolations[] = {[IGNIS_READ_COMMITTED] = "READ COMMITTED",
                                         [IGNIS_REPEATABLE_READ] = "REPEATABLE READ",
                                         [IGNIS_SERIALIZABLE] = "SERIALIZABLE"};

/* A name that is none gives a level that is none. */
static ignis_isolation isolation_of(steps *self, const cases_check *check)
{
    const json *arguments = NULL;
    json_fault fault;
    size_t isolation = 0;
    if (json_read(&self->run->scratch, check->arguments, check->arguments_size, NULL, &arguments,
                  &fault) != IGNIS_OK)
        return IGNIS_READ_COMMITTED;
    const char *name = string_of(arguments, "isolationLevel");
    while (name && isolation < ARRAY_COUNT(isolations) && strcmp(isolations[isolation], name) != 0)
        isolation++;
    return (ignis_isolation)isolation;
}

static runner_verdict begin_judge(steps *self, const cases_check *check, const char *name)
{
    runner *run = self->run;
    text answer;
    runner_source *source = runner_source_get(run, self->outside.fixture, self->outside.models);
    if (!source || source->problem) return steps_fail("a fixture that cannot be opened");
    if (transaction_find(self, name) || self->transactions_count == TRANSACTIONS_MAX)
        return steps_fail("a transaction of that name, or too many");
    named_transaction *made = &self->transactions[self->transactions_count];
    *made = (named_transaction){.name = name, .own = ignis_context_create()};
    if (!made->own) return steps_fail("no memory");
    self->transactions_count++;
    ignis_isolation isolation = isolation_of(self, check);
    ignis_code code = ignis_begin(made->own, source->source, isolation, &made->tx);
    text_init(&answer, &run->scratch, 0);
    if (code == IGNIS_OK) {
        text_format(&answer, "{\"isActive\":true,\"isolationLevel\":\"%s\"}",
                    isolations[isolation]);
    }
    return runner_judge_answer(run, made->own, check, code, answer.data, answer.size);
}

static runner_verdict control_judge(steps *self, const cases_check *check, ignis_context *tx)
{
    text answer;
    ignis_code code = IGNIS_OK;
    bool is_question = strcmp(check->method, "isActive") == 0;
    if (strcmp(check->method, "commit") == 0) code = ignis_commit(tx);
    if (strcmp(check->method, "rollback") == 0) code = ignis_transaction_rollback(tx);
    text_init(&answer, &self->run->scratch, 0);
    text_format(&answer, is_question ? "%s" : "{\"isActive\":%s}",
                ignis_transaction_is_active(tx) ? "true" : "false");
    return runner_judge_answer(self->run, tx, check, code, answer.data, answer.size);
}

static bool is_control(const char *method)
{
    return strcmp(method, "commit") == 0 || strcmp(method, "rollback") == 0 ||
           strcmp(method, "isActive") == 0;
}

/* ---- steps ---- */

static runner_verdict step_judge(steps *self, const json *step, const json *expected)
{
    const json *arguments = json_get(step, "arguments");
    const char *name = string_of(step, "tx");
    const char *repository = string_of(step, "repository");
    const cases_check check = {.repository = repository ? repository : "",
                               .method = string_of(step, "method"),
                               .arguments = arguments ? arguments->as.text : "{}",
                               .arguments_size = arguments ? arguments->count : 2,
                               .result = json_get(expected, "result"),
                               .error = json_get(expected, "error")};
    if (!check.method || !check.result == !check.error)
        return steps_fail("a step without a method");
    if (strcmp(check.method, "begin") == 0)
        return name ? begin_judge(self, &check, name) : steps_fail("a begin without a name");
    runner_call call = self->outside;
    const named_transaction *transaction = name ? transaction_find(self, name) : NULL;
    if (transaction) call.ctx = transaction->tx;
    if ((name || is_control(check.method)) && (!transaction || !transaction->tx))
        return steps_fail("a transaction that was not begun");
    if (is_control(check.method)) return control_judge(self, &check, call.ctx);
    return runner_judge_call(self->run, &call, &check);
}

static runner_verdict steps_judge(steps *self, const cases_case *item)
{
    runner *run = self->run;
    const json *arguments = NULL;
    json_fault fault;
    const json_options options = {.depth_max = 512, .raw_name = "arguments"};
    const cases_check *check = &item->check;
    if (json_read(&run->scratch, check->arguments, check->arguments_size, &options, &arguments,
                  &fault) != IGNIS_OK)
        return steps_fail("arguments that cannot be read");
    const json *list = arguments->kind == JSON_OBJECT ? json_get(arguments, "steps") : NULL;
    const json *results = check->result;
    if (!list || list->kind != JSON_ARRAY || !results || results->kind != JSON_ARRAY ||
        list->count != results->count)
        return steps_fail("not as many results as steps");
    runner_verdict verdict = {.outcome = RUNNER_PASSED};
    for (size_t i = 0; verdict.outcome == RUNNER_PASSED && i < list->count; i++) {
        const json *step = &list->as.items[i];
        const json *expected = &results->as.items[i];
        bool is_right = step->kind == JSON_OBJECT && expected->kind == JSON_OBJECT;
        verdict = is_right ? step_judge(self, step, expected) : steps_fail("a step of no object");
        if (verdict.outcome != RUNNER_FAILED) continue;
        text place;
        text_init(&place, &run->scratch, 0);
        text_format(&place, "[%zu] %s", i, verdict.place);
        const char *written = text_finish(&place);
        verdict.place = written ? written : verdict.place;
    }
    for (size_t i = 0; verdict.outcome == RUNNER_PASSED && i < item->then_count; i++)
        verdict = runner_judge_call(run, &self->outside, &item->then[i]);
    return verdict;
}

runner_verdict runner_judge_steps(runner *run, const cases_case *item)
{
    steps self = {.run = run, .outside = {.ctx = run->ctx, .fixture = item->fixture}};
    if (!runner_is_postgres(run)) self.outside.models = RUNNER_CONCURRENT;
    runner_verdict verdict = steps_judge(&self, item);
    for (size_t i = 0; i < self.transactions_count; i++)
        ignis_context_free(self.transactions[i].own);
    /* What came before a method that is missing was done. */
    verdict.is_missing_method = false;
    return verdict;
}
