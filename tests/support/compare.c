#include "support/compare.h"

#include <stdio.h>

/* The way from the root to a value: a chain on the stack, leaf first. */
typedef struct step {
    const struct step *parent;
    const char *name; /* NULL: an element of an array */
    size_t index;
} step;

typedef struct comparison {
    compare *rules;
    bool quiet; /* tries pairs of a multiset: differences are no news */
} comparison;

static bool values_equal(comparison *run, const step *at, const json *expected, const json *got);

/* ---- numbers ---- */

static bool decimals_equal(arena *memory, const json *a, const json *b)
{
    ignis_mark mark = arena_mark(memory);
    text left;
    text right;
    text_init(&left, memory, 0);
    text_init(&right, memory, 0);
    bool equal = false;
    if (number_numeric(&left, a->as.text, strlen(a->as.text), 0, 0) == IGNIS_OK &&
        number_numeric(&right, b->as.text, strlen(b->as.text), 0, 0) == IGNIS_OK)
        equal = number_compare(left.data, left.size, right.data, right.size) == 0;
    else
        equal = strcmp(a->as.text, b->as.text) == 0;
    arena_release(memory, mark);
    return equal;
}

/* Whether the text holds what the shortest text of the double holds. */
static bool is_printed_double(arena *memory, const json *number, double value)
{
    ignis_mark mark = arena_mark(memory);
    text out;
    text_init(&out, memory, 0);
    json_write_double(&out, value);
    const char *printed = text_finish(&out);
    json shortest = {.kind = JSON_NUMBER};
    shortest.as.text = printed;
    bool same = printed && decimals_equal(memory, number, &shortest);
    arena_release(memory, mark);
    return same;
}

bool compare_numbers(arena *memory, const json *expected, const json *got)
{
    if (expected->kind == JSON_INTEGER && got->kind == JSON_INTEGER)
        return expected->integer == got->integer;
    if (decimals_equal(memory, expected, got)) return true;
    if (expected->kind == JSON_INTEGER) return false;

    double left = 0;
    double right = 0;
    return number_double(expected->as.text, strlen(expected->as.text), &left) &&
           number_double(got->as.text, strlen(got->as.text), &right) &&
           !(left < right || left > right) && is_printed_double(memory, expected, left);
}

/* ---- places ---- */

/* Whether the names on the way, joined by dots, are path. */
static bool step_is(const step *at, const char *path)
{
    size_t size = strlen(path);
    bool is_leaf = true;
    for (; at; at = at->parent) {
        if (!at->name) continue;
        if (!is_leaf) {
            if (size == 0 || path[size - 1] != '.') return false;
            size--;
        }
        size_t name_size = strlen(at->name);
        if (name_size > size || memcmp(path + size - name_size, at->name, name_size) != 0)
            return false;
        size -= name_size;
        is_leaf = false;
    }
    return size == 0;
}

static bool is_unordered(const compare *rules, const step *at)
{
    const json *paths = rules->unordered;
    if (!paths || paths->kind != JSON_ARRAY) return false;
    for (size_t i = 0; i < paths->count; i++) {
        const json *path = &paths->as.items[i];
        if (path->kind == JSON_STRING && step_is(at, path->as.text)) return true;
    }
    return false;
}

/* Writes from the root on; what does not fit is left out. */
static size_t step_write(const step *at, char out[COMPARE_PLACE_MAX], size_t depth)
{
    if (!at || depth == 0) return 0;
    size_t size = step_write(at->parent, out, depth - 1);
    if (size >= COMPARE_PLACE_MAX - 1) return size;
    size_t room = COMPARE_PLACE_MAX - size;
    int written = at->name ? snprintf(out + size, room, "%s%s", size > 0 ? "." : "", at->name)
                           : snprintf(out + size, room, "[%zu]", at->index);
    return size + (written > 0 ? (size_t)written : 0);
}

static bool differ(comparison *run, const step *at, const char *difference)
{
    if (run->quiet) return false;
    run->rules->difference = difference;
    run->rules->place[0] = '\0';
    step_write(at, run->rules->place, 1024);
    return false;
}

/* ---- arrays ---- */

static bool elements_equal(comparison *run, const step *at, const json *expected, const json *got)
{
    for (size_t i = 0; i < expected->count; i++) {
        step next = {.parent = at, .index = i};
        if (!values_equal(run, &next, &expected->as.items[i], &got->as.items[i])) return false;
    }
    return true;
}

typedef struct matching {
    comparison *run;
    const step *at;
    const json *expected;
    const json *got;
    size_t *partner; /* of each element that came: index of the expected one plus 1, or 0 */
    bool *visited;
} matching;

/* An augmenting path (Kuhn): because of "<any>" equality is no equivalence, so the first fit may
   have to give way. */
