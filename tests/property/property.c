#include "property/property.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdlib.h>

static uint64_t environment_number(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);
    return value && *value ? strtoull(value, NULL, 10) : otherwise;
}

uint64_t property_count(uint64_t otherwise)
{
    return environment_number("IGNIS_PROPERTY_COUNT", otherwise);
}

uint64_t property_seed(uint64_t otherwise)
{
    return environment_number("IGNIS_PROPERTY_SEED", otherwise);
}

bool property_has_server(void)
{
    const char *url = getenv("IGNIS_TEST_POSTGRES_URL");
    if (url && *url) return true;
    print_message("skipped: no PostgreSQL server (IGNIS_TEST_POSTGRES_URL is not set)\n");
    return false;
}

static void expect_ok(const ignis_context *ctx, ignis_code code)
{
    if (code == IGNIS_OK) return;
    const ignis_error *error = ignis_context_error(ctx);
    fail_msg("%s: %s at %s", ignis_code_name(code), error->message, error->path);
}

ignis_data_source *property_open(ignis_context *ctx, const property_source *class_)
{
    ignis_data_source *source = NULL;
    ignis_data_source_class open = {.struct_size = sizeof(open),
                                    .url = class_->url,
                                    .connections_max = class_->connections_max};
    expect_ok(ctx,
              ignis_models_from_json(ctx, class_->models, 0, &open.models, &open.models_count));
    expect_ok(ctx, ignis_data_source_open(ctx, &open, &source));
    expect_ok(ctx, ignis_schema_create(ctx, source));
    if (class_->rows) expect_ok(ctx, ignis_load(ctx, source, class_->rows, 0, NULL));
    ignis_context_reset(ctx);
    return source;
}

ignis_repository *property_repository(ignis_context *ctx, ignis_data_source *source,
                                      const char *model)
{
    ignis_repository *repository = NULL;
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    expect_ok(ctx, ignis_repository_open(ctx, source, &class_, &repository));
    return repository;
}
