#include "models/fixtures.h"

#include "model/model.h"
#include "models/blog.h"
#include "models/chinook.h"
#include "models/commerce.h"
#include "models/composite.h"
#include "models/configuration.h"
#include "models/defaults.h"
#include "support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FIXTURE(name_, path, ...)                                                          \
    {                                                                                      \
        .name = name_, .models_path = path ".models.json", .data_path = path ".data.json", \
        .models = (const ignis_model *const[]){__VA_ARGS__},                               \
        .models_count = IGNIS_COUNT(__VA_ARGS__)                                           \
    }

const models_fixture models_fixtures[MODELS_FIXTURES_COUNT] = {
    FIXTURE("blog", "conformance/fixtures/blog", &User_model, &Profile_model, &Post_model,
            &Comment_model),
    FIXTURE("commerce", "conformance/fixtures/commerce", &Product_model, &SaleChannel_model,
            &SaleChannelProduct_model),
    FIXTURE("composite", "conformance/fixtures/composite", &Region_model, &Store_model,
            &Order_model, &OrderLine_model),
    FIXTURE("configuration", "conformance/fixtures/configuration", &ConfigurationUser_model,
            &Configuration_model),
    FIXTURE("defaults", "conformance/fixtures/defaults", &Document_model, &Category_model,
            &Article_model, &LogEntry_model, &Subscription_model, &Account_model, &Owner_model,
            &Ledger_model),
    FIXTURE("chinook", "data/chinook/chinook", &Artist_model, &Album_model, &Genre_model,
            &MediaType_model, &Track_model, &Playlist_model, &PlaylistTrack_model, &Employee_model,
            &Customer_model, &Invoice_model, &InvoiceLine_model),
};

const models_fixture *models_fixture_get(const char *name)
{
    for (size_t i = 0; i < MODELS_FIXTURES_COUNT; i++)
        if (strcmp(models_fixtures[i].name, name) == 0) return &models_fixtures[i];
    return NULL;
}

const ignis_model *models_fixture_model(const models_fixture *fixture, const char *name)
{
    for (size_t i = 0; i < fixture->models_count; i++)
        if (strcmp(model_name_of(fixture->models[i]), name) == 0) return fixture->models[i];
    return NULL;
}

static ignis_data_source *source_open(ignis_context *ctx, const ignis_data_source_class *class_,
                                      const char *rows)
{
    ignis_data_source *source = NULL;
    ignis_code code = ignis_data_source_open(ctx, class_, &source);
    if (code == IGNIS_OK) code = ignis_schema_create(ctx, source);
    if (code == IGNIS_OK) code = ignis_load(ctx, source, rows, 0, NULL);
    if (code == IGNIS_OK) return source;
    const ignis_error *error = ignis_context_error(ctx);
    fail_msg("%s: %s at %s", ignis_code_name(code), error->message, error->path);
    return NULL;
}

ignis_data_source *models_open(ignis_context *ctx, const ignis_model *const *models,
                               size_t models_count, const char *rows)
{
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .url = "sqlite::memory:",
                                            .models = models,
                                            .models_count = models_count};
    return source_open(ctx, &class_, rows);
}

ignis_data_source *models_fixture_open(ignis_context *ctx, const models_fixture *fixture,
                                       const char *url)
{
    arena memory = {0};
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .url = url ? url : "sqlite::memory:",
                                            .models = fixture->models,
                                            .models_count = fixture->models_count};
    const char *rows = fixture_read(&memory, fixture_shared(&memory, fixture->data_path), NULL);
    assert_non_null(rows);
    ignis_data_source *source = source_open(ctx, &class_, rows);
    arena_free(&memory);
    return source;
}
