/* A document is read and written the same again, equals itself, and the order of any three texts,
   divided by a line feed, is total: antisymmetric and transitive. What lies at the second text as a path
   of the first is a document; the third is taken for a set. */
#include "base/base.h"

#include <stdlib.h>

typedef struct part {
    const char *data;
    size_t size;
} part;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) abort();
}

/* The first line of rest, in memory of its own. */
static part take_line(arena *memory, part *rest)
{
    part line = *rest;
    const char *end = rest->size == 0 ? NULL : memchr(rest->data, '\n', rest->size);
    if (end == NULL) {
        rest->size = 0;
    } else {
        line.size = (size_t)(end - rest->data);
        rest->data = end + 1;
        rest->size -= line.size + 1;
    }
    char *copy = arena_alloc(memory, line.size);
    check(copy != NULL);
    if (line.size > 0) memcpy(copy, line.data, line.size);
    line.data = copy;
    return line;
}

/* The document of this text, or the text itself. */
static part document_of(arena *memory, part in)
{
    const json *value;
    json_fault fault;
    text out;
    text again;
    text_init(&out, memory, 0);
    text_init(&again, memory, 0);
    if (json_read(memory, in.data, in.size, NULL, &value, &fault) != IGNIS_OK) return in;
    if (!document_write(&out, value)) return in;
    check(out.code == IGNIS_OK);
    check(json_read(memory, out.data, out.size, NULL, &value, &fault) == IGNIS_OK);
    check(document_write(&again, value));
    check(again.size == out.size && memcmp(again.data, out.data, out.size) == 0);
    /* No document: it has a space too many. */
    text_char(&again, ' ');
    check(document_compare(out.data, out.size, again.data, again.size) == -1);
    return (part){out.data, out.size};
}

static int compare(part a, part b)
{
    int order = document_compare(a.data, a.size, b.data, b.size);
    check(order >= -1 && order <= 1);
    check(document_compare(b.data, b.size, a.data, a.size) == -order);
    return order;
}

static void check_order(const part parts[3])
{
    for (size_t i = 0; i < 3; i++) {
        part a = parts[i];
        part b = parts[(i + 1) % 3];
        part c = parts[(i + 2) % 3];
        check(compare(a, a) == 0);
        int a_b = compare(a, b);
        int b_c = compare(b, c);
        int a_c = compare(a, c);
        if (a_b <= 0 && b_c <= 0) check(a_c == (a_b < 0 || b_c < 0 ? -1 : 0));
        if (a_b >= 0 && b_c >= 0) check(a_c == (a_b > 0 || b_c > 0 ? 1 : 0));
        if (a_b == 0) check(a_c == b_c);
    }
}

static document_span span_of(part in)
{
    return (document_span){in.data, in.size};
}

static void check_path(arena *memory, const part documents[3], part path)
{
    document_span found;
    text out;
    bool matches = false;
    if (!document_is_valid(documents[0].data, documents[0].size)) return;
    check(document_find(span_of(documents[0]), (document_span){"{}", 2}, &found));
    check(found.size == documents[0].size);
    if (document_find(span_of(documents[0]), span_of(path), &found)) {
        check(document_is_valid(found.data, found.size));
    }
    text_init(&out, memory, 0);
    (void)document_text(&out, found);
    (void)document_number(&out, found);
    if (!document_is_valid(documents[2].data, documents[2].size)) return;
    check(document_set_match(memory, DOCUMENT_CONTAINS, found, span_of(documents[2]), &matches) ==
          IGNIS_OK);
    check(document_set_match(memory, DOCUMENT_OVERLAPS, found, span_of(documents[2]), &matches) ==
          IGNIS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena memory = {0};
    part rest = {(const char *)data, size};
    part lines[3];
    part documents[3];
    for (size_t i = 0; i < ARRAY_COUNT(lines); i++) {
        lines[i] = take_line(&memory, &rest);
        documents[i] = document_of(&memory, lines[i]);
    }
    check_order(lines);
    check_order(documents);
    check_path(&memory, documents, lines[1]);
    arena_free(&memory);
    return 0;
}
