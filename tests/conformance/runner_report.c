#include "conformance/runner.h"

#include "support/fixture.h"

#include <inttypes.h>
#include <stdio.h>

static bool refuse(const char *path, const char *what)
{
    fprintf(stderr, "ignis_conformance: %s: %s\n", path, what);
    return false;
}

static bool list_read(runner *run, const char *path, json_kind kind, const json **value)
{
    if (!path) return true;
    size_t size = 0;
    const char *data = fixture_read(&run->memory, path, &size);
    if (!data) return refuse(path, "cannot be read");
    json_fault fault = {0};
    if (json_read(&run->memory, data, size, NULL, value, &fault) != IGNIS_OK)
        return refuse(path, fault.message ? fault.message : "no memory");
    return (*value)->kind == kind ||
           refuse(path, kind == JSON_ARRAY ? "is no list" : "is no object");
}

static const char *string_of(const json *object, const char *name)
{
    const json *value = object->kind == JSON_OBJECT ? json_get(object, name) : NULL;
    return value && value->kind == JSON_STRING ? value->as.text : NULL;
}

/* The number for this driver: one for all, or one for each. -1: there is none. */
static int64_t skips_expected(const runner *run, const json *value)
{
    const json *number =
        value->kind == JSON_OBJECT ? json_get(value, run->settings->driver) : value;
    return number && number->kind == JSON_INTEGER ? number->integer : -1;
}

bool runner_report_read(runner *run)
{
    const runner_settings *settings = run->settings;
    if (!list_read(run, settings->exceptions_path, JSON_ARRAY, &run->exceptions) ||
        !list_read(run, settings->skips_path, JSON_OBJECT, &run->skips))
        return false;
    for (size_t i = 0; run->exceptions && i < run->exceptions->count; i++) {
        const json *exception = &run->exceptions->as.items[i];
        if (!string_of(exception, "case") || !string_of(exception, "reason"))
            return refuse(settings->exceptions_path, "an exception needs a case and a reason");
    }
    for (size_t i = 0; run->skips && i < run->skips->count; i++)
        if (skips_expected(run, &run->skips->as.members[i].value) < 0)
            return refuse(settings->skips_path, "each area needs a number for each driver");
    return true;
}

/* The reason why a case may fail, or NULL. */
static const char *exception_of(const runner *run, const char *name)
{
    for (size_t i = 0; run->exceptions && i < run->exceptions->count; i++) {
        const json *exception = &run->exceptions->as.items[i];
        const char *driver = string_of(exception, "driver");
        if (driver && strcmp(driver, run->settings->driver) != 0) continue;
        if (strcmp(string_of(exception, "case"), name) == 0) return string_of(exception, "reason");
    }
    return NULL;
}

static void failure_print(const cases_case *item, const runner_verdict *verdict)
{
    printf("FAILED %s\n  expected %s\n  got      %s\n", item->name, verdict->expected,
           verdict->got);
    if (verdict->place[0] != '\0') printf("  at       %s\n", verdict->place);
    if (verdict->difference[0] != '\0') printf("  which is %s\n", verdict->difference);
}

runner_outcome runner_report_case(const runner *run, const cases_case *item,
                                  const runner_verdict *verdict)
{
    const char *exception = exception_of(run, item->name);
    switch (verdict->outcome) {
    case RUNNER_PASSED:
        if (!exception) return RUNNER_PASSED;
        printf("FAILED %s\n  exception no longer needed: %s\n", item->name, exception);
        return RUNNER_FAILED;
    case RUNNER_FAILED:
        if (!exception) {
            failure_print(item, verdict);
            return RUNNER_FAILED;
        }
        printf("skipped %s: %s\n", item->name, exception);
        return RUNNER_SKIPPED;
    case RUNNER_SKIPPED:
        if (!verdict->is_missing_method) printf("skipped %s: %s\n", item->name, verdict->reason);
        return RUNNER_SKIPPED;
    }
    return RUNNER_FAILED;
}

/* ---- the end ---- */

static const cases_file *area_find(const cases_file *files, size_t files_count, const char *name)
{
    for (size_t i = 0; i < files_count; i++)
        if (strcmp(files[i].area, name) == 0) return &files[i];
    return NULL;
}

/* The number of areas whose skips are not what was expected. */
static size_t skips_check(const runner *run, const cases_file *files, const runner_counts *counts,
                          size_t files_count)
{
    size_t wrong = 0;
    for (size_t i = 0; run->skips && i < run->skips->count; i++) {
        const json_member *member = &run->skips->as.members[i];
        const cases_file *file = area_find(files, files_count, member->name);
        int64_t expected = skips_expected(run, &member->value);
        if (file && (uint64_t)expected == counts[file - files].skipped) continue;
        wrong++;
        if (!file) {
            printf("FAILED area %s: no such area\n", member->name);
            continue;
        }
        printf("FAILED area %s: %zu skipped, expected %" PRId64 "\n", member->name,
               counts[file - files].skipped, expected);
    }
    return wrong;
}

bool runner_report_end(const runner *run, const cases_file *files, const runner_counts *counts,
                       size_t files_count)
{
    runner_counts total = {.failed = skips_check(run, files, counts, files_count)};
    for (size_t i = 0; i < files_count; i++) {
        const runner_counts *area = &counts[i];
        if (area->passed + area->failed + area->skipped == 0) continue;
        printf("area %s: %zu passed, %zu failed, %zu skipped\n", files[i].area, area->passed,
               area->failed, area->skipped);
        total.passed += area->passed;
        total.failed += area->failed;
        total.skipped += area->skipped;
    }
    printf("%zu passed, %zu failed, %zu skipped\n", total.passed, total.failed, total.skipped);
    return total.failed == 0;
}
