/* document_step: one change of a JSON document, at a path. */
#include "base/base.h"

typedef struct step_work {
    arena *memory;
    const document_step *step;
    ignis_code
        code; /* IGNIS_E_INVALID: the path leads through a scalar, or names a place of a list */
} step_work;

static const json empty_object = {.kind = JSON_OBJECT};
static const json empty_array = {.kind = JSON_ARRAY};

static const json *step_fail(step_work *in, ignis_code code)
{
    in->code = code;
    return NULL;
}

/* The place that an index means: the list's end where it is beyond. false: no index. */
static bool index_read(const json *component, size_t count, size_t *index)
{
    int64_t number;
    if (strspn(component->as.text, "0123456789") != component->count) return false;
    bool is_within =
        number_integer(component->as.text, component->count, &number) && (uint64_t)number < count;
    *index = is_within ? (size_t)number : count;
    return true;
}

static const json *json_copy(step_work *in, json made)
{
    json *copy = arena_alloc(in->memory, sizeof(*copy));
    if (!copy) return step_fail(in, IGNIS_E_MEMORY);
    *copy = made;
    return copy;
}

/* The list with the item at index replaced, appended or (item NULL) left out. */
static const json *list_with(step_work *in, const json *list, size_t index, const json *item)
{
    json *items = arena_array(in->memory, list->count + 1, sizeof(*items));
    size_t count = 0;
    if (!items) return step_fail(in, IGNIS_E_MEMORY);
    for (size_t i = 0; i < list->count; i++) {
        if (i != index) {
            items[count++] = list->as.items[i];
        } else if (item) {
            items[count++] = *item;
        }
    }
    if (item && index >= list->count) items[count++] = *item;
    return json_copy(in, (json){.kind = JSON_ARRAY, .count = count, .as.items = items});
}

/* The object with the member of a name replaced, added or (value NULL) left out. */
static const json *object_with(step_work *in, const json *object, const json *name,
                               const json *value)
{
    json_member *members = arena_array(in->memory, object->count + 1, sizeof(*members));
    size_t count = 0;
    bool is_there = false;
    if (!members) return step_fail(in, IGNIS_E_MEMORY);
    for (size_t i = 0; i < object->count; i++) {
        members[count] = object->as.members[i];
        if (strcmp(members[count].name, name->as.text) == 0) {
            is_there = true;
            if (!value) continue;
            members[count].value = *value;
        }
        count++;
    }
    if (value && !is_there) members[count++] = (json_member){name->as.text, name->count, *value};
    return json_copy(in, (json){.kind = JSON_OBJECT, .count = count, .as.members = members});
}

/* What is at a component of a document, or NULL. */
static const json *child_get(const json *at, const json *component)
{
    size_t index;
    if (at->kind == JSON_OBJECT) return json_get(at, component->as.text);
    bool is_there =
        at->kind == JSON_ARRAY && index_read(component, at->count, &index) && index < at->count;
    return is_there ? &at->as.items[index] : NULL;
}

/* A document with the child at a component replaced, or (child NULL) without it. */
static const json *child_put(step_work *in, const json *at, const json *component,
                             const json *child)
{
    size_t index;
    if (at->kind == JSON_OBJECT) return object_with(in, at, component, child);
    bool is_place = at->kind == JSON_ARRAY && index_read(component, at->count, &index);
    return is_place ? list_with(in, at, index, child) : step_fail(in, IGNIS_E_INVALID);
}

static const json *append(step_work *in, const json *at)
{
    if (!at || at->kind == JSON_NULL) at = &empty_array;
    if (at->kind != JSON_ARRAY) return step_fail(in, IGNIS_E_INVALID);
    return list_with(in, at, at->count, in->step->value);
}

/* The document at with the step taken, from a depth of the path on. at NULL: nothing is there. */
static const json *put_from(step_work *in, const json *at, size_t depth)
{
    const document_step *step = in->step;
    if (depth == step->path->count) {
        return step->kind == DOCUMENT_APPEND ? append(in, at) : step->value;
    }
    const json *component = &step->path->as.items[depth];
    bool makes_array = step->kinds[depth] == 'a' || step->kinds[depth] == 'A';
    if (!at || at->kind == JSON_NULL) at = makes_array ? &empty_array : &empty_object;
    const json *child = put_from(in, child_get(at, component), depth + 1);
    return child ? child_put(in, at, component, child) : NULL;
}

static const json *remove_from(step_work *in, const json *at, size_t depth)
{
    const json *component = &in->step->path->as.items[depth];
    const json *child = child_get(at, component);
    if (!child) return at;
    if (depth + 1 == in->step->path->count) return child_put(in, at, component, NULL);
    const json *made = remove_from(in, child, depth + 1);
    return made ? child_put(in, at, component, made) : NULL;
}

ignis_code document_change(arena *memory, const json *document, const document_step *step,
                           const json **changed)
{
    step_work in = {.memory = memory, .step = step};
    if (step->kind != DOCUMENT_REMOVE) {
        *changed = put_from(&in, document, 0);
    } else {
        *changed = document ? remove_from(&in, document, 0) : NULL;
    }
    return in.code;
}
