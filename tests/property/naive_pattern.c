#include "property/naive.h"

#include <string.h>

/* One code point; 0 at the end. */
static uint32_t point_read(const char **at)
{
    const unsigned char *bytes = (const unsigned char *)*at;
    if (bytes[0] == 0) return 0;
    size_t more = bytes[0] < 0x80 ? 0 : bytes[0] < 0xE0 ? 1 : bytes[0] < 0xF0 ? 2 : 3;
    static const unsigned char masks[] = {0x7F, 0x1F, 0x0F, 0x07};
    uint32_t c = bytes[0] & masks[more];
    for (size_t i = 1; i <= more; i++)
        c = c << 6 | (bytes[i] & 0x3F);
    *at += more + 1;
    return c;
}

/* Latin 1, Greek without its sigmas and Cyrillic: where all foldings agree. */
static uint32_t fold(uint32_t c, bool folded)
{
    if (!folded) return c;
    if (c >= 'A' && c <= 'Z') return c + 32;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
    if (c >= 0x391 && c <= 0x3A9 && c != 0x3A3) return c + 32;
    if (c >= 0x410 && c <= 0x42F) return c + 32;
    return c >= 0x400 && c <= 0x40F ? c + 80 : c;
}

static bool like_match(const char *text, const char *pattern, bool folded)
{
    uint32_t wanted = point_read(&pattern);
    if (wanted == 0) return *text == 0;
    if (wanted == '%') {
        if (like_match(text, pattern, folded)) return true;
        return point_read(&text) != 0 && like_match(text, pattern - 1, folded);
    }
    bool is_any = wanted == '_';
    if (wanted == '\\') wanted = point_read(&pattern);
    uint32_t got = point_read(&text);
    if (got == 0 || (!is_any && fold(got, folded) != fold(wanted, folded))) return false;
    return like_match(text, pattern, folded);
}

bool naive_like(const char *text, const char *pattern, bool folded)
{
    size_t slashes = 0;
    for (size_t size = strlen(pattern); slashes < size && pattern[size - 1 - slashes] == '\\';)
        slashes++;
    return slashes % 2 == 0 && like_match(text, pattern, folded);
}

/* ---- regular expressions ---- */

/* The end of the atom that begins at a place; NULL: it does not end. */
static const char *atom_end(const char *at)
{
    if (*at == '\\') return at[1] ? at + 2 : NULL;
    if (*at == '[') {
        const char *end = strchr(at + 1, ']');
        return end ? end + 1 : NULL;
    }
    if (*at != '(') {
        (void)point_read(&at);
        return at;
    }
    for (at++; *at && *at != ')';) {
        at = atom_end(at);
        if (!at) return NULL;
    }
    return *at ? at + 1 : NULL;
}

bool naive_regexp_read(const char *pattern)
{
    while (*pattern) {
        if (*pattern == ')') return false;
        pattern = atom_end(pattern);
        if (!pattern) return false;
    }
    return true;
}

/* What has still to match behind a group. */
typedef struct rest {
    const char *from;
    const char *to;
    const struct rest *next;
} rest;

typedef struct matcher {
    const char *start;
    bool folded;
} matcher;

static bool branches_match(const matcher *m, const char *text, const rest *all);

static bool set_has(const char *at, const char *end, uint32_t c, bool folded)
{
    bool is_negated = at[1] == '^';
    bool has = false;
    for (at += 1 + is_negated, end--; at < end;)
        has = fold(point_read(&at), folded) == fold(c, folded) || has;
    return has != is_negated;
}

static bool atom_takes(const matcher *m, const char *atom, const char *end, const char **text)
{
    uint32_t c = point_read(text);
    if (c == 0) return false;
    if (*atom == '.') return true;
    if (*atom == '[') return set_has(atom, end, c, m->folded);
    if (*atom == '\\' && atom[1] == 'd') return c >= '0' && c <= '9';
    if (*atom == '\\') atom++;
    return fold(point_read(&atom), m->folded) == fold(c, m->folded);
}

/* Matches a sequence of atoms without alternatives at its top, then what follows. Groups are not
   repeated. */
static bool sequence_match(const matcher *m, const char *text, const rest *now)
{
    if (!now) return true;
    if (now->from == now->to) return sequence_match(m, text, now->next);
    const char *atom = now->from;
    rest after = {.from = atom + 1, .to = now->to, .next = now->next};
    if (*atom == '^') return text == m->start && sequence_match(m, text, &after);
    if (*atom == '$') return *text == 0 && sequence_match(m, text, &after);
    const char *end = atom_end(atom);
    char repeat = end < now->to && strchr("*+?", *end) ? *end : 0;
    after.from = end + (repeat != 0);
    if ((repeat == '*' || repeat == '?') && sequence_match(m, text, &after)) return true;
    if (*atom == '(') {
        rest group = {.from = atom + 1, .to = end - 1, .next = &after};
        return branches_match(m, text, &group);
    }
    const char *next = text;
    if (!atom_takes(m, atom, end, &next)) return false;
    if (sequence_match(m, next, &after)) return true;
    while (repeat == '*' || repeat == '+') {
        if (!atom_takes(m, atom, end, &next)) return false;
        if (sequence_match(m, next, &after)) return true;
    }
    return false;
}

static bool branches_match(const matcher *m, const char *text, const rest *all)
{
    const char *from = all->from;
    for (const char *at = from; at <= all->to; at = at < all->to ? atom_end(at) : at + 1) {
        if (at < all->to && *at != '|') continue;
        rest branch = {.from = from, .to = at, .next = all->next};
        if (sequence_match(m, text, &branch)) return true;
        from = at + 1;
    }
    return false;
}

bool naive_regexp(const char *text, const char *pattern, bool folded)
{
    matcher m = {.start = text, .folded = folded};
    rest all = {.from = pattern, .to = pattern + strlen(pattern)};
    for (;;) {
        if (branches_match(&m, text, &all)) return true;
        if (point_read(&text) == 0) return false;
    }
}
