/* Any bytes as models: refused by one line, or registered; then they are written and read again the
   same, and their tables are created. Only SQL of the author's own is an error of the database. */
#include "base/base.h"
#include "ignis.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const ignis_context *ctx, bool holds, const char *what)
{
    if (holds) return;
    const ignis_error *error = ignis_context_error(ctx);
    (void)fprintf(stderr, "%s: %s: %s at %s\n", what, ignis_code_name(error->code), error->message,
                  error->path);
    abort();
}

static void check_line(const ignis_context *ctx, const char *line)
{
    check(ctx, utf8_is_valid(line, strlen(line)), "an error that is not UTF-8");
    check(ctx, !strpbrk(line, "\n\r"), "an error of two lines");
}

/* Whether the answer is IGNIS_OK; any other has to be told well. */
static bool is_ok(const ignis_context *ctx, ignis_code code, bool has_sql)
{
    const ignis_error *error = ignis_context_error(ctx);
    if (code == IGNIS_OK) return true;
    check(ctx, error->code == code, "another code in the context");
    check(ctx,
          code == IGNIS_E_INVALID || code == IGNIS_E_LIMIT || code == IGNIS_E_UNSUPPORTED ||
              (has_sql && code == IGNIS_E_DATABASE),
          "a code that these models may not cause");
    check(ctx, error->message[0] != '\0', "no message");
    check_line(ctx, error->message);
    check_line(ctx, error->path);
    check_line(ctx, error->hint);
    return false;
}

/* Models from JSON are of this header's sizes. */
static bool has_own_sql(const ignis_model *model)
{
    for (size_t i = 0; i < model->columns.count; i++) {
        const ignis_column *column = &model->columns.items[i];
        if (column->default_sql || column->cast) return true;
    }
    return model->checks.count > 0;
}

static void check_written(ignis_context *ctx, const ignis_model *model)
{
    const char *first = NULL;
    const char *second = NULL;
    const ignis_model *const *again = NULL;
    size_t again_count = 0;
    text models;
    text_init(&models, &ctx->results, 0);
    check(ctx, ignis_model_to_json(ctx, model, &first) == IGNIS_OK, "not written");
    text_format(&models, "{\"models\":[%s]}", first);
    const char *written = text_finish(&models);
    check(ctx, written != NULL, "no memory");
    check(ctx, ignis_models_from_json(ctx, written, 0, &again, &again_count) == IGNIS_OK,
          "not read again");
    check(ctx, again_count == 1, "another number of models");
    check(ctx, ignis_model_to_json(ctx, again[0], &second) == IGNIS_OK, "not written again");
    check(ctx, strcmp(first, second) == 0, "written otherwise");
}

static void check_registered(ignis_context *ctx, const ignis_model *const *models,
                             size_t models_count)
{
    ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                      .url = "sqlite::memory:",
                                      .models = models,
                                      .models_count = models_count};
    ignis_data_source *source = NULL;
    const char *sql = NULL;
    bool has_sql = false;
    for (size_t i = 0; i < models_count; i++) {
        has_sql = has_sql || has_own_sql(models[i]);
    }
    if (!is_ok(ctx, ignis_data_source_open(ctx, &class_, &source), false)) return;
    for (size_t i = 0; i < models_count; i++) {
        check_written(ctx, models[i]);
    }
    (void)is_ok(ctx, ignis_schema_sql(ctx, source, IGNIS_DIALECT_POSTGRES, &sql), false);
    if (is_ok(ctx, ignis_schema_sql(ctx, source, IGNIS_DIALECT_SQLITE, &sql), false)) {
        (void)is_ok(ctx, ignis_schema_create(ctx, source), has_sql);
    }
    ignis_data_source_close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const ignis_model *const *models = NULL;
    size_t models_count = 0;
    ignis_context *ctx = ignis_context_create();
    if (!ctx) abort();
    /* Terminated, because size 0 says that it is. */
    const char *input = arena_copy(&ctx->kept, (const char *)data, size);
    if (!input) abort();
    if (is_ok(ctx, ignis_models_from_json(ctx, input, size, &models, &models_count), false)) {
        check_registered(ctx, models, models_count);
    }
    ignis_context_free(ctx);
    return 0;
}
