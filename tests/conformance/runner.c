#include "conformance/runner.h"

#include <inttypes.h>
#include <stdio.h>

typedef struct option {
    const char *name;
    const char **value;
} option;

static int usage(const char *what, const char *which)
{
    fprintf(stderr, "ignis_conformance: %s%s%s\n", what, which ? " " : "", which ? which : "");
    return RUNNER_USAGE;
}

static int options_read(int count, char **arguments, runner_settings *settings)
{
    const option options[] = {
        {"--cases", &settings->cases_path},
        {"--fixtures", &settings->fixtures_path},
        {"--driver", &settings->driver},
        {"--url", &settings->url},
        {"--replica", &settings->replica},
        {"--only", &settings->only},
        {"--exceptions", &settings->exceptions_path},
        {"--expect-skips", &settings->skips_path},
    };
    for (int i = 1; i < count; i += 2) {
        const option *found = NULL;
        for (size_t k = 0; k < ARRAY_COUNT(options); k++)
            if (strcmp(arguments[i], options[k].name) == 0) found = &options[k];
        if (!found) return usage("no such option:", arguments[i]);
        if (i + 1 == count) return usage("a value is missing after", arguments[i]);
        *found->value = arguments[i + 1];
    }
    return RUNNER_OK;
}

static int settings_check(const runner_settings *settings)
{
    if (!settings->cases_path) return usage("--cases DIR is missing", NULL);
    if (!settings->fixtures_path) return usage("--fixtures DIR is missing", NULL);
    if (!settings->driver) return usage("--driver NAME is missing", NULL);
    bool is_postgres = strcmp(settings->driver, "postgres") == 0;
    if (strcmp(settings->driver, "sqlite") != 0 && !is_postgres)
        return usage("the drivers are sqlite and postgres, not", settings->driver);
    if (is_postgres && !settings->url) return usage("--driver postgres needs --url URL", NULL);
    if (settings->replica && !is_postgres) return usage("--replica is PostgreSQL's", NULL);
    if (settings->only && settings->skips_path)
        return usage("--expect-skips counts whole areas and does not go with --only", NULL);
    return RUNNER_OK;
}

static bool is_wanted(const runner_settings *settings, const cases_case *item)
{
    return !settings->only || strstr(item->name, settings->only);
}

/* How many cases will run. Every fixture they name must be there. */
static int cases_check_all(const runner *run, const cases_file *files, size_t files_count)
{
    size_t wanted = 0;
    for (size_t i = 0; i < files_count; i++) {
        for (size_t k = 0; k < files[i].cases_count; k++) {
            const cases_case *item = &files[i].cases[k];
            if (!is_wanted(run->settings, item)) continue;
            wanted++;
            if (!runner_fixture_exists(run, item->fixture)) {
                fprintf(stderr, "ignis_conformance: %s: the fixture %s cannot be read\n",
                        item->name, item->fixture);
                return RUNNER_USAGE;
            }
        }
    }
    return wanted > 0 ? RUNNER_OK : usage("there is no case to run", NULL);
}

static void counts_add(runner_counts *counts, runner_outcome outcome)
{
    switch (outcome) {
    case RUNNER_PASSED: counts->passed++; break;
    case RUNNER_FAILED: counts->failed++; break;
    case RUNNER_SKIPPED: counts->skipped++; break;
    }
}

static void area_run(runner *run, const cases_file *file, runner_counts *counts)
{
    for (size_t i = 0; i < file->cases_count; i++) {
        const cases_case *item = &file->cases[i];
        if (!is_wanted(run->settings, item)) continue;
        runner_verdict verdict = runner_judge(run, item);
        counts_add(counts, runner_report_case(run, item, &verdict));
        arena_reset(&run->scratch);
        ignis_context_reset(run->ctx);
    }
}

static int run_all(runner *run)
{
    const cases_file *files = NULL;
    size_t files_count = 0;
    const char *problem = NULL;
    if (!cases_read_folder(&run->memory, run->settings->cases_path, &files, &files_count, &problem))
        return usage(problem, NULL);
    if (!runner_report_read(run)) return RUNNER_USAGE;
    int checked = cases_check_all(run, files, files_count);
    if (checked != RUNNER_OK) return checked;
    runner_counts *counts = arena_array(&run->memory, files_count, sizeof(*counts));
    if (!counts) return usage("no memory", NULL);
    for (size_t i = 0; i < files_count; i++)
        area_run(run, &files[i], &counts[i]);
    return runner_report_end(run, files, counts, files_count) ? RUNNER_OK : RUNNER_FAILURES;
}

/* Reads that were to go to the replica and did not would say nothing of it. */
static int replica_report(const runner *run, int code)
{
    if (!run->settings->replica || code == RUNNER_USAGE) return code;
    printf("%" PRIu64 " reads on the replica, which counts %" PRIu64 " transactions\n",
           run->replica_reads, run->replica_transactions);
    bool is_used = run->replica_reads > 0 && run->replica_transactions > 0;
    return is_used ? code : RUNNER_FAILURES;
}

int main(int count, char **arguments)
{
    runner_settings settings = {0};
    int code = options_read(count, arguments, &settings);
    if (code == RUNNER_OK) code = settings_check(&settings);
    if (code != RUNNER_OK) return code;

    runner run = {.settings = &settings, .ctx = ignis_context_create()};
    if (!run.ctx) return usage("no memory", NULL);
    code = run_all(&run);
    runner_sources_close(&run);
    code = replica_report(&run, code);
    ignis_context_free(run.ctx);
    arena_free(&run.scratch);
    arena_free(&run.memory);
    if (fflush(stdout) != 0) return usage("cannot write the report", NULL);
    return code;
}
