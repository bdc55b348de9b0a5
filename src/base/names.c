/* names: the nearest name for hints, and property names of C members. */
#include "base/base.h"

enum { NEAREST_SIZE_MAX = 96 };

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits from a to b: one character added, left out or replaced, or two neighbours exchanged. Both
   are at most NEAREST_SIZE_MAX bytes. */
static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t rows[3][NEAREST_SIZE_MAX + 1];
    for (size_t j = 0; j <= b_size; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_size; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            char x = folded(a[i - 1]);
            char y = folded(b[j - 1]);
            row[j] = smaller(above[j - 1] + (x != y), smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && x == folded(b[j - 2]) && y == folded(a[i - 2])) {
                row[j] = smaller(row[j], two_above[j - 2] + 1);
            }
        }
    }
    return rows[a_size % 3][b_size];
}

const char *names_nearest(const char *name, size_t size, names_next next, const void *list)
{
    if (size > NEAREST_SIZE_MAX) return NULL;
    const char *nearest = NULL;
    size_t distance_max = size / 3;
    const char *candidate;
    for (size_t i = 0; (candidate = next(list, i)) != NULL; i++) {
        size_t candidate_size = strlen(candidate);
        if (candidate_size > NEAREST_SIZE_MAX) continue;
        if (candidate_size > size + distance_max || candidate_size + distance_max < size) continue;
        size_t found = distance(name, size, candidate, candidate_size);
        if (found > distance_max) continue;
        nearest = candidate;
        if (found == 0) return nearest;
        distance_max = found - 1; /* of equally near ones the first stays */
    }
    return nearest;
}

const char *names_camel(arena *memory, const char *member)
{
    size_t size = strlen(member);
    char *name = arena_copy(memory, member, size);
    if (!name) return NULL;
    char *out = name;
    /* Underscores at the ends stay: only what stands between two words is a separator. */
    while (*member == '_') {
        *out++ = *member++;
    }
    while (*member) {
        size_t between = strspn(member, "_");
        if (between == 0) {
            *out++ = *member++;
            continue;
        }
        char next = member[between];
        if (next == '\0') break;
        *out++ = next >= 'a' && next <= 'z' ? (char)(next - 'a' + 'A') : next;
        member += between + 1;
    }
    while (*member) {
        *out++ = *member++;
    }
    *out = '\0';
    return name;
}