static bool match_element(matching *pairs, size_t wanted)
{
    size_t count = pairs->got->count;
    for (size_t k = 0; k < count; k++) {
        size_t i = (wanted + k) % count; /* what is in order already is found at once */
        if (pairs->visited[i]) continue;
        step next = {.parent = pairs->at, .index = i};
        if (!values_equal(pairs->run, &next, &pairs->expected->as.items[wanted],
                          &pairs->got->as.items[i]))
            continue;
        pairs->visited[i] = true;
        if (pairs->partner[i] != 0 && !match_element(pairs, pairs->partner[i] - 1)) continue;
        pairs->partner[i] = wanted + 1;
        return true;
    }
    return false;
}

static bool multisets_equal(comparison *run, const step *at, const json *expected, const json *got)
{
    size_t count = expected->count;
    if (count > COMPARE_UNORDERED_MAX)
        return differ(run, at, "too many elements to compare without order");
    arena *memory = run->rules->memory;
    ignis_mark mark = arena_mark(memory);
    comparison quiet = {.rules = run->rules, .quiet = true};
    matching pairs = {.run = &quiet,
                      .at = at,
                      .expected = expected,
                      .got = got,
                      .partner = arena_array(memory, count, sizeof(size_t)),
                      .visited = arena_array(memory, count, sizeof(bool))};
    if (!pairs.partner || !pairs.visited) return differ(run, at, "no memory");
    bool equal = true;
    step missing = {.parent = at};
    for (size_t i = 0; equal && i < count; i++) {
        memset(pairs.visited, 0, count * sizeof(bool));
        missing.index = i;
        equal = match_element(&pairs, i);
    }
    arena_release(memory, mark);
    if (!equal) return differ(run, &missing, "an expected element that did not come, in any order");
    return true;
}

static bool arrays_equal(comparison *run, const step *at, const json *expected, const json *got)
{
    if (expected->count != got->count) return differ(run, at, "another number of elements");
    if (expected->count == 0) return true;
    if (is_unordered(run->rules, at)) return multisets_equal(run, at, expected, got);
    return elements_equal(run, at, expected, got);
}

/* ---- values ---- */

static bool objects_equal(comparison *run, const step *at, const json *expected, const json *got)
{
    for (size_t i = 0; i < expected->count; i++) {
        const json_member *member = &expected->as.members[i];
        step next = {.parent = at, .name = member->name};
        const json *value = json_get(got, member->name);
        if (!value) return differ(run, &next, "a property that did not come");
        if (!values_equal(run, &next, &member->value, value)) return false;
    }
    if (expected->count == got->count) return true;
    for (size_t i = 0; i < got->count; i++) {
        const json_member *member = &got->as.members[i];
        step next = {.parent = at, .name = member->name};
        if (!json_get(expected, member->name))
            return differ(run, &next, "a property that was not expected");
    }
    return differ(run, at, "another number of properties");
}

/* A value that the reader left unread, because it has the name of what is passed on as it is. */
static bool raw_equal(comparison *run, const step *at, const json *expected, const json *got)
{
    const json *value = NULL;
    json_fault fault = {0};
    if (json_read(run->rules->memory, expected->as.text, expected->count, NULL, &value, &fault) !=
        IGNIS_OK)
        return differ(run, at, "an expected value that cannot be read");
    return values_equal(run, at, value, got);
}

static bool is_number(const json *value)
{
    return value->kind == JSON_INTEGER || value->kind == JSON_NUMBER;
}

static bool is_any(const json *value)
{
    return value->kind == JSON_STRING && strcmp(value->as.text, "<any>") == 0;
}

static bool values_equal(comparison *run, const step *at, const json *expected, const json *got)
{
    if (expected->kind == JSON_RAW) return raw_equal(run, at, expected, got);
    if (is_any(expected)) return true;
    if (is_number(expected) && is_number(got))
        return compare_numbers(run->rules->memory, expected, got) ||
               differ(run, at, "another number");
    if (expected->kind != got->kind) return differ(run, at, "a value of another kind");
    switch (expected->kind) {
    case JSON_BOOLEAN:
        return expected->boolean == got->boolean || differ(run, at, "the other boolean");
    case JSON_STRING:
        return (expected->count == got->count &&
                memcmp(expected->as.text, got->as.text, got->count) == 0) ||
               differ(run, at, "another text");
    case JSON_ARRAY: return arrays_equal(run, at, expected, got);
    case JSON_OBJECT: return objects_equal(run, at, expected, got);
    default: return true;
    }
}

bool compare_values(compare *rules, const json *expected, const json *got)
{
    comparison run = {.rules = rules};
    rules->place[0] = '\0';
    rules->difference = "";
    return values_equal(&run, NULL, expected, got);
}
