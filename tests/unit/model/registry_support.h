/* What the tests of the registry share: a context, and models read from JSON. */
#ifndef REGISTRY_SUPPORT_H
#define REGISTRY_SUPPORT_H

#include "base/base.h"
#include "ignis/repository.h"
#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct fixture {
    ignis_context *ctx;
    arena *memory;
} fixture;

static inline int setup(void **state)
{
    static fixture self;
    self.ctx = ignis_context_create();
    self.memory = arena_create();
    *state = &self;
    return self.ctx && self.memory ? 0 : -1;
}

static inline int teardown(void **state)
{
    fixture *self = *state;
    arena_destroy(self->memory);
    ignis_context_free(self->ctx);
    return 0;
}

/* Reads and registers; the models are gone before the registry is looked at. */
static inline ignis_code build(const fixture *self, const char *data, model_registry **registry)
{
    const ignis_model *const *models;
    size_t count;
    ignis_mark mark = ignis_context_mark(self->ctx);
    IGNIS_TRY(ignis_models_from_json(self->ctx, data, 0, &models, &count));
    ignis_code code = model_registry_build(self->ctx, self->memory, models, count, registry);
    ignis_context_release(self->ctx, mark);
    return code;
}

static inline const model_entity *entity_of(const model_registry *registry, const char *name)
{
    const model_entity *entity = model_entity_get(registry, name, strlen(name));
    assert_non_null(entity);
    return entity;
}

static inline const model_column *column_of(const model_entity *entity, const char *name)
{
    const model_column *column = model_column_get(entity, name, strlen(name));
    assert_non_null(column);
    return column;
}

#endif
