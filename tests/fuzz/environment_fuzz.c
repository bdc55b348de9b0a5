/* What is read of an environment file, written with double quotes, is read again the same; the text
   as a setting is expanded to text in UTF-8 or refused. */
#include "app/app.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) abort();
}

static void value_write(text *out, const map_entry *entry)
{
    text_append(out, entry->name, entry->size);
    text_string(out, "=\"");
    for (const char *at = entry->value; *at; at++) {
        if (*at == '"' || *at == '\\' || *at == '$') text_char(out, '\\');
        text_char(out, *at);
    }
    text_string(out, "\"\n");
}

static void check_again(ignis_context *ctx, arena *memory, const app_environment *environment)
{
    text out;
    app_environment again = {.memory = memory};
    text_init(&out, memory, 0);
    for (size_t i = 0; i < environment->values.capacity; i++) {
        const map_entry *entry = &environment->values.entries[i];
        if (entry->value) value_write(&out, entry);
    }
    check(app_environment_parse(ctx, "again", out.data, out.size, &again) == IGNIS_OK);
    check(again.values.count == environment->values.count);
    for (size_t i = 0; i < environment->values.capacity; i++) {
        const map_entry *entry = &environment->values.entries[i];
        if (!entry->value) continue;
        const char *value = map_get(&again.values, entry->name, entry->size);
        check(value && strcmp(value, entry->value) == 0);
    }
}

static void check_setting(ignis_context *ctx, arena *memory, const app_environment *environment,
                          const char *setting)
{
    const char *expanded = NULL;
    ignis_code code = app_environment_expand(ctx, memory, environment, setting, &expanded);
    check(code == IGNIS_OK || code == IGNIS_E_INVALID || code == IGNIS_E_LIMIT);
    if (code == IGNIS_OK) check(utf8_is_valid(expanded, strlen(expanded)));
    if (code == IGNIS_OK && !app_environment_is_named(setting))
        check(strcmp(expanded, setting) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena memory = {0};
    ignis_context *ctx = ignis_context_create();
    app_environment environment = {.memory = &memory};
    check(ctx != NULL);
    ignis_code code = app_environment_parse(ctx, "file", (const char *)data, size, &environment);
    check(code == IGNIS_OK || code == IGNIS_E_INVALID);
    if (code == IGNIS_OK) check_again(ctx, &memory, &environment);
    check_setting(ctx, &memory, &environment, arena_copy(&memory, (const char *)data, size));
    arena_free(&memory);
    ignis_context_free(ctx);
    return 0;
}
