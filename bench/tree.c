#include "bench.h"

#include <string.h>

enum { DECODED_MAX = 4096, TIME_SIZE = 19 };

typedef struct reader {
    bench_tree *tree;
    const char *at;
    const char *end;
} reader;

static uint64_t bytes_hash(const char *data, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a, 64 bits */
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)data[i]) * 0x100000001b3u;
    return hash ^ (hash >> 32);
}

static uint64_t stir(uint64_t hash)
{
    hash = (hash ^ (hash >> 31)) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 29);
}

/* ---- rows ---- */

void bench_tree_key(bench_tree *tree, size_t level, const char *data, size_t size)
{
    if (level >= BENCH_LEVELS_MAX) bench_die("a result has more levels than its workload");
    uint64_t hash = stir(bytes_hash(data, size) + level) | 1;
    size_t at = (size_t)(hash >> 8) & (BENCH_SEEN_SIZE - 1);
    tree->rows++;
    while (tree->seen[at] != 0 && tree->seen[at] != hash)
        at = (at + 1) & (BENCH_SEEN_SIZE - 1);
    if (tree->seen[at] == hash) return;
    tree->seen[at] = hash;
    tree->keys_count[level]++;
    tree->keys_hash[level] += hash;
    if (++tree->seen_count > BENCH_SEEN_SIZE / 2) bench_die("a result is too large");
}

static bool is_time(const char *data, size_t size)
{
    static const char form[] = "0000-00-00T00:00:00";
    if (size < TIME_SIZE) return false;
    for (size_t i = 0; i < TIME_SIZE; i++) {
        bool fits = form[i] == '0'   ? data[i] >= '0' && data[i] <= '9'
                    : form[i] == 'T' ? data[i] == 'T' || data[i] == ' '
                                     : data[i] == form[i];
        if (!fits) return false;
    }
    return true;
}

/* Contestants write the separator, the fraction and the zone of times differently. */
void bench_row_value(bench_tree *tree, bench_row *row, const char *data, size_t size)
{
    char time[TIME_SIZE];
    if (row->columns_count == 0) bench_tree_key(tree, row->level, data, size);
    if (is_time(data, size)) {
        memcpy(time, data, TIME_SIZE);
        time[10] = 'T';
        data = time;
        size = TIME_SIZE;
    }
    row->columns_count++;
    row->values = stir(row->values + bytes_hash(data, size));
}

static uint64_t row_hash(const bench_row *row)
{
    return stir(row->values + stir(row->children));
}

void bench_tree_row(bench_tree *tree, const bench_row *row)
{
    tree->hash += row_hash(row);
}

/* ---- JSON ---- */

static char peek(reader *in)
{
    while (in->at < in->end && strchr(" \t\r\n", *in->at) && *in->at)
        in->at++;
    if (in->at == in->end) bench_die("a result ends too early");
    return *in->at;
}

static bool accept(reader *in, char wanted)
{
    if (peek(in) != wanted) return false;
    in->at++;
    return true;
}

static void expect(reader *in, char wanted)
{
    if (!accept(in, wanted)) bench_die("a result has '%c' in place of '%c'", *in->at, wanted);
}

static unsigned int hex_read(reader *in)
{
    static const char digits[] = "0123456789abcdef";
    unsigned int value = 0;
    for (int i = 0; i < 4 && in->at < in->end; i++, in->at++) {
        const char *digit = strchr(digits, *in->at | 0x20);
        if (!digit || !*digit) bench_die("a result has a malformed escape");
        value = 16 * value + (unsigned int)(digit - digits);
    }
    return value;
}

/* What follows a backslash; the texts of the data have no escapes beyond ASCII. */
static char escape_read(reader *in)
{
    static const char letters[] = "bfnrt";
    static const char meant[] = "\b\f\n\r\t";
    char letter = *in->at++;
    if (letter == 'u') {
        unsigned int value = hex_read(in);
        if (value > 0x7f) bench_die("a result escapes what is not ASCII");
        return (char)value;
    }
    const char *known = letter ? strchr(letters, letter) : NULL;
    return known ? meant[known - letters] : letter;
}

static size_t string_read(reader *in, char out[DECODED_MAX])
{
    size_t size = 0;
    expect(in, '"');
    while (in->at < in->end && *in->at != '"') {
        if (size == DECODED_MAX) bench_die("a text is too long");
        if (*in->at == '\\' && in->end - in->at > 1) {
            in->at++;
            out[size++] = escape_read(in);
        } else {
            out[size++] = *in->at++;
        }
    }
    expect(in, '"');
    return size;
}

/* A number, true, false or null. */
static void word_add(reader *in, bench_row *row)
{
    const char *start = in->at;
    while (in->at < in->end && !strchr(",]} \n", *in->at))
        in->at++;
    size_t size = (size_t)(in->at - start);
    if (size == 4 && memcmp(start, "true", size) == 0) {
        bench_row_value(in->tree, row, "1", 1);
    } else if (size == 5 && memcmp(start, "false", size) == 0) {
        bench_row_value(in->tree, row, "0", 1);
    } else {
        bench_row_value(in->tree, row, start, size);
    }
}

static bool starts_list(reader in)
{
    if (!accept(&in, '[')) return false;
    char next = peek(&in);
    return next == '[' || next == '{' || next == ']';
}

static uint64_t rows_read(reader *in, size_t level);

static void member_read(reader *in, bench_row *row, bool is_object)
{
    char text[DECODED_MAX];
    if (is_object) {
        (void)string_read(in, text);
        expect(in, ':');
    }
    char next = peek(in);
    if (next == '[' || next == '{') {
        row->children += rows_read(in, row->level + 1);
    } else if (next == '"') {
        size_t size = string_read(in, text);
        bench_row_value(in->tree, row, text, size);
    } else {
        word_add(in, row);
    }
}

/* A row is an object or an array that begins with a scalar. */
static uint64_t row_read(reader *in, size_t level)
{
    bench_row row = {.level = level};
    bool is_object = accept(in, '{');
    if (!is_object) expect(in, '[');
    char end = is_object ? '}' : ']';
    while (!accept(in, end)) {
        if (row.columns_count > 0) expect(in, ',');
        member_read(in, &row, is_object);
    }
    return row_hash(&row);
}

/* A list of rows, or the one row of a relation. */
static uint64_t rows_read(reader *in, size_t level)
{
    uint64_t hash = 0;
    if (!starts_list(*in)) return row_read(in, level);
    expect(in, '[');
    for (bool is_first = true; !accept(in, ']'); is_first = false) {
        if (!is_first) expect(in, ',');
        hash += row_read(in, level);
    }
    return hash;
}

void bench_row_json(bench_tree *tree, bench_row *row, const char *text, size_t size)
{
    reader in = {.tree = tree, .at = text, .end = text + size};
    row->children += rows_read(&in, row->level + 1);
}

void bench_tree_json(bench_tree *tree, const char *text, size_t size)
{
    reader in = {.tree = tree, .at = text, .end = text + size};
    tree->hash += rows_read(&in, 0);
}
