/* regexp and iregexp: PCRE2, bounded, with the compiled patterns kept on the connection. */
#include "driver/sqlite.h"

#include <sqlite3.h>

#ifdef IGNIS_HAVE_PCRE2

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>

enum {
    STEPS_MAX = 1000000, /* of one match */
    DEPTH_MAX = 100000,
    HEAP_KIB_MAX = 16 * 1024, /* for what a match may have to take back */
    MESSAGE_SIZE = 192
};

/* The newline is a character like any other, and $ the very end, as in PostgreSQL. */
static const uint32_t compile_options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF |
                                        PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY |
                                        PCRE2_NEVER_BACKSLASH_C;

static void error_report(sqlite3_context *out, int error)
{
    char text_[128];
    char message[MESSAGE_SIZE];
    if (error == PCRE2_ERROR_NOMEMORY) {
        sqlite3_result_error_nomem(out);
        return;
    }
    if (error == PCRE2_ERROR_MATCHLIMIT || error == PCRE2_ERROR_DEPTHLIMIT ||
        error == PCRE2_ERROR_HEAPLIMIT) {
        sqlite_function_fail(out, IGNIS_E_LIMIT,
                             "a regular expression takes too many steps on a text");
        return;
    }
    if (pcre2_get_error_message(error, (PCRE2_UCHAR *)text_, sizeof(text_)) < 0) text_[0] = '\0';
    (void)snprintf(message, sizeof(message), "invalid regular expression: %s", text_);
    sqlite_function_fail(out, IGNIS_E_INVALID, message);
}

/* ---- compiled patterns ---- */

static void pattern_clear(sqlite_pattern *item)
{
    pcre2_code_free(item->code);
    arena_free(&item->memory);
    *item = (sqlite_pattern){0};
}

void sqlite_patterns_clear(sqlite_patterns *patterns)
{
    for (size_t i = 0; i < SQLITE_PATTERNS_MAX; i++)
        pattern_clear(&patterns->items[i]);
    pcre2_match_data_free(patterns->match);
    pcre2_match_context_free(patterns->bounds);
    patterns->match = NULL;
    patterns->bounds = NULL;
}

/* The pattern if it is known, else the place of the one used least recently. */
static sqlite_pattern *pattern_find(sqlite_patterns *patterns, const char *data, size_t size,
                                    bool is_folded, bool *is_known)
{
    sqlite_pattern *oldest = &patterns->items[0];
    *is_known = true;
    for (size_t i = 0; i < SQLITE_PATTERNS_MAX; i++) {
        sqlite_pattern *item = &patterns->items[i];
        if (item->code && item->is_folded == is_folded && item->size == size &&
            memcmp(item->data, data, size) == 0)
            return item;
        if (item->used_at < oldest->used_at) oldest = item;
    }
    *is_known = false;
    return oldest;
}

/* NULL: reported. */
static const pcre2_code *pattern_get(sqlite3_context *out, sqlite_patterns *patterns,
                                     sqlite3_value *value, bool is_folded)
{
    const char *data = (const char *)sqlite3_value_text(value);
    size_t size = (size_t)sqlite3_value_bytes(value);
    bool is_known = false;
    int error = PCRE2_ERROR_NOMEMORY;
    size_t place;
    sqlite_pattern *item = data ? pattern_find(patterns, data, size, is_folded, &is_known) : NULL;
    if (item && !is_known) {
        pattern_clear(item);
        item->data = arena_copy(&item->memory, data, size);
        item->size = size;
        item->is_folded = is_folded;
        if (item->data) {
            item->code = pcre2_compile((PCRE2_SPTR)data, size,
                                       compile_options | (is_folded ? PCRE2_CASELESS : 0), &error,
                                       &place, NULL);
        }
    }
    if (!item || !item->code) {
        if (item) pattern_clear(item);
        error_report(out, error);
        return NULL;
    }
    item->used_at = ++patterns->clock;
    return item->code;
}

/* What all matches of a connection share. */
static bool bounds_make(sqlite_patterns *patterns)
{
    if (!patterns->match) patterns->match = pcre2_match_data_create(1, NULL);
    if (!patterns->bounds) patterns->bounds = pcre2_match_context_create(NULL);
    if (!patterns->match || !patterns->bounds) return false;
    (void)pcre2_set_match_limit(patterns->bounds, STEPS_MAX);
    (void)pcre2_set_depth_limit(patterns->bounds, DEPTH_MAX);
    (void)pcre2_set_heap_limit(patterns->bounds, HEAP_KIB_MAX);
    return true;
}

/* ---- as SQLite calls them ---- */

static void regexp_call(sqlite3_context *out, sqlite3_value **arguments, bool is_folded)
{
    sqlite_connection *connection = sqlite3_user_data(out);
    sqlite_patterns *patterns = &connection->patterns;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL ||
        sqlite3_value_type(arguments[1]) == SQLITE_NULL)
        return;
    const char *data = (const char *)sqlite3_value_text(arguments[0]);
    size_t size = (size_t)sqlite3_value_bytes(arguments[0]);
    if (!data || !bounds_make(patterns)) {
        sqlite3_result_error_nomem(out);
        return;
    }
    const pcre2_code *code = pattern_get(out, patterns, arguments[1], is_folded);
    if (!code) return;
    int result = pcre2_match(code, (PCRE2_SPTR)data, size, 0, 0, patterns->match, patterns->bounds);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH) {
        error_report(out, result);
    } else if (sqlite_connection_interrupt(connection) != SQLITE_INTERRUPT_NONE) {
        sqlite3_result_error_code(out, SQLITE_INTERRUPT);
    } else {
        sqlite3_result_int(out, result >= 0);
    }
}

#else

void sqlite_patterns_clear(sqlite_patterns *patterns)
{
    (void)patterns;
}

static void regexp_call(sqlite3_context *out, sqlite3_value **arguments, bool is_folded)
{
    (void)arguments, (void)is_folded;
    sqlite_function_fail(out, IGNIS_E_UNSUPPORTED, "regexp needs libpcre2");
}

#endif

static void regexp(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    regexp_call(out, arguments, false);
}

static void iregexp(sqlite3_context *out, int count, sqlite3_value **arguments)
{
    (void)count;
    regexp_call(out, arguments, true);
}

int sqlite_regexp_register(struct sqlite3 *db, sqlite_connection *connection)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    int result = sqlite3_create_function_v2(db, "ignis_regexp", 2, flags, connection, regexp, NULL,
                                            NULL, NULL);
    if (result != SQLITE_OK) return result;
    return sqlite3_create_function_v2(db, "ignis_iregexp", 2, flags, connection, iregexp, NULL,
                                      NULL, NULL);
}
