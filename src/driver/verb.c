#include "driver/driver.h"

/* Moves past the word where *at begins with it, in any case, and past the spaces behind it. */
static bool word_take(const char **at, const char *end, const char *word)
{
    size_t size = strlen(word);
    const char *behind = *at;
    if ((size_t)(end - behind) < size) return false;
    for (size_t i = 0; i < size; i++) {
        char c = behind[i] >= 'a' && behind[i] <= 'z' ? (char)(behind[i] - 'a' + 'A') : behind[i];
        if (c != word[i]) return false;
    }
    behind += size;
    if (behind < end && *behind != ' ' && *behind != ';' && *behind != '\n' && *behind != '\t')
        return false;
    while (behind < end && (*behind == ' ' || *behind == '\n' || *behind == '\t')) {
        behind++;
    }
    *at = behind;
    return true;
}

static bool begins_verb(char c)
{
    switch (c) {
    case 'B':
    case 'b':
    case 'C':
    case 'c':
    case 'E':
    case 'e':
    case 'R':
    case 'r': return true;
    default: return false;
    }
}

driver_verb driver_verb_of(const ignis_statement *statement)
{
    const char *at = statement->sql;
    const char *end = at + statement->sql_size;
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t')) {
        at++;
    }
    /* Most statements are none of these, and each is asked several times. */
    if (at == end || !begins_verb(*at)) return DRIVER_VERB_OTHER;
    if (word_take(&at, end, "BEGIN")) return DRIVER_VERB_BEGIN;
    if (word_take(&at, end, "COMMIT") || word_take(&at, end, "END")) return DRIVER_VERB_COMMIT;
    if (!word_take(&at, end, "ROLLBACK")) return DRIVER_VERB_OTHER;
    (void)word_take(&at, end, "TRANSACTION");
    return word_take(&at, end, "TO") ? DRIVER_VERB_ROLLBACK_TO : DRIVER_VERB_ROLLBACK;
}

bool driver_begins_read_only(const ignis_statement *statement)
{
    static const char words[] = "READ ONLY";
    return memmem(statement->sql, statement->sql_size, words, sizeof(words) - 1) != NULL;
}

/* ---- statements of the caller's ---- */

/* The end of a comment. PostgreSQL's nest, and a return ends a line there. */
static const char *comment_end(const char *at, const char *end, bool is_postgres)
{
    size_t depth = 1;
    if (*at == '-') {
        while (at < end && *at != '\n' && !(is_postgres && *at == '\r'))
            at++;
        return at;
    }
    for (at += 2; at < end && depth > 0; at++) {
        bool has_two = end - at > 1;
        if (has_two && at[0] == '*' && at[1] == '/') {
            depth--;
            at++;
        } else if (has_two && is_postgres && at[0] == '/' && at[1] == '*') {
            depth++;
            at++;
        }
    }
    return at;
}

/* Past spaces, comments and empty statements. */
static const char *space_end(const char *at, const char *end, bool is_postgres)
{
    while (at < end) {
        bool has_two = end - at > 1;
        if (strchr(" \t\n\r\f\v;", *at) && *at != '\0') {
            at++;
        } else if (has_two && ((at[0] == '-' && at[1] == '-') || (at[0] == '/' && at[1] == '*'))) {
            at = comment_end(at, end, is_postgres);
        } else {
            break;
        }
    }
    return at;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Copies the word at *at in capitals and moves past it and what follows. Too long a word is none that is
   looked for. */
static void word_read(const char **at, const char *end, bool is_postgres, char word[16])
{
    size_t size = 0;
    for (; *at < end && is_letter(**at); (*at)++) {
        char c = **at >= 'a' && **at <= 'z' ? (char)(**at - 'a' + 'A') : **at;
        if (size < 15) word[size++] = c;
    }
    word[size] = '\0';
    *at = space_end(*at, end, is_postgres);
}

driver_raw driver_raw_of(ignis_dialect dialect, const char *sql, size_t size)
{
    static const struct {
        const char *first;
        const char *second; /* NULL: any */
        driver_raw raw;
    } words[] = {
        {"SELECT", NULL, DRIVER_RAW_READS},
        {"VALUES", NULL, DRIVER_RAW_READS},
        {"TABLE", NULL, DRIVER_RAW_READS},
        {"SHOW", NULL, DRIVER_RAW_READS},
        {"INSERT", NULL, DRIVER_RAW_WRITES},
        {"UPDATE", NULL, DRIVER_RAW_WRITES},
        {"DELETE", NULL, DRIVER_RAW_WRITES},
        {"MERGE", NULL, DRIVER_RAW_WRITES},
        {"REPLACE", NULL, DRIVER_RAW_WRITES},
        {"WITH", NULL, DRIVER_RAW_WRITES},
        {"DO", NULL, DRIVER_RAW_CODE},
        {"COPY", NULL, DRIVER_RAW_COPY},
        {"BEGIN", NULL, DRIVER_RAW_CONTROL},
        {"START", NULL, DRIVER_RAW_CONTROL},
        {"COMMIT", NULL, DRIVER_RAW_CONTROL},
        {"END", NULL, DRIVER_RAW_CONTROL},
        {"ABORT", NULL, DRIVER_RAW_CONTROL},
        {"ROLLBACK", NULL, DRIVER_RAW_CONTROL},
        {"SAVEPOINT", NULL, DRIVER_RAW_CONTROL},
        {"RELEASE", NULL, DRIVER_RAW_CONTROL},
        {"SET", "TRANSACTION", DRIVER_RAW_CONTROL},
        {"PREPARE", "TRANSACTION", DRIVER_RAW_CONTROL},
    };
    bool is_postgres = dialect == IGNIS_DIALECT_POSTGRES;
    const char *end = sql + size;
    const char *at = space_end(sql, end, is_postgres);
    char first[16];
    char second[16];
    if (at == end) return DRIVER_RAW_EMPTY;
    word_read(&at, end, is_postgres, first);
    word_read(&at, end, is_postgres, second);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        bool is_second = !words[i].second || strcmp(words[i].second, second) == 0;
        if (strcmp(words[i].first, first) == 0 && is_second) return words[i].raw;
    }
    return DRIVER_RAW_OTHER;
}
