#include "writes.h"

#include <inttypes.h>

static IGNIS_MODEL(Item,
    .table = "items",
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Item, id, .primary_key = true),
        IGNIS_COLUMN(Item, name, .not_null = true),
        IGNIS_COLUMN(Item, price, .precision = 10, .scale = 2),
        IGNIS_COLUMN(Item, views, .not_null = true),
        IGNIS_COLUMN(Item, is_active, .not_null = true),
        IGNIS_COLUMN(Item, made_at, .not_null = true)));

static IGNIS_MODEL(Made,
    .table = "made",
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Made, key, .primary_key = true, .default_fn = IGNIS_GENERATE_UUID),
        IGNIS_COLUMN(Made, name, .not_null = true),
        IGNIS_COLUMN(Made, price, .precision = 10, .scale = 2),
        IGNIS_COLUMN(Made, views, .not_null = true),
        IGNIS_COLUMN(Made, is_active, .not_null = true),
        IGNIS_COLUMN(Made, made_at, .not_null = true, .default_fn = IGNIS_GENERATE_NOW)));

static void checked(const writes_bench *bench, ignis_code code)
{
    if (code == IGNIS_OK) return;
    const ignis_error *error = ignis_context_error(bench->ctx);
    writes_die("%s %s", error->message, error->path);
}

void writes_ours_open(writes_bench *bench, const char *url)
{
    static const ignis_model *const models[] = {&Item_model, &Made_model};
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .url = url,
                                            .models = models,
                                            .models_count = 2,
                                            .connections_max = 1};
    ignis_repository_class own = {.struct_size = sizeof(own),
                                  .model = bench->makes ? "Made" : "Item"};
    bench->ctx = ignis_context_create();
    if (!bench->ctx) writes_die("no memory");
    checked(bench, ignis_data_source_open(bench->ctx, &class_, &bench->source));
    checked(bench, ignis_schema_create(bench->ctx, bench->source));
    checked(bench, ignis_repository_open(bench->ctx, bench->source, &own, &bench->repository));
}

void writes_ours_close(writes_bench *bench)
{
    ignis_data_source_close(bench->source);
    ignis_context_free(bench->ctx);
}

void writes_ours_structs(writes_bench *bench)
{
    const ignis_members all = IGNIS_FIELDS(Item, id, name, price, views, is_active, made_at);
    const ignis_members given = IGNIS_FIELDS(Made, name, price, views, is_active);
    checked(bench, ignis_create_rows(bench->ctx, bench->repository, bench->items, bench->rows_count,
                                     bench->makes ? given : all, NULL));
}

void writes_ours_json(writes_bench *bench)
{
    const char *json;
    checked(bench, ignis_call_json(bench->ctx, bench->repository, &ignis_policy_trusted,
                                   "createAll", bench->arguments, 0, &json, NULL));
}

void writes_ours_count(writes_bench *bench)
{
    int64_t count = 0;
    checked(bench, ignis_count_json(bench->ctx, bench->repository, NULL, NULL, &count));
    if (count != (int64_t)bench->rows_count)
        writes_die("%" PRId64 " rows in place of %zu", count, bench->rows_count);
    ignis_context_reset(bench->ctx);
}
