#include "support/fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_SIZE_MAX = 1 << 30 };

static const char *descriptor_read(arena *memory, int descriptor, size_t *size)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 0 ||
        status.st_size > FILE_SIZE_MAX)
        return NULL;
    size_t expected = (size_t)status.st_size;
    char *data = arena_alloc(memory, expected + 1);
    if (!data) return NULL;
    size_t used = 0;
    while (used < expected) {
        ssize_t got = read(descriptor, data + used, expected - used);
        if (got < 0) return NULL;
        if (got == 0) break;
        used += (size_t)got;
    }
    data[used] = '\0';
    if (size) *size = used;
    return data;
}

const char *fixture_read(arena *memory, const char *path, size_t *size)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return NULL;
    const char *data = descriptor_read(memory, descriptor, size);
    close(descriptor);
    return data;
}

static const char *path_below(arena *memory, const char *variable, const char *relative)
{
    const char *folder = getenv(variable);
    if (!folder || folder[0] == '\0' || access(folder, R_OK) != 0) {
        printf("skipped: no folder in %s\n", variable);
        exit(FIXTURE_SKIPPED);
    }
    text path;
    text_init(&path, memory, 0);
    text_format(&path, "%s/%s", folder, relative);
    return text_finish(&path);
}

const char *fixture_shared(arena *memory, const char *relative)
{
    return path_below(memory, "IGNIS_SHARED", relative);
}

const char *fixture_source(arena *memory, const char *relative)
{
    return path_below(memory, "IGNIS_SOURCE", relative);
}

/* ---- a part of the models ---- */

static bool names_have(const ignis_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0) return true;
    return false;
}

static bool target_is_kept(const ignis_names *only, const ignis_model *target, const char *name)
{
    return names_have(only, target ? target->name : name ? name : "");
}

static ignis_relations relations_keep(arena *memory, const ignis_names *only,
                                      const ignis_relations *all)
{
    size_t item_size = all->item_size ? all->item_size : sizeof(ignis_relation);
    ignis_relation *kept = arena_array(memory, all->count, sizeof(ignis_relation));
    size_t count = 0;
    for (size_t i = 0; kept && i < all->count; i++) {
        const ignis_relation *relation = (const void *)((const char *)all->items + i * item_size);
        if (target_is_kept(only, relation->target, relation->target_name))
            kept[count++] = *relation;
    }
    return (ignis_relations){.items = kept, .count = count, .item_size = sizeof(ignis_relation)};
}

static ignis_constraints constraints_keep(arena *memory, const ignis_names *only,
                                          const ignis_constraints *all)
{
    size_t item_size = all->item_size ? all->item_size : sizeof(ignis_constraint);
    ignis_constraint *kept = arena_array(memory, all->count, sizeof(ignis_constraint));
    size_t count = 0;
    for (size_t i = 0; kept && i < all->count; i++) {
        const ignis_constraint *key = (const void *)((const char *)all->items + i * item_size);
        if (target_is_kept(only, key->target, key->target_name)) kept[count++] = *key;
    }
    return (ignis_constraints){
        .items = kept, .count = count, .item_size = sizeof(ignis_constraint)};
}

static ignis_code models_keep(ignis_context *ctx, arena *memory, const ignis_names *only,
                              const ignis_model *const **models, size_t *models_count)
{
    const ignis_model **kept = arena_array(memory, *models_count, sizeof(*kept));
    ignis_model *copies = arena_array(memory, *models_count, sizeof(*copies));
    if (!kept || !copies) return context_fail_memory(ctx, memory);
    size_t count = 0;
    for (size_t i = 0; i < *models_count; i++) {
        const ignis_model *model = (*models)[i];
        if (!names_have(only, model->name)) continue;
        ignis_model *copy = &copies[count];
        *copy = *model;
        copy->relations = relations_keep(memory, only, &model->relations);
        copy->foreign_keys = constraints_keep(memory, only, &model->foreign_keys);
        kept[count++] = copy;
    }
    *models = kept;
    *models_count = count;
    return IGNIS_OK;
}

/* The rows of the kept models, in the order of the text. */
static ignis_code data_keep(ignis_context *ctx, arena *memory, const ignis_names *only,
                            const char **data, size_t *size)
{
    const json *all = NULL;
    IGNIS_TRY(json_read_context(ctx, memory, *data, *size, NULL, &all));
    text out;
    text_init(&out, memory, 0);
    text_char(&out, '{');
    for (size_t i = 0; all->kind == JSON_OBJECT && i < all->count; i++) {
        const json_member *member = &all->as.members[i];
        if (!names_have(only, member->name)) continue;
        if (out.size > 1) text_char(&out, ',');
        json_write_string(&out, member->name, member->name_size);
        text_char(&out, ':');
        json_write_value(&out, &member->value);
    }
    text_char(&out, '}');
    *size = out.size;
    *data = text_finish(&out);
    return *data ? IGNIS_OK : context_fail_memory(ctx, memory);
}

/* ---- opening ---- */

/* data is the text already, or becomes the text of the file. */
static ignis_code input_read(ignis_context *ctx, arena *memory, const char *path, const char **data,
                             size_t *size)
{
    if (*data) {
        *size = strlen(*data);
        return IGNIS_OK;
    }
    *data = fixture_read(memory, path, size);
    return *data ? IGNIS_OK : context_fail(ctx, IGNIS_E_NOT_FOUND, "cannot read %s", path);
}

static ignis_code source_open(ignis_context *ctx, arena *memory, const fixture_class *class_,
                              ignis_data_source **source)
{
    const char *data = class_->models_text;
    size_t size = 0;
    IGNIS_TRY(input_read(ctx, memory, class_->models_path, &data, &size));
    ignis_data_source_class open = {.struct_size = sizeof(open),
                                    .driver = class_->driver,
                                    .url = class_->url ? class_->url : "sqlite::memory:",
                                    .busy_timeout_ms = class_->busy_timeout_ms,
                                    .replicas = &class_->replica,
                                    .replicas_count = class_->replica ? 1 : 0};
    IGNIS_TRY(ignis_models_from_json(ctx, data, size, &open.models, &open.models_count));
    if (class_->only.items)
        IGNIS_TRY(models_keep(ctx, memory, &class_->only, &open.models, &open.models_count));
    return ignis_data_source_open(ctx, &open, source);
}

static ignis_code source_fill(ignis_context *ctx, arena *memory, const fixture_class *class_,
                              ignis_data_source *source)
{
    IGNIS_TRY(ignis_schema_create(ctx, source));
    const char *data = class_->data_text;
    if (!data && !class_->data_path) return IGNIS_OK;
    size_t size = 0;
    IGNIS_TRY(input_read(ctx, memory, class_->data_path, &data, &size));
    if (class_->only.items) IGNIS_TRY(data_keep(ctx, memory, &class_->only, &data, &size));
    return ignis_load(ctx, source, data, size, NULL);
}

ignis_code fixture_open(ignis_context *ctx, const fixture_class *class_, ignis_data_source **source)
{
    arena memory = {0};
    ignis_data_source *opened = NULL;
    ignis_code code = source_open(ctx, &memory, class_, &opened);
    if (code == IGNIS_OK) code = source_fill(ctx, &memory, class_, opened);
    arena_free(&memory);
    if (code != IGNIS_OK) {
        ignis_data_source_close(opened);
        return code;
    }
    *source = opened;
    return IGNIS_OK;
}

ignis_pool_status fixture_pool_status(const ignis_data_source *source)
{
    ignis_pool_status status = {.struct_size = sizeof(status)};
    ignis_data_source_pool_status(source, &status);
    return status;
}
