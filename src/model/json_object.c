/* Objects of model JSON, read by tables of their keys; what is in no table is an error. */
#include "model/model.h"

#include <stdarg.h>
#include <stdio.h>

ignis_code model_json_refuse(model_reader *in, const json *at, const char *format, ...)
{
    char detail[CONTEXT_MESSAGE_MAX];
    va_list arguments;

    va_start(arguments, format);
    int size = vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    if (size < 0) detail[0] = '\0';
    if (in->key) {
        (void)model_refuse(in->ctx, in->model, in->member, "%s: %s", in->key, detail);
    } else {
        (void)model_refuse(in->ctx, in->model, in->member, "%s", detail);
    }
    context_position(in->ctx, at->position);
    return IGNIS_E_INVALID;
}

ignis_code model_json_refuse_kind(model_reader *in, const json *value, const char *expected)
{
    return model_json_refuse(in, value, "expected %s, got %s", expected, json_kind_name(value));
}

ignis_code model_json_refuse_word(model_reader *in, const json *value, const char *what,
                                  const char *hint)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    (void)model_json_refuse(in, value, "unknown %s \"%s\"", what,
                            context_quote(quoted, value->as.text, value->count));
    context_hint(in->ctx, hint);
    return IGNIS_E_INVALID;
}

/* ---- objects --------------------------------------------------------------------------------- */

static const char *key_next(const void *list, size_t i)
{
    const model_json_key *keys = list;
    return keys[i].name;
}

static ignis_code key_read(model_reader *in, const json_member *member, const model_json_key *keys,
                           void *target)
{
    const char *outer = in->key;

    for (const model_json_key *key = keys; key->name; key++) {
        if (strcmp(key->name, member->name) != 0) continue;
        in->key = key->name;
        ignis_code code = key->read(in, &member->value, (char *)target + key->offset);
        in->key = outer;
        return code == IGNIS_OK ? IGNIS_OK : context_path(in->ctx, "%s", key->name);
    }
    char quoted[CONTEXT_QUOTE_SIZE];
    (void)context_quote(quoted, member->name, member->name_size);
    (void)model_json_refuse(in, &member->value, "unknown key \"%s\"", quoted);
    context_hint(in->ctx, names_nearest(member->name, member->name_size, key_next, keys));
    return context_path(in->ctx, "%s", quoted);
}

ignis_code model_json_object(model_reader *in, const json *value, const model_json_key *keys,
                             void *target)
{
    if (value->kind != JSON_OBJECT) return model_json_refuse_kind(in, value, "an object");
    for (size_t i = 0; i < value->count; i++) {
        IGNIS_TRY(key_read(in, &value->as.members[i], keys, target));
    }
    return IGNIS_OK;
}

const char *model_json_name(const json *value)
{
    const json *name = value->kind == JSON_OBJECT ? json_get(value, "name") : NULL;
    return name && name->kind == JSON_STRING && name->count > 0 ? name->as.text : NULL;
}

ignis_code model_json_list_read(model_reader *in, const json *value, model_json_list *list)
{
    const char *outer = in->key;

    if (value->kind != JSON_ARRAY) return model_json_refuse_kind(in, value, "a list");
    list->items = arena_array(in->memory, value->count, list->element_size);
    if (!list->items) return context_fail_memory(in->ctx, in->memory);
    for (size_t i = 0; i < value->count; i++) {
        const json *element = &value->as.items[i];
        in->member = model_json_name(element);
        if (in->member) in->key = NULL;
        ignis_code code = model_json_object(in, element, list->keys,
                                            (char *)list->items + i * list->element_size);
        in->member = NULL;
        in->key = outer;
        if (code != IGNIS_OK) return context_path(in->ctx, "[%zu]", i);
    }
    list->count = value->count;
    return IGNIS_OK;
}

/* ---- values ---------------------------------------------------------------------------------- */

ignis_code model_json_string(model_reader *in, const json *value, void *target)
{
    if (value->kind != JSON_STRING) return model_json_refuse_kind(in, value, "a string");
    if (value->count == 0) return model_json_refuse(in, value, "the text is empty");
    *(const char **)target = value->as.text;
    return IGNIS_OK;
}

ignis_code model_json_boolean(model_reader *in, const json *value, void *target)
{
    if (value->kind != JSON_BOOLEAN) return model_json_refuse_kind(in, value, "true or false");
    *(bool *)target = value->boolean;
    return IGNIS_OK;
}

static const char *choice_next(const void *list, size_t i)
{
    const char *const *choices = list;
    return choices[i];
}

ignis_code model_json_choice(model_reader *in, const json *value, const char *const *choices,
                             size_t *index)
{
    if (value->kind != JSON_STRING) return model_json_refuse_kind(in, value, "a string");
    for (size_t i = 0; choices[i]; i++) {
        if (!*choices[i] || strcmp(choices[i], value->as.text) != 0) continue;
        *index = i;
        return IGNIS_OK;
    }
    return model_json_refuse_word(
        in, value, "word", names_nearest(value->as.text, value->count, choice_next, choices));
}

ignis_code model_json_integer(model_reader *in, const json *value, int64_t minimum, int64_t maximum,
                              int64_t *integer)
{
    if (value->kind != JSON_INTEGER && value->kind != JSON_NUMBER) {
        return model_json_refuse_kind(in, value, "an integer");
    }
    bool is_within =
        value->kind == JSON_INTEGER && value->integer >= minimum && value->integer <= maximum;
    if (!is_within) {
        char quoted[CONTEXT_QUOTE_SIZE];
        return model_json_refuse(in, value, "expected an integer from %lld to %lld, got %s",
                                 (long long)minimum, (long long)maximum,
                                 context_quote(quoted, value->as.text, value->count));
    }
    *integer = value->integer;
    return IGNIS_OK;
}

ignis_code model_json_names(model_reader *in, const json *value, void *target)
{
    ignis_names *names = target;

    if (value->kind != JSON_ARRAY) return model_json_refuse_kind(in, value, "a list of names");
    const char **items = arena_array(in->memory, value->count, sizeof *items);
    if (!items) return context_fail_memory(in->ctx, in->memory);
    for (size_t i = 0; i < value->count; i++) {
        ignis_code code = model_json_string(in, &value->as.items[i], &items[i]);
        if (code != IGNIS_OK) return context_path(in->ctx, "[%zu]", i);
    }
    *names = (ignis_names){items, value->count};
    return IGNIS_OK;
}

ignis_code model_json_text(model_reader *in, const json *value, const char **out)
{
    text written;
    text_init(&written, in->memory, 0);
    json_write_value(&written, value);
    *out = text_finish(&written);
    return *out ? IGNIS_OK : context_fail_memory(in->ctx, in->memory);
}
