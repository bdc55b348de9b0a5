/* What the tests of the model JSON share. */
#ifndef MODEL_JSON_SUPPORT_H
#define MODEL_JSON_SUPPORT_H

#include "base/base.h"
#include "ignis/repository.h"
#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SKIPPED = 77, PATH_SIZE = 1024, FILE_SIZE_MAX = 1 << 20 };

static inline int setup(void **state)
{
    *state = ignis_context_create();
    return *state ? 0 : -1;
}

static inline int teardown(void **state)
{
    ignis_context_free(*state);
    return 0;
}

/* The first model of a text. */
static inline const ignis_model *model_of(ignis_context *ctx, const char *data)
{
    const ignis_model *const *models;
    size_t count;
    ignis_code code = ignis_models_from_json(ctx, data, 0, &models, &count);
    if (code != IGNIS_OK) print_message("%s\n", ignis_context_error(ctx)->message);
    assert_int_equal(code, IGNIS_OK);
    assert_true(count > 0);
    return models[0];
}

#endif
