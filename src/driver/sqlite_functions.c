/* LIKE as PostgreSQL means it: the built-in one folds ASCII and has no escape; and what texts begin and
   end with. */
#include "driver/sqlite.h"

#include <sqlite3.h>
#ifdef IGNIS_HAVE_UTF8PROC
#include <utf8proc.h>
#endif

typedef enum like_result { LIKE_NO, LIKE_YES, LIKE_STOPPED } like_result;

/* Comparisons between looks at the deadline: SQLite itself does not look within a function. */
enum { LIKE_STEPS = 64 * 1024 };

typedef uint32_t (*like_fold)(uint32_t character);

typedef struct like_pattern {
    const char *at;
    const char *end;
} like_pattern;

/* The next character. A byte that begins none is one by itself: other tools may write any bytes. */
static uint32_t character_next(const char **at, const char *end)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *data = (const unsigned char *)*at;
    uint32_t lead = data[0];
    size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 1;
    if (size == 1 || size > (size_t)(end - *at)) {
        *at += 1;
        return lead < 0x80 ? lead : 0x110000 + lead;
    }
    uint32_t character = lead & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((data[i] & 0xC0) != 0x80) size = 0;
        if (size == 0) break;
        character = character << 6 | (data[i] & 0x3Fu);
    }
    if (size == 0 || character < smallest[size]) {
        *at += 1;
        return 0x110000 + lead;
    }
    *at += size;
    return character;
}

static uint32_t fold_none(uint32_t character)
{
    return character;
}

static uint32_t fold_lower(uint32_t character)
{
    if (character < 0x80) return character >= 'A' && character <= 'Z' ? character + 32 : character;
#ifdef IGNIS_HAVE_UTF8PROC
    if (character < 0x110000) return (uint32_t)utf8proc_tolower((utf8proc_int32_t)character);
#endif
    return character;
}

/* Matches one character of text against what the pattern has next; not at a '%' or the end. */
static bool character_matches(const char **pattern, const char *pattern_end, const char **data,
                              const char *text_end, like_fold fold)
{
    uint32_t character = character_next(data, text_end);
    if (**pattern == '_') {
        *pattern += 1;
        return true;
    }
    if (**pattern == '\\') *pattern += 1;
    return fold(character_next(pattern, pattern_end)) == fold(character);
}

/* Only the last '%' is ever taken back: an earlier one cannot match better. */
static like_result like_match(const char *data, const char *text_end, like_pattern like,
                              like_fold fold, sqlite_connection *connection)
{
    const char *pattern = like.at;
    const char *pattern_end = like.end;
    const char *retry_pattern = NULL;
    const char *retry_text = NULL;
    size_t steps = 0;
    if (pattern_is_open(pattern, (size_t)(pattern_end - pattern))) return LIKE_NO;
    while (data < text_end || pattern < pattern_end) {
        if (++steps % LIKE_STEPS == 0 && connection &&
            sqlite_connection_interrupt(connection) != SQLITE_INTERRUPT_NONE)
            return LIKE_STOPPED;
        if (pattern < pattern_end && *pattern == '%') {
            retry_pattern = ++pattern;
            retry_text = data;
            if (pattern == pattern_end) return LIKE_YES;
            continue;
        }
        if (pattern < pattern_end && data < text_end &&
            character_matches(&pattern, pattern_end, &data, text_end, fold))
            continue;
        /* Text that ended too soon here ends too soon for every later start. */
        if (!retry_pattern || (pattern < pattern_end && data == text_end)) return LIKE_NO;
        (void)character_next(&retry_text, text_end);
        pattern = retry_pattern;
        data = retry_text;
    }
    return LIKE_YES;
}

#ifndef IGNIS_HAVE_UTF8PROC
static bool is_ascii(const char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)data[i] >= 0x80) return false;
    }
    return true;
}
#endif

static void like_call(sqlite3_context *out, sqlite3_value **arguments, like_fold fold)
{
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL ||
        sqlite3_value_type(arguments[1]) == SQLITE_NULL)
        return;
    const char *data = (const char *)sqlite3_value_text(arguments[0]);
    const char *pattern = (const char *)sqlite3_value_text(arguments[1]);
    if (!data || !pattern) {
        sqlite3_result_error_nomem(out);
        return;
    }
    size_t text_size = (size_t)sqlite3_value_bytes(arguments[0]);
    size_t pattern_size = (size_t)sqlite3_value_bytes(arguments[1]);
#ifndef IGNIS_HAVE_UTF8PROC
    if (fold == fold_lower && !(is_ascii(data, text_size) && is_ascii(pattern, pattern_size))) {
        sqlite_function_fail(out, IGNIS_E_UNSUPPORTED,
                             "ilike needs libutf8proc for text beyond ASCII");
        return;
    }
#endif
    like_result result =
        like_match(data, data + text_size, (like_pattern){pattern, pattern + pattern_size}, fold,
                   sqlite3_user_data(out));
    if (result == LIKE_STOPPED) {
        sqlite3_result_error_code(out, SQLITE_INTERRUPT);
    } else {
        sqlite3_result_int(out, result == LIKE_YES);
    }
}

static void like(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    like_call(out, arguments, fold_none);
}

static void ilike(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    like_call(out, arguments, fold_lower);
}

/* Whether the first argument begins or ends with the second, byte by byte. */
static void affix_call(sqlite3_context *out, sqlite3_value **arguments, bool is_suffix)
{
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL ||
        sqlite3_value_type(arguments[1]) == SQLITE_NULL)
        return;
    const char *data = (const char *)sqlite3_value_text(arguments[0]);
    const char *affix = (const char *)sqlite3_value_text(arguments[1]);
    if (!data || !affix) {
        sqlite3_result_error_nomem(out);
        return;
    }
    size_t size = (size_t)sqlite3_value_bytes(arguments[0]);
    size_t affix_size = (size_t)sqlite3_value_bytes(arguments[1]);
    bool fits = affix_size <= size;
    const char *at = fits && is_suffix ? data + (size - affix_size) : data;
    sqlite3_result_int(out, fits && memcmp(at, affix, affix_size) == 0);
}

static void starts_with(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    affix_call(out, arguments, false);
}

static void ends_with(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    affix_call(out, arguments, true);
}

/* The argument itself. */
static void value(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    sqlite3_result_value(out, arguments[0]);
}

int sqlite_functions_register(struct sqlite3 *db, sqlite_connection *connection)
{
    static const struct {
        const char *name;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {
        {"ignis_like", like},
        {"ignis_ilike", ilike},
        {"ignis_starts_with", starts_with},
        {"ignis_ends_with", ends_with},
    };
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    for (size_t i = 0; i < ARRAY_COUNT(functions); i++) {
        int result = sqlite3_create_function_v2(db, functions[i].name, 2, flags, connection,
                                                functions[i].call, NULL, NULL, NULL);
        if (result != SQLITE_OK) return result;
    }
    /* Not deterministic, so that SQLite does not take it for a constant: see sql/emit.c. */
    return sqlite3_create_function_v2(db, "ignis_value", 1, SQLITE_UTF8 | SQLITE_INNOCUOUS, NULL,
                                      value, NULL, NULL, NULL);
}
