#include "bench.h"

#include <stdio.h>
#include <string.h>

static void check(const bench_ours *ours, ignis_code code, const char *what)
{
    if (code == IGNIS_OK) return;
    const ignis_error *error = ignis_context_error(ours->ctx);
    bench_die("%s: %s%s%s", what, error->message, *error->path ? " at " : "", error->path);
}

static void repositories_open(bench_ours *ours)
{
    char id[BENCH_ID_SIZE];
    for (size_t i = 0; i < BENCH_WORKLOADS_COUNT; i++) {
        const bench_workload *workload = &bench_workloads[i];
        const char *parameter = bench_parameter(workload, id);
        const char *place = strstr(workload->filter, "%s");
        int before = (int)(place - workload->filter);
        ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = workload->model};
        int size = snprintf(ours->filters[i], sizeof(ours->filters[i]), "%.*s%s%s", before,
                            workload->filter, parameter, place + 2);
        if (size < 0 || (size_t)size >= sizeof(ours->filters[i]))
            bench_die("the filter of %s is too long", workload->name);
        check(ours, ignis_repository_open(ours->ctx, ours->source, &class_, &ours->repositories[i]),
              workload->name);
    }
}

void bench_ours_open(bench_ours *ours, const char *url, size_t users_count)
{
    ours->ctx = ignis_context_create();
    if (!ours->ctx) bench_die("out of memory");
    ignis_data_source_class class_ = {
        .struct_size = sizeof(class_), .url = url, .connections_max = 1};
    check(ours,
          ignis_models_from_json(ours->ctx, bench_models, 0, &class_.models, &class_.models_count),
          "models");
    check(ours, ignis_data_source_open(ours->ctx, &class_, &ours->source), "opening");
    check(ours, ignis_schema_create(ours->ctx, ours->source), "creating the tables");
    bench_data_load(ours->ctx, ours->source, users_count);
    repositories_open(ours);
    ignis_context_reset(ours->ctx);
}

void bench_ours_close(bench_ours *ours)
{
    ignis_data_source_close(ours->source);
    ignis_context_free(ours->ctx);
}

void bench_ours_run(const bench_ours *ours, size_t workload, bench_tree *tree)
{
    const char *json;
    check(ours,
          ignis_find_json(ours->ctx, ours->repositories[workload], &ignis_policy_trusted,
                          ours->filters[workload], &json),
          bench_workloads[workload].name);
    if (tree) {
        tree->bytes = strlen(json);
        bench_tree_json(tree, json, tree->bytes);
    }
    ignis_context_reset(ours->ctx);
}
